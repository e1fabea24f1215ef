/* What holds of every topology, over structures of all families; and known answers. */
#include "../host/problem_build.h"
#include "../host/topology.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "shim/shim.h"
#include <stdlib.h>
#include <string.h>

typedef struct cluster {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} cluster;

static bool cluster_create(cluster *made, int32_t gpu_count)
{
  made->catalog = shim_alloc(sizeof *made->catalog);
  made->spec = shim_alloc(sizeof *made->spec);
  fabric_catalog(made->catalog);
  fabric_spec(made->catalog, gpu_count, made->spec);
  made->problem = NULL;
  return SHIM_STATUS(ls_problem_create(made->catalog, made->spec, &made->problem, NULL), LS_OK);
}

static const ls_structure *structure_of(const cluster *made, uint64_t rank)
{
  return &made->problem->structures[ls_rank_structure(made->problem, rank)];
}

/* ---- Properties ---- */

static ls_node_kind upper_kind(const ls_structure *structure, int32_t tier)
{
  if (tier == 2 && structure->family != LS_CLOS4) return LS_NODE_CORE;
  return (ls_node_kind)(LS_NODE_LEAF + tier);
}

/* Chassis of a side with this many lit ports. */
static int64_t side_count(const ls_side *side, int32_t ports)
{
  int64_t count = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++)
    count += side->port_count[i] == ports ? side->count[i] : 0;
  return count;
}

/* Lit ports and modules of one face of one kind of device are those of level 1's side. Racks
 * are not chassis: of them the sums alone are compared. */
static void expect_side(const ls_topology *topology, ls_node_kind kind, bool is_down,
                        const ls_side *side)
{
  int64_t chassis = 0, ports = 0, modules = 0, expected_ports = 0, expected_chassis = 0;
  int32_t optic = -1;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    if (node->kind != kind) continue;
    const ls_face *face = is_down ? &node->down : &node->up;
    chassis++;
    ports += face->port_count;
    for (int32_t k = 0; k < face->kind_count; k++) {
      modules += face->lit[k].module_count;
      optic = face->lit[k].optic;
    }
    if (kind != LS_NODE_RACK) EXPECT_LT_I64(0, side_count(side, face->port_count));
  }
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++) {
    expected_chassis += side->count[i];
    expected_ports += side->count[i] * side->port_count[i];
  }
  if (kind != LS_NODE_RACK) EXPECT_EQ_I64(chassis, expected_chassis);
  EXPECT_EQ_I64(ports, expected_ports);
  if (expected_ports == 0) return;
  ASSERT_TRUE(optic >= 0);
  EXPECT_EQ_I64(modules, ls_side_modules(&topology->problem->optics[optic], side,
                                         topology->structure->port_gbps));
}

static void expect_degrees(const ls_topology *topology)
{
  const ls_structure *structure = topology->structure;
  for (int32_t t = 0; t < structure->tier_count; t++) {
    const ls_node_kind below = t ? upper_kind(structure, t - 1) : LS_NODE_RACK;
    expect_side(topology, below, false, &structure->side_a[t]);
    if (t != structure->peer_tier)
      expect_side(topology, upper_kind(structure, t), true, &structure->side_b[t]);
  }
}

/* No device has more lit ports than its radix; racks light a port per GPU and plane. */
static void expect_radix(const ls_topology *topology)
{
  const int32_t rate = topology->structure->port_gbps;
  int64_t gpus = 0, servers = 0;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    const int64_t ports = (int64_t)node->down.port_count + node->up.port_count;
    gpus += node->gpu_count;
    servers += node->server_count;
    if (node->kind == LS_NODE_RACK) {
      EXPECT_EQ_I64(ports, (int64_t)node->gpu_count * topology->structure->planes);
    } else if (node->kind != LS_NODE_OCS) {
      const ls_switch_row *row = &topology->problem->switches[node->catalog_index];
      EXPECT_LE_I64(ports, ls_min(row->bandwidth_gbps / rate, row->port_count_max));
    }
  }
  EXPECT_EQ_I64(gpus, topology->problem->endpoint_count);
  EXPECT_EQ_I64(servers, ls_ceil_div(topology->problem->endpoint_count,
                                     topology->problem->server_endpoint_count));
}

