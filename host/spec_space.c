/* Ids, vendors, regions and technologies to masks, ratios to reduced fractions. */
#include "spec_space.h"
#include <stdio.h>
#include <string.h>

#define RATIO_MAX 64 /* oversubscription */
#define TERM_MAX 65535

/* ---- names of the catalog ---- */

typedef struct name_list {
  const char *first; /* entries start with their id */
  size_t size;
  int32_t count;
  const char *what;
} name_list;

static const char *name_at(const void *context, int32_t index)
{
  const name_list *list = context;
  return list->first + (size_t)index * list->size;
}

static uint32_t mask_of(int32_t count)
{
  return count >= 32 ? UINT32_MAX : ((uint32_t)1 << count) - 1;
}

/* A list of ids, as a mask of their places in the catalog; all when node is NULL. */
static ls_status read_names(ls_field_reader *reader, const ls_yaml_node *node,
                            const name_list *list, uint32_t *mask)
{
  *mask = mask_of(list->count);
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_LIST || node->count == 0)
    return ls_field_refuse_got(reader, node, "must be a list of ids of the catalog");
  *mask = 0;
  char quoted[LS_YAML_QUOTE_BYTES];
  int32_t position = 0;
  for (const ls_yaml_node *item = node->first; item; item = item->next, position++) {
    size_t length = ls_field_enter_index(reader, position);
    if (item->kind != LS_YAML_SCALAR || item->text[0] == '\0')
      return ls_field_refuse_got(reader, item, "must be an id of the catalog");
    int32_t index = 0;
    while (index < list->count && strcmp(name_at(list, index), item->text) != 0) index++;
    ls_yaml_quote(item->text, quoted);
    if (index == list->count)
      return ls_field_refuse(reader, item, "names no %s of the catalog: %s; the nearest is %s",
                             list->what, quoted,
                             ls_name_nearest(item->text, list->count, name_at, list));
    if ((*mask >> index & 1) != 0) return ls_field_refuse(reader, item, "repeats %s", item->text);
    *mask |= (uint32_t)1 << index;
    ls_field_leave(reader, length);
  }
  return LS_OK;
}

ls_status ls_spec_read_switches(ls_field_reader *reader, const ls_field *field,
                                const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog *catalog = ((const ls_spec_context *)reader->context)->catalog;
  const name_list list = {catalog->switches[0].id, sizeof catalog->switches[0],
                          catalog->switch_count, "switch"};
  return read_names(reader, node, &list, target);
}

ls_status ls_spec_read_optics(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog *catalog = ((const ls_spec_context *)reader->context)->catalog;
  const name_list list = {catalog->optics[0].id, sizeof catalog->optics[0], catalog->optic_count,
                          "optic"};
  return read_names(reader, node, &list, target);
}

ls_status ls_spec_read_ocs(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                           void *target)
{
  (void)field;
  const ls_catalog *catalog = ((const ls_spec_context *)reader->context)->catalog;
  const name_list list = {catalog->ocs[0].id, sizeof catalog->ocs[0], catalog->ocs_count,
                          "optical circuit switch"};
  return read_names(reader, node, &list, target);
}

ls_status ls_spec_read_scale_up_names(ls_field_reader *reader, const ls_field *field,
                                      const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog *catalog = ((const ls_spec_context *)reader->context)->catalog;
  const name_list list = {catalog->scale_up[0].id, sizeof catalog->scale_up[0],
                          catalog->scale_up_count, "scale-up network"};
  return read_names(reader, node, &list, target);
}

ls_status ls_spec_read_fibers(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog *catalog = ((const ls_spec_context *)reader->context)->catalog;
  const name_list list = {catalog->fibers[0].id, sizeof catalog->fibers[0], catalog->fiber_count,
                          "fiber"};
  return read_names(reader, node, &list, target);
}

/* ---- vendors and regions ---- */

/* Where the entries of a list keep their vendor or region. */
typedef struct tag_list {
  const char *first; /* of entry 0 */
  size_t size;
  int32_t count;
} tag_list;

static void tag_lists(const ls_catalog *catalog, bool is_region, tag_list lists[LS_CHOICE_COUNT])
{
  const ls_catalog_switch *box = catalog->switches;
  const ls_catalog_optic *optic = catalog->optics;
  const ls_catalog_ocs *ocs = catalog->ocs;
  const ls_catalog_scale_up *scale_up = catalog->scale_up;
  lists[LS_CHOICE_SWITCHES] =
      (tag_list){is_region ? box->region : box->vendor, sizeof *box, catalog->switch_count};
  lists[LS_CHOICE_OPTICS] =
      (tag_list){is_region ? optic->region : optic->vendor, sizeof *optic, catalog->optic_count};
  lists[LS_CHOICE_OCS] =
      (tag_list){is_region ? ocs->region : ocs->vendor, sizeof *ocs, catalog->ocs_count};
  lists[LS_CHOICE_SCALE_UP] = (tag_list){is_region ? scale_up->region : scale_up->vendor,
                                         sizeof *scale_up, catalog->scale_up_count};
}

