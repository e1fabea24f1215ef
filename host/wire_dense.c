#include "wire_dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"

enum { ASK_EVERY = 1024 };

/* Walks of length two between two nodes, and whether they are linked, in one number a pair. */
enum { LINKED = 1 << 7, DEGREE_MAX = LINKED - 1 };

/* A move changes pairs of four nodes alone, the ends of its edges. It is tried in their rows, which
 * lie in L1; the columns of other nodes follow when it is kept. */
typedef struct dense {
  ls_lift *lift;
  const ls_lift_run *run;
  int32_t n, d;
  uint8_t *pairs;    /* [n][n] symmetric, but in the columns of nodes that move */
  int32_t *end;      /* [n][d] the node that a dart leads to; -1: it is unused */
  uint8_t *is_moved; /* [n] whether a node is one whose row is changed */
  int64_t far;       /* pairs neither linked nor with a walk */
} dense;

double ls_wire_dense_cost(int32_t nodes, int32_t degree)
{
  return 150 + 20.0 * degree + 0.4 * nodes;
}

bool ls_wire_is_dense(int64_t nodes, int64_t degree)
{
  return degree >= 3 && degree <= DEGREE_MAX && nodes <= degree * degree * 5 / 4 &&
         degree < nodes - 1;
}

/* ---- Edges ---- */

static void mates_set(dense *self, int32_t x, int32_t y, bool are_joined)
{
  self->lift->mate[x] = are_joined ? y : -1;
  self->lift->mate[y] = are_joined ? x : -1;
  self->end[x] = are_joined ? y / self->d : -1;
  self->end[y] = are_joined ? x / self->d : -1;
}

static inline uint8_t *pair_of(const dense *self, int32_t a, int32_t b)
{
  return &self->pairs[(int64_t)a * self->n + b];
}

/* A walk or a link between a, whose row is given, and b comes or goes. Returns how many pairs more
 * are far. */
static inline int32_t pair_change(const dense *self, uint8_t *row, int32_t a, int32_t b,
                                  int32_t change)
{
  const uint8_t before = row[b], after = (uint8_t)(before + change);
  if (a == b) return 0;
  row[b] = after;
  if (self->is_moved[b]) *pair_of(self, b, a) = after;
  return !after - !before;
}

/* Walks over the edge a - b, which is not among the darts now. */
static void walks_change(dense *self, int32_t a, int32_t b, int32_t change)
{
  const int32_t nodes[2] = {a, b}, d = self->d;
  int32_t far = 0;
  for (int32_t i = 0; i < 2; i++) {
    const int32_t *ends = self->end + (int64_t)nodes[1 - i] * d;
    uint8_t *row = pair_of(self, nodes[i], 0);
    for (int32_t j = 0; j < d; j++)
      if (ends[j] >= 0) far += pair_change(self, row, nodes[i], ends[j], change);
  }
  self->far += far + pair_change(self, pair_of(self, a, 0), a, b, change * LINKED);
}

static void edge_remove(dense *self, int32_t x, int32_t y)
{
  mates_set(self, x, y, false);
  walks_change(self, x / self->d, y / self->d, -1);
}

static void edge_add(dense *self, int32_t x, int32_t y)
{
  walks_change(self, x / self->d, y / self->d, 1);
  mates_set(self, x, y, true);
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
  memset(self->is_moved, 1, (size_t)n);
  memcpy(mates, lift->mate, (size_t)darts * sizeof *mates);
  for (int64_t x = 0; x < darts; x++) lift->mate[x] = self->end[x] = -1;
  for (int32_t x = 0; x < darts; x++) {
    const int32_t y = mates[x];
    if (y > x && is_free(self, x, y)) edge_add(self, x, y);
  }
  memset(self->is_moved, 0, (size_t)n);
}

/* ---- Moves ---- */

/* Two darts and their mates, of which one may have none. */
typedef struct move {
  int32_t x, y, u, v;
} move;

/* Whether the exchange of the ends of x and y changes something and makes no loop and no parallel
 * edge. */
static bool is_possible(const dense *self, const move *of)
{
  if (of->x == of->y || of->u == of->y || (of->u < 0 && of->v < 0)) return false;
  if (of->v >= 0 && !is_free(self, of->x, of->v)) return false;
  if (of->u >= 0 && !is_free(self, of->y, of->u)) return false;
  return of->u < 0 || of->v < 0 || of->x / self->d != of->y / self->d;
}

static void moved_mark(dense *self, const move *of, uint8_t mark)
{
  const int32_t darts[4] = {of->x, of->y, of->u, of->v};
  for (int32_t i = 0; i < 4; i++)
    if (darts[i] >= 0) self->is_moved[darts[i] / self->d] = mark;
}

/* x gets y's old mate and y gets x's; an unused dart passes its place on. */
static void ends_exchange(dense *self, const move *of)
{
  if (of->u >= 0) edge_remove(self, of->x, of->u);
  if (of->v >= 0) edge_remove(self, of->y, of->v);
  if (of->v >= 0) edge_add(self, of->x, of->v);
  if (of->u >= 0) edge_add(self, of->y, of->u);
}

