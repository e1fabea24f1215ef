#include "bench_place.h"

#include <stdlib.h>

#include "../kernels/philox.h"
#include "clock.h"
#include "qap_build.h"

enum { PROPOSALS = 0, SIDE = 10 };

LS_STATIC_ASSERT((int)LS_BENCH_PLACE_COUNT <= (int)LS_BENCH_CASES_MAX, "a series holds them");

static const double work_of_run =
    5e7; /* products of a thread, about: a few hundredths of a second */

ls_status ls_bench_floor_create(ls_qaplib *qaplib, ls_error *error)
{
  const int64_t n = SIDE * SIDE;
  qaplib->n = (int32_t)n;
  qaplib->a = calloc((size_t)(n * n), sizeof *qaplib->a);
  qaplib->b = calloc((size_t)(n * n), sizeof *qaplib->b);
  if (!qaplib->a || !qaplib->b) {
    ls_qaplib_destroy(qaplib);
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  }
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < i; j++) {
      const int64_t flow = ls_philox_below(ls_philox(1, (uint64_t)i, (uint64_t)j).v[0], 10);
      qaplib->a[i * n + j] = qaplib->a[j * n + i] =
          llabs(i / SIDE - j / SIDE) + llabs(i % SIDE - j % SIDE);
      qaplib->b[i * n + j] = qaplib->b[j * n + i] = flow;
    }
  return LS_OK;
}

/* ---- Runs ---- */

/* What one thread keeps. */
typedef struct worker {
  ls_qap_state state;
  ls_qap_tabu tabu;
} worker;

/* What all of them do. */
typedef struct task {
  const ls_qap *qap;
  worker *workers;
  int32_t way;
  int64_t step_count;
} task;

static double task_run(void *context, int32_t index)
{
  const task *self = context;
  worker *own = &self->workers[index];
  const ls_qap_functions *functions = ls_qap_functions_choose(self->qap->width);
  static int32_t logarithms[LS_QAP_LOGARITHMS]; /* of u = 1: only what is not worse is accepted */
  const ls_qap_run run = {.seed = 1,
                          .stream = (uint64_t)index,
                          .step_count = self->step_count,
                          .target = INT64_MIN,
                          .logarithms = logarithms};
  for (int32_t i = 0; i < self->qap->n; i++) own->state.p[i] = i;
  functions->begin(self->qap, &own->state);
  functions->descend(self->qap, &own->state);
  const double start = ls_clock_thread_seconds();
  if (self->way == PROPOSALS)
    functions->temper(self->qap, &own->state, &run);
  else
    functions->tabu(self->qap, &own->state, &own->tabu, &run);
  return ls_clock_thread_seconds() - start;
}

/* ---- Entries ---- */
/* By the formulas of kernels/qap.h. A proposal: n products of two differences, and the rows of one
 * of the two things; the other's may stay from the proposal before. A move: for each pair a
 * product, and its change and its tabu read. Per part, where an instance has two. */
static ls_bench_work least_work(const ls_qap *qap, int32_t way)
{
  const double n = qap->n, products = qap->parts * (way == PROPOSALS ? n : n * (n - 1) / 2);
  const double data = (double)ls_qap_data_bytes(qap->width);
  const double delta = (double)ls_qap_delta_bytes(qap->width);
  const bool is_narrow = way == PROPOSALS && qap->width == LS_QAP_16;
  ls_bench_work work = {{0}};
  work.amount[is_narrow ? LS_CEILING_MULTIPLY16 : LS_CEILING_MULTIPLY32] = products;
  work.amount[LS_CEILING_LOAD] =
      way == PROPOSALS ? 2 * data * products : 2 * delta * n * (n - 1) / 2;
  return work;
}

static ls_bench_entry entry_make(const ls_qap *qap, ls_bench_series *measured, int32_t way,
                                 int32_t thread_count)
{
  static const char *const names[LS_BENCH_PLACE_COUNT] = {"place_proposals", "place_tabu_moves"};
  static const char *const units[LS_BENCH_PLACE_COUNT] = {"proposals/s", "moves/s"};
  ls_bench_entry entry = {.name = names[way], .unit = units[way], .thread_count = thread_count};
  const ls_bench_work work = least_work(qap, way);
  ls_bench_series_end(measured, way, &work, &entry);
  return entry;
}

static ls_status run_measure(const ls_qap *qap, const ls_devices *devices, worker *workers,
                             int32_t thread_count, ls_bench_series *measured, int32_t run)
{
  const double n = qap->n;
  ls_status status = LS_OK;
  for (int32_t way = 0; status == LS_OK && way < LS_BENCH_PLACE_COUNT; way++) {
    const double each = way == PROPOSALS ? n + 40 : 2 * n * n;
    task wanted = {.qap = qap,
                   .workers = workers,
                   .way = way,
                   .step_count = 1 + (int64_t)(work_of_run / each)};
    status = ls_bench_threads_run(devices, thread_count, task_run, &wanted, wanted.step_count,
                                  &measured->rate[way][run], &measured->cpu_seconds[way][run]);
  }
  if (status == LS_OK) status = ls_bench_series_machine(measured, devices, thread_count, run);
  return status;
}

static ls_status workers_create(const ls_qap *qap, int32_t count, worker *workers)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < count; i++) {
    status = ls_qap_state_create(qap, &workers[i].state);
    if (status == LS_OK) status = ls_qap_tabu_create(qap, &workers[i].tabu);
  }
  return status;
}

ls_status ls_bench_place(const ls_qaplib *qaplib, const ls_devices *devices, int32_t thread_count,
                         ls_bench_entry *entries, ls_error *error)
{
  ls_qap *qap = NULL;
  ls_status status = ls_qap_create(qaplib, LS_QAP_16, &qap, error);
  if (status != LS_OK) return status;
  worker *workers = calloc((size_t)thread_count, sizeof *workers);
  ls_bench_series *measured = calloc((size_t)thread_count, sizeof *measured);
  status = workers && measured ? workers_create(qap, thread_count, workers) : LS_ERR_MEMORY;
  /* By turns, so that a machine that slows down slows all of them. */
  for (int32_t run = 0; status == LS_OK && run < LS_BENCH_RUNS; run++)
    for (int32_t i = 0; status == LS_OK && i < thread_count; i++)
      status = run_measure(qap, devices, workers, i + 1, &measured[i], run);
  for (int32_t way = 0; status == LS_OK && way < LS_BENCH_PLACE_COUNT; way++)
    for (int32_t i = 0; i < thread_count; i++)
      entries[way * thread_count + i] = entry_make(qap, &measured[i], way, i + 1);
  for (int32_t i = 0; workers && i < thread_count; i++) {
    ls_qap_state_destroy(&workers[i].state);
    ls_qap_tabu_destroy(&workers[i].tabu);
  }
  free(measured);
  free(workers);
  ls_qap_destroy(qap);
  return status == LS_OK ? LS_OK : ls_error_set(error, status, NULL, 0, NULL, "no memory");
}
