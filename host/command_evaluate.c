/* `lightspine evaluate`: one design at level 1, with all metrics and its ledger. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "commands.h"
#include "design.h"
#include "domains.h"
#include "evaluation_json.h"
#include "ledger_text.h"
#include "names.h"
#include "structure_blocks.h"
#include "structure_workload.h"
#include "trays.h"
#include "units.h"

/* One line of the ledger in the unit of its total, and what it follows from where it is not count
 * times unit value. */
static void line_print(const ls_spec *spec, const ls_ledger_line *line)
{
  typedef const char *(*amount_text)(int64_t amount, char text[LS_AMOUNT_MAX]);
  const bool is_power = strstr(line->total, "power") != NULL;
  const bool is_hours = strstr(line->total, "hours") != NULL;
  const amount_text text = is_power ? ls_power_text : is_hours ? ls_hours_text : ls_money_text;
  char unit[LS_AMOUNT_MAX], value[LS_AMOUNT_MAX], count[LS_AMOUNT_MAX], factors[LS_FACTORS_MAX];
  printf("  %-23s %-40s %12s x %11s = %11s  %s, %s\n", line->total, line->item,
         ls_count_text((uint64_t)line->count, count), text(line->unit_value, unit),
         text(line->value, value), ls_ledger_rule_name(line->rule), line->source);
  if (ls_ledger_factors(spec, line, factors)) printf("%26s  %s\n", "", factors);
}

/* The worst instance of each failure domain, the fullest tray, and which domain takes too much. */
static void domains_print(const ls_session *session, const ls_totals *totals)
{
  const ls_failure_domain over = ls_domains_over(session->problem, totals);
  char text[128];
  for (int32_t i = 0; i < LS_FAILS_COUNT; i++)
    if (totals->domains[i].name[0] != '\0')
      printf("  %s %s takes %.1f %% of the network, %.1f %% of what GPUs outside it have\n",
             ls_domain_names[i], totals->domains[i].name,
             (double)totals->domains[i].share_ppm / 1e4, (double)totals->domains[i].rest_ppm / 1e4);
  if (totals->tray.name[0] != '\0') {
    ls_trays_sentence(session->spec, totals, text);
    printf("  %s\n", text);
  }
  if (over == LS_FAILS_COUNT) return;
  ls_domains_sentence(session->problem, totals, over, text);
  printf("  too much: %s\n", text);
}

static void answer_text(const ls_session *session, const ls_evaluation *evaluation)
{
  const ls_structure *structure = evaluation->structure;
  const ls_totals *totals = &evaluation->totals;
  char money[LS_AMOUNT_MAX], power[LS_AMOUNT_MAX], optics[LS_AMOUNT_MAX], latency[LS_AMOUNT_MAX];
  char risk[LS_AMOUNT_MAX], modules[LS_AMOUNT_MAX], chassis[192], tco[LS_AMOUNT_MAX];
  char lost[LS_AMOUNT_MAX], hour[LS_AMOUNT_MAX], mean[LS_AMOUNT_MAX];
  ls_design_chassis_text(session, structure, chassis);
  printf("%s: %s, %d plane%s, %s; level 1, without placement\n", session->spec->name,
         ls_family_name(structure->family, structure->is_rail), structure->planes,
         structure->planes == 1 ? "" : "s", chassis);
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (evaluation->violation_mask >> bit & 1)
      printf("  violates %s: %s\n", ls_violation_name(bit), ls_violation_meaning(bit));
  if (!evaluation->is_sized) return;
  if (evaluation->unplaced[0] != '\0') printf("  no place: %s\n", evaluation->unplaced);
  printf("  %s, %s (optics %s), worst-case throughput %.3f, uniform %.3f,\n"
         "  latency at least %s, mean at least %s, %s at risk, %s modules\n",
         ls_money_text(totals->capex_cents, money),
         ls_power_text(ls_totals_power_mw(totals), power),
         ls_power_text(totals->optics_power_mw, optics), totals->throughput_ppm_low / 1e6,
         ls_evaluation_throughput_uniform(session->problem, structure),
         ls_latency_text(totals->latency_ps_max, latency),
         ls_latency_text(totals->latency_ps_mean, mean), ls_rate_text(totals->risk_bps, risk),
         ls_count_text((uint64_t)totals->module_count, modules));
  printf("  over the years %s, %s of GPUs lost a year, %s per effective GPU-hour\n",
         ls_money_text(totals->tco_cents, tco), ls_hours_text(totals->lost_mgpuh, lost),
         ls_micro_usd_text(totals->gpu_hour_micro_usd, hour));
  ls_structure_print_blocks(session->spec, structure, "  ");
  ls_workload_print(session->spec, structure, totals->latency_ps_max, "  ");
  domains_print(session, totals);
  printf("\nledger\n");
  for (int32_t i = 0; i < evaluation->line_count; i++)
    line_print(session->spec, &evaluation->lines[i]);
  if (ls_evaluation_note(session, evaluation))
    printf("note: %s\n", ls_evaluation_note(session, evaluation));
}

ls_status ls_command_evaluate(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  ls_evaluation evaluation;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SPEC, 2,
                                       "a spec file and a design file", &arguments, error);
  if (status != LS_OK) return status;
  status = ls_evaluation_open(&arguments, arguments.positional[1], &session, &evaluation, error);
  if (status == LS_OK && arguments.is_json)
    status = ls_json_write(ls_evaluation_json(&session, &evaluation), stdout, error);
  else if (status == LS_OK)
    answer_text(&session, &evaluation);
  /* A design that cannot be is an answer, too, but a no. */
  if (status == LS_OK && evaluation.violation_mask) status = LS_ERR_NO;
  ls_session_close(&session);
  return status;
}
