/* A linear program that is written row by row: arrays that grow, for linear.h. */
#ifndef LS_LINEAR_MODEL_H
#define LS_LINEAR_MODEL_H

#include "linear.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zeros are an empty model. When memory lacks, status says so and all that follows does nothing. */
typedef struct ls_linear_model {
  ls_status status;
  int32_t column_count, row_count, entry_count;
  int32_t column_room, row_room, entry_room;
  double *cost, *low, *high;          /* [column_count] */
  bool *is_whole;                     /* [column_count] */
  double *row_low, *row_high, *value; /* [row_count], [row_count], [entry_count] */
  int32_t *row_first, *column;        /* [row_count + 1], [entry_count] */
} ls_linear_model;

/* Returns the column's index. */
int32_t ls_linear_add_column(ls_linear_model *model, double cost, double low, double high,
                             bool is_whole);

/* Adds value times a column to the row that is being written. */
void ls_linear_add_entry(ls_linear_model *model, int32_t column, double value);

/* Ends the row of the entries since the last one: low <= their sum <= high. */
void ls_linear_end_row(ls_linear_model *model, double low, double high);

/* As ls_linear_solve, or the status of the model. */
ls_status ls_linear_model_solve(const ls_linear_model *model, const ls_linear_limits *limits,
                                ls_linear_answer *answer);

void ls_linear_model_free(ls_linear_model *model);

#ifdef __cplusplus
}
#endif
#endif
