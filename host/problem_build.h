/* From catalog and spec to the flat problem: rows in integer units, the lists of mateable link
 * options, and every structure the spec's keys span, sized. */
#ifndef LS_PROBLEM_BUILD_H
#define LS_PROBLEM_BUILD_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Builds the problem; destroy frees it with its arrays. The order of ranks is: family, planes,
 * oversubscription, leaf, spine, core or OCS model, then the options of each tier; it depends on
 * catalog and spec alone. LS_ERR_NO when the keys span no design at all, LS_ERR_INPUT when the
 * catalog's mateable pairs exceed LS_LINK_MAX, LS_ERR_MEMORY. O(structures). */
ls_status ls_problem_create(const ls_catalog *catalog, const ls_spec *spec, ls_problem **problem,
                            ls_error *error);
void ls_problem_destroy(ls_problem *problem);

/* What a baseline leaves out, as bits. */
enum { LS_WITHOUT_CPO = 1, LS_WITHOUT_OCS = 2 };

/* A copy with the same ranks in which the designs left out are infeasible; without may be 0.
 * Free it with ls_problem_destroy. LS_ERR_MEMORY. */
ls_status ls_problem_copy(const ls_problem *problem, int32_t without, ls_problem **duplicate);

/* Replaces the length bounds of a structure by the lengths a placement gave it, and raises its
 * violation mask by those bits: for copies that level 2 refines. */
void ls_problem_refine(ls_problem *problem, uint32_t structure_index,
                       const int32_t length_mm_mean[LS_TIER_MAX],
                       const int32_t length_mm_max[LS_TIER_MAX], uint32_t violation_mask);

#ifdef __cplusplus
}
#endif
#endif
