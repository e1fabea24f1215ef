/* GraphML as yEd draws it: every device a box, every bundle a line, with the figures a person looks
 * up as data beside them. In a file of its own, because yEd's positions would hide ours from other
 * readers. */
#include "export.h"

#include <inttypes.h>

#include "export_layout.h"
#include "export_link.h"
#include "xml.h"

#define NAMESPACE "http://graphml.graphdrawing.org/xmlns"

typedef struct key {
  const char *id, *domain, *name, *type;
} key;

static const key keys[] = {{"n_kind", "node", "kind", "string"},
                           {"n_catalog_id", "node", "catalog_id", "string"},
                           {"n_plane", "node", "plane", "long"},
                           {"n_slot", "node", "slot", "long"},
                           {"n_gpu_count", "node", "gpu_count", "long"},
                           {"e_interaction", "edge", "interaction", "string"},
                           {"e_link_count", "edge", "link_count", "long"},
                           {"e_link_gbps", "edge", "link_gbps", "long"},
                           {"e_optic_a", "edge", "optic_a", "string"},
                           {"e_optic_b", "edge", "optic_b", "string"},
                           {"e_fiber", "edge", "fiber", "string"},
                           {"e_via", "edge", "via", "string"},
                           {"e_length_mm", "edge", "length_mm", "long"}};

static void write_keys(ls_xml *xml)
{
  static const char *const graphics[][2] = {{"node", "nodegraphics"}, {"edge", "edgegraphics"}};
  for (size_t i = 0; i < sizeof graphics / sizeof *graphics; i++) {
    ls_xml_start(xml, "key");
    ls_xml_attribute(xml, "id", graphics[i][1]);
    ls_xml_attribute(xml, "for", graphics[i][0]);
    ls_xml_attribute(xml, "yfiles.type", graphics[i][1]);
    ls_xml_end(xml);
    ls_xml_break(xml);
  }
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    ls_xml_start(xml, "key");
    ls_xml_attribute(xml, "id", keys[i].id);
    ls_xml_attribute(xml, "for", keys[i].domain);
    ls_xml_attribute(xml, "attr.name", keys[i].name);
    ls_xml_attribute(xml, "attr.type", keys[i].type);
    ls_xml_end(xml);
    ls_xml_break(xml);
  }
}

static void put_text(ls_xml *xml, const char *key_id, const char *text)
{
  ls_xml_start(xml, "data");
  ls_xml_attribute(xml, "key", key_id);
  ls_xml_text(xml, text);
  ls_xml_end(xml);
}

static void put_number(ls_xml *xml, const char *key_id, int64_t number)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, number);
  put_text(xml, key_id, text);
}

static void attribute_number(ls_xml *xml, const char *name, int64_t number)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, number);
  ls_xml_attribute(xml, name, text);
}

/* The y of yEd points downwards, and a box is placed by its upper left corner. */
static void write_shape(ls_xml *xml, const ls_record_node *node, int64_t x, int64_t y)
{
  ls_xml_start(xml, "data");
  ls_xml_attribute(xml, "key", "nodegraphics");
  ls_xml_start(xml, "y:ShapeNode");
  ls_xml_start(xml, "y:Geometry");
  attribute_number(xml, "height", LS_LAYOUT_BOX_HEIGHT);
  attribute_number(xml, "width", LS_LAYOUT_BOX_WIDTH);
  attribute_number(xml, "x", x - LS_LAYOUT_BOX_WIDTH / 2);
  attribute_number(xml, "y", -y - LS_LAYOUT_BOX_HEIGHT / 2);
  ls_xml_end(xml);
  ls_xml_start(xml, "y:Fill");
  ls_xml_attribute(xml, "color", ls_layout_colour(node->kind));
  ls_xml_attribute(xml, "transparent", "false");
  ls_xml_end(xml);
  ls_xml_start(xml, "y:NodeLabel");
  ls_xml_text(xml, node->id);
  ls_xml_end(xml);
  ls_xml_start(xml, "y:Shape");
  ls_xml_attribute(xml, "type", node->kind == LS_DEVICE_OCS ? "hexagon" : "rectangle");
  ls_xml_end(xml);
  ls_xml_end(xml);
  ls_xml_end(xml);
}

