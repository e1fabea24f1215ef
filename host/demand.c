#include "demand.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"
#include "wide.h"

/* All demand of a job together has this weight. */
#define WEIGHT_TOTAL ((int64_t)1 << 61)

/* ---- Blocks ---- */

static int64_t blocks_per_rail(const ls_block_layout *layout)
{
  const int64_t of_rail = ls_ceil_div(layout->gpu_count, layout->rail_count);
  return ls_ceil_div(of_rail, layout->block_gpus);
}

int64_t ls_block_count(const ls_block_layout *layout)
{
  return layout->rail_count * blocks_per_rail(layout);
}

int64_t ls_block_of_gpu(const ls_block_layout *layout, int64_t gpu)
{
  const int64_t rail = gpu % layout->rail_count, server = gpu / layout->rail_count;
  return rail * blocks_per_rail(layout) + server / layout->block_gpus;
}

static ls_status demand_create(int64_t block_count, ls_demand **demand)
{
  if (block_count > LS_DEMAND_BLOCKS_MAX) return LS_ERR_FULL;
  const size_t count = (size_t)block_count;
  ls_demand *result = calloc(1, sizeof *result);
  if (!result) return LS_ERR_MEMORY;
  result->block_count = (int32_t)block_count;
  result->gpu_count = calloc(count, sizeof *result->gpu_count);
  result->weight = calloc(count * count, sizeof *result->weight);
  if (!result->gpu_count || !result->weight) {
    ls_demand_destroy(result);
    return LS_ERR_MEMORY;
  }
  *demand = result;
  return LS_OK;
}

static void count_gpus(const ls_block_layout *layout, ls_demand *demand)
{
  for (int64_t gpu = 0; gpu < layout->gpu_count; gpu++)
    demand->gpu_count[ls_block_of_gpu(layout, gpu)]++;
}

void ls_demand_destroy(ls_demand *demand)
{
  if (!demand) return;
  free(demand->weight);
  free(demand->gpu_count);
  free(demand);
}

/* ---- From parallelism ---- */

typedef struct builder {
  const ls_traffic *traffic;
  const ls_block_layout *layout;
  int64_t domain_gpus;
  ls_wide total_bytes;   /* of all GPUs and phases: at least what is ever added */
  int64_t *member_count; /* [block_count] of the group at hand, 0 between groups */
  int32_t *touched;      /* [block_count] its blocks */
  ls_demand *demand;
} builder;

static int64_t *cell(const ls_demand *demand, int64_t from, int64_t to)
{
  return &demand->weight[from * demand->block_count + to];
}

/* Adds bytes * num / den from one GPU to another. */
static void gpu_add(builder *self, int64_t from, int64_t to, ls_wide bytes, ls_wide den)
{
  const int64_t a = ls_block_of_gpu(self->layout, from), b = ls_block_of_gpu(self->layout, to);
  *cell(self->demand, a, b) += (int64_t)(bytes * WEIGHT_TOTAL / (den * self->total_bytes));
}

/* GPU of a data rank, of the group of one tensor rank and stage. */
static int64_t data_gpu(const ls_parallelism *parallel, int64_t first, int64_t rank)
{
  return first + rank * parallel->tensor;
}

/* One past the last rank that shares a scale-up domain with this one; at most end. */
static int64_t domain_end(const builder *self, int64_t first, int64_t rank, int64_t end)
{
  const ls_parallelism *parallel = &self->traffic->parallelism;
  const int64_t domain = data_gpu(parallel, first, rank) / self->domain_gpus;
  int64_t after = rank + 1;
  while (after < end && data_gpu(parallel, first, after) / self->domain_gpus == domain) after++;
  return after;
}

/* Blocks of the ranks from..to of a group; adds (or, by sign -1, takes away) every ordered pair of
 * them, as a number of pairs. */
static void pairs_add(builder *self, int64_t first, int64_t from, int64_t to, int64_t sign)
{
  int32_t count = 0;
  for (int64_t rank = from; rank < to; rank++) {
    const int64_t gpu = data_gpu(&self->traffic->parallelism, first, rank);
    const int64_t block = ls_block_of_gpu(self->layout, gpu);
    if (!self->member_count[block]++) self->touched[count++] = (int32_t)block;
  }
  for (int32_t i = 0; i < count; i++)
    for (int32_t j = 0; j < count; j++)
      *cell(self->demand, self->touched[i], self->touched[j]) +=
          sign * self->member_count[self->touched[i]] * self->member_count[self->touched[j]];
  for (int32_t i = 0; i < count; i++) self->member_count[self->touched[i]] = 0;
}

