/* YAML, read and written; host/yaml_tree.c is the only file that includes libyaml.
 *
 * Read: a file as a small tree that keeps the line of every value. A strict subset of YAML is
 * read: one document, UTF-8, no anchors, aliases, tags or repeated keys, bounded in size, depth
 * and nodes; so a file can neither loop nor blow up. Plain data; knows nothing of our keys. */
#ifndef LS_YAML_TREE_H
#define LS_YAML_TREE_H

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LS_YAML_BYTES_MAX (1024u * 1024u)
#define LS_YAML_DEPTH_MAX 32
#define LS_YAML_NODES_MAX 200000
#define LS_YAML_KEYS_MAX 256   /* of one mapping */
#define LS_YAML_QUOTE_BYTES 64 /* of a user's text as quoted in a message */

typedef enum ls_yaml_kind { LS_YAML_SCALAR, LS_YAML_LIST, LS_YAML_MAP } ls_yaml_kind;

typedef struct ls_yaml_node {
  const char *key;                  /* its name in the mapping that holds it; NULL: it is in none */
  const char *text;                 /* scalar: its value; else NULL */
  const struct ls_yaml_node *first; /* list, mapping: first entry, in the file's order; or NULL */
  const struct ls_yaml_node *next;  /* next entry of the same list or mapping; or NULL */
  int32_t line;                     /* 1-based; of the value, in a mapping of its key */
  int32_t count;                    /* entries */
  uint8_t kind;                     /* ls_yaml_kind */
  bool is_plain;                    /* scalar without quotes: may be a number or a boolean */
} ls_yaml_node;

typedef struct ls_yaml_tree {
  char path[256];      /* for messages */
  char sha256[65];     /* of the bytes */
  ls_yaml_node *nodes; /* [node_count], owned; nodes[0] is the root */
  int32_t node_count, node_capacity;
  char *text; /* [text_capacity], owned; every key and scalar */
  size_t text_bytes, text_capacity;
} ls_yaml_tree;

/* Parses size bytes; path is for messages alone. *tree is changed only on success and then
 * freed with ls_yaml_destroy. LS_ERR_INPUT with file and line; LS_ERR_MEMORY. O(size). */
ls_status ls_yaml_parse(const char *bytes, size_t size, const char *path, ls_yaml_tree *tree,
                        ls_error *error);

/* The same for a file of at most LS_YAML_BYTES_MAX; a larger one is not read. */
ls_status ls_yaml_read(const char *path, ls_yaml_tree *tree, ls_error *error);

void ls_yaml_destroy(ls_yaml_tree *tree);

/* Copies a user's text so that it fits one line of a message: cut at a character's start, with
 * dots, and control characters and line separators replaced by '?'. text is UTF-8. */
void ls_yaml_quote(const char *text, char quoted[LS_YAML_QUOTE_BYTES]);

/* The value of key in a mapping, NULL when it is not there (also when map is NULL). */
const ls_yaml_node *ls_yaml_find(const ls_yaml_node *map, const char *key);

/* Written: one document as it comes, to a stream that stays open. A failure of any call is kept
 * and told once, by ls_yaml_close. */
typedef struct ls_yaml_writer ls_yaml_writer;

/* NULL when there is no memory. */
ls_yaml_writer *ls_yaml_open(FILE *stream);

/* Ends the document, flushes and frees. LS_ERR_IO when anything could not be written. */
ls_status ls_yaml_close(ls_yaml_writer *yaml);

/* A mapping (key, value, key, value, ...) or a list; is_flow: on one line, in brackets. */
void ls_yaml_start(ls_yaml_writer *yaml, ls_yaml_kind kind, bool is_flow);
void ls_yaml_end(ls_yaml_writer *yaml, ls_yaml_kind kind);

/* A key, or a text that no reader takes for a number, a boolean or nothing; and one in quotes. */
void ls_yaml_word(ls_yaml_writer *yaml, const char *text);
void ls_yaml_text(ls_yaml_writer *yaml, const char *text);
void ls_yaml_number(ls_yaml_writer *yaml, double value); /* finite; ten digits */

#ifdef __cplusplus
}
#endif
#endif
