#include "report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "design.h"
#include "names.h"

/* 2935572 as "2,935,572"; text has 32 bytes. */
static const char *grouped(uint64_t number, char text[32])
{
  char digits[32];
  const int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
  int out = 0;
  for (int i = 0; i < length; i++) {
    if (i && (length - i) % 3 == 0) text[out++] = ',';
    text[out++] = digits[i];
  }
  text[out] = '\0';
  return text;
}

void ls_report_progress(const ls_session *session, const ls_answer *answer)
{
  const ls_sweep_result *sweep = &answer->level2.sweep;
  const double seconds = sweep->seconds > 0 ? sweep->seconds : 1e-9;
  char space[32], evaluated[32];
  fprintf(stderr,
          "%s: %s designs, %s of them evaluated in %.2f s, %.1f million designs/s "
          "(%s%s%s, %d thread%s)\n",
          session->spec->name, grouped(session->problem->space_size, space),
          grouped(sweep->stats.evaluated_count, evaluated), sweep->seconds,
          1e-6 * (double)sweep->stats.evaluated_count / seconds, sweep->backend->name,
          sweep->backend == &ls_backend_cpu ? " " : "",
          sweep->backend == &ls_backend_cpu ? ls_backend_cpu_isa() : "", session->thread_count,
          session->thread_count == 1 ? "" : "s");
  if (session->backend_note[0] && sweep->backend == &ls_backend_cpu)
    fprintf(stderr, "the CPU does the work: %s\n", session->backend_note);
}

/* ---- Picks ---- */

/* One clause such as "saves $1.20 M (4.1 %)"; nothing when alike. */
typedef struct difference {
  const char *unit;
  double scale;
  int decimals;
  int32_t metric;
} difference;

static const difference differences[] = {{"M$", 1e8, 2, LS_METRIC_CAPEX},
                                         {"kW", 1e6, 1, LS_METRIC_POWER},
                                         {"throughput", 1e6, 3, LS_METRIC_LOSS},
                                         {"ns", 1e3, 0, LS_METRIC_LATENCY},
                                         {"Gb/s at risk", 1e9, 1, LS_METRIC_RISK}};

enum { DIFFERENCE_COUNT = sizeof differences / sizeof *differences };

/* Prints the differences of one sign; returns how many. */
static int differences_print(const ls_score *pick, const ls_score *baseline, int sign,
                             const char *verb)
{
  int count = 0;
  for (int i = 0; i < DIFFERENCE_COUNT; i++) {
    const difference *row = &differences[i];
    const int64_t before = baseline->metric[row->metric];
    const int64_t saved = sign * (before - pick->metric[row->metric]);
    const double shown = (double)saved / row->scale;
    if (shown < 0.5 * pow(10, -row->decimals)) continue;
    printf("%s %.*f %s", count++ ? "," : verb, row->decimals, shown, row->unit);
    if (row->metric != LS_METRIC_LOSS && before)
      printf(" (%.1f %%)", 100 * (double)saved / (double)before);
  }
  return count;
}

static void comparison_print(const ls_named *pick, const ls_named *baseline)
{
  printf("      against %s:", baseline->name);
  const int saves = differences_print(&pick->result.score, &baseline->result.score, 1, " saves");
  if (saves) printf(";");
  const int costs = differences_print(&pick->result.score, &baseline->result.score, -1, " costs");
  printf("%s\n", saves + costs ? "" : " the same");
}

static void metrics_print(const ls_result *result)
{
  const ls_totals *totals = &result->totals;
  const int64_t power_mw = totals->optics_power_mw + totals->switch_power_mw + totals->ocs_power_mw;
  printf("      %.2f M$, %.1f kW (optics %.1f), throughput %.3f, latency %.0f ns, "
         "%.1f Gb/s at risk, %" PRId64 " modules, %" PRId64 " engines\n",
         (double)totals->capex_cents / 1e8, (double)power_mw / 1e6,
         (double)totals->optics_power_mw / 1e6, totals->throughput_ppm_low / 1e6,
         (double)totals->latency_ps_max / 1e3, (double)totals->risk_bps / 1e9, totals->module_count,
         totals->engine_count);
}

/* The first named design that is the same as this one, or itself. */
static int32_t same_as(const ls_answer *answer, int32_t index)
{
  int32_t first = 0;
  while (answer->named[first].result.rank != answer->named[index].result.rank) first++;
  return first;
}

static void verdict_print(const ls_verify_report *report)
{
  printf("      verified: %d switch%s", report->switch_count,
         report->switch_count == 1 ? "" : "es");
  if (report->switch_count > 1)
    printf(", diameter %d, edge connectivity %s%" PRId64 ", %d articulation points",
           report->diameter_hops, report->is_connectivity_exact ? "" : "at most ",
           report->edge_connectivity, report->articulation_count);
  printf("\n");
}

