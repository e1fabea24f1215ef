/* What an exported design carries with parts of it down, as JSON. */
#ifndef LS_RESILIENCE_JSON_H
#define LS_RESILIENCE_JSON_H

#include "json.h"
#include "resilience.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The kind of part that is drawn, or "all". */
const char *ls_resilience_drawn(const ls_resilience_options *options);

/* Sets seed, draws, of, surviving and single_failures, as docs/formats.md says of `resilience`. */
void ls_resilience_set(const ls_resilience_options *options, const ls_resilience *found,
                       ls_json *object);

#ifdef __cplusplus
}
#endif
#endif
