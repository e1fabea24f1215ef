#include "domains.h"

#include "../kernels/evaluate.h"
#include "floor.h"
#include "trays.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ls_domain_names[LS_FAILS_COUNT + 1] = {
    "chassis", "ocs", "hall", "row", "tray", "feed", "cooling_unit", "laser_lot", NULL};

/* Instances of one kind that one link is in, at most: three devices in rows of their own, and the
 * gaps between all halls. */
enum { HIT_MAX = 3 + LS_AREA_MAX };

typedef struct hits {
  int32_t count;
  int32_t instance[HIT_MAX];
} hits;

/* What fails with each instance of one kind. */
typedef struct tally {
  const ls_spec *spec;
  const ls_topology *topology;
  ls_failure_domain domain;
  int32_t instance_count;
  int32_t *zone;                /* [node_count] instance of a device, or -1 */
  int64_t (*lost)[LS_TIER_MAX]; /* [instance_count] links */
  int64_t *gpus;                /* [instance_count] that stand in it */
  int64_t all[LS_TIER_MAX];     /* links */
} tally;

static void hits_add(hits *to, int32_t instance)
{
  if (instance < 0) return;
  for (int32_t i = 0; i < to->count; i++)
    if (to->instance[i] == instance) return;
  to->instance[to->count++] = instance;
}

static const ls_floor_zones *zones_of(const ls_spec *spec, ls_failure_domain domain)
{
  return domain == LS_FAILS_HALL   ? &spec->floor.halls
         : domain == LS_FAILS_FEED ? &spec->floor.feeds
                                   : &spec->floor.cooling_units;
}

static int32_t instance_count(const tally *self)
{
  const ls_spec_floor *floor = &self->spec->floor;
  if (self->domain == LS_FAILS_OCS) return self->topology->node_count;
  if (self->domain == LS_FAILS_ROW) return floor->row_count;
  if (self->domain == LS_FAILS_TRAY) return ls_trays_count(floor);
  return zones_of(self->spec, self->domain)->zone_count;
}

/* The instance that a device is in; trays hold cords, not devices. */
static int32_t device_instance(const tally *self, int32_t node)
{
  const ls_spec_floor *floor = &self->spec->floor;
  const ls_node *device = &self->topology->nodes[node];
  if (self->domain == LS_FAILS_OCS) return device->kind == LS_NODE_OCS ? node : -1;
  if (self->domain == LS_FAILS_ROW) return device->slot / floor->racks_per_row;
  if (self->domain == LS_FAILS_TRAY) return -1;
  return ls_floor_zone(floor, zones_of(self->spec, self->domain), device->slot);
}

static void cord_hit(const tally *self, int32_t node_a, int32_t node_b, hits *to)
{
  const ls_node *nodes = self->topology->nodes;
  int32_t trays[LS_TRAYS_OF_CORD];
  const int32_t count =
      ls_trays_of_cord(&self->spec->floor, nodes[node_a].slot, nodes[node_b].slot, trays);
  for (int32_t i = 0; i < count; i++) hits_add(to, trays[i]);
}

static void edge_hit(const tally *self, const ls_edge *edge, hits *to)
{
  if (self->domain == LS_FAILS_TRAY && edge->via >= 0) {
    cord_hit(self, edge->node_a, edge->via, to);
    cord_hit(self, edge->via, edge->node_b, to);
  } else if (self->domain == LS_FAILS_TRAY) {
    cord_hit(self, edge->node_a, edge->node_b, to);
  } else {
    hits_add(to, self->zone[edge->node_a]);
    hits_add(to, self->zone[edge->node_b]);
    if (edge->via >= 0) hits_add(to, self->zone[edge->via]);
  }
}

static void tally_destroy(tally *self)
{
  free(self->gpus);
  free(self->lost);
  free(self->zone);
}

