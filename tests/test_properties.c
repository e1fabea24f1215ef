/* What must hold whatever the figures are: more GPUs cost no less, a later year takes nothing away
 * before its end of sale, fewer constraints never stand in the way, less loss never breaks a link.
 */
#include <string.h>

#include "../host/catalog_year.h"
#include "../host/draw.h"
#include "../host/variant.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "question.h"
#include "sweep_space.h"

/* ---- More GPUs ---- */

/* The least capex of a family at this size, on a floor that is large enough. */
static int64_t least_capex(const question *asked, uint32_t family_choice, int32_t gpus)
{
  ls_session variant;
  int64_t least = INT64_MAX;
  if (ls_variant_create(&asked->session, &variant, NULL) != LS_OK) return -1;
  ls_spec *spec = variant.spec;
  spec->cluster.gpu_count = gpus;
  spec->space.family_mask = family_choice;
  spec->objective_mask = 1u << LS_METRIC_CAPEX;
  if (ls_variant_build(&variant, NULL) == LS_OK) {
    const ls_sweep_options options = {.thread_count = 2};
    const swept found = sweep_with(&ls_backend_cpu, variant.problem, &options);
    if (found.count) least = found.front[0].score.metric[LS_METRIC_CAPEX];
  }
  ls_variant_destroy(&variant);
  return least;
}

/* Families that rise over all sizes of the shipped catalog, with racks of GPUs that have room for a
 * leaf or none. */
static void expect_families_rise(int64_t server_power_mw, const int32_t *sizes, size_t size_count)
{
  static const uint32_t families[] = {LS_CHOOSE_CLOS1, LS_CHOOSE_CLOS2, LS_CHOOSE_CLOS2_RAIL,
                                      LS_CHOOSE_CLOS3, LS_CHOOSE_CLOS3_RAIL};
  question asked;
  ASSERT_TRUE(question_read(&asked, "pod-4k"));
  asked.session.spec->space.plane_count = 1;
  asked.session.spec->floor.row_count = 8;
  asked.session.spec->floor.racks_per_row = 40;
  asked.session.spec->cluster.server_power_mw = server_power_mw;
  ASSERT_TRUE(question_build(&asked));
  for (size_t family = 0; family < sizeof families / sizeof *families; family++) {
    int64_t before = 0;
    int32_t feasible_count = 0;
    for (size_t i = 0; i < size_count; i++) {
      const int64_t capex = least_capex(&asked, families[family], sizes[i]);
      if (capex == INT64_MAX && families[family] == LS_CHOOSE_CLOS1) break; /* beyond one switch */
      EXPECT_LE_I64(before, capex);
      if (before > capex) LS_TEST_FAIL("%d GPUs, family choice %u", sizes[i], families[family]);
      before = capex;
      feasible_count += capex < INT64_MAX;
    }
    EXPECT_LT_I64(families[family] == LS_CHOOSE_CLOS1 ? 0 : 5, feasible_count);
  }
  question_destroy(&asked);
}

LS_TEST(Properties, more_gpus_never_cost_less)
{
  static const int32_t sizes[] = {64, 128, 200, 256, 384, 512, 1000, 1024, 1536, 2048, 3000, 4096};
  expect_families_rise(14000000, sizes, sizeof sizes / sizeof *sizes);
}

/* A last rack with few servers has room for the leaves that reach it, and for no others: where all
 * were taken to stand in it, 72 GPUs cost less than 64. */
LS_TEST(Properties, a_rack_begun_makes_no_cluster_cheaper)
{
  static const int32_t sizes[] = {56,  64,  72,   96,   104,  120,  128,  136,
                                  256, 264, 1024, 1032, 2040, 2048, 2056, 2080};
  expect_families_rise(15000000, sizes, sizeof sizes / sizeof *sizes);
}

/* A space of switches of 8 ports, so that four tiers begin at 65 GPUs; one plane and, unless it is
 * negative, one oversubscription of those of fabric.h. */