static void named_print(const ls_session *session, const ls_answer *answer, const ls_named *named,
                        const ls_verify_report *report)
{
  uint16_t link[LS_TIER_MAX];
  char chassis[128], optics[256];
  const ls_structure *structure =
      &session->problem->structures[ls_rank_decode(session->problem, named->result.rank, link)];
  ls_design_chassis_text(session, structure, chassis);
  ls_design_optics_text(session, structure, link, optics);
  printf("  %-13s %s\n", named->name, named->meaning);
  printf("      %s, %d plane%s, oversubscription %d:%d, %s%s%s\n",
         ls_family_name(structure->family, structure->is_rail), structure->planes,
         structure->planes == 1 ? "" : "s", structure->oversubscription_num,
         structure->oversubscription_den, chassis, structure->ocs_index < 0 ? "" : ", OCS ",
         structure->ocs_index < 0 ? "" : session->catalog->ocs[structure->ocs_index].id);
  printf("      optics %s\n", optics);
  metrics_print(&named->result);
  verdict_print(report);
  if (named->is_baseline) return;
  for (int32_t i = answer->pick_count; i < answer->named_count; i++)
    comparison_print(named, &answer->named[i]);
}

/* ---- Table ---- */

static int by_capex(const void *a, const void *b)
{
  const ls_result *x = a, *y = b;
  if (x->totals.capex_cents != y->totals.capex_cents)
    return x->totals.capex_cents < y->totals.capex_cents ? -1 : 1;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

static void table_row(const ls_session *session, int32_t place, const ls_result *result)
{
  const ls_problem *problem = session->problem;
  const ls_totals *totals = &result->totals;
  uint16_t link[LS_TIER_MAX];
  ls_tier_row row;
  char optics[256], switches[48];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, result->rank, link)];
  const ls_size *size = &structure->size;
  const int32_t planes = structure->planes;
  ls_tier_row_compute(problem, structure, LS_TIER_SPINE, &problem->links[link[LS_TIER_SPINE]],
                      &row);
  ls_design_optics_text(session, structure, link, optics);
  snprintf(switches, sizeof switches, "%" PRId64 "+%" PRId64 "+%" PRId64, size->leaf_count * planes,
           size->spine_count * planes, size->core_count * planes);
  printf("%4d  %-10s %2d %14s %4d %8.2f %8.1f %6.3f %7.0f %8.1f  %s\n", place,
         ls_family_name(structure->family, structure->is_rail), planes, switches, row.ocs_count,
         (double)totals->capex_cents / 1e8,
         (double)(totals->optics_power_mw + totals->switch_power_mw + totals->ocs_power_mw) / 1e6,
         totals->throughput_ppm_low / 1e6, (double)totals->latency_ps_max / 1e3,
         (double)totals->risk_bps / 1e9, optics);
}

static void table_print(const ls_session *session, const ls_answer *answer)
{
  ls_result *sorted = malloc((size_t)answer->level2.front_count * sizeof *sorted);
  if (!sorted) return;
  for (int32_t i = 0; i < answer->level2.front_count; i++) sorted[i] = answer->level2.front[i];
  qsort(sorted, (size_t)answer->level2.front_count, sizeof *sorted, by_capex);
  printf("\n%4s  %-10s %2s %14s %4s %8s %8s %6s %7s %8s  %s\n", "rank", "family", "pl",
         "switches l+s+c", "OCS", "capex M$", "power kW", "thru", "lat ns", "risk Gb",
         "optics per tier: access | leaf-spine | spine-core");
  for (int32_t i = 0; i < answer->level2.front_count; i++) table_row(session, i + 1, &sorted[i]);
  free(sorted);
}

void ls_report_print(const ls_session *session, const ls_answer *answer,
                     const ls_verdicts *verdicts, const char *folder)
{
  char count[32];
  printf("Picks\n");
  for (int32_t i = 0; i < answer->named_count; i++) {
    if (i == answer->pick_count) printf("\nBaselines\n");
    if (same_as(answer, i) < i) {
      printf("  %-13s %s: the same design as %s\n", answer->named[i].name, answer->named[i].meaning,
             answer->named[same_as(answer, i)].name);
      continue;
    }
    named_print(session, answer, &answer->named[i], &verdicts->report[i]);
  }
  table_print(session, answer);
  const ls_level2 *found = &answer->level2;
  printf("\nlevel 1: exact front of %d, sha256 %.16s\n"
         "level 2: %d built in %d rounds%s, %d hold on the floor, %d on the final front\n"
         "proof: unbuilt designs not proved to be dominated by a built one: %s\n",
         found->sweep.front_count, found->sweep.sha256, found->built_count, found->round_count,
         found->is_settled ? "" : " (ended by the limit on builds)", found->feasible_count,
         found->front_count, grouped(answer->unproved_count, count));
  printf("files: %s/ (GraphML, cable schedule and bill of materials of each pick and baseline; "
         "pareto.csv, pareto.json, manifest.json)\n",
         folder);
}
