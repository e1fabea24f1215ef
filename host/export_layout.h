/* Where a diagram shows the devices of a record: a row for each kind, GPU racks lowest, and a
 * column for each plane. Devices that are joined to their like stand on an arc, so that no link
 * hides another. */
#ifndef LS_EXPORT_LAYOUT_H
#define LS_EXPORT_LAYOUT_H

#include "verify_graph.h"

/* What a device takes up, in points (1/72 inch). */
enum { LS_LAYOUT_BOX_WIDTH = 84, LS_LAYOUT_BOX_HEIGHT = 24 };

typedef struct ls_layout {
  int64_t *x, *y; /* [node_count] centres in points, y upwards; owned */
} ls_layout;

/* Depends on kinds, planes and the order of the file alone. LS_ERR_MEMORY. O(nodes + edges). */
ls_status ls_layout_create(const ls_record *record, ls_layout *layout);
void ls_layout_destroy(ls_layout *layout);

/* The colour of a kind, as #rrggbb. */
const char *ls_layout_colour(int32_t kind);

#endif
