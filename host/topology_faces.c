/* Owns the faces of devices: how many ports are lit with which optics, and how many modules that
 * takes. */
#include "topology_build.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"

/* Adds lit ports of one kind, which are kept by optic. False: there is no room for the kind. */
static bool face_add(ls_face *face, int32_t optic, int32_t port_count)
{
  int32_t at = 0;
  while (at < face->kind_count && face->lit[at].optic < optic) at++;
  if (at == face->kind_count || face->lit[at].optic != optic) {
    if (face->kind_count == LS_FACE_KINDS) return false;
    memmove(&face->lit[at + 1], &face->lit[at],
            (size_t)(face->kind_count - at) * sizeof *face->lit);
    face->lit[at] = (ls_lit){.optic = optic};
    face->kind_count++;
  }
  face->lit[at].port_count += port_count;
  face->port_count += port_count;
  return true;
}

static bool ports_light(ls_topology_build *build)
{
  ls_topology *topology = build->topology;
  bool has_room = true;
  for (int32_t n = 0; n < topology->node_count; n++)
    topology->nodes[n].down = topology->nodes[n].up = (ls_face){0};
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    const ls_link_row *link = &build->problem->links[edge->link];
    if (edge->kind == LS_EDGE_CIRCUIT) continue;
    const bool is_peer = edge->tier == build->structure->peer_tier;
    ls_node *a = &topology->nodes[edge->node_a], *b = &topology->nodes[edge->node_b];
    ls_face *other = is_peer ? &b->up : &b->down; /* of like devices both are up */
    has_room &= face_add(&a->up, link->optic_a, edge->link_count);
    if (edge->kind != LS_EDGE_OCS_LEG) has_room &= face_add(other, link->optic_b, edge->link_count);
  }
  return has_room;
}

static void face_count_modules(const ls_topology_build *build, ls_face *face)
{
  for (int32_t i = 0; i < face->kind_count; i++)
    face->lit[i].module_count =
        (int32_t)ls_chassis_modules(&build->problem->optics[face->lit[i].optic],
                                    face->lit[i].port_count, build->structure->port_gbps);
}

/* ---- Racks: each server rounds up by itself ---- */

static void rack_count_modules(const ls_topology_build *build, ls_node *rack)
{
  const ls_structure *structure = build->structure;
  ls_lit *lit = &rack->up.lit[0];
  const ls_optic_row *optic = &build->problem->optics[lit->optic];
  const int32_t gpus = build->problem->server_endpoint_count;
  const int64_t rest = rack->gpu_count % gpus;
  const int64_t full =
      ls_chassis_modules(optic, (int64_t)gpus * structure->planes, structure->port_gbps);
  const int64_t last = ls_chassis_modules(optic, rest * structure->planes, structure->port_gbps);
  lit->module_count = (int32_t)(rack->gpu_count / gpus * full + last);
}

/* Ports of servers by kind of optics, while bundles take the GPUs of a rack in their order. */
typedef struct server_ports {
  int32_t servers;     /* of a full rack */
  int32_t *port_count; /* [racks][servers][LS_FACE_KINDS] */
  int32_t *next;       /* [racks][rails] GPUs of a rail that are taken in this plane */
} server_ports;

static int32_t kind_of(const ls_face *face, int32_t optic)
{
  int32_t kind = 0;
  while (face->lit[kind].optic != optic) kind++;
  return kind;
}

static void bundle_take(const ls_topology_build *build, const ls_edge *edge, server_ports *ports)
{
  const ls_topology *topology = build->topology;
  const int32_t rails = build->structure->size.rail_count;
  const int32_t gpus = build->problem->server_endpoint_count;
  const int32_t rail = rails > 1 ? topology->nodes[edge->node_b].rail : 0;
  const int32_t kind =
      kind_of(&topology->nodes[edge->node_a].up, build->problem->links[edge->link].optic_a);
  int32_t *next = &ports->next[(int64_t)edge->node_a * rails + rail];
  for (int32_t i = 0; i < edge->link_count; i++) {
    const int64_t server = ((int64_t)(*next)++ * rails + rail) / gpus;
    ports->port_count[((int64_t)edge->node_a * ports->servers + server) * LS_FACE_KINDS + kind]++;
  }
}

