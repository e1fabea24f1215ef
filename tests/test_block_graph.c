/* The graph between blocks that have too few links for every two: regular, in 2-factors, no worse
 * than the rings it stands for, measured rightly; and designs made of it, at both levels, by the
 * verifier and on any number of threads. */
#include "../host/block_graph.h"

#include "../host/block_kinds.h"
#include "../host/structure_blocks.h"
#include "../host/structure_workload.h"
#include "../host/wire.h"
#include "../host/wire_seed.h"
#include "exported.h"
#include "verdict.h"

/* ---- Graphs ---- */

/* Every block has all its links, of even degree in each 2-factor two. */
static void expect_all_ports(const ls_block_graph *graph)
{
  const int32_t blocks = graph->blocks, links = blocks * graph->degree / 2;
  int32_t *degree = shim_alloc((size_t)blocks * sizeof *degree);
  for (int32_t i = 0; i < links; i++) {
    const int32_t a = graph->links[i][0], b = graph->links[i][1];
    EXPECT_LT_I64(a, b);
    degree[a]++;
    degree[b]++;
    if (graph->degree % 2 == 0 && (i + 1) % blocks == 0) /* a whole 2-factor */
      for (int32_t v = 0; v < blocks; v++) EXPECT_EQ_I64(degree[v], 2 * ((i + 1) / blocks));
  }
  for (int32_t v = 0; v < blocks; v++) EXPECT_EQ_I64(degree[v], graph->degree);
}

static void expect_regular(const ls_block_graph *graph)
{
  const int32_t blocks = graph->blocks, links = blocks * graph->degree / 2;
  bool *is_joined = shim_alloc((size_t)blocks * (size_t)blocks * sizeof *is_joined);
  for (int32_t i = 0; i < links; i++) {
    bool *here = &is_joined[graph->links[i][0] * blocks + graph->links[i][1]];
    EXPECT_FALSE(*here);
    *here = true;
  }
  expect_all_ports(graph);
}

static void expect_same_links(const ls_block_graph *a, const ls_block_graph *b)
{
  ASSERT_EQ_I64(a->blocks * a->degree, b->blocks * b->degree);
  EXPECT_EQ_I64(memcmp(a->links, b->links, (size_t)(a->blocks * a->degree / 2) * sizeof *a->links),
                0);
}

/* Neither better than Moore nor worse than the rings of the nearest, which were the rule for
 * factors of odd numbers of blocks. */
static void expect_found(const ls_block_graph *graph)
{
  const ls_moore moore = ls_moore_bound(graph->blocks, graph->degree);
  ls_wiring rings;
  ls_wiring_measure measure;
  ASSERT_STATUS(ls_wire_seed_circulant(graph->blocks, graph->degree, &rings), LS_OK);
  EXPECT_STATUS(ls_wiring_measure_all(&rings, 1, &measure), LS_OK);
  EXPECT_LE_I64(graph->distance_sum, 2 * measure.distance_sum);
  EXPECT_LE_I64(moore.distance_sum * graph->blocks, graph->distance_sum);
  EXPECT_LE_I64(moore.diameter, graph->diameter);
  /* Some link carries as much as the mean. */
  EXPECT_LE_I64(graph->distance_sum * LS_BLOCK_UNIT, graph->load * graph->blocks * graph->degree);
  ls_wiring_destroy(&rings);
}

LS_TEST(BlockGraph, uses_every_port_in_factors_and_beats_rings)
{
  static const int32_t pairs[][2] = {{4, 2},  {10, 8}, {10, 7},   {33, 8},  {64, 16},
                                     {65, 6}, {50, 7}, {129, 16}, {300, 32}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    ls_block_graph *graph, *again;
    ASSERT_STATUS(ls_block_graph_create(pairs[i][0], pairs[i][1], 1, &graph), LS_OK);
    ASSERT_STATUS(ls_block_graph_create(pairs[i][0], pairs[i][1], 1, &again), LS_OK);
    expect_regular(graph);
    expect_found(graph);
    expect_same_links(graph, again);
    ls_block_graph_destroy(again);
    ls_block_graph_destroy(graph);
  }
}

/* A ring of five: a link carries, each way, one demand of its own and both halves of those two
 * links long; the two farthest blocks exchange all of a demand over it. */
