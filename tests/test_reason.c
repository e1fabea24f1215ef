/* The sentence that says why a result of level 2 is recommended, held against the graph, the ledger
 * and the totals of that very design and of those it is compared with, each built anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/answer.h"
#include "../host/catalog_rules.h"
#include "../host/names.h"
#include "../host/relax.h"
#include "../host/technology.h"
#include "../host/units.h"
#include "../host/variant.h"
#include "../kernels/evaluate.h"
#include "question.h"

/* ---- Designs built anew ---- */

/* What a graph's ledger adds up to, and what its totals say of risk. */
typedef struct sums {
  int64_t capex_cents, tco_cents, power_mw, risk_bps;
} sums;

static sums sums_of(const ls_topology *topology)
{
  sums found = {.risk_bps = topology->totals.risk_bps};
  for (int32_t i = 0; i < topology->ledger_count; i++) {
    const ls_ledger_line *line = &topology->ledger[i];
    if (strcmp(line->total, "capex_usd") == 0) found.capex_cents += line->value;
    if (strcmp(line->total, "tco_usd") == 0) found.tco_cents += line->value;
    if (strstr(line->total, "power_w")) found.power_mw += line->value;
  }
  return found;
}

static bool build(const ls_session *session, const ls_result *result, int32_t without,
                  ls_topology *topology)
{
  return SHIM_STATUS(ls_result_build(session, result, without, topology, NULL), LS_OK);
}

static sums sums_built(const ls_session *session, const ls_result *result, int32_t without)
{
  ls_topology topology;
  sums found = {0};
  if (!build(session, result, without, &topology)) return found;
  found = sums_of(&topology);
  ls_topology_destroy(&topology);
  return found;
}

/* ---- What the design is made of ---- */

/* Links of a tier between these kinds of optics, or between any (-1). */
static int64_t links_count(const ls_topology *topology, int32_t tier, int32_t a, int32_t b)
{
  const ls_problem *problem = topology->problem;
  int64_t count = 0;
  for (int32_t i = 0; i < topology->edge_count; i++) {
    const ls_edge *edge = &topology->edges[i];
    if (edge->kind == LS_EDGE_OCS_LEG || edge->tier != tier) continue;
    if (a < 0 ||
        (problem->optics[edge->optic_a].kind == a && problem->optics[edge->optic_b].kind == b))
      count += edge->link_count;
  }
  return count;
}

static void expect_links(const ls_topology *topology, int32_t tier, const char *text)
{
  char some[LS_AMOUNT_MAX], whole[LS_AMOUNT_MAX];
  const int64_t all = links_count(topology, tier, -1, -1);
  const char *name = ls_tier_name(topology->structure->family, tier);
  const char *told = shim_format("%.*s-%s", (int)strcspn(name, "_"), name,
                                 strchr(name, '_') ? strchr(name, '_') + 1 : "");
  if (!strchr(name, '_')) told = name;
  ls_count_text((uint64_t)all, whole);
  for (int32_t a = 0; a < LS_OPTIC_KIND_COUNT; a++)
    for (int32_t b = 0; b < LS_OPTIC_KIND_COUNT; b++) {
      const int64_t count = links_count(topology, tier, a, b);
      if (!count) continue;
      const char *kinds =
          a == b ? ls_optic_kind_names[a]
                 : shim_format("%s+%s", ls_optic_kind_names[a], ls_optic_kind_names[b]);
      if (count == all) {
        EXPECT_CONTAINS(text, shim_format(" all %s %s links are %s", whole, told, kinds));
        continue;
      }
      const char *share = shim_format(" %s (%.1f %%) ", ls_count_text((uint64_t)count, some),
                                      100 * (double)count / (double)all);
      EXPECT_CONTAINS(text, shim_format(" of %s %s links ", whole, told));
      EXPECT_TRUE(strstr(text, shim_format("%sare %s", share, kinds)) ||
                  strstr(text, shim_format("%s%s", share, kinds)));
    }
}

/* Boxes of a kind, with integrated optics alone or all. */
static int64_t boxes_count(const ls_topology *topology, int32_t kind, bool is_integrated)
{
  int64_t count = 0;
  for (int32_t i = 0; i < topology->node_count; i++) {
    const ls_node *node = &topology->nodes[i];
    count += node->kind == kind &&
             (!is_integrated || topology->problem->switches[node->catalog_index].optic >= 0);
  }
  return count;
}

