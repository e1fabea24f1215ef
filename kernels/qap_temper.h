/* Metropolis at one temperature; a part of qap_steps.h. The pairs come in turn, which does better
 * than drawing them (Connolly, "An improved annealing scheme for the QAP", EJOR 46, 1990): (u, u+1)
 * .. (u, n-1), then (u+1, u+2) and so on, from a random u. Proposal number s takes word s & 3 of
 * Philox's step 1 + s / 4. The best is copied when it is left, not when it is found.
 *
 * There are two ways to walk, which accept the same proposals. One computes each delta, O(n). The
 * other keeps the products: the deltas of a row are sums of four of them and come all at once, only
 * those that some random number would accept are looked at, and an accepted one costs O(n^2). */

/* The random numbers of a run, four at a time, and the highest that its temperature can give. */
typedef struct QAP(draw) {
  const ls_qap_run *run;
  int64_t highest, group;
  ls_philox_words words;
} QAP(draw);

/* Whether a delta, no more than the highest, is accepted as a proposal. */
static inline bool QAP(is_accepted)(QAP(draw) * draw, int64_t proposal, qap_sum delta)
{
  const ls_qap_run *run = draw->run;
  if (proposal / 4 != draw->group) {
    draw->group = proposal / 4;
    draw->words = ls_qap_words(run->seed, run->stream, (uint64_t)draw->group);
  }
  return delta <= ls_qap_accepted(run->temperature, run->logarithms, draw->words.v[proposal & 3]);
}

/* Keeps the best that an accepted delta leaves; true: it reaches the target. */
static inline bool QAP(best_leave)(const ls_qap *qap, ls_qap_state *state, const ls_qap_run *run,
                                   qap_sum delta)
{
  if (delta <= 0 || state->cost >= state->best_cost) return false;
  QAP(best_keep)(qap, state);
  return state->best_cost <= run->target;
}

/* The pairs (u, u+1) .. (u, end-1), which are the proposals from first on. Returns the first that
 * was not done: end, or less where the target is reached. */
static int32_t QAP(row_plain)(const ls_qap *qap, ls_qap_state *state, QAP(draw) * draw, int32_t u,
                              int32_t end, int64_t first)
{
  for (int32_t v = u + 1; v < end; v++) {
    const qap_sum delta = QAP(delta_of)(qap, state, u, v);
    if (delta > draw->highest || !QAP(is_accepted)(draw, first + v - (u + 1), delta)) continue;
    if (QAP(best_leave)(qap, state, draw->run, delta)) return v;
    QAP(swap)(qap, state, u, v, delta);
    state->accepted++;
    state->idle += delta == 0;
  }
  return end;
}

/* ---- With products ---- */

typedef struct QAP(walk) {
  QAP(products) kept;
  qap_sum *own, *row; /* [lane_stride]: products[j][j]; the deltas of a row */
} QAP(walk);

/* The deltas of the pairs (u, v) for all v from the one given on. */
static inline __attribute__((always_inline)) void QAP(row_fill)(const ls_qap *qap,
                                                                const ls_qap_state *state,
                                                                const QAP(walk) * walk, int32_t u,
                                                                int32_t v, int32_t parts)
{
  const size_t stride = (size_t)walk->kept.lane_stride;
  const qap_sum *row = walk->kept.at + (size_t)u * stride, *column = walk->kept.at + u;
  for (int32_t j = v; j < qap->n; j++) walk->row[j] = column[(size_t)j * stride];
  for (int32_t c = v / LANE_COUNT * LANE_COUNT; c < qap->n; c += LANE_COUNT) {
    LANES() sum = LANES(_add)(LANES(_load)(row + c), LANES(_load)(walk->row + c));
    sum = LANES(_sub)(sum, LANES(_add)(LANES(_load)(walk->own + c), LANES(_set)(walk->own[u])));
    LANES(_store)(walk->row + c, LANES(_add)(sum, QAP(shared)(qap, state, u, parts, c)));
  }
  for (int32_t j = v; qap->has_diagonals && j < qap->n; j++)
    walk->row[j] = QAP_ADD(walk->row[j], (qap->a_diagonal[u] - qap->a_diagonal[j]) *
                                             (state->diagonal[j] - state->diagonal[u]));
}

/* The products of each thing with itself change as their rows do. */
static inline void QAP(own_change)(const QAP(walk) * walk, int32_t u, int32_t v)
{
  const size_t stride = (size_t)walk->kept.lane_stride;
  for (int32_t part = 0; part < walk->kept.parts; part++) {
    const qap_sum *x = walk->kept.x + (size_t)part * stride;
    const qap_sum *z = walk->kept.z + (size_t)part * stride;
    for (size_t c = 0; c < stride; c += LANE_COUNT) LANES(_store)
    (walk->own + c, LANES(_sub)(LANES(_load)(walk->own + c),
                                LANES(_mul)(LANES(_load)(x + c), LANES(_load)(z + c))));
  }
  walk->own[u] = walk->kept.at[(size_t)u * (stride + 1)];
  walk->own[v] = walk->kept.at[(size_t)v * (stride + 1)];
}

