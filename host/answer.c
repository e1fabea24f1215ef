#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/dominate.h"
#include "../kernels/evaluate.h"
#include "pick.h"
#include "problem_build.h"
#include "progress.h"
#include "refinement.h"
#include "run_step.h"

/* ---- Picks ---- */

static void picks_choose(const ls_session *session, ls_answer *answer)
{
  for (int32_t i = 0; i < LS_PICK_COUNT; i++) {
    if (!ls_pick_is_searched_for(session->problem, &ls_pick_rules[i])) continue;
    const ls_result *result = ls_level2_pick(session->problem, &answer->level2, &ls_pick_rules[i]);
    answer->named[answer->named_count++] =
        (ls_named){ls_pick_rules[i].name, ls_pick_rules[i].meaning, false, 0, *result};
  }
  answer->pick_count = answer->named_count;
}

/* ---- Baselines ---- */

static const struct {
  int32_t without;
  const char *name, *cheapest, *balanced;
} baselines[] = {
    {LS_WITHOUT_CPO, "all-pluggable",
     "cheapest without co-packaged optics with at least the knee's worst-case throughput",
     "best balance without co-packaged optics"},
    {LS_WITHOUT_OCS, "without-ocs",
     "cheapest without optical circuit switches with at least the knee's worst-case throughput",
     "best balance without optical circuit switches"},
};

/* A baseline is an extreme of its front, and every shortlist holds the extremes. */
enum { BASELINE_COUNT = sizeof baselines / sizeof *baselines, BASELINE_BUILT_MAX = 192 };

/* Cheapest at the knee's throughput where capex is searched for, else the best balance. */
static ls_status baseline_find(const ls_session *session, int32_t index, ls_answer *answer,
                               ls_error *error)
{
  const ls_problem *problem = session->problem;
  const ls_result *knee = &answer->named[answer->pick_count - 1].result;
  const bool is_priced = ls_pick_is_searched_for(problem, &ls_pick_rules[LS_PICK_CHEAPEST]);
  const ls_pick_rule *rule = &ls_pick_rules[is_priced ? LS_PICK_CHEAPEST : LS_PICK_KNEE];
  ls_named named = {.name = baselines[index].name,
                    .meaning = is_priced ? baselines[index].cheapest : baselines[index].balanced,
                    .is_baseline = true,
                    .without = baselines[index].without};
  ls_level2 found;
  ls_progress_phase(session->progress, named.name);
  ls_status status = ls_level2_run(session, baselines[index].without,
                                   is_priced ? knee->score.metric[LS_METRIC_LOSS] : INT64_MAX,
                                   BASELINE_BUILT_MAX, &found, error);
  if (status == LS_OK && !found.front_count && is_priced) {
    ls_level2_destroy(&found);
    status = ls_level2_run(session, baselines[index].without, INT64_MAX, BASELINE_BUILT_MAX, &found,
                           error);
    rule = &ls_pick_rules[LS_PICK_FASTEST];
    named.meaning = "the fastest without; none reaches the knee's worst-case throughput";
  }
  if (status == LS_OK && found.front_count) {
    named.result = *ls_level2_pick(problem, &found, rule);
    answer->named[answer->named_count++] = named;
  } else if (status == LS_OK) {
    answer->absent[answer->absent_count++] = named.name;
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

typedef struct proof_task {
  const ls_session *session;
  const ls_level2 *found;
  uint64_t count;
} proof_task;

/* Level-1 scores are optimistic: a design that a level-2 result covers even so is out for good.
 * Counts the others, less those that were built. */
static ls_status proof_compute(void *context, ls_error *error)
{
  proof_task *self = context;
  const ls_level2 *found = self->found;
  ls_score *reference = malloc((size_t)found->front_count * sizeof *reference);
  if (!reference)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the proof");
  for (int32_t i = 0; i < found->front_count; i++) reference[i] = found->front[i].score;
  const ls_status status =
      ls_sweep_count_undominated(self->session, reference, found->front_count, &self->count, error);
  free(reference);
  for (int32_t i = 0; status == LS_OK && i < found->built_count; i++) {
    ls_score score;
    ls_rank_score(self->session->problem, found->built[i], &score);
    if (!is_covered(self->session->problem, found, &score)) self->count--;
  }
  return status;
}

static ls_status unproved_count(const ls_session *session, ls_answer *answer, ls_error *error)
{
  proof_task task = {.session = session, .found = &answer->level2};
  char sha256[65];
  ls_level2_digest(&answer->level2, sha256);
  const ls_step step = {.kind = "unproved",
                        .key = sha256,
                        .value = &task.count,
                        .value_bytes = sizeof task.count,
                        .compute = proof_compute,
                        .context = &task};
  const ls_status status = ls_run_step(session->store, &step, error);
  if (status == LS_OK) answer->unproved_count = task.count;
  return status;
}

/* ---- Why the knee ---- */

typedef struct reason_task {
  const ls_session *session;
  ls_answer *answer;
} reason_task;

/* Compares the knee with what else level 1 offers, with the lengths that the floor gave. */
static ls_status reason_compute(void *context, ls_error *error)
{
  const reason_task *self = context;
  const ls_session *session = self->session;
  ls_answer *answer = self->answer;
  ls_front_member knee = {.rank = answer->named[answer->pick_count - 1].result.rank};
  const ls_refinement refinement = {session->problem, answer->level2.refined};
  ls_session learnt = *session;
  learnt.progress = NULL;
  learnt.problem = answer->level2.refined;
  learnt.refinement = &refinement;
  ls_rank_score(learnt.problem, knee.rank, &knee.score);
  return ls_reason_write(&learnt, &knee, &ls_pick_rules[LS_PICK_KNEE], answer->reason, error);
}

static ls_status reason_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  reason_task task = {session, answer};
  char sha256[65];
  ls_level2_digest(&answer->level2, sha256);
  const ls_step step = {.kind = "reason",
                        .key = sha256,
                        .value = answer->reason,
                        .value_bytes = sizeof answer->reason,
                        .compute = reason_compute,
                        .context = &task};
  /* Outside of the step: what comes later looks at the lengths, too. */
  const ls_status status = ls_level2_adopt(
      session, answer->named[answer->pick_count - 1].result.rank, &answer->level2, error);
  return status == LS_OK ? ls_run_step(session->store, &step, error) : status;
}

/* ---- */

/* What the picks are measured against. */
static ls_status picks_compare(const ls_session *session, ls_answer *answer, ls_error *error)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < BASELINE_COUNT; i++)
    status = baseline_find(session, i, answer, error);
  ls_progress_phase(session->progress, "proof");
  if (status == LS_OK) status = unproved_count(session, answer, error);
  ls_progress_phase(session->progress, "reason");
  if (status == LS_OK) status = reason_find(session, answer, error);
  return status;
}

