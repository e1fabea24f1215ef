/* Which members of a large front go on to level 2: all extremes, overall and of every family,
 * then one of each occupied epsilon box, the boxes as fine as the number allows. */
#ifndef LS_SHORTLIST_H
#define LS_SHORTLIST_H

#include "../kernels/front.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Marks at most limit members of front [count] in is_chosen [count] and returns how many; all of
 * them when count <= limit. Extremes come first, so limit should be at least 5 times the
 * families. Depends on the front alone. O(count * log limit). LS_ERR_MEMORY. */
ls_status ls_shortlist_choose(const ls_problem *problem, const ls_front_member *front,
                              int32_t count, int32_t limit, bool *is_chosen, int32_t *chosen);

#ifdef __cplusplus
}
#endif
#endif
