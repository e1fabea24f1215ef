#include "reason.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "differences.h"
#include "problem_build.h"
#include "relax.h"
#include "technology.h"
#include "variant.h"

void ls_reason_append(char text[LS_REASON_MAX], const char *format, ...)
{
  va_list arguments;
  const size_t length = strlen(text);
  va_start(arguments, format);
  vsnprintf(text + length, LS_REASON_MAX - length, format, arguments);
  va_end(arguments);
}

enum { TOLD_MAX = 2 };

/* ---- The best of another kind ---- */

/* The pick of a problem by the rule; *is_found false where nothing is feasible. */
static ls_status pick_find(const ls_session *session, const ls_problem *problem,
                           const ls_pick_rule *rule, ls_front_member *pick, bool *is_found,
                           ls_error *error)
{
  ls_sweep_result sweep = {0};
  const ls_status status = ls_sweep_run(session, problem, &sweep, error);
  *is_found = status == LS_OK && sweep.front_count > 0;
  if (*is_found) *pick = sweep.front[ls_pick_member(problem, rule, sweep.front, sweep.front_count)];
  ls_sweep_destroy(&sweep);
  return status;
}

static ls_status pick_without(const ls_session *session, int32_t without, const ls_pick_rule *rule,
                              ls_front_member *pick, bool *is_found, ls_error *error)
{
  ls_problem *problem;
  ls_status status = ls_problem_copy(session->problem, without, &problem);
  if (status != LS_OK) return ls_error_set(error, status, NULL, 0, NULL, "no memory for a problem");
  status = pick_find(session, problem, rule, pick, is_found, error);
  ls_problem_destroy(problem);
  return status;
}

/* ---- Words ---- */

/* Two designs, and which metrics are told of them, the most telling ones first. */
typedef struct comparison {
  const ls_score *design, *other;
  const int64_t *mask; /* [LS_METRIC_COUNT] not 0: is told */
  int32_t count_max;   /* each way */
} comparison;

/* The largest differences of one sign; returns how many there are. */
static int32_t differences_append(char text[LS_REASON_MAX], const comparison *of, int sign,
                                  const char *verb)
{
  ls_difference found[LS_METRIC_COUNT];
  char amount[LS_DIFFERENCE_TEXT_MAX];
  const int32_t all = ls_differences_find(of->design, of->other, sign, found);
  int32_t count = 0;
  for (int32_t i = 0; i < all; i++)
    if (of->mask[found[i].metric]) found[count++] = found[i];
  ls_differences_sort(found, count);
  for (int32_t i = 0; i < count && i < of->count_max; i++)
    ls_reason_append(text, "%s %s", i ? "," : verb, ls_difference_text(&found[i], amount));
  return count;
}

void ls_reason_compare(char text[LS_REASON_MAX], const ls_score *design, const ls_score *other,
                       const int64_t mask[LS_METRIC_COUNT], int32_t count_max)
{
  const comparison of = {design, other, mask, count_max};
  const int32_t better = differences_append(text, &of, 1, " it is better by");
  const int32_t worse =
      differences_append(text, &of, -1, better ? " and worse by" : " it is worse by");
  if (better + worse == 0) ls_reason_append(text, " it is as good");
}

static void comparison_append(char text[LS_REASON_MAX], const ls_problem *problem,
                              const ls_score *pick, const ls_score *other)
{
  ls_reason_compare(text, pick, other, problem->objective_mask, TOLD_MAX);
}

/* ---- What would be better still ---- */

/* What a design has to beat by a rule to be told as better still. */
typedef struct bar {
  const ls_pick_rule *rule;
  const ls_score *pick;
  const ls_score *offered; /* the best of level 1 as all constraints are; NULL: it is the pick */
  const char *lead;        /* how the clause begins */
} bar;

static bool is_over(const ls_problem *problem, const bar *of, const ls_score *score)
{
  return ls_pick_is_better(problem, of->rule, score, of->pick) &&
         (!of->offered || ls_pick_is_better(problem, of->rule, score, of->offered));
}

/* The pick of the question without one constraint, where it is over the bar; told with what is in
 * its way. */
