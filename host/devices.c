/* What this machine computes with, by hwloc (its only includer), and pinning. Never decides how
 * many workers run or on what: it tells, and binds the thread that asks. */
#include "devices.h"
#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* PCI base class 0x03 is a display controller; GPUs without a screen are 0x0302 in it. */
enum { PCI_CLASS_DISPLAY = 0x03 };

static int32_t count_of(hwloc_topology_t topology, hwloc_obj_type_t type)
{
  int count = hwloc_get_nbobjs_by_type(topology, type);
  return count > 0 ? count : 0;
}

/* Size of the first cache of a kind; 0 where hwloc knows none. */
static int64_t cache_bytes(hwloc_topology_t topology, hwloc_obj_type_t type)
{
  hwloc_obj_t cache = hwloc_get_obj_by_type(topology, type, 0);
  return cache != NULL ? (int64_t)cache->attr->cache.size : 0;
}

/* A virtual machine that was given memory while it ran may show only a part of it in its nodes. */
static int64_t memory_bytes(hwloc_topology_t topology)
{
  int64_t in_nodes = (int64_t)hwloc_get_root_obj(topology)->total_memory;
  int64_t in_all = (int64_t)sysconf(_SC_PHYS_PAGES) * (int64_t)sysconf(_SC_PAGESIZE);
  return in_nodes > in_all ? in_nodes : in_all;
}

static void cpu_describe(hwloc_topology_t topology, ls_devices *devices)
{
  hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
  const char *model = package != NULL ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;
  if (model == NULL) model = hwloc_obj_get_info_by_name(hwloc_get_root_obj(topology), "CPUModel");
  int length = model != NULL ? (int)strlen(model) : 0;
  while (length > 0 && model[length - 1] == ' ') length--; /* some processors pad their names */
  snprintf(devices->cpu_model, sizeof devices->cpu_model, "%.*s", length > 0 ? length : 7,
           length > 0 ? model : "unknown");
#if defined(__x86_64__)
  __builtin_cpu_init();
  devices->has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
                      __builtin_cpu_supports("fma");
  devices->has_avx512 = devices->has_avx2 && __builtin_cpu_supports("avx512f") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
}

/* The name of the GPU behind a PCI device, if a driver or runtime gave it one. */
static const char *gpu_name(hwloc_obj_t pci)
{
  for (hwloc_obj_t child = pci->io_first_child; child != NULL; child = child->next_sibling) {
    if (child->type != HWLOC_OBJ_OS_DEVICE) continue;
    hwloc_obj_osdev_type_t type = child->attr->osdev.type;
    if (type == HWLOC_OBJ_OSDEV_GPU || type == HWLOC_OBJ_OSDEV_COPROC) return child->name;
  }
  return NULL;
}

static void gpu_describe(hwloc_topology_t topology, hwloc_obj_t pci, ls_gpu_place *gpu)
{
  const struct hwloc_pcidev_attr_s *at = &pci->attr->pcidev;
  char place[32];
  snprintf(place, sizeof place, "%04x:%02x:%02x.%01x", (unsigned)at->domain, (unsigned)at->bus,
           (unsigned)at->dev, (unsigned)at->func);
  const char *name = gpu_name(pci);
  snprintf(gpu->pci, sizeof gpu->pci, "%s", place);
  snprintf(gpu->name, sizeof gpu->name, "%s%s", name != NULL ? "" : "pci ",
           name != NULL ? name : place);
  /* Of several NUMA nodes, or of none nearer than the whole machine, none is said. */
  hwloc_obj_t near = hwloc_get_non_io_ancestor_obj(topology, pci);
  gpu->numa_node = -1;
  if (near != NULL && near->nodeset != NULL && hwloc_bitmap_weight(near->nodeset) == 1)
    gpu->numa_node = hwloc_bitmap_first(near->nodeset);
}

