/* Counts what a topology says, and computes nothing of its own: lengths, margins and prices are the
 * topology's, strands those of trays.c, the draw of a device what its rack was held to. */
#include "report_design.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "evaluation_json.h"
#include "floor.h"
#include "names.h"
#include "topology_build.h"
#include "trays.h"

static const char *const kind_names[LS_NODE_KIND_COUNT] = {"rack",  "leaf", "spine",
                                                           "super", "core", "ocs"};

/* ---- Tiers ---- */

static const char *model_id(const ls_catalog *catalog, int32_t kind, int32_t index)
{
  return kind == LS_NODE_OCS ? catalog->ocs[index].id : catalog->switches[index].id;
}

/* The devices of a kind over all planes, by model. */
static ls_json *tier_json(const ls_session *session, const ls_topology *topology, int32_t kind)
{
  enum { MODEL_MAX = LS_SWITCH_MAX > LS_OCS_MAX ? LS_SWITCH_MAX : LS_OCS_MAX };
  int64_t model_count[MODEL_MAX] = {0}, count = 0, gpus = 0;
  for (int32_t i = 0; i < topology->node_count; i++) {
    const ls_node *node = &topology->nodes[i];
    if (node->kind != kind) continue;
    count++;
    gpus += node->gpu_count;
    if (node->catalog_index >= 0) model_count[node->catalog_index]++;
  }
  if (!count) return NULL;
  ls_json *object = ls_json_object(), *models = ls_json_array();
  ls_json_set_text(object, "kind", kind_names[kind]);
  ls_json_set_int(object, "count", count);
  if (kind == LS_NODE_RACK) ls_json_set_int(object, "gpus", gpus);
  for (int32_t i = 0; i < MODEL_MAX; i++) {
    if (!model_count[i]) continue;
    ls_json *model = ls_json_object();
    ls_json_set_text(model, "id", model_id(session->catalog, kind, i));
    ls_json_set_int(model, "count", model_count[i]);
    ls_json_append(models, model);
  }
  ls_json_set(object, "models", models);
  return object;
}

static ls_json *tiers_json(const ls_session *session, const ls_topology *topology)
{
  ls_json *array = ls_json_array();
  for (int32_t kind = 0; kind < LS_NODE_KIND_COUNT; kind++) {
    ls_json *tier = tier_json(session, topology, kind);
    if (tier) ls_json_append(array, tier);
  }
  return array;
}

/* ---- Links ---- */

/* Links of a tier that are made alike. */
typedef struct link_group {
  const ls_edge *first;
  int64_t links, bundles;
  int32_t length_mm_min, length_mm_max, margin_mdb_min;
} link_group;

enum { GROUP_MAX = 4 * LS_MIX_KINDS };

static bool is_alike(const ls_edge *a, const ls_edge *b)
{
  return a->kind == b->kind && a->tier == b->tier && a->optic_a == b->optic_a &&
         a->optic_b == b->optic_b && a->fiber == b->fiber;
}

static void group_add(link_group *group, const ls_edge *edge)
{
  if (!group->first)
    *group = (link_group){edge, 0, 0, edge->length_mm, edge->length_mm, edge->margin_mdb};
  group->links += edge->link_count;
  group->bundles++;
  group->length_mm_min = (int32_t)ls_min(group->length_mm_min, edge->length_mm);
  group->length_mm_max = (int32_t)ls_max(group->length_mm_max, edge->length_mm);
  group->margin_mdb_min = (int32_t)ls_min(group->margin_mdb_min, edge->margin_mdb);
}

static ls_json *group_json(const ls_session *session, const ls_topology *topology,
                           const link_group *group)
{
  static const char *const edge_names[] = {"access", "trunk", "ocs_leg", "circuit"};
  const ls_catalog *catalog = session->catalog;
  const ls_edge *edge = group->first;
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "kind", edge_names[edge->kind]);
  ls_json_set_text(object, "tier", ls_tier_name(topology->structure->family, edge->tier));
  ls_json_set_text(object, "a", kind_names[topology->nodes[edge->node_a].kind]);
  ls_json_set_text(object, "b", kind_names[topology->nodes[edge->node_b].kind]);
  if (edge->optic_a >= 0) ls_json_set_text(object, "optic_a", catalog->optics[edge->optic_a].id);
  if (edge->optic_b >= 0) ls_json_set_text(object, "optic_b", catalog->optics[edge->optic_b].id);
  ls_json_set_text(object, "medium", edge->fiber < 0 ? "copper" : catalog->fibers[edge->fiber].id);
  ls_json_set_int(object, "links", group->links);
  ls_json_set_int(object, "bundles", group->bundles);
  ls_json_set_real(object, "length_m_min", (double)group->length_mm_min / 1000);
  ls_json_set_real(object, "length_m_max", (double)group->length_mm_max / 1000);
  if (group->margin_mdb_min != INT32_MAX)
    ls_json_set_real(object, "margin_db_min", (double)group->margin_mdb_min / 1000);
  return object;
}

