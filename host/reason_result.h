/* Why a result of level 2 is recommended, in one sentence about that very design: what it is made
 * of, what that wins and costs against the best design of the other class of optics, and what
 * level 1 would rather have (reason.h). Each figure is a difference of two amounts that the answer
 * holds. */
#ifndef LS_REASON_RESULT_H
#define LS_REASON_RESULT_H

#include "baseline.h"
#include "json.h"
#include "reason.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A design that the result is compared with. */
typedef struct ls_reason_against {
  const char *name; /* of the baseline; "front": a design of the front; "level1": of no result */
  uint64_t rank;
  ls_variant_kind variant;
  ls_score score;
} ls_reason_against;

enum { LS_REASON_AGAINST_MAX = 2 };

typedef struct ls_reason {
  char text[LS_REASON_MAX]; /* empty: none */
  int32_t against_count;
  ls_reason_against against[LS_REASON_AGAINST_MAX];
} ls_reason;

/* What a reason rests on. */
typedef struct ls_reason_case {
  const ls_session *session;
  const ls_level2 *found;
  const ls_result *pick; /* of the front of found */
  const ls_pick_rule *rule;
  const ls_named *baseline[LS_BASELINE_COUNT]; /* NULL: none was found, or it is not needed */
  const ls_reason_level1 *level1;
} ls_reason_case;

/* Whether the sentence of a result needs this baseline. */
bool ls_reason_needs(const ls_problem *problem, const ls_result *pick, int32_t baseline);

/* Whether it needs the best of level 1 with co-packaged optics: neither has the result any, nor
 * does a design of the front. */
bool ls_reason_wants_cpo(const ls_problem *problem, const ls_level2 *found, const ls_result *pick);

void ls_reason_of_result(const ls_reason_case *of, ls_reason *reason);

/* Sets `reason` and `reason_against`; nothing where there is none. */
void ls_reason_set(const ls_reason *reason, ls_json *object);

#ifdef __cplusplus
}
#endif
#endif
