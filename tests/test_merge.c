/* Merging against scoring every design, on spaces in each of which a constraint that couples tiers
 * binds: the same front to the byte, and the same counts on any number of threads. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "sweep_space.h"

static const ls_sweep_options exhaustive = {.thread_count = 2, .is_exhaustive = true};
static const ls_sweep_options merging = {.thread_count = 2};

enum { RESOURCE_ALL = LS_RESOURCE_MAX };

/* One space: a shipped spec with one thing changed. */
typedef struct merge_case {
  const char *spec;
  uint32_t objectives;  /* bits of metrics; 0: the spec's */
  int32_t limit;        /* metric with a limit amid the plain front, or -1 */
  int32_t scarce;       /* resource of which there is what the front uses at least, or -1 */
  int32_t cage_percent; /* of all chassis; 0: as they are */
  int64_t vendor_share_ppm;
  bool has_equal_prices; /* all optics of one price and power: many equal scores */
  bool is_loose;         /* nothing binds */
} merge_case;

#define METRIC(name) (1u << LS_METRIC_##name)
#define NONE .limit = -1, .scarce = -1

static const merge_case cases[] = {
    {.spec = "pod-4k", NONE, .is_loose = true},
    {.spec = "cluster-64k", NONE, .is_loose = true},
    {.spec = "pod-512", .limit = LS_METRIC_CAPEX, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_POWER, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_LATENCY, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_RISK, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_TCO, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_LOST, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_GPU_HOUR, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_LOSS, .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_POWER, .objectives = METRIC(CAPEX), .scarce = -1},
    {.spec = "pod-512", .limit = LS_METRIC_GPU_HOUR, .objectives = METRIC(LATENCY), .scarce = -1},
    {.spec = "pod-512", NONE, .cage_percent = 75},
    {.spec = "pod-4k", NONE, .cage_percent = 60},
    {.spec = "pod-512", NONE, .vendor_share_ppm = 500000},
    {.spec = "pod-4k", NONE, .vendor_share_ppm = 400000},
    {.spec = "pod-512", .limit = -1, .scarce = RESOURCE_ALL},
    {.spec = "pod-4k", .limit = -1, .scarce = RESOURCE_ALL, .objectives = METRIC(TCO)},
    {.spec = "scale-up-2k", .limit = -1, .scarce = RESOURCE_ALL},
    {.spec = "scale-up-2k", .limit = LS_METRIC_POWER, .scarce = -1, .cage_percent = 75},
    {.spec = "moe-2k", .limit = LS_METRIC_TCO, .scarce = RESOURCE_ALL, .vendor_share_ppm = 700000},
    {.spec = "moe-2k", NONE, .objectives = METRIC(GPU_HOUR) | METRIC(POWER), .is_loose = true},
    {.spec = "moe-2k",
     NONE,
     .objectives = METRIC(GPU_HOUR) | METRIC(TCO) | METRIC(LOST) | METRIC(RISK) | METRIC(LOSS),
     .cage_percent = 75},
    {.spec = "pod-512", NONE, .has_equal_prices = true, .is_loose = true},
    {.spec = "pod-512",
     NONE,
     .has_equal_prices = true,
     .objectives = METRIC(CAPEX),
     .cage_percent = 75},
    {.spec = "lab-64", .limit = LS_METRIC_CAPEX, .scarce = -1, .has_equal_prices = true}};

enum { CASE_COUNT = sizeof cases / sizeof *cases };

/* ---- Spaces ---- */

static bool case_read(const merge_case *of, sweep_space *space)
{
  if (!sweep_space_read(space, of->spec)) return false;
  ls_catalog *catalog = space->catalog;
  if (of->objectives) space->spec->objective_mask = of->objectives;
  for (int32_t i = 0; of->has_equal_prices && i < catalog->optic_count; i++) {
    catalog->optics[i].capex_cents.value = 100000;
    catalog->optics[i].energy_fj_per_bit.value = 10000;
    catalog->optics[i].failure_fit.value = 500;
  }
  return true;
}

/* Halfway between the least and the most of a metric in the front. */
static int64_t limit_amid(const swept *front, int32_t metric)
{
  int64_t low = INT64_MAX, high = 0;
  for (int32_t i = 0; i < front->count; i++) {
    low = ls_min(low, front->front[i].score.metric[metric]);
    high = ls_max(high, front->front[i].score.metric[metric]);
  }
  return low + (high - low) / 2;
}

static int64_t resource_of(const ls_problem *problem, uint64_t rank, int32_t resource)
{
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row[LS_TIER_MAX];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  ls_rank_rows(problem, structure, link, row);
  int64_t sum = structure->base_resource[resource];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) sum += row[tier].resource[resource];
  return sum;
}

/* Of every shared resource there is half of what the greediest of the front takes. */
static void resources_cut(ls_problem *problem, const swept *front)
{
  for (int32_t r = 0; r < problem->vendor_first; r++) {
    int64_t most = 0;
    for (int32_t i = 0; i < front->count; i++)
      most = ls_max(most, resource_of(problem, front->front[i].rank, r));
    problem->resource_limit[r] = most / 2;
  }
}

static bool case_build(const merge_case *of, const swept *plain, sweep_space *space)
{
  if (!case_read(of, space)) return false;
  for (int32_t i = 0; of->cage_percent && i < space->catalog->switch_count; i++) {
    int64_t *cages = &space->catalog->switches[i].cage_count.value;
    *cages = *cages * of->cage_percent / 100;
  }
  space->spec->vendor_share_ppm_max = of->vendor_share_ppm;
  if (of->limit >= 0) space->spec->limit[of->limit] = limit_amid(plain, of->limit);
  if (!sweep_space_build(space)) return false;
  if (of->scarce >= 0) resources_cut(space->problem, plain);
  return true;
}

