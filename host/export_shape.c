/* Links of the same two switches count together, whichever bundle they are in. Regular is what can
 * be told by one number: a tier's switches have equally many neighbours below and above, joined by
 * equally many links, and the groups that a tier joins are whole: as many as the counts make. */
#include "export_shape.h"

#include <inttypes.h>
#include <stdlib.h>

#include "export_link.h"

/* Links between two switches, the lower kind first. */
typedef struct pair {
  int32_t low, high; /* nodes, or blocks of peers */
  int64_t links;
} pair;

typedef struct finder {
  const ls_record *record;
  ls_shape *shape;
  const char *tool;
  ls_error *error;
  pair *pairs; /* [pair_count] */
  int32_t pair_count;
  int64_t *below, *above; /* [node_count] neighbours; below a leaf GPUs */
  int32_t *parent;        /* [node_count] groups, see verify_groups.c */
} finder;

static ls_status refuse(const finder *self, const char *what)
{
  return ls_error_set(self->error, LS_ERR_NO, NULL, 0, NULL,
                      "%s, and %s describes regular networks alone", what, self->tool);
}

static int32_t tier_of(int32_t kind)
{
  return kind == LS_DEVICE_LEAF ? 0 : kind == LS_DEVICE_SPINE ? 1 : 2;
}

static int compare_pairs(const void *left, const void *right)
{
  const pair *a = left, *b = right;
  if (a->low != b->low) return a->low < b->low ? -1 : 1;
  return (a->high > b->high) - (a->high < b->high);
}

static void pairs_merge(finder *self)
{
  int32_t kept = 0;
  qsort(self->pairs, (size_t)self->pair_count, sizeof *self->pairs, compare_pairs);
  for (int32_t i = 0; i < self->pair_count; i++) {
    if (kept && compare_pairs(&self->pairs[kept - 1], &self->pairs[i]) == 0)
      self->pairs[kept - 1].links += self->pairs[i].links;
    else
      self->pairs[kept++] = self->pairs[i];
  }
  self->pair_count = kept;
}

/* ---- Links ---- */

/* The tier's rate is that of all its links, its delay that of the slowest. */
static ls_status figures_take(const finder *self, const ls_record_edge *edge, int64_t *gbps,
                              int64_t *link_ps)
{
  const int64_t rate = ls_link_gbps(self->record, edge);
  const int64_t delay_ps = ls_link_delay_ps(self->record, edge, false);
  if (*gbps && *gbps != rate) return refuse(self, "has links of different rates in a tier");
  *gbps = rate;
  if (*link_ps < delay_ps) *link_ps = delay_ps;
  return LS_OK;
}

static ls_status trunk_take(finder *self, const ls_record_edge *edge)
{
  const ls_record *record = self->record;
  const bool is_turned = record->nodes[edge->node_a].kind > record->nodes[edge->node_b].kind;
  const int32_t low = is_turned ? edge->node_b : edge->node_a;
  const int32_t high = is_turned ? edge->node_a : edge->node_b;
  const int32_t low_kind = record->nodes[low].kind, high_kind = record->nodes[high].kind;
  if (low_kind < LS_DEVICE_LEAF || high_kind > LS_DEVICE_CORE || high_kind == LS_DEVICE_SUPER ||
      tier_of(high_kind) != tier_of(low_kind) + 1)
    return refuse(self, "has more than three tiers of switches");
  ls_shape_tier *tier = &self->shape->tiers[tier_of(high_kind)];
  self->pairs[self->pair_count++] = (pair){low, high, edge->link_count};
  return figures_take(self, edge, &tier->gbps, &tier->link_ps);
}

static ls_status access_take(finder *self, const ls_record_edge *edge)
{
  const ls_record *record = self->record;
  ls_shape_tier *leaves = &self->shape->tiers[0];
  if (record->nodes[edge->node_a].kind != LS_DEVICE_RACK ||
      record->nodes[edge->node_b].kind != LS_DEVICE_LEAF)
    return ls_error_set(self->error, LS_ERR_INPUT, NULL, 0, "edge", "%s must join a rack to a leaf",
                        edge->id);
  self->below[edge->node_b] += edge->link_count;
  return figures_take(self, edge, &leaves->gbps, &leaves->link_ps);
}

static ls_status links_take(finder *self)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < self->record->edge_count; i++) {
    const ls_record_edge *edge = &self->record->edges[i];
    if (edge->kind == LS_BUNDLE_ACCESS)
      status = access_take(self, edge);
    else if (edge->kind == LS_BUNDLE_OCS_LEG)
      continue;
    else if (ls_record_is_peer(self->record, edge))
      status = figures_take(self, edge, &self->shape->peer_gbps, &self->shape->peer_ps);
    else
      status = trunk_take(self, edge);
  }
  pairs_merge(self);
  return status;
}

