/* All-pairs shortest paths on the device: sets of bits by levels, as apsp.h says.
 *
 * Layout: a block takes a candidate and, when it is done, the next one; it has a thread for every
 * four vertices, so that a small graph is a warp's and a large one that of 16 warps. Sources come
 * in tiles of 32, 64 or 128, a word, two or four of a row, the most for which the rows of two
 * levels find room in shared memory (n vertices: 8, 16 or 32 n bytes; n up to 29,000 with 227 KB);
 * else they lie in L2. A thread joins whole rows. The table of darts is read from L1 or L2, dart by
 * dart, so that a warp's threads read neighbouring layers at once, or, where vertices turn, one
 * layer; a candidate with patches has a copy of its own. Levels run on the device: a level is one
 * pass, one sum over the block and one barrier, and the sum is asked against the threshold.
 * Work per candidate, level and tile: n d darts read, 4 bytes each, n d rows read at random,
 * n written and counted. Registers 56 to 124 a thread. Predicted, not measured, for an H100: at
 * most 45 M candidates/s of (1024, 8) lifted 16-fold, bound by integer instructions, and 134,000/s
 * of (4096, 8), bound by the banks of shared memory; docs/kernels.md has the counts. */
#ifndef LS_APSP_KERNEL_CUH
#define LS_APSP_KERNEL_CUH

#include <type_traits>

#include "apsp_backend.h"
#include "device_warp.cuh"

enum { APSP_BLOCK_MAX = 512, APSP_VERTICES_OF_A_THREAD = 4, APSP_WORD_BITS = 32 };

/* Shared memory that is declared, at most; rows are dynamic. */
enum { APSP_STATIC_BYTES = 256 };

/* Plain rows are one a layer; turned ones are rotation of them. */
enum apsp_kind { APSP_PLAIN, APSP_TURNED, APSP_WEIGHTED, APSP_KIND_COUNT };

/* A tile's part of a row. */
template <int words> struct alignas(4 * words) apsp_bits {
  uint32_t word[words];
};

/* All pointers are of the device; counts are those of the slice of a batch. */
struct apsp_launch {
  ls_apsp_shape shape;
  int32_t vertex_count, plane_count; /* bits of a weight */
  int64_t source_least;              /* the sum of a source is not below */
  const ls_apsp_dart *tables;
  const uint16_t *weights;
  const ls_apsp_patch *patches;
  const ls_apsp_candidate *candidates; /* [count] */
  ls_apsp_sum *sums;                   /* [count] */
  int32_t table_first, patch_first;    /* of the batch's numbers, that stands first in memory */
  int32_t count;
  unsigned char *scratch; /* [gridDim.x][scratch_bytes] a table, then rows if not shared */
  size_t scratch_bytes;
};

/* Sums over a block, in turns of three: while one is read the next is added to, and the third is
 * set to 0. */
struct apsp_totals {
  unsigned reached[3];
  unsigned long long lacking[3];
};

/* Pairs of a tile's sources and all vertices fit 32 bits, products of their weights do not. */
template <int kind> using apsp_pairs = std::conditional_t<kind == APSP_WEIGHTED, int64_t, int32_t>;

template <int kind> struct apsp_level {
  int32_t reached;          /* bits set */
  apsp_pairs<kind> lacking; /* those that are not, or, with weights, their products */
};

/* A candidate under way; all threads of the block hold the same. */
template <int words> struct apsp_walk {
  const ls_apsp_dart *darts;      /* [dart_max][layer_count] */
  const uint16_t *weights;        /* [layer_count] */
  apsp_bits<words> *rows, *spare; /* [vertex_count] of this level and of the next one */
  apsp_bits<words> *planes; /* [LS_APSP_PLANES] sources of the tile whose weight has that bit */
  apsp_totals *totals;
  int64_t threshold, weight_sum;
  int32_t turn;
};

LS_HD size_t apsp_table_count(const ls_apsp_shape *shape)
{
  return (size_t)shape->dart_max * (size_t)shape->layer_count;
}

/* Rows behind it are aligned. */
LS_HD size_t apsp_table_bytes(const ls_apsp_shape *shape)
{
  return (apsp_table_count(shape) * sizeof(ls_apsp_dart) + 15) & ~(size_t)15;
}

/* ---- A thread's part ---- */

__device__ static inline int32_t apsp_thread() { return (int32_t)threadIdx.x; }

__device__ static inline int32_t apsp_threads() { return (int32_t)blockDim.x; }

/* A vertex and how to get to the thread's next one without a division. */
struct apsp_vertex {
  int32_t index, layer, position, step_layers, step_positions;
};

