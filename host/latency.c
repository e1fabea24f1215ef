/* Owns the mean latency of a structure, for level 1 and level 2 alike:
 *
 *   mean = sum over tiers of (share of pairs that turn in the tier) x (path that turns there)
 *
 * A pair turns at the leaf that both GPUs hang on, else in the lowest tier whose links join their
 * groups: the pod, the super-pod, the whole. Up to there and back the path takes two links of each
 * tier and the chassis between them, and one link where like devices are joined: uniform traffic
 * loads the trunks of a mesh alike, so that each pair takes its own and none a second hop. Where
 * not every two leaves are joined, it takes the mean hops between them, with a leaf after each but
 * the last.
 *
 * Pairs on different rails of rail_only are left out: no network joins them. One of them reaches
 * the rail of the other through scale-up, and from there takes the path of a pair that is counted.
 */
#include "latency.h"

#include "../kernels/evaluate.h"

int64_t ls_latency_link_ps(const ls_problem *problem, const ls_link_row *link, int64_t length_mm)
{
  return problem->optics[link->optic_a].latency_ps + problem->optics[link->optic_b].latency_ps +
         problem->fec_latency_ps + ls_fiber_latency_ps(&problem->fibers[link->fiber], length_mm);
}

/* part / whole in parts per million, for whole up to 2^62. */
static int64_t share_ppm(int64_t part, int64_t whole)
{
  while (whole > INT64_MAX / 2000000) {
    whole /= 2;
    part /= 2;
  }
  return whole > 0 ? part * 1000000 / whole : 0;
}

/* GPUs on a leaf of a plane; the leaves of rails alternate. */
static int64_t leaf_gpus(const ls_problem *problem, const ls_size *size, int64_t leaf)
{
  const int64_t rails = size->rail_count, rail = leaf % rails;
  const int64_t of_rail =
      problem->endpoint_count / rails + (rail < problem->endpoint_count % rails);
  return ls_max(ls_min(of_rail - leaf / rails * size->down, size->down), 0);
}

/* Leaves in a row that the tiers up to this one join; all of a fabric where it is the last. */
static int64_t group_leaves(const ls_structure *structure, int32_t tier)
{
  const ls_size *size = &structure->size;
  if (tier == 0) return 1;
  if (tier == 1 && size->pod_count) return size->leaves_per_pod;
  if (tier == 2 && size->super_spine_count)
    return (int64_t)size->leaves_per_pod * size->leaves_per_pod;
  return size->leaf_count / size->fabric_count;
}

/* Ordered pairs of GPUs in groups of so many leaves of a fabric; fabrics alternate. */
static int64_t pairs_in_groups(const ls_problem *problem, const ls_size *size, int64_t leaves)
{
  const int64_t fabrics = size->fabric_count, of_fabric = size->leaf_count / fabrics;
  int64_t pairs = 0;
  for (int64_t fabric = 0; fabric < fabrics; fabric++) {
    for (int64_t first = 0; first < of_fabric; first += leaves) {
      int64_t gpus = 0;
      for (int64_t i = first; i < ls_min(first + leaves, of_fabric); i++)
        gpus += leaf_gpus(problem, size, i * fabrics + fabric);
      pairs += gpus * (gpus - 1);
    }
  }
  return pairs;
}

int64_t ls_latency_mean_ps(const ls_problem *problem, const ls_structure *structure,
                           const int64_t *link_ps, const int64_t *pass_ps)
{
  const ls_size *size = &structure->size;
  const int32_t top = structure->tier_count - 1;
  const int64_t all = pairs_in_groups(problem, size, size->leaf_count / size->fabric_count);
  int64_t path_ps = 0, below_ppm = 0, below_pass_ps = 0, sum = 0;
  for (int32_t tier = 0; tier <= top; tier++) {
    const int64_t one_ps = link_ps[tier];
    if (tier == structure->peer_tier)
      path_ps += below_pass_ps + one_ps +
                 (structure->block_hops_ppm - 1000000) * (one_ps + below_pass_ps) / 1000000;
    else
      path_ps += below_pass_ps + 2 * one_ps + pass_ps[tier];
    below_pass_ps = pass_ps[tier];
    const int64_t pairs = pairs_in_groups(problem, size, group_leaves(structure, tier));
    const int64_t to_here_ppm = tier == top ? 1000000 : share_ppm(pairs, all);
    sum += (to_here_ppm - below_ppm) * path_ps;
    below_ppm = to_here_ppm;
  }
  return sum / 1000000;
}

int64_t ls_latency_mean_bound_ps(const ls_problem *problem, const ls_structure *structure,
                                 const ls_link_row *link)
{
  int64_t link_ps[LS_TIER_MAX], pass_ps[LS_TIER_MAX];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t model = structure->switch_index[tier];
    const int64_t length_mm =
        (int64_t)structure->length_mm_mean[tier] * (ls_tier_is_ocs(structure, tier) ? 2 : 1);
    link_ps[tier] = ls_latency_link_ps(problem, &link[tier], length_mm);
    pass_ps[tier] = model >= 0 ? problem->switches[model].latency_ps : 0;
  }
  return ls_latency_mean_ps(problem, structure, link_ps, pass_ps);
}
