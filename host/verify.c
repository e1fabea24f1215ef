/* Reads an exported design with igraph, the only file that includes it, into the plain arrays
 * of verify_graph.h, and measures the shape of the graph: components, articulation points,
 * distances, edge connectivity (Stoer and Wagner 1997, in igraph). verify_file.c calls it and has
 * the claims compared.
 *
 * Shares no code with the optimizer: a claim is believed only if it follows from the file. */
#include "verify_graph.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCES_AT_ONCE 64 /* rows of a distance matrix held at one time */
#define NAME_MAX_BYTES 160 /* of an attribute: table, catalog id and field */

enum { DOMAIN_GRAPH, DOMAIN_NODES, DOMAIN_EDGES, DOMAIN_COUNT };

/* Attribute names and types by domain, as igraph lists them. */
typedef struct schema {
  igraph_strvector_t names[DOMAIN_COUNT];
  igraph_vector_int_t types[DOMAIN_COUNT];
} schema;

/* What every step of reading needs. */
typedef struct reader {
  const char *path;
  ls_error *error;
  igraph_t graph;
  schema schema;
  ls_record *record;
} reader;

/* igraph tells the reason of a failure to a handler alone, which has no context argument. */
static _Thread_local char igraph_reason[512];

static void keep_reason(const char *reason, const char *file, int line, igraph_error_t code)
{
  (void)file, (void)line, (void)code;
  snprintf(igraph_reason, sizeof igraph_reason, "%s", reason);
  IGRAPH_FINALLY_FREE();
}

static void ignore_warning(const char *reason, const char *file, int line)
{
  (void)reason, (void)file, (void)line;
}

static ls_status no_memory(const reader *r)
{
  return ls_error_set(r->error, LS_ERR_MEMORY, r->path, 0, NULL, "not enough memory to verify");
}

/* ---- Attributes ---- */

static bool schema_init(schema *s)
{
  memset(s, 0, sizeof *s);
  for (int i = 0; i < DOMAIN_COUNT; i++)
    if (igraph_strvector_init(&s->names[i], 0) || igraph_vector_int_init(&s->types[i], 0))
      return false;
  return true;
}

static void schema_destroy(schema *s)
{
  for (int i = 0; i < DOMAIN_COUNT; i++) {
    if (s->names[i].stor_begin != NULL) igraph_strvector_destroy(&s->names[i]);
    igraph_vector_int_destroy(&s->types[i]);
  }
}

/* Asks for an attribute of a type, so that no igraph call has to fail on it. */
static ls_status require(const reader *r, int domain, const char *name, int type)
{
  static const char *const domains[] = {"the graph", "the nodes", "the edges"};
  const igraph_strvector_t *names = &r->schema.names[domain];
  for (igraph_integer_t i = 0; i < igraph_strvector_size(names); i++) {
    if (strcmp(igraph_strvector_get(names, i), name) != 0) continue;
    if (VECTOR(r->schema.types[domain])[i] == type) return LS_OK;
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, name, "must be a %s attribute of %s",
                        type == IGRAPH_ATTRIBUTE_STRING ? "string" : "numeric", domains[domain]);
  }
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, name,
                      "is missing among the attributes of %s", domains[domain]);
}

static ls_status refuse_value(const reader *r, const ls_record_field *field, double value,
                              const char *name, const char *owner)
{
  char found[32] = "none";
  if (!isnan(value)) snprintf(found, sizeof found, "%.15g", value);
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, name,
                      "of %s must be a whole number of %s, got %s", owner,
                      field->is_price ? "at most 2^53" : "at most 10^9", found);
}

static ls_status read_graph_fields(const reader *r, const ls_record_field *fields,
                                   const char *prefix, void *target)
{
  for (const ls_record_field *f = fields; f->name != NULL; f++) {
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof name, "%s%s", prefix, f->name);
    ls_status status = require(r, DOMAIN_GRAPH, name, IGRAPH_ATTRIBUTE_NUMERIC);
    if (status != LS_OK) return status;
    const double value = igraph_cattribute_GAN(&r->graph, name);
    if (!ls_record_store(f, value, target)) return refuse_value(r, f, value, name, "the graph");
  }
  return LS_OK;
}

