/* All-pairs shortest paths on CUDA, executed by the emulation, against the CPU's: batches of random
 * graphs and lifts of all sizes, connected or not, with thresholds that are passed or not; several
 * devices, little shared memory, searches for wirings, and every call that can fail. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../host/bench_apsp.h"
#include "../host/wire.h"
#include "../kernels/apsp_backend.h"
#include "../kernels/philox.h"
#include "cuda_emu/emu_control.h"
#include "shim/shim.h"

extern const ls_apsp_backend ls_apsp_cuda_emu;

/* Candidates of a graph: itself, and as many others as it is sent with changed darts, fewer where
 * it is large. */
enum { THRESHOLDS = 6, CHANGES = 5, COUNT = THRESHOLDS + CHANGES, LARGE = 2000 };

/* A graph as the CPU and a device have it. */
typedef struct graph {
  ls_apsp_shape shape;
  ls_apsp *apsp;
  ls_apsp_dart *table;
  int32_t (*darts)[2]; /* [layer_count][dart_max] to, shift */
  uint16_t *weight;    /* [layer_count]; NULL: none */
} graph;

/* ---- Graphs ---- */

static void dart_set(graph *self, int32_t layer, int32_t index, int32_t to, int32_t shift)
{
  self->darts[layer * self->shape.dart_max + index][0] = to;
  self->darts[layer * self->shape.dart_max + index][1] = shift;
  ls_apsp_dart_set(self->apsp, layer, index, to, shift);
  self->table[ls_apsp_dart_at(&self->shape, layer, index)] =
      ls_apsp_dart_make(&self->shape, to, shift);
}

/* Without a dart; weight_max 0: without weights. */
static graph graph_create(int32_t layers, int32_t rotation, int32_t dart_max, int32_t weight_max)
{
  const size_t count = (size_t)layers * (size_t)dart_max;
  graph made = {.shape = {.layer_count = layers,
                          .rotation = rotation,
                          .source_count = layers,
                          .dart_max = dart_max,
                          .weight_max = weight_max},
                .table = malloc(count * sizeof *made.table),
                .darts = malloc(count * sizeof *made.darts)};
  EXPECT_EQ_I64(ls_apsp_create(layers, rotation, layers, dart_max, &made.apsp), LS_OK);
  for (int32_t layer = 0; layer < layers; layer++)
    for (int32_t j = 0; j < dart_max; j++) dart_set(&made, layer, j, layer, 0);
  if (weight_max) made.weight = calloc((size_t)layers, sizeof *made.weight);
  return made;
}

static void graph_destroy(graph *self)
{
  ls_apsp_destroy(self->apsp);
  free(self->table);
  free(self->darts);
  free(self->weight);
}

static void weight_set(graph *self, int32_t layer, int32_t weight)
{
  self->apsp->weight[layer] = weight;
  self->weight[layer] = (uint16_t)weight;
}

/* Joins layers at random, up to degree darts each; every fourth vertex weighs nothing. */
static graph graph_draw(int32_t layers, int32_t rotation, int32_t degree, int32_t weight_max,
                        uint64_t seed)
{
  graph made = graph_create(layers, rotation, degree, weight_max);
  int32_t *count = calloc((size_t)layers, sizeof *count);
  for (uint64_t i = 0; i < 3 * (uint64_t)layers * (uint64_t)degree; i++) {
    const ls_philox_words words = ls_philox(seed, 2, i);
    const int32_t u = ls_philox_below(words.v[0], layers), v = ls_philox_below(words.v[1], layers);
    const int32_t shift = ls_philox_below(words.v[2], rotation);
    if (count[u] + (u == v) >= degree || count[v] >= degree) continue;
    dart_set(&made, u, count[u]++, v, shift);
    dart_set(&made, v, count[v]++, u, (rotation - shift) % rotation);
  }
  for (int32_t v = 0; weight_max && v < layers; v++) {
    const ls_philox_words words = ls_philox(seed, 3, (uint64_t)v);
    weight_set(&made, v, words.v[1] % 4 ? ls_philox_below(words.v[0], weight_max + 1) : 0);
  }
  free(count);
  return made;
}

static ls_apsp_sum here(const graph *self, int64_t threshold)
{
  return self->weight ? ls_apsp_weighted(self->apsp, threshold)
                      : ls_apsp_evaluate(self->apsp, threshold);
}

