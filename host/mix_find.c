/* Owns what boxes and bundles could be: models that fit, bundles of one tier and length as classes,
 * and of all ways to make a link those that are the best of some class. */
#include "mix_tables.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "problem_build.h"
#include "problem_rows.h"

/* ---- Boxes ---- */

ls_node_kind ls_mix_kind_at(const ls_mix *mix, int32_t tier, int32_t end)
{
  const ls_structure *structure = mix->build.structure;
  const int32_t chassis = end ? ls_tier_chassis_b(structure, tier) : tier - 1;
  if (chassis < 0) return LS_NODE_RACK;
  if (chassis == structure->tier_count - 1 && mix->build.count[LS_NODE_CORE]) return LS_NODE_CORE;
  return (ls_node_kind)(LS_NODE_LEAF + chassis);
}

static int64_t ports_of(const ls_switch_row *model, int32_t port_gbps)
{
  return ls_min(model->bandwidth_gbps / port_gbps, model->port_count_max);
}

bool ls_mix_model_fits(const ls_mix *mix, ls_node_kind kind, int32_t model)
{
  const ls_problem *problem = mix->build.problem;
  const ls_structure *structure = mix->build.structure;
  const int32_t tier = ls_node_tier(structure, kind), peer = structure->peer_tier;
  const ls_switch_row *row = &problem->switches[model];
  const ls_switch_row *uniform = &problem->switches[structure->switch_index[tier]];
  if (row == uniform) return true;
  if (mix->without & LS_WITHOUT_CPO && row->optic >= 0) return false;
  /* Optics through OCS are those of the rank. */
  if (peer >= 0 && structure->ocs_index >= 0 && ls_mix_kind_at(mix, peer, 0) == kind &&
      !ls_end_takes(mix->build.spec, problem, model, mix->build.topology->link[peer].optic_a))
    return false;
  return mix->build.spec->space.switch_mask >> model & 1 && row->protocol == uniform->protocol &&
         structure->port_gbps <= row->port_gbps_max &&
         ports_of(row, structure->port_gbps) == ports_of(uniform, structure->port_gbps) &&
         row->tier_mask & ls_chassis_place(structure->family, tier);
}

int64_t ls_mix_box_cents(const ls_mix *mix, ls_node_kind kind, int32_t model)
{
  const ls_topology_build *build = &mix->build;
  const int64_t count = (int64_t)build->count[kind] * build->structure->planes;
  const ls_units units = ls_chassis_units_of(build->problem, build->structure,
                                             ls_node_tier(build->structure, kind), model, count);
  const ls_tco tco = ls_units_tco(build->problem, &units);
  return units.capex_cents + (tco.energy + tco.repairs + tco.spares + tco.lost) / count;
}

/* Whether one model is in nothing better than another: then no box is to be it. */
static bool is_dominated(const ls_mix *mix, ls_node_kind kind, int32_t model, int32_t other)
{
  const ls_problem *problem = mix->build.problem;
  const ls_catalog_switch *switches = mix->build.catalog->switches;
  const ls_switch_row *a = &problem->switches[model], *b = &problem->switches[other];
  const int64_t cents_a = ls_mix_box_cents(mix, kind, model);
  const int64_t cents_b = ls_mix_box_cents(mix, kind, other);
  for (int32_t r = 0; r < problem->resource_count; r++)
    if (b->draw[r] > a->draw[r]) return false;
  return a->optic == b->optic && a->lane_mask == b->lane_mask && a->cage_gbps <= b->cage_gbps &&
         a->cage_count <= b->cage_count && a->rack_units >= b->rack_units &&
         a->capex_cents >= b->capex_cents && a->power_mw >= b->power_mw &&
         a->power_mw_max >= b->power_mw_max && (a->power_mw_max > 0) == (b->power_mw_max > 0) &&
         switches[model].is_liquid_cooled >= switches[other].is_liquid_cooled &&
         (cents_a > cents_b || (cents_a == cents_b && model > other));
}

static bool is_wanted(const ls_mix *mix, ls_node_kind kind, int32_t model)
{
  if (!ls_mix_model_fits(mix, kind, model)) return false;
  for (int32_t other = 0; other < mix->build.problem->switch_count; other++)
    if (other != model && ls_mix_model_fits(mix, kind, other) &&
        is_dominated(mix, kind, model, other))
      return false;
  return true;
}

static void models_find(ls_mix *mix)
{
  const ls_structure *structure = mix->build.structure;
  for (int32_t kind = LS_NODE_LEAF; kind <= LS_NODE_CORE; kind++) {
    if (!mix->build.count[kind]) continue;
    int32_t *count = &mix->model_count[kind];
    mix->model[kind][(*count)++] = structure->switch_index[ls_node_tier(structure, kind)];
    for (int32_t i = 0; i < mix->build.problem->switch_count && *count < LS_MIX_MODELS; i++)
      if (i != mix->model[kind][0] && is_wanted(mix, (ls_node_kind)kind, i))
        mix->model[kind][(*count)++] = i;
  }
}

