/* `lightspine bench`: rates, with the machine's measured ceilings beside them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_apsp.h"
#include "bench_place.h"
#include "bench_sweep.h"
#include "commands.h"
#include "data_folder.h"
#include "files.h"
#include "json.h"

static ls_json *amounts_json(const double amount[LS_CEILING_COUNT])
{
  static const char *const keys[LS_CEILING_COUNT] = {"comparisons", "bytes_loaded",
                                                     "products_of_16_bits", "products_of_32_bits"};
  ls_json *object = ls_json_object();
  for (int32_t i = 0; i < LS_CEILING_COUNT; i++) ls_json_set_real(object, keys[i], amount[i]);
  return object;
}

/* Share of the ceiling that the threads reach while they run: of a machine that does other work
 * too, what they would reach if it did not. */
static double cpu_share(const ls_bench_entry *entry)
{
  return entry->thread_count / (entry->cpu_seconds * entry->ceiling);
}

static ls_json *entry_json(const ls_bench_entry *entry)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "name", entry->name);
  ls_json_set_text(object, "backend", entry->backend ? entry->backend : ls_backend_cpu.name);
  if (entry->backend)
    ls_json_set_null(object, "isa");
  else
    ls_json_set_text(object, "isa", ls_backend_cpu_isa());
  ls_json_set_int(object, "threads", entry->thread_count);
  ls_json_set_real(object, "rate", entry->rate);
  ls_json_set_text(object, "unit", entry->unit);
  ls_json_set_real(object, "cpu_ns_each", 1e9 * entry->cpu_seconds);
  if (entry->ceiling > 0) {
    ls_json_set_real(object, "ceiling", entry->ceiling);
    ls_json_set_text(object, "ceiling_is", entry->bound_by);
    ls_json_set(object, "least_work_each", amounts_json(entry->work.amount));
    ls_json_set(object, "machine_per_second", amounts_json(entry->machine.rate));
  } else {
    ls_json_set_null(object, "ceiling");
    ls_json_set_text(object, "ceiling_is", "not known");
  }
  return object;
}

/* The object says first what was searched. */
static ls_status answer_json(ls_json *object, const ls_bench_entry *entries, int32_t count,
                             ls_error *error)
{
  ls_json *benchmarks = ls_json_array();
  for (int32_t i = 0; i < count; i++) ls_json_append(benchmarks, entry_json(&entries[i]));
  ls_json_set(object, "benchmarks", benchmarks);
  return ls_json_write(object, stdout, error);
}

static void answer_text(const char *name, const ls_bench_entry *entries, int32_t count)
{
  if (count && entries[0].backend)
    printf("%s: medians of 5 runs on %s\n\n", name, entries[0].backend);
  else
    printf("%s: medians of 5 runs on cpu, %s\n\n", name, ls_backend_cpu_isa());
  printf("%-18s %7s %15s %12s %15s %7s %9s  %s\n", "benchmark", "threads", "rate", "CPU ns each",
         "ceiling", "share", "CPU share", "the ceiling is");
  for (int32_t i = 0; i < count; i++) {
    printf("%-18s %7d %8.4g %s %9.3f ", entries[i].name, entries[i].thread_count, entries[i].rate,
           entries[i].unit, 1e9 * entries[i].cpu_seconds);
    if (entries[i].ceiling > 0)
      printf("%8.4g %s %5.1f %% %7.1f %%  %s\n", entries[i].ceiling, entries[i].unit,
             100 * entries[i].rate / entries[i].ceiling, 100 * cpu_share(&entries[i]),
             entries[i].bound_by);
    else
      printf("%18s\n", "not known");
  }
}

static ls_status bench_run(const ls_session *session, const ls_arguments *arguments,
                           ls_error *error)
{
  const int32_t count = LS_BENCH_SWEEP_COUNT * session->thread_count;
  ls_bench_entry *entries = calloc((size_t)count, sizeof *entries);
  if (!entries) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  ls_status status = ls_bench_sweep(session, entries, error);
  if (status == LS_OK && arguments->is_json) {
    ls_json *object = ls_json_object();
    ls_json_set_text(object, "spec", session->spec->name);
    ls_json_set_int(object, "space_size", (int64_t)session->problem->space_size);
    status = answer_json(object, entries, count, error);
  } else if (status == LS_OK)
    answer_text(session->spec->name, entries, count);
  free(entries);
  return status;
}

