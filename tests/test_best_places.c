/* The best places that are to be found: differences that sum to the whole, rules that hold after
 * any number of moves, the optimum of floors so small that all placements can be tried, the same
 * bytes on any number of threads. */
#include <stdlib.h>
#include <string.h>

#include "../host/best_places.h"
#include "../host/improve.h"
#include "fabric.h"
#include "question.h"

static const volatile int never = 0;

/* ---- Rules, told here once more ---- */

/* Whether a placement keeps the rules that do not depend on what the policy did: racks where racks
 * may be, one a slot; leaves in racks that they serve or, as all others, in network slots; no slot
 * over its rack units or power. */
static bool keeps_rules(const ls_places *places, const int32_t *slot)
{
  const ls_topology_build *build = places->build;
  const ls_spec_floor *floor = &build->spec->floor;
  const int32_t racks = build->first[LS_NODE_LEAF], nodes = build->topology->node_count;
  bool is_kept = true;
  for (int32_t s = 0; s < places->slot_count && is_kept; s++) {
    int64_t units = 0, power_mw = 0;
    int32_t rack = -1;
    for (int32_t n = 0; n < nodes; n++) {
      if (slot[n] != s) continue;
      if (n < racks) {
        is_kept = is_kept && rack < 0 && ls_floor_slot_is_for(floor, s, "gpu");
        rack = n;
        units += places->plan->server_count[n] * build->spec->cluster.server_rack_units;
        power_mw += places->plan->server_count[n] * (int64_t)build->spec->cluster.server_power_mw;
        continue;
      }
      const ls_floor_device *device = &places->plan->devices[n - racks];
      units += device->rack_units;
      power_mw += device->power_mw;
      const bool is_served = device->rack_first <= rack && rack <= device->rack_last;
      is_kept = is_kept && (rack < 0 ? ls_floor_slot_is_for(floor, s, "network") : is_served);
    }
    is_kept = is_kept && units <= floor->rack_units && power_mw <= floor->rack_power_mw;
    for (int32_t b = 0; b < floor->blocked_count; b++)
      is_kept = is_kept && (floor->blocked_slot[b] != s || (units == 0 && rack < 0));
  }
  return is_kept;
}

/* ---- Walks ---- */

typedef struct walk {
  int64_t proposal_count;
  int64_t taken_count, wrong_count; /* of one design */
  int32_t moving_count;             /* designs in which something moved */
} walk;

static void walk_take(walk *self, const ls_floor_game *game, const int32_t *slot)
{
  ls_walker walker;
  ASSERT_STATUS(ls_walker_create(game, slot, &walker), LS_OK);
  for (int64_t i = 0; i < self->proposal_count; i++) {
    const ls_philox_words words = ls_philox(9, 1, (uint64_t)i);
    if (!ls_walker_propose(&walker, &words)) continue;
    ls_walker_accept(&walker);
    self->taken_count++;
  }
  const ls_place_total total = ls_places_total(game->places, walker.slot);
  EXPECT_EQ_I64(walker.cents, total.cents);
  EXPECT_EQ_I64(walker.bad_count, total.bad_count);
  self->wrong_count += !keeps_rules(game->places, walker.slot);
  ls_walker_destroy(&walker);
}

static ls_status walk_place(void *context, const ls_places *places, int32_t *slot)
{
  walk *self = context;
  self->taken_count = self->wrong_count = 0;
  for (int32_t has_free_racks = 0; has_free_racks < 2; has_free_racks++) {
    ls_floor_game game;
    ls_status status = ls_floor_game_create(places, has_free_racks != 0, &game);
    if (status != LS_OK) return status;
    walk_take(self, &game, slot);
    ls_floor_game_destroy(&game);
  }
  return LS_OK;
}

static void walk_told(void *context, const ls_topology *topology)
{
  walk *self = context;
  (void)topology;
  EXPECT_EQ_I64(self->wrong_count, 0);
  self->moving_count += self->taken_count > self->proposal_count / 20;
}

