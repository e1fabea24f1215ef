/* Draws of failures on CUDA: a host thread for each device uploads the network, takes windows of
 * draws from a counter, and fetches what is left in each. */
#include <atomic>

#include "backend_cuda.h"
#include "device_team.cuh"
#include "failure_kernel.cuh"
#include "stop_flag.h"

namespace
{

/* Of one launch at most, and of all states on a device. */
constexpr int32_t draws_max = 1 << 16;
constexpr size_t states_bytes_max = (size_t)1 << 30;

struct failing {
  const ls_failure_batch *batch;
  const ls_score_options *options;
  ls_failure_loss *losses; /* [draw_count] */
  std::atomic<int64_t> next_draw{0};
  std::atomic<int> status{LS_OK}; /* the first error */
};

struct fail_worker {
  failing *shared;
  pthread_t thread;
  int32_t device;
  ls_failure_node *nodes_d;
  ls_failure_edge *edges_d;
  ls_failure_component *parts_d;
  int32_t *set_first_d, *taken_d;
  unsigned char *states_d;
  ls_failure_loss *losses_d;
  uint32_t blocks;
};

int32_t window_draws(const ls_failure_batch *batch)
{
  return batch->draw_count < draws_max ? batch->draw_count : draws_max;
}

void memory_release(fail_worker *self)
{
  cudaFree(self->nodes_d);
  cudaFree(self->edges_d);
  cudaFree(self->parts_d);
  cudaFree(self->set_first_d);
  cudaFree(self->taken_d);
  cudaFree(self->states_d);
  cudaFree(self->losses_d);
  (void)cudaGetLastError(); /* what failed has been told; the next call starts clean */
}

/* As many blocks as a window has draws for, as the device holds at a time, and as states may take.
 */
ls_status blocks_choose(fail_worker *self)
{
  const ls_failure_batch *batch = self->shared->batch;
  const size_t of_block = ls_failure_state_bytes(batch->net) * FAILURE_BLOCK;
  int multiprocessors = 0, resident = 0;
  if (!is_done(
          cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, self->device)) ||
      !is_done(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, failure_kernel,
                                                             FAILURE_BLOCK, 0)))
    return LS_ERR_DEVICE;
  int64_t blocks = ls_ceil_div(window_draws(batch), FAILURE_BLOCK);
  blocks = ls_min(blocks, (int64_t)multiprocessors * resident);
  blocks = ls_min(blocks, (int64_t)(states_bytes_max / (of_block ? of_block : 1)));
  self->blocks = (uint32_t)ls_max(blocks, 1);
  const size_t bytes = self->blocks * of_block;
  return device_alloc(&self->states_d, bytes) && is_done(cudaMemset(self->states_d, 0, bytes))
             ? LS_OK
             : LS_ERR_DEVICE;
}

ls_status net_upload(fail_worker *self)
{
  const ls_failure_net *net = self->shared->batch->net;
  if (!is_done(cudaSetDevice(self->device))) return LS_ERR_DEVICE;
  const size_t sets = (size_t)net->set_count + 1;
  const bool is_up = device_alloc(&self->nodes_d, (size_t)net->node_count) &&
                     device_alloc(&self->edges_d, (size_t)net->edge_count) &&
                     device_alloc(&self->parts_d, (size_t)net->part_count) &&
                     device_alloc(&self->set_first_d, sets) &&
                     device_alloc(&self->taken_d, (size_t)net->taken_count) &&
                     device_alloc(&self->losses_d, (size_t)window_draws(self->shared->batch)) &&
                     to_device(self->nodes_d, net->nodes, (size_t)net->node_count) &&
                     to_device(self->edges_d, net->edges, (size_t)net->edge_count) &&
                     to_device(self->parts_d, net->parts, (size_t)net->part_count) &&
                     to_device(self->set_first_d, net->set_first, sets) &&
                     to_device(self->taken_d, net->taken, (size_t)net->taken_count);
  return is_up ? blocks_choose(self) : LS_ERR_DEVICE;
}

ls_status window_run(const fail_worker *self, int32_t first, int32_t count)
{
  const failing *shared = self->shared;
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(self->blocks);
  config.blockDim = dim3(FAILURE_BLOCK);
  failure_launch launch = {*shared->batch->net,
                           *shared->batch,
                           first,
                           count,
                           self->states_d,
                           ls_failure_state_bytes(shared->batch->net),
                           self->losses_d};
  launch.net.nodes = self->nodes_d;
  launch.net.edges = self->edges_d;
  launch.net.parts = self->parts_d;
  launch.net.set_first = self->set_first_d;
  launch.net.taken = self->taken_d;
  launch.batch.net = NULL;
  if (!is_done(cudaLaunchKernelEx(&config, failure_kernel, launch)) ||
      !is_done(cudaGetLastError()) || !is_done(cudaDeviceSynchronize()))
    return LS_ERR_DEVICE;
  return to_host(shared->losses + first, self->losses_d, (size_t)count) ? LS_OK : LS_ERR_DEVICE;
}

ls_status windows_run(fail_worker *self)
{
  failing *shared = self->shared;
  const volatile int *stop = shared->options->stop;
  const int32_t draws = shared->batch->draw_count, window = window_draws(shared->batch);
  ls_status status = net_upload(self);
  while (status == LS_OK && shared->status == LS_OK) {
    const int64_t first = shared->next_draw.fetch_add(window);
    if (first >= draws) return LS_OK;
    if (ls_is_stopped(stop)) return LS_ERR_STOPPED;
    status = window_run(self, (int32_t)first, (int32_t)ls_min(window, draws - first));
  }
  return status;
}

} // namespace

ls_status ls_cuda_fail(const ls_failure_batch *batch, const ls_score_options *options,
                       ls_failure_loss *losses)
{
  const int32_t device_count = device_count_read();
  if (!device_count) return LS_ERR_DEVICE;
  failing shared = {batch, options, losses};
  return team_work<fail_worker, windows_run, memory_release>(&shared, device_count);
}
