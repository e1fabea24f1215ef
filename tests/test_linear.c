/* Linear programs: answers known by hand, what ends a search, and that nothing is printed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../host/linear.h"
#include "shim/shim.h"

/* Most of 5 x + 4 y with 6 x + 4 y <= 24 and x + 2 y <= 6: 21 at x = 3, y = 1.5; of whole numbers
 * 20 at x = 4, y = 0. */
static const double cost[] = {-5, -4}, low[] = {0, 0}, high[] = {INFINITY, INFINITY};
static const double row_low[] = {-INFINITY, -INFINITY}, row_high[] = {24, 6};
static const int32_t row_first[] = {0, 2, 4}, column[] = {0, 1, 0, 1};
static const double value[] = {6, 4, 1, 2};
static const bool both_whole[] = {true, true};

static ls_linear small_problem(void)
{
  return (ls_linear){.column_count = 2,
                     .row_count = 2,
                     .cost = cost,
                     .low = low,
                     .high = high,
                     .row_low = row_low,
                     .row_high = row_high,
                     .row_first = row_first,
                     .column = column,
                     .value = value};
}

LS_TEST(Linear, finds_the_corner_and_its_prices)
{
  const ls_linear problem = small_problem();
  double x[2], dual[2];
  ls_linear_answer answer = {.x = x, .dual = dual};
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -21, 1e-9);
  EXPECT_NEAR(x[0], 3, 1e-9);
  EXPECT_NEAR(x[1], 1.5, 1e-9);
  EXPECT_NEAR(dual[0], -0.75, 1e-9);
  EXPECT_NEAR(dual[1], -0.5, 1e-9);
  EXPECT_EQ_I64(answer.nodes, 0);
}

/* Solved without its second row first, and gone on with from there. */
LS_TEST(Linear, goes_on_from_a_basis_with_more_rows)
{
  ls_linear problem = small_problem();
  double x[2];
  int8_t columns[2], rows[2];
  ls_linear_basis basis = {.column = columns, .row = rows};
  ls_linear_answer answer = {.x = x, .basis = &basis};
  problem.row_count = 1;
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -24, 1e-9);
  EXPECT_EQ_I64(basis.row_count, 1);
  problem.row_count = 2;
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -21, 1e-9);
  EXPECT_EQ_I64(basis.row_count, 2);
  /* From the answer itself there is no step left to do. */
  const ls_linear_limits once = {.iterations = 1};
  ASSERT_STATUS(ls_linear_solve(&problem, &once, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -21, 1e-9);
}

LS_TEST(Linear, finds_the_best_whole_numbers)
{
  ls_linear problem = small_problem();
  double x[2];
  ls_linear_answer answer = {.x = x};
  problem.is_whole = both_whole;
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -20, 1e-9);
  EXPECT_NEAR(x[0], 4, 1e-9);
  EXPECT_NEAR(x[1], 0, 1e-9);
  EXPECT_LT_I64(0, answer.nodes);
}

LS_TEST(Linear, says_no_where_nothing_keeps_to_the_rows)
{
  const double at_least_7[] = {7, 4}, at_most_6[] = {24, 6};
  ls_linear problem = small_problem();
  ls_linear_answer answer = {.sum = 77};
  problem.row_low = (const double[]){-INFINITY, 5.5};
  problem.high = (const double[]){1, 2};
  EXPECT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_ERR_NO); /* x + 2 y is 5 at most */
  problem.is_whole = both_whole;
  EXPECT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_ERR_NO);
  problem.high = high;
  problem.row_low = at_least_7;
  problem.row_high = at_most_6;
  problem.row_first = (const int32_t[]){0, 0, 4}; /* a row of nothing, at least 7 */
  problem.column = (const int32_t[]){0, 1, 0, 1};
  problem.row_count = 1;
  EXPECT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_ERR_NO);
  EXPECT_NEAR(answer.sum, 77, 0);
}

