/* Ceilings: the rate that a machine's measured resources allow a piece of work, whatever code does
 * it. docs/performance.md says how to read them. */
#ifndef LS_BENCH_CEILING_H
#define LS_BENCH_CEILING_H

#include "../kernels/ceiling.h"
#include "devices.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The least that one item needs of each resource. Not all are 0. */
typedef struct ls_bench_work {
  double amount[LS_CEILING_COUNT];
} ls_bench_work;

/* What the threads of a machine do of each resource in a second, all together. */
typedef struct ls_bench_rates {
  double rate[LS_CEILING_COUNT];
} ls_bench_rates;

/* Runs every micro-kernel on that many pinned threads for some milliseconds. LS_ERR_MEMORY when
 * threads cannot be had. */
ls_status ls_bench_rates_measure(const ls_devices *devices, int32_t thread_count,
                                 ls_bench_rates *rates);

/* The median of values [count], an odd number, which it sorts. */
double ls_bench_median(double *values, int32_t count);

/* Items a second at most; *bound_by, a static text, names the resource that sets it. */
double ls_bench_ceiling(const ls_bench_work *work, const ls_bench_rates *rates,
                        const char **bound_by);

#ifdef __cplusplus
}
#endif
#endif