static void expect_links(const ls_topology *topology)
{
  int64_t cords[LS_TIER_MAX] = {0}, circuits = 0, fiber_mm = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    EXPECT_LT_I64(0, edge->link_count);
    EXPECT_LT_I64(edge->node_a, edge->node_b);
    if (edge->kind == LS_EDGE_CIRCUIT) {
      circuits += edge->link_count;
      continue;
    }
    cords[edge->tier] += edge->link_count;
    fiber_mm += (int64_t)edge->link_count * edge->strand_count * edge->stock_mm;
    EXPECT_LE_I64(edge->length_mm, edge->stock_mm);
  }
  for (int32_t t = 0; t < topology->structure->tier_count; t++) {
    EXPECT_EQ_I64(cords[t], topology->structure->leg_count[t]);
  }
  if (topology->structure->ocs_index >= 0) {
    EXPECT_EQ_I64(2 * circuits, cords[topology->structure->peer_tier]);
  }
  EXPECT_EQ_I64(topology->totals.fiber_mm, fiber_mm);
}

static void expect_ledger(const ls_topology *topology)
{
  const ls_totals *totals = &topology->totals;
  static const char *const names[] = {"capex_usd",   "optics_power_w", "switch_power_w",
                                      "ocs_power_w", "tco_usd",        "lost_gpu_hours_per_year"};
  const int64_t expected[] = {totals->capex_cents,     totals->optics_power_mw,
                              totals->switch_power_mw, totals->ocs_power_mw,
                              totals->tco_cents,       totals->lost_mgpuh};
  enum { NAME_COUNT = sizeof names / sizeof *names };
  int64_t sum[NAME_COUNT] = {0};
  for (int32_t i = 0; i < topology->ledger_count; i++) {
    const ls_ledger_line *line = &topology->ledger[i];
    int32_t t = 0;
    while (t < NAME_COUNT && strcmp(line->total, names[t]) != 0) t++;
    ASSERT_TRUE(t < NAME_COUNT);
    sum[t] += line->value;
    EXPECT_EQ_I64(line->count * line->unit_value, line->value);
    if (strcmp(line->item, "capex all") != 0) EXPECT_CONTAINS(line->source, "catalog.yaml:");
    for (int32_t j = 0; j < i; j++) {
      EXPECT_FALSE(strcmp(topology->ledger[j].item, line->item) == 0 &&
                   strcmp(topology->ledger[j].total, line->total) == 0 &&
                   topology->ledger[j].unit_value == line->unit_value);
    }
  }
  for (int32_t t = 0; t < NAME_COUNT; t++) EXPECT_EQ_I64(sum[t], expected[t]);
}

/* The cords' prices, and those of the chassis and modules, summed from nodes and edges. */
static void expect_capex(const ls_topology *topology)
{
  const ls_problem *problem = topology->problem;
  int64_t cents = 0;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    if (node->kind == LS_NODE_OCS) cents += problem->ocs[node->catalog_index].capex_cents;
    if (node->kind != LS_NODE_OCS && node->kind != LS_NODE_RACK) {
      cents += problem->switches[node->catalog_index].capex_cents;
    }
    const ls_face *faces[2] = {&node->down, &node->up};
    for (int32_t f = 0; f < 2; f++) {
      for (int32_t k = 0; k < faces[f]->kind_count; k++)
        cents +=
            faces[f]->lit[k].module_count * problem->optics[faces[f]->lit[k].optic].capex_cents;
    }
  }
  for (int32_t e = 0; e < topology->edge_count; e++) {
    cents += topology->edges[e].link_count * topology->edges[e].cord_capex_cents;
  }
  EXPECT_EQ_I64(topology->totals.capex_cents, cents);
}

/* Level 1 is optimistic: never above level 2 in any metric, and its violations stay. */
static void expect_level_one_below(const ls_topology *topology)
{
  ls_score bound, score;
  const uint32_t mask = ls_rank_score(topology->problem, topology->rank, &bound);
  ls_topology_score(topology, &score);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) {
    EXPECT_LE_I64(bound.metric[i], score.metric[i]);
  }
  EXPECT_EQ_I64(bound.metric[LS_METRIC_RISK], score.metric[LS_METRIC_RISK]);
  EXPECT_EQ_I64(bound.metric[LS_METRIC_POWER], score.metric[LS_METRIC_POWER]);
  EXPECT_EQ_I64(mask & ~(uint32_t)topology->totals.violation_mask, 0);
  EXPECT_LE_I64(topology->totals.latency_ps_mean, topology->totals.latency_ps_max);
  EXPECT_LT_I64(0, topology->totals.latency_ps_mean);
}

