/* What answers say in words: each of these once said something else than what was found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/shim.h"

#define POD                                                                                        \
  "year: 2026\n"                                                                                   \
  "cluster: {gpus: 512, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"

/* The program on a spec of this text, with up to three more words. */
static shim_result run(const char *command, const char *spec_text, const char *const words[3])
{
  const char *spec = shim_format("%s/spec.yaml", shim_folder());
  const char *const argv[] = {LS_TEST_PROGRAM, command, spec, words[0], words[1], words[2], NULL};
  shim_result told = {.exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  shim_file_write(spec, spec_text, strlen(spec_text));
  shim_run(argv, NULL, &told);
  return told;
}

static const char *const nothing[3];

/* Merged tiers settle most designs without scoring them: the count is of the others. */
LS_TEST(Told, feasible_designs_are_those_of_the_evaluated)
{
  const shim_result told = run("sweep",
                               POD "floor: {rows: 4, racks_per_row: 8}\n"
                                   "space: {families: [clos2], planes: [1]}\n",
                               nothing);
  EXPECT_EQ_I64(told.exit_code, 0);
  EXPECT_CONTAINS(told.out, " evaluated, ");
  EXPECT_CONTAINS(told.out, " of these feasible, ");
}

/* A rack unit is left in each rack, and no slot: the answer is one object, not a second one that
 * says why there are no places. */
LS_TEST(Told, a_design_without_a_place_is_one_answer)
{
  static const char design_text[] =
      "family: clos2\n"
      "planes: 1\n"
      "switches: {leaf: th5-51t, spine: th5-51t}\n"
      "links:\n"
      "  - {tier: access, optic_a: dsp-800g-dr8-siph, optic_b: dsp-800g-dr8-siph}\n"
      "  - {tier: leaf_spine, optic_a: dsp-800g-dr8-siph, optic_b: dsp-800g-dr8-siph}\n";
  const char *design = shim_format("%s/design.yaml", shim_folder());
  shim_file_write(design, design_text, strlen(design_text));
  const char *const words[3] = {design, "--json"};
  const shim_result told =
      run("evaluate", POD "floor: {rows: 1, racks_per_row: 16, rack_units: 33}\n", words);
  EXPECT_EQ_I64(told.exit_code, 1);
  EXPECT_CONTAINS(told.out, "\"floor_slots\"");
  EXPECT_CONTAINS(told.out, "\"unplaced\": ");
  EXPECT_CONTAINS(told.out, "16 GPU racks and 2 network racks need 2 slots more than the 16 free");
  EXPECT_TRUE(strstr(told.out, "\n{") == NULL);
  EXPECT_STREQ(told.err, "");
}

/* Co-packaged optics alone leave NICs without any. */
LS_TEST(Told, a_nic_without_optics_is_named)
{
  const shim_result told = run("sweep",
                               POD "floor: {rows: 4, racks_per_row: 8}\n"
                                   "space: {families: [clos2], technologies: [cpo]}\n",
                               nothing);
  EXPECT_EQ_I64(told.exit_code, 1);
  EXPECT_CONTAINS(told.err, "none of the chosen optics fit a NIC");
}

/* With one box and one kind of module most figures of the catalog belong to parts that no design
 * has, and are not counted among those that reach one. */
LS_TEST(Told, figures_that_reach_no_design_are_told_apart)
{
  const char *text = POD "floor: {rows: 4, racks_per_row: 8}\n"
                         "space: {families: [clos2], planes: [1], oversubscription: [1], "
                         "optics: [dsp-800g-dr8], switches: [th5-51t], fibers: [g652d]}\n";
  static const char *const draws[3] = {"--draws", "40"};
  static const char *const as_json[3] = {"--draws", "40", "--json"};
  const shim_result json = run("explain", text, as_json);
  const shim_result told = run("explain", text, draws);
  const char *drawn = strstr(json.out, "\"figures_drawn\": ");
  const char *reaching = strstr(json.out, "\"figures_reaching\": ");
  ASSERT_TRUE(drawn != NULL && reaching != NULL);
  const int64_t drawn_count = atoll(strchr(drawn, ':') + 1);
  const int64_t reaching_count = atoll(strchr(reaching, ':') + 1);
  EXPECT_LT_I64(20, reaching_count);
  EXPECT_LT_I64(3 * reaching_count, drawn_count);
  EXPECT_CONTAINS(told.out,
                  shim_format("%d of them of parts that these designs have", (int)reaching_count));
  EXPECT_CONTAINS(told.out, "With the assumed figures alone drawn the knee has ");
}

/* Here the year is a change of its own, and the limit another. */
LS_TEST(Told, what_a_change_lifts_is_told_as_its_effect)
{
  const shim_result told = run("explain",
                               "year: 2024\n"
                               "cluster: {gpus: 512, gpus_per_server: 8, servers_per_rack: 4, "
                               "nic_gbps_per_gpu: 800}\n"
                               "floor: {rows: 60, racks_per_row: 60}\n"
                               "limits: {capex_usd_max: 2000000}\n"
                               "space: {families: [clos2, clos3], planes: [1], "
                               "technologies: [lpo]}\n",
                               nothing);
  EXPECT_EQ_I64(told.exit_code, 1);
  EXPECT_CONTAINS(told.out, "relax: year: 2025");
  EXPECT_CONTAINS(told.out, "by which year no longer stands in the way, either\n");
}

/* That a baseline or a comparison of the knee has no design is no news of the run. */
LS_TEST(Told, a_quiet_run_that_succeeds_says_nothing)
{
  const char *spec = shim_format("%s/spec.yaml", shim_folder());
  const char *const argv[] = {
      LS_TEST_PROGRAM, "optimize", spec, "-o", shim_format("%s/run", shim_folder()),
      "--quiet",       NULL};
  static const char text[] = POD "floor: {rows: 4, racks_per_row: 8}\n"
                                 "space: {families: [ocs_spine], planes: [1]}\n";
  shim_result told = {.exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  shim_file_write(spec, text, sizeof text - 1);
  shim_run(argv, NULL, &told);
  EXPECT_EQ_I64(told.exit_code, 0);
  EXPECT_STREQ(told.err, "");
}

/* The reason why, too: a stream remembers only that a write failed. */
LS_TEST(Told, a_full_disk_behind_standard_output_is_named)
{
  const char *const argv[] = {"sh", "-c", LS_TEST_PROGRAM " schema spec > /dev/full", NULL};
  const char *const json[] = {"sh", "-c", LS_TEST_PROGRAM " help --json > /dev/full", NULL};
  shim_result told = {.exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  for (int32_t i = 0; i < 2; i++) {
    shim_run(i ? json : argv, NULL, &told);
    EXPECT_EQ_I64(told.exit_code, 3);
    EXPECT_CONTAINS(told.err, "standard output cannot be written: No space left on device");
  }
}
