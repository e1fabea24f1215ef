/* Latency of a link, and the mean between two NICs, one way, over ordered pairs of GPUs under
 * uniform traffic. */
#ifndef LS_LATENCY_H
#define LS_LATENCY_H

#include "../kernels/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One link of this length: both ends, FEC, glass. */
int64_t ls_latency_link_ps(const ls_problem *problem, const ls_link_row *link, int64_t length_mm);

/* In ps, rounded down. link_ps, pass_ps: [LS_TIER_MAX], the mean link of each tier of a sized
 * structure, a circuit with both its legs, and one pass of the chassis above it (0: none). No
 * longer where nothing is longer. O(leaves x tiers). */
int64_t ls_latency_mean_ps(const ls_problem *problem, const ls_structure *structure,
                           const int64_t *link_ps, const int64_t *pass_ps);

/* The same at level 1, with the shortest mean lengths that the floor allows: no more than the mean
 * of any placement. */
int64_t ls_latency_mean_bound_ps(const ls_problem *problem, const ls_structure *structure,
                                 const ls_link_row *link);

#ifdef __cplusplus
}
#endif
#endif
