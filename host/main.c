/* lightspine: designs the optical network of an AI cluster. */
#include <stdio.h>
#include <string.h>

#include "../kernels/stop_flag.h"
#include "command_table.h"
#include "commands.h"
#include "files.h"
#include "json.h"
#include "progress.h"
#include "report.h"
#include "run.h"
#include "start.h"
#include "stop.h"

/* Of a search that was stopped, how it goes on; by Ctrl-C is no success, the time limit is. */
static ls_status stop_tell(const ls_session *session, const ls_answer *answer, const char *folder)
{
  if (answer->is_stopped)
    ls_progress_note(session->progress,
                     "stopped: `lightspine optimize --resume %s` goes on with the search", folder);
  return ls_stop_status(session->stop);
}

/* The search ended before it had found anything; the run keeps what it has done. */
static ls_status nothing_tell(const ls_session *session, ls_run *run, ls_error *error)
{
  const bool is_time = ls_stop_cause(session->stop) == LS_STOP_TIME;
  const ls_status status = ls_run_stop(run, error);
  if (status != LS_OK) return status;
  return ls_error_set(error, is_time ? LS_ERR_TIME : LS_ERR_STOPPED, session->spec->path, 0,
                      is_time ? "--time-limit" : NULL,
                      "%s before a design was found; `lightspine optimize --resume %s` goes on",
                      is_time ? "ended the search" : "was stopped", run->path);
}

static ls_status answer_tell(const ls_session *session, const ls_answer *answer,
                             const ls_verdicts *verdicts, const char *folder, bool is_json,
                             ls_error *error)
{
  ls_progress_rest(session->progress);
  if (!is_json) {
    ls_report_print(session, answer, verdicts, folder);
    return stop_tell(session, answer, folder);
  }
  ls_json *object = ls_answer_json(session, answer);
  ls_json_set_text(object, "folder", folder);
  ls_json_set(object, "files", ls_outputs_files_json(session, answer));
  const ls_status status = ls_json_write(object, stdout, error);
  return status == LS_OK ? stop_tell(session, answer, folder) : status;
}

/* --resume of a run that needs nothing more. */
static ls_status finished_tell(const ls_run *run, bool is_json, ls_error *error)
{
  if (!is_json) {
    printf("%s holds a finished run; nothing is left to do\n", run->path);
    return LS_OK;
  }
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "folder", run->path);
  ls_json_set_bool(object, "finished", true);
  return ls_json_write(object, stdout, error);
}

/* The answer is no: says which constraints stand in the way, at level 1 or on the floor. The run
 * has nothing to keep. */
static ls_status refusal_tell(ls_session *session, ls_answer *answer, ls_run *run, bool is_json,
                              ls_error *error)
{
  ls_sweep_result *sweep = &answer->level2.sweep;
  const ls_status counted = ls_sweep_count_violations(session, session->problem, sweep, error);
  if (counted != LS_OK) return counted;
  ls_run_discard(run);
  session->store = NULL;
  ls_progress_rest(session->progress);
  if (!sweep->front_count)
    ls_sweep_explain(session, sweep);
  else
    ls_report_built_violations(&answer->level2, stderr);
  if (!is_json) return LS_ERR_NO;
  ls_json *object = ls_refusal_json(session, answer, error->message);
  error->message[0] = '\0';
  const ls_status status = ls_json_write(object, stdout, error);
  return status == LS_OK ? LS_ERR_NO : status;
}

static ls_status progress_create(const ls_arguments *arguments, ls_session *session,
                                 ls_error *error)
{
  const ls_progress_options options = {arguments->log_path, arguments->is_quiet,
                                       arguments->time_limit};
  return ls_progress_create(&options, &session->progress, error);
}

static ls_status progress_end(ls_progress *progress, ls_status status, ls_error *error)
{
  const bool is_stopped = status == LS_ERR_STOPPED || status == LS_ERR_TIME;
  ls_progress_end(progress, status == LS_OK ? "finished" : is_stopped ? "stopped" : "failed");
  const ls_status ended = ls_progress_destroy(progress, status == LS_OK ? error : NULL);
  return status == LS_OK ? ended : status;
}

/* The main job, from end to end:
 *
 *     spec.yaml + catalog.yaml
 *       → problem    flat integer tables                                   session.h
 *       → run        folder and store; a stopped run goes on               run.h
 *       → sweep      level 1: every design, the exact front                sweep.h
 *       → level 2    the front's designs as graphs on the floor            level2.h
 *       → answer     named picks, baselines, how much is unproved          answer.h
 *       → outputs    GraphML, tables; igraph verifies each exported file   outputs.h
 *       → report     what a person sees                                    report.h */
