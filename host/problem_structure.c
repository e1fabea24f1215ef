#include "problem_structure.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "problem_money.h"
#include "problem_risk.h"
#include "structure_blocks.h"
#include "structure_workload.h"

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
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0)
      units += ls_side_chassis(&structure->side_b[tier]) *
               site->problem->switches[structure->switch_index[tier]].rack_units;
  return units > full_racks * beside_units + free_racks * spec->floor.rack_units ||
         power_mw > full_racks * beside_mw + free_racks * spec->floor.rack_power_mw;
}

int64_t ls_breaker_mw(const ls_switch_row *chassis)
{
  return ls_max(ls_max(chassis->power_mw, chassis->power_mw_max), 1);
}

/* What switches need of network racks, tier by tier. */
typedef struct rack_need {
  int64_t slots; /* that there are */
  int64_t units, power_mw;
  bool is_short;
} rack_need;

static void need_add(const ls_spec_floor *floor, const ls_switch_row *chassis, int64_t count,
                     rack_need *need)
{
  const int64_t breaker_mw = ls_breaker_mw(chassis);
  const int64_t of_slot =
      ls_min(floor->rack_units / ls_max(chassis->rack_units, 1), floor->rack_power_mw / breaker_mw);
  need->units += count * chassis->rack_units;
  need->power_mw += count * breaker_mw;
  need->is_short |= count > need->slots * of_slot ||
                    need->units > need->slots * floor->rack_units ||
                    need->power_mw > need->slots * floor->rack_power_mw;
}

/* Network racks do not hold the switches that cannot stand with GPUs: all but leaves, leaves that
 * find no room there, and where part of the floor is liquid-cooled those that need it. OCS, whose
 * number depends on the optics, are left to level 2. */
static bool network_is_short(const ls_site *site, const ls_structure *structure)
{
  const ls_spec_floor *floor = &site->spec->floor;
  rack_need all = {.slots = site->network_slot_count};
  rack_need liquid = {.slots = site->liquid_slot_count};
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t model = structure->switch_index[tier];
    if (model < 0) continue;
    const ls_switch_row *chassis = &site->problem->switches[model];
    const bool is_liquid =
        site->liquid_slot_count >= 0 && site->catalog->switches[model].is_liquid_cooled;
    int64_t count = ls_side_chassis(&structure->side_b[tier]);
    if (tier == 0 && !is_liquid) count = ls_max(count - ls_leaves_in_gpu_racks(site, structure), 0);
    need_add(floor, chassis, count, &all);
    if (is_liquid) need_add(floor, chassis, count, &liquid);
  }
  return all.is_short || liquid.is_short;
}

static bool years_are_missed(const ls_problem *problem, const ls_structure *structure)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        !(problem->switches[structure->switch_index[tier]].tier_mask &
          ls_chassis_place(structure->family, tier)))
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
      .layer_count = structure->tier_count,
      .block_kind = structure->block_kind,
      .endpoint_count = problem->endpoint_count,
      .radix = {radix_of(problem, structure, 0), radix_of(problem, structure, 1),
                radix_of(problem, structure, structure->tier_count == 4 ? 3 : 2)},
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
  if (structure->size.fabric_count > 1 && !ls_relay_ppm(site->spec))
    structure->violation_mask |= LS_VIOLATES_SCALE_UP;
  ls_structure_sides(problem, structure);
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    if (ls_share_is_over(problem, LS_FAILS_CHASSIS, ls_chassis_share_ppm(structure, tier)))
      structure->violation_mask |= LS_VIOLATES_DOMAIN;
  ls_structure_fill_blocks(site->spec, problem, NULL, structure);
  ls_structure_fill_risk(site->spec, problem, structure);
  ls_structure_base(problem, structure, &structure->base, structure->base_resource);
  const ls_status status = ls_demand_cache_find(site->demands, site->spec, structure, &demand);
  if (status != LS_OK) return status;
  structure->effective_hours =
      ls_structure_effective_hours(site->spec, problem, structure, &demand);
  ls_structure_lengths(site, structure);
  if (floor_is_short(site, structure) || network_is_short(site, structure))
    structure->violation_mask |= LS_VIOLATES_FLOOR;
  return LS_OK;
}

/* ---- The site ---- */

static bool is_blocked(const ls_spec_floor *floor, int32_t slot)
{
  for (int32_t i = 0; i < floor->blocked_count; i++)
    if (floor->blocked_slot[i] == slot) return true;
  return false;
}

/* Counts the slots that network racks may take. */
static void network_slots_count(const ls_spec_floor *floor, ls_site *site)
{
  int32_t network = 0, liquid = 0, air = 0;
  for (int32_t s = 0; s < floor->row_count * floor->racks_per_row; s++) {
    if (is_blocked(floor, s)) continue;
    const bool is_network = ls_floor_slot_is_for(floor, s, "network");
    const bool is_liquid = ls_floor_zone(floor, &floor->liquid_cooled, s) >= 0;
    network += is_network;
    liquid += is_network && is_liquid;
    air += !is_liquid;
  }
  const int32_t left = site->slot_count - site->gpu_rack_count;
  site->network_slot_count = (int32_t)ls_max(ls_min(network, left), 0);
  site->liquid_slot_count = floor->liquid_cooled.area_count && air ? liquid : -1;
}

ls_status ls_site_create(const ls_catalog *catalog, const ls_spec *spec, const ls_problem *problem,
                         ls_site *site)
{
  const ls_spec_floor *floor = &spec->floor;
  const int64_t servers = ls_ceil_div(spec->cluster.gpu_count, spec->cluster.gpus_per_server);
  memset(site, 0, sizeof *site);
  site->spec = spec;
  site->catalog = catalog;
  site->problem = problem;
  site->slot_count = floor->row_count * floor->racks_per_row - floor->blocked_count;
  site->gpu_rack_count = (int32_t)ls_ceil_div(servers, spec->cluster.servers_per_rack);
  network_slots_count(floor, site);
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
