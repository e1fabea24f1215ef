/* A set of constraints conflicts when no design's mask avoids it. The smallest is found by going
 * through all sets of the constraints that occur, smaller ones first: there are few, since few
 * constraints occur in one spec. What relaxes a member is read off the designs that violate
 * nothing else of the conflict, and tried before it is told. */
#include "conflict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "evaluation.h"
#include "names.h"
#include "problem_supply.h"
#include "relax.h"
#include "sweep.h"
#include "variant.h"

/* ---- The smallest conflict ---- */

enum {
  LIMIT_BITS = LS_VIOLATES_CAPEX | LS_VIOLATES_POWER | LS_VIOLATES_THROUGHPUT |
               LS_VIOLATES_LATENCY | LS_VIOLATES_RISK | LS_VIOLATES_TCO | LS_VIOLATES_LOST |
               LS_VIOLATES_GPU_HOUR,
  SHARE_BITS = LS_VIOLATES_VENDOR | LS_VIOLATES_DOMAIN, /* limits that are no metrics */
  LIFTED_BITS = LIMIT_BITS | SHARE_BITS | LS_VIOLATES_FLOOR | LS_VIOLATES_SUPPLY
};

/* The order in which constraints are blamed: what a user sets, then what the market and the site
 * say, then physics. */
static int32_t blame_order(int32_t bit)
{
  const uint32_t mask = (uint32_t)1 << bit;
  return mask & (LIMIT_BITS | SHARE_BITS)          ? bit
         : mask & (LS_VIOLATES_YEAR | LIFTED_BITS) ? 32 + bit
                                                   : 64 + bit;
}

static bool is_met_by_all(const ls_masks *masks, bool is_sizing, uint32_t set)
{
  for (int32_t i = 0; i < masks->count; i++)
    if ((is_sizing || !(masks->mask[i] & LS_VIOLATES_SIZING)) && !(masks->mask[i] & set))
      return false;
  return true;
}

/* The constraint bits that occur, in the order of blame; returns how many. */
static int32_t bits_list(const ls_masks *masks, bool is_sizing, int32_t bits[LS_VIOLATION_COUNT])
{
  uint32_t all = 0;
  int32_t count = 0;
  for (int32_t i = 0; i < masks->count; i++)
    if (is_sizing || !(masks->mask[i] & LS_VIOLATES_SIZING)) all |= masks->mask[i];
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++) {
    if (!(all >> bit & 1)) continue;
    int32_t at = count++;
    for (; at > 0 && blame_order(bits[at - 1]) > blame_order(bit); at--) bits[at] = bits[at - 1];
    bits[at] = bit;
  }
  return count;
}

uint32_t ls_conflict_smallest(const ls_masks *masks)
{
  int32_t bits[LS_VIOLATION_COUNT];
  bool is_sizing = true;
  for (int32_t i = 0; i < masks->count; i++)
    is_sizing &= (masks->mask[i] & LS_VIOLATES_SIZING) != 0;
  const int32_t count = bits_list(masks, is_sizing, bits);
  for (int32_t size = 1; size <= count; size++) {
    /* All sets of this size, as subsets of positions, in ascending order. */
    for (uint32_t set = ((uint32_t)1 << size) - 1; set < (uint32_t)1 << count;) {
      uint32_t conflict = 0;
      for (int32_t i = 0; i < count; i++)
        if (set >> i & 1) conflict |= (uint32_t)1 << bits[i];
      if (is_met_by_all(masks, is_sizing, conflict)) return conflict;
      const uint32_t lowest = set & (~set + 1), carried = set + lowest;
      set = carried | (((set ^ carried) >> 2) / lowest);
    }
  }
  return 0; /* a mask is 0: something is feasible */
}

/* ---- Changes ---- */

static uint32_t mask_of(int32_t count)
{
  return count >= 32 ? UINT32_MAX : ((uint32_t)1 << count) - 1;
}

/* What a choice by ids and one by technology, vendor and region leave of count entries once either
 * is given up. */
