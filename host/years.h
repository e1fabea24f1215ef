/* The same question year after year: how the best design moves as prices fall, supply grows and
 * gates open. */
#ifndef LS_YEARS_H
#define LS_YEARS_H

#include <stdio.h>

#include "json.h"
#include "reason.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_YEARS_MAX = 32 };

/* Level 1 of one year. */
typedef struct ls_year {
  int32_t year;
  ls_session session;                        /* the question in that year */
  ls_sweep_result sweep;                     /* front_count 0: infeasible */
  int32_t pick[LS_PICK_COUNT];               /* indices into the front; -1: no pick by that rule */
  char reason[LS_PICK_COUNT][LS_REASON_MAX]; /* of the cheapest and of the knee; else empty */
} ls_year;

typedef struct ls_years {
  int32_t count;
  ls_year year[LS_YEARS_MAX];
} ls_years;

/* Sweeps every year from first to last, at most LS_YEARS_MAX of them. An infeasible year is no
 * error. Destroy it whatever the status. Errors as ls_sweep_run. */
ls_status ls_years_find(const ls_session *session, int32_t first, int32_t last, ls_years *years,
                        ls_error *error);
void ls_years_destroy(ls_years *years);

/* {spec, years: [{year, feasible, front_size, picks: [{name, technology, reason, ...}], reason}]}
 */
ls_json *ls_years_json(const ls_session *session, const ls_years *years);

/* A table of the cheapest and the knee, and their reasons. */
void ls_years_print(const ls_session *session, const ls_years *years);

/* One line a year and pick, with a header. LS_ERR_IO. */
ls_status ls_years_csv_write(const ls_years *years, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
