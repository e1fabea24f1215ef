/* The yield told, from both its sides, and against the closed form of a package's price. */
#include <string.h>

#include "../host/break_even.h"
#include "../host/catalog_year.h"
#include "../host/package.h"
#include "../host/problem_build.h"
#include "../kernels/evaluate.h"
#include "question.h"

/* The least of the metric among designs with integrated optics, by a question with this yield. */
static int64_t amount_apart(const question *asked, const ls_break_even *pair, int32_t yield_ppm)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_problem *problem;
  ls_score score = {{0}};
  *catalog = *asked->session.catalog;
  const ls_structure *structure =
      &asked->session.problem
           ->structures[ls_rank_structure(asked->session.problem, pair->integrated.rank)];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t chassis = structure->switch_index[tier];
    const int32_t optic = chassis < 0 ? -1 : asked->session.problem->switches[chassis].optic;
    if (optic >= 0) catalog->optics[optic].attach_yield_ppm.value = yield_ppm;
  }
  if (ls_problem_create(catalog, asked->session.spec, &problem, NULL) != LS_OK) return -1;
  ls_rank_score(problem, pair->integrated.rank, &score);
  ls_problem_destroy(problem);
  return score.metric[pair->metric];
}

/* Pluggable modules at these prices make both sides possible. */
static bool question_priced(question *asked, int64_t module_percent)
{
  if (!question_read(asked, "pod-4k")) return false;
  asked->session.spec->year = 2030;
  if (ls_catalog_at(asked->session.catalog_all_years, 2030, LS_SUPPLY_BASE,
                    asked->session.catalog) != LS_OK)
    return false;
  asked->session.spec->space.family_mask = LS_CHOOSE_CLOS2;
  asked->session.spec->space.plane_count = 1;
  for (int32_t i = 0; i < asked->session.catalog->optic_count; i++) {
    ls_number *price = &asked->session.catalog->optics[i].capex_cents;
    price->value = ls_max(price->value * module_percent / 100, price->value ? 1 : 0);
  }
  return question_build(asked);
}

LS_TEST(BreakEven, parts_the_two_sides)
{
  static const int32_t metrics[] = {LS_METRIC_CAPEX, LS_METRIC_TCO};
  int32_t solved = 0;
  for (int64_t percent = 10; percent <= 1000; percent *= 2)
    for (int32_t i = 0; i < 2; i++) {
      question asked;
      ls_break_even found;
      ASSERT_TRUE(question_priced(&asked, percent));
      ASSERT_STATUS(ls_break_even_find(&asked.session, metrics[i], 500000, &found, NULL), LS_OK);
      ASSERT_TRUE(found.kind != LS_BREAK_EVEN_NO_PAIR);
      const int64_t target = found.pluggable.score.metric[metrics[i]];
      EXPECT_EQ_I64(amount_apart(&asked, &found, found.yield_now_ppm),
                    found.integrated.score.metric[metrics[i]]);
      if (found.kind == LS_BREAK_EVEN_AT) {
        EXPECT_LE_I64(amount_apart(&asked, &found, found.yield_ppm), target);
        EXPECT_LT_I64(target, amount_apart(&asked, &found, found.yield_ppm - 1));
        EXPECT_EQ_I64(found.yield_now_ppm >= found.yield_ppm,
                      found.integrated.score.metric[metrics[i]] <= target);
        solved++;
      } else if (found.kind == LS_BREAK_EVEN_NEVER) {
        EXPECT_LT_I64(target, amount_apart(&asked, &found, LS_YIELD_ALL_PPM));
      } else {
        EXPECT_LE_I64(amount_apart(&asked, &found, LS_YIELD_LEAST_PPM), target);
      }
      question_destroy(&asked);
    }
  EXPECT_LT_I64(0, solved);
}

/* Where one kind of box holds all integrated optics, its price per package gives the yield. */
LS_TEST(BreakEven, agrees_with_the_closed_form)
{
  int32_t compared = 0;
  for (int64_t percent = 10; percent <= 1000; percent *= 2) {
    question asked;
    ls_break_even found;
    ls_package package;
    ASSERT_TRUE(question_priced(&asked, percent));
    const ls_session *session = &asked.session;
    ASSERT_STATUS(ls_break_even_find(session, LS_METRIC_CAPEX, 500000, &found, NULL), LS_OK);
    const ls_structure *structure =
        &session->problem->structures[ls_rank_structure(session->problem, found.integrated.rank)];
    int64_t boxes = 0;
    int32_t chassis = -1;
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
      const int32_t index = structure->switch_index[tier];
      if (index < 0 || session->problem->switches[index].optic < 0) continue;
      if (chassis >= 0 && chassis != index) chassis = INT32_MAX - 1;
      if (chassis < 0) chassis = index;
      boxes += structure->side_b[tier].count[0] + structure->side_b[tier].count[1];
    }
    if (found.kind == LS_BREAK_EVEN_AT && chassis < LS_SWITCH_MAX) {
      const ls_catalog_switch *box = &session->catalog->switches[chassis];
      ls_box_counts counts;
      int32_t yield_ppm = 0;
      ASSERT_STATUS(ls_box_package(session->catalog, box, &package), LS_OK);
      ls_box_count(session->catalog, box, &counts);
      const int64_t excess = found.integrated.score.metric[LS_METRIC_CAPEX] -
                             found.pluggable.score.metric[LS_METRIC_CAPEX];
      const int64_t target = ls_package_cents(&package) - excess / (boxes * counts.package_count);
      ASSERT_STATUS(ls_break_even_attach_yield_ppm(&package, target, &yield_ppm), LS_OK);
      EXPECT_NEAR(yield_ppm, found.yield_ppm, 2);
      compared++;
    }
    question_destroy(&asked);
  }
  EXPECT_LT_I64(0, compared);
}
