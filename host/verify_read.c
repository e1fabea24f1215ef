/* Fills the verifier's record from what igraph has read: which attributes are asked for, and where
 * their values go. Sees the file through verify.c's few functions alone, which fetch an attribute
 * by its name. Knows neither igraph nor the optimizer. */
#include "verify_graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 160 /* of an attribute: table, catalog id and field */

ls_status ls_record_no_memory(const ls_record_reader *r)
{
  return ls_error_set(r->error, LS_ERR_MEMORY, r->path, 0, NULL, "not enough memory to verify");
}

static ls_status refuse_value(const ls_record_reader *r, const ls_record_field *field, double value,
                              const char *name, const char *owner)
{
  char found[32] = "none";
  if (!isnan(value)) snprintf(found, sizeof found, "%.15g", value);
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, name,
                      "of %s must be a whole number of %s, got %s", owner,
                      field->is_price ? "at most 2^53" : "at most 10^9", found);
}

static ls_status read_graph_fields(const ls_record_reader *r, const ls_record_field *fields,
                                   const char *prefix, void *target)
{
  for (const ls_record_field *f = fields; f->name != NULL; f++) {
    char name[NAME_MAX_BYTES];
    double value = 0;
    snprintf(name, sizeof name, "%s%s", prefix, f->name);
    ls_status status = ls_source_number(r, name, &value);
    if (status != LS_OK) return status;
    if (!ls_record_store(f, value, target)) return refuse_value(r, f, value, name, "the graph");
  }
  return LS_OK;
}

static ls_status read_graph_text(const ls_record_reader *r, const char *prefix, const char *field,
                                 char *text, size_t capacity)
{
  char name[NAME_MAX_BYTES];
  const char *found = NULL;
  snprintf(name, sizeof name, "%s%s", prefix, field);
  ls_status status = ls_source_text(r, name, &found);
  if (status == LS_OK) snprintf(text, capacity, "%s", found);
  return status;
}

/* ---- The graph's own attributes ---- */

static ls_status read_optic(const ls_record_reader *r, const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->optic_count == LS_RECORD_OPTIC_MAX)
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "has more than %d optics",
                        LS_RECORD_OPTIC_MAX);
  ls_record_optic *optic = &record->optics[record->optic_count];
  snprintf(optic->id, sizeof optic->id, "%s", id);
  snprintf(prefix, sizeof prefix, "optic.%s.", id);
  ls_status status = read_graph_text(r, prefix, "kind", optic->kind, sizeof optic->kind);
  if (status != LS_OK) return status;
  status = read_graph_text(r, prefix, "mate_class", optic->mate_class, sizeof optic->mate_class);
  if (status != LS_OK) return status;
  status = read_graph_fields(r, ls_record_optic_fields, prefix, optic);
  if (status == LS_OK) record->optic_count++;
  return status;
}

static ls_status read_fiber(const ls_record_reader *r, const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->fiber_count == LS_RECORD_FIBER_MAX)
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "has more than %d fibers",
                        LS_RECORD_FIBER_MAX);
  ls_record_fiber *fiber = &record->fibers[record->fiber_count];
  snprintf(fiber->id, sizeof fiber->id, "%s", id);
  snprintf(prefix, sizeof prefix, "fiber.%s.", id);
  ls_status status = read_graph_fields(r, ls_record_fiber_fields, prefix, fiber);
  if (status == LS_OK) record->fiber_count++;
  return status;
}

static ls_status refuse_count(const ls_record_reader *r, const char *what, int32_t most)
{
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "has more than %d %s", most, what);
}

static ls_status read_resource(const ls_record_reader *r, const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->resource_count == LS_RECORD_RESOURCE_MAX)
    return refuse_count(r, "resources", LS_RECORD_RESOURCE_MAX);
  ls_record_resource *resource = &record->resources[record->resource_count++];
  snprintf(resource->id, sizeof resource->id, "%s", id);
  snprintf(prefix, sizeof prefix, "resource.%s.", id);
  return read_graph_fields(r, ls_record_resource_fields, prefix, resource);
}

static ls_status read_vendor(const ls_record_reader *r, const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->vendor_count == LS_RECORD_VENDOR_MAX)
    return refuse_count(r, "vendors", LS_RECORD_VENDOR_MAX);
  ls_record_vendor *vendor = &record->vendors[record->vendor_count++];
  snprintf(vendor->id, sizeof vendor->id, "%s", id);
  snprintf(prefix, sizeof prefix, "vendor.%s.", id);
  return read_graph_fields(r, ls_record_vendor_fields, prefix, vendor);
}