/* Returns whether there are integrated optics at all. */
static bool expect_boxes(const ls_topology *topology, const char *text)
{
  static const char *const names[LS_NODE_KIND_COUNT] = {
      [LS_NODE_LEAF] = "leaves", [LS_NODE_SPINE] = "spines", [LS_NODE_CORE] = "cores"};
  const char *head = shim_format("%.*s", (int)strcspn(text, ":"), text);
  bool has_any = false;
  for (int32_t kind = 0; kind < LS_NODE_KIND_COUNT; kind++) {
    if (!names[kind]) continue;
    const int64_t all = boxes_count(topology, kind, false);
    const int64_t integrated = boxes_count(topology, kind, true);
    has_any |= integrated > 0;
    if (!integrated)
      EXPECT_TRUE(strstr(head, names[kind]) == NULL);
    else if (integrated < all)
      EXPECT_CONTAINS(head, shim_format(" %d of %d %s (%.1f %%)", (int)integrated, (int)all,
                                        names[kind], 100 * (double)integrated / (double)all));
    else if (all > 1)
      EXPECT_CONTAINS(head, shim_format(" all %d %s", (int)all, names[kind]));
  }
  EXPECT_TRUE(strncmp(text, has_any ? "co-packaged optics " : "pluggables ", 11) == 0);
  return has_any;
}

/* ---- What that saves and costs ---- */

/* The clause that starts with these words, up to the next one. */
static const char *clause(const char *text, const char *start)
{
  const char *found = strstr(text, start);
  if (!found) {
    shim_fail(SHIM_AT, "no clause \"%s\" in: %s", start, text);
    return "";
  }
  return shim_format("%.*s", (int)strcspn(found, ";"), found);
}

/* The difference of two amounts is told with its share, on the side where it belongs; one of less
 * than a hundredth of a per cent is not. */
static void expect_difference(const char *told, int64_t own, int64_t other,
                              const char *(*amount_text)(int64_t, char[LS_AMOUNT_MAX]),
                              const char *what)
{
  char amount[LS_AMOUNT_MAX];
  const int64_t saved = other - own;
  const char *worse = strstr(told, "worse by");
  if (llabs(saved) <= ls_max(other, 1) / 10000) return;
  const char *words = shim_format(" %s%s (%.1f %%)", amount_text(llabs(saved), amount), what,
                                  100 * (double)llabs(saved) / (double)ls_max(other, 1));
  const char *at = strstr(told, words);
  if (!at) {
    LS_TEST_FAIL("no \"%s\" in: %s", words, told);
    return;
  }
  EXPECT_EQ_I64(saved < 0, worse != NULL && at > worse);
}

static void expect_sums(const char *told, const sums *own, const sums *other)
{
  expect_difference(told, own->capex_cents, other->capex_cents, ls_money_text, "");
  expect_difference(told, own->power_mw, other->power_mw, ls_power_text, "");
  expect_difference(told, own->risk_bps, other->risk_bps, ls_rate_text, " at risk");
}

/* Where the sentence compares with a result, that result: its rank, variant and figures are told.
 */
static const ls_result *compared(const ls_answer *answer, const ls_reason_against *against,
                                 int32_t *without)
{
  *without = 0;
  for (int32_t i = answer->pick_count; i < answer->named_count; i++)
    if (strcmp(answer->named[i].name, against->name) == 0) {
      *without = answer->named[i].without;
      return &answer->named[i].result;
    }
  for (int32_t i = 0; i < answer->level2.front_count; i++) {
    const ls_result *result = &answer->level2.front[i];
    if (result->rank == against->rank && result->variant == against->variant) return result;
  }
  return NULL;
}

/* ---- The sentence of a result ---- */

/* What was seen of many sentences. */
typedef struct seen {
  int32_t uniform, mixed, integrated, mixed_integrated, ocs, compared;
} seen;

static void expect_true_sentence(const ls_session *session, const ls_answer *answer,
                                 const ls_result *result, const ls_reason *reason, seen *all)
{
  ls_topology topology;
  if (!build(session, result, 0, &topology)) return;
  const sums own = sums_of(&topology);
  const bool has_cpo = expect_boxes(&topology, reason->text);
  for (int32_t tier = 0; tier < topology.structure->tier_count; tier++)
    expect_links(&topology, tier, reason->text);
  for (int32_t i = 0; i < reason->against_count; i++) {
    const ls_reason_against *against = &reason->against[i];
    int32_t without;
    if (strcmp(against->name, "level1") == 0) continue;
    const ls_result *other = compared(answer, against, &without);
    ASSERT_TRUE(other != NULL);
    EXPECT_BYTES(&other->score, &against->score, sizeof other->score);
    const sums theirs = sums_built(session, other, without);
    expect_sums(clause(reason->text, shim_format("rank %d, %s)", (int)against->rank,
                                                 ls_variant_names[against->variant])),
                &own, &theirs);
    all->compared++;
  }
  if (result->variant == LS_MIXED) {
    ls_result uniform = *result;
    uniform.variant = LS_UNIFORM;
    const sums theirs = sums_built(session, &uniform, 0);
    const char *told = clause(reason->text, "it is mixed: against the uniform design of its rank");
    expect_difference(told, own.capex_cents, theirs.capex_cents, ls_money_text, "");
    expect_difference(told, own.power_mw, theirs.power_mw, ls_power_text, "");
    expect_difference(told, own.tco_cents, theirs.tco_cents, ls_money_text, " over the years");
  } else {
    EXPECT_TRUE(strstr(reason->text, "mixed: ") == NULL);
  }
  *(result->variant == LS_MIXED ? &all->mixed : &all->uniform) += 1;
  all->integrated += has_cpo;
  all->mixed_integrated += has_cpo && result->variant == LS_MIXED;
  all->ocs += topology.structure->ocs_index >= 0;
  ls_topology_destroy(&topology);
}