static uint32_t mask_widen(const ls_spec_choice *choice, int32_t count, uint32_t mask,
                           bool is_listed, bool is_excluded)
{
  const uint32_t all = mask_of(count);
  if (is_listed) mask |= all & ~choice->excluded_mask;
  if (is_excluded) mask |= (is_listed ? all : choice->listed_mask) & choice->excluded_mask;
  return mask;
}

static void masks_widen(const ls_catalog *catalog, int64_t parts, ls_spec_space *space)
{
  const bool is_excluded = (parts & LS_SPACE_EXCLUDED) != 0;
  space->optic_mask = mask_widen(&space->choice[LS_CHOICE_OPTICS], catalog->optic_count,
                                 space->optic_mask, (parts & LS_SPACE_OPTICS) != 0, is_excluded);
  space->switch_mask =
      mask_widen(&space->choice[LS_CHOICE_SWITCHES], catalog->switch_count, space->switch_mask,
                 (parts & LS_SPACE_SWITCHES) != 0, is_excluded);
  space->ocs_mask = mask_widen(&space->choice[LS_CHOICE_OCS], catalog->ocs_count, space->ocs_mask,
                               (parts & LS_SPACE_OCS) != 0, is_excluded);
  if (space->scale_up_mask)
    space->scale_up_mask = mask_widen(&space->choice[LS_CHOICE_SCALE_UP], catalog->scale_up_count,
                                      space->scale_up_mask, false, is_excluded);
  if (parts & LS_SPACE_FIBERS) space->fiber_mask = mask_of(catalog->fiber_count);
  if (parts & LS_SPACE_FAMILIES) space->family_mask = UINT32_MAX;
}

static void space_widen(const ls_session *session, int64_t parts, ls_spec_space *space)
{
  masks_widen(session->catalog, parts, space);
  if (parts & LS_SPACE_PLANES) {
    space->plane_count = 0;
    for (int32_t planes = 1; planes <= 16; planes *= 2)
      if (session->spec->cluster.nic_gbps % planes == 0 &&
          session->spec->cluster.nic_gbps / planes >= 100)
        space->planes[space->plane_count++] = planes;
  }
  if (parts & LS_SPACE_OVERSUBSCRIPTION) {
    static const int32_t num[] = {1, 3, 2, 3, 4}, den[] = {1, 2, 1, 1, 1};
    space->oversubscription_count = sizeof num / sizeof *num;
    memcpy(space->oversubscription_num, num, sizeof num);
    memcpy(space->oversubscription_den, den, sizeof den);
  }
}

/* False where the parts of the space hold all of the catalog already. */
static bool space_is_widened(const ls_session *session, int64_t parts)
{
  const ls_spec_space *now = &session->spec->space;
  ls_spec_space then = *now;
  if (parts & (LS_SPACE_PLANES | LS_SPACE_OVERSUBSCRIPTION | LS_SPACE_FAMILIES)) return true;
  masks_widen(session->catalog, parts, &then);
  return then.optic_mask != now->optic_mask || then.switch_mask != now->switch_mask ||
         then.ocs_mask != now->ocs_mask || then.scale_up_mask != now->scale_up_mask ||
         then.fiber_mask != now->fiber_mask;
}

ls_status ls_change_apply(const ls_change *change, ls_session *variant, ls_error *error)
{
  switch (change->kind) {
  case LS_CHANGE_LIMIT: variant->spec->limit[change->metric] = change->value; return LS_OK;
  case LS_CHANGE_YEAR: return ls_variant_set_year(variant, (int32_t)change->value, error);
  case LS_CHANGE_SUPPLY:
    variant->spec->supply_scenario = (int32_t)change->value;
    return ls_variant_set_year(variant, variant->spec->year, error);
  case LS_CHANGE_ROWS: variant->spec->floor.row_count = (int32_t)change->value; return LS_OK;
  case LS_CHANGE_LIQUID: variant->spec->floor.liquid_cooled.area_count = 0; return LS_OK;
  case LS_CHANGE_SPACE: space_widen(variant, change->value, &variant->spec->space); return LS_OK;
  case LS_CHANGE_VENDOR: variant->spec->vendor_share_ppm_max = change->value; return LS_OK;
  case LS_CHANGE_FAILURE:
    variant->spec->failure_share_ppm_max[change->metric] = change->value;
    return LS_OK;
  }
  return LS_OK;
}