/* The resources are known. */
static ls_status read_entry(const ls_record_reader *r, int32_t list, const char *table,
                            const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->entry_count == LS_RECORD_ENTRY_MAX)
    return refuse_count(r, "entries of the catalog", LS_RECORD_ENTRY_MAX);
  ls_record_entry *entry = &record->entries[record->entry_count++];
  entry->list = list;
  snprintf(entry->id, sizeof entry->id, "%s", id);
  snprintf(prefix, sizeof prefix, "%s.%s.", table, id);
  ls_status status = read_graph_text(r, prefix, "vendor", entry->vendor, sizeof entry->vendor);
  for (int32_t i = 0; status == LS_OK && i < record->resource_count; i++) {
    char name[LS_RECORD_ID_MAX + 8];
    snprintf(name, sizeof name, "draw.%s", record->resources[i].id);
    const ls_record_field fields[] = {
        {name, offsetof(ls_record_entry, draw) + (size_t)i * sizeof *entry->draw, false},
        {NULL, 0, false}};
    status = read_graph_fields(r, fields, prefix, entry);
  }
  return status;
}

static ls_status read_supply(const ls_record_reader *r)
{
  static const char *const tables[LS_ENTRY_LIST_COUNT] = {"switch", "optic", "ocs"};
  const int64_t count = ls_source_name_count(r);
  char id[LS_RECORD_ID_MAX];
  ls_status status = read_graph_text(r, "", "supply_scenario", r->record->supply_scenario,
                                     sizeof r->record->supply_scenario);
  for (int64_t i = 0; status == LS_OK && i < count; i++) {
    if (ls_record_split_name(ls_source_name(r, i), "resource", "needed", id))
      status = read_resource(r, id);
    else if (ls_record_split_name(ls_source_name(r, i), "vendor", "capex_cents", id))
      status = read_vendor(r, id);
  }
  for (int64_t i = 0; status == LS_OK && i < count; i++)
    for (int32_t list = 0; status == LS_OK && list < LS_ENTRY_LIST_COUNT; list++)
      if (ls_record_split_name(ls_source_name(r, i), tables[list], "vendor", id))
        status = read_entry(r, list, tables[list], id);
  return status;
}

static ls_status read_technologies(const ls_record_reader *r)
{
  const int64_t count = ls_source_name_count(r);
  for (int64_t i = 0; i < count; i++) {
    const char *name = ls_source_name(r, i);
    char id[LS_RECORD_ID_MAX];
    ls_status status = LS_OK;
    if (ls_record_split_name(name, "optic", "module_gbps", id))
      status = read_optic(r, id);
    else if (ls_record_split_name(name, "fiber", "loss_mdb_per_km", id))
      status = read_fiber(r, id);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

/* Where halls, feeds and cooling units are, the worst instance of each danger, the fullest tray. */
static ls_status read_dangers(const ls_record_reader *r)
{
  ls_record_site *site = &r->record->site;
  const struct {
    const char *name;
    ls_record_zones *zones;
  } lists[] = {{"halls", &site->halls},
               {"feeds", &site->feeds},
               {"cooling_units", &site->cooling_units},
               {"liquid_cooled", &site->liquid_cooled},
               {"fixed", &site->fixed}};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    const char *text = NULL;
    const ls_status status = ls_source_text(r, lists[i].name, &text);
    if (status != LS_OK) return status;
    if (!ls_record_parse_zones(text, lists[i].zones))
      return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, lists[i].name,
                          "must be none or at most %d areas name:rows:every:racks:gap",
                          LS_RECORD_AREA_MAX);
  }
  const char *blocked = NULL;
  const ls_status blocked_status = ls_source_text(r, "blocked", &blocked);
  if (blocked_status != LS_OK) return blocked_status;
  if (!ls_record_parse_blocked(blocked, site))
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, "blocked",
                        "must be none or at most %d slots", LS_RECORD_BLOCKED_MAX);
  for (int32_t i = 0; i < LS_DANGER_COUNT; i++) {
    ls_record_risk *claim = &r->record->claims.dangers[i];
    const ls_status status =
        read_graph_text(r, ls_danger_names[i], "_worst", claim->worst, sizeof claim->worst);
    if (status != LS_OK) return status;
  }
  return read_graph_text(r, "", "tray_fullest", r->record->claims.tray_fullest,
                         sizeof r->record->claims.tray_fullest);
}

static ls_status read_site(const ls_record_reader *r)
{
  ls_record_site *site = &r->record->site;
  const char *format = NULL, *stock = NULL;
  if (ls_source_text(r, "format", &format) != LS_OK || strcmp(format, "lightspine") != 0)
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, "format",
                        "must be \"lightspine\": this GraphML is not one of our exports");
  ls_status status = read_graph_fields(r, ls_record_site_fields, "", site);
  if (status != LS_OK) return status;
  status = ls_record_check_site(site, r->path, r->error);
  if (status != LS_OK) return status;
  status = read_graph_fields(r, ls_record_claim_fields, "", &r->record->claims);
  if (status != LS_OK) return status;
  status = read_dangers(r);
  if (status != LS_OK) return status;
  status = read_graph_text(r, "", "variant", r->record->variant, sizeof r->record->variant);
  if (status != LS_OK) return status;
  status = read_graph_text(r, "", "scale_up", r->record->scale_up, sizeof r->record->scale_up);
  if (status != LS_OK) return status;
  status = ls_source_text(r, "stock_mm", &stock);
  if (status != LS_OK) return status;
  if (!ls_record_parse_stock(stock, site))
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, "stock_mm",
                        "must be at most %d ascending lengths in millimetres", LS_RECORD_STOCK_MAX);
  status = read_technologies(r);
  return status == LS_OK ? read_supply(r) : status;
}

