#include "outputs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../kernels/evaluate.h"
#include "circuits.h"
#include "design.h"
#include "differences.h"
#include "domains.h"
#include "files.h"
#include "graphml.h"
#include "inputs_copy.h"
#include "names.h"
#include "progress.h"
#include "report_design.h"
#include "report_html.h"
#include "result_text.h"
#include "schedule.h"
#include "structure_blocks.h"
#include "structure_workload.h"
#include "technology.h"
#include "trays.h"

/* ---- JSON of results ---- */

/* How far the cords may be from the cheapest places, as a share of what they cost. */
static double cords_gap(const ls_cords *cords)
{
  return cords->cents > 0 ? (double)(cords->cents - cords->bound_cents) / (double)cords->cents : 0;
}

/* Of a mixed design neither the policy's places nor a bound are known. */
static ls_json *cords_json(const ls_totals *totals, bool is_mixed)
{
  static const char *const unknown[] = {"policy_usd", "policy_fiber_km", "policy_longest_m",
                                        "bound_usd", "gap"};
  const ls_cords *cords = &totals->cords;
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "usd", (double)cords->cents / 100);
  ls_json_set_real(object, "longest_m", (double)cords->mm_max / 1000);
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown && is_mixed; i++)
    ls_json_set_null(object, unknown[i]);
  if (is_mixed) return object;
  ls_json_set_real(object, "policy_usd", (double)cords->policy_cents / 100);
  ls_json_set_real(object, "policy_fiber_km", (double)cords->policy_fiber_mm / 1e6);
  ls_json_set_real(object, "policy_longest_m", (double)cords->policy_mm_max / 1000);
  ls_json_set_real(object, "bound_usd", (double)cords->bound_cents / 100);
  ls_json_set_real(object, "gap", cords_gap(cords));
  return object;
}

ls_json *ls_result_json(const ls_session *session, const ls_result *result)
{
  const ls_problem *problem = session->problem;
  uint16_t link[LS_TIER_MAX];
  const ls_structure *structure = &problem->structures[ls_rank_decode(problem, result->rank, link)];
  ls_json *object = ls_json_object(), *level1 = ls_json_object();
  ls_score bound;
  ls_json_set_int(object, "rank", (int64_t)result->rank);
  ls_json_set(object, "design", ls_design_json(session, result->rank));
  ls_result_variant_set(session, result, object);
  ls_design_counts_set(structure, object);
  ls_json_set_int(object, "ocs_count", ls_design_ocs_count(problem, result->rank));
  ls_json_set_int(object, "level", 2);
  ls_design_totals_set(&result->totals, object);
  ls_json_set_real(object, "latency_ns_mean", (double)result->totals.latency_ps_mean / 1000);
  ls_domains_set(problem, &result->totals, object);
  ls_trays_set(session->spec, &result->totals, object);
  ls_json_set(object, "cords", cords_json(&result->totals, result->variant == LS_MIXED));
  ls_rank_score(problem, result->rank, &bound);
  ls_design_metrics_set(&bound, level1);
  ls_json_set(object, "level1_bound", level1);
  return object;
}

/* What a pick saves against a baseline: positive numbers are better. */
static ls_json *saved_json(const ls_spec *spec, const ls_score *pick, const ls_score *baseline)
{
  int64_t saved[LS_METRIC_COUNT];
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++) saved[i] = baseline->metric[i] - pick->metric[i];
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "capex_usd", (double)saved[LS_METRIC_CAPEX] / 100);
  ls_json_set_real(object, "power_w", (double)saved[LS_METRIC_POWER] / 1000);
  ls_json_set_int(
      object, "gpus_gained",
      ls_gpus_gained(pick, baseline, spec->economics.gpu_power_mw, spec->cluster.gpu_count));
  ls_json_set_real(object, "throughput_worst_low", (double)saved[LS_METRIC_LOSS] / 1e6);
  ls_json_set_real(object, "latency_ns_max", (double)saved[LS_METRIC_LATENCY] / 1000);
  ls_json_set_real(object, "bandwidth_at_risk_gbps", (double)saved[LS_METRIC_RISK] / 1e9);
  return object;
}

static ls_json *saves_json(const ls_spec *spec, const ls_answer *answer, const ls_result *pick)
{
  ls_json *object = ls_json_object();
  for (int32_t i = answer->pick_count; i < answer->named_count; i++)
    ls_json_set(object, answer->named[i].name,
                saved_json(spec, &pick->score, &answer->named[i].result.score));
  return object;
}

