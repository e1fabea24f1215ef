/* Owns the steps from a rank to a finished graph: nodes, placement, and what every bundle is
 * at its true length. Which links there are is wired in topology_clos.c and topology_mesh.c;
 * totals are summed in ledger.c. */
#include "topology_build.h"

#include "../kernels/evaluate.h"
#include "domains.h"
#include "floor.h"
#include "improve.h"
#include "structure_blocks.h"
#include "trays.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without these a structure has no sizing, so there is nothing to draw. */
enum {
  NO_SIZING_MASK =
      LS_VIOLATES_CAPACITY | LS_VIOLATES_TRUNKS | LS_VIOLATES_MESH | LS_VIOLATES_OCS_PORTS
};

ls_status ls_build_add_edge(ls_topology_build *build, const ls_edge *edge)
{
  ls_topology *topology = build->topology;
  if (topology->edge_count == build->edge_capacity) {
    if (build->edge_capacity > INT32_MAX / 2) return LS_ERR_MEMORY;
    int32_t capacity = build->edge_capacity > 0 ? 2 * build->edge_capacity : 1024;
    ls_edge *edges = realloc(topology->edges, (size_t)capacity * sizeof *edges);
    if (edges == NULL) return LS_ERR_MEMORY;
    topology->edges = edges;
    build->edge_capacity = capacity;
  }
  topology->edges[topology->edge_count++] = *edge;
  return LS_OK;
}

static int32_t gpus_per_rack(const ls_topology_build *build)
{
  return build->problem->server_endpoint_count * build->spec->cluster.servers_per_rack;
}

/* Takes the graph of sparse blocks, and what it makes of the structure. */
static ls_status wire_blocks(ls_topology_build *build, ls_error *error)
{
  ls_topology *topology = build->topology;
  if (!ls_structure_has_graph(build->structure)) return LS_OK;
  topology->wired = malloc(sizeof *topology->wired);
  ls_status status = topology->wired ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK)
    status = ls_structure_wire(build->spec, build->problem, build->structure, topology->wired);
  if (status == LS_OK)
    status = ls_structure_take_graph(build->spec, build->structure, &build->graph);
  if (status != LS_OK)
    return ls_error_set(error, status, NULL, 0, NULL, "no memory for the graph of its blocks");
  build->structure = topology->structure = topology->wired;
  return LS_OK;
}

/* Decodes the rank and counts the devices; refuses what has no sizing. */
static ls_status init_build(ls_topology_build *build, uint64_t rank, ls_error *error)
{
  const ls_problem *problem = build->problem;
  ls_topology *topology = build->topology;
  if (rank >= problem->space_size) {
    return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL, "no design %llu in a space of %llu",
                        (unsigned long long)rank, (unsigned long long)problem->space_size);
  }
  uint16_t link[LS_TIER_MAX];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, rank, link)];
  build->structure = topology->structure = structure;
  topology->problem = problem;
  topology->rank = rank;
  for (int32_t t = 0; t < LS_TIER_MAX; t++) {
    topology->option[t] = link[t];
    topology->link[t] = problem->links[link[t]];
  }
  if (structure->violation_mask & NO_SIZING_MASK || structure->size.leaf_count == 0) {
    return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                        "the design has no wiring: its family cannot be built at this size");
  }
  const ls_size *size = &structure->size;
  build->count[LS_NODE_RACK] = (int32_t)ls_ceil_div(problem->endpoint_count, gpus_per_rack(build));
  build->count[LS_NODE_LEAF] = (int32_t)size->leaf_count;
  build->count[LS_NODE_SPINE] = (int32_t)size->spine_count;
  build->count[LS_NODE_SUPER] = (int32_t)size->super_spine_count;
  build->count[LS_NODE_CORE] = (int32_t)size->core_count;
  if (structure->ocs_index < 0) return LS_OK;
  const ls_link_row *through = &topology->link[structure->peer_tier];
  build->count[LS_NODE_OCS] = ls_structure_ocs(problem, structure, through);
  if (build->count[LS_NODE_OCS] > 0) return LS_OK;
  return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                      "the design has no wiring: no whole number of links of a block per OCS");
}

