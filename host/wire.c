#include "wire.h"

#include <math.h>
#include <stdlib.h>

#include "../kernels/stop_flag.h"
#include "clock.h"
#include "wire_arms.h"
#include "wire_dense.h"
#include "wire_seed.h"
#include "wire_tasks.h"

enum {
  ROUND = 8,
  BASE_MAX = 64, /* nodes of a base graph: with more, too little is gained by symmetry */
  KEPT = 4,
  SPARE_MAX = 4,
  DENSE_SPARES = 8, /* so many nodes less are tried at most, one of them none */
  DENSE_BEST = 3,   /* of them are tried again */
  DENSE_ROUNDS = 8,
  MOVES_OF_LINK = 300, /* of a dense graph, that a round should have */
  SEEDS = 0,           /* instead of a number of nodes: begin with constructions */
  DARTS_EVALUATIONS = 4000,
  TASK_EVALUATIONS_MAX = 1000000
};

static const double work_default = 1e10; /* seconds of a core, ten of them */
static const double share_lifts = 0.7;   /* of the work, before symmetry is given up */
static const double share_dense = 0.3;   /* the same for dense pairs */
static const double share_again = 0.1;   /* the same where it is known of how many nodes */
static const double hot_restart = 0.15, cold_restart = 0.015; /* of a random move's mean change */
static const double hot_relax = 0.02, cold_relax = 0.004;

typedef struct kept {
  ls_lift *lift;
  int64_t total; /* for lifts of fewer nodes: as if it had all of them */
  const char *made_from;
} kept;

typedef struct search {
  const ls_wire_options *options;
  ls_wire_arms arms;
  ls_wire_end end;
  double work, work_done; /* nanoseconds or evaluations */
  bool is_counted;
  bool is_best_alone; /* of the lifts of fewer nodes, the best one is made whole in several ways */
  int64_t evaluations;
  int32_t kept_count;
  kept kept[KEPT]; /* the best first */
  uint64_t stream;
} search;

/* From one node that has so many links, others having degree. */
static ls_moore moore_from(int64_t nodes, int64_t links, int64_t degree)
{
  ls_moore bound = {0, 0};
  int64_t level = links;
  for (int64_t left = nodes - 1; left > 0;) {
    const int64_t here = level < left ? level : left;
    bound.distance_sum += ++bound.diameter * here;
    left -= here;
    if (level < nodes) level *= degree - 1;
  }
  return bound;
}

ls_moore ls_moore_bound(int64_t nodes, int64_t degree) { return moore_from(nodes, degree, degree); }

ls_moore ls_moore_total(int64_t nodes, int64_t degree)
{
  const ls_moore one = ls_moore_bound(nodes, degree);
  ls_moore total = {nodes * one.distance_sum, one.diameter};
  if (nodes % 2 == 0 || degree % 2 == 0) return total;
  const ls_moore less = moore_from(nodes, degree - 1, degree);
  total.distance_sum += less.distance_sum - one.distance_sum;
  total.diameter = ls_max(total.diameter, less.diameter);
  return total;
}

/* ---- What is kept ---- */

/* Takes the lift over. Equals by total are taken for copies of each other. */
static void keep(search *self, ls_lift *lift, const char *made_from)
{
  const int64_t nodes = (int64_t)lift->base_count * ls_group_order(&lift->group);
  const double scale = (double)self->options->nodes / (double)nodes;
  int64_t total = ls_wire_total(lift);
  if (nodes < self->options->nodes) total = (int64_t)((double)total * scale * scale);
  int32_t at = self->kept_count;
  while (at && total < self->kept[at - 1].total) at--;
  if (at == KEPT || (at && total == self->kept[at - 1].total)) {
    ls_lift_destroy(lift);
    return;
  }
  if (self->kept_count == KEPT)
    ls_lift_destroy(self->kept[KEPT - 1].lift);
  else
    self->kept_count++;
  for (int32_t i = self->kept_count - 1; i > at; i--) self->kept[i] = self->kept[i - 1];
  self->kept[at] = (kept){lift, total, made_from};
}

