/* Evaluation: what one link option contributes to a structure, and what a whole design scores.
 * Written once for every compiler; it never sees a thread index.
 *
 * A design's metrics are sums: the structure's base (chassis) plus one row per tier. Hence a
 * backend tabulates the rows of a structure (n0 + n1 + n2 + n3 of them) and each of its
 * n0 * n1 * n2 * n3 designs costs 3 additions a metric, the faceplate sums and the comparisons. Two
 * things couple tiers: the cages of a chassis, shared by the tiers below and above it, and shared
 * resources (supply, vendors' shares). USD per effective GPU-hour alone is no sum; it follows from
 * two sums, what is spent and the hours lost. */
#ifndef LS_EVALUATE_H
#define LS_EVALUATE_H

#include "lifetime.h"
#include "problem.h"
#include "size.h"

typedef struct ls_tier_row {
  int64_t metric[LS_METRIC_COUNT]; /* LS_METRIC_LOSS is always 0 */
  int32_t cages_a, cages_b;        /* most modules on one chassis of each end */
  uint32_t violation_mask;
  int32_t ocs_count; /* over all planes; 0 for tiers without OCS */
  int64_t resource[LS_RESOURCE_MAX];
} ls_tier_row;

/* What a path through passive parts does to one link. */
typedef struct ls_link_check {
  int32_t loss_mdb;
  int32_t margin_mdb; /* the worse direction */
} ls_link_check;

/* Fiber pairs of one link. */
LS_HD int32_t ls_link_pairs(const ls_optic_row *optic, int32_t port_gbps)
{
  return optic->pair_gbps ? (int32_t)ls_ceil_div(port_gbps, optic->pair_gbps) : 0;
}

/* True where both directions of a link share each strand. */
LS_HD bool ls_link_is_bidirectional(const ls_problem *problem, const ls_link_row *link)
{
  return link->circulator_count || problem->optics[link->optic_a].strands_per_pair == 1;
}

LS_HD int32_t ls_link_strands(const ls_problem *problem, const ls_link_row *link, int32_t port_gbps)
{
  const int32_t pairs = ls_link_pairs(&problem->optics[link->optic_a], port_gbps);
  return ls_link_is_bidirectional(problem, link) ? pairs : 2 * pairs;
}

LS_HD int32_t ls_fiber_loss_mdb(const ls_fiber_row *fiber, int64_t length_mm)
{
  return (int32_t)ls_ceil_div(length_mm * fiber->loss_mdb_per_km, 1000000);
}

LS_HD int64_t ls_fiber_latency_ps(const ls_fiber_row *fiber, int64_t length_mm)
{
  return length_mm * fiber->latency_fs_per_mm / 1000;
}

/* Power left of the budget in one direction: (OMA - TDECQ)min - losses - penalty - threshold. */
LS_HD int32_t ls_direction_margin_mdb(const ls_optic_row *from, const ls_optic_row *to,
                                      int32_t loss_mdb)
{
  return from->tx_mdbm - from->internal_loss_mdb - loss_mdb - to->internal_loss_mdb -
         to->penalty_mdb - to->threshold_mdbm;
}

/* Budget of an optical link over length_mm (both legs of a circuit) with what it passes, an OCS or
 * a shuffle box; both directions. */
LS_HD ls_link_check ls_link_check_budget(const ls_problem *problem, const ls_link_row *link,
                                         int64_t length_mm, int32_t mating_count,
                                         int32_t pass_loss_mdb)
{
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  ls_link_check check;
  check.loss_mdb = ls_fiber_loss_mdb(&problem->fibers[link->fiber], length_mm) +
                   mating_count * problem->mating_loss_mdb +
                   link->circulator_count * problem->circulator_loss_mdb + pass_loss_mdb;
  check.margin_mdb = (int32_t)ls_min(ls_direction_margin_mdb(a, b, check.loss_mdb),
                                     ls_direction_margin_mdb(b, a, check.loss_mdb));
  return check;
}

LS_HD bool ls_link_is_overloaded(const ls_problem *problem, const ls_link_row *link,
                                 int32_t loss_mdb)
{
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  return a->tx_max_mdbm - loss_mdb > b->overload_mdbm ||
         b->tx_max_mdbm - loss_mdb > a->overload_mdbm;
}

