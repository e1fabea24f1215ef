/* Explanations of infeasible specs against brute force: the set conflicts, none of its subsets
 * does, and what is said to relax a member does. */
#include <string.h>

#include "../host/conflict.h"
#include "../host/problem_supply.h"
#include "../host/variant.h"
#include "../kernels/evaluate.h"
#include "question.h"

/* Specs in which something different stands in the way. */
typedef struct puzzle {
  const char *what;
  void (*pose)(ls_session *session);
} puzzle;

static void pose_money(ls_session *session) { session->spec->limit[LS_METRIC_CAPEX] = 1000; }

static void pose_speed(ls_session *session)
{
  session->spec->limit[LS_METRIC_LOSS] = 0;
  session->spec->limit[LS_METRIC_LATENCY] = 1000;
  session->spec->limit[LS_METRIC_CAPEX] = 20000000;
}

static void pose_year(ls_session *session)
{
  ls_catalog *const catalogs[] = {session->catalog, session->catalog_all_years};
  for (int32_t c = 0; c < 2; c++)
    for (int32_t i = 0; i < catalogs[c]->switch_count; i++) {
      catalogs[c]->switches[i].year_leaf.value = 2030;
      catalogs[c]->switches[i].year_spine.value = 2029;
      catalogs[c]->switches[i].year_core.value = 2029;
    }
}

static void pose_year_and_money(ls_session *session)
{
  pose_year(session);
  pose_money(session);
}

static void pose_floor(ls_session *session)
{
  session->spec->floor.rack_power_mw =
      session->spec->cluster.server_power_mw * session->spec->cluster.servers_per_rack;
  session->spec->floor.rack_units =
      session->spec->cluster.server_rack_units * session->spec->cluster.servers_per_rack;
  session->spec->floor.row_count = 1;
  session->spec->floor.racks_per_row = 2;
}

static void pose_space(ls_session *session)
{
  session->spec->space.family_mask = LS_CHOOSE_CLOS1;
  session->spec->space.plane_count = 1;
  session->spec->space.planes[0] = 1;
  session->spec->cluster.gpu_count = 4096;
  session->spec->floor.row_count = 20;
  session->spec->floor.racks_per_row = 20;
}

static void pose_reach(ls_session *session)
{
  session->spec->space.optic_mask = 0;
  for (int32_t i = 0; i < session->catalog->optic_count; i++)
    if (ls_optic_is_copper(session->catalog->optics[i].kind))
      session->spec->space.optic_mask |= 1u << i;
  session->spec->cluster.servers_per_rack = 1;
  session->spec->floor.row_count = 4;
  session->spec->floor.racks_per_row = 10;
}

static const puzzle puzzles[] = {{"money", pose_money}, {"speed and money", pose_speed},
                                 {"year", pose_year},   {"year and money", pose_year_and_money},
                                 {"floor", pose_floor}, {"space", pose_space},
                                 {"reach", pose_reach}};

/* The mask of a rank by its definition. */
static uint32_t mask_by_definition(const ls_problem *problem, uint64_t rank)
{
  ls_score score;
  const ls_structure *structure = &problem->structures[ls_rank_structure(problem, rank)];
  const uint32_t mask = structure->violation_mask & LS_VIOLATES_SIZING
                            ? structure->violation_mask
                            : ls_rank_score(problem, rank, &score);
  return mask & LS_VIOLATES_SIZING ? mask & LS_VIOLATES_SIZING : mask;
}

static int32_t mask_index(const ls_masks *masks, uint32_t mask)
{
  for (int32_t i = 0; i < masks->count; i++)
    if (masks->mask[i] == mask) return i;
  return -1;
}

/* Whether each of the masks that can be relaxed meets the set. */
static bool conflicts(const ls_masks *masks, uint32_t set)
{
  bool has_sized = false;
  for (int32_t i = 0; i < masks->count; i++)
    has_sized = has_sized || !(masks->mask[i] & LS_VIOLATES_SIZING);
  for (int32_t i = 0; i < masks->count; i++)
    if ((!has_sized || !(masks->mask[i] & LS_VIOLATES_SIZING)) && !(masks->mask[i] & set))
      return false;
  return true;
}

static int32_t count_bits(uint32_t mask) { return __builtin_popcount(mask); }

