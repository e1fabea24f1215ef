#include "bench_apsp.h"

#include <pthread.h>
#include <stdlib.h>

#include "../kernels/apsp.h"
#include "../kernels/philox.h"
#include "clock.h"

enum { RUN_COUNT = 5, DEGREE = 8 };

static const double seconds_of_run = 0.03; /* of a thread, about */

static const struct {
  const char *name;
  int32_t layer_count, rotation;
} cases[LS_BENCH_APSP_COUNT] = {
    {"apsp_1024_8", 1024, 1}, {"apsp_1024_8_lift16", 64, 16}, {"apsp_4096_8", 4096, 1}};

/* Darts paired at random. */
static ls_status graph_create(int32_t which, ls_apsp **apsp)
{
  const int32_t layers = cases[which].layer_count, rotation = cases[which].rotation;
  const int32_t count = layers * DEGREE;
  int32_t *order = malloc((size_t)count * sizeof *order);
  if (!order) return LS_ERR_MEMORY;
  const ls_status status = ls_apsp_create(layers, rotation, layers, DEGREE, apsp);
  for (int32_t i = 0; i < count; i++) {
    const int32_t j = ls_philox_below(ls_philox(1, (uint64_t)which, (uint64_t)i).v[0], i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  for (int32_t i = 0; status == LS_OK && i < count; i += 2) {
    const int32_t u = order[i] / DEGREE, v = order[i + 1] / DEGREE;
    const uint32_t word = ls_philox(1, (uint64_t)which, (uint64_t)i).v[1];
    const int32_t shift = ls_philox_below(word, rotation);
    ls_apsp_dart_set(*apsp, u, order[i] % DEGREE, v, shift);
    ls_apsp_dart_set(*apsp, v, order[i + 1] % DEGREE, u, (rotation - shift) % rotation);
  }
  free(order);
  return status;
}

/* ---- Runs ---- */

typedef struct worker {
  pthread_t thread;
  const ls_devices *devices;
  ls_apsp *apsp[LS_BENCH_APSP_COUNT];
  int32_t index, which;
  int64_t count;
  double seconds;
} worker;

static void *worker_run(void *argument)
{
  worker *self = argument;
  ls_devices_pin((void *)self->devices, self->index);
  const double start = ls_clock_thread_seconds();
  for (int64_t i = 0; i < self->count; i++) ls_apsp_evaluate(self->apsp[self->which], INT64_MAX);
  self->seconds = ls_clock_thread_seconds() - start;
  return NULL;
}

/* Items a second of wall-clock time, all threads together, and seconds of a processor an item. */
static ls_status case_measure(worker *workers, int32_t thread_count, int32_t which, int64_t count,
                              double *rate, double *cpu_seconds)
{
  int32_t started = 0;
  double seconds = 0;
  const double start = ls_clock_seconds();
  for (; started < thread_count; started++) {
    workers[started].which = which;
    workers[started].count = count;
    if (pthread_create(&workers[started].thread, NULL, worker_run, &workers[started])) break;
  }
  for (int32_t i = 0; i < started; i++) {
    pthread_join(workers[i].thread, NULL);
    seconds += workers[i].seconds;
  }
  const double items = (double)count * thread_count;
  *rate = items / (ls_clock_seconds() - start);
  *cpu_seconds = seconds / items;
  return started == thread_count ? LS_OK : LS_ERR_MEMORY;
}

/* ---- Entries ---- */

/* One number of threads, run by run. */
typedef struct series {
  double rate[LS_BENCH_APSP_COUNT][RUN_COUNT], cpu_seconds[LS_BENCH_APSP_COUNT][RUN_COUNT];
  double machine[LS_CEILING_COUNT][RUN_COUNT];
} series;

/* By the formulas of kernels/apsp.h: levels 2 to the last but one read a set of sources a dart; of
 * the last one every row must be seen to be full. */
static ls_bench_work least_work(ls_apsp *apsp)
{
  const double bytes =
      (double)apsp->source_count / 8 * (double)apsp->layer_count * (double)apsp->rotation;
  const int32_t diameter = ls_apsp_evaluate(apsp, INT64_MAX).diameter;
  ls_bench_work work = {{0}};
  work.amount[LS_CEILING_LOAD] = bytes * ((diameter - 2) * apsp->dart_max + 1);
  return work;
}

static ls_bench_entry entry_make(ls_apsp *apsp, series *measured, int32_t which,
                                 int32_t thread_count)
{
  ls_bench_entry entry = {.name = cases[which].name,
                          .unit = "evaluations/s",
                          .thread_count = thread_count,
                          .rate = ls_bench_median(measured->rate[which], RUN_COUNT),
                          .cpu_seconds = ls_bench_median(measured->cpu_seconds[which], RUN_COUNT),
                          .work = least_work(apsp)};
  for (int32_t i = 0; i < LS_CEILING_COUNT; i++)
    entry.machine.rate[i] = ls_bench_median(measured->machine[i], RUN_COUNT);
  entry.ceiling = ls_bench_ceiling(&entry.work, &entry.machine, &entry.bound_by);
  return entry;
}

static ls_status run_measure(const ls_devices *devices, worker *workers, int32_t thread_count,
                             series *measured, int32_t run)
{
  ls_bench_rates rates = {{0}};
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_BENCH_APSP_COUNT; i++) {
    double each, rate;
    status = case_measure(workers, 1, i, 1, &rate, &each); /* warm, and how long it takes */
    if (status == LS_OK)
      status = case_measure(workers, thread_count, i, 1 + (int64_t)(seconds_of_run / each),
                            &measured->rate[i][run], &measured->cpu_seconds[i][run]);
  }
  if (status == LS_OK) status = ls_bench_rates_measure(devices, thread_count, &rates);
  for (int32_t i = 0; i < LS_CEILING_COUNT; i++) measured->machine[i][run] = rates.rate[i];
  return status;
}

ls_status ls_bench_apsp(const ls_devices *devices, int32_t thread_count, ls_bench_entry *entries,
                        ls_error *error)
{
  worker *workers = calloc((size_t)thread_count, sizeof *workers);
  series *measured = calloc((size_t)thread_count, sizeof *measured);
  ls_status status = workers && measured ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < thread_count; i++) {
    workers[i] = (worker){.devices = devices, .index = i};
    for (int32_t k = 0; status == LS_OK && k < LS_BENCH_APSP_COUNT; k++)
      status = graph_create(k, &workers[i].apsp[k]);
  }
  /* By turns, so that a machine that slows down slows all of them. */
  for (int32_t run = 0; status == LS_OK && run < RUN_COUNT; run++)
    for (int32_t i = 0; status == LS_OK && i < thread_count; i++)
      status = run_measure(devices, workers, i + 1, &measured[i], run);
  for (int32_t k = 0; status == LS_OK && k < LS_BENCH_APSP_COUNT; k++)
    for (int32_t i = 0; i < thread_count; i++)
      entries[k * thread_count + i] = entry_make(workers[0].apsp[k], &measured[i], k, i + 1);
  for (int32_t i = 0; workers && i < thread_count; i++)
    for (int32_t k = 0; k < LS_BENCH_APSP_COUNT; k++) ls_apsp_destroy(workers[i].apsp[k]);
  free(measured);
  free(workers);
  return status == LS_OK ? LS_OK : ls_error_set(error, status, NULL, 0, NULL, "no memory");
}
