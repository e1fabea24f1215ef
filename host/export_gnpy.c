/* The lines between halls as GNPy's network: for each bundle, or circuit, with glass between two
 * halls a transceiver at both ends and in each direction a fiber; through an OCS two fibers with a
 * fused element between them, that takes what the OCS does. All links of a bundle are alike, so it
 * is one line. Budgets are of one link: the loss of the fiber, and of connectors, circulators and
 * shuffle boxes half at either end. */
#include <string.h>

#include "export.h"
#include "json.h"
#include "verify_graph.h"

enum { UID_MAX = 320 };

typedef struct network {
  const ls_record *record;
  ls_leg_index legs;
  ls_json *elements, *connections;
  int64_t line_count;
} network;

static const char *hall_of(const ls_record *record, int32_t node)
{
  const ls_record_site *site = &record->site;
  const int32_t area = ls_record_area_find(site, &site->halls, record->nodes[node].slot);
  return area < 0 ? "" : site->halls.areas[area].name;
}

static bool is_between_halls(const ls_record *record, const ls_record_edge *cord)
{
  const char *a = hall_of(record, cord->node_a), *b = hall_of(record, cord->node_b);
  return cord->fiber >= 0 && *a && *b && strcmp(a, b) != 0;
}

/* ---- Elements ---- */

/* GNPy draws maps by these: metres on the floor. */
static ls_json *place_json(const ls_record *record, int32_t node)
{
  const ls_record_node *at = &record->nodes[node];
  ls_json *metadata = ls_json_object(), *location = ls_json_object();
  ls_json_set_text(location, "city", at->id);
  ls_json_set_text(location, "region", hall_of(record, node));
  ls_json_set_real(location, "latitude", (double)at->y_mm / 1000);
  ls_json_set_real(location, "longitude", (double)at->x_mm / 1000);
  ls_json_set(metadata, "location", location);
  return metadata;
}

static void element_add(network *self, const char *uid, const char *type, int32_t node,
                        ls_json *params)
{
  ls_json *element = ls_json_object();
  ls_json_set_text(element, "uid", uid);
  ls_json_set_text(element, "type", type);
  if (strcmp(type, "Fiber") == 0) ls_json_set_text(element, "type_variety", "SSMF");
  if (params) ls_json_set(element, "params", params);
  ls_json_set(element, "metadata", place_json(self->record, node));
  ls_json_append(self->elements, element);
}

/* Appends an element to a direction's line. */
static void connect(network *self, char last[UID_MAX], const char *uid)
{
  ls_json *connection = ls_json_object();
  ls_json_set_text(connection, "from_node", last);
  ls_json_set_text(connection, "to_node", uid);
  ls_json_append(self->connections, connection);
  snprintf(last, UID_MAX, "%s", uid);
}

static int64_t fiber_loss_mdb(const ls_record *record, const ls_record_edge *cord)
{
  const int64_t product = cord->length_mm * record->fibers[cord->fiber].loss_mdb_per_km;
  return (product + 999999) / 1000000;
}

static void fiber_add(network *self, char last[UID_MAX], const ls_record_edge *cord,
                      const char *way)
{
  const ls_record *record = self->record;
  const int64_t connectors_mdb = cord->loss_mdb - fiber_loss_mdb(record, cord);
  ls_json *params = ls_json_object();
  char uid[UID_MAX];
  snprintf(uid, sizeof uid, "fiber %.120s %.100s", cord->id, way);
  ls_json_set_real(params, "length", (double)cord->length_mm / 1e6);
  ls_json_set_text(params, "length_units", "km");
  ls_json_set_real(params, "loss_coef", (double)record->fibers[cord->fiber].loss_mdb_per_km / 1000);
  ls_json_set_real(params, "con_in", (double)connectors_mdb / 2000);
  ls_json_set_real(params, "con_out", (double)connectors_mdb / 2000);
  element_add(self, uid, "Fiber", cord->node_a, params);
  connect(self, last, uid);
}

/* ---- Lines ---- */

