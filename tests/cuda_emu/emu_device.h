/* What a kernel sees: built-in variables, barriers, warp exchanges, atomics, bit intrinsics.
 * Included by the emulator's cuda_runtime.h; never by a .cu file.
 *
 * A collective knows its caller by default arguments, so that a barrier which cannot complete
 * is reported by file and line. Stricter than the hardware, on purpose: a thread that has
 * returned, or a lane that does not exist, completes no collective of the others. */
#ifndef LS_EMU_DEVICE_H
#define LS_EMU_DEVICE_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#define __global__
#define __device__
#define __host__
#define __constant__
#define __grid_constant__
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(bytes) __attribute__((aligned(bytes)))
/* __shared__ is not defined: kernels/device.h says what to write. __noinline__ is not either:
 * the C++ library uses the word as an attribute. */

struct uint3 {
  unsigned x, y, z;
};

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};

#define LS_EMU_VECTOR(scalar, name)                                                                \
  struct alignas(2 * sizeof(scalar)) name##2 { scalar x, y; };                                     \
  struct alignas(sizeof(scalar) < 8 ? 4 * sizeof(scalar) : 16) name##4 { scalar x, y, z, w; };     \
  inline name##2 make_##name##2(scalar x, scalar y) { return {x, y}; }                             \
  inline name##4 make_##name##4(scalar x, scalar y, scalar z, scalar w) { return {x, y, z, w}; }
LS_EMU_VECTOR(int, int)
LS_EMU_VECTOR(unsigned, uint)
LS_EMU_VECTOR(long long, longlong)
LS_EMU_VECTOR(unsigned long long, ulonglong)
#undef LS_EMU_VECTOR

/* Set by the scheduler at each switch. A block stays on one OS thread. */
extern __thread uint3 threadIdx, blockIdx;
extern __thread dim3 blockDim, gridDim;
inline constexpr int warpSize = 32;

#define LS_EMU_SITE const char *file = __builtin_FILE(), int line = __builtin_LINE()

/* Waits for every thread of the block at this site. Returns how many came with predicate. */
int ls_emu_barrier(const char *name, bool predicate, const char *file, int line);

/* Waits for the lanes of mask. Returns the values of the warp's lanes, [32], valid until the
 * lane's next collective; those outside mask are to be ignored. */
const uint64_t *ls_emu_exchange(const char *name, unsigned mask, uint64_t value, const char *file,
                                int line);

/* As above, and orders memory among the lanes, which the other warp functions do not. */
void ls_emu_syncwarp(unsigned mask, const char *file, int line);

void *ls_emu_shared(const void *key, const char *name, size_t bytes, size_t alignment);
unsigned char *ls_emu_shared_dynamic();
unsigned ls_emu_lane();
void ls_emu_yield();
void ls_emu_fence();
[[noreturn]] void ls_emu_trap(const char *file, int line);

/* Barriers of the block. */

inline void __syncthreads(LS_EMU_SITE) { ls_emu_barrier(__func__, false, file, line); }

inline int __syncthreads_count(int predicate, LS_EMU_SITE)
{
  return ls_emu_barrier(__func__, predicate != 0, file, line);
}

inline int __syncthreads_or(int predicate, LS_EMU_SITE)
{
  return ls_emu_barrier(__func__, predicate != 0, file, line) != 0;
}

inline int __syncthreads_and(int predicate, LS_EMU_SITE)
{
  return ls_emu_barrier(__func__, predicate == 0, file, line) == 0;
}

inline void __syncwarp(unsigned mask = ~0u, LS_EMU_SITE) { ls_emu_syncwarp(mask, file, line); }

inline void __threadfence() { ls_emu_fence(); }
inline void __threadfence_block() { ls_emu_fence(); }
inline void __threadfence_system() { ls_emu_fence(); }
inline void __nanosleep(unsigned) { ls_emu_yield(); }
inline void __trap(LS_EMU_SITE) { ls_emu_trap(file, line); }

/* Votes. */

