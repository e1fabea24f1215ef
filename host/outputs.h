/* The folder a run leaves: per named design GraphML, cable schedule and bill of materials, the
 * front as CSV and JSON, copies of the inputs, a manifest, the store run.db, and run.json for what
 * differs between machines. Everything but run.json and run.db has equal bytes for equal inputs and
 * seed. */
#ifndef LS_OUTPUTS_H
#define LS_OUTPUTS_H

#include "answer.h"
#include "json.h"
#include "run.h"
#include "throughput.h"
#include "verify.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What became of each named design when its file was verified and routed; by ls_answer.named. */
typedef struct ls_verdicts {
  ls_verify_report report[LS_NAMED_MAX];
  ls_throughput routed[LS_NAMED_MAX];
  bool is_routed[LS_NAMED_MAX]; /* false: its networks are too large for it */
  ls_json *drawn[LS_NAMED_MAX]; /* for report.html, which takes it over; then NULL */
  double seconds;
} ls_verdicts;

/* Writes everything into a temporary folder, verifies and routes each exported GraphML file, and
 * only then puts the folder in place of the run's, whose store is closed by then. LS_ERR_INPUT when
 * that is somebody else's folder, LS_ERR_NO when a file fails verification (*error names what),
 * LS_ERR_IO, LS_ERR_MEMORY; the folder is then untouched. */
ls_status ls_outputs_write(const ls_session *session, const ls_arguments *arguments,
                           const ls_answer *answer, ls_run *run, ls_verdicts *verdicts,
                           ls_error *error);

/* One level-2 design with its design and all metrics, as in pareto.json and --json. */
ls_json *ls_result_json(const ls_session *session, const ls_result *result);

/* The front, the picks and the baselines as in --json, without files. */
ls_json *ls_answer_json(const ls_session *session, const ls_answer *answer);

/* Why there is no answer: {spec, feasible: false, message, violations, built_violations}. */
ls_json *ls_refusal_json(const ls_session *session, const ls_answer *answer, const char *message);

/* Names of the files written, relative to the folder, for this answer. */
ls_json *ls_outputs_files_json(const ls_session *session, const ls_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
