/* Owns the wiring of racks to leaves and of the tiers of the Clos families. All planes are wired
 * alike.
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
    edge.node_b = ls_build_node(build, LS_NODE_LEAF, plane) + leaf;
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
    for (int32_t leaf = 0; leaf < build->count[LS_NODE_LEAF]; leaf++) {
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

/* Every spine of the leaf's pod, without pods of the leaf's fabric, by equal trunks. */
static ls_status wire_leaf_spines(ls_topology_build *build, int32_t plane)
{
  const ls_size *size = &build->structure->size;
  const int32_t fabrics = size->fabric_count, leaves = build->count[LS_NODE_LEAF];
  const int32_t spines = size->pod_count ? size->up : build->count[LS_NODE_SPINE] / fabrics;
  for (int32_t leaf = 0; leaf < leaves; leaf++) {
    int32_t first = ls_build_node(build, LS_NODE_SPINE, plane);
    first += size->pod_count ? leaf / size->leaves_per_pod * spines : leaf % fabrics;
    for (int32_t s = 0; s < spines; s++) {
      ls_status status =
          add_trunk(build, LS_TIER_SPINE, plane, ls_build_node(build, LS_NODE_LEAF, plane) + leaf,
                    first + s * fabrics, size->up / spines);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

/* Uplinks of a device spread over the cores of a group, the first ones taking one more. */
static ls_status wire_group(ls_topology_build *build, int32_t plane, int32_t node, int32_t group,
                            int32_t uplinks)
{
  const int32_t cores = build->structure->size.core_group_size;
  const int32_t core = ls_build_node(build, LS_NODE_CORE, plane) + group * cores;
  for (int32_t c = 0; c < cores; c++) {
    int32_t links = uplinks / cores + (c < uplinks % cores);
    ls_status status = add_trunk(build, ls_node_tier(build->structure, LS_NODE_CORE), plane, node,
                                 core + c, links);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

static int32_t leaves_of_pod(const ls_size *size, int32_t pod)
{
  return pod == size->pod_count - 1 ? size->leaves_last_pod : size->leaves_per_pod;
}

/* clos3: spine s of every pod ends at core group s; a spine lights as many uplinks as it has
 * leaves. */
static ls_status wire_spine_cores(ls_topology_build *build, int32_t plane)
{
  const ls_size *size = &build->structure->size;
  for (int32_t spine = 0; spine < build->count[LS_NODE_SPINE]; spine++) {
    const int32_t node = ls_build_node(build, LS_NODE_SPINE, plane) + spine;
    ls_status status =
        wire_group(build, plane, node, spine % size->up, leaves_of_pod(size, spine / size->up));
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

/* clos4: uplink j of spine s of a pod ends at super-spine (j, s) of the super-pod: by j first, so
 * that those that a lone partial pod does not reach would be the last. */
static ls_status wire_spine_supers(ls_topology_build *build, int32_t plane)
{
  const ls_size *size = &build->structure->size;
  for (int32_t spine = 0; spine < build->count[LS_NODE_SPINE]; spine++) {
    const int32_t pod = spine / size->up, super_pod = pod / size->leaves_per_pod;
    const int32_t first = ls_build_node(build, LS_NODE_SUPER, plane) +
                          super_pod * size->leaves_per_pod * size->up + spine % size->up;
    for (int32_t j = 0; j < leaves_of_pod(size, pod); j++) {
      ls_status status =
          add_trunk(build, LS_TIER_CORE, plane, ls_build_node(build, LS_NODE_SPINE, plane) + spine,
                    first + j * size->up, 1);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

/* clos4: super-spine (j, s) of every super-pod ends at core group (j, s), with as many uplinks as
 * it has pods. */
static ls_status wire_super_cores(ls_topology_build *build, int32_t plane)
{
  const ls_size *size = &build->structure->size;
  const int32_t groups = size->up * size->leaves_per_pod;
  for (int32_t i = 0; i < build->count[LS_NODE_SUPER]; i++) {
    const int32_t pod = i / groups * size->leaves_per_pod;
    const int32_t pods = (int32_t)ls_min(size->pod_count - pod, size->leaves_per_pod);
    const bool is_last = pod + pods == size->pod_count;
    const bool is_missed = is_last && i % groups / size->up >= size->leaves_last_pod;
    ls_status status = wire_group(build, plane, ls_build_node(build, LS_NODE_SUPER, plane) + i,
                                  i % groups, pods - is_missed);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

ls_status ls_build_clos(ls_topology_build *build)
{
  ls_status status = LS_OK;
  const int32_t planes = build->structure->planes;
  for (int32_t p = 0; status == LS_OK && build->count[LS_NODE_SPINE] && p < planes; p++)
    status = wire_leaf_spines(build, p);
  for (int32_t p = 0; status == LS_OK && build->count[LS_NODE_SUPER] && p < planes; p++)
    status = wire_spine_supers(build, p);
  for (int32_t p = 0; status == LS_OK && build->count[LS_NODE_CORE] && p < planes; p++)
    status = build->count[LS_NODE_SUPER] ? wire_super_cores(build, p) : wire_spine_cores(build, p);
  return status;
}
