#include "place.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/stop_flag.h"
#include "clock.h"
#include "place_arm.h"
#include "qap_build.h"

enum { MEMETIC, TEMPERING, ARM_COUNT };

static const double race_share = 0.08;       /* of iterations or time, for each arm */
static const double dominance_uniform = 80.; /* below it nothing stands out */
static const double dominance_skewed = 200.; /* from here on a few flows matter most */
static const double lead_clear = 0.02;       /* of the cost */
static const double stall_share = 0.15;      /* of the run without anything better */

/* ---- What kind of instance it is ---- */

static double dominance_of(const int64_t *matrix, int32_t n, double *zeros)
{
  double sum = 0, squares = 0, zero_count = 0;
  const double count = (double)n * n, others = count - n;
  for (int64_t i = 0; i < (int64_t)n * n; i++) {
    sum += (double)matrix[i];
    squares += (double)matrix[i] * (double)matrix[i];
    zero_count += matrix[i] == 0 && i % (n + 1);
  }
  const double mean = sum / count, variance = squares / count - mean * mean;
  *zeros = others > 0 ? zero_count / others : 0;
  return mean > 0 && variance > 0 ? 100 * sqrt(variance) / mean : 0;
}

ls_place_class ls_place_class_of(const ls_qaplib *qaplib)
{
  double zeros_a, zeros_b;
  const double a = dominance_of(qaplib->a, qaplib->n, &zeros_a);
  const double b = dominance_of(qaplib->b, qaplib->n, &zeros_b);
  return (ls_place_class){.dominance = fmax(a, b), .sparsity = fmax(zeros_a, zeros_b)};
}

static ls_place_kind kind_of(const ls_place_class *class_of)
{
  if (class_of->dominance < dominance_uniform) return LS_PLACE_UNIFORM;
  return class_of->dominance < dominance_skewed ? LS_PLACE_FLOOR : LS_PLACE_SKEWED;
}

/* ---- Rounds on threads ---- */

typedef struct portfolio {
  const ls_place_options *options;
  ls_place_search search;
  ls_place_arm arms[ARM_COUNT];
  ls_qap_device *device;            /* NULL: threads run the tasks */
  ls_status status;                 /* of the device: the first error */
  double begin, seconds[ARM_COUNT]; /* the latter of each arm */
} portfolio;

typedef struct round_of {
  ls_place_arm *arm;
  int64_t iterations; /* of a task */
  bool is_run_here;
  atomic_int next_task;
} round_of;

static bool is_over(void *context)
{
  const ls_place_options *options = context;
  return ls_is_stopped(options->stop) || ls_clock_seconds() >= options->deadline;
}

static void *tasks_run(void *argument)
{
  round_of *round = argument;
  for (;;) {
    const int32_t task = atomic_fetch_add(&round->next_task, 1);
    if (task >= round->arm->task_count) return NULL;
    round->arm->prepare(round->arm, task, round->iterations);
    if (round->is_run_here) round->arm->run(round->arm, task);
  }
}

/* Threads that cannot be had leave their tasks to the others. A device gets what they have made
 * ready, in one batch. */
