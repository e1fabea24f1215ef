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
  const qap_sum sum =
      QAP(sum)(ru, rv, qap->parts * qap->stride & -(LS_QAP_ALIGNMENT / QAP_DATA_BYTES)) +
      LS_QAP_SHARED(qap->parts, a_uv, a_vu, b_uv, b_vu);
  if (!qap->has_diagonals) return sum;
  return sum + (qap_sum)((qap->a_diagonal[u] - qap->a_diagonal[v]) *
                         (state->diagonal[v] - state->diagonal[u]));
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

static inline void QAP(walk_forget)(ls_qap_state *state)
{
  if (state->walk) state->walk->is_kept = false;
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
  QAP(walk_forget)(state);
  QAP(best_keep)(qap, state);
}

/* ---- Steepest descent, pair by pair ---- */

static void QAP(descend)(const ls_qap *qap, ls_qap_state *state)
{
  bool is_better = true;
  QAP(walk_forget)(state);
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

/* ---- Products: row j holds, for each i, the sum of A[i][k] * B'[j][k] over k and parts ---- */

typedef struct QAP(products) {
  qap_sum *at, *x, *z;
  int32_t *rows; /* [n] */
  int32_t n, lane_stride, parts;
} QAP(products);

static void QAP(products_begin)(const ls_qap *qap, const ls_qap_state *state,
                                const QAP(products) * kept)
{
  const size_t length = (size_t)qap->parts * (size_t)qap->stride;
  for (int32_t j = 0; j < kept->n; j++)
    for (int32_t c = 0; c < kept->n; c += LANE_COUNT) {
      LANES() sum = LANES(_set)(0);
      for (int32_t part = 0; part < qap->parts; part++) {
        /* Column k of A is the other part of its row k. */
        const int32_t other = qap->parts == 2 ? (1 - part) * qap->stride : 0;
        const qap_data *a = (const qap_data *)qap->a + other + c;
        const qap_data *b = QAP(rows_of)(qap, state, j).b + part * qap->stride;
        for (int32_t k = 0; k < kept->n; k++, a += length)
          sum = LANES(_add)(sum, LANES(_mul)(QAP_LOAD(a), LANES(_set)(b[k])));
      }
      LANES(_store)(kept->at + (size_t)j * (size_t)kept->lane_stride + c, sum);
    }
}

/* What a swap of u and v, who still stand where they stood, changes the sums of all others by. */
static inline void QAP(differences)(const ls_qap *qap, const ls_qap_state *state,
                                    const QAP(products) * kept, int32_t u, int32_t v)
{
  const QAP(rows) ru = QAP(rows_of)(qap, state, u), rv = QAP(rows_of)(qap, state, v);
  for (int32_t part = 0; part < kept->parts; part++) {
    qap_sum *x = kept->x + part * kept->lane_stride, *z = kept->z + part * kept->lane_stride;
    const int32_t from = part * qap->stride;
    for (int32_t c = 0; c < kept->n; c += LANE_COUNT) {
      LANES(_store)(x + c, LANES(_sub)(QAP_LOAD(ru.a + from + c), QAP_LOAD(rv.a + from + c)));
      LANES(_store)(z + c, LANES(_sub)(QAP_LOAD(ru.b + from + c), QAP_LOAD(rv.b + from + c)));
    }
  }
}

/* The rows that a swap changes and does not move: where z is not 0. */
static inline int32_t QAP(rows_list)(const QAP(products) * kept, int32_t parts, const int32_t r[2])
{
  const qap_sum *z = kept->z, *z2 = parts == 2 ? z + kept->lane_stride : z;
  const int32_t n = kept->n;
  int32_t *rows = kept->rows, count = 0;
  for (int32_t j = 0; j < n; j++) {
    rows[count] = j;
    count += ((z[j] | z2[j]) != 0) & (j != r[0]) & (j != r[1]);
  }
  return count;
}

/* So many vectors of columns, of all rows listed; a constant, so that x stays in registers. */
static inline __attribute__((always_inline)) void QAP(columns_change)(const QAP(products) * kept,
                                                                      int32_t parts, int32_t count,
                                                                      int32_t c, int32_t vectors)
{
  const size_t stride = (size_t)kept->lane_stride;
  const qap_sum *z = kept->z, *z2 = z + stride, *from = kept->x + c;
  const int32_t *rows = kept->rows;
  qap_sum *products = kept->at + c;
  LANES() x[COLUMN_VECTORS], x2[COLUMN_VECTORS];
  for (int32_t i = 0; i < vectors; i++) {
    x[i] = LANES(_load)(from + i * LANE_COUNT);
    if (parts == 2) x2[i] = LANES(_load)(from + stride + i * LANE_COUNT);
  }
  for (int32_t r = 0; r < count; r++) {
    const int32_t j = rows[r];
    const LANES() zj = LANES(_set)(z[j]), zj2 = LANES(_set)(parts == 2 ? z2[j] : 0);
    qap_sum *at = products + (size_t)j * stride;
    for (int32_t i = 0; i < vectors; i++) {
      LANES() change = LANES(_mul)(x[i], zj);
      if (parts == 2) change = LANES(_add)(change, LANES(_mul)(x2[i], zj2));
      LANES(_store)(at + i * LANE_COUNT, LANES(_sub)(LANES(_load)(at + i * LANE_COUNT), change));
    }
  }
}

/* After a swap of u and v every other row changes by a multiple of x, none where z is 0; the rows
 * of the two change places, less what the pair shares. uv and vu: of B', before the swap. */
static inline __attribute__((always_inline)) void QAP(products_swap)(const QAP(products) * kept,
                                                                     int32_t parts,
                                                                     const int32_t r[2], qap_sum uv,
                                                                     qap_sum vu)
{
  const int32_t n = kept->n, stride = kept->lane_stride;
  const qap_sum *x = kept->x;
  const int32_t count = QAP(rows_list)(kept, parts, r);
  int32_t done = 0;
  for (; done + COLUMN_VECTORS * LANE_COUNT <= stride; done += COLUMN_VECTORS * LANE_COUNT)
    QAP(columns_change)(kept, parts, count, done, COLUMN_VECTORS);
  for (; done + 2 * LANE_COUNT <= stride; done += 2 * LANE_COUNT)
    QAP(columns_change)(kept, parts, count, done, 2);
  for (; done < n; done += LANE_COUNT) QAP(columns_change)(kept, parts, count, done, 1);
  qap_sum *u = kept->at + (size_t)r[0] * (size_t)stride;
  qap_sum *v = kept->at + (size_t)r[1] * (size_t)stride;
  for (int32_t c = 0; c < n; c += LANE_COUNT) {
    LANES() less = LANES(_mul)(LANES(_load)(x + c), LANES(_set)(uv)), more = less;
    if (parts == 2) {
      const LANES() x1 = LANES(_load)(x + c), x2 = LANES(_load)(x + stride + c);
      less = LANES(_add)(less, LANES(_mul)(x2, LANES(_set)(vu)));
      more = LANES(_add)(LANES(_mul)(x1, LANES(_set)(vu)), LANES(_mul)(x2, LANES(_set)(uv)));
    }
    const LANES() before = LANES(_load)(u + c);
    LANES(_store)(u + c, LANES(_sub)(LANES(_load)(v + c), less));
    LANES(_store)(v + c, LANES(_add)(before, more));
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

#include "qap_temper.h"

#include "qap_tabu.h"

#define QAP_FUNCTIONS                                                                              \
  {                                                                                                \
    .begin = QAP(begin), .delta = QAP(delta), .swap = QAP(swap), .tabu = QAP(tabu),                \
    .temper = QAP(temper), .descend = QAP(descend)                                                 \
  }