static ls_status read_graph_text(const reader *r, const char *prefix, const char *field, char *text,
                                 size_t capacity)
{
  char name[NAME_MAX_BYTES];
  snprintf(name, sizeof name, "%s%s", prefix, field);
  ls_status status = require(r, DOMAIN_GRAPH, name, IGRAPH_ATTRIBUTE_STRING);
  if (status != LS_OK) return status;
  snprintf(text, capacity, "%s", igraph_cattribute_GAS(&r->graph, name));
  return LS_OK;
}

/* Where a column of an attribute goes: one member of each struct of an array. */
typedef struct column {
  int domain;
  const char *name;
  void *base;    /* first struct */
  size_t stride; /* its size */
  size_t offset; /* of the member */
} column;

/* Copies the column into one block that the record owns, and points the members at it. */
static ls_status read_texts(const reader *r, const column *to)
{
  igraph_strvector_t texts;
  ls_status status = require(r, to->domain, to->name, IGRAPH_ATTRIBUTE_STRING);
  if (status != LS_OK) return status;
  if (igraph_strvector_init(&texts, 0)) return no_memory(r);
  const igraph_error_t failed =
      to->domain == DOMAIN_NODES
          ? igraph_cattribute_VASV(&r->graph, to->name, igraph_vss_all(), &texts)
          : igraph_cattribute_EASV(&r->graph, to->name, igraph_ess_all(IGRAPH_EDGEORDER_ID),
                                   &texts);
  size_t size = 1;
  for (igraph_integer_t i = 0; !failed && i < igraph_strvector_size(&texts); i++)
    size += strlen(igraph_strvector_get(&texts, i)) + 1;
  char *block = failed ? NULL : malloc(size);
  if (block == NULL) {
    igraph_strvector_destroy(&texts);
    return no_memory(r);
  }
  char *at = block;
  for (igraph_integer_t i = 0; i < igraph_strvector_size(&texts); i++) {
    *(const char **)(void *)((char *)to->base + (size_t)i * to->stride + to->offset) = at;
    at = stpcpy(at, igraph_strvector_get(&texts, i)) + 1;
  }
  igraph_strvector_destroy(&texts);
  r->record->strings[r->record->string_count++] = block;
  return LS_OK;
}

/* The numbers of a column as doubles; *values is initialised here and destroyed by the caller
 * on success. */
static ls_status read_numbers(const reader *r, int domain, const char *name,
                              igraph_vector_t *values)
{
  ls_status status = require(r, domain, name, IGRAPH_ATTRIBUTE_NUMERIC);
  if (status != LS_OK) return status;
  if (igraph_vector_init(values, 0)) return no_memory(r);
  const igraph_error_t failed =
      domain == DOMAIN_NODES
          ? igraph_cattribute_VANV(&r->graph, name, igraph_vss_all(), values)
          : igraph_cattribute_EANV(&r->graph, name, igraph_ess_all(IGRAPH_EDGEORDER_ID), values);
  if (!failed) return LS_OK;
  igraph_vector_destroy(values);
  return no_memory(r);
}

/* All numeric fields of all nodes or edges; ids are read already. */
static ls_status read_columns(const reader *r, int domain, const ls_record_field *fields)
{
  const ls_record *record = r->record;
  const bool is_node = domain == DOMAIN_NODES;
  ls_status status = LS_OK;
  for (const ls_record_field *f = fields; status == LS_OK && f->name != NULL; f++) {
    igraph_vector_t values;
    status = read_numbers(r, domain, f->name, &values);
    if (status != LS_OK) return status;
    for (igraph_integer_t i = 0; status == LS_OK && i < igraph_vector_size(&values); i++) {
      void *target = is_node ? (void *)&record->nodes[i] : (void *)&record->edges[i];
      const char *id = is_node ? record->nodes[i].id : record->edges[i].id;
      if (!ls_record_store(f, VECTOR(values)[i], target))
        status = refuse_value(r, f, VECTOR(values)[i], f->name, id);
    }
    igraph_vector_destroy(&values);
  }
  return status;
}

