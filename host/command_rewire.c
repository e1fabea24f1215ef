/* `lightspine rewire FILE.graphml DEMAND.csv`: circuits of a design's OCS for another demand. */
#include <math.h>
#include <stdio.h>

#include "arguments.h"
#include "commands.h"
#include "json.h"
#include "rewire_file.h"

static ls_json *range_json(const ls_flow_range *range)
{
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "low", fmin(range->low, 1e9));
  ls_json_set_real(object, "high", fmin(range->high, 1e9));
  return object;
}

static ls_status answer_json(const ls_arguments *arguments, const ls_rewire_report *report,
                             ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", arguments->positional[0]);
  ls_json_set_int(object, "planes", report->plane_count);
  ls_json_set_int(object, "blocks", report->block_count);
  ls_json_set_int(object, "ocs", report->ocs_count);
  ls_json_set_int(object, "circuits_kept", report->told.kept);
  ls_json_set_int(object, "circuits_moved", report->told.moved);
  ls_json_set_int(object, "circuits_moved_bound", report->told.moved_bound);
  ls_json_set_int(object, "links_dark", report->told.dark);
  ls_json_set(object, "throughput_before", range_json(&report->before));
  ls_json_set(object, "throughput_after", range_json(&report->after));
  return ls_json_write(object, stdout, error);
}

static void answer_print(const ls_arguments *arguments, const ls_rewire_report *report)
{
  printf("%s: %d plane%s of %d blocks and %d OCS\n"
         "  throughput of the demand  %.4f to %.4f before, %.4f to %.4f after (at 1 the busiest "
         "block\n"
         "                            sends all that its NICs can)\n"
         "  circuits                  %d stay, %d are new; no way has fewer than %d new ones\n",
         arguments->positional[0], report->plane_count, report->plane_count == 1 ? "" : "s",
         report->block_count, report->ocs_count, report->before.low, report->before.high,
         report->after.low, report->after.high, report->told.kept, report->told.moved,
         report->told.moved_bound);
  if (report->told.dark) printf("  links without a place     %d\n", report->told.dark);
  if (arguments->output_path) printf("  cross-connects            %s\n", arguments->output_path);
}

ls_status ls_command_rewire(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_rewire_report report;
  ls_status status =
      ls_arguments_read(argc, argv, LS_ARGUMENTS_OUTPUT, 2,
                        "one GraphML file and one CSV file of demand", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_rewire_file(arguments.positional[0], arguments.positional[1], arguments.output_path,
                          &report, error);
  if (status != LS_OK) return status;
  if (arguments.is_json) return answer_json(&arguments, &report, error);
  answer_print(&arguments, &report);
  return LS_OK;
}
