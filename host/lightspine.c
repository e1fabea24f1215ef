#include "lightspine.h"

#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "evaluation_json.h"
#include "files.h"
#include "outputs.h"
#include "sweep.h"

struct lightspine_study {
  ls_session session;
  int64_t seed;
  int never; /* the stop flag of a caller who has none */
};

const char *lightspine_version(void) { return LS_VERSION; }

void lightspine_free(void *memory) { free(memory); }

/* The sentence of an error, and what the status means to a caller. */
static lightspine_status finish(ls_status status, const ls_error *error, char *message)
{
  if (status == LS_OK) return LIGHTSPINE_OK;
  if (message) {
    ls_error_format(error, message, LIGHTSPINE_MESSAGE_MAX);
    if (message[0] == '\0')
      snprintf(message, LIGHTSPINE_MESSAGE_MAX, "%s",
               status == LS_ERR_MEMORY    ? "out of memory"
               : status == LS_ERR_NO      ? "no design meets all constraints"
               : status == LS_ERR_STOPPED ? "stopped"
                                          : "failed");
  }
  return (lightspine_status)ls_status_exit_code(status);
}

static void arguments_fill(const char *spec_path, const lightspine_options *options,
                           ls_arguments *arguments)
{
  *arguments = (ls_arguments){
      .positional = {spec_path},
      .positional_count = 1,
      .backend = options->backend ? options->backend : "auto",
      .thread_count = options->threads,
      .seed = options->seed ? options->seed : 1,
      .evaluations = -1,
      .catalog_path = options->catalog,
  };
}

lightspine_status lightspine_open(const char *spec_path, const lightspine_options *options,
                                  lightspine_study **study, char message[LIGHTSPINE_MESSAGE_MAX])
{
  const lightspine_options defaults = {0};
  ls_error error = {.line = 0};
  if (!options) options = &defaults;
  lightspine_study *opened = calloc(1, sizeof *opened);
  if (!opened) return finish(LS_ERR_MEMORY, &error, message);
  ls_arguments arguments;
  arguments_fill(spec_path, options, &arguments);
  opened->seed = arguments.seed;
  opened->session.stop = options->stop ? options->stop : &opened->never;
  ls_status status = LS_OK;
  if (options->threads < 0)
    status = ls_error_set(&error, LS_ERR_INPUT, NULL, 0, "threads", "must be at least 0, got %d",
                          (int)options->threads);
  if (status == LS_OK) status = ls_session_open(&arguments, &opened->session, &error);
  if (status == LS_OK)
    *study = opened;
  else
    lightspine_close(opened);
  return finish(status, &error, message);
}

void lightspine_close(lightspine_study *study)
{
  if (!study) return;
  ls_session_close(&study->session);
  free(study);
}

uint64_t lightspine_space_size(const lightspine_study *study)
{
  return study->session.problem->space_size;
}

static lightspine_design design_of(const ls_front_member *member)
{
  const int64_t *metric = member->score.metric;
  return (lightspine_design){
      .rank = member->rank,
      .capex_usd = (double)metric[LS_METRIC_CAPEX] / 100,
      .tco_usd = (double)metric[LS_METRIC_TCO] / 100,
      .power_w = (double)metric[LS_METRIC_POWER] / 1000,
      .throughput_worst_low = 1 - (double)metric[LS_METRIC_LOSS] / 1e6,
      .latency_ns_max = (double)metric[LS_METRIC_LATENCY] / 1000,
      .bandwidth_at_risk_gbps = (double)metric[LS_METRIC_RISK] / 1e9,
      .lost_gpu_hours_per_year = (double)metric[LS_METRIC_LOST] / 1000,
      .usd_per_gpu_hour = (double)metric[LS_METRIC_GPU_HOUR] / 1e6,
  };
}

lightspine_status lightspine_sweep(lightspine_study *study, lightspine_design **front,
                                   int32_t *count, char message[LIGHTSPINE_MESSAGE_MAX])
{
  ls_sweep_result result = {0};
  ls_error error = {.line = 0};
  lightspine_design *designs = NULL;
  ls_status status = ls_sweep_run(&study->session, study->session.problem, &result, &error);
  if (status == LS_OK && !result.front_count) status = LS_ERR_NO;
  if (status == LS_OK) {
    designs = malloc((size_t)result.front_count * sizeof *designs);
    if (!designs) status = LS_ERR_MEMORY;
  }
  if (status == LS_OK) {
    for (int32_t i = 0; i < result.front_count; i++) designs[i] = design_of(&result.front[i]);
    *front = designs;
    *count = result.front_count;
  }
  ls_sweep_destroy(&result);
  return finish(status, &error, message);
}

/* The text of a JSON value, which is freed. */
static ls_status json_text(ls_json *value, char **text, ls_error *error)
{
  char *written = NULL;
  size_t size;
  FILE *stream = open_memstream(&written, &size);
  if (!stream) {
    ls_json_destroy(value);
    return LS_ERR_MEMORY;
  }
  ls_status status = ls_json_write(value, stream, error);
  if (fclose(stream) && status == LS_OK) status = LS_ERR_MEMORY;
  if (status == LS_OK)
    *text = written;
  else
    free(written);
  return status;
}

lightspine_status lightspine_evaluate(lightspine_study *study, uint64_t rank, char **json,
                                      char message[LIGHTSPINE_MESSAGE_MAX])
{
  const ls_session *session = &study->session;
  ls_error error = {.line = 0};
  ls_status status = LS_OK;
  ls_evaluation *evaluation = malloc(sizeof *evaluation);
  if (!evaluation) return finish(LS_ERR_MEMORY, &error, message);
  if (rank >= session->problem->space_size)
    status = ls_error_set(
        &error, LS_ERR_INPUT, NULL, 0, "rank", "must be below the space's size of %llu, got %llu",
        (unsigned long long)session->problem->space_size, (unsigned long long)rank);
  if (status == LS_OK) status = ls_evaluation_find(session, rank, evaluation, &error);
  if (status == LS_OK) status = json_text(ls_evaluation_json(session, evaluation), json, &error);
  free(evaluation);
  return finish(status, &error, message);
}

lightspine_status lightspine_optimize(lightspine_study *study, const char *folder, char **json,
                                      char message[LIGHTSPINE_MESSAGE_MAX])
{
  ls_session *session = &study->session;
  const ls_arguments arguments = {.output_path = folder, .seed = study->seed, .evaluations = -1};
  ls_error error = {.line = 0};
  ls_run run = {0};
  ls_answer answer = {0};
  ls_verdicts verdicts;
  ls_status status = ls_run_begin(&run, &arguments, session, &error);
  if (status == LS_OK) status = ls_answer_find(session, &answer, &error);
  if (status == LS_OK && answer.is_stopped) status = LS_ERR_STOPPED;
  if (status == LS_OK)
    status = ls_outputs_write(session, &arguments, &answer, &run, &verdicts, &error);
  if (status == LS_OK) status = json_text(ls_answer_json(session, &answer), json, &error);
  if (status != LS_OK) ls_run_discard(&run);
  ls_answer_destroy(&answer);
  session->store = NULL;
  return finish(status, &error, message);
}
