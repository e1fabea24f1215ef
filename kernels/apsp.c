#include "apsp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "apsp_steps.h"
#include "isa.h"

/* Where less of the pairs is missing, mostly nothing is after one level more. */
static const double share_last = 0.125;

enum { VECTOR_MAX = 64, PAGE_HUGE = 1 << 21 };

const ls_apsp_functions *ls_apsp_functions_choose(int32_t layer_bytes, int32_t rotation)
{
#ifdef LS_HAVE_X86_ISA
  static const ls_apsp_functions *const table[LS_ISA_COUNT] = {
      &ls_apsp_steps_scalar, &ls_apsp_steps_avx2, &ls_apsp_steps_avx512};
  const ls_isa isa = ls_isa_choose();
  if (isa == LS_ISA_AVX512 && __builtin_cpu_supports("avx512vpopcntdq"))
    return layer_bytes <= VECTOR_MAX / 2 || rotation > 1 ? &ls_apsp_steps_avx512_narrow
                                                         : &ls_apsp_steps_avx512_count;
  return table[isa];
#else
  (void)layer_bytes;
  return &ls_apsp_steps_scalar;
#endif
}

static int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

/* Rows without symmetry are padded to a power of two bytes, so that none lies across two cache
 * lines; layers stand twice, and begin with a line where they fill one. */
static void layout_set(ls_apsp *self)
{
  const int32_t chunk = self->source_count < LS_APSP_CHUNK ? self->source_count : LS_APSP_CHUNK;
  self->row_bytes = (chunk + 7) / 8;
  if (self->rotation == 1) {
    int32_t power = 1;
    while (power < self->row_bytes) power *= 2;
    self->row_bytes = power;
  }
  self->layer_bytes = self->row_bytes * self->rotation;
  self->vector_bytes = (int32_t)round_up(self->layer_bytes, VECTOR_MAX);
  self->pitch = self->layer_bytes * (self->rotation > 1 ? 2 : 1);
  if (self->pitch > VECTOR_MAX) self->pitch = round_up(self->pitch, VECTOR_MAX);
}

/* Memory that few entries of the table of pages describe. */
static uint8_t *rows_create(size_t bytes)
{
  const bool is_huge = bytes >= PAGE_HUGE / 4;
  if (is_huge) bytes = (size_t)round_up((int64_t)bytes, PAGE_HUGE);
  void *rows = NULL;
  if (posix_memalign(&rows, is_huge ? PAGE_HUGE : VECTOR_MAX, bytes)) return NULL;
  if (is_huge) madvise(rows, bytes, MADV_HUGEPAGE);
  memset(rows, 0, bytes);
  return rows;
}

ls_status ls_apsp_create(int32_t layer_count, int32_t rotation, int32_t source_count,
                         int32_t dart_max, ls_apsp **apsp)
{
  ls_apsp *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  *self = (ls_apsp){.layer_count = layer_count,
                    .rotation = rotation,
                    .source_count = source_count,
                    .dart_max = dart_max > 0 ? dart_max : 1};
  layout_set(self);
  /* Vectors read and write beyond the last layer. */
  const int64_t rows_bytes = round_up(layer_count * self->pitch + 2 * VECTOR_MAX, VECTOR_MAX);
  self->source_layer = malloc((size_t)source_count * sizeof *self->source_layer);
  self->offset = malloc((size_t)layer_count * (size_t)self->dart_max * sizeof *self->offset);
  self->near = malloc((size_t)layer_count * sizeof *self->near);
  self->full = malloc((size_t)self->vector_bytes);
  self->planes = malloc((size_t)self->vector_bytes * LS_APSP_PLANES);
  self->weight = calloc((size_t)layer_count, sizeof *self->weight);
  self->rows[0] = rows_create(2 * (size_t)rows_bytes);
  if (!self->source_layer || !self->offset || !self->near || !self->full || !self->planes ||
      !self->weight || !self->rows[0]) {
    ls_apsp_destroy(self);
    return LS_ERR_MEMORY;
  }
  self->rows[1] = self->rows[0] + rows_bytes;
  for (int32_t i = 0; i < source_count; i++) self->source_layer[i] = i;
  for (int32_t layer = 0; layer < layer_count; layer++)
    for (int32_t j = 0; j < self->dart_max; j++) ls_apsp_dart_set(self, layer, j, layer, 0);
  *apsp = self;
  return LS_OK;
}