/* Walks over a design of each family; returns over how many. */
static int32_t families_walk(const char *name, int64_t proposal_count)
{
  question asked;
  walk self = {.proposal_count = proposal_count};
  const ls_placer placer = {walk_place, &self, true};
  if (!question_read(&asked, name) || !question_build(&asked)) return 0;
  question_place_families(&asked, &placer, walk_told);
  question_destroy(&asked);
  return self.moving_count;
}

LS_TEST(BestPlaces, differences_sum_to_the_whole_and_rules_hold)
{
  EXPECT_LT_I64(2, families_walk("pod-4k", 100000));
  EXPECT_LT_I64(0, families_walk("two-halls", 100000));
}

/* ---- All placements of small floors ---- */

typedef struct trial {
  const ls_places *places;
  int32_t *slot;
  ls_place_total best;
  int64_t tried_count;
} trial;

static void try_all(trial *self, int32_t node)
{
  if (node == self->places->build->topology->node_count) {
    if (!keeps_rules(self->places, self->slot)) return;
    const ls_place_total total = ls_places_total(self->places, self->slot);
    self->tried_count++;
    if (total.bad_count < self->best.bad_count ||
        (total.bad_count == self->best.bad_count && total.cents < self->best.cents))
      self->best = total;
    return;
  }
  for (int32_t s = 0; s < self->places->slot_count; s++) {
    self->slot[node] = s;
    try_all(self, node + 1);
  }
}

enum { NODES_MAX = 8, WAYS_MAX = 300000 };

typedef struct small_case {
  bool is_tried, is_improved;
} small_case;

static ls_status small_place(void *context, const ls_places *places, int32_t *slot)
{
  small_case *self = context;
  const int32_t nodes = places->build->topology->node_count;
  trial all = {.places = places, .best = {INT64_MAX, INT64_MAX, 0}};
  const ls_best_options options = {
      .temper = {.seed = 1, .thread_count = 1, .proposal_count = 40000, .stop = &never},
      .has_free_racks = true};
  ls_best_told told;
  int64_t bound, ways = 1;
  for (int32_t i = 0; i < nodes && ways <= WAYS_MAX; i++) ways *= places->slot_count;
  if (nodes > NODES_MAX || ways > WAYS_MAX) return LS_OK;
  int32_t tried[NODES_MAX];
  all.slot = tried;
  try_all(&all, 0);
  const ls_place_total before = ls_places_total(places, slot);
  EXPECT_STATUS(ls_best_places(places, &options, slot, &told), LS_OK);
  EXPECT_STATUS(ls_improve_bound(places, true, slot, &bound), LS_OK);
  const ls_place_total found = ls_places_total(places, slot);
  EXPECT_TRUE(keeps_rules(places, slot));
  EXPECT_LT_I64(1, all.tried_count);
  EXPECT_EQ_I64(found.bad_count, all.best.bad_count);
  EXPECT_EQ_I64(found.cents, all.best.cents);
  EXPECT_LE_I64(bound, all.best.cents);
  self->is_tried = true;
  self->is_improved = found.cents < before.cents;
  return LS_OK;
}

/* A floor of a few slots: rows, pitches and what is blocked depend on the number. */
static void small_floor(int32_t number, ls_spec *spec)
{
  const ls_philox_words words = ls_philox(5, 5, (uint64_t)number);
  spec->floor.row_count = 1 + number % 2;
  spec->floor.racks_per_row = spec->floor.row_count == 1 ? 6 : 3;
  spec->floor.rack_pitch_mm = 600 + 100 * ls_philox_below(words.v[0], 20);
  spec->floor.row_pitch_mm = 1000 + 500 * ls_philox_below(words.v[1], 10);
  spec->floor.blocked_count = ls_philox_below(words.v[2], 2);
  spec->floor.blocked_slot[0] = ls_philox_below(words.v[3], 6);
  spec->floor.rack_power_mw = 1000000000; /* rack units alone limit a slot */
}

