/* What a GraphML export says of the graph as a whole, and the keys of its nodes and edges, as
 * plain tables that graphml.c writes; knows nothing of XML.
 *
 * What all ends of one technology share (light levels, reach, price) is said once, as graph
 * attributes named optic.<catalog id>.<field> and fiber.<catalog id>.<field>. */
#include "graphml_keys.h"

#include "../kernels/evaluate.h"
#include "domains.h"
#include "names.h"
#include "problem_risk.h"
#include "structure_blocks.h"

#include <inttypes.h>
#include <stdio.h>

#define FORMAT_VERSION 2

const ls_graphml_key ls_graphml_node_keys[] = {
    {"label", "string"},
    {"x", "double"},
    {"y", "double"},
    {"kind", "string"},
    {"catalog_id", "string"},
    {"integrated_optic", "string"},
    {"plane", "long"},
    {"pod", "long"},
    {"rail", "long"},
    {"slot", "long"},
    {"server_count", "long"},
    {"gpu_count", "long"},
    {"radix", "long"},
    {"loss_mdb", "long"},
    {"unit_capex_cents", "long"},
    {"unit_power_mw", "long"},
    {"unit_power_mw_max", "long"},
    {"unit_latency_ps", "long"},
    {"unit_downtime_fit_min", "long"},
    {"cage_count", "long"},
    {"cage_gbps", "long"},
    {"rack_units", "long"},
    {"is_liquid_cooled", "long"},
    {"unit_fit", "long"},
    {"unit_spare_fit", "long"},
    {"unit_repair_mcents", "long"},
    {"unit_swap_fit", "long"},
    {"unit_swap_fit_min", "long"},
    {"down_optic", "string"},
    {"down_port_count", "long"},
    {"down_module_count", "long"},
    {"down_modules_capex_cents", "long"},
    {"down_modules_power_mw", "long"},
    {"up_optic", "string"},
    {"up_port_count", "long"},
    {"up_module_count", "long"},
    {"up_modules_capex_cents", "long"},
    {"up_modules_power_mw", "long"},
    {NULL, NULL},
};

const ls_graphml_key ls_graphml_edge_keys[] = {
    {"label", "string"},
    {"interaction", "string"},
    {"weight", "long"},
    {"tier", "long"},
    {"plane", "long"},
    {"link_count", "long"},
    {"optic_a", "string"},
    {"optic_b", "string"},
    {"fiber", "string"},
    {"via", "string"},
    {"strand_count", "long"},
    {"mating_count", "long"},
    {"circulator_count", "long"},
    {"length_mm", "long"},
    {"stock_mm", "long"},
    {"loss_mdb", "long"},
    {"margin_mdb", "long"},
    {"cord_capex_cents", "long"},
    {NULL, NULL},
};

static const char *const mate_class_name[] = {"copper", "dr", "fr", "bidi"};

/* Where the attributes come from and go to. */
typedef struct gathering {
  const ls_topology *topology;
  const ls_catalog *catalog;
  const ls_spec *spec;
  ls_graphml_attributes *into;
} gathering;

void ls_graphml_add_text(ls_graphml_attributes *into, const char *name, const char *text)
{
  if (into->count == LS_GRAPHML_ATTRIBUTE_MAX) {
    into->is_full = true;
    return;
  }
  ls_graphml_attribute *added = &into->list[into->count++];
  snprintf(added->name, sizeof added->name, "%s", name);
  added->text = text;
}

void ls_graphml_add_number(ls_graphml_attributes *into, const char *name, int64_t number)
{
  ls_graphml_add_text(into, name, NULL);
  if (!into->is_full) into->list[into->count - 1].number = number;
}

static void add_text(gathering *to, const char *name, const char *text)
{
  ls_graphml_add_text(to->into, name, text);
}

static void add_number(gathering *to, const char *name, int64_t number)
{
  ls_graphml_add_number(to->into, name, number);
}

static void add_field(gathering *to, const char *table, const char *id, const char *field,
                      int64_t number)
{
  char name[96];
  snprintf(name, sizeof name, "%s.%s.%s", table, id, field);
  add_number(to, name, number);
}

