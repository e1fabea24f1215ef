/* `lightspine catalog check|list [FILE]`: how well a catalog knows what it says, and what it
 * offers. Walks the same key tables that read it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "commands.h"
#include "json.h"
#include "tables.h"

#define EVIDENCE_COUNT 5
#define WIDEST_MAX 12

static const char *const evidence_names[EVIDENCE_COUNT] = {"datasheet", "vendor", "secondary",
                                                           "derived", "assumed"};

/* A figure and where it stands. */
typedef struct figure {
  const char *list, *entry; /* "switches", "sn5600"; entry is empty in parts */
  const ls_field *field;
  const ls_number *number;
} figure;

typedef struct summary {
  int32_t figure_count;
  int32_t evidence_count[EVIDENCE_COUNT];
  int32_t widest_count;
  figure widest[WIDEST_MAX]; /* the widest assumption of a key each, by falling ratio */
} summary;

static double ratio(const figure *one)
{
  return (double)one->number->high / (double)one->number->low;
}

/* Keeps the widest of each key, and of those the WIDEST_MAX widest. */
static void keep_widest(summary *sum, const figure *one)
{
  if (one->number->evidence != LS_EVIDENCE_ASSUMED || one->number->low <= 0) return;
  int32_t place = 0;
  for (int32_t i = 0; i < sum->widest_count; i++) {
    if (strcmp(sum->widest[i].field->key, one->field->key) != 0) continue;
    if (ratio(&sum->widest[i]) >= ratio(one)) return;
    memmove(&sum->widest[i], &sum->widest[i + 1],
            (size_t)(sum->widest_count - i - 1) * sizeof sum->widest[0]);
    sum->widest_count--;
    break;
  }
  while (place < sum->widest_count && ratio(&sum->widest[place]) >= ratio(one)) place++;
  if (place == WIDEST_MAX) return;
  if (sum->widest_count < WIDEST_MAX) sum->widest_count++;
  memmove(&sum->widest[place + 1], &sum->widest[place],
          (size_t)(sum->widest_count - place - 1) * sizeof sum->widest[0]);
  sum->widest[place] = *one;
}

/* The figure that an entry gives by this key, NULL when it does not. base: the entry. */
static const ls_number *figure_of(const char *list, const ls_field *field, const char *base)
{
  if (field->type != LS_FIELD_FIGURE) return NULL;
  const ls_number *number = (const ls_number *)(const void *)(base + field->offset);
  bool is_cpo = strcmp(list, "optics") == 0 &&
                ((const ls_catalog_optic *)(const void *)base)->kind == LS_OPTIC_CPO;
  /* Two keys share the target: one of modules, one of integrated optics. */
  if (strcmp(field->key, "capex_usd_per_gbps") == 0 && !is_cpo) return NULL;
  if (strcmp(field->key, "capex_usd") == 0 && is_cpo) return NULL;
  return number->line > 0 ? number : NULL;
}

static void add_entry(summary *sum, const char *list, const char *entry, const ls_field *fields,
                      const char *base)
{
  for (const ls_field *field = fields; field->key; field++) {
    const figure one = {list, entry, field, figure_of(list, field, base)};
    if (!one.number) continue;
    sum->figure_count++;
    sum->evidence_count[one.number->evidence]++;
    keep_widest(sum, &one);
  }
}

static void summarise(const ls_catalog *catalog, summary *sum)
{
  const char *base = (const char *)catalog;
  *sum = (summary){.figure_count = 0};
  for (const ls_field *field = ls_catalog_fields; field->key; field++) {
    if (field->type == LS_FIELD_MAP)
      add_entry(sum, field->key, "", field->fields, base + field->offset);
    if (field->type != LS_FIELD_LIST) continue;
    int32_t count = *(const int32_t *)(const void *)(base + field->count_offset);
    for (int32_t i = 0; i < count; i++) {
      const char *entry = base + field->offset + (size_t)i * field->size;
      add_entry(sum, field->key, entry, field->fields, entry); /* an entry starts with its id */
    }
  }
}

static void figure_texts(const figure *one, char value[32], char low[32], char high[32])
{
  ls_decimal_format(one->number->value, one->field->digits, value);
  ls_decimal_format(one->number->low, one->field->digits, low);
  ls_decimal_format(one->number->high, one->field->digits, high);
}

