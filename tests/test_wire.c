/* The order/degree problem: lifts against the graphs they stand for, what searches keep up to date
 * against breadth-first search, known optima, equal answers on any number of threads and in any
 * instruction set, files, and what is refused. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../host/wire.h"
#include "../host/wire_arms.h"
#include "../host/wire_dense.h"
#include "../host/wire_seed.h"
#include "../kernels/dense_rows.h"
#include "../kernels/philox.h"
#include "resumed.h"
#include "shim/shim.h"

static bool never(void *context) { return context != NULL; }

static ls_wiring_measure measure_of(const ls_lift *lift)
{
  ls_wiring wiring;
  ls_wiring_measure measure = {.distance_sum = -1};
  EXPECT_EQ_I64(ls_lift_expand(lift, &wiring), LS_OK);
  EXPECT_EQ_I64(ls_wiring_measure_all(&wiring, 1, &measure), LS_OK);
  ls_wiring_destroy(&wiring);
  return measure;
}

/* ---- Lifts ---- */

/* The sum of a lift, times its group's order, is that of its graph both ways. */
static void lift_check(const ls_lift *lift)
{
  const ls_wiring_measure measure = measure_of(lift);
  const int64_t order = ls_group_order(&lift->group);
  EXPECT_EQ_I64(measure.unreachable, 0);
  EXPECT_EQ_I64(lift->sum * order, 2 * measure.distance_sum);
  EXPECT_LE_I64(measure.degree_max, lift->degree);
}

LS_TEST(Wire, lifts_keep_their_sum_down_to_no_symmetry)
{
  static const ls_group groups[] = {{1, 1, 1},  {12, 1, 1}, {7, 3, 2},  {16, 4, 5},
                                    {15, 2, 4}, {6, 2, 1},  {13, 4, 5}, {2, 2, 1}};
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    const ls_lift_run run = {
        .seed = i, .stream = 1, .evaluations = 500, .hot = -0.2, .cold = 0.02, .is_over = never};
    ls_lift *lift = NULL, *lower = NULL;
    ASSERT_STATUS(ls_lift_create(&groups[i], 9, 5, &lift), LS_OK);
    ls_lift_draw(lift, i, 2);
    EXPECT_TRUE(ls_lift_anneal(lift, &run) > 100);
    lift_check(lift);
    while (ls_lift_lower(lift, &lower) == LS_OK) {
      const ls_lift_run once = {.evaluations = 1, .hot = 1, .cold = 1, .is_over = never};
      const int64_t sum = lower->sum;
      EXPECT_EQ_I64(sum * ls_group_order(&lower->group), lift->sum * ls_group_order(&lift->group));
      EXPECT_EQ_I64(ls_lift_anneal(lower, &once), 1);
      EXPECT_EQ_I64(lower->sum, sum);
      lift_check(lower);
      ls_lift_destroy(lift);
      lift = lower;
    }
    EXPECT_EQ_I64(ls_group_order(&lift->group), 1);
    ls_lift_destroy(lift);
    if (shim_has_failed()) LS_TEST_FAIL("group %d x %d", groups[i].m, groups[i].k);
  }
}

LS_TEST(Wire, groups_are_groups)
{
  static const ls_group groups[] = {{7, 3, 2}, {16, 4, 5}, {9, 2, 8}, {10, 1, 1}, {4, 4, 1}};
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    const ls_group *group = &groups[i];
    const int32_t order = ls_group_order(group);
    for (int32_t x = 0; x < order; x++) {
      EXPECT_EQ_I64(ls_group_product(group, x, ls_group_inverse(group, x)), 0);
      for (int32_t y = 0; y < order; y++) {
        const int32_t z = (3 * x + 5 * y + 1) % order, xy = ls_group_product(group, x, y);
        EXPECT_EQ_I64(ls_group_product(group, xy, z),
                      ls_group_product(group, x, ls_group_product(group, y, z)));
      }
    }
  }
}

