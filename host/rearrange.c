#include "rearrange.h"

#include <stdlib.h>
#include <string.h>

/* ---- The game ---- */

static bool is_circuit(const ls_edge *edge) { return edge->kind == LS_EDGE_CIRCUIT; }

/* Counts at node + 1, then sums: where the list of each node begins. */
static void firsts_sum(int32_t *first, int32_t nodes)
{
  for (int32_t n = 0; n < nodes; n++) first[n + 1] += first[n];
}

static void wires_list(ls_floor_game *self)
{
  const ls_places *places = self->places;
  const ls_topology *topology = places->build->topology;
  for (int32_t n = 0, at = 0; n < self->node_count; n++) {
    self->wire_first[n] = at;
    for (int32_t i = places->edge_first[n]; i < places->edge_first[n + 1]; i++) {
      const ls_edge *edge = &topology->edges[places->edge_of[i]];
      const int32_t other = edge->node_a == n ? edge->node_b : edge->node_a;
      self->wires[at++] = (ls_wire){places->cord[edge->tier], other, edge->link_count};
    }
    self->wire_first[n + 1] = at;
  }
}

static ls_status circuits_list(ls_floor_game *self)
{
  const ls_topology *topology = self->places->build->topology;
  const size_t nodes = (size_t)self->node_count;
  int32_t *at = malloc((nodes + 1) * sizeof *at);
  int64_t count = 0;
  if (!at) return LS_ERR_MEMORY;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (!is_circuit(edge)) continue;
    self->circuit_first[edge->node_a + 1]++;
    self->circuit_first[edge->node_b + 1]++;
    self->circuit_first[edge->via + 1]++;
    count += 3;
  }
  firsts_sum(self->circuit_first, self->node_count);
  memcpy(at, self->circuit_first, nodes * sizeof *at);
  self->circuit_of = malloc(((size_t)count + 1) * sizeof *self->circuit_of);
  for (int32_t e = 0; self->circuit_of && e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (!is_circuit(edge)) continue;
    self->circuit_of[at[edge->node_a]++] = e;
    self->circuit_of[at[edge->node_b]++] = e;
    self->circuit_of[at[edge->via]++] = e;
  }
  free(at);
  return self->circuit_of ? LS_OK : LS_ERR_MEMORY;
}

ls_status ls_floor_game_create(const ls_places *places, bool has_free_racks, ls_floor_game *game)
{
  const ls_topology *topology = places->build->topology;
  const size_t nodes = (size_t)topology->node_count;
  *game = (ls_floor_game){
      .places = places, .has_free_racks = has_free_racks, .node_count = topology->node_count};
  game->wire_first = malloc((nodes + 1) * sizeof *game->wire_first);
  game->wires = malloc((2 * (size_t)topology->edge_count + 1) * sizeof *game->wires);
  game->circuit_first = calloc(nodes + 1, sizeof *game->circuit_first);
  ls_status status = game->wire_first && game->wires && game->circuit_first ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) wires_list(game);
  if (status == LS_OK) status = circuits_list(game);
  if (status != LS_OK) ls_floor_game_destroy(game);
  return status;
}

void ls_floor_game_destroy(ls_floor_game *game)
{
  free(game->circuit_of);
  free(game->circuit_first);
  free(game->wires);
  free(game->wire_first);
}

/* ---- Who stands where ---- */

static int32_t rack_count(const ls_walker *self)
{
  return self->game->places->build->first[LS_NODE_LEAF];
}

static const ls_floor_device *device_of(const ls_walker *self, int32_t node)
{
  return &self->game->places->plan->devices[node - rack_count(self)];
}

static void node_enter(ls_walker *self, int32_t node, int32_t slot)
{
  self->slot[node] = slot;
  self->next_at[node] = self->first_at[slot];
  self->first_at[slot] = node;
  if (node < rack_count(self)) {
    self->rack_at[slot] = node;
    self->units[slot] -= ls_places_rack_units(self->game->places, node);
    self->power_mw[slot] -= ls_places_rack_mw(self->game->places, node);
    return;
  }
  self->units[slot] -= device_of(self, node)->rack_units;
  self->power_mw[slot] -= device_of(self, node)->power_mw;
}

