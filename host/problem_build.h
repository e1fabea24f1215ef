/* From catalog and spec to the flat problem: rows in integer units, the lists of mateable link
 * options, and every structure the spec's keys span, sized. */
#ifndef LS_PROBLEM_BUILD_H
#define LS_PROBLEM_BUILD_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Builds the problem; destroy frees it with its arrays. The order of ranks is: family, graph of
 * blocks, planes, oversubscription, leaf, spine, core or OCS model, scale-up, then the options of
 * each tier; it depends on catalog and spec alone. LS_ERR_NO when the keys span no design at all,
 * LS_ERR_INPUT when the catalog's mateable pairs exceed LS_LINK_MAX, LS_ERR_MEMORY. O(structures).
 */
ls_status ls_problem_create(const ls_catalog *catalog, const ls_spec *spec, ls_problem **problem,
                            ls_error *error);
void ls_problem_destroy(ls_problem *problem);

/* What a baseline leaves out, as bits: designs with co-packaged chassis, with OCS, and those
 * without any co-packaged chassis. */
enum { LS_WITHOUT_CPO = 1, LS_WITHOUT_OCS = 2, LS_ONLY_CPO = 4 };

/* A copy with the same ranks in which the designs left out are infeasible; without may be 0.
 * Free it with ls_problem_destroy. LS_ERR_MEMORY. */
ls_status ls_problem_copy(const ls_problem *problem, int32_t without, ls_problem **duplicate);

/* Lengths that a placement gave a structure. */
typedef struct ls_placed_lengths {
  int32_t mean_mm[LS_TIER_MAX], max_mm[LS_TIER_MAX]; /* cords of each tier */
  int32_t circuit_mm_max;                            /* both legs; 0 without OCS */
} ls_placed_lengths;

/* Raises the length bounds of a structure to placed lengths, and its violation mask by those
 * bits: for copies that level 2 refines. */
void ls_problem_refine(ls_problem *problem, uint32_t structure_index,
                       const ls_placed_lengths *lengths, uint32_t violation_mask);

/* Puts what the graph found for sparse blocks makes of a structure (structure_blocks.h) in place of
 * what none can beat: for the same copies. */
void ls_problem_wire(ls_problem *problem, uint32_t structure_index, const ls_structure *wired);

/* How few strands a link of each tier must have for the trays; 0: any number. */
typedef struct ls_strand_bounds {
  uint16_t below[LS_TIER_MAX];
  bool is_hopeless; /* no number is few enough */
} ls_strand_bounds;

/* Takes what one design of the structure showed into the structure, beside what it has. */
void ls_problem_bound_strands(ls_problem *problem, uint32_t structure_index,
                              const ls_strand_bounds *bounds);

#ifdef __cplusplus
}
#endif
#endif
