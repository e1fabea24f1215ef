/* Circuits for a demand: how many links each two blocks should have, which OCS carries which, and
 * how few of the circuits that are there must move.
 *
 * Every block has ports at every OCS of its plane. Wanted links keep their circuits where they have
 * some; the others go where both blocks have a free port. Where no OCS has one for both, a chain of
 * circuits changes places between an OCS at which the one is free and one at which the other is
 * (Kempe's chain), those of old links last. At least as many circuits are new as there are wanted
 * links that no old circuit makes: that bound is told beside. */
#ifndef LS_REWIRE_H
#define LS_REWIRE_H

#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_REWIRE_BLOCKS_MAX = 1024 };

/* links: [blocks][blocks], symmetric, diagonal 0: one each to every stride-th block on from a
 * block, as far as uplinks suffice, which keeps all joined; the others one by one to the pair whose
 * demand there is most of for each of its links, as long as both blocks have uplinks left. demand:
 * [blocks][blocks], at least 0; the larger direction counts. uplinks: [blocks]. stride: 1: every
 * two blocks keep a link. LS_ERR_MEMORY. O(links * blocks) on demands as they are met, at worst
 * O(links * blocks^2). */
ls_status ls_rewire_links(int32_t block_count, const double *demand, const int32_t *uplinks,
                          int32_t stride, int32_t *links);

/* Adds links to those that are there, one by one to the pair whose demand there is most of for each
 * of its links, as above. */
ls_status ls_rewire_links_add(int32_t block_count, const double *demand, const int32_t *uplinks,
                              int32_t *links);

typedef struct ls_rewire {
  int32_t block_count, ocs_count;
  const int32_t *ports; /* [ocs][blocks] links that a block can have there */
  const int32_t *old;   /* [ocs][blocks][blocks], symmetric */
  const int32_t *links; /* [blocks][blocks] wanted, symmetric */
} ls_rewire;

typedef struct ls_rewired {
  int32_t kept, moved; /* circuits that stay; that are new */
  int32_t moved_bound; /* no way to make as many of the wanted links has fewer new ones */
  int32_t dark;        /* wanted links that found no place */
} ls_rewired;

/* made: [ocs][blocks][blocks], filled, symmetric. LS_ERR_MEMORY. */
ls_status ls_rewire_run(const ls_rewire *wanted, int32_t *made, ls_rewired *told);

#ifdef __cplusplus
}
#endif
#endif