static ls_status tally_create(const ls_spec *spec, const ls_topology *topology,
                              ls_failure_domain domain, tally *self)
{
  *self = (tally){.spec = spec, .topology = topology, .domain = domain};
  self->instance_count = instance_count(self);
  self->zone = malloc(((size_t)topology->node_count + 1) * sizeof *self->zone);
  self->lost = calloc((size_t)self->instance_count + 1, sizeof *self->lost);
  self->gpus = calloc((size_t)self->instance_count + 1, sizeof *self->gpus);
  if (self->zone == NULL || self->lost == NULL || self->gpus == NULL) {
    tally_destroy(self);
    return LS_ERR_MEMORY;
  }
  for (int32_t n = 0; n < topology->node_count; n++) {
    self->zone[n] = device_instance(self, n);
    if (self->zone[n] >= 0) self->gpus[self->zone[n]] += topology->nodes[n].gpu_count;
  }
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    hits hit = {0};
    if (edge->kind == LS_EDGE_OCS_LEG) continue; /* its links are the circuits */
    edge_hit(self, edge, &hit);
    self->all[edge->tier] += edge->link_count;
    for (int32_t i = 0; i < hit.count; i++)
      self->lost[hit.instance[i]][edge->tier] += edge->link_count;
  }
  return LS_OK;
}

/* part / whole in ppm, rounded up, for whole up to 2^53. */
static int64_t ratio_ppm(int64_t part, int64_t whole)
{
  if (part <= 0) return 0;
  return part * 1000 / whole * 1000 + ls_ceil_div(part * 1000 % whole * 1000, whole);
}

static void instance_measure(const tally *self, int32_t instance, ls_domain_share *share)
{
  const int64_t all_gpus = self->topology->problem->endpoint_count;
  const int64_t inside = self->gpus[instance], outside = all_gpus - inside;
  share->rest_ppm = outside ? 0 : 1000000;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int64_t lost = self->lost[instance][tier], all = self->all[tier];
    if (!all) continue;
    share->share_ppm = ls_max(share->share_ppm, ratio_ppm(lost, all));
    if (!outside) continue;
    share->rest_ppm =
        ls_max(share->rest_ppm, ratio_ppm(lost * all_gpus - inside * all, outside * all));
  }
}

static void instance_name(const tally *self, int32_t instance, char name[32])
{
  if (self->domain == LS_FAILS_OCS)
    ls_node_id(&self->topology->nodes[instance], name);
  else if (self->domain == LS_FAILS_TRAY || self->domain == LS_FAILS_ROW)
    ls_trays_name(&self->spec->floor, instance, name);
  else
    snprintf(name, 32, "%s", ls_floor_zone_name(zones_of(self->spec, self->domain), instance));
}

static void share_keep(ls_domain_share *worst, const ls_domain_share *other)
{
  if (worst->name[0] != '\0' &&
      (other->rest_ppm < worst->rest_ppm ||
       (other->rest_ppm == worst->rest_ppm && other->share_ppm <= worst->share_ppm)))
    return;
  *worst = *other;
}

static ls_status domain_measure(const ls_spec *spec, const ls_topology *topology,
                                ls_failure_domain domain, ls_domain_share *worst)
{
  tally sums;
  const ls_status status = tally_create(spec, topology, domain, &sums);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < sums.instance_count; i++) {
    ls_domain_share share = {0};
    if (domain == LS_FAILS_OCS && sums.zone[i] < 0) continue;
    instance_measure(&sums, i, &share);
    instance_name(&sums, i, share.name);
    share_keep(worst, &share);
  }
  tally_destroy(&sums);
  return LS_OK;
}

/* As ls_chassis_share_ppm: the ports that a switch has towards the GPUs, of all its kind has. */
static void chassis_measure(const ls_topology *topology, ls_domain_share *worst)
{
  int64_t ports[LS_NODE_KIND_COUNT] = {0};
  for (int32_t n = 0; n < topology->node_count; n++)
    ports[topology->nodes[n].kind] += topology->nodes[n].down.port_count;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    if (node->kind == LS_NODE_RACK || node->kind == LS_NODE_OCS) continue;
    ls_domain_share share = {0};
    share.share_ppm = share.rest_ppm = ratio_ppm(node->down.port_count, ports[node->kind]);
    ls_node_id(node, share.name);
    share_keep(worst, &share);
  }
}

