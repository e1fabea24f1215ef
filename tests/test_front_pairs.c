/* The front against its definition alone: every rank scored by ls_rank_score, every pair of what is
 * feasible compared by plain code that knows nothing of blocks, killers or bounds. The objectives
 * are the newer ones, with resources, vendors' shares and limits that bind; merged and exhaustive,
 * on one thread and two, every instruction set and the emulated device. */
#include <stdlib.h>

#include "../host/sweep.h"
#include "../kernels/evaluate.h"
#include "question.h"

extern const ls_backend ls_backend_cuda_emu;

typedef struct pairs_case {
  const char *spec;
  uint32_t families;
  int32_t plane_count;
  const char *optics[8]; /* none: as in the spec */
  uint32_t objectives;   /* bits of metrics */
  uint32_t limits;       /* of these the quarter that is worst is barred */
  int64_t vendor_share_ppm;
  int64_t units_per_year; /* of every resource, for this buyer alone; 0: as in the catalog */
  uint32_t binding;       /* violations that alone bar some design */
} pairs_case;

#define METRIC(name) (1u << LS_METRIC_##name)

static const pairs_case cases[] = {
    {.spec = "lab-64",
     .families = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2 | LS_CHOOSE_DIRECT,
     .plane_count = 2,
     .objectives = METRIC(TCO) | METRIC(LOST) | METRIC(GPU_HOUR) | METRIC(LATENCY),
     .vendor_share_ppm = 600000,
     .binding = LS_VIOLATES_VENDOR},
    {.spec = "lab-64",
     .families = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2_RAIL | LS_CHOOSE_OCS_SPINE,
     .plane_count = 1,
     .objectives = METRIC(GPU_HOUR) | METRIC(CAPEX) | METRIC(LATENCY) | METRIC(LOST),
     .units_per_year = 1100,
     .binding = LS_VIOLATES_SUPPLY},
    /* Fibers make no difference to these, so that many designs are equals. */
    {.spec = "lab-64",
     .families = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2,
     .plane_count = 1,
     .optics = {"dsp-800g-dr8", "lpo-800g-dr8", "cpo-bailly"},
     .objectives = METRIC(LOSS) | METRIC(LOST),
     .limits = METRIC(TCO),
     .binding = LS_VIOLATES_TCO},
    {.spec = "pod-512",
     .families = LS_CHOOSE_CLOS2 | LS_CHOOSE_DIRECT,
     .plane_count = 2,
     .optics = {"dac-800g", "dsp-800g-dr8", "lpo-800g-dr8", "dsp-1.6t-dr8", "cpo-bailly"},
     .objectives = METRIC(TCO) | METRIC(LATENCY) | METRIC(LOSS) | METRIC(LOST),
     .limits = METRIC(TCO) | METRIC(LOST) | METRIC(GPU_HOUR),
     .binding = LS_VIOLATES_LOST},
    {.spec = "scale-up-2k",
     .families = LS_CHOOSE_CLOS2 | LS_CHOOSE_RAIL_ONLY,
     .plane_count = 2,
     .optics = {"dsp-800g-dr8", "lpo-800g-dr8", "cpo-bailly"},
     .objectives = METRIC(TCO) | METRIC(LOST) | METRIC(GPU_HOUR) | METRIC(POWER) | METRIC(RISK),
     .limits = METRIC(GPU_HOUR),
     .binding = LS_VIOLATES_GPU_HOUR},
    {.spec = "pod-512",
     .families = LS_CHOOSE_CLOS2 | LS_CHOOSE_OCS_SPINE,
     .plane_count = 2,
     .optics = {"dac-800g", "dsp-800g-dr8", "lpo-800g-dr8", "bidi-800g", "cpo-bailly", "npo-3.2t"},
     .objectives = METRIC(TCO) | METRIC(LOST) | METRIC(GPU_HOUR) | METRIC(LOSS) | METRIC(RISK),
     .limits = METRIC(LOST),
     .vendor_share_ppm = 700000,
     .units_per_year = 8000,
     .binding = LS_VIOLATES_SUPPLY | LS_VIOLATES_VENDOR | LS_VIOLATES_LOST},
    {.spec = "pod-512",
     .families = LS_CHOOSE_CLOS2 | LS_CHOOSE_CLOS2_RAIL | LS_CHOOSE_DIRECT | LS_CHOOSE_OCS_SPINE,
     .plane_count = 2,
     .optics = {"dac-800g", "dsp-800g-dr8", "lpo-800g-dr8", "dsp-1.6t-dr8", "bidi-800g",
                "cpo-bailly", "aec-800g"},
     .objectives = METRIC(TCO) | METRIC(LATENCY) | METRIC(RISK) | METRIC(LOST) | METRIC(LOSS),
     .limits = METRIC(RISK) | METRIC(LATENCY),
     .binding = LS_VIOLATES_RISK | LS_VIOLATES_LATENCY}};

/* ---- The space ---- */

static bool case_read(const pairs_case *of, question *asked)
{
  if (!question_read(asked, of->spec)) return false;
  ls_spec *spec = asked->session.spec;
  ls_catalog *catalog = asked->session.catalog;
  uint32_t optics = 0;
  for (int32_t i = 0; i < 8 && of->optics[i]; i++) {
    const int32_t index = ls_catalog_optic_find(catalog, of->optics[i]);
    if (index < 0) return shim_fail(SHIM_AT, "no optics %s", of->optics[i]);
    optics |= (uint32_t)1 << index;
  }
  if (optics) spec->space.optic_mask &= optics;
  spec->space.family_mask = of->families;
  spec->space.plane_count = of->plane_count;
  spec->objective_mask = of->objectives;
  return true;
}

