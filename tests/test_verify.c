/* The verifier believes nothing: sound exports of every family pass, and each kind of lie, loss
 * or damage in a file is found and named. */
#include "exported.h"

#include "../host/verify.h"
#include "../host/verify_graph.h"

typedef struct verdict {
  ls_status status;
  ls_verify_report *report;
  ls_error error;
} verdict;

static verdict verify_path(const char *path, const char *catalog_path)
{
  verdict made = {LS_OK, shim_alloc(sizeof *made.report), {"", 0, "", ""}};
  const ls_verify_options options = {catalog_path, false};
  made.status = ls_verify_file(path, &options, made.report, &made.error);
  return made;
}

static verdict verify_text(const char *text)
{
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  shim_file_write(path, text, strlen(text));
  return verify_path(path, NULL);
}

static bool is_named(const verdict *made, const char *where, const char *what)
{
  for (int32_t i = 0; i < made->report->mismatch_count && i < LS_MISMATCH_MAX; i++)
    if (strcmp(made->report->mismatches[i].where, where) == 0 &&
        (what == NULL || strcmp(made->report->mismatches[i].what, what) == 0))
      return true;
  return false;
}

static void expect_ok(const verdict *made)
{
  EXPECT_STATUS(made->status, LS_OK);
  for (int32_t i = 0; i < made->report->mismatch_count && i < 3; i++)
    LS_TEST_FAIL("%s: %s claimed %s, found %s", made->report->mismatches[i].where,
                 made->report->mismatches[i].what, made->report->mismatches[i].claimed,
                 made->report->mismatches[i].found);
}

/* ---- Sound exports ---- */

LS_TEST(Verify, accepts_every_family)
{
  static const exported_wish wishes[] = {
      {LS_CLOS1, false, 1, 32, -1, -1},
      {LS_CLOS1, false, 4, 61, -1, -1},
      {LS_CLOS2, false, 1, 128, -1, 0},
      {LS_CLOS2, false, 2, 100, -1, 0},
      {LS_CLOS2, true, 4, 128, FABRIC_DR, 0},
      {LS_CLOS2, true, 2, 128, FABRIC_FR, 0},
      {LS_CLOS2, false, 2, 128, FABRIC_CPO, 0},
      {LS_CLOS2, true, 2, 104, -1, 0},
      {LS_CLOS3, false, 1, 256, -1, 0},
      {LS_CLOS3, true, 2, 296, -1, 0},
      {LS_OCS_SPINE, false, 1, 128, FABRIC_BIDI, 0},
      {LS_OCS_SPINE, false, 2, 64, -1, -1},
  };
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    exported made = {0};
    if (!exported_create(wishes[i], &made)) continue;
    const verdict found = verify_path(made.path, NULL);
    expect_ok(&found);
    EXPECT_TRUE(found.report->is_ok);
    EXPECT_FALSE(found.report->are_prices_checked);
    EXPECT_TRUE(found.report->is_connectivity_exact);
  }
}

LS_TEST(Verify, knows_the_shape_of_a_leaf_spine)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const verdict found = verify_path(made.path, NULL);
  char id[128], ports[128], spines[128];
  const char *leaf = exported_element(made.text, "<node ", ">leaf<", id);
  ASSERT_TRUE(leaf != NULL && exported_value(leaf, "n_up_port_count", ports));
  ASSERT_TRUE(exported_value(made.text, "g_spine_count", spines));
  EXPECT_EQ_I64(found.report->diameter_hops, 2);
  EXPECT_NEAR(found.report->distance_mean_hops, 2.0, 1e-12);
  /* Of two planes; a lone spine is the one switch that all traffic crosses. */
  EXPECT_EQ_I64(found.report->articulation_count, strcmp(spines, "2") == 0 ? 2 : 0);
  EXPECT_EQ_I64(found.report->edge_connectivity, strtoll(ports, NULL, 10));
}

LS_TEST(Verify, knows_the_shape_of_a_mesh_and_of_one_switch)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  verdict found = verify_path(made.path, NULL);
  EXPECT_EQ_I64(found.report->diameter_hops, 1);
  EXPECT_NEAR(found.report->distance_mean_hops, 1.0, 1e-12);
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS1, false, 2, 32, -1, -1}, &made));
  found = verify_path(made.path, NULL);
  expect_ok(&found);
  EXPECT_EQ_I64(found.report->diameter_hops, 0);
  EXPECT_EQ_I64(found.report->edge_connectivity, -1);
}