static ls_json *named_json(const ls_session *session, const ls_answer *answer, bool is_baseline)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < answer->named_count; i++) {
    const ls_named *named = &answer->named[i];
    if (named->is_baseline != is_baseline) continue;
    ls_json *object = ls_result_json(session, &named->result);
    uint16_t link[LS_TIER_MAX];
    const uint32_t index = ls_rank_decode(session->problem, named->result.rank, link);
    ls_structure_set_blocks(session->spec, &session->problem->structures[index], object);
    ls_workload_set(session->spec, &session->problem->structures[index],
                    named->result.totals.latency_ps_max, object);
    ls_json_set_text(object, "name", named->name);
    ls_json_set_text(object, "meaning", named->meaning);
    if (!is_baseline)
      ls_json_set(object, "saves", saves_json(session->spec, answer, &named->result));
    ls_reason_set(&answer->reason[i], object);
    ls_json_append(array, object);
  }
  return array;
}

ls_json *ls_answer_json(const ls_session *session, const ls_answer *answer)
{
  ls_json *object = ls_json_object(), *front = ls_json_array();
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_int(object, "space_size", (int64_t)session->problem->space_size);
  ls_json_set_bool(object, "front_exact", true);
  ls_json_set_int(object, "level1_front_size", answer->level2.sweep.front_count);
  ls_json_set_text(object, "front_sha256", answer->level2.sweep.sha256);
  ls_json_set_int(object, "level2_built", answer->level2.built_count);
  ls_json_set_int(object, "level2_feasible", answer->level2.feasible_count);
  ls_json_set_int(object, "level2_mixed", answer->level2.mixed_count);
  ls_json_set_int(object, "level2_rounds", answer->level2.round_count);
  ls_json_set_bool(object, "level2_settled", answer->level2.is_settled);
  ls_json_set_int(object, "structures_dropped", answer->level2.dropped_count);
  if (answer->is_stopped)
    ls_json_set_null(object, "unproved_count");
  else
    ls_json_set_int(object, "unproved_count", (int64_t)answer->unproved_count);
  ls_json_set(object, "picks", named_json(session, answer, false));
  ls_json_set(object, "baselines", named_json(session, answer, true));
  for (int32_t i = 0; i < answer->level2.front_count; i++)
    ls_json_append(front, ls_result_json(session, &answer->level2.front[i]));
  ls_json_set(object, "front", front);
  return object;
}

ls_json *ls_refusal_json(const ls_session *session, const ls_answer *answer, const char *message)
{
  const ls_level2 *found = &answer->level2;
  ls_json *object = ls_json_object();
  ls_json *violations = ls_json_object(), *built = ls_json_object();
  for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++) {
    if (!found->sweep.front_count && found->sweep.stats.violation_count[bit])
      ls_json_set_int(violations, ls_violation_name(bit),
                      (int64_t)found->sweep.stats.violation_count[bit]);
    if (found->violation_count[bit])
      ls_json_set_int(built, ls_violation_name(bit), found->violation_count[bit]);
  }
  ls_json_set_text(object, "spec", session->spec->name);
  ls_json_set_bool(object, "feasible", false);
  ls_json_set_text(object, "message", message);
  ls_json_set_int(object, "space_size", (int64_t)session->problem->space_size);
  ls_json_set_int(object, "level2_built", found->built_count);
  ls_json_set_int(object, "structures_dropped", found->dropped_count);
  ls_json_set(object, "violations", violations);
  ls_json_set(object, "built_violations", built);
  if (found->domain_violation[0] != '\0')
    ls_json_set_text(object, "failure_domain", found->domain_violation);
  if (found->tray_violation[0] != '\0')
    ls_json_set_text(object, "full_tray", found->tray_violation);
  return object;
}

/* ---- Files ---- */

/* The last one where there are OCS alone. */
static const char *const design_suffixes[] = {".graphml", ".cables.csv", ".materials.csv",
                                              ".circuits.csv"};
static const char *const common_files[] = {"pareto.csv",    "pareto.json", "routed.json",
                                           "manifest.json", "run.json",    "run.db",
                                           "report.html",   "spec.yaml",   "catalog.yaml"};

enum { SUFFIX_COUNT = 4, COMMON_COUNT = 9 };