/* ---- The graph's own attributes ---- */

static ls_status read_optic(const reader *r, const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->optic_count == LS_RECORD_OPTIC_MAX)
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "has more than %d optics",
                        LS_RECORD_OPTIC_MAX);
  ls_record_optic *optic = &record->optics[record->optic_count];
  snprintf(optic->id, sizeof optic->id, "%s", id);
  snprintf(prefix, sizeof prefix, "optic.%s.", id);
  ls_status status = read_graph_text(r, prefix, "kind", optic->kind, sizeof optic->kind);
  if (status != LS_OK) return status;
  status = read_graph_text(r, prefix, "mate_class", optic->mate_class, sizeof optic->mate_class);
  if (status != LS_OK) return status;
  status = read_graph_fields(r, ls_record_optic_fields, prefix, optic);
  if (status == LS_OK) record->optic_count++;
  return status;
}

static ls_status read_fiber(const reader *r, const char *id)
{
  ls_record *record = r->record;
  char prefix[LS_RECORD_ID_MAX + 16];
  if (record->fiber_count == LS_RECORD_FIBER_MAX)
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "has more than %d fibers",
                        LS_RECORD_FIBER_MAX);
  ls_record_fiber *fiber = &record->fibers[record->fiber_count];
  snprintf(fiber->id, sizeof fiber->id, "%s", id);
  snprintf(prefix, sizeof prefix, "fiber.%s.", id);
  ls_status status = read_graph_fields(r, ls_record_fiber_fields, prefix, fiber);
  if (status == LS_OK) record->fiber_count++;
  return status;
}

static ls_status read_technologies(const reader *r)
{
  const igraph_strvector_t *names = &r->schema.names[DOMAIN_GRAPH];
  for (igraph_integer_t i = 0; i < igraph_strvector_size(names); i++) {
    const char *name = igraph_strvector_get(names, i);
    char id[LS_RECORD_ID_MAX];
    ls_status status = LS_OK;
    if (ls_record_split_name(name, "optic", "module_gbps", id))
      status = read_optic(r, id);
    else if (ls_record_split_name(name, "fiber", "loss_mdb_per_km", id))
      status = read_fiber(r, id);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

static ls_status read_site(const reader *r)
{
  ls_record_site *site = &r->record->site;
  char format[32] = "";
  if (require(r, DOMAIN_GRAPH, "format", IGRAPH_ATTRIBUTE_STRING) == LS_OK)
    snprintf(format, sizeof format, "%s", igraph_cattribute_GAS(&r->graph, "format"));
  if (strcmp(format, "lightspine") != 0)
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, "format",
                        "must be \"lightspine\": this GraphML is not one of our exports");
  ls_status status = read_graph_fields(r, ls_record_site_fields, "", site);
  if (status != LS_OK) return status;
  status = ls_record_check_site(site, r->path, r->error);
  if (status != LS_OK) return status;
  status = read_graph_fields(r, ls_record_claim_fields, "", &r->record->claims);
  if (status != LS_OK) return status;
  status = require(r, DOMAIN_GRAPH, "stock_mm", IGRAPH_ATTRIBUTE_STRING);
  if (status != LS_OK) return status;
  if (!ls_record_parse_stock(igraph_cattribute_GAS(&r->graph, "stock_mm"), site))
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, "stock_mm",
                        "must be at most %d ascending lengths in millimetres", LS_RECORD_STOCK_MAX);
  return status == LS_OK ? read_technologies(r) : status;
}

