/* The verifier recomputes what is claimed of the whole: each false total is named, and a figure
 * that is changed wherever it stands shows in what follows from it. */
#include "verdict.h"

static void expect_false_totals(const exported *made)
{
  static const char *const keys[] = {"gpu_count",
                                     "server_count",
                                     "rack_count",
                                     "leaf_count",
                                     "spine_count",
                                     "core_count",
                                     "ocs_count",
                                     "capex_cents",
                                     "power_mw",
                                     "access_link_count",
                                     "spine_link_count",
                                     "core_link_count",
                                     "diameter_hops",
                                     "module_count",
                                     "optics_power_mw",
                                     "switch_power_mw",
                                     "ocs_power_mw",
                                     "fiber_mm",
                                     "latency_ps_max",
                                     "latency_ps_mean",
                                     "risk_bps",
                                     "throughput_worst_ppm_low",
                                     "throughput_worst_ppm_high",
                                     "tco_cents",
                                     "lost_mgpuh_per_year",
                                     "gpu_hour_micro_usd",
                                     "scale_up_power_mw"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    char *text = exported_set(made->text, made->text, shim_format("g_%s", keys[i]), "99999999999");
    if (text == NULL) continue;
    const verdict found = verify_text(text);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_EQ_I64(found.report->mismatch_count, 1);
    EXPECT_STREQ(found.report->mismatches[0].where, "graph");
    EXPECT_STREQ(found.report->mismatches[0].what, keys[i]);
    EXPECT_STREQ(found.report->mismatches[0].claimed, "99999999999");
  }
}

LS_TEST(Verify, finds_every_false_total)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  expect_false_totals(&made);
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  expect_false_totals(&made);
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS3, true, 2, 296, -1, 0}, &made));
  expect_false_totals(&made);
}

/* A figure changed wherever it stands agrees with itself, but not with what follows from it. */
typedef struct premise {
  const char *key, *value;
  const char *where, *what; /* where NULL: the first element that element names */
  const char *element;      /* what marks it, such as ">leaf<" */
} premise;

static void expect_follows(const exported *made, const premise *changed)
{
  char id[128];
  const char *where = changed->where;
  char *text = exported_set_all(made->text, changed->key, changed->value);
  if (text == NULL) return;
  if (where == NULL && exported_element(text, "<node ", changed->element, id) != NULL) where = id;
  if (where == NULL) return;
  const verdict found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  if (!is_named(&found, where, changed->what))
    LS_TEST_FAIL("%s: %s was not named after %s = %s", where, changed->what, changed->key,
                 changed->value);
}

LS_TEST(Verify, recomputes_from_the_units)
{
  static const premise premises[] = {
      {"g_fec_latency_ps", "1", "graph", "latency_ps_max", NULL},
      {"g_fec_latency_ps", "1", "graph", "latency_ps_mean", NULL},
      {"g_optic.dr8.latency_ps", "1", "graph", "latency_ps_max", NULL},
      {"g_optic.dr8.latency_ps", "1", "graph", "latency_ps_mean", NULL},
      {"g_fiber.smf.latency_fs_per_mm", "1", "graph", "latency_ps_max", NULL},
      {"g_fiber.smf.latency_fs_per_mm", "1", "graph", "latency_ps_mean", NULL},
      {"n_unit_latency_ps", "1", "graph", "latency_ps_max", NULL},
      {"n_unit_latency_ps", "1", "graph", "latency_ps_mean", NULL},
      {"n_unit_downtime_fit_min", "1", "graph", "risk_bps", NULL},
      {"g_optic.dr8.part1_min", "1", "graph", "risk_bps", NULL},
      {"n_cage_count", "1", NULL, "cage_count", ">leaf<"},
      {"n_cage_count", "1", NULL, "cage_count", ">spine<"},
      {"n_cage_gbps", "400", NULL, "cage_gbps", ">leaf<"},
      {"n_radix", "1000", "graph", "throughput_worst_ppm_low", NULL},
      {"n_radix", "1000", "graph", "throughput_worst_ppm_high", NULL},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (size_t i = 0; i < sizeof premises / sizeof *premises; i++)
    expect_follows(&made, &premises[i]);
}

LS_TEST(Verify, scales_failures_of_integrated_optics)
{
  static const premise premises[] = {
      {"g_optic.cpo-dr.fit_share_gbps", "100", "graph", "tco_cents", NULL},
      {"g_optic.cpo-dr.part1_fit", "1", "graph", "lost_mgpuh_per_year", NULL},
      {"g_optic.cpo-dr.part1_gbps", "6400", "graph", "lost_mgpuh_per_year", NULL},
      {"n_unit_swap_fit_min", "1", "graph", "risk_bps", NULL},
      {"g_optic.cpo-dr.part1_min", "1", "graph", "risk_bps", NULL}};
  exported made = {0};
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS2, false, 2, 128, FABRIC_CPO, 0}, &made));
  for (size_t i = 0; i < sizeof premises / sizeof *premises; i++)
    expect_follows(&made, &premises[i]);
}

