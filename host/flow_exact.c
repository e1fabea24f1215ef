/* The maximum concurrent flow by linear programming: the dual program
 *
 *     least sum of y[arc]   where   sum of z[source] >= 1   and for every way to route what a
 * source sends   sum of load / capacity y[arc] >= z[source]
 *
 * whose y are capacity times length and whose z are demand times distance. Of the routings only
 * those count that were shortest paths under the lengths of some round: each round's program is a
 * bound from below, and its lengths are one from above. Lengths half way to the best ones so far
 * are routed, too: the solutions of the first rounds are far out (in-out separation, Ben-Ameur and
 * Neto, Networks 49, 2007). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow_paths.h"
#include "linear.h"

#define NEAR 1e-9
/* A row whose dual is more binds. */
#define BINDING 1e-12
/* How near the search by steps comes before. */
#define FIRST_GAP 0.02
enum { FIRST_STEPS = 100 };
/* A length is at least this part of the mean. */
#define LENGTH_FLOOR 1e-10

typedef struct program {
  const ls_flow_problem *problem;
  ls_flow_paths *paths;        /* the caller's */
  double *amount, *load;       /* [nodes]; [arcs] */
  double *cost, *low, *high;   /* [columns] */
  double *x;                   /* [columns] arcs, then sources */
  double *best, *length;       /* [arcs] y of the best bound from above; lengths to be routed */
  int32_t *row_first, *column; /* grow */
  double *row_low, *row_high, *dual, *value;
  int32_t row_count, row_capacity;
  int64_t value_count, value_capacity;
} program;

static void program_destroy(program *self)
{
  free(self->amount);
  free(self->load);
  free(self->cost);
  free(self->low);
  free(self->high);
  free(self->x);
  free(self->best);
  free(self->length);
  free(self->row_first);
  free(self->column);
  free(self->row_low);
  free(self->row_high);
  free(self->dual);
  free(self->value);
}

/* Room for one more row with as many values as there are columns. */
static ls_status row_reserve(program *self)
{
  const int64_t columns = self->problem->arc_count + self->problem->terminal_count;
  if (self->row_count + 1 >= self->row_capacity) {
    const int32_t capacity = 2 * self->row_capacity + 64;
    int32_t *first = realloc(self->row_first, ((size_t)capacity + 1) * sizeof *first);
    if (first) self->row_first = first;
    double *low = realloc(self->row_low, (size_t)capacity * sizeof *low);
    if (low) self->row_low = low;
    double *high = realloc(self->row_high, (size_t)capacity * sizeof *high);
    if (high) self->row_high = high;
    double *dual = realloc(self->dual, (size_t)capacity * sizeof *dual);
    if (dual) self->dual = dual;
    if (!first || !low || !high || !dual) return LS_ERR_MEMORY;
    self->row_capacity = capacity;
  }
  if (self->value_count + columns > self->value_capacity) {
    const int64_t capacity = 2 * self->value_capacity + columns;
    int32_t *column = realloc(self->column, (size_t)capacity * sizeof *column);
    if (column) self->column = column;
    double *value = realloc(self->value, (size_t)capacity * sizeof *value);
    if (value) self->value = value;
    if (!column || !value || capacity > INT32_MAX) return LS_ERR_MEMORY;
    self->value_capacity = capacity;
  }
  return LS_OK;
}

static void value_add(program *self, int32_t column, double value)
{
  self->column[self->value_count] = column;
  self->value[self->value_count++] = value;
}

static void row_end(program *self, double low)
{
  self->row_low[self->row_count] = low;
  self->row_high[self->row_count] = INFINITY;
  self->row_first[++self->row_count] = (int32_t)self->value_count;
}

static ls_status program_init(program *self, const ls_flow_problem *problem, ls_flow_paths *paths)
{
  const size_t arcs = (size_t)problem->arc_count;
  const size_t columns = arcs + (size_t)problem->terminal_count;
  *self = (program){.problem = problem, .paths = paths};
  self->amount = calloc((size_t)problem->node_count + 1, sizeof *self->amount);
  self->load = malloc((arcs + 1) * sizeof *self->load);
  self->cost = calloc(columns + 1, sizeof *self->cost);
  self->low = calloc(columns + 1, sizeof *self->low);
  self->high = malloc((columns + 1) * sizeof *self->high);
  self->x = calloc(columns + 1, sizeof *self->x);
  self->best = malloc((arcs + 1) * sizeof *self->best);
  self->length = malloc((arcs + 1) * sizeof *self->length);
  if (!self->amount || !self->load || !self->cost || !self->low || !self->high || !self->x ||
      !self->best || !self->length)
    return LS_ERR_MEMORY;
  const ls_status status = row_reserve(self);
  if (status != LS_OK) return status;
  for (size_t arc = 0; arc < arcs; arc++) self->cost[arc] = 1;
  for (size_t arc = 0; arc < arcs; arc++) self->best[arc] = 1.0 / (double)arcs;
  for (size_t i = 0; i < columns; i++) self->high[i] = INFINITY;
  self->row_first[0] = 0;
  for (int32_t i = 0; i < problem->terminal_count; i++) value_add(self, problem->arc_count + i, 1);
  row_end(self, 1);
  return LS_OK;
}

/* ---- Rounds ---- */

