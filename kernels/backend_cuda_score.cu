/* Designs under drawn problems on CUDA: ranks and draws are cut into batches; the headers of a
 * batch's draws are uploaded, with their pointers turned to the device's one copy of structures and
 * options, and its results fetched. */
#include <cstdlib>
#include <cstring>
#include <new>

#include "backend_cuda.h"
#include "device_memory.cuh"
#include "score_kernel.cuh"

namespace
{

/* Of one launch at most: 2.8 MB of headers, 36 MB of results. */
constexpr uint32_t draws_max = 128;
constexpr uint32_t ranks_max = 4096;

struct scoring {
  const ls_score_batch *batch;
  uint32_t draw_capacity, rank_capacity; /* of a launch */
  ls_problem *draws_d, *draws;
  ls_structure *structures_d;
  uint16_t *options_d;
  uint64_t *ranks_d; /* [batch->rank_count] */
  ls_score *scores_d, *scores;
  uint32_t *masks_d, *masks;
};

/* Draws and ranks of one launch. */
struct window {
  uint32_t draw_first, draw_count, rank_first, rank_count;
};

void memory_release(scoring *self)
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

ls_status memory_take(scoring *self)
{
  const ls_score_batch *batch = self->batch;
  const size_t place_count = (size_t)self->draw_capacity * self->rank_capacity;
  self->draws = (ls_problem *)malloc(self->draw_capacity * sizeof(ls_problem));
  self->scores = (ls_score *)malloc(place_count * sizeof(ls_score));
  self->masks = (uint32_t *)malloc(place_count * sizeof(uint32_t));
  if (!self->draws || !self->scores || !self->masks) return LS_ERR_MEMORY;
  const bool is_taken = device_alloc(&self->draws_d, self->draw_capacity) &&
                        device_alloc(&self->structures_d, batch->draws[0].structure_count) &&
                        device_alloc(&self->options_d, batch->draws[0].option_total) &&
                        device_alloc(&self->ranks_d, (size_t)batch->rank_count) &&
                        device_alloc(&self->scores_d, place_count) &&
                        device_alloc(&self->masks_d, place_count);
  return is_taken ? LS_OK : LS_ERR_DEVICE;
}

/* What all launches share. */
ls_status tables_upload(const scoring *self)
{
  const ls_score_batch *batch = self->batch;
  const ls_problem *problem = &batch->draws[0];
  const bool is_up = to_device(self->structures_d, problem->structures, problem->structure_count) &&
                     to_device(self->options_d, problem->options, problem->option_total) &&
                     to_device(self->ranks_d, batch->ranks, (size_t)batch->rank_count);
  return is_up ? LS_OK : LS_ERR_DEVICE;
}

ls_status draws_upload(scoring *self, const window *of)
{
  for (uint32_t i = 0; i < of->draw_count; i++) {
    self->draws[i] = self->batch->draws[of->draw_first + i];
    self->draws[i].structures = self->structures_d;
    self->draws[i].options = self->options_d;
  }
  return to_device(self->draws_d, self->draws, of->draw_count) ? LS_OK : LS_ERR_DEVICE;
}

ls_status window_launch(const scoring *self, const window *of)
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
ls_status window_collect(const scoring *self, const window *of, ls_score *scores, uint32_t *masks)
{
  const size_t place_count = (size_t)of->draw_count * of->rank_count;
  if (!to_host(self->scores, self->scores_d, place_count) ||
      !to_host(self->masks, self->masks_d, place_count))
    return LS_ERR_DEVICE;
  for (uint32_t i = 0; i < of->draw_count; i++) {
    const size_t from = (size_t)i * of->rank_count;
    const size_t to =
        (size_t)(of->draw_first + i) * (size_t)self->batch->rank_count + of->rank_first;
    memcpy(scores + to, self->scores + from, of->rank_count * sizeof *scores);
    memcpy(masks + to, self->masks + from, of->rank_count * sizeof *masks);
  }
  return LS_OK;
}

uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

ls_status scoring_run(scoring *self, const ls_score_options *options, ls_score *scores,
                      uint32_t *masks)
{
  const uint32_t draw_count = (uint32_t)self->batch->draw_count;
  const uint32_t rank_count = (uint32_t)self->batch->rank_count;
  window of = {};
  ls_status status = memory_take(self);
  if (status == LS_OK) status = tables_upload(self);
  for (; status == LS_OK && of.draw_first < draw_count; of.draw_first += of.draw_count) {
    of.draw_count = least(draw_count - of.draw_first, self->draw_capacity);
    status = draws_upload(self, &of);
    for (of.rank_first = 0; status == LS_OK && of.rank_first < rank_count;
         of.rank_first += of.rank_count) {
      if (options->stop && *options->stop) return LS_ERR_STOPPED;
      of.rank_count = least(rank_count - of.rank_first, self->rank_capacity);
      status = window_launch(self, &of);
      if (status == LS_OK) status = window_collect(self, &of, scores, masks);
    }
  }
  return status;
}

} // namespace

ls_status ls_cuda_score(const ls_score_batch *batch, const ls_score_options *options,
                        ls_score *scores, uint32_t *masks)
{
  if (!batch->draw_count || !batch->rank_count) return LS_OK;
  scoring *self = new (std::nothrow) scoring();
  if (!self) return LS_ERR_MEMORY;
  self->batch = batch;
  self->draw_capacity = least((uint32_t)batch->draw_count, draws_max);
  self->rank_capacity = least((uint32_t)batch->rank_count, ranks_max);
  const ls_status status = scoring_run(self, options, scores, masks);
  memory_release(self);
  delete self;
  return status;
}
