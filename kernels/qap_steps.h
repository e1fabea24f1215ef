/* The searches of qap.h for one width. Included once per width, with QAP(name) naming its
 * functions, qap_data and qap_sum its types, LANES(name) its vectors and SUM_MAX a cost that none
 * reaches. */

typedef struct QAP(rows) {
  const qap_data *a, *b;
} QAP(rows);

static inline QAP(rows) QAP(rows_of)(const ls_qap *qap, const ls_qap_state *state, int32_t i)
{
  const size_t offset = (size_t)i * (size_t)(qap->parts * qap->stride);
  return (QAP(rows)){(const qap_data *)qap->a + offset, (const qap_data *)state->b + offset};
}

/* Over whole rows: what the pair shares is wrong in it and is put right by the caller. Differences
 * fit the type of the data, so that a compiler can multiply at that width. */
static inline qap_sum QAP(sum)(QAP(rows) u, QAP(rows) v, int32_t length)
{
  qap_sum sum = 0;
  for (int32_t k = 0; k < length; k++) {
    const qap_data a = (qap_data)(u.a[k] - v.a[k]), b = (qap_data)(v.b[k] - u.b[k]);
    sum += (qap_sum)a * b;
  }
  return sum;
}

static inline qap_sum QAP(delta_of)(const ls_qap *qap, const ls_qap_state *state, int32_t u,
                                    int32_t v)
{
  const QAP(rows) ru = QAP(rows_of)(qap, state, u), rv = QAP(rows_of)(qap, state, v);
  const qap_sum a_uv = ru.a[v], a_vu = rv.a[u], b_uv = ru.b[v], b_vu = rv.b[u];
  const int64_t diagonal =
      (qap->a_diagonal[u] - qap->a_diagonal[v]) * (state->diagonal[v] - state->diagonal[u]);
  const qap_sum sum =
      QAP(sum)(ru, rv, qap->parts * qap->stride & -(LS_QAP_ALIGNMENT / QAP_DATA_BYTES));
  return sum + LS_QAP_SHARED(qap->parts, a_uv, a_vu, b_uv, b_vu) + (qap_sum)diagonal;
}

static int64_t QAP(delta)(const ls_qap *qap, const ls_qap_state *state, int32_t u, int32_t v)
{
  return QAP(delta_of)(qap, state, u, v);
}

static void QAP(swap)(const ls_qap *qap, ls_qap_state *state, int32_t u, int32_t v, int64_t delta)
{
  const size_t length = (size_t)qap->parts * (size_t)qap->stride;
  qap_data *b = state->b, *bu = b + (size_t)u * length, *bv = b + (size_t)v * length;
  const int32_t place = state->p[u];
  const int64_t diagonal = state->diagonal[u];
  state->p[u] = state->p[v];
  state->p[v] = place;
  state->diagonal[u] = state->diagonal[v];
  state->diagonal[v] = diagonal;
  state->cost += delta;
  for (size_t k = 0; k < length; k++) {
    const qap_data kept = bu[k];
    bu[k] = bv[k];
    bv[k] = kept;
  }
  for (int32_t part = 0; part < qap->parts; part++) {
    qap_data *column = b + (size_t)(part * qap->stride);
    for (int32_t i = 0; i < qap->n; i++, column += length) {
      const qap_data kept = column[u];
      column[u] = column[v];
      column[v] = kept;
    }
  }
}

static inline void QAP(best_keep)(const ls_qap *qap, ls_qap_state *state)
{
  state->best_cost = state->cost;
  memcpy(state->best_p, state->p, (size_t)qap->n * sizeof *state->p);
}

static void QAP(begin)(const ls_qap *qap, ls_qap_state *state)
{
  const size_t stride = (size_t)qap->stride, length = (size_t)qap->parts * stride;
  const qap_data *a = qap->a, *b = qap->b;
  qap_data *permuted = state->b;
  int64_t twice = 0, own = 0;
  memset(permuted, 0, (size_t)qap->n * length * sizeof *permuted);
  for (int32_t i = 0; i < qap->n; i++) {
    state->diagonal[i] = qap->b_diagonal[state->p[i]];
    own += qap->a_diagonal[i] * state->diagonal[i];
    for (int32_t part = 0; part < qap->parts; part++)
      for (int32_t j = 0; j < qap->n; j++) {
        const size_t to = (size_t)i * length + (size_t)part * stride + (size_t)j;
        permuted[to] =
            b[(size_t)state->p[i] * length + (size_t)part * stride + (size_t)state->p[j]];
        twice += (int64_t)a[to] * permuted[to];
      }
  }
  state->cost = twice / 2 + own;
  QAP(best_keep)(qap, state);
}

