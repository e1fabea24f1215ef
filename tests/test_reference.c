/* The reference designs in topologies/reference have the counts that their makers publish, and
 * published figures can be compared by a file. */
#include <stdlib.h>
#include <string.h>

#include "shim/shim.h"

#define REFERENCE LS_TEST_SOURCE_DIR "/topologies/reference/"

static double json_number(const char *json, const char *key)
{
  const char *found = strstr(json, shim_format("\"%s\": ", key));
  return found ? atof(found + strlen(key) + 4) : -1;
}

LS_TEST(Reference, superpods_have_the_published_counts)
{
  /* Cables of the Ethernet pod hold two links each. */
  static const struct {
    const char *name;
    int32_t leaves, spines, cores, access_links, leaf_spine_links, spine_core_links;
  } pods[] = {{"b200-8su", 64, 32, 0, 2048, 2048, 0},
              {"b200-64su", 512, 512, 256, 16384, 16384, 16384},
              {"b300-16su", 256, 128, 0, 2 * 8192, 2 * 8192, 0}};
  for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
    const char *const argv[] = {LS_TEST_PROGRAM,
                                "evaluate",
                                shim_format(REFERENCE "%s.yaml", pods[i].name),
                                shim_format(REFERENCE "%s.design.yaml", pods[i].name),
                                "--json",
                                NULL};
    shim_result result;
    ASSERT_TRUE(shim_run(argv, NULL, &result));
    EXPECT_EQ_I64(result.exit_code, 0);
    EXPECT_NEAR(json_number(result.out, "leaf_count"), pods[i].leaves, 0);
    EXPECT_NEAR(json_number(result.out, "spine_count"), pods[i].spines, 0);
    EXPECT_NEAR(json_number(result.out, "core_count"), pods[i].cores, 0);
    EXPECT_NEAR(json_number(result.out, "access_links"), pods[i].access_links, 0);
    EXPECT_NEAR(json_number(result.out, "leaf_spine_links"), pods[i].leaf_spine_links, 0);
    EXPECT_NEAR(json_number(result.out, "spine_core_links"), pods[i].spine_core_links, 0);
  }
}

static shim_result validate(const char *text)
{
  const char *path = shim_format("%s/figures.yaml", shim_folder());
  const char *const argv[] = {LS_TEST_PROGRAM, "validate", path, "--json", NULL};
  shim_result result = {
      .exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  if (shim_file_write(path, text, strlen(text))) shim_run(argv, NULL, &result);
  return result;
}

static const char *row(const char *kind, const char *rest)
{
  return shim_format("rows:\n"
                     "  - id: A\n"
                     "    quantity: optics power\n"
                     "    published: '3.3'\n"
                     "    low: 3.3\n"
                     "    high: 3.4\n"
                     "    source: a page\n"
                     "    kind: %s\n"
                     "    total: optics_power_w\n"
                     "    spec: " REFERENCE "million-gpu.yaml\n"
                     "    design: " REFERENCE "million-gpu-cpo-nic.design.yaml\n%s",
                     kind, rest);
}

LS_TEST(Reference, figures_are_compared_as_value_ratio_or_saving)
{
  static const char *const other = "    other_design: " REFERENCE "million-gpu.design.yaml\n";
  EXPECT_NEAR(json_number(validate(row("value", "    divide_by: 1000000\n")).out, "value"), 54,
              0.06);
  EXPECT_NEAR(json_number(validate(row("ratio", other)).out, "value"), 30.0 / 9, 1e-2);
  EXPECT_NEAR(json_number(validate(row("saving", other)).out, "value"), 70, 0.1);
  EXPECT_TRUE(strstr(validate(row("ratio", other)).out, "\"within\": true") != NULL);
  EXPECT_TRUE(strstr(validate(row("saving", other)).out, "\"within\": false") != NULL);
}

LS_TEST(Reference, a_figure_that_cannot_be_compared_is_refused)
{
  EXPECT_EQ_I64(validate(row("ratio", "")).exit_code, 2);
  EXPECT_EQ_I64(validate(row("value", "    divide_by: 0\n")).exit_code, 2);
  EXPECT_EQ_I64(validate(row("value", "    other_design: x.yaml\n")).exit_code, 2);
  EXPECT_EQ_I64(validate("rows: []\n").exit_code, 2);
}

/* After an intended change of figures write the page anew, as it says itself. */
LS_TEST(Reference, the_validation_page_is_what_the_program_writes)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "validate", REFERENCE "validation.yaml", NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/validation.md", NULL);
  ASSERT_TRUE(page != NULL);
  EXPECT_STREQ(result.out, page);
}

LS_TEST(Reference, every_design_is_sized_and_says_what_it_violates)
{
  static const char *const designs[][2] = {
      {"tpu-v4-like", "tpu-v4-like"},   {"tpu-v4-like", "tpu-v4-like-clos"},
      {"jupiter-like", "jupiter-like"}, {"jupiter-like", "jupiter-like-clos"},
      {"xdr-10k", "xdr-10k-cpo"},       {"ethernet-8k", "ethernet-8k-davisson"},
      {"rails-16k", "rails-16k"},       {"rails-16k", "rails-16k-clos"}};
  for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
    const char *const argv[] = {LS_TEST_PROGRAM,
                                "evaluate",
                                shim_format(REFERENCE "%s.yaml", designs[i][0]),
                                shim_format(REFERENCE "%s.design.yaml", designs[i][1]),
                                "--json",
                                NULL};
    shim_result result;
    ASSERT_TRUE(shim_run(argv, NULL, &result));
    if (result.exit_code) LS_TEST_FAIL("%s: %s%s", designs[i][1], result.out, result.err);
  }
}

LS_TEST(Reference, ocs_replace_spines_and_cores)
{
  /* 64 blocks of 64 links, two strands' worth a port: 64 * 64 / (2 * 64) = 32 OCS. Eight pods of
   * 4,096 uplinks: 8 * 4096 / (2 * 64) = 256. */
  static const struct {
    const char *name;
    int32_t ocs_count;
  } cases[] = {{"tpu-v4-like", 32}, {"jupiter-like", 256}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *const argv[] = {LS_TEST_PROGRAM,
                                "evaluate",
                                shim_format(REFERENCE "%s.yaml", cases[i].name),
                                shim_format(REFERENCE "%s.design.yaml", cases[i].name),
                                "--json",
                                NULL};
    shim_result result;
    ASSERT_TRUE(shim_run(argv, NULL, &result));
    EXPECT_NEAR(json_number(result.out, "ocs_count"), cases[i].ocs_count, 0);
    EXPECT_NEAR(json_number(result.out, "core_count"), 0, 0);
  }
}
