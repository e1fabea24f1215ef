/* Owns the step from a choice that draws too much to one within the limits: moves of one box with
 * its bundles, or of one bundle, first those that cost least for what they free, then those that
 * save and free no less than there is. */
#include "choice_state.h"

#include <stdlib.h>
#include <string.h>

enum {
  ROUNDS_MAX = 8,
  SAVE_MAX = 3,
  SCALE = 1024 /* of a breach, in the largest draws on its cap */
};

/* What a move changes. */
typedef struct change {
  int64_t cents, over; /* over: of all breaches, in 1/SCALE of the largest draws */
} change;

/* A box or, behind all boxes, a bundle that would take another option. */
typedef struct move {
  int32_t item, ordinal;
  change made;
} move;

/* What was found of the bundle before, which holds for the next one of its kind that has the same
 * option, as long as nothing else moves. */
typedef struct memory {
  int32_t kind, before; /* kind -1: nothing */
  uint8_t *verdict;     /* [options] */
  change *made;         /* [options] where a verdict is known */
} memory;

enum { UNKNOWN, BAD, GOOD }; /* verdicts */

typedef struct repair {
  ls_choice_state *state;
  int32_t *saved; /* [bundles of a box] */
  move *moves;    /* [options of all] */
  memory last;
  int64_t over;
} repair;

/* ---- Draws ---- */

static int64_t over_of(const ls_choice_state *state, int32_t cap, int64_t usage)
{
  const ls_wide over = (ls_wide)usage - state->problem->limits[cap];
  return over > 0 ? (int64_t)((over * SCALE + state->unit[cap] - 1) / state->unit[cap]) : 0;
}

/* Adds an option's draws so many times, and what that changes. */
static void option_add(ls_choice_state *state, const ls_choice_option *option, int32_t box_a,
                       int32_t box_b, int64_t times, change *made)
{
  made->cents += option->cents * times;
  for (int32_t i = 0; i < option->draw_count; i++) {
    const ls_choice_draw *draw = &state->draws[option->draw_first + i];
    const int32_t cap = ls_choice_cap(state, box_a, box_b, draw->cap);
    if (cap < 0) continue;
    made->over -= over_of(state, cap, state->usage[cap]);
    state->usage[cap] += draw->amount * times;
    made->over += over_of(state, cap, state->usage[cap]);
  }
}

static void box_add(ls_choice_state *state, int32_t box, int64_t times, change *made)
{
  const ls_choice *problem = state->problem;
  option_add(state, &state->options[problem->boxes[box].option_first + state->box[box]], box, box,
             times, made);
}

static void bundle_add(ls_choice_state *state, int32_t index, int64_t times, change *made)
{
  const ls_choice_bundle *bundle = &state->problem->bundles[index];
  option_add(state, &state->options[bundle->option_first + state->bundle[index]], bundle->box_a,
             bundle->box_b, times * bundle->links, made);
}

void ls_choice_use(ls_choice_state *state)
{
  change made = {0};
  memset(state->usage, 0, (size_t)state->problem->cap_count * sizeof *state->usage);
  for (int32_t box = 0; box < state->problem->box_count; box++) box_add(state, box, 1, &made);
  for (int32_t e = 0; e < state->problem->bundle_count; e++) bundle_add(state, e, 1, &made);
}

int64_t ls_choice_cents(const ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  int64_t cents = 0;
  for (int32_t box = 0; box < problem->box_count; box++)
    cents += state->options[problem->boxes[box].option_first + state->box[box]].cents;
  for (int32_t e = 0; e < problem->bundle_count; e++)
    cents += state->options[problem->bundles[e].option_first + state->bundle[e]].cents *
             problem->bundles[e].links;
  return cents;
}

bool ls_choice_is_within(const ls_choice_state *state)
{
  for (int32_t cap = 0; cap < state->problem->cap_count; cap++)
    if (state->unit[cap] && state->usage[cap] > state->problem->limits[cap]) return false;
  return true;
}

/* ---- Moves ---- */

static bool is_option_of(const ls_choice_state *state, const ls_choice_bundle *bundle,
                         const ls_choice_option *option)
{
  return (bundle->box_a < 0 || option->mask_a >> state->box[bundle->box_a] & 1) &&
         (bundle->box_b < 0 || option->mask_b >> state->box[bundle->box_b] & 1);
}

static void bundle_move(ls_choice_state *state, int32_t index, int32_t ordinal, change *made)
{
  bundle_add(state, index, -1, made);
  state->bundle[index] = ordinal;
  bundle_add(state, index, 1, made);
}

