/* The graph between the blocks of a network of which not every two are joined alike, with every
 * port used, taken apart for OCS, and measured: of any links, or found by the search of wire.h.
 * That has bounded evaluations and runs on one thread, so that the same numbers and seed give the
 * same graph wherever it is asked for. */
#ifndef LS_BLOCK_GRAPH_H
#define LS_BLOCK_GRAPH_H

#include "wiring.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What one block sends to each other one, in loads. */
#define LS_BLOCK_UNIT ((int64_t)1 << 24)

typedef struct ls_block_graph {
  int32_t blocks, degree;
  /* [blocks * degree / 2] one a link, a < b. Where degree is even each run of as many links as
   * there are blocks passes every block twice (a 2-factor). */
  int32_t (*links)[2];
  const char *made_from; /* a static text, as of ls_wire_result */
  int32_t diameter;
  int64_t distance_sum;  /* over ordered pairs */
  int64_t adjacent;      /* ordered pairs of blocks that are joined */
  int32_t links_min;     /* of those pairs */
  int64_t last_distance; /* from the last block to all others */
  int64_t load;          /* ls_block_graph_load of uniform demand, the most */
} ls_block_graph;

/* blocks > degree + 1, degree >= 2, of which one is even. The caller destroys it. LS_ERR_MEMORY. */
ls_status ls_block_graph_create(int32_t blocks, int32_t degree, uint64_t seed,
                                ls_block_graph **graph);

/* The graph of links [blocks * degree / 2], a < b, that join all blocks and use all their ports;
 * takes them over, whatever the status. made_from: a static text. LS_ERR_MEMORY. */
ls_status ls_block_graph_adopt(int32_t blocks, int32_t degree, int32_t (*links)[2],
                               const char *made_from, ls_block_graph **graph);
void ls_block_graph_destroy(ls_block_graph *graph);

typedef struct ls_block_load {
  int64_t most; /* on one direction of a link */
  int64_t hops; /* demand times its distance, of all */
} ls_block_load;

/* What links carry when every demand is split at each block over all links that lead nearer, alike
 * (ECMP); each part is rounded up. demand: [blocks][blocks], from row to column, diagonal 0; NULL:
 * LS_BLOCK_UNIT each. LS_ERR_MEMORY. O(blocks * links). */
ls_status ls_block_graph_load(const ls_block_graph *graph, const int64_t *demand,
                              ls_block_load *load);

/* Graphs met before, for threads that share them. */
typedef struct ls_block_graphs ls_block_graphs;

/* NULL: no memory. destroy takes NULL. */
ls_block_graphs *ls_block_graphs_create(uint64_t seed);
void ls_block_graphs_destroy(ls_block_graphs *graphs);

/* What a graph depends on, beside the seed and what its maker knows for all of them. */
typedef struct ls_block_key {
  int32_t kind; /* ls_block_kind */
  int32_t blocks, degree, block_gpus;
  bool are_pods;
} ls_block_key;

typedef ls_status ls_block_maker(const void *context, const ls_block_key *key, uint64_t seed,
                                 ls_block_graph **graph);

/* The graph of a key, made once; graphs NULL: anew, with seed 1. Give it back by
 * ls_block_graph_release. The maker's status. */
ls_status ls_block_graph_take(ls_block_graphs *graphs, const ls_block_key *key,
                              ls_block_maker *maker, const void *context,
                              const ls_block_graph **graph);
void ls_block_graph_release(ls_block_graphs *graphs, const ls_block_graph *graph);

#ifdef __cplusplus
}
#endif
#endif
