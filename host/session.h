/* What every search command starts from: catalog, spec, problem, machine and backend. */
#ifndef LS_SESSION_H
#define LS_SESSION_H

#include "../kernels/backend.h"
#include "arguments.h"
#include "demand.h"
#include "devices.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ls_sweep_result;
struct ls_refinement;
struct ls_run_store;
struct ls_progress;

typedef struct ls_session {
  ls_catalog *catalog_all_years; /* as its file says */
  ls_catalog *catalog;           /* as of the spec's year and supply scenario */
  ls_spec *spec;
  ls_demand *matrix;              /* lent to the spec; NULL: it names none */
  struct ls_block_graphs *graphs; /* lent to the spec */
  ls_problem *problem;
  /* What level 2 learnt, for the problems of variants; NULL: they are of level 1 alone. */
  const struct ls_refinement *refinement;
  ls_devices devices;
  const ls_backend *backend;
  bool is_backend_forced; /* --backend cuda: a failing GPU is an error, not a detour */
  int32_t thread_count;
  bool is_exhaustive;       /* --exhaustive: a CPU, too, scores every design */
  int64_t built_max;        /* designs that level 2 builds at most; 0: as it says itself */
  bool has_start;           /* a design is built with the first of the shortlist */
  uint64_t start_rank;      /* that one */
  double gap;               /* level 2 ends when it is this near to its bound (gap.h); 0: never */
  char backend_note[256];   /* empty, or why the GPU is not used */
  const volatile int *stop; /* Ctrl-C, unless the caller brings a flag of its own */
  /* Where finished steps are kept and found (run_step.h); NULL: nowhere. */
  struct ls_run_store *store;
  struct ls_progress *progress; /* is told of what happens (progress.h); NULL: nobody is */
} ls_session;

/* Reads the catalog (arguments->catalog_path, else catalog.yaml beside the spec, else the one
 * of data_folder.h) and the spec, builds the problem and chooses the backend. *session holds zeros
 * or what the caller wants to be told. Close it whatever the status. LS_ERR_INPUT, LS_ERR_NO,
 * LS_ERR_MEMORY, LS_ERR_DEVICE when --backend cuda cannot be had. */
ls_status ls_session_open(const ls_arguments *arguments, ls_session *session, ls_error *error);
/* Only reads catalog and spec, as ls_session_open does first. */
ls_status ls_session_read(const ls_arguments *arguments, ls_session *session, ls_error *error);

/* Sets backend, is_backend_forced and backend_note alone. LS_ERR_INPUT, LS_ERR_DEVICE. */
ls_status ls_session_backend_choose(const ls_arguments *arguments, ls_session *session,
                                    ls_error *error);

void ls_session_close(ls_session *session);

#ifdef __cplusplus
}
#endif
#endif
