/* Owns the draws and their prices: a block of placements is a task, and what it draws depends on
 * the seed and the placement's number alone (Philox). */
#include "random_places.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"
#include "../kernels/stop_flag.h"
#include "crew.h"
#include "random_lists.h"

enum {
  BLOCK = 256,      /* placements of a task */
  GUESSES = 16,     /* slots that are tried before all are looked through */
  RANDOM_STREAM = 5 /* in the lowest bits of a stream, beside those of other searches */
};

/* Random words of one placement. */
typedef struct words {
  uint64_t seed, stream, step;
  ls_philox_words drawn;
  int32_t used;
} words;

static words words_begin(uint64_t seed, uint64_t placement)
{
  return (words){.seed = seed, .stream = placement << 8 | RANDOM_STREAM, .used = 4};
}

static int32_t words_below(words *self, int64_t count)
{
  if (self->used == 4) {
    self->drawn = ls_philox(self->seed, self->stream, self->step++);
    self->used = 0;
  }
  return ls_philox_below(self->drawn.v[self->used++], (int32_t)count);
}

/* What a thread draws into. */
typedef struct desk {
  int32_t *slot;                   /* [nodes] */
  const ls_random_choice **choice; /* [devices] of a leaf; NULL: none in the lists */
  int32_t *units;                  /* [slots] rack units left */
  int64_t *power_mw;               /* [slots] left */
  int32_t *count;                  /* [slots] devices of a bundle there, zero in between */
  int32_t *x, *y, *links;          /* [lower_count_max] */
  ls_random_told told;
} desk;

typedef struct draw {
  const ls_random_lists *lists;
  const ls_random_options *options;
  const int32_t *slot; /* [nodes] */
  int32_t *units_all;  /* [slots] beside the servers */
  int64_t *power_all;
  desk *desks; /* by worker */
} draw;

/* ---- Drawing ---- */

/* The slot of a choice has room for a device: it is taken. */
static bool choice_take(const draw *self, desk *at, int32_t device, const ls_random_choice *choice)
{
  const ls_floor_device *asks = &self->lists->places->plan->devices[device];
  const int32_t slot = choice->slot;
  if (at->units[slot] < asks->rack_units || at->power_mw[slot] < asks->power_mw) return false;
  at->units[slot] -= asks->rack_units;
  at->power_mw[slot] -= asks->power_mw;
  at->slot[self->lists->first + device] = slot;
  at->choice[device] = choice;
  return true;
}

/* A slot of those with room, at random; after some guesses the next one that has. */
static bool device_draw(const draw *self, desk *at, int32_t device, words *random)
{
  const ls_random_lists *lists = self->lists;
  const int32_t class_index = lists->class_of[device];
  const ls_random_choice *choices = lists->choices + lists->choice_first[class_index];
  const int64_t count = lists->choice_first[class_index + 1] - lists->choice_first[class_index];
  int64_t last = 0;
  if (count == 0) return false;
  for (int32_t i = 0; i < GUESSES; i++) {
    last = words_below(random, count);
    if (choice_take(self, at, device, &choices[last])) return true;
  }
  for (int64_t i = 1; i < count; i++)
    if (choice_take(self, at, device, &choices[(last + i) % count])) return true;
  return false;
}

static bool free_draw(const draw *self, desk *at, words *random)
{
  const ls_random_lists *lists = self->lists;
  const size_t slots = (size_t)lists->places->slot_count;
  memcpy(at->units, self->units_all, slots * sizeof *at->units);
  memcpy(at->power_mw, self->power_all, slots * sizeof *at->power_mw);
  for (int32_t i = 0; i < lists->count; i++)
    if (!device_draw(self, at, lists->by_size[i], random)) return false;
  return true;
}

/* Whether two devices of a kind may change places. */
static bool may_exchange(const draw *self, const desk *at, int32_t x, int32_t y)
{
  const ls_random_lists *lists = self->lists;
  if (lists->class_of[x] == lists->class_of[y]) return true;
  return ls_places_allow(lists->places, x, at->slot[lists->first + y]) &&
         ls_places_allow(lists->places, y, at->slot[lists->first + x]);
}

/* Devices of a kind are all of one size, so that exchanges need no room. */
static void kinds_draw(const draw *self, desk *at, words *random)
{
  const ls_random_lists *lists = self->lists;
  const ls_node *nodes = lists->places->build->topology->nodes + lists->first;
  int32_t *slot = at->slot + lists->first;
  memcpy(slot, self->slot + lists->first, (size_t)lists->count * sizeof *slot);
  for (int32_t d = 0, first = 0; d < lists->count; d++) {
    if (nodes[d].kind != nodes[first].kind) first = d;
    const int32_t other = first + words_below(random, d - first + 1);
    if (!may_exchange(self, at, d, other)) continue;
    const int32_t kept = slot[d];
    slot[d] = slot[other];
    slot[other] = kept;
  }
  for (int32_t d = 0; d < lists->count; d++)
    at->choice[d] = nodes[d].kind == LS_NODE_LEAF
                        ? ls_random_choice_find(lists, lists->class_of[d], slot[d])
                        : NULL;
}

