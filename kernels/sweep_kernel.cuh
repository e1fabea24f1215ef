/* The sweep kernel: decode, evaluate, filter and compact on the device.
 *
 * Layout: a block takes one tile, that is up to TILE_DESIGNS option combinations above the access
 * tier, of one structure under one access link. It first tabulates the structure's rows in shared
 * memory (1 + n1 + n2 + n3 of 208 bytes), then its threads walk the tile, a design each.
 * Work per design: two 32-bit divisions and one of 64 bits (the cost of a GPU-hour), 32 additions,
 * the faceplate and limit comparisons, and 8 comparisons per killer asked, most designs dying at
 * the first. Only survivors are written: 72 bytes each, positions by warp vote and one atomic add a
 * warp. No traffic otherwise. Measured rate on a GPU: not measured, no machine of ours has one. */
#ifndef LS_SWEEP_KERNEL_CUH
#define LS_SWEEP_KERNEL_CUH

#include "backend.h"
#include "device.h"
#include "dominate.h"
#include "evaluate.h"

enum { BLOCK_SIZE = 256, WARP_SIZE = 32, TILE_DESIGNS = 16384 };

struct sweep_tile {
  uint32_t structure, access; /* access: option of tier 0 */
  uint32_t first, count;      /* of combinations (option 1 * n2 + option 2) * n3 + option 3 */
};

struct sweep_counters {
  unsigned long long survivors, feasible, undominated;
};

struct sweep_launch {
  const ls_problem *problem; /* device memory, as are its arrays */
  const sweep_tile *tiles;   /* [gridDim.x] */
  const ls_score *killers;   /* [killer_count]; lower in rank than all designs of the launch */
  int32_t killer_count;
  int32_t is_counting;        /* count what no killer covers, write nothing */
  ls_front_member *survivors; /* [designs of the launch] */
  sweep_counters *counters;
};

__device__ static inline uint32_t lane_index() { return threadIdx.x % WARP_SIZE; }

/* Rows of the tile's structure: [0] the access link, then n1, n2 and n3 options. */
__device__ static inline void rows_tabulate(const ls_problem *problem,
                                            const ls_structure *structure, uint32_t access,
                                            ls_tier_row *rows)
{
  const uint32_t *count = structure->option_count;
  const uint32_t row_count = 1 + count[1] + count[2] + count[3];
  for (uint32_t i = threadIdx.x; i < row_count; i += BLOCK_SIZE) {
    int32_t tier = 0;
    uint32_t option = i;
    for (uint32_t of_tier = 1; option >= of_tier; of_tier = count[tier]) {
      option -= of_tier;
      tier++;
    }
    if (tier == 0) option = access;
    const ls_link_row *link = &problem->links[0];
    if (tier < structure->tier_count)
      link = &problem->links[problem->options[structure->option_first[tier] + option]];
    ls_tier_row_compute(problem, structure, tier, link, &rows[i]);
  }
}

__device__ static inline bool killers_cover(const sweep_launch &launch, const ls_score *score)
{
  for (int32_t i = 0; i < launch.killer_count; i++)
    if (ls_score_covers(&launch.killers[i], score, launch.problem->objective_mask)) return true;
  return false;
}

/* Adds the warp's votes to a counter, kept by lane 0. */
__device__ static inline void votes_add(bool vote, unsigned long long *count)
{
  const unsigned votes = __ballot_sync(0xffffffffu, vote);
  if (lane_index() == 0) *count += (unsigned long long)__popc(votes);
}

/* Reserves a place for each voting lane behind *end; lanes that do not vote get nothing useful.
 * Counter is unsigned in shared memory, unsigned long long in global. */
template <class counter> __device__ static inline counter place_reserve(bool vote, counter *end)
{
  const unsigned votes = __ballot_sync(0xffffffffu, vote);
  counter first = 0;
  if (lane_index() == 0 && votes) first = atomicAdd(end, (counter)__popc(votes));
  first = __shfl_sync(0xffffffffu, first, 0);
  return first + (counter)__popc(votes & ((1u << lane_index()) - 1u));
}

__device__ static inline bool list_dominates(const ls_front_member *list, uint32_t count,
                                             const ls_front_member *member, const int64_t *mask)
{
  for (uint32_t i = 0; i < count; i++)
    if (ls_design_dominates(&list[i].score, list[i].rank, &member->score, member->rank, mask))
      return true;
  return false;
}

static __global__ void __launch_bounds__(BLOCK_SIZE) sweep_kernel(sweep_launch launch)
{
  LS_SHARED_DYNAMIC(row_bytes);
  LS_SHARED(ls_front_member, list, BLOCK_SIZE);
  LS_SHARED(unsigned, list_count, 1);
  ls_tier_row *rows = (ls_tier_row *)row_bytes;
  const ls_problem *problem = launch.problem;
  const sweep_tile tile = launch.tiles[blockIdx.x];
  const ls_structure *structure = &problem->structures[tile.structure];
  const uint32_t n1 = structure->option_count[1], n2 = structure->option_count[2];
  const uint32_t n3 = structure->option_count[3];
  const uint64_t rank_first = structure->rank_first + (uint64_t)tile.access * n1 * n2 * n3;
  unsigned long long feasible_count = 0, undominated_count = 0;

  rows_tabulate(problem, structure, tile.access, rows);
  if (threadIdx.x == 0) list_count[0] = 0;
  __syncthreads();
  for (uint32_t first = 0; first < tile.count; first += BLOCK_SIZE) {
    ls_front_member member;
    bool is_feasible = false, is_alive = false;
    if (first + threadIdx.x < tile.count) {
      const uint32_t combination = tile.first + first + threadIdx.x;
      const uint32_t below = combination / n3, option1 = below / n2;
      const ls_tier_row *const of_tiers[LS_TIER_MAX] = {
          rows, rows + 1 + option1, rows + 1 + n1 + (below - option1 * n2),
          rows + 1 + n1 + n2 + (combination - below * n3)};
      member.rank = rank_first + combination;
      is_feasible = !ls_design_score(problem, structure, of_tiers, &member.score);
      is_alive = is_feasible && !killers_cover(launch, &member.score);
    }
    votes_add(is_feasible, &feasible_count);
    votes_add(is_alive && launch.is_counting, &undominated_count);
    if (launch.is_counting || !__syncthreads_or(is_alive)) continue;
    const unsigned place = place_reserve(is_alive, list_count);
    if (is_alive) list[place] = member;
    __syncthreads();
    is_alive = is_alive && !list_dominates(list, list_count[0], &member, problem->objective_mask);
    const unsigned long long out = place_reserve(is_alive, &launch.counters->survivors);
    if (is_alive) launch.survivors[out] = member;
    __syncthreads();
    /* The vote at the head of the next round keeps this apart from its uses. */
    if (threadIdx.x == 0) list_count[0] = 0;
  }
  if (lane_index() == 0) {
    atomicAdd(&launch.counters->feasible, feasible_count);
    atomicAdd(&launch.counters->undominated, undominated_count);
  }
}

#endif
