/* `lightspine evaluate`: the known totals of a million GPUs, ledgers that sum, designs that the
 * sweep prints read back as themselves, and refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/evaluation.h"
#include "../host/ledger_text.h"
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

/* Factors a x b x c, whatever units stand behind them. */
static double product_of(const char *factors)
{
  double product = 1;
  for (const char *at = factors; at != NULL; at = strstr(at, " x ") ? strstr(at, " x ") + 3 : NULL)
    product *= atof(at);
  return product;
}

/* 8760 h x [n x (a FIT x b GPU-h + c FIT min / 60 x d GPU-h/h) + ...] */
static double lost_of(const char *factors)
{
  double sum = 0, count, fit, at_once, downtime, hourly;
  for (const char *at = strchr(factors, '['); at != NULL; at = strstr(at, ") + ")) {
    at += at[0] == '[' ? 1 : 4;
    if (sscanf(at, "%lf x (%lf FIT x %lf GPU-h + %lf FIT min / 60 x %lf", &count, &fit, &at_once,
               &downtime, &hourly) != 5) {
      shim_fail(SHIM_AT, "no factors: %s", at);
      return 0;
    }
    sum += count * (fit * at_once + downtime / 60 * hourly);
  }
  return atof(factors) * sum * 1e-9;
}

/* What a line says it is made of comes to its value, to what is rounded down on the way. */
static void expect_factors(const ls_spec *spec, const ls_ledger_line *line)
{
  char text[LS_FACTORS_MAX];
  const double value = (double)line->value;
  const char *factors = ls_ledger_factors(spec, line, text);
  const bool is_plain = line->rule < LS_RULE_ENERGY || line->rule == LS_RULE_TCO;
  EXPECT_TRUE(is_plain == (factors == NULL));
  if (!factors) return;
  if (line->rule == LS_RULE_ENERGY) EXPECT_NEAR(100 * product_of(factors), value, 1 + 1e-6 * value);
  if (line->rule == LS_RULE_REPAIRS)
    EXPECT_NEAR(1e-7 * product_of(factors), value, 1 + 1e-4 * value);
  if (line->rule == LS_RULE_LOST_MONEY)
    EXPECT_NEAR(100 * atof(factors) * atof(strstr(factors, " x ") + 3), value, 0.5);
  if (line->rule == LS_RULE_LOST_HOURS)
    EXPECT_NEAR(1e3 * lost_of(factors), value, 4 + 1e-5 * value);
  if (line->rule == LS_RULE_SPARES) EXPECT_EQ_I64(atoll(factors), line->count);
}

/* The line of the catalog that a source names, as the catalog has it. */
static const char *source_line(const char *catalog, const char *source)
{
  const char *at = catalog;
  for (int32_t line = atoi(strchr(source, ':') + 1); line > 1 && at; line--) {
    at = strchr(at, '\n');
    at += at != NULL;
  }
  return at ? shim_format("%.*s", (int)strcspn(at, "\n"), at) : "";
}

/* The source of a line is the figure it rests on. */
static void expect_source(const char *catalog, const ls_ledger_line *line)
{
  static const char *const keys[LS_RULE_COUNT] = {[LS_RULE_MODULES] = " capex_usd: ",
                                                  [LS_RULE_CORDS] = " capex_usd_per_km: ",
                                                  [LS_RULE_MODULE_POWER] = " energy_pj_per_bit: ",
                                                  [LS_RULE_CHASSIS_POWER] = " power_w: ",
                                                  [LS_RULE_OCS_POWER] = " power_w: ",
                                                  [LS_RULE_REPAIRS] = " failure_fit: ",
                                                  [LS_RULE_LOST_HOURS] = " failure_fit: ",
                                                  [LS_RULE_LOST_MONEY] = " failure_fit: "};
  if (keys[line->rule]) EXPECT_CONTAINS(source_line(catalog, line->source), keys[line->rule]);
}

LS_TEST(Evaluate, lines_say_what_they_are_made_of)
{
  sweep_space space;
  bool is_seen[LS_RULE_COUNT] = {false};
  const char *catalog = shim_file_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", NULL);
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/model.md", NULL);
  ASSERT_TRUE(catalog != NULL && page != NULL);
  ASSERT_TRUE(sweep_space_read(&space, "scale-up-2k") && sweep_space_build(&space));
  ls_evaluation *evaluation = shim_alloc(sizeof *evaluation);
  for (int32_t rule = 0; rule < LS_RULE_COUNT; rule++)
    EXPECT_CONTAINS(page, shim_format("\n| %s | ", ls_ledger_rule_name((ls_ledger_rule)rule)));
  const uint64_t step = space.problem->space_size / 97 + 1;
  for (uint64_t rank = 0; rank < space.problem->space_size; rank += step) {
    ls_evaluation_init(space.problem, space.catalog, rank, evaluation);
    for (int32_t i = 0; i < evaluation->line_count; i++) {
      const ls_ledger_line *line = &evaluation->lines[i];
      is_seen[line->rule] = true;
      expect_factors(space.spec, line);
      if (strncmp(line->item, "copper", 6) != 0 && !strstr(line->item, "scale-up"))
        expect_source(catalog, line);
    }
  }
  for (int32_t rule = LS_RULE_MODULE_POWER; rule < LS_RULE_COUNT; rule++)
    EXPECT_TRUE(is_seen[rule] || rule == LS_RULE_OCS_POWER);
  sweep_space_destroy(&space);
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
  for (int32_t nth = 0; nth < 70; nth += 13) {
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
