/* Each seeded bug runs in a process of its own and must be caught: by the emulator in every
 * build, by ASan or TSan in the builds that have it. */
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

#include "test_sanitizers.h"

#ifdef LS_TEST_ASAN
#define LS_NEED_ASAN() static_cast<void>(0)
#else
#define LS_NEED_ASAN() GTEST_SKIP() << "only AddressSanitizer sees it: build with it"
#endif

#ifdef LS_TEST_TSAN
#define LS_NEED_TSAN() static_cast<void>(0)
#else
#define LS_NEED_TSAN() GTEST_SKIP() << "only ThreadSanitizer sees it: build with it"
#endif

namespace
{

struct Outcome {
  bool is_clean; /* exit status 0 */
  std::string output;
};

Outcome run_bug(const std::string &name)
{
  const std::string command = "ASAN_OPTIONS=abort_on_error=0 TSAN_OPTIONS=exitcode=66 '" +
                              std::string(LS_SEEDED_BUGS) + "' " + name + " 2>&1";
  FILE *pipe = popen(command.c_str(), "r");
  Outcome outcome{false, ""};
  if (!pipe) return outcome;
  std::array<char, 4096> buffer;
  for (size_t bytes; (bytes = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    outcome.output.append(buffer.data(), bytes);
  const int status = pclose(pipe);
  outcome.is_clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return outcome;
}

void expect_caught(const char *name, std::initializer_list<const char *> texts)
{
  const Outcome outcome = run_bug(name);
  EXPECT_FALSE(outcome.is_clean) << name << " went unnoticed";
  for (const char *text : texts)
    EXPECT_NE(outcome.output.find(text), std::string::npos) << "no '" << text << "' in:\n"
                                                            << outcome.output;
}

void expect_clean(const char *name)
{
  const Outcome outcome = run_bug(name);
  EXPECT_TRUE(outcome.is_clean);
  EXPECT_EQ(outcome.output, "");
}

constexpr const char *kRace = "ThreadSanitizer: data race";
#ifdef LS_TEST_ASAN
constexpr const char *kForeign = "AddressSanitizer: use-after-poison";
#else
constexpr const char *kForeign = "cuda_emu: a kernel on device 1 uses memory of device 0";
#endif
constexpr const char *kOverrun = "AddressSanitizer: heap-buffer-overflow";

} /* namespace */

TEST(CudaEmuBugs, RightKernelsAreClean)
{
  expect_clean("clean");
  expect_clean("clean_warp");
}

TEST(CudaEmuBugs, DivergentBarrier)
{
  expect_caught("divergent_barrier",
                {"divergent barrier in block (0,0,0)", "threads 0..15: __syncthreads at ",
                 "seeded_bugs.cu:", "threads 16..63: have returned"});
}

TEST(CudaEmuBugs, TwoBarriersInTwoBranches)
{
  expect_caught("two_barriers", {"threads 0..31: __syncthreads", "threads 32..63: __syncthreads"});
}

TEST(CudaEmuBugs, DivergentBallot)
{
  expect_caught("divergent_ballot",
                {"threads 0..0: __ballot_sync of lanes 0xffffffff", "threads 1..1: have returned"});
}

TEST(CudaEmuBugs, LaneOutsideItsMask)
{
  expect_caught("foreign_lane", {"the calling lane is not in the mask", "seeded_bugs.cu:"});
}

TEST(CudaEmuBugs, TooMuchStaticSharedMemory)
{
  expect_caught("too_much_shared", {"more than 49152 bytes of static shared memory"});
}

TEST(CudaEmuBugs, StackOverflowHitsAGuardPage) { expect_caught("stack_overflow", {}); }

TEST(CudaEmuBugs, MissingBarrierBeforeTableIsRead)
{
  LS_NEED_TSAN();
  expect_caught("missing_barrier", {kRace, "build_table"});
}

TEST(CudaEmuBugs, MissingBarrierBeforeTableIsRewritten)
{
  LS_NEED_TSAN();
  expect_caught("missing_second_barrier", {kRace, "rebuild_table"});
}

TEST(CudaEmuBugs, MissingSyncwarp)
{
  LS_NEED_TSAN();
  expect_caught("missing_syncwarp", {kRace, "warp_table"});
}

TEST(CudaEmuBugs, RaceOnGlobalMemory)
{
  LS_NEED_TSAN();
  expect_caught("global_race", {kRace, "global_race"});
}

TEST(CudaEmuBugs, RaceBetweenBlocks)
{
  LS_NEED_TSAN();
  expect_caught("block_race", {kRace, "block_race"});
}

TEST(CudaEmuBugs, SharedMemoryOverrun)
{
  LS_NEED_ASAN();
  expect_caught("shared_overrun", {kOverrun, "fill"});
}

TEST(CudaEmuBugs, DynamicSharedMemoryOverrun)
{
  LS_NEED_ASAN();
  expect_caught("dynamic_overrun", {kOverrun, "fill"});
}

TEST(CudaEmuBugs, GlobalMemoryOverrun)
{
  LS_NEED_ASAN();
  expect_caught("global_overrun", {"AddressSanitizer", "fill"});
}

TEST(CudaEmuBugs, MemoryOfAnotherDevice) { expect_caught("foreign_memory", {kForeign}); }

TEST(CudaEmuBugs, MemoryOfAnotherDeviceByAPointerInMemory)
{
  expect_caught("foreign_memory_inside", {kForeign});
}

TEST(CudaEmuBugs, WhatIsStillToBeCopiedIsChanged) { expect_caught("changed_too_early", {}); }

TEST(CudaEmuBugs, HostTouchesDeviceMemory)
{
  LS_NEED_ASAN();
  expect_caught("host_access", {"AddressSanitizer: use-after-poison", "touch_device_memory"});
}
