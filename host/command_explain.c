/* `lightspine explain`: why nothing is feasible, or how sure a recommendation is. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "conflict.h"
#include "design.h"
#include "reason.h"
#include "technology.h"

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

/* The recommendation, and why it is one. */
static ls_status pick_tell(const ls_session *session, const ls_sweep_result *sweep,
                           const ls_arguments *arguments, ls_error *error)
{
  const ls_pick_rule *rule = &ls_pick_rules[LS_PICK_KNEE];
  const ls_front_member *pick =
      &sweep->front[ls_pick_member(session->problem, rule, sweep->front, sweep->front_count)];
  char reason[LS_REASON_MAX], technology[LS_TECHNOLOGY_TEXT_MAX];
  const ls_status status = ls_reason_write(session, pick, rule, reason, error);
  if (status != LS_OK) return status;
  ls_technology_text(session, pick->rank, technology);
  if (!arguments->is_json) {
    printf("%s is feasible; the knee has %s: %s\n", session->spec->name, technology, reason);
    return LS_OK;
  }
  ls_json *object = ls_json_object(), *chosen = ls_design_front_json(session, pick);
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_bool(object, "feasible", true);
  ls_json_set_text(chosen, "name", rule->name);
  ls_json_set_text(chosen, "technology", technology);
  ls_json_set_text(chosen, "reason", reason);
  ls_json_set(object, "pick", chosen);
  return ls_json_write(object, stdout, error);
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
