/* What an entry of a catalog must keep to make sense, beyond the range of each key. */
#include "catalog_rules.h"
#include <string.h>

/* Refuses an id that an earlier entry has. list: the first entry; every entry starts with its
 * id and has field->size bytes. */
static ls_status check_unique(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, const void *list, const char *id)
{
  for (const char *earlier = list; earlier < id; earlier += field->size)
    if (strcmp(earlier, id) == 0) {
      (void)ls_field_enter(reader, "id");
      return ls_field_refuse(reader, ls_yaml_find(node, "id"), "repeats the id %s", id);
    }
  return LS_OK;
}

/* Refuses the entry by one of its keys; a helper of the rules below. */
static ls_status refuse_key(ls_field_reader *reader, const ls_yaml_node *entry, const char *key,
                            const char *text)
{
  (void)ls_field_enter(reader, key);
  const ls_yaml_node *node = ls_yaml_find(entry, key);
  return ls_field_refuse(reader, node ? node : entry, "%s", text);
}

/* What ends must have begun: refuses a year_end not after every first year. */
static ls_status check_years(ls_field_reader *reader, const ls_yaml_node *node,
                             const ls_number *year_end, const ls_number *const *years,
                             int32_t count)
{
  for (int32_t i = 0; i < count && year_end->line > 0; i++)
    if (years[i]->value >= year_end->value)
      return refuse_key(reader, node, "year_end", "must come after every first year");
  return LS_OK;
}

static const char *resource_id(const void *context, int32_t index)
{
  return ((const ls_catalog *)context)->resources[index].id;
}

ls_status ls_catalog_read_draws(ls_field_reader *reader, const ls_field *field,
                                const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog *catalog = ((const ls_catalog_context *)reader->context)->catalog;
  const ls_field units = {.type = LS_FIELD_NUMBER, .size = sizeof(int32_t), .min = 1, .max = 65535};
  int32_t *draw = target;
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_MAP)
    return ls_field_refuse_got(reader, node, "must be a mapping of entries of supply to units");
  for (const ls_yaml_node *item = node->first; item; item = item->next) {
    int32_t i = 0;
    while (i < catalog->resource_count && strcmp(catalog->resources[i].id, item->key) != 0) i++;
    char quoted[LS_YAML_QUOTE_BYTES];
    ls_yaml_quote(item->key, quoted);
    if (i == catalog->resource_count) {
      const char *nearest =
          ls_name_nearest(item->key, catalog->resource_count, resource_id, catalog);
      return ls_field_refuse(reader, item, "names no entry of supply: %s; the nearest is %s",
                             quoted, nearest ? nearest : "none, as supply is absent");
    }
    size_t length = ls_field_enter(reader, item->key);
    ls_status status = ls_field_read(reader, &units, item, &draw[i]);
    if (status != LS_OK) return status;
    ls_field_leave(reader, length);
  }
  return LS_OK;
}

ls_status ls_catalog_check_source(ls_field_reader *reader, const ls_field *field,
                                  const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  return check_unique(reader, field, node, context->catalog->sources, target);
}

ls_status ls_catalog_check_resource(ls_field_reader *reader, const ls_field *field,
                                    const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ls_catalog_resource *row = target;
  row->line = node->line;
  row->units_per_year = row->units_per_year_base;
  row->units_per_year.line = 0; /* no key of its own */
  if (row->units_per_year_low.value > row->units_per_year_base.value ||
      row->units_per_year_base.value > row->units_per_year_high.value)
    return refuse_key(reader, node, "units_per_year_base", "must lie between low and high");
  return check_unique(reader, field, node, context->catalog->resources, row->id);
}

ls_status ls_catalog_check_scale_up(ls_field_reader *reader, const ls_field *field,
                                    const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ls_catalog_scale_up *row = target;
  row->line = node->line;
  if (row->kind != LS_OPTIC_COPPER && row->energy_fj_per_bit.value == 0)
    return refuse_key(reader, node, "energy_pj_per_bit", "must be above 0 for all but copper");
  const ls_number *const years[] = {&row->year};
  ls_status status = check_years(reader, node, &row->year_end, years, 1);
  if (status != LS_OK) return status;
  return check_unique(reader, field, node, context->catalog->scale_up, row->id);
}

