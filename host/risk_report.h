/* What each kind of failure of a design takes with it, and how much of it is up. docs/model.md,
 * section 6. */
#ifndef LS_RISK_REPORT_H
#define LS_RISK_REPORT_H

#include "evaluation.h"
#include "json.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Share of time in which nothing of a sized design is down, in parts per trillion: the product of
 * the availabilities of all its chassis, optics and OCS. */
int64_t ls_design_all_up_ppt(const ls_problem *problem, const ls_evaluation *evaluation);

/* Sets `blast_radius`, a list of {mode, tier, item, count, ports, gbps, gpus, fit,
 * failures_per_year, failures_per_year_low, failures_per_year_high, repair_min}, and
 * `availability`: {all_up, bandwidth_up}, shares of time and of the links' bandwidth. */
void ls_risk_set(const ls_session *session, const ls_evaluation *evaluation, ls_json *object);

#ifdef __cplusplus
}
#endif
#endif
