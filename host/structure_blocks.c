#include "structure_blocks.h"

#include <stdio.h>
#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "../kernels/size.h"
#include "block_kinds.h"
#include "names.h"
#include "problem_money.h"
#include "structure_workload.h"
#include "wide.h"
#include "wire.h"

#define WHOLE_PPM 1000000

bool ls_structure_has_graph(const ls_structure *structure)
{
  return structure->peer_tier >= 0 && ls_size_has_graph(&structure->size);
}

/* ---- The graph ---- */

static int64_t gpus_of_block(const ls_size *size)
{
  return size->leaf_count / size->block_count * size->down;
}

/* *weights: [blocks][blocks] the spec's demand between blocks of so many GPUs, as ls_demand_scale
 * has it. The caller frees it. */
static ls_status weights_create(const ls_spec *spec, int32_t blocks, int32_t block_gpus,
                                int64_t **weights)
{
  ls_demand *demand = NULL;
  int64_t *made = malloc((size_t)blocks * (size_t)blocks * sizeof *made);
  const ls_status status =
      made ? ls_structure_block_demand(spec, block_gpus, &demand) : LS_ERR_MEMORY;
  if (status == LS_OK) {
    ls_demand_scale(demand, made);
    *weights = made;
  } else {
    free(made);
  }
  ls_demand_destroy(demand);
  return status;
}

static ls_status demand_follow(const ls_spec *spec, const ls_block_key *key, ls_block_graph **graph)
{
  int64_t *weights = NULL;
  ls_status status = weights_create(spec, key->blocks, key->block_gpus, &weights);
  if (status == LS_OK)
    status = ls_block_graph_follow(key->blocks, key->degree, weights,
                                   key->degree >= key->blocks - 1 && key->are_pods, graph);
  free(weights);
  return status;
}

static ls_block_maker graph_make;

static ls_status demand_follow_half(const ls_spec *spec, const ls_block_key *key, uint64_t seed,
                                    ls_block_graph **graph)
{
  ls_block_key alike = *key;
  const ls_block_graph *found = NULL;
  int64_t *weights = NULL;
  alike.kind = LS_BLOCKS_FOUND;
  ls_status status = weights_create(spec, key->blocks, key->block_gpus, &weights);
  if (status == LS_OK && key->degree < key->blocks - 1)
    status = ls_block_graph_take(spec->graphs, &alike, graph_make, spec, &found);
  if (status == LS_OK)
    status = ls_block_graph_follow_half(key->blocks, key->degree, weights, seed, found, graph);
  ls_block_graph_release(spec->graphs, found);
  free(weights);
  return status;
}

static ls_status graph_make(const void *context, const ls_block_key *key, uint64_t seed,
                            ls_block_graph **graph)
{
  const int32_t dimensions = ls_torus_dimensions(key->kind);
  if (dimensions) return ls_block_graph_torus(key->blocks, key->degree, dimensions, graph);
  if (key->kind == LS_BLOCKS_DEMAND) return demand_follow(context, key, graph);
  if (key->kind == LS_BLOCKS_DEMAND_HALF) return demand_follow_half(context, key, seed, graph);
  return ls_block_graph_create(key->blocks, key->degree, seed, graph);
}

ls_status ls_structure_take_graph(const ls_spec *spec, const ls_structure *structure,
                                  const ls_block_graph **graph)
{
  const ls_size *size = &structure->size;
  const ls_block_key key = {.kind = size->block_kind,
                            .blocks = (int32_t)size->block_count,
                            .degree = size->block_links,
                            .block_gpus = (int32_t)gpus_of_block(size),
                            .are_pods = size->block_count < size->leaf_count};
  return ls_block_graph_take(spec->graphs, &key, graph_make, spec, graph);
}

/* Links of a block that may lead to different ones. */
static int64_t neighbours_max(const ls_size *size)
{
  const int32_t dimensions = ls_torus_dimensions(size->block_kind);
  return ls_min(dimensions ? 2 * dimensions : size->block_links, size->block_count - 1);
}

