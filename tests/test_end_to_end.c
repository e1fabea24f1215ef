/* The real program on real specs, as its user runs it: outputs, exit codes, equal bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/shim.h"

#define SPEC(name) LS_TEST_SOURCE_DIR "/topologies/" name ".yaml"

/* A spec of 256 GPUs whose answer has spines and OCS, small enough to verify in no time. */
static const char *const small_spec =
    "year: 2026\n"
    "cluster: {gpus: 256, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"
    "floor: {rows: 4, racks_per_row: 4, rack_kw: 60}\n"
    "space: {planes: [1, 2], oversubscription: [1, 2]}\n";

static shim_result run(const char *a, const char *b, const char *c, const char *d, const char *e,
                       const char *f)
{
  const char *const argv[] = {LS_TEST_PROGRAM, a, b, c, d, e, f, NULL};
  shim_result result = {
      .exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  shim_run(argv, NULL, &result);
  return result;
}

static const char *spec_write(const char *text)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  shim_file_write(path, text, strlen(text));
  return path;
}

/* The text behind "key": up to the next comma or line end. */
static const char *json_value(const char *json, const char *key)
{
  const char *found = strstr(json, shim_format("\"%s\": ", key));
  if (!found) return "";
  found += strlen(key) + 4;
  return shim_format("%.*s", (int)strcspn(found, ",\n"), found);
}

LS_TEST(EndToEnd, sweep_prints_the_fields_others_rely_on)
{
  static const char *const keys[] = {"space_size",      "designs_evaluated",
                                     "designs_bounded", "designs_feasible",
                                     "seconds",         "designs_per_second",
                                     "backend",         "front_inserts",
                                     "method",          "front_exact",
                                     "front",           "front_sha256",
                                     "design",          "capex_usd",
                                     "power_w",         "throughput_worst_low",
                                     "latency_ns_max",  "bandwidth_at_risk_gbps",
                                     "leaf_count",      "oversubscription_actual"};
  const shim_result result = run("sweep", SPEC("pod-4k"), "--json", "--backend", "cpu", NULL);
  EXPECT_EQ_I64(result.exit_code, 0);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    EXPECT_CONTAINS(result.out, shim_format("\"%s\": ", keys[i]));
  EXPECT_STREQ(json_value(result.out, "front_exact"), "true");
  EXPECT_STREQ(json_value(result.out, "method"), "\"merge\"");
  const int64_t space = atoll(json_value(result.out, "space_size"));
  EXPECT_EQ_I64(space, atoll(json_value(result.out, "designs_evaluated")) +
                           atoll(json_value(result.out, "designs_bounded")));
}

LS_TEST(EndToEnd, sweep_has_one_digest_for_merging_and_scoring)
{
  const shim_result merged = run("sweep", SPEC("pod-4k"), "--json", "--backend", "cpu", NULL);
  const shim_result scored =
      run("sweep", SPEC("pod-4k"), "--json", "--backend=cpu", "--exhaustive", NULL);
  EXPECT_STREQ(json_value(scored.out, "method"), "\"exhaustive\"");
  EXPECT_STREQ(json_value(merged.out, "front_sha256"), json_value(scored.out, "front_sha256"));
}

LS_TEST(EndToEnd, sweep_has_one_digest_for_any_threads)
{
  const shim_result one = run("sweep", SPEC("pod-4k"), "--json", "--threads", "1", NULL);
  const shim_result two = run("sweep", SPEC("pod-4k"), "--json", "--threads", "2", NULL);
  ASSERT_EQ_I64((int64_t)strlen(json_value(one.out, "front_sha256")), 66);
  EXPECT_STREQ(json_value(one.out, "front_sha256"), json_value(two.out, "front_sha256"));
}

static void expect_same_files(const char *a, const char *b)
{
  static const char *const files[] = {"cheapest.graphml",
                                      "knee.graphml",
                                      "fastest.cables.csv",
                                      "safest.materials.csv",
                                      "all-pluggable.graphml",
                                      "without-ocs.cables.csv",
                                      "pareto.csv",
                                      "pareto.json",
                                      "manifest.json",
                                      "spec.yaml",
                                      "catalog.yaml"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    size_t size_a = 0, size_b = 0;
    const char *text_a = shim_file_read(shim_format("%s/%s", a, files[i]), &size_a);
    const char *text_b = shim_file_read(shim_format("%s/%s", b, files[i]), &size_b);
    if (!text_a || !text_b || size_a != size_b || memcmp(text_a, text_b, size_a))
      LS_TEST_FAIL("%s differs or is missing", files[i]);
  }
}

