/* Level 1 as the host sees it: runs a backend over a problem and keeps the front in order. */
#ifndef LS_SWEEP_H
#define LS_SWEEP_H

#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_sweep_result {
  ls_front_member *front; /* [front_count], by rank; owned */
  int32_t front_count;
  ls_sweep_stats stats;
  double seconds;
  const ls_backend *backend; /* the one that did it */
  char sha256[65];           /* of lines "rank,score0,..." of the compared metrics */
} ls_sweep_result;

/* Sweeps problem (the session's own or a restricted one); destroy frees the result. A GPU that
 * fails leads to the CPU with one line on stderr, unless the user asked for it.
 * LS_OK also when nothing is feasible: front_count is 0 then. Errors as ls_backend.sweep. */
ls_status ls_sweep_run(const ls_session *session, const ls_problem *problem,
                       ls_sweep_result *result, ls_error *error);
/* As ls_sweep_run, as the session's step (run_step.h) of this key. LS_ERR_IO, too. */
ls_status ls_sweep_step(const ls_session *session, const ls_problem *problem, const char *key,
                        ls_sweep_result *result, ls_error *error);
/* Where nothing is feasible, fills stats.violation_count: how many designs of the problem that was
 * swept violate each constraint. It scores every design, and says so. Errors as ls_sweep_run. */
ls_status ls_sweep_count_violations(const ls_session *session, const ls_problem *problem,
                                    ls_sweep_result *result, ls_error *error);
void ls_sweep_destroy(ls_sweep_result *result);

/* Counts the feasible designs that none of the references dominates or equals. */
ls_status ls_sweep_count_undominated(const ls_session *session, const ls_score *reference,
                                     int32_t reference_count, uint64_t *count, ls_error *error);

/* Says on stderr what no design satisfies, the constraint that most violate first. */
void ls_sweep_explain(const ls_session *session, const ls_sweep_result *result);

#ifdef __cplusplus
}
#endif
#endif