/* ---- Nodes and edges ---- */

#define NODE_TEXT(name, member)                                                                    \
  (column)                                                                                         \
  {                                                                                                \
    DOMAIN_NODES, name, record->nodes, sizeof(ls_record_node), offsetof(ls_record_node, member)    \
  }
#define EDGE_TEXT(name, member)                                                                    \
  (column)                                                                                         \
  {                                                                                                \
    DOMAIN_EDGES, name, record->edges, sizeof(ls_record_edge), offsetof(ls_record_edge, member)    \
  }

/* x and y are metres for people's tools; they must be whole millimetres. */
static ls_status read_positions(const reader *r)
{
  static const char *const names[2] = {"x", "y"};
  ls_record_node *nodes = r->record->nodes;
  for (int axis = 0; axis < 2; axis++) {
    igraph_vector_t values;
    ls_status status = read_numbers(r, DOMAIN_NODES, names[axis], &values);
    if (status != LS_OK) return status;
    for (igraph_integer_t i = 0; i < igraph_vector_size(&values); i++) {
      const double at_mm = VECTOR(values)[i] * 1000;
      if (!isfinite(at_mm) || fabs(at_mm) > INT32_MAX || fabs(at_mm - round(at_mm)) > 1e-3) {
        igraph_vector_destroy(&values);
        return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, names[axis],
                            "of %s must be metres to the millimetre", nodes[i].id);
      }
      *(axis == 0 ? &nodes[i].x_mm : &nodes[i].y_mm) = (int64_t)round(at_mm);
    }
    igraph_vector_destroy(&values);
  }
  return LS_OK;
}

static ls_status read_nodes(const reader *r)
{
  ls_record *record = r->record;
  record->nodes = calloc((size_t)record->node_count + 1, sizeof *record->nodes);
  if (record->nodes == NULL) return no_memory(r);
  const column columns[] = {
      NODE_TEXT("id", id), NODE_TEXT("kind", kind_name), NODE_TEXT("catalog_id", catalog_id),
      NODE_TEXT("down_optic", down.optic_id), NODE_TEXT("up_optic", up.optic_id)};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    ls_status status = read_texts(r, &columns[i]);
    if (status != LS_OK) return status;
  }
  ls_status status = read_columns(r, DOMAIN_NODES, ls_record_node_fields);
  return status == LS_OK ? read_positions(r) : status;
}

static ls_status read_edges(const reader *r)
{
  ls_record *record = r->record;
  record->edges = calloc((size_t)record->edge_count + 1, sizeof *record->edges);
  if (record->edges == NULL) return no_memory(r);
  const column columns[] = {EDGE_TEXT("id", id),
                            EDGE_TEXT("interaction", kind_name),
                            EDGE_TEXT("optic_a", optic_a_id),
                            EDGE_TEXT("optic_b", optic_b_id),
                            EDGE_TEXT("fiber", fiber_id),
                            EDGE_TEXT("via", via_id)};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    ls_status status = read_texts(r, &columns[i]);
    if (status != LS_OK) return status;
  }
  for (int32_t i = 0; i < record->edge_count; i++) {
    record->edges[i].node_a = (int32_t)IGRAPH_FROM(&r->graph, i);
    record->edges[i].node_b = (int32_t)IGRAPH_TO(&r->graph, i);
  }
  return read_columns(r, DOMAIN_EDGES, ls_record_edge_fields);
}

/* ---- Shape ---- */

