/* Where things stand, exactly: the quadratic assignment problem with room for several things at a
 * place. For cases so small that a proof is to be had in seconds: floors of a few racks, instances
 * of up to nine, and what heuristics are tested against.
 *
 *   least  sum over things i of cost[i][p(i)] + over pairs e of pair_cost(e, p(a), p(b))
 *   where  no place holds more of a resource than it has room for
 *
 * As a mixed-integer program: x[i][k] says that thing i is at place k, and of each pair y[k][l]
 * that its things are at k and l: the sum of y over l is x[a][k], that over k is x[b][l] (Adams and
 * Johnson, DIMACS 16, 1994). */
#ifndef LS_EXACT_H
#define LS_EXACT_H

#include "assignment.h"
#include "linear.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A cost of what may not be. */
#define LS_EXACT_NEVER INT64_MAX

typedef struct ls_exact_pair {
  int32_t a, b; /* different things */
} ls_exact_pair;

/* Magnitudes of costs below 2^40. */
typedef struct ls_exact {
  int32_t thing_count, place_count, pair_count, resource_count;
  const int64_t *cost;        /* [things][places], or LS_EXACT_NEVER */
  const ls_exact_pair *pairs; /* [pairs] */
  /* Of pair e with a at place k and b at place l, or LS_EXACT_NEVER. */
  int64_t (*pair_cost)(const void *context, int32_t e, int32_t k, int32_t l);
  const void *context;
  const int64_t *need; /* [resources][things] not negative */
  const int64_t *room; /* [resources][places] */
} ls_exact;

/* Fills place [things] and *sum with an answer of which no other one costs less (by more than a
 * billionth). LS_ERR_NO: there is none. LS_ERR_STOPPED: the limits were too narrow for a proof.
 * LS_ERR_FULL: too large to try. LS_ERR_MEMORY, LS_ERR_INTERNAL. */
ls_status ls_exact_solve(const ls_exact *problem, const ls_linear_limits *limits, int32_t *place,
                         int64_t *sum);

/* The same for an instance of the library: p [n], 0-based. */
ls_status ls_exact_qap(const ls_qaplib *qaplib, const ls_linear_limits *limits, int32_t *p,
                       int64_t *sum);

#ifdef __cplusplus
}
#endif
#endif
