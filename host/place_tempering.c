/* The tempering arm: replicas walk at the temperatures of a ladder by the rule of Metropolis, and
 * neighbours on it exchange their permutations now and then (Swendsen and Wang, "Replica Monte
 * Carlo simulation of spin glasses", PRL 57, 1986). Wins where distances have the structure of a
 * floor. More replicas than a ladder of temperatures has rungs stand on ladders side by side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"
#include "place_arm.h"
#include "qap_build.h"

enum {
  RUNGS_MAX = 16,
  ROUND_PROPOSALS = 20000,
  SAMPLES = 2000,
  QUIET = 80,      /* of so many proposals one accepted is few */
  LOOKS = 8,       /* at what is kept, that take as long as a product of n numbers */
  ROUNDS_MOVE = 4, /* after so many the ladder moves */
  CALIBRATION_STREAM = 2
};

typedef struct tempering {
  ls_qap_state *replicas; /* [count] ladder by ladder, by temperature, coldest first; on a device
                             their permutations alone */
  ls_qap_state lent;      /* on a device: of which a replica borrows b to begin with */
  int32_t count, rung_count;
  int64_t temperature[RUNGS_MAX];
  double real[RUNGS_MAX];
  bool is_quiet[RUNGS_MAX]; /* few proposals are accepted */
  double mean;              /* change for the worse, of a random permutation */
  /* Proposals since the ladder was moved; accepted ones that changed the cost. */
  int64_t done[RUNGS_MAX], moved[RUNGS_MAX];
  int32_t logarithms[LS_QAP_LOGARITHMS];
  uint64_t round;
} tempering;

static const double fixed_one = 1 << LS_QAP_LOGARITHM_BITS;
/* To begin with, of the mean change for the worse from a random permutation. */
static const double low = 0.02, high = 0.2;
/* Of the same, how far the ends of the ladder may go. */
static const double low_least = 0.001, low_most = 0.2, high_least = 0.02, high_most = 0.5;
/* The share of proposals accepted that change the cost, since on a plateau all others pass at any
 * temperature: on the lowest rung, where next to nothing moves, and on the highest, where barriers
 * are crossed: lower where nothing has structure, since all that matters happens just above
 * freezing. */
static const double accepted_low = 0.001;
static const double accepted_high[LS_PLACE_KIND_COUNT] = {0.01, 0.05, 0.05};
static const double move_power = 0.15; /* of wanted by found: slow, lest it overshoot */

static void tempering_prepare(ls_place_arm *arm, int32_t index, int64_t iterations)
{
  tempering *self = arm->own;
  const ls_place_search *search = arm->search;
  const uint64_t stream = self->round * (uint64_t)self->count + (uint64_t)index;
  arm->tasks[index] =
      (ls_qap_task){.state = &self->replicas[index],
                    .run = {.seed = search->seed,
                            .stream = stream << 8 | 3,
                            .step_count = iterations * search->qap->n,
                            .target = search->target,
                            .temperature = self->temperature[index % self->rung_count],
                            .is_quiet = self->is_quiet[index % self->rung_count],
                            .logarithms = self->logarithms,
                            .is_over = search->is_over,
                            .context = search->context}};
}

static void tempering_run(ls_place_arm *arm, int32_t index)
{
  const ls_place_search *search = arm->search;
  ls_qap_task *task = &arm->tasks[index];
  task->done = search->functions->temper(search->qap, task->state, &task->run);
}

/* ---- The ladder ---- */

static void ladder_set(tempering *self, double coldest, double hottest)
{
  for (int32_t i = 0; i < self->rung_count; i++) {
    const double height = self->rung_count > 1 ? (double)i / (self->rung_count - 1) : 0;
    self->real[i] = coldest * pow(hottest / coldest, height);
    self->temperature[i] = (int64_t)fmin(self->real[i] * fixed_one, LS_QAP_TEMPERATURE_MAX);
    self->done[i] = self->moved[i] = 0;
  }
}

