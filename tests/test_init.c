/* `lightspine init`: what it writes is a spec for any number of GPUs, has an answer, and replaces
 * nothing by accident. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/init.h"
#include "../host/tables.h"
#include "shim/shim.h"

#define CATALOG LS_TEST_SOURCE_DIR "/topologies/catalog.yaml"

static ls_init init_of(int32_t gpus)
{
  return (ls_init){
      .gpus = gpus, .year = 2026, .nic_gbps = 800, .gpus_per_server = 8, .servers_per_rack = 4};
}

/* The spec as text; NULL, and the test fails, where there is no floor for it. */
static char *text_of(ls_init *init)
{
  char *text = NULL;
  size_t size = 0;
  ls_error error = {.line = 0};
  if (ls_init_plan(init, &error) != LS_OK) {
    LS_TEST_FAIL("%d GPUs: %s", init->gpus, error.message);
    return NULL;
  }
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return NULL;
  ls_init_write(init, "spec.yaml", stream);
  if (fclose(stream) != 0) return NULL;
  char *kept = shim_format("%s", text);
  free(text);
  return kept;
}

static void expect_spec(const char *text, const ls_catalog *catalog, ls_spec *spec, int32_t gpus)
{
  ls_yaml_tree tree;
  ls_error error = {.line = 0};
  ASSERT_TRUE(text != NULL);
  ls_status status = ls_yaml_parse(text, strlen(text), "spec.yaml", &tree, &error);
  if (status == LS_OK) {
    status = ls_spec_read_tree(&tree, catalog, spec, &error);
    ls_yaml_destroy(&tree);
  }
  if (status != LS_OK)
    LS_TEST_FAIL("%d GPUs: line %d: %s %s", gpus, error.line, error.key, error.message);
  else
    EXPECT_EQ_I64(spec->cluster.gpu_count, gpus);
}

static ls_catalog *catalog_read(void)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_error error = {.line = 0};
  return ls_catalog_read(CATALOG, catalog, &error) == LS_OK ? catalog : NULL;
}

LS_TEST(Init, any_number_of_gpus_makes_a_spec)
{
  const ls_catalog *catalog = catalog_read();
  ls_spec *spec = shim_alloc(sizeof *spec);
  ASSERT_TRUE(catalog != NULL);
  for (int32_t gpus = 8; gpus <= 1000000 && !shim_has_failed();
       gpus += gpus < 300 ? 1 : gpus / 29 + 1) {
    ls_init init = init_of(gpus);
    expect_spec(text_of(&init), catalog, spec, gpus);
    EXPECT_LE_I64(init.gpu_racks + 4, (int64_t)init.rows * init.racks_per_row);
  }
  ls_init init = init_of(1000000);
  expect_spec(text_of(&init), catalog, spec, 1000000);
}

LS_TEST(Init, racks_and_nics_may_be_others)
{
  const ls_catalog *catalog = catalog_read();
  ls_spec *spec = shim_alloc(sizeof *spec);
  ASSERT_TRUE(catalog != NULL);
  ls_init init = init_of(1152);
  init.gpus_per_server = 4;
  init.servers_per_rack = 18;
  init.domain_gpus = 72;
  init.nic_gbps = 400;
  init.families = "clos2,ocs_spine";
  expect_spec(text_of(&init), catalog, spec, 1152);
  EXPECT_EQ_I64(spec->cluster.scale_up.domain_gpus, 72);
  EXPECT_EQ_I64(init.gpu_racks, 16);
  EXPECT_EQ_I64(spec->space.plane_count, 3);
}

/* The same lines with the # before a key gone. */
static char *all_keys_on(const char *text)
{
  char *on = shim_format("%s", text), *to = on;
  for (const char *at = text; *at;) {
    const size_t length = strcspn(at, "\n") + (strchr(at, '\n') != NULL);
    const size_t indent = strspn(at, " ");
    const size_t key = indent + 2 + strspn(at + indent + 2, " ");
    const size_t word = strspn(at + key, "abcdefghijklmnopqrstuvwxyz_");
    const bool is_off = strncmp(at + indent, "# ", 2) == 0 && word && at[key + word] == ':';
    memcpy(to, at, indent);
    memcpy(to + indent, at + indent + (is_off ? 2 : 0), length - indent - (is_off ? 2 : 0));
    to += length - (is_off ? 2 : 0);
    at += length;
  }
  *to = '\0';
  return on;
}

LS_TEST(Init, keys_that_are_off_can_be_turned_on)
{
  const ls_catalog *catalog = catalog_read();
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_init init = init_of(64);
  const char *text = text_of(&init);
  ASSERT_TRUE(catalog != NULL && text != NULL);
  const char *on = all_keys_on(text);
  EXPECT_CONTAINS(on, "\n  capex_usd_max: 1280000");
  EXPECT_CONTAINS(on, "\n  scale_up: ");
  EXPECT_CONTAINS(on, "\n    gbps_per_gpu: 7200");
  expect_spec(on, catalog, spec, 64);
}

