/* What a network costs over the years: by hand for one kind of unit and for one switch, and that
 * objectives, limits and picks know it. */
#include <stdlib.h>
#include <string.h>

#include "../host/evaluation.h"
#include "../host/pick.h"
#include "../host/problem_money.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "sweep_space.h"

/* 32 GPUs on one box of 64 ports with modules; five years at PUE 1.2 and 0.1 USD/kWh. */
typedef struct one_switch {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} one_switch;

static void one_switch_read(one_switch *self)
{
  *self = (one_switch){shim_alloc(sizeof(ls_catalog)), shim_alloc(sizeof(ls_spec)), NULL};
  fabric_catalog(self->catalog);
  fabric_spec(self->catalog, 32, self->spec);
  ls_spec *spec = self->spec;
  spec->economics = (ls_spec_economics){.years = 5,
                                        .pue_ppm = 1200000,
                                        .energy_microusd_per_kwh = 100000,
                                        .repair_cents = 20000,
                                        .gpu_hour_cents = 250,
                                        .gpu_cents = 4000000,
                                        .gpu_power_mw = 1750000};
  spec->reliability = (ls_reliability){.spares_lead_days = 30, .spares_confidence_ppm = 990000};
  spec->space.family_mask = LS_CHOOSE_CLOS1;
  spec->space.switch_mask = 1u << FABRIC_BOX;
  spec->space.optic_mask = 1u << FABRIC_DR;
  spec->space.plane_count = spec->space.oversubscription_count = 1;
}

static bool one_switch_build(one_switch *self)
{
  ls_error error = {.line = 0};
  return ls_problem_create(self->catalog, self->spec, &self->problem, &error) == LS_OK ||
         shim_fail(__FILE__, __LINE__, "%s", error.message);
}

static int64_t line_value(const ls_evaluation *evaluation, const char *total, const char *item)
{
  for (int32_t i = 0; i < evaluation->line_count; i++)
    if (strcmp(evaluation->lines[i].total, total) == 0 &&
        strcmp(evaluation->lines[i].item, item) == 0)
      return evaluation->lines[i].value;
  return -1;
}

/* One switch at 1,200 W, 4,000,001 cents, 3,001 FIT; 32 modules at each end of 13.6008 W, 110,001
 * cents, 997 FIT. A kW costs 5 x 8760 h x 1.2 x 10 cents = 525,600 cents over the years. */
LS_TEST(Money, one_switch_by_hand)
{
  one_switch one;
  one_switch_read(&one);
  ASSERT_TRUE(one_switch_build(&one));
  ls_evaluation *evaluation = shim_alloc(sizeof *evaluation);
  ls_evaluation_init(one.problem, one.catalog, 0, evaluation);
  EXPECT_EQ_I64(one.problem->energy_ucents_per_mw, 525600);
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "box-51t leaf energy"), 630720);
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "dr8 nic energy"),
                32 * 13600 * 525600LL / 1000000);
  /* 3001e-9 x 43,800 h x 200 USD = 26.28876 USD; modules 32 x 8.7337 USD = 279.4798 USD. */
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "box-51t leaf repairs"), 2628);
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "dr8 leaf-down repairs"), 27947);
  /* In 720 h 0.0022 boxes fail, so none is kept (P(0) = 0.998); of 32 modules 0.0230 do:
   * P(0) = 0.977 is too little, P(X <= 1) = 0.9997 enough. */
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "box-51t leaf spares"), -1);
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "dr8 nic spares"), 110001);
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "capex all"),
                evaluation->score.metric[LS_METRIC_CAPEX]);
  ls_problem_destroy(one.problem);
}

/* USD per effective GPU-hour: 32 GPUs x (40,000 USD + 1.75 kW x 5,256 USD) and the network, over
 * 32 x 43,800 h less what failures take, which the TCO counts in money and is left out of it. */
LS_TEST(Money, gpu_hours_carry_the_cluster)
{
  one_switch one;
  one_switch_read(&one);
  one.spec->reliability.spares_lead_days = 0;
  ASSERT_TRUE(one_switch_build(&one));
  ls_evaluation *evaluation = shim_alloc(sizeof *evaluation);
  ls_evaluation_init(one.problem, one.catalog, 0, evaluation);
  EXPECT_EQ_I64(one.problem->structures[0].effective_hours, 1401600);
  EXPECT_EQ_I64(one.problem->cluster_cents, 32 * (4000000 + 919800));
  const double lost_cents =
      (double)line_value(evaluation, "tco_usd", "box-51t leaf lost-gpu-hours") +
      (double)line_value(evaluation, "tco_usd", "dr8 nic lost-gpu-hours") +
      (double)line_value(evaluation, "tco_usd", "dr8 leaf-down lost-gpu-hours");
  const double cents = 32 * 4919800.0 + (double)evaluation->totals.tco_cents - lost_cents;
  const double hours = 1401600 - (double)evaluation->totals.lost_mgpuh * 5 / 1000;
  EXPECT_NEAR((double)evaluation->totals.gpu_hour_micro_usd, cents / 100 / hours * 1e6, 2);
  EXPECT_EQ_I64(line_value(evaluation, "tco_usd", "dr8 nic spares"), -1);
  ls_problem_destroy(one.problem);
}

LS_TEST(Money, square_roots_are_rounded_down)
{
  for (int64_t root = 1; root < (INT64_C(1) << 31); root += 1 + root / 7) {
    EXPECT_EQ_I64(ls_square_root(root * root - 1), root - 1);
    EXPECT_EQ_I64(ls_square_root(root * root), root);
    EXPECT_EQ_I64(ls_square_root(root * root + 2 * root), root);
  }
  EXPECT_EQ_I64(ls_square_root(0), 0);
  EXPECT_EQ_I64(ls_square_root(INT64_MAX), 3037000499);
}

