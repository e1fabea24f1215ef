#include "run_step.h"

#include <stdlib.h>
#include <string.h>

/* Takes what was kept apart: the struct, then the array. */
static ls_status step_take(const ls_step *step, const char *bytes, size_t size, ls_error *error)
{
  const size_t rest = size - step->value_bytes;
  memcpy(step->value, bytes, step->value_bytes);
  if (!step->array) return LS_OK;
  *step->array = malloc(rest + 1);
  if (!*step->array) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  memcpy(*step->array, bytes + step->value_bytes, rest);
  *step->array_bytes = rest;
  return LS_OK;
}

static ls_status step_keep(ls_run_store *store, const ls_step *step, ls_error *error)
{
  const size_t rest = step->array ? *step->array_bytes : 0;
  char *bytes = malloc(step->value_bytes + rest);
  if (!bytes) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for a step");
  memcpy(bytes, step->value, step->value_bytes);
  if (rest) memcpy(bytes + step->value_bytes, *step->array, rest);
  const ls_status status =
      ls_run_store_keep(store, step->kind, step->key, bytes, step->value_bytes + rest, error);
  free(bytes);
  return status;
}

ls_status ls_run_step(ls_run_store *store, const ls_step *step, ls_error *error)
{
  void *bytes = NULL;
  size_t size = 0;
  if (!store) return step->compute(step->context, error);
  ls_status status = ls_run_store_find(store, step->kind, step->key, &bytes, &size, error);
  if (status != LS_OK) return status;
  const bool is_whole =
      bytes && (step->array ? size >= step->value_bytes : size == step->value_bytes);
  if (is_whole)
    status = step_take(step, bytes, size, error);
  else
    status = step->compute(step->context, error);
  free(bytes);
  if (status != LS_OK || is_whole) return status;
  status = step_keep(store, step, error);
  if (status != LS_OK && step->array) free(*step->array);
  return status;
}
