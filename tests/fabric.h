/* A small catalog and spec in memory for tests of the floor, the topology and its schedules,
 * independent of the files under topologies/. Figures are plain, not real; those of DR and FR
 * light are MODEL's, so that known margins come out. */
#ifndef LS_TEST_FABRIC_H
#define LS_TEST_FABRIC_H

#include "../host/spec.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FABRIC_DAC, FABRIC_DR, FABRIC_FR, FABRIC_BIDI, FABRIC_CPO, FABRIC_OPTIC_COUNT };
enum { FABRIC_BOX, FABRIC_SMALL, FABRIC_CPO_BOX, FABRIC_SWITCH_COUNT };

static inline ls_number fabric_number(int64_t value)
{
  return (ls_number){.value = value, .low = value, .high = value, .source = -1};
}

static inline void fabric_optic(ls_catalog_optic *optic, const char *id, ls_optic_kind kind,
                                ls_mate_class mate_class, int64_t pair_gbps)
{
  *optic = (ls_catalog_optic){.line = 100, .kind = kind, .mate_class = mate_class};
  snprintf(optic->id, sizeof optic->id, "%s", id);
  const bool is_fr = mate_class == LS_MATE_FR;
  optic->module_gbps = fabric_number(kind == LS_OPTIC_CPO ? 0 : 800);
  optic->lane_gbps = fabric_number(100);
  optic->pair_gbps = fabric_number(pair_gbps);
  optic->energy_fj_per_bit = fabric_number(kind == LS_OPTIC_COPPER ? 100 : 17001);
  optic->latency_ps = fabric_number(10007);
  optic->capex_cents = fabric_number(kind == LS_OPTIC_CPO ? 0 : 110001);
  optic->failure_fit = fabric_number(997);
  optic->repair_min = fabric_number(kind == LS_OPTIC_CPO ? 0 : 31);
  if (kind == LS_OPTIC_CPO) {
    optic->port_share_gbps = fabric_number(800);
    optic->capex_microusd_per_gbps = fabric_number(300000);
    optic->engine_gbps = fabric_number(1600);
    optic->engine_wait_min = fabric_number(20);
    optic->engine_swap_min = fabric_number(11);
    optic->laser_count = fabric_number(2);
  }
  optic->reach_mm = fabric_number(kind == LS_OPTIC_COPPER ? 2000 : is_fr ? 2000000 : 500000);
  optic->tx_mdbm = fabric_number(is_fr ? -1700 : mate_class == LS_MATE_BIDI ? 3000 : -2200);
  optic->tx_max_mdbm = fabric_number(4000);
  optic->threshold_mdbm = fabric_number(is_fr ? -6000 : -5300);
  optic->overload_mdbm = fabric_number(4000);
  optic->penalty_mdb = fabric_number(is_fr ? 300 : 100);
  optic->year_nic = optic->year_leaf = optic->year_spine = optic->year_core = fabric_number(2024);
}

static inline void fabric_switch(ls_catalog_switch *chassis, const char *id, int64_t gbps,
                                 int64_t ports)
{
  *chassis = (ls_catalog_switch){.line = 10, .lane_mask = 3};
  snprintf(chassis->id, sizeof chassis->id, "%s", id);
  chassis->bandwidth_gbps = fabric_number(gbps);
  chassis->port_count_max = fabric_number(ports);
  chassis->port_gbps_max = fabric_number(800);
  chassis->rack_units = fabric_number(2);
  chassis->power_mw = fabric_number(1200000);
  chassis->latency_ps = fabric_number(500003);
  chassis->capex_cents = fabric_number(4000001);
  chassis->failure_fit = fabric_number(3001);
  chassis->repair_min = fabric_number(240);
  chassis->cage_count = fabric_number(gbps / 800);
  chassis->cage_gbps = fabric_number(800);
  chassis->year_leaf = chassis->year_spine = chassis->year_core = fabric_number(2024);
}

static inline void fabric_switches(ls_catalog *catalog)
{
  catalog->switch_count = FABRIC_SWITCH_COUNT;
  fabric_switch(&catalog->switches[FABRIC_BOX], "box-51t", 51200, 256);
  fabric_switch(&catalog->switches[FABRIC_SMALL], "box-12t", 12800, 64);
  ls_catalog_switch *cpo = &catalog->switches[FABRIC_CPO_BOX];
  fabric_switch(cpo, "cpo-51t", 51200, 256);
  snprintf(cpo->integrated_optic, sizeof cpo->integrated_optic, "cpo-dr");
  cpo->cage_count = cpo->cage_gbps = fabric_number(0);
}

