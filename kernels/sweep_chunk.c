/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512. A block of 64
 * designs is a word of bits, one for each that is alive. */
#include "sweep_chunk.h"

#include <string.h>

#include "evaluate.h"
#include "lanes.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

enum { BLOCK = 64 };

LS_STATIC_ASSERT((int)LS_LANES <= (int)LS_CHUNK_PADDING, "the last vector must find its columns");

/* The designs of a block that keep every bound. */
static inline uint64_t bounds_keep(const ls_chunk *chunk, int32_t first, int32_t count)
{
  uint64_t kept = count < BLOCK ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
  for (int32_t b = 0; b < chunk->bound_count && kept; b++) {
    const int64_t *column = chunk->bound[b].column + first;
    const ls_lanes most = ls_lanes_set(chunk->bound[b].most);
    uint64_t bits = 0;
    for (int32_t i = 0; i < count; i += LS_LANES)
      bits |= ls_lanes_bits(ls_lanes_le(ls_lanes_all(), ls_lanes_load(column + i), most)) << i;
    kept &= bits;
  }
  return kept;
}

/* The cost of a GPU-hour of the designs that are alive: a division each. Returns those that keep
 * its limit. */
static uint64_t gpu_hours_keep(const ls_chunk *chunk, int32_t first, uint64_t alive,
                               int64_t cost[BLOCK])
{
  uint64_t kept = 0;
  memset(cost, 0, BLOCK * sizeof *cost);
  for (; alive; alive &= alive - 1) {
    const int32_t i = __builtin_ctzll(alive);
    cost[i] = ls_gpu_hour_cost(chunk->problem, chunk->structure,
                               chunk->spent[first + i] + chunk->spent_add,
                               chunk->lost[first + i] + chunk->lost_add);
    kept |= (uint64_t)(cost[i] <= chunk->gpu_hour_most) << i;
  }
  return kept;
}

/* The designs of a block that one killer covers. */
static inline uint64_t block_covered(const int64_t *const lane[LS_LANE_COUNT], int32_t lane_count,
                                     int32_t count, const int64_t *killer)
{
  uint64_t covered = 0;
  for (int32_t i = 0; i < count; i += LS_LANES) {
    ls_lanes_mask mask = ls_lanes_all();
    for (int32_t l = 0; l < lane_count; l++)
      mask = ls_lanes_le(mask, ls_lanes_set(killer[l]), ls_lanes_load(lane[l] + i));
    covered |= ls_lanes_bits(mask) << i;
  }
  return covered;
}

/* Who empties a block is asked first about the next: neighbours die of the same. */
static inline void order_promote(uint16_t *order, int32_t k)
{
  const uint16_t killer = order[k];
  for (; k > 0; k--) order[k] = order[k - 1];
  order[0] = killer;
}

/* Inlined for the usual numbers of lanes, so that the loop over them is unrolled. */
static inline __attribute__((always_inline)) int32_t chunk_filter(const ls_chunk *chunk,
                                                                  int32_t lane_count,
                                                                  int32_t *survivors,
                                                                  uint64_t *feasible_count)
{
  int64_t cost[BLOCK];
  const int64_t *lane[LS_LANE_COUNT];
  const int32_t summed_count = lane_count - chunk->is_gpu_hour_compared;
  int32_t survivor_count = 0;
  if (chunk->is_gpu_hour_compared) lane[summed_count] = cost;
  for (int32_t done = 0; done < chunk->count; done += BLOCK) {
    const int32_t count = chunk->count - done < BLOCK ? chunk->count - done : BLOCK;
    const int32_t first = chunk->first + done;
    uint64_t alive = bounds_keep(chunk, first, count);
    if (chunk->structure) alive = gpu_hours_keep(chunk, first, alive, cost);
    *feasible_count += (uint64_t)__builtin_popcountll(alive);
    for (int32_t l = 0; l < summed_count; l++) lane[l] = chunk->lane[l] + first;
    for (int32_t k = 0; k < chunk->killer_count && alive; k++) {
      alive &= ~block_covered(lane, lane_count, count, chunk->killers[chunk->order[k]]);
      if (!alive) order_promote(chunk->order, k);
    }
    for (; alive; alive &= alive - 1) survivors[survivor_count++] = done + __builtin_ctzll(alive);
  }
  return survivor_count;
}

int32_t JOIN(ls_chunk_filter_, LS_ISA_NAME)(const ls_chunk *chunk, int32_t *survivors,
                                            uint64_t *feasible_count)
{
  switch (chunk->lane_count) {
  case 3: return chunk_filter(chunk, 3, survivors, feasible_count);
  case 4: return chunk_filter(chunk, 4, survivors, feasible_count);
  case 5: return chunk_filter(chunk, 5, survivors, feasible_count);
  default: return chunk_filter(chunk, chunk->lane_count, survivors, feasible_count);
  }
}
