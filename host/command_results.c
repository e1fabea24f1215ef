/* results: what runs left in their stores, one, all of a folder, or some side by side. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "design.h"
#include "files.h"
#include "json.h"
#include "run_store.h"
#include "units.h"

enum { COMPARED_MAX = 3 };

/* What a store says of its run. */
typedef struct record {
  char folder[LS_PATH_MAX];
  char spec[LS_RUN_FACT_MAX], seed[LS_RUN_FACT_MAX], state[LS_RUN_FACT_MAX];
  char version[LS_RUN_FACT_MAX], spec_sha256[LS_RUN_FACT_MAX], catalog_sha256[LS_RUN_FACT_MAX];
  int32_t front_count, named_count;
  ls_run_design named[LS_RUN_NAMED_MAX];
} record;

/* ---- Reading ---- */

static ls_status facts_read(ls_run_store *store, record *read, ls_error *error)
{
  const struct {
    const char *name;
    char *value;
  } facts[] = {{"spec", read->spec},
               {"seed", read->seed},
               {"state", read->state},
               {"version", read->version},
               {"spec_sha256", read->spec_sha256},
               {"catalog_sha256", read->catalog_sha256}};
  ls_status status = LS_OK;
  for (size_t i = 0; status == LS_OK && i < sizeof facts / sizeof *facts; i++)
    status = ls_run_store_get(store, facts[i].name, facts[i].value, error);
  return status;
}

/* LS_ERR_INPUT: there is no run, or one is at work there. */
static ls_status record_read(const char *folder, record *read, ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_run_store *store;
  memset(read, 0, sizeof *read);
  snprintf(read->folder, sizeof read->folder, "%s", folder);
  ls_status status = ls_path_join(folder, "run.db", "", path, error);
  if (status == LS_OK && access(path, F_OK) != 0)
    return ls_error_set(error, LS_ERR_INPUT, folder, 0, NULL, "holds no run: there is no run.db");
  if (status == LS_OK) status = ls_run_store_open_to_read(path, false, &store, error);
  if (status != LS_OK) return status;
  status = facts_read(store, read, error);
  if (status == LS_OK)
    status = ls_run_store_read(store, read->named, &read->named_count, &read->front_count, error);
  ls_run_store_close(store);
  return status;
}

/* ---- JSON ---- */

static ls_json *named_json(const ls_run_design *design)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "name", design->name);
  ls_json_set_text(object, "meaning", design->meaning);
  ls_json_set_bool(object, "is_baseline", design->is_baseline);
  ls_json_set_int(object, "rank", design->rank);
  ls_json_set_text(object, "variant", design->variant);
  ls_json_set_text(object, "family", design->family);
  ls_json_set_int(object, "planes", design->planes);
  ls_json_set_text(object, "oversubscription", design->oversubscription);
  ls_json_set_text(object, "chassis", design->chassis);
  ls_json_set_text(object, "optics", design->optics);
  ls_design_metrics_set(&design->score, object);
  return object;
}

static ls_json *record_json(const record *run)
{
  ls_json *object = ls_json_object(), *named = ls_json_array();
  ls_json_set_text(object, "folder", run->folder);
  ls_json_set_text(object, "state", run->state);
  ls_json_set_text(object, "spec", run->spec);
  ls_json_set_int(object, "seed", strtoll(run->seed, NULL, 10));
  ls_json_set_text(object, "version", run->version);
  ls_json_set_text(object, "spec_sha256", run->spec_sha256);
  ls_json_set_text(object, "catalog_sha256", run->catalog_sha256);
  ls_json_set_int(object, "front_size", run->front_count);
  for (int32_t i = 0; i < run->named_count; i++) ls_json_append(named, named_json(&run->named[i]));
  ls_json_set(object, "named", named);
  return object;
}

/* ---- Text ---- */

static const ls_run_design *named_find(const record *run, const char *name)
{
  for (int32_t i = 0; i < run->named_count; i++)
    if (strcmp(run->named[i].name, name) == 0) return &run->named[i];
  return NULL;
}

