#include "wiring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crew.h"
#include "files.h"

enum { FILE_BYTES_MAX = 1 << 28 };

ls_status ls_wiring_create(int32_t node_count, int64_t capacity, ls_wiring *wiring)
{
  *wiring = (ls_wiring){.node_count = node_count, .capacity = capacity};
  wiring->edges = malloc((size_t)(capacity ? capacity : 1) * sizeof *wiring->edges);
  return wiring->edges ? LS_OK : LS_ERR_MEMORY;
}

void ls_wiring_destroy(ls_wiring *wiring)
{
  free(wiring->edges);
  *wiring = (ls_wiring){.node_count = 0};
}

void ls_wiring_add(ls_wiring *wiring, int32_t a, int32_t b)
{
  wiring->edges[wiring->edge_count][0] = a;
  wiring->edges[wiring->edge_count++][1] = b;
}

static int edge_compare(const void *left, const void *right)
{
  const int32_t *a = left, *b = right;
  return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

void ls_wiring_normalize(ls_wiring *wiring)
{
  int64_t kept = 0;
  for (int64_t i = 0; i < wiring->edge_count; i++) {
    int32_t *edge = wiring->edges[i];
    const int32_t least = edge[0] < edge[1] ? edge[0] : edge[1];
    edge[1] = edge[0] < edge[1] ? edge[1] : edge[0];
    edge[0] = least;
  }
  qsort(wiring->edges, (size_t)wiring->edge_count, sizeof *wiring->edges, edge_compare);
  for (int64_t i = 0; i < wiring->edge_count; i++) {
    const int32_t a = wiring->edges[i][0], b = wiring->edges[i][1];
    if (a == b || (kept && !edge_compare(wiring->edges[kept - 1], wiring->edges[i]))) continue;
    wiring->edges[kept][0] = a;
    wiring->edges[kept++][1] = b;
  }
  wiring->edge_count = kept;
}

/* ---- Breadth-first search ---- */

/* Neighbours of node v: to[first[v]..first[v + 1]-1]. */
typedef struct adjacency {
  int32_t node_count;
  int64_t *first;
  int32_t *to;
} adjacency;

static void adjacency_destroy(adjacency *self)
{
  free(self->first);
  free(self->to);
}

static ls_status adjacency_create(const ls_wiring *wiring, adjacency *self)
{
  const int32_t n = wiring->node_count;
  *self = (adjacency){.node_count = n,
                      .first = calloc((size_t)n + 2, sizeof *self->first),
                      .to = malloc(((size_t)wiring->edge_count * 2 + 1) * sizeof *self->to)};
  if (!self->first || !self->to) {
    adjacency_destroy(self);
    return LS_ERR_MEMORY;
  }
  for (int64_t i = 0; i < wiring->edge_count; i++)
    for (int32_t end = 0; end < 2; end++) self->first[wiring->edges[i][end] + 2]++;
  for (int32_t v = 0; v < n; v++) self->first[v + 2] += self->first[v + 1];
  for (int64_t i = 0; i < wiring->edge_count; i++)
    for (int32_t end = 0; end < 2; end++)
      self->to[self->first[wiring->edges[i][end] + 1]++] = wiring->edges[i][1 - end];
  return LS_OK;
}

/* Of one thread. */
typedef struct walker {
  const adjacency *graph;
  int32_t count; /* distances to nodes below are added */
  int32_t *queue;
  uint8_t *is_met;
  ls_wiring_measure sum; /* over ordered pairs */
} walker;

/* The nodes next to queue [begin..end-1] that were not met before, from queue[end] on; returns
 * where they end. Without branches, which nobody could predict. */
static int32_t level_follow(walker *self, int32_t begin, int32_t end)
{
  const int32_t node_count = self->graph->node_count;
  const int64_t *restrict first = self->graph->first;
  const int32_t *restrict to = self->graph->to;
  int32_t *restrict queue = self->queue, count = end;
  uint8_t *restrict is_met = self->is_met;
  for (int32_t head = begin; head < end && count < node_count; head++) {
    const int32_t v = queue[head];
    for (int64_t i = first[v]; i < first[v + 1]; i++) {
      const int32_t w = to[i];
      queue[count] = w;
      count += !is_met[w];
      is_met[w] = 1;
    }
  }
  return count;
}

static void search_from(void *context, int32_t from, int32_t worker)
{
  walker *self = (walker *)context + worker;
  ls_wiring_measure *sum = &self->sum;
  int32_t reached = 1, begin = 0, end = 1;
  memset(self->is_met, 0, (size_t)self->graph->node_count);
  self->is_met[from] = 1;
  self->queue[0] = from;
  for (int32_t level = 1; begin < end; level++) {
    const int32_t met = level_follow(self, begin, end);
    int32_t here = 0;
    for (int32_t i = end; i < met; i++) here += self->queue[i] < self->count;
    reached += here;
    sum->distance_sum += (int64_t)here * level;
    if (here && level > sum->diameter) sum->diameter = level;
    begin = end;
    end = met;
  }
  sum->unreachable += self->count - reached;
}

static ls_status walkers_create(const adjacency *graph, int32_t count, walker *walkers,
                                int32_t thread_count)
{
  const size_t nodes =
      (size_t)graph->node_count + 1; /* queue: one beyond the last may be written */
  ls_status status = LS_OK;
  for (int32_t i = 0; i < thread_count; i++) {
    walkers[i] = (walker){.graph = graph,
                          .count = count,
                          .queue = malloc(nodes * sizeof *walkers[i].queue),
                          .is_met = malloc(nodes)};
    if (!walkers[i].queue || !walkers[i].is_met) status = LS_ERR_MEMORY;
  }
  return status;
}

static void walkers_add(const walker *walkers, int32_t thread_count, ls_wiring_measure *measure)
{
  for (int32_t i = 0; i < thread_count; i++) {
    const ls_wiring_measure *sum = &walkers[i].sum;
    measure->distance_sum += sum->distance_sum;
    measure->unreachable += sum->unreachable;
    if (sum->diameter > measure->diameter) measure->diameter = sum->diameter;
  }
  measure->distance_sum /= 2;
  measure->unreachable /= 2;
}

ls_status ls_wiring_measure_first(const ls_wiring *wiring, int32_t count, int32_t thread_count,
                                  ls_wiring_measure *measure)
{
  const int32_t threads = thread_count < LS_CREW_MAX ? thread_count : LS_CREW_MAX;
  walker walkers[LS_CREW_MAX] = {{.graph = NULL}};
  adjacency graph;
  ls_status status = adjacency_create(wiring, &graph);
  if (status != LS_OK) return status;
  *measure = (ls_wiring_measure){.distance_sum = 0};
  for (int32_t v = 0; v < wiring->node_count; v++) {
    const int64_t degree = graph.first[v + 1] - graph.first[v];
    if (degree <= measure->degree_max) continue;
    measure->degree_max = (int32_t)degree;
    measure->degree_node = v;
  }
  status = walkers_create(&graph, count, walkers, threads);
  if (status == LS_OK) {
    ls_crew_run(threads, count, search_from, walkers);
    walkers_add(walkers, threads, measure);
  }
  for (int32_t i = 0; i < threads; i++) {
    free(walkers[i].queue);
    free(walkers[i].is_met);
  }
  adjacency_destroy(&graph);
  return status;
}

ls_status ls_wiring_measure_all(const ls_wiring *wiring, int32_t thread_count,
                                ls_wiring_measure *measure)
{
  return ls_wiring_measure_first(wiring, wiring->node_count, thread_count, measure);
}

/* ---- Files ---- */

/* One line: two nodes and nothing else, or nothing at all. */
static ls_status line_read(const char *path, int line, const char *text, int32_t edge[2],
                           bool *is_empty, ls_error *error)
{
  long long a = 0, b = 0;
  char rest = '\0';
  const int count = sscanf(text, "%lld %lld %c", &a, &b, &rest);
  *is_empty = count <= 0 && text[strspn(text, " \t\r")] == '\0';
  if (*is_empty) return LS_OK;
  if (count != 2)
    return ls_error_set(error, LS_ERR_INPUT, path, line, NULL,
                        "must be two nodes such as 0 1, got %.40s", text);
  const long long worst = a < 0 || a >= LS_WIRING_NODES_MAX ? a : b;
  if (worst < 0 || worst >= LS_WIRING_NODES_MAX)
    return ls_error_set(error, LS_ERR_INPUT, path, line, NULL, "nodes must be 0..%d, got %lld",
                        LS_WIRING_NODES_MAX - 1, worst);
  if (a == b)
    return ls_error_set(error, LS_ERR_INPUT, path, line, NULL,
                        "an edge must join two different nodes, got %lld twice", a);
  edge[0] = (int32_t)a;
  edge[1] = (int32_t)b;
  return LS_OK;
}

static ls_status lines_read(const char *path, char *text, ls_wiring *wiring, ls_error *error)
{
  int line = 1;
  for (char *at = text, *end; at; at = end, line++) {
    int32_t edge[2] = {0, 0};
    bool is_empty;
    end = strchr(at, '\n');
    if (end) *end++ = '\0';
    const ls_status status = line_read(path, line, at, edge, &is_empty, error);
    if (status != LS_OK) return status;
    if (is_empty) continue;
    ls_wiring_add(wiring, edge[0], edge[1]);
    for (int32_t i = 0; i < 2; i++)
      if (edge[i] >= wiring->node_count) wiring->node_count = edge[i] + 1;
  }
  if (!wiring->edge_count) return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "holds no edge");
  return LS_OK;
}

ls_status ls_wiring_read(const char *path, ls_wiring *wiring, ls_error *error)
{
  char *text = NULL;
  size_t size = 0;
  ls_status status = ls_file_read(path, FILE_BYTES_MAX, &text, &size, error);
  if (status != LS_OK) return status;
  int64_t line_count = 1;
  for (size_t i = 0; i < size; i++) line_count += text[i] == '\n';
  status = ls_wiring_create(0, line_count, wiring);
  if (status != LS_OK)
    ls_error_set(error, status, path, 0, NULL, "no memory");
  else if (memchr(text, '\0', size))
    status = ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "is no text: it holds a zero byte");
  else
    status = lines_read(path, text, wiring, error);
  if (status != LS_OK) ls_wiring_destroy(wiring);
  free(text);
  return status;
}

ls_status ls_wiring_write(const char *path, const ls_wiring *wiring, ls_error *error)
{
  ls_file_writer writer;
  const ls_status status = ls_file_open(&writer, path, error);
  if (status != LS_OK) return status;
  for (int64_t i = 0; i < wiring->edge_count; i++)
    fprintf(writer.stream, "%d %d\n", wiring->edges[i][0], wiring->edges[i][1]);
  return ls_file_commit(&writer, error);
}
