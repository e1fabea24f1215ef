/* Recomputes from a file's own figures what its design needs of shared resources and what each
 * vendor gets of the money for switches, optics and OCS; with a catalog also whether those figures
 * are the catalog's.
 *
 *   available = floor(units a year x buyer's share), any number where supply is unlimited
 *   needed    = sum of chassis and modules x what one of them draws
 *   a vendor's money <= sum of chassis and modules x floor(price x the share allowed) */
#include "catalog.h"
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { ANY_NUMBER = -1 };

static const char *const GRAPH = "graph";
static const char *const NOT_IN_FILE = "not in the file";
static const char *const NOT_IN_CATALOG = "not in the catalog";

static int64_t narrowed(wide value) { return value > INT64_MAX ? INT64_MAX : (int64_t)value; }

int32_t ls_record_supply_scenario(const ls_record *record)
{
  static const struct {
    const char *name;
    int32_t scenario;
  } scenarios[] = {{"low", LS_SUPPLY_LOW},
                   {"base", LS_SUPPLY_BASE},
                   {"high", LS_SUPPLY_HIGH},
                   {"unlimited", LS_SUPPLY_UNLIMITED}};
  for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
    if (strcmp(record->supply_scenario, scenarios[i].name) == 0) return scenarios[i].scenario;
  return LS_RECORD_UNKNOWN;
}

/* ---- Sums over the graph ---- */

/* How many of an entry there are, and what all of them cost. */
typedef struct entry_sum {
  int64_t count, cents;
  int64_t allowed_cents; /* of it the share that one vendor may get */
} entry_sum;

static int32_t entry_find(const ls_record *record, int32_t list, const char *id)
{
  for (int32_t i = 0; i < record->entry_count; i++)
    if (record->entries[i].list == list && strcmp(record->entries[i].id, id) == 0) return i;
  return -1;
}

/* Adds count units at a price to their entry; entry -1: the file tells nothing of it. */
static void add_units(const ls_record *record, int32_t entry, int64_t count, int64_t cents,
                      entry_sum *sums)
{
  if (entry < 0) return;
  const wide allowed = (wide)cents * record->site.vendor_share_ppm_max / 1000000;
  ls_verify_add_product(&sums[entry].count, count, 1);
  ls_verify_add_product(&sums[entry].cents, count, cents);
  ls_verify_add_product(&sums[entry].allowed_cents, count, narrowed(allowed));
}

static void add_face(const ls_record *record, const ls_record_face *face, entry_sum *sums)
{
  for (int32_t i = 0; i < face->group_count; i++) {
    const ls_record_optic *optic = &record->optics[face->groups[i].optic];
    add_units(record, entry_find(record, LS_ENTRY_OPTIC, optic->id), face->groups[i].module_count,
              optic->capex_cents, sums);
  }
}

static void add_node(const ls_record *record, const ls_record_node *node, entry_sum *sums,
                     ls_verify_report *report)
{
  add_face(record, &node->down, sums);
  add_face(record, &node->up, sums);
  if (node->kind == LS_DEVICE_RACK) return;
  const int32_t list = node->kind == LS_DEVICE_OCS ? LS_ENTRY_OCS : LS_ENTRY_SWITCH;
  const int32_t entry = entry_find(record, list, node->catalog_id);
  if (entry < 0)
    ls_verify_mismatch(report, node->id, "vendor and draws", node->catalog_id, NOT_IN_FILE);
  add_units(record, entry, 1, node->unit_capex_cents, sums);
}

/* ---- Resources ---- */

