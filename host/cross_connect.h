/* The connections of one OCS that make given links of what is cabled to it.
 *
 * An OCS joins a port of side A to one of side B. Light enters it at side A and leaves at side B
 * where each direction of a link has a strand of its own: a link is then two connections for each
 * fiber pair, A of the one to B of the other and back. Where both directions share a strand a link
 * is one connection for each; it has half of a device's strands on either side, so links are turned
 * until every device has as many from A as to B, or one more where it has an odd number (an
 * Eulerian orientation, Hierholzer's walk). */
#ifndef LS_CROSS_CONNECT_H
#define LS_CROSS_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The run of ports that a device has at an OCS, the same on both sides. */
typedef struct ls_cabling {
  int32_t device, first, count; /* first: 0-based; count: of either side */
} ls_cabling;

/* A link between two cablings of an OCS. */
typedef struct ls_ocs_link {
  int32_t a, b;
} ls_ocs_link;

typedef struct ls_cross_connect {
  int32_t ocs, from, to;  /* from is cabled to a_port, to to b_port */
  int32_t a_port, b_port; /* from 1 */
  int32_t link;           /* within the OCS, from 1: connections of a link have one number */
} ls_cross_connect;

typedef struct ls_ocs_unit {
  int32_t ocs;
  int32_t pairs;  /* fiber pairs of a link */
  bool is_shared; /* both directions of a pair share a strand */
  int32_t cabling_count, link_count;
  const ls_cabling *cablings; /* [cabling_count] */
  const ls_ocs_link *links;   /* [link_count] */
} ls_ocs_unit;

/* How many connections its links take. */
static inline int64_t ls_ocs_unit_connects(const ls_ocs_unit *unit)
{
  return (int64_t)unit->link_count * unit->pairs * (unit->is_shared ? 1 : 2);
}

/* made: [ls_ocs_unit_connects], filled by link. LS_ERR_MEMORY; LS_ERR_INTERNAL: some device has
 * more links than ports. O(links + cablings). */
ls_status ls_cross_connect_unit(const ls_ocs_unit *unit, ls_cross_connect *made);

#ifdef __cplusplus
}
#endif
#endif
