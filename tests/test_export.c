/* Exports in other tools' formats: each is read by the format's own rules and compared with its
 * GraphML (tests/check_export.py), for designs of every family; where a design does not fit, the
 * program says so. */
#include "../host/export.h"
#include <igraph/igraph.h>

#include "../host/schedule.h"
#include "exported.h"

/* A design, and the formats that refuse it, parted by blanks. */
typedef struct export_case {
  exported_wish wish;
  bool has_halls;           /* the floor is two halls, a row of three racks and the rest */
  int32_t oversubscription; /* down for each one up; 0: any */
  const char *refused;
} export_case;

static const export_case clos[] = {
    {{LS_CLOS1, false, 1, 32, -1, -1}, false, 0, "htsim gnpy"},
    {{LS_CLOS2, false, 2, 128, FABRIC_DR, 0}, true, 0, ""},
    {{LS_CLOS2, false, 1, 96, -1, -1}, false, 3, "gnpy"},
    {{LS_CLOS3, false, 1, 256, -1, -1}, false, 0, "gnpy"},
    {{LS_CLOS4, false, 1, 200, -1, 0}, false, 0, "astra-sim htsim gnpy"}};

static const export_case rails[] = {
    {{LS_CLOS2, true, 2, 104, -1, -1}, false, 0, "htsim gnpy"},
    {{LS_CLOS2, true, 1, 768, -1, -1}, false, 3, "gnpy"},
    {{LS_CLOS3, true, 1, 512, -1, -1}, false, 0, "gnpy"},
    {{LS_RAIL_ONLY, true, 2, 1024, FABRIC_DR, 0}, false, 0, "gnpy"}};

static const export_case meshes[] = {
    {{LS_OCS_SPINE, false, 1, 128, FABRIC_BIDI, 0}, true, 0, "astra-sim htsim netbox-cables"},
    {{LS_OCS_SPINE, false, 2, 128, FABRIC_BIDI, 0}, false, 0, "htsim gnpy"},
    {{LS_OCS_CORE, false, 1, 512, -1, 0}, false, 0, "htsim netbox-cables gnpy"},
    {{LS_DIRECT, false, 2, 256, FABRIC_DR, 0}, false, 0, "astra-sim htsim gnpy"}};

/* Four tiers of a few hundred GPUs take switches of 8 ports. */
static void case_spec(const export_case *of, ls_catalog *catalog, ls_spec *spec)
{
  fabric_catalog(catalog);
  fabric_spec(catalog, of->wish.gpu_count, spec);
  if (of->wish.family == LS_CLOS4) {
    catalog->switches[FABRIC_SMALL].port_count_max = fabric_number(8);
    spec->space.switch_mask = 1u << FABRIC_SMALL;
    spec->floor.racks_per_row = 100;
  }
  if (of->oversubscription) {
    spec->space.oversubscription_count = 1;
    spec->space.oversubscription_num[0] = of->oversubscription;
    spec->space.oversubscription_den[0] = 1;
  }
  if (!of->has_halls) return;
  spec->floor.racks_per_row = 3;
  spec->floor.row_count = 12;
  spec->floor.halls.zone_count = spec->floor.halls.area_count = 2;
  spec->floor.halls.area[0] = (ls_floor_area){"north", 0, 0, 0, 1, 0, 2, 0};
  spec->floor.halls.area[1] = (ls_floor_area){"south", 1, 1, 11, 1, 0, 2, 20000};
}

/* The design's GraphML and its schedule of cables. */
static const char *case_create(const export_case *of)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  ls_topology topology;
  const char *folder = shim_folder(), *path = shim_format("%s/design.graphml", folder);
  const char *cables = shim_format("%s/design.cables.csv", folder);
  case_spec(of, catalog, spec);
  if (!SHIM_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK)) return NULL;
  bool is_made = exported_find(problem, catalog, spec, &of->wish, &topology);
  if (!is_made) {
    shim_fail(SHIM_AT, "no feasible design of family %d", of->wish.family);
  } else {
    is_made = SHIM_STATUS(ls_graphml_write(&topology, catalog, spec, path, NULL), LS_OK) &&
              SHIM_STATUS(ls_schedule_write_cables(&topology, catalog, spec, cables, NULL), LS_OK);
    ls_topology_destroy(&topology);
  }
  ls_problem_destroy(problem);
  return is_made ? path : NULL;
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

static void expect_all_exported(const export_case *cases, size_t count)
{
  if (!are_readers_there()) LS_TEST_SKIP("needs python3-networkx, python3-yaml and graphviz");
  for (size_t i = 0; i < count; i++) {
    const char *path = case_create(&cases[i]);
    if (path) expect_exported(path, cases[i].refused);
  }
}

LS_TEST(Export, clos_networks_say_what_their_graphml_says)
{
  expect_all_exported(clos, sizeof clos / sizeof *clos);
}

