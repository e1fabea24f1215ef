#include "problem_structure.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "problem_money.h"
#include "problem_risk.h"
#include "structure_workload.h"

/* ---- Sides: how many chassis hold each end of a tier ---- */

static ls_side side_of(int64_t count, int64_t ports, int64_t count_more, int64_t ports_more)
{
  return (ls_side){{count, count_more}, {(int32_t)ports, (int32_t)ports_more}};
}

static void sides_access(const ls_site *site, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  const int64_t endpoints = site->problem->endpoint_count;
  const int64_t of_server = site->problem->server_endpoint_count;
  const int64_t rest = endpoints % of_server;
  structure->side_a[0] =
      side_of(endpoints / of_server, of_server * planes, rest > 0, rest * planes);
  structure->side_b[0] =
      side_of(size->leaf_full_count * planes, size->down,
              (size->leaf_count - size->leaf_full_count) * planes, size->leaf_rest);
  structure->leg_count[0] = endpoints * planes;
}

static void sides_spine(ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  structure->side_a[1] = side_of(size->leaf_count * planes, size->up, 0, 0);
  structure->leg_count[1] = size->leaf_count * size->up * planes;
  if (structure->family == LS_CLOS2)
    structure->side_b[1] =
        side_of(size->spine_count * planes, size->leaf_spine_links / size->spine_count, 0, 0);
  if (structure->family != LS_CLOS3) return;
  const bool is_partial = size->leaves_last_pod != size->leaves_per_pod;
  const int64_t full_pods = size->pod_count - is_partial;
  structure->side_b[1] =
      side_of(full_pods * size->up * planes, size->leaves_per_pod,
              is_partial ? size->up * planes : 0, is_partial ? size->leaves_last_pod : 0);
}

/* Cores of a group share the links of a partial pod as evenly as they can. */
static void sides_core(ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes, cores = size->core_group_size;
  const int64_t of_group = size->leaf_count; /* each leaf has one link to each spine index */
  const int64_t more = of_group % cores;
  structure->side_a[2] = structure->side_b[1];
  structure->side_b[2] = side_of(size->up * more * planes, of_group / cores + 1,
                                 size->up * (cores - more) * planes, of_group / cores);
  structure->leg_count[2] = size->spine_core_links * planes;
}

/* ---- The worst path ---- */

/* How often it passes links and chassis of each tier; through a mesh of more than two blocks it
 * may take two hops, by way of a third block. */
static void passes_compute(ls_structure *structure)
{
  const int32_t family = structure->family;
  const bool is_mesh = structure->peer_tier == LS_TIER_SPINE;
  const bool takes_two_hops = is_mesh && structure->size.block_count > 2;
  structure->switch_passes[0] = family == LS_CLOS1 ? 1 : takes_two_hops ? 3 : 2;
  structure->switch_passes[1] = family == LS_CLOS2 ? 1 : family == LS_CLOS3 ? 2 : 0;
  structure->switch_passes[2] = family == LS_CLOS3;
  structure->link_passes[0] = 2;
  structure->link_passes[1] = family == LS_CLOS1 ? 0 : is_mesh ? 1 + takes_two_hops : 2;
  structure->link_passes[2] = family == LS_CLOS3 ? 2 : 0;
}

/* Worst-case throughput as a fraction of the NIC rate: of a Clos its oversubscription as built;
 * of a mesh of B blocks with uniform trunks (u/d) B / (2 (B-1)), where links beyond a whole
 * number per pair count for the upper value alone. */
static void throughput_compute(ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t down = size->down, up = size->up, blocks = size->leaf_count;
  int64_t low = 1000000, high = 1000000;
  if (structure->family == LS_CLOS2 || structure->family == LS_CLOS3)
    low = high = 1000000 * up / down;
  if (structure->family == LS_OCS_SPINE) {
    low = 1000000 * (up / (blocks - 1)) * blocks / (2 * down);
    high = 1000000 * up * blocks / (2 * (blocks - 1) * down);
  }
  structure->throughput_ppm_low = (int32_t)ls_min(low, 1000000);
  structure->throughput_ppm_high = (int32_t)ls_min(high, 1000000);
}

/* ---- Shortest possible lengths ---- */

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

