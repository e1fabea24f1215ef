/* `lightspine explain`: why nothing is feasible, or how sure the recommendation of level 2 is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "break_even.h"
#include "commands.h"
#include "conflict.h"
#include "design.h"
#include "level2.h"
#include "names.h"
#include "reason_result.h"
#include "refinement.h"
#include "report.h"
#include "robust.h"
#include "technology.h"
#include "tornado.h"
#include "units.h"

enum { DRAWS_DEFAULT = 10000 };

static ls_status conflict_tell(const ls_session *session, const ls_arguments *arguments,
                               ls_error *error)
{
  ls_conflict *conflict = malloc(sizeof *conflict);
  if (!conflict)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the explanation");
  ls_status status = ls_conflict_find(session, conflict, error);
  if (status == LS_OK && arguments->is_json)
    status = ls_json_write(ls_conflict_json(session, conflict), stdout, error);
  else if (status == LS_OK)
    ls_conflict_print(session, conflict);
  free(conflict);
  return status == LS_OK ? LS_ERR_NO : status;
}

/* What is known of a recommendation. */
typedef struct study {
  const ls_session *session; /* whose problem has the lengths that the floor gave */
  const ls_level2 *found;
  int32_t front_count;
  ls_front_member *front;  /* [front_count] of level 2, with its scores; owned */
  int32_t pick;            /* index into the front */
  const ls_result *picked; /* the same, of found */
  ls_reason reason;
  ls_tornado tornado;
  ls_robust robust;
  ls_break_even even[2]; /* by capex, by TCO */
} study;

/* Which of the two levels each part of the answer is of. */
static ls_json *levels_json(void)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "pick", 2);
  ls_json_set_int(object, "designs_drawn", 2);
  ls_json_set_int(object, "reason", 2);
  ls_json_set_int(object, "break_even", 1);
  ls_json_set_int(object, "tornado", 1);
  ls_json_set_int(object, "robust", 1);
  return object;
}

static ls_json *study_json(const study *self)
{
  const ls_front_member *pick = &self->front[self->pick];
  char technology[LS_TECHNOLOGY_TEXT_MAX];
  ls_json *object = ls_json_object(), *even = ls_json_array();
  ls_json *chosen = ls_design_front_json(self->session, pick);
  ls_json_set_text(object, "spec", self->session->spec->name);
  ls_json_set_bool(object, "feasible", true);
  ls_json_set(object, "levels", levels_json());
  ls_json_set_text(chosen, "name", self->tornado.rule->name);
  ls_json_set_text(chosen, "variant", ls_variant_names[self->picked->variant]);
  ls_json_set_text(chosen, "technology", ls_technology_text(self->session, pick->rank, technology));
  ls_reason_set(&self->reason, chosen);
  ls_json_set(object, "pick", chosen);
  ls_json_set_text(object, "effect_metric", ls_metric_name[self->tornado.metric]);
  ls_json_set_int(object, "amount_level2", pick->score.metric[self->tornado.metric]);
  ls_json_set_int(object, "amount_level1", self->tornado.amount);
  ls_json_set_text(object, "level1_pick", self->tornado.front_pick);
  ls_json_set_int(object, "sweeps", self->tornado.sweep_count);
  ls_json_set_int(object, "figures_unused", self->tornado.unused_count);
  ls_json_set(object, "tornado", ls_tornado_json(self->session, &self->tornado));
  ls_json_set(object, "robust", ls_robust_json(self->session, &self->robust));
  for (int32_t i = 0; i < 2; i++)
    ls_json_append(even, ls_break_even_json(self->session, &self->even[i]));
  ls_json_set(object, "break_even", even);
  return object;
}

static void study_print(const study *self, bool is_all)
{
  const ls_front_member *pick = &self->front[self->pick];
  const char *rule = self->tornado.rule->name;
  char at2[LS_AMOUNT_MAX], at1[LS_AMOUNT_MAX];
  const int32_t metric = self->tornado.metric;
  printf("%s: the %s at level 2, on the floor, is %s\n", self->session->spec->name, rule,
         self->tornado.design);
  if (self->picked->variant == LS_MIXED)
    printf("  mixed; what follows the reason is of the uniform design of its rank\n");
  printf("  %s %s; level 1 with the lengths of %d designs that were built says %s\n",
         ls_metric_name[metric], ls_tornado_amount_text(metric, pick->score.metric[metric], at2),
         self->found->built_count, ls_tornado_amount_text(metric, self->tornado.amount, at1));
  if (strcmp(self->tornado.design, self->tornado.front_pick) != 0)
    printf("  level 1 would pick %s: what changes its pick is told of that\n",
           self->tornado.front_pick);
  printf("Why: %s\n\n", self->reason.text);
  for (int32_t i = 0; i < 2; i++) ls_break_even_print(self->session, &self->even[i]);
  printf("\n");
  ls_tornado_print(self->session, &self->tornado, is_all ? INT32_MAX : 12);
  printf("\n");
  ls_robust_print(self->session, &self->robust, is_all ? INT32_MAX : 6);
}

/* The front of level 2 by rank, each once whatever its variants, and the recommendation's place in
 * it. */
