/* The maximum concurrent flow by linear programming: the dual program
 *
 *     least  sum of y[link]
 *     where  sum of demand z[pair] >= 1
 *            sum of y / capacity over the links of a path >= z[pair]   for every path of a pair
 *
 * whose y are capacity times length and whose z are distances. Rows are the paths that are near to
 * shortest under the lengths that the search by steps ends with, and then those that turn out
 * shorter than z under the lengths of a round. A round's lengths bound theta from above (flow.h);
 * the rows' prices, as shares of a pair's demand along their paths, are a routing, and bound it
 * from below.
 *
 * Where arcs and demands are alike both ways some best lengths and some best routing are, too: then
 * the two arcs of a link are one, and so are both directions of a pair. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow_paths.h"
#include "linear_model.h"

#define NEAR 1e-9
/* How near the search by steps comes before, and how much longer than the shortest a path may be
 * then. */
#define FIRST_GAP 0.005
#define FIRST_SLACK 0.02
enum { FIRST_STEPS = 200, PATHS_MAX = 8 /* of a pair and round */ };
/* A length is at least this part of the mean; a path is as short as another within rounding. */
#define LENGTH_FLOOR 1e-10
#define TIE 1e-12

typedef struct program {
  const ls_flow_problem *problem;
  ls_flow_paths *paths; /* the caller's */
  ls_linear_model
      *model; /* the caller's: columns are links, then pairs; the sum is the first row */
  bool is_symmetric;
  int32_t link_count, pair_count;
  int32_t pair;          /* that is being traced: a column */
  double *demand;        /* [pairs] */
  double *x;             /* [links + pairs] */
  double *length;        /* [arcs] */
  double *sent, *load;   /* [pairs] by all rows of one; [links] */
  double *dual;          /* [row_room] of the last program */
  ls_linear_basis basis; /* its rows as dual */
  int32_t row_room;
} program;

static void program_destroy(program *self)
{
  free(self->demand);
  free(self->x);
  free(self->length);
  free(self->sent);
  free(self->load);
  free(self->dual);
  free(self->basis.column);
  free(self->basis.row);
}

/* ---- The program without its paths ---- */

static double demand_of(const ls_flow_problem *problem, int32_t i, int32_t j)
{
  return i == j ? 0 : problem->demand[(int64_t)i * problem->terminal_count + j];
}

/* Whether each two arcs are a link and its terminals ask for as much of each other. */
static bool is_symmetric(const ls_flow_problem *problem)
{
  const ls_flow_arc *arcs = problem->arcs;
  if (problem->arc_count % 2) return false;
  for (int32_t i = 0; i < problem->arc_count; i += 2)
    if (arcs[i].from != arcs[i + 1].to || arcs[i].to != arcs[i + 1].from ||
        arcs[i].capacity != arcs[i + 1].capacity)
      return false;
  for (int32_t i = 0; i < problem->terminal_count; i++)
    for (int32_t j = 0; j < i; j++)
      if (demand_of(problem, i, j) != demand_of(problem, j, i)) return false;
  return true;
}

/* The first terminal that i's pairs are with. */
static int32_t partner_first(const program *self, int32_t i)
{
  return self->is_symmetric ? i + 1 : 0;
}

static int32_t link_of(const program *self, int32_t arc)
{
  return self->is_symmetric ? arc / 2 : arc;
}

/* Counts pairs that ask for something, into demand where there is room. */
static int32_t pairs_find(const program *self)
{
  const ls_flow_problem *problem = self->problem;
  int32_t count = 0;
  for (int32_t i = 0; i < problem->terminal_count; i++)
    for (int32_t j = partner_first(self, i); j < problem->terminal_count; j++) {
      const double demand = demand_of(problem, i, j);
      if (demand > 0 && self->demand) self->demand[count] = demand;
      count += demand > 0;
    }
  return count;
}

static ls_status program_init(program *self, const ls_flow_problem *problem, ls_flow_paths *paths,
                              ls_linear_model *model)
{
  const size_t arcs = (size_t)problem->arc_count;
  *self = (program){.problem = problem, .paths = paths, .model = model};
  self->is_symmetric = is_symmetric(problem);
  self->link_count = self->is_symmetric ? problem->arc_count / 2 : problem->arc_count;
  self->pair_count = pairs_find(self);
  const size_t pairs = (size_t)self->pair_count;
  self->demand = malloc((pairs + 1) * sizeof *self->demand);
  self->x = calloc(arcs + pairs + 1, sizeof *self->x);
  self->length = malloc((arcs + 1) * sizeof *self->length);
  self->sent = malloc((pairs + 1) * sizeof *self->sent);
  self->load = malloc((arcs + 1) * sizeof *self->load);
  self->basis.column = malloc(arcs + pairs + 1);
  if (!self->demand || !self->x || !self->length || !self->sent || !self->load ||
      !self->basis.column)
    return LS_ERR_MEMORY;
  pairs_find(self);
  for (int32_t i = 0; i < self->link_count; i++) ls_linear_add_column(model, 1, 0, INFINITY, false);
  for (int32_t i = 0; i < self->pair_count; i++)
    ls_linear_add_entry(model, ls_linear_add_column(model, 0, 0, INFINITY, false), self->demand[i]);
  ls_linear_end_row(model, 1, INFINITY);
  return model->status;
}

