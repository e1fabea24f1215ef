/* Owns the ledger and the totals of a topology: sums over its nodes and bundles alone, so that
 * every additive total is the sum of its lines to the cent and milliwatt.
 *
 * An item reads "catalog-id place[ detail]": "sn5600 leaf", "dsp-800g-dr8 nic",
 * "os2-smf access 30 m 16 strands". */
#include "topology_build.h"

#include "../kernels/evaluate.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const TOTAL_CAPEX = "capex_usd";
static const char *const TOTAL_OPTICS = "optics_power_w";
static const char *const TOTAL_SWITCH = "switch_power_w";
static const char *const TOTAL_OCS = "ocs_power_w";

static const char *const tier_name[LS_TIER_MAX] = {"access", "spine", "core"};

/* Cords that cost the same: one line. */
typedef struct cord_group {
  int64_t count, unit_cents;
  int32_t tier, fiber, stock_mm, strand_count;
} cord_group;

typedef struct ledger_writer {
  const ls_topology_build *build;
  ls_ledger_line *lines;
  int32_t count, capacity;
  cord_group *groups;
  int32_t group_count, group_capacity;
} ledger_writer;

/* Appends a line unless nothing is bought or drawn; line is its catalog line. */
static ls_status add_line(ledger_writer *writer, const char *total, int64_t count,
                          int64_t unit_value, int line, const char *item)
{
  if (count == 0 || unit_value == 0) return LS_OK;
  if (writer->count == writer->capacity) {
    int32_t capacity = writer->capacity > 0 ? 2 * writer->capacity : 64;
    ls_ledger_line *lines = realloc(writer->lines, (size_t)capacity * sizeof *lines);
    if (lines == NULL) return LS_ERR_MEMORY;
    writer->lines = lines;
    writer->capacity = capacity;
  }
  const char *path = writer->build->catalog->path, *slash = strrchr(path, '/');
  ls_ledger_line *entry = &writer->lines[writer->count++];
  *entry = (ls_ledger_line){.count = count, .unit_value = unit_value};
  entry->value = count * unit_value;
  snprintf(entry->total, sizeof entry->total, "%s", total);
  snprintf(entry->item, sizeof entry->item, "%s", item);
  snprintf(entry->source, sizeof entry->source, "%.50s:%d", slash != NULL ? slash + 1 : path, line);
  return LS_OK;
}

/* Chassis of one kind of switch: price and power. */
static ls_status add_chassis(ledger_writer *writer, ls_node_kind kind, const char *place,
                             int64_t count)
{
  const ls_topology_build *build = writer->build;
  const int32_t model = build->structure->switch_index[kind - LS_NODE_LEAF];
  if (count == 0) return LS_OK;
  const ls_switch_row *row = &build->problem->switches[model];
  const ls_catalog_switch *entry = &build->catalog->switches[model];
  ls_totals *totals = &build->topology->totals;
  totals->engine_count += count * entry->engine_count.value;
  totals->laser_count += count * entry->laser_count.value;
  totals->fau_count += count * entry->fau_count.value;
  char item[64];
  snprintf(item, sizeof item, "%s %s", entry->id, place);
  ls_status status =
      add_line(writer, TOTAL_CAPEX, count, entry->capex_cents.value, entry->line, item);
  if (status == LS_OK && row->optic >= 0) {
    /* A co-packaged box is bought with the engines of all its ports. */
    const ls_catalog_optic *engine = &build->catalog->optics[row->optic];
    snprintf(item, sizeof item, "%s %s-engines", engine->id, place);
    status = add_line(writer, TOTAL_CAPEX, count, row->capex_cents - entry->capex_cents.value,
                      engine->line, item);
    snprintf(item, sizeof item, "%s %s", entry->id, place);
  }
  if (status != LS_OK) return status;
  return add_line(writer, TOTAL_SWITCH, count, row->power_mw, entry->line, item);
}