static bool is_feasible(const ls_problem *problem)
{
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    ls_score score;
    const ls_structure *structure = &problem->structures[ls_rank_structure(problem, rank)];
    if (!structure->violation_mask && !ls_rank_score(problem, rank, &score)) return true;
  }
  return false;
}

/* The masks are those of the definition, design by design. */
static void expect_masks(const ls_problem *problem, const ls_masks *masks)
{
  uint64_t *designs = shim_alloc((size_t)masks->count * sizeof *designs);
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    const int32_t index = mask_index(masks, mask_by_definition(problem, rank));
    ASSERT_LE_I64(0, index);
    designs[index]++;
  }
  for (int32_t i = 0; i < masks->count; i++) EXPECT_EQ_U64(designs[i], masks->designs[i]);
}

/* No smaller set conflicts, of all that there are. */
static void expect_smallest(const ls_masks *masks, uint32_t set)
{
  uint32_t all = 0;
  EXPECT_TRUE(conflicts(masks, set));
  for (int32_t i = 0; i < masks->count; i++) all |= masks->mask[i];
  for (uint32_t other = all; other; other = (other - 1) & all)
    if (count_bits(other) < count_bits(set) && conflicts(masks, other)) {
      LS_TEST_FAIL("%#x conflicts, too, and is smaller than %#x", other, set);
      return;
    }
}

/* Applies the changes of a member; less_by is taken off every limit it sets. */
static bool feasible_with(const ls_session *session, const ls_conflict_member *member,
                          int64_t less_by)
{
  ls_session variant;
  bool is_so = false;
  if (ls_variant_create(session, &variant, NULL) != LS_OK) return false;
  for (int32_t i = 0; i < member->change_count; i++) {
    ls_change change = member->change[i];
    if (change.kind == LS_CHANGE_LIMIT) change.value -= less_by;
    if (ls_change_apply(&change, &variant, NULL) != LS_OK) return false;
  }
  if (ls_variant_build(&variant, NULL) == LS_OK) is_so = is_feasible(variant.problem);
  ls_variant_destroy(&variant);
  return is_so;
}

/* So few designs that all can be gone through, many times. */
static bool small_question(question *asked)
{
  if (!question_read(asked, "lab-64")) return false;
  asked->session.spec->space.family_mask = LS_CHOOSE_CLOS1 | LS_CHOOSE_CLOS2;
  asked->session.spec->space.fiber_mask = 1;
  asked->session.spec->space.plane_count = 1;
  return true;
}

/* The chassis of one vendor. */
static uint32_t one_vendors(const ls_catalog *catalog)
{
  uint32_t mask = 0;
  for (int32_t i = 0; i < catalog->switch_count; i++)
    if (strcmp(catalog->switches[i].vendor, "nvidia") == 0) mask |= 1u << i;
  return mask;
}

LS_TEST(Explain, conflicts_are_smallest_and_relaxations_hold)
{
  for (size_t i = 0; i < sizeof puzzles / sizeof *puzzles && !shim_has_failed(); i++) {
    question asked;
    ls_conflict *conflict = shim_alloc(sizeof *conflict);
    ASSERT_TRUE(small_question(&asked));
    puzzles[i].pose(&asked.session);
    ASSERT_TRUE(question_build(&asked));
    ASSERT_FALSE(is_feasible(asked.session.problem));
    ASSERT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_OK);
    expect_masks(asked.session.problem, &conflict->masks);
    uint32_t set = 0;
    for (int32_t j = 0; j < conflict->count; j++) set |= 1u << conflict->member[j].bit;
    expect_smallest(&conflict->masks, set);
    int32_t relaxed = 0;
    for (int32_t j = 0; j < conflict->count; j++) {
      const ls_conflict_member *member = &conflict->member[j];
      EXPECT_FALSE(conflicts(&conflict->masks, set & ~(1u << member->bit)));
      if (!member->change_count) continue;
      relaxed++;
      EXPECT_TRUE(feasible_with(&asked.session, member, 0));
      /* A limit told is the one needed, not one that is merely enough. */
      if (member->change_count == 1 && member->change[0].kind == LS_CHANGE_LIMIT)
        EXPECT_FALSE(feasible_with(&asked.session, member, 1));
    }
    if (!relaxed) LS_TEST_FAIL("nothing relaxes %s", puzzles[i].what);
    question_destroy(&asked);
  }
}

