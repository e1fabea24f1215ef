#include "qap_build.h"

#include <stdlib.h>

#include "wide.h"

/* ---- Matrices ---- */

/* A matrix on its way: off the diagonal alone, [n][n]. */
typedef struct plain {
  int32_t n;
  int64_t *at;
} plain;

static ls_status plain_create(const int64_t *matrix, int32_t n, plain *copy)
{
  *copy = (plain){.n = n, .at = calloc((size_t)n * (size_t)n, sizeof *copy->at)};
  if (!copy->at) return LS_ERR_MEMORY;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++)
      if (i != j) copy->at[i * n + j] = matrix[i * n + j];
  return LS_OK;
}

static bool is_symmetric(const plain *matrix)
{
  const int64_t n = matrix->n;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < i; j++)
      if (matrix->at[i * n + j] != matrix->at[j * n + i]) return false;
  return true;
}

static void transpose_add(plain *matrix)
{
  const int64_t n = matrix->n;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < i; j++) {
      const int64_t sum = matrix->at[i * n + j] + matrix->at[j * n + i];
      matrix->at[i * n + j] = matrix->at[j * n + i] = sum;
    }
}

/* ---- Width ---- */

/* Of a matrix, its diagonal of zeros included, and over all parts of its rows. */
typedef struct extent {
  ls_wide range, row_most;
} extent;

static ls_wide magnitude(int64_t value) { return value < 0 ? -(ls_wide)value : value; }

static extent extent_of(const plain *matrix, int32_t parts)
{
  const int64_t n = matrix->n;
  ls_wide least = 0, most = 0;
  extent found = {0, 0};
  for (int64_t i = 0; i < n; i++) {
    ls_wide row = 0;
    for (int64_t j = 0; j < n; j++) {
      const int64_t value = matrix->at[i * n + j];
      if (value < least) least = value;
      if (value > most) most = value;
      row += magnitude(value) + (parts == 2 ? magnitude(matrix->at[j * n + i]) : 0);
    }
    if (row > found.row_most) found.row_most = row;
  }
  found.range = most - least;
  return found;
}

static ls_wide diagonal_range(const int64_t *diagonal, int32_t n)
{
  int64_t least = diagonal[0], most = diagonal[0];
  for (int32_t i = 1; i < n; i++) {
    if (diagonal[i] < least) least = diagonal[i];
    if (diagonal[i] > most) most = diagonal[i];
  }
  return (ls_wide)most - least;
}

/* A delta is at most this: two rows of one matrix times the range of the other, what the pair
 * shares, and the diagonals. Partial sums stay below it too, since it adds up magnitudes. */
static ls_wide delta_most(const ls_qap *qap, extent a, extent b)
{
  const ls_wide ab = a.row_most * b.range, ba = b.row_most * a.range;
  return 2 * (ab < ba ? ab : ba) + 6 * a.range * b.range +
         diagonal_range(qap->a_diagonal, qap->n) * diagonal_range(qap->b_diagonal, qap->n);
}

static ls_qap_width width_choose(const ls_qap *qap, const plain *a, const plain *b)
{
  const extent ea = extent_of(a, qap->parts), eb = extent_of(b, qap->parts);
  const ls_wide range = ea.range > eb.range ? ea.range : eb.range;
  if (delta_most(qap, ea, eb) >= (ls_wide)1 << 30) return LS_QAP_64;
  return range <= INT16_MAX ? LS_QAP_16 : range <= INT32_MAX ? LS_QAP_32 : LS_QAP_64;
}

/* ---- The problem ---- */

static void *aligned(size_t bytes)
{
  const size_t size = (bytes + LS_QAP_ALIGNMENT - 1) / LS_QAP_ALIGNMENT * LS_QAP_ALIGNMENT;
  void *memory = aligned_alloc(LS_QAP_ALIGNMENT, size ? size : LS_QAP_ALIGNMENT);
  for (size_t i = 0; memory && i < size / sizeof(int64_t); i++) ((int64_t *)memory)[i] = 0;
  return memory;
}

static size_t matrix_bytes(const ls_qap *qap)
{
  return (size_t)qap->n * (size_t)qap->parts * (size_t)qap->stride * ls_qap_data_bytes(qap->width);
}

static void value_put(ls_qap_width width, void *matrix, size_t index, int64_t value)
{
  switch (width) {
  case LS_QAP_16: ((int16_t *)matrix)[index] = (int16_t)value; break;
  case LS_QAP_32: ((int32_t *)matrix)[index] = (int32_t)value; break;
  default: ((int64_t *)matrix)[index] = value;
  }
}

/* Row by row, each followed by its column where there are two parts. */
static void *packed(const ls_qap *qap, const plain *matrix)
{
  const size_t n = (size_t)qap->n, stride = (size_t)qap->stride;
  void *rows = aligned(matrix_bytes(qap));
  for (size_t i = 0; rows && i < n; i++)
    for (size_t j = 0; j < n; j++) {
      const size_t at = i * (size_t)qap->parts * stride + j;
      value_put(qap->width, rows, at, matrix->at[i * n + j]);
      if (qap->parts == 2) value_put(qap->width, rows, at + stride, matrix->at[j * n + i]);
    }
  return rows;
}

static int64_t *diagonal_copy(const int64_t *matrix, int32_t n)
{
  int64_t *diagonal = calloc((size_t)n, sizeof *diagonal);
  for (int64_t i = 0; diagonal && i < n; i++) diagonal[i] = matrix[i * n + i];
  return diagonal;
}

