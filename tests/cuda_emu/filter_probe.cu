#include "filter_probe.h"

#include "filter_kernel.cuh"
#include "test_cuda.h"

using test_kernels::Device;

int32_t ls_emu_filter(const int64_t objective_mask[LS_METRIC_COUNT], const ls_front_member *members,
                      int32_t count, const ls_front_member *strong, int32_t strong_count,
                      uint32_t block_count, ls_front_member *kept)
{
  cudaError_t error = cudaSuccess;
  ls_problem *problem = new ls_problem();
  sweep_counters counters = {(unsigned long long)count, 0, 0, 0};
  memcpy(problem->objective_mask, objective_mask, sizeof problem->objective_mask);
  {
    Device<ls_problem> problem_d(1, &error);
    Device<ls_front_member> members_d((size_t)count, &error), kept_d((size_t)count, &error);
    Device<ls_front_member> strong_d((size_t)strong_count, &error);
    Device<sweep_counters> counters_d(1, &error);
    problem_d.read(problem);
    members_d.read(members);
    strong_d.read(strong);
    counters_d.read(&counters);
    const filter_launch launch = {problem_d.data, strong_d.data, (uint32_t)strong_count,
                                  members_d.data, kept_d.data,   counters_d.data};
    test_kernels::launch_kernel(&error, block_count, BLOCK_SIZE, 0, filter_kernel, launch);
    counters_d.write(&counters);
    kept_d.write(kept);
  }
  delete problem;
  return error == cudaSuccess ? (int32_t)counters.kept : -1;
}
