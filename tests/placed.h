/* Small designs on small floors, for the tests of places: the policy has placed them, and the
 * tables of the searches are filled. */
#ifndef LS_TEST_PLACED_H
#define LS_TEST_PLACED_H

#include "../host/places.h"
#include "../host/problem_build.h"
#include "../kernels/philox.h"
#include "fabric.h"
#include "shim/shim.h"
#include <stdlib.h>
#include <string.h>

/* The size and power of each kind of device are as the test says. */
typedef struct placed_sizes {
  int32_t rack_units[LS_NODE_KIND_COUNT];
  int64_t power_mw[LS_NODE_KIND_COUNT];
} placed_sizes;

typedef struct placed {
  ls_topology *topology; /* the caller's; its slots are the policy's */
  ls_topology_build build;
  ls_floor_plan plan;
  ls_places places;
  int32_t *slot; /* [nodes] of the policy */
} placed;

static inline void placed_count(placed *made)
{
  const ls_topology *topology = made->topology;
  for (int32_t n = 0; n < topology->node_count; n++)
    made->build.count[topology->nodes[n].kind] += topology->nodes[n].plane <= 0;
  for (int32_t kind = 0, first = 0; kind < LS_NODE_KIND_COUNT; kind++) {
    made->build.first[kind] = first;
    for (int32_t n = 0; n < topology->node_count; n++)
      first += (int32_t)topology->nodes[n].kind == kind;
  }
}

static inline void placed_plan(placed *made, const placed_sizes *sizes)
{
  const ls_topology *topology = made->topology;
  const int32_t racks = made->build.first[LS_NODE_LEAF], devices = topology->node_count - racks;
  int32_t *servers = shim_alloc((size_t)racks * sizeof *servers);
  made->plan =
      (ls_floor_plan){.rack_count = racks,
                      .device_count = devices,
                      .plane_count = topology->structure->planes,
                      .server_count = servers,
                      .rack_slot = shim_alloc((size_t)racks * sizeof *made->plan.rack_slot),
                      .devices = shim_alloc(((size_t)devices + 1) * sizeof *made->plan.devices)};
  for (int32_t r = 0; r < racks; r++) servers[r] = topology->nodes[r].server_count;
  for (int32_t d = 0; d < devices; d++) {
    const ls_node *node = &topology->nodes[racks + d];
    made->plan.devices[d] = (ls_floor_device){.rack_units = sizes->rack_units[node->kind],
                                              .power_mw = sizes->power_mw[node->kind],
                                              .plane = node->plane,
                                              .rack_first = -1,
                                              .rack_last = -1};
  }
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_ACCESS) continue;
    ls_floor_device *leaf = &made->plan.devices[edge->node_b - racks];
    if (leaf->rack_first < 0 || edge->node_a < leaf->rack_first) leaf->rack_first = edge->node_a;
    if (edge->node_a > leaf->rack_last) leaf->rack_last = edge->node_a;
  }
}

/* Places a built topology anew. False: it does not fit, or not as the searches can tell; nothing
 * is to be destroyed then. */
static inline bool placed_create(ls_topology *topology, const ls_catalog *catalog,
                                 const ls_spec *spec, const placed_sizes *sizes, placed *made)
{
  *made = (placed){.topology = topology,
                   .build = {.problem = topology->problem,
                             .catalog = catalog,
                             .spec = spec,
                             .structure = topology->structure,
                             .topology = topology}};
  placed_count(made);
  placed_plan(made, sizes);
  if (ls_floor_place(spec, &made->plan, NULL) != LS_OK) return false;
  made->slot = shim_alloc((size_t)topology->node_count * sizeof *made->slot);
  for (int32_t n = 0; n < topology->node_count; n++)
    topology->nodes[n].slot = made->slot[n] =
        n < made->plan.rack_count ? made->plan.rack_slot[n]
                                  : made->plan.devices[n - made->plan.rack_count].slot;
  for (int32_t e = 0; e < topology->edge_count; e++) {
    ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_CIRCUIT)
      ls_build_cord(&made->build, edge, made->slot[edge->node_a], made->slot[edge->node_b]);
  }
  return ls_places_create(&made->build, &made->plan, &made->places) == LS_OK;
}

static inline void placed_destroy(placed *made) { ls_places_destroy(&made->places); }

#endif
