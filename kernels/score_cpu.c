/* Designs under drawn problems on the CPU: workers take draws from a shared counter and score
 * all ranks of each. A draw's results depend on nothing else, so they are the same on any number
 * of threads. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "backend_cpu.h"
#include "evaluate.h"
#include "stop_flag.h"

typedef struct scoring {
  const ls_score_batch *batch;
  const ls_score_options *options;
  ls_score *scores; /* [draw_count][rank_count] */
  uint32_t *masks;  /* the same */
  atomic_int next_draw;
  atomic_bool is_stopped;
} scoring;

typedef struct score_worker {
  scoring *shared;
  int32_t index;
  pthread_t thread;
} score_worker;

static void draw_score(const scoring *shared, int32_t draw)
{
  const ls_score_batch *batch = shared->batch;
  const size_t first = (size_t)draw * (size_t)batch->rank_count;
  ls_base base = {.structure = UINT32_MAX};
  for (int32_t i = 0; i < batch->rank_count; i++)
    shared->masks[first + (size_t)i] = ls_rank_score_fresh(
        &batch->draws[draw], batch->ranks[i], &base, &shared->scores[first + (size_t)i]);
}

static void *worker_run(void *argument)
{
  score_worker *self = argument;
  scoring *shared = self->shared;
  const ls_score_options *options = shared->options;
  if (options->pin) options->pin(options->pin_context, self->index);
  for (;;) {
    const int32_t draw = atomic_fetch_add(&shared->next_draw, 1);
    if (draw >= shared->batch->draw_count) return NULL;
    if (ls_is_stopped(options->stop)) atomic_store(&shared->is_stopped, true);
    if (atomic_load(&shared->is_stopped)) return NULL;
    draw_score(shared, draw);
  }
}

ls_status ls_cpu_score(const ls_score_batch *batch, const ls_score_options *options,
                       ls_score *scores,
                       uint32_t *masks) /* NOLINT(readability-non-const-parameter): written */
{
  scoring shared = {.batch = batch, .options = options, .scores = scores, .masks = masks};
  score_worker *workers = calloc((size_t)options->thread_count, sizeof *workers);
  if (!workers) return LS_ERR_MEMORY;
  int32_t started = 0;
  for (; started < options->thread_count; started++) {
    workers[started] = (score_worker){.shared = &shared, .index = started};
    if (pthread_create(&workers[started].thread, NULL, worker_run, &workers[started])) break;
  }
  for (int32_t i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
  free(workers);
  if (!started) return LS_ERR_MEMORY;
  return atomic_load(&shared.is_stopped) ? LS_ERR_STOPPED : LS_OK;
}
