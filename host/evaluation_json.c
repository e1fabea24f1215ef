#include "evaluation_json.h"

#include <string.h>

#include "../kernels/evaluate.h"
#include "design.h"
#include "design_read.h"
#include "domains.h"
#include "failures.h"
#include "ledger_text.h"
#include "names.h"
#include "problem_build.h"
#include "problem_supply.h"
#include "risk_report.h"
#include "structure_blocks.h"
#include "structure_workload.h"
#include "topology.h"
#include "trays.h"

/* Uniform traffic among count endpoints loads a cut around inside of them with the share that
 * crosses it. */
static double cut_share(double count, double inside)
{
  return count > inside ? (count - inside) / (count - 1) : 0;
}

double ls_evaluation_throughput_uniform(const ls_problem *problem, const ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const double count = (double)problem->endpoint_count / size->fabric_count;
  const double at_leaf = cut_share(count, size->down);
  const double up = size->up ? (double)size->up / size->down : 1;
  double value = at_leaf > 0 ? up / at_leaf : 1;
  if (ls_structure_has_graph(structure)) {
    const int64_t leaves = size->leaf_count / size->block_count;
    const double at_block = cut_share(count, (double)(leaves * size->down));
    const double hops = structure->block_hops_ppm / 1e6;
    if (up / (at_block * hops) < value) value = up / (at_block * hops);
  } else if (structure->peer_tier >= 0) { /* whole links of a pair of blocks alone */
    const int64_t others = size->block_count - 1, links = size->block_links;
    const int64_t leaves = size->leaf_count / size->block_count;
    const int64_t whole_links = links / others * others;
    const double whole = (double)whole_links / (double)links;
    const double at_block = cut_share(count, (double)(leaves * size->down));
    if (at_block > 0 && up * whole / at_block < value) value = up * whole / at_block;
  }
  if (size->fabric_count > 1) { /* all but one of the rails are reached through scale-up */
    const double relayed = 1 - 1.0 / size->fabric_count;
    const double low = structure->throughput_ppm_low / 1e6;
    if (low / relayed < value) value = low / relayed;
  }
  return value < 1 ? value : 1;
}

/* The share of the network that goes with one chassis or OCS, of those the largest. */
static double failure_share(const ls_evaluation *evaluation)
{
  int64_t share_ppm = evaluation->ocs_count ? ls_ceil_div(1000000, evaluation->ocs_count) : 0;
  for (int32_t tier = 0; tier < evaluation->structure->tier_count; tier++)
    share_ppm = ls_max(share_ppm, ls_chassis_share_ppm(evaluation->structure, tier));
  return (double)share_ppm / 1e6;
}

ls_json *ls_ledger_json(const ls_spec *spec, const ls_ledger_line *lines, int32_t count)
{
  ls_json *array = ls_json_array();
  char text[LS_FACTORS_MAX];
  for (int32_t i = 0; i < count; i++) {
    const ls_ledger_line *line = &lines[i];
    ls_json *object = ls_json_object();
    ls_json_set_text(object, "total", line->total);
    ls_json_set_text(object, "item", line->item);
    ls_json_set_int(object, "count", line->count);
    ls_json_set_int(object, "unit_value", line->unit_value);
    ls_json_set_int(object, "value", line->value);
    ls_json_set_text(object, "source", line->source);
    ls_json_set_text(object, "formula", ls_ledger_rule_name(line->rule));
    if (ls_ledger_factors(spec, line, text)) ls_json_set_text(object, "factors", text);
    ls_json_append(array, object);
  }
  return array;
}

const char *ls_evaluation_note(const ls_session *session, const ls_evaluation *evaluation)
{
  const ls_optic_row *nic = &session->problem->optics[evaluation->link[0].optic_a];
  return nic->module_gbps ? NULL : "co-packaged NIC optics are part of the NIC and not priced";
}

static ls_json *violations_json(const ls_evaluation *evaluation)
{
  ls_json *array = ls_json_array();
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (evaluation->violation_mask >> bit & 1) ls_json_append_text(array, ls_violation_name(bit));
  return array;
}