/* True where the links of a tier pass an OCS. */
LS_HD bool ls_tier_is_ocs(const ls_structure *structure, int32_t tier)
{
  return tier == structure->peer_tier && structure->ocs_index >= 0;
}

/* True where cords of light join like chassis: which ones, a shuffle box decides that all of them
 * pass. Copper goes straight. */
LS_HD bool ls_tier_is_shuffled(const ls_structure *structure, int32_t tier)
{
  return tier == structure->peer_tier && structure->ocs_index < 0;
}

/* Loss of what the optical links of a tier pass on their way. */
LS_HD int32_t ls_tier_pass_loss_mdb(const ls_problem *problem, const ls_structure *structure,
                                    int32_t tier)
{
  if (ls_tier_is_ocs(structure, tier)) return problem->ocs[structure->ocs_index].loss_mdb;
  return ls_tier_is_shuffled(structure, tier) ? problem->shuffle_box_loss_mdb : 0;
}

/* Fibers of all cords of a tier through shuffle boxes. */
LS_HD int64_t ls_tier_shuffle_fibers(const ls_problem *problem, const ls_structure *structure,
                                     int32_t tier, const ls_link_row *link)
{
  if (!ls_tier_is_shuffled(structure, tier)) return 0;
  return structure->leg_count[tier] * ls_link_strands(problem, link, structure->port_gbps);
}

/* Where the chassis of a tier stands (-1: the NIC), as an LS_PLACE_ bit: chassis 2 of clos4, the
 * super-spine, counts as a spine. */
LS_HD int32_t ls_chassis_place(int32_t family, int32_t tier)
{
  if (tier < 2) return LS_PLACE_NIC << (tier + 1);
  return family == LS_CLOS4 && tier == 2 ? LS_PLACE_SPINE : LS_PLACE_CORE;
}

/* The chassis at the end b of a tier's links. */
LS_HD int32_t ls_tier_chassis_b(const ls_structure *structure, int32_t tier)
{
  return tier == structure->peer_tier ? tier - 1 : tier;
}

/* The longest link of the tier, a circuit with both its legs. */
LS_HD int64_t ls_tier_length_mm(const ls_structure *structure, int32_t tier, bool is_ocs)
{
  return is_ocs ? structure->circuit_mm_max : structure->length_mm_max[tier];
}

/* Constraints one link option violates at the tier's shortest possible lengths: so a mask of 0
 * is necessary for feasibility on the floor, and the floor decides. */
LS_HD uint32_t ls_tier_violations(const ls_problem *problem, const ls_structure *structure,
                                  int32_t tier, const ls_link_row *link)
{
  const bool is_ocs = ls_tier_is_ocs(structure, tier);
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  const int32_t rate = structure->port_gbps;
  const int32_t leg_count = is_ocs ? 2 : 1;
  const int64_t length_mm = ls_tier_length_mm(structure, tier, is_ocs);
  uint32_t mask = 0;
  /* A link takes whole lanes and whole fiber pairs, and fits into one module. */
  if (rate < a->lane_gbps || rate < a->pair_gbps || rate > ls_unit_gbps(a, rate) ||
      rate > ls_unit_gbps(b, rate))
    mask |= LS_VIOLATES_PORT_RATE;
  if (!(a->place_mask & ls_chassis_place(structure->family, tier - 1)) ||
      !(b->place_mask & ls_chassis_place(structure->family, ls_tier_chassis_b(structure, tier))))
    mask |= LS_VIOLATES_YEAR;
  if (length_mm > ls_min(a->reach_mm, b->reach_mm)) mask |= LS_VIOLATES_REACH;
  if (ls_optic_is_copper(a->kind)) return mask;
  if (structure->strands_below[tier] &&
      ls_link_strands(problem, link, rate) >= structure->strands_below[tier])
    mask |= LS_VIOLATES_TRAY;
  const bool is_in_rack = structure->length_mm_max[tier] <= problem->in_rack_mm;
  const int32_t pass_loss_mdb = ls_tier_pass_loss_mdb(problem, structure, tier);
  /* Only the longer leg of a circuit is known to leave its rack. */
  const int32_t mating_count_min = 2 * leg_count + (is_in_rack ? 0 : problem->mating_count - 2);
  const ls_link_check shortest =
      ls_link_check_budget(problem, link, length_mm, mating_count_min, pass_loss_mdb);
  const ls_link_check longest =
      ls_link_check_budget(problem, link, (int64_t)leg_count * problem->length_mm_floor,
                           leg_count * problem->mating_count, pass_loss_mdb);
  if (shortest.margin_mdb < 0) mask |= LS_VIOLATES_BUDGET;
  if (ls_link_is_overloaded(problem, link, longest.loss_mdb)) mask |= LS_VIOLATES_OVERLOAD;
  return mask;
}