/* Leaves of a structure that the GPU racks can hold beside their servers, all together. */
static int64_t leaves_in_gpu_racks(const ls_site *site, const ls_structure *structure)
{
  const ls_spec *spec = site->spec;
  const ls_switch_row *leaf = &site->problem->switches[structure->switch_index[0]];
  const int64_t servers = spec->cluster.servers_per_rack;
  const int64_t units = spec->floor.rack_units - servers * spec->cluster.server_rack_units;
  const int64_t power_mw = spec->floor.rack_power_mw - servers * spec->cluster.server_power_mw;
  if (site->has_partial_rack) return INT64_MAX; /* one rack may hold many more */
  if (units < leaf->rack_units || power_mw < leaf->power_mw) return 0;
  return site->gpu_rack_count *
         ls_min(units / ls_max(leaf->rack_units, 1), power_mw / ls_max(leaf->power_mw, 1));
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
  const int64_t inside = leaves_in_gpu_racks(site, structure);
  int64_t weighted = 0;
  for (int32_t i = 0; i < 2; i++) {
    if (!leaf->count[i]) continue;
    int32_t mean_mm, max_mm, outside_mean_mm, outside_max_mm;
    reach_bounds(site, leaf->port_count[i], per_rack, &mean_mm, &max_mm);
    reach_bounds_outside(site, leaf->port_count[i], per_rack, &outside_mean_mm, &outside_max_mm);
    if (inside == 0) mean_mm = (int32_t)ls_max(mean_mm, outside_mean_mm);
    /* Where only some leaves find room in GPU racks, those of the smaller kind may be left. */
    if (inside < leaf->count[0] + leaf->count[1]) {
      const bool is_one_kind = !leaf->count[1 - i];
      if (inside == 0 || is_one_kind) max_mm = (int32_t)ls_max(max_mm, outside_max_mm);
    }
    weighted += leaf->count[i] * leaf->port_count[i] * mean_mm;
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

/* Bounds of the full pods; the links of a partial one may all be of the shortest. */
static void lengths_pods(const ls_site *site, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const bool is_partial = size->leaves_last_pod != size->leaves_per_pod;
  const int64_t full_pods = size->pod_count - is_partial;
  if (!full_pods) {
    lengths_trunk(site, structure, 1, size->leaf_count, size->up);
    lengths_trunk(site, structure, 2, 1, 1);
    return;
  }
  const int64_t of_partial = is_partial ? size->leaves_last_pod : 0;
  lengths_trunk(site, structure, 1, size->leaves_per_pod, size->up);
  lengths_trunk(site, structure, 2, full_pods, size->core_group_size);
  for (int32_t tier = 1; tier <= 2; tier++)
    structure->length_mm_mean[tier] =
        (int32_t)(((size->leaf_count - of_partial) * structure->length_mm_mean[tier] +
                   of_partial * site->bound_mean_mm[0]) /
                  size->leaf_count);
}

static void lengths_compute(const ls_site *site, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  lengths_access(site, structure);
  switch (structure->family) {
  case LS_CLOS2: lengths_trunk(site, structure, 1, size->leaf_count, size->spine_count); break;
  case LS_CLOS3: lengths_pods(site, structure); break;
  case LS_OCS_SPINE:
    lengths_trunk(site, structure, 1, size->leaf_count, 0);
    /* The leaf with the longest leg may meet one that stands beside the OCS. */
    structure->circuit_mm_max = structure->length_mm_max[1] + site->bound_max_mm[0];
    break;
  default: break;
  }
}

/* ---- Structures ---- */

/* Switches need more rack units or power than the floor has beside the servers. A GPU rack with
 * fewer servers counts as free. */
static bool floor_is_short(const ls_site *site, const ls_structure *structure)
{
  const ls_spec *spec = site->spec;
  const int64_t servers = spec->cluster.servers_per_rack;
  const int64_t full_racks = site->gpu_rack_count - site->has_partial_rack;
  const int64_t free_racks = site->slot_count - full_racks;
  const int64_t beside_units = spec->floor.rack_units - servers * spec->cluster.server_rack_units;
  const int64_t beside_mw = spec->floor.rack_power_mw - servers * spec->cluster.server_power_mw;
  int64_t units = 0, power_mw = structure->base.metric[LS_METRIC_POWER];
  if (structure->scale_up_index >= 0) { /* stands in the racks of the GPUs, as part of servers */
    const ls_scale_up_row *scale_up = &site->problem->scale_up[structure->scale_up_index];
    power_mw -= scale_up->ends.power_mw + scale_up->switches.power_mw;
  }
  for (int32_t i = 0; i < 2; i++)
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
      if (structure->switch_index[tier] >= 0)
        units += structure->side_b[tier].count[i] *
                 site->problem->switches[structure->switch_index[tier]].rack_units;
  return units > full_racks * beside_units + free_racks * spec->floor.rack_units ||
         power_mw > full_racks * beside_mw + free_racks * spec->floor.rack_power_mw;
}

static bool years_are_missed(const ls_problem *problem, const ls_structure *structure)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        !(problem->switches[structure->switch_index[tier]].tier_mask & LS_PLACE_LEAF << tier))
      return true;
  return structure->ocs_index >= 0 && !problem->ocs[structure->ocs_index].is_on_sale;
}

