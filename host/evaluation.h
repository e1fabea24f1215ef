/* One design at level 1, without placement: its score, what it violates, and the ledger whose
 * lines sum to capex, power, TCO and lost GPU-hours exactly. */
#ifndef LS_EVALUATION_H
#define LS_EVALUATION_H

#include "ledger_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_evaluation {
  uint64_t rank;
  const ls_structure *structure; /* borrowed, of the problem */
  ls_link_row link[LS_TIER_MAX];
  ls_score score;
  uint32_t violation_mask;
  char unplaced[256]; /* why it has no wiring or no place on the floor; empty: it has */
  bool is_sized;      /* false: score, ledger and totals are empty */
  int32_t ocs_count;
  ls_totals totals;       /* latencies with the shortest lengths that the floor allows */
  int32_t year_available; /* first year in which all of it can be bought; 0: never */
  int32_t line_count;
  ls_ledger_line lines[LS_LEDGER_UNIT_LINES_MAX];
} ls_evaluation;

/* Fills *evaluation for a rank of the problem. Never fails: a design that violates something is
 * scored all the same where it can be sized. O(leaves). */
void ls_evaluation_init(const ls_problem *problem, const ls_catalog *catalog, uint64_t rank,
                        ls_evaluation *evaluation);

#ifdef __cplusplus
}
#endif
#endif
