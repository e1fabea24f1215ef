/* What the arms of the placement portfolio share (place.h): an arm works in rounds, a round in
 * tasks that know nothing of each other, so that any number of threads gives the same answer. */
#ifndef LS_PLACE_ARM_H
#define LS_PLACE_ARM_H

#include "../kernels/qap_backend.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an instance is like, by its flow dominance. */
typedef enum ls_place_kind {
  LS_PLACE_UNIFORM, /* nothing stands out */
  LS_PLACE_FLOOR,
  LS_PLACE_SKEWED, /* a few flows matter most */
  LS_PLACE_KIND_COUNT
} ls_place_kind;

typedef struct ls_place_search {
  const ls_qap *qap;
  const ls_qap_functions *functions;
  uint64_t seed;
  ls_place_kind kind;
  int32_t replica_count;          /* of tempering; a quarter as many children */
  const ls_qap_backend *backend;  /* that runs the rounds; NULL: threads of the CPU do */
  int64_t target;                 /* a cost that ends the search */
  bool (*is_over)(void *context); /* NULL: nothing ends a task early */
  void *context;
} ls_place_search;

/* An iteration is a tabu move or n proposals of tempering, O(n^2) both, but what they take differs
 * by up to ten times; so arms are weighed by their work. */
typedef struct ls_place_arm {
  const char *name;
  const ls_place_search *search;
  int32_t task_count;
  int64_t round_iterations; /* of one task, at most */
  int64_t best_cost;        /* of all rounds so far; INT64_MAX: none yet */
  int32_t *best_p;          /* [n] */
  int64_t iterations;       /* done so far */
  int64_t work;             /* what they took, in products of n numbers, about: the same anywhere */
  ls_qap_task *tasks;       /* [task_count] of the present round */
  void *own;
  /* Makes task index ready for at most so many iterations. Called by any thread. */
  void (*prepare)(struct ls_place_arm *arm, int32_t index, int64_t iterations);
  /* Runs it here. Called by the thread that has made it ready. */
  void (*run)(struct ls_place_arm *arm, int32_t index);
  /* Or all of them on a device. Called by one thread. */
  ls_status (*batch)(ls_qap_device *device, ls_qap_task *tasks, int32_t count);
  /* Ends the round: tasks exchange what they found. Called by one thread. */
  void (*merge)(struct ls_place_arm *arm);
  /* Gives the arm a permutation to start from. Between rounds. */
  void (*seed)(struct ls_place_arm *arm, const int32_t *p, int64_t cost);
  /* Tells the arm how many iterations it will have from here on, about. Between rounds; NULL: it
   * does not matter. */
  void (*plan)(struct ls_place_arm *arm, int64_t iterations);
  void (*destroy)(struct ls_place_arm *arm);
} ls_place_arm;

/* LS_ERR_MEMORY; *arm is then of zeros, and destroying it is the caller's no more. */
ls_status ls_place_memetic_create(const ls_place_search *search, ls_place_arm *arm);
ls_status ls_place_tempering_create(const ls_place_search *search, ls_place_arm *arm);

/* A random permutation of 0..n-1 by Philox; the stream is used up. */
void ls_place_shuffle(uint64_t seed, uint64_t stream, int32_t n, int32_t *p);

/* Takes what a task found as the arm's best when it is better. */
void ls_place_best_keep(ls_place_arm *arm, const int32_t *p, int64_t cost);

#ifdef __cplusplus
}
#endif
#endif
