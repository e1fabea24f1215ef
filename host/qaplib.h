/* Files of QAPLIB, the library of the quadratic assignment problem (Burkard, Karisch and Rendl,
 * J. Global Optimization 10, 1997): an instance (.dat) is n and two matrices of n x n integers, a
 * solution (.sln) is n, a cost and a permutation; all of it separated by any white space.
 *
 * cost(p) = sum over i, j of a[i][j] * b[p(i)][p(j)]. This file costs a permutation straight from
 * what the file says and shares nothing with the searches. */
#ifndef LS_QAPLIB_H
#define LS_QAPLIB_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_QAPLIB_N_MAX = 1024 };

typedef struct ls_qaplib {
  int32_t n;
  int64_t *a, *b; /* [n][n] */
} ls_qaplib;

/* How a solution file writes its permutation. */
typedef enum ls_qaplib_order {
  LS_QAPLIB_DIRECT,  /* p(i), i of the first matrix */
  LS_QAPLIB_INVERSE, /* as some do: the i of each p(i) */
  LS_QAPLIB_NEITHER  /* its cost is neither's; the better one is taken */
} ls_qaplib_order;

/* Reads an instance; destroy frees it. LS_ERR_INPUT with file and line: no integer, too few or too
 * many, or numbers so large that a cost might leave 62 bits. LS_ERR_MEMORY. */
ls_status ls_qaplib_read(const char *path, ls_qaplib *qaplib, ls_error *error);

/* Harmless on one of zeros. */
void ls_qaplib_destroy(ls_qaplib *qaplib);

/* p: [n], 0-based, a permutation. O(n^2). */
int64_t ls_qaplib_cost(const ls_qaplib *qaplib, const int32_t *p);

/* Reads a solution of qaplib into p [n], 0-based and in the direct order. Errors as of instances;
 * also a wrong n, and what is no permutation. */
ls_status ls_qaplib_solution_read(const char *path, const ls_qaplib *qaplib, int32_t *p,
                                  ls_qaplib_order *order, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
