/* The optimizer's prices and the verifier's, which share no code beside the catalog's reader, are
 * the same in every year.
 *
 * Covered, in each of 2024 to 2040: exports of one design for every chassis of the shipped catalog
 * (of all vendors, with modules, near-packaged and co-packaged engines), for every scale-up network
 * and for every OCS through which light gets; once with the shipped figures and once with a catalog
 * whose prices and yields come out even in no year. Years on sale are left aside, so that a price
 * is met in years of which the shipped catalog knows no design, too. Then the program itself
 * optimizes small designs in each year, with the years on sale as they are: of tiers, of integrated
 * optics alone, of meshes through OCS and shuffle boxes, of rails behind scale-up. */
#include "verdict.h"

#include "../host/catalog_year.h"

enum { YEAR_FIRST = 2024, YEAR_LAST = 2040 };

/* ---- Exports ---- */

/* Catalogs of one file: of all years, and of the one that is looked at. */
typedef struct market {
  const char *path;
  ls_catalog *all_years, *at;
  ls_spec *spec;
} market;

static void always(ls_number *first, ls_number *end)
{
  if (first->value > 0) first->value = YEAR_FIRST;
  end->value = 0;
}

static void gates_open(ls_catalog *catalog)
{
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    ls_catalog_switch *row = &catalog->switches[i];
    row->year_leaf.value = YEAR_FIRST; /* also of those that are for spines alone */
    always(&row->year_spine, &row->year_end);
    always(&row->year_core, &row->year_end);
  }
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    ls_catalog_optic *row = &catalog->optics[i];
    row->year_leaf.value = YEAR_FIRST;
    always(&row->year_nic, &row->year_end);
    always(&row->year_spine, &row->year_end);
    always(&row->year_core, &row->year_end);
  }
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    always(&catalog->ocs[i].year, &catalog->ocs[i].year_end);
  for (int32_t i = 0; i < catalog->scale_up_count; i++)
    always(&catalog->scale_up[i].year, &catalog->scale_up[i].year_end);
}

/* Supply of early years is left aside, too. */
static bool market_open(const char *path, market *open)
{
  ls_error error = {.line = 0};
  *open = (market){path, shim_alloc(sizeof(ls_catalog)), shim_alloc(sizeof(ls_catalog)),
                   shim_alloc(sizeof(ls_spec))};
  if (!SHIM_STATUS(ls_catalog_read(path, open->all_years, &error), LS_OK)) return false;
  gates_open(open->all_years);
  fabric_spec(open->all_years, 32, open->spec);
  open->spec->cluster.scale_up = (ls_spec_scale_up){1, 0};
  open->spec->supply_scenario = LS_SUPPLY_UNLIMITED;
  open->spec->space.ocs_mask = (1U << open->all_years->ocs_count) - 1;
  return true;
}

static void year_set(market *open, int32_t year)
{
  EXPECT_STATUS(ls_catalog_at(open->all_years, year, LS_SUPPLY_UNLIMITED, open->at), LS_OK);
  open->spec->year = year;
}

/* The design as wished is exported, and the verifier finds no price of it that is not its own. */
static void expect_agreed(const market *open, const exported_wish *wish, const char *id)
{
  exported made = {0};
  if (!exported_write(open->at, open->spec, wish, &made)) {
    LS_TEST_FAIL("%s is in no design of %d", id, open->spec->year);
    return;
  }
  const verdict found = verify_path(made.path, open->path);
  expect_ok(&found);
  EXPECT_TRUE(found.report->are_prices_checked);
  if (!found.report->is_ok) LS_TEST_FAIL("%s in %d", id, open->spec->year);
}

