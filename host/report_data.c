/* Gathers the data of report.html. Every number is made by the code that also writes the run's
 * other files or answers a command: nothing is computed for the page alone. */
#include "report_data.h"

#include <string.h>

#include "files.h"
#include "names.h"
#include "report_catalog.h"
#include "report_design.h"
#include "report_outlook.h"
#include "resilience_json.h"
#include "result_text.h"

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

enum { FAILING_LINKS_MAX = 100000, FAILING_DRAWS = 10000 };

/* What is left of a design with parts of it down, from its file; NULL where that was not asked: of
 * large designs those alone that are compared most are read again. */
static ls_status failing_json(const ls_report *self, int32_t index, ls_json **json, ls_error *error)
{
  const ls_named *named = &self->answer->named[index];
  const ls_resilience_options options = {.seed = (uint64_t)self->seed,
                                         .draw_count = FAILING_DRAWS,
                                         .row_count = 6,
                                         .failures = {1, 2, 4, 8, 16, 32},
                                         .thread_count = self->session->thread_count,
                                         .drawn = LS_FAILING_KIND_COUNT,
                                         .backend = &ls_backend_cpu};
  char path[LS_PATH_MAX];
  ls_resilience found;
  *json = NULL;
  if (self->verdicts->report[index].link_count > FAILING_LINKS_MAX && !named->is_baseline &&
      !ls_result_is_same(&named->result,
                         &ls_report_recommended(self->session, self->answer)->result))
    return LS_OK;
  ls_status status = ls_path_join(self->folder, named->name, ".graphml", path, error);
  if (status == LS_OK) status = ls_resilience_measure(path, &options, &found, error);
  if (status == LS_ERR_NO) { /* no part of it can fail */
    *error = (ls_error){.line = 0};
    return LS_OK;
  }
  if (status != LS_OK) return status;
  *json = ls_json_object();
  ls_resilience_set(&options, &found, *json);
  return LS_OK;
}

/* How a design is drawn, and what became of its file when it was verified, routed and broken. */
static ls_status study_json(const ls_report *self, int32_t index, ls_json *object, ls_error *error)
{
  ls_verdicts *verdicts = self->verdicts;
  ls_json *failing = NULL;
  ls_json_set(object, "drawn", verdicts->drawn[index]);
  verdicts->drawn[index] = NULL;
  ls_json_set(object, "verified", verified_json(&verdicts->report[index]));
  if (verdicts->is_routed[index]) {
    ls_json *routed = ls_json_object();
    ls_throughput_set(&verdicts->routed[index], routed);
    ls_json_set(object, "routed", routed);
  }
  const ls_status status = failing_json(self, index, &failing, error);
  if (failing) ls_json_set(object, "resilience", failing);
  return status;
}

/* By name; of a design that has several, all is told of the first. */
static ls_status designs_json(const ls_report *self, ls_json *object, ls_error *error)
{
  const ls_answer *answer = self->answer;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < answer->named_count; i++) {
    ls_json *entry = ls_json_object();
    const int32_t first = ls_answer_first(answer, i);
    if (first < i)
      ls_json_set_text(entry, "same_as", answer->named[first].name);
    else
      status = study_json(self, i, entry, error);
    ls_json_set(object, answer->named[i].name, entry);
  }
  return status;
}

ls_status ls_report_data_json(const ls_report *self, ls_json *manifest, ls_json **data,
                              ls_error *error)
{
  const ls_session *session = self->session;
  ls_json *object = ls_json_object(), *designs = ls_json_object(), *outlook = NULL;
  ls_json_set_int(object, "format", 1);
  ls_json_set(object, "manifest", manifest);
  ls_json_set(object, "question", question_json(session));
  ls_json_set_text(object, "recommended", ls_report_recommended(session, self->answer)->name);
  ls_json_set(object, "answer", ls_answer_json(session, self->answer));
  ls_json_set(object, "labels", labels_json(session, self->answer));
  ls_json_set(object, "designs", designs);
  ls_status status = designs_json(self, designs, error);
  if (status == LS_OK) status = ls_report_outlook_json(session, self->answer, &outlook, error);
  if (outlook) ls_json_set(object, "outlook", outlook);
  ls_json_set(object, "catalog", ls_report_catalog_json(session));
  *data = object;
  return status;
}
