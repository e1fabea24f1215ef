/* The sweep against its definition, ls_rank_score of every rank, and backends against each
 * other: threads, instruction sets, the emulated CUDA device. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "cuda_emu/emu_control.h"
#include "cuda_emu/filter_probe.h"
#include "sweep_space.h"

extern const ls_backend ls_backend_cuda_emu;

static const ls_sweep_options one_thread = {.thread_count = 1, .is_exhaustive = true};

/* Every rank by the definition, into a plain front. */
static swept sweep_by_definition(const ls_problem *problem)
{
  swept result = {.count = 0};
  ls_front *front;
  result.status = ls_front_create(problem->objective_mask, &front);
  for (uint64_t rank = 0; rank < problem->space_size; rank++) {
    ls_front_member member = {.rank = rank};
    const ls_structure *structure = &problem->structures[ls_rank_structure(problem, rank)];
    const bool is_slow = structure->base.metric[LS_METRIC_LOSS] > problem->limit[LS_METRIC_LOSS];
    if (structure->violation_mask || is_slow) {
      result.stats.bounded_count++;
      continue;
    }
    result.stats.evaluated_count++;
    if (ls_rank_score(problem, rank, &member.score)) continue;
    result.stats.feasible_count++;
    ls_front_insert(front, &member, NULL);
  }
  result.count = ls_front_count(front);
  result.front = shim_alloc(((size_t)result.count + 1) * sizeof *result.front);
  ls_front_read(front, result.front);
  ls_front_destroy(front);
  return result;
}

/* Spaces in which each coupling constraint binds once; variant 0 is the spec as it stands. */
enum { VARIANT_COUNT = 8 };

static void variant_apply(sweep_space *space, int32_t variant)
{
  ls_spec *spec = space->spec;
  switch (variant) {
  case 1: spec->limit[LS_METRIC_CAPEX] = 2200000000; break;
  case 2: spec->limit[LS_METRIC_POWER] = 300000000; break;
  case 3: spec->limit[LS_METRIC_LOSS] = 400000; break;
  case 4: spec->limit[LS_METRIC_LATENCY] = 1500000; break;
  case 5: spec->limit[LS_METRIC_RISK] = 200000000000; break;
  case 6: spec->objective_mask = 1u << LS_METRIC_CAPEX | 1u << LS_METRIC_LOSS; break;
  case 7:
    for (int32_t i = 0; i < space->catalog->switch_count; i++)
      space->catalog->switches[i].cage_count.value =
          space->catalog->switches[i].cage_count.value * 3 / 4;
    break;
  default: break;
  }
}

static bool variant_build(sweep_space *space, const char *name, int32_t variant)
{
  if (!sweep_space_read(space, name)) return false;
  space->spec->space.family_mask &= ~(uint32_t)(LS_CHOOSE_CLOS3 | LS_CHOOSE_CLOS3_RAIL);
  variant_apply(space, variant);
  return sweep_space_build(space);
}

LS_TEST(Sweep, equals_the_definition_on_every_variant)
{
  uint64_t feasible_plain = 0;
  for (int32_t variant = 0; variant < VARIANT_COUNT && !shim_has_failed(); variant++) {
    sweep_space space;
    ASSERT_TRUE(variant_build(&space, "pod-4k", variant));
    const swept expected = sweep_by_definition(space.problem);
    const swept found = sweep_with(&ls_backend_cpu, space.problem, &one_thread);
    expect_same_front(&expected, &found);
    if (variant == 0) feasible_plain = expected.stats.feasible_count;
    /* A constraint that does not bind would test nothing. */
    if (variant != 0 && variant != 6)
      EXPECT_LT_I64((int64_t)expected.stats.feasible_count, (int64_t)feasible_plain);
    EXPECT_LT_I64(0, expected.count);
    sweep_space_destroy(&space);
  }
}

