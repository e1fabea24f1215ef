/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512; plain loops
 * that the compiler turns into vector code of that set. All values are 64 bits wide, so that
 * every lane of the loop has one width. */
#include "sweep_chunk.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

enum { BLOCK = 64 }; /* designs whose sums stay in L1 between the loops: 2.5 KiB */

typedef struct block_sums {
  int64_t metric[LS_LANE_COUNT][BLOCK];
  int64_t is_alive[BLOCK]; /* -1 or 0 */
} block_sums;

/* Sums, faceplate, limits; returns how many of the block are feasible. */
static int64_t block_evaluate(const ls_chunk *chunk, int32_t first, int32_t count,
                              block_sums *LS_RESTRICT sums)
{
  const int64_t *LS_RESTRICT capex = chunk->metric[0] + first;
  const int64_t *LS_RESTRICT power = chunk->metric[1] + first;
  const int64_t *LS_RESTRICT latency = chunk->metric[2] + first;
  const int64_t *LS_RESTRICT risk = chunk->metric[3] + first;
  const int64_t *LS_RESTRICT cages = chunk->cages + first;
  const int64_t *LS_RESTRICT violations = chunk->violations + first;
  int64_t feasible_count = 0;
  for (int32_t i = 0; i < count; i++) {
    const int64_t c = capex[i] + chunk->metric_add[0];
    const int64_t p = power[i] + chunk->metric_add[1];
    const int64_t l = latency[i] + chunk->metric_add[2];
    const int64_t r = risk[i] + chunk->metric_add[3];
    const int64_t is_within = (violations[i] == 0) & (cages[i] <= chunk->cages_max) &
                              (c <= chunk->limit[0]) & (p <= chunk->limit[1]) &
                              (l <= chunk->limit[2]) & (r <= chunk->limit[3]);
    sums->metric[0][i] = c;
    sums->metric[1][i] = p;
    sums->metric[2][i] = l;
    sums->metric[3][i] = r;
    sums->is_alive[i] = -is_within;
    feasible_count += is_within;
  }
  return feasible_count;
}

/* Clears what one killer covers; returns whether anything is left alive. */
static int64_t block_kill(block_sums *LS_RESTRICT sums, int32_t count, const int64_t *killer)
{
  const int64_t k0 = killer[0], k1 = killer[1], k2 = killer[2], k3 = killer[3];
  int64_t alive = 0;
  for (int32_t i = 0; i < count; i++) {
    const int64_t is_covered = (k0 <= sums->metric[0][i]) & (k1 <= sums->metric[1][i]) &
                               (k2 <= sums->metric[2][i]) & (k3 <= sums->metric[3][i]);
    sums->is_alive[i] &= is_covered - 1;
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
      alive = block_kill(&sums, count, chunk->killers[k]);
    for (int32_t i = 0; alive && i < count; i++)
      if (sums.is_alive[i]) survivors[survivor_count++] = first + i;
  }
  return survivor_count;
}