/* ---- Trying changes ---- */

/* One attempt: the changes made, some constraints lifted. */
typedef struct attempt {
  const ls_session *session;
  const ls_conflict_member *member; /* its changes are made */
  uint32_t lifted_mask;
  int32_t metric; /* to be least; -1: whatever the spec compares */
} attempt;

/* Whether anything is feasible, and then the score of the first of the front. */
static ls_status attempt_run(const attempt *self, bool *is_feasible, ls_score *score,
                             ls_error *error)
{
  ls_session variant = {0};
  ls_sweep_result sweep = {0};
  *is_feasible = false;
  ls_status status = ls_variant_create(self->session, &variant, error);
  for (int32_t i = 0; status == LS_OK && i < self->member->change_count; i++)
    status = ls_change_apply(&self->member->change[i], &variant, error);
  if (status == LS_OK) status = ls_variant_build(&variant, error);
  if (status == LS_OK) {
    ls_relax_problem(variant.problem, self->lifted_mask);
    for (int32_t i = 0; self->metric >= 0 && i < LS_METRIC_COUNT; i++)
      variant.problem->objective_mask[i] = i == self->metric ? -1 : 0;
    status = ls_sweep_run(&variant, variant.problem, &sweep, error);
  }
  if (status == LS_OK && sweep.front_count) {
    *is_feasible = true;
    *score = sweep.front[0].score;
  }
  ls_sweep_destroy(&sweep);
  ls_variant_destroy(&variant);
  return status == LS_ERR_NO ? LS_OK : status; /* a space of no designs is not feasible */
}

static void change_add(ls_conflict_member *member, ls_change_kind kind, int32_t metric,
                       int64_t value)
{
  member->change[member->change_count++] = (ls_change){kind, metric, value};
}

/* The first year with a feasible design once all else in the way is lifted. */
static ls_status years_try(const attempt *self, ls_conflict_member *member, bool *is_found,
                           ls_error *error)
{
  enum { YEAR_LAST = 2040 };
  const int32_t kept = member->change_count;
  ls_status status = LS_OK;
  ls_score score;
  if (!(member->together_mask & LS_VIOLATES_YEAR))
    return attempt_run(self, is_found, &score, error);
  for (int32_t year = self->session->spec->year + 1;
       status == LS_OK && !*is_found && year <= YEAR_LAST; year++) {
    member->change_count = kept;
    change_add(member, LS_CHANGE_YEAR, 0, year);
    status = attempt_run(self, is_found, &score, error);
  }
  return status;
}

/* What of the space to leave to the catalog, where physics or sizing stand in the way. */
static ls_status space_try(const attempt *self, ls_conflict_member *member, bool *is_found,
                           ls_error *error)
{
  static const int32_t parts[] = {LS_SPACE_OPTICS,
                                  LS_SPACE_FIBERS,
                                  LS_SPACE_OVERSUBSCRIPTION,
                                  LS_SPACE_PLANES,
                                  LS_SPACE_SWITCHES,
                                  LS_SPACE_FAMILIES,
                                  LS_SPACE_OCS,
                                  LS_SPACE_EXCLUDED,
                                  LS_SPACE_OPTICS | LS_SPACE_SWITCHES,
                                  127,
                                  255};
  const uint32_t hard = member->together_mask & ~(uint32_t)(LIFTED_BITS | LS_VIOLATES_YEAR);
  ls_status status = LS_OK;
  /* What stood in the way may have been that year's alone: nothing is widened for no gain. */
  status = years_try(self, member, is_found, error);
  if (!hard) return status;
  for (size_t i = 0; status == LS_OK && !*is_found && i < sizeof parts / sizeof *parts; i++) {
    if (!space_is_widened(self->session, parts[i])) continue;
    member->change_count = 0;
    change_add(member, LS_CHANGE_SPACE, 0, parts[i]);
    status = years_try(self, member, is_found, error);
  }
  return status;
}

