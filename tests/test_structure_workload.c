/* Workloads of structures: the shipped example end to end, what oversubscription does to a step,
 * and demands on every kind of block. */
#include "../host/structure_blocks.h"
#include "../host/structure_workload.h"

#include <stdlib.h>
#include <string.h>

#include "sweep_space.h"

#define SPEC LS_TEST_SOURCE_DIR "/topologies/moe-2k.yaml"

static double json_number(const char *json, const char *key)
{
  const char *found = json ? strstr(json, shim_format("\"%s\": ", key)) : NULL;
  return found ? atof(found + strlen(key) + 4) : -1;
}

/* Evaluates a two-tier Clos of this oversubscription. */
static shim_result evaluate(const char *spec, const char *oversubscription, const char *flag)
{
  const char *design = shim_format("%s/design.yaml", shim_folder());
  const char *text = shim_format(
      "family: clos2\noversubscription: \"%s\"\nswitches: {leaf: th5-51t, spine: th5-51t}\nlinks:\n"
      "  - {tier: access, optic_a: dsp-800g-dr8, optic_b: dsp-800g-dr8}\n"
      "  - {tier: leaf_spine, optic_a: dsp-800g-dr8, optic_b: dsp-800g-dr8}\n",
      oversubscription);
  const char *const argv[] = {LS_TEST_PROGRAM, "evaluate", spec, design, flag, NULL};
  shim_result result = {.exit_code = -1, .out = shim_format("%s", "")};
  if (shim_file_write(design, text, strlen(text))) shim_run(argv, NULL, &result);
  return result;
}

/* 32 GPUs a leaf at 1:1, half a domain: all the traffic of NICs leaves its leaf, so that 3:1, 48
 * down and 16 up, carries a third of it. */
LS_TEST(StructureWorkload, oversubscription_comes_back_as_step_time)
{
  const shim_result full = evaluate(SPEC, "1:1", "--json"), third = evaluate(SPEC, "3:1", "--json");
  ASSERT_EQ_I64(full.exit_code, 0);
  ASSERT_EQ_I64(third.exit_code, 0);
  EXPECT_NEAR(json_number(full.out, "blocks"), 64, 0);
  EXPECT_NEAR(json_number(full.out, "cut_share"), 1, 0);
  EXPECT_NEAR(json_number(full.out, "theta_low"), 1, 0);
  EXPECT_NEAR(json_number(full.out, "theta"), 0.9, 0);
  EXPECT_NEAR(json_number(third.out, "blocks"), 43, 0);
  /* Leaves of 48 do not end where domains do: a little stays inside, though not everywhere. */
  EXPECT_NEAR(json_number(third.out, "cut_share"), 0.965, 0.0005);
  const double theta = json_number(third.out, "theta_low");
  EXPECT_NEAR(theta, 1. / 3, 0.01);
  /* By hand at 1:1, NIC 720 Gb/s: all-to-all 24/32 x 96 Gb, all-reduce 2 x 56/64 x 4 Gb. */
  EXPECT_NEAR(json_number(full.out, "all_to_all_out"), 100, 1e-6);
  EXPECT_NEAR(json_number(full.out, "all_reduce_out"), 9.722222222, 1e-6);
  EXPECT_NEAR(json_number(full.out, "pipeline"), 11.111111111, 1e-6);
  EXPECT_NEAR(json_number(full.out, "all_reduce_up"), 10.370370370, 1e-6); /* of 5400 Gb/s */
  EXPECT_NEAR(json_number(third.out, "all_to_all_out") * theta, 100, 1e-3);
  EXPECT_NEAR(json_number(third.out, "all_reduce_up"), json_number(full.out, "all_reduce_up"), 0);
  EXPECT_TRUE(json_number(third.out, "step_time_ms") > 1.3 * json_number(full.out, "step_time_ms"));
  EXPECT_NEAR(json_number(full.out, "effective_fraction") * json_number(full.out, "step_time_ms"),
              240, 1e-3);
  EXPECT_TRUE(json_number(full.out, "step_time_ms_low") < json_number(full.out, "step_time_ms"));
  EXPECT_TRUE(json_number(full.out, "step_time_ms_high") > json_number(full.out, "step_time_ms"));
}

LS_TEST(StructureWorkload, people_read_it_too)
{
  const shim_result result = evaluate(SPEC, "1:1", "--seed=1");
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "of a GPU-hour computes");
  EXPECT_CONTAINS(result.out, "demand of 64 blocks: 100.0 % leaves its block");
}

LS_TEST(StructureWorkload, without_traffic_nothing_is_said)
{
  const shim_result result =
      evaluate(LS_TEST_SOURCE_DIR "/topologies/pod-512.yaml", "1:1", "--json");
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_TRUE(strstr(result.out, "\"workload\"") == NULL);
  EXPECT_TRUE(strstr(result.out, "\"demand\"") == NULL);
}

