/* Kernels with known answers. nvcc compiles this file too: what the emulator takes is CUDA. */
#include "test_kernels.h"

#include "test_cuda.h"

namespace test_kernels
{

namespace
{

constexpr unsigned kFull = 0xFFFFFFFFu;
constexpr int kTile = 32;

__constant__ int constant_factor;

__global__ void add_kernel(const int *a, const int *b, int *sum, int count)
{
  const int stride = static_cast<int>(gridDim.x * blockDim.x);
  for (int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); i < count; i += stride)
    sum[i] = a[i] + b[i];
}

__global__ void __launch_bounds__(1024)
    reduce_kernel(const uint32_t *values, int count, unsigned long long *sum)
{
  LS_SHARED(unsigned long long, partial, 1024);
  const unsigned me = threadIdx.x;
  partial[me] = 0;
  const unsigned stride = gridDim.x * blockDim.x;
  for (unsigned i = blockIdx.x * blockDim.x + me; i < static_cast<unsigned>(count); i += stride)
    partial[me] += values[i];
  __syncthreads();
  for (unsigned width = blockDim.x / 2; width > 0; width /= 2) {
    if (me < width) partial[me] += partial[me + width];
    __syncthreads();
  }
  if (me == 0) atomicAdd(sum, partial[0]);
}

__global__ void scan_kernel(const int *values, int *sums, int count)
{
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const unsigned lane = threadIdx.x & 31;
  int sum = i < count ? values[i] : 0;
  for (unsigned delta = 1; delta < 32; delta *= 2) {
    const int below = __shfl_up_sync(kFull, sum, delta);
    if (lane >= delta) sum += below;
  }
  if (i < count) sums[i] = sum;
}

__global__ void compact_kernel(const uint32_t *values, int count, uint32_t divisor, uint32_t *kept,
                               unsigned *kept_count)
{
  const unsigned lane = threadIdx.x & 31;
  const unsigned stride = gridDim.x * blockDim.x;
  const unsigned end = (static_cast<unsigned>(count) + stride - 1) / stride * stride;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < end; i += stride) {
    const uint32_t value = i < static_cast<unsigned>(count) ? values[i] : 1;
    const bool is_kept = i < static_cast<unsigned>(count) && value % divisor == 0;
    const unsigned votes = __ballot_sync(kFull, is_kept);
    if (votes == 0) continue;
    const int leader = __ffs(static_cast<int>(votes)) - 1;
    unsigned base = 0;
    if (static_cast<int>(lane) == leader)
      base = atomicAdd(kept_count, static_cast<unsigned>(__popc(votes)));
    base = __shfl_sync(kFull, base, leader);
    if (is_kept) kept[base + static_cast<unsigned>(__popc(votes & ((1u << lane) - 1)))] = value;
  }
}

__global__ void transpose_kernel(const int *from, int *to, int side)
{
  LS_SHARED_DYNAMIC(bytes);
  int *tile = reinterpret_cast<int *>(bytes); /* [kTile][kTile + 1] */
  const int x = static_cast<int>(threadIdx.x), column = static_cast<int>(blockIdx.x) * kTile;
  const int row = static_cast<int>(blockIdx.y) * kTile;
  for (int y = static_cast<int>(threadIdx.y); y < kTile; y += static_cast<int>(blockDim.y))
    tile[y * (kTile + 1) + x] = from[(row + y) * side + column + x];
  __syncthreads();
  for (int y = static_cast<int>(threadIdx.y); y < kTile; y += static_cast<int>(blockDim.y))
    to[(column + y) * side + row + x] = tile[x * (kTile + 1) + y];
}

