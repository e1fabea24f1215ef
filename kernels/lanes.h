/* Vectors of 64-bit lanes in the instruction set the including file is compiled for; one lane
 * where there is none with comparisons of 64 bits. For files compiled once per set alone. */
#ifndef LS_LANES_H
#define LS_LANES_H

#include <stdint.h>

/* The registers that hold them, as constraints of inline assembly. */
#if defined(__AVX512F__)
#include <immintrin.h>
#define LS_LANES_REGISTER "v"
#define LS_LANES_MASK_REGISTER "k"
enum { LS_LANES = 8 };
typedef __m512i ls_lanes;
typedef __mmask8 ls_lanes_mask;

static inline ls_lanes ls_lanes_load(const int64_t *from) { return _mm512_loadu_si512(from); }
static inline ls_lanes ls_lanes_set(int64_t value) { return _mm512_set1_epi64(value); }
static inline ls_lanes_mask ls_lanes_all(void) { return 0xff; }
/* The lanes of a mask in which a <= b. */
static inline ls_lanes_mask ls_lanes_le(ls_lanes_mask mask, ls_lanes a, ls_lanes b)
{
  return _mm512_mask_cmple_epi64_mask(mask, a, b);
}
static inline ls_lanes_mask ls_lanes_without(ls_lanes_mask mask, ls_lanes_mask removed)
{
  return (ls_lanes_mask)(mask & ~removed);
}
static inline uint64_t ls_lanes_bits(ls_lanes_mask mask) { return mask; }
#elif defined(__AVX2__)
#include <immintrin.h>
#define LS_LANES_REGISTER "x"
#define LS_LANES_MASK_REGISTER "x"
enum { LS_LANES = 4 };
typedef __m256i ls_lanes;
typedef __m256i ls_lanes_mask;

static inline ls_lanes ls_lanes_load(const int64_t *from)
{
  return _mm256_loadu_si256((const __m256i *)from);
}
static inline ls_lanes ls_lanes_set(int64_t value) { return _mm256_set1_epi64x(value); }
static inline ls_lanes_mask ls_lanes_all(void) { return _mm256_set1_epi64x(-1); }
static inline ls_lanes_mask ls_lanes_without(ls_lanes_mask mask, ls_lanes_mask removed)
{
  return _mm256_andnot_si256(removed, mask);
}
static inline ls_lanes_mask ls_lanes_le(ls_lanes_mask mask, ls_lanes a, ls_lanes b)
{
  return ls_lanes_without(mask, _mm256_cmpgt_epi64(a, b));
}
static inline uint64_t ls_lanes_bits(ls_lanes_mask mask)
{
  return (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(mask));
}
#else
#define LS_LANES_REGISTER "r"
#define LS_LANES_MASK_REGISTER "r"
enum { LS_LANES = 1 };
typedef int64_t ls_lanes;
typedef uint64_t ls_lanes_mask;

static inline ls_lanes ls_lanes_load(const int64_t *from) { return *from; }
static inline ls_lanes ls_lanes_set(int64_t value) { return value; }
static inline ls_lanes_mask ls_lanes_all(void) { return 1; }
static inline ls_lanes_mask ls_lanes_le(ls_lanes_mask mask, ls_lanes a, ls_lanes b)
{
  return mask & (uint64_t)(a <= b);
}
static inline ls_lanes_mask ls_lanes_without(ls_lanes_mask mask, ls_lanes_mask removed)
{
  return mask & ~removed;
}
static inline uint64_t ls_lanes_bits(ls_lanes_mask mask) { return mask; }
#endif

#endif