static void metrics_print(const ls_score *score)
{
  char money[LS_AMOUNT_MAX], power[LS_AMOUNT_MAX], latency[LS_AMOUNT_MAX], risk[LS_AMOUNT_MAX];
  char tco[LS_AMOUNT_MAX];
  printf("%10s %10s %9s %6.3f %8s %11s", ls_money_text(score->metric[LS_METRIC_CAPEX], money),
         ls_money_text(score->metric[LS_METRIC_TCO], tco),
         ls_power_text(score->metric[LS_METRIC_POWER], power),
         1 - (double)score->metric[LS_METRIC_LOSS] / 1e6,
         ls_latency_text(score->metric[LS_METRIC_LATENCY], latency),
         ls_rate_text(score->metric[LS_METRIC_RISK], risk));
}

static void heading_print(const char *first, int32_t width)
{
  printf("%-*s %10s %10s %9s %6s %8s %11s", width, first, "capex", "TCO", "power", "thru",
         "latency", "at risk");
}

static void record_print(const record *run)
{
  printf("%s: %s, seed %s, %s, by lightspine %s\n", run->folder, run->spec, run->seed, run->state,
         run->version);
  printf("spec sha256 %.16s, catalog %.16s; %d designs on the front\n\n", run->spec_sha256,
         run->catalog_sha256, run->front_count);
  if (!run->named_count) return;
  heading_print("", 14);
  printf("  design\n");
  for (int32_t i = 0; i < run->named_count; i++) {
    const ls_run_design *design = &run->named[i];
    printf("%-14s ", design->name);
    metrics_print(&design->score);
    printf("  %s, %d plane%s, %s, %s\n", design->family, design->planes,
           design->planes == 1 ? "" : "s", design->oversubscription, design->chassis);
  }
}

/* ---- results show ---- */

static ls_status show(const ls_arguments *arguments, ls_error *error)
{
  record *run = malloc(sizeof *run);
  if (!run) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  ls_status status = record_read(arguments->positional[1], run, error);
  if (status == LS_OK && arguments->is_json)
    status = ls_json_write(record_json(run), stdout, error);
  else if (status == LS_OK)
    record_print(run);
  free(run);
  return status;
}

/* ---- results list ---- */

static int is_visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

/* A run that cannot be read is told, not left out: it may be at work. */
static void list_entry(const char *folder, bool is_json, record *run, ls_json *runs)
{
  ls_error error = {.line = 0};
  const ls_status status = record_read(folder, run, &error);
  if (status != LS_OK) snprintf(run->state, sizeof run->state, "%.200s", error.message);
  if (is_json) {
    ls_json_append(runs, record_json(run));
    return;
  }
  const ls_run_design *knee = named_find(run, "knee");
  printf("%-28s %-9s ", folder, status == LS_OK ? run->state : "-");
  if (knee) metrics_print(&knee->score);
  if (status != LS_OK) printf("%s", run->state);
  printf("\n");
}

static ls_status list(const ls_arguments *arguments, ls_error *error)
{
  const char *root = arguments->positional_count > 1 ? arguments->positional[1] : "results";
  char folder[LS_PATH_MAX], store[LS_PATH_MAX];
  struct dirent **entries = NULL;
  ls_json *runs = arguments->is_json ? ls_json_array() : NULL;
  record *run = malloc(sizeof *run);
  const int32_t count = run ? scandir(root, &entries, is_visible, alphasort) : -1;
  if (count < 0) {
    const bool has_memory = run != NULL;
    free(run);
    ls_json_destroy(runs);
    return has_memory
               ? ls_error_set(error, LS_ERR_INPUT, root, 0, NULL, "is no folder that can be read")
               : ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  }
  if (!arguments->is_json) {
    heading_print("run", 38);
    printf(" of the knee\n");
  }
  for (int32_t i = 0; i < count; i++) {
    if (ls_path_join(root, entries[i]->d_name, "", folder, NULL) == LS_OK &&
        ls_path_join(folder, "run.db", "", store, NULL) == LS_OK && access(store, F_OK) == 0)
      list_entry(folder, arguments->is_json, run, runs);
    free(entries[i]);
  }
  free(entries);
  free(run);
  if (!arguments->is_json) return LS_OK;
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "folder", root);
  ls_json_set(object, "runs", runs);
  return ls_json_write(object, stdout, error);
}

