/* Placement on CUDA: batches of tasks that know nothing of each other (qap_backend.h). A batch is
 * cut into slices, which a host thread for each device takes from a counter: its permutations go
 * up, a kernel runs each task to its end, and what it has found comes back. Matrices stay on the
 * device from batch to batch. While a kernel runs, the host looks whether the search is over, and
 * says so in memory that the kernel reads now and then. */
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include "device_team.cuh"
#include "place_tabu_kernel.cuh"
#include "place_temper_kernel.cuh"
#include "qap_backend.h"

namespace
{

constexpr long wait_ns = 200000; /* between two looks of the host */

struct place_worker;
struct slice;

/* Puts the kernel of a slice on the device. */
typedef ls_status (*slice_launch)(const place_worker *self, const slice *of);

struct batch_of {
  slice_launch launch;
  ls_qap_task *tasks;
  int32_t count;
  std::atomic<int32_t> next{0};   /* the first task that nobody has taken */
  std::atomic<int> status{LS_OK}; /* the first error */
};

/* A device with what it holds. */
struct place_worker {
  ls_qap_device *shared;
  pthread_t thread;
  int32_t device;
  int64_t *a_diagonal_d, *b_diagonal_d;
  unsigned char *a_d, *b_d;
  int32_t *logarithms_d;
  place_task *tasks_d, *tasks;           /* [capacity] */
  uint16_t *p_d, *best_p_d, *p, *best_p; /* [capacity][p_stride] */
  int *stop;                             /* pinned: 1 ends the kernel */
  int32_t temper_warps;                  /* of a block */
  size_t temper_bytes;                   /* of shared memory, dynamic */
  bool is_temper_shared;
  unsigned char *scratch_d; /* [tabu_blocks][tabu_scratch_bytes] */
  int32_t tabu_blocks;
  size_t tabu_bytes, tabu_scratch_bytes; /* of a block: shared memory, dynamic, and other */
  bool is_tabu_shared;
};

} // namespace

struct ls_qap_device {
  const ls_qap *qap;
  int32_t capacity; /* tasks of a slice */
  int32_t p_stride;
  int32_t worker_count;
  place_worker *workers; /* [worker_count] */
  batch_of *batch;       /* of the present call */
};

namespace
{

size_t matrix_bytes(const ls_qap *qap)
{
  return (size_t)qap->n * (size_t)qap->parts * (size_t)qap->stride * ls_qap_data_bytes(qap->width);
}

/* ---- Kernels by width, without and with the larger arrays in shared memory ---- */

typedef void (*temper_function)(temper_launch);

constexpr temper_function temper_functions[LS_QAP_WIDTH_COUNT][2] = {
    {temper_kernel<int16_t, int32_t, false>, temper_kernel<int16_t, int32_t, true>},
    {temper_kernel<int32_t, int32_t, false>, temper_kernel<int32_t, int32_t, true>},
    {temper_kernel<int64_t, int64_t, false>, temper_kernel<int64_t, int64_t, true>}};

typedef void (*tabu_function)(tabu_launch);

constexpr tabu_function tabu_functions[LS_QAP_WIDTH_COUNT][2] = {
    {tabu_kernel<int16_t, int32_t, false>, tabu_kernel<int16_t, int32_t, true>},
    {tabu_kernel<int32_t, int32_t, false>, tabu_kernel<int32_t, int32_t, true>},
    {tabu_kernel<int64_t, int64_t, false>, tabu_kernel<int64_t, int64_t, true>}};

/* ---- Memory ---- */

void memory_release(place_worker *self)
{
  (void)cudaSetDevice(self->device);
  cudaFree(self->a_diagonal_d);
  cudaFree(self->b_diagonal_d);
  cudaFree(self->a_d);
  cudaFree(self->b_d);
  cudaFree(self->logarithms_d);
  cudaFree(self->tasks_d);
  cudaFree(self->p_d);
  cudaFree(self->best_p_d);
  cudaFree(self->scratch_d);
  cudaFreeHost(self->stop);
  free(self->tasks);
  free(self->p);
  free(self->best_p);
  (void)cudaGetLastError(); /* what failed has been told; the next call starts clean */
}

ls_status memory_take(place_worker *self)
{
  const ls_qap *qap = self->shared->qap;
  const size_t n = (size_t)qap->n, capacity = (size_t)self->shared->capacity;
  const size_t places = capacity * (size_t)self->shared->p_stride;
  self->tasks = (place_task *)malloc(capacity * sizeof *self->tasks);
  self->p = (uint16_t *)calloc(places, sizeof *self->p);
  self->best_p = (uint16_t *)calloc(places, sizeof *self->best_p);
  if (!self->tasks || !self->p || !self->best_p) return LS_ERR_MEMORY;
  const bool is_taken =
      is_done(cudaMallocHost((void **)&self->stop, sizeof *self->stop)) &&
      device_alloc(&self->a_diagonal_d, n) && device_alloc(&self->b_diagonal_d, n) &&
      device_alloc(&self->a_d, matrix_bytes(qap)) && device_alloc(&self->b_d, matrix_bytes(qap)) &&
      device_alloc(&self->logarithms_d, LS_QAP_LOGARITHMS) &&
      device_alloc(&self->tasks_d, capacity) && device_alloc(&self->p_d, places) &&
      device_alloc(&self->best_p_d, places);
  return is_taken ? LS_OK : LS_ERR_DEVICE;
}

ls_status matrices_upload(const place_worker *self)
{
  const ls_qap *qap = self->shared->qap;
  const size_t n = (size_t)qap->n, bytes = matrix_bytes(qap);
  const bool is_up = to_device(self->a_d, (const unsigned char *)qap->a, bytes) &&
                     to_device(self->b_d, (const unsigned char *)qap->b, bytes) &&
                     to_device(self->a_diagonal_d, qap->a_diagonal, n) &&
                     to_device(self->b_diagonal_d, qap->b_diagonal, n);
  return is_up ? LS_OK : LS_ERR_DEVICE;
}

/* ---- Shapes of launches ---- */

bool attribute_read(const place_worker *self, cudaDeviceAttr attribute, size_t *value)
{
  int number = 0;
  const bool is_read = is_done(cudaDeviceGetAttribute(&number, attribute, self->device));
  *value = number > 0 ? (size_t)number : 0;
  return is_read;
}

template <class function> bool shared_allow(function *kernel, size_t bytes)
{
  return is_done(
      cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, (int)bytes));
}