/* Brings the columns of a node that moved up to date, in the rows of the neighbours of another. */
static void column_follow(dense *self, int32_t node, int32_t other)
{
  const uint8_t *row = pair_of(self, node, 0);
  for (int32_t j = 0; j < self->d; j++) {
    const int32_t w = self->end[(int64_t)other * self->d + j];
    if (w >= 0) *pair_of(self, w, node) = row[w];
  }
}

/* An end of an edge that went or came has other walks to the neighbours of the other end. */
static void columns_follow(dense *self, const move *of)
{
  const int32_t one[2] = {of->x, of->y}, other[2] = {of->u, of->v};
  for (int32_t i = 0; i < 4; i++) {
    const int32_t a = one[i / 2] / self->d, dart = other[i % 2];
    if (dart < 0) continue;
    column_follow(self, a, dart / self->d);
    column_follow(self, dart / self->d, a);
  }
}

static move move_draw(const dense *self, const ls_philox_words *words)
{
  const int32_t darts = self->n * self->d;
  const int32_t x = ls_philox_below(words->v[0], darts), y = ls_philox_below(words->v[1], darts);
  return (move){x, y, self->lift->mate[x], self->lift->mate[y]};
}

/* Undoes a move, the other way around. */
static void ends_return(dense *self, const move *of)
{
  const move back = {of->x, of->y, of->v, of->u};
  ends_exchange(self, &back);
}

/* ---- The best on the way ---- */

/* The best graph is that of now less the moves since; a copy only where these become many. */
typedef struct record {
  int64_t far;
  move *since; /* [n * d] */
  int32_t count, *mates;
  bool is_copied;
} record;

static void moves_undo(const record *self, int32_t *mates)
{
  for (int32_t i = self->count; i-- > 0;) {
    const move *of = &self->since[i];
    mates[of->x] = of->u;
    mates[of->y] = of->v;
    if (of->u >= 0) mates[of->u] = of->x;
    if (of->v >= 0) mates[of->v] = of->y;
  }
}

static void record_follow(record *self, const dense *now, const move *made)
{
  const int32_t most = now->n * now->d;
  if (now->far < self->far) {
    self->far = now->far;
    self->count = 0;
    self->is_copied = false;
    return;
  }
  if (self->is_copied) return;
  self->since[self->count++] = *made;
  if (self->count < most) return;
  memcpy(self->mates, now->lift->mate, (size_t)most * sizeof *self->mates);
  moves_undo(self, self->mates);
  self->is_copied = true;
}

static void record_take(const record *self, const dense *now)
{
  if (self->is_copied)
    memcpy(now->lift->mate, self->mates, (size_t)now->n * (size_t)now->d * sizeof *self->mates);
  else
    moves_undo(self, now->lift->mate);
}

/* ---- The walk ---- */

/* Returns the moves tried. */
static int64_t walk(dense *self, record *best)
{
  const ls_lift_run *run = self->run;
  const double fall = log(run->cold / run->hot) / (double)run->evaluations;
  double temperature = run->hot;
  int64_t done = 0;
  best->far = self->far;
  for (; done < run->evaluations && best->far > 0; ++done) {
    if (done % ASK_EVERY == 0) {
      if (run->is_over(run->context)) break;
      temperature = run->hot * exp(fall * (double)done);
    }
    const ls_philox_words words = ls_philox(run->seed, run->stream, (uint64_t)done);
    const move tried = move_draw(self, &words);
    const int64_t before = self->far;
    if (!is_possible(self, &tried)) continue;
    moved_mark(self, &tried, 1);
    ends_exchange(self, &tried);
    const double u = ((double)words.v[2] + 1) * 0x1p-32;
    const bool is_kept = (double)(self->far - before) <= -temperature * log(u);
    if (is_kept)
      columns_follow(self, &tried);
    else
      ends_return(self, &tried);
    moved_mark(self, &tried, 0);
    if (is_kept) record_follow(best, self, &tried);
  }
  record_take(best, self);
  return done;
}

int64_t ls_wire_dense_anneal(ls_lift *lift, const ls_lift_run *run)
{
  dense self = {.lift = lift, .run = run, .n = lift->base_count, .d = lift->degree};
  const size_t darts = (size_t)self.n * (size_t)self.d;
  int64_t done = -1;
  self.pairs = calloc((size_t)self.n * (size_t)self.n, sizeof *self.pairs);
  self.end = malloc(darts * sizeof *self.end);
  self.is_moved = malloc((size_t)self.n);
  record best = {.since = malloc(darts * sizeof *best.since),
                 .mates = malloc(darts * sizeof *best.mates)};
  if (self.pairs && self.end && self.is_moved && best.since && best.mates) {
    graph_begin(&self, best.mates);
    done = walk(&self, &best);
  }
  free(best.mates);
  free(best.since);
  free(self.is_moved);
  free(self.end);
  free(self.pairs);
  return done;
}
