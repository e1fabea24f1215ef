/* What is bought of a kind, how it fails and what it costs over the years: modules and ports at
 * link ends, chassis, OCS. Written once for every compiler; it never sees a thread index.
 *
 * Units of one kind are bought, powered, repaired and spared alike, and go down in several ways,
 * each in parts of its own size: of co-packaged optics engines, laser modules and lasers.
 * docs/model.md, sections 5 and 6. */
#ifndef LS_LIFETIME_H
#define LS_LIFETIME_H

#include "problem.h"

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
  int64_t modules = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++)
    modules += side->count[i] * ls_chassis_modules(optic, side->port_count[i], port_gbps);
  return modules;
}

/* Chassis of a side. */
LS_HD int64_t ls_side_chassis(const ls_side *side)
{
  int64_t count = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++) count += side->count[i];
  return count;
}

/* Lit ports of the fullest chassis of a side. */
LS_HD int64_t ls_side_ports_max(const ls_side *side)
{
  int64_t most = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++)
    if (side->count[i]) most = ls_max(most, side->port_count[i]);
  return most;
}

/* Cages the fullest chassis of a side needs. */
LS_HD int32_t ls_side_cages(const ls_optic_row *optic, const ls_side *side, int32_t port_gbps)
{
  if (!optic->module_gbps) return 0;
  return (int32_t)ls_chassis_modules(optic, ls_side_ports_max(side), port_gbps);
}

LS_HD int64_t ls_module_power_mw(const ls_optic_row *optic, int32_t port_gbps)
{
  return (int64_t)optic->power_uw_per_gbps * ls_unit_gbps(optic, port_gbps) / 1000;
}

/* Bandwidth expected to be down, in bit/s: FIT x minutes x Gb/s = 1e-9/h x h/60 x 1e9 bit/s. */
LS_HD int64_t ls_unit_risk_bps(int64_t downtime, int64_t gbps) { return downtime * gbps / 60; }

/* What one unit at a link end has of a figure: integrated optics in proportion to the rate. */
LS_HD int64_t ls_optic_share(const ls_optic_row *optic, int64_t figure, int32_t port_gbps)
{
  return optic->share_gbps ? figure * port_gbps / optic->share_gbps : figure;
}

/* Bandwidth at risk by one unit at a link end: with each of its parts all it carries is down. A
 * port faster than a part has several of them. */
LS_HD int64_t ls_optic_risk_bps(const ls_optic_row *optic, int32_t port_gbps)
{
  int64_t downtime = 0;
  LS_NO_UNROLL
  for (int32_t i = 0; i < LS_PART_MAX; i++) {
    const ls_failing_part *part = &optic->part[i];
    if (part->fit) downtime += part->fit * part->minutes * ls_ceil_div(port_gbps, part->gbps);
  }
  return ls_unit_risk_bps(downtime, ls_unit_gbps(optic, port_gbps));
}

/* ---- Money and lost hours over the years ---- */

/* Floor of the square root, a bit at a time as on paper: no multiplication to wait for, and no
 * branch to guess. */
LS_HD int64_t ls_square_root(int64_t number)
{
  int64_t root = 0, rest = number, bit = (int64_t)1 << 62;
  while (bit > number) bit >>= 2;
  for (; bit > 0; bit >>= 2) {
    const int64_t trial = root + bit;
    const int64_t fits = -(int64_t)(rest >= trial);
    rest -= trial & fits;
    root = (root >> 1) + (bit & fits);
  }
  return root;
}

