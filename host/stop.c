#include "stop.h"

#include <signal.h>
#include <stddef.h>

/* A signal handler can reach nothing but a global. */
static volatile sig_atomic_t stop_flag;

static void stop_handle(int signal_number)
{
  (void)signal_number;
  stop_flag = 1;
}

const volatile int *ls_stop_install(void)
{
  struct sigaction action = {.sa_handler = stop_handle, .sa_flags = (int)SA_RESETHAND};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  return (const volatile int *)&stop_flag;
}