/* The kernels' table of spares, and their formula beyond it, against the Poisson distribution. */
LS_TEST(Money, spares_follow_poisson)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = shim_alloc(sizeof *problem);
  spec->reliability = (ls_reliability){.spares_lead_days = 30, .spares_confidence_ppm = 990000};
  ls_problem_fill_spares(spec, problem);
  EXPECT_EQ_I64(problem->spare_limit[0], 10050); /* -ln 0.99 */
  EXPECT_NEAR((double)problem->spare_z_milli, 2326, 6);
  for (int64_t count = 1; count < 3000000; count = count * 3 / 2 + 1) {
    int64_t needed = 0;
    EXPECT_STATUS(ls_spares_needed(count, 1000, &spec->reliability, &needed), LS_OK);
    const int64_t bought = ls_spares_count(problem, count, 1000);
    if (count * 72 / 100000 < 40) EXPECT_EQ_I64(bought, needed);
    EXPECT_LE_I64(needed, bought); /* never too few */
    EXPECT_LE_I64(bought, needed + 3);
  }
}

/* A limit on each of the new metrics, half a step below what the design has, bars it. */
LS_TEST(Money, limits_bind)
{
  static const int32_t metrics[] = {LS_METRIC_TCO, LS_METRIC_GPU_HOUR};
  static const uint32_t bits[] = {LS_VIOLATES_TCO, LS_VIOLATES_GPU_HOUR};
  for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
    one_switch one;
    one_switch_read(&one);
    ASSERT_TRUE(one_switch_build(&one));
    ls_score score;
    EXPECT_EQ_I64(ls_rank_score(one.problem, 0, &score), 0);
    one.problem->limit[metrics[i]] = score.metric[metrics[i]];
    EXPECT_EQ_I64(ls_rank_score(one.problem, 0, &score), 0);
    one.problem->limit[metrics[i]]--;
    EXPECT_EQ_I64(ls_rank_score(one.problem, 0, &score), bits[i]);
    ls_problem_destroy(one.problem);
  }
}

/* A spec with these lines added, read with the shipped catalog; false and its sentence when not. */
static bool spec_with(const char *text, ls_spec *spec, ls_error *error)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  const char *path = shim_format("%s/money.yaml", shim_folder());
  const char *base = shim_format("year: 2026\ncluster: {gpus: 128, nic_gbps_per_gpu: 800}\n"
                                 "floor: {rows: 2, racks_per_row: 10}\n%s",
                                 text);
  return shim_file_write(path, base, strlen(base)) &&
         ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", catalog, error) == LS_OK &&
         ls_spec_read(path, catalog, spec, error) == LS_OK;
}

LS_TEST(Money, specs_name_objectives_and_limits)
{
  ls_error error = {.line = 0};
  ls_spec *spec = shim_alloc(sizeof *spec);
  ASSERT_TRUE(spec_with("objectives: [tco, lost_gpu_hours, usd_per_gpu_hour]\n"
                        "limits: {tco_usd_max: 1000, lost_gpu_hours_per_year_max: 2.5,\n"
                        "  usd_per_gpu_hour_max: 3}\n"
                        "economics: {repair_usd: 100, gpu_usd: 30000, gpu_kw: 1.5}\n",
                        spec, &error));
  EXPECT_EQ_I64(spec->objective_mask,
                1 << LS_METRIC_TCO | 1 << LS_METRIC_LOST | 1 << LS_METRIC_GPU_HOUR);
  EXPECT_EQ_I64(spec->limit[LS_METRIC_TCO], 100000);
  EXPECT_EQ_I64(spec->limit[LS_METRIC_LOST], 2500);
  EXPECT_EQ_I64(spec->limit[LS_METRIC_GPU_HOUR], 3000000);
  EXPECT_EQ_I64(spec->economics.gpu_power_mw, 1500000);
  EXPECT_EQ_I64(spec->economics.gpu_hour_cents, 250);
  ASSERT_TRUE(spec_with("", spec, &error));
  EXPECT_EQ_I64(spec->objective_mask, 31);
  EXPECT_EQ_I64(spec->economics.gpu_power_mw, 1750000);
  EXPECT_FALSE(spec_with("objectives: [capex, power, throughput_worst, latency_max,\n"
                         "  bandwidth_at_risk, tco]\n",
                         spec, &error));
  EXPECT_CONTAINS(error.message, "must be 5 at most, got 6");
  EXPECT_FALSE(spec_with("economics: {years: 50, pue: 5, energy_usd_per_kwh: 100, gpu_kw: 100}\n",
                         spec, &error));
  EXPECT_CONTAINS(error.message, "makes the GPUs cost more than 2e12 USD");
}

/* Picks by money exist where the search is for money. */
LS_TEST(Money, picks_follow_the_objectives)
{
  ls_problem *problem = shim_alloc(sizeof *problem);
  problem->objective_mask[LS_METRIC_TCO] = -1;
  EXPECT_TRUE(ls_pick_is_searched_for(problem, &ls_pick_rules[LS_PICK_BEST_TCO]));
  EXPECT_FALSE(ls_pick_is_searched_for(problem, &ls_pick_rules[LS_PICK_BEST_VALUE]));
  EXPECT_EQ_I64(strcmp(ls_pick_rules[LS_PICK_BEST_TCO].name, "best-tco"), 0);
  EXPECT_EQ_I64(strcmp(ls_pick_rules[LS_PICK_BEST_VALUE].name, "best-value"), 0);
  EXPECT_EQ_I64(strcmp(ls_pick_rules[LS_PICK_KNEE].name, "knee"), 0);
}
