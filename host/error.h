/* One sentence about what went wrong and where, for the user. */
#ifndef LS_ERROR_H
#define LS_ERROR_H

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_error {
  char file[256]; /* empty: no file is to blame */
  int line;       /* 1-based; 0: no line */
  char key[160];  /* dotted path such as cluster.gpus or switches[3].power_w; empty: none */
  char message[512];
} ls_error;

/* Fills *error (which may be NULL) and returns status, so that a caller can write
 * `return ls_error_set(error, LS_ERR_INPUT, file, line, key, "must be 1..8, got %d", n);`.
 * file and key may be NULL. */
ls_status ls_error_set(ls_error *error, ls_status status, const char *file, int line,
                       const char *key, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Exit codes of the program: 0 done, 1 the answer is no, 2 the user's mistake, 3 the world's,
 * 130 stopped by a signal. */
int ls_status_exit_code(ls_status status);

/* Writes "file:line: key message" with the parts that are there, no newline.
 * text has capacity bytes and is always terminated. */
void ls_error_format(const ls_error *error, char *text, int capacity);

#ifdef __cplusplus
}
#endif
#endif
