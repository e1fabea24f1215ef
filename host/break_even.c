#include "break_even.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "package.h"
#include "problem_build.h"
#include "problem_rows.h"
#include "tornado.h"
#include "units.h"

/* ---- The pair ---- */

static ls_status least_find(const ls_session *session, int32_t without, const ls_break_even *asked,
                            int64_t loss_ppm_max, ls_front_member *least, bool *is_found,
                            ls_error *error)
{
  ls_problem *problem;
  ls_sweep_result sweep = {0};
  ls_status status = ls_problem_copy(session->problem, without, &problem);
  if (status != LS_OK) return ls_error_set(error, status, NULL, 0, NULL, "no memory for a problem");
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    problem->objective_mask[i] = i == asked->metric ? -1 : 0;
  problem->limit[LS_METRIC_LOSS] = ls_min(problem->limit[LS_METRIC_LOSS], loss_ppm_max);
  status = ls_sweep_run(session, problem, &sweep, error);
  *is_found = status == LS_OK && sweep.front_count > 0;
  if (*is_found) *least = sweep.front[0];
  ls_sweep_destroy(&sweep);
  ls_problem_destroy(problem);
  return status;
}

/* The optics of the chassis of a tier, as an index into the catalog; -1: they are pluggable. */
static int32_t chassis_optic(const ls_session *session, uint64_t rank, int32_t tier)
{
  const ls_problem *problem = session->problem;
  const ls_structure *structure = &problem->structures[ls_rank_structure(problem, rank)];
  const int32_t chassis = structure->switch_index[tier];
  return chassis < 0 ? -1 : problem->switches[chassis].optic;
}

/* A yield that is not told is taken as without loss. */
static int32_t yield_now(const ls_session *session, uint64_t rank)
{
  int32_t least_ppm = LS_YIELD_ALL_PPM;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t optic = chassis_optic(session, rank, tier);
    if (optic < 0) continue;
    const ls_number *yield = &session->catalog->optics[optic].attach_yield_ppm;
    if (yield->line) least_ppm = (int32_t)ls_min(least_ppm, yield->value);
  }
  return least_ppm;
}

/* ---- Yields ---- */

int64_t ls_break_even_amount(const ls_session *session, const ls_break_even *pair,
                             ls_catalog *scratch, int32_t yield_ppm)
{
  ls_problem rows = *session->problem;
  ls_base base = {.structure = UINT32_MAX};
  ls_score score;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t optic = chassis_optic(session, pair->integrated.rank, tier);
    if (optic >= 0) scratch->optics[optic].attach_yield_ppm.value = yield_ppm;
  }
  ls_problem_fill_rows(scratch, session->spec, &rows);
  ls_rank_score_fresh(&rows, pair->integrated.rank, &base, &score);
  return score.metric[pair->metric];
}

/* Raising a yield never raises a price, so one yield parts the two sides. Losses are doubled from
 * none on until the design costs more, so that no price gets absurd on the way. */
static void yield_solve(const ls_session *session, ls_catalog *scratch, ls_break_even *found)
{
  const int64_t target = found->pluggable.score.metric[found->metric];
  int32_t enough = LS_YIELD_ALL_PPM, short_of;
  found->kind = LS_BREAK_EVEN_NEVER;
  if (ls_break_even_amount(session, found, scratch, enough) > target) return;
  found->kind = LS_BREAK_EVEN_ALWAYS;
  for (int32_t loss_ppm = 1;; loss_ppm *= 2) {
    short_of = (int32_t)ls_max(LS_YIELD_ALL_PPM - loss_ppm, LS_YIELD_LEAST_PPM);
    if (ls_break_even_amount(session, found, scratch, short_of) > target) break;
    if (short_of == LS_YIELD_LEAST_PPM) return;
    enough = short_of;
  }
  while (enough - short_of > 1) {
    const int32_t middle = short_of + (enough - short_of) / 2;
    if (ls_break_even_amount(session, found, scratch, middle) > target)
      short_of = middle;
    else
      enough = middle;
  }
  found->kind = LS_BREAK_EVEN_AT;
  found->yield_ppm = enough;
}

