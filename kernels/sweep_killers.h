/* The killers of one worker of a sweep: scores that may dominate designs of the structure at hand,
 * and of those the ones that can kill in the chunks of one access option, less what is added. */
#ifndef LS_SWEEP_KILLERS_H
#define LS_SWEEP_KILLERS_H

#include "status.h"
#include "sweep_chunk.h"

typedef struct ls_sweep_killers {
  int32_t lane_count, sum_count; /* of the sweep; the lanes that are sums of columns come first */
  int32_t score_count, count;
  int64_t (*scores)[LS_LANE_COUNT];  /* [LS_KILLER_MAX] of what may kill, as lanes */
  int64_t (*killers)[LS_LANE_COUNT]; /* [LS_KILLER_MAX], [count] chosen, less what is added */
  uint64_t rank[LS_KILLER_MAX];      /* [score_count] */
  uint16_t order[LS_KILLER_MAX];     /* [count] of killers, as they are asked */
  uint16_t source[LS_KILLER_MAX];    /* [count] the score of each killer */
} ls_sweep_killers;

/* LS_ERR_MEMORY. Release it whatever the status. */
ls_status ls_sweep_killers_init(ls_sweep_killers *self, int32_t lane_count, int32_t sum_count);
void ls_sweep_killers_release(ls_sweep_killers *self);

/* Notes a score, whose lanes are these metrics [lane_count]. At most LS_KILLER_MAX of them before
 * score_count is set to 0 again. */
void ls_sweep_killers_note(ls_sweep_killers *self, const ls_score *score, uint64_t rank,
                           const int32_t *metric);

/* Whether a score of this rank is noted. O(scores). */
bool ls_sweep_killers_has(const ls_sweep_killers *self, uint64_t rank);

/* Chooses the killers that are not above the highest value of a column, less what is added to it;
 * added, high: [sum_count]. Designs to be asked about have this rank or a higher one; what has a
 * higher rank itself is made to kill only what is worse than it. O(scores). */
void ls_sweep_killers_choose(ls_sweep_killers *self, const int64_t *added, const int64_t *high,
                             uint64_t rank);

/* The score whose killer leads now is the first to be asked by the next choice. O(scores). */
void ls_sweep_killers_promote(ls_sweep_killers *self);

#endif
