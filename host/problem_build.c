#include "problem_build.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "problem_money.h"
#include "problem_rows.h"
#include "problem_scale_up.h"
#include "problem_structure.h"
#include "problem_supply.h"
#include "structure_workload.h"

typedef struct builder {
  const ls_spec *spec;
  ls_problem *problem;
  ls_site site;
  ls_link_lists lists;
  ls_structure *structures; /* [structure_capacity] */
  uint32_t structure_capacity;
} builder;

/* ---- Structures ---- */

/* The link options of each tier; through OCS the one that is set already. */
static void structure_choose_options(const builder *self, ls_structure *structure)
{
  structure->rank_count = 1;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t below = tier ? structure->switch_index[tier - 1] : LS_NIC;
    ls_link_list list = {0, 1};
    if (ls_tier_is_ocs(structure, tier))
      list.first = structure->option_first[tier];
    else if (tier == structure->peer_tier)
      list = self->lists.alike[below];
    else if (tier < structure->tier_count)
      list = self->lists.pair[below + 1][structure->switch_index[tier] + 1];
    structure->option_first[tier] = list.first;
    structure->option_count[tier] = list.count;
    structure->rank_count *= list.count;
  }
}

static bool protocols_agree(const ls_problem *problem, const ls_structure *structure)
{
  const int32_t spoken = problem->switches[structure->switch_index[0]].protocol;
  for (int32_t tier = 1; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        problem->switches[structure->switch_index[tier]].protocol != spoken)
      return false;
  return true;
}

/* Appends a structure, unless its chassis speak different protocols or have no optics in common, or
 * it is a smaller family's: it spans no design then. */
static ls_status structure_append(builder *self, ls_structure structure, ls_error *error)
{
  ls_problem *problem = self->problem;
  if (!protocols_agree(problem, &structure)) return LS_OK;
  structure_choose_options(self, &structure);
  if (!structure.rank_count) return LS_OK;
  if (problem->structure_count == self->structure_capacity) {
    const uint32_t capacity = self->structure_capacity ? 2 * self->structure_capacity : 1024;
    ls_structure *grown = realloc(self->structures, capacity * sizeof *grown);
    if (!grown) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the space");
    self->structures = grown;
    self->structure_capacity = capacity;
  }
  if (ls_structure_compute(&self->site, &structure) != LS_OK)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the demand");
  if (ls_size_is_less(structure.family, &structure.size)) return LS_OK;
  structure.rank_first = problem->space_size;
  problem->space_size += structure.rank_count;
  self->structures[problem->structure_count++] = structure;
  return LS_OK;
}

/* Each way to build the scale-up network is a key of the structure, the innermost. */
static ls_status structures_append(builder *self, ls_structure structure, ls_error *error)
{
  const uint32_t chosen = self->spec->space.scale_up_mask;
  const int32_t count = chosen ? self->problem->scale_up_count : 0;
  ls_status status = LS_OK;
  if (!count) return structure_append(self, structure, error);
  for (int32_t i = 0; status == LS_OK && i < count; i++) {
    if (!(chosen >> i & 1)) continue;
    structure.scale_up_index = (int8_t)i;
    status = structure_append(self, structure, error);
  }
  return status;
}

/* The chassis of a tier, or -1 once where the family has no such tier. */
static bool chassis_next(const builder *self, bool has_tier, int32_t *index)
{
  if (!has_tier) return ++*index < 0;
  do ++*index;
  while (*index < self->problem->switch_count && !(self->spec->space.switch_mask >> *index & 1));
  return *index < self->problem->switch_count;
}

/* The number of OCS depends on the optics: each link option through an OCS is a structure. */
static ls_status structures_append_ocs(builder *self, ls_structure structure, ls_error *error)
{
  const int32_t peer = structure.peer_tier;
  const ls_link_list list = self->lists.through_ocs[structure.switch_index[peer - 1]];
  ls_status status = LS_OK;
  for (int32_t ocs = 0; ocs < self->problem->ocs_count; ocs++) {
    if (!(self->spec->space.ocs_mask >> ocs & 1)) continue;
    structure.ocs_index = (int8_t)ocs;
    for (uint32_t i = 0; status == LS_OK && i < list.count; i++) {
      structure.option_first[peer] = list.first + i;
      status = structures_append(self, structure, error);
    }
  }
  return status;
}

/* What the keys of a spec choose from, in the order of ranks: families, of rail_only both numbers
 * of layers. */
typedef struct shape {
  uint32_t choice;
  int32_t family;
  bool is_rail, has_ocs;
  int32_t tier_count;
  int32_t chassis_count; /* tiers with a chassis of their own choice */
  int32_t peer_tier;     /* -1: none */
} shape;