/* Fiber, connectors and circulators (one for each strand at an end that has them) of all cords of
 * the tier, in cents, rounded down. */
LS_HD int64_t ls_tier_cord_cents(const ls_problem *problem, const ls_structure *structure,
                                 int32_t tier, const ls_link_row *link, bool is_ocs)
{
  if (ls_optic_is_copper(problem->optics[link->optic_a].kind)) return 0;
  const int64_t strands = ls_link_strands(problem, link, structure->port_gbps);
  const int64_t fiber = strands * structure->length_mm_mean[tier] *
                        problem->fibers[link->fiber].capex_cents_per_km / 1000000;
  const int64_t circulators =
      strands * (is_ocs ? link->circulator_count / 2 : link->circulator_count);
  return structure->leg_count[tier] *
         (fiber + 2 * problem->mating_capex_cents + circulators * problem->circulator_capex_cents);
}

/* OCS of one plane for the peer tier of a structure, or 0. Where both directions share a strand,
 * the ports of every device go in pairs, one to either side of an OCS. */
LS_HD int32_t ls_structure_ocs(const ls_problem *problem, const ls_structure *structure,
                               const ls_link_row *link)
{
  const ls_size *size = &structure->size;
  const bool is_shared = ls_link_is_bidirectional(problem, link);
  if (is_shared && size->spine_count && size->leaves_per_pod % 2) return 0;
  return ls_size_ocs(size->block_count, size->block_links,
                     ls_link_pairs(&problem->optics[link->optic_a], structure->port_gbps),
                     problem->ocs[structure->ocs_index].port_count, is_shared,
                     ls_size_has_graph(size));
}

/* Of all that the chassis of a tier carry, the share in ppm, rounded up, that goes with the fullest
 * of them: of a leaf its GPUs' links, of a spine its part of the trunks. */
LS_HD int64_t ls_chassis_share_ppm(const ls_structure *structure, int32_t tier)
{
  const ls_side *side = &structure->side_b[tier];
  int64_t ports = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++) ports += side->count[i] * side->port_count[i];
  return ports ? ls_ceil_div(ls_side_ports_max(side) * 1000000, ports) : 0;
}

/* More than one failure may take. */
LS_HD bool ls_share_is_over(const ls_problem *problem, ls_failure_domain domain, int64_t share_ppm)
{
  const int64_t share_ppm_max = problem->failure_share_ppm_max[domain];
  return share_ppm_max && share_ppm > share_ppm_max;
}

/* Adds the OCS of the tier to *row: count, price, power, risk; or the violation. */
LS_HD void ls_tier_add_ocs(const ls_problem *problem, const ls_structure *structure,
                           const ls_link_row *link, bool has_years, ls_tier_row *row)
{
  const ls_ocs_row *ocs = &problem->ocs[structure->ocs_index];
  const ls_size *size = &structure->size;
  const int32_t per_plane = ls_structure_ocs(problem, structure, link);
  if (!per_plane) {
    row->violation_mask |= LS_VIOLATES_OCS_PORTS;
    return;
  }
  const int64_t links = size->block_count * size->block_links / 2 / per_plane;
  row->ocs_count = per_plane * structure->planes;
  if (ls_share_is_over(problem, LS_FAILS_OCS, ls_ceil_div(1000000, row->ocs_count)))
    row->violation_mask |= LS_VIOLATES_DOMAIN;
  const ls_units units = ls_ocs_units(problem, structure, row->ocs_count);
  ls_units_add(problem, &units, has_years, row->metric);
  row->metric[LS_METRIC_RISK] +=
      row->ocs_count * ls_unit_risk_bps(ocs->downtime, links * structure->port_gbps);
  for (int32_t i = 0; i < problem->resource_count; i++)
    row->resource[i] += row->ocs_count * ocs->draw[i];
}