LS_TEST(EndToEnd, optimize_writes_the_same_bytes_on_one_and_two_threads)
{
  const char *spec = spec_write(small_spec), *folder = shim_folder();
  const char *one = shim_format("%s/one", folder), *two = shim_format("%s/two", folder);
  const shim_result first = run("optimize", spec, "-o", one, "--threads", "1");
  const shim_result second = run("optimize", spec, "-o", two, "--threads", "2");
  EXPECT_EQ_I64(first.exit_code, 0);
  EXPECT_EQ_I64(second.exit_code, 0);
  EXPECT_CONTAINS(first.out, "Picks");
  EXPECT_CONTAINS(first.out, "Baselines");
  const char *last = strstr(first.out, "\npicks: cheapest");
  EXPECT_TRUE(last && strstr(last, "knee") && strstr(last, "/one/report.html\n"));
  EXPECT_CONTAINS(first.err, "million designs/s");
  expect_same_files(one, two);
  EXPECT_TRUE(shim_file_read(shim_format("%s/run.json", one), NULL) != NULL);
}

/* 64 leaves of 32 links: what joins them is told with its bound and is the same on any number of
 * threads. */
LS_TEST(EndToEnd, graphs_that_are_found_are_the_same_on_one_and_two_threads)
{
  const char *spec = spec_write(
      "year: 2026\n"
      "cluster: {gpus: 2048, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800}\n"
      "floor: {rows: 8, racks_per_row: 12, rack_kw: 60}\n"
      "traffic: {compute_ms: 200, all_reduce_gb: 2, all_to_all_gb: 4, pipeline_gb: 1,\n"
      "          parallelism: {tensor: 8, pipeline: 8, expert: 8}}\n"
      "space: {families: [direct], block_graphs: [found, demand, demand_half, torus_3d],\n"
      "        switches: [th5-51t], planes: [1], optics: [dsp-800g-2xfr4, dsp-800g-dr8]}\n");
  const char *one = shim_format("%s/one", shim_folder()),
             *two = shim_format("%s/two", shim_folder());
  const shim_result first = run("optimize", spec, "-o", one, "--threads", "1");
  const shim_result second = run("optimize", spec, "-o", two, "--threads", "2");
  EXPECT_EQ_I64(first.exit_code, 0);
  EXPECT_EQ_I64(second.exit_code, 0);
  EXPECT_CONTAINS(first.out,
                  "of 64 leaves with 32 links each: 1.4921 links apart on average, at most 2;");
  EXPECT_CONTAINS(first.out, "(gap 0.00 %)");
  expect_same_files(one, two);
}

/* A line of pareto.csv ends with what the years cost; pareto.json says the same of its rank. */
LS_TEST(EndToEnd, optimize_tells_what_the_years_cost_in_the_table_too)
{
  static const char *const keys[] = {"tco_usd", "lost_gpu_hours_per_year", "usd_per_gpu_hour"};
  const char *folder = shim_format("%s/out", shim_folder());
  ASSERT_EQ_I64(run("optimize", spec_write(small_spec), "-o", folder, NULL, NULL).exit_code, 0);
  char *table = shim_file_read(shim_format("%s/pareto.csv", folder), NULL);
  const char *json = shim_file_read(shim_format("%s/pareto.json", folder), NULL);
  ASSERT_TRUE(table != NULL && json != NULL);
  char *line = strchr(table, '\n') + 1;
  line[-1] = line[strcspn(line, "\n")] = '\0';
  const char *member = strstr(json, "\"front\": [");
  ASSERT_TRUE(member != NULL);
  member = strstr(member,
                  shim_format("\"rank\": %s,", shim_format("%.*s", (int)strcspn(line, ","), line)));
  ASSERT_TRUE(member != NULL);
  for (size_t i = sizeof keys / sizeof *keys; i-- > 0;) {
    char *name = strrchr(table, ','), *value = strrchr(line, ',');
    ASSERT_TRUE(name != NULL && value != NULL);
    EXPECT_STREQ(name + 1, keys[i]);
    EXPECT_NEAR(atof(value + 1), atof(json_value(member, keys[i])), 0.005);
    *name = *value = '\0';
  }
}

