/* Which of its options each box takes, and each bundle of links between boxes: the choice of
 * technology at places that are given. Flat tables of integers; knows no topology.
 *
 *   least  sum of the cents of what boxes and bundles take
 *   where  a bundle takes an option that goes with those of its two boxes, and
 *          of every cap no more is drawn than its limit
 *
 * Solved by Lagrangian relaxation: each cap gets a price, at which boxes and bundles choose for
 * themselves (Fisher, Management Science 27(1), 1981); prices follow subgradients with Polyak's
 * step. At given prices, boxes and bundles agree by messages that raise a bound (MPLP: Globerson,
 * Jaakkola, NIPS 2007). What is then drawn beyond a limit is taken back where that costs least for
 * what it frees, and what is cheaper within the limits is taken. All in integers: the same answer
 * on any machine. What is left open where there are few options branch and bound closes
 * (choice_exact.h), in floating point: of several best choices machines may find different ones. */
#ifndef LS_CHOICE_H
#define LS_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  LS_CHOICE_OPTIONS_MAX = 8, /* of a box */
  LS_CHOICE_LOCALS = 3       /* caps of its own that a box names */
};

/* In place of a cap in a draw: the one that a box calls its own k-th; of a bundle that of box a or
 * of box b. Nothing is drawn where there is no such box or it names none (-1). */
#define LS_CHOICE_AT_A(k) (-1 - (k))
#define LS_CHOICE_AT_B(k) (-1 - LS_CHOICE_LOCALS - (k))

typedef struct ls_choice_draw {
  int32_t cap;    /* index, LS_CHOICE_AT_A or LS_CHOICE_AT_B */
  int64_t amount; /* may be negative */
} ls_choice_draw;

/* What a box may be, or one link of a bundle. */
typedef struct ls_choice_option {
  int64_t cents;
  int32_t draw_first, draw_count; /* into draws */
  uint32_t mask_a, mask_b;        /* bundles: bit i: goes with option i of box a, of box b */
} ls_choice_option;

typedef struct ls_choice_box {
  int32_t option_first, option_count; /* into options; 1..LS_CHOICE_OPTIONS_MAX */
  int32_t local[LS_CHOICE_LOCALS];    /* caps, -1: none */
  uint32_t barred_mask; /* options that this box may not take; boxes may share lists */
} ls_choice_box;

typedef struct ls_choice_bundle {
  int32_t box_a, box_b;               /* -1: none, its mask does not count */
  int32_t option_first, option_count; /* into options; several bundles may share them */
  int32_t links;                      /* all take the same option; cents and draws count for each */
} ls_choice_bundle;

/* Budget: all cents together below 2^46, amounts of a draw times links below 2^40. */
typedef struct ls_choice {
  int32_t box_count, bundle_count, option_count, draw_count, cap_count;
  const ls_choice_box *boxes;      /* [box_count] */
  const ls_choice_bundle *bundles; /* [bundle_count] */
  const ls_choice_option *options; /* [option_count] */
  const ls_choice_draw *draws;     /* [draw_count] */
  const int64_t *limits;           /* [cap_count] */
  /* A choice that is kept unless a better one is found, as ordinals of the own options; NULL: none
   * is known. [box_count], [bundle_count] */
  const int32_t *box_start, *bundle_start;
} ls_choice;

typedef struct ls_choice_answer {
  bool is_feasible;      /* a choice within all limits was found */
  int64_t cents;         /* of it */
  int64_t bound_cents;   /* no choice costs less: proved */
  int32_t *box, *bundle; /* [box_count], [bundle_count] ordinals of the own options; owned */
} ls_choice_answer;

/* Solves *choice. *answer is to be destroyed whatever the status. With is_feasible false box and
 * bundle are scratch, and bound_cents holds all the same. LS_ERR_NO: some box has no option for
 * which all its bundles have one. LS_ERR_MEMORY. About 50 passes of O(bundles x options) where a
 * cap binds or boxes have options, else one. */
ls_status ls_choice_solve(const ls_choice *choice, ls_choice_answer *answer);
void ls_choice_answer_destroy(ls_choice_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
