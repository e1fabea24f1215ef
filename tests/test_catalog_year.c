/* Figures that change over the years, and the walk over all figures. */
#include <stdlib.h>
#include <string.h>

#include "../host/catalog_figures.h"
#include "../host/catalog_year.h"
#include "../host/package.h"
#include "../host/problem_rows.h"
#include "../host/problem_supply.h"
#include "fabric.h"
#include "shim/shim.h"

#define CATALOG LS_TEST_SOURCE_DIR "/topologies/catalog.yaml"
#define GOOD LS_TEST_SOURCE_DIR "/tests/data/inputs/catalog_good.yaml"

enum { YEAR_FIRST = 2024, YEAR_LAST = 2040 };

static ls_catalog *read_catalog(const char *path)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_error error = {.line = 0};
  EXPECT_STATUS(ls_catalog_read(path, catalog, &error), LS_OK);
  EXPECT_STREQ(error.message, "");
  return catalog;
}

/* The good catalog with its chassis price replaced; NULL and *message: it was refused. */
static ls_catalog *read_with_price(const char *price, const char **message)
{
  static const char given[] = "{value: 45000, low: 36000, high: 200000, evidence: assumed}";
  const char *text = shim_file_read(GOOD, NULL), *at = text ? strstr(text, given) : NULL;
  if (!at) return NULL;
  const char *edited = shim_format("%.*s%s%s", (int)(at - text), text, price, at + strlen(given));
  const char *path = shim_format("%s/edited.yaml", shim_folder());
  if (!shim_file_write(path, edited, strlen(edited))) return NULL;
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_error error = {.line = 0};
  const ls_status status = ls_catalog_read(path, catalog, &error);
  *message = shim_format("%s", error.message);
  return status == LS_OK ? catalog : NULL;
}

static ls_catalog *at_year(const ls_catalog *catalog, int32_t year)
{
  ls_catalog *at = shim_alloc(sizeof *at);
  EXPECT_STATUS(ls_catalog_at(catalog, year, LS_SUPPLY_BASE, at), LS_OK);
  return at;
}

LS_TEST(CatalogYear, a_curve_is_linear_between_points_and_constant_outside)
{
  const char *message = "";
  const ls_catalog *catalog =
      read_with_price("{by_year: {2026: 45000, 2028: 35000, 2031: 20000}, low: 36000, high: 90000, "
                      "evidence: assumed}",
                      &message);
  ASSERT_TRUE(catalog != NULL);
  static const int32_t cases[][2] = {{2024, 45000}, {2026, 45000}, {2027, 40000},
                                     {2028, 35000}, {2030, 25000}, {2040, 20000}};
  EXPECT_EQ_I64(catalog->switches[0].capex_cents.value, 4500000);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const ls_number *price = &at_year(catalog, cases[i][0])->switches[0].capex_cents;
    EXPECT_EQ_I64(price->value, 100 * (int64_t)cases[i][1]);
    EXPECT_EQ_I64(price->low, price->value * 4 / 5);
    EXPECT_EQ_I64(price->high, price->value * 2);
    EXPECT_EQ_I64(price->evidence, LS_EVIDENCE_ASSUMED);
  }
}

LS_TEST(CatalogYear, a_yearly_change_is_compound)
{
  const char *message = "";
  const ls_catalog *catalog = read_with_price("{value: 50000, low: 25000, high: 100000, "
                                              "year: 2026, change_per_year: -0.2, "
                                              "evidence: assumed}",
                                              &message);
  ASSERT_TRUE(catalog != NULL);
  EXPECT_EQ_I64(at_year(catalog, 2026)->switches[0].capex_cents.value, 5000000);
  EXPECT_EQ_I64(at_year(catalog, 2027)->switches[0].capex_cents.value, 4000000);
  EXPECT_EQ_I64(at_year(catalog, 2029)->switches[0].capex_cents.value, 2560000);
  EXPECT_EQ_I64(at_year(catalog, 2029)->switches[0].capex_cents.high, 5120000);
  EXPECT_EQ_I64(at_year(catalog, 2025)->switches[0].capex_cents.value, 6250000);
}

