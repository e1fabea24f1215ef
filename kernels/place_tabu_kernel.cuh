/* Robust tabu search on the device, move by move as QAP(tabu) of the CPU does it.
 *
 * Layout: a block takes an island and, when it is done, the next one. Of each pair i < j it keeps
 * the delta and until when the swap is forbidden, in triangles folded to rows of n - 1
 * (place_fold), in shared memory where both fit, else in L2; until when thing i may not return to
 * place l lies in global memory, where a move touches 4 n of its numbers. Shared memory also holds
 * the permutation and the rows of A and B of the two things that moved last. A move: (1) threads
 * read those rows; (2) a warp for each thing j computes the deltas of j with the two, O(n) each,
 * less what the next look adds; (3) all pairs: add the change by the move, a product a part, and
 * find the least delta allowed. Three barriers. Work per move and part: (2) 2 n^2 products, n^2
 * reads of B at random columns and n^2 of A in order; (3) n^2 / 2 products, two numbers read and
 * one written a pair. The CPU's sums of products of rows, which spare (2), would want n^2 more
 * numbers an island and n^2 more products. Of equal deltas the CPU takes the first column, then the
 * first row, of those that it looks at: i < j, and in the blocks of LS_QAP_BLOCK on the diagonal
 * both ways round; tabu_rank is that order. Measured on an H200:
 * docs/kernels.md. */
#ifndef LS_PLACE_TABU_KERNEL_CUH
#define LS_PLACE_TABU_KERNEL_CUH

#include "place_device.cuh"

enum { TABU_BLOCK = 256, TABU_WARPS = TABU_BLOCK / PLACE_WARP, TABU_STOP = 128 };
enum { TABU_STATIC_BYTES = 1024 }; /* of shared memory, more than is declared */

/* Blocks a multiprocessor that registers leave room for: 64 a thread, or 128 for wide sums. */
template <class sum> constexpr int tabu_blocks = sizeof(sum) == 4 ? 4 : 2;

struct tabu_launch {
  place_batch batch;
  unsigned char *scratch; /* [gridDim.x][scratch_bytes] */
  size_t scratch_bytes;   /* a block: until, and the triangles where they are not shared */
};

/* A move on its way to be the best: the things in the order of the CPU's column and row. */
template <class sum> struct tabu_look {
  sum best;
  uint32_t rank;   /* v in the upper half, u in the lower one; UINT32_MAX: none is allowed */
  uint32_t places; /* those of u and v, likewise */
};

/* An island under way. Pointers lead to shared memory but for until, and as the layout says. */
template <class data, class sum> struct tabu_island {
  const ls_qap *qap;
  uint16_t *p;             /* [p_stride] */
  data *a_u, *b_u, *x, *z; /* [parts][p_stride] rows of u, and their difference from those of v */
  tabu_look<sum> *looks;   /* [TABU_WARPS] */
  sum *delta;              /* folded triangle */
  int32_t *pair, *until;   /* folded triangle; [n][n] */
  int32_t p_stride;
};

/* ---- Layout ---- */

LS_HD size_t tabu_triangle_count(int32_t n) { return (size_t)((n + 1) / 2) * (size_t)(n - 1); }

LS_HD size_t tabu_round(size_t bytes) { return (bytes + 15) & ~(size_t)15; }

/* The triangles of delta and pair. */
LS_HD size_t tabu_triangle_bytes(int32_t n, size_t sum_bytes)
{
  return tabu_round(tabu_triangle_count(n) * sum_bytes) +
         tabu_round(tabu_triangle_count(n) * sizeof(int32_t));
}

LS_HD size_t tabu_until_bytes(int32_t n)
{
  return tabu_round((size_t)n * (size_t)n * sizeof(int32_t));
}

/* In shared memory, without the triangles. */
LS_HD size_t tabu_rows_bytes(int32_t n, int32_t parts, size_t data_bytes)
{
  const size_t stride = (size_t)place_p_stride(n);
  return tabu_round(stride * sizeof(uint16_t)) +
         4 * tabu_round((size_t)parts * stride * data_bytes);
}

