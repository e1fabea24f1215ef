/* The choice of technology at given places (choice.h), proved by branch and bound: for designs of a
 * few boxes, and what the relaxation is held against. */
#ifndef LS_CHOICE_EXACT_H
#define LS_CHOICE_EXACT_H

#include "choice.h"
#include "linear.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills box [box_count] and bundle [bundle_count] with ordinals of the own options, and *cents, of
 * a choice of which no other one costs less. LS_ERR_NO: none keeps to all limits. LS_ERR_STOPPED:
 * the limits of the search were too narrow for a proof. LS_ERR_MEMORY, LS_ERR_INTERNAL. */
ls_status ls_choice_exact(const ls_choice *choice, const ls_linear_limits *limits, int32_t *box,
                          int32_t *bundle, int64_t *cents);

#ifdef __cplusplus
}
#endif
#endif
