/* `lightspine validate`: published figures beside ours, as a Markdown page or JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "json.h"
#include "validation.h"

static void page_print(const ls_validation *validation)
{
  printf("# Validation\n\n"
         "Published figures beside the model's own. Counts and identities are golden tests; these "
         "are\nranges, prices and vendors' multiples, compared but never aimed at. Written by\n"
         "`lightspine validate topologies/reference/validation.yaml > docs/validation.md`.\n\n"
         "| row | quantity | published | ours | within | designs |\n"
         "| --- | --- | --- | --- | --- | --- |\n");
  for (int32_t i = 0; i < validation->row_count; i++) {
    const ls_validation_row *row = &validation->rows[i];
    printf("| %s | %s | %s | %.4g %s | %s | %s%s%s |\n", row->id, row->quantity, row->published,
           row->value, row->unit, ls_validation_is_within(row) ? "yes" : "no", row->design,
           row->other_design[0] ? " against " : "", row->other_design);
  }
  printf("\n## Sources and notes\n\n");
  for (int32_t i = 0; i < validation->row_count; i++) {
    const ls_validation_row *row = &validation->rows[i];
    printf("- **%s**: %s.%s%s\n", row->id, row->source, row->note[0] ? " " : "", row->note);
  }
}

static ls_status json_print(const ls_validation *validation, ls_error *error)
{
  ls_json *object = ls_json_object(), *rows = ls_json_array();
  for (int32_t i = 0; i < validation->row_count; i++) {
    const ls_validation_row *row = &validation->rows[i];
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "id", row->id);
    ls_json_set_text(entry, "quantity", row->quantity);
    ls_json_set_text(entry, "published", row->published);
    ls_json_set_real(entry, "low", (double)row->low_milli / 1000);
    ls_json_set_real(entry, "high", (double)row->high_milli / 1000);
    ls_json_set_text(entry, "unit", row->unit);
    ls_json_set_real(entry, "value", row->value);
    ls_json_set_bool(entry, "within", ls_validation_is_within(row));
    ls_json_set_text(entry, "source", row->source);
    ls_json_set_text(entry, "note", row->note);
    ls_json_append(rows, entry);
  }
  ls_json_set(object, "rows", rows);
  return ls_json_write(object, stdout, error);
}

ls_status ls_command_validate(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SPEC, 1,
                                       "a file of published figures", &arguments, error);
  if (status != LS_OK) return status;
  ls_validation *validation = malloc(sizeof *validation);
  if (!validation) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  status = ls_validation_run(&arguments, arguments.positional[0], validation, error);
  if (status == LS_OK && arguments.is_json) status = json_print(validation, error);
  if (status == LS_OK && !arguments.is_json) page_print(validation);
  free(validation);
  return status;
}
