/* Errors as data: see error.h. */
#include "error.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

ls_status ls_error_set(ls_error *error, ls_status status, const char *file, int line,
                       const char *key, const char *format, ...)
{
  if (error == NULL) return status;
  /* Built aside: the arguments may point into *error itself. */
  ls_error built = {.line = line};
  snprintf(built.file, sizeof built.file, "%s", file != NULL ? file : "");
  snprintf(built.key, sizeof built.key, "%s", key != NULL ? key : "");
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(built.message, sizeof built.message, format, arguments);
  va_end(arguments);
  *error = built;
  return status;
}

int ls_status_exit_code(ls_status status)
{
  switch (status) {
  case LS_OK: return 0;
  case LS_ERR_NO: return 1;
  case LS_ERR_INPUT: return 2;
  case LS_ERR_STOPPED: return 130;
  case LS_ERR_IO:
  case LS_ERR_MEMORY:
  case LS_ERR_DEVICE:
  case LS_ERR_FULL:
  case LS_ERR_TIME:
  case LS_ERR_INTERNAL: break;
  }
  return 3;
}

void ls_error_format(const ls_error *error, char *text, int capacity)
{
  char line[16] = "";
  if (error->line > 0) snprintf(line, sizeof line, "%d:", error->line);
  snprintf(text, (size_t)capacity, "%s%s%s%s%s%s%s", error->file, error->file[0] ? ":" : "", line,
           error->file[0] || line[0] ? " " : "", error->key, error->key[0] ? " " : "",
           error->message);
}