static int64_t target_of(const search *self)
{
  return ls_moore_total(self->options->nodes, self->options->degree).distance_sum;
}

/* The same of lifts, which may have fewer nodes. */
static int64_t lifts_target_of(const search *self)
{
  return ls_moore_total(self->arms.nodes, self->options->degree).distance_sum;
}

static bool is_done(const search *self)
{
  return self->kept_count && self->kept[0].total <= target_of(self);
}

static ls_status tasks_run(search *self, ls_wire_task *tasks, int32_t count, const char *made_from)
{
  const ls_status status = ls_wire_tasks_run(tasks, count, self->options->thread_count, &self->end);
  for (int32_t i = 0; i < count; i++) {
    ls_wire_task *task = &tasks[i];
    self->evaluations += task->evaluations;
    self->work_done += task->work;
    if (!task->lift) continue;
    if (task->kind == LS_WIRE_RESTART) {
      const double pairs = (double)task->lift->base_count * (double)(self->arms.nodes - 1);
      ls_wire_arm *arm = &self->arms.arms[task->arm];
      arm->best = fmin(arm->best, (double)task->lift->sum / pairs);
    }
    if (status == LS_OK && task->lift->sum < INT64_MAX)
      keep(self, task->lift, made_from);
    else
      ls_lift_destroy(task->lift);
  }
  return status;
}

/* ---- Lifts ---- */

/* Groups for as many nodes, or for a few less where those have none. */
static void arms_find(search *self, int32_t most)
{
  const ls_wire_options *options = self->options;
  for (int32_t spare = 0; spare <= SPARE_MAX; spare++) {
    const int32_t nodes = most - spare;
    if (nodes <= options->degree + 1 || (spare && options->symmetry)) break;
    ls_wire_arms_find(nodes, options->degree, options->symmetry, &self->arms);
    if (self->arms.count && self->arms.arms[0].base_count <= BASE_MAX) return;
  }
}

static ls_status restarts_run(search *self, double work)
{
  const ls_wire_options *options = self->options;
  const double least = work / (3.0 * self->arms.count);
  ls_wire_task tasks[ROUND] = {{.arm = 0}};
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < ROUND; i++) {
    ls_wire_task *task = &tasks[i];
    task->arm = ls_wire_arms_choose(&self->arms);
    const ls_wire_arm *arm = &self->arms.arms[task->arm];
    const double cost =
        self->is_counted ? 1 : ls_wire_cost(&arm->group, arm->base_count, options->degree);
    const int64_t all = (int64_t)DARTS_EVALUATIONS * arm->base_count * options->degree;
    *task = (ls_wire_task){.kind = LS_WIRE_RESTART,
                           .arm = task->arm,
                           .seed = options->seed,
                           .stream = self->stream++ << 8,
                           .is_counted = self->is_counted,
                           .work = fmin((double)ls_min(all, TASK_EVALUATIONS_MAX) * cost, least),
                           .hot = -hot_restart,
                           .cold = cold_restart,
                           .target = lifts_target_of(self),
                           .device = options->device};
    status = ls_lift_create(&arm->group, arm->base_count, options->degree, &task->lift);
  }
  const ls_status run = status == LS_OK ? tasks_run(self, tasks, ROUND, "lift") : status;
  if (status != LS_OK)
    for (int32_t i = 0; i < ROUND; i++) ls_lift_destroy(tasks[i].lift);
  return run;
}

static ls_status lifts_search(search *self, double work, double share)
{
  const double until = self->work_done + work, begin = ls_clock_seconds();
  const double deadline = self->end.deadline;
  ls_status status = LS_OK;
  if (!self->arms.count) return LS_OK;
  /* A short search cannot try all groups. */
  if (self->is_counted)
    self->arms.count = (int32_t)ls_max(1, ls_min(self->arms.count, (int64_t)(work / 600)));
  if (deadline < INFINITY) self->end.deadline = begin + (deadline - begin) * share;
  while (status == LS_OK && self->work_done < until && !is_done(self) &&
         !ls_wire_is_over(&self->end))
    status = restarts_run(self, work);
  self->end.deadline = deadline;
  return status;
}

