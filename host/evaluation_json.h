/* One evaluated design as JSON, and what its text output shares with it. */
#ifndef LS_EVALUATION_JSON_H
#define LS_EVALUATION_JSON_H

#include "evaluation.h"
#include "json.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All metrics and the ledger, with the fields that `evaluate --json` promises. The caller owns the
 * object. */
ls_json *ls_evaluation_json(const ls_session *session, const ls_evaluation *evaluation);

/* The lines as `ledger` promises them; the caller owns the array. */
ls_json *ls_ledger_json(const ls_spec *spec, const ls_ledger_line *lines, int32_t count);

/* Throughput under uniform traffic, a fraction of the NIC rate: it loads the uplinks of a leaf only
 * with the share that leaves it. */
double ls_evaluation_throughput_uniform(const ls_problem *problem, const ls_structure *structure);

/* What the totals leave out, or NULL. */
const char *ls_evaluation_note(const ls_session *session, const ls_evaluation *evaluation);

/* Evaluates a rank of the session's problem; what the floor alone can tell (failure domains, trays)
 * is taken from its graph. LS_ERR_MEMORY. O(devices + bundles). */
ls_status ls_evaluation_find(const ls_session *session, uint64_t rank, ls_evaluation *evaluation,
                             ls_error *error);

/* Opens the session for one design: reads catalog, spec and design file, narrows the space to it
 * and evaluates it. Close the session whatever the status. LS_ERR_INPUT, LS_ERR_NO, LS_ERR_MEMORY.
 */
ls_status ls_evaluation_open(const ls_arguments *arguments, const char *design_path,
                             ls_session *session, ls_evaluation *evaluation, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
