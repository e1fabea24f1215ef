/* Reads where a cluster stands: slots and pitches, and which slots are of one hall, one feed, one
 * cooling unit, or liquid-cooled. Judges the shapes of the zones alone, not what stands in them. */
#include "spec_floor.h"
#include "floor.h"
#include "spec_space.h"
#include "spec_tables.h"
#include <stdio.h>
#include <string.h>

static ls_spec_floor *floor_of(const ls_field_reader *reader)
{
  return &((ls_spec_context *)reader->context)->spec->floor;
}

int32_t ls_spec_slot_count(const ls_spec_floor *layout)
{
  return layout->row_count * layout->racks_per_row;
}

/* Reads [row, rack] into a slot number. */
static ls_status read_slot(ls_field_reader *reader, const ls_spec_floor *layout,
                           const ls_yaml_node *node, int32_t *slot)
{
  if (node->kind != LS_YAML_LIST || node->count != 2)
    return ls_field_refuse_got(reader, node, "must be a pair [row, rack]");
  const ls_field row = {
      .type = LS_FIELD_NUMBER, .size = sizeof(int32_t), .max = layout->row_count - 1};
  const ls_field rack = {
      .type = LS_FIELD_NUMBER, .size = sizeof(int32_t), .max = layout->racks_per_row - 1};
  int32_t row_index = 0, rack_index = 0;
  ls_status status = ls_field_read(reader, &row, node->first, &row_index);
  if (status == LS_OK) status = ls_field_read(reader, &rack, node->first->next, &rack_index);
  if (status == LS_OK) *slot = row_index * layout->racks_per_row + rack_index;
  return status;
}

/* Comes after rows and racks_per_row in the table. */
static ls_status read_blocked(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)target;
  ls_spec_floor *layout = &((ls_spec_context *)reader->context)->spec->floor;
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_LIST || node->count > field->item_max)
    return ls_field_refuse_got(reader, node, "must be a list of 0..256 pairs [row, rack]");
  for (const ls_yaml_node *item = node->first; item; item = item->next) {
    size_t length = ls_field_enter_index(reader, layout->blocked_count);
    int32_t slot = 0;
    ls_status status = read_slot(reader, layout, item, &slot);
    if (status != LS_OK) return status;
    for (int32_t i = 0; i < layout->blocked_count; i++)
      if (layout->blocked_slot[i] == slot)
        return ls_field_refuse(reader, item, "repeats an earlier slot");
    layout->blocked_slot[layout->blocked_count++] = slot;
    ls_field_leave(reader, length);
  }
  return LS_OK;
}

/* ---- Zones ---- */

/* Reads [first, last] of what is counted from 0 to last_max; an absent key means all. */
static ls_status read_range(ls_field_reader *reader, const ls_yaml_node *node, int32_t last_max,
                            int32_t *first, int32_t *last)
{
  const ls_field end = {.type = LS_FIELD_NUMBER, .size = sizeof(int32_t), .max = last_max};
  *first = 0;
  *last = last_max;
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_LIST || node->count != 2)
    return ls_field_refuse_got(reader, node, "must be a pair [first, last]");
  ls_status status = ls_field_read(reader, &end, node->first, first);
  if (status == LS_OK) status = ls_field_read(reader, &end, node->first->next, last);
  if (status == LS_OK && *last < *first)
    status = ls_field_refuse(reader, node, "must be [first, last], got [%d, %d]", (int)*first,
                             (int)*last);
  return status;
}

static ls_status read_rows(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                           void *target)
{
  (void)field;
  ls_floor_area *area = target;
  return read_range(reader, node, floor_of(reader)->row_count - 1, &area->row_first,
                    &area->row_last);
}

static ls_status read_racks(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, void *target)
{
  (void)field;
  ls_floor_area *area = target;
  return read_range(reader, node, floor_of(reader)->racks_per_row - 1, &area->rack_first,
                    &area->rack_last);
}

/* The zones that a list of areas is read into. */
static ls_floor_zones *zones_of(const ls_field_reader *reader, const ls_field *field)
{
  char *base = (char *)floor_of(reader) + field->offset - offsetof(ls_floor_zones, area);
  return (ls_floor_zones *)(void *)base;
}

/* The first row that both areas have, or -1. */
static int32_t common_row(const ls_floor_area *a, const ls_floor_area *b)
{
  for (int32_t row = a->row_first; row <= a->row_last; row += a->row_step)
    if (row >= b->row_first && row <= b->row_last && (row - b->row_first) % b->row_step == 0)
      return row;
  return -1;
}

/* Names go into GraphML lists that blanks part. */
static ls_status check_name(ls_field_reader *reader, const ls_yaml_node *node, const char *name)
{
  for (const char *c = name; *c; c++) {
    const bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                          (*c >= '0' && *c <= '9') || strchr("._-", *c) != NULL;
    if (is_plain) continue;
    (void)ls_field_enter(reader, "name");
    return ls_field_refuse(reader, ls_yaml_find(node, "name"),
                           "must be of letters, digits, '.', '_' and '-', got \"%s\"", name);
  }
  return LS_OK;
}

