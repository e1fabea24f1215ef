#include "improve.h"

#include <stdlib.h>
#include <string.h>

#include "transport.h"

enum {
  KINDS = LS_NODE_KIND_COUNT - LS_NODE_LEAF,
  STEPS_MAX = 16 * KINDS,
  COSTS_MAX = 1 << 18,  /* of a table of costs: larger ones take longer than all else of a design */
  PART_DEVICES = 64,    /* of a kind whose table would be too large */
  WEIGHT_MAX = 1 << 24, /* of a cent against lengths */
  COST_BITS = 60        /* of the costs of all devices of a kind */
};

/* More than any cord is worth, so that a bad one is only bought where there is no other; all
 * devices of a kind together stay within COST_BITS. */
#define BAD_CENTS ((int64_t)1 << 34)

/* Links of one tier of a device to one slot. */
typedef struct demand {
  int32_t tier, slot, links;
} demand;

/* One kind of device that is moved. */
typedef struct step {
  const ls_places *places;
  int32_t *slot;        /* [nodes] */
  uint32_t tier_mask;   /* tiers that count */
  bool has_free_racks;  /* GPU racks may be anywhere */
  int32_t first, count; /* nodes */
  int32_t class_count, place_count;
  int32_t *class_of;          /* [count] */
  int32_t *head;              /* [count] the first device of each class */
  int32_t *supply;            /* [count] devices of each class */
  int32_t *demand_first;      /* [count + 1] */
  demand *demands;            /* of each device, by tier and slot */
  int32_t *place, *room;      /* [slots] the slot of each place; devices that it holds */
  int64_t *cents, *length_mm; /* [classes][places]; cents become costs */
  int32_t *flow;              /* [classes][places] */
} step;

static void step_free(step *self)
{
  free(self->flow);
  free(self->length_mm);
  free(self->cents);
  free(self->room);
  free(self->place);
  free(self->demands);
  free(self->demand_first);
  free(self->supply);
  free(self->head);
  free(self->class_of);
}

/* The index in the plan of a device of the kind. */
static int32_t planned(const step *self, int32_t device)
{
  return self->first + device - self->places->build->first[LS_NODE_LEAF];
}

static int demand_compare(const void *a, const void *b)
{
  const demand *x = a, *y = b;
  if (x->tier != y->tier) return x->tier < y->tier ? -1 : 1;
  return (x->slot > y->slot) - (x->slot < y->slot);
}

/* Whom a device is wired to, links to one slot taken together. Returns where its list ends. */
static int32_t device_demands(step *self, int32_t device, int32_t at)
{
  const ls_places *places = self->places;
  const int32_t node = self->first + device, begin = at;
  for (int32_t i = places->edge_first[node]; i < places->edge_first[node + 1]; i++) {
    const ls_edge *edge = &places->build->topology->edges[places->edge_of[i]];
    const int32_t other = edge->node_a == node ? edge->node_b : edge->node_a;
    if (self->tier_mask >> edge->tier & 1)
      self->demands[at++] = (demand){edge->tier, self->slot[other], edge->link_count};
  }
  qsort(self->demands + begin, (size_t)(at - begin), sizeof *self->demands, demand_compare);
  int32_t kept = begin;
  for (int32_t i = begin; i < at; i++) {
    if (kept > begin && demand_compare(&self->demands[kept - 1], &self->demands[i]) == 0)
      self->demands[kept - 1].links += self->demands[i].links;
    else
      self->demands[kept++] = self->demands[i];
  }
  return kept;
}

/* A device in the order that brings those together that are alike. */
typedef struct ordered {
  const step *of;
  int32_t device;
} ordered;

/* 0 for two devices that may stand in the same slots and pay the same there. A device that the
 * policy put where its rules alone would not is like no other. */
static int alike_compare(const step *self, int32_t x, int32_t y)
{
  const ls_places *places = self->places;
  const ls_floor_device *a = &places->plan->devices[planned(self, x)];
  const ls_floor_device *b = &places->plan->devices[planned(self, y)];
  const int32_t feeds = (int32_t)ls_max(places->build->spec->floor.feeds.zone_count, 1);
  const int32_t *first = self->demand_first;
  const int32_t keys[2][5] = {
      {ls_places_is_exception(places, planned(self, x)) ? x : -1, a->rack_first, a->rack_last,
       a->plane % feeds, first[x + 1] - first[x]},
      {ls_places_is_exception(places, planned(self, y)) ? y : -1, b->rack_first, b->rack_last,
       b->plane % feeds, first[y + 1] - first[y]}};
  for (int32_t i = 0; i < 5; i++)
    if (keys[0][i] != keys[1][i]) return keys[0][i] < keys[1][i] ? -1 : 1;
  return memcmp(self->demands + first[x], self->demands + first[y],
                (size_t)keys[0][4] * sizeof *self->demands);
}

