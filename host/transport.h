/* The transportation problem, exactly: the linear assignment problem whose things come in classes
 * of equals and whose places have room for several. */
#ifndef LS_TRANSPORT_H
#define LS_TRANSPORT_H

#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The cost of a place where things of a class may not go. */
#define LS_TRANSPORT_NEVER INT64_MAX

typedef struct ls_transport {
  int32_t class_count, place_count;
  const int32_t *supply; /* [class_count] things of a class */
  const int32_t *room;   /* [place_count] how many things a place holds */
  const int64_t *cost;   /* [class_count][place_count] of one thing; not negative, and all things
                            times the largest below 2^61, but for LS_TRANSPORT_NEVER */
} ls_transport;

/* Sends every thing to a place at the least sum of costs: flow [class_count][place_count], filled.
 * Ties go to the lowest index, the same way every time. LS_ERR_MEMORY; LS_ERR_NO when not all find
 * room. By shortest augmenting paths (Jonker and Volgenant, Computing 38, 1987) that carry as many
 * things as they can. O(paths * class_count * place_count), at most a path a thing and break of a
 * flow. */
ls_status ls_transport_solve(const ls_transport *problem, int32_t *flow, int64_t *sum);

#ifdef __cplusplus
}
#endif
#endif
