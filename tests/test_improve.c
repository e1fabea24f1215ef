/* Better places than the policy's: the transportation problem, every kind's places against all
 * others, and that nothing gets worse. */
#include <stdlib.h>
#include <string.h>

#include "../host/assignment.h"
#include "../host/floor.h"
#include "../host/topology_build.h"
#include "../host/transport.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "question.h"

/* ---- The transportation problem ---- */

enum { CLASSES = 4, PLACES = 5, THINGS = 12 };

static uint64_t random_below(uint64_t *state, uint64_t bound)
{
  *state = *state * 6364136223846793005U + 1442695040888963407U;
  return (*state >> 33) % bound;
}

typedef struct shipment {
  int32_t supply[CLASSES], room[PLACES], flow[CLASSES * PLACES];
  int64_t cost[CLASSES * PLACES];
} shipment;

static ls_transport shipment_problem(const shipment *self)
{
  return (ls_transport){CLASSES, PLACES, self->supply, self->room, self->cost};
}

/* The same as an assignment: a row a thing, a column a unit of room, rows of no cost beyond. */
static int64_t assignment_sum(const shipment *self)
{
  int64_t cost[THINGS * THINGS] = {0}, sum = -1;
  int32_t row = 0;
  for (int32_t c = 0; c < CLASSES; c++) {
    for (int32_t i = 0; i < self->supply[c]; i++, row++) {
      int32_t column = 0;
      for (int32_t p = 0; p < PLACES; p++)
        for (int32_t unit = 0; unit < self->room[p]; unit++)
          cost[row * THINGS + column++] = self->cost[c * PLACES + p];
    }
  }
  EXPECT_STATUS(ls_assignment_solve(cost, THINGS, NULL, &sum, NULL), LS_OK);
  return sum;
}

static void shipment_draw(uint64_t *state, shipment *self)
{
  memset(self, 0, sizeof *self);
  for (int32_t i = 0; i < THINGS; i++) self->room[random_below(state, PLACES)]++;
  const uint64_t things = 1 + random_below(state, THINGS);
  for (uint64_t i = 0; i < things; i++) self->supply[random_below(state, CLASSES)]++;
  for (int32_t i = 0; i < CLASSES * PLACES; i++)
    self->cost[i] = (int64_t)random_below(state, 9) * 1000003;
}

LS_TEST(Improve, transportation_is_the_assignment_of_every_unit)
{
  uint64_t state = 7;
  for (int32_t i = 0; i < 300 && !shim_has_failed(); i++) {
    shipment one;
    int64_t sum = -1, found = 0;
    shipment_draw(&state, &one);
    const ls_transport problem = shipment_problem(&one);
    ASSERT_STATUS(ls_transport_solve(&problem, one.flow, &sum), LS_OK);
    EXPECT_EQ_I64(sum, assignment_sum(&one));
    for (int32_t c = 0; c < CLASSES; c++) {
      int32_t sent = 0;
      for (int32_t p = 0; p < PLACES; p++) {
        sent += one.flow[c * PLACES + p];
        found += one.flow[c * PLACES + p] * one.cost[c * PLACES + p];
      }
      EXPECT_EQ_I64(sent, one.supply[c]);
    }
    EXPECT_EQ_I64(found, sum);
    for (int32_t p = 0; p < PLACES; p++) {
      int32_t taken = 0;
      for (int32_t c = 0; c < CLASSES; c++) taken += one.flow[c * PLACES + p];
      EXPECT_LE_I64(taken, one.room[p]);
    }
  }
}

LS_TEST(Improve, transportation_refuses_what_finds_no_room)
{
  shipment one = {.supply = {2, 1}, .room = {2, 0, 1}};
  int64_t sum;
  for (int32_t i = 0; i < CLASSES * PLACES; i++) one.cost[i] = LS_TRANSPORT_NEVER;
  one.cost[0] = 5;
  one.cost[PLACES] = 7;
  const ls_transport problem = shipment_problem(&one);
  EXPECT_STATUS(ls_transport_solve(&problem, one.flow, &sum), LS_ERR_NO);
  one.cost[2] = 9; /* a thing of the first class makes room for the second */
  EXPECT_STATUS(ls_transport_solve(&problem, one.flow, &sum), LS_OK);
  EXPECT_EQ_I64(sum, 5 + 9 + 7);
}

