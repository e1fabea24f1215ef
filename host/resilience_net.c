#include "resilience_net.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

LS_STATIC_ASSERT(LS_RECORD_PLANE_MAX <= LS_FAILURE_PLANES_MAX, "planes of a draw");

/* A part is drawn at most so often, so that the sum over all fits 64 bits whatever a file says. */
#define WEIGHT_MAX (INT64_C(1) << 38)

void ls_resilience_net_destroy(ls_resilience_net *self)
{
  free(self->nodes);
  free(self->edges);
  free(self->parts);
  free(self->set_first);
  free(self->taken);
  free(self->about);
}

/* ---- The graph ---- */

static void edge_fill(const ls_resilience_net *self, int32_t index)
{
  const ls_record_edge *from = &self->record->edges[index];
  ls_failure_edge *to = &self->edges[index];
  const bool is_up = from->kind == LS_BUNDLE_TRUNK || from->kind == LS_BUNDLE_CIRCUIT;
  *to = (ls_failure_edge){.node_a = from->node_a,
                          .node_b = from->node_b,
                          .links = (int32_t)from->link_count,
                          .kind = LS_FAILURE_ACCESS};
  if (!is_up) return;
  to->kind = ls_record_is_peer(self->record, from) ? LS_FAILURE_PEER : LS_FAILURE_UP;
  self->nodes[to->node_a].up += to->links;
  if (to->kind == LS_FAILURE_PEER) self->nodes[to->node_b].up += to->links;
}

static void graph_fill(const ls_resilience_net *self)
{
  for (int32_t i = 0; i < self->record->node_count; i++) {
    const ls_record_node *node = &self->record->nodes[i];
    const bool is_switch = ls_record_is_switch(node);
    self->nodes[i] = (ls_failure_node){.plane = is_switch ? (int32_t)node->plane : 0,
                                       .rank = is_switch ? node->kind - LS_DEVICE_LEAF : -1};
  }
  for (int32_t i = 0; i < self->record->edge_count; i++) edge_fill(self, i);
}

/* ---- What devices and trays take ---- */

enum { SETS_OF_EDGE_MAX = 8 + LS_RECORD_AREA_MAX };

static void set_add(int32_t set, int32_t sets[SETS_OF_EDGE_MAX], int32_t *count)
{
  for (int32_t i = 0; i < *count; i++)
    if (sets[i] == set) return;
  sets[(*count)++] = set;
}

static bool is_on_floor(const ls_record_site *site, int64_t slot)
{
  return slot >= 0 && slot < site->row_count * site->racks_per_row;
}

/* A cord that leaves its rack lies above the rows of both ends, and across the gaps between their
 * halls. */
static void cord_add(const ls_resilience_net *self, int32_t node_a, int32_t node_b,
                     int32_t sets[SETS_OF_EDGE_MAX], int32_t *count)
{
  const ls_record_site *site = &self->record->site;
  const int64_t a = self->record->nodes[node_a].slot, b = self->record->nodes[node_b].slot;
  const int32_t first = self->record->node_count;
  if (a == b || !is_on_floor(site, a) || !is_on_floor(site, b)) return;
  set_add(first + (int32_t)(a / site->racks_per_row), sets, count);
  set_add(first + (int32_t)(b / site->racks_per_row), sets, count);
  const int32_t hall_a = ls_record_area_find(site, &site->halls, a),
                hall_b = ls_record_area_find(site, &site->halls, b);
  for (int32_t hall = 0; hall + 1 < site->halls.count; hall++)
    if ((hall_a <= hall) != (hall_b <= hall))
      set_add(first + (int32_t)site->row_count + hall, sets, count);
}

/* The sets that hold a bundle: its upper device, between likes both, and of a circuit its OCS; and
 * the trays of its cords. A leg is none: its circuits are. */
static int32_t sets_of(const ls_resilience_net *self, int32_t index, int32_t sets[SETS_OF_EDGE_MAX])
{
  const ls_record_edge *edge = &self->record->edges[index];
  int32_t count = 0;
  if (edge->kind == LS_BUNDLE_OCS_LEG) return 0;
  const bool is_via = edge->kind == LS_BUNDLE_CIRCUIT && edge->via >= 0;
  set_add(edge->node_b, sets, &count);
  if (self->edges[index].kind == LS_FAILURE_PEER) set_add(edge->node_a, sets, &count);
  if (is_via) set_add(edge->via, sets, &count);
  cord_add(self, edge->node_a, is_via ? edge->via : edge->node_b, sets, &count);
  if (is_via) cord_add(self, edge->via, edge->node_b, sets, &count);
  return count;
}

