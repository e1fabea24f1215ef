/* The emulator's cuda_runtime.h: executes .cu files compiled by g++ or clang++ (C++17) on the
 * CPU, for tests alone. First on the include path, in place of NVIDIA's.
 *
 * One fiber is one CUDA thread; the blocks of a launch are shared out, in random order, over
 * OS threads; the scheduler resolves barriers, votes and shuffles. What is put on a stream happens
 * as late as CUDA may be: when somebody waits for it. Copies from and to memory that is not pinned
 * happen at once. Device memory is heap memory filled with 0xCD, which under ASan only copies and
 * kernels of its device may touch; kernels of other devices die there in every build. emu_control.h
 * makes calls fail, and gives several devices.
 *
 * It does not model lock step, weak memory order, registers, or two kernels that run side by side.
 * TSan orders blocks of one OS thread by their barriers: races between blocks show between two.
 *
 * Measured (x86-64, gcc 12 -O2, one OS thread), nanoseconds of CPU for one CUDA thread to pass
 * one collective (__syncthreads, shuffle or __syncwarp): 42 in a block of 256, 53 in one of
 * 1,024; by ucontext 2,800. TSan takes 0.9 MiB and some milliseconds for each CUDA thread
 * of the largest block and each OS thread, once: under it, launch blocks of 128. */
#ifndef LS_EMU_CUDA_RUNTIME_H
#define LS_EMU_CUDA_RUNTIME_H

#ifndef LS_CUDA_EMU
#define LS_CUDA_EMU 1
#endif

#include "emu_device.h"

#include <memory>
#include <tuple>
#include <utility>

#define CUDART_VERSION 13000

#define LS_EMU_ERRORS(X)                                                                           \
  X(cudaSuccess, 0, "no error")                                                                    \
  X(cudaErrorInvalidValue, 1, "invalid argument")                                                  \
  X(cudaErrorMemoryAllocation, 2, "out of memory")                                                 \
  X(cudaErrorInitializationError, 3, "initialization error")                                       \
  X(cudaErrorInvalidConfiguration, 9, "invalid configuration argument")                            \
  X(cudaErrorInvalidSymbol, 13, "invalid device symbol")                                           \
  X(cudaErrorInvalidDevicePointer, 17, "invalid device pointer")                                   \
  X(cudaErrorInvalidMemcpyDirection, 21, "invalid copy direction for memcpy")                      \
  X(cudaErrorInsufficientDriver, 35,                                                               \
    "CUDA driver version is insufficient for CUDA runtime version")                                \
  X(cudaErrorDevicesUnavailable, 46, "CUDA-capable device(s) is/are busy or unavailable")          \
  X(cudaErrorInvalidDeviceFunction, 98, "invalid device function")                                 \
  X(cudaErrorNoDevice, 100, "no CUDA-capable device is detected")                                  \
  X(cudaErrorInvalidDevice, 101, "invalid device ordinal")                                         \
  X(cudaErrorNoKernelImageForDevice, 209,                                                          \
    "no kernel image is available for execution on the device")                                    \
  X(cudaErrorECCUncorrectable, 214, "uncorrectable ECC error encountered")                         \
  X(cudaErrorInvalidResourceHandle, 400, "invalid resource handle")                                \
  X(cudaErrorNotReady, 600, "device not ready")                                                    \
  X(cudaErrorIllegalAddress, 700, "an illegal memory access was encountered")                      \
  X(cudaErrorLaunchOutOfResources, 701, "too many resources requested for launch")                 \
  X(cudaErrorLaunchTimeout, 702, "the launch timed out and was terminated")                        \
  X(cudaErrorAssert, 710, "device-side assert triggered")                                          \
  X(cudaErrorHardwareStackError, 714, "hardware stack error")                                      \
  X(cudaErrorIllegalInstruction, 715, "an illegal instruction was encountered")                    \
  X(cudaErrorMisalignedAddress, 716, "misaligned address")                                         \
  X(cudaErrorLaunchFailure, 719, "unspecified launch failure")                                     \
  X(cudaErrorNotSupported, 801, "operation not supported")                                         \
  X(cudaErrorUnknown, 999, "unknown error")

#define LS_EMU_ENUMERATOR(name, value, text) name = value,
enum cudaError_t { LS_EMU_ERRORS(LS_EMU_ENUMERATOR) };
#undef LS_EMU_ENUMERATOR
using cudaError = cudaError_t;

