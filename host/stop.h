/* Ctrl-C, and the end of the time limit, as a flag that searches look at. */
#ifndef LS_STOP_H
#define LS_STOP_H

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the flag holds: 0, or why to stop. */
enum { LS_STOP_SIGNAL = 1, LS_STOP_TIME };

/* Installs the handler for SIGINT and SIGTERM (a second signal ends the process at once, with exit
 * code 130) and returns the flag, which lives as long as the program. */
const volatile int *ls_stop_install(void);

/* LS_ERR_STOPPED after a signal: what was found is told, but it is no success. */
ls_status ls_stop_status(const volatile int *stop);

/* Raises the flag in so many seconds. */
void ls_stop_after(double seconds);

#ifdef __cplusplus
}
#endif
#endif
