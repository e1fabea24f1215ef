#include "block_graph.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "block_factors.h"
#include "wire.h"

enum { EVALUATIONS = 3000 };

/* ---- Neighbours ---- */

/* Blocks joined to v: to[first[v]..first[v + 1] - 1], by count[] links each. */
typedef struct adjacency {
  int32_t *first, *to, *count;
  int32_t *queue, *distance;
  int64_t *flow, *load; /* [blocks], [places of to] */
} adjacency;

static void adjacency_free(adjacency *self)
{
  free(self->first);
  free(self->to);
  free(self->count);
  free(self->queue);
  free(self->distance);
  free(self->flow);
  free(self->load);
}

/* Links of two blocks make one place: they are alike. */
static void adjacency_fill(const ls_block_graph *graph, adjacency *self)
{
  const int32_t blocks = graph->blocks;
  int32_t *links = self->queue; /* to each block, of the one that is filled */
  int32_t places = 0;
  for (int32_t v = 0; v < blocks; v++) links[v] = 0;
  /* self->to holds the far ends by block before they are counted. */
  for (int32_t v = 0; v < blocks; v++) {
    const int32_t begin = places;
    self->first[v] = begin;
    for (int32_t i = 0; i < graph->degree; i++) links[self->count[v * graph->degree + i]]++;
    for (int32_t w = 0; w < blocks; w++) {
      if (!links[w]) continue;
      self->to[places] = w;
      self->load[places++] = links[w];
      links[w] = 0;
    }
  }
  self->first[blocks] = places;
  for (int32_t i = 0; i < places; i++) self->count[i] = (int32_t)self->load[i];
}

static ls_status adjacency_create(const ls_block_graph *graph, adjacency *self)
{
  const size_t blocks = (size_t)graph->blocks, ends = blocks * (size_t)graph->degree;
  *self = (adjacency){.first = malloc((blocks + 1) * sizeof *self->first),
                      .to = malloc((ends + 1) * sizeof *self->to),
                      .count = malloc((ends + 1) * sizeof *self->count),
                      .queue = calloc(blocks + 1, sizeof *self->queue),
                      .distance = malloc((blocks + 1) * sizeof *self->distance),
                      .flow = malloc((blocks + 1) * sizeof *self->flow),
                      .load = malloc((ends + 1) * sizeof *self->load)};
  if (!self->first || !self->to || !self->count || !self->queue || !self->distance || !self->flow ||
      !self->load) {
    adjacency_free(self);
    return LS_ERR_MEMORY;
  }
  for (size_t i = 0; i < ends / 2; i++)
    for (int32_t end = 0; end < 2; end++) {
      const int32_t v = graph->links[i][end];
      self->count[v * graph->degree + self->queue[v]++] = graph->links[i][1 - end];
    }
  adjacency_fill(graph, self);
  memset(self->load, 0, ends * sizeof *self->load);
  return LS_OK;
}

/* Distances to a block; the blocks stand in queue by distance. All are joined. */
static void distances_find(adjacency *self, int32_t blocks, int32_t to)
{
  int32_t count = 0;
  for (int32_t v = 0; v < blocks; v++) self->distance[v] = -1;
  self->distance[to] = 0;
  self->queue[count++] = to;
  for (int32_t head = 0; head < count; head++) {
    const int32_t v = self->queue[head];
    for (int32_t i = self->first[v]; i < self->first[v + 1]; i++) {
      const int32_t w = self->to[i];
      if (self->distance[w] >= 0) continue;
      self->distance[w] = self->distance[v] + 1;
      self->queue[count++] = w;
    }
  }
}

/* Sends what flows at a block on over all links that lead nearer. */
static void flow_split(adjacency *self, int32_t v)
{
  int64_t links = 0;
  for (int32_t i = self->first[v]; i < self->first[v + 1]; i++)
    if (self->distance[self->to[i]] < self->distance[v]) links += self->count[i];
  const int64_t share = (self->flow[v] + links - 1) / links;
  for (int32_t i = self->first[v]; share && i < self->first[v + 1]; i++) {
    if (self->distance[self->to[i]] >= self->distance[v]) continue;
    self->load[i] += share;
    self->flow[self->to[i]] += share * self->count[i];
  }
}

/* Adds what all blocks send to one of them; distances are to that one. */
static void load_add(adjacency *self, int32_t blocks, const int64_t *demand, int32_t to,
                     ls_block_load *load)
{
  for (int32_t v = 0; v < blocks; v++) {
    self->flow[v] = demand ? demand[(int64_t)v * blocks + to] : LS_BLOCK_UNIT;
    load->hops += self->flow[v] * self->distance[v];
  }
  for (int32_t i = blocks - 1; i > 0; i--) flow_split(self, self->queue[i]);
}

static int64_t load_most(const adjacency *self, int32_t blocks)
{
  int64_t most = 0;
  for (int32_t i = 0; i < self->first[blocks]; i++)
    if (self->load[i] > most) most = self->load[i];
  return most;
}

