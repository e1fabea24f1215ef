/* What is said of devices as units: the figures of one model agree, a chassis has a cage for each
 * of its modules, a slot holds what stands in it; and what all of them put at risk.
 *
 *   risk = sum over units of FIT x 1e-9/h x minutes to repair / 60 x the bandwidth they carry
 *
 * where a module (of integrated optics: a port) carries its rate, a chassis its lit ports, an OCS
 * the links of the circuits through it. A port of integrated optics goes down with each part that
 * serves it; a port faster than a part has several. FIT x 1e-9 x Gb/s is bit/s: each unit's risk is
 * rounded down to one. */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Models: what all devices of one catalog id have in common ---- */

#define MODEL_MAX 64

typedef struct model {
  const ls_record_node *example;
  int64_t votes;
} model;

static const ls_record_field figures[] = {
    {"unit_capex_cents", offsetof(ls_record_node, unit_capex_cents), true},
    {"unit_power_mw", offsetof(ls_record_node, unit_power_mw), true},
    {"unit_power_mw_max", offsetof(ls_record_node, unit_power_mw_max), true},
    {"unit_latency_ps", offsetof(ls_record_node, unit_latency_ps), false},
    {"unit_downtime_fit_min", offsetof(ls_record_node, unit_downtime_fit_min), true},
    {"unit_fit", offsetof(ls_record_node, unit_fit), true},
    {"unit_spare_fit", offsetof(ls_record_node, unit_spare_fit), true},
    {"unit_repair_mcents", offsetof(ls_record_node, unit_repair_mcents), true},
    {"unit_swap_fit", offsetof(ls_record_node, unit_swap_fit), true},
    {"unit_swap_fit_min", offsetof(ls_record_node, unit_swap_fit_min), true},
    {"radix", offsetof(ls_record_node, radix), false},
    {"loss_mdb", offsetof(ls_record_node, loss_mdb), false},
    {"cage_count", offsetof(ls_record_node, cage_count), false},
    {"cage_gbps", offsetof(ls_record_node, cage_gbps), false},
    {"rack_units", offsetof(ls_record_node, rack_units), false},
    {"is_liquid_cooled", offsetof(ls_record_node, is_liquid_cooled), false},
    {NULL, 0, false}};

static int64_t figure_of(const ls_record_node *node, const ls_record_field *field)
{
  return *(const int64_t *)(const void *)((const char *)node + field->offset);
}

static bool is_same_model(const ls_record_node *a, const ls_record_node *b)
{
  for (const ls_record_field *f = figures; f->name != NULL; f++)
    if (figure_of(a, f) != figure_of(b, f)) return false;
  return true;
}

static model *model_find(model *models, int32_t *count, const ls_record_node *node)
{
  for (int32_t i = 0; i < *count; i++)
    if (strcmp(models[i].example->catalog_id, node->catalog_id) == 0) return &models[i];
  if (*count == MODEL_MAX) return NULL;
  models[*count] = (model){node, 0};
  return &models[(*count)++];
}

/* Majority vote (Boyer and Moore): the device that differs from the others of its model lies. */
static void check_models(const ls_record *record, ls_verify_report *report)
{
  model models[MODEL_MAX];
  int32_t count = 0;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    model *of = node->kind == LS_DEVICE_RACK ? NULL : model_find(models, &count, node);
    if (of == NULL) continue;
    if (of->votes == 0) of->example = node;
    of->votes += is_same_model(of->example, node) ? 1 : -1;
  }
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    const model *of = node->kind == LS_DEVICE_RACK ? NULL : model_find(models, &count, node);
    for (const ls_record_field *f = figures; of != NULL && f->name != NULL; f++)
      ls_verify_compare(report, node->id, f->name, figure_of(node, f), figure_of(of->example, f));
  }
}

/* Only switches have cages and delay packets; a rack's servers are counted, not it. */
static void check_absent(const ls_record_node *node, ls_verify_report *report)
{
  if (ls_record_is_switch(node)) return;
  ls_verify_compare(report, node->id, "unit_power_mw_max", node->unit_power_mw_max, 0);
  ls_verify_compare(report, node->id, "unit_latency_ps", node->unit_latency_ps, 0);
  ls_verify_compare(report, node->id, "cage_count", node->cage_count, 0);
  ls_verify_compare(report, node->id, "is_liquid_cooled", node->is_liquid_cooled, 0);
  ls_verify_compare(report, node->id, "cage_gbps", node->cage_gbps, 0);
  if (node->kind != LS_DEVICE_RACK) return;
  ls_verify_compare(report, node->id, "unit_downtime_fit_min", node->unit_downtime_fit_min, 0);
  ls_verify_compare(report, node->id, "unit_fit", node->unit_fit, 0);
  ls_verify_compare(report, node->id, "rack_units", node->rack_units, 0);
}