ls_status ls_catalog_check_switch(ls_field_reader *reader, const ls_field *field,
                                  const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ls_catalog_switch *row = target;
  row->line = node->line;
  bool is_integrated = row->integrated_optic[0] != '\0';
  if (!is_integrated && (row->cage_count.line == 0 || row->cage_gbps.line == 0))
    return refuse_key(reader, node, row->cage_count.line == 0 ? "cage_count" : "cage_gbps",
                      "is missing: a switch has cages or an integrated_optic");
  if (is_integrated && (row->cage_count.line > 0 || row->cage_gbps.line > 0))
    return refuse_key(reader, node, row->cage_count.line > 0 ? "cage_count" : "cage_gbps",
                      "does not go with integrated_optic");
  if (!is_integrated && row->power_includes_optics)
    return refuse_key(reader, node, "power_includes_optics", "needs an integrated_optic");
  if (row->power_mw_max.value < row->power_mw.value)
    return refuse_key(reader, node, "power_w_max", "must not be below power_w");
  if (row->port_gbps_max.value > row->bandwidth_gbps.value)
    return refuse_key(reader, node, "port_gbps_max", "must not exceed bandwidth_gbps");
  if (row->year_leaf.line + row->year_spine.line + row->year_core.line == 0)
    return ls_field_refuse(reader, node, "needs year_leaf, year_spine or year_core");
  if (!is_integrated && row->asic_capex_cents.line + row->substrate_capex_cents.line > 0)
    return refuse_key(reader, node,
                      row->asic_capex_cents.line > 0 ? "asic_capex_usd" : "substrate_capex_usd",
                      "goes with integrated_optic alone: capex_usd holds it");
  const ls_number *const years[] = {&row->year_leaf, &row->year_spine, &row->year_core};
  ls_status status = check_years(reader, node, &row->year_end, years, 3);
  if (status != LS_OK) return status;
  return check_unique(reader, field, node, context->catalog->switches, row->id);
}

/* Copper has no light: it has none of the optical keys, and all else has those it must. */
static ls_status check_light(ls_field_reader *reader, const ls_yaml_node *node,
                             const ls_catalog_optic *row)
{
  const struct {
    const char *key;
    const ls_number *number;
    bool is_optional;
  } keys[] = {{"pair_gbps", &row->pair_gbps, false},
              {"tx_dbm", &row->tx_mdbm, false},
              {"tx_max_dbm", &row->tx_max_mdbm, false},
              {"threshold_dbm", &row->threshold_mdbm, false},
              {"overload_dbm", &row->overload_mdbm, false},
              {"penalty_db", &row->penalty_mdb, false},
              {"internal_loss_db", &row->internal_loss_mdb, true}};
  bool is_copper = ls_optic_is_copper(row->kind);
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    bool is_there = keys[i].number->line > 0;
    if (is_copper && is_there)
      return refuse_key(reader, node, keys[i].key, "does not go with kind copper");
    if (!is_copper && !is_there && !keys[i].is_optional)
      return refuse_key(reader, node, keys[i].key, "is missing: all but copper need it");
  }
  if (is_copper) return LS_OK;
  if (row->pair_gbps.value % row->lane_gbps.value != 0)
    return refuse_key(reader, node, "pair_gbps", "must be a multiple of lane_gbps");
  if (row->tx_max_mdbm.value < row->tx_mdbm.value)
    return refuse_key(reader, node, "tx_max_dbm", "must not be below tx_dbm");
  if (row->overload_mdbm.value < row->threshold_mdbm.value)
    return refuse_key(reader, node, "overload_dbm", "must not be below threshold_dbm");
  return LS_OK;
}

/* A module has a rate, a price and a time to swap it; integrated optics a price per Gb/s, an
 * engine, and a port share that fails. */