/* As many warps a block as leave no multiprocessor without one; B is shared where it fits. */
ls_status temper_shape_choose(place_worker *self)
{
  const ls_qap *qap = self->shared->qap;
  const size_t n = (size_t)qap->n;
  size_t multiprocessors = 0, most_bytes = 0;
  if (!attribute_read(self, cudaDevAttrMultiProcessorCount, &multiprocessors) ||
      !attribute_read(self, cudaDevAttrMaxSharedMemoryPerBlockOptin, &most_bytes))
    return LS_ERR_DEVICE;
  const int64_t warps = ls_ceil_div(self->shared->capacity, ls_max((int64_t)multiprocessors, 1));
  self->temper_warps = (int32_t)ls_min(warps, TEMPER_WARPS);
  const size_t p_bytes = place_shared_p_bytes(self->temper_warps, self->shared->p_stride);
  const size_t b_bytes = n * n * (size_t)qap->parts * ls_qap_data_bytes(qap->width);
  self->is_temper_shared = p_bytes + b_bytes <= most_bytes;
  self->temper_bytes = p_bytes + (self->is_temper_shared ? b_bytes : 0);
  const temper_function kernel = temper_functions[qap->width][self->is_temper_shared];
  return shared_allow(kernel, self->temper_bytes) ? LS_OK : LS_ERR_DEVICE;
}

/* As many blocks as there are islands, and as the device holds at a time. */
ls_status tabu_shape_choose(place_worker *self)
{
  const ls_qap *qap = self->shared->qap;
  const size_t triangles = tabu_triangle_bytes(qap->n, ls_qap_delta_bytes(qap->width));
  const size_t rows = tabu_rows_bytes(qap->n, qap->parts, ls_qap_data_bytes(qap->width));
  size_t multiprocessors = 0, most_bytes = 0;
  if (!attribute_read(self, cudaDevAttrMultiProcessorCount, &multiprocessors) ||
      !attribute_read(self, cudaDevAttrMaxSharedMemoryPerBlockOptin, &most_bytes))
    return LS_ERR_DEVICE;
  self->is_tabu_shared = rows + triangles + TABU_STATIC_BYTES <= most_bytes;
  self->tabu_bytes = rows + (self->is_tabu_shared ? triangles : 0);
  self->tabu_scratch_bytes = tabu_until_bytes(qap->n) + (self->is_tabu_shared ? 0 : triangles);
  const tabu_function kernel = tabu_functions[qap->width][self->is_tabu_shared];
  int resident = 0;
  if (!shared_allow(kernel, self->tabu_bytes) ||
      !is_done(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, kernel, TABU_BLOCK,
                                                             self->tabu_bytes)))
    return LS_ERR_DEVICE;
  const int64_t room = ls_max((int64_t)multiprocessors * resident, 1);
  self->tabu_blocks = (int32_t)ls_min(room, self->shared->capacity);
  const size_t bytes = (size_t)self->tabu_blocks * self->tabu_scratch_bytes;
  return device_alloc(&self->scratch_d, bytes) ? LS_OK : LS_ERR_DEVICE;
}

