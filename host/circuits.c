#include "circuits.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "files.h"

/* One OCS at a time. */
typedef struct builder {
  const ls_topology *topology;
  ls_ocs_unit unit;
  int32_t *cabling_of;  /* [nodes] index in cablings, -1: not cabled to this OCS */
  ls_cabling *cablings; /* [nodes] at most */
  ls_ocs_link *links;   /* [all links] at most */
} builder;

static void builder_free(builder *self)
{
  free(self->cabling_of);
  free(self->cablings);
  free(self->links);
}

static int64_t link_count(const ls_topology *topology)
{
  int64_t count = 0;
  for (int32_t i = 0; i < topology->edge_count; i++)
    if (topology->edges[i].kind == LS_EDGE_CIRCUIT) count += topology->edges[i].link_count;
  return count;
}

/* Ports in the order of the cable schedule. */
static void cablings_fill(builder *self)
{
  ls_ocs_unit *unit = &self->unit;
  int32_t used = 0;
  unit->cabling_count = 0;
  for (int32_t i = 0; i < self->topology->node_count; i++) self->cabling_of[i] = -1;
  for (int32_t i = 0; i < self->topology->edge_count; i++) {
    const ls_edge *edge = &self->topology->edges[i];
    if (edge->kind != LS_EDGE_OCS_LEG || edge->node_b != unit->ocs) continue;
    const int32_t count = edge->link_count * edge->strand_count / 2;
    self->cabling_of[edge->node_a] = unit->cabling_count;
    self->cablings[unit->cabling_count++] =
        (ls_cabling){.device = edge->node_a, .first = used, .count = count};
    used += count;
  }
}

/* LS_ERR_INTERNAL: a circuit of a device that is not cabled to its OCS. */
static ls_status links_fill(builder *self)
{
  ls_ocs_unit *unit = &self->unit;
  unit->link_count = 0;
  for (int32_t i = 0; i < self->topology->edge_count; i++) {
    const ls_edge *edge = &self->topology->edges[i];
    if (edge->kind != LS_EDGE_CIRCUIT || edge->via != unit->ocs) continue;
    const ls_ocs_link link = {self->cabling_of[edge->node_a], self->cabling_of[edge->node_b]};
    if (link.a < 0 || link.b < 0) return LS_ERR_INTERNAL;
    for (int32_t copy = 0; copy < edge->link_count; copy++) self->links[unit->link_count++] = link;
  }
  return LS_OK;
}

static ls_status builder_init(const ls_topology *topology, ls_cross_connects *made, builder *self)
{
  const size_t nodes = (size_t)topology->node_count + 1;
  const ls_link_row *row = &topology->link[topology->structure->peer_tier];
  *self = (builder){.topology = topology};
  self->cabling_of = malloc(nodes * sizeof *self->cabling_of);
  self->cablings = malloc(nodes * sizeof *self->cablings);
  self->links = malloc(((size_t)link_count(topology) + 1) * sizeof *self->links);
  self->unit = (ls_ocs_unit){.pairs = ls_link_pairs(&topology->problem->optics[row->optic_a],
                                                    topology->structure->port_gbps),
                             .is_shared = ls_link_is_bidirectional(topology->problem, row),
                             .link_count = (int32_t)link_count(topology),
                             .cablings = self->cablings,
                             .links = self->links};
  made->connects = malloc(((size_t)ls_ocs_unit_connects(&self->unit) + 1) * sizeof *made->connects);
  return self->cabling_of && self->cablings && self->links && made->connects ? LS_OK
                                                                             : LS_ERR_MEMORY;
}

ls_status ls_circuits_connect(const ls_topology *topology, ls_cross_connects *made)
{
  builder self;
  *made = (ls_cross_connects){0};
  if (topology->structure->ocs_index < 0) return LS_OK;
  ls_status status = builder_init(topology, made, &self);
  for (int32_t i = 0; status == LS_OK && i < topology->node_count; i++) {
    if (topology->nodes[i].kind != LS_NODE_OCS) continue;
    self.unit.ocs = i;
    cablings_fill(&self);
    status = links_fill(&self);
    if (status == LS_OK) status = ls_cross_connect_unit(&self.unit, made->connects + made->count);
    made->count += (int32_t)ls_ocs_unit_connects(&self.unit);
  }
  builder_free(&self);
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
