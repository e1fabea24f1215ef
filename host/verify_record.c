/* Owns the verifier's record: which attributes a file must have, the bounds of their values,
 * and the step from names to indices. Knows neither igraph nor the optimizer. */
#include "verify_graph.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIGURE_MAX 1e9
#define PRICE_MAX 9007199254740992.0 /* 2^53 */

#define FIGURE(type, member)                                                                       \
  {                                                                                                \
#member, offsetof(type, member), false                                                         \
  }
#define PRICE(type, member)                                                                        \
  {                                                                                                \
#member, offsetof(type, member), true                                                          \
  }

#define OF_UNIT(index, name, member)                                                               \
  {                                                                                                \
    name "_" #member, offsetof(ls_record_site, scale_up[index].member), true                       \
  }
#define OF_UNITS(index, name)                                                                      \
  OF_UNIT(index, name, count), OF_UNIT(index, name, capex_cents), OF_UNIT(index, name, power_mw),  \
      OF_UNIT(index, name, fit), OF_UNIT(index, name, downtime_fit_min),                           \
      OF_UNIT(index, name, repair_mcents), OF_UNIT(index, name, lost_mgpuh),                       \
      OF_UNIT(index, name, slow_mgpuh)
#define OF_PART(index, name)                                                                       \
  {name "_fit", offsetof(ls_record_optic, part[index].fit), true},                                 \
      {name "_gbps", offsetof(ls_record_optic, part[index].gbps), false},                          \
  {                                                                                                \
    name "_min", offsetof(ls_record_optic, part[index].minutes), false                             \
  }

#define OF_DANGER(index, name)                                                                     \
  {name "_share_ppm", offsetof(ls_record_claims, dangers[index].share_ppm), false},                \
      {name "_rest_ppm", offsetof(ls_record_claims, dangers[index].rest_ppm), false},              \
  {                                                                                                \
    name "_rest_ppm_max", offsetof(ls_record_claims, dangers[index].rest_ppm_max), false           \
  }

const ls_record_field ls_record_node_fields[] = {
    FIGURE(ls_record_node, plane),
    FIGURE(ls_record_node, pod),
    FIGURE(ls_record_node, rail),
    FIGURE(ls_record_node, slot),
    FIGURE(ls_record_node, server_count),
    FIGURE(ls_record_node, gpu_count),
    FIGURE(ls_record_node, radix),
    FIGURE(ls_record_node, loss_mdb),
    PRICE(ls_record_node, unit_capex_cents),
    PRICE(ls_record_node, unit_power_mw),
    PRICE(ls_record_node, unit_power_mw_max),
    FIGURE(ls_record_node, unit_latency_ps),
    PRICE(ls_record_node, unit_downtime_fit_min),
    FIGURE(ls_record_node, cage_count),
    FIGURE(ls_record_node, cage_gbps),
    FIGURE(ls_record_node, rack_units),
    FIGURE(ls_record_node, is_liquid_cooled),
    PRICE(ls_record_node, unit_fit),
    PRICE(ls_record_node, unit_spare_fit),
    PRICE(ls_record_node, unit_repair_mcents),
    PRICE(ls_record_node, unit_swap_fit),
    PRICE(ls_record_node, unit_swap_fit_min),
    {"down_port_count", offsetof(ls_record_node, down.port_count), false},
    {"down_module_count", offsetof(ls_record_node, down.module_count), false},
    {"down_modules_capex_cents", offsetof(ls_record_node, down.modules_capex_cents), true},
    {"down_modules_power_mw", offsetof(ls_record_node, down.modules_power_mw), true},
    {"up_port_count", offsetof(ls_record_node, up.port_count), false},
    {"up_module_count", offsetof(ls_record_node, up.module_count), false},
    {"up_modules_capex_cents", offsetof(ls_record_node, up.modules_capex_cents), true},
    {"up_modules_power_mw", offsetof(ls_record_node, up.modules_power_mw), true},
    {NULL, 0, false}};

