/* Published figures beside the model's own: a file lists what somebody printed and which total of
 * which design it is compared with. Ranges and vendors' multiples are compared, never aimed at. */
#ifndef LS_VALIDATION_H
#define LS_VALIDATION_H

#include "arguments.h"
#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_VALIDATION_ROWS_MAX = 64, LS_VALIDATION_PATH_MAX = 256 };

/* How a row's value comes from a total. */
typedef enum ls_validation_kind {
  LS_VALIDATION_VALUE, /* the total of the design, over divide_by */
  LS_VALIDATION_RATIO, /* the other design's total over the design's */
  LS_VALIDATION_SAVING /* 1 less the design's total over the other design's, in per cent */
} ls_validation_kind;

typedef struct ls_validation_row {
  char id[LS_ID_MAX], quantity[160], published[96], source[160], unit[24];
  char spec[LS_VALIDATION_PATH_MAX], design[LS_VALIDATION_PATH_MAX];
  char other_spec[LS_VALIDATION_PATH_MAX], other_design[LS_VALIDATION_PATH_MAX]; /* or empty */
  char total[LS_ID_MAX]; /* key of `evaluate --json` */
  char item[LS_ID_MAX];  /* sum of the ledger lines whose item has this in it; empty: the total */
  char note[256];
  int32_t kind;                  /* ls_validation_kind */
  int64_t low_milli, high_milli; /* the published range */
  int64_t divide_by;
  int32_t line;
  double value; /* ours; filled by ls_validation_run */
} ls_validation_row;

typedef struct ls_validation {
  char path[256];
  int32_t row_count;
  ls_validation_row rows[LS_VALIDATION_ROWS_MAX];
} ls_validation;

/* Reads the file and evaluates its designs; its paths are relative to its own folder. *validation
 * is changed only on success. LS_ERR_INPUT with file, line and key; LS_ERR_MEMORY. */
ls_status ls_validation_run(const ls_arguments *arguments, const char *path,
                            ls_validation *validation, ls_error *error);

bool ls_validation_is_within(const ls_validation_row *row);

#ifdef __cplusplus
}
#endif
#endif
