#include "flow_paths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Paths as long as the shortest but for rounding are shortest, too. */
#define TIE 1e-12

static void adjacency_fill(const ls_flow_problem *problem, bool is_out, int32_t *first,
                           int32_t *list)
{
  for (int32_t i = 0; i < problem->arc_count; i++)
    first[(is_out ? problem->arcs[i].from : problem->arcs[i].to) + 1]++;
  for (int32_t node = 0; node < problem->node_count; node++) first[node + 1] += first[node];
  for (int32_t i = problem->arc_count - 1; i >= 0; i--)
    list[--first[(is_out ? problem->arcs[i].from : problem->arcs[i].to) + 1]] = i;
  /* Each entry went down to where its node's list begins: one place on is where it belongs. */
  memmove(first, first + 1, (size_t)problem->node_count * sizeof *first);
  first[problem->node_count] = problem->arc_count;
}

ls_status ls_flow_paths_create(const ls_flow_problem *problem, ls_flow_paths *paths)
{
  const size_t nodes = (size_t)problem->node_count, arcs = (size_t)problem->arc_count + 1;
  *paths = (ls_flow_paths){.problem = problem};
  paths->out_first = calloc(nodes + 1, sizeof *paths->out_first);
  paths->in_first = calloc(nodes + 1, sizeof *paths->in_first);
  paths->out = malloc(arcs * sizeof *paths->out);
  paths->in = malloc(arcs * sizeof *paths->in);
  paths->distance = malloc((nodes + 1) * sizeof *paths->distance);
  paths->order = malloc((nodes + 1) * sizeof *paths->order);
  paths->heap = malloc((nodes + 1) * sizeof *paths->heap);
  paths->heap_at = malloc((nodes + 1) * sizeof *paths->heap_at);
  paths->sent = malloc((nodes + 1) * sizeof *paths->sent);
  if (!paths->out_first || !paths->in_first || !paths->out || !paths->in || !paths->distance ||
      !paths->order || !paths->heap || !paths->heap_at || !paths->sent)
    return LS_ERR_MEMORY;
  adjacency_fill(problem, true, paths->out_first, paths->out);
  adjacency_fill(problem, false, paths->in_first, paths->in);
  return LS_OK;
}

void ls_flow_paths_destroy(ls_flow_paths *paths)
{
  free(paths->out_first);
  free(paths->in_first);
  free(paths->out);
  free(paths->in);
  free(paths->distance);
  free(paths->order);
  free(paths->heap);
  free(paths->heap_at);
  free(paths->sent);
}

/* ---- A binary heap of nodes by distance ---- */

static void heap_set(ls_flow_paths *paths, int32_t at, int32_t node)
{
  paths->heap[at] = node;
  paths->heap_at[node] = at;
}

static void heap_raise(ls_flow_paths *paths, int32_t at, int32_t node)
{
  for (; at > 0; at = (at - 1) / 2) {
    const int32_t parent = paths->heap[(at - 1) / 2];
    if (paths->distance[parent] <= paths->distance[node]) break;
    heap_set(paths, at, parent);
  }
  heap_set(paths, at, node);
}

/* Takes the nearest of *count nodes out. */
static int32_t heap_pop(ls_flow_paths *paths, int32_t *count)
{
  const int32_t nearest = paths->heap[0], last = paths->heap[--*count];
  int32_t at = 0;
  for (int32_t child = 1; child < *count; child = 2 * at + 1) {
    if (child + 1 < *count &&
        paths->distance[paths->heap[child + 1]] < paths->distance[paths->heap[child]])
      child++;
    if (paths->distance[paths->heap[child]] >= paths->distance[last]) break;
    heap_set(paths, at, paths->heap[child]);
    at = child;
  }
  if (*count) heap_set(paths, at, last);
  return nearest;
}

/* ---- Paths ---- */

