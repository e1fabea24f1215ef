/* Graphs between blocks that are not searched for: a torus, and links that follow a
 * demand, all or half of them. */
#ifndef LS_BLOCK_KINDS_H
#define LS_BLOCK_KINDS_H

#include "block_graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The torus of so many dimensions, 2 or 3, whose blocks are nearest on average; block i stands at
 * i mod a, i / a mod b, i / ab. Each ring gets at least one link for every two neighbours, the
 * others go one by one where links carry most under uniform demand. degree: even, at least twice
 * the dimensions; blocks: of as many factors. LS_ERR_MEMORY. */
ls_status ls_block_graph_torus(int32_t blocks, int32_t degree, int32_t dimensions,
                               ls_block_graph **graph);

/* Links where demand [blocks][blocks] is, over a base that joins all (ls_rewire_links): of the
 * bases that one whose demand takes fewest hops, then whose fullest link carries least.
 * is_complete: every two blocks keep a link. LS_ERR_MEMORY. */
ls_status ls_block_graph_follow(int32_t blocks, int32_t degree, const int64_t *demand,
                                bool is_complete, ls_block_graph **graph);

/* Half of each block's ports or more as in the uniform graph, the others where the demand is
 * (ls_rewire_links_add). found: the graph that a search with that seed finds of so many blocks and
 * links. The base is what a search finds of the fewest ports, by sixteenths of all, with which
 * uniform demand loads no link more than twice as much as in found, and the demand loads the
 * fullest less and takes no more hops; without such a base, it is found itself. NULL, degree
 * >= blocks - 1: every two blocks keep half of the links they would have alike, rounded up.
 * LS_ERR_MEMORY. */
ls_status ls_block_graph_follow_half(int32_t blocks, int32_t degree, const int64_t *demand,
                                     uint64_t seed, const ls_block_graph *found,
                                     ls_block_graph **graph);

#ifdef __cplusplus
}
#endif
#endif
