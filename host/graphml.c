/* Writes a topology as GraphML. The keys and the graph's own attributes are graphml_keys.c's. It
 * writes what the topology says and judges nothing: host/verify.c does.
 *
 * Every attribute is written on every node and edge, with -1, 0 or "none" where it does not apply:
 * readers fill gaps with NaN, None or nothing, each in its own way, and would then disagree. */
#include "graphml.h"

#include "files.h"
#include "graphml_keys.h"
#include "xml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE "http://graphml.graphdrawing.org/xmlns"
#define SCHEMA "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
#define ID_MAX 128 /* of an edge: three node ids and an ordinal */

typedef struct output {
  const ls_topology *topology;
  const ls_catalog *catalog;
  const ls_spec *spec;
  ls_xml *xml;
  ls_graphml_attributes attributes;
  int32_t *ordinals; /* [edge_count] 0, or which of several edges with the same ends and via */
} output;

static const char *const node_kind_name[] = {"rack", "leaf", "spine", "super", "core", "ocs"};
static const char *const edge_kind_name[] = {"access", "trunk", "ocs_leg", "circuit"};

/* NetworkX drops an empty text, igraph keeps it: so none is ever empty. */
static void put_text(output *out, const char *key_id, const char *text)
{
  ls_xml_start(out->xml, "data");
  ls_xml_attribute(out->xml, "key", key_id);
  ls_xml_text(out->xml, text[0] == '\0' ? "none" : text);
  ls_xml_end(out->xml);
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

static const char *integrated_optic_id(const output *out, const ls_node *node)
{
  if (node->kind == LS_NODE_RACK || node->kind == LS_NODE_OCS) return "";
  return optic_id(out, out->topology->problem->switches[node->catalog_index].optic);
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

/* The document. */

static void write_key(output *out, const char *domain, const char *name, const char *type)
{
  char id[136];
  snprintf(id, sizeof id, "%c_%s", domain[0], name);
  ls_xml_start(out->xml, "key");
  ls_xml_attribute(out->xml, "id", id);
  ls_xml_attribute(out->xml, "for", domain);
  ls_xml_attribute(out->xml, "attr.name", name);
  ls_xml_attribute(out->xml, "attr.type", type);
  ls_xml_end(out->xml);
  ls_xml_break(out->xml);
}

static void write_keys(output *out)
{
  for (int i = 0; i < out->attributes.count; i++) {
    const ls_graphml_attribute *a = &out->attributes.list[i];
    write_key(out, "graph", a->name, a->text ? "string" : "long");
  }
  for (const ls_graphml_key *key = ls_graphml_node_keys; key->name != NULL; key++)
    write_key(out, "node", key->name, key->type);
  for (const ls_graphml_key *key = ls_graphml_edge_keys; key->name != NULL; key++)
    write_key(out, "edge", key->name, key->type);
}

static void write_attributes(output *out)
{
  for (int i = 0; i < out->attributes.count; i++) {
    const ls_graphml_attribute *a = &out->attributes.list[i];
    char id[136];
    snprintf(id, sizeof id, "g_%s", a->name);
    if (a->text)
      put_text(out, id, a->text);
    else
      put_number(out, id, a->number);
    ls_xml_break(out->xml);
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

/* Ids of all optics of a face, parted by blanks; price and power of all their modules. Energy is
 * per Gb/s of what is bought: a module, or a port of integrated optics. */
static void write_face(output *out, const ls_face *face, bool is_up)
{
  const ls_topology *topology = out->topology;
  char ids[LS_FACE_KINDS * (LS_ID_MAX + 1)] = "";
  int64_t power_mw = 0, capex_cents = 0, modules = 0;
  size_t used = 0;
  for (int32_t i = 0; i < face->kind_count; i++) {
    const ls_lit *lit = &face->lit[i];
    const ls_optic_row *row = &topology->problem->optics[lit->optic];
    const int64_t gbps = row->module_gbps ? row->module_gbps : topology->structure->port_gbps;
    used += (size_t)snprintf(ids + used, sizeof ids - used, "%s%s", i ? " " : "",
                             optic_id(out, lit->optic));
    modules += lit->module_count;
    capex_cents += lit->module_count * row->capex_cents;
    power_mw += lit->module_count * (row->power_uw_per_gbps * gbps / 1000);
  }
  put_text(out, is_up ? "n_up_optic" : "n_down_optic", ids);
  put_number(out, is_up ? "n_up_port_count" : "n_down_port_count", face->port_count);
  put_number(out, is_up ? "n_up_module_count" : "n_down_module_count", modules);
  put_number(out, is_up ? "n_up_modules_capex_cents" : "n_down_modules_capex_cents", capex_cents);
  put_number(out, is_up ? "n_up_modules_power_mw" : "n_down_modules_power_mw", power_mw);
}

/* The figures of its model. Racks and OCS are switches with nothing of what they lack. */
static void write_chassis(output *out, const ls_node *node)
{
  const ls_problem *problem = out->topology->problem;
  ls_switch_row unit = {0};
  int64_t loss_mdb = 0;
  bool is_liquid_cooled = false;
  if (node->kind == LS_NODE_OCS) {
    const ls_ocs_row *row = &problem->ocs[node->catalog_index];
    loss_mdb = row->loss_mdb;
    unit.capex_cents = row->capex_cents;
    unit.power_mw = row->power_mw;
    unit.downtime = row->downtime;
    unit.rack_units = row->rack_units;
    unit.fit = unit.spare_fit = row->fit;
    unit.repair_mcents = row->repair_mcents;
  } else if (node->kind != LS_NODE_RACK) {
    unit = problem->switches[node->catalog_index];
    is_liquid_cooled = out->catalog->switches[node->catalog_index].is_liquid_cooled;
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
  put_number(out, "n_is_liquid_cooled", is_liquid_cooled);
  put_number(out, "n_unit_fit", unit.fit);
  put_number(out, "n_unit_spare_fit", unit.spare_fit);
  put_number(out, "n_unit_repair_mcents", unit.repair_mcents);
  put_number(out, "n_unit_swap_fit", unit.swap_fit);
  put_number(out, "n_unit_swap_fit_min", unit.swap_downtime);
}

static void write_node(output *out, const ls_node *node)
{
  const bool is_rack = node->kind == LS_NODE_RACK, is_ocs = node->kind == LS_NODE_OCS;
  static const ls_face dark;
  char id[32];
  ls_node_id(node, id);
  ls_xml_start(out->xml, "node");
  ls_xml_attribute(out->xml, "id", id);
  put_text(out, "n_label", id);
  put_metres(out, "n_x", node->x_mm);
  put_metres(out, "n_y", node->y_mm);
  put_text(out, "n_kind", node_kind_name[node->kind]);
  put_text(out, "n_catalog_id", node_catalog_id(out, node));
  put_text(out, "n_integrated_optic", integrated_optic_id(out, node));
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
  ls_xml_end(out->xml);
  ls_xml_break(out->xml);
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
  ls_xml_start(out->xml, "edge");
  ls_xml_attribute(out->xml, "id", id);
  ls_xml_attribute(out->xml, "source", a);
  ls_xml_attribute(out->xml, "target", b);
  write_edge_links(out, edge);
  put_number(out, "e_strand_count", edge->strand_count);
  put_number(out, "e_mating_count", edge->mating_count);
  put_number(out, "e_circulator_count", edge->circulator_count);
  put_number(out, "e_length_mm", edge->length_mm);
  put_number(out, "e_stock_mm", edge->stock_mm);
  put_number(out, "e_loss_mdb", edge->loss_mdb);
  put_number(out, "e_margin_mdb", edge->margin_mdb == INT32_MAX ? 0 : edge->margin_mdb);
  put_number(out, "e_cord_capex_cents", edge->cord_capex_cents);
  ls_xml_end(out->xml);
  ls_xml_break(out->xml);
}

static void write_document(output *out)
{
  ls_xml_start(out->xml, "graphml");
  ls_xml_attribute(out->xml, "xmlns", NAMESPACE);
  ls_xml_attribute(out->xml, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
  ls_xml_attribute(out->xml, "xsi:schemaLocation", NAMESPACE " " SCHEMA);
  ls_xml_break(out->xml);
  write_keys(out);
  ls_xml_start(out->xml, "graph");
  ls_xml_attribute(out->xml, "id", "fabric");
  ls_xml_attribute(out->xml, "edgedefault", "undirected");
  ls_xml_break(out->xml);
  write_attributes(out);
  for (int32_t i = 0; i < out->topology->node_count; i++) write_node(out, &out->topology->nodes[i]);
  for (int32_t i = 0; i < out->topology->edge_count; i++) write_edge(out, i);
  ls_xml_end(out->xml);
  ls_xml_break(out->xml);
  ls_xml_end(out->xml);
}

/* Writes to a stream, which stays open. */
static ls_status write_stream(output *out, FILE *stream)
{
  const ls_status status =
      ls_graphml_attributes_gather(out->topology, out->catalog, out->spec, &out->attributes);
  if (status != LS_OK) return status;
  out->xml = ls_xml_open(stream);
  if (out->xml == NULL) return LS_ERR_MEMORY;
  write_document(out);
  return ls_xml_close(out->xml);
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
  if (status == LS_OK) {
    status = ls_file_commit(&file, error);
  } else if (status == LS_ERR_IO) {
    status = ls_file_fail(&file, error);
  } else {
    ls_error_set(error, status, path, 0, NULL, "could not be written");
    ls_file_abandon(&file);
  }
cleanup:
  free(out->ordinals);
  free(out);
  return status;
}
