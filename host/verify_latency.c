/* Recomputes the latency of the worst path between two NICs, one way, and the mean over ordered
 * pairs of GPUs of one network:
 *
 *   link  = both ends + FEC + length x delay of the glass (or copper)
 *   worst = sum over tiers of passes x the slowest link of the tier, and of chassis passes
 *   mean  = by the tier in which a pair's shortest path turns: at the leaf both hang on, or at
 *           the first tier whose links, with all below, join their leaves; with the mean length of
 *           each tier's links
 *
 * The worst path passes every switch up to the top and down again. Between like devices it takes
 * one link, or two by way of a third block where a plane has more than two: a leaf, or a pod, in
 * which it goes down to a leaf and up again. Where not every two blocks are joined each of the two
 * is as many links as the two farthest blocks are apart, and the mean has the mean of all pairs of
 * GPUs (verify_blocks.c), in ppm. Mean lengths, of all links of a tier whose glass has
 * the same delay, are rounded down to mm, shares of the pairs to ppm. */
#include "verify_graph.h"

#include <stdlib.h>
#include <string.h>

/* The links of a tier, without the legs to OCS. */
typedef struct tier {
  int64_t worst_ps;       /* of its slowest link */
  int64_t ends_ps, links; /* sums over links: both ends with FEC */
  int32_t delay_count;    /* different delays of glass and copper */
  int64_t fs_per_mm[LS_RECORD_FIBER_MAX + 1];
  int64_t links_of[LS_RECORD_FIBER_MAX + 1], length_mm[LS_RECORD_FIBER_MAX + 1];
  bool is_mesh; /* its links join like devices */
} tier;

typedef struct fabric {
  tier tiers[LS_RECORD_TIER_MAX];
  int64_t pass_ps[LS_RECORD_TIER_MAX]; /* the slowest chassis above a tier; 0: none */
  int32_t tier_count;
  int64_t blocks_max;         /* of a plane */
  int64_t diameter, hops_ppm; /* between blocks */
} fabric;

static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static void add_edge(const ls_record *record, const ls_record_edge *edge, fabric *whole)
{
  const bool is_known = edge->optic_a >= 0 && edge->optic_b >= 0 && edge->tier >= 0 &&
                        edge->tier < LS_RECORD_TIER_MAX && edge->fiber != LS_RECORD_UNKNOWN;
  if (edge->kind == LS_BUNDLE_OCS_LEG || !is_known) return; /* named by the other checks */
  tier *of = &whole->tiers[edge->tier];
  const int64_t fs_per_mm = edge->fiber == LS_RECORD_NONE
                                ? record->site.copper_latency_fs_per_mm
                                : record->fibers[edge->fiber].latency_fs_per_mm;
  const int64_t ends_ps = record->optics[edge->optic_a].latency_ps +
                          record->optics[edge->optic_b].latency_ps + record->site.fec_latency_ps;
  of->worst_ps = most(of->worst_ps, ends_ps + edge->length_mm * fs_per_mm / 1000);
  ls_verify_add_product(&of->ends_ps, ends_ps, edge->link_count);
  ls_verify_add_product(&of->links, edge->link_count, 1);
  int32_t at = 0;
  while (at < of->delay_count && of->fs_per_mm[at] != fs_per_mm) at++;
  if (at == of->delay_count) of->fs_per_mm[of->delay_count++] = fs_per_mm;
  ls_verify_add_product(&of->length_mm[at], edge->length_mm, edge->link_count);
  ls_verify_add_product(&of->links_of[at], edge->link_count, 1);
  if (ls_record_is_peer(record, edge)) of->is_mesh = true;
  if (whole->tier_count <= edge->tier) whole->tier_count = (int32_t)edge->tier + 1;
}

/* part / whole in ppm, rounded down; digit by digit, as part x 10^6 may not fit. */
static int64_t share_ppm(int64_t part, int64_t whole)
{
  if (part <= 0 || whole <= 0) return 0;
  if (part >= whole) return 1000000;
  for (; whole > INT64_MAX / 10; whole /= 2) part /= 2;
  int64_t ppm = 0;
  for (int digit = 0; digit < 6; digit++) {
    part *= 10;
    ppm = 10 * ppm + part / whole;
    part %= whole;
  }
  return ppm;
}

