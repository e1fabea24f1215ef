/* The score kernel: designs under drawn problems.
 *
 * Layout: grid (tiles, draws); a block scores up to SCORE_BLOCK ranks under one draw, a thread
 * each, so that all its threads read the same header of 22 KB, which stays in L1. Results are
 * written by thread: [draws][rank_count], 64 and 4 bytes.
 * Work per design: decoding (a binary search over structures, four 64-bit divisions), the base of
 * its structure (four chassis of about 60 integer operations), four rows of about 150 with about
 * ten 64-bit divisions by variable numbers each, and four additions for each metric and resource.
 * Its four rows of 208 bytes are local memory. Run on an H200, not timed
 * there. */
#ifndef LS_SCORE_KERNEL_CUH
#define LS_SCORE_KERNEL_CUH

#include "device.h"
#include "evaluate.h"

enum { SCORE_BLOCK = 128 };
/* Three blocks a multiprocessor leave 168 registers a thread; 166 are enough, 128 spill. */
enum { SCORE_BLOCKS_RESIDENT = 3 };

struct score_launch {
  const ls_problem *draws; /* [gridDim.y], device memory, as are their arrays */
  const uint64_t *ranks;   /* [rank_count] */
  uint32_t rank_count;     /* at most gridDim.x * SCORE_BLOCK */
  ls_score *scores;        /* [gridDim.y][rank_count] */
  uint32_t *masks;         /* the same */
};

static __global__ void __launch_bounds__(SCORE_BLOCK, SCORE_BLOCKS_RESIDENT)
    score_kernel(score_launch launch)
{
  const uint32_t index = blockIdx.x * SCORE_BLOCK + threadIdx.x;
  if (index >= launch.rank_count) return;
  const size_t place = (size_t)blockIdx.y * launch.rank_count + index;
  ls_base base;
  ls_score score;
  base.structure = UINT32_MAX;
  launch.masks[place] =
      ls_rank_score_fresh(&launch.draws[blockIdx.y], launch.ranks[index], &base, &score);
  launch.scores[place] = score;
}

#endif
