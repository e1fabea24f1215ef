/* Partial designs on their way through a merge: sums over some tiers of one structure, and the
 * filter that keeps those of them that may still end in the front.
 *
 * A member is a row of `width` coordinates, all of which are better the smaller they are: first
 * objective_count that the front compares, then those that only constraints look at, metrics with a
 * limit, shared resources, cages. Its order is its rank among the option combinations of its tiers.
 *
 * a replaces b when a is nowhere larger and, so that the completion of a always wins over that of
 * b, smaller in an objective or lower in order. What is larger in a constraint's coordinate alone
 * may fail where the other does not, hence both stay. */
#ifndef LS_MERGE_LIST_H
#define LS_MERGE_LIST_H

#include <stddef.h>

#include "problem.h"
#include "status.h"

/* All zero: an empty list without memory. */
typedef struct ls_merge_list {
  int32_t width, objective_count;
  size_t count, capacity;
  int64_t *coordinates; /* [capacity][width]; allocated for LS_MERGE_WIDTH_MAX */
  uint64_t *orders;     /* [capacity] */
  /* Scratch of the filter. */
  int64_t *kept_coordinates;
  uint64_t *kept_orders;
  size_t *sorted; /* [capacity] */
} ls_merge_list;

/* Metrics, resources, and the cages at both ends. */
enum { LS_MERGE_WIDTH_MAX = LS_METRIC_COUNT + LS_RESOURCE_MAX + 2 };

/* Empties a list for members of this width. */
static inline void ls_merge_list_start(ls_merge_list *list, int32_t width, int32_t objective_count)
{
  list->width = width;
  list->objective_count = objective_count;
  list->count = 0;
}

void ls_merge_list_release(ls_merge_list *list);

/* Makes room for one more member: its coordinates are to be filled in at the end of the list, and
 * count to be raised. LS_ERR_MEMORY: the list has lost nothing. */
ls_status ls_merge_list_reserve(ls_merge_list *list);

static inline const int64_t *ls_merge_list_at(const ls_merge_list *list, size_t index)
{
  return list->coordinates + index * (size_t)list->width;
}

/* Drops members that another one replaces; the rest is then in ascending order of coordinates. Of
 * very long lists some that could be dropped stay. O(n log n + n kept). */
void ls_merge_list_filter(ls_merge_list *list);

#endif
