/* Why a pick is the pick, in one sentence: what it saves and costs against the best design of the
 * other class of optics, and what excludes a design that would be better still. Here of a pick of
 * level 1, and what level 1 has to say of a result of level 2 (reason_result.h). */
#ifndef LS_REASON_H
#define LS_REASON_H

#include "pick.h"
#include "sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_REASON_MAX = 2048 };

/* Writes the sentence for a pick of the session's level-1 front. Three to five sweeps. Errors as
 * ls_sweep_run. */
ls_status ls_reason_write(const ls_session *session, const ls_front_member *pick,
                          const ls_pick_rule *rule, char text[LS_REASON_MAX], ls_error *error);

/* What level 1 adds to the reason of a result. */
typedef struct ls_reason_level1 {
  bool has_cpo;                 /* a design with co-packaged optics meets all constraints */
  ls_front_member cpo;          /* the rule's best of these, where it was asked for */
  char obstacle[LS_REASON_MAX]; /* "; better still ... would be ..., but ...", or empty */
} ls_reason_level1;

/* Of a result with this score of level 2, by a session whose problem has the lengths that the floor
 * gave. What is told as better still beats the result and all that can be had at level 1. Two to
 * four sweeps. Errors as ls_sweep_run. */
ls_status ls_reason_level1_find(const ls_session *session, const ls_score *pick,
                                const ls_pick_rule *rule, bool wants_cpo, ls_reason_level1 *found,
                                ls_error *error);

/* Appends what design is better and worse by than other in the metrics of the mask, the largest
 * differences first, at most count_max each way. What does not fit is cut. */
void ls_reason_compare(char text[LS_REASON_MAX], const ls_score *design, const ls_score *other,
                       const int64_t mask[LS_METRIC_COUNT], int32_t count_max);
__attribute__((format(printf, 2, 3))) void ls_reason_append(char text[LS_REASON_MAX],
                                                            const char *format, ...);

#ifdef __cplusplus
}
#endif
#endif
