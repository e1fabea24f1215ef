/* The GraphML export: equal bytes each time, names that other tools can read, and the same
 * attributes in igraph and in NetworkX. */
#include "exported.h"

#include <igraph/igraph.h>
#include <stdio.h>

LS_TEST(Graphml, is_the_same_each_time)
{
  exported first = {0}, second = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &first));
  ASSERT_TRUE(exported_create(exported_mesh(), &second));
  EXPECT_STREQ(first.text, second.text);
}

/* yEd's readers take d3 and d7 for labels; igraph adds an attribute id of its own; no reader
 * likes infinities. */
LS_TEST(Graphml, avoids_what_other_tools_stumble_over)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  EXPECT_CONTAINS(made.text, "xmlns=\"http://graphml.graphdrawing.org/xmlns\"");
  EXPECT_CONTAINS(made.text, "edgedefault=\"undirected\"");
  EXPECT_CONTAINS(made.text, "attr.name=\"interaction\"");
  EXPECT_CONTAINS(made.text, "for=\"node\" attr.name=\"x\" attr.type=\"double\"");
  EXPECT_TRUE(strstr(made.text, "attr.name=\"id\"") == NULL);
  EXPECT_TRUE(strstr(made.text, "<key id=\"d") == NULL);
  EXPECT_TRUE(strstr(made.text, "nan") == NULL);
  EXPECT_TRUE(strstr(made.text, "inf") == NULL);
  EXPECT_TRUE(strstr(made.text, "2147483647") == NULL);
}

LS_TEST(Graphml, says_when_it_cannot_write)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  ls_topology topology;
  ls_error error;
  const exported_wish wish = exported_clos2();
  fabric_catalog(catalog);
  fabric_spec(catalog, wish.gpu_count, spec);
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  const bool is_found = exported_find(problem, catalog, spec, &wish, &topology);
  EXPECT_TRUE(is_found);
  if (is_found) {
    const char *path = shim_format("%s/no/such/folder/a.graphml", shim_folder());
    EXPECT_STATUS(ls_graphml_write(&topology, catalog, spec, path, &error), LS_ERR_IO);
    ls_topology_destroy(&topology);
  }
  ls_problem_destroy(problem);
}

/* ---- What igraph reads, as lines for another program: domain, ids, name, value by tabs ---- */

typedef struct columns {
  igraph_strvector_t names[3];
  igraph_vector_int_t types[3];
} columns;

static void dump_value(FILE *stream, const igraph_t *graph, int domain, igraph_integer_t i,
                       const char *name, bool is_text)
{
  if (is_text) {
    const char *text = domain == 0   ? GAS(graph, name)
                       : domain == 1 ? VAS(graph, name, i)
                                     : EAS(graph, name, i);
    fprintf(stream, "%s\tstring\t%s\n", name, text);
  } else {
    const double number = domain == 0   ? GAN(graph, name)
                          : domain == 1 ? VAN(graph, name, i)
                                        : EAN(graph, name, i);
    fprintf(stream, "%s\tnumber\t%.17g\n", name, number);
  }
}

static void dump_domain(FILE *stream, const igraph_t *graph, const columns *all, int domain)
{
  const igraph_integer_t count = domain == 0   ? 1
                                 : domain == 1 ? igraph_vcount(graph)
                                               : igraph_ecount(graph);
  for (igraph_integer_t i = 0; i < count; i++) {
    for (igraph_integer_t c = 0; c < igraph_strvector_size(&all->names[domain]); c++) {
      const char *name = igraph_strvector_get(&all->names[domain], c);
      if (domain == 0) fprintf(stream, "graph\t\t");
      if (domain == 1) fprintf(stream, "node\t%s\t", VAS(graph, "id", i));
      if (domain == 2)
        fprintf(stream, "edge\t%s %s %s\t", EAS(graph, "id", i),
                VAS(graph, "id", IGRAPH_FROM(graph, i)), VAS(graph, "id", IGRAPH_TO(graph, i)));
      dump_value(stream, graph, domain, i, name,
                 VECTOR(all->types[domain])[c] == IGRAPH_ATTRIBUTE_STRING);
    }
  }
}