LS_TEST(Explain, the_first_year_and_the_fewest_rows_are_told)
{
  question asked;
  ls_conflict *conflict = shim_alloc(sizeof *conflict);
  ASSERT_TRUE(question_read(&asked, "lab-64"));
  pose_year(&asked.session);
  ASSERT_TRUE(question_build(&asked));
  ASSERT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_OK);
  ASSERT_EQ_I64(conflict->count, 1);
  ASSERT_EQ_I64(conflict->member[0].change_count, 1);
  EXPECT_EQ_I64(conflict->member[0].change[0].kind, LS_CHANGE_YEAR);
  EXPECT_EQ_I64(conflict->member[0].change[0].value, 2030);
  question_destroy(&asked);

  ASSERT_TRUE(question_read(&asked, "lab-64"));
  pose_floor(&asked.session);
  ASSERT_TRUE(question_build(&asked));
  ASSERT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_OK);
  bool has_rows = false;
  for (int32_t i = 0; i < conflict->count; i++)
    for (int32_t j = 0; j < conflict->member[i].change_count; j++)
      if (conflict->member[i].change[j].kind == LS_CHANGE_ROWS) {
        has_rows = true;
        conflict->member[i].change[j].value--;
        EXPECT_FALSE(feasible_with(&asked.session, &conflict->member[i], 0));
      }
  EXPECT_TRUE(has_rows);
  question_destroy(&asked);
}

/* Of the shares that the two limits leave, none smaller will do; and no other change is told. */
LS_TEST(Explain, limits_on_shares_are_raised_as_far_as_needed)
{
  for (int32_t i = 0; i < 2; i++) {
    question asked;
    ls_conflict *conflict = shim_alloc(sizeof *conflict);
    ASSERT_TRUE(small_question(&asked));
    if (i)
      asked.session.spec->vendor_share_ppm_max = 1;
    else
      asked.session.spec->failure_share_ppm_max[LS_FAILS_CHASSIS] =
          asked.session.spec->failure_share_ppm_max[LS_FAILS_OCS] = 1000;
    if (i) asked.session.spec->space.switch_mask = one_vendors(asked.session.catalog);
    ASSERT_TRUE(question_build(&asked));
    ASSERT_FALSE(is_feasible(asked.session.problem));
    ASSERT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_OK);
    ASSERT_EQ_I64(conflict->count, 1);
    ls_conflict_member *member = &conflict->member[0];
    ASSERT_EQ_I64(member->change_count, 1);
    EXPECT_EQ_I64(member->change[0].kind, i ? LS_CHANGE_VENDOR : LS_CHANGE_FAILURE);
    EXPECT_TRUE(feasible_with(&asked.session, member, 0));
    member->change[0].value--;
    EXPECT_FALSE(feasible_with(&asked.session, member, 0));
    question_destroy(&asked);
  }
}

/* Linear modules reach the switch from 2025 on: the year alone is told, not what choosing them left
 * out; where only copper is chosen that is too short even within a rack, the choice is told. */
LS_TEST(Explain, a_choice_of_technologies_gives_way_only_where_it_bars)
{
  static const uint32_t kinds[] = {1u << LS_OPTIC_LPO, 1u << LS_OPTIC_COPPER};
  for (int32_t i = 0; i < 2; i++) {
    question asked;
    ls_conflict *conflict = shim_alloc(sizeof *conflict);
    ASSERT_TRUE(small_question(&asked));
    ls_spec_space *space = &asked.session.spec->space;
    ls_spec_choice *choice = &space->choice[LS_CHOICE_OPTICS];
    for (int32_t optic = 0; optic < asked.session.catalog->optic_count; optic++)
      if (!(kinds[i] >> asked.session.catalog->optics[optic].kind & 1))
        choice->excluded_mask |= 1u << optic;
    space->optic_mask &= ~choice->excluded_mask;
    space->family_mask = LS_CHOOSE_CLOS1;
    asked.session.spec->floor.in_rack_mm = 2500;
    if (i == 0) ASSERT_STATUS(ls_variant_set_year(&asked.session, 2024, NULL), LS_OK);
    ASSERT_TRUE(question_build(&asked));
    ASSERT_FALSE(is_feasible(asked.session.problem));
    ASSERT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_OK);
    ASSERT_EQ_I64(conflict->count, 1);
    ASSERT_EQ_I64(conflict->member[0].change_count, 1);
    const ls_change *change = &conflict->member[0].change[0];
    EXPECT_EQ_I64(change->kind, i ? LS_CHANGE_SPACE : LS_CHANGE_YEAR);
    EXPECT_EQ_I64(change->value, i ? LS_SPACE_EXCLUDED : 2025);
    EXPECT_TRUE(feasible_with(&asked.session, &conflict->member[0], 0));
    question_destroy(&asked);
  }
}

