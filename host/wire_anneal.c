/* Simulated annealing of a lift. What a move may cost at most is drawn before it is evaluated (the
 * Metropolis rule read backwards: accept where the change is at most -T ln u), so that the
 * evaluation ends as soon as it costs more. */
#include <math.h>
#include <stdlib.h>

#include "../kernels/philox.h"
#include "wire_ahead.h"
#include "wire_lift.h"

enum { DARTS_MAX = 4, INVOLUTIONS_MAX = 64, TRIALS = 40, ASK_EVERY = 32, AHEAD_LEAST = 8 };

typedef struct annealer {
  ls_lift *lift;
  ls_apsp *apsp;
  ls_wire_ahead *ahead; /* NULL: moves are evaluated here, one by one */
  const ls_lift_run *run;
  int32_t *powers; /* [k] r^c modulo m */
  int32_t involution_count, involutions[INVOLUTIONS_MAX];
  int32_t touched_count, touched[DARTS_MAX], mate[DARTS_MAX], voltage[DARTS_MAX]; /* to undo */
  uint64_t step;
} annealer;

/* ---- Darts ---- */

/* Tells the evaluation about a dart: one for each layer (base vertex, c). */
static void dart_show(annealer *self, int32_t i)
{
  const ls_group *group = &self->lift->group;
  const int32_t d = self->lift->degree, m = group->m, k = group->k, mate = self->lift->mate[i];
  const int32_t a = self->lift->voltage[i] % m, c = self->lift->voltage[i] / m;
  for (int32_t layer = 0; layer < k; layer++) {
    const int32_t own = i / d * k + layer;
    const int32_t to = mate < 0 ? own : mate / d * k + (layer + c) % k;
    const int32_t shift = mate < 0 ? 0 : (int32_t)((int64_t)a * self->powers[layer] % m);
    ls_apsp_dart_set(self->apsp, own, i % d, to, shift);
    if (self->ahead) ls_wire_ahead_dart_set(self->ahead, own, i % d, to, shift);
  }
}

static void dart_keep(annealer *self, int32_t i)
{
  for (int32_t k = 0; k < self->touched_count; k++)
    if (self->touched[k] == i) return;
  self->touched[self->touched_count] = i;
  self->mate[self->touched_count] = self->lift->mate[i];
  self->voltage[self->touched_count++] = self->lift->voltage[i];
}

static void pair_set(annealer *self, int32_t i, int32_t j, int32_t voltage)
{
  self->lift->mate[i] = j;
  self->lift->mate[j] = i;
  self->lift->voltage[i] = voltage;
  if (i != j) self->lift->voltage[j] = ls_group_inverse(&self->lift->group, voltage);
}

static void move_undo(annealer *self)
{
  for (int32_t k = 0; k < self->touched_count; k++) {
    self->lift->mate[self->touched[k]] = self->mate[k];
    self->lift->voltage[self->touched[k]] = self->voltage[k];
  }
  for (int32_t k = 0; k < self->touched_count; k++) dart_show(self, self->touched[k]);
}

/* ---- Moves ---- */

static int32_t draw_voltage(const annealer *self, uint32_t word)
{
  return ls_philox_below(word, ls_group_order(&self->lift->group));
}

/* A dart alone, with one of the voltages that allow it, or unused. */
static void dart_leave(annealer *self, int32_t i, uint32_t word)
{
  if (self->involution_count)
    pair_set(self, i, i, self->involutions[ls_philox_below(word, self->involution_count)]);
  else {
    self->lift->mate[i] = -1;
    self->lift->voltage[i] = 0;
  }
}

