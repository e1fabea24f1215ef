/* Designs whose bundles and boxes choose for themselves: what they may and what they must be, and
 * that the verifier, which knows nothing of the choice, agrees. */
#include "verdict.h"

#include "../host/mix.h"
#include "../host/problem_build.h"
#include "question.h"

/* What was seen of many designs. */
typedef struct seen {
  int32_t mixed, boxes, links, faces;
} seen;

static void kinds_see(const ls_topology *topology, seen *all)
{
  const ls_mixture *mixture = &topology->totals.mixture;
  bool has_boxes = false, has_links = false, has_faces = false;
  for (int32_t i = 1; i < mixture->box_kind_count; i++)
    has_boxes |= mixture->boxes[i].tier == mixture->boxes[i - 1].tier;
  for (int32_t i = 1; i < mixture->link_kind_count; i++)
    has_links |= mixture->links[i].tier == mixture->links[i - 1].tier;
  for (int32_t n = 0; n < topology->node_count; n++)
    has_faces |= topology->nodes[n].up.kind_count > 1 || topology->nodes[n].down.kind_count > 1;
  EXPECT_TRUE(has_boxes || has_links);
  all->boxes += has_boxes;
  all->links += has_links;
  all->faces += has_faces;
}

/* Kinds add up to all boxes and links. */
static void expect_counts(const ls_topology *topology)
{
  const ls_mixture *mixture = &topology->totals.mixture;
  int64_t boxes = 0, links = 0, all_boxes = 0, all_links = 0;
  for (int32_t i = 0; i < mixture->box_kind_count; i++) boxes += mixture->boxes[i].count;
  for (int32_t i = 0; i < mixture->link_kind_count; i++) links += mixture->links[i].count;
  for (int32_t n = 0; n < topology->node_count; n++)
    all_boxes += topology->nodes[n].kind != LS_NODE_RACK && topology->nodes[n].kind != LS_NODE_OCS;
  for (int32_t e = 0; e < topology->edge_count; e++)
    if (topology->edges[e].kind != LS_EDGE_OCS_LEG) all_links += topology->edges[e].link_count;
  EXPECT_EQ_I64(boxes, all_boxes);
  EXPECT_EQ_I64(links, all_links);
}

static void expect_ledger(const ls_topology *topology)
{
  int64_t capex = 0, tco = 0;
  for (int32_t i = 0; i < topology->ledger_count; i++) {
    const ls_ledger_line *line = &topology->ledger[i];
    if (strcmp(line->total, "capex_usd") == 0) capex += line->value;
    if (strcmp(line->total, "tco_usd") == 0) tco += line->value;
  }
  EXPECT_EQ_I64(capex, topology->totals.capex_cents);
  EXPECT_EQ_I64(tco, topology->totals.tco_cents);
}

/* Builds a design, mixes it, and where that is kept, has its file verified. */
static void design_try(const ls_problem *problem, const ls_catalog *catalog, const ls_spec *spec,
                       uint64_t rank, seen *all)
{
  ls_topology topology;
  if (ls_topology_create(problem, catalog, spec, rank, &topology, NULL) != LS_OK) return;
  const ls_totals uniform = topology.totals;
  ASSERT_STATUS(ls_topology_mix(catalog, spec, 0, &topology), LS_OK);
  if (topology.variant == LS_UNIFORM) {
    EXPECT_EQ_I64(topology.totals.capex_cents, uniform.capex_cents);
    EXPECT_EQ_I64(topology.totals.tco_cents, uniform.tco_cents);
    EXPECT_EQ_I64(topology.totals.optics_power_mw, uniform.optics_power_mw);
    EXPECT_EQ_I64(topology.totals.latency_ps_max, uniform.latency_ps_max);
    EXPECT_EQ_I64(topology.totals.lost_mgpuh, uniform.lost_mgpuh);
  } else {
    const char *path = shim_format("%s/mixed.graphml", shim_folder());
    EXPECT_EQ_I64(topology.totals.violation_mask, 0);
    EXPECT_EQ_I64(uniform.violation_mask, 0);
    EXPECT_LT_I64(topology.totals.tco_cents, uniform.tco_cents);
    EXPECT_EQ_I64(topology.totals.mixture.uniform_tco_cents, uniform.tco_cents);
    EXPECT_LE_I64(topology.totals.mixture.bound_cents, topology.totals.mixture.choice_cents);
    all->mixed++;
    kinds_see(&topology, all);
    expect_counts(&topology);
    expect_ledger(&topology);
    ASSERT_STATUS(ls_graphml_write(&topology, catalog, spec, path, NULL), LS_OK);
    const verdict found = verify_path(path, NULL);
    expect_ok(&found);
  }
  ls_topology_destroy(&topology);
}

