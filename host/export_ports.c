#include "export_ports.h"

#include <inttypes.h>
#include <stdlib.h>

/* Ports given out so far, by node; of an OCS down, for either side. */
typedef struct book {
  ls_port_map *ports;
  ls_error *error;
  int64_t *down, *up;
  int64_t *carried; /* [edge_count] links of circuits that a leg has taken */
  int32_t peer_kind;
} book;

/* Access bundles, by the GPUs that they share. */
typedef struct cord {
  int32_t rack, edge;
  int64_t plane, rail;
} cord;

static int compare_cords(const void *left, const void *right)
{
  const cord *a = left, *b = right;
  if (a->rack != b->rack) return a->rack < b->rack ? -1 : 1;
  if (a->plane != b->plane) return a->plane < b->plane ? -1 : 1;
  if (a->rail != b->rail) return a->rail < b->rail ? -1 : 1;
  return (a->edge > b->edge) - (a->edge < b->edge);
}

static ls_status edge_refuse(const book *self, int32_t edge, const char *what)
{
  return ls_error_set(self->error, LS_ERR_INPUT, NULL, 0, "edge", "%s %s",
                      self->ports->record->edges[edge].id, what);
}

/* ---- GPUs ---- */

static ls_status cord_take(const book *self, int32_t edge, cord *taken)
{
  const ls_record *record = self->ports->record;
  const ls_record_edge *bundle = &record->edges[edge];
  const ls_record_node *leaf = &record->nodes[bundle->node_b];
  if (record->nodes[bundle->node_a].kind != LS_DEVICE_RACK || leaf->kind != LS_DEVICE_LEAF)
    return edge_refuse(self, edge, "must join a rack to a leaf");
  const int64_t rail = record->site.rail_count > 1 ? leaf->rail : 0;
  if (rail < 0 || rail >= record->site.rail_count)
    return edge_refuse(self, edge, "ends at a leaf of no rail");
  *taken = (cord){bundle->node_a, edge, leaf->plane, rail};
  return LS_OK;
}

static ls_status gpus_share(const book *self, cord *cords, int32_t count)
{
  const ls_record *record = self->ports->record;
  int64_t taken = 0;
  qsort(cords, (size_t)count, sizeof *cords, compare_cords);
  for (int32_t i = 0; i < count; i++) {
    const cord *at = &cords[i], *before = i ? &cords[i - 1] : NULL;
    if (!before || before->rack != at->rack || before->plane != at->plane ||
        before->rail != at->rail)
      taken = 0;
    self->ports->first_a[at->edge] = taken;
    taken += record->edges[at->edge].link_count;
    if ((taken - 1) * record->site.rail_count + at->rail >= record->nodes[at->rack].gpu_count)
      return edge_refuse(self, at->edge, "has more links than its rack has GPUs");
  }
  return LS_OK;
}

static ls_status gpus_take(const book *self)
{
  const ls_record *record = self->ports->record;
  int32_t count = 0;
  ls_status status = LS_OK;
  cord *cords = malloc(((size_t)record->edge_count + 1) * sizeof *cords);
  if (!cords) return LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++)
    if (record->edges[i].kind == LS_BUNDLE_ACCESS) status = cord_take(self, i, &cords[count++]);
  if (status == LS_OK) status = gpus_share(self, cords, count);
  free(cords);
  return status;
}

/* ---- Ports ---- */

/* How many ports face the GPUs at most, lit or not: those away from them start behind. Pods are
 * full at half of a switch, but where OCS join them they are all alike. */
static int64_t down_max(const book *self, const ls_record_node *node)
{
  if (node->kind == LS_DEVICE_LEAF) return node->radix - node->up.port_count;
  return node->kind == self->peer_kind ? node->down.port_count : node->radix / 2;
}

static int64_t port_take(book *self, int32_t index, bool is_down, int64_t count)
{
  const ls_record_node *node = &self->ports->record->nodes[index];
  int64_t *used = is_down ? &self->down[index] : &self->up[index];
  const int64_t first = *used + 1 + (is_down ? 0 : down_max(self, node));
  *used += count;
  return first;
}

static ls_status cord_ports(book *self, int32_t index)
{
  const ls_record *record = self->ports->record;
  const ls_record_edge *edge = &record->edges[index];
  const bool is_leg = edge->kind == LS_BUNDLE_OCS_LEG;
  if (edge->kind != LS_BUNDLE_ACCESS)
    self->ports->first_a[index] = port_take(self, edge->node_a, false, edge->link_count);
  if (is_leg && record->nodes[edge->node_b].kind != LS_DEVICE_OCS)
    return edge_refuse(self, index, "must end at an OCS");
  const int64_t count = is_leg ? edge->link_count * edge->strand_count / 2 : edge->link_count;
  self->ports->first_b[index] =
      port_take(self, edge->node_b, !ls_record_is_peer(record, edge), count);
  return LS_OK;
}

/* The next of the leg's ports at a circuit's end. */
static ls_status leg_ports(book *self, const ls_leg_index *legs, int32_t index, int32_t device,
                           int64_t *first)
{
  const ls_record *record = self->ports->record;
  const ls_record_edge *edge = &record->edges[index];
  const int32_t leg = ls_leg_find(legs, device, edge->via);
  if (leg < 0) return edge_refuse(self, index, "passes an OCS that its ends are not cabled to");
  *first = self->ports->first_a[leg] + self->carried[leg];
  self->carried[leg] += edge->link_count;
  if (self->carried[leg] > record->edges[leg].link_count)
    return edge_refuse(self, index, "is one link too many for the cords to its OCS");
  return LS_OK;
}