/* ---- Candidates ---- */

typedef struct trial {
  ls_apsp_batch batch;
  ls_apsp_candidate candidates[COUNT];
  ls_apsp_patch patches[4 * CHANGES];
  ls_apsp_sum expected[COUNT];
} trial;

/* Two darts that lead to each other's ends and back; false: they are as good as one. */
static bool darts_exchange(graph *self, int32_t x, int32_t y, trial *made)
{
  const int32_t d = self->shape.dart_max, m = self->shape.rotation;
  const int32_t u = x / d, v = y / d, p = self->darts[x][0], q = self->darts[y][0];
  const int32_t s = self->darts[x][1], t = self->darts[y][1];
  int32_t back[2] = {-1, -1};
  for (int32_t j = 0; j < d; j++) {
    const int32_t *of_p = self->darts[p * d + j], *of_q = self->darts[q * d + j];
    if (of_p[0] == u && of_p[1] == (m - s) % m && p * d + j != x) back[0] = p * d + j;
    if (of_q[0] == v && of_q[1] == (m - t) % m && q * d + j != y) back[1] = q * d + j;
  }
  if (back[0] < 0 || back[1] < 0 || x == y || back[0] == y || back[0] == back[1]) return false;
  const int32_t at[4] = {x, y, back[0], back[1]};
  const int32_t to[4][2] = {{q, t}, {p, s}, {v, (m - s) % m}, {u, (m - t) % m}};
  for (int32_t k = 0; k < 4; k++) {
    dart_set(self, at[k] / d, at[k] % d, to[k][0], to[k][1]);
    made->patches[made->batch.patch_count++] =
        (ls_apsp_patch){ls_apsp_dart_at(&self->shape, at[k] / d, at[k] % d),
                        ls_apsp_dart_make(&self->shape, to[k][0], to[k][1])};
  }
  return true;
}

/* What is found of the graph with one exchange, which is undone; half of them with a threshold that
 * is passed by 1. */
static void change_add(graph *self, uint64_t which, trial *made)
{
  const int32_t d = self->shape.dart_max, darts = self->shape.layer_count * d;
  const size_t bytes = (size_t)darts * sizeof *self->table;
  ls_apsp_dart *table = malloc(bytes);
  int32_t(*kept)[2] = malloc((size_t)darts * sizeof *kept);
  ls_apsp_candidate *candidate = &made->candidates[made->batch.count];
  *candidate = (ls_apsp_candidate){.patch_first = made->batch.patch_count};
  memcpy(table, self->table, bytes);
  memcpy(kept, self->darts, (size_t)darts * sizeof *kept);
  for (uint64_t i = 0; i < 20; i++) {
    const ls_philox_words words = ls_philox(7, which, i);
    if (darts_exchange(self, ls_philox_below(words.v[0], darts), ls_philox_below(words.v[1], darts),
                       made))
      break;
  }
  candidate->patch_count = made->batch.patch_count - candidate->patch_first;
  const int64_t whole = here(self, INT64_MAX).distance;
  candidate->threshold = which % 2 ? whole : whole - 1;
  made->expected[made->batch.count++] = here(self, candidate->threshold);
  for (int32_t x = 0; x < darts; x++) dart_set(self, x / d, x % d, kept[x][0], kept[x][1]);
  EXPECT_BYTES(self->table, table, bytes);
  free(kept);
  free(table);
}

static void trial_make(graph *self, trial *made)
{
  const int64_t whole = here(self, INT64_MAX).distance;
  const int64_t thresholds[THRESHOLDS] = {INT64_MAX, whole, whole - 1, whole / 2, 0, -5};
  *made = (trial){.batch = {.table_count = 1, .weights = self->weight, .tables = self->table}};
  for (int32_t i = 0; i < THRESHOLDS; i++) {
    made->candidates[i].threshold = thresholds[i];
    made->expected[i] = here(self, thresholds[i]);
    made->batch.count++;
  }
  const uint64_t changes = self->shape.layer_count > LARGE ? 1 : CHANGES;
  for (uint64_t i = 0; i < changes; i++) change_add(self, i, made);
  made->batch.candidates = made->candidates;
  made->batch.patches = made->patches;
}

