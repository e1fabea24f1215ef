/* What money and failures over the years the problem's rows and constants hold: prices of energy,
 * repairs and lost hours, failures and repairs of each row, spares. docs/model.md, section 5. */
#ifndef LS_PROBLEM_MONEY_H
#define LS_PROBLEM_MONEY_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills fit and repair_mcents of all rows, and the constants from energy_ucents_per_mw on, of a
 * problem whose rows are there. */
void ls_problem_fill_money(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
