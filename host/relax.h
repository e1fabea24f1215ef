/* Lifting one constraint from a question, so that what it excludes can be seen. */
#ifndef LS_RELAX_H
#define LS_RELAX_H

#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything that will ever be sold is on sale in this year, and nothing is sold out. */
void ls_relax_years(ls_catalog *catalog, int32_t year);

/* Lifts those of the LS_VIOLATES_ bits that are numbers of the problem: limits, supply, vendors'
 * shares, and the floor. Returns the bits it cannot lift. */
uint32_t ls_relax_problem(ls_problem *problem, uint32_t violation_mask);

#ifdef __cplusplus
}
#endif
#endif
