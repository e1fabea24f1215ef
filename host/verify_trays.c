/* How full the trays of a file are, from the slots of its devices: the strands of every cord that
 * leaves its rack lie above the rows of both ends, once where they are one, and cross each gap that
 * has one end before it and the other behind. Circuits have no cords of their own. */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_on_floor(const ls_record_site *site, int64_t slot)
{
  return slot >= 0 && slot < site->row_count * site->racks_per_row;
}

static bool is_behind(const ls_record_site *site, int32_t hall, int64_t row)
{
  return row > site->halls.areas[hall].row_last;
}

/* strands: [row_count], then [halls.count - 1]. */
static void lay_cord(const ls_record *record, const ls_record_edge *edge, int64_t *strands)
{
  const ls_record_site *site = &record->site;
  const int64_t a = record->nodes[edge->node_a].slot, b = record->nodes[edge->node_b].slot;
  if (a == b || !is_on_floor(site, a) || !is_on_floor(site, b)) return;
  const int64_t rows[2] = {a / site->racks_per_row, b / site->racks_per_row};
  for (int end = 0; end < (rows[0] == rows[1] ? 1 : 2); end++)
    ls_verify_add_product(&strands[rows[end]], edge->link_count, edge->strand_count);
  for (int32_t hall = 0; hall + 1 < site->halls.count; hall++)
    if (is_behind(site, hall, rows[0]) != is_behind(site, hall, rows[1]))
      ls_verify_add_product(&strands[site->row_count + hall], edge->link_count, edge->strand_count);
}

static void tray_name(const ls_record_site *site, int64_t tray, char name[LS_RECORD_ID_MAX])
{
  const int64_t gap = tray - site->row_count;
  if (gap >= 0)
    snprintf(name, LS_RECORD_ID_MAX, "%.31s-%.31s", site->halls.areas[gap].name,
             site->halls.areas[gap + 1].name);
  else
    snprintf(name, LS_RECORD_ID_MAX, "row%" PRId64, tray);
}

/* Each tray against the limit, the fullest against the claims: of several that are equally full any
 * may be named. */
static void compare_trays(const ls_record *record, const int64_t *strands, int64_t count,
                          ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  const ls_record_claims *claims = &record->claims;
  char name[LS_RECORD_ID_MAX], fullest[LS_RECORD_ID_MAX] = "";
  int64_t most = 0;
  for (int64_t i = 0; i < count; i++)
    if (strands[i] > most) most = strands[i];
  for (int64_t i = 0; i < count; i++) {
    tray_name(site, i, name);
    if (strands[i] == most && (fullest[0] == '\0' || strcmp(name, claims->tray_fullest) == 0))
      memcpy(fullest, name, sizeof fullest);
    if (site->tray_strands_max > 0 && strands[i] > site->tray_strands_max)
      ls_verify_compare(report, name, "tray_strands_max", site->tray_strands_max, strands[i]);
  }
  ls_verify_compare(report, "graph", "tray_strands", claims->tray_strands, most);
  if (strcmp(fullest, claims->tray_fullest) != 0)
    ls_verify_mismatch(report, "graph", "tray_fullest", claims->tray_fullest, fullest);
}

ls_status ls_verify_check_trays(const ls_record *record, ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  const int64_t count = site->row_count + (site->halls.count > 0 ? site->halls.count - 1 : 0);
  int64_t *strands = calloc((size_t)count + 1, sizeof *strands);
  if (strands == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++)
    if (record->edges[i].kind != LS_BUNDLE_CIRCUIT) lay_cord(record, &record->edges[i], strands);
  compare_trays(record, strands, count, report);
  free(strands);
  return LS_OK;
}