ls_status ls_answer_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  memset(answer, 0, sizeof *answer);
  ls_level2 *found = &answer->level2;
  ls_status status = ls_level2_run(session, 0, INT64_MAX, LS_BUILT_MAX, found, error);
  if (status == LS_ERR_STOPPED && !found->front_count)
    return ls_error_set(error, status, session->spec->path, 0, NULL,
                        "was stopped before a design was found; `lightspine optimize --resume` of "
                        "the run's folder goes on");
  if (status != LS_OK && status != LS_ERR_STOPPED) return status;
  if (!found->sweep.front_count)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                        "is infeasible: no design meets all constraints");
  if (!found->front_count)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                        "has no design that holds on the floor: all %d that were built fail%s",
                        found->built_count,
                        found->is_settled ? "" : ", and the limit on builds ended the search");
  picks_choose(session, answer);
  if (status == LS_OK) status = picks_compare(session, answer, error);
  answer->is_stopped = status == LS_ERR_STOPPED;
  if (!answer->is_stopped) return status;
  error->message[0] = '\0';
  if (!answer->reason[0])
    snprintf(answer->reason, sizeof answer->reason,
             "the search was stopped before it was compared");
  return LS_OK;
}

void ls_answer_destroy(ls_answer *answer) { ls_level2_destroy(&answer->level2); }

/* ---- Several names of a design ---- */

bool ls_result_is_same(const ls_result *a, const ls_result *b)
{
  return a->rank == b->rank && a->variant == b->variant &&
         memcmp(&a->score, &b->score, sizeof a->score) == 0;
}

int32_t ls_answer_first(const ls_answer *answer, int32_t index)
{
  int32_t first = 0;
  while (!ls_result_is_same(&answer->named[first].result, &answer->named[index].result)) first++;
  return first;
}
