/* JSON trees for output; host/json.c is the only file that includes jansson. Keys keep the order
 * in which they were set. Every function takes NULL for "could not be made" and passes it on. */
#ifndef LS_JSON_H
#define LS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_json ls_json;

ls_json *ls_json_object(void);
ls_json *ls_json_array(void);
void ls_json_destroy(ls_json *value);

/* The container takes the value over. */
void ls_json_set(ls_json *object, const char *key, ls_json *value);
void ls_json_append(ls_json *array, ls_json *value);

void ls_json_set_int(ls_json *object, const char *key, int64_t value);
void ls_json_set_real(ls_json *object, const char *key, double value);
void ls_json_set_bool(ls_json *object, const char *key, bool value);
void ls_json_set_null(ls_json *object, const char *key);
/* text must be UTF-8; other bytes are replaced by '?'. */
void ls_json_set_text(ls_json *object, const char *key, const char *text);
void ls_json_append_int(ls_json *array, int64_t value);
void ls_json_append_real(ls_json *array, double value);
void ls_json_append_text(ls_json *array, const char *text);

/* The number under a key of an object; false when there is none. */
bool ls_json_number_get(const ls_json *object, const char *key, double *value);

/* Writes the value, indented by two blanks, and a newline; frees it. LS_ERR_IO when the stream
 * fails, LS_ERR_MEMORY when value is NULL. */
ls_status ls_json_write(ls_json *value, FILE *stream, ls_error *error);

/* The same on one line, without a newline behind it, and without a flush. */
ls_status ls_json_write_line(ls_json *value, FILE *stream, ls_error *error);

/* As ls_json_write, without blanks, and with every '<' escaped: so that the text may stand in an
 * element of HTML whatever names it holds. */
ls_status ls_json_write_embedded(ls_json *value, FILE *stream, ls_error *error);

/* As ls_json_write into a file, which is whole or not there (files.h). */
ls_status ls_json_file_write(ls_json *value, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
