/* The sweep by merging: the exact front without scoring every design. */
#ifndef LS_SWEEP_MERGE_H
#define LS_SWEEP_MERGE_H

#include "backend.h"

/* As ls_backend.sweep, for sweeps that do not count violations: evaluated_count is of the designs
 * whose metrics were all summed up, feasible_count of those of them that are feasible, at least one
 * where any design is. All counts are the same for any number of threads. */
ls_status ls_merge_sweep(const ls_problem *problem, const ls_sweep_options *options,
                         ls_front *front, ls_sweep_stats *stats);

#endif
