#include "risk_report.h"

#include "../kernels/evaluate.h"
#include "domains.h"
#include "failure_modes.h"
#include "names.h"
#include "reliability.h"
#include "trays.h"

/* Where a mode occurs. */
typedef struct mode_place {
  const char *tier; /* "leaf", "access", "ocs", ... */
  const char *item; /* id of the catalog */
  int64_t count;    /* chassis, modules or OCS */
  int64_t gpu_max;  /* GPUs at one of them; 0 where it serves no GPU itself */
} mode_place;

static double failures_per_year(int64_t count, int64_t fit)
{
  return (double)count * (double)fit * 1e-9 * LS_HOURS_PER_YEAR;
}

/* GPUs are those that lose a link of a plane; what serves none itself costs others bandwidth. */
static void mode_append(ls_json *array, const ls_failure_mode *mode, const mode_place *place,
                        int32_t port_gbps)
{
  const int64_t ports = ls_max(mode->gbps / port_gbps, 1), count = place->count * mode->count;
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "mode", mode->name);
  ls_json_set_text(object, "tier", place->tier);
  ls_json_set_text(object, "item", place->item);
  ls_json_set_int(object, "count", count);
  ls_json_set_int(object, "ports", ports);
  ls_json_set_int(object, "gbps", ls_max(mode->gbps, port_gbps));
  ls_json_set_int(object, "gpus", ls_min(ports, place->gpu_max));
  ls_json_set_int(object, "fit", mode->fit);
  ls_json_set_real(object, "failures_per_year", failures_per_year(count, mode->fit));
  ls_json_set_real(object, "failures_per_year_low", failures_per_year(count, mode->fit_low));
  ls_json_set_real(object, "failures_per_year_high", failures_per_year(count, mode->fit_high));
  ls_json_set_int(object, "repair_min", mode->repair_min);
  ls_json_append(array, object);
}

static void chassis_append(ls_json *array, const ls_session *session, const ls_structure *structure,
                           int32_t tier)
{
  const int32_t index = structure->switch_index[tier];
  if (index < 0) return;
  const ls_catalog_switch *box = &session->catalog->switches[index];
  const ls_side *side = &structure->side_b[tier];
  ls_failure_mode modes[LS_BOX_MODE_MAX];
  const int32_t count = ls_box_modes(session->catalog, box, modes);
  const mode_place place = {ls_chassis_name(structure->family, tier), box->id,
                            ls_chassis_units(session->problem, structure, tier).count,
                            tier ? 0 : ls_side_ports_max(side)};
  for (int32_t i = 0; i < count; i++) mode_append(array, &modes[i], &place, structure->port_gbps);
}

/* Pluggable modules; parts of integrated optics are those of their box. At the NIC several ports of
 * a module are planes of one GPU. */
static void modules_append(ls_json *array, const ls_session *session,
                           const ls_evaluation *evaluation, int32_t tier, int32_t end)
{
  const ls_structure *structure = evaluation->structure;
  const ls_link_row *link = &evaluation->link[tier];
  const ls_catalog_optic *entry = &session->catalog->optics[end ? link->optic_b : link->optic_a];
  const ls_units units = ls_end_units(session->problem, structure, tier, link, end);
  if (ls_optic_is_integrated(entry->kind) || !units.count) return;
  const ls_failure_mode mode = ls_module_mode(entry);
  const int64_t ports = ls_max(mode.gbps / structure->port_gbps, 1);
  const mode_place place = {ls_cord_place(structure->family, tier), entry->id, units.count,
                            tier  ? 0
                            : end ? ports
                                  : ls_ceil_div(ports, structure->planes)};
  mode_append(array, &mode, &place, structure->port_gbps);
}

static void ocs_append(ls_json *array, const ls_session *session, const ls_evaluation *evaluation)
{
  const ls_structure *structure = evaluation->structure;
  if (!evaluation->ocs_count) return;
  const ls_catalog_ocs *entry = &session->catalog->ocs[structure->ocs_index];
  const ls_size *size = &structure->size;
  const int64_t links =
      structure->planes * size->block_count * size->block_links / 2 / evaluation->ocs_count;
  ls_failure_mode mode = ls_ocs_mode(entry);
  mode.gbps = links * structure->port_gbps;
  const mode_place place = {"ocs", entry->id, evaluation->ocs_count, 0};
  mode_append(array, &mode, &place, structure->port_gbps);
}

/* Availability of all units of one kind, through all the ways in which they go down. */
static int64_t with_units(int64_t all_up_ppt, const ls_units *units)
{
  for (int32_t i = 0; i < LS_PART_MAX; i++) {
    const ls_outage *outage = &units->outage[i];
    if (!outage->count) continue;
    const int64_t each_ppt = ls_availability_ppt(outage->downtime, 1);
    const int64_t series_ppt = ls_availability_series_ppt(each_ppt, outage->count);
    all_up_ppt = (int64_t)((double)all_up_ppt * (double)series_ppt / (double)LS_PPT_ONE);
  }
  return all_up_ppt;
}

int64_t ls_design_all_up_ppt(const ls_problem *problem, const ls_evaluation *evaluation)
{
  const ls_structure *structure = evaluation->structure;
  int64_t all_up_ppt = LS_PPT_ONE;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const ls_units units = ls_chassis_units(problem, structure, tier);
    all_up_ppt = with_units(all_up_ppt, &units);
  }
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    for (int32_t end = 0; end < 2; end++) {
      const ls_units units = ls_end_units(problem, structure, tier, &evaluation->link[tier], end);
      all_up_ppt = with_units(all_up_ppt, &units);
    }
  if (!evaluation->ocs_count) return all_up_ppt;
  const ls_units units = ls_ocs_units(problem, structure, evaluation->ocs_count);
  return with_units(all_up_ppt, &units);
}

/* What all links carry, one way, in bit/s. */
static double links_bps(const ls_structure *structure)
{
  double links = 0;
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    links += (double)structure->leg_count[tier] / (ls_tier_is_ocs(structure, tier) ? 2 : 1);
  return links * structure->port_gbps * 1e9;
}

void ls_risk_set(const ls_session *session, const ls_evaluation *evaluation, ls_json *object)
{
  const ls_structure *structure = evaluation->structure;
  ls_json *array = ls_json_array(), *availability = ls_json_object();
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    chassis_append(array, session, structure, tier);
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    for (int32_t end = 0; end < 2; end++) modules_append(array, session, evaluation, tier, end);
  ocs_append(array, session, evaluation);
  ls_json_set(object, "blast_radius", array);
  ls_domains_set(session->problem, &evaluation->totals, object);
  ls_trays_set(session->spec, &evaluation->totals, object);
  ls_json_set_real(availability, "all_up",
                   (double)ls_design_all_up_ppt(session->problem, evaluation) / LS_PPT_ONE);
  ls_json_set_real(availability, "bandwidth_up",
                   1 - (double)evaluation->totals.risk_bps / links_bps(structure));
  ls_json_set(object, "availability", availability);
}
