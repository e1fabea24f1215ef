/* A lab of containerlab: a container for each server and switch, a virtual cable for each link.
 * Light passes OCS, so a circuit is a cable between its ends. Interfaces have the port numbers of
 * the cable schedule. */
#include <inttypes.h>

#include "export.h"
#include "export_ports.h"
#include "yaml_tree.h"

/* Beyond this it is no lab. */
enum { CONTAINERS_MAX = 65536 };

#define IMAGE "ghcr.io/srl-labs/network-multitool"

static ls_status size_check(const ls_record *record, ls_error *error)
{
  int64_t count = 0;
  for (int32_t i = 0; i < record->node_count; i++)
    count += ls_record_is_switch(&record->nodes[i])    ? 1
             : record->nodes[i].kind == LS_DEVICE_RACK ? record->nodes[i].server_count
                                                       : 0;
  if (count <= CONTAINERS_MAX) return LS_OK;
  return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                      "has %" PRId64 " servers and switches, and a lab at most %d containers",
                      count, CONTAINERS_MAX);
}

static void write_kinds(ls_yaml_writer *yaml)
{
  ls_yaml_word(yaml, "kinds");
  ls_yaml_start(yaml, LS_YAML_MAP, false);
  ls_yaml_word(yaml, "linux");
  ls_yaml_start(yaml, LS_YAML_MAP, false);
  ls_yaml_word(yaml, "image");
  ls_yaml_word(yaml, IMAGE);
  ls_yaml_end(yaml, LS_YAML_MAP);
  ls_yaml_end(yaml, LS_YAML_MAP);
}

static void write_node(ls_yaml_writer *yaml, const char *name, const char *role)
{
  ls_yaml_word(yaml, name);
  ls_yaml_start(yaml, LS_YAML_MAP, true);
  ls_yaml_word(yaml, "kind");
  ls_yaml_word(yaml, "linux");
  ls_yaml_word(yaml, "labels");
  ls_yaml_start(yaml, LS_YAML_MAP, true);
  ls_yaml_word(yaml, "role");
  ls_yaml_word(yaml, role);
  ls_yaml_end(yaml, LS_YAML_MAP);
  ls_yaml_end(yaml, LS_YAML_MAP);
}

static void write_nodes(ls_yaml_writer *yaml, const ls_record *record)
{
  ls_yaml_word(yaml, "nodes");
  ls_yaml_start(yaml, LS_YAML_MAP, false);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    char name[LS_RECORD_ID_MAX + 16];
    if (ls_record_is_switch(node)) write_node(yaml, node->id, node->kind_name);
    for (int64_t server = 0; node->kind == LS_DEVICE_RACK && server < node->server_count;
         server++) {
      ls_server_name(node, server, name);
      write_node(yaml, name, "server");
    }
  }
  ls_yaml_end(yaml, LS_YAML_MAP);
}

static void write_link(ls_yaml_writer *yaml, const ls_link_end ends[2])
{
  ls_yaml_start(yaml, LS_YAML_MAP, false);
  ls_yaml_word(yaml, "endpoints");
  ls_yaml_start(yaml, LS_YAML_LIST, true);
  for (int32_t i = 0; i < 2; i++) {
    char text[sizeof ends->device + sizeof ends->port + 1];
    snprintf(text, sizeof text, "%s:%s", ends[i].device, ends[i].port);
    ls_yaml_text(yaml, text);
  }
  ls_yaml_end(yaml, LS_YAML_LIST);
  ls_yaml_end(yaml, LS_YAML_MAP);
}

static void write_links(ls_yaml_writer *yaml, const ls_port_map *ports)
{
  ls_yaml_word(yaml, "links");
  ls_yaml_start(yaml, LS_YAML_LIST, false);
  for (int32_t i = 0; i < ports->record->edge_count; i++) {
    const ls_record_edge *edge = &ports->record->edges[i];
    if (edge->kind == LS_BUNDLE_OCS_LEG) continue;
    for (int64_t link = 0; link < edge->link_count; link++) {
      ls_link_end ends[2];
      ls_port_map_ends(ports, i, link, ends);
      write_link(yaml, ends);
    }
  }
  ls_yaml_end(yaml, LS_YAML_LIST);
}

ls_status ls_export_containerlab(const ls_export *design, FILE *stream, ls_error *error)
{
  const ls_record *record = design->record;
  ls_port_map ports = {0};
  ls_status status = size_check(record, error);
  if (status != LS_OK) return status;
  status = ls_port_map_create(record, &ports, error);
  ls_yaml_writer *yaml = status == LS_OK ? ls_yaml_open(stream) : NULL;
  if (yaml) {
    ls_yaml_start(yaml, LS_YAML_MAP, false);
    ls_yaml_word(yaml, "name");
    ls_yaml_text(yaml, design->name);
    ls_yaml_word(yaml, "topology");
    ls_yaml_start(yaml, LS_YAML_MAP, false);
    write_kinds(yaml);
    write_nodes(yaml, record);
    write_links(yaml, &ports);
    ls_yaml_end(yaml, LS_YAML_MAP);
    ls_yaml_end(yaml, LS_YAML_MAP);
    status = ls_yaml_close(yaml);
  } else if (status == LS_OK) {
    status = LS_ERR_MEMORY;
  }
  ls_port_map_destroy(&ports);
  return status;
}
