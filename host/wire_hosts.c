#include "wire_hosts.h"

#include <math.h>
#include <stdlib.h>

#include "../kernels/stop_flag.h"
#include "clock.h"
#include "crew.h"
#include "wire_ports.h"
#include "wire_seed.h"
#include "wire_tasks.h"

enum { SHAPES_MAX = 6, RACE_DIVISOR = 2 };

static const double work_default = 1e10;    /* as for wire.c */
static const double share_graphs = 0.4;     /* of the work, for graphs of switches by themselves */
static const double hot = 0.5, cold = 0.03; /* of an average switch's hosts, squared, twice */

/* So many hosts on every switch, the last ones having what is left. */
typedef struct shape {
  int32_t hosts, switches, degree;
  double estimate;
} shape;

typedef struct task {
  ls_ports *ports;
  ls_lift_run run;
  int64_t done;
} task;

typedef struct search {
  const ls_hosts_options *options;
  ls_wire_end end;
  double work;
  bool is_counted;
  int64_t evaluations;
  int32_t shape_count;
  shape shapes[SHAPES_MAX];
  ls_ports *best;
  uint64_t stream;
} search;

ls_moore ls_hosts_bound(int64_t hosts, int64_t radix)
{
  int64_t ports = radix - 1;
  ls_moore bound = {0, 2};
  for (; ports < hosts - 1; bound.diameter++) ports *= radix - 1;
  const int64_t before = ports / (radix - 1); /* ports one level less far */
  const int64_t nearer = radix > 2 ? ls_max(0, (ports - (hosts - 1)) / (radix - 2)) : 0;
  bound.distance_sum = bound.diameter * (hosts - 1) -
                       (bound.diameter > 2 ? ls_min(ls_min(nearer, before), hosts - 1) : 0);
  return bound;
}

/* ---- Shapes ---- */

/* What a shape can be at best: switches as Moore allows, hosts spread evenly. */
static double estimate_of(const shape *self, int32_t hosts)
{
  if (self->switches == 1) return 2;
  const ls_moore bound = ls_moore_bound(self->switches, self->degree);
  const double mean = (double)bound.distance_sum / (self->switches - 1);
  const int64_t full = hosts / self->hosts; /* switches */
  const double same = (double)self->hosts * (self->hosts - 1) * (double)full;
  return 2 + mean * (1 - same / ((double)hosts * (hosts - 1)));
}

static void shapes_find(search *self)
{
  const int32_t hosts = self->options->hosts, radix = self->options->radix;
  for (int32_t each = 1; each <= radix && each <= hosts; each++) {
    const int32_t switches = (hosts + each - 1) / each;
    shape one = {.hosts = each, .switches = switches};
    one.degree = (int32_t)ls_min(radix - each, switches - 1);
    if (switches > LS_HOSTS_SWITCHES_MAX || (switches > 1 && one.degree < 1) ||
        (switches > 2 && one.degree < 2))
      continue;
    one.estimate = estimate_of(&one, hosts);
    int32_t at = self->shape_count;
    while (at && one.estimate < self->shapes[at - 1].estimate) at--;
    if (at == SHAPES_MAX) continue;
    if (self->shape_count < SHAPES_MAX) self->shape_count++;
    for (int32_t i = self->shape_count - 1; i > at; i--) self->shapes[i] = self->shapes[i - 1];
    self->shapes[at] = one;
  }
}

/* ---- Ports ---- */

/* Links first, then hosts on every switch, as many as fit where the last ones have fewer. */
static ls_status ports_make(const shape *of, const ls_hosts_options *options,
                            const ls_wiring *wiring, ls_ports **ports)
{
  ls_ports *self = NULL;
  int32_t *count = calloc((size_t)of->switches, sizeof *count), left = options->hosts;
  const ls_status status =
      count ? ls_ports_create(of->switches, options->radix, &self) : LS_ERR_MEMORY;
  if (status == LS_OK) {
    const int32_t r = options->radix;
    for (int64_t i = 0; i < wiring->edge_count; i++) {
      const int32_t a = wiring->edges[i][0], b = wiring->edges[i][1];
      const int32_t x = a * r + count[a]++, y = b * r + count[b]++;
      self->port[x] = y;
      self->port[y] = x;
    }
    for (int32_t i = 0; i < of->switches; i++)
      for (int32_t k = 0; k < of->hosts && left; k++, left--)
        self->port[i * r + count[i]++] = LS_PORT_HOST;
    *ports = self;
  }
  free(count);
  return status;
}