ls_json *ls_outputs_files_json(const ls_session *session, const ls_answer *answer)
{
  ls_json *array = ls_json_array();
  char name[128];
  for (int32_t i = 0; i < answer->named_count; i++) {
    const bool has_ocs = ls_technology_has_ocs(session->problem, answer->named[i].result.rank);
    for (int32_t j = 0; j < SUFFIX_COUNT - !has_ocs; j++) {
      snprintf(name, sizeof name, "%s%s", answer->named[i].name, design_suffixes[j]);
      ls_json_append_text(array, name);
    }
  }
  for (int32_t i = 0; i < COMMON_COUNT; i++) ls_json_append_text(array, common_files[i]);
  if (session->matrix) ls_json_append_text(array, session->spec->traffic.matrix);
  return array;
}

static ls_status json_file_write(ls_json *json, const char *folder, const char *name,
                                 ls_error *error)
{
  char path[LS_PATH_MAX];
  const ls_status status = ls_path_join(folder, name, "", path, error);
  if (status == LS_OK) return ls_json_file_write(json, path, error);
  ls_json_destroy(json);
  return status;
}

static void pareto_row(const ls_session *session, const ls_result *result, FILE *stream)
{
  const ls_totals *totals = &result->totals;
  uint16_t link[LS_TIER_MAX];
  char chassis[LS_RESULT_TEXT_MAX], optics[LS_RESULT_TEXT_MAX], fibers[LS_RESULT_TEXT_MAX];
  const ls_structure *structure =
      &session->problem->structures[ls_rank_decode(session->problem, result->rank, link)];
  const int64_t planes = structure->planes;
  ls_result_chassis_text(session, result, chassis);
  ls_result_optics_text(session, result, optics);
  ls_result_fibers_text(session, result, fibers);
  fprintf(stream, "%" PRIu64 ",%s,%s,%d,%d:%d,\"%s\",%s,%s,", result->rank,
          ls_variant_names[result->variant], ls_family_name(structure->family, structure->is_rail),
          structure->planes, structure->oversubscription_num, structure->oversubscription_den,
          chassis, optics, fibers);
  fprintf(stream, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%d,", structure->size.leaf_count * planes,
          structure->size.spine_count * planes, structure->size.core_count * planes,
          ls_design_ocs_count(session->problem, result->rank));
  fprintf(stream, "%.2f,%.3f,%.6f,%.3f,%.6f,%" PRId64 ",", (double)totals->capex_cents / 100,
          (double)ls_totals_power_mw(totals) / 1000, totals->throughput_ppm_low / 1e6,
          (double)totals->latency_ps_max / 1000, (double)totals->risk_bps / 1e9,
          totals->module_count);
  fprintf(stream, "%.2f,%.3f,%.6f\n", (double)totals->tco_cents / 100,
          (double)totals->lost_mgpuh / 1000, (double)totals->gpu_hour_micro_usd / 1e6);
}

static ls_status pareto_csv_write(const ls_session *session, const ls_answer *answer,
                                  const char *folder, ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_file_writer writer;
  ls_status status = ls_path_join(folder, "pareto.csv", "", path, error);
  if (status == LS_OK) status = ls_file_open(&writer, path, error);
  if (status != LS_OK) return status;
  fprintf(
      writer.stream,
      "rank,variant,family,planes,oversubscription,chassis,optics,fibers,leaf_count,spine_count,"
      "core_count,ocs_count,capex_usd,power_w,throughput_worst_low,latency_ns_max,"
      "bandwidth_at_risk_gbps,module_count,tco_usd,lost_gpu_hours_per_year,"
      "usd_per_gpu_hour\n");
  for (int32_t i = 0; i < answer->level2.front_count; i++)
    pareto_row(session, &answer->level2.front[i], writer.stream);
  return ls_file_commit(&writer, error);
}

static ls_json *manifest_json(const ls_session *session, const ls_arguments *arguments,
                              const ls_answer *answer)
{
  ls_json *object = ls_json_object(), *inputs = ls_json_object();
  ls_json_set_text(object, "program", "lightspine");
  ls_json_set_text(object, "version", LS_VERSION);
  ls_json_set_int(object, "format", 1);
  ls_json_set_int(object, "seed", arguments->seed);
  ls_json_set_text(inputs, "spec_sha256", session->spec->sha256);
  ls_json_set_text(inputs, "catalog_sha256", session->catalog->sha256);
  ls_json_set(object, "inputs", inputs);
  if (session->has_start) ls_json_set_int(object, "start_rank", (int64_t)session->start_rank);
  if (answer->is_stopped) ls_json_set_bool(object, "stopped", true);
  ls_json_set_int(object, "space_size", (int64_t)session->problem->space_size);
  ls_json_set_text(object, "front_sha256", answer->level2.sweep.sha256);
  ls_json_set(object, "files", ls_outputs_files_json(session, answer));
  return object;
}

