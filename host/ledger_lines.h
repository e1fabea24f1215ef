/* The lines of a ledger, as level 1 and level 2 both write them: from how many units of each kind
 * a design has follow price, power, and what they cost over the years. The totals are the sums of
 * the lines and of nothing else. */
#ifndef LS_LEDGER_LINES_H
#define LS_LEDGER_LINES_H

#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No ledger of one kind of chassis and of optics a tier has more lines than this, cords aside; and
 * so many lines more for each kind beyond. */
enum { LS_LEDGER_UNIT_LINES_MAX = 192, LS_LEDGER_KIND_LINES_MAX = 24 };

typedef struct ls_ledger {
  const ls_problem *problem;
  const ls_catalog *catalog;
  const ls_structure *structure;
  ls_ledger_line *lines; /* [capacity], the caller's */
  int32_t count, capacity;
  ls_totals *totals; /* zeroed by the caller; sums of lines and counts of parts are added here */
} ls_ledger;

/* Chassis of a tier, of one model (index of a switch): price, power, energy, repairs, spares, lost
 * hours. */
void ls_ledger_add_chassis(ls_ledger *ledger, int32_t tier, int32_t model, int64_t count);

/* Modules, or ports of integrated optics, of one kind at one end of a tier's links; end 1 is the
 * one farther from the GPUs. */
void ls_ledger_add_optics(ls_ledger *ledger, int32_t tier, int32_t end, int32_t optic,
                          int64_t count);

/* Optical circuit switches of the structure's model. */
void ls_ledger_add_ocs(ls_ledger *ledger, int64_t count);

/* The scale-up network of all domains, where the structure counts one. */
void ls_ledger_add_scale_up(ls_ledger *ledger);

/* count cords of a tier and a fiber at unit_cents; detail may be empty. */
void ls_ledger_add_cords(ls_ledger *ledger, int32_t tier, int32_t fiber, int64_t count,
                         int64_t unit_cents, const char *detail);

/* fibers of a tier through shuffle boxes. */
void ls_ledger_add_shuffles(ls_ledger *ledger, int32_t tier, int64_t fibers);

/* Comes last: all of capex is part of the total cost over the years, and from that and the lost
 * hours follows what an effective GPU-hour costs. */
void ls_ledger_close(ls_ledger *ledger);

#ifdef __cplusplus
}
#endif
#endif