LS_TEST(Export, rails_say_what_their_graphml_says)
{
  expect_all_exported(rails, sizeof rails / sizeof *rails);
}

LS_TEST(Export, meshes_say_what_their_graphml_says)
{
  expect_all_exported(meshes, sizeof meshes / sizeof *meshes);
}

/* The committed example: true catalog and floor, copper cables of two links, no scale-up. */
LS_TEST(Export, example_says_what_its_graphml_says)
{
  static const char *const names[][2] = {{"fastest", "simai netbox-cables gnpy"},
                                         {"cheapest", "simai astra-sim htsim gnpy"}};
  static const char *const suffixes[] = {"graphml", "cables.csv"};
  if (!are_readers_there()) LS_TEST_SKIP("needs python3-networkx, python3-yaml and graphviz");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *folder = shim_folder();
    for (size_t j = 0; j < sizeof suffixes / sizeof *suffixes; j++) {
      const char *text = shim_file_read(shim_format("%s/results/example-pod-512/%s.%s",
                                                    LS_TEST_SOURCE_DIR, names[i][0], suffixes[j]),
                                        NULL);
      ASSERT_TRUE(text != NULL);
      shim_file_write(shim_format("%s/%s.%s", folder, names[i][0], suffixes[j]), text,
                      strlen(text));
    }
    expect_exported(shim_format("%s/%s.graphml", folder, names[i][0]), names[i][1]);
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

/* In our words alone, whichever library writes the format. */
LS_TEST(Export, a_full_disk_is_one_sentence)
{
  static const char *const formats[] = {"yed", "dot", "json", "astra-sim", "containerlab"};
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    const char *const argv[] = {"/bin/sh",
                                "-c",
                                "exec \"$0\" export \"$1\" --to \"$2\" >/dev/full",
                                LS_TEST_PROGRAM,
                                made.path,
                                formats[i],
                                NULL};
    shim_result result = {.exit_code = -1};
    ASSERT_TRUE(shim_run(argv, NULL, &result));
    EXPECT_EQ_I64(result.exit_code, 3);
    EXPECT_STREQ(result.err,
                 "lightspine: standard output cannot be written: No space left on device\n");
  }
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
  EXPECT_CONTAINS(named.err, "id of node 1 must be of letters, digits, '.', '_' and '-', got");
}

/* Numbers of nodes have 16 bits in ns-3's models; and SimAI wants a scale-up network. */
LS_TEST(Export, refuses_what_simulators_cannot_number)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *many = exported_set(made.text, strstr(made.text, "<node "), "n_gpu_count", "65536");
  const char *alone = exported_set(made.text, made.text, "g_scale_up_domain_gpus", "1");
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  ASSERT_TRUE(many != NULL && alone != NULL && shim_file_write(path, many, strlen(many)));
  for (int32_t i = 0; i < 2; i++) {
    const shim_result result = export_run(path, i ? "simai" : "ns3", NULL, NULL);
    EXPECT_EQ_I64(result.exit_code, 1);
    EXPECT_CONTAINS(result.err,
                    i ? "and SimAI numbers at most 65536" : "and ns-3 numbers at most 65536");
  }
  ASSERT_TRUE(shim_file_write(path, alone, strlen(alone)));
  EXPECT_CONTAINS(export_run(path, "simai", NULL, NULL).err, "has no scale-up network");
}

/* What contradicts itself is named, not exported. */
LS_TEST(Export, names_ports_and_gpus_that_there_are_not)
{
  exported made = {0};
  char id[128];
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  const char *access = exported_element(made.text, "<edge ", ">access<", id);
  const char *circuit = exported_element(made.text, "<edge ", ">circuit<", id);
  ASSERT_TRUE(access != NULL && circuit != NULL);
  const char *const lies[] = {
      exported_set(made.text, access, "e_link_count", "99"),
      exported_set(made.text, circuit, "e_link_count", "99"),
      exported_set(made.text, strstr(made.text, "<node "), "n_server_count", "1")};
  static const char *const sentences[] = {"has more links than its rack has GPUs",
                                          "is one link too many for the cords to its OCS",
                                          "must be at most 8 in each of its servers"};
  const char *path = shim_format("%s/lie.graphml", shim_folder());
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
    ASSERT_TRUE(lies[i] != NULL && shim_file_write(path, lies[i], strlen(lies[i])));
    const shim_result result = export_run(path, "containerlab", NULL, NULL);
    EXPECT_EQ_I64(result.exit_code, 2);
    EXPECT_CONTAINS(result.err, sentences[i]);
    EXPECT_STREQ(result.out, "");
  }
}

/* docs/formats.md has a row for every format, with its suffix. */
LS_TEST(Docs, formats_of_export_are_explained)
{
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/formats.md", NULL);
  ASSERT_TRUE(page != NULL);
  for (const ls_export_format *format = ls_export_formats; format->name; format++)
    EXPECT_CONTAINS(page, shim_format("\n| `%s` | `%s` |", format->name, format->suffix));
}
