/* Owns a choice at given prices: what things cost with prices, the messages by which boxes and
 * bundles agree, and the bound that follows. */
#include "choice_state.h"

#include <stdlib.h>
#include <string.h>

enum { SETTLE_MAX = 4 };

int64_t ls_choice_priced(const ls_choice_state *state, const ls_choice_option *option,
                         int32_t box_a, int32_t box_b, int32_t links)
{
  int64_t cost = option->cents * links * LS_CHOICE_ONE;
  if (!state->has_prices) return cost;
  for (int32_t i = 0; i < option->draw_count; i++) {
    const ls_choice_draw *draw = &state->draws[option->draw_first + i];
    const int32_t cap = ls_choice_cap(state, box_a, box_b, draw->cap);
    if (cap < 0 || !state->price[cap]) continue;
    const ls_wide amount = (ls_wide)draw->amount * links * state->price[cap];
    /* Rounded down, also below 0, so that the bound holds. */
    ls_wide part = amount / state->unit[cap];
    if (amount < 0 && amount % state->unit[cap]) part--;
    cost += (int64_t)part;
  }
  return cost;
}

int64_t ls_choice_box_priced(const ls_choice_state *state, int32_t box, int32_t ordinal)
{
  const ls_choice *problem = state->problem;
  const ls_choice_option *option = &state->options[problem->boxes[box].option_first + ordinal];
  return ls_choice_priced(state, option, box, box, 1);
}

static bool goes_with(const ls_choice_bundle *bundle, const ls_choice_option *option, int32_t a,
                      int32_t b)
{
  return (bundle->box_a < 0 || option->mask_a >> a & 1) &&
         (bundle->box_b < 0 || option->mask_b >> b & 1);
}

static int32_t best_find(const ls_choice_state *state, const ls_choice_bundle *bundle,
                         int32_t option_a, int32_t option_b, int64_t *cost)
{
  int32_t best = -1;
  *cost = LS_CHOICE_NEVER;
  for (int32_t i = 0; i < bundle->option_count; i++) {
    const ls_choice_option *option = &state->options[bundle->option_first + i];
    if (!goes_with(bundle, option, option_a, option_b)) continue;
    const int64_t here =
        ls_choice_priced(state, option, bundle->box_a, bundle->box_b, bundle->links);
    if (here >= *cost) continue;
    *cost = here;
    best = i;
  }
  return best;
}

/* The best options of a bundle at the prices there are, for any options of its boxes. */
static void table_fill(const ls_choice_state *state, const ls_choice_bundle *bundle, int64_t *cost,
                       int32_t *best)
{
  const int32_t width = state->width;
  const int32_t count_a = bundle->box_a < 0 ? 1 : width, count_b = bundle->box_b < 0 ? 1 : width;
  for (int32_t at = 0; at < width * width; at++) {
    cost[at] = LS_CHOICE_NEVER;
    best[at] = -1;
  }
  for (int32_t i = 0; i < bundle->option_count; i++) {
    const ls_choice_option *option = &state->options[bundle->option_first + i];
    const int64_t here =
        ls_choice_priced(state, option, bundle->box_a, bundle->box_b, bundle->links);
    for (int32_t a = 0; a < count_a; a++)
      for (int32_t b = 0; b < count_b; b++) {
        const int32_t at = a * width + b;
        if (here >= cost[at] || !goes_with(bundle, option, a, b)) continue;
        cost[at] = here;
        best[at] = i;
      }
  }
}

/* Whether bundles of a kind cost different amounts. */
static bool is_apart(const ls_choice_state *state, int32_t index)
{
  return state->has_local_prices && state->kinds[state->kind[index]].is_own;
}

/* Where in kind_cost and kind_best a bundle's table stands, as it is at the prices there are: that
 * of all of its kind, or its own until another one of them is asked for. */
static int64_t table_of(const ls_choice_state *state, int32_t index)
{
  ls_choice_kind *kind = &state->kinds[state->kind[index]];
  const int64_t at = (int64_t)state->kind[index] * state->width * state->width;
  if (kind->price_step != state->price_step || (kind->bundle != index && is_apart(state, index))) {
    table_fill(state, &state->problem->bundles[index], &state->kind_cost[at],
               &state->kind_best[at]);
    kind->price_step = state->price_step;
    kind->bundle = index;
  }
  return at;
}

