/* lightspine: designs the optical network of an AI cluster. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json.h"
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

/* Where a run's folder is when -o does not say. */
static void folder_name(const ls_arguments *arguments, const ls_session *session, char name[512])
{
  if (arguments->output_path)
    snprintf(name, 512, "%s", arguments->output_path);
  else
    snprintf(name, 512, "results/%s-%lld", session->spec->name, (long long)arguments->seed);
}

/* The main job, from end to end:
 *
 *     spec.yaml + catalog.yaml
 *       → problem    flat integer tables                                   session.h
 *       → sweep      level 1: every design, the exact front                sweep.h
 *       → level 2    the front's designs as graphs on the floor            level2.h
 *       → answer     named picks, baselines, how much is unproved          answer.h
 *       → outputs    GraphML, tables; igraph verifies each exported file   outputs.h
 *       → report     what a person sees                                    report.h */
static ls_status optimize(int argc, char **argv, ls_error *error)
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
    folder_name(&arguments, &session, folder);
    ls_report_progress(&session, &answer);
    status = ls_outputs_write(&session, &arguments, &answer, folder, &verdicts, error);
  }
  if (status == LS_OK)
    status = answer_tell(&session, &answer, &verdicts, folder, arguments.is_json, error);
  ls_answer_destroy(&answer);
  ls_session_close(&session);
  return status;
}

/* ---- Commands ---- */

static const struct {
  const char *name;
  ls_status (*run)(int argc, char **argv, ls_error *error);
  const char *usage, *purpose;
} commands[] = {
    {"optimize", optimize, "SPEC [-o DIR]", "the main job: all levels, verified, exported"},
    {"sweep", ls_command_sweep, "SPEC", "level 1 alone: the exact front of the whole space"},
    {"size", ls_command_size, "--family F --gpus N --radix K", "switch, link and cable counts"},
    {"verify", ls_command_verify, "FILE.graphml", "checks an exported design independently"},
    {"catalog", ls_command_catalog, "check|list [FILE]",
     "what can be bought, and how sure its figures are"},
    {"schema", ls_command_schema, "[spec|catalog]", "JSON Schema of the input files"},
    {"devices", ls_command_devices, "", "what this machine can compute with"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void usage_print(FILE *stream)
{
  fprintf(stream, "lightspine " LS_VERSION ": designs the optical network of an AI cluster\n\n");
  for (int i = 0; i < COMMAND_COUNT; i++)
    fprintf(stream, "  lightspine %-9s %-30s %s\n", commands[i].name, commands[i].usage,
            commands[i].purpose);
  fprintf(stream,
          "\nSearches take --backend auto|cpu|cuda, --threads N, --seed N, --catalog FILE;\n"
          "every command takes --json. Exit: 0 done, 1 the answer is no, 2 a mistake in the\n"
          "input, 3 the machine failed, 130 stopped.\n");
}

/* Tells an error as one sentence, or as JSON on stdout when the caller wanted JSON. */
static void error_tell(const ls_error *error, int is_json)
{
  char text[1024];
  if (!error->message[0]) return; /* the command has told its answer itself */
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

static int wants_json(int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "--json") == 0) return 1;
  return 0;
}

int main(int argc, char **argv)
{
  ls_error error = {.line = 0};
  const char *name = argc > 1 ? argv[1] : "";
  if (!strcmp(name, "--version")) return puts("lightspine " LS_VERSION) == EOF ? 3 : 0;
  if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
    usage_print(stdout);
    return 0;
  }
  for (int i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(name, commands[i].name)) continue;
    ls_status status = commands[i].run(argc - 1, argv + 1, &error);
    if (fflush(stdout) && status == LS_OK)
      status = ls_error_set(&error, LS_ERR_IO, NULL, 0, NULL, "writing to stdout failed");
    if (status != LS_OK) error_tell(&error, wants_json(argc, argv));
    return ls_status_exit_code(status);
  }
  usage_print(stderr);
  if (*name) fprintf(stderr, "\nlightspine: there is no command %s\n", name);
  return 2;
}
