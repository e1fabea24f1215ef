/* Designs under drawn problems: the backends against the definition, byte by byte, and the
 * definition against structures whose base was computed anew. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "cuda_emu/emu_control.h"
#include "sweep_space.h"

extern const ls_backend ls_backend_cuda_emu;

enum { DRAW_COUNT = 150, RANK_COUNT = 301 }; /* more draws than a launch takes */

typedef struct scored {
  ls_status status;
  ls_score *scores; /* [draw_count][rank_count] */
  uint32_t *masks;
} scored;

static uint64_t next_random(uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

/* Between a half and one and a half of a figure. */
static int64_t vary(int64_t figure, uint64_t *state)
{
  return figure / 2 + figure / 1000 * (int64_t)(next_random(state) % 1000);
}

/* Another draw of every kind of row, of constants and of limits. */
static void draw_vary(ls_problem *draw, uint64_t seed)
{
  uint64_t state = seed;
  for (int32_t i = 0; i < draw->switch_count; i++) {
    ls_switch_row *row = &draw->switches[i];
    row->capex_cents = vary(row->capex_cents, &state);
    row->power_mw = vary(row->power_mw, &state);
    row->downtime = vary(row->downtime, &state);
    row->latency_ps = vary(row->latency_ps, &state);
    row->draw[0] = (int64_t)(next_random(&state) % 9);
  }
  for (int32_t i = 0; i < draw->optic_count; i++) {
    ls_optic_row *row = &draw->optics[i];
    row->capex_cents = vary(row->capex_cents, &state);
    row->fit = vary(row->fit, &state);
    row->part[0].fit = vary(row->part[0].fit, &state);
    row->threshold_mdbm += (int32_t)(next_random(&state) % 3000) - 1500;
    row->power_uw_per_gbps = (int32_t)vary(row->power_uw_per_gbps, &state);
    row->draw[0] = (int64_t)(next_random(&state) % 3);
  }
  for (int32_t i = 0; i < draw->ocs_count; i++)
    draw->ocs[i].capex_cents = vary(draw->ocs[i].capex_cents, &state);
  draw->energy_ucents_per_mw = vary(draw->energy_ucents_per_mw, &state);
  draw->gpu_hour_cents = (int64_t)(next_random(&state) % 400);
  draw->resource_count = 1;
  draw->vendor_first = (int32_t)(seed % 2);
  draw->resource_limit[0] = 4000;
  draw->limit[LS_METRIC_POWER] = 20000000 + (int64_t)(next_random(&state) % 20000000);
}

static ls_problem *draws_create(const ls_problem *problem, int32_t count)
{
  ls_problem *draws = shim_alloc((size_t)count * sizeof *draws);
  for (int32_t i = 0; i < count; i++) {
    draws[i] = *problem;
    if (i) draw_vary(&draws[i], (uint64_t)i);
  }
  return draws;
}

/* Ranks over the whole space; some neighbours, some of one structure, some repeated. */
static uint64_t *ranks_create(const ls_problem *problem, int32_t count)
{
  uint64_t *ranks = shim_alloc((size_t)count * sizeof *ranks), state = 7;
  for (int32_t i = 0; i < count; i++)
    ranks[i] = i % 3 ? (ranks[i - 1] + (uint64_t)i % 2) % problem->space_size
                     : (next_random(&state) << 20 ^ next_random(&state)) % problem->space_size;
  return ranks;
}

static scored score_with(const ls_backend *backend, const ls_score_batch *batch, int32_t threads)
{
  const ls_score_options options = {.thread_count = threads};
  const size_t count = (size_t)batch->draw_count * (size_t)batch->rank_count;
  scored result = {.scores = shim_alloc((count + 1) * sizeof *result.scores),
                   .masks = shim_alloc((count + 1) * sizeof *result.masks)};
  memset(result.scores, 0xCD, count * sizeof *result.scores);
  memset(result.masks, 0xCD, count * sizeof *result.masks);
  result.status = backend->score(batch, &options, result.scores, result.masks);
  return result;
}

static scored score_by_definition(const ls_score_batch *batch)
{
  const size_t count = (size_t)batch->draw_count * (size_t)batch->rank_count;
  scored result = {.scores = shim_alloc(count * sizeof *result.scores),
                   .masks = shim_alloc(count * sizeof *result.masks)};
  for (size_t place = 0; place < count; place++) {
    ls_base base = {.structure = UINT32_MAX};
    result.masks[place] = ls_rank_score_fresh(&batch->draws[place / (size_t)batch->rank_count],
                                              batch->ranks[place % (size_t)batch->rank_count],
                                              &base, &result.scores[place]);
  }
  return result;
}

static void expect_same_scores(const ls_score_batch *batch, const scored *a, const scored *b)
{
  const size_t count = (size_t)batch->draw_count * (size_t)batch->rank_count;
  EXPECT_STATUS(a->status, LS_OK);
  EXPECT_STATUS(b->status, LS_OK);
  EXPECT_BYTES(a->masks, b->masks, count * sizeof *a->masks);
  EXPECT_BYTES(a->scores, b->scores, count * sizeof *a->scores);
}

LS_TEST(Score, is_the_definition_on_every_backend_and_any_threads)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "pod-4k") && sweep_space_build(&space));
  const ls_score_batch batch = {draws_create(space.problem, DRAW_COUNT), DRAW_COUNT,
                                ranks_create(space.problem, RANK_COUNT), RANK_COUNT};
  const scored expected = score_by_definition(&batch);
  for (int32_t threads = 1; threads <= 5; threads += 2) {
    const scored found = score_with(&ls_backend_cpu, &batch, threads);
    expect_same_scores(&batch, &expected, &found);
  }
  ls_emu_reset();
  for (int32_t devices = 1; devices <= 3; devices++) {
    ls_emu_set_device_count(devices);
    ls_emu_set_seed((uint64_t)devices);
    const scored found = score_with(&ls_backend_cuda_emu, &batch, 1);
    expect_same_scores(&batch, &expected, &found);
    EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
  }
  /* Draws that change nothing would test nothing. */
  int32_t feasible_count = 0, changed_count = 0;
  for (int32_t i = 0; i < RANK_COUNT; i++) {
    feasible_count += !expected.masks[i];
    changed_count += expected.masks[i] != expected.masks[(DRAW_COUNT - 1) * RANK_COUNT + i];
  }
  EXPECT_LT_I64(10, feasible_count);
  EXPECT_LT_I64(10, changed_count);
  sweep_space_destroy(&space);
}

