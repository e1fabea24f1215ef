/* What people buy and pull: the cable schedule and the bill of materials, as CSV files
 * (RFC 4180 with line feeds, UTF-8, a header line). */
#ifndef LS_SCHEDULE_H
#define LS_SCHEDULE_H

#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes one row per bundle of cords, in the order of the edges; circuits have no cords.
 * Ports count from 1. Of a switch the ports towards the GPUs come first, those away from them
 * start behind the last that could ever be lit downwards, so that numbers do not move when a
 * cluster grows. Of a rack, port = plane * gpus + gpu + 1 with the rack's GPUs counted from 0.
 * "5-12" is a run, "1-25/8" every eighth; through an OCS a link takes as many ports of side A as
 * of side B, "A1-16 B1-16". A rack is named by floor row and place in it, from 0.
 * medium is the fiber's catalog id, or "copper"; margin_db is empty for copper and OCS legs.
 * cable_count is what to pull: a copper cable may carry several links.
 * LS_ERR_IO with *error; path then holds what it held before. O(nodes + edges). */
ls_status ls_schedule_write_cables(const ls_topology *topology, const ls_catalog *catalog,
                                   const ls_spec *spec, const char *path, ls_error *error);

/* Writes one row per thing to buy, as the ledger prices it, and a last row "total".
 * LS_ERR_IO with *error; path then holds what it held before. O(ledger). */
ls_status ls_schedule_write_materials(const ls_topology *topology, const ls_catalog *catalog,
                                      const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