inline unsigned ls_emu_vote(const char *name, unsigned mask, int predicate, const char *file,
                            int line)
{
  const uint64_t *lanes = ls_emu_exchange(name, mask, predicate != 0, file, line);
  unsigned votes = 0;
  for (unsigned lane = 0; lane < 32; ++lane)
    votes |= static_cast<unsigned>(lanes[lane] & 1) << lane;
  return votes & mask;
}

inline unsigned __ballot_sync(unsigned mask, int predicate, LS_EMU_SITE)
{
  return ls_emu_vote(__func__, mask, predicate, file, line);
}

inline int __any_sync(unsigned mask, int predicate, LS_EMU_SITE)
{
  return ls_emu_vote(__func__, mask, predicate, file, line) != 0;
}

inline int __all_sync(unsigned mask, int predicate, LS_EMU_SITE)
{
  return ls_emu_vote(__func__, mask, predicate, file, line) == mask;
}

/* The weakest answer that is right on hardware: nobody runs beside the caller. */
inline unsigned __activemask() { return 1u << ls_emu_lane(); }

/* Shuffles. A lane that does not take part gives 0xCD bytes. */

template <class T>
T ls_emu_shuffle(const char *name, unsigned mask, T value, long source, const char *file, int line)
{
  static_assert(std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8));
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const uint64_t *lanes = ls_emu_exchange(name, mask, bits, file, line);
  bits = (mask >> source & 1) != 0 ? lanes[source] : 0xCDCDCDCDCDCDCDCDu;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class T> T __shfl_sync(unsigned mask, T value, int source, int width = 32, LS_EMU_SITE)
{
  const long first = static_cast<long>(ls_emu_lane()) & -width;
  return ls_emu_shuffle(__func__, mask, value, first + (source & (width - 1)), file, line);
}

template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, LS_EMU_SITE)
{
  const long lane = ls_emu_lane(), source = lane - static_cast<long>(delta);
  return ls_emu_shuffle(__func__, mask, value, source < (lane & -width) ? lane : source, file,
                        line);
}

template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, LS_EMU_SITE)
{
  const long lane = ls_emu_lane(), source = lane + static_cast<long>(delta);
  return ls_emu_shuffle(__func__, mask, value, source >= (lane & -width) + width ? lane : source,
                        file, line);
}

template <class T> T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, LS_EMU_SITE)
{
  const long lane = ls_emu_lane(), source = lane ^ bits;
  return ls_emu_shuffle(__func__, mask, value, source >= (lane & -width) + width ? lane : source,
                        file, line);
}

/* Reductions of a warp; T is int or unsigned. */

template <class T, class Combine>
T ls_emu_reduce(const char *name, unsigned mask, T value, Combine combine, const char *file,
                int line)
{
  static_assert(std::is_same_v<T, int> || std::is_same_v<T, unsigned>);
  const uint64_t *lanes = ls_emu_exchange(name, mask, static_cast<unsigned>(value), file, line);
  const unsigned first = static_cast<unsigned>(__builtin_ctz(mask));
  unsigned result = static_cast<unsigned>(lanes[first]);
  for (unsigned lane = first + 1; lane < 32; ++lane)
    if ((mask >> lane & 1) != 0)
      result = static_cast<unsigned>(
          combine(static_cast<T>(result), static_cast<T>(static_cast<unsigned>(lanes[lane]))));
  return static_cast<T>(result);
}

#define LS_EMU_REDUCE(name, expression)                                                            \
  template <class T> T name(unsigned mask, T value, LS_EMU_SITE)                                   \
  {                                                                                                \
    return ls_emu_reduce(                                                                          \
        __func__, mask, value, [](T a, T b) { return expression; }, file, line);                   \
  }
LS_EMU_REDUCE(__reduce_add_sync, static_cast<unsigned>(a) + static_cast<unsigned>(b))
LS_EMU_REDUCE(__reduce_min_sync, a < b ? a : b)
LS_EMU_REDUCE(__reduce_max_sync, a > b ? a : b)
LS_EMU_REDUCE(__reduce_and_sync, static_cast<unsigned>(a) & static_cast<unsigned>(b))
LS_EMU_REDUCE(__reduce_or_sync, static_cast<unsigned>(a) | static_cast<unsigned>(b))
LS_EMU_REDUCE(__reduce_xor_sync, static_cast<unsigned>(a) ^ static_cast<unsigned>(b))
#undef LS_EMU_REDUCE