LS_TEST(Explain, a_feasible_question_has_no_conflict)
{
  question asked;
  ls_conflict *conflict = shim_alloc(sizeof *conflict);
  ASSERT_TRUE(question_read(&asked, "lab-64") && question_build(&asked));
  EXPECT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_ERR_NO);
  question_destroy(&asked);
}

/* Boxes and lasers are so scarce that no design can be bought. */
static bool pose_scarcity(question *asked)
{
  ls_session *session = &asked->session;
  if (!small_question(asked)) return false;
  ls_catalog *const catalogs[] = {session->catalog, session->catalog_all_years};
  for (int32_t c = 0; c < 2; c++)
    for (int32_t i = 0; i < catalogs[c]->resource_count; i++) {
      ls_catalog_resource *resource = &catalogs[c]->resources[i];
      resource->units_per_year.value = resource->units_per_year_low.value =
          resource->units_per_year_base.value = resource->units_per_year_high.value = 20 + i;
      resource->units_per_year_low.curve = resource->units_per_year_base.curve =
          resource->units_per_year_high.curve = 0;
      resource->units_per_year_low.change_ppm = resource->units_per_year_base.change_ppm =
          resource->units_per_year_high.change_ppm = 0;
    }
  session->spec->space.optic_mask = 0;
  for (int32_t i = 0; i < session->catalog->optic_count; i++)
    if (!ls_optic_is_copper(session->catalog->optics[i].kind))
      session->spec->space.optic_mask |= 1u << i;
  return question_build(asked);
}

/* Of all designs that violate nothing but supply, none lacks less than what is told, and the
 * figures are those of the design. */
LS_TEST(Explain, a_shortage_tells_units_of_the_design_that_lacks_least)
{
  question asked;
  ls_conflict *conflict = shim_alloc(sizeof *conflict);
  ls_evaluation *evaluation = shim_alloc(sizeof *evaluation);
  ASSERT_TRUE(pose_scarcity(&asked));
  const ls_catalog *catalog = asked.session.catalog;
  const ls_problem *problem = asked.session.problem;
  ASSERT_STATUS(ls_conflict_find(&asked.session, conflict, NULL), LS_OK);
  ASSERT_EQ_I64(conflict->count, 1);
  const ls_conflict_member *member = &conflict->member[0];
  ASSERT_EQ_U64(member->together_mask, LS_VIOLATES_SUPPLY);
  ASSERT_LE_I64(1, member->shortage_count);
  double told = 0, least = 1e300;
  for (int32_t i = 0; i < member->shortage_count; i++) {
    const ls_shortage *shortage = &member->shortage[i];
    EXPECT_EQ_I64(shortage->available,
                  ls_resource_available(&catalog->resources[shortage->resource]));
    EXPECT_LT_I64(shortage->available, shortage->needed);
    const double ratio = (double)shortage->needed / (double)ls_max(shortage->available, 1);
    if (ratio > told) told = ratio;
  }
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    int64_t needed[LS_RESOURCE_MAX];
    double worst = 0;
    if (mask_by_definition(problem, rank) != LS_VIOLATES_SUPPLY) continue;
    ls_evaluation_init(problem, catalog, rank, evaluation);
    ls_supply_needed(catalog, problem, evaluation, needed);
    for (int32_t i = 0; i < catalog->resource_count; i++) {
      const int64_t available = ls_resource_available(&catalog->resources[i]);
      const double ratio = (double)needed[i] / (double)ls_max(available, 1);
      if (ratio > worst) worst = ratio;
    }
    if (worst < least) least = worst;
  }
  EXPECT_NEAR(told, least, 1e-9);
  question_destroy(&asked);
}

