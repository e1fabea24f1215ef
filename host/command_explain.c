/* `lightspine explain`: why nothing is feasible, or how sure a recommendation is. */
#include <stdio.h>
#include <stdlib.h>

#include "break_even.h"
#include "commands.h"
#include "conflict.h"
#include "design.h"
#include "reason.h"
#include "robust.h"
#include "technology.h"
#include "tornado.h"

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
  const ls_session *session;
  const ls_sweep_result *sweep;
  int32_t pick; /* index into the front */
  char reason[LS_REASON_MAX];
  ls_tornado tornado;
  ls_robust robust;
  ls_break_even even[2]; /* by capex, by TCO */
} study;

static ls_json *study_json(const study *self)
{
  const ls_front_member *pick = &self->sweep->front[self->pick];
  char technology[LS_TECHNOLOGY_TEXT_MAX];
  ls_json *object = ls_json_object(), *even = ls_json_array();
  ls_json *chosen = ls_design_front_json(self->session, pick);
  ls_json_set_text(object, "spec", self->session->spec->name);
  ls_json_set_bool(object, "feasible", true);
  ls_json_set_text(chosen, "name", self->tornado.rule->name);
  ls_json_set_text(chosen, "technology", ls_technology_text(self->session, pick->rank, technology));
  ls_json_set_text(chosen, "reason", self->reason);
  ls_json_set(object, "pick", chosen);
  ls_json_set_text(object, "effect_metric", ls_metric_name[self->tornado.metric]);
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
  const ls_front_member *pick = &self->sweep->front[self->pick];
  char design[LS_DESIGN_TEXT_MAX];
  ls_design_text(self->session, pick->rank, design);
  printf("%s: the %s is %s\n%s\n\n", self->session->spec->name, self->tornado.rule->name, design,
         self->reason);
  for (int32_t i = 0; i < 2; i++) ls_break_even_print(self->session, &self->even[i]);
  printf("\n");
  ls_tornado_print(self->session, &self->tornado, is_all ? INT32_MAX : 12);
  printf("\n");
  ls_robust_print(self->session, &self->robust, is_all ? INT32_MAX : 6);
}

/* The recommendation, why it is one, and what would change it. */
static ls_status pick_tell(const ls_session *session, const ls_sweep_result *sweep,
                           const ls_arguments *arguments, ls_error *error)
{
  const ls_pick_rule *rule = ls_recommendation_rule(session->problem);
  study self = {.session = session,
                .sweep = sweep,
                .pick = ls_pick_member(session->problem, rule, sweep->front, sweep->front_count)};
  const ls_front_member *pick = &sweep->front[self.pick];
  ls_status status = ls_reason_write(session, pick, rule, self.reason, error);
  static const int32_t metrics[] = {LS_METRIC_CAPEX, LS_METRIC_TCO};
  for (int32_t i = 0; status == LS_OK && i < 2; i++)
    status = ls_break_even_find(session, metrics[i], pick->score.metric[LS_METRIC_LOSS],
                                &self.even[i], error);
  if (status == LS_OK) status = ls_tornado_find(session, pick, &self.tornado, error);
  if (status == LS_OK)
    status = ls_robust_find(session, sweep, self.pick, (uint64_t)arguments->seed,
                            arguments->draw_count, &self.robust, error);
  if (status == LS_OK && arguments->is_json)
    status = ls_json_write(study_json(&self), stdout, error);
  else if (status == LS_OK)
    study_print(&self, arguments->is_all);
  ls_robust_destroy(&self.robust);
  ls_tornado_destroy(&self.tornado);
  return status;
}

ls_status ls_command_explain(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  ls_sweep_result sweep = {0};
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_EXPLAIN, 1,
                                       "one spec file", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK) status = ls_sweep_run(&session, session.problem, &sweep, error);
  if (status == LS_OK)
    status = sweep.front_count ? pick_tell(&session, &sweep, &arguments, error)
                               : conflict_tell(&session, &arguments, error);
  ls_sweep_destroy(&sweep);
  ls_session_close(&session);
  return status;
}
