/* Writes a topology as GraphML by libxml2's streaming writer; the only file that includes
 * libxml2. It writes what the topology says and judges nothing: host/verify.c does.
 *
 * Every attribute is written on every node and edge, with -1, 0 or "none" where it does not apply:
 * readers fill gaps with NaN, None or nothing, each in its own way, and would then disagree.
 * What all ends of one technology share (light levels, reach, price) is written once, as graph
 * attributes named optic.<catalog id>.<field> and fiber.<catalog id>.<field>. */
#include "graphml.h"

#include "files.h"
#include "names.h"

#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE "http://graphml.graphdrawing.org/xmlns"
#define SCHEMA "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
#define FORMAT_VERSION 1
#define ATTRIBUTE_MAX 1024 /* 32 optics of 18 fields, 4 fibers of 3, some 60 of the graph */
#define ID_MAX 128         /* of an edge: three node ids and an ordinal */
#define STOCK_TEXT_MAX 1024

typedef struct key {
  const char *name, *type;
} key;

/* The XML id of a key is its name behind n_, e_ or g_: unique, and never of the form d3. */
static const key node_keys[] = {
    {"label", "string"},
    {"x", "double"},
    {"y", "double"},
    {"kind", "string"},
    {"catalog_id", "string"},
    {"plane", "long"},
    {"pod", "long"},
    {"rail", "long"},
    {"slot", "long"},
    {"server_count", "long"},
    {"gpu_count", "long"},
    {"radix", "long"},
    {"loss_mdb", "long"},
    {"unit_capex_cents", "long"},
    {"unit_power_mw", "long"},
    {"unit_power_mw_max", "long"},
    {"unit_latency_ps", "long"},
    {"unit_downtime_fit_min", "long"},
    {"cage_count", "long"},
    {"cage_gbps", "long"},
    {"rack_units", "long"},
    {"down_optic", "string"},
    {"down_port_count", "long"},
    {"down_module_count", "long"},
    {"down_module_capex_cents", "long"},
    {"down_module_power_mw", "long"},
    {"up_optic", "string"},
    {"up_port_count", "long"},
    {"up_module_count", "long"},
    {"up_module_capex_cents", "long"},
    {"up_module_power_mw", "long"},
};

static const key edge_keys[] = {
    {"label", "string"},
    {"interaction", "string"},
    {"weight", "long"},
    {"tier", "long"},
    {"plane", "long"},
    {"link_count", "long"},
    {"optic_a", "string"},
    {"optic_b", "string"},
    {"fiber", "string"},
    {"via", "string"},
    {"strand_count", "long"},
    {"mating_count", "long"},
    {"circulator_count", "long"},
    {"length_mm", "long"},
    {"stock_mm", "long"},
    {"loss_mdb", "long"},
    {"margin_mdb", "long"},
    {"cord_capex_cents", "long"},
};

/* One attribute of the graph; text NULL: a number. */
typedef struct attribute {
  char name[96];
  const char *text;
  int64_t number;
} attribute;

typedef struct output {
  const ls_topology *topology;
  const ls_catalog *catalog;
  const ls_spec *spec;
  xmlTextWriterPtr xml;
  bool has_failed; /* any call of the writer did; it is asked once, at the end */
  int attribute_count;
  attribute attributes[ATTRIBUTE_MAX];
  char stock_mm[STOCK_TEXT_MAX], rank[24], oversubscription[24];
  int32_t *ordinals; /* [edge_count] 0, or which of several edges with the same ends and via */
} output;

static const char *const node_kind_name[] = {"rack", "leaf", "spine", "core", "ocs"};
static const char *const edge_kind_name[] = {"access", "trunk", "ocs_leg", "circuit"};
static const char *const optic_kind_name[] = {"copper", "dsp", "lpo", "cpo", "bidi"};
static const char *const mate_class_name[] = {"copper", "dr", "fr", "bidi"};

/* Writing, with failures gathered. */

static void check(output *out, int result)
{
  if (result < 0) out->has_failed = true;
}

static void open_element(output *out, const char *name)
{
  check(out, xmlTextWriterStartElement(out->xml, BAD_CAST name));
}

