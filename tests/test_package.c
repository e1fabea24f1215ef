/* Prices of packages by their yields, and of the boxes that hold them. */
#include <math.h>
#include <string.h>

#include "../host/catalog_year.h"
#include "../host/package.h"
#include "fabric.h"
#include "shim/shim.h"

#define ALL LS_YIELD_ALL_PPM
#define MICROUSD INT64_C(10000) /* of a cent */

/* The engines of a package of 100,000.00 in all, at the yields MODEL's answers are for. */
static ls_package package_of(int32_t engine_count)
{
  const int64_t engine_cents = 200000;
  return (ls_package){.asic_cents = 10000000 - engine_count * engine_cents,
                      .engine_microusd = engine_cents * MICROUSD,
                      .engine_count = engine_count,
                      .test_yield_ppm = ALL,
                      .attach_yield_ppm = 995000,
                      .assembly_yield_ppm = 980000};
}

LS_TEST(Package, known_multipliers)
{
  const ls_package small = package_of(18), large = package_of(32);
  EXPECT_NEAR((double)ls_package_cents(&small) / 1e7, 1.117, 0.0005);
  EXPECT_NEAR((double)ls_package_cents(&large) / 1e7, 1.198, 0.0005);
}

LS_TEST(Package, without_loss_it_costs_its_parts)
{
  const ls_package package = {.asic_cents = 1200001,
                              .substrate_cents = 150007,
                              .engine_microusd = 64003 * MICROUSD,
                              .engine_count = 32,
                              .test_yield_ppm = ALL,
                              .attach_yield_ppm = ALL,
                              .assembly_yield_ppm = ALL};
  EXPECT_EQ_I64(ls_package_cents(&package), 1200001 + 150007 + 32 * 64003);
}

/* 32 engines of 0.9999 cents cost 31.9968: nothing is rounded before the package is. */
LS_TEST(Package, is_rounded_once_and_its_engines_are_not)
{
  ls_package package = {.asic_cents = 1000,
                        .engine_microusd = 9999,
                        .engine_count = 32,
                        .test_yield_ppm = ALL,
                        .attach_yield_ppm = ALL,
                        .assembly_yield_ppm = ALL};
  EXPECT_EQ_I64(ls_package_cents(&package), 1032);
  package.is_socketed = true;
  EXPECT_EQ_I64(ls_package_cents(&package), 1032);
}

LS_TEST(Package, a_bad_socketed_engine_costs_itself_alone)
{
  ls_package package = package_of(32);
  const int64_t fixed_cents = ls_package_cents(&package);
  package.is_socketed = true;
  const double engines = 32 * 200000 / 0.995, core = (1e7 - 32 * 200000) / 0.98;
  EXPECT_NEAR((double)ls_package_cents(&package), engines + core, 1);
  EXPECT_LT_I64(ls_package_cents(&package), fixed_cents);
}

/* The exact value in floating point, far within the bound that the header states. */
static double exact_cents(const ls_package *package)
{
  const double test = package->test_yield_ppm / 1e6, attach = package->attach_yield_ppm / 1e6;
  const double engines = (double)package->engine_microusd / MICROUSD * package->engine_count / test;
  const double core = (double)(package->asic_cents + package->substrate_cents);
  return (core + engines) /
         (package->assembly_yield_ppm / 1e6 * pow(attach, package->engine_count));
}

LS_TEST(Package, is_exact_to_a_cent)
{
  for (int32_t engines = 0; engines <= 128; engines += 16)
    for (int32_t attach = 950000; attach <= ALL; attach += 12345) {
      ls_package package = package_of(engines % 50);
      package.engine_count = engines;
      package.attach_yield_ppm = attach;
      package.test_yield_ppm = 970000;
      const double exact = exact_cents(&package);
      EXPECT_NEAR((double)ls_package_cents(&package), exact, 1 + 1e-9 * exact);
    }
}

/* Every yield on a grid, the other two at every point of theirs. */
LS_TEST(Package, raising_a_yield_never_raises_the_price)
{
  static const int32_t grid[] = {1, 100000, 570000, 900000, 970000, 979999, 980000, 995000, ALL};
  enum { POINTS = sizeof grid / sizeof *grid };
  int64_t price[POINTS][POINTS][POINTS];
  for (int socketed = 0; socketed < 2; socketed++) {
    ls_package package = package_of(18);
    package.is_socketed = socketed;
    for (int t = 0; t < POINTS; t++)
      for (int a = 0; a < POINTS; a++)
        for (int s = 0; s < POINTS; s++) {
          package.test_yield_ppm = grid[t];
          package.attach_yield_ppm = grid[a];
          package.assembly_yield_ppm = grid[s];
          price[t][a][s] = ls_package_cents(&package);
          if (t) EXPECT_LE_I64(price[t][a][s], price[t - 1][a][s]);
          if (a) EXPECT_LE_I64(price[t][a][s], price[t][a - 1][s]);
          if (s) EXPECT_LE_I64(price[t][a][s], price[t][a][s - 1]);
        }
  }
}

