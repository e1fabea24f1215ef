/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2, avx512,
 * avx512_count or avx512_narrow. */
#include "apsp_steps.h"

#include "lanes_bits.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

/* Vectors of a layer that stay in registers while its darts are gone through; darts of a row that
 * are joined before it is asked whether it is full; darts a round. */
enum { BLOCK = 4, FIRST_DARTS = 3, UNROLLED = 8 };

#define INLINE static inline __attribute__((always_inline))

/* Joins a number of darts, count vectors of each. */
INLINE void darts_join(const uint8_t *rows, const uint32_t *offset, int32_t darts, int32_t count,
                       ls_bits *joined)
{
#pragma GCC unroll 8
  for (int32_t j = 0; j < darts; j++)
#pragma GCC unroll 8
    for (int32_t i = 0; i < count; i++)
      joined[i] = ls_bits_or(joined[i], ls_bits_load(rows + offset[j] + i * LS_BITS_BYTES));
}

INLINE ls_bits_counts block_step(const uint8_t *rows, const uint32_t *offset, int32_t dart_max,
                                 const uint8_t *full, uint8_t *to, int32_t count,
                                 ls_bits_counts counts)
{
  ls_bits joined[BLOCK];
  for (int32_t i = 0; i < count; i++)
    joined[i] = ls_bits_load(rows + offset[0] + i * LS_BITS_BYTES);
  int32_t j = dart_max < UNROLLED ? dart_max : UNROLLED;
  darts_join(rows, offset + 1, j - 1, count, joined);
  for (; j + UNROLLED <= dart_max; j += UNROLLED)
    darts_join(rows, offset + j, UNROLLED, count, joined);
  for (; j < dart_max; j++) darts_join(rows, offset + j, 1, count, joined);
#pragma GCC unroll 8
  for (int32_t i = 0; i < count; i++) {
    joined[i] = ls_bits_and(joined[i], ls_bits_load(full + i * LS_BITS_BYTES));
    counts = ls_bits_count(counts, joined[i]);
    ls_bits_store(to + i * LS_BITS_BYTES, joined[i]);
  }
  return counts;
}

/* Layers in their order: what a vector writes beyond its layer, the next one overwrites. */
INLINE int64_t layers_step(const ls_apsp *apsp, int32_t from, int32_t dart_max, int32_t rest)
{
  const int32_t vector_count = (apsp->layer_bytes + LS_BITS_BYTES - 1) / LS_BITS_BYTES;
  const int32_t layer_count = apsp->layer_count, layer_bytes = apsp->layer_bytes;
  const bool is_twice = apsp->rotation > 1;
  const int64_t pitch = apsp->pitch;
  const uint32_t *LS_RESTRICT offset = apsp->offset;
  const uint8_t *LS_RESTRICT rows = apsp->rows[from], *LS_RESTRICT full = apsp->full;
  uint8_t *LS_RESTRICT to = apsp->rows[1 - from];
  ls_bits_counts counts = ls_bits_counts_none();
  for (int32_t layer = 0; layer < layer_count; layer++) {
    int32_t i = 0;
    for (; i + BLOCK <= vector_count - rest; i += BLOCK)
      counts = block_step(rows + i * LS_BITS_BYTES, offset, dart_max, full + i * LS_BITS_BYTES,
                          to + i * LS_BITS_BYTES, BLOCK, counts);
    if (rest)
      counts = block_step(rows + i * LS_BITS_BYTES, offset, dart_max, full + i * LS_BITS_BYTES,
                          to + i * LS_BITS_BYTES, rest, counts);
    for (i = 0; is_twice && i < vector_count; i++)
      ls_bits_store(to + layer_bytes + i * LS_BITS_BYTES, ls_bits_load(to + i * LS_BITS_BYTES));
    offset += dart_max;
    to += pitch;
  }
  return ls_bits_counted(counts);
}

/* Small numbers of darts are worth loops of known length: a third of the time. */
INLINE int64_t darts_step(const ls_apsp *apsp, int32_t from, int32_t rest)
{
  switch (apsp->dart_max) {
  case 3: return layers_step(apsp, from, 3, rest);
  case 4: return layers_step(apsp, from, 4, rest);
  case 5: return layers_step(apsp, from, 5, rest);
  case 6: return layers_step(apsp, from, 6, rest);
  case 7: return layers_step(apsp, from, 7, rest);
  case 8: return layers_step(apsp, from, 8, rest);
  default: return layers_step(apsp, from, apsp->dart_max, rest);
  }
}

static int64_t step(const ls_apsp *apsp, int32_t from)
{
  switch ((apsp->layer_bytes + LS_BITS_BYTES - 1) / LS_BITS_BYTES % BLOCK) {
  case 1: return darts_step(apsp, from, 1);
  case 2: return darts_step(apsp, from, 2);
  case 3: return darts_step(apsp, from, 3);
  default: return darts_step(apsp, from, 0);
  }
}

/* Few darts mostly suffice to fill a row that was nearly full. */
static bool closes(const ls_apsp *apsp, int32_t from, int32_t first_layer)
{
  const uint32_t *offset = apsp->offset + (int64_t)first_layer * apsp->dart_max;
  const int32_t first = apsp->dart_max < FIRST_DARTS ? apsp->dart_max : FIRST_DARTS;
  const uint8_t *own = apsp->rows[from] + first_layer * apsp->pitch;
  for (int32_t layer = first_layer; layer < apsp->layer_count; layer++) {
    for (int32_t at = 0; at < apsp->layer_bytes; at += LS_BITS_BYTES) {
      const ls_bits all = ls_bits_load(apsp->full + at);
      ls_bits joined = ls_bits_load(own + at);
      darts_join(apsp->rows[from] + at, offset, first, 1, &joined);
      for (int32_t j = first; !ls_bits_are_none(ls_bits_without(all, joined)); j++) {
        if (j == apsp->dart_max) return false;
        darts_join(apsp->rows[from] + at, offset + j, 1, 1, &joined);
      }
    }
    offset += apsp->dart_max;
    own += apsp->pitch;
  }
  return true;
}

/* The bits of the weights from the highest on, each time doubling what came before. */
static int64_t weigh(const ls_apsp *apsp, int32_t from)
{
  const uint8_t *row = apsp->rows[from];
  ls_bits_counts sum = ls_bits_counts_none();
  for (int32_t layer = 0; layer < apsp->layer_count; layer++, row += apsp->pitch)
    for (int32_t at = 0; at < apsp->layer_bytes && apsp->weight[layer]; at += LS_BITS_BYTES) {
      const ls_bits reached = ls_bits_load(row + at);
      ls_bits_counts lacking = ls_bits_counts_none();
      for (int32_t bit = apsp->plane_count; bit-- > 0;) {
        const uint8_t *plane = apsp->planes + (int64_t)bit * apsp->vector_bytes;
        lacking = ls_bits_counts_add(lacking, lacking, 1);
        lacking = ls_bits_count(lacking, ls_bits_without(ls_bits_load(plane + at), reached));
      }
      sum = ls_bits_counts_add(sum, lacking, (uint32_t)apsp->weight[layer]);
    }
  return ls_bits_counted(sum);
}

const ls_apsp_functions JOIN(ls_apsp_steps_,
                             LS_ISA_NAME) = {.step = step, .closes = closes, .weigh = weigh};
