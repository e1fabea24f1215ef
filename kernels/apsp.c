#include "apsp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "apsp_steps.h"
#include "isa.h"

/* Where less of the pairs is missing, mostly nothing is after one level more. */
static const double share_last = 0.125;

static const double few_rows = 0.02; /* of those without bits enough; more darts cost more */

enum { VECTOR_MAX = 64, PAGE_HUGE = 1 << 21, WORD = LS_APSP_WORD, CHUNK = LS_APSP_CHUNK };

/* Beside the two steps in L2. More take longer to read than to make again. */
enum { NEAR_BYTES_MAX = 1 << 19 };

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
  self->vertex = malloc((size_t)layer_count * (size_t)self->dart_max * sizeof *self->vertex);
  self->stamps = calloc((size_t)layer_count * (size_t)rotation, sizeof *self->stamps);
  self->near = malloc((size_t)layer_count * sizeof *self->near);
  self->full = malloc((size_t)self->vector_bytes);
  self->planes = malloc((size_t)self->vector_bytes * LS_APSP_PLANES);
  self->weight = calloc((size_t)layer_count, sizeof *self->weight);
  self->rows[0] = rows_create(2 * (size_t)rows_bytes);
  const bool has_neighbor = rotation == 1 && source_count == layer_count && layer_count <= 1 << 16;
  self->word_count = (self->dart_max + WORD - 1) / WORD;
  const int64_t near_bytes = (int64_t)(layer_count + CHUNK - 1) / CHUNK * layer_count * self->pitch;
  const bool has_near = has_neighbor && near_bytes <= NEAR_BYTES_MAX;
  if (has_near) self->near_rows = rows_create((size_t)near_bytes + 2 * VECTOR_MAX);
  if (has_neighbor)
    self->neighbor = malloc((size_t)layer_count * (size_t)self->word_count * sizeof(uint64_t));
  if (!self->source_layer || !self->offset || !self->vertex || !self->stamps || !self->near ||
      !self->full || !self->planes || !self->weight || !self->rows[0] ||
      (has_neighbor && !self->neighbor) || (has_near && !self->near_rows)) {
    ls_apsp_destroy(self);
    return LS_ERR_MEMORY;
  }
  self->rows[1] = self->rows[LS_APSP_NEAR] = self->rows[0] + rows_bytes;
  for (int32_t i = 0; i < source_count; i++) self->source_layer[i] = i;
  for (int32_t layer = 0; layer < layer_count; layer++)
    for (int32_t j = 0; j < self->dart_max; j++) ls_apsp_dart_set(self, layer, j, layer, 0);
  *apsp = self;
  return LS_OK;
}

