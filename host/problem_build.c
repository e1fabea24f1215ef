#include "problem_build.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "names.h"
#include "problem_rows.h"

/* What building needs beyond the problem itself. */
typedef struct builder {
  const ls_spec *spec;
  ls_problem *problem;
  ls_link_lists lists;
  ls_structure *structures; /* [structure_capacity] */
  uint32_t structure_capacity;
  int32_t *bound_max_mm, *bound_mean_mm; /* [reach_count] by distinct slots reached */
  int32_t reach_count;
  int32_t gpu_rack_count, slot_count;
  bool has_partial_rack; /* the last GPU rack holds fewer servers */
} builder;

/* ---- Sides: how many chassis hold each end of a tier ---- */

static ls_side side_of(int64_t count, int64_t ports, int64_t count_more, int64_t ports_more)
{
  return (ls_side){{count, count_more}, {(int32_t)ports, (int32_t)ports_more}};
}

static void sides_access(const builder *self, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  const int64_t endpoints = self->problem->endpoint_count;
  const int64_t of_server = self->problem->server_endpoint_count;
  const int64_t rest = endpoints % of_server;
  structure->side_a[0] = side_of(endpoints / of_server, of_server * planes, rest > 0, rest * planes);
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

/* ---- Chassis: what a structure costs before its optics ---- */

/* Adds count chassis with these lit ports each. */
static void base_add(const ls_problem *problem, ls_structure *structure, int32_t tier,
                     int64_t count, int64_t ports)
{
  const ls_switch_row *chassis = &problem->switches[structure->switch_index[tier]];
  int64_t *metric = structure->base.metric;
  metric[LS_METRIC_CAPEX] += count * chassis->capex_cents;
  metric[LS_METRIC_POWER] += count * chassis->power_mw;
  metric[LS_METRIC_RISK] +=
      count * ls_unit_risk_bps(chassis->downtime, ports * structure->port_gbps);
}

static void base_compute(const ls_problem *problem, ls_structure *structure)
{
  const int32_t family = structure->family;
  const bool is_ocs = family == LS_OCS_SPINE;
  /* Passes of the worst path; through OCS it may take two hops, by way of a third leaf. */
  const bool takes_two_hops = is_ocs && structure->size.leaf_count > 2;
  const int32_t passes[LS_TIER_MAX] = {
      family == LS_CLOS1 ? 1 : takes_two_hops ? 3 : 2,
      family == LS_CLOS2 ? 1 : family == LS_CLOS3 ? 2 : 0, family == LS_CLOS3};
  structure->link_passes[0] = 2;
  structure->link_passes[1] = family == LS_CLOS1 ? 0 : is_ocs ? 1 + takes_two_hops : 2;
  structure->link_passes[2] = family == LS_CLOS3 ? 2 : 0;
  for (int32_t i = 0; i < 2; i++) {
    const ls_side *leaf = &structure->side_b[0], *spine = &structure->side_b[1];
    const ls_side *core = &structure->side_b[2], *spine_up = &structure->side_a[2];
    base_add(problem, structure, 0, leaf->count[i],
             leaf->count[i] ? leaf->port_count[i] + structure->side_a[1].port_count[0] : 0);
    if (spine->count[i])
      base_add(problem, structure, 1, spine->count[i],
               spine->port_count[i] + spine_up->port_count[i]);
    if (core->count[i]) base_add(problem, structure, 2, core->count[i], core->port_count[i]);
  }
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (passes[tier])
      structure->base.metric[LS_METRIC_LATENCY] +=
          passes[tier] * problem->switches[structure->switch_index[tier]].latency_ps;
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
  structure->base.metric[LS_METRIC_LOSS] = 1000000 - structure->throughput_ppm_low;
}

/* ---- Shortest possible lengths ---- */

static int32_t bound_at(const builder *self, const int32_t *bound, int64_t slots)
{
  return bound[ls_min(ls_max(slots, 1), self->reach_count) - 1];
}

/* A device with links to count others, at most per_slot of them in one slot: no placement makes
 * its longest link shorter than max, nor their mean shorter than mean. */
static void reach_bounds(const builder *self, int64_t count, int64_t per_slot, int32_t *mean_mm,
                         int32_t *max_mm)
{
  const int64_t in_slot = ls_max(per_slot, 1);
  *mean_mm = bound_at(self, self->bound_mean_mm, count / in_slot);
  *max_mm = bound_at(self, self->bound_max_mm, ls_ceil_div(count, in_slot));
}

static int64_t chassis_per_rack(const builder *self, const ls_structure *structure, int32_t tier)
{
  const ls_switch_row *chassis = &self->problem->switches[structure->switch_index[tier]];
  return self->spec->floor.rack_units / ls_max(chassis->rack_units, 1);
}

/* Leaves of a structure that the GPU racks can hold beside their servers, all together. */
static int64_t leaves_in_gpu_racks(const builder *self, const ls_structure *structure)
{
  const ls_spec *spec = self->spec;
  const ls_switch_row *leaf = &self->problem->switches[structure->switch_index[0]];
  const int64_t servers = spec->cluster.servers_per_rack;
  const int64_t units = spec->floor.rack_units - servers * spec->cluster.server_rack_units;
  const int64_t power_mw = spec->floor.rack_power_mw - servers * spec->cluster.server_power_mw;
  if (self->has_partial_rack) return INT64_MAX; /* one rack may hold many more */
  if (units < leaf->rack_units || power_mw < leaf->power_mw) return 0;
  return self->gpu_rack_count * ls_min(units / ls_max(leaf->rack_units, 1),
                                       power_mw / ls_max(leaf->power_mw, 1));
}

/* As reach_bounds, for a device that cannot stand in any of the slots it reaches. */
static void reach_bounds_outside(const builder *self, int64_t count, int64_t per_slot,
                                 int32_t *mean_mm, int32_t *max_mm)
{
  const int64_t slots = ls_max(count / ls_max(per_slot, 1), 1);
  const int64_t with_own = (slots + 1) * bound_at(self, self->bound_mean_mm, slots + 1);
  *mean_mm = (int32_t)((with_own - self->spec->floor.in_rack_mm) / slots);
  *max_mm = bound_at(self, self->bound_max_mm, ls_ceil_div(count, ls_max(per_slot, 1)) + 1);
}

static void lengths_access(const builder *self, ls_structure *structure)
{
  const ls_spec_cluster *cluster = &self->spec->cluster;
  const ls_side *leaf = &structure->side_b[0];
  const int64_t per_rack = structure->is_rail
                               ? cluster->servers_per_rack
                               : (int64_t)cluster->servers_per_rack * cluster->gpus_per_server;
  const int64_t inside = leaves_in_gpu_racks(self, structure);
  int64_t weighted = 0;
  for (int32_t i = 0; i < 2; i++) {
    if (!leaf->count[i]) continue;
    int32_t mean_mm, max_mm, outside_mean_mm, outside_max_mm;
    reach_bounds(self, leaf->port_count[i], per_rack, &mean_mm, &max_mm);
    reach_bounds_outside(self, leaf->port_count[i], per_rack, &outside_mean_mm, &outside_max_mm);
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
static void lengths_trunk(const builder *self, ls_structure *structure, int32_t tier,
                          int64_t below_count, int64_t above_count)
{
  int32_t mean_mm = 0, max_mm = 0;
  reach_bounds(self, below_count, chassis_per_rack(self, structure, tier - 1),
               &structure->length_mm_mean[tier], &structure->length_mm_max[tier]);
  if (structure->switch_index[tier] < 0) return;
  reach_bounds(self, above_count, chassis_per_rack(self, structure, tier), &mean_mm, &max_mm);
  const ls_switch_row *below = &self->problem->switches[structure->switch_index[tier - 1]];
  const ls_switch_row *above = &self->problem->switches[structure->switch_index[tier]];
  if (below_count * below->rack_units + above_count * above->rack_units >
      self->spec->floor.rack_units)
    max_mm = (int32_t)ls_max(max_mm, bound_at(self, self->bound_max_mm, 2));
  structure->length_mm_mean[tier] = (int32_t)ls_max(mean_mm, structure->length_mm_mean[tier]);
  structure->length_mm_max[tier] = (int32_t)ls_max(max_mm, structure->length_mm_max[tier]);
}

/* Bounds of the full pods; the links of a partial one may all stay in their racks. */
static void lengths_pods(const builder *self, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const bool is_partial = size->leaves_last_pod != size->leaves_per_pod;
  const int64_t full_pods = size->pod_count - is_partial;
  if (!full_pods) {
    lengths_trunk(self, structure, 1, size->leaf_count, size->up);
    lengths_trunk(self, structure, 2, 1, 1);
    return;
  }
  const int64_t of_partial = is_partial ? size->leaves_last_pod : 0;
  lengths_trunk(self, structure, 1, size->leaves_per_pod, size->up);
  lengths_trunk(self, structure, 2, full_pods, size->core_group_size);
  for (int32_t tier = 1; tier <= 2; tier++)
    structure->length_mm_mean[tier] =
        (int32_t)(((size->leaf_count - of_partial) * structure->length_mm_mean[tier] +
                   of_partial * self->spec->floor.in_rack_mm) /
                  size->leaf_count);
}

static void lengths_compute(const builder *self, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  lengths_access(self, structure);
  switch (structure->family) {
    case LS_CLOS2:
      lengths_trunk(self, structure, 1, size->leaf_count, size->spine_count);
      break;
    case LS_CLOS3: lengths_pods(self, structure); break;
    case LS_OCS_SPINE:
      lengths_trunk(self, structure, 1, size->leaf_count, 0);
      break;
    default: break;
  }
}

/* ---- Structures ---- */

/* Switches need more rack units than the floor has beside the servers. */
static bool floor_is_short(const builder *self, const ls_structure *structure)
{
  const ls_spec *spec = self->spec;
  int64_t units = 0;
  for (int32_t i = 0; i < 2; i++)
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
      if (structure->switch_index[tier] >= 0)
        units += structure->side_b[tier].count[i] *
                 self->problem->switches[structure->switch_index[tier]].rack_units;
  const int64_t of_servers =
      (int64_t)spec->cluster.servers_per_rack * spec->cluster.server_rack_units;
  const int64_t beside = ls_max(spec->floor.rack_units - of_servers, 0);
  return units > self->gpu_rack_count * beside +
                     (int64_t)(self->slot_count - self->gpu_rack_count) * spec->floor.rack_units;
}

static bool years_are_missed(const ls_problem *problem, const ls_structure *structure)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        !(problem->switches[structure->switch_index[tier]].tier_mask & LS_PLACE_LEAF << tier))
      return true;
  return false;
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
static void structure_compute(const builder *self, ls_structure *structure)
{
  const ls_problem *problem = self->problem;
  const ls_size_request request = {
      .family = structure->family,
      .rail_count = structure->is_rail ? problem->server_endpoint_count : 1,
      .endpoint_count = problem->endpoint_count,
      .radix = {radix_of(problem, structure, 0), radix_of(problem, structure, 1),
                radix_of(problem, structure, 2)},
      .oversubscription_num = structure->oversubscription_num,
      .oversubscription_den = structure->oversubscription_den};
  if (years_are_missed(problem, structure)) structure->violation_mask |= LS_VIOLATES_YEAR;
  if (ports_are_too_fast(problem, structure)) structure->violation_mask |= LS_VIOLATES_PORT_RATE;
  const uint32_t unsized_mask = ls_size_compute(&request, &structure->size);
  structure->violation_mask |= unsized_mask;
  if (unsized_mask) return;
  sides_access(self, structure);
  if (structure->tier_count > 1) sides_spine(structure);
  if (structure->tier_count > 2) sides_core(structure);
  base_compute(problem, structure);
  throughput_compute(structure);
  lengths_compute(self, structure);
  if (floor_is_short(self, structure)) structure->violation_mask |= LS_VIOLATES_FLOOR;
}

static void structure_choose_options(const builder *self, ls_structure *structure)
{
  structure->rank_count = 1;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    ls_link_list list = {0, 1};
    if (tier < structure->tier_count) {
      const int32_t below = tier ? structure->switch_index[tier - 1] : LS_NIC;
      list = structure->family == LS_OCS_SPINE && tier == LS_TIER_SPINE
                 ? self->lists.through_ocs[below]
                 : self->lists.pair[below + 1][structure->switch_index[tier] + 1];
    }
    structure->option_first[tier] = list.first;
    structure->option_count[tier] = list.count;
    structure->rank_count *= list.count;
  }
}

/* Appends a structure, unless its chassis have no optics in common: it spans no design then. */
static ls_status structure_append(builder *self, ls_structure structure, ls_error *error)
{
  ls_problem *problem = self->problem;
  structure_choose_options(self, &structure);
  if (!structure.rank_count) return LS_OK;
  if (problem->structure_count == self->structure_capacity) {
    const uint32_t capacity = self->structure_capacity ? 2 * self->structure_capacity : 1024;
    ls_structure *grown = realloc(self->structures, capacity * sizeof *grown);
    if (!grown) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the space");
    self->structures = grown;
    self->structure_capacity = capacity;
  }
  structure_compute(self, &structure);
  structure.rank_first = problem->space_size;
  problem->space_size += structure.rank_count;
  self->structures[problem->structure_count++] = structure;
  return LS_OK;
}

/* The chassis of a tier, or -1 once where the family has no such tier. */
static bool chassis_next(const builder *self, bool has_tier, int32_t *index)
{
  if (!has_tier) return ++*index < 0;
  do ++*index;
  while (*index < self->problem->switch_count && !(self->spec->space.switch_mask >> *index & 1));
  return *index < self->problem->switch_count;
}

static ls_status structures_append_ocs(builder *self, ls_structure structure, ls_error *error)
{
  for (int32_t ocs = 0; ocs < self->problem->ocs_count; ocs++) {
    if (!(self->spec->space.ocs_mask >> ocs & 1)) continue;
    structure.ocs_index = (int8_t)ocs;
    const ls_status status = structure_append(self, structure, error);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

/* All chassis combinations of a family, planes and oversubscription. */
static ls_status structures_append_chassis(builder *self, ls_structure structure, ls_error *error)
{
  const bool has_spine = structure.family == LS_CLOS2 || structure.family == LS_CLOS3;
  const bool has_core = structure.family == LS_CLOS3;
  ls_status status = LS_OK;
  for (int32_t leaf = -1; status == LS_OK && chassis_next(self, true, &leaf);) {
    structure.switch_index[0] = (int8_t)leaf;
    for (int32_t spine = has_spine ? -1 : -2; status == LS_OK && chassis_next(self, has_spine, &spine);) {
      structure.switch_index[1] = (int8_t)spine;
      for (int32_t core = has_core ? -1 : -2; status == LS_OK && chassis_next(self, has_core, &core);) {
        structure.switch_index[2] = (int8_t)core;
        status = structure.family == LS_OCS_SPINE ? structures_append_ocs(self, structure, error)
                                                  : structure_append(self, structure, error);
      }
    }
  }
  return status;
}

static ls_status family_append(builder *self, int32_t family, bool is_rail, ls_error *error)
{
  const ls_spec_space *space = &self->spec->space;
  ls_structure structure = {.family = (uint8_t)family,
                            .is_rail = is_rail,
                            .tier_count = family == LS_CLOS1 ? 1 : family == LS_CLOS3 ? 3 : 2,
                            .ocs_index = -1};
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < space->plane_count; i++) {
    structure.planes = (uint8_t)space->planes[i];
    structure.port_gbps = self->problem->nic_gbps / space->planes[i];
    /* One switch has nothing to oversubscribe. */
    const int32_t ratios = family == LS_CLOS1 ? 1 : space->oversubscription_count;
    for (int32_t j = 0; status == LS_OK && j < ratios; j++) {
      structure.oversubscription_num =
          family == LS_CLOS1 ? 1 : (uint16_t)space->oversubscription_num[j];
      structure.oversubscription_den =
          family == LS_CLOS1 ? 1 : (uint16_t)space->oversubscription_den[j];
      status = structures_append_chassis(self, structure, error);
    }
  }
  return status;
}

static ls_status families_append(builder *self, ls_error *error)
{
  static const struct {
    uint32_t choice;
    int32_t family;
    bool is_rail;
  } families[] = {{LS_CHOOSE_CLOS1, LS_CLOS1, false},      {LS_CHOOSE_CLOS2, LS_CLOS2, false},
                  {LS_CHOOSE_CLOS2_RAIL, LS_CLOS2, true},  {LS_CHOOSE_CLOS3, LS_CLOS3, false},
                  {LS_CHOOSE_CLOS3_RAIL, LS_CLOS3, true},  {LS_CHOOSE_OCS_SPINE, LS_OCS_SPINE, false}};
  ls_status status = LS_OK;
  for (size_t i = 0; status == LS_OK && i < sizeof families / sizeof *families; i++) {
    const bool is_chosen = self->spec->space.family_mask & families[i].choice;
    /* Rails need whole servers: GPU i of each server goes to rail i. */
    const bool is_possible = !families[i].is_rail || self->problem->endpoint_count %
                                                             self->problem->server_endpoint_count ==
                                                         0;
    if (is_chosen && is_possible)
      status = family_append(self, families[i].family, families[i].is_rail, error);
  }
  return status;
}

/* ---- The whole ---- */

static ls_status builder_init(builder *self, const ls_catalog *catalog, const ls_spec *spec,
                              ls_error *error)
{
  const ls_spec_floor *floor = &spec->floor;
  memset(self, 0, sizeof *self);
  self->spec = spec;
  self->slot_count = floor->row_count * floor->racks_per_row - floor->blocked_count;
  const int64_t servers = ls_ceil_div(spec->cluster.gpu_count, spec->cluster.gpus_per_server);
  self->gpu_rack_count = (int32_t)ls_ceil_div(servers, spec->cluster.servers_per_rack);
  self->has_partial_rack = servers % spec->cluster.servers_per_rack != 0;
  self->reach_count = (int32_t)ls_max(self->slot_count, 1);
  self->problem = calloc(1, sizeof *self->problem);
  self->bound_max_mm = malloc((size_t)self->reach_count * sizeof *self->bound_max_mm);
  self->bound_mean_mm = malloc((size_t)self->reach_count * sizeof *self->bound_mean_mm);
  if (!self->problem || !self->bound_max_mm || !self->bound_mean_mm)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the problem");
  ls_problem_fill_rows(catalog, spec, self->problem);
  self->problem->length_mm_floor = ls_floor_length_max_mm(spec);
  return ls_floor_length_bounds(spec, self->reach_count, self->bound_max_mm, self->bound_mean_mm);
}

ls_status ls_problem_create(const ls_catalog *catalog, const ls_spec *spec, ls_problem **problem,
                            ls_error *error)
{
  builder self;
  ls_status status = builder_init(&self, catalog, spec, error);
  if (status == LS_OK) status = ls_link_lists_create(spec, self.problem, &self.lists, error);
  if (status == LS_OK) {
    self.problem->options = self.lists.options;
    self.problem->option_total = self.lists.option_count;
    status = families_append(&self, error);
    self.problem->structures = self.structures;
  }
  if (status == LS_OK && !self.problem->space_size)
    status = ls_error_set(error, LS_ERR_NO, spec->path, 0, "space",
                          "spans no design: no chosen chassis and optics mate");
  free(self.bound_max_mm);
  free(self.bound_mean_mm);
  if (status == LS_OK)
    *problem = self.problem;
  else
    ls_problem_destroy(self.problem);
  return status;
}

void ls_problem_destroy(ls_problem *problem)
{
  if (!problem) return;
  free((void *)problem->structures);
  free((void *)problem->options);
  free(problem);
}

static bool structure_has_cpo(const ls_problem *problem, const ls_structure *structure)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        problem->switches[structure->switch_index[tier]].optic >= 0)
      return true;
  return false;
}