/* Lengths from y, none of them nothing; returns the sum of capacity times length. */
static double lengths_set(program *self, double share_of_best)
{
  const ls_flow_problem *problem = self->problem;
  double mean = 0, sum = 0;
  for (int32_t arc = 0; arc < problem->arc_count; arc++) {
    const double y = (1 - share_of_best) * self->x[arc] + share_of_best * self->best[arc];
    self->length[arc] = y;
    mean += y / problem->arc_count;
  }
  for (int32_t arc = 0; arc < problem->arc_count; arc++) {
    const double y = fmax(self->length[arc], 0) + LENGTH_FLOOR * mean;
    self->length[arc] = y / problem->arcs[arc].capacity;
    sum += y;
  }
  return sum;
}

/* The row of what one source sends along shortest paths; adds to *distance its demand times
 * distance. */
static ls_status source_cut(program *self, int32_t source, double *distance)
{
  const ls_flow_problem *problem = self->problem;
  const double *demand = problem->demand + (int64_t)source * problem->terminal_count;
  const ls_status status = row_reserve(self);
  if (status != LS_OK) return status;
  for (int32_t j = 0; j < problem->terminal_count; j++)
    self->amount[problem->terminal[j]] = j == source ? 0 : demand[j];
  memset(self->load, 0, (size_t)problem->arc_count * sizeof *self->load);
  ls_flow_paths_find(self->paths, problem->terminal[source], self->length);
  *distance += ls_flow_paths_send(self->paths, self->length, self->amount, self->load);
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    if (self->load[arc] > 0) value_add(self, arc, self->load[arc] / problem->arcs[arc].capacity);
  value_add(self, problem->arc_count + source, -1);
  row_end(self, 0);
  return LS_OK;
}

/* Cuts of all sources under lengths of which this share is of the best ones; those that bound theta
 * from above better than any before become the best. */
static ls_status cuts_add(program *self, double share_of_best, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->problem;
  const double sum = lengths_set(self, share_of_best);
  double distance = 0;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < problem->terminal_count; i++)
    status = source_cut(self, i, &distance);
  if (status != LS_OK || sum / distance >= range->high) return status;
  range->high = sum / distance;
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    self->best[arc] = self->length[arc] * problem->arcs[arc].capacity;
  return LS_OK;
}

static ls_status round_solve(program *self, const volatile int *stop, ls_flow_range *range)
{
  const ls_linear linear = {.column_count =
                                self->problem->arc_count + self->problem->terminal_count,
                            .row_count = self->row_count,
                            .cost = self->cost,
                            .low = self->low,
                            .high = self->high,
                            .row_low = self->row_low,
                            .row_high = self->row_high,
                            .row_first = self->row_first,
                            .column = self->column,
                            .value = self->value};
  const ls_linear_limits limits = {.stop = stop};
  ls_linear_answer answer = {.x = self->x, .dual = self->dual};
  const ls_status status = ls_linear_solve(&linear, &limits, &answer);
  if (status == LS_OK) range->low = fmax(range->low, answer.sum);
  return status;
}

/* Drops the rows that did not bind in the last program, but for the first and those that came
 * after it. */
static void rows_prune(program *self, int32_t solved_count)
{
  int32_t kept = 1;
  int64_t values = self->row_first[1];
  for (int32_t row = 1; row < self->row_count; row++) {
    const int32_t first = self->row_first[row], count = self->row_first[row + 1] - first;
    if (row < solved_count && self->dual[row] <= BINDING) continue;
    memmove(self->column + values, self->column + first, (size_t)count * sizeof *self->column);
    memmove(self->value + values, self->value + first, (size_t)count * sizeof *self->value);
    values += count;
    self->row_low[kept] = 0;
    self->row_high[kept] = INFINITY;
    self->row_first[++kept] = (int32_t)values;
  }
  self->row_count = kept;
  self->value_count = values;
}

/* The lengths that the search by steps ended with are the first to be routed. */
static ls_status program_begin(program *self, const ls_flow_limits *limits, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->problem;
  const ls_flow_limits steps = {.gap = FIRST_GAP,
                                .steps = FIRST_STEPS,
                                .thread_count = limits->thread_count,
                                .stop = limits->stop};
  ls_status status = ls_flow_bound(problem, &steps, range, NULL, self->best);
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    self->best[arc] *= problem->arcs[arc].capacity;
  range->steps = 1;
  if (status == LS_OK) status = cuts_add(self, 1, range);
  return status;
}

ls_status ls_flow_exact(const ls_flow_problem *problem, const ls_flow_limits *limits,
                        ls_flow_range *range)
{
  /* What is exact after one step, as where nothing is asked for or nothing leads. */
  const ls_flow_limits first = {.gap = NEAR, .steps = 1, .thread_count = limits->thread_count};
  program self = {0};
  ls_flow_paths paths;
  ls_status status = ls_flow_bound(problem, &first, range, NULL, NULL);
  if (status != LS_OK || range->low >= range->high * (1 - NEAR)) return status;
  status = ls_flow_paths_create(problem, &paths);
  if (status == LS_OK) status = program_init(&self, problem, &paths);
  if (status == LS_OK) status = program_begin(&self, limits, range);
  for (; status == LS_OK && range->steps < limits->steps &&
         range->low < range->high * (1 - fmax(limits->gap, NEAR));
       range->steps++) {
    const int32_t solved_count = self.row_count;
    status = round_solve(&self, limits->stop, range);
    if (status == LS_OK) status = cuts_add(&self, 0.5, range);
    if (status == LS_OK) status = cuts_add(&self, 0, range);
    if (status == LS_OK) rows_prune(&self, solved_count);
  }
  program_destroy(&self);
  ls_flow_paths_destroy(&paths);
  return status == LS_ERR_STOPPED ? LS_OK : status;
}
