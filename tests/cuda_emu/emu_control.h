/* What a test can do to the emulated CUDA device: break it, shape it, look for leaks.
 * C linkage; a test in C needs no CUDA header. All settings are global to the process. */
#ifndef LS_EMU_CONTROL_H
#define LS_EMU_CONTROL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every setting back to its default, no failure planned, no error pending, counters 0; device 0 is
 * the calling thread's. Live allocations stay: they are the caller's. */
void ls_emu_reset(void);

/* The nth call from now (1: the next) of the runtime function of that name returns error, a
 * cudaError_t, once. "*" counts the calls of all functions, so a loop over nth reaches every
 * error path. One failure can be planned at a time. NULL plans none.
 *   - Errors that corrupt a context on a real device (700 illegal address, 719 launch failure,
 *     ...) stay: every later call on that device returns them, until ls_emu_reset or
 *     cudaDeviceReset.
 *   - cudaFree, cudaFreeHost, cudaStreamDestroy and cudaEventDestroy release what they were
 *     given, then return the error, so that the leak counters stay meaningful.
 *   - cudaGetErrorString and cudaGetErrorName neither fail nor count. */
void ls_emu_fail(const char *function, int nth, int error);

/* 1 when the planned failure has happened. */
int ls_emu_has_failed(void);

/* Runtime calls since the last reset. */
uint64_t ls_emu_call_count(void);

/* Every allocation, of device or pinned memory, of more than bytes fails with
 * cudaErrorMemoryAllocation. Default UINT64_MAX: none. */
void ls_emu_fail_allocations_over(uint64_t bytes);

/* 0: every call returns cudaErrorInsufficientDriver (35) and leaves its arguments as they
 * were, like a machine without a driver. Default 1, at most 8. Memory, streams and events belong to
 * the device on which they were made: calls and kernels that use those of another are errors. */
void ls_emu_set_device_count(int count);

/* OS threads that share the blocks of a launch, 1..8. Default 2. */
void ls_emu_set_threads(int count);

/* Seed of the order of blocks and threads. Default 1. */
void ls_emu_set_seed(uint64_t seed);

/* What is put on a stream happens when somebody waits for it (0, the default): whoever reads too
 * early or changes what is still to be copied gets wrong answers. Or at once (1). */
void ls_emu_set_eager(int is_eager);

/* Shared memory a block can opt into, bytes: 232448 (default) on sm_90 and sm_100, 166912 on
 * sm_80, 101376 on sm_86, sm_89 and sm_120. */
void ls_emu_set_shared_optin(uint64_t bytes);

/* Allocations of device memory on a device since the last reset, 0 where there is no such device.
 */
int ls_emu_allocation_count(int device);

/* Not yet freed: bytes of device and pinned memory; streams and events. */
uint64_t ls_emu_live_bytes(void);
int ls_emu_live_handles(void);

#ifdef __cplusplus
}
#endif
#endif
