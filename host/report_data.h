/* All that report.html shows, as one JSON object; docs/formats.md explains it. */
#ifndef LS_REPORT_DATA_H
#define LS_REPORT_DATA_H

#include "outputs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a report is made of; all borrowed. */
typedef struct ls_report {
  const ls_session *session;
  const ls_answer *answer;
  ls_verdicts *verdicts; /* drawn: ls_report_design_json of each named design; taken over */
  const char *folder;    /* where the named designs' GraphML is */
  int64_t seed;
} ls_report;

/* The caller owns *data whatever the status; manifest is taken over. LS_ERR_MEMORY, LS_ERR_IO,
 * LS_ERR_STOPPED. */
ls_status ls_report_data_json(const ls_report *report, ls_json *manifest, ls_json **data,
                              ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
