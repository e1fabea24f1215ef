/* Between graphml.c and graphml_keys.c alone: the tables that an export is written from, apart
 * from how XML is written. The format is described in docs/formats.md. */
#ifndef LS_GRAPHML_KEYS_H
#define LS_GRAPHML_KEYS_H

#include "topology.h"

#define LS_GRAPHML_ATTRIBUTE_MAX 1024 /* 32 optics of 20 fields, 4 fibers of 3, some 350 more */
#define LS_GRAPHML_STOCK_TEXT_MAX 1024
#define LS_GRAPHML_ZONES_TEXT_MAX 8192
#define LS_GRAPHML_BLOCKED_TEXT_MAX 2048

/* A key of nodes or of edges; the type is GraphML's. */
typedef struct ls_graphml_key {
  const char *name; /* NULL ends a table */
  const char *type;
} ls_graphml_key;

/* The XML id of a key is its name behind n_, e_ or g_: unique, and never of the form d3. */
extern const ls_graphml_key ls_graphml_node_keys[], ls_graphml_edge_keys[];

/* One attribute of the graph; text NULL: a number. */
typedef struct ls_graphml_attribute {
  char name[128];   /* table, catalog id, "draw", id of a resource */
  const char *text; /* not owned */
  int64_t number;
} ls_graphml_attribute;

typedef struct ls_graphml_attributes {
  int count;
  bool is_full;                                        /* there was no room for another one */
  ls_graphml_attribute list[LS_GRAPHML_ATTRIBUTE_MAX]; /* [count] in the order of the file */
  /* What some texts point to. */
  char stock_mm[LS_GRAPHML_STOCK_TEXT_MAX], rank[24], oversubscription[24];
  char zones[5][LS_GRAPHML_ZONES_TEXT_MAX]; /* halls, feeds, cooling units, liquid, fixed */
  char blocked[LS_GRAPHML_BLOCKED_TEXT_MAX];
} ls_graphml_attributes;

/* Adds an attribute to the list, or makes it full. text: not copied. */
void ls_graphml_add_text(ls_graphml_attributes *into, const char *name, const char *text);
void ls_graphml_add_number(ls_graphml_attributes *into, const char *name, int64_t number);

/* Adds what the design draws on and pays to whom: resources, vendors, and of each switch, optic and
 * OCS that occurs its vendor and its draws. LS_ERR_MEMORY. */
ls_status ls_graphml_add_supply(const ls_topology *topology, const ls_catalog *catalog,
                                const ls_spec *spec, ls_graphml_attributes *into);

/* Fills the zeroed *attributes, whose texts point into it, *catalog and *spec: it must not be
 * moved, and they outlive it. LS_ERR_FULL when there are more than LS_GRAPHML_ATTRIBUTE_MAX: the
 * rest is then left out. LS_ERR_MEMORY. O(nodes + edges). */
ls_status ls_graphml_attributes_gather(const ls_topology *topology, const ls_catalog *catalog,
                                       const ls_spec *spec, ls_graphml_attributes *attributes);

#endif
