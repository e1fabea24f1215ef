#include "masks.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "../kernels/stop_flag.h"

/* Masks in the order in which they turn up, found again by hashing. */
typedef struct mask_table {
  int32_t slot[2 * LS_MASKS_MAX]; /* 1 + index; 0: empty */
  ls_masks found;
} mask_table;

static ls_status table_add(mask_table *table, uint32_t mask, uint64_t designs)
{
  enum { SLOT_COUNT = sizeof table->slot / sizeof *table->slot };
  uint32_t at = mask * 2654435761u % SLOT_COUNT;
  while (table->slot[at] && table->found.mask[table->slot[at] - 1] != mask)
    at = (at + 1) % SLOT_COUNT;
  if (!table->slot[at]) {
    if (table->found.count == LS_MASKS_MAX) return LS_ERR_FULL;
    table->found.mask[table->found.count++] = mask;
    table->slot[at] = table->found.count;
  }
  table->found.designs[table->slot[at] - 1] += designs;
  return LS_OK;
}

/* A sum that fits no port is not judged further. */
static uint32_t mask_of(uint32_t mask)
{
  return mask & LS_VIOLATES_SIZING ? mask & LS_VIOLATES_SIZING : mask;
}

/* Shows every sized design to somebody. */
typedef struct walker {
  const ls_problem *problem;
  const volatile int *stop;
  ls_tier_row *rows[LS_TIER_MAX]; /* [most options of a structure in the tier] */
  void *context;
  ls_status (*see)(void *context, const ls_structure *structure, uint64_t rank,
                   const ls_tier_row *const rows[LS_TIER_MAX]);
} walker;

static ls_status structure_walk(walker *self, const ls_structure *structure)
{
  const ls_problem *problem = self->problem;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    for (uint32_t i = 0; i < structure->option_count[tier]; i++)
      ls_option_row_compute(problem, structure, tier, i, &self->rows[tier][i]);
  ls_status status = LS_OK;
  for (uint64_t rank = 0; status == LS_OK && rank < structure->rank_count; rank++) {
    const ls_tier_row *rows[LS_TIER_MAX];
    uint64_t rest = rank;
    for (int32_t tier = LS_TIER_MAX - 1; tier >= 0; tier--) {
      rows[tier] = &self->rows[tier][rest % structure->option_count[tier]];
      rest /= structure->option_count[tier];
    }
    status = self->see(self->context, structure, structure->rank_first + rank, rows);
  }
  return status;
}

static ls_status rows_create(walker *self)
{
  size_t options[LS_TIER_MAX];
  ls_problem_option_counts(self->problem, options);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    self->rows[tier] = malloc(options[tier] * sizeof *self->rows[tier]);
    if (!self->rows[tier]) return LS_ERR_MEMORY;
  }
  return LS_OK;
}

static ls_status walk(walker *self)
{
  ls_status status = rows_create(self);
  for (uint32_t i = 0; status == LS_OK && i < self->problem->structure_count; i++) {
    if (ls_is_stopped(self->stop))
      status = LS_ERR_STOPPED;
    else if (!(self->problem->structures[i].violation_mask & LS_VIOLATES_SIZING))
      status = structure_walk(self, &self->problem->structures[i]);
  }
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) free(self->rows[tier]);
  return status;
}

/* ---- All masks ---- */

typedef struct collector {
  const ls_problem *problem;
  mask_table *table;
} collector;

static ls_status collect(void *context, const ls_structure *structure, uint64_t rank,
                         const ls_tier_row *const rows[LS_TIER_MAX])
{
  const collector *self = context;
  ls_score score;
  (void)rank;
  return table_add(self->table, mask_of(ls_design_score(self->problem, structure, rows, &score)),
                   1);
}

static int by_mask(const void *a, const void *b)
{
  const uint32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* In ascending order, so that what follows depends on the set alone. */
static void masks_sort(const mask_table *table, ls_masks *masks)
{
  const ls_masks *found = &table->found;
  masks->count = found->count;
  memcpy(masks->mask, found->mask, (size_t)found->count * sizeof *found->mask);
  qsort(masks->mask, (size_t)masks->count, sizeof *masks->mask, by_mask);
  for (int32_t i = 0; i < masks->count; i++)
    for (int32_t j = 0; j < masks->count; j++)
      if (found->mask[j] == masks->mask[i]) masks->designs[i] = found->designs[j];
}

ls_status ls_masks_collect(const ls_problem *problem, const volatile int *stop, ls_masks *masks)
{
  collector self = {.problem = problem, .table = calloc(1, sizeof *self.table)};
  walker round = {.problem = problem, .stop = stop, .context = &self, .see = collect};
  ls_status status = self.table ? LS_OK : LS_ERR_MEMORY;
  for (uint32_t i = 0; status == LS_OK && i < problem->structure_count; i++)
    if (problem->structures[i].violation_mask & LS_VIOLATES_SIZING)
      status = table_add(self.table, mask_of(problem->structures[i].violation_mask),
                         problem->structures[i].rank_count);
  if (status == LS_OK) status = walk(&round);
  if (status == LS_OK) masks_sort(self.table, masks);
  free(self.table);
  return status;
}

/* ---- What is scarce ---- */

typedef struct scarcity {
  const ls_problem *problem;
  uint32_t mask;
  uint64_t rank;
  double excess; /* of the rank */
  bool is_found;
} scarcity;

/* How many times what can be had is needed of the resource that lacks most. */
static double excess_of(const ls_problem *problem, const ls_structure *structure,
                        const ls_tier_row *const rows[LS_TIER_MAX])
{
  double excess = 0;
  for (int32_t i = 0; i < problem->vendor_first; i++) {
    int64_t needed = structure->base_resource[i];
    for (int32_t tier = 0; tier < structure->tier_count; tier++) needed += rows[tier]->resource[i];
    const double ratio = (double)needed / (double)ls_max(problem->resource_limit[i], 1);
    if (ratio > excess) excess = ratio;
  }
  return excess;
}

static ls_status scarcity_see(void *context, const ls_structure *structure, uint64_t rank,
                              const ls_tier_row *const rows[LS_TIER_MAX])
{
  scarcity *self = context;
  ls_score score;
  if (ls_design_score(self->problem, structure, rows, &score) != self->mask) return LS_OK;
  const double excess = excess_of(self->problem, structure, rows);
  if (!self->is_found || excess < self->excess) {
    self->rank = rank;
    self->excess = excess;
  }
  self->is_found = true;
  return LS_OK;
}

ls_status ls_masks_least_scarce(const ls_problem *problem, const volatile int *stop, uint32_t mask,
                                uint64_t *rank)
{
  scarcity self = {.problem = problem, .mask = mask};
  walker round = {.problem = problem, .stop = stop, .context = &self, .see = scarcity_see};
  const ls_status status = walk(&round);
  if (status != LS_OK) return status;
  if (!self.is_found) return LS_ERR_NO;
  *rank = self.rank;
  return LS_OK;
}
