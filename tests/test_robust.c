/* What the catalog's ranges do to a recommendation: tornado and draws against plain recomputation
 * of the question with other figures. */
#include <math.h>
#include <string.h>

#include "../host/figure_effect.h"
#include "../host/problem_refill.h"
#include "../host/robust.h"
#include "../host/tornado.h"
#include "../host/variant.h"
#include "../kernels/evaluate.h"
#include "question.h"

/* ---- A question with few figures in doubt ---- */

typedef struct doubts {
  ls_catalog *catalog;
  const char *const *keys; /* ends with NULL */
  int32_t kept;
} doubts;

static void doubt_keep(void *context, const ls_figure *figure)
{
  doubts *self = context;
  ls_number *number = ls_figure_number(self->catalog, figure);
  for (int32_t i = 0; self->keys[i]; i++)
    if (strcmp(figure->key, self->keys[i]) == 0) {
      self->kept += number->low < number->high;
      return;
    }
  number->low = number->high = number->value;
}

/* Figures of all other keys have no range. */
static void doubts_keep(ls_session *session, const char *const *keys)
{
  doubts self = {session->catalog, keys, 0};
  ls_catalog_figures_visit(session->catalog, doubt_keep, &self);
  EXPECT_LT_I64(0, self.kept);
}

static bool small_question(question *asked)
{
  if (!question_read(asked, "lab-64")) return false;
  asked->session.spec->space.family_mask = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2;
  asked->session.spec->space.plane_count = 1;
  return question_build(asked);
}

static int32_t pick_of(const ls_session *session, ls_sweep_result *sweep)
{
  if (ls_sweep_run(session, session->problem, sweep, NULL) != LS_OK || !sweep->front_count)
    return -1;
  return ls_pick_member(session->problem, ls_recommendation_rule(session->problem), sweep->front,
                        sweep->front_count);
}

/* ---- Other figures in a problem that is built ---- */

LS_TEST(Refill, equals_a_problem_built_anew)
{
  question asked;
  ls_figure *figures;
  int32_t count, done = 0, rebuilt = 0;
  ASSERT_TRUE(small_question(&asked));
  ASSERT_STATUS(ls_catalog_figures_create(asked.session.catalog, &figures, &count), LS_OK);
  ls_session refilled, built;
  ASSERT_STATUS(ls_variant_create(&asked.session, &refilled, NULL), LS_OK);
  ASSERT_STATUS(ls_variant_build(&refilled, NULL), LS_OK);
  ASSERT_STATUS(ls_variant_create(&asked.session, &built, NULL), LS_OK);
  for (int32_t i = 0; i < count && !shim_has_failed(); i += 3) {
    const int64_t value = ls_figure_number(refilled.catalog, &figures[i])->value;
    const int64_t high = ls_figure_number(refilled.catalog, &figures[i])->high;
    ls_figure_number(refilled.catalog, &figures[i])->value = high;
    ls_figure_number(built.catalog, &figures[i])->value = high;
    const ls_refill refill = ls_problem_refill(refilled.catalog, refilled.spec, refilled.problem);
    rebuilt += refill == LS_REFILL_REBUILD;
    if (refill != LS_REFILL_REBUILD) {
      ls_sweep_result a = {0}, b = {0};
      done += refill == LS_REFILL_DONE;
      ASSERT_STATUS(ls_variant_build(&built, NULL), LS_OK);
      ASSERT_STATUS(ls_sweep_run(&refilled, refilled.problem, &a, NULL), LS_OK);
      ASSERT_STATUS(ls_sweep_run(&built, built.problem, &b, NULL), LS_OK);
      EXPECT_STREQ(a.sha256, b.sha256);
      if (strcmp(a.sha256, b.sha256) != 0) LS_TEST_FAIL("%s", figures[i].path);
      ls_sweep_destroy(&a);
      ls_sweep_destroy(&b);
    }
    ls_figure_number(refilled.catalog, &figures[i])->value = value;
    ls_figure_number(built.catalog, &figures[i])->value = value;
    ls_problem_refill(refilled.catalog, refilled.spec, refilled.problem);
  }
  EXPECT_LT_I64(20, done);
  EXPECT_LT_I64(0, rebuilt);
  free(figures);
  ls_variant_destroy(&refilled);
  ls_variant_destroy(&built);
  question_destroy(&asked);
}

