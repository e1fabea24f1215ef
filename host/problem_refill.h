/* Other figures of the same catalog in a problem that is built already: much cheaper than building
 * it anew, where sizes and places stay as they are. */
#ifndef LS_PROBLEM_REFILL_H
#define LS_PROBLEM_REFILL_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_refill {
  LS_REFILL_SAME,   /* the figures say the same as before: nothing was changed */
  LS_REFILL_DONE,   /* rows, constants and the bases of feasible structures are new */
  LS_REFILL_REBUILD /* structures depend on what is new: nothing was changed */
} ls_refill;

/* Makes *problem, built from spec and a catalog with the same entries, what it would be with these
 * figures. O(structures). */
ls_refill ls_problem_refill(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
