/* All-pairs shortest paths of an undirected graph, in sets of bits: how far are all vertices from
 * all sources, summed.
 *
 * Let R_k(v) be the set of sources that are at most k links from v. Then for k >= 2
 *
 *     R_k(v) = union of R_(k-1)(w) over the neighbours w of v
 *     sum of distances = sum over k >= 0 of the pairs (source, v) with source not in R_k(v)
 *
 * since a neighbour's set of k-1 >= 1 holds v itself. A set is a row of bits.
 *
 * Symmetry. Where a cyclic group of order m moves the vertices without a fixed one, vertices are
 * (layer, position), position 0..m-1, and a dart of a layer leads from (layer, i) to (layer',
 * i + shift mod m) for every i: a voltage graph. The rows of a layer stand one behind the other,
 * and all of them twice, so that a layer turned by a shift is one read at an offset. Then the
 * sources of one position alone need be evaluated. Any group with a cyclic subgroup of order m can
 * be written so, and m = 1 is a graph as it comes.
 *
 * Sources come in chunks of 512, a cache line of bits, so that the rows of a chunk stay in L2.
 * Where all vertices are sources, distances are symmetric: a chunk counts a pair with a later chunk
 * twice and leaves the pairs with chunks before to them. So in the level before the last the rows
 * before its own are not needed, and in the last one not asked for. */
#ifndef LS_APSP_H
#define LS_APSP_H

#include "compat.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_APSP_PLANES = 10, LS_APSP_WEIGHT_MAX = (1 << LS_APSP_PLANES) - 1 };

enum { LS_APSP_CHUNK = 512, LS_APSP_DARTS_FILLING = 3, LS_APSP_VERTICES_MAX = 1 << 20 };

enum { LS_APSP_NEAR = 2 }; /* of ls_apsp.rows */

enum { LS_APSP_WORD = 4 }; /* neighbours in a word of ls_apsp.neighbor */

typedef struct ls_apsp {
  int32_t layer_count, rotation; /* vertices: layer_count * rotation */
  int32_t source_count, dart_max;
  int32_t row_bytes, layer_bytes; /* a layer once */
  int32_t vector_bytes;           /* a layer once, padded to the widest vector */
  int64_t pitch;                  /* from layer to layer in rows */
  int32_t *source_layer; /* [source_count] sources stand at position 0 of these, all different */
  uint32_t *offset;      /* [layer_count][dart_max] bytes from rows to what a dart reads */
  int32_t *vertex;       /* [layer_count][dart_max] what a dart at position 0 leads to, by layer and
                            position */
  uint32_t *stamps, stamp; /* [layer_count * rotation] vertices met in a count carry its stamp */
  int32_t *near;           /* [layer_count] vertices within one link; 0: not counted yet */
  bool is_changed;         /* whether near has such */
  int32_t word_count;      /* of a layer in neighbor */
  uint64_t *neighbor;  /* [layer_count][word_count] where all vertices are sources and there is no
                          symmetry, what the darts of a vertex lead to: four a word from the lowest
                          bits on, the last vertex first, the last one repeated; else NULL */
  int32_t full_count;  /* sources that full has */
  uint8_t *full;       /* [vector_bytes] all sources of a chunk, for each position */
  int32_t plane_count; /* of weights; 0: there are none */
  uint8_t *planes;     /* [LS_APSP_PLANES][vector_bytes] full, where a weight has that bit */
  int32_t *weight;     /* [layer_count] 0..LS_APSP_WEIGHT_MAX */
  uint8_t *near_rows;  /* [chunks][layer_count][pitch] levels 0 and 1 of all chunks, kept from one
                          evaluation to the next where they are few bytes, as neighbor; else NULL */
  uint8_t *rows[3];    /* [layer_count][pitch] two steps in turns; LS_APSP_NEAR: levels 0 and 1 of
                          a chunk, in near_rows or in rows[1] */
} ls_apsp;

