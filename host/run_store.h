/* The store of a run, run.db: what the run is of (facts), what is finished of it (steps), and at
 * last what came out (the front and the named designs, with their metrics).
 *
 * Each write is one transaction: a process that is killed at any moment leaves a store that opens
 * again and holds all that was finished before. host/run_store.c is the only file that includes
 * SQLite. Tables: docs/formats.md. */
#ifndef LS_RUN_STORE_H
#define LS_RUN_STORE_H

#include "../kernels/problem.h"
#include "error.h"
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_run_store ls_run_store;

enum { LS_RUN_FACT_MAX = 512, LS_RUN_NAMED_MAX = 16, LS_RUN_WORDS_MAX = 1536 };

/* A design of the final front, or one with a name. */
typedef struct ls_run_design {
  char name[32], meaning[128]; /* of a pick or baseline; empty on the front */
  bool is_baseline;
  int64_t rank;
  char variant[16], family[16], oversubscription[16];
  int32_t planes;
  char chassis[LS_RUN_WORDS_MAX], optics[LS_RUN_WORDS_MAX];
  ls_score score;
} ls_run_design;

/* Opens the store at path for this process alone, and makes one where there is none. LS_ERR_INPUT:
 * another process has it, or it is no store of this format. LS_ERR_IO, LS_ERR_MEMORY. *store is
 * then NULL. */
ls_status ls_run_store_open(const char *path, ls_run_store **store, ls_error *error);
/* Opens a store that is there, to look at what it says; it stays the file that it is. is_patient:
 * waits a moment for a process that was just killed. LS_ERR_INPUT: a run is at work with it, or it
 * is no store of this format. LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_run_store_open_to_read(const char *path, bool is_patient, ls_run_store **store,
                                    ls_error *error);
/* NULL is allowed. */
void ls_run_store_close(ls_run_store *store);

/* Facts. An unknown one reads as "". LS_ERR_IO. */
ls_status ls_run_store_set(ls_run_store *store, const char *name, const char *value,
                           ls_error *error);
ls_status ls_run_store_get(ls_run_store *store, const char *name, char value[LS_RUN_FACT_MAX],
                           ls_error *error);

/* A finished step: bytes, which the caller frees, or NULL when the step is not there. Any thread
 * may ask and keep. LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_run_store_find(ls_run_store *store, const char *kind, const char *key, void **bytes,
                            size_t *size, ls_error *error);
ls_status ls_run_store_keep(ls_run_store *store, const char *kind, const char *key,
                            const void *bytes, size_t size, ls_error *error);

/* In one transaction: the front [front_count] and the named designs [named_count] in place of older
 * ones, the fact `state`, and away with all steps when they are of no more use. The store is then
 * one file, without a log. LS_ERR_IO. */
ls_status ls_run_store_archive(ls_run_store *store, const ls_run_design *front, int32_t front_count,
                               const ls_run_design *named, int32_t named_count, const char *state,
                               bool has_steps, ls_error *error);

/* The named designs [LS_RUN_NAMED_MAX], and how many are on the front. LS_ERR_IO. */
ls_status ls_run_store_read(ls_run_store *store, ls_run_design *named, int32_t *named_count,
                            int32_t *front_count, ls_error *error);

/* Writes the whole store as one file to path, which must not exist. LS_ERR_IO. */
ls_status ls_run_store_copy(ls_run_store *store, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
