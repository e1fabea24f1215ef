/* Device and pinned memory: allocations and their account, copies and their checks. */
#include "emu_control.h"
#include "emu_state.h"

#include <csignal>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace ls_emu;

namespace
{

struct Allocation {
  size_t bytes;
  bool is_device;
  int device;
};

std::map<const char *, Allocation> allocations; /* by first byte */
uint64_t live_bytes;
int running_device; /* whose kernel runs */
struct sigaction action_before;

constexpr size_t kPage = 4096;

bool has_asan() { return __asan_poison_memory_region != nullptr; }

/* Device memory has pages of its own, so that it can be closed to kernels of other devices; ASan
 * closes it to the byte. */
size_t room_of(size_t bytes) { return has_asan() ? bytes : (bytes + kPage - 1) / kPage * kPage; }

/* Under ASan the host may not touch device memory, except where the emulator opens it. */
void close_to_host(const char *base, size_t bytes)
{
  if (__asan_poison_memory_region) __asan_poison_memory_region(base, bytes);
}

void open_to_host(const char *base, size_t bytes)
{
  if (__asan_unpoison_memory_region) __asan_unpoison_memory_region(base, bytes);
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
  if (next == allocations.begin()) return allocations.end();
  auto found = std::prev(next);
  const size_t offset = static_cast<size_t>(first - found->first);
  if (!found->second.is_device || offset >= std::max<size_t>(found->second.bytes, 1))
    return allocations.end();
  *overlaps = true;
  return bytes <= found->second.bytes - offset ? found : allocations.end();
}

/* True for memory of cudaMallocHost: only that is copied while the host goes on. */
bool is_pinned(const void *pointer)
{
  const char *first = static_cast<const char *>(pointer);
  const auto next = allocations.upper_bound(first);
  if (next == allocations.begin()) return false;
  const auto found = std::prev(next);
  return !found->second.is_device && first < found->first + found->second.bytes;
}

/* A range that a copy reads or writes. Its ASan granules are open to the host while it lives. */
class Range
{
public:
  Range(const void *pointer, size_t bytes)
  {
    bool overlaps = false;
    const auto found = find_device(pointer, bytes, &overlaps);
    is_device = found != allocations.end();
    is_host = !overlaps;
    if (!is_device) return;
    is_own = found->second.device == caller.device;
    const size_t offset = static_cast<size_t>(static_cast<const char *>(pointer) - found->first);
    const size_t first = offset & ~size_t{7};
    const size_t end = std::min((offset + bytes + 7) & ~size_t{7}, found->second.bytes);
    first_ = found->first + first;
    bytes_ = end - first;
    open_to_host(first_, bytes_);
  }
  ~Range()
  {
    if (is_device) close_to_host(first_, bytes_);
  }
  Range(const Range &) = delete;
  Range &operator=(const Range &) = delete;

  bool is_device, is_host; /* neither: it leaves its allocation */
  bool is_own = true;      /* no memory of a device that is not the caller's */

private:
  const char *first_ = nullptr;
  size_t bytes_ = 0;
};

cudaError_t allocate(Call *call, void **pointer, size_t bytes, bool is_device)
{
  if (call->error != cudaSuccess) return call->error;
  if (!pointer) return call->finish(cudaErrorInvalidValue);
  if (bytes == 0) {
    *pointer = nullptr;
    return cudaSuccess;
  }
  if (bytes > settings.allocation_max || bytes > kDeviceBytes - std::min(live_bytes, kDeviceBytes))
    return call->finish(cudaErrorMemoryAllocation);
  void *memory = nullptr;
  const size_t room = is_device ? room_of(bytes) : bytes;
  if (posix_memalign(&memory, is_device && !has_asan() ? kPage : 256, room) != 0)
    return call->finish(cudaErrorMemoryAllocation);
  std::memset(memory, kFill, bytes);
  const char *base = static_cast<const char *>(memory);
  allocations[base] = Allocation{bytes, is_device, caller.device};
  live_bytes += bytes;
  if (is_device) ++settings.allocation_count[caller.device];
  if (is_device) close_to_host(base, bytes);
  *pointer = memory;
  return cudaSuccess;
}

/* Frees also where the call has to fail, and waits for all that is under way, as CUDA does. */
cudaError_t release(Call *call, void *pointer, bool is_device)
{
  if (!pointer) return call->error;
  streams_flush();
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
  if (!to.is_own || !from.is_own) return false;
  switch (kind) {
  case cudaMemcpyHostToHost: return to.is_host && from.is_host;
  case cudaMemcpyHostToDevice: return to.is_device && from.is_host;
  case cudaMemcpyDeviceToHost: return to.is_host && from.is_device;
  case cudaMemcpyDeviceToDevice: return to.is_device && from.is_device;
  case cudaMemcpyDefault: return (to.is_host || to.is_device) && (from.is_host || from.is_device);
  }
  return false;
}

void copy_now(void *to, const void *from, size_t bytes)
{
  const Range to_range(to, bytes), from_range(from, bytes);
  std::memcpy(to, from, bytes);
}

void set_now(void *pointer, int value, size_t bytes)
{
  const Range range(pointer, bytes);
  std::memset(pointer, value, bytes);
}

cudaError_t copy(Call *call, void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                 cudaStream_t stream)
{
  if (check_stream(call, stream) != cudaSuccess || bytes == 0) return call->error;
  bool waits = false;
  {
    const Range to_range(to, bytes), from_range(from, bytes);
    if (!to || !from || !fits(kind, to_range, from_range))
      return call->finish(cudaErrorInvalidValue);
    waits = (to_range.is_host && !is_pinned(to)) || (from_range.is_host && !is_pinned(from));
  }
  stream_do(stream, [=] { copy_now(to, from, bytes); });
  if (waits) stream_flush(stream);
  return cudaSuccess;
}

cudaError_t set(Call *call, void *pointer, int value, size_t bytes, cudaStream_t stream)
{
  if (check_stream(call, stream) != cudaSuccess || bytes == 0) return call->error;
  {
    const Range range(pointer, bytes);
    if (!range.is_device || !range.is_own) return call->finish(cudaErrorInvalidValue);
  }
  stream_do(stream, [=] { set_now(pointer, value, bytes); });
  return cudaSuccess;
}

} /* namespace */