/* ---- Tornado ---- */

/* The recommendation with one figure at a value, by a question of its own; the amount is that of
 * the original pick. */
static void judge_apart(const question *asked, const ls_tornado *tornado, const ls_figure *figure,
                        int64_t value, char design[LS_DESIGN_TEXT_MAX])
{
  ls_session variant;
  ls_sweep_result sweep = {0};
  design[0] = '\0';
  ASSERT_STATUS(ls_variant_create(&asked->session, &variant, NULL), LS_OK);
  ls_figure_number(variant.catalog, figure)->value = value;
  ASSERT_STATUS(ls_variant_build(&variant, NULL), LS_OK);
  const int32_t pick = pick_of(&variant, &sweep);
  if (pick >= 0) ls_design_text(&variant, sweep.front[pick].rank, design);
  EXPECT_TRUE(tornado->design[0] != '\0');
  ls_sweep_destroy(&sweep);
  ls_variant_destroy(&variant);
}

static const char *const prices[] = {"capex_usd", "rack_units", "mating_capex_usd", NULL};

LS_TEST(Tornado, flips_where_it_says)
{
  question asked;
  ls_sweep_result sweep = {0};
  ls_tornado tornado;
  char design[LS_DESIGN_TEXT_MAX];
  ASSERT_TRUE(question_read(&asked, "pod-512"));
  asked.session.spec->space.family_mask = LS_CHOOSE_CLOS2;
  asked.session.spec->space.plane_count = 1;
  doubts_keep(&asked.session, prices);
  ASSERT_TRUE(question_build(&asked));
  const int32_t pick = pick_of(&asked.session, &sweep);
  ASSERT_LE_I64(0, pick);
  ASSERT_STATUS(ls_tornado_find(&asked.session, &sweep.front[pick], &tornado, NULL), LS_OK);
  int32_t flips = 0;
  for (int32_t i = 0; i < tornado.bar_count; i++) {
    const ls_bar *bar = &tornado.bars[i];
    const ls_figure *figure = &tornado.figures[bar->figure];
    const ls_number *number = ls_figure_number_const(asked.session.catalog, figure);
    if (i) EXPECT_LE_I64(bar->effect, tornado.bars[i - 1].effect);
    for (int32_t end = 0; end < 2; end++) {
      const int64_t limit = end ? number->high : number->low;
      judge_apart(&asked, &tornado, figure, limit, design);
      EXPECT_EQ_I64(bar->end[end].is_changed, strcmp(design, tornado.design) != 0);
      if (!bar->end[end].is_changed) continue;
      EXPECT_STREQ(bar->end[end].design, design);
      judge_apart(&asked, &tornado, figure, bar->end[end].flip, design);
      EXPECT_TRUE(strcmp(design, tornado.design) != 0);
      /* A thousandth of the range nearer to the catalog's value it does not. */
      const int64_t step = ls_max((number->high - number->low) / 1000, 1);
      const int64_t before = bar->end[end].flip + (end ? -step : step);
      if (end ? before <= number->value : before >= number->value) continue;
      judge_apart(&asked, &tornado, figure, before, design);
      EXPECT_STREQ(design, tornado.design);
      flips++;
    }
  }
  EXPECT_LT_I64(0, flips);
  EXPECT_LT_I64(0, tornado.unused_count);
  ls_tornado_destroy(&tornado);
  ls_sweep_destroy(&sweep);
  question_destroy(&asked);
}

/* Cheap modules of 800G, 400 at the least: no rate in between is on sale, so 400 is what is told.
 */
