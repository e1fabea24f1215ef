#include "reason.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "differences.h"
#include "problem_build.h"
#include "relax.h"
#include "technology.h"
#include "variant.h"

static void append(char text[LS_REASON_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(char text[LS_REASON_MAX], const char *format, ...)
{
  va_list arguments;
  const size_t length = strlen(text);
  va_start(arguments, format);
  vsnprintf(text + length, LS_REASON_MAX - length, format, arguments);
  va_end(arguments);
}

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

/* Two designs, and the problem that says what they are compared by. */
typedef struct comparison {
  const ls_problem *problem;
  const ls_score *design, *other;
} comparison;

/* The two largest differences of one sign in what is compared; returns how many there are. */
static int32_t differences_append(char text[LS_REASON_MAX], const comparison *of, int sign,
                                  const char *verb)
{
  ls_difference found[LS_METRIC_COUNT];
  char amount[LS_DIFFERENCE_TEXT_MAX];
  const int32_t all = ls_differences_find(of->design, of->other, sign, found);
  int32_t count = 0;
  for (int32_t i = 0; i < all; i++)
    if (of->problem->objective_mask[found[i].metric]) found[count++] = found[i];
  ls_differences_sort(found, count);
  for (int32_t i = 0; i < count && i < 2; i++)
    append(text, "%s %s", i ? "," : verb, ls_difference_text(&found[i], amount));
  return count;
}

static void comparison_append(char text[LS_REASON_MAX], const ls_problem *problem,
                              const ls_score *pick, const ls_score *other)
{
  const comparison of = {problem, pick, other};
  const int32_t better = differences_append(text, &of, 1, " it is better by");
  const int32_t worse =
      differences_append(text, &of, -1, better ? " and worse by" : " it is worse by");
  if (better + worse == 0) append(text, " it is as good");
}

/* ---- What would be better still ---- */

/* The pick of the question without one constraint, where it beats the pick; told with what is in
 * its way. */
static ls_status better_append(const ls_session *session, const ls_session *relaxed,
                               const ls_front_member *pick, const ls_pick_rule *rule,
                               char text[LS_REASON_MAX], bool *is_told, ls_error *error)
{
  ls_front_member better;
  bool is_found;
  char what[LS_TECHNOLOGY_TEXT_MAX], gate[LS_GATE_TEXT_MAX] = "supply does not suffice for it";
  const ls_status status = pick_find(relaxed, relaxed->problem, rule, &better, &is_found, error);
  if (status != LS_OK || !is_found ||
      !ls_pick_is_better(session->problem, rule, &better.score, &pick->score))
    return status;
  ls_technology_text(relaxed, better.rank, what);
  ls_technology_gate(session, relaxed->problem, better.rank, gate);
  append(text, "; better still would be %s,", what);
  const comparison of = {session->problem, &better.score, &pick->score};
  differences_append(text, &of, 1, " better by");
  append(text, ", but %s", gate);
  *is_told = true;
  return LS_OK;
}

/* Tries first what is not on sale yet, then what is scarce. */
static ls_status obstacle_append(const ls_session *session, const ls_front_member *pick,
                                 const ls_pick_rule *rule, char text[LS_REASON_MAX],
                                 ls_error *error)
{
  ls_session relaxed = {0};
  bool is_told = false;
  ls_status status = ls_variant_create(session, &relaxed, error);
  if (status != LS_OK) return status;
  ls_relax_years(relaxed.catalog, session->spec->year);
  status = ls_variant_build(&relaxed, error);
  if (status == LS_OK) status = better_append(session, &relaxed, pick, rule, text, &is_told, error);
  ls_variant_destroy(&relaxed);
  if (status != LS_OK || is_told) return status;
  status = ls_variant_create(session, &relaxed, error);
  if (status == LS_OK) status = ls_variant_build(&relaxed, error);
  if (status == LS_OK) ls_relax_problem(relaxed.problem, LS_VIOLATES_SUPPLY);
  if (status == LS_OK) status = better_append(session, &relaxed, pick, rule, text, &is_told, error);
  ls_variant_destroy(&relaxed);
  return status;
}

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
  append(text, has_cpo ? "co-packaged optics win: " : "pluggables win: ");
  if (is_found) {
    append(text, "against the best %s",
           has_cpo ? "all-pluggable design" : "design with co-packaged optics");
    comparison_append(text, session->problem, &pick->score, &other.score);
  } else {
    append(text, "no %s meets all constraints",
           has_cpo ? "all-pluggable design" : "design with co-packaged optics");
  }
  if (has_ocs) {
    status = pick_without(session, LS_WITHOUT_OCS, rule, &other, &is_found, error);
    if (status != LS_OK) return status;
    append(text, "; against the best without OCS");
    if (is_found)
      comparison_append(text, session->problem, &pick->score, &other.score);
    else
      append(text, " none meets all constraints");
  }
  return obstacle_append(session, pick, rule, text, error);
}