static int ordered_compare(const void *left, const void *right)
{
  const ordered *a = left, *b = right;
  const int order = alike_compare(a->of, a->device, b->device);
  return order != 0 ? order : (a->device > b->device) - (a->device < b->device);
}

/* Numbers classes by their first devices, which come first among their equals in order. */
static void classes_number(step *self, const ordered *order)
{
  for (int32_t i = 0; i < self->count; i++) {
    const int32_t device = order[i].device;
    const bool is_first = i == 0 || alike_compare(self, order[i - 1].device, device) != 0;
    self->class_of[device] = is_first ? device : self->class_of[order[i - 1].device];
  }
  for (int32_t d = 0; d < self->count; d++) {
    const int32_t first = self->class_of[d];
    if (first == d) {
      self->head[self->class_count] = d;
      self->supply[self->class_count] = 0;
      self->class_of[d] = self->class_count++;
    } else {
      self->class_of[d] = self->class_of[first];
    }
    self->supply[self->class_of[d]]++;
  }
}

static ls_status classes_find(step *self)
{
  ordered *order = malloc((size_t)self->count * sizeof *order);
  int32_t at = 0;
  if (!order) return LS_ERR_MEMORY;
  for (int32_t d = 0; d < self->count; d++) {
    self->demand_first[d] = at;
    at = device_demands(self, d, at);
    order[d] = (ordered){self, d};
  }
  self->demand_first[self->count] = at;
  qsort(order, (size_t)self->count, sizeof *order, ordered_compare);
  classes_number(self, order);
  free(order);
  return LS_OK;
}

/* Whether a class may stand in a slot; a leaf finds a rack that it serves wherever racks may be. */
static bool class_allowed(const step *self, int32_t class, int32_t slot)
{
  const int32_t device = planned(self, self->head[class]);
  const int32_t rack = self->places->plan->devices[device].rack_first;
  if (!self->has_free_racks) return ls_places_allow(self->places, device, slot);
  return ls_places_allow_beside(self->places, device, slot, -1) ||
         (rack >= 0 && self->places->slots[slot].is_gpu &&
          ls_places_allow_beside(self->places, device, slot, rack));
}

/* As many of the kind as a slot holds; with GPU racks anywhere as an empty one does. */
static int32_t slot_room(const step *self, int32_t slot, int32_t used_units, int64_t used_mw)
{
  const ls_places *places = self->places;
  const int32_t rack = self->has_free_racks ? places->slots[slot].rack : -1;
  if (rack >= 0) {
    used_units -= ls_places_rack_units(places, rack);
    used_mw -= ls_places_rack_mw(places, rack);
  }
  return ls_places_room(places, planned(self, 0), slot, used_units, used_mw);
}

/* Slots with room for the kind beside the others, or beside the servers alone. */
static ls_status places_find(step *self, bool is_alone)
{
  const ls_places *places = self->places;
  const ls_floor_plan *plan = places->plan;
  const int32_t racks = places->build->first[LS_NODE_LEAF];
  int32_t *units = calloc((size_t)places->slot_count, sizeof *units);
  int64_t *power_mw = calloc((size_t)places->slot_count, sizeof *power_mw);
  ls_status status = units && power_mw ? LS_OK : LS_ERR_MEMORY;
  for (int32_t d = 0; status == LS_OK && !is_alone && d < plan->device_count; d++) {
    const int32_t node = racks + d;
    if (node >= self->first && node < self->first + self->count) continue;
    units[self->slot[node]] += plan->devices[d].rack_units;
    power_mw[self->slot[node]] += plan->devices[d].power_mw;
  }
  for (int32_t s = 0; status == LS_OK && s < places->slot_count; s++) {
    const int32_t room = slot_room(self, s, units[s], power_mw[s]);
    bool is_wanted = false;
    for (int32_t c = 0; c < self->class_count && room > 0 && !is_wanted; c++)
      is_wanted = class_allowed(self, c, s);
    if (!is_wanted) continue;
    self->place[self->place_count] = s;
    self->room[self->place_count++] = room;
  }
  free(power_mw);
  free(units);
  return status;
}

