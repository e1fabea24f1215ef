#include "evaluation.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "../kernels/evaluate.h"

static const char *const CAPEX = "capex_usd";
static const char *const OPTICS_POWER = "optics_power_w";
static const char *const SWITCH_POWER = "switch_power_w";
static const char *const OCS_POWER = "ocs_power_w";

static const char *const chassis_place[LS_TIER_MAX] = {"leaf", "spine", "core"};
static const char *const end_place[LS_TIER_MAX][2] = {
    {"nic", "leaf-down"}, {"leaf-up", "spine-down"}, {"spine-up", "core-down"}};
static const char *const cord_place[LS_TIER_MAX] = {"access", "spine", "core"};

typedef struct writer {
  const ls_problem *problem;
  const ls_catalog *catalog;
  ls_evaluation *to;
} writer;

static void line_add(writer *self, const char *total, const char *id, const char *place,
                     int64_t count, int64_t unit_value, int32_t source_line)
{
  ls_evaluation *to = self->to;
  if (!count || !unit_value) return;
  assert(to->line_count < LS_EVALUATION_LINES_MAX);
  const char *slash = strrchr(self->catalog->path, '/');
  ls_ledger_line *line = &to->lines[to->line_count++];
  *line = (ls_ledger_line){.count = count, .unit_value = unit_value, .value = count * unit_value};
  snprintf(line->total, sizeof line->total, "%s", total);
  snprintf(line->item, sizeof line->item, "%s %s", id, place);
  snprintf(line->source, sizeof line->source, "%.50s:%d", slash ? slash + 1 : self->catalog->path,
           source_line);
  if (total == CAPEX) to->totals.capex_cents += line->value;
  if (total == OPTICS_POWER) to->totals.optics_power_mw += line->value;
  if (total == SWITCH_POWER) to->totals.switch_power_mw += line->value;
  if (total == OCS_POWER) to->totals.ocs_power_mw += line->value;
}

static void chassis_add(writer *self, int32_t tier)
{
  const ls_structure *structure = self->to->structure;
  const int32_t index = structure->switch_index[tier];
  if (index < 0) return;
  const ls_side *side = &structure->side_b[tier];
  const ls_switch_row *row = &self->problem->switches[index];
  const ls_catalog_switch *entry = &self->catalog->switches[index];
  const int64_t count = side->count[0] + side->count[1];
  ls_totals *totals = &self->to->totals;
  line_add(self, CAPEX, entry->id, chassis_place[tier], count, entry->capex_cents.value,
           entry->line);
  if (row->optic >= 0) {
    char place[32];
    snprintf(place, sizeof place, "%s-engines", chassis_place[tier]);
    line_add(self, CAPEX, self->catalog->optics[row->optic].id, place, count,
             row->capex_cents - entry->capex_cents.value, self->catalog->optics[row->optic].line);
  }
  line_add(self, SWITCH_POWER, entry->id, chassis_place[tier], count, row->power_mw, entry->line);
  totals->engine_count += count * entry->engine_count.value;
  totals->laser_count += count * entry->laser_count.value;
  totals->fau_count += count * entry->fau_count.value;
}

static void end_add(writer *self, int32_t tier, int32_t end)
{
  const ls_structure *structure = self->to->structure;
  const ls_link_row *link = &self->to->link[tier];
  const int32_t index = end ? link->optic_b : link->optic_a;
  const ls_side *side = end ? &structure->side_b[tier] : &structure->side_a[tier];
  const ls_optic_row *row = &self->problem->optics[index];
  const ls_catalog_optic *entry = &self->catalog->optics[index];
  const int64_t count = ls_side_modules(row, side, structure->port_gbps);
  if (row->module_gbps) self->to->totals.module_count += count;
  line_add(self, CAPEX, entry->id, end_place[tier][end], count, row->capex_cents, entry->line);
  line_add(self, OPTICS_POWER, entry->id, end_place[tier][end], count,
           ls_module_power_mw(row, structure->port_gbps), entry->line);
}

