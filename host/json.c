#include "json.h"

#include <jansson.h>
#include <string.h>

#include "files.h"

static json_t *tree(ls_json *value) { return (json_t *)value; }

ls_json *ls_json_object(void) { return (ls_json *)json_object(); }

ls_json *ls_json_array(void) { return (ls_json *)json_array(); }

void ls_json_destroy(ls_json *value) { json_decref(tree(value)); }

void ls_json_set(ls_json *object, const char *key, ls_json *value)
{
  json_object_set_new(tree(object), key, tree(value));
}

void ls_json_append(ls_json *array, ls_json *value)
{
  json_array_append_new(tree(array), tree(value));
}

void ls_json_set_int(ls_json *object, const char *key, int64_t value)
{
  json_object_set_new(tree(object), key, json_integer(value));
}

void ls_json_set_real(ls_json *object, const char *key, double value)
{
  json_object_set_new(tree(object), key, json_real(value));
}

void ls_json_set_bool(ls_json *object, const char *key, bool value)
{
  json_object_set_new(tree(object), key, json_boolean(value));
}

void ls_json_set_null(ls_json *object, const char *key)
{
  json_object_set_new(tree(object), key, json_null());
}

static json_t *text_value(const char *text)
{
  json_t *value = json_string(text);
  if (value) return value;
  char plain[512];
  size_t length = 0;
  for (; text[length] && length + 1 < sizeof plain; length++)
    plain[length] = (unsigned char)text[length] < 128 ? text[length] : '?';
  return json_stringn(plain, length);
}

void ls_json_set_text(ls_json *object, const char *key, const char *text)
{
  json_object_set_new(tree(object), key, text_value(text));
}

void ls_json_append_int(ls_json *array, int64_t value)
{
  json_array_append_new(tree(array), json_integer(value));
}

void ls_json_append_real(ls_json *array, double value)
{
  json_array_append_new(tree(array), json_real(value));
}

void ls_json_append_text(ls_json *array, const char *text)
{
  json_array_append_new(tree(array), text_value(text));
}

bool ls_json_number_get(const ls_json *object, const char *key, double *value)
{
  const json_t *found = json_object_get((const json_t *)object, key);
  if (!json_is_number(found)) return false;
  *value = json_number_value(found);
  return true;
}

/* What a write that failed is: jansson says no reason. */
static ls_status write_error(const FILE *stream, ls_error *error)
{
  if (stream == stdout && ls_stdout_flush(error) != LS_OK) return LS_ERR_IO;
  return ls_error_set(error, LS_ERR_IO, NULL, 0, NULL, "writing JSON failed");
}

/* Writes with jansson's flags and an end, and frees. */
static ls_status dump(ls_json *value, size_t flags, const char *end, FILE *stream, ls_error *error)
{
  if (!value) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for JSON");
  const int failed =
      json_dumpf(tree(value), stream, flags | JSON_REAL_PRECISION(15)) || fputs(end, stream) == EOF;
  ls_json_destroy(value);
  return failed ? write_error(stream, error) : LS_OK;
}

ls_status ls_json_write(ls_json *value, FILE *stream, ls_error *error)
{
  const ls_status status = dump(value, JSON_INDENT(2), "\n", stream, error);
  return status != LS_OK || fflush(stream) != EOF ? status : write_error(stream, error);
}

ls_status ls_json_write_line(ls_json *value, FILE *stream, ls_error *error)
{
  return dump(value, 0, "", stream, error);
}

/* In JSON a '<' stands in texts alone, where its code means the same. */
static int embed(const char *bytes, size_t size, void *stream)
{
  for (size_t i = 0; i < size; i++)
    if ((bytes[i] == '<' ? fputs("\\u003c", stream) : fputc(bytes[i], stream)) == EOF) return -1;
  return 0;
}

ls_status ls_json_write_embedded(ls_json *value, FILE *stream, ls_error *error)
{
  if (!value) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for JSON");
  const int failed =
      json_dump_callback(tree(value), embed, stream, JSON_COMPACT | JSON_REAL_PRECISION(15));
  ls_json_destroy(value);
  return failed ? write_error(stream, error) : LS_OK;
}

ls_status ls_json_file_write(ls_json *value, const char *path, ls_error *error)
{
  ls_file_writer writer;
  ls_status status = ls_file_open(&writer, path, error);
  if (status != LS_OK) {
    ls_json_destroy(value);
    return status;
  }
  status = ls_json_write(value, writer.stream, error);
  if (status == LS_OK) return ls_file_commit(&writer, error);
  if (status == LS_ERR_IO) return ls_file_fail(&writer, error);
  ls_file_abandon(&writer);
  return status;
}
