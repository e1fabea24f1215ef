/* What level 2 learnt of a space's lengths, carried over to the same space under other figures. */
#ifndef LS_REFINEMENT_H
#define LS_REFINEMENT_H

#include "../kernels/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One space twice: with the bounds of level 1, and with what the floor made of them. */
typedef struct ls_refinement {
  const ls_problem *bounds, *placed; /* borrowed */
} ls_refinement;

/* Adds to the lengths of each structure what the floor added to those of its like in the space, and
 * takes over the constraints that it violates there. Structures without a like stay as they are.
 * O(structures), where the problem's are in the order of the space's. */
void ls_refinement_apply(const ls_refinement *self, ls_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
