#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputs_copy.h"
#include "json.h"
#include "run_archive.h"

#define STORE_NAME "run.db"

/* ---- Facts: what the steps of a store are of ---- */

typedef struct fact {
  const char *name;
  const char *meaning; /* of one that must be the same to go on; NULL: it is taken from the store */
  char value[LS_RUN_FACT_MAX];
} fact;

typedef struct facts {
  fact list[16];
  int32_t count;
} facts;

static void fact_add(facts *self, const char *name, const char *meaning, const char *value)
{
  fact *added = &self->list[self->count++];
  *added = (fact){.name = name, .meaning = meaning};
  snprintf(added->value, sizeof added->value, "%s", value);
}

static void fact_add_integer(facts *self, const char *name, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, value);
  fact_add(self, name, NULL, text);
}

/* The structs of which steps hold the bytes. */
static void fact_add_layout(facts *self)
{
  char text[64];
  snprintf(text, sizeof text, "%zu-%zu-%zu", sizeof(ls_result), sizeof(ls_sweep_stats),
           sizeof(ls_front_member));
  fact_add(self, "layout", "build of lightspine", text);
}

static void fact_add_demand(facts *self, const ls_demand *matrix)
{
  char sha256[65] = "";
  const size_t blocks = matrix ? (size_t)matrix->block_count : 0;
  if (matrix) ls_sha256(matrix->weight, blocks * blocks * sizeof *matrix->weight, sha256);
  fact_add(self, "demand_sha256", "matrix of demand", sha256);
}

static void facts_fill(facts *self, const ls_arguments *arguments, const ls_session *session)
{
  self->count = 0;
  fact_add(self, "version", "version of lightspine", LS_VERSION);
  fact_add_layout(self);
  fact_add(self, "spec_sha256", "spec", session->spec->sha256);
  fact_add(self, "catalog_sha256", "catalog", session->catalog->sha256);
  fact_add_demand(self, session->matrix);
  fact_add(self, "supply", "--supply", arguments->supply ? arguments->supply : "");
  fact_add(self, "spec", NULL, session->spec->name);
  fact_add(self, "spec_path", NULL, session->spec->path);
  fact_add(self, "catalog_path", NULL, session->catalog->path);
  fact_add_integer(self, "seed", arguments->seed);
  fact_add_integer(self, "evaluations", arguments->evaluations);
  fact_add_integer(self, "gap_ppb", (int64_t)(arguments->gap * 1e9 + 0.5));
  fact_add_integer(self, "start_rank", session->has_start ? (int64_t)session->start_rank : -1);
  fact_add_integer(self, "exhaustive", arguments->is_exhaustive);
}

static ls_status facts_write(const facts *self, ls_run_store *store, ls_error *error)
{
  ls_status status = ls_run_store_set(store, "state", "running", error);
  for (int32_t i = 0; status == LS_OK && i < self->count; i++)
    status = ls_run_store_set(store, self->list[i].name, self->list[i].value, error);
  return status;
}

static ls_status other_error(const ls_run *run, const char *meaning, const char *then,
                             const char *now, ls_error *error)
{
  return ls_error_set(error, LS_ERR_INPUT, run->path, 0, "--resume",
                      "was started with another %s: %.20s, not %.20s", meaning,
                      then[0] ? then : "none", now[0] ? now : "none");
}

/* Whether a resumed run is of the same. */
static ls_status facts_compare(const facts *self, const ls_run *run, ls_error *error)
{
  char value[LS_RUN_FACT_MAX];
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < self->count; i++) {
    const fact *now = &self->list[i];
    if (!now->meaning) continue;
    status = ls_run_store_get(run->store, now->name, value, error);
    if (status == LS_OK && strcmp(value, now->value) != 0)
      return other_error(run, now->meaning, value, now->value, error);
  }
  return status;
}

/* ---- Folders ---- */

static bool has_file(const char *folder, const char *name)
{
  char path[LS_PATH_MAX];
  return ls_path_join(folder, name, "", path, NULL) == LS_OK && access(path, F_OK) == 0;
}

/* Sets the paths of what a run has in its folder until it is finished. */
static ls_status work_set(ls_run *run, bool is_beside_results, ls_error *error)
{
  ls_status status =
      ls_path_join(run->path, is_beside_results ? LS_FOLDER_UNFINISHED : "", "", run->work, error);
  if (!is_beside_results) memcpy(run->work, run->path, sizeof run->work);
  if (status == LS_OK) status = ls_path_join(run->work, "spec.yaml", "", run->spec_path, error);
  if (status == LS_OK)
    status = ls_path_join(run->work, "catalog.yaml", "", run->catalog_path, error);
  return status;
}

static ls_status store_open(ls_run *run, const char *folder, ls_error *error)
{
  char path[LS_PATH_MAX];
  const ls_status status = ls_path_join(folder, STORE_NAME, "", path, error);
  return status == LS_OK ? ls_run_store_open(path, &run->store, error) : status;
}

