/* Where searches begin: graphs of other sizes made to fit. */
#ifndef LS_WIRE_SEED_H
#define LS_WIRE_SEED_H

#include "wire_lift.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A graph of so many nodes of that degree, without symmetry, from one of about as many: nodes too
 * many are left out, the last ones first, new ones are put into edges drawn at random, and what
 * ports are then free are joined. An odd one is left. LS_ERR_NO when a node of the graph has more
 * links than degree; LS_ERR_MEMORY. */
ls_status ls_wire_seed_fit(const ls_wiring *wiring, int32_t nodes, int32_t degree, uint64_t seed,
                           uint64_t stream, ls_lift **lift);

/* Each node joined to the nearest on a ring: there is one for every pair. LS_ERR_MEMORY. */
ls_status ls_wire_seed_circulant(int32_t nodes, int32_t degree, ls_wiring *wiring);

enum { LS_WIRE_SEEDS = 4 };

/* The constructions of about so many nodes by number, 0..LS_WIRE_SEEDS-1, of at most
 * that degree the one with the nearest number of nodes: graphs of McKay, Miller and Siran, polarity
 * graphs, those without a line, and rings and complete graphs; *name is static. LS_ERR_NO when none
 * is near; LS_ERR_MEMORY. */
ls_status ls_wire_seed_find(int32_t number, int32_t nodes, int32_t degree, ls_wiring *wiring,
                            const char **name);

#ifdef __cplusplus
}
#endif
#endif
