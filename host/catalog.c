/* Reads a catalog: its key tables, one line a key. Converts every unit once; never
 * decides what is good to buy. A figure is read in catalog_number.c; the rules between keys are
 * in catalog_rules.c. */
#include "catalog.h"
#include "catalog_rules.h"
#include "fields.h"
#include "tables.h"
#include <stdlib.h>
#include <string.h>

const char *const ls_optic_kind_names[] = {"copper", "aec", "dsp",  "lro", "lpo",
                                           "npo",    "cpo", "bidi", "oio", NULL};
static const char *const laser_names[] = {"none", "eml", "cw", "external", "vcsel", NULL};
static const char *const board_names[] = {"none", "fr4", "megtron", NULL};
static const char *const ocs_kind_names[] = {"mems",    "liquid-crystal",   "piezo",
                                             "robotic", "silicon-photonic", NULL};
static const char *const mate_names[] = {"copper", "dr", "fr", "bidi", NULL};
static const char *const lane_names[] = {"100", "200", NULL};

/* One line a key: OWNER is the struct the table reads into. */
#define FIGURE_OR(key_, member_, digits_, min_, max_, fallback_, doc_)                             \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_FIGURE, .digits = digits_,                          \
    .offset = offsetof(OWNER, member_), .min = min_, .max = max_, .fallback = fallback_            \
  }
#define FIGURE(key_, member_, digits_, min_, max_, doc_)                                           \
  FIGURE_OR(key_, member_, digits_, min_, max_, NULL, doc_)
#define OPTIONAL(key_, member_, digits_, min_, max_, doc_)                                         \
  FIGURE_OR(key_, member_, digits_, min_, max_, "", doc_)
#define ID(key_, member_, fallback_, doc_)                                                         \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_ID, .offset = offsetof(OWNER, member_),             \
    .max = LS_ID_MAX - 1, .fallback = fallback_                                                    \
  }
#define TEXT(key_, member_, doc_)                                                                  \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_TEXT, .offset = offsetof(OWNER, member_),           \
    .max = sizeof(((OWNER *)0)->member_) - 1                                                       \
  }
#define ENTRY_SOURCE                                                                               \
  {.key = "source",                                                                                \
   .doc = "id of the source of all figures without their own",                                     \
   .type = LS_FIELD_CUSTOM,                                                                        \
   .fallback = "",                                                                                 \
   .read = ls_catalog_read_entry_source,                                                           \
   .schema = "{\"type\": \"string\"}"},                                                            \
  {                                                                                                \
    .key = "evidence", .doc = "how well all figures without their own are known",                  \
    .type = LS_FIELD_CUSTOM, .fallback = "", .read = ls_catalog_read_entry_evidence,               \
    .schema = "{\"enum\": [\"datasheet\", \"vendor\", \"secondary\", \"derived\", "                \
              "\"assumed\"]}"                                                                      \
  }
#define END                                                                                        \
  {                                                                                                \
    .key = NULL                                                                                    \
  }

#define CHOICE(key_, member_, names_, fallback_, doc_)                                             \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_CHOICE, .offset = offsetof(OWNER, member_),         \
    .size = sizeof(int32_t), .names = names_, .fallback = fallback_                                \
  }
#define DRAWS                                                                                      \
  {                                                                                                \
    .key = "draws", .doc = "units it takes of entries of supply, by their ids",                    \
    .type = LS_FIELD_CUSTOM, .offset = offsetof(OWNER, draw), .fallback = "",                      \
    .read = ls_catalog_read_draws,                                                                 \
    .schema = "{\"type\": \"object\", \"additionalProperties\": "                                  \
              "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 65535}}"                       \
  }
#define REGION ID("region", region, "", "where it is made, such as us or cn; absent: anywhere")
#define YEAR_END                                                                                   \
  OPTIONAL("year_end", year_end, 0, YEAR_MIN, YEAR_MAX,                                            \
           "first year it can no longer be bought; absent: never")

#define MILLION 1000000
#define YEAR_MIN 2000
#define YEAR_MAX 2100