ls_json *ls_evaluation_json(const ls_session *session, const ls_evaluation *evaluation)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_int(object, "level", 1);
  ls_json_set(object, "design", ls_design_json(session, evaluation->rank));
  ls_json_set_bool(object, "feasible", !evaluation->violation_mask);
  ls_json_set(object, "violations", violations_json(evaluation));
  if (evaluation->unplaced[0] != '\0') ls_json_set_text(object, "unplaced", evaluation->unplaced);
  if (evaluation->year_available)
    ls_json_set_int(object, "year_available", evaluation->year_available);
  else
    ls_json_set_null(object, "year_available");
  if (evaluation->is_sized) {
    ls_design_counts_set(evaluation->structure, object);
    ls_json_set_int(object, "ocs_count", evaluation->ocs_count);
    ls_json_set_real(object, "largest_failure_share", failure_share(evaluation));
    ls_design_totals_set(&evaluation->totals, object);
    ls_json_set_real(object, "latency_ns_mean", (double)evaluation->totals.latency_ps_mean / 1000);
    ls_json_set_real(object, "throughput_uniform",
                     ls_evaluation_throughput_uniform(session->problem, evaluation->structure));
    ls_workload_set(session->spec, evaluation->structure, evaluation->totals.latency_ps_max,
                    object);
    ls_structure_set_blocks(session->spec, evaluation->structure, object);
    ls_failures_set(session->problem, evaluation, object);
    ls_risk_set(session, evaluation, object);
    ls_supply_set(session, evaluation, object);
    ls_json_set(object, "ledger",
                ls_ledger_json(session->spec, evaluation->lines, evaluation->line_count));
    if (ls_evaluation_note(session, evaluation))
      ls_json_set_text(object, "note", ls_evaluation_note(session, evaluation));
  }
  return object;
}

/* Which failure domains a design holds, and how full trays are, depends on where it stands. What
 * has no wiring or does not fit the floor has no places. */
static ls_status places_judge(const ls_session *session, ls_evaluation *evaluation, ls_error *error)
{
  ls_topology topology;
  ls_error why = {.line = 0};
  if (!evaluation->is_sized) return LS_OK;
  const ls_status status = ls_topology_create(session->problem, session->catalog, session->spec,
                                              evaluation->rank, &topology, &why);
  if (status == LS_ERR_NO) {
    ls_error_format(&why, evaluation->unplaced, sizeof evaluation->unplaced);
    return LS_OK;
  }
  if (status != LS_OK) {
    *error = why;
    return status;
  }
  memcpy(evaluation->totals.domains, topology.totals.domains, sizeof topology.totals.domains);
  if (ls_domains_over(session->problem, &topology.totals) < LS_FAILS_COUNT)
    evaluation->violation_mask |= LS_VIOLATES_DOMAIN;
  evaluation->totals.tray = topology.totals.tray;
  if (ls_trays_are_over(session->spec, &topology.totals))
    evaluation->violation_mask |= LS_VIOLATES_TRAY;
  ls_topology_destroy(&topology);
  return LS_OK;
}

ls_status ls_evaluation_find(const ls_session *session, uint64_t rank, ls_evaluation *evaluation,
                             ls_error *error)
{
  ls_evaluation_init(session->problem, session->catalog, rank, evaluation);
  return places_judge(session, evaluation, error);
}

/* One design needs no bounds of what its graph of blocks may be. */
static ls_status blocks_wire(ls_session *session, uint64_t rank, ls_error *error)
{
  const uint32_t index = ls_rank_structure(session->problem, rank);
  const ls_structure *structure = &session->problem->structures[index];
  ls_structure wired;
  if (structure->violation_mask || !ls_structure_has_graph(structure)) return LS_OK;
  const ls_status status = ls_structure_wire(session->spec, session->problem, structure, &wired);
  if (status != LS_OK)
    return ls_error_set(error, status, NULL, 0, NULL, "no memory for the graph of its blocks");
  ls_problem_wire(session->problem, index, &wired);
  return LS_OK;
}

ls_status ls_evaluation_open(const ls_arguments *arguments, const char *design_path,
                             ls_session *session, ls_evaluation *evaluation, ls_error *error)
{
  ls_design_file design;
  uint64_t rank = 0;
  ls_status status = ls_session_read(arguments, session, error);
  if (status == LS_OK) status = ls_design_read(design_path, &design, error);
  if (status == LS_OK) status = ls_design_narrow(&design, session->catalog, session->spec, error);
  if (status == LS_OK)
    status = ls_problem_create(session->catalog, session->spec, &session->problem, error);
  if (status == LS_OK)
    status = ls_design_rank(&design, session->catalog, session->problem, &rank, error);
  if (status == LS_OK) status = blocks_wire(session, rank, error);
  if (status != LS_OK) return status;
  return ls_evaluation_find(session, rank, evaluation, error);
}
