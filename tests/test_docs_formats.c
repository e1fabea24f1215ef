/* docs/formats.md is complete: every key of what the commands print with --json stands in the
 * section of its command, or among the amounts that designs share. */
#include <string.h>

#include "../host/yaml_tree.h"
#include "exported.h"
#include "page.h"
#include "shim/shim.h"

#define TOPOLOGIES LS_TEST_SOURCE_DIR "/topologies/"
#define EXAMPLE LS_TEST_SOURCE_DIR "/results/example-pod-512/"

/* What a command's keys are looked up in. */
typedef struct lookup {
  const char *heading, *section, *amounts;
  bool is_flat; /* only the keys at the top */
  int32_t key_count;
} lookup;

/* Mappings whose keys are names: of constraints, baselines, or keys of an input file. */
static bool has_names(const char *key)
{
  static const char *const keys[] = {"design", "violations", "built_violations", "saves"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (strcmp(key, keys[i]) == 0) return true;
  return false;
}

/* All keys of a value, into lists and mappings. */
static void keys_walk(lookup *self, const ls_yaml_node *value)
{
  for (const ls_yaml_node *entry = value->first; entry; entry = entry->next) {
    if (entry->key) {
      const char *word = shim_format("`%s`", entry->key);
      self->key_count++;
      if (!strstr(self->section, word) && !strstr(self->amounts, word))
        LS_TEST_FAIL("docs/formats.md, %s lacks %s", self->heading, word);
    }
    if (!self->is_flat && (!entry->key || !has_names(entry->key))) keys_walk(self, entry);
  }
}

/* The keys of one JSON text; is_flat: only those at its top. Returns how many there are. */
static int32_t text_look(const char *heading, const char *json, bool is_flat)
{
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/formats.md", NULL);
  lookup self = {.heading = heading, .is_flat = is_flat};
  ls_yaml_tree tree;
  ls_error error;
  if (!page || !json || !(self.section = page_section(page, heading)) ||
      !(self.amounts = page_section(page, "### A design's amounts"))) {
    LS_TEST_FAIL("docs/formats.md lacks %s, or there is nothing to look up", heading);
    return 0;
  }
  if (ls_yaml_parse(json, strlen(json), heading, &tree, &error) != LS_OK) {
    LS_TEST_FAIL("%s: %s", heading, error.message);
    return 0;
  }
  keys_walk(&self, &tree.nodes[0]);
  ls_yaml_destroy(&tree);
  return self.key_count;
}

/* Runs lightspine with these words and --json; up to 8, NULL ends them. */
static const char *answer_of(const char *const words[], int exit_code)
{
  const char *argv[11] = {LS_TEST_PROGRAM};
  int32_t count = 1;
  shim_result result;
  for (; words[count - 1]; count++) argv[count] = words[count - 1];
  argv[count] = "--json";
  if (!shim_run(argv, NULL, &result)) return NULL;
  EXPECT_EQ_I64(result.exit_code, exit_code);
  return result.out;
}

/* The spec of a lab that may cost nothing, so that nothing is feasible. */
static const char *poor_spec(void)
{
  const char *spec = shim_file_read(TOPOLOGIES "lab-64.yaml", NULL);
  const char *path = shim_format("%s/poor.yaml", shim_folder());
  const char *text = shim_format("%s\nlimits:\n  capex_usd_max: 10\n", spec);
  return shim_file_write(path, text, strlen(text)) ? path : NULL;
}

LS_TEST(Docs, json_of_size_is_explained)
{
  const char *const fits[] = {"size", "--family", "clos4", "--gpus", "512", "--radix", "8", NULL};
  const char *const large[] = {"size",  "--family", "clos2", "--gpus",
                               "51200", "--radix",  "8",     NULL};
  EXPECT_LT_I64(15, text_look("### `size`", answer_of(fits, 0), false));
  EXPECT_LT_I64(5, text_look("### `size`", answer_of(large, 1), false));
}

LS_TEST(Docs, json_of_slices_is_explained)
{
  const char *const words[] = {"slices", "--cubes", "64", NULL};
  EXPECT_LT_I64(12, text_look("### `slices`", answer_of(words, 0), false));
}

LS_TEST(Docs, json_of_init_is_explained)
{
  const char *out = shim_format("%s/made.yaml", shim_folder());
  const char *const text[] = {"init", "--gpus", "64", NULL};
  const char *const file[] = {"init", "--gpus", "64", "-o", out, NULL};
  EXPECT_EQ_I64(text_look("### `init`", answer_of(text, 0), false), 5);
  EXPECT_EQ_I64(text_look("### `init`", answer_of(file, 0), false), 5);
}

LS_TEST(Docs, json_of_help_is_explained)
{
  const char *const words[] = {"help", NULL};
  EXPECT_LT_I64(200, text_look("### `help`", answer_of(words, 0), false));
}

LS_TEST(Docs, json_of_evaluate_is_explained)
{
  const char *const job[] = {"evaluate", TOPOLOGIES "moe-2k.yaml",
                             TOPOLOGIES "reference/xdr-10k-2-layers.design.yaml", NULL};
  const char *const nic[] = {"evaluate", TOPOLOGIES "reference/million-gpu.yaml",
                             TOPOLOGIES "reference/million-gpu-cpo-nic.design.yaml", NULL};
  EXPECT_LT_I64(60, text_look("### `evaluate`", answer_of(job, 0), false));
  EXPECT_LT_I64(40, text_look("### `evaluate`", answer_of(nic, 0), false));
}

LS_TEST(Docs, json_of_sweep_is_explained)
{
  const char *const front[] = {"sweep", TOPOLOGIES "lab-64.yaml", NULL};
  const char *const empty[] = {"sweep", poor_spec(), NULL};
  const char *const years[] = {"sweep", TOPOLOGIES "lab-64.yaml", "--years", "2026:2026", NULL};
  const char *const lean[] = {"sweep", poor_spec(), "--years", "2026:2026", NULL};
  EXPECT_LT_I64(30, text_look("### `sweep`", answer_of(front, 0), false));
  EXPECT_LT_I64(15, text_look("### `sweep`", answer_of(empty, 1), false));
  EXPECT_LT_I64(30, text_look("### `sweep --years`", answer_of(years, 0), false));
  EXPECT_LT_I64(5, text_look("### `sweep --years`", answer_of(lean, 1), false));
}

LS_TEST(Docs, json_of_results_is_explained)
{
  const char *root = shim_folder(), *out = shim_format("%s/run", root);
  const char *const words[] = {"optimize", TOPOLOGIES "lab-64.yaml", "-o", out, NULL};
  const char *const show[] = {"results", "show", out, NULL};
  const char *const list[] = {"results", "list", root, NULL};
  const char *const compare[] = {"results", "compare", out, out, NULL};
  EXPECT_TRUE(answer_of(words, 0) != NULL);
  EXPECT_LT_I64(20, text_look("### `results`", answer_of(show, 0), false));
  EXPECT_LT_I64(20, text_look("### `results`", answer_of(list, 0), false));
  EXPECT_LT_I64(20, text_look("### `results`", answer_of(compare, 0), false));
}

LS_TEST(Docs, json_of_optimize_is_explained)
{
  const char *out = shim_format("%s/run", shim_folder());
  const char *const words[] = {"optimize", TOPOLOGIES "lab-64.yaml", "-o", out, NULL};
  const char *const poor[] = {"optimize", poor_spec(), NULL};
  EXPECT_LT_I64(60, text_look("### `optimize`", answer_of(words, 0), false));
  EXPECT_LT_I64(5, text_look("### `optimize`", answer_of(poor, 1), false));
  const char *manifest = shim_file_read(shim_format("%s/manifest.json", out), NULL);
  const char *run = shim_file_read(shim_format("%s/run.json", out), NULL);
  EXPECT_LT_I64(7, text_look("### `optimize`", manifest, true));
  EXPECT_LT_I64(7, text_look("### `optimize`", run, false));
}

LS_TEST(Docs, json_of_explain_is_explained)
{
  const char *const pick[] = {"explain", TOPOLOGIES "lab-64.yaml", "--draws", "20", NULL};
  const char *const conflict[] = {"explain", poor_spec(), NULL};
  EXPECT_LT_I64(60, text_look("### `explain`", answer_of(pick, 0), false));
  EXPECT_LT_I64(7, text_look("### `explain`", answer_of(conflict, 1), false));
}

LS_TEST(Docs, json_of_place_is_explained)
{
  const char *const knee[] = {"place", TOPOLOGIES "lab-64.yaml", "--random", "100", NULL};
  const char *const alone[] = {"place", TOPOLOGIES "lab-64.yaml", "--random", "0", NULL};
  /* None of the front of level 1 holds there: what is placed does, as level 2 finds it. */
  const char *const halls[] = {"place", TOPOLOGIES "two-halls.yaml", "--random", "100", NULL};
  EXPECT_LT_I64(40, text_look("### `place`", answer_of(knee, 0), false));
  EXPECT_LT_I64(40, text_look("### `place`", answer_of(halls, 0), false));
  EXPECT_LT_I64(15, text_look("### `place`", answer_of(alone, 0), false));
}

LS_TEST(Docs, json_of_verify_is_explained)
{
  const char *const sound[] = {"verify", EXAMPLE "knee.graphml", NULL};
  const char *text = shim_file_read(EXAMPLE "knee.graphml", NULL);
  char *price = text ? strstr(text, "<data key=\"e_cord_capex_cents\">") : NULL;
  ASSERT_TRUE(price != NULL);
  *strchr(price, '>') = '\0';
  const char *lie = shim_format("%s>7%s", text, strchr(price + strlen(price) + 1, '<'));
  const char *path = shim_format("%s/lie.graphml", shim_folder());
  ASSERT_TRUE(shim_file_write(path, lie, strlen(lie)));
  const char *const lying[] = {"verify", path, NULL};
  EXPECT_LT_I64(13, text_look("### `verify`", answer_of(sound, 0), false));
  EXPECT_LT_I64(17, text_look("### `verify`", answer_of(lying, 1), false));
}

LS_TEST(Docs, json_of_routing_is_explained)
{
  const char *const routed[] = {"throughput", EXAMPLE "knee.graphml", NULL};
  const char *const broken[] = {"resilience", EXAMPLE "knee.graphml", "--draws", "100", NULL};
  EXPECT_LT_I64(16, text_look("### `throughput`", answer_of(routed, 0), false));
  EXPECT_LT_I64(20, text_look("### `resilience`", answer_of(broken, 0), false));
}

LS_TEST(Docs, json_of_rewire_is_explained)
{
  static const char demand[] = "0,1,2,3\n1,0,3,2\n2,3,0,1\n3,2,1,0\n";
  exported made = {0};
  const char *path = shim_format("%s/demand.csv", shim_folder());
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  ASSERT_TRUE(shim_file_write(path, demand, strlen(demand)));
  const char *const words[] = {"rewire", made.path, path, NULL};
  EXPECT_LT_I64(11, text_look("### `rewire`", answer_of(words, 0), false));
}

LS_TEST(Docs, json_of_export_is_explained)
{
  const char *out = shim_format("%s/knee.dot", shim_folder());
  const char *const dot[] = {"export", EXAMPLE "knee.graphml", "--to", "dot", "-o", out, NULL};
  EXPECT_LT_I64(4, text_look("### `export`", answer_of(dot, 0), false));
}

LS_TEST(Docs, json_of_the_other_commands_is_explained)
{
  const char *const rows[] = {"validate", TOPOLOGIES "reference/validation.yaml", NULL};
  const char *const check[] = {"catalog", "check", TOPOLOGIES "catalog.yaml", NULL};
  const char *const list[] = {"catalog", "list", TOPOLOGIES "catalog.yaml", NULL};
  const char *const bench[] = {"bench", TOPOLOGIES "lab-64.yaml", "--threads", "1", NULL};
  const char *const devices[] = {"devices", NULL};
  EXPECT_LT_I64(10, text_look("### `validate`", answer_of(rows, 0), false));
  EXPECT_LT_I64(20, text_look("### `catalog`", answer_of(check, 0), false));
  EXPECT_LT_I64(7, text_look("### `catalog`", answer_of(list, 0), true));
  EXPECT_LT_I64(15, text_look("### `bench`", answer_of(bench, 0), false));
  EXPECT_LT_I64(12, text_look("### `devices`", answer_of(devices, 0), false));
}
