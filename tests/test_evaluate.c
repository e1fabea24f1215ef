/* `lightspine evaluate`: the known totals of a million GPUs, ledgers that sum, designs that the
 * sweep prints read back as themselves, and refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/evaluation.h"
#include "sweep_space.h"

#define REFERENCE LS_TEST_SOURCE_DIR "/topologies/reference/"

static double json_number(const char *json, const char *key)
{
  const char *found = strstr(json, shim_format("\"%s\": ", key));
  return found ? atof(found + strlen(key) + 4) : -1;
}

static shim_result evaluate(const char *spec, const char *design)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "evaluate", spec, design, "--json", NULL};
  shim_result result = {
      .exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  shim_run(argv, NULL, &result);
  return result;
}

LS_TEST(Evaluate, a_million_gpus_on_modules_and_on_cpo)
{
  static const struct {
    const char *design;
    double optics_power_w, module_count;
  } cases[] = {{REFERENCE "million-gpu.design.yaml", 180e6, 6e6},
               {REFERENCE "million-gpu-cpo.design.yaml", 75e6, 1e6},
               {REFERENCE "million-gpu-cpo-nic.design.yaml", 54e6, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const shim_result result = evaluate(REFERENCE "million-gpu.yaml", cases[i].design);
    EXPECT_EQ_I64(result.exit_code, 0);
    EXPECT_NEAR(json_number(result.out, "switch_count"), 79380, 0);
    EXPECT_NEAR(json_number(result.out, "optics_power_w"), cases[i].optics_power_w,
                1e-3 * cases[i].optics_power_w);
    EXPECT_NEAR(json_number(result.out, "module_count"), cases[i].module_count,
                1e-3 * cases[i].module_count);
    EXPECT_LT_I64(0, (int64_t)json_number(result.out, "latency_ns_mean"));
    EXPECT_LT_I64((int64_t)json_number(result.out, "latency_ns_mean"),
                  (int64_t)json_number(result.out, "latency_ns_max"));
  }
}

/* Over samples of a real space: lines are whole products and sum to capex, power, TCO and lost
 * hours. */
LS_TEST(Evaluate, ledgers_sum_to_the_totals)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "pod-4k") && sweep_space_build(&space));
  ls_evaluation *evaluation = shim_alloc(sizeof *evaluation);
  for (uint64_t rank = 0; rank < space.problem->space_size; rank += 997) {
    int64_t capex = 0, power = 0, tco = 0, lost = 0;
    ls_evaluation_init(space.problem, space.catalog, rank, evaluation);
    for (int32_t i = 0; i < evaluation->line_count; i++) {
      const ls_ledger_line *line = &evaluation->lines[i];
      EXPECT_EQ_I64(line->count * line->unit_value, line->value);
      if (strcmp(line->total, "capex_usd") == 0)
        capex += line->value;
      else if (strcmp(line->total, "tco_usd") == 0)
        tco += line->value;
      else if (strcmp(line->total, "lost_gpu_hours_per_year") == 0)
        lost += line->value;
      else
        power += line->value;
    }
    EXPECT_EQ_I64(capex, evaluation->score.metric[LS_METRIC_CAPEX]);
    EXPECT_EQ_I64(power, evaluation->score.metric[LS_METRIC_POWER]);
    EXPECT_EQ_I64(tco, evaluation->score.metric[LS_METRIC_TCO]);
    EXPECT_EQ_I64(lost, evaluation->score.metric[LS_METRIC_LOST]);
  }
  sweep_space_destroy(&space);
}

/* The object behind the nth "design": of a JSON text, braces and all. */
static const char *design_text(const char *json, int32_t nth)
{
  const char *at = json;
  for (int32_t i = 0; at && i <= nth; i++) at = strstr(at + 1, "\"design\": {");
  if (!at) return NULL;
  at = strchr(at, '{');
  int32_t depth = 0;
  size_t length = 0;
  do {
    depth += (at[length] == '{') - (at[length] == '}');
    length++;
  } while (depth);
  return shim_format("%.*s", (int)length, at);
}

LS_TEST(Evaluate, reads_back_what_the_sweep_prints)
{
  const char *spec = LS_TEST_SOURCE_DIR "/topologies/pod-4k.yaml";
  const char *const argv[] = {LS_TEST_PROGRAM, "sweep", spec, "--json", NULL};
  shim_result front_run;
  ASSERT_TRUE(shim_run(argv, NULL, &front_run));
  for (int32_t nth = 0; nth < 80; nth += 13) {
    const char *text = design_text(front_run.out, nth);
    ASSERT_TRUE(text != NULL);
    const char *path = shim_format("%s/design.json", shim_folder());
    ASSERT_TRUE(shim_file_write(path, text, strlen(text)));
    const shim_result result = evaluate(spec, path);
    EXPECT_EQ_I64(result.exit_code, 0);
    const char *front = strstr(front_run.out, text);
    ASSERT_TRUE(front != NULL && strstr(result.out, "\"ledger\"") != NULL);
    EXPECT_NEAR(json_number(result.out, "capex_usd"), json_number(front, "capex_usd"), 0.005);
    EXPECT_NEAR(json_number(result.out, "power_w"), json_number(front, "power_w"), 0.0005);
    EXPECT_NEAR(json_number(result.out, "latency_ns_max"), json_number(front, "latency_ns_max"),
                0.0005);
  }
}

LS_TEST(Evaluate, refuses_what_cannot_be)
{
  static const char *const good =
      "family: clos2\nswitches: {leaf: th5-51t, spine: th5-51t}\nlinks:\n"
      "  - {tier: access, optic_a: lpo-800g-dr8, optic_b: lpo-800g-dr8}\n"
      "  - {tier: leaf_spine, optic_a: lpo-800g-dr8, optic_b: lpo-800g-dr8}\n";
  static const struct {
    const char *from, *to, *sentence;
    int exit_code;
  } cases[] = {{"clos2", "clos2", "", 0},
               {"clos2", "torus", ":1: family must be one of", 2},
               {"leaf: th5-51t", "leaf: th7", "switches names th7, which the catalog does not", 2},
               {"spine: th5-51t", "spine: q3400", "do not go together", 2},
               {"optic_b: lpo-800g-dr8", "optic_b: bidi-800g", "do not go together", 2},
               {"family: clos2", "family: clos2\nplanes: 3", "planes must divide the NIC", 2},
               {"family: clos2", "family: clos1", "do not go together", 2}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *at = strstr(good, cases[i].from);
    ASSERT_TRUE(at != NULL);
    const char *text =
        shim_format("%.*s%s%s", (int)(at - good), good, cases[i].to, at + strlen(cases[i].from));
    const char *path = shim_format("%s/design.yaml", shim_folder());
    ASSERT_TRUE(shim_file_write(path, text, strlen(text)));
    const shim_result result = evaluate(LS_TEST_SOURCE_DIR "/topologies/pod-512.yaml", path);
    EXPECT_EQ_I64(result.exit_code, cases[i].exit_code);
    EXPECT_CONTAINS(result.err, cases[i].sentence);
  }
}
