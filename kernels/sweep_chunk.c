/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512; plain loops
 * that the compiler turns into vector code of that set. All values are 64 bits wide, so that
 * every lane of the loop has one width. */
#include "sweep_chunk.h"

#include "evaluate.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

enum { BLOCK = 64 }; /* designs whose sums stay in L1 between the loops: 3.5 KiB */

typedef struct block_sums {
  int64_t metric[LS_LANE_COUNT][BLOCK];
  int64_t is_alive[BLOCK]; /* -1 or 0 */
} block_sums;

/* The last lane: a division per design that is still alive. */
static void gpu_hours_evaluate(const ls_chunk *chunk, int32_t count, block_sums *LS_RESTRICT sums)
{
  const int32_t lane = chunk->lane_count;
  for (int32_t i = 0; i < count; i++) {
    if (!sums->is_alive[i]) continue;
    sums->metric[lane][i] =
        ls_gpu_hour_cost(chunk->problem, chunk->structure, sums->metric[chunk->tco_lane][i],
                         sums->metric[chunk->lost_lane][i]);
    sums->is_alive[i] = -(int64_t)(sums->metric[lane][i] <= chunk->limit[lane]);
  }
}

/* Sums, faceplate, resources, limits; returns how many of the block are feasible. */
static int64_t block_evaluate(const ls_chunk *chunk, int32_t first, int32_t count,
                              block_sums *LS_RESTRICT sums)
{
  const int64_t *LS_RESTRICT cages = chunk->cages + first;
  const int64_t *LS_RESTRICT violations = chunk->violations + first;
  int64_t *LS_RESTRICT alive = sums->is_alive;
  int64_t feasible_count = 0;
  for (int32_t i = 0; i < count; i++)
    alive[i] = -(int64_t)((violations[i] == 0) & (cages[i] <= chunk->cages_max));
  for (int32_t lane = 0; lane < chunk->lane_count; lane++) {
    const int64_t *LS_RESTRICT metric = chunk->metric[lane] + first;
    int64_t *LS_RESTRICT sum = sums->metric[lane];
    const int64_t add = chunk->metric_add[lane], limit = chunk->limit[lane];
    for (int32_t i = 0; i < count; i++) {
      sum[i] = metric[i] + add;
      alive[i] &= -(int64_t)(sum[i] <= limit);
    }
  }
  for (int32_t r = 0; r < chunk->resource_count; r++) {
    const int64_t *LS_RESTRICT resource = chunk->resource[r] + first;
    const int64_t most = chunk->resource_max[r];
    for (int32_t i = 0; i < count; i++) alive[i] &= -(int64_t)(resource[i] <= most);
  }
  if (chunk->structure) gpu_hours_evaluate(chunk, count, sums);
  for (int32_t i = 0; i < count; i++) feasible_count -= alive[i];
  return feasible_count;
}

/* Clears what one killer covers; returns whether anything is left alive. */
static int64_t block_kill(block_sums *LS_RESTRICT sums, int32_t count, int32_t lane_count,
                          const int64_t *killer)
{
  int64_t is_covered[BLOCK], alive = 0;
  for (int32_t i = 0; i < count; i++) is_covered[i] = -1;
  for (int32_t lane = 0; lane < lane_count; lane++)
    for (int32_t i = 0; i < count; i++)
      is_covered[i] &= -(int64_t)(killer[lane] <= sums->metric[lane][i]);
  for (int32_t i = 0; i < count; i++) {
    sums->is_alive[i] &= ~is_covered[i];
    alive |= sums->is_alive[i];
  }
  return alive;
}

int32_t JOIN(ls_chunk_filter_, LS_ISA_NAME)(const ls_chunk *chunk, int32_t *survivors,
                                            uint64_t *feasible_count)
{
  if (chunk->violations_add) return 0;
  ls_chunk local = *chunk;
  local.cages_max -= chunk->cages_add;
  block_sums sums;
  int32_t survivor_count = 0;
  for (int32_t first = 0; first < chunk->count; first += BLOCK) {
    const int32_t count = chunk->count - first < BLOCK ? chunk->count - first : BLOCK;
    int64_t alive = block_evaluate(&local, first, count, &sums);
    *feasible_count += (uint64_t)alive;
    for (int32_t k = 0; k < chunk->killer_count && alive; k++)
      alive = block_kill(&sums, count, chunk->lane_count + (chunk->structure != NULL),
                         chunk->killers[k]);
    for (int32_t i = 0; alive && i < count; i++)
      if (sums.is_alive[i]) survivors[survivor_count++] = first + i;
  }
  return survivor_count;
}
