/* `lightspine evaluate`: one design at level 1, with all metrics and its ledger. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "commands.h"
#include "design.h"
#include "design_read.h"
#include "evaluation.h"
#include "names.h"
#include "problem_build.h"
#include "units.h"

/* Uniform traffic loads the uplinks of a leaf only with the share that leaves it. */
static double throughput_uniform(const ls_problem *problem, const ls_structure *structure)
{
  const ls_size *size = &structure->size;
  const double endpoints = problem->endpoint_count;
  const double inside = (double)ls_min(size->down, problem->endpoint_count);
  if (!size->up || endpoints <= inside) return 1;
  const int64_t others = size->leaf_count - 1;
  const int64_t up = structure->family == LS_OCS_SPINE ? size->up / others * others : size->up;
  const double share = (endpoints - inside) / (endpoints - 1);
  const double value = (double)up / size->down / share;
  return value < 1 ? value : 1;
}

static ls_json *ledger_json(const ls_evaluation *evaluation)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < evaluation->line_count; i++) {
    const ls_ledger_line *line = &evaluation->lines[i];
    ls_json *object = ls_json_object();
    ls_json_set_text(object, "total", line->total);
    ls_json_set_text(object, "item", line->item);
    ls_json_set_int(object, "count", line->count);
    ls_json_set_int(object, "unit_value", line->unit_value);
    ls_json_set_int(object, "value", line->value);
    ls_json_set_text(object, "source", line->source);
    ls_json_append(array, object);
  }
  return array;
}

/* What the totals leave out, or NULL. */
static const char *note_text(const ls_session *session, const ls_evaluation *evaluation)
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

static ls_status answer_json(const ls_session *session, const ls_evaluation *evaluation,
                             ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_int(object, "level", 1);
  ls_json_set(object, "design", ls_design_json(session, evaluation->rank));
  ls_json_set_bool(object, "feasible", !evaluation->violation_mask);
  ls_json_set(object, "violations", violations_json(evaluation));
  if (evaluation->year_available)
    ls_json_set_int(object, "year_available", evaluation->year_available);
  else
    ls_json_set_null(object, "year_available");
  if (evaluation->is_sized) {
    ls_design_counts_set(evaluation->structure, object);
    ls_json_set_int(object, "ocs_count", evaluation->ocs_count);
    ls_design_totals_set(session, &evaluation->totals, object);
    ls_json_set_null(object, "latency_ns_mean"); /* without placement pairs have no distance */
    ls_json_set_real(object, "throughput_uniform",
                     throughput_uniform(session->problem, evaluation->structure));
    ls_json_set(object, "ledger", ledger_json(evaluation));
    if (note_text(session, evaluation))
      ls_json_set_text(object, "note", note_text(session, evaluation));
  }
  return ls_json_write(object, stdout, error);
}

/* One line of the ledger in the unit of its total. */
static void line_print(const ls_ledger_line *line)
{
  const bool is_money = line->total[0] == 'c';
  char unit[LS_AMOUNT_MAX], value[LS_AMOUNT_MAX], count[LS_AMOUNT_MAX];
  printf("  %-16s %-34s %12s x %11s = %11s  %s\n", line->total, line->item,
         ls_count_text((uint64_t)line->count, count),
         is_money ? ls_money_text(line->unit_value, unit) : ls_power_text(line->unit_value, unit),
         is_money ? ls_money_text(line->value, value) : ls_power_text(line->value, value),
         line->source);
}

static void answer_text(const ls_session *session, const ls_evaluation *evaluation)
{
  const ls_structure *structure = evaluation->structure;
  const ls_totals *totals = &evaluation->totals;
  char money[LS_AMOUNT_MAX], power[LS_AMOUNT_MAX], optics[LS_AMOUNT_MAX], latency[LS_AMOUNT_MAX];
  char risk[LS_AMOUNT_MAX], modules[LS_AMOUNT_MAX], chassis[192];
  ls_design_chassis_text(session, structure, chassis);
  printf("%s: %s, %d plane%s, %s; level 1, without placement\n", session->spec->name,
         ls_family_name(structure->family, structure->is_rail), structure->planes,
         structure->planes == 1 ? "" : "s", chassis);
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (evaluation->violation_mask >> bit & 1)
      printf("  violates %s: %s\n", ls_violation_name(bit), ls_violation_meaning(bit));
  if (!evaluation->is_sized) return;
  printf("  %s, %s (optics %s), worst-case throughput %.3f, uniform %.3f, latency at least %s,\n"
         "  %s at risk, %s modules\n\nledger\n",
         ls_money_text(totals->capex_cents, money),
         ls_power_text(ls_totals_power_mw(totals), power),
         ls_power_text(totals->optics_power_mw, optics), totals->throughput_ppm_low / 1e6,
         throughput_uniform(session->problem, structure),
         ls_latency_text(totals->latency_ps_max, latency), ls_rate_text(totals->risk_bps, risk),
         ls_count_text((uint64_t)totals->module_count, modules));
  for (int32_t i = 0; i < evaluation->line_count; i++) line_print(&evaluation->lines[i]);
  if (note_text(session, evaluation)) printf("note: %s\n", note_text(session, evaluation));
}

ls_status ls_command_evaluate(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  ls_design_file design;
  ls_evaluation evaluation;
  uint64_t rank = 0;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SEARCH, 2,
                                       "a spec file and a design file", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_session_read(&arguments, &session, error);
  if (status == LS_OK) status = ls_design_read(arguments.positional[1], &design, error);
  if (status == LS_OK) status = ls_design_narrow(&design, session.catalog, session.spec, error);
  if (status == LS_OK)
    status = ls_problem_create(session.catalog, session.spec, &session.problem, error);
  if (status == LS_OK)
    status = ls_design_rank(&design, session.catalog, session.problem, &rank, error);
  if (status == LS_OK) {
    ls_evaluation_init(session.problem, session.catalog, rank, &evaluation);
    if (arguments.is_json)
      status = answer_json(&session, &evaluation, error);
    else
      answer_text(&session, &evaluation);
  }
  /* A design that cannot be is an answer, too, but a no. */
  if (status == LS_OK && evaluation.violation_mask) status = LS_ERR_NO;
  ls_session_close(&session);
  return status;
}
