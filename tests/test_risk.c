/* What failures cost the job, by hand. */
#include <stdlib.h>
#include <string.h>

#include "../host/catalog_year.h"
#include "../host/failure_modes.h"
#include "../host/problem_build.h"
#include "../host/problem_risk.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "sweep_space.h"

typedef struct risk_space {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} risk_space;

/* 512 GPUs that stop together for 2 + 10 + 30/2 minutes; a failed access link ends the job one
 * time in two, a trunk one time in twenty; the network decides 0.3 of a step. */
static bool risk_build(risk_space *self, uint32_t families, int32_t planes)
{
  ls_error error = {.line = 0};
  *self = (risk_space){shim_alloc(sizeof(ls_catalog)), shim_alloc(sizeof(ls_spec)), NULL};
  fabric_catalog(self->catalog);
  fabric_spec(self->catalog, 512, self->spec);
  ls_spec *spec = self->spec;
  spec->economics = (ls_spec_economics){.years = 5, .pue_ppm = 1000000, .gpu_hour_cents = 300};
  spec->reliability = (ls_reliability){.detect_milli_min = 2000,
                                       .restart_milli_min = 10000,
                                       .checkpoint_milli_min = 30000,
                                       .p_kill_access_ppm = 500000,
                                       .p_kill_trunk_ppm = 50000,
                                       .flap_per_failure_milli = 10000,
                                       .flap_stall_ms = 5000};
  spec->space.family_mask = families;
  spec->space.switch_mask = 1u << FABRIC_BOX;
  spec->space.optic_mask = 1u << FABRIC_DR | 1u << FABRIC_BIDI;
  spec->space.plane_count = spec->space.oversubscription_count = 1;
  spec->space.planes[0] = planes;
  return ls_problem_create(self->catalog, spec, &self->problem, &error) == LS_OK ||
         shim_fail(__FILE__, __LINE__, "%s", error.message);
}

/* One thousand parts of this bandwidth at one end of the first structure's links. */
static ls_outage outage_of(const ls_problem *problem, int32_t tier, int32_t end, int32_t gbps)
{
  const ls_failing_part part = {.fit = 1000, .gbps = gbps, .minutes = 60};
  return ls_part_outage(problem, &problem->structures[0], tier, end, &part, (int64_t)1000 * gbps);
}

/* 512 GPUs x 27 min = 230.4 GPU-hours a stop. Ten flaps of 5 s: 512 x 50 / 3600 = 7.111 GPU-hours.
 * 64 ports of 800G: 16 leaves of 32 down and up, 8 spines of 64. */
LS_TEST(Risk, one_plane_by_hand)
{
  risk_space space;
  ASSERT_TRUE(risk_build(&space, LS_CHOOSE_CLOS2, 1));
  const ls_structure *structure = &space.problem->structures[0];
  EXPECT_EQ_I64(space.problem->lost_job, 230400);
  EXPECT_EQ_I64(structure->size.spine_count, 8);
  const ls_outage access = outage_of(space.problem, 0, 0, 800);
  const ls_outage trunk = outage_of(space.problem, 1, 0, 800);
  EXPECT_EQ_I64(access.lost_each, 115200 + 7111);
  EXPECT_EQ_I64(trunk.lost_each, 11520 + 7111);
  /* All of a GPU's paths are down, one is taken to be left: 0.3 of a step takes twice as long,
   * 0.3 / 1.3 is lost, half of the time. */
  EXPECT_EQ_I64(access.slow_each, 512 * 500 * 230769LL / 1000000);
  /* One of 32 uplinks: 0.3 / 31 longer. */
  EXPECT_EQ_I64(structure->path_count[1], 32);
  EXPECT_EQ_I64(trunk.slow_each, 512 * 950 * 9584LL / 1000000);
  /* A leaf of the only plane ends the job; a spine has 64 links, 64 x 0.05 > 1. */
  EXPECT_EQ_I64(structure->lost_chassis[0], 230400);
  EXPECT_EQ_I64(structure->slow_chassis[0], 0);
  EXPECT_EQ_I64(structure->lost_chassis[1], 230400);
  ls_problem_destroy(space.problem);
}

/* Four planes: a link ends the job four times less often, and one of four is lost. */
LS_TEST(Risk, planes_soften_failures)
{
  risk_space one, four;
  ASSERT_TRUE(risk_build(&one, LS_CHOOSE_CLOS2, 1) && risk_build(&four, LS_CHOOSE_CLOS2, 4));
  const ls_outage access = outage_of(four.problem, 0, 0, 200);
  const ls_outage trunk = outage_of(four.problem, 1, 0, 200);
  EXPECT_EQ_I64(access.lost_each, 28800 + 7111);
  EXPECT_EQ_I64(access.slow_each, 512 * 875 * 90909LL / 1000000);
  EXPECT_LT_I64(trunk.lost_each, outage_of(one.problem, 1, 0, 800).lost_each);
  EXPECT_LT_I64(trunk.slow_each, outage_of(one.problem, 1, 0, 800).slow_each);
  ls_problem_destroy(one.problem);
  ls_problem_destroy(four.problem);
}

