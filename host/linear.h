/* Linear programs and mixed-integer ones, solved by GLPK:
 *
 *   least  sum of cost[j] x[j]
 *   where  low[j] <= x[j] <= high[j], some x[j] whole, and of every row i
 *          row_low[i] <= sum of value x[column] <= row_high[i]
 *
 * In floating point: a caller whose costs are integers rounds what it finds and sums them again.
 * The same problem has the same answer every time; nothing is printed, what GLPK would end the
 * process for comes back as a status, and threads may solve problems of their own side by side. */
#ifndef LS_LINEAR_H
#define LS_LINEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bounds may be -INFINITY and INFINITY; low <= high. No column comes twice in a row. */
typedef struct ls_linear {
  int32_t column_count, row_count;
  const double *cost, *low, *high;   /* [column_count] */
  const bool *is_whole;              /* [column_count]; NULL: none is */
  const double *row_low, *row_high;  /* [row_count] */
  const int32_t *row_first, *column; /* [row_count + 1]; [row_first[row_count]] */
  const double *value;               /* [row_first[row_count]] */
} ls_linear;

typedef struct ls_linear_limits {
  int64_t iterations;       /* of the simplex method before there are nodes; 0: any number */
  int64_t nodes;            /* of branch and bound; 0: any number */
  int32_t memory_mb;        /* of GLPK; 0: what the machine has */
  const volatile int *stop; /* not 0: end; NULL: never */
} ls_linear_limits;

/* Where the simplex method ended, for a problem that has more rows since, or none yet: it goes on
 * from there. States are those of GLPK; zeros are no basis. */
typedef struct ls_linear_basis {
  int32_t row_count; /* rows that have a state; 0: start anew */
  int8_t *column;    /* [column_count], the caller's */
  int8_t *row;       /* [row_count of the problem], the caller's */
} ls_linear_basis;

typedef struct ls_linear_answer {
  double sum;   /* of the cost of x */
  double *x;    /* [column_count], the caller's; NULL: only the sum is wanted */
  double *dual; /* [row_count], the caller's; what a unit more of a row's bound adds to the sum;
                   NULL: not wanted, as where some x are whole */
  ls_linear_basis *basis; /* to go on from and to keep; NULL: neither */
  int64_t nodes;          /* of branch and bound, 0: none was needed */
} ls_linear_answer;

/* Solves *problem. LS_ERR_NO: nothing keeps to all rows. LS_ERR_STOPPED: limits ended the search,
 * or *stop did; LS_ERR_MEMORY. Then *answer is as it was. LS_ERR_INTERNAL: the sum has no least
 * value, or numbers are too unlike each other. limits: NULL: none. */
ls_status ls_linear_solve(const ls_linear *problem, const ls_linear_limits *limits,
                          ls_linear_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
