/* The floor: lengths, their lower bounds, and what holds of every placement. */
#include "../host/floor.h"
#include "fabric.h"
#include "shim/shim.h"
#include <stdlib.h>
#include <string.h>

static void small_floor(int32_t rows, int32_t racks, ls_spec *spec)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  fabric_catalog(catalog);
  fabric_spec(catalog, 64, spec);
  spec->floor.row_count = rows;
  spec->floor.racks_per_row = racks;
  spec->floor.blocked_count = 0;
}

LS_TEST(Floor, measures_cords_by_tray)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  small_floor(4, 20, spec);
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 7, 7), 1500);
  /* (600 + 2 * 3100) * 1.1 + 2000 */
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 7, 8), 9480);
  /* (3 * 600 + 2 * 3600 + 6200) * 1.1 + 2000, both ways */
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 5, 42), 18720);
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 42, 5), 18720);
  spec->floor.slack_ppm = 1; /* 6800.0068 is rounded up */
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 7, 8), 8801);
}

LS_TEST(Floor, no_cord_is_longer_than_the_longest)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  small_floor(3, 7, spec);
  int32_t longest_mm = 0;
  for (int32_t a = 0; a < 21; a++) {
    for (int32_t b = 0; b < 21; b++) {
      longest_mm = (int32_t)ls_max(longest_mm, ls_floor_length_mm(spec, a, b));
    }
  }
  EXPECT_EQ_I64(ls_floor_length_max_mm(spec), longest_mm);
}

LS_TEST(Floor, buys_the_next_stock_length)
{
  const ls_catalog_parts parts = {.stock_count = 3, .stock_mm = {1000, 5000, 20000}};
  EXPECT_EQ_I64(ls_floor_stock_mm(&parts, 1), 1000);
  EXPECT_EQ_I64(ls_floor_stock_mm(&parts, 1000), 1000);
  EXPECT_EQ_I64(ls_floor_stock_mm(&parts, 1001), 5000);
  EXPECT_EQ_I64(ls_floor_stock_mm(&parts, 20000), 20000);
  EXPECT_EQ_I64(ls_floor_stock_mm(&parts, 20001), 40000);
  EXPECT_EQ_I64(ls_floor_stock_mm(&parts, 60001), 80000);
}

static int compare_lengths(const void *a, const void *b)
{
  const int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
  return (left > right) - (left < right);
}

static void expect_bounds_hold(const ls_spec *spec)
{
  const int32_t slots = spec->floor.row_count * spec->floor.racks_per_row;
  int32_t *bound_max = shim_alloc((size_t)(slots + 2) * sizeof *bound_max);
  int32_t *bound_mean = shim_alloc((size_t)(slots + 2) * sizeof *bound_mean);
  int32_t *length = shim_alloc((size_t)slots * sizeof *length);
  ASSERT_STATUS(ls_floor_length_bounds(spec, slots + 2, bound_max, bound_mean), LS_OK);
  EXPECT_EQ_I64(bound_max[slots + 1], bound_max[slots - 1]);
  EXPECT_EQ_I64(bound_mean[slots + 1], bound_mean[slots - 1]);
  for (int32_t from = 0; from < slots && !shim_has_failed(); from++) {
    int64_t sum = 0;
    for (int32_t to = 0; to < slots; to++) length[to] = ls_floor_length_mm(spec, from, to);
    qsort(length, (size_t)slots, sizeof *length, compare_lengths);
    for (int32_t i = 0; i < slots; i++) {
      sum += length[i];
      EXPECT_LE_I64(bound_max[i], length[i]);
      EXPECT_LE_I64(bound_mean[i], sum / (i + 1));
    }
  }
}

LS_TEST(Floor, bounds_hold_from_every_slot)
{
  static const int32_t sizes[][2] = {{1, 1}, {1, 2}, {1, 9}, {2, 2}, {5, 4}, {4, 13}, {7, 1}};
  ls_spec *spec = shim_alloc(sizeof *spec);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    small_floor(sizes[i][0], sizes[i][1], spec);
    expect_bounds_hold(spec);
    spec->floor.in_rack_mm = 20000; /* longer than to the neighbour */
    expect_bounds_hold(spec);
  }
}