static void node_leave(ls_walker *self, int32_t node)
{
  const int32_t slot = self->slot[node];
  int32_t *link = &self->first_at[slot];
  while (*link != node) link = &self->next_at[*link];
  *link = self->next_at[node];
  if (node < rack_count(self)) {
    self->rack_at[slot] = -1;
    self->units[slot] += ls_places_rack_units(self->game->places, node);
    self->power_mw[slot] += ls_places_rack_mw(self->game->places, node);
    return;
  }
  self->units[slot] += device_of(self, node)->rack_units;
  self->power_mw[slot] += device_of(self, node)->power_mw;
}

ls_status ls_walker_create(const ls_floor_game *game, const int32_t *slot, ls_walker *walker)
{
  const size_t nodes = (size_t)game->node_count, slots = (size_t)game->places->slot_count;
  *walker = (ls_walker){.game = game,
                        .slot = malloc(nodes * sizeof *walker->slot),
                        .first_at = malloc(slots * sizeof *walker->first_at),
                        .next_at = malloc(nodes * sizeof *walker->next_at),
                        .rack_at = malloc(slots * sizeof *walker->rack_at),
                        .units = malloc(slots * sizeof *walker->units),
                        .power_mw = malloc(slots * sizeof *walker->power_mw),
                        .moving = malloc(nodes * sizeof *walker->moving),
                        .target = malloc(nodes * sizeof *walker->target),
                        .stamped = calloc(nodes, sizeof *walker->stamped)};
  if (!walker->slot || !walker->first_at || !walker->next_at || !walker->rack_at ||
      !walker->units || !walker->power_mw || !walker->moving || !walker->target || !walker->stamped)
    return LS_ERR_MEMORY;
  ls_walker_start(walker, slot);
  return LS_OK;
}

void ls_walker_destroy(ls_walker *walker)
{
  free(walker->stamped);
  free(walker->target);
  free(walker->moving);
  free(walker->power_mw);
  free(walker->units);
  free(walker->rack_at);
  free(walker->next_at);
  free(walker->first_at);
  free(walker->slot);
}

void ls_walker_start(ls_walker *walker, const int32_t *slot)
{
  const ls_places *places = walker->game->places;
  const ls_place_total total = ls_places_total(places, slot);
  walker->cents = total.cents;
  walker->bad_count = total.bad_count;
  for (int32_t s = 0; s < places->slot_count; s++) {
    walker->first_at[s] = walker->rack_at[s] = -1;
    walker->units[s] = places->build->spec->floor.rack_units;
    walker->power_mw[s] = places->build->spec->floor.rack_power_mw;
  }
  for (int32_t n = 0; n < walker->game->node_count; n++) node_enter(walker, n, slot[n]);
}

/* ---- Prices ---- */

static bool is_moving(const ls_walker *self, int32_t node)
{
  return self->stamped[node] == self->stamp;
}

/* The circuits of a node that are too long; one that several moving nodes share counts at the first
 * of them. */
static int64_t circuits_bad(const ls_walker *self, int32_t node)
{
  const ls_floor_game *game = self->game;
  const ls_places *places = game->places;
  int64_t bad = 0;
  for (int32_t i = game->circuit_first[node]; i < game->circuit_first[node + 1]; i++) {
    const ls_edge *edge = &places->build->topology->edges[game->circuit_of[i]];
    const int32_t ends[3] = {edge->node_a, edge->node_b, edge->via};
    bool is_counted = true;
    for (int32_t k = 0; k < 3; k++) is_counted &= ends[k] >= node || !is_moving(self, ends[k]);
    bad += is_counted && ls_places_circuit_is_bad(places, edge, self->slot);
  }
  return bad;
}

