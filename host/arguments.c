#include "arguments.h"

#include "fields.h"
#include "files.h"
#include "options.h"
#include "slices.h"
#include "spec_space.h"
#include "wire_hosts.h"
#include "wiring.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ls_status read_integer(const char *name, const char *text, int64_t least, int64_t most,
                              int64_t *value, ls_error *error)
{
  char *end;
  errno = 0;
  const long long number = strtoll(text, &end, 10);
  if (errno || end == text || *end || number < least || number > most)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, name, "must be %lld..%lld, got %s",
                        (long long)least, (long long)most, text);
  *value = number;
  return LS_OK;
}

/* "3", "3:1" or "1.5", down:up, at least 1:1, as in specs. */
static ls_status read_ratio(const char *text, ls_arguments *arguments, ls_error *error)
{
  if (ls_ratio_parse(text, &arguments->oversubscription_num, &arguments->oversubscription_den))
    return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--oversubscription",
                      "must be down:up of at least 1:1, such as 3, 3:1 or 1.5, got %s", text);
}

/* "2026:2032", or one year. */
static ls_status read_years(const char *text, ls_arguments *arguments, ls_error *error)
{
  char first[16], rest = '\0';
  int last = 0;
  if (sscanf(text, "%15[0-9]:%d%c", first, &last, &rest) == 2 ||
      sscanf(text, "%15[0-9]%c", first, &rest) == 1) {
    const int64_t year = strtoll(first, NULL, 10);
    const int64_t end = last ? last : year;
    if (year >= 2024 && year <= end && end <= 2040) {
      arguments->year_first = (int32_t)year;
      arguments->year_last = (int32_t)end;
      return LS_OK;
    }
  }
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--years",
                      "must be first:last of 2024..2040, such as 2026:2032, got %s", text);
}

static ls_status read_year(const char *text, ls_arguments *arguments, ls_error *error)
{
  int64_t year = 0;
  const ls_status status = read_integer("--year", text, 2024, 2040, &year, error);
  arguments->year_first = arguments->year_last = (int32_t)year;
  return status;
}

/* Seconds, a fraction allowed. */
static ls_status read_seconds(const char *text, double *seconds, ls_error *error)
{
  char *end;
  const double number = strtod(text, &end);
  if (end == text || *end || !(number > 0 && number <= 1e9))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--time-limit",
                        "must be seconds above 0 and up to 1e9, got %s", text);
  *seconds = number;
  return LS_OK;
}

static ls_status read_share(const char *name, const char *text, double *share, ls_error *error)
{
  char *end;
  const double number = strtod(text, &end);
  if (end == text || *end || !(number > 0 && number < 1))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, name,
                        "must be a share above 0 and below 1, such as 0.01, got %s", text);
  *share = number;
  return LS_OK;
}

static ls_status read_count(int id, const char *text, int64_t most, int32_t *value, ls_error *error)
{
  char name[40] = "--";
  int64_t number = 0;
  strcat(name, ls_option_find(id, ~0)->name);
  const ls_status status = read_integer(name, text, 1, most, &number, error);
  if (status == LS_OK) *value = (int32_t)number;
  return status;
}

static ls_status read_path(const char *name, const char *text, const char **path, ls_error *error)
{
  if (strlen(text) >= LS_PATH_MAX - 64)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, name, "is too long a path");
  *path = text;
  return LS_OK;
}