static ls_status add_ocs(ledger_writer *writer, int64_t count)
{
  const ls_topology_build *build = writer->build;
  if (count == 0) return LS_OK;
  const int32_t model = build->structure->ocs_index;
  const ls_ocs_row *row = &build->problem->ocs[model];
  const ls_catalog_ocs *entry = &build->catalog->ocs[model];
  char item[64];
  snprintf(item, sizeof item, "%s ocs", entry->id);
  ls_status status = add_line(writer, TOTAL_CAPEX, count, row->capex_cents, entry->line, item);
  if (status != LS_OK) return status;
  return add_line(writer, TOTAL_OCS, count, row->power_mw, entry->line, item);
}

/* Modules on one face of all devices of one kind. */
static ls_status add_modules(ledger_writer *writer, ls_node_kind kind, bool is_down,
                             const char *place)
{
  const ls_topology_build *build = writer->build;
  int64_t count = 0;
  int32_t index = -1;
  for (int32_t n = 0; n < build->topology->node_count; n++) {
    const ls_node *node = &build->topology->nodes[n];
    if (node->kind != kind) continue;
    const ls_face *face = is_down ? &node->down : &node->up;
    count += face->module_count;
    if (face->optic >= 0) index = face->optic;
  }
  if (index < 0) return LS_OK;
  const ls_optic_row *row = &build->problem->optics[index];
  const ls_catalog_optic *entry = &build->catalog->optics[index];
  const int32_t rate = build->structure->port_gbps;
  if (row->module_gbps > 0) build->topology->totals.module_count += count;
  char item[64];
  snprintf(item, sizeof item, "%s %s", entry->id, place);
  ls_status status = add_line(writer, TOTAL_CAPEX, count, row->capex_cents, entry->line, item);
  if (status != LS_OK) return status;
  return add_line(writer, TOTAL_OPTICS, count, ls_module_power_mw(row, rate), entry->line, item);
}

static bool is_cord_in_group(const ls_edge *edge, const cord_group *group)
{
  return group->tier == edge->tier && group->fiber == edge->fiber &&
         group->stock_mm == edge->stock_mm && group->strand_count == edge->strand_count &&
         group->unit_cents == edge->cord_capex_cents;
}

/* The group of a cord; bundles often follow others of the same kind, so the search starts at
 * the last hit. */
static ls_status count_cords(ledger_writer *writer, const ls_edge *edge, int32_t *hit)
{
  for (int32_t i = 0; i < writer->group_count; i++) {
    int32_t g = (*hit + i) % writer->group_count;
    if (!is_cord_in_group(edge, &writer->groups[g])) continue;
    writer->groups[g].count += edge->link_count;
    *hit = g;
    return LS_OK;
  }
  if (writer->group_count == writer->group_capacity) {
    int32_t capacity = writer->group_capacity > 0 ? 2 * writer->group_capacity : 64;
    cord_group *groups = realloc(writer->groups, (size_t)capacity * sizeof *groups);
    if (groups == NULL) return LS_ERR_MEMORY;
    writer->groups = groups;
    writer->group_capacity = capacity;
  }
  *hit = writer->group_count;
  writer->groups[writer->group_count++] = (cord_group){.count = edge->link_count,
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

static ls_status add_cords(ledger_writer *writer)
{
  const ls_topology *topology = writer->build->topology;
  int32_t hit = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_CIRCUIT || edge->fiber < 0) continue;
    ls_status status = count_cords(writer, edge, &hit);
    if (status != LS_OK) return status;
  }
  if (writer->group_count == 0) return LS_OK;
  qsort(writer->groups, (size_t)writer->group_count, sizeof *writer->groups, compare_groups);
  for (int32_t g = 0; g < writer->group_count; g++) {
    const cord_group *group = &writer->groups[g];
    const ls_catalog_fiber *entry = &writer->build->catalog->fibers[group->fiber];
    writer->build->topology->totals.fiber_mm +=
        group->count * group->strand_count * group->stock_mm;
    char item[64];
    snprintf(item, sizeof item, "%s %s %d.%d m %d strands", entry->id, tier_name[group->tier],
             (int)(group->stock_mm / 1000), (int)(group->stock_mm % 1000 / 100),
             (int)group->strand_count);
    ls_status status = add_line(writer, TOTAL_CAPEX, group->count, group->unit_cents,
                                entry->capex_cents_per_km.line, item);
    if (status != LS_OK) return status;
  }
  return LS_OK;
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
      if (faces[f]->optic < 0) continue;
      const ls_optic_row *optic = &problem->optics[faces[f]->optic];
      risk_bps += faces[f]->module_count * ls_optic_risk_bps(optic, rate);
    }
    if (node->kind == LS_NODE_RACK) continue;
    if (node->kind == LS_NODE_OCS) {
      const int64_t links =
          (int64_t)build->leaf_count * build->structure->size.up / (2 * build->ocs_count);
      risk_bps += ls_unit_risk_bps(problem->ocs[node->catalog_index].downtime, links * rate);
    } else {
      risk_bps += ls_unit_risk_bps(problem->switches[node->catalog_index].downtime, ports * rate);
    }
  }
  return risk_bps;
}

