/* Robust tabu search; a part of qap_steps.h. */

typedef struct QAP(tabu_view) {
  QAP(products) kept;
  qap_sum *delta, *pair, *until, *x, *z, *column;
  int32_t n, lane_stride;
  bool has_diagonals;
} QAP(tabu_view);

/* The deltas of all pairs with the two, into their rows, less what the next look adds. */
static inline __attribute__((always_inline)) void
QAP(rows_refresh)(const ls_qap *qap, const ls_qap_state *state, const QAP(tabu_view) * view,
                  const int32_t r[2], int32_t parts)
{
  const int32_t n = view->n, stride = view->lane_stride;
  qap_sum *own = view->column, *column = view->column + stride;
  for (int32_t j = 0; j < n; j++) {
    const qap_sum *row = view->kept.at + (size_t)j * (size_t)stride;
    own[j] = row[j];
    column[j] = row[r[0]];
    column[stride + j] = row[r[1]];
  }
  for (int32_t i = 0; i < 2; i++) {
    const size_t at = (size_t)r[i] * (size_t)stride;
    for (int32_t c = 0; c < n; c += LANE_COUNT) {
      LANES()
      sum =
          LANES(_add)(LANES(_load)(view->kept.at + at + c), LANES(_load)(column + i * stride + c));
      sum = LANES(_sub)(sum, LANES(_add)(LANES(_load)(own + c), LANES(_set)(own[r[i]])));
      sum = LANES(_add)(sum, QAP(shared)(qap, state, r[i], parts, c));
      for (int32_t part = 0; part < parts; part++) {
        const qap_sum *x = view->kept.x + part * stride, *z = view->kept.z + part * stride;
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
    const LANES() x = LANES(_load)(view->kept.x + c), z = LANES(_load)(view->kept.z + c);
    LANES() x2 = x, z2 = z, lowest = LANES(_set)(SUM_MAX);
    if (parts == 2) {
      x2 = LANES(_load)(view->kept.x + stride + c);
      z2 = LANES(_load)(view->kept.z + stride + c);
    }
    qap_sum *delta = view->delta + c;
    const qap_sum *pair = view->pair + c;
    for (int32_t i = 0; i < row_count; i++, delta += stride, pair += stride) {
      LANES()
      d = LANES(_mul)(LANES(_sub)(LANES(_set)(view->kept.x[i]), x),
                      LANES(_sub)(LANES(_set)(view->kept.z[i]), z));
      if (parts == 2)
        d = LANES(_add)(d, LANES(_mul)(LANES(_sub)(LANES(_set)(view->kept.x[stride + i]), x2),
                                       LANES(_sub)(LANES(_set)(view->kept.z[stride + i]), z2)));
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
  memset(view->kept.x, 0, 2 * lane_count * sizeof *view->kept.x);
  memset(view->kept.z, 0, 2 * lane_count * sizeof *view->kept.z);
  memset(view->until, 0, (size_t)view->n * (size_t)view->n * sizeof *view->until);
  memset(view->delta, 0, (size_t)view->n * lane_count * sizeof *view->delta);
  memset(view->pair, 0, (size_t)view->n * lane_count * sizeof *view->pair);
  memset(view->column, 0, 3 * lane_count * sizeof *view->column);
  QAP(products_begin)(qap, state, &view->kept);
  for (int32_t i = 0; i < view->n; i += 2)
    QAP(pairs_refresh)(qap, state, view, i, i + 1 < view->n ? i + 1 : 0);
}

/* Swaps, forbids the way back for [0.9 n, 1.1 n] moves, and says what the next look has to add. */
static void QAP(tabu_move)(const ls_qap *qap, ls_qap_state *state, const QAP(tabu_view) * view,
                           const QAP(look) * look, int64_t now, const uint32_t random[2])
{
  const int32_t n = view->n, u = look->u, v = look->v;
  const QAP(rows) ru = QAP(rows_of)(qap, state, u), rv = QAP(rows_of)(qap, state, v);
  QAP(differences)(qap, state, &view->kept, u, v);
  view->until[u * n + state->p[u]] = (qap_sum)(now + ls_qap_tenure(n, random[0]));
  view->until[v * n + state->p[v]] = (qap_sum)(now + ls_qap_tenure(n, random[1]));
  const int32_t r[2] = {u, v};
  const qap_sum uv = ru.b[v], vu = rv.b[u];
  QAP(swap)(qap, state, u, v, look->best);
  if (qap->parts == 1)
    QAP(products_swap)(&view->kept, 1, r, uv, vu);
  else
    QAP(products_swap)(&view->kept, 2, r, uv, vu);
  QAP(pairs_refresh)(qap, state, view, u, v);
}

static int64_t QAP(tabu)(const ls_qap *qap, ls_qap_state *state, ls_qap_tabu *tabu,
                         const ls_qap_run *run)
{
  const QAP(tabu_view) view = {.kept = {.at = tabu->products,
                                        .x = tabu->x,
                                        .z = tabu->z,
                                        .rows = tabu->rows,
                                        .n = qap->n,
                                        .lane_stride = ls_qap_lane_stride(qap->n),
                                        .parts = qap->parts},
                               .delta = tabu->delta,
                               .pair = tabu->pair,
                               .until = tabu->until,
                               .column = tabu->column,
                               .n = qap->n,
                               .lane_stride = ls_qap_lane_stride(qap->n),
                               .has_diagonals = qap->has_diagonals};
  int64_t done = 0;
  QAP(walk_forget)(state);
  QAP(tabu_begin)(qap, state, &view);
  while (done < run->step_count && state->best_cost > run->target) {
    if ((done & 127) == 0 && run->is_over && run->is_over(run->context)) break;
    done++;
    const int64_t gain = state->best_cost - state->cost;
    const qap_sum aspired = gain < -(int64_t)(SUM_MAX / 2) ? -(SUM_MAX / 2) : (qap_sum)gain;
    const QAP(look) look = qap->parts == 1 ? QAP(look_at)(&view, 1, (qap_sum)done, aspired)
                                           : QAP(look_at)(&view, 2, (qap_sum)done, aspired);
    if (look.best == SUM_MAX) {
      memset(view.kept.x, 0, 2 * (size_t)view.lane_stride * sizeof *view.kept.x);
      continue;
    }
    const ls_philox_words words = ls_philox(run->seed, run->stream, (uint64_t)done);
    QAP(tabu_move)(qap, state, &view, &look, done, words.v);
    if (state->cost < state->best_cost) QAP(best_keep)(qap, state);
  }
  return done;
}