/* Of a tier's links, the share in ppm, rounded up, that goes when all lasers of one lot of these
 * optics fail: a lot may stand at one end of the tier alone. */
LS_HD int64_t ls_lot_share_ppm(const ls_structure *structure, int32_t tier,
                               const ls_optic_row *optic)
{
  const int64_t links = structure->leg_count[tier] / (ls_tier_is_ocs(structure, tier) ? 2 : 1);
  if (!links) return 0;
  return ls_min(ls_ceil_div(optic->lot_gbps * 1000000, links * structure->port_gbps), 1000000);
}

/* Adds to *row, whose violations are known, what link option `link` costs, draws and delivers;
 * has_years: TCO and lost hours, too. */
LS_HD void ls_tier_row_fill(const ls_problem *problem, const ls_structure *structure, int32_t tier,
                            const ls_link_row *link, bool has_years, ls_tier_row *row)
{
  const bool is_ocs = ls_tier_is_ocs(structure, tier);
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  const int32_t rate = structure->port_gbps;
  const int64_t length_mm = ls_tier_length_mm(structure, tier, is_ocs);
  const int64_t cords =
      ls_tier_cord_cents(problem, structure, tier, link, is_ocs) +
      ls_tier_shuffle_fibers(problem, structure, tier, link) * problem->shuffle_box_capex_cents;
  const int64_t count_a = ls_end_count(problem, structure, tier, link, 0);
  const int64_t count_b = ls_end_count(problem, structure, tier, link, 1);
  const ls_units units_a = ls_end_units_of(problem, structure, tier, link, 0, count_a, has_years);
  const ls_units units_b = ls_end_units_of(problem, structure, tier, link, 1, count_b, has_years);
  row->cages_a = ls_side_cages(a, &structure->side_a[tier], rate);
  row->cages_b = ls_side_cages(b, &structure->side_b[tier], rate);
  ls_units_add(problem, &units_a, has_years, row->metric);
  ls_units_add(problem, &units_b, has_years, row->metric);
  row->metric[LS_METRIC_CAPEX] += cords;
  if (has_years) {
    row->metric[LS_METRIC_TCO] += cords;
    row->metric[LS_METRIC_GPU_HOUR] += cords;
  }
  row->metric[LS_METRIC_LATENCY] = structure->link_passes[tier] *
                                   (a->latency_ps + b->latency_ps + problem->fec_latency_ps +
                                    ls_fiber_latency_ps(&problem->fibers[link->fiber], length_mm));
  row->metric[LS_METRIC_RISK] =
      count_a * ls_optic_risk_bps(a, rate) + count_b * ls_optic_risk_bps(b, rate);
  for (int32_t i = 0; i < problem->resource_count; i++)
    row->resource[i] = count_a * a->draw[i] + count_b * b->draw[i];
  if (is_ocs) ls_tier_add_ocs(problem, structure, link, has_years, row);
}

/* The constraints that link option `link` violates in `tier`, less those of its OCS. */
LS_HD uint32_t ls_tier_row_violations(const ls_problem *problem, const ls_structure *structure,
                                      int32_t tier, const ls_link_row *link)
{
  const uint32_t mask = ls_tier_violations(problem, structure, tier, link);
  if (!problem->failure_share_ppm_max[LS_FAILS_LASER_LOT]) return mask;
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  const int64_t share_ppm =
      ls_max(ls_lot_share_ppm(structure, tier, a), ls_lot_share_ppm(structure, tier, b));
  return mask |
         (ls_share_is_over(problem, LS_FAILS_LASER_LOT, share_ppm) ? (uint32_t)LS_VIOLATES_DOMAIN
                                                                   : 0u);
}

/* What link option `link` adds to `structure` in `tier`. Pure; about 400 integer operations. */
LS_HD void ls_tier_row_compute(const ls_problem *problem, const ls_structure *structure,
                               int32_t tier, const ls_link_row *link, ls_tier_row *row)
{
  const ls_tier_row empty = LS_ZERO;
  *row = empty;
  if (tier >= structure->tier_count) return;
  row->violation_mask = ls_tier_row_violations(problem, structure, tier, link);
  ls_tier_row_fill(problem, structure, tier, link, true, row);
}