int32_t ls_choice_bundle_best(const ls_choice_state *state, int32_t index, int32_t option_a,
                              int32_t option_b, int64_t *cost)
{
  if (is_apart(state, index))
    return best_find(state, &state->problem->bundles[index], option_a, option_b, cost);
  const int64_t at = table_of(state, index) + (int64_t)option_a * state->width + option_b;
  *cost = state->kind_cost[at];
  return state->kind_best[at];
}

static int32_t option_count(const ls_choice *problem, int32_t box)
{
  return box < 0 ? 1 : problem->boxes[box].option_count;
}

static bool is_alive(const ls_choice_state *state, int32_t box, int32_t ordinal)
{
  return box < 0 || state->alive[box] >> ordinal & 1;
}

/* ---- Messages ---- */

/* What a bundle costs by those options of its boxes that every bundle of theirs goes with. */
typedef struct pair_costs {
  int32_t count_a, count_b;
  int64_t cost[LS_CHOICE_OPTIONS_MAX][LS_CHOICE_OPTIONS_MAX];
} pair_costs;

static void pair_fill(const ls_choice_state *state, int32_t index, pair_costs *pair)
{
  const ls_choice_bundle *bundle = &state->problem->bundles[index];
  const int64_t *cost = &state->kind_cost[table_of(state, index)];
  pair->count_a = option_count(state->problem, bundle->box_a);
  pair->count_b = option_count(state->problem, bundle->box_b);
  for (int32_t a = 0; a < pair->count_a; a++, cost += state->width)
    for (int32_t b = 0; b < pair->count_b; b++)
      pair->cost[a][b] = is_alive(state, bundle->box_a, a) && is_alive(state, bundle->box_b, b)
                             ? cost[b]
                             : LS_CHOICE_NEVER;
}

static int64_t *belief_of(const ls_choice_state *state, int32_t box)
{
  return &state->belief[(int64_t)box * state->width];
}

static int64_t *message_of(const ls_choice_state *state, int32_t bundle, int32_t end)
{
  return &state->message[((int64_t)bundle * 2 + end) * state->width];
}

/* What a box believes without what this bundle told it; nothing where there is no box. */
static void belief_without(const ls_choice_state *state, int32_t box, const int64_t *message,
                           int64_t belief[LS_CHOICE_OPTIONS_MAX])
{
  for (int32_t i = 0; i < option_count(state->problem, box); i++)
    belief[i] = box < 0 ? 0 : belief_of(state, box)[i] - message[i];
}

/* least: of the bundle and what is behind it; own: what the box believes without it. Where nothing
 * is behind it the box is told all of it. */
static void message_take(ls_choice_state *state, int32_t box, int32_t ordinal, bool is_alone,
                         int64_t least, int64_t own, int64_t *message)
{
  if (box < 0 || least == LS_CHOICE_NEVER) return;
  const int64_t told = is_alone ? least : (least - own) / 2;
  belief_of(state, box)[ordinal] += told - *message;
  *message = told;
}

/* Shifts costs between a bundle and its boxes, half of what each can do without. Never lowers the
 * bound. */
static void bundle_tell(ls_choice_state *state, int32_t index)
{
  const ls_choice_bundle *bundle = &state->problem->bundles[index];
  int64_t *to_a = message_of(state, index, 0), *to_b = message_of(state, index, 1);
  int64_t a[LS_CHOICE_OPTIONS_MAX], b[LS_CHOICE_OPTIONS_MAX];
  pair_costs pair;
  if (option_count(state->problem, bundle->box_a) == 1 &&
      option_count(state->problem, bundle->box_b) == 1)
    return; /* its cost is one number, whoever counts it */
  pair_fill(state, index, &pair);
  belief_without(state, bundle->box_a, to_a, a);
  belief_without(state, bundle->box_b, to_b, b);
  for (int32_t i = 0; i < pair.count_a; i++) {
    int64_t least = LS_CHOICE_NEVER;
    for (int32_t j = 0; j < pair.count_b; j++)
      if (pair.cost[i][j] != LS_CHOICE_NEVER && pair.cost[i][j] + b[j] < least)
        least = pair.cost[i][j] + b[j];
    message_take(state, bundle->box_a, i, bundle->box_b < 0, least, a[i], &to_a[i]);
  }
  for (int32_t j = 0; j < pair.count_b; j++) {
    int64_t least = LS_CHOICE_NEVER;
    for (int32_t i = 0; i < pair.count_a; i++)
      if (pair.cost[i][j] != LS_CHOICE_NEVER && pair.cost[i][j] + a[i] < least)
        least = pair.cost[i][j] + a[i];
    message_take(state, bundle->box_b, j, bundle->box_a < 0, least, b[j], &to_b[j]);
  }
}

