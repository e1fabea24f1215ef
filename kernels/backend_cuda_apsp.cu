/* All-pairs shortest paths on CUDA: batches of candidates (apsp_backend.h). A batch is cut into as
 * many slices as there are devices, which a host thread for each takes from a counter: the tables
 * and patches that a slice names go up, a kernel evaluates it, and sums come back. */
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "apsp_kernel.cuh"
#include "device_team.cuh"

namespace
{

constexpr size_t scratch_bytes_most = (size_t)1 << 30;

struct batch_of {
  const ls_apsp_batch *batch;
  ls_apsp_sum *sums;
  std::atomic<int32_t> next{0};   /* the first candidate that nobody has taken */
  std::atomic<int> status{LS_OK}; /* the first error */
};

typedef void (*apsp_function)(apsp_launch);

/* A device with what it holds. */
struct apsp_worker {
  ls_apsp_device *shared;
  pthread_t thread;
  int32_t device;
  cudaStream_t stream;
  ls_apsp_dart *tables_d;
  uint16_t *weights_d;
  ls_apsp_patch *patches_d;
  ls_apsp_candidate *candidates_d;
  ls_apsp_sum *sums_d;
  int32_t *source_layer_d;
  unsigned char *scratch_d; /* [blocks][scratch_bytes] */
  size_t scratch_bytes, shared_bytes;
  apsp_function kernel;
  int32_t blocks;
};

} // namespace

struct ls_apsp_device {
  ls_apsp_shape shape; /* source_layer is its own */
  ls_apsp_capacity capacity;
  int32_t vertex_count, threads; /* of a block */
  int32_t worker_count;
  apsp_worker *workers; /* [worker_count] */
  batch_of *batch;      /* of the present call */
};

namespace
{

/* ---- Kernels ---- */

enum { WIDTH_COUNT = 3 }; /* tiles of 32, 64 and 128 sources */

constexpr apsp_function shared_functions[APSP_KIND_COUNT][WIDTH_COUNT] = {
    {apsp_kernel<1, APSP_PLAIN, true>, apsp_kernel<2, APSP_PLAIN, true>,
     apsp_kernel<4, APSP_PLAIN, true>},
    {apsp_kernel<1, APSP_TURNED, true>, apsp_kernel<2, APSP_TURNED, true>,
     apsp_kernel<4, APSP_TURNED, true>},
    {apsp_kernel<1, APSP_WEIGHTED, true>, apsp_kernel<2, APSP_WEIGHTED, true>,
     apsp_kernel<4, APSP_WEIGHTED, true>}};

/* Rows in L2 are as wide as rows can be. */
constexpr apsp_function scratch_functions[APSP_KIND_COUNT] = {apsp_kernel<4, APSP_PLAIN, false>,
                                                              apsp_kernel<4, APSP_TURNED, false>,
                                                              apsp_kernel<4, APSP_WEIGHTED, false>};

apsp_kind kind_of(const ls_apsp_shape *shape)
{
  return shape->weight_max ? APSP_WEIGHTED : shape->rotation > 1 ? APSP_TURNED : APSP_PLAIN;
}

/* Of the rows of two levels. */
size_t rows_bytes(const ls_apsp_device *shared, int32_t width)
{
  return ((size_t)shared->vertex_count << width) * 2 * sizeof(uint32_t);
}

bool attribute_read(const apsp_worker *self, cudaDeviceAttr attribute, size_t *value)
{
  int number = 0;
  const bool is_read = is_done(cudaDeviceGetAttribute(&number, attribute, self->device));
  *value = number > 0 ? (size_t)number : 0;
  return is_read;
}

/* The widest tile that has room in shared memory, but none wider than there are sources. */
ls_status kernel_choose(apsp_worker *self)
{
  const ls_apsp_device *shared = self->shared;
  const ls_apsp_shape *shape = &shared->shape;
  size_t most_bytes = 0;
  if (!attribute_read(self, cudaDevAttrMaxSharedMemoryPerBlockOptin, &most_bytes))
    return LS_ERR_DEVICE;
  int32_t width = WIDTH_COUNT - 1;
  while (width && shape->source_count <= APSP_WORD_BITS << (width - 1)) width--;
  while (width >= 0 && rows_bytes(shared, width) + APSP_STATIC_BYTES > most_bytes) width--;
  self->shared_bytes = width < 0 ? 0 : rows_bytes(shared, width);
  self->scratch_bytes =
      apsp_table_bytes(shape) + (width < 0 ? rows_bytes(shared, WIDTH_COUNT - 1) : 0);
  self->kernel =
      width < 0 ? scratch_functions[kind_of(shape)] : shared_functions[kind_of(shape)][width];
  return is_done(cudaFuncSetAttribute(self->kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                      (int)self->shared_bytes))
             ? LS_OK
             : LS_ERR_DEVICE;
}

/* As many blocks as there are candidates, as the device holds at a time, and as scratch may take.
 */
ls_status blocks_choose(apsp_worker *self)
{
  const ls_apsp_device *shared = self->shared;
  size_t multiprocessors = 0;
  int resident = 0;
  if (!attribute_read(self, cudaDevAttrMultiProcessorCount, &multiprocessors) ||
      !is_done(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, self->kernel,
                                                             shared->threads, self->shared_bytes)))
    return LS_ERR_DEVICE;
  const int64_t room = ls_min((int64_t)multiprocessors * resident,
                              (int64_t)(scratch_bytes_most / self->scratch_bytes));
  self->blocks = (int32_t)ls_max(1, ls_min(room, shared->capacity.candidates));
  const size_t bytes = (size_t)self->blocks * self->scratch_bytes;
  return device_alloc(&self->scratch_d, bytes) ? LS_OK : LS_ERR_DEVICE;
}

