/* Between choice.c, choice_state.c, choice_relax.c and choice_repair.c alone: a choice while it is
 * solved. */
#ifndef LS_CHOICE_STATE_H
#define LS_CHOICE_STATE_H

#include "choice.h"
#include "wide.h"

/* Costs with prices are in 1/65536 cents. NEVER stands for what does not go together: no sum of
 * costs reaches it, and it is never added to. */
#define LS_CHOICE_ONE INT64_C(65536)
#define LS_CHOICE_NEVER ((int64_t)1 << 62)

/* Bundles that follow each other, share their options, have as many links and the same ends with or
 * without a box: at prices that are not of their boxes' own caps they cost the same. */
typedef struct ls_choice_kind {
  int32_t bundle;     /* the one of them that its best options are of, ... */
  int32_t price_step; /* ... and the prices */
  bool is_own;        /* some option draws on what its boxes call their own */
} ls_choice_kind;

typedef struct ls_choice_state {
  const ls_choice *problem;
  ls_choice_option *options; /* the problem's, ... */
  ls_choice_draw *draws;     /* ... with draws only on what can run short */
  int32_t width;             /* the most options of any box */
  bool has_options;          /* some box has two or more */
  bool has_prices;           /* some price is not 0 */
  bool has_local_prices;     /* ... of a cap that bundles draw on as their boxes' own */
  bool *is_local;            /* [caps] bundles draw on it as what a box calls its own */
  int32_t price_step;        /* counts changes of prices, from 1 on */
  int32_t kind_count;
  ls_choice_kind *kinds; /* [kinds] */
  int32_t *kind;         /* [bundles] */
  int64_t *kind_cost;    /* [kinds][width][width] by the options of boxes a and b, the least; */
  int32_t *kind_best;    /* likewise which option that is, -1: none */
  int64_t *price;        /* [caps] 1/65536 cents for unit[cap] of it */
  /* [caps] the largest draw on it, at least 1; 0: no choice draws more than there is */
  int64_t *unit;
  int64_t *usage;        /* [caps] of box and bundle */
  int64_t *drawn;        /* [caps] what the prices made of it */
  uint32_t *alive;       /* [boxes] options for which every bundle has one */
  int32_t *box, *bundle; /* the choice in hand, as ordinals */
  int32_t *bundle_first; /* [boxes + 1] bundles of a box ... */
  int32_t *bundle_of;    /* ... [2 bundles] */
  int64_t *message;      /* [bundles][2][width] */
  int64_t *belief;       /* [boxes][width] own costs and messages */
} ls_choice_state;

/* Fills a state with prices of 0; destroy it whatever the status. LS_ERR_NO: see ls_choice_solve.
 * LS_ERR_MEMORY. */
ls_status ls_choice_state_create(const ls_choice *problem, ls_choice_state *state);
void ls_choice_state_destroy(ls_choice_state *state);

/* The cap of a draw of a bundle, or -1: there is none. */
static inline int32_t ls_choice_cap_named(const ls_choice *problem, int32_t box_a, int32_t box_b,
                                          int32_t cap)
{
  if (cap >= 0) return cap;
  const int32_t at = -1 - cap, box = at < LS_CHOICE_LOCALS ? box_a : box_b;
  return box < 0 ? -1 : problem->boxes[box].local[at % LS_CHOICE_LOCALS];
}

/* The same, but for what cannot run short. */
static inline int32_t ls_choice_cap(const ls_choice_state *state, int32_t box_a, int32_t box_b,
                                    int32_t cap)
{
  cap = ls_choice_cap_named(state->problem, box_a, box_b, cap);
  return cap < 0 || !state->unit[cap] ? -1 : cap;
}

/* Cost of an option with prices; links: of a bundle, else 1. */
int64_t ls_choice_priced(const ls_choice_state *state, const ls_choice_option *option,
                         int32_t box_a, int32_t box_b, int32_t links);
int64_t ls_choice_box_priced(const ls_choice_state *state, int32_t box, int32_t ordinal);

/* The cheapest option of a bundle that goes with these options of its boxes, with prices; -1 and
 * LS_CHOICE_NEVER in *cost: none does. */
int32_t ls_choice_bundle_best(const ls_choice_state *state, int32_t bundle, int32_t option_a,
                              int32_t option_b, int64_t *cost);

/* Lets bundles tell their boxes what they cost around the choice of boxes in hand: a bound from
 * there is as good as that choice, where it is a good one. */
void ls_choice_tell_around(ls_choice_state *state);

/* Chooses at the prices there are, without regard to limits, and sets usage. Messages are passed
 * so many rounds. Returns a lower bound of all choices within the limits, in 1/65536 cents;
 * *is_whole: every bundle has an option. */
ls_wide ls_choice_relax(ls_choice_state *state, int32_t rounds, bool *is_whole);

/* Cents of the choice in hand. */
int64_t ls_choice_cents(const ls_choice_state *state);
void ls_choice_use(ls_choice_state *state);
bool ls_choice_is_within(const ls_choice_state *state);

/* Takes back what is drawn beyond limits, and improves within them. Returns whether the choice in
 * hand is then within them. LS_ERR_MEMORY. */
ls_status ls_choice_repair(ls_choice_state *state, bool *is_within);

#endif