const ls_record_field ls_record_edge_fields[] = {FIGURE(ls_record_edge, weight),
                                                 FIGURE(ls_record_edge, tier),
                                                 FIGURE(ls_record_edge, plane),
                                                 FIGURE(ls_record_edge, link_count),
                                                 FIGURE(ls_record_edge, strand_count),
                                                 FIGURE(ls_record_edge, mating_count),
                                                 FIGURE(ls_record_edge, circulator_count),
                                                 FIGURE(ls_record_edge, length_mm),
                                                 FIGURE(ls_record_edge, stock_mm),
                                                 FIGURE(ls_record_edge, loss_mdb),
                                                 FIGURE(ls_record_edge, margin_mdb),
                                                 PRICE(ls_record_edge, cord_capex_cents),
                                                 {NULL, 0, false}};

const ls_record_field ls_record_site_fields[] = {FIGURE(ls_record_site, format_version),
                                                 FIGURE(ls_record_site, year),
                                                 FIGURE(ls_record_site, plane_count),
                                                 FIGURE(ls_record_site, port_gbps),
                                                 FIGURE(ls_record_site, nic_gbps),
                                                 FIGURE(ls_record_site, gpus_per_server),
                                                 FIGURE(ls_record_site, servers_per_rack),
                                                 FIGURE(ls_record_site, rail_count),
                                                 FIGURE(ls_record_site, fabric_count),
                                                 FIGURE(ls_record_site, scale_up_domain_gpus),
                                                 FIGURE(ls_record_site, scale_up_load_ppm),
                                                 FIGURE(ls_record_site, row_count),
                                                 FIGURE(ls_record_site, racks_per_row),
                                                 FIGURE(ls_record_site, row_pitch_mm),
                                                 FIGURE(ls_record_site, rack_pitch_mm),
                                                 FIGURE(ls_record_site, tray_height_mm),
                                                 FIGURE(ls_record_site, drop_mm_per_end),
                                                 FIGURE(ls_record_site, in_rack_mm),
                                                 FIGURE(ls_record_site, slack_ppm),
                                                 FIGURE(ls_record_site, slack_fixed_mm),
                                                 FIGURE(ls_record_site, tray_strands_max),
                                                 FIGURE(ls_record_site, slot_rack_units),
                                                 PRICE(ls_record_site, slot_power_mw),
                                                 FIGURE(ls_record_site, server_rack_units),
                                                 PRICE(ls_record_site, server_power_mw),
                                                 FIGURE(ls_record_site, fec_latency_ps),
                                                 FIGURE(ls_record_site, copper_latency_fs_per_mm),
                                                 FIGURE(ls_record_site, cord_mating_count),
                                                 FIGURE(ls_record_site, mating_loss_mdb),
                                                 FIGURE(ls_record_site, mating_capex_cents),
                                                 FIGURE(ls_record_site, circulator_loss_mdb),
                                                 FIGURE(ls_record_site, circulator_capex_cents),
                                                 FIGURE(ls_record_site, shuffle_box_loss_mdb),
                                                 FIGURE(ls_record_site, shuffle_box_capex_cents),
                                                 FIGURE(ls_record_site, years),
                                                 PRICE(ls_record_site, energy_ucents_per_mw),
                                                 FIGURE(ls_record_site, gpu_hour_cents),
                                                 PRICE(ls_record_site, cluster_cents),
                                                 PRICE(ls_record_site, effective_gpu_hours),
                                                 FIGURE(ls_record_site, spare_hours),
                                                 FIGURE(ls_record_site, spare_confidence_ppm),
                                                 FIGURE(ls_record_site, spare_z_milli),
                                                 PRICE(ls_record_site, job_lost_mgpuh),
                                                 PRICE(ls_record_site, job_restart_mgpuh),
                                                 PRICE(ls_record_site, job_flaps_mgpuh),
                                                 FIGURE(ls_record_site, job_gpus),
                                                 FIGURE(ls_record_site, job_communication_ppm),
                                                 FIGURE(ls_record_site, kill_access_ppm),
                                                 FIGURE(ls_record_site, kill_trunk_ppm),
                                                 FIGURE(ls_record_site, vendor_share_ppm_max),
                                                 FIGURE(ls_record_site, scale_up_gbps_per_gpu),
                                                 OF_UNITS(0, "scale_up_end"),
                                                 OF_UNITS(1, "scale_up_switch"),
                                                 {NULL, 0, false}};

