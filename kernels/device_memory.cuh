/* Device memory and copies of typed arrays, each told by whether it was done. */
#ifndef LS_DEVICE_MEMORY_CUH
#define LS_DEVICE_MEMORY_CUH

#include "device.h"

static inline bool is_done(cudaError_t code) { return code == cudaSuccess; }

/* An array of count elements, at least one. */
template <class type> bool device_alloc(type **pointer, size_t count)
{
  return is_done(cudaMalloc((void **)pointer, (count ? count : 1) * sizeof(type)));
}

template <class type> bool to_device(type *to_d, const type *from, size_t count)
{
  return is_done(cudaMemcpy(to_d, from, count * sizeof(type), cudaMemcpyHostToDevice));
}

template <class type> bool to_host(type *to, const type *from_d, size_t count)
{
  return is_done(cudaMemcpy(to, from_d, count * sizeof(type), cudaMemcpyDeviceToHost));
}

#endif