LS_TEST(Package, break_even_is_the_least_yield_that_suffices)
{
  static const int64_t targets[] = {9990000,  10204082, 10500000,  11168000,
                                    11500000, 30000000, 1000000000};
  for (int socketed = 0; socketed < 2; socketed++)
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
      for (int32_t engines = 1; engines <= 49; engines += 8) {
        ls_package package = package_of(engines);
        package.is_socketed = socketed;
        int32_t yield = 0;
        const ls_status status = ls_break_even_attach_yield_ppm(&package, targets[i], &yield);
        package.attach_yield_ppm = ALL;
        const int64_t least_cents = ls_package_cents(&package);
        EXPECT_STATUS(status, least_cents <= targets[i] ? LS_OK : LS_ERR_NO);
        if (status != LS_OK) continue;
        package.attach_yield_ppm = yield;
        EXPECT_LE_I64(ls_package_cents(&package), targets[i]);
        package.attach_yield_ppm = yield - 1;
        if (yield > 1) EXPECT_LT_I64(targets[i], ls_package_cents(&package));
      }
}

/* Whole cents hide small differences: many yields cost the same. */
LS_TEST(Package, break_even_of_a_cheap_package)
{
  const ls_package cheap = {.asic_cents = 90,
                            .engine_microusd = 5 * MICROUSD,
                            .engine_count = 2,
                            .test_yield_ppm = ALL,
                            .assembly_yield_ppm = ALL,
                            .attach_yield_ppm = ALL};
  for (int64_t target = 100; target < 200; target += 7) {
    ls_package package = cheap;
    int32_t yield = 0;
    ASSERT_STATUS(ls_break_even_attach_yield_ppm(&cheap, target, &yield), LS_OK);
    package.attach_yield_ppm = yield;
    EXPECT_LE_I64(ls_package_cents(&package), target);
    package.attach_yield_ppm = yield - 1;
    EXPECT_LT_I64(target, ls_package_cents(&package));
  }
}

LS_TEST(Package, nothing_to_attach_has_no_break_even)
{
  ls_package package = package_of(0);
  int32_t yield = 7;
  EXPECT_STATUS(ls_break_even_attach_yield_ppm(&package, 1000000000, &yield), LS_ERR_NO);
  EXPECT_EQ_I64(yield, 7);
}

/* MODEL's anatomy of a 115.2T box. */
LS_TEST(Package, anatomy_of_a_co_packaged_box)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_error error = {.line = 0};
  ASSERT_STATUS(ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", catalog, &error),
                LS_OK);
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    const ls_catalog_switch *box = &catalog->switches[i];
    ls_box_counts counts;
    ls_package package;
    ls_box_count(catalog, box, &counts);
    if (strcmp(box->id, "q3450-ld") != 0) continue;
    EXPECT_EQ_I64(counts.package_count, 4);
    EXPECT_EQ_I64(counts.engine_count, 72);
    EXPECT_EQ_I64(counts.fau_count, 72);
    EXPECT_EQ_I64(counts.laser_module_count, 18);
    EXPECT_EQ_I64(counts.laser_count, 144);
    EXPECT_EQ_I64(counts.pm_fiber_count, 144);
    EXPECT_EQ_I64(counts.data_fiber_count, 1152);
    ASSERT_STATUS(ls_box_package(catalog, box, &package), LS_OK);
    EXPECT_EQ_I64(package.engine_count, 18);
    return;
  }
  EXPECT_TRUE(false);
}

/* 0.4 USD per Gb/s fall to 0.24565 in three years of 15 %: an engine of 3.2T is 786.08 USD, not
 * the 800 that whole cents per Gb/s would come to. */
LS_TEST(Package, an_engine_is_priced_by_fractions_of_a_cent)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog), *later = shim_alloc(sizeof *later);
  ls_error error = {.line = 0};
  ASSERT_STATUS(ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", catalog, &error),
                LS_OK);
  ls_catalog_at(catalog, 2029, LS_SUPPLY_BASE, later);
  for (int32_t i = 0; i < later->switch_count; i++) {
    ls_package package;
    if (strcmp(later->switches[i].id, "spectrum-x-102t") != 0) continue;
    ASSERT_STATUS(ls_box_package(later, &later->switches[i], &package), LS_OK);
    EXPECT_EQ_I64(package.engine_microusd, 78608 * MICROUSD);
    return;
  }
  EXPECT_TRUE(false);
}

LS_TEST(Package, a_pluggable_box_is_chassis_and_board)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  fabric_catalog(catalog);
  ls_catalog_switch *box = &catalog->switches[FABRIC_BOX];
  ls_box_part parts[LS_BOX_PART_MAX];
  ls_package package;
  EXPECT_EQ_I64(ls_box_parts(catalog, box, parts), 1);
  EXPECT_STATUS(ls_box_package(catalog, box, &package), LS_ERR_NO);
  box->board = LS_BOARD_MEGTRON;
  catalog->parts.board_fr4_cents_per_ru = fabric_number(10000);
  catalog->parts.board_megtron_multiple_ppm = fabric_number(6500000);
  ASSERT_TRUE(ls_box_parts(catalog, box, parts) == 2);
  EXPECT_STREQ(parts[1].name, "board");
  EXPECT_EQ_I64(parts[1].count * parts[1].unit_cents, 2 * 65000);
  EXPECT_EQ_I64(ls_box_cents(catalog, box), 4000001 + 2 * 65000);
}