LS_TEST(Init, every_key_has_a_comment)
{
  ls_init init = init_of(4096);
  const char *text = text_of(&init);
  ASSERT_TRUE(text != NULL);
  int32_t count = 0;
  for (const char *at = all_keys_on(text); *at; at += strcspn(at, "\n") + 1) {
    const char *line = shim_format("%.*s", (int)strcspn(at, "\n"), at);
    const char *colon = strchr(line, ':');
    if (line[0] == '#' || !colon || !colon[1]) continue; /* prose, or a block's name */
    count++;
    if (!strstr(line, "  # ") && strncmp(line, "objectives", 10) != 0)
      LS_TEST_FAIL("no comment: %s", line);
    EXPECT_LE_I64((int64_t)strlen(line), 100);
  }
  EXPECT_LE_I64(35, count);
}

/* ---- The command ---- */

static shim_result run(const char *line, const char *folder)
{
  const char *const argv[] = {
      "bash", "-c", shim_format("lightspine() { %s \"$@\"; }; %s", LS_TEST_PROGRAM, line), NULL};
  const shim_run_options options = {.folder = folder, .timeout_s = 280};
  shim_result result = {.out = shim_format("%s", ""), .err = shim_format("%s", "")};
  (void)shim_run(argv, &options, &result);
  return result;
}

LS_TEST(Init, a_file_that_exists_is_replaced_only_by_force)
{
  const char *folder = shim_folder();
  EXPECT_EQ_I64(run("lightspine init --gpus 64 -o lab.yaml", folder).exit_code, 0);
  const shim_result again = run("lightspine init --gpus 128 -o lab.yaml", folder);
  EXPECT_EQ_I64(again.exit_code, 2);
  EXPECT_CONTAINS(again.err, "lab.yaml: exists; --force replaces it");
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/lab.yaml", folder), NULL), "\n  gpus: 64 ");
  EXPECT_EQ_I64(run("lightspine init --gpus 128 -o lab.yaml --force", folder).exit_code, 0);
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/lab.yaml", folder), NULL), "\n  gpus: 128 ");
}

LS_TEST(Init, what_no_spec_may_say_is_refused)
{
  EXPECT_CONTAINS(run("lightspine init", NULL).err, "--gpus is missing");
  EXPECT_CONTAINS(run("lightspine init --gpus 4000000", NULL).err, "take more --gpus-per-rack");
  EXPECT_CONTAINS(run("lightspine init --gpus 64 --gpus-per-rack 36", NULL).err,
                  "must be a multiple of the 8 GPUs of a server, got 36");
  EXPECT_CONTAINS(run("lightspine init --gpus 64 --families clos9 -o new.yaml", NULL).err,
                  "lightspine: --families must be one of clos1");
  EXPECT_CONTAINS(run("lightspine init --gpus 64 --families 'clos1]]'", NULL).err,
                  "lightspine: --families ");
  EXPECT_CONTAINS(run("lightspine init --gpus 64 --year 1999", NULL).err,
                  "--year must be 2024..2040, got 1999");
}

/* change: a command of sed for the spec, to ask for less where all of it takes minutes. */
static void expect_answer(int32_t gpus, const char *change)
{
  const shim_result result =
      run(shim_format("lightspine init --gpus %d -o made.yaml >&2 && sed -i '%s' made.yaml && "
                      "lightspine optimize made.yaml -o run && test -s run/knee.graphml",
                      gpus, change),
          shim_folder());
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "\n  knee  ");
  EXPECT_CONTAINS(result.out, "verified: ");
}

LS_TEST(Init, optimize_answers_for_64_gpus) { expect_answer(64, ""); }
LS_TEST(Init, optimize_answers_for_512_gpus) { expect_answer(512, ""); }
LS_TEST(Init, optimize_answers_for_4096_gpus) { expect_answer(4096, ""); }
LS_TEST(Init, optimize_answers_for_16384_gpus_by_two_objectives)
{
  expect_answer(16384, "s/^objectives:.*/objectives: [capex, power]/");
}

LS_TEST(Init, large_clusters_have_a_front)
{
  static const int32_t sizes[] = {65536, 1000000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    const shim_result result =
        run(shim_format("lightspine init --gpus %d -o made.yaml >&2 && lightspine sweep made.yaml",
                        sizes[i]),
            shim_folder());
    EXPECT_EQ_I64(result.exit_code, 0);
    EXPECT_CONTAINS(result.out, "exact front of");
  }
}
