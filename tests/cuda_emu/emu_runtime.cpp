/* The runtime calls: argument checks as the hardware's, an account of what is live, and
 * failures on demand (emu_control.h). One lock serialises them, launches included.
 *
 * Every call begins with `Call call(__func__); if (call.error) return call.error;`. */
#include "emu_control.h"
#include "emu_internal.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

using Clock = std::chrono::steady_clock;

struct CUstream_st {
  int unused;
};

struct CUevent_st {
  bool is_recorded;
  bool has_timing;
  Clock::time_point time;
};

namespace {

constexpr int kDeviceMax = 8;
constexpr size_t kDeviceBytes = size_t{16} << 30;
constexpr size_t kSharedOptin = 227 * 1024;
constexpr size_t kSharedReserved = 1024; /* of each block, by the system */

struct Settings {
  std::string fail_function; /* empty: no failure is planned */
  int fail_after = 0;
  cudaError_t fail_error = cudaSuccess;
  bool has_failed = false;
  cudaError_t sticky_error = cudaSuccess;
  cudaError_t last_error = cudaSuccess;
  uint64_t call_count = 0;
  uint64_t allocation_max = UINT64_MAX;
  int device_count = 1;
  int device = 0;
  int thread_count = 2;
  uint64_t seed = 1;
  uint64_t launch_count = 0;
  size_t shared_optin = kSharedOptin;
};

struct Allocation {
  size_t bytes;
  bool is_device;
};

std::mutex mutex;
Settings settings;
std::map<const char *, Allocation> allocations; /* by first byte */
std::map<const void *, size_t> dynamic_bytes_max; /* of kernels that opted in */
uint64_t live_bytes;
int live_handles;

bool is_sticky(cudaError_t error)
{
  return error == cudaErrorECCUncorrectable ||
         (error >= 700 && error <= 719 && error != cudaErrorLaunchOutOfResources);
}

/* One runtime call: holds the lock, counts, and knows whether the call has to fail. */
class Call {
public:
  explicit Call(const char *function, bool needs_device = true) : lock_(mutex)
  {
    ++settings.call_count;
    if (needs_device && settings.device_count == 0)
      error = cudaErrorInsufficientDriver;
    else if (is_planned(function))
      error = settings.fail_error;
    else
      error = settings.sticky_error;
    if (is_sticky(error))
      settings.sticky_error = error;
    finish(error);
  }

  /* Remembers what the call returns, as cudaGetLastError sees it. */
  cudaError_t finish(cudaError_t result)
  {
    if (result != cudaSuccess && result != cudaErrorNotReady)
      settings.last_error = result;
    return result;
  }

  cudaError_t error = cudaSuccess;

private:
  static bool is_planned(const char *function)
  {
    if (settings.fail_function != "*" && settings.fail_function != function)
      return false;
    if (settings.has_failed || --settings.fail_after > 0)
      return false;
    settings.has_failed = true;
    return true;
  }

  std::unique_lock<std::mutex> lock_;
};

/* Under ASan the host may not touch device memory, except where the emulator opens it. */
void close_to_host(const char *base, size_t bytes)
{
  if (__asan_poison_memory_region)
    __asan_poison_memory_region(base, bytes);
}

void open_to_host(const char *base, size_t bytes)
{
  if (__asan_unpoison_memory_region)
    __asan_unpoison_memory_region(base, bytes);
}

/* The live allocation that holds [pointer, pointer + bytes); end() without one. *overlaps:
 * part of the range is in device memory. */
std::map<const char *, Allocation>::iterator find_device(const void *pointer, size_t bytes,
                                                         bool *overlaps)
{
  const char *first = static_cast<const char *>(pointer);
  *overlaps = false;
  auto next = allocations.upper_bound(first);
  if (next != allocations.end() && next->second.is_device && next->first < first + bytes)
    *overlaps = true;
  if (next == allocations.begin())
    return allocations.end();
  auto found = std::prev(next);
  const size_t offset = static_cast<size_t>(first - found->first);
  if (!found->second.is_device || offset >= std::max<size_t>(found->second.bytes, 1))
    return allocations.end();
  *overlaps = true;
  return bytes <= found->second.bytes - offset ? found : allocations.end();
}

/* A range that a copy reads or writes, open to the host while it lives. */
class Range {
public:
  Range(const void *pointer, size_t bytes)
  {
    bool overlaps = false;
    found_ = find_device(pointer, bytes, &overlaps);
    is_device = found_ != allocations.end();
    is_host = !overlaps;
    if (is_device)
      open_to_host(found_->first, found_->second.bytes);
  }
  ~Range()
  {
    if (is_device)
      close_to_host(found_->first, found_->second.bytes);
  }
  Range(const Range &) = delete;
  Range &operator=(const Range &) = delete;

