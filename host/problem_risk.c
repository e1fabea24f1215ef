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

/* What all failures are weighed with. */
typedef struct job {
  ls_reliability options; /* with the share of communication filled in */
  int64_t gpus, lost_job;
} job;

/* Milli-GPU-hours lost in an hour at which `lost` of width equal paths are down, where the failure
 * did not end the job. */
static int64_t slowed(const job *self, int64_t p_kill_ppm, int64_t lost, int64_t width)
{
  const int64_t paths = ls_max(ls_min(width, INT32_MAX), lost + 1);
  const int64_t slowdown_ppm = ls_slowdown_ppm(&self->options, (int32_t)lost, (int32_t)paths);
  return self->gpus * (1000000 - p_kill_ppm) / 1000 * slowdown_ppm / 1000000;
}

static int64_t killed(const job *self, int64_t p_kill_ppm)
{
  return self->lost_job * p_kill_ppm / 1000000;
}

/* The job waits for each flap; flaps come with failures of links. */
static int64_t flapped(const job *self)
{
  const int64_t stall_milli_ms =
      (int64_t)self->options.flap_per_failure_milli * self->options.flap_stall_ms;
  return self->gpus * (stall_milli_ms / 1000) / 3600;
}

/* Parallel links between a leaf and the chassis of a tier, in one plane: those that share what one
 * of them carries. */
static int64_t paths_up(const ls_structure *structure, int32_t tier)
{
  const ls_size *size = &structure->size;
  return size->up * (tier > 1 ? ls_max(size->spine_uplink_max, 1) : 1);
}

/* A port of an access link takes one plane of a GPU; with a single plane, what does not end the
 * job halves the link's rate. Trunks share their load with all others of the leaf. */
static void fill_ends(const job *self, ls_structure *structure)
{
  const int32_t planes = structure->planes;
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const int64_t p_kill_ppm = ls_p_kill_ppm(&self->options, tier == 0, planes);
    const int64_t width = tier ? planes * paths_up(structure, tier) : planes;
    structure->lost_end[tier] = killed(self, p_kill_ppm) + flapped(self);
    structure->slow_end[tier] = slowed(self, p_kill_ppm, 1, width);
  }
}

/* With a chassis go all its links, and each of them may end the job. A leaf of the only plane
 * takes its GPUs with it. */
static void fill_chassis(const job *self, ls_structure *structure)
{
  const int64_t planes = structure->planes;
  const int64_t fabrics = planes * ls_max(structure->size.fabric_count, 1);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const ls_side *side = &structure->side_b[tier];
    if (structure->switch_index[tier] < 0) continue;
    const int64_t ports = ls_side_ports_max(side);
    const int64_t each_ppm = ls_p_kill_ppm(&self->options, tier == 0, (int32_t)planes);
    const bool is_only = tier == 0 && planes == 1;
    const int64_t p_kill_ppm = is_only ? 1000000 : ls_min(ports * each_ppm, 1000000);
    const int64_t count = ls_side_chassis(side) / fabrics;
    const int64_t width = tier ? planes * ls_min(count, paths_up(structure, tier)) : planes;
    structure->lost_chassis[tier] = killed(self, p_kill_ppm);
    structure->slow_chassis[tier] = slowed(self, p_kill_ppm, 1, width);
  }
}

/* An OCS takes the circuits through it; a block has as many on each. */
static void fill_ocs(const job *self, const ls_problem *problem, ls_structure *structure)
{
  const int32_t tier = structure->peer_tier;
  const ls_size *size = &structure->size;
  if (structure->ocs_index < 0 || tier < 0) return;
  const ls_link_row *link = &problem->links[problem->options[structure->option_first[tier]]];
  const int64_t count = ls_structure_ocs(problem, structure, link);
  if (!count) return;
  const int64_t links = size->block_count * size->block_links / 2 / count;
  const int64_t each_ppm = ls_p_kill_ppm(&self->options, false, structure->planes);
  const int64_t p_kill_ppm = ls_min(links * each_ppm, 1000000);
  structure->lost_ocs = killed(self, p_kill_ppm);
  structure->slow_ocs = slowed(self, p_kill_ppm, 1, structure->planes * count);
}

static job job_of(const ls_spec *spec)
{
  job self = {spec->reliability, ls_spec_job_gpus(spec), ls_spec_lost_job(spec)};
  self.options.communication_ppm = ls_spec_communication_ppm(spec);
  return self;
}

ls_part_loss ls_spec_part_loss(const ls_spec *spec, int64_t p_kill_ppm, int64_t width)
{
  const job self = job_of(spec);
  return (ls_part_loss){killed(&self, p_kill_ppm), slowed(&self, p_kill_ppm, 1, width)};
}

void ls_structure_fill_risk(const ls_spec *spec, const ls_problem *problem, ls_structure *structure)
{
  const job self = job_of(spec);
  fill_ends(&self, structure);
  fill_chassis(&self, structure);
  fill_ocs(&self, problem, structure);
}
