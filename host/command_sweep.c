/* `lightspine sweep`: level 1 alone, the exact front of the whole space; of one year or many. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "commands.h"
#include "design.h"
#include "names.h"
#include "sweep.h"
#include "years.h"

static ls_json *violations_json(const ls_sweep_result *result)
{
  ls_json *object = ls_json_object();
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (result->stats.violation_count[bit])
      ls_json_set_int(object, ls_violation_name(bit), (int64_t)result->stats.violation_count[bit]);
  return object;
}

static ls_status answer_json(const ls_session *session, const ls_sweep_result *result,
                             ls_error *error)
{
  const ls_sweep_stats *stats = &result->stats;
  ls_json *object = ls_json_object(), *front = ls_json_array();
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_int(object, "space_size", (int64_t)session->problem->space_size);
  ls_json_set_int(object, "designs_evaluated", (int64_t)stats->evaluated_count);
  ls_json_set_int(object, "designs_bounded", (int64_t)stats->bounded_count);
  ls_json_set_int(object, "designs_feasible", (int64_t)stats->feasible_count);
  ls_json_set_real(object, "seconds", result->seconds);
  ls_json_set_real(object, "designs_per_second",
                   (double)stats->evaluated_count / (result->seconds > 0 ? result->seconds : 1));
  ls_json_set_text(object, "backend", result->backend->name);
  ls_json_set_int(object, "threads", session->thread_count);
  ls_json_set_int(object, "front_inserts", (int64_t)stats->insert_count);
  ls_json_set_text(object, "method", stats->is_merged ? "merge" : "exhaustive");
  ls_json_set_bool(object, "front_exact", true);
  ls_json_set_int(object, "front_size", result->front_count);
  ls_json_set_text(object, "front_sha256", result->sha256);
  ls_json *objectives = ls_json_array();
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if (session->problem->objective_mask[i]) ls_json_append_text(objectives, ls_metric_name[i]);
  ls_json_set(object, "objectives", objectives);
  if (!result->front_count) ls_json_set(object, "violations", violations_json(result));
  for (int32_t i = 0; i < result->front_count; i++)
    ls_json_append(front, ls_design_front_json(session, &result->front[i]));
  ls_json_set(object, "front", front);
  return ls_json_write(object, stdout, error);
}

static void answer_text(const ls_session *session, const ls_sweep_result *result)
{
  const ls_sweep_stats *stats = &result->stats;
  printf("%s: %" PRIu64 " designs, %" PRIu64 " evaluated, %" PRIu64 " of these feasible, "
         "%" PRIu64 " excluded by bounds\n",
         session->spec->name, session->problem->space_size, stats->evaluated_count,
         stats->feasible_count, stats->bounded_count);
  const uint64_t settled = stats->is_merged ? session->problem->space_size : stats->evaluated_count;
  printf("%.3f s, %.1f million designs/s %s on %s, %d thread%s; exact front of %d, sha256 %s\n\n",
         result->seconds, 1e-6 * (double)settled / (result->seconds > 0 ? result->seconds : 1),
         stats->is_merged ? "settled by merging" : "evaluated", result->backend->name,
         session->thread_count, session->thread_count == 1 ? "" : "s", result->front_count,
         result->sha256);
  printf("%12s  %-11s %2s %9s %9s %6s %8s %9s  %s\n", "rank", "family", "pl", "capex M$",
         "power kW", "thr", "lat ns", "risk Gb/s", "chassis: optics per tier");
  for (int32_t i = 0; i < result->front_count && i < 40; i++) {
    const ls_front_member *member = &result->front[i];
    const int64_t *metric = member->score.metric;
    uint16_t link[LS_TIER_MAX];
    char chassis[192], optics[384];
    const ls_structure *structure =
        &session->problem->structures[ls_rank_decode(session->problem, member->rank, link)];
    ls_design_chassis_text(session, structure, chassis);
    ls_design_optics_text(session, structure, link, optics);
    printf("%12" PRIu64 "  %-11s %2d %9.3f %9.1f %6.3f %8.0f %9.1f  %s: %s\n", member->rank,
           ls_family_name(structure->family, structure->is_rail), structure->planes,
           (double)metric[LS_METRIC_CAPEX] / 1e8, (double)metric[LS_METRIC_POWER] / 1e6,
           1 - (double)metric[LS_METRIC_LOSS] / 1e6, (double)metric[LS_METRIC_LATENCY] / 1000,
           (double)metric[LS_METRIC_RISK] / 1e9, chassis, optics);
  }
  if (result->front_count > 40)
    printf("... and %d more; --json prints them all\n", result->front_count - 40);
}

/* The same question for a range of years; no where no year has an answer. */
static ls_status years_tell(const ls_session *session, const ls_arguments *arguments,
                            ls_error *error)
{
  ls_years *years = malloc(sizeof *years);
  if (!years) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the years");
  ls_status status =
      ls_years_find(session, arguments->year_first, arguments->year_last, years, error);
  if (status == LS_OK && arguments->csv_path)
    status = ls_years_csv_write(years, arguments->csv_path, error);
  bool has_answer = false;
  for (int32_t i = 0; i < years->count; i++) has_answer |= years->year[i].sweep.front_count > 0;
  if (status == LS_OK && arguments->is_json)
    status = ls_json_write(ls_years_json(session, years), stdout, error);
  else if (status == LS_OK)
    ls_years_print(session, years);
  ls_years_destroy(years);
  free(years);
  return status == LS_OK && !has_answer ? LS_ERR_NO : status;
}

static ls_status sweep_tell(const ls_session *session, const ls_arguments *arguments,
                            ls_error *error)
{
  ls_sweep_result result = {0};
  ls_status status = ls_sweep_run(session, session->problem, &result, error);
  if (status == LS_OK)
    status = ls_sweep_count_violations(session, session->problem, &result, error);
  if (status == LS_OK && arguments->is_json) status = answer_json(session, &result, error);
  if (status == LS_OK && !result.front_count) {
    ls_sweep_explain(session, &result);
    status = arguments->is_json ? LS_ERR_NO
                                : ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                                               "is infeasible: no design meets all constraints");
  } else if (status == LS_OK && !arguments->is_json) {
    answer_text(session, &result);
  }
  ls_sweep_destroy(&result);
  return status;
}

ls_status ls_command_sweep(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_YEARS, 1,
                                       "one spec file", &arguments, error);
  if (status == LS_OK && arguments.csv_path && !arguments.year_first)
    status = ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--csv", "goes with --years");
  if (status != LS_OK) return status;
  status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK)
    status = arguments.year_first ? years_tell(&session, &arguments, error)
                                  : sweep_tell(&session, &arguments, error);
  ls_session_close(&session);
  return status;
}
