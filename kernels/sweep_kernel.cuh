/* The sweep on the device: decode, evaluate, filter and compact.
 *
 * Layout: a tile is up to TILE_DESIGNS designs of one structure: under one access link, or under
 * several where few combinations stand above each. As many blocks as the device holds at a time go
 * over the tiles in strides; a block copies the rows of its tile to shared memory, then each of its
 * threads takes a design a round.
 * Work per design: three 32-bit divisions and one of 64 bits (the cost of a GPU-hour), 32 additions
 * and one a tier and resource, the faceplate and limit comparisons, and 8 comparisons per killer
 * asked, most designs dying at the first. Only survivors are written: 72 bytes each, positions by
 * warp vote and one atomic add a warp. No traffic otherwise but 208 bytes a row and tile, from L2.
 * Measured on an H200: 1.05e10 designs/s, 556 instructions a design (docs/kernels.md). */
#ifndef LS_SWEEP_KERNEL_CUH
#define LS_SWEEP_KERNEL_CUH

#include "evaluate.h"
#include "survivors.cuh"

enum { TILE_DESIGNS = 2048 };
/* Of a round's BLOCK_SIZE: more are rare once there are killers, and then only half of them filter.
 * With room for all, a multiprocessor of 100 KB would hold two blocks instead of three. */
enum { LIST_MAX = BLOCK_SIZE / 2 };

struct sweep_tile {
  uint32_t structure, row_first;
  uint32_t access, access_count; /* options of tier 0 */
  /* Designs, from the first of the access option on: (option 1 * n2 + option 2) * n3 + option 3,
   * then those of the next access option. */
  uint32_t first, count;
};

struct sweep_launch {
  const ls_problem *problem;
  const sweep_tile *tiles; /* [tile_count] */
  uint32_t tile_count;
  const ls_tier_row *rows;
  /* [killer_count], lower in rank than all designs of the launch; metrics that are not compared
   * are INT64_MIN. */
  const ls_score *killers;
  int32_t killer_count;
  int32_t is_counting;        /* count what no killer covers, write nothing */
  ls_front_member *survivors; /* [designs of the launch] */
  sweep_counters *counters;
};

/* What the device moves at once; it may stand for any type. */
struct __attribute__((may_alias)) row_piece {
  unsigned long long half[2];
};

static_assert(sizeof(ls_tier_row) % sizeof(row_piece) == 0, "rows are copied in pieces");

/* The block copies count rows to shared memory, neighbouring threads neighbouring pieces. */
__device__ static inline void rows_copy(ls_tier_row *to, const ls_tier_row *from, uint32_t count)
{
  const uint32_t piece_count = count * (uint32_t)(sizeof *to / sizeof(row_piece));
  row_piece *pieces = (row_piece *)to;
  for (uint32_t i = threadIdx.x; i < piece_count; i += BLOCK_SIZE)
    pieces[i] = ((const row_piece *)from)[i];
}

__device__ static inline bool killers_cover(const sweep_launch &launch, const ls_score *score)
{
  for (int32_t k = 0; k < launch.killer_count; k++) {
    const ls_score *killer = &launch.killers[k];
    bool is_covered = true;
    for (int32_t i = 0; i < LS_METRIC_COUNT && is_covered; i++)
      is_covered = killer->metric[i] <= score->metric[i];
    if (is_covered) return true;
  }
  return false;
}

/* Adds the warp's votes to a counter, kept by lane 0. 32 bits hold the designs of a launch, and
 * save the registers without which nvcc spills for sm_120. */
__device__ static inline void votes_add(bool vote, unsigned *count)
{
  const unsigned votes = __ballot_sync(0xffffffffu, vote);
  if (lane_index() == 0) *count += (unsigned)__popc(votes);
}

/* Scores design `index` of a tile by the rows in shared memory; false where it breaks something. */
__device__ static inline bool tile_design_score(const ls_problem *problem, const sweep_tile &tile,
                                                const ls_tier_row *rows, uint32_t index,
                                                ls_front_member *member)
{
  const ls_structure *structure = &problem->structures[tile.structure];
  const uint32_t n1 = structure->option_count[1], n2 = structure->option_count[2];
  const uint32_t n3 = structure->option_count[3], above = n1 * n2 * n3;
  const uint32_t access = index / above, combination = index - access * above;
  const uint32_t below = combination / n3, option1 = below / n2;
  const ls_tier_row *const rows1 = rows + tile.access_count;
  const ls_tier_row *const of_tiers[LS_TIER_MAX] = {rows + access, rows1 + option1,
                                                    rows1 + n1 + (below - option1 * n2),
                                                    rows1 + n1 + n2 + (combination - below * n3)};
  member->rank = structure->rank_first + (uint64_t)tile.access * above + index;
  return !ls_design_score(problem, structure, of_tiers, &member->score);
}

/* The rows of a tile: its access options, then n1, n2 and n3 options. */
__device__ static inline void tile_rows_copy(const sweep_launch &launch, const sweep_tile &tile,
                                             ls_tier_row *rows)
{
  const uint32_t *count = launch.problem->structures[tile.structure].option_count;
  const ls_tier_row *const from = launch.rows + tile.row_first;
  rows_copy(rows, from + tile.access, tile.access_count);
  rows_copy(rows + tile.access_count, from + count[0], count[1] + count[2] + count[3]);
}

static __global__ void __launch_bounds__(BLOCK_SIZE) sweep_kernel(sweep_launch launch)
{
  LS_SHARED_DYNAMIC(row_bytes);
  LS_SHARED(ls_front_member, list, LIST_MAX);
  LS_SHARED(unsigned, list_count, 1);
  ls_tier_row *rows = (ls_tier_row *)row_bytes;
  const ls_problem *problem = launch.problem;
  unsigned feasible_count = 0, undominated_count = 0;

  for (uint32_t t = blockIdx.x; t < launch.tile_count; t += gridDim.x) {
    const sweep_tile tile = launch.tiles[t];
    __syncthreads(); /* the tile before has been read */
    tile_rows_copy(launch, tile, rows);
    if (threadIdx.x == 0) list_count[0] = 0;
    __syncthreads();
    for (uint32_t first = 0; first < tile.count; first += BLOCK_SIZE) {
      ls_front_member member;
      bool is_feasible = false, is_alive = false;
      if (first + threadIdx.x < tile.count) {
        const uint32_t index = tile.first + first + threadIdx.x;
        is_feasible = tile_design_score(problem, tile, rows, index, &member);
        is_alive = is_feasible && !killers_cover(launch, &member.score);
      }
      votes_add(is_feasible, &feasible_count);
      votes_add(is_alive && launch.is_counting, &undominated_count);
      if (launch.is_counting || !__syncthreads_or(is_alive)) continue;
      const unsigned place = place_reserve(is_alive, list_count);
      if (is_alive && place < LIST_MAX) list[place] = member;
      __syncthreads();
      const unsigned listed = list_count[0] < LIST_MAX ? list_count[0] : (unsigned)LIST_MAX;
      is_alive = is_alive && !list_dominates(list, listed, &member, problem->objective_mask);
      const unsigned long long out = place_reserve(is_alive, &launch.counters->survivors);
      if (is_alive) launch.survivors[out] = member;
      __syncthreads();
      /* A barrier at the head of the next round or tile keeps this apart from its uses. */
      if (threadIdx.x == 0) list_count[0] = 0;
    }
  }
  if (lane_index() == 0) {
    atomicAdd(&launch.counters->feasible, (unsigned long long)feasible_count);
    atomicAdd(&launch.counters->undominated, (unsigned long long)undominated_count);
  }
}

#endif
