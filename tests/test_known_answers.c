/* Known answers that take a whole design to find: a million GPUs to the module, the circuits of a
 * TPU v4 pod, the optics of 400,000 GPUs, the lasers and fiber arrays of a co-packaged box. Those
 * of single rules stand with the rules; docs/model.md section 10 lists them all. */
#include <stdlib.h>
#include <string.h>

#include "../host/package.h"
#include "../kernels/evaluate.h"
#include "exported.h"
#include "question.h"

#define REFERENCE LS_TEST_SOURCE_DIR "/topologies/reference/"

static int64_t json_number(const char *json, const char *key)
{
  const char *found = strstr(json, shim_format("\"%s\": ", key));
  return found ? atoll(found + strlen(key) + 4) : -1;
}

/* Modules of 1.6T hold four ports of 400G. In a plane 7,812 leaves have 128 ports down and one 64:
 * 250,000 modules; all have 128 up: 250,016. Of 62 pods of 128 spines 61 have 128 leaves and one 5,
 * whose spines need two modules a side: 250,112 down and up. Each of 128 groups of 32 cores ends
 * 7,813 links, 5 cores 245 and 27 cores 244: 62 and 61 modules, 250,496. With 8 a server and four
 * planes that is 1,000,000 + 4 x 1,250,736. */
LS_TEST(KnownAnswers, a_million_gpus_to_the_module)
{
  const char *const argv[] = {LS_TEST_PROGRAM,
                              "evaluate",
                              REFERENCE "million-gpu.yaml",
                              REFERENCE "million-gpu.design.yaml",
                              "--json",
                              NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  EXPECT_EQ_I64(json_number(result.out, "leaf_count"), 4 * 7813);
  EXPECT_EQ_I64(json_number(result.out, "spine_count"), 4 * 7936);
  EXPECT_EQ_I64(json_number(result.out, "core_count"), 4 * 4096);
  EXPECT_EQ_I64(json_number(result.out, "module_count"), 6002944);
  const int64_t links = json_number(result.out, "access_links") +
                        json_number(result.out, "leaf_spine_links") +
                        json_number(result.out, "spine_core_links");
  EXPECT_EQ_I64(2 * links * 400 / 1600, 6000256); /* by bandwidth alone */
}

/* 400,000 GPUs x 6 modules: 72 MW at 30 W, 21.6 at the 9 W of engines. */
LS_TEST(KnownAnswers, optics_of_400000_gpus)
{
  const ls_optic_row module = {.module_gbps = 1600, .power_uw_per_gbps = 18750};
  const ls_optic_row engine = {.module_gbps = 0, .power_uw_per_gbps = 5625};
  EXPECT_EQ_I64(400000 * 6 * ls_module_power_mw(&module, 1600), 72000000000);
  EXPECT_EQ_I64(400000 * 6 * ls_module_power_mw(&engine, 1600), 21600000000);
}

/* 64 blocks of 96 links each, through OCS of 64 usable ports a side, both directions on a strand.
 */
LS_TEST(KnownAnswers, a_tpu_v4_pod_has_48_ocs_of_64_circuits)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  ls_topology topology;
  fabric_catalog(catalog);
  fabric_spec(catalog, 64 * 96, spec);
  catalog->switches[FABRIC_BOX].bandwidth_gbps = fabric_number(192 * 400);
  catalog->switches[FABRIC_BOX].port_count_max = fabric_number(192);
  catalog->switches[FABRIC_BOX].cage_count = fabric_number(192);
  catalog->ocs[0].port_count = fabric_number(64);
  spec->cluster.nic_gbps = 400;
  spec->space.switch_mask = 1u << FABRIC_BOX;
  spec->space.family_mask = LS_CHOOSE_OCS_SPINE;
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  const exported_wish wish = {LS_OCS_SPINE, false, 1, 64 * 96, FABRIC_BIDI, 0};
  ASSERT_TRUE(exported_find(problem, catalog, spec, &wish, &topology));
  int32_t ocs_count = 0;
  for (int32_t n = 0; n < topology.node_count; n++) {
    int32_t circuits = 0;
    if (topology.nodes[n].kind != LS_NODE_OCS) continue;
    for (int32_t e = 0; e < topology.edge_count; e++)
      if (topology.edges[e].via == n) circuits += topology.edges[e].link_count;
    EXPECT_EQ_I64(circuits, 64);
    ocs_count++;
  }
  EXPECT_EQ_I64(ocs_count, 48);
  ls_topology_destroy(&topology);
  ls_problem_destroy(problem);
}

