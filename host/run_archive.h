/* An answer as rows of a run's store. */
#ifndef LS_RUN_ARCHIVE_H
#define LS_RUN_ARCHIVE_H

#include "answer.h"
#include "run_store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts the front and the named designs into the store, and whether the run is "finished" or
 * "stopped"; the steps of a finished one go. LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_run_archive(ls_run_store *store, const ls_session *session, const ls_answer *answer,
                         ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
