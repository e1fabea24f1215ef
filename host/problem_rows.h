/* Catalog entries as rows of the problem, and which of them mate. Internal to problem building. */
#ifndef LS_PROBLEM_ROWS_H
#define LS_PROBLEM_ROWS_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills all rows, constants and limits of *problem, but no links, structures or space. */
void ls_problem_fill_rows(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem);

/* One list of link options that two ends allow. */
typedef struct ls_link_list {
  uint32_t first, count; /* in the options array */
} ls_link_list;

/* The lists for every pair of ends. Index 0 is the NIC, 1 + i chassis i. */
typedef struct ls_link_lists {
  ls_link_list pair[LS_SWITCH_MAX + 1][LS_SWITCH_MAX + 1]; /* tiers without OCS */
  ls_link_list through_ocs[LS_SWITCH_MAX];                 /* chassis to like chassis */
  ls_link_list alike[LS_SWITCH_MAX];                       /* the same, by cords */
  uint16_t *options;                                       /* owned; becomes ls_problem.options */
  uint32_t option_count, option_capacity;
} ls_link_lists;

/* Whether an end (chassis index, or LS_NIC) can hold these optics of the space. */
bool ls_end_takes(const ls_spec *spec, const ls_problem *problem, int32_t end, int32_t optic);

/* Whether any of the chosen optics fit a NIC. */
bool ls_nic_has_optics(const ls_spec *spec, const ls_problem *problem);

/* Fills problem->links and *lists for the chosen chassis, optics and fibers.
 * LS_ERR_INPUT: more than LS_LINK_MAX different links; LS_ERR_MEMORY. */
ls_status ls_link_lists_create(const ls_spec *spec, ls_problem *problem, ls_link_lists *lists,
                               ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
