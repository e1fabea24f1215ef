/* `lightspine throughput FILE.graphml`: what an exported design delivers, routed. */
#include <math.h>
#include <stdio.h>

#include "arguments.h"
#include "clock.h"
#include "commands.h"
#include "devices.h"
#include "json.h"
#include "throughput.h"

enum { STEPS_MAX = 2000, EXACT_ROUNDS_MAX = 1000, WORK_MAX = 20000000 };

/* Without --gap. */
#define GAP_DEFAULT 0.01

/* Four of them. */
#define DECIMALS 1e4

static ls_status answer_json(const ls_arguments *arguments, const ls_throughput *found,
                             double seconds, ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", arguments->positional[0]);
  ls_json_set_text(object, "all_to_all_by", arguments->is_exact ? "linear program" : "steps");
  ls_json_set_int(object, "failures", arguments->failure_count);
  ls_throughput_set(found, object);
  ls_json_set_real(object, "seconds", seconds);
  return ls_json_write(object, stdout, error);
}

static void answer_print(const ls_arguments *arguments, const ls_throughput *found)
{
  const double parts = found->all_to_all_parts;
  const int places = (int)lround(log10(parts));
  if (arguments->failure_count)
    printf("with %d parts down, drawn by seed %lld\n", arguments->failure_count,
           (long long)arguments->seed);
  printf(
      "%s: %d network%s, %d leaves in the largest; shares of the NIC rate, of the worst network\n"
      "  all-to-all            %.*f to %.*f (%s)\n"
      "    fewest hops (ECMP)  %.4f\n"
      "    by way of all       %.4f (Valiant)\n"
      "  worst traffic         %.4f to %.4f, the hardest permutation takes %.3f hops a bit\n"
      "    by the formula      %.4f to %.4f\n",
      arguments->positional[0], found->network_count, found->network_count == 1 ? "" : "s",
      found->block_count, places, ls_throughput_down(found->all_to_all_low, parts), places,
      ls_throughput_up(found->all_to_all_high, parts),
      arguments->is_exact ? "linear program" : "proved bounds", found->ecmp, found->valiant,
      ls_throughput_down(found->worst_low, DECIMALS), ls_throughput_up(found->worst_high, DECIMALS),
      found->worst_hops, found->formula_low, found->formula_high);
}

ls_status ls_command_throughput(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_throughput found;
  const double start = ls_clock_seconds();
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_THROUGHPUT, 1, "one GraphML file",
                                       &arguments, error);
  if (status != LS_OK) return status;
  ls_throughput_options options = {.is_exact = arguments.is_exact,
                                   .gap = arguments.gap > 0 ? arguments.gap : GAP_DEFAULT,
                                   .steps = arguments.is_exact ? EXACT_ROUNDS_MAX : STEPS_MAX,
                                   .failures = arguments.failure_count,
                                   .seed = (uint64_t)arguments.seed,
                                   .work_max = WORK_MAX};
  status = ls_devices_threads(arguments.thread_count, &options.thread_count, error);
  if (status == LS_OK)
    status = ls_throughput_measure(arguments.positional[0], &options, &found, error);
  if (status != LS_OK) return status;
  if (arguments.is_json) return answer_json(&arguments, &found, ls_clock_seconds() - start, error);
  answer_print(&arguments, &found);
  return LS_OK;
}
