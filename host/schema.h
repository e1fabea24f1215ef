/* JSON Schema (draft 2020-12) of the input files, made from the key tables that read them. */
#ifndef LS_SCHEMA_H
#define LS_SCHEMA_H

#include "error.h"
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* which: "spec", "catalog" or "design"; anything else is LS_ERR_INPUT. LS_ERR_IO when the stream
 * fails; LS_ERR_MEMORY. */
ls_status ls_schema_print(FILE *stream, const char *which, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
