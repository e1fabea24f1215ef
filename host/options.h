/* Every option of every command: the one table that reading, help, man page and completion of the
 * shells are made from. Knows no command and reads nothing. */
#ifndef LS_OPTIONS_H
#define LS_OPTIONS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What getopt_long returns for an option without a letter of its own. */
enum {
  LS_OPTION_BACKEND = 256,
  LS_OPTION_THREADS,
  LS_OPTION_SEED,
  LS_OPTION_CATALOG,
  LS_OPTION_SUPPLY,
  LS_OPTION_EXHAUSTIVE,
  LS_OPTION_JSON,
  LS_OPTION_NODES,
  LS_OPTION_HOSTS,
  LS_OPTION_DEGREE,
  LS_OPTION_SYMMETRY,
  LS_OPTION_EVALUATIONS,
  LS_OPTION_FAMILY,
  LS_OPTION_GPUS,
  LS_OPTION_RADIX,
  LS_OPTION_PLANES,
  LS_OPTION_RAILS,
  LS_OPTION_WIRING,
  LS_OPTION_OVERSUBSCRIPTION,
  LS_OPTION_LINKS_PER_CABLE,
  LS_OPTION_YEARS,
  LS_OPTION_CSV,
  LS_OPTION_DRAWS,
  LS_OPTION_ALL,
  LS_OPTION_QAPLIB,
  LS_OPTION_START,
  LS_OPTION_TIME_LIMIT,
  LS_OPTION_ITERATIONS,
  LS_OPTION_TARGET,
  LS_OPTION_REPLICAS,
  LS_OPTION_RANDOM,
  LS_OPTION_FAILURES,
  LS_OPTION_OF,
  LS_OPTION_CUBES,
  LS_OPTION_SLICE,
  LS_OPTION_AVAILABILITY,
  LS_OPTION_GAP,
  LS_OPTION_EXACT,
  LS_OPTION_TO,
  LS_OPTION_YEAR,
  LS_OPTION_NIC_GBPS,
  LS_OPTION_GPUS_PER_SERVER,
  LS_OPTION_GPUS_PER_RACK,
  LS_OPTION_DOMAIN_GPUS,
  LS_OPTION_FAMILIES,
  LS_OPTION_FORCE,
  LS_OPTION_DEEP,
  LS_OPTION_MAN,
  LS_OPTION_BASH,
  LS_OPTION_ZSH,
  LS_OPTION_RESUME,
  LS_OPTION_LOG,
  LS_OPTION_QUIET
};

/* One row: an option as commands of these groups mean it. A name that means something else
 * elsewhere has several rows, which agree in whether there is a value. */
typedef struct ls_option {
  const char *name; /* without its dashes; "output" is -o, too */
  int id;
  int32_t groups;       /* LS_ARGUMENTS_..., arguments.h */
  const char *value;    /* what follows it: FILE, N, or words between bars; NULL: nothing does */
  const char *help;     /* a clause without a full stop */
  const char *fallback; /* what holds without it; NULL: nothing worth telling */
} ls_option;

enum { LS_OPTION_ROWS_MAX = 128 };

/* All rows, less than LS_OPTION_ROWS_MAX; one without a name ends them. */
extern const ls_option ls_options[];

/* The row of this id that one of these groups takes; NULL: none does. */
const ls_option *ls_option_find(int id, int32_t groups);

#ifdef __cplusplus
}
#endif
#endif
