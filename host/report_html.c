/* Puts the data of a run, one JSON object, into the page that shows it. Every number in it is made
 * by the code that also writes the run's other files: nothing is computed for the page alone. */
#include "report_html.h"

#include <string.h>

#include "files.h"
#include "names.h"
#include "report_assets.h"
#include "report_catalog.h"
#include "report_design.h"
#include "result_text.h"
#include "tornado.h"

/* ---- What was asked ---- */

static ls_json *question_json(const ls_session *session)
{
  const ls_spec *spec = session->spec;
  ls_json *object = ls_json_object(), *objectives = ls_json_array();
  ls_json_set_text(object, "spec", spec->name);
  ls_json_set_int(object, "year", spec->year);
  ls_json_set_text(object, "supply", ls_supply_scenario_names[spec->supply_scenario]);
  ls_json_set_int(object, "gpus", spec->cluster.gpu_count);
  ls_json_set_int(object, "nic_gbps_per_gpu", spec->cluster.nic_gbps);
  ls_json_set_int(object, "years", spec->economics.years);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if (session->problem->objective_mask[i]) ls_json_append_text(objectives, ls_metric_name[i]);
  ls_json_set(object, "objectives", objectives);
  ls_json_set(object, "floor", ls_report_floor_json(spec));
  return object;
}

/* ---- What was found ---- */

static ls_json *label_json(const ls_session *session, const ls_result *result)
{
  char text[LS_RESULT_TEXT_MAX];
  ls_json *object = ls_json_object();
  ls_result_chassis_text(session, result, text);
  ls_json_set_text(object, "chassis", text);
  ls_result_optics_text(session, result, text);
  ls_json_set_text(object, "optics", text);
  return object;
}

/* The words for each design, in the order of picks, baselines and front. */
static ls_json *labels_json(const ls_session *session, const ls_answer *answer)
{
  ls_json *object = ls_json_object(), *named = ls_json_array(), *front = ls_json_array();
  for (int32_t i = 0; i < answer->named_count; i++)
    ls_json_append(named, label_json(session, &answer->named[i].result));
  for (int32_t i = 0; i < answer->level2.front_count; i++)
    ls_json_append(front, label_json(session, &answer->level2.front[i]));
  ls_json_set(object, "named", named);
  ls_json_set(object, "front", front);
  return object;
}

static ls_json *verified_json(const ls_verify_report *report)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "switch_count", report->switch_count);
  ls_json_set_int(object, "link_count", report->link_count);
  ls_json_set_int(object, "diameter_hops", report->diameter_hops);
  ls_json_set_int(object, "articulation_count", report->articulation_count);
  if (report->edge_connectivity >= 0)
    ls_json_set_int(object, "edge_connectivity", report->edge_connectivity);
  else
    ls_json_set_null(object, "edge_connectivity");
  ls_json_set_bool(object, "connectivity_exact", report->is_connectivity_exact);
  return object;
}

static bool is_same(const ls_result *a, const ls_result *b)
{
  return a->rank == b->rank && a->variant == b->variant &&
         memcmp(&a->score, &b->score, sizeof a->score) == 0;
}

/* Of a design that has several names, all is told of the first. */
static int32_t first_of(const ls_answer *answer, int32_t index)
{
  int32_t first = 0;
  while (!is_same(&answer->named[first].result, &answer->named[index].result)) first++;
  return first;
}

/* By name: how the design is drawn, and what became of its file when it was verified and routed. */
static ls_json *designs_json(const ls_answer *answer, ls_verdicts *verdicts)
{
  ls_json *object = ls_json_object();
  for (int32_t i = 0; i < answer->named_count; i++) {
    ls_json *entry = ls_json_object();
    const int32_t first = first_of(answer, i);
    if (first < i) {
      ls_json_set_text(entry, "same_as", answer->named[first].name);
    } else {
      ls_json_set(entry, "drawn", verdicts->drawn[i]);
      verdicts->drawn[i] = NULL;
      ls_json_set(entry, "verified", verified_json(&verdicts->report[i]));
      if (verdicts->is_routed[i]) {
        ls_json *routed = ls_json_object();
        ls_throughput_set(&verdicts->routed[i], routed);
        ls_json_set(entry, "routed", routed);
      }
    }
    ls_json_set(object, answer->named[i].name, entry);
  }
  return object;
}

static ls_json *data_json(const ls_session *session, const ls_answer *answer, ls_verdicts *verdicts,
                          ls_json *manifest)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "format", 1);
  ls_json_set(object, "manifest", manifest);
  ls_json_set(object, "question", question_json(session));
  ls_json_set_text(object, "recommended", ls_recommendation_rule(session->problem)->name);
  ls_json_set(object, "answer", ls_answer_json(session, answer));
  ls_json_set(object, "labels", labels_json(session, answer));
  ls_json_set(object, "designs", designs_json(answer, verdicts));
  ls_json_set(object, "catalog", ls_report_catalog_json(session));
  return object;
}

/* ---- The page ---- */

static ls_status page_write(ls_json *data, FILE *stream, ls_error *error)
{
  ls_status status = ls_report_asset_write(LS_REPORT_HEAD, stream, error);
  fputs("<style>\n", stream);
  if (status == LS_OK) status = ls_report_asset_write(LS_REPORT_STYLES, stream, error);
  fputs("</style>\n", stream);
  if (status == LS_OK) status = ls_report_asset_write(LS_REPORT_BODY, stream, error);
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

ls_status ls_report_html_write(const ls_session *session, const ls_answer *answer,
                               ls_verdicts *verdicts, ls_json *manifest, const char *folder,
                               ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_file_writer writer;
  ls_status status = LS_OK;
  ls_json *data = data_json(session, answer, verdicts, manifest);
  if (snprintf(path, sizeof path, "%s/report.html", folder) >= LS_PATH_MAX)
    status = ls_error_set(error, LS_ERR_INPUT, folder, 0, NULL, "is too long a path");
  if (status == LS_OK) status = ls_file_open(&writer, path, error);
  if (status != LS_OK) {
    ls_json_destroy(data);
    return status;
  }
  status = page_write(data, writer.stream, error);
  if (status == LS_OK) status = ls_file_commit(&writer, error);
  if (status != LS_OK) ls_file_abandon(&writer);
  return status;
}
