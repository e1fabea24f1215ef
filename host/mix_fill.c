/* Owns the tables of the choice: what every option costs over the years and draws, and what there
 * is of each cap.
 *
 * Caps are resources and vendors' shares, limits on capex and power, the cages of each box, and the
 * power and rack units of each slot. What is linear here and counted in whole units there is
 * settled by the uniform design: a limit is what is left beside what that one draws beyond its
 * linear part. */
#include "mix_tables.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "floor.h"
#include "problem_supply.h"

enum { CAGES, SLOT_POWER, SLOT_UNITS, DRAWS_MAX = LS_RESOURCE_MAX + 6 };

/* ---- Draws ---- */

static void draw_add(ls_mix *mix, ls_choice_option *option, int32_t cap, int64_t amount)
{
  if (cap == INT32_MIN || !amount) return;
  mix->draws[mix->choice.draw_count++] = (ls_choice_draw){.cap = cap, .amount = amount};
  option->draw_count++;
}

/* A port's part of what a whole module has, in units of LS_MIX_UNIT, rounded up. */
static int64_t port_part(const ls_mix *mix, const ls_optic_row *optic, int64_t figure)
{
  const int32_t rate = mix->build.structure->port_gbps;
  const int64_t whole = figure * LS_MIX_UNIT * rate, gbps = ls_unit_gbps(optic, rate);
  return whole > 0 ? ls_ceil_div(whole, gbps) : whole / gbps;
}

static int64_t port_cages(const ls_mix *mix, int32_t optic)
{
  const ls_optic_row *row = &mix->build.problem->optics[optic];
  return row->module_gbps ? port_part(mix, row, 1) : 0;
}

/* Of one link what it draws on a resource, costs to buy and takes of power. */
static int64_t link_draw(const ls_mix *mix, int32_t link, int32_t resource)
{
  const ls_problem *problem = mix->build.problem;
  const ls_optic_row *a = &problem->optics[problem->links[link].optic_a];
  const ls_optic_row *b = &problem->optics[problem->links[link].optic_b];
  return port_part(mix, a, a->draw[resource]) + port_part(mix, b, b->draw[resource]);
}

static int64_t link_capex(const ls_mix *mix, int32_t link, int64_t cord_cents)
{
  const ls_problem *problem = mix->build.problem;
  const ls_optic_row *a = &problem->optics[problem->links[link].optic_a];
  const ls_optic_row *b = &problem->optics[problem->links[link].optic_b];
  return (port_part(mix, a, a->capex_cents) + port_part(mix, b, b->capex_cents)) / LS_MIX_UNIT +
         cord_cents;
}

static int64_t link_power(const ls_mix *mix, int32_t link)
{
  const ls_problem *problem = mix->build.problem;
  const int32_t rate = mix->build.structure->port_gbps;
  const ls_optic_row *a = &problem->optics[problem->links[link].optic_a];
  const ls_optic_row *b = &problem->optics[problem->links[link].optic_b];
  return (port_part(mix, a, ls_module_power_mw(a, rate)) +
          port_part(mix, b, ls_module_power_mw(b, rate))) /
         LS_MIX_UNIT;
}

/* ---- Options ---- */

/* What a box of the kind may draw of its slot as another model; the modules of a pluggable one,
 * where only they tell, are taken to be those of the uniform design. */
static int64_t box_power(const ls_mix *mix, const ls_node *uniform, int32_t model)
{
  const ls_problem *problem = mix->build.problem;
  const ls_switch_row *row = &problem->switches[model];
  ls_node node = *uniform;
  node.catalog_index = (int16_t)model;
  if (row->power_mw_max > 0 || row->optic < 0) return ls_build_power_mw(&mix->build, &node);
  const int64_t ports = node.down.port_count + node.up.port_count;
  return row->power_mw +
         ports * ls_module_power_mw(&problem->optics[row->optic], mix->build.structure->port_gbps);
}

/* Cages for ports to OCS, which are not chosen. */
static int64_t leg_cages(const ls_mix *mix, ls_node_kind kind, const ls_node *node)
{
  const ls_structure *structure = mix->build.structure;
  const int32_t peer = structure->peer_tier;
  if (structure->ocs_index < 0 || ls_mix_kind_at(mix, peer, 0) != kind) return 0;
  return node->up.port_count * port_cages(mix, mix->build.topology->link[peer].optic_a);
}