static void add_optic(gathering *to, int32_t index)
{
  const ls_optic_row *row = &to->topology->problem->optics[index];
  const char *id = to->catalog->optics[index].id;
  char name[96];
  snprintf(name, sizeof name, "optic.%s.kind", id);
  add_text(to, name, ls_optic_kind_names[row->kind]);
  snprintf(name, sizeof name, "optic.%s.mate_class", id);
  add_text(to, name, mate_class_name[row->mate_class]);
  add_field(to, "optic", id, "module_gbps", row->module_gbps);
  add_field(to, "optic", id, "lane_gbps", row->lane_gbps);
  add_field(to, "optic", id, "lot_gbps", row->lot_gbps);
  add_field(to, "optic", id, "pair_gbps", row->pair_gbps);
  add_field(to, "optic", id, "strands_per_pair", row->strands_per_pair);
  add_field(to, "optic", id, "capex_cents", row->capex_cents);
  add_field(to, "optic", id, "power_uw_per_gbps", row->power_uw_per_gbps);
  add_field(to, "optic", id, "reach_mm", row->reach_mm);
  add_field(to, "optic", id, "tx_mdbm", row->tx_mdbm);
  add_field(to, "optic", id, "tx_max_mdbm", row->tx_max_mdbm);
  add_field(to, "optic", id, "threshold_mdbm", row->threshold_mdbm);
  add_field(to, "optic", id, "overload_mdbm", row->overload_mdbm);
  add_field(to, "optic", id, "penalty_mdb", row->penalty_mdb);
  add_field(to, "optic", id, "internal_loss_mdb", row->internal_loss_mdb);
  add_field(to, "optic", id, "latency_ps", row->latency_ps);
  for (int32_t i = 0; i < LS_PART_MAX; i++) {
    snprintf(name, sizeof name, "optic.%s.part%d_fit", id, i + 1);
    add_number(to, name, row->part[i].fit);
    snprintf(name, sizeof name, "optic.%s.part%d_gbps", id, i + 1);
    add_number(to, name, row->part[i].gbps);
    snprintf(name, sizeof name, "optic.%s.part%d_min", id, i + 1);
    add_number(to, name, row->part[i].minutes);
  }
  add_field(to, "optic", id, "fit", row->fit);
  add_field(to, "optic", id, "repair_mcents", row->repair_mcents);
  add_field(to, "optic", id, "fit_share_gbps", row->share_gbps);
}

/* The technologies that occur in the graph, in the order of the catalog. */
static void add_technologies(gathering *to)
{
  bool is_optic_used[LS_OPTIC_MAX] = {false}, is_fiber_used[LS_FIBER_MAX] = {false};
  for (int32_t i = 0; i < to->topology->edge_count; i++) {
    const ls_edge *edge = &to->topology->edges[i];
    if (edge->optic_a >= 0) is_optic_used[edge->optic_a] = true;
    if (edge->optic_b >= 0) is_optic_used[edge->optic_b] = true;
    if (edge->fiber >= 0) is_fiber_used[edge->fiber] = true;
  }
  for (int32_t i = 0; i < LS_OPTIC_MAX; i++)
    if (is_optic_used[i]) add_optic(to, i);
  for (int32_t i = 0; i < LS_FIBER_MAX; i++) {
    if (!is_fiber_used[i]) continue;
    const ls_fiber_row *row = &to->topology->problem->fibers[i];
    const char *id = to->catalog->fibers[i].id;
    add_field(to, "fiber", id, "loss_mdb_per_km", row->loss_mdb_per_km);
    add_field(to, "fiber", id, "capex_cents_per_km", row->capex_cents_per_km);
    add_field(to, "fiber", id, "latency_fs_per_mm", row->latency_fs_per_mm);
  }
}

static void add_origin(gathering *to)
{
  const ls_structure *structure = to->topology->structure;
  snprintf(to->into->rank, sizeof to->into->rank, "%" PRIu64, to->topology->rank);
  snprintf(to->into->oversubscription, sizeof to->into->oversubscription, "%d:%d",
           structure->oversubscription_num, structure->oversubscription_den);
  add_text(to, "format", "lightspine");
  add_number(to, "format_version", FORMAT_VERSION);
  add_text(to, "tool_version", LS_VERSION);
  add_text(to, "spec_name", to->spec->name);
  add_number(to, "year", to->spec->year);
  add_text(to, "spec_sha256", to->spec->sha256);
  add_text(to, "catalog_sha256", to->catalog->sha256);
  add_text(to, "rank", to->into->rank);
  add_text(to, "variant", ls_variant_names[to->topology->variant]);
  add_text(to, "family", ls_family_name(structure->family, structure->is_rail));
  add_text(to, "oversubscription", to->into->oversubscription);
  add_number(to, "plane_count", structure->planes);
  add_number(to, "port_gbps", structure->port_gbps);
  add_number(to, "nic_gbps", to->spec->cluster.nic_gbps);
  add_number(to, "gpus_per_server", to->spec->cluster.gpus_per_server);
  add_number(to, "servers_per_rack", to->spec->cluster.servers_per_rack);
  add_number(to, "rail_count", structure->is_rail ? structure->size.rail_count : 1);
  add_number(to, "fabric_count", structure->size.fabric_count);
  add_number(to, "scale_up_domain_gpus", to->spec->cluster.scale_up.domain_gpus);
  add_number(to, "scale_up_load_ppm", to->spec->traffic.scale_up_load_ppm);
}