/* More ranks than a launch takes: results land where they belong. */
LS_TEST(Score, cuts_many_ranks_into_launches)
{
  enum { MANY = 9001, FEW = 3 };
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "lab-64") && sweep_space_build(&space));
  const ls_score_batch batch = {draws_create(space.problem, FEW), FEW,
                                ranks_create(space.problem, MANY), MANY};
  const scored cpu = score_with(&ls_backend_cpu, &batch, 2);
  ls_emu_reset();
  for (int32_t devices = 1; devices <= 4; devices += 3) {
    ls_emu_set_device_count(devices);
    const scored cuda = score_with(&ls_backend_cuda_emu, &batch, 1);
    expect_same_scores(&batch, &cpu, &cuda);
    EXPECT_LT_I64(0, ls_emu_allocation_count(devices - 1));
  }
  ls_emu_reset();
  sweep_space_destroy(&space);
}

/* The base follows from the draw's rows: as if the structures had been built with them. */
LS_TEST(Score, computes_the_base_of_each_draw)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "pod-512") && sweep_space_build(&space));
  const ls_problem *problem = space.problem;
  ls_structure *structures = shim_alloc(problem->structure_count * sizeof *structures);
  const uint64_t *ranks = ranks_create(problem, 2000);
  ls_problem *draws = draws_create(problem, 3);
  for (int32_t draw = 0; draw < 3; draw++) {
    ls_problem rebuilt = draws[draw];
    memcpy(structures, problem->structures, problem->structure_count * sizeof *structures);
    for (uint32_t i = 0; i < problem->structure_count; i++)
      if (!structures[i].violation_mask)
        ls_structure_base(&rebuilt, &structures[i], &structures[i].base,
                          structures[i].base_resource);
    rebuilt.structures = structures;
    ls_base base = {.structure = UINT32_MAX};
    for (int32_t i = 0; i < 2000; i++) {
      ls_score fresh, score;
      const uint32_t mask = ls_rank_score_fresh(&draws[draw], ranks[i], &base, &fresh);
      const ls_structure *structure = &structures[ls_rank_structure(problem, ranks[i])];
      if (structure->violation_mask) {
        EXPECT_EQ_U64(mask, structure->violation_mask);
        continue;
      }
      EXPECT_EQ_U64(mask, ls_rank_score(&rebuilt, ranks[i], &score));
      EXPECT_BYTES(&fresh, &score, sizeof score);
    }
  }
  sweep_space_destroy(&space);
}

