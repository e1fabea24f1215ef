/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2, avx512,
 * avx512_count or avx512_narrow. */
#include "apsp_steps.h"

#include <string.h>

#include "lanes_bits.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

/* Vectors of a layer that stay in registers while its darts are gone through; darts a round;
 * neighbours in a word. */
enum { BLOCK = 4, UNROLLED = 8, WORD = LS_APSP_WORD };

#define INLINE static inline __attribute__((always_inline))

INLINE int32_t vectors_of(const ls_apsp *apsp)
{
  return (apsp->layer_bytes + LS_BITS_BYTES - 1) / LS_BITS_BYTES;
}

/* ---- The first levels ---- */

/* Counting the bits on the way would make each wait for the one before. */
INLINE int64_t darts_set(const ls_apsp *apsp, int32_t first, int32_t count, int32_t dart_max)
{
  const int64_t pitch = apsp->pitch;
  const int32_t *LS_RESTRICT layers = apsp->source_layer + first, *LS_RESTRICT near = apsp->near;
  const uint32_t *LS_RESTRICT offsets = apsp->offset;
  uint8_t *LS_RESTRICT rows = apsp->rows[LS_APSP_NEAR];
  int64_t reached = 0;
  for (int32_t i = 0; i < count; i++) {
    const uint32_t *LS_RESTRICT offset = offsets + (int64_t)layers[i] * dart_max;
    const uint8_t bit = (uint8_t)(1 << i % 8);
    uint8_t *LS_RESTRICT at = rows + i / 8;
    at[layers[i] * pitch] |= bit;
#pragma GCC unroll 8
    for (int32_t j = 0; j < dart_max; j++) at[offset[j]] |= bit;
    reached += near[layers[i]];
  }
  return reached;
}

static int64_t bits_set(const ls_apsp *apsp, int32_t first, int32_t count)
{
  return apsp->dart_max == 8 ? darts_set(apsp, first, count, 8)
                             : darts_set(apsp, first, count, apsp->dart_max);
}

/* Where layers stand twice, what is set in them is copied once it is all there. */
static int64_t begin(const ls_apsp *apsp, int32_t first, int32_t count)
{
  const int32_t vector_count = vectors_of(apsp), bytes = apsp->layer_bytes;
  uint8_t *rows = apsp->rows[LS_APSP_NEAR];
  if (apsp->rotation == 1) {
    memset(rows, 0, (size_t)(apsp->layer_count * apsp->pitch));
    return bits_set(apsp, first, count);
  }
  for (int64_t layer = 0; layer < apsp->layer_count; layer++)
    for (int32_t i = 0; i < vector_count; i++)
      ls_bits_store(rows + layer * apsp->pitch + i * LS_BITS_BYTES, ls_bits_none());
  const int64_t reached = bits_set(apsp, first, count);
  const bool has_room = bytes + vector_count * LS_BITS_BYTES <= apsp->pitch;
  for (int32_t layer = 0; layer < apsp->layer_count; layer++, rows += apsp->pitch) {
    if (!has_room) memcpy(rows + bytes, rows, (size_t)bytes);
    for (int32_t i = 0; has_room && i < vector_count; i++)
      ls_bits_store(rows + bytes + i * LS_BITS_BYTES, ls_bits_load(rows + i * LS_BITS_BYTES));
  }
  return reached;
}

/* ---- A step ---- */

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

/* Writes a block, and again bytes on once more unless that is 0. What is beyond the layer is in its
 * last vector; it is not counted. */
INLINE ls_bits_counts block_step(const uint8_t *rows, const uint32_t *offset, int32_t dart_max,
                                 const uint8_t *full, uint8_t *to, int32_t count, int32_t again,
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
  const int32_t end = (count - 1) * LS_BITS_BYTES;
  joined[count - 1] = ls_bits_and(joined[count - 1], ls_bits_load(full + end));
#pragma GCC unroll 8
  for (int32_t i = 0; i < count; i++) {
    counts = ls_bits_count(counts, joined[i]);
    ls_bits_store(to + i * LS_BITS_BYTES, joined[i]);
  }
#pragma GCC unroll 8
  for (int32_t i = 0; again && i < count; i++)
    ls_bits_store(to + again + i * LS_BITS_BYTES, joined[i]);
  return counts;
}

