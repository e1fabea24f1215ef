/* Compares the figures of units and parts that a file carries with a catalog, id by id: prices,
 * powers, light levels, latencies, downtimes, cages, rack units.
 * Takes the catalog's reader alone, nothing of what the optimizer makes of it. */
#include "catalog.h"
#include "catalog_year.h"
#include "verify_graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const NOT_FOUND = "not in the catalog";

static const ls_catalog_optic *optic_find(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->optic_count; i++)
    if (strcmp(catalog->optics[i].id, id) == 0) return &catalog->optics[i];
  return NULL;
}

static const ls_catalog_switch *switch_find(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->switch_count; i++)
    if (strcmp(catalog->switches[i].id, id) == 0) return &catalog->switches[i];
  return NULL;
}

static const ls_catalog_ocs *ocs_find(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    if (strcmp(catalog->ocs[i].id, id) == 0) return &catalog->ocs[i];
  return NULL;
}

static const ls_catalog_fiber *fiber_find(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->fiber_count; i++)
    if (strcmp(catalog->fibers[i].id, id) == 0) return &catalog->fibers[i];
  return NULL;
}

static void compare(ls_verify_report *report, const char *where, const char *what, int64_t claimed,
                    const ls_number *figure)
{
  ls_verify_compare(report, where, what, claimed, figure->value);
}

/* FIT of a whole engine, which is given for a share of its bandwidth. */
static int64_t engine_fit(const ls_catalog_optic *entry)
{
  const int64_t share_gbps = entry->port_share_gbps.value;
  return share_gbps > 0 ? entry->failure_fit.value * entry->engine_gbps.value / share_gbps
                        : entry->failure_fit.value;
}

static void compare_part(ls_verify_report *report, const ls_record_optic *optic, int32_t index,
                         const ls_record_part *found)
{
  static const char *const names[LS_RECORD_PART_MAX][3] = {
      {"part1_fit", "part1_gbps", "part1_min"},
      {"part2_fit", "part2_gbps", "part2_min"},
      {"part3_fit", "part3_gbps", "part3_min"}};
  const ls_record_part *claimed = &optic->part[index];
  ls_verify_compare(report, optic->id, names[index][0], claimed->fit, found->fit);
  ls_verify_compare(report, optic->id, names[index][1], claimed->gbps, found->gbps);
  ls_verify_compare(report, optic->id, names[index][2], claimed->minutes, found->minutes);
}

/* A module fails as a whole; integrated optics by engine, laser module and laser. What is repaired
 * of fit_share_gbps is its share of all three. */
static void check_optic_failures(const ls_record_optic *optic, const ls_catalog_optic *entry,
                                 ls_verify_report *report)
{
  const int64_t share_gbps = entry->port_share_gbps.value, engine_gbps = entry->engine_gbps.value;
  const int64_t module_gbps = entry->laser_module_gbps.value, lasers = entry->laser_count.value;
  const int64_t swap_min = entry->laser_module_repair_min.value;
  ls_record_part parts[LS_RECORD_PART_MAX] = {
      {entry->failure_fit.value, entry->module_gbps.value, entry->repair_min.value}};
  int64_t repaired = entry->failure_fit.value;
  if (ls_optic_is_integrated(entry->kind)) {
    parts[0] = (ls_record_part){engine_fit(entry), engine_gbps, entry->engine_wait_min.value};
    if (module_gbps > 0)
      parts[1] = (ls_record_part){entry->laser_module_fit.value, module_gbps, swap_min};
    if (lasers > 0)
      parts[2] = (ls_record_part){entry->laser_fit.value, engine_gbps / lasers, swap_min};
    if (engine_gbps > 0) repaired += lasers * entry->laser_fit.value * share_gbps / engine_gbps;
    if (module_gbps > 0) repaired += entry->laser_module_fit.value * share_gbps / module_gbps;
  }
  for (int32_t i = 0; i < LS_RECORD_PART_MAX; i++) compare_part(report, optic, i, &parts[i]);
  ls_verify_compare(report, optic->id, "fit", optic->fit, repaired);
  compare(report, optic->id, "fit_share_gbps", optic->fit_share_gbps, &entry->port_share_gbps);
}