/* The block of a device of the peer tier, counted through all planes. */
static int32_t block_of(const ls_topology *topology, int32_t n)
{
  const ls_node *node = &topology->nodes[n];
  const int32_t blocks = (int32_t)topology->structure->size.block_count;
  return node->plane * blocks + (node->pod >= 0 ? node->pod : node->index);
}

/* Between any two blocks of a plane there are equally many links, or one more. */
static void expect_mesh_is_near_uniform(const ls_topology *topology)
{
  const ls_size *size = &topology->structure->size;
  const int32_t blocks = (int32_t)size->block_count;
  const int32_t planes = topology->structure->planes;
  int32_t *links = shim_alloc((size_t)planes * (size_t)(blocks * blocks) * sizeof *links);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->tier != topology->structure->peer_tier || edge->kind == LS_EDGE_OCS_LEG) continue;
    const int32_t a = block_of(topology, edge->node_a), b = block_of(topology, edge->node_b);
    EXPECT_EQ_I64(a / blocks, b / blocks);
    links[ls_min(a, b) * blocks + ls_max(a, b) % blocks] += edge->link_count;
  }
  const int32_t least = size->block_links / (blocks - 1);
  for (int32_t a = 0; a < planes * blocks && !shim_has_failed(); a++) {
    for (int32_t b = a % blocks + 1; b < blocks; b++) {
      EXPECT_LE_I64(least, links[a * blocks + b]);
      EXPECT_LE_I64(links[a * blocks + b], least + 1);
    }
  }
}

/* Through each OCS every block of its plane has equally many links, over as many cords; its
 * devices share them as evenly as they can, in pairs where both directions share a strand; and no
 * OCS has more strands than ports. */
static void expect_ocs_are_regular(const ls_topology *topology)
{
  const ls_size *size = &topology->structure->size;
  const int32_t blocks = (int32_t)size->block_count * topology->structure->planes;
  const size_t room = (size_t)blocks + (size_t)topology->node_count;
  const ls_link_row *link = &topology->link[topology->structure->peer_tier];
  const int32_t grain = ls_link_is_bidirectional(topology->problem, link) ? 2 : 1;
  int32_t *legs = shim_alloc(room * sizeof *legs); /* of each block, at one OCS */
  int32_t *ends = shim_alloc(room * sizeof *ends); /* of circuits at each device */
  for (int32_t n = 0; n < topology->node_count && !shim_has_failed(); n++) {
    const ls_node *ocs = &topology->nodes[n];
    int32_t strands = 0, least = INT32_MAX, most = 0;
    if (ocs->kind != LS_NODE_OCS) continue;
    memset(legs, 0, room * sizeof *legs);
    memset(ends, 0, room * sizeof *ends);
    for (int32_t e = 0; e < topology->edge_count; e++) {
      const ls_edge *edge = &topology->edges[e];
      if (edge->via == n) ends[edge->node_a] += edge->link_count;
      if (edge->via == n) ends[edge->node_b] += edge->link_count;
      if (edge->kind != LS_EDGE_OCS_LEG || edge->node_b != n) continue;
      strands += edge->link_count * edge->strand_count;
      legs[block_of(topology, edge->node_a)] += edge->link_count;
      ends[edge->node_a] -= edge->link_count;
      least = (int32_t)ls_min(least, edge->link_count);
      most = (int32_t)ls_max(most, edge->link_count);
    }
    EXPECT_LE_I64(strands, 2 * topology->problem->ocs[ocs->catalog_index].port_count);
    EXPECT_LE_I64(most, least + grain);
    for (int32_t b = 0; b < topology->node_count; b++) EXPECT_EQ_I64(ends[b], 0);
    for (int32_t b = 0; b < blocks; b++)
      if (b / size->block_count == ocs->plane)
        EXPECT_EQ_I64(legs[b], legs[ocs->plane * size->block_count]);
  }
}

