/* Reads a catalog: its key tables, and its figures with their sources. Converts every unit once;
 * never decides what is good to buy. The rules between keys are in catalog_rules.c. */
#include "catalog.h"
#include "catalog_rules.h"
#include "fields.h"
#include "tables.h"
#include <stdlib.h>
#include <string.h>

#define SOURCE_NONE (-1)
#define SOURCE_UNSAID (-2)
#define EVIDENCE_UNSAID (-1)

static const char *const evidence_names[] = {"datasheet", "vendor",  "secondary",
                                             "derived",   "assumed", NULL};
const char *const ls_optic_kind_names[] = {"copper", "dsp", "lpo", "cpo", "bidi", NULL};
static const char *const mate_names[] = {"copper", "dr", "fr", "bidi", NULL};
static const char *const lane_names[] = {"100", "200", NULL};

/* A figure as written, before the entry's source and evidence are filled in. */
typedef struct raw_figure {
  int64_t value, low, high; /* low, high: INT64_MIN when absent */
  int32_t year, source, evidence;
} raw_figure;

static const char *source_id(const void *context, int32_t index)
{
  return ((const ls_catalog *)context)->sources[index].id;
}

static ls_status read_source(ls_field_reader *reader, const ls_field *field,
                             const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_catalog *catalog = ((ls_catalog_context *)reader->context)->catalog;
  int32_t *index = target;
  *index = SOURCE_UNSAID;
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_SCALAR || node->text[0] == '\0')
    return ls_field_refuse_got(reader, node, "must be the id of a source");
  for (int32_t i = 0; i < catalog->source_count; i++)
    if (strcmp(catalog->sources[i].id, node->text) == 0) {
      *index = i;
      return LS_OK;
    }
  char quoted[LS_YAML_QUOTE_BYTES];
  ls_yaml_quote(node->text, quoted);
  return ls_field_refuse(reader, node, "names no entry of sources: %s; the nearest is %s", quoted,
                         ls_name_nearest(node->text, catalog->source_count, source_id, catalog));
}

static ls_status read_entry_source(ls_field_reader *reader, const ls_field *field,
                                   const ls_yaml_node *node, void *target)
{
  (void)target;
  return read_source(reader, field, node, &((ls_catalog_context *)reader->context)->source);
}

static const ls_field evidence_field = {
    .key = "evidence", .type = LS_FIELD_CHOICE, .names = evidence_names, .size = sizeof(int32_t)};

static ls_status read_entry_evidence(ls_field_reader *reader, const ls_field *field,
                                     const ls_yaml_node *node, void *target)
{
  (void)field;
  (void)target;
  int32_t *evidence = &((ls_catalog_context *)reader->context)->evidence;
  *evidence = EVIDENCE_UNSAID;
  return node ? ls_field_read(reader, &evidence_field, node, evidence) : LS_OK;
}

void ls_figure_fields(const ls_field *field, ls_field fields[LS_FIGURE_FIELD_COUNT + 1])
{
  ls_field number = *field;
  number.type = LS_FIELD_NUMBER;
  number.size = sizeof(int64_t);
  const char *const keys[] = {"value", "low", "high"};
  const char *const docs[] = {"the figure", "no less than", "no more than"};
  const size_t offsets[] = {offsetof(raw_figure, value), offsetof(raw_figure, low),
                            offsetof(raw_figure, high)};
  for (int i = 0; i < 3; i++) {
    fields[i] = number;
    fields[i].key = keys[i];
    fields[i].doc = docs[i];
    fields[i].offset = offsets[i];
    fields[i].fallback = i == 0 ? NULL : "";
  }
  fields[3] = (ls_field){.key = "year",
                         .doc = "year of the figure",
                         .type = LS_FIELD_NUMBER,
                         .size = sizeof(int32_t),
                         .offset = offsetof(raw_figure, year),
                         .min = 1980,
                         .max = 2100,
                         .fallback = ""};
  fields[4] = (ls_field){.key = "source",
                         .doc = "id of an entry of sources",
                         .type = LS_FIELD_CUSTOM,
                         .offset = offsetof(raw_figure, source),
                         .fallback = "",
                         .read = read_source,
                         .schema = "{\"type\": \"string\"}"};
  fields[5] = evidence_field;
  fields[5].doc = "how well it is known";
  fields[5].offset = offsetof(raw_figure, evidence);
  fields[5].fallback = "";
  fields[6] = (ls_field){.key = NULL};
}