/* A server's ports of one kind share modules over all its planes. */
static void servers_count_modules(const ls_topology_build *build, const server_ports *ports)
{
  ls_topology *topology = build->topology;
  for (int32_t r = 0; r < build->count[LS_NODE_RACK]; r++) {
    ls_face *face = &topology->nodes[r].up;
    for (int32_t kind = 0; kind < face->kind_count; kind++) {
      const ls_optic_row *optic = &build->problem->optics[face->lit[kind].optic];
      int64_t modules = 0;
      for (int64_t s = 0; s < ports->servers; s++)
        modules += ls_chassis_modules(
            optic, ports->port_count[(r * (int64_t)ports->servers + s) * LS_FACE_KINDS + kind],
            build->structure->port_gbps);
      face->lit[kind].module_count = (int32_t)modules;
    }
  }
}

static ls_status racks_count_mixed(const ls_topology_build *build)
{
  const ls_topology *topology = build->topology;
  const size_t racks = (size_t)build->count[LS_NODE_RACK];
  const size_t rails = (size_t)build->structure->size.rail_count;
  server_ports ports = {.servers = build->spec->cluster.servers_per_rack};
  int32_t plane = 0;
  ports.port_count =
      calloc(racks * (size_t)ports.servers * LS_FACE_KINDS + 1, sizeof *ports.port_count);
  ports.next = calloc(racks * rails + 1, sizeof *ports.next);
  const ls_status status = ports.port_count && ports.next ? LS_OK : LS_ERR_MEMORY;
  for (int32_t e = 0; status == LS_OK && e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_ACCESS) break;
    if (edge->plane != plane) memset(ports.next, 0, racks * rails * sizeof *ports.next);
    plane = edge->plane;
    bundle_take(build, edge, &ports);
  }
  if (status == LS_OK) servers_count_modules(build, &ports);
  free(ports.next);
  free(ports.port_count);
  return status;
}

ls_status ls_build_faces(ls_topology_build *build)
{
  ls_topology *topology = build->topology;
  bool has_mixed_racks = false;
  if (!ports_light(build)) return LS_ERR_FULL;
  for (int32_t n = 0; n < topology->node_count; n++) {
    ls_node *node = &topology->nodes[n];
    if (node->kind == LS_NODE_RACK) {
      has_mixed_racks |= node->up.kind_count > 1;
      if (node->up.kind_count) rack_count_modules(build, node);
      continue;
    }
    face_count_modules(build, &node->down);
    face_count_modules(build, &node->up);
  }
  return has_mixed_racks ? racks_count_mixed(build) : LS_OK;
}

int64_t ls_build_power_mw(const ls_topology_build *build, const ls_node *node)
{
  const ls_problem *problem = build->problem;
  if (node->kind == LS_NODE_OCS) return problem->ocs[node->catalog_index].power_mw;
  const ls_switch_row *model = &problem->switches[node->catalog_index];
  if (model->power_mw_max > 0) return model->power_mw_max;
  int64_t power_mw = model->power_mw;
  const ls_face *faces[2] = {&node->down, &node->up};
  for (int32_t f = 0; f < 2; f++)
    for (int32_t i = 0; i < faces[f]->kind_count; i++)
      power_mw +=
          faces[f]->lit[i].module_count *
          ls_module_power_mw(&problem->optics[faces[f]->lit[i].optic], build->structure->port_gbps);
  return power_mw;
}

ls_topology_build ls_build_of(const ls_catalog *catalog, const ls_spec *spec, ls_topology *topology)
{
  ls_topology_build build = {.problem = topology->problem,
                             .catalog = catalog,
                             .spec = spec,
                             .structure = topology->structure,
                             .topology = topology,
                             .edge_capacity = topology->edge_count};
  for (int32_t n = topology->node_count - 1; n >= 0; n--) {
    build.count[topology->nodes[n].kind]++;
    build.first[topology->nodes[n].kind] = n;
  }
  for (int32_t kind = LS_NODE_LEAF; kind < LS_NODE_KIND_COUNT; kind++)
    build.count[kind] /= topology->structure->planes;
  while (build.leg_edge < topology->edge_count &&
         topology->edges[build.leg_edge].kind != LS_EDGE_OCS_LEG)
    build.leg_edge++;
  return build;
}