/* ---- Faceplate ---- */

/* Pluggable modules of one face, each of which fills a cage that must be fast enough. */
static int64_t caged_modules(const ls_record *record, const ls_record_node *node,
                             const ls_record_face *face, ls_verify_report *report)
{
  char claimed[64], found[64];
  int64_t modules = 0;
  for (int32_t i = 0; i < face->group_count; i++) {
    const ls_record_optic *optic = &record->optics[face->groups[i].optic];
    if (optic->module_gbps == 0 || face->groups[i].module_count == 0) continue;
    ls_verify_add_product(&modules, face->groups[i].module_count, 1);
    if (optic->module_gbps <= node->cage_gbps) continue;
    snprintf(claimed, sizeof claimed, "%" PRId64, node->cage_gbps);
    snprintf(found, sizeof found, "a module of %" PRId64, optic->module_gbps);
    ls_verify_mismatch(report, node->id, "cage_gbps", claimed, found);
  }
  return modules;
}

static void check_faceplate(const ls_record *record, const ls_record_node *node,
                            ls_verify_report *report)
{
  char claimed[64], found[64];
  if (!ls_record_is_switch(node)) return;
  const int64_t modules = caged_modules(record, node, &node->down, report) +
                          caged_modules(record, node, &node->up, report);
  if (modules <= node->cage_count) return;
  snprintf(claimed, sizeof claimed, "%" PRId64, node->cage_count);
  snprintf(found, sizeof found, "%" PRId64 " modules", modules);
  ls_verify_mismatch(report, node->id, "cage_count", claimed, found);
}

/* ---- Slots ---- */

/* What a device takes of its slot: servers theirs, a chassis what its breaker must bear. */
typedef struct need {
  int64_t slot, rack_units, power_mw;
  int64_t gpu_racks;
} need;

static need need_of(const ls_record_site *site, const ls_record_node *node)
{
  need found = {node->slot, node->rack_units, node->unit_power_mw_max,
                node->kind == LS_DEVICE_RACK};
  if (node->kind == LS_DEVICE_RACK) {
    ls_verify_add_product(&found.rack_units, node->server_count, site->server_rack_units);
    ls_verify_add_product(&found.power_mw, node->server_count, site->server_power_mw);
  } else if (found.power_mw == 0) {
    found.power_mw = node->unit_power_mw;
    ls_verify_add_product(&found.power_mw, node->down.modules_power_mw, 1);
    ls_verify_add_product(&found.power_mw, node->up.modules_power_mw, 1);
  }
  return found;
}

static int compare_needs(const void *left, const void *right)
{
  const need *a = left, *b = right;
  return (a->slot > b->slot) - (a->slot < b->slot);
}

static void check_slot(const ls_record_site *site, const need *sum, ls_verify_report *report)
{
  char where[32];
  snprintf(where, sizeof where, "slot %" PRId64, sum->slot);
  if (sum->rack_units > site->slot_rack_units)
    ls_verify_compare(report, where, "rack_units", site->slot_rack_units, sum->rack_units);
  if (sum->power_mw > site->slot_power_mw)
    ls_verify_compare(report, where, "power_mw", site->slot_power_mw, sum->power_mw);
  const int32_t area = ls_record_area_find(site, &site->fixed, sum->slot);
  const char *use = area < 0 ? "" : site->fixed.areas[area].name;
  const bool is_network = strcmp(use, "network") == 0 || strcmp(use, "built_network") == 0;
  const bool is_gpu = strcmp(use, "gpu") == 0 || strcmp(use, "built_gpu") == 0;
  if (is_network && sum->gpu_racks > 0) ls_verify_mismatch(report, where, "use", use, "a GPU rack");
  if (is_gpu && sum->gpu_racks == 0)
    ls_verify_mismatch(report, where, "use", use, "a network rack");
}

static bool is_built_gpu(const ls_record_area *area)
{
  return strcmp(area->name, "built_gpu") == 0;
}

static int64_t area_slots(const ls_record_area *area)
{
  const int64_t rows = (area->row_last - area->row_first) / area->row_step + 1;
  int64_t slots = 0;
  ls_verify_add_product(&slots, rows, area->rack_last - area->rack_first + 1);
  return slots;
}

/* Racks that stood there before are all in use, and nothing stands where nothing can. */
static void check_ground(const ls_record *record, ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  int64_t built = 0, used = 0;
  for (int32_t i = 0; i < site->fixed.count; i++)
    if (is_built_gpu(&site->fixed.areas[i])) built += area_slots(&site->fixed.areas[i]);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    const int32_t area = ls_record_area_find(site, &site->fixed, node->slot);
    used += node->kind == LS_DEVICE_RACK && area >= 0 && is_built_gpu(&site->fixed.areas[area]);
    for (int32_t b = 0; b < site->blocked_count; b++)
      if (site->blocked[b] == node->slot)
        ls_verify_mismatch(report, node->id, "slot", "free", "blocked");
  }
  ls_verify_compare(report, "graph", "built GPU racks in use", built, used);
}