/* Row i of the triangle of pairs i < j has n - 1 - i of them; rows r and n - 1 - r share one. */
LS_HD int32_t place_fold(int32_t n, int32_t i, int32_t j)
{
  const int32_t row = i < n - 1 - i ? i : n - 1 - i;
  return row * (n - 1) + (i == row ? j - i - 1 : j - 1);
}

/* ---- The rows of the two ---- */

/* u and v have moved to the places given; behind a barrier p says so, too. */
template <class data, class sum>
__device__ static inline void rows_read(const tabu_island<data, sum> *self, int32_t u, int32_t v,
                                        int32_t place_u, int32_t place_v)
{
  const ls_qap *qap = self->qap;
  const int32_t length = qap->parts * qap->stride;
  const data *a = (const data *)qap->a, *b = (const data *)qap->b;
  LS_NO_UNROLL
  for (int32_t k = (int32_t)threadIdx.x; k < self->p_stride; k += TABU_BLOCK) {
    const int32_t place = k == u ? place_u : k == v ? place_v : self->p[k];
    LS_NO_UNROLL
    for (int32_t part = 0; part < qap->parts; part++) {
      const int32_t from = part * qap->stride, to = part * self->p_stride + k;
      const data a_u = a[u * length + from + k], b_u = b[place_u * length + from + place];
      self->a_u[to] = a_u;
      self->b_u[to] = b_u;
      self->x[to] = (data)(a_u - a[v * length + from + k]);
      self->z[to] = (data)(b[place_v * length + from + place] - b_u);
    }
  }
  if (threadIdx.x == 0) {
    self->p[u] = (uint16_t)place_u;
    self->p[v] = (uint16_t)place_v;
  }
}

/* What the next look adds to the delta of i and j. */
template <class data, class sum>
__device__ static inline sum change_of(const tabu_island<data, sum> *self, int32_t i, int32_t j)
{
  const data *x = self->x, *z = self->z;
  sum change = product<data, sum>(x[j], x[i], z[i], z[j]);
  if (self->qap->parts == 1) return change;
  x += self->p_stride;
  z += self->p_stride;
  return change + product<data, sum>(x[j], x[i], z[i], z[j]);
}

/* Two neighbours' part of the sums over whole rows of the deltas of j with u and with v; rows of
 * the two begin at. */
template <class data, class sum>
__device__ static inline void pair_add(const tabu_island<data, sum> *self, int32_t at, int32_t k,
                                       const data *a_j, const data *b_j, place_pair<uint16_t> place,
                                       sum total[2])
{
  const place_pair<data> a = pair_at(a_j, k), b = {b_j[place.x], b_j[place.y]};
  const place_pair<data> a_u = pair_at(self->a_u + at, k), b_u = pair_at(self->b_u + at, k);
  const place_pair<data> x = pair_at(self->x + at, k), z = pair_at(self->z + at, k);
  total[0] +=
      product<data, sum>(a.x, a_u.x, b.x, b_u.x) + product<data, sum>(a.y, a_u.y, b.y, b_u.y);
  total[1] += product<data, sum>(a.x, (data)(a_u.x - x.x), b.x, (data)(b_u.x + z.x)) +
              product<data, sum>(a.y, (data)(a_u.y - x.y), b.y, (data)(b_u.y + z.y));
}

template <class data, class sum>
__device__ static inline void sums_of(const tabu_island<data, sum> *self, int32_t j, sum total[2])
{
  const ls_qap *qap = self->qap;
  const int32_t length = qap->parts * qap->stride, part = qap->stride;
  const data *a_j = (const data *)qap->a + j * length;
  const data *b_j = (const data *)qap->b + self->p[j] * length;
  total[0] = total[1] = 0;
  LS_NO_UNROLL
  for (int32_t k = place_lane(); 2 * k < qap->n; k += PLACE_WARP) {
    const place_pair<uint16_t> place = pair_at(self->p, k);
    pair_add(self, 0, k, a_j, b_j, place, total);
    if (qap->parts == 2) pair_add(self, self->p_stride, k, a_j + part, b_j + part, place, total);
  }
  total[0] = warp_sum(total[0]);
  total[1] = warp_sum(total[1]);
}