/* Pairs of an expert group that are not in one domain. */
static void expert_group_add(builder *self, int64_t first, int64_t from, int64_t to)
{
  pairs_add(self, first, from, to, 1);
  for (int64_t rank = from, after; rank < to; rank = after) {
    after = domain_end(self, first, rank, to);
    pairs_add(self, first, rank, after, -1);
  }
}

/* The all-to-all comes first: its pairs are counted exactly and weighed once. */
static void all_to_all_add(builder *self)
{
  const ls_parallelism *parallel = &self->traffic->parallelism;
  const int64_t stage_gpus = (int64_t)parallel->tensor * parallel->data;
  const size_t cells = (size_t)self->demand->block_count * (size_t)self->demand->block_count;
  const ls_wide den = (ls_wide)parallel->expert * self->total_bytes;
  if (!self->traffic->all_to_all_bytes) return;
  for (int64_t stage = 0; stage < parallel->pipeline; stage++)
    for (int64_t tensor = 0; tensor < parallel->tensor; tensor++)
      for (int64_t rank = 0; rank < parallel->data; rank += parallel->expert)
        expert_group_add(self, stage * stage_gpus + tensor, rank, rank + parallel->expert);
  for (size_t i = 0; i < cells; i++) {
    const ls_wide bytes = (ls_wide)self->demand->weight[i] * self->traffic->all_to_all_bytes;
    self->demand->weight[i] = (int64_t)(bytes * WEIGHT_TOTAL / den);
  }
}

/* The ring over the domains of one data group. */
static void ring_add(builder *self, int64_t first)
{
  const ls_traffic *traffic = self->traffic;
  const ls_parallelism *parallel = &traffic->parallelism;
  const int64_t data = parallel->data;
  const ls_wide halves = traffic->algorithm == LS_ALL_REDUCE_IN_NETWORK ? 1 : 2;
  int64_t domains = 0;
  for (int64_t rank = 0; rank < data; rank = domain_end(self, first, rank, data)) domains++;
  if (domains < 2) return;
  const ls_wide bytes = halves * traffic->all_reduce_bytes * (domains - 1);
  for (int64_t rank = 0, after; rank < data; rank = after) {
    after = domain_end(self, first, rank, data);
    const int64_t members = after - rank;
    const int64_t next = after < data ? after : 0;
    const int64_t next_members = domain_end(self, first, next, data) - next;
    for (int64_t i = 0; i < members; i++)
      gpu_add(self, data_gpu(parallel, first, rank + i),
              data_gpu(parallel, first, next + i * next_members / members), bytes,
              (ls_wide)domains * members);
  }
}

static void all_reduce_add(builder *self)
{
  const ls_parallelism *parallel = &self->traffic->parallelism;
  const int64_t stage_gpus = (int64_t)parallel->tensor * parallel->data;
  if (!self->traffic->all_reduce_bytes) return;
  for (int64_t stage = 0; stage < parallel->pipeline; stage++)
    for (int64_t tensor = 0; tensor < parallel->tensor; tensor++)
      ring_add(self, stage * stage_gpus + tensor);
}

static void pipeline_add(builder *self)
{
  const ls_parallelism *parallel = &self->traffic->parallelism;
  const int64_t stage_gpus = (int64_t)parallel->tensor * parallel->data;
  for (int64_t gpu = 0; gpu + stage_gpus < self->layout->gpu_count; gpu++) {
    if (gpu / self->domain_gpus == (gpu + stage_gpus) / self->domain_gpus) continue;
    gpu_add(self, gpu, gpu + stage_gpus, self->traffic->pipeline_bytes, 2);
    gpu_add(self, gpu + stage_gpus, gpu, self->traffic->pipeline_bytes, 2);
  }
}

ls_status ls_demand_from_traffic(const ls_traffic *traffic, int32_t domain_gpus,
                                 const ls_block_layout *layout, ls_demand **demand)
{
  builder self = {.traffic = traffic, .layout = layout, .domain_gpus = domain_gpus};
  if (!traffic->parallelism.data) return LS_ERR_INPUT;
  ls_status status = demand_create(ls_block_count(layout), &self.demand);
  if (status != LS_OK) return status;
  const size_t blocks = (size_t)self.demand->block_count;
  self.member_count = calloc(blocks, sizeof *self.member_count);
  self.touched = malloc(blocks * sizeof *self.touched);
  self.total_bytes = (2 * (ls_wide)traffic->all_reduce_bytes + traffic->all_to_all_bytes +
                      traffic->pipeline_bytes) *
                     layout->gpu_count;
  if (!self.member_count || !self.touched) status = LS_ERR_MEMORY;
  if (status == LS_OK) {
    count_gpus(layout, self.demand);
    if (self.total_bytes > 0) {
      all_to_all_add(&self);
      all_reduce_add(&self);
      pipeline_add(&self);
    }
    *demand = self.demand;
  } else {
    ls_demand_destroy(self.demand);
  }
  free(self.touched);
  free(self.member_count);
  return status;
}

