/* The linear assignment problem, exactly, and the Gilmore-Lawler bound of the quadratic one. */
#ifndef LS_ASSIGNMENT_H
#define LS_ASSIGNMENT_H

#include "qaplib.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The least sum of cost[i][to[i]] over permutations, by shortest augmenting paths (Jonker and
 * Volgenant, Computing 38, 1987). cost: [n][n], magnitudes below 2^61 / n. to: [n], filled; NULL:
 * only the sum is wanted. LS_ERR_MEMORY. O(n^3). */
ls_status ls_assignment_solve(const int64_t *cost, int32_t n, int32_t *to, int64_t *sum,
                              ls_error *error);

/* What no permutation can cost less than: Gilmore (J. SIAM 10, 1962) and Lawler (Management Science
 * 9, 1963); the better one of rows and of columns. LS_ERR_MEMORY. O(n^3). */
ls_status ls_qap_bound(const ls_qaplib *qaplib, int64_t *bound, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
