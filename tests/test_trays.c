/* Strands in trays: by hand on a small floor, as a limit of placed designs, as level 2 learns it,
 * and as the verifier sees it. */
#include "../host/trays.h"

#include <string.h>

#include "../host/level2.h"
#include "question.h"
#include "verdict.h"

/* ---- By hand ---- */

/* Four rows of two slots; rows 0 and 1, row 2 and row 3 are halls. */
static void hand_floor(ls_spec *spec)
{
  spec->floor = (ls_spec_floor){.row_count = 4, .racks_per_row = 2};
  ls_floor_zones *halls = &spec->floor.halls;
  halls->zone_count = halls->area_count = 3;
  halls->area[0] = (ls_floor_area){"n", 0, 0, 1, 1, 0, 1, 0};
  halls->area[1] = (ls_floor_area){"m", 1, 2, 2, 1, 0, 1, 9000};
  halls->area[2] = (ls_floor_area){"s", 2, 3, 3, 1, 0, 1, 9000};
}

LS_TEST(Trays, strands_by_hand)
{
  enum { NODES = 5, EDGES = 6 };
  static const int32_t slots[NODES] = {0, 0, 1, 3, 6};
  static const struct {
    ls_edge_kind kind;
    int32_t node_a, node_b, links, strands;
  } cords[EDGES] = {
      {LS_EDGE_ACCESS, 0, 1, 100, 16},   /* stays in its rack */
      {LS_EDGE_ACCESS, 0, 2, 3, 16},     /* row 0 alone, and once: 48 */
      {LS_EDGE_TRUNK, 1, 3, 5, 2},       /* rows 0 and 1: 10 */
      {LS_EDGE_OCS_LEG, 1, 4, 7, 8},     /* rows 0 and 3, both gaps: 56 */
      {LS_EDGE_CIRCUIT, 1, 3, 1000, 16}, /* has no cords of its own */
      {LS_EDGE_TRUNK, 2, 4, 1000, 0},    /* copper */
  };
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_node nodes[NODES] = {{0}};
  ls_edge edges[EDGES] = {{0}};
  ls_topology topology = {.node_count = NODES, .edge_count = EDGES, .nodes = nodes, .edges = edges};
  char text[128], name[32];
  hand_floor(spec);
  for (int32_t i = 0; i < NODES; i++) nodes[i].slot = slots[i];
  for (int32_t i = 0; i < EDGES; i++)
    edges[i] = (ls_edge){.kind = (uint8_t)cords[i].kind,
                         .node_a = cords[i].node_a,
                         .node_b = cords[i].node_b,
                         .link_count = cords[i].links,
                         .strand_count = cords[i].strands};
  ASSERT_STATUS(ls_trays_measure(spec, &topology), LS_OK);
  EXPECT_STREQ(topology.totals.tray.name, "row0");
  EXPECT_EQ_I64(topology.totals.tray.strands, 48 + 10 + 56);
  edges[0].link_count = edges[2].link_count = 0;
  nodes[1].slot = nodes[4].slot - 2; /* the legs are now of rows 2 and 3, and the second gap */
  edges[1] = (ls_edge){
      .kind = LS_EDGE_TRUNK, .node_a = 3, .node_b = 4, .link_count = 2, .strand_count = 8};
  ASSERT_STATUS(ls_trays_measure(spec, &topology), LS_OK);
  EXPECT_STREQ(topology.totals.tray.name, "row3");
  EXPECT_EQ_I64(topology.totals.tray.strands, 56 + 16);
  EXPECT_EQ_I64(ls_trays_count(&spec->floor), 6);
  ls_trays_name(&spec->floor, 5, name);
  EXPECT_STREQ(name, "m-s");
  EXPECT_FALSE(ls_trays_are_over(spec, &topology.totals));
  ls_trays_sentence(spec, &topology.totals, text);
  EXPECT_STREQ(text, "the tray row3 holds 72 strands");
  spec->floor.tray_strands_max = 71;
  EXPECT_TRUE(ls_trays_are_over(spec, &topology.totals));
  ls_trays_sentence(spec, &topology.totals, text);
  EXPECT_STREQ(text, "the tray row3 holds 72 strands of at most 71");
}

/* ---- As a limit ---- */

/* A strand less than the fullest tray has is a violation, as many is none, and nothing else changes
 * with the limit. */
LS_TEST(Trays, a_strand_too_many_violates)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  int32_t seen = 0;
  fabric_catalog(catalog);
  fabric_spec(catalog, 128, spec);
  ls_problem *problem = NULL;
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  for (uint32_t s = 0; s < problem->structure_count; s += 3) {
    const uint64_t rank = problem->structures[s].rank_first;
    ls_topology free_of, within, over;
    spec->floor.tray_strands_max = 0;
    if (ls_topology_create(problem, catalog, spec, rank, &free_of, NULL) != LS_OK) continue;
    const int64_t strands = free_of.totals.tray.strands;
    EXPECT_EQ_I64(free_of.totals.violation_mask & LS_VIOLATES_TRAY, 0);
    if (strands > 1) {
      spec->floor.tray_strands_max = (int32_t)strands;
      ASSERT_STATUS(ls_topology_create(problem, catalog, spec, rank, &within, NULL), LS_OK);
      EXPECT_EQ_I64(within.totals.violation_mask, free_of.totals.violation_mask);
      EXPECT_EQ_I64(within.totals.capex_cents, free_of.totals.capex_cents);
      spec->floor.tray_strands_max = 1;
      ASSERT_STATUS(ls_topology_create(problem, catalog, spec, rank, &over, NULL), LS_OK);
      EXPECT_EQ_I64(over.totals.violation_mask & LS_VIOLATES_TRAY, LS_VIOLATES_TRAY);
      ls_topology_destroy(&within);
      ls_topology_destroy(&over);
      seen++;
    }
    ls_topology_destroy(&free_of);
  }
  EXPECT_LT_I64(10, seen);
  ls_problem_destroy(problem);
}

