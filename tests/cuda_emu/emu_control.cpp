/* Settings, failures on demand, and the runtime's calls about errors. */
#include "emu_control.h"
#include "emu_state.h"

#include <algorithm>
#include <utility>

namespace ls_emu
{

Settings settings;
thread_local Caller caller;

namespace
{

std::mutex mutex;

struct ErrorText {
  cudaError_t error;
  const char *name, *text;
};

#define LS_EMU_ROW(name, value, text) {name, #name, text},
const ErrorText error_texts[] = {LS_EMU_ERRORS(LS_EMU_ROW)};
#undef LS_EMU_ROW

bool is_sticky(cudaError_t error)
{
  return error == cudaErrorECCUncorrectable ||
         (error >= 700 && error <= 719 && error != cudaErrorLaunchOutOfResources);
}

/* True once: at the call that ls_emu_fail names. */
bool is_planned(const char *function)
{
  if (settings.fail_function != "*" && settings.fail_function != function) return false;
  if (settings.has_failed || --settings.fail_after > 0) return false;
  settings.has_failed = true;
  return true;
}

} /* namespace */

Call::Call(const char *function, bool needs_device) : error(cudaSuccess), lock_(mutex)
{
  ++settings.call_count;
  if (needs_device && settings.device_count == 0)
    error = cudaErrorInsufficientDriver;
  else if (is_planned(function))
    error = settings.fail_error;
  else
    error = settings.sticky_error[caller.device];
  finish(error);
}

cudaError_t Call::finish(cudaError_t result)
{
  if (is_sticky(result)) settings.sticky_error[caller.device] = result;
  if (result != cudaSuccess && result != cudaErrorNotReady) caller.last_error = result;
  return result;
}

} /* namespace ls_emu */

using namespace ls_emu;

void ls_emu_reset()
{
  const std::lock_guard<std::mutex> lock(mutex);
  settings = Settings();
  caller = Caller();
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

void ls_emu_set_device_count(int count)
{
  settings.device_count = std::clamp(count, 0, kDeviceMax);
}

void ls_emu_set_threads(int count)
{
  settings.thread_count = std::clamp(count, 1, ls_emu::kThreadMax);
}

void ls_emu_set_seed(uint64_t seed) { settings.seed = seed; }
void ls_emu_set_eager(int is_eager) { settings.is_eager = is_eager != 0; }

void ls_emu_set_shared_optin(uint64_t bytes)
{
  settings.shared_optin = std::clamp<size_t>(bytes, ls_emu::kSharedDefault, kSharedOptin);
}

/* Errors. */

cudaError_t cudaGetLastError()
{
  Call call(__func__, false);
  return std::exchange(caller.last_error, settings.sticky_error[caller.device]);
}

cudaError_t cudaPeekAtLastError()
{
  Call call(__func__, false);
  return caller.last_error;
}

const char *cudaGetErrorString(cudaError_t error)
{
  for (const ErrorText &row : error_texts)
    if (row.error == error) return row.text;
  return "unrecognized error code";
}

const char *cudaGetErrorName(cudaError_t error)
{
  for (const ErrorText &row : error_texts)
    if (row.error == error) return row.name;
  return "unrecognized error code";
}