/* The models of a kind, which all its boxes share. */
static void box_options_add(ls_mix *mix, ls_node_kind kind)
{
  const ls_problem *problem = mix->build.problem;
  const ls_node *node = &mix->build.topology->nodes[mix->build.first[kind]];
  mix->box_option[kind] = mix->choice.option_count;
  for (int32_t i = 0; i < mix->model_count[kind]; i++) {
    const int32_t model = mix->model[kind][i];
    const ls_switch_row *row = &problem->switches[model];
    mix->meaning[mix->choice.option_count] = model;
    ls_choice_option *option = &mix->options[mix->choice.option_count++];
    *option = (ls_choice_option){.cents = ls_mix_box_cents(mix, kind, model),
                                 .draw_first = mix->choice.draw_count};
    for (int32_t r = 0; r < problem->resource_count; r++)
      draw_add(mix, option, r, row->draw[r] * LS_MIX_UNIT);
    draw_add(mix, option, mix->capex_cap, row->capex_cents);
    draw_add(mix, option, mix->power_cap, row->power_mw);
    const int64_t cages = row->optic >= 0 ? 0 : (int64_t)row->cage_count * LS_MIX_UNIT;
    draw_add(mix, option, LS_CHOICE_AT_A(CAGES),
             (row->optic >= 0 ? 0 : leg_cages(mix, kind, node)) - cages);
    draw_add(mix, option, LS_CHOICE_AT_A(SLOT_POWER), box_power(mix, node, model));
    draw_add(mix, option, LS_CHOICE_AT_A(SLOT_UNITS), row->rack_units);
  }
}

static void link_option_add(ls_mix *mix, int32_t tier, int32_t link, int64_t cord_cents)
{
  const ls_link_row *row = &mix->build.problem->links[link];
  mix->meaning[mix->choice.option_count] = link;
  ls_choice_option *option = &mix->options[mix->choice.option_count++];
  *option = (ls_choice_option){.cents = ls_mix_link_cents(mix, tier, link, cord_cents),
                               .draw_first = mix->choice.draw_count,
                               .mask_a = ls_mix_takers(mix, tier, 0, link),
                               .mask_b = ls_mix_takers(mix, tier, 1, link)};
  for (int32_t r = 0; r < mix->build.problem->resource_count; r++)
    draw_add(mix, option, r, link_draw(mix, link, r));
  draw_add(mix, option, mix->capex_cap, link_capex(mix, link, cord_cents));
  draw_add(mix, option, mix->power_cap, link_power(mix, link));
  draw_add(mix, option, LS_CHOICE_AT_A(CAGES), port_cages(mix, row->optic_a));
  draw_add(mix, option, LS_CHOICE_AT_B(CAGES), port_cages(mix, row->optic_b));
}

/* The bundles of a class and what they may be there. */
static void class_fill(ls_mix *mix, int32_t class)
{
  const ls_topology *topology = mix->build.topology;
  const int32_t first = mix->class_first[class], end = mix->class_first[class + 1];
  const ls_edge *edge = &topology->edges[mix->edge[first]];
  const int32_t option_first = mix->choice.option_count;
  int32_t start = -1;
  for (int32_t i = 0; i < mix->link_count[edge->tier]; i++) {
    const int32_t link = mix->link[edge->tier][i];
    ls_edge tried;
    if (ls_mix_try(mix, edge, link, &tried)) continue;
    if (link == edge->link) start = mix->choice.option_count - option_first;
    link_option_add(mix, edge->tier, link, tried.cord_capex_cents);
  }
  assert(start >= 0); /* the uniform design holds */
  for (int32_t i = first; i < end; i++) {
    const ls_edge *one = &topology->edges[mix->edge[i]];
    mix->bundles[i] = (ls_choice_bundle){
        .box_a = one->node_a < mix->box_first ? -1 : one->node_a - mix->box_first,
        .box_b = one->node_b - mix->box_first,
        .option_first = option_first,
        .option_count = mix->choice.option_count - option_first,
        .links = one->link_count};
    mix->bundle_start[i] = start;
  }
}

/* ---- Caps ---- */