/* What a device pays at a place for a part of its links. */
typedef struct price {
  int64_t cents, length_mm;
  bool is_bad;
} price;

/* Links of the first tier of a device, or of those behind it: first..end - 1 of the demands. */
typedef struct part {
  int32_t first, end;
} part;

static part class_part(const step *self, int32_t class, bool is_rest)
{
  const int32_t device = self->head[class];
  const int32_t first = self->demand_first[device], end = self->demand_first[device + 1];
  int32_t split = first;
  while (split < end && self->demands[split].tier == self->demands[first].tier) split++;
  return is_rest ? (part){split, end} : (part){first, split};
}

static bool is_same_part(const step *self, part a, part b)
{
  return a.end - a.first == b.end - b.first &&
         memcmp(self->demands + a.first, self->demands + b.first,
                (size_t)(a.end - a.first) * sizeof *self->demands) == 0;
}

static price part_price(const step *self, part of, int32_t slot)
{
  price sum = {0};
  for (int32_t i = of.first; i < of.end; i++) {
    const demand *wire = &self->demands[i];
    const ls_place_cord *cord = ls_places_cord(self->places, wire->tier, wire->slot, slot);
    sum.cents += wire->links * cord->cents;
    sum.length_mm += (int64_t)wire->links * cord->length_mm;
    sum.is_bad |= cord->is_bad;
  }
  return sum;
}

/* Prices of a part at all places, which neighbouring classes often share: all leaves of a pod are
 * wired to the same spines, all spines of a pod to the same leaves. */
typedef struct shared_part {
  price *at; /* [places] */
  part of;
  bool is_filled;
} shared_part;

/* Whether the part of a class has its prices there; fills them for a part that comes again. */
static bool part_share(const step *self, int32_t class, bool is_rest, shared_part *shared)
{
  const part own = class_part(self, class, is_rest);
  if (shared->is_filled && is_same_part(self, own, shared->of)) return true;
  if (class + 1 == self->class_count ||
      !is_same_part(self, own, class_part(self, class + 1, is_rest)))
    return false;
  for (int32_t p = 0; p < self->place_count; p++)
    shared->at[p] = part_price(self, own, self->place[p]);
  shared->of = own;
  return shared->is_filled = true;
}

/* A row of cents and lengths. shared: of the first tier, of the rest. */
static void row_fill(step *self, int32_t class, bool has_penalty, shared_part shared[2])
{
  const bool is_shared[2] = {part_share(self, class, false, &shared[0]),
                             part_share(self, class, true, &shared[1])};
  const part parts[2] = {class_part(self, class, false), class_part(self, class, true)};
  const int32_t device = planned(self, self->head[class]);
  for (int32_t p = 0; p < self->place_count; p++) {
    const int64_t i = (int64_t) class * self->place_count + p;
    self->cents[i] = LS_TRANSPORT_NEVER;
    if (!ls_places_allow(self->places, device, self->place[p])) continue;
    price sum = {0};
    for (int32_t half = 0; half < 2; half++) {
      const price one =
          is_shared[half] ? shared[half].at[p] : part_price(self, parts[half], self->place[p]);
      sum.cents += one.cents;
      sum.length_mm += one.length_mm;
      sum.is_bad |= one.is_bad;
    }
    self->cents[i] = sum.cents + (sum.is_bad && has_penalty ? BAD_CENTS : 0);
    self->length_mm[i] = sum.length_mm;
  }
}

static ls_status cells_fill(step *self, bool has_penalty)
{
  const size_t places = (size_t)self->place_count + 1;
  price *prices = malloc(2 * places * sizeof *prices);
  if (!prices) return LS_ERR_MEMORY;
  shared_part shared[2] = {{.at = prices}, {.at = prices + places}};
  for (int32_t c = 0; c < self->class_count; c++) row_fill(self, c, has_penalty, shared);
  free(prices);
  return LS_OK;
}

/* Makes costs of cents and lengths: cents first, lengths in the finest unit that cannot add up to
 * a cent. */
