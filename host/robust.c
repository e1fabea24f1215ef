#include "robust.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "figure_effect.h"
#include "problem_rows.h"
#include "tornado.h"

enum { BATCH = 64 }; /* draws scored at once */

/* The worst regrets of a design so far: a heap with the least of them on top. */
typedef struct worst_regrets {
  int64_t *heap; /* [capacity] */
  int32_t count;
} worst_regrets;

typedef struct trial {
  const ls_session *session;
  ls_robust *robust;
  ls_catalog *catalog; /* the session's, drawn anew for each draw */
  ls_figure *figures;  /* [figure_count] those that are drawn */
  ls_draw_key *keys;   /* [figure_count] */
  int32_t figure_count;
  uint64_t *ranks;      /* [design_count] */
  ls_problem *draws;    /* [BATCH] */
  ls_score *scores;     /* [BATCH][design_count] */
  uint32_t *masks;      /* [BATCH][design_count] */
  int64_t *regret;      /* [design_count] of one draw; -1: does not hold */
  int64_t *regret_sum;  /* [design_count] */
  worst_regrets *worst; /* [design_count] */
  int64_t *heaps;       /* [design_count][worst_capacity] */
  int32_t worst_capacity;
} trial;

/* ---- Draws ---- */

static void problem_draw(trial *self, uint64_t draw, ls_problem *problem)
{
  const ls_session *session = self->session;
  for (int32_t i = 0; i < self->figure_count; i++)
    ls_figure_number(self->catalog, &self->figures[i])->value =
        ls_draw_triangular(ls_figure_number_const(session->catalog, &self->figures[i]),
                           ls_draw_uniform(self->robust->seed, draw, &self->keys[i]));
  *problem = *session->problem;
  ls_problem_fill_rows(self->catalog, session->spec, problem);
}

/* Structures were judged by the session's own figures: what can be bought for each tier is looked
 * up again. */
static bool is_on_sale(const ls_problem *draw, uint64_t rank)
{
  const ls_structure *structure = &draw->structures[ls_rank_structure(draw, rank)];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        !(draw->switches[structure->switch_index[tier]].tier_mask &
          ls_chassis_place(structure->family, tier)))
      return false;
  return true;
}

/* ---- Regret ---- */

static int64_t regret_of(const trial *self, const ls_score *score, const ls_score *best)
{
  const int32_t metric = self->robust->rule->metric[0];
  if (metric >= 0) return score->metric[metric] - best->metric[metric];
  const double ratio = ls_pick_balance(self->session->problem, score, best);
  return (int64_t)((ratio - 1) * 1e6 + 0.5);
}

static void worst_push(worst_regrets *worst, int32_t capacity, int64_t regret)
{
  int64_t *heap = worst->heap;
  int32_t at;
  if (worst->count < capacity) {
    for (at = worst->count++; at > 0 && heap[(at - 1) / 2] > regret; at = (at - 1) / 2)
      heap[at] = heap[(at - 1) / 2];
    heap[at] = regret;
    return;
  }
  if (regret <= heap[0]) return;
  for (at = 0;;) {
    int32_t child = 2 * at + 1;
    if (child >= capacity) break;
    if (child + 1 < capacity && heap[child + 1] < heap[child]) child++;
    if (heap[child] >= regret) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = regret;
}

/* One draw: who wins, and by how much the others lose. */
static void draw_judge(trial *self, const ls_problem *draw, const ls_score *scores,
                       const uint32_t *masks)
{
  ls_robust *robust = self->robust;
  const int32_t count = robust->design_count;
  int32_t best = -1;
  for (int32_t i = 0; i < count; i++) {
    self->regret[i] = !masks[i] && is_on_sale(draw, self->ranks[i]) ? 0 : -1;
    if (self->regret[i] == 0 && (best < 0 || ls_pick_is_better(self->session->problem, robust->rule,
                                                               &scores[i], &scores[best])))
      best = i;
  }
  if (best < 0) {
    robust->void_count++;
    return;
  }
  robust->rows[best].win_count++;
  for (int32_t i = 0; i < count; i++) {
    robust->rows[i].infeasible_count += self->regret[i] < 0;
    if (self->regret[i] < 0) continue;
    const int64_t regret = ls_max(regret_of(self, &scores[i], &scores[best]), 0);
    self->regret_sum[i] += regret;
    robust->rows[i].regret_max = ls_max(robust->rows[i].regret_max, regret);
    worst_push(&self->worst[i], self->worst_capacity, regret);
  }
}

/* ---- All draws ---- */

static ls_status batch_run(trial *self, int32_t first, int32_t count)
{
  const ls_session *session = self->session;
  const ls_robust *robust = self->robust;
  const ls_score_batch batch = {self->draws, count, self->ranks, robust->design_count};
  const ls_score_options options = {.thread_count = session->thread_count,
                                    .pin = ls_devices_pin,
                                    .pin_context = (void *)&session->devices,
                                    .stop = session->stop};
  for (int32_t i = 0; i < count; i++)
    problem_draw(self, (uint64_t)first + (uint64_t)i, &self->draws[i]);
  ls_status status = session->backend->score(&batch, &options, self->scores, self->masks);
  if (status == LS_ERR_DEVICE && !session->is_backend_forced)
    status = ls_backend_cpu.score(&batch, &options, self->scores, self->masks);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < count; i++) {
    const size_t at = (size_t)i * (size_t)robust->design_count;
    draw_judge(self, &self->draws[i], self->scores + at, self->masks + at);
  }
  return LS_OK;
}