/* Racks, in order of their GPUs; only the last one may be partial. */
static void fill_racks(ls_topology_build *build)
{
  const int64_t endpoints = build->problem->endpoint_count;
  const int32_t capacity = gpus_per_rack(build);
  for (int32_t r = 0; r < build->count[LS_NODE_RACK]; r++) {
    ls_node *node = &build->topology->nodes[r];
    *node = (ls_node){.kind = LS_NODE_RACK, .catalog_index = -1, .index = r, .pod = -1, .rail = -1};
    node->gpu_count = (int32_t)ls_min(capacity, endpoints - (int64_t)r * capacity);
    node->server_count =
        (int32_t)ls_ceil_div(node->gpu_count, build->problem->server_endpoint_count);
  }
}

/* The pod of leaf or spine `index` of a plane, the super-pod of a super-spine, a core's group. */
static int32_t pod_of(const ls_topology_build *build, ls_node_kind kind, int32_t index)
{
  const ls_size *size = &build->structure->size;
  if (!size->pod_count || kind == LS_NODE_OCS) return -1;
  if (kind == LS_NODE_LEAF) return index / size->leaves_per_pod;
  if (kind == LS_NODE_SPINE) return index / size->up;
  if (kind == LS_NODE_SUPER) return index / (size->up * size->leaves_per_pod);
  return index / size->core_group_size;
}

/* Spines of rail_only belong to one rail, those of rail-optimized wiring to all. */
static int32_t rail_of(const ls_topology_build *build, ls_node_kind kind, int32_t index)
{
  const ls_size *size = &build->structure->size;
  const bool has_rail = size->rail_count > 1 &&
                        (kind == LS_NODE_LEAF || (kind == LS_NODE_SPINE && size->fabric_count > 1));
  return has_rail ? index % size->rail_count : -1;
}

/* Switches or OCS of one kind. */
static void fill_switches(ls_topology_build *build, ls_node_kind kind)
{
  const ls_structure *structure = build->structure;
  const int32_t first = build->first[kind], count = build->count[kind];
  const int32_t model = kind == LS_NODE_OCS
                            ? structure->ocs_index
                            : structure->switch_index[ls_node_tier(build->structure, kind)];
  for (int32_t i = 0; i < count * structure->planes; i++) {
    ls_node *node = &build->topology->nodes[first + i];
    *node = (ls_node){.kind = (uint8_t)kind, .plane = (uint8_t)(i / count)};
    node->catalog_index = (int16_t)model;
    node->index = i % count;
    node->pod = pod_of(build, kind, node->index);
    node->rail = rail_of(build, kind, node->index);
  }
}

static ls_status build_nodes(ls_topology_build *build)
{
  const int64_t planes = build->structure->planes;
  int64_t count = 0;
  for (int32_t kind = 0; kind < LS_NODE_KIND_COUNT; kind++) {
    build->first[kind] = (int32_t)count;
    count += build->count[kind] * (kind == LS_NODE_RACK ? 1 : planes);
    if (count > INT32_MAX / 2) return LS_ERR_MEMORY;
  }
  build->topology->nodes = malloc((size_t)count * sizeof *build->topology->nodes);
  if (build->topology->nodes == NULL) return LS_ERR_MEMORY;
  build->topology->node_count = (int32_t)count;
  fill_racks(build);
  for (int32_t kind = LS_NODE_LEAF; kind < LS_NODE_KIND_COUNT; kind++)
    if (build->count[kind]) fill_switches(build, (ls_node_kind)kind);
  return LS_OK;
}

static ls_status build_edges(ls_topology_build *build)
{
  ls_status status = ls_build_access(build);
  if (status == LS_OK) status = ls_build_clos(build);
  if (status == LS_OK && build->structure->peer_tier >= 0) status = ls_build_mesh(build);
  for (int32_t e = 0; e < build->topology->edge_count; e++)
    build->topology->edges[e].link = build->topology->option[build->topology->edges[e].tier];
  return status;
}

/* Devices for the floor: all of a kind get the size and power of the fullest one, so that they
 * are exchangeable; leaves say which racks they serve. */
