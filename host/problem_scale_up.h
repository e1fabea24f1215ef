/* The scale-up network inside domains of GPUs, as rows of the problem: what every design adds for
 * it, whatever its scale-out network. docs/model.md, section 5. */
#ifndef LS_PROBLEM_SCALE_UP_H
#define LS_PROBLEM_SCALE_UP_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* True where the spec tells of scale-up domains; else none is counted. */
bool ls_spec_has_scale_up(const ls_spec *spec);

/* What a GPU draws for its scale-up links, in mW: two ends x one-way Gb/s x pJ/bit. */
int64_t ls_scale_up_gpu_power_mw(const ls_catalog_scale_up *entry, int64_t gbps_per_gpu);

/* Fills the rows of problem->scale_up but their violations. */
void ls_problem_fill_scale_up(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem);

/* Fills violation_mask of the rows: a medium not on sale in the spec's year, or that does not
 * reach over as many racks as a domain fills. LS_ERR_MEMORY. */
ls_status ls_problem_check_scale_up(const ls_catalog *catalog, const ls_spec *spec,
                                    ls_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
