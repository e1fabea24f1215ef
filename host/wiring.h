/* A graph as a list of edges: read, written, and measured by breadth-first search. What a search
 * claims about a wiring is checked here; nothing of kernels/apsp.h is used. */
#ifndef LS_WIRING_H
#define LS_WIRING_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_WIRING_NODES_MAX = 1 << 15 };

typedef struct ls_wiring {
  int32_t node_count;
  int64_t edge_count, capacity;
  int32_t (*edges)[2]; /* [capacity] 0-based ends */
} ls_wiring;

typedef struct ls_wiring_measure {
  int64_t distance_sum;            /* over unordered pairs with a path */
  int64_t unreachable;             /* unordered pairs without one */
  int32_t diameter;                /* of the pairs with a path */
  int32_t degree_max, degree_node; /* and the first node that has it */
} ls_wiring_measure;

/* Without edges. LS_ERR_MEMORY. */
ls_status ls_wiring_create(int32_t node_count, int64_t capacity, ls_wiring *wiring);
void ls_wiring_destroy(ls_wiring *wiring);

/* There must be room. */
void ls_wiring_add(ls_wiring *wiring, int32_t a, int32_t b);

/* Orders the ends of each edge and the edges, and drops loops and all but one of parallel edges. */
void ls_wiring_normalize(ls_wiring *wiring);

/* Breadth-first search from every node, on so many threads: O(nodes * (nodes + edges)).
 * LS_ERR_MEMORY. */
ls_status ls_wiring_measure_all(const ls_wiring *wiring, int32_t thread_count,
                                ls_wiring_measure *measure);

/* The same for pairs of nodes 0..count-1 alone; degree_max is of all nodes. */
ls_status ls_wiring_measure_first(const ls_wiring *wiring, int32_t count, int32_t thread_count,
                                  ls_wiring_measure *measure);

/* A line "a b" an edge, nodes from 0 on, as the Graph Golf competition has it. The number of nodes
 * is one more than the highest. LS_ERR_INPUT with file and line; LS_ERR_MEMORY. */
ls_status ls_wiring_read(const char *path, ls_wiring *wiring, ls_error *error);

/* Replaces the file at once or not at all. LS_ERR_IO. */
ls_status ls_wiring_write(const char *path, const ls_wiring *wiring, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