uint32_t ls_mix_takers(const ls_mix *mix, int32_t tier, int32_t end, int32_t link)
{
  const ls_topology_build *build = &mix->build;
  const ls_node_kind kind = ls_mix_kind_at(mix, tier, end);
  const int32_t optic =
      end ? build->problem->links[link].optic_b : build->problem->links[link].optic_a;
  uint32_t mask = 0;
  if (kind == LS_NODE_RACK) return ls_end_takes(build->spec, build->problem, LS_NIC, optic);
  for (int32_t i = 0; i < mix->model_count[kind]; i++)
    if (ls_end_takes(build->spec, build->problem, mix->model[kind][i], optic)) mask |= 1u << i;
  return mask;
}

/* ---- What an end costs ---- */

/* Of each optics at an end the cents over the years of one port, with as many ports as there are.
 */
static void end_cents_find(ls_mix *mix, int32_t tier, int32_t end)
{
  const ls_problem *problem = mix->build.problem;
  const ls_structure *structure = mix->build.structure;
  const ls_side *side = end ? &structure->side_b[tier] : &structure->side_a[tier];
  int64_t ports = 0;
  for (int32_t i = 0; i < LS_SIDE_KINDS; i++) ports += side->count[i] * side->port_count[i];
  for (int32_t i = 0; i < problem->optic_count && ports; i++) {
    const ls_link_row like = {.optic_a = (uint8_t)i, .optic_b = (uint8_t)i};
    const int64_t count = ls_side_modules(&problem->optics[i], side, structure->port_gbps);
    const ls_units units = ls_end_units_of(problem, structure, tier, &like, end, count, true);
    const ls_tco tco = ls_units_tco(problem, &units);
    mix->end_cents[tier][end][i] =
        (count * units.capex_cents + tco.energy + tco.repairs + tco.spares + tco.lost + ports / 2) /
        ports;
  }
}

int64_t ls_mix_link_cents(const ls_mix *mix, int32_t tier, int32_t link, int64_t cord_cents)
{
  const ls_link_row *row = &mix->build.problem->links[link];
  return mix->end_cents[tier][0][row->optic_a] + mix->end_cents[tier][1][row->optic_b] + cord_cents;
}

/* ---- Classes of bundles ---- */

static bool is_chosen_tier(const ls_mix *mix, int32_t tier)
{
  return tier < mix->build.structure->tier_count && !ls_tier_is_ocs(mix->build.structure, tier);
}

static bool is_in_slot(const ls_topology *topology, const ls_edge *edge)
{
  return topology->nodes[edge->node_a].slot == topology->nodes[edge->node_b].slot;
}

/* What a bundle can be depends on its tier, its length, and whether it leaves its slot. */
typedef struct bundle_key {
  int32_t tier, length_mm, is_in_slot, edge;
} bundle_key;

