#include "merge_structure.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- Memory ---- */

ls_status ls_merge_init(ls_merge *merge, const ls_problem *problem)
{
  size_t options[LS_TIER_MAX];
  memset(merge, 0, sizeof *merge);
  merge->problem = problem;
  merge->has_years = ls_problem_has_years(problem);
  ls_problem_option_counts(problem, options);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (!(merge->rows[tier] = malloc(options[tier] * sizeof *merge->rows[tier])))
      return LS_ERR_MEMORY;
  return LS_OK;
}

void ls_merge_release(ls_merge *merge)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    free(merge->rows[tier]);
    ls_merge_list_release(&merge->tier[tier]);
  }
  for (int32_t i = 0; i < 2; i++) ls_merge_list_release(&merge->above[i]);
  free(merge->found);
}

/* ---- Coordinates ---- */

static int64_t row_value(const ls_tier_row *row, const ls_merge_coordinate *of)
{
  return of->is_metric ? row->metric[of->index] : row->resource[of->index];
}

/* The least and most that the feasible options of all tiers add; false where a tier has none. */
static bool extremes_find(const ls_merge *merge, const ls_merge_coordinate *of, int64_t *least,
                          int64_t *most)
{
  *least = *most = 0;
  for (int32_t tier = 0; tier < merge->structure->tier_count; tier++) {
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (uint32_t i = 0; i < merge->structure->option_count[tier]; i++) {
      if (merge->rows[tier][i].violation_mask) continue;
      const int64_t value = row_value(&merge->rows[tier][i], of);
      low = ls_min(low, value);
      high = ls_max(high, value);
    }
    if (low > high) return false;
    *least += low;
    *most += high;
  }
  return true;
}

/* Adds a coordinate, unless nothing compares it and no design breaks its limit. False where every
 * design does. */
static bool coordinate_add(ls_merge *merge, ls_merge_coordinate of, bool is_objective)
{
  int64_t least, most;
  if (!extremes_find(merge, &of, &least, &most) || of.base + least > of.most) return false;
  if (of.base + most <= of.most) of.most = INT64_MAX;
  if (is_objective || of.most != INT64_MAX) merge->coordinate[merge->coordinate_count++] = of;
  return true;
}

static bool has_gpu_hour_cost(const ls_problem *problem)
{
  return problem->objective_mask[LS_METRIC_GPU_HOUR] ||
         problem->limit[LS_METRIC_GPU_HOUR] != INT64_MAX;
}

/* Objectives first. False where no design is feasible. */
static bool coordinates_choose(ls_merge *merge)
{
  const ls_problem *problem = merge->problem;
  const ls_structure *structure = merge->structure;
  const bool has_ratio = has_gpu_hour_cost(problem);
  merge->coordinate_count = merge->objective_count = 0;
  for (int32_t round = 0; round < 2; round++) {
    for (int32_t m = 0; m < LS_METRIC_COUNT; m++) {
      const bool is_objective = problem->objective_mask[m] != 0;
      if (m == LS_METRIC_LOSS || m == LS_METRIC_GPU_HOUR || is_objective != (round == 0)) continue;
      const bool is_part = has_ratio && m == LS_METRIC_LOST;
      const ls_merge_coordinate of = {true, m, structure->base.metric[m], problem->limit[m]};
      if (!coordinate_add(merge, of, is_objective || is_part)) return false;
    }
    if (round == 0) merge->objective_count = merge->coordinate_count;
  }
  const ls_merge_coordinate spent = {true, LS_METRIC_GPU_HOUR,
                                     structure->base.metric[LS_METRIC_GPU_HOUR], INT64_MAX};
  if (has_ratio && !coordinate_add(merge, spent, true)) return false;
  for (int32_t i = 0; i < problem->resource_count; i++) {
    const ls_merge_coordinate of = {false, i, structure->base_resource[i],
                                    problem->resource_limit[i]};
    if (!coordinate_add(merge, of, false)) return false;
  }
  return true;
}

/* ---- Lists of options ---- */

static int64_t list_most(const ls_merge_list *list, int32_t coordinate)
{
  int64_t most = 0;
  for (size_t i = 0; i < list->count; i++)
    most = ls_max(most, ls_merge_list_at(list, i)[coordinate]);
  return most;
}

