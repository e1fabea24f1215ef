/* Between graphml.c and graphml_keys.c alone: the tables that an export is written from, apart
 * from how XML is written. The format is described in docs/formats.md. */
#ifndef LS_GRAPHML_KEYS_H
#define LS_GRAPHML_KEYS_H

#include "topology.h"

#define LS_GRAPHML_ATTRIBUTE_MAX 1024 /* 32 optics of 20 fields, 4 fibers of 3, some 100 more */
#define LS_GRAPHML_STOCK_TEXT_MAX 1024

/* A key of nodes or of edges; the type is GraphML's. */
typedef struct ls_graphml_key {
  const char *name; /* NULL ends a table */
  const char *type;
} ls_graphml_key;

/* The XML id of a key is its name behind n_, e_ or g_: unique, and never of the form d3. */
extern const ls_graphml_key ls_graphml_node_keys[], ls_graphml_edge_keys[];

/* One attribute of the graph; text NULL: a number. */
typedef struct ls_graphml_attribute {
  char name[96];
  const char *text; /* not owned */
  int64_t number;
} ls_graphml_attribute;

typedef struct ls_graphml_attributes {
  int count;
  ls_graphml_attribute list[LS_GRAPHML_ATTRIBUTE_MAX]; /* [count] in the order of the file */
  /* What some texts point to. */
  char stock_mm[LS_GRAPHML_STOCK_TEXT_MAX], rank[24], oversubscription[24];
} ls_graphml_attributes;

/* Fills the zeroed *attributes, whose texts point into it, *catalog and *spec: it must not be
 * moved, and they outlive it. LS_ERR_FULL when there are more than LS_GRAPHML_ATTRIBUTE_MAX: the
 * rest is then left out. O(nodes + edges). */
ls_status ls_graphml_attributes_gather(const ls_topology *topology, const ls_catalog *catalog,
                                       const ls_spec *spec, ls_graphml_attributes *attributes);

#endif
