/* Sizing: how many switches and links a family needs, per plane. Pure integer functions of
 * radix, endpoints and oversubscription; docs/model.md section 1 derives them.
 *
 * All trunks are equal: the spines of clos2 and the cores of a group divide the uplinks of the
 * device below, so that each device has equally many links to each one above it. */
#ifndef LS_SIZE_H
#define LS_SIZE_H

#include "problem.h"

typedef struct ls_size_request {
  int32_t family;      /* ls_family */
  int32_t rail_count;  /* 1: plain wiring; rail_only: its number of fabrics */
  int32_t layer_count; /* rail_only: 1 or 2 layers of switches; 0: as few as do */
  int32_t block_kind;  /* ls_block_kind */
  int64_t endpoint_count;
  int32_t radix[LS_TIER_MAX];                         /* of leaf, spine (also super-spine), core */
  int32_t oversubscription_num, oversubscription_den; /* down:up, at least 1:1 */
} ls_size_request;

/* Smallest divisor of number that is at least least, or 0. O(number), at most a radix. */
LS_HD int32_t ls_divisor_at_least(int32_t number, int64_t least)
{
  for (int64_t divisor = ls_max(least, 1); divisor <= number; divisor++)
    if (number % divisor == 0) return (int32_t)divisor;
  return 0;
}

/* Leaves of one plane: with R rails, each rail fills leaves of its own. */
LS_HD void ls_size_leaves(const ls_size_request *request, ls_size *size)
{
  const int64_t rails = request->rail_count;
  const int64_t of_rail = ls_ceil_div(request->endpoint_count, rails);
  size->rail_count = (int32_t)rails;
  size->fabric_count = 1;
  size->leaf_count = rails * ls_ceil_div(of_rail, size->down);
  size->leaf_full_count = (int32_t)(rails * (of_rail / size->down));
  size->leaf_rest = (int32_t)(of_rail % size->down);
  size->access_links = request->endpoint_count;
}

/* Splits the leaf's ports down:up, u >= 1 and d >= 1, or says why not. */
LS_HD uint32_t ls_size_split(const ls_size_request *request, ls_size *size)
{
  const int64_t num = request->oversubscription_num, den = request->oversubscription_den;
  const int64_t radix = request->radix[0];
  size->down = (int32_t)(radix * num / (num + den));
  size->up = (int32_t)(radix - size->down);
  return size->down < 1 || size->up < 1 ? LS_VIOLATES_TRUNKS : 0;
}

LS_HD uint32_t ls_size_clos1(const ls_size_request *request, ls_size *size)
{
  if (request->endpoint_count > request->radix[0]) return LS_VIOLATES_CAPACITY;
  size->down = request->radix[0];
  size->rail_count = size->fabric_count = 1;
  size->leaf_count = 1;
  size->leaf_full_count = request->endpoint_count == size->down;
  size->leaf_rest = size->leaf_full_count ? 0 : (int32_t)request->endpoint_count;
  size->access_links = request->endpoint_count;
  return 0;
}

LS_HD uint32_t ls_size_clos2(const ls_size_request *request, ls_size *size)
{
  const uint32_t violation_mask = ls_size_split(request, size);
  if (violation_mask) return violation_mask;
  ls_size_leaves(request, size);
  size->leaf_spine_links = size->leaf_count * size->up;
  size->spine_count =
      ls_divisor_at_least(size->up, ls_ceil_div(size->leaf_spine_links, request->radix[1]));
  return size->spine_count ? 0 : LS_VIOLATES_CAPACITY;
}

/* Pods of up to k/2 leaves, one link from each leaf to each of u spines. A partial pod keeps
 * its spines, but lights only as many uplinks as it has downlinks: so each core group, one per
 * spine index, ends as many links as there are leaves. */
LS_HD void ls_size_pods(const ls_size_request *request, ls_size *size)
{
  ls_size_leaves(request, size);
  size->spine_uplink_max = request->radix[1] / 2;
  size->leaves_per_pod = size->spine_uplink_max;
  size->pod_count = (int32_t)ls_ceil_div(size->leaf_count, size->leaves_per_pod);
  size->leaves_last_pod =
      (int32_t)(size->leaf_count - (int64_t)(size->pod_count - 1) * size->leaves_per_pod);
  size->spine_count = (int64_t)size->pod_count * size->up;
  size->leaf_spine_links = size->leaf_count * size->up;
}

LS_HD uint32_t ls_size_clos3(const ls_size_request *request, ls_size *size)
{
  const uint32_t violation_mask = ls_size_split(request, size);
  if (violation_mask) return violation_mask;
  if (request->radix[1] < 2) return LS_VIOLATES_TRUNKS;
  ls_size_pods(request, size);
  size->core_group_size =
      ls_divisor_at_least(size->spine_uplink_max, ls_ceil_div(size->leaf_count, request->radix[2]));
  size->core_count = (int64_t)size->up * size->core_group_size;
  size->spine_core_links = size->leaf_spine_links;
  return size->core_group_size ? 0 : LS_VIOLATES_CAPACITY;
}

