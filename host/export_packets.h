/* The network as simulators of packets see it: numbered GPUs and switches with links between them.
 * Light passes OCS, so a circuit is a link of its ends. Links between the same two nodes are one of
 * their rates together, since ns-3's models in use keep one link for each pair. */
#ifndef LS_EXPORT_PACKETS_H
#define LS_EXPORT_PACKETS_H

#include "verify_graph.h"

/* Addresses are made of 16 bits of a node's number. */
enum { LS_PACKETS_NODES_MAX = 65536 };

typedef struct ls_packet_link {
  int32_t a, b; /* numbers; a is a GPU or, between switches, the smaller */
  int64_t gbps, delay_ns;
} ls_packet_link;

typedef struct ls_packets {
  const ls_record *record;
  int32_t gpu_count, switch_first, switch_count;
  int32_t *number_of; /* [node_count] of a switch, and of a rack's first GPU; OCS: -1; owned */
  int32_t link_count;
  ls_packet_link *links; /* [link_count] by a, then b; owned */
} ls_packets;

/* GPUs are 0, 1, ... by rack in the order of the file; between_count numbers are left out behind
 * them; then come leaves, spines, super-spines and cores, each in the order of the file. `tool`
 * names the consumer in messages. LS_ERR_NO: more than LS_PACKETS_NODES_MAX. LS_ERR_INPUT as
 * export_ports.h, LS_ERR_MEMORY. O(links of GPUs + edges log edges). Destroy it whatever the
 * status. */
ls_status ls_packets_create(const ls_record *record, int64_t between_count, const char *tool,
                            ls_packets *packets, ls_error *error);
void ls_packets_destroy(ls_packets *packets);

/* Lines that tell numbers by name: "# 12 rack0000-gpu12". Behind the last link, where readers do
 * not look. */
void ls_packets_write_names(const ls_packets *packets, FILE *stream);

#endif
