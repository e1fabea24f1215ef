/* The filter on the device: the survivors of a launch against strong members of the front and
 * against each other, so that the host sees only what its front may take.
 *
 * Layout: a block takes BLOCK_SIZE survivors, a thread each, and holds them against tiles of
 * BLOCK_SIZE others that it copies to shared memory: first the strong ones, then all survivors. It
 * leaves early when none of its own is left. All threads read the same other at a time.
 * What is kept is what no survivor and no strong member dominates, ties to the lowest rank: since
 * dominance is transitive, that does not depend on who is asked first, and it is exact.
 * Work per survivor: up to 8 comparisons of 64 bits for each other, fewer where the first decides;
 * 72 bytes read for each other and block, from L2. On an H200 half as long
 * as sweep_kernel takes (docs/kernels.md). */
#ifndef LS_FILTER_KERNEL_CUH
#define LS_FILTER_KERNEL_CUH

#include "survivors.cuh"

struct filter_launch {
  const ls_problem *problem;     /* device memory */
  const ls_front_member *strong; /* [strong_count], lower in rank than all survivors */
  uint32_t strong_count;
  const ls_front_member *survivors; /* [counters->survivors] */
  ls_front_member *kept;            /* [the same]; written: counters->kept */
  sweep_counters *counters;
};

/* Marks a thread's member as dead where one of others dominates it. Ends early, for the whole
 * block, when none is alive. tile: [BLOCK_SIZE] in shared memory. */
__device__ static inline bool tiles_spare(const ls_front_member *others, uint64_t count,
                                          ls_front_member *tile, const ls_front_member *member,
                                          bool is_alive, const int64_t *mask)
{
  for (uint64_t first = 0; first < count; first += BLOCK_SIZE) {
    const uint64_t left = count - first;
    const uint32_t tile_count = left < (uint64_t)BLOCK_SIZE ? (uint32_t)left : (uint32_t)BLOCK_SIZE;
    /* Also keeps the tile before until all have read it. */
    if (!__syncthreads_or(is_alive)) return false;
    if (threadIdx.x < tile_count) tile[threadIdx.x] = others[first + threadIdx.x];
    __syncthreads();
    is_alive = is_alive && !list_dominates(tile, tile_count, member, mask);
  }
  return is_alive;
}

static __global__ void __launch_bounds__(BLOCK_SIZE) filter_kernel(filter_launch launch)
{
  LS_SHARED(ls_front_member, tile, BLOCK_SIZE);
  const int64_t *const mask = launch.problem->objective_mask;
  const uint64_t count = launch.counters->survivors;
  const uint64_t stride = (uint64_t)gridDim.x * BLOCK_SIZE;
  for (uint64_t first = (uint64_t)blockIdx.x * BLOCK_SIZE; first < count; first += stride) {
    ls_front_member member = {};
    bool is_alive = first + threadIdx.x < count;
    if (is_alive) member = launch.survivors[first + threadIdx.x];
    is_alive = tiles_spare(launch.strong, launch.strong_count, tile, &member, is_alive, mask);
    is_alive = tiles_spare(launch.survivors, count, tile, &member, is_alive, mask);
    const unsigned long long place = place_reserve(is_alive, &launch.counters->kept);
    if (is_alive) launch.kept[place] = member;
  }
}

#endif
