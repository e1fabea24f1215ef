/* Concurrent flow against closed forms, and the two ways against each other. */
#include <math.h>
#include <stdlib.h>

#include "../host/flow.h"
#include "../kernels/philox.h"
#include "shim/shim.h"

enum { ARCS_MAX = 8192, NODES_MAX = 128 };

typedef struct network {
  ls_flow_problem problem;
  ls_flow_arc arcs[ARCS_MAX];
  int32_t terminal[NODES_MAX];
  double demand[NODES_MAX * NODES_MAX];
} network;

static void join(network *self, int32_t a, int32_t b, double capacity)
{
  self->arcs[self->problem.arc_count++] = (ls_flow_arc){a, b, capacity};
  self->arcs[self->problem.arc_count++] = (ls_flow_arc){b, a, capacity};
}

/* Nodes, the first terminal_count of which send one to each other. */
static network *network_create(int32_t node_count, int32_t terminal_count)
{
  network *self = calloc(1, sizeof *self);
  if (!self) abort();
  self->problem =
      (ls_flow_problem){node_count, 0, terminal_count, self->arcs, self->terminal, self->demand};
  for (int32_t i = 0; i < terminal_count; i++) self->terminal[i] = i;
  for (int32_t i = 0; i < terminal_count * terminal_count; i++)
    self->demand[i] = i % (terminal_count + 1) != 0;
  return self;
}

/* Both ways find theta, and the interval holds it. */
static void expect_theta(const network *self, double theta, double gap)
{
  const ls_flow_limits limits = {.gap = gap, .steps = 20000, .thread_count = 1};
  ls_flow_range near, exact;
  EXPECT_STATUS(ls_flow_bound(&self->problem, &limits, &near, NULL, NULL), LS_OK);
  EXPECT_TRUE(near.low <= theta * (1 + 1e-9));
  EXPECT_TRUE(near.high >= theta * (1 - 1e-9));
  EXPECT_TRUE(near.high - near.low <= gap * near.high * (1 + 1e-9));
  EXPECT_STATUS(ls_flow_exact(&self->problem, &limits, &exact), LS_OK);
  EXPECT_TRUE(fabs(exact.low - theta) <= gap * theta);
  EXPECT_TRUE(fabs(exact.high - theta) <= gap * theta);
}

LS_TEST(Flow, complete_graphs_carry_each_pair_on_its_link)
{
  network *self = network_create(12, 12);
  for (int32_t i = 0; i < 12; i++)
    for (int32_t j = 0; j < i; j++) join(self, i, j, 3);
  expect_theta(self, 3, 1e-6);
  free(self);
}

LS_TEST(Flow, cycles_and_hypercubes_are_as_good_as_their_distances)
{
  network *cycle = network_create(10, 10), *cube = network_create(32, 32);
  for (int32_t i = 0; i < 10; i++) join(cycle, i, (i + 1) % 10, 1);
  for (int32_t i = 0; i < 32; i++)
    for (int32_t bit = 1; bit < 32; bit *= 2)
      if (i & bit) join(cube, i, i ^ bit, 1);
  expect_theta(cycle, 8.0 / 100, 1e-6);
  expect_theta(cube, 1.0 / 16, 1e-6);
  free(cycle);
  free(cube);
}

LS_TEST(Flow, clos_carries_what_its_uplinks_do)
{
  /* Eight leaves of 14 links to four spines, 2 : 1 under 28 that send 4 to each other leaf. */
  network *self = network_create(12, 8);
  for (int32_t leaf = 0; leaf < 8; leaf++)
    for (int32_t spine = 8; spine < 12; spine++) join(self, leaf, spine, 3.5);
  for (int32_t i = 0; i < 64; i++) self->demand[i] *= 4;
  expect_theta(self, 0.5, 1e-6);
  free(self);
}

LS_TEST(Flow, one_link_between_two_cliques_is_the_bottleneck)
{
  network *self = network_create(10, 10);
  for (int32_t i = 0; i < 5; i++)
    for (int32_t j = 0; j < i; j++) {
      join(self, i, j, 10);
      join(self, 5 + i, 5 + j, 10);
    }
  join(self, 2, 7, 1);
  expect_theta(self, 1.0 / 25, 1e-5);
  free(self);
}

