/* Benchmarks of level 1. */
#ifndef LS_BENCH_SWEEP_H
#define LS_BENCH_SWEEP_H

#include "bench_series.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_BENCH_SWEEP_COUNT = 2 }; /* sweep_exhaustive, sweep_merge */

/* Sweeps of the session's problem on 1 to session->thread_count threads of the CPU, the exact front
 * included: entries [LS_BENCH_SWEEP_COUNT][session->thread_count]. An item is a design that the
 * exhaustive sweep evaluates, for both; those excluded by structure never count. No ceiling is
 * known for merging, which settles most designs without a look. LS_ERR_NO when the space holds
 * none. Errors as ls_sweep_run. */
ls_status ls_bench_sweep(const ls_session *session, ls_bench_entry *entries, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
