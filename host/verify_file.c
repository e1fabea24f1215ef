/* The verifier as a whole: read by igraph (verify.c), compare (verify_checks.c, verify_links.c,
 * verify_units.c, verify_money.c, verify_supply.c, verify_latency.c, verify_throughput.c,
 * verify_domains.c, verify_trays.c, verify_prices.c), report. */
#include "verify_graph.h"

#include <stdlib.h>
#include <time.h>

static void fill_report(const ls_record *record, ls_verify_report *report)
{
  report->node_count = record->node_count;
  report->edge_count = record->edge_count;
  for (int32_t i = 0; i < record->node_count; i++)
    report->switch_count += ls_record_is_switch(&record->nodes[i]);
  for (int32_t i = 0; i < record->edge_count; i++)
    if (record->edges[i].kind != LS_BUNDLE_OCS_LEG)
      ls_verify_add_product(&report->link_count, record->edges[i].link_count, 1);
  report->diameter_hops = record->shape.diameter_hops;
  report->distance_mean_hops = record->shape.distance_mean_hops;
  report->articulation_count = record->shape.articulation_count;
  report->edge_connectivity = record->shape.edge_connectivity;
  report->is_connectivity_exact = record->shape.is_connectivity_exact;
}

static double seconds_now(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

ls_status ls_verify_file(const char *path, const ls_verify_options *options,
                         ls_verify_report *report, ls_error *error)
{
  const double start = seconds_now();
  const ls_verify_options wanted = options == NULL ? (ls_verify_options){NULL, false} : *options;
  ls_verify_report made = {0};
  ls_record *record = calloc(1, sizeof *record);
  ls_status status = record == NULL ? LS_ERR_MEMORY : LS_OK;
  if (status == LS_OK)
    status = ls_record_read(path, wanted.is_deep ? LS_RECORD_DEEP : LS_RECORD_SHAPE, record, error);
  if (status == LS_OK) status = ls_verify_check_graph(record, &made);
  if (status == LS_OK) ls_verify_check_faces(record, &made);
  if (status == LS_OK) status = ls_verify_check_links(record, &made);
  if (status == LS_OK) status = ls_verify_check_units(record, &made);
  if (status == LS_OK) status = ls_verify_check_money(record, &made);
  if (status == LS_OK) ls_verify_check_supply(record, &made);
  if (status == LS_OK) status = ls_verify_check_latency(record, &made);
  if (status == LS_OK) status = ls_verify_check_throughput(record, &made);
  if (status == LS_OK) status = ls_verify_check_domains(record, &made);
  if (status == LS_OK) status = ls_verify_check_trays(record, &made);
  if (status == LS_ERR_MEMORY)
    ls_error_set(error, status, path, 0, NULL, "not enough memory to verify");
  if (status == LS_OK && wanted.catalog_path != NULL) {
    status = ls_verify_check_prices(record, wanted.catalog_path, &made, error);
    made.are_prices_checked = status == LS_OK;
  }
  if (status == LS_OK) {
    fill_report(record, &made);
    made.is_ok = made.mismatch_count == 0;
    made.seconds = seconds_now() - start;
    *report = made;
  }
  if (record != NULL) ls_record_destroy(record);
  free(record);
  return status == LS_OK && !made.is_ok ? LS_ERR_NO : status;
}
