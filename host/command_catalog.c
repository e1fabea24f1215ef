/* `lightspine catalog check|list [FILE]`: how well a catalog knows what it says, and what it
 * offers. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog_figures.h"
#include "commands.h"
#include "data_folder.h"
#include "files.h"
#include "json.h"
#include "tables.h"

#define EVIDENCE_COUNT 5
#define WIDEST_MAX 12

typedef struct summary {
  const ls_catalog *catalog;
  int32_t figure_count, changing_count;
  int32_t evidence_count[EVIDENCE_COUNT];
  int32_t widest_count;
  ls_figure widest[WIDEST_MAX]; /* the widest assumption of a key each, by falling ratio */
} summary;

static double ratio(const summary *sum, const ls_figure *one)
{
  const ls_number *number = ls_figure_number_const(sum->catalog, one);
  return (double)number->high / (double)number->low;
}

/* Keeps the widest of each key, and of those the WIDEST_MAX widest. */
static void keep_widest(summary *sum, const ls_figure *one)
{
  const ls_number *number = ls_figure_number_const(sum->catalog, one);
  if (number->evidence != LS_EVIDENCE_ASSUMED || number->low <= 0) return;
  int32_t place = 0;
  for (int32_t i = 0; i < sum->widest_count; i++) {
    if (strcmp(sum->widest[i].key, one->key) != 0) continue;
    if (ratio(sum, &sum->widest[i]) >= ratio(sum, one)) return;
    memmove(&sum->widest[i], &sum->widest[i + 1],
            (size_t)(sum->widest_count - i - 1) * sizeof sum->widest[0]);
    sum->widest_count--;
    break;
  }
  while (place < sum->widest_count && ratio(sum, &sum->widest[place]) >= ratio(sum, one)) place++;
  if (place == WIDEST_MAX) return;
  if (sum->widest_count < WIDEST_MAX) sum->widest_count++;
  memmove(&sum->widest[place + 1], &sum->widest[place],
          (size_t)(sum->widest_count - place - 1) * sizeof sum->widest[0]);
  sum->widest[place] = *one;
}

static void add_figure(void *context, const ls_figure *figure)
{
  summary *sum = context;
  const ls_number *number = ls_figure_number_const(sum->catalog, figure);
  sum->figure_count++;
  sum->evidence_count[number->evidence]++;
  sum->changing_count += number->curve > 0 || number->change_ppm != 0;
  keep_widest(sum, figure);
}

static void summarise(const ls_catalog *catalog, summary *sum)
{
  *sum = (summary){.catalog = catalog};
  ls_catalog_figures_visit(catalog, add_figure, sum);
}

static void figure_texts(const summary *sum, const ls_figure *one, char value[32], char low[32],
                         char high[32])
{
  const ls_number *number = ls_figure_number_const(sum->catalog, one);
  ls_decimal_format(number->value, one->digits, value);
  ls_decimal_format(number->low, one->digits, low);
  ls_decimal_format(number->high, one->digits, high);
}

