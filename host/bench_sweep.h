/* Benchmarks of level 1. */
#ifndef LS_BENCH_SWEEP_H
#define LS_BENCH_SWEEP_H

#include "bench_ceiling.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_BENCH_SWEEP_COUNT = 2 }; /* sweep_exhaustive, sweep_merge */

/* One benchmark on one number of threads; medians of its runs. */
typedef struct ls_bench_entry {
  const char *name, *unit; /* static texts */
  int32_t thread_count;
  double rate;            /* items a second */
  double cpu_seconds;     /* an item, of all threads */
  double ceiling;         /* items a second; 0: none is known, and what follows is empty */
  const char *bound_by;   /* a static text */
  ls_bench_work work;     /* an item, at least */
  ls_bench_rates machine; /* as measured between the runs */
} ls_bench_entry;

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
