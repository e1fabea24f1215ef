/* Owns the geometry of the floor and the deterministic placement; knows nothing of links. */
#include "floor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Two legs of a circuit, and sums of them, must stay within 32 bits. */
#define LENGTH_MM_CAP (INT32_MAX / 4)

/* A cord between different slots whose coordinates differ by distance_mm in all. */
static int32_t tray_length_mm(const ls_spec_floor *floor, int64_t distance_mm)
{
  int64_t path_mm = distance_mm + 2 * ((int64_t)floor->tray_height_mm + floor->drop_mm_per_end);
  int64_t length_mm = ls_ceil_div(path_mm * (1000000 + (int64_t)floor->slack_ppm), 1000000);
  return (int32_t)ls_min(length_mm + floor->slack_fixed_mm, LENGTH_MM_CAP);
}

void ls_floor_position(const ls_spec *spec, int32_t slot, int32_t *x_mm, int32_t *y_mm)
{
  const ls_spec_floor *floor = &spec->floor;
  *x_mm = (slot % floor->racks_per_row) * floor->rack_pitch_mm;
  *y_mm = (slot / floor->racks_per_row) * floor->row_pitch_mm;
}

static int64_t slot_distance_mm(const ls_spec_floor *floor, int32_t slot_a, int32_t slot_b)
{
  int64_t racks = (int64_t)(slot_a % floor->racks_per_row) - slot_b % floor->racks_per_row;
  int64_t rows = (int64_t)(slot_a / floor->racks_per_row) - slot_b / floor->racks_per_row;
  return llabs(racks) * floor->rack_pitch_mm + llabs(rows) * floor->row_pitch_mm;
}

int32_t ls_floor_length_mm(const ls_spec *spec, int32_t slot_a, int32_t slot_b)
{
  if (slot_a == slot_b) return spec->floor.in_rack_mm;
  return tray_length_mm(&spec->floor, slot_distance_mm(&spec->floor, slot_a, slot_b));
}

int32_t ls_floor_length_max_mm(const ls_spec *spec)
{
  int32_t slot_last = spec->floor.row_count * spec->floor.racks_per_row - 1;
  return (int32_t)ls_max(ls_floor_length_mm(spec, 0, slot_last), spec->floor.in_rack_mm);
}

int32_t ls_floor_stock_mm(const ls_catalog_parts *parts, int32_t length_mm)
{
  for (int32_t i = 0; i < parts->stock_count; i++) {
    if (parts->stock_mm[i] >= length_mm) return parts->stock_mm[i];
  }
  if (parts->stock_count == 0) return length_mm;
  int64_t step_mm = parts->stock_mm[parts->stock_count - 1];
  return (int32_t)(ls_ceil_div(length_mm, step_mm) * step_mm);
}

static int compare_lengths(const void *a, const void *b)
{
  int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
  return (left > right) - (left < right);
}

/* The middle slot of a whole grid has, taken in order, no longer a cord to any slot than any
 * other slot has: along each axis alone that is plain, and the axes add up. */
ls_status ls_floor_length_bounds(const ls_spec *spec, int32_t reach_count, int32_t *bound_max_mm,
                                 int32_t *bound_mean_mm)
{
  const ls_spec_floor *floor = &spec->floor;
  int32_t slot_count = floor->row_count * floor->racks_per_row;
  int32_t middle = (floor->row_count / 2) * floor->racks_per_row + floor->racks_per_row / 2;
  int32_t *length_mm = malloc((size_t)slot_count * sizeof *length_mm);
  if (length_mm == NULL) return LS_ERR_MEMORY;
  for (int32_t s = 0; s < slot_count; s++) length_mm[s] = ls_floor_length_mm(spec, middle, s);
  qsort(length_mm, (size_t)slot_count, sizeof *length_mm, compare_lengths);
  int64_t sum_mm = 0;
  for (int32_t i = 0; i < reach_count; i++) {
    if (i < slot_count) sum_mm += length_mm[i];
    int32_t reached = (int32_t)ls_min(i + 1, slot_count);
    bound_max_mm[i] = length_mm[reached - 1];
    bound_mean_mm[i] = (int32_t)(sum_mm / reached);
  }
  free(length_mm);
  return LS_OK;
}

