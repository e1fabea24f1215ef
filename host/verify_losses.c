/* What failures cost the job, from the graph itself. A failed link ends the job with the chance
 * that the file tells for a lone plane, divided by the planes; a part that serves several links
 * ends it as often as any of them, but no more than once. Else it slows the job down:
 *
 *   lost at once    = chance x what a stop costs + flaps of links
 *   lost in an hour = (1 - chance) x GPUs x c l / (w - l + c l)
 *
 * with l of w equal paths down and c the share of a step that the network decides. */
#include "verify_graph.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { MILLION = 1000000 };

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t narrowed(wide value) { return value > INT64_MAX ? INT64_MAX : (int64_t)value; }

/* The chance that one of as many links ends the job. */
static int64_t chance_ppm(int64_t links, int64_t kill_ppm)
{
  const wide chance = (wide)links * kill_ppm;
  return chance > MILLION ? MILLION : (int64_t)chance;
}

static int64_t killed(const ls_record_site *site, int64_t kill_ppm)
{
  return narrowed((wide)site->job_lost_mgpuh * kill_ppm / MILLION);
}

static int64_t slowed(const ls_record_site *site, int64_t kill_ppm, int64_t lost, int64_t count)
{
  const wide longer = (wide)site->job_communication_ppm * lost;
  const wide pace_ppm = longer * MILLION / ((wide)most(count - lost, 1) * MILLION + longer);
  return narrowed((wide)site->job_gpus * (MILLION - kill_ppm) / 1000 * pace_ppm / MILLION);
}

/* Tiers of links below super-spines lie below those of cores. */
static int32_t chassis_tier(const ls_verify_losses *losses, int32_t kind)
{
  if (kind == LS_DEVICE_CORE) return losses->node_count[LS_DEVICE_SUPER] > 0 ? 3 : 2;
  return kind - LS_DEVICE_LEAF;
}

/* Links through the OCS that carries most, and the tier of circuits. */
static ls_status add_circuits(ls_verify_losses *losses)
{
  const ls_record *record = losses->record;
  int64_t *carried = calloc((size_t)record->node_count + 1, sizeof *carried);
  if (carried == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind != LS_BUNDLE_CIRCUIT || edge->via < 0) continue;
    ls_verify_add_product(&carried[edge->via], edge->link_count, 1);
    losses->circuits_max = most(losses->circuits_max, carried[edge->via]);
    if (edge->tier >= 0 && edge->tier < LS_RECORD_TIER_MAX) losses->peer_tier = edge->tier;
  }
  free(carried);
  return LS_OK;
}

ls_status ls_verify_losses_init(const ls_record *record, ls_verify_losses *losses)
{
  const ls_record_site *site = &record->site;
  int64_t ports_up[LS_RECORD_TIER_MAX] = {0}; /* of the fullest chassis below a tier's links */
  memset(losses, 0, sizeof *losses);
  losses->record = record;
  for (int32_t i = 0; i < record->node_count; i++) losses->node_count[record->nodes[i].kind]++;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    if (!ls_record_is_switch(node)) continue;
    const int32_t above = chassis_tier(losses, node->kind) + 1;
    losses->ports_max[node->kind] = most(losses->ports_max[node->kind], node->down.port_count);
    if (above < LS_RECORD_TIER_MAX) ports_up[above] = most(ports_up[above], node->up.port_count);
  }
  wide paths = site->plane_count;
  for (int32_t tier = 0; tier < LS_RECORD_TIER_MAX; tier++) {
    if (tier > 0) paths = least(narrowed(paths * most(ports_up[tier], 1)), INT32_MAX);
    losses->kill_ppm[tier] =
        (tier ? site->kill_trunk_ppm : site->kill_access_ppm) / site->plane_count;
    losses->path_count[tier] = (int64_t)paths;
  }
  return add_circuits(losses);
}