/* Delta and ban of r and j, r being u or v. */
template <class data, class sum>
__device__ static inline void pair_put(const tabu_island<data, sum> *self, int32_t r, int32_t j,
                                       sum total, bool is_pending)
{
  const ls_qap *qap = self->qap;
  const int32_t n = qap->n, place_r = self->p[r], place_j = self->p[j];
  const int32_t length = qap->parts * qap->stride;
  const data *a = (const data *)qap->a, *b = (const data *)qap->b;
  const sum a_rj = a[r * length + j], a_jr = a[j * length + r];
  const sum b_rj = b[place_r * length + place_j], b_jr = b[place_j * length + place_r];
  const int32_t at = r < j ? place_fold(n, r, j) : place_fold(n, j, r);
  total += LS_QAP_SHARED(qap->parts, a_rj, a_jr, b_rj, b_jr) +
           (sum)diagonal_change(qap, r, j, place_r, place_j);
  self->delta[at] = is_pending ? total - change_of(self, r, j) : total;
  const int32_t until_r = self->until[r * n + place_j], until_j = self->until[j * n + place_r];
  self->pair[at] = until_r < until_j ? until_r : until_j;
}

/* All pairs with u or v. is_pending: the next look adds what the swap of the two changes. */
template <class data, class sum>
__device__ static inline void pairs_refresh(const tabu_island<data, sum> *self, int32_t u,
                                            int32_t v, bool is_pending)
{
  const int32_t lane = place_lane(), r = lane ? v : u;
  LS_NO_UNROLL
  for (int32_t j = (int32_t)threadIdx.x / PLACE_WARP; j < self->qap->n; j += TABU_WARPS) {
    sum total[2];
    sums_of(self, j, total);
    /* Of the pair of the two themselves one suffices. */
    if (lane < 2 && j != r && !(lane && j == u))
      pair_put(self, r, j, lane ? total[1] : total[0], is_pending);
  }
}

/* ---- The look ---- */

/* The CPU's column and row of i < j. */
__device__ static inline uint32_t tabu_rank(int32_t i, int32_t j)
{
  const bool is_turned = i / LS_QAP_BLOCK == j / LS_QAP_BLOCK;
  return is_turned ? (uint32_t)i << 16 | (uint32_t)j : (uint32_t)j << 16 | (uint32_t)i;
}

template <class sum>
__device__ static inline bool is_before(const tabu_look<sum> *a, const tabu_look<sum> *b)
{
  return a->best < b->best || (a->best == b->best && a->rank < b->rank);
}

__device__ static inline int32_t shuffle_xor(int32_t value, int32_t bits)
{
  return __shfl_xor_sync(place_warp_all, (int)value, bits);
}

__device__ static inline int64_t shuffle_xor(int64_t value, int32_t bits)
{
  return (int64_t)__shfl_xor_sync(place_warp_all, (long long)value, bits);
}

/* The least of the block. Behind it nobody reads p of before. */
template <class data, class sum>
__device__ static inline tabu_look<sum> look_reduce(const tabu_island<data, sum> *self,
                                                    tabu_look<sum> look)
{
  for (int32_t bits = PLACE_WARP / 2; bits; bits /= 2) {
    tabu_look<sum> other;
    other.best = shuffle_xor(look.best, bits);
    other.rank = __shfl_xor_sync(place_warp_all, (unsigned)look.rank, bits);
    if (is_before(&other, &look)) look = other;
  }
  if (place_lane() == 0) {
    look.places = 0;
    if (look.rank != UINT32_MAX)
      look.places = (uint32_t)self->p[look.rank >> 16] << 16 | self->p[look.rank & 0xffff];
    self->looks[threadIdx.x / PLACE_WARP] = look;
  }
  __syncthreads();
  look = self->looks[0];
  for (int32_t i = 1; i < TABU_WARPS; i++)
    if (is_before(&self->looks[i], &look)) look = self->looks[i];
  return look;
}

/* Brings all deltas up to date and finds the least one that is allowed: not tabu, or below aspired.
 * Called by all threads of the block. */