/* ---- Placements ---- */

/* A corridor of ten racks, so that all placements of a kind can be tried. */
static bool corridor_create(int32_t gpu_count, ls_catalog *catalog, ls_spec *spec,
                            ls_problem **problem)
{
  fabric_catalog(catalog);
  fabric_spec(catalog, gpu_count, spec);
  spec->floor.row_count = 1;
  spec->floor.racks_per_row = 10;
  spec->floor.blocked_count = 1;
  spec->floor.blocked_slot[0] = 4;
  spec->floor.rack_power_mw = 1000000000; /* rack units alone limit a slot */
  return SHIM_STATUS(ls_problem_create(catalog, spec, problem, NULL), LS_OK);
}

static int64_t cents_of(const ls_topology *topology)
{
  int64_t cents = 0;
  for (int32_t e = 0; e < topology->edge_count; e++)
    if (topology->edges[e].kind != LS_EDGE_CIRCUIT)
      cents += topology->edges[e].link_count * topology->edges[e].cord_capex_cents;
  return cents;
}

/* All ways to place the devices of one kind, at most TRIES_MAX. */
typedef struct tries {
  const ls_topology_build *build;
  int32_t first, count, units; /* nodes; rack units of one */
  int32_t *left;               /* [slots] rack units beside all others */
  int64_t *price;              /* [count][slots], -1: not allowed */
  int64_t best;
} tries;

enum { TRIES_MAX = 300000 };

static void try_all(tries *self, int32_t device, int64_t cents)
{
  const int32_t slots = self->build->spec->floor.racks_per_row;
  if (cents >= self->best) return;
  if (device == self->count) {
    self->best = cents;
    return;
  }
  for (int32_t s = 0; s < slots; s++) {
    if (self->left[s] < self->units || self->price[device * slots + s] < 0) continue;
    self->left[s] -= self->units;
    try_all(self, device + 1, cents + self->price[device * slots + s]);
    self->left[s] += self->units;
  }
}

static int32_t units_of(const ls_topology_build *build, const ls_node *node)
{
  return node->kind == LS_NODE_OCS ? build->problem->ocs[node->catalog_index].rack_units
                                   : build->problem->switches[node->catalog_index].rack_units;
}

/* What a device pays in a slot by its cords alone; -1: one breaks reach or budget, or gets longer
 * than the policy's longest. */
static int64_t device_price(const ls_topology_build *build, int32_t node, int32_t slot,
                            const int32_t *mm_max)
{
  const ls_topology *topology = build->topology;
  int64_t cents = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    ls_edge edge = topology->edges[e];
    if (edge.kind == LS_EDGE_CIRCUIT || (edge.node_a != node && edge.node_b != node)) continue;
    const int32_t other = topology->nodes[edge.node_a == node ? edge.node_b : edge.node_a].slot;
    if (ls_build_cord(build, &edge, slot, other) || edge.length_mm > mm_max[edge.tier]) return -1;
    cents += edge.link_count * edge.cord_capex_cents;
  }
  return cents;
}

static bool may_stand(const ls_topology_build *build, int32_t node, int32_t slot)
{
  const ls_topology *topology = build->topology;
  if (slot == build->spec->floor.blocked_slot[0]) return false;
  for (int32_t r = 0; r < build->first[LS_NODE_LEAF]; r++) {
    if (topology->nodes[r].slot != slot) continue;
    bool serves = false;
    for (int32_t e = 0; e < topology->edge_count && !serves; e++)
      serves = topology->edges[e].node_a == r && topology->edges[e].node_b == node;
    return serves;
  }
  return true;
}

