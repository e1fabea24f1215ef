#include "masks.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"

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

typedef struct collector {
  const ls_problem *problem;
  const volatile int *stop;
  ls_tier_row *rows[LS_TIER_MAX]; /* [most options of a structure in the tier] */
  mask_table *table;
} collector;

static ls_status structure_collect(collector *self, const ls_structure *structure)
{
  const ls_problem *problem = self->problem;
  if (structure->violation_mask & LS_VIOLATES_SIZING)
    return table_add(self->table, mask_of(structure->violation_mask), structure->rank_count);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    for (uint32_t i = 0; i < structure->option_count[tier]; i++) {
      const int32_t link =
          tier < structure->tier_count ? problem->options[structure->option_first[tier] + i] : 0;
      ls_tier_row_compute(problem, structure, tier, &problem->links[link], &self->rows[tier][i]);
    }
  ls_status status = LS_OK;
  for (uint64_t rank = 0; status == LS_OK && rank < structure->rank_count; rank++) {
    const ls_tier_row *rows[LS_TIER_MAX];
    ls_score score;
    uint64_t rest = rank;
    for (int32_t tier = LS_TIER_MAX - 1; tier >= 0; tier--) {
      rows[tier] = &self->rows[tier][rest % structure->option_count[tier]];
      rest /= structure->option_count[tier];
    }
    status = table_add(self->table, mask_of(ls_design_score(problem, structure, rows, &score)), 1);
  }
  return status;
}

static ls_status rows_create(collector *self)
{
  size_t options[LS_TIER_MAX] = {1, 1, 1, 1};
  for (uint32_t i = 0; i < self->problem->structure_count; i++)
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
      if (self->problem->structures[i].option_count[tier] > options[tier])
        options[tier] = self->problem->structures[i].option_count[tier];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    self->rows[tier] = malloc(options[tier] * sizeof *self->rows[tier]);
    if (!self->rows[tier]) return LS_ERR_MEMORY;
  }
  return LS_OK;
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
  collector self = {.problem = problem, .stop = stop, .table = calloc(1, sizeof *self.table)};
  ls_status status = self.table ? rows_create(&self) : LS_ERR_MEMORY;
  for (uint32_t i = 0; status == LS_OK && i < problem->structure_count; i++)
    status = stop && *stop ? LS_ERR_STOPPED : structure_collect(&self, &problem->structures[i]);
  if (status == LS_OK) masks_sort(self.table, masks);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) free(self.rows[tier]);
  free(self.table);
  return status;
}
