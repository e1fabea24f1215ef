/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512. Compilers do
 * not turn a loop that makes bits of comparisons into vector code, so lanes are written out. */
#include "front_scan.h"

#include "lanes.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

static inline uint64_t first_bits(int32_t count)
{
  return count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
}

uint64_t JOIN(ls_scan_below_, LS_ISA_NAME)(const ls_scan_row *table, const int64_t *value,
                                           int32_t row_count, int32_t column_count)
{
  uint64_t bits = 0;
  for (int32_t i = 0; i < column_count; i += LS_LANES) {
    ls_lanes_mask mask = ls_lanes_all();
    for (int32_t row = 0; row < row_count; row++)
      mask = ls_lanes_le(mask, ls_lanes_load(&table[row][i]), ls_lanes_set(value[row]));
    bits |= ls_lanes_bits(mask) << i;
  }
  return bits & first_bits(column_count);
}

uint64_t JOIN(ls_scan_above_, LS_ISA_NAME)(const ls_scan_row *table, const int64_t *value,
                                           int32_t row_count, int32_t column_count)
{
  uint64_t bits = 0;
  for (int32_t i = 0; i < column_count; i += LS_LANES) {
    ls_lanes_mask mask = ls_lanes_all();
    for (int32_t row = 0; row < row_count; row++)
      mask = ls_lanes_le(mask, ls_lanes_set(value[row]), ls_lanes_load(&table[row][i]));
    bits |= ls_lanes_bits(mask) << i;
  }
  return bits & first_bits(column_count);
}
