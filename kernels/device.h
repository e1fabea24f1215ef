/* The one header a .cu file needs beyond the runtime's: shared memory, declared so that nvcc
 * and the tests' emulation (tests/cuda_emu) both take it. Only .cu files include it.
 *
 *     LS_SHARED(uint32_t, table, 256);   in a kernel: uint32_t table[256], one per block
 *     LS_SHARED_DYNAMIC(bytes);          unsigned char *, config.dynamicSmemBytes long,
 *                                        aligned to 16 bytes
 *
 * The type must not hold a comma (name it by `using` first). The raw word __shared__ does not
 * compile under the emulation, where each declaration is a heap block of its own. */
#ifndef LS_DEVICE_H
#define LS_DEVICE_H

#include <cuda_runtime.h>

#ifdef LS_CUDA_EMU
#define LS_SHARED(type, name, count)                                                               \
  static const char ls_emu_key_##name = 0;                                                         \
  type(&name)[count] = *static_cast<type(*)[count]>(                                               \
      ls_emu_shared(&ls_emu_key_##name, #name, sizeof(type[count]), alignof(type)))
#define LS_SHARED_DYNAMIC(name) unsigned char *const name = ls_emu_shared_dynamic()
#else
#define LS_SHARED(type, name, count) __shared__ type name[count]
#define LS_SHARED_DYNAMIC(name) extern __shared__ __align__(16) unsigned char name[]
#endif

#endif