/* Fails when the kind could stand cheaper; returns whether that was tried. */
static bool expect_kind_best(const ls_topology_build *build, int32_t kind, const int32_t *mm_max)
{
  const ls_topology *topology = build->topology;
  const int32_t slots = build->spec->floor.racks_per_row;
  tries self = {.build = build, .first = build->first[kind], .best = INT64_MAX};
  self.count = build->count[kind] * build->structure->planes;
  double ways = 1;
  for (int32_t i = 0; i < self.count; i++) ways *= slots;
  if (!self.count || ways > TRIES_MAX) return false;
  self.units = units_of(build, &topology->nodes[self.first]);
  self.left = shim_alloc((size_t)slots * sizeof *self.left);
  self.price = shim_alloc((size_t)(slots * self.count) * sizeof *self.price);
  int64_t now = 0;
  for (int32_t s = 0; s < slots; s++) self.left[s] = build->spec->floor.rack_units;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    if (node->kind == kind) continue;
    self.left[node->slot] -= node->kind == LS_NODE_RACK
                                 ? node->server_count * build->spec->cluster.server_rack_units
                                 : units_of(build, node);
  }
  for (int32_t d = 0; d < self.count; d++) {
    const int32_t node = self.first + d;
    now += device_price(build, node, topology->nodes[node].slot, mm_max);
    for (int32_t s = 0; s < slots; s++)
      self.price[d * slots + s] =
          may_stand(build, node, s) ? device_price(build, node, s, mm_max) : -1;
  }
  try_all(&self, 0, 0);
  EXPECT_EQ_I64(now, self.best);
  return true;
}

/* The longest cord of each tier now. The search may go up to the policy's longest, so that places
 * are tried here under a limit that is no looser. */
static void longest(const ls_topology *topology, int32_t mm_max[LS_TIER_MAX])
{
  memset(mm_max, 0, LS_TIER_MAX * sizeof *mm_max);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    mm_max[edge->tier] = (int32_t)ls_max(mm_max[edge->tier], edge->length_mm);
  }
}

static int32_t expect_kinds_best(const ls_topology *topology, const ls_catalog *catalog,
                                 const ls_spec *spec)
{
  ls_topology_build build = {.problem = topology->problem,
                             .catalog = catalog,
                             .spec = spec,
                             .structure = topology->structure,
                             .topology = (ls_topology *)topology};
  int32_t mm_max[LS_TIER_MAX], tried = 0;
  longest(topology, mm_max);
  for (int32_t n = topology->node_count - 1; n >= 0; n--) {
    const ls_node *node = &topology->nodes[n];
    build.first[node->kind] = n;
    build.count[node->kind] += node->plane == 0;
  }
  for (int32_t kind = LS_NODE_LEAF; kind < LS_NODE_KIND_COUNT; kind++)
    tried += expect_kind_best(&build, kind, mm_max);
  return tried;
}

static void expect_no_worse(const ls_totals *totals)
{
  const ls_cords *cords = &totals->cords;
  EXPECT_LE_I64(cords->bound_cents, cords->cents);
  if (totals->violation_mask == 0) {
    EXPECT_LE_I64(cords->mm_max, cords->policy_mm_max);
  }
}

/* Of leaves, spines and cores no kind can be placed cheaper with the others where they are.
 * Circuits through OCS have a longest of their own, which may keep a kind where it is. */
LS_TEST(Improve, no_kind_can_be_placed_cheaper)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  int32_t tried = 0, improved = 0;
  ASSERT_TRUE(corridor_create(128, catalog, spec, &problem));
  for (uint32_t i = 0; i < problem->structure_count && !shim_has_failed(); i++) {
    const ls_structure *structure = &problem->structures[i];
    ls_topology topology;
    if (structure->family == LS_DIRECT || structure->violation_mask) continue;
    for (uint64_t r = 0; r < structure->rank_count; r += 1 + structure->rank_count / 3) {
      if (ls_topology_create(problem, catalog, spec, structure->rank_first + r, &topology, NULL))
        continue;
      expect_no_worse(&topology.totals);
      EXPECT_EQ_I64(topology.totals.cords.cents, cents_of(&topology));
      if (!topology.totals.violation_mask && structure->ocs_index < 0)
        tried += expect_kinds_best(&topology, catalog, spec);
      improved += topology.totals.cords.cents < topology.totals.cords.policy_cents;
      ls_topology_destroy(&topology);
    }
  }
  EXPECT_LT_I64(20, tried);
  EXPECT_LT_I64(5, improved);
  ls_problem_destroy(problem);
}

