/* Owns the ledger and the totals of a topology: sums over its nodes and bundles alone, so that
 * every additive total is the sum of its lines to the cent and milliwatt.
 *
 * An item reads "catalog-id place[ detail]": "sn5600 leaf", "dsp-800g-dr8 nic",
 * "os2-smf access 30 m 16 strands". */
#include "latency.h"
#include "ledger_lines.h"
#include "topology_build.h"

#include "../kernels/evaluate.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cords that cost the same: one line. What their fibers pay at shuffle boxes is a line of its own.
 */
typedef struct cord_group {
  int64_t count, unit_cents; /* with the boxes */
  int32_t tier, fiber, stock_mm, strand_count;
} cord_group;

typedef struct cord_groups {
  cord_group *list; /* [count] */
  int32_t count, capacity;
} cord_groups;

static bool is_cord_in_group(const ls_edge *edge, const cord_group *group)
{
  return group->tier == edge->tier && group->fiber == edge->fiber &&
         group->stock_mm == edge->stock_mm && group->strand_count == edge->strand_count &&
         group->unit_cents == edge->cord_capex_cents;
}

/* The group of a cord; bundles often follow others of the same kind, so the search starts at
 * the last hit. */
static ls_status count_cords(cord_groups *groups, const ls_edge *edge, int32_t *hit)
{
  for (int32_t i = 0; i < groups->count; i++) {
    int32_t g = (*hit + i) % groups->count;
    if (!is_cord_in_group(edge, &groups->list[g])) continue;
    groups->list[g].count += edge->link_count;
    *hit = g;
    return LS_OK;
  }
  if (groups->count == groups->capacity) {
    int32_t capacity = groups->capacity > 0 ? 2 * groups->capacity : 64;
    cord_group *list = realloc(groups->list, (size_t)capacity * sizeof *list);
    if (list == NULL) return LS_ERR_MEMORY;
    groups->list = list;
    groups->capacity = capacity;
  }
  *hit = groups->count;
  groups->list[groups->count++] = (cord_group){.count = edge->link_count,
                                               .unit_cents = edge->cord_capex_cents,
                                               .tier = edge->tier,
                                               .fiber = edge->fiber,
                                               .stock_mm = edge->stock_mm,
                                               .strand_count = edge->strand_count};
  return LS_OK;
}

static int compare_groups(const void *a, const void *b)
{
  const cord_group *left = a, *right = b;
  if (left->tier != right->tier) return left->tier < right->tier ? -1 : 1;
  if (left->stock_mm != right->stock_mm) return left->stock_mm < right->stock_mm ? -1 : 1;
  return (left->unit_cents > right->unit_cents) - (left->unit_cents < right->unit_cents);
}

/* All cords by what they are and cost. The caller frees the list whatever the status. */
static ls_status group_cords(const ls_topology *topology, cord_groups *groups)
{
  int32_t hit = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT || edge->fiber < 0) continue;
    ls_status status = count_cords(groups, edge, &hit);
    if (status != LS_OK) return status;
  }
  if (groups->count > 0)
    qsort(groups->list, (size_t)groups->count, sizeof *groups->list, compare_groups);
  return LS_OK;
}

static void add_cords(ls_ledger *ledger, const cord_groups *groups)
{
  int64_t fibers[LS_TIER_MAX] = {0}; /* through shuffle boxes */
  for (int32_t g = 0; g < groups->count; g++) {
    const cord_group *group = &groups->list[g];
    char detail[48];
    ledger->totals->fiber_mm += group->count * group->strand_count * group->stock_mm;
    snprintf(detail, sizeof detail, "%d.%d m %d strands", (int)(group->stock_mm / 1000),
             (int)(group->stock_mm % 1000 / 100), (int)group->strand_count);
    const bool is_shuffled = ls_tier_is_shuffled(ledger->structure, group->tier);
    const int64_t boxes_cents =
        is_shuffled ? group->strand_count * ledger->problem->shuffle_box_capex_cents : 0;
    if (is_shuffled) fibers[group->tier] += group->count * group->strand_count;
    ls_ledger_add_cords(ledger, group->tier, group->fiber, group->count,
                        group->unit_cents - boxes_cents, detail);
  }
  for (int32_t t = 0; t < LS_TIER_MAX; t++) ls_ledger_add_shuffles(ledger, t, fibers[t]);
}