template <class data, class sum>
__device__ static inline tabu_look<sum> look_at(const tabu_island<data, sum> *self, int32_t now,
                                                sum aspired)
{
  const int32_t n = self->qap->n, row_count = (n + 1) / 2;
  constexpr sum sum_most = (sum)(sizeof(sum) == 4 ? INT32_MAX : INT64_MAX);
  tabu_look<sum> look = {sum_most, UINT32_MAX, 0};
  LS_NO_UNROLL
  for (int32_t row = (int32_t)threadIdx.x / PLACE_WARP; row < row_count; row += TABU_WARPS)
    LS_NO_UNROLL
  for (int32_t c = place_lane(); c < n - 1; c += PLACE_WARP) {
    const bool is_second = c >= n - 1 - row;
    const int32_t i = is_second ? n - 1 - row : row, j = is_second ? c + 1 : row + 1 + c;
    if (is_second && i == row) continue; /* the row in the middle is half a row */
    const int32_t at = row * (n - 1) + c;
    const tabu_look<sum> one = {(sum)(self->delta[at] + change_of(self, i, j)), tabu_rank(i, j), 0};
    self->delta[at] = one.best;
    if ((self->pair[at] < now || one.best < aspired) && is_before(&one, &look)) look = one;
  }
  return look_reduce(self, look);
}

/* ---- An island ---- */

/* No change is on its way. Between barriers. */
template <class data, class sum>
__device__ static inline void change_clear(const tabu_island<data, sum> *self)
{
  __syncthreads();
  for (int32_t k = (int32_t)threadIdx.x; k < self->qap->parts * self->p_stride; k += TABU_BLOCK)
    self->x[k] = self->z[k] = 0;
  __syncthreads();
}

/* The cost of p, for all threads. looks[].best may be too narrow for it. */
template <class data, class sum>
__device__ static inline int64_t cost_of(const tabu_island<data, sum> *self)
{
  LS_SHARED(int64_t, sums, TABU_WARPS);
  const ls_qap *qap = self->qap;
  const int32_t n = qap->n, warp = (int32_t)threadIdx.x / PLACE_WARP;
  const int32_t length = qap->parts * qap->stride;
  int64_t twice = 0, cost = 0;
  LS_NO_UNROLL
  for (int32_t i = warp; i < n; i += TABU_WARPS) {
    const data *a = (const data *)qap->a + i * length;
    const data *b = (const data *)qap->b + self->p[i] * length;
    LS_NO_UNROLL
    for (int32_t j = place_lane(); j < n; j += PLACE_WARP) LS_NO_UNROLL
    for (int32_t part = 0; part < qap->parts; part++)
      twice += (int64_t)a[part * qap->stride + j] * b[part * qap->stride + self->p[j]];
    if (place_lane() == 0) twice += 2 * qap->a_diagonal[i] * qap->b_diagonal[self->p[i]];
  }
  twice = warp_sum(twice);
  __syncthreads(); /* the sums of an island before have been read */
  if (place_lane() == 0) sums[warp] = twice;
  __syncthreads();
  for (int32_t i = 0; i < TABU_WARPS; i++) cost += sums[i];
  return cost / 2;
}

template <class data, class sum>
__device__ static inline void island_begin(const tabu_island<data, sum> *self)
{
  const int32_t n = self->qap->n;
  for (int32_t i = (int32_t)threadIdx.x; i < n * n; i += TABU_BLOCK) self->until[i] = 0;
  for (int32_t u = 0; u < n; u += 2) {
    const int32_t v = u + 1 < n ? u + 1 : 0, place_u = self->p[u], place_v = self->p[v];
    __syncthreads();
    rows_read(self, u, v, place_u, place_v);
    __syncthreads();
    pairs_refresh(self, u, v, false);
  }
  change_clear(self);
}