LS_TEST(Tornado, rates_flip_at_their_ends_alone)
{
  static const char *const rates[] = {"module_gbps", NULL};
  question asked;
  ls_sweep_result sweep = {0};
  ls_tornado tornado;
  ASSERT_TRUE(question_read(&asked, "pod-512"));
  ls_session *session = &asked.session;
  const int32_t cheap = ls_catalog_optic_find(session->catalog, "bidi-800g");
  const int32_t other = ls_catalog_optic_find(session->catalog, "dsp-800g-2xfr4");
  session->spec->space.family_mask = LS_CHOOSE_CLOS2;
  session->spec->space.plane_count = session->spec->space.planes[0] = 1;
  session->spec->space.optic_mask = 1u << cheap | 1u << other;
  session->catalog->optics[cheap].capex_cents.value = 1000;
  doubts_keep(session, rates);
  ASSERT_TRUE(question_build(&asked));
  const int32_t pick = pick_of(session, &sweep);
  ASSERT_LE_I64(0, pick);
  ASSERT_STATUS(ls_tornado_find(session, &sweep.front[pick], &tornado, NULL), LS_OK);
  int32_t flips = 0;
  for (int32_t i = 0; i < tornado.bar_count; i++) {
    const ls_number *number =
        ls_figure_number_const(session->catalog, &tornado.figures[tornado.bars[i].figure]);
    for (int32_t end = 0; end < 2; end++) {
      if (!tornado.bars[i].end[end].is_changed) continue;
      EXPECT_EQ_I64(tornado.bars[i].end[end].flip, end ? number->high : number->low);
      flips++;
    }
  }
  EXPECT_LT_I64(0, flips);
  ls_tornado_destroy(&tornado);
  ls_sweep_destroy(&sweep);
  question_destroy(&asked);
}

/* A recommendation that was chosen by more than level 1 knows: its own amounts are told, and what
 * changes the pick of level 1. */
LS_TEST(Tornado, tells_the_amounts_of_a_recommendation_that_level_1_does_not_pick)
{
  question asked;
  ls_sweep_result sweep = {0};
  ls_tornado tornado;
  char design[LS_DESIGN_TEXT_MAX];
  ASSERT_TRUE(question_read(&asked, "pod-512"));
  asked.session.spec->space.family_mask = LS_CHOOSE_CLOS2;
  asked.session.spec->space.plane_count = 1;
  doubts_keep(&asked.session, prices);
  ASSERT_TRUE(question_build(&asked));
  const int32_t pick = pick_of(&asked.session, &sweep);
  ASSERT_LE_I64(0, pick);
  ASSERT_LT_I64(1, sweep.front_count);
  const ls_front_member *other = &sweep.front[pick ? 0 : 1];
  ASSERT_STATUS(ls_tornado_find(&asked.session, other, &tornado, NULL), LS_OK);
  ls_design_text(&asked.session, sweep.front[pick].rank, design);
  EXPECT_STREQ(tornado.front_pick, design);
  EXPECT_TRUE(strcmp(tornado.design, design) != 0);
  int32_t moved = 0;
  for (int32_t i = 0; i < tornado.bar_count; i++) {
    const ls_bar *bar = &tornado.bars[i];
    const ls_figure *figure = &tornado.figures[bar->figure];
    const ls_number *number = ls_figure_number_const(asked.session.catalog, figure);
    for (int32_t end = 0; end < 2; end++) {
      const int64_t limit = end ? number->high : number->low;
      ls_session variant;
      ls_score score;
      judge_apart(&asked, &tornado, figure, limit, design);
      EXPECT_EQ_I64(bar->end[end].is_changed, strcmp(design, tornado.front_pick) != 0);
      ASSERT_STATUS(ls_variant_create(&asked.session, &variant, NULL), LS_OK);
      ls_figure_number(variant.catalog, figure)->value = limit;
      ASSERT_STATUS(ls_variant_build(&variant, NULL), LS_OK);
      ls_rank_score(variant.problem, other->rank, &score);
      EXPECT_EQ_I64(bar->end[end].amount, score.metric[tornado.metric]);
      moved += bar->end[end].amount != tornado.amount;
      ls_variant_destroy(&variant);
    }
  }
  EXPECT_LT_I64(0, moved);
  ls_tornado_destroy(&tornado);
  ls_sweep_destroy(&sweep);
  question_destroy(&asked);
}

/* ---- Draws ---- */