/* All that makes the space of a case narrower, but the limits. */
static void case_bind(const pairs_case *of, question *asked)
{
  ls_catalog *catalog = asked->session.catalog;
  asked->session.spec->vendor_share_ppm_max = of->vendor_share_ppm;
  for (int32_t i = 0; of->units_per_year && i < catalog->resource_count; i++) {
    catalog->resources[i].units_per_year.value = of->units_per_year;
    catalog->resources[i].buyer_share_ppm.value = 1000000;
    catalog->resources[i].is_unlimited = false;
  }
}

/* ---- The definition ---- */

typedef struct scored {
  int32_t count;
  ls_front_member *list; /* [count] feasible, by rank */
  uint32_t lone_mask;    /* violations that alone bar some design */
} scored;

static scored score_all(const ls_problem *problem)
{
  scored made = {0};
  made.list = shim_alloc((problem->space_size + 1) * sizeof *made.list);
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    ls_front_member member = {.rank = rank};
    if (problem->structures[ls_rank_structure(problem, rank)].violation_mask) continue;
    const uint32_t mask = ls_rank_score(problem, rank, &member.score);
    if (mask && !(mask & (mask - 1))) made.lone_mask |= mask;
    if (!mask) made.list[made.count++] = member;
  }
  return made;
}

/* No worse in every objective, and better in one; of equals the first. */
static bool beats(const ls_front_member *a, const ls_front_member *b, uint32_t objectives)
{
  bool is_better = false;
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) {
    if (!(objectives >> i & 1)) continue;
    if (a->score.metric[i] > b->score.metric[i]) return false;
    if (a->score.metric[i] < b->score.metric[i]) is_better = true;
  }
  return is_better || a->rank < b->rank;
}

/* Keeps of all what no other beats. */
static int32_t filter_pairs(const scored *all, uint32_t objectives, ls_front_member *kept)
{
  int32_t count = 0;
  for (int32_t i = 0; i < all->count; i++) {
    bool is_beaten = false;
    for (int32_t j = 0; j < all->count && !is_beaten; j++)
      is_beaten = j != i && beats(&all->list[j], &all->list[i], objectives);
    if (!is_beaten) kept[count++] = all->list[i];
  }
  return count;
}

static int compare_numbers(const void *a, const void *b)
{
  const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
  return (left > right) - (left < right);
}

/* Limits at what three quarters of the designs stay below. */
static void set_limits(const scored *all, uint32_t limits, ls_spec *spec)
{
  int64_t *values = shim_alloc(((size_t)all->count + 1) * sizeof *values);
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    if (!(limits >> metric & 1)) continue;
    for (int32_t i = 0; i < all->count; i++) values[i] = all->list[i].score.metric[metric];
    qsort(values, (size_t)all->count, sizeof *values, compare_numbers);
    spec->limit[metric] = values[all->count * 3 / 4];
  }
}

/* ---- The comparison ---- */

static void expect_front(const question *asked, const ls_front_member *expected, int32_t count,
                         int32_t feasible_count)
{
  ls_sweep_result found = {0};
  ASSERT_STATUS(ls_sweep_run(&asked->session, asked->session.problem, &found, NULL), LS_OK);
  if (!found.stats.is_merged) EXPECT_EQ_U64(found.stats.feasible_count, (uint64_t)feasible_count);
  EXPECT_EQ_I64(found.front_count, count);
  if (found.front_count == count)
    EXPECT_BYTES(found.front, expected, (size_t)count * sizeof *expected);
  ls_sweep_destroy(&found);
}

static void expect_every_way(question *asked, const ls_front_member *expected, int32_t count,
                             int32_t feasible_count)
{
  static const char *const sets[] = {"scalar", "avx2", "avx512"};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    setenv("LS_ISA", sets[i], 1);
    for (int32_t way = 0; way < 4; way++) {
      asked->session.thread_count = 1 + way / 2;
      asked->session.is_exhaustive = way % 2;
      expect_front(asked, expected, count, feasible_count);
    }
  }
  unsetenv("LS_ISA");
  asked->session.backend = &ls_backend_cuda_emu;
  expect_front(asked, expected, count, feasible_count);
  asked->session.backend = &ls_backend_cpu;
}

static void expect_case(const pairs_case *of)
{
  question asked;
  ASSERT_TRUE(case_read(of, &asked) && question_build(&asked));
  const scored loose = score_all(asked.session.problem);
  ls_problem_destroy(asked.session.problem);
  asked.session.problem = NULL;
  set_limits(&loose, of->limits, asked.session.spec);
  case_bind(of, &asked);
  ASSERT_STATUS(
      ls_problem_create(asked.session.catalog, asked.session.spec, &asked.session.problem, NULL),
      LS_OK);
  const scored all = score_all(asked.session.problem);
  ls_front_member *front = shim_alloc(((size_t)all.count + 1) * sizeof *front);
  const int32_t count = filter_pairs(&all, of->objectives, front);
  EXPECT_LT_I64(all.count, loose.count);
  EXPECT_EQ_I64(all.lone_mask & of->binding, of->binding);
  EXPECT_LT_I64(0, count);
  expect_every_way(&asked, front, count, all.count);
  question_destroy(&asked);
}

LS_TEST(FrontPairs, are_what_no_other_design_beats)
{
  for (size_t i = 0; i < sizeof cases / sizeof *cases && !shim_has_failed(); i++) {
    expect_case(&cases[i]);
    if (shim_has_failed()) LS_TEST_FAIL("the above is case %d", (int)i);
  }
}
