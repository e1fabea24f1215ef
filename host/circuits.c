#include "circuits.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "files.h"

/* The run of ports that a device has at an OCS. */
typedef struct cabling {
  int32_t device, first, count; /* the first is 0-based; count: of either side */
  int32_t a_used, b_used;
} cabling;

/* A link through the OCS at hand, between two of its cablings. */
typedef struct link_end {
  int32_t a, b;
  bool is_done;
} link_end;

/* One OCS at a time. */
typedef struct unit {
  const ls_topology *topology;
  int32_t pairs; /* strands a link takes on a side: its fiber pairs */
  bool is_shared;
  int32_t ocs;
  int32_t *cabling_of; /* [nodes] index in cablings, -1: not cabled to this OCS */
  cabling *cablings;   /* [nodes] at most */
  int32_t cabling_count;
  link_end *links; /* [link_count] */
  int32_t link_count;
  int32_t *at_first, *at; /* [cablings + 1], [2 links] links at a cabling */
  int32_t *walk;          /* [2 links + 1] cablings on the way */
  ls_cross_connects *made;
  int32_t told; /* links of this OCS so far */
} unit;

static void unit_free(unit *self)
{
  free(self->cabling_of);
  free(self->cablings);
  free(self->links);
  free(self->at_first);
  free(self->at);
  free(self->walk);
}

static int32_t links_of(const ls_topology *topology, int32_t ocs)
{
  int32_t count = 0;
  for (int32_t i = 0; i < topology->edge_count; i++) {
    const ls_edge *edge = &topology->edges[i];
    if (edge->kind == LS_EDGE_CIRCUIT && (ocs < 0 || edge->via == ocs)) count += edge->link_count;
  }
  return count;
}

/* Ports in the order of the cable schedule. */
static void cablings_fill(unit *self)
{
  int32_t used = 0;
  self->cabling_count = 0;
  for (int32_t i = 0; i < self->topology->node_count; i++) self->cabling_of[i] = -1;
  for (int32_t i = 0; i < self->topology->edge_count; i++) {
    const ls_edge *edge = &self->topology->edges[i];
    if (edge->kind != LS_EDGE_OCS_LEG || edge->node_b != self->ocs) continue;
    const int32_t count = edge->link_count * edge->strand_count / 2;
    self->cabling_of[edge->node_a] = self->cabling_count;
    self->cablings[self->cabling_count++] =
        (cabling){.device = edge->node_a, .first = used, .count = count};
    used += count;
  }
}

/* LS_ERR_INTERNAL: a circuit of a device that is not cabled to its OCS. */
static ls_status links_fill(unit *self)
{
  self->link_count = 0;
  for (int32_t i = 0; i < self->topology->edge_count; i++) {
    const ls_edge *edge = &self->topology->edges[i];
    if (edge->kind != LS_EDGE_CIRCUIT || edge->via != self->ocs) continue;
    const int32_t a = self->cabling_of[edge->node_a], b = self->cabling_of[edge->node_b];
    if (a < 0 || b < 0) return LS_ERR_INTERNAL;
    for (int32_t link = 0; link < edge->link_count; link++)
      self->links[self->link_count++] = (link_end){a, b, false};
  }
  return LS_OK;
}

static void adjacency_fill(unit *self)
{
  int32_t *first = self->at_first;
  memset(first, 0, ((size_t)self->cabling_count + 2) * sizeof *first);
  for (int32_t i = 0; i < self->link_count; i++) {
    first[self->links[i].a + 2]++;
    first[self->links[i].b + 2]++;
  }
  for (int32_t i = 0; i <= self->cabling_count; i++) first[i + 1] += first[i];
  for (int32_t i = 0; i < self->link_count; i++) {
    self->at[first[self->links[i].a + 1]++] = i;
    self->at[first[self->links[i].b + 1]++] = i;
  }
}

/* One connection for each strand, from the next ports of one device to those of another. */
static ls_status link_connect(unit *self, int32_t from, int32_t to)
{
  cabling *a = &self->cablings[from], *b = &self->cablings[to];
  if (a->a_used + self->pairs > a->count || b->b_used + self->pairs > b->count)
    return LS_ERR_INTERNAL;
  for (int32_t i = 0; i < self->pairs; i++)
    self->made->connects[self->made->count++] = (ls_cross_connect){.ocs = self->ocs,
                                                                   .from = a->device,
                                                                   .to = b->device,
                                                                   .a_port = a->first + ++a->a_used,
                                                                   .b_port = b->first + ++b->b_used,
                                                                   .link = self->told};
  return LS_OK;
}

/* The next link at a cabling that was not walked; NULL: there is none left. */
static link_end *link_next(unit *self, int32_t *next, int32_t at)
{
  for (; next[at] < self->at_first[at + 1]; next[at]++)
    if (!self->links[self->at[next[at]]].is_done) return &self->links[self->at[next[at]]];
  return NULL;
}

