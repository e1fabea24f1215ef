/* DOT with positions, for `neato -n2`; other programs of Graphviz place the devices anew. */
#include "export.h"

#include <inttypes.h>

#include "export_layout.h"
#include "export_link.h"

static const char *edge_style(const ls_record_edge *edge)
{
  return edge->kind == LS_BUNDLE_CIRCUIT ? "dashed, color=\"#b0b0b0\"" : "solid";
}

/* Names are words without quotes: export.c has looked. */
static void write_node(const ls_record_node *node, int64_t x, int64_t y, FILE *stream)
{
  fprintf(stream,
          "  \"%s\" [pos=\"%" PRId64 ",%" PRId64 "!\", kind=%s, plane=%" PRId64 ", slot=%" PRId64
          ", gpu_count=%" PRId64 ", shape=%s, fillcolor=\"%s\"];\n",
          node->id, x, y, node->kind_name, node->plane, node->slot, node->gpu_count,
          node->kind == LS_DEVICE_OCS ? "hexagon" : "box", ls_layout_colour(node->kind));
}

static void write_edge(const ls_record *record, const ls_record_edge *edge, FILE *stream)
{
  char label[LS_LINK_LABEL_MAX];
  ls_link_label(record, edge, label);
  fprintf(stream,
          "  \"%s\" -- \"%s\" [label=\"%s\", interaction=%s, link_count=%" PRId64
          ", link_gbps=%" PRId64 ", length_mm=%" PRId64 ", style=%s];\n",
          record->nodes[edge->node_a].id, record->nodes[edge->node_b].id, label, edge->kind_name,
          edge->link_count, ls_link_gbps(record, edge), edge->length_mm, edge_style(edge));
}

ls_status ls_export_dot(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  ls_layout layout;
  (void)error;
  const ls_status status = ls_layout_create(record, &layout);
  if (status != LS_OK) return status;
  fprintf(stream,
          "graph \"%s\" {\n"
          "  graph [layout=neato, inputscale=72, splines=line, outputorder=edgesfirst];\n"
          "  node [style=filled, fixedsize=true, width=%.3f, height=%.3f, fontsize=10,"
          " fontname=\"sans-serif\"];\n"
          "  edge [fontsize=6, fontname=\"sans-serif\", color=\"#606060\"];\n",
          design->name, LS_LAYOUT_BOX_WIDTH / 72.0, LS_LAYOUT_BOX_HEIGHT / 72.0);
  for (int32_t i = 0; i < record->node_count; i++)
    write_node(&record->nodes[i], layout.x[i], layout.y[i], stream);
  for (int32_t i = 0; i < record->edge_count; i++) write_edge(record, &record->edges[i], stream);
  fputs("}\n", stream);
  ls_layout_destroy(&layout);
  return LS_OK;
}
