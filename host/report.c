#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "design.h"
#include "differences.h"
#include "names.h"
#include "progress.h"
#include "result_text.h"
#include "structure_blocks.h"
#include "structure_workload.h"
#include "trays.h"
#include "units.h"

void ls_report_progress(const ls_session *session, const ls_sweep_result *sweep)
{
  const double seconds = sweep->seconds > 0 ? sweep->seconds : 1e-9;
  const bool is_cpu = sweep->backend == &ls_backend_cpu;
  char space[LS_AMOUNT_MAX], evaluated[LS_AMOUNT_MAX];
  const uint64_t settled =
      sweep->stats.is_merged ? session->problem->space_size : sweep->stats.evaluated_count;
  ls_progress_note(session->progress,
                   "%s: %s designs, %s of them evaluated%s in %.3f s, %.1f million designs/s "
                   "(%s%s%s, %d thread%s)",
                   session->spec->name, ls_count_text(session->problem->space_size, space),
                   ls_count_text(sweep->stats.evaluated_count, evaluated),
                   sweep->stats.is_merged ? ", the others merged" : "", sweep->seconds,
                   1e-6 * (double)settled / seconds, sweep->backend->name, is_cpu ? " " : "",
                   is_cpu ? ls_backend_cpu_isa() : "", session->thread_count,
                   session->thread_count == 1 ? "" : "s");
  if (session->backend_note[0] && is_cpu)
    ls_progress_note(session->progress, "the CPU does the work: %s", session->backend_note);
}

/* ---- Picks ---- */

/* Prints the differences of one sign; returns how many. */
static int32_t differences_print(const ls_score *pick, const ls_score *baseline, int sign,
                                 const char *verb)
{
  ls_difference found[LS_METRIC_COUNT];
  char text[LS_DIFFERENCE_TEXT_MAX];
  const int32_t count = ls_differences_find(pick, baseline, sign, found);
  for (int32_t i = 0; i < count; i++)
    printf("%s %s", i ? "," : verb, ls_difference_text(&found[i], text));
  return count;
}

static void comparison_print(const ls_spec *spec, const ls_named *pick, const ls_named *baseline)
{
  const int64_t gpus = ls_gpus_gained(&pick->result.score, &baseline->result.score,
                                      spec->economics.gpu_power_mw, spec->cluster.gpu_count);
  printf("      against %s:", baseline->name);
  if (ls_result_is_same(&pick->result, &baseline->result)) {
    printf(" the same design\n");
    return;
  }
  const int32_t saves =
      differences_print(&pick->result.score, &baseline->result.score, 1, " saves");
  const int32_t costs = differences_print(&pick->result.score, &baseline->result.score, -1,
                                          saves ? "; costs" : " costs");
  printf("%s", saves + costs ? "" : " as good");
  if (gpus > 0)
    printf("; the power it saves runs %" PRId64 " GPU%s more", gpus, gpus == 1 ? "" : "s");
  printf("\n");
}

static void metrics_print(const ls_result *result)
{
  const ls_totals *totals = &result->totals;
  char money[LS_AMOUNT_MAX], power[LS_AMOUNT_MAX], optics[LS_AMOUNT_MAX], latency[LS_AMOUNT_MAX];
  char risk[LS_AMOUNT_MAX], modules[LS_AMOUNT_MAX], engines[LS_AMOUNT_MAX];
  printf("      %s, %s (optics %s), worst-case throughput %.3f of the NIC rate, latency %s,\n"
         "      %s at risk, %s modules, %s engines\n",
         ls_money_text(totals->capex_cents, money),
         ls_power_text(ls_totals_power_mw(totals), power),
         ls_power_text(totals->optics_power_mw, optics), totals->throughput_ppm_low / 1e6,
         ls_latency_text(totals->latency_ps_max, latency), ls_rate_text(totals->risk_bps, risk),
         ls_count_text((uint64_t)totals->module_count, modules),
         ls_count_text((uint64_t)totals->engine_count, engines));
}

/* The cords at these places and at the policy's, and what no places get them below. */
static void cords_print(const ls_totals *totals)
{
  const ls_cords *cords = &totals->cords;
  char money[LS_AMOUNT_MAX], policy[LS_AMOUNT_MAX], bound[LS_AMOUNT_MAX];
  if (!cords->policy_cents) return;
  printf(
      "      cords %s, %.1f km of fiber, the longest %.1f m; by the policy's places %s, %.1f km,\n"
      "      %.1f m; at no places below %s, %.1f %% less\n",
      ls_money_text(cords->cents, money), (double)totals->fiber_mm / 1e6,
      (double)cords->mm_max / 1000, ls_money_text(cords->policy_cents, policy),
      (double)cords->policy_fiber_mm / 1e6, (double)cords->policy_mm_max / 1000,
      ls_money_text(cords->bound_cents, bound),
      100 * (double)(cords->cents - cords->bound_cents) / (double)cords->cents);
}

