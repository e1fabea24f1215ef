/* Draws of failures on the CPU: workers take batches of draws from a shared counter, each with a
 * state of its own. A draw depends on its number alone, so threads change nothing. Draws follow
 * lists of links here and there, which vector code does not help. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "backend_cpu.h"
#include "stop_flag.h"

enum { DRAWS_OF_TURN = 256 };

typedef struct failing {
  const ls_failure_batch *batch;
  const ls_score_options *options;
  ls_failure_loss *losses; /* [draw_count] */
  atomic_int next_draw, status;
} failing;

typedef struct fail_worker {
  failing *shared;
  int32_t index;
  pthread_t thread;
} fail_worker;

static ls_status draws_run(failing *shared, ls_failure_state *state)
{
  const ls_failure_batch *batch = shared->batch;
  const volatile int *stop = shared->options->stop;
  while (atomic_load(&shared->status) == LS_OK) {
    const int32_t first = atomic_fetch_add(&shared->next_draw, DRAWS_OF_TURN);
    if (first >= batch->draw_count) return LS_OK;
    if (ls_is_stopped(stop)) return LS_ERR_STOPPED;
    const int32_t end = (int32_t)ls_min((int64_t)first + DRAWS_OF_TURN, batch->draw_count);
    for (int32_t i = first; i < end; i++)
      shared->losses[i] = ls_failure_draw(batch->net, state, batch, i);
  }
  return LS_OK;
}

static void *worker_run(void *argument)
{
  fail_worker *self = argument;
  failing *shared = self->shared;
  const ls_score_options *options = shared->options;
  if (options->pin) options->pin(options->pin_context, self->index);
  void *memory = calloc(1, ls_failure_state_bytes(shared->batch->net) + 8);
  ls_status status = memory ? LS_OK : LS_ERR_MEMORY;
  if (memory) {
    ls_failure_state state = ls_failure_state_at(shared->batch->net, memory);
    status = draws_run(shared, &state);
  }
  if (status != LS_OK) atomic_store(&shared->status, (int)status);
  free(memory);
  return NULL;
}

ls_status ls_cpu_fail(const ls_failure_batch *batch, const ls_score_options *options,
                      ls_failure_loss *losses)
{
  failing shared = {.batch = batch, .options = options, .losses = losses};
  fail_worker *workers = calloc((size_t)options->thread_count, sizeof *workers);
  if (!workers) return LS_ERR_MEMORY;
  int32_t started = 0;
  for (; started < options->thread_count; started++) {
    workers[started] = (fail_worker){.shared = &shared, .index = started};
    if (pthread_create(&workers[started].thread, NULL, worker_run, &workers[started])) break;
  }
  for (int32_t i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
  free(workers);
  return started ? (ls_status)atomic_load(&shared.status) : LS_ERR_MEMORY;
}