static ls_json *run_json(const ls_session *session, const ls_answer *answer,
                         const ls_verdicts *verdicts)
{
  const ls_sweep_stats *stats = &answer->level2.sweep.stats;
  const double seconds = answer->level2.sweep.seconds > 0 ? answer->level2.sweep.seconds : 1;
  char stamp[32];
  const time_t now = time(NULL);
  struct tm utc;
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "finished", stamp);
  ls_json_set_text(object, "cpu_model", session->devices.cpu_model);
  ls_json_set_text(object, "backend", answer->level2.sweep.backend->name);
  ls_json_set_text(object, "cpu_isa", ls_backend_cpu_isa());
  ls_json_set_int(object, "threads", session->thread_count);
  ls_json_set_real(object, "sweep_seconds", answer->level2.sweep.seconds);
  ls_json_set_text(object, "method", stats->is_merged ? "merge" : "exhaustive");
  ls_json_set_int(object, "designs_evaluated", (int64_t)stats->evaluated_count);
  ls_json_set_int(object, "designs_bounded", (int64_t)stats->bounded_count);
  ls_json_set_int(object, "designs_feasible", (int64_t)stats->feasible_count);
  ls_json_set_real(object, "designs_per_second", (double)stats->evaluated_count / seconds);
  ls_json_set_int(object, "front_inserts", (int64_t)stats->insert_count);
  ls_json_set_real(object, "level2_seconds", answer->level2.seconds);
  ls_json_set_real(object, "verify_seconds", verdicts->seconds);
  return object;
}

/* The tables of a design for those who buy it, pull its cables and load its OCS. */
static ls_status tables_write(const ls_session *session, const ls_topology *topology,
                              const char *folder, const char *name, ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_status status = ls_path_join(folder, name, design_suffixes[1], path, error);
  if (status == LS_OK)
    status = ls_schedule_write_cables(topology, session->catalog, session->spec, path, error);
  if (status == LS_OK) status = ls_path_join(folder, name, design_suffixes[2], path, error);
  if (status == LS_OK)
    status = ls_schedule_write_materials(topology, session->catalog, path, error);
  if (status != LS_OK || topology->structure->ocs_index < 0) return status;
  status = ls_path_join(folder, name, design_suffixes[3], path, error);
  return status == LS_OK ? ls_circuits_write(topology, path, error) : status;
}

/* Leaves times arcs of a network, on the average: what routing grows with (throughput.h). */
static int64_t routing_work(const ls_topology *topology)
{
  const int64_t networks =
      (int64_t)topology->structure->planes * topology->structure->size.fabric_count;
  int64_t leaves = 0, bundles = 0;
  for (int32_t i = 0; i < topology->node_count; i++)
    leaves += topology->nodes[i].kind == LS_NODE_LEAF;
  for (int32_t i = 0; i < topology->edge_count; i++)
    bundles +=
        topology->edges[i].kind == LS_EDGE_TRUNK || topology->edges[i].kind == LS_EDGE_CIRCUIT;
  return leaves / networks * (2 * bundles / networks);
}

/* Exports one named design and verifies the file just written; *work: what routing it would be. */
static ls_status named_write(const ls_session *session, const ls_named *named,
                             const char *catalog_path, const char *folder, ls_verify_report *report,
                             ls_json **drawn, int64_t *work, ls_error *error)
{
  char graphml[LS_PATH_MAX];
  ls_topology topology;
  ls_status status = ls_path_join(folder, named->name, design_suffixes[0], graphml, error);
  if (status == LS_OK)
    status = ls_result_build(session, &named->result, named->without, &topology, error);
  if (status != LS_OK) return status;
  status = ls_graphml_write(&topology, session->catalog, session->spec, graphml, error);
  if (status == LS_OK) status = tables_write(session, &topology, folder, named->name, error);
  *work = routing_work(&topology);
  *drawn = ls_report_design_json(session, &topology);
  ls_topology_destroy(&topology);
  if (status != LS_OK) return status;
  const ls_verify_options options = {.catalog_path = catalog_path};
  status = ls_verify_file(graphml, &options, report, error);
  if (status == LS_ERR_NO && report->mismatch_count)
    ls_error_set(error, LS_ERR_NO, NULL, 0, named->name,
                 "fails verification: %s %s is %s in the file, but %s when recomputed",
                 report->mismatches[0].where, report->mismatches[0].what,
                 report->mismatches[0].claimed, report->mismatches[0].found);
  return status;
}

enum { ROUTING_WORK_MAX = 1000000 };