/* A spec of this text on the CPU. */
static bool question_of(const char *text, question *asked)
{
  ls_error error = {.line = 0};
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const ls_arguments arguments = {.positional = {path},
                                  .catalog_path = LS_TEST_SOURCE_DIR "/topologies/catalog.yaml",
                                  .backend = "cpu"};
  *asked = (question){.session = {.backend = &ls_backend_cpu, .thread_count = 2}};
  shim_file_write(path, text, strlen(text));
  const ls_status status = ls_session_read(&arguments, &asked->session, &error);
  asked->session.stop = &question_never_stops;
  if (status != LS_OK) return shim_fail(SHIM_AT, "%s", error.message);
  return question_build(asked);
}

/* The reasons of the picks that have one, and what the sentence of every design of the front would
 * say by the rule of the knee. */
static void spec_try(const char *text, seen *all)
{
  question asked;
  static const ls_reason_level1 nothing;
  ls_answer *answer = shim_alloc(sizeof *answer);
  ls_reason *reason = shim_alloc(sizeof *reason);
  ASSERT_TRUE(question_of(text, &asked));
  const ls_session *session = &asked.session;
  ASSERT_STATUS(ls_answer_find(session, answer, NULL), LS_OK);
  EXPECT_TRUE(answer->reason[answer->pick_count - 1].text[0] != '\0');
  EXPECT_TRUE(answer->reason[ls_answer_recommended(session, answer)].text[0] != '\0');
  for (int32_t i = 0; i < answer->named_count; i++)
    if (answer->reason[i].text[0])
      expect_true_sentence(session, answer, &answer->named[i].result, &answer->reason[i], all);
  for (int32_t i = 0; i < answer->level2.front_count && !shim_has_failed(); i++) {
    ls_reason_case of = {.session = session,
                         .found = &answer->level2,
                         .pick = &answer->level2.front[i],
                         .rule = &ls_pick_rules[LS_PICK_KNEE],
                         .level1 = &nothing};
    for (int32_t j = answer->pick_count; j < answer->named_count; j++)
      of.baseline[answer->named[j].baseline] = &answer->named[j];
    ls_reason_of_result(&of, reason);
    expect_true_sentence(session, answer, of.pick, reason, all);
  }
  ls_answer_destroy(answer);
  question_destroy(&asked);
}

#define HALL                                                                                       \
  "floor: {rows: 6, racks_per_row: 8, rack_kw: 60}\n"                                              \
  "cluster: {gpus: %d, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"

LS_TEST(Reason, is_true_of_the_design_by_its_graph_and_ledger)
{
  static const char *const circuits =
      "year: 2026\n" HALL "objectives: [capex, power, bandwidth_at_risk]\n"
      "space: {families: [clos2, ocs_spine], planes: [2], oversubscription: [1, 2], "
      "fibers: [g652d]}\n";
  static const char *const integrated =
      "year: 2028\n" HALL "objectives: [capex, power, bandwidth_at_risk]\n"
      "economics: {gpu_hour_usd: 0.1, energy_usd_per_kwh: 1}\n"
      "space: {families: [clos2], planes: [1, 2], oversubscription: [1, 2], fibers: [g652d]}\n";
  static const char *const money = "year: 2026\n" HALL "objectives: [tco, power]\n"
                                   "space: {families: [clos1, clos2], planes: [1]}\n";
  seen all = {0};
  spec_try(shim_format(circuits, 512), &all);
  spec_try(shim_format(integrated, 1024), &all);
  spec_try(shim_format(money, 64), &all);
  printf(
      "sentences: %d of uniform designs, %d of mixed ones; %d with integrated optics, %d of these "
      "mixed; %d with OCS; %d comparisons\n",
      all.uniform, all.mixed, all.integrated, all.mixed_integrated, all.ocs, all.compared);
  EXPECT_TRUE(all.uniform && all.mixed && all.integrated && all.mixed_integrated && all.ocs);
  EXPECT_LT_I64(5, all.compared);
}