/* i and j lead to each other's ends, half of the time as far as before, else somewhere else. */
static bool ends_exchange(annealer *self, int32_t i, int32_t j, const ls_philox_words *words)
{
  ls_lift *lift = self->lift;
  const int32_t x = lift->mate[i], y = lift->mate[j];
  if (i == j || x == j || (x < 0 && y < 0)) return false;
  const int32_t of_i = lift->voltage[i], of_j = lift->voltage[j];
  const bool is_kept = words->v[3] & 1;
  dart_keep(self, i);
  dart_keep(self, j);
  if (x >= 0) dart_keep(self, x);
  if (y >= 0) dart_keep(self, y);
  const bool is_i_single = x == i || x < 0, is_j_single = y == j || y < 0;
  if (is_i_single && is_j_single)
    pair_set(self, i, j, draw_voltage(self, words->v[2]));
  else if (is_i_single || is_j_single) {
    /* The single one takes the other end of the pair, whose first dart is left. */
    const int32_t single = is_i_single ? i : j, left = is_i_single ? j : i;
    pair_set(self, single, is_i_single ? y : x, draw_voltage(self, words->v[2]));
    dart_leave(self, left, words->v[3]);
  } else {
    pair_set(self, i, y, is_kept ? of_i : draw_voltage(self, words->v[2]));
    pair_set(self, j, x, is_kept ? of_j : draw_voltage(self, words->v[3] >> 1 << 1));
  }
  return true;
}

/* A pair gets another voltage; rarely, where there are involutions, it is divided. */
static bool voltage_change(annealer *self, int32_t i, const ls_philox_words *words)
{
  const int32_t x = self->lift->mate[i];
  if (x < 0) return false;
  dart_keep(self, i);
  dart_keep(self, x);
  if (x == i)
    dart_leave(self, i, words->v[2]);
  else if (self->involution_count && words->v[3] % 16 == 0) {
    dart_leave(self, i, words->v[2]);
    dart_leave(self, x, words->v[3]);
  } else
    pair_set(self, i, x, draw_voltage(self, words->v[2]));
  return true;
}

static void move_draw(annealer *self)
{
  const int32_t darts = self->lift->base_count * self->lift->degree;
  const bool has_voltages = ls_group_order(&self->lift->group) > 1;
  bool is_done = false;
  while (!is_done) {
    const ls_philox_words words = ls_philox(self->run->seed, self->run->stream, self->step++);
    const int32_t i = ls_philox_below(words.v[0], darts), j = ls_philox_below(words.v[1], darts);
    self->touched_count = 0;
    is_done = has_voltages && words.v[3] >> 30 == 0 ? voltage_change(self, i, &words)
                                                    : ends_exchange(self, i, j, &words);
  }
  for (int32_t k = 0; k < self->touched_count; k++) dart_show(self, self->touched[k]);
}

/* ---- The walk ---- */

/* The mean change of random moves, whatever its sign. */
static double change_mean(annealer *self, int64_t now)
{
  double sum = 0;
  for (int32_t i = 0; i < TRIALS; i++) {
    move_draw(self);
    sum += (double)llabs(ls_apsp_evaluate(self->apsp, INT64_MAX).distance - now);
    move_undo(self);
  }
  return sum / TRIALS;
}

/* A temperature at which nothing for the worse is taken. */
#define LEAST 1e-3

typedef struct cooling {
  double hot, fall, first, span; /* falls by that logarithm from evaluation first on */
} cooling;

/* The highest sum that is taken, drawn. */
static int64_t most_draw(annealer *self, const cooling *of, int64_t done)
{
  const double temperature = of->hot * exp(of->fall * ((double)done - of->first) / of->span);
  const ls_lift_run *run = self->run;
  const double u = ((double)ls_philox(run->seed, run->stream, self->step++).v[0] + 1) * 0x1p-32;
  return self->lift->sum + (int64_t)(-temperature * log(u));
}

static bool is_on(const annealer *self, const ls_lift *best, int64_t done)
{
  return done < self->run->evaluations && best->sum > self->run->target;
}

static void move_take(annealer *self, int64_t sum, ls_lift *best)
{
  self->lift->sum = sum;
  if (sum < best->sum) ls_lift_copy(best, self->lift);
}

static void moves_try(annealer *self, const cooling *of, ls_lift *best, int64_t *done)
{
  for (; is_on(self, best, *done); ++*done) {
    if (*done % ASK_EVERY == 0 && self->run->is_over(self->run->context)) return;
    move_draw(self);
    const ls_apsp_sum sum = ls_apsp_evaluate(self->apsp, most_draw(self, of, *done));
    if (sum.is_aborted)
      move_undo(self);
    else
      move_take(self, sum.distance, best);
  }
}