template <int kind> __device__ static inline apsp_vertex vertex_first(const ls_apsp_shape *shape)
{
  const int32_t thread = apsp_thread(), threads = apsp_threads(), m = shape->rotation;
  if (kind != APSP_TURNED) return {thread, thread, 0, threads, 0};
  return {thread, thread / m, thread % m, threads / m, threads % m};
}

template <int kind>
__device__ static inline void vertex_next(const ls_apsp_shape *shape, apsp_vertex *vertex)
{
  vertex->index += apsp_threads();
  vertex->layer += vertex->step_layers;
  if (kind != APSP_TURNED) return;
  vertex->position += vertex->step_positions;
  if (vertex->position < shape->rotation) return;
  vertex->position -= shape->rotation;
  vertex->layer++;
}

/* Where a dart leads from a position of its layer. */
template <int kind>
__device__ static inline int32_t dart_follow(const ls_apsp_shape *shape, ls_apsp_dart dart,
                                             int32_t position)
{
  if (kind != APSP_TURNED) return dart.vertex;
  return dart.vertex + position - (position >= dart.rest ? shape->rotation : 0);
}

template <int words, int kind>
__device__ static inline apsp_bits<words> row_join(const ls_apsp_shape *shape,
                                                   const ls_apsp_dart *darts,
                                                   const apsp_bits<words> *rows, int32_t position)
{
  apsp_bits<words> joined = {};
  for (int32_t j = 0; j < shape->dart_max; j++) {
    const apsp_bits<words> row =
        rows[dart_follow<kind>(shape, darts[j * shape->layer_count], position)];
    for (int32_t k = 0; k < words; k++) joined.word[k] |= row.word[k];
  }
  return joined;
}

template <int words> __device__ static inline uint32_t row_count(const apsp_bits<words> *row)
{
  uint32_t count = 0;
  for (int32_t k = 0; k < words; k++) count += (uint32_t)__popc(row->word[k]);
  return count;
}

/* The weights of the sources that a row lacks, summed. */
template <int words>
__device__ static inline uint32_t row_weigh(const apsp_bits<words> *planes, int32_t plane_count,
                                            const apsp_bits<words> *row)
{
  uint32_t sum = 0;
  LS_NO_UNROLL
  for (int32_t bit = plane_count; bit-- > 0;) {
    sum *= 2;
    for (int32_t k = 0; k < words; k++)
      sum += (uint32_t)__popc(planes[bit].word[k] & ~row->word[k]);
  }
  return sum;
}

/* ---- A block's part ---- */

/* What all threads have, summed; a barrier. Without weights lacking is not asked. */
template <int words, int kind>
__device__ static inline apsp_level<kind> level_total(apsp_walk<words> *walk, int32_t reached,
                                                      apsp_pairs<kind> lacking)
{
  apsp_totals *totals = walk->totals;
  const int32_t turn = walk->turn, next = turn == 2 ? 0 : turn + 1;
  reached = warp_sum(reached);
  if (kind == APSP_WEIGHTED) lacking = warp_sum(lacking);
  if (apsp_thread() % DEVICE_WARP == 0) {
    atomicAdd(&totals->reached[turn], (unsigned)reached);
    if (kind == APSP_WEIGHTED) atomicAdd(&totals->lacking[turn], (unsigned long long)lacking);
  }
  if (apsp_thread() == 0) {
    totals->reached[next] = 0;
    if (kind == APSP_WEIGHTED) totals->lacking[next] = 0;
  }
  walk->turn = next;
  __syncthreads();
  return {(int32_t)totals->reached[turn],
          kind == APSP_WEIGHTED ? (apsp_pairs<kind>)totals->lacking[turn] : 0};
}

/* One level on, into spare, which changes places with rows. */
template <int words, int kind>
__device__ static inline apsp_level<kind> level_step(const apsp_launch *launch,
                                                     apsp_walk<words> *walk)
{
  const apsp_bits<words> *rows = walk->rows;
  apsp_bits<words> *to = walk->spare;
  int32_t reached = 0;
  apsp_pairs<kind> lacking = 0;
  apsp_vertex vertex = vertex_first<kind>(&launch->shape);
  LS_NO_UNROLL
  for (; vertex.index < launch->vertex_count; vertex_next<kind>(&launch->shape, &vertex)) {
    const apsp_bits<words> joined =
        row_join<words, kind>(&launch->shape, walk->darts + vertex.layer, rows, vertex.position);
    to[vertex.index] = joined;
    reached += (int32_t)row_count(&joined);
    if (kind == APSP_WEIGHTED)
      lacking += (int64_t)walk->weights[vertex.index] *
                 row_weigh(walk->planes, launch->plane_count, &joined);
  }
  walk->spare = walk->rows;
  walk->rows = to;
  return level_total<words, kind>(walk, reached, lacking);
}