static void round_run(portfolio *self, int32_t which, int64_t iterations)
{
  enum { THREADS_MAX = 64 };
  ls_place_arm *arm = &self->arms[which];
  const double start = ls_clock_seconds();
  round_of round = {.arm = arm, .iterations = iterations, .is_run_here = !self->device};
  pthread_t threads[THREADS_MAX];
  int32_t count = self->options->thread_count, started = 0;
  if (count > arm->task_count) count = arm->task_count;
  if (count > THREADS_MAX) count = THREADS_MAX;
  for (; started < count - 1; started++)
    if (pthread_create(&threads[started], NULL, tasks_run, &round)) break;
  tasks_run(&round);
  for (int32_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
  if (self->device) self->status = arm->batch(self->device, arm->tasks, arm->task_count);
  if (self->status == LS_OK) arm->merge(arm);
  self->seconds[which] += ls_clock_seconds() - start;
}

/* ---- Race, then commit ---- */

static bool is_finished(const portfolio *self)
{
  const ls_place_options *options = self->options;
  if (self->status != LS_OK) return true;
  for (int32_t i = 0; i < ARM_COUNT; i++)
    if (self->arms[i].best_cost <= options->target) return true;
  return is_over((void *)options);
}

static int64_t iterations_done(const portfolio *self)
{
  int64_t sum = 0;
  for (int32_t i = 0; i < ARM_COUNT; i++) sum += self->arms[i].iterations;
  return sum;
}

/* One round of at most limit iterations; false: there was no room for any. */
static bool arm_step(portfolio *self, int32_t which, int64_t limit)
{
  ls_place_arm *arm = &self->arms[which];
  const int64_t room = limit / arm->task_count;
  if (room < 1 || is_finished(self)) return false;
  round_run(self, which, room < arm->round_iterations ? room : arm->round_iterations);
  return true;
}

/* The arm that has worked less goes next, until both have had their share of the time, or together
 * theirs of the iterations; the first round leaves as many to the other one. */
static void race(portfolio *self)
{
  const ls_place_options *options = self->options;
  const double seconds = race_share * (options->deadline - self->begin);
  const int64_t most = options->iterations < INT64_MAX
                           ? (int64_t)(ARM_COUNT * race_share * (double)options->iterations)
                           : INT64_MAX;
  for (;;) {
    int32_t which = self->arms[TEMPERING].work < self->arms[MEMETIC].work ? TEMPERING : MEMETIC;
    if (self->seconds[which] > seconds) which = 1 - which;
    const int64_t limit = iterations_done(self) ? most - iterations_done(self) : most / ARM_COUNT;
    if (self->seconds[which] > seconds || !arm_step(self, which, limit)) return;
  }
}

/* Tempering is favoured on what looks like a floor, the memetic arm on what is uniform or skewed:
 * what an arm reaches late the race cannot see. The other one wins where it is clearly better. */
static int32_t winner_of(const portfolio *self)
{
  const int32_t favoured = self->search.kind == LS_PLACE_FLOOR ? TEMPERING : MEMETIC;
  const double mine = (double)self->arms[favoured].best_cost;
  const double others = (double)self->arms[1 - favoured].best_cost;
  return others < mine - lead_clear * fabs(mine) ? 1 - favoured : favoured;
}

/* What the winner can do from here on, by what it has done in its share of the race. */
static int64_t iterations_left(const portfolio *self, int32_t winner)
{
  const ls_place_arm *arm = &self->arms[winner];
  const int64_t left = self->options->iterations - iterations_done(self);
  const double seconds = self->options->deadline - ls_clock_seconds();
  if (self->seconds[winner] <= 0 || seconds >= 1e9) return left;
  const double timed = (double)arm->iterations / self->seconds[winner] * fmax(seconds, 0);
  return timed < (double)left ? (int64_t)timed : left;
}

/* How much of the run is over: of its iterations, or else of its time. */
static double share_done(const portfolio *self)
{
  const ls_place_options *options = self->options;
  if (options->iterations < INT64_MAX)
    return (double)iterations_done(self) / (double)options->iterations;
  return (ls_clock_seconds() - self->begin) / (options->deadline - self->begin);
}

typedef struct mark {
  double share; /* of the run that is done */
  int64_t work;
} mark;

static mark mark_now(const portfolio *self)
{
  return (mark){share_done(self), self->arms[MEMETIC].work + self->arms[TEMPERING].work};
}

/* What the run would take if the winner did all of its iterations. */
static double work_of_run(const portfolio *self, int32_t winner)
{
  const ls_place_arm *arm = &self->arms[winner];
  if (self->options->iterations == INT64_MAX || arm->work == 0) return INFINITY;
  return (double)arm->work / (double)arm->iterations * (double)self->options->iterations;
}

/* The winner gets the rest, but an arm that has found nothing better for long lets the other one
 * try, save where nothing has structure: there tempering never catches up. */
static void commit(portfolio *self, int32_t winner)
{
  ls_place_arm *arm = &self->arms[winner];
  const ls_place_arm *other = &self->arms[1 - winner];
  const double work_most = stall_share * work_of_run(self, winner);
  int32_t which = winner;
  if (other->best_cost < INT64_MAX) arm->seed(arm, other->best_p, other->best_cost);
  if (arm->plan) arm->plan(arm, iterations_left(self, winner));
  int64_t best = arm->best_cost;
  mark since = mark_now(self);
  while (arm_step(self, which, self->options->iterations - iterations_done(self))) {
    const mark now = mark_now(self);
    if (self->arms[which].best_cost < best) {
      best = self->arms[which].best_cost;
      since = now;
    }
    if (self->search.kind == LS_PLACE_UNIFORM) continue;
    if (now.share - since.share < stall_share && (double)(now.work - since.work) < work_most)
      continue;
    which = 1 - which;
    since = now;
  }
}

static const char *end_of(const portfolio *self)
{
  const ls_place_options *options = self->options;
  for (int32_t i = 0; i < ARM_COUNT; i++)
    if (self->arms[i].best_cost <= options->target) return "target";
  if (ls_is_stopped(options->stop)) return "stop";
  return ls_clock_seconds() >= options->deadline ? "time" : "iterations";
}

static ls_status arms_create(portfolio *self)
{
  const ls_place_search *search = &self->search;
  ls_status status = ls_place_memetic_create(search, &self->arms[MEMETIC]);
  if (status == LS_OK) status = ls_place_tempering_create(search, &self->arms[TEMPERING]);
  if (status == LS_OK && search->backend)
    status = search->backend->create(search->qap, search->replica_count, &self->device);
  return status;
}

/* The start, or what is random: there is an answer even if there is no time. */
static ls_status first_answer(portfolio *self, const ls_qaplib *qaplib)
{
  const int32_t n = qaplib->n;
  int32_t *p = calloc((size_t)n, sizeof *p);
  if (!p) return LS_ERR_MEMORY;
  if (self->options->start)
    memcpy(p, self->options->start, (size_t)n * sizeof *p);
  else
    ls_place_shuffle(self->options->seed, 0, n, p);
  const int64_t cost = ls_qaplib_cost(qaplib, p);
  for (int32_t i = 0; i < ARM_COUNT; i++) self->arms[i].seed(&self->arms[i], p, cost);
  free(p);
  return LS_OK;
}

static ls_status portfolio_run(portfolio *self, const ls_qaplib *qaplib, ls_place_result *result)
{
  const ls_status status = first_answer(self, qaplib);
  if (status != LS_OK) return status;
  race(self);
  const int32_t winner = winner_of(self);
  commit(self, winner);
  if (self->status != LS_OK) return self->status;
  const bool is_other = self->arms[1 - winner].best_cost < self->arms[winner].best_cost;
  const ls_place_arm *arm = &self->arms[is_other ? 1 - winner : winner];
  result->p = calloc((size_t)qaplib->n, sizeof *result->p);
  if (!result->p) return LS_ERR_MEMORY;
  memcpy(result->p, arm->best_p, (size_t)qaplib->n * sizeof *result->p);
  result->cost = arm->best_cost;
  result->arm = arm->name;
  result->bounded_by = end_of(self);
  for (int32_t i = 0; i < ARM_COUNT; i++) result->iterations += self->arms[i].iterations;
  return LS_OK;
}

static ls_status run_on(const ls_qaplib *qaplib, const ls_place_options *options,
                        const ls_qap_backend *backend, ls_place_result *result, ls_error *error)
{
  ls_qap *qap = NULL;
  ls_status status = ls_qap_create(qaplib, LS_QAP_16, &qap, error);
  if (status != LS_OK) return status;
  ls_place_result found = {.backend = backend, .class_of = ls_place_class_of(qaplib)};
  portfolio self = {.options = options,
                    .begin = ls_clock_seconds(),
                    .search = {.qap = qap,
                               .functions = ls_qap_functions_choose(qap->width),
                               .seed = options->seed,
                               .replica_count = options->replica_count ? options->replica_count
                                                                       : LS_PLACE_REPLICAS,
                               .backend = backend,
                               .kind = kind_of(&found.class_of),
                               .target = options->target,
                               .is_over = is_over,
                               .context = (void *)options}};
  status = arms_create(&self);
  if (status == LS_OK) status = portfolio_run(&self, qaplib, &found);
  if (status == LS_OK)
    *result = found;
  else
    ls_error_set(error, status, NULL, 0, NULL,
                 status == LS_ERR_DEVICE ? "the cuda backend failed" : "no memory for the search");
  if (self.device) backend->destroy(self.device);
  for (int32_t i = 0; i < ARM_COUNT; i++)
    if (self.arms[i].destroy) self.arms[i].destroy(&self.arms[i]);
  ls_qap_destroy(qap);
  return status;
}

ls_status ls_place_run(const ls_qaplib *qaplib, const ls_place_options *options,
                       ls_place_result *result, ls_error *error)
{
  const ls_status status = run_on(qaplib, options, options->backend, result, error);
  if (status != LS_ERR_DEVICE || options->is_backend_forced) return status;
  return run_on(qaplib, options, NULL, result, error);
}
