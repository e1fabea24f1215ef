#include "result_parts.h"

#include <string.h>

#include "../kernels/evaluate.h"

/* A circuit through an OCS is one link with two legs. */
static int64_t links_of(const ls_structure *structure, int32_t tier)
{
  return structure->leg_count[tier] / (ls_tier_is_ocs(structure, tier) ? 2 : 1);
}

/* Boxes of a chassis tier in one plane. */
static int64_t boxes_of(const ls_structure *structure, int32_t tier)
{
  const ls_size *size = &structure->size;
  const bool has_super = size->super_spine_count > 0;
  return tier == 0                ? size->leaf_count
         : tier == 1              ? size->spine_count
         : tier == 2 && has_super ? size->super_spine_count
                                  : size->core_count;
}

static void uniform_parts(const uint16_t link[LS_TIER_MAX], ls_result_parts *parts)
{
  const ls_structure *structure = parts->structure;
  const int32_t planes = structure->planes;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int64_t boxes = boxes_of(structure, tier) * planes;
    if (tier < structure->tier_count)
      parts->links[parts->link_kind_count++] =
          (ls_mix_kind){tier, link[tier], links_of(structure, tier)};
    if (structure->switch_index[tier] >= 0 && boxes)
      parts->boxes[parts->box_kind_count++] =
          (ls_mix_kind){tier, structure->switch_index[tier], boxes};
  }
}

void ls_result_parts_find(const ls_problem *problem, const ls_result *result,
                          ls_result_parts *parts)
{
  uint16_t link[LS_TIER_MAX];
  const ls_mixture *mixture = &result->totals.mixture;
  memset(parts, 0, sizeof *parts);
  parts->structure = &problem->structures[ls_rank_decode(problem, result->rank, link)];
  if (result->variant == LS_UNIFORM) {
    uniform_parts(link, parts);
    return;
  }
  parts->box_kind_count = mixture->box_kind_count;
  parts->link_kind_count = mixture->link_kind_count;
  memcpy(parts->boxes, mixture->boxes, sizeof parts->boxes);
  memcpy(parts->links, mixture->links, sizeof parts->links);
}

bool ls_result_has_cpo(const ls_problem *problem, const ls_result *result)
{
  ls_result_parts parts;
  ls_result_parts_find(problem, result, &parts);
  for (int32_t i = 0; i < parts.box_kind_count; i++)
    if (problem->switches[parts.boxes[i].index].optic >= 0) return true;
  return false;
}

bool ls_result_has_ocs(const ls_problem *problem, const ls_result *result)
{
  return problem->structures[ls_rank_structure(problem, result->rank)].ocs_index >= 0;
}
