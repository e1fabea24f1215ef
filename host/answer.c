#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/dominate.h"
#include "../kernels/evaluate.h"
#include "problem_build.h"

/* ---- Picks ---- */

/* The metrics that decide a pick, in their order; -1: none, the distance to the ideal point. */
typedef struct pick_rule {
  const char *name, *meaning;
  int32_t metric[2];
} pick_rule;

static const pick_rule pick_rules[] = {
    {"cheapest", "least capex", {LS_METRIC_CAPEX, LS_METRIC_POWER}},
    {"least-power", "least IT power", {LS_METRIC_POWER, LS_METRIC_CAPEX}},
    {"fastest",
     "highest worst-case throughput, then least latency",
     {LS_METRIC_LOSS, LS_METRIC_LATENCY}},
    {"safest", "least bandwidth at risk", {LS_METRIC_RISK, LS_METRIC_CAPEX}},
    {"knee", "nearest to the best of every objective at once", {-1, -1}},
};

enum { PICK_COUNT = sizeof pick_rules / sizeof *pick_rules, KNEE = PICK_COUNT - 1 };

/* Squared distance to the ideal point, each compared metric scaled by its range on the front. */
static double knee_distance(const ls_problem *problem, const ls_level2 *found, int32_t index)
{
  double sum = 0;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    if (!problem->objective_mask[metric]) continue;
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (int32_t i = 0; i < found->front_count; i++) {
      low = ls_min(low, found->front[i].score.metric[metric]);
      high = ls_max(high, found->front[i].score.metric[metric]);
    }
    if (high == low) continue;
    const double share =
        (double)(found->front[index].score.metric[metric] - low) / (double)(high - low);
    sum += share * share;
  }
  return sum;
}

static bool is_better(const ls_problem *problem, const ls_level2 *found, const pick_rule *rule,
                      int32_t a, int32_t b)
{
  for (int32_t i = 0; i < 2 && rule->metric[i] >= 0; i++) {
    const int64_t of_a = found->front[a].score.metric[rule->metric[i]];
    const int64_t of_b = found->front[b].score.metric[rule->metric[i]];
    if (of_a != of_b) return of_a < of_b;
  }
  return knee_distance(problem, found, a) < knee_distance(problem, found, b);
}

static const ls_result *front_pick(const ls_problem *problem, const ls_level2 *found,
                                   const pick_rule *rule)
{
  int32_t best = 0;
  for (int32_t i = 1; i < found->front_count; i++)
    if (is_better(problem, found, rule, i, best)) best = i;
  return &found->front[best];
}

static void picks_choose(const ls_session *session, ls_answer *answer)
{
  for (int32_t i = 0; i < PICK_COUNT; i++) {
    const ls_result *result = front_pick(session->problem, &answer->level2, &pick_rules[i]);
    answer->named[answer->named_count++] =
        (ls_named){pick_rules[i].name, pick_rules[i].meaning, false, *result};
  }
  answer->pick_count = answer->named_count;
}

/* ---- Baselines ---- */

static const struct {
  int32_t without;
  const char *name, *meaning;
} baselines[] = {
    {LS_WITHOUT_CPO, "all-pluggable",
     "cheapest without co-packaged optics that delivers what the knee does"},
    {LS_WITHOUT_OCS, "without-ocs",
     "cheapest without optical circuit switches that delivers what the knee does"},
};

static ls_status baseline_find(const ls_session *session, int32_t index, ls_answer *answer,
                               ls_error *error)
{
  const int64_t knee_loss = answer->named[KNEE].result.score.metric[LS_METRIC_LOSS];
  ls_level2 found;
  ls_named named = {
      .name = baselines[index].name, .meaning = baselines[index].meaning, .is_baseline = true};
  ls_status status = ls_level2_run(session, baselines[index].without, knee_loss, &found, error);
  const pick_rule *rule = &pick_rules[0];
  if (status == LS_OK && !found.front_count) {
    ls_level2_destroy(&found);
    status = ls_level2_run(session, baselines[index].without, INT64_MAX, &found, error);
    rule = &pick_rules[2];
    named.meaning = "the fastest without it; none delivers what the knee does";
  }
  if (status == LS_OK && found.front_count) {
    named.result = *front_pick(session->problem, &found, rule);
    answer->named[answer->named_count++] = named;
  }
  ls_level2_destroy(&found);
  return status;
}

/* ---- Proof ---- */

static bool is_covered(const ls_problem *problem, const ls_level2 *found, const ls_score *score)
{
  for (int32_t i = 0; i < found->front_count; i++)
    if (ls_score_covers(&found->front[i].score, score, problem->objective_mask)) return true;
  return false;
}

/* Level-1 scores are optimistic: a design that a level-2 result covers even so is out for good.
 * Counts the others, less those that were built. */
static ls_status unproved_count(const ls_session *session, ls_answer *answer, ls_error *error)
{
  const ls_level2 *found = &answer->level2;
  ls_score *reference = malloc((size_t)found->front_count * sizeof *reference);
  if (!reference)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the proof");
  for (int32_t i = 0; i < found->front_count; i++) reference[i] = found->front[i].score;
  const ls_status status = ls_sweep_count_undominated(session, reference, found->front_count,
                                                      &answer->unproved_count, error);
  free(reference);
  for (int32_t i = 0; status == LS_OK && i < found->built_count; i++) {
    ls_score score;
    ls_rank_score(session->problem, found->built[i], &score);
    if (!is_covered(session->problem, found, &score)) answer->unproved_count--;
  }
  return status;
}

ls_status ls_answer_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  memset(answer, 0, sizeof *answer);
  ls_level2 *found = &answer->level2;
  ls_status status = ls_level2_run(session, 0, INT64_MAX, found, error);
  if (status != LS_OK) return status;
  if (!found->sweep.front_count)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                        "is infeasible: no design meets all constraints");
  if (!found->front_count)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                        "has no design that holds with true cable lengths: all %d that were "
                        "built fail on this floor",
                        found->built_count);
  picks_choose(session, answer);
  for (int32_t i = 0; status == LS_OK && i < LS_NAMED_MAX - PICK_COUNT; i++)
    status = baseline_find(session, i, answer, error);
  if (status == LS_OK) status = unproved_count(session, answer, error);
  return status;
}

void ls_answer_destroy(ls_answer *answer) { ls_level2_destroy(&answer->level2); }