/* The largest component, and which component each node is in. */
static ls_status measure_components(const reader *r)
{
  ls_record *record = r->record;
  igraph_vector_int_t membership, sizes;
  igraph_integer_t count = 0;
  if (igraph_vector_int_init(&membership, 0)) return no_memory(r);
  if (igraph_vector_int_init(&sizes, 0)) {
    igraph_vector_int_destroy(&membership);
    return no_memory(r);
  }
  record->component = malloc(((size_t)record->node_count + 1) * sizeof *record->component);
  const bool failed = record->component == NULL ||
                      igraph_connected_components(&r->graph, &membership, &sizes, &count,
                                                  IGRAPH_WEAK) != IGRAPH_SUCCESS;
  for (int32_t i = 0; !failed && i < record->node_count; i++)
    record->component[i] = (int32_t)VECTOR(membership)[i];
  if (!failed && count > 0) {
    record->shape.component_count = (int32_t)count;
    record->shape.component_of_most = (int32_t)igraph_vector_int_which_max(&sizes);
  }
  igraph_vector_int_destroy(&sizes);
  igraph_vector_int_destroy(&membership);
  return failed ? no_memory(r) : LS_OK;
}

/* The switches of one plane and the links between them; circuits are links, legs are not. */
typedef struct plane_graph {
  ls_cut_graph cut; /* the same as plain arrays; owned */
  igraph_t graph;
  bool has_graph;
  igraph_vector_int_t leaves;  /* vertices that are leaves */
  igraph_vector_int_t sources; /* one leaf of each class, see plane_classify */
  double *weight;              /* [vertices] access links; owned */
  double *class_weight;        /* [vertices] of a source: sum over its class; owned */
  int32_t *class_of;           /* [vertices] a leaf's source; owned */
} plane_graph;

static void plane_destroy(plane_graph *plane)
{
  if (plane->has_graph) igraph_destroy(&plane->graph);
  igraph_vector_int_destroy(&plane->leaves);
  igraph_vector_int_destroy(&plane->sources);
  free(plane->cut.edges);
  free(plane->weight);
  free(plane->class_weight);
  free(plane->class_of);
}

/* The graph of plain arrays in igraph; capacity (may be NULL) gets the links of each edge. */
static igraph_error_t make_graph(const ls_cut_graph *from, igraph_t *graph,
                                 igraph_vector_t *capacity)
{
  igraph_vector_int_t ends;
  igraph_error_t code = igraph_vector_int_init(&ends, 2 * from->edge_count);
  if (code) return code;
  if (capacity != NULL) code = igraph_vector_resize(capacity, from->edge_count);
  for (int64_t i = 0; !code && i < from->edge_count; i++) {
    VECTOR(ends)[2 * i] = from->edges[i].a;
    VECTOR(ends)[2 * i + 1] = from->edges[i].b;
    if (capacity != NULL) VECTOR(*capacity)[i] = (double)from->edges[i].links;
  }
  if (!code) code = igraph_create(graph, &ends, from->vertex_count, IGRAPH_UNDIRECTED);
  igraph_vector_int_destroy(&ends);
  return code;
}

static ls_status plane_create(const reader *r, int64_t index, plane_graph *plane)
{
  const ls_record *record = r->record;
  const size_t room = (size_t)record->node_count + 1;
  igraph_error_t code = IGRAPH_SUCCESS;
  memset(plane, 0, sizeof *plane);
  int32_t *vertex_of = malloc(room * sizeof *vertex_of);
  plane->weight = calloc(room, sizeof *plane->weight);
  plane->class_weight = calloc(room, sizeof *plane->class_weight);
  plane->class_of = calloc(room, sizeof *plane->class_of);
  plane->cut.edges = malloc(((size_t)record->edge_count + 1) * sizeof *plane->cut.edges);
  if (!vertex_of || !plane->weight || !plane->class_weight || !plane->class_of || !plane->cut.edges)
    code = IGRAPH_ENOMEM;
  if (!code) code = igraph_vector_int_init(&plane->leaves, 0);
  if (!code) code = igraph_vector_int_init(&plane->sources, 0);
  for (int32_t i = 0; !code && i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    vertex_of[i] =
        ls_record_is_switch(node) && node->plane == index ? plane->cut.vertex_count++ : -1;
    if (vertex_of[i] >= 0 && node->kind == LS_DEVICE_LEAF)
      code = igraph_vector_int_push_back(&plane->leaves, vertex_of[i]);
  }
  if (!code) ls_record_plane_links(record, vertex_of, &plane->cut, plane->weight);
  if (!code) code = make_graph(&plane->cut, &plane->graph, NULL);
  plane->has_graph = !code;
  free(vertex_of);
  return code ? no_memory(r) : LS_OK;
}