/* One direction of a line: the cord, or both legs with the OCS between them. */
static void way_add(network *self, const ls_record_edge *edge, const ls_record_edge *const legs[2],
                    bool is_back)
{
  const ls_record *record = self->record;
  const int32_t from = is_back ? edge->node_b : edge->node_a;
  const int32_t to = is_back ? edge->node_a : edge->node_b;
  char last[UID_MAX], end[UID_MAX], way[UID_MAX], fused[UID_MAX];
  snprintf(last, sizeof last, "trx %.80s %.160s", record->nodes[from].id, edge->id);
  snprintf(end, sizeof end, "trx %.80s %.160s", record->nodes[to].id, edge->id);
  if (!legs[0]) {
    fiber_add(self, last, edge, is_back ? "back" : "out");
  } else {
    ls_json *params = ls_json_object();
    snprintf(way, sizeof way, "of %.80s %s", edge->id, is_back ? "back" : "out");
    snprintf(fused, sizeof fused, "ocs %.60s %.120s", record->nodes[edge->via].id, way);
    ls_json_set_real(params, "loss",
                     (double)(edge->loss_mdb - legs[0]->loss_mdb - legs[1]->loss_mdb) / 1000);
    fiber_add(self, last, legs[is_back], way);
    element_add(self, fused, "Fused", edge->via, params);
    connect(self, last, fused);
    fiber_add(self, last, legs[!is_back], way);
  }
  connect(self, last, end);
}

static void line_add(network *self, const ls_record_edge *edge, const ls_record_edge *const legs[2])
{
  const int32_t ends[] = {edge->node_a, edge->node_b};
  for (int32_t i = 0; i < 2; i++) {
    char uid[UID_MAX];
    snprintf(uid, sizeof uid, "trx %.80s %.160s", self->record->nodes[ends[i]].id, edge->id);
    element_add(self, uid, "Transceiver", ends[i], NULL);
  }
  way_add(self, edge, legs, false);
  way_add(self, edge, legs, true);
  self->line_count++;
}

static const ls_record_edge *leg_of(const network *self, const ls_record_edge *circuit,
                                    int32_t device)
{
  const int32_t leg = ls_leg_find(&self->legs, device, circuit->via);
  return leg < 0 ? NULL : &self->record->edges[leg];
}

static void edge_add(network *self, const ls_record_edge *edge)
{
  const ls_record_edge *legs[2] = {NULL, NULL};
  if (edge->kind == LS_BUNDLE_OCS_LEG) return; /* circuits pass them */
  if (edge->kind != LS_BUNDLE_CIRCUIT) {
    if (is_between_halls(self->record, edge)) line_add(self, edge, legs);
    return;
  }
  legs[0] = leg_of(self, edge, edge->node_a);
  legs[1] = leg_of(self, edge, edge->node_b);
  if (!legs[0] || !legs[1] || legs[0]->fiber < 0 || legs[1]->fiber < 0) return;
  if (is_between_halls(self->record, legs[0]) || is_between_halls(self->record, legs[1]))
    line_add(self, edge, legs);
}

static ls_status network_write(network *self, const ls_export *design, FILE *stream,
                               ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "network_name", design->name);
  ls_json_set(object, "elements", self->elements);
  ls_json_set(object, "connections", self->connections);
  return ls_json_write(object, stream, error);
}

ls_status ls_export_gnpy(const ls_export *design, FILE *stream, ls_error *error)
{
  network self = {.record = design->record};
  const ls_status status = ls_leg_index_create(design->record, &self.legs);
  if (status != LS_OK) return status;
  self.elements = ls_json_array();
  self.connections = ls_json_array();
  for (int32_t i = 0; i < design->record->edge_count; i++)
    edge_add(&self, &design->record->edges[i]);
  ls_leg_index_destroy(&self.legs);
  if (self.line_count) return network_write(&self, design, stream, error);
  ls_json_destroy(self.elements);
  ls_json_destroy(self.connections);
  return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                      "has no fiber between two halls, which is what GNPy is told of");
}
