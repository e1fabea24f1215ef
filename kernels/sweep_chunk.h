/* The hot loop of the CPU backend: a run of designs that share structure and access link, as
 * structure of arrays. Compiled once per instruction set from sweep_chunk.c.
 *
 * Work per design: an addition and a limit comparison for each lane in use, a comparison for the
 * shared faceplate and for each resource, and a comparison per lane and killer asked. Each array
 * holds one metric of all option combinations above the access tier, so it stays in L1 or L2 over
 * all access links. */
#ifndef LS_SWEEP_CHUNK_H
#define LS_SWEEP_CHUNK_H

#include "problem.h"

enum { LS_CHUNK_MAX = 512, LS_KILLER_MAX = 1024, LS_LANE_COUNT = LS_METRIC_COUNT - 1 };

/* Lanes are the metrics that are compared or limited, in their order; the throughput loss is the
 * structure's own. The cost of a GPU-hour, no sum, is a last lane computed from two others. */
typedef struct ls_chunk {
  int32_t count;                        /* at most LS_CHUNK_MAX */
  int32_t lane_count;                   /* of summed metrics */
  const int64_t *metric[LS_LANE_COUNT]; /* [lane_count][count]: sums of the combinations */
  const int64_t *cages;                 /* [count]: the spine option's cages on a leaf */
  const int64_t *violations;            /* [count]: masks of the combinations */
  int64_t metric_add[LS_LANE_COUNT];    /* structure and access link */
  int64_t limit[LS_LANE_COUNT];
  const ls_problem *problem;     /* for the cost of a GPU-hour ... */
  const ls_structure *structure; /* NULL: that is not judged */
  int32_t tco_lane, lost_lane;   /* ... which follows from these */
  int32_t resource_count;
  const int64_t *resource[LS_RESOURCE_MAX]; /* [resource_count][count] */
  int64_t resource_max[LS_RESOURCE_MAX];    /* the limit less structure and access link */
  int64_t cages_add, cages_max;             /* of the leaf's faceplate */
  int64_t violations_add;
  int32_t killer_count;
  const int64_t (*killers)[LS_LANE_COUNT]; /* [killer_count]; INT64_MIN where not compared */
} ls_chunk;

/* Writes the positions (0..count-1, ascending) of the feasible designs that no killer covers to
 * survivors [LS_CHUNK_MAX], returns their number and adds to *feasible_count. Pure otherwise. */
typedef int32_t (*ls_chunk_function)(const ls_chunk *chunk, int32_t *survivors,
                                     uint64_t *feasible_count);

int32_t ls_chunk_filter_scalar(const ls_chunk *chunk, int32_t *survivors, uint64_t *feasible_count);
int32_t ls_chunk_filter_avx2(const ls_chunk *chunk, int32_t *survivors, uint64_t *feasible_count);
int32_t ls_chunk_filter_avx512(const ls_chunk *chunk, int32_t *survivors, uint64_t *feasible_count);

#endif