LS_TEST(StructureWorkload, every_pick_has_its_step_time)
{
  const char *folder = shim_format("%s/answer", shim_folder());
  const char *const argv[] = {LS_TEST_PROGRAM, "optimize", SPEC, "--json", "-o", folder, NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  int32_t picks = 0, steps = 0;
  for (const char *at = result.out; (at = strstr(at, "\"meaning\"")) != NULL; at++) picks++;
  for (const char *at = result.out; (at = strstr(at, "\"effective_fraction\"")) != NULL; at++)
    steps++;
  EXPECT_LT_I64(3, picks);
  EXPECT_EQ_I64(steps, picks);
}

/* ---- a matrix beside the spec ---- */

/* A copy of the example in a folder of its own, with traffic.matrix instead of parallelism. */
static const char *spec_with_matrix(const char *matrix)
{
  const char *folder = shim_folder();
  const char *text = shim_file_read(SPEC, NULL);
  const char *at = text ? strstr(text, "  parallelism:") : NULL;
  const char *rest = text ? strstr(text, "reliability:") : NULL;
  if (!at || !rest) return "";
  const char *spec = shim_format("%.*s  matrix: demand.csv\n\n%s", (int)(at - text), text, rest);
  const char *path = shim_format("%s/spec.yaml", folder);
  const char *matrix_path = shim_format("%s/demand.csv", folder);
  (void)shim_file_write(path, spec, strlen(spec));
  if (matrix) (void)shim_file_write(matrix_path, matrix, strlen(matrix));
  return path;
}

LS_TEST(StructureWorkload, a_matrix_says_who_talks_to_whom)
{
  /* Two halves that talk to themselves alone, evenly: 31 of 32 leaves are others. */
  const shim_result halves = evaluate(spec_with_matrix("1,0\n0,1\n"), "1:1", "--json");
  ASSERT_EQ_I64(halves.exit_code, 0);
  EXPECT_NEAR(json_number(halves.out, "cut_share"), 31. / 32, 1e-6);
  EXPECT_NEAR(json_number(halves.out, "theta_low"), 1, 0);
  /* All between the halves, at 3:1. */
  const shim_result across = evaluate(spec_with_matrix("0,1\n1,0\n"), "3:1", "--json");
  EXPECT_NEAR(json_number(across.out, "theta_low"), 1. / 3, 0.01);
}

/* The folder of a run holds all that the run needs: it runs again from there. */
LS_TEST(StructureWorkload, a_run_keeps_its_matrix)
{
  const char *spec = spec_with_matrix("0,1.5\n1,0\n");
  const char *folder = shim_format("%s/answer", shim_folder());
  const char *const argv[] = {LS_TEST_PROGRAM, "optimize", spec, "-o", folder, NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  ASSERT_EQ_I64(result.exit_code, 0);
  EXPECT_STREQ(shim_file_read(shim_format("%s/demand.csv", folder), NULL), "0,1.5\n1,0\n");
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/manifest.json", folder), NULL), "\"demand.csv\"");
  const shim_result again = evaluate(shim_format("%s/spec.yaml", folder), "1:1", "--json");
  EXPECT_EQ_I64(again.exit_code, 0);
  EXPECT_NEAR(json_number(again.out, "cut_share"), 1, 0);
}

LS_TEST(StructureWorkload, a_broken_matrix_is_refused)
{
  const shim_result uneven = evaluate(spec_with_matrix("1,0\n0,no\n"), "1:1", "--json");
  EXPECT_EQ_I64(uneven.exit_code, 2);
  EXPECT_CONTAINS(uneven.err, "demand.csv:2: column 2 must be a decimal number");
  const shim_result missing = evaluate(spec_with_matrix(NULL), "1:1", "--json");
  EXPECT_EQ_I64(missing.exit_code, 2);
  EXPECT_CONTAINS(missing.err, "demand.csv");
}

/* ---- structures ---- */

/* The example, whose graphs of blocks are made once each. */
static bool space_create(sweep_space *space)
{
  if (!sweep_space_read(space, "moe-2k") || !sweep_space_build(space)) return false;
  space->spec->graphs = ls_block_graphs_create(1);
  return space->spec->graphs != NULL;
}

static void space_destroy(sweep_space *space)
{
  ls_block_graphs_destroy(space->spec->graphs);
  sweep_space_destroy(space);
}

/* Structures of the example that can be sized have a step, in the order of its range. */
LS_TEST(StructureWorkload, all_structures_of_a_space)
{
  sweep_space space;
  ASSERT_TRUE(space_create(&space));
  int32_t count = 0, families = 0;
  for (uint32_t i = 0; i < space.problem->structure_count; i += 7) {
    const ls_structure *structure = &space.problem->structures[i];
    ls_structure wired; /* what holds of graphs that are found, where level 1 has a bound */
    ls_workload workload;
    if (structure->leg_count[0] == 0) continue;
    ASSERT_STATUS(ls_structure_wire(space.spec, space.problem, structure, &wired), LS_OK);
    ASSERT_STATUS(ls_workload_find(space.spec, structure, 1000000, &workload), LS_OK);
    EXPECT_TRUE(workload.demand.is_known);
    EXPECT_LE_I64(workload.demand.theta.low_ppm, workload.demand.theta.high_ppm);
    /* No demand is worse than the worst permutation. */
    EXPECT_LE_I64(wired.throughput_ppm_low, workload.demand.theta.low_ppm + 1);
    EXPECT_LE_I64(workload.step_low.total_ps, workload.step.total_ps);
    EXPECT_LE_I64(workload.step.total_ps, workload.step_high.total_ps);
    families |= 1 << structure->family;
    count++;
  }
  EXPECT_LT_I64(20, count);
  EXPECT_EQ_I64(families, 1 << LS_CLOS2 | 1 << LS_OCS_SPINE);
  space_destroy(&space);
}

/* A demand of several rails is folded onto each rail where rails are fabrics of their own. */
LS_TEST(StructureWorkload, separate_rails_talk_to_themselves)
{
  const ls_traffic traffic = {
      .all_to_all_bytes = 1000000000,
      .parallelism = {.data = 64, .tensor = 1, .pipeline = 1, .expert = 64}};
  const ls_block_layout layout = {64, 4, 8};
  ls_demand *demand = NULL;
  ASSERT_STATUS(ls_demand_from_traffic(&traffic, 8, &layout, &demand), LS_OK);
  int64_t before = 0, after = 0, crossing = 0;
  for (int32_t i = 0; i < 16 * 16; i++) before += demand->weight[i];
  ls_demand_keep_rails(demand, 8);
  for (int32_t i = 0; i < 16 * 16; i++) {
    after += demand->weight[i];
    if (i / 16 / 2 != i % 16 / 2) crossing += demand->weight[i];
  }
  EXPECT_EQ_I64(before, after);
  EXPECT_EQ_I64(crossing, 0);
  ls_demand_destroy(demand);
}

/* ---- what a GPU-hour costs ---- */

LS_TEST(StructureWorkload, a_job_that_computes_less_pays_more_for_an_hour)
{
  const shim_result full = evaluate(SPEC, "1:1", "--json"), third = evaluate(SPEC, "3:1", "--json");
  EXPECT_TRUE(json_number(third.out, "capex_usd") < json_number(full.out, "capex_usd"));
  EXPECT_TRUE(json_number(full.out, "usd_per_gpu_hour") <
              0.8 * json_number(third.out, "usd_per_gpu_hour"));
  EXPECT_TRUE(json_number(full.out, "lost_gpu_hours_per_year") > 0);
  /* Where nobody says what the job sends, the cheaper network has the cheaper hour. */
  const char *text = shim_file_read(SPEC, NULL);
  ASSERT_TRUE(text != NULL);
  const char *from = strstr(text, "traffic:"), *to = strstr(text, "reliability:");
  ASSERT_TRUE(from != NULL && to != NULL);
  const char *idle = shim_format("%.*s%s", (int)(from - text), text, to);
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  ASSERT_TRUE(shim_file_write(path, idle, strlen(idle)));
  EXPECT_TRUE(json_number(evaluate(path, "1:1", "--json").out, "usd_per_gpu_hour") >
              json_number(evaluate(path, "3:1", "--json").out, "usd_per_gpu_hour"));
}

/* A million GPUs on six million modules: with the modules of the catalog, 1,000 to 2,000 FIT, and a
 * few failures of switches, between 144 and 320 a day, and the first within ten minutes. */
LS_TEST(StructureWorkload, failures_of_a_million_gpus)
{
  const char *const argv[] = {LS_TEST_PROGRAM,
                              "evaluate",
                              LS_TEST_SOURCE_DIR "/topologies/reference/million-gpu.yaml",
                              LS_TEST_SOURCE_DIR "/topologies/reference/million-gpu.design.yaml",
                              "--json",
                              NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  const double per_day = json_number(result.out, "per_day");
  const double interruptions = json_number(result.out, "interruptions_per_day");
  EXPECT_TRUE(per_day > 144 && per_day < 320);
  EXPECT_TRUE(interruptions > 0 && interruptions < per_day);
  EXPECT_NEAR(json_number(result.out, "first_min") * per_day, 24 * 60, 0.1);
}

/* What structures share in the cache is what each would find alone. */
LS_TEST(StructureWorkload, hours_follow_the_demand_of_each_structure)
{
  sweep_space space;
  ASSERT_TRUE(space_create(&space));
  const double hours = 2048. * 8760 * space.spec->economics.years;
  for (uint32_t i = 0; i < space.problem->structure_count; i += 11) {
    const ls_structure *structure = &space.problem->structures[i];
    ls_workload workload;
    if (structure->leg_count[0] == 0) continue;
    ASSERT_STATUS(ls_workload_find(space.spec, structure, 1000000, &workload), LS_OK);
    if (ls_structure_has_graph(structure)) {
      /* Hours are of what no graph can beat, the workload is of the graph that is found. */
      EXPECT_TRUE((double)structure->effective_hours / hours >
                  ls_effective_fraction_ppm(&workload.step) / 1e6 - 1e-3);
      continue;
    }
    /* Paths differ by microseconds, of a step of hundreds of milliseconds. */
    EXPECT_NEAR((double)structure->effective_hours / hours,
                ls_effective_fraction_ppm(&workload.step) / 1e6, 1e-3);
  }
  space_destroy(&space);
}