/* Half a million GPUs on co-packaged switches, of which 12,000 are made in the year: 30 % of them
 * can be had. */
LS_TEST(Explain, units_that_are_short_are_printed)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *text = "year: 2027\n"
                     "supply_scenario: low\n"
                     "cluster: {gpus: 524288, gpus_per_server: 8, nic_gbps_per_gpu: 800}\n"
                     "floor: {rows: 200, racks_per_row: 300}\n"
                     "space: {technologies: [cpo, lpo], families: [clos3], planes: [2], "
                     "fibers: [g652d], switches: [th5-bailly]}\n";
  const char *const plain[] = {LS_TEST_PROGRAM, "explain", path, NULL};
  const char *const json[] = {LS_TEST_PROGRAM, "explain", path, "--json", NULL};
  shim_result told;
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(plain, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 1);
  EXPECT_CONTAINS(told.out, "by the low forecast for 2027 least is lacking for clos3, 2 planes, ");
  EXPECT_CONTAINS(told.out, "cpo-switches: 40,960 needed, 3,600 to be had");
  ASSERT_TRUE(shim_run(json, NULL, &told));
  EXPECT_CONTAINS(told.out, "\"shortage\": [");
  EXPECT_CONTAINS(told.out, "\"resource\": \"cpo-switches\"");
  EXPECT_CONTAINS(told.out, "\"needed\": 40960");
  EXPECT_CONTAINS(told.out, "\"available\": 3600");
}

/* Among sets of the same size, the one that a user sets is blamed. */
LS_TEST(Explain, limits_are_blamed_before_physics)
{
  const ls_masks masks = {.count = 3,
                          .mask = {LS_VIOLATES_CAPACITY, LS_VIOLATES_CAPEX | LS_VIOLATES_REACH,
                                   LS_VIOLATES_CAPEX | LS_VIOLATES_REACH | LS_VIOLATES_YEAR}};
  EXPECT_EQ_U64(ls_conflict_smallest(&masks), LS_VIOLATES_CAPEX);
  const ls_masks unsized = {.count = 2, .mask = {LS_VIOLATES_CAPACITY, LS_VIOLATES_TRUNKS}};
  EXPECT_EQ_U64(ls_conflict_smallest(&unsized), LS_VIOLATES_CAPACITY | LS_VIOLATES_TRUNKS);
  const ls_masks feasible = {.count = 2, .mask = {0, LS_VIOLATES_CAPEX}};
  EXPECT_EQ_U64(ls_conflict_smallest(&feasible), 0);
}

/* What is told is what a spec takes: written into a spec, it makes the program say yes. */
LS_TEST(Explain, the_told_limit_makes_a_written_spec_feasible)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *text = "year: 2026\n"
                     "cluster: {gpus: 64, gpus_per_server: 8, nic_gbps_per_gpu: 800}\n"
                     "floor: {rows: 2, racks_per_row: 4}\n"
                     "limits: {capex_usd_max: 1000}\n";
  const char *const explain[] = {LS_TEST_PROGRAM, "explain", path, "--json", NULL};
  const char *const sweep[] = {LS_TEST_PROGRAM, "sweep", path, "--json", NULL};
  shim_result told, swept;
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(explain, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 1);
  EXPECT_CONTAINS(told.out, "\"feasible\": false");
  const char *limit = strstr(told.out, "limits.capex_usd_max: ");
  ASSERT_TRUE(limit != NULL);
  limit += strlen("limits.capex_usd_max: ");
  text = shim_format("year: 2026\n"
                     "cluster: {gpus: 64, gpus_per_server: 8, nic_gbps_per_gpu: 800}\n"
                     "floor: {rows: 2, racks_per_row: 4}\n"
                     "limits: {capex_usd_max: %.*s}\n",
                     (int)strcspn(limit, "\""), limit);
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(sweep, NULL, &swept));
  EXPECT_EQ_I64(swept.exit_code, 0);
}

static const char *const tiny_spec =
    "year: 2028\n"
    "cluster: {gpus: 64, gpus_per_server: 8, nic_gbps_per_gpu: 400, "
    "nic_lanes_gbps: [100]}\n"
    "floor: {rows: 2, racks_per_row: 4}\n"
    "space: {families: [clos2], planes: [1], fibers: [g652d]}\n";