static void check_optic(const ls_record_optic *optic, const ls_catalog *catalog,
                        ls_verify_report *report)
{
  const ls_catalog_optic *entry = optic_find(catalog, optic->id);
  if (entry == NULL) {
    ls_verify_mismatch(report, optic->id, "optic", optic->id, NOT_FOUND);
    return;
  }
  const ls_catalog_parts *parts = &catalog->parts;
  const bool is_integrated = ls_optic_is_integrated(entry->kind); /* its price is in the chassis */
  int64_t tx_mdbm = entry->tx_mdbm.value, internal_loss_mdb = entry->internal_loss_mdb.value;
  if (is_integrated) {
    /* Figures hold at the engine: light fades, and passes a facet and a shuffle either way. */
    internal_loss_mdb += parts->facet_loss_mdb.value + parts->shuffle_loss_mdb.value;
    tx_mdbm -= parts->aging_loss_mdb.value;
    if (entry->laser == LS_LASER_EXTERNAL) tx_mdbm -= parts->pm_fiber_loss_mdb.value;
  }
  compare(report, optic->id, "capex_cents", optic->capex_cents, &entry->capex_cents);
  compare(report, optic->id, "module_gbps", optic->module_gbps, &entry->module_gbps);
  compare(report, optic->id, "lane_gbps", optic->lane_gbps, &entry->lane_gbps);
  const ls_number *unit = is_integrated ? &entry->engine_gbps : &entry->module_gbps;
  ls_verify_compare(report, optic->id, "lot_gbps", optic->lot_gbps,
                    entry->laser_count.value
                        ? parts->laser_lot_count.value * unit->value / entry->laser_count.value
                        : 0);
  compare(report, optic->id, "pair_gbps", optic->pair_gbps, &entry->pair_gbps);
  compare(report, optic->id, "power_uw_per_gbps", optic->power_uw_per_gbps,
          &entry->energy_fj_per_bit);
  compare(report, optic->id, "reach_mm", optic->reach_mm, &entry->reach_mm);
  ls_verify_compare(report, optic->id, "tx_mdbm", optic->tx_mdbm, tx_mdbm);
  compare(report, optic->id, "tx_max_mdbm", optic->tx_max_mdbm, &entry->tx_max_mdbm);
  compare(report, optic->id, "threshold_mdbm", optic->threshold_mdbm, &entry->threshold_mdbm);
  compare(report, optic->id, "overload_mdbm", optic->overload_mdbm, &entry->overload_mdbm);
  compare(report, optic->id, "penalty_mdb", optic->penalty_mdb, &entry->penalty_mdb);
  ls_verify_compare(report, optic->id, "internal_loss_mdb", optic->internal_loss_mdb,
                    internal_loss_mdb);
  compare(report, optic->id, "latency_ps", optic->latency_ps, &entry->latency_ps);
  check_optic_failures(optic, entry, report);
}

static double share(const ls_number *yield_ppm)
{
  return yield_ppm->value > 0 ? (double)yield_ppm->value / 1e6 : 1;
}

/* What a box with integrated optics costs, without rounding: chassis, board, packages by their
 * yields, fiber arrays, laser modules and fibers. */
static double integrated_box_cents(const ls_catalog_switch *box, const ls_catalog_optic *engine,
                                   const ls_catalog_parts *parts)
{
  const double gbps = (double)box->bandwidth_gbps.value;
  const double packages = box->asic_count.value > 0 ? (double)box->asic_count.value : 1;
  const double engines = ceil(gbps / (double)engine->engine_gbps.value);
  const double engines_each = ceil(engines / packages);
  const double engine_cents =
      (double)(engine->engine_gbps.value * engine->capex_microusd_per_gbps.value) / 1e4 /
      share(&engine->engine_test_yield_ppm);
  const double asic_cents =
      (double)(box->asic_capex_cents.value + box->substrate_capex_cents.value);
  const double attach = share(&engine->attach_yield_ppm);
  const double package_cents =
      engine->is_socketed
          ? asic_cents / share(&engine->assembly_yield_ppm) + engines_each * engine_cents / attach
          : (asic_cents + engines_each * engine_cents) /
                (share(&engine->assembly_yield_ppm) * pow(attach, engines_each));
  const double lasers = engines * (double)engine->laser_count.value;
  const double laser_modules = engine->laser_module_gbps.value > 0
                                   ? ceil(gbps / (double)engine->laser_module_gbps.value)
                                   : 0;
  return packages * package_cents + engines * (double)parts->fau_capex_cents.value +
         laser_modules * (double)engine->laser_module_capex_cents.value +
         (laser_modules > 0 ? lasers * (double)parts->pm_fiber_capex_cents.value : 0) +
         2 * floor(gbps / (double)engine->pair_gbps.value) *
             (double)parts->shuffle_capex_cents_per_fiber.value;
}

/* A package is rounded to the cent once, from steps of a millionth that its yields raise as they
 * raise its price, so a box may be off by half a cent for each of them and by the last digits. */
