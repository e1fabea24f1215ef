/* The tables that an operator loads into OCS: read back with the cable schedule alone, they must
 * make the graph that was wired. */
#include <stdio.h>

#include "../host/circuits.h"
#include "../host/schedule.h"
#include "exported.h"

enum { ROW_MAX = 20000, RUN_MAX = 4000 };

typedef struct connection {
  char ocs[32], from[32], to[32];
  int a, b, link;
} connection;

/* Ports that a device has on both sides of an OCS, by the cable schedule. */
typedef struct port_run {
  char ocs[32], device[32];
  int first, last;
} port_run;

typedef struct tables {
  ls_topology topology;
  connection *rows;
  port_run *runs;
  int32_t row_count, run_count;
} tables;

static void rows_read(tables *self, const char *path)
{
  const char *text = shim_file_read(path, NULL);
  ASSERT_TRUE(text != NULL);
  self->rows = shim_alloc(ROW_MAX * sizeof *self->rows);
  while ((text = strchr(text, '\n')) != NULL && *++text) {
    connection *row = &self->rows[self->row_count++];
    ASSERT_EQ_I64(sscanf(text, "%31[^,],%d,%d,%31[^,],%31[^,],%d", row->ocs, &row->a, &row->b,
                         row->from, row->to, &row->link),
                  6);
    ASSERT_TRUE(self->row_count < ROW_MAX);
  }
}

static void runs_read(tables *self, const char *path)
{
  const char *text = shim_file_read(path, NULL);
  ASSERT_TRUE(text != NULL);
  self->runs = shim_alloc(RUN_MAX * sizeof *self->runs);
  while ((text = strchr(text, '\n')) != NULL && *++text) {
    port_run *run = &self->runs[self->run_count];
    char ports[64];
    if (sscanf(text, "%*[^,],%31[^,],%*[^,],%*[^,],%*[^,],%31[^,],%*[^,],A%63[^,]", run->device,
               run->ocs, ports) != 3)
      continue;
    if (sscanf(ports, "%d-%d", &run->first, &run->last) == 1) run->last = run->first;
    ASSERT_TRUE(++self->run_count < RUN_MAX);
  }
}

static bool has_port(const tables *self, const char *ocs, const char *device, int port)
{
  for (int32_t i = 0; i < self->run_count; i++) {
    const port_run *run = &self->runs[i];
    if (strcmp(run->ocs, ocs) == 0 && strcmp(run->device, device) == 0)
      return port >= run->first && port <= run->last;
  }
  return false;
}

/* A port of a side carries one connection, and is cabled to its device. */
static void expect_ports(const tables *self)
{
  for (int32_t i = 0; i < self->row_count; i++) {
    const connection *row = &self->rows[i];
    EXPECT_TRUE(has_port(self, row->ocs, row->from, row->a));
    EXPECT_TRUE(has_port(self, row->ocs, row->to, row->b));
    for (int32_t j = 0; j < i; j++)
      if (strcmp(self->rows[j].ocs, row->ocs) == 0)
        EXPECT_FALSE(self->rows[j].a == row->a || self->rows[j].b == row->b);
  }
}

/* Links of two devices through an OCS, by the table: of how many numbers it has rows. */
static int32_t links_told(const tables *self, const char *ocs, const char *a, const char *b)
{
  int32_t count = 0, last = 0;
  for (int32_t i = 0; i < self->row_count; i++) {
    const connection *row = &self->rows[i];
    const bool is_there = strcmp(row->from, a) == 0 && strcmp(row->to, b) == 0;
    const bool is_back = strcmp(row->from, b) == 0 && strcmp(row->to, a) == 0;
    if (strcmp(row->ocs, ocs) || !(is_there || is_back) || row->link == last) continue;
    last = row->link;
    count++;
  }
  return count;
}

static void expect_graph(const tables *self)
{
  int64_t links = 0, told = 0;
  for (int32_t i = 0; i < self->topology.edge_count; i++) {
    const ls_edge *edge = &self->topology.edges[i];
    char a[32], b[32], ocs[32];
    int32_t wired = 0;
    if (edge->kind != LS_EDGE_CIRCUIT) continue;
    for (int32_t j = 0; j < self->topology.edge_count; j++) {
      const ls_edge *other = &self->topology.edges[j];
      if (other->kind == LS_EDGE_CIRCUIT && other->via == edge->via &&
          other->node_a == edge->node_a && other->node_b == edge->node_b)
        wired += other->link_count;
    }
    ls_node_id(&self->topology.nodes[edge->node_a], a);
    ls_node_id(&self->topology.nodes[edge->node_b], b);
    ls_node_id(&self->topology.nodes[edge->via], ocs);
    EXPECT_EQ_I64(links_told(self, ocs, a, b), wired);
    links += edge->link_count;
  }
  for (int32_t i = 0; i < self->row_count; i++)
    told += i == 0 || self->rows[i].link != self->rows[i - 1].link ||
            strcmp(self->rows[i].ocs, self->rows[i - 1].ocs) != 0;
  EXPECT_EQ_I64(told, links);
}