LS_TEST(Sweep, is_the_same_on_any_number_of_threads)
{
  static const char *const specs[] = {"lab-64", "pod-4k", "cluster-64k"};
  for (size_t i = 0; i < 3; i++) {
    sweep_space space;
    ASSERT_TRUE(sweep_space_read(&space, specs[i]) && sweep_space_build(&space));
    const swept one = sweep_with(&ls_backend_cpu, space.problem, &one_thread);
    for (int32_t threads = 2; threads <= 5; threads += 3) {
      const ls_sweep_options options = {.thread_count = threads, .is_exhaustive = true};
      const swept many = sweep_with(&ls_backend_cpu, space.problem, &options);
      expect_same_front(&one, &many);
    }
    sweep_space_destroy(&space);
  }
}

/* The last one compares the cost of a GPU-hour, which is no sum, and limits what it does not
 * compare: all that the vector code does. */
static void isa_variant_apply(ls_spec *spec, int32_t variant)
{
  if (variant != VARIANT_COUNT) return;
  spec->objective_mask = 1u << LS_METRIC_POWER | 1u << LS_METRIC_LOST | 1u << LS_METRIC_GPU_HOUR;
  spec->limit[LS_METRIC_CAPEX] = 4000000000;
}

LS_TEST(Sweep, is_the_same_on_every_instruction_set)
{
  static const char *const sets[] = {"scalar", "avx2", "avx512"};
  static const int32_t variants[] = {0, 1, 2, 6, 7, VARIANT_COUNT};
  for (size_t v = 0; v < sizeof variants / sizeof *variants && !shim_has_failed(); v++) {
    sweep_space space;
    ASSERT_TRUE(sweep_space_read(&space, "pod-4k"));
    space.spec->space.family_mask &= ~(uint32_t)(LS_CHOOSE_CLOS3 | LS_CHOOSE_CLOS3_RAIL);
    variant_apply(&space, variants[v]);
    isa_variant_apply(space.spec, variants[v]);
    ASSERT_TRUE(sweep_space_build(&space));
    const swept expected = sweep_by_definition(space.problem);
    EXPECT_LT_I64(0, expected.count);
    for (size_t i = 0; i < 3; i++) {
      setenv("LS_ISA", sets[i], 1);
      const swept forced = sweep_with(&ls_backend_cpu, space.problem, &one_thread);
      expect_same_front(&expected, &forced);
    }
    setenv("LS_ISA", "scalar", 1);
    EXPECT_STREQ(ls_backend_cpu_isa(), "scalar");
    unsetenv("LS_ISA");
    sweep_space_destroy(&space);
  }
}

LS_TEST(Sweep, counts_what_no_reference_covers)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "pod-512"));
  space.spec->space.family_mask = LS_CHOOSE_CLOS2 | LS_CHOOSE_OCS_SPINE;
  ASSERT_TRUE(sweep_space_build(&space));
  const swept front = sweep_with(&ls_backend_cpu, space.problem, &one_thread);
  ASSERT_LT_I64(4, front.count);
  ls_score *reference = shim_alloc((size_t)front.count * sizeof *reference);
  for (int32_t i = 0; i < front.count; i++) reference[i] = front.front[i].score;
  ls_sweep_options options = {.thread_count = 2, .reference = reference};
  /* All of the front covers everything; none of it nothing. */
  options.reference_count = front.count;
  const swept covered = sweep_with(&ls_backend_cpu, space.problem, &options);
  EXPECT_EQ_U64(covered.stats.undominated_count, 0);
  EXPECT_EQ_I64(covered.count, 0);
  options.reference_count = 1;
  const swept partly = sweep_with(&ls_backend_cpu, space.problem, &options);
  uint64_t expected = 0;
  for (uint64_t rank = 0; rank < space.problem->space_size; rank++) {
    ls_score score;
    if (ls_rank_score(space.problem, rank, &score)) continue;
    bool is_covered = true;
    for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
      is_covered = is_covered && reference[0].metric[i] <= score.metric[i];
    expected += !is_covered;
  }
  EXPECT_EQ_U64(partly.stats.undominated_count, expected);
  for (int32_t devices = 1; devices <= 2; devices++) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    const swept on_device = sweep_with(&ls_backend_cuda_emu, space.problem, &options);
    EXPECT_EQ_U64(on_device.stats.undominated_count, expected);
    EXPECT_EQ_U64(on_device.stats.feasible_count, front.stats.feasible_count);
    EXPECT_EQ_I64(on_device.count, 0);
  }
  ls_emu_reset();
  sweep_space_destroy(&space);
}

