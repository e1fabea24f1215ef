/* `lightspine place SPEC [DESIGN]`: what a design costs where its switches and OCS stand: by the
 * deterministic policy, after the search of level 2, and at random places, beside the bound. */
#include <stdio.h>
#include <stdlib.h>

#include "best_places.h"
#include "clock.h"
#include "commands.h"
#include "design.h"
#include "evaluation_json.h"
#include "level2.h"
#include "names.h"
#include "pick.h"
#include "random_places.h"
#include "sweep.h"
#include "units.h"

enum { WAYS = 2 }; /* to draw places: within kinds, and anywhere */

static const struct {
  const char *key, *meaning;
  bool is_free;
} ways[WAYS] = {
    {"random_exchanged", "devices of a kind exchange the policy's places", false},
    {"random_anywhere", "devices take any slot that the rules allow", true},
};

typedef struct placing {
  const ls_arguments *arguments;
  ls_session session;
  ls_evaluation evaluation; /* of the design file */
  ls_sweep_result sweep;    /* without one */
  uint64_t rank;
  int32_t thread_count;
  ls_topology topology;
  ls_place_cords policy, search, best;
  ls_best_told steps;
  ls_random_told told[WAYS];
  double seconds[WAYS]; /* that the draws took */
} placing;

/* ---- What is asked ---- */

/* Where no design of the front of level 1 holds on the floor: the knee of level 2, if there is one.
 */
static ls_status level2_find(placing *self, ls_error *error)
{
  ls_level2 found;
  ls_session quiet = self->session;
  quiet.progress = NULL;
  const ls_status status = ls_level2_run(&quiet, 0, INT64_MAX, LS_BUILT_MAX, &found, error);
  if (status == LS_OK && found.front_count > 0)
    self->rank = ls_level2_pick(self->session.problem, &found, &ls_pick_rules[LS_PICK_KNEE])->rank;
  ls_level2_destroy(&found);
  return status;
}

/* The best balance of the front of level 1 that holds on the floor. Takes those that do not out of
 * the front. */
static ls_status knee_find(placing *self, ls_error *error)
{
  const ls_session *session = &self->session;
  ls_sweep_result *sweep = &self->sweep;
  const ls_pick_rule *rule = &ls_pick_rules[LS_PICK_KNEE];
  self->rank =
      sweep->front[ls_pick_member(session->problem, rule, sweep->front, sweep->front_count)].rank;
  while (sweep->front_count > 0) {
    const int32_t knee = ls_pick_member(session->problem, rule, sweep->front, sweep->front_count);
    ls_topology topology;
    const uint64_t rank = sweep->front[knee].rank;
    const ls_status status = ls_topology_create(session->problem, session->catalog, session->spec,
                                                rank, &topology, error);
    if (status != LS_OK && status != LS_ERR_NO) return status;
    const bool holds = status == LS_OK && topology.totals.violation_mask == 0;
    if (status == LS_OK) ls_topology_destroy(&topology);
    error->message[0] = '\0'; /* of a design that has no place */
    if (holds) {
      self->rank = rank;
      return LS_OK;
    }
    sweep->front[knee] = sweep->front[--sweep->front_count];
  }
  return level2_find(self, error);
}

/* The design of the file, else a recommendation. */
static ls_status design_find(placing *self, ls_error *error)
{
  ls_session *session = &self->session;
  if (self->arguments->positional_count > 1) {
    const ls_status status = ls_evaluation_open(self->arguments, self->arguments->positional[1],
                                                session, &self->evaluation, error);
    self->rank = self->evaluation.rank;
    return status;
  }
  ls_status status = ls_session_open(self->arguments, session, error);
  if (status == LS_OK) status = ls_sweep_run(session, session->problem, &self->sweep, error);
  if (status == LS_OK)
    status = ls_sweep_count_violations(session, session->problem, &self->sweep, error);
  if (status != LS_OK) return status;
  if (!self->sweep.front_count) {
    ls_sweep_explain(session, &self->sweep);
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL,
                        "is infeasible: no design meets all constraints");
  }
  return knee_find(self, error);
}

static ls_status threads_find(placing *self, ls_error *error)
{
  ls_devices *devices = &self->session.devices;
  ls_status status = LS_OK;
  if (!devices->topology) status = ls_devices_create(devices, error);
  const int32_t cores = devices->core_count > 1 ? devices->core_count : 1;
  self->thread_count = self->arguments->thread_count ? self->arguments->thread_count : cores;
  return status;
}

/* ---- The way there ---- */

/* As many as --iterations says, else a thousand for each device and GPU rack. */
static int64_t proposals(const placing *self, const ls_places *places)
{
  enum { PER_NODE = 20000, MOST = 1 << 24 };
  if (self->arguments->iterations >= 0) return self->arguments->iterations;
  return ls_min((int64_t)PER_NODE * places->build->topology->node_count, MOST);
}

