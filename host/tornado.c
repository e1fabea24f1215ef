#include "tornado.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "design.h"
#include "figure_effect.h"
#include "names.h"
#include "problem_build.h"
#include "problem_refill.h"
#include "sweep.h"
#include "variant.h"

const ls_pick_rule *ls_recommendation_rule(const ls_problem *problem)
{
  return &ls_pick_rules[problem->objective_mask[LS_METRIC_TCO] ? LS_PICK_BEST_TCO : LS_PICK_KNEE];
}

int32_t ls_recommendation_metric(const ls_problem *problem)
{
  if (problem->objective_mask[LS_METRIC_TCO]) return LS_METRIC_TCO;
  int32_t metric = LS_METRIC_CAPEX;
  while (!problem->objective_mask[metric]) metric++;
  return metric;
}

void ls_design_text(const ls_session *session, uint64_t rank, char text[LS_DESIGN_TEXT_MAX])
{
  uint16_t link[LS_TIER_MAX];
  char chassis[192], optics[384];
  const ls_structure *structure =
      &session->problem->structures[ls_rank_decode(session->problem, rank, link)];
  ls_design_chassis_text(session, structure, chassis);
  ls_design_optics_text(session, structure, link, optics);
  const char *medium =
      structure->scale_up_index < 0 ? "" : session->catalog->scale_up[structure->scale_up_index].id;
  snprintf(text, LS_DESIGN_TEXT_MAX, "%s, %d plane%s, %d:%d, %s; %s%s%s",
           ls_family_name(structure->family, structure->is_rail), structure->planes,
           structure->planes == 1 ? "" : "s", structure->oversubscription_num,
           structure->oversubscription_den, chassis, optics, medium[0] ? "; scale-up " : "",
           medium);
}

/* ---- One other value ---- */

typedef struct study {
  const ls_session *session;
  const ls_front_member *told; /* the recommendation: its amounts are told */
  ls_front_member pick;        /* of the front with all figures as they are */
  bool has_sweeps;             /* false: what becomes of other designs is not asked */
  ls_tornado *tornado;
  uint32_t *optics; /* [structure_count] ls_structure_optics of the problem; NULL: no sweeps */
  atomic_int next_bar;
  atomic_llong sweep_count;
  atomic_int status; /* the first failure of any worker */
} study;

/* A worker's own inputs and problem, changed for each value and changed back. */
typedef struct bench {
  study *shared;
  ls_session variant;
  pthread_t thread;
} bench;

/* What the front of the variant's problem, as it stands, says of the recommendation. */
static ls_status front_judge(const bench *self, ls_front_member *pick, ls_bar_end *end)
{
  const ls_tornado *tornado = self->shared->tornado;
  const ls_problem *problem = self->variant.problem;
  const ls_sweep_options options = {.thread_count = 1, .stop = self->variant.stop};
  ls_sweep_stats stats;
  ls_front *front = NULL;
  ls_front_member *members = NULL;
  ls_status status = ls_front_create(problem->objective_mask, &front);
  if (status == LS_OK) status = ls_backend_cpu.sweep(problem, &options, front, &stats);
  const int32_t count = status == LS_OK ? ls_front_count(front) : 0;
  if (status == LS_OK && !(members = malloc(((size_t)count + 1) * sizeof *members)))
    status = LS_ERR_MEMORY;
  *end = (ls_bar_end){.is_feasible = count > 0, .is_changed = true, .amount = tornado->amount};
  if (status == LS_OK && count) {
    ls_front_read(front, members);
    *pick = members[ls_pick_member(problem, tornado->rule, members, count)];
    ls_design_text(&self->variant, pick->rank, end->design);
    end->is_changed = strcmp(end->design, tornado->front_pick) != 0;
  }
  free(members);
  ls_front_destroy(front);
  return status;
}

/* Sweeps only the structures that a change reaches: all other designs score as before, and the best
 * of them is the session's pick, which is not reached itself. */
static ls_status reached_judge(bench *self, const ls_figure_effect *effect, ls_bar_end *end)
{
  const study *shared = self->shared;
  const ls_problem *problem = self->variant.problem;
  /* The array was allocated by problem_build.c for this worker. */
  ls_structure *structures = (ls_structure *)problem->structures;
  ls_front_member other = {0};
  for (uint32_t i = 0; i < problem->structure_count; i++)
    if (!ls_figure_effect_reaches(effect, &structures[i], shared->optics[i]))
      structures[i].violation_mask |= LS_VIOLATES_EXCLUDED;
  const ls_status status = front_judge(self, &other, end);
  for (uint32_t i = 0; i < problem->structure_count; i++)
    structures[i].violation_mask &= ~(uint32_t)LS_VIOLATES_EXCLUDED;
  const ls_pick_rule *rule = shared->tornado->rule;
  const ls_front_member *pick = &shared->pick;
  const bool is_beaten =
      end->is_feasible &&
      (ls_pick_is_better(problem, rule, &other.score, &pick->score) ||
       (!ls_pick_is_better(problem, rule, &pick->score, &other.score) && other.rank < pick->rank));
  if (!is_beaten) *end = (ls_bar_end){.is_feasible = true, .amount = shared->tornado->amount};
  return status;
}

