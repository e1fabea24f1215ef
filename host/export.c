/* The table of formats, and the way from a GraphML file to one of them: read, check what every
 * format takes for granted, write. Each format is another file's. */
#include "export.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "verify_graph.h"

const ls_export_format ls_export_formats[] = {
    {"yed", ".yed.graphml", "a diagram for yEd", ls_export_yed},
    {"dot", ".dot", "a diagram for Graphviz", ls_export_dot},
    {"json", ".json", "node-link JSON of NetworkX and D3", ls_export_json},
    {NULL, NULL, NULL, NULL}};

const ls_export_format *ls_export_find(const char *name)
{
  for (const ls_export_format *format = ls_export_formats; format->name; format++)
    if (strcmp(format->name, name) == 0) return format;
  return NULL;
}

/* The file's name as it may stand in every format. */
static void name_take(const char *path, char *name, size_t capacity)
{
  static const char suffix[] = ".graphml";
  const char *slash = strrchr(path, '/');
  snprintf(name, capacity, "%s", slash ? slash + 1 : path);
  const size_t length = strlen(name), tail = sizeof suffix - 1;
  if (length > tail && strcmp(name + length - tail, suffix) == 0) name[length - tail] = '\0';
  for (char *at = name; *at; at++)
    if (!isalnum((unsigned char)*at) && !strchr("._-", *at)) *at = '-';
}

/* Names are words, so that no format is broken by one. */
static bool is_word(const char *text)
{
  if (!*text) return false;
  for (; *text; text++)
    if ((unsigned char)*text <= ' ' || strchr("\"\\,;:<>&", *text)) return false;
  return true;
}

static ls_status check_names(const ls_record *record, ls_error *error)
{
  for (int32_t i = 0; i < record->node_count; i++)
    if (!is_word(record->nodes[i].id))
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "id",
                          "of node %d must be a word without quotes and punctuation, got \"%.40s\"",
                          i + 1, record->nodes[i].id);
  return LS_OK;
}

static ls_status stream_finish(FILE *stream, ls_error *error)
{
  if (fflush(stream) == 0 && !ferror(stream)) return LS_OK;
  return ls_error_set(error, LS_ERR_IO, NULL, 0, NULL, "the export could not be written");
}

static ls_status design_write(const ls_export *design, const ls_export_format *format,
                              const char *output_path, ls_error *error)
{
  ls_file_writer file;
  if (!output_path) {
    const ls_status status = format->write(design, stdout, error);
    return status == LS_OK ? stream_finish(stdout, error) : status;
  }
  ls_status status = ls_file_open(&file, output_path, error);
  if (status != LS_OK) return status;
  status = format->write(design, file.stream, error);
  if (status == LS_OK) return ls_file_commit(&file, error);
  ls_file_abandon(&file);
  return status;
}

ls_status ls_export_file(const char *path, const ls_export_format *format, const char *output_path,
                         ls_export_report *report, ls_error *error)
{
  char name[256];
  ls_record *record = calloc(1, sizeof *record);
  if (!record) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory to read it");
  ls_status status = ls_record_read(path, LS_RECORD_FLAT, record, error);
  if (status == LS_OK) status = ls_record_check_links(record, path, error);
  if (status == LS_OK) status = check_names(record, error);
  if (status == LS_OK) {
    name_take(path, name, sizeof name);
    const ls_export design = {record, name};
    *report = (ls_export_report){record->node_count, record->edge_count};
    status = design_write(&design, format, output_path, error);
  }
  if (status == LS_ERR_MEMORY)
    ls_error_set(error, status, path, 0, NULL, "not enough memory to export it");
  if (status != LS_OK && status != LS_ERR_IO && error && !error->file[0])
    snprintf(error->file, sizeof error->file, "%s", path);
  ls_record_destroy(record);
  free(record);
  return status;
}