static void expect_all(const ls_topology *topology)
{
  expect_degrees(topology);
  expect_radix(topology);
  expect_links(topology);
  expect_ledger(topology);
  expect_capex(topology);
  expect_level_one_below(topology);
  if (topology->structure->peer_tier >= 0) expect_mesh_is_near_uniform(topology);
  if (topology->structure->ocs_index >= 0) expect_ocs_are_regular(topology);
}

/* A few designs of each structure, spread over its ranks; counts those built, by family. */
static void expect_structures(const cluster *made, int32_t designs, int32_t built[LS_FAMILY_COUNT])
{
  const ls_problem *problem = made->problem;
  for (uint32_t s = 0; s < problem->structure_count && !shim_has_failed(); s++) {
    const ls_structure *structure = &problem->structures[s];
    for (int32_t i = 0; i < designs && !shim_has_failed(); i++) {
      const uint64_t rank =
          structure->rank_first + (uint64_t)i * (uint64_t)7919 % structure->rank_count;
      ls_topology topology = {.node_count = -5};
      const ls_status status =
          ls_topology_create(problem, made->catalog, made->spec, rank, &topology, NULL);
      if (status != LS_OK) {
        EXPECT_STATUS(status, LS_ERR_NO);
        EXPECT_EQ_I64(topology.node_count, -5);
        continue;
      }
      expect_all(&topology);
      if (shim_has_failed()) LS_TEST_FAIL("the above is rank %llu", (unsigned long long)rank);
      ls_topology_destroy(&topology);
      built[structure->family]++;
    }
  }
}

static void expect_cluster(int32_t gpu_count, int32_t designs)
{
  cluster made;
  int32_t built[LS_FAMILY_COUNT] = {0};
  ASSERT_TRUE(cluster_create(&made, gpu_count));
  expect_structures(&made, designs, built);
  EXPECT_LT_I64(0, built[LS_CLOS2]);
  EXPECT_LT_I64(0, built[LS_CLOS3]);
  EXPECT_LT_I64(0, built[LS_OCS_SPINE]);
  EXPECT_LT_I64(0, built[LS_OCS_CORE]);
  EXPECT_LT_I64(0, built[LS_DIRECT]);
  if (gpu_count % 8 == 0) EXPECT_LT_I64(0, built[LS_RAIL_ONLY]);
  if (gpu_count <= 256) EXPECT_LT_I64(0, built[LS_CLOS1]);
  ls_problem_destroy(made.problem);
}

LS_TEST(Topology, properties_hold_for_64_gpus) { expect_cluster(64, 3); }

LS_TEST(Topology, properties_hold_for_512_gpus) { expect_cluster(512, 2); }

LS_TEST(Topology, properties_hold_for_odd_sizes)
{
  expect_cluster(37, 2);
  expect_cluster(250, 2);
  expect_cluster(1003, 1);
}

LS_TEST(Topology, properties_hold_for_2048_gpus) { expect_cluster(2048, 1); }

/* Switches of 8 ports make four tiers of a few hundred GPUs: pods of 4 leaves, super-pods of 16,
 * whole and partial ones. */
LS_TEST(Topology, properties_hold_for_four_tiers)
{
  static const int32_t gpu_counts[] = {128, 136, 144, 200, 256, 500};
  for (size_t i = 0; i < sizeof gpu_counts / sizeof *gpu_counts; i++) {
    cluster made;
    int32_t built[LS_FAMILY_COUNT] = {0};
    ASSERT_TRUE(cluster_create(&made, gpu_counts[i]));
    ls_problem_destroy(made.problem);
    made.catalog->switches[FABRIC_SMALL].port_count_max = fabric_number(8);
    made.spec->space.switch_mask = 1u << FABRIC_SMALL;
    made.spec->space.family_mask = LS_CHOOSE_CLOS4 | LS_CHOOSE_CLOS4_RAIL;
    made.spec->floor.racks_per_row = 100;
    ASSERT_STATUS(ls_problem_create(made.catalog, made.spec, &made.problem, NULL), LS_OK);
    expect_structures(&made, 1, built);
    EXPECT_LT_I64(2, built[LS_CLOS4]);
    ls_problem_destroy(made.problem);
  }
}

