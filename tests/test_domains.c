/* Failure domains: by hand on small floors, against level 1, as limits, and as the verifier sees
 * them. */
#include <stdlib.h>
#include <string.h>

#include "../host/domains.h"
#include "../host/floor.h"
#include "../kernels/evaluate.h"
#include "verdict.h"

/* ---- By hand ---- */

/* Two rows of two slots, each row a hall; feed A has the first slots of both, a cooling unit the
 * second slot of row 0 alone. */
static void hand_floor(ls_spec *spec)
{
  spec->floor = (ls_spec_floor){.row_count = 2, .racks_per_row = 2};
  ls_floor_zones *halls = &spec->floor.halls;
  halls->zone_count = halls->area_count = 2;
  halls->area[0] = (ls_floor_area){"n", 0, 0, 0, 1, 0, 1, 0};
  halls->area[1] = (ls_floor_area){"s", 1, 1, 1, 1, 0, 1, 9000};
  spec->floor.feeds.zone_count = spec->floor.feeds.area_count = 2;
  spec->floor.feeds.area[0] = (ls_floor_area){"A", 0, 0, 1, 1, 0, 0, 0};
  spec->floor.feeds.area[1] = (ls_floor_area){"B", 1, 0, 1, 1, 1, 1, 0};
  spec->floor.cooling_units.zone_count = spec->floor.cooling_units.area_count = 1;
  spec->floor.cooling_units.area[0] = (ls_floor_area){"c", 0, 0, 0, 1, 1, 1, 0};
}

typedef struct hand {
  ls_spec *spec;
  ls_topology topology;
  ls_node nodes[8];
  ls_edge edges[16];
} hand;

static hand *hand_create(void)
{
  hand *made = shim_alloc(sizeof *made);
  ls_problem *problem = shim_alloc(sizeof *problem);
  made->spec = shim_alloc(sizeof *made->spec);
  hand_floor(made->spec);
  problem->endpoint_count = 16;
  made->topology = (ls_topology){.problem = problem, .nodes = made->nodes, .edges = made->edges};
  return made;
}

static int32_t add_node(hand *to, ls_node_kind kind, int32_t index, int32_t slot)
{
  ls_node *node = &to->nodes[to->topology.node_count];
  *node = (ls_node){.kind = (uint8_t)kind, .index = index, .slot = slot};
  if (kind == LS_NODE_RACK) node->gpu_count = 8;
  if (kind == LS_NODE_LEAF || kind == LS_NODE_SPINE) node->down.port_count = 8;
  return to->topology.node_count++;
}

static void add_edge(hand *to, ls_edge_kind kind, int32_t tier, const int32_t ends[3],
                     int32_t links)
{
  to->edges[to->topology.edge_count++] = (ls_edge){.kind = (uint8_t)kind,
                                                   .tier = (uint8_t)tier,
                                                   .node_a = ends[0],
                                                   .node_b = ends[1],
                                                   .via = ends[2],
                                                   .link_count = links};
}

static void expect_share(const hand *made, ls_failure_domain domain, const char *name,
                         int64_t share_ppm, int64_t rest_ppm)
{
  const ls_domain_share *found = &made->topology.totals.domains[domain];
  EXPECT_STREQ(found->name, name);
  EXPECT_EQ_I64(found->share_ppm, share_ppm);
  EXPECT_EQ_I64(found->rest_ppm, rest_ppm);
}

/* A rack with its leaf, and a spine, in each hall; a leaf has 4 links to each spine. */
LS_TEST(Domains, a_small_clos_by_hand)
{
  hand *made = hand_create();
  for (int32_t i = 0; i < 2; i++) add_node(made, LS_NODE_RACK, i, 2 * i);
  for (int32_t i = 0; i < 2; i++) add_node(made, LS_NODE_LEAF, i, 2 * i);
  for (int32_t i = 0; i < 2; i++) add_node(made, LS_NODE_SPINE, i, 2 * i + 1);
  for (int32_t i = 0; i < 2; i++)
    add_edge(made, LS_EDGE_ACCESS, 0, (const int32_t[]){i, 2 + i, -1}, 8);
  for (int32_t i = 0; i < 4; i++)
    add_edge(made, LS_EDGE_TRUNK, 1, (const int32_t[]){2 + i / 2, 4 + i % 2, -1}, 4);
  ASSERT_STATUS(ls_domains_measure(made->spec, &made->topology), LS_OK);
  expect_share(made, LS_FAILS_CHASSIS, "p0-leaf000", 500000, 500000);
  expect_share(made, LS_FAILS_OCS, "", 0, 0);
  /* 8 of 16 access links, 12 of 16 trunks; the other 8 GPUs are due 8 trunks and keep 4. */
  expect_share(made, LS_FAILS_HALL, "n", 750000, 500000);
  expect_share(made, LS_FAILS_ROW, "row0", 750000, 500000);
  /* Cords from rack to leaf do not leave the rack; 12 trunks touch a row, 8 cross the gap. */
  expect_share(made, LS_FAILS_TRAY, "row0", 750000, 750000);
  /* All GPUs hang on A: nothing is left. */
  expect_share(made, LS_FAILS_FEED, "A", 1000000, 1000000);
  expect_share(made, LS_FAILS_COOLING_UNIT, "c", 500000, 500000);
}