#define OWNER ls_catalog_source
static const ls_field source_fields[] = {
    ID("id", id, NULL, "name by which figures refer to it"),
    TEXT("title", title, "what it is, so that a reader can find it"),
    END,
};
#undef OWNER

/* By ls_protocol. */
static const char *const protocol_names[] = {"ethernet", "infiniband", NULL};

#define OWNER ls_catalog_switch
static const ls_field switch_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ID("vendor", vendor, "", "who makes it; absent: several do"),
    REGION,
    CHOICE("protocol", protocol, protocol_names, "ethernet",
           "what it speaks; all switches of a fabric speak the same"),
    ENTRY_SOURCE,
    FIGURE("bandwidth_gbps", bandwidth_gbps, 0, 100, 10 * MILLION, "all ports, one way"),
    FIGURE("port_count_max", port_count_max, 0, 1, 65535, "most logical ports"),
    FIGURE("port_gbps_max", port_gbps_max, 0, 100, 12800, "fastest logical port"),
    {.key = "lanes_gbps",
     .doc = "electrical lane rates",
     .type = LS_FIELD_CHOICES,
     .offset = offsetof(OWNER, lane_mask),
     .names = lane_names},
    FIGURE("rack_units", rack_units, 0, 1, 100, "height in a rack"),
    FIGURE("power_w", power_mw, 3, 1, 1000 * MILLION, "typical, without pluggables"),
    FIGURE("power_w_max", power_mw_max, 3, 1, 1000 * MILLION, "for breakers, with all optics"),
    {.key = "is_liquid_cooled",
     .doc = "stands in liquid-cooled slots alone, where a floor tells them apart",
     .type = LS_FIELD_BOOL,
     .offset = offsetof(OWNER, is_liquid_cooled),
     .fallback = "false"},
    {.key = "power_includes_optics",
     .doc = "power_w holds the integrated optics",
     .type = LS_FIELD_BOOL,
     .offset = offsetof(OWNER, power_includes_optics),
     .fallback = "false"},
    FIGURE("latency_ns", latency_ps, 3, 1, 1000 * MILLION, "one pass, port to port"),
    FIGURE("capex_usd", capex_cents, 2, 1, 1000 * MILLION,
           "chassis without board and pluggables; integrated: also without packages"),
    CHOICE("board_material", board, board_names, "none",
           "of its board, priced by parts; none: capex_usd holds it"),
    OPTIONAL("asic_count", asic_count, 0, 1, 64, "switch packages in the box; absent: 1"),
    OPTIONAL("asic_capex_usd", asic_capex_cents, 2, 1, 100 * MILLION,
             "one ASIC, with integrated optics; absent: capex_usd holds it"),
    OPTIONAL("substrate_capex_usd", substrate_capex_cents, 2, 1, 100 * MILLION,
             "of one package with integrated optics"),
    OPTIONAL("asic_fit", asic_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours of one ASIC"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours"),
    FIGURE("repair_min", repair_min, 0, 1, MILLION, "minutes to repair or replace"),
    OPTIONAL("cage_count", cage_count, 0, 1, 4096, "cages for pluggable modules"),
    OPTIONAL("cage_gbps", cage_gbps, 0, 100, 12800, "fastest module a cage takes"),
    ID("integrated_optic", integrated_optic, "", "id of its co-packaged optic, instead of cages"),
    OPTIONAL("year_leaf", year_leaf, 0, YEAR_MIN, YEAR_MAX, "first year as a leaf; absent: never"),
    OPTIONAL("year_spine", year_spine, 0, YEAR_MIN, YEAR_MAX,
             "first year as a spine; absent: never"),
    OPTIONAL("year_core", year_core, 0, YEAR_MIN, YEAR_MAX, "first year as a core; absent: never"),
    YEAR_END,
    DRAWS,
    END,
};
#undef OWNER

