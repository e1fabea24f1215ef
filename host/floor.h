/* The floor: slots and their coordinates, cord lengths by tray, and a simple deterministic
 * placement. The search for a better one is in improve.h.
 *
 * Slot s = row * racks_per_row + rack stands at x = rack * rack pitch, y = row * row pitch + the
 * gaps of the halls up to its own.
 * A cord between two slots is
 *     ceil((|dx| + |dy| + 2 (tray height + drop)) (1 + slack)) + fixed slack
 * long, one within a slot in_rack_mm. */
#ifndef LS_FLOOR_H
#define LS_FLOOR_H

#include "error.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lower bounds for a device that must reach R distinct slots with one cord each, R = 1 ..
 * reach_count: bound_max_mm[R - 1] for the longest of its cords, bound_mean_mm[R - 1] for their
 * mean, rounded down. They hold wherever the device stands on this floor and whatever is blocked;
 * beyond the number of slots the last values repeat. Cords of unequal number per slot may have
 * a mean below bound_mean_mm, as the nearest slots may take more of them.
 * bound_max_mm, bound_mean_mm: [reach_count], owned by the caller.
 * LS_ERR_MEMORY. O(slots log slots + reach_count), with gaps between halls that for every row. */
ls_status ls_floor_length_bounds(const ls_spec *spec, int32_t reach_count, int32_t *bound_max_mm,
                                 int32_t *bound_mean_mm);

/* The cord between the two farthest slots; no cord of this floor is longer (a circuit through
 * an OCS has two cords). */
int32_t ls_floor_length_max_mm(const ls_spec *spec);

/* The cord between two slots, also the same one. */
int32_t ls_floor_length_mm(const ls_spec *spec, int32_t slot_a, int32_t slot_b);

/* The shortest cord on sale that is not shorter than length_mm. */
int32_t ls_floor_stock_mm(const ls_catalog_parts *parts, int32_t length_mm);

/* Where a slot stands. */
void ls_floor_position(const ls_spec *spec, int32_t slot, int32_t *x_mm, int32_t *y_mm);

/* The zone of a slot, or -1. O(areas). */
int32_t ls_floor_zone(const ls_spec_floor *floor, const ls_floor_zones *zones, int32_t slot);

/* The name of one of zone_count zones. */
const char *ls_floor_zone_name(const ls_floor_zones *zones, int32_t zone);

/* Whether a slot has no fixed use, or this one: "network" or "gpu". O(areas). */
bool ls_floor_slot_is_for(const ls_spec_floor *floor, int32_t slot, const char *use);

/* Whether a rack of this use, "network" or "gpu", stands in a slot already. O(areas). */
bool ls_floor_slot_is_built(const ls_spec_floor *floor, int32_t slot, const char *use);

/* A switch or OCS to be placed. */
typedef struct ls_floor_device {
  int32_t rack_units;
  int32_t plane;                 /* 0-based */
  bool is_liquid_cooled;         /* needs a slot of floor.liquid_cooled, where there are any */
  int32_t rack_first, rack_last; /* GPU racks a leaf serves; -1: a device of the centre */
  int32_t slot;                  /* out */
  int64_t power_mw;
} ls_floor_device;

typedef struct ls_floor_plan {
  int32_t rack_count, device_count;
  int32_t plane_count;   /* planes go to feeds in turn where both are several; 0, 1: none does */
  const int64_t *centre; /* [2] twice the coordinates of what network racks gather around, in mm;
                            NULL: the middle of the floor */
  const int32_t *server_count; /* [rack_count] servers in each GPU rack */
  int32_t *rack_slot;          /* [rack_count] out */
  ls_floor_device *devices;    /* [device_count] those with racks all of one size and power */
} ls_floor_plan;

/* Gives every GPU rack and device a slot: devices of the centre take the most central slots in
 * their order, first fit by rack units and power; GPU racks fill the other slots row by row,
 * every second row backwards; a leaf stands in the GPU rack nearest to the middle of those it
 * serves that has room left, else in the nearest network slot with room. With several feeds and
 * planes, network slots of a plane are on its feed or fed twice, where there are such slots, and
 * leaves that serve GPU racks of several feeds stand in one of their plane's: other leaves fail
 * with their GPUs anyway. Where part of the floor is liquid-cooled, boxes that need it stand in
 * network slots there, leaves too, and others leave these slots to them while there are more.
 * Slots of floor.fixed hold network racks alone, or GPU racks alone. Where GPU racks are built they
 * all are among the slots of GPU racks; network racks that are built are taken before other slots
 * of the same feed and cooling. LS_ERR_NO when slots lack (*error says how many) or something
 * exceeds an empty slot, LS_ERR_MEMORY. Slots are written only on success. O(slots (log slots +
 * network slots) + leaves * (racks a leaf serves + network slots)). */
ls_status ls_floor_place(const ls_spec *spec, const ls_floor_plan *plan, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