/* The options of a tier that violate nothing by themselves. */
static ls_status options_list(ls_merge *merge, int32_t tier)
{
  const int32_t count = merge->coordinate_count;
  const int32_t cages = ls_structure_cages(merge->problem, merge->structure, tier);
  ls_merge_list *list = &merge->tier[tier];
  ls_merge_list_start(list, count + 2, merge->objective_count);
  for (uint32_t i = 0; i < merge->structure->option_count[tier]; i++) {
    const ls_tier_row *row = &merge->rows[tier][i];
    if (row->violation_mask || row->cages_b > cages) continue;
    if (ls_merge_list_reserve(list) != LS_OK) return LS_ERR_MEMORY;
    int64_t *at = list->coordinates + list->count * (size_t)list->width;
    for (int32_t k = 0; k < count; k++) at[k] = row_value(row, &merge->coordinate[k]);
    at[count] = row->cages_a;
    at[count + 1] = row->cages_b;
    list->orders[list->count++] = i;
  }
  return LS_OK;
}

/* Where the fullest options fit the cages of a chassis together, it is no constraint. */
static void cages_forget(ls_merge *merge)
{
  const int32_t a = merge->coordinate_count, b = a + 1, top = merge->structure->tier_count - 1;
  for (int32_t tier = 0; tier <= top; tier++) {
    const int32_t cages = ls_structure_cages(merge->problem, merge->structure, tier);
    ls_merge_list *list = &merge->tier[tier], *next = tier < top ? &merge->tier[tier + 1] : NULL;
    const bool is_shared = next && list_most(list, b) + list_most(next, a) > cages;
    merge->shared_cages[tier] = is_shared ? cages : INT32_MAX;
    for (size_t i = 0; !is_shared && i < list->count; i++)
      list->coordinates[i * (size_t)list->width + (size_t)b] = 0;
    for (size_t i = 0; !is_shared && next && i < next->count; i++)
      next->coordinates[i * (size_t)next->width + (size_t)a] = 0;
    for (size_t i = 0; tier == 0 && i < list->count; i++) /* of servers nobody counts them */
      list->coordinates[i * (size_t)list->width + (size_t)a] = 0;
  }
}

/* Base and the least of all tiers below each; the lists are not empty. */
static void below_fill(ls_merge *merge)
{
  for (int32_t k = 0; k < merge->coordinate_count; k++) {
    merge->below[0][k] = merge->coordinate[k].base;
    for (int32_t tier = 0; tier < merge->structure->tier_count; tier++) {
      const ls_merge_list *list = &merge->tier[tier];
      int64_t least = INT64_MAX;
      for (size_t i = 0; i < list->count; i++) least = ls_min(least, ls_merge_list_at(list, i)[k]);
      merge->below[tier + 1][k] = merge->below[tier][k] + least;
    }
  }
}

/* Coordinates and filtered lists; *is_empty where no design is feasible. */
static ls_status structure_prepare(ls_merge *merge, bool *is_empty)
{
  const ls_structure *structure = merge->structure;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    for (uint32_t i = 0; i < structure->option_count[tier]; i++)
      ls_option_row_judge(merge->problem, structure, tier, i, merge->has_years,
                          &merge->rows[tier][i]);
  *is_empty = !coordinates_choose(merge);
  for (int32_t tier = 0; !*is_empty && tier < structure->tier_count; tier++) {
    const ls_status status = options_list(merge, tier);
    if (status != LS_OK) return status;
    *is_empty = merge->tier[tier].count == 0;
  }
  if (*is_empty) return LS_OK;
  cages_forget(merge);
  for (int32_t tier = 0; tier < structure->tier_count && !merge->is_counting; tier++)
    ls_merge_list_filter(&merge->tier[tier]);
  below_fill(merge);
  return LS_OK;
}

/* ---- The programme ---- */

/* The score of a partial design with the least that the tiers below need; false where even that
 * exceeds a constraint. Metrics that nobody compares are 0. */
static bool ideal_score(const ls_merge *merge, int32_t tier, const int64_t *at, ls_score *score)
{
  const ls_score zeros = LS_ZERO;
  const ls_problem *problem = merge->problem;
  *score = zeros;
  for (int32_t k = 0; k < merge->coordinate_count; k++) {
    const ls_merge_coordinate *of = &merge->coordinate[k];
    const int64_t value = merge->below[tier][k] + at[k];
    if (value > of->most) return false;
    if (of->is_metric) score->metric[of->index] = value;
  }
  score->metric[LS_METRIC_LOSS] = merge->structure->base.metric[LS_METRIC_LOSS];
  if (!has_gpu_hour_cost(problem)) return true;
  score->metric[LS_METRIC_GPU_HOUR] = ls_gpu_hour_cost(
      problem, merge->structure, score->metric[LS_METRIC_GPU_HOUR], score->metric[LS_METRIC_LOST]);
  return score->metric[LS_METRIC_GPU_HOUR] <= problem->limit[LS_METRIC_GPU_HOUR];
}

