#include "ledger_lines.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "names.h"
#include "package.h"

static const char *const CAPEX = "capex_usd";
static const char *const OPTICS_POWER = "optics_power_w";
static const char *const SWITCH_POWER = "switch_power_w";
static const char *const OCS_POWER = "ocs_power_w";
static const char *const SCALE_UP_POWER = "scale_up_power_w";
static const char *const TCO = "tco_usd";
static const char *const LOST = "lost_gpu_hours_per_year";

/* What the lines of one kind of unit have in common. A line of the catalog that is 0 is that of the
 * entry. */
typedef struct unit_kind {
  const char *id;    /* of the catalog */
  const char *place; /* "leaf", "spine-down", ... */
  const char *power; /* the total its power adds to */
  ls_ledger_rule power_rule;
  int32_t line;                             /* of its catalog entry */
  int32_t price_line, power_line, fit_line; /* of the figures */
  int64_t repair_fit;                       /* of one, failures that cost labor */
} unit_kind;

/* What tells a line apart from others of its kind. */
typedef struct line_kind {
  const char *total;
  ls_ledger_rule rule;
  int32_t line; /* of the figure; 0: of the entry */
  const char *detail;
} line_kind;

static int64_t *total_of(ls_totals *totals, const char *name)
{
  if (name == CAPEX) return &totals->capex_cents;
  if (name == OPTICS_POWER) return &totals->optics_power_mw;
  if (name == SWITCH_POWER) return &totals->switch_power_mw;
  if (name == OCS_POWER) return &totals->ocs_power_mw;
  if (name == SCALE_UP_POWER) return &totals->scale_up_power_mw;
  return name == TCO ? &totals->tco_cents : &totals->lost_mgpuh;
}

/* Appends a line unless nothing is bought, drawn or lost. NULL: there was nothing. */
static ls_ledger_line *line_add(ls_ledger *ledger, const unit_kind *kind, const line_kind *what,
                                int64_t count, int64_t unit_value)
{
  if (!count || !unit_value) return NULL;
  assert(ledger->count < ledger->capacity);
  const char *path = ledger->catalog->path, *slash = strrchr(path, '/');
  const int32_t source_line = what->line ? what->line : kind->line;
  ls_ledger_line *line = &ledger->lines[ledger->count++];
  *line = (ls_ledger_line){
      .count = count, .unit_value = unit_value, .value = count * unit_value, .rule = what->rule};
  snprintf(line->total, sizeof line->total, "%s", what->total);
  snprintf(line->item, sizeof line->item, "%s %s%s%s", kind->id, kind->place,
           what->detail[0] ? " " : "", what->detail);
  if (source_line)
    snprintf(line->source, sizeof line->source, "%.50s:%d", slash ? slash + 1 : path, source_line);
  else
    snprintf(line->source, sizeof line->source, "sum");
  *total_of(ledger->totals, what->total) += line->value;
  return line;
}

/* A line that follows from the units by a rule that count and unit value do not show. */
static void rule_add(ls_ledger *ledger, const ls_units *units, const unit_kind *kind,
                     const line_kind *what, int64_t count, int64_t unit_value)
{
  ls_ledger_line *line = line_add(ledger, kind, what, count, unit_value);
  if (!line) return;
  line->units = *units;
  line->repair_fit = kind->repair_fit;
}

/* Power, and what the units cost over the years. Amounts that are no whole multiple of a unit's
 * are lines of count 1. */