/* ---- Lies ---- */

typedef struct lie {
  const char *tag, *mark, *key, *value;
  const char *what; /* NULL: any mismatch of that element */
} lie;

static void expect_found(const exported *made, const lie *told)
{
  char id[128];
  const char *at = exported_element(made->text, told->tag, told->mark, id);
  char *text = at == NULL ? NULL : exported_set(made->text, at, told->key, told->value);
  if (text == NULL) return;
  const verdict found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_FALSE(found.report->is_ok);
  if (!is_named(&found, id, told->what))
    LS_TEST_FAIL("%s = %s of %s was not named", told->key, told->value, id);
}

LS_TEST(Verify, names_the_edge_that_lies)
{
  static const lie lies[] = {
      {"<edge ", ">trunk<", "e_weight", "7", "weight"},
      {"<edge ", ">trunk<", "e_optic_a", "fr4", "optic_a"},
      {"<edge ", ">trunk<", "e_optic_b", "no-such", "optic_b"},
      {"<edge ", ">trunk<", "e_optic_a", "", "optic_a"},
      {"<edge ", ">trunk<", "e_fiber", "no-such", "fiber"},
      {"<edge ", ">trunk<", "e_length_mm", "12345", "length_mm"},
      {"<edge ", ">trunk<", "e_length_mm", "900000000", "reach"},
      {"<edge ", ">trunk<", "e_stock_mm", "100000", "stock_mm"},
      {"<edge ", ">trunk<", "e_loss_mdb", "1", "loss_mdb"},
      {"<edge ", ">trunk<", "e_margin_mdb", "9999", "margin_mdb"},
      {"<edge ", ">trunk<", "e_cord_capex_cents", "1", "cord_capex_cents"},
      {"<edge ", ">trunk<", "e_strand_count", "3", "strand_count"},
      {"<edge ", ">trunk<", "e_mating_count", "40", "optical budget"},
      {"<edge ", ">trunk<", "e_plane", "1", "plane"},
      {"<edge ", ">trunk<", "e_tier", "2", "ends"},
      {"<edge ", ">trunk<", "e_interaction", "access", "ends"},
      {"<edge ", ">trunk<", "e_via", "rack0000", "via"},
      {"<edge ", ">access<", "e_link_count", "9", "link_count"},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_found(&made, &lies[i]);
}

LS_TEST(Verify, names_the_circuit_that_lies)
{
  static const lie lies[] = {
      {"<edge ", ">circuit<", "e_via", "", "via"},
      {"<edge ", ">circuit<", "e_length_mm", "77", "length_mm"},
      {"<edge ", ">circuit<", "e_loss_mdb", "0", "loss_mdb"},
      {"<edge ", ">circuit<", "e_circulator_count", "2", "circulator_count"},
      {"<edge ", ">ocs_leg<", "e_link_count", "900", "links in circuits"},
      {"<edge ", ">ocs_leg<", "e_optic_b", "bidi", "optic_b"},
      {"<node ", ">ocs<", "n_radix", "1", "radix"},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_found(&made, &lies[i]);
}

LS_TEST(Verify, names_the_node_that_lies)
{
  static const lie lies[] = {
      {"<node ", ">leaf<", "n_unit_capex_cents", "1", "unit_capex_cents"},
      {"<node ", ">leaf<", "n_unit_power_mw", "1", "unit_power_mw"},
      {"<node ", ">leaf<", "n_up_module_capex_cents", "1", "up_module_capex_cents"},
      {"<node ", ">leaf<", "n_up_module_power_mw", "1", "up_module_power_mw"},
      {"<node ", ">leaf<", "n_up_module_count", "1", "up_module_count"},
      {"<node ", ">leaf<", "n_up_port_count", "1", "up_port_count"},
      {"<node ", ">leaf<", "n_radix", "2", "radix"},
      {"<node ", ">leaf<", "n_plane", "7", "plane"},
      {"<node ", ">leaf<", "n_catalog_id", "", "catalog_id"},
      {"<node ", ">leaf<", "n_x", "0.123", "x in mm"},
      {"<node ", ">leaf<", "n_slot", "-4", "slot"},
      {"<node ", ">leaf<", "n_unit_power_mw_max", "1", "unit_power_mw_max"},
      {"<node ", ">leaf<", "n_unit_latency_ps", "1", "unit_latency_ps"},
      {"<node ", ">leaf<", "n_unit_downtime_fit_min", "1", "unit_downtime_fit_min"},
      {"<node ", ">leaf<", "n_cage_count", "7", "cage_count"},
      {"<node ", ">leaf<", "n_cage_gbps", "400", "cage_gbps"},
      {"<node ", ">leaf<", "n_rack_units", "1", "rack_units"},
      {"<node ", ">rack<", "n_rack_units", "1", "rack_units"},
      {"<node ", ">rack<", "n_cage_count", "1", "cage_count"},
      {"<node ", ">rack<", "n_gpu_count", "31", NULL},
      {"<node ", ">rack<", "n_server_count", "3", "server_count"},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS3, false, 1, 256, FABRIC_DR, 0}, &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_found(&made, &lies[i]);
}

static void expect_false_totals(const exported *made)
{
  static const char *const keys[] = {"gpu_count",
                                     "server_count",
                                     "rack_count",
                                     "leaf_count",
                                     "spine_count",
                                     "core_count",
                                     "ocs_count",
                                     "capex_cents",
                                     "power_mw",
                                     "access_link_count",
                                     "spine_link_count",
                                     "core_link_count",
                                     "diameter_hops",
                                     "module_count",
                                     "optics_power_mw",
                                     "switch_power_mw",
                                     "ocs_power_mw",
                                     "fiber_mm",
                                     "latency_ps_max",
                                     "latency_ps_mean",
                                     "risk_bps",
                                     "throughput_worst_ppm_low",
                                     "throughput_worst_ppm_high"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    char *text = exported_set(made->text, made->text, shim_format("g_%s", keys[i]), "99999999999");
    if (text == NULL) continue;
    const verdict found = verify_text(text);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_EQ_I64(found.report->mismatch_count, 1);
    EXPECT_STREQ(found.report->mismatches[0].where, "graph");
    EXPECT_STREQ(found.report->mismatches[0].what, keys[i]);
    EXPECT_STREQ(found.report->mismatches[0].claimed, "99999999999");
  }
}

LS_TEST(Verify, finds_every_false_total)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  expect_false_totals(&made);
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  expect_false_totals(&made);
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS3, true, 2, 296, -1, 0}, &made));
  expect_false_totals(&made);
}

