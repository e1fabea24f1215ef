/* The cross-connects that an operator loads into each OCS so that its circuits are those of the
 * design.
 *
 * An OCS joins a port of side A to one of side B. Light enters it at side A and leaves at side B
 * where each direction of a link has a strand of its own: a link of two devices is then two
 * connections for each fiber pair, A of the one to B of the other and back. Where both directions
 * share a strand a link is one connection for each; it has half of a device's strands on either
 * side, so links are turned until every device has as many from A as to B (an Eulerian orientation,
 * Hierholzer's walk).
 *
 * Ports are those of the cable schedule (schedule.h): a device has the same run on both sides. */
#ifndef LS_CIRCUITS_H
#define LS_CIRCUITS_H

#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_cross_connect {
  int32_t ocs, from, to;  /* nodes: from is cabled to a_port, to to b_port */
  int32_t a_port, b_port; /* from 1 */
  int32_t link;           /* within the OCS, from 1: connections of a link have one number */
} ls_cross_connect;

typedef struct ls_cross_connects {
  int32_t count;
  ls_cross_connect *connects; /* [count] by OCS, then link */
} ls_cross_connects;

/* None where there is no OCS. LS_ERR_MEMORY; LS_ERR_INTERNAL: circuits of a device do not fit its
 * cords. O(circuits). */
ls_status ls_circuits_connect(const ls_topology *topology, ls_cross_connects *made);
void ls_circuits_destroy(ls_cross_connects *made);

/* Writes them as CSV: ocs, a_port, b_port, from_device, to_device, link. LS_ERR_IO, LS_ERR_MEMORY;
 * path then holds what it held before. */
ls_status ls_circuits_write(const ls_topology *topology, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