static void check_resource(const ls_record *record, int32_t index, const entry_sum *sums,
                           ls_verify_report *report)
{
  const ls_record_resource *resource = &record->resources[index];
  const bool is_unlimited = ls_record_supply_scenario(record) == LS_SUPPLY_UNLIMITED;
  char where[96], claimed[64], found[64];
  int64_t needed = 0;
  const int64_t available =
      is_unlimited ? ANY_NUMBER
                   : narrowed((wide)resource->units_per_year * resource->buyer_share_ppm / 1000000);
  for (int32_t i = 0; i < record->entry_count; i++)
    ls_verify_add_product(&needed, sums[i].count, record->entries[i].draw[index]);
  snprintf(where, sizeof where, "resource %s", resource->id);
  ls_verify_compare(report, where, "available", resource->available, available);
  ls_verify_compare(report, where, "needed", resource->needed, needed);
  if (is_unlimited || needed <= available) return;
  snprintf(claimed, sizeof claimed, "at most %" PRId64, available);
  snprintf(found, sizeof found, "%" PRId64, needed);
  ls_verify_mismatch(report, where, "needed", claimed, found);
}

/* ---- Vendors ---- */

static bool is_nobody(const char *vendor)
{
  return vendor[0] == '\0' || strcmp(vendor, "none") == 0;
}

/* What a vendor gets by the graph. */
static int64_t vendor_cents(const ls_record *record, const char *vendor, const entry_sum *sums)
{
  int64_t cents = 0;
  for (int32_t i = 0; i < record->entry_count; i++)
    if (strcmp(record->entries[i].vendor, vendor) == 0)
      ls_verify_add_product(&cents, sums[i].cents, 1);
  return cents;
}

static bool is_vendor_claimed(const ls_record *record, const char *vendor)
{
  for (int32_t i = 0; i < record->vendor_count; i++)
    if (strcmp(record->vendors[i].id, vendor) == 0) return true;
  return false;
}

/* The share of one vendor against the one allowed. */
static void check_share(const ls_record *record, const char *vendor, const entry_sum *sums,
                        ls_verify_report *report)
{
  const int64_t share_ppm = record->site.vendor_share_ppm_max;
  const int64_t cents = vendor_cents(record, vendor, sums);
  char where[96], claimed[64], found[64];
  wide all_cents = 0, allowed_cents = 0;
  for (int32_t i = 0; i < record->entry_count; i++) {
    all_cents += sums[i].cents;
    allowed_cents += sums[i].allowed_cents;
  }
  if (share_ppm <= 0 || share_ppm >= 1000000 || cents <= allowed_cents || all_cents <= 0) return;
  snprintf(where, sizeof where, "vendor %s", vendor);
  snprintf(claimed, sizeof claimed, "at most %" PRId64, share_ppm);
  snprintf(found, sizeof found, "%" PRId64, narrowed((wide)cents * 1000000 / all_cents));
  ls_verify_mismatch(report, where, "vendor_share_ppm_max", claimed, found);
}

static void check_vendors(const ls_record *record, const entry_sum *sums, ls_verify_report *report)
{
  char where[96];
  for (int32_t i = 0; i < record->vendor_count; i++) {
    snprintf(where, sizeof where, "vendor %s", record->vendors[i].id);
    ls_verify_compare(report, where, "capex_cents", record->vendors[i].capex_cents,
                      vendor_cents(record, record->vendors[i].id, sums));
  }
  for (int32_t i = 0; i < record->entry_count; i++) {
    const char *vendor = record->entries[i].vendor;
    int32_t first = 0;
    char found[64];
    while (strcmp(record->entries[first].vendor, vendor) != 0) first++;
    if (is_nobody(vendor) || first < i) continue;
    check_share(record, vendor, sums, report);
    if (is_vendor_claimed(record, vendor)) continue;
    snprintf(where, sizeof where, "vendor %s", vendor);
    snprintf(found, sizeof found, "%" PRId64, vendor_cents(record, vendor, sums));
    ls_verify_mismatch(report, where, "capex_cents", "", found);
  }
}

void ls_verify_check_supply(const ls_record *record, ls_verify_report *report)
{
  entry_sum sums[LS_RECORD_ENTRY_MAX] = {{0}};
  if (ls_record_supply_scenario(record) == LS_RECORD_UNKNOWN)
    ls_verify_mismatch(report, GRAPH, "supply_scenario", record->supply_scenario,
                       "low, base, high or unlimited");
  for (int32_t i = 0; i < record->optic_count; i++)
    if (entry_find(record, LS_ENTRY_OPTIC, record->optics[i].id) < 0)
      ls_verify_mismatch(report, record->optics[i].id, "vendor and draws", record->optics[i].id,
                         NOT_IN_FILE);
  for (int32_t i = 0; i < record->node_count; i++)
    add_node(record, &record->nodes[i], sums, report);
  for (int32_t i = 0; i < record->resource_count; i++) check_resource(record, i, sums, report);
  check_vendors(record, sums, report);
}