/* ---- Steepest descent, pair by pair ---- */

static void QAP(descend)(const ls_qap *qap, ls_qap_state *state)
{
  bool is_better = true;
  while (is_better) {
    is_better = false;
    for (int32_t u = 0; u < qap->n; u++)
      for (int32_t v = u + 1; v < qap->n; v++) {
        const qap_sum delta = QAP(delta_of)(qap, state, u, v);
        if (delta >= 0) continue;
        QAP(swap)(qap, state, u, v, delta);
        is_better = true;
      }
  }
  if (state->cost < state->best_cost) QAP(best_keep)(qap, state);
}

/* ---- Metropolis ---- */

/* The pairs come in turn, which does better than drawing them (Connolly, "An improved annealing
 * scheme for the QAP", EJOR 46, 1990). The best is copied when it is left, not when it is found. */
static int64_t QAP(temper)(const ls_qap *qap, ls_qap_state *state, const ls_qap_run *run)
{
  const int32_t n = qap->n;
  if (n < 2) return run->step_count;
  ls_philox_words words = {{0}};
  int32_t u = ls_qap_pair_first(run->seed, run->stream, n), v = u;
  int64_t done = 0;
  for (; done < run->step_count; done++) {
    const int32_t slot = (int32_t)(done & 3);
    if (slot == 0) {
      if ((done & 1023) == 0 && run->is_over && run->is_over(run->context)) break;
      words = ls_qap_words(run->seed, run->stream, (uint64_t)done / 4);
    }
    ls_qap_pair_next(n, &u, &v);
    const int64_t most = ls_qap_accepted(run->temperature, run->logarithms, words.v[slot]);
    const qap_sum delta = QAP(delta_of)(qap, state, u, v);
    if (delta > most) continue;
    if (delta > 0 && state->cost < state->best_cost) {
      QAP(best_keep)(qap, state);
      if (state->best_cost <= run->target) break;
    }
    QAP(swap)(qap, state, u, v, delta);
  }
  if (state->cost < state->best_cost) QAP(best_keep)(qap, state);
  return done;
}

/* ---- Robust tabu ---- */

typedef struct QAP(tabu_view) {
  qap_sum *delta, *pair, *until, *x, *z, *products, *column;
  int32_t n, lane_stride, parts;
  bool has_diagonals;
} QAP(tabu_view);

/* ---- Products: row j holds, for each i, the sum of A[i][k] * B'[j][k] over k and parts ---- */

static void QAP(products_begin)(const ls_qap *qap, const ls_qap_state *state,
                                const QAP(tabu_view) * view)
{
  const size_t length = (size_t)qap->parts * (size_t)qap->stride;
  for (int32_t j = 0; j < view->n; j++)
    for (int32_t c = 0; c < view->n; c += LANE_COUNT) {
      LANES() sum = LANES(_set)(0);
      for (int32_t part = 0; part < qap->parts; part++) {
        /* Column k of A is the other part of its row k. */
        const int32_t other = qap->parts == 2 ? (1 - part) * qap->stride : 0;
        const qap_data *a = (const qap_data *)qap->a + other + c;
        const qap_data *b = QAP(rows_of)(qap, state, j).b + part * qap->stride;
        for (int32_t k = 0; k < view->n; k++, a += length)
          sum = LANES(_add)(sum, LANES(_mul)(QAP_LOAD(a), LANES(_set)(b[k])));
      }
      LANES(_store)(view->products + (size_t)j * (size_t)view->lane_stride + c, sum);
    }
}

/* After a swap of u and v every other row changes by a multiple of x, none where z is 0; the rows
 * of the two change places, less what the pair shares. uv and vu: of B', before the swap. */
