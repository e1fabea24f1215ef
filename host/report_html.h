/* report.html: everything a run found out, for people, in one file that asks nothing of any
 * network. Like all of the run's folder but run.json its bytes depend on inputs and seed alone,
 * and on whether the program was built with ECharts. */
#ifndef LS_REPORT_HTML_H
#define LS_REPORT_HTML_H

#include "report_data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes report.html into the report's folder, which holds the exported files already; takes
 * manifest over. LS_ERR_IO, LS_ERR_MEMORY, LS_ERR_STOPPED. */
ls_status ls_report_html_write(const ls_report *report, ls_json *manifest, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
