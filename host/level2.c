#include "level2.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/dominate.h"
#include "../kernels/evaluate.h"
#include "../kernels/stop_flag.h"
#include "clock.h"
#include "domains.h"
#include "files.h"
#include "mix.h"
#include "problem_build.h"
#include "progress.h"
#include "run_step.h"
#include "shortlist.h"
#include "trays.h"

enum { ROUND_MAX = 40 };

typedef struct search {
  const ls_session *session;
  ls_problem *refined; /* a copy whose structures take on true lengths */
  bool *is_refined;    /* [structure_count] */
  ls_level2 *found;
  int32_t built_max, without;
  int64_t loss_ppm_max;
  bool has_news; /* this round refined a structure or built a design */
} search;

static bool is_built(const ls_level2 *found, uint64_t rank)
{
  for (int32_t i = 0; i < found->built_count; i++)
    if (found->built[i] == rank) return true;
  return false;
}

/* What building a design tells. */
typedef struct measure {
  ls_status status; /* LS_OK, or LS_ERR_NO: does not fit the floor */
  ls_error error;
  ls_result result; /* of the uniform design */
  ls_placed_lengths lengths;
  bool is_wired; /* a graph was found for its sparse blocks: what that makes of it */
  ls_structure wired;
  ls_strand_bounds strands; /* where a tray is too full */
  bool is_mixed;            /* there is a mixed one that is to be kept */
  ls_result mixed;
} measure;

static void lengths_measure(const ls_topology *topology, ls_placed_lengths *lengths)
{
  int64_t links[LS_TIER_MAX] = {0}, sum_mm[LS_TIER_MAX] = {0};
  for (int32_t i = 0; i < topology->edge_count; i++) {
    const ls_edge *edge = &topology->edges[i];
    int32_t *longest =
        edge->kind == LS_EDGE_CIRCUIT ? &lengths->circuit_mm_max : &lengths->max_mm[edge->tier];
    *longest = (int32_t)ls_max(*longest, edge->length_mm);
    if (edge->kind == LS_EDGE_CIRCUIT) continue; /* its cords are the legs */
    links[edge->tier] += edge->link_count;
    sum_mm[edge->tier] += (int64_t)edge->link_count * edge->length_mm;
  }
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    lengths->mean_mm[tier] = links[tier] ? (int32_t)(sum_mm[tier] / links[tier]) : 0;
}

static ls_result result_of(const ls_topology *topology)
{
  ls_result result = {
      .rank = topology->rank, .variant = topology->variant, .totals = topology->totals};
  ls_topology_score(topology, &result.score);
  return result;
}

/* Builds one design, and lets its boxes and bundles choose; keeps what is to be known of both. */
static void design_build(const ls_session *session, uint64_t rank, int32_t without, measure *told)
{
  ls_topology topology;
  memset(told, 0, sizeof *told);
  told->result.rank = rank;
  told->status = ls_topology_create(session->problem, session->catalog, session->spec, rank,
                                    &topology, &told->error);
  if (told->status != LS_OK) return;
  lengths_measure(&topology, &told->lengths);
  told->is_wired = topology.wired != NULL;
  if (told->is_wired) told->wired = *topology.wired;
  told->result = result_of(&topology);
  if (topology.totals.violation_mask & LS_VIOLATES_TRAY)
    told->status = ls_trays_bound(session->spec, &topology, &told->strands);
  if (told->status == LS_OK)
    told->status = ls_topology_mix(session->catalog, session->spec, without, &topology);
  if (told->status != LS_OK)
    ls_error_set(&told->error, told->status, NULL, 0, NULL, "no memory for level 2");
  told->is_mixed = topology.variant == LS_MIXED;
  told->mixed = result_of(&topology);
  ls_topology_destroy(&topology);
}

typedef struct design_task {
  const ls_session *session;
  uint64_t rank;
  int32_t without;
  measure *told;
} design_task;

static ls_status design_compute(void *context, ls_error *error)
{
  const design_task *self = context;
  design_build(self->session, self->rank, self->without, self->told);
  if (self->told->status == LS_OK || self->told->status == LS_ERR_NO) return LS_OK;
  *error = self->told->error;
  return self->told->status;
}

/* Builds a design as a step: what was found out about it once is not found out again. */
static void design_measure(const ls_session *session, uint64_t rank, int32_t without, measure *told)
{
  design_task task = {session, rank, without, told};
  ls_error error = {.line = 0};
  char key[LS_STEP_KEY_MAX];
  snprintf(key, sizeof key, "rank %" PRIu64 " without %d", rank, without);
  const ls_step step = {.kind = "design",
                        .key = key,
                        .value = told,
                        .value_bytes = sizeof *told,
                        .compute = design_compute,
                        .context = &task};
  const ls_status status = ls_run_step(session->store, &step, &error);
  if (status == LS_OK) return;
  told->status = status;
  told->error = error;
}

