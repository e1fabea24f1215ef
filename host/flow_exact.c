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
#include "linear_model.h"

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
  ls_flow_paths *paths;   /* the caller's */
  ls_linear_model *model; /* the caller's: columns are arcs, then sources */
  double *amount, *load;  /* [nodes]; [arcs] */
  double *x;              /* [columns] */
  double *best, *length;  /* [arcs] y of the best bound from above; lengths to be routed */
  double *dual;           /* [row_room] of the last program */
  bool *is_kept;          /* [row_room] */
  int32_t row_room;
} program;

static void program_destroy(program *self)
{
  free(self->amount);
  free(self->load);
  free(self->x);
  free(self->best);
  free(self->length);
  free(self->dual);
  free(self->is_kept);
}

static ls_status program_init(program *self, const ls_flow_problem *problem, ls_flow_paths *paths,
                              ls_linear_model *model)
{
  const size_t arcs = (size_t)problem->arc_count;
  *self = (program){.problem = problem, .paths = paths, .model = model};
  self->amount = calloc((size_t)problem->node_count + 1, sizeof *self->amount);
  self->load = malloc((arcs + 1) * sizeof *self->load);
  self->x = calloc(arcs + (size_t)problem->terminal_count + 1, sizeof *self->x);
  self->best = malloc((arcs + 1) * sizeof *self->best);
  self->length = malloc((arcs + 1) * sizeof *self->length);
  if (!self->amount || !self->load || !self->x || !self->best || !self->length)
    return LS_ERR_MEMORY;
  for (size_t arc = 0; arc < arcs; arc++) ls_linear_add_column(model, 1, 0, INFINITY, false);
  for (int32_t i = 0; i < problem->terminal_count; i++) {
    const int32_t source = ls_linear_add_column(model, 0, 0, INFINITY, false);
    ls_linear_add_entry(model, source, 1);
  }
  ls_linear_end_row(model, 1, INFINITY);
  return model->status;
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

/* The row of what one source sends along shortest paths; returns its demand times distance. */
static double source_cut(program *self, int32_t source)
{
  const ls_flow_problem *problem = self->problem;
  const double *demand = problem->demand + (int64_t)source * problem->terminal_count;
  for (int32_t j = 0; j < problem->terminal_count; j++)
    self->amount[problem->terminal[j]] = j == source ? 0 : demand[j];
  memset(self->load, 0, (size_t)problem->arc_count * sizeof *self->load);
  ls_flow_paths_find(self->paths, problem->terminal[source], self->length);
  const double distance = ls_flow_paths_send(self->paths, self->length, self->amount, self->load);
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    if (self->load[arc] > 0)
      ls_linear_add_entry(self->model, arc, self->load[arc] / problem->arcs[arc].capacity);
  ls_linear_add_entry(self->model, problem->arc_count + source, -1);
  ls_linear_end_row(self->model, 0, INFINITY);
  return distance;
}

/* Cuts of all sources under lengths of which this share is of the best ones; those that bound theta
 * from above better than any before become the best. */
static ls_status cuts_add(program *self, double share_of_best, ls_flow_range *range)
{
  const ls_flow_problem *problem = self->problem;
  const double sum = lengths_set(self, share_of_best);
  double distance = 0;
  for (int32_t i = 0; i < problem->terminal_count; i++) distance += source_cut(self, i);
  if (sum / distance >= range->high) return self->model->status;
  range->high = sum / distance;
  for (int32_t arc = 0; arc < problem->arc_count; arc++)
    self->best[arc] = self->length[arc] * problem->arcs[arc].capacity;
  return self->model->status;
}

/* Room for what is told of each row. */
static ls_status rows_reserve(program *self)
{
  if (self->row_room >= self->model->row_room) return LS_OK;
  free(self->dual);
  free(self->is_kept);
  self->row_room = self->model->row_room;
  self->dual = malloc((size_t)self->row_room * sizeof *self->dual);
  self->is_kept = malloc((size_t)self->row_room * sizeof *self->is_kept);
  return self->dual && self->is_kept ? LS_OK : LS_ERR_MEMORY;
}

/* Solves the program, and drops the rows that do not bind, but for the first. */
static ls_status round_solve(program *self, const volatile int *stop, ls_flow_range *range)
{
  const ls_linear_limits limits = {.stop = stop};
  ls_status status = rows_reserve(self);
  ls_linear_answer answer = {.x = self->x, .dual = self->dual};
  if (status == LS_OK) status = ls_linear_model_solve(self->model, &limits, &answer);
  if (status != LS_OK) return status;
  range->low = fmax(range->low, answer.sum);
  for (int32_t row = 0; row < self->model->row_count; row++)
    self->is_kept[row] = row == 0 || self->dual[row] > BINDING;
  ls_linear_keep_rows(self->model, self->is_kept);
  return LS_OK;
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
  ls_linear_model model = {0};
  ls_status status = ls_flow_bound(problem, &first, range, NULL, NULL);
  if (status != LS_OK || range->low >= range->high * (1 - NEAR)) return status;
  status = ls_flow_paths_create(problem, &paths);
  if (status == LS_OK) status = program_init(&self, problem, &paths, &model);
  if (status == LS_OK) status = program_begin(&self, limits, range);
  for (; status == LS_OK && range->steps < limits->steps &&
         range->low < range->high * (1 - fmax(limits->gap, NEAR));
       range->steps++) {
    status = round_solve(&self, limits->stop, range);
    if (status == LS_OK) status = cuts_add(&self, 0.5, range);
    if (status == LS_OK) status = cuts_add(&self, 0, range);
  }
  program_destroy(&self);
  ls_linear_model_free(&model);
  ls_flow_paths_destroy(&paths);
  return status == LS_ERR_STOPPED ? LS_OK : status;
}