/* What the store of a folder says, which stays as it is. Nobody may be at work with it. */
static ls_status fact_look(const char *folder, const char *name, char value[LS_RUN_FACT_MAX],
                           ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_run_store *store;
  ls_status status = ls_path_join(folder, STORE_NAME, "", path, error);
  if (status == LS_OK) status = ls_run_store_open_to_read(path, true, &store, error);
  if (status != LS_OK) return status;
  status = ls_run_store_get(store, name, value, error);
  ls_run_store_close(store);
  return status;
}

/* What killed processes left beside the results, and beside the run inside of them. */
static void leftovers_remove(const ls_run *run)
{
  char inside[LS_PATH_MAX];
  ls_folder_leftovers_remove(run->path);
  if (ls_path_join(run->path, LS_FOLDER_UNFINISHED, "", inside, NULL) == LS_OK)
    ls_folder_leftovers_remove(inside);
}

/* ---- A run that goes on ---- */

static ls_status integer_recall(const ls_run *run, const char *name, int64_t *value,
                                ls_error *error)
{
  char text[LS_RUN_FACT_MAX];
  const ls_status status = ls_run_store_get(run->store, name, text, error);
  if (status == LS_OK) *value = strtoll(text, NULL, 10);
  return status;
}

/* What the command line does not say, or has no say in. */
static ls_status arguments_recall(ls_run *run, ls_arguments *arguments, ls_error *error)
{
  char text[LS_RUN_FACT_MAX];
  int64_t is_exhaustive = 0, gap_ppb = 0;
  ls_status status = integer_recall(run, "seed", &arguments->seed, error);
  if (status == LS_OK && arguments->evaluations < 0)
    status = integer_recall(run, "evaluations", &arguments->evaluations, error);
  if (status == LS_OK) status = integer_recall(run, "gap_ppb", &gap_ppb, error);
  if (status == LS_OK && !arguments->gap) arguments->gap = (double)gap_ppb / 1e9;
  if (status == LS_OK) status = integer_recall(run, "exhaustive", &is_exhaustive, error);
  if (status == LS_OK) status = ls_run_store_get(run->store, "supply", text, error);
  if (status != LS_OK) return status;
  arguments->is_exhaustive = is_exhaustive != 0;
  snprintf(run->supply, sizeof run->supply, "%s", text);
  if (!arguments->supply && run->supply[0]) arguments->supply = run->supply;
  return LS_OK;
}

/* Of a finished run nothing is read that could tell a spec that is not its own. */
static ls_status spec_compare(const ls_run *run, const char *path, ls_error *error)
{
  char then[LS_RUN_FACT_MAX], now[65];
  char *text;
  size_t size;
  ls_status status = fact_look(run->work, "spec_sha256", then, error);
  if (status == LS_OK) status = ls_file_read(path, (size_t)1 << 24, &text, &size, error);
  if (status != LS_OK) return status;
  ls_sha256(text, size, now);
  free(text);
  return strcmp(then, now) == 0 ? LS_OK : other_error(run, "spec", then, now, error);
}

/* The copies of the inputs, unless others are named: those must then be the same. */
static void inputs_recall(const ls_run *run, ls_arguments *arguments)
{
  if (arguments->positional_count) return;
  arguments->positional[arguments->positional_count++] = run->spec_path;
  if (!arguments->catalog_path) arguments->catalog_path = run->catalog_path;
}

ls_status ls_run_recall(ls_run *run, ls_arguments *arguments, ls_error *error)
{
  char state[LS_RUN_FACT_MAX];
  if (!arguments->resume_path) return LS_OK;
  if (arguments->output_path)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "-o",
                        "does not go with --resume, whose folder is where results go");
  arguments->output_path = arguments->resume_path;
  snprintf(run->path, sizeof run->path, "%s", arguments->resume_path);
  ls_status status = work_set(run, true, error);
  if (status == LS_OK && !has_file(run->work, STORE_NAME)) status = work_set(run, false, error);
  if (status != LS_OK) return status;
  if (!has_file(run->work, STORE_NAME)) {
    if (!arguments->positional_count && !has_file(run->work, "spec.yaml"))
      return ls_error_set(error, LS_ERR_INPUT, run->path, 0, "--resume",
                          "holds no run to go on with; with the spec before it, a new one starts");
    inputs_recall(run, arguments);
    return LS_OK;
  }
  status = fact_look(run->work, "state", state, error);
  if (status != LS_OK) return status;
  leftovers_remove(run);
  run->is_finished = strcmp(state, "finished") == 0;
  if (run->is_finished)
    return arguments->positional_count ? spec_compare(run, arguments->positional[0], error) : LS_OK;
  status = store_open(run, run->work, error);
  if (status != LS_OK) return status;
  run->is_resumed = true;
  inputs_recall(run, arguments);
  return arguments_recall(run, arguments, error);
}

