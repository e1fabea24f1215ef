/* The readers of catalogs and specs: golden pairs under data/inputs (a spec_ or catalog_ file and
 * the sentence it is refused with, or "ok"), and what the values become.  */
#include "../host/fields.h"
#include "../host/spec.h"
#include "shim/shim.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUTS LS_TEST_SOURCE_DIR "/tests/data/inputs"
#define TOPOLOGIES LS_TEST_SOURCE_DIR "/topologies"

static ls_catalog *catalog_read(const char *path)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_error error = {.line = 0};
  EXPECT_STATUS(ls_catalog_read(path, catalog, &error), LS_OK);
  EXPECT_STREQ(error.message, "");
  return catalog;
}

/* The sentence for the user, with the file's name alone. */
static const char *sentence(ls_status status, ls_error *error)
{
  char *text = shim_alloc(1024);
  const char *slash = strrchr(error->file, '/');
  if (status == LS_OK) return "ok";
  if (slash) memmove(error->file, slash + 1, strlen(slash));
  ls_error_format(error, text, 1024);
  return text;
}

static const char *read_any(const char *name, const char *path, const ls_catalog *catalog)
{
  ls_error error = {.line = 0};
  ls_status status;
  if (strncmp(name, "spec_", 5) == 0) {
    ls_spec *spec = shim_alloc(sizeof *spec);
    status = ls_spec_read(path, catalog, spec, &error);
  } else {
    ls_catalog *other = shim_alloc(sizeof *other);
    status = ls_catalog_read(path, other, &error);
  }
  EXPECT_TRUE(status == LS_OK || status == LS_ERR_INPUT);
  return sentence(status, &error);
}

LS_TEST(Inputs, golden_pairs)
{
  const ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  DIR *folder = opendir(INPUTS);
  ASSERT_TRUE(folder != NULL);
  int32_t pair_count = 0;
  for (const struct dirent *entry; (entry = readdir(folder));) {
    const char *end = strstr(entry->d_name, ".yaml");
    if (!end) continue;
    int length = (int)(end - entry->d_name);
    char *expected =
        shim_file_read(shim_format("%s/%.*s.expected", INPUTS, length, entry->d_name), NULL);
    if (!expected) {
      LS_TEST_FAIL("%s has no .expected beside it", entry->d_name);
      continue;
    }
    expected[strcspn(expected, "\n")] = '\0';
    EXPECT_STREQ(read_any(entry->d_name, shim_format("%s/%s", INPUTS, entry->d_name), catalog),
                 expected);
    pair_count++;
  }
  closedir(folder);
  EXPECT_LE_I64(60, pair_count);
}

