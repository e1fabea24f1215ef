/* The verifier's use of igraph, the only file that includes it: reads an exported design, fetches
 * its attributes for verify_read.c, and measures the shape of the graph with verify_shape.c:
 * components, articulation points, distances, edge connectivity (Stoer and Wagner 1997, in
 * igraph). verify_file.c calls it and has the claims compared.
 *
 * Shares no code with the optimizer: a claim is believed only if it follows from the file. */
#include "verify_graph.h"

#include <igraph/igraph.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCES_AT_ONCE 64 /* rows of a distance matrix held at one time */

/* Attribute names and types by domain, as igraph lists them. */
typedef struct schema {
  igraph_strvector_t names[LS_DOMAIN_COUNT];
  igraph_vector_int_t types[LS_DOMAIN_COUNT];
} schema;

struct ls_record_source {
  igraph_t graph;
  schema schema;
};

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

/* ---- Attributes ---- */

static bool schema_init(schema *s)
{
  memset(s, 0, sizeof *s);
  for (int i = 0; i < LS_DOMAIN_COUNT; i++)
    if (igraph_strvector_init(&s->names[i], 0) || igraph_vector_int_init(&s->types[i], 0))
      return false;
  return true;
}

static void schema_destroy(schema *s)
{
  for (int i = 0; i < LS_DOMAIN_COUNT; i++) {
    if (s->names[i].stor_begin != NULL) igraph_strvector_destroy(&s->names[i]);
    igraph_vector_int_destroy(&s->types[i]);
  }
}

/* Asks for an attribute of a type, so that no igraph call has to fail on it. */
static ls_status require(const ls_record_reader *r, int domain, const char *name, int type)
{
  static const char *const domains[] = {"the graph", "the nodes", "the edges"};
  const igraph_strvector_t *names = &r->source->schema.names[domain];
  for (igraph_integer_t i = 0; i < igraph_strvector_size(names); i++) {
    if (strcmp(igraph_strvector_get(names, i), name) != 0) continue;
    if (VECTOR(r->source->schema.types[domain])[i] == type) return LS_OK;
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, name, "must be a %s attribute of %s",
                        type == IGRAPH_ATTRIBUTE_STRING ? "string" : "numeric", domains[domain]);
  }
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, name,
                      "is missing among the attributes of %s", domains[domain]);
}

ls_status ls_source_number(const ls_record_reader *r, const char *name, double *value)
{
  ls_status status = require(r, LS_DOMAIN_GRAPH, name, IGRAPH_ATTRIBUTE_NUMERIC);
  if (status == LS_OK) *value = igraph_cattribute_GAN(&r->source->graph, name);
  return status;
}

ls_status ls_source_text(const ls_record_reader *r, const char *name, const char **text)
{
  ls_status status = require(r, LS_DOMAIN_GRAPH, name, IGRAPH_ATTRIBUTE_STRING);
  if (status == LS_OK) *text = igraph_cattribute_GAS(&r->source->graph, name);
  return status;
}

int64_t ls_source_name_count(const ls_record_reader *r)
{
  return igraph_strvector_size(&r->source->schema.names[LS_DOMAIN_GRAPH]);
}

const char *ls_source_name(const ls_record_reader *r, int64_t index)
{
  return igraph_strvector_get(&r->source->schema.names[LS_DOMAIN_GRAPH], (igraph_integer_t)index);
}