static void units_add(ls_ledger *ledger, const ls_units *units, const unit_kind *kind)
{
  const ls_tco tco = ls_units_tco(ledger->problem, units);
  const line_kind power = {kind->power, kind->power_rule, kind->power_line, ""};
  const line_kind energy = {TCO, LS_RULE_ENERGY, kind->power_line, "energy"};
  const line_kind repairs = {TCO, LS_RULE_REPAIRS, kind->fit_line, "repairs"};
  const line_kind spares = {TCO, LS_RULE_SPARES, kind->price_line, "spares"};
  const line_kind lost = {TCO, LS_RULE_LOST_MONEY, kind->fit_line, "lost-gpu-hours"};
  const line_kind lost_hours = {LOST, LS_RULE_LOST_HOURS, kind->fit_line, ""};
  const bool is_whole = units->count && units->power_mw % units->count == 0;
  if (is_whole)
    line_add(ledger, kind, &power, units->count, units->power_mw / units->count);
  else
    line_add(ledger, kind, &power, 1, units->power_mw);
  rule_add(ledger, units, kind, &energy, 1, tco.energy);
  rule_add(ledger, units, kind, &repairs, 1, tco.repairs);
  if (units->capex_cents)
    rule_add(ledger, units, kind, &spares, tco.spares / units->capex_cents, units->capex_cents);
  const int64_t hour_cents = ledger->problem->gpu_hour_cents;
  if (hour_cents) rule_add(ledger, units, kind, &lost, tco.lost / hour_cents, hour_cents);
  ledger->totals->lost_cents += tco.lost;
  rule_add(ledger, units, kind, &lost_hours, 1, tco.lost_mgpuh);
}

void ls_ledger_add_chassis(ls_ledger *ledger, int32_t tier, int32_t index, int64_t count)
{
  if (index < 0 || !count) return;
  const ls_catalog_switch *entry = &ledger->catalog->switches[index];
  const unit_kind kind = {.id = entry->id,
                          .place = ls_chassis_name(ledger->structure->family, tier),
                          .power = SWITCH_POWER,
                          .power_rule = LS_RULE_CHASSIS_POWER,
                          .line = entry->line,
                          .price_line = entry->capex_cents.line,
                          .power_line = entry->power_mw.line,
                          .fit_line = entry->failure_fit.line,
                          .repair_fit = ledger->problem->switches[index].fit};
  ls_totals *totals = ledger->totals;
  ls_box_counts counts;
  ls_box_count(ledger->catalog, entry, &counts);
  totals->engine_count += count * counts.engine_count;
  totals->laser_count += count * counts.laser_count;
  totals->fau_count += count * counts.fau_count;
  ls_box_part parts[LS_BOX_PART_MAX];
  const int32_t part_count = ls_box_parts(ledger->catalog, entry, parts);
  for (int32_t i = 0; i < part_count; i++) {
    const line_kind part = {CAPEX, LS_RULE_BOX, parts[i].line, parts[i].name};
    line_add(ledger, &kind, &part, count * parts[i].count, parts[i].unit_cents);
  }
  const ls_units units =
      ls_chassis_units_of(ledger->problem, ledger->structure, tier, index, count);
  units_add(ledger, &units, &kind);
}

void ls_ledger_add_optics(ls_ledger *ledger, int32_t tier, int32_t end, int32_t index,
                          int64_t count)
{
  const ls_problem *problem = ledger->problem;
  const ls_structure *structure = ledger->structure;
  const ls_link_row link = {.optic_a = (uint8_t)index, .optic_b = (uint8_t)index};
  if (!count) return;
  const ls_catalog_optic *entry = &ledger->catalog->optics[index];
  char place[32] = "nic";
  if (end)
    snprintf(place, sizeof place, "%s-down",
             ls_chassis_name(structure->family, ls_tier_chassis_b(structure, tier)));
  else if (tier)
    snprintf(place, sizeof place, "%s-up", ls_chassis_name(structure->family, tier - 1));
  const ls_units units = ls_end_units_of(problem, structure, tier, &link, end, count, true);
  const unit_kind kind = {.id = entry->id,
                          .place = place,
                          .power = OPTICS_POWER,
                          .power_rule = LS_RULE_MODULE_POWER,
                          .line = entry->line,
                          .price_line = entry->capex_cents.line,
                          .power_line = entry->energy_fj_per_bit.line,
                          .fit_line = entry->failure_fit.line,
                          .repair_fit = units.fit};
  const line_kind price = {CAPEX, LS_RULE_MODULES, kind.price_line, ""};
  if (problem->optics[index].module_gbps) {
    ledger->totals->module_count += count;
    ledger->totals->laser_count += count * entry->laser_count.value;
  }
  line_add(ledger, &kind, &price, count, units.capex_cents);
  units_add(ledger, &units, &kind);
}