static int64_t resource_used(const ls_mix *mix, int32_t resource)
{
  const ls_topology *topology = mix->build.topology;
  const ls_problem *problem = topology->problem;
  const int32_t scale_up = topology->structure->scale_up_index;
  ls_part parts[LS_ENTRIES_MAX];
  const int32_t count = ls_supply_graph_parts(topology, parts);
  int64_t used = scale_up < 0 ? 0 : problem->scale_up[scale_up].draw[resource];
  for (int32_t i = 0; i < count; i++)
    used += parts[i].count *
            (parts[i].list == LS_PART_SWITCH  ? problem->switches[parts[i].index].draw[resource]
             : parts[i].list == LS_PART_OPTIC ? problem->optics[parts[i].index].draw[resource]
                                              : problem->ocs[parts[i].index].draw[resource]);
  return used;
}

/* What is left of a limit beside what the uniform design draws of it and the choice does not count.
 */
typedef struct balance {
  int64_t used, linear;
} balance;

static balance resource_balance(const ls_mix *mix, int32_t resource)
{
  const ls_topology *topology = mix->build.topology;
  balance sum = {.used = resource_used(mix, resource) * LS_MIX_UNIT};
  for (int32_t n = mix->box_first; n < mix->box_first + mix->choice.box_count; n++)
    sum.linear +=
        topology->problem->switches[topology->nodes[n].catalog_index].draw[resource] * LS_MIX_UNIT;
  for (int32_t i = 0; i < mix->bundle_count; i++) {
    const ls_edge *edge = &topology->edges[mix->edge[i]];
    sum.linear += edge->link_count * link_draw(mix, edge->link, resource);
  }
  return sum;
}

/* Of capex or power. */
static balance total_balance(const ls_mix *mix, bool is_power)
{
  const ls_topology *topology = mix->build.topology;
  balance sum = {.used = is_power ? ls_totals_power_mw(&topology->totals)
                                  : topology->totals.capex_cents};
  for (int32_t n = mix->box_first; n < mix->box_first + mix->choice.box_count; n++) {
    const ls_switch_row *row = &topology->problem->switches[topology->nodes[n].catalog_index];
    sum.linear += is_power ? row->power_mw : row->capex_cents;
  }
  for (int32_t i = 0; i < mix->bundle_count; i++) {
    const ls_edge *edge = &topology->edges[mix->edge[i]];
    sum.linear +=
        edge->link_count * (is_power ? link_power(mix, edge->link)
                                     : link_capex(mix, edge->link, edge->cord_capex_cents));
  }
  return sum;
}

static int32_t cap_add(ls_mix *mix, int64_t limit)
{
  mix->limits[mix->choice.cap_count] = limit;
  return mix->choice.cap_count++;
}

static void shared_caps_add(ls_mix *mix)
{
  const ls_problem *problem = mix->build.problem;
  for (int32_t r = 0; r < problem->resource_count; r++) {
    const balance sum = resource_balance(mix, r);
    cap_add(mix, problem->resource_limit[r] * LS_MIX_UNIT - (sum.used - sum.linear));
  }
  const int32_t metrics[2] = {LS_METRIC_CAPEX, LS_METRIC_POWER};
  for (int32_t i = 0; i < 2; i++) {
    int32_t *cap = i ? &mix->power_cap : &mix->capex_cap;
    const int64_t limit = problem->limit[metrics[i]];
    *cap = INT32_MIN;
    if (limit == INT64_MAX) continue;
    const balance sum = total_balance(mix, i);
    *cap = cap_add(mix, limit - (sum.used - sum.linear));
  }
}

/* Beside GPU servers and OCS. */
static void slot_limits_fill(const ls_mix *mix, const int32_t *slot_cap)
{
  const ls_spec *spec = mix->build.spec;
  const ls_topology *topology = mix->build.topology;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    const int32_t cap = slot_cap[node->slot];
    if (cap < 0) continue;
    if (node->kind == LS_NODE_RACK) {
      mix->limits[cap] -= node->server_count * (int64_t)spec->cluster.server_power_mw;
      mix->limits[cap + 1] -= node->server_count * (int64_t)spec->cluster.server_rack_units;
    } else if (node->kind == LS_NODE_OCS) {
      mix->limits[cap] -= ls_build_power_mw(&mix->build, node);
      mix->limits[cap + 1] -= topology->problem->ocs[node->catalog_index].rack_units;
    }
  }
}