ls_status ls_source_texts(const ls_record_reader *r, const ls_record_column *to)
{
  igraph_strvector_t texts;
  ls_status status = require(r, to->domain, to->name, IGRAPH_ATTRIBUTE_STRING);
  if (status != LS_OK) return status;
  if (igraph_strvector_init(&texts, 0)) return ls_record_no_memory(r);
  const igraph_error_t failed =
      to->domain == LS_DOMAIN_NODES
          ? igraph_cattribute_VASV(&r->source->graph, to->name, igraph_vss_all(), &texts)
          : igraph_cattribute_EASV(&r->source->graph, to->name, igraph_ess_all(IGRAPH_EDGEORDER_ID),
                                   &texts);
  size_t size = 1;
  for (igraph_integer_t i = 0; !failed && i < igraph_strvector_size(&texts); i++)
    size += strlen(igraph_strvector_get(&texts, i)) + 1;
  char *block = failed ? NULL : malloc(size);
  if (block == NULL) {
    igraph_strvector_destroy(&texts);
    return ls_record_no_memory(r);
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

ls_status ls_source_numbers(const ls_record_reader *r, ls_record_domain domain, const char *name,
                            double *values)
{
  igraph_vector_t column;
  ls_status status = require(r, domain, name, IGRAPH_ATTRIBUTE_NUMERIC);
  if (status != LS_OK) return status;
  if (igraph_vector_init(&column, 0)) return ls_record_no_memory(r);
  const igraph_t *graph = &r->source->graph;
  const igraph_error_t failed =
      domain == LS_DOMAIN_NODES
          ? igraph_cattribute_VANV(graph, name, igraph_vss_all(), &column)
          : igraph_cattribute_EANV(graph, name, igraph_ess_all(IGRAPH_EDGEORDER_ID), &column);
  if (!failed) igraph_vector_copy_to(&column, values);
  igraph_vector_destroy(&column);
  return failed ? ls_record_no_memory(r) : LS_OK;
}

void ls_source_ends(const ls_record_reader *r)
{
  ls_record *record = r->record;
  for (int32_t i = 0; i < record->edge_count; i++) {
    record->edges[i].node_a = (int32_t)IGRAPH_FROM(&r->source->graph, i);
    record->edges[i].node_b = (int32_t)IGRAPH_TO(&r->source->graph, i);
  }
}

/* ---- Shape ---- */

/* The largest component, and which component each node is in. */
static ls_status measure_components(const ls_record_reader *r)
{
  ls_record *record = r->record;
  igraph_vector_int_t membership, sizes;
  igraph_integer_t count = 0;
  if (igraph_vector_int_init(&membership, 0)) return ls_record_no_memory(r);
  if (igraph_vector_int_init(&sizes, 0)) {
    igraph_vector_int_destroy(&membership);
    return ls_record_no_memory(r);
  }
  record->component = malloc(((size_t)record->node_count + 1) * sizeof *record->component);
  const bool failed = record->component == NULL ||
                      igraph_connected_components(&r->source->graph, &membership, &sizes, &count,
                                                  IGRAPH_WEAK) != IGRAPH_SUCCESS;
  for (int32_t i = 0; !failed && i < record->node_count; i++)
    record->component[i] = (int32_t)VECTOR(membership)[i];
  if (!failed && count > 0) {
    record->shape.component_count = (int32_t)count;
    record->shape.component_of_most = (int32_t)igraph_vector_int_which_max(&sizes);
  }
  igraph_vector_int_destroy(&sizes);
  igraph_vector_int_destroy(&membership);
  return failed ? ls_record_no_memory(r) : LS_OK;
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

/* The switches of one plane, with igraph's graph of them. */
typedef struct plane_graph {
  ls_plane plane;
  igraph_t graph;
  bool has_graph;
  igraph_vector_int_t leaves;  /* plane.leaves */
  igraph_vector_int_t sources; /* one leaf of each class, see plane_classify */
} plane_graph;

static void plane_destroy(plane_graph *p)
{
  if (p->has_graph) igraph_destroy(&p->graph);
  igraph_vector_int_destroy(&p->leaves);
  igraph_vector_int_destroy(&p->sources);
  ls_plane_destroy(&p->plane);
}

static ls_status plane_create(const ls_record_reader *r, int64_t index, plane_graph *p)
{
  memset(p, 0, sizeof *p);
  if (ls_plane_create(r->record, index, &p->plane) != LS_OK) return ls_record_no_memory(r);
  igraph_error_t code = igraph_vector_int_init(&p->leaves, p->plane.leaf_count);
  for (int32_t i = 0; !code && i < p->plane.leaf_count; i++)
    VECTOR(p->leaves)[i] = p->plane.leaves[i];
  if (!code) code = igraph_vector_int_init(&p->sources, 0);
  if (!code) code = make_graph(&p->plane.cut, &p->graph, NULL);
  p->has_graph = !code;
  return code ? ls_record_no_memory(r) : LS_OK;
}

static igraph_error_t hash_leaves(const plane_graph *p, igraph_vector_int_t *neighbours,
                                  ls_twin *twins)
{
  for (int32_t i = 0; i < p->plane.leaf_count; i++) {
    const int32_t leaf = p->plane.leaves[i];
    const igraph_error_t code = igraph_neighbors(&p->graph, neighbours, leaf, IGRAPH_ALL);
    if (code) return code;
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a, by whole numbers */
    for (igraph_integer_t n = 0; n < igraph_vector_int_size(neighbours); n++)
      hash = (hash ^ (uint64_t)VECTOR(*neighbours)[n]) * 1099511628211ULL;
    twins[i] = (ls_twin){hash, leaf};
  }
  return IGRAPH_SUCCESS;
}

/* Leaves with the same neighbours are at the same distances from all others and two links from
 * each other, so that one of each class is measured for all. The hash brings them together,
 * the neighbours themselves decide. */
static igraph_error_t plane_classify(plane_graph *p, igraph_vector_int_t *of_source,
                                     igraph_vector_int_t *neighbours, ls_twin *twins)
{
  igraph_error_t code = hash_leaves(p, neighbours, twins);
  if (code) return code;
  ls_twin_sort(twins, p->plane.leaf_count);
  int32_t source = -1;
  for (int32_t i = 0; i < p->plane.leaf_count; i++) {
    const int32_t leaf = twins[i].vertex;
    code = igraph_neighbors(&p->graph, neighbours, leaf, IGRAPH_ALL);
    if (code) return code;
    if (source < 0 || !igraph_vector_int_all_e(neighbours, of_source)) {
      source = leaf;
      code = igraph_vector_int_push_back(&p->sources, leaf);
      if (!code) code = igraph_vector_int_update(of_source, neighbours);
      if (code) return code;
    }
    ls_plane_join_class(&p->plane, leaf, source);
  }
  return IGRAPH_SUCCESS;
}

/* Distances between leaves of one connected plane. */
static igraph_error_t plane_distances(plane_graph *p, ls_distance_sums *sums)
{
  igraph_vector_int_t of_source, neighbours;
  igraph_matrix_t hops;
  igraph_error_t code = IGRAPH_ENOMEM;
  ls_twin *twins = malloc(((size_t)p->plane.leaf_count + 1) * sizeof *twins);
  memset(&of_source, 0, sizeof of_source);
  memset(&neighbours, 0, sizeof neighbours);
  memset(&hops, 0, sizeof hops);
  if (twins == NULL || igraph_vector_int_init(&of_source, 0) ||
      igraph_vector_int_init(&neighbours, 0) || igraph_matrix_init(&hops, 0, 0))
    goto cleanup;
  code = plane_classify(p, &of_source, &neighbours, twins);
  const igraph_integer_t count = igraph_vector_int_size(&p->sources);
  for (igraph_integer_t first = 0; !code && first < count; first += SOURCES_AT_ONCE) {
    igraph_vector_int_t batch;
    const igraph_integer_t size = count - first < SOURCES_AT_ONCE ? count - first : SOURCES_AT_ONCE;
    igraph_vector_int_view(&batch, VECTOR(p->sources) + first, size);
    code = igraph_distances(&p->graph, &hops, igraph_vss_vector(&batch),
                            igraph_vss_vector(&p->leaves), IGRAPH_ALL);
    for (igraph_integer_t row = 0; !code && row < size; row++)
      ls_plane_add_distances(&p->plane, (int32_t)VECTOR(batch)[row], &MATRIX(hops, row, 0),
                             (size_t)size, sums);
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
static igraph_error_t plane_cut(ls_plane *plane, bool is_deep, int64_t *cut, bool *is_exact)
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

static igraph_error_t measure_plane(plane_graph *p, bool is_deep, int32_t *components,
                                    ls_record_shape *shape, ls_distance_sums *sums)
{
  igraph_vector_int_t points;
  igraph_integer_t count = 0;
  int64_t cut = 0;
  bool is_exact = true;
  igraph_error_t code = igraph_connected_components(&p->graph, NULL, NULL, &count, IGRAPH_WEAK);
  if (!code) code = igraph_vector_int_init(&points, 0);
  if (code) return code;
  *components = (int32_t)count;
  code = igraph_articulation_points(&p->graph, &points);
  shape->articulation_count += (int32_t)igraph_vector_int_size(&points);
  igraph_vector_int_destroy(&points);
  if (!code) code = plane_cut(&p->plane, is_deep, &cut, &is_exact);
  if (code) return code;
  ls_shape_add_cut(shape, cut, is_exact);
  return count == 1 ? plane_distances(p, sums) : IGRAPH_SUCCESS;
}

static ls_status measure_shape(const ls_record_reader *r, bool is_deep)
{
  ls_record *record = r->record;
  ls_record_shape *shape = &record->shape;
  ls_distance_sums sums = {0, 0, 0};
  bool is_connected = true;
  ls_status status = measure_components(r);
  shape->edge_connectivity = -1;
  shape->is_connectivity_exact = true;
  for (int64_t i = 0; status == LS_OK && i < ls_record_network_count(record); i++) {
    plane_graph plane;
    status = plane_create(r, i, &plane);
    if (status == LS_OK &&
        measure_plane(&plane, is_deep, &shape->network_components[i], shape, &sums))
      status = ls_record_no_memory(r);
    is_connected = is_connected && shape->network_components[i] == 1;
    plane_destroy(&plane);
  }
  ls_shape_set_distances(shape, is_connected, &sums);
  return status;
}

/* ---- The file ---- */

static ls_status read_file(const ls_record_reader *r)
{
  FILE *stream = NULL;
  ls_status status = ls_record_open(r->path, &stream, &r->record->node_element_count, r->error);
  if (status != LS_OK) return status;
  igraph_reason[0] = '\0';
  const igraph_error_t code = igraph_read_graph_graphml(&r->source->graph, stream, 0);
  fclose(stream);
  if (code == IGRAPH_SUCCESS) return LS_OK;
  if (code == IGRAPH_ENOMEM) return ls_record_no_memory(r);
  return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "cannot be read as GraphML: %s",
                      igraph_reason);
}

/* Everything of the graph into the record; the graph itself goes. */
static ls_status read_record(const ls_record_reader *r, ls_record_depth depth)
{
  ls_record_source *source = r->source;
  ls_record *record = r->record;
  ls_status status = read_file(r);
  if (status != LS_OK) return status;
  if (igraph_vcount(&source->graph) > INT32_MAX / 2 ||
      igraph_ecount(&source->graph) > INT32_MAX / 2) {
    igraph_destroy(&source->graph);
    return ls_error_set(r->error, LS_ERR_INPUT, r->path, 0, NULL, "is too large");
  }
  record->node_count = (int32_t)igraph_vcount(&source->graph);
  record->edge_count = (int32_t)igraph_ecount(&source->graph);
  status = LS_ERR_MEMORY;
  if (schema_init(&source->schema) &&
      !igraph_cattribute_list(&source->graph, &source->schema.names[0], &source->schema.types[0],
                              &source->schema.names[1], &source->schema.types[1],
                              &source->schema.names[2], &source->schema.types[2]))
    status = LS_OK;
  if (status == LS_OK) status = ls_record_fill(r);
  if (status == LS_OK && depth != LS_RECORD_FLAT)
    status = measure_shape(r, depth == LS_RECORD_DEEP);
  schema_destroy(&source->schema);
  igraph_destroy(&source->graph);
  return status;
}

ls_status ls_record_read(const char *path, ls_record_depth depth, ls_record *record,
                         ls_error *error)
{
  ls_record_source source;
  const ls_record_reader r = {path, error, record, &source};
  igraph_error_handler_t *old_error = igraph_set_error_handler(keep_reason);
  igraph_warning_handler_t *old_warning = igraph_set_warning_handler(ignore_warning);
  igraph_set_attribute_table(&igraph_cattribute_table);
  const ls_status status = read_record(&r, depth);
  igraph_set_warning_handler(old_warning);
  igraph_set_error_handler(old_error);
  return status;
}
