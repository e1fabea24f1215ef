#include "assignment.h"

#include <stdlib.h>

/* ---- The linear assignment problem ---- */

typedef struct solver {
  const int64_t *cost;
  int32_t n;
  int64_t *u, *v, *least; /* [n + 1]: duals of rows and columns; reduced costs of columns */
  int32_t *row_of, *way;  /* [n + 1], 1-based, 0: none: who has a column; the column before it */
  char *is_reached;       /* [n + 1] */
} solver;

/* Makes the next column of the shortest path tree definite: returns it. */
static int32_t column_reach(solver *self, int32_t from)
{
  const int32_t n = self->n, row = self->row_of[from];
  const int64_t *cost = self->cost + (int64_t)(row - 1) * n;
  int64_t delta = INT64_MAX;
  int32_t next = 0;
  self->is_reached[from] = 1;
  for (int32_t j = 1; j <= n; j++) {
    if (self->is_reached[j]) continue;
    const int64_t reduced = cost[j - 1] - self->u[row] - self->v[j];
    if (reduced < self->least[j]) {
      self->least[j] = reduced;
      self->way[j] = from;
    }
    if (self->least[j] < delta) {
      delta = self->least[j];
      next = j;
    }
  }
  for (int32_t j = 0; j <= n; j++) {
    if (self->is_reached[j]) {
      self->u[self->row_of[j]] += delta;
      self->v[j] -= delta;
    } else
      self->least[j] -= delta;
  }
  return next;
}

static void row_assign(solver *self, int32_t row)
{
  int32_t column = 0;
  self->row_of[0] = row;
  for (int32_t j = 0; j <= self->n; j++) {
    self->least[j] = INT64_MAX / 2;
    self->is_reached[j] = 0;
  }
  do column = column_reach(self, column);
  while (self->row_of[column]);
  for (; column; column = self->way[column]) self->row_of[column] = self->row_of[self->way[column]];
}

ls_status ls_assignment_solve(const int64_t *cost, int32_t n, int32_t *to, int64_t *sum,
                              ls_error *error)
{
  const size_t size = (size_t)n + 1;
  int64_t *words = calloc(3 * size, sizeof *words);
  int32_t *indices = calloc(2 * size, sizeof *indices);
  char *is_reached = calloc(size, 1);
  ls_status status = words && indices && is_reached ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    solver self = {cost,           n,         words, words + size, words + 2 * size, indices,
                   indices + size, is_reached};
    for (int32_t row = 1; row <= n; row++) row_assign(&self, row);
    *sum = 0;
    for (int32_t j = 1; j <= n; j++) {
      const int32_t row = self.row_of[j] - 1;
      *sum += cost[(int64_t)row * n + j - 1];
      if (to) to[row] = j - 1;
    }
  }
  free(is_reached);
  free(indices);
  free(words);
  return status == LS_OK ? LS_OK : ls_error_set(error, status, NULL, 0, NULL, "no memory");
}

/* ---- Gilmore and Lawler ---- */

static int ascending(const void *a, const void *b)
{
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* The rows of a matrix without their diagonals, each sorted: [n][n - 1]. */
static void rows_sort(const int64_t *matrix, int32_t n, int64_t *sorted)
{
  for (int64_t i = 0; i < n; i++) {
    int64_t *row = sorted + i * (n - 1), count = 0;
    for (int64_t j = 0; j < n; j++)
      if (j != i) row[count++] = matrix[i * n + j];
    qsort(row, (size_t)count, sizeof *row, ascending);
  }
}

/* Thing i on place j costs at least its diagonal and the least scalar product of the two rows. */
static ls_status rows_bound(const int64_t *a, const int64_t *b, int32_t n, int64_t *bound,
                            ls_error *error)
{
  const size_t rows = (size_t)n * (size_t)(n - 1) + 1, cells = (size_t)n * (size_t)n;
  int64_t *memory = calloc(2 * rows + cells, sizeof *memory);
  if (!memory) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the bound");
  int64_t *sorted_a = memory, *sorted_b = memory + rows, *cost = memory + 2 * rows;
  rows_sort(a, n, sorted_a);
  rows_sort(b, n, sorted_b);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) {
      const int64_t *up = sorted_a + i * (n - 1), *down = sorted_b + j * (n - 1);
      int64_t least = a[i * n + i] * b[j * n + j];
      for (int32_t k = 0; k < n - 1; k++) least += up[k] * down[n - 2 - k];
      cost[i * n + j] = least;
    }
  const ls_status status = ls_assignment_solve(cost, n, NULL, bound, error);
  free(memory);
  return status;
}

static void transpose(const int64_t *matrix, int64_t n, int64_t *to)
{
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) to[i * n + j] = matrix[j * n + i];
}

static bool is_equal(const int64_t *a, const int64_t *b, int64_t count)
{
  for (int64_t i = 0; i < count; i++)
    if (a[i] != b[i]) return false;
  return true;
}

/* Takes the bound that a and b give when it is better. */
static ls_status bound_raise(const int64_t *a, const int64_t *b, int32_t n, int64_t *bound,
                             ls_error *error)
{
  int64_t other = 0;
  const ls_status status = rows_bound(a, b, n, &other, error);
  if (status == LS_OK && other > *bound) *bound = other;
  return status;
}

ls_status ls_qap_bound(const ls_qaplib *qaplib, int64_t *bound, ls_error *error)
{
  const int32_t n = qaplib->n;
  const int64_t count = (int64_t)n * n;
  const int64_t *a = qaplib->a, *b = qaplib->b;
  int64_t *memory = calloc(2 * (size_t)count, sizeof *memory);
  if (!memory) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the bound");
  int64_t *at = memory, *bt = memory + count, best = INT64_MIN;
  transpose(a, n, at);
  transpose(b, n, bt);
  const bool is_a = is_equal(a, at, count), is_b = is_equal(b, bt, count);
  ls_status status = bound_raise(a, b, n, &best, error);
  if (status == LS_OK && !(is_a && is_b)) status = bound_raise(at, bt, n, &best, error);
  free(memory);
  if (status == LS_OK) *bound = best;
  return status;
}
