/* What stands on the faces of devices, from the bundles that end there: ports and modules by
 * optics, against what each device claims of itself; and whether tiers are of one kind where the
 * file says so. Knows neither igraph nor the optimizer.
 *
 * A chassis rounds the modules of one kind of optics up on each face. Of a rack each server does,
 * over all its planes: its bundles take the GPUs in the order of the file, in each plane and rail
 * from the first GPU of the rail on. */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t divide_up(int64_t a, int64_t b) { return a / b + (a % b > 0); }

int64_t ls_record_unit_gbps(const ls_record *record, const ls_record_optic *optic)
{
  return optic->module_gbps > 0 ? optic->module_gbps : record->site.port_gbps;
}

int64_t ls_record_module_power_mw(const ls_record *record, const ls_record_optic *optic)
{
  int64_t power_mw = 0;
  ls_verify_add_product(&power_mw, optic->power_uw_per_gbps, ls_record_unit_gbps(record, optic));
  return power_mw / 1000;
}

/* ---- What the bundles say ---- */

static void group_add(ls_record_face *face, int32_t optic, int64_t port_count)
{
  int32_t at = 0;
  while (at < face->group_count && face->groups[at].optic != optic) at++;
  if (at == LS_RECORD_GROUP_MAX) {
    face->has_too_many = true;
    return;
  }
  if (at == face->group_count)
    face->groups[face->group_count++] = (ls_record_group){.optic = optic};
  ls_verify_add_product(&face->groups[at].port_count, port_count, 1);
}

static void gather_ports(ls_record *record)
{
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    ls_record_node *b = &record->nodes[edge->node_b];
    if (edge->kind == LS_BUNDLE_CIRCUIT) continue;
    if (edge->optic_a >= 0)
      group_add(&record->nodes[edge->node_a].up, edge->optic_a, edge->link_count);
    if (edge->optic_b >= 0 && b->kind != LS_DEVICE_OCS)
      group_add(ls_record_is_peer(record, edge) ? &b->up : &b->down, edge->optic_b,
                edge->link_count);
  }
}

static void round_up(const ls_record *record, ls_record_face *face)
{
  for (int32_t i = 0; i < face->group_count; i++) {
    ls_record_group *group = &face->groups[i];
    int64_t gbps = 0;
    ls_verify_add_product(&gbps, group->port_count, record->site.port_gbps);
    group->module_count =
        divide_up(gbps, ls_record_unit_gbps(record, &record->optics[group->optic]));
  }
}

/* A rack whose NICs all hold the same: servers are alike, but for the last. */
static void round_up_rack(const ls_record *record, ls_record_node *rack)
{
  const ls_record_site *site = &record->site;
  ls_record_group *group = &rack->up.groups[0];
  const int64_t gbps = ls_record_unit_gbps(record, &record->optics[group->optic]);
  const int64_t full = rack->gpu_count / site->gpus_per_server;
  const int64_t rest = rack->gpu_count % site->gpus_per_server;
  const int64_t rate = site->plane_count * site->port_gbps;
  group->module_count = divide_up(rest * rate, gbps);
  ls_verify_add_product(&group->module_count, full, divide_up(site->gpus_per_server * rate, gbps));
}

/* ---- Racks with several kinds ---- */

/* One bundle that ends at a rack. */
typedef struct rack_cord {
  int32_t rack, edge;
} rack_cord;

static int compare_cords(const void *left, const void *right)
{
  const rack_cord *a = left, *b = right;
  if (a->rack != b->rack) return a->rack < b->rack ? -1 : 1;
  return (a->edge > b->edge) - (a->edge < b->edge);
}

/* Of a rack the ports of each server by group, and how many GPUs of each plane and rail are taken.
 */
typedef struct servers {
  int64_t *ports; /* [servers][LS_RECORD_GROUP_MAX] */
  int64_t *taken; /* [planes][rails] */
  int64_t count;
} servers;

