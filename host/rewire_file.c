#include "rewire_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cross_connect.h"
#include "demand.h"
#include "files.h"
#include "verify_graph.h"

enum { FLOW_STEPS = 150, STRIDE_MAX = 16 };

/* One plane of a file. Blocks and OCS are numbered in the order of their nodes. */
typedef struct plane {
  const ls_record *record;
  int64_t index;
  int32_t blocks, units;
  int32_t *block_of, *unit_of; /* [nodes], -1: none of this plane */
  int32_t *ports, *old, *made; /* see rewire.h */
  int32_t *links, *uplinks;    /* [blocks][blocks]; [blocks] */
  double *demand, *rate;       /* [blocks][blocks]; [blocks] NICs below, Gb/s */
  int32_t pairs;
  bool is_shared;
  ls_rewired told;
  ls_flow_range before, after;
} plane;

static void plane_free(plane *self)
{
  free(self->block_of);
  free(self->unit_of);
  free(self->ports);
  free(self->old);
  free(self->made);
  free(self->links);
  free(self->uplinks);
  free(self->demand);
  free(self->rate);
}

/* ---- What a plane has ---- */

/* Numbers the blocks, as groups of mesh, and the OCS of the plane. */
static void plane_number(plane *self, ls_mesh *mesh)
{
  const ls_record *record = self->record;
  for (int32_t i = 0; i < record->node_count; i++) self->block_of[i] = self->unit_of[i] = -1;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->plane != self->index) continue;
    if (node->kind == LS_DEVICE_OCS) self->unit_of[i] = self->units++;
    if (node->kind != mesh->kind) continue;
    const int32_t head = ls_group_find(mesh->parent, i);
    if (self->block_of[head] < 0) self->block_of[head] = self->blocks++;
    self->block_of[i] = self->block_of[head];
  }
  /* Leaves of a pod belong to its block, whose head may be one of them. */
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->plane == self->index && ls_record_is_switch(node))
      self->block_of[i] = self->block_of[ls_group_find(mesh->parent, i)];
  }
}

/* Links that a leg holds at either block. */
static void leg_take(plane *self, const ls_record_edge *edge)
{
  const int32_t block = self->block_of[edge->node_a], unit = self->unit_of[edge->node_b];
  if (block < 0 || unit < 0) return;
  self->ports[(int64_t)unit * self->blocks + block] += (int32_t)edge->link_count;
  self->uplinks[block] += (int32_t)edge->link_count;
  self->pairs = (int32_t)(self->is_shared ? edge->strand_count : edge->strand_count / 2);
}

static void circuit_take(plane *self, const ls_record_edge *edge)
{
  const int32_t a = self->block_of[edge->node_a], b = self->block_of[edge->node_b];
  const int32_t unit = edge->via < 0 ? -1 : self->unit_of[edge->via];
  if (a < 0 || b < 0 || a == b || unit < 0) return;
  self->old[((int64_t)unit * self->blocks + a) * self->blocks + b] += (int32_t)edge->link_count;
  self->old[((int64_t)unit * self->blocks + b) * self->blocks + a] += (int32_t)edge->link_count;
}

static void edges_take(plane *self)
{
  const ls_record *record = self->record;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_CIRCUIT || self->block_of[edge->node_a] < 0) continue;
    self->is_shared = edge->circulator_count > 0 ||
                      (edge->optic_a >= 0 && record->optics[edge->optic_a].strands_per_pair == 1);
    circuit_take(self, edge);
  }
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind == LS_BUNDLE_OCS_LEG) leg_take(self, edge);
    if (edge->kind == LS_BUNDLE_ACCESS && self->block_of[edge->node_b] >= 0)
      self->rate[self->block_of[edge->node_b]] +=
          (double)edge->link_count * (double)record->site.port_gbps;
  }
}