static ls_json *links_json(const ls_session *session, const ls_topology *topology)
{
  link_group groups[GROUP_MAX] = {{0}};
  int32_t count = 0, at = 0;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (at >= count || !is_alike(groups[at].first, edge))
      for (at = 0; at < count && !is_alike(groups[at].first, edge);) at++;
    if (at == GROUP_MAX) return NULL;
    count += at == count;
    group_add(&groups[at], edge);
  }
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < count; i++)
    ls_json_append(array, group_json(session, topology, &groups[i]));
  return array;
}

/* ---- Margins ---- */

enum { BIN_MDB = 250 };

static int32_t bin_of(int32_t margin_mdb)
{
  return (margin_mdb >= 0 ? margin_mdb : margin_mdb - BIN_MDB + 1) / BIN_MDB;
}

static bool has_margin(const ls_edge *edge, int32_t tier)
{
  return edge->tier == tier && edge->margin_mdb != INT32_MAX;
}

/* Links of a tier by margin: [[lowest dB of the bin, links], ...]; NULL: there are none. */
static ls_json *margins_tier_json(const ls_topology *topology, int32_t tier)
{
  int32_t least = INT32_MAX, most = INT32_MIN;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    if (!has_margin(&topology->edges[e], tier)) continue;
    least = (int32_t)ls_min(least, bin_of(topology->edges[e].margin_mdb));
    most = (int32_t)ls_max(most, bin_of(topology->edges[e].margin_mdb));
  }
  if (least > most) return NULL;
  int64_t *links = calloc((size_t)(most - least) + 1, sizeof *links);
  if (!links) return NULL;
  for (int32_t e = 0; e < topology->edge_count; e++)
    if (has_margin(&topology->edges[e], tier))
      links[bin_of(topology->edges[e].margin_mdb) - least] += topology->edges[e].link_count;
  ls_json *object = ls_json_object(), *bins = ls_json_array();
  ls_json_set_text(object, "tier", ls_tier_name(topology->structure->family, tier));
  for (int32_t i = 0; i <= most - least; i++) {
    if (!links[i]) continue;
    ls_json *bin = ls_json_object();
    ls_json_set_real(bin, "from_db", (double)(least + i) * BIN_MDB / 1000);
    ls_json_set_int(bin, "links", links[i]);
    ls_json_append(bins, bin);
  }
  ls_json_set(object, "bins", bins);
  free(links);
  return object;
}

static ls_json *margins_json(const ls_topology *topology)
{
  ls_json *object = ls_json_object(), *tiers = ls_json_array();
  for (int32_t tier = 0; tier < topology->structure->tier_count; tier++) {
    ls_json *entry = margins_tier_json(topology, tier);
    if (entry) ls_json_append(tiers, entry);
  }
  ls_json_set_real(object, "bin_db", (double)BIN_MDB / 1000);
  ls_json_set(object, "by_tier", tiers);
  return object;
}

/* ---- Floor ---- */

/* What stands in a slot. */
typedef struct slot_content {
  int64_t power_mw;
  int32_t gpus, devices[LS_NODE_KIND_COUNT];
  int32_t unused; /* so that no byte is padding: contents are compared as bytes */
} slot_content;

static void slots_fill(const ls_session *session, ls_topology *topology, slot_content *slots)
{
  const ls_topology_build build = ls_build_of(session->catalog, session->spec, topology);
  for (int32_t i = 0; i < topology->node_count; i++) {
    const ls_node *node = &topology->nodes[i];
    slot_content *slot = &slots[node->slot];
    slot->devices[node->kind]++;
    slot->gpus += node->gpu_count;
    slot->power_mw += node->kind == LS_NODE_RACK
                          ? (int64_t)node->server_count * session->spec->cluster.server_power_mw
                          : ls_build_power_mw(&build, node);
  }
}

static ls_json *content_json(const slot_content *content)
{
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "power_w", (double)content->power_mw / 1000);
  if (content->gpus) ls_json_set_int(object, "gpus", content->gpus);
  for (int32_t kind = LS_NODE_LEAF; kind < LS_NODE_KIND_COUNT; kind++)
    if (content->devices[kind]) ls_json_set_int(object, kind_names[kind], content->devices[kind]);
  return object;
}

