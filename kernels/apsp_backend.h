/* The seam to a device for all-pairs shortest paths: a batch of candidates, which know nothing of
 * each other, in one call. What is found of each is what ls_apsp_evaluate or ls_apsp_weighted finds
 * on the CPU. A candidate is a table of darts (apsp.h) with a few of them changed, so that the
 * neighbours of a graph are sent as their table and what differs from it; with rotation 1 a table
 * holds the lists of neighbours. The CPU needs no such seam: it evaluates one at a time. */
#ifndef LS_APSP_BACKEND_H
#define LS_APSP_BACKEND_H

#include "apsp.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_APSP_DEVICE_VERTICES_MAX = 1 << 15 };

/* What all candidates share. */
typedef struct ls_apsp_shape {
  int32_t layer_count, rotation; /* at least 1; vertices: layer_count * rotation, at most
                                    LS_APSP_DEVICE_VERTICES_MAX */
  int32_t source_count;          /* 1..layer_count; with weights layer_count */
  int32_t dart_max;              /* at least 1 */
  int32_t weight_max;            /* 0: there are no weights, else rotation is 1 and weights are at
                                    most so much, and that at most LS_APSP_WEIGHT_MAX */
  const int32_t *source_layer;   /* [source_count] as in ls_apsp; NULL: source i is in layer i */
} ls_apsp_shape;

/* Where position 0 of a layer is led to, and from which position on, rotation less shift, the
 * positions begin again. ls_apsp_dart_make fills it. */
typedef struct ls_apsp_dart {
  uint16_t vertex, rest;
} ls_apsp_dart;

LS_HD ls_apsp_dart ls_apsp_dart_make(const ls_apsp_shape *shape, int32_t to, int32_t shift)
{
  const ls_apsp_dart dart = {(uint16_t)(to * shape->rotation + shift),
                             (uint16_t)(shape->rotation - shift)};
  return dart;
}

/* Where dart index of a layer stands in a table: device threads read neighbouring layers at once.
 */
LS_HD int32_t ls_apsp_dart_at(const ls_apsp_shape *shape, int32_t layer, int32_t index)
{
  return index * shape->layer_count + layer;
}

typedef struct ls_apsp_patch {
  int32_t at; /* ls_apsp_dart_at */
  ls_apsp_dart dart;
} ls_apsp_patch;

typedef struct ls_apsp_candidate {
  int64_t threshold;                /* the evaluation ends as soon as the sum must exceed it */
  int32_t table;                    /* its index */
  int32_t patch_first, patch_count; /* of different darts */
} ls_apsp_candidate;

/* Of all arrays the caller stays the owner. */
typedef struct ls_apsp_batch {
  const ls_apsp_dart *tables; /* [table_count][dart_max][layer_count] darts as apsp.h wants them:
                                 in pairs of opposite directions, missing ones lead to their own
                                 layer with shift 0 */
  const uint16_t *weights;    /* [table_count][layer_count], 0..weight_max; NULL without weights */
  const ls_apsp_patch *patches;
  const ls_apsp_candidate *candidates; /* [count] */
  int32_t table_count, patch_count, count;
} ls_apsp_batch;

/* Of the largest batch. */
typedef struct ls_apsp_capacity {
  int32_t tables, patches, candidates;
} ls_apsp_capacity;

/* What a backend holds for a shape. */
typedef struct ls_apsp_device ls_apsp_device;

typedef struct ls_apsp_backend {
  const char *name;
  /* Copies *shape with its source_layer; destroy frees *device. LS_ERR_MEMORY, LS_ERR_DEVICE. */
  ls_status (*create)(const ls_apsp_shape *shape, const ls_apsp_capacity *capacity,
                      ls_apsp_device **device);
  /* Writes sums, [count]. Where the threshold is passed, is_aborted is set and distance is the
   * threshold and 1. With weights, unreachable is 0 and diameter that of the pairs whose weights
   * are not 0. On error sums are of no use. LS_ERR_DEVICE.
   * Cost: a copy of the tables, patches and candidates up and 24 bytes a candidate down; then
   * vertices * source_count / 8 * dart_max bytes a candidate and level on the device. */
  ls_status (*evaluate)(ls_apsp_device *device, const ls_apsp_batch *batch, ls_apsp_sum *sums);
  void (*destroy)(ls_apsp_device *device); /* NULL does nothing */
} ls_apsp_backend;

/* CUDA, where ls_backend_cuda can run; elsewhere its create says LS_ERR_DEVICE. */
extern const ls_apsp_backend ls_apsp_cuda;

#ifdef __cplusplus
}
#endif
#endif