typedef struct ls_apsp_sum {
  int64_t distance;    /* over all sources and vertices; a pair without a path counts as many links
                          as there are vertices */
  int64_t unreachable; /* pairs without a path */
  int32_t diameter;    /* of the pairs with one */
  bool is_aborted; /* distance is a bound from below that exceeds the threshold; nothing else holds
                    */
} ls_apsp_sum;

/* Without darts. 1 <= rotation, 1 <= source_count <= layer_count; layer_count * rotation at most
 * LS_APSP_VERTICES_MAX. Source i stands in layer i until source_layer says otherwise, which it must
 * not where rotation is 1 and every layer has a source.
 * LS_ERR_MEMORY. */
ls_status ls_apsp_create(int32_t layer_count, int32_t rotation, int32_t source_count,
                         int32_t dart_max, ls_apsp **apsp);
void ls_apsp_destroy(ls_apsp *apsp); /* NULL is fine */

/* Dart index of a layer leads to layer to, shift 0..rotation-1 positions on. Darts come in pairs of
 * opposite directions, or are their own opposite. A layer with fewer darts than dart_max repeats
 * one of them, or leads to itself where it has none. */
static inline void ls_apsp_dart_set(ls_apsp *apsp, int32_t layer, int32_t index, int32_t to,
                                    int32_t shift)
{
  apsp->offset[(int64_t)layer * apsp->dart_max + index] =
      (uint32_t)(to * apsp->pitch + (int64_t)shift * apsp->row_bytes);
  apsp->vertex[(int64_t)layer * apsp->dart_max + index] = to * apsp->rotation + shift;
  apsp->near[layer] = 0;
  apsp->is_changed = true;
}

/* Two links at least lead to what is no neighbour: the sum of a source is not below. */
LS_HD int64_t ls_apsp_source_least(int64_t vertex_count, int32_t dart_max)
{
  return 2 * (vertex_count - 1) - ls_min(dart_max, vertex_count - 1);
}

/* Stops as soon as the sum must exceed threshold. In the instruction set that isa.h chooses. */
ls_apsp_sum ls_apsp_evaluate(ls_apsp *apsp, int64_t threshold);

/* The same with each pair counted as often as the product of its vertices' weights says, which are
 * given in weight, [layer_count]; unreachable stays 0. For rotation 1 and as many sources as
 * vertices, and as many as a chunk at most. */
ls_apsp_sum ls_apsp_weighted(ls_apsp *apsp, int64_t threshold);

static inline int32_t ls_apsp_next(int32_t from) { return from == 0; }

/* The passes over all rows, of one instruction set. */
typedef struct ls_apsp_functions {
  /* Levels 0 and 1 of count sources from first on, into rows[LS_APSP_NEAR]; returns how many bits
   * are set. */
  int64_t (*begin)(const ls_apsp *apsp, int32_t first, int32_t count);
  /* One level on, into rows[ls_apsp_next(from)], of the layers first to last - 1; returns how many
   * bits are set there. */
  int64_t (*step)(const ls_apsp *apsp, int32_t from, int32_t first, int32_t last);
  /* Whether one level on the rows of layers from first on are full; writes nothing. Layers before
   * may be an even number of levels behind; rows[1 - from] are one behind, from is 0 or 1. So many
   * darts, 1 to LS_APSP_DARTS_FILLING of dart_max, mostly suffice. */
  bool (*closes)(const ls_apsp *apsp, int32_t from, int32_t first, int32_t darts);
  /* Sum over rows and the sources that they lack of the products of their weights. */
  int64_t (*weigh)(const ls_apsp *apsp, int32_t from);
} ls_apsp_functions;

/* The fastest for layers of that many bytes. */
const ls_apsp_functions *ls_apsp_functions_choose(int32_t layer_bytes, int32_t rotation);
ls_apsp_sum ls_apsp_evaluate_by(const ls_apsp_functions *functions, ls_apsp *apsp,
                                int64_t threshold);
ls_apsp_sum ls_apsp_weighted_by(const ls_apsp_functions *functions, ls_apsp *apsp,
                                int64_t threshold);

#ifdef __cplusplus
}
#endif
#endif