static ls_status read_option(int id, const char *text, ls_arguments *arguments, ls_error *error)
{
  switch (id) {
  case 'o': return read_path("-o", text, &arguments->output_path, error);
  case LS_OPTION_BACKEND: arguments->backend = text; return LS_OK;
  case LS_OPTION_CATALOG: arguments->catalog_path = text; return LS_OK;
  case LS_OPTION_SUPPLY: arguments->supply = text; return LS_OK;
  case LS_OPTION_EXHAUSTIVE: arguments->is_exhaustive = true; return LS_OK;
  case LS_OPTION_TO: arguments->export_to = text; return LS_OK;
  case LS_OPTION_YEAR: return read_year(text, arguments, error);
  case LS_OPTION_NIC_GBPS: return read_count(id, text, 12800, &arguments->nic_gbps, error);
  case LS_OPTION_GPUS_PER_SERVER:
    return read_count(id, text, 1024, &arguments->gpus_per_server, error);
  case LS_OPTION_GPUS_PER_RACK: return read_count(id, text, 1024, &arguments->gpus_per_rack, error);
  case LS_OPTION_DOMAIN_GPUS: return read_count(id, text, 65536, &arguments->domain_gpus, error);
  case LS_OPTION_FAMILIES: arguments->families = text; return LS_OK;
  case LS_OPTION_FORCE: arguments->is_forced = true; return LS_OK;
  case LS_OPTION_DEEP: arguments->is_deep = true; return LS_OK;
  case LS_OPTION_MAN:
  case LS_OPTION_BASH:
  case LS_OPTION_ZSH: arguments->help_form = id; return LS_OK;
  case LS_OPTION_JSON: arguments->is_json = true; return LS_OK;
  case LS_OPTION_NODES: return read_count(id, text, LS_WIRING_NODES_MAX, &arguments->nodes, error);
  case LS_OPTION_HOSTS: return read_count(id, text, LS_HOSTS_MAX, &arguments->host_count, error);
  case LS_OPTION_DEGREE:
    return read_count(id, text, LS_WIRING_NODES_MAX, &arguments->degree, error);
  case LS_OPTION_SYMMETRY:
    return read_count(id, text, LS_WIRING_NODES_MAX, &arguments->symmetry, error);
  case LS_OPTION_EVALUATIONS:
    return read_integer("--evaluations", text, 1, (int64_t)1 << 60, &arguments->evaluations, error);
  case LS_OPTION_FAMILY: arguments->family = text; return LS_OK;
  case LS_OPTION_WIRING: arguments->wiring = text; return LS_OK;
  case LS_OPTION_OVERSUBSCRIPTION: return read_ratio(text, arguments, error);
  case LS_OPTION_YEARS: return read_years(text, arguments, error);
  case LS_OPTION_CSV: arguments->csv_path = text; return LS_OK;
  case LS_OPTION_ALL: arguments->is_all = true; return LS_OK;
  case LS_OPTION_DRAWS: return read_count(id, text, 1000000, &arguments->draw_count, error);
  case LS_OPTION_THREADS: return read_count(id, text, 1024, &arguments->thread_count, error);
  case LS_OPTION_GPUS: return read_count(id, text, 1 << 22, &arguments->gpu_count, error);
  case LS_OPTION_RADIX: return read_count(id, text, 1 << 16, &arguments->radix, error);
  case LS_OPTION_PLANES: return read_count(id, text, 64, &arguments->planes, error);
  case LS_OPTION_RAILS: return read_count(id, text, 1024, &arguments->rail_count, error);
  case LS_OPTION_LINKS_PER_CABLE:
    return read_count(id, text, 64, &arguments->links_per_cable, error);
  case LS_OPTION_QAPLIB: arguments->qaplib_path = text; return LS_OK;
  case LS_OPTION_START: arguments->start_path = text; return LS_OK;
  case LS_OPTION_TIME_LIMIT: return read_seconds(text, &arguments->time_limit, error);
  case LS_OPTION_ITERATIONS:
    return read_integer("--iterations", text, 0, (int64_t)1 << 60, &arguments->iterations, error);
  case LS_OPTION_FAILURES: return read_count(id, text, 4096, &arguments->failure_count, error);
  case LS_OPTION_OF: arguments->of_kind = text; return LS_OK;
  case LS_OPTION_CUBES:
    return read_count(id, text, LS_SLICES_CUBES_MAX, &arguments->cube_count, error);
  case LS_OPTION_SLICE:
    return read_count(id, text, LS_SLICES_CUBES_MAX, &arguments->slice_cubes, error);
  case LS_OPTION_AVAILABILITY:
    return read_share("--availability", text, &arguments->availability, error);
  case LS_OPTION_GAP: return read_share("--gap", text, &arguments->gap, error);
  case LS_OPTION_EXACT: arguments->is_exact = true; return LS_OK;
  case LS_OPTION_LOG: return read_path("--log", text, &arguments->log_path, error);
  case LS_OPTION_QUIET: arguments->is_quiet = true; return LS_OK;
  case LS_OPTION_RESUME: return read_path("--resume", text, &arguments->resume_path, error);
  case LS_OPTION_REPLICAS:
    return read_count(id, text, LS_ARGUMENTS_REPLICAS_MAX, &arguments->replica_count, error);
  case LS_OPTION_TARGET:
    return read_integer("--target", text, INT64_MIN, INT64_MAX, &arguments->target, error);
  case LS_OPTION_RANDOM:
    return read_integer("--random", text, 0, 10000000, &arguments->random_count, error);
  default: return read_integer("--seed", text, 0, INT64_MAX, &arguments->seed, error);
  }
}

