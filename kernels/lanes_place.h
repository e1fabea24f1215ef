/* Vectors of 32-bit and of 64-bit lanes with the arithmetic that placement needs, in the
 * instruction set the including file is compiled for; one lane where there is none. Sums wrap, as
 * the searches want. For files compiled once per set alone. */
#ifndef LS_LANES_PLACE_H
#define LS_LANES_PLACE_H

#include <stdint.h>

#if defined(__AVX512F__)
#include <immintrin.h>
enum { LS_LANES32 = 16, LS_LANES64 = 8, LS_PRODUCTS16 = 2 };
typedef __m512i ls_lanes32;
typedef __m512i ls_lanes64;
typedef __mmask16 ls_mask32;
typedef __mmask8 ls_mask64;
static inline ls_lanes32 ls_lanes32_load(const int32_t *from) { return _mm512_loadu_si512(from); }
static inline ls_lanes64 ls_lanes64_load(const int64_t *from) { return _mm512_loadu_si512(from); }
/* As many numbers of 16 bits, widened. */
static inline ls_lanes32 ls_lanes32_widen(const int16_t *from)
{
  return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)from));
}
static inline void ls_lanes32_store(int32_t *to, ls_lanes32 a) { _mm512_storeu_si512(to, a); }
static inline void ls_lanes64_store(int64_t *to, ls_lanes64 a) { _mm512_storeu_si512(to, a); }
static inline ls_lanes32 ls_lanes32_set(int32_t value) { return _mm512_set1_epi32(value); }
static inline ls_lanes64 ls_lanes64_set(int64_t value) { return _mm512_set1_epi64(value); }
static inline ls_lanes32 ls_lanes32_add(ls_lanes32 a, ls_lanes32 b)
{
  return _mm512_add_epi32(a, b);
}
static inline ls_lanes64 ls_lanes64_add(ls_lanes64 a, ls_lanes64 b)
{
  return _mm512_add_epi64(a, b);
}
static inline ls_lanes32 ls_lanes32_sub(ls_lanes32 a, ls_lanes32 b)
{
  return _mm512_sub_epi32(a, b);
}
static inline ls_lanes64 ls_lanes64_sub(ls_lanes64 a, ls_lanes64 b)
{
  return _mm512_sub_epi64(a, b);
}
static inline ls_lanes32 ls_lanes32_mul(ls_lanes32 a, ls_lanes32 b)
{
  return _mm512_mullo_epi32(a, b);
}
/* In each lane the sum of LS_PRODUCTS16 products of 16 bits. */
static inline ls_lanes32 ls_lanes32_multiply16(ls_lanes32 a, ls_lanes32 b)
{
  return _mm512_madd_epi16(a, b);
}
static inline ls_lanes64 ls_lanes64_mul(ls_lanes64 a, ls_lanes64 b)
{
  return _mm512_mullo_epi64(a, b);
}
static inline ls_mask32 ls_lanes32_less(ls_lanes32 a, ls_lanes32 b)
{
  return _mm512_cmplt_epi32_mask(a, b);
}
static inline ls_mask64 ls_lanes64_less(ls_lanes64 a, ls_lanes64 b)
{
  return _mm512_cmplt_epi64_mask(a, b);
}
static inline ls_mask32 ls_mask32_or(ls_mask32 a, ls_mask32 b) { return _kor_mask16(a, b); }
static inline ls_mask64 ls_mask64_or(ls_mask64 a, ls_mask64 b) { return _kor_mask8(a, b); }
/* One bit a lane, the first lane's the lowest. */
static inline uint32_t ls_mask32_bits(ls_mask32 a) { return a; }
static inline uint32_t ls_mask64_bits(ls_mask64 a) { return a; }
/* The lower of a and, in the lanes of the mask, b. */
static inline ls_lanes32 ls_lanes32_lower(ls_lanes32 a, ls_mask32 mask, ls_lanes32 b)
{
  return _mm512_mask_min_epi32(a, mask, a, b);
}
static inline ls_lanes64 ls_lanes64_lower(ls_lanes64 a, ls_mask64 mask, ls_lanes64 b)
{
  return _mm512_mask_min_epi64(a, mask, a, b);
}
#elif defined(__AVX2__)
#include <immintrin.h>
enum { LS_LANES32 = 8, LS_LANES64 = 4, LS_PRODUCTS16 = 2 };
typedef __m256i ls_lanes32;
typedef __m256i ls_lanes64;
typedef __m256i ls_mask32;
typedef __m256i ls_mask64;
static inline ls_lanes32 ls_lanes32_load(const int32_t *from)
{
  return _mm256_loadu_si256((const __m256i *)from);
}
static inline ls_lanes64 ls_lanes64_load(const int64_t *from)
{
  return _mm256_loadu_si256((const __m256i *)from);
}
static inline ls_lanes32 ls_lanes32_widen(const int16_t *from)
{
  return _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)from));
}
static inline void ls_lanes32_store(int32_t *to, ls_lanes32 a)
{
  _mm256_storeu_si256((__m256i *)to, a);
}
static inline void ls_lanes64_store(int64_t *to, ls_lanes64 a)
{
  _mm256_storeu_si256((__m256i *)to, a);
}
static inline ls_lanes32 ls_lanes32_set(int32_t value) { return _mm256_set1_epi32(value); }
static inline ls_lanes64 ls_lanes64_set(int64_t value) { return _mm256_set1_epi64x(value); }
static inline ls_lanes32 ls_lanes32_add(ls_lanes32 a, ls_lanes32 b)
{
  return _mm256_add_epi32(a, b);
}
static inline ls_lanes64 ls_lanes64_add(ls_lanes64 a, ls_lanes64 b)
{
  return _mm256_add_epi64(a, b);
}
static inline ls_lanes32 ls_lanes32_sub(ls_lanes32 a, ls_lanes32 b)
{
  return _mm256_sub_epi32(a, b);
}
static inline ls_lanes64 ls_lanes64_sub(ls_lanes64 a, ls_lanes64 b)
{
  return _mm256_sub_epi64(a, b);
}
static inline ls_lanes32 ls_lanes32_mul(ls_lanes32 a, ls_lanes32 b)
{
  return _mm256_mullo_epi32(a, b);
}
static inline ls_lanes32 ls_lanes32_multiply16(ls_lanes32 a, ls_lanes32 b)
{
  return _mm256_madd_epi16(a, b);
}
/* Low halves, and the two cross products into the high half. */
static inline ls_lanes64 ls_lanes64_mul(ls_lanes64 a, ls_lanes64 b)
{
  const __m256i cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), b),
                                         _mm256_mul_epu32(a, _mm256_srli_epi64(b, 32)));
  return _mm256_add_epi64(_mm256_mul_epu32(a, b), _mm256_slli_epi64(cross, 32));
}
static inline ls_mask32 ls_lanes32_less(ls_lanes32 a, ls_lanes32 b)
{
  return _mm256_cmpgt_epi32(b, a);
}
static inline ls_mask64 ls_lanes64_less(ls_lanes64 a, ls_lanes64 b)
{
  return _mm256_cmpgt_epi64(b, a);
}
static inline ls_mask32 ls_mask32_or(ls_mask32 a, ls_mask32 b) { return _mm256_or_si256(a, b); }
static inline ls_mask64 ls_mask64_or(ls_mask64 a, ls_mask64 b) { return _mm256_or_si256(a, b); }
static inline uint32_t ls_mask32_bits(ls_mask32 a)
{
  return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(a));
}
static inline uint32_t ls_mask64_bits(ls_mask64 a)
{
  return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(a));
}
static inline ls_lanes32 ls_lanes32_lower(ls_lanes32 a, ls_mask32 mask, ls_lanes32 b)
{
  return _mm256_blendv_epi8(a, _mm256_min_epi32(a, b), mask);
}
static inline ls_lanes64 ls_lanes64_lower(ls_lanes64 a, ls_mask64 mask, ls_lanes64 b)
{
  return _mm256_blendv_epi8(a, b, _mm256_and_si256(mask, _mm256_cmpgt_epi64(a, b)));
}
#else
enum { LS_LANES32 = 1, LS_LANES64 = 1, LS_PRODUCTS16 = 1 };
typedef int32_t ls_lanes32;
typedef int64_t ls_lanes64;
typedef int ls_mask32;
typedef int ls_mask64;
static inline ls_lanes32 ls_lanes32_load(const int32_t *from) { return *from; }
static inline ls_lanes64 ls_lanes64_load(const int64_t *from) { return *from; }
static inline ls_lanes32 ls_lanes32_widen(const int16_t *from) { return *from; }
static inline void ls_lanes32_store(int32_t *to, ls_lanes32 a) { *to = a; }
static inline void ls_lanes64_store(int64_t *to, ls_lanes64 a) { *to = a; }
static inline ls_lanes32 ls_lanes32_set(int32_t value) { return value; }
static inline ls_lanes64 ls_lanes64_set(int64_t value) { return value; }
static inline ls_lanes32 ls_lanes32_add(ls_lanes32 a, ls_lanes32 b)
{
  return (int32_t)((uint32_t)a + (uint32_t)b);
}
static inline ls_lanes64 ls_lanes64_add(ls_lanes64 a, ls_lanes64 b)
{
  return (int64_t)((uint64_t)a + (uint64_t)b);
}
static inline ls_lanes32 ls_lanes32_sub(ls_lanes32 a, ls_lanes32 b)
{
  return (int32_t)((uint32_t)a - (uint32_t)b);
}
static inline ls_lanes64 ls_lanes64_sub(ls_lanes64 a, ls_lanes64 b)
{
  return (int64_t)((uint64_t)a - (uint64_t)b);
}
static inline ls_lanes32 ls_lanes32_mul(ls_lanes32 a, ls_lanes32 b)
{
  return (int32_t)((uint32_t)a * (uint32_t)b);
}
static inline ls_lanes32 ls_lanes32_multiply16(ls_lanes32 a, ls_lanes32 b)
{
  return (int16_t)a * (int16_t)b;
}
static inline ls_lanes64 ls_lanes64_mul(ls_lanes64 a, ls_lanes64 b)
{
  return (int64_t)((uint64_t)a * (uint64_t)b);
}
static inline ls_mask32 ls_lanes32_less(ls_lanes32 a, ls_lanes32 b) { return a < b; }
static inline ls_mask64 ls_lanes64_less(ls_lanes64 a, ls_lanes64 b) { return a < b; }
static inline ls_mask32 ls_mask32_or(ls_mask32 a, ls_mask32 b) { return a | b; }
static inline ls_mask64 ls_mask64_or(ls_mask64 a, ls_mask64 b) { return a | b; }
static inline uint32_t ls_mask32_bits(ls_mask32 a) { return a; }
static inline uint32_t ls_mask64_bits(ls_mask64 a) { return a; }
static inline ls_lanes32 ls_lanes32_lower(ls_lanes32 a, ls_mask32 mask, ls_lanes32 b)
{
  return mask && b < a ? b : a;
}
static inline ls_lanes64 ls_lanes64_lower(ls_lanes64 a, ls_mask64 mask, ls_lanes64 b)
{
  return mask && b < a ? b : a;
}
#endif

#endif
