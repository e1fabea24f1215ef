/* A question year after year: each year's picks are those of its own sweep, and the reason names
 * what is not on sale yet. */
#include <string.h>

#include "../host/catalog_year.h"
#include "../host/technology.h"
#include "../host/variant.h"
#include "../host/years.h"
#include "question.h"

LS_TEST(Years, each_year_is_the_sweep_of_a_spec_of_that_year)
{
  question asked;
  ASSERT_TRUE(question_read(&asked, "pod-512") && question_build(&asked));
  ls_years *years = shim_alloc(sizeof *years);
  EXPECT_STATUS(ls_years_find(&asked.session, 2026, 2029, years, NULL), LS_OK);
  ASSERT_EQ_I64(years->count, 4);
  for (int32_t i = 0; i < 4; i++) {
    const ls_year *year = &years->year[i];
    question alone;
    ls_sweep_result sweep;
    EXPECT_EQ_I64(year->year, 2026 + i);
    ASSERT_TRUE(question_read(&alone, "pod-512"));
    alone.session.spec->year = 2026 + i;
    ASSERT_STATUS(ls_catalog_at(alone.session.catalog_all_years, 2026 + i, LS_SUPPLY_BASE,
                                alone.session.catalog),
                  LS_OK);
    ASSERT_TRUE(question_build(&alone));
    ASSERT_STATUS(ls_sweep_run(&alone.session, alone.session.problem, &sweep, NULL), LS_OK);
    EXPECT_STREQ(sweep.sha256, year->sweep.sha256);
    const ls_front_member *knee = &year->sweep.front[year->pick[LS_PICK_KNEE]];
    const ls_front_member *cheapest = &year->sweep.front[year->pick[LS_PICK_CHEAPEST]];
    for (int32_t j = 0; j < sweep.front_count; j++) {
      EXPECT_TRUE(ls_pick_balance(alone.session.problem, &sweep.front[j].score, &knee->score) >=
                  1 - 1e-12);
      EXPECT_LE_I64(cheapest->score.metric[LS_METRIC_CAPEX],
                    sweep.front[j].score.metric[LS_METRIC_CAPEX]);
    }
    EXPECT_TRUE(strlen(year->reason[LS_PICK_KNEE]) > 40);
    ls_sweep_destroy(&sweep);
    question_destroy(&alone);
  }
  ls_years_destroy(years);
  question_destroy(&asked);
}

/* All chassis that take modules are on sale; the co-packaged ones come to the spine in 2027 and to
 * the leaf in 2029, far better than anything else. */
static void gates_set(ls_catalog *catalog)
{
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    ls_catalog_switch *row = &catalog->switches[i];
    const bool is_integrated = row->integrated_optic[0] != '\0';
    row->year_leaf.value = is_integrated ? 2029 : 2024;
    row->year_spine.value = row->year_core.value = is_integrated ? 2027 : 2024;
    if (is_integrated) row->capex_cents.value = row->power_mw.value / 100;
  }
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    ls_catalog_optic *row = &catalog->optics[i];
    if (!ls_optic_is_integrated(row->kind)) continue;
    row->year_leaf.value = 2029;
    row->year_spine.value = row->year_core.value = 2027;
    row->capex_microusd_per_gbps.value = 10000;
  }
}

LS_TEST(Years, best_design_moves_as_gates_open)
{
  question asked;
  ASSERT_TRUE(question_read(&asked, "pod-4k"));
  gates_set(asked.session.catalog);
  gates_set(asked.session.catalog_all_years);
  asked.session.spec->objective_mask = 1u << LS_METRIC_CAPEX;
  ASSERT_TRUE(question_build(&asked));
  ls_years *years = shim_alloc(sizeof *years);
  EXPECT_STATUS(ls_years_find(&asked.session, 2026, 2029, years, NULL), LS_OK);
  ASSERT_EQ_I64(years->count, 4);
  bool has_cpo[4];
  int64_t capex[4];
  for (int32_t i = 0; i < 4; i++) {
    const ls_year *year = &years->year[i];
    ASSERT_LT_I64(0, year->sweep.front_count);
    const ls_front_member *pick = &year->sweep.front[year->pick[LS_PICK_CHEAPEST]];
    has_cpo[i] = ls_technology_has_cpo(year->session.problem, pick->rank);
    capex[i] = pick->score.metric[LS_METRIC_CAPEX];
  }
  EXPECT_FALSE(has_cpo[0]);
  EXPECT_TRUE(has_cpo[3]);
  EXPECT_LT_I64(capex[3], capex[0]);
  for (int32_t i = 1; i < 4; i++) EXPECT_LE_I64(capex[i], capex[i - 1]);
  EXPECT_CONTAINS(years->year[0].reason[LS_PICK_KNEE], "pluggables win");
  EXPECT_CONTAINS(years->year[0].reason[LS_PICK_KNEE], "is not on sale before 202");
  EXPECT_CONTAINS(years->year[3].reason[LS_PICK_KNEE], "co-packaged optics win");
  EXPECT_TRUE(strstr(years->year[3].reason[LS_PICK_KNEE], "not on sale") == NULL);
  ls_years_destroy(years);
  question_destroy(&asked);
}