/* Fills what the figure leaves to its entry, and checks that the two fit together. */
static ls_status settle_figure(const ls_field_reader *reader, const ls_yaml_node *node,
                               raw_figure *raw)
{
  const ls_catalog_context *context = reader->context;
  bool names_source = raw->source != SOURCE_UNSAID;
  if (raw->evidence == EVIDENCE_UNSAID) raw->evidence = context->evidence;
  if (raw->evidence == EVIDENCE_UNSAID)
    return ls_field_refuse(reader, node, "needs evidence, of its own or of its entry");
  bool is_assumed = raw->evidence == LS_EVIDENCE_ASSUMED;
  if (!names_source) raw->source = is_assumed ? SOURCE_NONE : context->source;
  if (!is_assumed && raw->source == SOURCE_UNSAID)
    return ls_field_refuse(reader, node,
                           "needs a source, of its own or of its entry; "
                           "a figure without one is assumed");
  if (is_assumed && raw->source != SOURCE_NONE)
    return ls_field_refuse(reader, node, "is assumed and so must not name a source");
  if (raw->low == INT64_MIN) raw->low = raw->value;
  if (raw->high == INT64_MIN) raw->high = raw->value;
  if (raw->low > raw->value || raw->value > raw->high)
    return ls_field_refuse(reader, node, "must have low <= value <= high");
  if (is_assumed && raw->low == raw->high)
    return ls_field_refuse(reader, node, "is assumed and so needs low and high around its value");
  return LS_OK;
}

static ls_status read_figure(ls_field_reader *reader, const ls_field *field,
                             const ls_yaml_node *node, void *target)
{
  raw_figure raw = {
      .low = INT64_MIN, .high = INT64_MIN, .source = SOURCE_UNSAID, .evidence = EVIDENCE_UNSAID};
  ls_field fields[LS_FIGURE_FIELD_COUNT + 1];
  ls_figure_fields(field, fields);
  ls_status status = node->kind == LS_YAML_MAP
                         ? ls_fields_read(reader, fields, node, &raw)
                         : ls_field_read(reader, &fields[0], node, &raw.value);
  if (status == LS_OK) status = settle_figure(reader, node, &raw);
  if (status != LS_OK) return status;
  *(ls_number *)target = (ls_number){.value = raw.value,
                                     .low = raw.low,
                                     .high = raw.high,
                                     .year = raw.year,
                                     .source = raw.source,
                                     .evidence = raw.evidence,
                                     .line = node->line};
  return LS_OK;
}

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
   .read = read_entry_source,                                                                      \
   .schema = "{\"type\": \"string\"}"},                                                            \
  {                                                                                                \
    .key = "evidence", .doc = "how well all figures without their own are known",                  \
    .type = LS_FIELD_CUSTOM, .fallback = "", .read = read_entry_evidence,                          \
    .schema = "{\"enum\": [\"datasheet\", \"vendor\", \"secondary\", \"derived\", "                \
              "\"assumed\"]}"                                                                      \
  }
#define END                                                                                        \
  {                                                                                                \
    .key = NULL                                                                                    \
  }

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
    {.key = "protocol",
     .doc = "what it speaks; all switches of a fabric speak the same",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(OWNER, protocol),
     .size = sizeof(int32_t),
     .names = protocol_names,
     .fallback = "ethernet"},
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
    {.key = "power_includes_optics",
     .doc = "power_w holds the integrated optics",
     .type = LS_FIELD_BOOL,
     .offset = offsetof(OWNER, power_includes_optics),
     .fallback = "false"},
    FIGURE("latency_ns", latency_ps, 3, 1, 1000 * MILLION, "one pass, port to port"),
    FIGURE("capex_usd", capex_cents, 2, 1, 1000 * MILLION, "chassis without optics or engines"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours"),
    FIGURE("repair_min", repair_min, 0, 1, MILLION, "minutes to repair or replace"),
    OPTIONAL("cage_count", cage_count, 0, 1, 4096, "cages for pluggable modules"),
    OPTIONAL("cage_gbps", cage_gbps, 0, 100, 12800, "fastest module a cage takes"),
    ID("integrated_optic", integrated_optic, "", "id of its co-packaged optic, instead of cages"),
    OPTIONAL("engine_count", engine_count, 0, 1, 65535, "optical engines"),
    OPTIONAL("laser_module_count", laser_module_count, 0, 1, 65535, "external laser modules"),
    OPTIONAL("laser_count", laser_count, 0, 1, 65535, "lasers in all its laser modules"),
    OPTIONAL("fau_count", fau_count, 0, 1, 65535, "fiber array units"),
    OPTIONAL("year_leaf", year_leaf, 0, YEAR_MIN, YEAR_MAX, "first year as a leaf; absent: never"),
    OPTIONAL("year_spine", year_spine, 0, YEAR_MIN, YEAR_MAX,
             "first year as a spine; absent: never"),
    OPTIONAL("year_core", year_core, 0, YEAR_MIN, YEAR_MAX, "first year as a core; absent: never"),
    END,
};
#undef OWNER