static ls_status check_packaging(ls_field_reader *reader, const ls_yaml_node *node,
                                 const ls_catalog_optic *row)
{
  static const char *const of_modules[] = {"module_gbps", "capex_usd", "repair_min", NULL};
  static const char *const of_engines[] = {"port_share_gbps", "capex_usd_per_gbps", "engine_gbps",
                                           "engine_wait_min", "engine_swap_min",    NULL};
  static const char *const may_of_engines[] = {
      "is_socketed",      "engine_test_yield",       "attach_yield",
      "assembly_yield",   "laser_module_gbps",       "laser_module_capex_usd",
      "laser_module_fit", "laser_module_repair_min", NULL};
  const bool is_integrated = ls_optic_is_integrated(row->kind);
  const char *const *wanted = is_integrated ? of_engines : of_modules;
  const char *const *unwanted[2] = {is_integrated ? of_modules : of_engines,
                                    is_integrated ? NULL : may_of_engines};
  for (int i = 0; i < 2 && unwanted[i]; i++)
    for (const char *const *key = unwanted[i]; *key; key++)
      if (ls_yaml_find(node, *key))
        return refuse_key(reader, node, *key,
                          is_integrated ? "does not go with kinds npo and cpo"
                                        : "goes with kinds npo and cpo alone");
  for (; *wanted; wanted++)
    if (!ls_yaml_find(node, *wanted))
      return refuse_key(reader, node, *wanted,
                        is_integrated ? "is missing: kinds npo and cpo need it"
                                      : "is missing: a module needs it");
  if (!is_integrated && row->module_gbps.value % row->lane_gbps.value != 0)
    return refuse_key(reader, node, "module_gbps", "must be a multiple of lane_gbps");
  if (row->kind != LS_OPTIC_COPPER && row->energy_fj_per_bit.value == 0)
    return refuse_key(reader, node, "energy_pj_per_bit", "must be above 0 for all but copper");
  return LS_OK;
}

/* Light has a laser where one is told, and external lasers stand in modules of the chassis. */
static ls_status check_laser(ls_field_reader *reader, const ls_yaml_node *node,
                             const ls_catalog_optic *row)
{
  const bool has_laser = row->laser != LS_LASER_NONE;
  const bool is_external = row->laser == LS_LASER_EXTERNAL;
  if (has_laser && ls_optic_is_copper(row->kind))
    return refuse_key(reader, node, "laser", "must be none for copper");
  if (has_laser != (row->laser_count.value > 0))
    return refuse_key(reader, node, "laser_count",
                      has_laser ? "is missing: a laser needs it" : "needs a laser");
  if (is_external && !ls_optic_is_integrated(row->kind))
    return refuse_key(reader, node, "laser", "may be external for kinds npo and cpo alone");
  if (is_external != (row->laser_module_gbps.value > 0))
    return refuse_key(reader, node, "laser_module_gbps",
                      is_external ? "is missing: external lasers need it"
                                  : "goes with external lasers alone");
  if (is_external && row->laser_module_capex_cents.value == 0)
    return refuse_key(reader, node, "laser_module_capex_usd",
                      "is missing: external lasers need it");
  return LS_OK;
}

ls_status ls_catalog_check_optic(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ls_catalog_optic *row = target;
  row->line = node->line;
  if ((ls_optic_is_copper(row->kind)) != (row->mate_class == LS_MATE_COPPER) ||
      (row->kind == LS_OPTIC_BIDI) != (row->mate_class == LS_MATE_BIDI))
    return refuse_key(reader, node, "mate_class",
                      "must be copper for kinds copper and aec, bidi for kind bidi, else dr or fr");
  if (row->lane_gbps.value != 100 && row->lane_gbps.value != 200)
    return refuse_key(reader, node, "lane_gbps", "must be 100 or 200");
  const ls_number *const years[] = {&row->year_nic, &row->year_leaf, &row->year_spine,
                                    &row->year_core};
  if (row->year_nic.line + row->year_leaf.line + row->year_spine.line + row->year_core.line == 0)
    return ls_field_refuse(reader, node, "needs year_nic, year_leaf, year_spine or year_core");
  ls_status status = check_light(reader, node, row);
  if (status == LS_OK) status = check_packaging(reader, node, row);
  if (status == LS_OK) status = check_laser(reader, node, row);
  if (status == LS_OK) status = check_years(reader, node, &row->year_end, years, 4);
  if (status != LS_OK) return status;
  return check_unique(reader, field, node, context->catalog->optics, row->id);
}

