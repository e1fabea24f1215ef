#include "place.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "place_arm.h"
#include "qap_build.h"

enum { MEMETIC, TEMPERING, ARM_COUNT };

static const double race_share = 0.08;       /* of iterations or time, for each arm */
static const double dominance_uniform = 80.; /* below it nothing stands out */
static const double dominance_skewed = 200.; /* from here on a few flows matter most */
static const double lead_clear = 0.005;

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

/* ---- Rounds on threads ---- */

typedef struct portfolio {
  const ls_place_options *options;
  ls_place_search search;
  ls_place_arm arms[ARM_COUNT];
  double seconds[ARM_COUNT];
} portfolio;

typedef struct round_of {
  ls_place_arm *arm;
  int64_t iterations; /* of a task */
  atomic_int next_task;
} round_of;

static bool is_over(void *context)
{
  const ls_place_options *options = context;
  return (options->stop && *options->stop) || ls_clock_seconds() >= options->deadline;
}

static void *tasks_run(void *argument)
{
  round_of *round = argument;
  for (;;) {
    const int32_t task = atomic_fetch_add(&round->next_task, 1);
    if (task >= round->arm->task_count) return NULL;
    round->arm->task(round->arm, task, round->iterations);
  }
}

/* Threads that cannot be had leave their tasks to the others. */
static void round_run(portfolio *self, int32_t which, int64_t iterations)
{
  enum { THREADS_MAX = 64 };
  ls_place_arm *arm = &self->arms[which];
  const double start = ls_clock_seconds();
  round_of round = {.arm = arm, .iterations = iterations};
  pthread_t threads[THREADS_MAX];
  int32_t count = self->options->thread_count, started = 0;
  if (count > arm->task_count) count = arm->task_count;
  if (count > THREADS_MAX) count = THREADS_MAX;
  for (; started < count - 1; started++)
    if (pthread_create(&threads[started], NULL, tasks_run, &round)) break;
  tasks_run(&round);
  for (int32_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
  arm->merge(arm);
  self->seconds[which] += ls_clock_seconds() - start;
}

/* ---- Race, then commit ---- */

static bool is_finished(const portfolio *self)
{
  const ls_place_options *options = self->options;
  for (int32_t i = 0; i < ARM_COUNT; i++)
    if (self->arms[i].best_cost <= options->target) return true;
  return is_over((void *)options);
}

/* One round of at most limit iterations in all; false: there was no room for any. */
static bool arm_step(portfolio *self, int32_t which, int64_t limit)
{
  ls_place_arm *arm = &self->arms[which];
  const int64_t room = (limit - arm->iterations) / arm->task_count;
  if (room < 1 || is_finished(self)) return false;
  round_run(self, which, room < arm->round_iterations ? room : arm->round_iterations);
  return true;
}

static void race(portfolio *self, double begin)
{
  const ls_place_options *options = self->options;
  const double seconds = race_share * (options->deadline - begin);
  const int64_t most = options->iterations < INT64_MAX
                           ? (int64_t)(race_share * (double)options->iterations)
                           : INT64_MAX;
  bool is_running = true;
  while (is_running) {
    is_running = false;
    for (int32_t i = 0; i < ARM_COUNT; i++) {
      if (self->seconds[i] > seconds) continue;
      is_running |= arm_step(self, i, most);
    }
  }
}

/* Tempering is favoured on what looks like a floor, the memetic arm on what is uniform or skewed:
 * what an arm reaches late the race cannot see. The other one wins where it is clearly better. */
static int32_t winner_of(const portfolio *self, const ls_place_class *class_of)
{
  const bool is_floor =
      class_of->dominance >= dominance_uniform && class_of->dominance < dominance_skewed;
  const int32_t favoured = is_floor ? TEMPERING : MEMETIC;
  const double mine = (double)self->arms[favoured].best_cost;
  const double others = (double)self->arms[1 - favoured].best_cost;
  return others < mine - lead_clear * fabs(mine) ? 1 - favoured : favoured;
}

static void commit(portfolio *self, int32_t winner)
{
  ls_place_arm *arm = &self->arms[winner];
  const ls_place_arm *other = &self->arms[1 - winner];
  const int64_t limit = self->options->iterations < INT64_MAX
                            ? self->options->iterations - other->iterations
                            : INT64_MAX;
  if (other->best_cost < INT64_MAX) arm->seed(arm, other->best_p, other->best_cost);
  while (arm_step(self, winner, limit)) continue;
}

static const char *end_of(const portfolio *self)
{
  const ls_place_options *options = self->options;
  for (int32_t i = 0; i < ARM_COUNT; i++)
    if (self->arms[i].best_cost <= options->target) return "target";
  if (options->stop && *options->stop) return "stop";
  return ls_clock_seconds() >= options->deadline ? "time" : "iterations";
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

static ls_status portfolio_run(portfolio *self, const ls_qaplib *qaplib, double begin,
                               ls_place_result *result)
{
  const ls_status status = first_answer(self, qaplib);
  if (status != LS_OK) return status;
  race(self, begin);
  const int32_t winner = winner_of(self, &result->class_of);
  commit(self, winner);
  const ls_place_arm *arm = &self->arms[winner];
  result->p = calloc((size_t)qaplib->n, sizeof *result->p);
  if (!result->p) return LS_ERR_MEMORY;
  memcpy(result->p, arm->best_p, (size_t)qaplib->n * sizeof *result->p);
  result->cost = arm->best_cost;
  result->arm = arm->name;
  result->bounded_by = end_of(self);
  for (int32_t i = 0; i < ARM_COUNT; i++) result->iterations += self->arms[i].iterations;
  return LS_OK;
}

ls_status ls_place_run(const ls_qaplib *qaplib, const ls_place_options *options,
                       ls_place_result *result, ls_error *error)
{
  const double begin = ls_clock_seconds();
  ls_qap *qap = NULL;
  ls_status status = ls_qap_create(qaplib, LS_QAP_16, &qap, error);
  if (status != LS_OK) return status;
  ls_place_result found = {.class_of = ls_place_class_of(qaplib)};
  portfolio self = {.options = options,
                    .search = {.qap = qap,
                               .functions = ls_qap_functions_choose(qap->width),
                               .seed = options->seed,
                               .is_uniform = found.class_of.dominance < dominance_uniform,
                               .target = options->target,
                               .is_over = is_over,
                               .context = (void *)options}};
  status = ls_place_memetic_create(&self.search, &self.arms[MEMETIC]);
  if (status == LS_OK) status = ls_place_tempering_create(&self.search, &self.arms[TEMPERING]);
  if (status == LS_OK) status = portfolio_run(&self, qaplib, begin, &found);
  if (status == LS_OK)
    *result = found;
  else
    ls_error_set(error, status, NULL, 0, NULL, "no memory for the search");
  for (int32_t i = 0; i < ARM_COUNT; i++)
    if (self.arms[i].destroy) self.arms[i].destroy(&self.arms[i]);
  ls_qap_destroy(qap);
  return status;
}
