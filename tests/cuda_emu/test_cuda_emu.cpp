/* The emulator against known answers, limits, failures on demand and its account of memory. */
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cuda_runtime.h"
#include "emu_control.h"
#include "test_kernels.h"
#include "test_sanitizers.h"

using test_kernels::Shape;

namespace
{

class CudaEmu : public testing::Test
{
protected:
  void SetUp() override { ls_emu_reset(); }
  void TearDown() override
  {
    EXPECT_EQ(ls_emu_live_bytes(), 0u);
    EXPECT_EQ(ls_emu_live_handles(), 0);
    ls_emu_reset();
  }
};

std::vector<uint32_t> numbers(int count)
{
  std::vector<uint32_t> result(static_cast<size_t>(count));
  uint32_t state = 12345;
  for (uint32_t &value : result) value = state = state * 1664525u + 1013904223u;
  return result;
}

/* TSan takes a MiB and milliseconds for each CUDA thread of the largest block, once. */
#ifdef LS_TEST_TSAN
constexpr unsigned kBlockMax = 128;
#else
constexpr unsigned kBlockMax = 1024;
#endif

const Shape kShapes[] = {{1, 32}, {3, 64}, {7, 128}, {2, kBlockMax}};

/* The sum that add() gives for any arguments; its status is returned. */
int add_some(std::vector<int> *sum)
{
  std::vector<int> a(100), b(100);
  std::iota(a.begin(), a.end(), 0);
  std::iota(b.begin(), b.end(), 1000);
  sum->assign(100, 0);
  return test_kernels::add(a.data(), b.data(), sum->data(), 100, {2, 32});
}

} /* namespace */