/* All cords of the nodes that move, each once. */
static void moving_price(const ls_walker *self, int64_t *cents, int64_t *bad)
{
  const ls_floor_game *game = self->game;
  *cents = *bad = 0;
  for (int32_t m = 0; m < self->moving_count; m++) {
    const int32_t node = self->moving[m], slot = self->slot[node];
    for (int32_t i = game->wire_first[node]; i < game->wire_first[node + 1]; i++) {
      const ls_wire *wire = &game->wires[i];
      if (wire->other < node && is_moving(self, wire->other)) continue;
      const ls_place_cord *cord =
          &wire->cords[ls_places_distance(game->places, slot, self->slot[wire->other])];
      *cents += wire->links * cord->cents;
      *bad += cord->is_bad;
    }
    *bad += circuits_bad(self, node);
  }
}

/* Prices the nodes that are to move. */
static void proposal_price(ls_walker *self)
{
  int64_t cents, bad;
  moving_price(self, &self->delta_cents, &self->delta_bad);
  for (int32_t m = 0; m < self->moving_count; m++) {
    const int32_t kept = self->slot[self->moving[m]];
    self->slot[self->moving[m]] = self->target[m];
    self->target[m] = kept;
  }
  moving_price(self, &cents, &bad);
  self->delta_cents = cents - self->delta_cents;
  self->delta_bad = bad - self->delta_bad;
  for (int32_t m = 0; m < self->moving_count; m++) {
    const int32_t kept = self->slot[self->moving[m]];
    self->slot[self->moving[m]] = self->target[m];
    self->target[m] = kept;
  }
}

void ls_walker_accept(ls_walker *walker)
{
  for (int32_t m = 0; m < walker->moving_count; m++) node_leave(walker, walker->moving[m]);
  for (int32_t m = 0; m < walker->moving_count; m++)
    node_enter(walker, walker->moving[m], walker->target[m]);
  walker->cents += walker->delta_cents;
  walker->bad_count += walker->delta_bad;
}

/* ---- Proposals ---- */

static void proposal_begin(ls_walker *self)
{
  self->moving_count = 0;
  self->stamp++;
}

static void proposal_add(ls_walker *self, int32_t node, int32_t slot)
{
  self->moving[self->moving_count] = node;
  self->target[self->moving_count++] = slot;
  self->stamped[node] = self->stamp;
}

static bool may_stand(const ls_walker *self, int32_t node, int32_t slot, int32_t rack)
{
  return ls_places_allow_beside(self->game->places, node - rack_count(self), slot, rack);
}

/* All that stands in one slot goes to the other one. */
static bool contents_add(ls_walker *self, int32_t from, int32_t to)
{
  const ls_place_slot *place = &self->game->places->slots[to];
  const int32_t rack = self->rack_at[from];
  if (rack >= 0 && !place->is_gpu) return false;
  if (rack < 0 && place->is_built_gpu) return false;
  for (int32_t n = self->first_at[from]; n >= 0; n = self->next_at[n]) {
    if (n != rack && !may_stand(self, n, to, rack)) return false;
    proposal_add(self, n, to);
  }
  return true;
}

/* Slots are all of one size, so that their contents always fit each other. */
static bool contents_exchange(ls_walker *self, int32_t a, int32_t b)
{
  if (a == b || (!self->game->has_free_racks && (self->rack_at[a] >= 0 || self->rack_at[b] >= 0)))
    return false;
  return contents_add(self, a, b) && contents_add(self, b, a) && self->moving_count > 0;
}

/* What a slot lacks; at most 0: it has room. */
typedef struct lack {
  int32_t units;
  int64_t power_mw;
} lack;

static bool is_lacking(const lack *of) { return of->units > 0 || of->power_mw > 0; }

static void lack_add(lack *to, const ls_floor_device *device, int32_t sign)
{
  to->units += sign * device->rack_units;
  to->power_mw += sign * device->power_mw;
}