LS_TEST(Draw, keeps_the_range_and_its_mean)
{
  const ls_number number = {.value = 2000, .low = 1000, .high = 9000};
  const ls_draw_key key = {1, 2};
  double sum = 0;
  enum { COUNT = 20000 };
  for (uint64_t draw = 0; draw < COUNT; draw++) {
    const int64_t value = ls_draw_triangular(&number, ls_draw_uniform(7, draw, &key));
    EXPECT_LE_I64(1000, value);
    EXPECT_LE_I64(value, 9000);
    sum += (double)value;
  }
  EXPECT_NEAR(sum / COUNT, 4000, 40); /* a third of the sum of low, mode and high */
  EXPECT_EQ_I64(ls_draw_triangular(&number, 0),
                1000 + (int64_t)(0.5 + sqrt(0.5 / 4294967296.0 * 8e6)));
  EXPECT_EQ_I64(ls_draw_triangular(&number, UINT32_MAX), 9000);
}

/* The correlation of uniform numbers is the rank correlation of what is made of them. */
static double correlation(const ls_draw_key *a, const ls_draw_key *b)
{
  enum { COUNT = 40000 };
  double sum = 0;
  for (uint64_t draw = 0; draw < COUNT; draw++)
    sum += ((double)ls_draw_uniform(3, draw, a) / 4294967296.0 - 0.5) *
           ((double)ls_draw_uniform(3, draw, b) / 4294967296.0 - 0.5);
  return 12 * sum / COUNT;
}

LS_TEST(Draw, figures_of_a_group_move_together)
{
  const ls_draw_key one = {11, 5}, two = {12, 5}, other = {13, 6};
  EXPECT_NEAR(correlation(&one, &two), LS_DRAW_CORRELATION_PPM / 1e6, 0.02);
  EXPECT_NEAR(correlation(&one, &other), 0, 0.02);
  EXPECT_NEAR(correlation(&one, &one), 1, 0.02);
}

/* ---- Robustness ---- */

typedef struct robust_case {
  question asked;
  ls_sweep_result sweep;
  int32_t pick;
} robust_case;

static bool robust_prepare(robust_case *self, uint32_t objective_mask)
{
  static const char *const keys[] = {"capex_usd", "failure_fit", "energy_pj_per_bit", NULL};
  self->sweep = (ls_sweep_result){0};
  if (!question_read(&self->asked, "pod-512")) return false;
  ls_session *session = &self->asked.session;
  session->spec->space.family_mask = LS_CHOOSE_CLOS2;
  session->spec->objective_mask = objective_mask;
  doubts_keep(session, keys);
  if (!question_build(&self->asked)) return false;
  self->pick = pick_of(session, &self->sweep);
  return self->pick >= 0 && self->sweep.front_count > 1;
}

static void robust_release(robust_case *self)
{
  ls_sweep_destroy(&self->sweep);
  question_destroy(&self->asked);
}

enum {
  FOUR_OBJECTIVES =
      1 << LS_METRIC_CAPEX | 1 << LS_METRIC_POWER | 1 << LS_METRIC_LOSS | 1 << LS_METRIC_RISK,
  MONEY_OBJECTIVES = 1 << LS_METRIC_TCO | 1 << LS_METRIC_LOSS | 1 << LS_METRIC_LATENCY
};

/* Each draw by itself: a catalog with drawn figures, the problem built from it, every design of
 * the front scored by definition. */