/* Each OCS takes an equal share of the circuits. */
LS_TEST(Risk, an_ocs_takes_its_circuits)
{
  risk_space space;
  ASSERT_TRUE(risk_build(&space, LS_CHOOSE_OCS_SPINE, 1));
  bool has_sized = false;
  for (uint32_t i = 0; i < space.problem->structure_count; i++) {
    const ls_structure *structure = &space.problem->structures[i];
    if (structure->violation_mask) continue;
    has_sized = true;
    EXPECT_LT_I64(0, structure->lost_ocs);
    EXPECT_LE_I64(structure->lost_ocs, space.problem->lost_job);
  }
  EXPECT_TRUE(has_sized);
  ls_problem_destroy(space.problem);
}

/* Lost hours of the 1,024 modules at access of clos2: 997 FIT each, 31 minutes. */
LS_TEST(Risk, lost_hours_of_modules_by_hand)
{
  risk_space space;
  ASSERT_TRUE(risk_build(&space, LS_CHOOSE_CLOS2, 1));
  const ls_problem *problem = space.problem;
  const ls_structure *structure = &problem->structures[0];
  uint16_t link[LS_TIER_MAX];
  ls_rank_decode(problem, structure->rank_first, link);
  const ls_units units = ls_end_units(problem, structure, 0, &problem->links[link[0]], 0);
  const double failures = 512 * 997e-9 * 8760;
  const double stop = 122.311, hour = 59.076; /* GPU-hours: at once, and for each hour */
  EXPECT_NEAR((double)ls_units_tco(problem, &units).lost_mgpuh / 1000,
              failures * (stop + hour * 31 / 60), 0.01);
  EXPECT_EQ_I64(ls_units_tco(problem, &units).lost,
                ls_units_tco(problem, &units).lost_mgpuh * 5 / 1000 * 300);
  ls_problem_destroy(space.problem);
}

/* A part that carries several ports may end the job through each, but no more than once, and flaps
 * once. 400G ports of two planes end it one time in four. */
LS_TEST(Risk, a_part_ends_the_job_once)
{
  risk_space space;
  ASSERT_TRUE(risk_build(&space, LS_CHOOSE_CLOS2, 2));
  const ls_problem *problem = space.problem;
  EXPECT_EQ_I64(outage_of(problem, 0, 1, 400).lost_each, 230400 / 4 + 7111);
  EXPECT_EQ_I64(outage_of(problem, 0, 1, 800).lost_each, 230400 / 2 + 7111);
  EXPECT_EQ_I64(outage_of(problem, 0, 1, 1600).lost_each, 230400 + 7111);
  EXPECT_EQ_I64(outage_of(problem, 0, 1, 6400).lost_each, 230400 + 7111);
  EXPECT_EQ_I64(outage_of(problem, 0, 1, 6400).slow_each, 0);
  EXPECT_EQ_I64(outage_of(problem, 0, 1, 6400).count, 1000);
  ls_problem_destroy(space.problem);
}

/* Eight ports of one leaf's engine take eight of its 128 paths; sixteen GPUs that each lose one of
 * two planes hold the job up no more than one does, but a NIC's part takes both planes of one. */
LS_TEST(Risk, an_engine_slows_the_job_down_once)
{
  risk_space space;
  ASSERT_TRUE(risk_build(&space, LS_CHOOSE_CLOS2, 2));
  const ls_problem *problem = space.problem;
  ASSERT_EQ_I64(problem->structures[0].path_count[1], 128);
  const double eight = 0.3 * 8 / (120 + 0.3 * 8), ends = 8 * 0.025;
  EXPECT_NEAR((double)outage_of(problem, 1, 0, 3200).slow_each, 512e3 * (1 - ends) * eight, 1);
  const double half = 0.3 / 1.3, both = 0.6 / 1.6;
  EXPECT_NEAR((double)outage_of(problem, 0, 1, 800).slow_each, 512e3 * 0.5 * half, 1);
  EXPECT_NEAR((double)outage_of(problem, 0, 0, 800).slow_each, 512e3 * 0.5 * both, 1);
  ls_problem_destroy(space.problem);
}

/* 1,024 ports of 400G are served by 256 engines of 1.6T, 64 laser modules of 6.4T and 512 lasers of
 * 800G, and lose what these lose: not each port what its engine does. */
