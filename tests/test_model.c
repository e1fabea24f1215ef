/* Known answers of the model: optical margins, OCS counts, throughput, failure arithmetic. */
#include "../kernels/evaluate.h"
#include "shim/shim.h"

/* DR and FR4 light through fiber of 0.4 dB/km, matings of 0.35 dB, circulators of 0.8 dB. */
static ls_problem light_problem(void)
{
  ls_problem problem = {.mating_loss_mdb = 350, .circulator_loss_mdb = 800};
  problem.optics[0] = (ls_optic_row){.tx_mdbm = -2200,
                                     .threshold_mdbm = -5300,
                                     .penalty_mdb = 100,
                                     .strands_per_pair = 2,
                                     .pair_gbps = 100};
  problem.optics[1] = (ls_optic_row){.tx_mdbm = -1700,
                                     .threshold_mdbm = -6000,
                                     .penalty_mdb = 300,
                                     .strands_per_pair = 2,
                                     .pair_gbps = 400};
  problem.fibers[0] = (ls_fiber_row){.loss_mdb_per_km = 400, .latency_fs_per_mm = 4900};
  return problem;
}

LS_TEST(Model, margins_of_known_links)
{
  const ls_problem problem = light_problem();
  const ls_link_row dr = {0, 0, 0, 0}, fr = {1, 1, 0, 0}, fr_circulated = {1, 1, 0, 2};
  EXPECT_EQ_I64(ls_link_check_budget(&problem, &dr, 100000, 2, 0).margin_mdb, 2260);
  EXPECT_EQ_I64(ls_link_check_budget(&problem, &dr, 100000, 4, 2000).margin_mdb, -440);
  EXPECT_EQ_I64(ls_link_check_budget(&problem, &fr, 100000, 4, 2000).margin_mdb, 560);
  EXPECT_EQ_I64(ls_link_check_budget(&problem, &fr_circulated, 100000, 4, 2000).margin_mdb, -1040);
}

LS_TEST(Model, margin_is_that_of_the_worse_direction)
{
  ls_problem problem = light_problem();
  const ls_link_row link = {0, 1, 0, 0}, back = {1, 0, 0, 0};
  problem.optics[1].internal_loss_mdb = 250;
  const int32_t margin = ls_link_check_budget(&problem, &link, 50000, 2, 0).margin_mdb;
  EXPECT_EQ_I64(margin, ls_link_check_budget(&problem, &back, 50000, 2, 0).margin_mdb);
  EXPECT_EQ_I64(margin, ls_min(-2200 - 250 - 720 - 300 + 6000, -1700 - 250 - 720 - 100 + 5300));
}

LS_TEST(Model, less_loss_never_breaks_a_link)
{
  const ls_problem problem = light_problem();
  const ls_link_row link = {0, 1, 0, 0};
  int32_t before = INT32_MIN;
  for (int64_t length_mm = 500000; length_mm >= 0; length_mm -= 10000) {
    const int32_t margin = ls_link_check_budget(&problem, &link, length_mm, 2, 0).margin_mdb;
    EXPECT_LE_I64(before, margin);
    before = margin;
  }
}

LS_TEST(Model, strands_of_a_link)
{
  ls_problem problem = light_problem();
  const ls_link_row dr = {0, 0, 0, 0}, dr_circulated = {0, 0, 0, 2}, bidirectional = {2, 2, 0, 0};
  problem.optics[2] = (ls_optic_row){.strands_per_pair = 1, .pair_gbps = 400};
  EXPECT_EQ_I64(ls_link_strands(&problem, &dr, 800), 16);
  EXPECT_EQ_I64(ls_link_strands(&problem, &dr_circulated, 800), 8);
  EXPECT_EQ_I64(ls_link_strands(&problem, &bidirectional, 800), 2);
}

