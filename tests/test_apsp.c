/* All-pairs shortest paths in sets of bits against breadth-first search, in every instruction set;
 * lifts against the graphs they stand for; and the constructions whose sums are known. */
#include <stdlib.h>

#include "../host/field.h"
#include "../host/wire_known.h"
#include "../host/wiring.h"
#include "../kernels/apsp.h"
#include "../kernels/apsp_steps.h"
#include "../kernels/isa.h"
#include "../kernels/philox.h"
#include "shim/shim.h"

/* ---- Both ways to measure a graph ---- */

static ls_apsp *apsp_of(const ls_wiring *wiring)
{
  ls_apsp *apsp = NULL;
  ls_wiring_measure measure;
  int32_t *count = calloc((size_t)wiring->node_count, sizeof *count);
  EXPECT_EQ_I64(ls_wiring_measure_all(wiring, 1, &measure), LS_OK);
  EXPECT_EQ_I64(
      ls_apsp_create(wiring->node_count, 1, wiring->node_count, measure.degree_max, &apsp), LS_OK);
  for (int64_t i = 0; i < wiring->edge_count; i++)
    for (int32_t end = 0; end < 2; end++) {
      const int32_t v = wiring->edges[i][end], w = wiring->edges[i][1 - end];
      for (int32_t j = count[v]++; j < measure.degree_max; j++) ls_apsp_dart_set(apsp, v, j, w, 0);
    }
  free(count);
  return apsp;
}

static int32_t tables_find(const ls_apsp_functions *tables[5])
{
  int32_t count = 0;
  tables[count++] = &ls_apsp_steps_scalar;
#ifdef LS_HAVE_X86_ISA
  if (ls_isa_choose() >= LS_ISA_AVX2) tables[count++] = &ls_apsp_steps_avx2;
  if (ls_isa_choose() >= LS_ISA_AVX512) tables[count++] = &ls_apsp_steps_avx512;
  if (ls_isa_choose() >= LS_ISA_AVX512 && __builtin_cpu_supports("avx512vpopcntdq")) {
    tables[count++] = &ls_apsp_steps_avx512_count;
    tables[count++] = &ls_apsp_steps_avx512_narrow;
  }
#endif
  return count;
}

/* Every instruction set must find what breadth-first search finds, copies times over. */
static void sums_check(ls_apsp *apsp, const ls_wiring *wiring, int64_t copies)
{
  const ls_apsp_functions *tables[5];
  const int32_t table_count = tables_find(tables);
  ls_wiring_measure measure;
  ASSERT_STATUS(ls_wiring_measure_all(wiring, 1, &measure), LS_OK);
  const int64_t pairs = 2 * measure.unreachable;
  for (int32_t i = 0; i < table_count; i++) {
    const ls_apsp_sum sum = ls_apsp_evaluate_by(tables[i], apsp, INT64_MAX);
    EXPECT_EQ_I64(sum.unreachable * copies, pairs);
    EXPECT_EQ_I64(sum.distance * copies, 2 * measure.distance_sum + pairs * wiring->node_count);
    EXPECT_EQ_I64(sum.diameter, measure.diameter);
    EXPECT_FALSE(sum.is_aborted);
  }
}

static void wiring_check(const ls_wiring *wiring)
{
  ls_apsp *apsp = apsp_of(wiring);
  sums_check(apsp, wiring, 1);
  ls_apsp_destroy(apsp);
}

/* ---- Constructions ---- */

static void known_check(ls_wiring *wiring, int32_t nodes, int64_t edges, int64_t sum,
                        int32_t degree)
{
  ls_wiring_measure measure;
  ASSERT_STATUS(ls_wiring_measure_all(wiring, 1, &measure), LS_OK);
  EXPECT_EQ_I64(wiring->node_count, nodes);
  EXPECT_EQ_I64(wiring->edge_count, edges);
  EXPECT_EQ_I64(measure.distance_sum, sum);
  EXPECT_EQ_I64(measure.diameter, 2);
  EXPECT_EQ_I64(measure.degree_max, degree);
  EXPECT_EQ_I64(measure.unreachable, 0);
  wiring_check(wiring);
  ls_wiring_destroy(wiring);
}

LS_TEST(Apsp, polarity_graphs_have_known_sums)
{
  static const struct {
    int32_t q, nodes;
    int64_t edges, sum;
  } cases[] = {{7, 57, 224, 2968}, {11, 133, 792, 16764}, {31, 993, 15872, 969184}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_wiring wiring;
    ASSERT_STATUS(ls_wiring_polarity(cases[i].q, &wiring), LS_OK);
    known_check(&wiring, cases[i].nodes, cases[i].edges, cases[i].sum, cases[i].q + 1);
  }
}