ls_status ls_domains_measure(const ls_spec *spec, ls_topology *topology)
{
  ls_domain_share *domains = topology->totals.domains;
  chassis_measure(topology, &domains[LS_FAILS_CHASSIS]);
  for (int32_t domain = LS_FAILS_OCS; domain <= LS_FAILS_COOLING_UNIT; domain++) {
    const ls_status status =
        domain_measure(spec, topology, (ls_failure_domain)domain, &domains[domain]);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

/* Which optics stand at each end of each tier's links. */
static void optics_find(const ls_topology *topology, bool is_used[LS_TIER_MAX][2][LS_OPTIC_MAX])
{
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->optic_a >= 0) is_used[edge->tier][0][edge->optic_a] = true;
    if (edge->optic_b >= 0) is_used[edge->tier][1][edge->optic_b] = true;
  }
}

void ls_domains_add_lots(const ls_catalog *catalog, ls_topology *topology)
{
  bool is_used[LS_TIER_MAX][2][LS_OPTIC_MAX] = {{{false}}};
  optics_find(topology, is_used);
  for (int32_t tier = 0; tier < topology->structure->tier_count; tier++)
    for (int32_t end = 0; end < 2; end++)
      for (int32_t i = 0; i < topology->problem->optic_count; i++) {
        const ls_optic_row *optic = &topology->problem->optics[i];
        ls_domain_share share = {0};
        if (!is_used[tier][end][i] || !optic->lot_gbps) continue;
        share.share_ppm = share.rest_ppm = ls_lot_share_ppm(topology->structure, tier, optic);
        snprintf(share.name, sizeof share.name, "%s", catalog->optics[i].id);
        share_keep(&topology->totals.domains[LS_FAILS_LASER_LOT], &share);
      }
}

ls_failure_domain ls_domains_over(const ls_problem *problem, const ls_totals *totals)
{
  int32_t domain = 0;
  while (domain < LS_FAILS_COUNT &&
         !ls_share_is_over(problem, (ls_failure_domain)domain, totals->domains[domain].rest_ppm))
    domain++;
  return (ls_failure_domain)domain;
}

void ls_domains_set(const ls_problem *problem, const ls_totals *totals, ls_json *object)
{
  ls_json *array = ls_json_array();
  for (int32_t domain = 0; domain < LS_FAILS_COUNT; domain++) {
    const ls_domain_share *worst = &totals->domains[domain];
    const int64_t limit_ppm = problem->failure_share_ppm_max[domain];
    if (worst->name[0] == '\0') continue;
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "domain", ls_domain_names[domain]);
    ls_json_set_text(entry, "worst", worst->name);
    ls_json_set_real(entry, "share", (double)worst->share_ppm / 1e6);
    ls_json_set_real(entry, "share_of_rest", (double)worst->rest_ppm / 1e6);
    if (limit_ppm)
      ls_json_set_real(entry, "limit", (double)limit_ppm / 1e6);
    else
      ls_json_set_null(entry, "limit");
    ls_json_append(array, entry);
  }
  ls_json_set(object, "failure_domains", array);
}

void ls_domains_sentence(const ls_problem *problem, const ls_totals *totals,
                         ls_failure_domain domain, char text[128])
{
  const ls_domain_share *worst = &totals->domains[domain];
  snprintf(text, 128, "%s %s takes %.2f %% of the rest of the network, at most %.2f %% are allowed",
           ls_domain_names[domain], worst->name, (double)worst->rest_ppm / 1e4,
           (double)problem->failure_share_ppm_max[domain] / 1e4);
}