LS_TEST(Model, ocs_of_a_tpu_v4_pod)
{
  /* 64 cubes with 96 links each, 64 usable ports a side, circulators: 48 OCS, 2 links each. */
  EXPECT_EQ_I64(ls_size_ocs(64, 96, 1, 64, true, false), 48);
  /* Without circulators twice as many ports are needed. */
  EXPECT_EQ_I64(ls_size_ocs(64, 96, 1, 64, false, false), 96);
  /* Too many strands for any whole number of links. */
  EXPECT_EQ_I64(ls_size_ocs(64, 96, 4, 64, false, false), 0);
}

LS_TEST(Model, ocs_counts_keep_their_rules)
{
  for (int32_t blocks = 2; blocks <= 40; blocks++)
    for (int32_t up = 1; up <= 64; up++)
      for (int32_t is_bidirectional = 0; is_bidirectional < 2; is_bidirectional++) {
        const int32_t count = ls_size_ocs(blocks, up, 2, 136, is_bidirectional, false);
        if (!count) continue;
        const int64_t links = up / count;
        EXPECT_EQ_I64(up % count, 0);
        EXPECT_EQ_I64(blocks * links % 2, 0);
        if (is_bidirectional) EXPECT_EQ_I64(links % 2, 0);
        EXPECT_LE_I64(blocks * links * 2, 136 * (is_bidirectional ? 2 : 1));
      }
}

LS_TEST(Model, power_of_a_million_gpus)
{
  /* 6,000,000 modules of 1.6T at 18.75 pJ/bit draw 180 MW; CPO at 5.625 pJ/bit 54 MW. */
  const ls_optic_row module = {.module_gbps = 1600, .power_uw_per_gbps = 18750};
  const ls_optic_row engine = {.module_gbps = 0, .power_uw_per_gbps = 5625};
  EXPECT_EQ_I64(6000000 * ls_module_power_mw(&module, 400), 180000000000);
  EXPECT_EQ_I64(6000000 * 4 * ls_module_power_mw(&engine, 400), 54000000000);
}

LS_TEST(Model, modules_are_rounded_up_per_chassis)
{
  const ls_optic_row module = {.module_gbps = 1600};
  const ls_side side = {{128, 1}, {5, 244}};
  EXPECT_EQ_I64(ls_side_modules(&module, &side, 400), 128 * 2 + 61);
  EXPECT_EQ_I64(ls_side_cages(&module, &side, 400), 61);
}

LS_TEST(Model, risk_of_one_module)
{
  /* 1000 FIT, 60 minutes, 800 Gb/s: 1e-6 per hour x 1 h x 800 Gb/s = 0.8 Mb/s. */
  EXPECT_EQ_I64(ls_unit_risk_bps(1000 * 60, 800), 800000);
}

LS_TEST(Model, a_port_of_integrated_optics_fails_with_what_serves_it)
{
  /* 385 FIT x 60 minutes are seen by each Gb/s: a port twice as fast puts twice as much at risk. Of
   * parts that 400 Gb/s consist of, 800 have twice as many. */
  const ls_optic_row engine = {.part = {{385, 3200, 60}}, .share_gbps = 400};
  EXPECT_EQ_I64(ls_optic_risk_bps(&engine, 400), 385 * 400);
  EXPECT_EQ_I64(ls_optic_risk_bps(&engine, 800), 385 * 800);
  EXPECT_EQ_I64(ls_optic_share(&engine, 385, 800), 770);
}

LS_TEST(Model, a_port_takes_whole_fiber_pairs)
{
  ls_problem problem = light_problem();
  const ls_link_row fr = {1, 1, 0, 0};
  ls_structure structure = {
      .tier_count = 1, .port_gbps = 400, .ocs_index = -1, .peer_tier = -1, .scale_up_index = -1};
  problem.optics[1].module_gbps = 800;
  problem.optics[1].lane_gbps = 100;
  problem.optics[1].place_mask = LS_PLACE_NIC | LS_PLACE_LEAF;
  problem.optics[1].reach_mm = 1000000;
  problem.optics[1].overload_mdbm = 4000;
  EXPECT_EQ_I64(ls_tier_violations(&problem, &structure, 0, &fr), 0);
  structure.port_gbps = 200;
  EXPECT_EQ_I64(ls_tier_violations(&problem, &structure, 0, &fr), LS_VIOLATES_PORT_RATE);
}