/* Draws moves of which each stands for the first that is taken; steps, [count], says where. */
static void ahead_draw(annealer *self, const cooling *of, int64_t done, int32_t count,
                       uint64_t *steps)
{
  const int32_t d = self->lift->degree, k = self->lift->group.k;
  for (int32_t i = 0; i < count; i++) {
    steps[i] = self->step;
    move_draw(self);
    for (int32_t t = 0; t < self->touched_count; t++)
      for (int32_t layer = 0; layer < k; layer++)
        ls_wire_ahead_patch(self->ahead, self->touched[t] / d * k + layer, self->touched[t] % d);
    ls_wire_ahead_add(self->ahead, most_draw(self, of, done + i));
    move_undo(self);
  }
}

/* As moves_try, in batches twice as long as it took until a move was taken. */
static ls_status moves_try_ahead(annealer *self, const cooling *of, ls_lift *best, int64_t *done)
{
  uint64_t steps[LS_WIRE_AHEAD_MAX];
  int64_t size = AHEAD_LEAST;
  while (is_on(self, best, *done) && !self->run->is_over(self->run->context)) {
    const int32_t count = (int32_t)ls_min(size, self->run->evaluations - *done);
    int32_t taken;
    ahead_draw(self, of, *done, count, steps);
    const ls_status status = ls_wire_ahead_evaluate(self->ahead, &taken);
    if (status != LS_OK) return status;
    if (taken < count) {
      self->step = steps[taken];
      move_draw(self);
      most_draw(self, of, *done + taken);
      move_take(self, self->ahead->sums[taken].distance, best);
    }
    *done += ls_min(taken + 1, count);
    size = ls_max(AHEAD_LEAST, ls_min(2 * ls_min(taken + 1, count), LS_WIRE_AHEAD_MAX));
  }
  return LS_OK;
}

static ls_status walk(annealer *self, ls_lift *best, int64_t *done)
{
  const ls_lift_run *run = self->run;
  ls_lift *lift = self->lift;
  lift->sum = ls_apsp_evaluate(self->apsp, INT64_MAX).distance;
  *done = 1;
  double hot = run->hot, cold = run->cold;
  if (hot <= 0 && run->evaluations > 2 * TRIALS) {
    const double mean = change_mean(self, lift->sum);
    *done += TRIALS;
    hot = mean * -run->hot;
    cold = mean * run->cold;
  }
  /* Where no move changes anything, or there are too few to tell, only what costs nothing is taken.
   */
  if (!(hot > 0 && cold > 0)) hot = cold = LEAST;
  ls_lift_copy(best, lift);
  const double first = (double)*done;
  const cooling of = {hot, log(cold / hot), first, (double)run->evaluations - first};
  if (self->ahead) return moves_try_ahead(self, &of, best, done);
  moves_try(self, &of, best, done);
  return LS_OK;
}

int64_t ls_lift_anneal(ls_lift *lift, const ls_lift_run *run)
{
  const ls_group *group = &lift->group;
  const int32_t k = group->k, d = lift->degree;
  annealer self = {.lift = lift, .run = run, .powers = malloc((size_t)k * sizeof *self.powers)};
  ls_lift *best = NULL;
  int64_t done = 0;
  ls_status status = self.powers ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) status = ls_lift_create(group, lift->base_count, d, &best);
  if (status == LS_OK)
    status = ls_apsp_create(lift->base_count * k, group->m, lift->base_count, d, &self.apsp);
  for (int32_t v = 0; status == LS_OK && v < lift->base_count; v++)
    self.apsp->source_layer[v] = v * k;
  if (status == LS_OK && run->backend && run->evaluations > 1)
    status = ls_wire_ahead_create(run->backend, self.apsp, DARTS_MAX * k, &self.ahead);
  if (status == LS_OK) {
    self.powers[0] = 1 % group->m;
    for (int32_t c = 1; c < k; c++)
      self.powers[c] = (int32_t)((int64_t)self.powers[c - 1] * group->r % group->m);
    self.involution_count = ls_group_involutions(group, self.involutions, INVOLUTIONS_MAX);
    for (int32_t i = 0; i < lift->base_count * d; i++) dart_show(&self, i);
    status = walk(&self, best, &done);
    ls_lift_copy(lift, best);
  }
  ls_wire_ahead_destroy(self.ahead);
  ls_apsp_destroy(self.apsp);
  ls_lift_destroy(best);
  free(self.powers);
  return status == LS_OK ? done : -(int64_t)status;
}
