/* How far what a search has built may be from the best: of uniform designs, as level 1 bounds
 * those alone (boxes and bundles that choose for themselves may go below). */
#ifndef LS_GAP_H
#define LS_GAP_H

#include "level2.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_gap {
  int32_t metric; /* the objective that is farthest from its bound; -1: nothing is built */
  int64_t incumbent, bound; /* the least that was built, and that level 1 finds; of the metric */
  double share;             /* of the incumbent; of the throughput, of what is delivered */
} ls_gap;

/* Looks at the results of a search that may still go on, mixed ones or dominated ones among them.
 * O(objectives * (front + results)). */
ls_gap ls_gap_find(const ls_problem *problem, const ls_level2 *found);

/* An amount of a metric in words, such as "$14.34 M" or "0.684 of the NIC rate". */
enum { LS_GAP_TEXT_MAX = 48 };
const char *ls_gap_amount_text(int32_t metric, int64_t amount, char text[LS_GAP_TEXT_MAX]);

#ifdef __cplusplus
}
#endif
#endif
