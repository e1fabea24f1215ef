#include "wire_dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/dense_rows.h"
#include "../kernels/philox.h"

enum { ASK_EVERY = 1024 };

/* Walks of length two between two nodes, and whether they are linked, in one number a pair. */
enum { LINKED = 1 << 7, DEGREE_MAX = LINKED - 1 };

/* A move changes pairs of four nodes alone, the ends of its edges. What it would change is counted
 * in their rows, in vectors where there are some; else it is tried in them. The columns of other
 * nodes follow when it is kept. */
typedef struct dense {
  ls_lift *lift;
  const ls_lift_run *run;
  int32_t n, d;
  int32_t pitch;         /* of rows of pairs and links */
  uint8_t *pairs;        /* [n][pitch] symmetric, but in the columns of nodes that move */
  int32_t *end;          /* [n][d] the node that a dart leads to; -1: it is unused */
  uint8_t *is_moved;     /* [n] whether a node is one whose row is changed */
  ls_dense_zeros *zeros; /* NULL: there are no vectors */
  uint8_t *links;        /* [n][pitch] 1 where two nodes are linked */
  int64_t far;           /* pairs neither linked nor with a walk */
} dense;

double ls_wire_dense_cost(int32_t nodes)
{
  const double n = nodes;
  return 30 + 0.15 * n + 1e-4 * n * n;
}

double ls_wire_dense_slowness(void) { return ls_dense_zeros_choose() ? 1 : 8; }

bool ls_wire_is_dense(int64_t nodes, int64_t degree)
{
  return degree >= 3 && degree <= DEGREE_MAX && nodes <= degree * degree * 5 / 4 &&
         degree < nodes - 1;
}

/* Rows that begin with a line, of zeros. */
static uint8_t *bytes_create(size_t bytes)
{
  uint8_t *made = aligned_alloc(LS_DENSE_PITCH, bytes);
  if (made) memset(made, 0, bytes);
  return made;
}

/* ---- Edges ---- */

static inline uint8_t *pair_of(const dense *self, int32_t a, int32_t b)
{
  return &self->pairs[(int64_t)a * self->pitch + b];
}

static inline uint8_t *link_of(const dense *self, int32_t a, int32_t b)
{
  return &self->links[(int64_t)a * self->pitch + b];
}

static void mates_set(dense *self, int32_t x, int32_t y, bool are_joined)
{
  self->lift->mate[x] = are_joined ? y : -1;
  self->lift->mate[y] = are_joined ? x : -1;
  self->end[x] = are_joined ? y / self->d : -1;
  self->end[y] = are_joined ? x / self->d : -1;
  *link_of(self, x / self->d, y / self->d) = *link_of(self, y / self->d, x / self->d) = are_joined;
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
  for (int32_t v = 0; v < n; v++) *pair_of(self, v, v) = LINKED; /* never far */
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

/* ---- What a move would change ---- */

static inline int32_t is_zero(int32_t number) { return number == 0; }

/* How many pairs more would be far: in the rows of a and c, whose edges a - b and c - d become a -
 * d and c - b. A row less what b links and with what d links is right but for pairs of these four.
 * Of them a - c and b - d stay as they are, where both rows have one walk more; a - d and c - b
 * become linked, where rows have the walks less that go by the old edges; a - b and c - d are
 * linked no more and have walks by the new ones. */
static int32_t far_count(const dense *self, int32_t a, int32_t b, int32_t c, int32_t d)
{
  const int32_t across = *link_of(self, a, c), along = *link_of(self, b, d);
  const int32_t ad = *pair_of(self, a, d), cb = *pair_of(self, c, b);
  const int32_t more = across + along - LINKED;
  int32_t far =
      self->zeros(pair_of(self, a, 0), link_of(self, b, 0), link_of(self, d, 0), self->pitch);
  far += self->zeros(pair_of(self, b, 0), link_of(self, a, 0), link_of(self, c, 0), self->pitch);
  far += self->zeros(pair_of(self, c, 0), link_of(self, d, 0), link_of(self, b, 0), self->pitch);
  far += self->zeros(pair_of(self, d, 0), link_of(self, c, 0), link_of(self, a, 0), self->pitch);
  far += 2 * (is_zero(*pair_of(self, a, c)) + is_zero(*pair_of(self, b, d)));
  far += is_zero(ad) - is_zero(ad - across) - is_zero(ad - along);
  far += is_zero(cb) - is_zero(cb - across) - is_zero(cb - along);
  return far + is_zero(*pair_of(self, a, b) + more) + is_zero(*pair_of(self, c, d) + more);
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

/* Makes a move unless more pairs than that become far; returns whether it did. Most are refused by
 * their count, without being made. */
static bool move_try(dense *self, const move *of, double most)
{
  const int32_t d = self->d;
  const bool is_counted = self->zeros && of->u >= 0 && of->v >= 0;
  if (is_counted && far_count(self, of->x / d, of->u / d, of->y / d, of->v / d) > most)
    return false;
  const int64_t before = self->far;
  moved_mark(self, of, 1);
  ends_exchange(self, of);
  const bool is_kept = (double)(self->far - before) <= most;
  if (is_kept)
    columns_follow(self, of);
  else
    ends_return(self, of);
  moved_mark(self, of, 0);
  return is_kept;
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
    if (!is_possible(self, &tried)) continue;
    const double u = ((double)words.v[2] + 1) * 0x1p-32;
    if (move_try(self, &tried, -temperature * log(u))) record_follow(best, self, &tried);
  }
  record_take(best, self);
  return done;
}

int64_t ls_wire_dense_anneal(ls_lift *lift, const ls_lift_run *run)
{
  const int32_t n = lift->base_count, lines = (n + LS_DENSE_PITCH - 1) / LS_DENSE_PITCH;
  dense self = {.lift = lift,
                .run = run,
                .n = n,
                .d = lift->degree,
                .pitch = lines * LS_DENSE_PITCH,
                .zeros = ls_dense_zeros_choose()};
  const size_t darts = (size_t)n * (size_t)self.d, bytes = (size_t)n * (size_t)self.pitch;
  int64_t done = -1;
  self.pairs = bytes_create(bytes);
  self.links = bytes_create(bytes);
  self.end = malloc(darts * sizeof *self.end);
  self.is_moved = malloc((size_t)n);
  record best = {.since = malloc(darts * sizeof *best.since),
                 .mates = malloc(darts * sizeof *best.mates)};
  if (self.pairs && self.links && self.end && self.is_moved && best.since && best.mates) {
    graph_begin(&self, best.mates);
    done = walk(&self, &best);
  }
  free(best.mates);
  free(best.since);
  free(self.is_moved);
  free(self.end);
  free(self.links);
  free(self.pairs);
  return done;
}