static ls_status plane_create(const ls_record *record, int64_t index, ls_mesh *mesh, plane *self)
{
  const size_t nodes = (size_t)record->node_count + 1;
  *self = (plane){.record = record, .index = index};
  self->block_of = malloc(nodes * sizeof *self->block_of);
  self->unit_of = malloc(nodes * sizeof *self->unit_of);
  if (!self->block_of || !self->unit_of) return LS_ERR_MEMORY;
  plane_number(self, mesh);
  if (self->blocks > LS_REWIRE_BLOCKS_MAX) return LS_ERR_FULL;
  const size_t blocks = (size_t)self->blocks, square = blocks * blocks + 1;
  const size_t units = (size_t)self->units + 1; /* none is refused later */
  self->ports = calloc(units * blocks + 1, sizeof *self->ports);
  self->old = calloc(units * square, sizeof *self->old);
  self->made = malloc(units * square * sizeof *self->made);
  self->links = malloc(square * sizeof *self->links);
  self->uplinks = calloc(blocks + 1, sizeof *self->uplinks);
  self->demand = calloc(square, sizeof *self->demand);
  self->rate = calloc(blocks + 1, sizeof *self->rate);
  if (!self->ports || !self->old || !self->made || !self->links || !self->uplinks ||
      !self->demand || !self->rate)
    return LS_ERR_MEMORY;
  edges_take(self);
  return LS_OK;
}

/* The demand in Gb/s: the busiest block sends or receives what its NICs can. */
static void demand_scale(plane *self, const ls_demand *read)
{
  const int32_t blocks = self->blocks;
  double most = 0;
  for (int32_t i = 0; i < blocks; i++) {
    double out = 0, in = 0;
    for (int32_t j = 0; j < blocks; j++) {
      out += (double)read->weight[(int64_t)i * blocks + j];
      in += (double)read->weight[(int64_t)j * blocks + i];
    }
    if (self->rate[i] > 0) most = fmax(most, fmax(out, in) / self->rate[i]);
  }
  for (int64_t i = 0; i < (int64_t)blocks * blocks; i++)
    self->demand[i] = most > 0 ? (double)read->weight[i] / most : 0;
}

/* ---- Throughput ---- */

/* theta of the demand over the circuits of all OCS, at most 1: NICs send no more. */
static ls_status circuits_theta(const plane *self, const int32_t *circuits, ls_flow_range *range)
{
  const int32_t blocks = self->blocks;
  const ls_flow_limits limits = {.gap = 0.02, .steps = FLOW_STEPS, .thread_count = 1};
  ls_flow_arc *arcs = malloc(((size_t)blocks * (size_t)blocks + 1) * sizeof *arcs);
  int32_t *terminal = malloc(((size_t)blocks + 1) * sizeof *terminal), arc_count = 0;
  ls_status status = arcs && terminal ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < blocks; i++) {
    terminal[i] = i;
    for (int32_t j = 0; j < blocks; j++) {
      int64_t count = 0;
      for (int32_t unit = 0; unit < self->units; unit++)
        count += circuits[((int64_t)unit * blocks + i) * blocks + j];
      if (count)
        arcs[arc_count++] =
            (ls_flow_arc){i, j, (double)count * (double)self->record->site.port_gbps};
    }
  }
  const ls_flow_problem problem = {blocks, arc_count, blocks, arcs, terminal, self->demand};
  if (status == LS_OK) status = ls_flow_bound(&problem, &limits, range, NULL, NULL);
  if (status == LS_OK) {
    range->low = fmin(range->low, 1);
    range->high = fmin(range->high, 1);
  }
  free(terminal);
  free(arcs);
  return status;
}

static void range_worsen(ls_flow_range *range, const ls_flow_range *with)
{
  range->low = fmin(range->low, with->low);
  range->high = fmin(range->high, with->high);
}

/* ---- Cross-connects ---- */

/* Devices of an OCS and how many links each has left. */
typedef struct bench {
  ls_cabling *cablings; /* [nodes] at most */
  int32_t *left;        /* [cablings] links */
  int32_t *block;       /* [cablings] */
  int32_t count;
  ls_ocs_link *links;
  int32_t link_count;
} bench;

