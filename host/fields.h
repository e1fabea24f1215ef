/* Declarative key tables: one table says how a mapping is read into a struct, which keys an
 * unknown one is compared with, and what its JSON Schema is. Numbers are decimal texts scaled
 * exactly to integers: no floating point comes between a file and the program. */
#ifndef LS_FIELDS_H
#define LS_FIELDS_H

#include "yaml_tree.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LS_FIELD_PATH_MAX 160

typedef enum ls_field_type {
  LS_FIELD_NUMBER,  /* a decimal number; whole where digits is 0 */
  LS_FIELD_FIGURE,  /* a number with its range and source; see reader.read_figure */
  LS_FIELD_BOOL,    /* true or false */
  LS_FIELD_TEXT,    /* char[max + 1] */
  LS_FIELD_ID,      /* the same, of [a-z0-9.-] alone */
  LS_FIELD_CHOICE,  /* one of names, as its int32_t index */
  LS_FIELD_CHOICES, /* a list of them without repetition, as a uint32_t mask */
  LS_FIELD_NUMBERS, /* a list of numbers without repetition, int32_t[]; see item_max */
  LS_FIELD_MAP,     /* a mapping, by its own table */
  LS_FIELD_LIST,    /* a list of mappings, by their own table; see item_max */
  LS_FIELD_CUSTOM   /* whatever read accepts, described by schema */
} ls_field_type;

typedef struct ls_field ls_field;
typedef struct ls_field_reader ls_field_reader;

/* node is the value (of a list: each of its mappings), NULL when the key is absent and has no
 * default. target points at the field itself. */
typedef ls_status (*ls_field_function)(ls_field_reader *reader, const ls_field *field,
                                       const ls_yaml_node *node, void *target);

struct ls_field {
  const char *key; /* NULL ends a table */
  const char *doc; /* one line, without a full stop */
  ls_field_type type;
  int digits;               /* of the unit: 3 stores metres as millimetres */
  size_t size;              /* NUMBER: of the target integer, 4 or 8; LIST: of one struct */
  size_t offset;            /* of the target in its struct */
  size_t count_offset;      /* LIST, NUMBERS: of the int32_t that counts the entries */
  int64_t min, max;         /* numbers, in stored units; TEXT, ID: max is the length */
  int32_t item_max;         /* LIST, NUMBERS: room; at least one entry is expected */
  const char *fallback;     /* default as YAML; NULL: required; "": may be absent, left as it is */
  const char *const *names; /* CHOICE, CHOICES: ends with NULL */
  const ls_field *fields;   /* MAP, LIST */
  ls_field_function read;   /* CUSTOM: reads; MAP, LIST: checks what was read (optional) */
  const char *schema;       /* CUSTOM: its JSON Schema as text */
};

struct ls_field_reader {
  const ls_yaml_tree *tree;
  ls_error *error;
  void *context;                 /* for the functions of the tables */
  ls_field_function read_figure; /* for LS_FIELD_FIGURE */
  int32_t line;                  /* of the innermost mapping */
  char path[LS_FIELD_PATH_MAX];  /* of the value being read, such as switches[3].power_w */
};

/* Reads map (NULL: all defaults) by the table fields into *target. LS_ERR_INPUT with file,
 * line and key path; LS_ERR_MEMORY. Fields read before the error stay changed. */
ls_status ls_fields_read(ls_field_reader *reader, const ls_field *fields, const ls_yaml_node *map,
                         void *target);

/* Reads one value (not a LIST or NUMBERS) by its field; target is the field itself. */
ls_status ls_field_read(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                        void *target);

/* Appends ".key" or "[index]" to the reader's path and returns the length to restore. */
size_t ls_field_enter(ls_field_reader *reader, const char *key);
size_t ls_field_enter_index(ls_field_reader *reader, int32_t index);
void ls_field_leave(ls_field_reader *reader, size_t length);

/* LS_ERR_INPUT at node's line (NULL: that of the mapping) and the reader's path. */
ls_status ls_field_refuse(const ls_field_reader *reader, const ls_yaml_node *node,
                          const char *format, ...) __attribute__((format(printf, 3, 4)));

/* As above, with ", got ..." after the text. */
ls_status ls_field_refuse_got(const ls_field_reader *reader, const ls_yaml_node *node,
                              const char *expected);

/* Decimal text times 10^digits, rounded half away from zero. LS_ERR_INPUT: not a plain decimal
 * number, or a fraction where digits is 0; LS_ERR_FULL: beyond 64 bits. */
ls_status ls_decimal_read(const char *text, int digits, int64_t *value);

/* The opposite: the shortest decimal text. text has 32 bytes. */
void ls_decimal_format(int64_t value, int digits, char text[32]);

/* The name nearest to text by edit distance among count names, as got from name(context, i);
 * NULL when count is 0. */
const char *ls_name_nearest(const char *text, int32_t count,
                            const char *(*name)(const void *context, int32_t index),
                            const void *context);

/* As ls_name_nearest, of those alone that may have been meant: text is the beginning of one, or a
 * third of its letters are wrong at most. NULL: none. */
const char *ls_name_near(const char *text, int32_t count,
                         const char *(*name)(const void *context, int32_t index),
                         const void *context);

#ifdef __cplusplus
}
#endif
#endif