LS_TEST(BlockGraph, loads_of_a_ring_are_known)
{
  ls_block_graph *ring;
  ls_block_load load;
  int64_t demand[25] = {0};
  ASSERT_STATUS(ls_block_graph_create(5, 2, 1, &ring), LS_OK);
  EXPECT_EQ_I64(ring->distance_sum, 5 * (2 * 1 + 2 * 2));
  EXPECT_EQ_I64(ring->last_distance, 6);
  EXPECT_EQ_I64(ring->adjacent, 10);
  EXPECT_EQ_I64(ring->diameter, 2);
  EXPECT_EQ_I64(ring->load, 3 * LS_BLOCK_UNIT);
  demand[2] = 7;
  ASSERT_STATUS(ls_block_graph_load(ring, demand, &load), LS_OK);
  EXPECT_EQ_I64(load.most, 7);
  const bool is_near = load.hops == 7;
  EXPECT_EQ_I64(load.hops, is_near ? 7 : 14);
  ls_block_graph_destroy(ring);
}

/* On an even ring what goes to the opposite block is halved. */
LS_TEST(BlockGraph, demand_is_split_over_ways_of_one_length)
{
  ls_block_graph *ring;
  ls_block_load load;
  int64_t demand[16] = {0};
  ASSERT_STATUS(ls_block_graph_create(4, 2, 1, &ring), LS_OK);
  for (int32_t to = 1; to < 4; to++) demand[to] = 5;
  ASSERT_STATUS(ls_block_graph_load(ring, demand, &load), LS_OK);
  EXPECT_EQ_I64(load.hops, 5 * 4);
  EXPECT_EQ_I64(load.most, 5 + 3); /* half of five, rounded up */
  ls_block_graph_destroy(ring);
}

/* Of 4 x 5: 20 and 20 ports lead along rings of four and five, whose mean distances are 1 and 6/5.
 */
LS_TEST(BlockGraph, toruses_are_what_they_are_called)
{
  ls_block_graph *flat, *deep;
  ASSERT_STATUS(ls_block_graph_torus(20, 8, 2, &flat), LS_OK);
  EXPECT_EQ_I64(flat->distance_sum, 20 * (5 * 4 + 4 * 6));
  EXPECT_EQ_I64(flat->diameter, 2 + 2);
  EXPECT_EQ_I64(flat->adjacent, 20 * 4);
  EXPECT_EQ_I64(flat->links_min, 2);
  ASSERT_STATUS(ls_block_graph_torus(64, 6, 3, &deep), LS_OK);
  EXPECT_EQ_I64(deep->distance_sum, 64 * 3 * 16 * 4);
  EXPECT_EQ_I64(deep->diameter, 6);
  EXPECT_EQ_I64(deep->adjacent, 64 * 6);
  /* A ring's link carries half of the mean distance in it from every block. */
  EXPECT_LE_I64(64 / 2 * LS_BLOCK_UNIT, deep->load);
  EXPECT_LE_I64(deep->load, 64 / 2 * LS_BLOCK_UNIT + 64); /* thirds are rounded up */
  ls_block_graph_destroy(deep);
  ls_block_graph_destroy(flat);
}

/* All demand goes straight, and its links share what there is as it does. */
LS_TEST(BlockGraph, links_follow_the_demand)
{
  enum { BLOCKS = 12 };
  int64_t demand[BLOCKS * BLOCKS] = {0};
  ls_block_graph *follows, *found;
  ls_block_load after, before;
  for (int32_t v = 0; v < BLOCKS; v++) {
    demand[v * BLOCKS + (v ^ 1)] = 600;
    demand[v * BLOCKS + (v + 6) % BLOCKS] = 200;
  }
  ASSERT_STATUS(ls_block_graph_follow(BLOCKS, 6, demand, false, &follows), LS_OK);
  ASSERT_STATUS(ls_block_graph_create(BLOCKS, 6, 1, &found), LS_OK);
  ASSERT_STATUS(ls_block_graph_load(follows, demand, &after), LS_OK);
  ASSERT_STATUS(ls_block_graph_load(found, demand, &before), LS_OK);
  EXPECT_EQ_I64(after.hops, BLOCKS * 800);
  EXPECT_LT_I64(after.hops, before.hops);
  EXPECT_LT_I64(2 * after.most, before.most);
  ls_block_graph_destroy(found);
  ls_block_graph_destroy(follows);
}

/* Each block sends most to the next one and less to one farther on. */
static const int64_t *near_demand(int32_t blocks)
{
  int64_t *demand = shim_alloc((size_t)blocks * (size_t)blocks * sizeof *demand);
  for (int32_t v = 0; v < blocks; v++) {
    demand[v * blocks + (v + 1) % blocks] = 600;
    demand[v * blocks + (v + 6) % blocks] = 200;
  }
  return demand;
}

