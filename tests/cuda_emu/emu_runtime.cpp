/* Devices, streams, events and launches, with the limits of the hardware. */
#include "emu_control.h"
#include "emu_state.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <set>

using namespace ls_emu;
using Clock = std::chrono::steady_clock;

struct CUstream_st {
  int device;
  bool is_blocking; /* waits for the default stream, and that for it */
  std::deque<std::function<void()>> waiting;
};

struct CUevent_st {
  int device;
  bool is_recorded;
  bool has_timing;
  Clock::time_point time;
  cudaStream_t stream; /* on which it was last recorded */
};

namespace
{

int live_handles;
std::set<cudaStream_t> streams; /* live ones */

template <class T> cudaError_t make_handle(Call *call, T **handle, T value)
{
  if (call->error != cudaSuccess) return call->error;
  if (!handle) return call->finish(cudaErrorInvalidValue);
  *handle = new T(value);
  ++live_handles;
  return cudaSuccess;
}

template <class T> cudaError_t destroy_handle(Call *call, T *handle)
{
  if (!handle) return call->finish(cudaErrorInvalidResourceHandle);
  delete handle;
  --live_handles;
  return call->error;
}

/* Where a null handle is a mistake. */
cudaError_t check_handle(Call *call, const void *handle)
{
  if (call->error != cudaSuccess) return call->error;
  return handle ? cudaSuccess : call->finish(cudaErrorInvalidResourceHandle);
}

bool is_device_index(int device) { return device >= 0 && device < settings.device_count; }

cudaDeviceProp describe(int device)
{
  cudaDeviceProp result{};
  std::snprintf(result.name, sizeof result.name, "Emulated CUDA device %d", device);
  result.totalGlobalMem = kDeviceBytes;
  result.sharedMemPerBlock = kSharedDefault;
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
  const auto found = settings.dynamic_bytes_max.find({caller.device, function});
  return found == settings.dynamic_bytes_max.end() ? kSharedDefault : found->second;
}

cudaError_t check_launch(const cudaLaunchConfig_t &config, const void *function)
{
  const dim3 grid = config.gridDim, block = config.blockDim;
  if (config.numAttrs != 0) return cudaErrorNotSupported;
  if (!function) return cudaErrorInvalidDeviceFunction;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 || block.y == 0 || block.z == 0)
    return cudaErrorInvalidConfiguration;
  if (grid.x > INT32_MAX || grid.y > 65535 || grid.z > 65535) return cudaErrorInvalidConfiguration;
  if (block.x > 1024 || block.y > 1024 || block.z > 64 || block.x * block.y * block.z > 1024)
    return cudaErrorInvalidConfiguration;
  if (config.dynamicSmemBytes > dynamic_max(function)) return cudaErrorInvalidValue;
  return cudaSuccess;
}

} /* namespace */

int ls_emu_live_handles() { return live_handles; }

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
  case cudaDevAttrMaxThreadsPerBlock: return give(&call, value, properties.maxThreadsPerBlock);
  case cudaDevAttrMaxSharedMemoryPerBlock:
    return give(&call, value, static_cast<int>(properties.sharedMemPerBlock));
  case cudaDevAttrMaxSharedMemoryPerBlockOptin:
    return give(&call, value, static_cast<int>(properties.sharedMemPerBlockOptin));
  case cudaDevAttrWarpSize: return give(&call, value, properties.warpSize);
  case cudaDevAttrMultiProcessorCount: return give(&call, value, properties.multiProcessorCount);
  case cudaDevAttrComputeCapabilityMajor: return give(&call, value, properties.major);
  case cudaDevAttrComputeCapabilityMinor: return give(&call, value, properties.minor);
  }
  return call.finish(cudaErrorInvalidValue);
}

cudaError_t cudaDeviceGetPCIBusId(char *text, int capacity, int device)
{
  Call call(__func__);
  if (call.error != cudaSuccess) return call.error;
  if (!is_device_index(device)) return call.finish(cudaErrorInvalidDevice);
  if (!text || capacity < 13) return call.finish(cudaErrorInvalidValue);
  std::snprintf(text, static_cast<size_t>(capacity), "0000:%02x:00.0", describe(device).pciBusID);
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device)
{
  Call call(__func__);
  if (call.error != cudaSuccess) return call.error;
  if (!is_device_index(device)) return call.finish(cudaErrorInvalidDevice);
  caller.device = device;
  return cudaSuccess;
}

cudaError_t cudaGetDevice(int *device)
{
  Call call(__func__);
  return give(&call, device, caller.device);
}

cudaError_t cudaDeviceSynchronize()
{
  Call call(__func__);
  for (const cudaStream_t stream : streams)
    if (stream->device == caller.device) stream_flush(stream);
  return call.error;
}