static void tray_print(const ls_spec *spec, const ls_totals *totals)
{
  char text[128];
  ls_trays_sentence(spec, totals, text);
  printf("      %s\n", text);
}

static void verdict_print(const ls_verify_report *report)
{
  printf("      verified: %d switch%s", report->switch_count,
         report->switch_count == 1 ? "" : "es");
  if (report->edge_connectivity >= 0)
    printf(", diameter %d, edge connectivity %s%" PRId64 ", %d articulation point%s",
           report->diameter_hops, report->is_connectivity_exact ? "" : "at most ",
           report->edge_connectivity, report->articulation_count,
           report->articulation_count == 1 ? "" : "s");
  else
    printf(", one a plane");
  printf("\n");
}

static void routed_print(const ls_throughput *routed)
{
  const double parts = 1e3;
  printf("      routed: all-to-all %.3f to %.3f of the NIC rate (ECMP %.3f), worst traffic %.3f to "
         "%.3f\n",
         ls_throughput_down(routed->all_to_all_low, parts),
         ls_throughput_up(routed->all_to_all_high, parts), routed->ecmp,
         ls_throughput_down(routed->worst_low, parts), ls_throughput_up(routed->worst_high, parts));
}

static void reason_print(const ls_reason *reason)
{
  if (reason->text[0]) printf("      why: %s\n", reason->text);
}

static void named_print(const ls_session *session, const ls_answer *answer, int32_t index,
                        const ls_verdicts *verdicts)
{
  const ls_named *named = &answer->named[index];
  uint16_t link[LS_TIER_MAX];
  char chassis[LS_RESULT_TEXT_MAX], optics[LS_RESULT_TEXT_MAX];
  const ls_structure *structure =
      &session->problem->structures[ls_rank_decode(session->problem, named->result.rank, link)];
  ls_result_chassis_text(session, &named->result, chassis);
  ls_result_optics_text(session, &named->result, optics);
  printf("  %-13s %s\n", named->name, named->meaning);
  printf("      rank %" PRIu64 ": %s, %d plane%s, oversubscription %d:%d, %s\n", named->result.rank,
         ls_family_name(structure->family, structure->is_rail), structure->planes,
         structure->planes == 1 ? "" : "s", structure->oversubscription_num,
         structure->oversubscription_den, chassis);
  printf("      optics %s\n", optics);
  metrics_print(&named->result);
  ls_result_print_saved(&named->result);
  cords_print(&named->result.totals);
  tray_print(session->spec, &named->result.totals);
  ls_structure_print_blocks(session->spec, structure, "      ");
  ls_workload_print(session->spec, structure, named->result.totals.latency_ps_max, "      ");
  verdict_print(&verdicts->report[index]);
  if (verdicts->is_routed[index]) routed_print(&verdicts->routed[index]);
  if (named->is_baseline) return;
  reason_print(&answer->reason[index]);
  for (int32_t i = answer->pick_count; i < answer->named_count; i++)
    comparison_print(session->spec, named, &answer->named[i]);
}

static void names_print(const ls_session *session, const ls_answer *answer,
                        const ls_verdicts *verdicts)
{
  printf("Picks%s\n", answer->is_stopped ? " out of what was found; the search was stopped"
                      : answer->level2.is_settled
                          ? ""
                          : " out of the designs built; the limits ended the search");
  for (int32_t i = 0; i < answer->named_count; i++) {
    if (i == answer->pick_count) printf("\nBaselines\n");
    const int32_t first = ls_answer_first(answer, i);
    if (first == i) {
      named_print(session, answer, i, verdicts);
      continue;
    }
    printf("  %-13s %s: the same design as %s\n", answer->named[i].name, answer->named[i].meaning,
           answer->named[first].name);
    reason_print(&answer->reason[i]);
  }
  for (int32_t i = 0; i < answer->absent_count; i++)
    printf("  %-13s none: no design of this space is\n", answer->absent[i]);
}

/* ---- Table ---- */

