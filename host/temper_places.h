/* Parallel tempering over placements: walkers at fixed temperatures take what costs less, and what
 * costs more by the rule of Metropolis; neighbours in temperature exchange their placements after a
 * fixed number of proposals (Swendsen and Wang, PRL 57, 1986). */
#ifndef LS_TEMPER_PLACES_H
#define LS_TEMPER_PLACES_H

#include "rearrange.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_temper_options {
  uint64_t seed;
  int32_t thread_count;     /* at least 1 */
  int64_t proposal_count;   /* of all walkers together */
  const volatile int *stop; /* not 0: ends with what is there */
} ls_temper_options;

/* slot: [nodes] in: where all walkers start; out: the cheapest placement seen, with no more that is
 * bad than there was. The same on any number of threads. LS_ERR_MEMORY. */
ls_status ls_temper_places(const ls_floor_game *game, const ls_temper_options *options,
                           int32_t *slot);

#ifdef __cplusplus
}
#endif
#endif