/* A figure changed wherever it stands agrees with itself, but not with what follows from it. */
typedef struct premise {
  const char *key, *value;
  const char *where, *what; /* where NULL: the first element that element names */
  const char *element;      /* what marks it, such as ">leaf<" */
} premise;

static void expect_follows(const exported *made, const premise *changed)
{
  char id[128];
  const char *where = changed->where;
  char *text = exported_set_all(made->text, changed->key, changed->value);
  if (text == NULL) return;
  if (where == NULL && exported_element(text, "<node ", changed->element, id) != NULL) where = id;
  if (where == NULL) return;
  const verdict found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  if (!is_named(&found, where, changed->what))
    LS_TEST_FAIL("%s: %s was not named after %s = %s", where, changed->what, changed->key,
                 changed->value);
}

LS_TEST(Verify, recomputes_from_the_units)
{
  static const premise premises[] = {
      {"g_fec_latency_ps", "1", "graph", "latency_ps_max", NULL},
      {"g_fec_latency_ps", "1", "graph", "latency_ps_mean", NULL},
      {"g_optic.dr8.latency_ps", "1", "graph", "latency_ps_max", NULL},
      {"g_optic.dr8.latency_ps", "1", "graph", "latency_ps_mean", NULL},
      {"g_fiber.smf.latency_fs_per_mm", "1", "graph", "latency_ps_max", NULL},
      {"g_fiber.smf.latency_fs_per_mm", "1", "graph", "latency_ps_mean", NULL},
      {"n_unit_latency_ps", "1", "graph", "latency_ps_max", NULL},
      {"n_unit_latency_ps", "1", "graph", "latency_ps_mean", NULL},
      {"n_unit_downtime_fit_min", "1", "graph", "risk_bps", NULL},
      {"g_optic.dr8.downtime_fit_min", "1", "graph", "risk_bps", NULL},
      {"n_cage_count", "1", NULL, "cage_count", ">leaf<"},
      {"n_cage_count", "1", NULL, "cage_count", ">spine<"},
      {"n_cage_gbps", "400", NULL, "cage_gbps", ">leaf<"},
      {"n_radix", "1000", "graph", "throughput_worst_ppm_low", NULL},
      {"n_radix", "1000", "graph", "throughput_worst_ppm_high", NULL},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (size_t i = 0; i < sizeof premises / sizeof *premises; i++)
    expect_follows(&made, &premises[i]);
}

LS_TEST(Verify, scales_failures_of_integrated_optics)
{
  static const premise premises[] = {
      {"g_optic.cpo-dr.downtime_share_gbps", "100", "graph", "risk_bps", NULL},
      {"g_optic.cpo-dr.downtime_share_gbps", "0", "graph", "risk_bps", NULL},
      {"g_optic.cpo-dr.downtime_fit_min", "1", "graph", "risk_bps", NULL}};
  exported made = {0};
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS2, false, 2, 128, FABRIC_CPO, 0}, &made));
  for (size_t i = 0; i < sizeof premises / sizeof *premises; i++)
    expect_follows(&made, &premises[i]);
}

