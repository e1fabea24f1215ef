/* Threads that take tasks in turn, for work whose tasks know nothing of each other. */
#ifndef LS_CREW_H
#define LS_CREW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_CREW_MAX = 64 };

/* One task, by one of the workers 0..thread_count - 1, LS_CREW_MAX at most. */
typedef void (*ls_crew_work)(void *context, int32_t task, int32_t worker);

/* Returns when all tasks are done. Threads that cannot be had leave their tasks to the others. */
void ls_crew_run(int32_t thread_count, int32_t task_count, ls_crew_work work, void *context);

#ifdef __cplusplus
}
#endif
#endif