static void cords_add(writer *self, int32_t tier, bool is_ocs)
{
  const ls_structure *structure = self->to->structure;
  const ls_link_row *link = &self->to->link[tier];
  const int64_t legs = structure->leg_count[tier];
  const int64_t cents = ls_tier_cord_cents(self->problem, structure, tier, link, is_ocs);
  if (self->problem->optics[link->optic_a].kind == LS_OPTIC_COPPER || !legs) return;
  const ls_catalog_fiber *fiber = &self->catalog->fibers[link->fiber];
  line_add(self, CAPEX, fiber->id, cord_place[tier], legs, cents / legs, fiber->line);
  self->to->totals.fiber_mm += legs * ls_link_strands(self->problem, link, structure->port_gbps) *
                               structure->length_mm_mean[tier];
}

static void ocs_add(writer *self)
{
  const int32_t index = self->to->structure->ocs_index;
  if (index < 0) return;
  const ls_ocs_row *row = &self->problem->ocs[index];
  const ls_catalog_ocs *entry = &self->catalog->ocs[index];
  line_add(self, CAPEX, entry->id, "ocs", self->to->ocs_count, row->capex_cents, entry->line);
  line_add(self, OCS_POWER, entry->id, "ocs", self->to->ocs_count, row->power_mw, entry->line);
}

/* The later of two first years; 0, never, wins. */
static int32_t later(int32_t year, const ls_number *first)
{
  return !year || first->value <= 0 ? 0 : (int32_t)ls_max(year, first->value);
}

static int32_t year_available(const writer *self)
{
  const ls_structure *structure = self->to->structure;
  const bool is_ocs = structure->family == LS_OCS_SPINE;
  int32_t year = 1;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    if (structure->switch_index[tier] < 0) continue;
    const ls_catalog_switch *chassis = &self->catalog->switches[structure->switch_index[tier]];
    const ls_number *years[LS_TIER_MAX] = {&chassis->year_leaf, &chassis->year_spine,
                                           &chassis->year_core};
    year = later(year, years[tier]);
  }
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const ls_catalog_optic *a = &self->catalog->optics[self->to->link[tier].optic_a];
    const ls_catalog_optic *b = &self->catalog->optics[self->to->link[tier].optic_b];
    const ls_number *years_a[LS_TIER_MAX] = {&a->year_nic, &a->year_leaf, &a->year_spine};
    const ls_number *years_b[LS_TIER_MAX] = {&b->year_leaf, &b->year_spine, &b->year_core};
    year = later(year, years_a[tier]);
    year = later(year, is_ocs && tier ? &b->year_leaf : years_b[tier]);
  }
  return year;
}

void ls_evaluation_init(const ls_problem *problem, const ls_catalog *catalog, uint64_t rank,
                        ls_evaluation *evaluation)
{
  writer self = {problem, catalog, evaluation};
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row[LS_TIER_MAX];
  const ls_tier_row *const rows[LS_TIER_MAX] = {&row[0], &row[1], &row[2], &row[3]};
  memset(evaluation, 0, sizeof *evaluation);
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  evaluation->rank = rank;
  evaluation->structure = structure;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    evaluation->link[tier] = problem->links[link[tier]];
  evaluation->year_available = year_available(&self);
  evaluation->violation_mask = structure->violation_mask;
  evaluation->is_sized = structure->leg_count[0] > 0;
  if (!evaluation->is_sized) return;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    ls_tier_row_compute(problem, structure, tier, &evaluation->link[tier], &row[tier]);
  evaluation->violation_mask = ls_design_score(problem, structure, rows, &evaluation->score);
  evaluation->ocs_count = row[LS_TIER_SPINE].ocs_count;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) chassis_add(&self, tier);
  ocs_add(&self);
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    end_add(&self, tier, 0);
    end_add(&self, tier, 1);
    cords_add(&self, tier, structure->family == LS_OCS_SPINE && tier == LS_TIER_SPINE);
  }
  evaluation->totals.latency_ps_max = evaluation->score.metric[LS_METRIC_LATENCY];
  evaluation->totals.risk_bps = evaluation->score.metric[LS_METRIC_RISK];
  evaluation->totals.throughput_ppm_low = structure->throughput_ppm_low;
  evaluation->totals.throughput_ppm_high = structure->throughput_ppm_high;
  assert(evaluation->totals.capex_cents == evaluation->score.metric[LS_METRIC_CAPEX]);
  assert(ls_totals_power_mw(&evaluation->totals) == evaluation->score.metric[LS_METRIC_POWER]);
}