/* Layers in their order: what a vector writes beyond its layer, the next one overwrites. */
INLINE int64_t layers_step(const ls_apsp *apsp, int32_t from, int32_t first, int32_t last,
                           int32_t dart_max, int32_t rest)
{
  const int32_t vector_count = vectors_of(apsp), bytes = apsp->layer_bytes;
  const int32_t again = apsp->rotation > 1 && vector_count <= BLOCK ? bytes : 0;
  const bool is_copied = apsp->rotation > 1 && !again;
  const int64_t pitch = apsp->pitch;
  const uint32_t *LS_RESTRICT offset = apsp->offset + (int64_t)first * dart_max;
  const uint8_t *LS_RESTRICT rows = apsp->rows[from], *LS_RESTRICT full = apsp->full;
  uint8_t *LS_RESTRICT to = apsp->rows[ls_apsp_next(from)] + first * pitch;
  ls_bits_counts counts = ls_bits_counts_none();
  for (int32_t layer = first; layer < last; layer++) {
    int32_t i = 0;
    for (; i + BLOCK <= vector_count - rest; i += BLOCK)
      counts = block_step(rows + i * LS_BITS_BYTES, offset, dart_max, full + i * LS_BITS_BYTES,
                          to + i * LS_BITS_BYTES, BLOCK, again, counts);
    if (rest)
      counts = block_step(rows + i * LS_BITS_BYTES, offset, dart_max, full + i * LS_BITS_BYTES,
                          to + i * LS_BITS_BYTES, rest, again, counts);
    for (i = 0; is_copied && i < vector_count; i++)
      ls_bits_store(to + bytes + i * LS_BITS_BYTES, ls_bits_load(to + i * LS_BITS_BYTES));
    offset += dart_max;
    to += pitch;
  }
  return ls_bits_counted(counts);
}

/* Joins the first count neighbours of a word of them. */
INLINE void word_join(const uint8_t *rows, uint64_t word, int32_t count, int32_t vectors,
                      ls_bits *joined)
{
#pragma GCC unroll 4
  for (int32_t j = 0; j < count; j++) {
    const uint8_t *row = rows + (word >> 16 * j & UINT16_MAX) * (uint64_t)vectors * LS_BITS_BYTES;
#pragma GCC unroll 2
    for (int32_t i = 0; i < vectors; i++)
      joined[i] = ls_bits_or(joined[i], ls_bits_load(row + i * LS_BITS_BYTES));
  }
}

/* Rows of few vectors. To load a number takes as long as to load a vector: so four numbers at once,
 * and rest of the last word. */
INLINE int64_t rows_step(const ls_apsp *apsp, int32_t from, int32_t first, int32_t last,
                         int32_t words, int32_t rest, int32_t vectors)
{
  const int64_t pitch = (int64_t)vectors * LS_BITS_BYTES;
  const uint64_t *LS_RESTRICT neighbor = apsp->neighbor + (int64_t)first * words;
  const uint8_t *LS_RESTRICT rows = apsp->rows[from];
  uint8_t *LS_RESTRICT to = apsp->rows[ls_apsp_next(from)];
  ls_bits_counts counts = ls_bits_counts_none();
  for (int64_t layer = first; layer < last; layer++) {
    ls_bits joined[2] = {ls_bits_none(), ls_bits_none()};
#pragma GCC unroll 4
    for (int32_t i = 0; i < words - 1; i++) word_join(rows, neighbor[i], WORD, vectors, joined);
    word_join(rows, neighbor[words - 1], rest, vectors, joined);
#pragma GCC unroll 2
    for (int32_t i = 0; i < vectors; i++) {
      counts = ls_bits_count(counts, joined[i]);
      ls_bits_store(to + layer * pitch + i * LS_BITS_BYTES, joined[i]);
    }
    neighbor += words;
  }
  return ls_bits_counted(counts);
}

