/* A spec to start from: as many GPUs as somebody has, on a floor that holds them. Writes text and
 * reads no file. */
#ifndef LS_INIT_H
#define LS_INIT_H

#include <stdint.h>
#include <stdio.h>

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_init {
  int32_t gpus, year;
  int32_t nic_gbps;
  int32_t gpus_per_server, servers_per_rack;
  int32_t domain_gpus;  /* 0: no scale-up network */
  const char *families; /* names between commas; NULL: all */
  /* Filled by ls_init_plan: */
  int32_t gpu_racks, rows, racks_per_row;
  int32_t server_units; /* rack units of a server */
  int32_t rack_kw;      /* of a slot */
  double server_kw;
} ls_init;

/* Lays out racks and a floor: two fifths more slots than GPU racks, about as wide as it is deep.
 * LS_ERR_INPUT where no floor can hold them, or a rack not its servers. */
ls_status ls_init_plan(ls_init *init, ls_error *error);

/* The spec as YAML, each key with its unit and a comment, keys with good defaults among the
 * comments. path is what its examples call the file. */
void ls_init_write(const ls_init *init, const char *path, FILE *stream);

#ifdef __cplusplus
}
#endif
#endif
