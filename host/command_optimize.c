/* `lightspine optimize`, the main job: spec and catalog become a problem, level 1 sweeps it,
 * level 2 builds the shortlist, igraph verifies the picks, and everything is written out. */
#include <stdio.h>

#include "commands.h"
#include "report.h"

static ls_status answer_tell(const ls_session *session, const ls_answer *answer,
                             const ls_verdicts *verdicts, const char *folder, bool is_json,
                             ls_error *error)
{
  if (!is_json) {
    ls_report_print(session, answer, verdicts, folder);
    return LS_OK;
  }
  ls_json *object = ls_answer_json(session, answer);
  ls_json_set_text(object, "folder", folder);
  ls_json_set(object, "files", ls_outputs_files_json(answer));
  return ls_json_write(object, stdout, error);
}

ls_status ls_command_optimize(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  ls_answer answer = {0};
  ls_verdicts verdicts;
  char folder[512];
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_OUTPUT, 1,
                                       "one spec file", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK) status = ls_answer_find(&session, &answer, error);
  if (status == LS_ERR_NO && session.problem && !answer.level2.sweep.front_count)
    ls_sweep_explain(&session, &answer.level2.sweep);
  if (status == LS_OK) {
    ls_report_progress(&session, &answer);
    if (arguments.output_path)
      snprintf(folder, sizeof folder, "%s", arguments.output_path);
    else
      snprintf(folder, sizeof folder, "results/%s-%lld", session.spec->name,
               (long long)arguments.seed);
    status = ls_outputs_write(&session, &arguments, &answer, folder, &verdicts, error);
  }
  if (status == LS_OK)
    status = answer_tell(&session, &answer, &verdicts, folder, arguments.is_json, error);
  ls_answer_destroy(&answer);
  ls_session_close(&session);
  return status;
}