/* Small numbers of darts are worth loops of known length: a third of the time. */
INLINE int64_t words_step(const ls_apsp *apsp, int32_t from, int32_t first, int32_t last,
                          int32_t vectors)
{
  switch (apsp->dart_max) {
  case 3: return rows_step(apsp, from, first, last, 1, 3, vectors);
  case 4: return rows_step(apsp, from, first, last, 1, 4, vectors);
  case 5: return rows_step(apsp, from, first, last, 2, 1, vectors);
  case 6: return rows_step(apsp, from, first, last, 2, 2, vectors);
  case 7: return rows_step(apsp, from, first, last, 2, 3, vectors);
  case 8: return rows_step(apsp, from, first, last, 2, 4, vectors);
  default: return rows_step(apsp, from, first, last, apsp->word_count, WORD, vectors);
  }
}

INLINE int64_t darts_step(const ls_apsp *apsp, int32_t from, int32_t first, int32_t last,
                          int32_t rest)
{
  switch (apsp->dart_max) {
  case 3: return layers_step(apsp, from, first, last, 3, rest);
  case 4: return layers_step(apsp, from, first, last, 4, rest);
  case 5: return layers_step(apsp, from, first, last, 5, rest);
  case 6: return layers_step(apsp, from, first, last, 6, rest);
  case 7: return layers_step(apsp, from, first, last, 7, rest);
  case 8: return layers_step(apsp, from, first, last, 8, rest);
  default: return layers_step(apsp, from, first, last, apsp->dart_max, rest);
  }
}

static int64_t step(const ls_apsp *apsp, int32_t from, int32_t first, int32_t last)
{
  if (apsp->neighbor && apsp->pitch == LS_BITS_BYTES) return words_step(apsp, from, first, last, 1);
  if (apsp->neighbor && apsp->pitch == (int64_t)2 * LS_BITS_BYTES)
    return words_step(apsp, from, first, last, 2);
  switch (vectors_of(apsp) % BLOCK) {
  case 1: return darts_step(apsp, from, first, last, 1);
  case 2: return darts_step(apsp, from, first, last, 2);
  case 3: return darts_step(apsp, from, first, last, 3);
  default: return darts_step(apsp, from, first, last, 0);
  }
}

/* ---- The last level ---- */

/* Whether all darts fill one vector of a layer. */
static __attribute__((noinline)) bool layer_closes(const ls_apsp *apsp, int32_t from, int32_t layer,
                                                   int32_t at)
{
  const uint8_t *rows = apsp->rows[from] + at;
  ls_bits joined = ls_bits_load(rows + layer * apsp->pitch);
  darts_join(rows, apsp->offset + (int64_t)layer * apsp->dart_max, apsp->dart_max, 1, &joined);
  return ls_bits_are_none(ls_bits_without(ls_bits_load(apsp->full + at), joined));
}

/* Few darts mostly suffice to fill what was nearly full. */
INLINE bool layers_close(const ls_apsp *apsp, int32_t from, int32_t darts)
{
  const int32_t layer_count = apsp->layer_count, layer_bytes = apsp->layer_bytes;
  const int64_t pitch = apsp->pitch, dart_max = apsp->dart_max;
  const uint32_t *LS_RESTRICT offset = apsp->offset;
  const uint8_t *LS_RESTRICT rows = apsp->rows[from], *LS_RESTRICT full = apsp->full;
  const uint8_t *own = rows;
  for (int32_t layer = 0; layer < layer_count; layer++) {
    for (int32_t at = 0; at < layer_bytes; at += LS_BITS_BYTES) {
      ls_bits joined = ls_bits_load(own + at);
      darts_join(rows + at, offset, darts, 1, &joined);
      if (!ls_bits_are_none(ls_bits_without(ls_bits_load(full + at), joined)) &&
          !layer_closes(apsp, from, layer, at))
        return false;
    }
    offset += dart_max;
    own += pitch;
  }
  return true;
}

