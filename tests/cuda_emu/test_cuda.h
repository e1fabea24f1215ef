/* Device memory that frees itself, and launches in one line, for the test kernels alone. */
#ifndef LS_EMU_TEST_CUDA_H
#define LS_EMU_TEST_CUDA_H

#include "device.h"

namespace test_kernels
{

/* count elements on the device. error is the first of all calls that used this status. */
template <class T> class Device
{
public:
  Device(size_t count, cudaError_t *error) : bytes_(count * sizeof(T)), error_(error)
  {
    void *memory = nullptr;
    keep(cudaMalloc(&memory, bytes_));
    data = static_cast<T *>(memory);
  }
  ~Device()
  {
    const cudaError_t freed = cudaFree(data);
    if (*error_ == cudaSuccess) *error_ = freed;
  }
  Device(const Device &) = delete;
  Device &operator=(const Device &) = delete;

  void read(const T *host) { keep(cudaMemcpy(data, host, bytes_, cudaMemcpyHostToDevice)); }
  void write(T *host) { keep(cudaMemcpy(host, data, bytes_, cudaMemcpyDeviceToHost)); }
  void clear() { keep(cudaMemset(data, 0, bytes_)); }

  T *data = nullptr;

private:
  void keep(cudaError_t result)
  {
    if (*error_ == cudaSuccess) *error_ = result;
  }

  size_t bytes_;
  cudaError_t *error_;
};

/* Launches unless an earlier call has failed, and waits. */
template <class... Parameters, class... Arguments>
void launch_kernel(cudaError_t *error, dim3 grid, dim3 block, size_t dynamic_bytes,
                   void (*kernel)(Parameters...), Arguments... arguments)
{
  if (*error != cudaSuccess) return;
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = block;
  config.dynamicSmemBytes = dynamic_bytes;
  *error = cudaLaunchKernelEx(&config, kernel, arguments...);
  const cudaError_t last = cudaGetLastError();
  if (*error == cudaSuccess) *error = last;
  if (*error == cudaSuccess) *error = cudaDeviceSynchronize();
}

} /* namespace test_kernels */

#endif