/* How far blocks are apart, of all planes. */
static ls_status measure_blocks(const ls_record *record, ls_mesh *mesh, fabric *whole)
{
  int64_t pairs = 0, hops = 0;
  ls_status status = LS_OK;
  whole->diameter = 1;
  whole->hops_ppm = 1000000;
  if (mesh->kind == LS_RECORD_NONE) return LS_OK;
  for (int64_t i = 0; status == LS_OK && i < record->site.plane_count; i++) {
    ls_blocks_measure found;
    status = ls_verify_measure_blocks(record, mesh, i, &found);
    if (status != LS_OK || !found.is_sparse) continue;
    whole->diameter = most(whole->diameter, found.diameter);
    ls_verify_add_product(&pairs, found.gpu_pairs, 1);
    ls_verify_add_product(&hops, found.gpu_hops, 1);
  }
  if (pairs > 0) whole->hops_ppm = hops / pairs * 1000000 + share_ppm(hops % pairs, pairs);
  return status;
}

/* Blocks of the plane that has most: groups with a leaf. */
static ls_status count_blocks(const ls_record *record, fabric *whole)
{
  int64_t blocks[LS_RECORD_PLANE_MAX] = {0};
  ls_mesh mesh;
  bool *is_counted = calloc((size_t)record->node_count + 1, sizeof *is_counted);
  ls_status status = is_counted == NULL ? LS_ERR_MEMORY : ls_mesh_create(record, &mesh);
  for (int32_t i = 0; status == LS_OK && i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (node->kind != LS_DEVICE_LEAF || node->plane < 0 || node->plane >= LS_RECORD_PLANE_MAX)
      continue;
    const int32_t block = ls_group_find(mesh.parent, i);
    if (!is_counted[block]) whole->blocks_max = most(whole->blocks_max, ++blocks[node->plane]);
    is_counted[block] = true;
  }
  if (status == LS_OK) {
    status = measure_blocks(record, &mesh, whole);
    ls_mesh_destroy(&mesh);
  }
  free(is_counted);
  return status;
}

static ls_status measure(const ls_record *record, fabric *whole)
{
  int64_t pass_ps[LS_DEVICE_KIND_COUNT] = {0}; /* the slowest chassis of a kind */
  bool has_super = false;
  memset(whole, 0, sizeof *whole);
  for (int32_t i = 0; i < record->edge_count; i++) add_edge(record, &record->edges[i], whole);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    pass_ps[node->kind] = most(pass_ps[node->kind], node->unit_latency_ps);
    has_super = has_super || node->kind == LS_DEVICE_SUPER;
  }
  whole->pass_ps[0] = pass_ps[LS_DEVICE_LEAF];
  whole->pass_ps[1] = pass_ps[LS_DEVICE_SPINE];
  whole->pass_ps[2] = pass_ps[has_super ? LS_DEVICE_SUPER : LS_DEVICE_CORE];
  whole->pass_ps[3] = has_super ? pass_ps[LS_DEVICE_CORE] : 0;
  return count_blocks(record, whole);
}

static int64_t worst_ps(const fabric *whole)
{
  const int32_t top = whole->tier_count - 1;
  const bool has_mesh = top > 0 && whole->tiers[top].is_mesh;
  const bool takes_two = has_mesh && whole->blocks_max > 2;
  const int64_t hops = takes_two ? 2 * whole->diameter : 1;
  int64_t sum_ps = 0;
  for (int32_t t = 0; t <= top; t++) {
    int64_t links = 2, passes = t < top ? 2 : 1;
    if (has_mesh && t == top) links = hops, passes = 0;
    if (takes_two && t < top) { /* of each block between: a leaf, reached by its spines */
      passes = t == 0 ? hops + 1 : 2 * hops;
      links = t == 0 ? 2 : 2 * hops;
    }
    sum_ps += links * whole->tiers[t].worst_ps + passes * whole->pass_ps[t];
  }
  return sum_ps;
}

/* ---- Mean ---- */