static void bench_free(bench *self)
{
  free(self->cablings);
  free(self->left);
  free(self->block);
  free(self->links);
}

/* Ports in the order of the cable schedule, which is that of the file's edges. */
static void bench_cable(const plane *self, int32_t ocs, bench *to)
{
  int32_t used = 0;
  to->count = 0;
  for (int32_t i = 0; i < self->record->edge_count; i++) {
    const ls_record_edge *edge = &self->record->edges[i];
    if (edge->kind != LS_BUNDLE_OCS_LEG || edge->node_b != ocs) continue;
    const int32_t ports = (int32_t)(edge->link_count * edge->strand_count / 2);
    to->cablings[to->count] = (ls_cabling){edge->node_a, used, ports};
    to->left[to->count] = (int32_t)edge->link_count;
    to->block[to->count++] = self->block_of[edge->node_a];
    used += ports;
  }
}

/* A device of the block with a link left. */
static int32_t device_take(bench *of, int32_t block)
{
  for (int32_t i = 0; i < of->count; i++)
    if (of->block[i] == block && of->left[i] > 0) {
      of->left[i]--;
      return i;
    }
  return -1;
}

static ls_status bench_link(const plane *self, int32_t unit, bench *to)
{
  to->link_count = 0;
  for (int32_t i = 0; i < self->blocks; i++)
    for (int32_t j = 0; j < i; j++)
      for (int32_t count = self->made[((int64_t)unit * self->blocks + i) * self->blocks + j];
           count > 0; count--) {
        const ls_ocs_link link = {device_take(to, i), device_take(to, j)};
        if (link.a < 0 || link.b < 0) return LS_ERR_INTERNAL;
        to->links[to->link_count++] = link;
      }
  return LS_OK;
}

static ls_status unit_write(const plane *self, int32_t ocs, bench *with, FILE *stream)
{
  bench_cable(self, ocs, with);
  ls_status status = bench_link(self, self->unit_of[ocs], with);
  const ls_ocs_unit unit = {.ocs = ocs,
                            .pairs = self->pairs,
                            .is_shared = self->is_shared,
                            .cabling_count = with->count,
                            .link_count = with->link_count,
                            .cablings = with->cablings,
                            .links = with->links};
  const int64_t count = ls_ocs_unit_connects(&unit);
  ls_cross_connect *made = malloc(((size_t)count + 1) * sizeof *made);
  if (!made) return LS_ERR_MEMORY;
  if (status == LS_OK) status = ls_cross_connect_unit(&unit, made);
  for (int64_t i = 0; status == LS_OK && i < count; i++)
    fprintf(stream, "%s,%d,%d,%s,%s,%d\n", self->record->nodes[ocs].id, made[i].a_port,
            made[i].b_port, self->record->nodes[made[i].from].id,
            self->record->nodes[made[i].to].id, made[i].link);
  free(made);
  return status;
}

static ls_status plane_write(const plane *self, FILE *stream)
{
  const size_t nodes = (size_t)self->record->node_count + 1;
  size_t links = 1;
  for (int32_t block = 0; block < self->blocks; block++) links += (size_t)self->uplinks[block];
  bench with = {.cablings = malloc(nodes * sizeof *with.cablings),
                .left = malloc(nodes * sizeof *with.left),
                .block = malloc(nodes * sizeof *with.block),
                .links = malloc(links * sizeof *with.links)};
  ls_status status = with.cablings && with.left && with.block && with.links ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < self->record->node_count; i++)
    if (self->unit_of[i] >= 0) status = unit_write(self, i, &with, stream);
  bench_free(&with);
  return status;
}

/* ---- The whole file ---- */

static size_t circuits_bytes(const plane *self)
{
  return (size_t)self->units * (size_t)self->blocks * (size_t)self->blocks * sizeof *self->made;
}

/* What a plane comes to: circuits [ocs][blocks][blocks] with their count and throughput. */
typedef struct outcome {
  int32_t *circuits;
  ls_rewired told;
  ls_flow_range theta;
} outcome;