/* Gives a new area its zone, and refuses slots that an earlier one has. */
static ls_status check_area(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, void *target)
{
  ls_floor_area *area = target;
  ls_floor_zones *zones = zones_of(reader, field);
  ls_status status = check_name(reader, node, area->name);
  if (status != LS_OK) return status;
  area->zone = zones->zone_count;
  for (int32_t i = 0; i < zones->area_count; i++) {
    const ls_floor_area *earlier = &zones->area[i];
    const int32_t row = common_row(area, earlier);
    if (strcmp(area->name, earlier->name) == 0) area->zone = earlier->zone;
    if (row < 0 || area->rack_first > earlier->rack_last || area->rack_last < earlier->rack_first)
      continue;
    return ls_field_refuse(
        reader, node, "has slots of an earlier one: row %d, rack %d is in both", (int)row,
        (int)(area->rack_first > earlier->rack_first ? area->rack_first : earlier->rack_first));
  }
  if (area->zone == zones->zone_count) zones->zone_count++;
  return LS_OK;
}

static const char *const use_names[] = {"network", "gpu", "built_network", "built_gpu", NULL};

/* The zone was read as an index into use_names. */
static ls_status check_fixed(ls_field_reader *reader, const ls_field *field,
                             const ls_yaml_node *node, void *target)
{
  ls_floor_area *area = target;
  (void)snprintf(area->name, sizeof area->name, "%s", use_names[area->zone]);
  return check_area(reader, field, node, target);
}

/* All liquid-cooled slots are one zone, which needs no name of the user's. */
static ls_status check_liquid(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  ls_floor_area *area = target;
  (void)snprintf(area->name, sizeof area->name, "liquid");
  return check_area(reader, field, node, target);
}

/* A hall is a run of whole rows, the next one after the last. */
static ls_status check_hall(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, void *target)
{
  ls_floor_area *hall = target;
  const ls_floor_zones *halls = zones_of(reader, field);
  const int32_t next = halls->area_count ? halls->area[halls->area_count - 1].row_last + 1 : 0;
  hall->row_step = 1;
  hall->rack_last = floor_of(reader)->racks_per_row - 1;
  for (int32_t i = 0; i < halls->area_count; i++)
    if (strcmp(hall->name, halls->area[i].name) == 0)
      return ls_field_refuse(reader, node, "repeats hall %s", hall->name);
  if (hall->row_first != next)
    return ls_field_refuse(reader, node, "must start at row %d, after the hall before, got %d",
                           (int)next, (int)hall->row_first);
  if (!halls->area_count && hall->gap_mm)
    return ls_field_refuse(reader, node,
                           "is the first hall: there is none before it, so gap_m must be 0");
  return check_area(reader, field, node, target);
}

ls_status ls_spec_check_floor(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_spec_floor *layout = target;
  const ls_floor_zones *halls = &layout->halls;
  if (ls_spec_slot_count(layout) > 65536)
    return ls_field_refuse(reader, node, "has %d slots; at most 65536 are handled",
                           (int)ls_spec_slot_count(layout));
  for (int32_t i = 0; i < layout->blocked_count; i++) {
    const int32_t slot = layout->blocked_slot[i];
    if (!ls_floor_slot_is_built(layout, slot, "gpu") &&
        !ls_floor_slot_is_built(layout, slot, "network"))
      continue;
    (void)ls_field_enter(reader, "blocked");
    return ls_field_refuse(
        reader, ls_yaml_find(node, "blocked"), "holds row %d, rack %d, where a rack is built",
        (int)(slot / layout->racks_per_row), (int)(slot % layout->racks_per_row));
  }
  if (!halls->area_count) return LS_OK;
  const int32_t last = halls->area[halls->area_count - 1].row_last;
  if (last == layout->row_count - 1) return LS_OK;
  (void)ls_field_enter(reader, "halls");
  return ls_field_refuse(reader, ls_yaml_find(node, "halls"),
                         "must hold all %d rows, but end at row %d", (int)layout->row_count,
                         (int)last);
}

/* ---- The tables ---- */

#define RANGE(key_, fallback_, read_, doc_)                                                        \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_CUSTOM, .fallback = fallback_, .read = read_,       \
    .schema = "{\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, "                           \
              "\"items\": {\"type\": \"integer\", \"minimum\": 0}}"                                \
  }
#define ZONE_NAME(doc_)                                                                            \
  {                                                                                                \
    .key = "name", .doc = doc_, .type = LS_FIELD_TEXT, .offset = offsetof(OWNER, name),            \
    .max = LS_ZONE_NAME_MAX                                                                        \
  }