static void take_gpus(const ls_record *record, const ls_record_edge *edge, const servers *of)
{
  const ls_record_site *site = &record->site;
  const ls_record_face *face = &record->nodes[edge->node_a].up;
  const ls_record_node *leaf = &record->nodes[edge->node_b];
  const int64_t rail = site->rail_count > 1 ? leaf->rail : 0;
  int32_t at = 0;
  if (edge->plane < 0 || edge->plane >= site->plane_count || rail < 0 || rail >= site->rail_count)
    return; /* the other checks say so */
  while (at < face->group_count && face->groups[at].optic != edge->optic_a) at++;
  if (at == face->group_count) return;
  int64_t *taken = &of->taken[edge->plane * site->rail_count + rail];
  for (int64_t i = 0; i < edge->link_count; i++) {
    const int64_t gpu = (*taken)++ * site->rail_count + rail;
    if (gpu / site->gpus_per_server >= of->count) return; /* more links than GPUs */
    of->ports[gpu / site->gpus_per_server * LS_RECORD_GROUP_MAX + at]++;
  }
}

static ls_status round_up_mixed_rack(ls_record *record, ls_record_node *rack,
                                     const rack_cord *cords, int32_t cord_count)
{
  const ls_record_site *site = &record->site;
  servers of = {.count = divide_up(rack->gpu_count, site->gpus_per_server)};
  if (of.count < 0 || of.count > INT32_MAX / LS_RECORD_GROUP_MAX) return LS_OK;
  of.ports = calloc((size_t)of.count * LS_RECORD_GROUP_MAX + 1, sizeof *of.ports);
  of.taken = calloc((size_t)(site->plane_count * site->rail_count), sizeof *of.taken);
  const ls_status status = of.ports != NULL && of.taken != NULL ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < cord_count; i++)
    take_gpus(record, &record->edges[cords[i].edge], &of);
  for (int32_t g = 0; status == LS_OK && g < rack->up.group_count; g++) {
    ls_record_group *group = &rack->up.groups[g];
    const int64_t gbps = ls_record_unit_gbps(record, &record->optics[group->optic]);
    group->module_count = 0;
    for (int64_t s = 0; s < of.count; s++)
      group->module_count +=
          divide_up(of.ports[s * LS_RECORD_GROUP_MAX + g] * site->port_gbps, gbps);
  }
  free(of.taken);
  free(of.ports);
  return status;
}

static ls_status round_up_mixed_racks(ls_record *record)
{
  int32_t count = 0;
  ls_status status = LS_OK;
  rack_cord *cords = malloc(((size_t)record->edge_count + 1) * sizeof *cords);
  if (cords == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const ls_record_node *rack = &record->nodes[edge->node_a];
    if (rack->kind == LS_DEVICE_RACK && rack->up.group_count > 1)
      cords[count++] = (rack_cord){edge->node_a, i};
  }
  qsort(cords, (size_t)count, sizeof *cords, compare_cords);
  for (int32_t first = 0, next; status == LS_OK && first < count; first = next) {
    next = first;
    while (next < count && cords[next].rack == cords[first].rack) next++;
    status =
        round_up_mixed_rack(record, &record->nodes[cords[first].rack], &cords[first], next - first);
  }
  free(cords);
  return status;
}

ls_status ls_record_gather_faces(ls_record *record)
{
  gather_ports(record);
  for (int32_t i = 0; i < record->node_count; i++) {
    ls_record_node *node = &record->nodes[i];
    if (node->kind == LS_DEVICE_RACK && node->up.group_count == 1)
      round_up_rack(record, node);
    else
      round_up(record, &node->up);
    round_up(record, &node->down);
  }
  return round_up_mixed_racks(record);
}

/* ---- What the devices claim ---- */

/* The next id of a list parted by blanks; false behind the last. */
static bool next_id(const char **text, char id[LS_RECORD_ID_MAX])
{
  while (**text == ' ') (*text)++;
  const size_t length = strcspn(*text, " ");
  if (length == 0) return false;
  snprintf(id, LS_RECORD_ID_MAX, "%.*s", (int)length, *text);
  *text += length;
  return true;
}

bool ls_record_face_names(const ls_record_face *face, const char *optic_id)
{
  char id[LS_RECORD_ID_MAX];
  for (const char *text = face->optic_ids; next_id(&text, id);)
    if (strcmp(id, optic_id) == 0) return true;
  return false;
}

