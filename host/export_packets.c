#include "export_packets.h"

#include <inttypes.h>
#include <stdlib.h>

#include "export_link.h"
#include "export_ports.h"

static int compare_links(const void *left, const void *right)
{
  const ls_packet_link *a = left, *b = right;
  if (a->a != b->a) return a->a < b->a ? -1 : 1;
  return (a->b > b->b) - (a->b < b->b);
}

static ls_status size_check(const ls_record *record, int64_t between_count, const char *tool,
                            ls_error *error)
{
  int64_t count = between_count;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->kind == LS_DEVICE_RACK && node->gpu_count < 0)
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "gpu_count",
                          "of node %s must be at least 0, got %" PRId64, node->id, node->gpu_count);
    count += node->kind == LS_DEVICE_RACK ? node->gpu_count : ls_record_is_switch(node);
  }
  if (count <= LS_PACKETS_NODES_MAX) return LS_OK;
  return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                      "has %" PRId64 " GPUs and switches, and %s numbers at most %d", count, tool,
                      LS_PACKETS_NODES_MAX);
}

static void nodes_number(ls_packets *self, int64_t between_count)
{
  const ls_record *record = self->record;
  for (int32_t i = 0; i < record->node_count; i++) {
    self->number_of[i] = -1;
    if (record->nodes[i].kind != LS_DEVICE_RACK) continue;
    self->number_of[i] = self->gpu_count;
    self->gpu_count += (int32_t)record->nodes[i].gpu_count;
  }
  self->switch_first = self->gpu_count + (int32_t)between_count;
  for (int32_t kind = LS_DEVICE_LEAF; kind <= LS_DEVICE_CORE; kind++)
    for (int32_t i = 0; i < record->node_count; i++)
      if (record->nodes[i].kind == kind)
        self->number_of[i] = self->switch_first + self->switch_count++;
}

static void link_add(ls_packets *self, int32_t a, int32_t b, const ls_record_edge *edge,
                     int64_t count)
{
  self->links[self->link_count++] =
      (ls_packet_link){a < b ? a : b, a < b ? b : a, count * ls_link_gbps(self->record, edge),
                       (ls_link_delay_ps(self->record, edge, true) + 999) / 1000};
}

static void edge_add(ls_packets *self, const ls_port_map *ports, int32_t index)
{
  const ls_record_edge *edge = &self->record->edges[index];
  const int32_t a = self->number_of[edge->node_a], b = self->number_of[edge->node_b];
  if (edge->kind == LS_BUNDLE_ACCESS)
    for (int64_t i = 0; i < edge->link_count; i++)
      link_add(self, a + (int32_t)ls_port_map_gpu(ports, index, i), b, edge, 1);
  else if (edge->kind != LS_BUNDLE_OCS_LEG)
    link_add(self, a, b, edge, edge->link_count);
}

/* Links of the same two nodes into one, as slow as the slowest. */
static void links_merge(ls_packets *self)
{
  int32_t kept = 0;
  qsort(self->links, (size_t)self->link_count, sizeof *self->links, compare_links);
  for (int32_t i = 0; i < self->link_count; i++) {
    ls_packet_link *last = kept ? &self->links[kept - 1] : NULL;
    if (!last || compare_links(last, &self->links[i]) != 0) {
      self->links[kept++] = self->links[i];
      continue;
    }
    last->gbps += self->links[i].gbps;
    if (last->delay_ns < self->links[i].delay_ns) last->delay_ns = self->links[i].delay_ns;
  }
  self->link_count = kept;
}

/* Trunks and circuits join switches: a rack would have no number of its own. */
static ls_status trunks_check(const ls_record *record, ls_error *error)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_TRUNK && edge->kind != LS_BUNDLE_CIRCUIT) continue;
    if (!ls_record_is_switch(&record->nodes[edge->node_a]) ||
        !ls_record_is_switch(&record->nodes[edge->node_b]) || edge->node_a == edge->node_b)
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "edge", "%s must join two switches",
                          edge->id);
  }
  return LS_OK;
}

static ls_status links_fill(ls_packets *self, const ls_port_map *ports)
{
  int64_t count = 1;
  for (int32_t i = 0; i < self->record->edge_count; i++) {
    const ls_record_edge *edge = &self->record->edges[i];
    count += edge->kind == LS_BUNDLE_ACCESS ? edge->link_count : 1;
  }
  self->links = malloc((size_t)count * sizeof *self->links);
  if (!self->links) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < self->record->edge_count; i++) edge_add(self, ports, i);
  links_merge(self);
  return LS_OK;
}

ls_status ls_packets_create(const ls_record *record, int64_t between_count, const char *tool,
                            ls_packets *packets, ls_error *error)
{
  ls_port_map ports = {0};
  *packets = (ls_packets){.record = record};
  ls_status status = size_check(record, between_count, tool, error);
  if (status == LS_OK) status = trunks_check(record, error);
  if (status != LS_OK) return status;
  packets->number_of = malloc(((size_t)record->node_count + 1) * sizeof *packets->number_of);
  if (!packets->number_of) return LS_ERR_MEMORY;
  nodes_number(packets, between_count);
  status = ls_port_map_create(record, &ports, error);
  if (status == LS_OK) status = links_fill(packets, &ports);
  ls_port_map_destroy(&ports);
  return status;
}

void ls_packets_destroy(ls_packets *packets)
{
  free(packets->number_of);
  free(packets->links);
}

void ls_packets_write_names(const ls_packets *packets, FILE *stream)
{
  const ls_record *record = packets->record;
  for (int32_t kind = LS_DEVICE_RACK; kind <= LS_DEVICE_CORE; kind++)
    for (int32_t i = 0; i < record->node_count; i++) {
      const ls_record_node *node = &record->nodes[i];
      if (node->kind != kind) continue;
      if (kind != LS_DEVICE_RACK) fprintf(stream, "# %d %s\n", packets->number_of[i], node->id);
      for (int32_t gpu = 0; kind == LS_DEVICE_RACK && gpu < node->gpu_count; gpu++)
        fprintf(stream, "# %d %s-gpu%d\n", packets->number_of[i] + gpu, node->id, gpu);
    }
}
