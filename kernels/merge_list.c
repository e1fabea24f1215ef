#include "merge_list.h"

#include <stdlib.h>
#include <string.h>

/* Kept members that a candidate is compared with at most. */
enum { COMPARE_MAX = 8192 };

void ls_merge_list_release(ls_merge_list *list)
{
  free(list->coordinates);
  free(list->orders);
  free(list->kept_coordinates);
  free(list->kept_orders);
  free(list->sorted);
}

static bool grow(void *array, size_t bytes)
{
  void *grown = realloc(*(void **)array, bytes);
  if (grown) *(void **)array = grown;
  return grown != NULL;
}

ls_status ls_merge_list_reserve(ls_merge_list *list)
{
  if (list->count < list->capacity) return LS_OK;
  const size_t capacity = list->capacity ? 2 * list->capacity : 256;
  const size_t row_bytes = LS_MERGE_WIDTH_MAX * sizeof(int64_t);
  if (!grow(&list->coordinates, capacity * row_bytes) ||
      !grow(&list->kept_coordinates, capacity * row_bytes) ||
      !grow(&list->orders, capacity * sizeof(uint64_t)) ||
      !grow(&list->kept_orders, capacity * sizeof(uint64_t)) ||
      !grow(&list->sorted, capacity * sizeof(size_t)))
    return LS_ERR_MEMORY;
  list->capacity = capacity;
  return LS_OK;
}

/* By coordinates, then by order: what replaces a member comes before it. */
static int member_compare(const void *a, const void *b, void *context)
{
  const ls_merge_list *list = context;
  const size_t i = *(const size_t *)a, j = *(const size_t *)b;
  const int64_t *x = ls_merge_list_at(list, i), *y = ls_merge_list_at(list, j);
  for (int32_t k = 0; k < list->width; k++)
    if (x[k] != y[k]) return x[k] < y[k] ? -1 : 1;
  return list->orders[i] < list->orders[j] ? -1 : 1;
}

static bool replaces(const ls_merge_list *list, const int64_t *a, uint64_t order_a,
                     const int64_t *b, uint64_t order_b)
{
  bool is_better = order_a < order_b;
  for (int32_t k = 0; k < list->width; k++) {
    if (a[k] > b[k]) return false;
    is_better |= k < list->objective_count && a[k] < b[k];
  }
  return is_better;
}

static bool is_replaced(const ls_merge_list *list, size_t kept_count, const int64_t *member,
                        uint64_t order)
{
  const size_t count = kept_count < COMPARE_MAX ? kept_count : COMPARE_MAX;
  for (size_t i = 0; i < count; i++)
    if (replaces(list, list->kept_coordinates + i * (size_t)list->width, list->kept_orders[i],
                 member, order))
      return true;
  return false;
}

void ls_merge_list_filter(ls_merge_list *list)
{
  const size_t row_bytes = (size_t)list->width * sizeof(int64_t);
  size_t kept_count = 0;
  for (size_t i = 0; i < list->count; i++) list->sorted[i] = i;
  qsort_r(list->sorted, list->count, sizeof *list->sorted, member_compare, list);
  for (size_t i = 0; i < list->count; i++) {
    const int64_t *member = ls_merge_list_at(list, list->sorted[i]);
    const uint64_t order = list->orders[list->sorted[i]];
    if (is_replaced(list, kept_count, member, order)) continue;
    memcpy(list->kept_coordinates + kept_count * (size_t)list->width, member, row_bytes);
    list->kept_orders[kept_count++] = order;
  }
  int64_t *coordinates = list->coordinates;
  uint64_t *orders = list->orders;
  list->coordinates = list->kept_coordinates;
  list->orders = list->kept_orders;
  list->kept_coordinates = coordinates;
  list->kept_orders = orders;
  list->count = kept_count;
}
