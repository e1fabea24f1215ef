/* The few words that differ between the compilers which take the evaluation core:
 * gcc, clang, g++ (the tests' emulation) and nvcc. Nothing else may depend on the compiler. */
#ifndef LS_COMPAT_H
#define LS_COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __CUDACC__
#define LS_HD __host__ __device__ static inline
#else
#define LS_HD static inline
#endif

/* Stands before a loop whose copies would want too many of a GPU's registers. */
#ifdef __CUDA_ARCH__
#define LS_NO_UNROLL _Pragma("unroll 1")
#else
#define LS_NO_UNROLL
#endif

#ifdef __cplusplus
#define LS_STATIC_ASSERT(condition, text) static_assert(condition, text)
#define LS_ZERO                                                                                    \
  {                                                                                                \
  }
#define LS_RESTRICT __restrict__
#else
#define LS_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#define LS_ZERO                                                                                    \
  {                                                                                                \
    0                                                                                              \
  }
#define LS_RESTRICT restrict
#endif

LS_HD int64_t ls_ceil_div(int64_t dividend, int64_t divisor)
{
  return (dividend + divisor - 1) / divisor;
}

LS_HD int64_t ls_min(int64_t a, int64_t b) { return a < b ? a : b; }

LS_HD int64_t ls_max(int64_t a, int64_t b) { return a > b ? a : b; }

#endif
