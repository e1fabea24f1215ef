/* The verifier sums what a design draws on shared resources and pays to each vendor: honest exports
 * pass, whatever is scarce; a figure that is changed or left out is named. */
#include "verdict.h"

/* Two resources and three vendors; 128 GPUs, whose design draws on both resources. */
typedef struct market {
  ls_catalog *catalog;
  ls_spec *spec;
} market;

static market market_open(void)
{
  market self = {shim_alloc(sizeof *self.catalog), shim_alloc(sizeof *self.spec)};
  fabric_catalog(self.catalog);
  fabric_spec(self.catalog, 128, self.spec);
  self.catalog->resource_count = 2;
  self.catalog->resources[0] = (ls_catalog_resource){.id = "lasers-1.6t"};
  self.catalog->resources[0].units_per_year = fabric_number(400001);
  self.catalog->resources[0].buyer_share_ppm = fabric_number(250000);
  self.catalog->resources[1] = (ls_catalog_resource){.id = "chips"};
  self.catalog->resources[1].units_per_year = fabric_number(1000);
  self.catalog->resources[1].buyer_share_ppm = fabric_number(500000);
  for (int32_t i = 0; i < self.catalog->switch_count; i++) {
    self.catalog->switches[i].draw[1] = 3;
    snprintf(self.catalog->switches[i].vendor, LS_ID_MAX, "boxes");
  }
  for (int32_t i = 0; i < self.catalog->optic_count; i++) self.catalog->optics[i].draw[0] = 8;
  snprintf(self.catalog->optics[FABRIC_DR].vendor, LS_ID_MAX, "light");
  snprintf(self.catalog->optics[FABRIC_BIDI].vendor, LS_ID_MAX, "light");
  self.catalog->ocs[0].draw[1] = 5;
  snprintf(self.catalog->ocs[0].vendor, LS_ID_MAX, "mirrors");
  return self;
}

static bool market_export(const market *self, exported_wish wish, exported *made)
{
  return exported_write(self->catalog, self->spec, &wish, made);
}

/* Of a Clos, a mesh through OCS, and integrated optics, whose own draws do not count. */
LS_TEST(VerifySupply, accepts_honest_exports)
{
  const exported_wish wishes[] = {
      exported_clos2(), exported_mesh(), {LS_CLOS2, false, 2, 128, FABRIC_CPO, 0}};
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    const market self = market_open();
    exported made = {0};
    char value[128];
    ASSERT_TRUE(market_export(&self, wishes[i], &made));
    const verdict found = verify_path(made.path, NULL);
    expect_ok(&found);
    ASSERT_TRUE(exported_value(made.text, "g_resource.lasers-1.6t.available", value));
    EXPECT_STREQ(value, "100000");
    ASSERT_TRUE(exported_value(made.text, "g_resource.chips.needed", value));
    EXPECT_LE_I64(1, strtoll(value, NULL, 10));
  }
}

LS_TEST(VerifySupply, any_number_can_be_had_where_supply_is_unlimited)
{
  const market self = market_open();
  exported made = {0};
  char value[128];
  self.spec->supply_scenario = LS_SUPPLY_UNLIMITED;
  for (int32_t i = 0; i < 2; i++) {
    self.catalog->resources[i].is_unlimited = true;
    self.catalog->resources[i].units_per_year = fabric_number(1);
  }
  ASSERT_TRUE(market_export(&self, exported_clos2(), &made));
  ASSERT_TRUE(exported_value(made.text, "g_resource.chips.available", value));
  EXPECT_STREQ(value, "-1");
  verdict found = verify_path(made.path, NULL);
  expect_ok(&found);
  found = verify_text(exported_set(made.text, made.text, "g_supply_scenario", "base"));
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, "resource chips", "available"));
  EXPECT_TRUE(is_named(&found, "resource chips", "needed"));
  found = verify_text(exported_set(made.text, made.text, "g_supply_scenario", "plenty"));
  EXPECT_TRUE(is_named(&found, "graph", "supply_scenario"));
}

typedef struct graph_lie {
  const char *key, *value, *where, *what;
} graph_lie;

LS_TEST(VerifySupply, names_the_figure_that_lies)
{
  static const graph_lie lies[] = {
      {"g_optic.dr8.draw.lasers-1.6t", "7", "resource lasers-1.6t", "needed"},
      {"g_switch.box-12t.draw.chips", "0", "resource chips", "needed"},
      {"g_resource.lasers-1.6t.needed", "1", "resource lasers-1.6t", "needed"},
      {"g_resource.lasers-1.6t.available", "99999999", "resource lasers-1.6t", "available"},
      {"g_resource.lasers-1.6t.units_per_year", "800000", "resource lasers-1.6t", "available"},
      {"g_resource.chips.buyer_share_ppm", "1000000", "resource chips", "available"},
      {"g_resource.chips.units_per_year", "2", "resource chips", "needed"},
      {"g_supply_scenario", "unlimited", "resource chips", "available"},
      {"g_vendor.light.capex_cents", "1", "vendor light", "capex_cents"},
      {"g_optic.dr8.vendor", "none", "vendor light", "capex_cents"},
      {"g_optic.dr8.vendor", "somebody", "vendor somebody", "capex_cents"},
      {"g_switch.box-12t.vendor", "light", "vendor boxes", "capex_cents"},
      {"g_vendor_share_ppm_max", "100000", "vendor boxes", "vendor_share_ppm_max"},
  };
  const market self = market_open();
  exported made = {0};
  self.spec->space.switch_mask = 1u << FABRIC_SMALL;
  self.spec->vendor_share_ppm_max = 999999;
  ASSERT_TRUE(market_export(&self, exported_clos2(), &made));
  const verdict honest = verify_path(made.path, NULL);
  expect_ok(&honest);
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    char *text = exported_set(made.text, made.text, lies[i].key, lies[i].value);
    if (text == NULL) continue;
    const verdict found = verify_text(text);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    if (!is_named(&found, lies[i].where, lies[i].what))
      LS_TEST_FAIL("%s: %s was not named after %s = %s", lies[i].where, lies[i].what, lies[i].key,
                   lies[i].value);
  }
}

