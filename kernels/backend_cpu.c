/* The CPU backend: workers take structures in order from a shared counter, tabulate the rows of
 * each, and run the vectorised chunk over all its designs. Survivors go through the worker's own
 * exact front; the fronts are merged at the end, so the result does not depend on the threads.
 *
 * Per structure: n0 + n1 + n2 + n3 rows, one table of the sums of all n1 * n2 * n3 combinations
 * above the access tier, then n0 passes over it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "backend_cpu.h"
#include "evaluate.h"
#include "isa.h"
#include "killer_pool.h"
#include "sweep_chunk.h"

LS_STATIC_ASSERT((int)LS_KILLER_MAX >= (int)LS_REFERENCE_MAX, "every reference must find room");

/* Which metrics the lanes of a chunk hold. */
typedef struct lane_plan {
  int32_t count; /* of summed metrics */
  int32_t metric[LS_LANE_COUNT];
  int32_t tco, lost;      /* their lanes, where the cost of a GPU-hour needs them */
  bool has_gpu_hour_cost; /* in one more lane */
} lane_plan;

typedef struct sweep {
  const ls_problem *problem;
  const ls_sweep_options *options;
  ls_chunk_function chunk_filter;
  lane_plan lanes;
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
  ls_tier_row *rows[LS_TIER_MAX]; /* [most options of a structure in the tier] */
  /* Of all combinations above the access tier: [most n1 * n2 * n3] each. */
  int64_t *above_metric[LS_LANE_COUNT];
  int64_t *above_resource[LS_RESOURCE_MAX];
  int64_t *above_cages, *above_violations;
  int64_t (*killers)[LS_LANE_COUNT]; /* [LS_KILLER_MAX] */
  int32_t killer_count;
} worker;

const char *ls_backend_cpu_isa(void) { return ls_isa_name(ls_isa_choose()); }

static ls_chunk_function chunk_function(void)
{
  static const ls_chunk_function filter[] = LS_ISA_TABLE(ls_chunk_filter);
  return filter[ls_isa_choose()];
}

static lane_plan lanes_choose(const ls_problem *problem)
{
  lane_plan plan = {.tco = -1, .lost = -1};
  const int32_t ratio = LS_METRIC_GPU_HOUR;
  plan.has_gpu_hour_cost = problem->objective_mask[ratio] || problem->limit[ratio] != INT64_MAX;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    const bool is_part =
        plan.has_gpu_hour_cost && (metric == LS_METRIC_TCO || metric == LS_METRIC_LOST);
    const bool is_judged = problem->objective_mask[metric] || problem->limit[metric] != INT64_MAX;
    if (metric == LS_METRIC_LOSS || metric == ratio || !(is_judged || is_part)) continue;
    if (metric == LS_METRIC_TCO) plan.tco = plan.count;
    if (metric == LS_METRIC_LOST) plan.lost = plan.count;
    plan.metric[plan.count++] = metric;
  }
  plan.metric[plan.count] = ratio; /* the lane after the last, where it is judged */
  return plan;
}

/* Combinations of the options above the access tier. */
static size_t above_count(const ls_structure *structure)
{
  return (size_t)structure->option_count[1] * structure->option_count[2] *
         structure->option_count[3];
}

/* ---- Memory of a worker ---- */

static void worker_release(worker *self)
{
  ls_front_destroy(self->front);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) free(self->rows[tier]);
  for (int32_t lane = 0; lane < LS_LANE_COUNT; lane++) free(self->above_metric[lane]);
  for (int32_t i = 0; i < LS_RESOURCE_MAX; i++) free(self->above_resource[i]);
  free(self->above_cages);
  free(self->above_violations);
  free(self->killers);
}