/* place [FILE]: an instance of QAPLIB, or a floor made up for it. */
static ls_status place_run(const ls_arguments *arguments, ls_error *error)
{
  const char *path = arguments->positional_count > 1 ? arguments->positional[1] : NULL;
  ls_qaplib qaplib = {0};
  ls_devices devices = {0};
  ls_bench_entry *entries = NULL;
  ls_status status =
      path ? ls_qaplib_read(path, &qaplib, error) : ls_bench_floor_create(&qaplib, error);
  if (status == LS_OK) status = ls_devices_create(&devices, error);
  const int32_t threads =
      arguments->thread_count ? arguments->thread_count : (int32_t)ls_max(devices.core_count, 1);
  const int32_t count = LS_BENCH_PLACE_COUNT * threads;
  if (status == LS_OK && !(entries = calloc((size_t)count, sizeof *entries)))
    status = ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  if (status == LS_OK) status = ls_bench_place(&qaplib, &devices, threads, entries, error);
  if (status == LS_OK && arguments->is_json) {
    ls_json *object = ls_json_object();
    ls_json_set_text(object, "instance", path ? path : "floor-100");
    ls_json_set_int(object, "n", qaplib.n);
    status = answer_json(object, entries, count, error);
  } else if (status == LS_OK)
    answer_text(path ? path : "floor-100", entries, count);
  free(entries);
  if (devices.topology) ls_devices_destroy(&devices);
  ls_qaplib_destroy(&qaplib);
  return status;
}

static ls_status apsp_answer(const ls_arguments *arguments, const ls_bench_entry *entries,
                             int32_t count, ls_error *error)
{
  static const char *const name = "random regular graphs and a random lift";
  if (!arguments->is_json) {
    answer_text(name, entries, count);
    return LS_OK;
  }
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "instance", name);
  return answer_json(object, entries, count, error);
}

static ls_status apsp_run_there(const ls_arguments *arguments, ls_error *error)
{
  ls_session session = {0}; /* its backend alone */
  ls_bench_entry entries[LS_BENCH_APSP_COUNT] = {{.name = NULL}};
  ls_status status = ls_session_backend_choose(arguments, &session, error);
  if (status == LS_OK) status = ls_bench_apsp_device(&ls_apsp_cuda, INT32_MAX, entries, error);
  return status == LS_OK ? apsp_answer(arguments, entries, LS_BENCH_APSP_COUNT, error) : status;
}

/* apsp [--backend cuda]: nothing else to choose. */
static ls_status apsp_run(const ls_arguments *arguments, ls_error *error)
{
  ls_devices devices = {0};
  if (arguments->positional_count > 1)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "bench apsp", "takes no file, got %s",
                        arguments->positional[1]);
  if (strcmp(arguments->backend, "cuda") == 0) return apsp_run_there(arguments, error);
  ls_status status = ls_devices_create(&devices, error);
  if (status != LS_OK) return status;
  const int32_t threads =
      arguments->thread_count ? arguments->thread_count : (int32_t)ls_max(devices.core_count, 1);
  const int32_t count = LS_BENCH_APSP_COUNT * threads;
  ls_bench_entry *entries = calloc((size_t)count, sizeof *entries);
  status = entries ? ls_bench_apsp(&devices, threads, entries, error)
                   : ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  if (status == LS_OK) status = apsp_answer(arguments, entries, count, error);
  free(entries);
  ls_devices_destroy(&devices);
  return status;
}

/* [sweep] [SPEC]: leaves the spec as the only word, where none is given the default one. */
static ls_status words_read(ls_arguments *arguments, const char *default_spec, ls_error *error)
{
  const char **word = arguments->positional;
  int32_t count = arguments->positional_count;
  const bool is_named = count && strcmp(word[0], "sweep") == 0;
  if (is_named) word[0] = word[1];
  count -= is_named;
  if (count > 1)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "bench",
                        "has the benchmarks sweep, place and apsp, got %s", word[0]);
  if (!count) word[0] = default_spec;
  arguments->positional_count = 1;
  if (strcmp(arguments->backend, "cuda") != 0) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--backend",
                      "must be auto or cpu: only the CPU's ceilings can be measured");
}

ls_status ls_command_bench(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_session session = {0};
  char default_spec[LS_PATH_MAX];
  ls_data_path("bench-2e9.yaml", default_spec, LS_PATH_MAX);
  ls_status status = ls_arguments_read(
      argc, argv, LS_ARGUMENTS_SPEC | LS_ARGUMENTS_DEVICE | LS_ARGUMENTS_FEWER_WORDS, 2,
      "sweep, place or apsp, and a file", &arguments, error);
  const char *name = status == LS_OK && arguments.positional_count ? arguments.positional[0] : "";
  if (strcmp(name, "place") == 0) return place_run(&arguments, error);
  if (strcmp(name, "apsp") == 0) return apsp_run(&arguments, error);
  if (status == LS_OK) status = words_read(&arguments, default_spec, error);
  if (status != LS_OK) return status;
  status = ls_session_open(&arguments, &session, error);
  if (status == LS_OK) status = bench_run(&session, &arguments, error);
  ls_session_close(&session);
  return status;
}
