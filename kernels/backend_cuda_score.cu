/* Designs under drawn problems on CUDA: draws and ranks are cut into windows, which a host thread
 * for each device takes from a counter. The headers of a window's draws are uploaded, with their
 * pointers turned to the device's one copy of structures and options, and its results fetched. */
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "backend_cuda.h"
#include "device_team.cuh"
#include "score_kernel.cuh"
#include "stop_flag.h"

namespace
{

/* Of one launch at most: 3.2 MB of headers, 36 MB of results. */
constexpr uint32_t draws_max = 128;
constexpr uint32_t ranks_max = 4096;

/* What all devices share. Each window's results have places of their own. */
struct scoring {
  const ls_score_batch *batch;
  const ls_score_options *options;
  ls_score *scores; /* [draw_count][rank_count] */
  uint32_t *masks;
  uint32_t draw_capacity, rank_capacity; /* of a window */
  std::atomic<uint64_t> next_window{0};
  std::atomic<int> status{LS_OK}; /* the first error */
};

struct scorer {
  scoring *shared;
  pthread_t thread;
  int32_t device;
  ls_problem *draws_d, *draws;
  ls_structure *structures_d;
  uint16_t *options_d;
  uint64_t *ranks_d; /* [rank_count] of the batch */
  ls_score *scores_d, *scores;
  uint32_t *masks_d, *masks;
};

/* Draws and ranks of one launch. */
struct window {
  uint32_t draw_first, draw_count, rank_first, rank_count;
};

void memory_release(scorer *self)
{
  cudaFree(self->draws_d);
  cudaFree(self->structures_d);
  cudaFree(self->options_d);
  cudaFree(self->ranks_d);
  cudaFree(self->scores_d);
  cudaFree(self->masks_d);
  free(self->draws);
  free(self->scores);
  free(self->masks);
  (void)cudaGetLastError(); /* what failed has been told; the next call starts clean */
}

ls_status memory_take(scorer *self)
{
  const scoring *shared = self->shared;
  const ls_score_batch *batch = shared->batch;
  const size_t place_count = (size_t)shared->draw_capacity * shared->rank_capacity;
  if (!is_done(cudaSetDevice(self->device))) return LS_ERR_DEVICE;
  self->draws = (ls_problem *)malloc(shared->draw_capacity * sizeof(ls_problem));
  self->scores = (ls_score *)malloc(place_count * sizeof(ls_score));
  self->masks = (uint32_t *)malloc(place_count * sizeof(uint32_t));
  if (!self->draws || !self->scores || !self->masks) return LS_ERR_MEMORY;
  const bool is_taken = device_alloc(&self->draws_d, shared->draw_capacity) &&
                        device_alloc(&self->structures_d, batch->draws[0].structure_count) &&
                        device_alloc(&self->options_d, batch->draws[0].option_total) &&
                        device_alloc(&self->ranks_d, (size_t)batch->rank_count) &&
                        device_alloc(&self->scores_d, place_count) &&
                        device_alloc(&self->masks_d, place_count);
  return is_taken ? LS_OK : LS_ERR_DEVICE;
}

/* What all launches share. */
ls_status tables_upload(const scorer *self)
{
  const ls_score_batch *batch = self->shared->batch;
  const ls_problem *problem = &batch->draws[0];
  const bool is_up = to_device(self->structures_d, problem->structures, problem->structure_count) &&
                     to_device(self->options_d, problem->options, problem->option_total) &&
                     to_device(self->ranks_d, batch->ranks, (size_t)batch->rank_count);
  return is_up ? LS_OK : LS_ERR_DEVICE;
}

ls_status draws_upload(scorer *self, const window *of)
{
  for (uint32_t i = 0; i < of->draw_count; i++) {
    self->draws[i] = self->shared->batch->draws[of->draw_first + i];
    self->draws[i].structures = self->structures_d;
    self->draws[i].options = self->options_d;
  }
  return to_device(self->draws_d, self->draws, of->draw_count) ? LS_OK : LS_ERR_DEVICE;
}

ls_status window_launch(const scorer *self, const window *of)
{
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3((of->rank_count + SCORE_BLOCK - 1) / SCORE_BLOCK, of->draw_count);
  config.blockDim = dim3(SCORE_BLOCK);
  const score_launch launch = {self->draws_d, self->ranks_d + of->rank_first, of->rank_count,
                               self->scores_d, self->masks_d};
  if (!is_done(cudaLaunchKernelEx(&config, score_kernel, launch))) return LS_ERR_DEVICE;
  return is_done(cudaGetLastError()) && is_done(cudaDeviceSynchronize()) ? LS_OK : LS_ERR_DEVICE;
}

/* Fetches a launch's results and puts each draw's part in its place. */
ls_status window_collect(const scorer *self, const window *of)
{
  const scoring *shared = self->shared;
  const size_t place_count = (size_t)of->draw_count * of->rank_count;
  if (!to_host(self->scores, self->scores_d, place_count) ||
      !to_host(self->masks, self->masks_d, place_count))
    return LS_ERR_DEVICE;
  for (uint32_t i = 0; i < of->draw_count; i++) {
    const size_t from = (size_t)i * of->rank_count;
    const size_t to =
        (size_t)(of->draw_first + i) * (size_t)shared->batch->rank_count + of->rank_first;
    memcpy(shared->scores + to, self->scores + from, of->rank_count * sizeof *shared->scores);
    memcpy(shared->masks + to, self->masks + from, of->rank_count * sizeof *shared->masks);
  }
  return LS_OK;
}

uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* The windows of the same draws follow each other. False behind the last one. */
bool window_take(scoring *shared, window *of)
{
  const uint32_t draw_count = (uint32_t)shared->batch->draw_count;
  const uint32_t rank_count = (uint32_t)shared->batch->rank_count;
  const uint32_t of_draws = (rank_count - 1) / shared->rank_capacity + 1;
  const uint64_t index = shared->next_window++;
  if (index / of_draws > (draw_count - 1) / shared->draw_capacity) return false;
  of->draw_first = (uint32_t)(index / of_draws) * shared->draw_capacity;
  of->rank_first = (uint32_t)(index % of_draws) * shared->rank_capacity;
  of->draw_count = least(draw_count - of->draw_first, shared->draw_capacity);
  of->rank_count = least(rank_count - of->rank_first, shared->rank_capacity);
  return true;
}

ls_status windows_run(scorer *self)
{
  scoring *shared = self->shared;
  const volatile int *stop = shared->options->stop;
  uint32_t draw_uploaded = UINT32_MAX;
  window of;
  ls_status status = memory_take(self);
  if (status == LS_OK) status = tables_upload(self);
  while (status == LS_OK && shared->status == LS_OK && window_take(shared, &of)) {
    if (ls_is_stopped(stop)) return LS_ERR_STOPPED;
    if (of.draw_first != draw_uploaded) status = draws_upload(self, &of);
    draw_uploaded = of.draw_first;
    if (status == LS_OK) status = window_launch(self, &of);
    if (status == LS_OK) status = window_collect(self, &of);
  }
  return status;
}

} // namespace

ls_status ls_cuda_score(const ls_score_batch *batch, const ls_score_options *options,
                        ls_score *scores, uint32_t *masks)
{
  if (!batch->draw_count || !batch->rank_count) return LS_OK;
  const uint32_t draw_count = (uint32_t)batch->draw_count;
  const int32_t device_count = device_count_read();
  if (!device_count) return LS_ERR_DEVICE;
  scoring shared = {batch,
                    options,
                    scores,
                    masks,
                    least((draw_count - 1) / (uint32_t)device_count + 1, draws_max),
                    least((uint32_t)batch->rank_count, ranks_max)};
  return team_work<scorer, windows_run, memory_release>(&shared, device_count);
}