void ls_demand_keep_rails(ls_demand *demand, int32_t rail_count)
{
  const int64_t of_rail = demand->block_count / rail_count;
  for (int64_t from = 0; from < demand->block_count; from++)
    for (int64_t to = 0; to < demand->block_count; to++) {
      const int64_t carrier = to / of_rail * of_rail + from % of_rail;
      if (carrier == from) continue;
      *cell(demand, carrier, to) += *cell(demand, from, to);
      *cell(demand, from, to) = 0;
    }
}

/* ---- From a coarser or finer matrix ---- */

/* GPUs of one run of the matrix in one block. */
typedef struct part {
  int32_t run;
  int64_t gpu_count;
} part;

/* Parts of every block, by block and then by run: part[first[b]] .. part[first[b + 1] - 1]. */
typedef struct parts {
  part *part;
  int64_t *first;    /* [block_count + 1] */
  int64_t *run_gpus; /* [run_count] GPUs of each run */
} parts;

static int64_t run_of_gpu(const ls_block_layout *layout, int64_t run_count, int64_t gpu)
{
  return gpu * run_count / layout->gpu_count;
}

static void parts_fill(const ls_block_layout *layout, int64_t run_count, parts *to)
{
  const int64_t of_rail = blocks_per_rail(layout);
  int64_t used = 0;
  for (int64_t block = 0; block < layout->rail_count * of_rail; block++) {
    const int64_t rail = block / of_rail, server = block % of_rail * layout->block_gpus;
    to->first[block] = used;
    for (int64_t i = 0; i < layout->block_gpus; i++) {
      const int64_t gpu = (server + i) * layout->rail_count + rail;
      if (gpu >= layout->gpu_count) break;
      const int32_t run = (int32_t)run_of_gpu(layout, run_count, gpu);
      if (used == to->first[block] || to->part[used - 1].run != run)
        to->part[used++] = (part){.run = run};
      to->part[used - 1].gpu_count++;
      to->run_gpus[run]++;
    }
  }
  to->first[layout->rail_count * of_rail] = used;
}

static int64_t spread_cell(const ls_demand *matrix, const parts *from, int64_t a, int64_t b)
{
  ls_wide sum = 0;
  for (int64_t i = from->first[a]; i < from->first[a + 1]; i++)
    for (int64_t j = from->first[b]; j < from->first[b + 1]; j++) {
      const part *x = &from->part[i], *y = &from->part[j];
      sum += (ls_wide)*cell(matrix, x->run, y->run) * x->gpu_count * y->gpu_count /
             ((ls_wide)from->run_gpus[x->run] * from->run_gpus[y->run]);
    }
  return (int64_t)sum;
}

ls_status ls_demand_spread(const ls_demand *matrix, const ls_block_layout *layout,
                           ls_demand **demand)
{
  const int64_t runs = matrix->block_count, blocks = ls_block_count(layout);
  ls_demand *result = NULL;
  parts from = {.part = NULL};
  if (runs > layout->gpu_count) return LS_ERR_INPUT;
  ls_status status = demand_create(blocks, &result);
  if (status != LS_OK) return status;
  /* A rail meets each run once, and each block starts a part. */
  from.part = calloc((size_t)(blocks + runs * layout->rail_count), sizeof *from.part);
  from.first = calloc((size_t)blocks + 1, sizeof *from.first);
  from.run_gpus = calloc((size_t)runs, sizeof *from.run_gpus);
  if (from.part && from.first && from.run_gpus) {
    parts_fill(layout, runs, &from);
    count_gpus(layout, result);
    for (int64_t a = 0; a < blocks; a++)
      for (int64_t b = 0; b < blocks; b++) *cell(result, a, b) = spread_cell(matrix, &from, a, b);
    *demand = result;
  } else {
    ls_demand_destroy(result);
    status = LS_ERR_MEMORY;
  }
  free(from.run_gpus);
  free(from.first);
  free(from.part);
  return status;
}
