#include "bench_sweep.h"

#include <stdlib.h>

#include "clock.h"
#include "sweep.h"

enum { EXHAUSTIVE = 0 };

LS_STATIC_ASSERT((int)LS_BENCH_SWEEP_COUNT <= (int)LS_BENCH_CASES_MAX, "a series holds them");

/* The least work of a design, by the formulas of docs/kernels.md. Each summed metric that is judged
 * is a value of a table, and so are the faceplate and mask, a comparison more; a feasible design is
 * compared with at least one other. What is added to all designs of a pass counts nothing, because
 * it may be taken from the other side of a comparison; nor do limits and resources, because the
 * extremes of a table may settle them for all its designs, nor the division of USD per GPU-hour. */
static ls_bench_work least_work(const ls_problem *problem, const ls_sweep_stats *stats)
{
  const bool has_ratio = problem->objective_mask[LS_METRIC_GPU_HOUR] ||
                         problem->limit[LS_METRIC_GPU_HOUR] != INT64_MAX;
  int32_t summed = 0, compared = 0;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    const bool is_ratio = metric == LS_METRIC_GPU_HOUR; /* of what is spent, a sum, and of hours */
    const bool is_part = has_ratio && (is_ratio || metric == LS_METRIC_LOST);
    const bool is_compared = problem->objective_mask[metric] != 0;
    if (metric == LS_METRIC_LOSS) continue;
    summed += is_part || is_compared;
    compared += is_compared && !is_ratio;
  }
  const double feasible_share = (double)stats->feasible_count / (double)stats->evaluated_count;
  ls_bench_work work = {{0}};
  work.amount[LS_CEILING_COMPARE] = 1 + compared * feasible_share;
  work.amount[LS_CEILING_LOAD] = 8.0 * (summed + 1);
  return work;
}

/* One sweep on the session's threads; result without its front. */
static ls_status sweep_measure(const ls_session *session, ls_sweep_result *result,
                               double *cpu_seconds, ls_error *error)
{
  const double cpu_start = ls_clock_cpu_seconds();
  const ls_status status = ls_sweep_run(session, session->problem, result, error);
  *cpu_seconds = ls_clock_cpu_seconds() - cpu_start;
  if (status == LS_OK) ls_sweep_destroy(result);
  return status;
}

/* One run: the sweep that scores every design, the micro-kernels right after it on as many threads,
 * and the sweep that merges. */
static ls_status run_measure(ls_session *session, ls_bench_series *measured, int32_t run,
                             ls_sweep_stats *stats, ls_error *error)
{
  double designs = 0;
  for (int32_t way = 0; way < LS_BENCH_SWEEP_COUNT; way++) {
    ls_sweep_result result;
    double cpu_seconds;
    session->is_exhaustive = way == EXHAUSTIVE;
    ls_status status = sweep_measure(session, &result, &cpu_seconds, error);
    if (status != LS_OK) return status;
    if (way == EXHAUSTIVE) {
      *stats = result.stats;
      designs = (double)stats->evaluated_count;
      if (!stats->evaluated_count)
        return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                            "holds no design to evaluate: structure excludes them all");
      status = ls_bench_series_machine(measured, &session->devices, session->thread_count, run);
      if (status != LS_OK)
        return ls_error_set(error, status, NULL, 0, NULL, "the ceilings cannot be measured");
    }
    measured->rate[way][run] = designs / result.seconds;
    measured->cpu_seconds[way][run] = cpu_seconds / designs;
  }
  return LS_OK;
}

static ls_bench_entry entry_make(const ls_problem *problem, const ls_sweep_stats *stats,
                                 ls_bench_series *measured, int32_t way, int32_t thread_count)
{
  static const char *const names[LS_BENCH_SWEEP_COUNT] = {"sweep_exhaustive", "sweep_merge"};
  ls_bench_entry entry = {.name = names[way], .unit = "designs/s", .thread_count = thread_count};
  const ls_bench_work work = least_work(problem, stats);
  ls_bench_series_end(measured, way, way == EXHAUSTIVE ? &work : NULL, &entry);
  return entry;
}

ls_status ls_bench_sweep(const ls_session *session, ls_bench_entry *entries, ls_error *error)
{
  const int32_t most = session->thread_count;
  ls_bench_series *measured = calloc((size_t)most, sizeof *measured);
  if (!measured) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  ls_session local = *session;
  ls_sweep_stats stats = {0};
  ls_status status = LS_OK;
  local.backend = &ls_backend_cpu;
  /* By turns, so that a machine that slows down slows all of them. */
  for (int32_t run = 0; status == LS_OK && run < LS_BENCH_RUNS; run++)
    for (int32_t i = 0; status == LS_OK && i < most; i++) {
      local.thread_count = i + 1;
      status = run_measure(&local, &measured[i], run, &stats, error);
    }
  for (int32_t way = 0; status == LS_OK && way < LS_BENCH_SWEEP_COUNT; way++)
    for (int32_t i = 0; i < most; i++)
      entries[way * most + i] = entry_make(session->problem, &stats, &measured[i], way, i + 1);
  free(measured);
  return status;
}
