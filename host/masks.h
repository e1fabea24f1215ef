/* Which constraints the designs of a problem violate together: the distinct violation masks of its
 * space, what an explanation of infeasibility rests on. */
#ifndef LS_MASKS_H
#define LS_MASKS_H

#include "../kernels/problem.h"
#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Constraints without which a structure has no size: no design of it can be judged by others. */
enum {
  LS_VIOLATES_SIZING = LS_VIOLATES_CAPACITY | LS_VIOLATES_TRUNKS | LS_VIOLATES_PORT_RATE |
                       LS_VIOLATES_MESH | LS_VIOLATES_OCS_PORTS
};

enum { LS_MASKS_MAX = 4096 };

typedef struct ls_masks {
  int32_t count;
  uint32_t mask[LS_MASKS_MAX];    /* [count] ascending */
  uint64_t designs[LS_MASKS_MAX]; /* [count] how many have it */
} ls_masks;

/* The masks of every design, also of those that a sweep excludes by their structure. One that
 * violates a constraint of sizing has no more than those bits. LS_ERR_MEMORY; LS_ERR_FULL when
 * there are more than LS_MASKS_MAX; LS_ERR_STOPPED when *stop (which may be NULL) is not 0.
 * O(space), some 20 ns a design. */
ls_status ls_masks_collect(const ls_problem *problem, const volatile int *stop, ls_masks *masks);

/* Of the designs with this mask, none of its bits of sizing, the one that lacks least: whose
 * resource that it needs the most of, as a multiple of what can be had, needs the smallest. The
 * first of equals. LS_ERR_NO: no design has the mask; else as ls_masks_collect. O(space). */
ls_status ls_masks_least_scarce(const ls_problem *problem, const volatile int *stop, uint32_t mask,
                                uint64_t *rank);

#ifdef __cplusplus
}
#endif
#endif
