/* The verifier believes nothing: sound exports of every family pass, what is lost or there twice is
 * missed, prices are compared with a catalog; cuts, and the command. Lies about single elements
 * are test_verify_lies.c's, about totals test_verify_totals.c's, damage test_verify_damage.c's. */
#include "verdict.h"

#include "../host/verify_graph.h"

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