LS_TEST(Wire, annealing_ends_lower_than_it_began)
{
  const ls_group group = {16, 1, 1};
  ls_lift *lift = NULL;
  ASSERT_STATUS(ls_lift_create(&group, 8, 6, &lift), LS_OK);
  ls_lift_draw(lift, 1, 1);
  ls_lift_run run = {.evaluations = 1, .hot = 1, .cold = 1, .is_over = never};
  ls_lift_anneal(lift, &run);
  const int64_t begun = lift->sum;
  run = (ls_lift_run){.evaluations = 20000, .hot = -0.15, .cold = 0.015, .is_over = never};
  ls_lift_anneal(lift, &run);
  EXPECT_LT_I64(lift->sum, begun - begun / 20);
  lift_check(lift);
  ls_lift_destroy(lift);
}

/* ---- Dense graphs ---- */

LS_TEST(Wire, zeros_of_rows_are_counted_in_every_instruction_set)
{
  enum { BYTES = 5 * LS_DENSE_PITCH };
  static _Alignas(LS_DENSE_PITCH) uint8_t row[BYTES], less[BYTES], more[BYTES];
  static const char *const sets[] = {"avx512", "avx2"};
  for (int32_t i = 0; i < BYTES; i++) {
    const ls_philox_words words = ls_philox(1, 5, (uint64_t)i);
    row[i] = (uint8_t)(words.v[0] % 3 + words.v[1] % 2 * 128);
    less[i] = row[i] ? words.v[2] % 2 : 0;
    more[i] = words.v[3] % 2;
  }
  for (int32_t bytes = 0; bytes <= BYTES; bytes += LS_DENSE_PITCH) {
    int32_t zeros = 0;
    for (int32_t i = 0; i < bytes; i++) zeros += (row[i] - less[i] + more[i] == 0) - (row[i] == 0);
    for (int32_t k = 0; k < 2; k++) {
      setenv("LS_ISA", sets[k], 1);
      ls_dense_zeros *of = ls_dense_zeros_choose();
      unsetenv("LS_ISA");
      if (of) EXPECT_EQ_I64(of(row, less, more, bytes), zeros);
    }
  }
}

LS_TEST(Wire, common_neighbours_say_what_breadth_first_search_says)
{
  static const int32_t shapes[][2] = {{40, 7}, {41, 7}, {64, 8}, {133, 12}, {20, 18}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    ls_wiring circulant;
    const ls_lift_run run = {
        .seed = i, .evaluations = 100000, .hot = 1, .cold = 0.2, .is_over = never};
    ls_lift *lift = NULL;
    ASSERT_STATUS(ls_wire_seed_circulant(shapes[i][0], shapes[i][1], &circulant), LS_OK);
    ASSERT_STATUS(ls_wire_seed_fit(&circulant, shapes[i][0], shapes[i][1], 1, i, &lift), LS_OK);
    ls_wiring_destroy(&circulant);
    const ls_wiring_measure before = measure_of(lift);
    EXPECT_TRUE(ls_wire_dense_anneal(lift, &run) >= 0);
    const ls_wiring_measure after = measure_of(lift);
    EXPECT_LE_I64(after.distance_sum, before.distance_sum);
    EXPECT_EQ_I64(after.degree_max, shapes[i][1]);
    EXPECT_LE_I64(after.diameter, 3);
    ls_lift_destroy(lift);
  }
}

/* ---- Constructions that are made to fit ---- */

LS_TEST(Wire, graphs_are_made_to_fit)
{
  static const int32_t sizes[] = {50, 57, 53, 61, 51, 64};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    ls_wiring wiring;
    const char *name = NULL;
    ls_lift *lift = NULL;
    ASSERT_STATUS(ls_wire_seed_find(1, sizes[i], 8, &wiring, &name), LS_OK);
    EXPECT_STREQ(name, "polarity");
    ASSERT_STATUS(ls_wire_seed_fit(&wiring, sizes[i], 8, 1, 1, &lift), LS_OK);
    const ls_wiring_measure measure = measure_of(lift);
    int64_t unused = 0;
    for (int32_t dart = 0; dart < sizes[i] * 8; dart++) unused += lift->mate[dart] < 0;
    EXPECT_LE_I64(unused, 1);
    EXPECT_EQ_I64(measure.unreachable, 0);
    EXPECT_LE_I64(measure.diameter, 3);
    ls_wiring_destroy(&wiring);
    ls_lift_destroy(lift);
  }
  ls_wiring none;
  const char *name = NULL;
  EXPECT_STATUS(ls_wire_seed_find(1, 200, 8, &none, &name), LS_ERR_NO);
  EXPECT_STATUS(ls_wire_seed_find(0, 200, 8, &none, &name), LS_ERR_NO);
}