static void every_chassis(market *open)
{
  const exported_wish wish = {LS_CLOS1, false, 1, 0, -1, -1};
  open->spec->space.family_mask = LS_CHOOSE_CLOS1;
  open->spec->cluster.nic_gbps = 400; /* the fastest port that all of them have */
  for (int32_t year = YEAR_FIRST; year <= YEAR_LAST && !shim_has_failed(); year++) {
    year_set(open, year);
    for (int32_t i = 0; i < open->at->switch_count; i++) {
      open->spec->space.switch_mask = 1U << i;
      expect_agreed(open, &wish, open->at->switches[i].id);
    }
  }
}

static void every_scale_up(market *open)
{
  const exported_wish wish = {LS_CLOS1, false, 1, 0, -1, -1};
  open->spec->space.family_mask = LS_CHOOSE_CLOS1;
  open->spec->cluster.scale_up = (ls_spec_scale_up){.domain_gpus = 12, .gbps_per_gpu = 7200};
  for (int32_t year = YEAR_FIRST; year <= YEAR_LAST && !shim_has_failed(); year++) {
    year_set(open, year);
    for (int32_t i = 0; i < open->at->scale_up_count; i++) {
      if (open->at->scale_up[i].reach_mm.value < 10000) continue; /* a domain has more racks */
      open->spec->space.scale_up_mask = 1U << i;
      expect_agreed(open, &wish, open->at->scale_up[i].id);
    }
  }
}

static void every_ocs(market *open)
{
  const exported_wish wish = {LS_OCS_SPINE, false, 1, 0, -1, -1};
  open->spec->space.family_mask = LS_CHOOSE_OCS_SPINE;
  open->spec->cluster.gpu_count = 256;
  for (int32_t year = YEAR_FIRST; year <= YEAR_LAST && !shim_has_failed(); year++) {
    year_set(open, year);
    for (int32_t i = 0; i < open->at->ocs_count; i++) {
      if (open->at->ocs[i].loss_mdb.value > 3000) continue; /* no light gets through */
      open->spec->space.ocs_mask = 1U << i;
      expect_agreed(open, &wish, open->at->ocs[i].id);
    }
  }
}

#define SHIPPED LS_TEST_SOURCE_DIR "/topologies/catalog.yaml"

/* text with every `part`, of which there is at least one, replaced. */
static char *replaced(char *text, const char *part, const char *with)
{
  const size_t size = strlen(part);
  char *at = strstr(text, part);
  if (at == NULL) LS_TEST_FAIL("no %s in the catalog", part);
  for (; at != NULL; at = strstr(at, part)) {
    const size_t offset = (size_t)(at - text);
    text = exported_splice(text, at, size, with);
    at = text + offset + strlen(with);
  }
  return text;
}

/* The shipped catalog with odd prices, and yields so low in early years that they multiply them. */
static const char *uneven_write(void)
{
  static const char *const changes[][2] = {
      {"attach_yield: {by_year: {2026: 0.995, 2030: 0.998}, low: 0.97,",
       "attach_yield: {by_year: {2024: 0.951237, 2041: 0.998731}, low: 0.9,"},
      {"engine_test_yield: {by_year: {2026: 0.97, 2030: 0.99}, low: 0.9,",
       "engine_test_yield: {by_year: {2024: 0.500003, 2041: 0.989999}, low: 0.3,"},
      {"assembly_yield: {by_year: {2026: 0.98, 2030: 0.99}, low: 0.95,",
       "assembly_yield: {by_year: {2024: 0.611113, 2041: 0.989997}, low: 0.3,"},
      {" capex_usd_per_gbps: {value: 0.4,", " capex_usd_per_gbps: {value: 0.333337,"},
      {" capex_usd_per_gbps: {value: 0.55,", " capex_usd_per_gbps: {value: 0.555557,"},
      {" capex_usd_per_gbps: {value: 0.6,", " capex_usd_per_gbps: {value: 0.598767,"},
      {" capex_usd_per_gbps: {value: 1.36,", " capex_usd_per_gbps: {value: 1.360009,"},
      {"switch_capex_usd_per_gbps: {value: 0.6,", "switch_capex_usd_per_gbps: {value: 0.612347,"},
      {"asic_capex_usd: {value: 12000,", "asic_capex_usd: {value: 12345.67,"},
      {"capex_usd_per_port: {value: 500,", "capex_usd_per_port: {value: 499.99,"},
      {"laser_module_capex_usd: {value: 700,", "laser_module_capex_usd: {value: 700.01,"},
      {"board_fr4_usd_per_ru: {value: 150,", "board_fr4_usd_per_ru: {value: 149.99,"},
      {"board_megtron_multiple: {value: 6.5,", "board_megtron_multiple: {value: 6.499999,"},
      {"capex_usd_per_km: {value: 100,", "capex_usd_per_km: {value: 99.97,"},
  };
  const char *path = shim_format("%s/uneven.yaml", shim_folder());
  char *text = shim_file_read(SHIPPED, NULL);
  for (size_t i = 0; text != NULL && i < sizeof changes / sizeof *changes; i++)
    text = replaced(text, changes[i][0], changes[i][1]);
  return text != NULL && shim_file_write(path, text, strlen(text)) ? path : SHIPPED;
}

