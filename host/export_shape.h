/* The regular shape of a design, for formats that describe networks by a few numbers: how many
 * devices of a kind each device of another is joined to, the same for all of them. */
#ifndef LS_EXPORT_SHAPE_H
#define LS_EXPORT_SHAPE_H

#include "verify_graph.h"

enum { LS_SHAPE_TIER_MAX = 3 }; /* leaves, spines, cores */

/* One tier of switches in one network. */
typedef struct ls_shape_tier {
  int64_t count;   /* switches */
  int64_t below;   /* devices of the tier below that one is joined to; of a leaf GPUs */
  int64_t bundle;  /* links to each of them */
  int64_t up;      /* links of one to the tier above; 0: the top */
  int64_t gbps;    /* of a link below it */
  int64_t link_ps; /* of the slowest of them, without chassis */
  int64_t pass_ps; /* of the slowest chassis */
} ls_shape_tier;

/* Networks (planes, or rails of planes that no link joins) are all alike. */
typedef struct ls_shape {
  int64_t network_count, gpu_count; /* of one: its GPUs */
  int64_t pod_count;                /* groups of leaves that spines join */
  int32_t tier_count;
  ls_shape_tier tiers[LS_SHAPE_TIER_MAX];
  /* Where switches of the top tier are joined to each other, each block of them to each other one
   * by peer_links; blocks: leaves, or pods. 0: none are. */
  int64_t block_count, peer_links, peer_gbps, peer_ps;
} ls_shape;

/* Fills *shape. `tool` is who describes networks so, for messages. LS_ERR_NO with what is not
 * regular: leaves of different GPUs, trunks of different links, four tiers, a mesh that is not
 * complete. LS_ERR_INPUT where access does not join a rack to a leaf, LS_ERR_MEMORY.
 * O(edges log edges). */
ls_status ls_shape_find(const ls_record *record, const char *tool, ls_shape *shape,
                        ls_error *error);

#endif