static ls_moore bound_of(const ls_size *size)
{
  return ls_moore_bound(size->block_count, neighbours_max(size));
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
static void graph_throughput(const ls_size *size, const ls_block_graph *graph, int64_t down,
                             int64_t *low, int64_t *high)
{
  const int64_t blocks = size->block_count, links = size->block_links;
  if (graph) {
    *low = WHOLE_PPM * blocks * LS_BLOCK_UNIT / (2 * down * graph->load);
    if (graph->adjacent == blocks * (blocks - 1)) /* all go straight; without the rounding */
      *low = WHOLE_PPM * graph->links_min * blocks / (2 * down);
    *high = WHOLE_PPM * blocks * blocks * links / (down * (graph->distance_sum + graph->adjacent));
  } else {
    const ls_moore moore = bound_of(size);
    *low = WHOLE_PPM * blocks * links / (2 * down * moore.distance_sum);
    *high = WHOLE_PPM * blocks * links / (down * (moore.distance_sum + neighbours_max(size)));
  }
}

/* Worst-case throughput as a fraction of the NIC rate: of a Clos its oversubscription as built, of
 * blocks by their graph, between rails what scale-up carries. */
void ls_structure_fill_throughput(const ls_spec *spec, const ls_block_graph *graph,
                                  ls_structure *structure)
{
  const ls_size *size = &structure->size;
  int64_t low = WHOLE_PPM, high = WHOLE_PPM;
  if (size->up) low = high = WHOLE_PPM * (int64_t)size->up / size->down;
  if (structure->peer_tier >= 0) {
    const int64_t down = gpus_of_block(size);
    if (ls_size_has_graph(size))
      graph_throughput(size, graph, down, &low, &high);
    else
      mesh_throughput(size, down, &low, &high);
  }
  if (size->fabric_count > 1) low = high = ls_min(low, ls_relay_ppm(spec));
  structure->throughput_ppm_low = (int32_t)ls_min(low, WHOLE_PPM);
  structure->throughput_ppm_high = (int32_t)ls_min(high, WHOLE_PPM);
}

/* ---- Mean hops ---- */

/* Over pairs of GPUs on different leaves, all full but perhaps the last; of pods every two are
 * joined. Without a graph the last counts as if it were farthest from all, and not at all. */
static int64_t hops_ppm(const ls_problem *problem, const ls_size *size, const ls_block_graph *graph)
{
  const int64_t blocks = size->block_count, down = size->down;
  const int64_t last = problem->endpoint_count - (blocks - 1) * down;
  if (blocks < size->leaf_count) return WHOLE_PPM;
  if (graph) {
    const ls_wide full = graph->distance_sum - 2 * graph->last_distance;
    const ls_wide sum =
        (ls_wide)down * down * full + (ls_wide)2 * down * last * graph->last_distance;
    const ls_wide pairs = (ls_wide)down * down * (blocks - 1) * (blocks - 2) +
                          (ls_wide)2 * down * last * (blocks - 1);
    return (int64_t)(sum * WHOLE_PPM / pairs);
  }
  const ls_moore moore = bound_of(size);
  if (last == down || blocks < 3) return WHOLE_PPM * moore.distance_sum / (blocks - 1);
  return WHOLE_PPM * (moore.distance_sum - moore.diameter) / (blocks - 2);
}

void ls_structure_fill_blocks(const ls_spec *spec, const ls_problem *problem,
                              const ls_block_graph *graph, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const bool has_graph = ls_structure_has_graph(structure);
  int32_t diameter = 1;
  if (has_graph) diameter = graph ? graph->diameter : bound_of(size).diameter;
  passes_fill(diameter, structure);
  ls_structure_fill_throughput(spec, graph, structure);
  structure->block_hops_ppm = has_graph ? (int32_t)hops_ppm(problem, size, graph) : WHOLE_PPM;
}

/* ---- With the graph ---- */

ls_status ls_structure_wire(const ls_spec *spec, const ls_problem *problem,
                            const ls_structure *structure, ls_structure *wired)
{
  const ls_block_graph *graph;
  ls_structure_demand demand;
  *wired = *structure;
  if (!ls_structure_has_graph(structure)) return LS_OK;
  ls_status status = ls_structure_take_graph(spec, structure, &graph);
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

/* Links that a unit of the spec's demand takes on average, and the least of any graph. */
typedef struct demand_hops {
  double mean, bound; /* 0: no demand */
} demand_hops;

static int falling_compare(const void *left, const void *right)
{
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a < b) - (a > b);
}

/* What a block sends, the most of it to those that can be nearest. */
static double row_hops_bound(int64_t *row, int32_t blocks, int64_t neighbours)
{
  double sum = 0;
  int64_t level = neighbours;
  qsort(row, (size_t)blocks, sizeof *row, falling_compare);
  for (int32_t i = 0, hops = 1; i < blocks; hops++) {
    for (int64_t here = 0; here < level && i < blocks; here++) sum += (double)row[i++] * hops;
    if (level < blocks) level *= ls_max(neighbours - 1, 1);
  }
  return sum;
}

static ls_status demand_hops_find(const ls_spec *spec, const ls_structure *structure,
                                  const ls_block_graph *graph, demand_hops *found)
{
  const int32_t blocks = graph->blocks;
  int64_t *weights = NULL;
  ls_block_load load = {.most = 0};
  double all = 0, least = 0;
  ls_status status =
      weights_create(spec, blocks, (int32_t)gpus_of_block(&structure->size), &weights);
  if (status == LS_OK) status = ls_block_graph_load(graph, weights, &load);
  for (int32_t v = 0; status == LS_OK && v < blocks; v++) {
    int64_t *row = weights + (size_t)v * (size_t)blocks;
    for (int32_t w = 0; w < blocks; w++) all += (double)row[w];
    least += row_hops_bound(row, blocks, ls_min(graph->degree, blocks - 1));
  }
  if (status == LS_OK && all > 0) *found = (demand_hops){(double)load.hops / all, least / all};
  free(weights);
  return status;
}

/* A graph as it is told. */
typedef struct telling {
  const ls_block_graph *graph;
  ls_moore moore;
  demand_hops demand;
} telling;

/* False: there is no graph, or no memory for it. The graph is then given back. */
static bool telling_take(const ls_spec *spec, const ls_structure *structure, telling *to)
{
  *to = (telling){.graph = NULL};
  if (!ls_structure_has_graph(structure) || ls_structure_take_graph(spec, structure, &to->graph))
    return false;
  to->moore = ls_moore_bound(to->graph->blocks, ls_min(to->graph->degree, to->graph->blocks - 1));
  if (!ls_spec_has_demand(spec) ||
      demand_hops_find(spec, structure, to->graph, &to->demand) == LS_OK)
    return true;
  ls_block_graph_release(spec->graphs, to->graph);
  return false;
}

void ls_structure_set_blocks(const ls_spec *spec, const ls_structure *structure, ls_json *object)
{
  telling told;
  if (!telling_take(spec, structure, &told)) return;
  const ls_block_graph *graph = told.graph;
  const double others = graph->blocks - 1, pairs = graph->blocks * others;
  ls_json *found = ls_json_object();
  ls_json_set_text(found, "kind", ls_block_kind_names[structure->block_kind]);
  ls_json_set_text(found, "made_from", graph->made_from);
  ls_json_set_int(found, "blocks", graph->blocks);
  ls_json_set_int(found, "links", graph->degree);
  ls_json_set_int(found, "diameter", graph->diameter);
  ls_json_set_int(found, "diameter_bound", told.moore.diameter);
  ls_json_set_real(found, "aspl", (double)graph->distance_sum / pairs);
  ls_json_set_real(found, "aspl_bound", (double)told.moore.distance_sum / others);
  if (told.demand.mean > 0) {
    ls_json_set_real(found, "demand_hops", told.demand.mean);
    ls_json_set_real(found, "demand_hops_bound", told.demand.bound);
  }
  ls_json_set(object, "block_graph", found);
  ls_block_graph_release(spec->graphs, graph);
}

void ls_structure_print_blocks(const ls_spec *spec, const ls_structure *structure,
                               const char *indent)
{
  telling told;
  if (!telling_take(spec, structure, &told)) return;
  const ls_block_graph *graph = told.graph;
  const double others = graph->blocks - 1, sum = (double)graph->distance_sum / graph->blocks;
  printf("%s%s (%s) of %d %s with %d links each: %.4f links apart on average, at most %d;\n"
         "%sno graph of as many is below %.4f (gap %.2f %%) and %d\n",
         indent, ls_block_kind_names[structure->block_kind], graph->made_from, (int)graph->blocks,
         structure->peer_tier > LS_TIER_SPINE ? "pods" : "leaves", (int)graph->degree, sum / others,
         (int)graph->diameter, indent, (double)told.moore.distance_sum / others,
         100 * (sum / (double)told.moore.distance_sum - 1), (int)told.moore.diameter);
  if (told.demand.mean > 0)
    printf("%sthe demand takes %.4f links on average, no less than %.4f over any graph (gap %.2f "
           "%%)\n",
           indent, told.demand.mean, told.demand.bound,
           100 * (told.demand.mean / told.demand.bound - 1));
  ls_block_graph_release(spec->graphs, graph);
}
