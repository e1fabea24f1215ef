#include "choice_state.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"

static int64_t magnitude(int64_t value) { return value < 0 ? -value : value; }

/* What all choices draw at most on each cap, item by item. */
typedef struct measuring {
  ls_choice_state *state;
  int64_t *all;     /* [caps] of the items before */
  int64_t *best;    /* [caps] the most that an option of this item draws */
  int64_t *sum;     /* [caps] of one option */
  int32_t *drawers; /* [caps] options of this item that draw on it */
  int32_t *touched; /* [caps] those that this item draws on; all else is 0 between items */
} measuring;

static void option_measure(const measuring *self, const ls_choice_bundle *item,
                           const ls_choice_option *option, int32_t *touched_count)
{
  const ls_choice_draw *draws = &self->state->problem->draws[option->draw_first];
  for (int32_t i = 0; i < option->draw_count; i++) {
    const int32_t cap = ls_choice_cap(self->state, item->box_a, item->box_b, draws[i].cap);
    if (cap < 0) continue;
    const int64_t amount = draws[i].amount * item->links;
    if (magnitude(amount) > self->state->unit[cap]) self->state->unit[cap] = magnitude(amount);
    self->sum[cap] += amount;
  }
  for (int32_t i = 0; i < option->draw_count; i++) {
    const int32_t cap = ls_choice_cap(self->state, item->box_a, item->box_b, draws[i].cap);
    if (cap < 0 || !self->sum[cap]) continue;
    if (!self->drawers[cap]) self->touched[(*touched_count)++] = cap;
    if (!self->drawers[cap]++ || self->sum[cap] > self->best[cap]) self->best[cap] = self->sum[cap];
    self->sum[cap] = 0;
  }
}

static void item_measure(const measuring *self, const ls_choice_bundle *item)
{
  int32_t touched_count = 0;
  for (int32_t i = 0; i < item->option_count; i++)
    option_measure(self, item, &self->state->options[item->option_first + i], &touched_count);
  for (int32_t i = 0; i < touched_count; i++) {
    const int32_t cap = self->touched[i];
    const bool may_draw_none = self->drawers[cap] < item->option_count;
    self->all[cap] += may_draw_none && self->best[cap] < 0 ? 0 : self->best[cap];
    self->drawers[cap] = 0;
  }
}

/* Units of caps; none of those that cannot run short. */
static ls_status units_find(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  const size_t caps = (size_t)problem->cap_count + 1;
  measuring self = {.state = state};
  self.all = calloc(3 * caps, sizeof *self.all);
  self.drawers = calloc(2 * caps, sizeof *self.drawers);
  const ls_status status = self.all && self.drawers ? LS_OK : LS_ERR_MEMORY;
  self.best = self.all + caps;
  self.sum = self.best + caps;
  self.touched = self.drawers + caps;
  for (int32_t cap = 0; cap < problem->cap_count; cap++) state->unit[cap] = 1;
  for (int32_t box = 0; status == LS_OK && box < problem->box_count; box++) {
    const ls_choice_box *of = &problem->boxes[box];
    const ls_choice_bundle item = {box, box, of->option_first, of->option_count, 1};
    item_measure(&self, &item);
  }
  for (int32_t e = 0; status == LS_OK && e < problem->bundle_count; e++)
    item_measure(&self, &problem->bundles[e]);
  for (int32_t cap = 0; status == LS_OK && cap < problem->cap_count; cap++)
    if (self.all[cap] <= problem->limits[cap]) state->unit[cap] = 0;
  free(self.drawers);
  free(self.all);
  return status;
}

/* Whether a draw may be on a cap that can run short. */
static bool is_live(const ls_choice_state *state, int32_t cap)
{
  const ls_choice *problem = state->problem;
  if (cap >= 0) return state->unit[cap] > 0;
  for (int32_t box = 0; box < problem->box_count; box++) {
    const int32_t own = problem->boxes[box].local[(-1 - cap) % LS_CHOICE_LOCALS];
    if (own >= 0 && state->unit[own]) return true;
  }
  return false;
}

/* Drops draws on what cannot run short. */
static void draws_thin(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  bool is_local_live[2 * LS_CHOICE_LOCALS];
  int32_t kept = 0;
  for (int32_t k = 0; k < 2 * LS_CHOICE_LOCALS; k++) is_local_live[k] = is_live(state, -1 - k);
  for (int32_t i = 0; i < problem->option_count; i++) {
    ls_choice_option *option = &state->options[i];
    const int32_t first = kept;
    for (int32_t d = 0; d < option->draw_count; d++) {
      const ls_choice_draw *draw = &problem->draws[option->draw_first + d];
      if (draw->cap < 0 ? is_local_live[-1 - draw->cap] : state->unit[draw->cap] > 0)
        state->draws[kept++] = *draw;
    }
    option->draw_first = first;
    option->draw_count = kept - first;
  }
}