static inline __attribute__((always_inline)) void QAP(products_swap)(const QAP(tabu_view) * view,
                                                                     int32_t parts,
                                                                     const int32_t r[2], qap_sum uv,
                                                                     qap_sum vu)
{
  const int32_t n = view->n, stride = view->lane_stride;
  const qap_sum *x = view->x, *z = view->z;
  for (int32_t j = 0; j < n; j++) {
    qap_sum *row = view->products + (size_t)j * (size_t)stride;
    if (j == r[0] || j == r[1] || (z[j] == 0 && (parts == 1 || z[stride + j] == 0))) continue;
    const LANES() zj = LANES(_set)(z[j]), zj2 = LANES(_set)(z[stride + j]);
    for (int32_t c = 0; c < n; c += LANE_COUNT) {
      LANES() sum = LANES(_mul)(LANES(_load)(x + c), zj);
      if (parts == 2) sum = LANES(_add)(sum, LANES(_mul)(LANES(_load)(x + stride + c), zj2));
      LANES(_store)(row + c, LANES(_sub)(LANES(_load)(row + c), sum));
    }
  }
  qap_sum *u = view->products + (size_t)r[0] * (size_t)stride;
  qap_sum *v = view->products + (size_t)r[1] * (size_t)stride;
  for (int32_t c = 0; c < n; c += LANE_COUNT) {
    LANES() less = LANES(_mul)(LANES(_load)(x + c), LANES(_set)(uv)), more = less;
    if (parts == 2) {
      const LANES() x1 = LANES(_load)(x + c), x2 = LANES(_load)(x + stride + c);
      less = LANES(_add)(less, LANES(_mul)(x2, LANES(_set)(vu)));
      more = LANES(_add)(LANES(_mul)(x1, LANES(_set)(vu)), LANES(_mul)(x2, LANES(_set)(uv)));
    }
    const LANES() kept = LANES(_load)(u + c);
    LANES(_store)(u + c, LANES(_sub)(LANES(_load)(v + c), less));
    LANES(_store)(v + c, LANES(_add)(kept, more));
  }
}

/* What a pair shares, for r and all others from column c on: the sums over whole rows lack it. */
static inline LANES()
    QAP(shared)(const ls_qap *qap, const ls_qap_state *state, int32_t r, int32_t parts, int32_t c)
{
  const QAP(rows) rows = QAP(rows_of)(qap, state, r);
  const LANES() a = QAP_LOAD(rows.a + c), b = QAP_LOAD(rows.b + c);
  LANES() sum = LANES(_mul)(a, b);
  if (parts == 1) return LANES(_add)(sum, sum);
  const LANES() a2 = QAP_LOAD(rows.a + qap->stride + c), b2 = QAP_LOAD(rows.b + qap->stride + c);
  sum = LANES(_add)(sum, LANES(_mul)(a2, b2));
  return LANES(_add)(LANES(_add)(sum, sum), LANES(_mul)(LANES(_sub)(a, a2), LANES(_sub)(b2, b)));
}

/* The deltas of all pairs with the two, into their rows, less what the next look adds. */
static inline __attribute__((always_inline)) void
QAP(rows_refresh)(const ls_qap *qap, const ls_qap_state *state, const QAP(tabu_view) * view,
                  const int32_t r[2], int32_t parts)
{
  const int32_t n = view->n, stride = view->lane_stride;
  qap_sum *own = view->column, *column = view->column + stride;
  for (int32_t j = 0; j < n; j++) {
    const qap_sum *row = view->products + (size_t)j * (size_t)stride;
    own[j] = row[j];
    column[j] = row[r[0]];
    column[stride + j] = row[r[1]];
  }
  for (int32_t i = 0; i < 2; i++) {
    const size_t at = (size_t)r[i] * (size_t)stride;
    for (int32_t c = 0; c < n; c += LANE_COUNT) {
      LANES()
      sum =
          LANES(_add)(LANES(_load)(view->products + at + c), LANES(_load)(column + i * stride + c));
      sum = LANES(_sub)(sum, LANES(_add)(LANES(_load)(own + c), LANES(_set)(own[r[i]])));
      sum = LANES(_add)(sum, QAP(shared)(qap, state, r[i], parts, c));
      for (int32_t part = 0; part < parts; part++) {
        const qap_sum *x = view->x + part * stride, *z = view->z + part * stride;
        sum = LANES(_sub)(sum, LANES(_mul)(LANES(_sub)(LANES(_set)(x[r[i]]), LANES(_load)(x + c)),
                                           LANES(_sub)(LANES(_set)(z[r[i]]), LANES(_load)(z + c))));
      }
      LANES(_store)(view->delta + at + c, sum);
    }
  }
}

/* What the diagonals add to the deltas of all pairs with r. */
static inline void QAP(diagonals_add)(const ls_qap *qap, const ls_qap_state *state,
                                      const QAP(tabu_view) * view, int32_t r)
{
  qap_sum *delta = view->delta + (size_t)r * (size_t)view->lane_stride;
  for (int32_t j = 0; j < view->n; j++)
    delta[j] = QAP_ADD(delta[j], (qap->a_diagonal[r] - qap->a_diagonal[j]) *
                                     (state->diagonal[j] - state->diagonal[r]));
}

