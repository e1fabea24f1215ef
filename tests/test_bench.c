/* `lightspine bench`: the fields that others read, and the arithmetic of ceilings. How fast
 * anything is, no test says. */
#include <jansson.h>
#include <string.h>

#include "../host/bench_ceiling.h"
#include "shim/shim.h"

#define SPEC(name) LS_TEST_SOURCE_DIR "/topologies/" name ".yaml"

static shim_result run(const char *a, const char *b, const char *c, const char *d, const char *e)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "bench", a, b, c, d, e, NULL};
  shim_result result = {.exit_code = -1};
  shim_run(argv, NULL, &result);
  return result;
}

static void entry_check(const json_t *entry, const char *name, int threads)
{
  EXPECT_STREQ(json_string_value(json_object_get(entry, "name")), name);
  EXPECT_STREQ(json_string_value(json_object_get(entry, "backend")), "cpu");
  EXPECT_STREQ(json_string_value(json_object_get(entry, "unit")), "designs/s");
  EXPECT_EQ_I64(json_integer_value(json_object_get(entry, "threads")), threads);
  EXPECT_TRUE(json_string_length(json_object_get(entry, "ceiling_is")) > 0);
  EXPECT_TRUE(json_number_value(json_object_get(entry, "rate")) > 0);
  EXPECT_TRUE(json_number_value(json_object_get(entry, "cpu_ns_each")) > 0);
}

LS_TEST(Bench, has_entries_for_each_number_of_threads)
{
  const shim_result result = run("sweep", SPEC("lab-64"), "--threads", "2", "--json");
  ASSERT_EQ_I64(result.exit_code, 0);
  json_t *answer = json_loads(result.out, 0, NULL);
  const json_t *entries = json_object_get(answer, "benchmarks");
  EXPECT_EQ_U64(json_array_size(entries), 4);
  for (int i = 0; i < 4; i++)
    entry_check(json_array_get(entries, (size_t)i), i < 2 ? "sweep_exhaustive" : "sweep_merge",
                1 + i % 2);
  EXPECT_TRUE(json_number_value(json_object_get(json_array_get(entries, 0), "ceiling")) > 0);
  EXPECT_TRUE(json_is_null(json_object_get(json_array_get(entries, 2), "ceiling")));
  /* Five objectives, four of them sums. */
  const json_t *work = json_object_get(json_array_get(entries, 0), "least_work_each");
  EXPECT_NEAR(json_number_value(json_object_get(work, "bytes_loaded")), 40, 0);
  const double comparisons = json_number_value(json_object_get(work, "comparisons"));
  EXPECT_TRUE(comparisons > 1 && comparisons <= 5);
  json_decref(answer);
}

LS_TEST(Bench, words_may_be_left_out)
{
  const shim_result table = run(SPEC("lab-64"), "--threads", "1", NULL, NULL);
  EXPECT_EQ_I64(table.exit_code, 0);
  EXPECT_CONTAINS(table.out, "sweep_exhaustive");
  const shim_result other = run("wire", SPEC("lab-64"), NULL, NULL, NULL);
  EXPECT_EQ_I64(other.exit_code, 2);
  EXPECT_CONTAINS(other.err, "has the benchmarks sweep, place and apsp, got wire");
  EXPECT_EQ_I64(run("sweep", "a", "b", NULL, NULL).exit_code, 2);
  EXPECT_EQ_I64(run("sweep", "--backend", "cuda", NULL, NULL).exit_code, 2);
}

