#include "structure_workload.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"
#include "structure_blocks.h"

/* ---- Throughput under the demand ---- */

bool ls_spec_has_demand(const ls_spec *spec)
{
  return spec->matrix || spec->traffic.parallelism.data;
}

/* Demand between blocks of so many GPUs. */
static ls_status demand_find(const ls_spec *spec, const ls_block_layout *layout, ls_demand **demand)
{
  return spec->matrix ? ls_demand_spread(spec->matrix, layout, demand)
                      : ls_demand_from_traffic(&spec->traffic, spec->cluster.scale_up.domain_gpus,
                                               layout, demand);
}

ls_status ls_structure_block_demand(const ls_spec *spec, int32_t block_gpus, ls_demand **demand)
{
  const ls_block_layout layout = {spec->cluster.gpu_count, block_gpus, 1};
  return demand_find(spec, &layout, demand);
}

/* Of a graph of blocks; without one they carry no more than their uplinks. */
static ls_status graph_theta(const ls_structure *structure, const ls_demand *demand,
                             const ls_block_graph *graph, ls_theta_range *theta)
{
  if (!graph) {
    theta->low_ppm = theta->high_ppm =
        ls_demand_clos_theta_ppm(demand, structure->size.block_links);
    return LS_OK;
  }
  const ls_status status = ls_demand_graph_theta(demand, graph, theta);
  /* Any traffic is carried in two steps of uniform demand. */
  theta->low_ppm = (int32_t)ls_max(theta->low_ppm, structure->throughput_ppm_low);
  theta->high_ppm = (int32_t)ls_max(theta->low_ppm, theta->high_ppm);
  return status;
}

/* Between leaves: uplinks of a Clos, trunks of a mesh of leaves, or their graph. */
static ls_status leaves_theta(const ls_structure *structure, const ls_demand *demand,
                              const ls_block_graph *graph, ls_theta_range *theta)
{
  const bool is_peer = structure->peer_tier == LS_TIER_SPINE;
  if (is_peer && ls_structure_has_graph(structure))
    return graph_theta(structure, demand, graph, theta);
  if (is_peer) return ls_demand_mesh_theta(demand, structure->size.up, theta);
  theta->low_ppm = theta->high_ppm = ls_demand_clos_theta_ppm(demand, structure->size.up);
  return LS_OK;
}

/* Between pods, where pods are the blocks of a mesh; narrows *theta. */
static ls_status pods_theta(const ls_spec *spec, const ls_structure *structure,
                            const ls_block_graph *graph, ls_theta_range *theta)
{
  const ls_size *size = &structure->size;
  const ls_block_layout layout = {spec->cluster.gpu_count, size->leaves_per_pod * size->down, 1};
  ls_demand *demand = NULL;
  ls_theta_range pods = {0};
  ls_status status = demand_find(spec, &layout, &demand);
  if (status == LS_OK)
    status = ls_structure_has_graph(structure)
                 ? graph_theta(structure, demand, graph, &pods)
                 : ls_demand_mesh_theta(demand, size->block_links, &pods);
  if (status == LS_OK) {
    theta->low_ppm = (int32_t)ls_min(theta->low_ppm, pods.low_ppm);
    theta->high_ppm = (int32_t)ls_min(theta->high_ppm, pods.high_ppm);
  }
  ls_demand_destroy(demand);
  return status;
}

/* LS_ERR_FULL: too many blocks. */
static ls_status demand_apply(const ls_spec *spec, const ls_structure *structure,
                              const ls_block_graph *graph, ls_structure_demand *result)
{
  const ls_size *size = &structure->size;
  const bool is_rail_only = structure->family == LS_RAIL_ONLY;
  const ls_block_layout layout = {spec->cluster.gpu_count, size->down,
                                  is_rail_only ? size->fabric_count : size->rail_count};
  ls_demand *demand = NULL;
  ls_theta_range theta = {0};
  ls_status status = demand_find(spec, &layout, &demand);
  if (status == LS_OK && is_rail_only) ls_demand_keep_rails(demand, size->fabric_count);
  if (status == LS_OK) status = leaves_theta(structure, demand, graph, &theta);
  if (status == LS_OK && structure->peer_tier > LS_TIER_SPINE)
    status = pods_theta(spec, structure, graph, &theta);
  if (status == LS_OK)
    *result = (ls_structure_demand){.is_known = true,
                                    .block_count = demand->block_count,
                                    .cut_share_ppm = ls_demand_cut_share_ppm(demand),
                                    .theta = theta};
  ls_demand_destroy(demand);
  return status;
}