const ls_record_field ls_record_claim_fields[] = {
    PRICE(ls_record_claims, gpu_count),
    PRICE(ls_record_claims, server_count),
    PRICE(ls_record_claims, rack_count),
    PRICE(ls_record_claims, leaf_count),
    PRICE(ls_record_claims, spine_count),
    PRICE(ls_record_claims, super_count),
    PRICE(ls_record_claims, core_count),
    PRICE(ls_record_claims, ocs_count),
    PRICE(ls_record_claims, access_link_count),
    PRICE(ls_record_claims, spine_link_count),
    PRICE(ls_record_claims, super_link_count),
    PRICE(ls_record_claims, core_link_count),
    PRICE(ls_record_claims, diameter_hops),
    PRICE(ls_record_claims, capex_cents),
    PRICE(ls_record_claims, optics_power_mw),
    PRICE(ls_record_claims, switch_power_mw),
    PRICE(ls_record_claims, ocs_power_mw),
    PRICE(ls_record_claims, scale_up_power_mw),
    PRICE(ls_record_claims, power_mw),
    PRICE(ls_record_claims, module_count),
    PRICE(ls_record_claims, fiber_mm),
    PRICE(ls_record_claims, tray_strands),
    PRICE(ls_record_claims, latency_ps_max),
    PRICE(ls_record_claims, latency_ps_mean),
    PRICE(ls_record_claims, risk_bps),
    PRICE(ls_record_claims, throughput_worst_ppm_low),
    PRICE(ls_record_claims, throughput_worst_ppm_high),
    PRICE(ls_record_claims, tco_cents),
    PRICE(ls_record_claims, lost_mgpuh_per_year),
    PRICE(ls_record_claims, gpu_hour_micro_usd),
    OF_DANGER(LS_DANGER_CHASSIS, "chassis"),
    OF_DANGER(LS_DANGER_OCS, "ocs"),
    OF_DANGER(LS_DANGER_HALL, "hall"),
    OF_DANGER(LS_DANGER_ROW, "row"),
    OF_DANGER(LS_DANGER_TRAY, "tray"),
    OF_DANGER(LS_DANGER_FEED, "feed"),
    OF_DANGER(LS_DANGER_COOLING_UNIT, "cooling_unit"),
    OF_DANGER(LS_DANGER_LASER_LOT, "laser_lot"),
    {NULL, 0, false}};

const ls_record_field ls_record_optic_fields[] = {FIGURE(ls_record_optic, module_gbps),
                                                  FIGURE(ls_record_optic, lane_gbps),
                                                  PRICE(ls_record_optic, lot_gbps),
                                                  FIGURE(ls_record_optic, pair_gbps),
                                                  FIGURE(ls_record_optic, strands_per_pair),
                                                  PRICE(ls_record_optic, capex_cents),
                                                  FIGURE(ls_record_optic, power_uw_per_gbps),
                                                  FIGURE(ls_record_optic, reach_mm),
                                                  FIGURE(ls_record_optic, tx_mdbm),
                                                  FIGURE(ls_record_optic, tx_max_mdbm),
                                                  FIGURE(ls_record_optic, threshold_mdbm),
                                                  FIGURE(ls_record_optic, overload_mdbm),
                                                  FIGURE(ls_record_optic, penalty_mdb),
                                                  FIGURE(ls_record_optic, internal_loss_mdb),
                                                  FIGURE(ls_record_optic, latency_ps),
                                                  OF_PART(0, "part1"),
                                                  OF_PART(1, "part2"),
                                                  OF_PART(2, "part3"),
                                                  PRICE(ls_record_optic, fit),
                                                  PRICE(ls_record_optic, repair_mcents),
                                                  FIGURE(ls_record_optic, fit_share_gbps),
                                                  {NULL, 0, false}};

