/* 128-bit integers for products that are divided before they are stored: results are equal to the
 * bit on every machine, where long double is not. */
#ifndef LS_WIDE_H
#define LS_WIDE_H

#include "../kernels/status.h"
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

__extension__ typedef __int128 ls_wide;

/* numerator / denominator, both of them at least 0 and the latter above it, rounded half up. */
static inline ls_wide ls_wide_divide(ls_wide numerator, ls_wide denominator)
{
  return (numerator + denominator / 2) / denominator;
}

/* LS_ERR_FULL when value does not fit; *narrow is then unchanged. */
static inline ls_status ls_wide_narrow(ls_wide value, int64_t *narrow)
{
  if (value > INT64_MAX || value < INT64_MIN) return LS_ERR_FULL;
  *narrow = (int64_t)value;
  return LS_OK;
}

#ifdef __cplusplus
}
#endif
#endif
