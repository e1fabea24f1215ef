/* Owns the wiring of blocks to each other, through OCS or by cords: a near-uniform mesh, or the
 * graph that was found where they have too few links for one (block_graph.h), of which each OCS
 * carries a regular part. A block is a leaf, or in ocs_core a pod, whose spines light equally many
 * ports towards the OCS.
 *
 * The complete graph of B blocks falls into factors. For even B these are the B - 1 perfect
 * matchings of the circle method (Kirkman's round robin): block B - 1 stands in the middle, in
 * round m it meets block m, and m - k meets m + k on the circle of the others. For odd B they
 * are the (B - 1) / 2 graphs of one cyclic difference each, in which every block has two links.
 * A block's uplinks take the factors in turn, so two blocks' numbers of links differ by at most
 * one; OCS j carries the j-th run of them.
 *
 * Ports of a block are cabled in grains of one, or of two where both directions share a strand: one
 * to either side of an OCS, so that whatever its circuits, they can be turned so that every device
 * has as many from one side as from the other (an Eulerian orientation). Grain x of a block, its
 * spines' grains in a row, goes to OCS x mod M: a block has equally many on each, and a spine's are
 * spread over as many as they can. */
#include "topology_build.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "block_graph.h"

/* What is being wired. */
typedef struct mesh {
  ls_topology_build *build;
  ls_node_kind kind;     /* of the devices that are joined */
  int32_t blocks, links; /* links of a block */
  int32_t devices;       /* of a block */
  int32_t grain, grains; /* ports of a grain; grains of a device */
  int32_t units;         /* OCS of a plane; by cords 1: the mesh itself */
  int32_t plane, unit;   /* being wired */
  int32_t *used;         /* [blocks] ports given out of this unit */
} mesh;

static mesh mesh_of(const ls_topology_build *build)
{
  const ls_size *size = &build->structure->size;
  const bool has_pods = build->structure->peer_tier == LS_TIER_CORE;
  mesh made = {.kind = has_pods ? LS_NODE_SPINE : LS_NODE_LEAF,
               .blocks = (int32_t)size->block_count,
               .links = size->block_links,
               .devices = has_pods ? size->up : 1,
               .units = (int32_t)ls_max(build->count[LS_NODE_OCS], 1)};
  const ls_link_row *link = &build->topology->link[build->structure->peer_tier];
  made.grain =
      build->count[LS_NODE_OCS] > 0 && ls_link_is_bidirectional(build->problem, link) ? 2 : 1;
  made.grains = made.links / made.devices / made.grain;
  return made;
}

/* The OCS that a device is cabled to: legs of them, from this one on and around. */
static int32_t leg_first(const mesh *self, int32_t device)
{
  return (int32_t)((int64_t)(device % self->devices) * self->grains % self->units);
}

static int32_t leg_count(const mesh *self) { return (int32_t)ls_min(self->grains, self->units); }

const ls_edge *ls_build_leg(const ls_topology_build *build, int32_t node, int32_t ocs)
{
  const mesh self = mesh_of(build);
  const int32_t index = node - build->first[self.kind], devices = build->count[self.kind];
  const int32_t unit = (ocs - build->first[LS_NODE_OCS]) % self.units;
  const int32_t offset = (unit - leg_first(&self, index % devices) + self.units) % self.units;
  return &build->topology->edges[build->leg_edge + index * leg_count(&self) + offset];
}

/* Cables the devices of a plane to its OCS. */
static ls_status wire_legs(const mesh *self)
{
  ls_topology_build *build = self->build;
  const int32_t legs = leg_count(self);
  for (int32_t device = 0; device < self->blocks * self->devices; device++) {
    for (int32_t i = 0; i < legs; i++) {
      ls_edge edge = {.kind = LS_EDGE_OCS_LEG,
                      .tier = (uint8_t)build->structure->peer_tier,
                      .plane = (uint8_t)self->plane};
      const int32_t unit = (leg_first(self, device) + i) % self->units;
      edge.node_a = ls_build_node(build, self->kind, self->plane) + device;
      edge.node_b = ls_build_node(build, LS_NODE_OCS, self->plane) + unit;
      edge.link_count = self->grain * (self->grains / legs + (i < self->grains % legs));
      edge.via = -1;
      ls_status status = ls_build_add_edge(build, &edge);
      if (status != LS_OK) return status;
    }
  }
  return LS_OK;
}

/* The device of a block whose port is next at this unit. */
static int32_t take_port(mesh *self, int32_t block)
{
  const int32_t grain = self->unit + self->used[block]++ / self->grain * self->units;
  return ls_build_node(self->build, self->kind, self->plane) + block * self->devices +
         grain / self->grains;
}

