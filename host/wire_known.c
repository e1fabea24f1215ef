#include "wire_known.h"

#include <stdlib.h>

#include "field.h"

/* ---- Polarity graphs ---- */

/* Points by their first coordinate that is not 0, which is 1. */
static void point_of(int32_t index, int32_t q, int32_t point[3])
{
  const int32_t plane = q * q;
  point[0] = index < plane;
  point[1] = index < plane ? index / q : index < plane + q;
  point[2] = index < plane ? index % q : index < plane + q ? index - plane : 1;
}

static bool are_joined(const ls_field *field, const int32_t a[3], const int32_t b[3])
{
  int32_t sum = 0;
  for (int32_t i = 0; i < 3; i++) sum = field->add[sum][field->multiply[a[i]][b[i]]];
  return sum == 0;
}

/* Exchanges nodes so that those of a line stand last. Its pole is on it: no node then has two
 * neighbours there, and none loses all it has when the line is left out. */
static ls_status line_put_last(const ls_field *field, ls_wiring *wiring)
{
  const int32_t q = field->q, n = wiring->node_count;
  int32_t pole[3], point[3], first = 0, last = n, index = 0;
  int32_t *place = malloc((size_t)n * sizeof *place);
  if (!place) return LS_ERR_MEMORY;
  do point_of(index++, q, pole);
  while (!are_joined(field, pole, pole));
  for (int32_t i = 0; i < n; i++) {
    point_of(i, q, point);
    place[i] = are_joined(field, pole, point) ? --last : first++;
  }
  for (int64_t i = 0; i < wiring->edge_count; i++)
    for (int32_t end = 0; end < 2; end++) wiring->edges[i][end] = place[wiring->edges[i][end]];
  free(place);
  return LS_OK;
}

ls_status ls_wiring_polarity(int32_t q, ls_wiring *wiring)
{
  const int32_t n = q * q + q + 1;
  ls_field *field = NULL;
  *wiring = (ls_wiring){.node_count = n};
  ls_status status = ls_field_create(q, &field);
  if (status == LS_OK) status = ls_wiring_create(n, (int64_t)n * (q + 1), wiring);
  for (int32_t i = 0; status == LS_OK && i < n; i++) {
    int32_t a[3], b[3];
    point_of(i, q, a);
    for (int32_t j = 0; j < i; j++) {
      point_of(j, q, b);
      if (are_joined(field, a, b)) ls_wiring_add(wiring, j, i);
    }
  }
  if (status == LS_OK) status = line_put_last(field, wiring);
  free(field);
  if (status == LS_OK)
    ls_wiring_normalize(wiring);
  else
    ls_wiring_destroy(wiring);
  return status;
}

/* ---- McKay, Miller and Siran ---- */

static int32_t delta_of(int32_t q) { return q % 4 == 3 ? -1 : q % 4; }

int32_t ls_wiring_mms_degree(int32_t q)
{
  return q % 4 == 2 || q < 3 ? 0 : (3 * q - delta_of(q)) / 2;
}

/* Marks the differences that join two nodes of one line, in the first half and in the second:
 * even and odd powers of a primitive element; where -1 is an odd power, the lower half of them
 * and their opposites. */
static void differences_mark(const ls_field *field, bool is_joined[2][LS_FIELD_MAX])
{
  const int32_t q = field->q, delta = delta_of(q);
  const int32_t middle = (q + 1) / 2; /* 2w where delta is -1 */
  for (int32_t half = 0; half < 2; half++)
    for (int32_t i = 0; i < q; i++) is_joined[half][i] = false;
  for (int32_t i = 0, power = 1; i < q - 1; i++, power = field->multiply[power][field->primitive]) {
    const bool is_odd = i % 2;
    if (delta >= 0)
      is_joined[is_odd][power] = true;
    else {
      if (is_odd ? i >= middle - 1 : i < middle) is_joined[0][power] = true;
      if (is_odd ? i < middle : i >= middle) is_joined[1][power] = true;
    }
  }
  /* Where q is even, all q - 1 powers wrap around: the second half also has the power q - 1. */
  if (delta == 0) is_joined[1][1] = true;
}

static void halves_join(const ls_field *field, ls_wiring *wiring)
{
  const int32_t q = field->q;
  for (int32_t x = 0; x < q; x++)
    for (int32_t m = 0; m < q; m++)
      for (int32_t c = 0; c < q; c++)
        ls_wiring_add(wiring, x * q + field->add[field->multiply[m][x]][c], q * q + m * q + c);
}

static void lines_join(const ls_field *field, ls_wiring *wiring)
{
  const int32_t q = field->q;
  bool is_joined[2][LS_FIELD_MAX];
  differences_mark(field, is_joined);
  for (int32_t line = 0; line < 2 * q; line++)
    for (int32_t y = 0; y < q; y++)
      for (int32_t difference = 0; difference < q; difference++)
        if (is_joined[line / q][difference])
          ls_wiring_add(wiring, line * q + y, line * q + field->add[y][difference]);
}

ls_status ls_wiring_mms(int32_t q, ls_wiring *wiring)
{
  const int32_t degree = ls_wiring_mms_degree(q);
  ls_field *field = NULL;
  if (!degree) return LS_ERR_NO;
  ls_status status = ls_field_create(q, &field);
  if (status == LS_OK) status = ls_wiring_create(2 * q * q, (int64_t)2 * q * q * degree, wiring);
  if (status == LS_OK) {
    halves_join(field, wiring);
    lines_join(field, wiring);
    ls_wiring_normalize(wiring);
  }
  free(field);
  return status;
}