static bool dump_by_igraph(const char *path, const char *dump_path)
{
  igraph_t graph;
  columns all;
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) return false;
  igraph_set_attribute_table(&igraph_cattribute_table);
  igraph_error_handler_t *old = igraph_set_error_handler(igraph_error_handler_printignore);
  const igraph_error_t code = igraph_read_graph_graphml(&graph, stream, 0);
  fclose(stream);
  igraph_set_error_handler(old);
  if (code) return false;
  stream = fopen(dump_path, "wb");
  if (stream == NULL) return false;
  for (int i = 0; i < 3; i++) {
    igraph_strvector_init(&all.names[i], 0);
    igraph_vector_int_init(&all.types[i], 0);
  }
  igraph_cattribute_list(&graph, &all.names[0], &all.types[0], &all.names[1], &all.types[1],
                         &all.names[2], &all.types[2]);
  for (int i = 0; i < 3; i++) {
    dump_domain(stream, &graph, &all, i);
    igraph_strvector_destroy(&all.names[i]);
    igraph_vector_int_destroy(&all.types[i]);
  }
  igraph_destroy(&graph);
  return fclose(stream) == 0;
}

/* NetworkX comes with Debian's own Python. */
static bool is_networkx_there(void)
{
  const char *const ask[] = {"/usr/bin/python3", "-c", "import networkx", NULL};
  shim_result result;
  return shim_run(ask, NULL, &result) && result.exit_code == 0;
}

static void expect_same_in_networkx(const char *path)
{
  const char *dump_path = shim_format("%s/igraph.tsv", shim_folder());
  ASSERT_TRUE(dump_by_igraph(path, dump_path));
  const char *const compare[] = {"/usr/bin/python3", LS_TEST_SOURCE_DIR "/tests/compare_readers.py",
                                 path, dump_path, NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(compare, NULL, &result));
  if (result.exit_code != 0) LS_TEST_FAIL("%s%s", result.out, result.err);
}

LS_TEST(Graphml, reads_the_same_in_igraph_and_networkx)
{
  static const exported_wish wishes[] = {{LS_CLOS1, false, 1, 32, -1, -1},
                                         {LS_CLOS2, true, 2, 104, -1, -1},
                                         {LS_CLOS3, false, 1, 256, -1, -1},
                                         {LS_OCS_SPINE, false, 1, 128, -1, -1}};
  if (!is_networkx_there()) LS_TEST_SKIP("/usr/bin/python3 has no networkx (python3-networkx)");
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    exported made = {0};
    if (exported_create(wishes[i], &made)) expect_same_in_networkx(made.path);
  }
}

LS_TEST(Graphml, example_reads_the_same_in_igraph_and_networkx)
{
  static const char *const names[] = {"cheapest", "least-power", "fastest", "safest", "knee"};
  if (!is_networkx_there()) LS_TEST_SKIP("/usr/bin/python3 has no networkx (python3-networkx)");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    expect_same_in_networkx(
        shim_format("%s/results/example-pod-512/%s.graphml", LS_TEST_SOURCE_DIR, names[i]));
}

/* Names of people's files are data: whatever they hold reaches the readers unchanged. (Ids of a
 * catalog are plain: igraph 0.10 leaves character references in XML attributes as they are.) */
LS_TEST(Graphml, escapes_names)
{
  static const char name[] = "a&b <c> \"d\" 'e' \xc3\xa9";
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  exported made = {0};
  const exported_wish wish = exported_clos2();
  fabric_catalog(catalog);
  fabric_spec(catalog, wish.gpu_count, spec);
  snprintf(spec->name, sizeof spec->name, "%s", name);
  ASSERT_TRUE(exported_write(catalog, spec, &wish, &made));
  const char *dump_path = shim_format("%s/igraph.tsv", shim_folder());
  ASSERT_TRUE(dump_by_igraph(made.path, dump_path));
  const char *dump = shim_file_read(dump_path, NULL);
  EXPECT_CONTAINS(dump, shim_format("spec_name\tstring\t%s\n", name));
  if (is_networkx_there()) expect_same_in_networkx(made.path);
}
