/* The best places there are for the switches of a small design, proved (exact.h): what the search
 * for better places (improve.h) is held against, and what a user with a floor of a few racks may
 * ask for. */
#ifndef LS_PLACES_EXACT_H
#define LS_PLACES_EXACT_H

#include "exact.h"
#include "places.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills slot [nodes] with places at which cords cost least of all that the rules allow
 * (ls_places_allow, room), without a bad cord; GPU racks stay. slot: in: of the racks. *cents: the
 * cords of the whole design.
 * LS_ERR_FULL: too large, or the design has circuits, whose longest is of three places at once.
 * LS_ERR_NO: with every placement some cord is bad. LS_ERR_STOPPED: not proved within the limits.
 * LS_ERR_MEMORY, LS_ERR_INTERNAL. Seconds for ten switches of different wiring and ten slots. */
ls_status ls_places_exact(const ls_places *places, const ls_linear_limits *limits, int32_t *slot,
                          int64_t *cents);

#ifdef __cplusplus
}
#endif
#endif
