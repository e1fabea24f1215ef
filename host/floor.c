/* Owns the geometry of the floor and the deterministic placement; knows nothing of links. */
#include "floor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Two legs of a circuit, and sums of them, must stay within 32 bits. */
#define LENGTH_MM_CAP (INT32_MAX / 4)

/* What names of fixed uses begin with where racks stand already. */
#define BUILT "built_"

/* A cord between different slots whose coordinates differ by distance_mm in all. */
static int32_t tray_length_mm(const ls_spec_floor *floor, int64_t distance_mm)
{
  int64_t path_mm = distance_mm + 2 * ((int64_t)floor->tray_height_mm + floor->drop_mm_per_end);
  int64_t length_mm = ls_ceil_div(path_mm * (1000000 + (int64_t)floor->slack_ppm), 1000000);
  return (int32_t)ls_min(length_mm + floor->slack_fixed_mm, LENGTH_MM_CAP);
}

/* Where a row lies, behind the gaps of the halls before it. */
static int64_t row_y_mm(const ls_spec_floor *floor, int32_t row)
{
  int64_t y_mm = (int64_t)row * floor->row_pitch_mm;
  for (int32_t i = 0; i < floor->halls.area_count; i++)
    if (floor->halls.area[i].row_first <= row) y_mm += floor->halls.area[i].gap_mm;
  return y_mm;
}

void ls_floor_position(const ls_spec *spec, int32_t slot, int32_t *x_mm, int32_t *y_mm)
{
  const ls_spec_floor *floor = &spec->floor;
  *x_mm = (slot % floor->racks_per_row) * floor->rack_pitch_mm;
  *y_mm = (int32_t)row_y_mm(floor, slot / floor->racks_per_row);
}

int32_t ls_floor_zone(const ls_spec_floor *floor, const ls_floor_zones *zones, int32_t slot)
{
  const int32_t row = slot / floor->racks_per_row, rack = slot % floor->racks_per_row;
  for (int32_t i = 0; i < zones->area_count; i++) {
    const ls_floor_area *area = &zones->area[i];
    if (row < area->row_first || row > area->row_last || rack < area->rack_first ||
        rack > area->rack_last || (row - area->row_first) % area->row_step != 0)
      continue;
    return area->zone;
  }
  return -1;
}

const char *ls_floor_zone_name(const ls_floor_zones *zones, int32_t zone)
{
  int32_t i = 0;
  while (zones->area[i].zone != zone) i++;
  return zones->area[i].name;
}

