/* Placement on CUDA, executed by the emulation: batches against the CPU's functions, number by
 * number, whole searches, several devices, and every call that can fail. */
#include <math.h>
#include <stdlib.h>

#include "../host/place.h"
#include "../host/qap_build.h"
#include "cuda_emu/emu_control.h"
#include "qap_cases.h"

extern const ls_qap_backend ls_qap_cuda_emu;

enum { TASK_COUNT = 5, PROPOSALS = 1500, MOVES = 50 };

typedef enum way { TEMPER, TABU } way;

/* Tasks of a batch with their states. */
typedef struct tasks_of {
  ls_qap *qap;
  ls_qap_state states[TASK_COUNT];
  ls_qap_task tasks[TASK_COUNT];
  int32_t logarithms[LS_QAP_LOGARITHMS];
} tasks_of;

static bool always(void *context)
{
  (void)context;
  return true;
}

/* Different streams and temperatures, from different permutations; one has less to do. */
static void tasks_make(const ls_qaplib *qaplib, ls_qap_width least, way which, tasks_of *made)
{
  const ls_qap_functions *functions;
  ASSERT_STATUS(ls_qap_create(qaplib, least, &made->qap, NULL), LS_OK);
  functions = ls_qap_functions_choose(made->qap->width);
  for (int i = 0; i < LS_QAP_LOGARITHMS; i++)
    made->logarithms[i] = (int32_t)(65536 * -log((i + 0.5) / LS_QAP_LOGARITHMS));
  for (int t = 0; t < TASK_COUNT; t++) {
    ls_qap_state *state = &made->states[t];
    const int32_t n = made->qap->n;
    ASSERT_STATUS(ls_qap_state_create(made->qap, state), LS_OK);
    for (int32_t i = 0; i < n; i++) state->p[i] = (i + t) % n;
    functions->begin(made->qap, state);
    made->tasks[t] =
        (ls_qap_task){.state = state,
                      .run = {.seed = 3,
                              .stream = (uint64_t)t + 7,
                              .step_count = (which == TEMPER ? PROPOSALS : MOVES) - 7 * (t == 2),
                              .target = INT64_MIN,
                              .temperature = (1 + llabs(state->cost) / n / (20 << t)) << 14,
                              .logarithms = made->logarithms}};
  }
}

static void tasks_destroy(tasks_of *made)
{
  for (int t = 0; t < TASK_COUNT; t++) ls_qap_state_destroy(&made->states[t]);
  ls_qap_destroy(made->qap);
}

static void run_here(tasks_of *made, way which)
{
  const ls_qap_functions *functions = ls_qap_functions_choose(made->qap->width);
  ls_qap_tabu tabu;
  ASSERT_STATUS(ls_qap_tabu_create(made->qap, &tabu), LS_OK);
  for (int t = 0; t < TASK_COUNT; t++) {
    ls_qap_task *task = &made->tasks[t];
    if (which == TEMPER)
      task->done = functions->temper(made->qap, task->state, &task->run);
    else
      task->done = functions->tabu(made->qap, task->state, &tabu, &task->run);
  }
  ls_qap_tabu_destroy(&tabu);
}

static ls_status run_there(tasks_of *made, way which)
{
  ls_qap_device *device = NULL;
  ls_status status = ls_qap_cuda_emu.create(made->qap, TASK_COUNT, &device);
  if (status != LS_OK) return status;
  if (which == TEMPER)
    status = ls_qap_cuda_emu.temper(device, made->tasks, TASK_COUNT);
  else
    status = ls_qap_cuda_emu.tabu(device, made->tasks, TASK_COUNT);
  ls_qap_cuda_emu.destroy(device);
  return status;
}

static void tasks_equal(const tasks_of *there, const tasks_of *here)
{
  const size_t bytes = (size_t)here->qap->n * sizeof(int32_t);
  for (int t = 0; t < TASK_COUNT; t++) {
    const ls_qap_state *a = &there->states[t], *b = &here->states[t];
    EXPECT_EQ_I64(there->tasks[t].done, here->tasks[t].done);
    EXPECT_EQ_I64(a->cost, b->cost);
    EXPECT_EQ_I64(a->best_cost, b->best_cost);
    EXPECT_EQ_I64(a->accepted, b->accepted);
    EXPECT_EQ_I64(a->idle, b->idle);
    EXPECT_BYTES(a->p, b->p, bytes);
    EXPECT_BYTES(a->best_p, b->best_p, bytes);
  }
}

