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

/* What the lines of one kind of unit have in common. */
typedef struct unit_kind {
  const char *id;    /* of the catalog */
  const char *place; /* "leaf", "spine-down", ... */
  const char *power; /* the total its power adds to */
  int32_t line;      /* of its catalog entry */
} unit_kind;

static int64_t *total_of(ls_totals *totals, const char *name)
{
  if (name == CAPEX) return &totals->capex_cents;
  if (name == OPTICS_POWER) return &totals->optics_power_mw;
  if (name == SWITCH_POWER) return &totals->switch_power_mw;
  if (name == OCS_POWER) return &totals->ocs_power_mw;
  if (name == SCALE_UP_POWER) return &totals->scale_up_power_mw;
  return name == TCO ? &totals->tco_cents : &totals->lost_mgpuh;
}

/* Appends a line unless nothing is bought, drawn or lost. */
static void line_add(ls_ledger *ledger, const char *total, int64_t count, int64_t unit_value,
                     const unit_kind *kind, const char *detail)
{
  if (!count || !unit_value) return;
  assert(ledger->count < ledger->capacity);
  const char *path = ledger->catalog->path, *slash = strrchr(path, '/');
  ls_ledger_line *line = &ledger->lines[ledger->count++];
  *line = (ls_ledger_line){.count = count, .unit_value = unit_value, .value = count * unit_value};
  snprintf(line->total, sizeof line->total, "%s", total);
  snprintf(line->item, sizeof line->item, "%s %s%s%s", kind->id, kind->place, detail[0] ? " " : "",
           detail);
  if (kind->line)
    snprintf(line->source, sizeof line->source, "%.50s:%d", slash ? slash + 1 : path, kind->line);
  else
    snprintf(line->source, sizeof line->source, "sum");
  *total_of(ledger->totals, total) += line->value;
}

/* Power, and what the units cost over the years. Amounts that are no whole multiple of a unit's
 * are lines of count 1. */
static void units_add(ls_ledger *ledger, const ls_units *units, const unit_kind *kind)
{
  const ls_tco tco = ls_units_tco(ledger->problem, units);
  const bool is_whole = units->count && units->power_mw % units->count == 0;
  if (is_whole)
    line_add(ledger, kind->power, units->count, units->power_mw / units->count, kind, "");
  else
    line_add(ledger, kind->power, 1, units->power_mw, kind, "");
  line_add(ledger, TCO, 1, tco.energy, kind, "energy");
  line_add(ledger, TCO, 1, tco.repairs, kind, "repairs");
  if (units->capex_cents)
    line_add(ledger, TCO, tco.spares / units->capex_cents, units->capex_cents, kind, "spares");
  line_add(ledger, TCO, 1, tco.lost, kind, "lost-gpu-hours");
  ledger->totals->lost_cents += tco.lost;
  line_add(ledger, LOST, 1, tco.lost_mgpuh, kind, "");
}

void ls_ledger_add_chassis(ls_ledger *ledger, int32_t tier, int64_t count)
{
  const int32_t index = ledger->structure->switch_index[tier];
  if (index < 0 || !count) return;
  const ls_catalog_switch *entry = &ledger->catalog->switches[index];
  const unit_kind kind = {entry->id, ls_chassis_name(ledger->structure->family, tier), SWITCH_POWER,
                          entry->line};
  ls_totals *totals = ledger->totals;
  ls_box_counts counts;
  ls_box_count(ledger->catalog, entry, &counts);
  totals->engine_count += count * counts.engine_count;
  totals->laser_count += count * counts.laser_count;
  totals->fau_count += count * counts.fau_count;
  ls_box_part parts[LS_BOX_PART_MAX];
  const int32_t part_count = ls_box_parts(ledger->catalog, entry, parts);
  for (int32_t i = 0; i < part_count; i++) {
    const unit_kind part = {kind.id, kind.place, SWITCH_POWER, parts[i].line};
    line_add(ledger, CAPEX, count * parts[i].count, parts[i].unit_cents, &part, parts[i].name);
  }
  const ls_units units = ls_chassis_units_of(ledger->problem, ledger->structure, tier, count);
  units_add(ledger, &units, &kind);
}

