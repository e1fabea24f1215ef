/* A conflict in words and as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conflict.h"
#include "domains.h"
#include "names.h"
#include "tornado.h"
#include "units.h"

/* A limit's key, how many of its stored units make one of its own, and what throughput is of. */
static const struct {
  const char *key;
  int digits;
} limits[LS_METRIC_COUNT] = {{"capex_usd_max", 2},
                             {"power_w_max", 3},
                             {"throughput_worst_min", 6},
                             {"latency_ns_max", 3},
                             {"bandwidth_at_risk_gbps_max", 9},
                             {"tco_usd_max", 2},
                             {"lost_gpu_hours_per_year_max", 3},
                             {"usd_per_gpu_hour_max", 6}};

static const struct {
  int64_t parts;
  const char *key;
} parts[] = {{LS_SPACE_OPTICS, "optics"},    {LS_SPACE_SWITCHES, "switches"},
             {LS_SPACE_FIBERS, "fibers"},    {LS_SPACE_OCS, "ocs"},
             {LS_SPACE_PLANES, "planes"},    {LS_SPACE_OVERSUBSCRIPTION, "oversubscription"},
             {LS_SPACE_FAMILIES, "families"}};

/* Stored units as the decimal number a spec would hold, exactly. */
static void decimal_write(int64_t value, int digits, char text[LS_AMOUNT_MAX])
{
  int64_t unit = 1;
  for (int i = 0; i < digits; i++) unit *= 10;
  snprintf(text, LS_AMOUNT_MAX, "%" PRId64 ".%0*" PRId64, value / unit, digits, value % unit);
}

const char *ls_change_text(const ls_change *change, char text[LS_CHANGE_TEXT_MAX])
{
  char amount[LS_AMOUNT_MAX];
  size_t length = 0;
  switch (change->kind) {
  case LS_CHANGE_LIMIT:
    decimal_write(change->metric == LS_METRIC_LOSS ? 1000000 - change->value : change->value,
                  limits[change->metric].digits, amount);
    snprintf(text, LS_CHANGE_TEXT_MAX, "limits.%s: %s", limits[change->metric].key, amount);
    break;
  case LS_CHANGE_YEAR: snprintf(text, LS_CHANGE_TEXT_MAX, "year: %d", (int)change->value); break;
  case LS_CHANGE_SUPPLY:
    snprintf(text, LS_CHANGE_TEXT_MAX, "supply_scenario: %s",
             ls_supply_scenario_names[change->value]);
    break;
  case LS_CHANGE_ROWS:
    snprintf(text, LS_CHANGE_TEXT_MAX, "floor.rows: %d", (int)change->value);
    break;
  case LS_CHANGE_LIQUID:
    snprintf(text, LS_CHANGE_TEXT_MAX, "floor.liquid_cooled: all slots");
    break;
  case LS_CHANGE_SPACE:
    text[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
      if (change->value & parts[i].parts)
        length += (size_t)snprintf(text + length, LS_CHANGE_TEXT_MAX - length, "%sspace.%s",
                                   length ? ", " : "", parts[i].key);
    snprintf(text + length, LS_CHANGE_TEXT_MAX - length, "%s%s", length ? ": all" : "",
             !(change->value & LS_SPACE_EXCLUDED) ? ""
             : length                             ? "; no technologies, vendors or exclusions"
                      : "space: no technologies, vendors or exclusions");
    break;
  case LS_CHANGE_VENDOR:
    decimal_write(change->value, 6, amount);
    snprintf(text, LS_CHANGE_TEXT_MAX, "limits.vendor_share_max: %s", amount);
    break;
  case LS_CHANGE_FAILURE:
    decimal_write(change->value, 6, amount);
    snprintf(text, LS_CHANGE_TEXT_MAX, "limits.failure_share_max.%s: %s",
             ls_domain_names[change->metric], amount);
    break;
  }
  return text;
}

/* A key of its own, so that nothing is said where nothing is short. */
static void shortage_set(const ls_session *session, const ls_conflict_member *member,
                         ls_json *object)
{
  if (!member->shortage_count) return;
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < member->shortage_count; i++) {
    const ls_shortage *shortage = &member->shortage[i];
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "resource", session->catalog->resources[shortage->resource].id);
    ls_json_set_int(entry, "needed", shortage->needed);
    ls_json_set_int(entry, "available", shortage->available);
    ls_json_append(array, entry);
  }
  ls_json_set(object, "shortage", array);
}