/* Swaps, forbids the way back, and brings the pairs of the two in line. */
template <class data, class sum>
__device__ static inline void move_do(const tabu_island<data, sum> *self, const place_task *task,
                                      const tabu_look<sum> *look, int32_t now)
{
  const int32_t n = self->qap->n;
  const int32_t v = (int32_t)(look->rank >> 16), u = (int32_t)(look->rank & 0xffff);
  const int32_t place_v = (int32_t)(look->places >> 16), place_u = (int32_t)(look->places & 0xffff);
  if (threadIdx.x == 0) {
    const ls_philox_words words = ls_philox(task->seed, task->stream, (uint64_t)now);
    self->until[u * n + place_u] = now + ls_qap_tenure(n, words.v[0]);
    self->until[v * n + place_v] = now + ls_qap_tenure(n, words.v[1]);
  }
  rows_read(self, u, v, place_v, place_u);
  __syncthreads();
  pairs_refresh(self, u, v, true);
  __syncthreads();
}

template <class data, class sum>
__device__ static inline void best_copy(const tabu_island<data, sum> *self, uint16_t *best_p)
{
  for (int32_t i = (int32_t)threadIdx.x; i < self->qap->n; i += TABU_BLOCK) best_p[i] = self->p[i];
}

/* All threads of the block; they hold the same costs. */
template <class data, class sum>
__device__ static inline void island_run(const tabu_island<data, sum> *self,
                                         const place_batch *batch, int32_t index)
{
  constexpr int64_t half = (sizeof(sum) == 4 ? INT32_MAX : INT64_MAX) / 2;
  place_task *task = &batch->tasks[index];
  uint16_t *best_p = batch->best_p + (size_t)index * (size_t)batch->p_stride;
  int64_t cost = cost_of(self), best_cost = cost, done = 0;
  best_copy(self, best_p);
  island_begin(self);
  while (done < task->step_count && best_cost > task->target) {
    if (done % TABU_STOP == 0 && __syncthreads_or(*batch->stop != 0)) break;
    done++;
    const sum aspired = (sum)ls_max(best_cost - cost, -half);
    const tabu_look<sum> look = look_at(self, (int32_t)done, aspired);
    if (look.rank == UINT32_MAX) {
      change_clear(self);
      continue;
    }
    move_do(self, task, &look, (int32_t)done);
    cost += look.best;
    if (cost >= best_cost) continue;
    best_cost = cost;
    best_copy(self, best_p);
  }
  uint16_t *p = batch->p + (size_t)index * (size_t)batch->p_stride;
  for (int32_t i = (int32_t)threadIdx.x; i < self->qap->n; i += TABU_BLOCK) p[i] = self->p[i];
  if (threadIdx.x == 0) {
    task->cost = cost;
    task->best_cost = best_cost;
    task->done = done;
  }
}

template <class data, class sum, bool is_shared>
static __global__ void __launch_bounds__(TABU_BLOCK, tabu_blocks<sum>)
    tabu_kernel(tabu_launch launch)
{
  LS_SHARED_DYNAMIC(shared);
  LS_SHARED(tabu_look<sum>, looks, TABU_WARPS);
  const place_batch *batch = &launch.batch;
  const ls_qap *qap = &batch->qap;
  const int32_t n = qap->n, p_stride = batch->p_stride;
  const size_t row_bytes = tabu_round((size_t)(qap->parts * p_stride) * sizeof(data));
  unsigned char *rows = shared + tabu_round((size_t)p_stride * sizeof(uint16_t));
  unsigned char *until = launch.scratch + blockIdx.x * launch.scratch_bytes;
  unsigned char *triangles = is_shared ? rows + 4 * row_bytes : until + tabu_until_bytes(n);
  const tabu_island<data, sum> island = {
      qap,
      (uint16_t *)shared,
      (data *)rows,
      (data *)(rows + row_bytes),
      (data *)(rows + 2 * row_bytes),
      (data *)(rows + 3 * row_bytes),
      looks,
      (sum *)triangles,
      (int32_t *)(triangles + tabu_round(tabu_triangle_count(n) * sizeof(sum))),
      (int32_t *)until,
      p_stride};
  for (int32_t i = (int32_t)blockIdx.x; i < batch->count; i += (int32_t)gridDim.x) {
    __syncthreads(); /* the island before is done */
    const uint16_t *p = batch->p + (size_t)i * (size_t)p_stride;
    for (int32_t k = (int32_t)threadIdx.x; k < p_stride; k += TABU_BLOCK) island.p[k] = p[k];
    __syncthreads();
    island_run(&island, batch, i);
  }
}

#endif