/* What every two blocks exchange is drawn: all of them send about as much. */
static const int64_t *drawn_demand(int32_t blocks)
{
  int64_t *demand = shim_alloc((size_t)blocks * (size_t)blocks * sizeof *demand);
  for (int32_t i = 0; i < blocks * blocks; i++)
    demand[i] = i % (blocks + 1) ? (int64_t)((uint32_t)i * 2654435761U >> 22) : 0;
  return demand;
}

/* Worst-case throughput goes by the uniform load: at least half of found's is left. */
static void expect_half(int32_t blocks, int32_t degree, const int64_t *demand, bool is_fewer)
{
  ls_block_graph *found, *half, *again;
  ls_block_load before, after;
  ASSERT_STATUS(ls_block_graph_create(blocks, degree, 1, &found), LS_OK);
  ASSERT_STATUS(ls_block_graph_follow_half(blocks, degree, demand, 1, found, &half), LS_OK);
  ASSERT_STATUS(ls_block_graph_follow_half(blocks, degree, demand, 1, found, &again), LS_OK);
  expect_all_ports(half);
  expect_same_links(half, again);
  EXPECT_LE_I64(half->load, 2 * found->load);
  ASSERT_STATUS(ls_block_graph_load(found, demand, &before), LS_OK);
  ASSERT_STATUS(ls_block_graph_load(half, demand, &after), LS_OK);
  EXPECT_LE_I64(after.hops, before.hops);
  EXPECT_LE_I64(after.most, before.most);
  if (is_fewer) {
    EXPECT_LT_I64(after.hops, before.hops);
    EXPECT_LT_I64(after.most, before.most);
  }
  ls_block_graph_destroy(again);
  ls_block_graph_destroy(half);
  ls_block_graph_destroy(found);
}

LS_TEST(BlockGraph, half_of_the_links_follow_the_demand_and_any_traffic_keeps_half)
{
  static const int32_t pairs[][2] = {{64, 32}, {64, 16}, {64, 4},  {65, 16}, {65, 6},
                                     {43, 8},  {50, 7},  {20, 15}, {129, 16}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    expect_half(pairs[i][0], pairs[i][1], near_demand(pairs[i][0]), true);
    expect_half(pairs[i][0], pairs[i][1], drawn_demand(pairs[i][0]), false);
  }
}

/* A ring has no link to spare, and blocks that send nothing ask for none. */
LS_TEST(BlockGraph, half_is_found_where_nothing_is_to_be_had)
{
  const int64_t *silence = shim_alloc(12 * 12 * sizeof *silence), *busy = near_demand(12);
  for (int32_t degree = 2; degree <= 6; degree += 4) {
    ls_block_graph *found, *half;
    ASSERT_STATUS(ls_block_graph_create(12, degree, 1, &found), LS_OK);
    ASSERT_STATUS(
        ls_block_graph_follow_half(12, degree, degree == 2 ? busy : silence, 1, found, &half),
        LS_OK);
    EXPECT_EQ_I64(half->load, found->load);
    EXPECT_EQ_I64(half->distance_sum, found->distance_sum);
    ls_block_graph_destroy(half);
    ls_block_graph_destroy(found);
  }
}

/* Every two blocks keep half of what they would have alike, and the demand gets the others. */
LS_TEST(BlockGraph, where_every_two_are_joined_they_still_are_by_half)
{
  static const struct {
    int32_t blocks, degree, kept;
  } cases[] = {{2, 5, 3}, {3, 8, 2}, {9, 8, 1}, {8, 20, 1}, {9, 24, 2}, {12, 46, 2}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int32_t blocks = cases[i].blocks, degree = cases[i].degree;
    const int64_t *demand = near_demand(blocks);
    const int32_t alike = degree / (blocks - 1);
    ls_block_graph *half;
    ls_block_load load;
    ASSERT_STATUS(ls_block_graph_follow_half(blocks, degree, demand, 1, NULL, &half), LS_OK);
    expect_all_ports(half);
    EXPECT_EQ_I64(half->diameter, 1);
    EXPECT_LE_I64(cases[i].kept, half->links_min);
    EXPECT_LE_I64(alike, 2 * half->links_min);
    ASSERT_STATUS(ls_block_graph_load(half, demand, &load), LS_OK);
    if (blocks > 3 && alike > cases[i].kept) EXPECT_LT_I64(load.most, (600 + alike - 1) / alike);
    ls_block_graph_destroy(half);
  }
}