/* Gives a box another option, and its bundles the cheapest that goes with it at the prices there
 * are. False, and nothing is changed, where one has none. saved: what they had. */
static bool box_move(ls_choice_state *state, int32_t box, int32_t ordinal, int32_t *saved,
                     change *made)
{
  const ls_choice *problem = state->problem;
  const int32_t first = state->bundle_first[box], end = state->bundle_first[box + 1];
  const int32_t before = state->box[box];
  int64_t cost;
  if (!(state->alive[box] >> ordinal & 1)) return false;
  state->box[box] = ordinal;
  for (int32_t i = first; i < end; i++) {
    const ls_choice_bundle *bundle = &problem->bundles[state->bundle_of[i]];
    saved[i - first] = ls_choice_bundle_best(
        state, state->bundle_of[i], bundle->box_a < 0 ? 0 : state->box[bundle->box_a],
        bundle->box_b < 0 ? 0 : state->box[bundle->box_b], &cost);
    if (saved[i - first] >= 0) continue;
    state->box[box] = before;
    return false;
  }
  state->box[box] = before;
  box_add(state, box, -1, made);
  state->box[box] = ordinal;
  box_add(state, box, 1, made);
  for (int32_t i = first; i < end; i++) {
    const int32_t e = state->bundle_of[i], old = state->bundle[e];
    bundle_move(state, e, saved[i - first], made);
    saved[i - first] = old;
  }
  return true;
}

static void box_undo(ls_choice_state *state, int32_t box, int32_t ordinal, const int32_t *saved)
{
  const int32_t first = state->bundle_first[box], end = state->bundle_first[box + 1];
  change unused = {0};
  box_add(state, box, -1, &unused);
  state->box[box] = ordinal;
  box_add(state, box, 1, &unused);
  for (int32_t i = first; i < end; i++)
    bundle_move(state, state->bundle_of[i], saved[i - first], &unused);
}

/* Whether a move is to be kept: it frees, or it saves and breaks nothing. */
static bool is_wanted(const change *made, bool is_freeing)
{
  return is_freeing ? made->over < 0 : made->cents < 0 && made->over <= 0;
}

/* Whether a bundle's other option can free, or save, at all. */
static bool may_be_wanted(const ls_choice_option *now, const ls_choice_option *then,
                          bool is_freeing)
{
  return is_freeing ? now->draw_count + then->draw_count > 0 : then->cents < now->cents;
}

/* Makes what is known of the bundle before that of this one; its verdict on an option, or NULL
 * where it may not be shared. */
static uint8_t *recall(repair *self, int32_t index, int32_t ordinal)
{
  const ls_choice_state *state = self->state;
  const int32_t kind = state->kind[index], before = state->bundle[index];
  if (state->kinds[kind].is_own) return NULL;
  if (self->last.kind != kind || self->last.before != before)
    memset(self->last.verdict, UNKNOWN, (size_t)state->problem->bundles[index].option_count);
  self->last.kind = kind;
  self->last.before = before;
  return &self->last.verdict[ordinal];
}

/* Tries another option of a box; as move_try. */
static bool box_try(repair *self, move *tried, bool is_freeing, bool is_kept)
{
  ls_choice_state *state = self->state;
  const int32_t before = state->box[tried->item];
  if (before == tried->ordinal ||
      !box_move(state, tried->item, tried->ordinal, self->saved, &tried->made))
    return false;
  const bool is_good = is_wanted(&tried->made, is_freeing);
  if (!is_good || !is_kept) box_undo(state, tried->item, before, self->saved);
  return is_good;
}

/* Tries another option of a bundle; as move_try. */
static bool bundle_try(repair *self, move *tried, bool is_freeing, bool is_kept)
{
  ls_choice_state *state = self->state;
  const int32_t index = tried->item - state->problem->box_count, before = state->bundle[index];
  const ls_choice_bundle *bundle = &state->problem->bundles[index];
  const ls_choice_option *options = &state->options[bundle->option_first];
  change unused = {0};
  if (before == tried->ordinal || !is_option_of(state, bundle, &options[tried->ordinal]) ||
      !may_be_wanted(&options[before], &options[tried->ordinal], is_freeing))
    return false;
  uint8_t *verdict = recall(self, index, tried->ordinal);
  if (verdict && *verdict == BAD) return false;
  if (verdict && *verdict == GOOD && !is_kept) {
    tried->made = self->last.made[tried->ordinal];
    return true;
  }
  bundle_move(state, index, tried->ordinal, &tried->made);
  const bool is_good = is_wanted(&tried->made, is_freeing);
  if (!is_good || !is_kept) bundle_move(state, index, before, &unused);
  if (verdict) *verdict = is_good ? GOOD : BAD;
  self->last.made[tried->ordinal] = tried->made;
  return is_good;
}

