/* Package prices in steps of 10^-6 cents, one yield after the other: each step is monotone in
 * the price so far and in its yield, so the whole is. */
#include "package.h"

#include <assert.h>
#include <math.h>

#define STEPS_PER_CENT 1000000
#define MICROUSD_PER_CENT 10000
#define STEPS_PER_MICROUSD (STEPS_PER_CENT / MICROUSD_PER_CENT)

/* price / yield, rounded half up, kept within the most a package may cost. */
static __int128 over_yield(__int128 price, int32_t yield_ppm)
{
  const __int128 limit = (__int128)LS_PACKAGE_CENTS_MAX * STEPS_PER_CENT;
  const __int128 grown = (price * LS_YIELD_ALL_PPM + yield_ppm / 2) / yield_ppm;
  return grown < limit ? grown : limit;
}

int64_t ls_package_cents(const ls_package *package)
{
  assert(package->test_yield_ppm > 0 && package->attach_yield_ppm > 0 &&
         package->assembly_yield_ppm > 0);
  const __int128 core = (__int128)(package->asic_cents + package->substrate_cents) * STEPS_PER_CENT;
  __int128 engines =
      over_yield((__int128)package->engine_microusd * STEPS_PER_MICROUSD, package->test_yield_ppm);
  __int128 price;
  if (package->is_socketed) {
    engines = over_yield(engines, package->attach_yield_ppm) * package->engine_count;
    price = over_yield(core, package->assembly_yield_ppm) + engines;
  } else {
    price = over_yield(core + engines * package->engine_count, package->assembly_yield_ppm);
    for (int32_t i = 0; i < package->engine_count; i++)
      price = over_yield(price, package->attach_yield_ppm);
  }
  const __int128 cents = (price + STEPS_PER_CENT / 2) / STEPS_PER_CENT;
  return cents < LS_PACKAGE_CENTS_MAX ? (int64_t)cents : LS_PACKAGE_CENTS_MAX;
}

static bool is_enough(ls_package package, int64_t yield_ppm, int64_t target_cents)
{
  package.attach_yield_ppm = (int32_t)yield_ppm;
  return ls_package_cents(&package) <= target_cents;
}

/* The yield at which the price meets the target, before rounding. */
static double closed_form_ppm(const ls_package *package, int64_t target_cents)
{
  const double assembly = (double)package->assembly_yield_ppm / LS_YIELD_ALL_PPM;
  const double test = (double)package->test_yield_ppm / LS_YIELD_ALL_PPM;
  const double core = (double)(package->asic_cents + package->substrate_cents);
  const double engine_cents = (double)package->engine_microusd / MICROUSD_PER_CENT;
  const double engines = engine_cents * package->engine_count / test;
  const double target = (double)target_cents;
  if (package->is_socketed) return LS_YIELD_ALL_PPM * engines / (target - core / assembly);
  return LS_YIELD_ALL_PPM * pow((core + engines) / (assembly * target), 1. / package->engine_count);
}

ls_status ls_break_even_attach_yield_ppm(const ls_package *package, int64_t target_cents,
                                         int32_t *yield_ppm)
{
  if (package->engine_count == 0 || target_cents <= 0 ||
      !is_enough(*package, LS_YIELD_ALL_PPM, target_cents))
    return LS_ERR_NO;
  const double start = closed_form_ppm(package, target_cents);
  int64_t enough = start >= 1 && start <= LS_YIELD_ALL_PPM ? (int64_t)start : LS_YIELD_ALL_PPM;
  int64_t step = 1;
  /* Prices are whole cents, so a few yields beside the closed form may cost the same. */
  while (!is_enough(*package, enough, target_cents)) {
    enough = ls_min(enough + step, LS_YIELD_ALL_PPM);
    step *= 2;
  }
  int64_t little = ls_max(enough - 1, 0); /* 0 ppm is never enough */
  for (step = 1; little > 0 && is_enough(*package, little, target_cents); step *= 2) {
    enough = little;
    little = ls_max(little - step, 0);
  }
  while (enough - little > 1) {
    const int64_t middle = little + (enough - little) / 2;
    if (is_enough(*package, middle, target_cents))
      enough = middle;
    else
      little = middle;
  }
  *yield_ppm = (int32_t)enough;
  return LS_OK;
}

/* ---- boxes ---- */

static const ls_catalog_optic *engine_of(const ls_catalog *catalog, const ls_catalog_switch *box)
{
  const int32_t index =
      box->integrated_optic[0] ? ls_catalog_optic_find(catalog, box->integrated_optic) : -1;
  return index < 0 ? NULL : &catalog->optics[index];
}

