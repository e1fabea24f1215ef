/* Demands from parallelism and files, and what topologies deliver under them. */
#include "../host/demand.h"

#include <stdlib.h>
#include <string.h>

#include "shim/shim.h"

static int64_t weight(const ls_demand *demand, int32_t from, int32_t to)
{
  return demand->weight[from * demand->block_count + to];
}

static int64_t row_sum(const ls_demand *demand, int32_t block)
{
  int64_t sum = 0;
  for (int32_t other = 0; other < demand->block_count; other++) sum += weight(demand, block, other);
  return sum;
}

/* The demand of a job; NULL, and the test fails, when there is none. */
static ls_demand *demand_of(const ls_traffic *traffic, int32_t domain_gpus, int32_t gpu_count,
                            int32_t block_gpus)
{
  const ls_block_layout layout = {gpu_count, block_gpus, 1};
  ls_demand *demand = NULL;
  EXPECT_STATUS(ls_demand_from_traffic(traffic, domain_gpus, &layout, &demand), LS_OK);
  return demand;
}

/* A matrix of a test's own, scaled by 10^6; each block has gpu_count GPUs. */
static ls_demand *demand_made(int32_t block_count, int32_t gpu_count, const int64_t *weights)
{
  ls_demand *demand = shim_alloc(sizeof *demand);
  demand->block_count = block_count;
  demand->gpu_count = shim_alloc((size_t)block_count * sizeof *demand->gpu_count);
  demand->weight = shim_alloc((size_t)block_count * (size_t)block_count * sizeof *demand->weight);
  for (int32_t i = 0; i < block_count; i++) demand->gpu_count[i] = gpu_count;
  for (int32_t i = 0; weights && i < block_count * block_count; i++)
    demand->weight[i] = 1000000 * weights[i];
  return demand;
}

LS_TEST(Demand, gpus_are_in_their_blocks)
{
  const ls_block_layout plain = {100, 16, 1}, rails = {100, 4, 8};
  EXPECT_EQ_I64(ls_block_count(&plain), 7);
  EXPECT_EQ_I64(ls_block_of_gpu(&plain, 15), 0);
  EXPECT_EQ_I64(ls_block_of_gpu(&plain, 99), 6);
  EXPECT_EQ_I64(ls_block_count(&rails), 32); /* 13 servers a rail, 4 blocks of up to 4 */
  EXPECT_EQ_I64(ls_block_of_gpu(&rails, 0), 0);
  EXPECT_EQ_I64(ls_block_of_gpu(&rails, 3), 12);
  EXPECT_EQ_I64(ls_block_of_gpu(&rails, 8 * 4 + 1), 5);
}

/* Each of 64 GPUs, in blocks of 8 and no domains, sends as much to each other one: 7 of 63 stay. */
LS_TEST(Demand, all_to_all_of_all_is_uniform)
{
  const ls_traffic traffic = {
      .all_to_all_bytes = 1000000000,
      .parallelism = {.data = 64, .tensor = 1, .pipeline = 1, .expert = 64}};
  ls_demand *demand = demand_of(&traffic, 1, 64, 8);
  ASSERT_TRUE(demand != NULL && demand->block_count == 8);
  for (int32_t i = 0; i < 8; i++)
    for (int32_t j = 0; j < 8; j++)
      EXPECT_NEAR((double)weight(demand, i, j) / (double)weight(demand, 0, 1), i == j ? 7. / 8 : 1,
                  1e-12);
  EXPECT_EQ_I64(ls_demand_cut_share_ppm(demand), 888888); /* 56 of 63 */
  /* 2:1 oversubscribed: 4 uplinks for 8 x 8/9 NICs. */
  EXPECT_NEAR(ls_demand_clos_theta_ppm(demand, 4), 562500, 1);
  EXPECT_EQ_I64(ls_demand_clos_theta_ppm(demand, 8), 1000000);
  ls_demand_destroy(demand);
}

/* Experts in groups of 8 and domains of 4: what leaves a domain stays in a block of 8, and leaves
 * a block of 4. */
