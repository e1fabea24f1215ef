/* What picks are measured against: the best design without co-packaged optics, and the best without
 * optical circuit switches. */
#ifndef LS_BASELINE_H
#define LS_BASELINE_H

#include "level2.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_BASELINE_PLUGGABLE, LS_BASELINE_WITHOUT_OCS, LS_BASELINE_COUNT };

/* A result with a name: a pick of the final front, or a baseline. */
typedef struct ls_named {
  const char *name;    /* "cheapest", ... */
  const char *meaning; /* one clause for a person */
  bool is_baseline;
  int32_t baseline; /* LS_BASELINE_ of one */
  int32_t without;  /* LS_WITHOUT_ bits of the run that found it */
  ls_result result;
} ls_named;

/* The baseline of this index beside the knee of what was found: the cheapest at least at the knee's
 * worst-case throughput, or where there is none, the fastest; where capex is not searched for, the
 * best balance. It comes out of a level 2 of its own or out of the front of found, whose mixed
 * designs may have lost what its rank has. *is_found: there is one; the name is set all the same.
 * Errors as ls_level2_run. */
ls_status ls_baseline_find(const ls_session *session, const ls_level2 *found, const ls_result *knee,
                           int32_t index, ls_named *named, bool *is_found, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