static ls_status there(const ls_apsp_shape *shape, const ls_apsp_batch *batch, ls_apsp_sum *sums)
{
  const ls_apsp_capacity capacity = {batch->table_count, batch->patch_count, batch->count};
  ls_apsp_device *device = NULL;
  ls_status status = ls_apsp_cuda_emu.create(shape, &capacity, &device);
  if (status != LS_OK) return status;
  status = ls_apsp_cuda_emu.evaluate(device, batch, sums);
  ls_apsp_cuda_emu.destroy(device);
  return status;
}

/* Of graphs in pieces the CPU's weighted diameter is none (equal_weights_multiply_distances). */
static void sum_equal(const ls_apsp_sum *sum, const ls_apsp_sum *expected, int64_t threshold,
                      bool has_diameter)
{
  EXPECT_EQ_I64(sum->is_aborted, expected->is_aborted);
  EXPECT_EQ_I64(sum->distance, expected->is_aborted ? threshold + 1 : expected->distance);
  if (expected->is_aborted) return;
  EXPECT_EQ_I64(sum->unreachable, expected->unreachable);
  if (has_diameter) EXPECT_EQ_I64(sum->diameter, expected->diameter);
}

static void graph_check(graph *self)
{
  ls_apsp_sum sums[COUNT];
  trial made;
  const bool is_whole = !ls_apsp_evaluate(self->apsp, INT64_MAX).unreachable;
  trial_make(self, &made);
  EXPECT_STATUS(there(&self->shape, &made.batch, sums), LS_OK);
  for (int32_t i = 0; i < made.batch.count && !shim_has_failed(); i++) {
    const bool is_same = made.candidates[i].patch_count == 0;
    sum_equal(&sums[i], &made.expected[i], made.candidates[i].threshold,
              !self->weight || (is_whole && is_same));
    if (shim_has_failed())
      LS_TEST_FAIL("candidate %d of %d layers of %d, degree %d", i, self->shape.layer_count,
                   self->shape.rotation, self->shape.dart_max);
  }
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
  EXPECT_EQ_I64(ls_emu_live_handles(), 0);
}

static void shapes_check(const int32_t (*shapes)[3], size_t count, int32_t weight_max)
{
  for (size_t i = 0; i < count && !shim_has_failed(); i++) {
    ls_emu_set_seed(i + 1);
    graph drawn = graph_draw(shapes[i][0], shapes[i][1], shapes[i][2], weight_max, i);
    graph_check(&drawn);
    graph_destroy(&drawn);
  }
}

#define SHAPES_CHECK(shapes, weight_max)                                                           \
  shapes_check(shapes, sizeof(shapes) / sizeof *(shapes), weight_max)

/* ---- Equal to the CPU ---- */

/* Of degree 1 and 2 graphs are in pieces; from 129 vertices on there are several tiles. */
LS_TEST(ApspCuda, graphs_are_those_of_the_cpu)
{
  static const int32_t shapes[][3] = {
      {1, 1, 1},  {2, 1, 1},   {3, 1, 2},   {7, 1, 6},   {32, 1, 3},   {33, 1, 2},  {64, 1, 8},
      {65, 1, 1}, {128, 1, 4}, {129, 1, 5}, {200, 1, 2}, {257, 1, 64}, {600, 1, 3}, {1100, 1, 8}};
  ls_emu_reset();
  SHAPES_CHECK(shapes, 0);
}

LS_TEST(ApspCuda, large_graphs_are_those_of_the_cpu)
{
  graph drawn = graph_draw(5000, 1, 8, 0, 3);
  ls_emu_reset();
  graph_check(&drawn);
  graph_destroy(&drawn);
}

LS_TEST(ApspCuda, lifts_are_those_of_the_cpu)
{
  static const int32_t shapes[][3] = {{1, 17, 4},  {2, 31, 3},   {3, 64, 6},  {5, 100, 5},
                                      {16, 16, 8}, {64, 4, 3},   {70, 9, 4},  {13, 40, 7},
                                      {9, 2, 3},   {150, 2, 4},  {8, 8, 2},   {100, 3, 16},
                                      {8, 128, 8}, {64, 16, 64}, {1, 300, 1}, {40, 5, 1}};
  ls_emu_reset();
  SHAPES_CHECK(shapes, 0);
}

