#include "flow.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/stop_flag.h"
#include "flow_paths.h"

/* A block of terminals is routed in so many parts, each into loads of its own, whatever the
 * threads: sums of floating point depend on their order. LOADS_MAX: numbers that loads of blocks
 * may take. */
enum { PART_MAX = 16, THREAD_MAX = 64, SEARCH_STEPS = 20, STALLED_MAX = 20, LOADS_MAX = 1 << 26 };

/* The smoothed maximum is within log(arcs) / steepness of the largest share: four times the gap at
 * first, as steeper means shorter steps. */
#define SHARPNESS_FIRST 0.25

/* Lengths of arcs are at least this part of the longest. */
#define LENGTH_FLOOR 1e-9

typedef struct part {
  int32_t first, end; /* terminals */
  ls_flow_paths paths;
  double *load;   /* [arcs] */
  double *amount; /* [nodes] */
  double sum;     /* of demand times distance */
} part;

typedef struct router {
  const ls_flow_problem *problem;
  const ls_flow_limits *limits;
  const double *length; /* [arcs] */
  part parts[PART_MAX];
  int32_t part_count;
  atomic_int next;
} router;

static void part_route(const router *self, part *of)
{
  const ls_flow_problem *problem = self->problem;
  memset(of->load, 0, (size_t)problem->arc_count * sizeof *of->load);
  of->sum = 0;
  for (int32_t i = of->first; i < of->end; i++) {
    const double *demand = problem->demand + (int64_t)i * problem->terminal_count;
    for (int32_t j = 0; j < problem->terminal_count; j++)
      of->amount[problem->terminal[j]] = j == i ? 0 : demand[j];
    ls_flow_paths_find(&of->paths, problem->terminal[i], self->length);
    of->sum += ls_flow_paths_send(&of->paths, self->length, of->amount, of->load);
  }
}

static void *router_work(void *argument)
{
  router *self = argument;
  for (;;) {
    const int32_t i = atomic_fetch_add(&self->next, 1);
    if (i >= self->part_count) return NULL;
    part_route(self, &self->parts[i]);
  }
}

/* Routes the whole demand along the shortest paths under length, into load [arcs]; returns the sum
 * of demand times distance. */
