/* Structures are merged in batches: within one, workers take structures from a counter and prune
 * against the front as it stood before; then one of them inserts what all have found. So what is
 * pruned, and counted, depends on the order of structures alone and not on the threads. Batches
 * double from few structures, as long as the front is still weak, to many. */
#include "sweep_merge.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "merge_structure.h"
#include "stop_flag.h"

enum { BATCH_MIN = 8, BATCH_MAX = 1024 };

typedef struct merge_sweep {
  const ls_problem *problem;
  const ls_sweep_options *options;
  ls_front *front;
  struct merge_worker *workers; /* [options->thread_count] */
  int32_t worker_count;
  ls_sweep_stats stats;
  /* The batch at hand. */
  uint32_t structure[BATCH_MAX];
  uint32_t batch_count, batch_size, next_structure; /* next_structure: after the batch */
  atomic_uint next;                                 /* of the batch */
  atomic_int status;                                /* the first failure of any worker */
  pthread_mutex_t gate;
  pthread_barrier_t barrier;
  ls_front_member *found; /* [found_capacity]: scratch of worker 0 */
  size_t found_capacity;
} merge_sweep;

typedef struct merge_worker {
  merge_sweep *shared;
  int32_t index;
  pthread_t thread;
  ls_merge merge;
} merge_worker;

/* ---- Batches: worker 0 does this while the others wait ---- */

