/* Rows of a byte a pair, as annealing by common neighbours keeps them (host/wire_dense.c): what a
 * move would change in a row, all of it at once. */
#ifndef LS_DENSE_ROWS_H
#define LS_DENSE_ROWS_H

#include "compat.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_DENSE_PITCH = 64 }; /* rows are of whole lines */

/* How many zeros row - less + more has more than row; bytes: a multiple of LS_DENSE_PITCH, which
 * all begin at. Writes nothing. */
typedef int32_t ls_dense_zeros(const uint8_t *row, const uint8_t *less, const uint8_t *more,
                               int32_t bytes);

/* By the instruction set of isa.h; NULL where bytes are not added in vectors. */
ls_dense_zeros *ls_dense_zeros_choose(void);

ls_dense_zeros ls_dense_zeros_avx2, ls_dense_zeros_avx512;

#ifdef __cplusplus
}
#endif
#endif