static ls_status draws_run(trial *self)
{
  ls_status status = LS_OK;
  const int32_t draw_count = self->robust->draw_count;
  for (int32_t first = 0; status == LS_OK && first < draw_count; first += BATCH)
    status = batch_run(self, first, (int32_t)ls_min(BATCH, draw_count - first));
  return status;
}

static int descending(const void *a, const void *b)
{
  const int64_t *x = a, *y = b;
  return (*x < *y) - (*x > *y);
}

/* The mean of the worst tenth of the draws in which the design holds; the heap has room for a
 * tenth of all draws. */
static int64_t cvar90_of(worst_regrets *worst, int32_t held_count)
{
  const int32_t wanted = (held_count + 9) / 10;
  __int128 sum = 0;
  qsort(worst->heap, (size_t)worst->count, sizeof *worst->heap, descending);
  for (int32_t i = 0; i < wanted; i++) sum += worst->heap[i];
  return wanted ? (int64_t)(sum / wanted) : 0;
}

/* Of the designs that hold in nearly as many draws as any, those of least regret. */
static void least_choose(ls_robust *robust)
{
  int32_t fewest = INT32_MAX;
  robust->least_max = robust->least_cvar90 = -1;
  for (int32_t i = 0; i < robust->design_count; i++)
    fewest = (int32_t)ls_min(fewest, robust->rows[i].infeasible_count);
  for (int32_t i = 0; i < robust->design_count; i++) {
    const ls_robust_row *row = &robust->rows[i];
    if (row->infeasible_count > fewest + robust->draw_count / 100) continue;
    if (robust->least_max < 0 || row->regret_max < robust->rows[robust->least_max].regret_max)
      robust->least_max = i;
    if (robust->least_cvar90 < 0 ||
        row->regret_cvar90 < robust->rows[robust->least_cvar90].regret_cvar90)
      robust->least_cvar90 = i;
  }
}

static void rows_finish(trial *self)
{
  ls_robust *robust = self->robust;
  for (int32_t i = 0; i < robust->design_count; i++) {
    ls_robust_row *row = &robust->rows[i];
    const int32_t held = robust->draw_count - robust->void_count - row->infeasible_count;
    row->regret_cvar90 = cvar90_of(&self->worst[i], held);
    row->regret_mean = self->regret_sum[i] / ls_max(held, 1);
  }
  least_choose(robust);
}

/* ---- Memory ---- */

static void trial_release(trial *self)
{
  free(self->catalog);
  free(self->figures);
  free(self->keys);
  free(self->ranks);
  free(self->draws);
  free(self->scores);
  free(self->masks);
  free(self->regret);
  free(self->regret_sum);
  free(self->worst);
  free(self->heaps);
}

/* Keeps the figures that have a range, or only the assumed ones of them. */
static ls_status figures_choose(trial *self, bool is_assumed_only)
{
  const ls_catalog *catalog = self->session->catalog;
  int32_t total;
  ls_status status = ls_catalog_figures_create(catalog, &self->figures, &total);
  if (status != LS_OK) return status;
  self->keys = malloc(((size_t)total + 1) * sizeof *self->keys);
  if (!self->keys) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < total; i++) {
    const ls_figure figure = self->figures[i];
    const ls_number *number = ls_figure_number_const(catalog, &figure);
    if (number->low >= number->high) continue;
    if (is_assumed_only && number->evidence != LS_EVIDENCE_ASSUMED) continue;
    self->keys[self->figure_count] = ls_draw_key_of(catalog, &figure);
    self->figures[self->figure_count++] = figure;
  }
  return LS_OK;
}

