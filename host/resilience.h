/* What an exported design still carries with parts of it down, from its file alone: seeded draws of
 * failures, each part as likely as it fails, with all that it takes along (a module or engine its
 * ports, a laser module or laser those it feeds, a chassis its links, an OCS its circuits, a tray
 * the links whose cords lie in it).
 *
 * A draw is measured by cuts (kernels/failure.h), on the CPU or a GPU alike: what is left of the
 * links away from the GPUs at each leaf, where a device above that has lost a part of its own links
 * upwards passes the same part on; of a network what the worst leaf has that is up, of a design the
 * mean over its planes. That is what traffic that is spread evenly over all paths keeps of its
 * throughput where no leaf is down; GPUs whose own link or leaf is down in some plane are counted
 * apart. */
#ifndef LS_RESILIENCE_H
#define LS_RESILIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernels/backend.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_failing_kind {
  LS_FAILING_PORT, /* a pluggable module, an AEC or a cable end */
  LS_FAILING_ENGINE,
  LS_FAILING_LASER_MODULE,
  LS_FAILING_LASER,
  LS_FAILING_CHASSIS,
  LS_FAILING_OCS,
  LS_FAILING_TRAY, /* has no FIT: drawn where nothing else is */
  LS_FAILING_KIND_COUNT
} ls_failing_kind;

extern const char *const ls_failing_names[LS_FAILING_KIND_COUNT];

enum { LS_RESILIENCE_ROW_MAX = 16, LS_RESILIENCE_FAILURES_MAX = 4096 };

typedef struct ls_resilience_options {
  uint64_t seed;
  int32_t draw_count;                      /* at least 1 */
  int32_t row_count;                       /* at least 1 */
  int32_t failures[LS_RESILIENCE_ROW_MAX]; /* [row_count] parts down at a time */
  int32_t thread_count;
  ls_failing_kind drawn; /* only parts of this kind; LS_FAILING_KIND_COUNT: any, as often as it
                            fails */
  const ls_backend *backend;
  bool is_backend_forced;   /* a failing GPU is an error, not a detour to the CPU */
  const volatile int *stop; /* not 0: give up; NULL: never */
} ls_resilience_options;

/* Of all draws with as many failures. */
typedef struct ls_resilience_row {
  int32_t failures;
  double mean, median, worst_percent, worst_permille, least; /* share that is left; the quantiles
                                                                 0.5, 0.01 and 0.001 */
  double gpu_mean; /* GPUs that lack a plane, once for each that they lack */
} ls_resilience_row;

/* The one part of its kind that leaves least. */
typedef struct ls_resilience_single {
  int64_t count; /* parts of the kind; 0: there are none */
  double fit;    /* of all of them */
  double least;
  int64_t gpu_count; /* that lack a plane then */
  char where[64];    /* the id of its node or edge */
} ls_resilience_single;

typedef struct ls_resilience {
  const ls_backend *backend; /* that did the work */
  ls_resilience_row rows[LS_RESILIENCE_ROW_MAX];
  ls_resilience_single singles[LS_FAILING_KIND_COUNT];
} ls_resilience;

/* The same on any number of threads and any backend. LS_ERR_INPUT: not one of our files; LS_ERR_NO:
 * no part of it, or none of the kind, can fail; LS_ERR_MEMORY, LS_ERR_STOPPED, and LS_ERR_DEVICE
 * where the backend is forced. O(draws * failures * links of what fails). */
ls_status ls_resilience_measure(const char *path, const ls_resilience_options *options,
                                ls_resilience *found, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
