/* Finite fields of q elements, q a power of a prime, as tables. Element e is the polynomial whose
 * coefficients are the digits of e to the base of the prime. */
#ifndef LS_FIELD_H
#define LS_FIELD_H

#include <stdint.h>

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_FIELD_MAX = 256 };

typedef struct ls_field {
  int32_t q, prime, power;
  int32_t primitive; /* its powers are all elements but 0 */
  uint8_t add[LS_FIELD_MAX][LS_FIELD_MAX], multiply[LS_FIELD_MAX][LS_FIELD_MAX];
} ls_field;

/* LS_ERR_NO when q is not the power of a prime, or above LS_FIELD_MAX; LS_ERR_MEMORY. The caller
 * frees *field. */
ls_status ls_field_create(int32_t q, ls_field **field);

#ifdef __cplusplus
}
#endif
#endif