void ls_verify_losses_of_optics(const ls_verify_losses *losses, const ls_record_optic *optic,
                                bool is_rack, int64_t tier, int64_t module_count,
                                ls_verify_outage outages[LS_RECORD_PART_MAX])
{
  const ls_record_site *site = &losses->record->site;
  const int64_t unit_gbps = optic->module_gbps > 0 ? optic->module_gbps : site->port_gbps;
  memset(outages, 0, LS_RECORD_PART_MAX * sizeof *outages);
  for (int32_t i = 0; i < LS_RECORD_PART_MAX; i++) {
    const ls_record_part *part = &optic->part[i];
    if (part->fit == 0 || part->gbps < 1) continue;
    const int64_t ports = most(part->gbps / site->port_gbps, 1);
    const int64_t kill_ppm = chance_ppm(ports, losses->kill_ppm[tier]);
    int64_t lost = ports; /* paths of one leaf */
    if (tier == 0) lost = is_rack ? least(ports, site->plane_count) : 1;
    outages[i] = (ls_verify_outage){
        .count = narrowed(((wide)module_count * unit_gbps + part->gbps - 1) / part->gbps),
        .fit = part->fit,
        .fit_min = narrowed((wide)part->fit * part->minutes),
        .lost_mgpuh = narrowed((wide)killed(site, kill_ppm) + site->job_flaps_mgpuh),
        .slow_mgpuh = slowed(site, kill_ppm, lost, losses->path_count[tier])};
  }
}

/* A switch goes with all its links; a leaf of the only plane always ends the job, and stops it
 * also when an engine is changed. */
static void of_switches(const ls_verify_losses *losses, const ls_record_node *node, int64_t count,
                        ls_verify_outage outages[LS_RECORD_PART_MAX])
{
  const ls_record_site *site = &losses->record->site;
  const int32_t tier = chassis_tier(losses, node->kind);
  const int64_t planes = site->plane_count, all = losses->node_count[node->kind];
  const bool is_only = tier == 0 && planes == 1;
  const int64_t kill_ppm =
      is_only ? MILLION : chance_ppm(losses->ports_max[node->kind], losses->kill_ppm[tier]);
  int64_t paths = planes;
  if (tier > 0)
    paths = planes *
            least(all / (planes * most(site->fabric_count, 1)), losses->path_count[tier] / planes);
  outages[0] = (ls_verify_outage){.count = count,
                                  .fit = node->unit_fit,
                                  .fit_min = node->unit_downtime_fit_min,
                                  .lost_mgpuh = killed(site, kill_ppm),
                                  .slow_mgpuh = slowed(site, kill_ppm, 1, paths)};
  outages[1] = (ls_verify_outage){.count = count,
                                  .fit = node->unit_swap_fit,
                                  .fit_min = node->unit_swap_fit_min,
                                  .lost_mgpuh = is_only ? site->job_restart_mgpuh : 0,
                                  .slow_mgpuh = is_only ? 0 : slowed(site, 0, 1, paths)};
}

void ls_verify_losses_of_devices(const ls_verify_losses *losses, const ls_record_node *node,
                                 int64_t count, ls_verify_outage outages[LS_RECORD_PART_MAX])
{
  const ls_record_site *site = &losses->record->site;
  memset(outages, 0, LS_RECORD_PART_MAX * sizeof *outages);
  if (ls_record_is_switch(node)) {
    of_switches(losses, node, count, outages);
  } else if (node->kind == LS_DEVICE_OCS) {
    const int64_t all = losses->node_count[LS_DEVICE_OCS];
    const int64_t kill_ppm = chance_ppm(losses->circuits_max, losses->kill_ppm[losses->peer_tier]);
    outages[0] = (ls_verify_outage){.count = count,
                                    .fit = node->unit_fit,
                                    .fit_min = node->unit_downtime_fit_min,
                                    .lost_mgpuh = killed(site, kill_ppm),
                                    .slow_mgpuh = slowed(site, kill_ppm, 1, all)};
  }
}