/* Every slot is full where a slot holds next to nothing, so that of the first rack is named. */
LS_TEST(Verify, names_the_slot_that_is_too_full)
{
  static const char *const changes[][3] = {{"g_slot_rack_units", "1", "rack_units"},
                                           {"g_slot_power_mw", "1", "power_mw"},
                                           {"g_server_rack_units", "1000", "rack_units"},
                                           {"g_server_power_mw", "999999999", "power_mw"},
                                           {"n_unit_power_mw_max", "999999999", "power_mw"},
                                           {"n_rack_units", "100", "rack_units"}};
  exported made = {0};
  char id[128], slot[128];
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    const bool is_of_switch = changes[i][0][0] == 'n';
    const char *mark = is_of_switch ? ">leaf<" : ">rack<";
    const char *at = exported_element(made.text, "<node ", mark, id);
    ASSERT_TRUE(at != NULL && exported_value(at, "n_slot", slot));
    const premise changed = {changes[i][0], changes[i][1], shim_format("slot %s", slot),
                             changes[i][2], NULL};
    expect_follows(&made, &changed);
  }
}

/* 38 U hold a rack of servers and up to three leaves beside, but no OCS as well. */
LS_TEST(Verify, names_the_slot_that_one_more_overfills)
{
  static const char *const keys[] = {"n_slot", "n_x", "n_y"};
  exported made = {0};
  char id[128], value[128];
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  char *text = exported_set(made.text, made.text, "g_slot_rack_units", "38");
  const char *rack = exported_element(made.text, "<node ", ">rack<", id);
  ASSERT_TRUE(text != NULL && rack != NULL && exported_value(rack, "n_slot", value));
  const char *slot = shim_format("slot %s", value);
  verdict found = verify_text(text);
  EXPECT_FALSE(is_named(&found, slot, "rack_units"));
  for (int i = 0; i < 3; i++) {
    const char *ocs = exported_element(text, "<node ", ">ocs<", id);
    ASSERT_TRUE(ocs != NULL && exported_value(rack, keys[i], value));
    text = exported_set(text, ocs, keys[i], value);
    ASSERT_TRUE(text != NULL);
  }
  found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, slot, "rack_units"));
}

/* Circuits that go elsewhere leave two blocks with fewer links between them. */
LS_TEST(Verify, counts_the_circuits_of_each_pair)
{
  static const char *const values[] = {"0", "1"};
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < 2; i++) {
    char id[128];
    const char *at = exported_element(made.text, "<edge ", ">circuit<", id);
    char *text = at == NULL ? NULL : exported_set(made.text, at, "e_link_count", values[i]);
    ASSERT_TRUE(text != NULL);
    const verdict found = verify_text(text);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_TRUE(is_named(&found, "graph", "throughput_worst_ppm_low"));
    EXPECT_FALSE(is_named(&found, "graph", "throughput_worst_ppm_high"));
  }
}

/* ---- Losses and doubles ---- */

/* text without the element at `at`, which ends with close. */
static char *without(const char *text, const char *at, const char *close)
{
  return exported_splice(text, at, (size_t)(strstr(at, close) + strlen(close) - at), "");
}