/* In the shipped catalog, and in one whose prices leave fractions of a cent everywhere. */
static void both_catalogs(void (*check)(market *))
{
  const char *const paths[] = {SHIPPED, uneven_write()};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    market open;
    ASSERT_TRUE(market_open(paths[i], &open));
    check(&open);
  }
}

LS_TEST(VerifyPrices, chassis_of_every_year) { both_catalogs(every_chassis); }
LS_TEST(VerifyPrices, scale_up_of_every_year) { both_catalogs(every_scale_up); }
LS_TEST(VerifyPrices, ocs_of_every_year) { both_catalogs(every_ocs); }

/* ---- Lies ---- */

/* One figure of the graph, or of its leaves, is changed: that figure is named. */
static void expect_named(const char *text, const char *key, const char *value, const char *where)
{
  const char *edited = exported_set_all(text, key, value);
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  if (edited == NULL || !shim_file_write(path, edited, strlen(edited))) return;
  const verdict found = verify_path(path, SHIPPED);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  if (!is_named(&found, where, key + 2)) LS_TEST_FAIL("%s = %s was not named", key, value);
}

LS_TEST(VerifyPrices, names_what_a_scale_up_network_does_not_cost)
{
  static const char *const keys[] = {
      "g_scale_up",
      "g_scale_up_end_count",
      "g_scale_up_end_capex_cents",
      "g_scale_up_end_power_mw",
      "g_scale_up_end_fit",
      "g_scale_up_end_downtime_fit_min",
      "g_scale_up_switch_count",
      "g_scale_up_switch_capex_cents",
      "g_scale_up_switch_power_mw",
      "g_scale_up_switch_fit",
      "g_scale_up_switch_downtime_fit_min",
  };
  const exported_wish wish = {LS_CLOS1, false, 1, 0, -1, -1};
  market open;
  exported made = {0};
  ASSERT_TRUE(market_open(SHIPPED, &open));
  open.spec->cluster.scale_up = (ls_spec_scale_up){.domain_gpus = 12, .gbps_per_gpu = 7200};
  year_set(&open, 2030);
  ASSERT_TRUE(exported_write(open.at, open.spec, &wish, &made));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    expect_named(made.text, keys[i], "12345", "graph");
  const char *none = exported_set_all(made.text, "g_scale_up", "none");
  ASSERT_TRUE(none != NULL);
  expect_named(none, "g_scale_up_end_count", "1", "graph");
}