LS_TEST(CatalogYear, what_no_figure_can_be_is_refused)
{
  static const char *const cases[][2] = {
      {"{low: 1, high: 2, evidence: assumed}", "needs value or by_year"},
      {"{value: 5, by_year: {2026: 5, 2027: 4}, low: 1, high: 9, evidence: assumed}",
       "must have value or by_year, not both"},
      {"{value: 5, low: 1, high: 9, change_per_year: -0.1, evidence: assumed}",
       "needs year with change_per_year"},
      {"{by_year: {2026: 5, 2027: 4}, change_per_year: -0.1, low: 1, high: 9, evidence: assumed}",
       "must have by_year or change_per_year, not both"},
      {"{by_year: {2026: 5}, low: 1, high: 9, evidence: assumed}",
       "must be a mapping of 2..8 years to values, got a mapping"},
      {"{by_year: {2027: 5, 2026: 4}, low: 1, high: 9, evidence: assumed}",
       "must have its years in ascending order"},
      {"{by_year: {soon: 5, 2026: 4}, low: 1, high: 9, evidence: assumed}",
       "must have years as its keys, got soon"},
      {"{by_year: {2026: 5, 2027: 0}, low: 1, high: 9, evidence: assumed}",
       "must be 0.01..10000000, got 0"},
      {"{by_year: {2026: 5, 2027: 4}, low: 6, high: 9, evidence: assumed}",
       "must have low <= value <= high"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *message = "";
    EXPECT_TRUE(read_with_price(cases[i][0], &message) == NULL);
    EXPECT_STREQ(message, cases[i][1]);
  }
}

LS_TEST(CatalogYear, a_year_resolves_once)
{
  const ls_catalog *catalog = read_catalog(CATALOG);
  const ls_catalog *at = at_year(catalog, 2030);
  const ls_catalog *again = at_year(at, 2026);
  ls_figure *figures = NULL;
  int32_t count = 0;
  ASSERT_STATUS(ls_catalog_figures_create(catalog, &figures, &count), LS_OK);
  int32_t changed = 0;
  for (int32_t i = 0; i < count; i++) {
    const ls_number *before = ls_figure_number_const(catalog, &figures[i]);
    const ls_number *then = ls_figure_number_const(at, &figures[i]);
    EXPECT_EQ_I64(ls_figure_number_const(again, &figures[i])->value, then->value);
    EXPECT_TRUE(then->low <= then->value && then->value <= then->high);
    EXPECT_TRUE(then->value >= figures[i].min && then->value <= figures[i].max);
    EXPECT_EQ_I64(then->line, before->line);
    changed += then->value != before->value;
  }
  EXPECT_LT_I64(30, changed);
  free(figures);
}

/* What can be bought for a place in every year until its end. */
LS_TEST(CatalogYear, a_later_year_removes_nothing_before_its_end)
{
  const ls_catalog *catalog = read_catalog(CATALOG);
  ls_problem *problem = shim_alloc(sizeof *problem), *before = shim_alloc(sizeof *before);
  ls_spec *spec = shim_alloc(sizeof *spec);
  int32_t ended = 0;
  fabric_spec(catalog, 64, spec);
  for (int32_t year = YEAR_FIRST; year <= YEAR_LAST; year++) {
    memset(problem, 0, sizeof *problem);
    spec->year = year;
    ls_problem_fill_rows(at_year(catalog, year), spec, problem);
    for (int32_t i = 0; year > YEAR_FIRST && i < catalog->optic_count; i++) {
      const int64_t end = catalog->optics[i].year_end.value;
      if (end && year >= end)
        EXPECT_EQ_I64(problem->optics[i].place_mask, 0);
      else
        EXPECT_EQ_I64(before->optics[i].place_mask & ~problem->optics[i].place_mask, 0);
      ended += end == year;
    }
    for (int32_t i = 0; year > YEAR_FIRST && i < catalog->switch_count; i++) {
      const int64_t end = catalog->switches[i].year_end.value;
      if (end && year >= end)
        EXPECT_EQ_I64(problem->switches[i].tier_mask, 0);
      else
        EXPECT_EQ_I64(before->switches[i].tier_mask & ~problem->switches[i].tier_mask, 0);
      ended += end == year;
    }
    *before = *problem;
  }
  EXPECT_LT_I64(1, ended);
}

LS_TEST(CatalogYear, learning_never_raises_a_price)
{
  const ls_catalog *catalog = read_catalog(CATALOG);
  ls_figure *figures = NULL;
  int32_t count = 0, learning = 0;
  ASSERT_STATUS(ls_catalog_figures_create(catalog, &figures, &count), LS_OK);
  const ls_catalog *before = at_year(catalog, YEAR_FIRST);
  for (int32_t year = YEAR_FIRST + 1; year <= YEAR_LAST; year++) {
    const ls_catalog *at = at_year(catalog, year);
    for (int32_t i = 0; i < count; i++) {
      if (ls_figure_number_const(catalog, &figures[i])->change_ppm >= 0) continue;
      const ls_number *then = ls_figure_number_const(before, &figures[i]);
      const ls_number *now = ls_figure_number_const(at, &figures[i]);
      EXPECT_TRUE(now->value <= then->value && now->low <= then->low && now->high <= then->high);
      learning++;
    }
    /* Yields get better and engines cheaper, so boxes do not get dearer. */
    for (int32_t i = 0; i < catalog->switch_count; i++)
      EXPECT_LE_I64(ls_box_cents(at, &at->switches[i]), ls_box_cents(before, &before->switches[i]));
    before = at;
  }
  EXPECT_LT_I64(100, learning);
  free(figures);
}

LS_TEST(CatalogYear, a_scenario_says_what_is_made)
{
  const ls_catalog *catalog = read_catalog(CATALOG);
  ls_catalog *at[3];
  for (int32_t i = 0; i < 3; i++) {
    at[i] = shim_alloc(sizeof *at[i]);
    ASSERT_STATUS(ls_catalog_at(catalog, 2027, i, at[i]), LS_OK);
  }
  ASSERT_TRUE(strcmp(catalog->resources[0].id, "cpo-switches") == 0);
  EXPECT_EQ_I64(at[LS_SUPPLY_BASE]->resources[0].units_per_year.value, 29250);
  for (int32_t i = 0; i < catalog->resource_count; i++) {
    EXPECT_LT_I64(at[0]->resources[i].units_per_year.value,
                  at[1]->resources[i].units_per_year.value);
    EXPECT_LT_I64(at[1]->resources[i].units_per_year.value,
                  at[2]->resources[i].units_per_year.value);
  }
  EXPECT_LT_I64(ls_resource_available(&at[2]->resources[0]), INT64_MAX);
  ASSERT_STATUS(ls_catalog_at(catalog, 2027, LS_SUPPLY_UNLIMITED, at[0]), LS_OK);
  for (int32_t i = 0; i < catalog->resource_count; i++)
    EXPECT_EQ_I64(ls_resource_available(&at[0]->resources[i]), INT64_MAX);
  EXPECT_STATUS(ls_catalog_at(catalog, 2027, 4, at[0]), LS_ERR_INTERNAL);
}

LS_TEST(CatalogFigures, every_figure_is_visited_once_and_can_be_changed)
{
  ls_catalog *catalog = read_catalog(CATALOG);
  ls_figure *figures = NULL;
  int32_t count = 0, is_price_found = 0;
  ASSERT_STATUS(ls_catalog_figures_create(catalog, &figures, &count), LS_OK);
  EXPECT_EQ_I64(count, ls_catalog_figure_count(catalog));
  for (int32_t i = 0; i < count; i++) {
    for (int32_t j = 0; j < i; j++) {
      EXPECT_TRUE(figures[i].offset != figures[j].offset);
      EXPECT_TRUE(strcmp(figures[i].path, figures[j].path) != 0);
    }
    EXPECT_LT_I64(0, ls_figure_number_const(catalog, &figures[i])->line);
    if (strcmp(figures[i].path, "optics[dsp-800g-dr8].capex_usd") != 0) continue;
    const int32_t optic = ls_catalog_optic_find(catalog, "dsp-800g-dr8");
    EXPECT_EQ_I64(figures[i].digits, 2);
    ls_figure_number(catalog, &figures[i])->value = 123;
    EXPECT_EQ_I64(catalog->optics[optic].capex_cents.value, 123);
    is_price_found++;
  }
  EXPECT_EQ_I64(is_price_found, 1);
  free(figures);
}
