/* Benchmarks of placement: the two steps that its searches consist of. */
#ifndef LS_BENCH_PLACE_H
#define LS_BENCH_PLACE_H

#include "bench_series.h"
#include "qaplib.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_BENCH_PLACE_COUNT = 2 }; /* place_proposals, place_tabu_moves */

/* A floor of 10 x 10 with Manhattan distances and flows of 0..9: n = 100. destroy frees it.
 * LS_ERR_MEMORY. */
ls_status ls_bench_floor_create(ls_qaplib *qaplib, ls_error *error);

/* Each thread searches by itself, on 1 to thread_count threads of the CPU: entries
 * [LS_BENCH_PLACE_COUNT][thread_count]. An item is a proposal of tempering, or a move of tabu
 * search. LS_ERR_MEMORY. */
ls_status ls_bench_place(const ls_qaplib *qaplib, const ls_devices *devices, int32_t thread_count,
                         ls_bench_entry *entries, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
