/* The figures that a report rests on, each with its range, its source and how well it is known. */
#ifndef LS_REPORT_CATALOG_H
#define LS_REPORT_CATALOG_H

#include "json.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* {parts: {id: {name, kind}}, figures: [{path, value, low, high, year, evidence, source, line,
 * changes}], sources: {id: title}} of the session's catalog, as of its year. The caller owns it.
 * O(figures). */
ls_json *ls_report_catalog_json(const ls_session *session);

#ifdef __cplusplus
}
#endif
#endif