/* A clos4 of one super-pod or less: there is nothing for cores to join, so it is a clos3. Of any
 * *size that ls_size_compute has seen. */
LS_HD bool ls_size_is_less(int32_t family, const ls_size *size)
{
  return family == LS_CLOS4 && size->pod_count <= size->spine_uplink_max;
}

/* Pods as in clos3 stand below super-pods of k/2 pods; super-spine j of spine index s ends one
 * link from each pod with more than j leaves, and core group (s, j) as many as there are such
 * pods, at most all of them. What would end no link is not there. In one super-pod there is
 * nothing for cores to join: that is a clos3. */
LS_HD uint32_t ls_size_clos4(const ls_size_request *request, ls_size *size)
{
  const uint32_t violation_mask = ls_size_split(request, size);
  if (violation_mask) return violation_mask;
  if (request->radix[1] < 2) return LS_VIOLATES_TRUNKS;
  ls_size_pods(request, size);
  const int32_t half = size->spine_uplink_max;
  const int64_t groups = (int64_t)size->up * half;
  const int64_t super_pods = ls_ceil_div(size->pod_count, half);
  if (ls_size_is_less(LS_CLOS4, size)) return LS_VIOLATES_TRUNKS;
  const bool is_lone_pod = size->pod_count % half == 1 || half == 1;
  size->super_spine_count =
      (super_pods - 1) * groups + (int64_t)size->up * (is_lone_pod ? size->leaves_last_pod : half);
  size->core_group_size =
      ls_divisor_at_least(half, ls_ceil_div(size->pod_count, request->radix[2]));
  size->core_count = groups * size->core_group_size;
  size->spine_super_links = size->spine_core_links = size->leaf_spine_links;
  if (!size->core_group_size) return LS_VIOLATES_CAPACITY;
  const bool is_partial = size->leaves_last_pod < half;
  return size->pod_count - is_partial < size->core_group_size ? LS_VIOLATES_TRUNKS : 0;
}

/* One fabric a rail, of one layer or of two (non-blocking or as asked), the fullest of them;
 * traffic between rails goes through scale-up. Leaves and spines of the rails alternate. */
LS_HD uint32_t ls_size_rail_only(const ls_size_request *request, ls_size *size)
{
  const int32_t rails = request->rail_count;
  ls_size_request fabric = *request;
  uint32_t violation_mask = LS_VIOLATES_CAPACITY;
  fabric.endpoint_count = ls_ceil_div(request->endpoint_count, rails);
  fabric.rail_count = 1;
  if (request->layer_count != 2) violation_mask = ls_size_clos1(&fabric, size);
  if (violation_mask && request->layer_count != 1) violation_mask = ls_size_clos2(&fabric, size);
  size->fabric_count = size->rail_count = rails;
  size->leaf_count *= rails;
  size->leaf_full_count *= rails;
  size->spine_count *= rails;
  size->leaf_spine_links *= rails;
  size->access_links = request->endpoint_count;
  return violation_mask;
}

/* More blocks than these are joined only where every two of them are, alike: a graph takes too long
 * to be found and measured. Links that follow a demand take longer. */
enum { LS_GRAPH_BLOCKS_MAX = 2048, LS_DEMAND_GRAPH_BLOCKS_MAX = 512 };

/* Blocks are joined by a graph that is not every two alike. */
LS_HD bool ls_size_has_graph(const ls_size *size)
{
  return size->block_kind != LS_BLOCKS_FOUND || size->block_links < size->block_count - 1;
}

/* Dimensions of a torus, or 0. */
LS_HD int32_t ls_torus_dimensions(int32_t block_kind)
{
  return block_kind == LS_BLOCKS_TORUS_2D ? 2 : block_kind == LS_BLOCKS_TORUS_3D ? 3 : 0;
}

LS_HD bool ls_follows_demand(int32_t block_kind)
{
  return block_kind == LS_BLOCKS_DEMAND || block_kind == LS_BLOCKS_DEMAND_HALF;
}

/* Prime factors of a number, equal ones counted each. O(sqrt(number)). */
LS_HD int32_t ls_factor_count(int64_t number)
{
  int32_t count = 0;
  for (int64_t divisor = 2; divisor * divisor <= number; divisor++)
    for (; number % divisor == 0; number /= divisor) count++;
  return count + (number > 1);
}

