/* What fails as one and how much of the network it takes, from the slots of the file's devices.
 *
 * A link fails with a hall, row, feed or cooling unit when one of its ends or its OCS stands there,
 * with an OCS when it goes through it, with a tray when a cord of it lies there: above the row of
 * either end of a cord that leaves its rack, or between the halls of both. Of a tier's links that
 * is the share; what the GPUs outside lose of the part that they are due is the rest:
 *
 *   share = max over tiers of failed / all
 *   rest  = max over tiers of (failed GPUs_all - GPUs_inside all) / (GPUs_outside all), or 1
 *
 * A switch takes its ports towards the GPUs of those that all of its kind have, a lot of lasers the
 * bandwidth that it feeds of the links of one tier. */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one instance takes with it. */
typedef struct loss {
  int64_t links[LS_RECORD_TIER_MAX];
  int64_t gpus;
  int32_t last_edge; /* the last one that was counted here */
} loss;

typedef struct sums {
  const ls_record *record;
  ls_record_danger danger;
  int64_t instance_count;
  loss *losses; /* [instance_count] */
  int64_t all[LS_RECORD_TIER_MAX], gpus;
} sums;

static bool is_on_floor(const ls_record_site *site, int64_t slot)
{
  return slot >= 0 && slot < site->row_count * site->racks_per_row;
}

/* Areas of one name are one: it is known by the first of them. */
static int32_t area_first(const ls_record_zones *zones, int32_t area)
{
  for (int32_t i = 0; i < area; i++)
    if (strcmp(zones->areas[i].name, zones->areas[area].name) == 0) return i;
  return area;
}

static const ls_record_zones *zones_of(const sums *self)
{
  const ls_record_site *site = &self->record->site;
  if (self->danger == LS_DANGER_HALL) return &site->halls;
  return self->danger == LS_DANGER_FEED ? &site->feeds : &site->cooling_units;
}

/* The instance that a device stands in, or -1. */
static int64_t place_of(const sums *self, int32_t index)
{
  const ls_record_site *site = &self->record->site;
  const ls_record_node *node = &self->record->nodes[index];
  if (self->danger == LS_DANGER_OCS) return node->kind == LS_DEVICE_OCS ? index : -1;
  if (self->danger == LS_DANGER_TRAY || !is_on_floor(site, node->slot)) return -1;
  if (self->danger == LS_DANGER_ROW) return node->slot / site->racks_per_row;
  const int32_t area = ls_record_area_find(site, zones_of(self), node->slot);
  return area < 0 ? -1 : area_first(zones_of(self), area);
}

static void lose(sums *self, int64_t instance, int32_t edge)
{
  const ls_record_edge *lost = &self->record->edges[edge];
  if (instance < 0 || self->losses[instance].last_edge == edge) return;
  self->losses[instance].last_edge = edge;
  ls_verify_add_product(&self->losses[instance].links[lost->tier], lost->link_count, 1);
}

/* The trays of one cord of an edge. */
static void lose_cord(sums *self, int32_t node_a, int32_t node_b, int32_t edge)
{
  const ls_record_site *site = &self->record->site;
  const int64_t a = self->record->nodes[node_a].slot, b = self->record->nodes[node_b].slot;
  if (a == b || !is_on_floor(site, a) || !is_on_floor(site, b)) return;
  lose(self, a / site->racks_per_row, edge);
  lose(self, b / site->racks_per_row, edge);
  const int32_t hall_a = ls_record_area_find(site, &site->halls, a),
                hall_b = ls_record_area_find(site, &site->halls, b);
  for (int32_t hall = 0; hall + 1 < site->halls.count; hall++)
    if ((hall_a <= hall) != (hall_b <= hall)) lose(self, site->row_count + hall, edge);
}

static void lose_edge(sums *self, int32_t index)
{
  const ls_record_edge *edge = &self->record->edges[index];
  if (edge->tier < 0 || edge->tier >= LS_RECORD_TIER_MAX || edge->kind == LS_BUNDLE_OCS_LEG) return;
  ls_verify_add_product(&self->all[edge->tier], edge->link_count, 1);
  if (self->danger == LS_DANGER_TRAY) {
    lose_cord(self, edge->node_a, edge->via < 0 ? edge->node_b : edge->via, index);
    if (edge->via >= 0) lose_cord(self, edge->via, edge->node_b, index);
    return;
  }
  lose(self, place_of(self, edge->node_a), index);
  lose(self, place_of(self, edge->node_b), index);
  if (edge->via >= 0) lose(self, place_of(self, edge->via), index);
}

