/* The CPU backend: workers take structures in order from a shared counter, tabulate the rows of
 * each, and run the vectorised chunk over all its designs. Survivors go through the worker's own
 * exact front; the fronts are merged at the end, so the result does not depend on the threads.
 *
 * Per structure: n0 + n1 + n2 rows, one table of n1 * n2 pair sums, then n0 passes over it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "evaluate.h"
#include "killer_pool.h"
#include "sweep_chunk.h"

LS_STATIC_ASSERT((int)LS_KILLER_MAX >= (int)LS_REFERENCE_MAX, "every reference must find room");

/* The lanes of a chunk, as metrics. */
static const int32_t lane_metric[LS_LANE_COUNT] = {LS_METRIC_CAPEX, LS_METRIC_POWER,
                                                   LS_METRIC_LATENCY, LS_METRIC_RISK};

typedef struct sweep {
  const ls_problem *problem;
  const ls_sweep_options *options;
  ls_chunk_function chunk_filter;
  atomic_uint next_structure;
  atomic_int status; /* the first failure of any worker */
} sweep;

typedef struct worker {
  sweep *shared;
  int32_t index;
  pthread_t thread;
  ls_front *front;
  ls_sweep_stats stats;
  ls_killer_pool pool;
  ls_tier_row *rows[LS_TIER_MAX];        /* [most options of a structure in the tier] */
  int64_t *pair_metric[LS_LANE_COUNT];   /* [most n1 * n2] */
  int64_t *pair_cages, *pair_violations; /* [most n1 * n2] */
  int64_t (*killers)[LS_LANE_COUNT];     /* [LS_KILLER_MAX] */
  int32_t killer_count;
} worker;

#ifdef LS_HAVE_X86_ISA
static bool isa_is(const char *name)
{
  const char *forced = getenv("LS_ISA");
  return forced && strcmp(forced, name) == 0;
}
#endif

const char *ls_backend_cpu_isa(void)
{
#ifdef LS_HAVE_X86_ISA
  if (isa_is("scalar")) return "scalar";
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                          __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (has_avx512 && !isa_is("avx2")) return "avx512";
  if (has_avx2) return "avx2";
#endif
  return "scalar";
}

static ls_chunk_function chunk_function(void)
{
#ifdef LS_HAVE_X86_ISA
  if (strcmp(ls_backend_cpu_isa(), "avx512") == 0) return ls_chunk_filter_avx512;
  if (strcmp(ls_backend_cpu_isa(), "avx2") == 0) return ls_chunk_filter_avx2;
#endif
  return ls_chunk_filter_scalar;
}

/* ---- Memory of a worker ---- */

static void worker_release(worker *self)
{
  ls_front_destroy(self->front);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) free(self->rows[tier]);
  for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++) free(self->pair_metric[lane]);
  free(self->pair_cages);
  free(self->pair_violations);
  free(self->killers);
}

static ls_status worker_init(worker *self, sweep *shared, int32_t index)
{
  const ls_problem *problem = shared->problem;
  size_t options[LS_TIER_MAX] = {1, 1, 1}, pairs = 1;
  for (uint32_t i = 0; i < problem->structure_count; i++) {
    const uint32_t *count = problem->structures[i].option_count;
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
      if (count[tier] > options[tier]) options[tier] = count[tier];
    if ((size_t)count[1] * count[2] > pairs) pairs = (size_t)count[1] * count[2];
  }
  memset(self, 0, sizeof *self);
  self->shared = shared;
  self->index = index;
  bool is_whole = ls_front_create(problem->objective_mask, &self->front) == LS_OK;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    is_whole &= (self->rows[tier] = malloc(options[tier] * sizeof(ls_tier_row))) != NULL;
  for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++)
    is_whole &= (self->pair_metric[lane] = malloc(pairs * sizeof(int64_t))) != NULL;
  is_whole &= (self->pair_cages = malloc(pairs * sizeof(int64_t))) != NULL;
  is_whole &= (self->pair_violations = malloc(pairs * sizeof(int64_t))) != NULL;
  is_whole &= (self->killers = malloc(LS_KILLER_MAX * sizeof *self->killers)) != NULL;
  return is_whole ? LS_OK : LS_ERR_MEMORY;
}

/* ---- Tables of a structure ---- */

static void rows_tabulate(worker *self, const ls_structure *structure)
{
  const ls_problem *problem = self->shared->problem;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    for (uint32_t i = 0; i < structure->option_count[tier]; i++) {
      const uint32_t option = structure->option_first[tier] + i;
      const ls_link_row *link = tier < structure->tier_count
                                    ? &problem->links[problem->options[option]]
                                    : &problem->links[0];
      ls_tier_row_compute(problem, structure, tier, link, &self->rows[tier][i]);
    }
}

