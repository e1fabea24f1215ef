#include "relax.h"

static void open_gate(ls_number *year_first, int32_t year)
{
  if (year_first->value > year) year_first->value = year;
  if (year_first->low > year) year_first->low = year;
}

/* What is no longer sold would have to be still. */
static void forget_end(ls_number *year_end) { *year_end = (ls_number){.value = 0}; }

void ls_relax_years(ls_catalog *catalog, int32_t year)
{
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    open_gate(&catalog->switches[i].year_leaf, year);
    open_gate(&catalog->switches[i].year_spine, year);
    open_gate(&catalog->switches[i].year_core, year);
    forget_end(&catalog->switches[i].year_end);
  }
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    open_gate(&catalog->optics[i].year_nic, year);
    open_gate(&catalog->optics[i].year_leaf, year);
    open_gate(&catalog->optics[i].year_spine, year);
    open_gate(&catalog->optics[i].year_core, year);
    forget_end(&catalog->optics[i].year_end);
  }
  for (int32_t i = 0; i < catalog->ocs_count; i++) {
    open_gate(&catalog->ocs[i].year, year);
    forget_end(&catalog->ocs[i].year_end);
  }
  for (int32_t i = 0; i < catalog->scale_up_count; i++) {
    open_gate(&catalog->scale_up[i].year, year);
    forget_end(&catalog->scale_up[i].year_end);
  }
}

uint32_t ls_relax_problem(ls_problem *problem, uint32_t violation_mask)
{
  uint32_t lifted = 0;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    const uint32_t bit = (uint32_t)LS_VIOLATES_CAPEX << metric;
    if (!(violation_mask & bit)) continue;
    problem->limit[metric] = INT64_MAX;
    lifted |= bit;
  }
  for (int32_t i = 0; i < problem->resource_count; i++) {
    const uint32_t bit = i < problem->vendor_first ? LS_VIOLATES_SUPPLY : LS_VIOLATES_VENDOR;
    if (violation_mask & bit) problem->resource_limit[i] = INT64_MAX;
  }
  lifted |= violation_mask & (LS_VIOLATES_SUPPLY | LS_VIOLATES_VENDOR);
  for (int32_t i = 0; i < LS_FAILS_COUNT && violation_mask & LS_VIOLATES_DOMAIN; i++)
    problem->failure_share_ppm_max[i] = 0;
  const uint32_t of_structures = violation_mask & (LS_VIOLATES_FLOOR | LS_VIOLATES_DOMAIN);
  if (of_structures) {
    /* The array was allocated by problem_build.c; backends alone see it as constant. */
    ls_structure *structures = (ls_structure *)problem->structures;
    for (uint32_t i = 0; i < problem->structure_count; i++)
      structures[i].violation_mask &= ~of_structures;
    lifted |= of_structures;
  }
  return violation_mask & ~lifted;
}
