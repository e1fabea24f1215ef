/* How often parts of a design fail, and how often the job ends by it. docs/model.md section 7. */
#ifndef LS_FAILURES_H
#define LS_FAILURES_H

#include "evaluation.h"
#include "json.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_failures {
  int64_t per_day_micro;               /* millionths: of all optics, chassis and OCS */
  int64_t interruptions_per_day_micro; /* of those, what ends the job */
  int64_t first_ms;                    /* mean time to the first; 0: nothing fails */
} ls_failures;

/* Of a sized design. Where ending costs the job nothing, chassis and OCS count as never ending it.
 * O(1). */
void ls_failures_count(const ls_problem *problem, const ls_evaluation *evaluation,
                       ls_failures *failures);

/* Sets `failures`: per_day, interruptions_per_day, first_min (minutes; null where nothing fails).
 */
void ls_failures_set(const ls_problem *problem, const ls_evaluation *evaluation, ls_json *object);

#ifdef __cplusplus
}
#endif
#endif