/* The text without what says one thing of the graph. */
static char *without_data(const char *text, const char *key)
{
  char value[128];
  if (!exported_value(text, key, value)) return NULL;
  return exported_replace(text, text, shim_format("<data key=\"%s\">%s</data>", key, value), "");
}

/* A key by another name. */
static char *renamed(const char *text, const char *name, const char *other)
{
  return exported_replace(text, text, shim_format("attr.name=\"%s\"", name),
                          shim_format("attr.name=\"%s\"", other));
}

LS_TEST(VerifySupply, what_is_left_out_is_missed)
{
  const market self = market_open();
  exported made = {0};
  char id[128];
  self.spec->space.switch_mask = 1u << FABRIC_SMALL;
  ASSERT_TRUE(market_export(&self, exported_clos2(), &made));
  /* Without what a vendor gets, or who sells a part, its share is hidden. */
  verdict found = verify_text(renamed(made.text, "vendor.light.capex_cents", "note"));
  EXPECT_TRUE(is_named(&found, "vendor light", "capex_cents"));
  found = verify_text(renamed(made.text, "optic.dr8.vendor", "note"));
  EXPECT_TRUE(is_named(&found, "dr8", "vendor and draws"));
  EXPECT_TRUE(is_named(&found, "vendor light", "capex_cents"));
  found = verify_text(renamed(made.text, "switch.box-12t.vendor", "note"));
  ASSERT_TRUE(exported_element(made.text, "<node ", ">leaf<", id) != NULL);
  EXPECT_TRUE(is_named(&found, id, "vendor and draws"));
  found = verify_text(without_data(made.text, "g_resource.chips.available"));
  EXPECT_STATUS(found.status, LS_ERR_INPUT);
  found = verify_text(renamed(made.text, "optic.dr8.draw.chips", "note"));
  EXPECT_STATUS(found.status, LS_ERR_INPUT);
  EXPECT_CONTAINS(found.error.key, "optic.dr8.draw.chips");
}

/* ---- With the shipped catalog, by the program ---- */

static const char *const spec_text =
    "year: 2026\n"
    "cluster: {gpus: 64, gpus_per_server: 8, nic_gbps_per_gpu: 800}\n"
    "floor: {rows: 2, racks_per_row: 4}\n"
    "supply_scenario: low\n"
    "space: {families: [clos1, clos2], planes: [1, 2], fibers: [g652d], switches: [qm9700]}\n";

static const char *optimized_text(void)
{
  const char *spec = shim_format("%s/spec.yaml", shim_folder());
  const char *out = shim_format("%s/out", shim_folder());
  const char *const command[] = {LS_TEST_PROGRAM, "optimize", spec, "-o", out,
                                 "--backend",     "cpu",      NULL};
  shim_result ran;
  shim_file_write(spec, spec_text, strlen(spec_text));
  if (!shim_run(command, NULL, &ran)) return NULL;
  EXPECT_EQ_I64(ran.exit_code, 0);
  return shim_file_read(shim_format("%s/knee.graphml", out), NULL);
}

static verdict verify_against_catalog(const char *text)
{
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  shim_file_write(path, text, strlen(text));
  return verify_path(path, LS_TEST_SOURCE_DIR "/topologies/catalog.yaml");
}

/* Lies that agree with each other: only a catalog tells. */
LS_TEST(VerifySupply, a_catalog_tells_what_the_file_cannot)
{
  const char *text = optimized_text();
  ASSERT_TRUE(text != NULL);
  verdict found = verify_against_catalog(text);
  expect_ok(&found);
  char *forged = exported_set(text, text, "g_resource.ocs-units.units_per_year", "1000000");
  forged = exported_set(forged, forged, "g_resource.ocs-units.buyer_share_ppm", "1000000");
  forged = exported_set(forged, forged, "g_resource.ocs-units.available", "1000000");
  found = verify_text(forged);
  expect_ok(&found);
  found = verify_against_catalog(forged);
  EXPECT_TRUE(is_named(&found, "resource ocs-units", "units_per_year"));
  EXPECT_TRUE(is_named(&found, "resource ocs-units", "buyer_share_ppm"));
  /* Another forecast than the one the figures are of. */
  found = verify_against_catalog(exported_set(text, text, "g_supply_scenario", "high"));
  EXPECT_TRUE(is_named(&found, "resource ocs-units", "units_per_year"));
  /* The vendor of the leaves hidden, and what it gets. */
  char id[128], model[128], vendor[128];
  const char *leaf = exported_element(text, "<node ", ">leaf<", id);
  ASSERT_TRUE(leaf != NULL && exported_value(leaf, "n_catalog_id", model));
  const char *key = shim_format("g_switch.%s.vendor", model);
  ASSERT_TRUE(exported_value(text, key, vendor));
  EXPECT_STREQ(vendor, "nvidia");
  forged = exported_set(text, text, key, "none");
  forged = exported_set(forged, forged, shim_format("g_vendor.%s.capex_cents", vendor), "0");
  found = verify_text(forged);
  expect_ok(&found);
  found = verify_against_catalog(forged);
  EXPECT_TRUE(is_named(&found, model, "vendor"));
}
