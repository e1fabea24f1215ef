/* Placement: what searches keep up to date against the file's own cost, small instances against
 * all permutations, the bound against both, and equal answers on any number of threads. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "../host/assignment.h"
#include "../host/place.h"
#include "../host/qap_build.h"
#include "../kernels/backend.h"
#include "../kernels/isa.h"
#include "../kernels/qap_search.h"
#include "qap_cases.h"

LS_TEST(Place, draws_known_random_numbers)
{
  /* Known answers of Random123: counter and key of zeros, and of ones. */
  const ls_philox_words zeros = ls_philox(0, 0, 0), ones = ls_philox(~0ull, ~0ull, ~0ull);
  const uint32_t zeros_known[] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  const uint32_t ones_known[] = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
  EXPECT_BYTES(zeros.v, zeros_known, sizeof zeros_known);
  EXPECT_BYTES(ones.v, ones_known, sizeof ones_known);
}

/* ---- Incremental equals full ---- */

static void walk_check(const ls_qaplib *qaplib, ls_qap_width least,
                       const ls_qap_functions *functions)
{
  ls_qap *qap = NULL;
  ls_qap_state state;
  ls_error error;
  ASSERT_STATUS(ls_qap_create(qaplib, least, &qap, &error), LS_OK);
  ASSERT_STATUS(ls_qap_state_create(qap, &state), LS_OK);
  for (int32_t i = 0; i < qap->n; i++) state.p[i] = (i + 1) % qap->n;
  functions->begin(qap, &state);
  EXPECT_EQ_I64(state.cost, ls_qaplib_cost(qaplib, state.p));
  for (uint64_t step = 0; step < 100000; step++) {
    const ls_philox_words words = ls_philox(3, 5, step);
    const int32_t u = ls_philox_below(words.v[0], qap->n);
    const int32_t v = (u + 1 + ls_philox_below(words.v[1], qap->n - 1)) % qap->n;
    functions->swap(qap, &state, u, v, functions->delta(qap, &state, u, v));
  }
  EXPECT_EQ_I64(state.cost, ls_qaplib_cost(qaplib, state.p));
  ls_qap_state_destroy(&state);
  ls_qap_destroy(qap);
}

LS_TEST(Place, is_exact_after_many_swaps)
{
  for (int k = 0; k < QAP_KIND_COUNT; k++) {
    const ls_qaplib qaplib = qap_make(&qap_kinds[k], 1);
    for (int width = 0; width < LS_QAP_WIDTH_COUNT && !shim_has_failed(); width++) {
      ls_qap *qap = NULL;
      ASSERT_STATUS(ls_qap_create(&qaplib, (ls_qap_width)width, &qap, NULL), LS_OK);
      walk_check(&qaplib, (ls_qap_width)width, ls_qap_functions_choose(qap->width));
      ls_qap_destroy(qap);
    }
    if (shim_has_failed()) LS_TEST_FAIL("%s", qap_kinds[k].name);
  }
}