static ls_status costs_fill(step *self)
{
  const int64_t cells = (int64_t)self->class_count * self->place_count;
  int64_t cents_max = 1, length_mm_max = 0;
  const ls_status status = cells_fill(self, true);
  if (status != LS_OK) return status;
  for (int64_t i = 0; i < cells; i++) {
    if (self->cents[i] == LS_TRANSPORT_NEVER) continue;
    cents_max = ls_max(cents_max, self->cents[i]);
    length_mm_max = ls_max(length_mm_max, self->length_mm[i]);
  }
  const int64_t weight =
      ls_max(1, ls_min(WEIGHT_MAX, ((int64_t)1 << COST_BITS) / self->count / (cents_max + 1)));
  const int64_t unit_mm = length_mm_max * self->count / weight + 1;
  for (int64_t i = 0; i < cells; i++)
    if (self->cents[i] != LS_TRANSPORT_NEVER)
      self->cents[i] = self->cents[i] * weight + self->length_mm[i] / unit_mm;
  return LS_OK;
}

/* Devices that may stay do; the others take what is left in order. */
static void devices_move(const step *self)
{
  for (int32_t pass = 0; pass < 2; pass++) {
    for (int32_t d = 0; d < self->count; d++) {
      int32_t *flow = self->flow + (int64_t)self->class_of[d] * self->place_count;
      int32_t *slot = &self->slot[self->first + d], p = 0;
      if (pass && *slot >= 0) continue;
      while (p < self->place_count && (!flow[p] || (!pass && self->place[p] != *slot))) p++;
      if (p < self->place_count) flow[p]--;
      *slot = p < self->place_count ? self->place[p] : -1;
    }
  }
}

/* GPU racks, one to a slot. */
static void rack_places_find(step *self)
{
  for (int32_t s = 0; s < self->places->slot_count; s++) {
    if (!self->places->slots[s].is_gpu) continue;
    self->place[self->place_count] = s;
    self->room[self->place_count++] = 1;
  }
}

/* Lists classes and places; of GPU racks places alone. */
static ls_status step_list(step *self, bool is_alone)
{
  const ls_places *places = self->places;
  const size_t count = (size_t)self->count, slots = (size_t)places->slot_count;
  const int32_t edges =
      places->edge_first[self->first + self->count] - places->edge_first[self->first];
  self->class_of = malloc(count * sizeof *self->class_of);
  self->head = malloc(count * sizeof *self->head);
  self->supply = malloc(count * sizeof *self->supply);
  self->demand_first = malloc((count + 1) * sizeof *self->demand_first);
  self->demands = malloc(((size_t)edges + 1) * sizeof *self->demands);
  self->place = malloc(slots * sizeof *self->place);
  self->room = malloc(slots * sizeof *self->room);
  if (!self->class_of || !self->head || !self->supply || !self->demand_first || !self->demands ||
      !self->place || !self->room)
    return LS_ERR_MEMORY;
  if (self->first < places->build->first[LS_NODE_LEAF]) {
    rack_places_find(self);
    return LS_OK;
  }
  const ls_status status = classes_find(self);
  return status == LS_OK ? places_find(self, is_alone) : status;
}

/* LS_ERR_FULL: the table would be too large. */
static ls_status step_init(step *self, bool is_alone)
{
  const ls_status status = step_list(self, is_alone);
  if (status != LS_OK) return status;
  const size_t cells = (size_t)self->class_count * (size_t)self->place_count;
  if (cells > COSTS_MAX) return LS_ERR_FULL;
  self->cents = malloc((cells + 1) * sizeof *self->cents);
  self->length_mm = malloc((cells + 1) * sizeof *self->length_mm);
  self->flow = malloc((cells + 1) * sizeof *self->flow);
  return self->cents && self->length_mm && self->flow ? LS_OK : LS_ERR_MEMORY;
}

static ls_transport step_problem(const step *self)
{
  return (ls_transport){self->class_count, self->place_count, self->supply, self->room,
                        self->cents};
}

static step kind_step(const ls_places *places, int32_t kind, int32_t *slot, uint32_t tier_mask)
{
  const ls_topology_build *build = places->build;
  const int32_t planes = kind == LS_NODE_RACK ? 1 : build->structure->planes;
  return (step){.places = places,
                .slot = slot,
                .tier_mask = tier_mask,
                .first = build->first[kind],
                .count = build->count[kind] * planes};
}

/* Moves some devices of a kind; keeps their places when the total does not fall. LS_ERR_FULL: the
 * table would be too large. */
