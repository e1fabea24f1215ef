/* The CPU backend: workers take structures in order from a shared counter, tabulate the rows of
 * each, and run the vectorised chunk over all its designs. Survivors go through the worker's own
 * exact front; the fronts are merged at the end, so the result does not depend on the threads.
 *
 * Per structure: n0 + n1 + n2 + n3 rows; then strip by strip a table of the sums of the n1 * n2 *
 * n3 combinations above the access tier, and n0 passes over it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "backend_cpu.h"
#include "evaluate.h"
#include "isa.h"
#include "killer_pool.h"
#include "stop_flag.h"
#include "sweep_chunk.h"
#include "sweep_killers.h"
#include "sweep_merge.h"
#include "sweep_news.h"

LS_STATIC_ASSERT((int)LS_KILLER_MAX >= (int)LS_REFERENCE_MAX, "every reference must find room");

/* Which metrics are tabulated, and which of them are lanes of a chunk: those compared. */
typedef struct lane_plan {
  int32_t sum_count;
  int32_t sum_metric[LS_LANE_COUNT]; /* [sum_count]: judged, or part of what is */
  int32_t spent, lost;               /* their sums, where the cost of a GPU-hour needs them */
  bool has_gpu_hour_cost, is_gpu_hour_compared;
  int32_t lane_count;
  int32_t lane_metric[LS_LANE_COUNT]; /* [lane_count]: the cost of a GPU-hour is last */
  int32_t lane_sum[LS_LANE_COUNT];    /* [lane_count]: the sum a lane is; not of the last one */
} lane_plan;

/* Combinations of a strip, whose columns, 40 bytes each with five of them, stay in L2 over all
 * access options. The chunks of a structure that fits one strip are half as long: what kills is
 * learnt from chunk to chunk. */
enum { STRIP_MAX = 4096 };

/* A value of the combinations above the access tier, a strip of them at a time. */
typedef struct column {
  int64_t *value; /* [STRIP_MAX + LS_CHUNK_PADDING], of the strip at hand */
  int64_t high;   /* the largest of the structure */
} column;

/* More cages than any chassis has, and room to subtract from it. */
#define CAGES_NEVER (INT64_MAX / 2)

typedef struct sweep {
  const ls_problem *problem;
  const ls_sweep_options *options;
  ls_chunk_function chunk_filter;
  lane_plan lanes;
  atomic_uint next_structure;
  atomic_int status;   /* the first failure of any worker */
  ls_sweep_news *news; /* NULL: there is nobody to tell */
} sweep;

typedef struct worker {
  sweep *shared;
  int32_t index;
  pthread_t thread;
  ls_front *front;
  ls_sweep_stats stats;
  ls_killer_pool pool, others; /* its own killers, and what others had told before the structure */
  uint64_t heard_count;        /* of news */
  ls_front_member *heard;      /* [LS_NEWS_MAX] */
  ls_tier_row *rows[LS_TIER_MAX]; /* [most options of a structure in the tier] */
  int64_t *part[LS_TIER_MAX];     /* of a column: what each tier adds */
  column sum[LS_LANE_COUNT], resource[LS_RESOURCE_MAX];
  column cages; /* of the leaf; CAGES_NEVER: infeasible for another reason */
  ls_sweep_killers killers;
  ls_chunk chunk;
  bool is_pool_changed; /* since scores were collected */
} worker;

const char *ls_backend_cpu_isa(void) { return ls_isa_name(ls_isa_choose()); }

static ls_chunk_function chunk_function(void)
{
  static const ls_chunk_function filter[] = LS_ISA_TABLE(ls_chunk_filter);
  return filter[ls_isa_choose()];
}