/* Both with a change by the test; NULL: none. */
static void batch_check(const ls_qaplib *qaplib, ls_qap_width least, way which,
                        void (*change)(tasks_of *made))
{
  tasks_of here, there;
  tasks_make(qaplib, least, which, &here);
  tasks_make(qaplib, least, which, &there);
  if (change) change(&here);
  if (change) change(&there);
  run_here(&here, which);
  EXPECT_STATUS(run_there(&there, which), LS_OK);
  tasks_equal(&there, &here);
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
  tasks_destroy(&here);
  tasks_destroy(&there);
}

/* In every width that holds the kind. */
static void kind_check(const ls_qaplib *qaplib, way which)
{
  for (int width = 0; width < LS_QAP_WIDTH_COUNT && !shim_has_failed(); width++) {
    ls_qap *qap = NULL;
    ASSERT_STATUS(ls_qap_create(qaplib, (ls_qap_width)width, &qap, NULL), LS_OK);
    const bool is_held = qap->width == (ls_qap_width)width;
    ls_qap_destroy(qap);
    if (is_held) batch_check(qaplib, (ls_qap_width)width, which, NULL);
  }
}

static void kinds_check(way which)
{
  ls_emu_reset();
  for (int k = 0; k < QAP_KIND_COUNT && !shim_has_failed(); k++) {
    ls_emu_set_seed((uint64_t)k + 1);
    const ls_qaplib qaplib = qap_make(&qap_kinds[k], 6);
    kind_check(&qaplib, which);
    if (shim_has_failed()) LS_TEST_FAIL("%s", qap_kinds[k].name);
  }
}

LS_TEST(PlaceCuda, tempering_is_that_of_the_cpu) { kinds_check(TEMPER); }

LS_TEST(PlaceCuda, tabu_search_is_that_of_the_cpu) { kinds_check(TABU); }

/* Nothing but permutations and rows finds room in shared memory: there is little, or n is large. */
LS_TEST(PlaceCuda, is_the_same_without_room_in_shared_memory)
{
  ls_emu_reset();
  ls_emu_set_shared_optin(2400);
  for (int k = 0; k < 5; k += 4) {
    const ls_qaplib qaplib = qap_make(&qap_kinds[k], 6);
    batch_check(&qaplib, LS_QAP_16, TEMPER, NULL);
    batch_check(&qaplib, LS_QAP_16, TABU, NULL);
  }
  ls_emu_reset();
  const qap_case large = {"large", 251, 20, false, false, true, false};
  const ls_qaplib qaplib = qap_make(&large, 6);
  batch_check(&qaplib, LS_QAP_16, TEMPER, NULL);
  batch_check(&qaplib, LS_QAP_16, TABU, NULL);
}

/* Several devices share a batch, and a device's blocks take islands in turn. */
LS_TEST(PlaceCuda, is_the_same_on_several_devices)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[1], 6);
  for (int devices = 2; devices <= 4; devices += 2) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    batch_check(&qaplib, LS_QAP_16, TEMPER, NULL);
    batch_check(&qaplib, LS_QAP_16, TABU, NULL);
  }
  ls_emu_reset();
}

/* What each task reaches. */
static int64_t reached[TASK_COUNT];

static void targets_set(tasks_of *made)
{
  for (int t = 0; t < TASK_COUNT; t++) made->tasks[t].run.target = reached[t];
}

static void targets_check(const ls_qaplib *qaplib, way which)
{
  tasks_of made;
  tasks_make(qaplib, LS_QAP_16, which, &made);
  run_here(&made, which);
  for (int t = 0; t < TASK_COUNT; t++) reached[t] = made.states[t].best_cost;
  tasks_destroy(&made);
  batch_check(qaplib, LS_QAP_16, which, targets_set);
}

static void end_at_once(tasks_of *made)
{
  for (int t = 0; t < TASK_COUNT; t++) made->tasks[t].run.is_over = always;
}

LS_TEST(PlaceCuda, ends_at_targets_and_when_it_is_over)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[0], 6);
  ls_emu_reset();
  for (int which = TEMPER; which <= TABU; which++) {
    targets_check(&qaplib, (way)which);
    batch_check(&qaplib, LS_QAP_16, (way)which, end_at_once);
  }
}

/* ---- Whole searches ---- */

/* A backend is forced. */
static ls_status search(const ls_qaplib *qaplib, const ls_qap_backend *backend, int32_t replicas,
                        int32_t threads, ls_place_result *result)
{
  const ls_place_options options = {.seed = 1,
                                    .thread_count = threads,
                                    .replica_count = replicas,
                                    .backend = backend,
                                    .is_backend_forced = true,
                                    .iterations = 1200,
                                    .deadline = INFINITY,
                                    .target = INT64_MIN};
  return ls_place_run(qaplib, &options, result, NULL);
}