/* ---- Comparison ---- */

static void expect_equal_fronts(const swept *a, const swept *b)
{
  EXPECT_STATUS(a->status, LS_OK);
  EXPECT_STATUS(b->status, LS_OK);
  ASSERT_EQ_I64(a->count, b->count);
  EXPECT_BYTES(a->front, b->front, (size_t)a->count * sizeof *a->front);
}

static void expect_merges(const ls_problem *problem, const swept *expected)
{
  const swept found = sweep_with(&ls_backend_cpu, problem, &merging);
  expect_equal_fronts(expected, &found);
  EXPECT_TRUE(found.stats.is_merged && !expected->stats.is_merged);
  EXPECT_EQ_U64(found.stats.evaluated_count + found.stats.bounded_count, problem->space_size);
  EXPECT_TRUE((found.stats.feasible_count > 0) == (expected->stats.feasible_count > 0));
  for (int32_t threads = 1; threads <= 3; threads += 2) {
    const ls_sweep_options options = {.thread_count = threads};
    const swept again = sweep_with(&ls_backend_cpu, problem, &options);
    expect_same_front(&found, &again);
    EXPECT_EQ_U64(found.stats.insert_count, again.stats.insert_count);
  }
}

static void expect_case(const merge_case *of)
{
  sweep_space plain_space, space;
  ASSERT_TRUE(case_read(of, &plain_space) && sweep_space_build(&plain_space));
  const swept plain = sweep_with(&ls_backend_cpu, plain_space.problem, &exhaustive);
  ASSERT_TRUE(case_build(of, &plain, &space));
  const swept expected = sweep_with(&ls_backend_cpu, space.problem, &exhaustive);
  EXPECT_LT_I64(0, expected.count);
  EXPECT_TRUE(of->is_loose == (expected.stats.feasible_count == plain.stats.feasible_count));
  expect_merges(space.problem, &expected);
  sweep_space_destroy(&plain_space);
  sweep_space_destroy(&space);
}

LS_TEST(Merge, equals_scoring_every_design_where_each_constraint_binds)
{
  LS_STATIC_ASSERT(CASE_COUNT >= 20, "as many spaces are asked for");
  for (int32_t i = 0; i < CASE_COUNT && !shim_has_failed(); i++) {
    expect_case(&cases[i]);
    if (shim_has_failed()) LS_TEST_FAIL("the above is case %d", i);
  }
}

/* Where throughput alone is compared, the designs of a structure are equal and the lowest rank
 * stays. Four tiers are scored in strips, in which designs of higher rank may come first: those of
 * a faster access link keep a limit of the latency with many tiers above, others with the fastest
 * alone. */
LS_TEST(Merge, keeps_the_lowest_rank_where_throughput_alone_is_compared)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "bench-2e9"));
  ls_catalog *catalog = space.catalog;
  ls_spec_space *spans = &space.spec->space;
  for (int32_t i = 0; i < catalog->resource_count; i++) catalog->resources[i].is_unlimited = true;
  for (int32_t i = 0; i < catalog->optic_count; i++)
    if (ls_optic_is_copper(catalog->optics[i].kind)) spans->optic_mask &= ~(1u << i);
  for (int32_t i = 0; i < catalog->switch_count; i++)
    if (strcmp(catalog->switches[i].id, "th5-51t") == 0) spans->switch_mask = 1u << i;
  spans->family_mask = LS_CHOOSE_CLOS4;
  spans->plane_count = spans->oversubscription_count = 1;
  space.spec->objective_mask = METRIC(LATENCY);
  ASSERT_TRUE(sweep_space_build(&space));
  const swept fastest = sweep_with(&ls_backend_cpu, space.problem, &merging);
  ASSERT_EQ_I64(fastest.count, 1);
  ls_problem *problem = space.problem;
  problem->objective_mask[LS_METRIC_LATENCY] = 0;
  problem->objective_mask[LS_METRIC_LOSS] = -1;
  for (int64_t permille = 1002; permille <= 1010; permille += 2) {
    problem->limit[LS_METRIC_LATENCY] =
        fastest.front->score.metric[LS_METRIC_LATENCY] * permille / 1000;
    const swept expected = sweep_with(&ls_backend_cpu, problem, &merging);
    const swept found = sweep_with(&ls_backend_cpu, problem, &exhaustive);
    ASSERT_EQ_I64(expected.count, 1);
    expect_equal_fronts(&expected, &found);
  }
  sweep_space_destroy(&space);
}

/* All families, four tiers among them, with limits that nothing meets: no design, and no crash. */
LS_TEST(Merge, finds_nothing_where_there_is_nothing)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "cluster-64k"));
  space.spec->space.family_mask = 0x7ff;
  space.spec->limit[LS_METRIC_POWER] = 1;
  ASSERT_TRUE(sweep_space_build(&space));
  const swept found = sweep_with(&ls_backend_cpu, space.problem, &merging);
  EXPECT_STATUS(found.status, LS_OK);
  EXPECT_EQ_I64(found.count, 0);
  EXPECT_EQ_U64(found.stats.feasible_count, 0);
  sweep_space_destroy(&space);
}

LS_TEST(Merge, stops_when_asked)
{
  sweep_space space;
  const int stop = 1;
  ASSERT_TRUE(sweep_space_read(&space, "lab-64") && sweep_space_build(&space));
  const ls_sweep_options options = {.thread_count = 2, .stop = &stop};
  EXPECT_STATUS(sweep_with(&ls_backend_cpu, space.problem, &options).status, LS_ERR_STOPPED);
  sweep_space_destroy(&space);
}