/* Routes a design of a file just verified, unless one before it is the same. */
static ls_status named_route(const ls_session *session, const ls_answer *answer, int32_t index,
                             const char *folder, ls_verdicts *verdicts, ls_error *error)
{
  enum { STEPS = 40 };
  const ls_throughput_options options = {.gap = 0.01,
                                         .steps = STEPS,
                                         .work_max = ROUTING_WORK_MAX,
                                         .thread_count = session->thread_count,
                                         .stop = session->stop};
  const ls_result *result = &answer->named[index].result;
  char path[LS_PATH_MAX];
  for (int32_t i = 0; i < index; i++)
    if (answer->named[i].result.rank == result->rank &&
        answer->named[i].result.variant == result->variant) {
      verdicts->routed[index] = verdicts->routed[i];
      verdicts->is_routed[index] = verdicts->is_routed[i];
      return LS_OK;
    }
  ls_status status =
      ls_path_join(folder, answer->named[index].name, design_suffixes[0], path, error);
  if (status == LS_OK)
    status = ls_throughput_measure(path, &options, &verdicts->routed[index], error);
  verdicts->is_routed[index] = status == LS_OK;
  if (status != LS_ERR_FULL) return status;
  error->message[0] = error->file[0] = '\0';
  return LS_OK;
}

static ls_json *routed_json(const ls_answer *answer, const ls_verdicts *verdicts)
{
  ls_json *object = ls_json_object();
  for (int32_t i = 0; i < answer->named_count; i++) {
    ls_json *routed = ls_json_object();
    if (verdicts->is_routed[i]) ls_throughput_set(&verdicts->routed[i], routed);
    ls_json_set(object, answer->named[i].name, routed);
  }
  return object;
}

static ls_status folder_fill(const ls_session *session, const ls_arguments *arguments,
                             const ls_answer *answer, ls_run *run, const char *folder,
                             ls_verdicts *verdicts, ls_error *error)
{
  const ls_report report = {session, answer, verdicts, folder, arguments->seed};
  char phase[64];
  ls_status status = ls_inputs_copy(session, run->spec_path, run->catalog_path, folder, error);
  for (int32_t i = 0; status == LS_OK && i < answer->named_count; i++) {
    int64_t work = 0;
    snprintf(phase, sizeof phase, "export %s", answer->named[i].name);
    ls_progress_phase(session->progress, phase);
    status = named_write(session, &answer->named[i], run->catalog_path, folder,
                         &verdicts->report[i], &verdicts->drawn[i], &work, error);
    verdicts->seconds += verdicts->report[i].seconds;
    if (status == LS_OK && work <= ROUTING_WORK_MAX)
      status = named_route(session, answer, i, folder, verdicts, error);
  }
  if (status == LS_OK)
    status = json_file_write(routed_json(answer, verdicts), folder, "routed.json", error);
  if (status == LS_OK) status = pareto_csv_write(session, answer, folder, error);
  if (status == LS_OK)
    status = json_file_write(ls_answer_json(session, answer), folder, "pareto.json", error);
  if (status == LS_OK)
    status =
        json_file_write(manifest_json(session, arguments, answer), folder, "manifest.json", error);
  ls_progress_phase(session->progress, "report");
  if (status == LS_OK)
    status = ls_report_html_write(&report, manifest_json(session, arguments, answer), error);
  if (status == LS_OK)
    status = json_file_write(run_json(session, answer, verdicts), folder, "run.json", error);
  return status == LS_OK ? ls_run_finish(run, session, answer, folder, error) : status;
}

ls_status ls_outputs_write(const ls_session *session, const ls_arguments *arguments,
                           const ls_answer *answer, ls_run *run, ls_verdicts *verdicts,
                           ls_error *error)
{
  ls_folder_writer writer;
  memset(verdicts, 0, sizeof *verdicts);
  ls_status status = ls_folder_open_inside(&writer, run->path, run->work, error);
  if (status != LS_OK) return status;
  /* What is exported is exported whole, whatever ended the search. */
  static const volatile int never = 0;
  ls_session unstopped = *session;
  unstopped.stop = &never;
  status = folder_fill(&unstopped, arguments, answer, run, writer.temporary, verdicts, error);
  for (int32_t i = 0; i < answer->named_count; i++) {
    ls_json_destroy(verdicts->drawn[i]);
    verdicts->drawn[i] = NULL;
  }
  if (status == LS_OK) status = ls_folder_commit(&writer, error);
  if (status != LS_OK) ls_folder_fail(&writer, error);
  return status;
}