static ls_status better_append(const ls_session *session, const ls_session *relaxed, const bar *of,
                               char text[LS_REASON_MAX], bool *is_told, ls_error *error)
{
  ls_front_member better;
  bool is_found;
  char what[LS_TECHNOLOGY_TEXT_MAX], gate[LS_GATE_TEXT_MAX] = "supply does not suffice for it";
  const ls_status status =
      pick_find(relaxed, relaxed->problem, of->rule, &better, &is_found, error);
  if (status != LS_OK || !is_found || !is_over(session->problem, of, &better.score)) return status;
  ls_technology_text(relaxed, better.rank, what);
  ls_technology_gate(session, relaxed->problem, better.rank, gate);
  ls_reason_append(text, "; %s would be %s,", of->lead, what);
  const comparison told = {&better.score, of->pick, session->problem->objective_mask, TOLD_MAX};
  differences_append(text, &told, 1, " better by");
  ls_reason_append(text, ", but %s", gate);
  *is_told = true;
  return LS_OK;
}

/* Tries first what is not on sale yet, then what is scarce. */
static ls_status obstacle_append(const ls_session *session, const bar *of, char text[LS_REASON_MAX],
                                 ls_error *error)
{
  ls_session relaxed = {0};
  bool is_told = false;
  ls_status status = ls_variant_create(session, &relaxed, error);
  if (status != LS_OK) return status;
  ls_relax_years(relaxed.catalog, session->spec->year);
  status = ls_variant_build(&relaxed, error);
  if (status == LS_OK) status = better_append(session, &relaxed, of, text, &is_told, error);
  ls_variant_destroy(&relaxed);
  if (status != LS_OK || is_told) return status;
  status = ls_variant_create(session, &relaxed, error);
  if (status == LS_OK) status = ls_variant_build(&relaxed, error);
  if (status == LS_OK) ls_relax_problem(relaxed.problem, LS_VIOLATES_SUPPLY);
  if (status == LS_OK) status = better_append(session, &relaxed, of, text, &is_told, error);
  ls_variant_destroy(&relaxed);
  return status;
}

ls_status ls_reason_level1_find(const ls_session *session, const ls_score *pick,
                                const ls_pick_rule *rule, bool wants_cpo, ls_reason_level1 *found,
                                ls_error *error)
{
  ls_front_member offered;
  bool is_found;
  memset(found, 0, sizeof *found);
  ls_status status =
      wants_cpo ? pick_without(session, LS_ONLY_CPO, rule, &found->cpo, &found->has_cpo, error)
                : LS_OK;
  if (status == LS_OK)
    status = pick_find(session, session->problem, rule, &offered, &is_found, error);
  if (status != LS_OK) return status;
  const bar of = {rule, pick, is_found ? &offered.score : NULL, "better still, by level 1,"};
  return obstacle_append(session, &of, found->obstacle, error);
}

/* ---- Of a pick of level 1 ---- */

ls_status ls_reason_write(const ls_session *session, const ls_front_member *pick,
                          const ls_pick_rule *rule, char text[LS_REASON_MAX], ls_error *error)
{
  const bool has_cpo = ls_technology_has_cpo(session->problem, pick->rank);
  const bool has_ocs = ls_technology_has_ocs(session->problem, pick->rank);
  ls_front_member other;
  bool is_found;
  text[0] = '\0';
  ls_status status =
      pick_without(session, has_cpo ? LS_WITHOUT_CPO : LS_ONLY_CPO, rule, &other, &is_found, error);
  if (status != LS_OK) return status;
  ls_reason_append(text, has_cpo ? "co-packaged optics win: " : "pluggables win: ");
  if (is_found) {
    ls_reason_append(text, "against the best %s",
                     has_cpo ? "all-pluggable design" : "design with co-packaged optics");
    comparison_append(text, session->problem, &pick->score, &other.score);
  } else {
    ls_reason_append(text, "no %s meets all constraints",
                     has_cpo ? "all-pluggable design" : "design with co-packaged optics");
  }
  if (has_ocs) {
    status = pick_without(session, LS_WITHOUT_OCS, rule, &other, &is_found, error);
    if (status != LS_OK) return status;
    ls_reason_append(text, "; against the best without OCS");
    if (is_found)
      comparison_append(text, session->problem, &pick->score, &other.score);
    else
      ls_reason_append(text, " none meets all constraints");
  }
  const bar of = {rule, &pick->score, NULL, "better still"};
  return obstacle_append(session, &of, text, error);
}