/* ---- Rounds ---- */

/* The row of a path. */
static void path_take(void *context, const int32_t *arcs, int32_t count)
{
  const program *self = context;
  for (int32_t i = 0; i < count; i++)
    ls_linear_add_entry(self->model, link_of(self, arcs[i]),
                        1 / self->problem->arcs[arcs[i]].capacity);
  ls_linear_add_entry(self->model, self->pair, -1);
  ls_linear_end_row(self->model, 0, INFINITY);
}

/* Lengths from y, none of them nothing; returns the sum of y. */
static double lengths_set(program *self)
{
  double sum = 0, all = 0;
  for (int32_t i = 0; i < self->link_count; i++) sum += fmax(self->x[i], 0);
  const double least = LENGTH_FLOOR * sum / self->link_count;
  for (int32_t i = 0; i < self->link_count; i++) all += fmax(self->x[i], least);
  for (int32_t arc = 0; arc < self->problem->arc_count; arc++)
    self->length[arc] =
        fmax(self->x[link_of(self, arc)], least) / self->problem->arcs[arc].capacity;
  return all;
}

/* Adds rows of the pairs that are nearer than z; returns the sum of demand times distance. */
static double paths_add(program *self, double slack)
{
  const ls_flow_problem *problem = self->problem;
  const ls_flow_trace trace = {slack, PATHS_MAX, path_take, self};
  int32_t pair = 0;
  double sum = 0;
  for (int32_t i = 0; i < problem->terminal_count; i++) {
    ls_flow_paths_find(self->paths, problem->terminal[i], self->length);
    for (int32_t j = partner_first(self, i); j < problem->terminal_count; j++) {
      if (demand_of(problem, i, j) <= 0) continue;
      const double distance = self->paths->distance[problem->terminal[j]];
      sum += self->demand[pair] * distance;
      self->pair = self->link_count + pair;
      if (distance < self->x[self->pair] * (1 - TIE))
        ls_flow_paths_trace(self->paths, self->length, problem->terminal[j], &trace);
      pair++;
    }
  }
  return sum;
}

/* What the rows' prices route, a pair's as shares of its demand; returns its theta. */
static double prices_route(program *self)
{
  const ls_linear_model *model = self->model;
  double most = 0;
  memset(self->sent, 0, (size_t)self->pair_count * sizeof *self->sent);
  memset(self->load, 0, (size_t)self->link_count * sizeof *self->load);
  for (int32_t row = 1; row < model->row_count; row++)
    self->sent[model->column[model->row_first[row + 1] - 1] - self->link_count] +=
        fmax(self->dual[row], 0);
  for (int32_t row = 1; row < model->row_count; row++) {
    const int32_t end = model->row_first[row + 1] - 1;
    const int32_t pair = model->column[end] - self->link_count;
    if (self->dual[row] <= 0) continue;
    for (int32_t entry = model->row_first[row]; entry < end; entry++)
      self->load[model->column[entry]] +=
          self->demand[pair] * self->dual[row] / self->sent[pair] * model->value[entry];
  }
  for (int32_t i = 0; i < self->link_count; i++) most = fmax(most, self->load[i]);
  for (int32_t i = 0; i < self->pair_count; i++)
    if (self->sent[i] <= 0) return 0;
  return 1 / most;
}

/* Room for what is told of each row. */
static ls_status rows_reserve(program *self)
{
  const size_t room = (size_t)self->model->row_room;
  if (self->row_room >= self->model->row_room) return LS_OK;
  int8_t *row = realloc(self->basis.row, room);
  if (!row) return LS_ERR_MEMORY;
  self->basis.row = row;
  free(self->dual);
  self->row_room = self->model->row_room;
  self->dual = malloc(room * sizeof *self->dual);
  return self->dual ? LS_OK : LS_ERR_MEMORY;
}

static ls_status round_solve(program *self, const volatile int *stop, ls_flow_range *range)
{
  const ls_linear_limits limits = {.stop = stop};
  ls_status status = rows_reserve(self);
  ls_linear_answer answer = {.x = self->x, .dual = self->dual, .basis = &self->basis};
  if (status == LS_OK) status = ls_linear_model_solve(self->model, &limits, &answer);
  if (status != LS_OK) return status;
  range->low = fmax(range->low, prices_route(self));
  const double sum = lengths_set(self);
  range->high = fmin(range->high, sum / paths_add(self, TIE));
  return self->model->status;
}

/* The lengths that the search by steps ended with tell the first paths. */
static ls_status program_begin(program *self, const ls_flow_limits *limits, ls_flow_range *range)
{
  const ls_flow_limits steps = {.gap = FIRST_GAP,
                                .steps = FIRST_STEPS,
                                .thread_count = limits->thread_count,
                                .stop = limits->stop};
  const ls_status status = ls_flow_bound(self->problem, &steps, range, NULL, self->length);
  range->steps = 1;
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < self->pair_count; i++) self->x[self->link_count + i] = INFINITY;
  paths_add(self, FIRST_SLACK);
  return self->model->status;
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
       range->steps++)
    status = round_solve(&self, limits->stop, range);
  program_destroy(&self);
  ls_linear_model_free(&model);
  ls_flow_paths_destroy(&paths);
  return status == LS_ERR_STOPPED ? LS_OK : status;
}