/* ---- Pricing ---- */

typedef struct price {
  int64_t cents, fiber_mm;
  int32_t longest_mm;
  bool is_broken;
} price;

static void access_add(const draw *self, const desk *at, price *sum)
{
  const ls_random_lists *lists = self->lists;
  const ls_node *nodes = lists->places->build->topology->nodes + lists->first;
  for (int32_t d = 0; d < lists->count && nodes[d].kind == LS_NODE_LEAF; d++) {
    ls_random_choice direct;
    const ls_random_choice *choice = at->choice[d];
    if (!choice) {
      const int32_t node = lists->first + d;
      ls_random_choice_price(lists->places, node, at->slot[node], &direct);
      choice = &direct;
    }
    sum->cents += choice->cents;
    sum->fiber_mm += choice->fiber_mm;
    sum->longest_mm = (int32_t)ls_max(sum->longest_mm, choice->longest_mm);
    sum->is_broken |= choice->is_broken;
  }
}

/* Cords from one slot to all devices below, times the devices that stand there. */
static void slot_add(const ls_places *places, const ls_random_bundle *bundle, const desk *at,
                     int32_t slot, int32_t times, price *sum)
{
  const ls_place_cord *cords = places->cord[bundle->tier];
  const int32_t x = places->slots[slot].x, y = places->slots[slot].y;
  int64_t cents = 0, fiber_mm = 0;
  for (int32_t i = 0; i < bundle->lower_count; i++) {
    const ls_place_cord *cord = &cords[abs(at->x[i] - x) + abs(at->y[i] - y)];
    cents += at->links[i] * cord->cents;
    fiber_mm += (int64_t)at->links[i] * cord->fiber_mm;
    sum->longest_mm = cord->length_mm > sum->longest_mm ? cord->length_mm : sum->longest_mm;
    sum->is_broken |= cord->is_broken;
  }
  sum->cents += times * cents;
  sum->fiber_mm += times * fiber_mm;
}

static void bundle_add(const draw *self, desk *at, const ls_random_bundle *bundle, price *sum)
{
  const ls_random_lists *lists = self->lists;
  const ls_places *places = lists->places;
  for (int32_t i = 0; i < bundle->lower_count; i++) {
    const ls_place_slot *below = &places->slots[at->slot[lists->lowers[bundle->lower_first + i]]];
    at->x[i] = below->x;
    at->y[i] = below->y;
    at->links[i] = lists->links[bundle->lower_first + i];
  }
  const int32_t *uppers = lists->uppers + bundle->upper_first;
  for (int32_t i = 0; i < bundle->upper_count; i++) at->count[at->slot[uppers[i]]]++;
  for (int32_t i = 0; i < bundle->upper_count; i++) {
    const int32_t slot = at->slot[uppers[i]], times = at->count[slot];
    at->count[slot] = 0;
    if (times > 0) slot_add(places, bundle, at, slot, times, sum);
  }
}

static void told_add(ls_random_told *told, const price *sum)
{
  const int64_t fiber_m = sum->fiber_mm / 1000;
  told->count++;
  told->broken_count += sum->is_broken;
  told->cents_sum += sum->cents;
  told->cents_min = ls_min(told->cents_min, sum->cents);
  told->cents_max = ls_max(told->cents_max, sum->cents);
  told->fiber_m_sum += fiber_m;
  told->fiber_m_min = ls_min(told->fiber_m_min, fiber_m);
  told->fiber_m_max = ls_max(told->fiber_m_max, fiber_m);
  told->longest_mm_sum += sum->longest_mm;
  told->longest_mm_min = (int32_t)ls_min(told->longest_mm_min, sum->longest_mm);
  told->longest_mm_max = (int32_t)ls_max(told->longest_mm_max, sum->longest_mm);
}

/* Whether all cords one by one cost and measure the same. */
static bool is_priced_right(const draw *self, const desk *at, const price *sum)
{
  const ls_place_cords cords = ls_places_cords(self->lists->places, at->slot);
  return cords.cents == sum->cents && cords.fiber_mm == sum->fiber_mm &&
         cords.longest_mm == sum->longest_mm;
}