  bool is_device, is_host; /* neither: it leaves its allocation */

private:
  std::map<const char *, Allocation>::iterator found_;
};

cudaError_t allocate(Call *call, void **pointer, size_t bytes, bool is_device)
{
  if (call->error != cudaSuccess)
    return call->error;
  if (!pointer)
    return call->finish(cudaErrorInvalidValue);
  if (bytes == 0) {
    *pointer = nullptr;
    return cudaSuccess;
  }
  if (bytes > settings.allocation_max || bytes > kDeviceBytes - std::min(live_bytes, kDeviceBytes))
    return call->finish(cudaErrorMemoryAllocation);
  void *memory = nullptr;
  if (posix_memalign(&memory, 256, bytes) != 0)
    return call->finish(cudaErrorMemoryAllocation);
  std::memset(memory, ls_emu::kFill, bytes);
  const char *base = static_cast<const char *>(memory);
  allocations[base] = Allocation{bytes, is_device};
  live_bytes += bytes;
  if (is_device)
    close_to_host(base, bytes);
  *pointer = memory;
  return cudaSuccess;
}

/* Frees also where the call has to fail. */
cudaError_t release(Call *call, void *pointer, bool is_device)
{
  if (!pointer)
    return call->error;
  const auto found = allocations.find(static_cast<const char *>(pointer));
  if (found == allocations.end() || found->second.is_device != is_device)
    return call->finish(cudaErrorInvalidValue);
  open_to_host(found->first, found->second.bytes);
  live_bytes -= found->second.bytes;
  allocations.erase(found);
  std::free(pointer);
  return call->error;
}

bool fits(cudaMemcpyKind kind, const Range &to, const Range &from)
{
  switch (kind) {
  case cudaMemcpyHostToHost:
    return to.is_host && from.is_host;
  case cudaMemcpyHostToDevice:
    return to.is_device && from.is_host;
  case cudaMemcpyDeviceToHost:
    return to.is_host && from.is_device;
  case cudaMemcpyDeviceToDevice:
    return to.is_device && from.is_device;
  case cudaMemcpyDefault:
    return (to.is_host || to.is_device) && (from.is_host || from.is_device);
  }
  return false;
}

cudaError_t copy(Call *call, void *to, const void *from, size_t bytes, cudaMemcpyKind kind)
{
  if (call->error != cudaSuccess || bytes == 0)
    return call->error;
  const Range to_range(to, bytes), from_range(from, bytes);
  if (!to || !from || !fits(kind, to_range, from_range))
    return call->finish(cudaErrorInvalidValue);
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

cudaError_t set(Call *call, void *pointer, int value, size_t bytes)
{
  if (call->error != cudaSuccess || bytes == 0)
    return call->error;
  const Range range(pointer, bytes);
  if (!range.is_device)
    return call->finish(cudaErrorInvalidValue);
  std::memset(pointer, value, bytes);
  return cudaSuccess;
}

template <class T> cudaError_t make_handle(Call *call, T **handle, T value)
{
  if (call->error != cudaSuccess)
    return call->error;
  if (!handle)
    return call->finish(cudaErrorInvalidValue);
  *handle = new T(value);
  ++live_handles;
  return cudaSuccess;
}

template <class T> cudaError_t destroy_handle(Call *call, T *handle)
{
  if (!handle)
    return call->finish(cudaErrorInvalidResourceHandle);
  delete handle;
  --live_handles;
  return call->error;
}

/* Where a null handle is a mistake. */
cudaError_t check_handle(Call *call, const void *handle)
{
  if (call->error != cudaSuccess)
    return call->error;
  return handle ? cudaSuccess : call->finish(cudaErrorInvalidResourceHandle);
}

/* For calls that give one value of a device. */
template <class T> cudaError_t give(Call *call, T *to, T value)
{
  if (call->error != cudaSuccess)
    return call->error;
  if (!to)
    return call->finish(cudaErrorInvalidValue);
  *to = value;
  return cudaSuccess;
}

bool is_device_index(int device) { return device >= 0 && device < settings.device_count; }

cudaDeviceProp describe(int device)
{
  cudaDeviceProp result{};
  std::snprintf(result.name, sizeof result.name, "Emulated CUDA device %d", device);
  result.totalGlobalMem = kDeviceBytes;
  result.sharedMemPerBlock = ls_emu::kSharedDefault;
  result.sharedMemPerBlockOptin = settings.shared_optin;
  result.sharedMemPerMultiprocessor = settings.shared_optin + kSharedReserved;
  result.reservedSharedMemPerBlock = kSharedReserved;
  result.regsPerBlock = result.regsPerMultiprocessor = 65536;
  result.warpSize = 32;
  result.maxThreadsPerBlock = 1024;
  result.maxThreadsDim[0] = result.maxThreadsDim[1] = 1024;
  result.maxThreadsDim[2] = 64;
  result.maxGridSize[0] = INT32_MAX;
  result.maxGridSize[1] = result.maxGridSize[2] = 65535;
  result.totalConstMem = 65536;
  result.major = 9;
  result.multiProcessorCount = 4;
  result.maxThreadsPerMultiProcessor = 2048;
  result.maxBlocksPerMultiProcessor = 32;
  result.pciBusID = device + 1;
  result.memoryBusWidth = 5120;
  result.l2CacheSize = 50 << 20;
  return result;
}

size_t dynamic_max(const void *function)
{
  const auto found = dynamic_bytes_max.find(function);
  return found == dynamic_bytes_max.end() ? ls_emu::kSharedDefault : found->second;
}

cudaError_t check_launch(const cudaLaunchConfig_t &config, const void *function)
{
  const dim3 grid = config.gridDim, block = config.blockDim;
  if (config.numAttrs != 0)
    return cudaErrorNotSupported;
  if (!function)
    return cudaErrorInvalidDeviceFunction;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 || block.y == 0 || block.z == 0)
    return cudaErrorInvalidConfiguration;
  if (grid.x > INT32_MAX || grid.y > 65535 || grid.z > 65535)
    return cudaErrorInvalidConfiguration;
  if (block.x > 1024 || block.y > 1024 || block.z > 64 || block.x * block.y * block.z > 1024)
    return cudaErrorInvalidConfiguration;
  if (config.dynamicSmemBytes > dynamic_max(function))
    return cudaErrorInvalidValue;
  return cudaSuccess;
}

void open_all(bool is_open)
{
  for (const auto &[base, allocation] : allocations) {
    if (!allocation.is_device)
      continue;
    if (is_open)
      open_to_host(base, allocation.bytes);
    else
      close_to_host(base, allocation.bytes);
  }
}

} /* namespace */

