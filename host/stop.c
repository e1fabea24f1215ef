#include "stop.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

#include "../kernels/stop_flag.h"

enum { EXIT_STOPPED = 130 };

/* A signal handler can reach nothing but globals. Workers read it while any thread handles. */
static volatile int stop_flag;

static void stop_handle(int signal_number)
{
  if (signal_number == SIGALRM) {
    int none = 0;
    __atomic_compare_exchange_n(&stop_flag, &none, LS_STOP_TIME, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
    return;
  }
  const int before = __atomic_exchange_n(&stop_flag, LS_STOP_SIGNAL, __ATOMIC_RELAXED);
  if (before == LS_STOP_SIGNAL) _exit(EXIT_STOPPED);
}

const volatile int *ls_stop_install(void)
{
  /* What is being written when the signal comes is written on. */
  struct sigaction action = {.sa_handler = stop_handle, .sa_flags = SA_RESTART};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  return &stop_flag;
}

ls_status ls_stop_status(const volatile int *stop)
{
  return ls_stop_cause(stop) == LS_STOP_SIGNAL ? LS_ERR_STOPPED : LS_OK;
}

void ls_stop_after(double seconds)
{
  struct sigaction action = {.sa_handler = stop_handle, .sa_flags = SA_RESTART};
  const long whole = (long)seconds;
  /* Zero would be never. */
  const long rest_us = (long)((seconds - (double)whole) * 1e6) + (whole ? 0 : 1);
  const struct itimerval timer = {.it_value = {.tv_sec = whole, .tv_usec = rest_us}};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}