static int64_t mean_link_ps(const tier *of)
{
  if (of->links <= 0) return 0;
  int64_t sum_ps = of->ends_ps;
  for (int32_t i = 0; i < of->delay_count; i++) {
    int64_t glass_fs = 0;
    if (of->links_of[i] <= 0) continue;
    ls_verify_add_product(&glass_fs, of->length_mm[i] / of->links_of[i], of->fs_per_mm[i]);
    ls_verify_add_product(&sum_ps, of->links_of[i], glass_fs / 1000);
  }
  return sum_ps / of->links;
}

/* What the mean is made of, while tiers are joined one by one. */
typedef struct pairing {
  const ls_record *record;
  int32_t *parent;   /* [node_count] */
  int64_t *gpus;     /* [node_count] of a group, at its representative */
  int64_t all_pairs; /* within networks */
} pairing;

/* Ordered pairs of GPUs in the same group. */
static int64_t pairs_in_groups(pairing *self)
{
  const ls_record *record = self->record;
  int64_t pairs = 0;
  memset(self->gpus, 0, (size_t)record->node_count * sizeof *self->gpus);
  for (int32_t i = 0; i < record->node_count; i++)
    if (record->nodes[i].kind == LS_DEVICE_LEAF)
      ls_verify_add_product(&self->gpus[ls_group_find(self->parent, i)],
                            record->nodes[i].down.port_count, 1);
  for (int32_t i = 0; i < record->node_count; i++)
    if (self->gpus[i] > 0) ls_verify_add_product(&pairs, self->gpus[i], self->gpus[i] - 1);
  return pairs;
}

static ls_status pairing_create(const ls_record *record, pairing *self)
{
  const size_t room = (size_t)record->node_count + 1;
  *self = (pairing){record, ls_groups_create(record), calloc(room, sizeof *self->gpus), 0};
  int64_t *of_network = calloc((size_t)ls_record_network_count(record), sizeof *of_network);
  const bool has_room = self->parent != NULL && self->gpus != NULL && of_network != NULL;
  for (int32_t i = 0; has_room && i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    const int64_t network = ls_record_network(record, node);
    if (node->kind == LS_DEVICE_LEAF && network >= 0)
      ls_verify_add_product(&of_network[network], node->down.port_count, 1);
  }
  for (int64_t i = 0; has_room && i < ls_record_network_count(record); i++)
    if (of_network[i] > 0)
      ls_verify_add_product(&self->all_pairs, of_network[i], of_network[i] - 1);
  free(of_network);
  return has_room ? LS_OK : LS_ERR_MEMORY;
}

static ls_status mean_ps(const ls_record *record, const fabric *whole, int64_t *found_ps)
{
  const int32_t top = whole->tier_count - 1;
  int64_t path_ps = 0, below_ppm = 0, sum = 0;
  pairing pairs;
  const ls_status status = pairing_create(record, &pairs);
  for (int32_t t = 0; status == LS_OK && t <= top; t++) {
    const tier *of = &whole->tiers[t];
    const int64_t link_ps = mean_link_ps(of), below_pass_ps = t > 0 ? whole->pass_ps[t - 1] : 0;
    path_ps += below_pass_ps + (of->is_mesh ? link_ps : 2 * link_ps + whole->pass_ps[t]);
    if (of->is_mesh) {
      int64_t beyond = 0;
      ls_verify_add_product(&beyond, whole->hops_ppm - 1000000, link_ps + below_pass_ps);
      path_ps += beyond / 1000000;
    }
    if (t > 0) ls_groups_join(record, t, true, pairs.parent);
    const int64_t ppm = t == top ? 1000000 : share_ppm(pairs_in_groups(&pairs), pairs.all_pairs);
    ls_verify_add_product(&sum, ppm - below_ppm, path_ps);
    below_ppm = ppm;
  }
  free(pairs.gpus);
  free(pairs.parent);
  *found_ps = sum / 1000000;
  return status;
}

ls_status ls_verify_check_latency(const ls_record *record, ls_verify_report *report)
{
  fabric whole;
  int64_t found_ps = 0;
  ls_status status = measure(record, &whole);
  if (status == LS_OK) status = mean_ps(record, &whole, &found_ps);
  if (status != LS_OK) return status;
  ls_verify_compare(report, "graph", "latency_ps_max", record->claims.latency_ps_max,
                    worst_ps(&whole));
  ls_verify_compare(report, "graph", "latency_ps_mean", record->claims.latency_ps_mean, found_ps);
  return LS_OK;
}