/* The recommendation of a problem that was refilled. Where the change does not reach the pick, only
 * a design that it makes better can take the pick's place. */
static ls_status refilled_judge(bench *self, ls_bar_end *end)
{
  const study *shared = self->shared;
  const ls_figure_effect effect =
      ls_figure_effect_of(shared->session->problem, self->variant.problem);
  ls_score score;
  ls_front_member pick;
  const bool is_spared = !ls_rank_score(self->variant.problem, shared->pick.rank, &score) &&
                         memcmp(&score, &shared->pick.score, sizeof score) == 0;
  if (is_spared && effect.is_nowhere_better) return LS_OK;
  atomic_fetch_add(&self->shared->sweep_count, 1);
  return is_spared ? reached_judge(self, &effect, end) : front_judge(self, &pick, end);
}

/* What the recommendation comes to: it has the same rank where the space is the same. */
static void pick_rescore(const bench *self, ls_bar_end *end)
{
  const uint64_t rank = self->shared->told->rank;
  const ls_tornado *tornado = self->shared->tornado;
  char design[LS_DESIGN_TEXT_MAX];
  ls_score score;
  if (rank >= self->variant.problem->space_size) return;
  ls_design_text(&self->variant, rank, design);
  if (strcmp(design, tornado->design) != 0) return;
  ls_rank_score(self->variant.problem, rank, &score);
  end->amount = score.metric[tornado->metric];
}

/* The recommendation with a figure at this value. Sweeps are too short to be shared out; the
 * workers each do their own. */
static ls_status value_try(bench *self, const ls_figure *figure, int64_t value, ls_bar_end *end)
{
  ls_session *variant = &self->variant;
  ls_number *number = ls_figure_number(variant->catalog, figure);
  const int64_t kept = number->value;
  ls_problem *own = variant->problem;
  number->value = value;
  const ls_refill refill = ls_problem_refill(variant->catalog, variant->spec, own);
  ls_status status = LS_OK;
  *end = (ls_bar_end){.is_feasible = true, .amount = self->shared->tornado->amount};
  if (refill == LS_REFILL_REBUILD) {
    variant->problem = NULL;
    status = ls_variant_build(variant, NULL);
  }
  if (status == LS_OK && refill == LS_REFILL_REBUILD && self->shared->has_sweeps) {
    ls_front_member pick;
    atomic_fetch_add(&self->shared->sweep_count, 1);
    status = front_judge(self, &pick, end);
  }
  if (status == LS_OK && refill == LS_REFILL_DONE && self->shared->has_sweeps)
    status = refilled_judge(self, end);
  if (status == LS_OK && refill != LS_REFILL_SAME) pick_rescore(self, end);
  if (status == LS_ERR_NO) /* a space of no designs: nothing is feasible */
    *end = (ls_bar_end){.is_changed = true, .amount = self->shared->tornado->amount};
  if (refill == LS_REFILL_REBUILD) {
    ls_problem_destroy(variant->problem);
    variant->problem = own;
  }
  number->value = kept;
  ls_problem_refill(variant->catalog, variant->spec, own);
  return status == LS_ERR_NO ? LS_OK : status;
}