static ls_json *member_json(const ls_session *session, const ls_conflict_member *member)
{
  ls_json *object = ls_json_object(), *changes = ls_json_array(), *together = ls_json_array();
  char text[LS_CHANGE_TEXT_MAX];
  ls_json_set_text(object, "constraint", ls_violation_name(member->bit));
  ls_json_set_text(object, "meaning", ls_violation_meaning(member->bit));
  for (int32_t i = 0; i < member->change_count; i++)
    ls_json_append_text(changes, ls_change_text(&member->change[i], text));
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (bit != member->bit && member->together_mask >> bit & 1)
      ls_json_append_text(together, ls_violation_name(bit));
  if (member->change_count) {
    ls_json_set(object, "relax", changes);
  } else {
    ls_json_destroy(changes);
    ls_json_set_null(object, "relax");
  }
  ls_json_set(object, "together", together);
  shortage_set(session, member, object);
  return object;
}

ls_json *ls_conflict_json(const ls_session *session, const ls_conflict *conflict)
{
  ls_json *object = ls_json_object(), *array = ls_json_array();
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_bool(object, "feasible", false);
  ls_json_set_int(object, "space_size", (int64_t)session->problem->space_size);
  ls_json_set_int(object, "distinct_violations", conflict->masks.count);
  for (int32_t i = 0; i < conflict->count; i++)
    ls_json_append(array, member_json(session, &conflict->member[i]));
  ls_json_set(object, "conflict", array);
  return object;
}

static void shortage_print(const ls_session *session, const ls_conflict_member *member)
{
  char design[LS_DESIGN_TEXT_MAX], needed[LS_AMOUNT_MAX], available[LS_AMOUNT_MAX];
  if (!member->shortage_count) return;
  ls_design_text(session, member->shortage_rank, design);
  printf("      by the %s forecast for %d least is lacking for %s:\n",
         ls_supply_scenario_names[session->spec->supply_scenario], (int)session->spec->year,
         design);
  for (int32_t i = 0; i < member->shortage_count; i++)
    printf("        %s: %s needed, %s to be had\n",
           session->catalog->resources[member->shortage[i].resource].id,
           ls_count_text((uint64_t)member->shortage[i].needed, needed),
           ls_count_text((uint64_t)member->shortage[i].available, available));
}

static void member_print(const ls_session *session, const ls_conflict_member *member)
{
  char text[LS_CHANGE_TEXT_MAX];
  const char *separator = "      by which";
  printf("  %-22s %s\n", ls_violation_name(member->bit), ls_violation_meaning(member->bit));
  shortage_print(session, member);
  if (!member->change_count) {
    printf("      no change of the spec that was tried helps; the catalog would have to change\n");
    return;
  }
  for (int32_t i = 0; i < member->change_count; i++)
    printf("      %s %s\n", i ? "  and" : "relax:", ls_change_text(&member->change[i], text));
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (bit != member->bit && member->together_mask >> bit & 1) {
      printf("%s %s", separator, ls_violation_name(bit));
      separator = ",";
    }
  if (separator[0] == ',')
    printf(" no longer stand%s in the way, either\n",
           __builtin_popcount(member->together_mask) > 2 ? "" : "s");
}

void ls_conflict_print(const ls_session *session, const ls_conflict *conflict)
{
  char count[LS_AMOUNT_MAX];
  printf("%s is infeasible: each of its %s designs violates %s\n\n", session->spec->name,
         ls_count_text(session->problem->space_size, count),
         conflict->count == 1 ? "this constraint" : "one of these constraints");
  for (int32_t i = 0; i < conflict->count; i++) member_print(session, &conflict->member[i]);
  printf("\nEach relaxation told was tried and makes the spec feasible at level 1.\n");
}