static void gpus_describe(hwloc_topology_t topology, ls_devices *devices)
{
  const int32_t gpu_max = (int32_t)(sizeof devices->gpus / sizeof devices->gpus[0]);
  hwloc_obj_t pci = NULL;
  while (devices->gpu_count < gpu_max && (pci = hwloc_get_next_pcidev(topology, pci)) != NULL)
    if (pci->attr->pcidev.class_id >> 8 == PCI_CLASS_DISPLAY)
      gpu_describe(topology, pci, &devices->gpus[devices->gpu_count++]);
}

ls_status ls_devices_create(ls_devices *devices, ls_error *error)
{
  hwloc_topology_t topology;
  if (hwloc_topology_init(&topology) != 0)
    return ls_error_set(error, LS_ERR_DEVICE, NULL, 0, NULL, "hwloc cannot start: %s",
                        strerror(errno));
  /* Only the processors this process may run on count: taskset and containers are respected. */
  if (hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING |
                                             HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM) != 0 ||
      hwloc_topology_set_io_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT) != 0 ||
      hwloc_topology_load(topology) != 0) {
    ls_status status = ls_error_set(error, LS_ERR_DEVICE, NULL, 0, NULL,
                                    "hwloc cannot see this machine: %s", strerror(errno));
    hwloc_topology_destroy(topology);
    return status;
  }
  ls_devices built = {
      .topology = topology,
      .package_count = count_of(topology, HWLOC_OBJ_PACKAGE),
      .core_count = count_of(topology, HWLOC_OBJ_CORE),
      .thread_count = count_of(topology, HWLOC_OBJ_PU),
      .numa_count = count_of(topology, HWLOC_OBJ_NUMANODE),
      .memory_bytes = memory_bytes(topology),
      .l1_bytes = cache_bytes(topology, HWLOC_OBJ_L1CACHE),
      .l2_bytes = cache_bytes(topology, HWLOC_OBJ_L2CACHE),
      .l3_bytes = cache_bytes(topology, HWLOC_OBJ_L3CACHE),
  };
  cpu_describe(topology, &built);
  gpus_describe(topology, &built);
  *devices = built;
  return LS_OK;
}

void ls_devices_destroy(ls_devices *devices)
{
  if (devices->topology != NULL) hwloc_topology_destroy(devices->topology);
  devices->topology = NULL;
}

ls_status ls_devices_threads(int32_t asked, int32_t *count, ls_error *error)
{
  ls_devices devices;
  *count = asked;
  if (asked) return LS_OK;
  const ls_status status = ls_devices_create(&devices, error);
  if (status != LS_OK) return status;
  *count = devices.core_count > 1 ? devices.core_count : 1;
  ls_devices_destroy(&devices);
  return LS_OK;
}

void ls_devices_pin(void *context, int32_t worker_index)
{
  const ls_devices *devices = context;
  if (devices->thread_count < 1) return;
  hwloc_obj_t near = NULL;
  unsigned worker = (unsigned)worker_index % (unsigned)devices->thread_count, round = 0;
  if (devices->core_count > 0) {
    near = hwloc_get_obj_by_type(devices->topology, HWLOC_OBJ_CORE,
                                 worker % (unsigned)devices->core_count);
    round = worker / (unsigned)devices->core_count;
  } else {
    near = hwloc_get_obj_by_type(devices->topology, HWLOC_OBJ_PU, worker);
  }
  if (near == NULL) return;
  hwloc_bitmap_t thread = hwloc_bitmap_dup(near->cpuset);
  if (thread == NULL) return;
  /* Cores may differ in their number of threads; a round beyond it starts over. */
  int thread_count = hwloc_bitmap_weight(thread);
  for (unsigned i = 0; thread_count > 0 && i < round % (unsigned)thread_count; i++)
    hwloc_bitmap_clr(thread, (unsigned)hwloc_bitmap_first(thread));
  hwloc_bitmap_singlify(thread);
  (void)hwloc_set_cpubind(devices->topology, thread, HWLOC_CPUBIND_THREAD);
  hwloc_bitmap_free(thread);
}
