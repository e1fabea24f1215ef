/* The tasks of a search for wirings, which know nothing of each other, on threads. */
#ifndef LS_WIRE_TASKS_H
#define LS_WIRE_TASKS_H

#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_wire_task_kind {
  LS_WIRE_RESTART, /* anneals from a random lift */
  LS_WIRE_RELAX,   /* anneals with less and less symmetry, cold, down to none */
  LS_WIRE_DENSE    /* without symmetry, by common neighbours; wire_dense.h */
} ls_wire_task_kind;

typedef struct ls_wire_task {
  ls_wire_task_kind kind;
  int32_t arm;   /* of a restart; its number */
  ls_lift *lift; /* what it begins with, replaced by what it finds */
  uint64_t seed, stream;
  double work;                  /* nanoseconds by ls_wire_cost, or evaluations */
  bool is_counted;              /* work is evaluations */
  double hot, cold;             /* as in ls_lift_run */
  int64_t target;               /* a sum over all pairs, both ways, that nothing is below */
  const ls_wire_device *device; /* for evaluations that cost enough; NULL: none */
  int64_t evaluations;          /* done */
  ls_status status;
} ls_wire_task;

/* When to end, for all tasks: a time, a flag, or what a task found. */
typedef struct ls_wire_end {
  double deadline;
  const volatile int *stop; /* may be NULL */
} ls_wire_end;

bool ls_wire_is_over(void *end);

/* Runs tasks [count] on so many threads. LS_ERR_MEMORY, where also a task's own is;
 * LS_ERR_DEVICE. */
ls_status ls_wire_tasks_run(ls_wire_task *tasks, int32_t count, int32_t thread_count,
                            ls_wire_end *end);

/* Sum of distances over all pairs, both ways, by the lift's own sum. */
int64_t ls_wire_total(const ls_lift *lift);

#ifdef __cplusplus
}
#endif
#endif
