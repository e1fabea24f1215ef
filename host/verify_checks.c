/* Compares what a file claims about its graph with the graph: counts of devices and links, ports,
 * planes and rails, circuits against the legs they pass, and the shape that igraph measured.
 * Pure functions on plain arrays; lengths, light and money are in verify_links.c. */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const GRAPH = "graph";
static const char *const device_name[] = {"rack", "leaf", "spine", "super", "core", "ocs"};

/* Sums over the cords of each node. */
typedef struct tally {
  int64_t down_links, up_links, strands;
  int64_t cord_count; /* bundles */
} tally;

static const ls_record_node *end_a(const ls_record *record, const ls_record_edge *edge)
{
  return &record->nodes[edge->node_a];
}

static const ls_record_node *end_b(const ls_record *record, const ls_record_edge *edge)
{
  return &record->nodes[edge->node_b];
}

/* ---- Ids and counts ---- */

static int compare_ids(const void *left, const void *right)
{
  const ls_record_edge *const *a = left, *const *b = right;
  return strcmp((*a)->id, (*b)->id);
}

static ls_status check_ids(const ls_record *record, ls_verify_report *report)
{
  const ls_record_edge **by_id = malloc(((size_t)record->edge_count + 1) * sizeof *by_id);
  if (by_id == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) by_id[i] = &record->edges[i];
  qsort(by_id, (size_t)record->edge_count, sizeof *by_id, compare_ids);
  for (int32_t i = 0; i < record->edge_count; i++) {
    if (by_id[i]->id[0] == '\0') {
      char ends[96];
      snprintf(ends, sizeof ends, "%s--%s", end_a(record, by_id[i])->id,
               end_b(record, by_id[i])->id);
      ls_verify_mismatch(report, ends, "edge id", "", "must not be empty");
    } else if (i > 0 && strcmp(by_id[i]->id, by_id[i - 1]->id) == 0) {
      ls_verify_mismatch(report, by_id[i]->id, "edge id", "unique", "twice");
    }
  }
  free(by_id);
  if (record->node_element_count > record->node_count)
    ls_verify_mismatch(report, GRAPH, "node ids", "unique", "some node is there twice");
  return LS_OK;
}

/* Where a bundle counts: at the switch above; a link between like devices with those that would
 * join them. Legs count nowhere else than at their OCS. */
static int32_t top_kind(const ls_record *record, const ls_record_edge *edge)
{
  const int32_t kind = end_b(record, edge)->kind;
  if (!ls_record_is_peer(record, edge)) return kind;
  return kind == LS_DEVICE_LEAF ? LS_DEVICE_SPINE : LS_DEVICE_CORE;
}

static void check_counts(const ls_record *record, ls_verify_report *report)
{
  const ls_record_claims *claims = &record->claims;
  int64_t nodes[LS_DEVICE_KIND_COUNT] = {0}, links[LS_DEVICE_KIND_COUNT] = {0};
  int64_t gpus = 0, servers = 0;
  for (int32_t i = 0; i < record->node_count; i++) {
    nodes[record->nodes[i].kind]++;
    gpus += record->nodes[i].gpu_count;
    servers += record->nodes[i].server_count;
  }
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    links[top_kind(record, edge)] += edge->link_count;
  }
  ls_verify_compare(report, GRAPH, "gpu_count", claims->gpu_count, gpus);
  ls_verify_compare(report, GRAPH, "server_count", claims->server_count, servers);
  ls_verify_compare(report, GRAPH, "rack_count", claims->rack_count, nodes[LS_DEVICE_RACK]);
  ls_verify_compare(report, GRAPH, "leaf_count", claims->leaf_count, nodes[LS_DEVICE_LEAF]);
  ls_verify_compare(report, GRAPH, "spine_count", claims->spine_count, nodes[LS_DEVICE_SPINE]);
  ls_verify_compare(report, GRAPH, "super_count", claims->super_count, nodes[LS_DEVICE_SUPER]);
  ls_verify_compare(report, GRAPH, "core_count", claims->core_count, nodes[LS_DEVICE_CORE]);
  ls_verify_compare(report, GRAPH, "ocs_count", claims->ocs_count, nodes[LS_DEVICE_OCS]);
  ls_verify_compare(report, GRAPH, "access_link_count", claims->access_link_count,
                    links[LS_DEVICE_LEAF]);
  ls_verify_compare(report, GRAPH, "spine_link_count", claims->spine_link_count,
                    links[LS_DEVICE_SPINE]);
  ls_verify_compare(report, GRAPH, "super_link_count", claims->super_link_count,
                    links[LS_DEVICE_SUPER]);
  ls_verify_compare(report, GRAPH, "core_link_count", claims->core_link_count,
                    links[LS_DEVICE_CORE]);
}

