/* The tempering arm: replicas walk at fixed temperatures by the rule of Metropolis, and neighbours
 * in temperature exchange their permutations now and then (Swendsen and Wang, "Replica Monte Carlo
 * simulation of spin glasses", PRL 57, 1986). Wins where distances have the structure of a floor.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"
#include "place_arm.h"
#include "qap_build.h"

enum { REPLICAS = 16, ROUND_PROPOSALS = 20000, SAMPLES = 2000, CALIBRATION_STREAM = 2 };

typedef struct replica {
  ls_qap_state state;
  int64_t done;
} replica;

typedef struct tempering {
  replica replicas[REPLICAS]; /* by temperature, coldest first */
  int64_t temperature[REPLICAS];
  double real[REPLICAS];
  int32_t logarithms[LS_QAP_LOGARITHMS];
  uint64_t round;
} tempering;

static const double fixed_one = 1 << LS_QAP_LOGARITHM_BITS;
/* Of the mean change for the worse from a random permutation: what is frozen and what flows. */
static const double low = 0.02, high = 0.2;

static void tempering_task(ls_place_arm *arm, int32_t index, int64_t iterations)
{
  tempering *self = arm->own;
  const ls_place_search *search = arm->search;
  replica *walker = &self->replicas[index];
  const ls_qap_run run = {.seed = search->seed,
                          .stream = (self->round * REPLICAS + (uint64_t)index) << 8 | 3,
                          .step_count = iterations * search->qap->n,
                          .target = search->target,
                          .temperature = self->temperature[index],
                          .logarithms = self->logarithms,
                          .is_over = search->is_over,
                          .context = search->context};
  walker->done = search->functions->temper(search->qap, &walker->state, &run);
}

/* Neighbours of alternating parity exchange with the probability that keeps both in balance. */
static void neighbours_exchange(tempering *self, uint64_t seed)
{
  for (int32_t i = (int32_t)(self->round & 1); i + 1 < REPLICAS; i += 2) {
    replica *cold = &self->replicas[i], *warm = &self->replicas[i + 1];
    const double gain =
        (double)(cold->state.cost - warm->state.cost) * (1 / self->real[i] - 1 / self->real[i + 1]);
    const ls_philox_words words = ls_philox(seed, self->round << 8 | 4, (uint64_t)i);
    const double u = ((double)words.v[0] + 0.5) / 4294967296.0;
    if (log(u) > gain) continue;
    const replica kept = *cold;
    *cold = *warm;
    *warm = kept;
  }
}

static void tempering_merge(ls_place_arm *arm)
{
  tempering *self = arm->own;
  int64_t proposals = 0;
  for (int32_t i = 0; i < REPLICAS; i++) {
    proposals += self->replicas[i].done;
    ls_place_best_keep(arm, self->replicas[i].state.best_p, self->replicas[i].state.best_cost);
  }
  arm->iterations += proposals / arm->search->qap->n;
  neighbours_exchange(self, arm->search->seed);
  self->round++;
}

static void tempering_seed(ls_place_arm *arm, const int32_t *p, int64_t cost)
{
  tempering *self = arm->own;
  ls_qap_state *coldest = &self->replicas[0].state;
  ls_place_best_keep(arm, p, cost);
  if (cost >= coldest->cost) return;
  memcpy(coldest->p, p, (size_t)arm->search->qap->n * sizeof *p);
  arm->search->functions->begin(arm->search->qap, coldest);
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

static void temperatures_set(tempering *self, double mean)
{
  for (int32_t i = 0; i < REPLICAS; i++) {
    self->real[i] = mean * low * pow(high / low, (double)i / (REPLICAS - 1));
    self->temperature[i] = (int64_t)fmin(self->real[i] * fixed_one, LS_QAP_TEMPERATURE_MAX);
  }
  for (int32_t i = 0; i < LS_QAP_LOGARITHMS; i++)
    self->logarithms[i] = (int32_t)(fixed_one * -log((i + 0.5) / LS_QAP_LOGARITHMS));
}

static void tempering_destroy(ls_place_arm *arm)
{
  tempering *self = arm->own;
  if (!self) return;
  for (int32_t i = 0; i < REPLICAS; i++) ls_qap_state_destroy(&self->replicas[i].state);
  free(self);
  free(arm->best_p);
  *arm = (ls_place_arm){0};
}

ls_status ls_place_tempering_create(const ls_place_search *search, ls_place_arm *arm)
{
  tempering *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  *arm = (ls_place_arm){.name = "tempering",
                        .search = search,
                        .task_count = REPLICAS,
                        .round_iterations = 1 + ROUND_PROPOSALS / search->qap->n,
                        .best_cost = INT64_MAX,
                        .best_p = calloc((size_t)search->qap->n, sizeof *arm->best_p),
                        .own = self,
                        .task = tempering_task,
                        .merge = tempering_merge,
                        .seed = tempering_seed,
                        .destroy = tempering_destroy};
  ls_status status = arm->best_p ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < REPLICAS; i++) {
    ls_qap_state *state = &self->replicas[i].state;
    status = ls_qap_state_create(search->qap, state);
    if (status != LS_OK) break;
    ls_place_shuffle(search->seed, (uint64_t)(16 + i) << 40 | 1, search->qap->n, state->p);
    search->functions->begin(search->qap, state);
  }
  if (status == LS_OK)
    temperatures_set(self, delta_mean(search, &self->replicas[0].state));
  else
    tempering_destroy(arm);
  return status;
}