ls_status ls_block_graph_load(const ls_block_graph *graph, const int64_t *demand,
                              ls_block_load *load)
{
  const int32_t blocks = graph->blocks;
  adjacency self;
  const ls_status status = adjacency_create(graph, &self);
  if (status != LS_OK) return status;
  *load = (ls_block_load){.most = 0};
  for (int32_t to = 0; to < blocks; to++) {
    distances_find(&self, blocks, to);
    load_add(&self, blocks, demand, to, load);
  }
  load->most = load_most(&self, blocks);
  adjacency_free(&self);
  return LS_OK;
}

/* ---- One graph ---- */

static ls_status graph_measure(ls_block_graph *graph)
{
  const int32_t blocks = graph->blocks;
  adjacency self;
  ls_block_load load = {.most = 0};
  const ls_status status = adjacency_create(graph, &self);
  if (status != LS_OK) return status;
  graph->adjacent = self.first[blocks];
  graph->links_min = graph->degree;
  for (int32_t i = 0; i < self.first[blocks]; i++)
    if (self.count[i] < graph->links_min) graph->links_min = self.count[i];
  for (int32_t to = 0; to < blocks; to++) {
    distances_find(&self, blocks, to);
    graph->last_distance = 0;
    for (int32_t v = 0; v < blocks; v++) {
      graph->last_distance += self.distance[v];
      if (self.distance[v] > graph->diameter) graph->diameter = self.distance[v];
    }
    graph->distance_sum += graph->last_distance;
    load_add(&self, blocks, NULL, to, &load);
  }
  graph->load = load_most(&self, blocks);
  adjacency_free(&self);
  return LS_OK;
}

static void link_put(ls_block_graph *graph, int64_t at, int32_t a, int32_t b)
{
  graph->links[at][0] = a < b ? a : b;
  graph->links[at][1] = a < b ? b : a;
}

/* Ports that the search left free. */
typedef struct filling {
  ls_block_graph *graph;
  int64_t count;   /* links so far */
  int32_t *left;   /* [blocks] free ports */
  bool *is_joined; /* [blocks][blocks] */
} filling;

static bool *joined_at(const filling *self, int32_t a, int32_t b)
{
  return &self->is_joined[(int64_t)a * self->graph->blocks + b];
}

static void link_join(filling *self, int64_t at, int32_t a, int32_t b)
{
  link_put(self->graph, at, a, b);
  *joined_at(self, a, b) = *joined_at(self, b, a) = true;
}

/* Gives a and b a link more each, in place of one of two blocks: a link where there is none yet.
 * a may be b. While no two links are alike and there are blocks that a is not joined to, there is
 * such a place: a block that is not joined to a has more neighbours than b has others. */
static void ports_divide(filling *self, int32_t a, int32_t b)
{
  for (int64_t i = 0; i < 2 * self->count; i++) {
    const int32_t x = self->graph->links[i / 2][i % 2], y = self->graph->links[i / 2][1 - i % 2];
    if (x == a || y == b || *joined_at(self, a, x) || *joined_at(self, b, y)) continue;
    *joined_at(self, x, y) = *joined_at(self, y, x) = false;
    link_join(self, i / 2, a, x);
    link_join(self, self->count++, b, y);
    return;
  }
}

/* Uses all free ports, of which there is an even number. */
static void ports_fill(filling *self)
{
  int32_t open = -1;
  for (int32_t v = 0; v < self->graph->blocks; v++)
    for (; self->left[v]; self->left[v]--) {
      if (open < 0) {
        open = v;
        continue;
      }
      if (open != v && !*joined_at(self, open, v))
        link_join(self, self->count++, open, v);
      else
        ports_divide(self, open, v);
      open = -1;
    }
}

static ls_status wiring_take(ls_block_graph *graph, const ls_wiring *wiring)
{
  const size_t blocks = (size_t)graph->blocks;
  filling self = {.graph = graph,
                  .left = malloc(blocks * sizeof *self.left),
                  .is_joined = calloc(blocks * blocks, sizeof *self.is_joined)};
  const ls_status status = self.left && self.is_joined ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    for (int32_t v = 0; v < graph->blocks; v++) self.left[v] = graph->degree;
    for (; self.count < wiring->edge_count; self.count++) {
      const int32_t *ends = wiring->edges[self.count];
      link_join(&self, self.count, ends[0], ends[1]);
      self.left[ends[0]]--;
      self.left[ends[1]]--;
    }
    ports_fill(&self);
  }
  free(self.is_joined);
  free(self.left);
  return status;
}