ls_status ls_structure_demand_find(const ls_spec *spec, const ls_structure *structure,
                                   const ls_block_graph *graph, ls_structure_demand *demand)
{
  ls_structure_demand result = {
      .theta = {structure->throughput_ppm_low, structure->throughput_ppm_high}};
  ls_status status = LS_OK;
  if (ls_spec_has_demand(spec)) status = demand_apply(spec, structure, graph, &result);
  if (status != LS_OK && status != LS_ERR_FULL) return status;
  *demand = result;
  return LS_OK;
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

ls_status ls_workload_compute(const ls_spec *spec, const ls_structure_demand *demand,
                              int64_t latency_ps, ls_workload *workload)
{
  const ls_traffic *traffic = &spec->traffic;
  ls_workload result = {.demand = *demand,
                        .theta_ppm = routed(demand->theta.low_ppm, traffic->routing_ppm)};
  const int32_t best_ppm = routed(demand->theta.high_ppm, traffic->routing_ppm_high);
  const int32_t worst_ppm = routed(demand->theta.low_ppm, traffic->routing_ppm_low);
  ls_status status = step_find(spec, result.theta_ppm, latency_ps, &result.step);
  if (status == LS_OK) status = step_find(spec, best_ppm, latency_ps, &result.step_low);
  if (status == LS_OK) status = step_find(spec, worst_ppm, latency_ps, &result.step_high);
  if (status == LS_OK) *workload = result;
  return status;
}

ls_status ls_workload_find(const ls_spec *spec, const ls_structure *structure, int64_t latency_ps,
                           ls_workload *workload)
{
  const ls_block_graph *graph = NULL;
  ls_structure_demand demand;
  ls_status status = LS_OK;
  if (ls_structure_has_graph(structure)) status = ls_structure_take_graph(spec, structure, &graph);
  if (status != LS_OK) return status;
  ls_structure wired = *structure; /* not with the bounds of level 1 */
  if (graph) ls_structure_fill_throughput(spec, graph, &wired);
  status = ls_structure_demand_find(spec, &wired, graph, &demand);
  ls_block_graph_release(spec->graphs, graph);
  return status == LS_OK ? ls_workload_compute(spec, &demand, latency_ps, workload) : status;
}

/* ---- Demands met before ---- */

enum { CACHE_MAX = 256 };

/* All that a demand and its theta take from a structure. */
typedef struct cache_key {
  int32_t family, peer_tier, down, up, rail_count, fabric_count, leaves_per_pod, block_links;
  int32_t throughput_ppm_low, throughput_ppm_high, block_kind;
} cache_key;

struct ls_demand_cache {
  int32_t count;
  cache_key key[CACHE_MAX];
  ls_structure_demand value[CACHE_MAX];
};

ls_demand_cache *ls_demand_cache_create(void) { return calloc(1, sizeof(ls_demand_cache)); }

void ls_demand_cache_destroy(ls_demand_cache *cache) { free(cache); }

ls_status ls_demand_cache_find(ls_demand_cache *cache, const ls_spec *spec,
                               const ls_structure *structure, ls_structure_demand *demand)
{
  const ls_size *size = &structure->size;
  const cache_key key = {structure->family,
                         structure->peer_tier,
                         size->down,
                         size->up,
                         size->rail_count,
                         size->fabric_count,
                         size->leaves_per_pod,
                         size->block_links,
                         structure->throughput_ppm_low,
                         structure->throughput_ppm_high,
                         structure->block_kind};
  for (int32_t i = 0; i < cache->count; i++)
    if (memcmp(&cache->key[i], &key, sizeof key) == 0) {
      *demand = cache->value[i];
      return LS_OK;
    }
  const ls_status status = ls_structure_demand_find(spec, structure, NULL, demand);
  if (status == LS_OK && cache->count < CACHE_MAX) {
    cache->key[cache->count] = key;
    cache->value[cache->count++] = *demand;
  }
  return status;
}
