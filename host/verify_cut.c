/* Shrinks a graph without losing its smallest cut, so that igraph's exact but slow minimum cut
 * has little left to do (Padberg and Rinaldi 1990): the links around any one vertex are a cut,
 * so the smallest of these sums bounds the answer; two vertices that this many links join,
 * directly or by way of neighbours they share, are on the same side of every smaller cut, and
 * become one. Repeated until nothing changes; a Clos shrinks to a point. */
#include "verify_graph.h"

#include <stdlib.h>
#include <string.h>

/* Neighbours of each vertex, ascending. */
typedef struct adjacency {
  int32_t *parent;    /* [vertices] union-find */
  int64_t *first;     /* [vertices + 1] */
  int32_t *neighbour; /* [2 edges] */
  int64_t *links;     /* [2 edges] */
} adjacency;

static int compare_edges(const void *left, const void *right)
{
  const ls_cut_edge *a = left, *b = right;
  if (a->a != b->a) return a->a < b->a ? -1 : 1;
  return (a->b > b->b) - (a->b < b->b);
}

/* Sorts the edges, joins parallel ones, drops loops; a < b in each. */
static void merge_edges(ls_cut_graph *graph)
{
  int64_t kept = 0;
  for (int64_t i = 0; i < graph->edge_count; i++) {
    ls_cut_edge edge = graph->edges[i];
    if (edge.a > edge.b) edge = (ls_cut_edge){edge.b, edge.a, edge.links};
    if (edge.a != edge.b) graph->edges[kept++] = edge;
  }
  graph->edge_count = kept;
  if (kept == 0) return;
  qsort(graph->edges, (size_t)kept, sizeof *graph->edges, compare_edges);
  kept = 1;
  for (int64_t i = 1; i < graph->edge_count; i++) {
    ls_cut_edge *last = &graph->edges[kept - 1];
    const ls_cut_edge *edge = &graph->edges[i];
    if (edge->a == last->a && edge->b == last->b)
      last->links += edge->links;
    else
      graph->edges[kept++] = *edge;
  }
  graph->edge_count = kept;
}

static void fill_adjacency(const ls_cut_graph *graph, adjacency *lists, int64_t *next)
{
  const int32_t vertices = graph->vertex_count;
  memset(lists->first, 0, ((size_t)vertices + 1) * sizeof *lists->first);
  for (int64_t i = 0; i < graph->edge_count; i++) {
    lists->first[graph->edges[i].a + 1]++;
    lists->first[graph->edges[i].b + 1]++;
  }
  for (int32_t v = 0; v < vertices; v++) {
    lists->first[v + 1] += lists->first[v];
    next[v] = lists->first[v];
    lists->parent[v] = v;
  }
  for (int64_t i = 0; i < graph->edge_count; i++) { /* smaller neighbours first */
    const ls_cut_edge *edge = &graph->edges[i];
    lists->neighbour[next[edge->b]] = edge->a;
    lists->links[next[edge->b]++] = edge->links;
  }
  for (int64_t i = 0; i < graph->edge_count; i++) {
    const ls_cut_edge *edge = &graph->edges[i];
    lists->neighbour[next[edge->a]] = edge->b;
    lists->links[next[edge->a]++] = edge->links;
  }
}

static int32_t root_of(int32_t *parent, int32_t v)
{
  while (parent[v] != v) {
    parent[v] = parent[parent[v]];
    v = parent[v];
  }
  return v;
}

/* Links that surely stand between u and v: the direct ones, and through each shared neighbour
 * the thinner of two bundles. Stops counting at enough. */
static int64_t joined_links(const adjacency *lists, int32_t u, int32_t v, int64_t enough)
{
  int64_t i = lists->first[u], j = lists->first[v], sum = 0;
  while (i < lists->first[u + 1] && j < lists->first[v + 1] && sum < enough) {
    const int32_t at_u = lists->neighbour[i], at_v = lists->neighbour[j];
    if (at_u == v && at_u <= at_v) sum += lists->links[i]; /* once, as i moves on */
    if (at_u == at_v) sum += lists->links[i] < lists->links[j] ? lists->links[i] : lists->links[j];
    i += at_u <= at_v;
    j += at_v <= at_u;
  }
  return sum;
}

static void unite(int32_t *parent, int32_t u, int32_t v)
{
  const int32_t a = root_of(parent, u), b = root_of(parent, v);
  if (a != b) parent[a > b ? a : b] = a < b ? a : b;
}

/* Joins what no cut below least parts; neighbours in a row of some list are the pairs tried. */
static void unite_all(const ls_cut_graph *graph, adjacency *lists, int64_t least)
{
  for (int64_t i = 0; i < graph->edge_count; i++)
    if (graph->edges[i].links >= least) unite(lists->parent, graph->edges[i].a, graph->edges[i].b);
  for (int32_t v = 0; v < graph->vertex_count; v++) {
    for (int64_t i = lists->first[v] + 1; i < lists->first[v + 1]; i++) {
      const int32_t a = lists->neighbour[i - 1], b = lists->neighbour[i];
      if (root_of(lists->parent, a) == root_of(lists->parent, b)) continue;
      if (joined_links(lists, a, b, least) >= least) unite(lists->parent, a, b);
    }
  }
}

/* Gives the joined vertices new numbers; label: [vertices] scratch. */
static void relabel(ls_cut_graph *graph, int32_t *parent, int64_t *label)
{
  int32_t count = 0;
  for (int32_t v = 0; v < graph->vertex_count; v++) {
    const int32_t root = root_of(parent, v); /* never above v */
    label[v] = root == v ? count++ : label[root];
  }
  for (int64_t i = 0; i < graph->edge_count; i++) {
    graph->edges[i].a = (int32_t)label[graph->edges[i].a];
    graph->edges[i].b = (int32_t)label[graph->edges[i].b];
  }
  graph->vertex_count = count;
  merge_edges(graph);
}

/* The fewest links around one vertex. */
static int64_t least_degree(const ls_cut_graph *graph, const adjacency *lists)
{
  int64_t least = INT64_MAX;
  for (int32_t v = 0; v < graph->vertex_count; v++) {
    int64_t degree = 0;
    for (int64_t i = lists->first[v]; i < lists->first[v + 1]; i++) degree += lists->links[i];
    if (degree < least) least = degree;
  }
  return least;
}

ls_status ls_cut_shrink(ls_cut_graph *graph, int64_t *bound)
{
  const size_t vertices = (size_t)graph->vertex_count, edges = (size_t)graph->edge_count;
  int64_t least = INT64_MAX;
  int64_t *scratch = malloc((vertices + 1) * sizeof *scratch);
  adjacency lists = {malloc((vertices + 1) * sizeof *lists.parent),
                     malloc((vertices + 1) * sizeof *lists.first),
                     malloc((2 * edges + 1) * sizeof *lists.neighbour),
                     malloc((2 * edges + 1) * sizeof *lists.links)};
  const bool has_room = scratch && lists.parent && lists.first && lists.neighbour && lists.links;
  if (has_room) merge_edges(graph);
  for (int32_t before = 0; has_room && graph->vertex_count > 1 && before != graph->vertex_count;) {
    before = graph->vertex_count;
    fill_adjacency(graph, &lists, scratch);
    const int64_t degree = least_degree(graph, &lists);
    if (degree < least) least = degree;
    unite_all(graph, &lists, least);
    relabel(graph, lists.parent, scratch);
  }
  free(lists.links);
  free(lists.neighbour);
  free(lists.first);
  free(lists.parent);
  free(scratch);
  if (!has_room) return LS_ERR_MEMORY;
  *bound = least;
  return LS_OK;
}
