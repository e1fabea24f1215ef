/* What belongs together in a record: networks (planes, or rails that are apart), groups of nodes
 * that tiers of links join, and the blocks of a mesh. Knows neither igraph nor the optimizer. */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdlib.h>

bool ls_record_is_peer(const ls_record *record, const ls_record_edge *edge)
{
  return record->nodes[edge->node_a].kind == record->nodes[edge->node_b].kind;
}

int32_t ls_record_peer_kind(const ls_record *record)
{
  int32_t kind = LS_RECORD_NONE;
  for (int32_t i = 0; i < record->edge_count; i++)
    if (ls_record_is_peer(record, &record->edges[i]))
      kind = record->nodes[record->edges[i].node_a].kind;
  return kind;
}

int64_t ls_record_network(const ls_record *record, const ls_record_node *node)
{
  const ls_record_site *site = &record->site;
  const int64_t rail = site->fabric_count > 1 ? node->rail : 0;
  if (node->plane < 0 || node->plane >= site->plane_count) return -1;
  if (rail < 0 || rail >= site->fabric_count) return -1;
  return node->plane * site->fabric_count + rail;
}

int64_t ls_record_network_count(const ls_record *record)
{
  return record->site.plane_count * record->site.fabric_count;
}

static ls_status check_networks(const ls_record *record, const char *path, ls_error *error)
{
  const ls_record_site *site = &record->site;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (!ls_record_is_switch(node) && node->kind != LS_DEVICE_OCS) continue;
    if (node->plane < 0 || node->plane >= site->plane_count)
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "plane",
                          "of node %s must be 0..%" PRId64 ", got %" PRId64, node->id,
                          site->plane_count - 1, node->plane);
    if (ls_record_is_switch(node) && ls_record_network(record, node) < 0)
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "rail",
                          "of node %s must be 0..%" PRId64 ", got %" PRId64, node->id,
                          site->fabric_count - 1, node->rail);
  }
  return LS_OK;
}

ls_status ls_record_check_links(const ls_record *record, const char *path, ls_error *error)
{
  int64_t link_count = 0, strand_count = 0;
  const ls_status status = check_networks(record, path, error);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const bool is_leg = edge->kind == LS_BUNDLE_OCS_LEG;
    link_count += edge->link_count;
    if (edge->link_count < 1 || link_count > INT32_MAX)
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "link_count",
                          "of edge %s must be at least 1 and of all at most %d, got %" PRId64,
                          edge->id, INT32_MAX, edge->link_count);
    if (is_leg) ls_verify_add_product(&strand_count, edge->link_count, edge->strand_count);
    if (is_leg && (edge->strand_count < 1 || strand_count > INT32_MAX))
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "strand_count",
                          "of edge %s must be at least 1 and of all legs at most %d, got %" PRId64,
                          edge->id, INT32_MAX, edge->strand_count);
    if (edge->kind == LS_BUNDLE_CIRCUIT &&
        (edge->via < 0 || record->nodes[edge->via].kind != LS_DEVICE_OCS))
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "via",
                          "of edge %s must be an OCS, got \"%s\"", edge->id, edge->via_id);
  }
  return LS_OK;
}

int32_t *ls_groups_create(const ls_record *record)
{
  int32_t *parent = malloc(((size_t)record->node_count + 1) * sizeof *parent);
  for (int32_t i = 0; parent != NULL && i < record->node_count; i++) parent[i] = i;
  return parent;
}

int32_t ls_group_find(int32_t *parent, int32_t node)
{
  while (parent[node] != node) node = parent[node] = parent[parent[node]];
  return node;
}

void ls_groups_join(const ls_record *record, int64_t tier, bool with_peers, int32_t *parent)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->tier != tier) continue;
    if (edge->kind != LS_BUNDLE_TRUNK && edge->kind != LS_BUNDLE_CIRCUIT) continue;
    if (!with_peers && ls_record_is_peer(record, edge)) continue;
    parent[ls_group_find(parent, edge->node_a)] = ls_group_find(parent, edge->node_b);
  }
}

ls_status ls_mesh_create(const ls_record *record, ls_mesh *mesh)
{
  ls_mesh made = {ls_record_peer_kind(record), ls_groups_create(record)};
  if (made.parent == NULL) return LS_ERR_MEMORY;
  if (made.kind == LS_DEVICE_SPINE) ls_groups_join(record, 1, false, made.parent);
  *mesh = made;
  return LS_OK;
}

void ls_mesh_destroy(ls_mesh *mesh) { free(mesh->parent); }
