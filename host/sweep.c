#include "sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "names.h"
#include "progress.h"
#include "run_step.h"

static ls_sweep_options sweep_options(const ls_session *session)
{
  return (ls_sweep_options){.thread_count = session->thread_count,
                            .pin = ls_devices_pin,
                            .pin_context = (void *)&session->devices,
                            .stop = session->stop,
                            .is_exhaustive = session->is_exhaustive};
}

static ls_status backend_error(const ls_session *session, ls_status status, ls_error *error)
{
  switch (status) {
  case LS_OK: return LS_OK;
  case LS_ERR_STOPPED:
    return ls_error_set(error, status, NULL, 0, NULL, "stopped; nothing was written");
  case LS_ERR_MEMORY:
    return ls_error_set(error, status, NULL, 0, NULL, "the %s backend has no memory left",
                        session->backend->name);
  default:
    return ls_error_set(error, status, NULL, 0, NULL, "the %s backend failed",
                        session->backend->name);
  }
}

/* Digest of the front, the same whatever found it. LS_ERR_MEMORY. */
static ls_status front_digest(const ls_problem *problem, ls_sweep_result *result)
{
  enum { LINE_MAX_BYTES = 21 * (LS_METRIC_COUNT + 1) };
  char *text = malloc((size_t)result->front_count * LINE_MAX_BYTES + 1);
  if (!text) return LS_ERR_MEMORY;
  size_t size = 0;
  for (int32_t i = 0; i < result->front_count; i++) {
    const ls_front_member *member = &result->front[i];
    size += (size_t)sprintf(text + size, "%" PRIu64, member->rank);
    for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
      if (problem->objective_mask[metric])
        size += (size_t)sprintf(text + size, ",%" PRId64, member->score.metric[metric]);
    text[size++] = '\n';
  }
  ls_sha256(text, size, result->sha256);
  free(text);
  return LS_OK;
}

static ls_status result_fill(const ls_problem *problem, const ls_front *front,
                             ls_sweep_result *result)
{
  result->front_count = ls_front_count(front);
  result->front = malloc(((size_t)result->front_count + 1) * sizeof *result->front);
  if (!result->front) return LS_ERR_MEMORY;
  ls_front_read(front, result->front);
  return front_digest(problem, result);
}

/* One sweep into a new front; *front is the caller's on success. */
static ls_status backend_sweep(const ls_backend *backend, const ls_problem *problem,
                               const ls_sweep_options *options, ls_front **front,
                               ls_sweep_stats *stats)
{
  ls_front *created = NULL;
  ls_status status = ls_front_create(problem->objective_mask, &created);
  if (status == LS_OK) status = backend->sweep(problem, options, created, stats);
  if (status == LS_OK)
    *front = created;
  else
    ls_front_destroy(created);
  return status;
}

/* The session's backend, or the CPU where a GPU fails that the user did not insist on. */
static ls_status session_sweep(const ls_session *session, const ls_problem *problem,
                               const ls_sweep_options *options, ls_front **front,
                               ls_sweep_stats *stats, const ls_backend **backend)
{
  *backend = session->backend;
  ls_status status = backend_sweep(*backend, problem, options, front, stats);
  if (status != LS_ERR_DEVICE || session->is_backend_forced) return status;
  ls_progress_note(session->progress, "the GPU failed; the CPU does the work");
  *backend = &ls_backend_cpu;
  return backend_sweep(*backend, problem, options, front, stats);
}

ls_status ls_sweep_run(const ls_session *session, const ls_problem *problem,
                       ls_sweep_result *result, ls_error *error)
{
  const ls_sweep_options options = sweep_options(session);
  ls_sweep_result found = {0};
  ls_front *front = NULL;
  const double start = ls_clock_seconds();
  ls_status status =
      session_sweep(session, problem, &options, &front, &found.stats, &found.backend);
  found.seconds = ls_clock_seconds() - start;
  if (status == LS_OK) status = result_fill(problem, front, &found);
  ls_front_destroy(front);
  if (status == LS_OK)
    *result = found;
  else
    free(found.front);
  return backend_error(session, status, error);
}