static void small_switches_read(int32_t ratio, sweep_space *space)
{
  *space = (sweep_space){shim_alloc(sizeof *space->catalog), shim_alloc(sizeof *space->spec), NULL};
  fabric_catalog(space->catalog);
  fabric_spec(space->catalog, 8, space->spec);
  space->catalog->switches[FABRIC_SMALL].port_count_max = fabric_number(8);
  ls_spec_space *of = &space->spec->space;
  of->switch_mask = 1u << FABRIC_SMALL;
  of->plane_count = 1;
  space->spec->floor.row_count = 40;
  space->spec->floor.racks_per_row = 100;
  space->spec->objective_mask = 1u << LS_METRIC_CAPEX;
  if (ratio < 0) return;
  of->oversubscription_count = 1;
  of->oversubscription_num[0] = of->oversubscription_num[ratio];
  of->oversubscription_den[0] = of->oversubscription_den[ratio];
}

/* The least capex of these families at one size, INT64_MAX where there is no design. */
static int64_t least_capex_small(sweep_space *space, uint32_t families, int32_t gpus)
{
  const ls_sweep_options options = {.thread_count = 2};
  int64_t least = INT64_MAX;
  space->spec->cluster.gpu_count = gpus;
  space->spec->space.family_mask = families;
  if (ls_problem_create(space->catalog, space->spec, &space->problem, NULL) != LS_OK) return least;
  const swept found = sweep_with(&ls_backend_cpu, space->problem, &options);
  if (found.count) least = found.front[0].score.metric[LS_METRIC_CAPEX];
  ls_problem_destroy(space->problem);
  return least;
}

/* From the first size that has a design on, no size is cheaper than one before; returns how many
 * have one. Rails need whole servers of 8. */
static int32_t expect_rising(uint32_t families, int32_t ratio, int32_t step, int32_t most)
{
  sweep_space space;
  int64_t before = 0;
  int32_t count = 0;
  small_switches_read(ratio, &space);
  for (int32_t gpus = step; gpus <= most && !shim_has_failed(); gpus += step) {
    const int64_t capex = least_capex_small(&space, families, gpus);
    if (capex == INT64_MAX && !count) continue;
    EXPECT_LE_I64(before, capex);
    if (before > capex) LS_TEST_FAIL("%d GPUs, families %u, ratio %d", gpus, families, ratio);
    before = capex;
    count += capex < INT64_MAX;
  }
  return count;
}

LS_TEST(Properties, no_size_is_cheaper_than_a_smaller_one)
{
  enum { RAILS = LS_CHOOSE_CLOS2_RAIL | LS_CHOOSE_CLOS3_RAIL | LS_CHOOSE_CLOS4_RAIL };
  enum { PLAIN = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2 | LS_CHOOSE_CLOS3 | LS_CHOOSE_CLOS4 };
  static const struct {
    uint32_t families;
    int32_t step, count_min;
  } cases[] = {{LS_CHOOSE_CLOS1, 1, 7},
               {LS_CHOOSE_CLOS2, 1, 30},
               {LS_CHOOSE_CLOS3, 1, 100},
               {LS_CHOOSE_CLOS2_RAIL, 8, 5},
               {LS_CHOOSE_CLOS3_RAIL, 8, 20},
               {LS_CHOOSE_RAIL_ONLY, 8, 30},
               {PLAIN, 1, 250},
               {RAILS, 8, 30},
               {PLAIN | RAILS, 8, 30}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases && !shim_has_failed(); i++)
    EXPECT_LE_I64(cases[i].count_min, expect_rising(cases[i].families, -1, cases[i].step, 264));
}

/* One super-pod is a clos3, so that four tiers begin where a ratio first needs two: by itself each
 * ratio rises from there, while the least of several falls where the next one begins. */
LS_TEST(Properties, four_tiers_rise_for_each_oversubscription_from_two_super_pods)
{
  static const int32_t begins[] = {65, 65, 97}; /* with 4, 4 and 6 GPUs a leaf, of 16 leaves */
  sweep_space space;
  for (int32_t ratio = 0; ratio < 3; ratio++) {
    small_switches_read(ratio, &space);
    EXPECT_EQ_I64(least_capex_small(&space, LS_CHOOSE_CLOS4, begins[ratio] - 1), INT64_MAX);
    EXPECT_EQ_I64(expect_rising(LS_CHOOSE_CLOS4, ratio, 1, 264), 264 - begins[ratio] + 1);
    EXPECT_EQ_I64(expect_rising(LS_CHOOSE_CLOS4_RAIL, ratio, 8, 264),
                  264 / 8 - (begins[ratio] - 1) / 8);
  }
  small_switches_read(-1, &space);
  EXPECT_LT_I64(least_capex_small(&space, LS_CHOOSE_CLOS4, 97),
                least_capex_small(&space, LS_CHOOSE_CLOS4, 96));
}