void ls_box_count(const ls_catalog *catalog, const ls_catalog_switch *box, ls_box_counts *counts)
{
  const ls_catalog_optic *engine = engine_of(catalog, box);
  *counts = (ls_box_counts){.package_count = ls_max(box->asic_count.value, 1)};
  if (!engine) return;
  const int64_t gbps = box->bandwidth_gbps.value;
  counts->engine_count = ls_ceil_div(gbps, engine->engine_gbps.value);
  counts->fau_count = counts->engine_count;
  counts->laser_count = counts->engine_count * engine->laser_count.value;
  if (engine->laser_module_gbps.value > 0) {
    counts->laser_module_count = ls_ceil_div(gbps, engine->laser_module_gbps.value);
    counts->pm_fiber_count = counts->laser_count; /* one from each laser */
  }
  counts->data_fiber_count = 2 * (gbps / engine->pair_gbps.value);
}

static int32_t yield_ppm(const ls_number *figure)
{
  return figure->value > 0 ? (int32_t)figure->value : LS_YIELD_ALL_PPM;
}

ls_status ls_box_package(const ls_catalog *catalog, const ls_catalog_switch *box,
                         ls_package *package)
{
  const ls_catalog_optic *engine = engine_of(catalog, box);
  ls_box_counts counts;
  if (!engine) return LS_ERR_NO;
  ls_box_count(catalog, box, &counts);
  *package = (ls_package){
      .asic_cents = box->asic_capex_cents.value,
      .substrate_cents = box->substrate_capex_cents.value,
      .engine_microusd = engine->engine_gbps.value * engine->capex_microusd_per_gbps.value,
      .engine_count = (int32_t)ls_ceil_div(counts.engine_count, counts.package_count),
      .test_yield_ppm = yield_ppm(&engine->engine_test_yield_ppm),
      .attach_yield_ppm = yield_ppm(&engine->attach_yield_ppm),
      .assembly_yield_ppm = yield_ppm(&engine->assembly_yield_ppm),
      .is_socketed = engine->is_socketed};
  return LS_OK;
}

static int64_t board_cents_per_ru(const ls_catalog_parts *parts, int32_t board)
{
  const int64_t fr4 = board == LS_BOARD_NONE ? 0 : parts->board_fr4_cents_per_ru.value;
  return board == LS_BOARD_MEGTRON ? fr4 * parts->board_megtron_multiple_ppm.value / 1000000 : fr4;
}

int32_t ls_box_parts(const ls_catalog *catalog, const ls_catalog_switch *box,
                     ls_box_part parts[LS_BOX_PART_MAX])
{
  const ls_catalog_parts *small = &catalog->parts;
  const ls_catalog_optic *engine = engine_of(catalog, box);
  ls_box_counts counts;
  ls_package package;
  ls_box_count(catalog, box, &counts);
  const bool has_package = ls_box_package(catalog, box, &package) == LS_OK;
  const ls_box_part all[LS_BOX_PART_MAX] = {
      {"chassis", 1, box->capex_cents.value, box->capex_cents.line},
      {"board", box->rack_units.value, board_cents_per_ru(small, box->board),
       small->board_fr4_cents_per_ru.line},
      {"packages", counts.package_count, has_package ? ls_package_cents(&package) : 0,
       box->asic_capex_cents.line},
      {"fiber-arrays", counts.fau_count, small->fau_capex_cents.value, small->fau_capex_cents.line},
      {"laser-modules", counts.laser_module_count,
       engine ? engine->laser_module_capex_cents.value : 0,
       engine ? engine->laser_module_capex_cents.line : 0},
      {"pm-fibers", counts.pm_fiber_count, small->pm_fiber_capex_cents.value,
       small->pm_fiber_capex_cents.line},
      {"shuffle", counts.data_fiber_count, small->shuffle_capex_cents_per_fiber.value,
       small->shuffle_capex_cents_per_fiber.line}};
  int32_t count = 0;
  for (int32_t i = 0; i < LS_BOX_PART_MAX; i++)
    if (all[i].count > 0 && all[i].unit_cents > 0) parts[count++] = all[i];
  return count;
}

int64_t ls_box_cents(const ls_catalog *catalog, const ls_catalog_switch *box)
{
  ls_box_part parts[LS_BOX_PART_MAX];
  const int32_t count = ls_box_parts(catalog, box, parts);
  int64_t cents = 0;
  for (int32_t i = 0; i < count; i++) cents += parts[i].count * parts[i].unit_cents;
  return cents;
}