static int compare_keys(const void *left, const void *right)
{
  const int32_t *a = left, *b = right;
  for (int i = 0; i < 4; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

static ls_status classes_find(ls_mix *mix)
{
  const ls_topology *topology = mix->build.topology;
  const size_t room = (size_t)topology->edge_count + 1;
  bundle_key *keys = malloc(room * sizeof *keys);
  mix->edge = malloc(room * sizeof *mix->edge);
  mix->class_first = malloc(room * sizeof *mix->class_first);
  if (!keys || !mix->edge || !mix->class_first) {
    free(keys);
    return LS_ERR_MEMORY;
  }
  for (int32_t e = 0; e < topology->edge_count; e++)
    if (is_chosen_tier(mix, topology->edges[e].tier))
      keys[mix->bundle_count++] =
          (bundle_key){topology->edges[e].tier, topology->edges[e].length_mm,
                       is_in_slot(topology, &topology->edges[e]), e};
  qsort(keys, (size_t)mix->bundle_count, sizeof *keys, compare_keys);
  for (int32_t i = 0; i < mix->bundle_count; i++) {
    if (i == 0 || memcmp(&keys[i], &keys[i - 1], offsetof(bundle_key, edge)) != 0)
      mix->class_first[mix->class_count++] = i;
    mix->edge[i] = keys[i].edge;
  }
  mix->class_first[mix->class_count] = mix->bundle_count;
  free(keys);
  return LS_OK;
}

uint32_t ls_mix_try(const ls_mix *mix, const ls_edge *edge, int32_t link, ls_edge *tried)
{
  const ls_node *nodes = mix->build.topology->nodes;
  *tried = *edge;
  tried->link = link;
  return ls_build_cord(&mix->build, tried, nodes[edge->node_a].slot, nodes[edge->node_b].slot);
}

/* ---- Links ---- */

/* One way to make the links of a tier: who takes it, and how many links it would be best for. */
typedef struct candidate {
  uint32_t takers_a, takers_b;
  int64_t votes;
} candidate;

/* All ways that some boxes take and that nothing but lengths speaks against. */
static void candidates_find(const ls_mix *mix, int32_t tier, candidate list[LS_LINK_MAX])
{
  const ls_problem *problem = mix->build.problem;
  const uint32_t fixed_mask = LS_VIOLATES_PORT_RATE | LS_VIOLATES_YEAR | LS_VIOLATES_DOMAIN;
  memset(list, 0, LS_LINK_MAX * sizeof *list);
  for (int32_t i = 0; i < problem->link_count; i++) {
    if (problem->links[i].circulator_count ||
        ls_tier_row_violations(problem, mix->build.structure, tier, &problem->links[i]) &
            fixed_mask)
      continue;
    list[i].takers_a = ls_mix_takers(mix, tier, 0, i);
    list[i].takers_b = ls_mix_takers(mix, tier, 1, i);
  }
}

/* Each class votes for its best way between any two models. */
static void class_vote(ls_mix *mix, int32_t class, candidate list[LS_LINK_MAX])
{
  const ls_topology *topology = mix->build.topology;
  const int32_t first = mix->class_first[class], end = mix->class_first[class + 1];
  const ls_edge *edge = &topology->edges[mix->edge[first]];
  const int32_t tier = edge->tier, uniform = topology->option[tier];
  int64_t least[LS_MIX_MODELS][LS_MIX_MODELS], links = 0;
  int32_t best[LS_MIX_MODELS][LS_MIX_MODELS];
  memset(best, -1, sizeof best);
  for (int32_t i = first; i < end; i++) links += topology->edges[mix->edge[i]].link_count;
  for (int32_t i = 0; i < mix->build.problem->link_count; i++) {
    ls_edge tried;
    if (!list[i].takers_a || !list[i].takers_b || ls_mix_try(mix, edge, i, &tried)) continue;
    const int64_t cents = ls_mix_link_cents(mix, tier, i, tried.cord_capex_cents);
    for (int32_t a = 0; a < LS_MIX_MODELS; a++)
      for (int32_t b = 0; b < LS_MIX_MODELS; b++)
        if (list[i].takers_a >> a & 1 && list[i].takers_b >> b & 1 &&
            (best[a][b] < 0 || cents < least[a][b])) {
          least[a][b] = cents;
          best[a][b] = i;
        }
  }
  mix->has_news |= best[0][0] >= 0 && best[0][0] != uniform;
  for (int32_t a = 0; a < LS_MIX_MODELS; a++)
    for (int32_t b = 0; b < LS_MIX_MODELS; b++)
      if (best[a][b] >= 0) list[best[a][b]].votes += links;
}

/* Adds the optics to the kinds of a face. False: a face has no room for them. */
static bool kind_add(const ls_problem *problem, int32_t optic, uint32_t *kinds)
{
  if (!problem->optics[optic].module_gbps || *kinds >> optic & 1) return true;
  if (__builtin_popcount(*kinds) == LS_FACE_KINDS) return false;
  *kinds |= 1u << optic;
  return true;
}

/* Takes the ways with most votes, behind that of the rank, while faces have room for their optics.
 */
static void links_take(ls_mix *mix, int32_t tier, const candidate list[LS_LINK_MAX])
{
  const ls_problem *problem = mix->build.problem;
  const bool is_peer = tier == mix->build.structure->peer_tier;
  bool is_taken[LS_LINK_MAX] = {false};
  uint32_t kinds[2] = {0, 0};
  int32_t next = mix->build.topology->option[tier];
  while (next >= 0 && mix->link_count[tier] < LS_MIX_LINKS) {
    uint32_t with[2] = {kinds[0], kinds[1]};
    const ls_link_row *row = &problem->links[next];
    is_taken[next] = true;
    /* Both ends of a link between like devices are on faces that lead up. */
    if (kind_add(problem, row->optic_a, &with[0]) &&
        kind_add(problem, row->optic_b, &with[is_peer ? 0 : 1])) {
      memcpy(kinds, with, sizeof kinds);
      mix->link[tier][mix->link_count[tier]++] = (uint16_t)next;
    }
    next = -1;
    for (int32_t i = 0; i < problem->link_count; i++)
      if (!is_taken[i] && list[i].votes && (next < 0 || list[i].votes > list[next].votes)) next = i;
  }
}

ls_status ls_mix_find(ls_mix *mix)
{
  models_find(mix);
  ls_status status = classes_find(mix);
  candidate *list = malloc(LS_LINK_MAX * sizeof *list);
  if (!list) status = LS_ERR_MEMORY;
  for (int32_t tier = 0, class = 0; status == LS_OK && tier < LS_TIER_MAX; tier++) {
    if (!is_chosen_tier(mix, tier)) continue;
    end_cents_find(mix, tier, 0);
    end_cents_find(mix, tier, 1);
    candidates_find(mix, tier, list);
    for (; class < mix->class_count &&
           mix->build.topology->edges[mix->edge[mix->class_first[class]]].tier == tier;
         class ++)
      class_vote(mix, class, list);
    links_take(mix, tier, list);
  }
  for (int32_t kind = 0; kind < LS_NODE_KIND_COUNT; kind++)
    mix->has_news |= mix->model_count[kind] > 1;
  free(list);
  return status;
}