static void print_check(const ls_catalog *catalog, const summary *sum)
{
  printf("%s is in order: %d switches, %d optics, %d optical circuit switches, %d fibers, "
         "%d ways of scale-up, %d supplies\n",
         catalog->path, (int)catalog->switch_count, (int)catalog->optic_count,
         (int)catalog->ocs_count, (int)catalog->fiber_count, (int)catalog->scale_up_count,
         (int)catalog->resource_count);
  printf("%d figures, %d of which change by year, from %d sources, by evidence:\n",
         (int)sum->figure_count, (int)sum->changing_count, (int)catalog->source_count);
  for (int32_t i = 0; i < EVIDENCE_COUNT; i++)
    printf("  %-10s %4d  %3.0f %%\n", ls_evidence_names[i], (int)sum->evidence_count[i],
           100.0 * sum->evidence_count[i] / sum->figure_count);
  printf("Widest assumption of each key, by high / low:\n");
  for (int32_t i = 0; i < sum->widest_count; i++) {
    const ls_figure *one = &sum->widest[i];
    char value[32], low[32], high[32];
    figure_texts(sum, one, value, low, high);
    printf("  %6.1fx  %-50s %s (%s..%s), line %d\n", ratio(sum, one), one->path, value, low, high,
           (int)ls_figure_number_const(catalog, one)->line);
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
  ls_json_set_int(object, "scale_up_count", catalog->scale_up_count);
  ls_json_set_int(object, "supply_count", catalog->resource_count);
  ls_json_set_int(object, "figure_count", sum->figure_count);
  ls_json_set_int(object, "changing_count", sum->changing_count);
  for (int32_t i = 0; i < EVIDENCE_COUNT; i++)
    ls_json_set_int(tiers, ls_evidence_names[i], sum->evidence_count[i]);
  ls_json_set(object, "evidence", tiers);
  for (int32_t i = 0; i < sum->widest_count; i++) {
    const ls_figure *one = &sum->widest[i];
    char value[32], low[32], high[32];
    figure_texts(sum, one, value, low, high);
    ls_json *item = ls_json_object();
    ls_json_set_text(item, "list", one->list);
    ls_json_set_text(item, "id", one->entry);
    ls_json_set_text(item, "path", one->path);
    ls_json_set_text(item, "key", one->key);
    ls_json_set_real(item, "value", strtod(value, NULL));
    ls_json_set_real(item, "low", strtod(low, NULL));
    ls_json_set_real(item, "high", strtod(high, NULL));
    ls_json_set_int(item, "line", ls_figure_number_const(catalog, one)->line);
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

static void print_more(const ls_catalog *catalog)
{
  if (catalog->scale_up_count > 0)
    printf("\n%-16s %-10s %9s %6s %9s %10s  %s\n", "scale_up", "vendor", "pJ/bit", "year",
           "reach m", "a Gb/s $", "name");
  for (int32_t i = 0; i < catalog->scale_up_count; i++) {
    const ls_catalog_scale_up *row = &catalog->scale_up[i];
    printf("%-16s %-10s %9.3f %6" PRId64 " %9.0f %10.2f  %s\n", row->id, row->vendor,
           (double)row->energy_fj_per_bit.value / 1e3, row->year.value,
           (double)row->reach_mm.value / 1e3, (double)row->capex_microusd_per_gbps.value / 1e6,
           row->name);
  }
  if (catalog->resource_count > 0)
    printf("\n%-16s %12s %12s %12s %6s  %s\n", "supply", "low a year", "base", "high", "buyer",
           "name");
  for (int32_t i = 0; i < catalog->resource_count; i++) {
    const ls_catalog_resource *row = &catalog->resources[i];
    printf("%-16s %12" PRId64 " %12" PRId64 " %12" PRId64 " %6.2f  %s\n", row->id,
           row->units_per_year_low.value, row->units_per_year_base.value,
           row->units_per_year_high.value, (double)row->buyer_share_ppm.value / 1e6, row->name);
  }
}

/* Every figure in the units of its key. */
static ls_json *entry_json(const ls_field *fields, const char *base)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "id", base);
  for (const ls_field *field = fields; field->key; field++) {
    if (field->type == LS_FIELD_TEXT) ls_json_set_text(object, field->key, base + field->offset);
    if (field->type != LS_FIELD_FIGURE) continue;
    const ls_number *number = (const ls_number *)(const void *)(base + field->offset);
    if (number->line == 0) continue;
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
      ls_json_append(list,
                     entry_json(field->fields, base + field->offset + (size_t)i * field->size));
    ls_json_set(object, field->key, list);
  }
  return ls_json_write(object, stdout, error);
}

/* ---- the command ---- */

ls_status ls_command_catalog(int argc, char **argv, ls_error *error)
{
  ls_arguments asked;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_FEWER_WORDS, 2,
                                       "check or list, and a file", &asked, error);
  if (status != LS_OK) return status;
  const char *action = asked.positional_count > 0 ? asked.positional[0] : "nothing";
  char own_path[LS_PATH_MAX];
  ls_data_path("catalog.yaml", own_path, LS_PATH_MAX);
  const char *path = asked.positional_count > 1 ? asked.positional[1] : own_path;
  const bool is_list = strcmp(action, "list") == 0;
  if (!is_list && strcmp(action, "check") != 0)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "catalog", "must be check or list, got %.60s",
                        action);
  ls_catalog *catalog = malloc(sizeof *catalog);
  if (!catalog) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "out of memory");
  status = ls_catalog_read(path, catalog, error);
  if (status == LS_OK && is_list) {
    if (asked.is_json)
      status = write_list(catalog, error);
    else {
      print_list(catalog);
      print_more(catalog);
    }
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
