/* Seconds of a clock that only goes forward, and of the processor time of this process or
 * thread. */
#ifndef LS_CLOCK_H
#define LS_CLOCK_H

#include <time.h>

static inline double ls_clock_read(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline double ls_clock_seconds(void) { return ls_clock_read(CLOCK_MONOTONIC); }

static inline double ls_clock_cpu_seconds(void) { return ls_clock_read(CLOCK_PROCESS_CPUTIME_ID); }

static inline double ls_clock_thread_seconds(void)
{
  return ls_clock_read(CLOCK_THREAD_CPUTIME_ID);
}

#endif