/* Two switches or one need no search. */
static ls_status switches_join(search *self, const shape *of, double work, ls_wiring *wiring,
                               ls_error *error)
{
  const ls_hosts_options *options = self->options;
  if (of->switches <= 2) {
    const ls_status status = ls_wiring_create(of->switches, 1, wiring);
    if (status == LS_OK && of->switches == 2) ls_wiring_add(wiring, 0, 1);
    return status;
  }
  ls_wire_options wire = {.nodes = of->switches,
                          .degree = of->degree,
                          .seed = options->seed,
                          .thread_count = options->thread_count,
                          .evaluations = self->is_counted ? (int64_t)fmax(work, 1) : INT64_MAX,
                          .seconds =
                              self->is_counted ? INFINITY : 1e-9 * work / options->thread_count,
                          .deadline = self->end.deadline,
                          .stop = options->stop};
  if (self->end.deadline < INFINITY)
    wire.deadline = fmin(wire.deadline, ls_clock_seconds() + wire.seconds);
  ls_wire_result found = {.evaluations = 0};
  const ls_status status = ls_wire_run(&wire, &found, error);
  self->evaluations += found.evaluations;
  if (status == LS_OK) *wiring = found.wiring;
  return status;
}

/* ---- Tasks ---- */

static void task_run(void *context, int32_t index, int32_t worker)
{
  task *self = (task *)context + index;
  (void)worker;
  self->done = ls_ports_anneal(self->ports, &self->run);
}

static ls_status tasks_run(search *self, task *tasks, int32_t count)
{
  ls_status status = LS_OK;
  ls_crew_run(self->options->thread_count, count, task_run, tasks);
  for (int32_t i = 0; i < count; i++) {
    if (tasks[i].done < 0)
      status = LS_ERR_MEMORY;
    else
      self->evaluations += tasks[i].done;
  }
  return status;
}

/* Nanoseconds of an evaluation, about. */
static double cost_of(const ls_ports *ports)
{
  const double bytes = fmax((double)ports->switch_count / 8, 32);
  return 500 + 0.35 * 3 * ports->switch_count * (ports->radix + 4) * bytes / 32;
}

static void task_begin(search *self, task *one, ls_ports *ports, double work, double warmth)
{
  const double each = (double)self->options->hosts / ports->switch_count;
  const double evaluations = work / (self->is_counted ? 1 : cost_of(ports));
  *one = (task){.ports = ports,
                .run = {.seed = self->options->seed,
                        .stream = ((uint64_t)1 << 40) + self->stream++,
                        .evaluations = (int64_t)fmax(evaluations, 1),
                        .hot = 2 * each * each * hot * warmth,
                        .cold = 2 * each * each * cold * warmth,
                        .is_over = ls_wire_is_over,
                        .context = &self->end}};
}

/* ---- All of it ---- */

/* A network of each shape, annealed for a while; the best goes on. */
static ls_status shapes_race(search *self, double work, ls_error *error)
{
  task tasks[SHAPES_MAX] = {{.done = 0}};
  ls_status status = LS_OK;
  int32_t count = 0;
  for (; status == LS_OK && count < self->shape_count; count++) {
    ls_wiring wiring;
    ls_ports *ports = NULL;
    const shape *of = &self->shapes[count];
    status = switches_join(self, of, work * share_graphs / self->shape_count, &wiring, error);
    if (status != LS_OK) break;
    status = ports_make(of, self->options, &wiring, &ports);
    ls_wiring_destroy(&wiring);
    if (status != LS_OK) break;
    task_begin(self, &tasks[count], ports, work * (1 - share_graphs) / self->shape_count, 1);
  }
  if (status == LS_OK) status = tasks_run(self, tasks, count);
  for (int32_t i = 0; i < count; i++)
    if (status == LS_OK && (!self->best || tasks[i].ports->sum < self->best->sum)) {
      ls_ports_destroy(self->best);
      self->best = tasks[i].ports;
    } else
      ls_ports_destroy(tasks[i].ports);
  return status;
}

static ls_status best_copy(const search *self, ls_ports **copy)
{
  const int32_t count = self->best->switch_count * self->best->radix;
  const ls_status status = ls_ports_create(self->best->switch_count, self->best->radix, copy);
  for (int32_t i = 0; status == LS_OK && i < count; i++) (*copy)->port[i] = self->best->port[i];
  if (status == LS_OK) (*copy)->sum = self->best->sum;
  return status;
}