static void print_check(const ls_catalog *catalog, const summary *sum)
{
  printf("%s is in order: %d switches, %d optics, %d optical circuit switches, %d fibers\n",
         catalog->path, (int)catalog->switch_count, (int)catalog->optic_count,
         (int)catalog->ocs_count, (int)catalog->fiber_count);
  printf("%d figures from %d sources, by evidence:\n", (int)sum->figure_count,
         (int)catalog->source_count);
  for (int32_t i = 0; i < EVIDENCE_COUNT; i++)
    printf("  %-10s %4d  %3.0f %%\n", evidence_names[i], (int)sum->evidence_count[i],
           100.0 * sum->evidence_count[i] / sum->figure_count);
  printf("Widest assumption of each key, by high / low:\n");
  for (int32_t i = 0; i < sum->widest_count; i++) {
    const figure *one = &sum->widest[i];
    char value[32], low[32], high[32], where[2 * LS_ID_MAX];
    figure_texts(one, value, low, high);
    (void)snprintf(where, sizeof where, "%s%s%s", one->list, one->entry[0] ? " " : "", one->entry);
    printf("  %6.1fx  %-20s %-24s %s (%s..%s), line %d\n", ratio(one), one->field->key, where,
           value, low, high, (int)one->number->line);
  }
}

static ls_status write_check(const ls_catalog *catalog, const summary *sum, ls_error *error)
{
  ls_json *object = ls_json_object(), *tiers = ls_json_object(), *widest = ls_json_array();
  ls_json_set_text(object, "file", catalog->path);
  ls_json_set_text(object, "sha256", catalog->sha256);
  ls_json_set_int(object, "source_count", catalog->source_count);
  ls_json_set_int(object, "switch_count", catalog->switch_count);
  ls_json_set_int(object, "optic_count", catalog->optic_count);
  ls_json_set_int(object, "ocs_count", catalog->ocs_count);
  ls_json_set_int(object, "fiber_count", catalog->fiber_count);
  ls_json_set_int(object, "figure_count", sum->figure_count);
  for (int32_t i = 0; i < EVIDENCE_COUNT; i++)
    ls_json_set_int(tiers, evidence_names[i], sum->evidence_count[i]);
  ls_json_set(object, "evidence", tiers);
  for (int32_t i = 0; i < sum->widest_count; i++) {
    const figure *one = &sum->widest[i];
    char value[32], low[32], high[32];
    figure_texts(one, value, low, high);
    ls_json *item = ls_json_object();
    ls_json_set_text(item, "list", one->list);
    ls_json_set_text(item, "id", one->entry);
    ls_json_set_text(item, "key", one->field->key);
    ls_json_set_real(item, "value", strtod(value, NULL));
    ls_json_set_real(item, "low", strtod(low, NULL));
    ls_json_set_real(item, "high", strtod(high, NULL));
    ls_json_set_int(item, "line", one->number->line);
    ls_json_append(widest, item);
  }
  ls_json_set(object, "widest_assumed", widest);
  return ls_json_write(object, stdout, error);
}

/* ---- list ---- */