/* What runs over the years follows from prices, failures and what they cost the job. */
LS_TEST(Verify, recomputes_what_runs_over_the_years)
{
  static const premise premises[] = {
      {"g_energy_ucents_per_mw", "1", "graph", "tco_cents", NULL},
      {"g_gpu_hour_cents", "1", "graph", "tco_cents", NULL},
      {"g_spare_hours", "8760", "graph", "tco_cents", NULL},
      {"g_spare_z_milli", "1", "graph", "spare_z_milli", NULL},
      {"g_job_lost_mgpuh", "1", "graph", "lost_mgpuh_per_year", NULL},
      {"g_job_flaps_mgpuh", "1", "graph", "lost_mgpuh_per_year", NULL},
      {"g_job_gpus", "1", "graph", "lost_mgpuh_per_year", NULL},
      {"g_kill_access_ppm", "1", "graph", "lost_mgpuh_per_year", NULL},
      {"g_kill_trunk_ppm", "900000", "graph", "lost_mgpuh_per_year", NULL},
      {"g_job_communication_ppm", "1000000", "graph", "lost_mgpuh_per_year", NULL},
      {"g_cluster_cents", "1", "graph", "gpu_hour_micro_usd", NULL},
      {"g_effective_gpu_hours", "1", "graph", "gpu_hour_micro_usd", NULL},
      {"n_unit_repair_mcents", "9999999", "graph", "tco_cents", NULL},
      {"g_scale_up_switch_power_mw", "1000000", "graph", "scale_up_power_mw", NULL}};
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (size_t i = 0; i < sizeof premises / sizeof *premises; i++)
    expect_follows(&made, &premises[i]);
}

/* Every slot is full where a slot holds next to nothing, so that of the first rack is named. */
LS_TEST(Verify, names_the_slot_that_is_too_full)
{
  static const char *const changes[][3] = {{"g_slot_rack_units", "1", "rack_units"},
                                           {"g_slot_power_mw", "1", "power_mw"},
                                           {"g_server_rack_units", "1000", "rack_units"},
                                           {"g_server_power_mw", "999999999", "power_mw"},
                                           {"n_unit_power_mw_max", "999999999", "power_mw"},
                                           {"n_rack_units", "100", "rack_units"}};
  exported made = {0};
  char id[128], slot[128];
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    const bool is_of_switch = changes[i][0][0] == 'n';
    const char *mark = is_of_switch ? ">leaf<" : ">rack<";
    const char *at = exported_element(made.text, "<node ", mark, id);
    ASSERT_TRUE(at != NULL && exported_value(at, "n_slot", slot));
    const premise changed = {changes[i][0], changes[i][1], shim_format("slot %s", slot),
                             changes[i][2], NULL};
    expect_follows(&made, &changed);
  }
}

/* 38 U hold a rack of servers and up to three leaves beside, but no OCS as well. */
LS_TEST(Verify, names_the_slot_that_one_more_overfills)
{
  static const char *const keys[] = {"n_slot", "n_x", "n_y"};
  exported made = {0};
  char id[128], value[128];
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  char *text = exported_set(made.text, made.text, "g_slot_rack_units", "38");
  const char *rack = exported_element(made.text, "<node ", ">rack<", id);
  ASSERT_TRUE(text != NULL && rack != NULL && exported_value(rack, "n_slot", value));
  const char *slot = shim_format("slot %s", value);
  verdict found = verify_text(text);
  EXPECT_FALSE(is_named(&found, slot, "rack_units"));
  for (int i = 0; i < 3; i++) {
    const char *ocs = exported_element(text, "<node ", ">ocs<", id);
    ASSERT_TRUE(ocs != NULL && exported_value(rack, keys[i], value));
    text = exported_set(text, ocs, keys[i], value);
    ASSERT_TRUE(text != NULL);
  }
  found = verify_text(text);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_TRUE(is_named(&found, slot, "rack_units"));
}

/* Circuits that go elsewhere leave two blocks with fewer links between them. */
LS_TEST(Verify, counts_the_circuits_of_each_pair)
{
  static const char *const values[] = {"0", "1"};
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < 2; i++) {
    char id[128];
    const char *at = exported_element(made.text, "<edge ", ">circuit<", id);
    char *text = at == NULL ? NULL : exported_set(made.text, at, "e_link_count", values[i]);
    ASSERT_TRUE(text != NULL);
    const verdict found = verify_text(text);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_TRUE(is_named(&found, "graph", "throughput_worst_ppm_low"));
    EXPECT_FALSE(is_named(&found, "graph", "throughput_worst_ppm_high"));
  }
}