#define OWNER ls_catalog_optic
static const ls_field optic_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ID("vendor", vendor, "", "who makes it; absent: several do"),
    REGION,
    ENTRY_SOURCE,
    CHOICE("kind", kind, ls_optic_kind_names, NULL,
           "copper; aec, with retimers; dsp, retimed; lro, half; lpo, linear; npo and cpo, "
           "integrated in a switch; bidi, a pair on one strand for optical circuit switches"),
    CHOICE("mate_class", mate_class, mate_names, NULL,
           "two ends mate when class and lane rate agree"),
    CHOICE("laser", laser, laser_names, "none", "where its light is made"),
    OPTIONAL("laser_count", laser_count, 0, 1, 1024, "lasers of a module, or of an engine"),
    OPTIONAL("module_gbps", module_gbps, 0, 100, 12800, "rate of a module; not for npo and cpo"),
    FIGURE("lane_gbps", lane_gbps, 0, 100, 200, "lane rate, 100 or 200"),
    OPTIONAL("pair_gbps", pair_gbps, 0, 100, 12800, "rate of one fiber pair; not for copper"),
    FIGURE("energy_pj_per_bit", energy_fj_per_bit, 3, 0, MILLION,
           "one end; 0 for passive copper alone"),
    FIGURE("latency_ns", latency_ps, 3, 1, 1000 * MILLION, "one end, without FEC"),
    OPTIONAL("capex_usd", capex_cents, 2, 1, 10 * MILLION, "a module, or half a copper cable"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION,
           "failures in 1e9 hours, of a module or of port_share_gbps"),
    OPTIONAL("repair_min", repair_min, 0, 1, MILLION, "minutes to replace a module"),
    OPTIONAL("capex_usd_per_gbps", capex_microusd_per_gbps, 6, 10000, INT64_C(10000) * MILLION,
             "integrated: engines, tested apart"),
    OPTIONAL("port_share_gbps", port_share_gbps, 0, 1, 12800,
             "integrated: the bandwidth failure_fit is given for"),
    OPTIONAL("engine_gbps", engine_gbps, 0, 100, 100000, "integrated: one engine, one fiber array"),
    OPTIONAL("engine_wait_min", engine_wait_min, 0, 1, MILLION,
             "integrated: minutes until a failed engine is changed"),
    OPTIONAL("engine_swap_min", engine_swap_min, 0, 1, MILLION,
             "integrated: minutes the box is down for the change"),
    {.key = "is_socketed",
     .doc = "integrated: engines are detachable, so a bad one costs itself alone",
     .type = LS_FIELD_BOOL,
     .offset = offsetof(OWNER, is_socketed),
     .fallback = "false"},
    OPTIONAL("engine_test_yield", engine_test_yield_ppm, 6, 1, MILLION,
             "integrated: share of engines that pass their test; absent: 1"),
    OPTIONAL("attach_yield", attach_yield_ppm, 6, 1, MILLION,
             "integrated: share of engines that live through being attached; absent: 1"),
    OPTIONAL("assembly_yield", assembly_yield_ppm, 6, 1, MILLION,
             "integrated: share of packages that live through assembly; absent: 1"),
    OPTIONAL("laser_module_gbps", laser_module_gbps, 0, 100, 100000,
             "integrated: the bandwidth one external laser module feeds"),
    OPTIONAL("laser_module_capex_usd", laser_module_capex_cents, 2, 1, 10 * MILLION,
             "integrated: one external laser module"),
    OPTIONAL("laser_fit", laser_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours of one laser"),
    OPTIONAL("laser_module_fit", laser_module_fit, 0, 1, 100 * MILLION,
             "failures in 1e9 hours of a laser module beside its lasers"),
    OPTIONAL("laser_module_repair_min", laser_module_repair_min, 0, 1, MILLION,
             "minutes to change a laser module, the box running"),
    FIGURE("reach_m", reach_mm, 3, 1, 100 * MILLION, "longest link"),
    OPTIONAL("tx_dbm", tx_mdbm, 3, -40000, 40000, "least launched OMA less TDECQ"),
    OPTIONAL("tx_max_dbm", tx_max_mdbm, 3, -40000, 40000, "most launched OMA"),
    OPTIONAL("threshold_dbm", threshold_mdbm, 3, -40000, 40000, "least received OMA less TDECQ"),
    OPTIONAL("overload_dbm", overload_mdbm, 3, -40000, 40000, "most received OMA"),
    OPTIONAL("penalty_db", penalty_mdb, 3, 0, 40000, "of the path, at the receiver"),
    OPTIONAL("internal_loss_db", internal_loss_mdb, 3, 0, 40000,
             "between faceplate and engine, one pass; absent: none"),
    OPTIONAL("year_nic", year_nic, 0, YEAR_MIN, YEAR_MAX, "first year at a NIC; absent: never"),
    OPTIONAL("year_leaf", year_leaf, 0, YEAR_MIN, YEAR_MAX, "first year at a leaf; absent: never"),
    OPTIONAL("year_spine", year_spine, 0, YEAR_MIN, YEAR_MAX,
             "first year at a spine; absent: never"),
    OPTIONAL("year_core", year_core, 0, YEAR_MIN, YEAR_MAX, "first year at a core; absent: never"),
    YEAR_END,
    DRAWS,
    END,
};
#undef OWNER