ls_status ls_catalog_check_ocs(ls_field_reader *reader, const ls_field *field,
                               const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ls_catalog_ocs *row = target;
  row->line = node->line;
  const ls_number *const years[] = {&row->year};
  ls_status status = check_years(reader, node, &row->year_end, years, 1);
  if (status != LS_OK) return status;
  return check_unique(reader, field, node, context->catalog->ocs, target);
}

ls_status ls_catalog_check_fiber(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ((ls_catalog_fiber *)target)->line = node->line;
  return check_unique(reader, field, node, context->catalog->fibers, target);
}

ls_status ls_catalog_check_parts(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog_parts *parts = target;
  for (int32_t i = 1; i < parts->stock_count; i++)
    if (parts->stock_mm[i] <= parts->stock_mm[i - 1])
      return refuse_key(reader, node, "stock_m", "must be in ascending order");
  return LS_OK;
}

static const char *optic_id(const void *context, int32_t index)
{
  return ((const ls_catalog *)context)->optics[index].id;
}

/* An integrated optic must exist, be of kind npo or cpo, share a lane rate with the chassis, and
 * leave watts to the chassis where its power includes them. */
static ls_status check_one_integrated(ls_field_reader *reader, const ls_yaml_node *node,
                                      const ls_catalog_switch *row)
{
  const ls_catalog *catalog = ((const ls_catalog_context *)reader->context)->catalog;
  const ls_catalog_optic *optic = NULL;
  for (int32_t i = 0; i < catalog->optic_count && !optic; i++)
    if (strcmp(catalog->optics[i].id, row->integrated_optic) == 0) optic = &catalog->optics[i];
  (void)ls_field_enter(reader, "integrated_optic");
  const ls_yaml_node *value = ls_yaml_find(node, "integrated_optic");
  if (!optic)
    return ls_field_refuse(
        reader, value, "names no entry of optics: %s; the nearest is %s", row->integrated_optic,
        ls_name_nearest(row->integrated_optic, catalog->optic_count, optic_id, catalog));
  if (!ls_optic_is_integrated(optic->kind))
    return ls_field_refuse(reader, value, "must name an optic of kind npo or cpo; %s is of kind %s",
                           optic->id, ls_optic_kind_names[optic->kind]);
  if ((row->lane_mask & (optic->lane_gbps.value == 200 ? 2 : 1)) == 0)
    return ls_field_refuse(reader, value, "has lanes of %d Gb/s, which are not in lanes_gbps",
                           (int)optic->lane_gbps.value);
  int64_t optics_mw = optic->energy_fj_per_bit.value * row->bandwidth_gbps.value / 1000;
  if (row->power_includes_optics && optics_mw >= row->power_mw.value)
    return ls_field_refuse(reader, value, "draws %d W at full bandwidth, which is all of power_w",
                           (int)(optics_mw / 1000));
  return LS_OK;
}

ls_status ls_catalog_check_integrated(ls_field_reader *reader)
{
  const ls_catalog *catalog = ((const ls_catalog_context *)reader->context)->catalog;
  const ls_yaml_node *node = ls_yaml_find(&reader->tree->nodes[0], "switches")->first;
  for (int32_t i = 0; i < catalog->switch_count; i++, node = node->next) {
    if (catalog->switches[i].integrated_optic[0] == '\0') continue;
    reader->path[0] = '\0';
    (void)ls_field_enter(reader, "switches");
    (void)ls_field_enter_index(reader, i);
    ls_status status = check_one_integrated(reader, node, &catalog->switches[i]);
    if (status != LS_OK) return status;
  }
  reader->path[0] = '\0';
  return LS_OK;
}
