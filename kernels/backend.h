/* The seam to a device: one small table of functions. A backend moves memory, launches and
 * reduces; all arithmetic is in evaluate.h and dominate.h, so every backend gives the same
 * front to the bit. */
#ifndef LS_BACKEND_H
#define LS_BACKEND_H

#include "failure.h"
#include "front.h"
#include "problem.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*ls_pin_function)(void *context, int32_t worker_index);

enum { LS_REFERENCE_MAX = 1024 };

typedef struct ls_sweep_options {
  int32_t thread_count; /* of the CPU; at least 1 */
  ls_pin_function pin;  /* NULL: workers are not pinned */
  void *pin_context;
  const volatile int *stop;    /* not 0: give up with LS_ERR_STOPPED; NULL: never */
  bool is_counting_violations; /* fill violation_count; slower */
  bool is_exhaustive;          /* score every design, where the backend could do without */
  /* Counting instead of filtering: designs that none of these dominates or equals. */
  const ls_score *reference; /* [reference_count], at most LS_REFERENCE_MAX */
  int32_t reference_count;   /* 0: filter */
} ls_sweep_options;

typedef struct ls_sweep_stats {
  bool is_merged;             /* not every design of a sized structure was scored */
  uint64_t evaluated_count;   /* designs whose metrics were all computed */
  uint64_t bounded_count;     /* all others, excluded by a proved bound */
  uint64_t feasible_count;    /* of those evaluated */
  uint64_t undominated_count; /* when counting against a reference */
  uint64_t insert_count;      /* designs that entered a front, also for a while */
  uint64_t violation_count[LS_VIOLATION_COUNT]; /* designs that violate each constraint */
} ls_sweep_stats;

/* Designs to score under several drawn problems. */
typedef struct ls_score_batch {
  /* [draw_count]: they share the arrays of structures and options (equal pointers) and their
   * counts, and differ in rows, constants and limits at will. */
  const ls_problem *draws;
  int32_t draw_count;
  const uint64_t *ranks; /* [rank_count], below space_size; fastest when ascending */
  int32_t rank_count;
} ls_score_batch;

typedef struct ls_score_options {
  int32_t thread_count; /* of the CPU; at least 1 */
  ls_pin_function pin;  /* NULL: workers are not pinned */
  void *pin_context;
  const volatile int *stop; /* not 0: give up with LS_ERR_STOPPED; NULL: never */
} ls_score_options;

typedef struct ls_backend {
  const char *name;
  /* LS_OK when it can run here; else LS_ERR_DEVICE with the reason in text. */
  ls_status (*probe)(char *text, size_t capacity);
  /* Evaluates every design of the problem; *front (created empty by the caller) receives the
   * exact Pareto front of the feasible ones, ties to the lowest rank. On error *front is of no
   * use and *stats unchanged. LS_ERR_MEMORY, LS_ERR_DEVICE, LS_ERR_STOPPED. */
  ls_status (*sweep)(const ls_problem *problem, const ls_sweep_options *options, ls_front *front,
                     ls_sweep_stats *stats);
  /* Scores every design under every draw by ls_rank_score_fresh: scores and masks, both
   * [draw_count][rank_count]. On error their contents are of no use. LS_ERR_MEMORY,
   * LS_ERR_DEVICE, LS_ERR_STOPPED. */
  ls_status (*score)(const ls_score_batch *batch, const ls_score_options *options, ls_score *scores,
                     uint32_t *masks);
  /* Measures every draw by ls_failure_draw: losses, [draw_count], at least one draw. On error their
   * contents are of no use. LS_ERR_MEMORY, LS_ERR_DEVICE, LS_ERR_STOPPED. */
  ls_status (*fail)(const ls_failure_batch *batch, const ls_score_options *options,
                    ls_failure_loss *losses);
} ls_backend;

/* The CPU: threads over structures, vector code chosen by the processor or by LS_ISA. */
extern const ls_backend ls_backend_cpu;

/* CUDA; its probe says LS_ERR_DEVICE where the program was built without it. */
extern const ls_backend ls_backend_cuda;

/* The instruction set the CPU backend uses: "scalar", "avx2" or "avx512". */
const char *ls_backend_cpu_isa(void);

#ifdef __cplusplus
}
#endif
#endif