static void search_check(const qap_case *kind, int32_t replicas)
{
  const ls_qaplib qaplib = qap_make(kind, 7);
  ls_place_result here = {0}, there = {0};
  ASSERT_STATUS(search(&qaplib, NULL, replicas, 2, &here), LS_OK);
  ASSERT_STATUS(search(&qaplib, &ls_qap_cuda_emu, replicas, 1 + replicas % 2, &there), LS_OK);
  EXPECT_TRUE(there.backend == &ls_qap_cuda_emu && here.backend == NULL);
  EXPECT_EQ_I64(there.cost, here.cost);
  EXPECT_EQ_I64(there.cost, ls_qaplib_cost(&qaplib, there.p));
  EXPECT_EQ_I64(there.iterations, here.iterations);
  EXPECT_STREQ(there.arm, here.arm);
  EXPECT_STREQ(there.bounded_by, here.bounded_by);
  EXPECT_BYTES(there.p, here.p, (size_t)qaplib.n * sizeof *here.p);
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
  free(here.p);
  free(there.p);
  if (shim_has_failed()) LS_TEST_FAIL("%s, %d replicas", kind->name, replicas);
}

LS_TEST(PlaceCuda, searches_are_those_of_the_cpu)
{
  static const qap_case one = {"one", 1, 9, false, false, true, false};
  static const int kinds[] = {0, 3, 4, 7, 8, 9};
  ls_emu_reset();
  for (int i = 0; i < 6; i++) search_check(&qap_kinds[kinds[i]], LS_PLACE_REPLICAS);
  search_check(&one, LS_PLACE_REPLICAS);
}

LS_TEST(PlaceCuda, searches_of_any_replicas_are_those_of_the_cpu)
{
  ls_emu_reset();
  search_check(&qap_kinds[1], 5);
  search_check(&qap_kinds[1], 37);
}

/* Each runtime call of a batch fails once, on one device and on two: every time a clean error, and
 * nothing leaks. */
LS_TEST(PlaceCuda, every_failing_call_is_a_clean_error)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[8], 6);
  tasks_of made;
  tasks_make(&qaplib, LS_QAP_16, TABU, &made);
  for (int devices = 1; devices <= 2; devices++) {
    int failures = 0;
    for (int nth = 1; nth < 200 && !shim_has_failed(); nth++) {
      ls_emu_reset();
      ls_emu_set_device_count(devices);
      ls_emu_fail("*", nth, 2);
      const ls_status status = run_there(&made, nth & 1 ? TABU : TEMPER);
      if (!ls_emu_has_failed()) break;
      /* A failing cudaFree comes too late to matter. */
      EXPECT_TRUE(status == LS_ERR_DEVICE || status == LS_OK);
      failures += status == LS_ERR_DEVICE;
      EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
    }
    EXPECT_LT_I64(30 * devices, failures);
  }
  ls_emu_reset();
  tasks_destroy(&made);
}

/* A search whose device fails on its way says so, and gives no answer. */
LS_TEST(PlaceCuda, a_failing_device_ends_the_search)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[8], 6);
  ls_place_result result = {0};
  ls_emu_reset();
  ls_emu_fail("cudaLaunchKernelEx", 3, 719);
  EXPECT_STATUS(search(&qaplib, &ls_qap_cuda_emu, 4, 1, &result), LS_ERR_DEVICE);
  EXPECT_TRUE(ls_emu_has_failed() && result.p == NULL);
  ls_emu_reset();
  ls_emu_set_device_count(0);
  EXPECT_STATUS(search(&qaplib, &ls_qap_cuda_emu, 4, 1, &result), LS_ERR_DEVICE);
  ls_emu_reset();
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}

/* Where nobody insists on a device, the CPU goes on from the start, to the same answer. */
LS_TEST(PlaceCuda, the_cpu_stands_in_for_a_failing_device)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[2], 6);
  ls_place_options options = {.seed = 1,
                              .thread_count = 1,
                              .replica_count = 4,
                              .iterations = 2000,
                              .deadline = INFINITY,
                              .target = INT64_MIN};
  ls_place_result here = {0}, there = {0};
  ASSERT_STATUS(ls_place_run(&qaplib, &options, &here, NULL), LS_OK);
  options.backend = &ls_qap_cuda_emu;
  ls_emu_reset();
  ls_emu_fail("cudaLaunchKernelEx", 3, 719);
  ASSERT_STATUS(ls_place_run(&qaplib, &options, &there, NULL), LS_OK);
  EXPECT_TRUE(ls_emu_has_failed() && there.backend == NULL);
  EXPECT_EQ_I64(there.cost, here.cost);
  EXPECT_BYTES(there.p, here.p, (size_t)qaplib.n * sizeof *here.p);
  free(here.p);
  free(there.p);
  ls_emu_reset();
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}