static void check_box_price(const ls_record_node *node, const ls_catalog_switch *box,
                            const ls_catalog_optic *engine, const ls_catalog *catalog,
                            ls_verify_report *report)
{
  const ls_catalog_parts *parts = &catalog->parts;
  int64_t cents = box->capex_cents.value;
  if (box->board == LS_BOARD_FR4)
    cents += box->rack_units.value * parts->board_fr4_cents_per_ru.value;
  if (box->board == LS_BOARD_MEGTRON)
    cents += box->rack_units.value * (parts->board_fr4_cents_per_ru.value *
                                      parts->board_megtron_multiple_ppm.value / 1000000);
  if (engine != NULL) {
    const double exact_cents = (double)cents + integrated_box_cents(box, engine, parts);
    const double packages = box->asic_count.value > 0 ? (double)box->asic_count.value : 1;
    const double slack_cents = 0.501 * packages + 1e-9 * exact_cents;
    cents = llround(exact_cents);
    if (fabs((double)node->unit_capex_cents - exact_cents) <= slack_cents)
      cents = node->unit_capex_cents;
  }
  ls_verify_compare(report, node->id, "unit_capex_cents", node->unit_capex_cents, cents);
}

/* The box is down for itself and for its ASIC, and stopped while one of its engines is changed. */
static void check_switch_failures(const ls_record_node *node, const ls_catalog_switch *entry,
                                  const ls_catalog_optic *engine, ls_verify_report *report)
{
  const int64_t fit = entry->failure_fit.value, asic_fit = entry->asic_fit.value;
  int64_t swap_fit = 0, swap_fit_min = 0;
  if (engine != NULL) {
    const int64_t gbps = entry->bandwidth_gbps.value, each_gbps = engine->engine_gbps.value;
    swap_fit = (gbps / each_gbps + (gbps % each_gbps > 0)) * engine_fit(engine);
    swap_fit_min = swap_fit * engine->engine_swap_min.value;
  }
  ls_verify_compare(report, node->id, "unit_fit", node->unit_fit,
                    fit + entry->asic_count.value * asic_fit);
  ls_verify_compare(report, node->id, "unit_downtime_fit_min", node->unit_downtime_fit_min,
                    (fit + asic_fit) * entry->repair_min.value);
  ls_verify_compare(report, node->id, "unit_swap_fit", node->unit_swap_fit, swap_fit);
  ls_verify_compare(report, node->id, "unit_spare_fit", node->unit_spare_fit,
                    node->unit_fit + (engine != NULL && !engine->is_socketed ? swap_fit : 0));
  ls_verify_compare(report, node->id, "unit_swap_fit_min", node->unit_swap_fit_min, swap_fit_min);
}

/* A power figure that includes optics includes those of all ports. */
static void check_switch(const ls_record *record, const ls_record_node *node,
                         const ls_catalog *catalog, ls_verify_report *report)
{
  const ls_catalog_switch *entry = switch_find(catalog, node->catalog_id);
  if (entry == NULL) {
    ls_verify_mismatch(report, node->id, "catalog_id", node->catalog_id, NOT_FOUND);
    return;
  }
  const int64_t gbps = entry->bandwidth_gbps.value;
  int64_t power_mw = entry->power_mw.value;
  const ls_catalog_optic *engine =
      entry->integrated_optic[0] == '\0' ? NULL : optic_find(catalog, entry->integrated_optic);
  if (engine != NULL) {
    if (entry->power_includes_optics) power_mw -= gbps * engine->energy_fj_per_bit.value / 1000;
    if (power_mw < 0) power_mw = 0;
  }
  const int64_t ports = gbps / record->site.port_gbps, ports_max = entry->port_count_max.value;
  check_box_price(node, entry, engine, catalog, report);
  if (strcmp(node->integrated_optic, engine == NULL ? "none" : engine->id) != 0)
    ls_verify_mismatch(report, node->id, "integrated_optic", node->integrated_optic,
                       engine == NULL ? "none" : engine->id);
  ls_verify_compare(report, node->id, "unit_power_mw", node->unit_power_mw, power_mw);
  ls_verify_compare(report, node->id, "radix", node->radix, ports < ports_max ? ports : ports_max);
  compare(report, node->id, "unit_power_mw_max", node->unit_power_mw_max, &entry->power_mw_max);
  compare(report, node->id, "unit_latency_ps", node->unit_latency_ps, &entry->latency_ps);
  check_switch_failures(node, entry, engine, report);
  compare(report, node->id, "cage_count", node->cage_count, &entry->cage_count);
  compare(report, node->id, "cage_gbps", node->cage_gbps, &entry->cage_gbps);
  ls_verify_compare(report, node->id, "is_liquid_cooled", node->is_liquid_cooled,
                    entry->is_liquid_cooled);
  compare(report, node->id, "rack_units", node->rack_units, &entry->rack_units);
}

