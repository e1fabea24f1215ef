#include "bench_ceiling.h"

#include <pthread.h>
#include <stdlib.h>

#include "../kernels/isa.h"
#include "clock.h"

static const double seconds_least = 0.01; /* of a micro-kernel, so that caches are warm */

typedef struct runner {
  pthread_t thread;
  const ls_devices *devices;
  int32_t index;
  ls_ceiling_function function;
  double rate;
} runner;

/* By the processor time of its thread: a ceiling is that of a core all of which is ours. */
static void *runner_run(void *argument)
{
  runner *self = argument;
  ls_devices_pin((void *)self->devices, self->index);
  double seconds = 0;
  for (uint64_t rounds = 64; seconds < seconds_least; rounds *= 2) {
    const double start = ls_clock_thread_seconds();
    const uint64_t done = self->function(rounds);
    seconds = ls_clock_thread_seconds() - start;
    self->rate = seconds > 0 ? (double)done / seconds : 0;
  }
  return NULL;
}

/* The sum over threads that run one micro-kernel at the same time. */
static ls_status rate_measure(const ls_devices *devices, ls_ceiling_function function,
                              int32_t thread_count, double *rate)
{
  runner *runners = calloc((size_t)thread_count, sizeof *runners);
  if (!runners) return LS_ERR_MEMORY;
  int32_t started = 0;
  for (; started < thread_count; started++) {
    runners[started] = (runner){.devices = devices, .index = started, .function = function};
    if (pthread_create(&runners[started].thread, NULL, runner_run, &runners[started])) break;
  }
  *rate = 0;
  for (int32_t i = 0; i < started; i++) {
    pthread_join(runners[i].thread, NULL);
    *rate += runners[i].rate;
  }
  free(runners);
  return started == thread_count ? LS_OK : LS_ERR_MEMORY;
}

ls_status ls_bench_rates_measure(const ls_devices *devices, int32_t thread_count,
                                 ls_bench_rates *rates)
{
  static const ls_ceiling_function function[LS_CEILING_COUNT][LS_ISA_COUNT] = {
      [LS_CEILING_COMPARE] = LS_ISA_TABLE(ls_ceiling_compare),
      [LS_CEILING_LOAD] = LS_ISA_TABLE(ls_ceiling_load),
      [LS_CEILING_MULTIPLY16] = LS_ISA_TABLE(ls_ceiling_multiply16),
      [LS_CEILING_MULTIPLY32] = LS_ISA_TABLE(ls_ceiling_multiply32)};
  const ls_isa isa = ls_isa_choose();
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_CEILING_COUNT; i++)
    status = rate_measure(devices, function[i][isa], thread_count, &rates->rate[i]);
  return status;
}

double ls_bench_ceiling(const ls_bench_work *work, const ls_bench_rates *rates,
                        const char **bound_by)
{
  static const char *const names[LS_CEILING_COUNT] = {
      [LS_CEILING_COMPARE] = "comparisons of 64-bit lanes",
      [LS_CEILING_LOAD] = "loads from L1",
      [LS_CEILING_MULTIPLY16] = "products of 16 bits",
      [LS_CEILING_MULTIPLY32] = "products of 32 bits"};
  double most = 0;
  for (int32_t i = 0; i < LS_CEILING_COUNT; i++) {
    if (work->amount[i] <= 0) continue;
    const double seconds = work->amount[i] / rates->rate[i];
    if (seconds <= most) continue;
    most = seconds;
    *bound_by = names[i];
  }
  return 1 / most;
}

static int double_compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double ls_bench_median(double *values, int32_t count)
{
  qsort(values, (size_t)count, sizeof *values, double_compare);
  return values[count / 2];
}