void ls_flow_paths_find(ls_flow_paths *paths, int32_t source, const double *length)
{
  const ls_flow_problem *problem = paths->problem;
  int32_t count = 1;
  for (int32_t node = 0; node < problem->node_count; node++) paths->distance[node] = INFINITY;
  paths->distance[source] = 0;
  paths->reached = 0;
  heap_set(paths, 0, source);
  while (count) {
    const int32_t node = heap_pop(paths, &count);
    paths->order[paths->reached++] = node;
    for (int32_t i = paths->out_first[node]; i < paths->out_first[node + 1]; i++) {
      const int32_t arc = paths->out[i], next = problem->arcs[arc].to;
      const double distance = paths->distance[node] + (length ? length[arc] : 1);
      if (distance >= paths->distance[next]) continue;
      const int32_t at = paths->distance[next] == INFINITY ? count++ : paths->heap_at[next];
      paths->distance[next] = distance;
      heap_raise(paths, at, next);
    }
  }
}

/* Whether an arc ends a shortest path to where it leads. */
static bool is_on_path(const ls_flow_paths *paths, const double *length, int32_t arc)
{
  const int32_t from = paths->problem->arcs[arc].from, to = paths->problem->arcs[arc].to;
  const double reach = paths->distance[from] + (length ? length[arc] : 1);
  return paths->distance[from] < paths->distance[to] && reach <= paths->distance[to] * (1 + TIE);
}

/* Passes what a node was sent back to those from whom it came, by capacity. */
static void node_pass(ls_flow_paths *paths, const double *length, int32_t node, double *load)
{
  const ls_flow_problem *problem = paths->problem;
  double capacity = 0;
  for (int32_t i = paths->in_first[node]; i < paths->in_first[node + 1]; i++)
    if (is_on_path(paths, length, paths->in[i])) capacity += problem->arcs[paths->in[i]].capacity;
  if (capacity <= 0) return;
  for (int32_t i = paths->in_first[node]; i < paths->in_first[node + 1]; i++) {
    const int32_t arc = paths->in[i];
    if (!is_on_path(paths, length, arc)) continue;
    const double part = paths->sent[node] * problem->arcs[arc].capacity / capacity;
    load[arc] += part;
    paths->sent[problem->arcs[arc].from] += part;
  }
}

double ls_flow_paths_send(ls_flow_paths *paths, const double *length, const double *amount,
                          double *load)
{
  double sum = 0;
  for (int32_t node = 0; node < paths->problem->node_count; node++) {
    paths->sent[node] = amount[node];
    if (amount[node] > 0) sum += amount[node] * paths->distance[node];
  }
  if (sum == INFINITY) return sum;
  for (int32_t i = paths->reached - 1; i > 0; i--)
    if (paths->sent[paths->order[i]] > 0) node_pass(paths, length, paths->order[i], load);
  return sum;
}

int32_t ls_flow_paths_trace(ls_flow_paths *paths, const double *length, int32_t node,
                            const ls_flow_trace *trace)
{
  const ls_flow_problem *problem = paths->problem;
  /* Of the search, which is over: arcs from the node back, what of each node's list comes next,
   * and how long the way from there is. */
  int32_t *trail = paths->heap, *next = paths->heap_at, depth = 0, count = 0;
  double *tail = paths->sent;
  const double most = paths->distance[node] * (1 + trace->slack);
  next[0] = paths->in_first[node];
  tail[0] = 0;
  while (depth >= 0 && count < trace->count_max) {
    const int32_t at = depth ? problem->arcs[trail[depth - 1]].from : node;
    if (at == paths->order[0]) {
      trace->take(trace->context, trail, depth--);
      count++;
    } else if (next[depth] == paths->in_first[at + 1]) {
      depth--;
    } else {
      const int32_t arc = paths->in[next[depth]++], from = problem->arcs[arc].from;
      const double way = tail[depth] + length[arc];
      if (paths->distance[from] >= paths->distance[at] || paths->distance[from] + way > most)
        continue;
      trail[depth++] = arc;
      tail[depth] = way;
      next[depth] = paths->in_first[from];
    }
  }
  return count;
}
