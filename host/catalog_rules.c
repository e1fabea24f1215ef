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

ls_status ls_catalog_check_source(ls_field_reader *reader, const ls_field *field,
                                  const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  return check_unique(reader, field, node, context->catalog->sources, target);
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
  bool is_copper = row->kind == LS_OPTIC_COPPER;
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

/* A module has a rate and a price; integrated optics a price per Gb/s and a port share. */
static ls_status check_packaging(ls_field_reader *reader, const ls_yaml_node *node,
                                 const ls_catalog_optic *row)
{
  bool is_cpo = row->kind == LS_OPTIC_CPO;
  const char *const of_modules[] = {"module_gbps", "capex_usd"};
  const char *const of_cpo[] = {"port_share_gbps", "capex_usd_per_gbps"};
  for (int i = 0; i < 2; i++) {
    const char *wanted = is_cpo ? of_cpo[i] : of_modules[i];
    const char *unwanted = is_cpo ? of_modules[i] : of_cpo[i];
    if (ls_yaml_find(node, unwanted))
      return refuse_key(reader, node, unwanted,
                        is_cpo ? "does not go with kind cpo" : "goes with kind cpo alone");
    if (!ls_yaml_find(node, wanted))
      return refuse_key(reader, node, wanted,
                        is_cpo ? "is missing: kind cpo needs it" : "is missing: a module needs it");
  }
  if (!is_cpo && row->module_gbps.value % row->lane_gbps.value != 0)
    return refuse_key(reader, node, "module_gbps", "must be a multiple of lane_gbps");
  if (row->kind != LS_OPTIC_COPPER && row->energy_fj_per_bit.value == 0)
    return refuse_key(reader, node, "energy_pj_per_bit", "must be above 0 for all but copper");
  return LS_OK;
}

ls_status ls_catalog_check_optic(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ls_catalog_optic *row = target;
  row->line = node->line;
  if ((row->kind == LS_OPTIC_COPPER) != (row->mate_class == LS_MATE_COPPER) ||
      (row->kind == LS_OPTIC_BIDI) != (row->mate_class == LS_MATE_BIDI))
    return refuse_key(reader, node, "mate_class",
                      "must be copper for kind copper, bidi for kind bidi, else dr or fr");
  if (row->lane_gbps.value != 100 && row->lane_gbps.value != 200)
    return refuse_key(reader, node, "lane_gbps", "must be 100 or 200");
  if (row->year_nic.line + row->year_leaf.line + row->year_spine.line + row->year_core.line == 0)
    return ls_field_refuse(reader, node, "needs year_nic, year_leaf, year_spine or year_core");
  ls_status status = check_light(reader, node, row);
  if (status == LS_OK) status = check_packaging(reader, node, row);
  if (status != LS_OK) return status;
  return check_unique(reader, field, node, context->catalog->optics, row->id);
}

ls_status ls_catalog_check_ocs(ls_field_reader *reader, const ls_field *field,
                               const ls_yaml_node *node, void *target)
{
  const ls_catalog_context *context = reader->context;
  ((ls_catalog_ocs *)target)->line = node->line;
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

/* An integrated optic must exist, be of kind cpo, share a lane rate with the chassis, and leave
 * watts to the chassis where its power includes them. */
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
  if (optic->kind != LS_OPTIC_CPO)
    return ls_field_refuse(reader, value, "must name an optic of kind cpo; %s is of kind %s",
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
