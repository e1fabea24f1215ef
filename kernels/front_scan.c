/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512. Compilers do
 * not turn a loop that makes bits of comparisons into vector code, so the step is written out. */
#include "front_scan.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

/* lanes_outside: which of LANES columns from *row are above (below) value: they do not qualify. */
#if defined(__AVX512F__)
enum { LANES = 8 };
static inline uint64_t lanes_above(const int64_t *row, int64_t value)
{
  return _mm512_cmpgt_epi64_mask(_mm512_loadu_si512(row), _mm512_set1_epi64(value));
}
static inline uint64_t lanes_below(const int64_t *row, int64_t value)
{
  return _mm512_cmplt_epi64_mask(_mm512_loadu_si512(row), _mm512_set1_epi64(value));
}
#elif defined(__AVX2__)
enum { LANES = 4 };
static inline uint64_t lanes_greater(__m256i a, __m256i b)
{
  return (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(a, b)));
}
static inline uint64_t lanes_above(const int64_t *row, int64_t value)
{
  return lanes_greater(_mm256_loadu_si256((const __m256i *)row), _mm256_set1_epi64x(value));
}
static inline uint64_t lanes_below(const int64_t *row, int64_t value)
{
  return lanes_greater(_mm256_set1_epi64x(value), _mm256_loadu_si256((const __m256i *)row));
}
#else
enum { LANES = 1 };
static inline uint64_t lanes_above(const int64_t *row, int64_t value) { return *row > value; }
static inline uint64_t lanes_below(const int64_t *row, int64_t value) { return *row < value; }
#endif

static inline uint64_t first_bits(int32_t count)
{
  return count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
}

uint64_t JOIN(ls_scan_below_, LS_ISA_NAME)(const ls_scan_row *table, const int64_t *value,
                                           int32_t row_count, int32_t column_count)
{
  uint64_t outside = 0;
  for (int32_t i = 0; i < column_count; i += LANES) {
    uint64_t lanes = 0;
    for (int32_t row = 0; row < row_count; row++) lanes |= lanes_above(&table[row][i], value[row]);
    outside |= lanes << i;
  }
  return ~outside & first_bits(column_count);
}

uint64_t JOIN(ls_scan_above_, LS_ISA_NAME)(const ls_scan_row *table, const int64_t *value,
                                           int32_t row_count, int32_t column_count)
{
  uint64_t outside = 0;
  for (int32_t i = 0; i < column_count; i += LANES) {
    uint64_t lanes = 0;
    for (int32_t row = 0; row < row_count; row++) lanes |= lanes_below(&table[row][i], value[row]);
    outside |= lanes << i;
  }
  return ~outside & first_bits(column_count);
}
