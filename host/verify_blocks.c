/* Measures the graph between the blocks of a plane in which not every two are joined: distances by
 * breadth-first search, and what links carry when every two blocks exchange the same amount, each
 * split at every block over all links that lead nearer, alike.
 *
 * To each block at a time: what flows at a block, its own and all that came from farther away, is
 * divided by the number of its links that lead nearer, rounded up; so much each of them carries. */
#include "verify_graph.h"

#include <stdlib.h>

enum { BLOCKS_MAX = 4096 }; /* more are not measured: it would take too long */

typedef struct hop {
  int32_t from, to; /* blocks of the plane */
  int64_t links, load;
} hop;

typedef struct graph {
  int32_t block_count;
  int64_t hop_count;
  int32_t *block_of; /* [nodes] of the plane, by representative; -1 */
  int64_t *gpus;     /* [blocks] */
  hop *hops;         /* [hop_count] both ways, by from and to */
  int64_t *first;    /* [blocks + 1] */
  int32_t *level;    /* [blocks] */
  int32_t *order;    /* [blocks] */
  int64_t *flow;     /* [blocks] */
} graph;

static void graph_free(graph *self)
{
  free(self->block_of);
  free(self->gpus);
  free(self->hops);
  free(self->first);
  free(self->level);
  free(self->order);
  free(self->flow);
}

static ls_status graph_init(const ls_record *record, graph *self)
{
  const size_t nodes = (size_t)record->node_count + 2;
  *self = (graph){.block_of = malloc(nodes * sizeof *self->block_of),
                  .gpus = calloc(nodes, sizeof *self->gpus),
                  .hops = malloc(((size_t)record->edge_count * 2 + 1) * sizeof *self->hops),
                  .first = calloc(nodes, sizeof *self->first),
                  .level = malloc(nodes * sizeof *self->level),
                  .order = malloc(nodes * sizeof *self->order),
                  .flow = malloc(nodes * sizeof *self->flow)};
  return self->block_of && self->gpus && self->hops && self->first && self->level && self->order &&
                 self->flow
             ? LS_OK
             : LS_ERR_MEMORY;
}

static void blocks_gather(const ls_record *record, ls_mesh *mesh, int64_t plane, graph *self)
{
  for (int32_t i = 0; i < record->node_count; i++) self->block_of[i] = -1;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->kind != LS_DEVICE_LEAF || node->plane != plane) continue;
    int32_t *block = &self->block_of[ls_group_find(mesh->parent, i)];
    if (*block < 0) *block = self->block_count++;
    ls_verify_add_product(&self->gpus[*block], node->down.port_count, 1);
  }
}

static int hop_compare(const void *left, const void *right)
{
  const hop *a = left, *b = right;
  if (a->from != b->from) return a->from < b->from ? -1 : 1;
  return (a->to > b->to) - (a->to < b->to);
}

/* Links of two blocks become one hop each way. */
static void hops_gather(const ls_record *record, ls_mesh *mesh, graph *self)
{
  int64_t count = 0;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (!ls_record_is_peer(record, edge) || edge->link_count <= 0) continue;
    const int32_t a = self->block_of[ls_group_find(mesh->parent, edge->node_a)];
    const int32_t b = self->block_of[ls_group_find(mesh->parent, edge->node_b)];
    if (a < 0 || b < 0 || a == b) continue;
    self->hops[count++] = (hop){a, b, edge->link_count, 0};
    self->hops[count++] = (hop){b, a, edge->link_count, 0};
  }
  qsort(self->hops, (size_t)count, sizeof *self->hops, hop_compare);
  for (int64_t i = 0; i < count; i++) {
    hop *last = self->hop_count ? &self->hops[self->hop_count - 1] : NULL;
    if (last && !hop_compare(last, &self->hops[i]))
      ls_verify_add_product(&last->links, self->hops[i].links, 1);
    else
      self->hops[self->hop_count++] = self->hops[i];
  }
  for (int64_t i = 0; i < self->hop_count; i++) self->first[self->hops[i].from + 1]++;
  for (int32_t v = 0; v < self->block_count; v++) self->first[v + 1] += self->first[v];
}

/* How far the blocks are from one of them, in order; returns how many it is joined to. */
static int32_t levels_find(graph *self, int32_t to)
{
  int32_t count = 1;
  for (int32_t v = 0; v < self->block_count; v++) self->level[v] = -1;
  self->level[to] = 0;
  self->order[0] = to;
  for (int32_t at = 0; at < count; at++)
    for (int64_t i = self->first[self->order[at]]; i < self->first[self->order[at] + 1]; i++) {
      const int32_t next = self->hops[i].to;
      if (self->level[next] >= 0) continue;
      self->level[next] = self->level[self->order[at]] + 1;
      self->order[count++] = next;
    }
  return count;
}

static void block_send(graph *self, int32_t v)
{
  int64_t nearer = 0;
  for (int64_t i = self->first[v]; i < self->first[v + 1]; i++)
    if (self->level[self->hops[i].to] == self->level[v] - 1)
      ls_verify_add_product(&nearer, self->hops[i].links, 1);
  const int64_t part = self->flow[v] / nearer + (self->flow[v] % nearer > 0);
  for (int64_t i = self->first[v]; i < self->first[v + 1]; i++) {
    hop *over = &self->hops[i];
    if (self->level[over->to] != self->level[v] - 1) continue;
    ls_verify_add_product(&over->load, part, 1);
    ls_verify_add_product(&self->flow[over->to], part, over->links);
  }
}

/* Adds the ways to one block. */
static void block_measure(graph *self, int32_t to, ls_blocks_measure *found)
{
  const int32_t count = levels_find(self, to);
  for (int32_t at = 0; at < count; at++) {
    const int32_t v = self->order[at];
    int64_t pairs = 0;
    if (self->level[v] > found->diameter) found->diameter = self->level[v];
    found->distance_sum += self->level[v];
    self->flow[v] = LS_BLOCKS_MEASURE_UNIT;
    if (v == to) continue;
    ls_verify_add_product(&pairs, self->gpus[v], self->gpus[to]);
    ls_verify_add_product(&found->gpu_pairs, pairs, 1);
    ls_verify_add_product(&found->gpu_hops, pairs, self->level[v]);
  }
  for (int32_t at = count - 1; at > 0; at--) block_send(self, self->order[at]);
}

ls_status ls_verify_measure_blocks(const ls_record *record, ls_mesh *mesh, int64_t plane,
                                   ls_blocks_measure *found)
{
  graph self;
  *found = (ls_blocks_measure){.is_sparse = false};
  const ls_status status = graph_init(record, &self);
  if (status == LS_OK) {
    blocks_gather(record, mesh, plane, &self);
    hops_gather(record, mesh, &self);
    const int64_t blocks = self.block_count;
    found->is_sparse = blocks <= BLOCKS_MAX && self.hop_count < blocks * (blocks - 1);
    found->adjacent = self.hop_count;
    for (int32_t v = 0; found->is_sparse && v < self.block_count; v++)
      block_measure(&self, v, found);
    for (int64_t i = 0; i < self.hop_count; i++)
      if (self.hops[i].load > found->load) found->load = self.hops[i].load;
  }
  graph_free(&self);
  return status;
}
