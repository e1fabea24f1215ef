#include "choice_exact.h"

#include <math.h>
#include <stdlib.h>

#include "choice_state.h"
#include "linear_model.h"

/* Columns: the options of each box, then those of each bundle. */
typedef struct model {
  const ls_choice *choice;
  ls_linear_model linear;
  int32_t *box_column, *bundle_column; /* [boxes], [bundles] the first of each */
  double *drawn;                       /* [columns] of the cap at hand */
} model;

static void model_free(model *self)
{
  ls_linear_model_free(&self->linear);
  free(self->drawn);
  free(self->bundle_column);
  free(self->box_column);
}

/* Adds the options of a box or bundle as columns; returns the first. */
static int32_t options_add(model *self, int32_t option, int32_t count, int32_t links,
                           uint32_t barred_mask)
{
  const int32_t first = self->linear.column_count;
  for (int32_t i = 0; i < count; i++)
    ls_linear_add_column(&self->linear,
                         (double)links * (double)self->choice->options[option + i].cents, 0,
                         i < 32 && barred_mask >> i & 1 ? 0 : 1, true);
  return first;
}

static ls_status model_init(const ls_choice *choice, model *self)
{
  *self = (model){.choice = choice};
  self->box_column = malloc(((size_t)choice->box_count + 1) * sizeof *self->box_column);
  self->bundle_column = malloc(((size_t)choice->bundle_count + 1) * sizeof *self->bundle_column);
  if (!self->box_column || !self->bundle_column) return LS_ERR_MEMORY;
  for (int32_t b = 0; b < choice->box_count; b++)
    self->box_column[b] =
        options_add(self, choice->boxes[b].option_first, choice->boxes[b].option_count, 1,
                    choice->boxes[b].barred_mask);
  for (int32_t e = 0; e < choice->bundle_count; e++)
    self->bundle_column[e] =
        options_add(self, choice->bundles[e].option_first, choice->bundles[e].option_count,
                    choice->bundles[e].links, 0);
  if (self->linear.status != LS_OK) return self->linear.status;
  self->drawn = malloc(((size_t)self->linear.column_count + 1) * sizeof *self->drawn);
  return self->drawn ? LS_OK : LS_ERR_MEMORY;
}

/* One option of a list is taken. */
static void choose_one(model *self, int32_t column, int32_t count)
{
  for (int32_t i = 0; i < count; i++) ls_linear_add_entry(&self->linear, column + i, 1);
  ls_linear_end_row(&self->linear, 1, 1);
}

/* An option of a bundle is taken only where its box takes one of those it goes with. */
static void go_together(model *self, int32_t column, int32_t box, uint32_t mask)
{
  if (box < 0) return;
  ls_linear_add_entry(&self->linear, column, 1);
  for (int32_t i = 0; i < self->choice->boxes[box].option_count; i++)
    if (mask >> i & 1) ls_linear_add_entry(&self->linear, self->box_column[box] + i, -1);
  ls_linear_end_row(&self->linear, -INFINITY, 0);
}

static void add_drawn(model *self, int32_t cap, int32_t column, int32_t option, int32_t box_a,
                      int32_t box_b, int32_t links)
{
  const ls_choice_option *of = &self->choice->options[option];
  for (int32_t i = 0; i < of->draw_count; i++) {
    const ls_choice_draw *draw = &self->choice->draws[of->draw_first + i];
    if (ls_choice_cap_named(self->choice, box_a, box_b, draw->cap) == cap)
      self->drawn[column] += (double)draw->amount * links;
  }
}

static void cap_fill(model *self, int32_t cap)
{
  const ls_choice *choice = self->choice;
  for (int32_t j = 0; j < self->linear.column_count; j++) self->drawn[j] = 0;
  for (int32_t b = 0; b < choice->box_count; b++)
    for (int32_t i = 0; i < choice->boxes[b].option_count; i++)
      add_drawn(self, cap, self->box_column[b] + i, choice->boxes[b].option_first + i, b, b, 1);
  for (int32_t e = 0; e < choice->bundle_count; e++) {
    const ls_choice_bundle *bundle = &choice->bundles[e];
    for (int32_t i = 0; i < bundle->option_count; i++)
      add_drawn(self, cap, self->bundle_column[e] + i, bundle->option_first + i, bundle->box_a,
                bundle->box_b, bundle->links);
  }
  for (int32_t j = 0; j < self->linear.column_count; j++)
    if (self->drawn[j] != 0) ls_linear_add_entry(&self->linear, j, self->drawn[j]);
  ls_linear_end_row(&self->linear, -INFINITY, (double)choice->limits[cap]);
}

static void model_fill(model *self)
{
  const ls_choice *choice = self->choice;
  for (int32_t b = 0; b < choice->box_count; b++)
    choose_one(self, self->box_column[b], choice->boxes[b].option_count);
  for (int32_t e = 0; e < choice->bundle_count; e++) {
    const ls_choice_bundle *bundle = &choice->bundles[e];
    choose_one(self, self->bundle_column[e], bundle->option_count);
    for (int32_t i = 0; i < bundle->option_count; i++) {
      const ls_choice_option *option = &choice->options[bundle->option_first + i];
      go_together(self, self->bundle_column[e] + i, bundle->box_a, option->mask_a);
      go_together(self, self->bundle_column[e] + i, bundle->box_b, option->mask_b);
    }
  }
  for (int32_t cap = 0; cap < choice->cap_count; cap++) cap_fill(self, cap);
}

/* The option that is taken out of a list. */
static int32_t taken(const double *x, int32_t count)
{
  int32_t best = 0;
  for (int32_t i = 1; i < count; i++)
    if (x[i] > x[best]) best = i;
  return best;
}

static void answer_read(const model *self, const double *x, int32_t *box, int32_t *bundle,
                        int64_t *cents)
{
  const ls_choice *choice = self->choice;
  int64_t sum = 0;
  for (int32_t b = 0; b < choice->box_count; b++) {
    box[b] = taken(x + self->box_column[b], choice->boxes[b].option_count);
    sum += choice->options[choice->boxes[b].option_first + box[b]].cents;
  }
  for (int32_t e = 0; e < choice->bundle_count; e++) {
    const ls_choice_bundle *of = &choice->bundles[e];
    bundle[e] = taken(x + self->bundle_column[e], of->option_count);
    sum += of->links * choice->options[of->option_first + bundle[e]].cents;
  }
  *cents = sum;
}

ls_status ls_choice_exact(const ls_choice *choice, const ls_linear_limits *limits, int32_t *box,
                          int32_t *bundle, int64_t *cents)
{
  model self;
  double *x = NULL;
  ls_status status = model_init(choice, &self);
  if (status != LS_OK) goto cleanup;
  model_fill(&self);
  x = malloc(((size_t)self.linear.column_count + 1) * sizeof *x);
  if (!x) {
    status = LS_ERR_MEMORY;
    goto cleanup;
  }
  ls_linear_answer answer = {.x = x};
  status = ls_linear_model_solve(&self.linear, limits, &answer);
  if (status == LS_OK) answer_read(&self, x, box, bundle, cents);
cleanup:
  free(x);
  model_free(&self);
  return status;
}