static double within(double least, double value, double most)
{
  return fmax(least, fmin(value, most));
}

/* What the temperature of a rung is to be multiplied by for the share wanted. */
static double rung_move(const tempering *self, int32_t rung, double wanted)
{
  const double found = ((double)self->moved[rung] + 0.5) / ((double)self->done[rung] + 1);
  return within(0.7, pow(wanted / found, move_power), 1.4);
}

/* Where the ladder has to stand depends on how rough the land is down there, which a random
 * permutation does not tell. */
static void ladder_move(tempering *self, ls_place_kind kind)
{
  const int32_t top = self->rung_count - 1;
  const double coldest = self->real[0] * rung_move(self, 0, accepted_low);
  const double hottest = self->real[top] * rung_move(self, top, accepted_high[kind]);
  const double bottom = self->mean * within(low_least, coldest / self->mean, low_most);
  const double most = self->mean * within(high_least, hottest / self->mean, high_most);
  ladder_set(self, bottom, fmax(most, bottom));
}

/* ---- Rounds ---- */

/* Neighbours of alternating parity on a ladder exchange with the probability that keeps both in
 * balance. */
static void neighbours_exchange(tempering *self, uint64_t seed)
{
  for (int32_t i = (int32_t)(self->round & 1); i + 1 < self->count; i += 2) {
    const int32_t rung = i % self->rung_count;
    if (rung + 1 == self->rung_count) continue;
    ls_qap_state *cold = &self->replicas[i], *warm = &self->replicas[i + 1];
    const double gain =
        (double)(cold->cost - warm->cost) * (1 / self->real[rung] - 1 / self->real[rung + 1]);
    const ls_philox_words words = ls_philox(seed, self->round << 8 | 4, (uint64_t)i);
    const double u = ((double)words.v[0] + 0.5) / 4294967296.0;
    if (log(u) > gain) continue;
    const ls_qap_state kept = *cold;
    *cold = *warm;
    *warm = kept;
  }
}

/* In products of n numbers: one for each proposal, or n for each accepted one and next to none for
 * the others. */
static int64_t task_work(const ls_qap_task *task, int32_t n)
{
  return task->run.is_quiet ? task->done / LOOKS + task->state->accepted * n : task->done;
}

static void tempering_merge(ls_place_arm *arm)
{
  tempering *self = arm->own;
  int64_t proposals = 0, done[RUNGS_MAX] = {0}, accepted[RUNGS_MAX] = {0};
  int64_t idle[RUNGS_MAX] = {0};
  for (int32_t i = 0; i < self->count; i++) {
    proposals += arm->tasks[i].done;
    arm->work += task_work(&arm->tasks[i], arm->search->qap->n);
    done[i % self->rung_count] += arm->tasks[i].done;
    accepted[i % self->rung_count] += self->replicas[i].accepted;
    idle[i % self->rung_count] += self->replicas[i].idle;
    ls_place_best_keep(arm, self->replicas[i].best_p, self->replicas[i].best_cost);
  }
  for (int32_t i = 0; i < self->rung_count; i++) {
    self->is_quiet[i] = accepted[i] * QUIET <= done[i];
    self->done[i] += done[i];
    self->moved[i] += accepted[i] - idle[i];
  }
  arm->iterations += proposals / arm->search->qap->n;
  neighbours_exchange(self, arm->search->seed);
  self->round++;
  if (self->round % ROUNDS_MOVE == 0) ladder_move(self, arm->search->kind);
}

static void replica_begin(const ls_place_search *search, const tempering *self, ls_qap_state *state)
{
  if (search->backend) state->b = self->lent.b;
  search->functions->begin(search->qap, state);
  if (search->backend) state->b = NULL;
}

