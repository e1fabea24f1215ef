#include "problem_refill.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "problem_rows.h"

/* Of the rows only what structures are made by: all but what designs are merely scored by. Latency
 * stays where effective GPU-hours are judged, since they follow from it. */
static void keep_structural(ls_problem *rows)
{
  const bool has_hours =
      rows->objective_mask[LS_METRIC_GPU_HOUR] || rows->limit[LS_METRIC_GPU_HOUR] != INT64_MAX;
  for (int32_t i = 0; i < rows->switch_count; i++) {
    ls_switch_row *row = &rows->switches[i];
    row->capex_cents = row->downtime = row->fit = row->repair_mcents = 0;
    row->spare_fit = row->swap_fit = row->swap_downtime = 0;
    if (!has_hours) row->latency_ps = 0;
    memset(row->draw, 0, sizeof row->draw);
  }
  for (int32_t i = 0; i < rows->optic_count; i++) {
    const ls_optic_row *row = &rows->optics[i];
    rows->optics[i] = (ls_optic_row){.module_gbps = row->module_gbps,
                                     .pair_gbps = row->pair_gbps,
                                     .strands_per_pair = row->strands_per_pair,
                                     .lane_gbps = row->lane_gbps,
                                     .kind = row->kind,
                                     .mate_class = row->mate_class};
  }
  for (int32_t i = 0; i < rows->ocs_count; i++) {
    ls_ocs_row *row = &rows->ocs[i];
    row->capex_cents = row->power_mw = row->downtime = row->fit = row->repair_mcents = 0;
    row->loss_mdb = 0;
    memset(row->draw, 0, sizeof row->draw);
  }
  for (int32_t i = 0; i < rows->scale_up_count; i++)
    rows->scale_up[i] = (ls_scale_up_row){.violation_mask = rows->scale_up[i].violation_mask};
  memset(rows->fibers, 0, sizeof rows->fibers);
  rows->mating_loss_mdb = rows->circulator_loss_mdb = rows->shuffle_box_loss_mdb = 0;
  rows->mating_capex_cents = rows->circulator_capex_cents = rows->shuffle_box_capex_cents = 0;
  if (!has_hours) rows->fec_latency_ps = 0;
  memset(rows->resource_limit, 0, sizeof rows->resource_limit);
}

ls_refill ls_problem_refill(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  ls_problem filled, before, after;
  memcpy(&filled, problem, sizeof filled); /* padding, too: problems are compared as bytes */
  ls_problem_fill_rows(catalog, spec, &filled);
  /* Padding that differs takes the longer way below and is no mistake. */
  /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
  if (memcmp(&filled, problem, sizeof filled) == 0) return LS_REFILL_SAME;
  memcpy(&before, problem, sizeof before);
  memcpy(&after, &filled, sizeof after);
  keep_structural(&before);
  keep_structural(&after);
  /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
  if (memcmp(&before, &after, sizeof before) != 0) return LS_REFILL_REBUILD;
  memcpy(problem, &filled, sizeof filled);
  /* The array was allocated by problem_build.c; backends alone see it as constant. */
  ls_structure *structures = (ls_structure *)problem->structures;
  for (uint32_t i = 0; i < problem->structure_count; i++)
    if (!structures[i].violation_mask)
      ls_structure_base(problem, &structures[i], &structures[i].base, structures[i].base_resource);
  return LS_REFILL_DONE;
}