const ls_record_field ls_record_fiber_fields[] = {FIGURE(ls_record_fiber, loss_mdb_per_km),
                                                  FIGURE(ls_record_fiber, capex_cents_per_km),
                                                  FIGURE(ls_record_fiber, latency_fs_per_mm),
                                                  {NULL, 0, false}};

const ls_record_field ls_record_resource_fields[] = {PRICE(ls_record_resource, units_per_year),
                                                     FIGURE(ls_record_resource, buyer_share_ppm),
                                                     PRICE(ls_record_resource, available),
                                                     PRICE(ls_record_resource, needed),
                                                     {NULL, 0, false}};

const ls_record_field ls_record_vendor_fields[] = {PRICE(ls_record_vendor, capex_cents),
                                                   {NULL, 0, false}};

static const char *const device_names[LS_DEVICE_KIND_COUNT] = {"rack",  "leaf", "spine",
                                                               "super", "core", "ocs"};
static const char *const bundle_names[LS_BUNDLE_KIND_COUNT] = {"access", "trunk", "ocs_leg",
                                                               "circuit"};

bool ls_record_store(const ls_record_field *field, double value, void *target)
{
  const double limit = field->is_price ? PRICE_MAX : FIGURE_MAX;
  if (!isfinite(value) || value != floor(value) || fabs(value) > limit) return false;
  *(int64_t *)(void *)((char *)target + field->offset) = (int64_t)value;
  return true;
}

bool ls_record_parse_stock(const char *text, ls_record_site *site)
{
  while (*text != '\0') {
    char *end = NULL;
    const long long length_mm = strtoll(text, &end, 10);
    const int64_t last_mm = site->stock_count ? site->stock_mm[site->stock_count - 1] : 0;
    if (end == text || length_mm <= last_mm || length_mm > INT32_MAX ||
        site->stock_count == LS_RECORD_STOCK_MAX)
      return false;
    site->stock_mm[site->stock_count++] = length_mm;
    for (text = end; *text == ' '; text++) continue;
  }
  return true;
}

bool ls_record_parse_blocked(const char *text, ls_record_site *site)
{
  if (strcmp(text, "none") == 0) return true;
  while (*text != '\0') {
    char *end = NULL;
    const long long slot = strtoll(text, &end, 10);
    if (end == text || slot < 0 || site->blocked_count == LS_RECORD_BLOCKED_MAX) return false;
    site->blocked[site->blocked_count++] = slot;
    for (text = end; *text == ' '; text++) continue;
  }
  return true;
}

const char *const ls_danger_names[LS_DANGER_COUNT] = {
    "chassis", "ocs", "hall", "row", "tray", "feed", "cooling_unit", "laser_lot"};

/* One area of a list; false when it is none. */
static bool parse_area(const char *text, ls_record_area *area)
{
  int64_t *const members[] = {&area->row_first,  &area->row_last,  &area->row_step,
                              &area->rack_first, &area->rack_last, &area->gap_mm};
  const size_t length = strcspn(text, ": ");
  if (length == 0 || length >= sizeof area->name) return false;
  memcpy(area->name, text, length);
  text += length;
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    char *end = NULL;
    if (*text != ':') return false;
    *members[i] = strtoll(text + 1, &end, 10);
    if (end == text + 1 || *members[i] < 0 || *members[i] > FIGURE_MAX) return false;
    text = end;
  }
  return area->row_step > 0 && (*text == ' ' || *text == '\0');
}

bool ls_record_parse_zones(const char *text, ls_record_zones *zones)
{
  if (strcmp(text, "none") == 0) return true;
  while (*text != '\0') {
    if (zones->count == LS_RECORD_AREA_MAX || !parse_area(text, &zones->areas[zones->count]))
      return false;
    zones->count++;
    text += strcspn(text, " ");
    while (*text == ' ') text++;
  }
  return true;
}