static void tempering_seed(ls_place_arm *arm, const int32_t *p, int64_t cost)
{
  tempering *self = arm->own;
  ls_qap_state *coldest = &self->replicas[0];
  ls_place_best_keep(arm, p, cost);
  if (cost >= coldest->cost) return;
  memcpy(coldest->p, p, (size_t)arm->search->qap->n * sizeof *p);
  replica_begin(arm->search, self, coldest);
}

/* The mean change for the worse, from a random permutation. */
static double delta_mean(const ls_place_search *search, const ls_qap_state *state)
{
  const int32_t n = search->qap->n;
  double sum = 0, count = 0;
  for (int32_t i = 0; n > 1 && i < SAMPLES; i++) {
    const ls_philox_words words = ls_philox(search->seed, CALIBRATION_STREAM, (uint64_t)i);
    const int32_t u = ls_philox_below(words.v[0], n);
    const int32_t v = (u + 1 + ls_philox_below(words.v[1], n - 1)) % n;
    const double delta = (double)search->functions->delta(search->qap, state, u, v);
    if (delta <= 0) continue;
    sum += delta;
    count++;
  }
  return count > 0 ? sum / count : 1;
}

static void tempering_destroy(ls_place_arm *arm)
{
  tempering *self = arm->own;
  if (!self) return;
  for (int32_t i = 0; self->replicas && i < self->count; i++)
    ls_qap_state_destroy(&self->replicas[i]);
  ls_qap_state_destroy(&self->lent);
  free(self->replicas);
  free(self);
  free(arm->tasks);
  free(arm->best_p);
  *arm = (ls_place_arm){0};
}

/* The first replica tells what changes are like. */
static ls_status replicas_create(const ls_place_search *search, tempering *self)
{
  self->replicas = calloc((size_t)self->count, sizeof *self->replicas);
  ls_status status = self->replicas ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK && search->backend) status = ls_qap_state_create(search->qap, &self->lent);
  for (int32_t i = 0; status == LS_OK && i < self->count; i++) {
    ls_qap_state *state = &self->replicas[i];
    status = search->backend ? ls_qap_state_create_bare(search->qap, state)
                             : ls_qap_state_create(search->qap, state);
    if (status == LS_OK && !search->backend) status = ls_qap_walk_create(search->qap, state);
    if (status != LS_OK) break;
    ls_place_shuffle(search->seed, (uint64_t)(16 + i) << 40 | 1, search->qap->n, state->p);
    replica_begin(search, self, state);
    if (i > 0) continue;
    ls_qap_state first = *state;
    if (search->backend) first.b = self->lent.b;
    self->mean = delta_mean(search, &first);
  }
  return status;
}

ls_status ls_place_tempering_create(const ls_place_search *search, ls_place_arm *arm)
{
  tempering *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  self->count = search->replica_count;
  self->rung_count = (int32_t)ls_min(self->count, RUNGS_MAX);
  for (int32_t i = 0; i < LS_QAP_LOGARITHMS; i++)
    self->logarithms[i] = (int32_t)(fixed_one * -log((i + 0.5) / LS_QAP_LOGARITHMS));
  *arm = (ls_place_arm){.name = "tempering",
                        .search = search,
                        .task_count = self->count,
                        .round_iterations = 1 + ROUND_PROPOSALS / search->qap->n,
                        .best_cost = INT64_MAX,
                        .best_p = calloc((size_t)search->qap->n, sizeof *arm->best_p),
                        .tasks = calloc((size_t)self->count, sizeof *arm->tasks),
                        .own = self,
                        .prepare = tempering_prepare,
                        .run = tempering_run,
                        .batch = search->backend ? search->backend->temper : NULL,
                        .merge = tempering_merge,
                        .seed = tempering_seed,
                        .destroy = tempering_destroy};
  ls_status status = arm->best_p && arm->tasks ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) status = replicas_create(search, self);
  if (status == LS_OK) ladder_set(self, self->mean * low, self->mean * high);
  if (status != LS_OK) tempering_destroy(arm);
  return status;
}