/* Racks of GPUs without power for a leaf, and a last one with less servers that has some. */
LS_TEST(Topology, properties_hold_where_gpu_racks_are_full)
{
  static const int32_t gpu_counts[] = {64, 72, 104, 256, 264, 500, 1032};
  for (size_t i = 0; i < sizeof gpu_counts / sizeof *gpu_counts; i++) {
    cluster made;
    int32_t built[LS_FAMILY_COUNT] = {0};
    ASSERT_TRUE(cluster_create(&made, gpu_counts[i]));
    ls_problem_destroy(made.problem);
    made.spec->cluster.server_power_mw = made.spec->floor.rack_power_mw / 4;
    ASSERT_STATUS(ls_problem_create(made.catalog, made.spec, &made.problem, NULL), LS_OK);
    expect_structures(&made, 1, built);
    EXPECT_LT_I64(10, built[LS_CLOS2]);
    ls_problem_destroy(made.problem);
  }
}

LS_TEST(Topology, properties_hold_with_structured_cabling)
{
  cluster made;
  int32_t built[LS_FAMILY_COUNT] = {0};
  ASSERT_TRUE(cluster_create(&made, 512));
  ls_problem_destroy(made.problem);
  made.spec->floor.is_structured = true;
  ASSERT_STATUS(ls_problem_create(made.catalog, made.spec, &made.problem, NULL), LS_OK);
  expect_structures(&made, 1, built);
  ls_problem_destroy(made.problem);
}

/* ---- Known answers ---- */

/* The first rank of a family with these optics in a tier, or space_size. */
static uint64_t find_rank(const cluster *made, ls_family family, int32_t tier, int32_t optic,
                          int32_t circulators)
{
  for (uint64_t rank = 0; rank < made->problem->space_size; rank++) {
    uint16_t link[LS_TIER_MAX];
    const ls_structure *structure =
        &made->problem->structures[ls_rank_decode(made->problem, rank, link)];
    if (structure->family != family) {
      rank = structure->rank_first + structure->rank_count - 1;
      continue;
    }
    const ls_link_row *row = &made->problem->links[link[tier]];
    if (row->optic_a == optic && row->optic_b == optic && row->circulator_count == circulators &&
        structure->violation_mask == 0) {
      ls_topology topology;
      if (ls_topology_create(made->problem, made->catalog, made->spec, rank, &topology, NULL) !=
          LS_OK) {
        continue;
      }
      ls_topology_destroy(&topology);
      return rank;
    }
  }
  return made->problem->space_size;
}

/* A design of 64 GPUs with these optics in the access tier, or through OCS in the spine tier,
 * where every cord between racks is length_mm long and no two devices share a slot. */
static bool known_create(ls_family family, int32_t optic, int32_t circulators, int32_t length_mm,
                         cluster *made, ls_topology *topology)
{
  if (!cluster_create(made, 64)) return false;
  ls_problem_destroy(made->problem);
  ls_spec_floor *floor = &made->spec->floor;
  floor->slack_ppm = floor->rack_pitch_mm = floor->row_pitch_mm = 0;
  floor->tray_height_mm = floor->drop_mm_per_end = 0;
  floor->slack_fixed_mm = length_mm;
  floor->rack_units = 32; /* no room beside the servers, nor beside an OCS */
  made->catalog->ocs[0].rack_units = fabric_number(32);
  made->spec->space.plane_count = 1;
  if (!SHIM_STATUS(ls_problem_create(made->catalog, made->spec, &made->problem, NULL), LS_OK)) {
    return false;
  }
  const uint64_t rank = find_rank(made, family, family == LS_OCS_SPINE ? 1 : 0, optic, circulators);
  return SHIM_STATUS(
      ls_topology_create(made->problem, made->catalog, made->spec, rank, topology, NULL), LS_OK);
}

/* All 100 m links of the tier have this margin. */
static void expect_margin(ls_family family, int32_t optic, int32_t circulators, int32_t length_mm,
                          int32_t margin_mdb)
{
  cluster made;
  ls_topology topology;
  ASSERT_TRUE(known_create(family, optic, circulators, length_mm, &made, &topology));
  const ls_edge_kind kind = family == LS_OCS_SPINE ? LS_EDGE_CIRCUIT : LS_EDGE_ACCESS;
  int32_t seen = 0;
  for (int32_t e = 0; e < topology.edge_count; e++) {
    const ls_edge *edge = &topology.edges[e];
    if (edge->kind != kind) continue;
    EXPECT_EQ_I64(edge->length_mm, 100000);
    EXPECT_EQ_I64(edge->margin_mdb, margin_mdb);
    seen++;
  }
  EXPECT_LT_I64(0, seen);
  EXPECT_EQ_I64((topology.totals.violation_mask & LS_VIOLATES_BUDGET) != 0, margin_mdb < 0);
  ls_topology_destroy(&topology);
  ls_problem_destroy(made.problem);
}

