/* report.html: everything a run found out, for people, in one file that asks nothing of any
 * network. Like all of the run's folder but run.json its bytes depend on inputs and seed alone,
 * and on whether the program was built with ECharts. */
#ifndef LS_REPORT_HTML_H
#define LS_REPORT_HTML_H

#include "outputs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* verdicts->drawn holds ls_report_design_json of each named design, and is taken over; manifest,
 * too. folder holds the exported files already. LS_ERR_IO, LS_ERR_MEMORY, LS_ERR_STOPPED. */
ls_status ls_report_html_write(const ls_session *session, const ls_answer *answer,
                               ls_verdicts *verdicts, ls_json *manifest, const char *folder,
                               ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