static void expect_by_definition(const robust_case *self, const ls_robust *robust)
{
  const ls_session *session = &self->asked.session;
  ls_figure *figures;
  int32_t figure_count;
  int32_t *wins = shim_alloc((size_t)robust->design_count * sizeof *wins);
  int64_t *most = shim_alloc((size_t)robust->design_count * sizeof *most);
  ASSERT_STATUS(ls_catalog_figures_create(session->catalog, &figures, &figure_count), LS_OK);
  for (int32_t draw = 0; draw < robust->draw_count; draw++) {
    ls_session variant;
    ls_score *scores = shim_alloc((size_t)robust->design_count * sizeof *scores);
    ASSERT_STATUS(ls_variant_create(session, &variant, NULL), LS_OK);
    for (int32_t i = 0; i < figure_count; i++) {
      const ls_draw_key key = ls_draw_key_of(session->catalog, &figures[i]);
      ls_number *number = ls_figure_number(variant.catalog, &figures[i]);
      number->value =
          ls_draw_triangular(number, ls_draw_uniform(robust->seed, (uint64_t)draw, &key));
    }
    ASSERT_STATUS(ls_variant_build(&variant, NULL), LS_OK);
    int32_t best = -1;
    for (int32_t i = 0; i < robust->design_count; i++) {
      if (ls_rank_score(variant.problem, robust->rows[i].rank, &scores[i])) continue;
      if (best < 0 || ls_pick_is_better(variant.problem, robust->rule, &scores[i], &scores[best]))
        best = i;
    }
    ASSERT_LE_I64(0, best);
    wins[best]++;
    for (int32_t i = 0; robust->rule->metric[0] >= 0 && i < robust->design_count; i++)
      most[i] = ls_max(most[i], scores[i].metric[robust->rule->metric[0]] -
                                    scores[best].metric[robust->rule->metric[0]]);
    ls_variant_destroy(&variant);
  }
  for (int32_t i = 0; i < robust->design_count; i++) {
    EXPECT_EQ_I64(robust->rows[i].win_count, wins[i]);
    if (robust->rule->metric[0] >= 0) EXPECT_EQ_I64(robust->rows[i].regret_max, most[i]);
  }
  free(figures);
}

LS_TEST(Robust, equals_plain_recomputation)
{
  static const uint32_t objectives[] = {FOUR_OBJECTIVES, MONEY_OBJECTIVES};
  for (int32_t i = 0; i < 2; i++) {
    robust_case self;
    ls_robust robust;
    ASSERT_TRUE(robust_prepare(&self, objectives[i]));
    ASSERT_STATUS(ls_robust_find(&self.asked.session, &self.sweep, self.pick, 5, 40, &robust, NULL),
                  LS_OK);
    EXPECT_STREQ(robust.rule->name, i ? "best-tco" : "knee");
    expect_by_definition(&self, &robust);
    ls_robust_destroy(&robust);
    robust_release(&self);
  }
}

LS_TEST(Robust, is_the_same_on_any_threads_and_another_with_another_seed)
{
  robust_case self;
  ls_robust one, two, other;
  ASSERT_TRUE(robust_prepare(&self, FOUR_OBJECTIVES));
  ls_session session = self.asked.session;
  session.thread_count = 1;
  ASSERT_STATUS(ls_robust_find(&session, &self.sweep, self.pick, 1, 500, &one, NULL), LS_OK);
  session.thread_count = 2;
  ASSERT_STATUS(ls_robust_find(&session, &self.sweep, self.pick, 1, 500, &two, NULL), LS_OK);
  ASSERT_STATUS(ls_robust_find(&session, &self.sweep, self.pick, 2, 500, &other, NULL), LS_OK);
  const size_t size = (size_t)one.design_count * sizeof *one.rows;
  EXPECT_BYTES(one.rows, two.rows, size);
  EXPECT_TRUE(memcmp(one.rows, other.rows, size) != 0);
  int32_t wins = 0;
  for (int32_t i = 0; i < one.design_count; i++) {
    const ls_robust_row *row = &one.rows[i];
    wins += row->win_count;
    EXPECT_LE_I64(0, row->regret_mean);
    EXPECT_LE_I64(row->regret_mean, row->regret_cvar90);
    EXPECT_LE_I64(row->regret_cvar90, row->regret_max);
    if (row->infeasible_count <= one.rows[one.least_max].infeasible_count)
      EXPECT_LE_I64(one.rows[one.least_max].regret_max, row->regret_max);
  }
  EXPECT_EQ_I64(wins + one.void_count, one.draw_count);
  EXPECT_LE_I64(one.assumed_count, one.drawn_count);
  ls_robust_destroy(&one);
  ls_robust_destroy(&two);
  ls_robust_destroy(&other);
  robust_release(&self);
}