/* Modules by their optics on one face of all devices of one kind. */
static void count_modules(const ls_topology *topology, ls_node_kind kind, bool is_down,
                          int64_t count[LS_OPTIC_MAX])
{
  memset(count, 0, LS_OPTIC_MAX * sizeof *count);
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    const ls_face *face = is_down ? &node->down : &node->up;
    for (int32_t i = 0; node->kind == kind && i < face->kind_count; i++)
      count[face->lit[i].optic] += face->lit[i].module_count;
  }
}

/* Devices of one kind by their model. */
static void count_nodes(const ls_topology *topology, ls_node_kind kind,
                        int64_t count[LS_SWITCH_MAX])
{
  memset(count, 0, LS_SWITCH_MAX * sizeof *count);
  for (int32_t n = 0; n < topology->node_count; n++)
    if (topology->nodes[n].kind == kind) count[topology->nodes[n].catalog_index]++;
}

/* Bandwidth expected to be down: each device and module with what it carries. */
static int64_t sum_risk_bps(const ls_topology_build *build)
{
  const ls_problem *problem = build->problem;
  const int32_t rate = build->structure->port_gbps;
  int64_t risk_bps = 0;
  for (int32_t n = 0; n < build->topology->node_count; n++) {
    const ls_node *node = &build->topology->nodes[n];
    const ls_face *faces[2] = {&node->down, &node->up};
    int64_t ports = 0;
    for (int32_t f = 0; f < 2; f++) {
      ports += faces[f]->port_count;
      for (int32_t i = 0; i < faces[f]->kind_count; i++) {
        const ls_lit *lit = &faces[f]->lit[i];
        risk_bps += lit->module_count * ls_optic_risk_bps(&problem->optics[lit->optic], rate);
      }
    }
    if (node->kind == LS_NODE_RACK) continue;
    if (node->kind == LS_NODE_OCS) {
      const int64_t links = build->structure->size.block_count *
                            build->structure->size.block_links / (2 * build->count[LS_NODE_OCS]);
      risk_bps += ls_unit_risk_bps(problem->ocs[node->catalog_index].downtime, links * rate);
    } else {
      const ls_switch_row *row = &problem->switches[node->catalog_index];
      risk_bps += ls_unit_risk_bps(row->downtime + row->swap_downtime, ports * rate);
    }
  }
  return risk_bps;
}

/* Links of a tier, without the legs to OCS: the slowest, and sums over links by the first fiber of
 * the same delay; copper has that of the catalog's first. */
typedef struct tier_links {
  int64_t worst_ps, ends_ps; /* ends with FEC, of all links */
  int64_t links[LS_FIBER_MAX], length_mm[LS_FIBER_MAX];
} tier_links;

static void measure_tiers(const ls_topology *topology, tier_links tiers[LS_TIER_MAX])
{
  const ls_problem *problem = topology->problem;
  memset(tiers, 0, LS_TIER_MAX * sizeof *tiers);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_OCS_LEG) continue;
    const ls_link_row *link = &problem->links[edge->link];
    const int64_t links = edge->link_count;
    tier_links *tier = &tiers[edge->tier];
    tier->worst_ps = ls_max(tier->worst_ps, ls_latency_link_ps(problem, link, edge->length_mm));
    tier->ends_ps += links * ls_latency_link_ps(problem, link, 0);
    int32_t fiber = 0;
    while (problem->fibers[fiber].latency_fs_per_mm !=
           problem->fibers[link->fiber].latency_fs_per_mm)
      fiber++;
    tier->links[fiber] += links;
    tier->length_mm[fiber] += edge->length_mm * links;
  }
}

/* The mean link of a tier: ends, and of each fiber the mean length. */
static int64_t mean_link_ps(const ls_problem *problem, const tier_links *tier)
{
  int64_t links = 0, sum_ps = tier->ends_ps;
  for (int32_t f = 0; f < LS_FIBER_MAX; f++) {
    if (!tier->links[f]) continue;
    links += tier->links[f];
    sum_ps += tier->links[f] *
              ls_fiber_latency_ps(&problem->fibers[f], tier->length_mm[f] / tier->links[f]);
  }
  return links ? sum_ps / links : 0;
}

/* The slowest chassis above each tier's links. */
static void measure_passes(const ls_topology *topology, int64_t pass_ps[LS_TIER_MAX])
{
  memset(pass_ps, 0, LS_TIER_MAX * sizeof *pass_ps);
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    if (node->kind == LS_NODE_RACK || node->kind == LS_NODE_OCS) continue;
    int64_t *of_tier = &pass_ps[ls_node_tier(topology->structure, node->kind)];
    *of_tier = ls_max(*of_tier, topology->problem->switches[node->catalog_index].latency_ps);
  }
}