static ls_json *run_json(int32_t content, int32_t length)
{
  ls_json *run = ls_json_array();
  ls_json_append_int(run, content);
  ls_json_append_int(run, length);
  return run;
}

/* The slots of a row as runs [content, slots]; contents that are new are appended to the list. */
static ls_json *row_json(const slot_content *row, int32_t length, slot_content *contents,
                         int32_t *count, ls_json *list)
{
  ls_json *runs = ls_json_array();
  int32_t at = 0, begun = 0;
  for (int32_t i = 0; i < length; i++) {
    int32_t found = 0;
    while (found < *count && memcmp(&contents[found], &row[i], sizeof *row) != 0) found++;
    if (found == *count) {
      contents[(*count)++] = row[i];
      ls_json_append(list, content_json(&row[i]));
    }
    if (i > begun && found != at) {
      ls_json_append(runs, run_json(at, i - begun));
      begun = i;
    }
    at = found;
  }
  ls_json_append(runs, run_json(at, length - begun));
  return runs;
}

static ls_json *places_json(const ls_session *session, ls_topology *topology)
{
  const ls_spec_floor *floor = &session->spec->floor;
  const size_t slot_count = (size_t)floor->row_count * (size_t)floor->racks_per_row;
  slot_content *slots = calloc(slot_count, sizeof *slots);
  slot_content *contents = calloc(slot_count, sizeof *contents);
  ls_json *object = NULL, *list = NULL, *rows = NULL;
  int32_t count = 0;
  if (!slots || !contents) goto cleanup;
  slots_fill(session, topology, slots);
  object = ls_json_object();
  list = ls_json_array();
  rows = ls_json_array();
  for (int32_t row = 0; row < floor->row_count; row++)
    ls_json_append(rows, row_json(slots + (size_t)row * (size_t)floor->racks_per_row,
                                  floor->racks_per_row, contents, &count, list));
  ls_json_set(object, "contents", list);
  ls_json_set(object, "rows", rows);
cleanup:
  free(contents);
  free(slots);
  return object;
}

ls_json *ls_report_floor_json(const ls_spec *spec)
{
  const ls_spec_floor *floor = &spec->floor;
  ls_json *object = ls_json_object(), *rows = ls_json_array(), *blocked = ls_json_array();
  ls_json_set_int(object, "racks_per_row", floor->racks_per_row);
  ls_json_set_real(object, "rack_pitch_m", (double)floor->rack_pitch_mm / 1000);
  ls_json_set_real(object, "rack_power_w", (double)floor->rack_power_mw / 1000);
  for (int32_t row = 0; row < floor->row_count; row++) {
    const int32_t slot = row * floor->racks_per_row;
    const int32_t hall = ls_floor_zone(floor, &floor->halls, slot);
    int32_t x_mm, y_mm;
    ls_json *entry = ls_json_object();
    ls_floor_position(spec, slot, &x_mm, &y_mm);
    ls_json_set_real(entry, "y_m", (double)y_mm / 1000);
    if (hall >= 0) ls_json_set_text(entry, "hall", ls_floor_zone_name(&floor->halls, hall));
    ls_json_append(rows, entry);
  }
  for (int32_t i = 0; i < floor->blocked_count; i++)
    ls_json_append_int(blocked, floor->blocked_slot[i]);
  ls_json_set(object, "rows", rows);
  ls_json_set(object, "blocked", blocked);
  return object;
}

/* ---- Trays ---- */

static ls_json *trays_json(const ls_spec *spec, const ls_topology *topology)
{
  const int32_t count = ls_trays_count(&spec->floor);
  int64_t *strands = calloc((size_t)count, sizeof *strands);
  if (!strands) return NULL;
  ls_trays_strands(spec, topology, strands);
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < count; i++) {
    char name[32];
    ls_json *entry = ls_json_object();
    ls_trays_name(&spec->floor, i, name);
    ls_json_set_text(entry, "tray", name);
    ls_json_set_int(entry, "strands", strands[i]);
    ls_json_append(array, entry);
  }
  free(strands);
  return array;
}

ls_json *ls_report_design_json(const ls_session *session, ls_topology *topology)
{
  ls_json *object = ls_json_object();
  ls_json_set(object, "tiers", tiers_json(session, topology));
  ls_json_set(object, "links", links_json(session, topology));
  ls_json_set(object, "floor", places_json(session, topology));
  ls_json_set(object, "trays", trays_json(session->spec, topology));
  ls_json_set(object, "margins", margins_json(topology));
  ls_json_set(object, "ledger",
              ls_ledger_json(session->spec, topology->ledger, topology->ledger_count));
  return object;
}
