/* Metropolis steps on the device, as QAP(temper) of the CPU does them.
 *
 * Layout: a warp takes a replica, a block up to TEMPER_WARPS of them. Shared memory holds their
 * permutations, 2 n bytes each, and B once a block, 2 n^2 bytes in 16 bits and twice that where
 * rows have two parts, if it fits; else B is read from L2. The rows of A are read in order, two
 * neighbours a load, from L1. Each lane draws and judges the words of four proposals in advance,
 * so that a Philox block is computed once and not by 32 lanes.
 * Work per proposal and part, n/2 turns over lanes: three loads of pairs (p and two rows of A),
 * four reads of B at random columns, two products of two differences, ten operations for their
 * places; then a sum over the warp, what the pair shares, and, if accepted, two numbers change
 * places. Measured on an H200: docs/kernels.md. */
#ifndef LS_PLACE_TEMPER_KERNEL_CUH
#define LS_PLACE_TEMPER_KERNEL_CUH

#include "place_device.cuh"

/* Proposals that are drawn at once, four a lane; and those between two looks at the stop. */
enum { TEMPER_WARPS = 12, TEMPER_DRAWN = 4 * PLACE_WARP, TEMPER_STOP = 1 << 14 };
static_assert(TEMPER_STOP % TEMPER_DRAWN == 0, "a look at the stop comes between two draws");

/* Blocks a multiprocessor that registers leave room for: 80 a thread, or 168 for wide sums. */
template <class sum> constexpr int temper_blocks = sizeof(sum) == 4 ? 2 : 1;

struct temper_launch {
  place_batch batch;
};

/* B, and how its rows lie. */
template <class data> struct temper_matrix {
  const data *at;
  int32_t row, part;
};

/* A replica under way; all lanes hold the same. */
struct temper_walk {
  uint16_t *p;      /* [p_stride] in shared memory */
  uint16_t *best_p; /* [p_stride] */
  int32_t u, v, accepted, idle;
  int64_t cost, best_cost;
};

/* Four proposals of a lane: the largest change that each accepts. */
template <class sum> struct temper_words {
  sum most[4];
};

template <class sum>
__device__ static inline temper_words<sum> words_draw(const place_batch *batch,
                                                      const place_task *task, int32_t first)
{
  constexpr int64_t sum_most = sizeof(sum) == 4 ? INT32_MAX : INT64_MAX;
  temper_words<sum> drawn;
  const ls_philox_words words =
      ls_qap_words(task->seed, task->stream, (uint64_t)first / 4 + (uint32_t)place_lane());
  for (int32_t i = 0; i < 4; i++)
    drawn.most[i] =
        (sum)ls_min(ls_qap_accepted(task->temperature, batch->logarithms, words.v[i]), sum_most);
  return drawn;
}

/* Of proposal i of those drawn. */
template <class sum>
__device__ static inline sum word_take(const temper_words<sum> *drawn, int32_t i)
{
  const sum even = i & 2 ? drawn->most[2] : drawn->most[0];
  const sum odd = i & 2 ? drawn->most[3] : drawn->most[1];
  if constexpr (sizeof(sum) == 4)
    return (sum)__shfl_sync(place_warp_all, (int)(i & 1 ? odd : even), i >> 2);
  else
    return (sum)__shfl_sync(place_warp_all, (long long)(i & 1 ? odd : even), i >> 2);
}

/* Two neighbours' part of a sum over whole rows. Both rows start at the same part. */
template <class data, class sum>
__device__ static inline sum pair_sum(const data *a_u, const data *a_v, const data *b_u,
                                      const data *b_v, int32_t k, place_pair<uint16_t> place)
{
  const place_pair<data> from_u = pair_at(a_u, k), from_v = pair_at(a_v, k);
  return product<data, sum>(from_v.x, from_u.x, b_v[place.x], b_u[place.x]) +
         product<data, sum>(from_v.y, from_u.y, b_v[place.y], b_u[place.y]);
}

template <class data, class sum>
__device__ static inline sum delta_of(const ls_qap *qap, const temper_matrix<data> *b,
                                      const temper_walk *walk)
{
  const int32_t u = walk->u, v = walk->v, a_row = qap->parts * qap->stride, a_part = qap->stride;
  const int32_t place_u = walk->p[u], place_v = walk->p[v];
  const data *a_u = (const data *)qap->a + u * a_row, *a_v = (const data *)qap->a + v * a_row;
  const data *b_u = b->at + place_u * b->row, *b_v = b->at + place_v * b->row;
  sum total = 0;
  LS_NO_UNROLL
  for (int32_t k = place_lane(); 2 * k < qap->n; k += PLACE_WARP) {
    const place_pair<uint16_t> place = pair_at(walk->p, k);
    total += pair_sum<data, sum>(a_u, a_v, b_u, b_v, k, place);
    if (qap->parts == 2)
      total +=
          pair_sum<data, sum>(a_u + a_part, a_v + a_part, b_u + b->part, b_v + b->part, k, place);
  }
  const sum a_uv = a_u[v], a_vu = a_v[u], b_uv = b_u[place_v], b_vu = b_v[place_u];
  return warp_sum(total) + LS_QAP_SHARED(qap->parts, a_uv, a_vu, b_uv, b_vu) +
         (sum)diagonal_change(qap, u, v, place_u, place_v);
}