static void QAP(walk_swap)(const ls_qap *qap, ls_qap_state *state, const QAP(walk) * walk,
                           int32_t u, int32_t v)
{
  const int32_t r[2] = {u, v};
  const qap_sum uv = QAP(rows_of)(qap, state, u).b[v], vu = QAP(rows_of)(qap, state, v).b[u];
  QAP(differences)(qap, state, &walk->kept, u, v);
  QAP(swap)(qap, state, u, v, walk->row[v]);
  if (qap->parts == 1)
    QAP(products_swap)(&walk->kept, 1, r, uv, vu);
  else
    QAP(products_swap)(&walk->kept, 2, r, uv, vu);
  QAP(own_change)(walk, u, v);
}

/* The first v from the one given on, below end, whose delta is below the limit; end if none. */
static inline int32_t QAP(row_next)(const qap_sum *row, int32_t v, int32_t end, LANES() limit)
{
  int32_t c = v / LANE_COUNT * LANE_COUNT;
  uint32_t from = ~(uint32_t)0 << (v - c);
  for (; c < end; c += LANE_COUNT) {
    const uint32_t bits = MASK(_bits)(LANES(_less)(LANES(_load)(row + c), limit)) & from;
    from = ~(uint32_t)0;
    if (bits == 0) continue;
    const int32_t found = c + __builtin_ctz(bits);
    return found < end ? found : end;
  }
  return end;
}

/* As row_plain. */
static int32_t QAP(row_kept)(const ls_qap *qap, ls_qap_state *state, const QAP(walk) * walk,
                             QAP(draw) * draw, int32_t u, int32_t end, int64_t first)
{
  const LANES() limit =
      LANES(_set)(draw->highest < SUM_MAX ? (qap_sum)(draw->highest + 1) : SUM_MAX);
  int32_t v = u + 1;
  while (v < end) {
    if (qap->parts == 1)
      QAP(row_fill)(qap, state, walk, u, v, 1);
    else
      QAP(row_fill)(qap, state, walk, u, v, 2);
    for (v = QAP(row_next)(walk->row, v, end, limit); v < end;
         v = QAP(row_next)(walk->row, v + 1, end, limit)) {
      const qap_sum delta = walk->row[v];
      if (!QAP(is_accepted)(draw, first + v - (u + 1), delta)) continue;
      if (QAP(best_leave)(qap, state, draw->run, delta)) return v;
      QAP(walk_swap)(qap, state, walk, u, v++);
      state->accepted++;
      state->idle += delta == 0;
      break;
    }
  }
  return end;
}

static QAP(walk) QAP(walk_begin)(const ls_qap *qap, const ls_qap_state *state)
{
  ls_qap_walk *kept = state->walk;
  const int32_t stride = ls_qap_lane_stride(qap->n);
  const QAP(walk) walk = {.kept = {.at = kept->products,
                                   .x = kept->x,
                                   .z = kept->z,
                                   .rows = kept->rows,
                                   .n = qap->n,
                                   .lane_stride = stride,
                                   .parts = qap->parts},
                          .own = kept->row,
                          .row = (qap_sum *)kept->row + stride};
  if (kept->is_kept) return walk;
  QAP(products_begin)(qap, state, &walk.kept);
  for (int32_t j = 0; j < qap->n; j++) walk.own[j] = walk.kept.at[(size_t)j * (size_t)(stride + 1)];
  kept->is_kept = true;
  return walk;
}

static int64_t QAP(temper)(const ls_qap *qap, ls_qap_state *state, const ls_qap_run *run)
{
  const int32_t n = qap->n;
  const bool is_kept = state->walk && run->is_quiet;
  QAP(draw)
  draw = {
      .run = run, .highest = ls_qap_accepted(run->temperature, run->logarithms, 0), .group = -1};
  QAP(walk) walk = {.own = NULL};
  int64_t done = 0, asked = 0;
  state->accepted = state->idle = 0;
  if (n < 2) return run->step_count;
  if (is_kept)
    walk = QAP(walk_begin)(qap, state);
  else
    QAP(walk_forget)(state);
  int32_t u = ls_qap_pair_first(run->seed, run->stream, n);
  while (done < run->step_count) {
    if (done >= asked && run->is_over && run->is_over(run->context)) break;
    if (done >= asked) asked += PROPOSALS_ASKED;
    const int64_t left = run->step_count - done;
    const int32_t end = left < n - (u + 1) ? (int32_t)(u + 1 + left) : n;
    const int32_t v = is_kept ? QAP(row_kept)(qap, state, &walk, &draw, u, end, done)
                              : QAP(row_plain)(qap, state, &draw, u, end, done);
    done += v - (u + 1);
    if (v < end) break;
    u = u + 2 < n ? u + 1 : 0;
  }
  if (state->cost < state->best_cost) QAP(best_keep)(qap, state);
  return done;
}
