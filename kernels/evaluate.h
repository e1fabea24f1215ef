/* Evaluation: what one link option contributes to a structure, and what a whole design scores.
 * Written once for every compiler; it never sees a thread index.
 *
 * A design's metrics are sums: the structure's base (chassis) plus one row per tier. Hence a
 * backend tabulates the rows of a structure (n0 + n1 + n2 of them) and each of its n0 * n1 * n2
 * designs costs 12 additions, the faceplate sums and the comparisons. Only the faceplate couples
 * tiers: two tiers share the cages of a chassis. */
#ifndef LS_EVALUATE_H
#define LS_EVALUATE_H

#include "problem.h"
#include "size.h"

typedef struct ls_tier_row {
  int64_t metric[LS_METRIC_COUNT]; /* LS_METRIC_LOSS is always 0 */
  int32_t cages_a, cages_b;        /* most modules on one chassis of each end */
  uint32_t violation_mask;
  int32_t ocs_count; /* over all planes; 0 for tiers without OCS */
} ls_tier_row;

/* What a path through passive parts does to one link. */
typedef struct ls_link_check {
  int32_t loss_mdb;
  int32_t margin_mdb; /* the worse direction */
} ls_link_check;

/* Gb/s of what is bought, fails and is counted as one at a link end. */
LS_HD int32_t ls_unit_gbps(const ls_optic_row *optic, int32_t port_gbps)
{
  return optic->module_gbps ? optic->module_gbps : port_gbps;
}

/* Modules on a chassis with this many lit ports of this rate. */
LS_HD int64_t ls_chassis_modules(const ls_optic_row *optic, int64_t ports, int32_t port_gbps)
{
  return ls_ceil_div(ports * port_gbps, ls_unit_gbps(optic, port_gbps));
}

LS_HD int64_t ls_side_modules(const ls_optic_row *optic, const ls_side *side, int32_t port_gbps)
{
  return side->count[0] * ls_chassis_modules(optic, side->port_count[0], port_gbps) +
         side->count[1] * ls_chassis_modules(optic, side->port_count[1], port_gbps);
}

/* Cages the fullest chassis of a side needs. */
LS_HD int32_t ls_side_cages(const ls_optic_row *optic, const ls_side *side, int32_t port_gbps)
{
  if (!optic->module_gbps) return 0;
  const int64_t first = side->count[0] ? side->port_count[0] : 0;
  const int64_t second = side->count[1] ? side->port_count[1] : 0;
  return (int32_t)ls_chassis_modules(optic, ls_max(first, second), port_gbps);
}

LS_HD int64_t ls_module_power_mw(const ls_optic_row *optic, int32_t port_gbps)
{
  return (int64_t)optic->power_uw_per_gbps * ls_unit_gbps(optic, port_gbps) / 1000;
}

/* Bandwidth expected to be down, in bit/s: FIT x minutes x Gb/s = 1e-9/h x h/60 x 1e9 bit/s. */
LS_HD int64_t ls_unit_risk_bps(int64_t downtime, int64_t gbps) { return downtime * gbps / 60; }

/* FIT x minutes of one unit at a link end: integrated optics fail in proportion to the rate. */
LS_HD int64_t ls_optic_downtime(const ls_optic_row *optic, int32_t port_gbps)
{
  return optic->share_gbps ? optic->downtime * port_gbps / optic->share_gbps : optic->downtime;
}

/* Bandwidth at risk by one unit at a link end: when it fails, all it carries is down. */
LS_HD int64_t ls_optic_risk_bps(const ls_optic_row *optic, int32_t port_gbps)
{
  return ls_unit_risk_bps(ls_optic_downtime(optic, port_gbps), ls_unit_gbps(optic, port_gbps));
}

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