/* ---- Each edge by itself ---- */

/* Whether devices of these kinds may be joined by a bundle of this kind, and in which tier. */
static bool are_ends_right(const ls_record *record, const ls_record_edge *edge)
{
  const int32_t a = end_a(record, edge)->kind, b = end_b(record, edge)->kind;
  switch (edge->kind) {
  case LS_BUNDLE_ACCESS: return a == LS_DEVICE_RACK && b == LS_DEVICE_LEAF && edge->tier == 0;
  case LS_BUNDLE_OCS_LEG:
    return b == LS_DEVICE_OCS &&
           ((a == LS_DEVICE_LEAF && edge->tier == 1) || (a == LS_DEVICE_SPINE && edge->tier == 2));
  case LS_BUNDLE_CIRCUIT:
    return a == b &&
           ((a == LS_DEVICE_LEAF && edge->tier == 1) || (a == LS_DEVICE_SPINE && edge->tier == 2));
  default:
    return (a == LS_DEVICE_LEAF && b == LS_DEVICE_LEAF && edge->tier == 1) ||
           (a == LS_DEVICE_LEAF && b == LS_DEVICE_SPINE && edge->tier == 1) ||
           (a == LS_DEVICE_SPINE && b == LS_DEVICE_SUPER && edge->tier == 2) ||
           (a == LS_DEVICE_SPINE && b == LS_DEVICE_CORE && edge->tier == 2) ||
           (a == LS_DEVICE_SUPER && b == LS_DEVICE_CORE && edge->tier == 3);
  }
}

static void check_edge(const ls_record *record, const ls_record_edge *edge,
                       ls_verify_report *report)
{
  const ls_record_node *a = end_a(record, edge), *b = end_b(record, edge);
  if (!are_ends_right(record, edge)) {
    char found[64];
    snprintf(found, sizeof found, "%s to %s in tier %" PRId64, device_name[a->kind],
             device_name[b->kind], edge->tier);
    ls_verify_mismatch(report, edge->id, "ends", edge->kind_name, found);
  }
  if (edge->link_count < 1)
    ls_verify_mismatch(report, edge->id, "link_count", "at least 1", "none");
  ls_verify_compare(report, edge->id, "weight", edge->weight, edge->link_count);
  if (a->kind != LS_DEVICE_RACK)
    ls_verify_compare(report, edge->id, "plane", edge->plane, a->plane);
  if (b->kind != LS_DEVICE_RACK)
    ls_verify_compare(report, edge->id, "plane", edge->plane, b->plane);
  if (record->site.fabric_count > 1 && a->kind != LS_DEVICE_RACK)
    ls_verify_compare(report, edge->id, "rail", b->rail, a->rail);
  if (edge->kind != LS_BUNDLE_CIRCUIT && edge->via != LS_RECORD_NONE)
    ls_verify_mismatch(report, edge->id, "via", edge->via_id, "only a circuit has one");
  if (edge->kind != LS_BUNDLE_CIRCUIT) return;
  if (edge->via < 0 || record->nodes[edge->via].kind != LS_DEVICE_OCS)
    ls_verify_mismatch(report, edge->id, "via", edge->via_id, "no OCS of this name");
  else
    ls_verify_compare(report, edge->id, "plane", edge->plane, record->nodes[edge->via].plane);
}

/* ---- Ports ---- */

static void add_cords(const ls_record *record, tally *tallies)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    tally *a = &tallies[edge->node_a], *b = &tallies[edge->node_b];
    if (edge->kind == LS_BUNDLE_CIRCUIT) continue;
    a->up_links += edge->link_count;
    a->cord_count++;
    b->cord_count++;
    if (edge->kind == LS_BUNDLE_OCS_LEG)
      ls_verify_add_product(&b->strands, edge->link_count, edge->strand_count);
    else if (ls_record_is_peer(record, edge))
      b->up_links += edge->link_count;
    else
      b->down_links += edge->link_count;
  }
}

/* Where both ends of a bundle miss the same number of links, the bundle itself is to blame. */
static void blame_edges(const ls_record *record, const tally *tallies, ls_verify_report *report)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_ACCESS && edge->kind != LS_BUNDLE_TRUNK) continue;
    const int64_t missing_a = end_a(record, edge)->up.port_count - tallies[edge->node_a].up_links;
    const ls_record_node *b = end_b(record, edge);
    const tally *at_b = &tallies[edge->node_b];
    const int64_t missing_b = ls_record_is_peer(record, edge)
                                  ? b->up.port_count - at_b->up_links
                                  : b->down.port_count - at_b->down_links;
    if (missing_a == missing_b)
      ls_verify_compare(report, edge->id, "link_count", edge->link_count,
                        edge->link_count + missing_a);
  }
}

