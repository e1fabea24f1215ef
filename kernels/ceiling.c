/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512. The empty
 * assembly makes a value unknown to the compiler or used: it can leave nothing out. */
#include "ceiling.h"

#include "lanes.h"
#include "lanes_place.h"

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

/* Eight sums, so that no product waits for the one before it. */
enum { SUMS = 8 };

uint64_t JOIN(ls_ceiling_multiply16_, LS_ISA_NAME)(uint64_t rounds)
{
  ls_lanes32 factor = ls_lanes32_set(0x10001), sum[SUMS];
  for (int i = 0; i < SUMS; i++) sum[i] = ls_lanes32_set(i);
  for (uint64_t round = 0; round < rounds; round++)
#pragma GCC unroll 64
    for (int i = 0; i < STEPS; i++) {
      CHANGE(factor);
      sum[i % SUMS] = ls_lanes32_add(sum[i % SUMS], ls_lanes32_multiply16(factor, factor));
    }
  for (int i = 0; i < SUMS; i++) USE(sum[i]);
  return rounds * STEPS * LS_LANES32 * LS_PRODUCTS16;
}

uint64_t JOIN(ls_ceiling_multiply32_, LS_ISA_NAME)(uint64_t rounds)
{
  ls_lanes32 factor = ls_lanes32_set(3);
  for (uint64_t round = 0; round < rounds; round++)
#pragma GCC unroll 64
    for (int i = 0; i < STEPS; i++) {
      CHANGE(factor);
      const ls_lanes32 product = ls_lanes32_mul(factor, factor);
      USE(product);
    }
  return rounds * STEPS * LS_LANES32;
}
