#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>

#include "../kernels/compat.h"

typedef struct crew {
  ls_crew_work work;
  void *context;
  int32_t task_count;
  atomic_int next;
} crew;

typedef struct member {
  crew *of;
  int32_t index;
  pthread_t thread;
} member;

static void *tasks_take(void *argument)
{
  const member *self = argument;
  for (;;) {
    const int32_t task = atomic_fetch_add(&self->of->next, 1);
    if (task >= self->of->task_count) return NULL;
    self->of->work(self->of->context, task, self->index);
  }
}

void ls_crew_run(int32_t thread_count, int32_t task_count, ls_crew_work work, void *context)
{
  crew shared = {.work = work, .context = context, .task_count = task_count};
  member members[LS_CREW_MAX];
  const int32_t wanted = (int32_t)ls_min(ls_min(thread_count, task_count), LS_CREW_MAX);
  int32_t started = 1; /* the first is the caller */
  members[0] = (member){.of = &shared};
  for (; started < wanted; started++) {
    members[started] = (member){.of = &shared, .index = started};
    if (pthread_create(&members[started].thread, NULL, tasks_take, &members[started])) break;
  }
  tasks_take(&members[0]);
  for (int32_t i = 1; i < started; i++) pthread_join(members[i].thread, NULL);
}
