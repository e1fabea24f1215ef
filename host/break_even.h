/* At which attach yield of optical engines a co-packaged design costs what the best pluggable one
 * does. */
#ifndef LS_BREAK_EVEN_H
#define LS_BREAK_EVEN_H

#include "json.h"
#include "sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_break_even_kind {
  LS_BREAK_EVEN_NO_PAIR, /* one of the two classes has no feasible design */
  LS_BREAK_EVEN_AT,      /* integrated optics win from yield_ppm on */
  LS_BREAK_EVEN_ALWAYS,  /* they win at any yield above LS_YIELD_LEAST_PPM */
  LS_BREAK_EVEN_NEVER    /* they do not win without any loss */
} ls_break_even_kind;

enum { LS_YIELD_LEAST_PPM = 100000 };

typedef struct ls_break_even {
  int32_t metric; /* LS_METRIC_CAPEX or LS_METRIC_TCO */
  ls_break_even_kind kind;
  ls_front_member integrated, pluggable; /* the least of the metric, each of its class */
  int32_t yield_ppm;     /* the least at which the integrated design costs no more */
  int32_t yield_now_ppm; /* what the catalog says; the least where its chassis differ */
} ls_break_even;

/* Compares the designs of either class with the least of metric that lose at most loss_ppm_max of
 * throughput. Two sweeps. Errors as ls_sweep_run. */
ls_status ls_break_even_find(const ls_session *session, int32_t metric, int64_t loss_ppm_max,
                             ls_break_even *found, ls_error *error);

/* The integrated design's metric if all engines of its chassis were attached at this yield. */
int64_t ls_break_even_amount(const ls_session *session, const ls_break_even *pair,
                             ls_catalog *scratch, int32_t yield_ppm);

ls_json *ls_break_even_json(const ls_session *session, const ls_break_even *found);
void ls_break_even_print(const ls_session *session, const ls_break_even *found);

#ifdef __cplusplus
}
#endif
#endif
