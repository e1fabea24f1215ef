/* Owns the numbering of ports and the two CSV files. Prices and lengths are those of the
 * topology: nothing is recomputed here. */
#include "schedule.h"

#include "../kernels/evaluate.h"

#include "csv.h"
#include "files.h"
#include <stdlib.h>
#include <string.h>

enum { PORTS_TEXT_MAX = 64 };

/* Ports given out so far. */
typedef struct port_book {
  const ls_topology *topology;
  const ls_catalog *catalog;
  const ls_spec *spec;
  int32_t *down_used, *up_used; /* [node_count]; of an OCS down_used alone, per side */
} port_book;

/* value / 1000 with three decimals. */
static void write_thousandths(FILE *stream, int64_t value)
{
  long long magnitude = llabs((long long)value);
  fprintf(stream, "%s%lld.%03lld", value < 0 ? "-" : "", magnitude / 1000, magnitude % 1000);
}

static void write_usd(FILE *stream, int64_t cents)
{
  fprintf(stream, "%lld.%02lld", (long long)(cents / 100), (long long)(cents % 100));
}

/* Ports first .. of count, each step behind the one before. */
static void format_ports(char text[PORTS_TEXT_MAX], int64_t first, int64_t count, int64_t step)
{
  const long long last = first + (count - 1) * step;
  if (count == 1) {
    snprintf(text, PORTS_TEXT_MAX, "%lld", (long long)first);
  } else if (step == 1) {
    snprintf(text, PORTS_TEXT_MAX, "%lld-%lld", (long long)first, last);
  } else {
    snprintf(text, PORTS_TEXT_MAX, "%lld-%lld/%lld", (long long)first, last, (long long)step);
  }
}

/* The NICs of a rack's GPUs that one leaf takes: a run of GPUs, with rail wiring one GPU of each
 * server of a run. */
static void format_nic_ports(const port_book *book, const ls_edge *edge, char text[PORTS_TEXT_MAX])
{
  const ls_node *rack = &book->topology->nodes[edge->node_a];
  const ls_node *leaf = &book->topology->nodes[edge->node_b];
  const ls_size *size = &book->topology->structure->size;
  const int64_t rails = size->rail_count;
  const int64_t gpus = book->topology->problem->server_endpoint_count;
  const int64_t per_rack = book->spec->cluster.servers_per_rack * (rails > 1 ? 1 : gpus);
  const int64_t first = leaf->index / rails * size->down;
  const int64_t local = ls_max(first - rack->index * per_rack, 0);
  const int64_t gpu = local * rails + leaf->index % rails;
  format_ports(text, edge->plane * (int64_t)rack->gpu_count + gpu + 1, edge->link_count, rails);
}

/* Where the ports away from the GPUs begin: behind all that face them. */
static int32_t up_first(const ls_topology *topology, const ls_node *node)
{
  const ls_size *size = &topology->structure->size;
  return node->kind == LS_NODE_LEAF ? size->down : size->leaves_per_pod;
}

/* The next ports of the device for this bundle. */
static void format_device_ports(const port_book *book, const ls_edge *edge, bool is_b,
                                char text[PORTS_TEXT_MAX])
{
  const int32_t index = is_b ? edge->node_b : edge->node_a;
  const ls_node *node = &book->topology->nodes[index];
  /* Between like devices both ends face away from the GPUs. */
  const bool is_down =
      is_b && (node->kind == LS_NODE_OCS || edge->tier != book->topology->structure->peer_tier);
  int32_t *used = is_down ? &book->down_used[index] : &book->up_used[index];
  if (node->kind == LS_NODE_OCS) {
    const int64_t count = (int64_t)edge->link_count * edge->strand_count / 2;
    char side[PORTS_TEXT_MAX];
    format_ports(side, *used + 1, count, 1);
    snprintf(text, PORTS_TEXT_MAX, "A%.30s B%.30s", side, side);
    *used += (int32_t)count;
    return;
  }
  const int32_t first = is_down ? 1 : up_first(book->topology, node) + 1;
  format_ports(text, first + *used, edge->link_count, 1);
  *used += edge->link_count;
}

/* Device, rack, ports and optics of one end, each with its comma. */
static void write_end(const port_book *book, const ls_edge *edge, bool is_b, FILE *stream)
{
  const ls_node *node = &book->topology->nodes[is_b ? edge->node_b : edge->node_a];
  const int32_t optic = is_b ? edge->optic_b : edge->optic_a;
  const int32_t per_row = book->spec->floor.racks_per_row;
  char id[32], ports[PORTS_TEXT_MAX];
  ls_node_id(node, id);
  if (node->kind == LS_NODE_RACK) {
    format_nic_ports(book, edge, ports);
  } else {
    format_device_ports(book, edge, is_b, ports);
  }
  fprintf(stream, ",%s,row%03d-%03d,%s,", id, (int)(node->slot / per_row),
          (int)(node->slot % per_row), ports);
  if (optic >= 0) ls_csv_write(stream, book->catalog->optics[optic].id);
}

