/* The rules by which one design is recommended out of many: shared by the answer, the years and
 * the explanations, so that a pick means the same everywhere. */
#ifndef LS_PICK_H
#define LS_PICK_H

#include "../kernels/front.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The metrics that decide a pick, in their order; -1: none, the balance of all. */
typedef struct ls_pick_rule {
  const char *name, *meaning;
  int32_t metric[2];
} ls_pick_rule;

enum {
  LS_PICK_CHEAPEST,
  LS_PICK_LEAST_POWER,
  LS_PICK_FASTEST,
  LS_PICK_SAFEST,
  LS_PICK_BEST_TCO,
  LS_PICK_BEST_VALUE,
  LS_PICK_KNEE, /* the last */
  LS_PICK_COUNT
};

extern const ls_pick_rule ls_pick_rules[LS_PICK_COUNT];

/* What is not compared was not searched for: there is no pick by it. */
bool ls_pick_is_searched_for(const ls_problem *problem, const ls_pick_rule *rule);

/* Product of the ratios of a's objectives to b's: below 1, a is the better balance. Unlike
 * distances scaled by ranges, it gives no weight to a metric that hardly differs. */
double ls_pick_balance(const ls_problem *problem, const ls_score *a, const ls_score *b);

bool ls_pick_is_better(const ls_problem *problem, const ls_pick_rule *rule, const ls_score *a,
                       const ls_score *b);

/* Index of the pick among the members of a front, count > 0; of equals the first. */
int32_t ls_pick_member(const ls_problem *problem, const ls_pick_rule *rule,
                       const ls_front_member *front, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
