#include "places.h"

#include <stdlib.h>
#include <string.h>

/* Entries of a table of cords: a floor of a kilometre by a kilometre has as many to the half
 * millimetre. */
enum { CORDS_MAX = 1 << 22 };

/* ---- Slots ---- */

/* Where network racks are built, the network takes no slot but those and what the policy opened
 * beside them: a cheaper cord is no reason to build one rack more. */
static void built_racks_keep(ls_places *places)
{
  const ls_spec_floor *floor = &places->build->spec->floor;
  bool has_built = false;
  for (int32_t s = 0; s < places->slot_count && !has_built; s++)
    has_built = ls_floor_slot_is_built(floor, s, "network");
  if (!has_built) return;
  for (int32_t s = 0; s < places->slot_count; s++)
    if (!ls_floor_slot_is_built(floor, s, "network")) places->slots[s].is_network = false;
  for (int32_t d = 0; d < places->plan->device_count; d++) {
    ls_place_slot *slot = &places->slots[places->plan->devices[d].slot];
    if (slot->rack < 0) slot->is_network = true;
  }
}

static int32_t common_divisor(int32_t a, int32_t b)
{
  while (b != 0) {
    const int32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* The coarsest unit in which all slots stand at whole coordinates, and how many distances it makes.
 * Returns that. */
static int64_t units_find(const ls_spec *spec, int32_t *unit_mm)
{
  const ls_spec_floor *floor = &spec->floor;
  int32_t x_mm = 0, y_mm = 0;
  *unit_mm = floor->rack_pitch_mm;
  for (int32_t row = 1; row < floor->row_count; row++) {
    ls_floor_position(spec, row * floor->racks_per_row, &x_mm, &y_mm);
    *unit_mm = common_divisor(*unit_mm, y_mm);
  }
  *unit_mm = (int32_t)ls_max(*unit_mm, 1);
  const int64_t width_mm = (int64_t)(floor->racks_per_row - 1) * floor->rack_pitch_mm;
  return (width_mm + y_mm) / *unit_mm + 1;
}

int32_t ls_places_rack_units(const ls_places *places, int32_t rack)
{
  return places->plan->server_count[rack] * places->build->spec->cluster.server_rack_units;
}

int64_t ls_places_rack_mw(const ls_places *places, int32_t rack)
{
  return places->plan->server_count[rack] * (int64_t)places->build->spec->cluster.server_power_mw;
}

static void slots_describe(ls_places *places)
{
  const ls_spec *spec = places->build->spec;
  const ls_spec_floor *floor = &spec->floor;
  const ls_floor_plan *plan = places->plan;
  for (int32_t s = 0; s < places->slot_count; s++) {
    int32_t x_mm, y_mm;
    ls_floor_position(spec, s, &x_mm, &y_mm);
    places->slots[s] =
        (ls_place_slot){.x = x_mm / places->unit_mm,
                        .y = y_mm / places->unit_mm,
                        .rack = -1,
                        .feed = ls_floor_zone(floor, &floor->feeds, s),
                        .is_network = ls_floor_slot_is_for(floor, s, "network"),
                        .is_gpu = ls_floor_slot_is_for(floor, s, "gpu"),
                        .is_built_gpu = ls_floor_slot_is_built(floor, s, "gpu"),
                        .is_liquid = ls_floor_zone(floor, &floor->liquid_cooled, s) >= 0,
                        .rack_units = floor->rack_units,
                        .power_mw = floor->rack_power_mw};
    places->has_liquid_zone |= floor->liquid_cooled.area_count > 0 && !places->slots[s].is_liquid;
  }
  for (int32_t i = 0; i < floor->blocked_count; i++)
    places->slots[floor->blocked_slot[i]].is_network =
        places->slots[floor->blocked_slot[i]].is_gpu = false;
  for (int32_t s = 0; s < places->slot_count; s++)
    places->has_air |= places->slots[s].is_network && !places->slots[s].is_liquid;
  for (int32_t r = 0; r < plan->rack_count; r++) {
    ls_place_slot *slot = &places->slots[plan->rack_slot[r]];
    slot->rack = r;
    slot->rack_units -= ls_places_rack_units(places, r);
    slot->power_mw -= ls_places_rack_mw(places, r);
  }
  built_racks_keep(places);
}

bool ls_places_allow(const ls_places *places, int32_t device, int32_t slot)
{
  return ls_places_allow_beside(places, device, slot, places->slots[slot].rack);
}

/* By the rules alone. */
static bool is_ruled_in(const ls_places *places, const ls_floor_device *asks, int32_t slot,
                        int32_t rack)
{
  const ls_place_slot *place = &places->slots[slot];
  const int32_t feed_count = places->build->spec->floor.feeds.zone_count;
  if (places->plan->plane_count > 1 && feed_count > 1 && place->feed >= 0 &&
      place->feed != asks->plane % feed_count)
    return false;
  const bool is_liquid = places->has_liquid_zone && asks->is_liquid_cooled;
  if (rack >= 0) return !is_liquid && asks->rack_first <= rack && rack <= asks->rack_last;
  return place->is_network && (is_liquid || places->has_air ? place->is_liquid == is_liquid : true);
}

bool ls_places_allow_beside(const ls_places *places, int32_t device, int32_t slot, int32_t rack)
{
  const ls_floor_device *asks = &places->plan->devices[device];
  if (asks->slot == slot && rack == places->slots[slot].rack) return true;
  return is_ruled_in(places, asks, slot, rack);
}

bool ls_places_is_exception(const ls_places *places, int32_t device)
{
  const ls_floor_device *asks = &places->plan->devices[device];
  return !is_ruled_in(places, asks, asks->slot, places->slots[asks->slot].rack);
}

int32_t ls_places_room(const ls_places *places, int32_t device, int32_t slot, int32_t used_units,
                       int64_t used_mw)
{
  const ls_floor_device *asks = &places->plan->devices[device];
  const ls_place_slot *place = &places->slots[slot];
  int64_t room = places->plan->device_count;
  if (asks->rack_units > 0)
    room = ls_min(room, (place->rack_units - used_units) / asks->rack_units);
  if (asks->power_mw > 0) room = ls_min(room, (place->power_mw - used_mw) / asks->power_mw);
  return (int32_t)ls_max(room, 0);
}

/* ---- Cords ---- */

/* One entry, from the code that finishes the edges, with this one as a pattern. */
static void cord_price(ls_places *places, const ls_edge *pattern, int32_t slot_a, int32_t slot_b,
                       int32_t length_mm_max)
{
  ls_edge edge = *pattern;
  const uint32_t mask = ls_build_cord(places->build, &edge, slot_a, slot_b);
  places->cord[pattern->tier][ls_places_distance(places, slot_a, slot_b)] =
      (ls_place_cord){.cents = edge.cord_capex_cents,
                      .length_mm = edge.length_mm,
                      .fiber_mm = edge.fiber < 0 ? 0 : edge.strand_count * edge.stock_mm,
                      .is_broken = mask != 0,
                      .is_bad = mask != 0 || edge.length_mm > length_mm_max};
}

/* Fills the table of a tier: each distance between rows once, with all distances along them. */
static ls_status cords_price(ls_places *places, const ls_edge *pattern, int32_t length_mm_max)
{
  const ls_spec_floor *floor = &places->build->spec->floor;
  const int32_t rows = floor->row_count, racks = floor->racks_per_row;
  bool *is_priced = calloc((size_t)places->distance_count, sizeof *is_priced);
  ls_place_cord *cords = calloc((size_t)places->distance_count, sizeof *cords);
  places->cord[pattern->tier] = cords;
  if (!cords || !is_priced) {
    free(is_priced);
    return LS_ERR_MEMORY;
  }
  cord_price(places, pattern, 0, 0, length_mm_max);
  for (int32_t i = 0; i < rows * rows; i++) {
    const int32_t slot_a = i / rows * racks, slot_b = i % rows * racks;
    const int32_t depth = ls_places_distance(places, slot_a, slot_b);
    if (is_priced[depth]) continue;
    is_priced[depth] = true;
    for (int32_t rack = slot_a == slot_b; rack < racks; rack++)
      cord_price(places, pattern, slot_a, slot_b + rack, length_mm_max);
  }
  free(is_priced);
  return LS_OK;
}

static ls_status all_cords_price(ls_places *places)
{
  const ls_topology *topology = places->build->topology;
  const ls_edge *pattern[LS_TIER_MAX] = {NULL};
  int32_t longest_mm[LS_TIER_MAX] = {0};
  ls_status status = LS_OK;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    int32_t *longest =
        edge->kind == LS_EDGE_CIRCUIT ? &places->circuit_mm_max : &longest_mm[edge->tier];
    *longest = (int32_t)ls_max(*longest, edge->length_mm);
    if (edge->kind != LS_EDGE_CIRCUIT) pattern[edge->tier] = edge;
  }
  for (int32_t t = 0; status == LS_OK && t < LS_TIER_MAX; t++)
    if (pattern[t]) status = cords_price(places, pattern[t], longest_mm[t]);
  return status;
}

/* ---- Who is wired to whom ---- */

static ls_status edges_list(ls_places *places)
{
  const ls_topology *topology = places->build->topology;
  const int32_t nodes = topology->node_count;
  places->edge_first = calloc((size_t)nodes + 2, sizeof *places->edge_first);
  places->edge_of = malloc((2 * (size_t)topology->edge_count + 1) * sizeof *places->edge_of);
  if (!places->edge_first || !places->edge_of) return LS_ERR_MEMORY;
  int32_t *first = places->edge_first + 1; /* the last of the counts is never moved on from */
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) continue;
    if (edge->node_a + 1 < nodes) first[edge->node_a + 1]++;
    if (edge->node_b + 1 < nodes) first[edge->node_b + 1]++;
  }
  for (int32_t n = 1; n < nodes; n++) first[n] += first[n - 1];
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) continue;
    places->edge_of[first[edge->node_a]++] = e;
    places->edge_of[first[edge->node_b]++] = e;
  }
  return LS_OK;
}