/* A leaf and a hash of its neighbours. */
typedef struct twin {
  uint64_t hash;
  igraph_integer_t vertex;
} twin;

static int compare_twins(const void *left, const void *right)
{
  const twin *a = left, *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

static igraph_error_t hash_leaves(const plane_graph *plane, igraph_vector_int_t *neighbours,
                                  twin *twins)
{
  for (igraph_integer_t i = 0; i < igraph_vector_int_size(&plane->leaves); i++) {
    const igraph_integer_t leaf = VECTOR(plane->leaves)[i];
    const igraph_error_t code = igraph_neighbors(&plane->graph, neighbours, leaf, IGRAPH_ALL);
    if (code) return code;
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a, by whole numbers */
    for (igraph_integer_t n = 0; n < igraph_vector_int_size(neighbours); n++)
      hash = (hash ^ (uint64_t)VECTOR(*neighbours)[n]) * 1099511628211ULL;
    twins[i] = (twin){hash, leaf};
  }
  return IGRAPH_SUCCESS;
}

/* Leaves with the same neighbours are at the same distances from all others and two links from
 * each other, so that one of each class is measured for all. The hash brings them together,
 * the neighbours themselves decide. */
static igraph_error_t plane_classify(plane_graph *plane, igraph_vector_int_t *of_source,
                                     igraph_vector_int_t *neighbours, twin *twins)
{
  const igraph_integer_t count = igraph_vector_int_size(&plane->leaves);
  igraph_error_t code = hash_leaves(plane, neighbours, twins);
  if (code) return code;
  qsort(twins, (size_t)count, sizeof *twins, compare_twins);
  igraph_integer_t source = -1;
  for (igraph_integer_t i = 0; i < count; i++) {
    const igraph_integer_t leaf = twins[i].vertex;
    code = igraph_neighbors(&plane->graph, neighbours, leaf, IGRAPH_ALL);
    if (code) return code;
    if (source < 0 || !igraph_vector_int_all_e(neighbours, of_source)) {
      source = leaf;
      code = igraph_vector_int_push_back(&plane->sources, leaf);
      if (!code) code = igraph_vector_int_update(of_source, neighbours);
      if (code) return code;
    }
    plane->class_of[leaf] = (int32_t)source;
    plane->class_weight[source] += plane->weight[leaf];
  }
  return IGRAPH_SUCCESS;
}

/* Sums over ordered pairs of different leaves, weighted by the access links of both. */
typedef struct distance_sums {
  double weighted_hops, weight;
  int32_t hops_max;
} distance_sums;

/* hops: distances of some sources to all leaves; row: the one of source. */
static void add_distances(const plane_graph *plane, const igraph_matrix_t *hops,
                          igraph_integer_t row, igraph_integer_t source, distance_sums *sums)
{
  const double twin_hops = 2, class_weight = plane->class_weight[source];
  double squares = 0;
  for (igraph_integer_t i = 0; i < igraph_vector_int_size(&plane->leaves); i++) {
    const igraph_integer_t leaf = VECTOR(plane->leaves)[i];
    const bool is_twin = plane->class_of[leaf] == source;
    const double weight = plane->weight[leaf];
    const double distance = is_twin ? twin_hops : MATRIX(*hops, row, i);
    if (leaf != source && distance > sums->hops_max) sums->hops_max = (int32_t)distance;
    if (is_twin) {
      squares += weight * weight;
      continue;
    }
    sums->weighted_hops += class_weight * weight * distance;
    sums->weight += class_weight * weight;
  }
  const double pairs = class_weight * class_weight - squares;
  sums->weighted_hops += twin_hops * pairs;
  sums->weight += pairs;
}

/* Distances between leaves of one connected plane. */
static igraph_error_t plane_distances(plane_graph *plane, distance_sums *sums)
{
  igraph_vector_int_t of_source, neighbours;
  igraph_matrix_t hops;
  igraph_error_t code = IGRAPH_ENOMEM;
  const size_t leaves = (size_t)igraph_vector_int_size(&plane->leaves);
  twin *twins = malloc((leaves + 1) * sizeof *twins);
  memset(&of_source, 0, sizeof of_source);
  memset(&neighbours, 0, sizeof neighbours);
  memset(&hops, 0, sizeof hops);
  if (twins == NULL || igraph_vector_int_init(&of_source, 0) ||
      igraph_vector_int_init(&neighbours, 0) || igraph_matrix_init(&hops, 0, 0))
    goto cleanup;
  code = plane_classify(plane, &of_source, &neighbours, twins);
  const igraph_integer_t count = igraph_vector_int_size(&plane->sources);
  for (igraph_integer_t first = 0; !code && first < count; first += SOURCES_AT_ONCE) {
    igraph_vector_int_t batch;
    const igraph_integer_t size = count - first < SOURCES_AT_ONCE ? count - first : SOURCES_AT_ONCE;
    igraph_vector_int_view(&batch, VECTOR(plane->sources) + first, size);
    code = igraph_distances(&plane->graph, &hops, igraph_vss_vector(&batch),
                            igraph_vss_vector(&plane->leaves), IGRAPH_ALL);
    for (igraph_integer_t row = 0; !code && row < size; row++)
      add_distances(plane, &hops, row, VECTOR(batch)[row], sums);
  }
cleanup:
  igraph_matrix_destroy(&hops);
  igraph_vector_int_destroy(&neighbours);
  igraph_vector_int_destroy(&of_source);
  free(twins);
  return code;
}

/* Links to be cut to part a plane; -1: one switch has no cut. What shrinking leaves goes to
 * igraph; where that is too much, only the cuts around single vertices were looked at. */
static igraph_error_t plane_cut(plane_graph *plane, bool is_deep, int64_t *cut, bool *is_exact)
{
  igraph_t rest;
  igraph_vector_t capacity;
  igraph_real_t value = 0;
  *cut = -1;
  *is_exact = true;
  if (plane->cut.vertex_count < 2) return IGRAPH_SUCCESS;
  if (ls_cut_shrink(&plane->cut, cut) != LS_OK) return IGRAPH_ENOMEM;
  *is_exact = is_deep || plane->cut.vertex_count <= LS_RECORD_CUT_MAX;
  if (plane->cut.vertex_count < 2 || !*is_exact) return IGRAPH_SUCCESS;
  igraph_error_t code = igraph_vector_init(&capacity, 0);
  if (code) return code;
  code = make_graph(&plane->cut, &rest, &capacity);
  if (!code) {
    code = igraph_mincut_value(&rest, &value, &capacity);
    igraph_destroy(&rest);
  }
  igraph_vector_destroy(&capacity);
  if (!code && (int64_t)value < *cut) *cut = (int64_t)value;
  return code;
}

static igraph_error_t measure_plane(plane_graph *plane, bool is_deep, int32_t *components,
                                    ls_record_shape *shape, distance_sums *sums)
{
  igraph_vector_int_t points;
  igraph_integer_t count = 0;
  int64_t cut = 0;
  bool is_exact = true;
  igraph_error_t code = igraph_connected_components(&plane->graph, NULL, NULL, &count, IGRAPH_WEAK);
  if (!code) code = igraph_vector_int_init(&points, 0);
  if (code) return code;
  *components = (int32_t)count;
  code = igraph_articulation_points(&plane->graph, &points);
  shape->articulation_count += (int32_t)igraph_vector_int_size(&points);
  igraph_vector_int_destroy(&points);
  if (!code) code = plane_cut(plane, is_deep, &cut, &is_exact);
  if (code) return code;
  if (cut >= 0 && (shape->edge_connectivity < 0 || cut < shape->edge_connectivity))
    shape->edge_connectivity = cut;
  shape->is_connectivity_exact = shape->is_connectivity_exact && is_exact;
  return count == 1 ? plane_distances(plane, sums) : IGRAPH_SUCCESS;
}

static ls_status measure_shape(const reader *r, bool is_deep)
{
  ls_record *record = r->record;
  ls_record_shape *shape = &record->shape;
  distance_sums sums = {0, 0, 0};
  bool is_connected = true;
  ls_status status = measure_components(r);
  shape->edge_connectivity = -1;
  shape->is_connectivity_exact = true;
  for (int64_t i = 0; status == LS_OK && i < record->site.plane_count; i++) {
    plane_graph plane;
    status = plane_create(r, i, &plane);
    if (status == LS_OK &&
        measure_plane(&plane, is_deep, &shape->plane_components[i], shape, &sums))
      status = no_memory(r);
    is_connected = is_connected && shape->plane_components[i] == 1;
    plane_destroy(&plane);
  }
  shape->diameter_hops = is_connected ? sums.hops_max : -1;
  shape->distance_mean_hops =
      is_connected && sums.weight > 0 ? sums.weighted_hops / sums.weight : 0;
  return status;
}

/* ---- The file ---- */

static ls_status read_file(reader *r)
{
  FILE *stream = NULL;
  ls_status status = ls_record_open(r->path, &stream, &r->record->node_element_count, r->error);
  if (status != LS_OK) return status;
  igraph_reason[0] = '\0';
  const igraph_error_t code = igraph_read_graph_graphml(&r->graph, stream, 0);
  fclose(stream);
  if (code == IGRAPH_SUCCESS) return LS_OK;
  if (code == IGRAPH_ENOMEM) return no_memory(r);
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "cannot be read as GraphML: %s",
                      igraph_reason);
}