/* As ls_tier_row_compute, for option `index` of the structure, and only what tells designs apart:
 * of one that violates something that alone; TCO and lost hours with has_years. Nothing in tiers
 * that the structure does not have. About 150 integer operations, 60 of one that violates
 * something. */
LS_HD void ls_option_row_judge(const ls_problem *problem, const ls_structure *structure,
                               int32_t tier, uint32_t index, bool has_years, ls_tier_row *row)
{
  const ls_tier_row empty = LS_ZERO;
  *row = empty;
  if (tier >= structure->tier_count) return;
  const ls_link_row *link =
      &problem->links[problem->options[structure->option_first[tier] + index]];
  row->violation_mask = ls_tier_row_violations(problem, structure, tier, link);
  if (!row->violation_mask) ls_tier_row_fill(problem, structure, tier, link, has_years, row);
}

/* As ls_tier_row_compute, for option `index` of the structure. */
LS_HD void ls_option_row_compute(const ls_problem *problem, const ls_structure *structure,
                                 int32_t tier, uint32_t index, ls_tier_row *row)
{
  const bool has_tier = tier < structure->tier_count;
  const uint32_t option = structure->option_first[tier] + index;
  ls_tier_row_compute(problem, structure, tier,
                      &problem->links[has_tier ? problem->options[option] : 0], row);
}

/* The most options that any structure has in each tier, at least 1. O(structure_count). */
LS_HD void ls_problem_option_counts(const ls_problem *problem, size_t most[LS_TIER_MAX])
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    most[tier] = 1;
    for (uint32_t i = 0; i < problem->structure_count; i++)
      if (problem->structures[i].option_count[tier] > most[tier])
        most[tier] = problem->structures[i].option_count[tier];
  }
}

/* Whether a metric over the years decides anything: TCO, lost hours, USD per GPU-hour. */
LS_HD bool ls_problem_has_years(const ls_problem *problem)
{
  bool has_years = false;
  for (int32_t metric = LS_METRIC_TCO; metric <= LS_METRIC_GPU_HOUR; metric++)
    has_years |= problem->objective_mask[metric] || problem->limit[metric] != INT64_MAX;
  return has_years;
}

/* What a structure costs before its optics: chassis, and the scale-up network. Reads the rows
 * of the problem alone, so that it holds for other figures of the same catalog too. */
LS_HD void ls_structure_base(const ls_problem *problem, const ls_structure *structure,
                             ls_score *base, int64_t resource[LS_RESOURCE_MAX])
{
  const ls_score empty = LS_ZERO;
  *base = empty;
  for (int32_t i = 0; i < LS_RESOURCE_MAX; i++) resource[i] = 0;
  LS_NO_UNROLL
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    if (structure->switch_index[tier] < 0) continue;
    const ls_switch_row *chassis = &problem->switches[structure->switch_index[tier]];
    const ls_units units = ls_chassis_units(problem, structure, tier);
    const ls_side *down = &structure->side_b[tier];
    const ls_side *up = &structure->side_a[tier + 1 < LS_TIER_MAX ? tier + 1 : tier];
    ls_units_add(problem, &units, true, base->metric);
    for (int32_t i = 0; i < LS_SIDE_KINDS; i++) {
      /* Leaves all light as many ports up, those of spines go with their ports down. */
      const int64_t ports_up = tier + 1 < LS_TIER_MAX ? up->port_count[tier ? i : 0] : 0;
      if (down->count[i])
        base->metric[LS_METRIC_RISK] +=
            down->count[i] *
            ls_unit_risk_bps(chassis->downtime + chassis->swap_downtime,
                             (down->port_count[i] + ports_up) * structure->port_gbps);
    }
    base->metric[LS_METRIC_LATENCY] += structure->switch_passes[tier] * chassis->latency_ps;
    for (int32_t i = 0; i < problem->resource_count; i++)
      resource[i] += units.count * chassis->draw[i];
  }
  base->metric[LS_METRIC_LOSS] = 1000000 - structure->throughput_ppm_low;
  if (structure->scale_up_index < 0) return;
  const ls_scale_up_row *scale_up = &problem->scale_up[structure->scale_up_index];
  ls_units_add(problem, &scale_up->ends, true, base->metric);
  ls_units_add(problem, &scale_up->switches, true, base->metric);
  for (int32_t i = 0; i < problem->resource_count; i++) resource[i] += scale_up->draw[i];
}