static ls_status sums_create(const ls_record *record, ls_record_danger danger, sums *self)
{
  const ls_record_site *site = &record->site;
  const int64_t gaps = site->halls.count > 0 ? site->halls.count - 1 : 0;
  *self = (sums){.record = record, .danger = danger};
  self->instance_count = danger == LS_DANGER_OCS    ? record->node_count
                         : danger == LS_DANGER_ROW  ? site->row_count
                         : danger == LS_DANGER_TRAY ? site->row_count + gaps
                                                    : zones_of(self)->count;
  self->losses = calloc((size_t)self->instance_count + 1, sizeof *self->losses);
  if (self->losses == NULL) return LS_ERR_MEMORY;
  for (int64_t i = 0; i < self->instance_count; i++) self->losses[i].last_edge = -1;
  for (int32_t i = 0; i < record->node_count; i++) {
    const int64_t place = place_of(self, i);
    ls_verify_add_product(&self->gpus, record->nodes[i].gpu_count, 1);
    if (place >= 0) ls_verify_add_product(&self->losses[place].gpus, record->nodes[i].gpu_count, 1);
  }
  for (int32_t i = 0; i < record->edge_count; i++) lose_edge(self, i);
  return LS_OK;
}

/* part / whole in millionths, rounded up. The file may say anything, so that a product may be
 * beyond 64 bits: then no claim is met. */
static int64_t millionths(int64_t part, int64_t whole)
{
  int64_t thousandths = 0, millionths_left = 0;
  if (part <= 0 || whole <= 0) return 0;
  ls_verify_add_product(&thousandths, part, 1000);
  ls_verify_add_product(&millionths_left, thousandths % whole, 1000);
  return thousandths / whole * 1000 + millionths_left / whole + (millionths_left % whole > 0);
}

static ls_record_risk risk_of(const sums *self, const loss *lost)
{
  const int64_t outside = self->gpus - lost->gpus;
  ls_record_risk found = {.rest_ppm = outside > 0 ? 0 : 1000000};
  for (int tier = 0; tier < LS_RECORD_TIER_MAX; tier++) {
    int64_t failed = 0, own = 0, due = 0;
    const int64_t share_ppm = millionths(lost->links[tier], self->all[tier]);
    ls_verify_add_product(&failed, lost->links[tier], self->gpus);
    ls_verify_add_product(&own, lost->gpus, self->all[tier]);
    ls_verify_add_product(&due, outside, self->all[tier]);
    const int64_t rest_ppm = failed > own ? millionths(failed - own, due) : 0;
    if (share_ppm > found.share_ppm) found.share_ppm = share_ppm;
    if (rest_ppm > found.rest_ppm) found.rest_ppm = rest_ppm;
  }
  return found;
}

static void name_of(const sums *self, int64_t instance, char name[LS_RECORD_ID_MAX])
{
  const ls_record_site *site = &self->record->site;
  const int64_t gap = instance - site->row_count;
  if (self->danger == LS_DANGER_OCS)
    snprintf(name, LS_RECORD_ID_MAX, "%s", self->record->nodes[instance].id);
  else if (self->danger == LS_DANGER_TRAY && gap >= 0)
    snprintf(name, LS_RECORD_ID_MAX, "%s-%s", site->halls.areas[gap].name,
             site->halls.areas[gap + 1].name);
  else if (self->danger == LS_DANGER_TRAY || self->danger == LS_DANGER_ROW)
    snprintf(name, LS_RECORD_ID_MAX, "row%" PRId64, instance);
  else
    snprintf(name, LS_RECORD_ID_MAX, "%s", zones_of(self)->areas[instance].name);
}

/* Keeps the worse of two; of equals the one that the file names. */
static void keep_worse(ls_record_risk *worst, const ls_record_risk *other, const char *claimed)
{
  const bool is_equal = other->rest_ppm == worst->rest_ppm && other->share_ppm == worst->share_ppm;
  const bool is_worse = other->rest_ppm > worst->rest_ppm ||
                        (other->rest_ppm == worst->rest_ppm && other->share_ppm > worst->share_ppm);
  if (worst->worst[0] == '\0' || is_worse || (is_equal && strcmp(other->worst, claimed) == 0))
    *worst = *other;
}