LS_TEST(Linear, says_what_has_no_least_value)
{
  ls_linear problem = small_problem();
  ls_linear_answer answer = {.sum = 77};
  problem.row_count = 0;
  EXPECT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_ERR_INTERNAL);
  problem.high = (const double[]){2, 3};
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -22, 1e-9);
}

/* ---- Limits ---- */

enum { ITEMS = 30, KNAPSACKS = 5 };

/* Items that go into five knapsacks at once, which takes branch and bound many nodes. */
typedef struct knapsack {
  double cost[ITEMS], low[ITEMS], high[ITEMS], value[ITEMS * KNAPSACKS];
  double row_low[KNAPSACKS], row_high[KNAPSACKS];
  int32_t first[KNAPSACKS + 1], column[ITEMS * KNAPSACKS];
  bool is_whole[ITEMS];
} knapsack;

static ls_linear knapsack_problem(knapsack *self)
{
  uint32_t state = 1;
  for (int32_t j = 0; j < ITEMS; j++) {
    self->high[j] = 1;
    self->is_whole[j] = true;
    for (int32_t i = 0; i < KNAPSACKS; i++) {
      state = state * 1664525U + 1013904223U;
      const double size = 100 + (double)(state >> 16) / 100;
      self->value[i * ITEMS + j] = size;
      self->column[i * ITEMS + j] = j;
      self->cost[j] -= size + 10;
      self->row_high[i] += size / 2;
    }
  }
  for (int32_t i = 0; i < KNAPSACKS; i++) {
    self->row_low[i] = -INFINITY;
    self->first[i + 1] = (i + 1) * ITEMS;
  }
  return (ls_linear){ITEMS,       KNAPSACKS,      self->cost,    self->low,
                     self->high,  self->is_whole, self->row_low, self->row_high,
                     self->first, self->column,   self->value};
}

LS_TEST(Linear, ends_at_its_limits)
{
  const volatile int stop = 1;
  knapsack *self = shim_alloc(sizeof *self);
  const ls_linear problem = knapsack_problem(self);
  const ls_linear_limits few_nodes = {.nodes = 20}, few_steps = {.iterations = 1};
  const ls_linear_limits stopped = {.stop = &stop};
  ls_linear_answer answer = {.sum = 77};
  EXPECT_STATUS(ls_linear_solve(&problem, &few_nodes, &answer), LS_ERR_STOPPED);
  EXPECT_STATUS(ls_linear_solve(&problem, &few_steps, &answer), LS_ERR_STOPPED);
  EXPECT_STATUS(ls_linear_solve(&problem, &stopped, &answer), LS_ERR_STOPPED);
  EXPECT_NEAR(answer.sum, 77, 0);
}

/* What GLPK would abort the process for comes back, and the next problem is none the worse. */
LS_TEST(Linear, survives_the_lack_of_memory)
{
  enum { LARGE = 300000 };
  double *zeros = shim_alloc(LARGE * sizeof *zeros);
  const ls_linear large = {
      .column_count = LARGE, .cost = zeros, .low = zeros, .high = zeros, .row_first = row_first};
  const ls_linear_limits tight = {.memory_mb = 2};
  const ls_linear problem = small_problem();
  ls_linear_answer answer = {.sum = 77};
  EXPECT_STATUS(ls_linear_solve(&large, &tight, &answer), LS_ERR_MEMORY);
  EXPECT_NEAR(answer.sum, 77, 0);
  EXPECT_STATUS(ls_linear_solve(&problem, &tight, &answer), LS_OK);
  EXPECT_NEAR(answer.sum, -21, 1e-9);
}

LS_TEST(Linear, repeats_itself)
{
  knapsack *self = shim_alloc(sizeof *self);
  ls_linear problem = knapsack_problem(self);
  double first[ITEMS], second[ITEMS];
  ls_linear_answer one = {.x = first}, two = {.x = second};
  problem.row_count = 1;
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &one), LS_OK);
  ASSERT_STATUS(ls_linear_solve(&problem, NULL, &two), LS_OK);
  EXPECT_BYTES(first, second, sizeof first);
  EXPECT_EQ_I64(one.nodes, two.nodes);
}