static double router_run(router *self, const double *length, double *load)
{
  pthread_t threads[THREAD_MAX];
  int32_t started = 0;
  double sum = 0;
  self->length = length;
  atomic_store(&self->next, 0);
  while (started + 1 < self->limits->thread_count && started + 1 < self->part_count &&
         started < THREAD_MAX && !pthread_create(&threads[started], NULL, router_work, self))
    started++;
  router_work(self);
  for (int32_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
  memset(load, 0, (size_t)self->problem->arc_count * sizeof *load);
  for (int32_t i = 0; i < self->part_count; i++) {
    sum += self->parts[i].sum;
    for (int32_t arc = 0; arc < self->problem->arc_count; arc++)
      load[arc] += self->parts[i].load[arc];
  }
  return sum;
}

/* Deals the terminals from first to end out to the parts. */
static void router_deal(router *self, int32_t first, int32_t end)
{
  const int64_t count = end - first;
  self->part_count = count < PART_MAX ? (int32_t)count : PART_MAX;
  for (int32_t i = 0; i < self->part_count; i++) {
    self->parts[i].first = first + (int32_t)(count * i / self->part_count);
    self->parts[i].end = first + (int32_t)(count * (i + 1) / self->part_count);
  }
}

static ls_status router_create(const ls_flow_problem *problem, const ls_flow_limits *limits,
                               router *self)
{
  memset(self, 0, sizeof *self);
  self->problem = problem;
  self->limits = limits;
  for (int32_t i = 0; i < PART_MAX; i++) {
    part *of = &self->parts[i];
    of->load = malloc(((size_t)problem->arc_count + 1) * sizeof *of->load);
    of->amount = calloc((size_t)problem->node_count + 1, sizeof *of->amount);
    if (ls_flow_paths_create(problem, &of->paths) != LS_OK || !of->load || !of->amount)
      return LS_ERR_MEMORY;
  }
  return LS_OK;
}

static void router_destroy(router *self)
{
  for (int32_t i = 0; i < PART_MAX; i++) {
    ls_flow_paths_destroy(&self->parts[i].paths);
    free(self->parts[i].load);
    free(self->parts[i].amount);
  }
}

/* ---- Bounds ---- */

double ls_flow_theta(const ls_flow_problem *problem, const double *load)
{
  double most = 0;
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    most = fmax(most, load[arc] / problem->arcs[arc].capacity);
  return 1 / most;
}

/* Lengths that grow exponentially with the share of an arc's capacity that is used; also their sum
 * with capacities. */
static double lengths_fill(const ls_flow_problem *problem, const double *load, double steepness,
                           double *length)
{
  const double most = 1 / ls_flow_theta(problem, load);
  double sum = 0;
  for (int32_t arc = 0; arc < problem->arc_count; arc++) {
    const double capacity = problem->arcs[arc].capacity;
    const double used = exp(steepness * (load[arc] / capacity - most));
    length[arc] = (used + LENGTH_FLOOR) / capacity;
    sum += used + LENGTH_FLOOR;
  }
  return sum;
}

/* How far to take a block's loads, which are part of load, towards others: where the smoothed
 * maximum is least. weight [arcs] is room for its gradient. */
static double share_search(const ls_flow_problem *problem, const double *load, const double *own,
                           const double *other, double steepness, const double *weight)
{
  const double most = 1 / ls_flow_theta(problem, load);
  double low = 0, high = 1;
  for (int32_t i = 0; i < SEARCH_STEPS; i++) {
    const double middle = i ? (low + high) / 2 : 1;
    double slope = 0;
    for (int32_t arc = 0; arc < problem->arc_count; arc++) {
      const double away = (other[arc] - own[arc]) / problem->arcs[arc].capacity;
      if (away == 0) continue;
      const double used = weight[arc] + middle * away - most;
      slope += away * exp(fmin(steepness * used, 600));
    }
    if (slope <= 0 && i == 0) return 1;
    if (slope > 0)
      high = middle;
    else
      low = middle;
  }
  return low;
}

/* ---- The search ---- */

/* Blocks of terminals have loads of their own and move in turn, each under the lengths that the
 * ones before it left: one terminal a block where memory allows. */
typedef struct search {
  router *router; /* apart, as it is handed on for itself */
  int32_t block_count;
  double *block_load;                    /* [blocks][arcs] */
  double *load, *other, *length, *share; /* [arcs]; share: of capacities that are used */
  double *best_load, *best_length;       /* the caller's, or NULL */
} search;

static int32_t block_first(const search *self, int32_t block)
{
  return (int32_t)((int64_t)self->router->problem->terminal_count * block / self->block_count);
}

static void load_keep(search *self, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->router->problem;
  const double theta = ls_flow_theta(problem, self->load);
  if (theta <= range->low) return;
  range->low = theta;
  if (self->best_load)
    memcpy(self->best_load, self->load, (size_t)problem->arc_count * sizeof *self->load);
}

static bool is_near(const ls_flow_range *range, double gap)
{
  return range->low >= range->high * (1 - gap);
}

/* Moves one block. */
static void block_step(search *self, int32_t block, double steepness)
{
  const ls_flow_problem *problem = self->router->problem;
  double *own = self->block_load + (int64_t)block * problem->arc_count;
  lengths_fill(problem, self->load, steepness, self->length);
  router_deal(self->router, block_first(self, block), block_first(self, block + 1));
  router_run(self->router, self->length, self->other);
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    self->share[arc] = self->load[arc] / problem->arcs[arc].capacity;
  const double share = share_search(problem, self->load, own, self->other, steepness, self->share);
  for (int32_t arc = 0; arc < problem->arc_count; arc++) {
    const double away = share * (self->other[arc] - own[arc]);
    own[arc] += away;
    self->load[arc] += away;
  }
}

/* Loads anew, without what adding and subtracting left. */
static void load_sum(search *self)
{
  const ls_flow_problem *problem = self->router->problem;
  memset(self->load, 0, (size_t)problem->arc_count * sizeof *self->load);
  for (int32_t block = 0; block < self->block_count; block++)
    for (int32_t arc = 0; arc < problem->arc_count; arc++)
      self->load[arc] += self->block_load[(int64_t)block * problem->arc_count + arc];
}

/* What the lengths of the loads at hand bound theta by. */
static void high_find(search *self, double steepness, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->router->problem;
  const double sum = lengths_fill(problem, self->load, steepness, self->length);
  router_deal(self->router, 0, problem->terminal_count);
  const double high = sum / router_run(self->router, self->length, self->other);
  if (high >= range->high) return;
  range->high = high;
  if (self->best_length)
    memcpy(self->best_length, self->length, (size_t)problem->arc_count * sizeof *self->length);
}

/* Steps over all blocks until the range is near enough. What is smoothed gets steeper as the gap
 * closes, and steeper still where steps gain next to nothing. */
static void search_run(search *self, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->router->problem;
  const ls_flow_limits *limits = self->router->limits;
  const double logarithm = log(problem->arc_count + 1.0);
  double sharpness = SHARPNESS_FIRST;
  int32_t stalled = 0;
  for (; range->steps < limits->steps && !is_near(range, limits->gap); range->steps++) {
    const double gap = 1 - range->low / range->high;
    const double left = fmax(gap, limits->gap) / sharpness;
    const double steepness = logarithm * ls_flow_theta(problem, self->load) / left;
    for (int32_t block = 0; block < self->block_count; block++) {
      if (ls_is_stopped(limits->stop)) return;
      block_step(self, block, steepness);
    }
    load_sum(self);
    load_keep(self, range);
    high_find(self, steepness, range);
    stalled = 1 - range->low / range->high > gap * (1 - 1e-4) ? stalled + 1 : 0;
    if (stalled == STALLED_MAX) {
      sharpness *= 1.5;
      stalled = 0;
    }
  }
}

/* The first routing: lengths as if all arcs were used alike. */
static void search_begin(search *self, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->router->problem;
  double sum = 0;
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    self->length[arc] = 1 / problem->arcs[arc].capacity;
  for (int32_t block = 0; block < self->block_count; block++) {
    router_deal(self->router, block_first(self, block), block_first(self, block + 1));
    sum += router_run(self->router, self->length,
                      self->block_load + (int64_t)block * problem->arc_count);
  }
  load_sum(self);
  *range = (ls_flow_range){.low = 0, .high = problem->arc_count / sum, .steps = 1};
  if (sum == INFINITY) range->high = 0;
  if (sum == 0) *range = (ls_flow_range){.low = INFINITY, .high = INFINITY};
  if (range->high > 0) load_keep(self, range);
}

static ls_status search_create(const ls_flow_problem *problem, const ls_flow_limits *limits,
                               search *self)
{
  const size_t arcs = (size_t)problem->arc_count + 1;
  const int64_t blocks = LOADS_MAX / (int64_t)arcs;
  self->block_count = problem->terminal_count < blocks ? problem->terminal_count : (int32_t)blocks;
  if (self->block_count < 1) self->block_count = 1;
  const ls_status status = router_create(problem, limits, self->router);
  self->block_load = malloc((size_t)self->block_count * arcs * sizeof *self->block_load);
  self->load = malloc(arcs * sizeof *self->load);
  self->other = malloc(arcs * sizeof *self->other);
  self->length = malloc(arcs * sizeof *self->length);
  self->share = malloc(arcs * sizeof *self->share);
  const bool is_whole =
      self->block_load && self->load && self->other && self->length && self->share;
  return is_whole ? status : LS_ERR_MEMORY;
}

ls_status ls_flow_bound(const ls_flow_problem *problem, const ls_flow_limits *limits,
                        ls_flow_range *range, double *load, double *length)
{
  router route;
  search self = {.router = &route, .best_load = load, .best_length = length};
  const ls_status status = search_create(problem, limits, &self);
  if (status == LS_OK) {
    if (load) memset(load, 0, (size_t)problem->arc_count * sizeof *load);
    search_begin(&self, range);
    if (length) memcpy(length, self.length, (size_t)problem->arc_count * sizeof *length);
    search_run(&self, range);
  }
  free(self.share);
  free(self.length);
  free(self.other);
  free(self.load);
  free(self.block_load);
  router_destroy(&route);
  return status;
}