/* ---- Without symmetry ---- */

/* A graph of all nodes without symmetry from a wiring. */
static ls_status fit_keep(search *self, const ls_wiring *wiring, const char *made_from)
{
  const ls_wire_options *options = self->options;
  ls_wire_task task = {.kind = LS_WIRE_RELAX, .work = 1, .is_counted = true};
  const ls_status status = ls_wire_seed_fit(wiring, options->nodes, options->degree, options->seed,
                                            self->stream++ << 8, &task.lift);
  if (status != LS_OK) return status == LS_ERR_NO ? LS_OK : status;
  return tasks_run(self, &task, 1, made_from);
}

static ls_status seeds_keep(search *self)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_WIRE_SEEDS; i++) {
    ls_wiring wiring;
    const char *name;
    status = ls_wire_seed_find(i, self->options->nodes, self->options->degree, &wiring, &name);
    if (status == LS_OK) {
      status = fit_keep(self, &wiring, name);
      ls_wiring_destroy(&wiring);
    } else if (status == LS_ERR_NO)
      status = LS_OK;
  }
  return status;
}

static ls_status copy_create(const ls_lift *lift, ls_lift **copy)
{
  const ls_status status = ls_lift_create(&lift->group, lift->base_count, lift->degree, copy);
  if (status == LS_OK) ls_lift_copy(*copy, lift);
  return status;
}

/* Makes lifts of fewer nodes whole. */
static ls_status spares_fill(search *self)
{
  kept old[KEPT];
  const int32_t count = self->kept_count;
  ls_status status = LS_OK;
  if (self->arms.nodes == self->options->nodes || !self->arms.count || !count) return LS_OK;
  for (int32_t i = 0; i < count; i++) old[i] = self->kept[i];
  self->kept_count = 0;
  for (int32_t i = 0; status == LS_OK && i < (self->is_best_alone ? KEPT : count); i++) {
    const kept *of = &old[self->is_best_alone ? 0 : i];
    ls_wiring wiring;
    status = ls_lift_expand(of->lift, &wiring);
    if (status != LS_OK) break;
    status = fit_keep(self, &wiring, of->made_from);
    ls_wiring_destroy(&wiring);
  }
  for (int32_t i = 0; i < count; i++) ls_lift_destroy(old[i].lift);
  return status;
}

/* Tasks from the best kept, each from another one or with another temperature. */
static ls_status relax(search *self, double work)
{
  static const double dense_hot[KEPT] = {0.65, 0.75, 0.6, 0.7};
  const bool is_dense = ls_wire_is_dense(self->options->nodes, self->options->degree);
  const int32_t count = self->kept_count;
  ls_wire_task tasks[KEPT] = {{.arm = 0}};
  ls_status status = LS_OK;
  const char *made_from = self->kept[0].made_from;
  for (int32_t i = 0; status == LS_OK && i < count; i++) {
    tasks[i] = (ls_wire_task){.kind = is_dense ? LS_WIRE_DENSE : LS_WIRE_RELAX,
                              .seed = self->options->seed,
                              .stream = self->stream++ << 8,
                              .is_counted = self->is_counted,
                              .work = work / count,
                              .hot = is_dense ? dense_hot[i] : -hot_relax,
                              .cold = is_dense ? dense_hot[i] / 4 : cold_relax,
                              .target = target_of(self),
                              .device = self->options->device};
    status = copy_create(self->kept[i].lift, &tasks[i].lift);
  }
  if (status != LS_OK) {
    for (int32_t i = 0; i < count; i++) ls_lift_destroy(tasks[i].lift);
    return status;
  }
  return tasks_run(self, tasks, count, made_from);
}

/* ---- All of it ---- */

/* Where nothing else is known or fits, or few pairs are not linked. */
static ls_status circulant_keep(search *self)
{
  ls_wiring wiring;
  if (self->kept_count && 2 * self->options->degree < self->options->nodes) return LS_OK;
  ls_status status = ls_wire_seed_circulant(self->options->nodes, self->options->degree, &wiring);
  if (status != LS_OK) return status;
  status = fit_keep(self, &wiring, "circulant");
  ls_wiring_destroy(&wiring);
  return status;
}