static lane_plan lanes_choose(const ls_problem *problem)
{
  lane_plan plan = {.spent = -1, .lost = -1};
  const int32_t ratio = LS_METRIC_GPU_HOUR;
  plan.is_gpu_hour_compared = problem->objective_mask[ratio] != 0;
  plan.has_gpu_hour_cost = plan.is_gpu_hour_compared || problem->limit[ratio] != INT64_MAX;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    const bool is_part = plan.has_gpu_hour_cost && metric == LS_METRIC_LOST;
    const bool is_compared = problem->objective_mask[metric] != 0;
    const bool is_judged = is_compared || problem->limit[metric] != INT64_MAX;
    if (metric == LS_METRIC_LOSS || metric == ratio || !(is_judged || is_part)) continue;
    if (metric == LS_METRIC_LOST) plan.lost = plan.sum_count;
    if (is_compared) {
      plan.lane_sum[plan.lane_count] = plan.sum_count;
      plan.lane_metric[plan.lane_count++] = metric;
    }
    plan.sum_metric[plan.sum_count++] = metric;
  }
  if (plan.has_gpu_hour_cost) { /* the rows' sum of what is spent */
    plan.spent = plan.sum_count;
    plan.sum_metric[plan.sum_count++] = ratio;
  }
  if (plan.is_gpu_hour_compared) plan.lane_metric[plan.lane_count++] = ratio;
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
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) free(self->part[tier]);
  for (int32_t i = 0; i < LS_LANE_COUNT; i++) free(self->sum[i].value);
  for (int32_t i = 0; i < LS_RESOURCE_MAX; i++) free(self->resource[i].value);
  free(self->cages.value);
  free(self->heard);
  ls_sweep_killers_release(&self->killers);
}

static bool column_init(column *created)
{
  created->value = calloc(STRIP_MAX + LS_CHUNK_PADDING, sizeof *created->value);
  return created->value != NULL;
}

/* What chunks have in common all along: where the columns are. */
static void chunk_init(worker *self)
{
  const ls_problem *problem = self->shared->problem;
  const lane_plan *lanes = &self->shared->lanes;
  ls_chunk *chunk = &self->chunk;
  chunk->lane_count = lanes->lane_count;
  chunk->problem = problem;
  chunk->gpu_hour_most = problem->limit[LS_METRIC_GPU_HOUR];
  chunk->is_gpu_hour_compared = lanes->is_gpu_hour_compared;
  chunk->killers = (const int64_t(*)[LS_LANE_COUNT])self->killers.killers;
  chunk->order = self->killers.order;
  for (int32_t lane = 0; lane < lanes->lane_count - lanes->is_gpu_hour_compared; lane++)
    chunk->lane[lane] = self->sum[lanes->lane_sum[lane]].value;
  if (!lanes->has_gpu_hour_cost) return;
  chunk->spent = self->sum[lanes->spent].value;
  chunk->lost = self->sum[lanes->lost].value;
}

static ls_status worker_init(worker *self, sweep *shared, int32_t index)
{
  const ls_problem *problem = shared->problem;
  const lane_plan *lanes = &shared->lanes;
  size_t options[LS_TIER_MAX];
  ls_problem_option_counts(problem, options);
  memset(self, 0, sizeof *self);
  self->shared = shared;
  self->index = index;
  bool is_whole = ls_front_create(problem->objective_mask, &self->front) == LS_OK;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    is_whole &= (self->rows[tier] = malloc(options[tier] * sizeof(ls_tier_row))) != NULL;
  for (int32_t tier = 1; tier < LS_TIER_MAX; tier++)
    is_whole &= (self->part[tier] = malloc(options[tier] * sizeof(int64_t))) != NULL;
  for (int32_t i = 0; i < shared->lanes.sum_count; i++) is_whole &= column_init(&self->sum[i]);
  for (int32_t i = 0; i < problem->resource_count; i++) is_whole &= column_init(&self->resource[i]);
  is_whole &= column_init(&self->cages);
  is_whole &= (self->heard = malloc(LS_NEWS_MAX * sizeof *self->heard)) != NULL;
  is_whole &= ls_sweep_killers_init(&self->killers, lanes->lane_count,
                                    lanes->lane_count - lanes->is_gpu_hour_compared) == LS_OK;
  if (!is_whole) return LS_ERR_MEMORY;
  chunk_init(self);
  return LS_OK;
}