__device__ void exchange_values(int lane, uint64_t *out)
{
  const int signed_value = lane - 16;
  const unsigned half = lane < 16 ? 0x0000FFFFu : 0xFFFF0000u;
  out[0 * 32] = __ballot_sync(kFull, lane % 3 == 0);
  out[1 * 32] = static_cast<uint64_t>(__any_sync(half, lane == 3) != 0);
  out[2 * 32] = static_cast<uint64_t>(__all_sync(half, lane >= 16) != 0);
  out[3 * 32] = __shfl_sync(kFull, static_cast<unsigned long long>(lane) << 40, 9, 8);
  out[4 * 32] = __shfl_down_sync(kFull, static_cast<unsigned>(lane), 3u);
  out[5 * 32] = __shfl_xor_sync(kFull, static_cast<unsigned>(lane), 5);
  out[6 * 32] = __reduce_add_sync(half, static_cast<unsigned>(lane));
  out[7 * 32] = static_cast<uint64_t>(__reduce_min_sync(kFull, signed_value) + 100);
  out[8 * 32] = static_cast<uint64_t>(__reduce_max_sync(half, signed_value) + 100);
  out[9 * 32] = __match_any_sync(kFull, lane % 5);
  __syncwarp();
  if (lane < 16) /* both halves reach a warp function of their own */
    out[10 * 32] = __ballot_sync(half, 1);
  else
    out[10 * 32] = __ballot_sync(half, lane & 1);
  out[11 * 32] = static_cast<uint64_t>(__shfl_up_sync(kFull, 0.5f * static_cast<float>(lane), 1u));
}

__device__ void exchange_atomics(int lane, unsigned long long *cells, uint64_t *out)
{
  atomicMin(&cells[0], static_cast<unsigned long long>(1000 - lane));
  atomicMax(&cells[1], static_cast<unsigned long long>(lane));
  atomicOr(&cells[2], 1ull << lane);
  atomicAdd(&cells[3], static_cast<unsigned long long>(lane));
  atomicCAS(&cells[4], 0ull, 77ull);
  __syncwarp();
  for (int i = 0; i < 5; ++i) out[(12 + i) * 32] = cells[i];
  const uint64_t high = __umul64hi(~0ull, 1ull << 32);
  out[17 * 32] = high + static_cast<uint64_t>(__clz(lane) + __popcll(~0ull) + __ffsll(8));
}

__global__ void exchange_kernel(unsigned long long *cells, uint64_t *results)
{
  const int lane = static_cast<int>(threadIdx.x);
  exchange_values(lane, results + lane);
  exchange_atomics(lane, cells, results + lane);
}

__global__ void vote_block_kernel(int limit, int *results)
{
  const int me = static_cast<int>(threadIdx.x);
  const int count = __syncthreads_count(me < limit);
  const int any = __syncthreads_or(me < limit), all = __syncthreads_and(me < limit);
  if (me == 0) {
    results[0] = count;
    results[1] = any != 0;
    results[2] = all != 0;
  }
}

__global__ void index_kernel(uint32_t *indices)
{
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned index = block * blockDim.x * blockDim.y * blockDim.z + thread;
  indices[index] = index;
}

__global__ void constant_kernel(int *products)
{
  const int i = static_cast<int>(threadIdx.x);
  products[i] = constant_factor * i;
}

__global__ void launch_kernel_only(unsigned *touched) { atomicAdd(touched, 1u); }

__global__ void collectives_kernel(int kind, int repeat, unsigned *sums)
{
  unsigned sum = threadIdx.x;
  for (int i = 0; i < repeat; ++i)
    if (kind == COLLECTIVE_BARRIER)
      __syncthreads();
    else if (kind == COLLECTIVE_SHUFFLE)
      sum += __shfl_xor_sync(kFull, sum, 1);
    else
      __syncwarp();
  sums[threadIdx.x] = sum;
}

__global__ void read_unwritten_kernel(const uint32_t *global, uint32_t *words)
{
  LS_SHARED(uint32_t, table, 4);
  LS_SHARED_DYNAMIC(bytes);
  words[0] = table[3];
  words[1] = *reinterpret_cast<const uint32_t *>(bytes);
  words[2] = global[0];
}

__global__ void last_block_kernel(unsigned *last) { *last = blockIdx.x; }

} /* namespace */