/* Over the shipped specs: a part of their designs. */
LS_TEST(Improve, never_costs_more_than_the_policy)
{
  static const char *const specs[] = {"lab-64",      "pod-512",   "moe-2k",
                                      "scale-up-2k", "two-halls", "pod-4k"};
  int32_t improved = 0;
  for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
    question asked;
    ASSERT_TRUE(question_read(&asked, specs[i]) && question_build(&asked));
    const ls_session *session = &asked.session;
    const uint32_t count = session->problem->structure_count;
    for (uint32_t s = 0; s < count && !shim_has_failed(); s += 1 + count / 40) {
      ls_topology topology;
      if (ls_topology_create(session->problem, session->catalog, session->spec,
                             session->problem->structures[s].rank_first, &topology, NULL))
        continue;
      expect_no_worse(&topology.totals);
      if (!topology.totals.violation_mask) {
        EXPECT_LE_I64(topology.totals.cords.cents, topology.totals.cords.policy_cents);
      }
      improved += topology.totals.cords.cents < topology.totals.cords.policy_cents;
      ls_topology_destroy(&topology);
    }
    question_destroy(&asked);
  }
  EXPECT_LT_I64(20, improved);
}

/* ---- Random placements ---- */

/* Lets the devices of each kind change places at random and prices all cords anew. */
static int64_t random_cents(const ls_topology_build *build, uint64_t *state)
{
  ls_topology *topology = build->topology;
  for (int32_t n = build->first[LS_NODE_LEAF]; n < topology->node_count; n++) {
    int32_t first = n;
    while (first > 0 && topology->nodes[first - 1].kind == topology->nodes[n].kind) first--;
    ls_node *a = &topology->nodes[n];
    ls_node *b =
        &topology->nodes[first + (int32_t)random_below(state, (uint64_t)n - (uint64_t)first + 1)];
    const int32_t slot = a->slot;
    a->slot = b->slot;
    b->slot = slot;
  }
  for (int32_t e = 0; e < topology->edge_count; e++) {
    ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) continue;
    ls_build_cord(build, edge, topology->nodes[edge->node_a].slot,
                  topology->nodes[edge->node_b].slot);
  }
  return cents_of(topology);
}

/* A design of pod-4k in the places it was given, the devices of each kind changed about: none of a
 * thousand is as cheap. */
LS_TEST(Improve, beats_a_thousand_random_placements)
{
  question asked;
  ls_topology topology;
  ASSERT_TRUE(question_read(&asked, "pod-4k") && question_build(&asked));
  const ls_session *session = &asked.session;
  const ls_problem *problem = session->problem;
  uint32_t s = 0;
  while (s < problem->structure_count &&
         (problem->structures[s].family != LS_CLOS2 || problem->structures[s].violation_mask != 0))
    s++;
  ASSERT_TRUE(s < problem->structure_count);
  ASSERT_STATUS(
      ls_topology_create(problem, session->catalog, session->spec,
                         problem->structures[s].rank_first + problem->structures[s].rank_count - 1,
                         &topology, NULL),
      LS_OK);
  ls_topology_build build = {.problem = problem,
                             .catalog = session->catalog,
                             .spec = session->spec,
                             .structure = topology.structure,
                             .topology = &topology};
  while (topology.nodes[build.first[LS_NODE_LEAF]].kind == LS_NODE_RACK)
    build.first[LS_NODE_LEAF]++;
  const int64_t found = topology.totals.cords.cents;
  int64_t least = INT64_MAX;
  uint64_t state = 1;
  for (int32_t i = 0; i < 1000; i++) least = ls_min(least, random_cents(&build, &state));
  EXPECT_LT_I64(0, found);
  EXPECT_LT_I64(found, least);
  ls_topology_destroy(&topology);
  question_destroy(&asked);
}