/* Control. */

void ls_emu_reset()
{
  const std::lock_guard<std::mutex> lock(mutex);
  settings = Settings();
  dynamic_bytes_max.clear();
}

void ls_emu_fail(const char *function, int nth, int error)
{
  const std::lock_guard<std::mutex> lock(mutex);
  settings.fail_function = function ? function : "";
  settings.fail_after = nth;
  settings.fail_error = static_cast<cudaError_t>(error);
  settings.has_failed = false;
}

int ls_emu_has_failed() { return settings.has_failed; }
uint64_t ls_emu_call_count() { return settings.call_count; }
void ls_emu_fail_allocations_over(uint64_t bytes) { settings.allocation_max = bytes; }

void ls_emu_set_device_count(int count) { settings.device_count = std::clamp(count, 0, kDeviceMax); }

void ls_emu_set_threads(int count)
{
  settings.thread_count = std::clamp(count, 1, ls_emu::kThreadMax);
}

void ls_emu_set_seed(uint64_t seed) { settings.seed = seed; }

void ls_emu_set_shared_optin(uint64_t bytes)
{
  settings.shared_optin = std::clamp<size_t>(bytes, ls_emu::kSharedDefault, kSharedOptin);
}

uint64_t ls_emu_live_bytes() { return live_bytes; }
int ls_emu_live_handles() { return live_handles; }