/* Budget of an optical link over length_mm (both legs of a circuit), both directions. */
LS_HD ls_link_check ls_link_check_budget(const ls_problem *problem, const ls_link_row *link,
                                         int64_t length_mm, int32_t mating_count,
                                         int32_t ocs_loss_mdb)
{
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  ls_link_check check;
  check.loss_mdb = ls_fiber_loss_mdb(&problem->fibers[link->fiber], length_mm) +
                   mating_count * problem->mating_loss_mdb +
                   link->circulator_count * problem->circulator_loss_mdb + ocs_loss_mdb;
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

/* Where the ends of a tier stand, as LS_PLACE_ bits. */
LS_HD int32_t ls_place_a(int32_t tier) { return 1 << tier; }

LS_HD int32_t ls_place_b(int32_t tier, bool is_ocs) { return is_ocs ? 1 << tier : 2 << tier; }

/* The longest link of the tier, a circuit with both its legs. */
LS_HD int64_t ls_tier_length_mm(const ls_structure *structure, int32_t tier, bool is_ocs)
{
  return is_ocs ? structure->circuit_mm_max : structure->length_mm_max[tier];
}

/* Constraints one link option violates at the tier's shortest possible lengths: so a mask of 0
 * is necessary for feasibility on the floor, and the floor decides. */
LS_HD uint32_t ls_tier_violations(const ls_problem *problem, const ls_structure *structure,
                                  int32_t tier, const ls_link_row *link, bool is_ocs)
{
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  const int32_t rate = structure->port_gbps;
  const int32_t leg_count = is_ocs ? 2 : 1;
  const int64_t length_mm = ls_tier_length_mm(structure, tier, is_ocs);
  uint32_t mask = 0;
  /* A link takes whole lanes and whole fiber pairs, and fits into one module. */
  if (rate < a->lane_gbps || rate < a->pair_gbps || rate > ls_unit_gbps(a, rate) ||
      rate > ls_unit_gbps(b, rate))
    mask |= LS_VIOLATES_PORT_RATE;
  if (!(a->place_mask & ls_place_a(tier)) || !(b->place_mask & ls_place_b(tier, is_ocs)))
    mask |= LS_VIOLATES_YEAR;
  if (length_mm > ls_min(a->reach_mm, b->reach_mm)) mask |= LS_VIOLATES_REACH;
  if (a->kind == LS_OPTIC_COPPER) return mask;
  const bool is_in_rack = structure->length_mm_max[tier] <= problem->in_rack_mm;
  const int32_t ocs_loss_mdb = is_ocs ? problem->ocs[structure->ocs_index].loss_mdb : 0;
  /* Only the longer leg of a circuit is known to leave its rack. */
  const int32_t mating_count_min = 2 * leg_count + (is_in_rack ? 0 : problem->mating_count - 2);
  const ls_link_check shortest =
      ls_link_check_budget(problem, link, length_mm, mating_count_min, ocs_loss_mdb);
  const ls_link_check longest =
      ls_link_check_budget(problem, link, (int64_t)leg_count * problem->length_mm_floor,
                           leg_count * problem->mating_count, ocs_loss_mdb);
  if (shortest.margin_mdb < 0) mask |= LS_VIOLATES_BUDGET;
  if (ls_link_is_overloaded(problem, link, longest.loss_mdb)) mask |= LS_VIOLATES_OVERLOAD;
  return mask;
}

/* Fiber, connectors and circulators of all cords of the tier, in cents, rounded down. */
LS_HD int64_t ls_tier_cord_cents(const ls_problem *problem, const ls_structure *structure,
                                 int32_t tier, const ls_link_row *link, bool is_ocs)
{
  if (problem->optics[link->optic_a].kind == LS_OPTIC_COPPER) return 0;
  const int64_t strands = ls_link_strands(problem, link, structure->port_gbps);
  const int64_t fiber = strands * structure->length_mm_mean[tier] *
                        problem->fibers[link->fiber].capex_cents_per_km / 1000000;
  const int64_t circulators = is_ocs ? link->circulator_count / 2 : link->circulator_count;
  return structure->leg_count[tier] *
         (fiber + 2 * problem->mating_capex_cents + circulators * problem->circulator_capex_cents);
}

/* Adds the OCS of the tier to *row: count, price, power, risk; or the violation. */
LS_HD void ls_tier_add_ocs(const ls_problem *problem, const ls_structure *structure,
                           const ls_link_row *link, ls_tier_row *row)
{
  const ls_ocs_row *ocs = &problem->ocs[structure->ocs_index];
  const ls_size *size = &structure->size;
  const int32_t pairs = ls_link_pairs(&problem->optics[link->optic_a], structure->port_gbps);
  const int32_t per_plane = ls_size_ocs(size->leaf_count, size->up, pairs, ocs->port_count,
                                        ls_link_is_bidirectional(problem, link));
  if (!per_plane) {
    row->violation_mask |= LS_VIOLATES_OCS_PORTS;
    return;
  }
  const int64_t links = size->leaf_spine_links / per_plane;
  row->ocs_count = per_plane * structure->planes;
  row->metric[LS_METRIC_CAPEX] += row->ocs_count * ocs->capex_cents;
  row->metric[LS_METRIC_POWER] += row->ocs_count * ocs->power_mw;
  row->metric[LS_METRIC_RISK] +=
      row->ocs_count * ls_unit_risk_bps(ocs->downtime, links * structure->port_gbps);
}

/* What link option `link` adds to `structure` in `tier`. Pure; about 60 integer operations. */
LS_HD void ls_tier_row_compute(const ls_problem *problem, const ls_structure *structure,
                               int32_t tier, const ls_link_row *link, ls_tier_row *row)
{
  const ls_tier_row empty = LS_ZERO;
  *row = empty;
  if (tier >= structure->tier_count) return;
  const bool is_ocs = structure->family == LS_OCS_SPINE && tier == LS_TIER_SPINE;
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  const int32_t rate = structure->port_gbps;
  const int64_t modules_a = ls_side_modules(a, &structure->side_a[tier], rate);
  const int64_t modules_b = ls_side_modules(b, &structure->side_b[tier], rate);
  const int64_t length_mm = ls_tier_length_mm(structure, tier, is_ocs);
  row->violation_mask = ls_tier_violations(problem, structure, tier, link, is_ocs);
  row->cages_a = ls_side_cages(a, &structure->side_a[tier], rate);
  row->cages_b = ls_side_cages(b, &structure->side_b[tier], rate);
  row->metric[LS_METRIC_CAPEX] = modules_a * a->capex_cents + modules_b * b->capex_cents +
                                 ls_tier_cord_cents(problem, structure, tier, link, is_ocs);
  row->metric[LS_METRIC_POWER] =
      modules_a * ls_module_power_mw(a, rate) + modules_b * ls_module_power_mw(b, rate);
  row->metric[LS_METRIC_LATENCY] = structure->link_passes[tier] *
                                   (a->latency_ps + b->latency_ps + problem->fec_latency_ps +
                                    ls_fiber_latency_ps(&problem->fibers[link->fiber], length_mm));
  row->metric[LS_METRIC_RISK] =
      modules_a * ls_optic_risk_bps(a, rate) + modules_b * ls_optic_risk_bps(b, rate);
  if (is_ocs) ls_tier_add_ocs(problem, structure, link, row);
}

/* Cages of the chassis of switch tier 0 (leaf), 1 (spine), 2 (core); INT32_MAX where its optics
 * are integrated or the structure has no such tier. */
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

/* Scores the design made of the rows of its three tiers; returns its violation mask. */
LS_HD uint32_t ls_design_score(const ls_problem *problem, const ls_structure *structure,
                               const ls_tier_row *access, const ls_tier_row *spine,
                               const ls_tier_row *core, ls_score *score)
{
  uint32_t mask = access->violation_mask | spine->violation_mask | core->violation_mask |
                  structure->violation_mask;
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    score->metric[i] =
        structure->base.metric[i] + access->metric[i] + spine->metric[i] + core->metric[i];
  if (access->cages_b + spine->cages_a > ls_structure_cages(problem, structure, 0) ||
      spine->cages_b + core->cages_a > ls_structure_cages(problem, structure, 1) ||
      core->cages_b > ls_structure_cages(problem, structure, 2))
    mask |= LS_VIOLATES_FACEPLATE;
  return mask | ls_limit_violations(problem, score);
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

/* Decodes and scores one rank: the definition that every backend's tables must agree with. */
LS_HD uint32_t ls_rank_score(const ls_problem *problem, uint64_t rank, ls_score *score)
{
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row[LS_TIER_MAX];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    ls_tier_row_compute(problem, structure, tier, &problem->links[link[tier]], &row[tier]);
  return ls_design_score(problem, structure, &row[0], &row[1], &row[2], score);
}

#endif
