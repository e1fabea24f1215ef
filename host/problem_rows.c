#include "problem_rows.h"

#include <stdlib.h>
#include <string.h>

#include "package.h"
#include "problem_money.h"
#include "problem_scale_up.h"
#include "problem_supply.h"

/* Whether something is on sale: from its first year on, and before its end. */
static bool is_on_sale(const ls_number *year_first, const ls_number *year_end, int32_t year)
{
  return year_first->value <= year && (year_end->value == 0 || year < year_end->value);
}

/* The place, if it can be bought for there; without a first year it never can. */
static int32_t gate(const ls_number *year_first, const ls_number *year_end, int32_t year,
                    int32_t place)
{
  return year_first->value > 0 && is_on_sale(year_first, year_end, year) ? place : 0;
}

/* Chassis power without its optics: a figure that includes them holds all ports at full rate. */
static int64_t switch_power_mw(const ls_catalog_switch *from, const ls_optic_row *optic)
{
  if (!from->power_includes_optics || !optic) return from->power_mw.value;
  const int64_t optics_mw = from->bandwidth_gbps.value * optic->power_uw_per_gbps / 1000;
  return ls_max(from->power_mw.value - optics_mw, 0);
}

static void switch_row(const ls_catalog *catalog, const ls_catalog_switch *from,
                       const ls_problem *problem, int32_t year, ls_switch_row *row)
{
  const int32_t optic =
      from->integrated_optic[0] ? ls_catalog_optic_find(catalog, from->integrated_optic) : -1;
  *row = (ls_switch_row){
      .capex_cents = ls_box_cents(catalog, from),
      .power_mw = switch_power_mw(from, optic < 0 ? NULL : &problem->optics[optic]),
      .latency_ps = from->latency_ps.value,
      .bandwidth_gbps = (int32_t)from->bandwidth_gbps.value,
      .port_count_max = (int32_t)from->port_count_max.value,
      .port_gbps_max = (int32_t)from->port_gbps_max.value,
      .protocol = from->protocol,
      .lane_mask = from->lane_mask,
      .cage_count = (int32_t)from->cage_count.value,
      .cage_gbps = (int32_t)from->cage_gbps.value,
      .rack_units = (int32_t)from->rack_units.value,
      .power_mw_max = (int32_t)from->power_mw_max.value,
      .optic = optic,
      .tier_mask = gate(&from->year_leaf, &from->year_end, year, LS_PLACE_LEAF) |
                   gate(&from->year_spine, &from->year_end, year, LS_PLACE_SPINE) |
                   gate(&from->year_core, &from->year_end, year, LS_PLACE_CORE),
  };
}

/* Of integrated optics the figures of light hold at the engine: between it and the faceplate
 * lie its own connector, a facet and the shuffle, both ways; what it launches has come through a
 * PM fiber from the laser, and fades. */
/* What the lasers of one lot feed: of a module, or of an engine. */
static int64_t lot_gbps(const ls_catalog_optic *from, const ls_catalog_parts *parts)
{
  const ls_number *unit =
      ls_optic_is_integrated(from->kind) ? &from->engine_gbps : &from->module_gbps;
  if (!from->laser_count.value) return 0;
  return parts->laser_lot_count.value * unit->value / from->laser_count.value;
}