/* Link lengths of a tier: the longest, and the mean over links. */
typedef struct tier_length {
  int64_t max_mm, mean_mm;
} tier_length;

static void measure_tiers(const ls_topology *topology, tier_length lengths[LS_TIER_MAX])
{
  int64_t links[LS_TIER_MAX] = {0};
  memset(lengths, 0, LS_TIER_MAX * sizeof *lengths);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind == LS_EDGE_OCS_LEG) continue;
    lengths[edge->tier].max_mm = ls_max(lengths[edge->tier].max_mm, edge->length_mm);
    lengths[edge->tier].mean_mm += (int64_t)edge->length_mm * edge->link_count;
    links[edge->tier] += edge->link_count;
  }
  for (int32_t t = 0; t < LS_TIER_MAX; t++) {
    if (links[t] > 0) lengths[t].mean_mm /= links[t];
  }
}

/* One link of a tier: both ends, FEC, glass. */
static int64_t link_latency_ps(const ls_topology *topology, int32_t tier, int64_t length_mm)
{
  const ls_problem *problem = topology->problem;
  const ls_link_row *link = &topology->link[tier];
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

/* Shares of the ordered pairs of GPUs, in ppm, that meet at the same leaf, and in the same pod
 * (without pods: all the others). */
static void share_pairs(const ls_topology_build *build, int64_t *leaf_ppm, int64_t *pod_ppm)
{
  const bool has_pods = build->structure->family == LS_CLOS3;
  int64_t same_leaf = 0, same_pod = 0, in_pod = 0, all = 0;
  for (int32_t i = 0; i < build->leaf_count; i++) {
    const ls_node *leaf = &build->topology->nodes[build->leaf_node + i];
    const int64_t gpus = leaf->down.port_count;
    same_leaf += gpus * (gpus - 1);
    if (has_pods && i % build->structure->size.leaves_per_pod == 0) in_pod = 0;
    same_pod += 2 * in_pod * gpus + gpus * (gpus - 1);
    in_pod += gpus;
    all += gpus;
  }
  *leaf_ppm = share_ppm(same_leaf, all * (all - 1));
  *pod_ppm = share_ppm(same_pod, all * (all - 1)) - *leaf_ppm;
}

/* Worst: as level 1, with the longest link of each tier. Mean: over all pairs of GPUs by where
 * their shortest path turns (leaf, pod or mesh, core), with the mean length of each tier. */
static void sum_latency(const ls_topology_build *build)
{
  const ls_structure *structure = build->structure;
  ls_topology *topology = build->topology;
  tier_length lengths[LS_TIER_MAX];
  measure_tiers(topology, lengths);
  int64_t worst_ps = structure->base.metric[LS_METRIC_LATENCY];
  int64_t link_ps[LS_TIER_MAX] = {0}, pass_ps[LS_TIER_MAX] = {0};
  for (int32_t t = 0; t < structure->tier_count; t++) {
    worst_ps += structure->link_passes[t] * link_latency_ps(topology, t, lengths[t].max_mm);
    link_ps[t] = link_latency_ps(topology, t, lengths[t].mean_mm);
    const int32_t model = structure->switch_index[t];
    pass_ps[t] = model >= 0 ? build->problem->switches[model].latency_ps : 0;
  }
  const int64_t leaf_ps = 2 * link_ps[0] + pass_ps[0];
  const int64_t pod_ps = structure->family == LS_OCS_SPINE
                             ? leaf_ps + link_ps[1] + pass_ps[0]
                             : leaf_ps + pass_ps[0] + 2 * link_ps[1] + pass_ps[1];
  const int64_t core_ps = pod_ps + pass_ps[1] + 2 * link_ps[2] + pass_ps[2];
  int64_t leaf_ppm, pod_ppm;
  share_pairs(build, &leaf_ppm, &pod_ppm);
  topology->totals.latency_ps_max = worst_ps;
  topology->totals.latency_ps_mean =
      (leaf_ppm * leaf_ps + pod_ppm * pod_ps + (1000000 - leaf_ppm - pod_ppm) * core_ps) / 1000000;
}

static ls_status add_devices(ledger_writer *writer)
{
  const ls_topology_build *build = writer->build;
  const int64_t planes = build->structure->planes;
  ls_status status = add_chassis(writer, LS_NODE_LEAF, "leaf", planes * build->leaf_count);
  if (status != LS_OK) return status;
  status = add_chassis(writer, LS_NODE_SPINE, "spine", planes * build->spine_count);
  if (status != LS_OK) return status;
  status = add_chassis(writer, LS_NODE_CORE, "core", planes * build->core_count);
  if (status != LS_OK) return status;
  return add_ocs(writer, planes * build->ocs_count);
}

static ls_status add_optics(ledger_writer *writer)
{
  static const struct {
    ls_node_kind kind;
    bool is_down;
    const char *place;
  } faces[] = {{LS_NODE_RACK, false, "nic"},       {LS_NODE_LEAF, true, "leaf-down"},
               {LS_NODE_LEAF, false, "leaf-up"},   {LS_NODE_SPINE, true, "spine-down"},
               {LS_NODE_SPINE, false, "spine-up"}, {LS_NODE_CORE, true, "core-down"}};
  ls_status status = LS_OK;
  for (size_t i = 0; status == LS_OK && i < sizeof faces / sizeof faces[0]; i++) {
    status = add_modules(writer, faces[i].kind, faces[i].is_down, faces[i].place);
  }
  return status;
}

static int64_t *total_of(ls_totals *totals, const char *name)
{
  if (strcmp(name, TOTAL_CAPEX) == 0) return &totals->capex_cents;
  if (strcmp(name, TOTAL_OPTICS) == 0) return &totals->optics_power_mw;
  if (strcmp(name, TOTAL_SWITCH) == 0) return &totals->switch_power_mw;
  return &totals->ocs_power_mw;
}

ls_status ls_build_ledger(ls_topology_build *build)
{
  ledger_writer writer = {.build = build};
  ls_totals *totals = &build->topology->totals;
  ls_status status = add_devices(&writer);
  if (status == LS_OK) status = add_optics(&writer);
  if (status == LS_OK) status = add_cords(&writer);
  free(writer.groups);
  if (status != LS_OK) {
    free(writer.lines);
    return status;
  }
  for (int32_t i = 0; i < writer.count; i++) {
    *total_of(totals, writer.lines[i].total) += writer.lines[i].value;
  }
  build->topology->ledger = writer.lines;
  build->topology->ledger_count = writer.count;
  totals->throughput_ppm_low = build->structure->throughput_ppm_low;
  totals->throughput_ppm_high = build->structure->throughput_ppm_high;
  totals->risk_bps = sum_risk_bps(build);
  sum_latency(build);
  return LS_OK;
}