/* ---- Halls and feeds ---- */

/* The first rows, and the rest behind a gap. */
static void two_halls(ls_spec *spec, int32_t rows, int32_t gap_mm)
{
  ls_floor_zones *halls = &spec->floor.halls;
  halls->zone_count = halls->area_count = 2;
  halls->area[0] = (ls_floor_area){"n", 0, 0, rows - 1, 1, 0, spec->floor.racks_per_row - 1, 0};
  halls->area[1] = (ls_floor_area){
      "s", 1, rows, spec->floor.row_count - 1, 1, 0, spec->floor.racks_per_row - 1, gap_mm};
}

LS_TEST(Floor, cords_cross_the_gap_between_halls)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  int32_t x_mm = 0, y_mm = 0;
  small_floor(4, 20, spec);
  two_halls(spec, 2, 25000);
  /* (1 * 3600 + 6200) * 1.1 + 2000 within a hall, 25 m more between them. */
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 7, 27), 12780);
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 27, 47), 12780 + 27500);
  EXPECT_EQ_I64(ls_floor_length_mm(spec, 47, 67), 12780);
  ls_floor_position(spec, 47, &x_mm, &y_mm);
  EXPECT_EQ_I64(x_mm, 7 * 600);
  EXPECT_EQ_I64(y_mm, 2 * 3600 + 25000);
  EXPECT_EQ_I64(ls_floor_length_max_mm(spec), ls_floor_length_mm(spec, 19, 60));
}

LS_TEST(Floor, bounds_hold_with_gaps)
{
  static const int32_t sizes[][3] = {{5, 4, 1}, {4, 13, 2}, {7, 3, 4}, {6, 1, 5}};
  ls_spec *spec = shim_alloc(sizeof *spec);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    small_floor(sizes[i][0], sizes[i][1], spec);
    two_halls(spec, sizes[i][2], 17000);
    expect_bounds_hold(spec);
  }
}

/* ---- Placement ---- */

typedef struct example {
  ls_spec *spec;
  ls_floor_plan plan;
  int32_t server_count[64], rack_slot[64];
  ls_floor_device devices[128];
} example;

/* racks full racks, one leaf for every two of them, and devices of the centre. */
static example *example_create(int32_t racks, int32_t central)
{
  example *made = shim_alloc(sizeof *made);
  made->spec = shim_alloc(sizeof *made->spec);
  small_floor(6, 10, made->spec);
  made->spec->floor.blocked_count = 3;
  made->spec->floor.blocked_slot[0] = 24;
  made->spec->floor.blocked_slot[1] = 25;
  made->spec->floor.blocked_slot[2] = 0;
  made->plan = (ls_floor_plan){.rack_count = racks,
                               .server_count = made->server_count,
                               .rack_slot = made->rack_slot,
                               .devices = made->devices};
  for (int32_t r = 0; r < racks; r++) made->server_count[r] = 4;
  for (int32_t r = 0; r + 1 < racks; r += 2) {
    made->devices[made->plan.device_count++] = (ls_floor_device){
        .rack_units = 2, .power_mw = 2000000, .rack_first = r, .rack_last = r + 1};
  }
  for (int32_t i = 0; i < central; i++) {
    made->devices[made->plan.device_count++] = (ls_floor_device){
        .rack_units = i % 3 == 2 ? 7 : 2, .power_mw = 9000000, .rack_first = -1, .rack_last = -1};
  }
  return made;
}