int32_t ls_record_area_find(const ls_record_site *site, const ls_record_zones *zones, int64_t slot)
{
  const int64_t row = slot / site->racks_per_row, rack = slot % site->racks_per_row;
  for (int32_t i = 0; i < zones->count; i++) {
    const ls_record_area *area = &zones->areas[i];
    if (row >= area->row_first && row <= area->row_last && rack >= area->rack_first &&
        rack <= area->rack_last && (row - area->row_first) % area->row_step == 0)
      return i;
  }
  return -1;
}

int64_t ls_record_row_y_mm(const ls_record_site *site, int64_t row)
{
  int64_t y_mm = row * site->row_pitch_mm;
  for (int32_t i = 0; i < site->halls.count; i++)
    if (site->halls.areas[i].row_first <= row) y_mm += site->halls.areas[i].gap_mm;
  return y_mm;
}

bool ls_record_split_name(const char *name, const char *table, const char *field,
                          char id[LS_RECORD_ID_MAX])
{
  const size_t length = strlen(name), head = strlen(table), tail = strlen(field);
  if (length < head + tail + 3 || strncmp(name, table, head) != 0 || name[head] != '.')
    return false;
  if (strcmp(name + length - tail, field) != 0 || name[length - tail - 1] != '.') return false;
  const size_t size = length - head - tail - 2;
  if (size >= LS_RECORD_ID_MAX) return false;
  memcpy(id, name + head + 1, size);
  id[size] = '\0';
  return true;
}

ls_status ls_record_check_site(const ls_record_site *site, const char *path, ls_error *error)
{
  const struct {
    const char *key;
    int64_t value, low, high;
  } ranges[] = {{"format_version", site->format_version, 2, 2},
                {"year", site->year, 2000, 2100},
                {"plane_count", site->plane_count, 1, LS_RECORD_PLANE_MAX},
                {"port_gbps", site->port_gbps, 1, 1000000},
                {"gpus_per_server", site->gpus_per_server, 1, 65536},
                {"rail_count", site->rail_count, 1, 65536},
                {"fabric_count", site->fabric_count, 1,
                 LS_RECORD_NETWORK_MAX / (site->plane_count > 0 ? site->plane_count : 1)},
                {"scale_up_load_ppm", site->scale_up_load_ppm, 0, 1000000},
                {"row_count", site->row_count, 1, 65536},
                {"racks_per_row", site->racks_per_row, 1, 65536},
                {"slack_ppm", site->slack_ppm, 0, 10000000}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    if (ranges[i].value >= ranges[i].low && ranges[i].value <= ranges[i].high) continue;
    return ls_error_set(error, LS_ERR_INPUT, path, 0, ranges[i].key,
                        "must be %" PRId64 "..%" PRId64 ", got %" PRId64, ranges[i].low,
                        ranges[i].high, ranges[i].value);
  }
  return LS_OK;
}

/* igraph makes one node of two elements with the same id, so they are counted in the text. */
static int64_t count_node_elements(FILE *stream)
{
  char *piece = NULL;
  size_t capacity = 0;
  int64_t count = 0;
  while (getdelim(&piece, &capacity, '<', stream) > 0)
    count += strncmp(piece, "node", 4) == 0 && strchr(" \t\r\n>/", piece[4]) != NULL;
  free(piece);
  return count;
}

ls_status ls_record_open(const char *path, FILE **stream, int64_t *node_element_count,
                         ls_error *error)
{
  *stream = fopen(path, "rb");
  if (*stream == NULL)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "cannot be read: %s", strerror(errno));
  if (fgetc(*stream) == EOF) {
    const bool is_unreadable = ferror(*stream) != 0;
    fclose(*stream);
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL,
                        is_unreadable ? "cannot be read" : "is empty");
  }
  rewind(*stream);
  *node_element_count = count_node_elements(*stream);
  rewind(*stream);
  return LS_OK;
}

