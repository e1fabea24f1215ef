/* How the parts of a fabric fail: each way with its rate, what it takes with it and how long.
 * docs/model.md, section 6. */
#ifndef LS_FAILURE_MODES_H
#define LS_FAILURE_MODES_H

#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One way to fail, of the units of one kind. */
typedef struct ls_failure_mode {
  const char *name; /* laser, laser_module, engine, asic, box, module, ocs or chassis */
  int64_t count;    /* units of a chassis, or 1 */
  int64_t gbps;     /* that one failure takes; 0: all of the unit's */
  int64_t fit, fit_low, fit_high; /* of one */
  int64_t repair_min;
} ls_failure_mode;

enum { LS_BOX_MODE_MAX = 5 };

/* The modes of a chassis: of one with cages the whole (chassis) and where it has several its
 * ASICs; of one with integrated optics laser, laser module, engine, ASIC and box, those that the
 * catalog tells. Returns how many. */
int32_t ls_box_modes(const ls_catalog *catalog, const ls_catalog_switch *box,
                     ls_failure_mode modes[LS_BOX_MODE_MAX]);

/* The mode of a pluggable module, or of half a copper cable. */
ls_failure_mode ls_module_mode(const ls_catalog_optic *optic);

ls_failure_mode ls_ocs_mode(const ls_catalog_ocs *ocs);

/* What optics fail in: a module as a whole; integrated ones in engines, which wait for a window,
 * and in laser modules and their lasers, which are changed while the box runs. */
void ls_optic_parts(const ls_catalog_optic *optic, ls_failing_part parts[LS_PART_MAX]);

/* FIT of all parts that port_share_gbps of integrated optics consist of: what is repaired. */
int64_t ls_integrated_parts_fit(const ls_catalog_optic *optic);

/* Events that stop ASICs or all of a chassis. */
int64_t ls_chassis_fit(const ls_catalog_switch *box);

/* FIT x minutes as each Gb/s of the chassis sees them: the box and its ASIC. */
int64_t ls_chassis_downtime(const ls_catalog_switch *box);

/* Failures of engines that are fixed to a box, which is changed as a whole: 0 where they are
 * socketed, or there are none. */
int64_t ls_chassis_engines_fit(const ls_catalog *catalog, const ls_catalog_switch *box);

/* Of all engines of a box: each that fails is changed, and the box stops for it. */
int64_t ls_chassis_swap_fit(const ls_catalog *catalog, const ls_catalog_switch *box);
int64_t ls_chassis_swap_downtime(const ls_catalog *catalog, const ls_catalog_switch *box);

#ifdef __cplusplus
}
#endif
#endif
