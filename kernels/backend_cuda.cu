/* The CUDA backend: cuts the space into tiles, launches the sweep kernel on batches of them, and
 * inserts the survivors of each batch into the exact front. What lately dominated others goes
 * back to the device as killers of the next batch, so survivors become rare. */
#include <cstdio>
#include <cstdlib>
#include <new>

#include "backend.h"
#include "backend_cuda.h"
#include "device_memory.cuh"
#include "killer_pool.h"
#include "sweep_kernel.cuh"

namespace
{

/* Designs of one launch at most: as many survivors find room, 72 MiB. */
constexpr uint32_t batch_designs_max = 1u << 20;
constexpr uint32_t batch_tiles_max = 1u << 14;

struct device_memory {
  ls_problem *problem_d;
  ls_structure *structures_d;
  uint16_t *options_d;
  sweep_tile *tiles_d;
  ls_score *killers_d;
  ls_front_member *survivors_d;
  sweep_counters *counters_d;
};

/* Where the walk over the space stands: the next combination of the next access link. */
struct cursor {
  uint32_t structure, access, combination;
};

struct sweep {
  const ls_problem *problem;
  const ls_sweep_options *options;
  ls_front *front;
  ls_sweep_stats stats;
  ls_killer_pool pool;
  device_memory memory;
  cursor next;
  sweep_tile *tiles;          /* [batch_tiles_max] */
  ls_score *killers;          /* [max(reference_count, LS_POOL_SIZE)] */
  ls_front_member *survivors; /* [batch_designs] */
  size_t shared_bytes;
  uint32_t batch_designs; /* designs of a launch at most, and room for survivors */
};

size_t killer_capacity(const ls_sweep_options *options)
{
  return options->reference_count > LS_POOL_SIZE ? (size_t)options->reference_count
                                                 : (size_t)LS_POOL_SIZE;
}

void memory_release(sweep *self)
{
  device_memory *memory = &self->memory;
  cudaFree(memory->problem_d);
  cudaFree(memory->structures_d);
  cudaFree(memory->options_d);
  cudaFree(memory->tiles_d);
  cudaFree(memory->killers_d);
  cudaFree(memory->survivors_d);
  cudaFree(memory->counters_d);
  free(self->tiles);
  free(self->killers);
  free(self->survivors);
  (void)cudaGetLastError(); /* what failed has been told; the next sweep starts clean */
}

ls_status memory_take(sweep *self)
{
  const ls_problem *problem = self->problem;
  device_memory *memory = &self->memory;
  const size_t killer_count = killer_capacity(self->options);
  self->tiles = (sweep_tile *)malloc(batch_tiles_max * sizeof(sweep_tile));
  self->killers = (ls_score *)malloc(killer_count * sizeof(ls_score));
  self->survivors = (ls_front_member *)malloc(self->batch_designs * sizeof(ls_front_member));
  if (!self->tiles || !self->killers || !self->survivors) return LS_ERR_MEMORY;
  const bool is_taken = device_alloc(&memory->problem_d, 1) &&
                        device_alloc(&memory->structures_d, problem->structure_count) &&
                        device_alloc(&memory->options_d, problem->option_total) &&
                        device_alloc(&memory->tiles_d, batch_tiles_max) &&
                        device_alloc(&memory->killers_d, killer_count) &&
                        device_alloc(&memory->survivors_d, self->batch_designs) &&
                        device_alloc(&memory->counters_d, 1);
  return is_taken ? LS_OK : LS_ERR_DEVICE;
}

/* Copies the problem with its arrays; its pointers become the device's. */
ls_status problem_upload(sweep *self)
{
  const device_memory *memory = &self->memory;
  ls_problem image = *self->problem;
  image.structures = memory->structures_d;
  image.options = memory->options_d;
  const bool is_up =
      to_device(memory->problem_d, &image, 1) &&
      to_device(memory->structures_d, self->problem->structures, self->problem->structure_count) &&
      to_device(memory->options_d, self->problem->options, self->problem->option_total);
  return is_up ? LS_OK : LS_ERR_DEVICE;
}

/* Shared memory for the rows of the largest structure; beyond 48 KiB it must be asked for. */
ls_status shared_prepare(sweep *self)
{
  size_t row_count = 0;
  for (uint32_t i = 0; i < self->problem->structure_count; i++) {
    const uint32_t *count = self->problem->structures[i].option_count;
    const size_t of_structure = 1 + (size_t)count[1] + count[2] + count[3];
    if (of_structure > row_count) row_count = of_structure;
  }
  self->shared_bytes = row_count * sizeof(ls_tier_row);
  return is_done(cudaFuncSetAttribute(sweep_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                      (int)self->shared_bytes))
             ? LS_OK
             : LS_ERR_DEVICE;
}

/* Fills the next batch of tiles from the cursor; returns how many, 0 at the end of the space. */
uint32_t tiles_collect(sweep *self)
{
  const ls_problem *problem = self->problem;
  cursor *next = &self->next;
  uint32_t tile_count = 0, design_count = 0;
  while (next->structure < problem->structure_count && tile_count < batch_tiles_max) {
    const ls_structure *structure = &problem->structures[next->structure];
    const bool is_bounded = ls_structure_violations(problem, structure) != 0;
    const uint32_t above =
        structure->option_count[1] * structure->option_count[2] * structure->option_count[3];
    if (is_bounded || next->access == structure->option_count[0]) {
      *(is_bounded ? &self->stats.bounded_count : &self->stats.evaluated_count) +=
          structure->rank_count;
      *next = cursor{next->structure + 1, 0, 0};
      continue;
    }
    const uint32_t left = above - next->combination;
    const uint32_t count = left < (uint32_t)TILE_DESIGNS ? left : (uint32_t)TILE_DESIGNS;
    if (design_count + count > self->batch_designs) break;
    self->tiles[tile_count++] = sweep_tile{next->structure, next->access, next->combination, count};
    design_count += count;
    next->combination += count;
    if (next->combination == above) *next = cursor{next->structure, next->access + 1, 0};
  }
  return tile_count;
}

int32_t killers_collect(sweep *self)
{
  if (self->options->reference_count) {
    memcpy(self->killers, self->options->reference,
           (size_t)self->options->reference_count * sizeof(ls_score));
    return self->options->reference_count;
  }
  for (int32_t i = 0; i < self->pool.count; i++) self->killers[i] = self->pool.member[i].score;
  return self->pool.count;
}

ls_status batch_launch(sweep *self, uint32_t tile_count)
{
  const device_memory *memory = &self->memory;
  const int32_t killer_count = killers_collect(self);
  if (!to_device(memory->tiles_d, self->tiles, tile_count) ||
      !to_device(memory->killers_d, self->killers, (size_t)killer_count) ||
      !is_done(cudaMemset(memory->counters_d, 0, sizeof(sweep_counters))))
    return LS_ERR_DEVICE;
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(tile_count);
  config.blockDim = dim3(BLOCK_SIZE);
  config.dynamicSmemBytes = self->shared_bytes;
  const sweep_launch launch = {memory->problem_d,
                               memory->tiles_d,
                               memory->killers_d,
                               killer_count,
                               self->options->reference_count > 0,
                               memory->survivors_d,
                               memory->counters_d};
  if (!is_done(cudaLaunchKernelEx(&config, sweep_kernel, launch))) return LS_ERR_DEVICE;
  return is_done(cudaGetLastError()) && is_done(cudaDeviceSynchronize()) ? LS_OK : LS_ERR_DEVICE;
}

/* Fetches the survivors of a batch into the front. Their order varies, the front does not. */
ls_status batch_collect(sweep *self)
{
  const device_memory *memory = &self->memory;
  sweep_counters counters;
  if (!to_host(&counters, memory->counters_d, 1) ||
      !to_host(self->survivors, memory->survivors_d, (size_t)counters.survivors))
    return LS_ERR_DEVICE;
  self->stats.feasible_count += counters.feasible;
  self->stats.undominated_count += counters.undominated;
  for (uint64_t i = 0; i < counters.survivors; i++) {
    const ls_front_member *member = &self->survivors[i];
    const ls_front_member *dominator;
    const ls_status status = ls_front_insert(self->front, member, &dominator);
    if (status != LS_OK) return status;
    ls_killer_pool_push(&self->pool, dominator ? dominator : member);
    self->stats.insert_count += !dominator;
  }
  return LS_OK;
}

ls_status sweep_run(sweep *self)
{
  ls_status status = memory_take(self);
  if (status == LS_OK) status = problem_upload(self);
  if (status == LS_OK) status = shared_prepare(self);
  while (status == LS_OK) {
    if (self->options->stop && *self->options->stop) return LS_ERR_STOPPED;
    const uint32_t tile_count = tiles_collect(self);
    if (!tile_count) return LS_OK;
    status = batch_launch(self, tile_count);
    if (status == LS_OK) status = batch_collect(self);
  }
  return status;
}

} // namespace