/* 33 leaves of 32 ports down and 32 up, one link to each other: (u/d) B / (2 (B-1)) = 33 / 64. */
LS_TEST(KnownAnswers, a_mesh_of_33_leaves_carries_33_of_64)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  int32_t seen = 0;
  fabric_catalog(catalog);
  fabric_spec(catalog, 33 * 32, spec);
  spec->space.switch_mask = 1u << FABRIC_BOX;
  spec->space.family_mask = LS_CHOOSE_DIRECT | LS_CHOOSE_OCS_SPINE;
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  for (uint32_t s = 0; s < problem->structure_count; s++) {
    const ls_structure *structure = &problem->structures[s];
    if (structure->size.block_count != 33 || structure->size.up != structure->size.down) continue;
    EXPECT_EQ_I64(structure->throughput_ppm_low, 515625);
    EXPECT_EQ_I64(structure->throughput_ppm_high, 515625);
    seen++;
  }
  EXPECT_LT_I64(0, seen);
  ls_problem_destroy(problem);
}

/* Of 115.2T: 72 fiber arrays at 83 to 97 USD are 6,000 to 7,000; as modules of 1.6T with 8 lasers
 * it has 576, as engines 4 times fewer. */
LS_TEST(KnownAnswers, lasers_and_fiber_arrays_of_a_co_packaged_box)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ASSERT_STATUS(ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", catalog, NULL),
                LS_OK);
  int32_t box = 0;
  while (box < catalog->switch_count && strcmp(catalog->switches[box].id, "q3450-ld") != 0) box++;
  ASSERT_TRUE(box < catalog->switch_count);
  ls_box_counts counts;
  ls_box_count(catalog, &catalog->switches[box], &counts);
  const ls_number *array = &catalog->parts.fau_capex_cents;
  EXPECT_NEAR((double)(counts.fau_count * array->low) / 100, 6000, 50);
  EXPECT_NEAR((double)(counts.fau_count * array->high) / 100, 7000, 50);
  const int32_t index = ls_catalog_optic_find(catalog, "dsp-1.6t-dr8");
  ASSERT_TRUE(index >= 0);
  const ls_catalog_optic *module = &catalog->optics[index];
  const int64_t modules = catalog->switches[box].bandwidth_gbps.value / module->module_gbps.value;
  EXPECT_EQ_I64(modules * module->laser_count.value, 576);
  EXPECT_EQ_I64(4 * counts.laser_count, 576);
}

static int32_t optic_index(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->optic_count; i++)
    if (strcmp(catalog->optics[i].id, id) == 0) return i;
  shim_fail(SHIM_AT, "no optics %s", id);
  return 0;
}

static bool is_wide_and_assumed(const ls_number *number)
{
  return number->evidence == LS_EVIDENCE_ASSUMED && number->low < number->value &&
         number->value < number->high;
}

static int32_t margin_over(const ls_problem *problem, int32_t a, int32_t b, int64_t length_mm)
{
  const ls_link_row link = {(uint8_t)a, (uint8_t)b, 0, 0};
  return ls_link_check_budget(problem, &link, length_mm, 2, 0).margin_mdb;
}

/* DR has 2.26 dB left over 100 m and two matings; LPO 0.9 dB less, LRO 0.5, in a link with DSP as
 * much, since its worse direction counts. Both reach less far; the figures are assumed, and say so.
 */
LS_TEST(KnownAnswers, linear_optics_take_on_what_hosts_do)
{
  static const char *const linear[] = {"lpo-800g-dr8", "lro-800g-dr8", "lro-1.6t-dr8"};
  question asked;
  ASSERT_TRUE(question_read(&asked, "pod-512") && question_build(&asked));
  const ls_catalog *catalog = asked.session.catalog;
  ls_problem *problem = asked.session.problem;
  const int32_t dsp = optic_index(catalog, "dsp-800g-dr8"), lpo = optic_index(catalog, linear[0]);
  const int32_t lro = optic_index(catalog, linear[1]);
  for (size_t i = 0; i < sizeof linear / sizeof *linear; i++) {
    const ls_catalog_optic *entry = &catalog->optics[optic_index(catalog, linear[i])];
    EXPECT_TRUE(is_wide_and_assumed(&entry->penalty_mdb));
    EXPECT_TRUE(is_wide_and_assumed(&entry->reach_mm));
    EXPECT_LT_I64(catalog->optics[dsp].penalty_mdb.value, entry->penalty_mdb.value);
    EXPECT_LT_I64(entry->reach_mm.value, catalog->optics[dsp].reach_mm.value);
  }
  EXPECT_EQ_I64(margin_over(problem, dsp, dsp, 100000), 2260);
  EXPECT_EQ_I64(margin_over(problem, lpo, lpo, 100000), 1360);
  EXPECT_EQ_I64(margin_over(problem, lro, lro, 100000), 1760);
  EXPECT_EQ_I64(margin_over(problem, lpo, dsp, 100000), 1360);
  EXPECT_EQ_I64(margin_over(problem, dsp, lpo, 100000), 1360);
  problem->optics[lpo].penalty_mdb = (int32_t)catalog->optics[lpo].penalty_mdb.high;
  EXPECT_EQ_I64(margin_over(problem, lpo, lpo, 500000), -300);
  question_destroy(&asked);
}
