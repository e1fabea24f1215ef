/* lightspine: designs the optical network of an AI cluster. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "files.h"
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
  ls_json_set(object, "files", ls_outputs_files_json(session, answer));
  return ls_json_write(object, stdout, error);
}

/* The answer is no: says which constraints stand in the way, at level 1 or on the floor. */
static ls_status refusal_tell(const ls_session *session, const ls_answer *answer, bool is_json,
                              ls_error *error)
{
  if (!answer->level2.sweep.front_count)
    ls_sweep_explain(session, &answer->level2.sweep);
  else
    ls_report_built_violations(&answer->level2, stderr);
  if (!is_json) return LS_ERR_NO;
  ls_json *object = ls_refusal_json(session, answer, error->message);
  error->message[0] = '\0';
  const ls_status status = ls_json_write(object, stdout, error);
  return status == LS_OK ? LS_ERR_NO : status;
}

/* Where a run's folder is when -o does not say. */
static void folder_name(const ls_arguments *arguments, const ls_session *session,
                        char name[LS_PATH_MAX])
{
  snprintf(name, LS_PATH_MAX, "results/%s-%lld", session->spec->name, (long long)arguments->seed);
  if (arguments->output_path) snprintf(name, LS_PATH_MAX, "%s", arguments->output_path);
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
  ls_session session = {.on_sweep = ls_report_progress, .on_build = ls_report_build};
  ls_answer answer = {0};
  ls_verdicts verdicts;
  char folder[LS_PATH_MAX];
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_OUTPUT, 1,
                                       "one spec file", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK) {
    folder_name(&arguments, &session, folder);
    status = ls_folder_check(folder, error);
  }
  if (status == LS_OK) {
    status = ls_answer_find(&session, &answer, error);
    if (status == LS_ERR_NO) status = refusal_tell(&session, &answer, arguments.is_json, error);
  }
  if (status == LS_OK)
    status = ls_outputs_write(&session, &arguments, &answer, folder, &verdicts, error);
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
    {"sweep", ls_command_sweep, "SPEC [--years 2026:2032]",
     "level 1 alone: the exact front, or year by year"},
    {"explain", ls_command_explain, "SPEC", "why nothing is feasible, or how sure the pick is"},
    {"evaluate", ls_command_evaluate, "SPEC DESIGN", "one design, all metrics and its ledger"},
    {"size", ls_command_size, "--family F --gpus N --radix K", "switch, link and cable counts"},
    {"wire", ls_command_wire, "--nodes N --degree D | --hosts H --radix R",
     "the graph with the fewest hops, with a bound"},
    {"place", ls_command_place, "SPEC [DESIGN] | --qaplib FILE",
     "where a design's devices stand, or quadratic assignment"},
    {"verify", ls_command_verify, "FILE.graphml", "checks an exported design independently"},
    {"throughput", ls_command_throughput, "FILE.graphml [--exact]",
     "what an exported design delivers, routed, with bounds"},
    {"resilience", ls_command_resilience, "FILE.graphml [--failures K]",
     "what an exported design carries with parts of it down"},
    {"rewire", ls_command_rewire, "FILE.graphml DEMAND.csv",
     "circuits for another demand, as few of them moved as can be"},
    {"export", ls_command_export, "FILE.graphml --to FORMAT [-o FILE]",
     "an exported design in other tools' formats"},
    {"validate", ls_command_validate, "FILE", "published figures beside the model's own"},
    {"catalog", ls_command_catalog, "check|list [FILE]",
     "what can be bought, and how sure its figures are"},
    {"schema", ls_command_schema, "[spec|catalog|design]", "JSON Schema of the input files"},
    {"bench", ls_command_bench, "[sweep|place|apsp] [FILE]",
     "rates beside the ceilings of this machine"},
    {"devices", ls_command_devices, "", "what this machine can compute with"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void usage_print(FILE *stream)
{
  fprintf(stream, "lightspine " LS_VERSION ": designs the optical network of an AI cluster\n\n");
  for (int i = 0; i < COMMAND_COUNT; i++)
    fprintf(stream, "  lightspine %-10s %-30s %s\n", commands[i].name, commands[i].usage,
            commands[i].purpose);
  fprintf(
      stream,
      "\nSearches take --backend auto|cpu|cuda, --threads N, --seed N, --catalog FILE,\n--supply "
      "low|base|high|unlimited; size takes\n"
      "--planes, --oversubscription 3|3:1|1.5, --wiring plain|rail, --rails, --links-per-cable;\n"
      "verify takes --catalog and --deep. Every command takes --json.\n"
      "Exit: 0 done, 1 the answer is no, 2 a mistake in the input, 3 the machine failed,\n"
      "130 stopped.\n");
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

static ls_status command_run(int argc, char **argv, ls_error *error)
{
  const char *name = argc > 1 ? argv[1] : "";
  for (int i = 0; i < COMMAND_COUNT; i++)
    if (strcmp(name, commands[i].name) == 0) return commands[i].run(argc - 1, argv + 1, error);
  usage_print(stderr);
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, NULL, *name ? "there is no command %s" : "%s",
                      *name ? name : "a command is missing");
}

int main(int argc, char **argv)
{
  ls_error error = {.line = 0};
  ls_status status = LS_OK;
  if (has_argument(argc, argv, "--version"))
    puts("lightspine " LS_VERSION);
  else if (has_argument(argc, argv, "--help") || has_argument(argc, argv, "-h") ||
           (argc > 1 && strcmp(argv[1], "help") == 0))
    usage_print(stdout);
  else
    status = command_run(argc, argv, &error);
  if ((fflush(stdout) || ferror(stdout)) && status == LS_OK)
    status = ls_error_set(&error, LS_ERR_IO, NULL, 0, NULL, "standard output cannot be written");
  /* An answer that is no may have been told by the command itself; nothing else may be silent. */
  if (status != LS_OK && status != LS_ERR_NO && !error.message[0])
    ls_error_set(&error, status, NULL, 0, NULL,
                 status == LS_ERR_MEMORY ? "out of memory" : "failed");
  if (status != LS_OK && error.message[0]) error_tell(&error, has_argument(argc, argv, "--json"));
  return ls_status_exit_code(status);
}
