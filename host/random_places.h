/* What a design's cords cost at random places: what a placement is worth is told against these. */
#ifndef LS_RANDOM_PLACES_H
#define LS_RANDOM_PLACES_H

#include "places.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_random_options {
  int64_t count; /* placements */
  uint64_t seed;
  int32_t thread_count; /* at least 1 */
  /* true: every switch and OCS takes any slot that the rules allow it and that has room, the ones
   * that need most rack units first. false: those of a kind change places with each other, where
   * both may stand. */
  bool is_free;
  const volatile int *stop; /* not 0: ends early with LS_ERR_STOPPED */
} ls_random_options;

/* Over all placements. */
typedef struct ls_random_told {
  int64_t count, broken_count; /* priced; of them, a cord breaks reach or budget */
  int64_t lost_count;          /* in which a device found no slot with room: they are not priced */
  int64_t cents_sum, cents_min, cents_max;
  int64_t fiber_m_sum, fiber_m_min, fiber_m_max;
  int64_t longest_mm_sum;
  int32_t longest_mm_min, longest_mm_max; /* the longest cord of a placement */
} ls_random_told;

/* slot: [nodes] the places that devices of a kind exchange; GPU racks stay there. The same seed
 * tells the same on any number of threads. Circuits through OCS are not checked, their cords are.
 * LS_ERR_MEMORY, LS_ERR_STOPPED. */
ls_status ls_random_places(const ls_places *places, const int32_t *slot,
                           const ls_random_options *options, ls_random_told *told);

#ifdef __cplusplus
}
#endif
#endif
