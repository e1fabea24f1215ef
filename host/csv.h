/* Fields of CSV (RFC 4180). */
#ifndef LS_CSV_H
#define LS_CSV_H

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a field, in quotes where it must be. */
void ls_csv_write(FILE *stream, const char *text);

#ifdef __cplusplus
}
#endif
#endif