/* Two leaves whose circuits pass an OCS: a circuit counts once, its legs do not. */
LS_TEST(Domains, a_circuit_by_hand)
{
  hand *made = hand_create();
  for (int32_t i = 0; i < 2; i++) add_node(made, LS_NODE_RACK, i, 2 * i);
  for (int32_t i = 0; i < 2; i++) add_node(made, LS_NODE_LEAF, i, 2 * i);
  for (int32_t i = 0; i < 2; i++) add_node(made, LS_NODE_OCS, i, 1);
  for (int32_t i = 0; i < 2; i++)
    add_edge(made, LS_EDGE_ACCESS, 0, (const int32_t[]){i, 2 + i, -1}, 8);
  for (int32_t i = 0; i < 4; i++)
    add_edge(made, LS_EDGE_OCS_LEG, 1, (const int32_t[]){2 + i / 2, 4 + i % 2, -1}, i % 2 ? 1 : 3);
  for (int32_t i = 0; i < 2; i++)
    add_edge(made, LS_EDGE_CIRCUIT, 1, (const int32_t[]){2, 3, 4 + i}, i ? 1 : 3);
  ASSERT_STATUS(ls_domains_measure(made->spec, &made->topology), LS_OK);
  expect_share(made, LS_FAILS_OCS, "p0-ocs000", 750000, 750000);
  expect_share(made, LS_FAILS_HALL, "n", 1000000, 1000000);
  expect_share(made, LS_FAILS_COOLING_UNIT, "c", 1000000, 1000000);
  expect_share(made, LS_FAILS_TRAY, "row0", 1000000, 1000000);
}

/* ---- Against level 1 ---- */

LS_TEST(Domains, a_chassis_takes_what_level_1_says)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  int32_t seen[LS_FAMILY_COUNT] = {0};
  fabric_catalog(catalog);
  fabric_spec(catalog, 512, spec);
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  for (uint32_t s = 0; s < problem->structure_count; s++) {
    const ls_structure *structure = &problem->structures[s];
    ls_topology topology;
    int64_t share_ppm = 0;
    if (structure->violation_mask || seen[structure->family] == 8 ||
        ls_topology_create(problem, catalog, spec, structure->rank_first, &topology, NULL) != LS_OK)
      continue;
    for (int32_t tier = 0; tier < structure->tier_count; tier++)
      share_ppm = ls_max(share_ppm, ls_chassis_share_ppm(structure, tier));
    EXPECT_EQ_I64(topology.totals.domains[LS_FAILS_CHASSIS].rest_ppm, share_ppm);
    seen[structure->family]++;
    ls_topology_destroy(&topology);
  }
  EXPECT_LT_I64(0, seen[LS_CLOS2]);
  EXPECT_LT_I64(0, seen[LS_CLOS3]);
  EXPECT_LT_I64(0, seen[LS_OCS_SPINE]);
  EXPECT_LT_I64(0, seen[LS_DIRECT]);
  ls_problem_destroy(problem);
}

/* ---- Limits, and planes on feeds ---- */