/* Spares for count units of this FIT, that a lead time may be bridged. */
LS_HD int64_t ls_spares_count(const ls_problem *problem, int64_t count, int64_t fit)
{
  if (!problem->spare_hours || !count) return 0;
  const int64_t mean_millionths = count * fit * problem->spare_hours / 1000;
  if (mean_millionths > problem->spare_limit[LS_SPARES_TABLE - 1]) {
    const int64_t z = problem->spare_z_milli;
    /* z^2 mean, in units of 1e-6: the root comes out in thousandths. */
    const int64_t spread_milli = ls_square_root(mean_millionths / 1000 * z / 1000 * z);
    /* Rounding and the skew of the distribution take less than two more. */
    return ls_ceil_div(mean_millionths, 1000000) + spread_milli / 1000 + 2;
  }
  int64_t low = 0, high = LS_SPARES_TABLE - 1;
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (mean_millionths <= problem->spare_limit[middle])
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Milli-GPU-hours a year that count units of this FIT cost at lost_each per failure. A FIT is 8.76
 * millionths of a failure a year; whole failures and the rest are multiplied apart, so that nothing
 * overflows up to 1e13 units x FIT and 1e10 lost_each. */
LS_HD int64_t ls_lost_hours(int64_t count, int64_t fit, int64_t lost_each)
{
  const int64_t failures_millionths = count * fit * 876 / 100;
  return failures_millionths / 1000000 * lost_each +
         failures_millionths % 1000000 * lost_each / 1000000;
}

/* What it costs that the job ends with this probability. */
LS_HD int64_t ls_job_killed(const ls_problem *problem, int64_t kill_ppm)
{
  return problem->lost_job * kill_ppm / 1000000;
}

/* Share of its pace in ppm that a synchronous job loses while `lost` of `count` equal paths of its
 * slowest GPU are down: communication, c of a step, takes count / (count - lost) as long, so that
 * c lost / (count - lost + c lost) is lost. Where all are down, one is taken to be left. */
LS_HD int64_t ls_job_slowdown_ppm(int64_t communication_ppm, int64_t lost, int64_t count)
{
  const int64_t longer = communication_ppm * lost;
  return longer * 1000000 / (ls_max(count - lost, 1) * 1000000 + longer);
}

/* Milli-GPU-hours lost in an hour at which `lost` of `count` equal paths are down, by a failure
 * that ended the job with this probability, and else slows it down. */
LS_HD int64_t ls_job_slowed(const ls_problem *problem, int64_t kill_ppm, int64_t lost,
                            int64_t count)
{
  const int64_t slowdown_ppm = ls_job_slowdown_ppm(problem->communication_ppm, lost, count);
  return problem->job_gpus * (1000000 - kill_ppm) / 1000 * slowdown_ppm / 1000000;
}

/* The parts of a TCO, in cents. Each is rounded down once per kind of unit, here. */
typedef struct ls_tco {
  int64_t energy, repairs, spares, lost;
  int64_t lost_mgpuh; /* a year */
} ls_tco;

LS_HD ls_tco ls_units_tco(const ls_problem *problem, const ls_units *units)
{
  ls_tco tco;
  tco.energy = units->power_mw / 1000000 * problem->energy_ucents_per_mw +
               units->power_mw % 1000000 * problem->energy_ucents_per_mw / 1000000;
  tco.repairs = units->count * units->repair_mcents / 1000;
  tco.spares = units->capex_cents
                   ? ls_spares_count(problem, units->count, units->fit) * units->capex_cents
                   : 0;
  tco.lost_mgpuh = 0;
  LS_NO_UNROLL
  for (int32_t i = 0; i < LS_PART_MAX; i++) {
    const ls_outage *outage = &units->outage[i];
    tco.lost_mgpuh += ls_lost_hours(outage->count, outage->fit, outage->lost_each) +
                      ls_lost_hours(outage->count, outage->downtime, outage->slow_each) / 60;
  }
  tco.lost = tco.lost_mgpuh * problem->years / 1000 * problem->gpu_hour_cents;
  return tco;
}

/* Adds capex and power of the units to metric; has_years: TCO, lost hours and what is spent, too.
 */
LS_HD void ls_units_add(const ls_problem *problem, const ls_units *units, bool has_years,
                        int64_t *metric)
{
  const int64_t capex = units->count * units->capex_cents;
  metric[LS_METRIC_CAPEX] += capex;
  metric[LS_METRIC_POWER] += units->power_mw;
  if (!has_years) return;
  const ls_tco tco = ls_units_tco(problem, units);
  const int64_t spent = capex + tco.energy + tco.repairs + tco.spares;
  metric[LS_METRIC_GPU_HOUR] += spent;
  metric[LS_METRIC_TCO] += spent + tco.lost;
  metric[LS_METRIC_LOST] += tco.lost_mgpuh;
}

/* How many parts of this kind gbps of bandwidth take, and what it costs when one fails: with it go
 * all its ports, each of which may end the job, but no more than once. Of an access link a leaf is
 * of one plane, while a NIC's part may serve several; ports of a trunk are taken to be one leaf's.
 */
LS_HD ls_outage ls_part_outage(const ls_problem *problem, const ls_structure *structure,
                               int32_t tier, int32_t end, const ls_failing_part *part, int64_t gbps)
{
  ls_outage outage = LS_ZERO;
  if (!part->fit) return outage;
  const int64_t ports = ls_max(part->gbps / structure->port_gbps, 1);
  const int64_t kill_ppm = ls_min(ports * structure->kill_ppm[tier], 1000000);
  const int64_t lost = tier ? ports : end ? 1 : ls_min(ports, structure->planes);
  outage.count = ls_ceil_div(gbps, part->gbps);
  outage.fit = part->fit;
  outage.downtime = part->fit * part->minutes;
  outage.lost_each = ls_job_killed(problem, kill_ppm) + problem->lost_flaps;
  outage.slow_each = ls_job_slowed(problem, kill_ppm, lost, structure->path_count[tier]);
  return outage;
}

/* count units of optics at one end of a tier: modules, or ports of integrated optics. Without
 * has_years how they fail is left out. */
LS_HD ls_units ls_end_units_of(const ls_problem *problem, const ls_structure *structure,
                               int32_t tier, const ls_link_row *link, int32_t end, int64_t count,
                               bool has_years)
{
  const ls_optic_row *optic = &problem->optics[end ? link->optic_b : link->optic_a];
  const int32_t rate = structure->port_gbps;
  ls_units units;
  units.count = count;
  units.capex_cents = optic->capex_cents;
  units.power_mw = count * ls_module_power_mw(optic, rate);
  if (!has_years) return units;
  units.fit = ls_optic_share(optic, optic->fit, rate);
  units.repair_mcents = ls_optic_share(optic, optic->repair_mcents, rate);
  LS_NO_UNROLL
  for (int32_t i = 0; i < LS_PART_MAX; i++)
    units.outage[i] = ls_part_outage(problem, structure, tier, end, &optic->part[i],
                                     count * ls_unit_gbps(optic, rate));
  return units;
}

/* Units of optics at one end of a tier. */
LS_HD int64_t ls_end_count(const ls_problem *problem, const ls_structure *structure, int32_t tier,
                           const ls_link_row *link, int32_t end)
{
  const ls_optic_row *optic = &problem->optics[end ? link->optic_b : link->optic_a];
  const ls_side *side = end ? &structure->side_b[tier] : &structure->side_a[tier];
  return ls_side_modules(optic, side, structure->port_gbps);
}

/* Optics at one end of a tier. */
LS_HD ls_units ls_end_units(const ls_problem *problem, const ls_structure *structure, int32_t tier,
                            const ls_link_row *link, int32_t end)
{
  const int64_t count = ls_end_count(problem, structure, tier, link, end);
  return ls_end_units_of(problem, structure, tier, link, end, count, true);
}

/* The failures of count equal units, each of which goes down as a whole. */
LS_HD ls_outage ls_whole_outage(int64_t count, int64_t fit, int64_t downtime, int64_t lost_each,
                                int64_t slow_each)
{
  ls_outage outage;
  outage.count = count;
  outage.fit = fit;
  outage.downtime = downtime;
  outage.lost_each = lost_each;
  outage.slow_each = slow_each;
  return outage;
}

/* count chassis of a model in a tier. They stop when they fail, and when an engine is changed. */
LS_HD ls_units ls_chassis_units_of(const ls_problem *problem, const ls_structure *structure,
                                   int32_t tier, int32_t model, int64_t count)
{
  const ls_switch_row *chassis = &problem->switches[model];
  ls_units units = LS_ZERO;
  units.count = count;
  units.capex_cents = chassis->capex_cents;
  units.power_mw = count * chassis->power_mw;
  units.fit = chassis->spare_fit;
  units.repair_mcents = chassis->repair_mcents;
  units.outage[0] = ls_whole_outage(count, chassis->fit, chassis->downtime,
                                    structure->lost_chassis[tier], structure->slow_chassis[tier]);
  units.outage[1] = ls_whole_outage(count, chassis->swap_fit, chassis->swap_downtime,
                                    structure->lost_swap[tier], structure->slow_swap[tier]);
  return units;
}

/* All chassis of a tier; none where the structure has no such chassis. */
LS_HD ls_units ls_chassis_units(const ls_problem *problem, const ls_structure *structure,
                                int32_t tier)
{
  const ls_units none = LS_ZERO;
  if (structure->switch_index[tier] < 0) return none;
  return ls_chassis_units_of(problem, structure, tier, structure->switch_index[tier],
                             ls_side_chassis(&structure->side_b[tier]));
}

LS_HD ls_units ls_ocs_units(const ls_problem *problem, const ls_structure *structure, int64_t count)
{
  const ls_ocs_row *ocs = &problem->ocs[structure->ocs_index];
  ls_units units = LS_ZERO;
  units.count = count;
  units.capex_cents = ocs->capex_cents;
  units.power_mw = count * ocs->power_mw;
  units.fit = ocs->fit;
  units.repair_mcents = ocs->repair_mcents;
  units.outage[0] =
      ls_whole_outage(count, ocs->fit, ocs->downtime, structure->lost_ocs, structure->slow_ocs);
  return units;
}

#endif
