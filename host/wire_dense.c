#include "wire_dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"

enum { ASK_EVERY = 1024 };

/* Walks of length two between two nodes, and whether they are linked, in one number a pair. */
enum { LINKED = 1 << 15 };

typedef struct dense {
  ls_lift *lift;
  const ls_lift_run *run;
  int32_t n, d;
  uint16_t *pairs; /* [n][n], of which those with row < column are used */
  int64_t far;     /* pairs neither linked nor with a walk */
} dense;

bool ls_wire_is_dense(int64_t nodes, int64_t degree)
{
  return degree >= 3 && nodes <= degree * degree * 5 / 4 && degree < nodes - 1;
}

/* ---- Edges ---- */

static int32_t end_of(const dense *self, int32_t dart)
{
  const int32_t mate = self->lift->mate[dart];
  return mate < 0 ? -1 : mate / self->d;
}

static inline uint16_t *pair_of(const dense *self, int32_t a, int32_t b)
{
  const int64_t row = a < b ? a : b, column = a < b ? b : a;
  return &self->pairs[row * self->n + column];
}

/* A walk or a link between a and b comes or goes. */
static inline void pair_change(dense *self, int32_t a, int32_t b, int32_t change)
{
  uint16_t *pair = pair_of(self, a, b);
  const uint16_t before = *pair, after = (uint16_t)(before + change);
  if (a == b) return;
  *pair = after;
  self->far += !after - !before;
}

/* Walks over the edge a - b, which is not among the darts now. */
static void walks_change(dense *self, int32_t a, int32_t b, int32_t change)
{
  for (int32_t j = 0; j < self->d; j++) {
    const int32_t of_a = end_of(self, a * self->d + j), of_b = end_of(self, b * self->d + j);
    if (of_a >= 0) pair_change(self, of_a, b, change);
    if (of_b >= 0) pair_change(self, of_b, a, change);
  }
  pair_change(self, a, b, change * LINKED);
}

static void edge_remove(dense *self, int32_t x, int32_t y)
{
  self->lift->mate[x] = self->lift->mate[y] = -1;
  walks_change(self, x / self->d, y / self->d, -1);
}

static void edge_add(dense *self, int32_t x, int32_t y)
{
  walks_change(self, x / self->d, y / self->d, 1);
  self->lift->mate[x] = y;
  self->lift->mate[y] = x;
}

static bool is_free(const dense *self, int32_t x, int32_t y)
{
  const int32_t a = x / self->d, b = y / self->d;
  return a != b && !(*pair_of(self, a, b) & LINKED);
}

/* Takes the darts over, without loops and parallel edges, whose darts stay unused. */
static void graph_begin(dense *self, int32_t *mates)
{
  ls_lift *lift = self->lift;
  const int64_t n = self->n, darts = n * self->d;
  self->far = n * (n - 1) / 2;
  memcpy(mates, lift->mate, (size_t)darts * sizeof *mates);
  for (int64_t x = 0; x < darts; x++) lift->mate[x] = -1;
  for (int32_t x = 0; x < darts; x++) {
    const int32_t y = mates[x];
    if (y > x && is_free(self, x, y)) edge_add(self, x, y);
  }
}

/* ---- The walk ---- */

/* Exchanges the ends of x and y where that makes no loop and no parallel edge: x gets y's old mate
 * and y gets x's; an unused dart passes its place on. Returns whether it did. */
static bool ends_exchange(dense *self, int32_t x, int32_t y)
{
  ls_lift *lift = self->lift;
  const int32_t u = lift->mate[x], v = lift->mate[y];
  if (x == y || u == y || (u < 0 && v < 0)) return false;
  if (v >= 0 && !is_free(self, x, v)) return false;
  if (u >= 0 && !is_free(self, y, u)) return false;
  if (u >= 0 && v >= 0 && x / self->d == y / self->d) return false; /* nothing would change */
  if (u >= 0) edge_remove(self, x, u);
  if (v >= 0) edge_remove(self, y, v);
  if (v >= 0) edge_add(self, x, v);
  if (u >= 0) edge_add(self, y, u);
  return true;
}

static void walk(dense *self, int32_t *best, int64_t *done)
{
  const ls_lift_run *run = self->run;
  ls_lift *lift = self->lift;
  const int32_t darts = self->n * self->d;
  const size_t bytes = (size_t)darts * sizeof *best;
  const double fall = log(run->cold / run->hot) / (double)run->evaluations;
  int64_t best_far = self->far;
  double temperature = run->hot;
  memcpy(best, lift->mate, bytes);
  for (*done = 0; *done < run->evaluations && best_far > 0; ++*done) {
    if (*done % ASK_EVERY == 0) {
      if (run->is_over(run->context)) break;
      temperature = run->hot * exp(fall * (double)*done);
    }
    const ls_philox_words words = ls_philox(run->seed, run->stream, (uint64_t)*done);
    const int32_t x = ls_philox_below(words.v[0], darts), y = ls_philox_below(words.v[1], darts);
    const int64_t before = self->far;
    if (!ends_exchange(self, x, y)) continue;
    const double u = ((double)words.v[2] + 1) * 0x1p-32;
    if ((double)(self->far - before) > -temperature * log(u))
      ends_exchange(self, x, y);
    else if (self->far < best_far) {
      best_far = self->far;
      memcpy(best, lift->mate, bytes);
    }
  }
  memcpy(lift->mate, best, bytes);
}

int64_t ls_wire_dense_anneal(ls_lift *lift, const ls_lift_run *run)
{
  dense self = {.lift = lift, .run = run, .n = lift->base_count, .d = lift->degree};
  int64_t done = -1;
  self.pairs = calloc((size_t)self.n * (size_t)self.n, sizeof *self.pairs);
  int32_t *best = malloc((size_t)self.n * (size_t)self.d * sizeof *best);
  if (self.pairs && best) {
    graph_begin(&self, best);
    walk(&self, best, &done);
  }
  free(best);
  free(self.pairs);
  return done;
}