static ls_status check_slots(const ls_record *record, ls_verify_report *report)
{
  need *needs = malloc(((size_t)record->node_count + 1) * sizeof *needs);
  if (needs == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->node_count; i++)
    needs[i] = need_of(&record->site, &record->nodes[i]);
  qsort(needs, (size_t)record->node_count, sizeof *needs, compare_needs);
  for (int32_t first = 0, next; first < record->node_count; first = next) {
    need sum = {needs[first].slot, 0, 0, 0};
    for (next = first; next < record->node_count && needs[next].slot == sum.slot; next++) {
      ls_verify_add_product(&sum.rack_units, needs[next].rack_units, 1);
      ls_verify_add_product(&sum.power_mw, needs[next].power_mw, 1);
      sum.gpu_racks += needs[next].gpu_racks;
    }
    check_slot(&record->site, &sum, report);
  }
  free(needs);
  return LS_OK;
}

/* ---- Risk ---- */

static int64_t unit_risk_bps(int64_t downtime_fit_min, int64_t gbps)
{
  int64_t product = 0;
  ls_verify_add_product(&product, downtime_fit_min, gbps);
  return product / 60;
}

static int64_t group_risk_bps(const ls_record *record, const ls_record_group *group)
{
  const ls_record_optic *optic = &record->optics[group->optic];
  const int64_t port_gbps = record->site.port_gbps;
  int64_t risk_bps = 0, fit_min = 0;
  for (int32_t i = 0; i < LS_RECORD_PART_MAX; i++) {
    const ls_record_part *part = &optic->part[i];
    int64_t of_part = 0;
    if (part->fit == 0 || part->gbps < 1) continue;
    ls_verify_add_product(&of_part, part->fit, part->minutes);
    ls_verify_add_product(&fit_min, of_part, (port_gbps + part->gbps - 1) / part->gbps);
  }
  ls_verify_add_product(&risk_bps, group->module_count,
                        unit_risk_bps(fit_min, ls_record_unit_gbps(record, optic)));
  return risk_bps;
}

static int64_t face_risk_bps(const ls_record *record, const ls_record_face *face)
{
  int64_t risk_bps = 0;
  for (int32_t i = 0; i < face->group_count; i++)
    ls_verify_add_product(&risk_bps, group_risk_bps(record, &face->groups[i]), 1);
  return risk_bps;
}

static ls_status check_risk(const ls_record *record, ls_verify_report *report)
{
  int64_t risk_bps = 0;
  int64_t *carried = calloc((size_t)record->node_count + 1, sizeof *carried); /* links by OCS */
  if (carried == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind == LS_BUNDLE_CIRCUIT && edge->via >= 0) carried[edge->via] += edge->link_count;
  }
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    const int64_t lit = node->down.port_count + node->up.port_count;
    int64_t gbps = 0;
    ls_verify_add_product(&gbps, node->kind == LS_DEVICE_OCS ? carried[i] : lit,
                          record->site.port_gbps);
    int64_t fit_min = node->unit_downtime_fit_min;
    ls_verify_add_product(&fit_min, node->unit_swap_fit_min, 1);
    if (node->kind != LS_DEVICE_RACK)
      ls_verify_add_product(&risk_bps, unit_risk_bps(fit_min, gbps), 1);
    ls_verify_add_product(&risk_bps, face_risk_bps(record, &node->down), 1);
    ls_verify_add_product(&risk_bps, face_risk_bps(record, &node->up), 1);
  }
  free(carried);
  ls_verify_compare(report, "graph", "risk_bps", record->claims.risk_bps, risk_bps);
  return LS_OK;
}

ls_status ls_verify_check_units(const ls_record *record, ls_verify_report *report)
{
  const ls_record_zones *liquid = &record->site.liquid_cooled;
  check_models(record, report);
  for (int32_t i = 0; i < record->node_count; i++) {
    check_absent(&record->nodes[i], report);
    check_faceplate(record, &record->nodes[i], report);
    if (record->nodes[i].is_liquid_cooled && liquid->count > 0 &&
        ls_record_area_find(&record->site, liquid, record->nodes[i].slot) < 0)
      ls_verify_mismatch(report, record->nodes[i].id, "slot", "liquid-cooled", "air alone");
  }
  check_ground(record, report);
  ls_status status = check_slots(record, report);
  if (status == LS_OK) status = check_risk(record, report);
  return status;
}