LS_TEST(Sweep, counts_violations_of_every_design)
{
  sweep_space space;
  ASSERT_TRUE(variant_build(&space, "lab-64", 0));
  const ls_sweep_options options = {.thread_count = 2, .is_counting_violations = true};
  const swept counted = sweep_with(&ls_backend_cpu, space.problem, &options);
  uint64_t expected[LS_VIOLATION_COUNT] = {0};
  for (uint64_t rank = 0; rank < space.problem->space_size; rank++) {
    ls_score score;
    const ls_structure *structure =
        &space.problem->structures[ls_rank_structure(space.problem, rank)];
    const uint32_t mask = structure->violation_mask ? structure->violation_mask
                                                    : ls_rank_score(space.problem, rank, &score);
    for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++) expected[bit] += mask >> bit & 1;
  }
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    EXPECT_EQ_U64(counted.stats.violation_count[bit], expected[bit]);
  sweep_space_destroy(&space);
}

LS_TEST(Sweep, stops_when_asked)
{
  sweep_space space;
  const int stop = 1;
  ASSERT_TRUE(variant_build(&space, "lab-64", 0));
  const ls_sweep_options options = {.thread_count = 2, .stop = &stop};
  EXPECT_STATUS(sweep_with(&ls_backend_cpu, space.problem, &options).status, LS_ERR_STOPPED);
  EXPECT_STATUS(sweep_with(&ls_backend_cuda_emu, space.problem, &options).status, LS_ERR_STOPPED);
  sweep_space_destroy(&space);
}

/* ---- CUDA, emulated ---- */

/* Optics of every kind, few enough for an emulated device. */
static void optics_narrow(sweep_space *space)
{
  static const char *const ids[] = {"dac-800g",     "dsp-800g-dr8", "dsp-800g-2xfr4",
                                    "dsp-1.6t-dr8", "bidi-800g",    "lpo-800g-dr8",
                                    "npo-3.2t",     "cpo-bailly",   "cpo-nvidia"};
  uint32_t mask = 0;
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    const int32_t index = ls_catalog_optic_find(space->catalog, ids[i]);
    EXPECT_LT_I64(-1, index);
    mask |= (uint32_t)1 << index;
  }
  space->spec->space.optic_mask &= mask;
}

LS_TEST(SweepCuda, equals_the_cpu_on_every_variant)
{
  ls_emu_reset();
  for (int32_t variant = 0; variant < VARIANT_COUNT && !shim_has_failed(); variant++) {
    sweep_space space;
    ASSERT_TRUE(sweep_space_read(&space, "pod-512"));
    space.spec->space.family_mask = LS_CHOOSE_CLOS2 | LS_CHOOSE_OCS_SPINE;
    space.spec->space.plane_count = 1;
    optics_narrow(&space);
    variant_apply(&space, variant);
    ASSERT_TRUE(sweep_space_build(&space));
    const swept cpu = sweep_with(&ls_backend_cpu, space.problem, &one_thread);
    ls_emu_set_seed((uint64_t)variant + 1);
    ls_emu_set_eager(variant % 2);
    const swept cuda = sweep_with(&ls_backend_cuda_emu, space.problem, &one_thread);
    expect_same_front(&cpu, &cuda);
    sweep_space_destroy(&space);
  }
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}

