/* The front against its definition, by brute force on random scores. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/dominate.h"
#include "../kernels/front.h"
#include "shim/shim.h"

enum { COUNT = 3000 };

static const int64_t all[LS_METRIC_COUNT] = {-1, -1, -1, -1, -1};

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

static bool belongs(const ls_front_member *members, int32_t count, int32_t index,
                    const int64_t *mask)
{
  for (int32_t i = 0; i < count; i++)
    if (i != index && ls_design_dominates(&members[i].score, members[i].rank, &members[index].score,
                                          members[index].rank, mask))
      return false;
  return true;
}

static void front_check(const ls_front_member *members, const int32_t *order, const int64_t *mask)
{
  ls_front *front;
  ASSERT_STATUS(ls_front_create(mask, &front), LS_OK);
  for (int32_t i = 0; i < COUNT; i++)
    ASSERT_STATUS(ls_front_insert(front, &members[order[i]], NULL), LS_OK);
  ls_front_member *found = shim_alloc(COUNT * sizeof *found);
  const int32_t count = ls_front_count(front);
  ls_front_read(front, found);
  int32_t position = 0;
  for (int32_t i = 0; i < COUNT; i++) {
    if (!belongs(members, COUNT, i, mask)) continue;
    ASSERT_LT_I64(position, count);
    ASSERT_EQ_U64(found[position].rank, members[i].rank);
    EXPECT_BYTES(&found[position].score, &members[i].score, sizeof found->score);
    position++;
  }
  EXPECT_EQ_I64(position, count);
  ls_front_destroy(front);
}

LS_TEST(Front, is_exact_in_any_order)
{
  ls_front_member *members = shim_alloc(COUNT * sizeof *members);
  int32_t *order = shim_alloc(COUNT * sizeof *order);
  const int64_t two[LS_METRIC_COUNT] = {-1, 0, 0, -1, 0};
  for (uint64_t seed = 1; seed <= 4 && !shim_has_failed(); seed++) {
    uint64_t state = seed;
    members_fill(members, COUNT, seed, seed == 1 ? 3 : 40);
    for (int32_t i = 0; i < COUNT; i++) order[i] = i;
    front_check(members, order, all);
    for (int32_t i = COUNT - 1; i > 0; i--) {
      const int32_t j = (int32_t)(next_random(&state) % (uint64_t)(i + 1));
      const int32_t swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    front_check(members, order, all);
    front_check(members, order, two);
  }
}

LS_TEST(Front, keeps_the_lowest_rank_of_equal_designs)
{
  ls_front *front;
  ls_front_member first = {7, {{1, 2, 3, 4, 5}}}, second = first, kept[2];
  bool is_inserted;
  second.rank = 3;
  ASSERT_STATUS(ls_front_create(all, &front), LS_OK);
  EXPECT_STATUS(ls_front_insert(front, &first, &is_inserted), LS_OK);
  EXPECT_TRUE(is_inserted);
  EXPECT_STATUS(ls_front_insert(front, &second, &is_inserted), LS_OK);
  EXPECT_TRUE(is_inserted);
  EXPECT_STATUS(ls_front_insert(front, &first, &is_inserted), LS_OK);
  EXPECT_FALSE(is_inserted);
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