ls_status ls_places_create(const ls_topology_build *build, const ls_floor_plan *plan,
                           ls_places *places)
{
  const ls_spec_floor *floor = &build->spec->floor;
  int32_t unit_mm;
  const int64_t distances = units_find(build->spec, &unit_mm);
  if (distances > CORDS_MAX) return LS_ERR_FULL;
  *places = (ls_places){.build = build,
                        .plan = plan,
                        .slot_count = floor->row_count * floor->racks_per_row,
                        .unit_mm = unit_mm,
                        .distance_count = (int32_t)distances};
  places->slots = malloc((size_t)places->slot_count * sizeof *places->slots);
  ls_status status = places->slots ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) slots_describe(places);
  if (status == LS_OK) status = all_cords_price(places);
  if (status == LS_OK) status = edges_list(places);
  if (status != LS_OK) ls_places_destroy(places);
  return status;
}

void ls_places_destroy(ls_places *places)
{
  free(places->edge_of);
  free(places->edge_first);
  for (int32_t t = 0; t < LS_TIER_MAX; t++) free(places->cord[t]);
  free(places->slots);
  *places = (ls_places){0};
}

bool ls_places_circuit_is_bad(const ls_places *places, const ls_edge *circuit, const int32_t *slot)
{
  const int32_t via = slot[circuit->via], tier = circuit->tier;
  return ls_places_cord(places, tier, slot[circuit->node_a], via)->length_mm +
             ls_places_cord(places, tier, slot[circuit->node_b], via)->length_mm >
         places->circuit_mm_max;
}

ls_place_total ls_places_total(const ls_places *places, const int32_t *slot)
{
  const ls_topology *topology = places->build->topology;
  ls_place_total total = {0};
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) {
      total.bad_count += ls_places_circuit_is_bad(places, edge, slot);
      continue;
    }
    const ls_place_cord *cord =
        ls_places_cord(places, edge->tier, slot[edge->node_a], slot[edge->node_b]);
    total.bad_count += cord->is_bad;
    total.cents += edge->link_count * cord->cents;
    total.length_mm += (int64_t)edge->link_count * cord->length_mm;
  }
  return total;
}

ls_place_cords ls_places_cords(const ls_places *places, const int32_t *slot)
{
  const ls_topology *topology = places->build->topology;
  ls_place_cords sum = {0};
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) continue;
    const ls_place_cord *cord =
        ls_places_cord(places, edge->tier, slot[edge->node_a], slot[edge->node_b]);
    sum.cents += edge->link_count * cord->cents;
    sum.fiber_mm += (int64_t)edge->link_count * cord->fiber_mm;
    sum.longest_mm = (int32_t)ls_max(sum.longest_mm, cord->length_mm);
  }
  return sum;
}