/* ---- Later years ---- */

static void open_ended(ls_catalog *catalog)
{
  for (int32_t i = 0; i < catalog->switch_count; i++) catalog->switches[i].year_end.value = 0;
  for (int32_t i = 0; i < catalog->optic_count; i++) catalog->optics[i].year_end.value = 0;
  for (int32_t i = 0; i < catalog->ocs_count; i++) catalog->ocs[i].year_end.value = 0;
}

LS_TEST(Properties, a_later_year_removes_no_technology_before_its_end_of_sale)
{
  question asked;
  ASSERT_TRUE(question_read(&asked, "pod-512"));
  ls_catalog *catalog = asked.session.catalog_all_years;
  int32_t opened = 0;
  for (int32_t pass = 0; pass < 2; pass++) {
    ls_problem *before = NULL;
    for (int32_t year = 2024; year <= 2034; year++) {
      ls_catalog *at = shim_alloc(sizeof *at);
      ls_problem *problem;
      asked.session.spec->year = year;
      ASSERT_STATUS(ls_catalog_at(catalog, year, LS_SUPPLY_BASE, at), LS_OK);
      ASSERT_STATUS(ls_problem_create(at, asked.session.spec, &problem, NULL), LS_OK);
      for (int32_t i = 0; before && i < problem->switch_count; i++) {
        const int32_t end = (int32_t)at->switches[i].year_end.value;
        const int32_t lost = before->switches[i].tier_mask & ~problem->switches[i].tier_mask;
        EXPECT_TRUE(!lost || (end && year >= end));
        opened += (problem->switches[i].tier_mask & ~before->switches[i].tier_mask) != 0;
      }
      for (int32_t i = 0; before && i < problem->optic_count; i++) {
        const int32_t end = (int32_t)at->optics[i].year_end.value;
        const int32_t lost = before->optics[i].place_mask & ~problem->optics[i].place_mask;
        EXPECT_TRUE(!lost || (end && year >= end));
      }
      ls_problem_destroy(before);
      before = problem;
    }
    ls_problem_destroy(before);
    open_ended(catalog); /* once more with nothing ever sold out: nothing may be lost at all */
  }
  EXPECT_LT_I64(0, opened);
  question_destroy(&asked);
}

/* ---- Fewer constraints ---- */

static uint64_t feasible_count(const ls_session *session)
{
  const ls_sweep_options options = {.thread_count = 2, .is_counting_violations = true};
  return sweep_with(&ls_backend_cpu, session->problem, &options).stats.feasible_count;
}

/* The feasible designs are among those that are feasible without one of the constraints. */
static void expect_no_fewer(const ls_session *tight, const ls_session *loose)
{
  int64_t kept = 0;
  ASSERT_EQ_U64(tight->problem->space_size, loose->problem->space_size);
  for (uint64_t rank = 0; rank < tight->problem->space_size; rank += 7) {
    ls_score score;
    const uint32_t index = ls_rank_structure(tight->problem, rank);
    if (tight->problem->structures[index].violation_mask ||
        ls_rank_score(tight->problem, rank, &score))
      continue;
    kept++;
    EXPECT_EQ_U64(loose->problem->structures[index].violation_mask, 0);
    EXPECT_EQ_U64(ls_rank_score(loose->problem, rank, &score), 0);
  }
  EXPECT_LT_I64(0, kept);
  EXPECT_LE_U64(feasible_count(tight), feasible_count(loose));
}

LS_TEST(Properties, removing_a_limit_never_loses_a_design)
{
  static const struct {
    int32_t metric;
    int64_t limit;
  } limits[] = {{LS_METRIC_CAPEX, 40000000},   {LS_METRIC_POWER, 12000000},
                {LS_METRIC_LOSS, 400000},      {LS_METRIC_LATENCY, 3000000},
                {LS_METRIC_RISK, 20000000000}, {LS_METRIC_TCO, 60000000},
                {LS_METRIC_LOST, 4000000}};
  question asked;
  ASSERT_TRUE(question_read(&asked, "lab-64"));
  asked.session.spec->space.family_mask = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2;
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
    asked.session.spec->limit[limits[i].metric] = limits[i].limit;
  ASSERT_TRUE(question_build(&asked));
  for (size_t i = 0; i < sizeof limits / sizeof *limits && !shim_has_failed(); i++) {
    ls_session loose;
    ASSERT_STATUS(ls_variant_create(&asked.session, &loose, NULL), LS_OK);
    loose.spec->limit[limits[i].metric] = INT64_MAX;
    ASSERT_STATUS(ls_variant_build(&loose, NULL), LS_OK);
    expect_no_fewer(&asked.session, &loose);
    ls_variant_destroy(&loose);
  }
  question_destroy(&asked);
}

