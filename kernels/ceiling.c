/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512. The empty
 * assembly makes a value unknown to the compiler or used: it can leave nothing out. */
#include "ceiling.h"

#include "lanes.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

#define CHANGE(lanes) __asm__ volatile("" : "+" LS_LANES_REGISTER(lanes))
#define USE(lanes) __asm__ volatile("" : : LS_LANES_REGISTER(lanes))
#define USE_MASK(mask) __asm__ volatile("" : : LS_LANES_MASK_REGISTER(mask))

/* Enough between two tests of the loop to hide those; the table is half of L1. */
enum { STEPS = 64, TABLE_LENGTH = 2048 };

uint64_t JOIN(ls_ceiling_compare_, LS_ISA_NAME)(uint64_t rounds)
{
  ls_lanes value = ls_lanes_set(1), limit = ls_lanes_set(2);
  ls_lanes_mask all = ls_lanes_all();
  for (uint64_t round = 0; round < rounds; round++)
#pragma GCC unroll 64
    for (int i = 0; i < STEPS; i++) {
      CHANGE(value);
      const ls_lanes_mask mask = ls_lanes_le(all, value, limit);
      USE_MASK(mask);
    }
  return rounds * STEPS * LS_LANES;
}

uint64_t JOIN(ls_ceiling_load_, LS_ISA_NAME)(uint64_t rounds)
{
  _Alignas(64) int64_t table[TABLE_LENGTH] = {0};
  for (uint64_t round = 0; round < rounds; round++)
#pragma GCC unroll 64
    for (int i = 0; i < TABLE_LENGTH; i += LS_LANES) {
      const ls_lanes lanes = *(const volatile ls_lanes *)&table[i];
      USE(lanes);
    }
  return rounds * sizeof table;
}
