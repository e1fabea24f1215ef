/* The order/radix problem: weighted sums and what the search says against breadth-first search,
 * small cases with known answers, equal answers on any number of threads, and what is refused. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../host/wire_hosts.h"
#include "../host/wire_ports.h"
#include "../kernels/apsp_steps.h"
#include "../kernels/isa.h"
#include "../kernels/philox.h"
#include "shim/shim.h"

/* ---- Weighted sums ---- */

/* A random graph whose node i bears i % 7 hosts, as an evaluation and, hosts first, as edges. */
static ls_apsp *weighted_create(int32_t nodes, int32_t degree, uint64_t seed, ls_wiring *wiring,
                                int32_t *hosts)
{
  ls_apsp *apsp = NULL;
  int32_t *count = calloc((size_t)nodes, sizeof *count);
  *hosts = 0;
  EXPECT_EQ_I64(ls_apsp_create(nodes, 1, nodes, degree, &apsp), LS_OK);
  for (int32_t i = 0; i < nodes; i++) *hosts += apsp->weight[i] = i % 7;
  EXPECT_EQ_I64(ls_wiring_create(*hosts + nodes, *hosts + (int64_t)nodes * degree, wiring), LS_OK);
  for (int32_t i = 0, host = 0; i < nodes; i++)
    for (int32_t k = 0; k < i % 7; k++) ls_wiring_add(wiring, host++, *hosts + i);
  for (uint64_t i = 0; i < (uint64_t)nodes * (uint64_t)degree; i++) {
    const ls_philox_words words = ls_philox(seed, 3, i);
    const int32_t a = ls_philox_below(words.v[0], nodes), b = ls_philox_below(words.v[1], nodes);
    if (a == b || count[a] == degree || count[b] == degree) continue;
    ls_apsp_dart_set(apsp, a, count[a]++, b, 0);
    ls_apsp_dart_set(apsp, b, count[b]++, a, 0);
    ls_wiring_add(wiring, *hosts + a, *hosts + b);
  }
  free(count);
  return apsp;
}

static int32_t tables_find(const ls_apsp_functions *tables[4])
{
  int32_t count = 0;
  tables[count++] = &ls_apsp_steps_scalar;
#ifdef LS_HAVE_X86_ISA
  if (ls_isa_choose() >= LS_ISA_AVX2) tables[count++] = &ls_apsp_steps_avx2;
  if (ls_isa_choose() >= LS_ISA_AVX512) tables[count++] = &ls_apsp_steps_avx512;
  if (ls_isa_choose() >= LS_ISA_AVX512 && __builtin_cpu_supports("avx512vpopcntdq"))
    tables[count++] = &ls_apsp_steps_avx512_narrow;
#endif
  return count;
}

LS_TEST(WireHosts, weighted_sums_are_those_of_hosts)
{
  static const int32_t shapes[][2] = {{9, 3}, {64, 4}, {130, 5}, {300, 3}, {500, 6}, {40, 1}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    const ls_apsp_functions *tables[4];
    const int32_t table_count = tables_find(tables);
    ls_wiring wiring;
    ls_wiring_measure measure;
    int32_t hosts;
    ls_apsp *apsp = weighted_create(shapes[i][0], shapes[i][1], i, &wiring, &hosts);
    ASSERT_STATUS(ls_wiring_measure_first(&wiring, hosts, 1, &measure), LS_OK);
    const int64_t pairs = (int64_t)hosts * (hosts - 1) / 2 - measure.unreachable;
    const int64_t sum = 2 * (measure.distance_sum - 2 * pairs + measure.unreachable * shapes[i][0]);
    for (int32_t k = 0; k < table_count; k++) {
      EXPECT_EQ_I64(ls_apsp_weighted_by(tables[k], apsp, INT64_MAX).distance, sum);
      EXPECT_FALSE(ls_apsp_weighted_by(tables[k], apsp, sum).is_aborted);
      EXPECT_TRUE(ls_apsp_weighted_by(tables[k], apsp, sum - 1).is_aborted);
    }
    ls_apsp_destroy(apsp);
    ls_wiring_destroy(&wiring);
    if (shim_has_failed()) LS_TEST_FAIL("%d nodes", shapes[i][0]);
  }
}

/* ---- Ports ---- */

static bool never(void *context) { return context != NULL; }