LS_TEST(Verify, misses_an_edge_that_was_dropped)
{
  exported made = {0};
  char id[128], leaf[128];
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *at = exported_element(made.text, "<edge ", ">trunk<", id);
  ASSERT_TRUE(at != NULL);
  snprintf(leaf, sizeof leaf, "%.*s", (int)(strstr(id, "--") - id), id);
  const verdict found = verify_text(without(made.text, at, "</edge>"));
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, leaf, "up_port_count"));
  EXPECT_TRUE(is_named(&found, "graph", "spine_link_count"));
}

LS_TEST(Verify, finds_a_device_without_a_cable)
{
  exported made = {0};
  char id[128], edge[128];
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  ASSERT_TRUE(exported_element(made.text, "<node ", ">spine<", id) != NULL);
  char *text = made.text;
  const char *mark = shim_format("target=\"%s\"", id);
  while (strstr(text, mark) != NULL) {
    const char *at = exported_element(text, "<edge ", mark, edge);
    ASSERT_TRUE(at != NULL);
    text = without(text, at, "</edge>");
  }
  const verdict found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, id, "cords"));
  EXPECT_TRUE(is_named(&found, id, "connectivity"));
  EXPECT_TRUE(is_named(&found, "plane 0", NULL));
  EXPECT_EQ_I64(found.report->diameter_hops, -1);
}

LS_TEST(Verify, finds_ids_given_twice)
{
  exported made = {0};
  char id[128], other[128];
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *at = exported_element(made.text, "<edge ", ">access<", id);
  const char *next = at == NULL ? NULL : exported_element(at + 1, "<edge ", ">access<", other);
  ASSERT_TRUE(next != NULL);
  char *text = exported_replace(made.text, next, shim_format("id=\"%s\"", other),
                                shim_format("id=\"%s\"", id));
  verdict found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, id, "edge id"));
  at = exported_element(made.text, "<node ", ">leaf<", id);
  text = shim_format("%.*s%.*s</node>\n%s", (int)(at - made.text), made.text,
                     (int)(strstr(at, "</node>") - at), at, at);
  found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, "graph", "node ids"));
}

LS_TEST(Verify, asks_for_every_attribute)
{
  static const char *const edge_keys[] = {"e_link_count", "e_length_mm", "e_interaction"};
  exported made = {0};
  char id[128], value[128];
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (int i = 0; i < 3; i++) {
    const char *at = exported_element(made.text, "<edge ", ">trunk<", id);
    ASSERT_TRUE(at != NULL && exported_value(at, edge_keys[i], value));
    const char *data = shim_format("<data key=\"%s\">%s</data>", edge_keys[i], value);
    const verdict found = verify_text(exported_replace(made.text, at, data, ""));
    EXPECT_STATUS(found.status, LS_ERR_INPUT);
    EXPECT_CONTAINS(found.error.message, id);
    EXPECT_STREQ(found.error.key, edge_keys[i] + 2);
  }
  const char *key = "<key id=\"n_radix\"";
  const verdict found =
      verify_text(exported_replace(made.text, made.text, key, "<key id=\"n_other\""));
  EXPECT_STATUS(found.status, LS_ERR_INPUT);
  EXPECT_STREQ(found.error.key, "radix");
}

/* ---- Damage ---- */

LS_TEST(Verify, refuses_what_is_not_ours)
{
  static const char *const texts[] = {
      "not XML at all",
      "<a/>",
      "<?xml version=\"1.0\"?><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"/>",
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
      "<graph edgedefault=\"undirected\"/></graphml>",
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph edgedefault=\"undirected\">"
      "<node id=\"a\"/><node id=\"b\"/><edge source=\"a\" target=\"b\"/></graph></graphml>",
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph edgedefault=\"undirected\">"
      "<edge source=\"a\"/></graph></graphml>",
      "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;\">]><graphml>&d;</graphml>",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const verdict found = verify_text(texts[i]);
    EXPECT_STATUS(found.status, LS_ERR_INPUT);
    EXPECT_TRUE(strlen(found.error.message) > 10);
  }
  EXPECT_STATUS(verify_text("").status, LS_ERR_INPUT);
  EXPECT_STATUS(verify_path(shim_folder(), NULL).status, LS_ERR_INPUT);
  EXPECT_STATUS(verify_path("no/such.graphml", NULL).status, LS_ERR_INPUT);
}

