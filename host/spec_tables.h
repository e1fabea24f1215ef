/* How the tables of a spec's keys are written. For the files that hold such tables alone: the names
 * are short, and OWNER is theirs to define. */
#ifndef LS_SPEC_TABLES_H
#define LS_SPEC_TABLES_H

#include "fields.h"

/* Rows of the tables of a spec's keys, where OWNER is the struct that they fill. A number with
 * unit: `digits_` decimals become the stored integer. */
#define NUMBER(key_, member_, digits_, min_, max_, fallback_, doc_)                                \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_NUMBER, .digits = digits_,                          \
    .size = sizeof(((OWNER *)0)->member_), .offset = offsetof(OWNER, member_), .min = min_,        \
    .max = max_, .fallback = fallback_                                                             \
  }
#define END                                                                                        \
  {                                                                                                \
    .key = NULL                                                                                    \
  }

#endif
