#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"
#include "choice_exact.h"
#include "choice_state.h"

enum {
  PASSES_MAX = 32,
  PASSES_MIN = 4,
  VISITS_MAX = 1000000, /* of bundles and boxes in all passes */
  PATIENCE = 3,         /* passes that close nothing before the step is halved */
  WORTH = 64,           /* of the gap a pass has to close as much to count */
  REPAIR_EVERY = 8,     /* passes */
  ROUNDS_FIRST = 1,     /* of messages, and then at each pass */
  ROUNDS = 2,
  SCALE = 256,     /* of a breach, in the largest draws on its cap */
  PROVED_MAX = 300 /* options of all boxes and bundles: milliseconds, seldom more */
};

/* ---- Prices ---- */

/* What a choice draws beyond a limit, or leaves of it, in 1/SCALE of the largest draw. */
static int64_t breach(const ls_choice_state *state, int32_t cap)
{
  const ls_wide over = (ls_wide)state->usage[cap] - state->problem->limits[cap];
  return state->unit[cap] ? (int64_t)(over * SCALE / state->unit[cap]) : 0;
}

/* Polyak's step, shortened 2^halvings times: gap is what the bound may still rise by, in 1/65536
 * cents. Returns whether a price moved. */
static bool prices_step(ls_choice_state *state, ls_wide gap, int32_t halvings)
{
  const int32_t caps = state->problem->cap_count;
  ls_wide norm = 0;
  bool has_moved = false;
  for (int32_t cap = 0; cap < caps; cap++) {
    const int64_t over = breach(state, cap);
    if (over > 0 || state->price[cap] > 0) norm += (ls_wide)over * over;
  }
  if (norm == 0) return false;
  for (int32_t cap = 0; cap < caps; cap++) {
    const int64_t over = breach(state, cap);
    if (over <= 0 && state->price[cap] == 0) continue;
    const ls_wide step = gap / ((ls_wide)1 << halvings) * over / norm * SCALE;
    ls_wide price = state->price[cap] + step;
    if (price < 0) price = 0;
    if (price > INT64_MAX / 4) price = INT64_MAX / 4;
    has_moved |= price != state->price[cap];
    state->has_local_prices |= price && state->is_local[cap];
    state->price[cap] = (int64_t)price;
  }
  state->has_prices = true;
  state->price_step++;
  return has_moved;
}

/* ---- Solving ---- */

static ls_wide rounded_up(ls_wide amount)
{
  const ls_wide cents = amount / LS_CHOICE_ONE;
  return cents + (amount > 0 && amount % LS_CHOICE_ONE);
}

static void keep_if_better(const ls_choice_state *state, ls_choice_answer *answer)
{
  const ls_choice *problem = state->problem;
  const int64_t cents = ls_choice_cents(state);
  if (answer->is_feasible && cents >= answer->cents) return;
  answer->is_feasible = true;
  answer->cents = cents;
  memcpy(answer->box, state->box, (size_t)problem->box_count * sizeof *answer->box);
  memcpy(answer->bundle, state->bundle, (size_t)problem->bundle_count * sizeof *answer->bundle);
}

/* The choice that was known, if it is one. */
static void start_take(ls_choice_state *state, ls_choice_answer *answer)
{
  const ls_choice *problem = state->problem;
  if (!problem->box_start || !problem->bundle_start) return;
  memcpy(state->box, problem->box_start, (size_t)problem->box_count * sizeof *state->box);
  memcpy(state->bundle, problem->bundle_start,
         (size_t)problem->bundle_count * sizeof *state->bundle);
  ls_choice_use(state);
  if (ls_choice_is_within(state)) keep_if_better(state, answer);
}

/* What the bound may still rise by; where no choice is known a twentieth. */
static ls_wide gap_of(const ls_choice_answer *answer, ls_wide bound)
{
  if (!answer->is_feasible) return (bound < 0 ? -bound : bound) / 20 + LS_CHOICE_ONE;
  return (ls_wide)answer->cents * LS_CHOICE_ONE - bound;
}

/* Makes the choice in hand one within the limits, and keeps it. What nothing was paid for is within
 * them as it is or has to be repaired. Prices step by what was drawn before. */
static ls_status repair_and_keep(ls_choice_state *state, ls_choice_answer *answer)
{
  const size_t size = (size_t)state->problem->cap_count * sizeof *state->usage;
  bool is_within = !state->has_prices && ls_choice_is_within(state);
  ls_status status = LS_OK;
  memcpy(state->drawn, state->usage, size);
  if (!is_within) status = ls_choice_repair(state, &is_within);
  if (status == LS_OK && is_within) keep_if_better(state, answer);
  memcpy(state->usage, state->drawn, size);
  return status;
}