static void bundles_list(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  int32_t *first = state->bundle_first;
  for (int32_t e = 0; e < problem->bundle_count; e++) {
    if (problem->bundles[e].box_a >= 0) first[problem->bundles[e].box_a + 1]++;
    if (problem->bundles[e].box_b >= 0) first[problem->bundles[e].box_b + 1]++;
  }
  for (int32_t box = 0; box < problem->box_count; box++) first[box + 1] += first[box];
  for (int32_t e = 0; e < problem->bundle_count; e++) {
    const int32_t ends[2] = {problem->bundles[e].box_a, problem->bundles[e].box_b};
    for (int32_t end = 0; end < 2; end++)
      if (ends[end] >= 0) state->bundle_of[first[ends[end]]++] = e;
  }
  for (int32_t box = problem->box_count; box > 0; box--) first[box] = first[box - 1];
  first[0] = 0;
}

/* Options of one box of a bundle that some option of the other leaves it. */
static uint32_t options_left(const ls_choice_state *state, const ls_choice_bundle *bundle,
                             bool is_b)
{
  const int32_t other = is_b ? bundle->box_a : bundle->box_b;
  uint32_t left = 0;
  for (int32_t i = 0; i < bundle->option_count; i++) {
    const ls_choice_option *option = &state->options[bundle->option_first + i];
    const uint32_t there = is_b ? option->mask_a : option->mask_b;
    if (other < 0 || there & state->alive[other]) left |= is_b ? option->mask_b : option->mask_a;
  }
  return left;
}

/* Strikes options of boxes to which a bundle has no answer, until none is left to strike. */
static ls_status options_strike(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  bool has_struck = true;
  for (int32_t box = 0; box < problem->box_count; box++)
    state->alive[box] =
        ((1u << problem->boxes[box].option_count) - 1) & ~problem->boxes[box].barred_mask;
  while (has_struck) {
    has_struck = false;
    for (int32_t box = 0; box < problem->box_count; box++)
      if (!state->alive[box]) return LS_ERR_NO;
    for (int32_t e = 0; e < problem->bundle_count; e++) {
      const ls_choice_bundle *bundle = &problem->bundles[e];
      if (!bundle->option_count) return LS_ERR_NO;
      for (int32_t end = 0; end < 2; end++) {
        const int32_t box = end ? bundle->box_b : bundle->box_a;
        if (box < 0) continue;
        const uint32_t left = state->alive[box] & options_left(state, bundle, end);
        if (!left) return LS_ERR_NO;
        has_struck |= left != state->alive[box];
        state->alive[box] = left;
      }
    }
  }
  return LS_OK;
}

/* Marks the caps on which bundles draw as what their boxes call their own. */
static void locals_mark(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  bool is_drawn[LS_CHOICE_LOCALS] = {false};
  for (int32_t e = 0; e < problem->bundle_count; e++) {
    const ls_choice_bundle *bundle = &problem->bundles[e];
    if (e > 0 && bundle->option_first == bundle[-1].option_first) continue;
    for (int32_t i = 0; i < bundle->option_count; i++) {
      const ls_choice_option *option = &state->options[bundle->option_first + i];
      for (int32_t d = 0; d < option->draw_count; d++)
        if (state->draws[option->draw_first + d].cap < 0)
          is_drawn[(-1 - state->draws[option->draw_first + d].cap) % LS_CHOICE_LOCALS] = true;
    }
  }
  for (int32_t box = 0; box < problem->box_count; box++)
    for (int32_t k = 0; k < LS_CHOICE_LOCALS; k++)
      if (is_drawn[k] && problem->boxes[box].local[k] >= 0)
        state->is_local[problem->boxes[box].local[k]] = true;
}

/* Whether an option of a bundle draws on what its boxes call their own. */
static bool is_own(const ls_choice_state *state, const ls_choice_bundle *bundle)
{
  for (int32_t i = 0; i < bundle->option_count; i++) {
    const ls_choice_option *option = &state->options[bundle->option_first + i];
    for (int32_t d = 0; d < option->draw_count; d++)
      if (state->draws[option->draw_first + d].cap < 0) return true;
  }
  return false;
}

