/* What belongs together in a record: networks (planes, or rails that are apart), groups of nodes
 * that tiers of links join, and the blocks of a mesh. Knows neither igraph nor the optimizer. */
#include "verify_graph.h"

#include <stdlib.h>

bool ls_record_is_peer(const ls_record *record, const ls_record_edge *edge)
{
  return record->nodes[edge->node_a].kind == record->nodes[edge->node_b].kind;
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
  ls_mesh made = {LS_RECORD_NONE, ls_groups_create(record)};
  if (made.parent == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++)
    if (ls_record_is_peer(record, &record->edges[i]))
      made.kind = record->nodes[record->edges[i].node_a].kind;
  if (made.kind == LS_DEVICE_SPINE) ls_groups_join(record, 1, false, made.parent);
  *mesh = made;
  return LS_OK;
}

void ls_mesh_destroy(ls_mesh *mesh) { free(mesh->parent); }
