/* Graphs between blocks that are not searched for: a torus, and links that follow a demand. */
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

#ifdef __cplusplus
}
#endif
#endif
