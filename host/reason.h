/* Why a pick is the pick, in one sentence: what it saves and costs against the best design of the
 * other class of optics, and what excludes a design that would be better still. */
#ifndef LS_REASON_H
#define LS_REASON_H

#include "pick.h"
#include "sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_REASON_MAX = 640 };

/* Writes the sentence for a pick of the session's level-1 front. Three to five sweeps. Errors as
 * ls_sweep_run. */
ls_status ls_reason_write(const ls_session *session, const ls_front_member *pick,
                          const ls_pick_rule *rule, char text[LS_REASON_MAX], ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
