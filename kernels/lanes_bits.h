/* Vectors of bits, in the instruction set the including file is compiled for; a word of 64 where
 * there is none. LS_BITS_NARROW asks for 32 bytes where there are 64. Loads and stores need no
 * alignment. For files compiled once per set alone. */
#ifndef LS_LANES_BITS_H
#define LS_LANES_BITS_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__AVX512F__) && !defined(LS_BITS_NARROW)
#include <immintrin.h>
enum { LS_BITS_BYTES = 64 };
typedef __m512i ls_bits;
typedef __m512i ls_bits_counts;
static inline ls_bits ls_bits_load(const uint8_t *from) { return _mm512_loadu_si512(from); }
static inline void ls_bits_store(uint8_t *to, ls_bits a) { _mm512_storeu_si512(to, a); }
static inline ls_bits ls_bits_none(void) { return _mm512_setzero_si512(); }
static inline ls_bits ls_bits_or(ls_bits a, ls_bits b) { return _mm512_or_si512(a, b); }
static inline ls_bits ls_bits_and(ls_bits a, ls_bits b) { return _mm512_and_si512(a, b); }
static inline ls_bits ls_bits_without(ls_bits a, ls_bits removed)
{
  return _mm512_andnot_si512(removed, a);
}
static inline bool ls_bits_are_none(ls_bits a) { return !_mm512_test_epi64_mask(a, a); }
static inline ls_bits_counts ls_bits_counts_none(void) { return _mm512_setzero_si512(); }
static inline ls_bits_counts ls_bits_count(ls_bits_counts counts, ls_bits a)
{
#if defined(__AVX512VPOPCNTDQ__)
  return _mm512_add_epi64(counts, _mm512_popcnt_epi64(a));
#else
  const __m512i nibble = _mm512_set1_epi8(15);
  const __m512i table =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i low = _mm512_shuffle_epi8(table, _mm512_and_si512(a, nibble));
  const __m512i high =
      _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi64(a, 4), nibble));
  const __m512i bytes = _mm512_add_epi8(low, high);
  return _mm512_add_epi64(counts, _mm512_sad_epu8(bytes, _mm512_setzero_si512()));
#endif
}
/* sum + counts * factor, of counts below 2^32. */
static inline ls_bits_counts ls_bits_counts_add(ls_bits_counts sum, ls_bits_counts counts,
                                                uint32_t factor)
{
  return _mm512_add_epi64(sum, _mm512_mul_epu32(counts, _mm512_set1_epi64(factor)));
}
static inline int64_t ls_bits_counted(ls_bits_counts counts)
{
  return _mm512_reduce_add_epi64(counts);
}
#elif defined(__AVX2__)
#include <immintrin.h>
enum { LS_BITS_BYTES = 32 };
typedef __m256i ls_bits;
typedef __m256i ls_bits_counts;
static inline ls_bits ls_bits_load(const uint8_t *from)
{
  return _mm256_loadu_si256((const __m256i *)from);
}
static inline void ls_bits_store(uint8_t *to, ls_bits a) { _mm256_storeu_si256((__m256i *)to, a); }
static inline ls_bits ls_bits_none(void) { return _mm256_setzero_si256(); }
static inline ls_bits ls_bits_or(ls_bits a, ls_bits b) { return _mm256_or_si256(a, b); }
static inline ls_bits ls_bits_and(ls_bits a, ls_bits b) { return _mm256_and_si256(a, b); }
static inline ls_bits ls_bits_without(ls_bits a, ls_bits removed)
{
  return _mm256_andnot_si256(removed, a);
}
static inline bool ls_bits_are_none(ls_bits a) { return _mm256_testz_si256(a, a); }
static inline ls_bits_counts ls_bits_counts_none(void) { return _mm256_setzero_si256(); }
static inline ls_bits_counts ls_bits_count(ls_bits_counts counts, ls_bits a)
{
#if defined(__AVX512VPOPCNTDQ__)
  return _mm256_add_epi64(counts, _mm256_popcnt_epi64(a));
#else
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i table =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(a, nibble));
  const __m256i high =
      _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi64(a, 4), nibble));
  const __m256i bytes = _mm256_add_epi8(low, high);
  return _mm256_add_epi64(counts, _mm256_sad_epu8(bytes, _mm256_setzero_si256()));
#endif
}
static inline ls_bits_counts ls_bits_counts_add(ls_bits_counts sum, ls_bits_counts counts,
                                                uint32_t factor)
{
  return _mm256_add_epi64(sum, _mm256_mul_epu32(counts, _mm256_set1_epi64x(factor)));
}
static inline int64_t ls_bits_counted(ls_bits_counts counts)
{
  return _mm256_extract_epi64(counts, 0) + _mm256_extract_epi64(counts, 1) +
         _mm256_extract_epi64(counts, 2) + _mm256_extract_epi64(counts, 3);
}
#else
#include <string.h>
enum { LS_BITS_BYTES = 8 };
typedef uint64_t ls_bits;
typedef int64_t ls_bits_counts;
static inline ls_bits ls_bits_load(const uint8_t *from)
{
  ls_bits a;
  memcpy(&a, from, sizeof a);
  return a;
}
static inline void ls_bits_store(uint8_t *to, ls_bits a) { memcpy(to, &a, sizeof a); }
static inline ls_bits ls_bits_none(void) { return 0; }
static inline ls_bits ls_bits_or(ls_bits a, ls_bits b) { return a | b; }
static inline ls_bits ls_bits_and(ls_bits a, ls_bits b) { return a & b; }
static inline ls_bits ls_bits_without(ls_bits a, ls_bits removed) { return a & ~removed; }
static inline bool ls_bits_are_none(ls_bits a) { return !a; }
static inline ls_bits_counts ls_bits_counts_none(void) { return 0; }
static inline ls_bits_counts ls_bits_count(ls_bits_counts counts, ls_bits a)
{
  return counts + __builtin_popcountll(a);
}
static inline ls_bits_counts ls_bits_counts_add(ls_bits_counts sum, ls_bits_counts counts,
                                                uint32_t factor)
{
  return sum + counts * factor;
}
static inline int64_t ls_bits_counted(ls_bits_counts counts) { return counts; }
#endif

#endif