LS_TEST(BestPlaces, are_the_optimum_of_small_floors)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  int32_t tried = 0, improved = 0;
  fabric_catalog(catalog);
  for (int32_t number = 0; number < 60 && tried < 40 && !shim_has_failed(); number++) {
    ls_spec *spec = shim_alloc(sizeof *spec);
    ls_problem *problem = NULL;
    fabric_spec(catalog, number % 3 == 0 ? 96 : 64, spec);
    small_floor(number, spec);
    if (ls_problem_create(catalog, spec, &problem, NULL)) continue;
    for (uint32_t s = 0; s < problem->structure_count && !shim_has_failed(); s++) {
      small_case one = {0};
      const ls_placer placer = {small_place, &one, true};
      ls_topology topology;
      const ls_structure *structure = &problem->structures[s];
      if (structure->violation_mask ||
          ls_topology_create_placed(problem, catalog, spec, structure->rank_first, &placer,
                                    &topology, NULL))
        continue;
      tried += one.is_tried;
      improved += one.is_improved;
      ls_topology_destroy(&topology);
    }
    ls_problem_destroy(problem);
  }
  EXPECT_LT_I64(19, tried);
  EXPECT_LT_I64(3, improved);
}

/* ---- The whole search ---- */

static ls_status whole_place(void *context, const ls_places *places, int32_t *slot)
{
  const size_t bytes = (size_t)places->build->topology->node_count * sizeof *slot;
  int32_t *quick = malloc(bytes), *other = malloc(bytes);
  ls_best_options options = {
      .temper = {.seed = 2, .thread_count = 1, .proposal_count = 200000, .stop = &never},
      .has_free_racks = true};
  ls_best_told told, again;
  memcpy(quick, slot, bytes);
  memcpy(other, slot, bytes);
  EXPECT_STATUS(ls_improve_places(places, false, quick), LS_OK);
  EXPECT_STATUS(ls_best_places(places, &options, slot, &told), LS_OK);
  options.temper.thread_count = 3;
  EXPECT_STATUS(ls_best_places(places, &options, other, &again), LS_OK);
  EXPECT_TRUE(memcmp(slot, other, bytes) == 0);
  EXPECT_EQ_I64(told.search_cents, again.search_cents);
  EXPECT_EQ_I64(told.starts_cents, again.starts_cents);
  EXPECT_EQ_I64(told.tempered_cents, again.tempered_cents);
  EXPECT_EQ_I64(told.assigned_cents, again.assigned_cents);
  const ls_place_total total = ls_places_total(places, quick), best = ls_places_total(places, slot);
  EXPECT_FALSE(ls_places_is_better(&total, &best));
  EXPECT_TRUE(keeps_rules(places, slot));
  *(int64_t *)context = total.cents - best.cents;
  free(other);
  free(quick);
  return LS_OK;
}

LS_TEST(BestPlaces, are_the_same_on_any_threads_and_never_worse)
{
  question asked;
  int32_t improved = 0;
  ASSERT_TRUE(question_read(&asked, "pod-512") && question_build(&asked));
  const ls_session *session = &asked.session;
  const uint32_t count = session->problem->structure_count;
  for (uint32_t s = 0; s < count && !shim_has_failed(); s += 1 + count / 20) {
    const ls_structure *structure = &session->problem->structures[s];
    int64_t gain = 0;
    const ls_placer placer = {whole_place, &gain, true};
    ls_topology topology;
    if (structure->violation_mask ||
        ls_topology_create_placed(session->problem, session->catalog, session->spec,
                                  structure->rank_first, &placer, &topology, NULL))
      continue;
    improved += gain > 0;
    EXPECT_LE_I64(topology.totals.cords.bound_cents, topology.totals.cords.cents);
    EXPECT_LE_I64(topology.totals.cords.cents, topology.totals.cords.policy_cents);
    ls_topology_destroy(&topology);
  }
  question_destroy(&asked);
  EXPECT_LT_I64(1, improved);
}
