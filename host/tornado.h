/* How the recommendation hangs on each figure of the catalog: every figure at its low and at its
 * high, all others as they are. */
#ifndef LS_TORNADO_H
#define LS_TORNADO_H

#include "catalog_figures.h"
#include "json.h"
#include "pick.h"
#include "session.h"
#include "units.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_DESIGN_TEXT_MAX = 704 };

/* What one end of a figure's range does. */
typedef struct ls_bar_end {
  bool is_feasible;                /* anything is */
  bool is_changed;                 /* the pick of the front is another design */
  int64_t amount;                  /* the metric of the session's pick, if it is kept */
  int64_t flip;                    /* where is_changed: the figure's value from which on */
  char design[LS_DESIGN_TEXT_MAX]; /* where is_changed: the new pick */
} ls_bar_end;

typedef struct ls_bar {
  int32_t figure;    /* index into figures */
  ls_bar_end end[2]; /* at low, at high */
  int64_t effect;    /* |amount at high - amount at low| */
} ls_bar;

typedef struct ls_tornado {
  const ls_pick_rule *rule;
  int32_t metric; /* that effects are told in */
  int64_t amount; /* of the recommendation */
  char design[LS_DESIGN_TEXT_MAX];
  /* The pick of the front with all figures as they are, against which changes are told: the
   * recommendation itself, but where that was chosen with more than level 1 knows. */
  char front_pick[LS_DESIGN_TEXT_MAX];
  ls_figure *figures; /* [figure_count] of the whole catalog */
  int32_t figure_count;
  ls_bar *bars; /* [bar_count] of figures with a range that some design uses, most effect first */
  int32_t bar_count;
  int32_t unused_count; /* figures that no design of the space uses */
  int64_t sweep_count;
} ls_tornado;

/* The rule of recommendations: best-tco where TCO is an objective, else the knee. */
const ls_pick_rule *ls_recommendation_rule(const ls_problem *problem);

/* The metric a recommendation is weighed in: TCO, capex, or the first that is compared. */
int32_t ls_recommendation_metric(const ls_problem *problem);

/* The design in words that tell any two apart. */
void ls_design_text(const ls_session *session, uint64_t rank, char text[LS_DESIGN_TEXT_MAX]);

/* Two sweeps a figure and some ten for each end that changes the pick (found to a thousandth of
 * the range), on all of the session's threads. pick: the recommendation, with its score in the
 * session's problem, whose front need not pick it. Destroy the tornado whatever the status.
 * LS_ERR_MEMORY, LS_ERR_STOPPED. */
ls_status ls_tornado_find(const ls_session *session, const ls_front_member *pick,
                          ls_tornado *tornado, ls_error *error);

/* The same without a sweep: only what the recommendation comes to, and only by figures of its own
 * parts. What other designs do is not asked: is_changed and flip of its bars mean nothing. */
ls_status ls_tornado_find_amounts(const ls_session *session, const ls_front_member *pick,
                                  ls_tornado *tornado, ls_error *error);
void ls_tornado_destroy(ls_tornado *tornado);

/* An amount of the metric for a person. */
const char *ls_tornado_amount_text(int32_t metric, int64_t amount, char text[LS_AMOUNT_MAX]);

/* {figure, value, low, high, assumed}: a bar without its ends. */
ls_json *ls_tornado_bar_json(const ls_session *session, const ls_tornado *tornado,
                             const ls_bar *bar);

/* [{figure, value, low, high, assumed, effect, at_low, at_high}] */
ls_json *ls_tornado_json(const ls_session *session, const ls_tornado *tornado);

/* At most bar_max bars, and as many of the other figures that change the pick. */
void ls_tornado_print(const ls_session *session, const ls_tornado *tornado, int32_t bar_max);

#ifdef __cplusplus
}
#endif
#endif