LS_TEST(Bench, has_entries_of_placement)
{
  const shim_result result = run("place", "--threads", "2", "--json", NULL);
  ASSERT_EQ_I64(result.exit_code, 0);
  json_t *answer = json_loads(result.out, 0, NULL);
  const json_t *entries = json_object_get(answer, "benchmarks");
  ASSERT_EQ_U64(json_array_size(entries), 4);
  for (int i = 0; i < 4; i++) {
    const json_t *entry = json_array_get(entries, (size_t)i);
    EXPECT_STREQ(json_string_value(json_object_get(entry, "name")),
                 i < 2 ? "place_proposals" : "place_tabu_moves");
    EXPECT_EQ_I64(json_integer_value(json_object_get(entry, "threads")), 1 + i % 2);
    EXPECT_TRUE(json_number_value(json_object_get(entry, "rate")) > 0);
    EXPECT_TRUE(json_number_value(json_object_get(entry, "ceiling")) > 0);
  }
  /* A product for each of 100 others, and for each of 100 * 99 / 2 pairs. */
  const json_t *proposal = json_object_get(json_array_get(entries, 0), "least_work_each");
  const json_t *move = json_object_get(json_array_get(entries, 2), "least_work_each");
  EXPECT_NEAR(json_number_value(json_object_get(proposal, "products_of_16_bits")), 100, 0);
  EXPECT_NEAR(json_number_value(json_object_get(move, "products_of_32_bits")), 4950, 0);
  json_decref(answer);
}

LS_TEST(Bench, has_entries_of_shortest_paths)
{
  static const char *const names[] = {"apsp_1024_8", "apsp_1024_8_lift16", "apsp_4096_8"};
  const shim_result result = run("apsp", "--threads", "1", "--json", NULL);
  ASSERT_EQ_I64(result.exit_code, 0);
  json_t *answer = json_loads(result.out, 0, NULL);
  const json_t *entries = json_object_get(answer, "benchmarks");
  ASSERT_EQ_U64(json_array_size(entries), 3);
  for (size_t i = 0; i < 3; i++) {
    const json_t *entry = json_array_get(entries, i);
    const json_t *work = json_object_get(entry, "least_work_each");
    EXPECT_STREQ(json_string_value(json_object_get(entry, "name")), names[i]);
    EXPECT_STREQ(json_string_value(json_object_get(entry, "unit")), "evaluations/s");
    EXPECT_TRUE(json_number_value(json_object_get(entry, "rate")) > 0);
    EXPECT_TRUE(json_number_value(json_object_get(entry, "ceiling")) > 0);
    /* Diameter 5 or 6: three or four levels of 8 darts, and a look at each row; by symmetry of
     * distances half of the last two levels. */
    EXPECT_NEAR(json_number_value(json_object_get(work, "bytes_loaded")),
                i == 0   ? 1024 * 1024 / 8.0 * 20.5
                : i == 1 ? 1024 * 64 / 8.0 * 25
                         : 4096 * 4096 / 8.0 * 28.5,
                0);
  }
  json_decref(answer);
  EXPECT_EQ_I64(run("apsp", "a", NULL, NULL, NULL).exit_code, 2);
}

LS_TEST(Bench, says_when_there_is_nothing_to_evaluate)
{
  static const char text[] =
      "year: 2027\n"
      "cluster: {gpus: 65536, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"
      "floor: {rows: 26, racks_per_row: 100, rack_kw: 60}\n"
      "space: {families: [clos1]}\n";
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  shim_file_write(path, text, strlen(text));
  const shim_result result = run(path, "--threads", "1", NULL, NULL);
  EXPECT_EQ_I64(result.exit_code, 1);
  EXPECT_CONTAINS(result.err, "holds no design to evaluate");
}

LS_TEST(Bench, the_scarcest_resource_sets_the_ceiling)
{
  const ls_bench_rates machine = {.rate = {[LS_CEILING_COMPARE] = 50, [LS_CEILING_LOAD] = 800}};
  const char *bound_by = NULL;
  ls_bench_work work = {.amount = {[LS_CEILING_COMPARE] = 2, [LS_CEILING_LOAD] = 80}};
  EXPECT_NEAR(ls_bench_ceiling(&work, &machine, &bound_by), 10, 1e-9);
  EXPECT_STREQ(bound_by, "loads from L1");
  work.amount[LS_CEILING_COMPARE] = 10;
  EXPECT_NEAR(ls_bench_ceiling(&work, &machine, &bound_by), 5, 1e-9);
  EXPECT_STREQ(bound_by, "comparisons of 64-bit lanes");
}
