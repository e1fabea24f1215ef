/* What all benchmarks share: runs by turns, their medians, and threads that each work by
 * themselves. */
#ifndef LS_BENCH_SERIES_H
#define LS_BENCH_SERIES_H

#include "bench_ceiling.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_BENCH_RUNS = 5, LS_BENCH_CASES_MAX = 3 };

/* One benchmark on one number of threads; medians of its runs. */
typedef struct ls_bench_entry {
  const char *name, *unit; /* static texts */
  const char *backend;     /* a static text; NULL: the CPU */
  int32_t thread_count;
  double rate;            /* items a second */
  double cpu_seconds;     /* an item, of all threads */
  double ceiling;         /* items a second; 0: none is known, and what follows is empty */
  const char *bound_by;   /* a static text */
  ls_bench_work work;     /* an item, at least */
  ls_bench_rates machine; /* as measured between the runs */
} ls_bench_entry;

/* One number of threads, run by run. */
typedef struct ls_bench_series {
  double rate[LS_BENCH_CASES_MAX][LS_BENCH_RUNS], cpu_seconds[LS_BENCH_CASES_MAX][LS_BENCH_RUNS];
  double machine[LS_CEILING_COUNT][LS_BENCH_RUNS];
} ls_bench_series;

/* Measures the machine on that many threads, for a run of the series. LS_ERR_MEMORY. */
ls_status ls_bench_series_machine(ls_bench_series *series, const ls_devices *devices,
                                  int32_t thread_count, int32_t run);

/* Fills the medians of a case, all runs of which are measured, into *entry, whose name, unit and
 * thread_count the caller sets; work: NULL: no ceiling is known. */
void ls_bench_series_end(ls_bench_series *series, int32_t which, const ls_bench_work *work,
                         ls_bench_entry *entry);

/* Work of one thread: returns the seconds of a processor that counted. */
typedef double (*ls_bench_function)(void *context, int32_t index);

/* Runs work on pinned threads, each of which does as many items: items a second of wall-clock time,
 * all together, and seconds of a processor an item. LS_ERR_MEMORY when threads cannot be had. */
ls_status ls_bench_threads_run(const ls_devices *devices, int32_t thread_count,
                               ls_bench_function work, void *context, int64_t items_each,
                               double *rate, double *cpu_seconds);

#ifdef __cplusplus
}
#endif
#endif