/* Sums of all (spine, core) option pairs, with what spine and core chassis say to them. */
static void pairs_tabulate(worker *self, const ls_structure *structure)
{
  const ls_problem *problem = self->shared->problem;
  const int32_t spine_cages = ls_structure_cages(problem, structure, 1);
  const int32_t core_cages = ls_structure_cages(problem, structure, 2);
  size_t pair = 0;
  for (uint32_t i = 0; i < structure->option_count[1]; i++)
    for (uint32_t j = 0; j < structure->option_count[2]; j++, pair++) {
      const ls_tier_row *spine = &self->rows[1][i], *core = &self->rows[2][j];
      const bool is_full =
          spine->cages_b + core->cages_a > spine_cages || core->cages_b > core_cages;
      for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++)
        self->pair_metric[lane][pair] =
            spine->metric[lane_metric[lane]] + core->metric[lane_metric[lane]];
      self->pair_cages[pair] = spine->cages_a;
      self->pair_violations[pair] = (int64_t)(spine->violation_mask | core->violation_mask |
                                              (is_full ? LS_VIOLATES_FACEPLATE : 0));
    }
}

/* ---- Killers ---- */

/* Those scores that can kill designs with this throughput loss, as lanes. */
static int32_t killers_add(const ls_problem *problem, const ls_score *score, int64_t loss,
                           int64_t (*killers)[LS_LANE_COUNT], int32_t count)
{
  if ((score->metric[LS_METRIC_LOSS] & problem->objective_mask[LS_METRIC_LOSS]) >
      (loss & problem->objective_mask[LS_METRIC_LOSS]))
    return count;
  for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++) {
    const int32_t metric = lane_metric[lane];
    killers[count][lane] = problem->objective_mask[metric] ? score->metric[metric] : INT64_MIN;
  }
  return count + 1;
}

/* The references that matter at this loss: once per structure. */
static void references_collect(worker *self, int64_t loss)
{
  const ls_sweep_options *options = self->shared->options;
  self->killer_count = 0;
  for (int32_t i = 0; i < options->reference_count; i++)
    self->killer_count = killers_add(self->shared->problem, &options->reference[i], loss,
                                     self->killers, self->killer_count);
}

/* The pool as it stands: before every chunk, since survivors change it. */
static void pool_collect(worker *self, int64_t loss)
{
  self->killer_count = 0;
  for (int32_t i = 0; i < self->pool.count; i++)
    self->killer_count = killers_add(self->shared->problem, &self->pool.member[i].score, loss,
                                     self->killers, self->killer_count);
}

/* ---- Designs ---- */

static ls_status survivor_insert(worker *self, const ls_front_member *member)
{
  const ls_front_member *dominator = ls_front_dominator(self->front, &member->score, member->rank);
  ls_killer_pool_push(&self->pool, dominator ? dominator : member);
  if (dominator) return LS_OK;
  self->stats.insert_count++;
  return ls_front_insert(self->front, member, NULL);
}

/* All designs of one access option: passes over the pair table, a chunk at a time. */
static ls_status access_sweep(worker *self, const ls_structure *structure, uint32_t access)
{
  const ls_problem *problem = self->shared->problem;
  const ls_tier_row *row = &self->rows[0][access];
  const uint32_t pair_count = structure->option_count[1] * structure->option_count[2];
  const uint64_t rank_first = structure->rank_first + (uint64_t)access * pair_count;
  const int64_t loss = structure->base.metric[LS_METRIC_LOSS];
  ls_chunk chunk = {.cages_add = row->cages_b,
                    .cages_max = ls_structure_cages(problem, structure, 0),
                    .violations_add = row->violation_mask,
                    .killers = (const int64_t(*)[LS_LANE_COUNT])self->killers};
  ls_front_member member;
  member.score.metric[LS_METRIC_LOSS] = loss;
  for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++) {
    chunk.metric_add[lane] =
        structure->base.metric[lane_metric[lane]] + row->metric[lane_metric[lane]];
    chunk.limit[lane] = problem->limit[lane_metric[lane]];
  }
  for (uint32_t first = 0; first < pair_count; first += LS_CHUNK_MAX) {
    int32_t survivors[LS_CHUNK_MAX];
    chunk.count = (int32_t)ls_min(pair_count - first, LS_CHUNK_MAX);
    for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++)
      chunk.metric[lane] = self->pair_metric[lane] + first;
    chunk.cages = self->pair_cages + first;
    chunk.violations = self->pair_violations + first;
    if (!self->shared->options->reference_count) pool_collect(self, loss);
    chunk.killer_count = self->killer_count;
    const int32_t count =
        self->shared->chunk_filter(&chunk, survivors, &self->stats.feasible_count);
    if (self->shared->options->reference_count) {
      self->stats.undominated_count += (uint64_t)count;
      continue;
    }
    for (int32_t i = 0; i < count; i++) {
      member.rank = rank_first + first + (uint32_t)survivors[i];
      for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++)
        member.score.metric[lane_metric[lane]] =
            chunk.metric[lane][survivors[i]] + chunk.metric_add[lane];
      const ls_status status = survivor_insert(self, &member);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

