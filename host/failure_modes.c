#include "failure_modes.h"

#include <string.h>

#include "package.h"

/* Of a figure that is given for a share of bandwidth, what as much as gbps has. */
static int64_t scaled(int64_t fit, int64_t gbps, int64_t share_gbps)
{
  return share_gbps > 0 ? fit * gbps / share_gbps : fit;
}

static int64_t engine_fit(const ls_catalog_optic *optic, int64_t failure_fit)
{
  return scaled(failure_fit, optic->engine_gbps.value, optic->port_share_gbps.value);
}

static const ls_catalog_optic *engine_of(const ls_catalog *catalog, const ls_catalog_switch *box)
{
  const int32_t index =
      box->integrated_optic[0] ? ls_catalog_optic_find(catalog, box->integrated_optic) : -1;
  return index < 0 ? NULL : &catalog->optics[index];
}

static ls_failure_mode mode_of(const char *name, const ls_number *fit, const ls_number *repair_min)
{
  return (ls_failure_mode){.name = name,
                           .count = 1,
                           .fit = fit->value,
                           .fit_low = fit->low,
                           .fit_high = fit->high,
                           .repair_min = repair_min->value};
}

/* Lasers, laser modules and engines of a box; returns how many modes. */
static int32_t optics_modes(const ls_catalog *catalog, const ls_catalog_switch *box,
                            const ls_catalog_optic *optic, ls_failure_mode *modes)
{
  ls_box_counts counts;
  int32_t mode = 0;
  ls_box_count(catalog, box, &counts);
  if (optic->laser_fit.value > 0 && counts.laser_count > 0) {
    modes[mode] = mode_of("laser", &optic->laser_fit, &optic->laser_module_repair_min);
    modes[mode].gbps = box->bandwidth_gbps.value / counts.laser_count;
    modes[mode++].count = counts.laser_count;
  }
  if (optic->laser_module_fit.value > 0 && counts.laser_module_count > 0) {
    modes[mode] =
        mode_of("laser_module", &optic->laser_module_fit, &optic->laser_module_repair_min);
    modes[mode].gbps = optic->laser_module_gbps.value;
    modes[mode++].count = counts.laser_module_count;
  }
  modes[mode] = mode_of("engine", &optic->failure_fit, &optic->engine_wait_min);
  modes[mode].gbps = optic->engine_gbps.value;
  modes[mode].count = counts.engine_count;
  modes[mode].fit = engine_fit(optic, optic->failure_fit.value);
  modes[mode].fit_low = engine_fit(optic, optic->failure_fit.low);
  modes[mode++].fit_high = engine_fit(optic, optic->failure_fit.high);
  return mode;
}

int32_t ls_box_modes(const ls_catalog *catalog, const ls_catalog_switch *box,
                     ls_failure_mode modes[LS_BOX_MODE_MAX])
{
  const ls_catalog_optic *optic = engine_of(catalog, box);
  int32_t mode = optic ? optics_modes(catalog, box, optic, modes) : 0;
  if (box->asic_fit.value > 0 && box->asic_count.value > 0) {
    modes[mode] = mode_of("asic", &box->asic_fit, &box->repair_min);
    modes[mode].gbps = box->bandwidth_gbps.value / box->asic_count.value;
    modes[mode++].count = box->asic_count.value;
  }
  modes[mode] = mode_of(optic ? "box" : "chassis", &box->failure_fit, &box->repair_min);
  modes[mode++].gbps = box->bandwidth_gbps.value;
  return mode;
}

ls_failure_mode ls_module_mode(const ls_catalog_optic *optic)
{
  ls_failure_mode mode = mode_of("module", &optic->failure_fit, &optic->repair_min);
  mode.gbps = optic->module_gbps.value;
  return mode;
}

ls_failure_mode ls_ocs_mode(const ls_catalog_ocs *ocs)
{
  return mode_of("ocs", &ocs->failure_fit, &ocs->repair_min);
}

static ls_failing_part part_of(int64_t fit, int64_t gbps, int64_t minutes)
{
  return (ls_failing_part){fit, (int32_t)ls_max(gbps, 1), (int32_t)minutes};
}

void ls_optic_parts(const ls_catalog_optic *optic, ls_failing_part parts[LS_PART_MAX])
{
  const int64_t engine_gbps = optic->engine_gbps.value;
  memset(parts, 0, LS_PART_MAX * sizeof *parts);
  if (!ls_optic_is_integrated(optic->kind)) {
    parts[0] = part_of(optic->failure_fit.value, optic->module_gbps.value, optic->repair_min.value);
    return;
  }
  const int64_t swap_min = optic->laser_module_repair_min.value;
  parts[0] = part_of(engine_fit(optic, optic->failure_fit.value), engine_gbps,
                     optic->engine_wait_min.value);
  if (optic->laser_module_gbps.value)
    parts[1] = part_of(optic->laser_module_fit.value, optic->laser_module_gbps.value, swap_min);
  if (optic->laser_count.value)
    parts[2] = part_of(optic->laser_fit.value, engine_gbps / optic->laser_count.value, swap_min);
}

int64_t ls_integrated_parts_fit(const ls_catalog_optic *optic)
{
  const int64_t share_gbps = optic->port_share_gbps.value;
  const int64_t lasers_fit = optic->laser_count.value * optic->laser_fit.value;
  int64_t fit = optic->failure_fit.value;
  if (optic->engine_gbps.value > 0) fit += scaled(lasers_fit, share_gbps, optic->engine_gbps.value);
  if (optic->laser_module_gbps.value > 0)
    fit += scaled(optic->laser_module_fit.value, share_gbps, optic->laser_module_gbps.value);
  return fit;
}

int64_t ls_chassis_fit(const ls_catalog_switch *box)
{
  return box->failure_fit.value + box->asic_count.value * box->asic_fit.value;
}

int64_t ls_chassis_downtime(const ls_catalog_switch *box)
{
  return (box->failure_fit.value + box->asic_fit.value) * box->repair_min.value;
}

int64_t ls_chassis_swap_fit(const ls_catalog *catalog, const ls_catalog_switch *box)
{
  const ls_catalog_optic *optic = engine_of(catalog, box);
  ls_box_counts counts;
  if (!optic) return 0;
  ls_box_count(catalog, box, &counts);
  return counts.engine_count * engine_fit(optic, optic->failure_fit.value);
}

int64_t ls_chassis_engines_fit(const ls_catalog *catalog, const ls_catalog_switch *box)
{
  const ls_catalog_optic *optic = engine_of(catalog, box);
  return optic && !optic->is_socketed ? ls_chassis_swap_fit(catalog, box) : 0;
}

int64_t ls_chassis_swap_downtime(const ls_catalog *catalog, const ls_catalog_switch *box)
{
  const ls_catalog_optic *optic = engine_of(catalog, box);
  return optic ? ls_chassis_swap_fit(catalog, box) * optic->engine_swap_min.value : 0;
}
