/* One step of a run: what is finished is taken from the run's store, what is not is computed and
 * kept there. A step is a function of its key and of the run's inputs alone, so that a run which
 * goes on where it was stopped ends with the same bytes as one that never was. */
#ifndef LS_RUN_STEP_H
#define LS_RUN_STEP_H

#include "run_store.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_STEP_KEY_MAX = 128 };

typedef struct ls_step {
  const char *kind, *key;
  /* What it gives: the bytes of a flat struct, and where array is not NULL, an array of
   * *array_bytes bytes, which malloc made and the caller frees. */
  void *value;
  size_t value_bytes;
  void **array;
  size_t *array_bytes;
  ls_status (*compute)(void *context, ls_error *error); /* fills them */
  void *context;
} ls_step;

/* Takes or computes. Without a store (NULL) it only computes. Errors of compute, which are not
 * kept; LS_ERR_IO, LS_ERR_MEMORY. Any thread. */
ls_status ls_run_step(ls_run_store *store, const ls_step *step, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
