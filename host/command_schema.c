/* `lightspine schema [spec|catalog|design]`: the JSON Schema of an input file, for editors. */
#include <stdio.h>

#include "commands.h"
#include "schema.h"

ls_status ls_command_schema(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments; /* --json changes nothing: a schema is JSON anyway */
  const ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_FEWER_WORDS, 1,
                                             "spec, catalog or design", &arguments, error);
  if (status != LS_OK) return status;
  return ls_schema_print(stdout, arguments.positional_count ? arguments.positional[0] : "spec",
                         error);
}