LS_TEST(Apsp, graphs_of_mckay_miller_and_siran_have_known_sums)
{
  /* Of diameter 2: pairs that are joined count 1, all others 2. */
  static const int32_t qs[] = {5, 13, 7, 9, 4, 8, 11};
  for (size_t i = 0; i < sizeof qs / sizeof *qs; i++) {
    const int32_t q = qs[i], nodes = 2 * q * q, degree = ls_wiring_mms_degree(q);
    const int64_t edges = (int64_t)nodes * degree / 2;
    ls_wiring wiring;
    ASSERT_STATUS(ls_wiring_mms(q, &wiring), LS_OK);
    known_check(&wiring, nodes, edges, (int64_t)nodes * (nodes - 1) - edges, degree);
  }
  EXPECT_EQ_I64(ls_wiring_mms_degree(5), 7);
  EXPECT_EQ_I64(ls_wiring_mms_degree(13), 19);
  EXPECT_EQ_I64(ls_wiring_mms_degree(6), 0);
}

LS_TEST(Apsp, fields_are_fields)
{
  static const int32_t qs[] = {2, 4, 8, 9, 25, 27, 31, 64, 128};
  for (size_t i = 0; i < sizeof qs / sizeof *qs; i++) {
    ls_field *field = NULL;
    ASSERT_STATUS(ls_field_create(qs[i], &field), LS_OK);
    for (int32_t k = 0; k < 2000; k++) {
      const ls_philox_words words = ls_philox(1, (uint64_t)qs[i], (uint64_t)k);
      const int32_t a = ls_philox_below(words.v[0], qs[i]), b = ls_philox_below(words.v[1], qs[i]);
      const int32_t c = ls_philox_below(words.v[2], qs[i]);
      EXPECT_EQ_I64(field->multiply[a][field->add[b][c]],
                    field->add[field->multiply[a][b]][field->multiply[a][c]]);
      EXPECT_EQ_I64(field->multiply[a][field->multiply[b][c]],
                    field->multiply[field->multiply[a][b]][c]);
    }
    free(field);
  }
  ls_field *none = NULL;
  EXPECT_STATUS(ls_field_create(12, &none), LS_ERR_NO);
  EXPECT_STATUS(ls_field_create(257, &none), LS_ERR_NO);
}

/* ---- Any graph ---- */

static ls_wiring random_wiring(int32_t nodes, int64_t edges, uint64_t seed)
{
  ls_wiring wiring;
  EXPECT_EQ_I64(ls_wiring_create(nodes, edges, &wiring), LS_OK);
  for (int64_t i = 0; i < edges; i++) {
    const ls_philox_words words = ls_philox(seed, 1, (uint64_t)i);
    ls_wiring_add(&wiring, ls_philox_below(words.v[0], nodes), ls_philox_below(words.v[1], nodes));
  }
  ls_wiring_normalize(&wiring);
  return wiring;
}

LS_TEST(Apsp, agrees_with_breadth_first_search)
{
  static const int32_t sizes[][2] = {{1, 0},       {2, 1},       {3, 1},       {9, 20},
                                     {64, 100},    {65, 300},    {130, 150},   {257, 900},
                                     {300, 200},   {512, 2000},  {513, 900},   {700, 900},
                                     {1030, 9000}, {1100, 6000}, {1540, 12000}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    ls_wiring wiring = random_wiring(sizes[i][0], sizes[i][1], i);
    wiring_check(&wiring);
    ls_wiring_destroy(&wiring);
    if (shim_has_failed()) LS_TEST_FAIL("%d nodes", sizes[i][0]);
  }
}

/* ---- Chunks that must not take over rows of the one before ---- */

enum { HALF = LS_APSP_CHUNK, PORTS = 20, ODD_ONE = HALF + 100 };

typedef struct halves {
  ls_wiring wiring;
  int32_t degree[2 * HALF];
  uint64_t draws;
} halves;

static int32_t halves_draw(halves *self, int32_t count)
{
  return ls_philox_below(ls_philox(1, 2, self->draws++).v[0], count);
}

static void halves_link(halves *self, int32_t a, int32_t b)
{
  if (a == b || self->degree[a] == PORTS || self->degree[b] == PORTS) return;
  ls_wiring_add(&self->wiring, a, b);
  self->degree[a]++;
  self->degree[b]++;
}

/* Two halves at random, each of a chunk, joined one to one, but for one node of the second half:
 * its neighbours are nodes of the first half that are linked to each other and hardly to others.
 * Nearly all of the second half is within three links of itself, but that node is five from most of
 * it. */