/* Some designs of every structure of a family that can be sized. */
static void family_try(const ls_problem *problem, const ls_catalog *catalog, const ls_spec *spec,
                       int32_t family, seen *all)
{
  const int32_t before = all->mixed;
  for (uint32_t s = 0; s < problem->structure_count; s++) {
    const ls_structure *structure = &problem->structures[s];
    if (structure->family != family || structure->violation_mask) continue;
    const uint64_t step = structure->rank_count / 16 + 1;
    for (uint64_t i = 0; i < structure->rank_count && all->mixed < before + 6; i += step)
      design_try(problem, catalog, spec, structure->rank_first + i, all);
  }
}

LS_TEST(Mix, is_cheaper_violates_nothing_and_is_verified)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  seen all = {0};
  fabric_catalog(catalog);
  fabric_spec(catalog, 128, spec);
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  for (int32_t family = 0; family < LS_FAMILY_COUNT; family++)
    family_try(problem, catalog, spec, family, &all);
  ls_problem_destroy(problem);
  EXPECT_LT_I64(30, all.mixed);
  EXPECT_LT_I64(10, all.boxes);
  EXPECT_LT_I64(30, all.links);
  EXPECT_LT_I64(20, all.faces);
}

/* The shipped catalog, with ports of half a module, rails, and prices that are looked up. */
LS_TEST(Mix, of_shipped_specs_is_verified_against_the_catalog)
{
  static const char *const names[] = {"pod-512", "scale-up-2k"};
  seen all = {0};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    question asked;
    ASSERT_TRUE(question_read(&asked, names[i]));
    ASSERT_TRUE(question_build(&asked));
    for (int32_t family = 0; family < LS_FAMILY_COUNT; family++)
      family_try(asked.session.problem, asked.session.catalog, asked.session.spec, family, &all);
    question_destroy(&asked);
  }
  EXPECT_LT_I64(20, all.mixed);
  EXPECT_LT_I64(0, all.boxes);
  EXPECT_LT_I64(20, all.faces);
}

/* ---- Lies ---- */

/* The file of the first design of clos2 whose leaves or spines are of several models. */
static char *mixed_text(void)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  const char *path = shim_format("%s/mixed.graphml", shim_folder());
  ls_problem *problem = NULL;
  bool is_made = false;
  fabric_catalog(catalog);
  fabric_spec(catalog, 128, spec);
  if (!SHIM_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK)) return NULL;
  for (uint64_t rank = 0; rank < problem->space_size && !is_made; rank++) {
    ls_topology topology;
    seen all = {0};
    const ls_structure *structure = &problem->structures[ls_rank_structure(problem, rank)];
    if (structure->family != LS_CLOS2 || structure->violation_mask ||
        ls_topology_create(problem, catalog, spec, rank, &topology, NULL) != LS_OK)
      continue;
    if (ls_topology_mix(catalog, spec, 0, &topology) == LS_OK && topology.variant == LS_MIXED)
      kinds_see(&topology, &all);
    is_made = all.boxes && all.faces &&
              SHIM_STATUS(ls_graphml_write(&topology, catalog, spec, path, NULL), LS_OK);
    ls_topology_destroy(&topology);
  }
  ls_problem_destroy(problem);
  if (is_made) return shim_file_read(path, NULL);
  shim_fail(SHIM_AT, "no mixed design");
  return NULL;
}