/* Links for the demand over so dense a base, and circuits for them. */
static ls_status stride_try(plane *self, int32_t stride, outcome *tried)
{
  const ls_rewire wanted = {self->blocks, self->units, self->ports, self->old, self->links};
  ls_status status =
      ls_rewire_links(self->blocks, self->demand, self->uplinks, stride, self->links);
  if (status == LS_OK) status = ls_rewire_run(&wanted, tried->circuits, &tried->told);
  if (status == LS_OK) status = circuits_theta(self, tried->circuits, &tried->theta);
  return status;
}

/* The best of several bases into made, or the old circuits where none is better. */
static ls_status plane_choose(plane *self, outcome *best, outcome *tried)
{
  const size_t bytes =
      (size_t)self->units * (size_t)self->blocks * (size_t)self->blocks * sizeof *self->made;
  ls_status status = LS_OK;
  memcpy(best->circuits, self->old, bytes);
  for (int32_t stride = 1; status == LS_OK && stride <= STRIDE_MAX; stride *= 2) {
    status = stride_try(self, stride, tried);
    if (status != LS_OK || tried->theta.low <= best->theta.low) continue;
    memcpy(best->circuits, tried->circuits, bytes);
    best->told = tried->told;
    best->theta = tried->theta;
  }
  return status;
}

static int32_t circuits_count(const plane *self)
{
  int64_t count = 0;
  const int64_t entries = (int64_t)self->units * self->blocks * self->blocks;
  for (int64_t i = 0; i < entries; i++) count += self->old[i];
  return (int32_t)(count / 2);
}

static ls_status plane_rewire(plane *self, const ls_demand *read)
{
  outcome best = {.circuits = self->made}, tried = {.circuits = malloc(circuits_bytes(self) + 1)};
  if (!tried.circuits) return LS_ERR_MEMORY;
  demand_scale(self, read);
  best.told.kept = circuits_count(self);
  ls_status status = circuits_theta(self, self->old, &self->before);
  best.theta = self->before;
  if (status == LS_OK) status = plane_choose(self, &best, &tried);
  self->told = best.told;
  self->after = best.theta;
  free(tried.circuits);
  return status;
}

/* Whether another plane was wired and serves alike: then it is wired anew alike. */
static bool is_alike(const plane *self, const plane *other)
{
  return other->made && self->blocks == other->blocks && self->units == other->units &&
         memcmp(self->old, other->old, circuits_bytes(self)) == 0 &&
         memcmp(self->rate, other->rate, (size_t)self->blocks * sizeof *self->rate) == 0;
}

static void plane_copy(plane *self, const plane *other)
{
  memcpy(self->made, other->made, circuits_bytes(self));
  self->told = other->told;
  self->before = other->before;
  self->after = other->after;
}

static void report_add(const plane *self, ls_rewire_report *report)
{
  range_worsen(&report->before, &self->before);
  range_worsen(&report->after, &self->after);
  report->told.kept += self->told.kept;
  report->told.moved += self->told.moved;
  report->told.moved_bound += self->told.moved_bound;
  report->told.dark += self->told.dark;
  report->block_count = self->blocks;
  report->ocs_count = self->units;
}

/* Whether no block has more circuits at an OCS than links there. */
static bool is_within_ports(const plane *self)
{
  for (int64_t at = 0; at < (int64_t)self->units * self->blocks; at++) {
    int64_t used = 0;
    for (int32_t other = 0; other < self->blocks; other++)
      used += self->old[at * self->blocks + other];
    if (used > self->ports[at]) return false;
  }
  return true;
}

static bool asks_for_something(const ls_demand *read)
{
  const int64_t entries = (int64_t)read->block_count * read->block_count;
  for (int64_t i = 0; i < entries; i++)
    if (read->weight[i] && i % (read->block_count + 1)) return true;
  return false;
}

/* What is asked for, and the file that asks. */
typedef struct question {
  const ls_demand *read;
  const char *path;
} question;