/* What is left of a slot. */
typedef struct room {
  int64_t power_mw;
  int32_t rack_units;
} room;

typedef struct central_slot {
  int64_t distance_mm; /* twice that to the floor's centre */
  int32_t slot;
} central_slot;

/* The state of one placement. A bin is a network slot before it is known which: bin i is the
 * i-th most central free slot. */
typedef struct placement {
  const ls_spec *spec;
  const ls_floor_plan *plan;
  int32_t free_count, bin_count;
  central_slot *central; /* [free_count] free slots, most central first */
  room *rack_room;       /* [rack_count] */
  room *bin_room;        /* [device_count] */
  int32_t *rack_slot;    /* [rack_count] */
  int32_t *host;         /* [device_count] GPU rack of a leaf, or -1 */
  int32_t *bin;          /* [device_count] bin of other devices, or -1 */
  int32_t *open_bin;     /* [device_count] bins with room for a leaf */
  bool *is_taken;        /* [slots] blocked, or a network slot */
} placement;

static int compare_central_slots(const void *a, const void *b)
{
  const central_slot *left = a, *right = b;
  if (left->distance_mm != right->distance_mm) {
    return left->distance_mm < right->distance_mm ? -1 : 1;
  }
  return (left->slot > right->slot) - (left->slot < right->slot);
}

static bool room_take(room *place, const ls_floor_device *device)
{
  if (place->rack_units < device->rack_units || place->power_mw < device->power_mw) return false;
  place->rack_units -= device->rack_units;
  place->power_mw -= device->power_mw;
  return true;
}

static void placement_destroy(placement *work)
{
  free(work->is_taken);
  free(work->open_bin);
  free(work->bin);
  free(work->host);
  free(work->rack_slot);
  free(work->bin_room);
  free(work->rack_room);
  free(work->central);
}

static ls_status placement_init(const ls_spec *spec, const ls_floor_plan *plan, placement *work)
{
  size_t slot_count = (size_t)spec->floor.row_count * (size_t)spec->floor.racks_per_row;
  size_t rack_count = (size_t)plan->rack_count, device_count = (size_t)plan->device_count;
  *work = (placement){.spec = spec, .plan = plan};
  work->central = malloc(slot_count * sizeof *work->central);
  work->rack_room = calloc(rack_count + 1, sizeof *work->rack_room);
  work->bin_room = calloc(device_count + 1, sizeof *work->bin_room);
  work->rack_slot = calloc(rack_count + 1, sizeof *work->rack_slot);
  work->host = calloc(device_count + 1, sizeof *work->host);
  work->bin = calloc(device_count + 1, sizeof *work->bin);
  work->open_bin = calloc(device_count + 1, sizeof *work->open_bin);
  work->is_taken = calloc(slot_count, sizeof *work->is_taken);
  if (work->central != NULL && work->rack_room != NULL && work->bin_room != NULL &&
      work->rack_slot != NULL && work->host != NULL && work->bin != NULL &&
      work->open_bin != NULL && work->is_taken != NULL) {
    return LS_OK;
  }
  placement_destroy(work);
  return LS_ERR_MEMORY;
}

static void list_central_slots(placement *work)
{
  const ls_spec_floor *floor = &work->spec->floor;
  int32_t slot_count = floor->row_count * floor->racks_per_row;
  int64_t width_mm = (int64_t)(floor->racks_per_row - 1) * floor->rack_pitch_mm;
  int64_t depth_mm = (int64_t)(floor->row_count - 1) * floor->row_pitch_mm;
  for (int32_t i = 0; i < floor->blocked_count; i++) work->is_taken[floor->blocked_slot[i]] = true;
  for (int32_t s = 0; s < slot_count; s++) {
    if (work->is_taken[s]) continue;
    int32_t x_mm, y_mm;
    ls_floor_position(work->spec, s, &x_mm, &y_mm);
    int64_t distance_mm = llabs(2 * (int64_t)x_mm - width_mm) + llabs(2 * (int64_t)y_mm - depth_mm);
    work->central[work->free_count++] = (central_slot){.distance_mm = distance_mm, .slot = s};
  }
  qsort(work->central, (size_t)work->free_count, sizeof *work->central, compare_central_slots);
}