static void optic_row(const ls_catalog_optic *from, const ls_catalog_parts *parts, int32_t year,
                      ls_optic_row *row)
{
  const bool is_integrated = ls_optic_is_integrated(from->kind);
  const int64_t inside_mdb =
      is_integrated ? parts->facet_loss_mdb.value + parts->shuffle_loss_mdb.value : 0;
  const int64_t laser_mdb =
      is_integrated ? parts->aging_loss_mdb.value +
                          (from->laser == LS_LASER_EXTERNAL ? parts->pm_fiber_loss_mdb.value : 0)
                    : 0;
  *row = (ls_optic_row){
      .capex_cents = from->capex_cents.value,
      .latency_ps = from->latency_ps.value,
      .lot_gbps = lot_gbps(from, parts),
      .share_gbps = (int32_t)from->port_share_gbps.value,
      .power_uw_per_gbps = (int32_t)from->energy_fj_per_bit.value,
      .module_gbps = (int32_t)from->module_gbps.value,
      .pair_gbps = (int32_t)from->pair_gbps.value,
      .strands_per_pair = ls_optic_is_copper(from->kind) ? 0
                          : from->kind == LS_OPTIC_BIDI  ? 1
                                                         : 2,
      .lane_gbps = (int32_t)from->lane_gbps.value,
      .kind = from->kind,
      .mate_class = from->mate_class,
      .place_mask = gate(&from->year_nic, &from->year_end, year, LS_PLACE_NIC) |
                    gate(&from->year_leaf, &from->year_end, year, LS_PLACE_LEAF) |
                    gate(&from->year_spine, &from->year_end, year, LS_PLACE_SPINE) |
                    gate(&from->year_core, &from->year_end, year, LS_PLACE_CORE),
      .reach_mm = (int32_t)from->reach_mm.value,
      .tx_mdbm = (int32_t)(from->tx_mdbm.value - laser_mdb),
      .tx_max_mdbm = (int32_t)from->tx_max_mdbm.value,
      .threshold_mdbm = (int32_t)from->threshold_mdbm.value,
      .overload_mdbm = (int32_t)from->overload_mdbm.value,
      .penalty_mdb = (int32_t)from->penalty_mdb.value,
      .internal_loss_mdb = (int32_t)(from->internal_loss_mdb.value + inside_mdb),
  };
}

static void ocs_row(const ls_catalog_ocs *from, int32_t year, ls_ocs_row *row)
{
  /* Both sides of every usable port pair are paid for. */
  *row = (ls_ocs_row){
      .capex_cents = from->capex_cents_per_port.value * from->port_count.value,
      .power_mw = from->power_mw.value,
      .port_count = (int32_t)from->port_count.value,
      .loss_mdb = (int32_t)from->loss_mdb.value,
      .rack_units = (int32_t)from->rack_units.value,
      .is_on_sale = is_on_sale(&from->year, &from->year_end, year),
  };
}

static void fill_constants(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  const ls_catalog_parts *parts = &catalog->parts;
  problem->endpoint_count = spec->cluster.gpu_count;
  problem->server_endpoint_count = spec->cluster.gpus_per_server;
  problem->nic_gbps = spec->cluster.nic_gbps;
  problem->nic_lane_mask = spec->cluster.nic_lane_mask;
  problem->in_rack_mm = spec->floor.in_rack_mm;
  problem->mating_count = spec->floor.is_structured ? 4 : 2;
  problem->mating_loss_mdb = (int32_t)parts->mating_loss_mdb.value;
  problem->mating_capex_cents = parts->mating_capex_cents.value;
  problem->circulator_loss_mdb = (int32_t)parts->circulator_loss_mdb.value;
  problem->circulator_capex_cents = parts->circulator_capex_cents.value;
  problem->shuffle_box_loss_mdb = (int32_t)parts->shuffle_box_loss_mdb.value;
  problem->shuffle_box_capex_cents = parts->shuffle_box_capex_cents_per_fiber.value;
  problem->fec_latency_ps = parts->fec_latency_ps.value;
  memcpy(problem->failure_share_ppm_max, spec->failure_share_ppm_max,
         sizeof problem->failure_share_ppm_max);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) {
    problem->limit[i] = spec->limit[i];
    problem->objective_mask[i] = spec->objective_mask >> i & 1 ? -1 : 0;
  }
}