#define OWNER ls_catalog_ocs
static const ls_field ocs_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ID("vendor", vendor, "", "who makes it; absent: several do"),
    ENTRY_SOURCE,
    REGION,
    CHOICE("kind", kind, ocs_kind_names, "mems", "how it moves light"),
    FIGURE("port_count", port_count, 0, 1, 65535, "usable ports a side"),
    FIGURE("loss_db", loss_mdb, 3, 1, 40000, "insertion loss of one pass"),
    FIGURE("power_w", power_mw, 3, 1, 100 * MILLION, "whole unit"),
    FIGURE("rack_units", rack_units, 0, 1, 100, "height in a rack"),
    FIGURE("capex_usd_per_port", capex_cents_per_port, 2, 1, 10 * MILLION, "per port of a side"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours"),
    FIGURE("repair_min", repair_min, 0, 1, MILLION, "minutes to repair or replace"),
    FIGURE("switching_us", switching_us, 0, 1, 1000 * MILLION, "time to change a circuit"),
    OPTIONAL("year", year, 0, YEAR_MIN, YEAR_MAX, "first year to buy it; absent: always"),
    YEAR_END,
    DRAWS,
    END,
};
#undef OWNER

#define OWNER ls_catalog_fiber
static const ls_field fiber_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ENTRY_SOURCE,
    FIGURE("latency_ns_per_m", latency_fs_per_mm, 3, 1, 10000, "one way"),
    FIGURE("loss_db_per_km", loss_mdb_per_km, 3, 1, 40000, "attenuation"),
    FIGURE("capex_usd_per_km", capex_cents_per_km, 2, 1, 100 * MILLION, "one strand, as cord"),
    END,
};
#undef OWNER

