/* Where the devices of a design may stand, what cords cost between any two slots, and what a whole
 * placement costs: what the search for better places (improve.h) and its bound share. */
#ifndef LS_PLACES_H
#define LS_PLACES_H

#include "floor.h"
#include "topology_build.h"

/* A cord of a tier between two slots. */
typedef struct ls_place_cord {
  int64_t cents;
  int32_t length_mm;
  bool is_bad; /* breaks reach or budget, or is longer than the policy's longest of the tier */
} ls_place_cord;

typedef struct ls_place_slot {
  int32_t rack; /* the GPU rack that stands there, -1: none */
  int32_t feed; /* -1: fed twice */
  bool is_network, is_liquid;
  int32_t rack_units; /* beside the servers */
  int64_t power_mw;
} ls_place_slot;

/* What a placement costs: what is bad first, then cents, then the length of all links. */
typedef struct ls_place_total {
  int64_t bad_count, cents, length_mm;
} ls_place_total;

typedef struct ls_places {
  const ls_topology_build *build;
  const ls_floor_plan *plan;
  int32_t slot_count;
  bool has_liquid_zone;             /* some slots are liquid-cooled, not all */
  bool has_air;                     /* some of the network's slots are not */
  ls_place_slot *slots;             /* [slot_count] */
  ls_place_cord *cord[LS_TIER_MAX]; /* [rows][rows][racks apart], behind them that within a slot;
                                     NULL: no cord of the tier */
  int32_t circuit_mm_max;           /* of the policy */
  int32_t *edge_first, *edge_of;    /* [nodes + 1], [2 edges] cords at a node */
} ls_places;

/* The floor must be placed by the policy, and the edges finished. LS_ERR_FULL when the floor is too
 * large for a table of its cords: nothing is to be destroyed then. LS_ERR_MEMORY. O(slots * rows +
 * edges). */
ls_status ls_places_create(const ls_topology_build *build, const ls_floor_plan *plan,
                           ls_places *places);
void ls_places_destroy(ls_places *places);

/* Whether a device, by its index in the plan, may stand in a slot by the rules of the policy: a
 * leaf in a GPU rack that it serves, any device in a slot that no GPU rack takes and that no fixed
 * use excludes, on its feed or fed twice; liquid-cooled boxes where there is liquid, the others
 * where there is none. Where the policy put it, it may stand. */
bool ls_places_allow(const ls_places *places, int32_t device, int32_t slot);

/* How many devices like this one an emptied slot, less used_units and used_mw, holds. */
int32_t ls_places_room(const ls_places *places, int32_t device, int32_t slot, int32_t used_units,
                       int64_t used_mw);

static inline const ls_place_cord *ls_places_cord(const ls_places *places, int32_t tier,
                                                  int32_t slot_a, int32_t slot_b)
{
  const ls_spec_floor *floor = &places->build->spec->floor;
  const int32_t rows = floor->row_count, racks = floor->racks_per_row;
  if (slot_a == slot_b) return &places->cord[tier][rows * rows * racks];
  const int32_t apart = slot_a % racks - slot_b % racks;
  return &places->cord[tier][(slot_a / racks * rows + slot_b / racks) * racks +
                             (apart < 0 ? -apart : apart)];
}

/* slot: [nodes]. O(edges). */
ls_place_total ls_places_total(const ls_places *places, const int32_t *slot);

#endif