static ls_status kinds_find(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  for (int32_t e = 0; e < problem->bundle_count; e++) {
    const ls_choice_bundle *a = &problem->bundles[e], *b = e ? a - 1 : a;
    state->kind_count += e == 0 || a->option_first != b->option_first || a->links != b->links ||
                         a->option_count != b->option_count || (a->box_a < 0) != (b->box_a < 0) ||
                         (a->box_b < 0) != (b->box_b < 0);
    state->kind[e] = state->kind_count - 1;
  }
  const size_t kinds = (size_t)state->kind_count + 1;
  const size_t pairs = kinds * (size_t)state->width * (size_t)state->width;
  state->kinds = calloc(kinds, sizeof *state->kinds);
  state->kind_cost = malloc(pairs * sizeof *state->kind_cost);
  state->kind_best = malloc(pairs * sizeof *state->kind_best);
  if (!state->kinds || !state->kind_cost || !state->kind_best) return LS_ERR_MEMORY;
  state->price_step = 1;
  for (int32_t e = problem->bundle_count - 1; e >= 0; e--) state->kinds[state->kind[e]].bundle = e;
  for (int32_t k = 0; k < state->kind_count; k++)
    state->kinds[k].is_own = is_own(state, &problem->bundles[state->kinds[k].bundle]);
  return LS_OK;
}

/* Draws of all options, counted again where several options share them. */
static int64_t shared_draws(const ls_choice *problem)
{
  int64_t count = 0;
  for (int32_t i = 0; i < problem->option_count; i++) count += problem->options[i].draw_count;
  return count;
}

ls_status ls_choice_state_create(const ls_choice *problem, ls_choice_state *state)
{
  const size_t boxes = (size_t)problem->box_count + 2, bundles = (size_t)problem->bundle_count + 1;
  const size_t caps = (size_t)problem->cap_count + 1;
  *state = (ls_choice_state){.problem = problem, .width = 1};
  for (int32_t box = 0; box < problem->box_count; box++)
    if (problem->boxes[box].option_count > state->width)
      state->width = problem->boxes[box].option_count;
  state->has_options = state->width > 1;
  const size_t width = (size_t)state->width, told = state->has_options ? 2 * bundles * width : 1;
  state->is_local = calloc(caps, sizeof *state->is_local);
  state->options = malloc(((size_t)problem->option_count + 1) * sizeof *state->options);
  state->draws = malloc(((size_t)shared_draws(problem) + 1) * sizeof *state->draws);
  state->price = calloc(caps, sizeof *state->price);
  state->unit = calloc(caps, sizeof *state->unit);
  state->usage = calloc(caps, sizeof *state->usage);
  state->drawn = calloc(caps, sizeof *state->drawn);
  state->alive = calloc(boxes, sizeof *state->alive);
  state->box = calloc(boxes, sizeof *state->box);
  state->bundle = calloc(bundles, sizeof *state->bundle);
  state->kind = malloc(bundles * sizeof *state->kind);
  state->bundle_first = calloc(boxes, sizeof *state->bundle_first);
  state->bundle_of = calloc(2 * bundles, sizeof *state->bundle_of);
  state->message = calloc(told, sizeof *state->message);
  state->belief = calloc(boxes * width, sizeof *state->belief);
  if (!state->is_local || !state->options || !state->draws || !state->price || !state->unit ||
      !state->usage || !state->drawn || !state->alive || !state->box || !state->bundle ||
      !state->kind || !state->bundle_first || !state->bundle_of || !state->message ||
      !state->belief)
    return LS_ERR_MEMORY;
  memcpy(state->options, problem->options, (size_t)problem->option_count * sizeof *state->options);
  ls_status status = units_find(state);
  if (status != LS_OK) return status;
  draws_thin(state);
  locals_mark(state);
  bundles_list(state);
  status = kinds_find(state);
  return status == LS_OK ? options_strike(state) : status;
}

void ls_choice_state_destroy(ls_choice_state *state)
{
  free(state->belief);
  free(state->message);
  free(state->bundle_of);
  free(state->bundle_first);
  free(state->kind_best);
  free(state->kind_cost);
  free(state->kinds);
  free(state->kind);
  free(state->bundle);
  free(state->box);
  free(state->alive);
  free(state->drawn);
  free(state->usage);
  free(state->unit);
  free(state->price);
  free(state->draws);
  free(state->options);
  free(state->is_local);
}
