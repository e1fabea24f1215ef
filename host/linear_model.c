#include "linear_model.h"

#include <stdlib.h>

/* Makes room for more of one array; on failure it is as it was. */
static bool grow(void **array, int32_t room, size_t size)
{
  void *grown = realloc(*array, (size_t)room * size);
  if (grown) *array = grown;
  return grown != NULL;
}

/* Doubled; 0: more than 32 bits count, which is as bad as no memory. */
static int32_t more_room(int32_t room) { return room > INT32_MAX / 4 ? 0 : 2 * room + 64; }

int32_t ls_linear_add_column(ls_linear_model *model, double cost, double low, double high,
                             bool is_whole)
{
  if (model->status != LS_OK) return 0;
  if (model->column_count == model->column_room) {
    const int32_t room = more_room(model->column_room);
    if (!room || !grow((void **)&model->cost, room, sizeof *model->cost) ||
        !grow((void **)&model->low, room, sizeof *model->low) ||
        !grow((void **)&model->high, room, sizeof *model->high) ||
        !grow((void **)&model->is_whole, room, sizeof *model->is_whole)) {
      model->status = LS_ERR_MEMORY;
      return 0;
    }
    model->column_room = room;
  }
  const int32_t j = model->column_count++;
  model->cost[j] = cost;
  model->low[j] = low;
  model->high[j] = high;
  model->is_whole[j] = is_whole;
  return j;
}

void ls_linear_add_entry(ls_linear_model *model, int32_t column, double value)
{
  if (model->status != LS_OK) return;
  if (model->entry_count == model->entry_room) {
    const int32_t room = more_room(model->entry_room);
    if (!room || !grow((void **)&model->column, room, sizeof *model->column) ||
        !grow((void **)&model->value, room, sizeof *model->value)) {
      model->status = LS_ERR_MEMORY;
      return;
    }
    model->entry_room = room;
  }
  model->column[model->entry_count] = column;
  model->value[model->entry_count++] = value;
}

void ls_linear_end_row(ls_linear_model *model, double low, double high)
{
  if (model->status != LS_OK) return;
  if (model->row_count == model->row_room) {
    const int32_t room = more_room(model->row_room);
    if (!room || !grow((void **)&model->row_low, room, sizeof *model->row_low) ||
        !grow((void **)&model->row_high, room, sizeof *model->row_high) ||
        !grow((void **)&model->row_first, room + 1, sizeof *model->row_first)) {
      model->status = LS_ERR_MEMORY;
      return;
    }
    model->row_room = room;
    if (model->row_count == 0) model->row_first[0] = 0;
  }
  model->row_low[model->row_count] = low;
  model->row_high[model->row_count++] = high;
  model->row_first[model->row_count] = model->entry_count;
}

ls_status ls_linear_model_solve(const ls_linear_model *model, const ls_linear_limits *limits,
                                ls_linear_answer *answer)
{
  if (model->status != LS_OK) return model->status;
  const ls_linear linear = {.column_count = model->column_count,
                            .row_count = model->row_count,
                            .cost = model->cost,
                            .low = model->low,
                            .high = model->high,
                            .is_whole = model->is_whole,
                            .row_low = model->row_low,
                            .row_high = model->row_high,
                            .row_first = model->row_first,
                            .column = model->column,
                            .value = model->value};
  return ls_linear_solve(&linear, limits, answer);
}

void ls_linear_model_free(ls_linear_model *model)
{
  free(model->column);
  free(model->row_first);
  free(model->value);
  free(model->row_high);
  free(model->row_low);
  free(model->is_whole);
  free(model->high);
  free(model->low);
  free(model->cost);
  *model = (ls_linear_model){0};
}
