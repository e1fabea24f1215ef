/* What this machine can compute with, by hwloc: cores, caches, NUMA nodes, GPUs and where they
 * hang; and pinning of worker threads. host/devices.c is the only file that includes hwloc. */
#ifndef LS_DEVICES_H
#define LS_DEVICES_H

#include "error.h"
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_gpu_place {
  char name[64]; /* as hwloc names it, or "pci 0000:01:00.0" */
  char pci[32];
  int32_t numa_node; /* -1: unknown */
} ls_gpu_place;

typedef struct ls_devices {
  void *topology; /* hwloc_topology_t */
  char cpu_model[128];
  int32_t package_count, core_count, thread_count, numa_count;
  int64_t memory_bytes, l1_bytes, l2_bytes, l3_bytes; /* caches: one of each; 0: none */
  bool has_avx2, has_avx512;
  int32_t gpu_count;
  ls_gpu_place gpus[16];
} ls_devices;

/* Loads the topology; destroy frees it. LS_ERR_DEVICE when hwloc fails. */
ls_status ls_devices_create(ls_devices *devices, ls_error *error);
void ls_devices_destroy(ls_devices *devices);

/* Threads for work that needs nothing else of the machine: asked, or with 0 as many as it has
 * cores. LS_ERR_DEVICE when hwloc fails. */
ls_status ls_devices_threads(int32_t asked, int32_t *count, ls_error *error);

/* Binds the calling thread to the core of worker index (0-based, spread over cores first, then
 * over their hardware threads; modulo the threads there are). context is an ls_devices.
 * A refusal by the system is ignored: pinning is for speed alone.
 * Its type is ls_pin_function of kernels/backend.h. */
void ls_devices_pin(void *context, int32_t worker_index);

#ifdef __cplusplus
}
#endif
#endif