/* A gate that is closed is named with its year; a design of today names none. */
LS_TEST(Years, a_closed_gate_is_named)
{
  question asked;
  ls_session relaxed;
  char text[LS_GATE_TEXT_MAX] = "";
  ASSERT_TRUE(question_read(&asked, "pod-4k"));
  gates_set(asked.session.catalog);
  gates_set(asked.session.catalog_all_years);
  ASSERT_TRUE(question_build(&asked));
  ASSERT_STATUS(ls_variant_create_year(&asked.session, 2029, &relaxed, NULL), LS_OK);
  ASSERT_STATUS(ls_variant_build(&relaxed, NULL), LS_OK);
  int32_t named = 0;
  for (uint64_t rank = 0; rank < relaxed.problem->space_size; rank += 97) {
    const bool has_cpo = ls_technology_has_cpo(relaxed.problem, rank);
    EXPECT_FALSE(ls_technology_gate(&relaxed, relaxed.problem, rank, text) && has_cpo);
    if (!has_cpo) continue;
    EXPECT_TRUE(ls_technology_gate(&asked.session, relaxed.problem, rank, text));
    EXPECT_CONTAINS(text, " is not on sale before 202");
    named++;
  }
  EXPECT_LT_I64(0, named);
  ls_variant_destroy(&relaxed);
  question_destroy(&asked);
}

static shim_result sweep_run(const char *a, const char *b, const char *c, const char *d,
                             const char *e)
{
  const char *const argv[] = {
      LS_TEST_PROGRAM, "sweep", LS_TEST_SOURCE_DIR "/topologies/pod-512.yaml", a, b, c, d, e, NULL};
  shim_result result;
  shim_run(argv, NULL, &result);
  return result;
}

static int32_t count_of(const char *text, const char *part)
{
  int32_t count = 0;
  for (const char *at = text; (at = strstr(at, part)) != NULL; at++) count++;
  return count;
}

LS_TEST(Years, the_command_tells_a_table_json_and_csv)
{
  const char *csv = shim_format("%s/years.csv", shim_folder());
  const shim_result text = sweep_run("--years", "2026:2028", NULL, NULL, NULL);
  EXPECT_EQ_I64(text.exit_code, 0);
  EXPECT_CONTAINS(text.out, "\n2026  knee");
  EXPECT_CONTAINS(text.out, "\n2028  cheapest");
  const shim_result json = sweep_run("--years", "2026:2028", "--json", "--csv", csv);
  EXPECT_EQ_I64(json.exit_code, 0);
  EXPECT_EQ_I64(count_of(json.out, "\"year\": "), 3);
  EXPECT_EQ_I64(count_of(json.out, "\"name\": \"knee\""), 3);
  EXPECT_EQ_I64(count_of(json.out, "\"reason\": "), 9); /* of a year, its knee and its cheapest */
  const char *lines = shim_file_read(csv, NULL);
  ASSERT_TRUE(lines != NULL);
  EXPECT_EQ_I64(count_of(lines, "\n"), 1 + count_of(json.out, "\"technology\": "));
}

LS_TEST(Years, bad_options_are_refused)
{
  static const char *const wrong[] = {"2026:",     "2028:2026", "2020:2026",
                                      "2026:2050", "x",         "2026-2028"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const shim_result result = sweep_run("--years", wrong[i], NULL, NULL, NULL);
    EXPECT_EQ_I64(result.exit_code, 2);
    EXPECT_CONTAINS(result.err, "--years must be first:last");
  }
  EXPECT_EQ_I64(sweep_run("--csv", "x.csv", NULL, NULL, NULL).exit_code, 2);
}