/* Hoffman and Singleton's graph has 50 nodes of degree 7: an eighth port costs none of its edges.
 */
LS_TEST(Wire, ports_more_than_a_construction_has_are_added)
{
  ls_wiring made, fit;
  const char *name = NULL;
  ls_lift *lift = NULL;
  ASSERT_STATUS(ls_wire_seed_find(0, 50, 8, &made, &name), LS_OK);
  ASSERT_STATUS(ls_wire_seed_fit(&made, 50, 8, 1, 1, &lift), LS_OK);
  ASSERT_STATUS(ls_lift_expand(lift, &fit), LS_OK);
  ls_wiring_normalize(&fit);
  EXPECT_EQ_I64(made.edge_count, 175);
  EXPECT_EQ_I64(fit.edge_count, 200);
  int64_t kept = 0;
  for (int64_t i = 0; i < made.edge_count; i++)
    for (int64_t k = 0; k < fit.edge_count; k++)
      kept += !memcmp(fit.edges[k], made.edges[i], sizeof *fit.edges);
  EXPECT_LE_I64(173, kept);
  ls_wiring_destroy(&fit);
  ls_wiring_destroy(&made);
  ls_lift_destroy(lift);
}

/* ---- Bounds ---- */

LS_TEST(Wire, bounds_are_those_of_moore)
{
  static const struct {
    int32_t nodes, degree;
    double mean;
  } cases[] = {{256, 10, 2.568627}, {1024, 8, 3.483871}, {4096, 8, 4.089621}, {50, 7, 1.857143}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const ls_moore bound = ls_moore_bound(cases[i].nodes, cases[i].degree);
    EXPECT_NEAR((double)bound.distance_sum / (cases[i].nodes - 1), cases[i].mean, 5e-7);
  }
  /* One of seven nodes has but two links: 2 + 2 * 4. */
  EXPECT_EQ_I64(ls_moore_total(7, 3).distance_sum, 6 * 9 + 10);
  EXPECT_EQ_I64(ls_moore_total(97, 95).distance_sum, 96 * 97 + 98);
  EXPECT_EQ_I64(ls_moore_total(8, 3).distance_sum, 8 * ls_moore_bound(8, 3).distance_sum);
  EXPECT_EQ_I64(ls_moore_bound(2, 1).distance_sum, 1);
  EXPECT_EQ_I64(ls_moore_bound(9, 2).diameter, 4);
}

LS_TEST(Wire, arms_divide_the_nodes)
{
  ls_wire_arms arms;
  ls_wire_arms_find(144, 5, 0, &arms);
  EXPECT_TRUE(arms.count > 10);
  for (int32_t i = 0; i < arms.count; i++)
    EXPECT_EQ_I64(arms.arms[i].base_count * ls_group_order(&arms.arms[i].group), 144);
  for (int32_t i = 0; i < arms.count; i++) EXPECT_EQ_I64(ls_wire_arms_choose(&arms), i);
  for (int32_t i = 0; i < arms.count; i++) arms.arms[i].best = i == 3 ? 2.5 : 2.6;
  EXPECT_EQ_I64(ls_wire_arms_choose(&arms), 3);
  /* 27 nodes of degree 3: an odd number of darts and no element that is its own inverse. */
  ls_wire_arms_find(27, 3, 0, &arms);
  EXPECT_EQ_I64(arms.count, 0);
}

/* ---- The command ---- */