/* ---- What is the same for all ---- */

/* A number above 0 becomes *all, or is what all others are. */
static bool agrees(int64_t *all, int64_t value)
{
  if (*all == 0) *all = value;
  return value > 0 && *all == value;
}

static ls_status bundles_check(finder *self)
{
  for (int32_t i = 0; i < self->pair_count; i++) {
    const pair *of = &self->pairs[i];
    ls_shape_tier *tier = &self->shape->tiers[tier_of(self->record->nodes[of->high].kind)];
    self->above[of->low]++;
    self->below[of->high]++;
    if (!agrees(&tier->bundle, of->links))
      return refuse(self, "has trunks of different numbers of links in a tier");
  }
  return LS_OK;
}

static ls_status switches_check(finder *self)
{
  int64_t above[LS_SHAPE_TIER_MAX] = {0}; /* and 1, for the top has none */
  ls_shape *shape = self->shape;
  shape->tiers[0].bundle = 1;
  for (int32_t i = 0; i < self->record->node_count; i++) {
    const ls_record_node *node = &self->record->nodes[i];
    if (!ls_record_is_switch(node)) continue;
    if (node->kind == LS_DEVICE_SUPER) return refuse(self, "has more than three tiers of switches");
    const int32_t index = tier_of(node->kind);
    ls_shape_tier *tier = &shape->tiers[index];
    tier->count++;
    if (tier->pass_ps < node->unit_latency_ps) tier->pass_ps = node->unit_latency_ps;
    if (!agrees(&tier->below, self->below[i]))
      return refuse(self, index ? "has switches of different numbers of neighbours in a tier"
                                : "has leaves of different numbers of GPUs");
    if (!agrees(&above[index], self->above[i] + 1))
      return refuse(self, "has switches of different numbers of neighbours in a tier");
    if (shape->tier_count <= index) shape->tier_count = index + 1;
  }
  for (int32_t i = 0; i + 1 < shape->tier_count; i++)
    shape->tiers[i].up = (above[i] - 1) * shape->tiers[i + 1].bundle;
  return LS_OK;
}

/* ---- Groups ---- */

/* How many groups groups_join has made: their representatives are of its kind. */
static int64_t groups_count(finder *self, int32_t kind)
{
  int64_t count = 0;
  for (int32_t i = 0; i < self->record->node_count; i++)
    count += self->record->nodes[i].kind == kind && ls_group_find(self->parent, i) == i;
  return count;
}

/* Joins low and high of all pairs whose upper end is of the kind, from single devices on; a group's
 * representative is one of the upper kind. */
static void groups_join(finder *self, int32_t high_kind)
{
  for (int32_t i = 0; i < self->record->node_count; i++) self->parent[i] = i;
  for (int32_t i = 0; i < self->pair_count; i++) {
    const pair *of = &self->pairs[i];
    if (self->record->nodes[of->high].kind == high_kind)
      self->parent[ls_group_find(self->parent, of->low)] = ls_group_find(self->parent, of->high);
  }
}

/* A group in which every lower switch has all upper ones for neighbours, and they all lower ones,
 * is whole; all are when there are as many as the counts make. */
static bool are_groups_whole(finder *self, int32_t tier, int64_t *count)
{
  static const int32_t kinds[LS_SHAPE_TIER_MAX] = {LS_DEVICE_LEAF, LS_DEVICE_SPINE, LS_DEVICE_CORE};
  const ls_shape_tier *low = &self->shape->tiers[tier - 1], *high = &self->shape->tiers[tier];
  if (!low->up) return false;
  groups_join(self, kinds[tier]);
  *count = groups_count(self, kinds[tier]);
  return *count * high->below == low->count && *count * (low->up / high->bundle) == high->count;
}

/* Each core group joins one spine of every pod: the pods of its spines differ. */
static bool are_pods_apart(finder *self, const int32_t *pod_of)
{
  pair *seen = malloc(((size_t)self->record->node_count + 1) * sizeof *seen);
  int32_t count = 0;
  bool are_apart = seen != NULL;
  for (int32_t i = 0; are_apart && i < self->record->node_count; i++)
    if (self->record->nodes[i].kind == LS_DEVICE_SPINE)
      seen[count++] = (pair){ls_group_find(self->parent, i), pod_of[i], 0};
  if (seen) qsort(seen, (size_t)count, sizeof *seen, compare_pairs);
  for (int32_t i = 1; are_apart && i < count; i++)
    are_apart = compare_pairs(&seen[i - 1], &seen[i]) != 0;
  free(seen);
  return are_apart;
}