void ls_ledger_add_ocs(ls_ledger *ledger, int64_t count)
{
  const int32_t index = ledger->structure->ocs_index;
  if (index < 0) return;
  const ls_catalog_ocs *entry = &ledger->catalog->ocs[index];
  const ls_units units = ls_ocs_units(ledger->problem, ledger->structure, count);
  const unit_kind kind = {.id = entry->id,
                          .place = "ocs",
                          .power = OCS_POWER,
                          .power_rule = LS_RULE_OCS_POWER,
                          .line = entry->line,
                          .price_line = entry->capex_cents_per_port.line,
                          .power_line = entry->power_mw.line,
                          .fit_line = entry->failure_fit.line,
                          .repair_fit = units.fit};
  const line_kind price = {CAPEX, LS_RULE_OCS, kind.price_line, ""};
  line_add(ledger, &kind, &price, count, units.capex_cents);
  units_add(ledger, &units, &kind);
}

/* Ends or switches of the scale-up network. */
static void scale_up_add(ls_ledger *ledger, const ls_units *units, const unit_kind *kind)
{
  const line_kind price = {CAPEX, LS_RULE_SCALE_UP, kind->price_line, ""};
  line_add(ledger, kind, &price, units->count, units->capex_cents);
  units_add(ledger, units, kind);
}

void ls_ledger_add_scale_up(ls_ledger *ledger)
{
  const int32_t index = ledger->structure->scale_up_index;
  if (index < 0) return;
  const ls_catalog_scale_up *entry = &ledger->catalog->scale_up[index];
  const ls_scale_up_row *row = &ledger->problem->scale_up[index];
  const unit_kind ends = {.id = entry->id,
                          .place = "scale-up-ends",
                          .power = SCALE_UP_POWER,
                          .power_rule = LS_RULE_SCALE_UP_POWER,
                          .line = entry->line,
                          .price_line = entry->capex_microusd_per_gbps.line,
                          .power_line = entry->energy_fj_per_bit.line,
                          .fit_line = entry->failure_fit.line,
                          .repair_fit = row->ends.fit};
  unit_kind switches = ends;
  switches.place = "scale-up-switches";
  switches.price_line = entry->switch_capex_microusd_per_gbps.line;
  switches.power_line = entry->switch_power_uw_per_gbps.line;
  switches.fit_line = entry->switch_fit.line;
  switches.repair_fit = row->switches.fit;
  scale_up_add(ledger, &row->ends, &ends);
  scale_up_add(ledger, &row->switches, &switches);
}

void ls_ledger_add_cords(ls_ledger *ledger, int32_t tier, int32_t fiber, int64_t count,
                         int64_t unit_cents, const char *detail)
{
  const ls_catalog_fiber *entry = &ledger->catalog->fibers[fiber];
  const unit_kind kind = {.id = entry->id,
                          .place = ls_cord_place(ledger->structure->family, tier),
                          .line = entry->line};
  const line_kind price = {CAPEX, LS_RULE_CORDS, entry->capex_cents_per_km.line, detail};
  line_add(ledger, &kind, &price, count, unit_cents);
}

void ls_ledger_add_shuffles(ls_ledger *ledger, int32_t tier, int64_t fibers)
{
  const ls_number *price = &ledger->catalog->parts.shuffle_box_capex_cents_per_fiber;
  const unit_kind kind = {.id = "shuffle-box",
                          .place = ls_cord_place(ledger->structure->family, tier)};
  const line_kind boxes = {CAPEX, LS_RULE_SHUFFLES, price->line, "fibers"};
  line_add(ledger, &kind, &boxes, fibers, ledger->problem->shuffle_box_capex_cents);
}

void ls_ledger_close(ls_ledger *ledger)
{
  static const unit_kind all = {.id = "capex", .place = "all"};
  const line_kind sum = {TCO, LS_RULE_TCO, 0, ""};
  ls_totals *totals = ledger->totals;
  line_add(ledger, &all, &sum, 1, totals->capex_cents);
  totals->gpu_hour_micro_usd =
      ls_gpu_hour_cost(ledger->problem, ledger->structure, totals->tco_cents - totals->lost_cents,
                       totals->lost_mgpuh);
}