LS_TEST(Topology, margins_are_the_known_ones)
{
  expect_margin(LS_CLOS2, FABRIC_DR, 0, 100000, 2260);
  expect_margin(LS_OCS_SPINE, FABRIC_DR, 0, 50000, -440);
  expect_margin(LS_OCS_SPINE, FABRIC_FR, 0, 50000, 560);
  expect_margin(LS_OCS_SPINE, FABRIC_FR, 2, 50000, -1040);
}

/* An OCS leg of 800G FR4 with an external circulator: 2 strands of 50 m at 70.01 USD/km are
 * 7.01 USD, two connectors 10.02, a circulator a strand 300.02; without them there are 4 strands.
 */
LS_TEST(Topology, prices_a_cord)
{
  static const struct {
    int32_t circulators, strands;
    int64_t cents;
  } cases[] = {{2, 2, 701 + 1002 + 2 * 15001}, {0, 4, 1401 + 1002}};
  for (size_t i = 0; i < 2; i++) {
    cluster made;
    ls_topology topology;
    ASSERT_TRUE(
        known_create(LS_OCS_SPINE, FABRIC_FR, cases[i].circulators, 50000, &made, &topology));
    int32_t seen = 0;
    for (int32_t e = 0; e < topology.edge_count; e++) {
      const ls_edge *edge = &topology.edges[e];
      if (edge->kind != LS_EDGE_OCS_LEG) continue;
      EXPECT_EQ_I64(edge->circulator_count, cases[i].circulators / 2);
      EXPECT_EQ_I64(edge->strand_count, cases[i].strands);
      EXPECT_EQ_I64(edge->cord_capex_cents, cases[i].cents);
      EXPECT_EQ_I64(edge->loss_mdb, 20 + 700 + 400 * cases[i].circulators);
      seen++;
    }
    EXPECT_LT_I64(0, seen);
    ls_topology_destroy(&topology);
    ls_problem_destroy(made.problem);
  }
}

/* A 12.8T switch has 64 ports of 200G: a non-blocking fat tree of k = 64 has pods of 32 leaves
 * of 32 GPUs, so 2,048 GPUs on 4 planes fill two pods of each. */
LS_TEST(Topology, builds_the_known_fat_tree)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 2048));
  uint64_t rank = 0;
  const ls_structure *structure = NULL;
  for (uint32_t s = 0; s < made.problem->structure_count; s++) {
    const ls_structure *candidate = &made.problem->structures[s];
    if (candidate->family == LS_CLOS3 && candidate->planes == 4 && !candidate->is_rail &&
        candidate->oversubscription_num == candidate->oversubscription_den &&
        candidate->switch_index[0] == FABRIC_SMALL && candidate->switch_index[1] == FABRIC_SMALL &&
        candidate->switch_index[2] == FABRIC_SMALL) {
      structure = candidate;
    }
  }
  ASSERT_TRUE(structure != NULL);
  rank = structure->rank_first;
  ls_topology topology;
  ASSERT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, rank, &topology, NULL),
                LS_OK);
  int32_t count[LS_NODE_KIND_COUNT] = {0};
  for (int32_t n = 0; n < topology.node_count; n++) {
    const ls_node *node = &topology.nodes[n];
    count[node->kind]++;
    if (node->kind == LS_NODE_LEAF) EXPECT_EQ_I64(node->pod, node->index / 32);
    if (node->kind == LS_NODE_CORE) EXPECT_EQ_I64(node->down.port_count, 64);
  }
  EXPECT_EQ_I64(count[LS_NODE_RACK], 64);
  EXPECT_EQ_I64(count[LS_NODE_LEAF], 4 * 64);
  EXPECT_EQ_I64(count[LS_NODE_SPINE], 4 * 64);
  EXPECT_EQ_I64(count[LS_NODE_CORE], 4 * 32);
  ls_topology_destroy(&topology);
  ls_problem_destroy(made.problem);
}