/* Appends a feasible design, with all metrics. */
static ls_status found_append(ls_merge *merge, uint64_t order)
{
  if (merge->found_count == merge->found_capacity) {
    const size_t capacity = merge->found_capacity ? 2 * merge->found_capacity : 256;
    ls_front_member *grown = realloc(merge->found, capacity * sizeof *grown);
    if (!grown) return LS_ERR_MEMORY;
    merge->found = grown;
    merge->found_capacity = capacity;
  }
  ls_front_member *member = &merge->found[merge->found_count++];
  member->rank = merge->structure->rank_first + order;
  const uint32_t mask = ls_rank_score(merge->problem, member->rank, &member->score);
  assert(mask == 0);
  (void)mask;
  return LS_OK;
}

/* Takes the sum at the end of a list into it, unless it has no future; a sum over all tiers is a
 * design and goes to those found. */
static ls_status sum_take(ls_merge *merge, const ls_front *front, int32_t tier, uint64_t order,
                          ls_merge_list *list)
{
  const int64_t *sum = ls_merge_list_at(list, list->count);
  ls_score score;
  const bool is_whole = tier == 0;
  const bool is_within = ideal_score(merge, tier, sum, &score);
  merge->evaluated_count += is_whole;
  merge->feasible_count += is_whole && is_within;
  if (!is_within || ls_front_dominator(front, &score, merge->structure->rank_first + order))
    return LS_OK;
  if (is_whole && merge->is_counting) {
    merge->undominated_count++;
    return LS_OK;
  }
  if (is_whole) return found_append(merge, order);
  list->orders[list->count++] = order;
  return LS_OK;
}

/* All sums of a list from the tier above with the options of this one. span: how many combinations
 * the tiers above have. */
static ls_status tier_join(ls_merge *merge, const ls_front *front, int32_t tier, uint64_t span,
                           const ls_merge_list *from, ls_merge_list *list)
{
  const ls_merge_list *options = &merge->tier[tier];
  const int32_t width = options->width, cages_a = width - 2, cages_b = width - 1;
  ls_merge_list_start(list, width, merge->objective_count);
  for (size_t i = 0; i < from->count; i++)
    for (size_t j = 0; j < options->count; j++) {
      const int64_t *above = ls_merge_list_at(from, i), *option = ls_merge_list_at(options, j);
      if (above[cages_a] + option[cages_b] > merge->shared_cages[tier]) continue;
      if (ls_merge_list_reserve(list) != LS_OK) return LS_ERR_MEMORY;
      int64_t *sum = list->coordinates + list->count * (size_t)width;
      for (int32_t k = 0; k < cages_a; k++) sum[k] = above[k] + option[k];
      sum[cages_a] = option[cages_a];
      sum[cages_b] = 0;
      const uint64_t order = options->orders[j] * span + from->orders[i];
      const ls_status status = sum_take(merge, front, tier, order, list);
      if (status != LS_OK) return status;
    }
  return LS_OK;
}

/* A list of one member that joins nothing yet. */
static ls_status nothing_list(const ls_merge *merge, ls_merge_list *list)
{
  ls_merge_list_start(list, merge->coordinate_count + 2, merge->objective_count);
  if (ls_merge_list_reserve(list) != LS_OK) return LS_ERR_MEMORY;
  memset(list->coordinates, 0, (size_t)list->width * sizeof *list->coordinates);
  list->orders[list->count++] = 0;
  return LS_OK;
}

ls_status ls_merge_structure(ls_merge *merge, const ls_structure *structure, const ls_front *front)
{
  ls_merge_list *from = &merge->above[0], *list = &merge->above[1];
  bool is_empty;
  ls_score ideal;
  merge->structure = structure;
  ls_status status = structure_prepare(merge, &is_empty);
  if (status != LS_OK || is_empty) return status;
  status = nothing_list(merge, from);
  if (status != LS_OK) return status;
  if (!ideal_score(merge, structure->tier_count, from->coordinates, &ideal) ||
      ls_front_dominator(front, &ideal, structure->rank_first))
    return LS_OK;
  uint64_t span = 1;
  for (int32_t tier = structure->tier_count - 1; status == LS_OK && tier >= 0; tier--) {
    status = tier_join(merge, front, tier, span, from, list);
    span *= structure->option_count[tier];
    if (!merge->is_counting) ls_merge_list_filter(list);
    ls_merge_list *swap = from;
    from = list;
    list = swap;
  }
  return status;
}