static void describe_devices(const ls_topology_build *build, ls_floor_device *devices)
{
  const ls_topology *topology = build->topology;
  int64_t power_mw[LS_NODE_KIND_COUNT] = {0};
  for (int32_t n = build->first[LS_NODE_LEAF]; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    power_mw[node->kind] = ls_max(power_mw[node->kind], ls_build_power_mw(build, node));
  }
  for (int32_t n = build->first[LS_NODE_LEAF]; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    ls_floor_device *device = &devices[n - build->first[LS_NODE_LEAF]];
    *device = (ls_floor_device){.plane = node->plane, .rack_first = -1, .rack_last = -1};
    device->is_liquid_cooled =
        node->kind != LS_NODE_OCS && build->catalog->switches[node->catalog_index].is_liquid_cooled;
    device->power_mw = power_mw[node->kind];
    device->rack_units = node->kind == LS_NODE_OCS
                             ? build->problem->ocs[node->catalog_index].rack_units
                             : build->problem->switches[node->catalog_index].rack_units;
  }
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_ACCESS) break;
    ls_floor_device *leaf = &devices[edge->node_b - build->first[LS_NODE_LEAF]];
    if (leaf->rack_first < 0) leaf->rack_first = edge->node_a;
    leaf->rack_last = edge->node_a;
  }
}

/* Devices and racks as the policy is to place them; destroy it whatever the status. */
static ls_status plan_create(const ls_topology_build *build, ls_floor_plan *plan)
{
  const ls_topology *topology = build->topology;
  const int32_t racks = build->first[LS_NODE_LEAF], devices = topology->node_count - racks;
  int32_t *server_count = malloc((size_t)racks * sizeof *server_count);
  *plan = (ls_floor_plan){.rack_count = racks,
                          .device_count = devices,
                          .plane_count = build->structure->planes,
                          .server_count = server_count};
  plan->rack_slot = malloc((size_t)racks * sizeof *plan->rack_slot);
  plan->devices = malloc((size_t)devices * sizeof *plan->devices);
  if (server_count == NULL || plan->rack_slot == NULL || plan->devices == NULL)
    return LS_ERR_MEMORY;
  for (int32_t r = 0; r < racks; r++) server_count[r] = topology->nodes[r].server_count;
  describe_devices(build, plan->devices);
  return LS_OK;
}

static void plan_destroy(ls_floor_plan *plan)
{
  free(plan->devices);
  free(plan->rack_slot);
  free((void *)plan->server_count);
}

static void node_stand(const ls_topology_build *build, int32_t node, int32_t slot)
{
  ls_node *stands = &build->topology->nodes[node];
  stands->slot = slot;
  ls_floor_position(build->spec, slot, &stands->x_mm, &stands->y_mm);
}

static ls_status place_nodes(const ls_topology_build *build, ls_floor_plan *plan, ls_error *error)
{
  const ls_status status = ls_floor_place(build->spec, plan, error);
  if (status != LS_OK) return status;
  for (int32_t n = 0; n < build->topology->node_count; n++)
    node_stand(build, n,
               n < plan->rack_count ? plan->rack_slot[n]
                                    : plan->devices[n - plan->rack_count].slot);
  return LS_OK;
}

/* A cord between two slots: length, connectors, price. Structured cabling applies between
 * racks only; the modules of copper hold its price. */
static void finish_cord(const ls_topology_build *build, ls_edge *edge, int32_t slot_a,
                        int32_t slot_b)
{
  const ls_problem *problem = build->problem;
  const ls_link_row *link = &problem->links[edge->link];
  edge->length_mm = ls_floor_length_mm(build->spec, slot_a, slot_b);
  edge->stock_mm = ls_floor_stock_mm(&build->catalog->parts, edge->length_mm);
  edge->mating_count = edge->loss_mdb = 0;
  edge->cord_capex_cents = 0;
  if (edge->fiber < 0) return;
  edge->mating_count = slot_a == slot_b ? 2 : problem->mating_count;
  edge->cord_capex_cents =
      ls_ceil_div((int64_t)edge->strand_count * edge->stock_mm *
                      problem->fibers[link->fiber].capex_cents_per_km,
                  1000000) +
      edge->mating_count * problem->mating_capex_cents +
      (int64_t)edge->strand_count * edge->circulator_count * problem->circulator_capex_cents +
      (ls_tier_is_shuffled(build->structure, edge->tier)
           ? edge->strand_count * problem->shuffle_box_capex_cents
           : 0);
  edge->loss_mdb = ls_fiber_loss_mdb(&problem->fibers[link->fiber], edge->length_mm) +
                   edge->mating_count * problem->mating_loss_mdb +
                   edge->circulator_count * problem->circulator_loss_mdb;
}

