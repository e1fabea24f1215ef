/* A design to start a search from: it is built with the first of the shortlist. */
#ifndef LS_START_H
#define LS_START_H

#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets the session's start to the design in a file: one in words (design_read.h), or an exported
 * GraphML of the same spec and catalog. LS_ERR_INPUT: it is no design of this spec's space.
 * LS_ERR_MEMORY. */
ls_status ls_start_read(ls_session *session, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
