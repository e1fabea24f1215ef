/* The memetic arm (after Benlic and Hao, "Memetic search for the quadratic assignment problem",
 * Expert Systems with Applications 42, 2015): a population of good permutations; a child keeps the
 * positions in which two parents agree, takes what it can of the others from either, draws the rest
 * and is improved by a run of robust tabu search; it replaces the worst unless it is there already.
 * A population that changes no more is given up for a new one, whose runs are twice as long where
 * there is structure; where there is none, they are long from the first. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"
#include "place_arm.h"
#include "qap_build.h"

enum {
  REPLICAS_A_CHILD = 4, /* of tempering: a round has as many children as they have fours */
  POPULATION_A_CHILD = 3,
  POPULATION_LEAST = 12,
  MOVES_MOST = 1 << 20,
  CHILDREN_PLAN = 4000, /* of a run where flows are uniform: several populations */
  MOVE_WORK = 2,        /* of a tabu move, in n products of n numbers */
  STREAM_SHIFT = 8      /* streams of a child: its making, its parents, its run, its choices */
};

/* Of tabu search for each child, to begin with. */
static const int64_t moves[LS_PLACE_KIND_COUNT] = {10000, 4000, 1000};
/* Rounds that change nothing: then a new population. */
static const int32_t rounds_most[LS_PLACE_KIND_COUNT] = {20, 40, 40};

typedef struct child {
  ls_qap_state state; /* on a device: its permutations alone */
  ls_qap_tabu tabu;   /* on a device: nothing */
} child;

typedef struct memetic {
  child *children;  /* [child_count] of a round, each a task */
  int32_t **member; /* [population] of [n], by cost, best first */
  int64_t *cost;    /* [population] */
  int32_t child_count, population;
  int32_t count, rounds_without;
  uint64_t round;
} memetic;

static void shuffle_list(uint64_t seed, uint64_t stream, int32_t count, int32_t *list)
{
  for (int32_t i = count - 1; i > 0; i--) {
    const int32_t j = ls_philox_below(ls_philox(seed, stream, (uint64_t)i).v[0], i + 1);
    const int32_t kept = list[i];
    list[i] = list[j];
    list[j] = kept;
  }
}

void ls_place_shuffle(uint64_t seed, uint64_t stream, int32_t n, int32_t *p)
{
  for (int32_t i = 0; i < n; i++) p[i] = i;
  shuffle_list(seed, stream, n, p);
}

void ls_place_best_keep(ls_place_arm *arm, const int32_t *p, int64_t cost)
{
  if (cost >= arm->best_cost) return;
  arm->best_cost = cost;
  memcpy(arm->best_p, p, (size_t)arm->search->qap->n * sizeof *p);
}

/* What the two agree on stays; other things take the place that one or the other has, in turn from
 * a random one on, as long as it is free; what places are left are drawn. places: [n]. */
static void child_cross(const ls_place_search *search, uint64_t stream, const int32_t *mother,
                        const int32_t *father, int32_t *p, int32_t *places)
{
  const int32_t n = search->qap->n;
  const int32_t first = ls_philox_below(ls_philox(search->seed, stream, UINT32_MAX).v[0], n);
  int32_t left_count = 0, next = 0;
  memset(places, 0, (size_t)n * sizeof *places); /* 1: taken */
  for (int32_t i = 0; i < n; i++) {
    p[i] = mother[i] == father[i] ? mother[i] : -1;
    if (p[i] >= 0) places[p[i]] = 1;
  }
  for (int32_t step = 0; step < n; step++) {
    const int32_t i = (first + step) % n;
    if (p[i] >= 0) continue;
    const bool is_mother = ls_philox(search->seed, stream + 3, (uint64_t)i).v[0] & 1;
    const int32_t wanted = is_mother ? mother[i] : father[i];
    const int32_t other = is_mother ? father[i] : mother[i];
    p[i] = !places[wanted] ? wanted : !places[other] ? other : -1;
    if (p[i] >= 0) places[p[i]] = 1;
  }
  for (int32_t place = 0; place < n; place++)
    if (!places[place]) places[left_count++] = place;
  shuffle_list(search->seed, stream, left_count, places);
  for (int32_t i = 0; i < n; i++)
    if (p[i] < 0) p[i] = places[next++];
}

static void memetic_prepare(ls_place_arm *arm, int32_t index, int64_t iterations)
{
  memetic *self = arm->own;
  const ls_place_search *search = arm->search;
  child *made = &self->children[index];
  const uint64_t stream =
      (self->round * (uint64_t)self->child_count + (uint64_t)index) << STREAM_SHIFT | 0x80;
  if (self->count < self->population)
    ls_place_shuffle(search->seed, stream, search->qap->n, made->state.p);
  else {
    const ls_philox_words words = ls_philox(search->seed, stream + 1, 0);
    const int32_t mother = ls_philox_below(words.v[0], self->count);
    const int32_t father =
        (mother + 1 + ls_philox_below(words.v[1], self->count - 1)) % self->count;
    child_cross(search, stream, self->member[mother], self->member[father], made->state.p,
                made->state.best_p);
  }
  arm->tasks[index] = (ls_qap_task){.state = &made->state,
                                    .run = {.seed = search->seed,
                                            .stream = stream + 2,
                                            .step_count = iterations,
                                            .target = search->target,
                                            .is_over = search->is_over,
                                            .context = search->context}};
}