uint64_t ls_emu_live_bytes() { return live_bytes; }

int ls_emu_allocation_count(int device)
{
  return device >= 0 && device < kDeviceMax ? settings.allocation_count[device] : 0;
}

/* A kernel that meets what is closed to it dies after this; other faults die as they would. */
static void report_foreign(int, siginfo_t *info, void *)
{
  const char *at = static_cast<const char *>(info->si_addr);
  for (const auto &[base, allocation] : allocations)
    if (allocation.is_device && allocation.device != running_device && at >= base &&
        at < base + room_of(allocation.bytes))
      std::fprintf(stderr, "cuda_emu: a kernel on device %d uses memory of device %d\n",
                   running_device, allocation.device);
}

/* Without ASan the other devices' memory has no access rights meanwhile. */
static void protect_others(int device, int rights)
{
  for (const auto &[base, allocation] : allocations)
    if (allocation.is_device && allocation.device != device &&
        mprotect(const_cast<char *>(base), room_of(allocation.bytes), rights) != 0)
      std::abort();
}

void ls_emu::open_device_memory(int device)
{
  running_device = device;
  for (const auto &[base, allocation] : allocations)
    if (allocation.is_device && allocation.device == device) open_to_host(base, allocation.bytes);
  if (has_asan()) return;
  struct sigaction action = {};
  action.sa_sigaction = report_foreign;
  action.sa_flags = SA_SIGINFO | static_cast<int>(SA_RESETHAND);
  sigaction(SIGSEGV, &action, &action_before);
  protect_others(device, PROT_NONE);
}

void ls_emu::close_device_memory(int device)
{
  for (const auto &[base, allocation] : allocations)
    if (allocation.is_device && allocation.device == device) close_to_host(base, allocation.bytes);
  if (has_asan()) return;
  protect_others(device, PROT_READ | PROT_WRITE);
  sigaction(SIGSEGV, &action_before, nullptr);
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes)
{
  Call call(__func__);
  if (call.error != cudaSuccess) return call.error;
  if (!free_bytes || !total_bytes) return call.finish(cudaErrorInvalidValue);
  *free_bytes = kDeviceBytes - std::min(live_bytes, kDeviceBytes);
  *total_bytes = kDeviceBytes;
  return cudaSuccess;
}

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
  return copy(&call, to, from, bytes, kind, nullptr);
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream)
{
  Call call(__func__);
  return copy(&call, to, from, bytes, kind, stream);
}

cudaError_t cudaMemset(void *pointer, int value, size_t bytes)
{
  Call call(__func__);
  return set(&call, pointer, value, bytes, nullptr);
}

cudaError_t cudaMemsetAsync(void *pointer, int value, size_t bytes, cudaStream_t stream)
{
  Call call(__func__);
  return set(&call, pointer, value, bytes, stream);
}

cudaError_t ls_emu_symbol_copy(const char *function, void *to, const void *from, size_t bytes,
                               size_t offset, size_t symbol_bytes)
{
  Call call(function);
  if (call.error != cudaSuccess) return call.error;
  if (offset > symbol_bytes || bytes > symbol_bytes - offset)
    return call.finish(cudaErrorInvalidValue);
  streams_flush_blocking();
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}