/* Four racks in eight rows of four slots; rows on feeds in turn, the first row is a hall. */
static void zoned_spec(const ls_catalog *catalog, ls_spec *spec)
{
  fabric_spec(catalog, 128, spec);
  spec->floor.row_count = 8;
  spec->floor.racks_per_row = 4;
  spec->floor.halls.zone_count = spec->floor.halls.area_count = 2;
  spec->floor.halls.area[0] = (ls_floor_area){"north", 0, 0, 0, 1, 0, 3, 0};
  spec->floor.halls.area[1] = (ls_floor_area){"south", 1, 1, 7, 1, 0, 3, 20000};
  spec->floor.feeds.zone_count = spec->floor.feeds.area_count = 2;
  spec->floor.feeds.area[0] = (ls_floor_area){"A", 0, 0, 7, 2, 0, 3, 0};
  spec->floor.feeds.area[1] = (ls_floor_area){"B", 1, 1, 7, 2, 0, 3, 0};
  spec->floor.cooling_units.zone_count = spec->floor.cooling_units.area_count = 1;
  spec->floor.cooling_units.area[0] = (ls_floor_area){"crah", 0, 0, 7, 1, 0, 1, 0};
}

/* Two planes on two feeds: the GPUs outside a feed lose one plane of two, neither more nor less.
 * (Leaves that are not full have more trunks than their GPUs are due.) */
LS_TEST(Domains, a_feed_takes_one_plane_of_two)
{
  static const struct {
    int64_t limit_ppm;
    bool is_out;
  } cases[] = {{0, false}, {500000, false}, {499999, true}};
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  fabric_catalog(catalog);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_problem *problem = NULL;
    ls_topology topology;
    int32_t seen = 0;
    zoned_spec(catalog, spec);
    spec->failure_share_ppm_max[LS_FAILS_FEED] = cases[i].limit_ppm;
    spec->space.family_mask = LS_CHOOSE_CLOS2;
    spec->space.planes[0] = 2;
    spec->space.plane_count = 1;
    ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
    for (uint32_t s = 0; s < problem->structure_count; s++) {
      const ls_structure *structure = &problem->structures[s];
      char text[128];
      if (structure->violation_mask || structure->size.leaf_rest ||
          ls_topology_create(problem, catalog, spec, structure->rank_first, &topology, NULL))
        continue;
      const ls_totals *totals = &topology.totals;
      EXPECT_EQ_I64(totals->domains[LS_FAILS_FEED].rest_ppm, 500000);
      EXPECT_EQ_I64((totals->violation_mask & LS_VIOLATES_DOMAIN) != 0, cases[i].is_out);
      EXPECT_EQ_I64(ls_domains_over(problem, totals),
                    cases[i].is_out ? LS_FAILS_FEED : LS_FAILS_COUNT);
      ls_domains_sentence(problem, totals, LS_FAILS_FEED, text);
      EXPECT_CONTAINS(text,
                      shim_format("feed %s takes 50.00 %%", totals->domains[LS_FAILS_FEED].name));
      seen++;
      ls_topology_destroy(&topology);
    }
    EXPECT_LT_I64(0, seen);
    ls_problem_destroy(problem);
  }
}

/* 128 lasers, four in a module of 800G, feed 32 modules; the 128 GPUs have 128 at either end. */
static void lots_spec(ls_catalog *catalog, ls_spec *spec)
{
  fabric_catalog(catalog);
  zoned_spec(catalog, spec);
  catalog->optics[FABRIC_DR].laser_count = fabric_number(4);
  catalog->parts.laser_lot_count = fabric_number(128);
  spec->space.family_mask = LS_CHOOSE_CLOS2;
  spec->space.switch_mask = 1u << FABRIC_BOX;
  spec->space.optic_mask = 1u << FABRIC_DR;
  spec->space.planes[0] = 2;
  spec->space.plane_count = spec->space.oversubscription_count = 1;
}

LS_TEST(Domains, a_lot_of_lasers_by_hand)
{
  static const struct {
    int64_t limit_ppm;
    bool is_out;
  } cases[] = {{0, false}, {250000, false}, {249999, true}};
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_problem *problem = NULL;
    ls_topology topology;
    ls_score score;
    lots_spec(catalog, spec);
    spec->failure_share_ppm_max[LS_FAILS_LASER_LOT] = cases[i].limit_ppm;
    ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
    EXPECT_EQ_I64(problem->optics[FABRIC_DR].lot_gbps, 25600);
    const uint32_t mask = ls_rank_score(problem, 0, &score);
    EXPECT_EQ_I64((mask & LS_VIOLATES_DOMAIN) != 0, cases[i].is_out);
    ASSERT_STATUS(ls_topology_create(problem, catalog, spec, 0, &topology, NULL), LS_OK);
    const ls_domain_share *lot = &topology.totals.domains[LS_FAILS_LASER_LOT];
    EXPECT_STREQ(lot->name, "dr8");
    EXPECT_EQ_I64(lot->share_ppm, 250000);
    EXPECT_EQ_I64(lot->rest_ppm, 250000);
    EXPECT_EQ_I64(ls_domains_over(problem, &topology.totals),
                  cases[i].is_out ? LS_FAILS_LASER_LOT : LS_FAILS_COUNT);
    ls_topology_destroy(&topology);
    ls_problem_destroy(problem);
  }
}