#define OWNER ls_catalog_parts
static const ls_field parts_fields[] = {
    ENTRY_SOURCE,
    FIGURE("mating_loss_db", mating_loss_mdb, 3, 1, 40000, "one pair of MPO connectors"),
    FIGURE("mating_capex_usd", mating_capex_cents, 2, 1, 10 * MILLION,
           "one pair of MPO connectors, fitted"),
    FIGURE("circulator_loss_db", circulator_loss_mdb, 3, 1, 40000, "one pass"),
    FIGURE("circulator_capex_usd", circulator_capex_cents, 2, 1, 10 * MILLION, "one circulator"),
    OPTIONAL(
        "shuffle_box_loss_db", shuffle_box_loss_mdb, 3, 1, 40000,
        "shuffle box or patch panel that joins leaves to leaves, one pass with its connectors"),
    OPTIONAL("shuffle_box_capex_usd_per_fiber", shuffle_box_capex_cents_per_fiber, 2, 1, MILLION,
             "the same, per fiber through it"),
    FIGURE("fec_latency_ns", fec_latency_ps, 3, 1, 1000 * MILLION, "encode and decode of a link"),
    OPTIONAL("fau_capex_usd", fau_capex_cents, 2, 1, 10 * MILLION,
             "fiber array unit of an engine, with polarization-maintaining fibers"),
    OPTIONAL("fau_plug_capex_usd", fau_plug_capex_cents, 2, 1, 10 * MILLION,
             "fiber array unit of a pluggable, which its price holds"),
    OPTIONAL("pm_fiber_capex_usd", pm_fiber_capex_cents, 2, 1, 10 * MILLION,
             "polarization-maintaining fiber from a laser to its engine"),
    OPTIONAL("pm_fiber_loss_db", pm_fiber_loss_mdb, 3, 1, 40000, "the same, with its connectors"),
    OPTIONAL("shuffle_capex_usd_per_fiber", shuffle_capex_cents_per_fiber, 2, 1, MILLION,
             "fiber shuffle from engines to the faceplate"),
    OPTIONAL("shuffle_loss_db", shuffle_loss_mdb, 3, 1, 40000, "of a fiber shuffle, one pass"),
    OPTIONAL("facet_loss_db", facet_loss_mdb, 3, 1, 40000, "fiber to chip, one pass"),
    OPTIONAL("aging_loss_db", aging_loss_mdb, 3, 1, 40000,
             "that launched light of co-packaged engines loses in its life"),
    OPTIONAL("laser_lot_count", laser_lot_count, 0, 1, 10 * MILLION,
             "lasers of one kind that are made and delivered as one lot"),
    OPTIONAL("mpo_trunk_capex_usd", mpo_trunk_capex_cents, 2, 1, 10 * MILLION, "one MPO trunk"),
    OPTIONAL("board_fr4_usd_per_ru", board_fr4_cents_per_ru, 2, 1, 10 * MILLION,
             "switch board of FR-4, per rack unit of the box"),
    OPTIONAL("board_megtron_multiple", board_megtron_multiple_ppm, 6, MILLION, 100 * MILLION,
             "price of a low-loss board over FR-4"),
    {.key = "stock_m",
     .doc = "cord lengths on sale, ascending",
     .type = LS_FIELD_NUMBERS,
     .digits = 3,
     .offset = offsetof(OWNER, stock_mm),
     .count_offset = offsetof(OWNER, stock_count),
     .min = 1,
     .max = 10 * MILLION,
     .item_max = 64},
    END,
};
#undef OWNER

#define OWNER ls_catalog_scale_up
static const ls_field scale_up_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ID("vendor", vendor, "", "who makes it; absent: several do"),
    REGION,
    ENTRY_SOURCE,
    CHOICE("kind", kind, ls_optic_kind_names, NULL, "what its links are made of"),
    FIGURE("energy_pj_per_bit", energy_fj_per_bit, 3, 0, MILLION, "one end, without the switch"),
    FIGURE("reach_m", reach_mm, 3, 1, 100 * MILLION, "longest link"),
    FIGURE("capex_usd_per_gbps", capex_microusd_per_gbps, 6, 10000, INT64_C(10000) * MILLION,
           "one end, with its share of the cable"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION,
           "failures in 1e9 hours of share_gbps of one end"),
    FIGURE("repair_min", repair_min, 0, 1, MILLION, "minutes to repair or replace"),
    FIGURE("share_gbps", share_gbps, 0, 1, 100000, "the bandwidth failure_fit is given for"),
    FIGURE("latency_ns", latency_ps, 3, 1, 1000 * MILLION, "one end"),
    FIGURE("switch_gbps", switch_gbps, 0, 100, 10 * MILLION, "one scale-up switch, one way"),
    FIGURE("switch_capex_usd_per_gbps", switch_capex_microusd_per_gbps, 6, 10000,
           INT64_C(10000) * MILLION, "of the switch, per Gb/s of its ports"),
    FIGURE("switch_power_mw_per_gbps", switch_power_uw_per_gbps, 3, 1, 1000 * MILLION,
           "of the switch, per Gb/s of its ports"),
    FIGURE("switch_fit", switch_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours of one switch"),
    FIGURE("year", year, 0, YEAR_MIN, YEAR_MAX, "first year to buy it"),
    YEAR_END,
    END,
};
#undef OWNER