static ls_status qap_fill(const ls_qaplib *qaplib, ls_qap_width least, plain *a, plain *b,
                          ls_qap *qap)
{
  const bool is_a = is_symmetric(a), is_b = is_symmetric(b);
  qap->n = qaplib->n;
  qap->parts = is_a || is_b ? 1 : 2;
  if (is_a)
    transpose_add(b);
  else if (is_b)
    transpose_add(a);
  qap->a_diagonal = diagonal_copy(qaplib->a, qaplib->n);
  qap->b_diagonal = diagonal_copy(qaplib->b, qaplib->n);
  if (!qap->a_diagonal || !qap->b_diagonal) return LS_ERR_MEMORY;
  qap->has_diagonals =
      diagonal_range(qap->a_diagonal, qap->n) != 0 && diagonal_range(qap->b_diagonal, qap->n) != 0;
  const ls_qap_width width = width_choose(qap, a, b);
  qap->width = width < least ? least : width;
  qap->stride = ls_qap_stride(qap->width, qap->n);
  qap->a = packed(qap, a);
  qap->b = packed(qap, b);
  return qap->a && qap->b ? LS_OK : LS_ERR_MEMORY;
}

ls_status ls_qap_create(const ls_qaplib *qaplib, ls_qap_width least, ls_qap **qap, ls_error *error)
{
  plain a = {0}, b = {0};
  ls_qap *made = calloc(1, sizeof *made);
  ls_status status = made ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) status = plain_create(qaplib->a, qaplib->n, &a);
  if (status == LS_OK) status = plain_create(qaplib->b, qaplib->n, &b);
  if (status == LS_OK) status = qap_fill(qaplib, least, &a, &b, made);
  free(b.at);
  free(a.at);
  if (status == LS_OK) {
    *qap = made;
    return LS_OK;
  }
  ls_qap_destroy(made);
  return ls_error_set(error, status, NULL, 0, NULL, "no memory for the matrices");
}

void ls_qap_destroy(ls_qap *qap)
{
  if (!qap) return;
  free((void *)qap->a);
  free((void *)qap->b);
  free((void *)qap->a_diagonal);
  free((void *)qap->b_diagonal);
  free(qap);
}

/* ---- Searches ---- */

ls_status ls_qap_state_create_bare(const ls_qap *qap, ls_qap_state *state)
{
  const size_t n = (size_t)qap->n;
  *state = (ls_qap_state){.p = calloc(n, sizeof *state->p),
                          .best_p = calloc(n, sizeof *state->best_p),
                          .diagonal = calloc(n, sizeof *state->diagonal)};
  if (state->p && state->best_p && state->diagonal) return LS_OK;
  ls_qap_state_destroy(state);
  return LS_ERR_MEMORY;
}

ls_status ls_qap_state_create(const ls_qap *qap, ls_qap_state *state)
{
  const ls_status status = ls_qap_state_create_bare(qap, state);
  if (status != LS_OK) return status;
  state->b = aligned(matrix_bytes(qap));
  if (state->b) return LS_OK;
  ls_qap_state_destroy(state);
  return LS_ERR_MEMORY;
}

static void walk_destroy(ls_qap_walk *walk)
{
  if (!walk) return;
  free(walk->products);
  free(walk->x);
  free(walk->z);
  free(walk->row);
  free(walk->rows);
  free(walk);
}

ls_status ls_qap_walk_create(const ls_qap *qap, ls_qap_state *state)
{
  const size_t n = (size_t)qap->n, lanes = (size_t)ls_qap_lane_stride(qap->n);
  const size_t each = ls_qap_delta_bytes(qap->width);
  ls_qap_walk *walk = calloc(1, sizeof *walk);
  if (!walk) return LS_ERR_MEMORY;
  *walk = (ls_qap_walk){.products = aligned(n * lanes * each),
                        .x = aligned(2 * lanes * each),
                        .z = aligned(2 * lanes * each),
                        .row = aligned(2 * lanes * each),
                        .rows = calloc(n, sizeof *walk->rows)};
  if (walk->products && walk->x && walk->z && walk->row && walk->rows) {
    state->walk = walk;
    return LS_OK;
  }
  walk_destroy(walk);
  return LS_ERR_MEMORY;
}

void ls_qap_state_destroy(ls_qap_state *state)
{
  free(state->p);
  free(state->best_p);
  free(state->diagonal);
  free(state->b);
  walk_destroy(state->walk);
  *state = (ls_qap_state){0};
}

ls_status ls_qap_tabu_create(const ls_qap *qap, ls_qap_tabu *tabu)
{
  const size_t n = (size_t)qap->n, lanes = (size_t)ls_qap_lane_stride(qap->n);
  const size_t each = ls_qap_delta_bytes(qap->width);
  *tabu = (ls_qap_tabu){.delta = aligned(n * lanes * each),
                        .pair = aligned(n * lanes * each),
                        .until = aligned(n * n * each),
                        .x = aligned(2 * lanes * each),
                        .z = aligned(2 * lanes * each),
                        .products = aligned(n * lanes * each),
                        .column = aligned(3 * lanes * each),
                        .rows = calloc(n, sizeof *tabu->rows)};
  if (tabu->delta && tabu->pair && tabu->until && tabu->x && tabu->z && tabu->products &&
      tabu->column && tabu->rows)
    return LS_OK;
  ls_qap_tabu_destroy(tabu);
  return LS_ERR_MEMORY;
}

void ls_qap_tabu_destroy(ls_qap_tabu *tabu)
{
  free(tabu->delta);
  free(tabu->pair);
  free(tabu->until);
  free(tabu->x);
  free(tabu->z);
  free(tabu->products);
  free(tabu->column);
  free(tabu->rows);
  *tabu = (ls_qap_tabu){0};
}