static int64_t slot_distance_mm(const ls_spec_floor *floor, int32_t slot_a, int32_t slot_b)
{
  int64_t racks = (int64_t)(slot_a % floor->racks_per_row) - slot_b % floor->racks_per_row;
  int64_t depth_mm = row_y_mm(floor, slot_a / floor->racks_per_row) -
                     row_y_mm(floor, slot_b / floor->racks_per_row);
  return llabs(racks) * floor->rack_pitch_mm + llabs(depth_mm);
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

/* Lowers the bounds to those of a device in the middle slot of a row. length_mm: [slots]. */
static void bounds_lower(const ls_spec *spec, int32_t row, int32_t reach_count, int32_t *length_mm,
                         int32_t *bound_max_mm, int32_t *bound_mean_mm)
{
  const ls_spec_floor *floor = &spec->floor;
  const int32_t slot_count = floor->row_count * floor->racks_per_row;
  const int32_t middle = row * floor->racks_per_row + floor->racks_per_row / 2;
  int64_t sum_mm = 0;
  for (int32_t s = 0; s < slot_count; s++) length_mm[s] = ls_floor_length_mm(spec, middle, s);
  qsort(length_mm, (size_t)slot_count, sizeof *length_mm, compare_lengths);
  for (int32_t i = 0; i < reach_count; i++) {
    if (i < slot_count) sum_mm += length_mm[i];
    const int32_t reached = (int32_t)ls_min(i + 1, slot_count);
    bound_max_mm[i] = (int32_t)ls_min(bound_max_mm[i], length_mm[reached - 1]);
    bound_mean_mm[i] = (int32_t)ls_min(bound_mean_mm[i], sum_mm / reached);
  }
}

/* The middle slot of a row has, taken in order, no longer a cord to any slot than any other slot
 * of the row has, for along the row that is plain and the axes add up. Of the rows the middle one
 * is best in the same way, unless gaps between halls part them unevenly: then any may be. */
ls_status ls_floor_length_bounds(const ls_spec *spec, int32_t reach_count, int32_t *bound_max_mm,
                                 int32_t *bound_mean_mm)
{
  const ls_spec_floor *floor = &spec->floor;
  const bool is_even = row_y_mm(floor, floor->row_count - 1) ==
                       (int64_t)(floor->row_count - 1) * floor->row_pitch_mm;
  const int32_t first = is_even ? floor->row_count / 2 : 0;
  const int32_t end = is_even ? first + 1 : floor->row_count;
  int32_t *length_mm =
      malloc((size_t)floor->row_count * (size_t)floor->racks_per_row * sizeof *length_mm);
  if (length_mm == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < reach_count; i++) bound_max_mm[i] = bound_mean_mm[i] = INT32_MAX;
  for (int32_t row = first; row < end; row++)
    bounds_lower(spec, row, reach_count, length_mm, bound_max_mm, bound_mean_mm);
  free(length_mm);
  return LS_OK;
}

/* What is left of a slot. */
typedef struct room {
  int64_t power_mw;
  int32_t rack_units;
} room;

typedef struct central_slot {
  int64_t distance_mm; /* twice that to the centre */
  int32_t slot;
  bool is_built; /* a network rack stands there already */
} central_slot;

/* What a network slot is opened for: -1 any feed; whether liquid cooling is needed. */
typedef struct need {
  int32_t feed;
  bool is_liquid;
} need;

/* Bounds of need_index. */
enum { NEED_COUNT = 2 * (LS_AREA_MAX + 1) };

/* A network slot. Only devices with the same needs go in. */
typedef struct network_bin {
  room left;
  int32_t slot; /* -1: the floor has no slot left for it */
  int32_t need; /* need_index */
} network_bin;

/* Slots to choose from: any, liquid-cooled ones, the others. */
typedef enum slot_choice { SLOT_ANY, SLOT_LIQUID, SLOT_AIR, SLOT_CHOICES } slot_choice;

/* The state of one placement. */
typedef struct placement {
  const ls_spec *spec;
  const ls_floor_plan *plan;
  int32_t free_count, central_count, bin_count;
  bool has_liquid_zone;                          /* some slots are liquid-cooled, but not all */
  bool has_liquid;                               /* and some devices need them */
  int32_t cursor[SLOT_CHOICES][LS_AREA_MAX + 1]; /* into central, by feed, behind that of any */
  central_slot *central; /* [central_count] free slots for network racks: those that are built, then
                            the others, most central first */
  room *rack_room;       /* [rack_count] */
  network_bin *bins;     /* [bin_count], room for device_count */
  int32_t *rack_slot;    /* [rack_count] */
  int32_t *host;         /* [device_count] GPU rack of a leaf, or -1 */
  int32_t *bin;          /* [device_count] bin of other devices, or -1 */
  int32_t *open_bin;     /* [device_count] bins with room for a leaf */
  bool *is_taken;        /* [slots] blocked, or a network slot */
} placement;

static int compare_central_slots(const void *a, const void *b)
{
  const central_slot *left = a, *right = b;
  if (left->is_built != right->is_built) return left->is_built ? -1 : 1;
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
  free(work->bins);
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
  work->bins = calloc(device_count + 1, sizeof *work->bins);
  work->rack_slot = calloc(rack_count + 1, sizeof *work->rack_slot);
  work->host = calloc(device_count + 1, sizeof *work->host);
  work->bin = calloc(device_count + 1, sizeof *work->bin);
  work->open_bin = calloc(device_count + 1, sizeof *work->open_bin);
  work->is_taken = calloc(slot_count, sizeof *work->is_taken);
  if (work->central != NULL && work->rack_room != NULL && work->bins != NULL &&
      work->rack_slot != NULL && work->host != NULL && work->bin != NULL &&
      work->open_bin != NULL && work->is_taken != NULL) {
    return LS_OK;
  }
  placement_destroy(work);
  return LS_ERR_MEMORY;
}

/* What a fixed slot is fixed for, or NULL. */
static const char *fixed_use(const ls_spec_floor *floor, int32_t slot)
{
  const int32_t zone = ls_floor_zone(floor, &floor->fixed, slot);
  return zone < 0 ? NULL : ls_floor_zone_name(&floor->fixed, zone);
}

bool ls_floor_slot_is_built(const ls_spec_floor *floor, int32_t slot, const char *use)
{
  const char *fixed = fixed_use(floor, slot);
  return fixed && strncmp(fixed, BUILT, strlen(BUILT)) == 0 &&
         strcmp(fixed + strlen(BUILT), use) == 0;
}

bool ls_floor_slot_is_for(const ls_spec_floor *floor, int32_t slot, const char *use)
{
  const char *fixed = fixed_use(floor, slot);
  return !fixed || strcmp(fixed, use) == 0 || ls_floor_slot_is_built(floor, slot, use);
}

/* The slots that network racks may take; blocked ones are as good as taken. */
static void list_central_slots(placement *work)
{
  const ls_spec_floor *floor = &work->spec->floor;
  int32_t slot_count = floor->row_count * floor->racks_per_row;
  const int64_t middle[2] = {(int64_t)(floor->racks_per_row - 1) * floor->rack_pitch_mm,
                             row_y_mm(floor, floor->row_count - 1)};
  const int64_t *centre = work->plan->centre ? work->plan->centre : middle;
  for (int32_t i = 0; i < floor->blocked_count; i++) work->is_taken[floor->blocked_slot[i]] = true;
  for (int32_t s = 0; s < slot_count; s++) {
    if (work->is_taken[s]) continue;
    work->free_count++;
    work->has_liquid_zone |=
        floor->liquid_cooled.area_count > 0 && ls_floor_zone(floor, &floor->liquid_cooled, s) < 0;
    if (!ls_floor_slot_is_for(floor, s, "network")) continue;
    int32_t x_mm, y_mm;
    ls_floor_position(work->spec, s, &x_mm, &y_mm);
    const int64_t distance_mm =
        llabs(2 * (int64_t)x_mm - centre[0]) + llabs(2 * (int64_t)y_mm - centre[1]);
    work->central[work->central_count++] =
        (central_slot){distance_mm, s, ls_floor_slot_is_built(floor, s, "network")};
  }
  qsort(work->central, (size_t)work->central_count, sizeof *work->central, compare_central_slots);
}

/* Whether devices have to be told apart by their cooling. */
static void find_liquid(placement *work)
{
  for (int32_t i = 0; i < work->plan->device_count && work->has_liquid_zone; i++)
    work->has_liquid |= work->plan->devices[i].is_liquid_cooled;
}

/* Slots lack: says how many, and of which kind. */
static ls_status check_slots(const placement *work, ls_error *error)
{
  const ls_spec_floor *floor = &work->spec->floor;
  int32_t liquid_count = 0, liquid_lacking = 0, lacking = 0, gpu_slots = 0;
  for (int32_t b = 0; b < work->bin_count; b++) {
    const bool is_liquid = work->bins[b].need % 2 != 0;
    liquid_count += is_liquid;
    liquid_lacking += is_liquid && work->bins[b].slot < 0;
    lacking += !is_liquid && work->bins[b].slot < 0;
  }
  for (int32_t s = 0; s < floor->row_count * floor->racks_per_row; s++)
    gpu_slots += !work->is_taken[s] && ls_floor_slot_is_for(floor, s, "gpu");
  lacking += (int32_t)ls_max(work->plan->rack_count - gpu_slots, 0);
  if (lacking > 0)
    return ls_error_set(error, LS_ERR_NO, work->spec->path, 0, "floor",
                        "%d GPU racks and %d network racks need %d slots more than the %d free",
                        (int)work->plan->rack_count, (int)work->bin_count, (int)lacking,
                        (int)work->free_count);
  if (liquid_lacking > 0)
    return ls_error_set(error, LS_ERR_NO, work->spec->path, 0, "floor.liquid_cooled",
                        "%d racks of liquid-cooled switches need %d slots more than it has",
                        (int)liquid_count, (int)liquid_lacking);
  return LS_OK;
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

/* The feed that a device should hang on: those of one plane on one, those of the next plane on
 * the next; -1: any. */
static int32_t device_feed(const placement *work, const ls_floor_device *device)
{
  const int32_t feed_count = work->spec->floor.feeds.zone_count;
  return work->plan->plane_count > 1 && feed_count > 1 ? device->plane % feed_count : -1;
}

static need device_need(const placement *work, const ls_floor_device *device)
{
  return (need){device_feed(work, device), work->has_liquid_zone && device->is_liquid_cooled};
}

static int32_t need_index(need of) { return 2 * (of.feed + 1) + of.is_liquid; }

static int32_t device_need_index(const placement *work, const ls_floor_device *device)
{
  return need_index(device_need(work, device));
}

/* The first slot in order that is not taken: of a feed or fed twice, or any for -1; -1 when there
 * is none. Slots are never given back, so that the next search goes on from there. */
static int32_t next_slot(placement *work, int32_t feed, slot_choice choice)
{
  const ls_spec_floor *floor = &work->spec->floor;
  int32_t *cursor = &work->cursor[choice][feed + 1];
  for (; *cursor < work->central_count; ++*cursor) {
    const int32_t slot = work->central[*cursor].slot;
    if (work->is_taken[slot]) continue;
    const int32_t its_feed = feed < 0 ? -1 : ls_floor_zone(floor, &floor->feeds, slot);
    const bool is_liquid =
        choice != SLOT_ANY && ls_floor_zone(floor, &floor->liquid_cooled, slot) >= 0;
    if ((choice == SLOT_LIQUID && !is_liquid) || (choice == SLOT_AIR && is_liquid)) continue;
    if (its_feed < 0 || its_feed == feed) return slot;
  }
  return -1;
}

/* Opens a slot: of the feed, else of any; for what needs it liquid-cooled, for others rather not.
 * A slot more than the floor has is counted, for the error. */
static network_bin *open_bin(placement *work, need asked)
{
  const ls_spec_floor *floor = &work->spec->floor;
  const slot_choice first = asked.is_liquid ? SLOT_LIQUID : work->has_liquid ? SLOT_AIR : SLOT_ANY;
  int32_t slot = next_slot(work, asked.feed, first);
  if (slot < 0) slot = next_slot(work, -1, first);
  if (slot < 0 && first == SLOT_AIR) slot = next_slot(work, asked.feed, SLOT_ANY);
  if (slot < 0 && first == SLOT_AIR) slot = next_slot(work, -1, SLOT_ANY);
  if (slot >= 0) work->is_taken[slot] = true;
  network_bin *bin = &work->bins[work->bin_count++];
  *bin = (network_bin){.slot = slot, .need = need_index(asked)};
  bin->left = (room){.rack_units = floor->rack_units, .power_mw = floor->rack_power_mw};
  return bin;
}

/* First fit of the devices of the centre. Devices of one size and need never fit before the bin
 * that took the last one, so that the search goes on from there. */
static void fill_bins(placement *work)
{
  const ls_floor_device *previous = NULL;
  int32_t next_bin[NEED_COUNT] = {0};
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    const ls_floor_device *device = &work->plan->devices[i];
    const int32_t wanted = device_need_index(work, device);
    work->bin[i] = -1;
    if (device->rack_first >= 0) continue;
    if (previous == NULL || previous->rack_units != device->rack_units ||
        previous->power_mw != device->power_mw)
      memset(next_bin, 0, sizeof next_bin);
    previous = device;
    int32_t bin = next_bin[wanted];
    while (bin < work->bin_count &&
           (work->bins[bin].need != wanted || !room_take(&work->bins[bin].left, device)))
      bin++;
    if (bin == work->bin_count) room_take(&open_bin(work, device_need(work, device))->left, device);
    work->bin[i] = next_bin[wanted] = bin;
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

/* Opens as many bins as count leaves without room in a GPU rack need, all of one feed. */
static void reserve_feed(placement *work, const ls_floor_device *leaf, need asked, int64_t count)
{
  for (int32_t b = 0; b < work->bin_count; b++)
    if (work->bins[b].need == need_index(asked)) count -= room_capacity(&work->bins[b].left, leaf);
  while (count > 0) count -= room_capacity(&open_bin(work, asked)->left, leaf);
}

/* Finds leaves their GPU rack, and those without room in one a bin. */
static void reserve_bins(placement *work)
{
  const ls_floor_device *leaf = NULL;
  int64_t homeless_count[LS_AREA_MAX + 1] = {0}; /* by feed, behind that of any */
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    const ls_floor_device *device = &work->plan->devices[i];
    work->host[i] = -1;
    if (device->rack_first < 0) continue;
    assert(leaf == NULL ||
           (leaf->rack_units == device->rack_units && leaf->power_mw == device->power_mw));
    leaf = device;
    if (!device_need(work, device).is_liquid) work->host[i] = host_rack(work, device);
    homeless_count[device_feed(work, device) + 1] += work->host[i] < 0;
  }
  for (int32_t feed = -1; feed < LS_AREA_MAX && leaf != NULL; feed++)
    reserve_feed(work, leaf, (need){feed, device_need(work, leaf).is_liquid},
                 homeless_count[feed + 1]);
}

/* GPU racks that are built are where they are; the others fill what network slots leave. Racks
 * count in serpentine order. */
static void place_racks(placement *work)
{
  const ls_spec_floor *floor = &work->spec->floor;
  int32_t rack = 0, new_count = work->plan->rack_count;
  for (int32_t s = 0; s < floor->row_count * floor->racks_per_row; s++)
    new_count -= ls_floor_slot_is_built(floor, s, "gpu");
  for (int32_t row = 0; row < floor->row_count; row++) {
    for (int32_t i = 0; i < floor->racks_per_row; i++) {
      const int32_t column = row % 2 == 0 ? i : floor->racks_per_row - 1 - i;
      const int32_t slot = row * floor->racks_per_row + column;
      const bool is_built = ls_floor_slot_is_built(floor, slot, "gpu");
      if (work->is_taken[slot] || (!is_built && new_count <= 0) ||
          !ls_floor_slot_is_for(floor, slot, "gpu"))
        continue;
      new_count -= !is_built;
      work->rack_slot[rack++] = slot;
    }
  }
}

/* A GPU rack on this feed, or fed twice. */
static bool rack_suits(const placement *work, int32_t rack, int32_t feed)
{
  const ls_spec_floor *floor = &work->spec->floor;
  const int32_t its_feed = ls_floor_zone(floor, &floor->feeds, work->rack_slot[rack]);
  return its_feed < 0 || its_feed == feed;
}

static bool serves(const ls_floor_device *leaf, int32_t rack)
{
  return leaf->rack_first <= rack && rack <= leaf->rack_last;
}

/* Moves a leaf to a rack that it serves, that is on its feed and has room. */
static bool leaf_move(placement *work, int32_t leaf, int32_t feed)
{
  const ls_floor_device *device = &work->plan->devices[leaf];
  for (int32_t rack = device->rack_first; rack <= device->rack_last; rack++) {
    if (!rack_suits(work, rack, feed) || !room_take(&work->rack_room[rack], device)) continue;
    work->rack_room[work->host[leaf]].rack_units += device->rack_units;
    work->rack_room[work->host[leaf]].power_mw += device->power_mw;
    work->host[leaf] = rack;
    return true;
  }
  return false;
}

/* Lets two leaves, which are of one size, change racks where each serves the other's rack and at
 * least the first one gains. */
static bool leaf_swap(placement *work, int32_t leaf, int32_t other, int32_t feed)
{
  const ls_floor_device *devices = work->plan->devices;
  const int32_t host = work->host[leaf], other_host = work->host[other];
  const int32_t other_feed = device_feed(work, &devices[other]);
  if (other_host < 0 || !serves(&devices[leaf], other_host) || !serves(&devices[other], host) ||
      !rack_suits(work, other_host, feed) ||
      (rack_suits(work, other_host, other_feed) && !rack_suits(work, host, other_feed)))
    return false;
  work->host[leaf] = other_host;
  work->host[other] = host;
  return true;
}

/* A leaf that serves racks of several feeds stands in one of its plane's, so that the feed takes
 * no link of other planes from racks that it leaves up. Leaves change racks with those of the
 * same place in other planes, which serve the same racks. */
static void leaves_to_feeds(placement *work)
{
  const ls_floor_device *devices = work->plan->devices;
  int32_t leaf_first = 0, leaf_count = 0;
  for (int32_t i = 0; i < work->plan->device_count; i++) {
    if (devices[i].rack_first < 0) continue;
    if (leaf_count++ == 0) leaf_first = i;
  }
  for (int32_t i = leaf_first; i < leaf_first + leaf_count; i++) {
    const int32_t feed = device_feed(work, &devices[i]);
    const int32_t per_plane = leaf_count / (int32_t)ls_max(work->plan->plane_count, 1);
    if (feed < 0 || per_plane == 0 || work->host[i] < 0 || rack_suits(work, work->host[i], feed) ||
        leaf_move(work, i, feed))
      continue;
    for (int32_t plane = 0; plane < work->plan->plane_count; plane++) {
      const int32_t other = leaf_first + plane * per_plane + (i - leaf_first) % per_plane;
      if (leaf_swap(work, i, other, feed)) break;
    }
  }
}

/* Each homeless leaf goes to the bin of its feed nearest to the middle of its racks; bins that are
 * full leave the list, which keeps its order, so that ties go to the one that was opened first. */
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
      if (room_capacity(&work->bins[bin].left, device) == 0) continue;
      work->open_bin[kept++] = bin;
      if (work->bins[bin].need != device_need_index(work, device)) continue;
      int64_t distance_mm =
          slot_distance_mm(&work->spec->floor, work->rack_slot[middle], work->bins[bin].slot);
      if (distance_mm < best_mm) {
        best_mm = distance_mm;
        best = bin;
      }
    }
    open_count = kept;
    assert(best >= 0);
    room_take(&work->bins[best].left, device);
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
  find_liquid(&work);
  fill_bins(&work);
  reserve_bins(&work);
  status = check_slots(&work, error);
  if (status != LS_OK) goto cleanup;
  place_racks(&work);
  leaves_to_feeds(&work);
  place_homeless(&work);
  for (int32_t i = 0; i < plan->device_count; i++) {
    plan->devices[i].slot =
        work.host[i] >= 0 ? work.rack_slot[work.host[i]] : work.bins[work.bin[i]].slot;
  }
  if (plan->rack_count > 0) {
    memcpy(plan->rack_slot, work.rack_slot, (size_t)plan->rack_count * sizeof *plan->rack_slot);
  }
cleanup:
  placement_destroy(&work);
  return status;
}