LS_TEST(Verify, refuses_other_namespaces)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *ours = "xmlns=\"http://graphml.graphdrawing.org/xmlns\"";
  EXPECT_STATUS(
      verify_text(exported_replace(made.text, made.text, ours, "xmlns=\"http://other\"")).status,
      LS_ERR_INPUT);
}

LS_TEST(Verify, refuses_a_truncated_file)
{
  exported made = {0};
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS1, false, 1, 32, -1, -1}, &made));
  const size_t size = strlen(made.text), step = size / 40 + 1;
  for (size_t kept = 1; kept < strlen(made.text) - 12; kept += step) {
    char *text = shim_format("%.*s", (int)kept, made.text);
    EXPECT_STATUS(verify_text(text).status, LS_ERR_INPUT);
  }
}

static void expect_survival(exported_wish wish)
{
  exported made = {0};
  uint64_t state = 20;
  ASSERT_TRUE(exported_create(wish, &made));
  const size_t size = strlen(made.text);
  char *text = shim_format("%s", made.text);
  for (int i = 0; i < 300; i++) {
    memcpy(text, made.text, size);
    for (int flips = 0; flips < 1 + i % 4; flips++) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text[(state >> 33) % size] = "0123456789-<>&\"/ xe."[(state >> 20) % 20];
    }
    const ls_status status = verify_text(text).status;
    EXPECT_TRUE(status == LS_OK || status == LS_ERR_NO || status == LS_ERR_INPUT ||
                status == LS_ERR_MEMORY);
  }
}

LS_TEST(Verify, survives_any_damage)
{
  expect_survival((exported_wish){LS_CLOS1, false, 2, 32, -1, -1});
  expect_survival(exported_mesh());
}

LS_TEST(Verify, adds_up_without_overflow)
{
  exported made = {0};
  char id[128];
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  char *text = made.text;
  static const char *const keys[] = {"e_link_count", "e_strand_count", "e_stock_mm", "e_length_mm",
                                     "e_mating_count"};
  for (int i = 0; i < 5; i++) {
    const char *at = exported_element(text, "<edge ", ">trunk<", id);
    text = at == NULL ? NULL : exported_set(text, at, keys[i], "1000000000");
    ASSERT_TRUE(text != NULL);
  }
  const char *at = exported_element(text, "<edge ", ">trunk<", id);
  text = exported_set(text, at, "e_cord_capex_cents", "9007199254740992");
  EXPECT_STATUS(verify_text(text).status, LS_ERR_NO);
  text = exported_set(made.text, exported_element(made.text, "<edge ", ">trunk<", id),
                      "e_link_count", "1e300");
  EXPECT_STATUS(verify_text(text).status, LS_ERR_INPUT);
}

LS_TEST(Verify, multiplies_units_without_overflow)
{
  static const char *const figures[] = {"n_unit_latency_ps",
                                        "n_cage_count",
                                        "n_rack_units",
                                        "n_radix",
                                        "n_down_port_count",
                                        "n_down_module_count",
                                        "e_length_mm",
                                        "e_link_count",
                                        "g_fec_latency_ps",
                                        "g_server_rack_units",
                                        "n_server_count",
                                        "g_copper_latency_fs_per_mm",
                                        "g_optic.bidi.latency_ps",
                                        "g_fiber.smf.latency_fs_per_mm"};
  static const char *const prices[] = {"n_unit_downtime_fit_min", "g_optic.bidi.downtime_fit_min",
                                       "n_unit_power_mw", "g_server_power_mw",
                                       "n_down_module_power_mw"};
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (int sign = 0; sign < 2; sign++) {
    char *text = made.text;
    for (size_t i = 0; text != NULL && i < sizeof figures / sizeof *figures; i++)
      text = exported_set_all(text, figures[i], sign ? "-1000000000" : "1000000000");
    for (size_t i = 0; text != NULL && i < sizeof prices / sizeof *prices; i++)
      text = exported_set_all(text, prices[i], sign ? "-9007199254740992" : "9007199254740992");
    ASSERT_TRUE(text != NULL);
    EXPECT_STATUS(verify_text(text).status, LS_ERR_NO);
  }
}

/* ---- Prices ---- */