ls_status ls_sweep_count_violations(const ls_session *session, const ls_problem *problem,
                                    ls_sweep_result *result, ls_error *error)
{
  ls_sweep_options options = sweep_options(session);
  ls_sweep_stats stats = {0};
  ls_front *front = NULL;
  if (result->front_count) return LS_OK;
  ls_progress_note(session->progress,
                   "no design is feasible; counting what each of %" PRIu64 " violates",
                   problem->space_size);
  options.is_counting_violations = true;
  const ls_status status = backend_sweep(&ls_backend_cpu, problem, &options, &front, &stats);
  ls_front_destroy(front);
  if (status == LS_OK)
    memcpy(result->stats.violation_count, stats.violation_count, sizeof stats.violation_count);
  return backend_error(session, status, error);
}

/* A sweep as a step: what is flat of its result, and the front beside it. */
typedef struct sweep_record {
  ls_sweep_stats stats;
  double seconds;
  char sha256[65];
  bool is_cuda;
} sweep_record;

typedef struct sweep_task {
  const ls_session *session;
  const ls_problem *problem;
  sweep_record record;
  void *front;
  size_t front_bytes;
} sweep_task;

static ls_status sweep_compute(void *context, ls_error *error)
{
  sweep_task *self = context;
  ls_sweep_result result;
  const ls_status status = ls_sweep_run(self->session, self->problem, &result, error);
  if (status != LS_OK) return status;
  memset(&self->record, 0, sizeof self->record);
  self->record.stats = result.stats;
  self->record.seconds = result.seconds;
  self->record.is_cuda = result.backend == &ls_backend_cuda;
  memcpy(self->record.sha256, result.sha256, sizeof result.sha256);
  self->front = result.front;
  self->front_bytes = (size_t)result.front_count * sizeof *result.front;
  return LS_OK;
}

ls_status ls_sweep_step(const ls_session *session, const ls_problem *problem, const char *key,
                        ls_sweep_result *result, ls_error *error)
{
  sweep_task task = {.session = session, .problem = problem};
  const ls_step step = {.kind = "sweep",
                        .key = key,
                        .value = &task.record,
                        .value_bytes = sizeof task.record,
                        .array = &task.front,
                        .array_bytes = &task.front_bytes,
                        .compute = sweep_compute,
                        .context = &task};
  const ls_status status = ls_run_step(session->store, &step, error);
  if (status != LS_OK) return status;
  *result = (ls_sweep_result){.front = task.front,
                              .front_count = (int32_t)(task.front_bytes / sizeof *result->front),
                              .stats = task.record.stats,
                              .seconds = task.record.seconds,
                              .backend = task.record.is_cuda ? &ls_backend_cuda : &ls_backend_cpu};
  memcpy(result->sha256, task.record.sha256, sizeof result->sha256);
  return LS_OK;
}

void ls_sweep_destroy(ls_sweep_result *result)
{
  free(result->front);
  result->front = NULL;
}

ls_status ls_sweep_count_undominated(const ls_session *session, const ls_score *reference,
                                     int32_t reference_count, uint64_t *count, ls_error *error)
{
  ls_sweep_options options = sweep_options(session);
  options.reference = reference;
  options.reference_count = reference_count;
  ls_front *front = NULL;
  const ls_backend *backend;
  ls_sweep_stats stats = {0};
  const ls_status status =
      session_sweep(session, session->problem, &options, &front, &stats, &backend);
  ls_front_destroy(front);
  if (status == LS_OK) *count = stats.undominated_count;
  return backend_error(session, status, error);
}

void ls_sweep_explain(const ls_session *session, const ls_sweep_result *result)
{
  const uint64_t space = session->problem->space_size;
  uint64_t left[LS_VIOLATION_COUNT];
  memcpy(left, result->stats.violation_count, sizeof left);
  fprintf(stderr, "Constraints and how many of the %" PRIu64 " designs violate each:\n", space);
  for (;;) {
    int32_t most = 0;
    for (int32_t bit = 1; bit < LS_VIOLATION_COUNT; bit++)
      if (left[bit] > left[most]) most = bit;
    if (!left[most]) return;
    fprintf(stderr, "  %-18s %14" PRIu64 "  %5.1f %%  %s\n", ls_violation_name(most), left[most],
            100.0 * (double)left[most] / (double)space, ls_violation_meaning(most));
    left[most] = 0;
  }
}