static int copies_and_launch(const int *host[2], int *sum, int *device[3], int count, Shape shape,
                             cudaStream_t stream)
{
  const size_t bytes = static_cast<size_t>(count) * sizeof(int);
  cudaError_t error = cudaSuccess;
  for (int i = 0; i < 2 && error == cudaSuccess; ++i)
    error = cudaMemcpyAsync(device[i], host[i], bytes, cudaMemcpyHostToDevice, stream);
  if (error != cudaSuccess) return error;
  cudaLaunchConfig_t config{};
  config.gridDim = shape.grid;
  config.blockDim = shape.block;
  config.stream = stream;
  error = cudaLaunchKernelEx(&config, add_kernel, device[0], device[1], device[2], count);
  if (error == cudaSuccess) error = cudaGetLastError();
  if (error == cudaSuccess)
    error = cudaMemcpyAsync(sum, device[2], bytes, cudaMemcpyDeviceToHost, stream);
  return error == cudaSuccess ? cudaStreamSynchronize(stream) : error;
}

int add(const int *a, const int *b, int *sum, int count, Shape shape)
{
  const int *host[2] = {a, b};
  int *device[3] = {nullptr, nullptr, nullptr};
  cudaStream_t stream = nullptr;
  int error = cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
  if (error != cudaSuccess) return error;
  for (int i = 0; i < 3 && error == cudaSuccess; ++i)
    error = cudaMalloc(&device[i], static_cast<size_t>(count) * sizeof(int));
  if (error == cudaSuccess) error = copies_and_launch(host, sum, device, count, shape, stream);
  for (int *memory : device) {
    const int freed = cudaFree(memory);
    error = error == cudaSuccess ? freed : error;
  }
  const int destroyed = cudaStreamDestroy(stream);
  error = error == cudaSuccess ? destroyed : error;
  if (error != cudaSuccess) cudaGetLastError(); /* else the next launch would be blamed for it */
  return error;
}

int reduce(const uint32_t *values, int count, Shape shape, uint64_t *sum)
{
  cudaError_t error = cudaSuccess;
  {
    Device<uint32_t> values_d(static_cast<size_t>(count), &error);
    Device<unsigned long long> sum_d(1, &error);
    unsigned long long result = 0;
    values_d.read(values);
    sum_d.clear();
    launch_kernel(&error, shape.grid, shape.block, 0, reduce_kernel, values_d.data, count,
                  sum_d.data);
    sum_d.write(&result);
    *sum = result;
  }
  return error;
}

int scan(const int *values, int *sums, int count, Shape shape)
{
  cudaError_t error = cudaSuccess;
  {
    Device<int> values_d(static_cast<size_t>(count), &error);
    Device<int> sums_d(static_cast<size_t>(count), &error);
    values_d.read(values);
    launch_kernel(&error, shape.grid, shape.block, 0, scan_kernel, values_d.data, sums_d.data,
                  count);
    sums_d.write(sums);
  }
  return error;
}

int compact(const uint32_t *values, int count, uint32_t divisor, Shape shape, uint32_t *kept,
            uint32_t *kept_count)
{
  cudaError_t error = cudaSuccess;
  {
    Device<uint32_t> values_d(static_cast<size_t>(count), &error);
    Device<uint32_t> kept_d(static_cast<size_t>(count), &error);
    Device<unsigned> count_d(1, &error);
    values_d.read(values);
    kept_d.clear();
    count_d.clear();
    launch_kernel(&error, shape.grid, shape.block, 0, compact_kernel, values_d.data, count, divisor,
                  kept_d.data, count_d.data);
    kept_d.write(kept);
    count_d.write(kept_count);
  }
  return error;
}

int transpose(const int *from, int *to, int side)
{
  cudaError_t error = cudaSuccess;
  {
    const size_t count = static_cast<size_t>(side) * static_cast<size_t>(side);
    const unsigned tiles = static_cast<unsigned>(side / kTile);
    Device<int> from_d(count, &error), to_d(count, &error);
    from_d.read(from);
    launch_kernel(&error, dim3(tiles, tiles), dim3(kTile, 8), kTile * (kTile + 1) * sizeof(int),
                  transpose_kernel, from_d.data, to_d.data, side);
    to_d.write(to);
  }
  return error;
}

