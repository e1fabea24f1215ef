/* What a person sees of an answer: progress, picks with what they save, the ranked table. */
#ifndef LS_REPORT_H
#define LS_REPORT_H

#include "outputs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One line of progress: how many designs, on what, how fast; and why the GPU is not used. */
void ls_report_progress(const ls_session *session, const ls_sweep_result *sweep);

/* A line for each constraint that built designs violate. */
void ls_report_built_violations(const ls_level2 *found, FILE *stream);

/* Picks, baselines, table and proof on stdout. */
void ls_report_print(const ls_session *session, const ls_answer *answer,
                     const ls_verdicts *verdicts, const char *folder);

#ifdef __cplusplus
}
#endif
#endif
