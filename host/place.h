/* The quadratic assignment problem, searched by a portfolio: two arms race shortly, the better one
 * gets the rest. What an arm does is in place_memetic.c and place_tempering.c; docs/place.md says
 * why. Bounded by iterations, the answer is the same on any number of threads. */
#ifndef LS_PLACE_H
#define LS_PLACE_H

#include "../kernels/qap_backend.h"
#include "qaplib.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How far from uniform an instance is: the standard deviation of a matrix in hundredths of its mean
 * (flow dominance, Vollmann and Buffa 1966), the higher one of the two, and the share of zeros off
 * the diagonal of the matrix that has more. */
typedef struct ls_place_class {
  double dominance, sparsity;
} ls_place_class;

enum { LS_PLACE_REPLICAS = 16 };

typedef struct ls_place_options {
  uint64_t seed;
  int32_t thread_count;          /* at least 1 */
  int32_t replica_count;         /* of tempering, four times the children of a round; part of the
                                    answer, unlike threads and backend; 0: LS_PLACE_REPLICAS */
  const ls_qap_backend *backend; /* that runs the rounds; NULL: threads of the CPU do */
  bool is_backend_forced;        /* a backend that fails is an error, not a detour by the CPU */
  int64_t iterations;       /* a tabu move or n proposals each; INT64_MAX: as many as time allows */
  double deadline;          /* of ls_clock_seconds; INFINITY: none */
  int64_t target;           /* a cost that ends the search; INT64_MIN: none */
  const int32_t *start;     /* [n]; NULL: from random permutations */
  const volatile int *stop; /* not 0: end with what is there; NULL: never */
} ls_place_options;

typedef struct ls_place_result {
  int32_t *p;   /* [n], 0-based; the caller's, who frees it */
  int64_t cost; /* as the search has it; cost it again before telling anyone */
  int64_t iterations;
  const ls_qap_backend *backend; /* that ran the rounds; NULL: the CPU */
  const char *arm;               /* whose answer it is, a static text */
  const char *bounded_by;        /* "iterations", "time", "target" or "stop" */
  ls_place_class class_of;       /* the instance */
} ls_place_result;

/* LS_ERR_MEMORY; LS_ERR_DEVICE where a forced backend fails. */
ls_status ls_place_run(const ls_qaplib *qaplib, const ls_place_options *options,
                       ls_place_result *result, ls_error *error);

ls_place_class ls_place_class_of(const ls_qaplib *qaplib);

#ifdef __cplusplus
}
#endif
#endif