LS_TEST(Inputs, a_missing_file_is_the_users_mistake)
{
  const ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  ls_spec spec;
  ls_catalog *other = shim_alloc(sizeof *other);
  ls_error error;
  EXPECT_STATUS(ls_spec_read("nowhere/none.yaml", catalog, &spec, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.file, "nowhere/none.yaml");
  EXPECT_STATUS(ls_catalog_read("nowhere/none.yaml", other, &error), LS_ERR_INPUT);
  EXPECT_NE_I64((int64_t)strlen(error.message), 0);
}

LS_TEST(Inputs, a_file_of_100_MB_is_refused_unread)
{
  const ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  const char *path = shim_format("%s/huge.yaml", shim_folder());
  int file = open(path, O_CREAT | O_WRONLY, 0600);
  ASSERT_TRUE(file >= 0);
  EXPECT_EQ_I64(ftruncate(file, 100 * 1000 * 1000), 0);
  close(file);
  ls_spec spec;
  ls_error error;
  EXPECT_STATUS(ls_spec_read(path, catalog, &spec, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.file, path);
  EXPECT_CONTAINS(error.message, "1048576");
}

LS_TEST(Inputs, too_many_values_or_keys_are_refused)
{
  ls_yaml_tree tree;
  ls_error error;
  size_t size = 2 * LS_YAML_NODES_MAX + 16;
  char *text = shim_alloc(size);
  for (size_t i = 0; i < size - 1; i++) text[i] = i % 2 ? '1' : ',';
  text[0] = '[';
  text[size - 2] = ']';
  EXPECT_STATUS(ls_yaml_parse(text, size - 1, "x.yaml", &tree, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.message, "the file holds more than 200000 values");
  size_t used = 0;
  for (int i = 0; i <= LS_YAML_KEYS_MAX; i++)
    used += (size_t)snprintf(text + used, size - used, "k%d: 1\n", i);
  EXPECT_STATUS(ls_yaml_parse(text, used, "x.yaml", &tree, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.message, "a mapping holds more than 256 keys");
}

LS_TEST(Inputs, nul_and_control_characters_are_refused)
{
  const char *const texts[] = {"a: \"x\\0y\"\n",
                               "a: \x01\n",
                               "\x7f: 1\n",
                               "a: \"\xed\xa0\x80\"\n",
                               "a: \xf8\x88\x80\x80\x80\n",
                               "a: \xc0\xaf\n",
                               "a: \xf4\x90\x80\x80\n"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    ls_yaml_tree tree;
    ls_error error;
    EXPECT_STATUS(ls_yaml_parse(texts[i], strlen(texts[i]), "x.yaml", &tree, &error), LS_ERR_INPUT);
  }
}

LS_TEST(Inputs, a_quoted_text_fits_a_line_and_stays_utf8)
{
  char quoted[LS_YAML_QUOTE_BYTES];
  ls_yaml_quote("plain", quoted);
  EXPECT_STREQ(quoted, "plain");
  ls_yaml_quote("a\tb\nc\xc2\x85\xe2\x80\xa9", quoted);
  EXPECT_STREQ(quoted, "a?b?c??");
  char text[128] = "";
  for (int i = 0; i < 40; i++) memcpy(text + 2 * i, "\xc3\xa9", 3);
  ls_yaml_quote(text, quoted);
  EXPECT_EQ_I64((int64_t)strlen(quoted), LS_YAML_QUOTE_BYTES - 1);
  EXPECT_STREQ(quoted + LS_YAML_QUOTE_BYTES - 6, "\xc3\xa9...");
}

/* ---- numbers ---- */

LS_TEST(Inputs, decimals_become_integers_exactly)
{
  const struct {
    const char *text;
    int digits;
    int64_t value;
  } cases[] = {
      {"0.1", 3, 100},
      {"2", 3, 2000},
      {"-2.2", 3, -2200},
      {"+5", 0, 5},
      {".5", 1, 5},
      {"0", 6, 0},
      {"1.0005", 3, 1001},
      {"1.00049999", 3, 1000},
      {"-1.0005", 3, -1001},
      {"0.29", 2, 29},
      {"4.35", 2, 435},
      {"1.005", 2, 101},
      {"560.5", 3, 560500},
      {"-0", 3, 0},
      {"0.078", 6, 78000},
      {"5.625", 3, 5625},
      {"9223372036854775807", 0, INT64_MAX},
      {"0.9", 0, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t value = -1; /* stays where a fraction is refused: the last case */
    ls_status status = ls_decimal_read(cases[i].text, cases[i].digits, &value);
    EXPECT_EQ_I64(value, cases[i].value);
    EXPECT_STATUS(status, cases[i].value == -1 ? LS_ERR_INPUT : LS_OK);
  }
}

LS_TEST(Inputs, what_is_no_plain_decimal_is_refused)
{
  const char *const texts[] = {"",      "-",   "+",    ".",    "1.",  "1e3", "0x10", "1_000",
                               "nan",   "inf", ".inf", "010",  "1 2", " 1",  "1 ",   "--1",
                               "1.2.3", "1,5", "~",    "1:30", "0b1", "0o7", "१",    "1k"};
  int64_t value = 7;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    EXPECT_STATUS(ls_decimal_read(texts[i], 3, &value), LS_ERR_INPUT);
  EXPECT_STATUS(ls_decimal_read("9223372036854775808", 0, &value), LS_ERR_FULL);
  EXPECT_STATUS(ls_decimal_read("9223372036854776", 3, &value), LS_ERR_FULL);
  EXPECT_STATUS(ls_decimal_read("-99999999999999999999999", 0, &value), LS_ERR_FULL);
  EXPECT_EQ_I64(value, 7);
}

LS_TEST(Inputs, decimals_are_written_back_shortest)
{
  char text[32];
  ls_decimal_format(5625, 3, text);
  EXPECT_STREQ(text, "5.625");
  ls_decimal_format(-2200, 3, text);
  EXPECT_STREQ(text, "-2.2");
  ls_decimal_format(4000, 3, text);
  EXPECT_STREQ(text, "4");
  ls_decimal_format(1, 6, text);
  EXPECT_STREQ(text, "0.000001");
  ls_decimal_format(INT64_MIN, 0, text);
  EXPECT_STREQ(text, "-9223372036854775808");
  ls_decimal_format(INT64_MIN, 18, text);
  EXPECT_STREQ(text, "-9.223372036854775808");
}

/* ---- specs ---- */

LS_TEST(Inputs, a_minimal_spec_gets_the_defaults)
{
  const ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  ls_spec spec;
  ASSERT_STATUS(ls_spec_read(INPUTS "/spec_good_minimal.yaml", catalog, &spec, NULL), LS_OK);
  EXPECT_STREQ(spec.name, "spec_good_minimal");
  EXPECT_EQ_I64((int64_t)strlen(spec.sha256), 64);
  EXPECT_EQ_I64(spec.cluster.nic_lane_mask, 3);
  EXPECT_EQ_I64(spec.cluster.server_rack_units, 8);
  EXPECT_EQ_I64(spec.cluster.server_power_mw, 14000000);
  EXPECT_EQ_I64(spec.floor.rack_pitch_mm, 600);
  EXPECT_EQ_I64(spec.floor.row_pitch_mm, 3600);
  EXPECT_EQ_I64(spec.floor.tray_height_mm, 600);
  EXPECT_EQ_I64(spec.floor.drop_mm_per_end, 2500);
  EXPECT_EQ_I64(spec.floor.in_rack_mm, 1500);
  EXPECT_EQ_I64(spec.floor.slack_ppm, 100000);
  EXPECT_EQ_I64(spec.floor.slack_fixed_mm, 2000);
  EXPECT_EQ_I64(spec.floor.rack_units, 48);
  EXPECT_EQ_I64(spec.floor.rack_power_mw, 60000000);
  EXPECT_FALSE(spec.floor.is_structured);
  EXPECT_EQ_I64(spec.floor.blocked_count, 0);
  EXPECT_EQ_I64(spec.economics.years, 5);
  EXPECT_EQ_I64(spec.economics.pue_ppm, 1200000);
  EXPECT_EQ_I64(spec.economics.energy_microusd_per_kwh, 78000);
  EXPECT_EQ_I64(spec.objective_mask, 31);
  for (int i = 0; i < LS_METRIC_COUNT; i++) EXPECT_EQ_I64(spec.limit[i], INT64_MAX);
  EXPECT_EQ_I64(spec.space.family_mask, 2047);
  EXPECT_EQ_I64(spec.space.switch_mask, 3);
  EXPECT_EQ_I64(spec.space.optic_mask, 7);
  EXPECT_EQ_I64(spec.space.ocs_mask, 1);
  EXPECT_EQ_I64(spec.space.fiber_mask, 1);
  EXPECT_EQ_I64(spec.space.plane_count, 3);
  EXPECT_EQ_I64(spec.space.planes[2], 4);
  EXPECT_EQ_I64(spec.space.oversubscription_count, 1);
  EXPECT_EQ_I64(spec.space.oversubscription_num[0], 1);
  EXPECT_EQ_I64(spec.space.oversubscription_den[0], 1);
}

LS_TEST(Inputs, a_full_spec_is_read_in_stored_units)
{
  const ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  ls_spec spec;
  ASSERT_STATUS(ls_spec_read(INPUTS "/spec_good_everything.yaml", catalog, &spec, NULL), LS_OK);
  EXPECT_EQ_I64(spec.floor.rack_pitch_mm, 750);
  EXPECT_EQ_I64(spec.floor.slack_fixed_mm, 0);
  EXPECT_TRUE(spec.floor.is_structured);
  EXPECT_EQ_I64(spec.floor.blocked_count, 1);
  EXPECT_EQ_I64(spec.floor.blocked_slot[0], 5);
  EXPECT_EQ_I64(spec.economics.pue_ppm, 1150000);
  EXPECT_EQ_I64(spec.objective_mask, 1 << LS_METRIC_CAPEX | 1 << LS_METRIC_LATENCY);
  EXPECT_EQ_I64(spec.limit[LS_METRIC_CAPEX], 100000050);
  EXPECT_EQ_I64(spec.limit[LS_METRIC_LOSS], 500000);
  EXPECT_EQ_I64(spec.limit[LS_METRIC_POWER], INT64_MAX);
  EXPECT_EQ_I64(spec.space.family_mask, LS_CHOOSE_CLOS2);
  EXPECT_EQ_I64(spec.space.switch_mask, 1);
  EXPECT_EQ_I64(spec.space.optic_mask, 5);
  EXPECT_EQ_I64(spec.space.plane_count, 2);
  EXPECT_EQ_I64(spec.space.oversubscription_count, 3);
  EXPECT_EQ_I64(spec.space.oversubscription_num[1], 3);
  EXPECT_EQ_I64(spec.space.oversubscription_den[1], 2);
  EXPECT_EQ_I64(spec.space.oversubscription_num[2], 5);
  EXPECT_EQ_I64(spec.space.oversubscription_den[2], 2);
}

LS_TEST(Inputs, a_refused_file_leaves_the_result_as_it_was)
{
  ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  ls_catalog *copy = shim_alloc(sizeof *copy);
  ls_spec spec, before;
  memset(&spec, 0x5a, sizeof spec);
  memset(&before, 0x5a, sizeof before);
  EXPECT_STATUS(ls_spec_read(INPUTS "/spec_planes_uneven.yaml", catalog, &spec, NULL),
                LS_ERR_INPUT);
  EXPECT_BYTES(&spec, &before, sizeof spec);
  memcpy(copy, catalog, sizeof *copy);
  EXPECT_STATUS(ls_catalog_read(INPUTS "/catalog_missing_section.yaml", catalog, NULL),
                LS_ERR_INPUT);
  EXPECT_BYTES(catalog, copy, sizeof *copy);
}

LS_TEST(Inputs, every_shipped_spec_is_read)
{
  const ls_catalog *catalog = catalog_read(TOPOLOGIES "/catalog.yaml");
  const char *const names[] = {"lab-64", "pod-4k", "cluster-64k"};
  const int32_t gpu_counts[] = {64, 4096, 65536};
  for (int i = 0; i < 3; i++) {
    ls_spec spec;
    ls_error error = {.line = 0};
    ls_status status =
        ls_spec_read(shim_format(TOPOLOGIES "/%s.yaml", names[i]), catalog, &spec, &error);
    EXPECT_STREQ(sentence(status, &error), "ok");
    EXPECT_EQ_I64(spec.cluster.gpu_count, gpu_counts[i]);
  }
}

/* ---- catalogs ---- */

LS_TEST(Inputs, a_catalog_is_read_in_stored_units)
{
  const ls_catalog *catalog = catalog_read(INPUTS "/catalog_good.yaml");
  const ls_catalog_switch *box = &catalog->switches[0], *photonic = &catalog->switches[1];
  const ls_catalog_optic *module = &catalog->optics[0], *engine = &catalog->optics[1];
  EXPECT_EQ_I64(catalog->source_count, 2);
  EXPECT_STREQ(catalog->sources[1].title, "A datasheet");
  EXPECT_STREQ(box->vendor, "acme");
  EXPECT_EQ_I64(box->line, 15);
  EXPECT_EQ_I64(box->power_mw.value, 940000);
  EXPECT_EQ_I64(box->power_mw.low, 940000);
  EXPECT_EQ_I64(box->power_mw.source, 1);
  EXPECT_EQ_I64(box->power_mw.evidence, LS_EVIDENCE_DATASHEET);
  EXPECT_EQ_I64(box->power_mw.line, 25);
  EXPECT_EQ_I64(box->latency_ps.value, 560500);
  EXPECT_EQ_I64(box->capex_cents.value, 4500000);
  EXPECT_EQ_I64(box->capex_cents.high, 20000000);
  EXPECT_EQ_I64(box->capex_cents.source, -1);
  EXPECT_EQ_I64(box->capex_cents.evidence, LS_EVIDENCE_ASSUMED);
  EXPECT_EQ_I64(box->lane_mask, 1);
  EXPECT_EQ_I64(box->year_spine.value, 0);
  EXPECT_EQ_I64(photonic->lane_mask, 2);
  EXPECT_STREQ(photonic->integrated_optic, "engine");
  EXPECT_TRUE(photonic->power_includes_optics);
  EXPECT_EQ_I64(photonic->cage_count.value, 0);
  EXPECT_EQ_I64(module->kind, LS_OPTIC_DSP);
  EXPECT_EQ_I64(module->mate_class, LS_MATE_DR);
  EXPECT_EQ_I64(module->energy_fj_per_bit.value, 21250);
  EXPECT_EQ_I64(module->energy_fj_per_bit.year, 2025);
  EXPECT_EQ_I64(module->energy_fj_per_bit.source, 0);
  EXPECT_EQ_I64(module->tx_mdbm.value, -2200);
  EXPECT_EQ_I64(module->internal_loss_mdb.line, 0);
  EXPECT_EQ_I64(engine->energy_fj_per_bit.value, 5625);
  EXPECT_EQ_I64(engine->capex_microusd_per_gbps.value, 600000);
  EXPECT_EQ_I64(engine->internal_loss_mdb.value, 375);
  EXPECT_EQ_I64(catalog->optics[2].energy_fj_per_bit.value, 0);
  EXPECT_EQ_I64(catalog->ocs[0].capex_cents_per_port.value, 50000);
  EXPECT_EQ_I64(catalog->fibers[0].latency_fs_per_mm.value, 4900);
  EXPECT_EQ_I64(catalog->fibers[0].loss_mdb_per_km.value, 400);
  EXPECT_EQ_I64(catalog->parts.fec_latency_ps.value, 120000);
  EXPECT_EQ_I64(catalog->parts.stock_count, 3);
  EXPECT_EQ_I64(catalog->parts.stock_mm[1], 2500);
}

static const char *name_of(const void *context, int32_t index)
{
  return ((const char *const *)context)[index];
}

LS_TEST(Inputs, the_nearest_name_forgives_capitals_and_units_left_out)
{
  static const char *const names[] = {"gpus", "aec", "cpo", "nic_gbps_per_gpu", "power_kw"};
  EXPECT_STREQ(ls_name_nearest("nic_gbps", 5, name_of, names), "nic_gbps_per_gpu");
  EXPECT_STREQ(ls_name_nearest("CPO", 5, name_of, names), "cpo");
  EXPECT_STREQ(ls_name_nearest("gpu", 5, name_of, names), "gpus");
}

LS_TEST(Inputs, a_name_that_is_not_near_is_none)
{
  static const char *const names[] = {"init", "evaluate", "nodes", "sweep"};
  EXPECT_STREQ(ls_name_near("swep", 4, name_of, names), "sweep");
  EXPECT_STREQ(ls_name_near("eval", 4, name_of, names), "evaluate");
  EXPECT_TRUE(ls_name_near("foo", 4, name_of, names) == NULL);
  EXPECT_TRUE(ls_name_near("bogus", 4, name_of, names) == NULL);
  EXPECT_TRUE(ls_name_near("", 4, name_of, names) == NULL);
  EXPECT_TRUE(ls_name_near("x", 0, name_of, names) == NULL);
}

/* Each rule of a catalog, as one edit of the good one and the sentence that follows. */
static const struct {
  const char *find, *replace, *expected;
} catalog_edits[] = {
    {"power_w: 940", "power_w: 0", "25: switches[0].power_w must be 0.001..1000000, got 0"},
    {"power_w: 940", "power_w: -5", "25: switches[0].power_w must be 0.001..1000000, got -5"},
    {"rack_units: 2", "rack_units: 2.5",
     "24: switches[0].rack_units must be a whole number, got 2.5"},
    {"power_w: 940", "power: 940",
     "25: switches[0].power is not a known key; the nearest one is power_w"},
    {"low: 36000, high: 200000", "low: 46000, high: 200000",
     "28: switches[0].capex_usd must have low <= value <= high"},
    {"low: 36000, high: 200000, ", "",
     "28: switches[0].capex_usd is assumed and so needs low and high around its value"},
    {"high: 200000, evidence: assumed", "high: 200000, source: book, evidence: assumed",
     "28: switches[0].capex_usd is assumed and so must not name a source"},
    {"value: 45000, ", "", "28: switches[0].capex_usd needs value or by_year"},
    {"    source: sheet\n    evidence: datasheet\n    bandwidth_gbps: 51200",
     "    evidence: datasheet\n    bandwidth_gbps: 51200",
     "19: switches[0].bandwidth_gbps needs a source, of its own or of its entry; a figure "
     "without one is assumed"},
    {"    source: sheet\n    evidence: datasheet\n    bandwidth_gbps: 51200",
     "    source: sheet\n    bandwidth_gbps: 51200",
     "19: switches[0].bandwidth_gbps needs evidence, of its own or of its entry"},
    {"source: sheet", "source: sheat",
     "18: switches[0].source names no entry of sources: sheat; the nearest is sheet"},
    {"source: sheet", "source: \"line\\nbreak\\Land\"",
     "18: switches[0].source names no entry of sources: line?break?and; the nearest is book"},
    {"evidence: datasheet", "evidence: rumour",
     "19: switches[0].evidence must be one of datasheet, vendor, secondary, derived, assumed, got "
     "rumour; the nearest is vendor"},
    {"id: photonic", "id: box", "34: switches[1].id repeats the id box"},
    {"id: engine", "id: module", "77: optics[1].id repeats the id module"},
    {"lanes_gbps: [100]", "lanes_gbps: [50]",
     "23: switches[0].lanes_gbps[0] must be one of 100, 200, got 50"},
    {"    cage_gbps: 800\n", "",
     "15: switches[0].cage_gbps is missing: a switch has cages or an integrated_optic"},
    {"    asic_count: 4", "    cage_count: 72",
     "52: switches[1].cage_count does not go with integrated_optic"},
    {"integrated_optic: engine", "integrated_optic: engin",
     "43: switches[1].integrated_optic names no entry of optics: engin; the nearest is engine"},
    {"integrated_optic: engine", "integrated_optic: module",
     "43: switches[1].integrated_optic must name an optic of kind npo or cpo; module is of kind "
     "dsp"},
    {"lanes_gbps: [200]", "lanes_gbps: [100]",
     "43: switches[1].integrated_optic has lanes of 200 Gb/s, which are not in lanes_gbps"},
    {"power_w: 3950", "power_w: 600",
     "43: switches[1].integrated_optic draws 648 W at full bandwidth, which is all of power_w"},
    {"power_w_max: 2200", "power_w_max: 939.999",
     "26: switches[0].power_w_max must not be below power_w"},
    {"port_gbps_max: 800", "port_gbps_max: 12801",
     "22: switches[0].port_gbps_max must be 100..12800, got 12801"},
    {"    year_leaf: 2023\n  - id: photonic", "  - id: photonic",
     "15: switches[0] needs year_leaf, year_spine or year_core"},
    {"mate_class: dr", "mate_class: bidi",
     "58: optics[0].mate_class must be copper for kinds copper and aec, bidi for kind bidi, else "
     "dr or fr"},
    {"lane_gbps: 100", "lane_gbps: 150", "62: optics[0].lane_gbps must be 100 or 200"},
    {"pair_gbps: 100", "pair_gbps: 150", "63: optics[0].pair_gbps must be a multiple of lane_gbps"},
    {"module_gbps: 800", "module_gbps: 850",
     "61: optics[0].module_gbps must be a multiple of lane_gbps"},
    {"    pair_gbps: 100\n", "", "55: optics[0].pair_gbps is missing: all but copper need it"},
    {"    energy_pj_per_bit: 0\n", "    energy_pj_per_bit: 0\n    tx_dbm: 1\n",
     "110: optics[2].tx_dbm does not go with kind copper"},
    {"energy_pj_per_bit: 5.625", "energy_pj_per_bit: 0",
     "85: optics[1].energy_pj_per_bit must be above 0 for all but copper"},
    {"tx_max_dbm: 4.2", "tx_max_dbm: -3", "71: optics[0].tx_max_dbm must not be below tx_dbm"},
    {"overload_dbm: 4.2", "overload_dbm: -6",
     "73: optics[0].overload_dbm must not be below threshold_dbm"},
    {"capex_usd: 1250", "capex_usd_per_gbps: 1.5",
     "66: optics[0].capex_usd_per_gbps goes with kinds npo and cpo alone"},
    {"    port_share_gbps: 400\n", "",
     "77: optics[1].port_share_gbps is missing: kinds npo and cpo need it"},
    {"capex_usd_per_gbps: 0.6", "capex_usd: 600",
     "87: optics[1].capex_usd does not go with kinds npo and cpo"},
    {"stock_m: [1, 2.5, 5]", "stock_m: [1, 5, 2.5]",
     "13: parts.stock_m must be in ascending order"},
    {"stock_m: [1, 2.5, 5]", "stock_m: []",
     "13: parts.stock_m must be a list of 1..64 numbers, got an empty list"},
    {"loss_db: 2\n", "loss_db: 0\n", "124: ocs[0].loss_db must be 0.001..40, got 0"},
    {"latency_ns_per_m: 4.9", "latency_ns_per_m: nan",
     "136: fibers[0].latency_ns_per_m must be a decimal number, got nan"},
    {"name: Glass", "name: \"\"", "133: fibers[0].name must be a text, got the text \"\""},
    {"vendor: acme", "vendor: Acme!",
     "17: switches[0].vendor must hold only a-z, 0-9, '.' and '-', got Acme!"},
};

/* text with the first find replaced; NULL when there is none. */
static char *edited(const char *text, const char *find, const char *replace)
{
  const char *at = strstr(text, find);
  if (!at) return NULL;
  return shim_format("%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

LS_TEST(Inputs, each_rule_of_a_catalog_is_kept)
{
  const char *text = shim_file_read(INPUTS "/catalog_good.yaml", NULL);
  const char *path = shim_format("%s/edited.yaml", shim_folder());
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ASSERT_TRUE(text != NULL);
  for (size_t i = 0; i < sizeof catalog_edits / sizeof catalog_edits[0]; i++) {
    char *broken = edited(text, catalog_edits[i].find, catalog_edits[i].replace);
    ASSERT_TRUE(broken != NULL);
    ASSERT_TRUE(shim_file_write(path, broken, strlen(broken)));
    ls_error error = {.line = 0};
    ls_status status = ls_catalog_read(path, catalog, &error);
    EXPECT_STATUS(status, LS_ERR_INPUT);
    EXPECT_STREQ(sentence(status, &error),
                 shim_format("edited.yaml:%s", catalog_edits[i].expected));
  }
}

/* ---- the commands ---- */

LS_TEST(Inputs, schema_and_catalog_check_answer)
{
  if (access(LS_TEST_PROGRAM, X_OK) != 0) LS_TEST_SKIP("the program is not built");
  shim_result result;
  const char *const schema[] = {LS_TEST_PROGRAM, "schema", "catalog", NULL};
  ASSERT_TRUE(shim_run(schema, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "\"capex_usd_per_km\"");
  EXPECT_CONTAINS(result.out, "draft/2020-12/schema");
  const char *const unknown[] = {LS_TEST_PROGRAM, "schema", "floor", NULL};
  ASSERT_TRUE(shim_run(unknown, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "must be of spec, catalog or design, got floor");
  const char *const check[] = {LS_TEST_PROGRAM, "catalog", "check", INPUTS "/catalog_good.yaml",
                               NULL};
  ASSERT_TRUE(shim_run(check, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "2 switches, 3 optics, 1 optical circuit switches, 1 fibers");
  EXPECT_CONTAINS(result.out, "capex_usd");
  const char *const broken[] = {LS_TEST_PROGRAM, "catalog", "check",
                                INPUTS "/catalog_unknown_key.yaml", NULL};
  ASSERT_TRUE(shim_run(broken, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "the nearest one is switches");
}