static ls_status cuda_sweep(const ls_problem *problem, const ls_sweep_options *options,
                            ls_front *front, ls_sweep_stats *stats)
{
  sweep *self = new (std::nothrow) sweep();
  if (!self) return LS_ERR_MEMORY;
  self->problem = problem;
  self->options = options;
  self->front = front;
  self->batch_designs =
      problem->space_size < batch_designs_max ? (uint32_t)problem->space_size : batch_designs_max;
  const ls_status status = sweep_run(self);
  if (status == LS_OK) *stats = self->stats;
  memory_release(self);
  delete self;
  return status;
}

/* Any error counts as no GPU; a missing driver leaves the count as it was. */
static ls_status cuda_probe(char *text, size_t capacity)
{
  int device_count = 0;
  const cudaError_t code = cudaGetDeviceCount(&device_count);
  (void)cudaGetLastError();
  if (code == cudaSuccess && device_count > 0) {
    snprintf(text, capacity, "%d GPU%s", device_count, device_count == 1 ? "" : "s");
    return LS_OK;
  }
  snprintf(text, capacity, "no GPU: %s",
           code == cudaSuccess ? "none is present" : cudaGetErrorString(code));
  return LS_ERR_DEVICE;
}

extern const ls_backend ls_backend_cuda = {"cuda", cuda_probe, cuda_sweep, ls_cuda_score};