static ls_status circuits_take(book *self)
{
  const ls_record *record = self->ports->record;
  ls_leg_index legs;
  ls_status status = ls_leg_index_create(record, &legs);
  if (status != LS_OK) return status;
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_CIRCUIT) continue;
    status = leg_ports(self, &legs, i, edge->node_a, &self->ports->first_a[i]);
    if (status == LS_OK) status = leg_ports(self, &legs, i, edge->node_b, &self->ports->first_b[i]);
  }
  ls_leg_index_destroy(&legs);
  return status;
}

static ls_status room_check(const book *self, int32_t index)
{
  const ls_record *record = self->ports->record;
  const ls_record_node *node = &record->nodes[index];
  if (node->kind == LS_DEVICE_RACK &&
      node->gpu_count > node->server_count * record->site.gpus_per_server)
    return ls_error_set(self->error, LS_ERR_INPUT, NULL, 0, "gpu_count",
                        "of node %s must be at most %" PRId64 " in each of its servers", node->id,
                        record->site.gpus_per_server);
  if (!ls_record_is_switch(node) || !self->up[index]) return LS_OK;
  if (self->down[index] <= down_max(self, node)) return LS_OK;
  return ls_error_set(self->error, LS_ERR_INPUT, NULL, 0, "down_port_count",
                      "of node %s: more links come from below than it has ports", node->id);
}

ls_status ls_port_map_create(const ls_record *record, ls_port_map *ports, ls_error *error)
{
  const size_t nodes = (size_t)record->node_count + 1, edges = (size_t)record->edge_count + 1;
  book self = {.ports = ports, .error = error, .peer_kind = ls_record_peer_kind(record)};
  *ports = (ls_port_map){record, calloc(edges, sizeof *ports->first_a),
                         calloc(edges, sizeof *ports->first_b)};
  self.down = calloc(nodes, sizeof *self.down);
  self.up = calloc(nodes, sizeof *self.up);
  self.carried = calloc(edges, sizeof *self.carried);
  ls_status status = ports->first_a && ports->first_b && self.down && self.up && self.carried
                         ? LS_OK
                         : LS_ERR_MEMORY;
  if (status == LS_OK) status = gpus_take(&self);
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++)
    if (record->edges[i].kind != LS_BUNDLE_CIRCUIT) status = cord_ports(&self, i);
  if (status == LS_OK) status = circuits_take(&self);
  for (int32_t i = 0; status == LS_OK && i < record->node_count; i++) status = room_check(&self, i);
  free(self.carried);
  free(self.up);
  free(self.down);
  return status;
}

void ls_port_map_destroy(ls_port_map *ports)
{
  free(ports->first_a);
  free(ports->first_b);
}

int64_t ls_port_map_gpu(const ls_port_map *ports, int32_t edge, int64_t link)
{
  const ls_record_edge *bundle = &ports->record->edges[edge];
  const int64_t rails = ports->record->site.rail_count;
  const int64_t rail = rails > 1 ? ports->record->nodes[bundle->node_b].rail : 0;
  return (ports->first_a[edge] + link) * rails + rail;
}

void ls_server_name(const ls_record_node *rack, int64_t server, char name[LS_RECORD_ID_MAX + 16])
{
  snprintf(name, LS_RECORD_ID_MAX + 16, "%.63s-s%" PRId64, rack->id, server);
}

static void server_end(const ls_port_map *ports, int32_t edge, int64_t link, ls_link_end *end)
{
  const ls_record_edge *bundle = &ports->record->edges[edge];
  const int64_t gpus = ports->record->site.gpus_per_server;
  const int64_t plane = ports->record->nodes[bundle->node_b].plane;
  const int64_t gpu = ls_port_map_gpu(ports, edge, link);
  ls_server_name(&ports->record->nodes[bundle->node_a], gpu / gpus, end->device);
  snprintf(end->port, sizeof end->port, "eth%" PRId64, plane * gpus + gpu % gpus + 1);
}

static void device_end(const ls_record_node *node, int64_t port, ls_link_end *end)
{
  snprintf(end->device, sizeof end->device, "%.63s", node->id);
  snprintf(end->port, sizeof end->port, "eth%" PRId64, port);
}

static void ocs_end(const ls_record *record, const ls_record_edge *leg, int64_t first, int64_t link,
                    ls_link_end *end)
{
  const int64_t half = leg->link_count / 2;
  const bool is_b = leg->strand_count == 1 && link >= half;
  const int64_t step =
      leg->strand_count == 1 ? link - (is_b ? half : 0) : link * leg->strand_count / 2;
  device_end(&record->nodes[leg->node_b], 0, end);
  snprintf(end->port, sizeof end->port, "%c%" PRId64, is_b ? 'B' : 'A', first + step);
}

void ls_port_map_ends(const ls_port_map *ports, int32_t edge, int64_t link, ls_link_end ends[2])
{
  const ls_record *record = ports->record;
  const ls_record_edge *bundle = &record->edges[edge];
  if (bundle->kind == LS_BUNDLE_ACCESS)
    server_end(ports, edge, link, &ends[0]);
  else
    device_end(&record->nodes[bundle->node_a], ports->first_a[edge] + link, &ends[0]);
  if (bundle->kind == LS_BUNDLE_OCS_LEG)
    ocs_end(record, bundle, ports->first_b[edge], link, &ends[1]);
  else
    device_end(&record->nodes[bundle->node_b], ports->first_b[edge] + link, &ends[1]);
}
