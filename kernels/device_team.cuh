/* One host thread for each device, since CUDA's current device is a host thread's own. */
#ifndef LS_DEVICE_TEAM_CUH
#define LS_DEVICE_TEAM_CUH

#include <pthread.h>

#include "device_memory.cuh"

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

#endif