/* ---- results compare ---- */

/* In per cent of the first, by metric of which less is better. */
static void change_print(const ls_score *first, const ls_score *other)
{
  static const struct {
    int32_t metric;
    const char *name;
  } told[] = {{LS_METRIC_CAPEX, "capex"}, {LS_METRIC_TCO, "TCO"}, {LS_METRIC_POWER, "power"}};
  for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
    const double was = (double)first->metric[told[i].metric];
    if (was > 0)
      printf("%s %s %+.1f %%", i ? "," : " ", told[i].name,
             100 * ((double)other->metric[told[i].metric] - was) / was);
  }
}

static void compare_print(const record *runs, int32_t count)
{
  for (int32_t r = 0; r < count; r++)
    printf("%c: %s, %s, seed %s, %s, %d designs on the front\n", 'A' + r, runs[r].folder,
           runs[r].spec, runs[r].seed, runs[r].state, runs[r].front_count);
  printf("\n");
  heading_print("", 16);
  printf("\n");
  for (int32_t i = 0; i < runs[0].named_count; i++) {
    const ls_run_design *first = &runs[0].named[i];
    for (int32_t r = 0; r < count; r++) {
      const ls_run_design *design = named_find(&runs[r], first->name);
      printf("%-14s %c ", r ? "" : first->name, 'A' + r);
      if (design) metrics_print(&design->score);
      if (design && r) change_print(&first->score, &design->score);
      printf("%s\n", design ? "" : "none");
    }
  }
}

static ls_status compare_write(const record *runs, int32_t count, ls_error *error)
{
  ls_json *object = ls_json_object(), *array = ls_json_array();
  bool is_same_spec = true, is_same_catalog = true;
  for (int32_t r = 0; r < count; r++) {
    is_same_spec &= strcmp(runs[r].spec_sha256, runs[0].spec_sha256) == 0;
    is_same_catalog &= strcmp(runs[r].catalog_sha256, runs[0].catalog_sha256) == 0;
    ls_json_append(array, record_json(&runs[r]));
  }
  ls_json_set_bool(object, "same_spec", is_same_spec);
  ls_json_set_bool(object, "same_catalog", is_same_catalog);
  ls_json_set(object, "runs", array);
  return ls_json_write(object, stdout, error);
}

static ls_status compare(const ls_arguments *arguments, ls_error *error)
{
  const int32_t count = arguments->positional_count - 1;
  record *runs = malloc(COMPARED_MAX * sizeof *runs);
  if (!runs) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < count; i++)
    status = record_read(arguments->positional[i + 1], &runs[i], error);
  if (status == LS_OK && arguments->is_json)
    status = compare_write(runs, count, error);
  else if (status == LS_OK)
    compare_print(runs, count);
  free(runs);
  return status;
}

ls_status ls_command_results(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  const ls_status status =
      ls_arguments_read(argc, argv, LS_ARGUMENTS_FEWER_WORDS, COMPARED_MAX + 1,
                        "list [FOLDER], show DIR or compare DIR DIR [DIR]", &arguments, error);
  if (status != LS_OK) return status;
  const char *what = arguments.positional_count ? arguments.positional[0] : "";
  if (strcmp(what, "list") == 0 && arguments.positional_count <= 2) return list(&arguments, error);
  if (strcmp(what, "show") == 0 && arguments.positional_count == 2) return show(&arguments, error);
  if (strcmp(what, "compare") == 0 && arguments.positional_count >= 3)
    return compare(&arguments, error);
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "results",
                      "expects list [FOLDER], show DIR or compare DIR DIR [DIR]");
}