/* Cages of the chassis of a tier; INT32_MAX where its optics are integrated or the structure has no
 * such chassis. */
LS_HD int32_t ls_structure_cages(const ls_problem *problem, const ls_structure *structure,
                                 int32_t tier)
{
  const int32_t index = structure->switch_index[tier];
  if (index < 0 || problem->switches[index].optic >= 0) return INT32_MAX;
  return problem->switches[index].cage_count;
}

/* The limits a score breaks, as constraint bits. */
LS_HD uint32_t ls_limit_violations(const ls_problem *problem, const ls_score *score)
{
  uint32_t mask = 0;
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if (score->metric[i] > problem->limit[i]) mask |= (uint32_t)LS_VIOLATES_CAPEX << i;
  return mask;
}

/* What excludes every design of a structure, whatever its optics: it need not be evaluated. */
LS_HD uint32_t ls_structure_violations(const ls_problem *problem, const ls_structure *structure)
{
  const bool is_slow = structure->base.metric[LS_METRIC_LOSS] > problem->limit[LS_METRIC_LOSS];
  return structure->violation_mask | (is_slow ? (uint32_t)LS_VIOLATES_THROUGHPUT : 0u);
}

/* Micro-USD per effective GPU-hour: the cluster and what is spent on the network over the GPU-hours
 * that compute and are not lost. (A TCO counts those in money; here they are missing hours.) */
LS_HD int64_t ls_gpu_hour_cost(const ls_problem *problem, const ls_structure *structure,
                               int64_t spent_cents, int64_t lost_mgpuh)
{
  const int64_t hours = structure->effective_hours - lost_mgpuh * problem->years / 1000;
  return hours > 0 ? (problem->cluster_cents + spent_cents) * 10000 / hours : LS_GPU_HOUR_NEVER;
}

/* Whether a chassis needs more cages than it has, for a tier's links and those of the tier above.
 */
LS_HD bool ls_cages_are_short(int32_t cages, const ls_tier_row *row, int32_t cages_above)
{
  return row->cages_b + cages_above > cages;
}

/* The most cages any chassis tier needs beyond what it has; rows[t] is that of tier t. */
LS_HD bool ls_faceplate_is_short(const ls_problem *problem, const ls_structure *structure,
                                 const ls_tier_row *const rows[LS_TIER_MAX])
{
  bool is_short = false;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t above = tier + 1 < LS_TIER_MAX ? rows[tier + 1]->cages_a : 0;
    is_short |= ls_cages_are_short(ls_structure_cages(problem, structure, tier), rows[tier], above);
  }
  return is_short;
}

/* Shared resources of which a design draws too much. */
LS_HD uint32_t ls_resource_violations(const ls_problem *problem,
                                      const int64_t resource[LS_RESOURCE_MAX])
{
  uint32_t mask = 0;
  for (int32_t i = 0; i < problem->resource_count; i++)
    if (resource[i] > problem->resource_limit[i])
      mask |= i < problem->vendor_first ? LS_VIOLATES_SUPPLY : LS_VIOLATES_VENDOR;
  return mask;
}

/* Adds the rows of its tiers to a design's *score and resource, which hold its structure's base,
 * and judges the sums; returns the violation mask. */
LS_HD uint32_t ls_design_complete(const ls_problem *problem, const ls_structure *structure,
                                  const ls_tier_row *const rows[LS_TIER_MAX], ls_score *score,
                                  int64_t resource[LS_RESOURCE_MAX])
{
  uint32_t mask = structure->violation_mask;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    mask |= rows[tier]->violation_mask;
    for (int32_t i = 0; i < LS_METRIC_COUNT; i++) score->metric[i] += rows[tier]->metric[i];
    for (int32_t i = 0; i < problem->resource_count; i++) resource[i] += rows[tier]->resource[i];
  }
  score->metric[LS_METRIC_GPU_HOUR] = ls_gpu_hour_cost(
      problem, structure, score->metric[LS_METRIC_GPU_HOUR], score->metric[LS_METRIC_LOST]);
  if (ls_faceplate_is_short(problem, structure, rows)) mask |= LS_VIOLATES_FACEPLATE;
  return mask | ls_resource_violations(problem, resource) | ls_limit_violations(problem, score);
}

