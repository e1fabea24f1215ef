/* Where the devices of a design may stand, what cords cost between any two slots, and what a whole
 * placement costs: what the search for better places (improve.h) and its bound share. */
#ifndef LS_PLACES_H
#define LS_PLACES_H

#include "floor.h"
#include "topology_build.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A cord of a tier between two slots. */
typedef struct ls_place_cord {
  int64_t cents;
  int32_t length_mm, fiber_mm; /* fiber: of all strands, as bought */
  bool is_broken;              /* breaks reach or budget */
  bool is_bad;                 /* does, or is longer than the policy's longest of the tier */
} ls_place_cord;

typedef struct ls_place_slot {
  int32_t x, y; /* where it stands, in units of ls_places */
  int32_t rack; /* the GPU rack that stands there, -1: none */
  int32_t feed; /* -1: fed twice */
  bool is_network, is_liquid;
  bool is_gpu,
      is_built_gpu;   /* GPU racks may stand there; one does already, and one always has to */
  int32_t rack_units; /* beside the servers */
  int64_t power_mw;
} ls_place_slot;

/* What a placement costs: what is bad first, then cents, then the length of all links. */
typedef struct ls_place_total {
  int64_t bad_count, cents, length_mm;
} ls_place_total;

static inline bool ls_places_is_better(const ls_place_total *a, const ls_place_total *b)
{
  if (a->bad_count != b->bad_count) return a->bad_count < b->bad_count;
  if (a->cents != b->cents) return a->cents < b->cents;
  return a->length_mm < b->length_mm;
}

typedef struct ls_places {
  const ls_topology_build *build;
  const ls_floor_plan *plan;
  int32_t slot_count;
  bool has_liquid_zone;             /* some slots are liquid-cooled, not all */
  bool has_air;                     /* some of the network's slots are not */
  ls_place_slot *slots;             /* [slot_count] */
  int32_t unit_mm, distance_count;  /* all distances are below distance_count units */
  ls_place_cord *cord[LS_TIER_MAX]; /* [distance_count] by distance, where two slots are so far
                                     apart; the first one that within a slot; NULL: none */
  int32_t circuit_mm_max;           /* of the policy */
  int32_t *edge_first, *edge_of;    /* [nodes + 1], [2 edges] cords at a node */
} ls_places;

/* The floor must be placed by the policy, and the edges finished. LS_ERR_FULL when the floor has
 * too many distances for a table of its cords: nothing is to be destroyed then. LS_ERR_MEMORY.
 * O(slots + rows^2 + distances + edges). */
ls_status ls_places_create(const ls_topology_build *build, const ls_floor_plan *plan,
                           ls_places *places);
void ls_places_destroy(ls_places *places);

/* Whether a device, by its index in the plan, may stand in a slot by the rules of the policy: a
 * leaf in a GPU rack that it serves, any device in a slot that no GPU rack takes and that no fixed
 * use excludes, on its feed or fed twice; liquid-cooled boxes where there is liquid, the others
 * where there is none. Where the policy put it, it may stand. */
bool ls_places_allow(const ls_places *places, int32_t device, int32_t slot);

/* The same with the GPU racks elsewhere: this one in the slot, -1: none. */
bool ls_places_allow_beside(const ls_places *places, int32_t device, int32_t slot, int32_t rack);

/* Whether the policy put a device where its rules alone would not: only it may stand there. */
bool ls_places_is_exception(const ls_places *places, int32_t device);

/* What the servers of a GPU rack take. */
int32_t ls_places_rack_units(const ls_places *places, int32_t rack);
int64_t ls_places_rack_mw(const ls_places *places, int32_t rack);

/* Whether a circuit is longer than the policy's longest. */
bool ls_places_circuit_is_bad(const ls_places *places, const ls_edge *circuit, const int32_t *slot);

/* How many devices like this one an emptied slot, less used_units and used_mw, holds. */
int32_t ls_places_room(const ls_places *places, int32_t device, int32_t slot, int32_t used_units,
                       int64_t used_mw);

/* Where the cord between two slots is in the table of its tier: its length and price follow from
 * how far apart they are along and across rows together, and no two slots are at no distance. */
static inline int32_t ls_places_distance(const ls_places *places, int32_t slot_a, int32_t slot_b)
{
  const ls_place_slot *a = &places->slots[slot_a], *b = &places->slots[slot_b];
  const int32_t dx = a->x - b->x, dy = a->y - b->y;
  return (dx < 0 ? -dx : dx) + (dy < 0 ? -dy : dy);
}

static inline const ls_place_cord *ls_places_cord(const ls_places *places, int32_t tier,
                                                  int32_t slot_a, int32_t slot_b)
{
  return &places->cord[tier][ls_places_distance(places, slot_a, slot_b)];
}

/* What the cords of a placement are, legs to OCS too. */
typedef struct ls_place_cords {
  int64_t cents, fiber_mm;
  int32_t longest_mm;
} ls_place_cords;

/* slot: [nodes]. O(edges). */
ls_place_cords ls_places_cords(const ls_places *places, const int32_t *slot);
ls_place_total ls_places_total(const ls_places *places, const int32_t *slot);

#ifdef __cplusplus
}
#endif
#endif