LS_TEST(Place, chooses_the_width_that_holds_everything)
{
  static const struct {
    int kind;
    ls_qap_width width;
    int32_t parts;
  } cases[] = {{0, LS_QAP_16, 1}, {1, LS_QAP_16, 1}, {3, LS_QAP_16, 2}, {7, LS_QAP_64, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const ls_qaplib qaplib = qap_make(&qap_kinds[cases[i].kind], 1);
    ls_qap *qap = NULL;
    ASSERT_STATUS(ls_qap_create(&qaplib, LS_QAP_16, &qap, NULL), LS_OK);
    EXPECT_EQ_I64(qap->width, cases[i].width);
    EXPECT_EQ_I64(qap->parts, cases[i].parts);
    ls_qap_destroy(qap);
  }
}

typedef struct run_answer {
  int64_t cost, best_cost, accepted, idle;
  int32_t p[64], best_p[64];
} run_answer;

/* Tempering, hot and then cold, twice each so that what is kept is used on; with a walk or not it
 * accepts the same. Returns the proposals accepted. */
static int64_t tempering_run(const ls_qap *qap, const ls_qap_functions *functions, ls_qap_run run,
                             ls_qap_state *state, int64_t *idle)
{
  int64_t sum = 0;
  for (int i = 0; i < 4; i++) {
    if (i == 2) run.temperature /= 16;
    run.stream++;
    EXPECT_EQ_I64(functions->temper(qap, state, &run), 3000);
    sum += state->accepted;
    *idle += state->idle;
    EXPECT_EQ_I64(state->walk && state->walk->is_kept, run.is_quiet);
  }
  return sum;
}

/* A run of tabu, then of tempering, then descent; what they say must be what the file says. */
static void searches_run(const ls_qaplib *qaplib, ls_qap_width least, ls_isa isa, bool has_walk,
                         run_answer *answer)
{
  static const ls_qap_functions *(*const search[LS_ISA_COUNT])(ls_qap_width) =
      LS_ISA_TABLE(ls_qap_search);
  ls_qap *qap = NULL;
  ls_qap_state state;
  ls_qap_tabu tabu;
  int32_t logarithms[LS_QAP_LOGARITHMS];
  ls_qap_run run = {
      .seed = 1, .stream = 9, .step_count = 3000, .target = INT64_MIN, .logarithms = logarithms};
  for (int i = 0; i < LS_QAP_LOGARITHMS; i++) logarithms[i] = 64 * (LS_QAP_LOGARITHMS - i);
  ASSERT_STATUS(ls_qap_create(qaplib, least, &qap, NULL), LS_OK);
  ASSERT_STATUS(ls_qap_state_create(qap, &state), LS_OK);
  if (has_walk) ASSERT_STATUS(ls_qap_walk_create(qap, &state), LS_OK);
  ASSERT_STATUS(ls_qap_tabu_create(qap, &tabu), LS_OK);
  run.is_quiet = has_walk;
  const ls_qap_functions *functions = search[isa](qap->width);
  for (int32_t i = 0; i < qap->n; i++) state.p[i] = i;
  functions->begin(qap, &state);
  run.temperature = 1 + llabs(state.cost) / qap->n / 50 % 1000000000 * 65536;
  EXPECT_EQ_I64(functions->tabu(qap, &state, &tabu, &run), 3000);
  const int64_t accepted = tempering_run(qap, functions, run, &state, &answer->idle);
  EXPECT_TRUE(accepted > 0);
  functions->descend(qap, &state);
  EXPECT_EQ_I64(state.cost, ls_qaplib_cost(qaplib, state.p));
  EXPECT_EQ_I64(state.best_cost, ls_qaplib_cost(qaplib, state.best_p));
  EXPECT_TRUE(state.best_cost <= state.cost);
  answer->cost = state.cost;
  answer->best_cost = state.best_cost;
  answer->accepted = accepted;
  memcpy(answer->p, state.p, (size_t)qap->n * sizeof *state.p);
  memcpy(answer->best_p, state.best_p, (size_t)qap->n * sizeof *state.p);
  ls_qap_tabu_destroy(&tabu);
  ls_qap_state_destroy(&state);
  ls_qap_destroy(qap);
}

LS_TEST(Place, searches_are_the_same_in_every_width_and_instruction_set)
{
  for (int k = 0; k < QAP_KIND_COUNT; k++) {
    const ls_qaplib qaplib = qap_make(&qap_kinds[k], 2);
    run_answer first = {0};
    searches_run(&qaplib, LS_QAP_16, LS_ISA_SCALAR, false, &first);
    /* Zeros and ones are a plateau, large numbers none. */
    if (qap_kinds[k].most == 1) EXPECT_TRUE(first.idle > 0 && first.idle < first.accepted);
    if (qap_kinds[k].most > 1000000) EXPECT_EQ_I64(first.idle, 0);
    for (int width = 0; width < LS_QAP_WIDTH_COUNT; width++)
      for (int isa = 0; isa <= (int)ls_isa_choose(); isa++)
        for (int has_walk = 0; has_walk < 2; has_walk++) {
          run_answer answer = {0};
          searches_run(&qaplib, (ls_qap_width)width, (ls_isa)isa, has_walk, &answer);
          EXPECT_BYTES(&answer, &first, sizeof first);
        }
    if (shim_has_failed()) LS_TEST_FAIL("%s", qap_kinds[k].name);
  }
}

/* ---- The best there is ---- */

static int64_t best_of_all(const ls_qaplib *qaplib, int32_t *p, int32_t fixed)
{
  if (fixed == qaplib->n) return ls_qaplib_cost(qaplib, p);
  int64_t best = INT64_MAX;
  for (int32_t i = fixed; i < qaplib->n; i++) {
    const int32_t kept = p[fixed];
    p[fixed] = p[i];
    p[i] = kept;
    const int64_t cost = best_of_all(qaplib, p, fixed + 1);
    if (cost < best) best = cost;
    p[i] = p[fixed];
    p[fixed] = kept;
  }
  return best;
}

static void result_equal(const ls_place_result *result, const ls_place_result *first, int32_t n)
{
  EXPECT_EQ_I64(result->cost, first->cost);
  EXPECT_EQ_I64(result->iterations, first->iterations);
  EXPECT_STREQ(result->arm, first->arm);
  EXPECT_BYTES(result->p, first->p, (size_t)n * sizeof *first->p);
}

static ls_place_options options_of(int64_t iterations, int32_t thread_count)
{
  return (ls_place_options){.seed = 1,
                            .thread_count = thread_count,
                            .iterations = iterations,
                            .deadline = INFINITY,
                            .target = INT64_MIN};
}

LS_TEST(Place, finds_the_best_of_all_permutations)
{
  for (int i = 0; i < 32; i++) {
    const qap_case made = {"", 1 + i % 8, i & 8 ? 1000000 : 9, i & 1, i & 2, i & 4, i & 16};
    const ls_qaplib qaplib = qap_make(&made, (uint64_t)i + 10);
    const ls_place_options options = options_of(3000, 1);
    int32_t p[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    ls_place_result result = {0};
    ASSERT_STATUS(ls_place_run(&qaplib, &options, &result, NULL), LS_OK);
    const int64_t best = best_of_all(&qaplib, p, 0);
    int64_t bound = 0;
    ASSERT_STATUS(ls_qap_bound(&qaplib, &bound, NULL), LS_OK);
    EXPECT_EQ_I64(result.cost, best);
    EXPECT_EQ_I64(ls_qaplib_cost(&qaplib, result.p), best);
    EXPECT_LE_I64(bound, best);
    if (made.n <= 2) EXPECT_EQ_I64(bound, best);
    free(result.p);
  }
}

/* The least sum that rows from here on can have. */
static int64_t least_of_all(const int64_t *cost, int32_t n, int32_t row, bool is_taken[8])
{
  int64_t best = row == n ? 0 : INT64_MAX;
  for (int32_t j = 0; row < n && j < n; j++) {
    if (is_taken[j]) continue;
    is_taken[j] = true;
    const int64_t sum = cost[row * n + j] + least_of_all(cost, n, row + 1, is_taken);
    if (sum < best) best = sum;
    is_taken[j] = false;
  }
  return best;
}

LS_TEST(Place, assigns_as_well_as_any_permutation)
{
  for (int i = 0; i < 20; i++) {
    const qap_case made = {"", 1 + i % 7, 1000, false, false, true, i & 1};
    const ls_qaplib qaplib = qap_make(&made, (uint64_t)i + 100);
    const int32_t n = made.n;
    int32_t to[8];
    bool is_taken[8] = {false};
    int64_t sum = 0, told = 0;
    ASSERT_STATUS(ls_assignment_solve(qaplib.a, n, to, &sum, NULL), LS_OK);
    for (int32_t row = 0; row < n; row++) told += qaplib.a[row * n + to[row]];
    EXPECT_EQ_I64(sum, told);
    EXPECT_EQ_I64(sum, least_of_all(qaplib.a, n, 0, is_taken));
  }
}

/* ---- Determinism ---- */

LS_TEST(Place, is_the_same_on_any_number_of_threads)
{
  for (int k = 0; k < 4; k++) {
    const ls_qaplib qaplib = qap_make(&qap_kinds[k], 3);
    ls_place_result first = {0};
    for (int32_t threads = 1; threads <= 3; threads++) {
      const ls_place_options options = options_of(200000, threads);
      ls_place_result result = {0};
      ASSERT_STATUS(ls_place_run(&qaplib, &options, &result, NULL), LS_OK);
      EXPECT_STREQ(result.bounded_by, "iterations");
      if (threads == 1) {
        first = result;
        continue;
      }
      result_equal(&result, &first, qaplib.n);
      free(result.p);
    }
    EXPECT_LE_I64(first.iterations, 200000);
    free(first.p);
  }
}

LS_TEST(Place, depends_on_the_replicas_and_not_on_who_runs_them)
{
  static const int32_t counts[] = {1, 2, LS_PLACE_REPLICAS, 37};
  const ls_qaplib qaplib = qap_make(&qap_kinds[1], 3);
  ls_place_result answers[4] = {{0}};
  for (int i = 0; i < 4; i++) {
    ls_place_options options = options_of(100003, 1);
    ls_place_result again = {0};
    options.replica_count = counts[i];
    ASSERT_STATUS(ls_place_run(&qaplib, &options, &answers[i], NULL), LS_OK);
    EXPECT_EQ_I64(answers[i].cost, ls_qaplib_cost(&qaplib, answers[i].p));
    options.thread_count = 2;
    if (counts[i] == LS_PLACE_REPLICAS) options.replica_count = 0;
    ASSERT_STATUS(ls_place_run(&qaplib, &options, &again, NULL), LS_OK);
    result_equal(&again, &answers[i], qaplib.n);
    free(again.p);
  }
  /* All tasks of a round do as many iterations: what is left over tells how many tasks there are.
   */
  EXPECT_EQ_I64(answers[0].iterations, 100003);
  EXPECT_EQ_I64(answers[2].iterations % (LS_PLACE_REPLICAS / 4), 0);
  EXPECT_TRUE(answers[3].iterations != answers[2].iterations);
  for (int i = 0; i < 4; i++) free(answers[i].p);
}

/* ---- The command ---- */

static json_t *place(const char *path, const char *option, const char *value, int exit_code)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "place", "--qaplib", path,
                              "--json",        option,  value,      NULL};
  shim_result result = {.exit_code = -1};
  shim_run(argv, NULL, &result);
  EXPECT_EQ_I64(result.exit_code, exit_code);
  return json_loads(result.out, 0, NULL);
}

