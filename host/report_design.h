/* What report.html draws of one design that was built: its tiers and links with counts, how its
 * devices stand on the floor, how full the trays are, link margins, and the ledger. Devices and
 * bundles are counted, never listed, so that this stays small for clusters of any size. */
#ifndef LS_REPORT_DESIGN_H
#define LS_REPORT_DESIGN_H

#include "json.h"
#include "session.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* {tiers, links, floor, trays, margins, ledger} as docs/formats.md explains them; what there is no
 * memory for is left out. The caller owns it. O(nodes + edges + slots * different slots). */
ls_json *ls_report_design_json(const ls_session *session, ls_topology *topology);

/* The floor of all designs: {racks_per_row, rack_pitch_m, rack_power_w, rows, blocked}. */
ls_json *ls_report_floor_json(const ls_spec *spec);

#ifdef __cplusplus
}
#endif
#endif
