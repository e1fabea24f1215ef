/* Shortest paths from one terminal and what is sent along them, between the files of flow.h alone.
 */
#ifndef LS_FLOW_PATHS_H
#define LS_FLOW_PATHS_H

#include "flow.h"

/* Arcs by the node they leave and by the one they reach, and room for one search. */
typedef struct ls_flow_paths {
  const ls_flow_problem *problem;
  int32_t *out_first, *out; /* [nodes + 1], [arcs] */
  int32_t *in_first, *in;   /* [nodes + 1], [arcs] */
  double *distance;         /* [nodes] from the source; INFINITY: no path */
  int32_t *order;           /* [reached] nodes by distance */
  int32_t reached;
  int32_t *heap, *heap_at; /* [nodes] */
  double *sent;            /* [nodes] what a node passes on or keeps */
} ls_flow_paths;

/* LS_ERR_MEMORY; destroy whatever the status. */
ls_status ls_flow_paths_create(const ls_flow_problem *problem, ls_flow_paths *paths);
void ls_flow_paths_destroy(ls_flow_paths *paths);

/* Dijkstra from a node; length: [arcs], more than 10^-12 of any distance; NULL: all are 1. */
void ls_flow_paths_find(ls_flow_paths *paths, int32_t source, const double *length);

/* Adds to load what a source sends along the shortest paths just found, amount [nodes] to each
 * node, by capacity over the arcs by which a node is reached on one. Returns sum of amount times
 * distance; INFINITY where a node with an amount was not reached. */
double ls_flow_paths_send(ls_flow_paths *paths, const double *length, const double *amount,
                          double *load);

typedef struct ls_flow_trace {
  double slack;      /* paths may be longer than the shortest by this part of it */
  int32_t count_max; /* at least 1 */
  void (*take)(void *context, const int32_t *arcs, int32_t count); /* from the node back */
  void *context;
} ls_flow_trace;

/* Takes paths, other than by ls_flow_paths_find each, from its source to a node that it reached and
 * that is another, over nodes ever farther from the source; returns how many, at least 1 where
 * slack covers rounding. O(paths * their nodes' arcs). */
int32_t ls_flow_paths_trace(ls_flow_paths *paths, const double *length, int32_t node,
                            const ls_flow_trace *trace);

#endif