/* One vertex of two stands for both where a semidirect product moves them. */
LS_TEST(ApspCuda, sources_stand_where_they_are_told)
{
  graph drawn = graph_draw(20, 7, 4, 0, 5);
  int32_t layers[10];
  ls_apsp *all = drawn.apsp;
  ls_emu_reset();
  ASSERT_STATUS(ls_apsp_create(20, 7, 10, 4, &drawn.apsp), LS_OK);
  for (int32_t i = 0; i < 10; i++) layers[i] = drawn.apsp->source_layer[i] = 2 * i + 1;
  for (int32_t x = 0; x < 80; x++)
    ls_apsp_dart_set(drawn.apsp, x / 4, x % 4, drawn.darts[x][0], drawn.darts[x][1]);
  drawn.shape.source_count = 10;
  drawn.shape.source_layer = layers;
  graph_check(&drawn);
  ls_apsp_destroy(all);
  graph_destroy(&drawn);
}

/* A path has as many levels as vertices. */
LS_TEST(ApspCuda, paths_are_followed_to_their_ends)
{
  graph path = graph_create(200, 1, 2, 0);
  ls_emu_reset();
  for (int32_t v = 0; v + 1 < 200; v++) {
    dart_set(&path, v, 1, v + 1, 0);
    dart_set(&path, v + 1, 0, v, 0);
  }
  graph_check(&path);
  graph_destroy(&path);
}

/* ---- Weights ---- */

LS_TEST(ApspCuda, weights_count_as_on_the_cpu)
{
  static const int32_t connected[][3] = {{2, 1, 1},   {30, 1, 6},  {64, 1, 6},
                                         {100, 1, 8}, {300, 1, 8}, {512, 1, 12}};
  ls_emu_reset();
  SHAPES_CHECK(connected, LS_APSP_WEIGHT_MAX);
  SHAPES_CHECK(connected, 1);
  SHAPES_CHECK(connected, 300);
}

/* Also beyond the CPU's 512 and in pieces: equal weights multiply every distance. */
LS_TEST(ApspCuda, equal_weights_multiply_distances)
{
  static const int32_t shapes[][3] = {{700, 1, 2}, {129, 1, 1}, {1500, 1, 6}, {40, 1, 2}};
  ls_emu_reset();
  for (size_t i = 0; i < 4; i++) {
    graph drawn = graph_draw(shapes[i][0], 1, shapes[i][2], 9, i);
    const ls_apsp_candidate candidate = {.threshold = INT64_MAX};
    const ls_apsp_batch batch = {.tables = drawn.table,
                                 .weights = drawn.weight,
                                 .candidates = &candidate,
                                 .table_count = 1,
                                 .count = 1};
    const ls_apsp_sum plain = ls_apsp_evaluate(drawn.apsp, INT64_MAX);
    ls_apsp_sum sum;
    for (int32_t v = 0; v < shapes[i][0]; v++) drawn.weight[v] = 9;
    ASSERT_STATUS(there(&drawn.shape, &batch, &sum), LS_OK);
    EXPECT_EQ_I64(sum.distance, 81 * plain.distance);
    EXPECT_EQ_I64(sum.diameter, plain.diameter);
    graph_destroy(&drawn);
  }
}

/* ---- Shapes of launches ---- */

/* Rows of 128, 64 and 32 sources, and none at all, find room in shared memory. */
LS_TEST(ApspCuda, is_the_same_with_less_shared_memory)
{
  static const int32_t plain[][3] = {{300, 1, 5}, {140, 1, 2}};
  static const int32_t turned[][3] = {{140, 2, 5}, {40, 7, 2}};
  static const uint64_t rooms[] = {10000, 6000, 3000, 1500};
  for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
    ls_emu_reset();
    ls_emu_set_shared_optin(rooms[i]);
    SHAPES_CHECK(plain, 0);
    SHAPES_CHECK(plain, 700);
    SHAPES_CHECK(turned, 0);
    if (shim_has_failed()) LS_TEST_FAIL("with %d bytes", (int)rooms[i]);
  }
  ls_emu_reset();
}

LS_TEST(ApspCuda, is_the_same_on_several_devices)
{
  static const int32_t shapes[][3] = {{300, 1, 5}, {16, 16, 4}};
  for (int devices = 2; devices <= 4; devices += 2) {
    ls_emu_reset();
    ls_emu_set_device_count(devices);
    SHAPES_CHECK(shapes, 0);
  }
  ls_emu_reset();
}