TEST_F(CudaEmu, Add)
{
  std::vector<int> sum;
  ASSERT_EQ(add_some(&sum), 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(sum[static_cast<size_t>(i)], 1000 + 2 * i);
}

TEST_F(CudaEmu, ReduceForAllShapesThreadsAndSeeds)
{
  const std::vector<uint32_t> values = numbers(5000);
  const uint64_t expected = std::accumulate(values.begin(), values.end(), uint64_t{0});
  for (const Shape shape : kShapes)
    for (int threads = 1; threads <= 2; ++threads)
      for (uint64_t seed = 1; seed <= 2; ++seed) {
        uint64_t sum = 0;
        ls_emu_set_threads(threads);
        ls_emu_set_seed(seed);
        ASSERT_EQ(test_kernels::reduce(values.data(), 5000, shape, &sum), 0);
        EXPECT_EQ(sum, expected);
      }
}

TEST_F(CudaEmu, WarpScan)
{
  std::vector<int> values(2048), sums(2048);
  std::iota(values.begin(), values.end(), -100);
  ASSERT_EQ(test_kernels::scan(values.data(), sums.data(), 2048, {16, 128}), 0);
  for (size_t i = 0, sum = 0; i < values.size(); ++i) {
    sum = (i % 32 == 0 ? 0 : sum) + static_cast<size_t>(values[i]);
    EXPECT_EQ(sums[i], static_cast<int>(sum)) << i;
  }
}

TEST_F(CudaEmu, CompactionKeepsWhatItShould)
{
  const std::vector<uint32_t> values = numbers(3001);
  std::vector<uint32_t> expected;
  std::copy_if(values.begin(), values.end(), std::back_inserter(expected),
               [](uint32_t value) { return value % 7 == 0; });
  std::sort(expected.begin(), expected.end());
  for (const Shape shape : kShapes) {
    std::vector<uint32_t> kept(values.size());
    uint32_t count = 0;
    ASSERT_EQ(test_kernels::compact(values.data(), 3001, 7, shape, kept.data(), &count), 0);
    ASSERT_EQ(count, expected.size());
    kept.resize(count);
    std::sort(kept.begin(), kept.end());
    EXPECT_EQ(kept, expected);
  }
}

TEST_F(CudaEmu, TransposeByTiles)
{
  const int side = 96;
  std::vector<int> from(side * side), to(side * side);
  std::iota(from.begin(), from.end(), 0);
  ASSERT_EQ(test_kernels::transpose(from.data(), to.data(), side), 0);
  for (size_t row = 0; row < side; ++row)
    for (size_t column = 0; column < side; ++column)
      ASSERT_EQ(to[column * side + row], from[row * side + column]);
}

TEST_F(CudaEmu, WarpFunctionsAndAtomics)
{
  uint64_t results[test_kernels::EXCHANGE_RESULT_COUNT][32];
  ASSERT_EQ(test_kernels::exchange(results), 0);
  for (unsigned lane = 0; lane < 32; ++lane) {
    const bool is_low = lane < 16;
    unsigned same = 0, zeros = 32;
    for (unsigned rest = lane; rest != 0; rest /= 2) --zeros;
    for (unsigned other = lane % 5; other < 32; other += 5) same |= 1u << other;
    const uint64_t expected[test_kernels::EXCHANGE_RESULT_COUNT] = {
        0x49249249u,                        /* ballot of every third */
        is_low ? 1u : 0u,                   /* any */
        is_low ? 0u : 1u,                   /* all */
        uint64_t{(lane & 24) + 1} << 40,    /* shuffle within eights */
        lane + 3 < 32 ? lane + 3 : lane,    /* shuffle down */
        lane ^ 5u,                          /* shuffle xor */
        is_low ? 120u : 376u,               /* sum of a half */
        84,                                 /* min of lane - 16, + 100 */
        is_low ? 99u : 115u,                /* max of a half, + 100 */
        same,                               /* match */
        is_low ? 0x0000FFFFu : 0xAAAA0000u, /* ballots of halves */
        (lane == 0 ? 0 : lane - 1) / 2,     /* shuffle up of floats */
        969,                                /* atomicMin */
        31,                                 /* atomicMax */
        0xFFFFFFFFu,                        /* atomicOr */
        496,                                /* atomicAdd */
        77,                                 /* atomicCAS */
        zeros + 64 + 4 + uint64_t{0xFFFFFFFFu},
    };
    for (int i = 0; i < test_kernels::EXCHANGE_RESULT_COUNT; ++i)
      EXPECT_EQ(results[i][lane], expected[i]) << "result " << i << " lane " << lane;
  }
}

TEST_F(CudaEmu, BarriersThatVote)
{
  int results[3];
  ASSERT_EQ(test_kernels::vote_block(40, 96, results), 0);
  EXPECT_EQ(results[0], 40);
  EXPECT_EQ(results[1], 1);
  EXPECT_EQ(results[2], 0);
  ASSERT_EQ(test_kernels::vote_block(96, 96, results), 0);
  EXPECT_EQ(results[2], 1);
  ASSERT_EQ(test_kernels::vote_block(0, 96, results), 0);
  EXPECT_EQ(results[1], 0);
}

TEST_F(CudaEmu, ThreeDimensions)
{
  unsigned grid[3] = {3, 2, 4}, block[3] = {5, 4, 2};
  std::vector<uint32_t> indices(24 * 40);
  ASSERT_EQ(test_kernels::index(grid, block, indices.data()), 0);
  for (size_t i = 0; i < indices.size(); ++i) ASSERT_EQ(indices[i], i);
}

TEST_F(CudaEmu, ConstantMemory)
{
  int products[32], back = 0;
  ASSERT_EQ(test_kernels::constant(-3, products, &back), 0);
  EXPECT_EQ(products[31], -93);
  EXPECT_EQ(back, -3);
}

TEST_F(CudaEmu, BlocksRunInAnOrderThatTheSeedGives)
{
  std::set<unsigned> lasts;
  ls_emu_set_threads(1);
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    unsigned last = 0, again = 0;
    ls_emu_reset();
    ls_emu_set_threads(1);
    ls_emu_set_seed(seed);
    ASSERT_EQ(test_kernels::last_block(100, &last), 0);
    ls_emu_reset();
    ls_emu_set_threads(1);
    ls_emu_set_seed(seed);
    ASSERT_EQ(test_kernels::last_block(100, &again), 0);
    EXPECT_EQ(last, again);
    lasts.insert(last);
  }
  EXPECT_GT(lasts.size(), 4u);
}

