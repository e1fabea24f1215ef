#include "structure_blocks.h"

#include <stdio.h>

#include "../kernels/evaluate.h"
#include "../kernels/size.h"
#include "problem_money.h"
#include "structure_workload.h"
#include "wide.h"
#include "wire.h"

#define WHOLE_PPM 1000000

bool ls_structure_is_sparse(const ls_structure *structure)
{
  return structure->peer_tier >= 0 && ls_size_is_sparse(&structure->size);
}

/* ---- The worst path ---- */

/* How often it passes links and chassis of each tier, up and down again. Through a graph of more
 * than two blocks it goes by way of any third block, twice the diameter; pods turn such a path at a
 * leaf. */
static void passes_fill(int32_t diameter, ls_structure *structure)
{
  const int32_t top = structure->tier_count - 1, peer = structure->peer_tier;
  for (int32_t tier = 0; tier <= top; tier++) {
    structure->link_passes[tier] = 2;
    structure->switch_passes[tier] = tier < top ? 2 : 1;
  }
  if (peer < 0) return;
  const int32_t hops = structure->size.block_count > 2 ? 2 * diameter : 1;
  structure->link_passes[peer] = hops;
  structure->switch_passes[peer] = 0;
  structure->switch_passes[0] = hops + 1;
  for (int32_t tier = 1; tier < peer; tier++)
    structure->link_passes[tier] = structure->switch_passes[tier] = 2 * hops;
}

/* ---- Throughput ---- */

int64_t ls_relay_ppm(const ls_spec *spec)
{
  const ls_spec_scale_up *scale_up = &spec->cluster.scale_up;
  if (scale_up->domain_gpus < spec->cluster.gpus_per_server) return 0;
  const int64_t left_ppm = WHOLE_PPM - spec->traffic.scale_up_load_ppm;
  return scale_up->gbps_per_gpu * left_ppm / spec->cluster.nic_gbps;
}

/* Of blocks of which every two are joined, uniform trunks: (u/d) B / (2 (B-1)), where links beyond
 * a whole number per pair count for the upper value alone. */
static void mesh_throughput(const ls_size *size, int64_t down, int64_t *low, int64_t *high)
{
  const int64_t blocks = size->block_count, links = size->block_links;
  *low = WHOLE_PPM * (links / (blocks - 1)) * blocks / (2 * down);
  *high = WHOLE_PPM * links * blocks / (2 * (blocks - 1) * down);
}

/* Of others: low, all traffic in two steps of uniform demand, each split at every block over the
 * shortest ways; high, the hops of the mean permutation, in which what is beyond a trunk takes two
 * at least. Without a graph no distance is below Moore's, and no link carries less than the mean.
 */
static void sparse_throughput(const ls_size *size, const ls_block_graph *graph, int64_t down,
                              int64_t *low, int64_t *high)
{
  const int64_t blocks = size->block_count, links = size->block_links;
  if (graph) {
    *low = WHOLE_PPM * blocks * LS_BLOCK_UNIT / (2 * down * graph->load);
    *high = WHOLE_PPM * blocks * blocks * links / (down * (graph->distance_sum + graph->adjacent));
  } else {
    const ls_moore moore = ls_moore_bound(blocks, links);
    *low = WHOLE_PPM * blocks * links / (2 * down * moore.distance_sum);
    *high = WHOLE_PPM * blocks * links / (down * (moore.distance_sum + links));
  }
}

/* Worst-case throughput as a fraction of the NIC rate: of a Clos its oversubscription as built, of
 * blocks by their graph, between rails what scale-up carries. */
static void throughput_fill(const ls_spec *spec, const ls_block_graph *graph,
                            ls_structure *structure)
{
  const ls_size *size = &structure->size;
  int64_t low = WHOLE_PPM, high = WHOLE_PPM;
  if (size->up) low = high = WHOLE_PPM * (int64_t)size->up / size->down;
  if (structure->peer_tier >= 0) {
    const int64_t down = size->leaf_count / size->block_count * size->down;
    if (ls_size_is_sparse(size))
      sparse_throughput(size, graph, down, &low, &high);
    else
      mesh_throughput(size, down, &low, &high);
  }
  if (size->fabric_count > 1) low = high = ls_min(low, ls_relay_ppm(spec));
  structure->throughput_ppm_low = (int32_t)ls_min(low, WHOLE_PPM);
  structure->throughput_ppm_high = (int32_t)ls_min(high, WHOLE_PPM);
}

/* ---- Mean hops ---- */

/* Over pairs of GPUs on different leaves, all full but perhaps the last. Without a graph that one
 * counts as if it were farthest from all, and not at all. */