static ls_status sets_fill(ls_resilience_net *self)
{
  int32_t sets[SETS_OF_EDGE_MAX];
  const int32_t set_count = self->record->node_count + self->tray_count;
  int64_t total = 0;
  self->set_first = calloc((size_t)set_count + 2, sizeof *self->set_first);
  if (!self->set_first) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < self->record->edge_count; i++)
    for (int32_t j = sets_of(self, i, sets); j > 0; j--, total++)
      self->set_first[sets[j - 1] + 2]++;
  if (total > INT32_MAX) return LS_ERR_MEMORY;
  for (int32_t i = 2; i <= set_count; i++) self->set_first[i] += self->set_first[i - 1];
  self->taken = malloc(((size_t)total + 1) * sizeof *self->taken);
  if (!self->taken) return LS_ERR_MEMORY;
  /* A set's next place is where the one behind it will begin. */
  for (int32_t i = 0; i < self->record->edge_count; i++)
    for (int32_t j = sets_of(self, i, sets); j > 0; j--)
      self->taken[self->set_first[sets[j - 1] + 1]++] = i;
  self->net.set_count = set_count;
  self->net.taken_count = (int32_t)total;
  return LS_OK;
}

/* ---- What can fail ---- */

static ls_status part_add(ls_resilience_net *self, ls_failure_component part,
                          ls_resilience_part about)
{
  const int32_t count = self->net.part_count;
  if (count == self->part_room) {
    const int32_t room = 2 * self->part_room + 256;
    ls_failure_component *parts = realloc(self->parts, (size_t)room * sizeof *parts);
    if (parts) self->parts = parts;
    ls_resilience_part *abouts = realloc(self->about, (size_t)room * sizeof *abouts);
    if (abouts) self->about = abouts;
    if (!parts || !abouts) return LS_ERR_MEMORY;
    self->part_room = room;
  }
  self->parts[count] = part;
  self->about[count] = about;
  self->net.part_count++;
  return LS_OK;
}

/* The parts of the optics at one end of a bundle. */
static ls_status end_add(ls_resilience_net *self, int32_t edge_index, int32_t optic_index)
{
  const ls_record_edge *edge = &self->record->edges[edge_index];
  if (optic_index < 0) return LS_OK;
  const ls_record_optic *optic = &self->record->optics[optic_index];
  const int64_t port_gbps = self->record->site.port_gbps;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_RECORD_PART_MAX; i++) {
    const ls_record_part *part = &optic->part[i];
    if (part->fit <= 0 || part->gbps <= 0) continue;
    const int64_t links = part->gbps > port_gbps ? part->gbps / port_gbps : 1;
    const int64_t count = (edge->link_count * port_gbps + part->gbps - 1) / part->gbps;
    status = part_add(self,
                      (ls_failure_component){
                          .set = -1,
                          .edge = edge_index,
                          .links = (int32_t)(links < edge->link_count ? links : edge->link_count)},
                      (ls_resilience_part){.kind = optic->module_gbps > 0 ? LS_FAILING_PORT
                                                                          : LS_FAILING_ENGINE + i,
                                           .count = count,
                                           .fit = (double)part->fit * (double)count});
  }
  return status;
}

static ls_status devices_add(ls_resilience_net *self)
{
  const ls_record *record = self->record;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->kind == LS_DEVICE_RACK || node->unit_fit <= 0) continue;
    status = part_add(self, (ls_failure_component){.set = i},
                      (ls_resilience_part){.kind = node->kind == LS_DEVICE_OCS ? LS_FAILING_OCS
                                                                               : LS_FAILING_CHASSIS,
                                           .count = 1,
                                           .fit = (double)node->unit_fit});
  }
  return status;
}

/* Trays that hold something. What cuts one has no FIT. */
static ls_status trays_add(ls_resilience_net *self)
{
  ls_status status = LS_OK;
  for (int32_t i = self->record->node_count; status == LS_OK && i < self->net.set_count; i++)
    if (self->set_first[i + 1] > self->set_first[i])
      status = part_add(self, (ls_failure_component){.set = i},
                        (ls_resilience_part){.kind = LS_FAILING_TRAY, .count = 1});
  return status;
}