/* Errors. */

cudaError_t cudaGetLastError()
{
  Call call(__func__, false);
  return std::exchange(settings.last_error, settings.sticky_error);
}

cudaError_t cudaPeekAtLastError()
{
  Call call(__func__, false);
  return settings.last_error;
}

#define LS_EMU_TEXT(name, value, text)                                                           \
  case name:                                                                                     \
    return text;
#define LS_EMU_NAME(name, value, text)                                                           \
  case name:                                                                                     \
    return #name;

const char *cudaGetErrorString(cudaError_t error)
{
  switch (error) {
    LS_EMU_ERRORS(LS_EMU_TEXT)
  }
  return "unrecognized error code";
}

const char *cudaGetErrorName(cudaError_t error)
{
  switch (error) {
    LS_EMU_ERRORS(LS_EMU_NAME)
  }
  return "unrecognized error code";
}

/* Devices. */

cudaError_t cudaGetDeviceCount(int *count)
{
  Call call(__func__);
  return give(&call, count, settings.device_count);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device)
{
  Call call(__func__);
  if (call.error == cudaSuccess && !is_device_index(device))
    return call.finish(cudaErrorInvalidDevice);
  return give(&call, properties, describe(device));
}

cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int device)
{
  Call call(__func__);
  if (call.error == cudaSuccess && !is_device_index(device))
    return call.finish(cudaErrorInvalidDevice);
  const cudaDeviceProp properties = describe(device);
  switch (attribute) {
  case cudaDevAttrMaxThreadsPerBlock:
    return give(&call, value, properties.maxThreadsPerBlock);
  case cudaDevAttrMaxSharedMemoryPerBlock:
    return give(&call, value, static_cast<int>(properties.sharedMemPerBlock));
  case cudaDevAttrMaxSharedMemoryPerBlockOptin:
    return give(&call, value, static_cast<int>(properties.sharedMemPerBlockOptin));
  case cudaDevAttrWarpSize:
    return give(&call, value, properties.warpSize);
  case cudaDevAttrMultiProcessorCount:
    return give(&call, value, properties.multiProcessorCount);
  case cudaDevAttrComputeCapabilityMajor:
    return give(&call, value, properties.major);
  case cudaDevAttrComputeCapabilityMinor:
    return give(&call, value, properties.minor);
  }
  return call.finish(cudaErrorInvalidValue);
}

cudaError_t cudaDeviceGetPCIBusId(char *text, int capacity, int device)
{
  Call call(__func__);
  if (call.error != cudaSuccess)
    return call.error;
  if (!is_device_index(device))
    return call.finish(cudaErrorInvalidDevice);
  if (!text || capacity < 13)
    return call.finish(cudaErrorInvalidValue);
  std::snprintf(text, static_cast<size_t>(capacity), "0000:%02x:00.0", describe(device).pciBusID);
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device)
{
  Call call(__func__);
  if (call.error != cudaSuccess)
    return call.error;
  if (!is_device_index(device))
    return call.finish(cudaErrorInvalidDevice);
  settings.device = device;
  return cudaSuccess;
}

