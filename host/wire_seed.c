#include "wire_seed.h"

#include <stdlib.h>

#include "../kernels/philox.h"
#include "field.h"
#include "wire_known.h"

enum { TRIES = 200 };

typedef struct fitter {
  ls_lift *lift;
  uint64_t seed, stream, step;
} fitter;

static int32_t draw(fitter *self, int32_t count)
{
  return ls_philox_below(ls_philox(self->seed, self->stream, self->step++).v[0], count);
}

static bool are_linked(const ls_lift *lift, int32_t a, int32_t b)
{
  const int32_t d = lift->degree;
  for (int32_t j = 0; j < d; j++) {
    const int32_t mate = lift->mate[a * d + j];
    if (mate >= 0 && mate / d == b) return true;
  }
  return false;
}

static bool can_link(const ls_lift *lift, int32_t x, int32_t y)
{
  const int32_t a = x / lift->degree, b = y / lift->degree;
  return a != b && !are_linked(lift, a, b);
}

static void link_set(ls_lift *lift, int32_t x, int32_t y)
{
  lift->mate[x] = y;
  lift->mate[y] = x;
}

/* Divides an edge drawn at random, whose halves end in x and y. */
static bool edge_divide(fitter *self, int32_t x, int32_t y)
{
  ls_lift *lift = self->lift;
  for (int32_t i = 0; i < TRIES; i++) {
    const int32_t u = draw(self, lift->base_count * lift->degree), v = lift->mate[u];
    if (v < 0 || !can_link(lift, x, u) || !can_link(lift, y, v)) continue;
    link_set(lift, x, u);
    link_set(lift, y, v);
    return true;
  }
  return false;
}

/* Links free ports: two of a node into an edge, then what is left to each other, by way of an edge
 * where they must not be linked. */
static void ports_fill(fitter *self)
{
  ls_lift *lift = self->lift;
  const int32_t d = lift->degree, darts = lift->base_count * d;
  int32_t last = -1;
  for (int32_t x = 0; x < darts; x++) {
    if (lift->mate[x] >= 0) continue;
    if (last >= 0 && last / d == x / d && edge_divide(self, last, x))
      last = -1;
    else
      last = x;
  }
  last = -1;
  for (int32_t x = 0; x < darts; x++) {
    if (lift->mate[x] >= 0) continue;
    if (last < 0) {
      last = x;
      continue;
    }
    if (can_link(lift, last, x))
      link_set(lift, last, x);
    else if (!edge_divide(self, last, x))
      continue;
    last = -1;
  }
}

ls_status ls_wire_seed_fit(const ls_wiring *wiring, int32_t nodes, int32_t degree, uint64_t seed,
                           uint64_t stream, ls_lift **lift)
{
  const ls_group one = {1, 1, 1};
  ls_lift *self = NULL;
  int32_t *count = calloc((size_t)nodes, sizeof *count);
  ls_status status = count ? ls_lift_create(&one, nodes, degree, &self) : LS_ERR_MEMORY;
  for (int64_t i = 0; status == LS_OK && i < wiring->edge_count; i++) {
    const int32_t a = wiring->edges[i][0], b = wiring->edges[i][1];
    if (a >= nodes || b >= nodes || a == b) continue;
    if (count[a] == degree || count[b] == degree)
      status = LS_ERR_NO;
    else
      link_set(self, a * degree + count[a]++, b * degree + count[b]++);
  }
  if (status == LS_OK) {
    fitter fit = {.lift = self, .seed = seed, .stream = stream};
    ports_fill(&fit);
    *lift = self;
  } else
    ls_lift_destroy(self);
  free(count);
  return status;
}

/* ---- Constructions ---- */

/* Leaves nodes from first on out. */
static void nodes_drop(ls_wiring *wiring, int32_t first)
{
  int64_t kept = 0;
  for (int64_t i = 0; i < wiring->edge_count; i++) {
    const int32_t a = wiring->edges[i][0], b = wiring->edges[i][1];
    if (a >= first || b >= first) continue;
    wiring->edges[kept][0] = a;
    wiring->edges[kept++][1] = b;
  }
  wiring->edge_count = kept;
  wiring->node_count = first;
}

/* Within an eighth: further away, symmetric graphs are better. */
static bool is_near(int64_t nodes, int64_t of)
{
  const int64_t apart = nodes > of ? nodes - of : of - nodes;
  return 8 * apart <= of;
}

static bool is_power_of_prime(int32_t q)
{
  int32_t p = 2;
  if (q < 2 || q > LS_FIELD_MAX) return false;
  while (q % p) p++;
  while (q % p == 0) q /= p;
  return q == 1;
}

/* The best there is of degree 2 and of degree nodes - 1. */
static ls_status trivial_create(int32_t nodes, int32_t degree, ls_wiring *wiring)
{
  if (degree != 2 && degree != nodes - 1) return LS_ERR_NO;
  const ls_status status = ls_wiring_create(nodes, (int64_t)nodes * degree / 2, wiring);
  for (int32_t a = 0; status == LS_OK && a < nodes; a++) {
    if (degree == 2)
      ls_wiring_add(wiring, a, (a + 1) % nodes);
    else
      for (int32_t b = 0; b < a; b++) ls_wiring_add(wiring, b, a);
  }
  return status;
}

ls_status ls_wire_seed_circulant(int32_t nodes, int32_t degree, ls_wiring *wiring)
{
  const ls_status status = ls_wiring_create(nodes, (int64_t)nodes * degree / 2 + nodes, wiring);
  if (status != LS_OK) return status;
  for (int32_t step = 1; step <= degree / 2; step++)
    for (int32_t a = 0; a < nodes; a++) ls_wiring_add(wiring, a, (a + step) % nodes);
  /* An odd degree joins opposites. */
  for (int32_t a = 0; degree % 2 && a < nodes / 2; a++) ls_wiring_add(wiring, a, a + nodes / 2);
  ls_wiring_normalize(wiring);
  return LS_OK;
}

ls_status ls_wire_seed_find(int32_t number, int32_t nodes, int32_t degree, ls_wiring *wiring,
                            const char **name)
{
  const int32_t q = number == 2 ? degree : degree - 1; /* of a polarity graph */
  if (number == 0) {
    *name = "McKay-Miller-Siran";
    for (int32_t of = 3; of <= degree; of++)
      if (ls_wiring_mms_degree(of) == degree && is_power_of_prime(of) &&
          is_near(nodes, 2 * of * of))
        return ls_wiring_mms(of, wiring);
    return LS_ERR_NO;
  }
  if (number == 3) {
    *name = degree == 2 ? "ring" : "complete graph";
    return trivial_create(nodes, degree, wiring);
  }
  *name = number == 1 ? "polarity" : "polarity without a line";
  if (!is_power_of_prime(q) || !is_near(nodes, number == 1 ? q * q + q + 1 : q * q))
    return LS_ERR_NO;
  const ls_status status = ls_wiring_polarity(q, wiring);
  if (status == LS_OK && number == 2) nodes_drop(wiring, q * q);
  return status;
}