/* How often each is drawn: as it fails, and trays, which nobody counts, one as often as another. */
static ls_status weights_fill(ls_resilience_net *self, ls_failing_kind drawn)
{
  uint64_t sum = 0;
  for (int32_t i = 0; i < self->net.part_count; i++) {
    const ls_resilience_part *about = &self->about[i];
    const double weight = about->kind == LS_FAILING_TRAY ? drawn == LS_FAILING_TRAY : about->fit;
    if (drawn == LS_FAILING_KIND_COUNT || about->kind == (int32_t)drawn)
      sum += weight < (double)WEIGHT_MAX ? (uint64_t)weight : (uint64_t)WEIGHT_MAX;
    self->parts[i].weight_sum = sum;
  }
  return sum ? LS_OK : LS_ERR_NO;
}

static ls_status parts_fill(ls_resilience_net *self)
{
  const ls_record *record = self->record;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++) {
    /* The optics of a circuit are those of its legs. */
    if (record->edges[i].kind == LS_BUNDLE_OCS_LEG) continue;
    status = end_add(self, i, record->edges[i].optic_a);
    if (status == LS_OK) status = end_add(self, i, record->edges[i].optic_b);
  }
  if (status == LS_OK) status = devices_add(self);
  if (status == LS_OK) status = trays_add(self);
  return status;
}

ls_status ls_resilience_net_create(const ls_record *record, ls_failing_kind drawn,
                                   ls_resilience_net *self)
{
  const ls_record_site *site = &record->site;
  *self = (ls_resilience_net){.record = record};
  self->tray_count =
      (int32_t)(site->row_count + (site->halls.count > 0 ? site->halls.count - 1 : 0));
  self->nodes = calloc((size_t)record->node_count + 1, sizeof *self->nodes);
  self->edges = calloc((size_t)record->edge_count + 1, sizeof *self->edges);
  if (!self->nodes || !self->edges) return LS_ERR_MEMORY;
  graph_fill(self);
  ls_status status = sets_fill(self);
  if (status == LS_OK) status = parts_fill(self);
  if (status == LS_OK) status = weights_fill(self, drawn);
  self->net.node_count = record->node_count;
  self->net.edge_count = record->edge_count;
  self->net.plane_count = (int32_t)site->plane_count;
  self->net.rank_max = LS_DEVICE_CORE - LS_DEVICE_LEAF;
  self->net.nodes = self->nodes;
  self->net.edges = self->edges;
  self->net.parts = self->parts;
  self->net.set_first = self->set_first;
  self->net.taken = self->taken;
  return status;
}

void ls_resilience_net_where(const ls_resilience_net *self, int32_t part, char where[64])
{
  const ls_record *record = self->record;
  const ls_failure_component *of = &self->parts[part];
  const int64_t tray = of->set - record->node_count, gap = tray - record->site.row_count;
  if (of->set < 0)
    snprintf(where, 64, "%s", record->edges[of->edge].id);
  else if (tray < 0)
    snprintf(where, 64, "%s", record->nodes[of->set].id);
  else if (gap < 0)
    snprintf(where, 64, "row%" PRId64, tray);
  else
    snprintf(where, 64, "%.31s-%.31s", record->site.halls.areas[gap].name,
             record->site.halls.areas[gap + 1].name);
}

static void links_take(ls_record *record, const ls_failure_state *state)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    ls_record_edge *edge = &record->edges[i];
    edge->link_count -= state->edge_lost[i];
    if (state->node_mark[edge->node_a] == LS_FAILURE_DEAD ||
        state->node_mark[edge->node_b] == LS_FAILURE_DEAD)
      edge->link_count = 0;
  }
  /* A dead device is no switch any more. */
  for (int32_t i = 0; i < record->node_count; i++)
    if (state->node_mark[i] == LS_FAILURE_DEAD) record->nodes[i].kind = LS_DEVICE_RACK;
}

ls_status ls_resilience_break(ls_record *record, uint64_t seed, int32_t failures)
{
  ls_resilience_net self;
  ls_status status = ls_resilience_net_create(record, LS_FAILING_KIND_COUNT, &self);
  const ls_failure_batch batch = {
      .net = &self.net, .seed = seed, .failures = failures, .draw_count = 1};
  void *memory = status == LS_OK ? calloc(1, ls_failure_state_bytes(&self.net) + 8) : NULL;
  if (status == LS_OK && !memory) status = LS_ERR_MEMORY;
  if (memory) {
    ls_failure_state state = ls_failure_state_at(&self.net, memory);
    ls_failure_draw_fail(&self.net, &state, &batch, 0);
    links_take(record, &state);
  }
  free(memory);
  ls_resilience_net_destroy(&self);
  return status;
}
