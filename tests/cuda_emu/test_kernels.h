/* The emulator's test kernels, behind plain functions. Each takes host memory, copies, launches
 * and returns the first error as an int (a cudaError_t; 0 is success), with nothing left
 * allocated. Implemented by test_kernels.cu and seeded_bugs.cu, which nvcc takes as well. */
#ifndef LS_EMU_TEST_KERNELS_H
#define LS_EMU_TEST_KERNELS_H

#include <stddef.h>
#include <stdint.h>

namespace test_kernels
{

struct Shape {
  unsigned grid, block;
};

/* sum[i] = a[i] + b[i], [count]; grid-stride, by asynchronous copies on a stream. */
int add(const int *a, const int *b, int *sum, int count, Shape shape);

/* Sum of [count] by shared memory and barriers; block a power of two, at most 1024. */
int reduce(const uint32_t *values, int count, Shape shape, uint64_t *sum);

/* Inclusive prefix sums within each warp of 32, [count], count a multiple of block. */
int scan(const int *values, int *sums, int count, Shape shape);

/* The values that are divisible by divisor, in any order, compacted by ballot and atomicAdd. */
int compact(const uint32_t *values, int count, uint32_t divisor, Shape shape, uint32_t *kept,
            uint32_t *kept_count);

/* to[column][row] = from[row][column], square, side a multiple of 32, by 32 x 32 tiles in
 * dynamic shared memory. */
int transpose(const int *from, int *to, int side);

/* Each warp function and atomic once; results[] as test_cuda_emu.cpp lists them. One warp. */
enum { EXCHANGE_RESULT_COUNT = 18 };
int exchange(uint64_t results[EXCHANGE_RESULT_COUNT][32]);

/* results[]: __syncthreads_count, _or, _and of (threadIdx.x < limit). */
int vote_block(int limit, unsigned block, int results[3]);

/* The index of each thread of a launch by its three dimensions, [grid][block]. */
int index(unsigned grid[3], unsigned block[3], uint32_t *indices);

/* __constant__ factor times i, [32]; the factor goes there and back by symbol copies. */
int constant(int factor, int *products, int *factor_back);

/* Nothing but a launch: grid x block threads, dynamic bytes of shared memory, allowed by
 * cudaFuncSetAttribute before when opt_in_bytes > 0. *touched counts threads. */
int launch(unsigned grid, unsigned block, size_t dynamic_bytes, int opt_in_bytes,
           unsigned *touched);

/* One block in which each thread goes through repeat collectives, timed by events. */
enum { COLLECTIVE_BARRIER, COLLECTIVE_SHUFFLE, COLLECTIVE_SYNCWARP };
int collectives(int kind, int repeat, unsigned block, float *milliseconds);

/* What a kernel reads from unwritten memory: static shared, dynamic shared, global. */
int read_unwritten(uint32_t words[3]);

/* Every block writes its index where the last one is to stay: shows the order of blocks. */
int last_block(unsigned grid, unsigned *last);

/* Seeded bugs (seeded_bugs.cu), by name. Returns -1 for an unknown name. */
int run_bug(const char *name);

} /* namespace test_kernels */

#endif
