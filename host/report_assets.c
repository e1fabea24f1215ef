/* The assembler copies the files into the program's read-only data: compilers take minutes and
 * gigabytes for arrays of that size. CMakeLists.txt names them. */
#include "report_assets.h"

#define ASSET(name, file)                                                                          \
  __asm__(".pushsection .rodata\n" #name "_first:\n.incbin \"" file "\"\n" #name                   \
          "_last:\n.byte 0\n.popsection");                                                         \
  extern const char name##_first[], name##_last[];

ASSET(report_head, LS_REPORT_FOLDER "/head.html")
ASSET(report_styles, LS_REPORT_FOLDER "/report.css")
ASSET(report_body, LS_REPORT_FOLDER "/body.html")
ASSET(report_script, LS_REPORT_SCRIPT_FILE)
#ifdef LS_REPORT_ECHARTS_FILE
ASSET(report_charts, LS_REPORT_ECHARTS_FILE)
#else
static const char report_charts_first[1];
#define report_charts_last report_charts_first
#endif

typedef struct part {
  const char *first, *last;
} part;

static const part parts[LS_REPORT_ASSET_COUNT] = {
    [LS_REPORT_HEAD] = {report_head_first, report_head_last},
    [LS_REPORT_STYLES] = {report_styles_first, report_styles_last},
    [LS_REPORT_BODY] = {report_body_first, report_body_last},
    [LS_REPORT_CHARTS] = {report_charts_first, report_charts_last},
    [LS_REPORT_SCRIPT] = {report_script_first, report_script_last}};

static size_t size_of(ls_report_asset asset)
{
  return (size_t)(parts[asset].last - parts[asset].first);
}

bool ls_report_has_charts(void) { return size_of(LS_REPORT_CHARTS) > 0; }

ls_status ls_report_asset_write(ls_report_asset asset, FILE *stream, ls_error *error)
{
  if (fwrite(parts[asset].first, 1, size_of(asset), stream) == size_of(asset)) return LS_OK;
  return ls_error_set(error, LS_ERR_IO, NULL, 0, NULL, "writing the report failed");
}
