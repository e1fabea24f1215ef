#include "structure_workload.h"

#include <stdio.h>

#include "../kernels/compat.h"

/* ---- Throughput under the demand ---- */

/* Demand between blocks of so many GPUs. */
static ls_status demand_find(const ls_spec *spec, const ls_demand *matrix,
                             const ls_block_layout *layout, ls_demand **demand)
{
  return matrix ? ls_demand_spread(matrix, layout, demand)
                : ls_demand_from_traffic(&spec->traffic, spec->cluster.scale_up.domain_gpus, layout,
                                         demand);
}

/* Between leaves: uplinks of a Clos, or trunks of a mesh of leaves. */
static ls_status leaves_theta(const ls_structure *structure, const ls_demand *demand,
                              ls_theta_range *theta)
{
  if (structure->peer_tier == LS_TIER_SPINE)
    return ls_demand_mesh_theta(demand, structure->size.up, theta);
  theta->low_ppm = theta->high_ppm = ls_demand_clos_theta_ppm(demand, structure->size.up);
  return LS_OK;
}

/* Between pods, where pods are the blocks of a mesh; narrows *theta. */
static ls_status pods_theta(const ls_spec *spec, const ls_demand *matrix,
                            const ls_structure *structure, ls_theta_range *theta)
{
  const ls_size *size = &structure->size;
  const ls_block_layout layout = {spec->cluster.gpu_count, size->leaves_per_pod * size->down, 1};
  ls_demand *demand = NULL;
  ls_theta_range pods = {0};
  ls_status status = demand_find(spec, matrix, &layout, &demand);
  if (status == LS_OK) status = ls_demand_mesh_theta(demand, size->block_links, &pods);
  if (status == LS_OK) {
    theta->low_ppm = (int32_t)ls_min(theta->low_ppm, pods.low_ppm);
    theta->high_ppm = (int32_t)ls_min(theta->high_ppm, pods.high_ppm);
  }
  ls_demand_destroy(demand);
  return status;
}

/* Fills what depends on the demand. LS_ERR_FULL: too many blocks. */
static ls_status demand_apply(const ls_spec *spec, const ls_demand *matrix,
                              const ls_structure *structure, ls_workload *workload)
{
  const ls_size *size = &structure->size;
  const bool is_rail_only = structure->family == LS_RAIL_ONLY;
  const ls_block_layout layout = {spec->cluster.gpu_count, size->down,
                                  is_rail_only ? size->fabric_count : size->rail_count};
  ls_demand *demand = NULL;
  ls_theta_range theta = {0};
  ls_status status = demand_find(spec, matrix, &layout, &demand);
  if (status == LS_OK && is_rail_only) ls_demand_keep_rails(demand, size->fabric_count);
  if (status == LS_OK) status = leaves_theta(structure, demand, &theta);
  if (status == LS_OK && structure->peer_tier > LS_TIER_SPINE)
    status = pods_theta(spec, matrix, structure, &theta);
  if (status == LS_OK) {
    workload->has_demand = true;
    workload->block_count = demand->block_count;
    workload->cut_share_ppm = ls_demand_cut_share_ppm(demand);
    workload->theta = theta;
  }
  ls_demand_destroy(demand);
  return status;
}

/* ---- Step time ---- */

static ls_status step_find(const ls_spec *spec, int32_t theta_ppm, int64_t latency_ps,
                           ls_step_time *time)
{
  const ls_spec_cluster *cluster = &spec->cluster;
  const ls_step_request request = {.gpu_count = cluster->gpu_count,
                                   .domain_gpus = cluster->scale_up.domain_gpus,
                                   .scale_up_gbps = cluster->scale_up.gbps_per_gpu,
                                   .nic_gbps = cluster->nic_gbps,
                                   .theta_ppm = theta_ppm,
                                   .path_latency_ps = latency_ps,
                                   .traffic = &spec->traffic};
  return ls_step_time_compute(&request, time);
}

/* theta x efficiency; at least one millionth, for a network that carries nothing has no step. */
static int32_t routed(int32_t theta_ppm, int32_t efficiency_ppm)
{
  return (int32_t)ls_max((int64_t)theta_ppm * efficiency_ppm / 1000000, 1);
}

ls_status ls_workload_find(const ls_spec *spec, const ls_demand *matrix,
                           const ls_structure *structure, int64_t latency_ps, ls_workload *workload)
{
  const ls_traffic *traffic = &spec->traffic;
  ls_workload result = {.theta = {structure->throughput_ppm_low, structure->throughput_ppm_high}};
  ls_status status = LS_OK;
  if (matrix || traffic->parallelism.data) status = demand_apply(spec, matrix, structure, &result);
  if (status != LS_OK && status != LS_ERR_FULL) return status;
  result.theta_ppm = routed(result.theta.low_ppm, traffic->routing_ppm);
  const int32_t best_ppm = routed(result.theta.high_ppm, traffic->routing_ppm_high);
  const int32_t worst_ppm = routed(result.theta.low_ppm, traffic->routing_ppm_low);
  status = step_find(spec, result.theta_ppm, latency_ps, &result.step);
  if (status == LS_OK) status = step_find(spec, best_ppm, latency_ps, &result.step_low);
  if (status == LS_OK) status = step_find(spec, worst_ppm, latency_ps, &result.step_high);
  if (status == LS_OK) *workload = result;
  return status;
}