/* No slot holds two racks, a blocked one nothing, none more than it can. */
static void expect_placement_holds(const example *placed)
{
  const ls_spec_floor *floor = &placed->spec->floor;
  const int32_t slots = floor->row_count * floor->racks_per_row;
  int64_t *units = shim_alloc((size_t)slots * sizeof *units);
  int64_t *power_mw = shim_alloc((size_t)slots * sizeof *power_mw);
  int32_t *racks = shim_alloc((size_t)slots * sizeof *racks);
  for (int32_t r = 0; r < placed->plan.rack_count; r++) {
    const int32_t slot = placed->rack_slot[r];
    racks[slot]++;
    units[slot] += (int64_t)placed->server_count[r] * placed->spec->cluster.server_rack_units;
    power_mw[slot] += placed->server_count[r] * placed->spec->cluster.server_power_mw;
  }
  for (int32_t i = 0; i < placed->plan.device_count; i++) {
    units[placed->devices[i].slot] += placed->devices[i].rack_units;
    power_mw[placed->devices[i].slot] += placed->devices[i].power_mw;
  }
  for (int32_t s = 0; s < slots; s++) {
    EXPECT_LE_I64(racks[s], 1);
    EXPECT_LE_I64(units[s], floor->rack_units);
    EXPECT_LE_I64(power_mw[s], floor->rack_power_mw);
  }
  for (int32_t i = 0; i < floor->blocked_count; i++) {
    EXPECT_EQ_I64(units[floor->blocked_slot[i]], 0);
  }
}

LS_TEST(Floor, placement_holds_and_repeats)
{
  for (int32_t racks = 1; racks <= 50; racks += 7) {
    for (int32_t central = 0; central <= 36; central += 9) {
      example *first = example_create(racks, central), *second = example_create(racks, central);
      ASSERT_STATUS(ls_floor_place(first->spec, &first->plan, NULL), LS_OK);
      ASSERT_STATUS(ls_floor_place(second->spec, &second->plan, NULL), LS_OK);
      expect_placement_holds(first);
      EXPECT_BYTES(first->rack_slot, second->rack_slot, sizeof first->rack_slot);
      EXPECT_BYTES(first->devices, second->devices, sizeof first->devices);
    }
  }
}

LS_TEST(Floor, leaves_stand_with_their_racks_where_there_is_room)
{
  example *placed = example_create(20, 10);
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  for (int32_t i = 0; i < 10; i++) {
    EXPECT_EQ_I64(placed->devices[i].slot, placed->rack_slot[placed->devices[i].rack_first]);
  }
}

LS_TEST(Floor, leaves_without_room_stand_in_network_slots)
{
  example *placed = example_create(20, 10);
  placed->spec->cluster.server_rack_units = 12;
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  for (int32_t i = 0; i < 10; i++) {
    for (int32_t r = 0; r < 20; r++) {
      EXPECT_NE_I64(placed->devices[i].slot, placed->rack_slot[r]);
    }
  }
}

LS_TEST(Floor, network_slots_are_the_most_central)
{
  example *placed = example_create(20, 12);
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  /* 12 devices of 9 kW take two slots of 60 kW; 24 and 25, as central, are blocked. */
  for (int32_t i = 10; i < placed->plan.device_count; i++) {
    EXPECT_TRUE(placed->devices[i].slot == 34 || placed->devices[i].slot == 35);
  }
}

LS_TEST(Floor, racks_go_back_and_forth)
{
  example *placed = example_create(50, 0);
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  EXPECT_EQ_I64(placed->rack_slot[0], 1); /* 0 is blocked */
  EXPECT_EQ_I64(placed->rack_slot[8], 9);
  EXPECT_EQ_I64(placed->rack_slot[9], 19);
  EXPECT_EQ_I64(placed->rack_slot[18], 10);
}

LS_TEST(Floor, says_how_many_slots_lack)
{
  example *placed = example_create(57, 24);
  placed->rack_slot[0] = -7;
  ls_error error = {0};
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "4 slots more");
  EXPECT_CONTAINS(error.key, "floor");
  EXPECT_EQ_I64(placed->rack_slot[0], -7);
}