static ls_status counted_make(const void *context, const ls_block_key *key, uint64_t seed,
                              ls_block_graph **graph)
{
  ++*(int32_t *)context;
  EXPECT_EQ_I64(seed, 7);
  return ls_block_graph_create(key->blocks, key->degree, seed, graph);
}

LS_TEST(BlockGraph, those_met_before_are_not_searched_again)
{
  ls_block_graphs *graphs = ls_block_graphs_create(7);
  const ls_block_key narrow = {.blocks = 20, .degree = 4}, wide = {.blocks = 20, .degree = 6};
  const ls_block_graph *first, *second, *other;
  int32_t made = 0;
  ASSERT_TRUE(graphs != NULL);
  ASSERT_STATUS(ls_block_graph_take(graphs, &narrow, counted_make, &made, &first), LS_OK);
  ASSERT_STATUS(ls_block_graph_take(graphs, &wide, counted_make, &made, &other), LS_OK);
  ASSERT_STATUS(ls_block_graph_take(graphs, &narrow, counted_make, &made, &second), LS_OK);
  EXPECT_TRUE(first == second && first != other);
  EXPECT_EQ_I64(made, 2);
  EXPECT_EQ_I64(other->degree, 6);
  ls_block_graph_release(graphs, first);
  ls_block_graphs_destroy(graphs);
}

/* ---- Designs ---- */

typedef struct world {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} world;

/* Leaves of 16 ports, half or a quarter of them towards each other: 64 and 43 of them. */
static bool world_create(world *made)
{
  made->catalog = shim_alloc(sizeof *made->catalog);
  made->spec = shim_alloc(sizeof *made->spec);
  fabric_catalog(made->catalog);
  fabric_spec(made->catalog, 512, made->spec);
  made->spec->space.oversubscription_count = 2;
  made->spec->space.oversubscription_num[1] = 3;
  made->spec->space.oversubscription_den[1] = 1;
  made->spec->space.switch_mask = 1U << FABRIC_SMALL;
  made->spec->space.family_mask = LS_CHOOSE_DIRECT | LS_CHOOSE_OCS_SPINE | LS_CHOOSE_OCS_CORE;
  made->spec->space.block_kind_mask = (1U << LS_BLOCKS_KIND_COUNT) - 1;
  made->spec->matrix = exported_demand();
  made->spec->graphs = ls_block_graphs_create(1);
  return made->spec->graphs &&
         SHIM_STATUS(ls_problem_create(made->catalog, made->spec, &made->problem, NULL), LS_OK);
}

static void world_destroy(world *made)
{
  ls_problem_destroy(made->problem);
  ls_block_graphs_destroy(made->spec->graphs);
}

/* Level 1 is never worse, and the design has the links of its graph. */
static void expect_design(const world *made, const ls_topology *topology)
{
  const ls_size *size = &topology->structure->size;
  const ls_structure *bound =
      &made->problem->structures[ls_rank_structure(made->problem, topology->rank)];
  const ls_block_graph *graph;
  ls_score best, score;
  int64_t links = 0;
  ls_rank_score(made->problem, topology->rank, &best);
  ls_topology_score(topology, &score);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) EXPECT_LE_I64(best.metric[i], score.metric[i]);
  EXPECT_LE_I64(topology->totals.throughput_ppm_high, bound->throughput_ppm_high);
  EXPECT_LE_I64(topology->totals.throughput_ppm_low, topology->totals.throughput_ppm_high);
  EXPECT_LT_I64(0, topology->totals.throughput_ppm_low);
  ASSERT_STATUS(ls_structure_take_graph(made->spec, topology->structure, &graph), LS_OK);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->tier != topology->structure->peer_tier || edge->kind == LS_EDGE_OCS_LEG) continue;
    const ls_node *from = &topology->nodes[edge->node_a], *to = &topology->nodes[edge->node_b];
    const int32_t a = from->pod >= 0 ? from->pod : from->index;
    const int32_t b = to->pod >= 0 ? to->pod : to->index;
    bool is_found = false;
    for (int32_t i = 0; i < graph->blocks * graph->degree / 2 && !is_found; i++)
      is_found = graph->links[i][0] == a && graph->links[i][1] == b;
    EXPECT_TRUE(is_found);
    links += edge->link_count;
  }
  EXPECT_EQ_I64(links, topology->structure->planes * size->block_count * size->block_links / 2);
  ls_block_graph_release(made->spec->graphs, graph);
}

