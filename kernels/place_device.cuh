/* What the kernels of placement share: a task as the device has it, and numbers in pairs. Unlike
 * the CPU's searches they keep no permuted copy of B: a permutation is 2 bytes a thing, B is read
 * where it points, and a swap is of two numbers. */
#ifndef LS_PLACE_DEVICE_CUH
#define LS_PLACE_DEVICE_CUH

#include <type_traits>

#include "device_warp.cuh"
#include "qap_rules.h"

enum { PLACE_WARP = DEVICE_WARP };
constexpr unsigned place_warp_all = device_warp_all;

/* A task of qap_backend.h, there and back. */
struct place_task {
  uint64_t seed, stream;
  int64_t step_count, target, temperature;
  int64_t cost, best_cost, done, accepted, idle;
};

/* A batch of them. All pointers are of the device. */
struct place_batch {
  ls_qap qap;
  place_task *tasks; /* [count] */
  uint16_t *p;       /* [count][p_stride] */
  uint16_t *best_p;  /* the same */
  int32_t count, p_stride;
  const int32_t *logarithms; /* [LS_QAP_LOGARITHMS] */
  const volatile int *stop;  /* the host's memory: not 0 ends all tasks */
};

/* Two neighbours of a row, read at once. */
template <class type> struct alignas(2 * sizeof(type)) place_pair {
  type x, y;
};

template <class type> __device__ static inline place_pair<type> pair_at(const type *row, int32_t k)
{
  return reinterpret_cast<const place_pair<type> *>(row)[k];
}

/* Permutations have an even length: odd ones end with a place that nothing is multiplied with. */
LS_HD int32_t place_p_stride(int32_t n) { return (n + 1) & ~1; }

/* Of so many permutations at the start of shared memory, so that anything may follow. */
LS_HD size_t place_shared_p_bytes(int32_t count, int32_t p_stride)
{
  return ((size_t)count * (size_t)p_stride * sizeof(uint16_t) + 15) & ~(size_t)15;
}

__device__ static inline int32_t place_lane() { return (int32_t)threadIdx.x % PLACE_WARP; }

/* A product of two differences. Where one is always 0 the other may be too large for its type. */
template <class data, class sum>
__device__ static inline sum product(data a_less, data a, data b, data b_less)
{
  using wrapping = typename std::make_unsigned<sum>::type;
  return (sum)(((wrapping)a - (wrapping)a_less) * ((wrapping)b - (wrapping)b_less));
}

__device__ static inline int64_t diagonal_change(const ls_qap *qap, int32_t u, int32_t v,
                                                 int32_t place_u, int32_t place_v)
{
  if (!qap->has_diagonals) return 0;
  return (qap->a_diagonal[u] - qap->a_diagonal[v]) *
         (qap->b_diagonal[place_v] - qap->b_diagonal[place_u]);
}

#endif