/* Until when the pairs with r are forbidden; then the mirrored places of row r. */
static inline void QAP(row_finish)(const ls_qap_state *state, const QAP(tabu_view) * view,
                                   int32_t r)
{
  const int32_t n = view->n, stride = view->lane_stride;
  qap_sum *delta = view->delta + (size_t)r * (size_t)stride;
  qap_sum *pair = view->pair + (size_t)r * (size_t)stride;
  const qap_sum *mine = view->until + (size_t)r * (size_t)n;
  const qap_sum *others = view->until + state->p[r];
  for (int32_t j = 0; j < n; j++) {
    const qap_sum a = mine[state->p[j]], b = others[(size_t)j * (size_t)n];
    pair[j] = a < b ? a : b;
  }
  delta[r] = SUM_MAX;
  for (int32_t j = 0; j <= (r | (LS_QAP_BLOCK - 1)) && j < n; j++) {
    view->delta[(size_t)j * (size_t)stride + (size_t)r] = delta[j];
    view->pair[(size_t)j * (size_t)stride + (size_t)r] = pair[j];
  }
}

/* Brings all that is kept of pairs with u or v in line. */
static void QAP(pairs_refresh)(const ls_qap *qap, const ls_qap_state *state,
                               const QAP(tabu_view) * view, int32_t u, int32_t v)
{
  const int32_t r[2] = {u, v};
  if (qap->parts == 1)
    QAP(rows_refresh)(qap, state, view, r, 1);
  else
    QAP(rows_refresh)(qap, state, view, r, 2);
  for (int32_t i = 0; i < 2 && view->has_diagonals; i++) QAP(diagonals_add)(qap, state, view, r[i]);
  QAP(row_finish)(state, view, u);
  QAP(row_finish)(state, view, v);
}

typedef struct QAP(look) {
  qap_sum best;
  int32_t u, v;
} QAP(look);

/* Where in a column the least delta stands. */
static int32_t QAP(row_find)(const QAP(tabu_view) * view, int32_t column, qap_sum best, qap_sum now,
                             qap_sum aspired)
{
  const qap_sum *delta = view->delta + column, *pair = view->pair + column;
  int32_t i = 0;
  for (; i < view->n; i++, delta += view->lane_stride, pair += view->lane_stride)
    if (*delta == best && (*pair < now || best < aspired)) break;
  return i;
}

/* Brings all deltas up to date and finds the least one that is allowed: not tabu, or below aspired.
 * Of each pair one order is looked at, in the blocks on the diagonal both. */
static inline __attribute__((always_inline)) QAP(look)
    QAP(look_at)(const QAP(tabu_view) * view, int32_t parts, qap_sum now, qap_sum aspired)
{
  const int32_t n = view->n, stride = view->lane_stride;
  const LANES() now_lanes = LANES(_set)(now), aspired_lanes = LANES(_set)(aspired);
  qap_sum low[LANE_COUNT];
  QAP(look) look = {SUM_MAX, 0, 0};
  for (int32_t c = 0; c < n; c += LANE_COUNT) {
    const int32_t row_count = (c | (LS_QAP_BLOCK - 1)) < n ? (c | (LS_QAP_BLOCK - 1)) + 1 : n;
    const LANES() x = LANES(_load)(view->x + c), z = LANES(_load)(view->z + c);
    LANES() x2 = x, z2 = z, lowest = LANES(_set)(SUM_MAX);
    if (parts == 2) {
      x2 = LANES(_load)(view->x + stride + c);
      z2 = LANES(_load)(view->z + stride + c);
    }
    qap_sum *delta = view->delta + c;
    const qap_sum *pair = view->pair + c;
    for (int32_t i = 0; i < row_count; i++, delta += stride, pair += stride) {
      LANES()
      d = LANES(_mul)(LANES(_sub)(LANES(_set)(view->x[i]), x),
                      LANES(_sub)(LANES(_set)(view->z[i]), z));
      if (parts == 2)
        d = LANES(_add)(d, LANES(_mul)(LANES(_sub)(LANES(_set)(view->x[stride + i]), x2),
                                       LANES(_sub)(LANES(_set)(view->z[stride + i]), z2)));
      d = LANES(_add)(d, LANES(_load)(delta));
      LANES(_store)(delta, d);
      const MASK() allowed =
          MASK(_or)(LANES(_less)(LANES(_load)(pair), now_lanes), LANES(_less)(d, aspired_lanes));
      lowest = LANES(_lower)(lowest, allowed, d);
    }
    LANES(_store)(low, lowest);
    for (int32_t i = 0; i < LANE_COUNT && c + i < n; i++)
      if (low[i] < look.best) {
        look.best = low[i];
        look.v = c + i;
      }
  }
  if (look.best < SUM_MAX) look.u = QAP(row_find)(view, look.v, look.best, now, aspired);
  return look;
}