/* Models that the slot of a box does not cool. */
static uint32_t barred_models(const ls_mix *mix, const ls_node *node)
{
  const ls_spec_floor *floor = &mix->build.spec->floor;
  uint32_t mask = 0;
  if (!floor->liquid_cooled.area_count ||
      ls_floor_zone(floor, &floor->liquid_cooled, node->slot) >= 0)
    return 0;
  for (int32_t i = 1; i < mix->model_count[node->kind]; i++)
    if (mix->build.catalog->switches[mix->model[node->kind][i]].is_liquid_cooled) mask |= 1u << i;
  return mask;
}

static ls_status boxes_fill(ls_mix *mix)
{
  const ls_spec_floor *floor = &mix->build.spec->floor;
  const ls_topology *topology = mix->build.topology;
  const size_t slots = (size_t)floor->row_count * (size_t)floor->racks_per_row;
  int32_t *slot_cap = malloc((slots + 1) * sizeof *slot_cap);
  if (!slot_cap) return LS_ERR_MEMORY;
  for (size_t s = 0; s < slots; s++) slot_cap[s] = -1;
  for (int32_t box = 0; box < mix->choice.box_count; box++) {
    const ls_node *node = &topology->nodes[mix->box_first + box];
    int32_t *cap = &slot_cap[node->slot];
    if (*cap < 0) {
      *cap = cap_add(mix, floor->rack_power_mw);
      cap_add(mix, floor->rack_units);
    }
    mix->boxes[box] = (ls_choice_box){.option_first = mix->box_option[node->kind],
                                      .option_count = mix->model_count[node->kind],
                                      .local = {cap_add(mix, 0), *cap, *cap + 1},
                                      .barred_mask = barred_models(mix, node)};
  }
  slot_limits_fill(mix, slot_cap);
  free(slot_cap);
  return LS_OK;
}

/* ---- All of it ---- */

static ls_status tables_create(ls_mix *mix)
{
  size_t options = LS_NODE_KIND_COUNT * LS_MIX_MODELS;
  const size_t boxes = (size_t)mix->choice.box_count + 1, bundles = (size_t)mix->bundle_count + 1;
  for (int32_t class = 0; class < mix->class_count; class ++)
    options +=
        (size_t)
            mix->link_count[mix->build.topology->edges[mix->edge[mix->class_first[class]]].tier];
  mix->boxes = malloc(boxes * sizeof *mix->boxes);
  mix->bundles = malloc(bundles * sizeof *mix->bundles);
  mix->options = malloc(options * sizeof *mix->options);
  mix->meaning = malloc(options * sizeof *mix->meaning);
  mix->draws = malloc(options * DRAWS_MAX * sizeof *mix->draws);
  mix->limits = malloc((3 * boxes + LS_RESOURCE_MAX + 2) * sizeof *mix->limits);
  mix->box_start = calloc(boxes, sizeof *mix->box_start);
  mix->bundle_start = calloc(bundles, sizeof *mix->bundle_start);
  return mix->boxes && mix->bundles && mix->options && mix->meaning && mix->draws && mix->limits &&
                 mix->box_start && mix->bundle_start
             ? LS_OK
             : LS_ERR_MEMORY;
}

ls_status ls_mix_fill(ls_mix *mix)
{
  const ls_topology *topology = mix->build.topology;
  ls_choice *choice = &mix->choice;
  choice->bundle_count = mix->bundle_count;
  for (int32_t n = mix->box_first;
       n < topology->node_count && topology->nodes[n].kind != LS_NODE_OCS; n++)
    choice->box_count++;
  ls_status status = tables_create(mix);
  if (status != LS_OK) return status;
  shared_caps_add(mix);
  for (int32_t kind = LS_NODE_LEAF; kind <= LS_NODE_CORE; kind++)
    if (mix->build.count[kind]) box_options_add(mix, (ls_node_kind)kind);
  for (int32_t class = 0; class < mix->class_count; class ++) class_fill(mix, class);
  status = boxes_fill(mix);
  choice->boxes = mix->boxes;
  choice->bundles = mix->bundles;
  choice->options = mix->options;
  choice->draws = mix->draws;
  choice->limits = mix->limits;
  choice->box_start = mix->box_start;
  choice->bundle_start = mix->bundle_start;
  return status;
}

void ls_mix_destroy(ls_mix *mix)
{
  free(mix->bundle_start);
  free(mix->box_start);
  free(mix->limits);
  free(mix->draws);
  free(mix->meaning);
  free(mix->options);
  free(mix->bundles);
  free(mix->boxes);
  free(mix->class_first);
  free(mix->edge);
}
