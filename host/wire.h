/* The order/degree problem: the graph of so many nodes and so many links a node whose average
 * shortest path is least. docs/wire.md says how it is searched. Bounded by evaluations, the answer
 * is the same on any number of threads. */
#ifndef LS_WIRE_H
#define LS_WIRE_H

#include "wire_lift.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A backend, and from which cost on, ls_wire_cost's, an evaluation is given to it. */
typedef struct ls_wire_device {
  const ls_apsp_backend *backend;
  double cost_least;
} ls_wire_device;

typedef struct ls_wire_options {
  int32_t nodes, degree;
  int32_t symmetry; /* order of the group; 0: as the search finds best */
  uint64_t seed;
  int32_t thread_count;
  int64_t evaluations;    /* at most, about; INT64_MAX: no bound */
  double seconds;         /* how long it may take; INFINITY: no bound. Without any, a default number
                             of evaluations that takes seconds of a core */
  double deadline;        /* of ls_clock_seconds; INFINITY: none */
  const ls_wiring *start; /* NULL: none. Searched from without symmetry; at most nodes, degree */
  const volatile int *stop;     /* NULL: none */
  const ls_wire_device *device; /* NULL: none; the answer is the same */
} ls_wire_options;

typedef struct ls_wire_result {
  ls_wiring wiring;     /* normalized; the caller destroys it */
  int64_t distance_sum; /* over unordered pairs; meaningless unless connected */
  int64_t evaluations;
  ls_group group;         /* of what the answer was made from */
  const char *made_from;  /* "lift", "polarity", ... a static text */
  const char *bounded_by; /* "bound"; "stop"; "time" is up; "evaluations": all work is done */
} ls_wire_result;

/* What no graph can be below (Moore): each node has at most degree * (degree-1)^(k-1) others at
 * distance k. */
typedef struct ls_moore {
  int64_t distance_sum; /* from one node to all */
  int32_t diameter;
} ls_moore;

ls_moore ls_moore_bound(int64_t nodes, int64_t degree);

/* The same from all nodes to all: where nodes and degree are odd, one node has a link less. */
ls_moore ls_moore_total(int64_t nodes, int64_t degree);

/* 2 <= degree < nodes <= LS_WIRING_NODES_MAX. LS_ERR_MEMORY, LS_ERR_DEVICE. */
ls_status ls_wire_run(const ls_wire_options *options, ls_wire_result *result, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