void ls_apsp_destroy(ls_apsp *apsp)
{
  if (!apsp) return;
  free(apsp->neighbor);
  free(apsp->near_rows);
  free(apsp->rows[0]);
  free(apsp->weight);
  free(apsp->planes);
  free(apsp->full);
  free(apsp->near);
  free(apsp->stamps);
  free(apsp->vertex);
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

/* How many vertices are at most one link away from one of a layer: those not stamped yet. */
static int32_t near_count(ls_apsp *self, int32_t layer)
{
  const int32_t *LS_RESTRICT vertex = self->vertex + (int64_t)layer * self->dart_max;
  uint32_t *LS_RESTRICT stamps = self->stamps;
  if (!++self->stamp) {
    memset(self->stamps, 0, (size_t)self->layer_count * (size_t)self->rotation * sizeof *stamps);
    self->stamp = 1;
  }
  const uint32_t stamp = self->stamp;
  int32_t count = 1;
  stamps[layer * self->rotation] = stamp;
  for (int32_t j = 0; j < self->dart_max; j++) {
    count += stamps[vertex[j]] != stamp;
    stamps[vertex[j]] = stamp;
  }
  return count;
}

/* Sorts what the darts of a layer lead to into its words. */
static void neighbor_set(ls_apsp *self, int32_t layer)
{
  const int32_t *vertex = self->vertex + (int64_t)layer * self->dart_max;
  uint64_t *words = self->neighbor + (int64_t)layer * self->word_count;
  memset(words, 0, (size_t)self->word_count * sizeof *words);
  for (int32_t j = 0; j < self->dart_max; j++) {
    int32_t rank = 0;
    for (int32_t i = 0; i < self->dart_max; i++)
      rank += vertex[i] > vertex[j] || (vertex[i] == vertex[j] && i < j);
    const int32_t until = rank == self->dart_max - 1 ? self->word_count * WORD : rank + 1;
    for (; rank < until; rank++) words[rank / WORD] |= (uint64_t)vertex[j] << 16 * (rank % WORD);
  }
}

/* Sets the bits of what the darts of a layer lead to, chunk by chunk. */
static void near_rows_set(ls_apsp *self, int32_t layer)
{
  const int32_t *vertex = self->vertex + (int64_t)layer * self->dart_max;
  const int64_t slice = self->layer_count * self->pitch;
  uint8_t *row = self->near_rows + layer * self->pitch;
  for (int32_t first = 0; first < self->layer_count; first += CHUNK)
    memset(row + first / CHUNK * slice, 0, (size_t)self->pitch);
  for (int32_t j = -1; j < self->dart_max; j++) {
    const int32_t source = j < 0 ? layer : vertex[j];
    row[source / CHUNK * slice + source % CHUNK / 8] |= (uint8_t)(1 << source % 8);
  }
}

/* Brings what follows from the darts up to date. */
static void layers_refresh(ls_apsp *self)
{
  if (!self->is_changed) return;
  for (int32_t layer = 0; layer < self->layer_count; layer++) {
    if (self->near[layer]) continue;
    self->near[layer] = near_count(self, layer);
    if (self->neighbor) neighbor_set(self, layer);
    if (self->near_rows) near_rows_set(self, layer);
  }
  self->is_changed = false;
}

static int64_t source_least(const ls_apsp *self)
{
  return ls_apsp_source_least((int64_t)self->layer_count * self->rotation, self->dart_max);
}

/* How many darts fill all but few rows in which a share of the bits is missing. */
static int32_t darts_filling(const ls_apsp *self, double share)
{
  const int32_t most = ls_min(self->dart_max, LS_APSP_DARTS_FILLING);
  int32_t darts = 1;
  for (double lacking = LS_APSP_CHUNK * share * share; darts < most && lacking > few_rows; darts++)
    lacking *= share;
  return darts;
}

/* Levels 0 and 1 of a chunk; returns how many bits are set. */
static int64_t chunk_begin(const ls_apsp_functions *functions, ls_apsp *self, int32_t first,
                           int32_t count)
{
  if (!self->near_rows) return functions->begin(self, first, count);
  self->rows[LS_APSP_NEAR] = self->near_rows + first / CHUNK * self->layer_count * self->pitch;
  int64_t reached = 0;
  for (int32_t i = first; i < first + count; i++) reached += self->near[i];
  return reached;
}

/* Adds what the sources of a chunk are further away from all vertices than the least that is there
 * already. Distances are symmetric: where all vertices are sources, a chunk counts its own vertices
 * once, later ones twice, and leaves those before to the chunks before. */
static void chunk_add(const ls_apsp_functions *functions, ls_apsp *self, int32_t first,
                      int32_t count, int64_t threshold, ls_apsp_sum *sum)
{
  const int32_t layers = self->layer_count, begin = self->neighbor ? first : 0;
  const int32_t twice = self->neighbor ? first + count : layers;
  const int64_t vertices = (int64_t)layers * self->rotation, pairs = vertices * count;
  const int64_t counted = (int64_t)count * self->rotation * (2 * (int64_t)layers - begin - twice);
  int64_t reached = chunk_begin(functions, self, first, count), before = count;
  int64_t open = counted - count;
  const int32_t oldest = self->near_rows && begin ? 3 : 2;
  int32_t level = vertices > 1, from = LS_APSP_NEAR;
  sum->distance += 2 * pairs - count - reached - count * source_least(self);
  while (reached < pairs) {
    if (reached == before) {
      sum->unreachable += open;
      sum->distance += open * (vertices - 1 - level--);
      break;
    }
    if (sum->distance > threshold) break;
    before = reached;
    reached = functions->step(self, from, begin, twice);
    const int64_t more = functions->step(self, from, twice, layers);
    open = counted - reached - 2 * more;
    sum->distance += open;
    level++;
    const double share = (double)open / (double)counted;
    /* The step before the last need not take along what is not counted, where both buffers hold
     * rows of this chunk: levels 0 and 1 that are kept fill none. */
    if (level > oldest && share < share_last &&
        (!open || functions->closes(self, ls_apsp_next(from), begin, darts_filling(self, share)))) {
      level += open > 0;
      break;
    }
    reached += more + functions->step(self, from, 0, begin);
    from = ls_apsp_next(from);
    if (!open) {
      level -= reached == before;
      break;
    }
  }
  if (level > sum->diameter) sum->diameter = level;
  sum->is_aborted = sum->distance > threshold;
}

ls_apsp_sum ls_apsp_evaluate_by(const ls_apsp_functions *functions, ls_apsp *apsp,
                                int64_t threshold)
{
  ls_apsp_sum sum = {.distance = apsp->source_count * source_least(apsp)};
  layers_refresh(apsp);
  for (int32_t first = 0; first < apsp->source_count && !sum.is_aborted; first += CHUNK) {
    const int32_t left = apsp->source_count - first;
    const int32_t count = left < CHUNK ? left : CHUNK;
    full_set(apsp, count);
    chunk_add(functions, apsp, first, count, threshold, &sum);
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
  int32_t from = LS_APSP_NEAR;
  planes_set(apsp);
  full_set(apsp, apsp->source_count);
  for (int32_t i = 0; i < apsp->layer_count; i++) {
    all += apsp->weight[i];
    missing -= (int64_t)apsp->weight[i] * apsp->weight[i];
  }
  missing += all * all;
  before = apsp->source_count;
  layers_refresh(apsp);
  reached = chunk_begin(functions, apsp, 0, apsp->source_count);
  for (; missing; sum.diameter++) {
    sum.distance += missing;
    if (sum.distance > threshold) break;
    if (sum.diameter && reached == before) {
      sum.distance += missing * (apsp->layer_count - sum.diameter - 1);
      break;
    }
    if (sum.diameter) {
      before = reached;
      reached = functions->step(apsp, from, 0, apsp->layer_count);
      from = ls_apsp_next(from);
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