static void close_element(output *out) { check(out, xmlTextWriterEndElement(out->xml)); }

static void put_attribute(output *out, const char *name, const char *value)
{
  check(out, xmlTextWriterWriteAttribute(out->xml, BAD_CAST name, BAD_CAST value));
}

static void put_break(output *out) { check(out, xmlTextWriterWriteRaw(out->xml, BAD_CAST "\n")); }

/* NetworkX drops an empty text, igraph keeps it: so none is ever empty. */
static void put_text(output *out, const char *key_id, const char *text)
{
  open_element(out, "data");
  put_attribute(out, "key", key_id);
  check(out, xmlTextWriterWriteString(out->xml, BAD_CAST(text[0] == '\0' ? "none" : text)));
  close_element(out);
}

static void put_number(output *out, const char *key_id, int64_t number)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, number);
  put_text(out, key_id, text);
}

/* Millimetres as metres, exactly. */
static void put_metres(output *out, const char *key_id, int32_t length_mm)
{
  char text[24];
  const int64_t magnitude = length_mm < 0 ? -(int64_t)length_mm : length_mm;
  snprintf(text, sizeof text, "%s%" PRId64 ".%03d", length_mm < 0 ? "-" : "", magnitude / 1000,
           (int)(magnitude % 1000));
  put_text(out, key_id, text);
}

/* Names. */

static const char *optic_id(const output *out, int32_t optic)
{
  return optic < 0 ? "" : out->catalog->optics[optic].id;
}

static const char *node_catalog_id(const output *out, const ls_node *node)
{
  if (node->catalog_index < 0) return "";
  return node->kind == LS_NODE_OCS ? out->catalog->ocs[node->catalog_index].id
                                   : out->catalog->switches[node->catalog_index].id;
}

static void edge_id(const output *out, int32_t index, char id[ID_MAX])
{
  const ls_edge *edge = &out->topology->edges[index];
  char a[32], b[32], via[33] = "", ordinal[16] = "";
  ls_node_id(&out->topology->nodes[edge->node_a], a);
  ls_node_id(&out->topology->nodes[edge->node_b], b);
  if (edge->via >= 0) {
    via[0] = '@';
    ls_node_id(&out->topology->nodes[edge->via], via + 1);
  }
  if (out->ordinals[index] > 0) snprintf(ordinal, sizeof ordinal, "#%d", out->ordinals[index]);
  snprintf(id, ID_MAX, "%s--%s%s%s", a, b, via, ordinal);
}

/* Parallel edges get ordinals 1, 2, ... behind the first, in the order of the topology. */
typedef struct edge_ends {
  int32_t node_a, node_b, via, index;
} edge_ends;

