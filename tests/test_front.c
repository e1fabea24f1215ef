/* The front against its definition, by brute force on random scores. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/dominate.h"
#include "../kernels/front.h"
#include "shim/shim.h"

enum { COUNT = 3000 };

static const int64_t all[LS_METRIC_COUNT] = {-1, -1, -1, -1, -1};
static const int64_t two[LS_METRIC_COUNT] = {-1, 0, 0, -1, 0};

static uint64_t next_random(uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

/* Few distinct values, so that ties and equal scores are common. */
static void members_fill(ls_front_member *members, int32_t count, uint64_t seed, uint64_t values)
{
  for (int32_t i = 0; i < count; i++) {
    members[i].rank = (uint64_t)i;
    for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
      members[i].score.metric[metric] = (int64_t)(next_random(&seed) % values);
  }
}

/* Moves members to a plane on which no one dominates another, and off it again by up to depth. */
static void members_flatten(ls_front_member *members, int32_t count, uint64_t seed, uint64_t depth)
{
  for (int32_t i = 0; i < count; i++) {
    int64_t *metric = members[i].score.metric;
    metric[4] = -metric[0] - metric[1] - metric[2] - metric[3];
    const int64_t above = (int64_t)(next_random(&seed) % depth);
    for (int32_t m = 0; m < 5; m++) metric[m] += above;
  }
}

/* Pulls members together around every hundredth of them. */
static void members_cluster(ls_front_member *members, int32_t count)
{
  for (int32_t i = 0; i < count; i++)
    for (int32_t m = 0; m < LS_METRIC_COUNT && i % 100; m++)
      members[i].score.metric[m] =
          members[i - i % 100].score.metric[m] + members[i].score.metric[m] / 1000;
}

static bool belongs(const ls_front_member *members, int32_t count, int32_t index,
                    const int64_t *mask)
{
  for (int32_t i = 0; i < count; i++)
    if (i != index && ls_design_dominates(&members[i].score, members[i].rank, &members[index].score,
                                          members[index].rank, mask))
      return false;
  return true;
}

/* The members that belong to the front, by definition; they come in order of rank. */
static ls_front_member *front_expected(const ls_front_member *members, int32_t count,
                                       const int64_t *mask, int32_t *expected_count)
{
  ls_front_member *expected = shim_alloc((size_t)count * sizeof *expected);
  *expected_count = 0;
  for (int32_t i = 0; i < count; i++)
    if (belongs(members, count, i, mask)) expected[(*expected_count)++] = members[i];
  return expected;
}

static void front_check(const ls_front_member *members, int32_t count, const int32_t *order,
                        const int64_t *mask, const ls_front_member *expected,
                        int32_t expected_count)
{
  ls_front *front;
  ASSERT_STATUS(ls_front_create(mask, &front), LS_OK);
  for (int32_t i = 0; i < count; i++)
    ASSERT_STATUS(ls_front_insert(front, &members[order[i]], NULL), LS_OK);
  EXPECT_EQ_I64(ls_front_count(front), expected_count);
  ls_front_member *found = shim_alloc((size_t)count * sizeof *found);
  ls_front_read(front, found);
  EXPECT_BYTES(found, expected, (size_t)expected_count * sizeof *found);
  ls_front_destroy(front);
}