/* Called by all lanes, after which lanes may change p only behind a barrier. */
__device__ static inline void best_keep(temper_walk *walk, int32_t n)
{
  walk->best_cost = walk->cost;
  for (int32_t i = place_lane(); i < n; i += PLACE_WARP) walk->best_p[i] = walk->p[i];
}

__device__ static inline void swap(const temper_walk *walk)
{
  __syncwarp(); /* all have read what changes */
  if (place_lane() == 0) {
    const uint16_t place = walk->p[walk->u];
    walk->p[walk->u] = walk->p[walk->v];
    walk->p[walk->v] = place;
  }
  __syncwarp();
}

/* Returns the proposals done. */
template <class data, class sum>
__device__ static inline int32_t walk_run(const place_batch *batch, const place_task *task,
                                          const temper_matrix<data> *b, temper_walk *walk)
{
  const ls_qap *qap = &batch->qap;
  const int32_t step_count = (int32_t)task->step_count;
  for (int32_t first = 0; first < step_count; first += TEMPER_DRAWN) {
    /* All lanes must see the same. */
    if (first % TEMPER_STOP == 0 && __any_sync(place_warp_all, *batch->stop != 0)) return first;
    const temper_words<sum> drawn = words_draw<sum>(batch, task, first);
    const int32_t count = (int32_t)ls_min(TEMPER_DRAWN, step_count - first);
    LS_NO_UNROLL
    for (int32_t i = 0; i < count; i++) {
      ls_qap_pair_next(qap->n, &walk->u, &walk->v);
      const sum most = word_take(&drawn, i), delta = delta_of<data, sum>(qap, b, walk);
      if (delta > most) continue;
      if (delta > 0 && walk->cost < walk->best_cost) {
        best_keep(walk, qap->n);
        if (walk->best_cost <= task->target) return first + i;
      }
      swap(walk);
      walk->cost += delta;
      walk->accepted++;
      walk->idle += delta == 0;
    }
  }
  return step_count;
}

/* All threads of the block. */
template <class data>
__device__ static inline temper_matrix<data> matrix_share(const ls_qap *qap, data *shared)
{
  const data *b = (const data *)qap->b;
  const int32_t n = qap->n, row = qap->parts * n;
  for (int32_t i = 0; i < n * qap->parts; i++)
    for (int32_t j = (int32_t)threadIdx.x; j < n; j += (int32_t)blockDim.x)
      shared[i * n + j] = b[i * qap->stride + j];
  __syncthreads();
  return {shared, row, n};
}

template <class data, class sum, bool is_shared>
static __global__ void __launch_bounds__(TEMPER_WARPS *PLACE_WARP, temper_blocks<sum>)
    temper_kernel(temper_launch launch)
{
  LS_SHARED_DYNAMIC(shared);
  const place_batch *batch = &launch.batch;
  const ls_qap *qap = &batch->qap;
  const int32_t warp = (int32_t)threadIdx.x / PLACE_WARP, warps = (int32_t)blockDim.x / PLACE_WARP;
  const int32_t index = (int32_t)blockIdx.x * warps + warp, p_stride = batch->p_stride;
  temper_matrix<data> b = {(const data *)qap->b, qap->parts * qap->stride, qap->stride};
  if (is_shared) b = matrix_share(qap, (data *)(shared + place_shared_p_bytes(warps, p_stride)));
  if (index >= batch->count) return;
  place_task *task = &batch->tasks[index];
  uint16_t *p = batch->p + (size_t)index * (size_t)p_stride;
  temper_walk walk = {(uint16_t *)shared + warp * p_stride,
                      batch->best_p + (size_t)index * (size_t)p_stride,
                      0,
                      0,
                      0,
                      0,
                      task->cost,
                      task->best_cost};
  for (int32_t i = place_lane(); i < p_stride; i += PLACE_WARP) walk.p[i] = p[i];
  __syncwarp();
  int64_t done = task->step_count;
  if (qap->n > 1) {
    walk.u = walk.v = ls_qap_pair_first(task->seed, task->stream, qap->n);
    done = walk_run<data, sum>(batch, task, &b, &walk);
  }
  if (walk.cost < walk.best_cost) best_keep(&walk, qap->n);
  for (int32_t i = place_lane(); i < qap->n; i += PLACE_WARP) p[i] = walk.p[i];
  if (place_lane() == 0) {
    task->cost = walk.cost;
    task->best_cost = walk.best_cost;
    task->done = done;
    task->accepted = walk.accepted;
    task->idle = walk.idle;
  }
}

#endif
