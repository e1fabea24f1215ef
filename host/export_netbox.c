/* CSV files for NetBox's imports: racks, devices, interfaces and cables, in that order. Names are
 * those of the cable schedule: racks by floor row and place, ports by number. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "export.h"
#include "export_link.h"
#include "export_ports.h"

/* No catalog entry names who makes it. */
#define NO_VENDOR "generic"

static void write_rack(const ls_record *record, int64_t slot, FILE *stream)
{
  fprintf(stream, "row%03" PRId64 "-%03" PRId64, slot / record->site.racks_per_row,
          slot % record->site.racks_per_row);
}

static ls_status check_slots(const ls_record *record, ls_error *error)
{
  const int64_t slots = record->site.row_count * record->site.racks_per_row;
  for (int32_t i = 0; i < record->node_count; i++)
    if (record->nodes[i].slot < 0 || record->nodes[i].slot >= slots)
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "slot",
                          "of node %s must be 0..%" PRId64 ", got %" PRId64, record->nodes[i].id,
                          slots - 1, record->nodes[i].slot);
  return LS_OK;
}

/* ---- Racks ---- */

static int compare_slots(const void *left, const void *right)
{
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

ls_status ls_export_netbox_racks(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  const ls_status status = check_slots(record, error);
  if (status != LS_OK) return status;
  int64_t *slots = malloc(((size_t)record->node_count + 1) * sizeof *slots);
  if (!slots) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->node_count; i++) slots[i] = record->nodes[i].slot;
  qsort(slots, (size_t)record->node_count, sizeof *slots, compare_slots);
  fputs("site,name,status,width,u_height\n", stream);
  for (int32_t i = 0; i < record->node_count; i++) {
    if (i && slots[i] == slots[i - 1]) continue;
    fprintf(stream, "%s,", design->name);
    write_rack(record, slots[i], stream);
    fprintf(stream, ",planned,19,%" PRId64 "\n", record->site.slot_rack_units);
  }
  free(slots);
  return LS_OK;
}

/* ---- Devices ---- */

static const char *vendor_of(const ls_record *record, const ls_record_node *node)
{
  const int32_t list = node->kind == LS_DEVICE_OCS ? LS_ENTRY_OCS : LS_ENTRY_SWITCH;
  for (int32_t i = 0; i < record->entry_count; i++)
    if (record->entries[i].list == list && strcmp(record->entries[i].id, node->catalog_id) == 0 &&
        strcmp(record->entries[i].vendor, "none") != 0)
      return record->entries[i].vendor;
  return NO_VENDOR;
}

static void write_device(const ls_export *design, const ls_record_node *node, const char *name,
                         FILE *stream)
{
  const bool is_server = node->kind == LS_DEVICE_RACK;
  fprintf(stream, "%s,%s,", name, is_server ? "server" : node->kind_name);
  ls_csv_write(stream, is_server ? NO_VENDOR : vendor_of(design->record, node));
  fputc(',', stream);
  ls_csv_write(stream, is_server ? "gpu-server" : node->catalog_id);
  fprintf(stream, ",%s,", design->name);
  write_rack(design->record, node->slot, stream);
  fputs(",planned\n", stream);
}

ls_status ls_export_netbox_devices(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  const ls_status status = check_slots(record, error);
  if (status != LS_OK) return status;
  fputs("name,role,manufacturer,device_type,site,rack,status\n", stream);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    char name[LS_RECORD_ID_MAX + 16];
    if (node->kind != LS_DEVICE_RACK) write_device(design, node, node->id, stream);
    for (int64_t server = 0; node->kind == LS_DEVICE_RACK && server < node->server_count;
         server++) {
      ls_server_name(node, server, name);
      write_device(design, node, name, stream);
    }
  }
  return LS_OK;
}

/* ---- Interfaces ---- */

static const char *interface_type(int64_t gbps)
{
  return gbps == 100    ? "100gbase-x-qsfp28"
         : gbps == 200  ? "200gbase-x-qsfp56"
         : gbps == 400  ? "400gbase-x-osfp"
         : gbps == 800  ? "800gbase-x-osfp"
         : gbps == 1600 ? "1.6tbase-x-osfp1600"
                        : "other";
}

static void write_interface(const ls_link_end *end, int64_t gbps, FILE *stream)
{
  fprintf(stream, "%s,%s,%s\n", end->device, end->port, interface_type(gbps));
}

