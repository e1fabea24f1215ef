#include "temper_places.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/stop_flag.h"
#include "crew.h"
#include "wide.h"

enum {
  WALKERS = 8,
  ROUNDS = 64,
  SAMPLES = 4000, /* proposals that tell what changes for the worse cost */
  LOGARITHMS = 1024,
  LOGARITHM_BITS = 16,
  ROUND_STREAM = 6, /* in the lowest bits of a stream, beside those of other searches */
  EXCHANGE_STREAM = 7,
  SAMPLE_STREAM = 8
};

/* Of the mean change for the worse at the start: what is frozen and what flows. */
static const double low = 0.002, high = 0.3;

typedef struct replica {
  ls_walker walker;
  int64_t best_bad, best_cents;
  int32_t *best_slot; /* [nodes] */
} replica;

typedef struct tempering {
  const ls_floor_game *game;
  const ls_temper_options *options;
  replica replicas[WALKERS];    /* by temperature, coldest first */
  double real[WALKERS];         /* cents */
  int64_t temperature[WALKERS]; /* times 2^LOGARITHM_BITS */
  int32_t logarithms[LOGARITHMS];
  int64_t bad_cents;       /* what a cord too many that is bad counts as: walks may pass by it */
  int64_t round_proposals; /* of a walker */
  uint64_t round;
} tempering;

/* The most that a proposal may cost: -T ln u, as an integer that is the same on all machines. */
static int64_t cents_accepted(const tempering *self, int32_t index, uint32_t word)
{
  const int64_t logarithm = self->logarithms[word / (UINT32_MAX / LOGARITHMS + 1)];
  return (int64_t)((ls_wide)self->temperature[index] * logarithm >> 2 * LOGARITHM_BITS);
}

/* What is bad first, then cents. */
static bool is_best(const replica *own)
{
  const ls_walker *walker = &own->walker;
  if (walker->bad_count != own->best_bad) return walker->bad_count < own->best_bad;
  return walker->cents < own->best_cents;
}

static void best_keep(const tempering *self, replica *own)
{
  if (!is_best(own)) return;
  own->best_bad = own->walker.bad_count;
  own->best_cents = own->walker.cents;
  memcpy(own->best_slot, own->walker.slot, (size_t)self->game->node_count * sizeof *own->best_slot);
}

static void walk(void *context, int32_t task, int32_t worker)
{
  (void)worker;
  tempering *self = context;
  replica *own = &self->replicas[task];
  const uint64_t stream = (self->round * WALKERS + (uint64_t)task) << 8 | ROUND_STREAM;
  for (int64_t i = 0; i < self->round_proposals; i++) {
    if ((i & 1023) == 0 && ls_is_stopped(self->options->stop)) break;
    const ls_philox_words words = ls_philox(self->options->seed, stream, (uint64_t)i);
    if (!ls_walker_propose(&own->walker, &words)) continue;
    /* The last word also chose whom to change with, if anyone: other ones of its bits. */
    const uint32_t word = words.v[3] * 0x9E3779B9U ^ words.v[0] << 4;
    const int64_t delta = own->walker.delta_cents + own->walker.delta_bad * self->bad_cents;
    if (delta > cents_accepted(self, task, word)) continue;
    if (delta > 0 || own->walker.delta_bad > 0) best_keep(self, own);
    ls_walker_accept(&own->walker);
  }
  best_keep(self, own);
}

/* Neighbours of alternating parity exchange with the probability that keeps both in balance. */
static void neighbours_exchange(tempering *self)
{
  for (int32_t i = (int32_t)(self->round & 1); i + 1 < WALKERS; i += 2) {
    replica *cold = &self->replicas[i], *warm = &self->replicas[i + 1];
    const int64_t bad = cold->walker.bad_count - warm->walker.bad_count;
    const int64_t cents = cold->walker.cents - warm->walker.cents + bad * self->bad_cents;
    const double gain = (double)cents * (1 / self->real[i] - 1 / self->real[i + 1]);
    const ls_philox_words words =
        ls_philox(self->options->seed, self->round << 8 | EXCHANGE_STREAM, (uint64_t)i);
    if (log(((double)words.v[0] + 0.5) / 4294967296.0) > gain) continue;
    const replica kept = *cold;
    *cold = *warm;
    *warm = kept;
  }
}

/* The mean change for the worse from the start. */
static double delta_mean(tempering *self)
{
  ls_walker *walker = &self->replicas[0].walker;
  double sum = 0, count = 0;
  for (int32_t i = 0; i < SAMPLES; i++) {
    const ls_philox_words words = ls_philox(self->options->seed, SAMPLE_STREAM, (uint64_t)i);
    if (!ls_walker_propose(walker, &words) || walker->delta_bad > 0 || walker->delta_cents <= 0)
      continue;
    sum += (double)walker->delta_cents;
    count++;
  }
  return count > 0 ? sum / count : 1;
}

static void temperatures_set(tempering *self)
{
  const double one = 1 << LOGARITHM_BITS, mean = delta_mean(self);
  for (int32_t i = 0; i < WALKERS; i++) {
    self->real[i] = mean * low * pow(high / low, (double)i / (WALKERS - 1));
    self->temperature[i] = (int64_t)fmin(self->real[i] * one, 0x1p60);
  }
  for (int32_t i = 0; i < LOGARITHMS; i++)
    self->logarithms[i] = (int32_t)(one * -log((i + 0.5) / LOGARITHMS));
  self->bad_cents = (int64_t)ceil(mean);
}

static ls_status replicas_create(tempering *self, const int32_t *slot)
{
  const size_t nodes = (size_t)self->game->node_count;
  ls_status status = LS_OK;
  for (int32_t i = 0; i < WALKERS && status == LS_OK; i++) {
    replica *own = &self->replicas[i];
    status = ls_walker_create(self->game, slot, &own->walker);
    own->best_slot = malloc(nodes * sizeof *own->best_slot);
    if (!own->best_slot) status = LS_ERR_MEMORY;
    own->best_bad = own->best_cents = INT64_MAX;
    if (status == LS_OK) best_keep(self, own);
  }
  return status;
}

/* The cheapest of those with least that is bad, the coldest of equals. */
static const replica *best_find(const tempering *self)
{
  const replica *best = &self->replicas[0];
  for (int32_t i = 1; i < WALKERS; i++) {
    const replica *one = &self->replicas[i];
    const int64_t more = one->best_bad - best->best_bad;
    if (more < 0 || (more == 0 && one->best_cents < best->best_cents)) best = one;
  }
  return best;
}

ls_status ls_temper_places(const ls_floor_game *game, const ls_temper_options *options,
                           int32_t *slot)
{
  tempering self = {.game = game,
                    .options = options,
                    .round_proposals = options->proposal_count / (WALKERS * ROUNDS)};
  ls_status status = replicas_create(&self, slot);
  if (status == LS_OK) temperatures_set(&self);
  for (; status == LS_OK && self.round < ROUNDS && !ls_is_stopped(options->stop); self.round++) {
    ls_crew_run(options->thread_count, WALKERS, walk, &self);
    neighbours_exchange(&self);
  }
  if (status == LS_OK)
    memcpy(slot, best_find(&self)->best_slot, (size_t)game->node_count * sizeof *slot);
  for (int32_t i = 0; i < WALKERS; i++) {
    ls_walker_destroy(&self.replicas[i].walker);
    free(self.replicas[i].best_slot);
  }
  return status;
}
