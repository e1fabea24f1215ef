/* `lightspine schema [spec|catalog|design]`: the JSON Schema of an input file, for editors. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "schema.h"

ls_status ls_command_schema(int argc, char **argv, ls_error *error)
{
  const char *which = NULL;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--json") == 0) continue; /* it is JSON anyway */
    if (argv[i][0] == '-')
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, argv[i],
                          "is not an option of schema; it takes --json");
    if (which)
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "schema",
                          "takes one word, spec, catalog or design, got also %.60s", argv[i]);
    which = argv[i];
  }
  return ls_schema_print(stdout, which ? which : "spec", error);
}