static const shape shapes[] = {{LS_CHOOSE_CLOS1, LS_CLOS1, false, false, 1, 1, -1},
                               {LS_CHOOSE_CLOS2, LS_CLOS2, false, false, 2, 2, -1},
                               {LS_CHOOSE_CLOS2_RAIL, LS_CLOS2, true, false, 2, 2, -1},
                               {LS_CHOOSE_CLOS3, LS_CLOS3, false, false, 3, 3, -1},
                               {LS_CHOOSE_CLOS3_RAIL, LS_CLOS3, true, false, 3, 3, -1},
                               {LS_CHOOSE_CLOS4, LS_CLOS4, false, false, 4, 3, -1},
                               {LS_CHOOSE_CLOS4_RAIL, LS_CLOS4, true, false, 4, 3, -1},
                               {LS_CHOOSE_RAIL_ONLY, LS_RAIL_ONLY, true, false, 1, 1, -1},
                               {LS_CHOOSE_RAIL_ONLY, LS_RAIL_ONLY, true, false, 2, 2, -1},
                               {LS_CHOOSE_OCS_SPINE, LS_OCS_SPINE, false, true, 2, 1, 1},
                               {LS_CHOOSE_OCS_CORE, LS_OCS_CORE, false, true, 3, 2, 2},
                               {LS_CHOOSE_DIRECT, LS_DIRECT, false, false, 2, 1, 1}};

/* All chassis combinations of a shape, planes and oversubscription. The super-spines of clos4 are
 * of the spines' model. */
static ls_status structures_append_chassis(builder *self, const shape *of, ls_structure structure,
                                           ls_error *error)
{
  const bool has_spine = of->chassis_count > 1, has_core = of->chassis_count > 2;
  ls_status status = LS_OK;
  for (int32_t leaf = -1; status == LS_OK && chassis_next(self, true, &leaf);) {
    structure.switch_index[0] = (int8_t)leaf;
    for (int32_t spine = has_spine ? -1 : -2;
         status == LS_OK && chassis_next(self, has_spine, &spine);) {
      structure.switch_index[1] = (int8_t)spine;
      for (int32_t core = has_core ? -1 : -2;
           status == LS_OK && chassis_next(self, has_core, &core);) {
        structure.switch_index[2] = (int8_t)(of->tier_count == 4 ? spine : core);
        structure.switch_index[3] = (int8_t)(of->tier_count == 4 ? core : -1);
        status = of->has_ocs ? structures_append_ocs(self, structure, error)
                             : structures_append(self, structure, error);
      }
    }
  }
  return status;
}

static ls_status shape_append(builder *self, const shape *of, int32_t block_kind, ls_error *error)
{
  const ls_spec_space *space = &self->spec->space;
  ls_structure structure = {.family = (uint8_t)of->family,
                            .is_rail = of->is_rail,
                            .tier_count = (uint8_t)of->tier_count,
                            .switch_index = {-1, -1, -1, -1},
                            .ocs_index = -1,
                            .peer_tier = (int8_t)of->peer_tier,
                            .scale_up_index = -1};
  ls_status status = LS_OK;
  structure.block_kind = (uint8_t)block_kind;
  for (int32_t i = 0; status == LS_OK && i < space->plane_count; i++) {
    structure.planes = (uint8_t)space->planes[i];
    structure.port_gbps = self->problem->nic_gbps / space->planes[i];
    /* One layer of switches has nothing to oversubscribe. */
    const bool has_one_layer = of->tier_count == 1;
    const int32_t ratios = has_one_layer ? 1 : space->oversubscription_count;
    for (int32_t j = 0; status == LS_OK && j < ratios; j++) {
      structure.oversubscription_num = has_one_layer ? 1 : (uint16_t)space->oversubscription_num[j];
      structure.oversubscription_den = has_one_layer ? 1 : (uint16_t)space->oversubscription_den[j];
      status = structures_append_chassis(self, of, structure, error);
    }
  }
  return status;
}

/* Without a demand no links follow one. */
static uint32_t block_kinds(const ls_spec *spec)
{
  const uint32_t chosen =
      spec->space.block_kind_mask ? spec->space.block_kind_mask : (uint32_t)1 << LS_BLOCKS_FOUND;
  const uint32_t following = (uint32_t)1 << LS_BLOCKS_DEMAND | (uint32_t)1 << LS_BLOCKS_DEMAND_HALF;
  return ls_spec_has_demand(spec) ? chosen : chosen & ~following;
}

static ls_status families_append(builder *self, ls_error *error)
{
  const uint32_t kinds = block_kinds(self->spec);
  /* Rails need whole servers: GPU i of each server goes to rail i. */
  const bool has_whole_servers =
      self->problem->endpoint_count % self->problem->server_endpoint_count == 0;
  ls_status status = LS_OK;
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    if (!(self->spec->space.family_mask & shapes[i].choice) ||
        (!has_whole_servers && shapes[i].is_rail))
      continue;
    const bool has_blocks = shapes[i].peer_tier >= 0;
    for (int32_t kind = 0; status == LS_OK && kind < LS_BLOCKS_KIND_COUNT; kind++)
      if (has_blocks ? kinds >> kind & 1 : kind == LS_BLOCKS_FOUND)
        status = shape_append(self, &shapes[i], kind, error);
  }
  return status;
}