/* ---- Tables of a structure ---- */

static void rows_tabulate(worker *self, const ls_structure *structure)
{
  const ls_problem *problem = self->shared->problem;
  const bool has_years = ls_problem_has_years(problem);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    for (uint32_t i = 0; i < structure->option_count[tier]; i++) {
      ls_tier_row *row = &self->rows[tier][i];
      if (self->shared->options->is_counting_violations)
        ls_option_row_compute(problem, structure, tier, i, row);
      else
        ls_option_row_judge(problem, structure, tier, i, has_years, row);
    }
}

/* The combinations from first to end: those of tier 3 run fastest, where there are more than one,
 * and those of tier 2 else. */
typedef struct strip {
  const uint32_t *option_count;
  size_t first, end;
} strip;

/* Fills a column with the sums of a field of the rows, which lies offset bytes into each. */
static void column_fill(worker *self, const strip *of, column *to, size_t offset)
{
  const uint32_t *count = of->option_count;
  const int32_t inner = count[3] > 1 ? 3 : 2;
  const size_t inner_count = count[inner];
  int64_t *LS_RESTRICT value = to->value;
  to->high = 0;
  for (int32_t tier = 1; tier < LS_TIER_MAX; tier++) {
    int64_t *part = self->part[tier], high = INT64_MIN;
    for (uint32_t i = 0; i < count[tier]; i++) {
      part[i] = *(const int64_t *)((const char *)&self->rows[tier][i] + offset);
      high = ls_max(high, part[i]);
    }
    to->high += high;
  }
  for (size_t at = of->first; at < of->end;) {
    const size_t outer = at / inner_count, skipped = at % inner_count;
    const size_t run = (size_t)ls_min((int64_t)(inner_count - skipped), (int64_t)(of->end - at));
    const int64_t *LS_RESTRICT part = self->part[inner] + skipped;
    const int64_t sum = inner == 3
                            ? self->part[1][outer / count[2]] + self->part[2][outer % count[2]]
                            : self->part[1][outer] + self->part[3][0];
    for (size_t i = 0; i < run; i++) value[i] = sum + part[i];
    value += run;
    at += run;
  }
}

/* Whether the chassis of the tiers above the leaf, and the leaf for them alone, have cages for a
 * combination whose constraints are all kept. */
static bool combination_is_feasible(const int32_t cages[LS_TIER_MAX],
                                    const ls_tier_row *const rows[LS_TIER_MAX])
{
  bool is_short = false;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    is_short |= ls_cages_are_short(cages[tier], rows[tier],
                                   tier + 1 < LS_TIER_MAX ? rows[tier + 1]->cages_a : 0);
  return !is_short &&
         !(rows[1]->violation_mask | rows[2]->violation_mask | rows[3]->violation_mask);
}

/* The leaf's cages that each combination takes, or CAGES_NEVER. */
static void cages_fill(worker *self, const ls_structure *structure, const strip *of)
{
  static const ls_tier_row none = LS_ZERO;
  const uint32_t *count = of->option_count;
  const ls_tier_row *rows[LS_TIER_MAX] = {&none};
  int32_t cages[LS_TIER_MAX];
  int64_t *value = self->cages.value, high = 0;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    cages[tier] = ls_structure_cages(self->shared->problem, structure, tier);
  uint32_t k = (uint32_t)(of->first % count[3]);
  size_t pair = of->first / count[3];
  for (size_t at = of->first; at < of->end; pair++, k = 0) {
    rows[1] = &self->rows[1][pair / count[2]];
    rows[2] = &self->rows[2][pair % count[2]];
    for (; k < count[3] && at < of->end; k++, at++) {
      rows[3] = &self->rows[3][k];
      *value = combination_is_feasible(cages, rows) ? rows[1]->cages_a : CAGES_NEVER;
      high = ls_max(high, *value++);
    }
  }
  self->cages.high = high;
}