cudaError_t cudaGetDevice(int *device)
{
  Call call(__func__);
  return give(&call, device, settings.device);
}

cudaError_t cudaDeviceSynchronize()
{
  Call call(__func__);
  return call.error;
}

/* Clears an error that has stayed. Memory is not freed: the account shall show who forgot. */
cudaError_t cudaDeviceReset()
{
  Call call(__func__);
  settings.sticky_error = cudaSuccess;
  return call.error;
}

cudaError_t cudaDriverGetVersion(int *version)
{
  Call call(__func__, false);
  return give(&call, version, settings.device_count == 0 ? 0 : CUDART_VERSION);
}

cudaError_t cudaRuntimeGetVersion(int *version)
{
  Call call(__func__, false);
  return give(&call, version, CUDART_VERSION);
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes)
{
  Call call(__func__);
  if (call.error != cudaSuccess)
    return call.error;
  if (!free_bytes || !total_bytes)
    return call.finish(cudaErrorInvalidValue);
  *free_bytes = kDeviceBytes - std::min(live_bytes, kDeviceBytes);
  *total_bytes = kDeviceBytes;
  return cudaSuccess;
}

/* Memory. */

cudaError_t cudaMalloc(void **pointer, size_t bytes)
{
  Call call(__func__);
  return allocate(&call, pointer, bytes, true);
}

cudaError_t cudaMallocAsync(void **pointer, size_t bytes, cudaStream_t)
{
  Call call(__func__);
  return allocate(&call, pointer, bytes, true);
}

cudaError_t cudaFree(void *pointer)
{
  Call call(__func__);
  return release(&call, pointer, true);
}

cudaError_t cudaFreeAsync(void *pointer, cudaStream_t)
{
  Call call(__func__);
  return release(&call, pointer, true);
}

cudaError_t cudaHostAlloc(void **pointer, size_t bytes, unsigned)
{
  Call call(__func__);
  return allocate(&call, pointer, bytes, false);
}

cudaError_t cudaMallocHost(void **pointer, size_t bytes)
{
  Call call(__func__);
  return allocate(&call, pointer, bytes, false);
}

cudaError_t cudaFreeHost(void *pointer)
{
  Call call(__func__);
  return release(&call, pointer, false);
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind)
{
  Call call(__func__);
  return copy(&call, to, from, bytes, kind);
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t)
{
  Call call(__func__);
  return copy(&call, to, from, bytes, kind);
}

cudaError_t cudaMemset(void *pointer, int value, size_t bytes)
{
  Call call(__func__);
  return set(&call, pointer, value, bytes);
}

cudaError_t cudaMemsetAsync(void *pointer, int value, size_t bytes, cudaStream_t)
{
  Call call(__func__);
  return set(&call, pointer, value, bytes);
}

