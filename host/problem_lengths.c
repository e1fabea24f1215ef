/* Shortest possible lengths of each tier's cords, from the floor's geometry alone: no placement
 * gets below them, so that level 1 bounds level 2. */
#include "../kernels/evaluate.h"
#include "problem_structure.h"

static int32_t bound_at(const ls_site *site, const int32_t *bound, int64_t slots)
{
  return bound[ls_min(ls_max(slots, 1), site->reach_count) - 1];
}

/* A device with links to count others, at most per_slot of them in one slot: no placement makes
 * its longest link shorter than max, nor their mean shorter than mean. */
static void reach_bounds(const ls_site *site, int64_t count, int64_t per_slot, int32_t *mean_mm,
                         int32_t *max_mm)
{
  const int64_t in_slot = ls_max(per_slot, 1);
  *mean_mm = bound_at(site, site->bound_mean_mm, count / in_slot);
  *max_mm = bound_at(site, site->bound_max_mm, ls_ceil_div(count, in_slot));
}

static int64_t chassis_per_rack(const ls_site *site, const ls_structure *structure, int32_t tier)
{
  const ls_switch_row *chassis = &site->problem->switches[structure->switch_index[tier]];
  return site->spec->floor.rack_units / ls_max(chassis->rack_units, 1);
}

/* Leaves that fit a rack beside so many servers. */
static int64_t leaves_beside(const ls_site *site, const ls_structure *structure, int64_t servers)
{
  const ls_spec *spec = site->spec;
  const ls_switch_row *leaf = &site->problem->switches[structure->switch_index[0]];
  const int64_t units = spec->floor.rack_units - servers * spec->cluster.server_rack_units;
  const int64_t power_mw = spec->floor.rack_power_mw - servers * spec->cluster.server_power_mw;
  return ls_max(ls_min(units / ls_max(leaf->rack_units, 1), power_mw / ls_breaker_mw(leaf)), 0);
}

/* Leaves that reach the last rack of GPUs, over all planes. */
static int64_t leaves_of_last_rack(const ls_site *site, const ls_structure *structure)
{
  const ls_problem *problem = site->problem;
  const ls_size *size = &structure->size;
  const int64_t first_server =
      (site->gpu_rack_count - 1) * (int64_t)site->spec->cluster.servers_per_rack;
  const int64_t of_server = size->rail_count > 1 ? 1 : problem->server_endpoint_count;
  const int64_t of_rail = ls_ceil_div(problem->endpoint_count, size->rail_count);
  const int64_t leaves = (of_rail - 1) / size->down - first_server * of_server / size->down + 1;
  return leaves * size->rail_count * structure->planes;
}

/* A rack with fewer servers may hold many more, but no others than it has links to. */
int64_t ls_leaves_in_gpu_racks(const ls_site *site, const ls_structure *structure)
{
  const int64_t servers = site->spec->cluster.servers_per_rack;
  const int64_t full_racks = site->gpu_rack_count - site->has_partial_rack;
  const int64_t inside = full_racks * leaves_beside(site, structure, servers);
  if (!site->has_partial_rack) return inside;
  const int64_t all_servers =
      ls_ceil_div(site->problem->endpoint_count, site->problem->server_endpoint_count);
  return inside + ls_min(leaves_beside(site, structure, all_servers - full_racks * servers),
                         leaves_of_last_rack(site, structure));
}

/* As reach_bounds, for a device that cannot stand in any of the slots it reaches. */
static void reach_bounds_outside(const ls_site *site, int64_t count, int64_t per_slot,
                                 int32_t *mean_mm, int32_t *max_mm)
{
  const int64_t slots = ls_max(count / ls_max(per_slot, 1), 1);
  const int64_t with_own = (slots + 1) * bound_at(site, site->bound_mean_mm, slots + 1);
  if (site->bound_max_mm[0] < site->spec->floor.in_rack_mm) { /* its own slot is not the nearest */
    reach_bounds(site, count, per_slot, mean_mm, max_mm);
    return;
  }
  *mean_mm = (int32_t)((with_own - site->spec->floor.in_rack_mm) / slots);
  *max_mm = bound_at(site, site->bound_max_mm, ls_ceil_div(count, ls_max(per_slot, 1)) + 1);
}

static void lengths_access(const ls_site *site, ls_structure *structure)
{
  const ls_spec_cluster *cluster = &site->spec->cluster;
  const ls_side *leaf = &structure->side_b[0];
  const int64_t per_rack = structure->is_rail
                               ? cluster->servers_per_rack
                               : (int64_t)cluster->servers_per_rack * cluster->gpus_per_server;
  const int64_t inside = ls_leaves_in_gpu_racks(site, structure);
  int64_t weighted = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++) {
    const int64_t count = leaf->count[i], outside = ls_max(count - inside, 0);
    if (!count) continue;
    int32_t mean_mm, max_mm, outside_mean_mm, outside_max_mm;
    reach_bounds(site, leaf->port_count[i], per_rack, &mean_mm, &max_mm);
    reach_bounds_outside(site, leaf->port_count[i], per_rack, &outside_mean_mm, &outside_max_mm);
    weighted += (count - outside) * leaf->port_count[i] * mean_mm +
                outside * leaf->port_count[i] * ls_max(mean_mm, outside_mean_mm);
    if (outside) max_mm = (int32_t)ls_max(max_mm, outside_max_mm);
    structure->length_mm_max[0] = (int32_t)ls_max(structure->length_mm_max[0], max_mm);
  }
  structure->length_mm_mean[0] = (int32_t)(weighted / structure->leg_count[0]);
}

/* The better of both ends' bounds: a spine reaches many leaves, a leaf many spines. As each of
 * one end meets each of the other, all stand in one rack or some link leaves it. */