LS_TEST(Floor, says_what_exceeds_an_empty_slot)
{
  ls_error error = {0};
  example *servers = example_create(5, 0);
  servers->spec->cluster.server_power_mw = 16000000;
  ASSERT_STATUS(ls_floor_place(servers->spec, &servers->plan, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "4 servers of a rack need 32 U and 64000 W");
  example *chassis = example_create(5, 1);
  chassis->devices[2].rack_units = 49;
  ASSERT_STATUS(ls_floor_place(chassis->spec, &chassis->plan, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "a switch needs 49 U");
}

/* Feeds by row in turn: network slots of a plane are on its feed, whatever their kind. */
LS_TEST(Floor, planes_stand_on_different_feeds)
{
  example *placed = example_create(20, 24);
  ls_floor_zones *feeds = &placed->spec->floor.feeds;
  feeds->zone_count = feeds->area_count = 2;
  feeds->area[0] = (ls_floor_area){"A", 0, 0, 5, 2, 0, 9, 0};
  feeds->area[1] = (ls_floor_area){"B", 1, 1, 5, 2, 0, 9, 0};
  placed->spec->cluster.server_rack_units = 12; /* no leaf fits a GPU rack */
  placed->plan.plane_count = 2;
  for (int32_t i = 0; i < placed->plan.device_count; i++) placed->devices[i].plane = i % 2;
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  for (int32_t i = 0; i < placed->plan.device_count; i++)
    EXPECT_EQ_I64(ls_floor_zone(&placed->spec->floor, feeds, placed->devices[i].slot), i % 2);
}

/* Feed B has one slot alone: what does not fit there stands elsewhere. */
LS_TEST(Floor, a_feed_that_is_full_is_no_obstacle)
{
  example *placed = example_create(20, 24);
  ls_floor_zones *feeds = &placed->spec->floor.feeds;
  int32_t on_b = 0;
  feeds->zone_count = feeds->area_count = 2;
  feeds->area[0] = (ls_floor_area){"A", 0, 0, 4, 1, 0, 9, 0};
  feeds->area[1] = (ls_floor_area){"B", 1, 5, 5, 1, 9, 9, 0};
  placed->spec->floor.blocked_count = 0;
  for (int32_t rack = 0; rack < 9; rack++)
    placed->spec->floor.blocked_slot[placed->spec->floor.blocked_count++] = 50 + rack;
  placed->plan.plane_count = 2;
  for (int32_t i = 0; i < placed->plan.device_count; i++) placed->devices[i].plane = i % 2;
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  for (int32_t i = 0; i < placed->plan.device_count; i++) on_b += placed->devices[i].slot == 59;
  EXPECT_LT_I64(0, on_b);
  EXPECT_LT_I64(on_b, 12);
}

/* Two slots in a corner are liquid-cooled: what needs them stands there, though it is far, and
 * what does not stands in the centre. */
LS_TEST(Floor, liquid_cooled_boxes_stand_where_they_can)
{
  example *placed = example_create(20, 12);
  ls_floor_zones *liquid = &placed->spec->floor.liquid_cooled;
  liquid->zone_count = liquid->area_count = 1;
  liquid->area[0] = (ls_floor_area){"liquid", 0, 0, 0, 1, 8, 9, 0};
  for (int32_t i = 16; i < placed->plan.device_count; i++)
    placed->devices[i].is_liquid_cooled = true;
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  for (int32_t i = 10; i < placed->plan.device_count; i++)
    EXPECT_EQ_I64(placed->devices[i].slot == 8 || placed->devices[i].slot == 9, i >= 16);
  ls_error error = {0};
  liquid->area[0].rack_first = 9;
  for (int32_t i = 10; i < 16; i++) placed->devices[i].is_liquid_cooled = true;
  EXPECT_STATUS(ls_floor_place(placed->spec, &placed->plan, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.key, "floor.liquid_cooled");
  EXPECT_CONTAINS(error.message, "2 racks of liquid-cooled switches need 1 slots more");
  liquid->area[0] = (ls_floor_area){"liquid", 0, 0, 5, 1, 0, 9, 0}; /* all of the floor */
  EXPECT_STATUS(ls_floor_place(placed->spec, &placed->plan, &error), LS_OK);
  EXPECT_NE_I64(placed->devices[20].slot, 9);
}

/* Row 0 is for network racks, row 3 for GPU racks. */
LS_TEST(Floor, fixed_slots_keep_their_use)
{
  example *placed = example_create(20, 12);
  ls_floor_zones *fixed = &placed->spec->floor.fixed;
  ls_error error = {0};
  fixed->zone_count = fixed->area_count = 2;
  fixed->area[0] = (ls_floor_area){"network", 0, 0, 0, 1, 0, 9, 0};
  fixed->area[1] = (ls_floor_area){"gpu", 1, 2, 3, 1, 0, 9, 0};
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  EXPECT_EQ_I64(placed->rack_slot[0], 19); /* row 0 is left out */
  for (int32_t i = 10; i < placed->plan.device_count; i++)
    EXPECT_TRUE(placed->devices[i].slot / 10 != 2 && placed->devices[i].slot / 10 != 3);
  fixed->area[0].row_last = 4; /* leaves GPU racks 10 slots of 20 */
  fixed->area_count = fixed->zone_count = 1;
  EXPECT_STATUS(ls_floor_place(placed->spec, &placed->plan, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "need 10 slots more");
}

/* Rows 1 and 5 hold GPU racks already, a corner a network rack: those slots are used first, however
 * far they are. */
LS_TEST(Floor, racks_that_are_built_come_first)
{
  example *placed = example_create(24, 12);
  ls_floor_zones *fixed = &placed->spec->floor.fixed;
  fixed->zone_count = 2;
  fixed->area_count = 3;
  fixed->area[0] = (ls_floor_area){"built_gpu", 0, 1, 1, 1, 0, 9, 0};
  fixed->area[1] = (ls_floor_area){"built_gpu", 0, 5, 5, 1, 0, 8, 0};
  fixed->area[2] = (ls_floor_area){"built_network", 1, 5, 5, 1, 9, 9, 0};
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  int32_t built = 0, corner = 0, central = 0;
  for (int32_t r = 0; r < 24; r++)
    built += placed->rack_slot[r] / 10 == 1 || placed->rack_slot[r] / 10 == 5;
  for (int32_t i = 12; i < placed->plan.device_count; i++) {
    corner += placed->devices[i].slot == 59;
    central += placed->devices[i].slot == 34;
  }
  EXPECT_EQ_I64(built, 19);
  EXPECT_EQ_I64(corner, 6); /* 9 kW each, the other half of 12 opens a slot in the centre */
  EXPECT_EQ_I64(central, 6);
}

/* Every slot of the network has liquid, GPU racks have none: leaves that need it stand apart. */
LS_TEST(Floor, leaves_that_need_liquid_do_not_stand_with_gpus)
{
  example *placed = example_create(20, 12);
  ls_spec_floor *floor = &placed->spec->floor;
  floor->liquid_cooled.zone_count = floor->liquid_cooled.area_count = 1;
  floor->liquid_cooled.area[0] = (ls_floor_area){"liquid", 0, 0, 0, 1, 1, 9, 0};
  floor->fixed.zone_count = floor->fixed.area_count = 1;
  floor->fixed.area[0] = (ls_floor_area){"gpu", 0, 1, 5, 1, 0, 9, 0};
  for (int32_t i = 0; i < placed->plan.device_count; i++)
    placed->devices[i].is_liquid_cooled = true;
  ASSERT_STATUS(ls_floor_place(placed->spec, &placed->plan, NULL), LS_OK);
  expect_placement_holds(placed);
  for (int32_t i = 0; i < placed->plan.device_count; i++)
    EXPECT_LT_I64(placed->devices[i].slot, 10);
}
