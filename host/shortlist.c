#include "shortlist.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"

enum { GRID_MAX = 256 };

typedef struct selection {
  const ls_problem *problem;
  const ls_front_member *front; /* [count] */
  int32_t count, limit;
  bool *is_chosen; /* [count] */
  int32_t chosen;
  int64_t low[LS_METRIC_COUNT], high[LS_METRIC_COUNT];
} selection;

/* Position within the front's range of a metric, 0 .. cells - 1. */
static int64_t cell_of(const selection *self, const ls_front_member *member, int32_t metric,
                       int64_t cells)
{
  const int64_t range = self->high[metric] - self->low[metric];
  if (!self->problem->objective_mask[metric] || !range) return 0;
  const double share = (double)(member->score.metric[metric] - self->low[metric]) / (double)range;
  return ls_min((int64_t)(share * (double)cells), cells - 1);
}

/* Sum over metrics of the position in the range: less is nearer to the ideal point. */
static int64_t badness(const selection *self, const ls_front_member *member)
{
  int64_t sum = 0;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
    sum += cell_of(self, member, metric, 1000000);
  return sum;
}

static int32_t family_of(const selection *self, int32_t index)
{
  const ls_structure *structure =
      &self->problem->structures[ls_rank_structure(self->problem, self->front[index].rank)];
  return 2 * structure->family + structure->is_rail;
}

static void choose(selection *self, int32_t index)
{
  if (index < 0 || self->is_chosen[index] || self->chosen == self->limit) return;
  self->is_chosen[index] = true;
  self->chosen++;
}

static void ranges_find(selection *self)
{
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    self->low[metric] = INT64_MAX;
    self->high[metric] = INT64_MIN;
    for (int32_t i = 0; i < self->count; i++) {
      self->low[metric] = ls_min(self->low[metric], self->front[i].score.metric[metric]);
      self->high[metric] = ls_max(self->high[metric], self->front[i].score.metric[metric]);
    }
  }
}

/* The best of a family (or of all: -1) in one metric; ties to the nearest to the ideal point. */
static int32_t extreme_find(const selection *self, int32_t family, int32_t metric)
{
  int32_t best = -1;
  for (int32_t i = 0; i < self->count; i++) {
    if (family >= 0 && family_of(self, i) != family) continue;
    if (best >= 0) {
      const int64_t value = self->front[i].score.metric[metric];
      const int64_t least = self->front[best].score.metric[metric];
      if (value > least ||
          (value == least && badness(self, &self->front[i]) >= badness(self, &self->front[best])))
        continue;
    }
    best = i;
  }
  return best;
}

static void extremes_choose(selection *self)
{
  for (int32_t family = -1; family < 2 * LS_FAMILY_COUNT; family++)
    for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
      if (self->problem->objective_mask[metric]) choose(self, extreme_find(self, family, metric));
}

/* The box of a member on a grid of cells per metric, and how good it is in it. */
typedef struct boxed {
  int64_t box, badness;
  int32_t index;
} boxed;

static int boxed_compare(const void *a, const void *b)
{
  const boxed *x = a, *y = b;
  if (x->box != y->box) return x->box < y->box ? -1 : 1;
  if (x->badness != y->badness) return x->badness < y->badness ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

/* Sorts the members into boxes; the first of each box leads it. Returns the number of boxes. */
static int32_t boxes_sort(const selection *self, int32_t cells, boxed *members)
{
  for (int32_t i = 0; i < self->count; i++) {
    members[i] = (boxed){0, badness(self, &self->front[i]), i};
    /* At most five metrics are compared: their cells fit 40 bits. */
    for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
      if (self->problem->objective_mask[metric])
        members[i].box = members[i].box * GRID_MAX + cell_of(self, &self->front[i], metric, cells);
  }
  qsort(members, (size_t)self->count, sizeof *members, boxed_compare);
  int32_t box_count = 0;
  for (int32_t i = 0; i < self->count; i++) box_count += !i || members[i].box != members[i - 1].box;
  return box_count;
}

static ls_status boxes_choose(selection *self)
{
  boxed *members = malloc((size_t)self->count * sizeof *members);
  if (!members) return LS_ERR_MEMORY;
  int32_t cells = GRID_MAX;
  while (cells > 1 && boxes_sort(self, cells, members) > self->limit - self->chosen)
    cells = cells * 7 / 8;
  /* The finer grids fill what the last whole one leaves. */
  for (; self->chosen < self->limit && cells <= GRID_MAX; cells = cells * 8 / 7 + 1) {
    boxes_sort(self, cells, members);
    for (int32_t i = 0; i < self->count; i++)
      if (!i || members[i].box != members[i - 1].box) choose(self, members[i].index);
  }
  free(members);
  return LS_OK;
}

ls_status ls_shortlist_choose(const ls_problem *problem, const ls_front_member *front,
                              int32_t count, int32_t limit, bool *is_chosen, int32_t *chosen)
{
  selection self = {
      .problem = problem, .front = front, .count = count, .limit = limit, .is_chosen = is_chosen};
  memset(is_chosen, count <= limit, (size_t)count);
  *chosen = count;
  if (count <= limit) return LS_OK;
  ranges_find(&self);
  extremes_choose(&self);
  const ls_status status = boxes_choose(&self);
  *chosen = self.chosen;
  return status;
}