ls_status ls_result_build(const ls_session *session, const ls_result *result, int32_t without,
                          ls_topology *topology, ls_error *error)
{
  ls_status status = ls_topology_create(session->problem, session->catalog, session->spec,
                                        result->rank, topology, error);
  if (status != LS_OK || result->variant == LS_UNIFORM) return status;
  status = ls_topology_mix(session->catalog, session->spec, without, topology);
  if (status == LS_OK) return status;
  ls_topology_destroy(topology);
  return ls_error_set(error, status, NULL, 0, NULL, "no memory for level 2");
}

/* The designs of a round, measured by threads that take them in turn. */
typedef struct crew {
  const ls_session *session;
  int32_t without;
  measure told[LS_SHORTLIST_SIZE + 1]; /* and the start */
  uint64_t rank[LS_SHORTLIST_SIZE + 1];
  int32_t count;
  atomic_int next;
} crew;

typedef struct crew_member {
  crew *shared;
  int32_t index;
  pthread_t thread;
} crew_member;

static void *crew_work(void *argument)
{
  crew_member *self = argument;
  crew *shared = self->shared;
  ls_devices_pin((void *)&shared->session->devices, self->index);
  for (;;) {
    const int32_t i = atomic_fetch_add(&shared->next, 1);
    if (i >= shared->count) return NULL;
    if (ls_is_stopped(shared->session->stop))
      shared->told[i].status = ls_error_set(&shared->told[i].error, LS_ERR_STOPPED, NULL, 0, NULL,
                                            "stopped; nothing was written");
    else
      design_measure(shared->session, shared->rank[i], shared->without, &shared->told[i]);
    ls_progress_built(shared->session->progress);
  }
}

static ls_status crew_run(crew *shared, ls_error *error)
{
  enum { CREW_MAX = 64 };
  crew_member members[CREW_MAX];
  const int32_t wanted = (int32_t)ls_min(shared->session->thread_count, CREW_MAX);
  int32_t started = 0;
  for (; started < wanted; started++) {
    members[started] = (crew_member){.shared = shared, .index = started};
    if (pthread_create(&members[started].thread, NULL, crew_work, &members[started])) break;
  }
  for (int32_t i = 0; i < started; i++) pthread_join(members[i].thread, NULL);
  if (!started) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no thread to be had");
  return LS_OK;
}

/* Takes what a build told into the results, and into the structure's bounds. */
static ls_status measure_take(search *self, const measure *told, ls_error *error)
{
  ls_level2 *found = self->found;
  const uint32_t index = ls_rank_structure(self->session->problem, told->result.rank);
  if (told->status != LS_OK && told->status != LS_ERR_NO) {
    *error = told->error;
    return told->status;
  }
  found->built[found->built_count++] = told->result.rank;
  self->has_news = true;
  const uint32_t mask = told->status == LS_OK ? (uint32_t)told->result.totals.violation_mask
                                              : (uint32_t)LS_VIOLATES_FLOOR;
  const bool is_dropped = self->refined->structures[index].violation_mask != 0;
  if (told->is_wired) ls_problem_wire(self->refined, index, &told->wired);
  if (!self->is_refined[index])
    ls_problem_refine(self->refined, index, &told->lengths,
                      mask & (LS_VIOLATES_FLOOR | LS_VIOLATES_DOMAIN));
  ls_problem_bound_strands(self->refined, index, &told->strands);
  found->dropped_count += !is_dropped && self->refined->structures[index].violation_mask;
  self->is_refined[index] = true;
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    found->violation_count[bit] += mask >> bit & 1;
  if (mask & LS_VIOLATES_DOMAIN && found->domain_violation[0] == '\0')
    ls_domains_sentence(self->session->problem, &told->result.totals,
                        ls_domains_over(self->session->problem, &told->result.totals),
                        found->domain_violation);
  if (mask & LS_VIOLATES_TRAY && found->tray_violation[0] == '\0')
    ls_trays_sentence(self->session->spec, &told->result.totals, found->tray_violation);
  if (!mask) found->front[found->front_count++] = told->result;
  found->feasible_count += !mask;
  if (told->is_mixed) found->front[found->front_count++] = told->mixed;
  found->mixed_count += told->is_mixed;
  return LS_OK;
}

