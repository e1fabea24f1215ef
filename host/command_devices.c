/* `lightspine devices`: what this machine can compute with. */
#include <stdio.h>

#include "../kernels/backend.h"
#include "arguments.h"
#include "commands.h"
#include "devices.h"
#include "json.h"

static ls_status answer_json(const ls_devices *devices, bool has_cuda, const char *cuda_text,
                             ls_error *error)
{
  ls_json *object = ls_json_object(), *backends = ls_json_array(), *gpus = ls_json_array();
  ls_json *cpu = ls_json_object(), *cuda = ls_json_object();
  ls_json_set_text(object, "cpu_model", devices->cpu_model);
  ls_json_set_int(object, "packages", devices->package_count);
  ls_json_set_int(object, "cores", devices->core_count);
  ls_json_set_int(object, "hardware_threads", devices->thread_count);
  ls_json_set_int(object, "numa_nodes", devices->numa_count);
  ls_json_set_int(object, "memory_bytes", devices->memory_bytes);
  ls_json_set_int(object, "l1_bytes", devices->l1_bytes);
  ls_json_set_int(object, "l2_bytes", devices->l2_bytes);
  ls_json_set_int(object, "l3_bytes", devices->l3_bytes);
  for (int32_t i = 0; i < devices->gpu_count; i++) {
    ls_json *gpu = ls_json_object();
    ls_json_set_text(gpu, "name", devices->gpus[i].name);
    ls_json_set_text(gpu, "pci", devices->gpus[i].pci);
    ls_json_set_int(gpu, "numa_node", devices->gpus[i].numa_node);
    ls_json_append(gpus, gpu);
  }
  ls_json_set(object, "gpus", gpus);
  ls_json_set_text(cpu, "name", ls_backend_cpu.name);
  ls_json_set_bool(cpu, "available", true);
  ls_json_set_text(cpu, "note", ls_backend_cpu_isa());
  ls_json_append(backends, cpu);
  ls_json_set_text(cuda, "name", ls_backend_cuda.name);
  ls_json_set_bool(cuda, "available", has_cuda);
  ls_json_set_text(cuda, "note", cuda_text);
  ls_json_append(backends, cuda);
  ls_json_set(object, "backends", backends);
  return ls_json_write(object, stdout, error);
}

static void answer_text(const ls_devices *devices, bool has_cuda, const char *cuda_text)
{
  printf("%s\n", devices->cpu_model);
  printf("  packages %d, cores %d, hardware threads %d, NUMA nodes %d\n", devices->package_count,
         devices->core_count, devices->thread_count, devices->numa_count);
  printf("  caches: L1 %lld KiB, L2 %lld KiB a core, L3 %lld KiB; memory %lld MiB\n",
         (long long)devices->l1_bytes >> 10, (long long)devices->l2_bytes >> 10,
         (long long)devices->l3_bytes >> 10, (long long)devices->memory_bytes >> 20);
  for (int32_t i = 0; i < devices->gpu_count; i++)
    printf("  GPU %s at %s, NUMA node %d\n", devices->gpus[i].name, devices->gpus[i].pci,
           devices->gpus[i].numa_node);
  printf("backends\n  cpu   available, %s\n  cuda  %s, %s\n", ls_backend_cpu_isa(),
         has_cuda ? "available" : "unavailable", cuda_text);
}

ls_status ls_command_devices(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_devices devices = {0};
  char cuda_text[256];
  ls_status status = ls_arguments_read(argc, argv, 0, 0, "", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_devices_create(&devices, error);
  if (status != LS_OK) return status;
  const bool has_cuda = ls_backend_cuda.probe(cuda_text, sizeof cuda_text) == LS_OK;
  if (arguments.is_json)
    status = answer_json(&devices, has_cuda, cuda_text, error);
  else
    answer_text(&devices, has_cuda, cuda_text);
  ls_devices_destroy(&devices);
  return status;
}