LS_TEST(Demand, experts_of_one_block_load_no_uplink)
{
  const ls_traffic traffic = {.all_to_all_bytes = 1000000000,
                              .parallelism = {.data = 64, .tensor = 1, .pipeline = 1, .expert = 8}};
  ls_demand *inside = demand_of(&traffic, 4, 64, 8);
  ASSERT_TRUE(inside != NULL);
  EXPECT_EQ_I64(ls_demand_cut_share_ppm(inside), 0);
  EXPECT_LT_I64(0, weight(inside, 0, 0));
  EXPECT_EQ_I64(ls_demand_clos_theta_ppm(inside, 1), 1000000);
  ls_demand_destroy(inside);
  ls_demand *across = demand_of(&traffic, 4, 64, 4); /* a block is a domain: all crosses */
  ASSERT_TRUE(across != NULL);
  EXPECT_EQ_I64(ls_demand_cut_share_ppm(across), 1000000);
  EXPECT_LT_I64(0, weight(across, 0, 1));
  EXPECT_EQ_I64(weight(across, 1, 2), 0);
  EXPECT_EQ_I64(ls_demand_clos_theta_ppm(across, 1), 250000);
  ls_demand_destroy(across);
  ls_demand *nothing = demand_of(&traffic, 8, 64, 8); /* a domain holds a group */
  ASSERT_TRUE(nothing != NULL);
  for (int32_t i = 0; i < 64; i++) EXPECT_EQ_I64(nothing->weight[i], 0);
  EXPECT_EQ_I64(ls_demand_cut_share_ppm(nothing), 0);
  EXPECT_EQ_I64(ls_demand_clos_theta_ppm(nothing, 1), 1000000);
  ls_demand_destroy(nothing);
}

/* The ring of domains: a block of two domains sends half of its traffic to the next block. */
LS_TEST(Demand, all_reduce_is_a_ring_of_domains)
{
  const ls_traffic traffic = {.all_reduce_bytes = 1000000000,
                              .parallelism = {.data = 32, .tensor = 2, .pipeline = 1, .expert = 1}};
  ls_demand *demand = demand_of(&traffic, 8, 64, 16);
  ASSERT_TRUE(demand != NULL && demand->block_count == 4);
  for (int32_t i = 0; i < 4; i++) {
    EXPECT_EQ_I64(weight(demand, i, i), weight(demand, 0, 0));
    EXPECT_EQ_I64(weight(demand, i, (i + 1) % 4), weight(demand, 0, 0));
    EXPECT_EQ_I64(weight(demand, i, (i + 2) % 4), 0);
    EXPECT_EQ_I64(weight(demand, i, (i + 3) % 4), 0);
  }
  EXPECT_EQ_I64(ls_demand_cut_share_ppm(demand), 500000);
  ls_demand_destroy(demand);
}

/* With rails the ring stays on its rail: GPU i of a server talks to GPU i of another. */
LS_TEST(Demand, rails_keep_the_ring)
{
  const ls_traffic traffic = {.all_reduce_bytes = 1000000000,
                              .parallelism = {.data = 64, .tensor = 1, .pipeline = 1, .expert = 1}};
  const ls_block_layout layout = {64, 4, 8}; /* two blocks of 4 servers for each of 8 rails */
  ls_demand *demand = NULL;
  ASSERT_STATUS(ls_demand_from_traffic(&traffic, 8, &layout, &demand), LS_OK);
  ASSERT_EQ_I64(demand->block_count, 16);
  for (int32_t i = 0; i < 16; i++)
    for (int32_t j = 0; j < 16; j++)
      if (i / 2 != j / 2) EXPECT_EQ_I64(weight(demand, i, j), 0);
  EXPECT_EQ_I64(ls_demand_cut_share_ppm(demand), 250000); /* one of four servers is the last */
  ls_demand_destroy(demand);
}

