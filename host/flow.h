/* How much of a demand a network carries: the maximum concurrent flow, over all ways to split and
 * route it. theta is the share of every pair's demand that is carried at once, not capped at 1.
 *
 * Any lengths l >= 0 of the arcs bound it from above, any routing of the whole demand from below:
 *
 *     1 / max over arcs of load / capacity  <=  theta  <=  sum of capacity l / sum of demand dist_l
 *
 * (linear programming duality; Shahrokhi and Matula, J. ACM 37, 1990). The search moves the routing
 * towards shortest paths under lengths that grow with an arc's load (the smoothed maximum of
 * Bienstock, "Potential Function Methods", 2002; conditional gradients with a line search), until
 * both sides are as near as wanted: what it returns is a proved interval however early it ends.
 * Flow is split by capacity over all shortest paths, so that symmetric networks are done in one
 * step.
 *
 * The exact one solves the dual program with GLPK (linear.h), a row a path: first all that are near
 * to shortest where the search ends, then what the lengths of the last solution make shorter. */
#ifndef LS_FLOW_H
#define LS_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_flow_arc {
  int32_t from, to;
  double capacity; /* more than 0; any unit, that of the demand */
} ls_flow_arc;

/* Two arcs make a link. Nodes that are no terminals only pass traffic on. */
typedef struct ls_flow_problem {
  int32_t node_count, arc_count, terminal_count;
  const ls_flow_arc *arcs; /* [arc_count] */
  const int32_t *terminal; /* [terminal_count] nodes, each once */
  const double *demand;    /* [terminal_count][terminal_count] from row to column, at least 0; the
                              diagonal does not count */
} ls_flow_problem;

typedef struct ls_flow_limits {
  double gap;               /* (high - low) / high that is near enough */
  int32_t steps;            /* at most; rounds of the exact one */
  int32_t thread_count;     /* at least 1 */
  const volatile int *stop; /* not 0: end with what is there; NULL: never */
} ls_flow_limits;

/* Without any demand INFINITY both; a pair that no path joins makes both 0. */
typedef struct ls_flow_range {
  double low, high;
  int32_t steps; /* done */
} ls_flow_range;

/* load: [arc_count], filled with the loads of a routing of the whole demand, whose largest share of
 * a capacity is 1 / low; length: [arc_count], with lengths that give high; NULL: not wanted. The
 * same on any number of threads. LS_ERR_MEMORY. A step is O(terminals * (arcs + nodes log nodes)).
 */
ls_status ls_flow_bound(const ls_flow_problem *problem, const ls_flow_limits *limits,
                        ls_flow_range *range, double *load, double *length);

/* As tight as floating point has it (10^-9) unless the limits end it: the range tells.
 * LS_ERR_MEMORY, LS_ERR_INTERNAL: GLPK failed. A round goes on with a program of arcs + pairs
 * columns and up to 8 rows a pair and round; half as many arcs and pairs where both directions are
 * alike. */
ls_status ls_flow_exact(const ls_flow_problem *problem, const ls_flow_limits *limits,
                        ls_flow_range *range);

/* Loads of the whole demand routed without looking at loads: each pair's split at every node by
 * capacity over the arcs that lead on along fewest hops (ECMP, a link of a bundle like any other),
 * or first from the source to every terminal alike and from there on (Valiant). load: [arc_count].
 * LS_ERR_MEMORY; LS_ERR_NO: some pair has no path. */
ls_status ls_flow_ecmp(const ls_flow_problem *problem, double *load);
ls_status ls_flow_valiant(const ls_flow_problem *problem, double *load);

/* 1 / max load / capacity; INFINITY without load. */
double ls_flow_theta(const ls_flow_problem *problem, const double *load);

/* Hops from each terminal to each, -1 where no path leads. hops: [terminals][terminals].
 * LS_ERR_MEMORY. O(terminals * arcs). */
ls_status ls_flow_hops(const ls_flow_problem *problem, int32_t *hops);

#ifdef __cplusplus
}
#endif
#endif
