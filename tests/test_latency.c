/* The mean latency: level 1 below level 2, both equal where all cords are of one length, and both
 * the mean of shortest paths through the graph, pair by pair. */
#include "../host/latency.h"
#include "../host/problem_build.h"
#include "../host/topology.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "shim/shim.h"

typedef struct cluster {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} cluster;

/* With switches of 8 ports there are four tiers. On a floor without distances every cord is as long
 * as one in a rack. */
static bool cluster_create(int32_t gpu_count, bool has_four_tiers, bool has_distances,
                           cluster *made)
{
  made->catalog = shim_alloc(sizeof *made->catalog);
  made->spec = shim_alloc(sizeof *made->spec);
  made->problem = NULL;
  fabric_catalog(made->catalog);
  fabric_spec(made->catalog, gpu_count, made->spec);
  ls_spec_floor *floor = &made->spec->floor;
  if (has_four_tiers) {
    made->catalog->switches[FABRIC_SMALL].port_count_max = fabric_number(8);
    made->spec->space.switch_mask = 1u << FABRIC_SMALL;
    floor->racks_per_row = 100;
  }
  if (!has_distances) {
    floor->rack_pitch_mm = floor->row_pitch_mm = floor->tray_height_mm = 0;
    floor->drop_mm_per_end = 0;
    floor->slack_fixed_mm = floor->in_rack_mm;
  }
  return SHIM_STATUS(ls_problem_create(made->catalog, made->spec, &made->problem, NULL), LS_OK);
}

/* The first and a middle design of a structure, unless it cannot be built. */
static bool design_create(const cluster *made, const ls_structure *structure, int32_t which,
                          ls_topology *topology)
{
  const uint64_t rank = structure->rank_first + (uint64_t)which * (structure->rank_count / 2);
  return ls_topology_create(made->problem, made->catalog, made->spec, rank, topology, NULL) ==
         LS_OK;
}

typedef struct counts {
  int32_t less, equal, built[LS_FAMILY_COUNT];
} counts;

static void compare_levels(const cluster *made, counts *seen)
{
  const ls_problem *problem = made->problem;
  for (uint32_t s = 0; s < problem->structure_count && !shim_has_failed(); s++) {
    const ls_structure *structure = &problem->structures[s];
    for (int32_t which = 0; which < 2; which++) {
      ls_topology topology;
      if (!design_create(made, structure, which, &topology)) continue;
      const int64_t bound_ps = ls_latency_mean_bound_ps(problem, structure, topology.link);
      EXPECT_LT_I64(0, bound_ps);
      EXPECT_LE_I64(bound_ps, topology.totals.latency_ps_mean);
      /* What no sparse graph can beat need not be reached by one. */
      seen->less += !topology.wired && bound_ps < topology.totals.latency_ps_mean;
      seen->equal += bound_ps == topology.totals.latency_ps_mean;
      seen->built[structure->family]++;
      ls_topology_destroy(&topology);
    }
  }
}

LS_TEST(Latency, no_placement_has_a_shorter_mean_than_level_one)
{
  static const int32_t sizes[] = {64, 250, 512, 1003};
  counts seen = {0};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    cluster made;
    ASSERT_TRUE(cluster_create(sizes[i], false, true, &made));
    compare_levels(&made, &seen);
    ls_problem_destroy(made.problem);
  }
  EXPECT_LT_I64(100, seen.less);
}

LS_TEST(Latency, levels_agree_where_all_cords_are_of_one_length)
{
  static const int32_t sizes[] = {128, 200, 512};
  counts seen = {0};
  for (int32_t i = 0; i < 6; i++) {
    cluster made;
    ASSERT_TRUE(cluster_create(sizes[i / 2], i % 2 == 1, false, &made));
    compare_levels(&made, &seen);
    ls_problem_destroy(made.problem);
  }
  EXPECT_EQ_I64(seen.less, 0);
  for (int32_t family = 0; family < LS_FAMILY_COUNT; family++) EXPECT_LT_I64(0, seen.built[family]);
}

/* ---- Pair by pair ---- */

enum { FAR = INT32_MAX / 4 };