static ls_wiring halves_make(void)
{
  halves self = {.draws = 0};
  EXPECT_STATUS(ls_wiring_create(2 * HALF, 2 * HALF * PORTS, &self.wiring), LS_OK);
  for (int32_t c = 0; c < PORTS; c++) halves_link(&self, ODD_ONE, c);
  for (int32_t i = 0; i < PORTS; i++)
    for (int32_t k = i + 1; k < PORTS; k++)
      if (i % 2 || k != i + 1) halves_link(&self, i, k);
  for (int32_t c = 0; c < PORTS; c++)
    halves_link(&self, c, PORTS + halves_draw(&self, HALF - PORTS));
  for (int32_t h = HALF; h < 2 * HALF; h++)
    if (h != ODD_ONE) halves_link(&self, h, PORTS + (h - HALF) % (HALF - PORTS));
  for (int32_t i = 0; i < 400000; i++) {
    const int32_t half = i % 2 * HALF;
    halves_link(&self, half + halves_draw(&self, HALF), half + halves_draw(&self, HALF));
  }
  ls_wiring_normalize(&self.wiring);
  return self.wiring;
}

LS_TEST(Apsp, a_later_chunk_closes_by_its_own_rows)
{
  ls_wiring wiring = halves_make();
  wiring_check(&wiring);
  ls_wiring_destroy(&wiring);
}

/* ---- One evaluation after the other ---- */

/* Two edges exchange their second ends, as moves of a search do. */
LS_TEST(Apsp, what_moves_change_is_brought_up_to_date)
{
  enum { NODES = 1030, EDGES = 3090, DEGREE = 40 /* nobody has more */, MOVES = 12 };
  ls_wiring wiring = random_wiring(NODES, EDGES, 7);
  ls_apsp *apsp = NULL;
  ASSERT_STATUS(ls_apsp_create(NODES, 1, NODES, DEGREE, &apsp), LS_OK);
  for (int32_t move = 0; move < MOVES; move++) {
    int32_t count[NODES] = {0};
    for (int32_t v = 0; v < NODES; v++)
      if (!move) ls_apsp_dart_set(apsp, v, 0, v, 0);
    for (int64_t i = 0; i < wiring.edge_count; i++)
      for (int32_t end = 0; end < 2; end++) {
        const int32_t v = wiring.edges[i][end], w = wiring.edges[i][1 - end], j = count[v]++;
        const bool is_new = !move || apsp->vertex[v * DEGREE + j] != w;
        for (int32_t k = j; is_new && k < DEGREE; k++) ls_apsp_dart_set(apsp, v, k, w, 0);
      }
    sums_check(apsp, &wiring, 1);
    const int32_t a = 3 * move, b = 100 + 7 * move, other = wiring.edges[a][1];
    wiring.edges[a][1] = wiring.edges[b][1];
    wiring.edges[b][1] = other;
  }
  ls_apsp_destroy(apsp);
  ls_wiring_destroy(&wiring);
}

LS_TEST(Apsp, breadth_first_search_is_the_same_on_any_threads)
{
  static const int32_t threads[] = {2, 3, 65};
  ls_wiring wiring = random_wiring(300, 340, 3);
  ls_wiring_measure one, other;
  ASSERT_STATUS(ls_wiring_measure_first(&wiring, 200, 1, &one), LS_OK);
  EXPECT_LT_I64(0, one.unreachable);
  for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
    ASSERT_STATUS(ls_wiring_measure_first(&wiring, 200, threads[i], &other), LS_OK);
    EXPECT_EQ_I64(other.distance_sum, one.distance_sum);
    EXPECT_EQ_I64(other.unreachable, one.unreachable);
    EXPECT_EQ_I64(other.diameter, one.diameter);
    EXPECT_EQ_I64(other.degree_max, one.degree_max);
    EXPECT_EQ_I64(other.degree_node, one.degree_node);
  }
  ls_wiring_destroy(&wiring);
}

LS_TEST(Apsp, takes_paths_and_rings_to_their_ends)
{
  for (int32_t nodes = 2; nodes <= 600; nodes += 199) {
    ls_wiring wiring;
    ASSERT_STATUS(ls_wiring_create(nodes, nodes, &wiring), LS_OK);
    for (int32_t v = 0; v + 1 < nodes; v++) ls_wiring_add(&wiring, v, v + 1);
    wiring_check(&wiring);
    ls_wiring_add(&wiring, nodes - 1, 0);
    ls_wiring_normalize(&wiring);
    wiring_check(&wiring);
    ls_wiring_destroy(&wiring);
  }
}

/* Complete graphs one behind the other, joined by single links or not at all: a chunk that sees its
 * own vertices alone, and one whose neighbours lie before it. */
