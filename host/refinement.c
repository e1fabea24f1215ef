#include "refinement.h"

#include <string.h>

#include "problem_build.h"

/* The link that sets how many OCS there are is a key of the structure. */
static bool is_same_peer_link(const ls_problem *problem, const ls_structure *a,
                              const ls_problem *other, const ls_structure *b)
{
  if (a->ocs_index < 0) return true;
  const ls_link_row *x = &problem->links[problem->options[a->option_first[a->peer_tier]]];
  const ls_link_row *y = &other->links[other->options[b->option_first[b->peer_tier]]];
  return x->optic_a == y->optic_a && x->optic_b == y->optic_b && x->fiber == y->fiber &&
         x->circulator_count == y->circulator_count;
}

/* Whether both are the same choice of all that makes a structure. */
static bool is_like(const ls_problem *problem, const ls_structure *a, const ls_problem *other,
                    const ls_structure *b)
{
  return a->family == b->family && a->block_kind == b->block_kind && a->planes == b->planes &&
         a->is_rail == b->is_rail && a->tier_count == b->tier_count &&
         a->port_gbps == b->port_gbps && a->oversubscription_num == b->oversubscription_num &&
         a->oversubscription_den == b->oversubscription_den &&
         memcmp(a->switch_index, b->switch_index, sizeof a->switch_index) == 0 &&
         a->ocs_index == b->ocs_index && a->peer_tier == b->peer_tier &&
         a->scale_up_index == b->scale_up_index && is_same_peer_link(problem, a, other, b);
}

/* Looks from the place on where the other space has it; -1: there is none. */
static int64_t like_find(const ls_problem *problem, const ls_problem *other, uint32_t index)
{
  const ls_structure *wanted = &other->structures[index];
  for (uint32_t i = 0; i < problem->structure_count; i++) {
    const uint32_t at = (uint32_t)(((uint64_t)index + i) % problem->structure_count);
    if (is_like(problem, &problem->structures[at], other, wanted)) return at;
  }
  return -1;
}

/* A graph was found for its sparse blocks. */
static bool is_wired(const ls_structure *bounds, const ls_structure *placed)
{
  return bounds->throughput_ppm_low != placed->throughput_ppm_low ||
         bounds->block_hops_ppm != placed->block_hops_ppm ||
         memcmp(bounds->link_passes, placed->link_passes, sizeof bounds->link_passes) != 0;
}

static bool is_refined(const ls_structure *bounds, const ls_structure *placed)
{
  return bounds->violation_mask != placed->violation_mask ||
         bounds->circuit_mm_max != placed->circuit_mm_max || is_wired(bounds, placed) ||
         memcmp(bounds->strands_below, placed->strands_below, sizeof bounds->strands_below) ||
         memcmp(bounds->length_mm_mean, placed->length_mm_mean, sizeof bounds->length_mm_mean) ||
         memcmp(bounds->length_mm_max, placed->length_mm_max, sizeof bounds->length_mm_max);
}

void ls_refinement_apply(const ls_refinement *self, ls_problem *problem)
{
  /* The array was allocated by problem_build.c; backends alone see it as constant. */
  ls_structure *structures = (ls_structure *)problem->structures;
  for (uint32_t i = 0; i < self->placed->structure_count; i++) {
    const ls_structure *bounds = &self->bounds->structures[i];
    const ls_structure *placed = &self->placed->structures[i];
    if (!is_refined(bounds, placed)) continue;
    const int64_t at = like_find(problem, self->placed, i);
    if (at < 0) continue;
    ls_structure *to = &structures[at];
    to->violation_mask |= placed->violation_mask & ~bounds->violation_mask;
    to->circuit_mm_max += placed->circuit_mm_max - bounds->circuit_mm_max;
    if (is_wired(bounds, placed)) {
      ls_structure wired = *placed;
      wired.effective_hours += to->effective_hours - bounds->effective_hours;
      ls_problem_wire(problem, (uint32_t)at, &wired);
    }
    memcpy(to->strands_below, placed->strands_below, sizeof to->strands_below);
    for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
      to->length_mm_mean[tier] += placed->length_mm_mean[tier] - bounds->length_mm_mean[tier];
      to->length_mm_max[tier] += placed->length_mm_max[tier] - bounds->length_mm_max[tier];
    }
  }
}
