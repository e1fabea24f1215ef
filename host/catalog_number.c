/* Reads one figure of a catalog: a plain number, or a mapping with its range, its source and how
 * it changes over the years. Which figures there are is in catalog.c. */
#include "catalog.h"
#include "catalog_rules.h"
#include "catalog_year.h"
#include "fields.h"
#include "tables.h"
#include <stdlib.h>
#include <string.h>

#define SOURCE_NONE (-1)
#define FIGURE_YEAR_MIN 1980
#define FIGURE_YEAR_MAX 2100

const char *const ls_evidence_names[] = {"datasheet", "vendor",  "secondary",
                                         "derived",   "assumed", NULL};

/* A figure as written, before the entry's source and evidence are filled in. */
typedef struct raw_figure {
  int64_t value, low, high; /* INT64_MIN when absent */
  int32_t year, source, evidence, change_ppm;
  ls_curve curve; /* count 0: none */
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
  *index = LS_SOURCE_UNSAID;
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

ls_status ls_catalog_read_entry_source(ls_field_reader *reader, const ls_field *field,
                                       const ls_yaml_node *node, void *target)
{
  (void)target;
  return read_source(reader, field, node, &((ls_catalog_context *)reader->context)->source);
}

static const ls_field evidence_field = {.key = "evidence",
                                        .type = LS_FIELD_CHOICE,
                                        .names = ls_evidence_names,
                                        .size = sizeof(int32_t)};

ls_status ls_catalog_read_entry_evidence(ls_field_reader *reader, const ls_field *field,
                                         const ls_yaml_node *node, void *target)
{
  (void)field;
  (void)target;
  int32_t *evidence = &((ls_catalog_context *)reader->context)->evidence;
  *evidence = LS_EVIDENCE_UNSAID;
  return node ? ls_field_read(reader, &evidence_field, node, evidence) : LS_OK;
}

/* One point of by_year: the key is the year. */
static ls_status read_point(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, ls_curve *curve)
{
  int64_t year = 0;
  if (ls_decimal_read(node->key, 0, &year) != LS_OK || year < FIGURE_YEAR_MIN ||
      year > FIGURE_YEAR_MAX)
    return ls_field_refuse(reader, node, "must have years as its keys, got %.40s", node->key);
  if (curve->count > 0 && year <= curve->year[curve->count - 1])
    return ls_field_refuse(reader, node, "must have its years in ascending order");
  size_t length = ls_field_enter(reader, node->key);
  ls_status status = ls_field_read(reader, field, node, &curve->value[curve->count]);
  if (status == LS_OK && curve->value[curve->count] <= 0)
    status = ls_field_refuse_got(reader, node, "must be above 0");
  if (status != LS_OK) return status;
  ls_field_leave(reader, length);
  curve->year[curve->count++] = (int32_t)year;
  return LS_OK;
}

static ls_status read_by_year(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  ls_curve *curve = target;
  curve->count = 0;
  if (!node) return LS_OK;
  if (node->kind != LS_YAML_MAP || node->count < 2 || node->count > LS_CURVE_POINT_MAX)
    return ls_field_refuse_got(reader, node, "must be a mapping of 2..8 years to values");
  ls_field number = *field;
  number.type = LS_FIELD_NUMBER;
  number.size = sizeof(int64_t);
  ls_status status = LS_OK;
  for (const ls_yaml_node *point = node->first; point && status == LS_OK; point = point->next)
    status = read_point(reader, &number, point, curve);
  return status;
}

/* The last three keys: how the figure changes over the years. */
static void change_fields(const ls_field *number, ls_field fields[2])
{
  fields[0] = (ls_field){.key = "change_per_year",
                         .doc = "share by which it changes each year from `year` on, as -0.12",
                         .type = LS_FIELD_NUMBER,
                         .digits = 6,
                         .size = sizeof(int32_t),
                         .offset = offsetof(raw_figure, change_ppm),
                         .min = -500000,
                         .max = 1000000,
                         .fallback = ""};
  fields[1] = *number;
  fields[1].key = "by_year";
  fields[1].doc = "the figure by year instead of value; linear between, constant outside";
  fields[1].type = LS_FIELD_CUSTOM;
  fields[1].offset = offsetof(raw_figure, curve);
  fields[1].fallback = "";
  fields[1].read = read_by_year;
  fields[1].schema = "{\"type\": \"object\", \"minProperties\": 2, \"maxProperties\": 8, "
                     "\"propertyNames\": {\"pattern\": \"^(19|20|21)[0-9]{2}$\"}, "
                     "\"additionalProperties\": {\"type\": \"number\"}}";
}

void ls_figure_fields(const ls_field *field, ls_field fields[LS_FIGURE_FIELD_COUNT + 1])
{
  ls_field number = *field;
  number.type = LS_FIELD_NUMBER;
  number.size = sizeof(int64_t);
  const char *const keys[] = {"value", "low", "high"};
  const char *const docs[] = {"the figure, unless by_year gives it", "no less than",
                              "no more than"};
  const size_t offsets[] = {offsetof(raw_figure, value), offsetof(raw_figure, low),
                            offsetof(raw_figure, high)};
  for (int i = 0; i < 3; i++) {
    fields[i] = number;
    fields[i].key = keys[i];
    fields[i].doc = docs[i];
    fields[i].offset = offsets[i];
    fields[i].fallback = "";
  }
  fields[3] = (ls_field){.key = "year",
                         .doc = "year of the figure",
                         .type = LS_FIELD_NUMBER,
                         .size = sizeof(int32_t),
                         .offset = offsetof(raw_figure, year),
                         .min = FIGURE_YEAR_MIN,
                         .max = FIGURE_YEAR_MAX,
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
  change_fields(&number, &fields[6]);
  fields[8] = (ls_field){.key = NULL};
}

/* A figure has a value or a curve; a rate of change needs the year it starts from. With a curve
 * the value is that of the figure's year, or of the curve's first. */
static ls_status settle_change(const ls_field_reader *reader, const ls_yaml_node *node,
                               raw_figure *raw)
{
  const bool has_curve = raw->curve.count > 0;
  if (has_curve && raw->value != INT64_MIN)
    return ls_field_refuse(reader, node, "must have value or by_year, not both");
  if (has_curve && raw->change_ppm != 0)
    return ls_field_refuse(reader, node, "must have by_year or change_per_year, not both");
  if (!has_curve && raw->value == INT64_MIN)
    return ls_field_refuse(reader, node, "needs value or by_year");
  if (raw->change_ppm != 0 && raw->year == 0)
    return ls_field_refuse(reader, node, "needs year with change_per_year");
  if (raw->change_ppm != 0 && raw->value <= 0)
    return ls_field_refuse(reader, node, "must be above 0 with change_per_year");
  if (!has_curve) return LS_OK;
  if (raw->year == 0) raw->year = raw->curve.year[0];
  raw->value = ls_curve_at(&raw->curve, raw->year);
  return LS_OK;
}

/* Fills what the figure leaves to its entry, and checks that the two fit together. */
static ls_status settle_figure(const ls_field_reader *reader, const ls_yaml_node *node,
                               raw_figure *raw)
{
  const ls_catalog_context *context = reader->context;
  bool names_source = raw->source != LS_SOURCE_UNSAID;
  if (raw->evidence == LS_EVIDENCE_UNSAID) raw->evidence = context->evidence;
  if (raw->evidence == LS_EVIDENCE_UNSAID)
    return ls_field_refuse(reader, node, "needs evidence, of its own or of its entry");
  bool is_assumed = raw->evidence == LS_EVIDENCE_ASSUMED;
  if (!names_source) raw->source = is_assumed ? SOURCE_NONE : context->source;
  if (!is_assumed && raw->source == LS_SOURCE_UNSAID)
    return ls_field_refuse(reader, node,
                           "needs a source, of its own or of its entry; "
                           "a figure without one is assumed");
  if (is_assumed && raw->source != SOURCE_NONE)
    return ls_field_refuse(reader, node, "is assumed and so must not name a source");
  ls_status status = settle_change(reader, node, raw);
  if (status != LS_OK) return status;
  if (raw->low == INT64_MIN) raw->low = raw->value;
  if (raw->high == INT64_MIN) raw->high = raw->value;
  if (raw->low > raw->value || raw->value > raw->high)
    return ls_field_refuse(reader, node, "must have low <= value <= high");
  if (is_assumed && raw->low == raw->high)
    return ls_field_refuse(reader, node, "is assumed and so needs low and high around its value");
  return LS_OK;
}

static ls_status keep_curve(const ls_field_reader *reader, const ls_yaml_node *node,
                            const ls_curve *curve, int32_t *place)
{
  ls_catalog *catalog = ((const ls_catalog_context *)reader->context)->catalog;
  if (catalog->curve_count == LS_CURVE_MAX)
    return ls_field_refuse(reader, node, "is one of more than %d curves", LS_CURVE_MAX);
  catalog->curves[catalog->curve_count++] = *curve;
  *place = catalog->curve_count;
  return LS_OK;
}

ls_status ls_catalog_read_figure(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target)
{
  raw_figure raw = {.value = INT64_MIN,
                    .low = INT64_MIN,
                    .high = INT64_MIN,
                    .source = LS_SOURCE_UNSAID,
                    .evidence = LS_EVIDENCE_UNSAID};
  ls_field fields[LS_FIGURE_FIELD_COUNT + 1];
  ls_figure_fields(field, fields);
  ls_status status = node->kind == LS_YAML_MAP
                         ? ls_fields_read(reader, fields, node, &raw)
                         : ls_field_read(reader, &fields[0], node, &raw.value);
  if (status == LS_OK) status = settle_figure(reader, node, &raw);
  int32_t curve = 0;
  if (status == LS_OK && raw.curve.count > 0) status = keep_curve(reader, node, &raw.curve, &curve);
  if (status != LS_OK) return status;
  *(ls_number *)target = (ls_number){.value = raw.value,
                                     .low = raw.low,
                                     .high = raw.high,
                                     .year = raw.year,
                                     .change_ppm = raw.change_ppm,
                                     .curve = curve,
                                     .source = raw.source,
                                     .evidence = raw.evidence,
                                     .line = node->line};
  return LS_OK;
}
