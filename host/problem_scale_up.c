#include "problem_scale_up.h"

#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "problem_money.h"

bool ls_spec_has_scale_up(const ls_spec *spec) { return spec->cluster.scale_up.domain_gpus > 1; }

int64_t ls_scale_up_gpu_power_mw(const ls_catalog_scale_up *entry, int64_t gbps_per_gpu)
{
  return 2 * gbps_per_gpu * entry->energy_fj_per_bit.value / 1000;
}

/* Both ends of all links, bought in units of the bandwidth that the catalog gives failures for. A
 * GPU loses one of its units; a failed unit is as bad for the job as a failed access link. */
static ls_units ends_units(const ls_catalog_scale_up *entry, const ls_spec *spec,
                           const ls_problem *problem)
{
  const int64_t gpus = spec->cluster.gpu_count, gbps = spec->cluster.scale_up.gbps_per_gpu;
  const int64_t share_gbps = ls_max(entry->share_gbps.value, 1);
  const int64_t of_gpu = ls_ceil_div(gbps, share_gbps);
  const int64_t fit = entry->failure_fit.value, kill_ppm = spec->reliability.p_kill_access_ppm;
  const int64_t count = 2 * gpus * of_gpu;
  return (ls_units){.count = count,
                    .capex_cents = share_gbps * entry->capex_microusd_per_gbps.value / 10000,
                    .power_mw = gpus * ls_scale_up_gpu_power_mw(entry, gbps),
                    .fit = fit,
                    .repair_mcents = ls_spec_repair_mcents(spec, fit),
                    .outage[0] = ls_whole_outage(count, fit, fit * entry->repair_min.value,
                                                 ls_job_killed(problem, kill_ppm),
                                                 ls_job_slowed(problem, kill_ppm, 1, of_gpu))};
}

/* Switches of all domains; the last one may be partial. A switch that fails ends the job. */
static ls_units switch_units(const ls_catalog_scale_up *entry, const ls_spec *spec,
                             const ls_problem *problem)
{
  const ls_spec_scale_up *scale_up = &spec->cluster.scale_up;
  const int64_t switch_gbps = ls_max(entry->switch_gbps.value, 1);
  const int64_t of_domain =
      ls_ceil_div((int64_t)scale_up->domain_gpus * scale_up->gbps_per_gpu, switch_gbps);
  const int64_t full = spec->cluster.gpu_count / scale_up->domain_gpus;
  const int64_t rest = spec->cluster.gpu_count % scale_up->domain_gpus;
  const int64_t count = full * of_domain + ls_ceil_div(rest * scale_up->gbps_per_gpu, switch_gbps);
  const int64_t fit = entry->switch_fit.value;
  return (ls_units){
      .count = count,
      .capex_cents = switch_gbps * entry->switch_capex_microusd_per_gbps.value / 10000,
      .power_mw = count * (switch_gbps * entry->switch_power_uw_per_gbps.value / 1000),
      .fit = fit,
      .repair_mcents = ls_spec_repair_mcents(spec, fit),
      .outage[0] = ls_whole_outage(count, fit, fit * entry->repair_min.value,
                                   ls_job_killed(problem, 1000000), 0)};
}

void ls_problem_fill_scale_up(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  problem->scale_up_count = ls_spec_has_scale_up(spec) ? catalog->scale_up_count : 0;
  for (int32_t i = 0; i < problem->scale_up_count; i++) {
    problem->scale_up[i].ends = ends_units(&catalog->scale_up[i], spec, problem);
    problem->scale_up[i].switches = switch_units(&catalog->scale_up[i], spec, problem);
  }
}

/* The longest link that a domain cannot do without: a switch in the middle of its racks reaches
 * the farthest of them. */
static ls_status reach_needed_mm(const ls_spec *spec, int64_t *needed_mm)
{
  const ls_spec_cluster *cluster = &spec->cluster;
  const int64_t of_rack = (int64_t)cluster->gpus_per_server * cluster->servers_per_rack;
  const int64_t gpus = ls_min(cluster->scale_up.domain_gpus, cluster->gpu_count);
  const int32_t racks = (int32_t)ls_ceil_div(gpus, of_rack);
  *needed_mm = spec->floor.in_rack_mm;
  if (racks < 2) return LS_OK;
  int32_t *max_mm = malloc(2 * (size_t)racks * sizeof *max_mm);
  if (!max_mm) return LS_ERR_MEMORY;
  const ls_status status = ls_floor_length_bounds(spec, racks, max_mm, max_mm + racks);
  if (status == LS_OK) *needed_mm = max_mm[racks - 1];
  free(max_mm);
  return status;
}

ls_status ls_problem_check_scale_up(const ls_catalog *catalog, const ls_spec *spec,
                                    ls_problem *problem)
{
  int64_t needed_mm = 0;
  if (problem->scale_up_count == 0) return LS_OK;
  const ls_status status = reach_needed_mm(spec, &needed_mm);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < problem->scale_up_count; i++) {
    const ls_catalog_scale_up *entry = &catalog->scale_up[i];
    const bool is_on_sale = entry->year.value <= spec->year &&
                            (entry->year_end.value == 0 || spec->year < entry->year_end.value);
    problem->scale_up[i].violation_mask =
        is_on_sale && entry->reach_mm.value >= needed_mm ? 0 : LS_VIOLATES_SCALE_UP;
  }
  return LS_OK;
}