/* Rail wiring: a leaf sees one GPU of each of its servers. */
LS_TEST(Topology, rails_take_one_gpu_of_a_server)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 512));
  uint64_t rank = made.problem->space_size;
  for (uint32_t s = 0; s < made.problem->structure_count; s++) {
    const ls_structure *candidate = &made.problem->structures[s];
    if (candidate->is_rail && candidate->size.leaf_count > 0 && candidate->violation_mask == 0) {
      rank = candidate->rank_first;
      break;
    }
  }
  ls_topology topology;
  ASSERT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, rank, &topology, NULL),
                LS_OK);
  for (int32_t e = 0; e < topology.edge_count; e++) {
    const ls_edge *edge = &topology.edges[e];
    if (edge->kind != LS_EDGE_ACCESS) continue;
    EXPECT_LE_I64(edge->link_count, made.spec->cluster.servers_per_rack);
    const ls_node *leaf = &topology.nodes[edge->node_b];
    EXPECT_EQ_I64(leaf->rail, leaf->index % 8);
  }
  ls_topology_destroy(&topology);
  ls_problem_destroy(made.problem);
}

LS_TEST(Topology, is_the_same_every_time)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 512));
  const uint64_t rank = find_rank(&made, LS_OCS_SPINE, 1, FABRIC_BIDI, 0);
  ls_topology first, second;
  ASSERT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, rank, &first, NULL),
                LS_OK);
  ASSERT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, rank, &second, NULL),
                LS_OK);
  ASSERT_EQ_I64(first.edge_count, second.edge_count);
  EXPECT_BYTES(first.edges, second.edges, (size_t)first.edge_count * sizeof *first.edges);
  EXPECT_EQ_I64(first.totals.capex_cents, second.totals.capex_cents);
  ls_topology_destroy(&second);
  ls_topology_destroy(&first);
  ls_problem_destroy(made.problem);
}

LS_TEST(Topology, node_ids_are_stable_words)
{
  char text[32];
  const ls_node rack = {.kind = LS_NODE_RACK, .index = 7};
  const ls_node leaf = {.kind = LS_NODE_LEAF, .plane = 0, .index = 12};
  const ls_node ocs = {.kind = LS_NODE_OCS, .plane = 1, .index = 1003};
  ls_node_id(&rack, text);
  EXPECT_STREQ(text, "rack0007");
  ls_node_id(&leaf, text);
  EXPECT_STREQ(text, "p0-leaf012");
  ls_node_id(&ocs, text);
  EXPECT_STREQ(text, "p1-ocs1003");
}

/* ---- Errors ---- */

LS_TEST(Topology, refuses_ranks_and_sizes_that_do_not_exist)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 2048));
  ls_topology topology = {.node_count = -5};
  ls_error error = {0};
  EXPECT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, made.problem->space_size,
                                   &topology, &error),
                LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "no design");
  ASSERT_EQ_I64(structure_of(&made, 0)->family, LS_CLOS1); /* 2,048 ports have no switch */
  EXPECT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, 0, &topology, &error),
                LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "cannot be built at this size");
  EXPECT_EQ_I64(topology.node_count, -5);
  ls_problem_destroy(made.problem);
}

LS_TEST(Topology, says_that_the_floor_is_full)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 512));
  made.spec->floor.row_count = 1; /* 19 free slots for 16 racks and their spines */
  made.spec->floor.blocked_count = 1;
  made.spec->floor.rack_units = 33;
  made.spec->floor.rack_power_mw = 50000000;
  int32_t refused = 0;
  for (uint32_t s = 0; s < made.problem->structure_count; s++) {
    const ls_structure *structure = &made.problem->structures[s];
    if (structure->family != LS_CLOS3 || structure->size.leaf_count == 0) continue;
    ls_topology topology;
    ls_error error = {0};
    const ls_status status = ls_topology_create(made.problem, made.catalog, made.spec,
                                                structure->rank_first, &topology, &error);
    if (status == LS_OK) {
      ls_topology_destroy(&topology);
      continue;
    }
    EXPECT_STATUS(status, LS_ERR_NO);
    refused += strstr(error.message, "slots more") != NULL;
  }
  EXPECT_LT_I64(0, refused);
  ls_problem_destroy(made.problem);
}