static int32_t tag_count(const tag_list lists[LS_CHOICE_COUNT])
{
  int32_t count = 0;
  for (int32_t i = 0; i < LS_CHOICE_COUNT; i++) count += lists[i].count;
  return count;
}

/* The tag of the index-th entry over all lists. */
static const char *tag_at(const void *context, int32_t index)
{
  const tag_list *list = context;
  while (index >= list->count) index -= list++->count;
  return list->first + (size_t)index * list->size;
}

static ls_status refuse_tag(ls_field_reader *reader, const ls_yaml_node *item, bool is_region,
                            const tag_list lists[LS_CHOICE_COUNT])
{
  char quoted[LS_YAML_QUOTE_BYTES], text[160];
  const char *what = is_region ? "region" : "vendor";
  (void)snprintf(text, sizeof text, "must be a %s of the catalog", what);
  if (item->kind != LS_YAML_SCALAR || item->text[0] == '\0')
    return ls_field_refuse_got(reader, item, text);
  const char *nearest = ls_name_nearest(item->text, tag_count(lists), tag_at, lists);
  if (!nearest || nearest[0] == '\0') return ls_field_refuse_got(reader, item, text);
  ls_yaml_quote(item->text, quoted);
  return ls_field_refuse(reader, item, "names no %s of the catalog: %s; the nearest is %s", what,
                         quoted, nearest);
}

/* Adds to mask[list] the bits of entries with one of the listed tags; none for a NULL node. */
static ls_status read_tags(ls_field_reader *reader, const ls_yaml_node *node, bool is_region,
                           uint32_t mask[LS_CHOICE_COUNT])
{
  tag_list lists[LS_CHOICE_COUNT];
  tag_lists(((const ls_spec_context *)reader->context)->catalog, is_region, lists);
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_LIST || node->count == 0)
    return ls_field_refuse_got(reader, node,
                               is_region ? "must be a list of regions of the catalog"
                                         : "must be a list of vendors of the catalog");
  int32_t position = 0;
  for (const ls_yaml_node *item = node->first; item; item = item->next, position++) {
    const size_t length = ls_field_enter_index(reader, position);
    bool is_known = false;
    if (item->kind != LS_YAML_SCALAR || item->text[0] == '\0')
      return refuse_tag(reader, item, is_region, lists);
    for (int32_t i = 0; i < LS_CHOICE_COUNT; i++)
      for (int32_t j = 0; j < lists[i].count; j++)
        if (strcmp(lists[i].first + (size_t)j * lists[i].size, item->text) == 0) {
          mask[i] |= (uint32_t)1 << j;
          is_known = true;
        }
    if (!is_known) return refuse_tag(reader, item, is_region, lists);
    ls_field_leave(reader, length);
  }
  return LS_OK;
}

ls_status ls_spec_read_vendors(ls_field_reader *reader, const ls_field *field,
                               const ls_yaml_node *node, void *target)
{
  (void)field;
  (void)target;
  ls_spec_context *context = reader->context;
  tag_list lists[LS_CHOICE_COUNT];
  uint32_t sold[LS_CHOICE_COUNT] = {0};
  const ls_status status = read_tags(reader, node, false, sold);
  tag_lists(context->catalog, false, lists);
  /* What has no vendor several sell. */
  for (int32_t i = 0; node && i < LS_CHOICE_COUNT; i++)
    for (int32_t j = 0; j < lists[i].count; j++)
      if (lists[i].first[(size_t)j * lists[i].size] != '\0' && !(sold[i] >> j & 1))
        context->excluded_mask[i] |= (uint32_t)1 << j;
  return status;
}

ls_status ls_spec_read_excluded_vendors(ls_field_reader *reader, const ls_field *field,
                                        const ls_yaml_node *node, void *target)
{
  (void)field;
  (void)target;
  return read_tags(reader, node, false, ((ls_spec_context *)reader->context)->excluded_mask);
}

ls_status ls_spec_read_excluded_regions(ls_field_reader *reader, const ls_field *field,
                                        const ls_yaml_node *node, void *target)
{
  (void)field;
  (void)target;
  return read_tags(reader, node, true, ((ls_spec_context *)reader->context)->excluded_mask);
}

/* ---- oversubscription ---- */

