/* Node-link JSON: what the GraphML says of devices and bundles, under the same names, with the
 * figures of the site and the claims as attributes of the graph. A line an item, written as it
 * comes: a tree of the whole would be many times the file. */
#include "export.h"

#include "json.h"
#include "verify_graph.h"

static void set_fields(ls_json *object, const ls_record_field *fields, const void *from)
{
  for (const ls_record_field *field = fields; field->name; field++)
    ls_json_set_int(object, field->name,
                    *(const int64_t *)(const void *)((const char *)from + field->offset));
}

static ls_json *graph_json(const ls_export *design)
{
  const ls_record *record = design->record;
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "name", design->name);
  ls_json_set_text(object, "variant", record->variant);
  ls_json_set_text(object, "supply_scenario", record->supply_scenario);
  set_fields(object, ls_record_site_fields, &record->site);
  set_fields(object, ls_record_claim_fields, &record->claims);
  return object;
}

static ls_json *node_json(const ls_record_node *node)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "id", node->id);
  ls_json_set_text(object, "label", node->id);
  ls_json_set_text(object, "kind", node->kind_name);
  ls_json_set_real(object, "x", (double)node->x_mm / 1000);
  ls_json_set_real(object, "y", (double)node->y_mm / 1000);
  ls_json_set_text(object, "catalog_id", node->catalog_id);
  ls_json_set_text(object, "integrated_optic", node->integrated_optic);
  ls_json_set_text(object, "down_optic", node->down.optic_ids);
  ls_json_set_text(object, "up_optic", node->up.optic_ids);
  set_fields(object, ls_record_node_fields, node);
  return object;
}

static ls_json *edge_json(const ls_record *record, const ls_record_edge *edge)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "source", record->nodes[edge->node_a].id);
  ls_json_set_text(object, "target", record->nodes[edge->node_b].id);
  ls_json_set_text(object, "key", edge->id);
  ls_json_set_text(object, "interaction", edge->kind_name);
  ls_json_set_text(object, "via", edge->via_id);
  ls_json_set_text(object, "optic_a", edge->optic_a_id);
  ls_json_set_text(object, "optic_b", edge->optic_b_id);
  ls_json_set_text(object, "fiber", edge->fiber_id);
  set_fields(object, ls_record_edge_fields, edge);
  return object;
}

ls_status ls_export_json(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  fputs("{\"directed\": false, \"multigraph\": true,\n\"graph\": ", stream);
  ls_status status = ls_json_write_line(graph_json(design), stream, error);
  fputs(",\n\"nodes\": [", stream);
  for (int32_t i = 0; status == LS_OK && i < record->node_count; i++) {
    fputs(i ? ",\n" : "\n", stream);
    status = ls_json_write_line(node_json(&record->nodes[i]), stream, error);
  }
  fputs("],\n\"links\": [", stream);
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++) {
    fputs(i ? ",\n" : "\n", stream);
    status = ls_json_write_line(edge_json(record, &record->edges[i]), stream, error);
  }
  fputs("]}\n", stream);
  return status;
}
