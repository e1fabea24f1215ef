#include "evaluation.h"

#include <assert.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "latency.h"

static void cords_add(ls_ledger *ledger, const ls_evaluation *evaluation, int32_t tier)
{
  const ls_problem *problem = ledger->problem;
  const ls_structure *structure = ledger->structure;
  const ls_link_row *link = &evaluation->link[tier];
  const int64_t legs = structure->leg_count[tier];
  if (ls_optic_is_copper(problem->optics[link->optic_a].kind) || !legs) return;
  const int64_t cents =
      ls_tier_cord_cents(problem, structure, tier, link, ls_tier_is_ocs(structure, tier));
  ls_ledger_add_cords(ledger, tier, link->fiber, legs, cents / legs, "");
  ls_ledger_add_shuffles(ledger, tier, ls_tier_shuffle_fibers(problem, structure, tier, link));
  ledger->totals->fiber_mm +=
      legs * ls_link_strands(problem, link, structure->port_gbps) * structure->length_mm_mean[tier];
}

static void ledger_fill(const ls_problem *problem, const ls_catalog *catalog,
                        ls_evaluation *evaluation)
{
  const ls_structure *structure = evaluation->structure;
  ls_ledger ledger = {.problem = problem,
                      .catalog = catalog,
                      .structure = structure,
                      .lines = evaluation->lines,
                      .capacity = LS_LEDGER_UNIT_LINES_MAX,
                      .totals = &evaluation->totals};
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    ls_ledger_add_chassis(&ledger, tier, structure->switch_index[tier],
                          ls_chassis_units(problem, structure, tier).count);
  ls_ledger_add_ocs(&ledger, evaluation->ocs_count);
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const ls_link_row *link = &evaluation->link[tier];
    for (int32_t end = 0; end < 2; end++)
      ls_ledger_add_optics(&ledger, tier, end, end ? link->optic_b : link->optic_a,
                           ls_end_units(problem, structure, tier, link, end).count);
    cords_add(&ledger, evaluation, tier);
  }
  ls_ledger_add_scale_up(&ledger);
  ls_ledger_close(&ledger);
  evaluation->line_count = ledger.count;
}

/* The later of two first years; 0, never, wins. */
static int32_t later(int32_t year, const ls_number *first)
{
  return !year || first->value <= 0 ? 0 : (int32_t)ls_max(year, first->value);
}

/* When a chassis, or optics at the chassis of a tier (-1: the NIC), can first be bought. */
static const ls_number *switch_year(const ls_catalog_switch *entry, int32_t place)
{
  return place == LS_PLACE_LEAF    ? &entry->year_leaf
         : place == LS_PLACE_SPINE ? &entry->year_spine
                                   : &entry->year_core;
}

static const ls_number *optic_year(const ls_catalog_optic *entry, int32_t place)
{
  return place == LS_PLACE_NIC     ? &entry->year_nic
         : place == LS_PLACE_LEAF  ? &entry->year_leaf
         : place == LS_PLACE_SPINE ? &entry->year_spine
                                   : &entry->year_core;
}

static int32_t year_available(const ls_catalog *catalog, const ls_evaluation *evaluation)
{
  const ls_structure *structure = evaluation->structure;
  const int32_t family = structure->family;
  int32_t year = 1;
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const ls_catalog_optic *a = &catalog->optics[evaluation->link[tier].optic_a];
    const ls_catalog_optic *b = &catalog->optics[evaluation->link[tier].optic_b];
    year = later(year, optic_year(a, ls_chassis_place(family, tier - 1)));
    year = later(year, optic_year(b, ls_chassis_place(family, ls_tier_chassis_b(structure, tier))));
    if (structure->switch_index[tier] < 0) continue;
    const ls_catalog_switch *chassis = &catalog->switches[structure->switch_index[tier]];
    year = later(year, switch_year(chassis, ls_chassis_place(family, tier)));
  }
  return year;
}

void ls_evaluation_init(const ls_problem *problem, const ls_catalog *catalog, uint64_t rank,
                        ls_evaluation *evaluation)
{
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row[LS_TIER_MAX];
  const ls_tier_row *const rows[LS_TIER_MAX] = {&row[0], &row[1], &row[2], &row[3]};
  memset(evaluation, 0, sizeof *evaluation);
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  evaluation->rank = rank;
  evaluation->structure = structure;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    evaluation->link[tier] = problem->links[link[tier]];
  evaluation->year_available = year_available(catalog, evaluation);
  evaluation->violation_mask = structure->violation_mask;
  evaluation->is_sized = structure->leg_count[0] > 0;
  if (!evaluation->is_sized) return;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    ls_tier_row_compute(problem, structure, tier, &evaluation->link[tier], &row[tier]);
  evaluation->violation_mask = ls_design_score(problem, structure, rows, &evaluation->score);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) evaluation->ocs_count += row[tier].ocs_count;
  ledger_fill(problem, catalog, evaluation);
  evaluation->totals.latency_ps_max = evaluation->score.metric[LS_METRIC_LATENCY];
  evaluation->totals.latency_ps_mean =
      ls_latency_mean_bound_ps(problem, structure, evaluation->link);
  evaluation->totals.risk_bps = evaluation->score.metric[LS_METRIC_RISK];
  evaluation->totals.throughput_ppm_low = structure->throughput_ppm_low;
  evaluation->totals.throughput_ppm_high = structure->throughput_ppm_high;
  assert(evaluation->totals.capex_cents == evaluation->score.metric[LS_METRIC_CAPEX]);
  assert(ls_totals_power_mw(&evaluation->totals) == evaluation->score.metric[LS_METRIC_POWER]);
  assert(evaluation->totals.tco_cents == evaluation->score.metric[LS_METRIC_TCO]);
  assert(evaluation->totals.lost_mgpuh == evaluation->score.metric[LS_METRIC_LOST]);
}
