#include "validation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation_json.h"
#include "fields.h"

/* ---- The file ---- */

static const char *const kind_names[] = {"value", "ratio", "saving", NULL};

#define TEXT(key_, member_, fallback_, doc_)                                                       \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_TEXT,                                               \
    .offset = offsetof(ls_validation_row, member_),                                                \
    .max = sizeof(((ls_validation_row *)0)->member_) - 1, .fallback = fallback_                    \
  }
#define NUMBER(key_, member_, digits_, min_, fallback_, doc_)                                      \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_NUMBER, .digits = digits_, .size = sizeof(int64_t), \
    .offset = offsetof(ls_validation_row, member_), .min = min_, .max = INT64_MAX / 1000,          \
    .fallback = fallback_                                                                          \
  }

static const ls_field row_fields[] = {
    TEXT("id", id, NULL, "short name of the row"),
    TEXT("quantity", quantity, NULL, "what is compared"),
    TEXT("published", published, NULL, "what was printed"),
    NUMBER("low", low_milli, 3, -INT64_C(1000000000), NULL, "least of the published range"),
    NUMBER("high", high_milli, 3, -INT64_C(1000000000), NULL, "most of it"),
    TEXT("unit", unit, "", "of the range and the value"),
    TEXT("source", source, NULL, "where it was printed"),
    {.key = "kind",
     .doc = "how the value comes from the total",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(ls_validation_row, kind),
     .names = kind_names},
    TEXT("total", total, NULL, "key of the evaluation"),
    TEXT("item", item, "", "only ledger lines with this in their item"),
    NUMBER("divide_by", divide_by, 0, 1, "1", "what a value is divided by"),
    TEXT("spec", spec, NULL, "spec file of the design"),
    TEXT("design", design, NULL, "design file"),
    TEXT("other_spec", other_spec, "", "spec file of the design compared with; absent: the same"),
    TEXT("other_design", other_design, "", "design compared with"),
    TEXT("note", note, "", "what a reader should know"),
    {.key = NULL}};

static ls_status check_row(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                           void *target)
{
  (void)field;
  ls_validation_row *row = target;
  row->line = reader->line;
  if (row->high_milli < row->low_milli) return ls_field_refuse(reader, node, "has high below low");
  if ((row->kind == LS_VALIDATION_VALUE) != !row->other_design[0])
    return ls_field_refuse(reader, node, "needs other_design for a ratio or saving, and only then");
  return LS_OK;
}

static const ls_field validation_fields[] = {{.key = "rows",
                                              .doc = "published figures",
                                              .type = LS_FIELD_LIST,
                                              .size = sizeof(ls_validation_row),
                                              .offset = offsetof(ls_validation, rows),
                                              .count_offset = offsetof(ls_validation, row_count),
                                              .item_max = LS_VALIDATION_ROWS_MAX,
                                              .fields = row_fields,
                                              .read = check_row},
                                             {.key = NULL}};

static ls_status file_read(const char *path, ls_validation *validation, ls_error *error)
{
  ls_yaml_tree tree;
  ls_status status = ls_yaml_read(path, &tree, error);
  if (status != LS_OK) return status;
  ls_field_reader reader = {.tree = &tree, .error = error, .context = validation, .line = 1};
  snprintf(validation->path, sizeof validation->path, "%s", path);
  status = ls_fields_read(&reader, validation_fields, &tree.nodes[0], validation);
  ls_yaml_destroy(&tree);
  return status;
}

/* ---- The values ---- */

/* A path of the file, from the file's folder unless it is absolute. */
static void path_resolve(const char *base, const char *relative, char path[512])
{
  const char *slash = relative[0] == '/' ? NULL : strrchr(base, '/');
  snprintf(path, 512, "%.*s%s", slash ? (int)(slash - base + 1) : 0, base, relative);
}

/* Sum of the ledger lines of a total with a text in their item, in the unit of the total. */
static double ledger_sum(const ls_evaluation *evaluation, const char *total, const char *item)
{
  int64_t sum = 0;
  for (int32_t i = 0; i < evaluation->line_count; i++)
    if (strcmp(evaluation->lines[i].total, total) == 0 && strstr(evaluation->lines[i].item, item))
      sum += evaluation->lines[i].value;
  return (double)sum / (strstr(total, "_usd") ? 100 : 1000);
}

/* One total of one design. A design that violates something has totals all the same. */
static ls_status total_find(const ls_arguments *arguments, const ls_validation *validation,
                            const ls_validation_row *row, bool is_other, double *value,
                            ls_error *error)
{
  ls_session session = {0};
  ls_evaluation *evaluation = malloc(sizeof *evaluation);
  ls_arguments own = *arguments;
  char spec[512], design[512];
  if (!evaluation) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  path_resolve(validation->path, is_other && row->other_spec[0] ? row->other_spec : row->spec,
               spec);
  path_resolve(validation->path, is_other ? row->other_design : row->design, design);
  own.positional[0] = spec;
  ls_status status = ls_evaluation_open(&own, design, &session, evaluation, error);
  if (status == LS_OK && row->item[0]) {
    *value = ledger_sum(evaluation, row->total, row->item);
  } else if (status == LS_OK) {
    ls_json *object = ls_evaluation_json(&session, evaluation);
    if (!ls_json_number_get(object, row->total, value))
      status = ls_error_set(error, LS_ERR_INPUT, validation->path, row->line, "total",
                            "must be a number of the evaluation, got %s", row->total);
    ls_json_destroy(object);
  }
  ls_session_close(&session);
  free(evaluation);
  return status;
}

static ls_status row_run(const ls_arguments *arguments, const ls_validation *validation,
                         ls_validation_row *row, ls_error *error)
{
  double value = 0, other = 0;
  ls_status status = total_find(arguments, validation, row, false, &value, error);
  if (status == LS_OK && row->other_design[0])
    status = total_find(arguments, validation, row, true, &other, error);
  if (row->kind == LS_VALIDATION_VALUE) row->value = value / (double)row->divide_by;
  if (row->kind == LS_VALIDATION_RATIO) row->value = value > 0 ? other / value : 0;
  if (row->kind == LS_VALIDATION_SAVING) row->value = other > 0 ? 100 * (1 - value / other) : 0;
  return status;
}

ls_status ls_validation_run(const ls_arguments *arguments, const char *path,
                            ls_validation *validation, ls_error *error)
{
  ls_validation *read = calloc(1, sizeof *read);
  if (!read) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  ls_status status = file_read(path, read, error);
  for (int32_t i = 0; status == LS_OK && i < read->row_count; i++)
    status = row_run(arguments, read, &read->rows[i], error);
  if (status == LS_OK) *validation = *read;
  free(read);
  return status;
}

bool ls_validation_is_within(const ls_validation_row *row)
{
  return row->value * 1000 >= (double)row->low_milli - 0.5 &&
         row->value * 1000 <= (double)row->high_milli + 0.5;
}
