#include "exact.h"

#include <math.h>
#include <stdlib.h>

#include "linear_model.h"

/* Columns of a program for which there is hope. */
enum { COLUMNS_MAX = 1 << 18 };

static int64_t square(const ls_exact *exact)
{
  return (int64_t)exact->place_count * exact->place_count;
}

static int32_t x_column(const ls_exact *exact, int32_t thing, int32_t place)
{
  return thing * exact->place_count + place;
}

static int32_t y_column(const ls_exact *exact, int32_t pair, int32_t k, int32_t l)
{
  return exact->thing_count * exact->place_count + (int32_t)(pair * square(exact)) +
         k * exact->place_count + l;
}

static void add_column(ls_linear_model *model, int64_t cost, bool is_whole)
{
  const bool is_never = cost == LS_EXACT_NEVER;
  ls_linear_add_column(model, is_never ? 0 : (double)cost, 0, is_never ? 0 : 1, is_whole);
}

/* x by thing and place, then y by pair and its two places. */
static void columns_fill(const ls_exact *exact, ls_linear_model *model)
{
  for (int32_t i = 0; i < exact->thing_count * exact->place_count; i++)
    add_column(model, exact->cost[i], true);
  for (int32_t e = 0; e < exact->pair_count; e++)
    for (int32_t k = 0; k < exact->place_count; k++)
      for (int32_t l = 0; l < exact->place_count; l++)
        add_column(model, exact->pair_cost(exact->context, e, k, l), false);
}

/* Every thing is at one place; places have room. */
static void places_fill(const ls_exact *exact, ls_linear_model *model)
{
  for (int32_t i = 0; i < exact->thing_count; i++) {
    for (int32_t k = 0; k < exact->place_count; k++)
      ls_linear_add_entry(model, x_column(exact, i, k), 1);
    ls_linear_end_row(model, 1, 1);
  }
  for (int32_t r = 0; r < exact->resource_count; r++) {
    const int64_t *need = exact->need + (int64_t)r * exact->thing_count;
    for (int32_t k = 0; k < exact->place_count; k++) {
      for (int32_t i = 0; i < exact->thing_count; i++)
        if (need[i]) ls_linear_add_entry(model, x_column(exact, i, k), (double)need[i]);
      ls_linear_end_row(model, -INFINITY, (double)exact->room[(int64_t)r * exact->place_count + k]);
    }
  }
}

/* y of a pair agrees with x of both its things. */
static void pairs_fill(const ls_exact *exact, ls_linear_model *model)
{
  for (int32_t e = 0; e < exact->pair_count; e++) {
    for (int32_t k = 0; k < exact->place_count; k++) {
      for (int32_t l = 0; l < exact->place_count; l++)
        ls_linear_add_entry(model, y_column(exact, e, k, l), 1);
      ls_linear_add_entry(model, x_column(exact, exact->pairs[e].a, k), -1);
      ls_linear_end_row(model, 0, 0);
    }
    for (int32_t l = 0; l < exact->place_count; l++) {
      for (int32_t k = 0; k < exact->place_count; k++)
        ls_linear_add_entry(model, y_column(exact, e, k, l), 1);
      ls_linear_add_entry(model, x_column(exact, exact->pairs[e].b, l), -1);
      ls_linear_end_row(model, 0, 0);
    }
  }
}

/* Reads the places out of x and sums in integers. LS_ERR_INTERNAL: they are none. */
static ls_status answer_read(const ls_exact *exact, const double *x, int32_t *place, int64_t *sum)
{
  int64_t cents = 0;
  for (int32_t i = 0; i < exact->thing_count; i++) {
    int32_t best = 0;
    for (int32_t k = 1; k < exact->place_count; k++)
      if (x[x_column(exact, i, k)] > x[x_column(exact, i, best)]) best = k;
    if (x[x_column(exact, i, best)] < 0.5) return LS_ERR_INTERNAL;
    place[i] = best;
    cents += exact->cost[x_column(exact, i, best)];
  }
  for (int32_t e = 0; e < exact->pair_count; e++)
    cents +=
        exact->pair_cost(exact->context, e, place[exact->pairs[e].a], place[exact->pairs[e].b]);
  *sum = cents;
  return LS_OK;
}

ls_status ls_exact_solve(const ls_exact *problem, const ls_linear_limits *limits, int32_t *place,
                         int64_t *sum)
{
  const int64_t columns =
      (int64_t)problem->thing_count * problem->place_count + problem->pair_count * square(problem);
  if (columns > COLUMNS_MAX) return LS_ERR_FULL;
  double *x = malloc(((size_t)columns + 1) * sizeof *x);
  if (!x) return LS_ERR_MEMORY;
  ls_linear_model model = {0};
  ls_linear_answer answer = {.x = x};
  columns_fill(problem, &model);
  places_fill(problem, &model);
  pairs_fill(problem, &model);
  ls_status status = ls_linear_model_solve(&model, limits, &answer);
  if (status == LS_OK) status = answer_read(problem, x, place, sum);
  ls_linear_model_free(&model);
  free(x);
  return status;
}

/* ---- Instances of the library ---- */

typedef struct instance {
  const ls_qaplib *qaplib;
  const ls_exact_pair *pairs;
} instance;

static int64_t qap_pair_cost(const void *context, int32_t e, int32_t k, int32_t l)
{
  const instance *self = context;
  const int64_t n = self->qaplib->n, i = self->pairs[e].a, j = self->pairs[e].b;
  if (k == l) return LS_EXACT_NEVER;
  return self->qaplib->a[i * n + j] * self->qaplib->b[k * n + l] +
         self->qaplib->a[j * n + i] * self->qaplib->b[l * n + k];
}

ls_status ls_exact_qap(const ls_qaplib *qaplib, const ls_linear_limits *limits, int32_t *p,
                       int64_t *sum)
{
  const int32_t n = qaplib->n;
  const size_t cells = (size_t)n * (size_t)n;
  ls_exact_pair *pairs = malloc((cells + 1) * sizeof *pairs);
  int64_t *numbers = malloc((cells + 2 * (size_t)n + 1) * sizeof *numbers);
  ls_status status = pairs && numbers ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    int32_t pair_count = 0;
    for (int32_t i = 0; i < n; i++)
      for (int32_t j = i + 1; j < n; j++)
        if (qaplib->a[(int64_t)i * n + j] || qaplib->a[(int64_t)j * n + i])
          pairs[pair_count++] = (ls_exact_pair){i, j};
    int64_t *ones = numbers + cells;
    for (int32_t i = 0; i < n; i++)
      for (int32_t k = 0; k < n; k++)
        numbers[i * n + k] = qaplib->a[(int64_t)i * n + i] * qaplib->b[(int64_t)k * n + k];
    for (int32_t i = 0; i < 2 * n; i++) ones[i] = 1;
    const instance of = {qaplib, pairs};
    const ls_exact exact = {n,   n,    pair_count, 1, numbers, pairs, qap_pair_cost,
                            &of, ones, ones + n};
    status = ls_exact_solve(&exact, limits, p, sum);
  }
  free(numbers);
  free(pairs);
  return status;
}