/* ---- Memory ---- */

void memory_release(apsp_worker *self)
{
  (void)cudaSetDevice(self->device);
  cudaFree(self->tables_d);
  cudaFree(self->weights_d);
  cudaFree(self->patches_d);
  cudaFree(self->candidates_d);
  cudaFree(self->sums_d);
  cudaFree(self->source_layer_d);
  cudaFree(self->scratch_d);
  if (self->stream) cudaStreamDestroy(self->stream);
  (void)cudaGetLastError(); /* what failed has been told; the next call starts clean */
}

ls_status memory_take(apsp_worker *self)
{
  const ls_apsp_shape *shape = &self->shared->shape;
  const ls_apsp_capacity *capacity = &self->shared->capacity;
  const size_t tables = (size_t)capacity->tables, candidates = (size_t)capacity->candidates;
  const size_t weights = shape->weight_max ? tables * (size_t)shape->layer_count : 0;
  const bool is_taken =
      is_done(cudaStreamCreateWithFlags(&self->stream, cudaStreamNonBlocking)) &&
      device_alloc(&self->tables_d, tables * apsp_table_count(shape)) &&
      device_alloc(&self->weights_d, weights) &&
      device_alloc(&self->patches_d, (size_t)capacity->patches) &&
      device_alloc(&self->candidates_d, candidates) && device_alloc(&self->sums_d, candidates) &&
      device_alloc(&self->source_layer_d, (size_t)shape->source_count) &&
      to_device(self->source_layer_d, shape->source_layer, (size_t)shape->source_count);
  return is_taken ? LS_OK : LS_ERR_DEVICE;
}

ls_status worker_open(apsp_worker *self)
{
  ls_status status = is_done(cudaSetDevice(self->device)) ? LS_OK : LS_ERR_DEVICE;
  if (status == LS_OK) status = memory_take(self);
  if (status == LS_OK) status = kernel_choose(self);
  if (status == LS_OK) status = blocks_choose(self);
  return status;
}

/* ---- A slice of a batch ---- */

/* Of candidates, and of the tables and patches that they name. */
struct range {
  int32_t first, count;
};

struct slice {
  range candidates, tables, patches;
};

void range_cover(range *self, int32_t first, int32_t count)
{
  if (!count) return;
  const int32_t end = self->first + self->count;
  const int32_t begin = self->count ? (int32_t)ls_min(self->first, first) : first;
  const int32_t behind = self->count ? (int32_t)ls_max(end, first + count) : first + count;
  *self = {begin, behind - begin};
}

bool slice_take(ls_apsp_device *shared, slice *of)
{
  batch_of *run = shared->batch;
  const ls_apsp_batch *batch = run->batch;
  const int32_t size = (int32_t)ls_ceil_div(batch->count, shared->worker_count);
  const int32_t first = run->next.fetch_add(size);
  if (first >= batch->count) return false;
  *of = {{first, (int32_t)ls_min(size, batch->count - first)}, {0, 0}, {0, 0}};
  for (int32_t i = 0; i < of->candidates.count; i++) {
    const ls_apsp_candidate *candidate = &batch->candidates[first + i];
    range_cover(&of->tables, candidate->table, 1);
    range_cover(&of->patches, candidate->patch_first, candidate->patch_count);
  }
  return true;
}

template <class type>
bool send(const apsp_worker *self, type *to_d, const type *from, range part, size_t each)
{
  if (!part.count) return true;
  return is_done(cudaMemcpyAsync(to_d, from + (size_t)part.first * each,
                                 (size_t)part.count * each * sizeof(type), cudaMemcpyHostToDevice,
                                 self->stream));
}

bool slice_send(const apsp_worker *self, const slice *of)
{
  const ls_apsp_shape *shape = &self->shared->shape;
  const ls_apsp_batch *batch = self->shared->batch->batch;
  return send(self, self->candidates_d, batch->candidates, of->candidates, 1) &&
         send(self, self->patches_d, batch->patches, of->patches, 1) &&
         send(self, self->tables_d, batch->tables, of->tables, apsp_table_count(shape)) &&
         (!shape->weight_max ||
          send(self, self->weights_d, batch->weights, of->tables, (size_t)shape->layer_count));
}

