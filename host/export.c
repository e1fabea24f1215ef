/* The table of formats, and the way from a GraphML file to one of them: read, check what every
 * format takes for granted, write. Each format is another file's. */
#include "export.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "verify_graph.h"

const ls_export_format ls_export_formats[] = {
    {"yed", ".yed.graphml", "a diagram for yEd", ls_export_yed},
    {"dot", ".dot", "a diagram for Graphviz", ls_export_dot},
    {"json", ".json", "node-link JSON of NetworkX and D3", ls_export_json},
    {"ns3", ".ns3.txt", "a link list for ns-3", ls_export_ns3},
    {"simai", ".simai.txt", "a link list for SimAI", ls_export_simai},
    {"astra-sim", ".astra-sim.yml", "a network of ASTRA-sim", ls_export_astra_sim},
    {"htsim", ".topo", "a fat tree of htsim", ls_export_htsim},
    {"containerlab", ".clab.yml", "a lab of containers", ls_export_containerlab},
    {"netbox-racks", ".netbox-racks.csv", "racks for NetBox", ls_export_netbox_racks},
    {"netbox-devices", ".netbox-devices.csv", "devices for NetBox", ls_export_netbox_devices},
    {"netbox-interfaces", ".netbox-interfaces.csv", "interfaces for NetBox",
     ls_export_netbox_interfaces},
    {"netbox-cables", ".netbox-cables.csv", "cables for NetBox", ls_export_netbox_cables},
    {"gnpy", ".gnpy.json", "lines between halls for GNPy", ls_export_gnpy},
    {NULL, NULL, NULL, NULL}};

const ls_export_format *ls_export_find(const char *name)
{
  for (const ls_export_format *format = ls_export_formats; format->name; format++)
    if (strcmp(format->name, name) == 0) return format;
  return NULL;
}

static bool is_plain(char character)
{
  return isalnum((unsigned char)character) || strchr("._-", character);
}

/* The file's name as it may stand in every format. */
static void name_take(const char *path, char *name, size_t capacity)
{
  static const char suffix[] = ".graphml";
  const char *slash = strrchr(path, '/');
  snprintf(name, capacity, "%s", slash ? slash + 1 : path);
  const size_t length = strlen(name), tail = sizeof suffix - 1;
  if (length > tail && strcmp(name + length - tail, suffix) == 0) name[length - tail] = '\0';
  for (char *at = name; *at; at++)
    if (!is_plain(*at)) *at = '-';
}

/* Of plain characters, so that no format is broken by a name. */
static ls_status check_names(const ls_record *record, ls_error *error)
{
  for (int32_t i = 0; i < record->node_count; i++) {
    const char *id = record->nodes[i].id, *at = id;
    while (*at && is_plain(*at)) at++;
    if (*at || !*id)
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "id",
                          "of node %d must be of letters, digits, '.', '_' and '-', got \"%.40s\"",
                          i + 1, id);
  }
  return LS_OK;
}

static ls_status design_write(const ls_export *design, const ls_export_format *format,
                              const char *output_path, ls_error *error)
{
  ls_file_writer file = {.stream = stdout};
  ls_status status = output_path ? ls_file_open(&file, output_path, error) : LS_OK;
  if (status != LS_OK) return status;
  status = format->write(design, file.stream, error);
  const bool is_flushed = output_path || ls_stdout_flush(error) == LS_OK;
  if (!is_flushed && status == LS_OK) status = LS_ERR_IO;
  if (!output_path) return status;
  if (status == LS_OK) return ls_file_commit(&file, error);
  if (status == LS_ERR_IO) return ls_file_fail(&file, error);
  ls_file_abandon(&file);
  return status;
}

ls_status ls_export_file(const char *path, const ls_export_format *format, const char *output_path,
                         ls_export_report *report, ls_error *error)
{
  char name[256];
  ls_record *record = calloc(1, sizeof *record);
  if (!record) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory to read it");
  ls_status status = ls_record_read(path, LS_RECORD_FLAT, record, error);
  if (status == LS_OK) status = ls_record_check_links(record, path, error);
  if (status == LS_OK) status = check_names(record, error);
  if (status == LS_OK) {
    name_take(path, name, sizeof name);
    const ls_export design = {record, name};
    *report = (ls_export_report){record->node_count, record->edge_count};
    status = design_write(&design, format, output_path, error);
  }
  if (status == LS_ERR_MEMORY)
    ls_error_set(error, status, path, 0, NULL, "not enough memory to export it");
  if (status != LS_OK && status != LS_ERR_IO && error && !error->file[0])
    snprintf(error->file, sizeof error->file, "%s", path);
  ls_record_destroy(record);
  free(record);
  return status;
}
