/* Benchmarks of all-pairs shortest paths on a device: batches of candidates that differ from a
 * graph in a move, as a search sends them. */
#include <stdlib.h>

#include "../kernels/philox.h"
#include "bench_apsp.h"
#include "clock.h"

enum { DEGREE = LS_BENCH_APSP_DEGREE, CHECKED = 2, PATCHES = 4 };

/* So many that a device has each block's worth several times. */
static const int32_t batches[LS_BENCH_APSP_COUNT] = {4096, 65536, 1056};

typedef struct device_run {
  const ls_apsp_backend *backend;
  ls_apsp_device *device;
  ls_apsp_shape shape;
  ls_apsp *apsp;
  ls_apsp_batch batch;
  ls_apsp_dart *table;
  ls_apsp_patch *patches;        /* [count][PATCHES] */
  ls_apsp_candidate *candidates; /* [count] */
  ls_apsp_sum *sums;             /* [count] */
} device_run;

static void run_destroy(device_run *self)
{
  if (self->backend) self->backend->destroy(self->device);
  ls_apsp_destroy(self->apsp);
  free(self->sums);
  free(self->candidates);
  free(self->patches);
  free(self->table);
}

/* ---- Candidates ---- */

static int32_t dart_find(const device_run *self, int32_t layer, int32_t to, int32_t back)
{
  for (int32_t j = 0; j < DEGREE; j++) {
    const ls_apsp_dart dart = self->table[ls_apsp_dart_at(&self->shape, to, j)];
    if (dart.vertex == layer * self->shape.rotation + back) return j;
  }
  return 0; /* darts come in pairs */
}

/* A dart of a layer leads to another's, and that back. */
static void pair_patch(const device_run *self, int32_t layer, int32_t index, int32_t to,
                       int32_t to_index, int32_t shift, ls_apsp_patch *two)
{
  const int32_t back = (self->shape.rotation - shift) % self->shape.rotation;
  two[0] = (ls_apsp_patch){ls_apsp_dart_at(&self->shape, layer, index),
                           ls_apsp_dart_make(&self->shape, to, shift)};
  two[1] = (ls_apsp_patch){ls_apsp_dart_at(&self->shape, to, to_index),
                           ls_apsp_dart_make(&self->shape, layer, back)};
}

/* Layers u and v exchange what their darts of that index lead to; where that is one pair the
 * candidate is the graph itself. */
static int32_t move_draw(const device_run *self, int32_t which, ls_apsp_patch *patches)
{
  const int32_t m = self->shape.rotation, layers = self->shape.layer_count;
  const ls_philox_words words = ls_philox(2, 0, (uint64_t)which);
  const int32_t u = ls_philox_below(words.v[0], layers), i = (int32_t)(words.v[2] % DEGREE);
  const int32_t v = ls_philox_below(words.v[1], layers), j = (int32_t)(words.v[3] % DEGREE);
  const int32_t p = self->table[ls_apsp_dart_at(&self->shape, u, i)].vertex;
  const int32_t q = self->table[ls_apsp_dart_at(&self->shape, v, j)].vertex;
  const int32_t of_p = dart_find(self, u, p / m, (m - p % m) % m);
  const int32_t of_q = dart_find(self, v, q / m, (m - q % m) % m);
  if (u == v || p / m == q / m || u == q / m || v == p / m || u == p / m || v == q / m) return 0;
  pair_patch(self, u, i, q / m, of_q, q % m, patches);
  pair_patch(self, v, j, p / m, of_p, p % m, patches + 2);
  return PATCHES;
}