static void lengths_trunk(const ls_site *site, ls_structure *structure, int32_t tier,
                          int64_t below_count, int64_t above_count)
{
  int32_t mean_mm = 0, max_mm = 0;
  reach_bounds(site, below_count, chassis_per_rack(site, structure, tier - 1),
               &structure->length_mm_mean[tier], &structure->length_mm_max[tier]);
  if (structure->switch_index[tier] < 0) return;
  reach_bounds(site, above_count, chassis_per_rack(site, structure, tier), &mean_mm, &max_mm);
  const ls_switch_row *below = &site->problem->switches[structure->switch_index[tier - 1]];
  const ls_switch_row *above = &site->problem->switches[structure->switch_index[tier]];
  if (below_count * below->rack_units + above_count * above->rack_units >
      site->spec->floor.rack_units)
    max_mm = (int32_t)ls_max(max_mm, bound_at(site, site->bound_max_mm, 2));
  structure->length_mm_mean[tier] = (int32_t)ls_max(mean_mm, structure->length_mm_mean[tier]);
  structure->length_mm_max[tier] = (int32_t)ls_max(max_mm, structure->length_mm_max[tier]);
}

/* Only the links of part of whole leaves have the tier's mean; the others may be of the shortest.
 */
static void mean_weaken(const ls_site *site, ls_structure *structure, int32_t tier, int64_t part,
                        int64_t whole)
{
  structure->length_mm_mean[tier] =
      (int32_t)((part * structure->length_mm_mean[tier] + (whole - part) * site->bound_mean_mm[0]) /
                whole);
}

/* Bounds of the full pods, and in clos4 of the full super-pods. */
static void lengths_pods(const ls_site *site, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const bool is_partial = size->leaves_last_pod != size->leaves_per_pod;
  const int64_t leaves = size->leaf_count, per_pod = size->leaves_per_pod;
  const int64_t full_pods = size->pod_count - is_partial;
  const int64_t full_supers = structure->tier_count == 4 ? full_pods / per_pod : 0;
  if (full_pods)
    lengths_trunk(site, structure, 1, per_pod, size->up);
  else
    lengths_trunk(site, structure, 1, leaves, size->up);
  if (full_pods) mean_weaken(site, structure, 1, full_pods * per_pod, leaves);
  if (structure->tier_count == 4) {
    lengths_trunk(site, structure, 2, full_supers ? per_pod : 1, full_supers ? per_pod : 1);
    lengths_trunk(site, structure, 3, full_supers ? full_supers : 1,
                  full_supers ? size->core_group_size : 1);
    mean_weaken(site, structure, 2, full_supers * per_pod * per_pod, leaves);
    mean_weaken(site, structure, 3, full_supers * per_pod * per_pod, leaves);
  } else if (structure->peer_tier < 0) {
    lengths_trunk(site, structure, 2, full_pods ? full_pods : 1,
                  full_pods ? size->core_group_size : 1);
    if (full_pods) mean_weaken(site, structure, 2, full_pods * per_pod, leaves);
  }
}

/* Leaves joined to all others, or to as many as they have links, where no torus or demand says to
 * how few: whole links per pair are alike, those beyond may be the shortest. */
static void lengths_direct(const ls_site *site, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t links = size->block_links;
  const int64_t others =
      size->block_kind == LS_BLOCKS_FOUND ? ls_min(size->block_count - 1, links) : 1;
  const int64_t per_rack = ls_max(chassis_per_rack(site, structure, 0), 1);
  const bool is_own_nearest = site->bound_max_mm[0] >= site->spec->floor.in_rack_mm;
  structure->length_mm_mean[1] = bound_at(site, site->bound_mean_mm, others / per_rack);
  structure->length_mm_max[1] =
      bound_at(site, site->bound_max_mm, ls_ceil_div(others + is_own_nearest, per_rack));
  mean_weaken(site, structure, 1, links / others * others, links);
}

/* An OCS reaches equally many ports of every block. In a pod they are of w spines, of every one
 * where a spine has links to all OCS; only equal bundles have the mean. */
static void lengths_ocs(const ls_site *site, ls_structure *structure)
{
  const ls_problem *problem = site->problem;
  const ls_size *size = &structure->size;
  const int32_t peer = structure->peer_tier;
  const ls_link_row *link = &problem->links[problem->options[structure->option_first[peer]]];
  const int64_t units = ls_structure_ocs(problem, structure, link);
  /* Ports go to OCS one by one, or in pairs. */
  const int64_t grain = ls_link_is_bidirectional(problem, link) ? 2 : 1;
  const int64_t devices = peer == 1 ? 1 : size->up;
  const int64_t grains = size->block_links / devices / grain;
  const int64_t of_block = units ? ls_min(size->block_links / units / grain, devices) : 1;
  lengths_trunk(site, structure, peer, size->block_count * of_block, 0);
  if (units && grains > units && grains % units)
    structure->length_mm_mean[peer] = site->bound_mean_mm[0];
  /* The device with the longest leg may meet one that stands beside the OCS. */
  structure->circuit_mm_max = structure->length_mm_max[peer] + site->bound_max_mm[0];
}

void ls_structure_lengths(const ls_site *site, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  lengths_access(site, structure);
  if (structure->tier_count == 1) return;
  if (size->pod_count)
    lengths_pods(site, structure);
  else if (size->spine_count) /* those of other rails are apart */
    lengths_trunk(site, structure, 1, size->leaf_count / size->fabric_count,
                  size->spine_count / size->fabric_count);
  if (structure->ocs_index >= 0)
    lengths_ocs(site, structure);
  else if (structure->peer_tier >= 0)
    lengths_direct(site, structure);
}
