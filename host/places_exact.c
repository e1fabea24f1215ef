#include "places_exact.h"

#include <stdlib.h>

enum { THINGS_MAX = 64, PLACES_MAX = 64 };

/* Links of one tier between two devices. */
typedef struct trunk {
  int32_t tier, links;
} trunk;

typedef struct small_floor {
  const ls_places *places;
  int32_t racks, place_count, pair_count;
  int32_t *place;       /* [place_count] slots that some device may take */
  int64_t *cost;        /* [devices][place_count] cords to GPU racks */
  ls_exact_pair *pairs; /* [pair_count] bundles between devices */
  trunk *trunks;        /* [pair_count] */
  int64_t *need, *room; /* [2][devices], [2][place_count]: rack units, power */
} small_floor;

static void floor_free(small_floor *self)
{
  free(self->room);
  free(self->need);
  free(self->trunks);
  free(self->pairs);
  free(self->cost);
  free(self->place);
}

static int64_t links_cents(const small_floor *self, trunk of, int32_t slot_a, int32_t slot_b)
{
  const ls_place_cord *cord = ls_places_cord(self->places, of.tier, slot_a, slot_b);
  return cord->is_bad ? LS_EXACT_NEVER : of.links * cord->cents;
}

static int64_t pair_cents(const void *context, int32_t e, int32_t k, int32_t l)
{
  const small_floor *self = context;
  return links_cents(self, self->trunks[e], self->place[k], self->place[l]);
}

static void places_list(small_floor *self)
{
  const ls_places *places = self->places;
  for (int32_t s = 0; s < places->slot_count; s++) {
    bool is_wanted = false;
    for (int32_t d = 0; d < places->plan->device_count && !is_wanted; d++)
      is_wanted = ls_places_allow(places, d, s) && ls_places_room(places, d, s, 0, 0) > 0;
    if (is_wanted) self->place[self->place_count++] = s;
  }
}

/* What a device pays at each place for its cords to GPU racks. */
static void device_price(small_floor *self, const int32_t *slot, int32_t device)
{
  const ls_places *places = self->places;
  const int32_t node = self->racks + device;
  for (int32_t k = 0; k < self->place_count; k++) {
    int64_t *cost = &self->cost[(int64_t)device * self->place_count + k];
    *cost = ls_places_allow(places, device, self->place[k]) ? 0 : LS_EXACT_NEVER;
    for (int32_t i = places->edge_first[node];
         i < places->edge_first[node + 1] && *cost != LS_EXACT_NEVER; i++) {
      const ls_edge *edge = &places->build->topology->edges[places->edge_of[i]];
      const int32_t other = edge->node_a == node ? edge->node_b : edge->node_a;
      if (other >= self->racks) continue;
      const int64_t cents =
          links_cents(self, (trunk){edge->tier, edge->link_count}, slot[other], self->place[k]);
      *cost = cents == LS_EXACT_NEVER ? cents : *cost + cents;
    }
  }
}

static void room_fill(small_floor *self)
{
  const ls_places *places = self->places;
  const int32_t devices = places->plan->device_count;
  for (int32_t d = 0; d < devices; d++) {
    self->need[d] = places->plan->devices[d].rack_units;
    self->need[devices + d] = places->plan->devices[d].power_mw;
  }
  for (int32_t k = 0; k < self->place_count; k++) {
    self->room[k] = places->slots[self->place[k]].rack_units;
    self->room[self->place_count + k] = places->slots[self->place[k]].power_mw;
  }
}

static ls_status floor_init(const ls_places *places, const int32_t *slot, small_floor *self)
{
  const ls_topology *topology = places->build->topology;
  const size_t devices = (size_t)places->plan->device_count, slots = (size_t)places->slot_count;
  const size_t edges = (size_t)topology->edge_count;
  self->place = malloc((slots + 1) * sizeof *self->place);
  self->cost = malloc((devices * slots + 1) * sizeof *self->cost);
  self->pairs = malloc((edges + 1) * sizeof *self->pairs);
  self->trunks = malloc((edges + 1) * sizeof *self->trunks);
  self->need = malloc((2 * devices + 1) * sizeof *self->need);
  self->room = malloc((2 * slots + 1) * sizeof *self->room);
  if (!self->place || !self->cost || !self->pairs || !self->trunks || !self->need || !self->room)
    return LS_ERR_MEMORY;
  places_list(self);
  if (self->place_count > PLACES_MAX) return LS_ERR_FULL;
  for (int32_t d = 0; d < places->plan->device_count; d++) device_price(self, slot, d);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) return LS_ERR_FULL;
    if (edge->node_a < self->racks || edge->node_b < self->racks) continue;
    self->pairs[self->pair_count] =
        (ls_exact_pair){edge->node_a - self->racks, edge->node_b - self->racks};
    self->trunks[self->pair_count++] = (trunk){edge->tier, edge->link_count};
  }
  room_fill(self);
  return LS_OK;
}

ls_status ls_places_exact(const ls_places *places, const ls_linear_limits *limits, int32_t *slot,
                          int64_t *cents)
{
  int32_t at[THINGS_MAX];
  small_floor self = {.places = places, .racks = places->plan->rack_count};
  const int32_t devices = places->plan->device_count;
  if (devices > THINGS_MAX) return LS_ERR_FULL;
  ls_status status = floor_init(places, slot, &self);
  if (status == LS_OK) {
    const ls_exact exact = {.thing_count = devices,
                            .place_count = self.place_count,
                            .pair_count = self.pair_count,
                            .resource_count = 2,
                            .cost = self.cost,
                            .pairs = self.pairs,
                            .pair_cost = pair_cents,
                            .context = &self,
                            .need = self.need,
                            .room = self.room};
    status = ls_exact_solve(&exact, limits, at, cents);
  }
  if (status == LS_OK)
    for (int32_t d = 0; d < devices; d++) slot[self.racks + d] = self.place[at[d]];
  floor_free(&self);
  return status;
}