TEST_F(CudaEmu, UnwrittenMemoryShows)
{
  uint32_t words[3] = {0, 0, 0};
  ASSERT_EQ(test_kernels::read_unwritten(words), 0);
  for (const uint32_t word : words) EXPECT_EQ(word, 0xCDCDCDCDu);
}

TEST_F(CudaEmu, EventsMeasureCollectives)
{
  for (int kind = 0; kind < 3; ++kind) {
    float milliseconds = -1;
    ASSERT_EQ(test_kernels::collectives(kind, 10, 64, &milliseconds), 0);
    EXPECT_GE(milliseconds, 0);
  }
}

TEST_F(CudaEmu, LaunchLimits)
{
  unsigned touched = 0;
  EXPECT_EQ(test_kernels::launch(2, kBlockMax, 0, 0, &touched), cudaSuccess);
  EXPECT_EQ(touched, 2 * kBlockMax);
  EXPECT_EQ(test_kernels::launch(1, 1025, 0, 0, &touched), cudaErrorInvalidConfiguration);
  EXPECT_EQ(test_kernels::launch(0, 32, 0, 0, &touched), cudaErrorInvalidConfiguration);
  EXPECT_EQ(test_kernels::launch(1, 0, 0, 0, &touched), cudaErrorInvalidConfiguration);
  EXPECT_EQ(test_kernels::launch(0x80000000u, 1, 0, 0, &touched), cudaErrorInvalidConfiguration);
}

TEST_F(CudaEmu, SharedMemoryLimits)
{
  unsigned touched = 0;
  EXPECT_EQ(test_kernels::launch(1, 32, 49152, 0, &touched), cudaSuccess);
  EXPECT_EQ(test_kernels::launch(1, 32, 49153, 0, &touched), cudaErrorInvalidValue);
  EXPECT_EQ(test_kernels::launch(1, 32, 232448, 232448, &touched), cudaSuccess);
  EXPECT_EQ(test_kernels::launch(1, 32, 0, 232449, &touched), cudaErrorInvalidValue);
  ls_emu_set_shared_optin(101376);
  EXPECT_EQ(test_kernels::launch(1, 32, 0, 101377, &touched), cudaErrorInvalidValue);
}

