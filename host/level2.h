/* Level 2: designs of the front become graphs on the floor, and what the floor says goes back
 * into level 1, until front and floor agree.
 *
 * A round sweeps, builds the shortlist of the front, and replaces the length bounds of the
 * structures it built by their true lengths; the next sweep's front then holds only designs that
 * are as good on this floor as they look, or that were not built yet. It ends when a shortlist
 * brings no new structure. */
#ifndef LS_LEVEL2_H
#define LS_LEVEL2_H

#include "sweep.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_SHORTLIST_SIZE = 64, LS_BUILT_MAX = 512 };

/* One design at level 2: with true lengths, true optics and true wiring. */
typedef struct ls_result {
  uint64_t rank;
  ls_score score;
  ls_totals totals;
} ls_result;

typedef struct ls_level2 {
  ls_sweep_result sweep; /* of the first round: level 1 proper */
  ls_result *front;      /* [front_count] feasible results none of which dominates another */
  int32_t front_count;
  uint64_t *built; /* [built_count] ranks built */
  int32_t built_count, feasible_count, round_count;
  bool is_settled; /* false: the limit on builds ended it, not agreement */
  double seconds;  /* beyond the first sweep */
} ls_level2;

/* Runs the rounds over the session's problem less what `without` (LS_WITHOUT_ bits) leaves out,
 * and with a throughput loss of at most loss_ppm_max. An empty front is no error: with the
 * sweep's own front empty too, no design is feasible even at level 1. Destroy *found whatever
 * the status. */
ls_status ls_level2_run(const ls_session *session, int32_t without, int64_t loss_ppm_max,
                        ls_level2 *found, ls_error *error);
void ls_level2_destroy(ls_level2 *found);

#ifdef __cplusplus
}
#endif
#endif
