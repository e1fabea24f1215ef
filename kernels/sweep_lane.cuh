/* A lane: a stream with what one batch under way needs on the device, and memory of the host that
 * copies can use while the host goes on. Two lanes a device, so that the host inserts the survivors
 * of one batch while the device works on the next. Nothing here waits but lane_wait and
 * lane_fetch. */
#ifndef LS_SWEEP_LANE_CUH
#define LS_SWEEP_LANE_CUH

#include "device_memory.cuh"
#include "filter_kernel.cuh"
#include "killer_pool.h"
#include "sweep_walk.cuh"

/* Strong members of the front to filter against, and members fetched at a time. */
enum { STRONG_MAX = 1024, FETCH_MAX = 1 << 13 };

static_assert((int)LS_POOL_SIZE <= (int)LS_REFERENCE_MAX, "killers find room as well");

/* What a launch needs, here and on the device. */
struct lane_orders {
  sweep_batch batch;
  ls_score killers[LS_REFERENCE_MAX];
  ls_front_member strong[STRONG_MAX];
  uint32_t killer_count, strong_count;
};

/* Pinned. */
struct lane_staging {
  lane_orders orders;
  sweep_counters counters;
  ls_front_member fetched[FETCH_MAX];
};

struct sweep_lane {
  cudaStream_t stream;
  bool is_busy; /* a batch is under way */
  lane_staging *staging;
  lane_orders *orders_d;
  sweep_counters *counters_d;
  ls_tier_row *rows_d;
  ls_front_member *survivors_d, *kept_d;
};

/* How a device runs the kernels. */
struct device_shape {
  uint32_t rows_blocks, sweep_blocks, filter_blocks; /* as many as it holds at a time */
  size_t shared_bytes;                               /* dynamic, of the sweep */
};

/* Room for designs of a batch and their structures' rows. On error lane_release is due as well. */
static inline ls_status lane_take(sweep_lane *lane, size_t design_count, size_t rows)
{
  const bool is_taken = is_done(cudaMallocHost((void **)&lane->staging, sizeof *lane->staging)) &&
                        device_alloc(&lane->orders_d, 1) && device_alloc(&lane->counters_d, 1) &&
                        device_alloc(&lane->rows_d, rows) &&
                        device_alloc(&lane->survivors_d, design_count) &&
                        device_alloc(&lane->kept_d, design_count) &&
                        is_done(cudaStreamCreateWithFlags(&lane->stream, cudaStreamNonBlocking));
  return is_taken ? LS_OK : LS_ERR_DEVICE;
}

static inline void lane_release(sweep_lane *lane)
{
  if (lane->stream) {
    (void)cudaStreamSynchronize(lane->stream); /* what is under way uses what is freed */
    cudaStreamDestroy(lane->stream);
  }
  cudaFree(lane->orders_d);
  cudaFree(lane->counters_d);
  cudaFree(lane->rows_d);
  cudaFree(lane->survivors_d);
  cudaFree(lane->kept_d);
  cudaFreeHost(lane->staging);
}

/* Puts a copy on the lane's stream. */
template <class type>
bool lane_copy(const sweep_lane *lane, type *to, const type *from, size_t count,
               cudaMemcpyKind kind)
{
  return is_done(cudaMemcpyAsync(to, from, count * sizeof(type), kind, lane->stream));
}

static inline bool orders_send(const sweep_lane *lane)
{
  const lane_orders *from = &lane->staging->orders;
  lane_orders *to_d = lane->orders_d;
  const cudaMemcpyKind kind = cudaMemcpyHostToDevice;
  return lane_copy(lane, to_d->batch.structures, from->batch.structures,
                   from->batch.structure_count, kind) &&
         lane_copy(lane, to_d->batch.tiles, from->batch.tiles, from->batch.tile_count, kind) &&
         lane_copy(lane, to_d->killers, from->killers, from->killer_count, kind) &&
         lane_copy(lane, to_d->strong, from->strong, from->strong_count, kind);
}

/* Puts a kernel on the lane's stream. */
template <class argument>
bool kernel_put(const sweep_lane *lane, void (*kernel)(argument), argument launch, uint32_t grid,
                uint32_t block, size_t shared_bytes)
{
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(grid);
  config.blockDim = dim3(block);
  config.dynamicSmemBytes = shared_bytes;
  config.stream = lane->stream;
  return is_done(cudaLaunchKernelEx(&config, kernel, launch)) && is_done(cudaGetLastError());
}

static inline uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static inline bool kernels_put(const sweep_lane *lane, const device_shape *shape,
                               const ls_problem *problem_d, bool is_counting)
{
  const lane_orders *orders = &lane->staging->orders;
  const sweep_batch *batch = &orders->batch;
  lane_orders *orders_d = lane->orders_d;
  const rows_launch rows = {problem_d, orders_d->batch.structures, batch->structure_count,
                            lane->rows_d};
  const sweep_launch sweep = {problem_d,    orders_d->batch.tiles, batch->tile_count,
                              lane->rows_d, orders_d->killers,     (int32_t)orders->killer_count,
                              is_counting,  lane->survivors_d,     lane->counters_d};
  const filter_launch filter = {problem_d,         orders_d->strong, orders->strong_count,
                                lane->survivors_d, lane->kept_d,     lane->counters_d};
  return kernel_put(lane, rows_kernel, rows, least(batch->structure_count, shape->rows_blocks),
                    ROWS_BLOCK, 0) &&
         kernel_put(lane, sweep_kernel, sweep, least(batch->tile_count, shape->sweep_blocks),
                    BLOCK_SIZE, shape->shared_bytes) &&
         (is_counting ||
          kernel_put(lane, filter_kernel, filter, shape->filter_blocks, BLOCK_SIZE, 0));
}

/* Starts the batch, killers and strong members of lane->staging->orders, which stay as they are
 * until lane_wait. */
static inline ls_status lane_start(sweep_lane *lane, const device_shape *shape,
                                   const ls_problem *problem_d, bool is_counting)
{
  lane->is_busy = true;
  const bool is_put =
      orders_send(lane) &&
      is_done(cudaMemsetAsync(lane->counters_d, 0, sizeof(sweep_counters), lane->stream)) &&
      kernels_put(lane, shape, problem_d, is_counting) &&
      lane_copy(lane, &lane->staging->counters, lane->counters_d, 1, cudaMemcpyDeviceToHost);
  return is_put ? LS_OK : LS_ERR_DEVICE;
}

/* Until the batch is done; its counts are then in lane->staging->counters. */
static inline ls_status lane_wait(sweep_lane *lane)
{
  lane->is_busy = false;
  return is_done(cudaStreamSynchronize(lane->stream)) ? LS_OK : LS_ERR_DEVICE;
}

/* Fetches count of what was kept, from first on, at most FETCH_MAX, to lane->staging->fetched. */
static inline ls_status lane_fetch(sweep_lane *lane, size_t first, size_t count)
{
  const bool is_fetched = lane_copy(lane, lane->staging->fetched, lane->kept_d + first, count,
                                    cudaMemcpyDeviceToHost) &&
                          is_done(cudaStreamSynchronize(lane->stream));
  return is_fetched ? LS_OK : LS_ERR_DEVICE;
}

#endif
