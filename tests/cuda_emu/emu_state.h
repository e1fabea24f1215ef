/* What the runtime calls share: the settings of emu_control.h and the frame of every call.
 *
 * Each begins with `Call call(__func__);`, heeds call.error, and returns through call.finish
 * or one of the helpers here. */
#ifndef LS_EMU_STATE_H
#define LS_EMU_STATE_H

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "emu_internal.h"

namespace ls_emu
{

inline constexpr int kDeviceMax = 8;
inline constexpr size_t kDeviceBytes = size_t{16} << 30;
inline constexpr size_t kSharedOptin = 227 * 1024;
inline constexpr size_t kSharedReserved = 1024; /* of each block, by the system */

struct Settings {
  std::string fail_function; /* empty: no failure is planned */
  int fail_after = 0;
  cudaError_t fail_error = cudaSuccess;
  bool has_failed = false;
  cudaError_t sticky_error[kDeviceMax] = {};
  uint64_t call_count = 0;
  uint64_t allocation_max = UINT64_MAX;
  int device_count = 1;
  int thread_count = 2;
  uint64_t seed = 1;
  uint64_t launch_count = 0;
  size_t shared_optin = kSharedOptin;
  bool is_eager = false;
  int allocation_count[kDeviceMax] = {};
  std::map<std::pair<int, const void *>, size_t> dynamic_bytes_max; /* of device, kernel */
};

extern Settings settings; /* under the lock that a Call holds */

/* What CUDA keeps for each host thread. */
struct Caller {
  int device = 0;
  cudaError_t last_error = cudaSuccess;
};

extern thread_local Caller caller;

/* One runtime call: holds the lock, counts, and knows whether the call has to fail. */
class Call
{
public:
  explicit Call(const char *function, bool needs_device = true);

  /* Remembers what the call returns, as cudaGetLastError sees it. */
  cudaError_t finish(cudaError_t result);

  cudaError_t error;

private:
  std::unique_lock<std::mutex> lock_;
};

/* For calls that give one value. */
template <class T> cudaError_t give(Call *call, T *to, T value)
{
  if (call->error != cudaSuccess) return call->error;
  if (!to) return call->finish(cudaErrorInvalidValue);
  *to = value;
  return cudaSuccess;
}

/* Around a kernel on the device: its memory is open to it, and that of the others closed. Under
 * ASan all of it is closed to the host otherwise. */
void open_device_memory(int device);
void close_device_memory(int device);

/* Success for a live stream of the caller's device, and for the default stream. */
cudaError_t check_stream(Call *call, cudaStream_t stream);

/* Does the work in its turn: on a stream not before somebody waits for it, which is as late as
 * CUDA may be; at once when told to be eager, and on the default stream. */
void stream_do(cudaStream_t stream, std::function<void()> work);

/* Does what is waiting on a stream; on all of them; on those that a call on the default stream
 * waits for. */
void stream_flush(cudaStream_t stream);
void streams_flush();
void streams_flush_blocking();

} /* namespace ls_emu */

#endif