/* ---- The verifier ---- */

static exported_wish planes_of(ls_family family)
{
  const bool is_mesh = family == LS_OCS_SPINE;
  return (exported_wish){family,          false, 2, 128, is_mesh ? FABRIC_BIDI : FABRIC_DR,
                         is_mesh ? -1 : 0};
}

LS_TEST(Domains, the_verifier_finds_the_same)
{
  static const ls_family families[] = {LS_CLOS1, LS_CLOS2, LS_OCS_SPINE, LS_DIRECT};
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  fabric_catalog(catalog);
  zoned_spec(catalog, spec);
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    exported made = {0};
    const exported_wish wish = planes_of(families[i]);
    ASSERT_TRUE(exported_write(catalog, spec, &wish, &made));
    const verdict found = verify_text(made.text);
    expect_ok(&found);
  }
}

LS_TEST(Domains, the_verifier_names_what_lies)
{
  static const struct {
    const char *key, *value, *what;
  } lies[] = {
      {"g_hall_rest_ppm", "1", "hall_rest_ppm"},
      {"g_row_share_ppm", "1", "row_share_ppm"},
      {"g_tray_rest_ppm", "1", "tray_rest_ppm"},
      {"g_feed_worst", "C", "feed_worst"},
      {"g_chassis_worst", "rack0000", "chassis_worst"},
      {"g_cooling_unit_rest_ppm", "0", "cooling_unit_rest_ppm"},
      {"g_feed_rest_ppm_max", "499999", "feed_rest_ppm_max"},
      /* All on one feed; a gap that the positions do not have. */
      {"g_feeds", "A:0:7:1:0:3:0", "feed_rest_ppm"},
      {"g_cooling_units", "none", "cooling_unit_worst"},
      {"g_laser_lot_share_ppm", "1", "laser_lot_share_ppm"},
      {"g_laser_lot_worst", "none", "laser_lot_worst"},
      {"g_halls", "north:0:0:1:0:3:0 south:1:7:1:0:3:19000", NULL},
  };
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  exported made = {0};
  const exported_wish wish = planes_of(LS_CLOS2);
  lots_spec(catalog, spec);
  ASSERT_TRUE(exported_write(catalog, spec, &wish, &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    const verdict found =
        verify_text(exported_set(made.text, made.text, lies[i].key, lies[i].value));
    EXPECT_STATUS(found.status, LS_ERR_NO);
    if (lies[i].what != NULL && !is_named(&found, "graph", lies[i].what))
      LS_TEST_FAIL("%s = %s was not named", lies[i].key, lies[i].value);
  }
  /* A box that needs liquid cooling where there is none. */
  const char *wet = exported_set_all(made.text, "n_is_liquid_cooled", "0");
  char id[128];
  const char *spine = exported_element(wet, "<node ", ">spine<", id);
  wet = exported_set(wet, spine, "n_is_liquid_cooled", "1");
  wet = exported_set(wet, wet, "g_liquid_cooled", "liquid:7:7:1:3:3:0");
  const verdict dry = verify_text(wet);
  EXPECT_STATUS(dry.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&dry, id, "slot"));
  const verdict racks =
      verify_text(exported_set(made.text, made.text, "g_fixed", "network:0:0:1:0:3:0"));
  EXPECT_TRUE(is_named(&racks, "slot 0", "use"));
  const verdict boxes =
      verify_text(exported_set(made.text, made.text, "g_fixed", "gpu:2:7:1:0:3:0"));
  EXPECT_STATUS(boxes.status, LS_ERR_NO);
  EXPECT_STREQ(boxes.report->mismatches[0].what, "use");
  const verdict broken = verify_text(exported_set(made.text, made.text, "g_feeds", "A:0:3"));
  EXPECT_STATUS(broken.status, LS_ERR_INPUT);
  EXPECT_CONTAINS(broken.error.message, "name:rows:every:racks:gap");
}