#define OWNER ls_catalog_optic
static const ls_field optic_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ID("vendor", vendor, "", "who makes it; absent: several do"),
    ENTRY_SOURCE,
    {.key = "kind",
     .doc = "copper; dsp, retimed; lpo, linear; cpo, integrated in a switch; "
            "bidi, a pair on one strand for optical circuit switches",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(OWNER, kind),
     .names = ls_optic_kind_names},
    {.key = "mate_class",
     .doc = "two ends mate when class and lane rate agree",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(OWNER, mate_class),
     .names = mate_names},
    OPTIONAL("module_gbps", module_gbps, 0, 100, 12800, "rate of a module; not for cpo"),
    FIGURE("lane_gbps", lane_gbps, 0, 100, 200, "lane rate, 100 or 200"),
    OPTIONAL("pair_gbps", pair_gbps, 0, 100, 12800, "rate of one fiber pair; not for copper"),
    FIGURE("energy_pj_per_bit", energy_fj_per_bit, 3, 0, MILLION,
           "one end; 0 for passive copper alone"),
    FIGURE("latency_ns", latency_ps, 3, 1, 1000 * MILLION, "one end, without FEC"),
    OPTIONAL("capex_usd", capex_cents, 2, 1, 10 * MILLION, "a module, or half a copper cable"),
    OPTIONAL("capex_usd_per_gbps", capex_cents, 2, 1, MILLION, "cpo: engines and lasers"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION,
           "failures in 1e9 hours, of a module or of port_share_gbps"),
    FIGURE("repair_min", repair_min, 0, 1, MILLION, "minutes to repair or replace"),
    OPTIONAL("port_share_gbps", port_share_gbps, 0, 1, 12800,
             "cpo: the bandwidth failure_fit is given for"),
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
    END,
};
#undef OWNER

#define OWNER ls_catalog_ocs
static const ls_field ocs_fields[] = {
    ID("id", id, NULL, "name by which specs and designs refer to it"),
    TEXT("name", name, "name for people"),
    ID("vendor", vendor, "", "who makes it; absent: several do"),
    ENTRY_SOURCE,
    FIGURE("port_count", port_count, 0, 1, 65535, "usable ports a side"),
    FIGURE("loss_db", loss_mdb, 3, 1, 40000, "insertion loss of one pass"),
    FIGURE("power_w", power_mw, 3, 1, 100 * MILLION, "whole unit"),
    FIGURE("rack_units", rack_units, 0, 1, 100, "height in a rack"),
    FIGURE("capex_usd_per_port", capex_cents_per_port, 2, 1, 10 * MILLION, "per port of a side"),
    FIGURE("failure_fit", failure_fit, 0, 1, 100 * MILLION, "failures in 1e9 hours"),
    FIGURE("repair_min", repair_min, 0, 1, MILLION, "minutes to repair or replace"),
    FIGURE("switching_us", switching_us, 0, 1, 1000 * MILLION, "time to change a circuit"),
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
    FIGURE("fec_latency_ns", fec_latency_ps, 3, 1, 1000 * MILLION, "encode and decode of a link"),
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

#define LIST(key_, doc_, list_, count_, max_, fields_, check_)                                     \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_LIST, .offset = offsetof(ls_catalog, list_),        \
    .size = sizeof(((ls_catalog *)0)->list_[0]), .count_offset = offsetof(ls_catalog, count_),     \
    .item_max = max_, .fields = fields_, .read = check_                                            \
  }

const ls_field ls_catalog_fields[] = {
    LIST("sources", "where the figures come from", sources, source_count, LS_SOURCE_MAX,
         source_fields, ls_catalog_check_source),
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
      .catalog = result, .source = SOURCE_UNSAID, .evidence = EVIDENCE_UNSAID};
  ls_field_reader reader = {
      .tree = tree, .error = error, .context = &context, .read_figure = read_figure, .line = 1};
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