/* A circuit is as long as both its legs. */
static void finish_circuit(const ls_topology_build *build, ls_edge *edge)
{
  const ls_edge *a = ls_build_leg(build, edge->node_a, edge->via);
  const ls_edge *b = ls_build_leg(build, edge->node_b, edge->via);
  edge->length_mm = a->length_mm + b->length_mm;
  edge->mating_count = a->mating_count + b->mating_count;
}

/* Reach and budget of a whole link at its true length. Returns what it violates. */
static uint32_t check_link(const ls_topology_build *build, ls_edge *edge, const ls_link_row *link)
{
  const ls_problem *problem = build->problem;
  const ls_optic_row *a = &problem->optics[link->optic_a], *b = &problem->optics[link->optic_b];
  uint32_t mask = edge->length_mm > ls_min(a->reach_mm, b->reach_mm) ? LS_VIOLATES_REACH : 0;
  edge->margin_mdb = INT32_MAX;
  if (edge->fiber < 0) return mask;
  const int32_t pass_loss_mdb = ls_tier_pass_loss_mdb(problem, build->structure, edge->tier);
  const ls_link_check check =
      ls_link_check_budget(problem, link, edge->length_mm, edge->mating_count, pass_loss_mdb);
  edge->loss_mdb = check.loss_mdb;
  edge->margin_mdb = check.margin_mdb;
  if (check.margin_mdb < 0) mask |= LS_VIOLATES_BUDGET;
  if (ls_link_is_overloaded(problem, link, check.loss_mdb)) mask |= LS_VIOLATES_OVERLOAD;
  return mask;
}

/* What does not depend on places. */
static void dress_edge(const ls_topology_build *build, ls_edge *edge)
{
  const ls_link_row *link = &build->problem->links[edge->link];
  const bool is_leg = edge->kind == LS_EDGE_OCS_LEG;
  const bool is_copper = ls_optic_is_copper(build->problem->optics[link->optic_a].kind);
  edge->optic_a = link->optic_a;
  edge->optic_b = is_leg ? -1 : link->optic_b;
  edge->fiber = is_copper ? -1 : link->fiber;
  edge->strand_count =
      is_copper ? 0 : ls_link_strands(build->problem, link, build->structure->port_gbps);
  edge->circulator_count = is_copper ? 0 : link->circulator_count / (is_leg ? 2 : 1);
  edge->margin_mdb = INT32_MAX;
}

uint32_t ls_build_cord(const ls_topology_build *build, ls_edge *edge, int32_t slot_a,
                       int32_t slot_b)
{
  dress_edge(build, edge);
  finish_cord(build, edge, slot_a, slot_b);
  if (edge->kind == LS_EDGE_OCS_LEG) return 0;
  return check_link(build, edge, &build->problem->links[edge->link]);
}

/* What every bundle is, and what the links violate. Legs come before the circuits on them. */
static void finish_edges(const ls_topology_build *build)
{
  const ls_topology *topology = build->topology;
  const ls_node *nodes = topology->nodes;
  uint32_t mask = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_CIRCUIT) {
      mask |= ls_build_cord(build, edge, nodes[edge->node_a].slot, nodes[edge->node_b].slot);
      continue;
    }
    dress_edge(build, edge);
    finish_circuit(build, edge);
    mask |= check_link(build, edge, &build->problem->links[edge->link]);
  }
  build->topology->totals.violation_mask = (int32_t)mask;
}

/* Constraints that do not depend on places hold as level 1 found them, those of a mixed design as
 * its boxes and bundles say; the others are judged anew. */
static ls_status judge(const ls_topology_build *build)
{
  const uint32_t length_mask = LS_VIOLATES_REACH | LS_VIOLATES_BUDGET | LS_VIOLATES_OVERLOAD;
  ls_topology *topology = build->topology;
  ls_score score;
  uint32_t mask = 0;
  if (topology->variant == LS_MIXED) {
    const ls_status status = ls_build_judge_mixed(build, &mask);
    if (status != LS_OK) return status;
  } else {
    mask = ls_rank_score(build->problem, topology->rank, &score);
    mask &= ~(length_mask | ls_limit_violations(build->problem, &score));
  }
  ls_topology_score(topology, &score);
  mask |= ls_limit_violations(build->problem, &score);
  if (ls_domains_over(build->problem, &topology->totals) < LS_FAILS_COUNT)
    mask |= LS_VIOLATES_DOMAIN;
  if (ls_trays_are_over(build->spec, &topology->totals)) mask |= LS_VIOLATES_TRAY;
  topology->totals.violation_mask |= (int32_t)mask;
  return LS_OK;
}

