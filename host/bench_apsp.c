#include "bench_apsp.h"

#include <stdlib.h>

#include "../kernels/philox.h"
#include "clock.h"

enum { DEGREE = LS_BENCH_APSP_DEGREE };

LS_STATIC_ASSERT((int)LS_BENCH_APSP_COUNT <= (int)LS_BENCH_CASES_MAX, "a series holds them");

static const double seconds_of_run = 0.03; /* of a thread, about */

static const struct {
  const char *name;
  int32_t layer_count, rotation;
} cases[LS_BENCH_APSP_COUNT] = {
    {"apsp_1024_8", 1024, 1}, {"apsp_1024_8_lift16", 64, 16}, {"apsp_4096_8", 4096, 1}};

const char *ls_bench_apsp_name(int32_t which) { return cases[which].name; }

ls_apsp_shape ls_bench_apsp_shape(int32_t which)
{
  return (ls_apsp_shape){.layer_count = cases[which].layer_count,
                         .rotation = cases[which].rotation,
                         .source_count = cases[which].layer_count,
                         .dart_max = DEGREE};
}

ls_status ls_bench_apsp_graph(int32_t which, ls_apsp_dart *table, ls_apsp **apsp)
{
  const ls_apsp_shape shape = ls_bench_apsp_shape(which);
  const int32_t layers = shape.layer_count, rotation = shape.rotation, count = layers * DEGREE;
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
    const int32_t back = (rotation - shift) % rotation;
    ls_apsp_dart_set(*apsp, u, order[i] % DEGREE, v, shift);
    ls_apsp_dart_set(*apsp, v, order[i + 1] % DEGREE, u, back);
    if (!table) continue;
    table[ls_apsp_dart_at(&shape, u, order[i] % DEGREE)] = ls_apsp_dart_make(&shape, v, shift);
    table[ls_apsp_dart_at(&shape, v, order[i + 1] % DEGREE)] = ls_apsp_dart_make(&shape, u, back);
  }
  free(order);
  return status;
}

/* ---- Runs ---- */

typedef struct graphs {
  ls_apsp *apsp[LS_BENCH_APSP_COUNT]; /* of one thread */
} graphs;

/* What all threads do. */
typedef struct task {
  graphs *own; /* [threads] */
  int32_t which;
  int64_t count;
} task;

/* As a move of the search, which changes darts of four vertices: here to what they are. */
static void ends_touch(ls_apsp *apsp, int64_t move)
{
  for (int64_t i = 4 * move; i < 4 * move + 4; i++) {
    const int32_t layer = (int32_t)(i % apsp->layer_count);
    const int32_t vertex = apsp->vertex[(int64_t)layer * DEGREE];
    ls_apsp_dart_set(apsp, layer, 0, vertex / apsp->rotation, vertex % apsp->rotation);
  }
}

static double task_run(void *context, int32_t index)
{
  const task *self = context;
  const double start = ls_clock_thread_seconds();
  ls_apsp *apsp = self->own[index].apsp[self->which];
  for (int64_t i = 0; i < self->count; i++) {
    ends_touch(apsp, i);
    ls_apsp_evaluate(apsp, INT64_MAX);
  }
  return ls_clock_thread_seconds() - start;
}

/* ---- Entries ---- */

/* By the formulas of kernels/apsp.h: levels 2 to the last but one read a set of sources a dart; of
 * the last one every row must be seen to be full. Without a group, of both but half: distances are
 * symmetric. */
static ls_bench_work least_work(ls_apsp *apsp)
{
  const double bytes =
      (double)apsp->source_count / 8 * (double)apsp->layer_count * (double)apsp->rotation;
  const int32_t diameter = ls_apsp_evaluate(apsp, INT64_MAX).diameter;
  ls_bench_work work = {{0}};
  const double last = apsp->rotation > 1 ? 1 : 0.5;
  work.amount[LS_CEILING_LOAD] =
      bytes * ((diameter - 3 + last) * apsp->dart_max + last); /* of diameters 3 and more */
  return work;
}

static ls_bench_entry entry_make(ls_apsp *apsp, ls_bench_series *measured, int32_t which,
                                 int32_t thread_count)
{
  ls_bench_entry entry = {
      .name = cases[which].name, .unit = "evaluations/s", .thread_count = thread_count};
  const ls_bench_work work = least_work(apsp);
  ls_bench_series_end(measured, which, &work, &entry);
  return entry;
}

static ls_status run_measure(const ls_devices *devices, graphs *own, int32_t thread_count,
                             ls_bench_series *measured, int32_t run)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_BENCH_APSP_COUNT; i++) {
    task wanted = {.own = own, .which = i, .count = 1};
    double each, rate; /* warm, and how long it takes */
    status = ls_bench_threads_run(devices, 1, task_run, &wanted, wanted.count, &rate, &each);
    if (status != LS_OK) return status;
    wanted.count = 1 + (int64_t)(seconds_of_run / each);
    status = ls_bench_threads_run(devices, thread_count, task_run, &wanted, wanted.count,
                                  &measured->rate[i][run], &measured->cpu_seconds[i][run]);
  }
  if (status == LS_OK) status = ls_bench_series_machine(measured, devices, thread_count, run);
  return status;
}

ls_status ls_bench_apsp(const ls_devices *devices, int32_t thread_count, ls_bench_entry *entries,
                        ls_error *error)
{
  graphs *own = calloc((size_t)thread_count, sizeof *own);
  ls_bench_series *measured = calloc((size_t)thread_count, sizeof *measured);
  ls_status status = own && measured ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < thread_count; i++)
    for (int32_t k = 0; status == LS_OK && k < LS_BENCH_APSP_COUNT; k++)
      status = ls_bench_apsp_graph(k, NULL, &own[i].apsp[k]);
  /* By turns, so that a machine that slows down slows all of them. */
  for (int32_t run = 0; status == LS_OK && run < LS_BENCH_RUNS; run++)
    for (int32_t i = 0; status == LS_OK && i < thread_count; i++)
      status = run_measure(devices, own, i + 1, &measured[i], run);
  for (int32_t k = 0; status == LS_OK && k < LS_BENCH_APSP_COUNT; k++)
    for (int32_t i = 0; i < thread_count; i++)
      entries[k * thread_count + i] = entry_make(own[0].apsp[k], &measured[i], k, i + 1);
  for (int32_t i = 0; own && i < thread_count; i++)
    for (int32_t k = 0; k < LS_BENCH_APSP_COUNT; k++) ls_apsp_destroy(own[i].apsp[k]);
  free(measured);
  free(own);
  return status == LS_OK ? LS_OK : ls_error_set(error, status, NULL, 0, NULL, "no memory");
}