void ls_ledger_add_optics(ls_ledger *ledger, int32_t tier, int32_t end, int64_t count)
{
  const ls_problem *problem = ledger->problem;
  const ls_structure *structure = ledger->structure;
  const ls_link_row *link = &ledger->link[tier];
  const int32_t index = end ? link->optic_b : link->optic_a;
  if (!count) return;
  const ls_catalog_optic *entry = &ledger->catalog->optics[index];
  char place[32] = "nic";
  if (end)
    snprintf(place, sizeof place, "%s-down",
             ls_chassis_name(structure->family, ls_tier_chassis_b(structure, tier)));
  else if (tier)
    snprintf(place, sizeof place, "%s-up", ls_chassis_name(structure->family, tier - 1));
  const unit_kind kind = {entry->id, place, OPTICS_POWER, entry->line};
  const ls_units units = ls_end_units_of(problem, structure, tier, link, end, count, true);
  if (problem->optics[index].module_gbps) {
    ledger->totals->module_count += count;
    ledger->totals->laser_count += count * entry->laser_count.value;
  }
  line_add(ledger, CAPEX, count, units.capex_cents, &kind, "");
  units_add(ledger, &units, &kind);
}

void ls_ledger_add_ocs(ls_ledger *ledger, int64_t count)
{
  const int32_t index = ledger->structure->ocs_index;
  if (index < 0) return;
  const ls_catalog_ocs *entry = &ledger->catalog->ocs[index];
  const unit_kind kind = {entry->id, "ocs", OCS_POWER, entry->line};
  const ls_units units = ls_ocs_units(ledger->problem, ledger->structure, count);
  line_add(ledger, CAPEX, count, units.capex_cents, &kind, "");
  units_add(ledger, &units, &kind);
}

void ls_ledger_add_scale_up(ls_ledger *ledger)
{
  const int32_t index = ledger->structure->scale_up_index;
  if (index < 0) return;
  const ls_catalog_scale_up *entry = &ledger->catalog->scale_up[index];
  const ls_scale_up_row *row = &ledger->problem->scale_up[index];
  const unit_kind ends = {entry->id, "scale-up-ends", SCALE_UP_POWER, entry->line};
  const unit_kind switches = {entry->id, "scale-up-switches", SCALE_UP_POWER, entry->line};
  line_add(ledger, CAPEX, row->ends.count, row->ends.capex_cents, &ends, "");
  units_add(ledger, &row->ends, &ends);
  line_add(ledger, CAPEX, row->switches.count, row->switches.capex_cents, &switches, "");
  units_add(ledger, &row->switches, &switches);
}

void ls_ledger_add_cords(ls_ledger *ledger, int32_t tier, int64_t count, int64_t unit_cents,
                         const char *detail)
{
  const ls_catalog_fiber *entry = &ledger->catalog->fibers[ledger->link[tier].fiber];
  const int32_t line = entry->capex_cents_per_km.line;
  const unit_kind kind = {entry->id, ls_cord_place(ledger->structure->family, tier), CAPEX,
                          line ? line : entry->line};
  line_add(ledger, CAPEX, count, unit_cents, &kind, detail);
}

void ls_ledger_add_shuffles(ls_ledger *ledger, int32_t tier, int64_t fibers)
{
  const ls_number *price = &ledger->catalog->parts.shuffle_box_capex_cents_per_fiber;
  const unit_kind kind = {"shuffle-box", ls_cord_place(ledger->structure->family, tier), CAPEX,
                          price->line};
  line_add(ledger, CAPEX, fibers, ledger->problem->shuffle_box_capex_cents, &kind, "fibers");
}

void ls_ledger_close(ls_ledger *ledger)
{
  static const unit_kind all = {"capex", "all", TCO, 0};
  ls_totals *totals = ledger->totals;
  line_add(ledger, TCO, 1, totals->capex_cents, &all, "");
  totals->gpu_hour_micro_usd =
      ls_gpu_hour_cost(ledger->problem, ledger->structure, totals->tco_cents - totals->lost_cents,
                       totals->lost_mgpuh);
}
