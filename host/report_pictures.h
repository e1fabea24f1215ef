/* The charts of report.html where the program was built without ECharts: pictures that gnuplot
 * draws while the report is written, if it is installed. */
#ifndef LS_REPORT_PICTURES_H
#define LS_REPORT_PICTURES_H

#include <stdio.h>

#include "report_data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes an element <template id="picture-ID"> for each picture: the front, what the named designs
 * cost and draw, and what they deliver. *count: how many could be drawn; where there is no gnuplot,
 * none. LS_ERR_IO when the stream or a file beside the report cannot be written. */
ls_status ls_report_pictures_write(const ls_report *report, FILE *stream, int32_t *count,
                                   ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