/* ---- For people and programs ---- */

/* The terms of a step in the order of their time. */
static const struct {
  const char *key, *name;
  size_t offset;
} terms[] = {{"compute", "compute", offsetof(ls_step_time, compute_ps)},
             {"all_reduce_up", "all-reduce inside", offsetof(ls_step_time, all_reduce_up_ps)},
             {"all_reduce_out", "outside", offsetof(ls_step_time, all_reduce_out_ps)},
             {"all_to_all_up", "all-to-all inside", offsetof(ls_step_time, all_to_all_up_ps)},
             {"all_to_all_out", "outside", offsetof(ls_step_time, all_to_all_out_ps)},
             {"pipeline", "pipeline", offsetof(ls_step_time, pipeline_ps)},
             {"latency", "latency", offsetof(ls_step_time, latency_ps)},
             {"hidden", "less hidden", offsetof(ls_step_time, hidden_ps)}};

enum { TERM_COUNT = sizeof terms / sizeof *terms };

static double term_ms(const ls_step_time *step, int32_t index)
{
  return (double)*(const int64_t *)(const void *)((const char *)step + terms[index].offset) / 1e9;
}

static ls_json *workload_json(const ls_workload *workload)
{
  ls_json *object = ls_json_object(), *breakdown = ls_json_object();
  ls_json_set_real(object, "step_time_ms", (double)workload->step.total_ps / 1e9);
  ls_json_set_real(object, "step_time_ms_low", (double)workload->step_low.total_ps / 1e9);
  ls_json_set_real(object, "step_time_ms_high", (double)workload->step_high.total_ps / 1e9);
  for (int32_t i = 0; i < TERM_COUNT; i++)
    ls_json_set_real(breakdown, terms[i].key, term_ms(&workload->step, i));
  ls_json_set(object, "breakdown_ms", breakdown);
  ls_json_set_real(object, "theta", workload->theta_ppm / 1e6);
  if (workload->step.compute_ps)
    ls_json_set_real(object, "effective_fraction",
                     ls_effective_fraction_ppm(&workload->step) / 1e6);
  else
    ls_json_set_null(object, "effective_fraction");
  return object;
}

static ls_json *demand_json(const ls_workload *workload)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "blocks", workload->block_count);
  ls_json_set_real(object, "cut_share", workload->cut_share_ppm / 1e6);
  ls_json_set_real(object, "theta_low", workload->theta.low_ppm / 1e6);
  ls_json_set_real(object, "theta_high", workload->theta.high_ppm / 1e6);
  return object;
}

void ls_workload_set(const ls_spec *spec, const ls_demand *matrix, const ls_structure *structure,
                     int64_t latency_ps, ls_json *object)
{
  ls_workload workload;
  if (!spec->traffic.is_given) return;
  const ls_status status = ls_workload_find(spec, matrix, structure, latency_ps, &workload);
  if (status == LS_ERR_FULL) {
    ls_json_set_null(object, "workload");
    return;
  }
  /* NULL, for want of memory, is passed on to whoever writes the object. */
  ls_json_set(object, "workload", status == LS_OK ? workload_json(&workload) : NULL);
  if (status == LS_OK && workload.has_demand) ls_json_set(object, "demand", demand_json(&workload));
}

void ls_workload_print(const ls_spec *spec, const ls_demand *matrix, const ls_structure *structure,
                       int64_t latency_ps, const char *indent)
{
  ls_workload workload;
  if (!spec->traffic.is_given) return;
  const ls_status status = ls_workload_find(spec, matrix, structure, latency_ps, &workload);
  if (status != LS_OK) {
    printf("%sstep time: %s\n", indent,
           status == LS_ERR_FULL ? "more than a hundred days" : "not found, no memory is left");
    return;
  }
  printf("%sstep %.3f ms (%.3f to %.3f)", indent, (double)workload.step.total_ps / 1e9,
         (double)workload.step_low.total_ps / 1e9, (double)workload.step_high.total_ps / 1e9);
  for (int32_t i = 0; i < TERM_COUNT; i++)
    printf("%s %s %.3f", i ? "," : ":", terms[i].name, term_ms(&workload.step, i));
  printf("\n");
  if (workload.step.compute_ps)
    printf("%s%.1f %% of a GPU-hour computes\n", indent,
           ls_effective_fraction_ppm(&workload.step) / 1e4);
  if (workload.has_demand)
    printf("%sdemand of %d blocks: %.1f %% leaves its block, %.3f to %.3f of the NIC rate is "
           "carried\n",
           indent, workload.block_count, workload.cut_share_ppm / 1e4, workload.theta.low_ppm / 1e6,
           workload.theta.high_ppm / 1e6);
}
