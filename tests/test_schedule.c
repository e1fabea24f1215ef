/* The cable schedule and the bill of materials: read back and held against the topology. */
#include "../host/problem_build.h"
#include "../host/schedule.h"
#include "fabric.h"
#include "shim/shim.h"
#include <stdlib.h>
#include <string.h>

enum { COLUMN_COUNT = 17 };

typedef struct cluster {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} cluster;

static bool cluster_create(cluster *made, int32_t gpu_count)
{
  made->catalog = shim_alloc(sizeof *made->catalog);
  made->spec = shim_alloc(sizeof *made->spec);
  fabric_catalog(made->catalog);
  fabric_spec(made->catalog, gpu_count, made->spec);
  made->problem = NULL;
  return SHIM_STATUS(ls_problem_create(made->catalog, made->spec, &made->problem, NULL), LS_OK);
}

/* Splits a line at its commas, in place; no field of these tests is quoted. */
static int32_t split(char *line, char *column[COLUMN_COUNT])
{
  int32_t count = 0;
  for (char *next = line; next != NULL && count < COLUMN_COUNT; count++) {
    column[count] = next;
    next = strchr(next, ',');
    if (next != NULL) *next++ = '\0';
  }
  return count;
}

static char *line_next(char **text)
{
  char *line = *text, *end = strchr(line, '\n');
  if (*line == '\0' || end == NULL) return NULL;
  *end = '\0';
  *text = end + 1;
  return line;
}

static void expect_id(const ls_topology *topology, int32_t node, const char *id)
{
  char text[32];
  ls_node_id(&topology->nodes[node], text);
  EXPECT_STREQ(text, id);
}

/* Ports of each node that a cable is in. */
typedef struct port_map {
  const ls_topology *topology;
  int32_t port_max;
  uint8_t *is_used; /* [node_count][port_max] */
} port_map;

/* Ports a side of an OCS, GPUs x planes of a rack, the radix of a switch. */
static int64_t node_radix(const ls_topology *topology, const ls_node *node)
{
  const ls_problem *problem = topology->problem;
  if (node->kind == LS_NODE_RACK) return (int64_t)node->gpu_count * topology->structure->planes;
  if (node->kind == LS_NODE_OCS) return problem->ocs[node->catalog_index].port_count;
  const ls_switch_row *row = &problem->switches[node->catalog_index];
  return ls_min(row->bandwidth_gbps / topology->structure->port_gbps, row->port_count_max);
}

/* Takes "5", "5-12" or "1-25/8"; returns how many ports that are. */
static int64_t take_ports(port_map *map, int32_t node, const char *text)
{
  char *end = NULL;
  const long first = strtol(text, &end, 10);
  const long last = *end == '-' ? strtol(end + 1, &end, 10) : first;
  const long step = *end == '/' ? strtol(end + 1, &end, 10) : 1;
  int64_t count = 0;
  for (long port = first; port <= last; port += step, count++) {
    if (!SHIM_TRUE(port >= 1 && port <= node_radix(map->topology, &map->topology->nodes[node]))) {
      return -1;
    }
    uint8_t *is_used = &map->is_used[(int64_t)node * map->port_max + port - 1];
    SHIM_EXPECT(SHIM_FALSE(*is_used));
    *is_used = 1;
  }
  return count;
}