static int64_t hops_ppm(const ls_problem *problem, const ls_size *size, const ls_block_graph *graph)
{
  const int64_t blocks = size->block_count, down = size->down;
  const int64_t last = problem->endpoint_count - (blocks - 1) * down;
  if (graph) {
    const ls_wide full = graph->distance_sum - 2 * graph->last_distance;
    const ls_wide sum =
        (ls_wide)down * down * full + (ls_wide)2 * down * last * graph->last_distance;
    const ls_wide pairs = (ls_wide)down * down * (blocks - 1) * (blocks - 2) +
                          (ls_wide)2 * down * last * (blocks - 1);
    return (int64_t)(sum * WHOLE_PPM / pairs);
  }
  const ls_moore moore = ls_moore_bound(blocks, size->block_links);
  if (last == down) return WHOLE_PPM * moore.distance_sum / (blocks - 1);
  return WHOLE_PPM * (moore.distance_sum - moore.diameter) / (blocks - 2);
}

void ls_structure_fill_blocks(const ls_spec *spec, const ls_problem *problem,
                              const ls_block_graph *graph, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const bool is_sparse = ls_structure_is_sparse(structure);
  int32_t diameter = 1;
  if (is_sparse)
    diameter =
        graph ? graph->diameter : ls_moore_bound(size->block_count, size->block_links).diameter;
  passes_fill(diameter, structure);
  throughput_fill(spec, graph, structure);
  structure->block_hops_ppm = is_sparse ? (int32_t)hops_ppm(problem, size, graph) : WHOLE_PPM;
}

/* ---- The graph that is found ---- */

ls_status ls_structure_wire(const ls_spec *spec, const ls_problem *problem,
                            const ls_structure *structure, ls_structure *wired)
{
  const ls_block_graph *graph;
  ls_structure_demand demand;
  *wired = *structure;
  if (!ls_structure_is_sparse(structure)) return LS_OK;
  ls_status status = ls_block_graph_take(spec->graphs, (int32_t)structure->size.block_count,
                                         structure->size.block_links, &graph);
  if (status != LS_OK) return status;
  ls_structure_fill_blocks(spec, problem, graph, wired);
  ls_structure_base(problem, wired, &wired->base, wired->base_resource);
  status = ls_structure_demand_find(spec, wired, graph, &demand);
  if (status == LS_OK)
    wired->effective_hours = ls_structure_effective_hours(spec, problem, wired, &demand);
  ls_block_graph_release(spec->graphs, graph);
  return status;
}

/* ---- Told ---- */

void ls_structure_set_blocks(const ls_spec *spec, const ls_structure *structure, ls_json *object)
{
  const ls_size *size = &structure->size;
  const ls_block_graph *graph;
  if (!ls_structure_is_sparse(structure) ||
      ls_block_graph_take(spec->graphs, (int32_t)size->block_count, size->block_links, &graph))
    return;
  const ls_moore moore = ls_moore_bound(graph->blocks, graph->degree);
  const double others = graph->blocks - 1, pairs = graph->blocks * others;
  ls_json *found = ls_json_object();
  ls_json_set_int(found, "blocks", graph->blocks);
  ls_json_set_int(found, "links", graph->degree);
  ls_json_set_int(found, "diameter", graph->diameter);
  ls_json_set_int(found, "diameter_bound", moore.diameter);
  ls_json_set_real(found, "aspl", (double)graph->distance_sum / pairs);
  ls_json_set_real(found, "aspl_bound", (double)moore.distance_sum / others);
  ls_json_set_text(found, "made_from", graph->made_from);
  ls_json_set(object, "block_graph", found);
  ls_block_graph_release(spec->graphs, graph);
}

void ls_structure_print_blocks(const ls_spec *spec, const ls_structure *structure,
                               const char *indent)
{
  const ls_size *size = &structure->size;
  const ls_block_graph *graph;
  if (!ls_structure_is_sparse(structure) ||
      ls_block_graph_take(spec->graphs, (int32_t)size->block_count, size->block_links, &graph))
    return;
  const ls_moore moore = ls_moore_bound(graph->blocks, graph->degree);
  const double others = graph->blocks - 1, sum = (double)graph->distance_sum / graph->blocks;
  printf("%s%d leaves of %d links each: %.4f links apart on average, at most %d; no graph of as "
         "many\n%sis below %.4f (gap %.2f %%) and %d\n",
         indent, (int)graph->blocks, (int)graph->degree, sum / others, (int)graph->diameter, indent,
         (double)moore.distance_sum / others, 100 * (sum / (double)moore.distance_sum - 1),
         (int)moore.diameter);
  ls_block_graph_release(spec->graphs, graph);
}