static ls_status run_create(const ls_apsp_backend *backend, int32_t which, int32_t count,
                            device_run *self)
{
  const ls_apsp_capacity capacity = {1, PATCHES * count, count};
  *self = (device_run){.backend = backend, .shape = ls_bench_apsp_shape(which)};
  self->table = malloc((size_t)self->shape.layer_count * DEGREE * sizeof *self->table);
  self->patches = calloc((size_t)count * PATCHES, sizeof *self->patches);
  self->candidates = calloc((size_t)count, sizeof *self->candidates);
  self->sums = calloc((size_t)count, sizeof *self->sums);
  if (!self->table || !self->patches || !self->candidates || !self->sums) return LS_ERR_MEMORY;
  ls_status status = ls_bench_apsp_graph(which, self->table, &self->apsp);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < count; i++)
    self->candidates[i] = (ls_apsp_candidate){
        .threshold = INT64_MAX,
        .patch_first = PATCHES * i,
        .patch_count = move_draw(self, i, self->patches + (size_t)PATCHES * (size_t)i)};
  self->batch = (ls_apsp_batch){.tables = self->table,
                                .patches = self->patches,
                                .candidates = self->candidates,
                                .table_count = 1,
                                .patch_count = PATCHES * count,
                                .count = count};
  return backend->create(&self->shape, &capacity, &self->device);
}

/* ---- Measurements ---- */

static void dart_set(device_run *self, int32_t at, ls_apsp_dart dart)
{
  const int32_t layers = self->shape.layer_count, m = self->shape.rotation;
  ls_apsp_dart_set(self->apsp, at % layers, at / layers, dart.vertex / m, dart.vertex % m);
}

/* The first candidates as the CPU finds them. */
static ls_status sums_check(device_run *self, ls_error *error)
{
  for (int32_t i = 0; i < CHECKED && i < self->batch.count; i++) {
    const ls_apsp_candidate *candidate = &self->candidates[i];
    const ls_apsp_patch *patches = self->patches + candidate->patch_first;
    for (int32_t k = 0; k < candidate->patch_count; k++)
      dart_set(self, patches[k].at, patches[k].dart);
    const int64_t here = ls_apsp_evaluate(self->apsp, INT64_MAX).distance;
    for (int32_t k = 0; k < candidate->patch_count; k++)
      dart_set(self, patches[k].at, self->table[patches[k].at]);
    if (self->sums[i].distance != here)
      return ls_error_set(error, LS_ERR_INTERNAL, NULL, 0, "bench apsp",
                          "candidate %d sums to %lld on %s, to %lld on cpu", i,
                          (long long)self->sums[i].distance, self->backend->name, (long long)here);
  }
  return LS_OK;
}

static ls_status run_measure(device_run *self, ls_bench_series *measured, int32_t which)
{
  const double count = self->batch.count;
  ls_status status = self->backend->evaluate(self->device, &self->batch, self->sums); /* warm */
  for (int32_t run = 0; status == LS_OK && run < LS_BENCH_RUNS; run++) {
    const double begin = ls_clock_seconds(), cpu_begin = ls_clock_cpu_seconds();
    status = self->backend->evaluate(self->device, &self->batch, self->sums);
    measured->rate[which][run] = count / (ls_clock_seconds() - begin);
    measured->cpu_seconds[which][run] = (ls_clock_cpu_seconds() - cpu_begin) / count;
  }
  return status;
}

ls_status ls_bench_apsp_device(const ls_apsp_backend *backend, int32_t batch_max,
                               ls_bench_entry *entries, ls_error *error)
{
  ls_bench_series measured;
  for (int32_t i = 0; i < LS_BENCH_APSP_COUNT; i++) {
    device_run run;
    ls_status status = run_create(backend, i, (int32_t)ls_min(batches[i], batch_max), &run);
    if (status == LS_OK) status = run_measure(&run, &measured, i);
    if (status != LS_OK)
      ls_error_set(error, status, NULL, 0, NULL,
                   status == LS_ERR_DEVICE ? "the cuda backend failed" : "no memory");
    else
      status = sums_check(&run, error);
    run_destroy(&run);
    if (status != LS_OK) return status;
    entries[i] = (ls_bench_entry){.name = ls_bench_apsp_name(i),
                                  .unit = "evaluations/s",
                                  .backend = backend->name,
                                  .thread_count = 1};
    ls_bench_series_end(&measured, i, NULL, &entries[i]);
  }
  return LS_OK;
}
