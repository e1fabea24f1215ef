/* What people and machines see of a run while it goes on: on a terminal one live line, elsewhere
 * lines of a plain log, and with --log a file of JSON lines (docs/formats.md). Never touches
 * standard output. */
#ifndef LS_PROGRESS_H
#define LS_PROGRESS_H

#include "gap.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_progress ls_progress;

typedef struct ls_progress_options {
  const char *log_path; /* is appended to; NULL: none */
  bool is_quiet;        /* nothing on standard error */
  double time_limit;    /* seconds; 0: none */
} ls_progress_options;

/* Begins to tell. LS_ERR_IO: the log cannot be written; LS_ERR_MEMORY. *progress is then NULL. */
ls_status ls_progress_create(const ls_progress_options *options, ls_progress **progress,
                             ls_error *error);
/* Ends the live line; NULL is allowed. LS_ERR_IO: the log is not whole. */
ls_status ls_progress_destroy(ls_progress *progress, ls_error *error);

/* All of these take NULL for "nobody is told". */

/* A run of this spec begins, or goes on. */
void ls_progress_start(ls_progress *progress, const ls_session *session, const char *folder,
                       bool is_resumed);
/* What is done from now on, such as "level 1", "level 2", "export knee". */
void ls_progress_phase(ls_progress *progress, const char *phase);
/* Level 1 is done; is_told: a person has been told of it before. */
void ls_progress_sweep(ls_progress *progress, const ls_session *session,
                       const ls_sweep_result *sweep, bool is_told);
/* So many designs are to be built next; then each is, from any thread. */
void ls_progress_queue(ls_progress *progress, int32_t design_count);
void ls_progress_built(ls_progress *progress);
/* A round of level 2 is done. */
void ls_progress_round(ls_progress *progress, const ls_session *session, const ls_level2 *found);
/* The live line goes for good: from now on answers are printed. */
void ls_progress_rest(ls_progress *progress);
/* The run ends: "finished", "stopped" or "failed". */
void ls_progress_end(ls_progress *progress, const char *how);

/* One line for a person; without progress straight to standard error. */
void ls_progress_note(ls_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif
#endif
