/* What the graph between blocks makes of a structure with a peer tier: its worst path, its mean
 * hops and what it delivers. Level 1 knows of a graph only what none can beat; the graph itself
 * (block_graph.h) takes its place at level 2. */
#ifndef LS_STRUCTURE_BLOCKS_H
#define LS_STRUCTURE_BLOCKS_H

#include "block_graph.h"
#include "json.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether its blocks are joined by a graph that is not every two alike. */
bool ls_structure_has_graph(const ls_structure *structure);

/* The graph of such a structure, of spec->graphs where it was met before. Give it back by
 * ls_block_graph_release(spec->graphs, graph). LS_ERR_MEMORY. */
ls_status ls_structure_take_graph(const ls_spec *spec, const ls_structure *structure,
                                  const ls_block_graph **graph);

/* What scale-up has left for traffic between rails, in ppm of the NIC rate; 0: it does not reach
 * from rail to rail. */
int64_t ls_relay_ppm(const ls_spec *spec);

/* Sets passes, mean hops and throughput of a sized structure. graph: its own, or NULL. O(1). */
void ls_structure_fill_blocks(const ls_spec *spec, const ls_problem *problem,
                              const ls_block_graph *graph, ls_structure *structure);

/* Its throughput alone. O(1). */
void ls_structure_fill_throughput(const ls_spec *spec, const ls_block_graph *graph,
                                  ls_structure *structure);

/* *wired is a copy with all that follows from the graph between its blocks, if there is one.
 * LS_ERR_MEMORY. Costs what making the graph does, once for each. */
ls_status ls_structure_wire(const ls_spec *spec, const ls_problem *problem,
                            const ls_structure *structure, ls_structure *wired);

/* Sets `block_graph` where there is one: what it is, and Moore's bounds. */
void ls_structure_set_blocks(const ls_spec *spec, const ls_structure *structure, ls_json *object);

/* The same as a sentence, each line after indent. */
void ls_structure_print_blocks(const ls_spec *spec, const ls_structure *structure,
                               const char *indent);

#ifdef __cplusplus
}
#endif
#endif
