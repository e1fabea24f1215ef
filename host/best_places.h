/* The best places that can be found for one design, with time: from several starts the exact
 * assignments of improve.h, then tempering over all devices and GPU racks together, then the
 * assignments again. */
#ifndef LS_BEST_PLACES_H
#define LS_BEST_PLACES_H

#include "temper_places.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_best_options {
  ls_temper_options temper;
  bool has_free_racks; /* GPU racks move, too */
} ls_best_options;

/* What each step got the cords to, in cents; 0: it found nothing that the rules allow. */
typedef struct ls_best_told {
  int64_t search_cents; /* improve.h from the policy's places */
  int64_t starts_cents; /* the best from other central positions */
  int32_t start_count;
  int64_t tempered_cents, assigned_cents; /* after tempering; after the assignments behind it */
} ls_best_told;

/* slot: [nodes] in: the policy's; out: as good or better than those of ls_improve_places from
 * there. The same on any number of threads. LS_ERR_MEMORY. */
ls_status ls_best_places(const ls_places *places, const ls_best_options *options, int32_t *slot,
                         ls_best_told *told);

#ifdef __cplusplus
}
#endif
#endif
