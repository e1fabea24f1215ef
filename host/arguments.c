#include "arguments.h"

#include "files.h"
#include "spec_space.h"
#include "wire_hosts.h"
#include "wiring.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_id {
  OPTION_BACKEND = 256,
  OPTION_THREADS,
  OPTION_SEED,
  OPTION_CATALOG,
  OPTION_SUPPLY,
  OPTION_EXHAUSTIVE,
  OPTION_JSON,
  OPTION_NODES,
  OPTION_HOSTS,
  OPTION_DEGREE,
  OPTION_SYMMETRY,
  OPTION_EVALUATIONS,
  OPTION_FAMILY,
  OPTION_GPUS,
  OPTION_RADIX,
  OPTION_PLANES,
  OPTION_RAILS,
  OPTION_WIRING,
  OPTION_OVERSUBSCRIPTION,
  OPTION_LINKS_PER_CABLE,
  OPTION_YEARS,
  OPTION_CSV,
  OPTION_DRAWS,
  OPTION_ALL,
  OPTION_QAPLIB,
  OPTION_START,
  OPTION_TIME_LIMIT,
  OPTION_ITERATIONS,
  OPTION_TARGET,
  OPTION_REPLICAS,
  OPTION_RANDOM,
  OPTION_FAILURES,
  OPTION_GAP,
  OPTION_EXACT,
  OPTION_TO
};

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"backend", required_argument, NULL, OPTION_BACKEND},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"catalog", required_argument, NULL, OPTION_CATALOG},
    {"supply", required_argument, NULL, OPTION_SUPPLY},
    {"exhaustive", no_argument, NULL, OPTION_EXHAUSTIVE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"nodes", required_argument, NULL, OPTION_NODES},
    {"hosts", required_argument, NULL, OPTION_HOSTS},
    {"degree", required_argument, NULL, OPTION_DEGREE},
    {"symmetry", required_argument, NULL, OPTION_SYMMETRY},
    {"evaluations", required_argument, NULL, OPTION_EVALUATIONS},
    {"family", required_argument, NULL, OPTION_FAMILY},
    {"gpus", required_argument, NULL, OPTION_GPUS},
    {"radix", required_argument, NULL, OPTION_RADIX},
    {"planes", required_argument, NULL, OPTION_PLANES},
    {"rails", required_argument, NULL, OPTION_RAILS},
    {"wiring", required_argument, NULL, OPTION_WIRING},
    {"oversubscription", required_argument, NULL, OPTION_OVERSUBSCRIPTION},
    {"links-per-cable", required_argument, NULL, OPTION_LINKS_PER_CABLE},
    {"years", required_argument, NULL, OPTION_YEARS},
    {"csv", required_argument, NULL, OPTION_CSV},
    {"draws", required_argument, NULL, OPTION_DRAWS},
    {"all", no_argument, NULL, OPTION_ALL},
    {"qaplib", required_argument, NULL, OPTION_QAPLIB},
    {"start", required_argument, NULL, OPTION_START},
    {"time-limit", required_argument, NULL, OPTION_TIME_LIMIT},
    {"iterations", required_argument, NULL, OPTION_ITERATIONS},
    {"target", required_argument, NULL, OPTION_TARGET},
    {"replicas", required_argument, NULL, OPTION_REPLICAS},
    {"random", required_argument, NULL, OPTION_RANDOM},
    {"failures", required_argument, NULL, OPTION_FAILURES},
    {"gap", required_argument, NULL, OPTION_GAP},
    {"exact", no_argument, NULL, OPTION_EXACT},
    {"to", required_argument, NULL, OPTION_TO},
    {NULL, 0, NULL, 0}};

static int32_t option_group(int id)
{
  if (id == 'o') return LS_ARGUMENTS_OUTPUT;
  if (id >= OPTION_NODES && id <= OPTION_EVALUATIONS) return LS_ARGUMENTS_WIRE;
  if (id == OPTION_RADIX) return LS_ARGUMENTS_SIZE | LS_ARGUMENTS_WIRE;
  if (id == OPTION_START || id == OPTION_TIME_LIMIT) return LS_ARGUMENTS_PLACE | LS_ARGUMENTS_WIRE;
  if (id == OPTION_YEARS || id == OPTION_CSV) return LS_ARGUMENTS_YEARS;
  if (id == OPTION_TO) return LS_ARGUMENTS_EXPORT;
  if (id == OPTION_FAILURES) return LS_ARGUMENTS_RESILIENCE;
  if (id == OPTION_GAP || id == OPTION_EXACT) return LS_ARGUMENTS_THROUGHPUT;
  if (id == OPTION_THREADS)
    return LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_PLACE | LS_ARGUMENTS_RESILIENCE | LS_ARGUMENTS_WIRE |
           LS_ARGUMENTS_THROUGHPUT;
  if (id == OPTION_DRAWS) return LS_ARGUMENTS_EXPLAIN | LS_ARGUMENTS_RESILIENCE;
  if (id == OPTION_ALL) return LS_ARGUMENTS_EXPLAIN;
  if (id >= OPTION_QAPLIB) return LS_ARGUMENTS_PLACE;
  if (id >= OPTION_FAMILY) return LS_ARGUMENTS_SIZE;
  if (id == OPTION_SEED)
    return LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_PLACE | LS_ARGUMENTS_RESILIENCE | LS_ARGUMENTS_WIRE;
  if (id == OPTION_BACKEND) return LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_PLACE;
  return id == OPTION_JSON ? ~0 : LS_ARGUMENTS_SEARCH;
}

static const char *option_name(int id)
{
  for (const struct option *option = long_options; option->name; option++)
    if (option->val == id) return option->name;
  return "?";
}

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