/* The effects of a figure at one value, by way of the first draw's memory. */
static bool figure_reaches(trial *self, ls_number *number, int64_t value)
{
  const ls_session *session = self->session;
  const ls_problem *problem = session->problem;
  const int64_t kept = number->value;
  memcpy(self->draws, problem, sizeof *problem); /* padding, too: compared as bytes */
  number->value = value;
  ls_problem_fill_rows(self->catalog, session->spec, self->draws);
  number->value = kept;
  const ls_figure_effect effect = ls_figure_effect_of(problem, self->draws);
  for (int32_t i = 0; i < self->robust->design_count; i++) {
    uint16_t link[LS_TIER_MAX];
    const ls_structure *structure =
        &problem->structures[ls_rank_decode(problem, self->ranks[i], link)];
    uint32_t optics = 0;
    for (int32_t tier = 0; tier < structure->tier_count; tier++)
      optics |= (uint32_t)1 << problem->links[link[tier]].optic_a |
                (uint32_t)1 << problem->links[link[tier]].optic_b;
    if (ls_figure_effect_reaches(&effect, structure, optics)) return true;
  }
  return false;
}

/* How many of the drawn figures a design depends on: the others belong to parts that none has. */
static int32_t reaching_count(trial *self)
{
  int32_t count = 0;
  for (int32_t i = 0; i < self->figure_count; i++) {
    ls_number *number = ls_figure_number(self->catalog, &self->figures[i]);
    count +=
        figure_reaches(self, number, number->low) || figure_reaches(self, number, number->high);
  }
  return count;
}

static ls_status trial_init(trial *self, const ls_session *session, const ls_sweep_result *sweep,
                            ls_robust *robust)
{
  const size_t designs = (size_t)sweep->front_count;
  *self = (trial){.session = session, .robust = robust};
  self->worst_capacity = (robust->draw_count + 9) / 10;
  self->catalog = malloc(sizeof *self->catalog);
  self->ranks = malloc(designs * sizeof *self->ranks);
  self->draws = malloc(BATCH * sizeof *self->draws);
  self->scores = malloc(BATCH * designs * sizeof *self->scores);
  self->masks = malloc(BATCH * designs * sizeof *self->masks);
  self->regret = malloc(designs * sizeof *self->regret);
  self->regret_sum = calloc(designs, sizeof *self->regret_sum);
  self->worst = calloc(designs, sizeof *self->worst);
  self->heaps = malloc(designs * (size_t)self->worst_capacity * sizeof *self->heaps);
  robust->rows = calloc(designs, sizeof *robust->rows);
  if (!self->catalog || !self->ranks || !self->draws || !self->scores || !self->masks ||
      !self->regret || !self->regret_sum || !self->worst || !self->heaps || !robust->rows)
    return LS_ERR_MEMORY;
  *self->catalog = *session->catalog;
  robust->design_count = sweep->front_count;
  for (size_t i = 0; i < designs; i++) {
    self->ranks[i] = robust->rows[i].rank = sweep->front[i].rank;
    self->worst[i].heap = self->heaps + i * (size_t)self->worst_capacity;
  }
  return LS_OK;
}

static ls_status robust_run(const ls_session *session, const ls_sweep_result *sweep,
                            bool is_assumed_only, ls_robust *robust)
{
  trial self;
  ls_status status = trial_init(&self, session, sweep, robust);
  if (status == LS_OK) status = figures_choose(&self, is_assumed_only);
  if (status == LS_OK && !is_assumed_only) robust->reaching_count = reaching_count(&self);
  if (status == LS_OK) status = draws_run(&self);
  if (status == LS_OK) rows_finish(&self);
  robust->drawn_count = self.figure_count;
  trial_release(&self);
  return status;
}

ls_status ls_robust_find(const ls_session *session, const ls_sweep_result *sweep, int32_t pick,
                         uint64_t seed, int32_t draw_count, ls_robust *robust, ls_error *error)
{
  const ls_robust empty = {.rule = ls_recommendation_rule(session->problem),
                           .seed = seed,
                           .draw_count = draw_count,
                           .pick = pick};
  ls_robust assumed = empty;
  *robust = empty;
  ls_status status = robust_run(session, sweep, false, robust);
  if (status == LS_OK) status = robust_run(session, sweep, true, &assumed);
  if (status == LS_OK) {
    robust->assumed_count = assumed.drawn_count;
    robust->regret_mean_assumed = assumed.rows[pick].regret_mean;
  }
  ls_robust_destroy(&assumed);
  if (status != LS_OK)
    return ls_error_set(error, status, NULL, 0, NULL,
                        status == LS_ERR_STOPPED  ? "stopped; nothing was written"
                        : status == LS_ERR_DEVICE ? "the GPU failed"
                                                  : "no memory for the draws");
  return LS_OK;
}

void ls_robust_destroy(ls_robust *robust)
{
  free(robust->rows);
  robust->rows = NULL;
}
