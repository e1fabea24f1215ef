/* Counter-based random numbers: Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011. Four words depend on key and counter alone, so that a search draws the same
 * numbers on any number of threads and on any device. */
#ifndef LS_PHILOX_H
#define LS_PHILOX_H

#include "compat.h"

typedef struct ls_philox_words {
  uint32_t v[4];
} ls_philox_words;

LS_HD ls_philox_words ls_philox(uint64_t key, uint64_t stream, uint64_t step)
{
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  uint32_t c0 = (uint32_t)step, c1 = (uint32_t)(step >> 32);
  uint32_t c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  const ls_philox_words words = {{c0, c1, c2, c3}};
  return words;
}

/* A word as a number of 0..count-1. */
LS_HD int32_t ls_philox_below(uint32_t word, int32_t count)
{
  return (int32_t)((uint64_t)word * (uint32_t)count >> 32);
}

#endif