void ls_problem_fill_rows(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  problem->optic_count = catalog->optic_count;
  for (int32_t i = 0; i < catalog->optic_count; i++)
    optic_row(&catalog->optics[i], &catalog->parts, spec->year, &problem->optics[i]);
  problem->switch_count = catalog->switch_count;
  for (int32_t i = 0; i < catalog->switch_count; i++)
    switch_row(catalog, &catalog->switches[i], problem, spec->year, &problem->switches[i]);
  problem->ocs_count = catalog->ocs_count;
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    ocs_row(&catalog->ocs[i], spec->year, &problem->ocs[i]);
  problem->fiber_count = catalog->fiber_count;
  for (int32_t i = 0; i < catalog->fiber_count; i++)
    problem->fibers[i] =
        (ls_fiber_row){.capex_cents_per_km = catalog->fibers[i].capex_cents_per_km.value,
                       .latency_fs_per_mm = (int32_t)catalog->fibers[i].latency_fs_per_mm.value,
                       .loss_mdb_per_km = (int32_t)catalog->fibers[i].loss_mdb_per_km.value};
  fill_constants(catalog, spec, problem);
  ls_problem_fill_money(catalog, spec, problem);
  ls_problem_fill_scale_up(catalog, spec, problem);
  ls_problem_fill_supply(catalog, spec, problem);
}

/* ---- Link options ---- */

static int32_t lane_bit(int32_t lane_gbps) { return lane_gbps >= 200 ? 2 : 1; }

/* Whether an end (chassis index, or LS_NIC) can hold these optics. Integrated optics belong to
 * the chassis that has them: CPO is a property of a chassis, never of a port. Co-packaged NICs
 * are not searched: a NIC's price is not part of the network's, so its optics would be free. */
bool ls_end_takes(const ls_spec *spec, const ls_problem *problem, int32_t end, int32_t optic)
{
  const ls_optic_row *row = &problem->optics[optic];
  if (!(spec->space.optic_mask >> optic & 1)) return false;
  if (end == LS_NIC)
    return (!ls_optic_is_integrated(row->kind) || spec->space.has_nic_cpo) &&
           problem->nic_lane_mask & lane_bit(row->lane_gbps);
  const ls_switch_row *chassis = &problem->switches[end];
  if (chassis->optic >= 0) return chassis->optic == optic;
  return !ls_optic_is_integrated(row->kind) && chassis->lane_mask & lane_bit(row->lane_gbps) &&
         row->module_gbps <= chassis->cage_gbps;
}

bool ls_nic_has_optics(const ls_spec *spec, const ls_problem *problem)
{
  for (int32_t optic = 0; optic < problem->optic_count; optic++)
    if (ls_end_takes(spec, problem, LS_NIC, optic)) return true;
  return false;
}

/* Lane rates must meet, and light must be of one kind; a copper cable has two like ends. */
static bool ends_mate(const ls_problem *problem, int32_t a, int32_t b)
{
  const ls_optic_row *row_a = &problem->optics[a], *row_b = &problem->optics[b];
  if (ls_optic_is_copper(row_a->kind) || ls_optic_is_copper(row_b->kind)) return a == b;
  return row_a->mate_class == row_b->mate_class && row_a->lane_gbps == row_b->lane_gbps &&
         row_a->pair_gbps == row_b->pair_gbps;
}

static bool link_equals(const ls_link_row *a, const ls_link_row *b)
{
  return a->optic_a == b->optic_a && a->optic_b == b->optic_b && a->fiber == b->fiber &&
         a->circulator_count == b->circulator_count;
}

static ls_status list_append(ls_problem *problem, ls_link_lists *lists, ls_link_row link,
                             ls_error *error)
{
  int32_t index = 0;
  while (index < problem->link_count && !link_equals(&problem->links[index], &link)) index++;
  if (index == LS_LINK_MAX)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "space.optics",
                        "spans more than %d ways to make a link; choose fewer optics or fibers",
                        LS_LINK_MAX);
  if (lists->option_count == lists->option_capacity) {
    const uint32_t capacity = lists->option_capacity ? 2 * lists->option_capacity : 1024;
    uint16_t *grown = realloc(lists->options, capacity * sizeof *grown);
    if (!grown)
      return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for link options");
    lists->options = grown;
    lists->option_capacity = capacity;
  }
  if (index == problem->link_count) problem->links[problem->link_count++] = link;
  lists->options[lists->option_count++] = (uint16_t)index;
  return LS_OK;
}

