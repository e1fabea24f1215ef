/* Micro-kernels that each saturate one resource of a core: what a search could do at most. Nothing
 * but the resource's own instruction is in the loop. Compiled once per instruction set. */
#ifndef LS_CEILING_H
#define LS_CEILING_H

#include <stdint.h>

typedef enum ls_resource {
  LS_CEILING_COMPARE,    /* comparisons of 64-bit lanes, each joined to a mask */
  LS_CEILING_LOAD,       /* bytes loaded from L1 */
  LS_CEILING_MULTIPLY16, /* products of 16 bits, each added to a sum of 32 */
  LS_CEILING_MULTIPLY32, /* products of 32 bits */
  LS_CEILING_COUNT
} ls_resource;

/* Works for a while that grows with rounds; returns how many of them. */
typedef uint64_t (*ls_ceiling_function)(uint64_t rounds);

uint64_t ls_ceiling_compare_scalar(uint64_t rounds);
uint64_t ls_ceiling_compare_avx2(uint64_t rounds);
uint64_t ls_ceiling_compare_avx512(uint64_t rounds);
uint64_t ls_ceiling_load_scalar(uint64_t rounds);
uint64_t ls_ceiling_load_avx2(uint64_t rounds);
uint64_t ls_ceiling_load_avx512(uint64_t rounds);
uint64_t ls_ceiling_multiply16_scalar(uint64_t rounds);
uint64_t ls_ceiling_multiply16_avx2(uint64_t rounds);
uint64_t ls_ceiling_multiply16_avx512(uint64_t rounds);
uint64_t ls_ceiling_multiply32_scalar(uint64_t rounds);
uint64_t ls_ceiling_multiply32_avx2(uint64_t rounds);
uint64_t ls_ceiling_multiply32_avx512(uint64_t rounds);

#endif