static ls_status groups_check(finder *self)
{
  ls_shape *shape = self->shape;
  int64_t core_groups = 0;
  int32_t *pod_of = malloc(((size_t)self->record->node_count + 1) * sizeof *pod_of);
  if (!pod_of) return LS_ERR_MEMORY;
  ls_status status = LS_OK;
  shape->pod_count = shape->tiers[0].count;
  if (shape->tier_count > 1 && !are_groups_whole(self, 1, &shape->pod_count))
    status = refuse(self, "has pods whose leaves and spines are not all joined");
  for (int32_t i = 0; i < self->record->node_count; i++) pod_of[i] = ls_group_find(self->parent, i);
  if (status == LS_OK && shape->tier_count > 2 &&
      (!are_groups_whole(self, 2, &core_groups) || !are_pods_apart(self, pod_of)))
    status = refuse(self, "has cores that do not join one spine of every pod");
  free(pod_of);
  return status;
}

/* ---- Meshes ---- */

/* Links between blocks of peers into pairs, each both ways. */
static void peers_take(finder *self, const ls_mesh *mesh)
{
  self->pair_count = 0;
  for (int32_t i = 0; i < self->record->edge_count; i++) {
    const ls_record_edge *edge = &self->record->edges[i];
    if (edge->kind == LS_BUNDLE_OCS_LEG || !ls_record_is_peer(self->record, edge)) continue;
    const int32_t a = ls_group_find(mesh->parent, edge->node_a);
    const int32_t b = ls_group_find(mesh->parent, edge->node_b);
    self->pairs[self->pair_count++] = (pair){a < b ? a : b, a < b ? b : a, edge->link_count};
  }
  pairs_merge(self);
}

static ls_status mesh_check(finder *self)
{
  ls_shape *shape = self->shape;
  ls_mesh mesh;
  ls_status status = ls_mesh_create(self->record, &mesh);
  if (status != LS_OK) return status;
  if (mesh.kind >= 0) {
    const int64_t blocks = shape->pod_count / shape->network_count;
    peers_take(self, &mesh);
    for (int32_t i = 0; status == LS_OK && i < self->pair_count; i++)
      if (!agrees(&shape->peer_links, self->pairs[i].links))
        status = refuse(self, "has blocks that are not joined by equally many links");
    if (status == LS_OK &&
        (mesh.kind != (shape->tier_count > 1 ? LS_DEVICE_SPINE : LS_DEVICE_LEAF) ||
         self->pair_count * 2 != shape->network_count * blocks * (blocks - 1)))
      status = refuse(self, "has blocks that are not all joined to each other");
    shape->block_count = blocks;
  }
  ls_mesh_destroy(&mesh);
  return status;
}

/* ---- The whole ---- */

/* Counts of all networks into those of one: they are regular, so equal counts make them alike. */
static ls_status networks_divide(finder *self)
{
  ls_shape *shape = self->shape;
  const int64_t networks = shape->network_count;
  for (int32_t i = 0; i < shape->tier_count; i++) {
    if (shape->tiers[i].count % networks) return refuse(self, "has planes that are not alike");
    shape->tiers[i].count /= networks;
  }
  if (shape->pod_count % networks) return refuse(self, "has planes that are not alike");
  shape->pod_count /= networks;
  shape->gpu_count = shape->tiers[0].count * shape->tiers[0].below;
  if (shape->gpu_count > 0) return LS_OK;
  return refuse(self, "has leaves without GPUs");
}

ls_status ls_shape_find(const ls_record *record, const char *tool, ls_shape *shape, ls_error *error)
{
  const size_t nodes = (size_t)record->node_count + 1, edges = (size_t)record->edge_count + 1;
  *shape = (ls_shape){.network_count = ls_record_network_count(record)};
  finder self = {.record = record, .shape = shape, .tool = tool, .error = error};
  self.pairs = malloc(edges * sizeof *self.pairs);
  self.below = calloc(nodes, sizeof *self.below);
  self.above = calloc(nodes, sizeof *self.above);
  self.parent = ls_groups_create(record);
  ls_status status = self.pairs && self.below && self.above && self.parent ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) status = links_take(&self);
  if (status == LS_OK) status = bundles_check(&self);
  if (status == LS_OK) status = switches_check(&self);
  if (status == LS_OK) status = groups_check(&self);
  if (status == LS_OK) status = mesh_check(&self);
  if (status == LS_OK) status = networks_divide(&self);
  free(self.parent);
  free(self.above);
  free(self.below);
  free(self.pairs);
  return status;
}