static int64_t common_divisor(int64_t a, int64_t b)
{
  while (b != 0) {
    int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* "3:2", "3" or "1.5" to a reduced fraction; false when it is none or out of range. */
bool ls_ratio_parse(const char *text, int32_t *num, int32_t *den)
{
  char down[32];
  int64_t above = 0, below = 1000;
  const char *colon = strchr(text, ':');
  if (colon) {
    size_t length = (size_t)(colon - text);
    if (length >= sizeof down) return false;
    memcpy(down, text, length);
    down[length] = '\0';
    if (ls_decimal_read(down, 0, &above) != LS_OK) return false;
    if (ls_decimal_read(colon + 1, 0, &below) != LS_OK) return false;
  } else {
    const char *point = strchr(text, '.');
    if (point && strlen(point + 1) > 3) return false;
    if (ls_decimal_read(text, 3, &above) != LS_OK) return false;
  }
  if (below < 1 || below > TERM_MAX || above < below || above > below * RATIO_MAX) return false;
  int64_t divisor = common_divisor(above, below);
  *num = (int32_t)(above / divisor);
  *den = (int32_t)(below / divisor);
  return *num <= TERM_MAX;
}

ls_status ls_spec_read_oversubscription(ls_field_reader *reader, const ls_field *field,
                                        const ls_yaml_node *node, void *target)
{
  (void)target;
  ls_spec_space *space = &((ls_spec_context *)reader->context)->spec->space;
  int32_t *count = &space->oversubscription_count;
  *count = 0;
  if (node->kind != LS_YAML_LIST || node->count < 1 || node->count > field->item_max)
    return ls_field_refuse_got(reader, node, "must be a list of 1..16 ratios");
  for (const ls_yaml_node *item = node->first; item; item = item->next) {
    size_t length = ls_field_enter_index(reader, *count);
    int32_t *num = &space->oversubscription_num[*count];
    int32_t *den = &space->oversubscription_den[*count];
    if (item->kind != LS_YAML_SCALAR || !ls_ratio_parse(item->text, num, den))
      return ls_field_refuse_got(reader, item,
                                 "must be a ratio of 1..64 such as 3, 1.5 or \"3:2\"");
    for (int32_t i = 0; i < *count; i++)
      if (space->oversubscription_num[i] == *num && space->oversubscription_den[i] == *den)
        return ls_field_refuse(reader, item, "repeats the ratio %d:%d", (int)*num, (int)*den);
    ++*count;
    ls_field_leave(reader, length);
  }
  return LS_OK;
}

/* Entries of kinds that are not chosen: optics, the chassis they are part of, scale-up. */
static void exclude_kinds(const ls_catalog *catalog, uint32_t kind_mask,
                          uint32_t excluded[LS_CHOICE_COUNT])
{
  for (int32_t i = 0; i < catalog->optic_count; i++)
    if (!(kind_mask >> catalog->optics[i].kind & 1)) excluded[LS_CHOICE_OPTICS] |= (uint32_t)1 << i;
  for (int32_t i = 0; i < catalog->scale_up_count; i++)
    if (!(kind_mask >> catalog->scale_up[i].kind & 1))
      excluded[LS_CHOICE_SCALE_UP] |= (uint32_t)1 << i;
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    const char *engine = catalog->switches[i].integrated_optic;
    const int32_t optic = engine[0] ? ls_catalog_optic_find(catalog, engine) : -1;
    if (optic >= 0 && excluded[LS_CHOICE_OPTICS] >> optic & 1)
      excluded[LS_CHOICE_SWITCHES] |= (uint32_t)1 << i;
  }
}

ls_status ls_spec_check_space(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)field;
  ls_spec_context *context = reader->context;
  ls_spec_space *space = target;
  uint32_t *excluded = context->excluded_mask;
  space->technology_mask &= ~space->excluded_technology_mask;
  exclude_kinds(context->catalog, space->technology_mask, excluded);
  const uint32_t listed[LS_CHOICE_COUNT] = {space->switch_mask, space->optic_mask, space->ocs_mask,
                                            space->scale_up_mask};
  for (int32_t i = 0; i < LS_CHOICE_COUNT; i++)
    space->choice[i] = (ls_spec_choice){listed[i], excluded[i]};
  space->switch_mask &= ~excluded[LS_CHOICE_SWITCHES];
  space->optic_mask &= ~excluded[LS_CHOICE_OPTICS];
  space->ocs_mask &= ~excluded[LS_CHOICE_OCS];
  space->scale_up_mask &= ~excluded[LS_CHOICE_SCALE_UP];
  if (space->switch_mask == 0)
    return ls_field_refuse(reader, node, "leaves no switch of the catalog");
  if (space->optic_mask == 0)
    return ls_field_refuse(reader, node, "leaves no optic of the catalog");
  if (context->spec->cluster.scale_up.gbps_per_gpu > 0 && context->catalog->scale_up_count > 0 &&
      space->scale_up_mask == 0)
    return ls_field_refuse(reader, node, "leaves no scale-up network of the catalog");
  if ((space->family_mask & (LS_CHOOSE_OCS_SPINE | LS_CHOOSE_OCS_CORE)) != 0 &&
      space->ocs_mask == 0)
    return ls_field_refuse(reader, node, "has families with OCS but no optical circuit switch");
  return LS_OK;
}