/* Tries a move; keeps it where it is wanted and to be kept. False: it cannot be made, or is not
 * wanted. */
static bool move_try(repair *self, move *tried, bool is_freeing, bool is_kept)
{
  tried->made = (change){0};
  const bool is_good = tried->item < self->state->problem->box_count
                           ? box_try(self, tried, is_freeing, is_kept)
                           : bundle_try(self, tried, is_freeing, is_kept);
  if (!is_good || !is_kept) return is_good;
  self->over += tried->made.over;
  self->last.kind = -1;
  return true;
}

/* Cents for what is freed, least first. */
static int compare_moves(const void *left, const void *right)
{
  const move *a = left, *b = right;
  const ls_wide x = (ls_wide)a->made.cents * -b->made.over;
  const ls_wide y = (ls_wide)b->made.cents * -a->made.over;
  if (x != y) return x < y ? -1 : 1;
  if (a->item != b->item) return a->item < b->item ? -1 : 1;
  return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static int32_t options_of(const ls_choice *problem, int32_t item)
{
  return item < problem->box_count ? problem->boxes[item].option_count
                                   : problem->bundles[item - problem->box_count].option_count;
}

/* Moves that free, the cheapest first, until nothing is drawn beyond its limit. */
static void free_round(repair *self)
{
  const ls_choice *problem = self->state->problem;
  int32_t count = 0;
  self->last.kind = -1;
  for (int32_t item = 0; item < problem->box_count + problem->bundle_count; item++)
    for (int32_t i = 0; i < options_of(problem, item); i++) {
      self->moves[count] = (move){.item = item, .ordinal = i};
      count += move_try(self, &self->moves[count], true, false);
    }
  qsort(self->moves, (size_t)count, sizeof *self->moves, compare_moves);
  self->last.kind = -1;
  for (int32_t i = 0; i < count && self->over > 0; i++) move_try(self, &self->moves[i], true, true);
}

/* Whether anything was saved. */
static bool save_round(repair *self)
{
  const ls_choice *problem = self->state->problem;
  bool has_saved = false;
  self->last.kind = -1;
  for (int32_t item = 0; item < problem->box_count + problem->bundle_count; item++)
    for (int32_t i = 0; i < options_of(problem, item); i++) {
      move tried = {.item = item, .ordinal = i};
      has_saved |= move_try(self, &tried, false, true);
    }
  return has_saved;
}

ls_status ls_choice_repair(ls_choice_state *state, bool *is_within)
{
  const ls_choice *problem = state->problem;
  size_t moves = 1;
  int32_t degree = 1, options = 1;
  repair self = {.state = state, .last = {.kind = -1}};
  for (int32_t item = 0; item < problem->box_count + problem->bundle_count; item++) {
    const int32_t own = options_of(problem, item);
    moves += (size_t)own;
    if (own > options) options = own;
  }
  for (int32_t box = 0; box < problem->box_count; box++) {
    const int32_t own = state->bundle_first[box + 1] - state->bundle_first[box];
    if (own > degree) degree = own;
  }
  self.saved = malloc((size_t)degree * sizeof *self.saved);
  self.moves = malloc(moves * sizeof *self.moves);
  self.last.verdict = malloc((size_t)options * sizeof *self.last.verdict);
  self.last.made = malloc((size_t)options * sizeof *self.last.made);
  const bool has_room = self.saved && self.moves && self.last.verdict && self.last.made;
  const ls_status status = has_room ? LS_OK : LS_ERR_MEMORY;
  for (int32_t cap = 0; cap < problem->cap_count; cap++)
    if (state->unit[cap]) self.over += over_of(state, cap, state->usage[cap]);
  for (int32_t round = 0; status == LS_OK && self.over > 0 && round < ROUNDS_MAX; round++)
    free_round(&self);
  *is_within = status == LS_OK && self.over == 0;
  for (int32_t round = 0; *is_within && round < SAVE_MAX; round++)
    if (!save_round(&self)) break;
  free(self.last.made);
  free(self.last.verdict);
  free(self.moves);
  free(self.saved);
  return status;
}