/* The whole study of a feasible spec: every part is there, and equal on one thread and two. */
LS_TEST(Explain, a_feasible_spec_gets_reason_tornado_draws_and_break_even)
{
  static const char *const keys[] = {
      "feasible",  "reason",           "tornado",       "effect_metric",           "robust",
      "win_share", "infeasible_share", "regret_cvar90", "regret_share_of_assumed", "break_even",
      "verdict",   "pick_changes",     "assumed"};
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *const one[] = {LS_TEST_PROGRAM, "explain",   path, "--json", "--draws",
                             "200",           "--threads", "1",  NULL};
  const char *const two[] = {LS_TEST_PROGRAM, "explain",   path, "--json", "--draws",
                             "200",           "--threads", "2",  NULL};
  const char *const text[] = {LS_TEST_PROGRAM, "explain", path, "--draws", "200", NULL};
  shim_result first, second, told;
  shim_file_write(path, tiny_spec, strlen(tiny_spec));
  ASSERT_TRUE(shim_run(one, NULL, &first) && shim_run(two, NULL, &second));
  EXPECT_EQ_I64(first.exit_code, 0);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    EXPECT_CONTAINS(first.out, shim_format("\"%s\": ", keys[i]));
  EXPECT_STREQ(first.out, second.out);
  ASSERT_TRUE(shim_run(text, NULL, &told));
  int32_t lines = 0;
  for (const char *at = told.out; (at = strchr(at, '\n')) != NULL; at++) lines++;
  EXPECT_LE_I64(lines, 50);
  /* The picks of least regret are named, whether or not they are the recommendation. */
  EXPECT_CONTAINS(told.out, "among the designs that hold in as many draws as any");
  EXPECT_CONTAINS(told.out, "Least regret by its maximum: ");
  EXPECT_CONTAINS(told.out, "Least regret by the mean of the worst tenth: ");
  EXPECT_CONTAINS(told.out, "Break-even attach yield by capex: ");
}

/* ---- The recommendation ---- */

/* Level 1 takes copper from leaf to leaf for reachable; the floor parts the leaves too far. */
static const char *const floor_spec =
    "year: 2026\n"
    "cluster: {gpus: 512, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"
    "floor: {rows: 4, racks_per_row: 8}\n"
    "objectives: [%s]\n"
    "space: {families: [direct, clos2], planes: [1], oversubscription: [1], fibers: [g652d], "
    "switches: [th5-51t, qm9700, th5-bailly]}\n";

/* What the design whose `name` stands at `end` has for a key: of two levels the first, its own. */
static const char *value_of(const char *text, const char *end, const char *key)
{
  const char *design = text;
  for (const char *at = text; (at = strstr(at, "\"rank\": ")) != NULL && at < end; at++)
    design = at;
  const char *found = strstr(design, key);
  if (!found || found > end) {
    shim_fail(SHIM_AT, "no %s", key);
    return "";
  }
  found += strlen(key);
  return shim_format("%.*s", (int)strcspn(found, ",\n"), found);
}

static void expect_same_recommendation(const char *objectives, const char *rule)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *out = shim_format("%s/out", shim_folder());
  const char *const explain[] = {LS_TEST_PROGRAM, "explain", path, "--json", "--draws", "50", NULL};
  const char *const optimize[] = {LS_TEST_PROGRAM, "optimize", path, "--json", "-o", out, NULL};
  const char *const sweep[] = {LS_TEST_PROGRAM, "sweep", path, "--json", NULL};
  const char *text = shim_format(floor_spec, objectives);
  shim_result told, found, swept;
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(explain, NULL, &told) && shim_run(optimize, NULL, &found) &&
              shim_run(sweep, NULL, &swept));
  ASSERT_EQ_I64(told.exit_code + found.exit_code + swept.exit_code, 0);
  const char *name = shim_format("\"name\": \"%s\"", rule);
  const char *in_told = strstr(told.out, name), *in_found = strstr(found.out, name);
  ASSERT_TRUE(in_told && in_found);
  static const char *const keys[] = {
      "\"rank\": ", "\"capex_usd\": ", "\"latency_ns_max\": ", "\"tco_usd\": "};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    EXPECT_STREQ(value_of(told.out, in_told, keys[i]), value_of(found.out, in_found, keys[i]));
  const char *reason = strstr(in_told, "\"reason\": \"");
  ASSERT_TRUE(reason != NULL);
  EXPECT_CONTAINS(found.out, shim_format("%.*s", (int)strcspn(reason, "\n"), reason));
  /* The regret is that of the recommendation, which level 1 has not on its front. */
  const char *rank = value_of(told.out, in_told, "\"rank\": ");
  EXPECT_CONTAINS(told.out, shim_format("\"pick_rank\": %s,", rank));
  EXPECT_TRUE(strstr(swept.out, shim_format("\"rank\": %s,", rank)) == NULL);
}

