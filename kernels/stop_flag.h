/* The flag by which a search is told to end: set by a signal's handler or another thread, read
 * by workers on the way. */
#ifndef LS_STOP_FLAG_H
#define LS_STOP_FLAG_H

#include <stdbool.h>
#include <stddef.h>

/* What the flag was set to; 0: nothing yet. NULL is a flag that nobody sets. Cost: one load. */
static inline int ls_stop_cause(const volatile int *stop)
{
  return stop != NULL ? __atomic_load_n(stop, __ATOMIC_RELAXED) : 0;
}

static inline bool ls_is_stopped(const volatile int *stop) { return ls_stop_cause(stop) != 0; }

#endif