/* Walks all links from where one is left until the walk is stuck, which, as every device has an
 * even number of them, is where it began; each is connected as it was walked. */
static ls_status links_turn(unit *self)
{
  int32_t *next = self->walk; /* [cablings] */
  ls_status status = LS_OK;
  for (int32_t i = 0; i < self->cabling_count; i++) next[i] = self->at_first[i];
  for (int32_t start = 0; start < self->cabling_count; start++) {
    int32_t at = start;
    for (link_end *link; status == LS_OK && (link = link_next(self, next, at)) != NULL;) {
      const int32_t to = link->a == at ? link->b : link->a;
      link->is_done = true;
      self->told++;
      status = link_connect(self, at, to);
      at = to;
    }
  }
  return status;
}

/* There and back for each link. */
static ls_status links_pair(unit *self)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < self->link_count; i++) {
    self->told++;
    status = link_connect(self, self->links[i].a, self->links[i].b);
    if (status == LS_OK) status = link_connect(self, self->links[i].b, self->links[i].a);
  }
  return status;
}

static ls_status unit_connect(unit *self, int32_t ocs)
{
  self->ocs = ocs;
  self->told = 0;
  cablings_fill(self);
  const ls_status status = links_fill(self);
  if (status != LS_OK) return status;
  adjacency_fill(self);
  return self->is_shared ? links_turn(self) : links_pair(self);
}

static ls_status unit_init(const ls_topology *topology, ls_cross_connects *made, unit *self)
{
  const size_t nodes = (size_t)topology->node_count + 2;
  const size_t links = (size_t)links_of(topology, -1) + 1;
  const ls_link_row *row = &topology->link[topology->structure->peer_tier];
  *self = (unit){.topology = topology, .made = made};
  self->is_shared = ls_link_is_bidirectional(topology->problem, row);
  self->pairs =
      ls_link_pairs(&topology->problem->optics[row->optic_a], topology->structure->port_gbps);
  made->connects =
      malloc(links * (size_t)self->pairs * (self->is_shared ? 1 : 2) * sizeof *made->connects);
  self->cabling_of = malloc(nodes * sizeof *self->cabling_of);
  self->cablings = malloc(nodes * sizeof *self->cablings);
  self->links = malloc(links * sizeof *self->links);
  self->at_first = malloc((nodes + 1) * sizeof *self->at_first);
  self->at = malloc(2 * links * sizeof *self->at);
  self->walk = malloc(nodes * sizeof *self->walk);
  return made->connects && self->cabling_of && self->cablings && self->links && self->at_first &&
                 self->at && self->walk
             ? LS_OK
             : LS_ERR_MEMORY;
}

ls_status ls_circuits_connect(const ls_topology *topology, ls_cross_connects *made)
{
  unit self;
  *made = (ls_cross_connects){0};
  if (topology->structure->ocs_index < 0) return LS_OK;
  ls_status status = unit_init(topology, made, &self);
  for (int32_t i = 0; status == LS_OK && i < topology->node_count; i++)
    if (topology->nodes[i].kind == LS_NODE_OCS) status = unit_connect(&self, i);
  unit_free(&self);
  if (status != LS_OK) ls_circuits_destroy(made);
  return status;
}

void ls_circuits_destroy(ls_cross_connects *made)
{
  free(made->connects);
  *made = (ls_cross_connects){0};
}

ls_status ls_circuits_write(const ls_topology *topology, const char *path, ls_error *error)
{
  ls_cross_connects made;
  ls_file_writer file;
  ls_status status = ls_circuits_connect(topology, &made);
  if (status != LS_OK)
    return ls_error_set(error, status, path, 0, NULL,
                        status == LS_ERR_MEMORY ? "no memory for its circuits"
                                                : "circuits do not fit the ports of an OCS");
  status = ls_file_open(&file, path, error);
  if (status != LS_OK) goto cleanup;
  fputs("ocs,a_port,b_port,from_device,to_device,link\n", file.stream);
  for (int32_t i = 0; i < made.count; i++) {
    const ls_cross_connect *connect = &made.connects[i];
    char ocs[32], from[32], to[32];
    ls_node_id(&topology->nodes[connect->ocs], ocs);
    ls_node_id(&topology->nodes[connect->from], from);
    ls_node_id(&topology->nodes[connect->to], to);
    fprintf(file.stream, "%s,%d,%d,%s,%s,%d\n", ocs, connect->a_port, connect->b_port, from, to,
            connect->link);
  }
  status = ls_file_commit(&file, error);
cleanup:
  ls_circuits_destroy(&made);
  return status;
}