LS_TEST(WireHosts, ports_keep_hosts_and_links)
{
  enum { SWITCHES = 12, RADIX = 6, EACH = 3 };
  const ls_lift_run run = {.evaluations = 5000, .hot = 20, .cold = 1, .is_over = never};
  ls_ports *ports = NULL;
  ASSERT_STATUS(ls_ports_create(SWITCHES, RADIX, &ports), LS_OK);
  for (int32_t i = 0; i < SWITCHES; i++) {
    const int32_t next = (i + 1) % SWITCHES;
    ports->port[i * RADIX] = next * RADIX + 1;
    ports->port[next * RADIX + 1] = i * RADIX;
    for (int32_t k = 0; k < EACH; k++) ports->port[i * RADIX + 2 + k] = LS_PORT_HOST;
  }
  EXPECT_TRUE(ls_ports_anneal(ports, &run) > 1000);
  int32_t hosts = 0, links = 0;
  for (int32_t x = 0; x < SWITCHES * RADIX; x++) {
    hosts += ports->port[x] == LS_PORT_HOST;
    links += ports->port[x] >= 0;
    if (ports->port[x] >= 0) EXPECT_EQ_I64(ports->port[ports->port[x]], x);
  }
  EXPECT_EQ_I64(hosts, SWITCHES * EACH);
  EXPECT_EQ_I64(links, 2 * SWITCHES);
  /* A ring of 12 has 36 links to all from each; 3 hosts on either side. */
  EXPECT_LT_I64(ports->sum, (int64_t)SWITCHES * 36 * EACH * EACH);
  ls_ports_destroy(ports);
}

/* ---- The command ---- */

static shim_result run_with(const char *const options[])
{
  const char *argv[24] = {LS_TEST_PROGRAM, "wire"};
  shim_result result = {.exit_code = -1};
  for (int i = 0; options[i]; i++) argv[i + 2] = options[i];
  shim_run(argv, NULL, &result);
  return result;
}

#define RUN(...) run_with((const char *const[]){__VA_ARGS__, NULL})

static int64_t integer(const json_t *answer, const char *key)
{
  return json_integer_value(json_object_get(answer, key));
}

static void case_check(const char *hosts, const char *radix, const char *evaluations, double most)
{
  const char *path = shim_format("%s/%s-%s.txt", shim_folder(), hosts, radix);
  const shim_result result =
      RUN("--hosts", hosts, "--radix", radix, "--evaluations", evaluations, "-o", path, "--json");
  json_t *answer = json_loads(result.out, 0, NULL);
  ls_wiring wiring;
  ls_wiring_measure measure;
  EXPECT_EQ_I64(result.exit_code, 0);
  ASSERT_STATUS(ls_wiring_read(path, &wiring, NULL), LS_OK);
  ASSERT_STATUS(ls_wiring_measure_first(&wiring, atoi(hosts), 2, &measure), LS_OK);
  const double haspl = json_real_value(json_object_get(answer, "haspl")), n = atof(hosts);
  EXPECT_EQ_I64(measure.distance_sum, integer(answer, "distance_sum"));
  EXPECT_EQ_I64(wiring.node_count, atoi(hosts) + integer(answer, "switch_count"));
  EXPECT_EQ_I64(measure.unreachable, 0);
  EXPECT_LE_I64(measure.degree_max, atoi(radix));
  EXPECT_NEAR(haspl, 2 * (double)measure.distance_sum / n / (n - 1), 1e-9);
  EXPECT_TRUE(haspl >= json_real_value(json_object_get(answer, "haspl_bound")) - 1e-9);
  EXPECT_LE_I64(integer(answer, "diameter_bound"), measure.diameter);
  EXPECT_TRUE(haspl <= most);
  ls_wiring_destroy(&wiring);
  json_decref(answer);
  if (shim_has_failed()) LS_TEST_FAIL("%s hosts, radix %s: %f", hosts, radix, haspl);
}

LS_TEST(WireHosts, finds_good_networks)
{
  case_check("20", "24", "100", 2);            /* one switch */
  case_check("6", "4", "1000", 2.6);           /* two of three hosts: 6 pairs at 2, 9 at 3 */
  case_check("128", "24", "100000", 2.878445); /* eight, all joined, with 7 times 17 hosts and 9 */
  case_check("432", "12", "100000", 4.3449);
  case_check("60", "6", "20000", 4.28);
}