int64_t source_least(const ls_apsp_device *shared)
{
  const ls_apsp_shape *shape = &shared->shape;
  return shape->weight_max ? 0 : ls_apsp_source_least(shared->vertex_count, shape->dart_max);
}

int32_t plane_count(const ls_apsp_shape *shape)
{
  int32_t count = 0;
  while (shape->weight_max >> count) count++;
  return count;
}

apsp_launch launch_make(const apsp_worker *self, const slice *of)
{
  const ls_apsp_device *shared = self->shared;
  apsp_launch launch = {shared->shape,        shared->vertex_count, plane_count(&shared->shape),
                        source_least(shared), self->tables_d,       self->weights_d,
                        self->patches_d,      self->candidates_d,   self->sums_d,
                        of->tables.first,     of->patches.first,    of->candidates.count,
                        self->scratch_d,      self->scratch_bytes};
  launch.shape.source_layer = self->source_layer_d;
  return launch;
}

bool kernel_put(const apsp_worker *self, const slice *of)
{
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3((uint32_t)ls_min(self->blocks, of->candidates.count));
  config.blockDim = dim3((uint32_t)self->shared->threads);
  config.dynamicSmemBytes = self->shared_bytes;
  config.stream = self->stream;
  return is_done(cudaLaunchKernelEx(&config, self->kernel, launch_make(self, of))) &&
         is_done(cudaGetLastError());
}

bool slice_fetch(const apsp_worker *self, const slice *of)
{
  const size_t bytes = (size_t)of->candidates.count * sizeof(ls_apsp_sum);
  return is_done(cudaMemcpyAsync(self->shared->batch->sums + of->candidates.first, self->sums_d,
                                 bytes, cudaMemcpyDeviceToHost, self->stream)) &&
         is_done(cudaStreamSynchronize(self->stream));
}

void *worker_run(void *argument)
{
  apsp_worker *self = (apsp_worker *)argument;
  batch_of *run = self->shared->batch;
  int none = LS_OK;
  slice of;
  bool is_well = is_done(cudaSetDevice(self->device));
  while (is_well && run->status == LS_OK && slice_take(self->shared, &of))
    is_well = slice_send(self, &of) && kernel_put(self, &of) && slice_fetch(self, &of);
  if (!is_well) run->status.compare_exchange_strong(none, (int)LS_ERR_DEVICE);
  return NULL;
}

/* ---- The seam ---- */

void apsp_destroy(ls_apsp_device *device)
{
  if (!device) return;
  for (int32_t i = 0; i < device->worker_count; i++) memory_release(&device->workers[i]);
  delete[] device->workers;
  free((void *)device->shape.source_layer);
  delete device;
}

/* Threads of a block: whole warps, one for every so many vertices. */
int32_t threads_choose(int32_t vertex_count)
{
  const int64_t warps = ls_ceil_div(vertex_count, APSP_VERTICES_OF_A_THREAD * DEVICE_WARP);
  return (int32_t)ls_min(warps * DEVICE_WARP, APSP_BLOCK_MAX);
}

ls_status shape_copy(const ls_apsp_shape *shape, ls_apsp_device *made)
{
  int32_t *layers = (int32_t *)malloc((size_t)shape->source_count * sizeof *layers);
  if (!layers) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < shape->source_count; i++)
    layers[i] = shape->source_layer ? shape->source_layer[i] : i;
  made->shape = *shape;
  made->shape.source_layer = layers;
  made->vertex_count = shape->layer_count * shape->rotation;
  made->threads = threads_choose(made->vertex_count);
  return LS_OK;
}

ls_status apsp_create(const ls_apsp_shape *shape, const ls_apsp_capacity *capacity,
                      ls_apsp_device **device)
{
  const int32_t worker_count = device_count_read();
  if (!worker_count) return LS_ERR_DEVICE;
  ls_apsp_device *made = new (std::nothrow) ls_apsp_device();
  if (!made) return LS_ERR_MEMORY;
  made->capacity = *capacity;
  made->workers = new (std::nothrow) apsp_worker[(size_t)worker_count]();
  ls_status status = made->workers ? shape_copy(shape, made) : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < worker_count; i++) {
    made->workers[i].shared = made;
    made->workers[i].device = i;
    made->worker_count = i + 1;
    status = worker_open(&made->workers[i]);
  }
  if (status != LS_OK) {
    apsp_destroy(made);
    return status;
  }
  *device = made;
  return LS_OK;
}

ls_status apsp_evaluate(ls_apsp_device *device, const ls_apsp_batch *batch, ls_apsp_sum *sums)
{
  batch_of run = {batch, sums};
  device->batch = &run;
  team_run(device->workers, device->worker_count, worker_run);
  device->batch = NULL;
  return (ls_status)run.status.load();
}

} // namespace

extern const ls_apsp_backend ls_apsp_cuda = {"cuda", apsp_create, apsp_evaluate, apsp_destroy};
