/* Slices of cubes for jobs: what optical circuit switches between cubes add to their availability.
 *
 * n cubes are up with probability a each, independently. A slice of k cubes takes, with static
 * wiring, k neighbours that are fixed, so that it is up with probability a^k, and of floor(n / k)
 * such slices the number up is binomial. With circuits any k cubes that are up make a slice:
 * floor(X / k) of them, X binomial of n and a. (TPU v4, arXiv:2304.01433.) */
#ifndef LS_SLICES_H
#define LS_SLICES_H

#include <stdint.h>

#include "../kernels/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_SLICES_CUBES_MAX = 4096 };

/* How slices of a kind do. */
typedef struct ls_slices_kind {
  int64_t one_ppt;    /* a slice can be had: the fixed one, or any */
  int64_t mean_micro; /* slices up, the mean */
  int32_t sure_count; /* as many at least are up with 99 % */
} ls_slices_kind;

typedef struct ls_slices {
  int32_t cubes, slices_max; /* of a slice; with all cubes up */
  ls_slices_kind wired, switched;
} ls_slices;

/* slice_cubes: 1..cube_count; cube_count at most LS_SLICES_CUBES_MAX; cube_ppt: 0..10^12, in
 * 10^-12. Else LS_ERR_INPUT. O(cubes^2 / slice_cubes). */
ls_status ls_slices_compute(int32_t cube_count, int32_t slice_cubes, int64_t cube_ppt,
                            ls_slices *slices);

#ifdef __cplusplus
}
#endif
#endif
