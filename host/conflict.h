/* Why nothing is feasible: the smallest set of named constraints of which every design violates
 * one, and for each what would have to change for it to stand in the way no longer. */
#ifndef LS_CONFLICT_H
#define LS_CONFLICT_H

#include "json.h"
#include "masks.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A change of a spec, as a person would make it. */
typedef enum ls_change_kind {
  LS_CHANGE_LIMIT,  /* metric's limit to value; INT64_MAX: none */
  LS_CHANGE_YEAR,   /* year to value */
  LS_CHANGE_SUPPLY, /* supply_scenario to value, an ls_supply_scenario */
  LS_CHANGE_ROWS,   /* floor.rows to value */
  LS_CHANGE_LIQUID, /* floor.liquid_cooled to all slots */
  LS_CHANGE_SPACE,  /* space: bits of ls_space_part to all there is */
  LS_CHANGE_VENDOR, /* limits.vendor_share_max to value in ppm */
  LS_CHANGE_FAILURE /* limits.failure_share_max of the kind `metric`, an LS_FAILS_, to value in ppm
                     */
} ls_change_kind;

/* Parts of a space that can be left to the catalog. */
typedef enum ls_space_part {
  LS_SPACE_OPTICS = 1,
  LS_SPACE_SWITCHES = 2,
  LS_SPACE_FIBERS = 4,
  LS_SPACE_OCS = 8,
  LS_SPACE_PLANES = 16,
  LS_SPACE_OVERSUBSCRIPTION = 32,
  LS_SPACE_FAMILIES = 64,
  LS_SPACE_EXCLUDED = 128 /* what technologies, vendors and regions leave out */
} ls_space_part;

typedef struct ls_change {
  ls_change_kind kind;
  int32_t metric; /* of a limit; of a failure its kind */
  int64_t value;
} ls_change;

enum { LS_CHANGES_MAX = 24, LS_CHANGE_TEXT_MAX = 192 };

/* A resource of which a design needs more than one buyer can get. */
typedef struct ls_shortage {
  int32_t resource; /* index into the catalog's */
  int64_t needed, available;
} ls_shortage;

/* A constraint of the conflict, with changes that, all made, make the spec feasible. */
typedef struct ls_conflict_member {
  int32_t bit;
  uint32_t together_mask; /* what has to give way with it, this constraint included */
  int32_t change_count;   /* 0: nothing was found that helps */
  ls_change change[LS_CHANGES_MAX];
  /* Where supply has to give way: what the design lacks that lacks least of those that violate
   * together_mask. */
  uint64_t shortage_rank;
  int32_t shortage_count;
  ls_shortage shortage[LS_SUPPLY_MAX];
} ls_conflict_member;

typedef struct ls_conflict {
  ls_masks masks;
  int32_t count;
  ls_conflict_member member[LS_VIOLATION_COUNT]; /* [count] by bit */
} ls_conflict;

/* The smallest set of constraints that every mask meets, as bits: of several the one with more
 * that a user sets. Masks with constraints of sizing count only where there are no others.
 * Minimal, since none of its subsets conflicts. */
uint32_t ls_conflict_smallest(const ls_masks *masks);

/* Explains an infeasible session; every relaxation has been tried and holds at level 1.
 * LS_ERR_NO: the session is feasible. LS_ERR_MEMORY, LS_ERR_FULL, LS_ERR_STOPPED, or as sweeps. */
ls_status ls_conflict_find(const ls_session *session, ls_conflict *conflict, ls_error *error);

/* Makes the change in the variant's inputs; build it afterwards. */
ls_status ls_change_apply(const ls_change *change, ls_session *variant, ls_error *error);

/* "limits.capex_usd_max: 15442312.55", as it would stand in the spec. */
const char *ls_change_text(const ls_change *change, char text[LS_CHANGE_TEXT_MAX]);

/* {feasible: false, space_size, conflict: [{constraint, meaning, relax, together}]}; relax lists
 * changes and is null where none helps; where supply has to give way also shortage: [{resource,
 * needed, available}]. */
ls_json *ls_conflict_json(const ls_session *session, const ls_conflict *conflict);
void ls_conflict_print(const ls_session *session, const ls_conflict *conflict);

#ifdef __cplusplus
}
#endif
#endif