/* The table as getopt_long wants it. */
static void getopt_fill(struct option long_options[LS_OPTION_ROWS_MAX])
{
  int32_t count = 0;
  for (const ls_option *option = ls_options; option->name; option++)
    long_options[count++] = (struct option){
        option->name, option->value ? required_argument : no_argument, NULL, option->id};
  long_options[count] = (struct option){.name = NULL};
}

/* The options of some groups by number; NULL beyond the last. */
static const char *name_of_group(const void *context, int32_t index)
{
  const int32_t groups = *(const int32_t *)context;
  for (const ls_option *option = ls_options; option->name; option++)
    if (option->groups & groups && index-- == 0) return option->name;
  return NULL;
}

static ls_status foreign_tell(const char *command, const char *word, ls_error *error)
{
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, word,
                      "is not an option of `lightspine %s`, whose --help lists them", command);
}

/* A word that is no command's option. */
static ls_status unknown_tell(const char *command, const char *word, int32_t groups,
                              ls_error *error)
{
  const char *bare = word + strspn(word, "-");
  int32_t count = 0;
  while (name_of_group(&groups, count)) count++;
  const char *near = ls_name_near(bare, count, name_of_group, &groups);
  if (!near) return foreign_tell(command, word, error);
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, word,
                      "is not an option of `lightspine %s`; the nearest one is --%s", command,
                      near);
}

ls_status ls_arguments_read(int argc, char **argv, int32_t groups, int32_t positional_count,
                            const char *positional_names, ls_arguments *arguments, ls_error *error)
{
  *arguments = (ls_arguments){.backend = "auto",
                              .seed = 1,
                              .planes = 1,
                              .rail_count = 8,
                              .links_per_cable = 1,
                              .evaluations = -1,
                              .iterations = -1,
                              .target = INT64_MIN,
                              .random_count = 10000,
                              .oversubscription_num = 1,
                              .oversubscription_den = 1,
                              .wiring = "plain"};
  struct option long_options[LS_OPTION_ROWS_MAX];
  getopt_fill(long_options);
  groups |= LS_ARGUMENTS_JSON;
  optind = 0; /* a fresh start, also when a test reads twice */
  opterr = 0;
  for (int id; (id = getopt_long(argc, argv, ":o:", long_options, NULL)) != -1;) {
    const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "?";
    if (id == ':') return ls_error_set(error, LS_ERR_INPUT, NULL, 0, word, "needs a value");
    if (id == '?') return unknown_tell(argv[0], word, groups, error);
    if (!ls_option_find(id, groups)) {
      char name[40];
      snprintf(name, sizeof name, "--%s", ls_option_find(id, ~0)->name);
      return foreign_tell(argv[0], name, error);
    }
    const ls_status status = read_option(id, optarg, arguments, error);
    if (status != LS_OK) return status;
  }
  const int32_t word_count = argc - optind;
  if (word_count > positional_count ||
      (word_count < positional_count && !(groups & LS_ARGUMENTS_FEWER_WORDS) &&
       !arguments->resume_path))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, argv[0], "expects %s, got %d word%s",
                        positional_names[0] ? positional_names : "no file", word_count,
                        word_count == 1 ? "" : "s");
  for (int32_t i = 0; i < word_count; i++) arguments->positional[i] = argv[optind + i];
  arguments->positional_count = word_count;
  return LS_OK;
}
