/* Which port of which device, and which GPU of a rack, each link of a bundle ends at: the numbers
 * of NAME.cables.csv (schedule.h), from the GraphML alone. A circuit has the ports of its legs. */
#ifndef LS_EXPORT_PORTS_H
#define LS_EXPORT_PORTS_H

#include "verify_graph.h"

typedef struct ls_port_map {
  const ls_record *record;
  /* [edge_count] the port of a bundle's first link, from 1; of an OCS on either side; of a rack how
   * many GPUs of the leaf's rail (all, without rails) other bundles of its plane have taken. */
  int64_t *first_a, *first_b;
} ls_port_map;

/* LS_ERR_INPUT where a rack has more GPUs than its servers hold, bundles take more GPUs than it
 * has, access does not join a rack to a leaf, circuits have more links than their legs, or a switch
 * has more ports towards the GPUs than there is room for; LS_ERR_MEMORY. O(edges log edges).
 * Destroy it whatever the status. */
ls_status ls_port_map_create(const ls_record *record, ls_port_map *ports, ls_error *error);
void ls_port_map_destroy(ls_port_map *ports);

/* The GPU of the rack, from 0, that link `link` (from 0) of an access bundle ends at. */
int64_t ls_port_map_gpu(const ls_port_map *ports, int32_t edge, int64_t link);

/* An end of a link, by the names that lists of devices and cables have. */
typedef struct ls_link_end {
  char device[LS_RECORD_ID_MAX + 16]; /* "p0-leaf003"; of a rack's server "rack0007-s2" */
  char port[24];                      /* "eth12"; of an OCS "A12" or "B12" */
} ls_link_end;

/* Both ends of link `link` of any bundle. The ports of a server count its GPUs in plane 0, then
 * those in plane 1, so that numbers do not move when planes are added. Of a leg with one strand a
 * link the first half ends at side A of the OCS; with more it ends at many ports, of which this is
 * the first of side A. */
void ls_port_map_ends(const ls_port_map *ports, int32_t edge, int64_t link, ls_link_end ends[2]);

/* Writes the server's name: "rack0007-s2". */
void ls_server_name(const ls_record_node *rack, int64_t server, char name[LS_RECORD_ID_MAX + 16]);

#endif
