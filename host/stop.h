/* Ctrl-C as a flag that searches look at. */
#ifndef LS_STOP_H
#define LS_STOP_H

#ifdef __cplusplus
extern "C" {
#endif

/* Installs the handler for SIGINT and SIGTERM (a second signal ends the process at once) and
 * returns the flag, which lives as long as the program. */
const volatile int *ls_stop_install(void);

#ifdef __cplusplus
}
#endif
#endif