ls_status ls_command_optimize(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {.progress = NULL};
  ls_run run = {0};
  ls_answer answer = {0};
  ls_verdicts verdicts;
  ls_status status =
      ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_FOLDER | LS_ARGUMENTS_RUN, 1,
                        "one spec file", &arguments, error);
  if (status == LS_OK) status = ls_run_recall(&run, &arguments, error);
  if (status == LS_OK && run.is_finished) return finished_tell(&run, arguments.is_json, error);
  if (status == LS_OK) status = progress_create(&arguments, &session, error);
  if (status == LS_OK) status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK && arguments.start_path)
    status = ls_start_read(&session, arguments.start_path, error);
  if (status == LS_OK && arguments.time_limit > 0) ls_stop_after(arguments.time_limit);
  if (status == LS_OK) status = ls_run_begin(&run, &arguments, &session, error);
  if (status == LS_OK) ls_progress_start(session.progress, &session, run.path, run.is_resumed);
  if (status == LS_OK) {
    status = ls_answer_find(&session, &answer, error);
    if (status == LS_ERR_NO)
      status = refusal_tell(&session, &answer, &run, arguments.is_json, error);
    if (status == LS_ERR_STOPPED) status = nothing_tell(&session, &run, error);
  }
  if (status == LS_OK)
    status = ls_outputs_write(&session, &arguments, &answer, &run, &verdicts, error);
  session.store = NULL; /* the run has closed it, or is about to */
  if (status == LS_OK)
    status = answer_tell(&session, &answer, &verdicts, run.path, arguments.is_json, error);
  status = progress_end(session.progress, status, error);
  ls_answer_destroy(&answer);
  ls_session_close(&session);
  ls_run_close(&run);
  return status;
}

/* Tells an error as one sentence, or as JSON on stdout when the caller wanted JSON. */
static void error_tell(const ls_error *error, bool is_json)
{
  char text[1024];
  if (is_json) {
    ls_json *object = ls_json_object(), *detail = ls_json_object();
    ls_json_set_text(detail, "file", error->file);
    ls_json_set_int(detail, "line", error->line);
    ls_json_set_text(detail, "key", error->key);
    ls_json_set_text(detail, "message", error->message);
    ls_json_set(object, "error", detail);
    ls_json_write(object, stdout, NULL);
  }
  ls_error_format(error, text, sizeof text);
  fprintf(stderr, "lightspine: %s\n", text);
}

static bool has_argument(int argc, char **argv, const char *word)
{
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], word) == 0) return true;
  return false;
}

/* The command that argv names, its page, or the list of all. */
static ls_status command_run(int argc, char **argv, ls_error *error)
{
  const char *name = argc > 1 ? argv[1] : "";
  const bool is_help = has_argument(argc, argv, "--help") || has_argument(argc, argv, "-h");
  const ls_command *command = ls_help_find(&ls_command_table, name);
  if (command && !is_help) return command->run(argc - 1, argv + 1, error);
  if (command)
    ls_help_page(command, stdout);
  else if (is_help || !*name)
    ls_help_list(&ls_command_table, is_help ? stdout : stderr);
  if (command || is_help) return LS_OK;
  if (!*name) return ls_error_set(error, LS_ERR_INPUT, NULL, 0, NULL, "a command is missing");
  return ls_help_refuse(&ls_command_table, name, error);
}

static ls_status version_tell(bool is_json, ls_error *error)
{
  if (!is_json) {
    puts("lightspine " LS_VERSION);
    return LS_OK;
  }
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "program", "lightspine");
  ls_json_set_text(object, "version", LS_VERSION);
  return ls_json_write(object, stdout, error);
}

int main(int argc, char **argv)
{
  ls_error error = {.line = 0};
  const bool is_json = has_argument(argc, argv, "--json");
  ls_status status = has_argument(argc, argv, "--version") ? version_tell(is_json, &error)
                                                           : command_run(argc, argv, &error);
  if (status == LS_OK) status = ls_stdout_flush(&error);
  /* An answer that is no, and what was found until a stop, may have been told by the command
   * itself; nothing else may be silent. */
  if (status != LS_OK && status != LS_ERR_NO && status != LS_ERR_STOPPED && !error.message[0])
    ls_error_set(&error, status, NULL, 0, NULL,
                 status == LS_ERR_MEMORY ? "out of memory" : "failed");
  if (status != LS_OK && error.message[0]) error_tell(&error, is_json);
  return ls_status_exit_code(status);
}
