#include "problem_risk.h"

#include "../kernels/evaluate.h"
#include "reliability.h"
#include "workload.h"

enum { COMMUNICATION_PPM = 300000 };

int64_t ls_spec_job_gpus(const ls_spec *spec)
{
  const int64_t gpus = spec->cluster.gpu_count, asked = spec->reliability.job_gpus;
  return asked > 0 ? ls_min(asked, gpus) : gpus;
}

int64_t ls_spec_lost_job(const ls_spec *spec)
{
  const ls_reliability *options = &spec->reliability;
  const int64_t stopped_milli_min = (int64_t)options->detect_milli_min +
                                    options->restart_milli_min + options->checkpoint_milli_min / 2;
  return ls_spec_job_gpus(spec) * stopped_milli_min / 60;
}

int64_t ls_spec_lost_restart(const ls_spec *spec)
{
  return ls_spec_job_gpus(spec) * spec->reliability.restart_milli_min / 60;
}

int64_t ls_spec_lost_flaps(const ls_spec *spec)
{
  const ls_reliability *options = &spec->reliability;
  const int64_t stall_milli_ms = (int64_t)options->flap_per_failure_milli * options->flap_stall_ms;
  return ls_spec_job_gpus(spec) * (stall_milli_ms / 1000) / 3600;
}

int32_t ls_spec_communication_ppm(const ls_spec *spec)
{
  const ls_spec_cluster *cluster = &spec->cluster;
  ls_step_time time;
  if (spec->reliability.communication_ppm > 0) return spec->reliability.communication_ppm;
  const ls_step_request request = {.gpu_count = cluster->gpu_count,
                                   .domain_gpus = cluster->scale_up.domain_gpus,
                                   .scale_up_gbps = cluster->scale_up.gbps_per_gpu,
                                   .nic_gbps = cluster->nic_gbps,
                                   .theta_ppm = 1000000,
                                   .traffic = &spec->traffic};
  if (!spec->traffic.is_given || ls_step_time_compute(&request, &time) != LS_OK ||
      time.total_ps < 1)
    return COMMUNICATION_PPM;
  return 1000000 - ls_effective_fraction_ppm(&time);
}

/* A leaf spreads its load over as many paths up to the chassis of a tier, in all planes: its lit
 * uplinks times those of each chassis on the way. An access link is one of a GPU's planes. */
static int32_t paths_count(const ls_structure *structure, int32_t tier)
{
  int64_t paths = structure->planes;
  for (int32_t t = 1; t <= tier; t++)
    paths = ls_min(paths * ls_max(ls_side_ports_max(&structure->side_a[t]), 1), INT32_MAX);
  return (int32_t)paths;
}

static void fill_links(const ls_spec *spec, ls_structure *structure)
{
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    structure->kill_ppm[tier] = ls_p_kill_ppm(&spec->reliability, tier == 0, structure->planes);
    structure->path_count[tier] = paths_count(structure, tier);
  }
}

/* With a chassis go all its links, and each of them may end the job. A leaf of the only plane takes
 * its GPUs with it, also when it is stopped to change an engine; all others can be emptied first.
 */
static void fill_chassis(const ls_spec *spec, const ls_problem *problem, ls_structure *structure)
{
  const int64_t planes = structure->planes;
  const int64_t fabrics = planes * ls_max(structure->size.fabric_count, 1);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const ls_side *side = &structure->side_b[tier];
    if (structure->switch_index[tier] < 0) continue;
    const bool is_only = tier == 0 && planes == 1;
    const int64_t links_ppm = ls_side_ports_max(side) * structure->kill_ppm[tier];
    const int64_t kill_ppm = is_only ? 1000000 : ls_min(links_ppm, 1000000);
    const int64_t count = ls_side_chassis(side) / fabrics;
    const int64_t paths =
        tier ? planes * ls_min(count, structure->path_count[tier] / planes) : planes;
    structure->lost_chassis[tier] = ls_job_killed(problem, kill_ppm);
    structure->slow_chassis[tier] = ls_job_slowed(problem, kill_ppm, 1, paths);
    structure->lost_swap[tier] = is_only ? ls_spec_lost_restart(spec) : 0;
    structure->slow_swap[tier] = is_only ? 0 : ls_job_slowed(problem, 0, 1, paths);
  }
}

/* An OCS takes the circuits through it; a block has as many on each. */
static void fill_ocs(const ls_problem *problem, ls_structure *structure)
{
  const int32_t tier = structure->peer_tier;
  const ls_size *size = &structure->size;
  if (structure->ocs_index < 0 || tier < 0) return;
  const ls_link_row *link = &problem->links[problem->options[structure->option_first[tier]]];
  const int64_t count = ls_structure_ocs(problem, structure, link);
  if (!count) return;
  const int64_t links = size->block_count * size->block_links / 2 / count;
  const int64_t kill_ppm = ls_min(links * structure->kill_ppm[tier], 1000000);
  structure->lost_ocs = ls_job_killed(problem, kill_ppm);
  structure->slow_ocs = ls_job_slowed(problem, kill_ppm, 1, structure->planes * count);
}

void ls_structure_fill_risk(const ls_spec *spec, const ls_problem *problem, ls_structure *structure)
{
  fill_links(spec, structure);
  fill_chassis(spec, problem, structure);
  fill_ocs(problem, structure);
}
