#include "wire_tasks.h"

#include <math.h>
#include <stdlib.h>

#include "../kernels/stop_flag.h"
#include "clock.h"
#include "crew.h"
#include "wire_arms.h"
#include "wire_dense.h"

typedef struct pool {
  ls_wire_task *tasks;
  ls_wire_end *end;
} pool;

bool ls_wire_is_over(void *end)
{
  const ls_wire_end *self = end;
  return ls_is_stopped(self->stop) || ls_clock_seconds() >= self->deadline;
}

int64_t ls_wire_total(const ls_lift *lift)
{
  return lift->sum == INT64_MAX ? INT64_MAX : lift->sum * ls_group_order(&lift->group);
}

/* ---- Tasks ---- */

static double cost_of(const ls_wire_task *task)
{
  return ls_wire_cost(&task->lift->group, task->lift->base_count, task->lift->degree);
}

/* Evaluations that a share of the work allows. */
static int64_t evaluations_of(const ls_wire_task *task, double work)
{
  const double cost = task->is_counted ? 1 : cost_of(task);
  return work / cost < 1 ? 1 : (int64_t)(work / cost);
}

static void anneal(ls_wire_task *task, int64_t evaluations, ls_wire_end *end)
{
  const bool is_there = task->device && cost_of(task) >= task->device->cost_least;
  const ls_lift_run run = {.seed = task->seed,
                           .stream = task->stream,
                           .backend = is_there ? task->device->backend : NULL,
                           .evaluations = evaluations,
                           .hot = task->hot,
                           .cold = task->cold,
                           .target = task->target / ls_group_order(&task->lift->group),
                           .is_over = ls_wire_is_over,
                           .context = end};
  const int64_t done = ls_lift_anneal(task->lift, &run);
  if (done < 0) task->status = (ls_status)-done;
  task->evaluations += done > 0 ? done : 0;
}

static bool lower(ls_wire_task *task)
{
  ls_lift *next = NULL;
  if (ls_group_order(&task->lift->group) == 1) return false;
  task->status = ls_lift_lower(task->lift, &next);
  if (task->status != LS_OK) return false;
  ls_lift_destroy(task->lift);
  task->lift = next;
  return true;
}

/* Every step down gets half of the work that is left, the last one all: the first steps bring most.
 */
static void relax(ls_wire_task *task, ls_wire_end *end)
{
  double left = task->work;
  do {
    const bool is_last = ls_group_order(&task->lift->group) == 1;
    const double work = is_last ? left : left / 2;
    anneal(task, evaluations_of(task, work), end);
    left -= work;
    task->stream++;
  } while (task->status == LS_OK && !ls_wire_is_over(end) && lower(task));
}

/* Moves that the work allows; without a deadline the same on every processor. */
static int64_t moves_of(const ls_wire_task *task, const ls_wire_end *end)
{
  if (task->is_counted) return (int64_t)task->work;
  const double slowness = end->deadline < INFINITY ? ls_wire_dense_slowness() : 1;
  return 1 + (int64_t)(task->work / (slowness * ls_wire_dense_cost(task->lift->base_count)));
}

/* Keeps what was given where pairs further apart than 3 make the outcome worse. */
static void dense(ls_wire_task *task, ls_wire_end *end)
{
  while (lower(task)) continue;
  if (task->status != LS_OK) return;
  ls_lift *kept = NULL;
  const ls_lift_run run = {.seed = task->seed,
                           .stream = task->stream,
                           .evaluations = moves_of(task, end),
                           .hot = task->hot,
                           .cold = task->cold,
                           .is_over = ls_wire_is_over,
                           .context = end};
  anneal(task, 1, end);
  if (task->status == LS_OK)
    task->status =
        ls_lift_create(&task->lift->group, task->lift->base_count, task->lift->degree, &kept);
  if (task->status != LS_OK) return;
  ls_lift_copy(kept, task->lift);
  const int64_t done = ls_wire_dense_anneal(task->lift, &run);
  if (done < 0)
    task->status = LS_ERR_MEMORY;
  else {
    task->evaluations += done;
    anneal(task, 1, end);
  }
  if (kept->sum < task->lift->sum) ls_lift_copy(task->lift, kept);
  ls_lift_destroy(kept);
}

static void task_run(ls_wire_task *task, ls_wire_end *end)
{
  switch (task->kind) {
  case LS_WIRE_RESTART:
    ls_lift_draw(task->lift, task->seed, task->stream + ((uint64_t)1 << 62));
    anneal(task, evaluations_of(task, task->work), end);
    break;
  case LS_WIRE_RELAX: relax(task, end); break;
  case LS_WIRE_DENSE: dense(task, end); break;
  }
}

/* ---- Threads ---- */

static void pool_work(void *context, int32_t task, int32_t worker)
{
  const pool *self = context;
  (void)worker;
  task_run(&self->tasks[task], self->end);
}

ls_status ls_wire_tasks_run(ls_wire_task *tasks, int32_t count, int32_t thread_count,
                            ls_wire_end *end)
{
  pool self = {.tasks = tasks, .end = end};
  ls_crew_run(thread_count, count, pool_work, &self);
  for (int32_t i = 0; i < count; i++)
    if (tasks[i].status != LS_OK) return tasks[i].status;
  return LS_OK;
}