static void check_ocs(const ls_record_node *node, const ls_catalog *catalog,
                      ls_verify_report *report)
{
  const ls_catalog_ocs *entry = ocs_find(catalog, node->catalog_id);
  if (entry == NULL) {
    ls_verify_mismatch(report, node->id, "catalog_id", node->catalog_id, NOT_FOUND);
    return;
  }
  ls_verify_compare(report, node->id, "unit_capex_cents", node->unit_capex_cents,
                    entry->capex_cents_per_port.value * entry->port_count.value);
  compare(report, node->id, "unit_power_mw", node->unit_power_mw, &entry->power_mw);
  compare(report, node->id, "loss_mdb", node->loss_mdb, &entry->loss_mdb);
  ls_verify_compare(report, node->id, "radix", node->radix, 2 * entry->port_count.value);
  ls_verify_compare(report, node->id, "unit_downtime_fit_min", node->unit_downtime_fit_min,
                    entry->failure_fit.value * entry->repair_min.value);
  compare(report, node->id, "unit_fit", node->unit_fit, &entry->failure_fit);
  compare(report, node->id, "unit_spare_fit", node->unit_spare_fit, &entry->failure_fit);
  compare(report, node->id, "rack_units", node->rack_units, &entry->rack_units);
}

static void check_fiber(const ls_record_fiber *fiber, const ls_catalog *catalog,
                        ls_verify_report *report)
{
  const ls_catalog_fiber *entry = fiber_find(catalog, fiber->id);
  if (entry == NULL) {
    ls_verify_mismatch(report, fiber->id, "fiber", fiber->id, NOT_FOUND);
    return;
  }
  compare(report, fiber->id, "loss_mdb_per_km", fiber->loss_mdb_per_km, &entry->loss_mdb_per_km);
  compare(report, fiber->id, "capex_cents_per_km", fiber->capex_cents_per_km,
          &entry->capex_cents_per_km);
  compare(report, fiber->id, "latency_fs_per_mm", fiber->latency_fs_per_mm,
          &entry->latency_fs_per_mm);
}

static void check_parts(const ls_record_site *site, const ls_catalog *catalog,
                        ls_verify_report *report)
{
  const ls_catalog_parts *parts = &catalog->parts;
  compare(report, "graph", "fec_latency_ps", site->fec_latency_ps, &parts->fec_latency_ps);
  if (catalog->fiber_count > 0)
    compare(report, "graph", "copper_latency_fs_per_mm", site->copper_latency_fs_per_mm,
            &catalog->fibers[0].latency_fs_per_mm);
  compare(report, "graph", "mating_loss_mdb", site->mating_loss_mdb, &parts->mating_loss_mdb);
  compare(report, "graph", "mating_capex_cents", site->mating_capex_cents,
          &parts->mating_capex_cents);
  compare(report, "graph", "circulator_loss_mdb", site->circulator_loss_mdb,
          &parts->circulator_loss_mdb);
  compare(report, "graph", "circulator_capex_cents", site->circulator_capex_cents,
          &parts->circulator_capex_cents);
  compare(report, "graph", "shuffle_box_loss_mdb", site->shuffle_box_loss_mdb,
          &parts->shuffle_box_loss_mdb);
  compare(report, "graph", "shuffle_box_capex_cents", site->shuffle_box_capex_cents,
          &parts->shuffle_box_capex_cents_per_fiber);
  ls_verify_compare(report, "graph", "stock lengths", site->stock_count, parts->stock_count);
  for (int32_t i = 0; i < site->stock_count && i < parts->stock_count; i++)
    ls_verify_compare(report, "graph", "stock_mm", site->stock_mm[i], parts->stock_mm[i]);
}

ls_status ls_verify_check_prices(const ls_record *record, const char *catalog_path,
                                 ls_verify_report *report, ls_error *error)
{
  ls_catalog *catalog = calloc(1, sizeof *catalog);
  if (catalog == NULL)
    return ls_error_set(error, LS_ERR_MEMORY, catalog_path, 0, NULL, "not enough memory");
  ls_status status = ls_catalog_read(catalog_path, catalog, error);
  const int32_t scenario = ls_record_supply_scenario(record);
  if (status == LS_OK)
    status = ls_catalog_at(catalog, (int32_t)record->site.year,
                           scenario < 0 ? LS_SUPPLY_BASE : scenario, catalog);
  if (status != LS_OK) {
    free(catalog);
    return status;
  }
  for (int32_t i = 0; i < record->optic_count; i++)
    check_optic(&record->optics[i], catalog, report);
  for (int32_t i = 0; i < record->fiber_count; i++)
    check_fiber(&record->fibers[i], catalog, report);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->kind == LS_DEVICE_RACK) continue;
    if (node->kind == LS_DEVICE_OCS)
      check_ocs(node, catalog, report);
    else
      check_switch(record, node, catalog, report);
  }
  check_parts(&record->site, catalog, report);
  ls_verify_check_scale_up_catalog(record, catalog, report);
  ls_verify_check_supply_catalog(record, catalog, report);
  free(catalog);
  return LS_OK;
}
