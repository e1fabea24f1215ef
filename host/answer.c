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
#include "tornado.h"

/* ---- Picks ---- */

static void picks_choose(const ls_session *session, ls_answer *answer)
{
  for (int32_t i = 0; i < LS_PICK_COUNT; i++) {
    if (!ls_pick_is_searched_for(session->problem, &ls_pick_rules[i])) continue;
    const ls_result *result = ls_level2_pick(session->problem, &answer->level2, &ls_pick_rules[i]);
    answer->named[answer->named_count++] = (ls_named){
        .name = ls_pick_rules[i].name, .meaning = ls_pick_rules[i].meaning, .result = *result};
  }
  answer->pick_count = answer->named_count;
}

/* ---- Baselines ---- */

static ls_status baseline_add(const ls_session *session, int32_t index, ls_answer *answer,
                              ls_error *error)
{
  ls_named named;
  bool is_found;
  const ls_status status =
      ls_baseline_find(session, &answer->level2, &answer->named[answer->pick_count - 1].result,
                       index, &named, &is_found, error);
  if (status != LS_OK) return status;
  if (is_found)
    answer->named[answer->named_count++] = named;
  else
    answer->absent[answer->absent_count++] = named.name;
  return LS_OK;
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

/* ---- Why the recommendation, and why the knee ---- */

int32_t ls_answer_recommended(const ls_session *session, const ls_answer *answer)
{
  const char *name = ls_recommendation_rule(session->problem)->name;
  for (int32_t i = 0; i < answer->pick_count; i++)
    if (strcmp(answer->named[i].name, name) == 0) return i;
  return answer->pick_count - 1;
}

typedef struct level1_task {
  const ls_session *session;
  const ls_level2 *found;
  const ls_result *pick;
  const ls_pick_rule *rule;
  ls_reason_level1 level1;
} level1_task;

/* Asks level 1 with the lengths that the floor gave. */
static ls_status level1_compute(void *context, ls_error *error)
{
  level1_task *self = context;
  const ls_session *session = self->session;
  const ls_refinement refinement = {session->problem, self->found->refined};
  ls_session learnt = *session;
  learnt.progress = NULL;
  learnt.problem = self->found->refined;
  learnt.refinement = &refinement;
  return ls_reason_level1_find(&learnt, &self->pick->score, self->rule,
                               ls_reason_wants_cpo(session->problem, self->found, self->pick),
                               &self->level1, error);
}

static ls_status reason_find(const ls_session *session, int32_t index, const ls_pick_rule *rule,
                             ls_answer *answer, ls_error *error)
{
  level1_task task = {session, &answer->level2, &answer->named[index].result, rule, {0}};
  char sha256[65], key[LS_STEP_KEY_MAX];
  ls_level2_digest(&answer->level2, sha256);
  snprintf(key, sizeof key, "%s built %s", rule->name, sha256);
  const ls_step step = {.kind = "reason",
                        .key = key,
                        .value = &task.level1,
                        .value_bytes = sizeof task.level1,
                        .compute = level1_compute,
                        .context = &task};
  const ls_status status = ls_run_step(session->store, &step, error);
  if (status != LS_OK) return status;
  ls_reason_case of = {.session = session,
                       .found = &answer->level2,
                       .pick = task.pick,
                       .rule = rule,
                       .level1 = &task.level1};
  for (int32_t i = answer->pick_count; i < answer->named_count; i++)
    of.baseline[answer->named[i].baseline] = &answer->named[i];
  ls_reason_of_result(&of, &answer->reason[index]);
  return LS_OK;
}

static ls_status reasons_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  const int32_t knee = answer->pick_count - 1;
  const int32_t recommended = ls_answer_recommended(session, answer);
  /* Outside of the steps: what comes later looks at the lengths, too. */
  ls_status status =
      ls_level2_adopt(session, answer->named[knee].result.rank, &answer->level2, error);
  if (status == LS_OK)
    status = reason_find(session, knee, &ls_pick_rules[LS_PICK_KNEE], answer, error);
  if (status != LS_OK || recommended == knee) return status;
  status = ls_level2_adopt(session, answer->named[recommended].result.rank, &answer->level2, error);
  if (status == LS_OK)
    status =
        reason_find(session, recommended, ls_recommendation_rule(session->problem), answer, error);
  return status;
}

/* ---- */

/* What the picks are measured against. */
static ls_status picks_compare(const ls_session *session, ls_answer *answer, ls_error *error)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_BASELINE_COUNT; i++)
    status = baseline_add(session, i, answer, error);
  ls_progress_phase(session->progress, "proof");
  if (status == LS_OK) status = unproved_count(session, answer, error);
  ls_progress_phase(session->progress, "reason");
  if (status == LS_OK) status = reasons_find(session, answer, error);
  return status;
}

ls_status ls_answer_find(const ls_session *session, ls_answer *answer, ls_error *error)
{
  memset(answer, 0, sizeof *answer);
  ls_level2 *found = &answer->level2;
  ls_status status = ls_level2_run(session, 0, INT64_MAX, LS_BUILT_MAX, found, error);
  if (status == LS_ERR_STOPPED && !found->front_count)
    return ls_error_set(error, status, session->spec->path, 0, NULL,
                        "was stopped before a design was found");
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
  const int32_t reasoned[] = {answer->pick_count - 1, ls_answer_recommended(session, answer)};
  for (int32_t i = 0; i < 2; i++)
    if (!answer->reason[reasoned[i]].text[0])
      ls_reason_append(answer->reason[reasoned[i]].text,
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