/* Everything of the graph into the record; the graph itself goes. */
static ls_status read_record(reader *r, bool is_deep)
{
  ls_record *record = r->record;
  ls_status status = read_file(r);
  if (status != LS_OK) return status;
  if (igraph_vcount(&r->graph) > INT32_MAX / 2 || igraph_ecount(&r->graph) > INT32_MAX / 2) {
    igraph_destroy(&r->graph);
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "is too large");
  }
  record->node_count = (int32_t)igraph_vcount(&r->graph);
  record->edge_count = (int32_t)igraph_ecount(&r->graph);
  status = LS_ERR_MEMORY;
  if (schema_init(&r->schema) &&
      !igraph_cattribute_list(&r->graph, &r->schema.names[0], &r->schema.types[0],
                              &r->schema.names[1], &r->schema.types[1], &r->schema.names[2],
                              &r->schema.types[2]))
    status = LS_OK;
  if (status == LS_OK) status = read_site(r);
  if (status == LS_OK) status = read_nodes(r);
  if (status == LS_OK) status = read_edges(r);
  if (status == LS_OK) status = ls_record_resolve(record, r->path, r->error);
  if (status == LS_OK) status = measure_shape(r, is_deep);
  schema_destroy(&r->schema);
  igraph_destroy(&r->graph);
  return status;
}

ls_status ls_record_read(const char *path, bool is_deep, ls_record *record, ls_error *error)
{
  reader r = {.path = path, .error = error, .record = record};
  igraph_error_handler_t *old_error = igraph_set_error_handler(keep_reason);
  igraph_warning_handler_t *old_warning = igraph_set_warning_handler(ignore_warning);
  igraph_set_attribute_table(&igraph_cattribute_table);
  const ls_status status = read_record(&r, is_deep);
  igraph_set_warning_handler(old_warning);
  igraph_set_error_handler(old_error);
  return status;
}