/* Builds what the shortlist of a front has that was not built before. */
static ls_status shortlist_build(search *self, const ls_sweep_result *sweep, ls_error *error)
{
  int32_t chosen;
  bool *is_chosen = calloc((size_t)sweep->front_count + 1, sizeof *is_chosen);
  crew *shared = calloc(1, sizeof *shared);
  ls_status status = is_chosen && shared ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK)
    status = ls_shortlist_choose(self->refined, sweep->front, sweep->front_count, LS_SHORTLIST_SIZE,
                                 is_chosen, &chosen);
  if (status != LS_OK) ls_error_set(error, status, NULL, 0, NULL, "no memory for the shortlist");
  if (status == LS_OK) shared->session = self->session;
  if (status == LS_OK) shared->without = self->without;
  const ls_session *session = self->session;
  if (status == LS_OK && session->has_start && !self->without && !self->found->built_count)
    shared->rank[shared->count++] = session->start_rank;
  for (int32_t i = 0; status == LS_OK && i < sweep->front_count; i++)
    if (is_chosen[i] && (!shared->count || sweep->front[i].rank != shared->rank[0]) &&
        !is_built(self->found, sweep->front[i].rank) &&
        self->found->built_count + shared->count < self->built_max)
      shared->rank[shared->count++] = sweep->front[i].rank;
  ls_progress_queue(self->session->progress, shared->count);
  if (status == LS_OK) status = crew_run(shared, error);
  for (int32_t i = 0; (status == LS_OK || status == LS_ERR_STOPPED) && i < shared->count; i++) {
    const ls_status taken = measure_take(self, &shared->told[i], error);
    if (taken != LS_OK) status = taken;
  }
  if (status == LS_OK) ls_progress_round(self->session->progress, self->session, self->found);
  free(is_chosen);
  free(shared);
  return status;
}

/* Members of the level-1 front that were not built and that no feasible result covers: the floor
 * lengths of their structure came from another design, and may be worse than their own. Moves
 * them to the head of left [front_count] and returns how many. */
static int32_t leftovers_collect(const search *self, ls_front_member *left)
{
  const ls_level2 *found = self->found;
  int32_t count = 0;
  for (int32_t i = 0; i < found->sweep.front_count; i++) {
    const ls_front_member *member = &found->sweep.front[i];
    bool is_out = is_built(found, member->rank);
    for (int32_t j = 0; j < found->front_count && !is_out; j++)
      is_out =
          ls_score_covers(&found->front[j].score, &member->score, self->refined->objective_mask);
    if (!is_out) left[count++] = *member;
  }
  return count;
}

/* Builds leftovers until none is left or the limit on builds ends it. */
static ls_status leftovers_build(search *self, ls_error *error)
{
  ls_level2 *found = self->found;
  ls_sweep_result left = {0};
  left.front = malloc(((size_t)found->sweep.front_count + 1) * sizeof *left.front);
  if (!left.front)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the shortlist");
  ls_status status = LS_OK;
  while ((left.front_count = leftovers_collect(self, left.front)) > 0 && status == LS_OK &&
         found->built_count < self->built_max)
    status = shortlist_build(self, &left, error);
  found->is_settled = left.front_count == 0;
  free(left.front);
  return status;
}

/* What a round's sweep follows from: the designs that were built before it, in their order. */
static void sweep_key(const search *self, char key[LS_STEP_KEY_MAX])
{
  char sha256[65];
  ls_level2_digest(self->found, sha256);
  snprintf(key, LS_STEP_KEY_MAX, "without %d loss %" PRId64 " built %s", self->without,
           self->loss_ppm_max, sha256);
}

/* One round; the first keeps its sweep. */
static ls_status round_run(search *self, ls_error *error)
{
  ls_sweep_result sweep = {0};
  const bool is_first = self->found->round_count == 0;
  self->has_news = false;
  char key[LS_STEP_KEY_MAX];
  sweep_key(self, key);
  ls_status status = ls_sweep_step(self->session, self->refined, key, &sweep, error);
  if (status != LS_OK) return status;
  self->found->round_count++;
  if (is_first) self->found->sweep = sweep;
  if (is_first)
    ls_progress_sweep(self->session->progress, self->session, &sweep,
                      self->without || self->loss_ppm_max != INT64_MAX);
  status = shortlist_build(self, &sweep, error);
  if (!is_first) ls_sweep_destroy(&sweep);
  return status;
}

static int rank_compare(const void *a, const void *b)
{
  const ls_result *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  return (x->variant > y->variant) - (x->variant < y->variant);
}

/* Of those that are equal in all that is compared a uniform one stays, then that of the lowest
 * rank. */