/* A mixed variant may have lost the co-packaged boxes of its rank; then it is no worse a baseline
 * than what was searched for without them. */
LS_TEST(Reason, no_pick_without_co_packaged_optics_beats_the_baseline_without)
{
  question asked;
  ls_answer *answer = shim_alloc(sizeof *answer);
  ASSERT_TRUE(question_read(&asked, "scale-up-2k") && question_build(&asked));
  const ls_session *session = &asked.session;
  ASSERT_STATUS(ls_answer_find(session, answer, NULL), LS_OK);
  const ls_result *knee = &answer->named[answer->pick_count - 1].result;
  EXPECT_EQ_I64(knee->variant, LS_MIXED);
  EXPECT_TRUE(ls_technology_has_cpo(session->problem, knee->rank));
  ASSERT_LT_I64(answer->pick_count, answer->named_count);
  const ls_named *pluggable = &answer->named[answer->pick_count];
  EXPECT_STREQ(pluggable->name, "all-pluggable");
  EXPECT_FALSE(ls_pick_is_better(session->problem, &ls_pick_rules[LS_PICK_KNEE], &knee->score,
                                 &pluggable->result.score));
  EXPECT_TRUE(strncmp(answer->reason[answer->pick_count - 1].text, "pluggables win", 14) == 0);
  ls_answer_destroy(answer);
  question_destroy(&asked);
}

/* Where nothing stands in the way of level 1, what it has to offer is not told as out of reach,
 * however bad the result is. */
LS_TEST(Reason, what_can_be_had_is_not_told_as_better_still)
{
  question asked;
  ls_reason_level1 *found = shim_alloc(sizeof *found);
  ls_score bad;
  ASSERT_TRUE(question_read(&asked, "lab-64"));
  ls_session *session = &asked.session;
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) bad.metric[i] = INT64_C(1) << 50;
  bad.metric[LS_METRIC_LOSS] = 999999;
  ls_relax_years(session->catalog, session->spec->year);
  ls_relax_years(session->catalog_all_years, session->spec->year);
  ASSERT_TRUE(question_build(&asked));
  ASSERT_STATUS(
      ls_reason_level1_find(session, &bad, &ls_pick_rules[LS_PICK_KNEE], true, found, NULL), LS_OK);
  EXPECT_STREQ(found->obstacle, "");
  EXPECT_TRUE(found->has_cpo);
  EXPECT_TRUE(ls_technology_has_cpo(session->problem, found->cpo.rank));
  question_destroy(&asked);

  /* With the gates of the year as they are, a design that is not on sale is told. */
  ASSERT_TRUE(question_read(&asked, "pod-512") && question_build(&asked));
  ASSERT_STATUS(
      ls_reason_level1_find(&asked.session, &bad, &ls_pick_rules[LS_PICK_KNEE], false, found, NULL),
      LS_OK);
  EXPECT_CONTAINS(found->obstacle, "; better still, by level 1, would be ");
  EXPECT_CONTAINS(found->obstacle, "is not on sale before 20");
  question_destroy(&asked);
}

/* The knee of lab-64 is another pick, too: its line is printed all the same, and is what the JSON
 * has. */
LS_TEST(Reason, is_printed_where_the_knee_is_another_pick_too)
{
  const char *folder = shim_format("%s/run", shim_folder());
  const char *const argv[] = {
      LS_TEST_PROGRAM, "optimize", LS_TEST_SOURCE_DIR "/topologies/lab-64.yaml", "-o",
      folder,          NULL};
  shim_result told;
  ASSERT_TRUE(shim_run(argv, NULL, &told));
  ASSERT_EQ_I64(told.exit_code, 0);
  const char *knee = strstr(told.out, "\n  knee ");
  ASSERT_TRUE(knee != NULL);
  const char *line = strstr(knee + 1, "\n");
  EXPECT_CONTAINS(shim_format("%.*s", (int)(line - knee), knee), ": the same design as ");
  ASSERT_TRUE(strncmp(line, "\n      why: ", 12) == 0);
  const char *sentence = shim_format("%.*s", (int)strcspn(line + 12, "\n"), line + 12);
  const char *json = shim_file_read(shim_format("%s/pareto.json", folder), NULL);
  ASSERT_TRUE(json != NULL);
  EXPECT_CONTAINS(json, shim_format("\"reason\": \"%s\"", sentence));
  EXPECT_CONTAINS(json, "\"reason_against\": [");
}