enum cudaMemcpyKind {
  cudaMemcpyHostToHost,
  cudaMemcpyHostToDevice,
  cudaMemcpyDeviceToHost,
  cudaMemcpyDeviceToDevice,
  cudaMemcpyDefault
};

enum cudaFuncAttribute {
  cudaFuncAttributeMaxDynamicSharedMemorySize = 8,
  cudaFuncAttributePreferredSharedMemoryCarveout = 9
};

enum cudaDeviceAttr {
  cudaDevAttrMaxThreadsPerBlock = 1,
  cudaDevAttrMaxSharedMemoryPerBlock = 8,
  cudaDevAttrWarpSize = 10,
  cudaDevAttrMultiProcessorCount = 16,
  cudaDevAttrComputeCapabilityMajor = 75,
  cudaDevAttrComputeCapabilityMinor = 76,
  cudaDevAttrMaxSharedMemoryPerBlockOptin = 97
};

enum {
  cudaStreamDefault = 0,
  cudaStreamNonBlocking = 1,
  cudaEventDefault = 0,
  cudaEventBlockingSync = 1,
  cudaEventDisableTiming = 2,
  cudaHostAllocDefault = 0,
  cudaHostAllocPortable = 1,
  cudaHostAllocMapped = 2,
  cudaHostAllocWriteCombined = 4
};

struct cudaDeviceProp { /* those members of NVIDIA's that have a meaning here */
  char name[256];
  size_t totalGlobalMem, sharedMemPerBlock;
  int regsPerBlock, warpSize, maxThreadsPerBlock;
  int maxThreadsDim[3], maxGridSize[3];
  size_t totalConstMem;
  int major, minor, multiProcessorCount, integrated;
  int pciBusID, pciDeviceID, pciDomainID, memoryBusWidth, l2CacheSize;
  int maxThreadsPerMultiProcessor;
  size_t sharedMemPerMultiprocessor;
  int regsPerMultiprocessor;
  size_t sharedMemPerBlockOptin;
  int maxBlocksPerMultiProcessor;
  size_t reservedSharedMemPerBlock;
};

struct cudaFuncAttributes {
  size_t sharedSizeBytes, constSizeBytes, localSizeBytes;
  int maxThreadsPerBlock, numRegs, ptxVersion, binaryVersion, maxDynamicSharedSizeBytes;
};

typedef struct CUstream_st *cudaStream_t;
typedef struct CUevent_st *cudaEvent_t;
struct cudaLaunchAttribute; /* none is emulated */

typedef struct cudaLaunchConfig_st {
  dim3 gridDim, blockDim;
  size_t dynamicSmemBytes;
  cudaStream_t stream;
  cudaLaunchAttribute *attrs;
  unsigned numAttrs;
} cudaLaunchConfig_t;

cudaError_t cudaGetLastError();
cudaError_t cudaPeekAtLastError();
const char *cudaGetErrorString(cudaError_t error);
const char *cudaGetErrorName(cudaError_t error);

cudaError_t cudaGetDeviceCount(int *count);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device);
cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int device);
cudaError_t cudaDeviceGetPCIBusId(char *text, int capacity, int device);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaGetDevice(int *device);
cudaError_t cudaDeviceSynchronize();
cudaError_t cudaDeviceReset();
cudaError_t cudaDriverGetVersion(int *version);
cudaError_t cudaRuntimeGetVersion(int *version);
cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes);

cudaError_t cudaMalloc(void **pointer, size_t bytes);
cudaError_t cudaMallocAsync(void **pointer, size_t bytes, cudaStream_t stream);
cudaError_t cudaFree(void *pointer);
cudaError_t cudaFreeAsync(void *pointer, cudaStream_t stream);
cudaError_t cudaHostAlloc(void **pointer, size_t bytes, unsigned flags);
cudaError_t cudaMallocHost(void **pointer, size_t bytes);
cudaError_t cudaFreeHost(void *pointer);
cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind);
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream = nullptr);
cudaError_t cudaMemset(void *pointer, int value, size_t bytes);
cudaError_t cudaMemsetAsync(void *pointer, int value, size_t bytes, cudaStream_t stream = nullptr);