static bool is_dominated_by(const ls_problem *problem, const ls_result *result,
                            const ls_result *other)
{
  const int64_t *mask = problem->objective_mask;
  if (!ls_score_covers(&other->score, &result->score, mask)) return false;
  if (!ls_score_covers(&result->score, &other->score, mask)) return true;
  if (other->variant != result->variant) return other->variant < result->variant;
  return other->rank < result->rank;
}

/* Keeps the results that no other one dominates, by rank. */

static void results_filter(const ls_problem *problem, ls_level2 *found)
{
  bool is_dominated[2 * LS_BUILT_MAX] = {false};
  const int32_t count = found->front_count;
  ls_result *results = found->front;
  qsort(results, (size_t)count, sizeof *results, rank_compare);
  for (int32_t i = 0; i < count; i++)
    for (int32_t j = 0; j < count && !is_dominated[i]; j++)
      is_dominated[i] = i != j && is_dominated_by(problem, &results[i], &results[j]);
  found->front_count = 0;
  for (int32_t i = 0; i < count; i++)
    if (!is_dominated[i]) results[found->front_count++] = results[i];
}

static ls_status search_init(search *self, const ls_session *session, int32_t without,
                             int64_t loss_ppm_max, ls_level2 *found, ls_error *error)
{
  memset(found, 0, sizeof *found);
  *self = (search){
      .session = session, .found = found, .without = without, .loss_ppm_max = loss_ppm_max};
  self->is_refined = calloc(session->problem->structure_count, sizeof *self->is_refined);
  found->front = malloc((size_t)2 * LS_BUILT_MAX * sizeof *found->front);
  found->built = malloc(LS_BUILT_MAX * sizeof *found->built);
  if (!self->is_refined || !found->front || !found->built ||
      ls_problem_copy(session->problem, without, &self->refined) != LS_OK)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for level 2");
  self->refined->limit[LS_METRIC_LOSS] = ls_min(self->refined->limit[LS_METRIC_LOSS], loss_ppm_max);
  return LS_OK;
}

/* Whether the best that was built is as near to its bound as the session asks for. */
static bool is_near(const search *self)
{
  if (self->session->gap <= 0) return false;
  const ls_gap gap = ls_gap_find(self->session->problem, self->found);
  return gap.metric >= 0 && gap.share <= self->session->gap;
}

ls_status ls_level2_run(const ls_session *session, int32_t without, int64_t loss_ppm_max,
                        int32_t built_max, ls_level2 *found, ls_error *error)
{
  search self;
  const double start = ls_clock_seconds();
  ls_status status = search_init(&self, session, without, loss_ppm_max, found, error);
  if (session->built_max) built_max = (int32_t)ls_min(built_max, session->built_max);
  self.built_max = built_max;
  do {
    if (status == LS_OK) status = round_run(&self, error);
  } while (status == LS_OK && self.has_news && found->round_count < ROUND_MAX &&
           found->built_count < built_max && !is_near(&self));
  if (status == LS_OK && !is_near(&self)) status = leftovers_build(&self, error);
  if (status == LS_OK || status == LS_ERR_STOPPED) results_filter(session->problem, found);
  found->seconds = ls_clock_seconds() - start - found->sweep.seconds;
  found->refined = self.refined;
  free(self.is_refined);
  return status;
}

void ls_level2_digest(const ls_level2 *found, char sha256[65])
{
  ls_sha256(found->built, (size_t)found->built_count * sizeof *found->built, sha256);
}

const ls_result *ls_level2_pick(const ls_problem *problem, const ls_level2 *found,
                                const ls_pick_rule *rule)
{
  const ls_result *best = &found->front[0];
  for (int32_t i = 1; i < found->front_count; i++)
    if (ls_pick_is_better(problem, rule, &found->front[i].score, &best->score))
      best = &found->front[i];
  return best;
}

ls_status ls_level2_adopt(const ls_session *session, uint64_t rank, ls_level2 *found,
                          ls_error *error)
{
  measure told;
  const uint32_t index = ls_rank_structure(session->problem, rank);
  design_measure(session, rank, 0, &told);
  if (told.status != LS_OK) {
    if (error) *error = told.error;
    return told.status;
  }
  /* The array is of the copy that the search made. */
  ((ls_structure *)found->refined->structures)[index] = session->problem->structures[index];
  if (told.is_wired) ls_problem_wire(found->refined, index, &told.wired);
  ls_problem_refine(found->refined, index, &told.lengths, 0);
  return LS_OK;
}

void ls_level2_destroy(ls_level2 *found)
{
  ls_sweep_destroy(&found->sweep);
  free(found->front);
  free(found->built);
  ls_problem_destroy(found->refined);
}