ls_status ls_break_even_find(const ls_session *session, int32_t metric, int64_t loss_ppm_max,
                             ls_break_even *found, ls_error *error)
{
  bool has_integrated = false, has_pluggable = false;
  *found = (ls_break_even){.metric = metric, .kind = LS_BREAK_EVEN_NO_PAIR};
  ls_status status = least_find(session, LS_ONLY_CPO, found, loss_ppm_max, &found->integrated,
                                &has_integrated, error);
  if (status == LS_OK)
    status = least_find(session, LS_WITHOUT_CPO, found, loss_ppm_max, &found->pluggable,
                        &has_pluggable, error);
  if (status != LS_OK || !has_integrated || !has_pluggable) return status;
  ls_catalog *scratch = malloc(sizeof *scratch);
  if (!scratch) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for yields");
  *scratch = *session->catalog;
  found->yield_now_ppm = yield_now(session, found->integrated.rank);
  yield_solve(session, scratch, found);
  free(scratch);
  return LS_OK;
}

/* ---- Words ---- */

static const char *verdict_text(const ls_break_even *found, char text[128])
{
  const double now = found->yield_now_ppm / 1e6;
  switch (found->kind) {
  case LS_BREAK_EVEN_NO_PAIR:
    snprintf(text, 128, "one of the two classes has no feasible design");
    break;
  case LS_BREAK_EVEN_AT:
    snprintf(text, 128, "integrated optics win from %.6f on; the catalog says %.6f: they %s",
             found->yield_ppm / 1e6, now,
             found->yield_now_ppm >= found->yield_ppm ? "win" : "lose");
    break;
  case LS_BREAK_EVEN_ALWAYS:
    snprintf(text, 128, "integrated optics win at any yield above %.1f; the catalog says %.6f",
             LS_YIELD_LEAST_PPM / 1e6, now);
    break;
  case LS_BREAK_EVEN_NEVER:
    snprintf(text, 128, "integrated optics lose at any yield; the catalog says %.6f", now);
    break;
  }
  return text;
}

static ls_json *member_json(const ls_session *session, int32_t metric,
                            const ls_front_member *member)
{
  char design[LS_DESIGN_TEXT_MAX];
  ls_json *object = ls_json_object();
  ls_design_text(session, member->rank, design);
  ls_json_set_int(object, "rank", (int64_t)member->rank);
  ls_json_set_text(object, "design", design);
  ls_json_set_real(object, "usd", (double)member->score.metric[metric] / 100);
  return object;
}

ls_json *ls_break_even_json(const ls_session *session, const ls_break_even *found)
{
  ls_json *object = ls_json_object();
  char verdict[128];
  ls_json_set_text(object, "metric", ls_metric_name[found->metric]);
  ls_json_set_text(object, "verdict", verdict_text(found, verdict));
  if (found->kind == LS_BREAK_EVEN_AT)
    ls_json_set_real(object, "attach_yield", found->yield_ppm / 1e6);
  else
    ls_json_set_null(object, "attach_yield");
  if (found->kind == LS_BREAK_EVEN_NO_PAIR) return object;
  ls_json_set_real(object, "attach_yield_now", found->yield_now_ppm / 1e6);
  ls_json_set(object, "integrated", member_json(session, found->metric, &found->integrated));
  ls_json_set(object, "pluggable", member_json(session, found->metric, &found->pluggable));
  return object;
}

void ls_break_even_print(const ls_session *session, const ls_break_even *found)
{
  char verdict[128], design[LS_DESIGN_TEXT_MAX], money[LS_AMOUNT_MAX];
  printf("Break-even attach yield by %s: %s\n", ls_metric_name[found->metric],
         verdict_text(found, verdict));
  if (found->kind == LS_BREAK_EVEN_NO_PAIR) return;
  ls_design_text(session, found->integrated.rank, design);
  printf("  integrated %s  %s\n",
         ls_money_text(found->integrated.score.metric[found->metric], money), design);
  ls_design_text(session, found->pluggable.rank, design);
  printf("  pluggable  %s  %s\n",
         ls_money_text(found->pluggable.score.metric[found->metric], money), design);
}