/* More candidates than blocks, each with a table of its own; a device serves batches of any size up
 * to what it was made for. */
LS_TEST(ApspCuda, many_graphs_go_in_one_batch)
{
  enum { GRAPHS = 400, NODES = 20, DEGREE = 3, SIZE = NODES * DEGREE };
  static ls_apsp_dart tables[GRAPHS * SIZE];
  static ls_apsp_candidate candidates[GRAPHS];
  static ls_apsp_sum expected[GRAPHS], sums[GRAPHS];
  const ls_apsp_capacity capacity = {GRAPHS, 0, GRAPHS};
  ls_apsp_shape shape = {0};
  ls_apsp_device *device = NULL;
  ls_emu_reset();
  for (int32_t i = 0; i < GRAPHS; i++) {
    graph drawn = graph_draw(NODES, 1, DEGREE, 0, (uint64_t)i);
    shape = drawn.shape;
    memcpy(tables + (size_t)i * SIZE, drawn.table, SIZE * sizeof *tables);
    candidates[i] = (ls_apsp_candidate){.threshold = 1000, .table = i};
    expected[i] = here(&drawn, 1000);
    graph_destroy(&drawn);
  }
  ASSERT_STATUS(ls_apsp_cuda_emu.create(&shape, &capacity, &device), LS_OK);
  for (int32_t count = GRAPHS; count; count /= 7) {
    const ls_apsp_batch batch = {.tables = tables,
                                 .candidates = candidates + GRAPHS - count,
                                 .table_count = GRAPHS,
                                 .count = count};
    ASSERT_STATUS(ls_apsp_cuda_emu.evaluate(device, &batch, sums), LS_OK);
    for (int32_t i = 0; i < count && !shim_has_failed(); i++)
      sum_equal(&sums[i], &expected[GRAPHS - count + i], 1000, true);
  }
  ls_apsp_cuda_emu.destroy(device);
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}

/* ---- Searches for wirings ---- */

static bool never(void *context) { return context != NULL; }

/* With all kinds of groups: cyclic ones, twisted ones and products. */
LS_TEST(ApspCuda, moves_drawn_ahead_go_the_same_way)
{
  static const ls_group groups[] = {{1, 1, 1}, {12, 1, 1}, {7, 3, 2}, {16, 4, 5}, {6, 2, 1}};
  enum { BASE = 9, DEGREE = 5 };
  ls_emu_reset();
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    ls_lift *lifts[2] = {NULL, NULL};
    for (int32_t way = 0; way < 2; way++) {
      const ls_lift_run run = {.seed = i,
                               .evaluations = 300,
                               .hot = -0.2,
                               .cold = 0.01,
                               .is_over = never,
                               .backend = way ? &ls_apsp_cuda_emu : NULL};
      ASSERT_STATUS(ls_lift_create(&groups[i], BASE, DEGREE, &lifts[way]), LS_OK);
      ls_lift_draw(lifts[way], i, 2);
      EXPECT_EQ_I64(ls_lift_anneal(lifts[way], &run), 300);
    }
    EXPECT_EQ_I64(lifts[1]->sum, lifts[0]->sum);
    EXPECT_BYTES(lifts[1]->mate, lifts[0]->mate, BASE * DEGREE * sizeof(int32_t));
    EXPECT_BYTES(lifts[1]->voltage, lifts[0]->voltage, BASE * DEGREE * sizeof(int32_t));
    for (int32_t way = 0; way < 2; way++) ls_lift_destroy(lifts[way]);
    if (shim_has_failed()) LS_TEST_FAIL("group %d x %d", groups[i].m, groups[i].k);
  }
}

static ls_status search(int32_t nodes, int32_t degree, int32_t threads,
                        const ls_wire_device *device, ls_wire_result *result)
{
  const ls_wire_options options = {.nodes = nodes,
                                   .degree = degree,
                                   .seed = 5,
                                   .thread_count = threads,
                                   .evaluations = 1500,
                                   .seconds = INFINITY,
                                   .deadline = INFINITY,
                                   .device = device};
  ls_error error;
  return ls_wire_run(&options, result, &error);
}