/* ---- Level 2 ---- */

enum { TRAY_BIT = 24 };

/* Reads a small pod, with a cap on strands. */
static bool pod_ask(question *asked, int32_t strands_max)
{
  if (!question_read(asked, "lab-64")) return false;
  asked->session.spec->floor.tray_strands_max = strands_max;
  return question_build(asked);
}

/* The least capex of all designs of the space that hold on the floor; INT64_MAX: there is none. */
static int64_t capex_least(const ls_session *session, int64_t *strands)
{
  const ls_problem *problem = session->problem;
  int64_t least = INT64_MAX;
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    ls_score score;
    ls_topology topology;
    if (ls_rank_score(problem, rank, &score) || score.metric[LS_METRIC_CAPEX] >= least ||
        ls_topology_create(problem, session->catalog, session->spec, rank, &topology, NULL))
      continue;
    if (!topology.totals.violation_mask && topology.totals.capex_cents < least) {
      least = topology.totals.capex_cents;
      *strands = topology.totals.tray.strands;
    }
    ls_topology_destroy(&topology);
  }
  return least;
}

/* Under a cap that the cheapest design breaks level 2 still finds what is cheapest of all that
 * hold, and no result breaks it. */
LS_TEST(Trays, level_2_finds_the_cheapest_that_holds)
{
  question asked;
  int64_t strands = 0;
  int32_t capped = 0;
  ASSERT_TRUE(pod_ask(&asked, 0));
  int64_t free_cents = capex_least(&asked.session, &strands);
  question_destroy(&asked);
  ASSERT_TRUE(free_cents < INT64_MAX && strands > 1);
  for (int32_t cap = (int32_t)strands - 1; cap > 0; cap /= 4) {
    ls_level2 found;
    int64_t now = 0, least = INT64_MAX;
    ASSERT_TRUE(pod_ask(&asked, cap));
    const int64_t expected = capex_least(&asked.session, &now);
    ASSERT_STATUS(ls_level2_run(&asked.session, 0, INT64_MAX, LS_BUILT_MAX, &found, NULL), LS_OK);
    for (int32_t i = 0; i < found.front_count; i++) {
      EXPECT_LE_I64(found.front[i].totals.tray.strands, cap);
      if (found.front[i].variant == LS_UNIFORM)
        least = ls_min(least, found.front[i].totals.capex_cents);
    }
    EXPECT_EQ_I64(least, expected);
    EXPECT_LT_I64(0, found.violation_count[TRAY_BIT]);
    EXPECT_CONTAINS(found.tray_violation, "of at most");
    capped += expected < INT64_MAX;
    ls_level2_destroy(&found);
    question_destroy(&asked);
  }
  EXPECT_LT_I64(0, capped);
}

/* ---- The verifier ---- */

LS_TEST(Trays, the_verifier_names_what_lies)
{
  static const struct {
    const char *key, *value, *where, *what;
  } lies[] = {
      {"g_tray_strands", "1", "graph", "tray_strands"},
      {"g_tray_fullest", "row9", "graph", "tray_fullest"},
      {"g_tray_strands_max", "1", NULL, "tray_strands_max"},
      {"g_tray_strands_max", "1", "north-south", "tray_strands_max"},
  };
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  exported made = {0};
  const exported_wish wish = exported_clos2();
  fabric_catalog(catalog);
  fabric_spec(catalog, 128, spec);
  spec->floor.row_count = 2;
  spec->floor.blocked_count = 0;
  spec->floor.racks_per_row = 4;
  spec->floor.halls.zone_count = spec->floor.halls.area_count = 2;
  spec->floor.halls.area[0] = (ls_floor_area){"north", 0, 0, 0, 1, 0, 3, 0};
  spec->floor.halls.area[1] = (ls_floor_area){"south", 1, 1, 1, 1, 0, 3, 20000};
  spec->floor.tray_strands_max = 1000000;
  ASSERT_TRUE(exported_write(catalog, spec, &wish, &made));
  const verdict honest = verify_text(made.text);
  expect_ok(&honest);
  char fullest[128];
  ASSERT_TRUE(exported_value(made.text, "g_tray_fullest", fullest));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    const verdict found =
        verify_text(exported_set(made.text, made.text, lies[i].key, lies[i].value));
    EXPECT_STATUS(found.status, LS_ERR_NO);
    if (!is_named(&found, lies[i].where ? lies[i].where : fullest, lies[i].what))
      LS_TEST_FAIL("%s = %s was not named", lies[i].key, lies[i].value);
  }
}