/* A random graph of even degree: the union of random cycles. */
static network *random_network(int32_t nodes, int32_t cycles, uint64_t seed)
{
  network *self = network_create(nodes, nodes);
  int32_t order[NODES_MAX];
  for (int32_t cycle = 0; cycle < cycles; cycle++) {
    for (int32_t i = 0; i < nodes; i++) order[i] = i;
    for (int32_t i = nodes - 1; i > 0; i--) {
      const int32_t j = ls_philox_below(ls_philox(seed, (uint64_t)cycle, (uint64_t)i).v[0], i + 1);
      const int32_t kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    for (int32_t i = 0; i < nodes; i++) join(self, order[i], order[(i + 1) % nodes], 1);
  }
  return self;
}

LS_TEST(Flow, both_ways_agree_on_random_graphs)
{
  for (uint64_t seed = 1; seed <= 4; seed++) {
    network *self = random_network(14, 2, seed);
    const ls_flow_limits near = {.gap = 0.01, .steps = 5000, .thread_count = 1};
    const ls_flow_limits limits = {.gap = 0, .steps = 200, .thread_count = 1};
    ls_flow_range range, exact;
    EXPECT_STATUS(ls_flow_bound(&self->problem, &near, &range, NULL, NULL), LS_OK);
    EXPECT_STATUS(ls_flow_exact(&self->problem, &limits, &exact), LS_OK);
    EXPECT_TRUE(exact.low >= exact.high * (1 - 1e-8));
    EXPECT_TRUE(range.low >= range.high * 0.99);
    EXPECT_TRUE(range.low <= exact.high * (1 + 1e-9));
    EXPECT_TRUE(range.high >= exact.low * (1 - 1e-9));
    free(self);
  }
}

/* The two bounds meet, within the interval of the search and the bound by hops. */
LS_TEST(Flow, is_exact_on_64_nodes_of_degree_8)
{
  network *self = random_network(64, 4, 1);
  const ls_flow_limits near = {.gap = 0.01, .steps = 5000, .thread_count = 1};
  const ls_flow_limits limits = {.gap = 0, .steps = 200, .thread_count = 1};
  static int32_t hops[64 * 64];
  ls_flow_range range, exact;
  double sum = 0;
  EXPECT_STATUS(ls_flow_bound(&self->problem, &near, &range, NULL, NULL), LS_OK);
  EXPECT_STATUS(ls_flow_exact(&self->problem, &limits, &exact), LS_OK);
  EXPECT_TRUE(exact.low >= exact.high * (1 - 1e-9));
  EXPECT_TRUE(exact.low <= exact.high * (1 + 1e-12));
  EXPECT_TRUE(range.low <= exact.high && range.high >= exact.low);
  EXPECT_STATUS(ls_flow_hops(&self->problem, hops), LS_OK);
  for (int32_t i = 0; i < 64 * 64; i++) sum += hops[i];
  EXPECT_TRUE(exact.high <= self->problem.arc_count / sum);
  free(self);
}

/* Demands and capacities that differ by direction, so that no two arcs are one link. */
LS_TEST(Flow, both_ways_agree_where_directions_differ)
{
  network *self = random_network(16, 2, 5);
  const ls_flow_limits near = {.gap = 0.01, .steps = 5000, .thread_count = 1};
  const ls_flow_limits limits = {.gap = 0, .steps = 200, .thread_count = 1};
  ls_flow_range range, exact;
  for (int32_t i = 0; i < 16 * 16; i++) self->demand[i] *= 1 + i % 3;
  for (int32_t i = 0; i < self->problem.arc_count; i++) self->arcs[i].capacity = 2 + i % 2;
  EXPECT_STATUS(ls_flow_bound(&self->problem, &near, &range, NULL, NULL), LS_OK);
  EXPECT_STATUS(ls_flow_exact(&self->problem, &limits, &exact), LS_OK);
  EXPECT_TRUE(exact.low >= exact.high * (1 - 1e-9));
  EXPECT_TRUE(range.low <= exact.high && range.high >= exact.low);
  free(self);
}

LS_TEST(Flow, is_the_same_on_any_number_of_threads)
{
  network *self = random_network(60, 3, 7);
  ls_flow_range range[2];
  static double load[2][ARCS_MAX];
  for (int32_t i = 0; i < 2; i++) {
    const ls_flow_limits limits = {.gap = 0.02, .steps = 200, .thread_count = 1 + 2 * i};
    EXPECT_STATUS(ls_flow_bound(&self->problem, &limits, &range[i], load[i], NULL), LS_OK);
  }
  EXPECT_TRUE(range[0].low == range[1].low && range[0].high == range[1].high);
  EXPECT_EQ_I64(range[0].steps, range[1].steps);
  EXPECT_BYTES(load[0], load[1], (size_t)self->problem.arc_count * sizeof load[0][0]);
  EXPECT_TRUE(ls_flow_theta(&self->problem, load[0]) == range[0].low);
  free(self);
}

LS_TEST(Flow, tells_what_nothing_joins_and_what_asks_for_nothing)
{
  network *self = network_create(4, 4);
  const ls_flow_limits limits = {.gap = 0.01, .steps = 100, .thread_count = 1};
  ls_flow_range range;
  join(self, 0, 1, 1);
  join(self, 2, 3, 1);
  EXPECT_STATUS(ls_flow_bound(&self->problem, &limits, &range, NULL, NULL), LS_OK);
  EXPECT_TRUE(range.low == 0);
  EXPECT_TRUE(range.high == 0);
  for (int32_t i = 0; i < 16; i++) self->demand[i] = 0;
  EXPECT_STATUS(ls_flow_exact(&self->problem, &limits, &range), LS_OK);
  EXPECT_TRUE(range.low == INFINITY);
  free(self);
}

LS_TEST(Flow, oblivious_routings_load_what_they_say)
{
  /* On a cycle of four, opposite nodes have two paths; one pair alone wants something. */
  network *self = network_create(4, 4);
  double load[8];
  for (int32_t i = 0; i < 4; i++) join(self, i, (i + 1) % 4, 1);
  for (int32_t i = 0; i < 16; i++) self->demand[i] = 0;
  self->demand[0 * 4 + 2] = 4;
  EXPECT_STATUS(ls_flow_ecmp(&self->problem, load), LS_OK);
  EXPECT_TRUE(ls_flow_theta(&self->problem, load) == 0.5);
  /* By way of each of four: 1 of it to each neighbour, 1 across, and the same again. */
  EXPECT_STATUS(ls_flow_valiant(&self->problem, load), LS_OK);
  EXPECT_TRUE(ls_flow_theta(&self->problem, load) == 0.5);
  int32_t hops[16];
  EXPECT_STATUS(ls_flow_hops(&self->problem, hops), LS_OK);
  EXPECT_EQ_I64(hops[0 * 4 + 2], 2);
  free(self);
}