ls_status ls_problem_copy(const ls_problem *problem, int32_t without, ls_problem **duplicate)
{
  const size_t structures_size = problem->structure_count * sizeof(ls_structure);
  const size_t options_size = problem->option_total * sizeof(uint16_t);
  ls_problem *copy = malloc(sizeof *copy);
  ls_structure *structures = malloc(structures_size);
  uint16_t *options = malloc(options_size);
  if (!copy || !structures || !options) {
    free(copy);
    free(structures);
    free(options);
    return LS_ERR_MEMORY;
  }
  *copy = *problem;
  copy->structures = memcpy(structures, problem->structures, structures_size);
  copy->options = memcpy(options, problem->options, options_size);
  for (uint32_t i = 0; i < copy->structure_count; i++) {
    const bool is_out =
        (without & LS_WITHOUT_OCS && structures[i].family == LS_OCS_SPINE) ||
        (without & LS_WITHOUT_CPO && structure_has_cpo(problem, &structures[i]));
    if (is_out) structures[i].violation_mask |= LS_VIOLATES_EXCLUDED;
  }
  for (int32_t i = 0; without & LS_WITHOUT_CPO && i < copy->optic_count; i++)
    if (copy->optics[i].kind == LS_OPTIC_CPO) copy->optics[i].place_mask &= ~LS_PLACE_NIC;
  *duplicate = copy;
  return LS_OK;
}

void ls_problem_refine(ls_problem *problem, uint32_t structure_index,
                       const int32_t length_mm_mean[LS_TIER_MAX],
                       const int32_t length_mm_max[LS_TIER_MAX], uint32_t violation_mask)
{
  /* The array was allocated by this file; backends alone see it as constant. */
  ls_structure *structure = (ls_structure *)&problem->structures[structure_index];
  structure->violation_mask |= violation_mask;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    structure->length_mm_mean[tier] =
        (int32_t)ls_max(structure->length_mm_mean[tier], length_mm_mean[tier]);
    structure->length_mm_max[tier] =
        (int32_t)ls_max(structure->length_mm_max[tier], length_mm_max[tier]);
  }
}