static void violations_add(ls_sweep_stats *stats, uint32_t mask, uint64_t design_count)
{
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (mask >> bit & 1) stats->violation_count[bit] += design_count;
}

/* Counts the violations of every design, one by one: slow, for explanations alone. */
static void structure_count_violations(worker *self, const ls_structure *structure)
{
  const ls_problem *problem = self->shared->problem;
  ls_score score;
  for (uint32_t i = 0; i < structure->option_count[0]; i++)
    for (uint32_t j = 0; j < structure->option_count[1]; j++)
      for (uint32_t k = 0; k < structure->option_count[2]; k++)
        violations_add(&self->stats,
                       ls_design_score(problem, structure, &self->rows[0][i], &self->rows[1][j],
                                       &self->rows[2][k], &score),
                       1);
}

static ls_status structure_sweep(worker *self, const ls_structure *structure)
{
  const ls_sweep_options *options = self->shared->options;
  const uint32_t mask = ls_structure_violations(self->shared->problem, structure);
  if (mask) {
    self->stats.bounded_count += structure->rank_count;
    violations_add(&self->stats, mask, structure->rank_count);
    return LS_OK;
  }
  rows_tabulate(self, structure);
  pairs_tabulate(self, structure);
  if (options->reference_count) references_collect(self, structure->base.metric[LS_METRIC_LOSS]);
  self->stats.evaluated_count += structure->rank_count;
  if (options->is_counting_violations) structure_count_violations(self, structure);
  for (uint32_t access = 0; access < structure->option_count[0]; access++) {
    const ls_status status = access_sweep(self, structure, access);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

static void *worker_run(void *argument)
{
  worker *self = argument;
  sweep *shared = self->shared;
  const ls_sweep_options *options = shared->options;
  if (options->pin) options->pin(options->pin_context, self->index);
  for (;;) {
    const uint32_t index = atomic_fetch_add(&shared->next_structure, 1);
    if (index >= shared->problem->structure_count) return NULL;
    ls_status status = options->stop && *options->stop ? LS_ERR_STOPPED : LS_OK;
    if (status == LS_OK) status = structure_sweep(self, &shared->problem->structures[index]);
    if (status != LS_OK) atomic_store(&shared->status, (int)status);
    if (atomic_load(&shared->status) != LS_OK) return NULL;
  }
}

/* ---- The whole sweep ---- */

static void stats_add(ls_sweep_stats *sum, const ls_sweep_stats *part)
{
  sum->evaluated_count += part->evaluated_count;
  sum->bounded_count += part->bounded_count;
  sum->feasible_count += part->feasible_count;
  sum->undominated_count += part->undominated_count;
  sum->insert_count += part->insert_count;
  for (int32_t i = 0; i < LS_VIOLATION_COUNT; i++)
    sum->violation_count[i] += part->violation_count[i];
}

static ls_status workers_run(sweep *shared, worker *workers, int32_t count)
{
  int32_t started = 0;
  for (; started < count; started++)
    if (pthread_create(&workers[started].thread, NULL, worker_run, &workers[started])) break;
  for (int32_t i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
  if (!started) return LS_ERR_MEMORY;
  return (ls_status)atomic_load(&shared->status);
}

static ls_status cpu_sweep(const ls_problem *problem, const ls_sweep_options *options,
                           ls_front *front, ls_sweep_stats *stats)
{
  sweep shared = {.problem = problem, .options = options, .chunk_filter = chunk_function()};
  const int32_t count = options->thread_count;
  worker *workers = calloc((size_t)count, sizeof *workers);
  ls_sweep_stats sum = {0};
  ls_status status = workers ? LS_OK : LS_ERR_MEMORY;
  int32_t ready = 0;
  for (; status == LS_OK && ready < count; ready++)
    status = worker_init(&workers[ready], &shared, ready);
  if (status == LS_OK) status = workers_run(&shared, workers, count);
  for (int32_t i = 0; status == LS_OK && i < count; i++) {
    stats_add(&sum, &workers[i].stats);
    status = ls_front_merge(front, workers[i].front);
  }
  if (status == LS_OK) *stats = sum;
  for (int32_t i = 0; i < ready; i++) worker_release(&workers[i]);
  free(workers);
  return status;
}

static ls_status cpu_probe(char *text, size_t capacity)
{
  if (capacity) text[0] = '\0';
  return LS_OK;
}

const ls_backend ls_backend_cpu = {.name = "cpu", .probe = cpu_probe, .sweep = cpu_sweep};