/* What the search finds, with every port used. */
static ls_status graph_search(ls_block_graph *graph, uint64_t seed)
{
  const ls_wire_options options = {.nodes = graph->blocks,
                                   .degree = graph->degree,
                                   .seed = seed,
                                   .thread_count = 1,
                                   .evaluations = EVALUATIONS,
                                   .seconds = INFINITY,
                                   .deadline = INFINITY};
  ls_wire_result found;
  ls_status status = ls_wire_run(&options, &found, NULL);
  if (status != LS_OK) return status;
  status = wiring_take(graph, &found.wiring);
  graph->made_from = found.made_from;
  ls_wiring_destroy(&found.wiring);
  return status;
}

/* Takes the graph over, as it is but for its factors and measures. */
static ls_status graph_finish(ls_block_graph *made, ls_status status, ls_block_graph **graph)
{
  if (status == LS_OK && made->degree % 2 == 0)
    status = ls_block_factors(made->blocks, made->degree, made->links);
  if (status == LS_OK) status = graph_measure(made);
  if (status == LS_OK)
    *graph = made;
  else
    ls_block_graph_destroy(made);
  return status;
}

ls_status ls_block_graph_create(int32_t blocks, int32_t degree, uint64_t seed,
                                ls_block_graph **graph)
{
  const size_t links = (size_t)blocks * (size_t)degree / 2;
  ls_block_graph *made = calloc(1, sizeof *made);
  if (!made) return LS_ERR_MEMORY;
  *made = (ls_block_graph){.blocks = blocks, .degree = degree};
  made->links = malloc((links + 1) * sizeof *made->links);
  return graph_finish(made, made->links ? graph_search(made, seed) : LS_ERR_MEMORY, graph);
}

ls_status ls_block_graph_adopt(int32_t blocks, int32_t degree, int32_t (*links)[2],
                               const char *made_from, ls_block_graph **graph)
{
  ls_block_graph *made = calloc(1, sizeof *made);
  if (!made) {
    free(links);
    return LS_ERR_MEMORY;
  }
  *made =
      (ls_block_graph){.blocks = blocks, .degree = degree, .links = links, .made_from = made_from};
  return graph_finish(made, LS_OK, graph);
}

void ls_block_graph_destroy(ls_block_graph *graph)
{
  if (!graph) return;
  free(graph->links);
  free(graph);
}

/* ---- Graphs met before ---- */

/* One of them, made by the first thread that asks while the others who do wait. */
typedef struct known {
  struct known *next;
  pthread_mutex_t lock;
  ls_block_key key;
  ls_block_graph *graph; /* NULL: not made yet */
} known;

struct ls_block_graphs {
  uint64_t seed;
  pthread_mutex_t lock; /* of the list */
  known *first;
};

ls_block_graphs *ls_block_graphs_create(uint64_t seed)
{
  ls_block_graphs *graphs = calloc(1, sizeof *graphs);
  if (!graphs) return NULL;
  graphs->seed = seed;
  pthread_mutex_init(&graphs->lock, NULL);
  return graphs;
}

void ls_block_graphs_destroy(ls_block_graphs *graphs)
{
  if (!graphs) return;
  for (known *entry = graphs->first, *next; entry; entry = next) {
    next = entry->next;
    ls_block_graph_destroy(entry->graph);
    pthread_mutex_destroy(&entry->lock);
    free(entry);
  }
  pthread_mutex_destroy(&graphs->lock);
  free(graphs);
}

static bool is_same(const ls_block_key *a, const ls_block_key *b)
{
  return a->kind == b->kind && a->blocks == b->blocks && a->degree == b->degree &&
         a->block_gpus == b->block_gpus && a->are_pods == b->are_pods;
}

/* NULL: no memory. */
static known *known_find(ls_block_graphs *graphs, const ls_block_key *key)
{
  pthread_mutex_lock(&graphs->lock);
  known *entry = graphs->first;
  while (entry && !is_same(&entry->key, key)) entry = entry->next;
  if (!entry) {
    entry = calloc(1, sizeof *entry);
    if (entry) {
      *entry = (known){.next = graphs->first, .key = *key};
      pthread_mutex_init(&entry->lock, NULL);
      graphs->first = entry;
    }
  }
  pthread_mutex_unlock(&graphs->lock);
  return entry;
}

ls_status ls_block_graph_take(ls_block_graphs *graphs, const ls_block_key *key,
                              ls_block_maker *maker, const void *context,
                              const ls_block_graph **graph)
{
  if (!graphs) {
    ls_block_graph *made = NULL;
    const ls_status status = maker(context, key, 1, &made);
    *graph = made;
    return status;
  }
  known *entry = known_find(graphs, key);
  if (!entry) return LS_ERR_MEMORY;
  pthread_mutex_lock(&entry->lock);
  const ls_status status = entry->graph ? LS_OK : maker(context, key, graphs->seed, &entry->graph);
  *graph = entry->graph;
  pthread_mutex_unlock(&entry->lock);
  return status;
}

void ls_block_graph_release(ls_block_graphs *graphs, const ls_block_graph *graph)
{
  /* Without a list it was made for this caller alone. */
  if (!graphs) ls_block_graph_destroy((ls_block_graph *)graph);
}