static int by_capex(const void *a, const void *b)
{
  const ls_result *x = a, *y = b;
  if (x->totals.capex_cents != y->totals.capex_cents)
    return x->totals.capex_cents < y->totals.capex_cents ? -1 : 1;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

static void table_row(const ls_session *session, const ls_result *result)
{
  const ls_problem *problem = session->problem;
  const ls_totals *totals = &result->totals;
  uint16_t link[LS_TIER_MAX];
  char chassis[LS_RESULT_TEXT_MAX], optics[LS_RESULT_TEXT_MAX], switches[48], ratio[16];
  char money[LS_AMOUNT_MAX], power[LS_AMOUNT_MAX], risk[LS_AMOUNT_MAX], latency[LS_AMOUNT_MAX];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, result->rank, link)];
  const ls_size *size = &structure->size;
  const int32_t planes = structure->planes;
  ls_result_chassis_text(session, result, chassis);
  ls_result_optics_text(session, result, optics);
  snprintf(ratio, sizeof ratio, "%d:%d", structure->oversubscription_num,
           structure->oversubscription_den);
  snprintf(switches, sizeof switches, "%" PRId64 "+%" PRId64 "+%" PRId64, size->leaf_count * planes,
           size->spine_count * planes, size->core_count * planes);
  printf("%9" PRIu64 "  %-10s %2d %5s %14s %4d %10s %9s %6.3f %8s %10s  %s; %s\n", result->rank,
         ls_family_name(structure->family, structure->is_rail), planes, ratio, switches,
         ls_design_ocs_count(problem, result->rank), ls_money_text(totals->capex_cents, money),
         ls_power_text(ls_totals_power_mw(totals), power), totals->throughput_ppm_low / 1e6,
         ls_latency_text(totals->latency_ps_max, latency), ls_rate_text(totals->risk_bps, risk),
         chassis, optics);
}

static void table_print(const ls_session *session, const ls_answer *answer)
{
  ls_result *sorted = malloc((size_t)answer->level2.front_count * sizeof *sorted);
  if (!sorted) return;
  for (int32_t i = 0; i < answer->level2.front_count; i++) sorted[i] = answer->level2.front[i];
  qsort(sorted, (size_t)answer->level2.front_count, sizeof *sorted, by_capex);
  printf(
      "\nThe front, cheapest first. Switches: leaves + spines + cores; optics per tier of links:\n"
      "access | leaf-spine or leaf-leaf through OCS | spine-core; fiber in [] unless %s\n",
      session->catalog->fibers[0].id);
  printf("%9s  %-10s %2s %5s %14s %4s %10s %9s %6s %8s %10s  %s\n", "rank", "family", "pl", "over",
         "switches", "OCS", "capex", "power", "thru", "latency", "at risk", "chassis; optics");
  for (int32_t i = 0; i < answer->level2.front_count; i++) table_row(session, &sorted[i]);
  free(sorted);
}

static void built_print(const ls_level2 *found)
{
  printf("level 2: %d built in %d rounds%s, %d hold on the floor, %d of all cost less mixed, %d on "
         "the final front\n",
         found->built_count, found->round_count, found->is_settled ? "" : " (ended early)",
         found->feasible_count, found->mixed_count, found->front_count);
  ls_report_built_violations(found, stdout);
}

void ls_report_built_violations(const ls_level2 *found, FILE *stream)
{
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
    if (found->violation_count[bit])
      fprintf(stream, "         %d fail %s: %s\n", found->violation_count[bit],
              ls_violation_name(bit), ls_violation_meaning(bit));
  if (found->domain_violation[0] != '\0')
    fprintf(stream, "         of the first of these, %s\n", found->domain_violation);
  if (found->tray_violation[0] != '\0')
    fprintf(stream, "         of the first with full trays, %s\n", found->tray_violation);
  if (found->dropped_count)
    fprintf(stream,
            "         %d sizings were given up with the first of their designs that failed here; "
            "another of theirs may hold\n",
            found->dropped_count);
}

/* Last, where a long front has scrolled them away: which designs the picks are. */
static void picks_recall(const ls_answer *answer)
{
  printf("picks:");
  for (int32_t i = 0; i < answer->pick_count; i++) {
    if (ls_answer_first(answer, i) != i) continue;
    printf("%s %s", i ? ";" : "", answer->named[i].name);
    for (int32_t other = i + 1; other < answer->pick_count; other++)
      if (ls_answer_first(answer, other) == i) printf(", %s", answer->named[other].name);
    printf(" rank %" PRIu64, answer->named[i].result.rank);
  }
  printf("\n");
}

void ls_report_print(const ls_session *session, const ls_answer *answer,
                     const ls_verdicts *verdicts, const char *folder)
{
  char count[LS_AMOUNT_MAX];
  const ls_level2 *found = &answer->level2;
  names_print(session, answer, verdicts);
  table_print(session, answer);
  printf("\nlevel 1: exact front of %d, sha256 %.16s\n", found->sweep.front_count,
         found->sweep.sha256);
  built_print(found);
  printf("proof: unbuilt designs not proved to be dominated by a built one: %s\n",
         answer->is_stopped ? "not counted" : ls_count_text(answer->unproved_count, count));
  printf("files: %s/ (GraphML, cable schedule and bill of materials of each pick and baseline; "
         "pareto.csv, pareto.json, manifest.json)\n",
         folder);
  picks_recall(answer);
  printf("to look at in a browser: %s/report.html\n", folder);
}
