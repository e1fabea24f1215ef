#include "years.h"

#include <inttypes.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "design.h"
#include "files.h"
#include "names.h"
#include "technology.h"
#include "units.h"
#include "variant.h"

/* The picks that tables show, with their reasons. */
static bool is_explained(int32_t rule) { return rule == LS_PICK_CHEAPEST || rule == LS_PICK_KNEE; }

static ls_status year_find(const ls_session *session, int32_t number, ls_year *year,
                           ls_error *error)
{
  year->year = number;
  for (int32_t i = 0; i < LS_PICK_COUNT; i++) year->pick[i] = -1;
  ls_status status = ls_variant_create_year(session, number, &year->session, error);
  if (status == LS_OK) status = ls_variant_build(&year->session, error);
  if (status != LS_OK) return status;
  const ls_problem *problem = year->session.problem;
  status = ls_sweep_run(&year->session, problem, &year->sweep, error);
  if (status == LS_OK)
    status = ls_sweep_count_violations(&year->session, problem, &year->sweep, error);
  if (status != LS_OK || !year->sweep.front_count) return status;
  for (int32_t i = 0; i < LS_PICK_COUNT; i++)
    if (ls_pick_is_searched_for(problem, &ls_pick_rules[i]))
      year->pick[i] =
          ls_pick_member(problem, &ls_pick_rules[i], year->sweep.front, year->sweep.front_count);
  for (int32_t i = 0; status == LS_OK && i < LS_PICK_COUNT; i++)
    if (year->pick[i] >= 0 && is_explained(i))
      status = ls_reason_write(&year->session, &year->sweep.front[year->pick[i]], &ls_pick_rules[i],
                               year->reason[i], error);
  return status;
}

ls_status ls_years_find(const ls_session *session, int32_t first, int32_t last, ls_years *years,
                        ls_error *error)
{
  ls_status status = LS_OK;
  years->count = 0;
  for (int32_t number = first; status == LS_OK && number <= last; number++) {
    ls_year *year = &years->year[years->count];
    memset(year, 0, sizeof *year);
    years->count++;
    status = year_find(session, number, year, error);
  }
  return status;
}

void ls_years_destroy(ls_years *years)
{
  for (int32_t i = 0; i < years->count; i++) {
    ls_sweep_destroy(&years->year[i].sweep);
    ls_variant_destroy(&years->year[i].session);
  }
  years->count = 0;
}

/* ---- JSON ---- */

static ls_json *pick_json(const ls_year *year, int32_t rule)
{
  const ls_front_member *member = &year->sweep.front[year->pick[rule]];
  const ls_structure *structure =
      &year->session.problem->structures[ls_rank_structure(year->session.problem, member->rank)];
  char technology[LS_TECHNOLOGY_TEXT_MAX];
  ls_json *object = ls_design_front_json(&year->session, member), *tiers = ls_json_array();
  ls_json_set_text(object, "name", ls_pick_rules[rule].name);
  ls_json_set_text(object, "technology",
                   ls_technology_text(&year->session, member->rank, technology));
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    ls_json *ends = ls_json_array();
    for (int32_t end = 0; end < 2; end++)
      ls_json_append_text(ends, ls_technology_kind(&year->session, member->rank, tier, end));
    ls_json_append(tiers, ends);
  }
  ls_json_set(object, "technology_per_tier", tiers);
  if (is_explained(rule)) ls_json_set_text(object, "reason", year->reason[rule]);
  ls_json_set_bool(object, "has_cpo", ls_technology_has_cpo(year->session.problem, member->rank));
  return object;
}

static ls_json *year_json(const ls_year *year)
{
  const ls_sweep_result *sweep = &year->sweep;
  ls_json *object = ls_json_object(), *picks = ls_json_array();
  ls_json_set_int(object, "year", year->year);
  ls_json_set_bool(object, "feasible", sweep->front_count > 0);
  ls_json_set_int(object, "front_size", sweep->front_count);
  ls_json_set_text(object, "front_sha256", sweep->sha256);
  if (!sweep->front_count) {
    ls_json *violations = ls_json_object();
    for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
      if (sweep->stats.violation_count[bit])
        ls_json_set_int(violations, ls_violation_name(bit),
                        (int64_t)sweep->stats.violation_count[bit]);
    ls_json_set(object, "violations", violations);
  }
  for (int32_t rule = 0; rule < LS_PICK_COUNT; rule++)
    if (year->pick[rule] >= 0) ls_json_append(picks, pick_json(year, rule));
  ls_json_set(object, "picks", picks);
  if (sweep->front_count) ls_json_set_text(object, "reason", year->reason[LS_PICK_KNEE]);
  return object;
}