static ls_status read_share(const char *text, double *share, ls_error *error)
{
  char *end;
  const double number = strtod(text, &end);
  if (end == text || *end || !(number > 0 && number < 1))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--gap",
                        "must be a share above 0 and below 1, such as 0.01, got %s", text);
  *share = number;
  return LS_OK;
}

static ls_status read_count(int id, const char *text, int64_t most, int32_t *value, ls_error *error)
{
  char name[40] = "--";
  int64_t number = 0;
  strcat(name, option_name(id));
  const ls_status status = read_integer(name, text, 1, most, &number, error);
  if (status == LS_OK) *value = (int32_t)number;
  return status;
}

static ls_status read_option(int id, const char *text, ls_arguments *arguments, ls_error *error)
{
  switch (id) {
  case 'o':
    if (strlen(text) >= LS_PATH_MAX - 64)
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "-o", "is too long a path");
    arguments->output_path = text;
    return LS_OK;
  case OPTION_BACKEND: arguments->backend = text; return LS_OK;
  case OPTION_CATALOG: arguments->catalog_path = text; return LS_OK;
  case OPTION_SUPPLY: arguments->supply = text; return LS_OK;
  case OPTION_EXHAUSTIVE: arguments->is_exhaustive = true; return LS_OK;
  case OPTION_JSON: arguments->is_json = true; return LS_OK;
  case OPTION_NODES: return read_count(id, text, LS_WIRING_NODES_MAX, &arguments->nodes, error);
  case OPTION_HOSTS: return read_count(id, text, LS_HOSTS_MAX, &arguments->host_count, error);
  case OPTION_DEGREE: return read_count(id, text, LS_WIRING_NODES_MAX, &arguments->degree, error);
  case OPTION_SYMMETRY:
    return read_count(id, text, LS_WIRING_NODES_MAX, &arguments->symmetry, error);
  case OPTION_EVALUATIONS:
    return read_integer("--evaluations", text, 1, (int64_t)1 << 60, &arguments->evaluations, error);
  case OPTION_FAMILY: arguments->family = text; return LS_OK;
  case OPTION_WIRING: arguments->wiring = text; return LS_OK;
  case OPTION_OVERSUBSCRIPTION: return read_ratio(text, arguments, error);
  case OPTION_YEARS: return read_years(text, arguments, error);
  case OPTION_CSV: arguments->csv_path = text; return LS_OK;
  case OPTION_ALL: arguments->is_all = true; return LS_OK;
  case OPTION_DRAWS: return read_count(id, text, 1000000, &arguments->draw_count, error);
  case OPTION_THREADS: return read_count(id, text, 1024, &arguments->thread_count, error);
  case OPTION_GPUS: return read_count(id, text, 1 << 22, &arguments->gpu_count, error);
  case OPTION_RADIX: return read_count(id, text, 1 << 16, &arguments->radix, error);
  case OPTION_PLANES: return read_count(id, text, 64, &arguments->planes, error);
  case OPTION_RAILS: return read_count(id, text, 1024, &arguments->rail_count, error);
  case OPTION_LINKS_PER_CABLE: return read_count(id, text, 64, &arguments->links_per_cable, error);
  case OPTION_QAPLIB: arguments->qaplib_path = text; return LS_OK;
  case OPTION_START: arguments->start_path = text; return LS_OK;
  case OPTION_TIME_LIMIT: return read_seconds(text, &arguments->time_limit, error);
  case OPTION_ITERATIONS:
    return read_integer("--iterations", text, 0, (int64_t)1 << 60, &arguments->iterations, error);
  case OPTION_FAILURES: return read_count(id, text, 4096, &arguments->failure_count, error);
  case OPTION_GAP: return read_share(text, &arguments->gap, error);
  case OPTION_EXACT: arguments->is_exact = true; return LS_OK;
  case OPTION_TO: arguments->export_to = text; return LS_OK;
  case OPTION_REPLICAS:
    return read_count(id, text, LS_ARGUMENTS_REPLICAS_MAX, &arguments->replica_count, error);
  case OPTION_TARGET:
    return read_integer("--target", text, INT64_MIN, INT64_MAX, &arguments->target, error);
  case OPTION_RANDOM:
    return read_integer("--random", text, 0, 10000000, &arguments->random_count, error);
  default: return read_integer("--seed", text, 0, INT64_MAX, &arguments->seed, error);
  }
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
  optind = 0; /* a fresh start, also when a test reads twice */
  opterr = 0;
  for (int id; (id = getopt_long(argc, argv, ":o:", long_options, NULL)) != -1;) {
    const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "?";
    if (id == ':') return ls_error_set(error, LS_ERR_INPUT, NULL, 0, word, "needs a value");
    if (id == '?' || !(option_group(id) & groups || id == OPTION_JSON))
      return ls_error_set(error, LS_ERR_INPUT, NULL, 0, id == '?' ? word : option_name(id),
                          "is not an option of `lightspine %s`", argv[0]);
    const ls_status status = read_option(id, optarg, arguments, error);
    if (status != LS_OK) return status;
  }
  const int32_t word_count = argc - optind;
  if (word_count > positional_count ||
      (word_count < positional_count && !(groups & LS_ARGUMENTS_FEWER_WORDS)))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, argv[0], "expects %s, got %d word%s",
                        positional_names[0] ? positional_names : "no file", word_count,
                        word_count == 1 ? "" : "s");
  for (int32_t i = 0; i < word_count; i++) arguments->positional[i] = argv[optind + i];
  arguments->positional_count = word_count;
  return LS_OK;
}