/* Chassis of plane 0 and the time from one to another: [count][count], of a path through both. */
typedef struct paths {
  int32_t count, first;
  int64_t *time_ps;
} paths;

static int64_t pass_of(const ls_topology *topology, int32_t node)
{
  return topology->problem->switches[topology->nodes[node].catalog_index].latency_ps;
}

/* Shortest times by Floyd and Warshall; chassis of other planes stay far from each other. */
static paths paths_create(const ls_topology *topology)
{
  paths made = {0};
  while (topology->nodes[made.first].kind == LS_NODE_RACK) made.first++;
  made.count = topology->node_count - made.first;
  const int64_t n = made.count;
  made.time_ps = shim_alloc((size_t)(n * n) * sizeof *made.time_ps);
  for (int64_t i = 0; i < n * n; i++) made.time_ps[i] = FAR;
  for (int64_t i = 0; i < n; i++)
    if (topology->nodes[made.first + i].kind != LS_NODE_OCS)
      made.time_ps[i * n + i] = pass_of(topology, made.first + (int32_t)i);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_ACCESS || edge->kind == LS_EDGE_OCS_LEG) continue;
    const int64_t a = edge->node_a - made.first, b = edge->node_b - made.first;
    made.time_ps[a * n + b] = made.time_ps[b * n + a] =
        pass_of(topology, edge->node_a) + pass_of(topology, edge->node_b) +
        ls_latency_link_ps(topology->problem, &topology->link[edge->tier], edge->length_mm);
  }
  for (int64_t k = 0; k < n; k++) {
    for (int64_t i = 0; made.time_ps[k * n + k] < FAR && i < n; i++) {
      const int64_t to_k = made.time_ps[i * n + k] - made.time_ps[k * n + k];
      for (int64_t j = 0; i != k && j < n; j++)
        made.time_ps[i * n + j] = ls_min(made.time_ps[i * n + j], to_k + made.time_ps[k * n + j]);
    }
  }
  return made;
}

/* The mean over ordered pairs of GPUs that plane 0 joins. */
static int64_t mean_by_pairs(const ls_topology *topology)
{
  const paths between = paths_create(topology);
  const int64_t access_ps =
      2 * ls_latency_link_ps(topology->problem, &topology->link[0], topology->edges[0].length_mm);
  int64_t pairs = 0, sum_ps = 0;
  for (int32_t a = 0; a < between.count; a++) {
    for (int32_t b = 0; b < between.count; b++) {
      const ls_node *from = &topology->nodes[between.first + a];
      const ls_node *to = &topology->nodes[between.first + b];
      const int64_t time_ps = between.time_ps[(int64_t)a * between.count + b];
      if (from->kind != LS_NODE_LEAF || to->kind != LS_NODE_LEAF || from->plane || to->plane ||
          time_ps >= FAR)
        continue;
      const int64_t count = (int64_t)from->down.port_count * (to->down.port_count - (a == b));
      pairs += count;
      sum_ps += count * (access_ps + time_ps);
    }
  }
  return sum_ps / pairs;
}

LS_TEST(Latency, is_the_mean_of_shortest_paths)
{
  int32_t built[LS_FAMILY_COUNT] = {0};
  for (int32_t i = 0; i < 4; i++) {
    cluster made;
    ASSERT_TRUE(cluster_create(i < 2 ? 64 : 136, i % 2 == 1, false, &made));
    for (uint32_t s = 0; s < made.problem->structure_count && !shim_has_failed(); s++) {
      const ls_structure *structure = &made.problem->structures[s];
      ls_topology topology;
      if (structure->planes > 1 || !design_create(&made, structure, 1, &topology)) continue;
      /* Shares of the pairs are rounded to ppm. */
      EXPECT_NEAR((double)topology.totals.latency_ps_mean, (double)mean_by_pairs(&topology), 40);
      if (shim_has_failed()) LS_TEST_FAIL("the above is family %d", structure->family);
      built[structure->family]++;
      ls_topology_destroy(&topology);
    }
    ls_problem_destroy(made.problem);
  }
  for (int32_t family = 0; family < LS_FAMILY_COUNT; family++) EXPECT_LT_I64(0, built[family]);
}