static void check_ports(const ls_record_node *node, const tally *sums, ls_verify_report *report)
{
  char found[64];
  if (sums->cord_count == 0)
    ls_verify_mismatch(report, node->id, "cords", "at least 1", "no cable ends here");
  ls_verify_compare(report, node->id, "down_port_count", node->down.port_count, sums->down_links);
  ls_verify_compare(report, node->id, "up_port_count", node->up.port_count,
                    node->kind == LS_DEVICE_OCS ? 0 : sums->up_links);
  const int64_t used =
      node->kind == LS_DEVICE_OCS ? sums->strands : sums->down_links + sums->up_links;
  if (used > node->radix) {
    snprintf(found, sizeof found, "%" PRId64 " on %" PRId64 " ports", used, node->radix);
    ls_verify_mismatch(report, node->id, "radix", "enough", found);
  }
}

/* ---- Planes and rails ---- */

static void check_node(const ls_record *record, const ls_record_node *node,
                       ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  const bool is_rack = node->kind == LS_DEVICE_RACK;
  const int64_t per_server = site->gpus_per_server;
  if (is_rack) {
    ls_verify_compare(report, node->id, "server_count", node->server_count,
                      node->gpu_count / per_server + (node->gpu_count % per_server > 0));
    ls_verify_compare(report, node->id, "radix", node->radix, node->gpu_count * site->plane_count);
    if (node->server_count > site->servers_per_rack)
      ls_verify_compare(report, node->id, "server_count", node->server_count,
                        site->servers_per_rack);
  } else {
    ls_verify_compare(report, node->id, "gpu_count", node->gpu_count, 0);
    ls_verify_compare(report, node->id, "server_count", node->server_count, 0);
    if (node->catalog_id[0] == '\0' || strcmp(node->catalog_id, "none") == 0)
      ls_verify_mismatch(report, node->id, "catalog_id", "none", "must name a model");
    if (node->plane < 0 || node->plane >= site->plane_count)
      ls_verify_compare(report, node->id, "plane", node->plane, site->plane_count - 1);
  }
}

/* GPUs of a rack on one rail: GPU i of each server, of which the last may have fewer. */
static int64_t rail_gpus(const ls_record_site *site, const ls_record_node *rack, int64_t rail)
{
  if (site->rail_count == 1) return rack->gpu_count;
  return rack->gpu_count / site->rail_count + (rail < rack->gpu_count % site->rail_count);
}

/* Every GPU has one link in every plane, to a leaf of its rail. links: [racks][planes][rails] */
static void add_access(const ls_record *record, const int32_t *rack_of, int64_t *links,
                       ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const ls_record_node *leaf = end_b(record, edge);
    if (edge->kind != LS_BUNDLE_ACCESS || end_a(record, edge)->kind != LS_DEVICE_RACK) continue;
    const int64_t rail = site->rail_count == 1 ? 0 : leaf->rail;
    if (rail < 0 || rail >= site->rail_count) {
      ls_verify_compare(report, leaf->id, "rail", leaf->rail, site->rail_count - 1);
      continue;
    }
    if (leaf->plane < 0 || leaf->plane >= site->plane_count) continue;
    const int64_t row = rack_of[edge->node_a] * site->plane_count + leaf->plane;
    links[row * site->rail_count + rail] += edge->link_count;
  }
}

static ls_status check_planes(const ls_record *record, ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  int64_t rack_count = 0, cells = 0;
  int32_t *rack_of = malloc(((size_t)record->node_count + 1) * sizeof *rack_of);
  if (rack_of == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->node_count; i++)
    rack_of[i] = record->nodes[i].kind == LS_DEVICE_RACK ? (int32_t)rack_count++ : -1;
  ls_verify_add_product(&cells, rack_count * site->plane_count, site->rail_count);
  int64_t *links = cells < INT32_MAX ? calloc((size_t)cells + 1, sizeof *links) : NULL;
  if (links == NULL) {
    free(rack_of);
    return LS_ERR_MEMORY;
  }
  if (site->rail_count > 1)
    ls_verify_compare(report, GRAPH, "rail_count", site->rail_count, site->gpus_per_server);
  if (site->fabric_count > 1)
    ls_verify_compare(report, GRAPH, "fabric_count", site->fabric_count, site->rail_count);
  add_access(record, rack_of, links, report);
  for (int32_t i = 0; i < record->node_count; i++) {
    const int64_t row = rack_of[i] * site->plane_count * site->rail_count;
    for (int64_t cell = 0; row >= 0 && cell < site->plane_count * site->rail_count; cell++) {
      const int64_t plane = cell / site->rail_count, rail = cell % site->rail_count;
      char what[64];
      snprintf(what, sizeof what, "links in plane %" PRId64 ", rail %" PRId64, plane, rail);
      ls_verify_compare(report, record->nodes[i].id, what, rail_gpus(site, &record->nodes[i], rail),
                        links[row + cell]);
    }
  }
  free(links);
  free(rack_of);
  return LS_OK;
}