static ls_status front_take(study *self, const ls_pick_rule *rule, ls_error *error)
{
  const ls_level2 *found = self->found;
  const ls_result *best = ls_level2_pick(self->session->problem, found, rule);
  self->front = malloc((size_t)found->front_count * sizeof *self->front);
  if (!self->front)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the explanation");
  self->picked = best;
  for (int32_t i = 0; i < found->front_count; i++) {
    const ls_result *result = &found->front[i];
    const bool is_again = i > 0 && result->rank == found->front[i - 1].rank;
    if (is_again && result != best) continue;
    self->front_count += !is_again;
    self->front[self->front_count - 1] =
        (ls_front_member){.rank = result->rank, .score = result->score};
    if (result == best) self->pick = self->front_count - 1;
  }
  return LS_OK;
}

/* The sentence that optimize tells of a design of these lengths, with the baselines that it needs.
 */
static ls_status reason_find(study *self, const ls_session *session, const ls_pick_rule *rule,
                             ls_error *error)
{
  ls_named named[LS_BASELINE_COUNT];
  ls_reason_level1 level1;
  ls_reason_case of = {.session = session,
                       .found = self->found,
                       .pick = self->picked,
                       .rule = rule,
                       .level1 = &level1};
  const ls_result *knee =
      ls_level2_pick(session->problem, self->found, &ls_pick_rules[LS_PICK_KNEE]);
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_BASELINE_COUNT; i++) {
    bool is_found;
    if (!ls_reason_needs(session->problem, self->picked, i)) continue;
    status = ls_baseline_find(session, self->found, knee, i, &named[i], &is_found, error);
    if (status == LS_OK && is_found) of.baseline[i] = &named[i];
  }
  if (status == LS_OK)
    status = ls_reason_level1_find(self->session, &self->picked->score, rule,
                                   ls_reason_wants_cpo(session->problem, self->found, self->picked),
                                   &level1, error);
  if (status == LS_OK) ls_reason_of_result(&of, &self->reason);
  return status;
}

/* All that is asked of the recommendation. */
static ls_status study_make(study *self, const ls_arguments *arguments, ls_error *error)
{
  static const int32_t metrics[] = {LS_METRIC_CAPEX, LS_METRIC_TCO};
  const ls_session *session = self->session;
  const ls_sweep_result drawn = {.front = self->front, .front_count = self->front_count};
  ls_front_member pick = {.rank = self->front[self->pick].rank};
  ls_rank_score(session->problem, pick.rank, &pick.score);
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < 2; i++)
    status = ls_break_even_find(session, metrics[i],
                                self->front[self->pick].score.metric[LS_METRIC_LOSS],
                                &self->even[i], error);
  if (status == LS_OK) status = ls_tornado_find(session, &pick, &self->tornado, error);
  if (status == LS_OK)
    status = ls_robust_find(session, &drawn, self->pick, (uint64_t)arguments->seed,
                            arguments->draw_count ? arguments->draw_count : DRAWS_DEFAULT,
                            &self->robust, error);
  return status;
}

/* The recommendation of level 2, why it is one, and what would change it. The doubts are of level
 * 1, where a sweep takes no time, with the lengths that the floor gave. */
static ls_status pick_tell(const ls_session *session, ls_level2 *found,
                           const ls_arguments *arguments, ls_error *error)
{
  const ls_refinement refinement = {session->problem, found->refined};
  ls_session learnt = *session;
  learnt.problem = found->refined;
  learnt.refinement = &refinement;
  study self = {.session = &learnt, .found = found};
  const ls_pick_rule *rule = ls_recommendation_rule(session->problem);
  ls_status status = front_take(&self, rule, error);
  if (status == LS_OK) status = ls_level2_adopt(session, self.front[self.pick].rank, found, error);
  if (status == LS_OK) status = reason_find(&self, session, rule, error);
  if (status == LS_OK) status = study_make(&self, arguments, error);
  if (status == LS_OK && arguments->is_json)
    status = ls_json_write(study_json(&self), stdout, error);
  else if (status == LS_OK)
    study_print(&self, arguments->is_all);
  ls_robust_destroy(&self.robust);
  ls_tornado_destroy(&self.tornado);
  free(self.front);
  return status;
}

/* Designs are feasible at level 1 alone: what stands in their way is the floor. */
static ls_status floor_tell(const ls_session *session, const ls_level2 *found, ls_error *error)
{
  ls_report_built_violations(found, stderr);
  return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                      "has no design that holds on the floor: all %d that were built fail",
                      found->built_count);
}

ls_status ls_command_explain(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  ls_level2 found = {0};
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_EXPLAIN, 1,
                                       "one spec file", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK) status = ls_level2_run(&session, 0, INT64_MAX, LS_BUILT_MAX, &found, error);
  if (status == LS_OK && !found.sweep.front_count)
    status = conflict_tell(&session, &arguments, error);
  else if (status == LS_OK && !found.front_count)
    status = floor_tell(&session, &found, error);
  else if (status == LS_OK)
    status = pick_tell(&session, &found, &arguments, error);
  ls_level2_destroy(&found);
  ls_session_close(&session);
  return status;
}