static ls_status devices_place(step *self, ls_place_total *total, bool *is_moved)
{
  int32_t *before = malloc((size_t)self->count * sizeof *before);
  int64_t sum;
  ls_status status = before ? step_init(self, false) : LS_ERR_MEMORY;
  if (status == LS_OK) status = costs_fill(self);
  if (status == LS_OK) {
    const ls_transport problem = step_problem(self);
    status = ls_transport_solve(&problem, self->flow, &sum);
  }
  if (status == LS_OK) {
    memcpy(before, self->slot + self->first, (size_t)self->count * sizeof *before);
    devices_move(self);
    const ls_place_total found = ls_places_total(self->places, self->slot);
    if (ls_places_is_better(&found, total)) {
      *total = found;
      *is_moved = true;
    } else {
      memcpy(self->slot + self->first, before, (size_t)self->count * sizeof *before);
    }
  }
  free(before);
  return status;
}

/* A kind whose table would be too large in parts of neighbours, the others where they are. */
static ls_status parts_place(const step *kind, ls_place_total *total, bool *is_moved)
{
  ls_status status = LS_OK;
  for (int32_t d = 0; d < kind->count && status == LS_OK; d += PART_DEVICES) {
    step self = *kind;
    self.first = kind->first + d;
    self.count = (int32_t)ls_min(PART_DEVICES, kind->count - d);
    status = devices_place(&self, total, is_moved);
    step_free(&self);
    if (status == LS_ERR_FULL) status = LS_OK;
  }
  return status;
}

/* Moves one kind. One whose table would be too large moves in parts where there is time for it. */
static ls_status kind_place(const ls_places *places, int32_t kind, bool is_thorough, int32_t *slot,
                            ls_place_total *total, bool *is_moved)
{
  const step whole = kind_step(places, kind, slot, UINT32_MAX);
  step self = whole;
  if (!self.count) return LS_OK;
  ls_status status = devices_place(&self, total, is_moved);
  step_free(&self);
  if (status == LS_ERR_FULL) status = is_thorough ? parts_place(&whole, total, is_moved) : LS_OK;
  return status;
}

ls_status ls_improve_places(const ls_places *places, bool is_thorough, int32_t *slot)
{
  ls_place_total total = ls_places_total(places, slot);
  ls_status status = LS_OK;
  bool is_settled[LS_NODE_KIND_COUNT] = {false}; /* nothing moved since the kind was placed */
  for (int32_t i = 0, settled = 0; i < STEPS_MAX && settled < KINDS && status == LS_OK; i++) {
    const int32_t kind = LS_NODE_KIND_COUNT - 1 - i % KINDS;
    bool is_moved = false;
    if (!is_settled[kind]) status = kind_place(places, kind, is_thorough, slot, &total, &is_moved);
    if (is_moved) memset(is_settled, 0, sizeof is_settled);
    is_settled[kind] = true;
    settled = is_moved ? 1 : settled + 1;
  }
  return status;
}

/* ---- The bound ---- */

/* Leaves by their cords to GPU racks; each at its best place where the table would be too large. */
static ls_status access_bound(const ls_places *places, int32_t *slot, int64_t *cents)
{
  step self = kind_step(places, LS_NODE_LEAF, slot, 1U << LS_TIER_ACCESS);
  ls_status status = step_init(&self, true);
  if (status == LS_OK) {
    const ls_transport problem = step_problem(&self);
    status = cells_fill(&self, false);
    if (status == LS_OK) status = ls_transport_solve(&problem, self.flow, cents);
  } else if (status == LS_ERR_FULL) {
    *cents = 0;
    for (int32_t c = 0; c < self.class_count; c++) {
      const int32_t device = self.head[c];
      const part all = {self.demand_first[device], self.demand_first[device + 1]};
      int64_t least = INT64_MAX;
      for (int32_t p = 0; p < self.place_count; p++)
        if (ls_places_allow(places, planned(&self, device), self.place[p]))
          least = ls_min(least, part_price(&self, all, self.place[p]).cents);
      *cents += least * self.supply[c];
    }
    status = LS_OK;
  }
  step_free(&self);
  return status;
}

/* Links that a slot can end, and what each costs. */
typedef struct offer {
  int64_t cents, room;
} offer;

static int offer_compare(const void *a, const void *b)
{
  const offer *x = a, *y = b;
  return (x->cents > y->cents) - (x->cents < y->cents);
}

/* What the places below offer to a slot, the cheapest first. Places at one price are taken
 * together: cords are sold in few lengths. Returns how many prices there are. */