/* What a slot and a server hold, and what all links share on the way. Copper links carry index 0
 * in place of a fiber, and signals in it are taken to be as fast as there. */
static void add_room(gathering *to)
{
  const ls_problem *problem = to->topology->problem;
  add_number(to, "slot_rack_units", to->spec->floor.rack_units);
  add_number(to, "slot_power_mw", to->spec->floor.rack_power_mw);
  add_number(to, "server_rack_units", to->spec->cluster.server_rack_units);
  add_number(to, "server_power_mw", to->spec->cluster.server_power_mw);
  add_number(to, "fec_latency_ps", problem->fec_latency_ps);
  add_number(to, "copper_latency_fs_per_mm", problem->fibers[0].latency_fs_per_mm);
}

static void add_site(gathering *to)
{
  const ls_problem *problem = to->topology->problem;
  const ls_spec_floor *floor = &to->spec->floor;
  const ls_catalog_parts *parts = &to->catalog->parts;
  size_t used = 0;
  for (int32_t i = 0; i < parts->stock_count && used < sizeof to->into->stock_mm; i++)
    used += (size_t)snprintf(to->into->stock_mm + used, sizeof to->into->stock_mm - used, "%s%d",
                             i ? " " : "", parts->stock_mm[i]);
  add_text(to, "stock_mm", to->into->stock_mm);
  add_number(to, "row_count", floor->row_count);
  add_number(to, "racks_per_row", floor->racks_per_row);
  add_number(to, "row_pitch_mm", floor->row_pitch_mm);
  add_number(to, "rack_pitch_mm", floor->rack_pitch_mm);
  add_number(to, "tray_height_mm", floor->tray_height_mm);
  add_number(to, "drop_mm_per_end", floor->drop_mm_per_end);
  add_number(to, "in_rack_mm", floor->in_rack_mm);
  add_number(to, "slack_ppm", floor->slack_ppm);
  add_number(to, "slack_fixed_mm", floor->slack_fixed_mm);
  add_number(to, "cord_mating_count", problem->mating_count);
  add_number(to, "mating_loss_mdb", problem->mating_loss_mdb);
  add_number(to, "mating_capex_cents", problem->mating_capex_cents);
  add_number(to, "circulator_loss_mdb", problem->circulator_loss_mdb);
  add_number(to, "circulator_capex_cents", problem->circulator_capex_cents);
  add_number(to, "shuffle_box_loss_mdb", problem->shuffle_box_loss_mdb);
  add_number(to, "shuffle_box_capex_cents", problem->shuffle_box_capex_cents);
}

/* The areas of all zones of one kind, name:rows:every:racks:gap, parted by blanks. */
static const char *zones_text(const ls_floor_zones *zones, char text[LS_GRAPHML_ZONES_TEXT_MAX])
{
  size_t used = 0;
  for (int32_t i = 0; i < zones->area_count && used < LS_GRAPHML_ZONES_TEXT_MAX; i++) {
    const ls_floor_area *area = &zones->area[i];
    used +=
        (size_t)snprintf(text + used, LS_GRAPHML_ZONES_TEXT_MAX - used, "%s%s:%d:%d:%d:%d:%d:%d",
                         i ? " " : "", area->name, area->row_first, area->row_last, area->row_step,
                         area->rack_first, area->rack_last, area->gap_mm);
  }
  return text;
}

/* The slots where nothing can stand, parted by blanks. */
static const char *blocked_text(const ls_spec_floor *floor, char text[LS_GRAPHML_BLOCKED_TEXT_MAX])
{
  size_t used = 0;
  for (int32_t i = 0; i < floor->blocked_count; i++)
    used += (size_t)snprintf(text + used, LS_GRAPHML_BLOCKED_TEXT_MAX - used, "%s%d", i ? " " : "",
                             floor->blocked_slot[i]);
  return text;
}

