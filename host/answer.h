/* The answer to a spec: the final front of level-2 results, the named picks out of it, and the
 * baselines that picks are measured against. */
#ifndef LS_ANSWER_H
#define LS_ANSWER_H

#include "sweep.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_SHORTLIST_SIZE = 64, LS_NAMED_MAX = 7 };

/* One design at level 2: with true lengths, true optics and true wiring. */
typedef struct ls_result {
  uint64_t rank;
  ls_score level1; /* the optimistic score it was chosen by */
  ls_score score;
  ls_totals totals;
} ls_result;

typedef struct ls_result_list {
  ls_result *items; /* [count], owned */
  int32_t count;
} ls_result_list;

/* A result with a name: a pick of the final front, or a baseline. */
typedef struct ls_named {
  const char *name;    /* "cheapest", ... */
  const char *meaning; /* one clause for a person */
  bool is_baseline;
  ls_result result;
} ls_named;

typedef struct ls_answer {
  ls_sweep_result sweep;   /* level 1 */
  bool *is_expanded;       /* [sweep.front_count]: built at level 2 */
  int32_t expanded_count;  /* designs built at level 2, of them feasible: */
  int32_t feasible_count;
  ls_result_list front;    /* final front, by rank */
  ls_named named[LS_NAMED_MAX]; /* picks first */
  int32_t named_count, pick_count;
  uint64_t unproved_count; /* unexpanded designs that no level-2 result dominates */
  double expand_seconds;
} ls_answer;

/* Level 1, shortlist, level 2, picks and baselines. LS_ERR_NO when nothing is feasible; the
 * sweep's result is in the answer even then. Destroy it whatever the status. */
ls_status ls_answer_find(const ls_session *session, ls_answer *answer, ls_error *error);
void ls_answer_destroy(ls_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