static ls_status find_placed(const ls_record *record, ls_record_danger danger,
                             ls_record_risk *worst)
{
  sums made;
  const ls_status status = sums_create(record, danger, &made);
  if (status != LS_OK) return status;
  for (int64_t i = 0; i < made.instance_count; i++) {
    if (danger == LS_DANGER_OCS && record->nodes[i].kind != LS_DEVICE_OCS) continue;
    const bool is_zone =
        danger == LS_DANGER_HALL || danger == LS_DANGER_FEED || danger == LS_DANGER_COOLING_UNIT;
    if (is_zone && area_first(zones_of(&made), (int32_t)i) != i) continue;
    ls_record_risk found = risk_of(&made, &made.losses[i]);
    name_of(&made, i, found.worst);
    keep_worse(worst, &found, record->claims.dangers[danger].worst);
  }
  free(made.losses);
  return LS_OK;
}

static void find_chassis(const ls_record *record, ls_record_risk *worst)
{
  int64_t ports[LS_DEVICE_KIND_COUNT] = {0};
  for (int32_t i = 0; i < record->node_count; i++)
    ports[record->nodes[i].kind] += record->nodes[i].down.port_count;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (!ls_record_is_switch(node)) continue;
    ls_record_risk found = {.share_ppm = millionths(node->down.port_count, ports[node->kind])};
    found.rest_ppm = found.share_ppm;
    snprintf(found.worst, sizeof found.worst, "%s", node->id);
    keep_worse(worst, &found, record->claims.dangers[LS_DANGER_CHASSIS].worst);
  }
}

/* A lot of lasers may stand at one end of one tier alone, and takes of it what it feeds. */
static void find_lot(const ls_record *record, ls_record_risk *worst)
{
  int64_t links[LS_RECORD_TIER_MAX] = {0};
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_OCS_LEG && edge->tier >= 0 && edge->tier < LS_RECORD_TIER_MAX)
      ls_verify_add_product(&links[edge->tier], edge->link_count, 1);
  }
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const int32_t ends[2] = {edge->optic_a, edge->optic_b};
    for (int end = 0; end < 2; end++) {
      if (ends[end] < 0 || edge->tier < 0 || edge->tier >= LS_RECORD_TIER_MAX) continue;
      const ls_record_optic *optic = &record->optics[ends[end]];
      int64_t gbps = 0;
      if (optic->lot_gbps <= 0) continue;
      ls_verify_add_product(&gbps, links[edge->tier], record->site.port_gbps);
      ls_record_risk found = {.share_ppm = 1000000};
      if (optic->lot_gbps < gbps) found.share_ppm = millionths(optic->lot_gbps, gbps);
      found.rest_ppm = found.share_ppm;
      snprintf(found.worst, sizeof found.worst, "%s", optic->id);
      keep_worse(worst, &found, record->claims.dangers[LS_DANGER_LASER_LOT].worst);
    }
  }
}

static void compare(const ls_record_risk *claim, ls_record_risk *found, const char *name,
                    ls_verify_report *report)
{
  char what[64];
  if (found->worst[0] == '\0') snprintf(found->worst, sizeof found->worst, "none");
  snprintf(what, sizeof what, "%s_share_ppm", name);
  ls_verify_compare(report, "graph", what, claim->share_ppm, found->share_ppm);
  snprintf(what, sizeof what, "%s_rest_ppm", name);
  ls_verify_compare(report, "graph", what, claim->rest_ppm, found->rest_ppm);
  snprintf(what, sizeof what, "%s_worst", name);
  if (strcmp(claim->worst, found->worst) != 0)
    ls_verify_mismatch(report, "graph", what, claim->worst, found->worst);
  snprintf(what, sizeof what, "%s_rest_ppm_max", name);
  if (claim->rest_ppm_max > 0 && found->rest_ppm > claim->rest_ppm_max)
    ls_verify_compare(report, "graph", what, claim->rest_ppm_max, found->rest_ppm);
}

ls_status ls_verify_check_domains(const ls_record *record, ls_verify_report *report)
{
  for (int32_t danger = 0; danger < LS_DANGER_COUNT; danger++) {
    ls_record_risk found = {0};
    if (danger == LS_DANGER_CHASSIS) {
      find_chassis(record, &found);
    } else if (danger == LS_DANGER_LASER_LOT) {
      find_lot(record, &found);
    } else {
      const ls_status status = find_placed(record, (ls_record_danger)danger, &found);
      if (status != LS_OK) return status;
    }
    compare(&record->claims.dangers[danger], &found, ls_danger_names[danger], report);
  }
  return LS_OK;
}