LS_TEST(Mix, names_what_lies_in_a_mixed_file)
{
  static const lie lies[] = {
      {"<edge ", ">dac<", "e_optic_a", "dr8", "mate_class"},
      {"<edge ", ">dac<", "e_optic_b", "cpo-dr", "optic_b"},
      {"<node ", ">rack<", "n_up_optic", "dr8 fr4", "up_optic"},
      {"<node ", ">dac dr8<", "n_up_optic", "dac", "up_optic"},
      {"<node ", ">dac dr8<", "n_up_optic", "dac dr8 fr4", "up_optic"},
      {"<node ", ">dac dr8<", "n_up_module_count", "1", "up_module_count"},
      {"<node ", ">dac dr8<", "n_up_modules_capex_cents", "1", "up_modules_capex_cents"},
      {"<node ", ">dac dr8<", "n_up_modules_power_mw", "1", "up_modules_power_mw"},
      {"<node ", ">cpo-51t<", "n_catalog_id", "no-such", "vendor and draws"},
      {"<node ", ">cpo-51t<", "n_integrated_optic", "", "integrated_optic"},
      {"<node ", ">rack<", "n_integrated_optic", "cpo-dr", "integrated_optic"},
  };
  char *text = mixed_text();
  ASSERT_TRUE(text != NULL);
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_lie_named(text, &lies[i]);
}

LS_TEST(Mix, names_the_total_that_lies_in_a_mixed_file)
{
  static const char *const totals[][2] = {{"g_variant", "variant"},
                                          {"g_tco_cents", "tco_cents"},
                                          {"g_capex_cents", "capex_cents"},
                                          {"g_optics_power_mw", "optics_power_mw"},
                                          {"g_switch_power_mw", "switch_power_mw"},
                                          {"g_latency_ps_max", "latency_ps_max"},
                                          {"g_latency_ps_mean", "latency_ps_mean"},
                                          {"g_lost_mgpuh_per_year", "lost_mgpuh_per_year"},
                                          {"g_risk_bps", "risk_bps"},
                                          {"g_module_count", "module_count"}};
  char *text = mixed_text();
  ASSERT_TRUE(text != NULL);
  for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
    const char *value = strcmp(totals[i][0], "g_variant") == 0 ? "uniform" : "12345";
    const verdict found = verify_text(exported_set(text, text, totals[i][0], value));
    EXPECT_STATUS(found.status, LS_ERR_NO);
    if (!is_named(&found, "graph", totals[i][1])) LS_TEST_FAIL("%s was not named", totals[i][0]);
  }
}

/* ---- What runs short ---- */

/* A world in which so many co-packaged boxes can be had, and what becomes of the first uniform
 * design of clos2 with pluggables in all boxes and one plane. */
typedef struct short_world {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
  ls_topology topology;
} short_world;

