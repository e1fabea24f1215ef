/* Sums over a warp of which all lanes take part. */
#ifndef LS_DEVICE_WARP_CUH
#define LS_DEVICE_WARP_CUH

#include "compat.h"
#include "device.h"

enum { DEVICE_WARP = 32 };
constexpr unsigned device_warp_all = 0xffffffffu;

__device__ static inline int32_t warp_sum(int32_t value)
{
  return __reduce_add_sync(device_warp_all, value);
}

__device__ static inline int64_t warp_sum(int64_t value)
{
  for (int32_t bits = DEVICE_WARP / 2; bits; bits /= 2)
    value += (int64_t)__shfl_xor_sync(device_warp_all, (long long)value, bits);
  return value;
}

#endif
