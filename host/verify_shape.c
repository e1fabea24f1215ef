/* What measuring the shape of a graph needs beside igraph's algorithms: the switches of one plane
 * as plain arrays, and the sums over the distances between their leaves. Knows neither igraph nor
 * the optimizer. */
#include "verify_graph.h"

#include <stdlib.h>
#include <string.h>

ls_status ls_plane_create(const ls_record *record, int64_t index, ls_plane *plane)
{
  const size_t room = (size_t)record->node_count + 1;
  memset(plane, 0, sizeof *plane);
  int32_t *vertex_of = malloc(room * sizeof *vertex_of);
  plane->leaves = malloc(room * sizeof *plane->leaves);
  plane->weight = calloc(room, sizeof *plane->weight);
  plane->class_weight = calloc(room, sizeof *plane->class_weight);
  plane->class_of = calloc(room, sizeof *plane->class_of);
  plane->cut.edges = malloc(((size_t)record->edge_count + 1) * sizeof *plane->cut.edges);
  if (!vertex_of || !plane->leaves || !plane->weight || !plane->class_weight || !plane->class_of ||
      !plane->cut.edges) {
    free(vertex_of);
    return LS_ERR_MEMORY;
  }
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    vertex_of[i] = ls_record_is_switch(node) && ls_record_network(record, node) == index
                       ? plane->cut.vertex_count++
                       : -1;
    if (vertex_of[i] >= 0 && node->kind == LS_DEVICE_LEAF)
      plane->leaves[plane->leaf_count++] = vertex_of[i];
  }
  ls_record_plane_links(record, vertex_of, &plane->cut, plane->weight);
  free(vertex_of);
  return LS_OK;
}

void ls_plane_destroy(ls_plane *plane)
{
  free(plane->class_of);
  free(plane->class_weight);
  free(plane->weight);
  free(plane->leaves);
  free(plane->cut.edges);
}

static int compare_twins(const void *left, const void *right)
{
  const ls_twin *a = left, *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

void ls_twin_sort(ls_twin *twins, int32_t count)
{
  qsort(twins, (size_t)count, sizeof *twins, compare_twins);
}

void ls_plane_join_class(ls_plane *plane, int32_t leaf, int32_t source)
{
  plane->class_of[leaf] = source;
  plane->class_weight[source] += plane->weight[leaf];
}

void ls_plane_add_distances(const ls_plane *plane, int32_t source, const double *hops,
                            size_t stride, ls_distance_sums *sums)
{
  const double twin_hops = 2, class_weight = plane->class_weight[source];
  double squares = 0;
  for (int32_t i = 0; i < plane->leaf_count; i++) {
    const int32_t leaf = plane->leaves[i];
    const bool is_twin = plane->class_of[leaf] == source;
    const double weight = plane->weight[leaf];
    const double distance = is_twin ? twin_hops : hops[(size_t)i * stride];
    if (leaf != source && distance > sums->hops_max) sums->hops_max = (int32_t)distance;
    if (is_twin) {
      squares += weight * weight;
      continue;
    }
    sums->weighted_hops += class_weight * weight * distance;
    sums->weight += class_weight * weight;
  }
  const double pairs = class_weight * class_weight - squares;
  sums->weighted_hops += twin_hops * pairs;
  sums->weight += pairs;
}

void ls_shape_add_cut(ls_record_shape *shape, int64_t cut, bool is_exact)
{
  if (cut >= 0 && (shape->edge_connectivity < 0 || cut < shape->edge_connectivity))
    shape->edge_connectivity = cut;
  shape->is_connectivity_exact = shape->is_connectivity_exact && is_exact;
}

void ls_shape_set_distances(ls_record_shape *shape, bool is_connected, const ls_distance_sums *sums)
{
  shape->diameter_hops = is_connected ? sums->hops_max : -1;
  shape->distance_mean_hops =
      is_connected && sums->weight > 0 ? sums->weighted_hops / sums->weight : 0;
}
