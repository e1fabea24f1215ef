/* Benchmarks of all-pairs shortest paths: what a search for wirings consists of. */
#ifndef LS_BENCH_APSP_H
#define LS_BENCH_APSP_H

#include "../kernels/apsp_backend.h"
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

/* The same graphs on a device, in batches of as many as it needs to be full, batch_max at most; of
 * each two edges have exchanged ends. A rate is of whole calls, with their copies. Entries
 * [LS_BENCH_APSP_COUNT], without ceilings. What the device finds of the first two candidates is
 * compared with the CPU: LS_ERR_INTERNAL. LS_ERR_MEMORY, LS_ERR_DEVICE. */
ls_status ls_bench_apsp_device(const ls_apsp_backend *backend, int32_t batch_max,
                               ls_bench_entry *entries, ls_error *error);

/* What both measure: case which of LS_BENCH_APSP_COUNT, a graph whose darts are paired at random.
 * table: [degree][layer_count], or NULL. LS_ERR_MEMORY. */
enum { LS_BENCH_APSP_DEGREE = 8 };
const char *ls_bench_apsp_name(int32_t which);
ls_apsp_shape ls_bench_apsp_shape(int32_t which);
ls_status ls_bench_apsp_graph(int32_t which, ls_apsp_dart *table, ls_apsp **apsp);

#ifdef __cplusplus
}
#endif
#endif
