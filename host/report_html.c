#include "report_html.h"

#include "files.h"
#include "progress.h"
#include "report_assets.h"
#include "report_pictures.h"

/* The pictures that stand in for charts, where the program was built without ECharts. */
static ls_status pictures_write(const ls_report *report, FILE *stream, ls_error *error)
{
  int32_t count = 0;
  if (ls_report_has_charts()) return LS_OK;
  const ls_status status = ls_report_pictures_write(report, stream, &count, error);
  if (status == LS_OK && !count)
    ls_progress_note(report->session->progress,
                     "report.html has tables alone: this program was built without ECharts, and "
                     "there is no gnuplot to draw charts");
  return status;
}

static ls_status page_write(const ls_report *report, ls_json *data, FILE *stream, ls_error *error)
{
  ls_status status = ls_report_asset_write(LS_REPORT_HEAD, stream, error);
  fputs("<style>\n", stream);
  if (status == LS_OK) status = ls_report_asset_write(LS_REPORT_STYLES, stream, error);
  fputs("</style>\n", stream);
  if (status == LS_OK) status = ls_report_asset_write(LS_REPORT_BODY, stream, error);
  if (status == LS_OK) status = pictures_write(report, stream, error);
  fputs("<script type=\"application/json\" id=\"data\">", stream);
  if (status != LS_OK)
    ls_json_destroy(data);
  else
    status = ls_json_write_embedded(data, stream, error);
  fputs("</script>\n<script>\n", stream);
  if (status == LS_OK) status = ls_report_asset_write(LS_REPORT_CHARTS, stream, error);
  fputs("\n</script>\n<script>\n", stream);
  if (status == LS_OK) status = ls_report_asset_write(LS_REPORT_SCRIPT, stream, error);
  fputs("</script>\n</body>\n</html>\n", stream);
  return status;
}

ls_status ls_report_html_write(const ls_report *report, ls_json *manifest, ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_file_writer writer;
  ls_json *data = NULL;
  ls_status status = ls_report_data_json(report, manifest, &data, error);
  if (status == LS_OK) status = ls_path_join(report->folder, "report", ".html", path, error);
  if (status == LS_OK) status = ls_file_open(&writer, path, error);
  if (status != LS_OK) {
    ls_json_destroy(data);
    return status;
  }
  status = page_write(report, data, writer.stream, error);
  if (status == LS_OK) return ls_file_commit(&writer, error);
  if (status == LS_ERR_IO) return ls_file_fail(&writer, error);
  ls_file_abandon(&writer);
  return status;
}
