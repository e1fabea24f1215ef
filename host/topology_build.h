/* What the files that build a topology share: the wiring of the families (topology_clos.c,
 * topology_ocs.c), lengths, budgets and faces (topology.c), totals and ledger (ledger.c).
 * For no one else. */
#ifndef LS_TOPOLOGY_BUILD_H
#define LS_TOPOLOGY_BUILD_H

#include "topology.h"

/* A topology under construction. Counts are per plane; nodes of a kind lie plane by plane. */
typedef struct ls_topology_build {
  const ls_problem *problem;
  const ls_catalog *catalog;
  const ls_spec *spec;
  const ls_structure *structure;
  ls_topology *topology;
  int32_t leaf_count, spine_count, core_count, ocs_count;
  int32_t leaf_node, spine_node, core_node, ocs_node; /* first node of each kind */
  int32_t leg_edge;                                   /* first OCS leg */
  int32_t edge_capacity;
} ls_topology_build;

/* Appends a bundle with its kind, tier, ends, link count and way; the rest is filled later.
 * LS_ERR_MEMORY. Amortised O(1). */
ls_status ls_build_add_edge(ls_topology_build *build, const ls_edge *edge);

/* Bundles between racks and leaves, of all families. LS_ERR_MEMORY. O(edges). */
ls_status ls_build_access(ls_topology_build *build);

/* Trunks of clos2 and clos3; none for clos1. LS_ERR_MEMORY. O(edges). */
ls_status ls_build_clos(ls_topology_build *build);

/* OCS legs and circuits of ocs_spine. LS_ERR_MEMORY. O(edges). */
ls_status ls_build_ocs(ls_topology_build *build);

/* Fills ledger and totals from finished nodes and edges. LS_ERR_MEMORY. O(nodes + edges). */
ls_status ls_build_ledger(ls_topology_build *build);

#endif
