/* Leaves joined to leaves: every cord of light between them passes one shuffle box, which costs
 * light and, per fiber, money; at both levels, in the bill of materials and for the verifier. */
#include "../host/evaluation.h"
#include "../host/schedule.h"
#include "verdict.h"

enum { BOX_MDB = 650, BOX_CENTS = 1103 }; /* as in fabric.h */

typedef struct joined {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
  ls_topology topology;
} joined;

/* A direct design of 256 GPUs whose leaves are joined by these optics. */
static bool joined_create(int32_t optic, bool is_structured, joined *made)
{
  const exported_wish wish = {LS_DIRECT, false, 2, 256, optic, 0};
  made->catalog = shim_alloc(sizeof *made->catalog);
  made->spec = shim_alloc(sizeof *made->spec);
  made->problem = NULL;
  fabric_catalog(made->catalog);
  fabric_spec(made->catalog, 256, made->spec);
  made->spec->floor.is_structured = is_structured;
  if (!SHIM_STATUS(ls_problem_create(made->catalog, made->spec, &made->problem, NULL), LS_OK))
    return false;
  return exported_find(made->problem, made->catalog, made->spec, &wish, &made->topology) ||
         shim_fail(SHIM_AT, "no feasible direct design");
}

static void joined_destroy(joined *made)
{
  ls_topology_destroy(&made->topology);
  ls_problem_destroy(made->problem);
}

static const ls_ledger_line *line_find(const ls_ledger_line *lines, int32_t count, const char *item)
{
  for (int32_t i = 0; i < count; i++)
    if (strcmp(lines[i].item, item) == 0) return &lines[i];
  return NULL;
}

/* Fiber of 0.4 dB/km, matings of 0.35 dB and the box; 70.01 USD/km, 5.01 a mating and the box. */
static void expect_cords(const joined *made, int64_t *fibers)
{
  const ls_topology *topology = &made->topology;
  *fibers = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    const bool is_joint = edge->kind == LS_EDGE_TRUNK;
    if (edge->fiber < 0) continue;
    EXPECT_EQ_I64(edge->loss_mdb, (edge->length_mm * 400 + 999999) / 1000000 +
                                      edge->mating_count * 350 + (is_joint ? BOX_MDB : 0));
    const int64_t strand_mm = (int64_t)edge->strand_count * edge->stock_mm;
    EXPECT_EQ_I64(edge->cord_capex_cents, (strand_mm * 7001 + 999999) / 1000000 +
                                              edge->mating_count * 501 +
                                              (is_joint ? edge->strand_count * BOX_CENTS : 0));
    if (is_joint) *fibers += edge->link_count * edge->strand_count;
  }
}

LS_TEST(Direct, every_cord_of_light_passes_one_box)
{
  for (int32_t is_structured = 0; is_structured < 2; is_structured++) {
    joined made;
    int64_t fibers = 0;
    ASSERT_TRUE(joined_create(FABRIC_DR, is_structured, &made));
    expect_cords(&made, &fibers);
    EXPECT_LT_I64(0, fibers);
    ls_evaluation *level1 = shim_alloc(sizeof *level1);
    ls_evaluation_init(made.problem, made.catalog, made.topology.rank, level1);
    const ls_ledger_line *lines[] = {
        line_find(level1->lines, level1->line_count, "shuffle-box spine fibers"),
        line_find(made.topology.ledger, made.topology.ledger_count, "shuffle-box spine fibers")};
    for (int32_t i = 0; i < 2; i++) {
      ASSERT_TRUE(lines[i] != NULL);
      EXPECT_STREQ(lines[i]->total, "capex_usd");
      EXPECT_EQ_I64(lines[i]->count, fibers);
      EXPECT_EQ_I64(lines[i]->unit_value, BOX_CENTS);
      EXPECT_STREQ(lines[i]->source, "catalog.yaml:400");
    }
    joined_destroy(&made);
  }
}

LS_TEST(Direct, the_bill_of_materials_has_the_boxes)
{
  joined made;
  int64_t fibers = 0;
  ASSERT_TRUE(joined_create(FABRIC_DR, false, &made));
  expect_cords(&made, &fibers);
  const char *path = shim_format("%s/materials.csv", shim_folder());
  ASSERT_STATUS(ls_schedule_write_materials(&made.topology, made.catalog, path, NULL), LS_OK);
  const long long cents = fibers * BOX_CENTS;
  EXPECT_CONTAINS(shim_file_read(path, NULL),
                  shim_format("shuffle box,shuffle-box,spine fibers,%lld,11.03,%lld.%02lld,"
                              "catalog.yaml:400\n",
                              (long long)fibers, cents / 100, cents % 100));
  joined_destroy(&made);
}

/* Optical designs of the family end where the box takes too much light, and nothing else does. */
static uint64_t feasible_count(int64_t box_mdb, ls_family family, bool is_copper)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  uint64_t count = 0;
  fabric_catalog(catalog);
  fabric_spec(catalog, 64, spec);
  catalog->parts.shuffle_box_loss_mdb = fabric_number(box_mdb);
  if (!SHIM_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK)) return 0;
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    uint16_t link[LS_TIER_MAX];
    ls_score score;
    const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
    const int32_t optic = problem->links[link[1]].optic_a;
    if (structure->family != family || structure->violation_mask ||
        ls_optic_is_copper(problem->optics[optic].kind) != is_copper)
      continue;
    count += ls_rank_score(problem, rank, &score) == 0;
  }
  ls_problem_destroy(problem);
  return count;
}

LS_TEST(Direct, a_box_that_takes_too_much_light_ends_the_optical_designs_alone)
{
  EXPECT_LE_U64(1, feasible_count(0, LS_DIRECT, false));
  EXPECT_EQ_U64(feasible_count(9000, LS_DIRECT, false), 0);
  EXPECT_EQ_U64(feasible_count(9000, LS_DIRECT, true), feasible_count(0, LS_DIRECT, true));
  EXPECT_EQ_U64(feasible_count(9000, LS_CLOS2, false), feasible_count(0, LS_CLOS2, false));
  EXPECT_EQ_U64(feasible_count(9000, LS_OCS_SPINE, false), feasible_count(0, LS_OCS_SPINE, false));
}

/* Whoever changes the box in a file is told what no longer follows from it. */
LS_TEST(Direct, the_verifier_recomputes_the_box)
{
  static const char *const changes[][2] = {{"g_shuffle_box_loss_mdb", "loss_mdb"},
                                           {"g_shuffle_box_capex_cents", "cord_capex_cents"}};
  const exported_wish wish = {LS_DIRECT, false, 2, 256, FABRIC_DR, 0};
  exported made = {0};
  char id[128], access[128];
  ASSERT_TRUE(exported_create(wish, &made));
  const verdict sound = verify_path(made.path, NULL);
  expect_ok(&sound);
  ASSERT_TRUE(exported_element(made.text, "<edge ", ">trunk<", id) != NULL);
  ASSERT_TRUE(exported_element(made.text, "<edge ", ">access<", access) != NULL);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    const verdict found = verify_text(exported_set(made.text, made.text, changes[i][0], "7"));
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_TRUE(is_named(&found, id, changes[i][1]));
    EXPECT_FALSE(is_named(&found, access, NULL));
  }
}
