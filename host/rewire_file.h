/* An exported design with OCS, wired anew for a demand. */
#ifndef LS_REWIRE_FILE_H
#define LS_REWIRE_FILE_H

#include "flow.h"
#include "rewire.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_rewire_report {
  int32_t plane_count, block_count, ocs_count; /* blocks and OCS of a plane */
  ls_rewired told;                             /* of all planes */
  ls_flow_range before, after; /* theta of the demand, of the worst plane: its busiest
                                  block sends all its NICs can at 1 */
} ls_rewire_report;

/* Reads the design and the demand (a square matrix of its blocks: leaves, or pods), wires every
 * plane for it, and writes the cross-connects of all OCS as CSV (circuits.h); csv_path NULL: none.
 * LS_ERR_NO: the design has no OCS; LS_ERR_INPUT, LS_ERR_IO, LS_ERR_MEMORY. */
ls_status ls_rewire_file(const char *path, const char *demand_path, const char *csv_path,
                         ls_rewire_report *report, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
