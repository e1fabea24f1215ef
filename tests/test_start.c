/* A design to start from is built, whatever the shortlist says. */
#include "resumed.h"

LS_TEST(Start, a_design_in_words_or_graphml_is_built_first)
{
  const char *root = shim_folder(), *plain = shim_format("%s/plain", root);
  const char *out = shim_format("%s/out", root), *words = shim_format("%s/design.yaml", root);
  const char *const first[] = {"optimize", RESUMED_SPEC("pod-512"), "-o", plain, NULL};
  ASSERT_EQ_I64(resumed_run(first).exit_code, 0);
  const char *json = shim_file_read(shim_format("%s/pareto.json", plain), NULL);
  ASSERT_TRUE(json != NULL);
  const char *rank = strstr(json, "\"rank\": "), *design = strstr(json, "\"design\": ");
  ASSERT_TRUE(rank != NULL && design != NULL);
  rank = shim_format("%.*s", (int)strcspn(rank + 8, ","), rank + 8);
  const char *end = strstr(design, "\n      },");
  ASSERT_TRUE(end != NULL);
  design = shim_format("%.*s\n}\n", (int)(end - design - 10), design + 10);
  ASSERT_TRUE(shim_file_write(words, design, strlen(design)));
  const char *const files[] = {words, shim_format("%s/cheapest.graphml", plain)};
  for (int32_t i = 0; i < 2 && !shim_has_failed(); i++) {
    /* One design alone: the start. */
    const char *const again[] = {"optimize", RESUMED_SPEC("pod-512"), "-o", out, "--start",
                                 files[i],   "--evaluations",         "1",  NULL};
    const shim_result result = resumed_run(again);
    EXPECT_EQ_I64(result.exit_code, 0);
    EXPECT_CONTAINS(shim_file_read(shim_format("%s/manifest.json", out), NULL),
                    shim_format("\"start_rank\": %s,", rank));
    EXPECT_CONTAINS(shim_file_read(shim_format("%s/pareto.json", out), NULL),
                    shim_format("\"rank\": %s,", rank));
  }
}

LS_TEST(Start, a_design_of_another_space_is_refused)
{
  const char *out = shim_format("%s/out", shim_folder());
  const char *const other[] = {
      "optimize", RESUMED_SPEC("lab-64"),
      "-o",       out,
      "--start",  LS_TEST_SOURCE_DIR "/results/example-pod-512/knee.graphml",
      NULL};
  const shim_result result = resumed_run(other);
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "is no design of this spec");
}