/* A design whose parts may come late does not hold in the draws in which they do. */
LS_TEST(Robust, a_late_part_does_not_hold)
{
  static const char *const keys[] = {"capex_usd", NULL};
  robust_case self = {.pick = -1};
  ls_robust robust;
  ASSERT_TRUE(question_read(&self.asked, "pod-512"));
  ls_session *session = &self.asked.session;
  doubts_keep(session, keys);
  session->spec->space.family_mask = LS_CHOOSE_CLOS2;
  ASSERT_TRUE(question_build(&self.asked));
  self.pick = pick_of(session, &self.sweep);
  ASSERT_LE_I64(0, self.pick);
  const ls_structure *structure =
      &session->problem
           ->structures[ls_rank_structure(session->problem, self.sweep.front[self.pick].rank)];
  ls_number *year = &session->catalog->switches[structure->switch_index[0]].year_leaf;
  year->value = year->low = session->spec->year;
  year->high = session->spec->year + 4;
  year->evidence = LS_EVIDENCE_ASSUMED;
  ASSERT_STATUS(ls_robust_find(session, &self.sweep, self.pick, 1, 200, &robust, NULL), LS_OK);
  EXPECT_LT_I64(100, robust.rows[self.pick].infeasible_count);
  EXPECT_LT_I64(robust.rows[self.pick].infeasible_count, 200);
  ls_robust_destroy(&robust);
  robust_release(&self);
}

/* ---- What a change reaches ---- */

/* A design that is said to be out of reach scores as before; one that can be no better is not. */
static int32_t expect_effect(const ls_problem *before, const ls_problem *after,
                             const ls_figure_effect *effect)
{
  int32_t reached = 0;
  for (uint64_t rank = 0; rank < before->space_size; rank += 11) {
    const ls_structure *structure = &before->structures[ls_rank_structure(before, rank)];
    ls_score old_score, new_score;
    if (structure->violation_mask) continue;
    const uint32_t old_mask = ls_rank_score(before, rank, &old_score);
    const uint32_t new_mask = ls_rank_score(after, rank, &new_score);
    const bool is_same =
        old_mask == new_mask && memcmp(&old_score, &new_score, sizeof old_score) == 0;
    reached += !is_same;
    if (!ls_figure_effect_reaches(effect, structure, ls_structure_optics(before, structure)))
      EXPECT_TRUE(is_same);
    if (!effect->is_nowhere_better) continue;
    EXPECT_EQ_U64(old_mask & ~new_mask, 0);
    for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
      EXPECT_LE_I64(old_score.metric[i], new_score.metric[i]);
  }
  return reached;
}

LS_TEST(FigureEffect, says_whom_a_figure_reaches)
{
  question asked;
  ls_session changed;
  ls_figure *figures;
  int32_t count, worse = 0, local = 0, reached = 0;
  ASSERT_TRUE(small_question(&asked));
  ASSERT_STATUS(ls_catalog_figures_create(asked.session.catalog, &figures, &count), LS_OK);
  ASSERT_STATUS(ls_variant_create(&asked.session, &changed, NULL), LS_OK);
  ASSERT_STATUS(ls_problem_copy(asked.session.problem, 0, &changed.problem), LS_OK);
  for (int32_t i = 0; i < 2 * count && !shim_has_failed(); i++) {
    ls_number *number = ls_figure_number(changed.catalog, &figures[i / 2]);
    const int64_t value = number->value;
    number->value = i % 2 ? number->high : number->low;
    if (ls_problem_refill(changed.catalog, changed.spec, changed.problem) == LS_REFILL_DONE) {
      const ls_figure_effect effect = ls_figure_effect_of(asked.session.problem, changed.problem);
      worse += effect.is_nowhere_better;
      local += !effect.is_global;
      reached += expect_effect(asked.session.problem, changed.problem, &effect) > 0;
    }
    number->value = value;
    ls_problem_refill(changed.catalog, changed.spec, changed.problem);
  }
  EXPECT_LT_I64(20, worse);
  EXPECT_LT_I64(40, local);
  EXPECT_LT_I64(10, reached);
  free(figures);
  ls_variant_destroy(&changed);
  question_destroy(&asked);
}
