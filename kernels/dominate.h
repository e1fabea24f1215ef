/* Pareto dominance on compared metrics; all are minimised. */
#ifndef LS_DOMINATE_H
#define LS_DOMINATE_H

#include "problem.h"

/* True when no compared metric of a is larger than that of b. mask[i] is -1 where metric i is
 * compared, else 0. */
LS_HD bool ls_score_covers(const ls_score *a, const ls_score *b,
                           const int64_t mask[LS_METRIC_COUNT])
{
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if ((a->metric[i] & mask[i]) > (b->metric[i] & mask[i])) return false;
  return true;
}

/* a covers b and is better somewhere or, all compared metrics equal, lower in rank. */
LS_HD bool ls_design_dominates(const ls_score *a, uint64_t rank_a, const ls_score *b,
                               uint64_t rank_b, const int64_t mask[LS_METRIC_COUNT])
{
  if (!ls_score_covers(a, b, mask)) return false;
  return rank_a < rank_b || !ls_score_covers(b, a, mask);
}

#endif
