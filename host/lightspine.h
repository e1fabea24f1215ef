/* liblightspine: the searches of lightspine for programs of yours, in C. Link it by
 * `pkg-config lightspine` or CMake's find_package(lightspine).
 *
 *     lightspine_study *study;
 *     char message[LIGHTSPINE_MESSAGE_MAX];
 *     if (lightspine_open("spec.yaml", NULL, &study, message) != LIGHTSPINE_OK) puts(message);
 *
 * A study is a spec with its catalog. Its functions are called by one thread at a time; different
 * studies may be used by different threads. The library installs no signal handlers and ends no
 * process. On a status other than LIGHTSPINE_OK, results are unchanged and message, which may be
 * NULL, holds one sentence that names file, line and key where there are any. What is handed out by
 * a pointer to a pointer is the caller's, to be freed by lightspine_free. Names and units of the
 * numbers are those of the program's JSON; docs/formats.md describes them. */
#ifndef LIGHTSPINE_H
#define LIGHTSPINE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

enum { LIGHTSPINE_MESSAGE_MAX = 1024 };

/* The program's exit codes. */
typedef enum lightspine_status {
  LIGHTSPINE_OK = 0,
  LIGHTSPINE_NO = 1,       /* answered: nothing is feasible, or a check failed */
  LIGHTSPINE_INPUT = 2,    /* the spec, the catalog or an argument is wrong or missing */
  LIGHTSPINE_WORLD = 3,    /* memory, a disk or a GPU failed */
  LIGHTSPINE_STOPPED = 130 /* options.stop asked for it */
} lightspine_status;

/* All zeros stand for the defaults. Texts are read at lightspine_open alone. */
typedef struct lightspine_options {
  const char *catalog;      /* a file; NULL: catalog.yaml beside the spec, else the installed one */
  const char *backend;      /* "cpu", "cuda" or "auto"; NULL: auto, a GPU where one is */
  int32_t threads;          /* 0: one a core */
  int64_t seed;             /* of everything random; 0: 1, as the program's default */
  const volatile int *stop; /* lent for the study's life: set to non-zero, a search ends; or NULL */
} lightspine_options;

typedef struct lightspine_study lightspine_study;

/* One design. Its rank is its number in the space of its study. Every figure is a level-1 one:
 * without places, what no placement can undercut (throughput: exceed). */
typedef struct lightspine_design {
  uint64_t rank;
  double capex_usd, tco_usd;      /* TCO over the years of the spec */
  double power_w;                 /* IT watts, before PUE */
  double throughput_worst_low;    /* worst case, a fraction of the NIC's rate */
  double latency_ns_max;          /* one way, NIC to NIC */
  double bandwidth_at_risk_gbps;  /* expected to be down at any time */
  double lost_gpu_hours_per_year; /* to failures */
  double usd_per_gpu_hour;        /* per effective GPU-hour, the cluster included */
} lightspine_design;

/* "0.1.0"; lives as long as the program. */
const char *lightspine_version(void);

/* Reads the spec and its catalog and lays out the space of designs. options may be NULL.
 * LIGHTSPINE_INPUT, LIGHTSPINE_NO when the space is empty, LIGHTSPINE_WORLD. */
lightspine_status lightspine_open(const char *spec_path, const lightspine_options *options,
                                  lightspine_study **study, char message[LIGHTSPINE_MESSAGE_MAX]);
/* NULL is allowed. */
void lightspine_close(lightspine_study *study);

/* Designs in the space. */
uint64_t lightspine_space_size(const lightspine_study *study);

/* Level 1: the exact Pareto front over the spec's objectives, by rank. Takes up to some seconds for
 * 10^10 designs. LIGHTSPINE_NO when nothing is feasible. */
lightspine_status lightspine_sweep(lightspine_study *study, lightspine_design **front,
                                   int32_t *count, char message[LIGHTSPINE_MESSAGE_MAX]);

/* One design in full, its design file's content and its ledger included: the JSON of
 * `lightspine evaluate --json`. LIGHTSPINE_INPUT when rank is not below lightspine_space_size. */
lightspine_status lightspine_evaluate(lightspine_study *study, uint64_t rank, char **json,
                                      char message[LIGHTSPINE_MESSAGE_MAX]);

/* The main job: both levels, every pick verified and exported into folder, which is replaced as a
 * whole if it is missing, empty or an earlier run's. json: what `lightspine optimize --json` prints
 * but for "folder" and "files". Seconds for 4,096 GPUs, minutes for 65,536. */
lightspine_status lightspine_optimize(lightspine_study *study, const char *folder, char **json,
                                      char message[LIGHTSPINE_MESSAGE_MAX]);

void lightspine_free(void *memory);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