cudaError_t cudaStreamCreate(cudaStream_t *stream);
cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
cudaError_t cudaStreamQuery(cudaStream_t stream);
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags = 0);
cudaError_t cudaEventCreate(cudaEvent_t *event);
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags);
cudaError_t cudaEventDestroy(cudaEvent_t event);
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream = nullptr);
cudaError_t cudaEventSynchronize(cudaEvent_t event);
cudaError_t cudaEventQuery(cudaEvent_t event);
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t stop);

/* What is a template or an overload in NVIDIA's header goes through these. */
cudaError_t ls_emu_symbol_copy(const char *function, void *to, const void *from, size_t bytes,
                               size_t offset, size_t symbol_bytes);
cudaError_t ls_emu_func_set(const void *function, cudaFuncAttribute attribute, int value);
cudaError_t ls_emu_func_get(cudaFuncAttributes *attributes, const void *function);
cudaError_t ls_emu_occupancy(const char *function, int *block_count, int block_size,
                             size_t dynamic_bytes);
cudaError_t ls_emu_launch(const cudaLaunchConfig_t *config, const void *function,
                          void (*invoke)(void *), std::shared_ptr<void> context);

template <class T> cudaError_t cudaMalloc(T **pointer, size_t bytes)
{
  return cudaMalloc(reinterpret_cast<void **>(pointer), bytes);
}

template <class T> cudaError_t cudaMallocAsync(T **pointer, size_t bytes, cudaStream_t stream)
{
  return cudaMallocAsync(reinterpret_cast<void **>(pointer), bytes, stream);
}

template <class T> cudaError_t cudaMallocHost(T **pointer, size_t bytes)
{
  return cudaMallocHost(reinterpret_cast<void **>(pointer), bytes);
}

template <class T> cudaError_t cudaHostAlloc(T **pointer, size_t bytes, unsigned flags)
{
  return cudaHostAlloc(reinterpret_cast<void **>(pointer), bytes, flags);
}

template <class T>
cudaError_t cudaMemcpyToSymbol(const T &symbol, const void *from, size_t bytes, size_t offset = 0,
                               cudaMemcpyKind = cudaMemcpyHostToDevice)
{
  char *base = const_cast<char *>(reinterpret_cast<const char *>(&symbol));
  return ls_emu_symbol_copy(__func__, base + offset, from, bytes, offset, sizeof(T));
}

template <class T>
cudaError_t cudaMemcpyFromSymbol(void *to, const T &symbol, size_t bytes, size_t offset = 0,
                                 cudaMemcpyKind = cudaMemcpyDeviceToHost)
{
  const char *base = reinterpret_cast<const char *>(&symbol);
  return ls_emu_symbol_copy(__func__, to, base + offset, bytes, offset, sizeof(T));
}

template <class T>
cudaError_t cudaFuncSetAttribute(T *function, cudaFuncAttribute attribute, int value)
{
  return ls_emu_func_set(reinterpret_cast<const void *>(function), attribute, value);
}

template <class T> cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attributes, T *function)
{
  return ls_emu_func_get(attributes, reinterpret_cast<const void *>(function));
}

template <class T>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *block_count, T, int block_size,
                                                          size_t dynamic_bytes)
{
  return ls_emu_occupancy(__func__, block_count, block_size, dynamic_bytes);
}

/* A kernel and its arguments; every CUDA thread calls with a copy of its own. */
template <class... Parameters> struct ls_emu_call {
  void (*kernel)(Parameters...);
  std::tuple<std::decay_t<Parameters>...> arguments;

  static void invoke(void *self)
  {
    const ls_emu_call *call = static_cast<const ls_emu_call *>(self);
    std::apply(call->kernel, call->arguments);
  }
};

template <class... Parameters, class... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, void (*kernel)(Parameters...),
                               Arguments &&...arguments)
{
  static_assert((sizeof(Parameters) + ... + 0) <= 32764, "kernel parameters exceed 32764 bytes");
  static_assert((std::is_trivially_copyable_v<std::decay_t<Parameters>> && ...));
  using call = ls_emu_call<Parameters...>;
  return ls_emu_launch(
      config, reinterpret_cast<const void *>(kernel), call::invoke,
      std::make_shared<call>(call{kernel, {std::forward<Arguments>(arguments)...}}));
}

#endif