static void order_shuffle(int32_t *order, int32_t count, uint64_t *state)
{
  for (int32_t i = count - 1; i > 0; i--) {
    const int32_t j = (int32_t)(next_random(state) % (uint64_t)(i + 1));
    const int32_t swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
}

/* In order of rank, backwards and shuffled; returns the size of the front. */
static int32_t orders_check(const ls_front_member *members, int32_t count, const int64_t *mask)
{
  int32_t *order = shim_alloc((size_t)count * sizeof *order), expected_count;
  uint64_t state = 5;
  const ls_front_member *expected = front_expected(members, count, mask, &expected_count);
  for (int32_t i = 0; i < count; i++) order[i] = i;
  front_check(members, count, order, mask, expected, expected_count);
  for (int32_t i = 0; i < count; i++) order[i] = count - 1 - i;
  front_check(members, count, order, mask, expected, expected_count);
  order_shuffle(order, count, &state);
  front_check(members, count, order, mask, expected, expected_count);
  return expected_count;
}

LS_TEST(Front, is_exact_in_any_order)
{
  ls_front_member *members = shim_alloc(COUNT * sizeof *members);
  static const uint64_t values[] = {3, 40, 1000, 1000000000};
  for (size_t i = 0; i < sizeof values / sizeof *values && !shim_has_failed(); i++) {
    members_fill(members, COUNT, i + 1, values[i]);
    orders_check(members, COUNT, all);
    orders_check(members, COUNT, two);
    members_cluster(members, COUNT);
    orders_check(members, COUNT, all);
  }
}

/* More members than two levels of the tree hold, most of them in the front, on every set. */
LS_TEST(Front, is_exact_when_it_is_large)
{
  enum { LARGE = 7000 };
  ls_front_member *members = shim_alloc(LARGE * sizeof *members);
  static const char *const sets[] = {"scalar", "avx2", "avx512"};
  for (size_t i = 0; i < 3; i++) {
    setenv("LS_ISA", sets[i], 1);
    members_fill(members, LARGE, i, 1000000);
    members_flatten(members, LARGE, i, 10000);
    EXPECT_LT_I64(64 * 64, orders_check(members, LARGE, all));
  }
  unsetenv("LS_ISA");
}

/* The later half dominates the earlier: whole branches of the tree go, and it grows again. */
LS_TEST(Front, forgets_what_is_dominated)
{
  ls_front_member *members = shim_alloc(COUNT * sizeof *members);
  members_fill(members, COUNT, 3, 1000000);
  members_flatten(members, COUNT, 3, 1000);
  for (int32_t i = 0; i < COUNT / 2; i++)
    for (int32_t m = 0; m < 5; m++) members[i].score.metric[m] += 3000000;
  orders_check(members, COUNT, all);
  for (int32_t m = 0; m < 5; m++) members[COUNT - 1].score.metric[m] = -10000000;
  EXPECT_EQ_I64(orders_check(members, COUNT, all), 1);
}

/* Each allocation fails once: the front stays as it was, and takes the member the next time. */
LS_TEST(Front, is_unchanged_where_memory_runs_out)
{
  ls_front *front = NULL;
  ls_front_member *members = shim_alloc(COUNT * sizeof *members);
  ls_front_member *before = shim_alloc(COUNT * sizeof *members);
  ls_front_member *after = shim_alloc(COUNT * sizeof *members);
  members_fill(members, COUNT, 11, 1000000);
  members_flatten(members, COUNT, 11, 2000);
  for (int nth = 1; nth <= 3; nth++) {
    shim_memory_fail(nth);
    EXPECT_STATUS(ls_front_create(all, &front), LS_ERR_MEMORY);
    EXPECT_TRUE(front == NULL);
  }
  shim_memory_fail(0);
  ASSERT_STATUS(ls_front_create(all, &front), LS_OK);
  int32_t failure_count = 0;
  for (int32_t i = 0; i < COUNT && !shim_has_failed(); i++) {
    const int32_t count = ls_front_count(front);
    ls_front_read(front, before);
    shim_memory_fail(1);
    const ls_status status = ls_front_insert(front, &members[i], NULL);
    shim_memory_fail(0);
    if (status == LS_OK) continue;
    failure_count++;
    EXPECT_STATUS(status, LS_ERR_MEMORY);
    ASSERT_EQ_I64(ls_front_count(front), count);
    ls_front_read(front, after);
    EXPECT_BYTES(before, after, (size_t)count * sizeof *after);
    ASSERT_STATUS(ls_front_insert(front, &members[i], NULL), LS_OK);
  }
  EXPECT_LT_I64(COUNT / 64, failure_count);
  int32_t expected_count;
  const ls_front_member *expected = front_expected(members, COUNT, all, &expected_count);
  ASSERT_EQ_I64(ls_front_count(front), expected_count);
  ls_front_read(front, after);
  EXPECT_BYTES(after, expected, (size_t)expected_count * sizeof *after);
  ls_front_destroy(front);
}

LS_TEST(Front, keeps_the_lowest_rank_of_equal_designs)
{
  ls_front *front;
  ls_front_member first = {7, {{1, 2, 3, 4, 5}}}, second = first, kept[2];
  const ls_front_member *dominator;
  second.rank = 3;
  ASSERT_STATUS(ls_front_create(all, &front), LS_OK);
  EXPECT_STATUS(ls_front_insert(front, &first, &dominator), LS_OK);
  EXPECT_TRUE(dominator == NULL);
  EXPECT_STATUS(ls_front_insert(front, &second, &dominator), LS_OK);
  EXPECT_TRUE(dominator == NULL);
  EXPECT_STATUS(ls_front_insert(front, &first, &dominator), LS_OK);
  ASSERT_TRUE(dominator != NULL);
  EXPECT_EQ_U64(dominator->rank, 3);
  EXPECT_STATUS(ls_front_insert(front, &second, &dominator), LS_OK);
  EXPECT_TRUE(dominator != NULL);
  ASSERT_EQ_I64(ls_front_count(front), 1);
  ls_front_read(front, kept);
  EXPECT_EQ_U64(kept[0].rank, 3);
  EXPECT_TRUE(ls_front_dominator(front, &first.score, first.rank) != NULL);
  ls_front_destroy(front);
}

LS_TEST(Front, merge_equals_inserting_all)
{
  ls_front_member *members = shim_alloc(COUNT * sizeof *members);
  ls_front *whole, *half, *other;
  members_fill(members, COUNT, 99, 60);
  ASSERT_STATUS(ls_front_create(all, &whole), LS_OK);
  ASSERT_STATUS(ls_front_create(all, &half), LS_OK);
  ASSERT_STATUS(ls_front_create(all, &other), LS_OK);
  for (int32_t i = 0; i < COUNT; i++) {
    ASSERT_STATUS(ls_front_insert(whole, &members[i], NULL), LS_OK);
    ASSERT_STATUS(ls_front_insert(i % 2 ? half : other, &members[i], NULL), LS_OK);
  }
  ASSERT_STATUS(ls_front_merge(half, other), LS_OK);
  ASSERT_EQ_I64(ls_front_count(half), ls_front_count(whole));
  const size_t size = (size_t)ls_front_count(whole) * sizeof(ls_front_member);
  ls_front_member *a = shim_alloc(size), *b = shim_alloc(size);
  ls_front_read(whole, a);
  ls_front_read(half, b);
  EXPECT_BYTES(a, b, size);
  ls_front_destroy(whole);
  ls_front_destroy(half);
  ls_front_destroy(other);
}