/* The device at a place in the list of a slot, or -1. */
static int32_t device_at(const ls_walker *self, int32_t slot, uint32_t word)
{
  int32_t count = 0, index = 0;
  for (int32_t n = self->first_at[slot]; n >= 0; n = self->next_at[n])
    count += n >= rack_count(self);
  if (count == 0) return -1;
  index = ls_philox_below(word, count);
  for (int32_t n = self->first_at[slot];; n = self->next_at[n])
    if (n >= rack_count(self) && index-- == 0) return n;
}

/* A device goes to a slot; where there is no room, devices from there, one at random and those
 * behind it, take its place until there is. */
static bool device_move(ls_walker *self, int32_t node, int32_t to, uint32_t word)
{
  const int32_t from = self->slot[node], rack = self->rack_at[from];
  lack there = {-self->units[to], -self->power_mw[to]};
  lack here = {-self->units[from], -self->power_mw[from]};
  if (from == to || !may_stand(self, node, to, self->rack_at[to])) return false;
  proposal_add(self, node, to);
  lack_add(&there, device_of(self, node), 1);
  lack_add(&here, device_of(self, node), -1);
  for (int32_t n = device_at(self, to, word); n >= 0 && is_lacking(&there); n = self->next_at[n]) {
    if (n < rack_count(self) || !may_stand(self, n, from, rack)) continue;
    proposal_add(self, n, from);
    lack_add(&there, device_of(self, n), -1);
    lack_add(&here, device_of(self, n), 1);
  }
  return !is_lacking(&there) && !is_lacking(&here);
}

/* A slot of the neighbourhood: at most a few racks along and one row across. */
static int32_t slot_nearby(const ls_walker *self, int32_t slot, uint32_t word)
{
  enum { ALONG = 3, ACROSS = 1 };
  const ls_spec_floor *floor = &self->game->places->build->spec->floor;
  const int32_t racks = floor->racks_per_row;
  const int32_t along = ls_philox_below(word, 2 * ALONG + 1) - ALONG;
  const int32_t across = ls_philox_below(word * 0x9E3779B9U, 2 * ACROSS + 1) - ACROSS;
  const int64_t column = ls_max(0, ls_min(racks - 1, slot % racks + along));
  const int64_t row = ls_max(0, ls_min(floor->row_count - 1, slot / racks + across));
  return (int32_t)(row * racks + column);
}

bool ls_walker_propose(ls_walker *walker, const ls_philox_words *words)
{
  enum { EXCHANGE_CONTENTS = 3, EIGHTHS = 8 };
  const ls_floor_game *game = walker->game;
  const int32_t racks = rack_count(walker), choice = (int32_t)(words->v[0] >> 29);
  const bool is_near = words->v[0] >> 28 & 1;
  bool is_allowed;
  proposal_begin(walker);
  if (choice < EXCHANGE_CONTENTS) {
    const int32_t first = game->has_free_racks ? 0 : racks;
    const int32_t node = first + ls_philox_below(words->v[1], game->node_count - first);
    const int32_t slot = walker->slot[node];
    const int32_t other = is_near ? slot_nearby(walker, slot, words->v[2])
                                  : ls_philox_below(words->v[2], game->places->slot_count);
    is_allowed = contents_exchange(walker, slot, other);
  } else {
    const int32_t node = racks + ls_philox_below(words->v[1], game->node_count - racks);
    const int32_t wires = game->wire_first[node + 1] - game->wire_first[node];
    const int32_t wire = game->wire_first[node] + ls_philox_below(words->v[2], wires);
    int32_t to = walker->slot[game->wires[wire].other];
    if (choice == EXCHANGE_CONTENTS) to = ls_philox_below(words->v[2], game->places->slot_count);
    if (choice == EXCHANGE_CONTENTS + 1)
      to = walker->slot[racks + ls_philox_below(words->v[2], game->node_count - racks)];
    if (choice == EXCHANGE_CONTENTS + 2) to = slot_nearby(walker, walker->slot[node], words->v[2]);
    is_allowed = device_move(walker, node, to, words->v[3]);
  }
  if (is_allowed) proposal_price(walker);
  return is_allowed;
}
