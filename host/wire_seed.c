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

/* Free ports: of nodes without links first, then those of others, in an order drawn. */
typedef struct ports {
  int32_t count, of_new;
  int32_t *darts;
} ports;

static bool is_new(const ls_lift *lift, int32_t node)
{
  for (int32_t j = 0; j < lift->degree; j++)
    if (lift->mate[node * lift->degree + j] >= 0) return false;
  return true;
}

static void ports_collect(fitter *self, ports *free_ports)
{
  const ls_lift *lift = self->lift;
  const int32_t d = lift->degree;
  int32_t *darts = free_ports->darts, count = 0;
  for (int32_t v = 0; v < lift->base_count; v++)
    for (int32_t j = 0; j < d && is_new(lift, v); j++) darts[count++] = v * d + j;
  free_ports->of_new = count;
  for (int32_t x = 0; x < lift->base_count * d; x++) {
    if (lift->mate[x] >= 0 || is_new(lift, x / d)) continue;
    const int32_t at = free_ports->of_new + draw(self, ++count - free_ports->of_new);
    darts[count - 1] = darts[at];
    darts[at] = x;
  }
  free_ports->count = count;
}

/* New nodes take free ports of others, which costs no edge. */
static void new_link(fitter *self, const ports *free_ports)
{
  int32_t next = free_ports->of_new;
  for (int32_t i = 0; i < free_ports->of_new && next < free_ports->count; i++) {
    if (!can_link(self->lift, free_ports->darts[i], free_ports->darts[next])) continue;
    link_set(self->lift, free_ports->darts[i], free_ports->darts[next++]);
  }
}

static bool is_free(const fitter *self, int32_t dart) { return self->lift->mate[dart] < 0; }

/* Ports of one new node, two by two, into edges. */
static void new_divide(fitter *self, const ports *free_ports)
{
  int32_t last = -1;
  for (int32_t i = 0; i < free_ports->of_new; i++) {
    const int32_t x = free_ports->darts[i], d = self->lift->degree;
    if (!is_free(self, x)) continue;
    if (last >= 0 && last / d == x / d && edge_divide(self, last, x))
      last = -1;
    else
      last = x;
  }
}

/* What is left, each port to one of the next or, where none may be linked to it, with the next one
 * into an edge. */
static void rest_link(fitter *self, const ports *free_ports)
{
  for (int32_t i = 0; i < free_ports->count; i++) {
    const int32_t x = free_ports->darts[i];
    int32_t next = -1;
    for (int32_t k = i + 1; k < free_ports->count && k < i + TRIES && is_free(self, x); k++) {
      const int32_t y = free_ports->darts[k];
      if (!is_free(self, y)) continue;
      if (can_link(self->lift, x, y)) link_set(self->lift, x, y);
      if (next < 0) next = y;
    }
    if (is_free(self, x) && next >= 0) edge_divide(self, x, next);
  }
}

/* Links all free ports but an odd one. */
static ls_status ports_fill(fitter *self)
{
  const int32_t darts = self->lift->base_count * self->lift->degree;
  ports found = {.darts = malloc((size_t)darts * sizeof *found.darts)};
  if (!found.darts) return LS_ERR_MEMORY;
  ports_collect(self, &found);
  new_link(self, &found);
  new_divide(self, &found);
  rest_link(self, &found);
  free(found.darts);
  return LS_OK;
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
    status = ports_fill(&fit);
  }
  if (status == LS_OK)
    *lift = self;
  else
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

/* Within a half; which is better then, this or a symmetric graph, the search finds out. */
static bool is_near(int64_t nodes, int64_t of)
{
  const int64_t apart = nodes > of ? nodes - of : of - nodes;
  return 2 * apart <= of;
}

static bool is_power_of_prime(int32_t q)
{
  int32_t p = 2;
  if (q < 2 || q > LS_FIELD_MAX) return false;
  while (q % p) p++;
  while (q % p == 0) q /= p;
  return q == 1;
}

typedef enum construction { MMS, POLARITY, POLARITY_LESS, TRIVIAL } construction;

LS_STATIC_ASSERT(TRIVIAL + 1 == LS_WIRE_SEEDS, "each has its number");

static const char *const names[] = {"McKay-Miller-Siran", "polarity", "polarity without a line"};

static int32_t degree_of(construction of, int32_t q)
{
  return of == MMS ? ls_wiring_mms_degree(q) : q + (of == POLARITY);
}

static int32_t nodes_of(construction of, int32_t q)
{
  return of == MMS ? 2 * q * q : q * q + (of == POLARITY ? q + 1 : 0);
}

/* Of those of at most that degree the q with the nearest number of nodes; 0: none. */
static int32_t field_find(construction of, int32_t nodes, int32_t degree)
{
  int32_t best = 0;
  for (int32_t q = 2; q <= ls_min(degree, LS_FIELD_MAX); q++) {
    const int32_t needed = degree_of(of, q);
    if (!is_power_of_prime(q) || !needed || needed > degree) continue;
    if (!best || abs(nodes_of(of, q) - nodes) < abs(nodes_of(of, best) - nodes)) best = q;
  }
  return best;
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
  const construction of = (construction)number;
  if (of == TRIVIAL) {
    *name = degree == 2 ? "ring" : "complete graph";
    return trivial_create(nodes, degree, wiring);
  }
  const int32_t q = field_find(of, nodes, degree);
  *name = names[of];
  if (!q || !is_near(nodes, nodes_of(of, q))) return LS_ERR_NO;
  if (of == MMS) return ls_wiring_mms(q, wiring);
  const ls_status status = ls_wiring_polarity(q, wiring);
  if (status == LS_OK && of == POLARITY_LESS) nodes_drop(wiring, q * q);
  return status;
}
