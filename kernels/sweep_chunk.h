/* The hot loop of the CPU backend: a run of designs that share structure and access link, as
 * structure of arrays. Compiled once per instruction set from sweep_chunk.c.
 *
 * Work per design: 4 additions, 1 addition and comparison for the shared faceplate, 4 limit
 * comparisons, and 4 comparisons per killer asked; 48 bytes read. Each array holds one metric of
 * all (spine, core) option pairs of the structure, so it stays in L1 or L2 over all access
 * links. */
#ifndef LS_SWEEP_CHUNK_H
#define LS_SWEEP_CHUNK_H

#include "problem.h"

enum { LS_CHUNK_MAX = 512, LS_KILLER_MAX = 1024, LS_LANE_COUNT = 4 };

/* The metrics that vary within a structure, in the order of the lanes below: capex, power,
 * latency, risk. The throughput loss is the structure's own. */
typedef struct ls_chunk {
  int32_t count;                        /* at most LS_CHUNK_MAX */
  const int64_t *metric[LS_LANE_COUNT]; /* [count] each: sums of the option pairs */
  const int64_t *cages;                 /* [count]: the spine option's cages on a leaf */
  const int64_t *violations;            /* [count]: masks of the pairs */
  int64_t metric_add[LS_LANE_COUNT];    /* structure and access link */
  int64_t limit[LS_LANE_COUNT];
  int64_t cages_add, cages_max; /* of the leaf's faceplate */
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
