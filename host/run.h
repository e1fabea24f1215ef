/* A run of `optimize` as a folder: where its results go, where its store and the copies of its
 * inputs are until then, and how a run that was stopped or killed is taken up again.
 *
 * A new run works in its own folder. Where results of an older run are there already, it works in
 * `unfinished` inside of it, so that the older ones stay until the new ones are whole. */
#ifndef LS_RUN_H
#define LS_RUN_H

#include "answer.h"
#include "files.h"
#include "run_store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_run {
  char path[LS_PATH_MAX];                                 /* of the results */
  char work[LS_PATH_MAX];                                 /* path, or path/unfinished */
  char spec_path[LS_PATH_MAX], catalog_path[LS_PATH_MAX]; /* the copies in work */
  char supply[16];                                        /* what arguments->supply points to */
  ls_run_store *store;                                    /* NULL: not begun */
  bool is_resumed;
  bool is_finished; /* --resume of a run that is */
} ls_run;

/* What --resume goes on with, before anything is read: finds its folder, opens its store and
 * completes *arguments by what the run was started with. A folder without a store starts anew; one
 * of a finished run stays as it is.
 * LS_OK without --resume, too. *run is zeros; close it whatever the status. LS_ERR_INPUT: there is
 * nothing to go on with, it is in use, or another version of the program made it. LS_ERR_IO. */
ls_status ls_run_recall(ls_run *run, ls_arguments *arguments, ls_error *error);

/* Makes folder, copies and store of a new run, or checks that a resumed one has the inputs that it
 * was started with; session->store is the run's from then on, until the caller finishes, discards
 * or closes the run and clears it. LS_ERR_INPUT: other inputs, somebody else's folder, or one that
 * another run is at work in. LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_run_begin(ls_run *run, const ls_arguments *arguments, ls_session *session,
                       ls_error *error);

/* Writes the store, with the answer in it, as run.db into folder, which is about to replace the
 * run's, and closes it. LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_run_finish(ls_run *run, const ls_session *session, const ls_answer *answer,
                        const char *folder, ls_error *error);

/* Writes down that a run whose search ended without an answer is no longer at work. LS_ERR_IO. */
ls_status ls_run_stop(ls_run *run, ls_error *error);

/* Removes what an unfinished run without results has, which is of no use: there is no answer. */
void ls_run_discard(ls_run *run);
void ls_run_close(ls_run *run);

#ifdef __cplusplus
}
#endif
#endif
