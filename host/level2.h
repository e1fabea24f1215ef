/* Level 2: designs of the front become graphs on the floor, and what the floor says goes back
 * into level 1, until front and floor agree.
 *
 * A round sweeps, builds the shortlist of the front, and raises the length bounds of the
 * structures it built to their true lengths; the next sweep's front then holds only designs that
 * are as good on this floor as they look, or that were not built yet. Rounds end when a shortlist
 * brings nothing new. As the lengths of one design stand for its whole structure, a last step
 * builds what is left of the level-1 front that no result covers. */
#ifndef LS_LEVEL2_H
#define LS_LEVEL2_H

#include "pick.h"
#include "sweep.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_SHORTLIST_SIZE = 64, LS_BUILT_MAX = 1024 };

/* One design at level 2: with true lengths, true optics and true wiring. */
typedef struct ls_result {
  uint64_t rank;
  ls_variant_kind variant; /* of the design of that rank */
  ls_score score;
  ls_totals totals;
} ls_result;

typedef struct ls_level2 {
  ls_sweep_result sweep; /* of the first round: level 1 proper */
  ls_result *front;      /* [front_count] feasible results none of which dominates another */
  int32_t front_count;
  uint64_t *built; /* [built_count] ranks built */
  int32_t built_count, feasible_count, round_count;
  int32_t mixed_count; /* designs whose boxes and bundles chose for themselves and so cost less */
  int32_t violation_count[LS_VIOLATION_COUNT]; /* built designs that violate each constraint */
  char domain_violation[128]; /* which failure domain the first of them violates; empty: none */
  char tray_violation[128];   /* likewise which tray */
  /* Structures that left the sweep since the first of their designs failed on the floor, or a limit
   * on failure domains. Another of them might hold: they count as unproved. */
  int32_t dropped_count;
  bool is_settled; /* every design of the level-1 front is built, or covered by a result */
  double seconds;  /* beyond the first sweep */
  /* The session's problem with the lengths that the floor gave to the structures that were built,
   * those of the first design of each; owned. */
  ls_problem *refined;
} ls_level2;

/* Runs the rounds over the session's problem less what `without` (LS_WITHOUT_ bits) leaves out,
 * with a throughput loss of at most loss_ppm_max, building at most built_max designs (at most
 * LS_BUILT_MAX), or as many as the session allows. An empty front is no error: with the
 * sweep's own front empty too, no design is feasible even at level 1. LS_ERR_STOPPED: *found holds
 * what was found until then, perhaps nothing. Destroy *found whatever the status. */
ls_status ls_level2_run(const ls_session *session, int32_t without, int64_t loss_ppm_max,
                        int32_t built_max, ls_level2 *found, ls_error *error);
/* Of the designs built, in their order: what else follows from them has this in its step's key. */
void ls_level2_digest(const ls_level2 *found, char sha256[65]);
/* The pick of a front that is not empty. */
const ls_result *ls_level2_pick(const ls_problem *problem, const ls_level2 *found,
                                const ls_pick_rule *rule);

/* Builds the graph of a result, as it was when it was measured: without are the LS_WITHOUT_ bits of
 * the run that found it. Statuses as ls_topology_create. */
ls_status ls_result_build(const ls_session *session, const ls_result *result, int32_t without,
                          ls_topology *topology, ls_error *error);

/* Gives the structure of one design its very lengths in found->refined, in place of those of the
 * design that was built first. Builds it once. */
ls_status ls_level2_adopt(const ls_session *session, uint64_t rank, ls_level2 *found,
                          ls_error *error);
void ls_level2_destroy(ls_level2 *found);

#ifdef __cplusplus
}
#endif
#endif