LS_TEST(Explain, the_recommendation_is_that_of_optimize)
{
  expect_same_recommendation("capex, power, throughput_worst, latency_max", "knee");
  expect_same_recommendation("tco, power", "best-tco");
}

LS_TEST(Explain, says_what_is_of_which_level)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *const explain[] = {LS_TEST_PROGRAM, "explain", path, "--draws", "50", NULL};
  const char *text = shim_format(floor_spec, "capex, power, throughput_worst, latency_max");
  shim_result told;
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(explain, NULL, &told));
  EXPECT_CONTAINS(told.out, "spec: the knee at level 2, on the floor, is ");
  EXPECT_CONTAINS(told.out, "lpo-800g-dr8\n");
  EXPECT_TRUE(strstr(told.out, "dac-800g | dac-800g\n") == NULL);
  EXPECT_CONTAINS(told.out, "level 1 with the lengths of ");
  EXPECT_CONTAINS(told.out, "\nWhy: pluggables win: ");
  EXPECT_CONTAINS(told.out, "Every figure at its low and high, at level 1: ");
  EXPECT_CONTAINS(told.out, "each design of the level-2 front fares, as level 1 scores it");
}

/* A front of one design is one line, with a name at its end. */
LS_TEST(Explain, a_design_of_all_draws_is_told_once)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *const explain[] = {LS_TEST_PROGRAM, "explain", path, "--draws", "50", NULL};
  const char *text =
      "year: 2026\n"
      "cluster: {gpus: 64, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 400}\n"
      "floor: {rows: 1, racks_per_row: 6}\n"
      "objectives: [capex]\n"
      "space: {families: [clos1], planes: [1], oversubscription: [1], optics: [dsp-800g-dr8], "
      "switches: [th5-51t], fibers: [g652d]}\n";
  static const char line[] = "100.0 %    0.0 %";
  shim_result told;
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(explain, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 0);
  const char *first = strstr(told.out, line);
  ASSERT_TRUE(first != NULL);
  EXPECT_TRUE(strstr(first + 1, line) == NULL);
  EXPECT_CONTAINS(told.out, "Least regret by its maximum: the recommendation, clos1");
}

/* Copper alone reaches nowhere on this floor, which level 1 does not know. */
LS_TEST(Explain, a_floor_that_bars_all_designs_is_named)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *const explain[] = {LS_TEST_PROGRAM, "explain", path, NULL};
  const char *text =
      "year: 2026\n"
      "cluster: {gpus: 512, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"
      "floor: {rows: 4, racks_per_row: 8}\n"
      "space: {families: [direct], planes: [1], technologies: [copper], switches: [th5-51t]}\n";
  shim_result told;
  shim_file_write(path, text, strlen(text));
  ASSERT_TRUE(shim_run(explain, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 1);
  EXPECT_CONTAINS(told.err, "has no design that holds on the floor: all ");
  EXPECT_CONTAINS(told.err, "reach");
}

LS_TEST(Explain, supply_is_low_base_or_high)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *const good[] = {LS_TEST_PROGRAM, "sweep", path, "--supply", "low", NULL};
  const char *const bad[] = {LS_TEST_PROGRAM, "sweep", path, "--supply", "some", NULL};
  shim_result result;
  shim_file_write(path, tiny_spec, strlen(tiny_spec));
  ASSERT_TRUE(shim_run(good, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  ASSERT_TRUE(shim_run(bad, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "--supply must be low, base, high or unlimited, got some");
}