INLINE int32_t neighbor_of(const ls_apsp *apsp, int32_t layer, int32_t j)
{
  const uint64_t word = apsp->neighbor[(int64_t)layer * apsp->word_count + j / WORD];
  return (int32_t)(word >> 16 * (j % WORD) & UINT16_MAX);
}

/* Whether one vector of a row that few neighbours did not fill is filled by all. Rows before first
 * are older: where they do not suffice, they are brought up to date. */
static __attribute__((noinline)) bool row_closes(const ls_apsp *apsp, int32_t from, int32_t first,
                                                 int32_t layer, int32_t at)
{
  const uint8_t *rows = apsp->rows[from] + at, *before = apsp->rows[1 - from] + at;
  const ls_bits all = ls_bits_load(apsp->full + at);
  ls_bits lacking = ls_bits_without(all, ls_bits_load(rows + layer * apsp->pitch));
  for (int32_t j = 0; j < apsp->dart_max; j++)
    lacking =
        ls_bits_without(lacking, ls_bits_load(rows + neighbor_of(apsp, layer, j) * apsp->pitch));
  for (int32_t j = apsp->dart_max; j-- > 0 && !ls_bits_are_none(lacking);) {
    const int32_t via = neighbor_of(apsp, layer, j);
    if (via >= first) break;
    for (int32_t i = 0; i < apsp->dart_max; i++)
      lacking =
          ls_bits_without(lacking, ls_bits_load(before + neighbor_of(apsp, via, i) * apsp->pitch));
  }
  return ls_bits_are_none(lacking);
}

/* Few neighbours mostly suffice to fill a row that was nearly full. */
INLINE bool rows_close(const ls_apsp *apsp, int32_t from, int32_t first, int32_t darts)
{
  const int64_t pitch = apsp->pitch, word_count = apsp->word_count;
  const int32_t layer_count = apsp->layer_count, layer_bytes = apsp->layer_bytes;
  for (int32_t at = 0; at < layer_bytes; at += LS_BITS_BYTES) {
    const uint8_t *LS_RESTRICT rows = apsp->rows[from] + at, *own = rows + first * pitch;
    const uint64_t *LS_RESTRICT neighbor = apsp->neighbor + first * word_count;
    const ls_bits all = ls_bits_load(apsp->full + at);
    for (int32_t layer = first; layer < layer_count; layer++) {
      ls_bits joined = ls_bits_load(own);
#pragma GCC unroll 4
      for (int32_t j = 0; j < darts; j++)
        joined = ls_bits_or(
            joined, ls_bits_load(rows + (int64_t)(*neighbor >> 16 * j & UINT16_MAX) * pitch));
      if (!ls_bits_are_none(ls_bits_without(all, joined)) &&
          !row_closes(apsp, from, first, layer, at))
        return false;
      own += pitch;
      neighbor += word_count;
    }
  }
  return true;
}

static bool closes(const ls_apsp *apsp, int32_t from, int32_t first, int32_t darts)
{
  switch (darts) {
  case 1: return apsp->neighbor ? rows_close(apsp, from, first, 1) : layers_close(apsp, from, 1);
  case 2: return apsp->neighbor ? rows_close(apsp, from, first, 2) : layers_close(apsp, from, 2);
  default: return apsp->neighbor ? rows_close(apsp, from, first, 3) : layers_close(apsp, from, 3);
  }
}

/* ---- Weights ---- */

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

const ls_apsp_functions JOIN(ls_apsp_steps_, LS_ISA_NAME) = {
    .begin = begin, .step = step, .closes = closes, .weigh = weigh};