/* Worst: as level 1, with the slowest link and chassis of each tier; mean with the mean links. */
static void sum_latency(const ls_topology_build *build)
{
  const ls_structure *structure = build->structure;
  ls_topology *topology = build->topology;
  tier_links tiers[LS_TIER_MAX];
  int64_t link_ps[LS_TIER_MAX], pass_ps[LS_TIER_MAX];
  measure_tiers(topology, tiers);
  measure_passes(topology, pass_ps);
  for (int32_t t = 0; t < LS_TIER_MAX; t++) {
    link_ps[t] = mean_link_ps(build->problem, &tiers[t]);
    topology->totals.latency_ps_max += structure->switch_passes[t] * pass_ps[t];
    if (t < structure->tier_count)
      topology->totals.latency_ps_max += structure->link_passes[t] * tiers[t].worst_ps;
  }
  topology->totals.latency_ps_mean =
      ls_latency_mean_ps(build->problem, structure, link_ps, pass_ps);
}

static void add_devices(ls_ledger *ledger, const ls_topology_build *build)
{
  int64_t count[LS_SWITCH_MAX];
  for (int32_t kind = LS_NODE_LEAF; kind <= LS_NODE_CORE; kind++) {
    if (!build->count[kind]) continue;
    count_nodes(build->topology, (ls_node_kind)kind, count);
    for (int32_t model = 0; model < LS_SWITCH_MAX; model++)
      ls_ledger_add_chassis(ledger, ls_node_tier(build->structure, (ls_node_kind)kind), model,
                            count[model]);
  }
  ls_ledger_add_ocs(ledger, (int64_t)build->count[LS_NODE_OCS] * build->structure->planes);
}

/* Those of one face of all devices of one kind. */
static void add_face_optics(ls_ledger *ledger, const ls_topology *topology, ls_node_kind kind,
                            bool is_down, int32_t tier)
{
  int64_t count[LS_OPTIC_MAX];
  count_modules(topology, kind, is_down, count);
  for (int32_t optic = 0; optic < LS_OPTIC_MAX; optic++)
    ls_ledger_add_optics(ledger, tier, is_down, optic, count[optic]);
}

/* By tier and end; both ends of a link between like devices are faces that lead up. */
static void add_optics(ls_ledger *ledger, const ls_topology_build *build)
{
  const ls_topology *topology = build->topology;
  ls_node_kind below = LS_NODE_RACK;
  for (int32_t kind = LS_NODE_LEAF; kind <= LS_NODE_CORE; kind++) {
    if (!build->count[kind]) continue;
    const int32_t tier = ls_node_tier(build->structure, (ls_node_kind)kind);
    add_face_optics(ledger, topology, below, false, tier);
    add_face_optics(ledger, topology, (ls_node_kind)kind, true, tier);
    below = (ls_node_kind)kind;
  }
  if (build->structure->peer_tier >= 0)
    add_face_optics(ledger, topology, below, false, build->structure->peer_tier);
}

/* More lines than units of any kind have. */
static int32_t unit_lines_max(const ls_topology *topology)
{
  const int32_t kinds =
      topology->totals.mixture.box_kind_count + 2 * topology->totals.mixture.link_kind_count;
  return LS_LEDGER_UNIT_LINES_MAX + kinds * LS_LEDGER_KIND_LINES_MAX;
}

ls_status ls_build_ledger(ls_topology_build *build)
{
  ls_topology *topology = build->topology;
  ls_totals *totals = &topology->totals;
  cord_groups groups = {.count = 0};
  ls_ledger ledger = {.problem = build->problem,
                      .catalog = build->catalog,
                      .structure = build->structure,
                      .totals = totals};
  ls_status status = group_cords(topology, &groups);
  if (status != LS_OK) goto cleanup;
  ledger.capacity = unit_lines_max(topology) + groups.count;
  ledger.lines = malloc((size_t)ledger.capacity * sizeof *ledger.lines);
  if (ledger.lines == NULL) {
    status = LS_ERR_MEMORY;
    goto cleanup;
  }
  add_devices(&ledger, build);
  add_optics(&ledger, build);
  add_cords(&ledger, &groups);
  ls_ledger_add_scale_up(&ledger);
  ls_ledger_close(&ledger);
  topology->ledger = ledger.lines;
  topology->ledger_count = ledger.count;
  totals->throughput_ppm_low = build->structure->throughput_ppm_low;
  totals->throughput_ppm_high = build->structure->throughput_ppm_high;
  totals->risk_bps = sum_risk_bps(build);
  sum_latency(build);
cleanup:
  free(groups.list);
  return status;
}