LS_TEST(Properties, more_families_never_lose_feasibility)
{
  question asked;
  uint64_t before = 0;
  ASSERT_TRUE(question_read(&asked, "lab-64"));
  const uint32_t all = asked.session.spec->space.family_mask;
  asked.session.spec->space.family_mask = 0;
  for (uint32_t bit = 1; bit && bit <= all; bit <<= 1) {
    if (!(all & bit)) continue;
    ls_session variant;
    asked.session.spec->space.family_mask |= bit;
    ASSERT_STATUS(ls_variant_create(&asked.session, &variant, NULL), LS_OK);
    if (ls_variant_build(&variant, NULL) == LS_OK) {
      const uint64_t count = feasible_count(&variant);
      EXPECT_LE_U64(before, count);
      before = count;
    }
    ls_variant_destroy(&variant);
  }
  EXPECT_LT_I64(0, (int64_t)before);
  question_destroy(&asked);
}

/* ---- Less loss ---- */

/* Random budgets: whatever closes with some loss closes with less of it, and the margin grows by
 * as much. Only a receiver that gets too much light may say otherwise. */
LS_TEST(Properties, less_loss_never_breaks_a_link_short_of_overload)
{
  ls_problem *problem = shim_alloc(sizeof *problem);
  const ls_draw_key key = {1, 1};
  uint64_t draw = 0;
  int32_t closed = 0, overloaded = 0;
  problem->optic_count = 2;
  problem->fiber_count = 1;
  for (int32_t round = 0; round < 20000; round++) {
    uint32_t word[10];
    for (int32_t i = 0; i < 10; i++) word[i] = ls_draw_uniform(9, draw++, &key) >> 8;
    for (int32_t i = 0; i < 2; i++)
      problem->optics[i] = (ls_optic_row){.tx_mdbm = (int32_t)(word[0] % 6000) - 4000,
                                          .tx_max_mdbm = (int32_t)(word[1] % 4000),
                                          .threshold_mdbm = (int32_t)(word[2] % 5000) - 8000,
                                          .overload_mdbm = (int32_t)(word[3] % 5000) - 1000,
                                          .penalty_mdb = (int32_t)(word[4] % 500),
                                          .internal_loss_mdb = (int32_t)(word[5] % 2000) * i};
    problem->fibers[0].loss_mdb_per_km = (int32_t)(word[6] % 1000);
    problem->mating_loss_mdb = (int32_t)(word[7] % 700);
    problem->circulator_loss_mdb = (int32_t)(word[8] % 1500);
    const ls_link_row link = {0, 1, 0, (uint8_t)(word[9] % 2 * 2)};
    const int64_t length_mm = word[9] % 2000000;
    const ls_link_check more = ls_link_check_budget(problem, &link, length_mm, 4, 2000);
    const ls_link_check less = ls_link_check_budget(problem, &link, length_mm / 2, 2, 1000);
    EXPECT_LE_I64(less.loss_mdb, more.loss_mdb);
    EXPECT_EQ_I64(less.margin_mdb - more.margin_mdb, more.loss_mdb - less.loss_mdb);
    if (more.margin_mdb >= 0) EXPECT_LE_I64(0, less.margin_mdb);
    closed += more.margin_mdb >= 0;
    /* Overload is the one way in which more light is worse: it never comes with more loss. */
    const bool is_blinded = ls_link_is_overloaded(problem, &link, less.loss_mdb);
    if (!is_blinded) EXPECT_FALSE(ls_link_is_overloaded(problem, &link, more.loss_mdb));
    overloaded += is_blinded;
  }
  EXPECT_LT_I64(1000, closed);
  EXPECT_LT_I64(1000, overloaded);
}
