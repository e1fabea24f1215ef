/* The CUDA backend. A host thread for each device takes batches of the walk over the space, puts
 * them on one of two lanes in turn, and inserts what the device has kept of the batch before into
 * its exact front, while the device works. What lately dominated others goes back to the device as
 * killers and strong members of a later batch, so survivors become rare. The fronts are merged at
 * the end: neither front nor counts depend on the number of devices. */
#include <atomic>
#include <cstdio>
#include <new>

#include "backend.h"
#include "backend_cuda.h"
#include "device_team.cuh"
#include "stop_flag.h"
#include "sweep_lane.cuh"

namespace
{

enum { LANE_COUNT = 2 };

struct sweep {
  const ls_problem *problem;
  const ls_sweep_options *options;
  sweep_walk walk;
  size_t row_capacity;     /* rows of a batch at most */
  std::atomic<int> status; /* the first error of any device */
};

/* A device, and the host thread that works with it. A thread's batches rise in rank, so what its
 * front holds is lower in rank than what it takes next. */
struct worker {
  sweep *shared;
  pthread_t thread;
  int32_t device;
  ls_front *front; /* the caller's for the first worker */
  ls_problem *problem_d;
  ls_structure *structures_d;
  uint16_t *options_d;
  device_shape shape;
  sweep_lane lanes[LANE_COUNT];
  ls_killer_pool pool;
  /* Members that lately dominated others or entered, each once: a place by a hash of the rank. */
  ls_front_member strong[STRONG_MAX];
  bool is_strong[STRONG_MAX]; /* the place is taken */
  ls_sweep_stats stats;
};

/* ---- Memory ---- */

void memory_release(worker *self)
{
  for (sweep_lane &lane : self->lanes) lane_release(&lane);
  cudaFree(self->problem_d);
  cudaFree(self->structures_d);
  cudaFree(self->options_d);
  (void)cudaGetLastError(); /* what failed has been told; the next sweep starts clean */
}

ls_status memory_take(worker *self)
{
  const sweep *shared = self->shared;
  const ls_problem *problem = shared->problem;
  const size_t design_count =
      problem->space_size < BATCH_DESIGNS ? (size_t)problem->space_size : (size_t)BATCH_DESIGNS;
  const bool is_taken = device_alloc(&self->problem_d, 1) &&
                        device_alloc(&self->structures_d, problem->structure_count) &&
                        device_alloc(&self->options_d, problem->option_total);
  ls_status status = is_taken ? LS_OK : LS_ERR_DEVICE;
  for (int32_t i = 0; status == LS_OK && i < LANE_COUNT; i++)
    status = lane_take(&self->lanes[i], design_count, shared->row_capacity);
  return status;
}

/* Copies the problem with its arrays; its pointers become the device's. Waits: what is copied from
 * pageable memory may still be on its way, and the lanes do not wait for it. */
ls_status problem_upload(worker *self)
{
  const ls_problem *problem = self->shared->problem;
  ls_problem image = *problem;
  image.structures = self->structures_d;
  image.options = self->options_d;
  const bool is_up = to_device(self->problem_d, &image, 1) &&
                     to_device(self->structures_d, problem->structures, problem->structure_count) &&
                     to_device(self->options_d, problem->options, problem->option_total) &&
                     is_done(cudaDeviceSynchronize());
  return is_up ? LS_OK : LS_ERR_DEVICE;
}

/* ---- How the kernels are run ---- */

/* Blocks of a kernel that the device holds at a time; 0 on error, and where not one fits. */
template <class kernel>
uint32_t blocks_resident(const worker *self, kernel function, int block_size, size_t shared_bytes)
{
  int multiprocessor_count = 0, of_each = 0;
  const bool is_known = is_done(cudaDeviceGetAttribute(
                            &multiprocessor_count, cudaDevAttrMultiProcessorCount, self->device)) &&
                        is_done(cudaOccupancyMaxActiveBlocksPerMultiprocessor(
                            &of_each, function, block_size, shared_bytes));
  return is_known ? (uint32_t)(multiprocessor_count * of_each) : 0u;
}

/* Shared memory for the rows of the largest tile; beyond 48 KiB it must be asked for. */
ls_status shape_choose(worker *self)
{
  const ls_problem *problem = self->shared->problem;
  device_shape *shape = &self->shape;
  size_t row_most = 0;
  for (uint32_t i = 0; i < problem->structure_count; i++) {
    const ls_structure *structure = &problem->structures[i];
    const size_t of_tile =
        (size_t)row_count(structure) - structure->option_count[0] + tile_access_max(structure);
    if (of_tile > row_most) row_most = of_tile;
  }
  shape->shared_bytes = row_most * sizeof(ls_tier_row);
  if (!is_done(cudaFuncSetAttribute(sweep_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                    (int)shape->shared_bytes)))
    return LS_ERR_DEVICE;
  shape->rows_blocks = blocks_resident(self, rows_kernel, ROWS_BLOCK, 0);
  shape->sweep_blocks = blocks_resident(self, sweep_kernel, BLOCK_SIZE, shape->shared_bytes);
  shape->filter_blocks = blocks_resident(self, filter_kernel, BLOCK_SIZE, 0);
  return shape->rows_blocks && shape->sweep_blocks && shape->filter_blocks ? LS_OK : LS_ERR_DEVICE;
}

/* ---- Batches ---- */

/* A killer's metrics that are not compared never exceed a design's. */
ls_score killer_make(const ls_problem *problem, const ls_score *score)
{
  ls_score killer = *score;
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if (!problem->objective_mask[i]) killer.metric[i] = INT64_MIN;
  return killer;
}

void killers_collect(const worker *self, lane_orders *orders)
{
  const sweep *shared = self->shared;
  const ls_sweep_options *options = shared->options;
  const ls_killer_pool *pool = &self->pool;
  orders->killer_count =
      options->reference_count ? (uint32_t)options->reference_count : (uint32_t)pool->count;
  for (uint32_t i = 0; i < orders->killer_count; i++)
    orders->killers[i] =
        killer_make(shared->problem,
                    options->reference_count ? &options->reference[i] : &pool->member[i].score);
}

void strong_put(worker *self, const ls_front_member *member)
{
  const size_t place = (size_t)(member->rank * UINT64_C(0x9E3779B97F4A7C15) >> 32) % STRONG_MAX;
  self->strong[place] = *member;
  self->is_strong[place] = true;
}

void strong_collect(const worker *self, lane_orders *orders)
{
  orders->strong_count = 0;
  for (size_t i = 0; i < STRONG_MAX; i++)
    if (self->is_strong[i]) orders->strong[orders->strong_count++] = self->strong[i];
}

/* Starts the next batch on a lane that has none; it stays so at the end of the space. */
ls_status batch_start(worker *self, sweep_lane *lane)
{
  lane_orders *orders = &lane->staging->orders;
  walk_take(&self->shared->walk, &orders->batch);
  if (!orders->batch.tile_count) return LS_OK;
  killers_collect(self, orders);
  strong_collect(self, orders);
  return lane_start(lane, &self->shape, self->problem_d,
                    self->shared->options->reference_count > 0);
}

/* Offers a member to the front. */
ls_status member_insert(worker *self, const ls_front_member *member)
{
  const ls_front_member *dominator;
  const ls_status status = ls_front_insert(self->front, member, &dominator);
  if (status != LS_OK) return status;
  ls_killer_pool_push(&self->pool, dominator ? dominator : member);
  strong_put(self, dominator ? dominator : member);
  self->stats.insert_count += !dominator;
  return LS_OK;
}

/* Waits for a lane's batch and brings what was kept to the front. Their order varies, the front
 * does not. */
ls_status batch_collect(worker *self, sweep_lane *lane)
{
  const sweep_counters *counters = &lane->staging->counters;
  ls_status status = lane_wait(lane);
  if (status != LS_OK) return status;
  self->stats.feasible_count += counters->feasible;
  self->stats.undominated_count += counters->undominated;
  const size_t kept_count = (size_t)counters->kept;
  for (size_t first = 0; first < kept_count; first += FETCH_MAX) {
    const size_t count = kept_count - first < FETCH_MAX ? kept_count - first : (size_t)FETCH_MAX;
    status = lane_fetch(lane, first, count);
    for (size_t i = 0; status == LS_OK && i < count; i++)
      status = member_insert(self, &lane->staging->fetched[i]);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

/* One lane starts while the other's batch is collected, until both are idle. */
ls_status batches_run(worker *self)
{
  const sweep *shared = self->shared;
  const volatile int *stop = shared->options->stop;
  sweep_lane *next = &self->lanes[0], *other = &self->lanes[1];
  ls_status status = LS_OK;
  do {
    if (ls_is_stopped(stop)) return LS_ERR_STOPPED;
    if (shared->status != LS_OK) return LS_OK; /* another device has told */
    status = batch_start(self, next);
    if (status == LS_OK && other->is_busy) status = batch_collect(self, other);
    sweep_lane *const started = next;
    next = other;
    other = started;
  } while (status == LS_OK && other->is_busy);
  return status;
}

void *worker_run(void *argument)
{
  worker *self = (worker *)argument;
  int none = LS_OK;
  ls_status status = is_done(cudaSetDevice(self->device)) ? LS_OK : LS_ERR_DEVICE;
  if (status == LS_OK) status = memory_take(self);
  if (status == LS_OK) status = problem_upload(self);
  if (status == LS_OK) status = shape_choose(self);
  if (status == LS_OK) status = batches_run(self);
  if (status != LS_OK) self->shared->status.compare_exchange_strong(none, (int)status);
  memory_release(self);
  return NULL;
}

/* ---- The whole sweep ---- */

size_t row_capacity_choose(const ls_problem *problem)
{
  size_t sum = 0;
  for (uint32_t i = 0; i < problem->structure_count && sum < BATCH_ROWS; i++)
    sum += row_count(&problem->structures[i]);
  return sum < BATCH_ROWS ? sum : (size_t)BATCH_ROWS;
}

/* Merges what the workers found; the first has worked in *front itself. */
ls_status workers_merge(const sweep *shared, const worker *workers, int32_t count, ls_front *front,
                        ls_sweep_stats *stats)
{
  ls_sweep_stats sum = {};
  sum.evaluated_count = shared->walk.evaluated_count;
  sum.bounded_count = shared->walk.bounded_count;
  for (int32_t i = 0; i < count; i++) {
    sum.feasible_count += workers[i].stats.feasible_count;
    sum.undominated_count += workers[i].stats.undominated_count;
    sum.insert_count += workers[i].stats.insert_count;
    const ls_status status = i ? ls_front_merge(front, workers[i].front) : LS_OK;
    if (status != LS_OK) return status;
  }
  *stats = sum;
  return LS_OK;
}

ls_status workers_prepare(sweep *shared, worker *workers, int32_t count, ls_front *front)
{
  for (int32_t i = 0; i < count; i++) {
    workers[i].shared = shared;
    workers[i].device = i;
    workers[i].front = front;
    const ls_status status =
        i ? ls_front_create(shared->problem->objective_mask, &workers[i].front) : LS_OK;
    if (status != LS_OK) {
      workers[i].front = NULL;
      return status;
    }
  }
  return LS_OK;
}

ls_status devices_sweep(sweep *shared, int32_t device_count, ls_front *front, ls_sweep_stats *stats)
{
  worker *workers = new (std::nothrow) worker[(size_t)device_count]();
  if (!workers) return LS_ERR_MEMORY;
  ls_status status = workers_prepare(shared, workers, device_count, front);
  if (status == LS_OK) {
    team_run(workers, device_count, worker_run);
    status = (ls_status)shared->status.load();
  }
  if (status == LS_OK) status = workers_merge(shared, workers, device_count, front, stats);
  for (int32_t i = 1; i < device_count; i++) ls_front_destroy(workers[i].front);
  delete[] workers;
  return status;
}

} // namespace

static ls_status cuda_sweep(const ls_problem *problem, const ls_sweep_options *options,
                            ls_front *front, ls_sweep_stats *stats)
{
  const int32_t device_count = device_count_read();
  if (!device_count) return LS_ERR_DEVICE;
  sweep *shared = new (std::nothrow) sweep();
  if (!shared) return LS_ERR_MEMORY;
  shared->problem = problem;
  shared->options = options;
  shared->row_capacity = row_capacity_choose(problem);
  shared->walk.problem = problem;
  shared->walk.batch_designs = BATCH_DESIGNS_FIRST;
  shared->status = LS_OK;
  ls_status status = LS_ERR_MEMORY;
  if (!pthread_mutex_init(&shared->walk.mutex, NULL)) {
    status = devices_sweep(shared, device_count, front, stats);
    pthread_mutex_destroy(&shared->walk.mutex);
  }
  delete shared;
  return status;
}

/* Why there is no GPU, for somebody who may not want one: where no driver is installed, CUDA says
 * that its version is insufficient. */
static const char *absence_text(cudaError_t code)
{
  int driver_version = 0;
  if (code == cudaSuccess || code == cudaErrorNoDevice) return "none is present";
  if (code == cudaErrorInsufficientDriver &&
      (cudaDriverGetVersion(&driver_version) != cudaSuccess || driver_version == 0))
    return "no NVIDIA driver";
  return cudaGetErrorString(code);
}

/* Any error counts as no GPU; a missing driver leaves the count as it was. */
static ls_status cuda_probe(char *text, size_t capacity)
{
  int device_count = 0;
  const cudaError_t code = cudaGetDeviceCount(&device_count);
  if (code == cudaSuccess && device_count > 0) {
    snprintf(text, capacity, "%d GPU%s", device_count, device_count == 1 ? "" : "s");
    return LS_OK;
  }
  snprintf(text, capacity, "no GPU: %s", absence_text(code));
  (void)cudaGetLastError();
  return LS_ERR_DEVICE;
}

extern const ls_backend ls_backend_cuda = {"cuda", cuda_probe, cuda_sweep, ls_cuda_score,
                                           ls_cuda_fail};