/* The ends of one row: ports free, within the radix, as many as links; the right device. */
static void expect_row(port_map *map, const ls_edge *edge, char *column[COLUMN_COUNT])
{
  expect_id(map->topology, edge->node_a, column[1]);
  expect_id(map->topology, edge->node_b, column[5]);
  EXPECT_EQ_I64(atoi(column[9]), edge->link_count);
  EXPECT_EQ_I64(take_ports(map, edge->node_a, column[3]), edge->link_count);
  EXPECT_EQ_I64(atoi(column[13]), edge->strand_count);
  EXPECT_NEAR(atof(column[10]), edge->length_mm / 1000.0, 1e-9);
  EXPECT_NEAR(atof(column[11]), edge->stock_mm / 1000.0, 1e-9);
  EXPECT_NEAR(atof(column[14]), edge->loss_mdb / 1000.0, 1e-9);
  /* A copper cable of 800 Gb/s carries as many links as fit; every other cord one. */
  const int32_t port_gbps = map->topology->structure->port_gbps;
  const int32_t copper_count = (edge->link_count * port_gbps + 799) / 800;
  EXPECT_EQ_I64(atoi(column[16]), edge->fiber < 0 ? copper_count : edge->link_count);
  if (edge->margin_mdb == INT32_MAX) {
    EXPECT_STREQ(column[15], "");
  } else {
    EXPECT_NEAR(atof(column[15]), edge->margin_mdb / 1000.0, 1e-9);
  }
  if (edge->kind != LS_EDGE_OCS_LEG) {
    EXPECT_EQ_I64(take_ports(map, edge->node_b, column[7]), edge->link_count);
    return;
  }
  const char *side_b = strchr(column[7], 'B');
  ASSERT_TRUE(column[7][0] == 'A' && side_b != NULL);
  EXPECT_EQ_I64(2 * take_ports(map, edge->node_b, column[7] + 1),
                edge->link_count * edge->strand_count);
  EXPECT_EQ_I64(strncmp(column[7] + 1, side_b + 1, strlen(side_b + 1)), 0);
}

static void expect_cables(const cluster *made, const ls_topology *topology)
{
  char *path = shim_format("%s/cables.csv", shim_folder());
  ASSERT_STATUS(ls_schedule_write_cables(topology, made->catalog, made->spec, path, NULL), LS_OK);
  char *text = shim_file_read(path, NULL), *column[COLUMN_COUNT];
  ASSERT_TRUE(text != NULL);
  port_map map = {.topology = topology, .port_max = 512};
  map.is_used = shim_alloc((size_t)topology->node_count * (size_t)map.port_max);
  ASSERT_EQ_I64(split(line_next(&text), column), COLUMN_COUNT);
  EXPECT_STREQ(column[0], "cable_id");
  EXPECT_STREQ(column[15], "margin_db");
  EXPECT_STREQ(column[16], "cable_count");
  for (int32_t e = 0; e < topology->edge_count && !shim_has_failed(); e++) {
    if (topology->edges[e].kind == LS_EDGE_CIRCUIT) continue;
    char *line = line_next(&text);
    ASSERT_TRUE(line != NULL);
    ASSERT_EQ_I64(split(line, column), COLUMN_COUNT);
    expect_row(&map, &topology->edges[e], column);
  }
  EXPECT_TRUE(line_next(&text) == NULL);
  /* Every lit port of a GPU has its cable. */
  for (int32_t n = 0; n < topology->node_count; n++) {
    if (topology->nodes[n].kind != LS_NODE_RACK) continue;
    int32_t used = 0;
    for (int32_t p = 0; p < map.port_max; p++) used += map.is_used[n * map.port_max + p];
    EXPECT_EQ_I64(used, topology->nodes[n].up.port_count);
  }
}

/* Dollars with two decimals, in cents. */
static int64_t cents_of(const char *usd)
{
  char *end = NULL;
  const long long dollars = strtoll(usd, &end, 10);
  return dollars * 100 + (*end == '.' ? atoi(end + 1) : 0);
}