/* Whether blocks with so many links each can be joined; pods are only where every two are. */
LS_HD uint32_t ls_size_blocks(int64_t blocks, int32_t links, bool are_pods, ls_size *size)
{
  const int32_t dimensions = ls_torus_dimensions(size->block_kind);
  const bool is_complete = links >= blocks - 1;
  size->block_count = blocks;
  size->block_links = links;
  if (blocks < 2 || (are_pods && (dimensions || !is_complete))) return LS_VIOLATES_MESH;
  if (!ls_size_has_graph(size)) return 0;
  if (links < 2 || blocks > LS_GRAPH_BLOCKS_MAX) return LS_VIOLATES_MESH;
  if (ls_follows_demand(size->block_kind) && blocks > LS_DEMAND_GRAPH_BLOCKS_MAX)
    return LS_VIOLATES_MESH;
  if (!dimensions) return 0;
  return links % 2 || links < 2 * dimensions || ls_factor_count(blocks) < dimensions
             ? LS_VIOLATES_MESH
             : 0;
}

/* Leaf blocks joined by OCS. How many OCS that takes depends on the optics: ls_size_ocs. A graph is
 * shared among them two links of a block at a time (2-factors). */
LS_HD uint32_t ls_size_ocs_spine(const ls_size_request *request, ls_size *size)
{
  const uint32_t violation_mask = ls_size_split(request, size);
  if (violation_mask) return violation_mask;
  ls_size_leaves(request, size);
  size->leaf_spine_links = size->leaf_count * size->up / 2;
  const uint32_t mesh_mask = ls_size_blocks(size->leaf_count, size->up, false, size);
  if (mesh_mask) return mesh_mask;
  return request->family == LS_OCS_SPINE && ls_size_has_graph(size) && size->up % 2
             ? LS_VIOLATES_TRUNKS
             : 0;
}

/* Leaf blocks joined by cords: with an odd number of odd blocks, one port would be left. */
LS_HD uint32_t ls_size_direct(const ls_size_request *request, ls_size *size)
{
  const uint32_t violation_mask = ls_size_ocs_spine(request, size);
  if (violation_mask) return violation_mask;
  return size->leaf_count * size->up % 2 ? LS_VIOLATES_TRUNKS : 0;
}

/* Pods of leaves and u spines, as in clos3 but all alike, joined by OCS: the fewest pods that share
 * the leaves evenly. A spine lights as many uplinks as it has leaves. */
LS_HD uint32_t ls_size_ocs_core(const ls_size_request *request, ls_size *size)
{
  const uint32_t violation_mask = ls_size_split(request, size);
  if (violation_mask) return violation_mask;
  if (request->radix[1] < 2) return LS_VIOLATES_TRUNKS;
  ls_size_leaves(request, size);
  if (size->leaf_count < 2) return LS_VIOLATES_MESH;
  int64_t pods = ls_max(ls_ceil_div(size->leaf_count, request->radix[1] / 2), 2);
  while (size->leaf_count % pods) pods++;
  size->pod_count = (int32_t)pods;
  size->leaves_per_pod = size->leaves_last_pod = size->spine_uplink_max =
      (int32_t)(size->leaf_count / pods);
  size->spine_count = pods * size->up;
  size->leaf_spine_links = size->leaf_count * size->up;
  size->spine_core_links = size->leaf_spine_links / 2;
  return ls_size_blocks(pods, size->up * size->leaves_per_pod, true, size);
}

/* Fills *size and returns 0, or returns the violated constraints (*size is then scratch).
 * O(radix). */
LS_HD uint32_t ls_size_compute(const ls_size_request *request, ls_size *size)
{
  const ls_size empty = LS_ZERO;
  *size = empty;
  size->block_kind = request->block_kind;
  switch (request->family) {
  case LS_CLOS1: return ls_size_clos1(request, size);
  case LS_CLOS2: return ls_size_clos2(request, size);
  case LS_CLOS3: return ls_size_clos3(request, size);
  case LS_CLOS4: return ls_size_clos4(request, size);
  case LS_RAIL_ONLY: return ls_size_rail_only(request, size);
  case LS_OCS_SPINE: return ls_size_ocs_spine(request, size);
  case LS_OCS_CORE: return ls_size_ocs_core(request, size);
  default: return ls_size_direct(request, size);
  }
}

/* OCS of one plane for blocks with up uplinks each, pairs fiber pairs a link, port_count usable
 * ports a side: the least M for which w = up / M is whole (and even with circulators or where a
 * graph joins the blocks, and blocks * w even always), or 0. All strands of a link pass the same
 * OCS. O(up). */
LS_HD int32_t ls_size_ocs(int64_t blocks, int32_t up, int32_t pairs, int32_t port_count,
                          bool is_bidirectional, bool has_graph)
{
  const bool is_even = is_bidirectional || has_graph;
  const int64_t ports = (int64_t)port_count * (is_bidirectional ? 2 : 1);
  for (int64_t count = ls_max(ls_ceil_div(blocks * up * pairs, ports), 1); count <= up; count++) {
    const int64_t links = up / count;
    if (up % count || (is_even && links % 2) || blocks * links % 2) continue;
    return (int32_t)count;
  }
  return 0;
}

#endif