LS_TEST(Demand, stages_talk_to_their_neighbours)
{
  const ls_traffic traffic = {.pipeline_bytes = 1000000000,
                              .parallelism = {.data = 16, .tensor = 1, .pipeline = 4, .expert = 1}};
  ls_demand *demand = demand_of(&traffic, 1, 64, 16); /* a block is a stage */
  ASSERT_TRUE(demand != NULL);
  const int64_t one = weight(demand, 0, 1);
  EXPECT_LT_I64(0, one);
  for (int32_t i = 0; i < 4; i++)
    for (int32_t j = 0; j < 4; j++) EXPECT_EQ_I64(weight(demand, i, j), abs(i - j) == 1 ? one : 0);
  EXPECT_EQ_I64(ls_demand_clos_theta_ppm(demand, 8), 500000);
  ls_demand_destroy(demand);
}

/* Sums of a demand of all kinds are those of the bytes that leave domains: 448 / 512 x 2 x 3/4 ...
 * of each kind, whatever the blocks. */
LS_TEST(Demand, blocks_change_no_sum)
{
  const ls_traffic traffic = {
      .all_reduce_bytes = 3000000000,
      .all_to_all_bytes = 1000000000,
      .pipeline_bytes = 500000000,
      .parallelism = {.data = 32, .tensor = 4, .pipeline = 4, .expert = 16}};
  double sums[3] = {0};
  static const int32_t block_gpus[] = {512, 24, 8};
  for (int32_t k = 0; k < 3; k++) {
    ls_demand *demand = demand_of(&traffic, 8, 512, block_gpus[k]);
    ASSERT_TRUE(demand != NULL);
    for (int32_t i = 0; i < demand->block_count; i++) sums[k] += (double)row_sum(demand, i);
    ls_demand_destroy(demand);
  }
  /* Of 2^61 for 512 GPUs of 2 x 3 + 1 + 0.5 GB: rings 2 x 15/16 x 3/2 GB a GPU, exchanges 14/16 GB,
   * stages 0.5 GB on average 3/4 of it. */
  const double share = (2 * 15. / 16 * 3 / 2 + 14. / 16 + 0.5 * 3 / 4) / 7.5;
  for (int32_t k = 0; k < 3; k++) EXPECT_NEAR(sums[k] / 2305843009213693952., share, 1e-9);
}

LS_TEST(Demand, refuses_what_it_cannot_hold)
{
  ls_traffic traffic = {.all_to_all_bytes = 1,
                        .parallelism = {.data = 8192, .tensor = 1, .pipeline = 1, .expert = 1}};
  const ls_block_layout layout = {8192, 1, 1};
  ls_demand *demand = NULL;
  EXPECT_STATUS(ls_demand_from_traffic(&traffic, 1, &layout, &demand), LS_ERR_FULL);
  traffic.parallelism.data = 0;
  EXPECT_STATUS(ls_demand_from_traffic(&traffic, 1, &layout, &demand), LS_ERR_INPUT);
  const ls_demand *matrix = demand_made(4, 1, NULL);
  EXPECT_STATUS(ls_demand_spread(matrix, &layout, &demand), LS_ERR_FULL);
  const ls_block_layout small = {3, 1, 1};
  EXPECT_STATUS(ls_demand_spread(matrix, &small, &demand), LS_ERR_INPUT);
  EXPECT_TRUE(demand == NULL);
  ls_demand_destroy(NULL);
}

/* ---- meshes ---- */

static ls_theta_range mesh_theta(const ls_demand *demand, int32_t uplink_count)
{
  ls_theta_range theta = {-1, -1};
  EXPECT_STATUS(ls_demand_mesh_theta(demand, uplink_count, &theta), LS_OK);
  return theta;
}

/* The worst case of a mesh, all of a block's demand for one other block: exactly
 * (u/d) B / (2 (B-1)), which for 33 blocks and u = d = 32 is 0.515625. */
LS_TEST(Demand, a_permutation_on_a_mesh)
{
  for (int32_t blocks = 3; blocks <= 33; blocks += 10) {
    const int32_t links = blocks - 1;
    ls_demand *demand = demand_made(blocks, links, NULL);
    for (int32_t i = 0; i < blocks; i++) demand->weight[i * blocks + (i + 1) % blocks] = 1000000000;
    const ls_theta_range theta = mesh_theta(demand, links);
    const int32_t exact = 1000000 * blocks / (2 * (blocks - 1));
    EXPECT_NEAR(theta.low_ppm, exact, 1);
    EXPECT_NEAR(theta.high_ppm, exact, 1);
    if (blocks == 33) EXPECT_EQ_I64(theta.low_ppm, 515625);
  }
}

