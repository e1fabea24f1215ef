/* The exact Pareto front under construction, fit for 10^5 members and more: a tree of boxes, so
 * that most members are never looked at.
 *
 * A member dominates a design when it is not larger in any compared metric, and smaller in one
 * or, all equal, lower in rank. The set of members depends on what was inserted, never on the
 * order. Not thread-safe: one front per worker, merged at the end. */
#ifndef LS_FRONT_H
#define LS_FRONT_H

#include "problem.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_front_member {
  uint64_t rank;
  ls_score score; /* all metrics, also those not compared */
} ls_front_member;

typedef struct ls_front ls_front;

/* objective_mask as in ls_problem. LS_ERR_MEMORY. */
ls_status ls_front_create(const int64_t objective_mask[LS_METRIC_COUNT], ls_front **front);
void ls_front_destroy(ls_front *front);

/* A member that dominates the design, or is it; else NULL. Valid until the next insertion. */
const ls_front_member *ls_front_dominator(const ls_front *front, const ls_score *score,
                                          uint64_t rank);

/* Inserts a copy and drops members it dominates, unless a member dominates it or is it: that one is
 * then *dominator, else NULL; dominator may be NULL. LS_ERR_MEMORY: unchanged. */
ls_status ls_front_insert(ls_front *front, const ls_front_member *member,
                          const ls_front_member **dominator);

/* Inserts all members of other. */
ls_status ls_front_merge(ls_front *front, const ls_front *other);

int32_t ls_front_count(const ls_front *front);

/* Copies the members in order of rank. members: [ls_front_count]. */
void ls_front_read(const ls_front *front, ls_front_member *members);

#ifdef __cplusplus
}
#endif
#endif