static bool has_domain_limits(const ls_problem *problem)
{
  int32_t domain = 0;
  while (domain < LS_FAILS_COUNT && !problem->failure_share_ppm_max[domain]) domain++;
  return domain < LS_FAILS_COUNT;
}

static ls_status find_domains(const ls_topology_build *build)
{
  ls_topology *topology = build->topology;
  const ls_status status = ls_domains_measure(build->spec, topology);
  if (status == LS_OK) ls_domains_add_lots(build->catalog, topology);
  return status;
}

ls_status ls_build_measure(ls_topology_build *build)
{
  ls_topology *topology = build->topology;
  const ls_cords cords = topology->totals.cords;
  const ls_mixture mixture = topology->totals.mixture;
  free(topology->ledger);
  topology->ledger = NULL;
  topology->ledger_count = 0;
  topology->totals = (ls_totals){.cords = cords, .mixture = mixture};
  finish_edges(build);
  ls_status status = ls_build_ledger(build);
  if (status == LS_OK && has_domain_limits(build->problem)) status = find_domains(build);
  if (status == LS_OK) status = ls_trays_measure(build->spec, topology);
  if (status == LS_OK) status = judge(build);
  return status;
}

/* What the cords of a measured topology cost, and the longest. */
static void sum_cords(const ls_topology *topology, int64_t *cents, int32_t *mm_max)
{
  *cents = *mm_max = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT) continue;
    *cents += edge->link_count * edge->cord_capex_cents;
    *mm_max = (int32_t)ls_max(*mm_max, edge->length_mm);
  }
}

ls_status ls_build_measure_all(ls_topology_build *build)
{
  ls_totals *totals = &build->topology->totals;
  ls_status status = ls_build_measure(build);
  if (status == LS_OK && !has_domain_limits(build->problem)) status = find_domains(build);
  totals->cords = (ls_cords){0};
  if (status == LS_OK) sum_cords(build->topology, &totals->cords.cents, &totals->cords.mm_max);
  return status;
}

/* Whether a placement is to be kept before the policy's: it violates less, or it violates the same
 * and is nowhere worse. */
static bool is_kept(const ls_totals *found, const ls_totals *policy)
{
  const int32_t before = policy->violation_mask, now = found->violation_mask;
  if (now != before) return (now & ~before) == 0;
  return found->capex_cents <= policy->capex_cents && found->tco_cents <= policy->tco_cents &&
         found->latency_ps_max <= policy->latency_ps_max && found->lost_mgpuh <= policy->lost_mgpuh;
}

static void slots_take(const ls_topology_build *build, const int32_t *slot)
{
  for (int32_t n = 0; n < build->topology->node_count; n++) node_stand(build, n, slot[n]);
}

/* From the policy's placement, which is measured, to the better one; and the bound of both. */
static ls_status improve(ls_topology_build *build, const ls_places *places, const ls_placer *placer)
{
  ls_topology *topology = build->topology;
  const size_t nodes = (size_t)topology->node_count;
  const ls_totals policy = topology->totals;
  ls_cords *cords = &topology->totals.cords;
  int32_t *before = malloc(nodes * sizeof *before), *slot = malloc(nodes * sizeof *slot);
  ls_status status = before && slot ? LS_OK : LS_ERR_MEMORY;
  for (size_t n = 0; status == LS_OK && n < nodes; n++)
    before[n] = slot[n] = topology->nodes[n].slot;
  if (status == LS_OK)
    status = ls_improve_bound(places, placer && placer->has_free_racks, slot, &cords->bound_cents);
  if (status == LS_OK)
    status = placer ? placer->place(placer->context, places, slot)
                    : ls_improve_places(places, false, slot);
  if (status == LS_OK && memcmp(before, slot, nodes * sizeof *slot) != 0) {
    slots_take(build, slot);
    status = ls_build_measure(build);
    if (status == LS_OK && !is_kept(&topology->totals, &policy)) {
      slots_take(build, before);
      status = ls_build_measure(build);
    }
  }
  if (status == LS_OK) sum_cords(topology, &cords->cents, &cords->mm_max);
  free(slot);
  free(before);
  return status;
}