/* Nothing may exceed an empty slot. */
static ls_status check_sizes(placement *work, ls_error *error)
{
  const ls_spec *spec = work->spec;
  for (int32_t r = 0; r < work->plan->rack_count; r++) {
    int64_t servers = work->plan->server_count[r];
    int64_t units = servers * spec->cluster.server_rack_units;
    int64_t power_mw = servers * spec->cluster.server_power_mw;
    if (units > spec->floor.rack_units || power_mw > spec->floor.rack_power_mw) {
      return ls_error_set(error, LS_ERR_NO, spec->path, 0, "floor",
                          "%d servers of a rack need %d U and %d W, a slot has %d U and %d W",
                          (int)servers, (int)units, (int)(power_mw / 1000),
                          (int)spec->floor.rack_units, (int)(spec->floor.rack_power_mw / 1000));
    }
    work->rack_room[r] = (room){.rack_units = (int32_t)(spec->floor.rack_units - units),
                                .power_mw = spec->floor.rack_power_mw - power_mw};
  }
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    const ls_floor_device *device = &work->plan->devices[i];
    if (device->rack_units > spec->floor.rack_units ||
        device->power_mw > spec->floor.rack_power_mw) {
      return ls_error_set(error, LS_ERR_NO, spec->path, 0, "floor",
                          "a switch needs %d U and %d W, a slot has %d U and %d W",
                          (int)device->rack_units, (int)(device->power_mw / 1000),
                          (int)spec->floor.rack_units, (int)(spec->floor.rack_power_mw / 1000));
    }
  }
  return LS_OK;
}

/* The rack nearest to the middle of first..last, in serpentine order, that has room; or -1. */
static int32_t host_rack(placement *work, const ls_floor_device *device)
{
  int32_t first = device->rack_first, last = device->rack_last;
  int32_t middle = first + (last - first) / 2;
  for (int32_t step = 0; middle + step <= last || middle - step >= first; step++) {
    if (middle + step <= last && room_take(&work->rack_room[middle + step], device)) {
      return middle + step;
    }
    if (step > 0 && middle - step >= first && room_take(&work->rack_room[middle - step], device)) {
      return middle - step;
    }
  }
  return -1;
}

static void open_bin(placement *work)
{
  work->bin_room[work->bin_count++] = (room){.rack_units = work->spec->floor.rack_units,
                                             .power_mw = work->spec->floor.rack_power_mw};
}

/* First fit of the devices of the centre. Devices of one size never fit before the bin that
 * took the last one, so that the search goes on from there. */
static void fill_bins(placement *work)
{
  const ls_floor_device *previous = NULL;
  int32_t bin = 0;
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    const ls_floor_device *device = &work->plan->devices[i];
    work->bin[i] = -1;
    if (device->rack_first >= 0) continue;
    if (previous == NULL || previous->rack_units != device->rack_units ||
        previous->power_mw != device->power_mw) {
      bin = 0;
    }
    previous = device;
    while (bin < work->bin_count && !room_take(&work->bin_room[bin], device)) bin++;
    if (bin == work->bin_count) {
      open_bin(work);
      room_take(&work->bin_room[bin], device);
    }
    work->bin[i] = bin;
  }
}

/* How many devices of this size fit. */
static int64_t room_capacity(const room *place, const ls_floor_device *device)
{
  int64_t capacity = INT32_MAX;
  if (device->rack_units > 0) capacity = place->rack_units / device->rack_units;
  if (device->power_mw > 0) capacity = ls_min(capacity, place->power_mw / device->power_mw);
  return capacity;
}

