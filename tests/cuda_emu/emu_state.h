/* What the runtime calls share: the settings of emu_control.h and the frame of every call.
 *
 * Each begins with `Call call(__func__);`, heeds call.error, and returns through call.finish
 * or one of the helpers here. */
#ifndef LS_EMU_STATE_H
#define LS_EMU_STATE_H

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
  std::map<const void *, size_t> dynamic_bytes_max; /* of kernels that opted in */
};

extern Settings settings; /* under the lock that a Call holds */

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

/* Device memory is closed to the host, under ASan, except while a kernel runs. */
void open_device_memory(bool is_open);

} /* namespace ls_emu */

#endif
