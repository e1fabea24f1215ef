/* An exported design in the formats of other tools. One table says which; host/export_*.c write
 * them, each from what the GraphML file says alone. docs/formats.md says what each cannot carry. */
#ifndef LS_EXPORT_H
#define LS_EXPORT_H

#include "error.h"
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ls_record;

/* A design that has been read. */
typedef struct ls_export {
  const struct ls_record *record;
  const char *name; /* the file's, without folders and .graphml; letters, digits, . _ - alone */
} ls_export;

typedef struct ls_export_format {
  const char *name;    /* as --to takes it; NULL ends the table */
  const char *suffix;  /* that a file of it has, with its dot */
  const char *purpose; /* a few words */
  /* Writes to the stream, which stays open. Refuses before the first byte: LS_ERR_NO where the
   * design does not fit the format, LS_ERR_INPUT where the file contradicts itself; LS_ERR_MEMORY.
   * The file of *error is left empty. */
  ls_status (*write)(const ls_export *design, FILE *stream, ls_error *error);
} ls_export_format;

extern const ls_export_format ls_export_formats[];

/* NULL when there is none of that name. */
const ls_export_format *ls_export_find(const char *name);

/* What a file came to. */
typedef struct ls_export_report {
  int32_t node_count, edge_count; /* of the GraphML */
} ls_export_report;

/* Exports the design of a GraphML file to output_path by way of a temporary name (files.h), or to
 * stdout where it is NULL. LS_ERR_NO, LS_ERR_INPUT, LS_ERR_IO, LS_ERR_MEMORY; output_path then
 * holds what it held before. O(nodes + edges, or links where the format has a line for each). */
ls_status ls_export_file(const char *path, const ls_export_format *format, const char *output_path,
                         ls_export_report *report, ls_error *error);

/* The formats, by family. */
ls_status ls_export_yed(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_dot(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_json(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_ns3(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_simai(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_astra_sim(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_htsim(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_containerlab(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_netbox_racks(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_netbox_devices(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_netbox_interfaces(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_netbox_cables(const ls_export *design, FILE *stream, ls_error *error);
ls_status ls_export_gnpy(const ls_export *design, FILE *stream, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
