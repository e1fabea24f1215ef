/* The machine as hwloc sees it: this one, and described ones that hwloc reads in its place. */
#include "../host/devices.h"
#include "shim/shim.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

/* Two packages, each a NUMA node of one core. Below the second hangs a GPU with a driver's name,
 * one without, and a network card; a display controller hangs below the whole machine. */
#define MACHINE LS_TEST_SOURCE_DIR "/tests/data/machine_gpus.xml"

LS_TEST(Devices, sees_this_machine)
{
  ls_devices devices;
  ls_error error;
  ASSERT_STATUS(ls_devices_create(&devices, &error), LS_OK);
  cpu_set_t allowed;
  ASSERT_EQ_I64(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  EXPECT_EQ_I64(devices.thread_count, CPU_COUNT(&allowed));
  EXPECT_LE_I64(devices.core_count, devices.thread_count);
  EXPECT_LE_I64(1, devices.numa_count);
  EXPECT_LT_I64(1 << 20, devices.memory_bytes);
  EXPECT_TRUE(devices.cpu_model[0] != '\0');
  EXPECT_TRUE(devices.has_avx2 || !devices.has_avx512);
  ls_devices_destroy(&devices);
  ls_devices_destroy(&devices); /* twice is harmless */
}

LS_TEST(Devices, sees_gpus_and_where_they_hang)
{
  cpu_set_t allowed;
  ASSERT_EQ_I64(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  if (!CPU_ISSET(0, &allowed) || !CPU_ISSET(1, &allowed))
    LS_TEST_SKIP("the described machine has processors 0 and 1, which are not both ours");
  setenv("HWLOC_XMLFILE", MACHINE, 1);
  ls_devices devices;
  ls_error error;
  ls_status status = ls_devices_create(&devices, &error);
  unsetenv("HWLOC_XMLFILE");
  ASSERT_STATUS(status, LS_OK);
  EXPECT_STREQ(devices.cpu_model, "Abacus 9000");
  EXPECT_EQ_I64(devices.package_count, 2);
  EXPECT_EQ_I64(devices.numa_count, 2);
  ASSERT_EQ_I64(devices.gpu_count, 3);
  EXPECT_STREQ(devices.gpus[0].name, "card7");
  EXPECT_STREQ(devices.gpus[0].pci, "0000:41:00.0");
  EXPECT_EQ_I64(devices.gpus[0].numa_node, 1);
  EXPECT_STREQ(devices.gpus[1].name, "pci 0000:42:00.0");
  EXPECT_EQ_I64(devices.gpus[1].numa_node, 1);
  EXPECT_STREQ(devices.gpus[2].name, "pci 0000:03:00.0");
  EXPECT_EQ_I64(devices.gpus[2].numa_node, -1);
  ls_devices_destroy(&devices);
}

LS_TEST(Devices, says_when_hwloc_fails)
{
  setenv("HWLOC_COMPONENTS", "stop", 1); /* no component may look */
  ls_devices devices = {.core_count = 77};
  ls_error error;
  ls_status status = ls_devices_create(&devices, &error);
  unsetenv("HWLOC_COMPONENTS");
  EXPECT_STATUS(status, LS_ERR_DEVICE);
  EXPECT_CONTAINS(error.message, "hwloc cannot see this machine");
  EXPECT_EQ_I64(devices.core_count, 77);
}

typedef struct pinned_worker {
  ls_devices *devices;
  int32_t index;
  cpu_set_t bound;
} pinned_worker;

static void *worker_run(void *context)
{
  pinned_worker *worker = context;
  ls_devices_pin(worker->devices, worker->index);
  sched_getaffinity(0, sizeof worker->bound, &worker->bound);
  return NULL;
}

LS_TEST(Devices, pins_each_worker_to_a_thread_of_its_own)
{
  ls_devices devices;
  ASSERT_STATUS(ls_devices_create(&devices, NULL), LS_OK);
  cpu_set_t before, after, all;
  sched_getaffinity(0, sizeof before, &before);
  CPU_ZERO(&all);
  int32_t count = devices.thread_count;
  for (int32_t i = 0; i < 2 * count; i++) {
    pinned_worker worker = {.devices = &devices, .index = i};
    pthread_t thread;
    ASSERT_EQ_I64(pthread_create(&thread, NULL, worker_run, &worker), 0);
    pthread_join(thread, NULL);
    if (i == 0 && CPU_EQUAL(&worker.bound, &before) && count > 1)
      LS_TEST_SKIP("this system refuses to pin threads");
    EXPECT_EQ_I64(CPU_COUNT(&worker.bound), 1);
    CPU_OR(&all, &all, &worker.bound);
    if (i + 1 == count) EXPECT_TRUE(CPU_EQUAL(&all, &before)); /* each once in the first round */
  }
  sched_getaffinity(0, sizeof after, &after);
  EXPECT_TRUE(CPU_EQUAL(&after, &before)); /* only the worker is bound, not the process */
  ls_devices_destroy(&devices);
}