/* The face names each of its optics once, and no others. */
static void check_names(const ls_record *record, const ls_record_node *node, bool is_up,
                        ls_verify_report *report)
{
  const ls_record_face *face = is_up ? &node->up : &node->down;
  char id[LS_RECORD_ID_MAX], found[64] = "";
  int32_t named = 0;
  bool are_right = !face->has_too_many;
  for (const char *text = face->optic_ids; next_id(&text, id);) named += strcmp(id, "none") != 0;
  for (int32_t i = 0; i < face->group_count; i++) {
    const char *own = record->optics[face->groups[i].optic].id;
    const size_t used = strlen(found);
    are_right = are_right && ls_record_face_names(face, own);
    snprintf(found + used, sizeof found - used, "%s%s", i > 0 ? " " : "", own);
  }
  if (!are_right || named != face->group_count)
    ls_verify_mismatch(report, node->id, is_up ? "up_optic" : "down_optic", face->optic_ids, found);
}

static void check_face(const ls_record *record, const ls_record_node *node, bool is_up,
                       ls_verify_report *report)
{
  const ls_record_face *face = is_up ? &node->up : &node->down;
  int64_t modules = 0, capex_cents = 0, power_mw = 0;
  for (int32_t i = 0; i < face->group_count; i++) {
    const ls_record_group *group = &face->groups[i];
    const ls_record_optic *optic = &record->optics[group->optic];
    ls_verify_add_product(&modules, group->module_count, 1);
    ls_verify_add_product(&capex_cents, group->module_count, optic->capex_cents);
    ls_verify_add_product(&power_mw, group->module_count, ls_record_module_power_mw(record, optic));
  }
  check_names(record, node, is_up, report);
  ls_verify_compare(report, node->id, is_up ? "up_module_count" : "down_module_count",
                    face->module_count, modules);
  ls_verify_compare(report, node->id, is_up ? "up_modules_capex_cents" : "down_modules_capex_cents",
                    face->modules_capex_cents, capex_cents);
  ls_verify_compare(report, node->id, is_up ? "up_modules_power_mw" : "down_modules_power_mw",
                    face->modules_power_mw, power_mw);
}

/* Integrated optics come with a chassis: then all its ports have them, else none. */
static void check_integrated(const ls_record *record, const ls_record_node *node,
                             ls_verify_report *report)
{
  const ls_record_face *faces[2] = {&node->down, &node->up};
  const bool has_own =
      node->integrated_optic[0] != '\0' && strcmp(node->integrated_optic, "none") != 0;
  if (!ls_record_is_switch(node)) {
    if (has_own)
      ls_verify_mismatch(report, node->id, "integrated_optic", node->integrated_optic, "none");
    return;
  }
  for (int f = 0; f < 2; f++)
    for (int32_t i = 0; i < faces[f]->group_count; i++) {
      const ls_record_optic *optic = &record->optics[faces[f]->groups[i].optic];
      const bool is_own = strcmp(node->integrated_optic, optic->id) == 0;
      if (has_own ? !is_own : optic->module_gbps == 0)
        ls_verify_mismatch(report, node->id, "integrated_optic", node->integrated_optic, optic->id);
    }
}

/* ---- Uniform tiers ---- */

static void check_uniform(const ls_record *record, ls_verify_report *report)
{
  const ls_record_node *first[LS_DEVICE_KIND_COUNT] = {NULL};
  const ls_record_edge *link[LS_RECORD_TIER_MAX] = {NULL};
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (first[node->kind] == NULL) first[node->kind] = node;
    if (strcmp(first[node->kind]->catalog_id, node->catalog_id) != 0)
      ls_verify_mismatch(report, "graph", "variant", record->variant, node->id);
  }
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind == LS_BUNDLE_OCS_LEG || edge->tier < 0 || edge->tier >= LS_RECORD_TIER_MAX)
      continue;
    if (link[edge->tier] == NULL) link[edge->tier] = edge;
    const ls_record_edge *of = link[edge->tier];
    if (of->optic_a != edge->optic_a || of->optic_b != edge->optic_b || of->fiber != edge->fiber)
      ls_verify_mismatch(report, "graph", "variant", record->variant, edge->id);
  }
}

void ls_verify_check_faces(const ls_record *record, ls_verify_report *report)
{
  for (int32_t i = 0; i < record->node_count; i++) {
    check_face(record, &record->nodes[i], false, report);
    check_face(record, &record->nodes[i], true, report);
    check_integrated(record, &record->nodes[i], report);
  }
  if (strcmp(record->variant, "uniform") == 0)
    check_uniform(record, report);
  else if (strcmp(record->variant, "mixed") != 0)
    ls_verify_mismatch(report, "graph", "variant", record->variant, "uniform or mixed");
}
