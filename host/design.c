#include "design.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "names.h"

static ls_json *link_json(const ls_session *session, const ls_structure *structure, int32_t tier,
                          uint16_t link)
{
  const ls_catalog *catalog = session->catalog;
  const ls_link_row *row = &session->problem->links[link];
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "tier", ls_tier_name(structure->family, tier));
  ls_json_set_text(object, "optic_a", catalog->optics[row->optic_a].id);
  ls_json_set_text(object, "optic_b", catalog->optics[row->optic_b].id);
  if (!ls_optic_is_copper(catalog->optics[row->optic_a].kind))
    ls_json_set_text(object, "fiber", catalog->fibers[row->fiber].id);
  ls_json_set_int(object, "circulators", row->circulator_count);
  return object;
}

ls_json *ls_design_json(const ls_session *session, uint64_t rank)
{
  uint16_t link[LS_TIER_MAX];
  const uint32_t index = ls_rank_decode(session->problem, rank, link);
  const ls_structure *structure = &session->problem->structures[index];
  char ratio[32];
  snprintf(ratio, sizeof ratio, "%d:%d", structure->oversubscription_num,
           structure->oversubscription_den);
  ls_json *object = ls_json_object(), *switches = ls_json_object(), *links = ls_json_array();
  ls_json_set_text(object, "family", ls_family_name(structure->family, structure->is_rail));
  if (structure->block_kind != LS_BLOCKS_FOUND)
    ls_json_set_text(object, "block_graph", ls_block_kind_names[structure->block_kind]);
  ls_json_set_int(object, "planes", structure->planes);
  ls_json_set_int(object, "port_gbps", structure->port_gbps);
  ls_json_set_text(object, "oversubscription", ratio);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 && !(structure->family == LS_CLOS4 && tier == 2))
      ls_json_set_text(switches, ls_chassis_name(structure->family, tier),
                       session->catalog->switches[structure->switch_index[tier]].id);
  ls_json_set(object, "switches", switches);
  if (structure->ocs_index >= 0)
    ls_json_set_text(object, "ocs", session->catalog->ocs[structure->ocs_index].id);
  if (structure->scale_up_index >= 0)
    ls_json_set_text(object, "scale_up", session->catalog->scale_up[structure->scale_up_index].id);
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    ls_json_append(links, link_json(session, structure, tier, link[tier]));
  ls_json_set(object, "links", links);
  return object;
}

void ls_design_counts_set(const ls_structure *structure, ls_json *object)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  const int64_t switches =
      size->leaf_count + size->spine_count + size->super_spine_count + size->core_count;
  ls_json_set_int(object, "leaf_count", size->leaf_count * planes);
  ls_json_set_int(object, "spine_count", size->spine_count * planes);
  if (size->super_spine_count)
    ls_json_set_int(object, "super_spine_count", size->super_spine_count * planes);
  ls_json_set_int(object, "core_count", size->core_count * planes);
  ls_json_set_int(object, "switch_count", switches * planes);
  ls_json_set_int(object, "access_links", size->access_links * planes);
  ls_json_set_int(object, "leaf_spine_links", size->leaf_spine_links * planes);
  if (size->super_spine_count)
    ls_json_set_int(object, "spine_super_links", size->spine_super_links * planes);
  ls_json_set_int(object, "spine_core_links", size->spine_core_links * planes);
  ls_json_set_real(object, "oversubscription_actual", size->up ? (double)size->down / size->up : 1);
}

static void over_years_set(int64_t tco_cents, int64_t lost_mgpuh, int64_t gpu_hour_micro_usd,
                           ls_json *object)
{
  ls_json_set_real(object, "tco_usd", (double)tco_cents / 100);
  ls_json_set_real(object, "lost_gpu_hours_per_year", (double)lost_mgpuh / 1000);
  ls_json_set_real(object, "usd_per_gpu_hour", (double)gpu_hour_micro_usd / 1e6);
}

void ls_design_metrics_set(const ls_score *score, ls_json *object)
{
  const int64_t *metric = score->metric;
  ls_json_set_real(object, "capex_usd", (double)metric[LS_METRIC_CAPEX] / 100);
  ls_json_set_real(object, "power_w", (double)metric[LS_METRIC_POWER] / 1000);
  ls_json_set_real(object, "throughput_worst_low", 1 - (double)metric[LS_METRIC_LOSS] / 1e6);
  ls_json_set_real(object, "latency_ns_max", (double)metric[LS_METRIC_LATENCY] / 1000);
  ls_json_set_real(object, "bandwidth_at_risk_gbps", (double)metric[LS_METRIC_RISK] / 1e9);
  over_years_set(metric[LS_METRIC_TCO], metric[LS_METRIC_LOST], metric[LS_METRIC_GPU_HOUR], object);
}

