/* Moves of a search for wirings that are drawn ahead and evaluated in one batch on a device. As
 * long as a move is refused the next one starts from the same graph, so a search that draws many of
 * them, takes the first that may be taken and forgets those behind it goes the same way as one that
 * evaluates move by move. What it gains depends on how many are refused: most, when it is cold. */
#ifndef LS_WIRE_AHEAD_H
#define LS_WIRE_AHEAD_H

#include "../kernels/apsp_backend.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_WIRE_AHEAD_MAX = 256 };

typedef struct ls_wire_ahead {
  const ls_apsp_backend *backend;
  ls_apsp_device *device;
  ls_apsp_shape shape;
  int32_t count, patch_count;    /* of the batch that is being drawn */
  ls_apsp_dart *table;           /* [dart_max][layer_count] as it is now */
  ls_apsp_patch *patches;        /* [LS_WIRE_AHEAD_MAX * darts of a move] */
  ls_apsp_candidate *candidates; /* [LS_WIRE_AHEAD_MAX] */
  ls_apsp_sum *sums;             /* [LS_WIRE_AHEAD_MAX] */
} ls_wire_ahead;

/* For moves that change up to dart_count darts of graphs shaped as *apsp, which stays and of which
 * nothing else is looked at. LS_ERR_MEMORY, LS_ERR_DEVICE. */
ls_status ls_wire_ahead_create(const ls_apsp_backend *backend, const ls_apsp *apsp,
                               int32_t dart_count, ls_wire_ahead **ahead);
void ls_wire_ahead_destroy(ls_wire_ahead *ahead); /* NULL is fine */

/* As ls_apsp_dart_set. */
static inline void ls_wire_ahead_dart_set(ls_wire_ahead *ahead, int32_t layer, int32_t index,
                                          int32_t to, int32_t shift)
{
  ahead->table[ls_apsp_dart_at(&ahead->shape, layer, index)] =
      ls_apsp_dart_make(&ahead->shape, to, shift);
}

/* The next move of the batch changes that dart to what it is now; every dart once a move. */
void ls_wire_ahead_patch(ls_wire_ahead *ahead, int32_t layer, int32_t index);

/* Closes the move. Until the batch is evaluated all darts must be as they were before it. */
void ls_wire_ahead_add(ls_wire_ahead *ahead, int64_t threshold);

/* Evaluates the batch and empties it; sums has what was found of its moves. Returns in *taken the
 * first whose sum is not above its threshold, or their number. LS_ERR_DEVICE. */
ls_status ls_wire_ahead_evaluate(ls_wire_ahead *ahead, int32_t *taken);

#ifdef __cplusplus
}
#endif
#endif
