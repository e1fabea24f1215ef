/* More of these is worse, or less: nothing else they say about a design. Losses of the path are not
 * among them, since less light may save a receiver from too much of it. */
#include "figure_effect.h"

#include <stddef.h>
#include <string.h>

typedef struct direction {
  size_t offset;
  bool is_wide;  /* 64 bits */
  bool is_asset; /* more is better */
} direction;

#define COST(row, member)                                                                          \
  {                                                                                                \
    offsetof(row, member), sizeof(((row *)0)->member) == 8, false                                  \
  }
#define ASSET(row, member)                                                                         \
  {                                                                                                \
    offsetof(row, member), sizeof(((row *)0)->member) == 8, true                                   \
  }

static const direction of_switches[] = {
    COST(ls_switch_row, capex_cents),   COST(ls_switch_row, latency_ps),
    COST(ls_switch_row, downtime),      COST(ls_switch_row, fit),
    COST(ls_switch_row, repair_mcents), COST(ls_switch_row, spare_fit),
    COST(ls_switch_row, swap_fit),      COST(ls_switch_row, swap_downtime)};

static const direction of_optics[] = {COST(ls_optic_row, capex_cents),
                                      COST(ls_optic_row, latency_ps),
                                      COST(ls_optic_row, part[0].fit),
                                      COST(ls_optic_row, part[0].minutes),
                                      COST(ls_optic_row, part[1].fit),
                                      COST(ls_optic_row, part[1].minutes),
                                      COST(ls_optic_row, part[2].fit),
                                      COST(ls_optic_row, part[2].minutes),
                                      COST(ls_optic_row, fit),
                                      COST(ls_optic_row, repair_mcents),
                                      ASSET(ls_optic_row, share_gbps),
                                      COST(ls_optic_row, power_uw_per_gbps),
                                      ASSET(ls_optic_row, reach_mm),
                                      ASSET(ls_optic_row, tx_mdbm),
                                      COST(ls_optic_row, tx_max_mdbm),
                                      COST(ls_optic_row, threshold_mdbm),
                                      ASSET(ls_optic_row, overload_mdbm),
                                      COST(ls_optic_row, penalty_mdb),
                                      COST(ls_optic_row, internal_loss_mdb)};

static const direction of_ocs[] = {COST(ls_ocs_row, capex_cents), COST(ls_ocs_row, power_mw),
                                   COST(ls_ocs_row, downtime), COST(ls_ocs_row, fit),
                                   COST(ls_ocs_row, repair_mcents)};

static int64_t member_read(const char *row, const direction *of)
{
  int64_t wide;
  int32_t narrow;
  if (of->is_wide) {
    memcpy(&wide, row + of->offset, sizeof wide);
    return wide;
  }
  memcpy(&narrow, row + of->offset, sizeof narrow);
  return narrow;
}

/* Copies what is known from one row to the other, so that only what is not still differs. Returns
 * whether none of it got better. */
static bool known_settle(const direction *known, size_t count, const char *before, char *after)
{
  bool is_nowhere_better = true;
  for (size_t i = 0; i < count; i++) {
    const int64_t more = member_read(after, &known[i]) - member_read(before, &known[i]);
    is_nowhere_better &= known[i].is_asset ? more <= 0 : more >= 0;
    memcpy(after + known[i].offset, before + known[i].offset, known[i].is_wide ? 8 : 4);
  }
  return is_nowhere_better;
}

/* A list of rows: the bits of those that differ. Makes after's rows equal to before's. */
typedef struct row_list {
  const void *before;
  void *after;
  size_t size;
  int32_t count;
  const direction *known;
  size_t known_count;
} row_list;

static uint32_t rows_compare(const row_list *list, bool *is_nowhere_better)
{
  uint32_t changed = 0;
  for (int32_t i = 0; i < list->count; i++) {
    const char *before = (const char *)list->before + (size_t)i * list->size;
    char *after = (char *)list->after + (size_t)i * list->size;
    if (memcmp(before, after, list->size) == 0) continue;
    changed |= (uint32_t)1 << i;
    *is_nowhere_better &= known_settle(list->known, list->known_count, before, after);
    *is_nowhere_better &= memcmp(before, after, list->size) == 0;
    memcpy(after, before, list->size);
  }
  return changed;
}

#define LENGTH(array) (sizeof(array) / sizeof *(array))

ls_figure_effect ls_figure_effect_of(const ls_problem *before, const ls_problem *after)
{
  ls_problem rest;
  memcpy(&rest, after, sizeof rest); /* padding, too: what is left is compared as bytes */
  ls_figure_effect effect = {.is_nowhere_better = true};
  const row_list switches = {before->switches,     rest.switches, sizeof rest.switches[0],
                             before->switch_count, of_switches,   LENGTH(of_switches)};
  const row_list optics = {before->optics,      rest.optics, sizeof rest.optics[0],
                           before->optic_count, of_optics,   LENGTH(of_optics)};
  const row_list ocs = {before->ocs,       rest.ocs, sizeof rest.ocs[0],
                        before->ocs_count, of_ocs,   LENGTH(of_ocs)};
  effect.switches = rows_compare(&switches, &effect.is_nowhere_better);
  effect.optics = rows_compare(&optics, &effect.is_nowhere_better);
  effect.ocs = rows_compare(&ocs, &effect.is_nowhere_better);
  rest.structures = before->structures;
  rest.options = before->options;
  /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): a difference in padding costs a sweep */
  effect.is_global = memcmp(before, &rest, sizeof rest) != 0;
  effect.is_nowhere_better &= !effect.is_global;
  return effect;
}

uint32_t ls_structure_optics(const ls_problem *problem, const ls_structure *structure)
{
  uint32_t optics = 0;
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    for (uint32_t i = 0; i < structure->option_count[tier]; i++) {
      const ls_link_row *link =
          &problem->links[problem->options[structure->option_first[tier] + i]];
      optics |= (uint32_t)1 << link->optic_a | (uint32_t)1 << link->optic_b;
    }
  return optics;
}

bool ls_figure_effect_reaches(const ls_figure_effect *effect, const ls_structure *structure,
                              uint32_t optics)
{
  if (effect->is_global || effect->optics & optics) return true;
  if (structure->ocs_index >= 0 && effect->ocs >> structure->ocs_index & 1) return true;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 && effect->switches >> structure->switch_index[tier] & 1)
      return true;
  return false;
}