static ls_status worker_init(worker *self, sweep *shared, int32_t index)
{
  const ls_problem *problem = shared->problem;
  size_t options[LS_TIER_MAX] = {1, 1, 1, 1}, above = 1;
  for (uint32_t i = 0; i < problem->structure_count; i++) {
    const uint32_t *count = problem->structures[i].option_count;
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
      if (count[tier] > options[tier]) options[tier] = count[tier];
    if (above_count(&problem->structures[i]) > above) above = above_count(&problem->structures[i]);
  }
  memset(self, 0, sizeof *self);
  self->shared = shared;
  self->index = index;
  bool is_whole = ls_front_create(problem->objective_mask, &self->front) == LS_OK;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    is_whole &= (self->rows[tier] = malloc(options[tier] * sizeof(ls_tier_row))) != NULL;
  const size_t above_bytes = above * sizeof(int64_t);
  for (int32_t lane = 0; lane < shared->lanes.count; lane++)
    is_whole &= (self->above_metric[lane] = malloc(above_bytes)) != NULL;
  for (int32_t i = 0; i < problem->resource_count; i++)
    is_whole &= (self->above_resource[i] = malloc(above_bytes)) != NULL;
  is_whole &= (self->above_cages = malloc(above_bytes)) != NULL;
  is_whole &= (self->above_violations = malloc(above_bytes)) != NULL;
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

/* The rows of a combination above the access tier, whose row is rows[0]. */
static void above_rows(const worker *self, const ls_structure *structure, size_t combination,
                       const ls_tier_row *rows[LS_TIER_MAX])
{
  for (int32_t tier = LS_TIER_MAX - 1; tier > 0; tier--) {
    rows[tier] = &self->rows[tier][combination % structure->option_count[tier]];
    combination /= structure->option_count[tier];
  }
}

/* Sums of all combinations above the access tier, with what their chassis say to them. */
static void above_tabulate(worker *self, const ls_structure *structure)
{
  const ls_problem *problem = self->shared->problem;
  const lane_plan *lanes = &self->shared->lanes;
  const ls_tier_row none = LS_ZERO, *rows[LS_TIER_MAX] = {&none};
  const size_t count = above_count(structure);
  for (size_t c = 0; c < count; c++) {
    above_rows(self, structure, c, rows);
    const uint32_t mask =
        rows[1]->violation_mask | rows[2]->violation_mask | rows[3]->violation_mask;
    const bool is_full = ls_faceplate_is_short(problem, structure, rows);
    for (int32_t lane = 0; lane < lanes->count; lane++) {
      const int32_t metric = lanes->metric[lane];
      self->above_metric[lane][c] =
          rows[1]->metric[metric] + rows[2]->metric[metric] + rows[3]->metric[metric];
    }
    for (int32_t i = 0; i < problem->resource_count; i++)
      self->above_resource[i][c] =
          rows[1]->resource[i] + rows[2]->resource[i] + rows[3]->resource[i];
    self->above_cages[c] = rows[1]->cages_a;
    self->above_violations[c] = (int64_t)(mask | (is_full ? LS_VIOLATES_FACEPLATE : 0));
  }
}

/* ---- Killers ---- */

/* Those scores that can kill designs with this throughput loss, as lanes. */
static int32_t killers_add(const sweep *shared, const ls_score *score, int64_t loss,
                           int64_t (*killers)[LS_LANE_COUNT], int32_t count)
{
  const int64_t *mask = shared->problem->objective_mask;
  if ((score->metric[LS_METRIC_LOSS] & mask[LS_METRIC_LOSS]) > (loss & mask[LS_METRIC_LOSS]))
    return count;
  for (int32_t lane = 0; lane < shared->lanes.count + shared->lanes.has_gpu_hour_cost; lane++) {
    const int32_t metric = shared->lanes.metric[lane];
    killers[count][lane] = mask[metric] ? score->metric[metric] : INT64_MIN;
  }
  return count + 1;
}

/* The references that matter at this loss: once per structure. */
static void references_collect(worker *self, int64_t loss)
{
  const ls_sweep_options *options = self->shared->options;
  self->killer_count = 0;
  for (int32_t i = 0; i < options->reference_count; i++)
    self->killer_count =
        killers_add(self->shared, &options->reference[i], loss, self->killers, self->killer_count);
}

/* The pool as it stands: before every chunk, since survivors change it. */
static void pool_collect(worker *self, int64_t loss)
{
  self->killer_count = 0;
  for (int32_t i = 0; i < self->pool.count; i++)
    self->killer_count = killers_add(self->shared, &self->pool.member[i].score, loss, self->killers,
                                     self->killer_count);
}

/* ---- Designs ---- */

static ls_status survivor_insert(worker *self, const ls_front_member *member)
{
  const ls_front_member *dominator;
  const ls_status status = ls_front_insert(self->front, member, &dominator);
  if (status != LS_OK) return status;
  ls_killer_pool_push(&self->pool, dominator ? dominator : member);
  self->stats.insert_count += !dominator;
  return LS_OK;
}

/* What all designs of one access option have in common. */
static ls_chunk access_chunk(const worker *self, const ls_structure *structure,
                             const ls_tier_row *row)
{
  const ls_problem *problem = self->shared->problem;
  const lane_plan *lanes = &self->shared->lanes;
  ls_chunk chunk = {.lane_count = lanes->count,
                    .problem = problem,
                    .structure = lanes->has_gpu_hour_cost ? structure : NULL,
                    .tco_lane = lanes->tco,
                    .lost_lane = lanes->lost,
                    .resource_count = problem->resource_count,
                    .cages_add = row->cages_b,
                    .cages_max = ls_structure_cages(problem, structure, 0),
                    .violations_add = row->violation_mask,
                    .killers = (const int64_t(*)[LS_LANE_COUNT])self->killers};
  for (int32_t lane = 0; lane < lanes->count; lane++) {
    const int32_t metric = lanes->metric[lane];
    chunk.metric_add[lane] = structure->base.metric[metric] + row->metric[metric];
    chunk.limit[lane] = problem->limit[metric];
  }
  chunk.limit[lanes->count] = problem->limit[LS_METRIC_GPU_HOUR];
  for (int32_t i = 0; i < problem->resource_count; i++)
    chunk.resource_max[i] =
        problem->resource_limit[i] - structure->base_resource[i] - row->resource[i];
  return chunk;
}

/* Scores a survivor in all metrics and offers it to the front. */
static ls_status survivor_take(worker *self, const ls_structure *structure, uint32_t access,
                               size_t combination)
{
  const ls_tier_row *rows[LS_TIER_MAX] = {&self->rows[0][access]};
  ls_front_member member = {.rank = structure->rank_first +
                                    (uint64_t)access * above_count(structure) + combination};
  above_rows(self, structure, combination, rows);
  ls_design_score(self->shared->problem, structure, rows, &member.score);
  return survivor_insert(self, &member);
}

/* All designs of one access option: passes over the table of combinations, a chunk at a time. */
static ls_status access_sweep(worker *self, const ls_structure *structure, uint32_t access)
{
  const bool is_counting = self->shared->options->reference_count > 0;
  const size_t count_above = above_count(structure);
  ls_chunk chunk = access_chunk(self, structure, &self->rows[0][access]);
  for (size_t first = 0; first < count_above; first += LS_CHUNK_MAX) {
    int32_t survivors[LS_CHUNK_MAX];
    chunk.count = (int32_t)ls_min((int64_t)(count_above - first), LS_CHUNK_MAX);
    for (int32_t lane = 0; lane < chunk.lane_count; lane++)
      chunk.metric[lane] = self->above_metric[lane] + first;
    for (int32_t i = 0; i < chunk.resource_count; i++)
      chunk.resource[i] = self->above_resource[i] + first;
    chunk.cages = self->above_cages + first;
    chunk.violations = self->above_violations + first;
    if (!is_counting) pool_collect(self, structure->base.metric[LS_METRIC_LOSS]);
    chunk.killer_count = self->killer_count;
    const int32_t count =
        self->shared->chunk_filter(&chunk, survivors, &self->stats.feasible_count);
    if (is_counting) {
      self->stats.undominated_count += (uint64_t)count;
      continue;
    }
    for (int32_t i = 0; i < count; i++) {
      const ls_status status = survivor_take(self, structure, access, first + (size_t)survivors[i]);
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
  const size_t count_above = above_count(structure);
  const ls_tier_row *rows[LS_TIER_MAX];
  ls_score score;
  for (uint32_t access = 0; access < structure->option_count[0]; access++)
    for (size_t c = 0; c < count_above; c++) {
      rows[0] = &self->rows[0][access];
      above_rows(self, structure, c, rows);
      violations_add(&self->stats, ls_design_score(problem, structure, rows, &score), 1);
    }
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
  above_tabulate(self, structure);
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
  sweep shared = {.problem = problem,
                  .options = options,
                  .chunk_filter = chunk_function(),
                  .lanes = lanes_choose(problem)};
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

const ls_backend ls_backend_cpu = {
    .name = "cpu", .probe = cpu_probe, .sweep = cpu_sweep, .score = ls_cpu_score};