/* ---- The whole ---- */

static ls_status builder_init(builder *self, const ls_catalog *catalog, const ls_spec *spec,
                              ls_error *error)
{
  memset(self, 0, sizeof *self);
  self->spec = spec;
  self->problem = calloc(1, sizeof *self->problem);
  ls_status status = self->problem ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    ls_problem_fill_rows(catalog, spec, self->problem);
    ls_problem_fill_spares(spec, self->problem);
    self->problem->length_mm_floor = ls_floor_length_max_mm(spec);
    status = ls_site_create(catalog, spec, self->problem, &self->site);
    if (status == LS_OK) status = ls_problem_check_scale_up(catalog, spec, self->problem);
  }
  if (status != LS_OK) ls_error_set(error, status, NULL, 0, NULL, "no memory for the problem");
  return status;
}

/* Why no design can be made of what was chosen. */
static ls_status empty_tell(const ls_spec *spec, const ls_problem *problem, ls_error *error)
{
  return ls_error_set(error, LS_ERR_NO, spec->path, 0, "space",
                      ls_nic_has_optics(spec, problem)
                          ? "spans no design: no chosen chassis and optics mate, rails need whole "
                            "servers, or clos4 has no two super-pods"
                          : "spans no design: none of the chosen optics fit a NIC; co- and "
                            "near-packaged optics belong to switches, so add pluggable optics "
                            "or copper of a lane rate that NICs have");
}

ls_status ls_problem_create(const ls_catalog *catalog, const ls_spec *spec, ls_problem **problem,
                            ls_error *error)
{
  builder self;
  ls_status status = builder_init(&self, catalog, spec, error);
  if (status == LS_OK) status = ls_problem_check_vendors(catalog, spec, error);
  if (status == LS_OK) status = ls_link_lists_create(spec, self.problem, &self.lists, error);
  if (status == LS_OK) {
    self.problem->options = self.lists.options;
    self.problem->option_total = self.lists.option_count;
    status = families_append(&self, error);
    self.problem->structures = self.structures;
  }
  if (status == LS_OK && !self.problem->space_size) status = empty_tell(spec, self.problem, error);
  ls_site_destroy(&self.site);
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
    const bool is_out = (without & LS_WITHOUT_OCS && structures[i].ocs_index >= 0) ||
                        (without & LS_WITHOUT_CPO && structure_has_cpo(problem, &structures[i])) ||
                        (without & LS_ONLY_CPO && !structure_has_cpo(problem, &structures[i]));
    if (is_out) structures[i].violation_mask |= LS_VIOLATES_EXCLUDED;
  }
  *duplicate = copy;
  return LS_OK;
}

void ls_problem_refine(ls_problem *problem, uint32_t structure_index,
                       const ls_placed_lengths *lengths, uint32_t violation_mask)
{
  /* The array was allocated by this file; backends alone see it as constant. */
  ls_structure *structure = (ls_structure *)&problem->structures[structure_index];
  structure->violation_mask |= violation_mask;
  structure->circuit_mm_max = (int32_t)ls_max(structure->circuit_mm_max, lengths->circuit_mm_max);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    structure->length_mm_mean[tier] =
        (int32_t)ls_max(structure->length_mm_mean[tier], lengths->mean_mm[tier]);
    structure->length_mm_max[tier] =
        (int32_t)ls_max(structure->length_mm_max[tier], lengths->max_mm[tier]);
  }
}

void ls_problem_wire(ls_problem *problem, uint32_t structure_index, const ls_structure *wired)
{
  /* The array was allocated by this file; backends alone see it as constant. */
  ls_structure *structure = (ls_structure *)&problem->structures[structure_index];
  structure->block_hops_ppm = wired->block_hops_ppm;
  structure->throughput_ppm_low = wired->throughput_ppm_low;
  structure->throughput_ppm_high = wired->throughput_ppm_high;
  memcpy(structure->link_passes, wired->link_passes, sizeof structure->link_passes);
  memcpy(structure->switch_passes, wired->switch_passes, sizeof structure->switch_passes);
  structure->effective_hours = wired->effective_hours;
  ls_structure_base(problem, structure, &structure->base, structure->base_resource);
}

void ls_problem_bound_strands(ls_problem *problem, uint32_t structure_index,
                              const ls_strand_bounds *bounds)
{
  /* The array was allocated by this file; backends alone see it as constant. */
  ls_structure *structure = (ls_structure *)&problem->structures[structure_index];
  if (bounds->is_hopeless) structure->violation_mask |= LS_VIOLATES_TRAY;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    uint16_t *below = &structure->strands_below[tier];
    if (bounds->below[tier] && (!*below || bounds->below[tier] < *below))
      *below = bounds->below[tier];
  }
}