LS_TEST(Risk, lost_hours_of_engines_by_hand)
{
  risk_space space;
  ASSERT_TRUE(risk_build(&space, LS_CHOOSE_CLOS2, 2));
  ls_problem *problem = space.problem;
  const ls_structure *structure = &problem->structures[0];
  uint16_t link[LS_TIER_MAX];
  ls_rank_decode(problem, structure->rank_first, link);
  const ls_link_row *row = &problem->links[link[0]];
  problem->optics[row->optic_b] = (ls_optic_row){
      .part = {{1540, 1600, 120}, {200, 6400, 30}, {100, 800, 30}}, .share_gbps = 400, .fit = 385};
  const ls_units units = ls_end_units_of(problem, structure, 0, row, 1, 1024, true);
  EXPECT_EQ_I64(units.outage[0].count, 256);
  EXPECT_EQ_I64(units.outage[1].count, 64);
  EXPECT_EQ_I64(units.outage[2].count, 512);
  /* An engine of four ports always ends the job, one laser of two ports half of the time. */
  const double stop = 230.4, flaps = 7.111, half = 512 * 0.5 * 0.3 / 1.3;
  const double engines = 256 * 1540e-9 * 8760 * (stop + flaps);
  const double modules = 64 * 200e-9 * 8760 * (stop + flaps);
  const double lasers = 512 * 100e-9 * 8760 * (stop / 2 + flaps + half * 30 / 60);
  EXPECT_NEAR((double)ls_units_tco(problem, &units).lost_mgpuh / 1000, engines + modules + lasers,
              0.01);
  /* At risk: each part with the port it serves. */
  EXPECT_EQ_I64(ls_optic_risk_bps(&problem->optics[row->optic_b], 400),
                (1540 * 120 + 300 * 30) * 400 / 60);
  /* A port of 1.6T needs two of the lasers. */
  EXPECT_EQ_I64(ls_optic_risk_bps(&problem->optics[row->optic_b], 1600),
                (1540 * 120 + 200 * 30 + 2 * 100 * 30) * 1600 / 60);
  ls_problem_destroy(problem);
}

/* Changing an engine stops its box: the only leaf of its GPUs costs a planned restart, any other
 * box one of the paths. */
LS_TEST(Risk, a_planned_stop_is_cheaper)
{
  risk_space one, two;
  ASSERT_TRUE(risk_build(&one, LS_CHOOSE_CLOS2, 1) && risk_build(&two, LS_CHOOSE_CLOS2, 2));
  const ls_structure *lone = &one.problem->structures[0], *pair = &two.problem->structures[0];
  EXPECT_EQ_I64(lone->lost_swap[0], 512 * 10000 / 60);
  EXPECT_EQ_I64(lone->slow_swap[0], 0);
  EXPECT_EQ_I64(pair->lost_swap[0], 0);
  EXPECT_EQ_I64(pair->slow_swap[0], 512 * 1000 * 230769LL / 1000000);
  EXPECT_EQ_I64(lone->lost_swap[1], 0);
  EXPECT_LT_I64(0, lone->slow_swap[1]);
  ls_problem_destroy(one.problem);
  ls_problem_destroy(two.problem);
}

/* The job of a spec may be smaller than its cluster; and says itself how much it communicates. */
LS_TEST(Risk, what_a_spec_says_of_the_job)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  spec->cluster = (ls_spec_cluster){.gpu_count = 1000, .nic_gbps = 800};
  spec->reliability.checkpoint_milli_min = 60000;
  EXPECT_EQ_I64(ls_spec_lost_job(spec), 500000);
  spec->reliability.job_gpus = 100;
  EXPECT_EQ_I64(ls_spec_lost_job(spec), 50000);
  EXPECT_EQ_I64(ls_spec_communication_ppm(spec), 300000);
  spec->reliability.communication_ppm = 120000;
  EXPECT_EQ_I64(ls_spec_communication_ppm(spec), 120000);
}

static int64_t ports_of(const ls_failure_mode *modes, int32_t count, const char *name)
{
  for (int32_t i = 0; i < count; i++)
    if (strcmp(modes[i].name, name) == 0) return modes[i].gbps / 800;
  return -1;
}

