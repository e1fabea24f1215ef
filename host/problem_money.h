/* What the problem's rows and constants hold of money and failures over the years: prices of
 * energy, repairs and lost hours, failures and repairs of each row, spares. docs/model.md,
 * section 5. */
#ifndef LS_PROBLEM_MONEY_H
#define LS_PROBLEM_MONEY_H

#include "structure_workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Milli-cents for the repairs of one unit of this FIT over the years. */
int64_t ls_spec_repair_mcents(const ls_spec *spec, int64_t fit);

/* Fills failures and repairs of all rows and the prices over the years, of a problem whose other
 * rows are there. */
void ls_problem_fill_money(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem);

/* Fills what tells how many spares are bought, which no catalog changes. A few milliseconds. */
void ls_problem_fill_spares(const ls_spec *spec, ls_problem *problem);

/* GPU-hours that compute over the years in a structure whose base is known, before failures: all,
 * or where the spec says what a step computes, the share of it that does. A step is taken with the
 * throughput under its demand times the routing efficiency, and a path of chassis and FEC alone. */
int64_t ls_structure_effective_hours(const ls_spec *spec, const ls_problem *problem,
                                     const ls_structure *structure,
                                     const ls_structure_demand *demand);

#ifdef __cplusplus
}
#endif
#endif
