/* What the graph between blocks makes of a structure with a peer tier: its worst path, its mean
 * hops and what it delivers. Level 1 knows of a sparse graph only what no graph can beat; the graph
 * that is found (block_graph.h) takes its place at level 2. */
#ifndef LS_STRUCTURE_BLOCKS_H
#define LS_STRUCTURE_BLOCKS_H

#include "block_graph.h"
#include "json.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether blocks have too few links to be joined to all others. */
bool ls_structure_is_sparse(const ls_structure *structure);

/* What scale-up has left for traffic between rails, in ppm of the NIC rate; 0: it does not reach
 * from rail to rail. */
int64_t ls_relay_ppm(const ls_spec *spec);

/* Sets passes, mean hops and throughput of a sized structure. graph: NULL, or that of a sparse one.
 * O(1). */
void ls_structure_fill_blocks(const ls_spec *spec, const ls_problem *problem,
                              const ls_block_graph *graph, ls_structure *structure);

/* *wired is a copy with all that follows from the graph between its blocks, of spec->graphs where
 * it is sparse. LS_ERR_MEMORY. Costs a search once for each pair of blocks and links. */
ls_status ls_structure_wire(const ls_spec *spec, const ls_problem *problem,
                            const ls_structure *structure, ls_structure *wired);

/* Sets `block_graph` of sparse blocks: the graph that was found and Moore's bounds. */
void ls_structure_set_blocks(const ls_spec *spec, const ls_structure *structure, ls_json *object);

/* The same as a sentence, each line after indent. */
void ls_structure_print_blocks(const ls_spec *spec, const ls_structure *structure,
                               const char *indent);

#ifdef __cplusplus
}
#endif
#endif