int exchange(uint64_t results[EXCHANGE_RESULT_COUNT][32])
{
  cudaError_t error = cudaSuccess;
  {
    const unsigned long long cells[5] = {~0ull, 0, 0, 0, 0};
    Device<unsigned long long> cells_d(5, &error);
    Device<uint64_t> results_d(EXCHANGE_RESULT_COUNT * 32, &error);
    cells_d.read(cells);
    launch_kernel(&error, 1, 32, 0, exchange_kernel, cells_d.data, results_d.data);
    results_d.write(results[0]);
  }
  return error;
}

int vote_block(int limit, unsigned block, int results[3])
{
  cudaError_t error = cudaSuccess;
  {
    Device<int> results_d(3, &error);
    launch_kernel(&error, 1, block, 0, vote_block_kernel, limit, results_d.data);
    results_d.write(results);
  }
  return error;
}

int index(unsigned grid[3], unsigned block[3], uint32_t *indices)
{
  cudaError_t error = cudaSuccess;
  {
    const unsigned count = grid[0] * grid[1] * grid[2] * block[0] * block[1] * block[2];
    Device<uint32_t> indices_d(count, &error);
    launch_kernel(&error, dim3(grid[0], grid[1], grid[2]), dim3(block[0], block[1], block[2]), 0,
                  index_kernel, indices_d.data);
    indices_d.write(indices);
  }
  return error;
}

int constant(int factor, int *products, int *factor_back)
{
  cudaError_t error = cudaMemcpyToSymbol(constant_factor, &factor, sizeof factor);
  {
    Device<int> products_d(32, &error);
    launch_kernel(&error, 1, 32, 0, constant_kernel, products_d.data);
    products_d.write(products);
  }
  if (error == cudaSuccess)
    error = cudaMemcpyFromSymbol(factor_back, constant_factor, sizeof factor);
  return error;
}

int launch(unsigned grid, unsigned block, size_t dynamic_bytes, int opt_in_bytes, unsigned *touched)
{
  cudaError_t error = cudaSuccess;
  {
    Device<unsigned> touched_d(1, &error);
    touched_d.clear();
    if (error == cudaSuccess && opt_in_bytes > 0)
      error = cudaFuncSetAttribute(launch_kernel_only, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                   opt_in_bytes);
    launch_kernel(&error, grid, block, dynamic_bytes, launch_kernel_only, touched_d.data);
    touched_d.write(touched);
  }
  return error;
}

int collectives(int kind, int repeat, unsigned block, float *milliseconds)
{
  cudaEvent_t events[2] = {nullptr, nullptr};
  cudaError_t error = cudaSuccess;
  for (cudaEvent_t &event : events)
    if (error == cudaSuccess) error = cudaEventCreate(&event);
  {
    Device<unsigned> sums_d(block, &error);
    if (error == cudaSuccess) error = cudaEventRecord(events[0]);
    launch_kernel(&error, 1, block, 0, collectives_kernel, kind, repeat, sums_d.data);
    if (error == cudaSuccess) error = cudaEventRecord(events[1]);
    if (error == cudaSuccess) error = cudaEventSynchronize(events[1]);
    if (error == cudaSuccess) error = cudaEventElapsedTime(milliseconds, events[0], events[1]);
  }
  for (cudaEvent_t event : events)
    if (event) cudaEventDestroy(event);
  return error;
}

int read_unwritten(uint32_t words[3])
{
  cudaError_t error = cudaSuccess;
  {
    Device<uint32_t> global_d(1, &error), words_d(3, &error);
    launch_kernel(&error, 1, 1, 16, read_unwritten_kernel, global_d.data, words_d.data);
    words_d.write(words);
  }
  return error;
}

int last_block(unsigned grid, unsigned *last)
{
  cudaError_t error = cudaSuccess;
  {
    Device<unsigned> last_d(1, &error);
    launch_kernel(&error, grid, 1, 0, last_block_kernel, last_d.data);
    last_d.write(last);
  }
  return error;
}

} /* namespace test_kernels */
