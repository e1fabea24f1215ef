/* Comparing one score with the columns of a table, 64 at most: the inner loop of the front.
 * Compiled once per instruction set from front_scan.c. */
#ifndef LS_FRONT_SCAN_H
#define LS_FRONT_SCAN_H

#include <stdint.h>

enum { LS_SCAN_COLUMNS = 64 };

typedef int64_t ls_scan_row[LS_SCAN_COLUMNS];

/* Bit i of the result: column i is at most (below) or at least (above) value in every row. Bits
 * from column_count on are 0. table: [row_count], value: [row_count]. */
typedef uint64_t (*ls_scan_function)(const ls_scan_row *table, const int64_t *value,
                                     int32_t row_count, int32_t column_count);

uint64_t ls_scan_below_scalar(const ls_scan_row *table, const int64_t *value, int32_t row_count,
                              int32_t column_count);
uint64_t ls_scan_above_scalar(const ls_scan_row *table, const int64_t *value, int32_t row_count,
                              int32_t column_count);
uint64_t ls_scan_below_avx2(const ls_scan_row *table, const int64_t *value, int32_t row_count,
                            int32_t column_count);
uint64_t ls_scan_above_avx2(const ls_scan_row *table, const int64_t *value, int32_t row_count,
                            int32_t column_count);
uint64_t ls_scan_below_avx512(const ls_scan_row *table, const int64_t *value, int32_t row_count,
                              int32_t column_count);
uint64_t ls_scan_above_avx512(const ls_scan_row *table, const int64_t *value, int32_t row_count,
                              int32_t column_count);

#endif
