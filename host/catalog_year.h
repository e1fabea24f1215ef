/* A catalog of one year: every figure resolved by its curve or its yearly change. */
#ifndef LS_CATALOG_YEAR_H
#define LS_CATALOG_YEAR_H

#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The curve's value in a year: linear between its points, rounded half up; constant outside. */
int64_t ls_curve_at(const ls_curve *curve, int32_t year);

/* Fills *at with *catalog as of `year`: value from the figure's curve or change, low and high
 * scaled with it, all kept within [min..max] of the key; resources get the units of `scenario`
 * (ls_supply_scenario). No figure of *at changes any more, so that making it of *at for any year
 * leaves it as it is. at may be catalog. A change that is negative never makes a later year
 * dearer. O(figures). LS_ERR_INTERNAL: no such scenario; *at is then unchanged. */
ls_status ls_catalog_at(const ls_catalog *catalog, int32_t year, int32_t scenario, ls_catalog *at);

#ifdef __cplusplus
}
#endif
#endif
