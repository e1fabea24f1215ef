/* Graphs of diameter 3 at most, where the pairs within two links decide. */
#ifndef LS_WIRE_DENSE_H
#define LS_WIRE_DENSE_H

#include "wire_lift.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Anneals a graph without symmetry by exchanging the ends of two edges, with the number of common
 * neighbours of all pairs kept up to date: O(degree) a move. What it lowers is the sum of distances
 * if none exceeds 3, and a move counts as an evaluation. Loops and parallel edges are never made.
 * lift has the group of one element; its sum is not touched. Returns the moves tried, -1 without
 * memory. */
int64_t ls_wire_dense_anneal(ls_lift *lift, const ls_lift_run *run);

/* Whether a graph of so many nodes and that degree, at most 127, can be expected to have diameter 3
 * at most. */
bool ls_wire_is_dense(int64_t nodes, int64_t degree);

/* Nanoseconds that a move takes, about, where bytes are added in vectors. */
double ls_wire_dense_cost(int32_t nodes);

/* How many times as long it takes on this processor, about. */
double ls_wire_dense_slowness(void);

#ifdef __cplusplus
}
#endif
#endif