/* The cost of a pair, or where they do not go together the least that one of them has with any. */
static int64_t pair_cost(const pair_costs *pair, int32_t a, int32_t b, bool is_of_a)
{
  int64_t least = pair->cost[a][b];
  if (least != LS_CHOICE_NEVER) return least;
  for (int32_t i = 0; i < (is_of_a ? pair->count_b : pair->count_a); i++) {
    const int64_t other = is_of_a ? pair->cost[a][i] : pair->cost[i][b];
    if (other < least) least = other;
  }
  return least == LS_CHOICE_NEVER ? 0 : least;
}

/* Tells a bundle's boxes what it costs as one of them changes and the other stays: all of it where
 * costs are sums of what each end takes. */
static void bundle_tell_around(ls_choice_state *state, int32_t index)
{
  const ls_choice_bundle *bundle = &state->problem->bundles[index];
  const int32_t a = bundle->box_a < 0 ? 0 : state->box[bundle->box_a];
  const int32_t b = bundle->box_b < 0 ? 0 : state->box[bundle->box_b];
  pair_costs pair;
  pair_fill(state, index, &pair);
  const int64_t half =
      bundle->box_a < 0 || bundle->box_b < 0 ? 0 : pair_cost(&pair, a, b, true) / 2;
  for (int32_t i = 0; i < pair.count_a && bundle->box_a >= 0; i++)
    message_of(state, index, 0)[i] = pair_cost(&pair, i, b, true) - half;
  for (int32_t i = 0; i < pair.count_b && bundle->box_b >= 0; i++)
    message_of(state, index, 1)[i] = pair_cost(&pair, a, i, false) - half;
}

void ls_choice_tell_around(ls_choice_state *state)
{
  for (int32_t e = 0; state->has_options && e < state->problem->bundle_count; e++)
    bundle_tell_around(state, e);
}

/* Own costs at the prices there are, and the messages. */
static void beliefs_gather(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  for (int32_t box = 0; box < problem->box_count; box++)
    for (int32_t i = 0; i < problem->boxes[box].option_count; i++)
      belief_of(state, box)[i] = ls_choice_box_priced(state, box, i);
  for (int32_t e = 0; e < problem->bundle_count; e++)
    for (int32_t end = 0; end < 2; end++) {
      const int32_t box = end ? problem->bundles[e].box_b : problem->bundles[e].box_a;
      for (int32_t i = 0; box >= 0 && i < problem->boxes[box].option_count; i++)
        belief_of(state, box)[i] += message_of(state, e, end)[i];
    }
}

/* Each box and each bundle by itself, with what was shifted between them. Boxes take what is best
 * for them alone. */
static ls_wide beliefs_bound(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  ls_wide bound = 0;
  for (int32_t box = 0; box < problem->box_count; box++) {
    int64_t least = LS_CHOICE_NEVER;
    for (int32_t i = 0; i < problem->boxes[box].option_count; i++) {
      if (!is_alive(state, box, i) || belief_of(state, box)[i] >= least) continue;
      least = belief_of(state, box)[i];
      state->box[box] = i;
    }
    bound += least;
  }
  for (int32_t e = 0; e < problem->bundle_count; e++) {
    pair_costs pair;
    int64_t least = LS_CHOICE_NEVER;
    pair_fill(state, e, &pair);
    const int64_t *to_a = message_of(state, e, 0), *to_b = message_of(state, e, 1);
    for (int32_t a = 0; a < pair.count_a; a++)
      for (int32_t b = 0; b < pair.count_b; b++)
        if (pair.cost[a][b] != LS_CHOICE_NEVER && pair.cost[a][b] - to_a[a] - to_b[b] < least)
          least = pair.cost[a][b] - to_a[a] - to_b[b];
    bound += least;
  }
  return bound;
}

