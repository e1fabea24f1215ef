#include "ledger_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reliability.h"

static const char *const rule_names[LS_RULE_COUNT] = {
    [LS_RULE_BOX] = "box",
    [LS_RULE_MODULES] = "modules",
    [LS_RULE_OCS] = "OCS",
    [LS_RULE_CORDS] = "cords of a tier",
    [LS_RULE_SHUFFLES] = "shuffle boxes of direct",
    [LS_RULE_SCALE_UP] = "scale-up units",
    [LS_RULE_MODULE_POWER] = "power of a module",
    [LS_RULE_CHASSIS_POWER] = "chassis power",
    [LS_RULE_OCS_POWER] = "power of an OCS",
    [LS_RULE_SCALE_UP_POWER] = "scale-up power",
    [LS_RULE_ENERGY] = "energy",
    [LS_RULE_REPAIRS] = "repairs",
    [LS_RULE_SPARES] = "spares",
    [LS_RULE_LOST_HOURS] = "lost GPU-hours a year",
    [LS_RULE_LOST_MONEY] = "lost GPU-hours",
    [LS_RULE_TCO] = "TCO",
};

const char *ls_ledger_rule_name(ls_ledger_rule rule) { return rule_names[rule]; }

/* Appends what a kind of failure takes: when it happens, and for each hour that it lasts. */
static void outage_append(const ls_outage *outage, char text[LS_FACTORS_MAX])
{
  const size_t used = strlen(text);
  if (!outage->count || !outage->fit) return;
  snprintf(text + used, LS_FACTORS_MAX - used,
           "%s%" PRId64 " x (%" PRId64 " FIT x %.10g GPU-h + %" PRId64
           " FIT min / 60 x %.10g GPU-h/h)",
           used ? " + " : "", outage->count, outage->fit, (double)outage->lost_each / 1e3,
           outage->downtime, (double)outage->slow_each / 1e3);
}

static void lost_text(const ls_units *units, char text[LS_FACTORS_MAX])
{
  char outages[LS_FACTORS_MAX] = "";
  for (int32_t i = 0; i < LS_PART_MAX; i++) outage_append(&units->outage[i], outages);
  snprintf(text, LS_FACTORS_MAX, "%d h x [%.480s]", LS_HOURS_PER_YEAR, outages);
}

const char *ls_ledger_factors(const ls_spec *spec, const ls_ledger_line *line,
                              char text[LS_FACTORS_MAX])
{
  const ls_spec_economics *economics = &spec->economics;
  const ls_reliability *reliability = &spec->reliability;
  const ls_units *units = &line->units;
  const int32_t hours = LS_HOURS_PER_YEAR * economics->years;
  switch (line->rule) {
  case LS_RULE_ENERGY:
    snprintf(text, LS_FACTORS_MAX, "%.12g kW x %.6g PUE x %d h x %.6g USD/kWh",
             (double)units->power_mw / 1e6, economics->pue_ppm / 1e6, hours,
             economics->energy_microusd_per_kwh / 1e6);
    return text;
  case LS_RULE_REPAIRS:
    snprintf(text, LS_FACTORS_MAX, "%" PRId64 " x %" PRId64 " FIT x %d h x %.10g USD", units->count,
             line->repair_fit, hours, (double)economics->repair_cents / 100);
    return text;
  case LS_RULE_SPARES:
    snprintf(text, LS_FACTORS_MAX,
             "%" PRId64 " for %" PRId64 " x %" PRId64 " FIT x %d h at %.6g %%", line->count,
             units->count, units->fit, 24 * reliability->spares_lead_days,
             reliability->spares_confidence_ppm / 1e4);
    return text;
  case LS_RULE_LOST_HOURS: lost_text(units, text); return text;
  case LS_RULE_LOST_MONEY:
    snprintf(text, LS_FACTORS_MAX, "%" PRId64 " GPU-h over %d years x %.10g USD/GPU-h", line->count,
             economics->years, (double)line->unit_value / 100);
    return text;
  default: return NULL;
  }
}