static inline void fabric_catalog(ls_catalog *catalog)
{
  static const int32_t stock_mm[] = {1000, 2000, 3000, 5000, 10000, 15000, 20000, 30000, 50000};
  memset(catalog, 0, sizeof *catalog);
  snprintf(catalog->path, sizeof catalog->path, "somewhere/catalog.yaml");
  fabric_switches(catalog);
  catalog->optic_count = FABRIC_OPTIC_COUNT;
  fabric_optic(&catalog->optics[FABRIC_DAC], "dac", LS_OPTIC_COPPER, LS_MATE_COPPER, 0);
  fabric_optic(&catalog->optics[FABRIC_DR], "dr8", LS_OPTIC_DSP, LS_MATE_DR, 100);
  fabric_optic(&catalog->optics[FABRIC_FR], "fr4", LS_OPTIC_DSP, LS_MATE_FR, 400);
  fabric_optic(&catalog->optics[FABRIC_BIDI], "bidi", LS_OPTIC_BIDI, LS_MATE_BIDI, 400);
  fabric_optic(&catalog->optics[FABRIC_CPO], "cpo-dr", LS_OPTIC_CPO, LS_MATE_DR, 100);
  ls_catalog_ocs *ocs = &catalog->ocs[0];
  catalog->ocs_count = 1;
  *ocs = (ls_catalog_ocs){.id = "mems-136", .line = 200};
  ocs->port_count = fabric_number(136);
  ocs->loss_mdb = fabric_number(2000);
  ocs->power_mw = fabric_number(108000);
  ocs->rack_units = fabric_number(7);
  ocs->capex_cents_per_port = fabric_number(50003);
  ocs->failure_fit = fabric_number(2003);
  ocs->repair_min = fabric_number(480);
  ls_catalog_fiber *fiber = &catalog->fibers[0];
  catalog->fiber_count = 1;
  *fiber = (ls_catalog_fiber){.id = "smf"};
  fiber->latency_fs_per_mm = fabric_number(4900);
  fiber->loss_mdb_per_km = fabric_number(400);
  fiber->capex_cents_per_km = fabric_number(7001);
  fiber->capex_cents_per_km.line = 300;
  ls_catalog_parts *parts = &catalog->parts;
  parts->mating_loss_mdb = fabric_number(350);
  parts->mating_capex_cents = fabric_number(501);
  parts->circulator_loss_mdb = fabric_number(800);
  parts->circulator_capex_cents = fabric_number(15001);
  parts->shuffle_box_loss_mdb = fabric_number(650);
  parts->shuffle_box_capex_cents_per_fiber = fabric_number(1103);
  parts->shuffle_box_capex_cents_per_fiber.line = 400;
  parts->fec_latency_ps = fabric_number(100000);
  parts->stock_count = (int32_t)(sizeof stock_mm / sizeof stock_mm[0]);
  memcpy(parts->stock_mm, stock_mm, sizeof stock_mm);
}

/* gpu_count GPUs of 800G, 8 a server, 4 servers a rack, on a floor with ample slots; the whole
 * space. */
static inline void fabric_spec(const ls_catalog *catalog, int32_t gpu_count, ls_spec *spec)
{
  memset(spec, 0, sizeof *spec);
  snprintf(spec->path, sizeof spec->path, "spec.yaml");
  spec->year = 2026;
  spec->cluster = (ls_spec_cluster){.gpu_count = gpu_count,
                                    .gpus_per_server = 8,
                                    .servers_per_rack = 4,
                                    .nic_gbps = 800,
                                    .nic_lane_mask = 3,
                                    .server_rack_units = 8,
                                    .server_power_mw = 12000000,
                                    .scale_up = {.domain_gpus = 8, .gbps_per_gpu = 3600}};
  const int32_t rows = 4 + gpu_count / 256;
  spec->floor = (ls_spec_floor){.row_count = rows,
                                .racks_per_row = 20,
                                .rack_pitch_mm = 600,
                                .row_pitch_mm = 3600,
                                .tray_height_mm = 600,
                                .drop_mm_per_end = 2500,
                                .in_rack_mm = 1500,
                                .slack_ppm = 100000,
                                .slack_fixed_mm = 2000,
                                .rack_units = 48,
                                .rack_power_mw = 60000000,
                                .blocked_count = 2,
                                .blocked_slot = {3, 25}};
  spec->economics = (ls_spec_economics){.years = 5,
                                        .pue_ppm = 1200000,
                                        .energy_microusd_per_kwh = 78000,
                                        .repair_cents = 20000,
                                        .gpu_hour_cents = 250,
                                        .gpu_cents = 4000000,
                                        .gpu_power_mw = 1500000};
  spec->reliability = (ls_reliability){.detect_milli_min = 2000,
                                       .restart_milli_min = 10000,
                                       .checkpoint_milli_min = 30000,
                                       .p_kill_access_ppm = 500000,
                                       .p_kill_trunk_ppm = 50000,
                                       .flap_per_failure_milli = 10000,
                                       .flap_stall_ms = 5000,
                                       .spares_lead_days = 30,
                                       .spares_confidence_ppm = 990000};
  spec->objective_mask = 31;
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) spec->limit[i] = INT64_MAX;
  spec->space = (ls_spec_space){.family_mask = 2047,
                                .switch_mask = (1u << catalog->switch_count) - 1,
                                .optic_mask = (1u << catalog->optic_count) - 1,
                                .ocs_mask = 1,
                                .fiber_mask = 1,
                                .plane_count = 3,
                                .planes = {1, 2, 4},
                                .oversubscription_count = 3,
                                .oversubscription_num = {1, 3, 3},
                                .oversubscription_den = {1, 2, 1}};
}

#endif
