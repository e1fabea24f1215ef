/* Owns the wiring of leaf blocks through OCS: a near-uniform mesh, of which each OCS carries a
 * regular part.
 *
 * The complete graph of B blocks falls into factors. For even B these are the B - 1 perfect
 * matchings of the circle method (Kirkman's round robin): block B - 1 stands in the middle, in
 * round m it meets block m, and m - k meets m + k on the circle of the others. For odd B they
 * are the (B - 1) / 2 graphs of one cyclic difference each, in which every block has two links.
 * A block's uplinks take the factors in turn, so two blocks' numbers of links differ by at most
 * one; OCS j carries the j-th run of them. */
#include "topology_build.h"

static ls_status add_circuit(ls_topology_build *build, int32_t plane, int32_t ocs,
                             const int32_t block[2], int32_t link_count)
{
  const int32_t node = build->leaf_node + plane * build->leaf_count;
  ls_edge edge = {.kind = LS_EDGE_CIRCUIT, .tier = LS_TIER_SPINE, .plane = (uint8_t)plane};
  edge.node_a = node + (int32_t)ls_min(block[0], block[1]);
  edge.node_b = node + (int32_t)ls_max(block[0], block[1]);
  edge.via = build->ocs_node + plane * build->ocs_count + ocs;
  edge.link_count = link_count;
  return ls_build_add_edge(build, &edge);
}

/* One factor of the complete graph, link_count times, through one OCS. */
static ls_status wire_factor(ls_topology_build *build, int32_t plane, int32_t ocs, int32_t factor,
                             int32_t link_count)
{
  const int32_t blocks = build->leaf_count;
  const bool is_even = blocks % 2 == 0;
  const int32_t circle = is_even ? blocks - 1 : blocks;
  const int32_t pairs = is_even ? blocks / 2 : blocks;
  for (int32_t i = 0; i < pairs; i++) {
    int32_t pair[2];
    if (is_even) {
      pair[0] = i == 0 ? circle : (factor - i + circle) % circle;
      pair[1] = i == 0 ? factor : (factor + i) % circle;
    } else {
      pair[0] = i;
      pair[1] = (i + factor + 1) % circle;
    }
    ls_status status = add_circuit(build, plane, ocs, pair, link_count);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

/* OCS `ocs` carries factors ocs * run .. ocs * run + run - 1, counted around; those that come
 * up more than once make thicker bundles. */
static ls_status wire_ocs(ls_topology_build *build, int32_t plane, int32_t ocs)
{
  const int32_t blocks = build->leaf_count;
  const int32_t links = build->structure->size.up / build->ocs_count;
  const int32_t factors = blocks % 2 == 0 ? blocks - 1 : (blocks - 1) / 2;
  const int32_t run = blocks % 2 == 0 ? links : links / 2;
  const int32_t first = (int32_t)((int64_t)ocs * run % factors);
  for (int32_t i = 0; i < run && i < factors; i++) {
    int32_t link_count = run / factors + (i < run % factors);
    ls_status status = wire_factor(build, plane, ocs, (first + i) % factors, link_count);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

ls_status ls_build_ocs(ls_topology_build *build)
{
  ls_status status = LS_OK;
  build->leg_edge = build->topology->edge_count;
  for (int32_t plane = 0; plane < build->structure->planes; plane++) {
    for (int32_t leg = 0; leg < build->leaf_count * build->ocs_count; leg++) {
      ls_edge edge = {.kind = LS_EDGE_OCS_LEG, .tier = LS_TIER_SPINE, .plane = (uint8_t)plane};
      edge.node_a = build->leaf_node + plane * build->leaf_count + leg / build->ocs_count;
      edge.node_b = build->ocs_node + plane * build->ocs_count + leg % build->ocs_count;
      edge.link_count = build->structure->size.up / build->ocs_count;
      edge.via = -1;
      status = ls_build_add_edge(build, &edge);
      if (status != LS_OK) return status;
    }
  }
  for (int32_t plane = 0; plane < build->structure->planes; plane++) {
    for (int32_t ocs = 0; ocs < build->ocs_count; ocs++) {
      status = wire_ocs(build, plane, ocs);
      if (status != LS_OK) return status;
    }
  }
  return status;
}