static void expect_materials(const cluster *made, const ls_topology *topology)
{
  char *path = shim_format("%s/materials.csv", shim_folder());
  ASSERT_STATUS(ls_schedule_write_materials(topology, made->catalog, path, NULL), LS_OK);
  char *text = shim_file_read(path, NULL), *line = NULL, *column[COLUMN_COUNT];
  ASSERT_TRUE(text != NULL);
  int64_t sum = 0, modules = 0;
  EXPECT_STREQ(line_next(&text), "item,catalog_id,tier,count,unit_usd,total_usd,source");
  while ((line = line_next(&text)) != NULL) {
    ASSERT_EQ_I64(split(line, column), 7);
    if (strcmp(column[0], "total") == 0) break;
    EXPECT_EQ_I64(atoll(column[3]) * cents_of(column[4]), cents_of(column[5]));
    EXPECT_CONTAINS(column[6], "catalog.yaml:");
    EXPECT_TRUE(column[1][0] != '\0' && column[2][0] != '\0');
    sum += cents_of(column[5]);
    const bool is_module = strcmp(column[0], "module") == 0;
    if (is_module || strcmp(column[0], "copper cable end") == 0) modules += atoll(column[3]);
  }
  ASSERT_TRUE(line != NULL);
  EXPECT_EQ_I64(cents_of(column[5]), topology->totals.capex_cents);
  EXPECT_EQ_I64(sum, topology->totals.capex_cents);
  EXPECT_EQ_I64(modules, topology->totals.module_count);
  EXPECT_TRUE(line_next(&text) == NULL);
}

static void expect_cluster(int32_t gpu_count)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, gpu_count));
  int32_t written = 0;
  for (uint32_t s = 0; s < made.problem->structure_count && !shim_has_failed(); s += 23) {
    const ls_structure *structure = &made.problem->structures[s];
    ls_topology topology;
    const uint64_t rank = structure->rank_first + structure->rank_count / 2;
    if (ls_topology_create(made.problem, made.catalog, made.spec, rank, &topology, NULL) != LS_OK) {
      continue;
    }
    expect_cables(&made, &topology);
    expect_materials(&made, &topology);
    if (shim_has_failed()) LS_TEST_FAIL("the above is rank %llu", (unsigned long long)rank);
    ls_topology_destroy(&topology);
    written++;
  }
  EXPECT_LT_I64(3, written);
  ls_problem_destroy(made.problem);
}

LS_TEST(Schedule, of_64_gpus_reads_back) { expect_cluster(64); }

LS_TEST(Schedule, of_an_odd_number_reads_back) { expect_cluster(250); }

LS_TEST(Schedule, of_512_gpus_reads_back) { expect_cluster(512); }

/* What cannot be written is said, and nothing is left behind. */
LS_TEST(Schedule, says_where_it_cannot_write)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 64));
  ls_topology topology;
  ls_error error = {0};
  const uint64_t rank = made.problem->structures[0].rank_first;
  ASSERT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, rank, &topology, NULL),
                LS_OK);
  const char *path = shim_format("%s/no/such/folder.csv", shim_folder());
  EXPECT_STATUS(ls_schedule_write_cables(&topology, made.catalog, made.spec, path, &error),
                LS_ERR_IO);
  EXPECT_CONTAINS(error.file, "no/such/folder.csv");
  EXPECT_STATUS(ls_schedule_write_materials(&topology, made.catalog, path, &error), LS_ERR_IO);
  ls_topology_destroy(&topology);
  ls_problem_destroy(made.problem);
}

/* Ids with commas and quotes stay one field. */
LS_TEST(Schedule, quotes_what_must_be)
{
  cluster made;
  ASSERT_TRUE(cluster_create(&made, 64));
  ls_topology topology;
  ASSERT_STATUS(ls_topology_create(made.problem, made.catalog, made.spec, 0, &topology, NULL),
                LS_OK);
  const int32_t used = topology.link[0].optic_a;
  snprintf(made.catalog->optics[used].id, LS_ID_MAX, "a,\"b\"");
  char *path = shim_format("%s/cables.csv", shim_folder());
  ASSERT_STATUS(ls_schedule_write_cables(&topology, made.catalog, made.spec, path, NULL), LS_OK);
  EXPECT_CONTAINS(shim_file_read(path, NULL), ",\"a,\"\"b\"\"\",");
  ls_topology_destroy(&topology);
  ls_problem_destroy(made.problem);
}