template <class T> unsigned __match_any_sync(unsigned mask, T value, LS_EMU_SITE)
{
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const uint64_t *lanes = ls_emu_exchange(__func__, mask, bits, file, line);
  unsigned equal = 0;
  for (unsigned lane = 0; lane < 32; ++lane)
    equal |= static_cast<unsigned>(lanes[lane] == bits) << lane;
  return equal & mask;
}

/* Atomics: relaxed, like the hardware's; they return the old value. */

template <class T> struct ls_emu_same { /* keeps an argument out of deduction */
  using type = T;
};

#define LS_EMU_ATOMIC(name, builtin)                                                               \
  template <class T> T name(T *address, typename ls_emu_same<T>::type value)                       \
  {                                                                                                \
    static_assert(std::is_integral_v<T> && (sizeof(T) == 4 || sizeof(T) == 8));                    \
    return builtin(address, value, __ATOMIC_RELAXED);                                              \
  }
LS_EMU_ATOMIC(atomicAdd, __atomic_fetch_add)
LS_EMU_ATOMIC(atomicSub, __atomic_fetch_sub)
LS_EMU_ATOMIC(atomicOr, __atomic_fetch_or)
LS_EMU_ATOMIC(atomicAnd, __atomic_fetch_and)
LS_EMU_ATOMIC(atomicXor, __atomic_fetch_xor)
LS_EMU_ATOMIC(atomicExch, __atomic_exchange_n)
#undef LS_EMU_ATOMIC

template <class T>
T atomicCAS(T *address, typename ls_emu_same<T>::type expected,
            typename ls_emu_same<T>::type desired)
{
  __atomic_compare_exchange_n(address, &expected, desired, false, __ATOMIC_RELAXED,
                              __ATOMIC_RELAXED);
  return expected;
}

template <class T> T atomicMin(T *address, typename ls_emu_same<T>::type value)
{
  T old = __atomic_load_n(address, __ATOMIC_RELAXED);
  while (value < old && !__atomic_compare_exchange_n(address, &old, value, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
  return old;
}

template <class T> T atomicMax(T *address, typename ls_emu_same<T>::type value)
{
  T old = __atomic_load_n(address, __ATOMIC_RELAXED);
  while (old < value && !__atomic_compare_exchange_n(address, &old, value, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
  return old;
}

/* Bits and integers. */

inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }

inline int __clzll(long long x)
{
  return x == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(x));
}

inline unsigned __brev(unsigned x)
{
  unsigned result = 0;
  for (int bit = 0; bit < 32; ++bit) result |= (x >> bit & 1) << (31 - bit);
  return result;
}

inline unsigned __umulhi(unsigned a, unsigned b)
{
  return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32);
}

__extension__ typedef unsigned __int128 ls_emu_uint128;
__extension__ typedef __int128 ls_emu_int128;

inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
  return static_cast<unsigned long long>(static_cast<ls_emu_uint128>(a) * b >> 64);
}

inline long long __mul64hi(long long a, long long b)
{
  return static_cast<long long>(static_cast<ls_emu_int128>(a) * b >> 64);
}

inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift)
{
  const uint64_t both = static_cast<uint64_t>(high) << 32 | low;
  return static_cast<unsigned>(both << (shift & 31) >> 32);
}

template <class T> T __ldg(const T *address) { return *address; }
template <class T> T __ldcs(const T *address) { return *address; }
template <class T> T __ldcg(const T *address) { return *address; }

#define LS_EMU_MIN_MAX(T)                                                                          \
  inline T min(T a, T b) { return a < b ? a : b; }                                                 \
  inline T max(T a, T b) { return a > b ? a : b; }
LS_EMU_MIN_MAX(int)
LS_EMU_MIN_MAX(unsigned)
LS_EMU_MIN_MAX(long)
LS_EMU_MIN_MAX(unsigned long)
LS_EMU_MIN_MAX(long long)
LS_EMU_MIN_MAX(unsigned long long)
#undef LS_EMU_MIN_MAX

#undef LS_EMU_SITE

#endif
