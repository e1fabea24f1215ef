/* The designs of one structure that may be in the front, without looking at all of them: a dynamic
 * programme over tiers, from the top to the access links.
 *
 *   list of a tier  = its feasible options, less those that another one replaces (merge_list.h)
 *   list from tier t up = { s + o : s in the list from tier t + 1 up, o in the list of tier t },
 * less what exceeds a constraint even with the least that the tiers below need, what a member of
 * the front dominates even then, and what another one replaces
 *
 * Exact, since all metrics and resources are sums over tiers, every constraint that couples tiers
 * is a coordinate (metrics with a limit, shared resources, the cages of a chassis between the tiers
 * below and above it), and the cost of a GPU-hour, no sum, rises with what is spent and the
 * hours lost, which then are coordinates. A constraint that no design of the structure can break is
 * none. */
#ifndef LS_MERGE_STRUCTURE_H
#define LS_MERGE_STRUCTURE_H

#include "evaluate.h"
#include "front.h"
#include "merge_list.h"

typedef struct ls_merge_coordinate {
  bool is_metric;
  int32_t index; /* of the metric or resource */
  int64_t base;  /* what the structure has without optics */
  int64_t most;  /* the limit; INT64_MAX: none that could be broken */
} ls_merge_coordinate;

/* Scratch of one worker, for structures of one problem. */
typedef struct ls_merge {
  const ls_problem *problem;
  bool has_years;
  ls_tier_row *rows[LS_TIER_MAX]; /* [most options of a structure in the tier] */
  /* Of the structure at hand. */
  const ls_structure *structure;
  int32_t coordinate_count, objective_count;
  ls_merge_coordinate coordinate[LS_MERGE_WIDTH_MAX];
  /* [t]: base and the least of the options of all tiers below t. */
  int64_t below[LS_TIER_MAX + 1][LS_MERGE_WIDTH_MAX];
  int32_t shared_cages[LS_TIER_MAX]; /* of a chassis; INT32_MAX: its tiers never exceed them */
  ls_merge_list tier[LS_TIER_MAX];   /* lists of options, then cages_a and cages_b */
  ls_merge_list above[2];            /* lists from a tier up, in turn; then cages_a and 0 */
  /* What was found: designs with all metrics. */
  ls_front_member *found; /* [found_capacity] */
  size_t found_count, found_capacity;
  uint64_t evaluated_count, feasible_count;
  bool is_counting; /* undominated designs, instead of finding them */
  uint64_t undominated_count;
} ls_merge;

ls_status ls_merge_init(ls_merge *merge, const ls_problem *problem);
void ls_merge_release(ls_merge *merge);

/* Appends to merge->found every design of the structure that no member of *front and no other
 * design of the structure dominates, and perhaps some more; all are feasible. Adds to
 * evaluated_count the designs whose metrics were all summed up, to feasible_count those of them
 * that are feasible: at least one where the structure has one that *front does not dominate.
 * LS_ERR_MEMORY.
 *
 * With is_counting no design replaces another and none is found: undominated_count rises by the
 * feasible designs that no member of *front dominates. */
ls_status ls_merge_structure(ls_merge *merge, const ls_structure *structure, const ls_front *front);

#endif