static shim_result run(const char *const options[])
{
  const char *argv[24] = {LS_TEST_PROGRAM, "wire"};
  shim_result result = {.exit_code = -1};
  for (int i = 0; options[i]; i++) argv[i + 2] = options[i];
  shim_run(argv, NULL, &result);
  return result;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static json_t *answer_of(const shim_result *result)
{
  json_t *answer = json_loads(result->out, 0, NULL);
  EXPECT_EQ_I64(result->exit_code, 0);
  EXPECT_TRUE(answer != NULL);
  return answer;
}

static int64_t integer(const json_t *answer, const char *key)
{
  return json_integer_value(json_object_get(answer, key));
}

static void file_check(const char *path, const json_t *answer)
{
  ls_wiring wiring;
  ls_wiring_measure measure;
  ls_error error;
  ASSERT_STATUS(ls_wiring_read(path, &wiring, &error), LS_OK);
  ASSERT_STATUS(ls_wiring_measure_all(&wiring, 1, &measure), LS_OK);
  EXPECT_EQ_I64(wiring.node_count, integer(answer, "nodes"));
  EXPECT_EQ_I64(wiring.edge_count, integer(answer, "edges"));
  EXPECT_EQ_I64(measure.distance_sum, integer(answer, "distance_sum"));
  EXPECT_EQ_I64(measure.diameter, integer(answer, "diameter"));
  EXPECT_LE_I64(measure.degree_max, integer(answer, "degree"));
  EXPECT_EQ_I64(measure.unreachable, 0);
  ls_wiring_destroy(&wiring);
}

static void pair_check(const char *nodes, const char *degree, const char *evaluations,
                       double aspl_max)
{
  const char *path = shim_format("%s/%s-%s.txt", shim_folder(), nodes, degree);
  const shim_result result =
      RUN("--nodes", nodes, "--degree", degree, "--evaluations", evaluations, "-o", path, "--json");
  json_t *answer = answer_of(&result);
  const double n = atof(nodes), sum = (double)integer(answer, "distance_sum");
  const double aspl = json_real_value(json_object_get(answer, "aspl"));
  EXPECT_NEAR(aspl, 2 * sum / n / (n - 1), 1e-9);
  EXPECT_TRUE(json_is_true(json_object_get(answer, "connected")));
  EXPECT_TRUE(aspl >= json_real_value(json_object_get(answer, "aspl_bound")) - 1e-9);
  EXPECT_TRUE(aspl <= aspl_max);
  EXPECT_LE_I64(integer(answer, "diameter_bound"), integer(answer, "diameter"));
  EXPECT_TRUE(integer(answer, "evaluations") > 0);
  file_check(path, answer);
  json_decref(answer);
  if (shim_has_failed()) LS_TEST_FAIL("%s nodes of degree %s, %f", nodes, degree, aspl);
}

LS_TEST(Wire, finds_good_graphs)
{
  pair_check("50", "7", "1000", 1.857143);   /* Hoffman and Singleton: 2275 */
  pair_check("338", "19", "1000", 1.943621); /* 110695 */
  pair_check("10", "3", "3000", 1.666667);   /* Petersen */
  pair_check("64", "8", "30000", 2.0);
  pair_check("256", "8", "30000", 2.78);
  pair_check("1024", "32", "1000", 1.99805);
  pair_check("576", "30", "30000", 1.96);   /* 578 nodes of degree 25, made to fit */
  pair_check("256", "18", "30000", 1.975);  /* 242 nodes of degree 17 */
  pair_check("2048", "45", "3000", 2.112);  /* 1893 nodes of degree 44 */
  pair_check("97", "95", "1000", 1.010525); /* but 49 pairs are linked */
  pair_check("21", "2", "100", 5.5);
  pair_check("12", "11", "100", 1);
  pair_check("12", "10", "2000", 1.0909091);
  pair_check("101", "4", "20000", 3.6); /* a prime */
  pair_check("27", "3", "20000", 2.9);  /* one node is left with 2 */
  pair_check("3", "2", "10", 1);
  pair_check("2", "1", "10", 1);
}

/* What was found by then is told and written, by each kind of search. */
LS_TEST(Wire, stopped_by_a_signal_it_is_no_success)
{
  static const char *const pairs[][5] = {{"--nodes", "200", "--degree", "5", "500"},
                                         {"--nodes", "256", "--degree", "20", "2560"},
                                         {"--hosts", "256", "--radix", "12", ""}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    const char *edges = shim_format("%s/edges%zu.txt", shim_folder(), i);
    const char *told = shim_format("%s/told%zu", shim_folder(), i);
    const char *const words[] = {"wire", pairs[i][0], pairs[i][1],    pairs[i][2], pairs[i][3],
                                 "-o",   edges,       "--time-limit", "100",       NULL};
    const pid_t child = resumed_start(words, told);
    resumed_sleep(1000000);
    kill(child, SIGINT);
    EXPECT_EQ_I64(resumed_wait(child), 130);
    EXPECT_CONTAINS(shim_file_read(told, NULL), "bounded by stop");
    ls_wiring wiring;
    ASSERT_STATUS(ls_wiring_read(edges, &wiring, NULL), LS_OK);
    if (*pairs[i][4]) EXPECT_EQ_I64(wiring.edge_count, atoi(pairs[i][4]));
    ls_wiring_destroy(&wiring);
  }
}

/* However little time there is, there is a graph; evaluations bound it where time does not. */
LS_TEST(Wire, has_an_answer_in_no_time)
{
  static const char *const pairs[][4] = {{"--nodes", "200", "--degree", "5"},
                                         {"--nodes", "256", "--degree", "20"},
                                         {"--hosts", "256", "--radix", "12"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    const char *const *of = pairs[i];
    const shim_result soon = RUN(of[0], of[1], of[2], of[3], "--time-limit", "0.000001");
    EXPECT_EQ_I64(soon.exit_code, 0);
    EXPECT_CONTAINS(soon.out, "bounded by time");
    const shim_result few =
        RUN(of[0], of[1], of[2], of[3], "--time-limit", "100", "--evaluations", "1000");
    EXPECT_EQ_I64(few.exit_code, 0);
    EXPECT_CONTAINS(few.out, "bounded by evaluations");
  }
}

LS_TEST(Wire, same_bytes_on_any_threads_and_in_any_instruction_set)
{
  static const char *const pairs[][2] = {{"96", "5"}, {"73", "8"}, {"61", "3"}};
  static const char *const sets[] = {"avx512", "avx2", "scalar"};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    size_t size = 0, first_size = 0;
    char *first = NULL;
    for (int k = 0; k < 3; k++) {
      const char *path = shim_format("%s/edges%d.txt", shim_folder(), k);
      setenv("LS_ISA", sets[k], 1);
      const shim_result result =
          RUN("--nodes", pairs[i][0], "--degree", pairs[i][1], "--evaluations", "20000", "--seed",
              "5", "--threads", k == 1 ? "3" : "1", "-o", path);
      unsetenv("LS_ISA");
      EXPECT_EQ_I64(result.exit_code, 0);
      char *bytes = shim_file_read(path, &size);
      if (!k) {
        first = bytes;
        first_size = size;
        continue;
      }
      EXPECT_EQ_U64(size, first_size);
      EXPECT_BYTES(bytes, first, first_size);
    }
  }
}

LS_TEST(Wire, goes_on_from_a_file_and_never_to_something_worse)
{
  const char *path = shim_format("%s/edges.txt", shim_folder());
  const char *next = shim_format("%s/next.txt", shim_folder());
  const shim_result first =
      RUN("--nodes", "90", "--degree", "5", "--evaluations", "3000", "-o", path, "--json");
  const shim_result second = RUN("--nodes", "90", "--degree", "5", "--evaluations", "3000",
                                 "--start", path, "-o", next, "--json");
  const shim_result larger = RUN("--nodes", "93", "--degree", "6", "--evaluations", "300",
                                 "--start", path, "-o", next, "--json");
  json_t *one = answer_of(&first), *two = answer_of(&second), *three = answer_of(&larger);
  EXPECT_LE_I64(integer(two, "distance_sum"), integer(one, "distance_sum"));
  EXPECT_STREQ(json_string_value(json_object_get(two, "made_from")), "start");
  EXPECT_EQ_I64(integer(three, "edges"), 93 * 3);
  file_check(next, three);
  json_decref(one);
  json_decref(two);
  json_decref(three);
}

LS_TEST(Wire, takes_a_symmetry)
{
  const shim_result result =
      RUN("--nodes", "60", "--degree", "4", "--symmetry", "12", "--evaluations", "3000", "--json");
  json_t *answer = answer_of(&result);
  EXPECT_STREQ(json_string_value(json_object_get(answer, "made_from")), "lift");
  json_decref(answer);
}

/* ---- Mistakes ---- */

static void refusal_check(const shim_result *result, const char *text)
{
  EXPECT_EQ_I64(result->exit_code, 2);
  EXPECT_CONTAINS(result->err, text);
}

LS_TEST(Wire, refuses_what_cannot_be)
{
  const shim_result results[] = {RUN("--degree", "3"),
                                 RUN("--nodes", "10"),
                                 RUN("--nodes", "8", "--degree", "8"),
                                 RUN("--nodes", "8", "--degree", "1"),
                                 RUN("--nodes", "40000", "--degree", "3"),
                                 RUN("--nodes", "30000", "--degree", "300"),
                                 RUN("--nodes", "10", "--degree", "3", "--symmetry", "4"),
                                 RUN("--nodes", "10", "--degree", "3", "--evaluations", "0"),
                                 RUN("--nodes", "10", "--degree", "3", "--start", "/nowhere"),
                                 RUN("--nodes", "10", "--degree", "3", "--qaplib", "a")};
  static const char *const texts[] = {"--nodes is missing",
                                      "--degree is missing",
                                      "--degree must be less than the 8 nodes, got 8",
                                      "must be at least 2 to connect 8 nodes, got 1",
                                      "--nodes must be 1..32768, got 40000",
                                      "of 300 makes 30000 nodes too many",
                                      "--symmetry must divide the 10 nodes, got 4",
                                      "--evaluations must be 1..",
                                      "/nowhere",
                                      "qaplib is not an option of `lightspine wire`"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) refusal_check(&results[i], texts[i]);
}

LS_TEST(Wire, refuses_files_that_are_no_edge_lists)
{
  static const struct {
    const char *text, *told;
  } cases[] = {{"0 1\n1 x\n", "edges.txt:2: must be two nodes such as 0 1, got 1 x"},
               {"0 1 2\n", "edges.txt:1: must be two nodes"},
               {"0 1\n\n2 2\n", "edges.txt:3: an edge must join two different nodes, got 2 twice"},
               {"0 -1\n", "edges.txt:1: nodes must be 0..32767, got -1"},
               {"0 99999\n", "edges.txt:1: nodes must be 0..32767, got 99999"},
               {"\n", "edges.txt: holds no edge"},
               {"0 12\n", "has nodes up to 12, --nodes says 10"},
               {"0 1\n0 2\n0 3\n0 4\n", "has node 0 with 4 edges, --degree says 3"}};
  const char *path = shim_format("%s/edges.txt", shim_folder());
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    shim_file_write(path, cases[i].text, strlen(cases[i].text));
    const shim_result result = RUN("--nodes", "10", "--degree", "3", "--start", path);
    refusal_check(&result, cases[i].told);
  }
}

LS_TEST(Wire, says_when_the_file_cannot_be_written)
{
  const shim_result result =
      RUN("--nodes", "10", "--degree", "3", "--evaluations", "10", "-o", "/nowhere/edges.txt");
  EXPECT_EQ_I64(result.exit_code, 3);
  EXPECT_CONTAINS(result.err, "/nowhere/edges.txt");
}

/* ---- Memory ---- */

LS_TEST(Wire, gives_up_where_memory_ends)
{
  const ls_wire_options options = {.nodes = 24,
                                   .degree = 3,
                                   .seed = 1,
                                   .thread_count = 1,
                                   .evaluations = 50,
                                   .seconds = INFINITY,
                                   .deadline = INFINITY};
  ls_status status = LS_ERR_MEMORY;
  int nth = 1;
  for (; status == LS_ERR_MEMORY && nth < 1000; nth++) {
    ls_wire_result result = {.evaluations = 0};
    ls_error error;
    shim_memory_fail(nth);
    status = ls_wire_run(&options, &result, &error);
    shim_memory_fail(0);
    if (status == LS_OK) ls_wiring_destroy(&result.wiring);
  }
  EXPECT_STATUS(status, LS_OK);
  EXPECT_TRUE(nth > 20);
}
