#include "bench_series.h"

#include <pthread.h>
#include <stdlib.h>

#include "clock.h"

ls_status ls_bench_series_machine(ls_bench_series *series, const ls_devices *devices,
                                  int32_t thread_count, int32_t run)
{
  ls_bench_rates rates = {{0}};
  const ls_status status = ls_bench_rates_measure(devices, thread_count, &rates);
  for (int32_t i = 0; i < LS_CEILING_COUNT; i++) series->machine[i][run] = rates.rate[i];
  return status;
}

void ls_bench_series_end(ls_bench_series *series, int32_t which, const ls_bench_work *work,
                         ls_bench_entry *entry)
{
  entry->rate = ls_bench_median(series->rate[which], LS_BENCH_RUNS);
  entry->cpu_seconds = ls_bench_median(series->cpu_seconds[which], LS_BENCH_RUNS);
  if (!work) return;
  entry->work = *work;
  for (int32_t i = 0; i < LS_CEILING_COUNT; i++)
    entry->machine.rate[i] = ls_bench_median(series->machine[i], LS_BENCH_RUNS);
  entry->ceiling = ls_bench_ceiling(&entry->work, &entry->machine, &entry->bound_by);
}

typedef struct member {
  pthread_t thread;
  const ls_devices *devices;
  ls_bench_function work;
  void *context;
  int32_t index;
  double seconds;
} member;

static void *member_run(void *argument)
{
  member *self = argument;
  ls_devices_pin((void *)self->devices, self->index);
  self->seconds = self->work(self->context, self->index);
  return NULL;
}

ls_status ls_bench_threads_run(const ls_devices *devices, int32_t thread_count,
                               ls_bench_function work, void *context, int64_t items_each,
                               double *rate, double *cpu_seconds)
{
  member *members = calloc((size_t)thread_count, sizeof *members);
  if (!members) return LS_ERR_MEMORY;
  int32_t started = 0;
  double seconds = 0;
  const double start = ls_clock_seconds();
  for (; started < thread_count; started++) {
    members[started] =
        (member){.devices = devices, .work = work, .context = context, .index = started};
    if (pthread_create(&members[started].thread, NULL, member_run, &members[started])) break;
  }
  for (int32_t i = 0; i < started; i++) {
    pthread_join(members[i].thread, NULL);
    seconds += members[i].seconds;
  }
  const double items = (double)items_each * thread_count;
  *rate = items / (ls_clock_seconds() - start);
  *cpu_seconds = seconds / items;
  free(members);
  return started == thread_count ? LS_OK : LS_ERR_MEMORY;
}