static void expect_rebuilt_of(exported_wish wish, uint32_t switch_mask, ls_block_kind kind)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  tables self = {0};
  fabric_catalog(catalog);
  fabric_spec(catalog, wish.gpu_count, spec);
  spec->space.switch_mask &= switch_mask;
  spec->space.block_kind_mask = 1U << kind;
  spec->matrix = exported_demand();
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  ASSERT_TRUE(exported_find(problem, catalog, spec, &wish, &self.topology));
  EXPECT_TRUE((self.topology.wired != NULL) ==
              (switch_mask != UINT32_MAX || kind != LS_BLOCKS_FOUND));
  const char *circuits = shim_format("%s/circuits.csv", shim_folder());
  const char *cables = shim_format("%s/cables.csv", shim_folder());
  EXPECT_STATUS(ls_circuits_write(&self.topology, circuits, NULL), LS_OK);
  EXPECT_STATUS(ls_schedule_write_cables(&self.topology, catalog, spec, cables, NULL), LS_OK);
  rows_read(&self, circuits);
  runs_read(&self, cables);
  EXPECT_TRUE(self.row_count > 0);
  expect_ports(&self);
  expect_graph(&self);
  ls_topology_destroy(&self.topology);
  ls_problem_destroy(problem);
}

static void expect_rebuilt(exported_wish wish)
{
  expect_rebuilt_of(wish, UINT32_MAX, LS_BLOCKS_FOUND);
}

/* 64 leaves of eight links; 32 of sixteen in each of two planes. */
LS_TEST(Circuits, make_the_graph_that_was_found_for_sparse_blocks)
{
  const uint32_t small = 1U << FABRIC_SMALL;
  const exported_wish one = {LS_OCS_SPINE, false, 1, 512, FABRIC_BIDI, 0};
  const exported_wish two = {LS_OCS_SPINE, false, 2, 512, FABRIC_FR, 0};
  expect_rebuilt_of(one, small, LS_BLOCKS_FOUND);
  expect_rebuilt_of(two, small, LS_BLOCKS_FOUND);
}

LS_TEST(Circuits, make_toruses_and_links_that_follow_a_demand)
{
  const uint32_t small = 1U << FABRIC_SMALL;
  const exported_wish leaves = {LS_OCS_SPINE, false, 1, 512, FABRIC_BIDI, 0};
  const exported_wish pods = {LS_OCS_CORE, false, 1, 256, -1, -1};
  expect_rebuilt_of(leaves, small, LS_BLOCKS_TORUS_2D);
  expect_rebuilt_of(leaves, small, LS_BLOCKS_TORUS_3D);
  for (ls_block_kind kind = LS_BLOCKS_DEMAND; kind <= LS_BLOCKS_DEMAND_HALF; kind++) {
    expect_rebuilt_of(leaves, small, kind);
    expect_rebuilt_of(leaves, UINT32_MAX, kind);
    expect_rebuilt_of(pods, UINT32_MAX, kind);
  }
}

LS_TEST(Circuits, make_the_graph_where_a_strand_carries_both_directions)
{
  expect_rebuilt(exported_mesh());
}

LS_TEST(Circuits, make_the_graph_where_each_direction_has_a_strand)
{
  expect_rebuilt((exported_wish){LS_OCS_SPINE, false, 1, 96, FABRIC_FR, 0});
}

LS_TEST(Circuits, make_the_graph_between_pods)
{
  expect_rebuilt((exported_wish){LS_OCS_CORE, false, 1, 256, -1, -1});
}

LS_TEST(Circuits, are_none_without_ocs)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  const exported_wish wish = exported_clos2();
  ls_problem *problem = NULL;
  ls_topology topology;
  ls_cross_connects made;
  fabric_catalog(catalog);
  fabric_spec(catalog, wish.gpu_count, spec);
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  ASSERT_TRUE(exported_find(problem, catalog, spec, &wish, &topology));
  EXPECT_STATUS(ls_circuits_connect(&topology, &made), LS_OK);
  EXPECT_EQ_I64(made.count, 0);
  ls_topology_destroy(&topology);
  ls_problem_destroy(problem);
}
