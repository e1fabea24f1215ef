#include "baseline.h"

#include "problem_build.h"
#include "progress.h"
#include "result_parts.h"

static const struct {
  int32_t without;
  const char *name, *cheapest, *balanced;
} baselines[LS_BASELINE_COUNT] = {
    {LS_WITHOUT_CPO, "all-pluggable",
     "cheapest without co-packaged optics with at least the knee's worst-case throughput",
     "best balance without co-packaged optics"},
    {LS_WITHOUT_OCS, "without-ocs",
     "cheapest without optical circuit switches with at least the knee's worst-case throughput",
     "best balance without optical circuit switches"},
};

/* A baseline is an extreme of its front, and every shortlist holds the extremes. */
enum { BASELINE_BUILT_MAX = 192 };

/* The rule's best of a front among what does without, with this loss at most; NULL: none. */
static const ls_result *best_without(const ls_problem *problem, const ls_level2 *found,
                                     int32_t without, int64_t loss_ppm_max,
                                     const ls_pick_rule *rule)
{
  const ls_result *best = NULL;
  for (int32_t i = 0; i < found->front_count; i++) {
    const ls_result *result = &found->front[i];
    const bool is_out = result->score.metric[LS_METRIC_LOSS] > loss_ppm_max ||
                        (without == LS_WITHOUT_CPO && ls_result_has_cpo(problem, result)) ||
                        (without == LS_WITHOUT_OCS && ls_result_has_ocs(problem, result));
    if (!is_out && (!best || ls_pick_is_better(problem, rule, &result->score, &best->score)))
      best = result;
  }
  return best;
}

/* The better one of both fronts, where there is one. */
static bool baseline_take(const ls_problem *problem, const ls_level2 *found, const ls_level2 *own,
                          int64_t loss_ppm_max, const ls_pick_rule *rule, ls_named *named)
{
  const int32_t without = named->without;
  const ls_result *best = own->front_count ? ls_level2_pick(problem, own, rule) : NULL;
  const ls_result *other = best_without(problem, found, without, loss_ppm_max, rule);
  if (other && (!best || ls_pick_is_better(problem, rule, &other->score, &best->score))) {
    best = other;
    named->without = 0;
  }
  if (best) named->result = *best;
  return best != NULL;
}

ls_status ls_baseline_find(const ls_session *session, const ls_level2 *found, const ls_result *knee,
                           int32_t index, ls_named *named, bool *is_found, ls_error *error)
{
  const ls_problem *problem = session->problem;
  const bool is_priced = ls_pick_is_searched_for(problem, &ls_pick_rules[LS_PICK_CHEAPEST]);
  const ls_pick_rule *rule = &ls_pick_rules[is_priced ? LS_PICK_CHEAPEST : LS_PICK_KNEE];
  const int32_t without = baselines[index].without;
  int64_t loss_ppm_max = is_priced ? knee->score.metric[LS_METRIC_LOSS] : INT64_MAX;
  ls_level2 own;
  *named = (ls_named){.name = baselines[index].name,
                      .meaning = is_priced ? baselines[index].cheapest : baselines[index].balanced,
                      .is_baseline = true,
                      .baseline = index,
                      .without = without};
  *is_found = false;
  ls_progress_phase(session->progress, named->name);
  ls_status status = ls_level2_run(session, without, loss_ppm_max, BASELINE_BUILT_MAX, &own, error);
  if (status == LS_OK) *is_found = baseline_take(problem, found, &own, loss_ppm_max, rule, named);
  if (status == LS_OK && !*is_found && is_priced) {
    ls_level2_destroy(&own);
    loss_ppm_max = INT64_MAX;
    status = ls_level2_run(session, without, loss_ppm_max, BASELINE_BUILT_MAX, &own, error);
    rule = &ls_pick_rules[LS_PICK_FASTEST];
    named->meaning = "the fastest without; none reaches the knee's worst-case throughput";
    if (status == LS_OK) *is_found = baseline_take(problem, found, &own, loss_ppm_max, rule, named);
  }
  ls_level2_destroy(&own);
  return status;
}
