/* Recomputes the latency of the worst path between two NICs, one way, and the mean over ordered
 * pairs of GPUs:
 *
 *   link  = both ends + FEC + length x delay of the glass (or copper)
 *   worst = sum over tiers of passes x the slowest link of the tier, and of chassis passes
 *   mean  = by where a pair's shortest path turns: at the leaf both hang on, below the cores or
 *           by one circuit, or at a core; with the mean length of each tier's links
 *
 * The worst path passes leaf, spine, core, spine, leaf as far as there are such switches. Through
 * OCS it takes one circuit, or two by way of a third leaf where a plane has more than two leaves.
 * Mean lengths are rounded down to mm, shares of the pairs to ppm. */
#include "verify_graph.h"

#include <stdlib.h>
#include <string.h>

#define TIER_COUNT 3

/* The links of a tier, without the legs to OCS. */
typedef struct tier {
  int64_t worst_ps;           /* of its slowest link */
  int64_t ends_ps, fs_per_mm; /* the most of any: they are of one kind in a sound file */
  int64_t links, length_mm;   /* sums over links */
} tier;

typedef struct fabric {
  tier tiers[TIER_COUNT];
  int64_t pass_ps[LS_DEVICE_KIND_COUNT]; /* the slowest chassis of a kind */
  bool has[LS_DEVICE_KIND_COUNT];
  int64_t leaves_max; /* of a plane */
} fabric;

static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static void add_edge(const ls_record *record, const ls_record_edge *edge, fabric *whole)
{
  const bool is_known = edge->optic_a >= 0 && edge->optic_b >= 0 && edge->tier >= 0 &&
                        edge->tier < TIER_COUNT && edge->fiber != LS_RECORD_UNKNOWN;
  if (edge->kind == LS_BUNDLE_OCS_LEG || !is_known) return; /* named by the other checks */
  tier *of = &whole->tiers[edge->tier];
  const int64_t fs_per_mm = edge->fiber == LS_RECORD_NONE
                                ? record->site.copper_latency_fs_per_mm
                                : record->fibers[edge->fiber].latency_fs_per_mm;
  const int64_t ends_ps = record->optics[edge->optic_a].latency_ps +
                          record->optics[edge->optic_b].latency_ps + record->site.fec_latency_ps;
  of->worst_ps = most(of->worst_ps, ends_ps + edge->length_mm * fs_per_mm / 1000);
  of->ends_ps = most(of->ends_ps, ends_ps);
  of->fs_per_mm = most(of->fs_per_mm, fs_per_mm);
  ls_verify_add_product(&of->length_mm, edge->length_mm, edge->link_count);
  ls_verify_add_product(&of->links, edge->link_count, 1);
}

static void measure(const ls_record *record, fabric *whole)
{
  int64_t leaves[LS_RECORD_PLANE_MAX] = {0};
  memset(whole, 0, sizeof *whole);
  for (int32_t i = 0; i < record->edge_count; i++) add_edge(record, &record->edges[i], whole);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    whole->has[node->kind] = true;
    whole->pass_ps[node->kind] = most(whole->pass_ps[node->kind], node->unit_latency_ps);
    if (node->kind != LS_DEVICE_LEAF || node->plane < 0 || node->plane >= LS_RECORD_PLANE_MAX)
      continue;
    whole->leaves_max = most(whole->leaves_max, ++leaves[node->plane]);
  }
}

static int64_t worst_ps(const fabric *whole)
{
  const int64_t leaf_ps = whole->pass_ps[LS_DEVICE_LEAF];
  int64_t sum_ps = 2 * whole->tiers[0].worst_ps + leaf_ps;
  if (whole->has[LS_DEVICE_OCS]) {
    const int64_t circuits = whole->leaves_max > 2 ? 2 : 1;
    return sum_ps + circuits * (whole->tiers[1].worst_ps + leaf_ps);
  }
  if (whole->has[LS_DEVICE_SPINE])
    sum_ps += leaf_ps + 2 * whole->tiers[1].worst_ps + whole->pass_ps[LS_DEVICE_SPINE];
  if (whole->has[LS_DEVICE_CORE])
    sum_ps += whole->pass_ps[LS_DEVICE_SPINE] + 2 * whole->tiers[2].worst_ps +
              whole->pass_ps[LS_DEVICE_CORE];
  return sum_ps;
}

/* ---- Mean ---- */