/* ---- Nodes and edges ---- */

#define NODE_TEXT(name, member)                                                                    \
  (ls_record_column)                                                                               \
  {                                                                                                \
    LS_DOMAIN_NODES, name, record->nodes, sizeof(ls_record_node), offsetof(ls_record_node, member) \
  }
#define EDGE_TEXT(name, member)                                                                    \
  (ls_record_column)                                                                               \
  {                                                                                                \
    LS_DOMAIN_EDGES, name, record->edges, sizeof(ls_record_edge), offsetof(ls_record_edge, member) \
  }

/* All numeric fields of all nodes or edges; ids are read already. values: room for them. */
static ls_status read_columns(const ls_record_reader *r, ls_record_domain domain,
                              const ls_record_field *fields, double *values)
{
  const ls_record *record = r->record;
  const bool is_node = domain == LS_DOMAIN_NODES;
  const int32_t count = is_node ? record->node_count : record->edge_count;
  for (const ls_record_field *f = fields; f->name != NULL; f++) {
    ls_status status = ls_source_numbers(r, domain, f->name, values);
    if (status != LS_OK) return status;
    for (int32_t i = 0; i < count; i++) {
      void *target = is_node ? (void *)&record->nodes[i] : (void *)&record->edges[i];
      const char *id = is_node ? record->nodes[i].id : record->edges[i].id;
      if (!ls_record_store(f, values[i], target)) return refuse_value(r, f, values[i], f->name, id);
    }
  }
  return LS_OK;
}

/* x and y are metres for people's tools; they must be whole millimetres. values: room for them. */
static ls_status read_positions(const ls_record_reader *r, double *values)
{
  static const char *const names[2] = {"x", "y"};
  ls_record_node *nodes = r->record->nodes;
  for (int axis = 0; axis < 2; axis++) {
    ls_status status = ls_source_numbers(r, LS_DOMAIN_NODES, names[axis], values);
    if (status != LS_OK) return status;
    for (int32_t i = 0; i < r->record->node_count; i++) {
      const double at_mm = values[i] * 1000;
      if (!isfinite(at_mm) || fabs(at_mm) > INT32_MAX || fabs(at_mm - round(at_mm)) > 1e-3)
        return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, names[axis],
                            "of %s must be metres to the millimetre", nodes[i].id);
      *(axis == 0 ? &nodes[i].x_mm : &nodes[i].y_mm) = (int64_t)round(at_mm);
    }
  }
  return LS_OK;
}

static ls_status read_nodes(const ls_record_reader *r)
{
  ls_record *record = r->record;
  record->nodes = calloc((size_t)record->node_count + 1, sizeof *record->nodes);
  if (record->nodes == NULL) return ls_record_no_memory(r);
  const ls_record_column columns[] = {NODE_TEXT("id", id),
                                      NODE_TEXT("kind", kind_name),
                                      NODE_TEXT("catalog_id", catalog_id),
                                      NODE_TEXT("integrated_optic", integrated_optic),
                                      NODE_TEXT("down_optic", down.optic_ids),
                                      NODE_TEXT("up_optic", up.optic_ids)};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    ls_status status = ls_source_texts(r, &columns[i]);
    if (status != LS_OK) return status;
  }
  double *values = malloc(((size_t)record->node_count + 1) * sizeof *values);
  if (values == NULL) return ls_record_no_memory(r);
  ls_status status = read_columns(r, LS_DOMAIN_NODES, ls_record_node_fields, values);
  if (status == LS_OK) status = read_positions(r, values);
  free(values);
  return status;
}

static ls_status read_edges(const ls_record_reader *r)
{
  ls_record *record = r->record;
  record->edges = calloc((size_t)record->edge_count + 1, sizeof *record->edges);
  if (record->edges == NULL) return ls_record_no_memory(r);
  const ls_record_column columns[] = {EDGE_TEXT("id", id),
                                      EDGE_TEXT("interaction", kind_name),
                                      EDGE_TEXT("optic_a", optic_a_id),
                                      EDGE_TEXT("optic_b", optic_b_id),
                                      EDGE_TEXT("fiber", fiber_id),
                                      EDGE_TEXT("via", via_id)};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    ls_status status = ls_source_texts(r, &columns[i]);
    if (status != LS_OK) return status;
  }
  ls_source_ends(r);
  double *values = malloc(((size_t)record->edge_count + 1) * sizeof *values);
  if (values == NULL) return ls_record_no_memory(r);
  ls_status status = read_columns(r, LS_DOMAIN_EDGES, ls_record_edge_fields, values);
  free(values);
  return status;
}

ls_status ls_record_fill(const ls_record_reader *r)
{
  ls_status status = read_site(r);
  if (status == LS_OK) status = read_nodes(r);
  if (status == LS_OK) status = read_edges(r);
  return status == LS_OK ? ls_record_resolve(r->record, r->path, r->error) : status;
}