/* How a search goes. */
typedef struct progress {
  ls_wide best; /* bound */
  int32_t pass, halvings, waited;
} progress;

/* Takes a bound; whether it is worth going on. */
static bool progress_take(progress *self, const ls_choice_answer *answer, ls_wide bound)
{
  const bool is_first = self->pass == 0;
  const bool is_better = is_first || bound > self->best;
  const ls_wide gap = answer->is_feasible ? (ls_wide)answer->cents * LS_CHOICE_ONE - bound : 0;
  const bool is_much = is_first || !answer->is_feasible || (bound - self->best) * WORTH > gap;
  if (is_better) self->best = bound;
  self->waited = is_much ? 0 : self->waited + 1;
  if (!is_better && self->waited % PATIENCE == PATIENCE - 1) self->halvings++;
  return self->waited < 2 * PATIENCE;
}

/* Fewer passes over what is large, that a choice takes no longer than to build what it is of. */
static int32_t passes_max(const ls_choice *problem)
{
  const int64_t size = (int64_t)problem->bundle_count + problem->box_count + 1;
  return (int32_t)ls_max(ls_min(VISITS_MAX / size, PASSES_MAX), PASSES_MIN);
}

static ls_status prices_search(ls_choice_state *state, ls_choice_answer *answer)
{
  progress gone = {0};
  bool has_found = false, has_stepped = false;
  const int32_t pass_count = passes_max(state->problem);
  for (; gone.pass < pass_count; gone.pass++) {
    bool is_whole;
    if (gone.pass == 1 || has_found || has_stepped) ls_choice_tell_around(state);
    const ls_wide bound = ls_choice_relax(state, gone.pass ? ROUNDS : ROUNDS_FIRST, &is_whole);
    const int64_t before = answer->cents;
    const bool goes_on = progress_take(&gone, answer, bound);
    if (!is_whole) continue; /* messages go on: boxes may come to terms */
    if (gone.pass % REPAIR_EVERY == 0 || gone.pass == pass_count - 1 || !goes_on ||
        ls_choice_is_within(state)) {
      const ls_status status = repair_and_keep(state, answer);
      if (status != LS_OK) return status;
    }
    has_found = answer->cents != before;
    if (answer->is_feasible && rounded_up(gone.best) >= answer->cents) break;
    has_stepped = prices_step(state, gap_of(answer, bound), gone.halvings);
    if (!goes_on || (!has_stepped && !state->has_options)) break;
  }
  answer->bound_cents = (int64_t)rounded_up(gone.best);
  return LS_OK;
}

/* Where there are few options in all, branch and bound closes what is left between answer and
 * bound. Its sums are right to a billionth. */
static ls_status small_prove(ls_choice_state *state, ls_choice_answer *answer)
{
  static const ls_linear_limits limits = {.iterations = 20000, .nodes = 2000};
  const ls_choice *problem = state->problem;
  int64_t options = 0, cents = 0;
  if (answer->is_feasible && answer->bound_cents >= answer->cents) return LS_OK;
  for (int32_t b = 0; b < problem->box_count; b++) options += problem->boxes[b].option_count;
  for (int32_t e = 0; e < problem->bundle_count; e++) options += problem->bundles[e].option_count;
  if (options > PROVED_MAX) return LS_OK;
  const ls_status status = ls_choice_exact(problem, &limits, state->box, state->bundle, &cents);
  if (status != LS_OK) return status == LS_ERR_MEMORY ? status : LS_OK;
  ls_choice_use(state);
  if (!ls_choice_is_within(state)) return LS_OK;
  keep_if_better(state, answer);
  answer->bound_cents =
      ls_max(answer->bound_cents, cents - (cents < 0 ? -cents : cents) / 100000000);
  return LS_OK;
}

ls_status ls_choice_solve(const ls_choice *choice, ls_choice_answer *answer)
{
  ls_choice_state state;
  *answer = (ls_choice_answer){0};
  ls_status status = ls_choice_state_create(choice, &state);
  answer->box = calloc((size_t)choice->box_count + 1, sizeof *answer->box);
  answer->bundle = calloc((size_t)choice->bundle_count + 1, sizeof *answer->bundle);
  if (status == LS_OK && (!answer->box || !answer->bundle)) status = LS_ERR_MEMORY;
  if (status == LS_OK) {
    start_take(&state, answer);
    status = prices_search(&state, answer);
    if (status == LS_OK) status = small_prove(&state, answer);
  }
  ls_choice_state_destroy(&state);
  return status;
}

void ls_choice_answer_destroy(ls_choice_answer *answer)
{
  free(answer->box);
  free(answer->bundle);
  *answer = (ls_choice_answer){0};
}