static int64_t mean_link_ps(const tier *of)
{
  if (of->links <= 0) return 0;
  int64_t glass_fs = 0;
  ls_verify_add_product(&glass_fs, of->length_mm / of->links, of->fs_per_mm);
  return of->ends_ps + glass_fs / 1000;
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

/* The representative of a node's group. */
static int32_t group_of(int32_t *parent, int32_t node)
{
  while (parent[node] != node) node = parent[node] = parent[parent[node]];
  return node;
}

/* Groups leaves that reach each other without a core: pods, a whole leaf-spine, a whole mesh. */
static void join_groups(const ls_record *record, int32_t *parent)
{
  for (int32_t i = 0; i < record->node_count; i++) parent[i] = i;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const bool is_core = record->nodes[edge->node_b].kind == LS_DEVICE_CORE;
    if (edge->kind != LS_BUNDLE_CIRCUIT && (edge->kind != LS_BUNDLE_TRUNK || is_core)) continue;
    parent[group_of(parent, edge->node_a)] = group_of(parent, edge->node_b);
  }
}

/* Shares of the ordered pairs of GPUs, over all planes, that meet at a leaf, and in a group but
 * not at a leaf. */
static ls_status share_pairs(const ls_record *record, int64_t *leaf_ppm, int64_t *group_ppm)
{
  const size_t room = (size_t)record->node_count + 1;
  int32_t *parent = malloc(room * sizeof *parent);
  int64_t *gpus = calloc(room, sizeof *gpus); /* by group */
  int64_t in_plane[LS_RECORD_PLANE_MAX] = {0}, same_leaf = 0, same_group = 0, all = 0;
  ls_status status = parent == NULL || gpus == NULL ? LS_ERR_MEMORY : LS_OK;
  if (status != LS_OK) goto cleanup;
  join_groups(record, parent);
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    const int64_t count = node->down.port_count;
    if (node->kind != LS_DEVICE_LEAF || node->plane < 0 || node->plane >= LS_RECORD_PLANE_MAX)
      continue;
    ls_verify_add_product(&same_leaf, count, count - 1);
    ls_verify_add_product(&gpus[group_of(parent, i)], count, 1);
    ls_verify_add_product(&in_plane[node->plane], count, 1);
  }
  for (int32_t i = 0; i < record->node_count; i++)
    if (gpus[i] > 0) ls_verify_add_product(&same_group, gpus[i], gpus[i] - 1);
  for (int32_t i = 0; i < LS_RECORD_PLANE_MAX; i++)
    if (in_plane[i] > 0) ls_verify_add_product(&all, in_plane[i], in_plane[i] - 1);
  *leaf_ppm = share_ppm(same_leaf, all);
  *group_ppm = share_ppm(same_group, all) - *leaf_ppm;
cleanup:
  free(gpus);
  free(parent);
  return status;
}

static ls_status mean_ps(const ls_record *record, const fabric *whole, int64_t *found_ps)
{
  const int64_t *pass_ps = whole->pass_ps;
  const int64_t access_ps = mean_link_ps(&whole->tiers[0]),
                above_ps = mean_link_ps(&whole->tiers[1]);
  const int64_t core_link_ps = mean_link_ps(&whole->tiers[2]);
  const int64_t leaf_ps = 2 * access_ps + pass_ps[LS_DEVICE_LEAF];
  const int64_t group_ps =
      leaf_ps + pass_ps[LS_DEVICE_LEAF] +
      (whole->has[LS_DEVICE_OCS] ? above_ps : 2 * above_ps + pass_ps[LS_DEVICE_SPINE]);
  const int64_t core_ps =
      group_ps + pass_ps[LS_DEVICE_SPINE] + 2 * core_link_ps + pass_ps[LS_DEVICE_CORE];
  int64_t leaf_ppm = 0, group_ppm = 0, sum = 0;
  const ls_status status = share_pairs(record, &leaf_ppm, &group_ppm);
  if (status != LS_OK) return status;
  ls_verify_add_product(&sum, leaf_ppm, leaf_ps);
  ls_verify_add_product(&sum, group_ppm, group_ps);
  ls_verify_add_product(&sum, 1000000 - leaf_ppm - group_ppm, core_ps);
  *found_ps = sum / 1000000;
  return LS_OK;
}

ls_status ls_verify_check_latency(const ls_record *record, ls_verify_report *report)
{
  fabric whole;
  int64_t found_ps = 0;
  measure(record, &whole);
  const ls_status status = mean_ps(record, &whole, &found_ps);
  if (status != LS_OK) return status;
  ls_verify_compare(report, "graph", "latency_ps_max", record->claims.latency_ps_max,
                    worst_ps(&whole));
  ls_verify_compare(report, "graph", "latency_ps_mean", record->claims.latency_ps_mean, found_ps);
  return LS_OK;
}