/* Lifts of about so many nodes, or constructions where that is SEEDS, with a share of the work,
 * then what is kept of them, and of what was kept before, without symmetry. */
static ls_status pass_run(search *self, int32_t nodes, double work, double share)
{
  const double until = self->work_done + work;
  ls_status status = LS_OK;
  if (nodes == SEEDS) {
    status = seeds_keep(self);
  } else {
    arms_find(self, nodes);
    if (!is_done(self)) status = lifts_search(self, work * share, share);
    if (status == LS_OK) status = spares_fill(self);
  }
  if (status == LS_OK) status = circulant_keep(self);
  if (status != LS_OK || is_done(self) || ls_wire_is_over(&self->end)) return status;
  return relax(self, fmax(until - self->work_done, 1));
}

/* A pass over a share of what is left. */
static ls_status pass_share(search *self, int32_t nodes, double share, double lifts)
{
  const double deadline = self->end.deadline, now = ls_clock_seconds();
  const double work = fmax((self->work - self->work_done) * share, 1);
  if (deadline < INFINITY) self->end.deadline = now + (deadline - now) * share;
  const ls_status status = pass_run(self, nodes, work, lifts);
  self->end.deadline = deadline;
  return status;
}

/* The same beside the best graph so far. *total: what it reached. */
static ls_status pass_apart(search *self, int32_t nodes, double share, double lifts, int64_t *total)
{
  const int32_t before = self->kept_count;
  const kept best = self->kept[0];
  for (int32_t i = 1; i < before; i++) ls_lift_destroy(self->kept[i].lift);
  self->kept_count = 0;
  const ls_status status = pass_share(self, nodes, share, lifts);
  *total = self->kept_count ? self->kept[0].total : INT64_MAX;
  if (before) keep(self, best.lift, best.made_from);
  return status;
}

static bool is_over(search *self)
{
  return is_done(self) || ls_wire_is_over(&self->end) || self->work_done >= self->work;
}

/* How often what is left may begin anew: outcomes differ, but each wants its moves. */
static int32_t rounds_of(const search *self)
{
  const ls_wire_options *options = self->options;
  const double links = (double)options->nodes * options->degree / 2;
  const double cost = self->is_counted ? 1 : ls_wire_dense_cost(options->nodes);
  const double rounds = (self->work - self->work_done) / (KEPT * links * MOVES_OF_LINK * cost);
  return (int32_t)fmin(fmax(rounds, 1), DENSE_ROUNDS);
}

/* What a dense search may begin with. */
typedef struct beginning {
  int32_t nodes; /* of lifts, or SEEDS */
  int64_t least; /* total that it reached */
} beginning;

static int beginning_compare(const void *left, const void *right)
{
  const beginning *a = left, *b = right;
  if (a->least != b->least) return a->least < b->least ? -1 : 1;
  return (a->nodes < b->nodes) - (a->nodes > b->nodes);
}

/* Each gets the same part of a share of what is left; the best come first then. */
static ls_status beginnings_try(search *self, beginning *of, int32_t count, double share)
{
  const double each = share / count;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < count && !is_over(self); i++) {
    int64_t total;
    status = pass_apart(self, of[i].nodes, each / (1 - i * each), share_dense, &total);
    of[i].least = ls_min(of[i].least, total);
  }
  qsort(of, (size_t)count, sizeof *of, beginning_compare);
  return status;
}

/* Where common neighbours are all that counts, a construction may be best, or lifts of some nodes
 * less, with others put in: a quarter of the work tries them all, another one the best of them, and
 * the rest goes to one. A short search tries constructions, all nodes and one less. */
