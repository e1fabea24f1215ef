#include "answer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../kernels/dominate.h"
#include "problem_build.h"
#include "shortlist.h"

static double clock_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- Level 2 ---- */

/* Builds one design and keeps its metrics; a design that does not fit the floor is infeasible. */
static ls_status result_expand(const ls_session *session, const ls_front_member *member,
                               ls_result *result, bool *is_feasible, ls_error *error)
{
  ls_topology topology;
  const ls_status status = ls_topology_create(session->problem, session->catalog, session->spec,
                                              member->rank, &topology, error);
  *is_feasible = false;
  if (status == LS_ERR_NO) return LS_OK;
  if (status != LS_OK) return status;
  result->rank = member->rank;
  result->level1 = member->score;
  result->totals = topology.totals;
  ls_topology_score(&topology, &result->score);
  *is_feasible = !topology.totals.violation_mask;
  ls_topology_destroy(&topology);
  return LS_OK;
}

/* Expands a shortlist of a level-1 front: is_chosen [front_count] tells which, results holds the
 * feasible ones. */
static ls_status list_expand(const ls_session *session, const ls_sweep_result *sweep,
                             bool *is_chosen, ls_result_list *results, int32_t *expanded,
                             ls_error *error)
{
  results->items = malloc(LS_SHORTLIST_SIZE * sizeof *results->items);
  results->count = 0;
  ls_status status = is_chosen && results->items ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK)
    status = ls_shortlist_choose(session->problem, sweep->front, sweep->front_count,
                                 LS_SHORTLIST_SIZE, is_chosen, expanded);
  if (status != LS_OK) ls_error_set(error, status, NULL, 0, NULL, "no memory for the shortlist");
  for (int32_t i = 0; status == LS_OK && i < sweep->front_count; i++) {
    if (!is_chosen[i]) continue;
    bool is_feasible;
    status = result_expand(session, &sweep->front[i], &results->items[results->count],
                           &is_feasible, error);
    results->count += is_feasible;
    if (*session->stop)
      status = ls_error_set(error, LS_ERR_STOPPED, NULL, 0, NULL, "stopped; nothing was written");
  }
  return status;
}

/* Drops the results that another one dominates; the list has at most LS_SHORTLIST_SIZE. */
static void list_filter(const ls_problem *problem, ls_result_list *list)
{
  int32_t kept = 0;
  bool is_dominated[LS_SHORTLIST_SIZE] = {false};
  for (int32_t i = 0; i < list->count; i++)
    for (int32_t j = 0; j < list->count && !is_dominated[i]; j++)
      is_dominated[i] = i != j && ls_design_dominates(&list->items[j].score, list->items[j].rank,
                                                      &list->items[i].score, list->items[i].rank,
                                                      problem->objective_mask);
  for (int32_t i = 0; i < list->count; i++)
    if (!is_dominated[i]) list->items[kept++] = list->items[i];
  list->count = kept;
}

/* ---- Picks ---- */

/* The order in which metrics decide a pick; the knee has none. */
typedef struct pick_rule {
  const char *name, *meaning;
  int32_t metric[2]; /* first, then for ties; -1: distance to the ideal point */
} pick_rule;

static const pick_rule pick_rules[] = {
    {"cheapest", "least capex", {LS_METRIC_CAPEX, LS_METRIC_POWER}},
    {"least-power", "least IT power", {LS_METRIC_POWER, LS_METRIC_CAPEX}},
    {"fastest", "highest worst-case throughput, then least latency",
     {LS_METRIC_LOSS, LS_METRIC_LATENCY}},
    {"safest", "least bandwidth at risk", {LS_METRIC_RISK, LS_METRIC_CAPEX}},
    {"knee", "nearest to the best of every objective at once", {-1, -1}},
};

enum { PICK_COUNT = sizeof pick_rules / sizeof *pick_rules };

/* Squared distance to the ideal point, each compared metric scaled by its range in the list. */
static double knee_distance(const ls_problem *problem, const ls_result_list *list, int32_t index)
{
  double sum = 0;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    if (!problem->objective_mask[metric]) continue;
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (int32_t i = 0; i < list->count; i++) {
      low = ls_min(low, list->items[i].score.metric[metric]);
      high = ls_max(high, list->items[i].score.metric[metric]);
    }
    if (high == low) continue;
    const double share =
        (double)(list->items[index].score.metric[metric] - low) / (double)(high - low);
    sum += share * share;
  }
  return sum;
}

static bool is_better(const ls_problem *problem, const ls_result_list *list,
                      const pick_rule *rule, int32_t a, int32_t b)
{
  for (int32_t i = 0; i < 2 && rule->metric[i] >= 0; i++) {
    const int64_t of_a = list->items[a].score.metric[rule->metric[i]];
    const int64_t of_b = list->items[b].score.metric[rule->metric[i]];
    if (of_a != of_b) return of_a < of_b;
  }
  return knee_distance(problem, list, a) < knee_distance(problem, list, b);
}