#define OWNER ls_catalog_resource
static const ls_field resource_fields[] = {
    ID("id", id, NULL, "name by which draws refer to it"),
    TEXT("name", name, "name for people"),
    ENTRY_SOURCE,
    FIGURE("units_per_year_low", units_per_year_low, 0, 1, 1000LL * 1000 * MILLION,
           "made in the world, scenario low"),
    FIGURE("units_per_year_base", units_per_year_base, 0, 1, 1000LL * 1000 * MILLION,
           "scenario base"),
    FIGURE("units_per_year_high", units_per_year_high, 0, 1, 1000LL * 1000 * MILLION,
           "scenario high"),
    FIGURE("buyer_share", buyer_share_ppm, 6, 1, MILLION, "the most one buyer may get"),
    END,
};
#undef OWNER

#define LIST(key_, doc_, list_, count_, max_, fields_, check_)                                     \
  LIST_OR(key_, doc_, list_, count_, max_, fields_, check_, NULL)
#define LIST_OR(key_, doc_, list_, count_, max_, fields_, check_, fallback_)                       \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_LIST, .offset = offsetof(ls_catalog, list_),        \
    .size = sizeof(((ls_catalog *)0)->list_[0]), .count_offset = offsetof(ls_catalog, count_),     \
    .item_max = max_, .fields = fields_, .read = check_, .fallback = fallback_                     \
  }

const ls_field ls_catalog_fields[] = {
    LIST("sources", "where the figures come from", sources, source_count, LS_SOURCE_MAX,
         source_fields, ls_catalog_check_source),
    LIST_OR("supply", "what the world makes a year, on which entries draw", resources,
            resource_count, LS_SUPPLY_MAX, resource_fields, ls_catalog_check_resource, ""),
    {.key = "parts",
     .doc = "connectors, circulators, FEC and cords",
     .type = LS_FIELD_MAP,
     .offset = offsetof(ls_catalog, parts),
     .fields = parts_fields,
     .read = ls_catalog_check_parts},
    LIST("switches", "packet switches", switches, switch_count, LS_SWITCH_MAX, switch_fields,
         ls_catalog_check_switch),
    LIST("optics", "what a link end is made of", optics, optic_count, LS_OPTIC_MAX, optic_fields,
         ls_catalog_check_optic),
    LIST("ocs", "optical circuit switches", ocs, ocs_count, LS_OCS_MAX, ocs_fields,
         ls_catalog_check_ocs),
    LIST("fibers", "kinds of fiber", fibers, fiber_count, LS_FIBER_MAX, fiber_fields,
         ls_catalog_check_fiber),
    LIST_OR("scale_up", "how GPUs of one scale-up domain are joined", scale_up, scale_up_count,
            LS_SCALE_UP_MAX, scale_up_fields, ls_catalog_check_scale_up, ""),
    END,
};

int32_t ls_catalog_optic_find(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->optic_count; i++)
    if (strcmp(catalog->optics[i].id, id) == 0) return i;
  return -1;
}

ls_status ls_catalog_read_tree(const ls_yaml_tree *tree, ls_catalog *catalog, ls_error *error)
{
  ls_catalog *result = calloc(1, sizeof *result);
  if (!result) return ls_error_set(error, LS_ERR_MEMORY, tree->path, 0, NULL, "out of memory");
  ls_catalog_context context = {
      .catalog = result, .source = LS_SOURCE_UNSAID, .evidence = LS_EVIDENCE_UNSAID};
  ls_field_reader reader = {.tree = tree,
                            .error = error,
                            .context = &context,
                            .read_figure = ls_catalog_read_figure,
                            .line = 1};
  memcpy(result->path, tree->path, sizeof result->path);
  memcpy(result->sha256, tree->sha256, sizeof result->sha256);
  ls_status status = ls_fields_read(&reader, ls_catalog_fields, &tree->nodes[0], result);
  if (status == LS_OK) status = ls_catalog_check_integrated(&reader);
  if (status == LS_OK) *catalog = *result;
  free(result);
  return status;
}

ls_status ls_catalog_read(const char *path, ls_catalog *catalog, ls_error *error)
{
  ls_yaml_tree tree;
  ls_status status = ls_yaml_read(path, &tree, error);
  if (status != LS_OK) return status;
  status = ls_catalog_read_tree(&tree, catalog, error);
  ls_yaml_destroy(&tree);
  return status;
}