/* Rates that are made in steps, as lanes of 100 or 200: nothing is sold between low and high. */
static bool is_stepped(const ls_figure *figure)
{
  static const char *const keys[] = {"lane_gbps", "pair_gbps",     "module_gbps",
                                     "cage_gbps", "port_gbps_max", "engine_gbps"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (strcmp(figure->key, keys[i]) == 0) return true;
  return false;
}

/* Between a value that keeps the pick and one that does not, to a thousandth of the range. */
static ls_status flip_find(bench *self, const ls_figure *figure, const ls_number *number,
                           ls_bar_end *end)
{
  const int64_t step = ls_max((number->high - number->low) / 1000, 1);
  int64_t kept = number->value;
  ls_status status = LS_OK;
  while (status == LS_OK && llabs(end->flip - kept) > step) {
    ls_bar_end tried;
    const int64_t middle = kept + (end->flip - kept) / 2;
    status = value_try(self, figure, middle, &tried);
    if (tried.is_changed)
      end->flip = middle;
    else
      kept = middle;
  }
  return status;
}

static ls_status bar_find(bench *self, ls_bar *bar)
{
  const ls_figure *figure = &self->shared->tornado->figures[bar->figure];
  const ls_number *number = ls_figure_number_const(self->shared->session->catalog, figure);
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < 2; i++) {
    ls_bar_end *end = &bar->end[i];
    const int64_t limit = i ? number->high : number->low;
    if (limit == number->value) {
      *end = (ls_bar_end){.is_feasible = true, .amount = self->shared->tornado->amount};
      continue;
    }
    status = value_try(self, figure, limit, end);
    end->flip = limit;
    if (status == LS_OK && end->is_changed && self->shared->has_sweeps && !is_stepped(figure))
      status = flip_find(self, figure, number, end);
  }
  bar->effect = llabs(bar->end[1].amount - bar->end[0].amount);
  return status;
}

static void *worker_run(void *argument)
{
  bench *self = argument;
  study *shared = self->shared;
  for (;;) {
    const int32_t i = atomic_fetch_add(&shared->next_bar, 1);
    if (i >= shared->tornado->bar_count || atomic_load(&shared->status) != LS_OK) return NULL;
    const ls_status status = bar_find(self, &shared->tornado->bars[i]);
    if (status != LS_OK) atomic_store(&shared->status, (int)status);
  }
}

static ls_status bench_init(bench *self, study *shared)
{
  self->shared = shared;
  const ls_status status = ls_variant_create(shared->session, &self->variant, NULL);
  return status == LS_OK ? ls_problem_copy(shared->session->problem, 0, &self->variant.problem)
                         : status;
}

static ls_status workers_run(study *self)
{
  enum { WORKER_MAX = 64 };
  bench benches[WORKER_MAX] = {{0}};
  const int32_t wanted = (int32_t)ls_min(self->session->thread_count, WORKER_MAX);
  ls_status status = LS_OK;
  int32_t started = 0;
  while (status == LS_OK && started < wanted) {
    status = bench_init(&benches[started], self);
    if (status == LS_OK &&
        pthread_create(&benches[started].thread, NULL, worker_run, &benches[started]))
      status = LS_ERR_MEMORY;
    started += status == LS_OK;
  }
  for (int32_t i = 0; i < started; i++) pthread_join(benches[i].thread, NULL);
  for (int32_t i = 0; i < wanted; i++) ls_variant_destroy(&benches[i].variant);
  return started ? (ls_status)atomic_load(&self->status) : status;
}

/* ---- Which figures ---- */

/* Entries that some design of the space is made of, as bits by place in their list. */
typedef struct used_entries {
  uint32_t switches, optics, ocs, fibers;
} used_entries;

/* Adds those of the structure, of its links count options from first on. */
static void entries_add(const ls_problem *problem, const ls_structure *structure,
                        const uint16_t *options, uint32_t count, used_entries *used)
{
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0)
      used->switches |= (uint32_t)1 << structure->switch_index[tier];
  if (structure->ocs_index >= 0) used->ocs |= (uint32_t)1 << structure->ocs_index;
  for (uint32_t i = 0; i < count; i++) {
    const ls_link_row *link = &problem->links[options[i]];
    used->optics |= (uint32_t)1 << link->optic_a | (uint32_t)1 << link->optic_b;
    if (problem->optics[link->optic_a].pair_gbps) used->fibers |= (uint32_t)1 << link->fiber;
  }
}

static used_entries entries_used(const ls_problem *problem)
{
  used_entries used = {0};
  for (uint32_t i = 0; i < problem->structure_count; i++) {
    const ls_structure *structure = &problem->structures[i];
    for (int32_t tier = 0; tier < structure->tier_count; tier++)
      entries_add(problem, structure, &problem->options[structure->option_first[tier]],
                  structure->option_count[tier], &used);
  }
  return used;
}

/* Those of one design. */
static used_entries entries_of(const ls_problem *problem, uint64_t rank)
{
  uint16_t link[LS_TIER_MAX];
  used_entries used = {0};
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  entries_add(problem, structure, link, (uint32_t)structure->tier_count, &used);
  return used;
}