/* On floors beyond this many pairs of rows and racks apart the search takes longer than all else of
 * a design, which keeps the policy's places then, unless a placer is asked for. */
static bool is_floor_large(const ls_spec_floor *floor)
{
  return (int64_t)floor->row_count * floor->row_count * floor->racks_per_row > 1 << 20;
}

/* Places and measures: by the policy, then better. */
static ls_status settle(ls_topology_build *build, const ls_placer *placer, ls_error *error)
{
  ls_floor_plan plan;
  ls_places places;
  ls_cords *cords = &build->topology->totals.cords;
  ls_status status = plan_create(build, &plan);
  if (status == LS_OK) status = place_nodes(build, &plan, error);
  if (status == LS_OK) status = ls_build_measure(build);
  if (status == LS_OK) {
    sum_cords(build->topology, &cords->policy_cents, &cords->policy_mm_max);
    cords->policy_fiber_mm = build->topology->totals.fiber_mm;
    cords->cents = cords->policy_cents;
    cords->mm_max = cords->policy_mm_max;
    const bool is_wanted = placer || !is_floor_large(&build->spec->floor);
    if (is_wanted) status = ls_places_create(build, &plan, &places);
    if (is_wanted && status == LS_OK) {
      status = improve(build, &places, placer);
      ls_places_destroy(&places);
    } else if (status == LS_ERR_FULL && !placer) {
      status = LS_OK;
    }
  }
  if (status == LS_OK && !has_domain_limits(build->problem)) status = find_domains(build);
  plan_destroy(&plan);
  return status;
}

ls_status ls_topology_create(const ls_problem *problem, const ls_catalog *catalog,
                             const ls_spec *spec, uint64_t rank, ls_topology *topology,
                             ls_error *error)
{
  return ls_topology_create_placed(problem, catalog, spec, rank, NULL, topology, error);
}

ls_status ls_topology_create_placed(const ls_problem *problem, const ls_catalog *catalog,
                                    const ls_spec *spec, uint64_t rank, const ls_placer *placer,
                                    ls_topology *topology, ls_error *error)
{
  ls_topology made = {0};
  ls_topology_build build = {
      .problem = problem, .catalog = catalog, .spec = spec, .topology = &made};
  ls_status status = init_build(&build, rank, error);
  if (status == LS_OK) status = wire_blocks(&build, error);
  if (status == LS_OK) status = build_nodes(&build);
  if (status == LS_OK) status = build_edges(&build);
  if (status == LS_OK) status = ls_build_faces(&build);
  if (status == LS_OK) status = settle(&build, placer, error);
  ls_block_graph_release(spec->graphs, build.graph);
  if (status == LS_OK)
    *topology = made;
  else
    ls_topology_destroy(&made);
  return status;
}

void ls_topology_destroy(ls_topology *topology)
{
  free(topology->wired);
  free(topology->ledger);
  free(topology->edges);
  free(topology->nodes);
  *topology = (ls_topology){0};
}

void ls_topology_score(const ls_topology *topology, ls_score *score)
{
  const ls_totals *totals = &topology->totals;
  score->metric[LS_METRIC_CAPEX] = totals->capex_cents;
  score->metric[LS_METRIC_POWER] = ls_totals_power_mw(totals);
  score->metric[LS_METRIC_LOSS] = topology->structure->base.metric[LS_METRIC_LOSS];
  score->metric[LS_METRIC_LATENCY] = totals->latency_ps_max;
  score->metric[LS_METRIC_RISK] = totals->risk_bps;
  score->metric[LS_METRIC_TCO] = totals->tco_cents;
  score->metric[LS_METRIC_LOST] = totals->lost_mgpuh;
  score->metric[LS_METRIC_GPU_HOUR] = totals->gpu_hour_micro_usd;
}

void ls_node_id(const ls_node *node, char text[32])
{
  static const char *const kind_name[] = {"rack", "leaf", "spine", "super", "core", "ocs"};
  if (node->kind == LS_NODE_RACK) {
    snprintf(text, 32, "rack%04d", (int)node->index);
  } else {
    snprintf(text, 32, "p%d-%s%03d", (int)node->plane, kind_name[node->kind], (int)node->index);
  }
}