/* All that the combinations of a strip add, with what their chassis say to them. */
static void strip_tabulate(worker *self, const ls_structure *structure, const strip *of)
{
  const lane_plan *lanes = &self->shared->lanes;
  for (int32_t i = 0; i < lanes->sum_count; i++)
    column_fill(self, of, &self->sum[i],
                offsetof(ls_tier_row, metric) + sizeof(int64_t) * (size_t)lanes->sum_metric[i]);
  for (int32_t i = 0; i < self->shared->problem->resource_count; i++)
    column_fill(self, of, &self->resource[i],
                offsetof(ls_tier_row, resource) + sizeof(int64_t) * (size_t)i);
  cages_fill(self, structure, of);
}

/* ---- Killers ---- */

/* Notes a score if it can kill designs with this throughput loss, which is no lane. */
static void score_note(worker *self, const ls_score *score, uint64_t rank, int64_t loss)
{
  const int64_t mask = self->shared->problem->objective_mask[LS_METRIC_LOSS];
  if ((score->metric[LS_METRIC_LOSS] & mask) <= (loss & mask))
    ls_sweep_killers_note(&self->killers, score, rank, self->shared->lanes.lane_metric);
}

/* What may kill designs with this loss: the references, or the pool as it stands and what others
 * told. References come before every rank. */
static void scores_collect(worker *self, int64_t loss)
{
  const ls_sweep_options *options = self->shared->options;
  self->killers.score_count = 0;
  self->is_pool_changed = false;
  for (int32_t i = 0; i < options->reference_count; i++)
    score_note(self, &options->reference[i], 0, loss);
  for (int32_t i = 0; i < self->pool.count; i++)
    score_note(self, &self->pool.member[i].score, self->pool.member[i].rank, loss);
  for (int32_t i = 0; i < self->others.count; i++)
    if (!ls_sweep_killers_has(&self->killers, self->others.member[i].rank))
      score_note(self, &self->others.member[i].score, self->others.member[i].rank, loss);
}

/* Takes over what other workers found. */
static ls_status news_hear(worker *self)
{
  enum { KILLERS_MAX = 8 };
  if (!self->shared->news) return LS_OK;
  const int32_t count =
      ls_sweep_news_hear(self->shared->news, self->index, &self->heard_count, self->heard);
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < count; i++) {
    ls_killer_pool_push(&self->others, &self->heard[i]);
    status = ls_front_insert(self->front, &self->heard[i], NULL);
  }
  self->others.count = (int32_t)ls_min(self->others.count, KILLERS_MAX);
  return status;
}

static void killers_choose(worker *self, const int64_t added[LS_LANE_COUNT], uint64_t rank)
{
  const lane_plan *lanes = &self->shared->lanes;
  int64_t least[LS_LANE_COUNT], high[LS_LANE_COUNT];
  for (int32_t lane = 0; lane < self->killers.sum_count; lane++) {
    least[lane] = added[lanes->lane_sum[lane]];
    high[lane] = self->sum[lanes->lane_sum[lane]].high;
  }
  ls_sweep_killers_choose(&self->killers, least, high, rank);
  self->chunk.killer_count = self->killers.count;
}

/* ---- Designs ---- */

/* What structure and access link add to each sum. */
static void added_compute(const worker *self, const ls_structure *structure, const ls_tier_row *row,
                          int64_t added[LS_LANE_COUNT])
{
  const lane_plan *lanes = &self->shared->lanes;
  for (int32_t i = 0; i < lanes->sum_count; i++) {
    const int32_t metric = lanes->sum_metric[i];
    added[i] = structure->base.metric[metric] + row->metric[metric];
  }
}

