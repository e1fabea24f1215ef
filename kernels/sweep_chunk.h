/* The hot loop of the CPU backend: a run of designs that share structure and access link, as
 * structure of arrays. Compiled once per instruction set from sweep_chunk.c.
 *
 * A column holds one metric, resource or count of all option combinations above the access tier, so
 * it stays in L1 or L2 over all access links. What structure and access link add to each design is
 * taken from what it is compared with instead: work per design is a comparison for each bound that
 * can bind, and one per lane and killer asked. */
#ifndef LS_SWEEP_CHUNK_H
#define LS_SWEEP_CHUNK_H

#include "problem.h"

enum {
  LS_CHUNK_MAX = 1024,
  LS_CHUNK_PADDING = 8, /* columns are read in whole vectors, beyond their end */
  LS_KILLER_MAX = 1024,
  LS_LANE_COUNT = LS_METRIC_COUNT - 1,
  LS_BOUND_MAX = LS_RESOURCE_MAX + LS_LANE_COUNT + 1
};

typedef struct ls_bound {
  const int64_t *column;
  int64_t most; /* less what structure and access link add */
} ls_bound;

/* Lanes are the metrics that are compared, in their order; the throughput loss is the structure's
 * own. The cost of a GPU-hour, no sum, is a last lane computed from two columns. */
typedef struct ls_chunk {
  int32_t first, count; /* of the designs in the columns; count is at most LS_CHUNK_MAX */
  int32_t bound_count;
  ls_bound bound[LS_BOUND_MAX];
  int32_t lane_count; /* the last one included */
  const int64_t *lane[LS_LANE_COUNT];
  int32_t killer_count;
  const int64_t (*killers)[LS_LANE_COUNT]; /* [killer_count], less what is added */
  uint16_t *order; /* [killer_count]: the killers as they are asked; what empties a block leads */
  const ls_problem *problem;     /* for the cost of a GPU-hour ... */
  const ls_structure *structure; /* NULL: that is not judged */
  const int64_t *spent, *lost;   /* ... which follows from these columns */
  int64_t spent_add, lost_add, gpu_hour_most;
  bool is_gpu_hour_compared; /* then it is the last lane */
} ls_chunk;

/* Writes the positions (0..count-1, ascending) of the feasible designs that no killer covers to
 * survivors [LS_CHUNK_MAX], returns their number and adds to *feasible_count. Pure otherwise, but
 * for the order of killers, on which no answer depends. */
typedef int32_t (*ls_chunk_function)(const ls_chunk *chunk, int32_t *survivors,
                                     uint64_t *feasible_count);

int32_t ls_chunk_filter_scalar(const ls_chunk *chunk, int32_t *survivors, uint64_t *feasible_count);
int32_t ls_chunk_filter_avx2(const ls_chunk *chunk, int32_t *survivors, uint64_t *feasible_count);
int32_t ls_chunk_filter_avx512(const ls_chunk *chunk, int32_t *survivors, uint64_t *feasible_count);

#endif