/* Clears an error that has stayed. Memory is not freed: the account shall show who forgot. */
cudaError_t cudaDeviceReset()
{
  Call call(__func__);
  settings.sticky_error[caller.device] = cudaSuccess;
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

/* Streams and events. */

void ls_emu::stream_flush(cudaStream_t stream)
{
  while (stream && !stream->waiting.empty()) {
    const std::function<void()> work = std::move(stream->waiting.front());
    stream->waiting.pop_front();
    work();
  }
}

void ls_emu::streams_flush()
{
  for (const cudaStream_t stream : streams) stream_flush(stream);
}

void ls_emu::streams_flush_blocking()
{
  for (const cudaStream_t stream : streams)
    if (stream->is_blocking && stream->device == caller.device) stream_flush(stream);
}

void ls_emu::stream_do(cudaStream_t stream, std::function<void()> work)
{
  if (!stream) {
    streams_flush_blocking();
    work();
    return;
  }
  stream->waiting.push_back(std::move(work));
  if (settings.is_eager) stream_flush(stream);
}

cudaError_t ls_emu::check_stream(Call *call, cudaStream_t stream)
{
  if (call->error != cudaSuccess || !stream) return call->error;
  if (streams.count(stream) == 0 || stream->device != caller.device)
    call->error = call->finish(cudaErrorInvalidResourceHandle);
  return call->error;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags)
{
  Call call(__func__);
  const bool is_blocking = (flags & cudaStreamNonBlocking) == 0;
  const cudaError_t error = make_handle(&call, stream, CUstream_st{caller.device, is_blocking, {}});
  if (error == cudaSuccess) streams.insert(*stream);
  return error;
}

cudaError_t cudaStreamCreate(cudaStream_t *stream)
{
  return cudaStreamCreateWithFlags(stream, cudaStreamDefault);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
  Call call(__func__);
  if (streams.count(stream) == 0) return call.finish(cudaErrorInvalidResourceHandle);
  stream_flush(stream);
  streams.erase(stream);
  return destroy_handle(&call, stream);
}

/* Also where the call has to fail, the work goes on. */
cudaError_t cudaStreamSynchronize(cudaStream_t stream)
{
  Call call(__func__);
  const cudaError_t error = call.error;
  if (error == cudaSuccess && check_stream(&call, stream) != cudaSuccess) return call.error;
  if (streams.count(stream) != 0)
    stream_flush(stream);
  else
    streams_flush_blocking();
  return error;
}

cudaError_t cudaStreamQuery(cudaStream_t stream)
{
  Call call(__func__);
  if (check_stream(&call, stream) != cudaSuccess) return call.error;
  return !stream || stream->waiting.empty() ? cudaSuccess : cudaErrorNotReady;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned)
{
  Call call(__func__);
  if (check_handle(&call, event) != cudaSuccess) return call.error;
  if (check_stream(&call, stream) == cudaSuccess && streams.count(event->stream) != 0)
    stream_flush(event->stream);
  return call.error;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags)
{
  Call call(__func__);
  const bool has_timing = (flags & cudaEventDisableTiming) == 0;
  return make_handle(&call, event, CUevent_st{caller.device, false, has_timing, {}, nullptr});
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
  Call call(__func__);
  if (event && streams.count(event->stream) != 0) stream_flush(event->stream);
  return destroy_handle(&call, event);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
  Call call(__func__);
  if (check_handle(&call, event) != cudaSuccess) return call.error;
  if (check_stream(&call, stream) != cudaSuccess) return call.error;
  if (event->device != caller.device) return call.finish(cudaErrorInvalidResourceHandle);
  event->is_recorded = true;
  event->stream = stream;
  stream_do(stream, [event] { event->time = Clock::now(); });
  return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
  Call call(__func__);
  const cudaError_t error = check_handle(&call, event);
  if (event && streams.count(event->stream) != 0) stream_flush(event->stream);
  return error;
}

cudaError_t cudaEventQuery(cudaEvent_t event)
{
  Call call(__func__);
  if (check_handle(&call, event) != cudaSuccess) return call.error;
  const bool is_under_way = streams.count(event->stream) != 0 && !event->stream->waiting.empty();
  return is_under_way ? cudaErrorNotReady : cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t stop)
{
  Call call(__func__);
  if (call.error != cudaSuccess) return call.error;
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
  if (call.error != cudaSuccess) return call.error;
  if (!function) return call.finish(cudaErrorInvalidDeviceFunction);
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
  if (value < 0 || static_cast<size_t>(value) > settings.shared_optin)
    return call.finish(cudaErrorInvalidValue);
  settings.dynamic_bytes_max[{caller.device, function}] = static_cast<size_t>(value);
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
                          void (*invoke)(void *), std::shared_ptr<void> context)
{
  Call call("cudaLaunchKernelEx");
  if (check_stream(&call, config->stream) != cudaSuccess) return call.error;
  const cudaError_t error = check_launch(*config, function);
  if (error != cudaSuccess) return call.finish(error);
  const int device = caller.device;
  Launch launch{};
  launch.grid = config->gridDim;
  launch.block = config->blockDim;
  launch.dynamic_bytes = config->dynamicSmemBytes;
  const bool has_opted = settings.dynamic_bytes_max.count({device, function}) != 0;
  launch.shared_bytes_max = has_opted ? settings.shared_optin : kSharedDefault;
  launch.invoke = invoke;
  launch.context = context.get();
  launch.seed = settings.seed + (settings.launch_count++ << 32);
  launch.thread_count = settings.thread_count;
  /* Moved, so that whoever waits for the stream is the last to hold the arguments. */
  stream_do(config->stream, [launch, context = std::move(context), device] {
    open_device_memory(device);
    run(launch);
    close_device_memory(device);
  });
  return cudaSuccess;
}
