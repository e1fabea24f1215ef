/* Writes a topology as GraphML, through libxml2's streaming writer. Keys are typed and carry
 * units in their names; ids are stable. The format is described in docs/formats.md. */
#ifndef LS_GRAPHML_H
#define LS_GRAPHML_H

#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes to path by way of a temporary name (host/files.h). LS_ERR_IO, LS_ERR_MEMORY, LS_ERR_FULL
 * (graphml_keys.h). */
ls_status ls_graphml_write(const ls_topology *topology, const ls_catalog *catalog,
                           const ls_spec *spec, const char *path, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