/* The first warp: bits of the weights of a tile's sources. */
template <int words>
__device__ static inline void planes_set(apsp_walk<words> *walk, int32_t plane_count, int32_t first,
                                         int32_t count)
{
  if (apsp_thread() >= DEVICE_WARP) return;
  for (int32_t k = 0; k < words; k++) {
    const int32_t i = k * APSP_WORD_BITS + apsp_thread();
    const uint32_t weight = i < count ? walk->weights[first + i] : 0;
    LS_NO_UNROLL
    for (int32_t bit = 0; bit < plane_count; bit++) {
      const unsigned has = __ballot_sync(device_warp_all, (int)(weight >> bit & 1));
      if (apsp_thread() == 0) walk->planes[bit].word[k] = has;
    }
  }
}

/* Levels 0 and 1 of a tile's sources, into rows: bits set one by one. */
template <int words, int kind>
__device__ static inline apsp_level<kind>
levels_begin(const apsp_launch *launch, apsp_walk<words> *walk, int32_t first, int32_t count)
{
  const ls_apsp_shape *shape = &launch->shape;
  const int32_t width = words * APSP_WORD_BITS, threads = apsp_threads();
  apsp_bits<words> *rows = walk->rows;
  int32_t reached = 0;
  LS_NO_UNROLL
  for (int32_t v = apsp_thread(); v < launch->vertex_count; v += threads) rows[v] = {};
  if (kind == APSP_WEIGHTED) planes_set(walk, launch->plane_count, first, count);
  __syncthreads();
  LS_NO_UNROLL
  for (int32_t k = apsp_thread(); k < width * (shape->dart_max + 1); k += threads) {
    const int32_t i = k % width, j = k / width; /* the last of a source's darts is itself */
    if (i >= count) continue;
    const int32_t layer = shape->source_layer[first + i];
    const int32_t vertex = j < shape->dart_max
                               ? walk->darts[ls_apsp_dart_at(shape, layer, j)].vertex
                               : layer * shape->rotation;
    const unsigned bit = 1u << i % APSP_WORD_BITS;
    reached += !(atomicOr(&rows[vertex].word[i / APSP_WORD_BITS], bit) & bit);
  }
  if (kind != APSP_WEIGHTED) return level_total<words, kind>(walk, reached, 0);
  __syncthreads();
  apsp_pairs<kind> lacking = 0;
  LS_NO_UNROLL
  for (int32_t v = apsp_thread(); v < launch->vertex_count; v += threads)
    lacking += (int64_t)walk->weights[v] * row_weigh(walk->planes, launch->plane_count, &rows[v]);
  return level_total<words, kind>(walk, reached, lacking);
}

/* What a tile's sources lack before the first level. */
template <int words, int kind>
__device__ static inline apsp_pairs<kind>
lacking_first(const apsp_launch *launch, apsp_walk<words> *walk, int32_t first, int32_t count)
{
  if (kind != APSP_WEIGHTED) return (launch->vertex_count - 1) * count;
  apsp_pairs<kind> lacking = 0;
  LS_NO_UNROLL
  for (int32_t i = apsp_thread(); i < count; i += apsp_threads()) {
    const int64_t weight = walk->weights[first + i];
    lacking += weight * (walk->weight_sum - weight);
  }
  return level_total<words, kind>(walk, 0, lacking).lacking;
}

/* Adds what a tile's sources are away from all vertices. */
template <int words, int kind>
__device__ static inline void tile_add(const apsp_launch *launch, apsp_walk<words> *walk,
                                       int32_t first, int32_t count, ls_apsp_sum *sum)
{
  const int32_t pairs = launch->vertex_count * count;
  const int64_t left = launch->shape.source_count - first - count;
  const int64_t threshold = walk->threshold - left * launch->source_least;
  apsp_pairs<kind> lacked = lacking_first<words, kind>(launch, walk, first, count);
  int32_t reached = count;
  sum->distance += lacked;
  sum->is_aborted = sum->distance > threshold;
  if (sum->is_aborted) return;
  apsp_level<kind> now = levels_begin<words, kind>(launch, walk, first, count);
  LS_NO_UNROLL
  for (int32_t level = 1;; level++) {
    if (kind != APSP_WEIGHTED) now.lacking = pairs - now.reached;
    if (now.lacking < lacked) sum->diameter = (int32_t)ls_max(sum->diameter, level);
    if (!now.lacking) return;
    const bool is_last = now.reached == reached; /* nothing is nearer than not at all */
    if (is_last && kind != APSP_WEIGHTED) sum->unreachable += now.lacking;
    sum->distance += now.lacking * (is_last ? (int64_t)launch->vertex_count - level : 1);
    sum->is_aborted = sum->distance > threshold;
    if (is_last || sum->is_aborted) return;
    lacked = now.lacking;
    reached = now.reached;
    now = level_step<words, kind>(launch, walk);
  }
}

