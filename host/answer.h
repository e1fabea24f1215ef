/* The answer to a spec: the named picks out of the final front, and the baselines that picks are
 * measured against. */
#ifndef LS_ANSWER_H
#define LS_ANSWER_H

#include "reason_result.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_NAMED_MAX = 9 };

typedef struct ls_answer {
  ls_level2 level2;
  ls_named named[LS_NAMED_MAX];    /* picks first */
  int32_t named_count, pick_count; /* the last pick is the knee */
  const char *absent[2];           /* [absent_count] baselines that no design of the space meets */
  int32_t absent_count;
  ls_reason reason[LS_NAMED_MAX]; /* of named: of the recommendation and the knee, else empty */
  uint64_t unproved_count;        /* unbuilt designs that no level-2 result is proved to dominate */
  bool is_stopped; /* the search was: picks are of what was found, the rest may be missing */
} ls_answer;

/* Level 1 and 2, picks and baselines. A pick by a metric exists only where that metric is an
 * objective. A baseline is the cheapest design without something (CPO, OCS) that delivers at least
 * the knee's worst-case throughput, or where there is none, the fastest one. When the session is
 * stopped, the answer is of what was found until then. LS_ERR_NO when nothing is feasible; the
 * sweep's result is in the answer even then. LS_ERR_STOPPED: before anything was found. Destroy the
 * answer whatever the status. */
ls_status ls_answer_find(const ls_session *session, ls_answer *answer, ls_error *error);
void ls_answer_destroy(ls_answer *answer);

/* Whether both are one design, built alike. */
bool ls_result_is_same(const ls_result *a, const ls_result *b);

/* The index of the pick that is recommended: by ls_recommendation_rule, else the last. */
int32_t ls_answer_recommended(const ls_session *session, const ls_answer *answer);

/* The first named design that is the same as the one at index, or index itself. */
int32_t ls_answer_first(const ls_answer *answer, int32_t index);

#ifdef __cplusplus
}
#endif
#endif