/* ---- Circuits ---- */

/* Adds a circuit's links to the leg at one of its ends. */
static void add_circuit(const ls_record *record, const ls_leg_index *index,
                        const ls_record_edge *circuit, int32_t device, int64_t *carried,
                        ls_verify_report *report)
{
  const int32_t leg = circuit->via < 0 ? -1 : ls_leg_find(index, device, circuit->via);
  if (leg >= 0) {
    carried[leg] += circuit->link_count;
    return;
  }
  char what[64];
  snprintf(what, sizeof what, "leg at %s", record->nodes[device].id);
  ls_verify_mismatch(report, circuit->id, what, circuit->via_id, "no leg to that OCS");
}

/* Each device has as many links on its leg to an OCS as circuits go through there. */
static ls_status check_circuits(const ls_record *record, ls_verify_report *report)
{
  ls_leg_index index;
  int64_t *carried = calloc((size_t)record->edge_count + 1, sizeof *carried);
  if (carried == NULL) return LS_ERR_MEMORY;
  const ls_status status = ls_leg_index_create(record, &index);
  if (status != LS_OK) {
    free(carried);
    return status;
  }
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_CIRCUIT) continue;
    add_circuit(record, &index, edge, edge->node_a, carried, report);
    add_circuit(record, &index, edge, edge->node_b, carried, report);
  }
  for (int32_t i = 0; i < index.count; i++) {
    const ls_record_edge *leg = &record->edges[index.legs[i].edge];
    ls_verify_compare(report, leg->id, "links in circuits", leg->link_count,
                      carried[index.legs[i].edge]);
  }
  ls_leg_index_destroy(&index);
  free(carried);
  return LS_OK;
}

/* ---- Shape ---- */

static void check_shape(const ls_record *record, ls_verify_report *report)
{
  const ls_record_shape *shape = &record->shape;
  if (record->node_count == 0) ls_verify_mismatch(report, GRAPH, "nodes", "at least 1", "none");
  for (int32_t i = 0; shape->component_count > 1 && i < record->node_count; i++)
    if (record->component[i] != shape->component_of_most)
      ls_verify_mismatch(report, record->nodes[i].id, "connectivity", "one network",
                         "apart from most of the graph");
  const int64_t fabrics = record->site.fabric_count;
  for (int64_t i = 0; i < ls_record_network_count(record); i++) {
    if (shape->network_components[i] == 1) continue;
    char where[64], found[64];
    if (fabrics > 1)
      snprintf(where, sizeof where, "plane %" PRId64 ", rail %" PRId64, i / fabrics, i % fabrics);
    else
      snprintf(where, sizeof where, "plane %" PRId64, i);
    snprintf(found, sizeof found, "%d", shape->network_components[i]);
    ls_verify_mismatch(report, where, "connected parts of its switches", "1", found);
  }
  if (shape->diameter_hops >= 0)
    ls_verify_compare(report, GRAPH, "diameter_hops", record->claims.diameter_hops,
                      shape->diameter_hops);
}

ls_status ls_verify_check_graph(const ls_record *record, ls_verify_report *report)
{
  tally *tallies = calloc((size_t)record->node_count + 1, sizeof *tallies);
  if (tallies == NULL) return LS_ERR_MEMORY;
  ls_status status = check_ids(record, report);
  for (int32_t i = 0; i < record->edge_count; i++) check_edge(record, &record->edges[i], report);
  add_cords(record, tallies);
  blame_edges(record, tallies, report);
  for (int32_t i = 0; i < record->node_count; i++) {
    check_node(record, &record->nodes[i], report);
    check_ports(&record->nodes[i], &tallies[i], report);
  }
  check_counts(record, report);
  check_shape(record, report);
  free(tallies);
  if (status == LS_OK) status = check_planes(record, report);
  if (status == LS_OK) status = check_circuits(record, report);
  return status;
}
