/* What kernels share that write survivors: places in a list by warp, and dominance by a list. */
#ifndef LS_SURVIVORS_CUH
#define LS_SURVIVORS_CUH

#include "device.h"
#include "dominate.h"
#include "front.h"

enum { BLOCK_SIZE = 256, WARP_SIZE = 32 };

struct sweep_counters {
  unsigned long long survivors, feasible, undominated;
  unsigned long long kept; /* of the survivors, by the filter */
};

__device__ static inline uint32_t lane_index() { return threadIdx.x % WARP_SIZE; }

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

#endif