LS_TEST(Verify, compares_prices_with_a_catalog)
{
  const char *path = LS_TEST_SOURCE_DIR "/topologies/catalog.yaml";
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  exported made = {0};
  ASSERT_STATUS(ls_catalog_read(path, catalog, NULL), LS_OK);
  ASSERT_STATUS(ls_spec_read(LS_TEST_SOURCE_DIR "/topologies/lab-64.yaml", catalog, spec, NULL),
                LS_OK);
  const exported_wish wish = {LS_CLOS2, false, 1, 0, -1, 0};
  ASSERT_TRUE(exported_write(catalog, spec, &wish, &made));
  verdict found = verify_path(made.path, path);
  expect_ok(&found);
  EXPECT_TRUE(found.report->are_prices_checked);
  EXPECT_STATUS(verify_path(made.path, "no/such.yaml").status, LS_ERR_INPUT);
  static const char *const keys[] = {"g_mating_loss_mdb",
                                     "g_fec_latency_ps",
                                     "g_copper_latency_fs_per_mm",
                                     "n_unit_latency_ps",
                                     "n_unit_downtime_fit_min",
                                     "n_unit_power_mw_max",
                                     "n_cage_count",
                                     "n_cage_gbps",
                                     "n_rack_units"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    char id[128];
    const char *text = exported_set_all(made.text, keys[i], "12345");
    const char *edited = shim_format("%s/edited.graphml", shim_folder());
    ASSERT_TRUE(text != NULL && exported_element(text, "<node ", ">leaf<", id) != NULL);
    shim_file_write(edited, text, strlen(text));
    found = verify_path(edited, path);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_TRUE(is_named(&found, keys[i][0] == 'g' ? "graph" : id, keys[i] + 2));
  }
}

/* ---- Cuts ---- */

/* The smallest cut by trying all; -1 for one vertex. */
static int64_t cut_by_force(const ls_cut_graph *graph)
{
  int64_t best = -1;
  for (uint32_t side = 1; side < (1u << graph->vertex_count) - 1; side++) {
    int64_t cut = 0;
    for (int64_t i = 0; i < graph->edge_count; i++)
      if ((side >> graph->edges[i].a & 1) != (side >> graph->edges[i].b & 1))
        cut += graph->edges[i].links;
    if (best < 0 || cut < best) best = cut;
  }
  return best;
}

LS_TEST(Verify, shrinking_keeps_the_smallest_cut)
{
  uint64_t state = 1;
  for (int round = 0; round < 2000; round++) {
    ls_cut_edge edges[24];
    ls_cut_graph graph = {2 + round % 7, 0, edges};
    for (int i = 0; i < 2 + round % 23; i++) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      edges[graph.edge_count++] =
          (ls_cut_edge){(int32_t)((state >> 33) % (uint64_t)graph.vertex_count),
                        (int32_t)((state >> 43) % (uint64_t)graph.vertex_count),
                        1 + (int64_t)((state >> 55) % 3)};
    }
    const int64_t expected = cut_by_force(&graph);
    int64_t bound = 0;
    ASSERT_STATUS(ls_cut_shrink(&graph, &bound), LS_OK);
    const int64_t rest = cut_by_force(&graph);
    ASSERT_EQ_I64(rest >= 0 && rest < bound ? rest : bound, expected);
  }
}

/* ---- The command ---- */

static shim_result run_verify(const char *path, const char *option)
{
  const char *const words[] = {LS_TEST_PROGRAM, "verify", path, option, NULL};
  shim_result result;
  memset(&result, 0, sizeof result);
  shim_run(words, NULL, &result);
  return result;
}

LS_TEST(Verify, answers_on_the_command_line)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  shim_result result = run_verify(made.path, NULL);
  if (result.exit_code == 127) LS_TEST_SKIP("the program is not built");
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "ok: every claim");
  result = run_verify(made.path, "--json");
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "\"ok\": true");
  EXPECT_CONTAINS(result.out, "\"prices_checked\": false");
  char *text = exported_set(made.text, made.text, "g_leaf_count", "77");
  ASSERT_TRUE(text != NULL);
  shim_file_write(made.path, text, strlen(text));
  result = run_verify(made.path, "--json");
  EXPECT_EQ_I64(result.exit_code, 1);
  EXPECT_CONTAINS(result.out, "\"what\": \"leaf_count\"");
  EXPECT_CONTAINS(result.out, "\"claimed\": \"77\"");
  EXPECT_EQ_I64(run_verify(made.path, "--wrong").exit_code, 2);
  EXPECT_EQ_I64(run_verify("no/such.graphml", NULL).exit_code, 2);
}
