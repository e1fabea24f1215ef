/* Ids to masks, ratios to reduced fractions. */
#include "spec_space.h"
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

/* Bits of the entries that vendor sells; several vendors sell one without a vendor. */
static uint32_t vendor_mask(const char *vendor, const char *first_vendor, size_t size,
                            int32_t count)
{
  uint32_t mask = 0;
  for (int32_t i = 0; i < count; i++) {
    const char *of_entry = first_vendor + (size_t)i * size;
    if (of_entry[0] == '\0' || strcmp(of_entry, vendor) == 0) mask |= (uint32_t)1 << i;
  }
  return mask;
}

/* True when some entry of the catalog is sold by vendor alone. */
static bool is_vendor(const ls_catalog *catalog, const char *vendor)
{
  for (int32_t i = 0; i < catalog->switch_count; i++)
    if (strcmp(catalog->switches[i].vendor, vendor) == 0) return true;
  for (int32_t i = 0; i < catalog->optic_count; i++)
    if (strcmp(catalog->optics[i].vendor, vendor) == 0) return true;
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    if (strcmp(catalog->ocs[i].vendor, vendor) == 0) return true;
  return false;
}

ls_status ls_spec_read_vendors(ls_field_reader *reader, const ls_field *field,
                               const ls_yaml_node *node, void *target)
{
  (void)field;
  (void)target;
  ls_spec_context *context = reader->context;
  const ls_catalog *catalog = context->catalog;
  uint32_t *switches = &context->vendor_switch_mask, *optics = &context->vendor_optic_mask;
  *switches = *optics = context->vendor_ocs_mask = node ? 0 : UINT32_MAX;
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_LIST || node->count == 0)
    return ls_field_refuse_got(reader, node, "must be a list of vendors of the catalog");
  int32_t position = 0;
  for (const ls_yaml_node *item = node->first; item; item = item->next, position++) {
    size_t length = ls_field_enter_index(reader, position);
    if (item->kind != LS_YAML_SCALAR || item->text[0] == '\0' || !is_vendor(catalog, item->text))
      return ls_field_refuse_got(reader, item, "must be a vendor of the catalog");
    *switches |= vendor_mask(item->text, catalog->switches[0].vendor, sizeof catalog->switches[0],
                             catalog->switch_count);
    *optics |= vendor_mask(item->text, catalog->optics[0].vendor, sizeof catalog->optics[0],
                           catalog->optic_count);
    context->vendor_ocs_mask |=
        vendor_mask(item->text, catalog->ocs[0].vendor, sizeof catalog->ocs[0], catalog->ocs_count);
    ls_field_leave(reader, length);
  }
  return LS_OK;
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

ls_status ls_spec_check_space(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_spec_context *context = reader->context;
  ls_spec_space *space = target;
  space->switch_mask &= context->vendor_switch_mask;
  space->optic_mask &= context->vendor_optic_mask;
  space->ocs_mask &= context->vendor_ocs_mask;
  if (space->switch_mask == 0)
    return ls_field_refuse(reader, node, "leaves no switch of the catalog");
  if (space->optic_mask == 0)
    return ls_field_refuse(reader, node, "leaves no optic of the catalog");
  if ((space->family_mask & LS_CHOOSE_OCS_SPINE) != 0 && space->ocs_mask == 0)
    return ls_field_refuse(reader, node, "has ocs_spine but no optical circuit switch");
  return LS_OK;
}