/* All links between two ends, each fiber; through an OCS optics are alike, without and with
 * external circulators, and never copper. */
static ls_status list_fill(const ls_spec *spec, ls_problem *problem, ls_link_lists *lists,
                           int32_t end_a, int32_t end_b, bool is_ocs, ls_link_list *list,
                           ls_error *error)
{
  list->first = lists->option_count;
  for (int32_t a = 0; a < problem->optic_count; a++)
    for (int32_t b = 0; b < problem->optic_count; b++) {
      if (!ls_end_takes(spec, problem, end_a, a) || !ls_end_takes(spec, problem, end_b, b) ||
          !ends_mate(problem, a, b) || (is_ocs && a != b))
        continue;
      const bool is_copper = ls_optic_is_copper(problem->optics[a].kind);
      if (is_copper && is_ocs) continue;
      const bool may_circulate = is_ocs && problem->optics[a].strands_per_pair == 2;
      for (int32_t fiber = 0; fiber < (is_copper ? 1 : problem->fiber_count); fiber++) {
        if (!is_copper && !(spec->space.fiber_mask >> fiber & 1)) continue;
        for (int32_t circulators = 0; circulators <= (may_circulate ? 2 : 0); circulators += 2) {
          const ls_link_row link = {(uint8_t)a, (uint8_t)b, (uint8_t)fiber, (uint8_t)circulators};
          const ls_status status = list_append(problem, lists, link, error);
          if (status != LS_OK) return status;
        }
      }
    }
  list->count = lists->option_count - list->first;
  return LS_OK;
}

/* Of the links from a chassis to its like those with like optics: all its ports upwards hold the
 * same. */
static ls_status list_fill_alike(ls_problem *problem, ls_link_lists *lists, int32_t chassis,
                                 ls_error *error)
{
  const ls_link_list from = lists->pair[chassis + 1][chassis + 1];
  ls_link_list *list = &lists->alike[chassis];
  ls_status status = LS_OK;
  list->first = lists->option_count;
  for (uint32_t i = 0; status == LS_OK && i < from.count; i++) {
    const ls_link_row link = problem->links[lists->options[from.first + i]];
    if (link.optic_a == link.optic_b) status = list_append(problem, lists, link, error);
  }
  list->count = lists->option_count - list->first;
  return status;
}

static bool end_is_chosen(const ls_spec *spec, int32_t end)
{
  return end == LS_NIC || (spec->space.switch_mask >> end & 1);
}

ls_status ls_link_lists_create(const ls_spec *spec, ls_problem *problem, ls_link_lists *lists,
                               ls_error *error)
{
  ls_status status = LS_OK;
  memset(lists, 0, sizeof *lists);
  for (int32_t a = LS_NIC; status == LS_OK && a < problem->switch_count; a++)
    for (int32_t b = 0; status == LS_OK && b < problem->switch_count; b++)
      if (end_is_chosen(spec, a) && end_is_chosen(spec, b))
        status = list_fill(spec, problem, lists, a, b, false, &lists->pair[a + 1][b + 1], error);
  for (int32_t a = 0; status == LS_OK && a < problem->switch_count; a++)
    if (end_is_chosen(spec, a)) {
      status = list_fill(spec, problem, lists, a, a, true, &lists->through_ocs[a], error);
      if (status == LS_OK) status = list_fill_alike(problem, lists, a, error);
    }
  if (status != LS_OK) free(lists->options);
  return status;
}
