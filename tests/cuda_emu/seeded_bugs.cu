/* Kernels that are wrong, each in one way: what the emulator and the sanitizers must catch.
 * "clean" is right: it shows that what catches the others is not always there. */
#include <string.h>

#include "test_cuda.h"
#include "test_kernels.h"

namespace test_kernels
{

namespace
{

constexpr unsigned kFull = 0xFFFFFFFFu;
constexpr unsigned kBlock = 64;

__global__ void divergent_barrier(unsigned *out)
{
  if (threadIdx.x < 16) __syncthreads();
  out[threadIdx.x] = threadIdx.x;
}

__global__ void two_barriers(unsigned *out)
{
  if (threadIdx.x < 32)
    __syncthreads();
  else
    __syncthreads();
  out[threadIdx.x] = threadIdx.x;
}

__global__ void divergent_ballot(unsigned *out)
{
  if (threadIdx.x % 2 == 0) out[threadIdx.x] = __ballot_sync(kFull, 1);
}

__global__ void foreign_lane(unsigned *out) { out[threadIdx.x] = __ballot_sync(0x0000FFFFu, 1); }

/* A table is built by the block and read by the block. out: [grid][kBlock]. */
template <bool is_synchronised> __global__ void build_table(unsigned *out)
{
  LS_SHARED(unsigned, table, kBlock);
  table[threadIdx.x] = threadIdx.x * threadIdx.x;
  if (is_synchronised) __syncthreads();
  out[blockIdx.x * kBlock + threadIdx.x] = table[kBlock - 1 - threadIdx.x];
}

/* The barrier before the table is overwritten by the next round is missing. */
__global__ void rebuild_table(unsigned *out)
{
  LS_SHARED(unsigned, table, kBlock);
  unsigned sum = 0;
  for (unsigned round = 0; round < 3; ++round) {
    table[threadIdx.x] = threadIdx.x + round;
    __syncthreads();
    sum += table[kBlock - 1 - threadIdx.x];
  }
  out[threadIdx.x] = sum;
}

/* A shuffle is no memory barrier. */
template <bool is_synchronised> __global__ void warp_table(unsigned *out)
{
  LS_SHARED(unsigned, table, kBlock);
  table[threadIdx.x] = threadIdx.x;
  const unsigned lane = __shfl_sync(kFull, threadIdx.x, 5);
  if (is_synchronised) __syncwarp();
  out[blockIdx.x * kBlock + threadIdx.x] = table[(threadIdx.x & 32u) + (lane & 31u)];
}

__device__ void fill(unsigned *table, unsigned count)
{
  for (unsigned i = threadIdx.x; i < count; i += blockDim.x) table[i] = i;
}

__global__ void shared_overrun(unsigned *out)
{
  LS_SHARED(unsigned, table, kBlock);
  fill(table, kBlock + 1);
  __syncthreads();
  out[threadIdx.x] = table[threadIdx.x];
}

__global__ void dynamic_overrun(unsigned *out)
{
  LS_SHARED_DYNAMIC(bytes);
  unsigned *table = reinterpret_cast<unsigned *>(bytes);
  fill(table, kBlock + 1);
  __syncthreads();
  out[threadIdx.x] = table[threadIdx.x];
}

__global__ void global_overrun(unsigned *out) { fill(out, kBlock + 1); }

__global__ void global_race(unsigned *out) { out[0] += threadIdx.x; }

__global__ void block_race(unsigned *out)
{
  __syncthreads();
  out[threadIdx.x] = blockIdx.x;
}

__global__ void too_much_shared(unsigned *out)
{
  LS_SHARED(unsigned, table, 8192);
#ifdef LS_CUDA_EMU /* nvcc refuses it, as it should */
  LS_SHARED(unsigned, more, 8192);
  table[0] = more[0];
#endif
  out[0] = table[0];
}

/* More local memory than an emulated thread has; written downwards, to meet the guard page. */
__global__ void stack_overflow(unsigned *out)
{
  volatile unsigned frame[50000];
  for (int i = 49999; i >= 0; --i) frame[i] = threadIdx.x;
  out[threadIdx.x] = frame[threadIdx.x];
}

struct Bug {
  const char *name;
  void (*kernel)(unsigned *out);
  unsigned grid;
};

const Bug kBugs[] = {
    {"clean", build_table<true>, 4},
    {"clean_warp", warp_table<true>, 4},
    {"divergent_barrier", divergent_barrier, 1},
    {"two_barriers", two_barriers, 1},
    {"divergent_ballot", divergent_ballot, 1},
    {"foreign_lane", foreign_lane, 1},
    {"missing_barrier", build_table<false>, 1},
    {"missing_second_barrier", rebuild_table, 1},
    {"missing_syncwarp", warp_table<false>, 1},
    {"shared_overrun", shared_overrun, 1},
    {"dynamic_overrun", dynamic_overrun, 1},
    {"global_overrun", global_overrun, 1},
    {"global_race", global_race, 1},
    {"block_race", block_race, 8},
    {"stack_overflow", stack_overflow, 1},
    {"too_much_shared", too_much_shared, 1},
};

int run_kernel(const Bug &bug)
{
  cudaError_t error = cudaSuccess;
  {
    Device<unsigned> out_d(kBlock * bug.grid, &error);
    out_d.clear();
    launch_kernel(&error, bug.grid, kBlock, kBlock * sizeof(unsigned), bug.kernel, out_d.data);
  }
  return error;
}

/* The host reads what only a kernel may. */
int touch_device_memory()
{
  cudaError_t error = cudaSuccess;
  unsigned value = 0;
  {
    Device<unsigned> out_d(kBlock, &error);
    value = *static_cast<volatile unsigned *>(out_d.data);
  }
  return value == 0 ? -2 : error;
}

__global__ void count_up(unsigned *out) { out[threadIdx.x]++; }

__global__ void count_up_inside(unsigned *const *out) { out[0][threadIdx.x]++; }

/* A kernel on device 1 works in memory of device 0: given as an argument, or found by a pointer in
 * memory of its own. */
int use_foreign_memory(bool is_inside)
{
  cudaError_t error = cudaSuccess;
  {
    Device<unsigned> out_d(kBlock, &error);
    out_d.clear();
    if (error == cudaSuccess) error = cudaSetDevice(1);
    Device<unsigned *> pointer_d(1, &error);
    pointer_d.read(&out_d.data);
    if (is_inside)
      launch_kernel(&error, 1, kBlock, 0, count_up_inside, pointer_d.data);
    else
      launch_kernel(&error, 1, kBlock, 0, count_up, out_d.data);
  }
  return error;
}

/* The host changes what is still to be copied. */
int change_too_early()
{
  unsigned *pinned = nullptr, value = 0;
  cudaStream_t stream = nullptr;
  cudaError_t error = cudaMallocHost((void **)&pinned, sizeof *pinned);
  if (error == cudaSuccess) error = cudaStreamCreate(&stream);
  if (error == cudaSuccess) {
    Device<unsigned> out_d(1, &error);
    *pinned = 1;
    if (error == cudaSuccess)
      error = cudaMemcpyAsync(out_d.data, pinned, sizeof *pinned, cudaMemcpyHostToDevice, stream);
    *pinned = 2;
    if (error == cudaSuccess) error = cudaStreamSynchronize(stream);
    out_d.write(&value);
  }
  if (stream) cudaStreamDestroy(stream);
  cudaFreeHost(pinned);
  return error == cudaSuccess && value != 1 ? -3 : error;
}

} /* namespace */

int run_bug(const char *name)
{
  for (const Bug &bug : kBugs)
    if (strcmp(name, bug.name) == 0) return run_kernel(bug);
  if (strcmp(name, "foreign_memory") == 0) return use_foreign_memory(false);
  if (strcmp(name, "foreign_memory_inside") == 0) return use_foreign_memory(true);
  if (strcmp(name, "changed_too_early") == 0) return change_too_early();
  return strcmp(name, "host_access") == 0 ? touch_device_memory() : -1;
}

} /* namespace test_kernels */
