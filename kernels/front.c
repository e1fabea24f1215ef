/* The exact Pareto front as blocks of 64 members, in order of insertion.
 * Per block the minima and maxima of each compared metric: a block whose minima do not cover a
 * score holds no dominator, one whose maxima the score does not cover holds nothing to drop.
 * Most designs never come here: the backends drop them against a few strong members first. */
#include "front.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dominate.h"

enum { BLOCK_SIZE = 64 };

typedef struct front_block {
  int32_t count;
  ls_score low, high; /* of compared metrics; metrics not compared are 0 */
  ls_front_member member[BLOCK_SIZE];
} front_block;

struct ls_front {
  int64_t mask[LS_METRIC_COUNT];
  int32_t count, block_count, block_capacity;
  front_block *block; /* [block_capacity] */
};

ls_status ls_front_create(const int64_t objective_mask[LS_METRIC_COUNT], ls_front **front)
{
  ls_front *created = calloc(1, sizeof *created);
  if (!created) return LS_ERR_MEMORY;
  memcpy(created->mask, objective_mask, sizeof created->mask);
  *front = created;
  return LS_OK;
}

void ls_front_destroy(ls_front *front)
{
  if (!front) return;
  free(front->block);
  free(front);
}

int32_t ls_front_count(const ls_front *front) { return front->count; }

static const ls_front_member *block_dominator(const ls_front *front, const front_block *block,
                                              const ls_score *score, uint64_t rank)
{
  if (!ls_score_covers(&block->low, score, front->mask)) return NULL;
  for (int32_t i = 0; i < block->count; i++)
    if (ls_design_dominates(&block->member[i].score, block->member[i].rank, score, rank,
                            front->mask))
      return &block->member[i];
  return NULL;
}

const ls_front_member *ls_front_dominator(const ls_front *front, const ls_score *score,
                                          uint64_t rank)
{
  for (int32_t i = 0; i < front->block_count; i++) {
    const ls_front_member *member = block_dominator(front, &front->block[i], score, rank);
    if (member) return member;
  }
  return NULL;
}

static void block_extend(const ls_front *front, front_block *block, const ls_score *score)
{
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) {
    const int64_t value = score->metric[i] & front->mask[i];
    if (!block->count || value < block->low.metric[i]) block->low.metric[i] = value;
    if (!block->count || value > block->high.metric[i]) block->high.metric[i] = value;
  }
}

static void block_append(const ls_front *front, front_block *block, const ls_front_member *member)
{
  block_extend(front, block, &member->score);
  block->member[block->count++] = *member;
}

/* Drops the members of a block that *member dominates; returns how many. */
static int32_t block_drop(const ls_front *front, front_block *block, const ls_front_member *member)
{
  if (!ls_score_covers(&member->score, &block->high, front->mask)) return 0;
  front_block kept = {.count = 0};
  for (int32_t i = 0; i < block->count; i++)
    if (!ls_design_dominates(&member->score, member->rank, &block->member[i].score,
                             block->member[i].rank, front->mask))
      block_append(front, &kept, &block->member[i]);
  const int32_t dropped = block->count - kept.count;
  if (dropped) *block = kept;
  return dropped;
}

/* Makes room in the last block. LS_ERR_MEMORY: unchanged. */
static ls_status front_reserve(ls_front *front)
{
  if (front->block_count && front->block[front->block_count - 1].count < BLOCK_SIZE) return LS_OK;
  if (front->block_count == front->block_capacity) {
    const int32_t capacity = front->block_capacity ? 2 * front->block_capacity : 8;
    front_block *grown = realloc(front->block, (size_t)capacity * sizeof *grown);
    if (!grown) return LS_ERR_MEMORY;
    front->block = grown;
    front->block_capacity = capacity;
  }
  front->block[front->block_count++].count = 0;
  return LS_OK;
}

/* Removes blocks that have become empty, keeping the order. */
static void front_compact(ls_front *front)
{
  int32_t kept = 0;
  for (int32_t i = 0; i < front->block_count; i++) {
    if (!front->block[i].count) continue;
    if (kept != i) front->block[kept] = front->block[i];
    kept++;
  }
  front->block_count = kept;
}

ls_status ls_front_insert(ls_front *front, const ls_front_member *member, bool *is_inserted)
{
  const bool is_dominated = ls_front_dominator(front, &member->score, member->rank) != NULL;
  if (is_inserted) *is_inserted = !is_dominated;
  if (is_dominated) return LS_OK;
  const ls_status status = front_reserve(front);
  if (status != LS_OK) return status;
  bool is_emptied = false;
  for (int32_t i = 0; i < front->block_count; i++) {
    const int32_t dropped = block_drop(front, &front->block[i], member);
    front->count -= dropped;
    is_emptied = is_emptied || (dropped && !front->block[i].count);
  }
  block_append(front, &front->block[front->block_count - 1], member);
  front->count++;
  if (is_emptied) front_compact(front);
  return LS_OK;
}

ls_status ls_front_merge(ls_front *front, const ls_front *other)
{
  for (int32_t i = 0; i < other->block_count; i++)
    for (int32_t j = 0; j < other->block[i].count; j++) {
      const ls_status status = ls_front_insert(front, &other->block[i].member[j], NULL);
      if (status != LS_OK) return status;
    }
  return LS_OK;
}

static int member_compare(const void *a, const void *b)
{
  const uint64_t rank_a = ((const ls_front_member *)a)->rank;
  const uint64_t rank_b = ((const ls_front_member *)b)->rank;
  return (rank_a > rank_b) - (rank_a < rank_b);
}

void ls_front_read(const ls_front *front, ls_front_member *members)
{
  int32_t count = 0;
  for (int32_t i = 0; i < front->block_count; i++) {
    const front_block *block = &front->block[i];
    memcpy(&members[count], block->member, (size_t)block->count * sizeof *members);
    count += block->count;
  }
  assert(count == front->count);
  qsort(members, (size_t)count, sizeof *members, member_compare);
}
