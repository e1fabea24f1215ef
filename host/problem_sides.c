/* How many chassis hold each end of each tier's links, and how many cords there are: what the
 * sizing of kernels/size.h comes to over all planes. */
#include "problem_structure.h"

#include <assert.h>

#include "../kernels/evaluate.h"

/* Adds count chassis with this many lit ports, if any. */
static void side_add(ls_side *side, int64_t count, int64_t ports)
{
  if (count <= 0 || ports <= 0) return;
  int32_t kind = 0;
  while (kind < LS_SIDE_KINDS && side->count[kind] && side->port_count[kind] != ports) kind++;
  assert(kind < LS_SIDE_KINDS);
  side->count[kind] += count;
  side->port_count[kind] = (int32_t)ports;
}

static void sides_access(const ls_problem *problem, ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes, endpoints = problem->endpoint_count;
  const int64_t of_server = problem->server_endpoint_count;
  side_add(&structure->side_a[0], endpoints / of_server, of_server * planes);
  side_add(&structure->side_a[0], 1, endpoints % of_server * planes);
  side_add(&structure->side_b[0], size->leaf_full_count * planes, size->down);
  side_add(&structure->side_b[0], (size->leaf_count - size->leaf_full_count) * planes,
           size->leaf_rest);
  structure->leg_count[0] = endpoints * planes;
}

/* Leaves that have no spines light their ports towards each other or towards OCS. */
static void sides_spine(ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  ls_side *below = &structure->side_a[1], *above = &structure->side_b[1];
  side_add(below, size->leaf_count * planes, size->up);
  structure->leg_count[1] =
      (ls_tier_is_ocs(structure, 1) ? size->leaf_count * size->up : size->leaf_spine_links) *
      planes;
  if (!size->spine_count) return;
  if (!size->pod_count) {
    side_add(above, size->spine_count * planes, size->leaf_spine_links / size->spine_count);
    return;
  }
  side_add(above, (size->pod_count - 1) * size->up * planes, size->leaves_per_pod);
  side_add(above, size->up * planes, size->leaves_last_pod);
}

/* Cores of groups that end so many links each share them as evenly as they can. */
static void cores_add(ls_side *side, int64_t groups, int64_t links, int64_t cores)
{
  side_add(side, groups * (links % cores), links / cores + 1);
  side_add(side, groups * (cores - links % cores), links / cores);
}

static void sides_core(ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  structure->side_a[2] = structure->side_b[1];
  structure->leg_count[2] = size->spine_core_links * planes;
  if (ls_tier_is_ocs(structure, 2)) structure->leg_count[2] = size->leaf_spine_links * planes;
  /* Each leaf has one link to each spine index. */
  if (structure->family == LS_CLOS3)
    cores_add(&structure->side_b[2], size->up * planes, size->leaf_count, size->core_group_size);
}

/* Super-spines of full super-pods end a link of each pod; in the last super-pod, those that the
 * partial pod does not reach end one less. Cores see as many pods. */
static void sides_super(ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes, half = size->leaves_per_pod;
  const int64_t supers = ls_ceil_div(size->pod_count, half);
  const int64_t last_pods = size->pod_count - (supers - 1) * half;
  const int64_t reached = size->up * size->leaves_last_pod * planes;
  const int64_t others = size->up * (half - size->leaves_last_pod) * planes;
  structure->side_a[2] = structure->side_b[1];
  side_add(&structure->side_b[2], (supers - 1) * size->up * half * planes, half);
  side_add(&structure->side_b[2], reached, last_pods);
  side_add(&structure->side_b[2], others, last_pods - 1);
  structure->leg_count[2] = size->spine_super_links * planes;
  structure->side_a[3] = structure->side_b[2];
  cores_add(&structure->side_b[3], reached, size->pod_count, size->core_group_size);
  cores_add(&structure->side_b[3], others, size->pod_count - 1, size->core_group_size);
  structure->leg_count[3] = size->spine_core_links * planes;
}

void ls_structure_sides(const ls_problem *problem, ls_structure *structure)
{
  sides_access(problem, structure);
  if (structure->tier_count > 1) sides_spine(structure);
  if (structure->tier_count == 3) sides_core(structure);
  if (structure->tier_count == 4) sides_super(structure);
}