bool ls_record_is_switch(const ls_record_node *node)
{
  return node->kind >= LS_DEVICE_LEAF && node->kind <= LS_DEVICE_CORE;
}

void ls_record_plane_links(const ls_record *record, const int32_t *vertex_of, ls_cut_graph *links,
                           double *weight)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const int32_t a = vertex_of[edge->node_a], b = vertex_of[edge->node_b];
    if (edge->kind == LS_BUNDLE_ACCESS && b >= 0 && edge->link_count > 0)
      weight[b] += (double)edge->link_count;
    if (edge->kind != LS_BUNDLE_TRUNK && edge->kind != LS_BUNDLE_CIRCUIT) continue;
    if (a < 0 || b < 0 || edge->link_count <= 0) continue;
    links->edges[links->edge_count++] = (ls_cut_edge){a, b, edge->link_count};
  }
}

/* Index of name among count names, or -1. */
static int32_t name_find(const char *const *names, int32_t count, const char *name)
{
  for (int32_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

/* Exports say "none" where no name applies; other tools may empty it. */
static bool is_none(const char *id) { return id[0] == '\0' || strcmp(id, "none") == 0; }

static int32_t optic_find(const ls_record *record, const char *id)
{
  if (is_none(id)) return LS_RECORD_NONE;
  for (int32_t i = 0; i < record->optic_count; i++)
    if (strcmp(record->optics[i].id, id) == 0) return i;
  return LS_RECORD_UNKNOWN;
}

static int32_t fiber_find(const ls_record *record, const char *id)
{
  if (is_none(id)) return LS_RECORD_NONE;
  for (int32_t i = 0; i < record->fiber_count; i++)
    if (strcmp(record->fibers[i].id, id) == 0) return i;
  return LS_RECORD_UNKNOWN;
}

static int compare_nodes(const void *left, const void *right)
{
  const ls_record_node *const *a = left, *const *b = right;
  return strcmp((*a)->id, (*b)->id);
}

static int32_t node_find(const ls_record *record, const ls_record_node *const *by_id,
                         const char *id)
{
  if (is_none(id)) return LS_RECORD_NONE;
  const ls_record_node wanted = {.id = id}, *wanted_at = &wanted;
  const ls_record_node *const *found =
      bsearch(&wanted_at, by_id, (size_t)record->node_count, sizeof *by_id, compare_nodes);
  return found == NULL ? LS_RECORD_UNKNOWN : (int32_t)(*found - record->nodes);
}

static ls_status resolve_nodes(ls_record *record, const char *path, ls_error *error)
{
  for (int32_t i = 0; i < record->node_count; i++) {
    ls_record_node *node = &record->nodes[i];
    node->kind = name_find(device_names, LS_DEVICE_KIND_COUNT, node->kind_name);
    if (node->kind < 0)
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "kind",
                          "of node %s must be rack, leaf, spine, super, core or ocs, got \"%s\"",
                          node->id, node->kind_name);
  }
  return LS_OK;
}

/* An undirected edge may come with its ends swapped: a is the one nearer to the GPUs. */
static ls_status resolve_edges(ls_record *record, const ls_record_node *const *by_id,
                               const char *path, ls_error *error)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    ls_record_edge *edge = &record->edges[i];
    edge->kind = name_find(bundle_names, LS_BUNDLE_KIND_COUNT, edge->kind_name);
    if (edge->kind < 0)
      return ls_error_set(error, LS_ERR_INPUT, path, 0, "interaction",
                          "of edge %s must be access, trunk, ocs_leg or circuit, got \"%s\"",
                          edge->id, edge->kind_name);
    const int32_t kind_a = record->nodes[edge->node_a].kind;
    const int32_t kind_b = record->nodes[edge->node_b].kind;
    if (kind_a > kind_b || (kind_a == kind_b && edge->node_a > edge->node_b)) {
      const int32_t node = edge->node_a;
      edge->node_a = edge->node_b;
      edge->node_b = node;
    }
    edge->optic_a = optic_find(record, edge->optic_a_id);
    edge->optic_b = optic_find(record, edge->optic_b_id);
    edge->fiber = fiber_find(record, edge->fiber_id);
    edge->via = node_find(record, by_id, edge->via_id);
  }
  return LS_OK;
}