/* A bound that the largest value of its column keeps is kept by all. */
static void bound_add(ls_chunk *chunk, const column *of, int64_t most)
{
  if (of->high > most) chunk->bound[chunk->bound_count++] = (ls_bound){of->value, most};
}

/* What all designs of one access option have in common. */
static void chunk_begin(worker *self, const ls_structure *structure, const ls_tier_row *row,
                        const int64_t added[LS_LANE_COUNT])
{
  const ls_problem *problem = self->shared->problem;
  const lane_plan *lanes = &self->shared->lanes;
  ls_chunk *chunk = &self->chunk;
  chunk->bound_count = 0;
  bound_add(chunk, &self->cages, ls_structure_cages(problem, structure, 0) - row->cages_b);
  for (int32_t i = 0; i < problem->resource_count; i++)
    bound_add(chunk, &self->resource[i],
              problem->resource_limit[i] - structure->base_resource[i] - row->resource[i]);
  for (int32_t i = 0; i < lanes->sum_count - lanes->has_gpu_hour_cost; i++)
    bound_add(chunk, &self->sum[i], problem->limit[lanes->sum_metric[i]] - added[i]);
  if (!lanes->has_gpu_hour_cost) return;
  chunk->structure = structure;
  chunk->spent_add = added[lanes->spent];
  chunk->lost_add = added[lanes->lost];
}

/* The compared metrics of a design, from the columns. */
static void compared_read(const worker *self, const ls_structure *structure,
                          const int64_t added[LS_LANE_COUNT], size_t at, ls_score *score)
{
  const lane_plan *lanes = &self->shared->lanes;
  const ls_chunk *chunk = &self->chunk;
  score->metric[LS_METRIC_LOSS] = structure->base.metric[LS_METRIC_LOSS];
  for (int32_t lane = 0; lane < lanes->lane_count - lanes->is_gpu_hour_compared; lane++)
    score->metric[lanes->lane_metric[lane]] = chunk->lane[lane][at] + added[lanes->lane_sum[lane]];
  if (lanes->is_gpu_hour_compared)
    score->metric[LS_METRIC_GPU_HOUR] =
        ls_gpu_hour_cost(chunk->problem, structure, chunk->spent[at] + chunk->spent_add,
                         chunk->lost[at] + chunk->lost_add);
}

/* Asks the front about a survivor by what the columns have of it; only what nothing dominates is
 * scored in all metrics and inserted. The pool gets what dominates, or the survivor. */
static ls_status survivor_take(worker *self, const ls_structure *structure, uint64_t rank,
                               const int64_t added[LS_LANE_COUNT], size_t at)
{
  ls_front_member member = {.rank = rank};
  compared_read(self, structure, added, at, &member.score);
  const ls_front_member *dominator = ls_front_dominator(self->front, &member.score, rank);
  self->is_pool_changed = true;
  if (dominator) {
    ls_killer_pool_push(&self->pool, dominator);
    return LS_OK;
  }
  ls_rank_score(self->shared->problem, rank, &member.score);
  ls_killer_pool_push(&self->pool, &member);
  if (self->shared->news) ls_sweep_news_tell(self->shared->news, self->index, &member);
  self->stats.insert_count++;
  return ls_front_insert(self->front, &member, NULL);
}

/* Offers the survivors of a chunk, whose first design has this rank, to the front, or counts them.
 */
static ls_status survivors_take(worker *self, const ls_structure *structure, uint64_t rank_first,
                                const int64_t added[LS_LANE_COUNT], const int32_t *survivors,
                                int32_t count)
{
  ls_status status = LS_OK;
  if (self->shared->options->reference_count) {
    self->stats.undominated_count += (uint64_t)count;
    return LS_OK;
  }
  for (int32_t i = 0; status == LS_OK && i < count; i++)
    status = survivor_take(self, structure, rank_first + (uint64_t)survivors[i], added,
                           (size_t)self->chunk.first + (size_t)survivors[i]);
  return status;
}

