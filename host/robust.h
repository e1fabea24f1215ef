/* How the recommendation fares when the catalog is wrong: many draws of all its figures at once,
 * every design of a front scored under each, as level 1 scores. */
#ifndef LS_ROBUST_H
#define LS_ROBUST_H

#include "draw.h"
#include "json.h"
#include "pick.h"
#include "sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One design of the front. Regret of a draw: what it is worse by than the best design of that
 * draw, in the rule's metric, or where the rule is a balance, in millionths of the balance. It is
 * told over the draws in which the design holds: a design that does not has no price. */
typedef struct ls_robust_row {
  uint64_t rank;
  int32_t win_count;        /* draws in which it is the pick among those that hold */
  int32_t infeasible_count; /* draws in which it does not hold */
  int64_t regret_mean, regret_cvar90, regret_max; /* cvar90: the mean of the worst tenth */
} ls_robust_row;

typedef struct ls_robust {
  const ls_pick_rule *rule;
  uint64_t seed;
  int32_t draw_count;
  int32_t void_count; /* draws in which no design holds: they count for nothing else */
  int32_t design_count;
  ls_robust_row *rows;                /* [design_count] by rank */
  int32_t pick;                       /* the recommendation's row */
  int32_t least_max, least_cvar90;    /* the rows of least regret */
  int32_t drawn_count, assumed_count; /* figures with a range; of them assumed ones */
  int32_t reaching_count;             /* of those drawn, that a design's score depends on */
  int64_t regret_mean_assumed;        /* of the pick, with only the assumed figures drawn */
} ls_robust;

/* Scores front [count] under draw_count draws by the session's backend. pick: index into front.
 * Equal results for any number of threads and any backend. Destroy it whatever the status.
 * LS_ERR_MEMORY, LS_ERR_STOPPED, LS_ERR_DEVICE. */
ls_status ls_robust_find(const ls_session *session, const ls_sweep_result *sweep, int32_t pick,
                         uint64_t seed, int32_t draw_count, ls_robust *robust, ls_error *error);
void ls_robust_destroy(ls_robust *robust);

/* {seed, draws, ..., designs: [...]} */
ls_json *ls_robust_json(const ls_session *session, const ls_robust *robust);

/* The designs that win most, at most row_max of them, and those of least regret. */
void ls_robust_print(const ls_session *session, const ls_robust *robust, int32_t row_max);

#ifdef __cplusplus
}
#endif
#endif