static ls_status dense_run(search *self, bool is_short)
{
  beginning tried[1 + DENSE_SPARES];
  self->is_best_alone = false;
  const int32_t count = is_short ? 3 : 1 + DENSE_SPARES;
  for (int32_t i = 0; i < count; i++)
    tried[i] = (beginning){i ? self->options->nodes - i + 1 : SEEDS, INT64_MAX};
  ls_status status = beginnings_try(self, tried, count, is_short ? 1 : 1.0 / 4);
  if (status == LS_OK && !is_short && rounds_of(self) > 1)
    status = beginnings_try(self, tried, DENSE_BEST, 1.0 / 3);
  self->is_best_alone = true;
  for (int32_t left = rounds_of(self); status == LS_OK && left > 0 && !is_over(self); left--) {
    int64_t total;
    status = pass_apart(self, tried[0].nodes, 1.0 / left, share_again, &total);
  }
  return status;
}

static ls_status passes_run(search *self)
{
  const ls_wire_options *options = self->options;
  const double left = self->work - self->work_done;
  const bool is_dense = ls_wire_is_dense(options->nodes, options->degree);
  const bool is_short = left < (self->is_counted ? work_default / 1000 : work_default / 2);
  if (is_dense && !options->symmetry && options->nodes >= 2 * options->degree)
    return dense_run(self, is_short);
  const ls_status status = options->symmetry ? LS_OK : seeds_keep(self);
  if (status != LS_OK) return status;
  return pass_run(self, options->nodes, left, is_dense ? share_dense : share_lifts);
}

/* Bounded by time, all over again from other numbers as long as there is some, since the work is
 * but estimated. */
static ls_status passes_repeat(search *self)
{
  int64_t before;
  ls_status status;
  do {
    before = self->evaluations;
    status = passes_run(self);
    if (self->is_counted || self->end.deadline == INFINITY) break;
    const double left = self->end.deadline - ls_clock_seconds();
    self->work = self->work_done + fmax(1e9 * left * self->options->thread_count, 1);
  } while (status == LS_OK && self->evaluations > before && !is_over(self));
  return status;
}

static ls_status search_run(search *self)
{
  if (!self->options->start) return passes_repeat(self);
  ls_status status = fit_keep(self, self->options->start, "start");
  if (status != LS_OK || is_done(self) || ls_wire_is_over(&self->end)) return status;
  return relax(self, fmax(self->work - self->work_done, 1));
}

/* The best as a wiring; ports that parallel edges left free are used where that helps. */
static ls_status result_make(search *self, ls_wire_result *result)
{
  const kept best = self->kept[0];
  ls_wiring wiring;
  ls_status status = ls_lift_expand(best.lift, &wiring);
  if (status != LS_OK) return status;
  status = fit_keep(self, &wiring, best.made_from);
  ls_wiring_destroy(&wiring);
  if (status == LS_OK) status = ls_lift_expand(self->kept[0].lift, &result->wiring);
  if (status != LS_OK) return status;
  const bool is_stopped = ls_is_stopped(self->options->stop);
  result->distance_sum = ls_wire_total(self->kept[0].lift) / 2;
  result->evaluations = self->evaluations;
  result->group = self->kept[0].lift->group;
  result->made_from = best.made_from;
  result->bounded_by = is_done(self)                 ? "bound"
                       : is_stopped                  ? "stop"
                       : ls_wire_is_over(&self->end) ? "time"
                                                     : "evaluations";
  return LS_OK;
}

ls_status ls_wire_run(const ls_wire_options *options, ls_wire_result *result, ls_error *error)
{
  search self = {.options = options,
                 .end = {.deadline = options->deadline, .stop = options->stop},
                 .is_counted = options->evaluations < INT64_MAX,
                 .work = options->evaluations < INT64_MAX ? (double)options->evaluations
                         : options->seconds < INFINITY
                             ? 1e9 * options->seconds * options->thread_count
                             : work_default};
  ls_status status = search_run(&self);
  if (status == LS_OK && !self.kept_count) status = circulant_keep(&self);
  if (status == LS_OK) status = result_make(&self, result);
  for (int32_t i = 0; i < self.kept_count; i++) ls_lift_destroy(self.kept[i].lift);
  return status == LS_OK
             ? LS_OK
             : ls_error_set(error, status, NULL, 0, NULL,
                            status == LS_ERR_DEVICE ? "the cuda backend failed" : "no memory");
}