/* The table of a candidate, in the block's scratch where it has patches. */
__device__ static inline const ls_apsp_dart *
darts_make(const apsp_launch *launch, const ls_apsp_candidate *candidate, ls_apsp_dart *own)
{
  const int32_t count = (int32_t)apsp_table_count(&launch->shape);
  const ls_apsp_dart *table =
      launch->tables + (size_t)(candidate->table - launch->table_first) * (size_t)count;
  if (!candidate->patch_count) return table;
  const ls_apsp_patch *patches = launch->patches + (candidate->patch_first - launch->patch_first);
  LS_NO_UNROLL
  for (int32_t i = apsp_thread(); i < count; i += apsp_threads()) own[i] = table[i];
  __syncthreads();
  LS_NO_UNROLL
  for (int32_t i = apsp_thread(); i < candidate->patch_count; i += apsp_threads())
    own[patches[i].at] = patches[i].dart;
  __syncthreads();
  return own;
}

template <int words, int kind>
__device__ static inline ls_apsp_sum candidate_evaluate(const apsp_launch *launch,
                                                        apsp_walk<words> *walk)
{
  const int32_t width = words * APSP_WORD_BITS, source_count = launch->shape.source_count;
  ls_apsp_sum sum = {0, 0, 0, false};
  if (kind == APSP_WEIGHTED) {
    apsp_pairs<kind> weight = 0;
    LS_NO_UNROLL
    for (int32_t v = apsp_thread(); v < source_count; v += apsp_threads())
      weight += walk->weights[v];
    walk->weight_sum = level_total<words, kind>(walk, 0, weight).lacking;
  }
  LS_NO_UNROLL
  for (int32_t first = 0; first < source_count && !sum.is_aborted; first += width)
    tile_add<words, kind>(launch, walk, first, (int32_t)ls_min(width, source_count - first), &sum);
  if (sum.is_aborted) sum = {walk->threshold + 1, 0, 0, true};
  return sum;
}

template <int words, int kind, bool is_shared>
static __global__ void __launch_bounds__(APSP_BLOCK_MAX, 1) apsp_kernel(apsp_launch launch)
{
  using bits = apsp_bits<words>;
  LS_SHARED_DYNAMIC(shared);
  LS_SHARED(apsp_totals, totals, 1);
  LS_SHARED(bits, planes, (kind == APSP_WEIGHTED ? LS_APSP_PLANES : 1));
  static_assert(sizeof(apsp_totals) + LS_APSP_PLANES * sizeof(apsp_bits<4>) <= APSP_STATIC_BYTES,
                "the host keeps room for it");
  unsigned char *scratch = launch.scratch + blockIdx.x * launch.scratch_bytes;
  bits *rows = (bits *)(is_shared ? shared : scratch + apsp_table_bytes(&launch.shape));
  apsp_walk<words> walk = {NULL, NULL, rows, rows + launch.vertex_count, planes, totals, 0, 0, 0};
  if (apsp_thread() < 3) {
    totals[0].reached[apsp_thread()] = 0;
    totals[0].lacking[apsp_thread()] = 0;
  }
  __syncthreads();
  LS_NO_UNROLL
  for (int32_t i = (int32_t)blockIdx.x; i < launch.count; i += (int32_t)gridDim.x) {
    const ls_apsp_candidate *candidate = &launch.candidates[i];
    walk.darts = darts_make(&launch, candidate, (ls_apsp_dart *)scratch);
    walk.threshold = candidate->threshold;
    if (kind == APSP_WEIGHTED)
      walk.weights = launch.weights + (size_t)(candidate->table - launch.table_first) *
                                          (size_t)launch.shape.layer_count;
    const ls_apsp_sum sum = candidate_evaluate<words, kind>(&launch, &walk);
    if (apsp_thread() == 0) launch.sums[i] = sum;
  }
}

#endif