/* The designs of one access option with the combinations of a strip, a chunk at a time. Killers are
 * chosen anew where the pool has changed: those that may come from higher ranks than a chunk may
 * come from higher ranks than the next, too. */
static ls_status access_sweep(worker *self, const ls_structure *structure, uint32_t access,
                              const strip *of)
{
  const ls_tier_row *row = &self->rows[0][access];
  const uint64_t rank_first =
      structure->rank_first + (uint64_t)access * above_count(structure) + of->first;
  const int32_t chunk_max = above_count(structure) > STRIP_MAX ? LS_CHUNK_MAX : LS_CHUNK_MAX / 2;
  const int32_t strip_count = (int32_t)(of->end - of->first);
  ls_chunk *chunk = &self->chunk;
  int64_t added[LS_LANE_COUNT];
  if (row->violation_mask) return LS_OK;
  added_compute(self, structure, row, added);
  chunk_begin(self, structure, row, added);
  for (chunk->first = 0; chunk->first < strip_count; chunk->first += chunk_max) {
    int32_t survivors[LS_CHUNK_MAX];
    const uint64_t rank = rank_first + (uint64_t)chunk->first;
    const bool is_news = self->is_pool_changed;
    if (is_news) scores_collect(self, structure->base.metric[LS_METRIC_LOSS]);
    if (is_news || !chunk->first) killers_choose(self, added, rank);
    chunk->count = (int32_t)ls_min(strip_count - chunk->first, chunk_max);
    const int32_t count = self->shared->chunk_filter(chunk, survivors, &self->stats.feasible_count);
    const ls_status status = survivors_take(self, structure, rank, added, survivors, count);
    if (status != LS_OK) return status;
  }
  ls_sweep_killers_promote(&self->killers);
  return LS_OK;
}

/* All designs of a structure whose rows are known. A strip of the table is filled and stays in L2
 * over all access options; killers of its own structure then may come from higher ranks. */
static ls_status strips_sweep(worker *self, const ls_structure *structure)
{
  const size_t count_above = above_count(structure);
  ls_status status = LS_OK;
  for (size_t first = 0; status == LS_OK && first < count_above; first += STRIP_MAX) {
    const size_t end = first + STRIP_MAX < count_above ? first + STRIP_MAX : count_above;
    const strip of = {structure->option_count, first, end};
    strip_tabulate(self, structure, &of);
    for (uint32_t access = 0; status == LS_OK && access < structure->option_count[0]; access++)
      status = access_sweep(self, structure, access, &of);
  }
  return status;
}

static void violations_add(ls_sweep_stats *stats, uint32_t mask, uint64_t design_count)
{
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (mask >> bit & 1) stats->violation_count[bit] += design_count;
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
  const ls_status status = news_hear(self);
  if (status != LS_OK) return status;
  scores_collect(self, structure->base.metric[LS_METRIC_LOSS]);
  self->stats.evaluated_count += structure->rank_count;
  if (options->is_counting_violations) structure_count_violations(self, structure);
  return strips_sweep(self, structure);
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
    ls_status status = ls_is_stopped(options->stop) ? LS_ERR_STOPPED : LS_OK;
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
  if (!options->is_exhaustive && !options->is_counting_violations)
    return ls_merge_sweep(problem, options, front, stats);
  sweep shared = {.problem = problem,
                  .options = options,
                  .chunk_filter = chunk_function(),
                  .lanes = lanes_choose(problem)};
  ls_sweep_news news = {.lock = PTHREAD_MUTEX_INITIALIZER};
  const int32_t count = options->thread_count;
  if (count > 1) shared.news = &news;
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

const ls_backend ls_backend_cpu = {.name = "cpu",
                                   .probe = cpu_probe,
                                   .sweep = cpu_sweep,
                                   .score = ls_cpu_score,
                                   .fail = ls_cpu_fail};