static void expect_verified(const world *made, const ls_topology *topology, char **text)
{
  const char *path = shim_format("%s/design.graphml", shim_folder());
  ASSERT_STATUS(ls_graphml_write(topology, made->catalog, made->spec, path, NULL), LS_OK);
  const verdict found = verify_path(path, NULL);
  expect_ok(&found);
  *text = shim_file_read(path, NULL);
}

LS_TEST(BlockGraph, designs_of_both_families_are_wired_by_it_and_verified)
{
  int32_t built[LS_FAMILY_COUNT][LS_BLOCKS_KIND_COUNT] = {{0}};
  world made;
  ASSERT_TRUE(world_create(&made));
  for (uint32_t s = 0; s < made.problem->structure_count && !shim_has_failed(); s++) {
    const ls_structure *structure = &made.problem->structures[s];
    ls_topology topology;
    char *text = NULL;
    if (structure->violation_mask || !ls_structure_has_graph(structure)) continue;
    bool is_made = false, is_sound = false;
    for (uint64_t i = 0; i < structure->rank_count && !is_sound; i++) {
      if (is_made) ls_topology_destroy(&topology);
      is_made = ls_topology_create(made.problem, made.catalog, made.spec, structure->rank_first + i,
                                   &topology, NULL) == LS_OK;
      is_sound = is_made && !topology.totals.violation_mask;
    }
    if (!is_made) continue;
    expect_design(&made, &topology);
    if (is_sound) expect_verified(&made, &topology, &text);
    built[structure->family][structure->block_kind] += is_sound;
    ls_topology_destroy(&topology);
  }
  for (int32_t kind = 0; kind < LS_BLOCKS_KIND_COUNT; kind++) {
    EXPECT_LT_I64(0, built[LS_DIRECT][kind]);
    EXPECT_LT_I64(0, built[LS_OCS_SPINE][kind]);
  }
  EXPECT_LT_I64(0, built[LS_OCS_CORE][LS_BLOCKS_DEMAND]);
  EXPECT_LT_I64(0, built[LS_OCS_CORE][LS_BLOCKS_DEMAND_HALF]);
  world_destroy(&made);
}

/* A graph that is another one than told is found out by its distances. */
LS_TEST(BlockGraph, a_link_that_is_moved_is_found_out)
{
  const exported_wish wish = {LS_DIRECT, false, 1, 512, -1, -1};
  world made;
  ls_topology topology;
  char *text = NULL;
  ASSERT_TRUE(world_create(&made));
  ASSERT_TRUE(exported_find(made.problem, made.catalog, made.spec, &wish, &topology));
  ASSERT_TRUE(topology.wired != NULL);
  expect_verified(&made, &topology, &text);
  static const char *const claims[] = {"g_latency_ps_mean", "g_latency_ps_max",
                                       "g_throughput_worst_ppm_low", "g_throughput_worst_ppm_high",
                                       "g_diameter_hops"};
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
    const verdict lied = verify_text(exported_set(text, text, claims[i], "9"));
    EXPECT_STATUS(lied.status, LS_ERR_NO);
    EXPECT_TRUE(is_named(&lied, "graph", claims[i] + 2));
  }
  ls_topology_destroy(&topology);
  world_destroy(&made);
}

/* A workload is told of the graph, also where the structure still has the bounds of level 1. */
LS_TEST(BlockGraph, what_a_demand_gets_is_not_told_of_bounds)
{
  int32_t met = 0;
  world made;
  ASSERT_TRUE(world_create(&made));
  for (uint32_t s = 0; s < made.problem->structure_count && !shim_has_failed(); s++) {
    const ls_structure *structure = &made.problem->structures[s];
    ls_structure wired;
    ls_workload bound, known;
    if (structure->violation_mask || !ls_structure_has_graph(structure)) continue;
    ASSERT_STATUS(ls_structure_wire(made.spec, made.problem, structure, &wired), LS_OK);
    ASSERT_STATUS(ls_workload_find(made.spec, structure, 1000000, &bound), LS_OK);
    ASSERT_STATUS(ls_workload_find(made.spec, &wired, 1000000, &known), LS_OK);
    EXPECT_EQ_I64(bound.demand.theta.low_ppm, known.demand.theta.low_ppm);
    EXPECT_EQ_I64(bound.demand.theta.high_ppm, known.demand.theta.high_ppm);
    met++;
  }
  EXPECT_LT_I64(3, met);
  world_destroy(&made);
}