static int compare_ends(const void *left, const void *right)
{
  const int32_t *a = left, *b = right;
  for (int i = 0; i < 4; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

static ls_status ordinals_create(const ls_topology *topology, int32_t **ordinals)
{
  const size_t count = (size_t)topology->edge_count;
  edge_ends *ends = malloc((count + 1) * sizeof *ends);
  int32_t *result = calloc(count + 1, sizeof *result);
  if (ends == NULL || result == NULL) {
    free(ends);
    free(result);
    return LS_ERR_MEMORY;
  }
  for (int32_t i = 0; i < topology->edge_count; i++) {
    const ls_edge *edge = &topology->edges[i];
    ends[i] = (edge_ends){edge->node_a, edge->node_b, edge->via, i};
  }
  qsort(ends, count, sizeof *ends, compare_ends);
  for (size_t i = 1; i < count; i++)
    if (memcmp(&ends[i], &ends[i - 1], offsetof(edge_ends, index)) == 0)
      result[ends[i].index] = result[ends[i - 1].index] + 1;
  free(ends);
  *ordinals = result;
  return LS_OK;
}

/* Attributes of the graph. */

static void add_text(output *out, const char *name, const char *text)
{
  if (out->attribute_count == ATTRIBUTE_MAX) {
    out->has_failed = true;
    return;
  }
  attribute *added = &out->attributes[out->attribute_count++];
  snprintf(added->name, sizeof added->name, "%s", name);
  added->text = text;
}

static void add_number(output *out, const char *name, int64_t number)
{
  add_text(out, name, NULL);
  out->attributes[out->attribute_count - 1].number = number;
}

static void add_field(output *out, const char *table, const char *id, const char *field,
                      int64_t number)
{
  char name[96];
  snprintf(name, sizeof name, "%s.%s.%s", table, id, field);
  add_number(out, name, number);
}

static void add_optic(output *out, int32_t index)
{
  const ls_optic_row *row = &out->topology->problem->optics[index];
  const char *id = out->catalog->optics[index].id;
  char name[96];
  snprintf(name, sizeof name, "optic.%s.kind", id);
  add_text(out, name, optic_kind_name[row->kind]);
  snprintf(name, sizeof name, "optic.%s.mate_class", id);
  add_text(out, name, mate_class_name[row->mate_class]);
  add_field(out, "optic", id, "module_gbps", row->module_gbps);
  add_field(out, "optic", id, "lane_gbps", row->lane_gbps);
  add_field(out, "optic", id, "pair_gbps", row->pair_gbps);
  add_field(out, "optic", id, "strands_per_pair", row->strands_per_pair);
  add_field(out, "optic", id, "capex_cents", row->capex_cents);
  add_field(out, "optic", id, "power_uw_per_gbps", row->power_uw_per_gbps);
  add_field(out, "optic", id, "reach_mm", row->reach_mm);
  add_field(out, "optic", id, "tx_mdbm", row->tx_mdbm);
  add_field(out, "optic", id, "tx_max_mdbm", row->tx_max_mdbm);
  add_field(out, "optic", id, "threshold_mdbm", row->threshold_mdbm);
  add_field(out, "optic", id, "overload_mdbm", row->overload_mdbm);
  add_field(out, "optic", id, "penalty_mdb", row->penalty_mdb);
  add_field(out, "optic", id, "internal_loss_mdb", row->internal_loss_mdb);
  add_field(out, "optic", id, "latency_ps", row->latency_ps);
  add_field(out, "optic", id, "downtime_fit_min", row->downtime);
  add_field(out, "optic", id, "downtime_share_gbps", row->share_gbps);
}

/* The technologies that occur in the graph, in the order of the catalog. */
static void add_technologies(output *out)
{
  bool is_optic_used[LS_OPTIC_MAX] = {false}, is_fiber_used[LS_FIBER_MAX] = {false};
  for (int32_t i = 0; i < out->topology->edge_count; i++) {
    const ls_edge *edge = &out->topology->edges[i];
    if (edge->optic_a >= 0) is_optic_used[edge->optic_a] = true;
    if (edge->optic_b >= 0) is_optic_used[edge->optic_b] = true;
    if (edge->fiber >= 0) is_fiber_used[edge->fiber] = true;
  }
  for (int32_t i = 0; i < LS_OPTIC_MAX; i++)
    if (is_optic_used[i]) add_optic(out, i);
  for (int32_t i = 0; i < LS_FIBER_MAX; i++) {
    if (!is_fiber_used[i]) continue;
    const ls_fiber_row *row = &out->topology->problem->fibers[i];
    const char *id = out->catalog->fibers[i].id;
    add_field(out, "fiber", id, "loss_mdb_per_km", row->loss_mdb_per_km);
    add_field(out, "fiber", id, "capex_cents_per_km", row->capex_cents_per_km);
    add_field(out, "fiber", id, "latency_fs_per_mm", row->latency_fs_per_mm);
  }
}

static void add_origin(output *out)
{
  const ls_structure *structure = out->topology->structure;
  snprintf(out->rank, sizeof out->rank, "%" PRIu64, out->topology->rank);
  snprintf(out->oversubscription, sizeof out->oversubscription, "%d:%d",
           structure->oversubscription_num, structure->oversubscription_den);
  add_text(out, "format", "lightspine");
  add_number(out, "format_version", FORMAT_VERSION);
  add_text(out, "tool_version", LS_VERSION);
  add_text(out, "spec_name", out->spec->name);
  add_text(out, "spec_sha256", out->spec->sha256);
  add_text(out, "catalog_sha256", out->catalog->sha256);
  add_text(out, "rank", out->rank);
  add_text(out, "family", ls_family_name(structure->family, structure->is_rail));
  add_text(out, "oversubscription", out->oversubscription);
  add_number(out, "plane_count", structure->planes);
  add_number(out, "port_gbps", structure->port_gbps);
  add_number(out, "nic_gbps", out->spec->cluster.nic_gbps);
  add_number(out, "gpus_per_server", out->spec->cluster.gpus_per_server);
  add_number(out, "servers_per_rack", out->spec->cluster.servers_per_rack);
  add_number(out, "rail_count", structure->is_rail ? structure->size.rail_count : 1);
}

/* What a slot and a server hold, and what all links share on the way. Copper links carry index 0
 * in place of a fiber, and signals in it are taken to be as fast as there. */
static void add_room(output *out)
{
  const ls_problem *problem = out->topology->problem;
  add_number(out, "slot_rack_units", out->spec->floor.rack_units);
  add_number(out, "slot_power_mw", out->spec->floor.rack_power_mw);
  add_number(out, "server_rack_units", out->spec->cluster.server_rack_units);
  add_number(out, "server_power_mw", out->spec->cluster.server_power_mw);
  add_number(out, "fec_latency_ps", problem->fec_latency_ps);
  add_number(out, "copper_latency_fs_per_mm", problem->fibers[0].latency_fs_per_mm);
}

static void add_site(output *out)
{
  const ls_problem *problem = out->topology->problem;
  const ls_spec_floor *floor = &out->spec->floor;
  const ls_catalog_parts *parts = &out->catalog->parts;
  size_t used = 0;
  for (int32_t i = 0; i < parts->stock_count && used < sizeof out->stock_mm; i++)
    used += (size_t)snprintf(out->stock_mm + used, sizeof out->stock_mm - used, "%s%d",
                             i ? " " : "", parts->stock_mm[i]);
  add_text(out, "stock_mm", out->stock_mm);
  add_number(out, "row_count", floor->row_count);
  add_number(out, "racks_per_row", floor->racks_per_row);
  add_number(out, "row_pitch_mm", floor->row_pitch_mm);
  add_number(out, "rack_pitch_mm", floor->rack_pitch_mm);
  add_number(out, "tray_height_mm", floor->tray_height_mm);
  add_number(out, "drop_mm_per_end", floor->drop_mm_per_end);
  add_number(out, "in_rack_mm", floor->in_rack_mm);
  add_number(out, "slack_ppm", floor->slack_ppm);
  add_number(out, "slack_fixed_mm", floor->slack_fixed_mm);
  add_number(out, "cord_mating_count", problem->mating_count);
  add_number(out, "mating_loss_mdb", problem->mating_loss_mdb);
  add_number(out, "mating_capex_cents", problem->mating_capex_cents);
  add_number(out, "circulator_loss_mdb", problem->circulator_loss_mdb);
  add_number(out, "circulator_capex_cents", problem->circulator_capex_cents);
}

/* Links on the shortest path between the two leaves farthest apart. */
static int32_t family_diameter_hops(const ls_structure *structure)
{
  if (structure->size.leaf_count < 2) return 0;
  if (structure->family == LS_OCS_SPINE) return 1;
  return structure->family == LS_CLOS3 && structure->size.pod_count > 1 ? 4 : 2;
}

/* Counts by the sizing formulas, not by the graph: verify compares the two. */
static void add_claimed_counts(output *out)
{
  const ls_structure *structure = out->topology->structure;
  const ls_spec_cluster *cluster = &out->spec->cluster;
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  const bool is_ocs = structure->family == LS_OCS_SPINE;
  const int64_t servers = ls_ceil_div(cluster->gpu_count, cluster->gpus_per_server);
  int64_t ocs_count = 0;
  for (int32_t i = 0; i < out->topology->node_count; i++)
    ocs_count += out->topology->nodes[i].kind == LS_NODE_OCS;
  add_number(out, "gpu_count", cluster->gpu_count);
  add_number(out, "server_count", servers);
  add_number(out, "rack_count", ls_ceil_div(servers, cluster->servers_per_rack));
  add_number(out, "leaf_count", size->leaf_count * planes);
  add_number(out, "spine_count", size->spine_count * planes);
  add_number(out, "core_count", size->core_count * planes);
  add_number(out, "ocs_count", ocs_count);
  add_number(out, "access_link_count", structure->leg_count[LS_TIER_ACCESS]);
  add_number(out, "spine_link_count", structure->leg_count[LS_TIER_SPINE] / (is_ocs ? 2 : 1));
  add_number(out, "core_link_count", structure->leg_count[LS_TIER_CORE]);
  add_number(out, "diameter_hops", family_diameter_hops(structure));
}

static void add_claimed_totals(output *out)
{
  const ls_totals *totals = &out->topology->totals;
  add_number(out, "capex_cents", totals->capex_cents);
  add_number(out, "optics_power_mw", totals->optics_power_mw);
  add_number(out, "switch_power_mw", totals->switch_power_mw);
  add_number(out, "ocs_power_mw", totals->ocs_power_mw);
  add_number(out, "power_mw",
             totals->optics_power_mw + totals->switch_power_mw + totals->ocs_power_mw);
  add_number(out, "module_count", totals->module_count);
  add_number(out, "fiber_mm", totals->fiber_mm);
  add_number(out, "latency_ps_max", totals->latency_ps_max);
  add_number(out, "latency_ps_mean", totals->latency_ps_mean);
  add_number(out, "throughput_worst_ppm_low", totals->throughput_ppm_low);
  add_number(out, "throughput_worst_ppm_high", totals->throughput_ppm_high);
  add_number(out, "risk_bps", totals->risk_bps);
}

/* The document. */

static void write_key(output *out, const char *domain, const char *name, const char *type)
{
  char id[104];
  snprintf(id, sizeof id, "%c_%s", domain[0], name);
  open_element(out, "key");
  put_attribute(out, "id", id);
  put_attribute(out, "for", domain);
  put_attribute(out, "attr.name", name);
  put_attribute(out, "attr.type", type);
  close_element(out);
  put_break(out);
}

static void write_keys(output *out)
{
  for (int i = 0; i < out->attribute_count; i++)
    write_key(out, "graph", out->attributes[i].name, out->attributes[i].text ? "string" : "long");
  for (size_t i = 0; i < sizeof node_keys / sizeof *node_keys; i++)
    write_key(out, "node", node_keys[i].name, node_keys[i].type);
  for (size_t i = 0; i < sizeof edge_keys / sizeof *edge_keys; i++)
    write_key(out, "edge", edge_keys[i].name, edge_keys[i].type);
}

static void write_attributes(output *out)
{
  for (int i = 0; i < out->attribute_count; i++) {
    const attribute *a = &out->attributes[i];
    char id[104];
    snprintf(id, sizeof id, "g_%s", a->name);
    if (a->text)
      put_text(out, id, a->text);
    else
      put_number(out, id, a->number);
    put_break(out);
  }
}

static int64_t node_radix(const output *out, const ls_node *node)
{
  const ls_structure *structure = out->topology->structure;
  const ls_problem *problem = out->topology->problem;
  if (node->kind == LS_NODE_RACK) return (int64_t)node->gpu_count * structure->planes;
  if (node->kind == LS_NODE_OCS) return 2 * (int64_t)problem->ocs[node->catalog_index].port_count;
  const ls_switch_row *row = &problem->switches[node->catalog_index];
  return ls_min(row->bandwidth_gbps / structure->port_gbps, row->port_count_max);
}

/* Energy is per Gb/s of what is bought: a module, or a port of integrated optics. */
static void write_face(output *out, const ls_face *face, bool is_up)
{
  const bool is_lit = face->optic >= 0;
  int64_t power_mw = 0, capex_cents = 0;
  if (is_lit) {
    const ls_optic_row *row = &out->topology->problem->optics[face->optic];
    const int64_t gbps = row->module_gbps ? row->module_gbps : out->topology->structure->port_gbps;
    power_mw = row->power_uw_per_gbps * gbps / 1000;
    capex_cents = row->capex_cents;
  }
  put_text(out, is_up ? "n_up_optic" : "n_down_optic", optic_id(out, face->optic));
  put_number(out, is_up ? "n_up_port_count" : "n_down_port_count", is_lit ? face->port_count : 0);
  put_number(out, is_up ? "n_up_module_count" : "n_down_module_count",
             is_lit ? face->module_count : 0);
  put_number(out, is_up ? "n_up_module_capex_cents" : "n_down_module_capex_cents", capex_cents);
  put_number(out, is_up ? "n_up_module_power_mw" : "n_down_module_power_mw", power_mw);
}

/* The figures of its model. Racks and OCS are switches with nothing of what they lack. */
static void write_chassis(output *out, const ls_node *node)
{
  const ls_problem *problem = out->topology->problem;
  ls_switch_row unit = {0};
  int64_t loss_mdb = 0;
  if (node->kind == LS_NODE_OCS) {
    const ls_ocs_row *row = &problem->ocs[node->catalog_index];
    loss_mdb = row->loss_mdb;
    unit.capex_cents = row->capex_cents;
    unit.power_mw = row->power_mw;
    unit.downtime = row->downtime;
    unit.rack_units = row->rack_units;
  } else if (node->kind != LS_NODE_RACK) {
    unit = problem->switches[node->catalog_index];
  }
  put_number(out, "n_loss_mdb", loss_mdb);
  put_number(out, "n_unit_capex_cents", unit.capex_cents);
  put_number(out, "n_unit_power_mw", unit.power_mw);
  put_number(out, "n_unit_power_mw_max", unit.power_mw_max);
  put_number(out, "n_unit_latency_ps", unit.latency_ps);
  put_number(out, "n_unit_downtime_fit_min", unit.downtime);
  put_number(out, "n_cage_count", unit.cage_count);
  put_number(out, "n_cage_gbps", unit.cage_gbps);
  put_number(out, "n_rack_units", unit.rack_units);
}

static void write_node(output *out, const ls_node *node)
{
  const bool is_rack = node->kind == LS_NODE_RACK, is_ocs = node->kind == LS_NODE_OCS;
  const ls_face dark = {-1, 0, 0};
  char id[32];
  ls_node_id(node, id);
  open_element(out, "node");
  put_attribute(out, "id", id);
  put_text(out, "n_label", id);
  put_metres(out, "n_x", node->x_mm);
  put_metres(out, "n_y", node->y_mm);
  put_text(out, "n_kind", node_kind_name[node->kind]);
  put_text(out, "n_catalog_id", node_catalog_id(out, node));
  put_number(out, "n_plane", is_rack ? -1 : node->plane);
  put_number(out, "n_pod", node->pod);
  put_number(out, "n_rail", node->rail);
  put_number(out, "n_slot", node->slot);
  put_number(out, "n_server_count", node->server_count);
  put_number(out, "n_gpu_count", node->gpu_count);
  put_number(out, "n_radix", node_radix(out, node));
  write_chassis(out, node);
  write_face(out, is_rack || is_ocs ? &dark : &node->down, false);
  write_face(out, is_ocs ? &dark : &node->up, true);
  close_element(out);
  put_break(out);
}

static void write_edge_links(output *out, const ls_edge *edge)
{
  char label[48], via[32] = "";
  snprintf(label, sizeof label, "%d x %dG", edge->link_count, out->topology->structure->port_gbps);
  if (edge->via >= 0) ls_node_id(&out->topology->nodes[edge->via], via);
  put_text(out, "e_label", label);
  put_text(out, "e_interaction", edge_kind_name[edge->kind]);
  put_number(out, "e_weight", edge->link_count);
  put_number(out, "e_tier", edge->tier);
  put_number(out, "e_plane", edge->plane);
  put_number(out, "e_link_count", edge->link_count);
  put_text(out, "e_optic_a", optic_id(out, edge->optic_a));
  put_text(out, "e_optic_b", optic_id(out, edge->optic_b));
  put_text(out, "e_fiber", edge->fiber < 0 ? "" : out->catalog->fibers[edge->fiber].id);
  put_text(out, "e_via", via);
}

static void write_edge(output *out, int32_t index)
{
  const ls_edge *edge = &out->topology->edges[index];
  char id[ID_MAX], a[32], b[32];
  edge_id(out, index, id);
  ls_node_id(&out->topology->nodes[edge->node_a], a);
  ls_node_id(&out->topology->nodes[edge->node_b], b);
  open_element(out, "edge");
  put_attribute(out, "id", id);
  put_attribute(out, "source", a);
  put_attribute(out, "target", b);
  write_edge_links(out, edge);
  put_number(out, "e_strand_count", edge->strand_count);
  put_number(out, "e_mating_count", edge->mating_count);
  put_number(out, "e_circulator_count", edge->circulator_count);
  put_number(out, "e_length_mm", edge->length_mm);
  put_number(out, "e_stock_mm", edge->stock_mm);
  put_number(out, "e_loss_mdb", edge->loss_mdb);
  put_number(out, "e_margin_mdb", edge->margin_mdb == INT32_MAX ? 0 : edge->margin_mdb);
  put_number(out, "e_cord_capex_cents", edge->cord_capex_cents);
  close_element(out);
  put_break(out);
}

static void write_document(output *out)
{
  check(out, xmlTextWriterStartDocument(out->xml, "1.0", "UTF-8", NULL));
  open_element(out, "graphml");
  put_attribute(out, "xmlns", NAMESPACE);
  put_attribute(out, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
  put_attribute(out, "xsi:schemaLocation", NAMESPACE " " SCHEMA);
  put_break(out);
  write_keys(out);
  open_element(out, "graph");
  put_attribute(out, "id", "fabric");
  put_attribute(out, "edgedefault", "undirected");
  put_break(out);
  write_attributes(out);
  for (int32_t i = 0; i < out->topology->node_count; i++) write_node(out, &out->topology->nodes[i]);
  for (int32_t i = 0; i < out->topology->edge_count; i++) write_edge(out, i);
  close_element(out);
  put_break(out);
  close_element(out);
  check(out, xmlTextWriterEndDocument(out->xml));
}

/* Writes to a stream, which stays open. */
static ls_status write_stream(output *out, FILE *stream)
{
  xmlOutputBufferPtr buffer = xmlOutputBufferCreateFile(stream, NULL);
  if (buffer == NULL) return LS_ERR_MEMORY;
  out->xml = xmlNewTextWriter(buffer);
  if (out->xml == NULL) {
    xmlOutputBufferClose(buffer);
    return LS_ERR_MEMORY;
  }
  add_origin(out);
  add_site(out);
  add_room(out);
  add_claimed_counts(out);
  add_claimed_totals(out);
  add_technologies(out);
  write_document(out);
  check(out, xmlTextWriterFlush(out->xml));
  xmlFreeTextWriter(out->xml);
  return out->has_failed ? LS_ERR_IO : LS_OK;
}

ls_status ls_graphml_write(const ls_topology *topology, const ls_catalog *catalog,
                           const ls_spec *spec, const char *path, ls_error *error)
{
  ls_file_writer file;
  ls_status status = LS_OK;
  output *out = calloc(1, sizeof *out);
  if (out == NULL || ordinals_create(topology, &out->ordinals) != LS_OK) {
    free(out);
    return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "not enough memory");
  }
  out->topology = topology;
  out->catalog = catalog;
  out->spec = spec;
  status = ls_file_open(&file, path, error);
  if (status != LS_OK) goto cleanup;
  status = write_stream(out, file.stream);
  if (status != LS_OK) {
    ls_error_set(error, status, path, 0, NULL, "could not be written");
    ls_file_abandon(&file);
    goto cleanup;
  }
  status = ls_file_commit(&file, error);
cleanup:
  free(out->ordinals);
  free(out);
  return status;
}