/* Draws before anything moves, then searches. */
static ls_status places_try(void *context, const ls_places *places, int32_t *slot)
{
  placing *self = context;
  ls_status status = LS_OK;
  self->policy = ls_places_cords(places, slot);
  for (int32_t i = 0; i < WAYS && status == LS_OK && self->arguments->random_count > 0; i++) {
    const ls_random_options options = {.count = self->arguments->random_count,
                                       .seed = (uint64_t)self->arguments->seed,
                                       .thread_count = self->thread_count,
                                       .is_free = ways[i].is_free,
                                       .stop = self->session.stop};
    const double begin = ls_clock_seconds();
    status = ls_random_places(places, slot, &options, &self->told[i]);
    self->seconds[i] = ls_clock_seconds() - begin;
  }
  const ls_best_options options = {.temper = {.seed = (uint64_t)self->arguments->seed,
                                              .thread_count = self->thread_count,
                                              .proposal_count = proposals(self, places),
                                              .stop = self->session.stop},
                                   .has_free_racks = true};
  return status == LS_OK ? ls_best_places(places, &options, slot, &self->steps) : status;
}

static ls_place_cords cords_of(const ls_totals *totals)
{
  return (ls_place_cords){totals->cords.cents, totals->fiber_mm, totals->cords.mm_max};
}

/* As level 2 does, then with all that can be done. */
static ls_status design_place(placing *self, ls_error *error)
{
  const ls_session *session = &self->session;
  const ls_placer placer = {places_try, self, true};
  ls_status status = ls_topology_create(session->problem, session->catalog, session->spec,
                                        self->rank, &self->topology, error);
  if (status != LS_OK) return status;
  self->search = cords_of(&self->topology.totals);
  ls_topology_destroy(&self->topology);
  status = ls_topology_create_placed(session->problem, session->catalog, session->spec, self->rank,
                                     &placer, &self->topology, error);
  if (status == LS_ERR_FULL)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, "floor",
                        "has too many distances for a table of its cords");
  if (status == LS_ERR_STOPPED)
    return ls_error_set(error, status, NULL, 0, NULL, "stopped; nothing was written");
  if (status == LS_OK) self->best = cords_of(&self->topology.totals);
  return status;
}

/* ---- The answer ---- */

/* Of all amounts of a design only its cords depend on where it stands, and capex and TCO with them.
 */
static int64_t tco_cents(const placing *self, int64_t cords_cents)
{
  const ls_totals *totals = &self->topology.totals;
  return totals->tco_cents - totals->cords.cents + cords_cents;
}

static double gap_of(const placing *self)
{
  const ls_cords *cords = &self->topology.totals.cords;
  return cords->cents ? (double)(cords->cents - cords->bound_cents) / (double)cords->cents : 0;
}

static ls_json *cords_json(const placing *self, const ls_place_cords *cords)
{
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "cords_usd", (double)cords->cents / 100);
  ls_json_set_real(object, "fiber_km", (double)cords->fiber_mm / 1e6);
  ls_json_set_real(object, "longest_m", (double)cords->longest_mm / 1000);
  ls_json_set_real(object, "tco_usd", (double)tco_cents(self, cords->cents) / 100);
  ls_json_set_real(object, "optics_power_w", (double)self->topology.totals.optics_power_mw / 1000);
  return object;
}

static ls_json *steps_json(const ls_best_told *steps)
{
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "search_usd", (double)steps->search_cents / 100);
  ls_json_set_int(object, "starts", steps->start_count);
  ls_json_set_real(object, "starts_usd", (double)steps->starts_cents / 100);
  ls_json_set_real(object, "tempered_usd", (double)steps->tempered_cents / 100);
  ls_json_set_real(object, "assigned_usd", (double)steps->assigned_cents / 100);
  return object;
}

static ls_json *told_json(const placing *self, const ls_random_told *told)
{
  const double count = (double)told->count;
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "count", told->count);
  ls_json_set_int(object, "without_room", told->lost_count);
  if (!told->count) return object;
  const double cents = (double)told->cents_sum / count;
  ls_json_set_real(object, "broken_share", (double)told->broken_count / count);
  ls_json_set_real(object, "cords_usd_mean", cents / 100);
  ls_json_set_real(object, "cords_usd_least", (double)told->cents_min / 100);
  ls_json_set_real(object, "cords_usd_most", (double)told->cents_max / 100);
  ls_json_set_real(object, "fiber_km_mean", (double)told->fiber_m_sum / count / 1000);
  ls_json_set_real(object, "fiber_km_least", (double)told->fiber_m_min / 1000);
  ls_json_set_real(object, "longest_m_mean", (double)told->longest_mm_sum / count / 1000);
  ls_json_set_real(object, "longest_m_least", (double)told->longest_mm_min / 1000);
  ls_json_set_real(object, "tco_usd_mean", (double)tco_cents(self, (int64_t)cents) / 100);
  return object;
}

