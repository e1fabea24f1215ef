/* The parts of report.html that do not depend on the run: they are kept as files of their own in
 * host/report/ and put into the program when it is built. */
#ifndef LS_REPORT_ASSETS_H
#define LS_REPORT_ASSETS_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_report_asset {
  LS_REPORT_HEAD,   /* up to the styles */
  LS_REPORT_STYLES, /* CSS */
  LS_REPORT_BODY,   /* up to the data */
  LS_REPORT_CHARTS, /* ECharts; empty where it was not installed when the program was built */
  LS_REPORT_SCRIPT, /* what fills the page */
  LS_REPORT_ASSET_COUNT
} ls_report_asset;

/* Whether the program was built with ECharts. */
bool ls_report_has_charts(void);

/* LS_ERR_IO. */
ls_status ls_report_asset_write(ls_report_asset asset, FILE *stream, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
