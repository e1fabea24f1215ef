/* Benchmarks of all-pairs shortest paths: what a search for wirings consists of. */
#ifndef LS_BENCH_APSP_H
#define LS_BENCH_APSP_H

#include "bench_series.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_BENCH_APSP_COUNT = 3 }; /* apsp_1024_8, apsp_1024_8_lift16, apsp_4096_8 */

/* Each thread evaluates by itself, on 1 to thread_count threads of the CPU: entries
 * [LS_BENCH_APSP_COUNT][thread_count]. An item is a full evaluation of a random regular graph, or
 * of a random lift, which nothing ends early. LS_ERR_MEMORY. */
ls_status ls_bench_apsp(const ls_devices *devices, int32_t thread_count, ls_bench_entry *entries,
                        ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