/* ---- Against a catalog ---- */

/* What the catalog says of an entry; id NULL: it has none of that name. */
typedef struct catalog_entry {
  const char *id, *vendor;
  const int32_t *draw; /* NULL: none of its own, since it is counted with its chassis */
} catalog_entry;

static catalog_entry switch_entry(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->switch_count; i++)
    if (strcmp(catalog->switches[i].id, id) == 0)
      return (catalog_entry){id, catalog->switches[i].vendor, catalog->switches[i].draw};
  return (catalog_entry){NULL, NULL, NULL};
}

static catalog_entry optic_entry(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    const ls_catalog_optic *optic = &catalog->optics[i];
    if (strcmp(optic->id, id) == 0)
      return (catalog_entry){id, optic->vendor, optic->module_gbps.value == 0 ? NULL : optic->draw};
  }
  return (catalog_entry){NULL, NULL, NULL};
}

static catalog_entry ocs_entry(const ls_catalog *catalog, const char *id)
{
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    if (strcmp(catalog->ocs[i].id, id) == 0)
      return (catalog_entry){id, catalog->ocs[i].vendor, catalog->ocs[i].draw};
  return (catalog_entry){NULL, NULL, NULL};
}

static int32_t resource_find(const ls_record *record, const char *id)
{
  for (int32_t i = 0; i < record->resource_count; i++)
    if (strcmp(record->resources[i].id, id) == 0) return i;
  return -1;
}

static void check_entry(const ls_record *record, const ls_record_entry *entry,
                        const ls_catalog *catalog, ls_verify_report *report)
{
  const catalog_entry known = entry->list == LS_ENTRY_SWITCH  ? switch_entry(catalog, entry->id)
                              : entry->list == LS_ENTRY_OPTIC ? optic_entry(catalog, entry->id)
                                                              : ocs_entry(catalog, entry->id);
  if (known.id == NULL) {
    ls_verify_mismatch(report, entry->id, "vendor and draws", entry->id, NOT_IN_CATALOG);
    return;
  }
  const char *claimed = is_nobody(entry->vendor) ? "" : entry->vendor;
  if (strcmp(claimed, known.vendor) != 0)
    ls_verify_mismatch(report, entry->id, "vendor", claimed, known.vendor);
  for (int32_t i = 0; i < catalog->resource_count; i++) {
    const int32_t at = resource_find(record, catalog->resources[i].id);
    char what[64];
    if (at < 0) continue; /* told of the resource itself */
    snprintf(what, sizeof what, "draw.%s", catalog->resources[i].id);
    ls_verify_compare(report, entry->id, what, entry->draw[at],
                      known.draw == NULL ? 0 : known.draw[i]);
  }
}

void ls_verify_check_supply_catalog(const ls_record *record, const ls_catalog *catalog,
                                    ls_verify_report *report)
{
  for (int32_t i = 0; i < catalog->resource_count; i++) {
    const ls_catalog_resource *known = &catalog->resources[i];
    const int32_t at = resource_find(record, known->id);
    char where[96];
    snprintf(where, sizeof where, "resource %s", known->id);
    if (at < 0) {
      ls_verify_mismatch(report, where, "needed", "", NOT_IN_FILE);
      continue;
    }
    ls_verify_compare(report, where, "units_per_year", record->resources[at].units_per_year,
                      known->units_per_year.value);
    ls_verify_compare(report, where, "buyer_share_ppm", record->resources[at].buyer_share_ppm,
                      known->buyer_share_ppm.value);
  }
  for (int32_t i = 0; i < record->entry_count; i++)
    check_entry(record, &record->entries[i], catalog, report);
}