static void print_list(const ls_catalog *catalog)
{
  printf("%-16s %-10s %9s %6s %9s %10s  %s\n", "switches", "vendor", "Gb/s", "ports", "power W",
         "chassis $", "name");
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    const ls_catalog_switch *row = &catalog->switches[i];
    printf("%-16s %-10s %9" PRId64 " %6" PRId64 " %9.0f %10.0f  %s\n", row->id, row->vendor,
           row->bandwidth_gbps.value, row->port_count_max.value, (double)row->power_mw.value / 1e3,
           (double)row->capex_cents.value / 1e2, row->name);
  }
  printf("\n%-16s %-10s %9s %6s %9s %10s  %s\n", "optics", "vendor", "Gb/s", "lane", "pJ/bit",
         "reach m", "name");
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    const ls_catalog_optic *row = &catalog->optics[i];
    printf("%-16s %-10s %9" PRId64 " %6" PRId64 " %9.3f %10.0f  %s\n", row->id, row->vendor,
           row->module_gbps.value, row->lane_gbps.value, (double)row->energy_fj_per_bit.value / 1e3,
           (double)row->reach_mm.value / 1e3, row->name);
  }
  printf("\n%-16s %-10s %9s %6s %9s %10s  %s\n", "ocs", "vendor", "ports", "dB", "power W",
         "a port $", "name");
  for (int32_t i = 0; i < catalog->ocs_count; i++) {
    const ls_catalog_ocs *row = &catalog->ocs[i];
    printf("%-16s %-10s %9" PRId64 " %6.2f %9.0f %10.0f  %s\n", row->id, row->vendor,
           row->port_count.value, (double)row->loss_mdb.value / 1e3,
           (double)row->power_mw.value / 1e3, (double)row->capex_cents_per_port.value / 1e2,
           row->name);
  }
  printf("\n%-16s %-10s %9s %6s %9s %10s  %s\n", "fibers", "", "ns/m", "dB/km", "", "a km $",
         "name");
  for (int32_t i = 0; i < catalog->fiber_count; i++) {
    const ls_catalog_fiber *row = &catalog->fibers[i];
    printf("%-16s %-10s %9.2f %6.3f %9s %10.0f  %s\n", row->id, "",
           (double)row->latency_fs_per_mm.value / 1e3, (double)row->loss_mdb_per_km.value / 1e3, "",
           (double)row->capex_cents_per_km.value / 1e2, row->name);
  }
}

/* Every figure in the units of its key. */
static ls_json *entry_json(const char *list, const ls_field *fields, const char *base)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "id", base);
  for (const ls_field *field = fields; field->key; field++) {
    if (field->type == LS_FIELD_TEXT) ls_json_set_text(object, field->key, base + field->offset);
    const ls_number *number = figure_of(list, field, base);
    if (!number) continue;
    char text[32];
    ls_decimal_format(number->value, field->digits, text);
    ls_json_set_real(object, field->key, strtod(text, NULL));
  }
  return object;
}

static ls_status write_list(const ls_catalog *catalog, ls_error *error)
{
  const char *base = (const char *)catalog;
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", catalog->path);
  for (const ls_field *field = ls_catalog_fields; field->key; field++) {
    if (field->type != LS_FIELD_LIST) continue;
    ls_json *list = ls_json_array();
    int32_t count = *(const int32_t *)(const void *)(base + field->count_offset);
    for (int32_t i = 0; i < count; i++)
      ls_json_append(list, entry_json(field->key, field->fields,
                                      base + field->offset + (size_t)i * field->size));
    ls_json_set(object, field->key, list);
  }
  return ls_json_write(object, stdout, error);
}

/* ---- the command ---- */

typedef struct request {
  const char *action, *path;
  bool is_json;
} request;

static ls_status read_request(int argc, char **argv, request *asked, ls_error *error)
{
  *asked = (request){.path = NULL};
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--json") == 0)
      asked->is_json = true;
    else if (argv[i][0] == '-')
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, argv[i],
                          "is not an option of catalog; it takes --json");
    else if (!asked->action)
      asked->action = argv[i];
    else if (!asked->path)
      asked->path = argv[i];
    else
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "catalog",
                          "takes an action and one file, got also %.60s", argv[i]);
  }
  bool is_known =
      asked->action && (strcmp(asked->action, "check") == 0 || strcmp(asked->action, "list") == 0);
  if (!is_known)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "catalog", "must be check or list, got %.60s",
                        asked->action ? asked->action : "nothing");
  if (!asked->path) asked->path = LS_DATA_DIR "/catalog.yaml";
  return LS_OK;
}

ls_status ls_command_catalog(int argc, char **argv, ls_error *error)
{
  request asked;
  ls_status status = read_request(argc, argv, &asked, error);
  if (status != LS_OK) return status;
  ls_catalog *catalog = malloc(sizeof *catalog);
  if (!catalog) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "out of memory");
  status = ls_catalog_read(asked.path, catalog, error);
  if (status == LS_OK && strcmp(asked.action, "list") == 0) {
    if (asked.is_json)
      status = write_list(catalog, error);
    else
      print_list(catalog);
  } else if (status == LS_OK) {
    summary sum;
    summarise(catalog, &sum);
    if (asked.is_json)
      status = write_check(catalog, &sum, error);
    else
      print_check(catalog, &sum);
  }
  free(catalog);
  return status;
}
