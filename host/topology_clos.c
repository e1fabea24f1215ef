/* Owns the wiring of racks to leaves and of the Clos families. All planes are wired alike.
 *
 * Plain wiring: leaf l takes the GPUs l d .. l d + d - 1. Rail wiring: the leaves of R rails
 * alternate, leaf l = j R + i takes GPU i of the servers j d .. j d + d - 1, so that R leaves in
 * a row serve the same servers and a pod holds whole servers. */
#include "topology_build.h"

/* Links of leaf `leaf` of a plane to the racks of its endpoints first .. last - 1, which stand
 * per_rack in a rack. */
static ls_status wire_leaf(ls_topology_build *build, int32_t plane, int32_t leaf, int64_t first,
                           int64_t last, int32_t per_rack)
{
  for (int64_t endpoint = first; endpoint < last;) {
    int64_t rack = endpoint / per_rack;
    int64_t end = ls_min((rack + 1) * per_rack, last);
    ls_edge edge = {.kind = LS_EDGE_ACCESS, .tier = LS_TIER_ACCESS, .plane = (uint8_t)plane};
    edge.node_a = (int32_t)rack;
    edge.node_b = build->leaf_node + plane * build->leaf_count + leaf;
    edge.link_count = (int32_t)(end - endpoint);
    edge.via = -1;
    ls_status status = ls_build_add_edge(build, &edge);
    if (status != LS_OK) return status;
    endpoint = end;
  }
  return LS_OK;
}

ls_status ls_build_access(ls_topology_build *build)
{
  const ls_size *size = &build->structure->size;
  const ls_spec_cluster *cluster = &build->spec->cluster;
  const int64_t endpoints = build->problem->endpoint_count;
  const int64_t rails = size->rail_count;
  const int32_t gpus = build->problem->server_endpoint_count;
  const int32_t per_rack = cluster->servers_per_rack * (rails > 1 ? 1 : gpus);
  for (int32_t plane = 0; plane < build->structure->planes; plane++) {
    for (int32_t leaf = 0; leaf < build->leaf_count; leaf++) {
      int64_t rail = leaf % rails, first = leaf / rails * size->down;
      int64_t of_rail = endpoints / rails + (rail < endpoints % rails);
      int64_t last = ls_min(first + size->down, of_rail);
      ls_status status = wire_leaf(build, plane, leaf, first, last, per_rack);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

static ls_status add_trunk(ls_topology_build *build, int32_t tier, int32_t plane, int32_t node_a,
                           int32_t node_b, int32_t link_count)
{
  ls_edge edge = {.kind = LS_EDGE_TRUNK, .tier = (uint8_t)tier, .plane = (uint8_t)plane};
  edge.node_a = node_a;
  edge.node_b = node_b;
  edge.link_count = link_count;
  edge.via = -1;
  return link_count > 0 ? ls_build_add_edge(build, &edge) : LS_OK;
}

/* clos2: every spine; clos3: the spines of the leaf's pod. Equal trunks either way. */
static ls_status wire_leaf_spines(ls_topology_build *build, int32_t plane)
{
  const ls_size *size = &build->structure->size;
  const bool has_pods = build->structure->family == LS_CLOS3;
  const int32_t spines = has_pods ? size->up : build->spine_count;
  for (int32_t leaf = 0; leaf < build->leaf_count; leaf++) {
    int32_t pod = has_pods ? leaf / size->leaves_per_pod : 0;
    int32_t node = build->leaf_node + plane * build->leaf_count + leaf;
    int32_t spine = build->spine_node + plane * build->spine_count + pod * spines;
    for (int32_t s = 0; s < spines; s++) {
      ls_status status = add_trunk(build, LS_TIER_SPINE, plane, node, spine + s, size->up / spines);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

/* Spine s of every pod ends at core group s; a spine lights as many uplinks as it has leaves,
 * spread over the cores of its group, the first ones taking one more. */
static ls_status wire_spine_cores(ls_topology_build *build, int32_t plane)
{
  const ls_size *size = &build->structure->size;
  const int32_t cores = size->core_group_size;
  for (int32_t spine = 0; spine < build->spine_count; spine++) {
    int32_t pod = spine / size->up, group = spine % size->up;
    int32_t uplinks = pod == size->pod_count - 1 ? size->leaves_last_pod : size->leaves_per_pod;
    int32_t node = build->spine_node + plane * build->spine_count + spine;
    int32_t core = build->core_node + plane * build->core_count + group * cores;
    for (int32_t c = 0; c < cores; c++) {
      int32_t links = uplinks / cores + (c < uplinks % cores);
      ls_status status = add_trunk(build, LS_TIER_CORE, plane, node, core + c, links);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

ls_status ls_build_clos(ls_topology_build *build)
{
  ls_status status = LS_OK;
  const int32_t tiers = build->structure->tier_count;
  for (int32_t plane = 0; tiers > 1 && plane < build->structure->planes; plane++) {
    status = wire_leaf_spines(build, plane);
    if (status != LS_OK) return status;
  }
  for (int32_t plane = 0; tiers > 2 && plane < build->structure->planes; plane++) {
    status = wire_spine_cores(build, plane);
    if (status != LS_OK) return status;
  }
  return status;
}
