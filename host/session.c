#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog_year.h"
#include "data_folder.h"
#include "problem_build.h"
#include "stop.h"

static void catalog_path_find(const ls_arguments *arguments, char path[512])
{
  const char *spec_path = arguments->positional[0];
  const char *slash = strrchr(spec_path, '/');
  const int folder = slash ? (int)(slash - spec_path) + 1 : 0;
  if (arguments->catalog_path)
    snprintf(path, 512, "%s", arguments->catalog_path);
  else if (snprintf(path, 512, "%.*scatalog.yaml", folder, spec_path) >= 512 ||
           access(path, R_OK) != 0)
    ls_data_path("catalog.yaml", path, 512);
}

ls_status ls_session_backend_choose(const ls_arguments *arguments, ls_session *session,
                                    ls_error *error)
{
  const bool wants_cuda = strcmp(arguments->backend, "cuda") == 0;
  const bool is_open = strcmp(arguments->backend, "auto") == 0;
  if (!wants_cuda && !is_open && strcmp(arguments->backend, "cpu") != 0)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--backend",
                        "must be auto, cpu or cuda, got %s", arguments->backend);
  session->backend = &ls_backend_cpu;
  session->is_backend_forced = wants_cuda;
  if (!wants_cuda && !is_open) return LS_OK;
  const ls_status status =
      ls_backend_cuda.probe(session->backend_note, sizeof session->backend_note);
  if (status == LS_OK) session->backend = &ls_backend_cuda;
  if (status != LS_OK && wants_cuda)
    return ls_error_set(error, LS_ERR_DEVICE, NULL, 0, "--backend", "cuda cannot be used: %s",
                        session->backend_note);
  return LS_OK;
}

/* The spec, and the matrix of demand beside it. */
static ls_status read_spec(const char *path, ls_session *session, ls_error *error)
{
  char matrix_path[512];
  const char *slash = strrchr(path, '/');
  const int folder = slash ? (int)(slash - path) + 1 : 0;
  const ls_status status = ls_spec_read(path, session->catalog_all_years, session->spec, error);
  if (status != LS_OK || !session->spec->traffic.matrix[0]) return status;
  const char *name = session->spec->traffic.matrix;
  if (snprintf(matrix_path, sizeof matrix_path, "%.*s%s", folder, path, name) >=
      (int)sizeof matrix_path)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, "traffic.matrix", "has too long a path");
  const ls_status read = ls_demand_read(matrix_path, &session->matrix, error);
  if (read == LS_OK && session->matrix->block_count > session->spec->cluster.gpu_count)
    return ls_error_set(error, LS_ERR_INPUT, matrix_path, 0, NULL,
                        "must have at most a row for each GPU, got %d rows for %d GPUs",
                        (int)session->matrix->block_count, (int)session->spec->cluster.gpu_count);
  session->spec->matrix = session->matrix;
  return read;
}

/* --supply goes before what the spec says. */
static ls_status supply_choose(const ls_arguments *arguments, ls_spec *spec, ls_error *error)
{
  if (!arguments->supply) return LS_OK;
  for (int32_t i = 0; ls_supply_scenario_names[i]; i++)
    if (strcmp(arguments->supply, ls_supply_scenario_names[i]) == 0) {
      spec->supply_scenario = i;
      return LS_OK;
    }
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--supply",
                      "must be low, base, high or unlimited, got %s", arguments->supply);
}

ls_status ls_session_read(const ls_arguments *arguments, ls_session *session, ls_error *error)
{
  char catalog_path[512];
  catalog_path_find(arguments, catalog_path);
  if (!session->stop) session->stop = ls_stop_install();
  session->catalog_all_years = malloc(sizeof *session->catalog_all_years);
  session->catalog = malloc(sizeof *session->catalog);
  session->spec = malloc(sizeof *session->spec);
  if (!session->catalog_all_years || !session->catalog || !session->spec)
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the inputs");
  ls_status status = ls_catalog_read(catalog_path, session->catalog_all_years, error);
  if (status == LS_OK) status = read_spec(arguments->positional[0], session, error);
  if (status == LS_OK) status = supply_choose(arguments, session->spec, error);
  if (status == LS_OK) {
    session->graphs = ls_block_graphs_create((uint64_t)arguments->seed);
    session->spec->graphs = session->graphs;
    if (!session->graphs)
      status = ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the inputs");
  }
  if (status != LS_OK) return status;
  return ls_catalog_at(session->catalog_all_years, session->spec->year,
                       session->spec->supply_scenario, session->catalog);
}

ls_status ls_session_open(const ls_arguments *arguments, ls_session *session, ls_error *error)
{
  ls_status status = ls_session_read(arguments, session, error);
  if (status == LS_OK)
    status = ls_problem_create(session->catalog, session->spec, &session->problem, error);
  if (status == LS_OK) status = ls_devices_create(&session->devices, error);
  if (status == LS_OK) status = ls_session_backend_choose(arguments, session, error);
  session->is_exhaustive = arguments->is_exhaustive;
  if (arguments->evaluations > 0) session->built_max = arguments->evaluations;
  session->gap = arguments->gap;
  session->thread_count =
      arguments->thread_count ? arguments->thread_count : session->devices.core_count;
  if (session->thread_count < 1) session->thread_count = 1;
  return status;
}

void ls_session_close(ls_session *session)
{
  if (session->devices.topology) ls_devices_destroy(&session->devices);
  ls_problem_destroy(session->problem);
  ls_demand_destroy(session->matrix);
  ls_block_graphs_destroy(session->graphs);
  free(session->spec);
  free(session->catalog);
  free(session->catalog_all_years);
}
