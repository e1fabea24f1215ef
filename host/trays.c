#include "trays.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "units.h"

/* What lies in one tray. */
typedef struct load {
  int64_t strands, links[LS_TIER_MAX];
} load;

int32_t ls_trays_count(const ls_spec_floor *floor)
{
  return floor->row_count + (int32_t)ls_max(floor->halls.zone_count - 1, 0);
}

int32_t ls_trays_of_cord(const ls_spec_floor *floor, int32_t slot_a, int32_t slot_b,
                         int32_t trays[LS_TRAYS_OF_CORD])
{
  const int32_t row_a = slot_a / floor->racks_per_row, row_b = slot_b / floor->racks_per_row;
  int32_t count = 0;
  if (slot_a == slot_b) return 0;
  trays[count++] = row_a;
  if (row_a == row_b) return count;
  trays[count++] = row_b;
  const int32_t hall_a = ls_floor_zone(floor, &floor->halls, slot_a);
  const int32_t hall_b = ls_floor_zone(floor, &floor->halls, slot_b);
  for (int32_t hall = ls_min(hall_a, hall_b); hall < ls_max(hall_a, hall_b); hall++)
    trays[count++] = floor->row_count + hall;
  return count;
}

void ls_trays_name(const ls_spec_floor *floor, int32_t tray, char name[32])
{
  const int32_t gap = tray - floor->row_count; /* behind that hall */
  if (gap < 0)
    snprintf(name, 32, "row%d", (int)tray);
  else
    snprintf(name, 32, "%s-%s", floor->halls.area[gap].name, floor->halls.area[gap + 1].name);
}

/* None of a circuit, which has no cord of its own. */
static int32_t trays_of_edge(const ls_spec_floor *floor, const ls_topology *topology,
                             const ls_edge *edge, int32_t trays[LS_TRAYS_OF_CORD])
{
  if (edge->kind == LS_EDGE_CIRCUIT) return 0;
  return ls_trays_of_cord(floor, topology->nodes[edge->node_a].slot,
                          topology->nodes[edge->node_b].slot, trays);
}

void ls_trays_strands(const ls_spec *spec, const ls_topology *topology, int64_t *strands)
{
  memset(strands, 0, (size_t)ls_trays_count(&spec->floor) * sizeof *strands);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    int32_t trays[LS_TRAYS_OF_CORD];
    const int32_t lain = trays_of_edge(&spec->floor, topology, edge, trays);
    for (int32_t i = 0; i < lain; i++)
      strands[trays[i]] += (int64_t)edge->link_count * edge->strand_count;
  }
}

/* What lies in the tray with the most strands, of equals the first. */
static ls_status fullest_find(const ls_spec *spec, const ls_topology *topology, int32_t *tray,
                              load *most)
{
  const ls_spec_floor *floor = &spec->floor;
  const int32_t count = ls_trays_count(floor);
  load *loads = calloc((size_t)count, sizeof *loads);
  if (!loads) return LS_ERR_MEMORY;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    int32_t trays[LS_TRAYS_OF_CORD];
    const int32_t lain = trays_of_edge(floor, topology, edge, trays);
    for (int32_t i = 0; i < lain; i++) {
      loads[trays[i]].strands += (int64_t)edge->link_count * edge->strand_count;
      loads[trays[i]].links[edge->tier] += edge->link_count;
    }
  }
  *tray = 0;
  for (int32_t i = 1; i < count; i++)
    if (loads[i].strands > loads[*tray].strands) *tray = i;
  *most = loads[*tray];
  free(loads);
  return LS_OK;
}

ls_status ls_trays_measure(const ls_spec *spec, ls_topology *topology)
{
  int32_t tray;
  load most;
  const ls_status status = fullest_find(spec, topology, &tray, &most);
  if (status != LS_OK) return status;
  topology->totals.tray.strands = most.strands;
  ls_trays_name(&spec->floor, tray, topology->totals.tray.name);
  return LS_OK;
}

bool ls_trays_are_over(const ls_spec *spec, const ls_totals *totals)
{
  return spec->floor.tray_strands_max && totals->tray.strands > spec->floor.tray_strands_max;
}

static int32_t strands_of(const ls_topology *topology, const ls_link_row *link)
{
  const ls_problem *problem = topology->problem;
  return ls_optic_is_copper(problem->optics[link->optic_a].kind)
             ? 0
             : ls_link_strands(problem, link, topology->structure->port_gbps);
}

/* The least strands of a link of the tier that level 1 allows, or the design has. */
static int32_t strands_least(const ls_topology *topology, int32_t tier)
{
  const ls_problem *problem = topology->problem;
  const ls_structure *structure = topology->structure;
  int32_t least = strands_of(topology, &topology->link[tier]);
  for (uint32_t i = 0; i < structure->option_count[tier]; i++) {
    const ls_link_row *link = &problem->links[problem->options[structure->option_first[tier] + i]];
    if (!ls_tier_row_violations(problem, structure, tier, link))
      least = (int32_t)ls_min(least, strands_of(topology, link));
  }
  return least;
}

ls_status ls_trays_bound(const ls_spec *spec, const ls_topology *topology, ls_strand_bounds *bounds)
{
  const int32_t tiers = topology->structure->tier_count;
  int32_t tray, widest = 0, least[LS_TIER_MAX] = {0};
  int64_t room = spec->floor.tray_strands_max, spare[LS_TIER_MAX] = {0};
  bool is_within = true;
  load most;
  const ls_status status = fullest_find(spec, topology, &tray, &most);
  if (status != LS_OK) return status;
  *bounds = (ls_strand_bounds){.is_hopeless = false};
  for (int32_t tier = 0; tier < tiers; tier++) {
    least[tier] = strands_least(topology, tier);
    room -= most.links[tier] * least[tier];
    spare[tier] = most.links[tier] * (strands_of(topology, &topology->link[tier]) - least[tier]);
    if (spare[tier] > spare[widest]) widest = tier;
  }
  bounds->is_hopeless = room < 0;
  if (bounds->is_hopeless) return LS_OK;
  for (int32_t tier = 0; tier < tiers; tier++) {
    if (!most.links[tier]) continue;
    const int64_t below = least[tier] + room / most.links[tier] + 1;
    bounds->below[tier] = (uint16_t)ls_min(below, UINT16_MAX);
    is_within = is_within && strands_of(topology, &topology->link[tier]) < below;
  }
  if (is_within) bounds->below[widest] = (uint16_t)strands_of(topology, &topology->link[widest]);
  return LS_OK;
}

void ls_trays_set(const ls_spec *spec, const ls_totals *totals, ls_json *object)
{
  if (totals->tray.name[0] == '\0') return;
  ls_json *entry = ls_json_object();
  ls_json_set_text(entry, "tray", totals->tray.name);
  ls_json_set_int(entry, "strands", totals->tray.strands);
  if (spec->floor.tray_strands_max)
    ls_json_set_int(entry, "limit", spec->floor.tray_strands_max);
  else
    ls_json_set_null(entry, "limit");
  ls_json_set(object, "fullest_tray", entry);
}

void ls_trays_sentence(const ls_spec *spec, const ls_totals *totals, char text[128])
{
  char strands[LS_AMOUNT_MAX], most[LS_AMOUNT_MAX] = "";
  if (spec->floor.tray_strands_max) ls_count_text((uint64_t)spec->floor.tray_strands_max, most);
  snprintf(text, 128, "the tray %s holds %s strands%s%s", totals->tray.name,
           ls_count_text((uint64_t)totals->tray.strands, strands), most[0] ? " of at most " : "",
           most);
}