static bool figure_is_used(const ls_catalog *catalog, const ls_figure *figure,
                           const used_entries *used)
{
  const struct {
    size_t first, size;
    int32_t count;
    uint32_t mask;
  } lists[] = {
      {offsetof(ls_catalog, switches), sizeof catalog->switches[0], catalog->switch_count,
       used->switches},
      {offsetof(ls_catalog, optics), sizeof catalog->optics[0], catalog->optic_count, used->optics},
      {offsetof(ls_catalog, ocs), sizeof catalog->ocs[0], catalog->ocs_count, used->ocs},
      {offsetof(ls_catalog, fibers), sizeof catalog->fibers[0], catalog->fiber_count,
       used->fibers}};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (figure->offset >= lists[i].first &&
        figure->offset < lists[i].first + (size_t)lists[i].count * lists[i].size)
      return lists[i].mask >> (figure->offset - lists[i].first) / lists[i].size & 1;
  return true; /* parts, resources: of all designs */
}

static ls_status bars_create(const study *self, ls_tornado *tornado)
{
  const ls_session *session = self->session;
  const used_entries used = self->has_sweeps ? entries_used(session->problem)
                                             : entries_of(session->problem, self->told->rank);
  const ls_status status =
      ls_catalog_figures_create(session->catalog, &tornado->figures, &tornado->figure_count);
  if (status != LS_OK) return status;
  tornado->bars = calloc((size_t)tornado->figure_count + 1, sizeof *tornado->bars);
  if (!tornado->bars) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < tornado->figure_count; i++) {
    const ls_figure *figure = &tornado->figures[i];
    const ls_number *number = ls_figure_number_const(session->catalog, figure);
    const bool is_used = figure_is_used(session->catalog, figure, &used);
    tornado->unused_count += !is_used;
    if (is_used && number->low < number->high) tornado->bars[tornado->bar_count++].figure = i;
  }
  return LS_OK;
}

static int by_effect(const void *a, const void *b)
{
  const ls_bar *x = a, *y = b;
  if (x->effect != y->effect) return x->effect > y->effect ? -1 : 1;
  return (x->figure > y->figure) - (x->figure < y->figure);
}

/* The pick of the session's front, against which changes are told. */
static ls_status front_pick_find(study *self, ls_error *error)
{
  const ls_session *session = self->session;
  ls_sweep_result sweep = {0};
  const ls_status status = ls_sweep_run(session, session->problem, &sweep, error);
  self->pick = *self->told;
  if (status == LS_OK && sweep.front_count)
    self->pick = sweep.front[ls_pick_member(session->problem, self->tornado->rule, sweep.front,
                                            sweep.front_count)];
  ls_design_text(session, self->pick.rank, self->tornado->front_pick);
  ls_sweep_destroy(&sweep);
  return status;
}

static ls_status optics_find(study *self)
{
  const ls_problem *problem = self->session->problem;
  self->optics = malloc(problem->structure_count * sizeof *self->optics);
  if (!self->optics) return LS_ERR_MEMORY;
  for (uint32_t i = 0; i < problem->structure_count; i++)
    self->optics[i] = ls_structure_optics(problem, &problem->structures[i]);
  return LS_OK;
}

static ls_status tornado_find(study *self, ls_error *error)
{
  const ls_session *session = self->session;
  ls_tornado *tornado = self->tornado;
  memset(tornado, 0, sizeof *tornado);
  tornado->rule = ls_recommendation_rule(session->problem);
  tornado->metric = ls_recommendation_metric(session->problem);
  tornado->amount = self->told->score.metric[tornado->metric];
  ls_design_text(session, self->told->rank, tornado->design);
  ls_status status = self->has_sweeps ? front_pick_find(self, error) : LS_OK;
  if (status != LS_OK) return status;
  status = bars_create(self, tornado);
  if (status == LS_OK && self->has_sweeps) status = optics_find(self);
  if (status == LS_OK) status = workers_run(self);
  free(self->optics);
  tornado->sweep_count = atomic_load(&self->sweep_count);
  if (status != LS_OK)
    return ls_error_set(error, status, NULL, 0, NULL,
                        status == LS_ERR_STOPPED ? "stopped; nothing was written"
                                                 : "no memory for the tornado");
  qsort(tornado->bars, (size_t)tornado->bar_count, sizeof *tornado->bars, by_effect);
  return LS_OK;
}

ls_status ls_tornado_find(const ls_session *session, const ls_front_member *pick,
                          ls_tornado *tornado, ls_error *error)
{
  study self = {.session = session, .told = pick, .tornado = tornado, .has_sweeps = true};
  return tornado_find(&self, error);
}

ls_status ls_tornado_find_amounts(const ls_session *session, const ls_front_member *pick,
                                  ls_tornado *tornado, ls_error *error)
{
  study self = {.session = session, .told = pick, .tornado = tornado};
  return tornado_find(&self, error);
}

void ls_tornado_destroy(ls_tornado *tornado)
{
  free(tornado->figures);
  free(tornado->bars);
  tornado->figures = NULL;
  tornado->bars = NULL;
}
