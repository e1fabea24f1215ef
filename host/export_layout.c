#include "export_layout.h"

#include <stdlib.h>
#include <string.h>

/* From box to box in a row, from row to row, between planes: points. */
enum { STEP = 100, ROW_MIN = 160, GAP = 60 };

/* The devices of one kind in one plane, or all racks. */
typedef struct group {
  int64_t count, placed;
  int64_t left, width; /* of its column */
} group;

typedef struct rows {
  const ls_record *record;
  group racks, groups[LS_DEVICE_KIND_COUNT][LS_RECORD_PLANE_MAX];
  int64_t y[LS_DEVICE_KIND_COUNT];
  int32_t peer_kind;  /* joined to their like; LS_RECORD_NONE: none are */
  int64_t peer_depth; /* of their arc */
} rows;

static group *group_of(rows *self, const ls_record_node *node)
{
  return node->kind == LS_DEVICE_RACK ? &self->racks : &self->groups[node->kind][node->plane];
}

static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/* A column is as wide as its fullest row; all of them share what the racks need beyond that. */
static int64_t columns_set(rows *self)
{
  const int64_t planes = self->record->site.plane_count;
  int64_t sum = 0, left = 0;
  for (int32_t pass = 0; pass < 2; pass++) {
    const int64_t extra = pass ? most(self->racks.count * STEP - sum, 0) / planes : 0;
    for (int64_t plane = 0; plane < planes; plane++) {
      int64_t count = 1;
      for (int32_t kind = 0; kind < LS_DEVICE_KIND_COUNT; kind++)
        count = most(count, self->groups[kind][plane].count);
      const int64_t width = count * STEP + extra;
      for (int32_t kind = 0; kind < LS_DEVICE_KIND_COUNT; kind++) {
        self->groups[kind][plane].left = left;
        self->groups[kind][plane].width = width;
      }
      sum += width;
      if (pass) left += width + GAP;
    }
  }
  self->racks.width = left - GAP;
  return self->racks.width;
}

static void rows_set(rows *self, int64_t width)
{
  int64_t y = 0, arc_width = 0;
  for (int64_t plane = 0; self->peer_kind >= 0 && plane < self->record->site.plane_count; plane++)
    arc_width = most(arc_width, self->groups[self->peer_kind][plane].width);
  self->peer_depth = arc_width / 3;
  for (int32_t kind = 0; kind < LS_DEVICE_KIND_COUNT; kind++) {
    int64_t count = kind == LS_DEVICE_RACK ? self->racks.count : 0;
    for (int64_t plane = 0; plane < self->record->site.plane_count; plane++)
      count += self->groups[kind][plane].count;
    if (!count) continue;
    self->y[kind] = y;
    y += most(ROW_MIN, width / 8) + (kind == self->peer_kind ? self->peer_depth : 0);
  }
}

static void node_place(rows *self, int32_t index, ls_layout *layout)
{
  const ls_record_node *node = &self->record->nodes[index];
  group *of = group_of(self, node);
  const int64_t twice = 2 * of->placed++ + 1, span = 2 * of->count;
  layout->x[index] = of->left + of->width * twice / span;
  layout->y[index] = self->y[node->kind];
  if (node->kind != self->peer_kind) return;
  const int64_t off = twice - of->count; /* from the middle, -count..count */
  layout->y[index] += self->peer_depth * off * off / (of->count * of->count);
}

ls_status ls_layout_create(const ls_record *record, ls_layout *layout)
{
  const size_t room = (size_t)record->node_count + 1;
  ls_layout made = {calloc(room, sizeof *made.x), calloc(room, sizeof *made.y)};
  rows *self = calloc(1, sizeof *self);
  if (!made.x || !made.y || !self) {
    ls_layout_destroy(&made);
    free(self);
    return LS_ERR_MEMORY;
  }
  self->record = record;
  self->peer_kind = ls_record_peer_kind(record);
  for (int32_t i = 0; i < record->node_count; i++) group_of(self, &record->nodes[i])->count++;
  rows_set(self, columns_set(self));
  for (int32_t i = 0; i < record->node_count; i++) node_place(self, i, &made);
  free(self);
  *layout = made;
  return LS_OK;
}

void ls_layout_destroy(ls_layout *layout)
{
  free(layout->x);
  free(layout->y);
}

/* Okabe and Ito's colours, which the colour-blind tell apart, lightened for black text. */
const char *ls_layout_colour(int32_t kind)
{
  static const char *const colours[LS_DEVICE_KIND_COUNT] = {"#e0e0e0", "#9fd3f5", "#7fd3b8",
                                                            "#f7ef9c", "#f3c27f", "#e6b8d2"};
  return colours[kind];
}