LS_TEST(Demand, uniform_demand_fits_a_mesh)
{
  ls_demand *demand = demand_made(9, 16, NULL);
  for (int32_t i = 0; i < 81; i++) demand->weight[i] = i % 10 ? 1000 : 0;
  const ls_theta_range whole = mesh_theta(demand, 16), half = mesh_theta(demand, 8);
  EXPECT_EQ_I64(whole.low_ppm, 1000000);
  EXPECT_EQ_I64(half.low_ppm, 500000);
  EXPECT_EQ_I64(half.high_ppm, 500000);
}

LS_TEST(Demand, mesh_intervals_are_in_order)
{
  for (uint32_t seed = 1; seed < 60; seed++) {
    const int32_t blocks = 2 + (int32_t)(seed % 11), links = 1 + (int32_t)(seed * 7 % 40);
    ls_demand *demand = demand_made(blocks, 1 + (int32_t)(seed % 32), NULL);
    uint32_t state = seed * 2654435761u;
    for (int32_t i = 0; i < blocks * blocks; i++) {
      state = state * 1664525u + 1013904223u;
      demand->weight[i] = state >> 28 < 6 ? 0 : (int64_t)(state >> 8);
    }
    const ls_theta_range theta = mesh_theta(demand, links);
    const ls_theta_range wider = mesh_theta(demand, links * 2);
    EXPECT_LE_I64(0, theta.low_ppm);
    EXPECT_LE_I64(theta.low_ppm, theta.high_ppm);
    EXPECT_LE_I64(theta.high_ppm, 1000000);
    EXPECT_LE_I64(theta.low_ppm, wider.low_ppm);
    EXPECT_LE_I64(theta.high_ppm, wider.high_ppm);
    /* A mesh has no more uplinks than a Clos with as many. */
    EXPECT_LE_I64(theta.low_ppm, ls_demand_clos_theta_ppm(demand, links) + 1);
  }
}

LS_TEST(Demand, a_mesh_of_one_or_two)
{
  const int64_t one[] = {5}, two[] = {0, 1, 1, 0};
  EXPECT_EQ_I64(mesh_theta(demand_made(1, 8, one), 0).low_ppm, 1000000);
  EXPECT_EQ_I64(mesh_theta(demand_made(2, 8, two), 4).low_ppm, 500000);
  EXPECT_EQ_I64(mesh_theta(demand_made(2, 8, two), 4).high_ppm, 500000);
}

/* ---- files ---- */

LS_TEST(Demand, a_file_comes_back)
{
  const int64_t weights[] = {0, 5, 1, 2, 0, 0, 1000000000, 3, 4};
  const ls_demand *demand = demand_made(3, 1, weights);
  demand->weight[1] = 1234567;
  const char *path = shim_format("%s/demand.csv", shim_folder());
  ls_error error = {.line = 0};
  ASSERT_STATUS(ls_demand_write(demand, path, &error), LS_OK);
  EXPECT_STREQ(shim_file_read(path, NULL), "0,1.234567,1\n2,0,0\n1000000000,3,4\n");
  ls_demand *back = NULL;
  ASSERT_STATUS(ls_demand_read(path, &back, &error), LS_OK);
  ASSERT_EQ_I64(back->block_count, 3);
  EXPECT_BYTES(back->weight, demand->weight, 9 * sizeof *demand->weight);
  ls_demand_destroy(back);
  EXPECT_STATUS(ls_demand_write(demand, shim_format("%s/no/demand.csv", shim_folder()), &error),
                LS_ERR_IO);
}