/* What fails as one: where it is, what the limits allow, and what the worst of each kind takes; and
 * how full trays are. */
static void add_domains(gathering *to)
{
  const ls_spec_floor *floor = &to->spec->floor;
  add_text(to, "halls", zones_text(&floor->halls, to->into->zones[0]));
  add_text(to, "feeds", zones_text(&floor->feeds, to->into->zones[1]));
  add_text(to, "cooling_units", zones_text(&floor->cooling_units, to->into->zones[2]));
  add_text(to, "liquid_cooled", zones_text(&floor->liquid_cooled, to->into->zones[3]));
  add_text(to, "fixed", zones_text(&floor->fixed, to->into->zones[4]));
  add_text(to, "blocked", blocked_text(floor, to->into->blocked));
  add_number(to, "tray_strands_max", floor->tray_strands_max);
  add_number(to, "tray_strands", to->topology->totals.tray.strands);
  add_text(to, "tray_fullest", to->topology->totals.tray.name);
  for (int32_t domain = 0; domain < LS_FAILS_COUNT; domain++) {
    const ls_domain_share *worst = &to->topology->totals.domains[domain];
    char name[48];
    snprintf(name, sizeof name, "%s_rest_ppm_max", ls_domain_names[domain]);
    add_number(to, name, to->topology->problem->failure_share_ppm_max[domain]);
    snprintf(name, sizeof name, "%s_share_ppm", ls_domain_names[domain]);
    add_number(to, name, worst->share_ppm);
    snprintf(name, sizeof name, "%s_rest_ppm", ls_domain_names[domain]);
    add_number(to, name, worst->rest_ppm);
    snprintf(name, sizeof name, "%s_worst", ls_domain_names[domain]);
    add_text(to, name, worst->name);
  }
}

/* Prices over the years, and what the job loses when it stops or slows down. */
static void add_years(gathering *to)
{
  const ls_problem *problem = to->topology->problem;
  const ls_structure *structure = to->topology->structure;
  add_number(to, "years", problem->years);
  add_number(to, "energy_ucents_per_mw", problem->energy_ucents_per_mw);
  add_number(to, "gpu_hour_cents", problem->gpu_hour_cents);
  add_number(to, "cluster_cents", problem->cluster_cents);
  add_number(to, "effective_gpu_hours", structure->effective_hours);
  add_number(to, "spare_hours", problem->spare_hours);
  add_number(to, "spare_confidence_ppm", to->spec->reliability.spares_confidence_ppm);
  add_number(to, "spare_z_milli", problem->spare_z_milli);
  add_number(to, "job_lost_mgpuh", problem->lost_job);
  add_number(to, "job_restart_mgpuh", ls_spec_lost_restart(to->spec));
  add_number(to, "job_flaps_mgpuh", problem->lost_flaps);
  add_number(to, "job_gpus", problem->job_gpus);
  add_number(to, "job_communication_ppm", problem->communication_ppm);
  add_number(to, "kill_access_ppm", to->spec->reliability.p_kill_access_ppm);
  add_number(to, "kill_trunk_ppm", to->spec->reliability.p_kill_trunk_ppm);
}

static void add_units(gathering *to, const char *name, const ls_units *units)
{
  const struct {
    const char *field;
    int64_t value;
  } fields[] = {{"count", units->count},
                {"capex_cents", units->capex_cents},
                {"power_mw", units->power_mw},
                {"fit", units->fit},
                {"downtime_fit_min", units->outage[0].downtime},
                {"repair_mcents", units->repair_mcents},
                {"lost_mgpuh", units->outage[0].lost_each},
                {"slow_mgpuh", units->outage[0].slow_each}};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    char text[64];
    snprintf(text, sizeof text, "%s_%s", name, fields[i].field);
    add_number(to, text, fields[i].value);
  }
}

/* The scale-up network of all domains; zeros and "none" where it is not counted. */
static void add_scale_up(gathering *to)
{
  static const ls_scale_up_row none;
  const int32_t index = to->topology->structure->scale_up_index;
  const ls_scale_up_row *row = index < 0 ? &none : &to->topology->problem->scale_up[index];
  add_text(to, "scale_up", index < 0 ? "none" : to->catalog->scale_up[index].id);
  add_number(to, "scale_up_gbps_per_gpu", to->spec->cluster.scale_up.gbps_per_gpu);
  add_units(to, "scale_up_end", &row->ends);
  add_units(to, "scale_up_switch", &row->switches);
}