static bool ports_are_too_fast(const ls_problem *problem, const ls_structure *structure)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        structure->port_gbps > problem->switches[structure->switch_index[tier]].port_gbps_max)
      return true;
  return false;
}

static int32_t radix_of(const ls_problem *problem, const ls_structure *structure, int32_t tier)
{
  if (structure->switch_index[tier] < 0) return 0;
  const ls_switch_row *chassis = &problem->switches[structure->switch_index[tier]];
  return (int32_t)ls_min(chassis->bandwidth_gbps / structure->port_gbps, chassis->port_count_max);
}

/* Sizes the structure and fills all that follows from it. */
ls_status ls_structure_compute(const ls_site *site, ls_structure *structure)
{
  const ls_problem *problem = site->problem;
  const ls_size_request request = {
      .family = structure->family,
      .rail_count = structure->is_rail ? problem->server_endpoint_count : 1,
      .endpoint_count = problem->endpoint_count,
      .radix = {radix_of(problem, structure, 0), radix_of(problem, structure, 1),
                radix_of(problem, structure, 2), radix_of(problem, structure, 3)},
      .oversubscription_num = structure->oversubscription_num,
      .oversubscription_den = structure->oversubscription_den};
  if (structure->scale_up_index >= 0)
    structure->violation_mask |= problem->scale_up[structure->scale_up_index].violation_mask;
  if (years_are_missed(problem, structure)) structure->violation_mask |= LS_VIOLATES_YEAR;
  if (ports_are_too_fast(problem, structure)) structure->violation_mask |= LS_VIOLATES_PORT_RATE;
  const uint32_t unsized_mask = ls_size_compute(&request, &structure->size);
  structure->violation_mask |= unsized_mask;
  if (unsized_mask) return LS_OK;
  ls_structure_demand demand;
  sides_access(site, structure);
  if (structure->tier_count > 1) sides_spine(structure);
  if (structure->tier_count > 2) sides_core(structure);
  passes_compute(structure);
  throughput_compute(structure);
  ls_structure_fill_risk(site->spec, problem, structure);
  ls_structure_base(problem, structure, &structure->base, structure->base_resource);
  const ls_status status = ls_demand_cache_find(site->demands, site->spec, structure, &demand);
  if (status != LS_OK) return status;
  structure->effective_hours =
      ls_structure_effective_hours(site->spec, problem, structure, &demand);
  lengths_compute(site, structure);
  if (floor_is_short(site, structure)) structure->violation_mask |= LS_VIOLATES_FLOOR;
  return LS_OK;
}

/* ---- The site ---- */

ls_status ls_site_create(const ls_spec *spec, const ls_problem *problem, ls_site *site)
{
  const ls_spec_floor *floor = &spec->floor;
  const int64_t servers = ls_ceil_div(spec->cluster.gpu_count, spec->cluster.gpus_per_server);
  memset(site, 0, sizeof *site);
  site->spec = spec;
  site->problem = problem;
  site->slot_count = floor->row_count * floor->racks_per_row - floor->blocked_count;
  site->gpu_rack_count = (int32_t)ls_ceil_div(servers, spec->cluster.servers_per_rack);
  site->has_partial_rack = servers % spec->cluster.servers_per_rack != 0;
  site->reach_count = (int32_t)ls_max(site->slot_count, 1);
  site->bound_max_mm = malloc((size_t)site->reach_count * sizeof *site->bound_max_mm);
  site->bound_mean_mm = malloc((size_t)site->reach_count * sizeof *site->bound_mean_mm);
  site->demands = ls_demand_cache_create();
  if (!site->demands || !site->bound_max_mm || !site->bound_mean_mm) return LS_ERR_MEMORY;
  return ls_floor_length_bounds(spec, site->reach_count, site->bound_max_mm, site->bound_mean_mm);
}

void ls_site_destroy(ls_site *site)
{
  ls_demand_cache_destroy(site->demands);
  free(site->bound_max_mm);
  free(site->bound_mean_mm);
}