static int64_t number(const json_t *answer, const char *key)
{
  return json_integer_value(json_object_get(answer, key));
}

LS_TEST(Place, tells_what_others_read)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[3], 4);
  json_t *answer = place(qap_write(&qaplib, "case"), "--iterations", "20000", 0);
  const json_t *permutation = json_object_get(answer, "permutation");
  int32_t p[64] = {0};
  EXPECT_EQ_I64(number(answer, "n"), qaplib.n);
  EXPECT_EQ_I64(number(answer, "seed"), 1);
  ASSERT_EQ_U64(json_array_size(permutation), (uint64_t)qaplib.n);
  for (size_t i = 0; i < (size_t)qaplib.n; i++)
    p[i] = (int32_t)json_integer_value(json_array_get(permutation, i)) - 1;
  EXPECT_EQ_I64(number(answer, "cost"), ls_qaplib_cost(&qaplib, p));
  EXPECT_LE_I64(number(answer, "bound"), number(answer, "cost"));
  EXPECT_TRUE(number(answer, "iterations") > 0 && number(answer, "iterations") <= 20000);
  EXPECT_TRUE(json_is_real(json_object_get(answer, "seconds")));
  EXPECT_STREQ(json_string_value(json_object_get(answer, "bounded_by")), "iterations");
  json_decref(answer);
}

