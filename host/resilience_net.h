/* What can fail in a file's network, as the backends take it (kernels/failure.h), between the files
 * of resilience.h alone. */
#ifndef LS_RESILIENCE_NET_H
#define LS_RESILIENCE_NET_H

#include "../kernels/failure.h"
#include "resilience.h"
#include "verify_graph.h"

/* Of a part of the net: parts of one kind at one end of a bundle, a device, or a tray. */
typedef struct ls_resilience_part {
  int32_t kind; /* ls_failing_kind */
  int64_t count;
  double fit; /* of all of them */
} ls_resilience_part;

typedef struct ls_resilience_net {
  const ls_record *record;
  ls_failure_net net; /* its arrays are these */
  ls_failure_node *nodes;
  ls_failure_edge *edges;
  ls_failure_component *parts;
  int32_t *set_first, *taken;
  ls_resilience_part *about; /* [net.part_count] */
  int32_t part_room, tray_count;
} ls_resilience_net;

/* Only parts of a kind are drawn, or with LS_FAILING_KIND_COUNT all, each as often as it fails.
 * LS_ERR_NO: there are none; LS_ERR_MEMORY. Destroy it whatever the status. O(edges * halls). */
ls_status ls_resilience_net_create(const ls_record *record, ls_failing_kind drawn,
                                   ls_resilience_net *self);
void ls_resilience_net_destroy(ls_resilience_net *self);

/* Takes the links of a draw of so many parts out of a record, those of dead devices whole: the
 * first of the draws that ls_resilience_measure makes of this seed. LS_ERR_NO: no part can fail;
 * LS_ERR_MEMORY: *record is as it was. */
ls_status ls_resilience_break(ls_record *record, uint64_t seed, int32_t failures);

/* The id of the node or edge of a part, or the name of the tray. */
void ls_resilience_net_where(const ls_resilience_net *self, int32_t part, char where[64]);

#endif