/* A co-packaged box of 115.2T in ports of 800G: what goes down with each of its parts. */
LS_TEST(Risk, blast_radius_of_a_co_packaged_box)
{
  ls_error error = {.line = 0};
  ls_catalog *all = shim_alloc(sizeof *all), *catalog = shim_alloc(sizeof *catalog);
  ASSERT_STATUS(ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", all, &error), LS_OK);
  ASSERT_STATUS(ls_catalog_at(all, 2026, LS_SUPPLY_BASE, catalog), LS_OK);
  int32_t index = 0;
  while (strcmp(catalog->switches[index].id, "q3450-ld") != 0) index++;
  ls_failure_mode modes[LS_BOX_MODE_MAX];
  const int32_t count = ls_box_modes(catalog, &catalog->switches[index], modes);
  EXPECT_EQ_I64(count, 5);
  EXPECT_EQ_I64(ports_of(modes, count, "laser"), 1);
  EXPECT_EQ_I64(ports_of(modes, count, "laser_module"), 8);
  EXPECT_EQ_I64(ports_of(modes, count, "engine"), 2);
  EXPECT_EQ_I64(ports_of(modes, count, "asic"), 36);
  EXPECT_EQ_I64(ports_of(modes, count, "box"), 144);
}

/* Engines of 1.6T at 100 FIT per 400G: 400 FIT each. An engine waits 60
 * minutes, a laser module (50 FIT) and a laser (20 FIT) are changed in 5; the box goes down for
 * itself and one of its four ASICs (1,000 and 10 FIT, 240 minutes), and 10 minutes for each of 72
 * engines. */
LS_TEST(Risk, a_fixed_engine_waits_and_then_stops_the_box)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_catalog_optic *optic = &catalog->optics[0];
  ls_catalog_switch *box = &catalog->switches[0];
  catalog->optic_count = catalog->switch_count = 1;
  *optic = (ls_catalog_optic){.id = "engine", .kind = LS_OPTIC_CPO};
  optic->failure_fit.value = 100;
  optic->port_share_gbps.value = 400;
  optic->engine_gbps.value = 1600;
  optic->engine_wait_min.value = 60;
  optic->engine_swap_min.value = 10;
  optic->laser_count.value = 2;
  optic->laser_fit.value = 20;
  optic->laser_module_fit.value = 50;
  optic->laser_module_gbps.value = 6400;
  optic->laser_module_repair_min.value = 5;
  optic->pair_gbps.value = 100;
  *box = (ls_catalog_switch){.id = "box", .integrated_optic = "engine"};
  box->bandwidth_gbps.value = 115200;
  box->failure_fit.value = 1000;
  box->repair_min.value = 240;
  box->asic_count.value = 4;
  box->asic_fit.value = 10;
  ls_failing_part parts[LS_PART_MAX];
  ls_optic_parts(optic, parts);
  const ls_failing_part expected[LS_PART_MAX] = {{400, 1600, 60}, {50, 6400, 5}, {20, 800, 5}};
  for (int32_t i = 0; i < LS_PART_MAX; i++) {
    EXPECT_EQ_I64(parts[i].fit, expected[i].fit);
    EXPECT_EQ_I64(parts[i].gbps, expected[i].gbps);
    EXPECT_EQ_I64(parts[i].minutes, expected[i].minutes);
  }
  /* Of 400G: a quarter of an engine, half a laser, a sixteenth of a laser module. */
  EXPECT_EQ_I64(ls_integrated_parts_fit(optic), 100 + 10 + 3);
  EXPECT_EQ_I64(ls_chassis_fit(box), 1040);
  EXPECT_EQ_I64(ls_chassis_downtime(box), 1010 * 240);
  EXPECT_EQ_I64(ls_chassis_swap_fit(catalog, box), 72 * 400);
  /* With a fixed engine goes the box, which needs a spare; a socketed one is changed alone. */
  EXPECT_EQ_I64(ls_chassis_engines_fit(catalog, box), 72 * 400);
  optic->is_socketed = true;
  EXPECT_EQ_I64(ls_chassis_engines_fit(catalog, box), 0);
  EXPECT_EQ_I64(ls_chassis_swap_downtime(catalog, box), 72 * 400 * 10);
}

/* evaluate prints the modes of a design, and how much of it is up. */
LS_TEST(Risk, evaluate_tells_of_failures)
{
  const char *const argv[] = {LS_TEST_PROGRAM,
                              "evaluate",
                              LS_TEST_SOURCE_DIR "/topologies/reference/million-gpu.yaml",
                              LS_TEST_SOURCE_DIR
                              "/topologies/reference/million-gpu-cpo.design.yaml",
                              "--json",
                              NULL};
  shim_result result = {.exit_code = -1};
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  static const char *const modes[] = {"laser_module", "engine", "box", "module"};
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
    EXPECT_CONTAINS(result.out, shim_format("\"mode\": \"%s\"", modes[i]));
  const char *up = strstr(result.out, "\"bandwidth_up\": ");
  ASSERT_TRUE(up != NULL && strstr(result.out, "\"all_up\": ") != NULL);
  const double share = atof(up + strlen("\"bandwidth_up\": "));
  EXPECT_TRUE(share > 0.99 && share < 1);
}