/* Links on the shortest path between the two leaves farthest apart. */
static int32_t family_diameter_hops(const ls_structure *structure)
{
  const ls_size *size = &structure->size;
  if (structure->peer_tier == LS_TIER_SPINE && structure->size.block_count > 2)
    return structure->link_passes[LS_TIER_SPINE] / 2;
  if (structure->peer_tier >= 0) return 2 * structure->peer_tier - 1;
  if (size->leaf_count == size->fabric_count) return 0;
  if (size->super_spine_count) return 6; /* there are two super-pods or more */
  return size->core_count && size->pod_count > 1 ? 4 : 2;
}

/* Links of a tier, of which a circuit has two legs. */
static int64_t links_of(const ls_structure *structure, int32_t tier)
{
  return structure->leg_count[tier] / (ls_tier_is_ocs(structure, tier) ? 2 : 1);
}

/* Counts by the sizing formulas, not by the graph: verify compares the two. */
static void add_claimed_counts(gathering *to)
{
  const ls_structure *structure = to->topology->structure;
  const ls_spec_cluster *cluster = &to->spec->cluster;
  const ls_size *size = &structure->size;
  const int64_t planes = structure->planes;
  const int32_t core_tier = size->super_spine_count ? 3 : 2;
  const int64_t servers = ls_ceil_div(cluster->gpu_count, cluster->gpus_per_server);
  int64_t ocs_count = 0;
  for (int32_t i = 0; i < to->topology->node_count; i++)
    ocs_count += to->topology->nodes[i].kind == LS_NODE_OCS;
  add_number(to, "gpu_count", cluster->gpu_count);
  add_number(to, "server_count", servers);
  add_number(to, "rack_count", ls_ceil_div(servers, cluster->servers_per_rack));
  add_number(to, "leaf_count", size->leaf_count * planes);
  add_number(to, "spine_count", size->spine_count * planes);
  add_number(to, "super_count", size->super_spine_count * planes);
  add_number(to, "core_count", size->core_count * planes);
  add_number(to, "ocs_count", ocs_count);
  add_number(to, "access_link_count", links_of(structure, 0));
  add_number(to, "spine_link_count", links_of(structure, 1));
  add_number(to, "super_link_count", size->super_spine_count ? links_of(structure, 2) : 0);
  add_number(to, "core_link_count", links_of(structure, core_tier));
  add_number(to, "diameter_hops", family_diameter_hops(structure));
}

static void add_claimed_totals(gathering *to)
{
  const ls_totals *totals = &to->topology->totals;
  add_number(to, "capex_cents", totals->capex_cents);
  add_number(to, "optics_power_mw", totals->optics_power_mw);
  add_number(to, "switch_power_mw", totals->switch_power_mw);
  add_number(to, "ocs_power_mw", totals->ocs_power_mw);
  add_number(to, "scale_up_power_mw", totals->scale_up_power_mw);
  add_number(to, "power_mw", ls_totals_power_mw(totals));
  add_number(to, "module_count", totals->module_count);
  add_number(to, "fiber_mm", totals->fiber_mm);
  add_number(to, "latency_ps_max", totals->latency_ps_max);
  add_number(to, "latency_ps_mean", totals->latency_ps_mean);
  add_number(to, "throughput_worst_ppm_low", totals->throughput_ppm_low);
  add_number(to, "throughput_worst_ppm_high", totals->throughput_ppm_high);
  add_number(to, "risk_bps", totals->risk_bps);
  add_number(to, "tco_cents", totals->tco_cents);
  add_number(to, "lost_mgpuh_per_year", totals->lost_mgpuh);
  add_number(to, "gpu_hour_micro_usd", totals->gpu_hour_micro_usd);
}

ls_status ls_graphml_attributes_gather(const ls_topology *topology, const ls_catalog *catalog,
                                       const ls_spec *spec, ls_graphml_attributes *attributes)
{
  gathering to = {topology, catalog, spec, attributes};
  add_origin(&to);
  add_site(&to);
  add_room(&to);
  add_domains(&to);
  add_years(&to);
  add_scale_up(&to);
  add_claimed_counts(&to);
  add_claimed_totals(&to);
  add_technologies(&to);
  const ls_status status = ls_graphml_add_supply(topology, catalog, spec, attributes);
  if (status != LS_OK) return status;
  return attributes->is_full ? LS_ERR_FULL : LS_OK;
}