LS_TEST(WireHosts, same_bytes_on_any_threads)
{
  size_t size[2] = {0, 0};
  char *bytes[2];
  for (int k = 0; k < 2; k++) {
    const char *path = shim_format("%s/edges%d.txt", shim_folder(), k);
    const shim_result result = RUN("--hosts", "100", "--radix", "8", "--evaluations", "20000",
                                   "--threads", k ? "3" : "1", "-o", path);
    EXPECT_EQ_I64(result.exit_code, 0);
    bytes[k] = shim_file_read(path, &size[k]);
  }
  ASSERT_EQ_U64(size[0], size[1]);
  EXPECT_BYTES(bytes[0], bytes[1], size[0]);
}

LS_TEST(WireHosts, bounds_hold)
{
  /* 23 ports at two links, 18 of them hosts, lead to the other 109. */
  EXPECT_EQ_I64(ls_hosts_bound(128, 24).distance_sum, 3 * 127 - 18);
  EXPECT_EQ_I64(ls_hosts_bound(24, 24).distance_sum, 46);
  EXPECT_EQ_I64(ls_hosts_bound(25, 24).distance_sum, 24 * 3 - 22);
  EXPECT_EQ_I64(ls_hosts_bound(25, 24).diameter, 3);
}

LS_TEST(WireHosts, refuses_what_cannot_be)
{
  static const struct {
    const char *options[7];
    int exit_code;
    const char *told;
  } cases[] = {{{"--hosts", "10"}, 2, "--radix is missing"},
               {{"--hosts", "10", "--radix", "2"}, 2, "--radix must be 3..256, got 2"},
               {{"--hosts", "1", "--radix", "4"}, 2, "--hosts must be at least 2, got 1"},
               {{"--hosts", "99999", "--radix", "4"}, 2, "hosts must be 1..16384, got 99999"},
               {{"--hosts", "9", "--radix", "4", "--nodes", "9"}, 2, "--nodes does not go with"},
               {{"--hosts", "9", "--radix", "4", "--backend=cpu"}, 2, "--backend does not go with"},
               {{"--nodes", "9", "--degree", "4", "--radix", "9"}, 2, "--radix goes with --hosts"},
               {{"--hosts", "9000", "--radix", "8"}, 1, "find no room on 512 switches"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const shim_result result = run_with(cases[i].options);
    EXPECT_EQ_I64(result.exit_code, cases[i].exit_code);
    EXPECT_CONTAINS(result.err, cases[i].told);
  }
}

LS_TEST(WireHosts, gives_up_where_memory_ends)
{
  const ls_hosts_options options = {.hosts = 20,
                                    .radix = 6,
                                    .seed = 1,
                                    .thread_count = 1,
                                    .evaluations = 100,
                                    .seconds = INFINITY,
                                    .deadline = INFINITY};
  ls_status status = LS_ERR_MEMORY;
  int nth = 1;
  for (; status == LS_ERR_MEMORY && nth < 3000; nth++) {
    ls_hosts_result result = {.evaluations = 0};
    ls_error error;
    shim_memory_fail(nth);
    status = ls_hosts_run(&options, &result, &error);
    shim_memory_fail(0);
    if (status == LS_OK) ls_wiring_destroy(&result.wiring);
  }
  EXPECT_STATUS(status, LS_OK);
  EXPECT_TRUE(nth > 50);
}

/* Switches that serve no host are neither there nor counted, and all others are reached. */
LS_TEST(WireHosts, leaves_out_switches_that_serve_nobody)
{
  static const char *const pairs[][2] = {{"6", "3"}, {"5", "3"}, {"13", "5"}, {"17", "5"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    const char *path = shim_format("%s/edges.txt", shim_folder());
    const shim_result result = RUN("--hosts", pairs[i][0], "--radix", pairs[i][1], "--evaluations",
                                   "20000", "-o", path, "--json");
    EXPECT_EQ_I64(result.exit_code, 0);
    ls_wiring wiring;
    ls_wiring_measure all;
    ASSERT_STATUS(ls_wiring_read(path, &wiring, NULL), LS_OK);
    ASSERT_STATUS(ls_wiring_measure_all(&wiring, 2, &all), LS_OK);
    EXPECT_EQ_I64(all.unreachable, 0);
    const char *count = shim_format("\"switch_count\": %d,", wiring.node_count - atoi(pairs[i][0]));
    EXPECT_CONTAINS(result.out, count);
    ls_wiring_destroy(&wiring);
  }
}