/* Both sides of the OCS, all strands of all links. */
static void write_ocs_ports(const ls_port_map *ports, int32_t index, FILE *stream)
{
  const ls_record_edge *leg = &ports->record->edges[index];
  const int64_t count = leg->link_count * leg->strand_count / 2;
  const int64_t first = ports->first_b[index];
  for (int32_t side = 0; side < 2; side++)
    for (int64_t i = 0; i < count; i++)
      fprintf(stream, "%s,%c%" PRId64 ",other\n", ports->record->nodes[leg->node_b].id, "AB"[side],
              first + i);
}

ls_status ls_export_netbox_interfaces(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  ls_port_map ports = {0};
  const ls_status status = ls_port_map_create(record, &ports, error);
  if (status == LS_OK) fputs("device,name,type\n", stream);
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const bool is_leg = edge->kind == LS_BUNDLE_OCS_LEG;
    if (edge->kind == LS_BUNDLE_CIRCUIT) continue; /* its ports are those of legs */
    for (int64_t link = 0; link < edge->link_count; link++) {
      ls_link_end ends[2];
      ls_port_map_ends(&ports, i, link, ends);
      write_interface(&ends[0], record->site.port_gbps, stream);
      if (!is_leg) write_interface(&ends[1], record->site.port_gbps, stream);
    }
    if (is_leg) write_ocs_ports(&ports, i, stream);
  }
  ls_port_map_destroy(&ports);
  return status;
}

/* ---- Cables ---- */

static int64_t links_per_cable(const ls_record *record, const ls_record_edge *edge)
{
  if (edge->fiber != LS_RECORD_NONE || edge->optic_a < 0) return 1;
  const int64_t links = record->optics[edge->optic_a].module_gbps / record->site.port_gbps;
  return links > 1 && edge->link_count > 1 ? links : 1;
}

/* A row ends at one port on each side, so that a cable of many links has none. */
static ls_status check_cables(const ls_record *record, ls_error *error)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const bool is_leg = edge->kind == LS_BUNDLE_OCS_LEG;
    if (edge->kind == LS_BUNDLE_CIRCUIT) continue;
    if (links_per_cable(record, edge) > 1)
      return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                          "has copper cables of %" PRId64 " links (%s), and NetBox's CSV knows no "
                          "breakouts: a row ends at one port on each side",
                          links_per_cable(record, edge), edge->id);
    if (is_leg && (edge->strand_count > 1 || edge->link_count % 2))
      return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                          "has cords of %" PRId64 " strands to as many ports of an OCS (%s), and "
                          "NetBox's CSV knows no breakouts: a row ends at one port on each side",
                          edge->strand_count, edge->id);
  }
  return LS_OK;
}

static const char *cable_type(const ls_record *record, const ls_record_edge *edge)
{
  if (edge->fiber == LS_RECORD_NONE)
    return edge->optic_a >= 0 && strcmp(record->optics[edge->optic_a].kind, "aec") == 0
               ? "dac-active"
               : "dac-passive";
  return strncmp(edge->fiber_id, "g652", 4) == 0 ? "smf-os2" : "smf";
}

/* Lengths have two decimals there. */
static void write_cable(const ls_record *record, const ls_record_edge *edge, int64_t link,
                        const ls_link_end ends[2], FILE *stream)
{
  const int64_t length_cm = (edge->stock_mm + 9) / 10;
  for (int32_t i = 0; i < 2; i++)
    fprintf(stream, "%s,dcim.interface,%s,", ends[i].device, ends[i].port);
  fprintf(stream, "%s,planned,", cable_type(record, edge));
  ls_csv_write(stream, edge->id);
  fprintf(stream, ".%" PRId64 ",%" PRId64 ".%02" PRId64 ",m\n", link + 1, length_cm / 100,
          length_cm % 100);
}

ls_status ls_export_netbox_cables(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  ls_port_map ports = {0};
  ls_status status = check_cables(record, error);
  if (status != LS_OK) return status;
  status = ls_port_map_create(record, &ports, error);
  if (status == LS_OK)
    fputs("side_a_device,side_a_type,side_a_name,side_b_device,side_b_type,side_b_name,type,status,"
          "label,length,length_unit\n",
          stream);
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    for (int64_t link = 0; edge->kind != LS_BUNDLE_CIRCUIT && link < edge->link_count; link++) {
      ls_link_end ends[2];
      ls_port_map_ends(&ports, i, link, ends);
      write_cable(record, edge, link, ends, stream);
    }
  }
  ls_port_map_destroy(&ports);
  return status;
}