static int32_t offers_list(const step *up, const step *down, int32_t tier, int32_t slot,
                           offer *offers)
{
  int32_t count = 0;
  for (int32_t q = 0; q < down->place_count; q++) {
    const int64_t cents = ls_places_cord(up->places, tier, down->place[q], slot)->cents;
    int32_t i = 0;
    while (i < count && offers[i].cents != cents) i++;
    if (i == count) offers[count++] = (offer){.cents = cents};
    offers[i].room += down->room[q];
  }
  qsort(offers, (size_t)count, sizeof *offers, offer_compare);
  return count;
}

/* The cheapest links, at most bundle_max to a device of the tier below, its slot's room of them. */
static int64_t offers_take(const offer *offers, int32_t offer_count, int64_t links,
                           int64_t bundle_max)
{
  int64_t cents = 0;
  for (int32_t i = 0; i < offer_count && links > 0; i++) {
    const int64_t taken = ls_min(links, offers[i].room * bundle_max);
    cents += taken * offers[i].cents;
    links -= taken;
  }
  return cents;
}

/* Devices of a tier with as many links, none in a larger bundle. */
typedef struct reacher {
  int64_t links, bundle_max, count, least;
} reacher;

static int32_t reachers_list(const step *up, int32_t tier, reacher *reachers)
{
  const ls_places *places = up->places;
  int32_t count = 0;
  for (int32_t node = up->first; node < up->first + up->count; node++) {
    reacher one = {.count = 1, .least = INT64_MAX};
    for (int32_t i = places->edge_first[node]; i < places->edge_first[node + 1]; i++) {
      const ls_edge *edge = &places->build->topology->edges[places->edge_of[i]];
      if (edge->tier != tier) continue;
      one.links += edge->link_count;
      one.bundle_max = ls_max(one.bundle_max, edge->link_count);
    }
    int32_t same = 0;
    while (same < count &&
           (reachers[same].links != one.links || reachers[same].bundle_max != one.bundle_max))
      same++;
    if (same == count)
      reachers[count++] = one;
    else
      reachers[same].count++;
  }
  return count;
}

/* Cords of a tier above the first, as the devices of its upper end would have them. */
static ls_status tier_bound(step *up, step *down, int32_t tier, int64_t *cents)
{
  reacher *reachers = malloc((size_t)up->count * sizeof *reachers);
  offer *offers = malloc((size_t)up->places->slot_count * sizeof *offers);
  ls_status status = reachers && offers ? step_list(up, true) : LS_ERR_MEMORY;
  if (status == LS_OK) status = step_list(down, true);
  const int32_t count = status == LS_OK ? reachers_list(up, tier, reachers) : 0;
  for (int32_t p = 0; status == LS_OK && p < up->place_count; p++) {
    const int32_t offer_count = offers_list(up, down, tier, up->place[p], offers);
    for (int32_t i = 0; i < count; i++)
      reachers[i].least =
          ls_min(reachers[i].least,
                 offers_take(offers, offer_count, reachers[i].links, reachers[i].bundle_max));
  }
  *cents = 0;
  for (int32_t i = 0; i < count; i++) *cents += reachers[i].count * reachers[i].least;
  free(offers);
  free(reachers);
  return status;
}

/* Cords between like devices are in the lists of both. */
static ls_status edge_bound(const ls_places *places, const ls_edge *edge, bool has_free_racks,
                            int32_t *slot, int64_t *cents)
{
  const ls_node *nodes = places->build->topology->nodes;
  const int32_t below = nodes[edge->node_a].kind, above = nodes[edge->node_b].kind;
  step up = kind_step(places, above, slot, 1U << edge->tier);
  step down = kind_step(places, below, slot, 1U << edge->tier);
  up.has_free_racks = down.has_free_racks = has_free_racks;
  const ls_status status = tier_bound(&up, &down, edge->tier, cents);
  if (below == above) *cents /= 2;
  step_free(&down);
  step_free(&up);
  return status;
}

ls_status ls_improve_bound(const ls_places *places, bool has_free_racks, int32_t *slot,
                           int64_t *cents)
{
  const ls_topology *topology = places->build->topology;
  int64_t sum = 0, tier = 0;
  uint32_t tier_mask = has_free_racks ? 0 : 1U << LS_TIER_ACCESS;
  ls_status status = has_free_racks ? LS_OK : access_bound(places, slot, &sum);
  for (int32_t e = 0; status == LS_OK && e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT || tier_mask >> edge->tier & 1) continue;
    tier_mask |= 1U << edge->tier;
    status = edge_bound(places, edge, has_free_racks, slot, &tier);
    sum += tier;
  }
  if (status == LS_OK) *cents = sum;
  return status;
}
