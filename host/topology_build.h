/* What the files that build a topology share: the wiring of the families (topology_clos.c,
 * topology_mesh.c), lengths, budgets and faces (topology.c), totals and ledger (ledger.c).
 * For no one else. */
#ifndef LS_TOPOLOGY_BUILD_H
#define LS_TOPOLOGY_BUILD_H

#include "topology.h"

/* A topology under construction. Nodes of a kind lie plane by plane. */
typedef struct ls_topology_build {
  const ls_problem *problem;
  const ls_catalog *catalog;
  const ls_spec *spec;
  const ls_structure *structure;
  ls_topology *topology;
  int32_t count[LS_NODE_KIND_COUNT];  /* of a plane; racks: of all */
  int32_t first[LS_NODE_KIND_COUNT];  /* node of each kind */
  int32_t leg_edge;                   /* first OCS leg */
  const struct ls_block_graph *graph; /* of sparse blocks; else NULL */
  int32_t edge_capacity;
} ls_topology_build;

/* Appends a bundle with its kind, tier, ends, link count and way; the rest is filled later.
 * LS_ERR_MEMORY. Amortised O(1). */
ls_status ls_build_add_edge(ls_topology_build *build, const ls_edge *edge);

/* Bundles between racks and leaves, of all families. LS_ERR_MEMORY. O(edges). */
ls_status ls_build_access(ls_topology_build *build);

/* Trunks between leaves, spines, super-spines and cores; none where there is one layer.
 * LS_ERR_MEMORY. O(edges). */
ls_status ls_build_clos(ls_topology_build *build);

/* OCS legs and circuits, or cords from leaf to leaf, of a structure with a peer tier.
 * LS_ERR_MEMORY. O(edges). */
ls_status ls_build_mesh(ls_topology_build *build);

/* The leg of a device of the peer tier to an OCS of its plane, both as nodes. */
const ls_edge *ls_build_leg(const ls_topology_build *build, int32_t node, int32_t ocs);

/* What a cord is between two slots: optics, length, connectors, price, loss. Returns what the link
 * violates at its true length, nothing for a leg to an OCS. */
uint32_t ls_build_cord(const ls_topology_build *build, ls_edge *edge, int32_t slot_a,
                       int32_t slot_b);

/* The first node of a kind in a plane. */
static inline int32_t ls_build_node(const ls_topology_build *build, ls_node_kind kind,
                                    int32_t plane)
{
  return build->first[kind] + plane * build->count[kind];
}

/* Lit ports and modules of all devices from the bundles and what each is. LS_ERR_MEMORY.
 * LS_ERR_FULL: a face has more kinds of optics than there is room for. O(nodes + edges), where a
 * rack has several kinds O(GPUs x planes) more. */
ls_status ls_build_faces(ls_topology_build *build);

/* What a chassis may draw, for the breakers of its rack. */
int64_t ls_build_power_mw(const ls_topology_build *build, const ls_node *node);

/* Bundles, ledger, totals and violations at the places there are, failure domains where something
 * limits them. LS_ERR_MEMORY. */
ls_status ls_build_measure(ls_topology_build *build);

/* The same of a design whose boxes and bundles chose for themselves, with all failure domains, and
 * of the cords what they are: neither the policy's places nor a bound are told of these. */
ls_status ls_build_measure_all(ls_topology_build *build);

/* The build of a finished topology, to go on from there. */
ls_topology_build ls_build_of(const ls_catalog *catalog, const ls_spec *spec,
                              ls_topology *topology);

/* What a mixed topology violates but for lengths, limits and failure domains. LS_ERR_MEMORY. */
ls_status ls_build_judge_mixed(const ls_topology_build *build, uint32_t *violation_mask);

/* Fills ledger and totals from finished nodes and edges. LS_ERR_MEMORY. O(nodes + edges). */
ls_status ls_build_ledger(ls_topology_build *build);

#endif
