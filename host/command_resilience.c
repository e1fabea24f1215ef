/* `lightspine resilience FILE.graphml`: what an exported design carries with parts of it down. */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "devices.h"
#include "fields.h"
#include "resilience_json.h"
#include "session.h"
#include "stop.h"

static ls_status answer_json(const char *path, const ls_resilience_options *options,
                             const ls_resilience *found, ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", path);
  ls_resilience_set(options, found, object);
  return ls_json_write(object, stdout, error);
}

/* How many fail a year. */
static const char *yearly_text(const ls_resilience_single *single, char text[24])
{
  snprintf(text, 24, "%.2f", single->fit * 8760e-9);
  return single->fit > 0 ? text : "unknown";
}

static void answer_print(const char *path, const ls_resilience_options *options,
                         const ls_resilience *found)
{
  char text[24];
  const bool is_all = options->drawn == LS_FAILING_KIND_COUNT;
  printf("%s: share of its throughput that is left, of %d draws%s%s\n"
         "  parts down    mean  median  worst 1%%  worst 0.1%%   least  GPUs without a plane\n",
         path, options->draw_count, is_all ? "" : ", each part a ",
         is_all ? "" : ls_resilience_drawn(options));
  for (int32_t i = 0; i < options->row_count; i++) {
    const ls_resilience_row *row = &found->rows[i];
    printf("  %10d  %.4f  %.4f    %.4f      %.4f  %.4f  %.2f\n", row->failures, row->mean,
           row->median, row->worst_percent, row->worst_permille, row->least, row->gpu_mean);
  }
  printf("the worst single failure of each kind of part\n"
         "  part             count  fail a year    left  GPUs without a plane  where\n");
  for (int32_t i = 0; i < LS_FAILING_KIND_COUNT; i++) {
    const ls_resilience_single *single = &found->singles[i];
    if (single->count)
      printf("  %-12s %9lld  %11s  %.4f  %20lld  %s\n", ls_failing_names[i],
             (long long)single->count, yearly_text(single, text), single->least,
             (long long)single->gpu_count, single->where);
  }
}

static const char *name_of_kind(const void *context, int32_t index)
{
  (void)context;
  return index < LS_FAILING_KIND_COUNT ? ls_failing_names[index] : NULL;
}

/* A kind by its name. */
static ls_status kind_read(const char *name, ls_failing_kind *drawn, ls_error *error)
{
  *drawn = LS_FAILING_KIND_COUNT;
  if (!name) return LS_OK;
  for (int32_t i = 0; i < LS_FAILING_KIND_COUNT; i++)
    if (strcmp(name, ls_failing_names[i]) == 0) *drawn = (ls_failing_kind)i;
  if (*drawn < LS_FAILING_KIND_COUNT) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--of",
                      "must be a kind of part, got %s; the nearest one is %s", name,
                      ls_name_nearest(name, LS_FAILING_KIND_COUNT, name_of_kind, NULL));
}

/* Where it was not asked for, that the CPU does the work is told. */
static void backend_tell(const ls_session *session, const ls_resilience *found)
{
  if (session->backend != found->backend)
    fprintf(stderr, "the GPU failed; the CPU does the work\n");
  else if (session->backend_note[0] && session->backend == &ls_backend_cpu)
    fprintf(stderr, "the CPU does the work: %s\n", session->backend_note);
}

ls_status ls_command_resilience(int argc, char **argv, ls_error *error)
{
  enum { DRAWS_DEFAULT = 100000, ROWS_DEFAULT = 6 };
  ls_arguments arguments;
  ls_resilience found;
  ls_session session = {0};
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_RESILIENCE, 1, "one GraphML file",
                                       &arguments, error);
  if (status != LS_OK) return status;
  ls_resilience_options options = {.seed = (uint64_t)arguments.seed,
                                   .draw_count = DRAWS_DEFAULT,
                                   .row_count = ROWS_DEFAULT,
                                   .failures = {1, 2, 4, 8, 16, 32}};
  status = kind_read(arguments.of_kind, &options.drawn, error);
  if (status == LS_OK) status = ls_session_backend_choose(&arguments, &session, error);
  if (status != LS_OK) return status;
  options.backend = session.backend;
  options.is_backend_forced = session.is_backend_forced;
  options.stop = ls_stop_install();
  if (arguments.draw_count) options.draw_count = arguments.draw_count;
  if (arguments.failure_count) {
    options.row_count = 1;
    options.failures[0] = arguments.failure_count;
  }
  status = ls_devices_threads(arguments.thread_count, &options.thread_count, error);
  if (status != LS_OK) return status;
  status = ls_resilience_measure(arguments.positional[0], &options, &found, error);
  if (status != LS_OK) return status;
  backend_tell(&session, &found);
  if (arguments.is_json) return answer_json(arguments.positional[0], &options, &found, error);
  answer_print(arguments.positional[0], &options, &found);
  return LS_OK;
}