void ls_apsp_destroy(ls_apsp *apsp)
{
  if (!apsp) return;
  free(apsp->rows[0]);
  free(apsp->weight);
  free(apsp->planes);
  free(apsp->full);
  free(apsp->near);
  free(apsp->offset);
  free(apsp->source_layer);
  free(apsp);
}

/* ---- Levels ---- */

static void full_set(ls_apsp *self, int32_t count)
{
  if (count == self->full_count) return;
  self->full_count = count;
  memset(self->full, 0, (size_t)self->vector_bytes);
  for (int32_t i = 0; i < self->rotation; i++) {
    uint8_t *row = self->full + (int64_t)i * self->row_bytes;
    memset(row, 0xff, (size_t)(count / 8));
    if (count % 8) row[count / 8] = (uint8_t)((1 << count % 8) - 1);
  }
}

/* How many vertices are at most one link away from one of a layer. */
static int32_t near_count(const ls_apsp *self, int32_t layer)
{
  const uint32_t *offset = self->offset + (int64_t)layer * self->dart_max;
  const int64_t own = layer * self->pitch;
  int32_t count = 1;
  for (int32_t j = 0; j < self->dart_max; j++) {
    int32_t is_new = offset[j] != own;
    for (int32_t i = 0; i < j; i++) is_new &= offset[i] != offset[j];
    count += is_new;
  }
  return count;
}

/* Levels 0 and 1 of the sources from first on, into rows[0]; returns the bits of level 1. A bit is
 * set in the row and, where a layer stands twice, again bytes on. (Counting on the way would make
 * each bit wait for the one before.) */
static inline __attribute__((always_inline)) int64_t bits_begin(ls_apsp *self, int32_t first,
                                                                int32_t count, bool is_twice)
{
  const int32_t dart_max = self->dart_max, again = self->layer_bytes;
  const int64_t pitch = self->pitch;
  const int32_t *LS_RESTRICT layers = self->source_layer + first;
  uint8_t *LS_RESTRICT rows = self->rows[0];
  int64_t reached = 0;
  for (int32_t i = 0; i < count; i++) {
    const int32_t layer = layers[i];
    const uint32_t *LS_RESTRICT offset = self->offset + (int64_t)layer * dart_max;
    const uint8_t bit = (uint8_t)(1 << i % 8);
    uint8_t *LS_RESTRICT at = rows + i / 8;
    at[layer * pitch] |= bit;
    if (is_twice) at[layer * pitch + again] |= bit;
    for (int32_t j = 0; j < dart_max; j++) {
      at[offset[j]] |= bit;
      if (is_twice) at[offset[j] + (uint32_t)again] |= bit;
    }
    if (!self->near[layer]) self->near[layer] = near_count(self, layer);
    reached += self->near[layer];
  }
  return reached;
}

static int64_t levels_begin(ls_apsp *self, int32_t first, int32_t count)
{
  memset(self->rows[0], 0, (size_t)(self->layer_count * self->pitch));
  return self->rotation > 1 ? bits_begin(self, first, count, true)
                            : bits_begin(self, first, count, false);
}

/* The first layer that may hold a vertex further than level from a source of the chunk that begins
 * with first: where all vertices are sources, chunks before have seen the pairs with theirs. */
static int32_t first_layer_open(const ls_apsp *self, int32_t first, int32_t level,
                                const ls_apsp_sum *sum)
{
  const bool is_symmetric = self->rotation == 1 && self->source_count == self->layer_count;
  return is_symmetric && !sum->unreachable && sum->diameter <= level ? first : 0;
}