static bool short_world_create(int64_t boxes, int32_t without, bool is_dry, short_world *world)
{
  world->catalog = shim_alloc(sizeof *world->catalog);
  world->spec = shim_alloc(sizeof *world->spec);
  fabric_catalog(world->catalog);
  ls_catalog_resource *resource = &world->catalog->resources[world->catalog->resource_count++];
  snprintf(resource->id, sizeof resource->id, "cpo-boxes");
  resource->units_per_year = fabric_number(boxes);
  resource->buyer_share_ppm = fabric_number(1000000);
  world->catalog->switches[FABRIC_CPO_BOX].draw[0] = 1;
  fabric_spec(world->catalog, 1024, world->spec);
  world->catalog->switches[FABRIC_CPO_BOX].is_liquid_cooled = is_dry;
  if (is_dry) { /* liquid in the first slot alone */
    world->spec->floor.liquid_cooled.area_count = world->spec->floor.liquid_cooled.zone_count = 1;
    world->spec->floor.liquid_cooled.area[0] = (ls_floor_area){.row_step = 1};
  }
  world->spec->space.family_mask = LS_CHOOSE_CLOS2;
  if (!SHIM_STATUS(ls_problem_create(world->catalog, world->spec, &world->problem, NULL), LS_OK))
    return false;
  for (uint32_t s = 0; s < world->problem->structure_count; s++) {
    const ls_structure *structure = &world->problem->structures[s];
    if (structure->violation_mask || structure->planes != 1 || structure->is_rail ||
        structure->switch_index[0] != FABRIC_BOX || structure->switch_index[1] != FABRIC_BOX)
      continue;
    for (uint64_t i = 0; i < structure->rank_count; i++) {
      if (ls_topology_create(world->problem, world->catalog, world->spec, structure->rank_first + i,
                             &world->topology, NULL) != LS_OK)
        continue;
      if (!world->topology.totals.violation_mask)
        return SHIM_STATUS(ls_topology_mix(world->catalog, world->spec, without, &world->topology),
                           LS_OK);
      ls_topology_destroy(&world->topology);
    }
  }
  return shim_fail(SHIM_AT, "no design of pluggables");
}

static int32_t boxes_of(const ls_topology *topology, int32_t model)
{
  int32_t count = 0;
  for (int32_t n = 0; n < topology->node_count; n++)
    count += topology->nodes[n].kind != LS_NODE_RACK && topology->nodes[n].kind != LS_NODE_OCS &&
             topology->nodes[n].catalog_index == model;
  return count;
}

static void short_world_destroy(short_world *world)
{
  ls_topology_destroy(&world->topology);
  ls_problem_destroy(world->problem);
}

/* As many as can be had, and which: those that save most; the rest stay pluggable. */
LS_TEST(Mix, takes_as_many_co_packaged_boxes_as_there_are)
{
  static const int64_t supplies[] = {1, 7, 20, 23};
  int64_t tco_before = INT64_MAX;
  for (size_t i = 0; i < sizeof supplies / sizeof *supplies; i++) {
    short_world world;
    ASSERT_TRUE(short_world_create(supplies[i], 0, false, &world));
    const ls_topology *topology = &world.topology;
    const ls_mixture *mixture = &topology->totals.mixture;
    EXPECT_EQ_I64(topology->variant, LS_MIXED);
    EXPECT_EQ_I64(topology->totals.violation_mask, 0);
    EXPECT_EQ_I64(boxes_of(topology, FABRIC_CPO_BOX), supplies[i]);
    EXPECT_LE_I64(mixture->choice_cents - mixture->bound_cents, mixture->choice_cents / 200);
    EXPECT_LT_I64(topology->totals.tco_cents, tco_before);
    tco_before = topology->totals.tco_cents;
    short_world_destroy(&world);
  }
}

LS_TEST(Mix, brings_nothing_in_that_is_left_out)
{
  short_world world;
  ASSERT_TRUE(short_world_create(16, LS_WITHOUT_CPO, false, &world));
  EXPECT_EQ_I64(boxes_of(&world.topology, FABRIC_CPO_BOX), 0);
  short_world_destroy(&world);
}

/* A box becomes one that needs liquid only where its slot has it. */
LS_TEST(Mix, boxes_that_need_liquid_stand_in_it)
{
  short_world world;
  int32_t cooled = 0;
  ASSERT_TRUE(short_world_create(16, 0, true, &world));
  for (int32_t n = 0; n < world.topology.node_count; n++)
    cooled += world.topology.nodes[n].kind != LS_NODE_RACK && world.topology.nodes[n].slot == 0;
  EXPECT_LT_I64(0, boxes_of(&world.topology, FABRIC_CPO_BOX));
  EXPECT_LE_I64(boxes_of(&world.topology, FABRIC_CPO_BOX), cooled);
  short_world_destroy(&world);
}