/* Scores the design made of the rows of its tiers; returns its violation mask. The structure's
 * base and base_resource are those of ls_structure_base. */
LS_HD uint32_t ls_design_score(const ls_problem *problem, const ls_structure *structure,
                               const ls_tier_row *const rows[LS_TIER_MAX], ls_score *score)
{
  int64_t resource[LS_RESOURCE_MAX];
  for (int32_t i = 0; i < problem->resource_count; i++) resource[i] = structure->base_resource[i];
  *score = structure->base;
  return ls_design_complete(problem, structure, rows, score, resource);
}

/* The structure that holds a rank below space_size. O(log structure_count). */
LS_HD uint32_t ls_rank_structure(const ls_problem *problem, uint64_t rank)
{
  uint32_t low = 0, high = problem->structure_count;
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (problem->structures[middle].rank_first <= rank)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* The link options of a rank, as indices into problem->links; tiers the structure does not have
 * get 0. Returns the structure's index. */
LS_HD uint32_t ls_rank_decode(const ls_problem *problem, uint64_t rank, uint16_t link[LS_TIER_MAX])
{
  const uint32_t index = ls_rank_structure(problem, rank);
  const ls_structure *structure = &problem->structures[index];
  uint64_t rest = rank - structure->rank_first;
  for (int32_t tier = LS_TIER_MAX - 1; tier >= 0; tier--) {
    const uint64_t count = structure->option_count[tier];
    const uint64_t option = rest % count;
    rest /= count;
    link[tier] =
        tier < structure->tier_count ? problem->options[structure->option_first[tier] + option] : 0;
  }
  return index;
}

/* The rows of a decoded rank. */
LS_HD void ls_rank_rows(const ls_problem *problem, const ls_structure *structure,
                        const uint16_t link[LS_TIER_MAX], ls_tier_row row[LS_TIER_MAX])
{
  LS_NO_UNROLL
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    ls_tier_row_compute(problem, structure, tier, &problem->links[link[tier]], &row[tier]);
}

/* Decodes and scores one rank: the definition that every backend's tables must agree with. */
LS_HD uint32_t ls_rank_score(const ls_problem *problem, uint64_t rank, ls_score *score)
{
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row[LS_TIER_MAX];
  const ls_tier_row *const rows[LS_TIER_MAX] = {&row[0], &row[1], &row[2], &row[3]};
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  ls_rank_rows(problem, structure, link, row);
  return ls_design_score(problem, structure, rows, score);
}

/* What a structure is before its optics, under the figures of one problem. */
typedef struct ls_base {
  uint32_t structure; /* its index; UINT32_MAX: none yet */
  ls_score score;
  int64_t resource[LS_RESOURCE_MAX];
} ls_base;

/* As ls_rank_score, but the base follows from the problem's own rows and not from the structure,
 * which may have been built with others. *base is kept between calls: it is computed again only
 * where the structure is another one than the call before had. A structure with a mask of its own
 * may be without sizes: its designs get that mask and a score of zeros. */
LS_HD uint32_t ls_rank_score_fresh(const ls_problem *problem, uint64_t rank, ls_base *base,
                                   ls_score *score)
{
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row[LS_TIER_MAX];
  int64_t resource[LS_RESOURCE_MAX];
  const ls_score zeros = LS_ZERO;
  const ls_tier_row *const rows[LS_TIER_MAX] = {&row[0], &row[1], &row[2], &row[3]};
  const uint32_t index = ls_rank_decode(problem, rank, link);
  const ls_structure *structure = &problem->structures[index];
  *score = zeros;
  if (structure->violation_mask) return structure->violation_mask;
  if (base->structure != index) {
    ls_structure_base(problem, structure, &base->score, base->resource);
    base->structure = index;
  }
  *score = base->score;
  for (int32_t i = 0; i < problem->resource_count; i++) resource[i] = base->resource[i];
  ls_rank_rows(problem, structure, link, row);
  return ls_design_complete(problem, structure, rows, score, resource);
}

#endif
