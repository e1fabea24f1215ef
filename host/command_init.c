/* `lightspine init --gpus N`: a spec to start from, read back before anybody sees it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "commands.h"
#include "data_folder.h"
#include "files.h"
#include "init.h"
#include "json.h"
#include "tables.h"

static ls_status options_read(const ls_arguments *arguments, ls_init *init, ls_error *error)
{
  *init = (ls_init){.gpus = arguments->gpu_count,
                    .year = arguments->year_first ? arguments->year_first : 2026,
                    .nic_gbps = arguments->nic_gbps ? arguments->nic_gbps : 800,
                    .gpus_per_server = arguments->gpus_per_server ? arguments->gpus_per_server : 8,
                    .domain_gpus = arguments->domain_gpus,
                    .families = arguments->families};
  const int32_t per_rack =
      arguments->gpus_per_rack ? arguments->gpus_per_rack : 4 * init->gpus_per_server;
  if (!init->gpus) return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--gpus", "is missing");
  if (per_rack % init->gpus_per_server)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--gpus-per-rack",
                        "must be a multiple of the %d GPUs of a server, got %d",
                        init->gpus_per_server, per_rack);
  init->servers_per_rack = per_rack / init->gpus_per_server;
  return ls_init_plan(init, error);
}

static ls_status text_make(const ls_init *init, const char *path, char **text, ls_error *error)
{
  size_t size;
  FILE *stream = open_memstream(text, &size);
  if (stream) ls_init_write(init, path, stream);
  if (stream && fclose(stream) == 0) return LS_OK;
  return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for a spec");
}

/* A mistake in the text is one of the command line, where --families alone is free text: names
 * that, or the key, instead of a file that nobody has written. */
static void mistake_place(const char *path, ls_error *error)
{
  static const char families[] = "space.families";
  if (strcmp(error->file, path) != 0) return;
  error->file[0] = '\0';
  error->line = 0;
  if (!error->key[0] || strncmp(error->key, families, sizeof families - 1) == 0)
    snprintf(error->key, sizeof error->key, "--families");
}

/* What is written is a spec: refuses what no spec may say, such as a family that there is not. */
static ls_status text_check(const char *text, const char *path, ls_error *error)
{
  char catalog_path[LS_PATH_MAX];
  ls_yaml_tree tree = {.nodes = NULL};
  ls_catalog *catalog = malloc(sizeof *catalog);
  ls_spec *spec = malloc(sizeof *spec);
  ls_status status = catalog && spec ? LS_OK : LS_ERR_MEMORY;
  ls_data_path("catalog.yaml", catalog_path, LS_PATH_MAX);
  if (status == LS_OK) status = ls_catalog_read(catalog_path, catalog, error);
  if (status == LS_OK) status = ls_yaml_parse(text, strlen(text), path, &tree, error);
  if (status == LS_OK) {
    status = ls_spec_read_tree(&tree, catalog, spec, error);
    ls_yaml_destroy(&tree);
  }
  if (status == LS_ERR_INPUT) mistake_place(path, error);
  free(spec);
  free(catalog);
  return status;
}

static ls_status text_put(const char *text, const ls_arguments *arguments, ls_error *error)
{
  ls_file_writer writer;
  const char *path = arguments->output_path;
  if (!arguments->is_forced && access(path, F_OK) == 0)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "exists; --force replaces it");
  ls_status status = ls_file_open(&writer, path, error);
  if (status != LS_OK) return status;
  fputs(text, writer.stream);
  return ls_file_commit(&writer, error);
}

static ls_status answer_json(const ls_init *init, const char *text, const ls_arguments *arguments,
                             ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "gpus", init->gpus);
  ls_json_set_int(object, "gpu_racks", init->gpu_racks);
  ls_json_set_int(object, "rows", init->rows);
  ls_json_set_int(object, "racks_per_row", init->racks_per_row);
  if (arguments->output_path)
    ls_json_set_text(object, "file", arguments->output_path);
  else
    ls_json_set_text(object, "spec", text);
  return ls_json_write(object, stdout, error);
}

ls_status ls_command_init(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_init init;
  char *text = NULL;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_INIT | LS_ARGUMENTS_OUTPUT, 0, "",
                                       &arguments, error);
  if (status != LS_OK) return status;
  const char *path = arguments.output_path ? arguments.output_path : "spec.yaml";
  status = options_read(&arguments, &init, error);
  if (status == LS_OK) status = text_make(&init, path, &text, error);
  if (status == LS_OK) status = text_check(text, path, error);
  if (status == LS_OK && arguments.output_path) status = text_put(text, &arguments, error);
  if (status == LS_OK && arguments.is_json)
    status = answer_json(&init, text, &arguments, error);
  else if (status == LS_OK && arguments.output_path)
    printf("%s: %d GPU%s in %d rack%s, on a floor of %d x %d slots; `lightspine optimize %s` is "
           "next\n",
           path, init.gpus, init.gpus == 1 ? "" : "s", init.gpu_racks,
           init.gpu_racks == 1 ? "" : "s", init.rows, init.racks_per_row, path);
  else if (status == LS_OK)
    fputs(text, stdout);
  free(text);
  return status;
}