LS_TEST(Place, ends_at_a_target_and_in_time)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[0], 5);
  const char *path = qap_write(&qaplib, "case");
  json_t *easy = place(path, "--target", "1000000000", 0);
  EXPECT_STREQ(json_string_value(json_object_get(easy, "bounded_by")), "target");
  /* On a machine that is busy elsewhere a short time may do for nothing. */
  static const char *const limits[] = {"0.2", "2", "20"};
  bool is_better = false;
  for (size_t i = 0; i < sizeof limits / sizeof *limits && !is_better; i++) {
    json_t *timed = place(path, "--time-limit", limits[i], 0);
    EXPECT_STREQ(json_string_value(json_object_get(timed, "bounded_by")), "time");
    EXPECT_LE_I64(number(timed, "cost"), number(easy, "cost"));
    is_better = number(timed, "cost") < number(easy, "cost");
    json_decref(timed);
  }
  EXPECT_TRUE(is_better);
  json_decref(easy);
}

LS_TEST(Place, refuses_what_it_cannot_read)
{
  json_t *missing = place("/nowhere.dat", NULL, NULL, 2);
  EXPECT_STREQ(json_string_value(json_object_get(json_object_get(missing, "error"), "file")),
               "/nowhere.dat");
  json_decref(missing);
  json_decref(place("/nowhere.dat", "--time-limit", "0", 2));
  json_decref(place("/nowhere.dat", "--iterations", "-1", 2));
  json_decref(place("/nowhere.dat", "--replicas", "0", 2));
  json_decref(place("/nowhere.dat", "--replicas", "65537", 2));
}