static ls_status answer_json(const placing *self, ls_error *error)
{
  const ls_totals *totals = &self->topology.totals;
  ls_json *object = ls_json_object(), *violations = ls_json_array();
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (totals->violation_mask >> bit & 1) ls_json_append_text(violations, ls_violation_name(bit));
  ls_json_set_text(object, "spec", self->session.spec->name);
  ls_json_set(object, "design", ls_design_json(&self->session, self->rank));
  ls_json_set(object, "violations", violations);
  ls_json_set(object, "policy", cords_json(self, &self->policy));
  ls_json_set(object, "search", cords_json(self, &self->search));
  ls_json_set(object, "best", cords_json(self, &self->best));
  ls_json_set(object, "steps", steps_json(&self->steps));
  ls_json_set_real(object, "bound_usd", (double)totals->cords.bound_cents / 100);
  ls_json_set_real(object, "gap", gap_of(self));
  for (int32_t i = 0; i < WAYS && self->arguments->random_count > 0; i++)
    ls_json_set(object, ways[i].key, told_json(self, &self->told[i]));
  ls_json_set_int(object, "seed", self->arguments->seed);
  return ls_json_write(object, stdout, error);
}

static void cords_print(const placing *self, const char *name, const ls_place_cords *cords)
{
  char power[LS_AMOUNT_MAX];
  printf("  %-18s %14.2f %12.1f %10.1f %17.2f %12s\n", name, (double)cords->cents / 100,
         (double)cords->fiber_mm / 1e6, (double)cords->longest_mm / 1000,
         (double)tco_cents(self, cords->cents) / 100,
         ls_power_text(self->topology.totals.optics_power_mw, power));
}

static void told_print(const placing *self, int32_t way)
{
  const ls_random_told *told = &self->told[way];
  char count[LS_AMOUNT_MAX];
  if (!told->count) {
    printf("  %s: no room in any draw\n", ways[way].key);
    return;
  }
  const ls_place_cords mean = {told->cents_sum / told->count,
                               told->fiber_m_sum / told->count * 1000,
                               (int32_t)(told->longest_mm_sum / told->count)};
  const ls_place_cords least = {told->cents_min, told->fiber_m_min * 1000, told->longest_mm_min};
  cords_print(self, way == 0 ? "exchanged, mean" : "anywhere, mean", &mean);
  cords_print(self, way == 0 ? "exchanged, least" : "anywhere, least", &least);
  printf("    %s placements, %s; %.1f %% break reach or budget",
         ls_count_text((uint64_t)told->count, count), ways[way].meaning,
         100 * (double)told->broken_count / (double)told->count);
  if (told->lost_count) printf("; %lld more found no room", (long long)told->lost_count);
  printf("; %.1f s\n", self->seconds[way]);
}

static void answer_text(const placing *self)
{
  const ls_topology *topology = &self->topology;
  const ls_structure *structure = topology->structure;
  char chassis[192];
  ls_design_chassis_text(&self->session, structure, chassis);
  printf("%s: %s, %d plane%s, %s\n", self->session.spec->name,
         ls_family_name(structure->family, structure->is_rail), structure->planes,
         structure->planes == 1 ? "" : "s", chassis);
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (topology->totals.violation_mask >> bit & 1)
      printf("  violates %s: %s\n", ls_violation_name(bit), ls_violation_meaning(bit));
  printf("  %-18s %14s %12s %10s %17s %12s\n", "places", "cords, USD", "fiber, km", "longest, m",
         "TCO, USD", "optics");
  cords_print(self, "by the policy", &self->policy);
  cords_print(self, "after the search", &self->search);
  cords_print(self, "the best", &self->best);
  printf("  %-18s %14.2f, %.2f %% below\n", "bound",
         (double)topology->totals.cords.bound_cents / 100, 100 * gap_of(self));
  for (int32_t i = 0; i < WAYS && self->arguments->random_count > 0; i++) told_print(self, i);
}

ls_status ls_place_spec(const ls_arguments *arguments, ls_error *error)
{
  placing *self = calloc(1, sizeof *self);
  if (!self) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  self->arguments = arguments;
  ls_status status = LS_OK;
  if (arguments->positional_count == 0)
    status = ls_error_set(error, LS_ERR_INPUT, NULL, 0, "place",
                          "expects --qaplib FILE, or a spec file and a design file");
  if (status == LS_OK) status = design_find(self, error);
  if (status == LS_OK) status = threads_find(self, error);
  if (status == LS_OK) status = design_place(self, error);
  if (status == LS_OK && arguments->is_json)
    status = answer_json(self, error);
  else if (status == LS_OK)
    answer_text(self);
  if (status == LS_OK && self->topology.totals.violation_mask) status = LS_ERR_NO;
  ls_topology_destroy(&self->topology);
  ls_sweep_destroy(&self->sweep);
  ls_session_close(&self->session);
  free(self);
  return status;
}