/* Adds what the sources of a chunk are away from all vertices. */
static void chunk_add(const ls_apsp_functions *functions, ls_apsp *self, int32_t first,
                      int32_t count, int64_t threshold, ls_apsp_sum *sum)
{
  const int64_t vertices = (int64_t)self->layer_count * self->rotation, pairs = vertices * count;
  int64_t reached = levels_begin(self, first, count), before = count;
  int32_t level = 1, from = 0;
  sum->distance += pairs - before;
  for (;; level++) {
    const int64_t missing = pairs - reached;
    if (reached == before) {
      sum->unreachable += missing;
      sum->distance += missing * (vertices - level);
      level--;
      break;
    }
    if (!missing) break;
    sum->distance += missing;
    if (sum->distance > threshold) {
      sum->is_aborted = true;
      return;
    }
    before = reached;
    if ((double)missing < share_last * (double)pairs &&
        functions->closes(self, from, first_layer_open(self, first, level + 1, sum)))
      reached = pairs;
    else {
      reached = functions->step(self, from);
      from = 1 - from;
    }
  }
  if (level > sum->diameter) sum->diameter = level;
  sum->is_aborted = sum->distance > threshold; /* by pairs without a path */
}

/* Two links at least lead to what is no neighbour: no source is nearer to all vertices. */
static int64_t source_least(const ls_apsp *self)
{
  const int64_t others = (int64_t)self->layer_count * self->rotation - 1;
  return 2 * others - ls_min(self->dart_max, others);
}

ls_apsp_sum ls_apsp_evaluate_by(const ls_apsp_functions *functions, ls_apsp *apsp,
                                int64_t threshold)
{
  const int64_t least = source_least(apsp);
  ls_apsp_sum sum = {.distance = 0};
  for (int32_t first = 0; first < apsp->source_count && !sum.is_aborted; first += LS_APSP_CHUNK) {
    const int32_t left = apsp->source_count - first;
    const int32_t count = left < LS_APSP_CHUNK ? left : LS_APSP_CHUNK;
    full_set(apsp, count);
    chunk_add(functions, apsp, first, count, threshold - (left - count) * least, &sum);
  }
  return sum;
}

ls_apsp_sum ls_apsp_evaluate(ls_apsp *apsp, int64_t threshold)
{
  return ls_apsp_evaluate_by(ls_apsp_functions_choose(apsp->layer_bytes, apsp->rotation), apsp,
                             threshold);
}

/* ---- Weights ---- */

static void planes_set(ls_apsp *self)
{
  self->plane_count = 0;
  memset(self->planes, 0, (size_t)self->vector_bytes * LS_APSP_PLANES);
  for (int32_t i = 0; i < self->source_count; i++)
    for (int32_t bit = 0; self->weight[i] >> bit; bit++) {
      if (!(self->weight[i] >> bit & 1)) continue;
      self->planes[(int64_t)bit * self->vector_bytes + i / 8] |= (uint8_t)(1 << i % 8);
      if (bit >= self->plane_count) self->plane_count = bit + 1;
    }
}

ls_apsp_sum ls_apsp_weighted_by(const ls_apsp_functions *functions, ls_apsp *apsp,
                                int64_t threshold)
{
  ls_apsp_sum sum = {.distance = 0};
  int64_t all = 0, missing = 0, reached = 0, before;
  int32_t from = 0;
  planes_set(apsp);
  full_set(apsp, apsp->source_count);
  for (int32_t i = 0; i < apsp->layer_count; i++) {
    all += apsp->weight[i];
    missing -= (int64_t)apsp->weight[i] * apsp->weight[i];
  }
  missing += all * all;
  before = apsp->source_count;
  reached = levels_begin(apsp, 0, apsp->source_count);
  for (; missing; sum.diameter++) {
    sum.distance += missing;
    if (sum.distance > threshold) break;
    if (sum.diameter && reached == before) {
      sum.distance += missing * (apsp->layer_count - sum.diameter - 1);
      break;
    }
    if (sum.diameter) {
      before = reached;
      reached = functions->step(apsp, from);
      from = 1 - from;
    }
    missing = functions->weigh(apsp, from);
  }
  sum.is_aborted = sum.distance > threshold;
  return sum;
}

ls_apsp_sum ls_apsp_weighted(ls_apsp *apsp, int64_t threshold)
{
  return ls_apsp_weighted_by(ls_apsp_functions_choose(apsp->layer_bytes, apsp->rotation), apsp,
                             threshold);
}