static ls_status add_links(const mesh *self, int32_t a, int32_t b, int32_t link_count)
{
  const ls_topology_build *build = self->build;
  const bool has_ocs = build->count[LS_NODE_OCS] > 0;
  ls_edge edge = {.kind = has_ocs ? LS_EDGE_CIRCUIT : LS_EDGE_TRUNK,
                  .tier = (uint8_t)build->structure->peer_tier,
                  .plane = (uint8_t)self->plane};
  edge.node_a = (int32_t)ls_min(a, b);
  edge.node_b = (int32_t)ls_max(a, b);
  edge.via = has_ocs ? ls_build_node(build, LS_NODE_OCS, self->plane) + self->unit : -1;
  edge.link_count = link_count;
  return ls_build_add_edge(self->build, &edge);
}

/* Links of two blocks, in bundles of those whose devices are the same in a row. */
static ls_status wire_pair(mesh *self, const int32_t pair[2], int32_t link_count)
{
  int32_t a = take_port(self, pair[0]), b = take_port(self, pair[1]), count = 1;
  for (int32_t i = 1; i < link_count; i++) {
    const int32_t next_a = take_port(self, pair[0]), next_b = take_port(self, pair[1]);
    if (next_a != a || next_b != b) {
      ls_status status = add_links(self, a, b, count);
      if (status != LS_OK) return status;
      count = 0;
    }
    a = next_a;
    b = next_b;
    count++;
  }
  return add_links(self, a, b, count);
}

/* One factor of the complete graph, link_count times. */
static ls_status wire_factor(mesh *self, int32_t factor, int32_t link_count)
{
  const bool is_even = self->blocks % 2 == 0;
  const int32_t circle = is_even ? self->blocks - 1 : self->blocks;
  const int32_t pairs = is_even ? self->blocks / 2 : self->blocks;
  for (int32_t i = 0; i < pairs; i++) {
    int32_t pair[2];
    if (is_even) {
      pair[0] = i == 0 ? circle : (factor - i + circle) % circle;
      pair[1] = i == 0 ? factor : (factor + i) % circle;
    } else {
      pair[0] = i;
      pair[1] = (i + factor + 1) % circle;
    }
    ls_status status = wire_pair(self, pair, link_count);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

static int pair_compare(const void *left, const void *right)
{
  const int32_t *a = left, *b = right;
  return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

/* A unit carries the unit-th part of a graph's links, whole 2-factors or all of them; those of two
 * blocks in bundles. */
static ls_status wire_graph_unit(mesh *self, const ls_block_graph *graph)
{
  const size_t count = (size_t)self->blocks * (size_t)self->links / 2 / (size_t)self->units;
  int32_t(*links)[2] = malloc(count * sizeof *links);
  ls_status status = links ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    memcpy(links, graph->links + (size_t)self->unit * count, count * sizeof *links);
    qsort(links, count, sizeof *links, pair_compare);
  }
  for (size_t i = 0, next; status == LS_OK && i < count; i = next) {
    for (next = i + 1; next < count && !pair_compare(links[i], links[next]);) next++;
    status = wire_pair(self, links[i], (int32_t)(next - i));
  }
  free(links);
  return status;
}

/* A unit carries factors unit * run .. unit * run + run - 1, counted around; those that come up
 * more than once make thicker bundles. */
static ls_status wire_unit(mesh *self)
{
  if (self->build->graph) return wire_graph_unit(self, self->build->graph);
  const int32_t links = self->links / self->units;
  const int32_t factors = self->blocks % 2 == 0 ? self->blocks - 1 : (self->blocks - 1) / 2;
  const int32_t run = self->blocks % 2 == 0 ? links : links / 2;
  const int32_t first = (int32_t)((int64_t)self->unit * run % factors);
  for (int32_t i = 0; i < run && i < factors; i++) {
    int32_t link_count = run / factors + (i < run % factors);
    ls_status status = wire_factor(self, (first + i) % factors, link_count);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

ls_status ls_build_mesh(ls_topology_build *build)
{
  const int32_t planes = build->structure->planes;
  mesh self = mesh_of(build);
  ls_status status = LS_OK;
  self.build = build;
  self.used = malloc((size_t)self.blocks * sizeof *self.used);
  if (self.used == NULL) return LS_ERR_MEMORY;
  build->leg_edge = build->topology->edge_count;
  for (self.plane = 0; build->count[LS_NODE_OCS] && self.plane < planes; self.plane++) {
    status = wire_legs(&self);
    if (status != LS_OK) goto cleanup;
  }
  for (self.plane = 0; self.plane < planes; self.plane++) {
    for (self.unit = 0; self.unit < self.units; self.unit++) {
      for (int32_t b = 0; b < self.blocks; b++) self.used[b] = 0;
      status = wire_unit(&self);
      if (status != LS_OK) goto cleanup;
    }
  }
cleanup:
  free(self.used);
  return status;
}
