/* Copies of a run's inputs in its folder: spec.yaml, catalog.yaml and the matrix of demand. */
#ifndef LS_INPUTS_COPY_H
#define LS_INPUTS_COPY_H

#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Copies the files at these paths, which must be those that the session has read, into folder.
 * LS_ERR_INPUT when one has changed since; LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_inputs_copy(const ls_session *session, const char *spec_path, const char *catalog_path,
                         const char *folder, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