/* Whether a plane can be wired for the demand; says why not. */
static ls_status plane_check(const plane *self, const question *asked, ls_error *error)
{
  if (self->units == 0)
    return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL, "has no optical circuit switches");
  if (!is_within_ports(self))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, NULL,
                        "has more circuits at an OCS than cords to it");
  if (!asks_for_something(asked->read))
    return ls_error_set(error, LS_ERR_INPUT, asked->path, 0, NULL,
                        "must have a number above 0 between two blocks, got none");
  if (asked->read->block_count == self->blocks) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, asked->path, 0, NULL,
                      "must be a matrix of the design's %d blocks, got %d rows", self->blocks,
                      asked->read->block_count);
}

/* Wires one plane into *self, which the caller frees; last is the one before. */
static ls_status plane_do(plane *self, const plane *last, const ls_demand *read, FILE *stream,
                          ls_rewire_report *report)
{
  ls_status status = LS_OK;
  if (is_alike(self, last))
    plane_copy(self, last);
  else
    status = plane_rewire(self, read);
  if (status == LS_OK) report_add(self, report);
  if (status == LS_OK && stream) status = plane_write(self, stream);
  return status;
}

static ls_status record_rewire(const ls_record *record, const question *asked, FILE *stream,
                               ls_rewire_report *report, ls_error *error)
{
  plane last = {0};
  ls_mesh mesh;
  ls_status status = ls_mesh_create(record, &mesh);
  if (status != LS_OK) return status;
  if (mesh.kind < 0)
    status = ls_error_set(error, LS_ERR_NO, NULL, 0, NULL, "has no optical circuit switches");
  report->plane_count = (int32_t)record->site.plane_count;
  for (int32_t i = 0; status == LS_OK && i < report->plane_count; i++) {
    plane made;
    status = plane_create(record, i, &mesh, &made);
    if (status == LS_ERR_FULL)
      ls_error_set(error, status, NULL, 0, NULL, "has %d blocks, at most %d can be wired anew",
                   made.blocks, LS_REWIRE_BLOCKS_MAX);
    if (status == LS_OK) status = plane_check(&made, asked, error);
    if (status == LS_OK) status = plane_do(&made, &last, asked->read, stream, report);
    plane_free(&last);
    last = made;
  }
  plane_free(&last);
  ls_mesh_destroy(&mesh);
  return status;
}

ls_status ls_rewire_file(const char *path, const char *demand_path, const char *csv_path,
                         ls_rewire_report *report, ls_error *error)
{
  ls_file_writer file = {0};
  ls_demand *read = NULL;
  ls_record *record = calloc(1, sizeof *record);
  *report = (ls_rewire_report){.before = {INFINITY, INFINITY, 0}, .after = {INFINITY, INFINITY, 0}};
  if (!record) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory to read it");
  ls_status status = ls_demand_read(demand_path, &read, error);
  if (status == LS_OK) status = ls_record_read(path, LS_RECORD_FLAT, record, error);
  if (status == LS_OK) status = ls_record_check_links(record, path, error);
  if (status == LS_OK && csv_path) status = ls_file_open(&file, csv_path, error);
  if (status != LS_OK) goto cleanup;
  if (csv_path) fputs("ocs,a_port,b_port,from_device,to_device,link\n", file.stream);
  status = record_rewire(record, &(question){read, demand_path}, csv_path ? file.stream : NULL,
                         report, error);
  if (status != LS_OK && error && !error->file[0])
    snprintf(error->file, sizeof error->file, "%s", path);
  if (status == LS_ERR_MEMORY)
    ls_error_set(error, status, path, 0, NULL, "no memory to wire it anew");
  if (status == LS_ERR_INTERNAL)
    status = ls_error_set(error, LS_ERR_INPUT, path, 0, NULL,
                          "has legs whose strands do not fit its circuits");
  if (csv_path && status == LS_OK)
    status = ls_file_commit(&file, error);
  else if (csv_path)
    ls_file_abandon(&file);
cleanup:
  ls_demand_destroy(read);
  ls_record_destroy(record);
  free(record);
  return status;
}