LS_TEST(Score, nothing_to_score_is_done_at_once)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "lab-64") && sweep_space_build(&space));
  const uint64_t rank = 0;
  const ls_score_batch no_ranks = {space.problem, 1, &rank, 0};
  const ls_score_batch no_draws = {space.problem, 0, &rank, 1};
  EXPECT_STATUS(score_with(&ls_backend_cpu, &no_ranks, 2).status, LS_OK);
  EXPECT_STATUS(score_with(&ls_backend_cpu, &no_draws, 2).status, LS_OK);
  EXPECT_STATUS(score_with(&ls_backend_cuda_emu, &no_ranks, 2).status, LS_OK);
  EXPECT_STATUS(score_with(&ls_backend_cuda_emu, &no_draws, 2).status, LS_OK);
  sweep_space_destroy(&space);
}

LS_TEST(Score, stops_when_asked)
{
  sweep_space space;
  const int stop = 1;
  const uint64_t rank = 0;
  ls_score score;
  uint32_t mask;
  ASSERT_TRUE(sweep_space_read(&space, "lab-64") && sweep_space_build(&space));
  const ls_score_batch batch = {space.problem, 1, &rank, 1};
  const ls_score_options options = {.thread_count = 2, .stop = &stop};
  EXPECT_STATUS(ls_backend_cpu.score(&batch, &options, &score, &mask), LS_ERR_STOPPED);
  EXPECT_STATUS(ls_backend_cuda_emu.score(&batch, &options, &score, &mask), LS_ERR_STOPPED);
  sweep_space_destroy(&space);
}

/* Each runtime call fails once, on one device and on two: every time a clean error, and nothing
 * leaks. */
static void expect_clean_errors(const ls_score_batch *batch, int devices)
{
  int failures = 0;
  for (int nth = 1; nth < 200 && !shim_has_failed(); nth++) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    ls_emu_fail("*", nth, 2);
    const scored result = score_with(&ls_backend_cuda_emu, batch, 1);
    if (!ls_emu_has_failed()) break;
    /* A failing cudaFree comes too late to matter. */
    EXPECT_TRUE(result.status == LS_ERR_DEVICE || result.status == LS_OK);
    failures += result.status == LS_ERR_DEVICE;
    EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
  }
  EXPECT_LT_I64(10 * devices, failures);
  ls_emu_reset();
}

LS_TEST(Score, every_failing_call_is_a_clean_error)
{
  sweep_space space;
  const uint64_t ranks[] = {0, 5, 9};
  ASSERT_TRUE(sweep_space_read(&space, "lab-64") && sweep_space_build(&space));
  const ls_score_batch batch = {draws_create(space.problem, 2), 2, ranks, 3};
  expect_clean_errors(&batch, 1);
  expect_clean_errors(&batch, 2);
  sweep_space_destroy(&space);
}
