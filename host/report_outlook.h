/* How a run's named designs move over the years, and what the recommendation hangs on: at level 1,
 * with the lengths that the floor gave, each of the uniform design of its rank. */
#ifndef LS_REPORT_OUTLOOK_H
#define LS_REPORT_OUTLOOK_H

#include "answer.h"
#include "json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The pick that is recommended: the one of ls_recommendation_rule, else the last. */
const ls_named *ls_report_recommended(const ls_session *session, const ls_answer *answer);

/* *outlook: {years, sensitivity}, as docs/formats.md explains them; the caller owns it. Builds the
 * problem once a year and for each figure that sizes depend on, and sweeps nothing. LS_ERR_MEMORY,
 * LS_ERR_STOPPED, and as ls_level2_adopt; *outlook is then NULL. */
ls_status ls_report_outlook_json(const ls_session *session, const ls_answer *answer,
                                 ls_json **outlook, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