cudaError_t ls_emu_symbol_copy(const char *function, void *to, const void *from, size_t bytes,
                               size_t offset, size_t symbol_bytes)
{
  Call call(function);
  if (call.error != cudaSuccess)
    return call.error;
  if (offset > symbol_bytes || bytes > symbol_bytes - offset)
    return call.finish(cudaErrorInvalidValue);
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

/* Streams and events. */

cudaError_t cudaStreamCreate(cudaStream_t *stream)
{
  Call call(__func__);
  return make_handle(&call, stream, CUstream_st{});
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned)
{
  Call call(__func__);
  return make_handle(&call, stream, CUstream_st{});
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
  Call call(__func__);
  return destroy_handle(&call, stream);
}

cudaError_t cudaStreamSynchronize(cudaStream_t)
{
  Call call(__func__);
  return call.error;
}

cudaError_t cudaStreamQuery(cudaStream_t)
{
  Call call(__func__);
  return call.error;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t event, unsigned)
{
  Call call(__func__);
  return check_handle(&call, event);
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
  Call call(__func__);
  return make_handle(&call, event, CUevent_st{false, true, {}});
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags)
{
  Call call(__func__);
  return make_handle(&call, event, CUevent_st{false, (flags & cudaEventDisableTiming) == 0, {}});
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
  Call call(__func__);
  return destroy_handle(&call, event);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t)
{
  Call call(__func__);
  const cudaError_t error = check_handle(&call, event);
  if (error != cudaSuccess)
    return error;
  event->is_recorded = true;
  event->time = Clock::now();
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
  Call call(__func__);
  return check_handle(&call, event);
}

cudaError_t cudaEventQuery(cudaEvent_t event)
{
  Call call(__func__);
  return check_handle(&call, event);
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t stop)
{
  Call call(__func__);
  if (call.error != cudaSuccess)
    return call.error;
  if (!start || !stop || !start->is_recorded || !stop->is_recorded || !start->has_timing ||
      !stop->has_timing)
    return call.finish(cudaErrorInvalidResourceHandle);
  const std::chrono::duration<float, std::milli> elapsed = stop->time - start->time;
  return give(&call, milliseconds, elapsed.count());
}

/* Kernels. */

cudaError_t ls_emu_func_set(const void *function, cudaFuncAttribute attribute, int value)
{
  Call call("cudaFuncSetAttribute");
  if (call.error != cudaSuccess)
    return call.error;
  if (!function)
    return call.finish(cudaErrorInvalidDeviceFunction);
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize)
    return cudaSuccess;
  if (value < 0 || static_cast<size_t>(value) > settings.shared_optin)
    return call.finish(cudaErrorInvalidValue);
  dynamic_bytes_max[function] = static_cast<size_t>(value);
  return cudaSuccess;
}

cudaError_t ls_emu_func_get(cudaFuncAttributes *attributes, const void *function)
{
  Call call("cudaFuncGetAttributes");
  cudaFuncAttributes result{};
  result.maxThreadsPerBlock = 1024;
  result.numRegs = 32;
  result.ptxVersion = result.binaryVersion = 90;
  result.maxDynamicSharedSizeBytes = static_cast<int>(dynamic_max(function));
  return give(&call, attributes, result);
}

cudaError_t ls_emu_occupancy(const char *function, int *block_count, int block_size,
                             size_t dynamic_bytes)
{
  Call call(function);
  if (call.error == cudaSuccess && (block_size < 1 || block_size > 1024))
    return call.finish(cudaErrorInvalidValue);
  const cudaDeviceProp device = describe(0);
  const size_t by_shared =
      device.sharedMemPerMultiprocessor / (dynamic_bytes + device.reservedSharedMemPerBlock);
  const int by_threads = device.maxThreadsPerMultiProcessor / std::max(block_size, 1);
  return give(&call, block_count,
              std::min({device.maxBlocksPerMultiProcessor, by_threads,
                        static_cast<int>(std::min<size_t>(by_shared, 32))}));
}

cudaError_t ls_emu_launch(const cudaLaunchConfig_t *config, const void *function,
                          void (*invoke)(void *), void *context)
{
  Call call("cudaLaunchKernelEx");
  if (call.error != cudaSuccess)
    return call.error;
  const cudaError_t error = check_launch(*config, function);
  if (error != cudaSuccess)
    return call.finish(error);
  ls_emu::Launch launch{};
  launch.grid = config->gridDim;
  launch.block = config->blockDim;
  launch.dynamic_bytes = config->dynamicSmemBytes;
  launch.shared_bytes_max =
      dynamic_bytes_max.count(function) != 0 ? settings.shared_optin : ls_emu::kSharedDefault;
  launch.invoke = invoke;
  launch.context = context;
  launch.seed = settings.seed + (settings.launch_count++ << 32);
  launch.thread_count = settings.thread_count;
  open_all(true);
  ls_emu::run(launch);
  open_all(false);
  return cudaSuccess;
}
