/* The command line of every command: one set of options, each command naming those it takes. */
#ifndef LS_ARGUMENTS_H
#define LS_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Groups of options a command may take; options.c says which option is of which. */
enum {
  LS_ARGUMENTS_SEARCH = 1,       /* those of a spec and of a device, and --exhaustive */
  LS_ARGUMENTS_SPEC = 1 << 22,   /* --catalog --supply --seed */
  LS_ARGUMENTS_DEVICE = 1 << 23, /* --backend --threads */
  LS_ARGUMENTS_OUTPUT = 2,       /* -o FILE */
  LS_ARGUMENTS_SIZE = 4,         /* --family --gpus --radix --planes --rails ... */
  LS_ARGUMENTS_WIRE = 256,       /* --nodes --degree ... --start --time-limit --threads --seed */
  LS_ARGUMENTS_YEARS = 8,        /* --years --csv */
  LS_ARGUMENTS_EXPLAIN = 16,     /* --draws --all */
  LS_ARGUMENTS_FEWER_WORDS = 32, /* no options: words may be left out from the end */
  LS_ARGUMENTS_RESILIENCE = 128, /* --failures --of --draws --backend --threads --seed */
  LS_ARGUMENTS_THROUGHPUT = 512, /* --gap --exact --failures --seed --threads */
  LS_ARGUMENTS_PLACE = 64,       /* --qaplib --start --random ..., --backend --threads --seed */
  LS_ARGUMENTS_EXPORT = 1024,    /* --to, with LS_ARGUMENTS_OUTPUT */
  LS_ARGUMENTS_SLICES = 2048,    /* --cubes --slice --hosts --availability */
  LS_ARGUMENTS_FOLDER = 1 << 16, /* -o DIR */
  LS_ARGUMENTS_VERIFY = 1 << 17, /* --catalog --deep */
  LS_ARGUMENTS_HELP = 1 << 18,   /* --man --bash --zsh */
  LS_ARGUMENTS_RUN = 1 << 21,    /* --resume --start --time-limit --evaluations --gap ... */
  LS_ARGUMENTS_INIT = 1 << 20,   /* --gpus --year --nic-gbps ..., with LS_ARGUMENTS_OUTPUT */
  LS_ARGUMENTS_JSON = 1 << 19    /* --json, which every command takes without asking */
};

enum { LS_ARGUMENTS_REPLICAS_MAX = 1 << 16 };

typedef struct ls_arguments {
  const char *positional[4];
  int32_t positional_count;
  bool is_json, is_exhaustive;
  const char *backend;  /* "auto", "cpu", "cuda" */
  int32_t thread_count; /* 0: all cores */
  int64_t seed;
  const char *catalog_path; /* NULL: the catalog beside the spec, else the built-in one */
  const char *output_path;  /* NULL: results/<spec>-<seed> */
  const char *resume_path;  /* the folder of a run to go on with; NULL: a new one */
  const char *log_path;     /* NULL: no log */
  bool is_quiet;
  const char *family, *wiring; /* size */
  int32_t gpu_count, radix, planes, rail_count, links_per_cable;
  int32_t oversubscription_num, oversubscription_den;
  int32_t year_first, year_last;               /* --years, --year; 0: not given */
  int64_t evaluations;                         /* wire, optimize; -1: not given */
  int32_t nodes, degree, symmetry, host_count; /* wire; 0: not given */
  const char *csv_path;                        /* NULL: no file is asked for */
  const char *supply;                          /* "low", "base", "high"; NULL: as the spec says */
  int32_t draw_count;                          /* 0: not given */
  int32_t failure_count;                       /* 0: not given */
  int32_t cube_count, slice_cubes;             /* slices; 0: not given */
  double availability;                         /* slices: of a host; 0: not given */
  const char *of_kind;                         /* NULL: not given */
  double gap;                                  /* throughput, optimize: a share; 0: not given */
  bool is_exact;                               /* throughput */
  bool is_all;
  int32_t nic_gbps, gpus_per_server, gpus_per_rack, domain_gpus; /* init; 0: not given */
  const char *families;                                          /* init; NULL: not given */
  bool is_forced;                                                /* init */
  const char *export_to;                /* the name of a format; NULL: not given */
  bool is_deep;                         /* verify */
  int32_t help_form;                    /* LS_OPTION_MAN, _BASH or _ZSH; 0: a page to read */
  const char *qaplib_path, *start_path; /* place; NULL: not given */
  double time_limit;                    /* seconds; 0: not given */
  int64_t iterations;                   /* -1: not given */
  int64_t target;                       /* a cost; INT64_MIN: not given */
  int32_t replica_count;                /* 0: not given */
  int64_t random_count;                 /* random placements to compare with */
} ls_arguments;

/* Reads argv[1..]; argv[0] is the command. Exactly positional_count words that are no options
 * are wanted (at most, with LS_ARGUMENTS_FEWER_WORDS or --resume), named by positional_names in
 * errors. LS_ERR_INPUT with the option as key. */
ls_status ls_arguments_read(int argc, char **argv, int32_t groups, int32_t positional_count,
                            const char *positional_names, ls_arguments *arguments, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
