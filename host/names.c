#include "names.h"

#include <stddef.h>
#include <string.h>

static const char *const family_names[LS_FAMILY_COUNT][2] = {
    [LS_CLOS1] = {"clos1", "clos1"},
    [LS_CLOS2] = {"clos2", "clos2_rail"},
    [LS_CLOS3] = {"clos3", "clos3_rail"},
    [LS_CLOS4] = {"clos4", "clos4_rail"},
    [LS_RAIL_ONLY] = {"rail_only", "rail_only"},
    [LS_OCS_SPINE] = {"ocs_spine", "ocs_spine_rail"},
    [LS_OCS_CORE] = {"ocs_core", "ocs_core_rail"},
    [LS_DIRECT] = {"direct", "direct_rail"},
};

/* By bit of LS_VIOLATES_. */
static const struct {
  const char *name, *meaning;
} violations[LS_VIOLATION_COUNT] = {
    {"capacity", "more endpoints than the family reaches at this radix"},
    {"trunks", "ports cannot be split into down and up, or a tier would have nothing to join"},
    {"port_rate", "the port rate is below a lane, or above what module or chassis allow"},
    {"mesh", "too few uplinks to join the blocks, or too many blocks"},
    {"ocs_ports", "no number of OCS gives a block a whole number of links on each"},
    {"reach", "a link is longer than its medium or module reaches"},
    {"optical_budget", "the optical power budget of a link does not close"},
    {"receiver_overload", "a receiver gets more light than it stands"},
    {"faceplate", "more modules than the chassis has cages"},
    {"year", "chassis or optics cannot be bought for that tier in the spec's year"},
    {"floor_slots", "racks and switches do not fit the floor"},
    {"limit_capex", "above limits.capex_usd_max"},
    {"limit_power", "above limits.power_w_max"},
    {"limit_throughput", "below limits.throughput_worst_min"},
    {"limit_latency", "above limits.latency_ns_max"},
    {"limit_risk", "above limits.bandwidth_at_risk_gbps_max"},
    {"limit_tco", "above limits.tco_usd_max"},
    {"limit_lost_gpu_hours", "above limits.lost_gpu_hours_per_year_max"},
    {"limit_usd_per_gpu_hour", "above limits.usd_per_gpu_hour_max"},
    {"excluded", "left out on request"},
    {"supply", "needs more of a shared resource than one buyer can get in the spec's year"},
    {"vendor_share", "one vendor gets more of the money than limits.vendor_share_max"},
    {"scale_up",
     "rails need scale-up that is not there, or its medium spans too little or is not on sale yet"},
    {"failure_domain", "one failure takes more of the network than limits.failure_share_max"},
    {"tray_capacity", "more strands above a row, or between halls, than floor.tray_strands_max"},
};

const char *const ls_variant_names[] = {"uniform", "mixed"};

const char *const ls_block_kind_names[] = {"found",  "torus_2d",    "torus_3d",
                                           "demand", "demand_half", NULL};

const char *ls_family_name(int32_t family, bool is_rail) { return family_names[family][is_rail]; }

int32_t ls_family_find(const char *name)
{
  for (int32_t family = 0; family < LS_FAMILY_COUNT; family++)
    if (strcmp(name, family_names[family][0]) == 0) return family;
  return -1;
}

const char *ls_chassis_name(int32_t family, int32_t tier)
{
  static const char *const names[LS_TIER_MAX] = {"leaf", "spine", "core", "core"};
  return family == LS_CLOS4 && tier == 2 ? "super" : names[tier];
}

const char *ls_tier_name(int32_t family, int32_t tier)
{
  static const char *const names[LS_TIER_MAX] = {"access", "leaf_spine", "spine_core",
                                                 "super_core"};
  const bool is_leaf_mesh = family == LS_OCS_SPINE || family == LS_DIRECT;
  if (tier == 1 && is_leaf_mesh) return "leaf_leaf";
  if (tier == 2 && family == LS_OCS_CORE) return "spine_spine";
  if (tier == 2 && family == LS_CLOS4) return "spine_super";
  return names[tier];
}

const char *ls_cord_place(int32_t family, int32_t tier)
{
  static const char *const names[LS_TIER_MAX] = {"access", "spine", "core", "core"};
  return family == LS_CLOS4 && tier == 2 ? "super" : names[tier];
}

const char *ls_violation_name(int32_t bit) { return violations[bit].name; }

const char *ls_violation_meaning(int32_t bit) { return violations[bit].meaning; }
