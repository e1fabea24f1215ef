/* The seam to a device for placement: the tasks of a round in one batch, which know nothing of each
 * other. Rounds, random streams and exchanges stay with the host (host/place.c), the arithmetic of
 * a step is integer and its rules are those of qap_rules.h, so a batch leaves every task as
 * ls_qap_functions would have left it. The CPU needs no such table: it runs tasks on threads. */
#ifndef LS_QAP_BACKEND_H
#define LS_QAP_BACKEND_H

#include "qap.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of a task. */
enum { LS_QAP_STEPS_MAX = 1 << 30 };

typedef struct ls_qap_task {
  ls_qap_state *state;
  ls_qap_run run;
  int64_t done; /* written: moves or proposals */
} ls_qap_task;

/* What a backend holds of a problem. */
typedef struct ls_qap_device ls_qap_device;

typedef struct ls_qap_backend {
  const char *name;
  /* Room for batches of up to task_count tasks; *qap stays the caller's and stays. destroy frees
   * it. LS_ERR_MEMORY, LS_ERR_DEVICE. */
  ls_status (*create)(const ls_qap *qap, int32_t task_count, ls_qap_device **device);
  /* As ls_qap_functions.temper for each task; p, best_p, cost and best_cost are read and written,
   * accepted and idle are written, b and diagonal are not. All runs share logarithms, is_over and
   * context. On error states are of no use. LS_ERR_DEVICE. */
  ls_status (*temper)(ls_qap_device *device, ls_qap_task *tasks, int32_t count);
  /* As ls_qap_functions.begin and .tabu for each task: of a state p is read;
   * p, best_p, cost and best_cost are written. */
  ls_status (*tabu)(ls_qap_device *device, ls_qap_task *tasks, int32_t count);
  void (*destroy)(ls_qap_device *device); /* NULL does nothing */
} ls_qap_backend;

/* CUDA, where ls_backend_cuda can run; elsewhere its create says LS_ERR_DEVICE. */
extern const ls_qap_backend ls_qap_cuda;

#ifdef __cplusplus
}
#endif
#endif