/* The fewest rows of racks that suffice. */
static ls_status rows_try(attempt *self, ls_conflict_member *member, bool *is_found,
                          ls_error *error)
{
  const ls_spec_floor *floor = &self->session->spec->floor;
  const int32_t rows_max = (int32_t)ls_min(1024, 65536 / floor->racks_per_row);
  int32_t low = floor->row_count, high = low;
  ls_status status = LS_OK;
  ls_score score;
  ls_change *change = &member->change[member->change_count++];
  *is_found = false;
  while (status == LS_OK && !*is_found && high < rows_max) {
    low = high;
    high = (int32_t)ls_min(2 * high, rows_max);
    *change = (ls_change){LS_CHANGE_ROWS, 0, high};
    status = attempt_run(self, is_found, &score, error);
  }
  while (status == LS_OK && *is_found && high - low > 1) {
    const int32_t middle = (low + high) / 2;
    bool is_enough;
    *change = (ls_change){LS_CHANGE_ROWS, 0, middle};
    status = attempt_run(self, &is_enough, &score, error);
    if (is_enough)
      high = middle;
    else
      low = middle;
  }
  *change = (ls_change){LS_CHANGE_ROWS, 0, high};
  return status;
}

/* Liquid at every slot, where only some have it; else more rows, and then both. */
static ls_status floor_try(attempt *self, ls_conflict_member *member, bool *is_found,
                           ls_error *error)
{
  const bool has_zone = self->session->spec->floor.liquid_cooled.area_count > 0;
  const int32_t first = member->change_count;
  ls_status status = LS_OK;
  ls_score score;
  *is_found = false;
  self->lifted_mask &= ~(uint32_t)LS_VIOLATES_FLOOR;
  if (has_zone) {
    change_add(member, LS_CHANGE_LIQUID, 0, 0);
    status = attempt_run(self, is_found, &score, error);
    if (status != LS_OK || *is_found) return status;
    member->change_count = first;
  }
  status = rows_try(self, member, is_found, error);
  if (status != LS_OK || *is_found || !has_zone) return status;
  member->change_count = first;
  change_add(member, LS_CHANGE_LIQUID, 0, 0);
  return rows_try(self, member, is_found, error);
}

/* The least plentiful forecast under which there is enough. */
static ls_status supply_try(attempt *self, ls_conflict_member *member, bool *is_found,
                            ls_error *error)
{
  ls_status status = LS_OK;
  ls_score score;
  ls_change *change = &member->change[member->change_count++];
  *is_found = false;
  self->lifted_mask &= ~(uint32_t)LS_VIOLATES_SUPPLY;
  for (int32_t scenario = self->session->spec->supply_scenario + 1;
       status == LS_OK && !*is_found && scenario <= LS_SUPPLY_UNLIMITED; scenario++) {
    *change = (ls_change){LS_CHANGE_SUPPLY, 0, scenario};
    status = attempt_run(self, is_found, &score, error);
  }
  return status;
}

/* The least value in ppm, of the spec's own and more, of the change added last. */
static ls_status share_bisect(const attempt *self, ls_conflict_member *member, int64_t now_ppm,
                              bool *is_found, ls_error *error)
{
  int64_t low = now_ppm - 1, high = 1000000;
  ls_score score;
  ls_change *change = &member->change[member->change_count - 1];
  change->value = high;
  ls_status status = attempt_run(self, is_found, &score, error);
  while (status == LS_OK && *is_found && high - low > 1) {
    bool is_enough;
    change->value = low + (high - low) / 2;
    status = attempt_run(self, &is_enough, &score, error);
    if (is_enough)
      high = change->value;
    else
      low = change->value;
  }
  change->value = high;
  return status;
}