/* A GPU that is not there, or that 16 replicas would not fill, is no error where it is not asked
 * for. */
LS_TEST(Place, tells_what_does_the_work)
{
  const ls_qaplib qaplib = qap_make(&qap_kinds[2], 4);
  const char *path = qap_write(&qaplib, "case");
  const char *const argv[] = {LS_TEST_PROGRAM, "place",        "--qaplib", path,
                              "--json",        "--iterations", "2000",     NULL};
  shim_result result = {.exit_code = -1};
  shim_run(argv, NULL, &result);
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.err, "the CPU does the work: ");
  json_t *by_default = json_loads(result.out, 0, NULL);
  EXPECT_STREQ(json_string_value(json_object_get(by_default, "backend")), "cpu");
  EXPECT_EQ_I64(number(by_default, "replicas"), LS_PLACE_REPLICAS);
  json_decref(by_default);
  json_decref(place(path, "--backend", "abacus", 2));
  char text[256];
  if (ls_backend_cuda.probe(text, sizeof text) != LS_OK)
    json_decref(place(path, "--backend", "cuda", 3));
}

LS_TEST(Place, solves_small_instances_of_the_library)
{
  static const struct {
    const char *name;
    int64_t best;
  } cases[] = {{"nug12", 578}, {"nug30", 6124}};
  if (access(QAP_LIBRARY "nug12.dat", R_OK) != 0)
    LS_TEST_SKIP("the library's files do not lie in " QAP_LIBRARY);
  for (int i = 0; i < 2; i++) {
    const char *path = shim_format("%s%s.dat", QAP_LIBRARY, cases[i].name);
    json_t *answer = place(path, "--target", shim_format("%lld", (long long)cases[i].best), 0);
    EXPECT_EQ_I64(number(answer, "cost"), cases[i].best);
    json_decref(answer);
  }
}

LS_TEST(Place, reads_the_library_s_solutions)
{
  static const char *const names[] = {"nug12",  "nug30",  "sko64", "sko100a", "tai30a",
                                      "tai60a", "tai60b", "tho40", "wil50"};
  if (access(QAP_LIBRARY "nug12.dat", R_OK) != 0)
    LS_TEST_SKIP("the library's files do not lie in " QAP_LIBRARY);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    ls_qaplib qaplib;
    ls_qaplib_order order;
    int32_t p[128];
    int64_t bound = 0;
    ASSERT_STATUS(ls_qaplib_read(shim_format("%s%s.dat", QAP_LIBRARY, names[i]), &qaplib, NULL),
                  LS_OK);
    EXPECT_STATUS(ls_qaplib_solution_read(shim_format("%s%s.sln", QAP_LIBRARY, names[i]), &qaplib,
                                          p, &order, NULL),
                  LS_OK);
    EXPECT_TRUE(order != LS_QAPLIB_NEITHER);
    EXPECT_STATUS(ls_qap_bound(&qaplib, &bound, NULL), LS_OK);
    EXPECT_LE_I64(bound, ls_qaplib_cost(&qaplib, p));
    ls_qaplib_destroy(&qaplib);
  }
}