/* ---- The choice ---- */

/* What a box pays as this option beside its neighbours as they are: bundles without an option, and
 * cost. */
static int32_t box_cost(const ls_choice_state *state, int32_t box, int32_t ordinal, int64_t *cost)
{
  const ls_choice *problem = state->problem;
  int32_t broken = 0;
  *cost = ls_choice_box_priced(state, box, ordinal);
  for (int32_t i = state->bundle_first[box]; i < state->bundle_first[box + 1]; i++) {
    const int32_t e = state->bundle_of[i];
    const ls_choice_bundle *bundle = &problem->bundles[e];
    int32_t a = bundle->box_a < 0 ? 0 : state->box[bundle->box_a];
    int32_t b = bundle->box_b < 0 ? 0 : state->box[bundle->box_b];
    int64_t of_bundle;
    if (bundle->box_a == box) a = ordinal;
    if (bundle->box_b == box) b = ordinal;
    if (ls_choice_bundle_best(state, e, a, b, &of_bundle) < 0)
      broken++;
    else
      *cost += of_bundle;
  }
  return broken;
}

/* Boxes give way to their neighbours, one by one. */
static void boxes_settle(ls_choice_state *state)
{
  const ls_choice *problem = state->problem;
  bool has_moved = true;
  for (int32_t round = 0; has_moved && round < SETTLE_MAX; round++) {
    has_moved = false;
    for (int32_t box = 0; box < problem->box_count; box++) {
      if (problem->boxes[box].option_count == 1) continue;
      int64_t least, cost;
      int32_t best = state->box[box], fewest = box_cost(state, box, best, &least);
      for (int32_t i = 0; i < problem->boxes[box].option_count; i++) {
        if (!is_alive(state, box, i) || i == state->box[box]) continue;
        const int32_t broken = box_cost(state, box, i, &cost);
        if (broken > fewest || (broken == fewest && cost >= least)) continue;
        fewest = broken;
        least = cost;
        best = i;
      }
      has_moved |= best != state->box[box];
      state->box[box] = best;
    }
  }
}

/* Each bundle takes what is cheapest between its boxes; returns what all of them cost. */
static ls_wide bundles_take(ls_choice_state *state, bool *is_whole)
{
  const ls_choice *problem = state->problem;
  ls_wide sum = 0;
  *is_whole = true;
  for (int32_t e = 0; e < problem->bundle_count; e++) {
    const ls_choice_bundle *bundle = &problem->bundles[e];
    int64_t cost;
    state->bundle[e] =
        ls_choice_bundle_best(state, e, bundle->box_a < 0 ? 0 : state->box[bundle->box_a],
                              bundle->box_b < 0 ? 0 : state->box[bundle->box_b], &cost);
    *is_whole &= state->bundle[e] >= 0;
    sum += cost;
  }
  return sum;
}

/* What is paid for the limits themselves, rounded up. */
static ls_wide limits_priced(const ls_choice_state *state)
{
  ls_wide sum = 0;
  for (int32_t cap = 0; cap < state->problem->cap_count; cap++) {
    if (!state->unit[cap]) continue;
    const ls_wide amount = (ls_wide)state->price[cap] * state->problem->limits[cap];
    sum += amount / state->unit[cap] + (amount > 0 && amount % state->unit[cap]);
  }
  return sum;
}

ls_wide ls_choice_relax(ls_choice_state *state, int32_t rounds, bool *is_whole)
{
  const ls_choice *problem = state->problem;
  ls_wide bound = 0;
  if (state->has_options) {
    beliefs_gather(state);
    for (int32_t round = 0; round < rounds; round++)
      for (int32_t e = 0; e < problem->bundle_count; e++) bundle_tell(state, e);
    bound = beliefs_bound(state);
    boxes_settle(state);
    bundles_take(state, is_whole);
  } else {
    for (int32_t box = 0; box < problem->box_count; box++)
      bound += ls_choice_box_priced(state, box, state->box[box] = 0);
    bound += bundles_take(state, is_whole);
  }
  if (*is_whole) ls_choice_use(state);
  return bound - limits_priced(state);
}