ls_status worker_open(place_worker *self)
{
  ls_status status = is_done(cudaSetDevice(self->device)) ? LS_OK : LS_ERR_DEVICE;
  if (status == LS_OK) status = memory_take(self);
  if (status == LS_OK) status = matrices_upload(self);
  if (status == LS_OK) status = temper_shape_choose(self);
  if (status == LS_OK) status = tabu_shape_choose(self);
  return status;
}

/* ---- A slice of a batch ---- */

struct slice {
  ls_qap_task *tasks;
  int32_t count;
};

void narrow(uint16_t *to, const int32_t *from, int32_t n)
{
  for (int32_t i = 0; i < n; i++) to[i] = (uint16_t)from[i];
}

void widen(int32_t *to, const uint16_t *from, int32_t n)
{
  for (int32_t i = 0; i < n; i++) to[i] = from[i];
}

ls_status slice_send(place_worker *self, const slice *of)
{
  const int32_t n = self->shared->qap->n;
  const size_t stride = (size_t)self->shared->p_stride, count = (size_t)of->count;
  for (size_t i = 0; i < count; i++) {
    const ls_qap_run *run = &of->tasks[i].run;
    const ls_qap_state *state = of->tasks[i].state;
    self->tasks[i] = {run->seed,
                      run->stream,
                      run->step_count,
                      run->target,
                      run->temperature,
                      state->cost,
                      state->best_cost,
                      0,
                      0,
                      0};
    narrow(self->p + i * stride, state->p, n);
    narrow(self->best_p + i * stride, state->best_p, n);
  }
  const int32_t *logarithms = of->tasks[0].run.logarithms;
  const bool is_up = to_device(self->tasks_d, self->tasks, count) &&
                     to_device(self->p_d, self->p, count * stride) &&
                     to_device(self->best_p_d, self->best_p, count * stride) &&
                     (!logarithms || to_device(self->logarithms_d, logarithms, LS_QAP_LOGARITHMS));
  return is_up ? LS_OK : LS_ERR_DEVICE;
}

ls_status slice_fetch(place_worker *self, const slice *of)
{
  const int32_t n = self->shared->qap->n;
  const size_t stride = (size_t)self->shared->p_stride, count = (size_t)of->count;
  if (!to_host(self->tasks, self->tasks_d, count) || !to_host(self->p, self->p_d, count * stride) ||
      !to_host(self->best_p, self->best_p_d, count * stride))
    return LS_ERR_DEVICE;
  for (size_t i = 0; i < count; i++) {
    ls_qap_state *state = of->tasks[i].state;
    state->cost = self->tasks[i].cost;
    state->best_cost = self->tasks[i].best_cost;
    state->accepted = self->tasks[i].accepted;
    state->idle = self->tasks[i].idle;
    of->tasks[i].done = self->tasks[i].done;
    widen(state->p, self->p + i * stride, n);
    widen(state->best_p, self->best_p + i * stride, n);
  }
  return LS_OK;
}

place_batch batch_make(const place_worker *self, const slice *of)
{
  place_batch batch = {*self->shared->qap, self->tasks_d, self->p_d,
                       self->best_p_d,     of->count,     self->shared->p_stride,
                       self->logarithms_d, self->stop};
  batch.qap.a = self->a_d;
  batch.qap.b = self->b_d;
  batch.qap.a_diagonal = self->a_diagonal_d;
  batch.qap.b_diagonal = self->b_diagonal_d;
  return batch;
}

void stop_look(const place_worker *self, const ls_qap_run *run)
{
  if (run->is_over && run->is_over(run->context)) *(volatile int *)self->stop = 1;
}

/* Until the device is done, which a search that is over makes it soon. */
ls_status kernel_wait(const place_worker *self, const ls_qap_run *run)
{
  const struct timespec pause = {0, wait_ns};
  cudaError_t code = cudaStreamQuery(NULL);
  for (; code == cudaErrorNotReady; code = cudaStreamQuery(NULL)) {
    (void)cudaGetLastError(); /* it is no error */
    stop_look(self, run);
    nanosleep(&pause, NULL);
  }
  return is_done(code) ? LS_OK : LS_ERR_DEVICE;
}