static void write_node(ls_xml *xml, const ls_record_node *node, int64_t x, int64_t y)
{
  ls_xml_start(xml, "node");
  ls_xml_attribute(xml, "id", node->id);
  put_text(xml, "n_kind", node->kind_name);
  put_text(xml, "n_catalog_id", node->catalog_id);
  put_number(xml, "n_plane", node->plane);
  put_number(xml, "n_slot", node->slot);
  put_number(xml, "n_gpu_count", node->gpu_count);
  write_shape(xml, node, x, y);
  ls_xml_end(xml);
  ls_xml_break(xml);
}

static void write_line(ls_xml *xml, const ls_record *record, const ls_record_edge *edge)
{
  char label[LS_LINK_LABEL_MAX];
  ls_link_label(record, edge, label);
  ls_xml_start(xml, "data");
  ls_xml_attribute(xml, "key", "edgegraphics");
  ls_xml_start(xml, "y:PolyLineEdge");
  ls_xml_start(xml, "y:LineStyle");
  ls_xml_attribute(xml, "color", edge->kind == LS_BUNDLE_CIRCUIT ? "#b0b0b0" : "#606060");
  ls_xml_attribute(xml, "type", edge->kind == LS_BUNDLE_CIRCUIT ? "dashed" : "line");
  ls_xml_attribute(xml, "width", "1.0");
  ls_xml_end(xml);
  ls_xml_start(xml, "y:Arrows");
  ls_xml_attribute(xml, "source", "none");
  ls_xml_attribute(xml, "target", "none");
  ls_xml_end(xml);
  ls_xml_start(xml, "y:EdgeLabel");
  ls_xml_attribute(xml, "fontSize", "8");
  ls_xml_text(xml, label);
  ls_xml_end(xml);
  ls_xml_end(xml);
  ls_xml_end(xml);
}

static void write_edge(ls_xml *xml, const ls_record *record, const ls_record_edge *edge)
{
  ls_xml_start(xml, "edge");
  ls_xml_attribute(xml, "id", edge->id);
  ls_xml_attribute(xml, "source", record->nodes[edge->node_a].id);
  ls_xml_attribute(xml, "target", record->nodes[edge->node_b].id);
  put_text(xml, "e_interaction", edge->kind_name);
  put_number(xml, "e_link_count", edge->link_count);
  put_number(xml, "e_link_gbps", ls_link_gbps(record, edge));
  put_text(xml, "e_optic_a", edge->optic_a_id);
  put_text(xml, "e_optic_b", edge->optic_b_id);
  put_text(xml, "e_fiber", edge->fiber_id);
  put_text(xml, "e_via", edge->via_id);
  put_number(xml, "e_length_mm", edge->length_mm);
  write_line(xml, record, edge);
  ls_xml_end(xml);
  ls_xml_break(xml);
}

ls_status ls_export_yed(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  ls_layout layout;
  (void)error;
  ls_status status = ls_layout_create(record, &layout);
  if (status != LS_OK) return status;
  ls_xml *xml = ls_xml_open(stream);
  status = xml ? LS_OK : LS_ERR_MEMORY;
  if (xml) {
    ls_xml_start(xml, "graphml");
    ls_xml_attribute(xml, "xmlns", NAMESPACE);
    ls_xml_attribute(xml, "xmlns:y", "http://www.yworks.com/xml/graphml");
    ls_xml_break(xml);
    write_keys(xml);
    ls_xml_start(xml, "graph");
    ls_xml_attribute(xml, "id", design->name);
    ls_xml_attribute(xml, "edgedefault", "undirected");
    ls_xml_break(xml);
    for (int32_t i = 0; i < record->node_count; i++)
      write_node(xml, &record->nodes[i], layout.x[i], layout.y[i]);
    for (int32_t i = 0; i < record->edge_count; i++) write_edge(xml, record, &record->edges[i]);
    ls_xml_end(xml);
    ls_xml_end(xml);
    status = ls_xml_close(xml);
  }
  ls_layout_destroy(&layout);
  return status;
}