ls_status ls_record_resolve(ls_record *record, const char *path, ls_error *error)
{
  const ls_record_node **by_id = malloc(((size_t)record->node_count + 1) * sizeof *by_id);
  if (by_id == NULL) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "not enough memory");
  for (int32_t i = 0; i < record->node_count; i++) by_id[i] = &record->nodes[i];
  qsort(by_id, (size_t)record->node_count, sizeof *by_id, compare_nodes);
  ls_status status = resolve_nodes(record, path, error);
  if (status == LS_OK) status = resolve_edges(record, by_id, path, error);
  if (status == LS_OK && ls_record_gather_faces(record) != LS_OK)
    status = ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "not enough memory");
  free(by_id);
  return status;
}

static int compare_legs(const void *left, const void *right)
{
  const ls_leg *a = left, *b = right;
  if (a->device != b->device) return a->device < b->device ? -1 : 1;
  return (a->ocs > b->ocs) - (a->ocs < b->ocs);
}

ls_status ls_leg_index_create(const ls_record *record, ls_leg_index *index)
{
  ls_leg_index made = {0, NULL};
  made.legs = malloc(((size_t)record->edge_count + 1) * sizeof *made.legs);
  if (made.legs == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_OCS_LEG) continue;
    made.legs[made.count++] = (ls_leg){edge->node_a, edge->node_b, i};
  }
  qsort(made.legs, (size_t)made.count, sizeof *made.legs, compare_legs);
  *index = made;
  return LS_OK;
}

void ls_leg_index_destroy(ls_leg_index *index)
{
  free(index->legs);
  *index = (ls_leg_index){0, NULL};
}

int32_t ls_leg_find(const ls_leg_index *index, int32_t device, int32_t ocs)
{
  const ls_leg wanted = {device, ocs, 0};
  const ls_leg *found =
      bsearch(&wanted, index->legs, (size_t)index->count, sizeof *index->legs, compare_legs);
  return found == NULL ? -1 : found->edge;
}

void ls_record_destroy(ls_record *record)
{
  free(record->component);
  free(record->edges);
  free(record->nodes);
  for (int i = 0; i < record->string_count; i++) free(record->strings[i]);
  memset(record, 0, sizeof *record);
}

void ls_verify_mismatch(ls_verify_report *report, const char *where, const char *what,
                        const char *claimed, const char *found)
{
  if (report->mismatch_count < LS_MISMATCH_MAX) {
    ls_mismatch *mismatch = &report->mismatches[report->mismatch_count];
    snprintf(mismatch->where, sizeof mismatch->where, "%s", where);
    snprintf(mismatch->what, sizeof mismatch->what, "%s", what);
    snprintf(mismatch->claimed, sizeof mismatch->claimed, "%s", claimed);
    snprintf(mismatch->found, sizeof mismatch->found, "%s", found);
  }
  if (report->mismatch_count < INT32_MAX) report->mismatch_count++;
}

void ls_verify_compare(ls_verify_report *report, const char *where, const char *what,
                       int64_t claimed, int64_t found)
{
  char claimed_text[24], found_text[24];
  if (claimed == found) return;
  snprintf(claimed_text, sizeof claimed_text, "%" PRId64, claimed);
  snprintf(found_text, sizeof found_text, "%" PRId64, found);
  ls_verify_mismatch(report, where, what, claimed_text, found_text);
}

void ls_verify_add_product(int64_t *sum, int64_t a, int64_t b)
{
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product) || __builtin_add_overflow(*sum, product, sum))
    *sum = INT64_MAX;
}