TEST_F(CudaEmu, CopiesAreChecked)
{
  char host[64] = {};
  void *memory = nullptr;
  ASSERT_EQ(cudaMalloc(&memory, 64), cudaSuccess);
  char *device = static_cast<char *>(memory);
  EXPECT_EQ(cudaMemcpy(device, host, 64, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(device + 1, host, 64, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device, host, 64, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host, host, 1, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(host, 0, 64), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFreeHost(device), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
  EXPECT_EQ(cudaFree(device), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
}

TEST_F(CudaEmu, LastErrorIsReadOnce)
{
  EXPECT_EQ(cudaMemset(nullptr, 0, 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(nullptr, 0, 0), cudaSuccess);
  EXPECT_EQ(cudaPeekAtLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST_F(CudaEmu, NoDriver)
{
  int count = 42;
  void *memory = &count;
  ls_emu_set_device_count(0);
  EXPECT_EQ(cudaGetDeviceCount(&count), 35);
  EXPECT_EQ(count, 42);
  EXPECT_EQ(cudaMalloc(&memory, 16), cudaErrorInsufficientDriver);
  EXPECT_EQ(memory, &count);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInsufficientDriver);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST_F(CudaEmu, DevicesDescribeThemselves)
{
  int count = 0;
  cudaDeviceProp properties;
  ls_emu_set_device_count(2);
  ASSERT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
  EXPECT_EQ(count, 2);
  ASSERT_EQ(cudaGetDeviceProperties(&properties, 1), cudaSuccess);
  EXPECT_EQ(properties.sharedMemPerBlockOptin, 232448u);
  EXPECT_EQ(cudaGetDeviceProperties(&properties, 2), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaSetDevice(2), cudaErrorInvalidDevice);
  EXPECT_STREQ(cudaGetErrorString(cudaErrorInvalidDevice), "invalid device ordinal");
  EXPECT_STREQ(cudaGetErrorName(cudaErrorInvalidDevice), "cudaErrorInvalidDevice");
}

TEST_F(CudaEmu, MemoryBelongsToItsDevice)
{
  char host[64] = {};
  void *memory = nullptr;
  cudaStream_t stream = nullptr;
  ls_emu_set_device_count(2);
  ASSERT_EQ(cudaMalloc(&memory, 64), cudaSuccess);
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  ASSERT_EQ(cudaSetDevice(1), cudaSuccess);
  EXPECT_EQ(cudaMemcpy(memory, host, 64, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host, memory, 64, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(memory, 0, 64), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpyAsync(host, host, 64, cudaMemcpyHostToHost, stream),
            cudaErrorInvalidResourceHandle);
  ASSERT_EQ(cudaSetDevice(0), cudaSuccess);
  EXPECT_EQ(cudaMemset(memory, 0, 64), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
  EXPECT_EQ(cudaFree(memory), cudaSuccess);
}

TEST_F(CudaEmu, DevicesAndErrorsAreOfEachHostThread)
{
  ls_emu_set_device_count(3);
  ASSERT_EQ(cudaSetDevice(2), cudaSuccess);
  EXPECT_EQ(cudaSetDevice(3), cudaErrorInvalidDevice);
  int of_thread = -1;
  cudaError_t last = cudaErrorUnknown;
  std::thread([&] {
    cudaGetDevice(&of_thread);
    last = cudaGetLastError();
  }).join();
  EXPECT_EQ(of_thread, 0);
  EXPECT_EQ(last, cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidDevice);
}

TEST_F(CudaEmu, WhatAKernelMayUseIsSetForEachDevice)
{
  unsigned touched = 0;
  ls_emu_set_device_count(2);
  EXPECT_EQ(test_kernels::launch(1, 32, 100000, 100000, &touched), cudaSuccess);
  ASSERT_EQ(cudaSetDevice(1), cudaSuccess);
  EXPECT_EQ(test_kernels::launch(1, 32, 100000, 0, &touched), cudaErrorInvalidValue);
}

TEST_F(CudaEmu, WorkOnAStreamHappensWhenSomebodyWaits)
{
  for (const bool is_eager : {false, true}) {
    void *pinned = nullptr, *device = nullptr;
    cudaStream_t stream = nullptr;
    ls_emu_set_eager(is_eager);
    ASSERT_EQ(cudaMallocHost(&pinned, 4), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&device, 4), cudaSuccess);
    ASSERT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    volatile char *first = static_cast<char *>(pinned);
    *first = 1;
    ASSERT_EQ(cudaMemsetAsync(device, 2, 4, stream), cudaSuccess);
    ASSERT_EQ(cudaMemcpyAsync(pinned, device, 4, cudaMemcpyDeviceToHost, stream), cudaSuccess);
    EXPECT_EQ(*first, is_eager ? 2 : 1);
    EXPECT_EQ(cudaStreamQuery(stream), is_eager ? cudaSuccess : cudaErrorNotReady);
    EXPECT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    EXPECT_EQ(*first, 2);
    EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
    EXPECT_EQ(cudaFree(device), cudaSuccess);
    EXPECT_EQ(cudaFreeHost(pinned), cudaSuccess);
  }
}

TEST_F(CudaEmu, EachCallCanFailAndNothingLeaks)
{
  std::vector<int> sum;
  ASSERT_EQ(add_some(&sum), 0);
  const int call_count = static_cast<int>(ls_emu_call_count());
  ASSERT_GT(call_count, 10);
  for (int nth = 1; nth <= call_count; ++nth) {
    ls_emu_reset();
    ls_emu_fail("*", nth, cudaErrorUnknown);
    EXPECT_EQ(add_some(&sum), cudaErrorUnknown) << "call " << nth;
    EXPECT_TRUE(ls_emu_has_failed());
    EXPECT_EQ(ls_emu_live_bytes(), 0u);
    EXPECT_EQ(ls_emu_live_handles(), 0);
  }
  ls_emu_reset();
  ls_emu_fail("*", call_count + 1, cudaErrorUnknown);
  EXPECT_EQ(add_some(&sum), 0);
  EXPECT_FALSE(ls_emu_has_failed());
}

TEST_F(CudaEmu, CallsFailByName)
{
  std::vector<int> sum;
  ls_emu_fail("cudaMalloc", 3, cudaErrorMemoryAllocation);
  EXPECT_EQ(add_some(&sum), cudaErrorMemoryAllocation);
  EXPECT_EQ(add_some(&sum), 0);
  ls_emu_fail("cudaLaunchKernelEx", 1, cudaErrorLaunchOutOfResources);
  EXPECT_EQ(add_some(&sum), cudaErrorLaunchOutOfResources);
}

TEST_F(CudaEmu, ErrorsThatCorruptTheContextStay)
{
  std::vector<int> sum;
  ls_emu_fail("cudaStreamSynchronize", 1, cudaErrorIllegalAddress);
  EXPECT_EQ(add_some(&sum), cudaErrorIllegalAddress);
  EXPECT_EQ(ls_emu_live_bytes(), 0u);
  EXPECT_EQ(add_some(&sum), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  ls_emu_reset();
  EXPECT_EQ(add_some(&sum), 0);
}

TEST_F(CudaEmu, ErrorsStayOnTheirDevice)
{
  std::vector<int> sum;
  ls_emu_set_device_count(2);
  ls_emu_fail("cudaStreamSynchronize", 1, cudaErrorIllegalAddress);
  EXPECT_EQ(add_some(&sum), cudaErrorIllegalAddress);
  ASSERT_EQ(cudaSetDevice(1), cudaErrorIllegalAddress);
  ls_emu_reset();
  ls_emu_set_device_count(2);
  ASSERT_EQ(cudaSetDevice(1), cudaSuccess);
  ls_emu_fail("cudaStreamSynchronize", 1, cudaErrorIllegalAddress);
  EXPECT_EQ(add_some(&sum), cudaErrorIllegalAddress);
  EXPECT_EQ(add_some(&sum), cudaErrorIllegalAddress);
  std::thread([&sum] { EXPECT_EQ(add_some(&sum), cudaSuccess); }).join(); /* on device 0 */
}

TEST_F(CudaEmu, LargeAllocationsFailOnDemand)
{
  std::vector<int> sum;
  ls_emu_fail_allocations_over(399);
  EXPECT_EQ(add_some(&sum), cudaErrorMemoryAllocation);
  ls_emu_fail_allocations_over(400);
  EXPECT_EQ(add_some(&sum), 0);
  void *memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, size_t{1} << 40), cudaErrorMemoryAllocation);
  EXPECT_EQ(memory, nullptr);
}

TEST_F(CudaEmu, TheAccountKnowsWhatIsLive)
{
  void *device = nullptr, *host = nullptr;
  cudaStream_t stream = nullptr;
  ASSERT_EQ(cudaMalloc(&device, 100), cudaSuccess);
  ASSERT_EQ(cudaHostAlloc(&host, 50, cudaHostAllocDefault), cudaSuccess);
  ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
  EXPECT_EQ(ls_emu_live_bytes(), 150u);
  EXPECT_EQ(ls_emu_live_handles(), 1);
  EXPECT_EQ(cudaFree(device), cudaSuccess);
  EXPECT_EQ(cudaFreeHost(host), cudaSuccess);
  EXPECT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST_F(CudaEmu, NvccTakesTheSameKernels)
{
  const std::string nvcc = LS_NVCC;
  if (nvcc.empty()) GTEST_SKIP() << "nvcc is not installed";
  const std::string source = LS_SOURCE_DIR;
  for (const char *file : {"/test_kernels.cu", "/seeded_bugs.cu"}) {
    const std::string command = "'" + nvcc + "' -std=c++17 -arch=sm_80 -c -o /dev/null -I'" +
                                source + "/../../kernels' '" + source + file + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
}
