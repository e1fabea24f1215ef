/* Exports in other tools' formats: each is read by the format's own rules and compared with its
 * GraphML (tests/check_export.py), for designs of every family; where a design does not fit, the
 * program says so. */
#include "../host/export.h"
#include <igraph/igraph.h>

#include "exported.h"

/* Formats that refuse the design, parted by blanks. */
typedef struct export_case {
  exported_wish wish;
  const char *refused;
} export_case;

static const export_case cases[] = {
    {{LS_CLOS1, false, 1, 32, -1, -1}, ""},
    {{LS_CLOS2, false, 2, 128, FABRIC_DR, 0}, ""},
    {{LS_CLOS2, true, 2, 104, -1, -1}, ""},
    {{LS_CLOS3, false, 1, 256, -1, -1}, ""},
    {{LS_CLOS3, true, 1, 512, -1, -1}, ""},
    {{LS_CLOS4, false, 1, 200, -1, 0}, ""},
    {{LS_RAIL_ONLY, true, 2, 1024, FABRIC_DR, 0}, ""},
    {{LS_OCS_SPINE, false, 1, 128, FABRIC_BIDI, 0}, ""},
    {{LS_OCS_CORE, false, 2, 500, -1, -1}, ""},
    {{LS_DIRECT, false, 2, 256, FABRIC_DR, 0}, ""},
};

/* Four tiers of a few hundred GPUs take switches of 8 ports. */
static bool case_create(const export_case *of, exported *made)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  fabric_catalog(catalog);
  fabric_spec(catalog, of->wish.gpu_count, spec);
  if (of->wish.family == LS_CLOS4) {
    catalog->switches[FABRIC_SMALL].port_count_max = fabric_number(8);
    spec->space.switch_mask = 1u << FABRIC_SMALL;
    spec->floor.racks_per_row = 100;
  }
  return exported_write(catalog, spec, &of->wish, made);
}

/* Debian's own Python has NetworkX, PyYAML and Graphviz beside it. */
static bool are_readers_there(void)
{
  const char *const ask[] = {"/usr/bin/python3", "-c",
                             "import networkx, yaml, shutil, sys; sys.exit(not "
                             "shutil.which('neato'))",
                             NULL};
  shim_result result;
  return shim_run(ask, NULL, &result) && result.exit_code == 0;
}

/* The formats of `refused` must refuse the design, all others must say what its GraphML says. */
static void expect_exported(const char *path, const char *refused)
{
  enum { WORDS_MAX = 32 };
  const char *argv[WORDS_MAX] = {"/usr/bin/python3", LS_TEST_SOURCE_DIR "/tests/check_export.py",
                                 LS_TEST_PROGRAM, path};
  int32_t count = 4;
  while (*refused && count < WORDS_MAX - 1) {
    const size_t length = strcspn(refused, " ");
    argv[count++] = shim_format("%.*s", (int)length, refused);
    refused += length + (refused[length] == ' ');
  }
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  if (result.exit_code != 0) LS_TEST_FAIL("%s:\n%s%s", path, result.out, result.err);
}

LS_TEST(Export, says_what_the_graphml_says_in_every_family)
{
  if (!are_readers_there()) LS_TEST_SKIP("needs python3-networkx, python3-yaml and graphviz");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    exported made = {0};
    if (case_create(&cases[i], &made)) expect_exported(made.path, cases[i].refused);
  }
}

static shim_result export_run(const char *path, const char *format, const char *option,
                              const char *value)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "export", path, "--to", format, option, value, NULL};
  shim_result result = {.exit_code = -1};
  shim_run(argv, NULL, &result);
  return result;
}

/* igraph opens the file for yEd, with our attributes beside yEd's own. */
LS_TEST(Export, yed_opens_in_igraph)
{
  exported made = {0};
  igraph_t graph;
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  const char *path = shim_format("%s/design.yed.graphml", shim_folder());
  EXPECT_EQ_I64(export_run(made.path, "yed", "-o", path).exit_code, 0);
  FILE *stream = fopen(path, "rb");
  ASSERT_TRUE(stream != NULL);
  igraph_set_attribute_table(&igraph_cattribute_table);
  igraph_error_handler_t *old = igraph_set_error_handler(igraph_error_handler_printignore);
  igraph_warning_handler_t *warn = igraph_set_warning_handler(igraph_warning_handler_ignore);
  const igraph_error_t code = igraph_read_graph_graphml(&graph, stream, 0);
  fclose(stream);
  igraph_set_warning_handler(warn);
  igraph_set_error_handler(old);
  ASSERT_TRUE(code == IGRAPH_SUCCESS);
  int64_t links = 0;
  for (igraph_integer_t i = 0; i < igraph_ecount(&graph); i++)
    links += (int64_t)igraph_cattribute_EAN(&graph, "link_count", i);
  int64_t wanted = 0, nodes = 0;
  for (const char *at = made.text; (at = strstr(at, "<data key=\"e_link_count\">")) != NULL;)
    wanted += strtoll(at += strlen("<data key=\"e_link_count\">"), NULL, 10);
  for (const char *at = made.text; (at = strstr(at, "<node ")) != NULL; at++) nodes++;
  EXPECT_EQ_I64(links, wanted);
  EXPECT_EQ_I64(igraph_vcount(&graph), nodes);
  igraph_destroy(&graph);
}

/* A file is written whole, or what was there stays. */
LS_TEST(Export, keeps_what_was_there_when_it_fails)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *path = shim_format("%s/kept.dot", shim_folder());
  ASSERT_TRUE(shim_file_write(path, "kept", 4));
  const char *broken = exported_set(made.text, made.text, "e_link_count", "0");
  const char *source = shim_format("%s/broken.graphml", shim_folder());
  ASSERT_TRUE(shim_file_write(source, broken, strlen(broken)));
  const shim_result result = export_run(source, "dot", "-o", path);
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "broken.graphml: link_count");
  EXPECT_STREQ(shim_file_read(path, NULL), "kept");
}

LS_TEST(Export, mistakes_are_one_sentence)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const shim_result unknown = export_run(made.path, "visio", NULL, NULL);
  EXPECT_EQ_I64(unknown.exit_code, 2);
  EXPECT_CONTAINS(unknown.err, "--to must be one of yed, dot, json");
  EXPECT_CONTAINS(unknown.err, "got visio");
  const shim_result mixed = export_run(made.path, "dot", "--json", NULL);
  EXPECT_EQ_I64(mixed.exit_code, 2);
  EXPECT_CONTAINS(mixed.err, "--json needs -o FILE");
  for (char *at = made.text; (at = strstr(at, "rack0000")) != NULL;) at[3] = ',';
  const char *source = shim_format("%s/ugly.graphml", shim_folder());
  ASSERT_TRUE(shim_file_write(source, made.text, strlen(made.text)));
  const shim_result named = export_run(source, "dot", NULL, NULL);
  EXPECT_EQ_I64(named.exit_code, 2);
  EXPECT_CONTAINS(named.err, "id of node 1 must be a word without quotes and punctuation");
}

/* docs/formats.md has a row for every format, with its suffix. */
LS_TEST(Docs, formats_of_export_are_explained)
{
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/formats.md", NULL);
  ASSERT_TRUE(page != NULL);
  for (const ls_export_format *format = ls_export_formats; format->name; format++)
    EXPECT_CONTAINS(page, shim_format("\n| `%s` | `%s` |", format->name, format->suffix));
}