LS_TEST(Demand, mistakes_in_a_file_have_a_place)
{
  static const struct {
    const char *text, *sentence;
  } cases[] = {
      {"", "demand.csv: must be a square matrix of numbers, got no row"},
      {"# nothing\n\n", "demand.csv:2: must be a square matrix of numbers, got no row"},
      {"1,2\n3,4\n", "ok"},
      {" 1 ,\t2\r\n\n# a comment\n3,4", "ok"},
      {"1,2\n3,x\n", "demand.csv:2: column 2 must be a decimal number 0..1000000000, got x"},
      {"1,2\n3,\n", "demand.csv:2: column 2 must be a decimal number 0..1000000000, got nothing"},
      {"1,-2\n3,4\n", "demand.csv:1: column 2 must be a decimal number 0..1000000000, got -2"},
      {"1,1e3\n3,4\n", "demand.csv:1: column 2 must be a decimal number 0..1000000000, got 1e3"},
      {"1,1000000001\n3,4\n",
       "demand.csv:1: column 2 must be a decimal number 0..1000000000, got 1000000001"},
      {"1,2\n3,4,5\n", "demand.csv:2: must have 2 columns, as the first row has, got 3"},
      {"1,2\n", "demand.csv:1: must have as many rows as columns, got 1"},
      {"1,2\n3,4\n5,6\n", "demand.csv:3: must be the last of 2 rows, as there are columns, got "
                          "one more"},
  };
  const char *path = shim_format("%s/demand.csv", shim_folder());
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_error error = {.line = 0};
    ls_demand *demand = NULL;
    char text[600] = "ok";
    ASSERT_TRUE(shim_file_write(path, cases[i].text, strlen(cases[i].text)));
    const ls_status status = ls_demand_read(path, &demand, &error);
    if (status != LS_OK) ls_error_format(&error, text, sizeof text);
    const char *name = strstr(text, "demand.csv");
    EXPECT_STREQ(name ? name : text, cases[i].sentence);
    EXPECT_TRUE((status == LS_OK) == (demand != NULL));
    ls_demand_destroy(demand);
  }
  ls_demand *demand = NULL;
  EXPECT_STATUS(ls_demand_read("no/such.csv", &demand, NULL), LS_ERR_INPUT);
  const char bytes[] = "1,\0,2\n";
  ASSERT_TRUE(shim_file_write(path, bytes, sizeof bytes - 1));
  EXPECT_STATUS(ls_demand_read(path, &demand, NULL), LS_ERR_INPUT);
  EXPECT_TRUE(demand == NULL);
}

/* A matrix of runs becomes one of blocks: finer, coarser and across rails. */
LS_TEST(Demand, runs_are_spread_over_blocks)
{
  const int64_t weights[] = {0, 8, 4, 0};
  const ls_demand *matrix = demand_made(2, 1, weights);
  const ls_block_layout finer = {16, 4, 1}, coarser = {16, 16, 1}, rails = {16, 4, 2};
  ls_demand *demand = NULL;
  ASSERT_STATUS(ls_demand_spread(matrix, &finer, &demand), LS_OK);
  ASSERT_EQ_I64(demand->block_count, 4);
  for (int32_t i = 0; i < 4; i++)
    for (int32_t j = 0; j < 4; j++)
      EXPECT_EQ_I64(weight(demand, i, j), i / 2 == j / 2 ? 0 : i < j ? 2000000 : 1000000);
  ls_demand_destroy(demand);
  ASSERT_STATUS(ls_demand_spread(matrix, &coarser, &demand), LS_OK);
  EXPECT_EQ_I64(weight(demand, 0, 0), 12000000);
  EXPECT_EQ_I64(demand->gpu_count[0], 16);
  ls_demand_destroy(demand);
  ASSERT_STATUS(ls_demand_spread(matrix, &rails, &demand), LS_OK);
  ASSERT_EQ_I64(demand->block_count, 4); /* rail 0: 0..7, 8..15; rail 1 likewise */
  EXPECT_EQ_I64(weight(demand, 0, 1), 2000000);
  EXPECT_EQ_I64(weight(demand, 0, 3), 2000000);
  EXPECT_EQ_I64(weight(demand, 0, 2), 0);
  ls_demand_destroy(demand);
}
