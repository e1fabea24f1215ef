/* A regular graph of even degree taken apart into 2-factors (Petersen, 1891): turned along an
 * Eulerian walk, every block has half of its links from it and half to it, so that the links are
 * those of a regular bipartite graph, and that falls into perfect matchings (Koenig, 1916). */
#ifndef LS_BLOCK_FACTORS_H
#define LS_BLOCK_FACTORS_H

#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Orders links [blocks * degree / 2], a < b, so that each run of `blocks` links passes every block
 * twice. degree: even. LS_ERR_MEMORY. O(degree * links) on graphs as they are met. */
ls_status ls_block_factors(int32_t blocks, int32_t degree, int32_t (*links)[2]);

#ifdef __cplusplus
}
#endif
#endif
