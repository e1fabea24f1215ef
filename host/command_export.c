/* `lightspine export FILE.graphml --to FORMAT`: an exported design in another tool's format. */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "export.h"
#include "json.h"

static ls_status format_refuse(const char *name, ls_error *error)
{
  char names[256] = "";
  size_t used = 0;
  for (const ls_export_format *format = ls_export_formats; format->name; format++)
    used +=
        (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", format->name);
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--to", "must be one of %s, got %s", names,
                      name ? name : "nothing");
}

static ls_status answer_tell(const ls_arguments *arguments, const ls_export_format *format,
                             const ls_export_report *report, ls_error *error)
{
  if (!arguments->is_json) {
    printf("%s: %s, of %d devices and %d bundles\n", arguments->output_path, format->purpose,
           report->node_count, report->edge_count);
    return LS_OK;
  }
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", arguments->positional[0]);
  ls_json_set_text(object, "format", format->name);
  ls_json_set_text(object, "output", arguments->output_path);
  ls_json_set_int(object, "node_count", report->node_count);
  ls_json_set_int(object, "edge_count", report->edge_count);
  return ls_json_write(object, stdout, error);
}

ls_status ls_command_export(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_export_report report;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_EXPORT | LS_ARGUMENTS_OUTPUT, 1,
                                       "one GraphML file", &arguments, error);
  if (status != LS_OK) return status;
  const ls_export_format *format = arguments.export_to ? ls_export_find(arguments.export_to) : NULL;
  if (!format) return format_refuse(arguments.export_to, error);
  if (arguments.is_json && !arguments.output_path)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--json",
                        "needs -o FILE: without it the export itself goes to the standard output");
  status = ls_export_file(arguments.positional[0], format, arguments.output_path, &report, error);
  if (status != LS_OK || !arguments.output_path) return status;
  return answer_tell(&arguments, format, &report, error);
}
