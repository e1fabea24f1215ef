#include "report_outlook.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "catalog_figures.h"
#include "catalog_year.h"
#include "design.h"
#include "names.h"
#include "problem_build.h"
#include "refinement.h"
#include "technology.h"
#include "tornado.h"
#include "variant.h"

enum { YEARS_AHEAD = 6, BAR_MAX = 24 };

const ls_named *ls_report_recommended(const ls_session *session, const ls_answer *answer)
{
  return &answer->named[ls_answer_recommended(session, answer)];
}

/* ---- Years ---- */

/* The design in a year's problem. Where sizes are others there, it has no such rank: NULL. */
static ls_json *design_year_json(const ls_session *session, const ls_session *year, uint64_t rank)
{
  char here[LS_DESIGN_TEXT_MAX], there[LS_DESIGN_TEXT_MAX], gate[LS_GATE_TEXT_MAX];
  ls_score score;
  if (!year->problem || rank >= year->problem->space_size) return NULL;
  ls_design_text(session, rank, here);
  ls_design_text(year, rank, there);
  if (strcmp(here, there) != 0) return NULL;
  const uint32_t violations = ls_rank_score(year->problem, rank, &score);
  ls_json *object = ls_json_object(), *names = ls_json_array();
  ls_json_set_int(object, "year", year->spec->year);
  if (ls_technology_gate(year, session->problem, rank, gate))
    ls_json_set_text(object, "gate", gate);
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (violations >> bit & 1) ls_json_append_text(names, ls_violation_name(bit));
  ls_json_set(object, "violations", names);
  ls_design_metrics_set(&score, object);
  return object;
}

/* Whether another name before has the same rank. */
static bool is_told(const ls_answer *answer, int32_t index)
{
  for (int32_t i = 0; i < index; i++)
    if (answer->named[i].result.rank == answer->named[index].result.rank) return true;
  return false;
}

/* Figures of which any year's value is another than the first's. */
static ls_json *changes_json(const ls_figure *figures, int32_t figure_count,
                             ls_catalog *const *catalogs, int32_t year_count)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < figure_count; i++) {
    bool has_changed = false;
    const int64_t first = ls_figure_number(catalogs[0], &figures[i])->value;
    for (int32_t y = 1; y < year_count; y++)
      has_changed |= ls_figure_number(catalogs[y], &figures[i])->value != first;
    if (!has_changed) continue;
    ls_json *object = ls_json_object(), *values = ls_json_array();
    ls_json_set_text(object, "path", figures[i].path);
    for (int32_t y = 0; y < year_count; y++)
      ls_json_append_real(
          values, ls_figure_value(&figures[i], ls_figure_number(catalogs[y], &figures[i])->value));
    ls_json_set(object, "values", values);
    ls_json_append(array, object);
  }
  return array;
}

/* Appends what becomes of each design in the year to its list. */
static ls_status year_append(const ls_session *learnt, const ls_answer *answer, ls_session *year,
                             ls_json *const *lists)
{
  ls_status status = ls_variant_build(year, NULL);
  if (status == LS_ERR_NO) status = LS_OK; /* it spans no design */
  for (int32_t i = 0; status == LS_OK && i < answer->named_count; i++) {
    ls_json *entry = lists[i] ? design_year_json(learnt, year, answer->named[i].result.rank) : NULL;
    if (entry) ls_json_append(lists[i], entry);
  }
  ls_problem_destroy(year->problem);
  year->problem = NULL;
  return status;
}

static ls_status years_json(const ls_session *learnt, const ls_answer *answer, ls_json **json,
                            ls_error *error)
{
  ls_session year[YEARS_AHEAD + 1] = {{0}};
  ls_catalog *catalogs[YEARS_AHEAD + 1] = {NULL};
  ls_json *lists[LS_NAMED_MAX] = {NULL};
  ls_figure *figures = NULL;
  int32_t figure_count = 0, count = 0;
  ls_status status = ls_catalog_figures_create(learnt->catalog, &figures, &figure_count);
  for (int32_t i = 0; i < answer->named_count; i++)
    if (!is_told(answer, i)) lists[i] = ls_json_array();
  while (status == LS_OK && count <= YEARS_AHEAD) {
    status = ls_variant_create_year(learnt, learnt->spec->year + count, &year[count], error);
    if (status != LS_OK) break;
    catalogs[count] = year[count].catalog;
    status = year_append(learnt, answer, &year[count++], lists);
  }
  ls_json *object = ls_json_object(), *designs = ls_json_object();
  for (int32_t i = 0; i < answer->named_count; i++)
    if (lists[i]) ls_json_set(designs, answer->named[i].name, lists[i]);
  ls_json_set_int(object, "first", learnt->spec->year);
  ls_json_set_int(object, "count", count);
  ls_json_set(object, "designs", designs);
  if (status == LS_OK)
    ls_json_set(object, "figures", changes_json(figures, figure_count, catalogs, count));
  for (int32_t i = 0; i < count; i++) ls_variant_destroy(&year[i]);
  free(figures);
  *json = object;
  return status;
}

/* ---- Sensitivity ---- */

static ls_json *bars_json(const ls_session *session, const ls_tornado *tornado)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < tornado->bar_count && i < BAR_MAX && tornado->bars[i].effect; i++) {
    const ls_bar *bar = &tornado->bars[i];
    ls_json *object = ls_tornado_bar_json(session, tornado, bar);
    ls_json_set_int(object, "amount_at_low", bar->end[0].amount);
    ls_json_set_int(object, "amount_at_high", bar->end[1].amount);
    ls_json_append(array, object);
  }
  return array;
}

static ls_status sensitivity_json(const ls_session *learnt, uint64_t rank, ls_json **json,
                                  ls_error *error)
{
  ls_tornado tornado;
  ls_front_member pick = {.rank = rank};
  ls_rank_score(learnt->problem, rank, &pick.score);
  const ls_status status = ls_tornado_find_amounts(learnt, &pick, &tornado, error);
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "metric", ls_metric_name[tornado.metric]);
  ls_json_set_text(object, "design", tornado.design);
  ls_json_set_int(object, "amount", tornado.amount);
  ls_json_set(object, "bars", bars_json(learnt, &tornado));
  ls_tornado_destroy(&tornado);
  *json = object;
  return status;
}

ls_status ls_report_outlook_json(const ls_session *session, const ls_answer *answer,
                                 ls_json **outlook, ls_error *error)
{
  const uint64_t rank = ls_report_recommended(session, answer)->result.rank;
  ls_level2 placed = {0};
  ls_json *years = NULL, *sensitivity = NULL;
  *outlook = NULL;
  ls_status status = ls_problem_copy(answer->level2.refined, 0, &placed.refined);
  if (status == LS_OK) status = ls_level2_adopt(session, rank, &placed, error);
  const ls_refinement refinement = {session->problem, placed.refined};
  ls_session learnt = *session;
  learnt.problem = placed.refined;
  learnt.refinement = &refinement;
  if (status == LS_OK) status = years_json(&learnt, answer, &years, error);
  if (status == LS_OK) status = sensitivity_json(&learnt, rank, &sensitivity, error);
  ls_problem_destroy(placed.refined);
  if (status != LS_OK) {
    ls_json_destroy(years);
    ls_json_destroy(sensitivity);
    return error->message[0]
               ? status
               : ls_error_set(error, status, NULL, 0, NULL, "no memory for the report");
  }
  *outlook = ls_json_object();
  ls_json_set(*outlook, "years", years);
  ls_json_set(*outlook, "sensitivity", sensitivity);
  return LS_OK;
}
