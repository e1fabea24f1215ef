/* Benchmarks of level 1. */
#ifndef LS_BENCH_SWEEP_H
#define LS_BENCH_SWEEP_H

#include "bench_ceiling.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One benchmark on one number of threads; medians of its runs. */
typedef struct ls_bench_entry {
  const char *name, *unit, *bound_by; /* static texts */
  int32_t thread_count;
  double rate;            /* items a second */
  double cpu_seconds;     /* an item, of all threads */
  double ceiling;         /* items a second */
  ls_bench_work work;     /* an item, at least */
  ls_bench_rates machine; /* as measured between the runs */
} ls_bench_entry;

/* The exhaustive sweep of the session's problem, exact front included, on 1 to
 * session->thread_count threads of the CPU: entries [session->thread_count]. An item is a design
 * that is evaluated; those excluded by structure never count. LS_ERR_NO when the space holds none.
 * Errors as ls_sweep_run. */
ls_status ls_bench_sweep_exhaustive(const ls_session *session, ls_bench_entry *entries,
                                    ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