static void block_run(void *context, int32_t task, int32_t worker)
{
  const draw *self = context;
  desk *at = &self->desks[worker];
  const int64_t first = (int64_t)task * BLOCK;
  for (int64_t i = first; i < ls_min(first + BLOCK, self->options->count); i++) {
    words random = words_begin(self->options->seed, (uint64_t)i);
    price sum = {0};
    if (ls_is_stopped(self->options->stop)) return;
    if (!self->options->is_free) {
      kinds_draw(self, at, &random);
    } else if (!free_draw(self, at, &random)) {
      at->told.lost_count++;
      continue;
    }
    access_add(self, at, &sum);
    for (int32_t b = 0; b < self->lists->bundle_count; b++)
      bundle_add(self, at, &self->lists->bundles[b], &sum);
    if (i == first) assert(is_priced_right(self, at, &sum));
    told_add(&at->told, &sum);
  }
}

/* ---- All ---- */

static ls_random_told told_none(void)
{
  return (ls_random_told){
      .cents_min = INT64_MAX, .fiber_m_min = INT64_MAX, .longest_mm_min = INT32_MAX};
}

static ls_status desk_init(const draw *self, desk *at)
{
  const ls_random_lists *lists = self->lists;
  const size_t slots = (size_t)lists->places->slot_count;
  const size_t nodes = (size_t)lists->first + (size_t)lists->count;
  const size_t lowers = (size_t)lists->lower_count_max + 1;
  *at = (desk){.slot = malloc(nodes * sizeof *at->slot),
               .choice = calloc((size_t)lists->count + 1, sizeof *at->choice),
               .units = malloc(slots * sizeof *at->units),
               .power_mw = malloc(slots * sizeof *at->power_mw),
               .count = calloc(slots, sizeof *at->count),
               .x = malloc(lowers * sizeof *at->x),
               .y = malloc(lowers * sizeof *at->y),
               .links = malloc(lowers * sizeof *at->links),
               .told = told_none()};
  if (!at->slot || !at->choice || !at->units || !at->power_mw || !at->count || !at->x || !at->y ||
      !at->links)
    return LS_ERR_MEMORY;
  memcpy(at->slot, self->slot, nodes * sizeof *at->slot);
  return LS_OK;
}

static void desk_free(desk *at)
{
  free(at->links);
  free(at->y);
  free(at->x);
  free(at->count);
  free(at->power_mw);
  free(at->units);
  free(at->choice);
  free(at->slot);
}

static void told_merge(ls_random_told *into, const ls_random_told *one)
{
  into->count += one->count;
  into->broken_count += one->broken_count;
  into->lost_count += one->lost_count;
  into->cents_sum += one->cents_sum;
  into->cents_min = ls_min(into->cents_min, one->cents_min);
  into->cents_max = ls_max(into->cents_max, one->cents_max);
  into->fiber_m_sum += one->fiber_m_sum;
  into->fiber_m_min = ls_min(into->fiber_m_min, one->fiber_m_min);
  into->fiber_m_max = ls_max(into->fiber_m_max, one->fiber_m_max);
  into->longest_mm_sum += one->longest_mm_sum;
  into->longest_mm_min = (int32_t)ls_min(into->longest_mm_min, one->longest_mm_min);
  into->longest_mm_max = (int32_t)ls_max(into->longest_mm_max, one->longest_mm_max);
}

/* Rack units and power of all slots beside the servers. */
static ls_status rooms_list(draw *self)
{
  const ls_places *places = self->lists->places;
  const size_t slots = (size_t)places->slot_count;
  self->units_all = malloc(slots * sizeof *self->units_all);
  self->power_all = malloc(slots * sizeof *self->power_all);
  if (!self->units_all || !self->power_all) return LS_ERR_MEMORY;
  for (size_t s = 0; s < slots; s++) {
    self->units_all[s] = places->slots[s].rack_units;
    self->power_all[s] = places->slots[s].power_mw;
  }
  return LS_OK;
}

ls_status ls_random_places(const ls_places *places, const int32_t *slot,
                           const ls_random_options *options, ls_random_told *told)
{
  ls_random_lists lists;
  draw self = {.lists = &lists, .options = options, .slot = slot};
  const int32_t workers = (int32_t)ls_min(ls_max(options->thread_count, 1), LS_CREW_MAX);
  *told = told_none();
  ls_status status = ls_random_lists_create(places, &lists);
  self.desks = calloc((size_t)workers, sizeof *self.desks);
  if (status == LS_OK) status = self.desks ? rooms_list(&self) : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < workers; i++)
    status = desk_init(&self, &self.desks[i]);
  if (status == LS_OK)
    ls_crew_run(workers, (int32_t)ls_ceil_div(options->count, BLOCK), block_run, &self);
  for (int32_t i = 0; self.desks && i < workers; i++) {
    told_merge(told, &self.desks[i].told);
    desk_free(&self.desks[i]);
  }
  free(self.desks);
  free(self.power_all);
  free(self.units_all);
  ls_random_lists_destroy(&lists);
  return status == LS_OK && ls_is_stopped(options->stop) ? LS_ERR_STOPPED : status;
}