static void QAP(tabu_begin)(const ls_qap *qap, const ls_qap_state *state,
                            const QAP(tabu_view) * view)
{
  const size_t lane_count = (size_t)view->lane_stride;
  memset(view->x, 0, 2 * lane_count * sizeof *view->x);
  memset(view->z, 0, 2 * lane_count * sizeof *view->z);
  memset(view->until, 0, (size_t)view->n * (size_t)view->n * sizeof *view->until);
  memset(view->delta, 0, (size_t)view->n * lane_count * sizeof *view->delta);
  memset(view->pair, 0, (size_t)view->n * lane_count * sizeof *view->pair);
  memset(view->column, 0, 3 * lane_count * sizeof *view->column);
  QAP(products_begin)(qap, state, view);
  for (int32_t i = 0; i < view->n; i += 2)
    QAP(pairs_refresh)(qap, state, view, i, i + 1 < view->n ? i + 1 : 0);
}

/* Swaps, forbids the way back for [0.9 n, 1.1 n] moves, and says what the next look has to add. */
static void QAP(tabu_move)(const ls_qap *qap, ls_qap_state *state, const QAP(tabu_view) * view,
                           const QAP(look) * look, int64_t now, const uint32_t random[2])
{
  const int32_t n = view->n, u = look->u, v = look->v;
  const QAP(rows) ru = QAP(rows_of)(qap, state, u), rv = QAP(rows_of)(qap, state, v);
  for (int32_t part = 0; part < view->parts; part++) {
    qap_sum *x = view->x + part * view->lane_stride, *z = view->z + part * view->lane_stride;
    const size_t from = (size_t)part * (size_t)qap->stride;
    for (int32_t k = 0; k < n; k++) {
      x[k] = (qap_sum)ru.a[from + (size_t)k] - rv.a[from + (size_t)k];
      z[k] = (qap_sum)ru.b[from + (size_t)k] - rv.b[from + (size_t)k];
    }
  }
  view->until[u * n + state->p[u]] = (qap_sum)(now + ls_qap_tenure(n, random[0]));
  view->until[v * n + state->p[v]] = (qap_sum)(now + ls_qap_tenure(n, random[1]));
  const int32_t r[2] = {u, v};
  const qap_sum uv = ru.b[v], vu = rv.b[u];
  QAP(swap)(qap, state, u, v, look->best);
  if (qap->parts == 1)
    QAP(products_swap)(view, 1, r, uv, vu);
  else
    QAP(products_swap)(view, 2, r, uv, vu);
  QAP(pairs_refresh)(qap, state, view, u, v);
}

static int64_t QAP(tabu)(const ls_qap *qap, ls_qap_state *state, ls_qap_tabu *tabu,
                         const ls_qap_run *run)
{
  const QAP(tabu_view) view = {.delta = tabu->delta,
                               .pair = tabu->pair,
                               .until = tabu->until,
                               .x = tabu->x,
                               .z = tabu->z,
                               .products = tabu->products,
                               .column = tabu->column,
                               .n = qap->n,
                               .lane_stride = ls_qap_lane_stride(qap->n),
                               .parts = qap->parts,
                               .has_diagonals = qap->has_diagonals};
  int64_t done = 0;
  QAP(tabu_begin)(qap, state, &view);
  while (done < run->step_count && state->best_cost > run->target) {
    if ((done & 127) == 0 && run->is_over && run->is_over(run->context)) break;
    done++;
    const int64_t gain = state->best_cost - state->cost;
    const qap_sum aspired = gain < -(int64_t)(SUM_MAX / 2) ? -(SUM_MAX / 2) : (qap_sum)gain;
    const QAP(look) look = qap->parts == 1 ? QAP(look_at)(&view, 1, (qap_sum)done, aspired)
                                           : QAP(look_at)(&view, 2, (qap_sum)done, aspired);
    if (look.best == SUM_MAX) {
      memset(view.x, 0, 2 * (size_t)view.lane_stride * sizeof *view.x);
      continue;
    }
    const ls_philox_words words = ls_philox(run->seed, run->stream, (uint64_t)done);
    QAP(tabu_move)(qap, state, &view, &look, done, words.v);
    if (state->cost < state->best_cost) QAP(best_keep)(qap, state);
  }
  return done;
}

#define QAP_FUNCTIONS                                                                              \
  {                                                                                                \
    .begin = QAP(begin), .delta = QAP(delta), .swap = QAP(swap), .tabu = QAP(tabu),                \
    .temper = QAP(temper), .descend = QAP(descend)                                                 \
  }
