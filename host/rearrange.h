/* A placement that changes step by step, with exact differences: what is proposed is priced by the
 * cords of what would move, before and after, and taken or left. Moves keep all rules of the
 * policy's placement, and GPU racks move too, with the leaves that stand in them. */
#ifndef LS_REARRANGE_H
#define LS_REARRANGE_H

#include "../kernels/philox.h"
#include "places.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A cord of a node, or several to the same other node. */
typedef struct ls_wire {
  const ls_place_cord *cords; /* of its tier, by distance */
  int32_t other, links;
} ls_wire;

/* What all walkers share. */
typedef struct ls_floor_game {
  const ls_places *places;
  bool has_free_racks; /* GPU racks move */
  int32_t node_count;
  int32_t *wire_first; /* [node_count + 1] */
  ls_wire *wires;
  int32_t *circuit_first; /* [node_count + 1] circuits that end at a node or pass it */
  int32_t *circuit_of;    /* edges */
} ls_floor_game;

/* LS_ERR_MEMORY; nothing is to be destroyed then. O(edges). */
ls_status ls_floor_game_create(const ls_places *places, bool has_free_racks, ls_floor_game *game);
void ls_floor_game_destroy(ls_floor_game *game);

typedef struct ls_walker {
  const ls_floor_game *game;
  int64_t cents, bad_count; /* of this placement: ls_places_total has the same */
  int32_t *slot;            /* [nodes] */
  int32_t *first_at;        /* [slots] a node there, or -1 */
  int32_t *next_at;         /* [nodes] the next one in the same slot, or -1 */
  int32_t *rack_at;         /* [slots] the GPU rack there, or -1 */
  int32_t *units;           /* [slots] rack units left */
  int64_t *power_mw;        /* [slots] left */
  int32_t *moving;          /* [nodes] nodes of the proposal */
  int32_t *target;          /* [nodes] where they would go */
  int32_t moving_count;
  uint64_t stamp;
  uint64_t *stamped;              /* [nodes] the last proposal that would move the node */
  int64_t delta_cents, delta_bad; /* of the proposal */
} ls_walker;

/* slot: [nodes], copied. Destroy it whatever the status. LS_ERR_MEMORY. O(edges). */
ls_status ls_walker_create(const ls_floor_game *game, const int32_t *slot, ls_walker *walker);
void ls_walker_destroy(ls_walker *walker);

/* Goes to another placement. O(edges). */
void ls_walker_start(ls_walker *walker, const int32_t *slot);

/* Draws what might move and prices it. false: the rules forbid it, or nothing would move. O(cords
 * of what would move). */
bool ls_walker_propose(ls_walker *walker, const ls_philox_words *words);

/* Does what was proposed. */
void ls_walker_accept(ls_walker *walker);

#ifdef __cplusplus
}
#endif
#endif
