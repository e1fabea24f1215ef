/* `lightspine resilience FILE.graphml`: what an exported design carries with parts of it down. */
#include <stdio.h>

#include "arguments.h"
#include "commands.h"
#include "devices.h"
#include "resilience_json.h"

static ls_status answer_json(const char *path, const ls_resilience_options *options,
                             const ls_resilience *found, ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", path);
  ls_resilience_set(options, found, object);
  return ls_json_write(object, stdout, error);
}

static void answer_print(const char *path, const ls_resilience_options *options,
                         const ls_resilience *found)
{
  printf("%s: share of its throughput that is left, of %d draws\n"
         "  parts down    mean  median  worst 1%%  worst 0.1%%   least  GPUs without a plane\n",
         path, options->draw_count);
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
      printf("  %-12s %9lld  %11.2f  %.4f  %20lld  %s\n", ls_failing_names[i],
             (long long)single->count, single->fit * 8760e-9, single->least,
             (long long)single->gpu_count, single->where);
  }
}

ls_status ls_command_resilience(int argc, char **argv, ls_error *error)
{
  enum { DRAWS_DEFAULT = 100000, ROWS_DEFAULT = 6 };
  ls_arguments arguments;
  ls_resilience found;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_RESILIENCE, 1, "one GraphML file",
                                       &arguments, error);
  if (status != LS_OK) return status;
  ls_resilience_options options = {.seed = (uint64_t)arguments.seed,
                                   .draw_count = DRAWS_DEFAULT,
                                   .row_count = ROWS_DEFAULT,
                                   .failures = {1, 2, 4, 8, 16, 32}};
  if (arguments.draw_count) options.draw_count = arguments.draw_count;
  if (arguments.failure_count) {
    options.row_count = 1;
    options.failures[0] = arguments.failure_count;
  }
  status = ls_devices_threads(arguments.thread_count, &options.thread_count, error);
  if (status != LS_OK) return status;
  status = ls_resilience_measure(arguments.positional[0], &options, &found, error);
  if (status != LS_OK) return status;
  if (arguments.is_json) return answer_json(arguments.positional[0], &options, &found, error);
  answer_print(arguments.positional[0], &options, &found);
  return LS_OK;
}