LS_TEST(EndToEnd, optimize_replaces_its_own_folder_and_no_other)
{
  const char *spec = spec_write(small_spec);
  const char *folder = shim_format("%s/out", shim_folder()), *foreign = shim_folder();
  EXPECT_EQ_I64(run("optimize", spec, "-o", folder, NULL, NULL).exit_code, 0);
  EXPECT_EQ_I64(run("optimize", spec, "-o", folder, NULL, NULL).exit_code, 0);
  shim_file_write(shim_format("%s/diary.txt", foreign), "dear", 4);
  EXPECT_EQ_I64(run("optimize", spec, "-o", foreign, NULL, NULL).exit_code, 2);
  EXPECT_STREQ(shim_file_read(shim_format("%s/diary.txt", foreign), NULL), "dear");
}

LS_TEST(EndToEnd, optimize_prints_json_alone_on_stdout)
{
  const char *spec = spec_write(small_spec), *folder = shim_format("%s/out", shim_folder());
  const shim_result result = run("optimize", spec, "-o", folder, "--json", NULL);
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_EQ_I64(result.out[0], '{');
  static const char *const keys[] = {"picks", "baselines", "front",   "unproved_count",
                                     "files", "saves",     "tco_usd", "module_count"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    EXPECT_CONTAINS(result.out, shim_format("\"%s\": ", keys[i]));
}

/* Exported picks verify; after one change in the file, verify names the edge. */
LS_TEST(EndToEnd, verify_names_what_was_changed)
{
  static const struct {
    const char *key, *from, *to;
  } changes[] = {{"weight", ">", ">9"}, {"length_mm", ">", ">9"}, {"optic_a", ">", ">x"}};
  const char *spec = spec_write(small_spec), *folder = shim_format("%s/out", shim_folder());
  ASSERT_EQ_I64(run("optimize", spec, "-o", folder, NULL, NULL).exit_code, 0);
  const char *path = shim_format("%s/knee.graphml", folder);
  const shim_result whole = run("verify", path, "--json", NULL, NULL, NULL);
  EXPECT_EQ_I64(whole.exit_code, 0);
  EXPECT_STREQ(json_value(whole.out, "ok"), "true");
  const char *text = shim_file_read(path, NULL);
  ASSERT_TRUE(text != NULL);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    const char *edge = strstr(text, "<edge ");
    ASSERT_TRUE(edge != NULL);
    const char *value = strstr(edge, shim_format("\"%s\">", changes[i].key));
    if (!value) value = strstr(edge, shim_format("%s\">", changes[i].key));
    ASSERT_TRUE(value != NULL);
    value = strchr(value, '>') + 1;
    const char *changed = shim_format("%s/changed%zu.graphml", folder, i);
    const char *insert = changes[i].to + 1;
    const char *bytes = shim_format("%.*s%s%s", (int)(value - text), text, insert, value);
    shim_file_write(changed, bytes, strlen(bytes));
    const shim_result result = run("verify", changed, "--json", NULL, NULL, NULL);
    EXPECT_EQ_I64(result.exit_code, 1);
    EXPECT_STREQ(json_value(result.out, "ok"), "false");
    const char *id = strstr(edge, "id=\"");
    ASSERT_TRUE(id != NULL);
    EXPECT_CONTAINS(result.out, shim_format("%.*s", (int)strcspn(id + 4, "\""), id + 4));
  }
}

/* ---- Broken specs: one clear sentence, the right exit code ---- */

static void expect_refusal(const char *path, int exit_code, const char *sentence)
{
  const shim_result result =
      run("optimize", path, "-o", shim_format("%s/o", shim_folder()), NULL, NULL);
  EXPECT_EQ_I64(result.exit_code, exit_code);
  EXPECT_CONTAINS(result.err, sentence);
  EXPECT_STREQ(result.out, "");
  const shim_result json = run("sweep", path, "--json", NULL, NULL, NULL);
  EXPECT_EQ_I64(json.exit_code, exit_code);
}