/* A box of one package may be off by half a cent, no more. */
LS_TEST(VerifyPrices, names_a_box_that_costs_two_cents_more_or_less)
{
  const exported_wish wish = {LS_CLOS1, false, 1, 0, -1, -1};
  market open;
  exported made = {0};
  char cents[128], id[128];
  ASSERT_TRUE(market_open(SHIPPED, &open));
  year_set(&open, 2030);
  for (int32_t i = 0; i < open.at->switch_count; i++)
    if (strcmp(open.at->switches[i].id, "th6-davisson") == 0)
      open.spec->space.switch_mask = 1U << i;
  ASSERT_TRUE(exported_write(open.at, open.spec, &wish, &made));
  const char *leaf = exported_element(made.text, "<node ", ">leaf<", id);
  ASSERT_TRUE(leaf != NULL && exported_value(leaf, "n_unit_capex_cents", cents));
  for (int64_t by = -2; by <= 2; by += 4) {
    const char *text = exported_set(made.text, leaf, "n_unit_capex_cents",
                                    shim_format("%lld", strtoll(cents, NULL, 10) + by));
    const char *path = shim_format("%s/edited.graphml", shim_folder());
    ASSERT_TRUE(text != NULL && shim_file_write(path, text, strlen(text)));
    const verdict found = verify_path(path, SHIPPED);
    EXPECT_TRUE(is_named(&found, id, "unit_capex_cents"));
  }
}

/* ---- The program ---- */

/* What a spec asks for beside the year. */
typedef struct small_spec {
  const char *name, *cluster, *space;
} small_spec;

static const char *small_write(const small_spec *small, int32_t year)
{
  const char *path = shim_format("%s/%s-%d.yaml", shim_folder(), small->name, year);
  const char *text = shim_format("year: %d\n"
                                 "cluster: {%s, gpus_per_server: 8, servers_per_rack: 4, "
                                 "nic_gbps_per_gpu: 800}\n"
                                 "floor: {rows: 2, racks_per_row: 12}\n"
                                 "space: {%s, planes: [1], oversubscription: [1]}\n",
                                 year, small->cluster, small->space);
  shim_file_write(path, text, strlen(text));
  return path;
}

static shim_result optimize(const char *spec)
{
  const char *const argv[] = {LS_TEST_PROGRAM,
                              "optimize",
                              spec,
                              "-o",
                              shim_format("%s.run", spec),
                              "--catalog",
                              SHIPPED,
                              "--supply",
                              "unlimited",
                              "--evaluations",
                              "16",
                              "--quiet",
                              NULL};
  shim_result ran = {.exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  shim_run(argv, NULL, &ran);
  return ran;
}

/* Each year has either picks that are verified, or nothing of the space on sale. */
static void optimize_years(const small_spec *small)
{
  int32_t found = 0;
  for (int32_t year = YEAR_FIRST; year <= YEAR_LAST; year++) {
    const shim_result ran = optimize(small_write(small, year));
    if (ran.exit_code == 127) LS_TEST_SKIP("the program is not built");
    found += ran.exit_code == 0;
    if (ran.exit_code != 0 && strstr(ran.err, "no design meets all constraints") == NULL)
      LS_TEST_FAIL("%s in %d: exit code %d, %s", small->name, year, ran.exit_code, ran.err);
  }
  EXPECT_LT_I64(10, found);
}

LS_TEST(VerifyPrices, tiers_are_optimized_in_every_year)
{
  optimize_years(&(small_spec){"tiers", "gpus: 64",
                               "families: [clos1, clos2, clos2_rail, clos3, clos3_rail]"});
}

LS_TEST(VerifyPrices, integrated_optics_are_optimized_in_every_year)
{
  optimize_years(&(small_spec){
      "integrated", "gpus: 64",
      "families: [clos1, clos2], switches: [q3450-ld, spectrum-x-102t, spectrum-x-409t, "
      "th6-davisson, th5-bailly, th6-npo, gen2028-204t-cpo]"});
}

LS_TEST(VerifyPrices, meshes_and_scale_up_are_optimized_in_every_year)
{
  optimize_years(&(small_spec){
      "meshes", "gpus: 128, scale_up: {domain_gpus: 64, gbps_per_gpu: 7200}",
      "families: [ocs_spine, direct, rail_only], exclude_technologies: [copper, aec]"});
}