#define ZONES(key_, member_, fields_, check_, doc_)                                                \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_LIST, .size = sizeof(ls_floor_area),                \
    .offset = offsetof(OWNER, member_.area), .count_offset = offsetof(OWNER, member_.area_count),  \
    .item_max = LS_AREA_MAX, .fallback = "", .fields = fields_, .read = check_                     \
  }

#define OWNER ls_floor_area
static const ls_field hall_fields[] = {
    ZONE_NAME("the hall"),
    RANGE("rows", NULL, read_rows, "its rows, [first, last] from 0"),
    NUMBER("gap_m", gap_mm, 3, 0, 10000000, "0",
           "what cords cross between the hall before and this one, beside the row pitch"),
    END,
};

static const ls_field zone_fields[] = {
    ZONE_NAME("the feed or unit; several areas may have one name"),
    RANGE("rows", "", read_rows, "rows that it serves, [first, last] from 0; default: all"),
    RANGE("racks", "", read_racks, "slots of these rows, [first, last] from 0; default: all"),
    NUMBER("every", row_step, 0, 1, 1024, "1", "every so many rows, from the first"),
    END,
};

static const ls_field fixed_fields[] = {
    {.key = "use",
     .doc = "what alone may stand there: network racks or GPU racks; built: they stand already",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(OWNER, zone),
     .names = use_names},
    RANGE("rows", "", read_rows, "rows, [first, last] from 0; default: all"),
    RANGE("racks", "", read_racks, "slots of these rows, [first, last] from 0; default: all"),
    NUMBER("every", row_step, 0, 1, 1024, "1", "every so many rows, from the first"),
    END,
};

static const ls_field liquid_fields[] = {
    RANGE("rows", "", read_rows, "rows, [first, last] from 0; default: all"),
    RANGE("racks", "", read_racks, "slots of these rows, [first, last] from 0; default: all"),
    NUMBER("every", row_step, 0, 1, 1024, "1", "every so many rows, from the first"),
    END,
};
#undef OWNER

#define OWNER ls_spec_floor
const ls_field ls_spec_floor_fields[] = {
    NUMBER("rows", row_count, 0, 1, 1024, NULL, "rows of racks"),
    NUMBER("racks_per_row", racks_per_row, 0, 1, 1024, NULL, "slots of a row"),
    NUMBER("rack_pitch_m", rack_pitch_mm, 3, 1, 10000, "0.6", "from rack to rack in a row"),
    NUMBER("row_pitch_m", row_pitch_mm, 3, 1, 100000, "3.6", "from row to row"),
    NUMBER("tray_height_m", tray_height_mm, 3, 0, 10000, "0.6", "of the tray above the racks"),
    NUMBER("drop_m_per_end", drop_mm_per_end, 3, 0, 100000, "2.5", "from tray to device"),
    NUMBER("in_rack_m", in_rack_mm, 3, 1, 10000, "1.5", "a cord that stays in one rack"),
    NUMBER("slack_fraction", slack_ppm, 6, 0, 1000000, "0.1", "added to the length by tray"),
    NUMBER("slack_fixed_m", slack_fixed_mm, 3, 0, 100000, "2", "added to every length"),
    NUMBER("rack_units", rack_units, 0, 1, 100, "48", "height of a slot"),
    NUMBER("rack_kw", rack_power_mw, 6, 1, 10000000000, "60", "power and cooling of a slot"),
    NUMBER("tray_strands_max", tray_strands_max, 0, 0, 1000000000, "0",
           "strands that the tray above a row, or between two halls, holds; 0: any number"),
    {.key = "structured_cabling",
     .doc = "trunks through patch panels: four matings, not two",
     .type = LS_FIELD_BOOL,
     .offset = offsetof(OWNER, is_structured),
     .fallback = "false"},
    {.key = "blocked",
     .doc = "slots that cannot be used, [row, rack] from 0",
     .type = LS_FIELD_CUSTOM,
     .offset = offsetof(OWNER, blocked_slot),
     .item_max = LS_BLOCKED_MAX,
     .fallback = "",
     .read = read_blocked,
     .schema = "{\"type\": \"array\", \"maxItems\": 256, \"items\": {\"type\": \"array\", "
               "\"minItems\": 2, \"maxItems\": 2, "
               "\"items\": {\"type\": \"integer\", \"minimum\": 0}}}"},
    ZONES("halls", halls, hall_fields, check_hall, "rooms of whole rows, all rows in order"),
    ZONES("feeds", feeds, zone_fields, check_area,
          "power feeds and the slots that have no other; slots of none are fed twice"),
    ZONES("cooling_units", cooling_units, zone_fields, check_area,
          "cooling units and the slots that have no other"),
    ZONES("liquid_cooled", liquid_cooled, liquid_fields, check_liquid,
          "slots that can take liquid-cooled boxes; default: all"),
    ZONES("fixed", fixed, fixed_fields, check_fixed, "slots with a fixed use; default: none"),
    END,
};
#undef OWNER