LS_TEST(EndToEnd, broken_specs_are_refused_in_one_sentence)
{
  static const struct {
    const char *text, *sentence;
  } cases[] = {
      {"year: soon\n", ":1: year must be"},
      {"year: 2026\ncluster: {gpus: 64, nic_gbps_per_gpu: 800}\ncolour: red\n", ":3: colour"},
      {"year: 2026\ncluster: {gpus: -8, nic_gbps_per_gpu: 800}\n",
       "cluster.gpus must be 1..4194304, got -8"},
      {"year: 2026\ncluster: {gpus: 99999999999999999999, nic_gbps_per_gpu: 800}\n",
       "cluster.gpus must be 1..4194304"},
      {"", "spec.yaml"},
      {"year: \xff\xfe\n", "UTF-8"},
      {"a: &a [*a]\n", "spec.yaml:1"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_refusal(spec_write(cases[i].text), 2, cases[i].sentence);
  expect_refusal("/nowhere/spec.yaml", 2, "/nowhere/spec.yaml");
}

LS_TEST(EndToEnd, a_spec_of_100_megabytes_is_refused_at_once)
{
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  FILE *stream = fopen(path, "w");
  ASSERT_TRUE(stream != NULL);
  EXPECT_EQ_I64(fseek(stream, 100 << 20, SEEK_SET), 0);
  fputs("year: 2026\n", stream);
  EXPECT_EQ_I64(fclose(stream), 0);
  expect_refusal(path, 2, "spec.yaml");
}

LS_TEST(EndToEnd, an_infeasible_spec_says_which_constraints)
{
  const char *path = spec_write(shim_format("%slimits: {capex_usd_max: 100}\n", small_spec));
  expect_refusal(path, 1, "is infeasible: no design meets all constraints");
  const shim_result result = run("sweep", path, "--json", NULL, NULL, NULL);
  EXPECT_CONTAINS(result.out, "\"limit_capex\": ");
  EXPECT_CONTAINS(result.err, "above limits.capex_usd_max");
}

LS_TEST(EndToEnd, usage_and_unknown_commands)
{
  EXPECT_EQ_I64(run("--help", NULL, NULL, NULL, NULL, NULL).exit_code, 0);
  EXPECT_EQ_I64(run(NULL, NULL, NULL, NULL, NULL, NULL).exit_code, 2);
  const shim_result version = run("--version", "--json", NULL, NULL, NULL, NULL);
  EXPECT_STREQ(json_value(version.out, "program"), "\"lightspine\"");
  EXPECT_CONTAINS(version.out, "\"version\": \"");
  EXPECT_CONTAINS(run("dance", NULL, NULL, NULL, NULL, NULL).err, "there is no command dance");
  EXPECT_CONTAINS(run("sweep", NULL, NULL, NULL, NULL, NULL).err, "expects one spec file");
  const shim_result result = run("sweep", SPEC("lab-64"), "--backend", "abacus", NULL, NULL);
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "--backend must be auto, cpu or cuda, got abacus");
}

LS_TEST(EndToEnd, cuda_without_a_gpu_is_an_error_when_asked_for)
{
  const shim_result devices = run("devices", "--json", NULL, NULL, NULL, NULL);
  EXPECT_EQ_I64(devices.exit_code, 0);
  if (strstr(devices.out, "\"gpus\": []") == NULL) LS_TEST_SKIP("this machine has a GPU");
  const shim_result result = run("sweep", SPEC("lab-64"), "--backend", "cuda", "--json", NULL);
  EXPECT_EQ_I64(result.exit_code, 3);
  EXPECT_CONTAINS(result.out, "\"error\"");
  EXPECT_CONTAINS(result.err, "cuda cannot be used");
  const shim_result bench = run("bench", "apsp", "--backend", "cuda", NULL, NULL);
  EXPECT_EQ_I64(bench.exit_code, 3);
  EXPECT_CONTAINS(bench.err, "cuda cannot be used");
  const shim_result wire = run("wire", "--nodes=20", "--degree=3", "--backend", "cuda", NULL);
  EXPECT_EQ_I64(wire.exit_code, 3);
  EXPECT_CONTAINS(wire.err, "cuda cannot be used");
}