LS_TEST(Apsp, takes_complete_parts_on_both_sides_of_a_chunk)
{
  static const int32_t sizes[] = {2, 16, 24}; /* 16 divides a chunk */
  for (int32_t i = 0; i < 6; i++) {
    const int32_t size = sizes[i / 2], nodes = 560 / size * size;
    ls_wiring wiring;
    ASSERT_STATUS(ls_wiring_create(nodes, (int64_t)nodes * size, &wiring), LS_OK);
    for (int32_t a = 0; a < nodes; a++) {
      for (int32_t b = a / size * size; b < a; b++) ls_wiring_add(&wiring, b, a);
      if (i % 2 && a && a % size == 0) ls_wiring_add(&wiring, a - 1, a);
    }
    ls_wiring_normalize(&wiring);
    wiring_check(&wiring);
    ls_wiring_destroy(&wiring);
    if (shim_has_failed()) LS_TEST_FAIL("parts of %d", size);
  }
}

/* ---- Lifts ---- */

/* A random voltage graph over the cyclic group of order rotation, and the graph it stands for. */
static ls_apsp *lift_create(int32_t layers, int32_t rotation, int32_t degree, uint64_t seed,
                            ls_wiring *wiring)
{
  ls_apsp *apsp = NULL;
  int32_t *count = calloc((size_t)layers, sizeof *count);
  EXPECT_EQ_I64(ls_apsp_create(layers, rotation, layers, degree, &apsp), LS_OK);
  EXPECT_EQ_I64(ls_wiring_create(layers * rotation, (int64_t)layers * rotation * degree, wiring),
                LS_OK);
  for (uint64_t i = 0; i < 20 * (uint64_t)layers * (uint64_t)degree; i++) {
    const ls_philox_words words = ls_philox(seed, 2, i);
    const int32_t u = ls_philox_below(words.v[0], layers), v = ls_philox_below(words.v[1], layers);
    const int32_t shift = ls_philox_below(words.v[2], rotation);
    if (count[u] + (u == v) >= degree || count[v] >= degree) continue;
    for (int32_t j = count[u]++; j < degree; j++) ls_apsp_dart_set(apsp, u, j, v, shift);
    for (int32_t j = count[v]++; j < degree; j++)
      ls_apsp_dart_set(apsp, v, j, u, (rotation - shift) % rotation);
    for (int32_t at = 0; at < rotation; at++)
      ls_wiring_add(wiring, u * rotation + at, v * rotation + (at + shift) % rotation);
  }
  ls_wiring_normalize(wiring);
  free(count);
  return apsp;
}

LS_TEST(Apsp, lifts_equal_the_graphs_they_stand_for)
{
  static const int32_t shapes[][3] = {{1, 17, 4},  {2, 31, 3},  {3, 64, 6}, {5, 100, 5},
                                      {16, 16, 8}, {64, 4, 3},  {70, 9, 4}, {13, 40, 7},
                                      {9, 2, 3},   {520, 2, 4}, {8, 8, 3},  {100, 3, 16}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    ls_wiring wiring;
    ls_apsp *apsp = lift_create(shapes[i][0], shapes[i][1], shapes[i][2], i, &wiring);
    sums_check(apsp, &wiring, shapes[i][1]);
    ls_apsp_destroy(apsp);
    ls_wiring_destroy(&wiring);
    if (shim_has_failed()) LS_TEST_FAIL("%d layers of %d", shapes[i][0], shapes[i][1]);
  }
}

/* ---- Thresholds ---- */

static void thresholds_check(ls_apsp *apsp)
{
  const int64_t whole = ls_apsp_evaluate(apsp, INT64_MAX).distance;
  for (int64_t i = 0; i <= 40; i++) {
    const int64_t threshold = i < 20 ? whole * i / 20 : whole + i - 20;
    const ls_apsp_sum sum = ls_apsp_evaluate(apsp, threshold);
    EXPECT_EQ_I64(sum.is_aborted, threshold < whole);
    if (!sum.is_aborted) EXPECT_EQ_I64(sum.distance, whole);
  }
  EXPECT_TRUE(ls_apsp_evaluate(apsp, whole - 1).is_aborted);
}

LS_TEST(Apsp, ends_early_exactly_where_the_sum_is_above_the_threshold)
{
  static const int32_t shapes[][3] = {{1100, 1, 6}, {300, 1, 5}, {16, 16, 4},
                                      {40, 30, 3},  {70, 1, 1},  {9, 8, 2}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    ls_wiring wiring;
    ls_apsp *apsp = lift_create(shapes[i][0], shapes[i][1], shapes[i][2], i, &wiring);
    thresholds_check(apsp);
    ls_apsp_destroy(apsp);
    ls_wiring_destroy(&wiring);
  }
}