/* The least share of one vendor that leaves a design. */
static ls_status vendor_try(attempt *self, ls_conflict_member *member, bool *is_found,
                            ls_error *error)
{
  self->lifted_mask &= ~(uint32_t)LS_VIOLATES_VENDOR;
  change_add(member, LS_CHANGE_VENDOR, 0, 1000000);
  return share_bisect(self, member, self->session->spec->vendor_share_ppm_max, is_found, error);
}

/* The least share of the network for each kind of failure that has a limit: first all are set to
 * the whole, then one after the other is brought down as far as those before it allow. One that
 * comes down to what the spec asks for need not give way and is not told. */
static ls_status failures_try(attempt *self, ls_conflict_member *member, bool *is_found,
                              ls_error *error)
{
  const int64_t *now_ppm = self->session->spec->failure_share_ppm_max;
  const int32_t first = member->change_count;
  ls_status status = LS_OK;
  self->lifted_mask &= ~(uint32_t)LS_VIOLATES_DOMAIN;
  for (int32_t kind = 0; kind < LS_FAILS_COUNT; kind++)
    if (now_ppm[kind]) change_add(member, LS_CHANGE_FAILURE, kind, 1000000);
  for (int32_t left = member->change_count - first; status == LS_OK && *is_found && left; left--) {
    const ls_change asked = member->change[first];
    ls_change *last = &member->change[member->change_count - 1];
    memmove(&member->change[first], &member->change[first + 1],
            (size_t)(last - &member->change[first]) * sizeof asked);
    *last = asked;
    status = share_bisect(self, member, now_ppm[asked.metric], is_found, error);
    if (last->value == now_ppm[asked.metric]) member->change_count--;
  }
  return status;
}

/* The limits' values that the design with the least of the member's metric needs. */
static ls_status limits_try(attempt *self, ls_conflict_member *member, bool *is_found,
                            ls_error *error)
{
  const uint32_t limits = member->together_mask & LIMIT_BITS;
  ls_score score;
  if (!limits) return LS_OK;
  const uint32_t own = (uint32_t)1 << member->bit;
  for (int32_t metric = LS_METRIC_COUNT - 1; metric >= 0; metric--)
    if ((limits & own ? own : limits) & (uint32_t)LS_VIOLATES_CAPEX << metric)
      self->metric = metric;
  const ls_status status = attempt_run(self, is_found, &score, error);
  if (status != LS_OK || !*is_found) return status;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
    if (limits & (uint32_t)LS_VIOLATES_CAPEX << metric &&
        score.metric[metric] > self->session->spec->limit[metric])
      change_add(member, LS_CHANGE_LIMIT, metric, score.metric[metric]);
  return LS_OK;
}

/* Changes that let all of together_mask give way; change_count stays 0 where none do. */
static ls_status member_relax(const ls_session *session, ls_conflict_member *member,
                              ls_error *error)
{
  attempt try = {.session = session,
                 .member = member,
                 .lifted_mask = member->together_mask & LIFTED_BITS,
                 .metric = -1};
  bool is_found = false;
  ls_score score;
  member->change_count = 0;
  ls_status status = space_try(&try, member, &is_found, error);
  if (status == LS_OK && is_found && member->together_mask & LS_VIOLATES_FLOOR)
    status = floor_try(&try, member, &is_found, error);
  if (status == LS_OK && is_found && member->together_mask & LS_VIOLATES_SUPPLY)
    status = supply_try(&try, member, &is_found, error);
  if (status == LS_OK && is_found && member->together_mask & LS_VIOLATES_VENDOR)
    status = vendor_try(&try, member, &is_found, error);
  if (status == LS_OK && is_found && member->together_mask & LS_VIOLATES_DOMAIN)
    status = failures_try(&try, member, &is_found, error);
  if (status == LS_OK && is_found) status = limits_try(&try, member, &is_found, error);
  /* Told is only what holds with nothing lifted. */
  try.lifted_mask = 0;
  try.metric = -1;
  if (status == LS_OK && is_found) status = attempt_run(&try, &is_found, &score, error);
  if (status == LS_OK && !is_found) member->change_count = 0;
  return status;
}