static ls_status best_improve(search *self, double work)
{
  static const double warmths[] = {1, 0.3, 2, 0.1};
  enum { COUNT = sizeof warmths / sizeof *warmths };
  task tasks[COUNT] = {{.done = 0}};
  ls_status status = LS_OK;
  int32_t count = 0;
  for (; status == LS_OK && count < COUNT; count++) {
    ls_ports *copy = NULL;
    status = best_copy(self, &copy);
    if (status != LS_OK) break;
    task_begin(self, &tasks[count], copy, work / COUNT, warmths[count]);
  }
  if (status == LS_OK) status = tasks_run(self, tasks, count);
  for (int32_t i = 0; i < count; i++)
    if (status == LS_OK && tasks[i].ports->sum < self->best->sum) {
      ls_ports_destroy(self->best);
      self->best = tasks[i].ports;
    } else
      ls_ports_destroy(tasks[i].ports);
  return status;
}

/* Numbers of the switches that serve somebody, -1 of others; returns how many these are. */
static int32_t switches_number(const bool *is_useful, int32_t count, int32_t *number)
{
  int32_t next = 0;
  for (int32_t v = 0; v < count; v++) number[v] = is_useful[v] ? next++ : -1;
  return next;
}

/* Hosts first, then the switches that serve somebody. */
static ls_status wiring_make(const ls_ports *ports, int32_t hosts, ls_hosts_result *result)
{
  bool is_useful[LS_HOSTS_SWITCHES_MAX];
  int32_t number[LS_HOSTS_SWITCHES_MAX];
  const int32_t r = ports->radix, count = ports->switch_count * r;
  ls_status status = ls_ports_useful(ports, is_useful);
  if (status != LS_OK) return status;
  result->switch_count = switches_number(is_useful, ports->switch_count, number);
  status = ls_wiring_create(hosts + result->switch_count, count, &result->wiring);
  for (int32_t x = 0, host = 0; status == LS_OK && x < count; x++) {
    const int32_t own = number[x / r], to = ports->port[x];
    if (to == LS_PORT_HOST) ls_wiring_add(&result->wiring, host++, hosts + own);
    if (to > x && own >= 0 && number[to / r] >= 0)
      ls_wiring_add(&result->wiring, hosts + own, hosts + number[to / r]);
  }
  if (status == LS_OK) ls_wiring_normalize(&result->wiring);
  return status;
}

static ls_status result_make(const search *self, ls_hosts_result *result)
{
  const ls_ports *best = self->best;
  const int64_t hosts = self->options->hosts;
  const ls_status status = wiring_make(best, self->options->hosts, result);
  if (status != LS_OK) return status;
  result->distance_sum = best->sum / 2 + hosts * (hosts - 1);
  result->evaluations = self->evaluations;
  result->bounded_by = ls_is_stopped(self->options->stop)         ? "stop"
                       : ls_clock_seconds() >= self->end.deadline ? "time"
                                                                  : "evaluations";
  if (2 * result->distance_sum <= hosts * ls_hosts_bound(hosts, best->radix).distance_sum)
    result->bounded_by = "bound";
  return LS_OK;
}

ls_status ls_hosts_run(const ls_hosts_options *options, ls_hosts_result *result, ls_error *error)
{
  search self = {.options = options,
                 .end = {.deadline = options->deadline, .stop = options->stop},
                 .is_counted = options->evaluations < INT64_MAX,
                 .work = options->evaluations < INT64_MAX ? (double)options->evaluations
                         : options->seconds < INFINITY
                             ? 1e9 * options->seconds * options->thread_count
                             : work_default};
  shapes_find(&self);
  if (!self.shape_count)
    return ls_error_set(error, LS_ERR_NO, NULL, 0, "--hosts",
                        "of %d find no room on %d switches of %d ports that are connected",
                        options->hosts, LS_HOSTS_SWITCHES_MAX, options->radix);
  ls_status status = shapes_race(&self, self.work / RACE_DIVISOR, error);
  if (status == LS_OK) status = best_improve(&self, self.work - self.work / RACE_DIVISOR);
  if (status == LS_OK) status = result_make(&self, result);
  ls_ports_destroy(self.best);
  return status == LS_OK ? LS_OK : ls_error_set(error, status, NULL, 0, NULL, "no memory");
}
