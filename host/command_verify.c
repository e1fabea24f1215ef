/* `lightspine verify FILE.graphml`: the independent check of an exported design. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "files.h"
#include "json.h"
#include "verify.h"

static ls_status answer_json(const ls_arguments *wanted, const ls_verify_report *report,
                             ls_error *error)
{
  ls_json *object = ls_json_object(), *mismatches = ls_json_array();
  const int32_t kept =
      report->mismatch_count < LS_MISMATCH_MAX ? report->mismatch_count : LS_MISMATCH_MAX;
  ls_json_set_text(object, "file", wanted->positional[0]);
  ls_json_set_bool(object, "ok", report->is_ok);
  ls_json_set_int(object, "mismatch_count", report->mismatch_count);
  for (int32_t i = 0; i < kept; i++) {
    ls_json *mismatch = ls_json_object();
    ls_json_set_text(mismatch, "where", report->mismatches[i].where);
    ls_json_set_text(mismatch, "what", report->mismatches[i].what);
    ls_json_set_text(mismatch, "claimed", report->mismatches[i].claimed);
    ls_json_set_text(mismatch, "found", report->mismatches[i].found);
    ls_json_append(mismatches, mismatch);
  }
  ls_json_set(object, "mismatches", mismatches);
  ls_json_set_bool(object, "prices_checked", report->are_prices_checked);
  ls_json_set_int(object, "node_count", report->node_count);
  ls_json_set_int(object, "edge_count", report->edge_count);
  ls_json_set_int(object, "switch_count", report->switch_count);
  ls_json_set_int(object, "link_count", report->link_count);
  if (report->diameter_hops < 0)
    ls_json_set_null(object, "diameter_hops");
  else
    ls_json_set_int(object, "diameter_hops", report->diameter_hops);
  ls_json_set_real(object, "distance_mean_hops", report->distance_mean_hops);
  ls_json_set_int(object, "articulation_count", report->articulation_count);
  if (report->edge_connectivity < 0)
    ls_json_set_null(object, "edge_connectivity");
  else
    ls_json_set_int(object, "edge_connectivity", report->edge_connectivity);
  ls_json_set_bool(object, "connectivity_exact", report->is_connectivity_exact);
  ls_json_set_real(object, "seconds", report->seconds);
  return ls_json_write(object, stdout, error);
}

static void print_shape(const ls_verify_report *report)
{
  printf("  nodes                 %" PRId32 ", of them %" PRId32 " switches\n", report->node_count,
         report->switch_count);
  printf("  bundles               %" PRId32 ", %" PRId64 " links\n", report->edge_count,
         report->link_count);
  if (report->diameter_hops < 0)
    printf("  diameter              none: a plane is not connected\n");
  else
    printf("  diameter              %" PRId32 " links between leaves, %.4f on average\n",
           report->diameter_hops, report->distance_mean_hops);
  printf("  articulation points   %" PRId32 " switches\n", report->articulation_count);
  if (report->edge_connectivity < 0)
    printf("  edge connectivity     none: one switch a plane\n");
  else
    printf("  edge connectivity     %" PRId64 " links%s\n", report->edge_connectivity,
           report->is_connectivity_exact ? ""
                                         : ", of cuts around one switch alone (--deep for all)");
}

static ls_status answer_text(const ls_arguments *wanted, const ls_verify_report *report,
                             ls_error *error)
{
  const int32_t kept =
      report->mismatch_count < LS_MISMATCH_MAX ? report->mismatch_count : LS_MISMATCH_MAX;
  printf("%s\n", wanted->positional[0]);
  print_shape(report);
  printf("  prices                %s\n", report->are_prices_checked
                                             ? "checked against the catalog"
                                             : "those of the file, no --catalog given");
  for (int32_t i = 0; i < kept; i++) {
    const ls_mismatch *mismatch = &report->mismatches[i];
    printf("  MISMATCH %s: %s claimed %s, found %s\n", mismatch->where, mismatch->what,
           mismatch->claimed[0] ? mismatch->claimed : "nothing",
           mismatch->found[0] ? mismatch->found : "nothing");
  }
  if (report->mismatch_count > kept)
    printf("  and %" PRId32 " more\n", report->mismatch_count - kept);
  if (report->is_ok)
    printf("ok: every claim follows from the graph (%.2f s)\n", report->seconds);
  else
    printf("not ok: %" PRId32 " mismatch%s (%.2f s)\n", report->mismatch_count,
           report->mismatch_count == 1 ? "" : "es", report->seconds);
  return ls_stdout_flush(error);
}

ls_status ls_command_verify(int argc, char **argv, ls_error *error)
{
  ls_arguments wanted;
  ls_verify_report report;
  ls_status status =
      ls_arguments_read(argc, argv, LS_ARGUMENTS_VERIFY, 1, "one GraphML file", &wanted, error);
  if (status != LS_OK) return status;
  const ls_verify_options options = {wanted.catalog_path, wanted.is_deep};
  status = ls_verify_file(wanted.positional[0], &options, &report, error);
  if (status != LS_OK && status != LS_ERR_NO) return status;
  const ls_status told =
      wanted.is_json ? answer_json(&wanted, &report, error) : answer_text(&wanted, &report, error);
  return told == LS_OK ? status : told;
}