/* Results name inputs as they were named when the run began, and the search starts as it did. */
static ls_status session_recall(const ls_run *run, ls_session *session, ls_error *error)
{
  char value[LS_RUN_FACT_MAX];
  int64_t start_rank = -1;
  ls_status status = integer_recall(run, "start_rank", &start_rank, error);
  if (status != LS_OK) return status;
  session->has_start = start_rank >= 0;
  session->start_rank = session->has_start ? (uint64_t)start_rank : 0;
  status = ls_run_store_get(run->store, "spec", value, error);
  if (status != LS_OK) return status;
  snprintf(session->spec->name, sizeof session->spec->name, "%s", value);
  status = ls_run_store_get(run->store, "spec_path", value, error);
  if (status != LS_OK) return status;
  snprintf(session->spec->path, sizeof session->spec->path, "%s", value);
  status = ls_run_store_get(run->store, "catalog_path", value, error);
  if (status != LS_OK) return status;
  snprintf(session->catalog->path, sizeof session->catalog->path, "%s", value);
  return LS_OK;
}

/* ---- A new run ---- */

/* Where a run's folder is when -o does not say. */
static void path_choose(ls_run *run, const ls_arguments *arguments, const ls_session *session)
{
  if (arguments->output_path)
    snprintf(run->path, sizeof run->path, "%s", arguments->output_path);
  else
    snprintf(run->path, sizeof run->path, "results/%s-%" PRId64, session->spec->name,
             arguments->seed);
}

/* By this the folder is known as ours until it has results. */
static ls_status manifest_write(const ls_session *session, const char *folder, ls_error *error)
{
  ls_json *object = ls_json_object(), *files = ls_json_array();
  char path[LS_PATH_MAX];
  ls_json_set_text(object, "program", "lightspine");
  ls_json_set_text(object, "version", LS_VERSION);
  ls_json_set_int(object, "format", 1);
  ls_json_set_bool(object, "finished", false);
  ls_json_append_text(files, STORE_NAME);
  ls_json_append_text(files, "spec.yaml");
  ls_json_append_text(files, "catalog.yaml");
  if (session->matrix) ls_json_append_text(files, session->spec->traffic.matrix);
  ls_json_set(object, "files", files);
  const ls_status status = ls_path_join(folder, "manifest.json", "", path, error);
  if (status == LS_OK) return ls_json_file_write(object, path, error);
  ls_json_destroy(object);
  return status;
}

/* Whoever is at work in a folder that is about to be replaced goes on undisturbed. */
static ls_status lock_check(const char *folder, ls_error *error)
{
  char state[LS_RUN_FACT_MAX];
  return has_file(folder, STORE_NAME) ? fact_look(folder, "state", state, error) : LS_OK;
}

static ls_status folder_create(ls_run *run, const facts *about, const ls_session *session,
                               ls_error *error)
{
  ls_folder_writer writer;
  ls_status status = ls_folder_open(&writer, run->work, error);
  if (status != LS_OK) return status;
  status =
      ls_inputs_copy(session, session->spec->path, session->catalog->path, writer.temporary, error);
  if (status == LS_OK) status = manifest_write(session, writer.temporary, error);
  if (status == LS_OK) status = store_open(run, writer.temporary, error);
  if (status == LS_OK) status = facts_write(about, run->store, error);
  ls_run_close(run); /* the log is beside the store by its name, which changes */
  if (status == LS_OK) status = ls_folder_commit(&writer, error);
  if (status != LS_OK) ls_folder_fail(&writer, error);
  return status;
}

/* ---- */

ls_status ls_run_begin(ls_run *run, const ls_arguments *arguments, ls_session *session,
                       ls_error *error)
{
  facts about;
  facts_fill(&about, arguments, session);
  ls_status status;
  if (run->is_resumed) {
    status = facts_compare(&about, run, error);
    if (status == LS_OK) status = session_recall(run, session, error);
    if (status == LS_OK) status = ls_run_store_set(run->store, "state", "running", error);
  } else {
    path_choose(run, arguments, session);
    leftovers_remove(run);
    status = ls_folder_check(run->path, error);
    if (status == LS_OK) status = lock_check(run->path, error);
    if (status == LS_OK) status = work_set(run, has_file(run->path, "pareto.json"), error);
    if (status == LS_OK) status = lock_check(run->work, error);
    if (status == LS_OK) status = folder_create(run, &about, session, error);
    if (status == LS_OK) status = store_open(run, run->work, error);
  }
  session->store = run->store;
  return status;
}

ls_status ls_run_finish(ls_run *run, const ls_session *session, const ls_answer *answer,
                        const char *folder, ls_error *error)
{
  char path[LS_PATH_MAX];
  ls_run_store *copy;
  ls_status status = ls_path_join(folder, STORE_NAME, "", path, error);
  if (status == LS_OK) status = ls_run_store_copy(run->store, path, error);
  ls_run_close(run);
  if (status == LS_OK) status = ls_run_store_open(path, &copy, error);
  if (status != LS_OK) return status;
  status = ls_run_archive(copy, session, answer, error);
  ls_run_store_close(copy);
  return status;
}

ls_status ls_run_stop(ls_run *run, ls_error *error)
{
  return ls_run_store_set(run->store, "state", "stopped", error);
}

void ls_run_discard(ls_run *run)
{
  const bool is_begun = run->store != NULL;
  ls_run_close(run);
  if (is_begun && !has_file(run->work, "pareto.json")) ls_folder_remove(run->work);
}

void ls_run_close(ls_run *run)
{
  ls_run_store_close(run->store);
  run->store = NULL;
}