/* ---- Members ---- */

/* How much has to give way: constraints with numbers count once, others more. */
static int32_t weight_of(uint32_t mask)
{
  int32_t weight = 0;
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (mask >> bit & 1) weight += (uint32_t)1 << bit & (LIFTED_BITS | LS_VIOLATES_YEAR) ? 1 : 8;
  return weight;
}

/* The lightest mask after *last (in order of weight, then number) that meets the conflict in this
 * one constraint; 0: there is none. */
static uint32_t mask_next(const ls_masks *masks, uint32_t conflict, uint32_t own, uint32_t last)
{
  uint32_t best = 0;
  for (int32_t i = 0; i < masks->count; i++) {
    const uint32_t mask = masks->mask[i];
    const int32_t weight = weight_of(mask), after = weight_of(last);
    if ((mask & conflict) != own) continue;
    if (last && (weight < after || (weight == after && mask <= last))) continue;
    if (!best || weight < weight_of(best)) best = mask;
  }
  return best;
}

/* Which resources are short, and by how much. */
static ls_status shortage_find(const ls_session *session, ls_conflict_member *member)
{
  const ls_catalog *catalog = session->catalog;
  int64_t needed[LS_RESOURCE_MAX];
  if (!(member->together_mask & LS_VIOLATES_SUPPLY)) return LS_OK;
  ls_status status = ls_masks_least_scarce(session->problem, session->stop, member->together_mask,
                                           &member->shortage_rank);
  ls_evaluation *evaluation = malloc(sizeof *evaluation);
  if (status == LS_OK && !evaluation) status = LS_ERR_MEMORY;
  if (status == LS_OK) {
    ls_evaluation_init(session->problem, catalog, member->shortage_rank, evaluation);
    ls_supply_needed(catalog, session->problem, evaluation, needed);
    for (int32_t i = 0; i < catalog->resource_count; i++) {
      const int64_t available = ls_resource_available(&catalog->resources[i]);
      if (needed[i] > available)
        member->shortage[member->shortage_count++] = (ls_shortage){i, needed[i], available};
    }
  }
  free(evaluation);
  return status;
}

/* Tries the lightest ways out, one after the other. */
static ls_status member_find(const ls_session *session, ls_conflict *conflict, uint32_t set,
                             ls_conflict_member *member, ls_error *error)
{
  enum { TRIES_MAX = 6 };
  const uint32_t own = (uint32_t)1 << member->bit;
  ls_status status = LS_OK;
  uint32_t mask = 0;
  for (int32_t i = 0; status == LS_OK && !member->change_count && i < TRIES_MAX; i++) {
    mask = mask_next(&conflict->masks, set, own, mask);
    if (!mask) break;
    member->together_mask = mask;
    status = member_relax(session, member, error);
  }
  if (status == LS_OK) status = shortage_find(session, member);
  return status;
}

ls_status ls_conflict_find(const ls_session *session, ls_conflict *conflict, ls_error *error)
{
  memset(conflict, 0, sizeof *conflict);
  ls_status status = ls_masks_collect(session->problem, session->stop, &conflict->masks);
  if (status != LS_OK)
    return ls_error_set(error, status, NULL, 0, NULL,
                        status == LS_ERR_STOPPED ? "stopped; nothing was written"
                        : status == LS_ERR_FULL  ? "too many combinations of constraints"
                                                 : "no memory for the explanation");
  const uint32_t set = ls_conflict_smallest(&conflict->masks);
  if (!set)
    return ls_error_set(error, LS_ERR_NO, session->spec->path, 0, NULL, "is feasible at level 1");
  for (int32_t bit = 0; status == LS_OK && bit < LS_VIOLATION_COUNT; bit++) {
    if (!(set >> bit & 1)) continue;
    ls_conflict_member *member = &conflict->member[conflict->count++];
    member->bit = bit;
    status = member_find(session, conflict, set, member, error);
  }
  return status;
}