static int by_rank(const void *a, const void *b)
{
  const ls_front_member *x = a, *y = b;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Brings together what the workers have found, in the order of ranks. */
static ls_status found_gather(merge_sweep *self, size_t *count)
{
  *count = 0;
  for (int32_t w = 0; w < self->worker_count; w++) *count += self->workers[w].merge.found_count;
  if (*count > self->found_capacity) {
    ls_front_member *grown = realloc(self->found, *count * sizeof *grown);
    if (!grown) return LS_ERR_MEMORY;
    self->found = grown;
    self->found_capacity = *count;
  }
  size_t at = 0;
  for (int32_t w = 0; w < self->worker_count; w++) {
    ls_merge *merge = &self->workers[w].merge;
    if (merge->found_count)
      memcpy(self->found + at, merge->found, merge->found_count * sizeof *merge->found);
    at += merge->found_count;
    merge->found_count = 0;
  }
  if (*count) qsort(self->found, *count, sizeof *self->found, by_rank);
  return LS_OK;
}

static ls_status found_insert(merge_sweep *self)
{
  size_t count;
  ls_status status = found_gather(self, &count);
  for (size_t i = 0; status == LS_OK && i < count; i++) {
    const ls_front_member *dominator;
    status = ls_front_insert(self->front, &self->found[i], &dominator);
    self->stats.insert_count += status == LS_OK && !dominator;
  }
  return status;
}

/* The next structures that may have feasible designs; none at the end or after a failure. */
static void batch_collect(merge_sweep *self)
{
  const ls_problem *problem = self->problem;
  self->batch_count = 0;
  atomic_store(&self->next, 0);
  if (atomic_load(&self->status) != LS_OK) return;
  while (self->batch_count < self->batch_size && self->next_structure < problem->structure_count) {
    const uint32_t index = self->next_structure++;
    const ls_structure *structure = &problem->structures[index];
    if (!ls_structure_violations(problem, structure)) self->structure[self->batch_count++] = index;
  }
  self->batch_size = self->batch_size < BATCH_MAX ? 2 * self->batch_size : BATCH_MAX;
}

static void status_set(merge_sweep *self, ls_status status)
{
  if (status != LS_OK) atomic_store(&self->status, (int)status);
}

/* ---- Workers ---- */

static void batch_work(merge_worker *self)
{
  merge_sweep *shared = self->shared;
  const volatile int *stop = shared->options->stop;
  for (;;) {
    const uint32_t i = atomic_fetch_add(&shared->next, 1);
    if (i >= shared->batch_count || atomic_load(&shared->status) != LS_OK) return;
    ls_status status = ls_is_stopped(stop) ? LS_ERR_STOPPED : LS_OK;
    if (status == LS_OK)
      status = ls_merge_structure(&self->merge, &shared->problem->structures[shared->structure[i]],
                                  shared->front);
    status_set(shared, status);
  }
}

static void *worker_run(void *argument)
{
  merge_worker *self = argument;
  merge_sweep *shared = self->shared;
  const ls_sweep_options *options = shared->options;
  pthread_mutex_lock(&shared->gate); /* until it is known how many started */
  pthread_mutex_unlock(&shared->gate);
  if (options->pin) options->pin(options->pin_context, self->index);
  for (;;) {
    if (self->index == 0) {
      status_set(shared, found_insert(shared));
      batch_collect(shared);
    }
    pthread_barrier_wait(&shared->barrier);
    if (shared->batch_count == 0) return NULL;
    batch_work(self);
    pthread_barrier_wait(&shared->barrier);
  }
}

/* As many as can be had. LS_ERR_MEMORY: not one. */
static ls_status workers_run(merge_sweep *self)
{
  int32_t started = 0;
  pthread_mutex_lock(&self->gate);
  for (; started < self->worker_count; started++)
    if (pthread_create(&self->workers[started].thread, NULL, worker_run, &self->workers[started]))
      break;
  const bool is_open = started && !pthread_barrier_init(&self->barrier, NULL, (unsigned)started);
  assert(is_open || !started);
  pthread_mutex_unlock(&self->gate);
  for (int32_t i = 0; i < started; i++) pthread_join(self->workers[i].thread, NULL);
  if (!is_open) return LS_ERR_MEMORY;
  pthread_barrier_destroy(&self->barrier);
  return (ls_status)atomic_load(&self->status);
}

/* ---- The whole ---- */

/* What is counted against, in place of the front. As of rank 0, they also cover their equals. */
static ls_status references_create(const ls_problem *problem, const ls_sweep_options *options,
                                   ls_front **references)
{
  ls_status status = ls_front_create(problem->objective_mask, references);
  for (int32_t i = 0; status == LS_OK && i < options->reference_count; i++) {
    const ls_front_member member = {.rank = 0, .score = options->reference[i]};
    status = ls_front_insert(*references, &member, NULL);
  }
  return status;
}

static void worker_gather(const merge_worker *self, ls_sweep_stats *stats)
{
  stats->evaluated_count += self->merge.evaluated_count;
  stats->feasible_count += self->merge.feasible_count;
  stats->undominated_count += self->merge.undominated_count;
}

/* Runs the workers of a sweep whose other members are set. */
static ls_status sweep_run(merge_sweep *self)
{
  const int32_t count = self->worker_count;
  merge_worker *workers = self->workers = calloc((size_t)count, sizeof *workers);
  ls_status status = workers ? LS_OK : LS_ERR_MEMORY;
  int32_t ready = 0;
  for (; status == LS_OK && ready < count; ready++) {
    workers[ready] = (merge_worker){.shared = self, .index = ready};
    status = ls_merge_init(&workers[ready].merge, self->problem);
    workers[ready].merge.is_counting = self->options->reference_count > 0;
  }
  if (status == LS_OK) status = workers_run(self);
  for (int32_t i = 0; i < ready; i++) {
    worker_gather(&workers[i], &self->stats);
    ls_merge_release(&workers[i].merge);
  }
  free(workers);
  return status;
}

ls_status ls_merge_sweep(const ls_problem *problem, const ls_sweep_options *options,
                         ls_front *front, ls_sweep_stats *stats)
{
  ls_front *references = NULL;
  merge_sweep *self = calloc(1, sizeof *self);
  ls_status status = self ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK && options->reference_count)
    status = references_create(problem, options, &references);
  if (status == LS_OK) {
    self->problem = problem;
    self->options = options;
    self->front = references ? references : front;
    self->worker_count = options->thread_count;
    self->batch_size = BATCH_MIN;
    pthread_mutex_init(&self->gate, NULL);
    status = sweep_run(self);
    pthread_mutex_destroy(&self->gate);
  }
  if (status == LS_OK) {
    self->stats.is_merged = true;
    self->stats.bounded_count = problem->space_size - self->stats.evaluated_count;
    *stats = self->stats;
  }
  if (self) free(self->found);
  free(self);
  ls_front_destroy(references);
  return status;
}