static const ls_result *list_pick(const ls_problem *problem, const ls_result_list *list,
                                  const pick_rule *rule)
{
  int32_t best = 0;
  for (int32_t i = 1; i < list->count; i++)
    if (is_better(problem, list, rule, i, best)) best = i;
  return &list->items[best];
}

static void picks_choose(const ls_session *session, ls_answer *answer)
{
  for (int32_t i = 0; i < PICK_COUNT; i++) {
    const ls_result *result = list_pick(session->problem, &answer->front, &pick_rules[i]);
    answer->named[answer->named_count++] =
        (ls_named){pick_rules[i].name, pick_rules[i].meaning, false, *result};
  }
  answer->pick_count = answer->named_count;
}

/* ---- Baselines ---- */

/* The knee of the designs that remain when some are left out; none when nothing remains. */
static ls_status baseline_find(const ls_session *session, int32_t without, ls_named named,
                               ls_answer *answer, ls_error *error)
{
  ls_problem *restricted = NULL;
  ls_sweep_result sweep = {0};
  ls_result_list list = {0};
  bool *is_chosen = NULL;
  int32_t expanded;
  ls_status status = ls_problem_restrict(session->problem, without, &restricted);
  if (status != LS_OK)
    return ls_error_set(error, status, NULL, 0, NULL, "no memory for a baseline");
  status = ls_sweep_run(session, restricted, &sweep, error);
  if (status == LS_OK) {
    is_chosen = calloc((size_t)sweep.front_count + 1, sizeof *is_chosen);
    status = list_expand(session, &sweep, is_chosen, &list, &expanded, error);
  }
  if (status == LS_OK) list_filter(session->problem, &list);
  if (status == LS_OK && list.count) {
    named.result = *list_pick(session->problem, &list, &pick_rules[PICK_COUNT - 1]);
    answer->named[answer->named_count++] = named;
  }
  free(list.items);
  free(is_chosen);
  ls_sweep_destroy(&sweep);
  ls_problem_destroy(restricted);
  return status;
}

static ls_status baselines_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  const ls_named pluggable = {.name = "all-pluggable",
                              .meaning = "the best design without co-packaged optics",
                              .is_baseline = true};
  const ls_named electrical = {.name = "without-ocs",
                               .meaning = "the best design without optical circuit switches",
                               .is_baseline = true};
  ls_status status = baseline_find(session, LS_WITHOUT_CPO, pluggable, answer, error);
  if (status == LS_OK)
    status = baseline_find(session, LS_WITHOUT_OCS, electrical, answer, error);
  return status;
}

/* ---- Proof ---- */

static bool is_covered(const ls_problem *problem, const ls_answer *answer, const ls_score *score)
{
  for (int32_t i = 0; i < answer->front.count; i++)
    if (ls_score_covers(&answer->front.items[i].score, score, problem->objective_mask))
      return true;
  return false;
}

/* Level-1 scores are optimistic: a design that a level-2 result covers even so is out for good.
 * Counts the others, less those that were built. */
static ls_status unproved_count(const ls_session *session, ls_answer *answer, ls_error *error)
{
  ls_score reference[LS_SHORTLIST_SIZE];
  for (int32_t i = 0; i < answer->front.count; i++) reference[i] = answer->front.items[i].score;
  const ls_status status = ls_sweep_count_undominated(
      session, reference, answer->front.count, &answer->unproved_count, error);
  for (int32_t i = 0; status == LS_OK && i < answer->sweep.front_count; i++)
    if (answer->is_expanded[i] &&
        !is_covered(session->problem, answer, &answer->sweep.front[i].score))
      answer->unproved_count--;
  return status;
}

ls_status ls_answer_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  memset(answer, 0, sizeof *answer);
  ls_status status = ls_sweep_run(session, session->problem, &answer->sweep, error);
  if (status == LS_OK && !answer->sweep.front_count)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                        "is infeasible: no design meets all constraints");
  const double start = clock_seconds();
  if (status == LS_OK) {
    answer->is_expanded = calloc((size_t)answer->sweep.front_count, sizeof *answer->is_expanded);
    status = list_expand(session, &answer->sweep, answer->is_expanded, &answer->front,
                         &answer->expanded_count, error);
  }
  answer->expand_seconds = clock_seconds() - start;
  answer->feasible_count = answer->front.count;
  if (status == LS_OK && !answer->front.count)
    status = ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                          "has no design that holds with true cable lengths: all %d built from "
                          "the front fail on the floor",
                          answer->expanded_count);
  if (status == LS_OK) {
    list_filter(session->problem, &answer->front);
    picks_choose(session, answer);
    status = baselines_find(session, answer, error);
  }
  if (status == LS_OK) status = unproved_count(session, answer, error);
  return status;
}

void ls_answer_destroy(ls_answer *answer)
{
  ls_sweep_destroy(&answer->sweep);
  free(answer->is_expanded);
  free(answer->front.items);
}
