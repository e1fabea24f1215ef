/* The words of a ledger's lines: the rule of docs/model.md that a line follows, and the factors of
 * those lines whose count and unit value say nothing. */
#ifndef LS_LEDGER_TEXT_H
#define LS_LEDGER_TEXT_H

#include "spec.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first column of the rule's row in docs/model.md. */
const char *ls_ledger_rule_name(ls_ledger_rule rule);

enum { LS_FACTORS_MAX = 512 };

/* "14.832 kW x 1.2 PUE x 43800 h x 0.078 USD/kWh", whose product the line's value is, but for what
 * is rounded down on the way; of spares, what the count follows from. NULL: count and unit value
 * say it all. */
const char *ls_ledger_factors(const ls_spec *spec, const ls_ledger_line *line,
                              char text[LS_FACTORS_MAX]);

#ifdef __cplusplus
}
#endif
#endif