/* Cords to pull: of fiber one a link; a copper cable carries as many links as its rate holds. */
static int64_t cable_count(const ls_topology *topology, const ls_edge *edge)
{
  if (edge->fiber >= 0) return edge->link_count;
  return ls_chassis_modules(&topology->problem->optics[edge->optic_a], edge->link_count,
                            topology->structure->port_gbps);
}

static void write_cable(const port_book *book, const ls_edge *edge, FILE *stream)
{
  char id_a[32], id_b[32];
  ls_node_id(&book->topology->nodes[edge->node_a], id_a);
  ls_node_id(&book->topology->nodes[edge->node_b], id_b);
  fprintf(stream, "%s--%s", id_a, id_b);
  write_end(book, edge, false, stream);
  write_end(book, edge, true, stream);
  fprintf(stream, ",%d,", (int)edge->link_count);
  write_thousandths(stream, edge->length_mm);
  fputc(',', stream);
  write_thousandths(stream, edge->stock_mm);
  fputc(',', stream);
  ls_csv_write(stream, edge->fiber < 0 ? "copper" : book->catalog->fibers[edge->fiber].id);
  fprintf(stream, ",%d,", (int)edge->strand_count);
  write_thousandths(stream, edge->loss_mdb);
  fputc(',', stream);
  if (edge->margin_mdb != INT32_MAX) write_thousandths(stream, edge->margin_mdb);
  fprintf(stream, ",%lld\n", (long long)cable_count(book->topology, edge));
}

ls_status ls_schedule_write_cables(const ls_topology *topology, const ls_catalog *catalog,
                                   const ls_spec *spec, const char *path, ls_error *error)
{
  ls_file_writer file;
  port_book book = {.topology = topology, .catalog = catalog, .spec = spec};
  ls_status status = LS_ERR_MEMORY;
  book.down_used = calloc((size_t)topology->node_count + 1, sizeof *book.down_used);
  book.up_used = calloc((size_t)topology->node_count + 1, sizeof *book.up_used);
  if (book.down_used == NULL || book.up_used == NULL) goto cleanup;
  status = ls_file_open(&file, path, error);
  if (status != LS_OK) goto cleanup;
  fputs("cable_id,a_device,a_rack,a_ports,a_optic,b_device,b_rack,b_ports,b_optic,link_count,"
        "length_m,stock_m,medium,strands,loss_db,margin_db,cable_count\n",
        file.stream);
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_CIRCUIT) write_cable(&book, edge, file.stream);
  }
  status = ls_file_commit(&file, error);
cleanup:
  free(book.up_used);
  free(book.down_used);
  return status;
}

/* What kind of thing a catalog id is at a place. */
static const char *kind_of(const ls_catalog *catalog, const char *id, const char *place)
{
  if (strcmp(id, "shuffle-box") == 0) return "shuffle box";
  if (strstr(place, "-engines") != NULL) return "engines of a chassis";
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    if (strcmp(catalog->switches[i].id, id) == 0) return "switch";
  }
  for (int32_t i = 0; i < catalog->ocs_count; i++) {
    if (strcmp(catalog->ocs[i].id, id) == 0) return "ocs";
  }
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    if (strcmp(catalog->optics[i].id, id) == 0) {
      if (ls_optic_is_integrated(catalog->optics[i].kind)) return "integrated port";
      return ls_optic_is_copper(catalog->optics[i].kind) ? "copper cable end" : "module";
    }
  }
  return "cord";
}

/* An item of the ledger reads "catalog-id place[ detail]". */
static void write_material(const ls_catalog *catalog, const ls_ledger_line *line, FILE *stream)
{
  char id[sizeof line->item];
  snprintf(id, sizeof id, "%s", line->item);
  char *place = strchr(id, ' ');
  if (place != NULL) *place++ = '\0';
  ls_csv_write(stream, kind_of(catalog, id, place != NULL ? place : ""));
  fputc(',', stream);
  ls_csv_write(stream, id);
  fputc(',', stream);
  ls_csv_write(stream, place != NULL ? place : "");
  fprintf(stream, ",%lld,", (long long)line->count);
  write_usd(stream, line->unit_value);
  fputc(',', stream);
  write_usd(stream, line->value);
  fputc(',', stream);
  ls_csv_write(stream, line->source);
  fputc('\n', stream);
}

ls_status ls_schedule_write_materials(const ls_topology *topology, const ls_catalog *catalog,
                                      const char *path, ls_error *error)
{
  ls_file_writer file;
  ls_status status = ls_file_open(&file, path, error);
  if (status != LS_OK) return status;
  fputs("item,catalog_id,tier,count,unit_usd,total_usd,source\n", file.stream);
  for (int32_t i = 0; i < topology->ledger_count; i++) {
    const ls_ledger_line *line = &topology->ledger[i];
    if (strcmp(line->total, "capex_usd") == 0) write_material(catalog, line, file.stream);
  }
  fputs("total,,,,,", file.stream);
  write_usd(file.stream, topology->totals.capex_cents);
  fputs(",\n", file.stream);
  return ls_file_commit(&file, error);
}