/* From lifts down to no symmetry, also where only what costs enough goes to the device. */
LS_TEST(ApspCuda, searches_are_those_of_the_cpu)
{
  static const int32_t pairs[][2] = {{96, 3}, {60, 5}, {120, 4}};
  ls_emu_reset();
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs && !shim_has_failed(); i++) {
    const ls_wire_device device = {&ls_apsp_cuda_emu, i == 1 ? 1000 : 0};
    ls_wire_result alone, with;
    ASSERT_STATUS(search(pairs[i][0], pairs[i][1], 1, NULL, &alone), LS_OK);
    ASSERT_STATUS(search(pairs[i][0], pairs[i][1], 1 + (int32_t)i % 2, &device, &with), LS_OK);
    EXPECT_LT_I64(0, (int64_t)ls_emu_call_count());
    EXPECT_EQ_I64(with.distance_sum, alone.distance_sum);
    EXPECT_EQ_I64(with.evaluations, alone.evaluations);
    EXPECT_STREQ(with.made_from, alone.made_from);
    EXPECT_EQ_I64(with.wiring.edge_count, alone.wiring.edge_count);
    EXPECT_BYTES(with.wiring.edges, alone.wiring.edges,
                 (size_t)alone.wiring.edge_count * sizeof *alone.wiring.edges);
    EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
    ls_wiring_destroy(&with.wiring);
    ls_wiring_destroy(&alone.wiring);
  }
}

LS_TEST(ApspCuda, a_failing_device_ends_the_search)
{
  static const ls_wire_device device = {&ls_apsp_cuda_emu, 0};
  ls_wire_result result;
  ls_emu_reset();
  ls_emu_fail("cudaLaunchKernelEx", 20, 719);
  EXPECT_STATUS(search(60, 5, 1, &device, &result), LS_ERR_DEVICE);
  EXPECT_TRUE(ls_emu_has_failed());
  ls_emu_reset();
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}

/* The benchmark compares what it measures with the CPU. */
LS_TEST(ApspCuda, is_measured)
{
  ls_bench_entry entries[LS_BENCH_APSP_COUNT];
  ls_error error;
  ls_emu_reset();
  ASSERT_STATUS(ls_bench_apsp_device(&ls_apsp_cuda_emu, 2, entries, &error), LS_OK);
  for (int32_t i = 0; i < LS_BENCH_APSP_COUNT; i++) {
    EXPECT_TRUE(entries[i].rate > 0 && entries[i].cpu_seconds > 0);
    EXPECT_STREQ(entries[i].backend, "cuda");
    EXPECT_STREQ(entries[i].unit, "evaluations/s");
  }
  ls_emu_fail("cudaMalloc", 1, 2);
  EXPECT_STATUS(ls_bench_apsp_device(&ls_apsp_cuda_emu, 2, entries, &error), LS_ERR_DEVICE);
  EXPECT_CONTAINS(error.message, "the cuda backend failed");
  ls_emu_reset();
  EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
}

/* ---- Failures ---- */

LS_TEST(ApspCuda, every_failing_call_is_a_clean_error)
{
  graph drawn = graph_draw(40, 1, 4, 50, 1);
  ls_apsp_sum sums[COUNT];
  trial made;
  trial_make(&drawn, &made);
  for (int devices = 1; devices <= 2; devices++) {
    int failures = 0;
    for (int nth = 1; nth < 200 && !shim_has_failed(); nth++) {
      ls_emu_reset();
      ls_emu_set_device_count(devices);
      ls_emu_fail("*", nth, 2);
      const ls_status status = there(&drawn.shape, &made.batch, sums);
      if (!ls_emu_has_failed()) break;
      /* What fails while memory is freed comes too late to matter. */
      EXPECT_TRUE(status == LS_ERR_DEVICE || status == LS_OK);
      failures += status == LS_ERR_DEVICE;
      EXPECT_EQ_U64(ls_emu_live_bytes(), 0);
      EXPECT_EQ_I64(ls_emu_live_handles(), 0);
    }
    EXPECT_LT_I64(18 * devices, failures);
  }
  ls_emu_reset();
  ls_emu_set_device_count(0);
  EXPECT_STATUS(there(&drawn.shape, &made.batch, sums), LS_ERR_DEVICE);
  ls_emu_reset();
  graph_destroy(&drawn);
}