template <class argument>
ls_status kernel_put(void (*kernel)(argument), const argument &launch, uint32_t grid,
                     uint32_t block, size_t shared_bytes)
{
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(grid);
  config.blockDim = dim3(block);
  config.dynamicSmemBytes = shared_bytes;
  return is_done(cudaLaunchKernelEx(&config, kernel, launch)) && is_done(cudaGetLastError())
             ? LS_OK
             : LS_ERR_DEVICE;
}

ls_status temper_put(const place_worker *self, const slice *of)
{
  const temper_launch launch = {batch_make(self, of)};
  return kernel_put(temper_functions[self->shared->qap->width][self->is_temper_shared], launch,
                    (uint32_t)ls_ceil_div(of->count, self->temper_warps),
                    (uint32_t)self->temper_warps * PLACE_WARP, self->temper_bytes);
}

ls_status tabu_put(const place_worker *self, const slice *of)
{
  const tabu_launch launch = {batch_make(self, of), self->scratch_d, self->tabu_scratch_bytes};
  return kernel_put(tabu_functions[self->shared->qap->width][self->is_tabu_shared], launch,
                    (uint32_t)ls_min(self->tabu_blocks, of->count), TABU_BLOCK, self->tabu_bytes);
}

bool slice_take(ls_qap_device *shared, slice *of)
{
  batch_of *batch = shared->batch;
  const int32_t first = batch->next.fetch_add(shared->capacity);
  if (first >= batch->count) return false;
  of->tasks = batch->tasks + first;
  of->count = (int32_t)ls_min(shared->capacity, batch->count - first);
  return true;
}

void *worker_run(void *argument)
{
  place_worker *self = (place_worker *)argument;
  batch_of *batch = self->shared->batch;
  int none = LS_OK;
  slice of;
  ls_status status = is_done(cudaSetDevice(self->device)) ? LS_OK : LS_ERR_DEVICE;
  while (status == LS_OK && batch->status == LS_OK && slice_take(self->shared, &of)) {
    const ls_qap_run *run = &of.tasks[0].run;
    *self->stop = 0;
    stop_look(self, run);
    status = slice_send(self, &of);
    if (status == LS_OK) status = batch->launch(self, &of);
    if (status == LS_OK) status = kernel_wait(self, run);
    if (status == LS_OK) status = slice_fetch(self, &of);
  }
  if (status != LS_OK) batch->status.compare_exchange_strong(none, (int)status);
  return NULL;
}

/* ---- The seam ---- */

void place_destroy(ls_qap_device *device)
{
  if (!device) return;
  for (int32_t i = 0; i < device->worker_count; i++) memory_release(&device->workers[i]);
  delete[] device->workers;
  delete device;
}

ls_status place_create(const ls_qap *qap, int32_t task_count, ls_qap_device **device)
{
  const int32_t worker_count = device_count_read();
  if (!worker_count) return LS_ERR_DEVICE;
  ls_qap_device *made = new (std::nothrow) ls_qap_device();
  if (!made) return LS_ERR_MEMORY;
  made->qap = qap;
  made->capacity = (int32_t)ls_ceil_div(task_count, worker_count);
  made->p_stride = place_p_stride(qap->n);
  made->workers = new (std::nothrow) place_worker[(size_t)worker_count]();
  ls_status status = made->workers ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < worker_count; i++) {
    made->workers[i].shared = made;
    made->workers[i].device = i;
    made->worker_count = i + 1;
    status = worker_open(&made->workers[i]);
  }
  if (status != LS_OK) {
    place_destroy(made);
    return status;
  }
  *device = made;
  return LS_OK;
}

ls_status batch_run(ls_qap_device *device, slice_launch launch, ls_qap_task *tasks, int32_t count)
{
  batch_of batch = {launch, tasks, count};
  for (int32_t i = 0; i < count; i++) assert(tasks[i].run.step_count <= LS_QAP_STEPS_MAX);
  device->batch = &batch;
  team_run(device->workers, device->worker_count, worker_run);
  device->batch = NULL;
  return (ls_status)batch.status.load();
}

ls_status place_temper(ls_qap_device *device, ls_qap_task *tasks, int32_t count)
{
  return batch_run(device, temper_put, tasks, count);
}

ls_status place_tabu(ls_qap_device *device, ls_qap_task *tasks, int32_t count)
{
  return batch_run(device, tabu_put, tasks, count);
}

} // namespace

extern const ls_qap_backend ls_qap_cuda = {"cuda", place_create, place_temper, place_tabu,
                                           place_destroy};