static void memetic_run(ls_place_arm *arm, int32_t index)
{
  const ls_place_search *search = arm->search;
  child *made = &((memetic *)arm->own)->children[index];
  ls_qap_task *task = &arm->tasks[index];
  search->functions->begin(search->qap, &made->state);
  task->done = search->functions->tabu(search->qap, &made->state, &made->tabu, &task->run);
}

static bool is_member(const memetic *self, const int32_t *p, int64_t cost, int32_t n)
{
  for (int32_t i = 0; i < self->count; i++)
    if (self->cost[i] == cost && memcmp(self->member[i], p, (size_t)n * sizeof *p) == 0)
      return true;
  return false;
}

static bool member_insert(memetic *self, const int32_t *p, int64_t cost, int32_t n)
{
  if (is_member(self, p, cost, n)) return false;
  const int32_t last = self->population - 1;
  if (self->count > last && cost >= self->cost[last]) return false;
  int32_t at = self->count <= last ? self->count++ : last;
  int32_t *memory = self->member[at];
  for (; at > 0 && self->cost[at - 1] > cost; at--) {
    self->member[at] = self->member[at - 1];
    self->cost[at] = self->cost[at - 1];
  }
  memcpy(memory, p, (size_t)n * sizeof *p);
  self->member[at] = memory;
  self->cost[at] = cost;
  return true;
}

static void memetic_merge(ls_place_arm *arm)
{
  memetic *self = arm->own;
  bool has_changed = false;
  for (int32_t i = 0; i < self->child_count; i++) {
    child *made = &self->children[i];
    arm->iterations += arm->tasks[i].done;
    arm->work += MOVE_WORK * arm->search->qap->n * arm->tasks[i].done;
    has_changed |=
        member_insert(self, made->state.best_p, made->state.best_cost, arm->search->qap->n);
    ls_place_best_keep(arm, made->state.best_p, made->state.best_cost);
  }
  self->round++;
  self->rounds_without = has_changed ? 0 : self->rounds_without + 1;
  if (self->rounds_without < rounds_most[arm->search->kind]) return;
  self->rounds_without = 0;
  self->count = 0;
  if (arm->search->kind != LS_PLACE_UNIFORM && arm->round_iterations < MOVES_MOST)
    arm->round_iterations *= 2;
}

static void memetic_seed(ls_place_arm *arm, const int32_t *p, int64_t cost)
{
  member_insert(arm->own, p, cost, arm->search->qap->n);
  ls_place_best_keep(arm, p, cost);
}

/* Without structure, the more time the longer the runs, for some populations one after another. */
static void memetic_plan(ls_place_arm *arm, int64_t iterations)
{
  const int64_t longer = iterations / CHILDREN_PLAN;
  if (arm->search->kind != LS_PLACE_UNIFORM || longer < arm->round_iterations) return;
  arm->round_iterations = longer < MOVES_MOST ? longer : MOVES_MOST;
}

static void memetic_destroy(ls_place_arm *arm)
{
  memetic *self = arm->own;
  if (!self) return;
  for (int32_t i = 0; self->children && i < self->child_count; i++) {
    ls_qap_state_destroy(&self->children[i].state);
    ls_qap_tabu_destroy(&self->children[i].tabu);
  }
  for (int32_t i = 0; self->member && i < self->population; i++) free(self->member[i]);
  free(self->cost);
  free(self->member);
  free(self->children);
  free(self);
  free(arm->tasks);
  free(arm->best_p);
  *arm = (ls_place_arm){0};
}

static ls_status children_create(const ls_place_search *search, memetic *self)
{
  const size_t n = (size_t)search->qap->n, population = (size_t)self->population;
  self->children = calloc((size_t)self->child_count, sizeof *self->children);
  self->member = calloc(population, sizeof *self->member);
  self->cost = calloc(population, sizeof *self->cost);
  ls_status status = self->children && self->member && self->cost ? LS_OK : LS_ERR_MEMORY;
  for (size_t i = 0; status == LS_OK && i < population; i++)
    if (!(self->member[i] = calloc(n, sizeof **self->member))) status = LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < self->child_count; i++) {
    child *made = &self->children[i];
    status = search->backend ? ls_qap_state_create_bare(search->qap, &made->state)
                             : ls_qap_state_create(search->qap, &made->state);
    if (status == LS_OK && !search->backend) status = ls_qap_tabu_create(search->qap, &made->tabu);
  }
  return status;
}

ls_status ls_place_memetic_create(const ls_place_search *search, ls_place_arm *arm)
{
  memetic *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  self->child_count = (search->replica_count + REPLICAS_A_CHILD - 1) / REPLICAS_A_CHILD;
  self->population =
      (int32_t)ls_max(POPULATION_LEAST, (int64_t)POPULATION_A_CHILD * self->child_count);
  *arm = (ls_place_arm){.name = "memetic",
                        .search = search,
                        .task_count = self->child_count,
                        .round_iterations = moves[search->kind],
                        .best_cost = INT64_MAX,
                        .best_p = calloc((size_t)search->qap->n, sizeof *arm->best_p),
                        .tasks = calloc((size_t)self->child_count, sizeof *arm->tasks),
                        .own = self,
                        .prepare = memetic_prepare,
                        .run = memetic_run,
                        .batch = search->backend ? search->backend->tabu : NULL,
                        .merge = memetic_merge,
                        .seed = memetic_seed,
                        .plan = memetic_plan,
                        .destroy = memetic_destroy};
  ls_status status = arm->best_p && arm->tasks ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) status = children_create(search, self);
  if (status != LS_OK) memetic_destroy(arm);
  return status;
}
