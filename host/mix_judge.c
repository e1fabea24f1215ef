/* What a mixed design violates, box by box and bundle by bundle; lengths, limits and failure
 * domains are judged with those of uniform designs, in topology.c. */
#include "mix_tables.h"

#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "problem_supply.h"

/* Optics of each way to make a link that occurs in a tier. */
static uint32_t links_judge(const ls_topology_build *build)
{
  const ls_topology *topology = build->topology;
  bool is_judged[LS_TIER_MAX][LS_LINK_MAX] = {{false}};
  uint32_t mask = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (is_judged[edge->tier][edge->link]) continue;
    is_judged[edge->tier][edge->link] = true;
    mask |= ls_tier_violations(build->problem, build->structure, edge->tier,
                               &build->problem->links[edge->link]) &
            (LS_VIOLATES_PORT_RATE | LS_VIOLATES_YEAR);
  }
  return mask;
}

/* Year, rate, ports, cages and cooling of one chassis. */
static uint32_t box_judge(const ls_topology_build *build, const ls_node *node)
{
  const ls_problem *problem = build->problem;
  const ls_structure *structure = build->structure;
  const ls_spec_floor *floor = &build->spec->floor;
  const ls_switch_row *row = &problem->switches[node->catalog_index];
  const ls_face *faces[2] = {&node->down, &node->up};
  const int64_t ports = node->down.port_count + node->up.port_count;
  const int32_t place = ls_chassis_place(structure->family, ls_node_tier(structure, node->kind));
  int64_t modules = 0;
  uint32_t mask = 0;
  for (int32_t f = 0; f < 2; f++)
    for (int32_t i = 0; i < faces[f]->kind_count; i++)
      if (problem->optics[faces[f]->lit[i].optic].module_gbps)
        modules += faces[f]->lit[i].module_count;
  if (modules > row->cage_count) mask |= LS_VIOLATES_FACEPLATE;
  if (!(row->tier_mask & place)) mask |= LS_VIOLATES_YEAR;
  if (structure->port_gbps > row->port_gbps_max) mask |= LS_VIOLATES_PORT_RATE;
  if (ports > ls_min(row->bandwidth_gbps / structure->port_gbps, row->port_count_max))
    mask |= LS_VIOLATES_CAPACITY;
  if (build->catalog->switches[node->catalog_index].is_liquid_cooled &&
      floor->liquid_cooled.area_count > 0 &&
      ls_floor_zone(floor, &floor->liquid_cooled, node->slot) < 0)
    mask |= LS_VIOLATES_FLOOR;
  return mask;
}

static uint32_t resources_judge(const ls_topology_build *build)
{
  const ls_problem *problem = build->problem;
  const int32_t scale_up = build->structure->scale_up_index;
  ls_part parts[LS_ENTRIES_MAX];
  const int32_t count = ls_supply_graph_parts(build->topology, parts);
  int64_t resource[LS_RESOURCE_MAX] = {0};
  for (int32_t r = 0; r < problem->resource_count; r++) {
    if (scale_up >= 0) resource[r] = problem->scale_up[scale_up].draw[r];
    for (int32_t i = 0; i < count; i++)
      resource[r] += parts[i].count *
                     (parts[i].list == LS_PART_SWITCH  ? problem->switches[parts[i].index].draw[r]
                      : parts[i].list == LS_PART_OPTIC ? problem->optics[parts[i].index].draw[r]
                                                       : problem->ocs[parts[i].index].draw[r]);
  }
  return ls_resource_violations(problem, resource);
}

/* Rack units and power of each slot. */
static ls_status slots_judge(const ls_topology_build *build, uint32_t *mask)
{
  const ls_spec *spec = build->spec;
  const ls_topology *topology = build->topology;
  const size_t slots = (size_t)spec->floor.row_count * (size_t)spec->floor.racks_per_row;
  int64_t(*used)[2] = calloc(slots + 1, sizeof *used); /* power, rack units */
  if (!used) return LS_ERR_MEMORY;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    int64_t *slot = used[node->slot];
    if (node->kind == LS_NODE_RACK) {
      slot[0] += node->server_count * (int64_t)spec->cluster.server_power_mw;
      slot[1] += node->server_count * (int64_t)spec->cluster.server_rack_units;
      continue;
    }
    slot[0] += ls_build_power_mw(build, node);
    slot[1] += node->kind == LS_NODE_OCS ? build->problem->ocs[node->catalog_index].rack_units
                                         : build->problem->switches[node->catalog_index].rack_units;
  }
  for (size_t s = 0; s < slots; s++)
    if (used[s][0] > spec->floor.rack_power_mw || used[s][1] > spec->floor.rack_units)
      *mask |= LS_VIOLATES_FLOOR;
  free(used);
  return LS_OK;
}

ls_status ls_build_judge_mixed(const ls_topology_build *build, uint32_t *violation_mask)
{
  const ls_topology *topology = build->topology;
  *violation_mask = build->structure->violation_mask | links_judge(build) | resources_judge(build);
  for (int32_t n = 0; n < topology->node_count; n++)
    if (topology->nodes[n].kind != LS_NODE_RACK && topology->nodes[n].kind != LS_NODE_OCS)
      *violation_mask |= box_judge(build, &topology->nodes[n]);
  return slots_judge(build, violation_mask);
}
