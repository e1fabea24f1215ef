/* One host thread for each device, since CUDA's current device is a host thread's own. */
#ifndef LS_DEVICE_TEAM_CUH
#define LS_DEVICE_TEAM_CUH

#include <new>
#include <pthread.h>

#include "device_memory.cuh"
#include "status.h"

/* Devices present; 0 on any error. */
static inline int32_t device_count_read()
{
  int count = 0;
  const bool is_known = is_done(cudaGetDeviceCount(&count));
  if (!is_known) (void)cudaGetLastError(); /* it has been told */
  return is_known ? (int32_t)count : 0;
}

/* Calls run(&workers[i]) for each of count workers and returns when all have: the first on the
 * caller's thread, each other on workers[i].thread. One whose thread cannot be started does not
 * run; since workers take what there is to do from a common counter, the others do it. */
template <class worker> void team_run(worker *workers, int32_t count, void *(*run)(void *))
{
  int32_t started = 1;
  for (; started < count; started++)
    if (pthread_create(&workers[started].thread, NULL, run, &workers[started])) break;
  run(&workers[0]);
  for (int32_t i = 1; i < started; i++) pthread_join(workers[i].thread, NULL);
}

/* A worker's part of what all share: what it took is released whatever came of it, and the first
 * error of all stays in the status that they share. */
template <class worker, ls_status (*work)(worker *), void (*release)(worker *)>
void *team_member_run(void *argument)
{
  worker *self = (worker *)argument;
  int none = LS_OK;
  const ls_status status = work(self);
  if (status != LS_OK) self->shared->status.compare_exchange_strong(none, (int)status);
  release(self);
  return NULL;
}

/* A worker for each device does its part of *shared, which it and its number are told of. Returns
 * shared->status, an atomic that was LS_OK, or LS_ERR_MEMORY. */
template <class worker, ls_status (*work)(worker *), void (*release)(worker *), class common>
ls_status team_work(common *shared, int32_t device_count)
{
  worker *workers = new (std::nothrow) worker[(size_t)device_count]();
  if (!workers) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < device_count; i++) {
    workers[i].shared = shared;
    workers[i].device = i;
  }
  team_run(workers, device_count, team_member_run<worker, work, release>);
  delete[] workers;
  return (ls_status)shared->status.load();
}

#endif