/* Leaves without room in a GPU rack: opens as many bins as they need. */
static void reserve_bins(placement *work)
{
  const ls_floor_device *leaf = NULL;
  int64_t homeless_count = 0;
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    const ls_floor_device *device = &work->plan->devices[i];
    work->host[i] = -1;
    if (device->rack_first < 0) continue;
    assert(leaf == NULL ||
           (leaf->rack_units == device->rack_units && leaf->power_mw == device->power_mw));
    leaf = device;
    work->host[i] = host_rack(work, device);
    homeless_count += work->host[i] < 0;
  }
  for (int32_t b = 0; b < work->bin_count && leaf != NULL; b++) {
    homeless_count -= room_capacity(&work->bin_room[b], leaf);
  }
  while (homeless_count > 0) {
    open_bin(work);
    homeless_count -= room_capacity(&work->bin_room[work->bin_count - 1], leaf);
  }
}

/* Network slots are set aside; GPU racks fill the rest in serpentine order. */
static void place_racks(placement *work)
{
  const ls_spec_floor *floor = &work->spec->floor;
  for (int32_t b = 0; b < work->bin_count; b++) work->is_taken[work->central[b].slot] = true;
  int32_t rack = 0;
  for (int32_t row = 0; row < floor->row_count; row++) {
    for (int32_t i = 0; i < floor->racks_per_row && rack < work->plan->rack_count; i++) {
      int32_t column = row % 2 == 0 ? i : floor->racks_per_row - 1 - i;
      int32_t slot = row * floor->racks_per_row + column;
      if (!work->is_taken[slot]) work->rack_slot[rack++] = slot;
    }
  }
}

/* Each homeless leaf goes to the bin nearest to the middle of its racks; bins that are full
 * leave the list, which keeps its order, so that ties go to the most central one. */
static void place_homeless(placement *work)
{
  int32_t open_count = work->bin_count;
  for (int32_t b = 0; b < open_count; b++) work->open_bin[b] = b;
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    const ls_floor_device *device = &work->plan->devices[i];
    if (device->rack_first < 0 || work->host[i] >= 0) continue;
    int32_t middle = device->rack_first + (device->rack_last - device->rack_first) / 2;
    int64_t best_mm = INT64_MAX;
    int32_t best = -1, kept = 0;
    for (int32_t o = 0; o < open_count; o++) {
      int32_t bin = work->open_bin[o];
      if (room_capacity(&work->bin_room[bin], device) == 0) continue;
      work->open_bin[kept++] = bin;
      int64_t distance_mm =
          slot_distance_mm(&work->spec->floor, work->rack_slot[middle], work->central[bin].slot);
      if (distance_mm < best_mm) {
        best_mm = distance_mm;
        best = bin;
      }
    }
    open_count = kept;
    assert(best >= 0);
    room_take(&work->bin_room[best], device);
    work->bin[i] = best;
  }
}

ls_status ls_floor_place(const ls_spec *spec, const ls_floor_plan *plan, ls_error *error)
{
  placement work;
  ls_status status = placement_init(spec, plan, &work);
  if (status != LS_OK) return status;
  status = check_sizes(&work, error);
  if (status != LS_OK) goto cleanup;
  list_central_slots(&work);
  fill_bins(&work);
  reserve_bins(&work);
  int32_t lacking = work.bin_count + plan->rack_count - work.free_count;
  if (lacking > 0) {
    status = ls_error_set(error, LS_ERR_NO, spec->path, 0, "floor",
                          "%d GPU racks and %d network racks need %d slots more than the %d free",
                          (int)plan->rack_count, (int)work.bin_count, (int)lacking,
                          (int)work.free_count);
    goto cleanup;
  }
  place_racks(&work);
  place_homeless(&work);
  for (int32_t i = 0; i < plan->device_count; i++) {
    plan->devices[i].slot =
        work.host[i] >= 0 ? work.rack_slot[work.host[i]] : work.central[work.bin[i]].slot;
  }
  if (plan->rack_count > 0) {
    memcpy(plan->rack_slot, work.rack_slot, (size_t)plan->rack_count * sizeof *plan->rack_slot);
  }
cleanup:
  placement_destroy(&work);
  return status;
}