ls_json *ls_years_json(const ls_session *session, const ls_years *years)
{
  ls_json *object = ls_json_object(), *array = ls_json_array();
  ls_json_set_text(object, "spec", session->spec->name);
  for (int32_t i = 0; i < years->count; i++) ls_json_append(array, year_json(&years->year[i]));
  ls_json_set(object, "years", array);
  return object;
}

/* ---- Text ---- */

/* What both the table and the file say of a pick. */
typedef struct pick_words {
  const ls_front_member *member;
  const ls_structure *structure;
  char chassis[192], technology[LS_TECHNOLOGY_TEXT_MAX];
} pick_words;

static pick_words words_of(const ls_year *year, int32_t rule)
{
  pick_words words;
  words.member = &year->sweep.front[year->pick[rule]];
  words.structure = &year->session.problem
                         ->structures[ls_rank_structure(year->session.problem, words.member->rank)];
  ls_design_chassis_text(&year->session, words.structure, words.chassis);
  ls_technology_text(&year->session, words.member->rank, words.technology);
  return words;
}

static void pick_print(const ls_year *year, int32_t rule)
{
  const pick_words words = words_of(year, rule);
  const int64_t *metric = words.member->score.metric;
  char capex[LS_AMOUNT_MAX], tco[LS_AMOUNT_MAX], power[LS_AMOUNT_MAX];
  printf("%4d  %-8s %-10s %2d  %9s %9s %9s %6.3f  %s; %s\n", year->year, ls_pick_rules[rule].name,
         ls_family_name(words.structure->family, words.structure->is_rail), words.structure->planes,
         ls_money_text(metric[LS_METRIC_CAPEX], capex),
         ls_power_text(metric[LS_METRIC_POWER], power), ls_money_text(metric[LS_METRIC_TCO], tco),
         1 - (double)metric[LS_METRIC_LOSS] / 1e6, words.technology, words.chassis);
}

void ls_years_print(const ls_session *session, const ls_years *years)
{
  printf("%s, level 1, year by year\n%4s  %-8s %-10s %2s  %9s %9s %9s %6s  %s\n",
         session->spec->name, "year", "pick", "family", "pl", "capex", "power", "TCO", "thru",
         "optics per tier; chassis");
  for (int32_t i = 0; i < years->count; i++) {
    const ls_year *year = &years->year[i];
    if (!year->sweep.front_count) printf("%4d  no design meets all constraints\n", year->year);
    for (int32_t rule = 0; rule < LS_PICK_COUNT; rule++)
      if (is_explained(rule) && year->pick[rule] >= 0) pick_print(year, rule);
  }
  printf("\nWhy\n");
  for (int32_t i = 0; i < years->count; i++)
    for (int32_t rule = 0; rule < LS_PICK_COUNT; rule++)
      if (years->year[i].reason[rule][0])
        printf("%4d  %-8s %s\n", years->year[i].year, ls_pick_rules[rule].name,
               years->year[i].reason[rule]);
}

static void csv_pick(FILE *stream, const ls_year *year, int32_t rule)
{
  const pick_words words = words_of(year, rule);
  const int64_t *metric = words.member->score.metric;
  fprintf(stream, "%d,%s,%" PRIu64 ",%s,%d,\"%s\",\"%s\",%.2f,%.3f,%.2f,%.6f,%.3f,%.3f\n",
          year->year, ls_pick_rules[rule].name, words.member->rank,
          ls_family_name(words.structure->family, words.structure->is_rail),
          words.structure->planes, words.technology, words.chassis,
          (double)metric[LS_METRIC_CAPEX] / 100, (double)metric[LS_METRIC_POWER] / 1000,
          (double)metric[LS_METRIC_TCO] / 100, 1 - (double)metric[LS_METRIC_LOSS] / 1e6,
          (double)metric[LS_METRIC_LATENCY] / 1000, (double)metric[LS_METRIC_RISK] / 1e9);
}

ls_status ls_years_csv_write(const ls_years *years, const char *path, ls_error *error)
{
  ls_file_writer writer;
  const ls_status status = ls_file_open(&writer, path, error);
  if (status != LS_OK) return status;
  fprintf(writer.stream,
          "year,pick,rank,family,planes,technology,chassis,capex_usd,power_w,tco_usd,"
          "throughput_worst_low,latency_ns_max,bandwidth_at_risk_gbps\n");
  for (int32_t i = 0; i < years->count; i++)
    for (int32_t rule = 0; rule < LS_PICK_COUNT; rule++)
      if (years->year[i].pick[rule] >= 0) csv_pick(writer.stream, &years->year[i], rule);
  return ls_file_commit(&writer, error);
}