ls_json *ls_design_front_json(const ls_session *session, const ls_front_member *member)
{
  const ls_problem *problem = session->problem;
  uint16_t link[LS_TIER_MAX];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, member->rank, link)];
  ls_json *object = ls_json_object(), *scores = ls_json_array();
  ls_json_set_int(object, "rank", (int64_t)member->rank);
  ls_json_set(object, "design", ls_design_json(session, member->rank));
  ls_design_counts_set(structure, object);
  ls_json_set_int(object, "ocs_count", ls_design_ocs_count(problem, member->rank));
  ls_design_metrics_set(&member->score, object);
  ls_json_set_real(object, "throughput_worst_high", structure->throughput_ppm_high / 1e6);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if (problem->objective_mask[i]) ls_json_append_int(scores, member->score.metric[i]);
  ls_json_set(object, "scores", scores);
  return object;
}

void ls_design_totals_set(const ls_totals *totals, ls_json *object)
{
  const int64_t power_mw = ls_totals_power_mw(totals);
  ls_json_set_real(object, "capex_usd", (double)totals->capex_cents / 100);
  over_years_set(totals->tco_cents, totals->lost_mgpuh, totals->gpu_hour_micro_usd, object);
  ls_json_set_real(object, "optics_power_w", (double)totals->optics_power_mw / 1000);
  ls_json_set_real(object, "switch_power_w", (double)totals->switch_power_mw / 1000);
  ls_json_set_real(object, "ocs_power_w", (double)totals->ocs_power_mw / 1000);
  ls_json_set_real(object, "scale_up_power_w", (double)totals->scale_up_power_mw / 1000);
  ls_json_set_real(object, "power_w", (double)power_mw / 1000);
  ls_json_set_int(object, "module_count", totals->module_count);
  ls_json_set_int(object, "engine_count", totals->engine_count);
  ls_json_set_int(object, "laser_count", totals->laser_count);
  ls_json_set_int(object, "fau_count", totals->fau_count);
  ls_json_set_real(object, "fiber_km", (double)totals->fiber_mm / 1e6);
  ls_json_set_real(object, "latency_ns_max", (double)totals->latency_ps_max / 1000);
  ls_json_set_real(object, "throughput_worst_low", totals->throughput_ppm_low / 1e6);
  ls_json_set_real(object, "throughput_worst_high", totals->throughput_ppm_high / 1e6);
  ls_json_set_real(object, "bandwidth_at_risk_gbps", (double)totals->risk_bps / 1e9);
}

/* Appends to a text of capacity bytes; what does not fit is cut. */
__attribute__((format(printf, 3, 4))) static void text_append(char *text, size_t capacity,
                                                              const char *format, ...)
{
  const size_t length = strlen(text);
  va_list values;
  va_start(values, format);
  vsnprintf(text + length, capacity - length, format, values);
  va_end(values);
}

void ls_design_chassis_text(const ls_session *session, const ls_structure *structure,
                            char text[192])
{
  text[0] = '\0';
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0)
      text_append(text, 192, "%s%s", tier ? " / " : "",
                  session->catalog->switches[structure->switch_index[tier]].id);
  if (structure->ocs_index >= 0)
    text_append(text, 192, ", OCS %s", session->catalog->ocs[structure->ocs_index].id);
}

void ls_design_optics_text(const ls_session *session, const ls_structure *structure,
                           const uint16_t link[LS_TIER_MAX], char text[384])
{
  const ls_catalog *catalog = session->catalog;
  text[0] = '\0';
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const ls_link_row *row = &session->problem->links[link[tier]];
    text_append(text, 384, "%s%s", tier ? " | " : "", catalog->optics[row->optic_a].id);
    if (row->optic_b != row->optic_a)
      text_append(text, 384, "+%s", catalog->optics[row->optic_b].id);
    if (row->circulator_count) text_append(text, 384, "+circulators");
    if (row->fiber && !ls_optic_is_copper(catalog->optics[row->optic_a].kind))
      text_append(text, 384, " [%s]", catalog->fibers[row->fiber].id);
  }
}

void ls_design_fibers_text(const ls_session *session, const ls_structure *structure,
                           const uint16_t link[LS_TIER_MAX], char text[192])
{
  const ls_catalog *catalog = session->catalog;
  text[0] = '\0';
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const ls_link_row *row = &session->problem->links[link[tier]];
    const bool is_copper = ls_optic_is_copper(catalog->optics[row->optic_a].kind);
    text_append(text, 192, "%s%s", tier ? " | " : "",
                is_copper ? "copper" : catalog->fibers[row->fiber].id);
  }
}

int32_t ls_design_ocs_count(const ls_problem *problem, uint64_t rank)
{
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row;
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  if (structure->ocs_index < 0) return 0;
  const int32_t tier = structure->peer_tier;
  ls_tier_row_compute(problem, structure, tier, &problem->links[link[tier]], &row);
  return row.ocs_count;
}
