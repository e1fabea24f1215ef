/* The cross-connects (cross_connect.h) that an operator loads into each OCS so that its circuits
 * are those of the design. Ports are those of the cable schedule (schedule.h). */
#ifndef LS_CIRCUITS_H
#define LS_CIRCUITS_H

#include "cross_connect.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_cross_connects {
  int32_t count;
  ls_cross_connect *connects; /* [count] by OCS, then link; devices and OCS are nodes */
} ls_cross_connects;

/* None where there is no OCS. LS_ERR_MEMORY; LS_ERR_INTERNAL: circuits of a device do not fit its
 * cords. O(OCS * edges + circuits). */
ls_status ls_circuits_connect(const ls_topology *topology, ls_cross_connects *made);
void ls_circuits_destroy(ls_cross_connects *made);

/* Writes them as CSV: ocs, a_port, b_port, from_device, to_device, link. LS_ERR_IO, LS_ERR_MEMORY;
 * path then holds what it held before. */
ls_status ls_circuits_write(const ls_topology *topology, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