LS_TEST(SweepCuda, equals_the_cpu_on_a_front_of_many)
{
  sweep_space space;
  ls_emu_reset();
  ASSERT_TRUE(sweep_space_read(&space, "pod-4k"));
  space.spec->space.family_mask = LS_CHOOSE_CLOS2 | LS_CHOOSE_OCS_SPINE;
  ASSERT_TRUE(sweep_space_build(&space));
  const swept cpu = sweep_with(&ls_backend_cpu, space.problem, &one_thread);
  EXPECT_LT_I64(50, cpu.count);
  for (int32_t devices = 1; devices <= 3; devices++) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    const swept cuda = sweep_with(&ls_backend_cuda_emu, space.problem, &one_thread);
    expect_same_front(&cpu, &cuda);
    EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
    for (int32_t i = 0; i <= devices; i++)
      EXPECT_EQ_I64(ls_emu_allocation_count(i) > 0, i < devices);
  }
  ls_emu_reset();
  sweep_space_destroy(&space);
}

/* So many combinations above an access link that it takes several tiles. */
LS_TEST(SweepCuda, equals_the_cpu_where_tiles_share_an_access_link)
{
  sweep_space space;
  uint32_t last = 0;
  ASSERT_TRUE(sweep_space_read(&space, "pod-512"));
  space.spec->space.family_mask = LS_CHOOSE_CLOS3;
  ASSERT_TRUE(sweep_space_build(&space));
  ls_problem *problem = space.problem;
  const ls_structure *structures = problem->structures;
  while (structures[last].violation_mask || structures[last].option_count[1] < 50) last++;
  EXPECT_LT_I64(2048, structures[last].option_count[1] * structures[last].option_count[2]);
  problem->structure_count = last + 1;
  problem->space_size = structures[last].rank_first + structures[last].rank_count;
  const swept cpu = sweep_with(&ls_backend_cpu, problem, &one_thread);
  EXPECT_LT_I64(0, cpu.count);
  for (int32_t devices = 1; devices <= 2; devices++) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    const swept cuda = sweep_with(&ls_backend_cuda_emu, problem, &one_thread);
    expect_same_front(&cpu, &cuda);
  }
  ls_emu_reset();
  sweep_space_destroy(&space);
}

LS_TEST(SweepCuda, probe_says_why_there_is_no_gpu)
{
  char text[128];
  ls_emu_reset();
  EXPECT_STATUS(ls_backend_cuda_emu.probe(text, sizeof text), LS_OK);
  EXPECT_STREQ(text, "1 GPU");
  ls_emu_set_device_count(8);
  EXPECT_STATUS(ls_backend_cuda_emu.probe(text, sizeof text), LS_OK);
  EXPECT_STREQ(text, "8 GPUs");
  ls_emu_set_device_count(0);
  EXPECT_STATUS(ls_backend_cuda_emu.probe(text, sizeof text), LS_ERR_DEVICE);
  EXPECT_STREQ(text, "no GPU: no NVIDIA driver");
  ls_emu_reset();
}

/* Members with many ties in what is compared, each rank once, in no order. */
static ls_front_member *members_create(int32_t count, uint64_t rank_first, uint64_t state)
{
  ls_front_member *members = shim_alloc((size_t)count * sizeof *members);
  for (int32_t i = 0; i < count; i++) {
    members[i].rank = rank_first + (uint64_t)i * 7919 % (uint64_t)count;
    for (int32_t m = 0; m < LS_METRIC_COUNT; m++) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      members[i].score.metric[m] = (int64_t)(state >> 33) % 200;
    }
    if (i % 3 == 2) members[i].score = members[i - 1].score;
  }
  return members;
}

static swept front_of(const int64_t *mask, const ls_front_member *members, int32_t count)
{
  swept result = {.count = 0};
  ls_front *front;
  result.status = ls_front_create(mask, &front);
  for (int32_t i = 0; i < count; i++) ls_front_insert(front, &members[i], NULL);
  result.count = ls_front_count(front);
  result.front = shim_alloc(((size_t)result.count + 1) * sizeof *result.front);
  ls_front_read(front, result.front);
  ls_front_destroy(front);
  return result;
}

/* The device keeps what nobody dominates, ties to the lowest rank: all of it and nothing else, in
 * whatever order it comes and however many blocks share it; strong members are not kept. */
LS_TEST(SweepCuda, filters_survivors_against_each_other_and_the_strong)
{
  enum { COUNT = 1500, STRONG = 300 }; /* neither fills its tiles */
  static const int64_t mask[LS_METRIC_COUNT] = {
      [LS_METRIC_CAPEX] = -1, [LS_METRIC_LATENCY] = -1, [LS_METRIC_LOST] = -1};
  ls_front_member *all = members_create(STRONG, 0, 1), *kept;
  ls_front_member *members = members_create(COUNT, STRONG, 2);
  kept = shim_alloc(COUNT * sizeof *kept);
  ls_emu_reset();
  for (int32_t strong_count = 0; strong_count <= STRONG; strong_count += STRONG)
    for (uint32_t blocks = 1; blocks <= 9; blocks += 4) {
      ls_front_member *both = shim_alloc((COUNT + STRONG) * sizeof *both);
      memcpy(both, all, (size_t)strong_count * sizeof *both);
      memcpy(both + strong_count, members, COUNT * sizeof *both);
      const swept front = front_of(mask, both, strong_count + COUNT);
      int32_t old_count = 0;
      while (old_count < front.count && front.front[old_count].rank < STRONG) old_count++;
      ls_emu_set_seed(blocks);
      const int32_t kept_count =
          ls_emu_filter(mask, members, COUNT, all, strong_count, blocks, kept);
      ASSERT_EQ_I64(kept_count, front.count - old_count);
      EXPECT_LT_I64(10, kept_count);
      const swept in_order = front_of(mask, kept, kept_count);
      ASSERT_EQ_I64(in_order.count, kept_count);
      EXPECT_BYTES(in_order.front, front.front + old_count,
                   (size_t)kept_count * sizeof *in_order.front);
    }
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}

/* Each runtime call of a sweep fails once: every time a clean error, and nothing leaks. Returns how
 * many led to an error. */
static int expect_clean_errors(const ls_problem *problem, int devices)
{
  int failures = 0;
  for (int nth = 1; nth < 1000 && !shim_has_failed(); nth++) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    ls_emu_fail("*", nth, 2);
    const swept result = sweep_with(&ls_backend_cuda_emu, problem, &one_thread);
    if (!ls_emu_has_failed()) break;
    /* A failing cudaFree comes too late to matter. */
    EXPECT_TRUE(result.status == LS_ERR_DEVICE || result.status == LS_OK);
    failures += result.status == LS_ERR_DEVICE;
    EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
    EXPECT_EQ_I64(ls_emu_live_handles(), 0);
  }
  ls_emu_reset();
  return failures;
}

LS_TEST(SweepCuda, every_failing_call_is_a_clean_error)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "lab-64"));
  space.spec->space.family_mask = LS_CHOOSE_CLOS1;
  ASSERT_TRUE(sweep_space_build(&space));
  EXPECT_LT_I64(35, expect_clean_errors(space.problem, 1));
  EXPECT_LT_I64(55, expect_clean_errors(space.problem, 2));
  ls_emu_fail_allocations_over(1 << 10);
  EXPECT_STATUS(sweep_with(&ls_backend_cuda_emu, space.problem, &one_thread).status, LS_ERR_DEVICE);
  ls_emu_reset();
  sweep_space_destroy(&space);
}

/* A device that fails while others work ends the sweep with its error. */
LS_TEST(SweepCuda, one_failing_device_is_told)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "lab-64") && sweep_space_build(&space));
  ls_emu_reset();
  ls_emu_set_device_count(3);
  ls_emu_fail("cudaLaunchKernelEx", 5, 719); /* launch failure: stays on its device */
  EXPECT_STATUS(sweep_with(&ls_backend_cuda_emu, space.problem, &one_thread).status, LS_ERR_DEVICE);
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
  EXPECT_EQ_I64(ls_emu_live_handles(), 0);
  ls_emu_reset();
  sweep_space_destroy(&space);
}
