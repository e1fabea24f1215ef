/* Reads a spec: its key tables, and the rules that tie its numbers together. Converts every unit
 * once; never judges whether a design exists. What space holds is read in spec_space.c. */
#include "spec.h"
#include "fields.h"
#include "floor.h"
#include "names.h"
#include "spec_floor.h"
#include "spec_space.h"
#include "spec_tables.h"
#include "spec_workload.h"
#include "tables.h"
#include <string.h>

const char *const ls_metric_name[LS_METRIC_COUNT] = {
    "capex", "power",          "throughput_worst", "latency_max", "bandwidth_at_risk",
    "tco",   "lost_gpu_hours", "usd_per_gpu_hour"};

/* As ls_metric_name, with an end. */
static const char *const objective_names[] = {
    "capex", "power",          "throughput_worst", "latency_max", "bandwidth_at_risk",
    "tco",   "lost_gpu_hours", "usd_per_gpu_hour", NULL};
enum { OBJECTIVE_MAX = 5 };

const char *const ls_family_choices[] = {"clos1",      "clos2",     "clos2_rail", "clos3",
                                         "clos3_rail", "ocs_spine", "rail_only",  "direct",
                                         "ocs_core",   "clos4",     "clos4_rail", NULL};
/* By ls_supply_scenario. */
const char *const ls_supply_scenario_names[] = {"low", "base", "high", "unlimited", NULL};
static const char *const lane_names[] = {"100", "200", NULL};

/* ---- floor ---- */

/* Free slots that GPU racks may take, or those alone in which one is built. */
static int64_t gpu_slots(const ls_spec_floor *layout, bool is_built)
{
  int64_t count = 0;
  for (int32_t s = 0; s < ls_spec_slot_count(layout); s++)
    count += is_built ? ls_floor_slot_is_built(layout, s, "gpu")
                      : ls_floor_slot_is_for(layout, s, "gpu");
  for (int32_t i = 0; i < layout->blocked_count && !is_built; i++)
    count -= ls_floor_slot_is_for(layout, layout->blocked_slot[i], "gpu");
  return count;
}

/* The GPU racks must stand on the floor, and a rack must hold its servers. */
static ls_status check_racks(ls_field_reader *reader, const ls_spec *spec)
{
  const ls_spec_cluster *cluster = &spec->cluster;
  const ls_spec_floor *layout = &spec->floor;
  const ls_yaml_node *root = &reader->tree->nodes[0];
  const ls_yaml_node *node = ls_yaml_find(root, "floor");
  int64_t servers = ls_ceil_div(cluster->gpu_count, cluster->gpus_per_server);
  int64_t racks = ls_ceil_div(servers, cluster->servers_per_rack);
  const int64_t slots = gpu_slots(layout, false), built = gpu_slots(layout, true);
  int64_t units = (int64_t)cluster->servers_per_rack * cluster->server_rack_units;
  int64_t power_mw = (int64_t)cluster->servers_per_rack * cluster->server_power_mw;
  char needed[32], offered[32];
  (void)ls_field_enter(reader, "floor");
  if (racks > slots)
    return ls_field_refuse(reader, node,
                           "has too few free slots: %lld, and the GPU racks alone need %lld",
                           (long long)slots, (long long)racks);
  if (racks < built)
    return ls_field_refuse(reader, node,
                           "has %lld GPU racks that are built, but the cluster's GPUs fill %lld",
                           (long long)built, (long long)racks);
  const char *key = units > layout->rack_units ? "rack_units" : "rack_kw";
  (void)ls_field_enter(reader, key);
  if (ls_yaml_find(node, key)) node = ls_yaml_find(node, key);
  if (units > layout->rack_units)
    return ls_field_refuse(reader, node, "is %d, but the servers of a rack need %lld",
                           (int)layout->rack_units, (long long)units);
  ls_decimal_format(power_mw, 6, needed);
  ls_decimal_format(layout->rack_power_mw, 6, offered);
  if (power_mw > layout->rack_power_mw)
    return ls_field_refuse(reader, node, "is %s, but the servers of a rack draw %s kW", offered,
                           needed);
  reader->path[0] = '\0';
  return LS_OK;
}

/* ---- limits and planes ---- */

static ls_status check_limits(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  (void)reader;
  (void)field;
  (void)node;
  int64_t *loss_ppm = (int64_t *)target + LS_METRIC_LOSS; /* still holds the throughput */
  if (*loss_ppm != INT64_MAX) *loss_ppm = 1000000 - *loss_ppm;
  return LS_OK;
}

/* By ls_failure_domain; into int64_t[LS_FAILS_COUNT]. */
#define SHARE(key_, domain_, doc_)                                                                 \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_NUMBER, .digits = 6, .size = sizeof(int64_t),       \
    .offset = (domain_) * sizeof(int64_t), .min = 1, .max = 1000000, .fallback = ""                \
  }
static const ls_field share_fields[] = {
    SHARE("chassis", LS_FAILS_CHASSIS, "a switch"),
    SHARE("ocs", LS_FAILS_OCS, "an OCS"),
    SHARE("hall", LS_FAILS_HALL, "a hall"),
    SHARE("row", LS_FAILS_ROW, "a row"),
    SHARE("tray", LS_FAILS_TRAY, "the cables above a row, or between two halls"),
    SHARE("feed", LS_FAILS_FEED, "a power feed"),
    SHARE("cooling_unit", LS_FAILS_COOLING_UNIT, "a cooling unit"),
    SHARE("laser_lot", LS_FAILS_LASER_LOT, "lasers of one kind delivered as one lot"),
    {.key = NULL},
};

static const char failure_share_schema[] =
    "{\"oneOf\": [{\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"chassis\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"ocs\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"hall\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"row\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"tray\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"feed\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"cooling_unit\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}, "
    "\"laser_lot\": {\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1}}}]}";

/* One share for every chassis and OCS, or a share by what fails. */
static ls_status read_failure_share(ls_field_reader *reader, const ls_field *field,
                                    const ls_yaml_node *node, void *target)
{
  (void)field;
  int64_t *share_ppm_max = target;
  if (!node) return LS_OK;
  if (node->kind == LS_YAML_MAP) return ls_fields_read(reader, share_fields, node, target);
  if (node->kind == LS_YAML_LIST)
    return ls_field_refuse_got(reader, node,
                               "must be a fraction, or a mapping of them by what fails");
  const ls_status status =
      ls_field_read(reader, &share_fields[LS_FAILS_CHASSIS], node, &share_ppm_max[0]);
  share_ppm_max[LS_FAILS_OCS] = share_ppm_max[LS_FAILS_CHASSIS];
  return status;
}

/* Fronts of more than five objectives hold almost every design. */
static ls_status check_objectives(ls_field_reader *reader, const ls_spec *spec)
{
  const int32_t count = __builtin_popcount(spec->objective_mask);
  if (count <= OBJECTIVE_MAX) return LS_OK;
  (void)ls_field_enter(reader, "objectives");
  return ls_field_refuse(reader, ls_yaml_find(&reader->tree->nodes[0], "objectives"),
                         "must be 5 at most, got %d", (int)count);
}

/* Cents that the cluster and its lost GPU-hours may come to: beyond, costs per GPU-hour would not
 * fit 64 bits in micro-USD. */
#define CLUSTER_CENTS_MAX INT64_C(200000000000000)

/* What the GPUs cost over the years, beside the network. */
static ls_status check_economics(ls_field_reader *reader, ls_spec *spec)
{
  ls_spec_economics *economics = &spec->economics;
  const ls_spec_cluster *cluster = &spec->cluster;
  if (economics->gpu_power_mw == 0)
    economics->gpu_power_mw = cluster->server_power_mw / cluster->gpus_per_server;
  const double gpus = cluster->gpu_count, hours = 8760.0 * economics->years;
  const double kwh_cents = 1e-4 * economics->energy_microusd_per_kwh * 1e-6 * economics->pue_ppm;
  const double energy = 1e-6 * (double)economics->gpu_power_mw * hours * kwh_cents;
  const double cents =
      gpus * ((double)economics->gpu_cents + energy + hours * (double)economics->gpu_hour_cents);
  if (cents <= (double)CLUSTER_CENTS_MAX) return LS_OK;
  (void)ls_field_enter(reader, "economics");
  return ls_field_refuse(reader, ls_yaml_find(&reader->tree->nodes[0], "economics"),
                         "makes the GPUs cost more than 2e12 USD over the years");
}

/* Every count of planes must split a NIC's bandwidth into whole Gb/s. */
static ls_status check_planes(ls_field_reader *reader, const ls_spec *spec)
{
  const ls_yaml_node *root = &reader->tree->nodes[0];
  const ls_yaml_node *node = ls_yaml_find(ls_yaml_find(root, "space"), "planes");
  for (int32_t i = 0; i < spec->space.plane_count; i++)
    if (spec->cluster.nic_gbps % spec->space.planes[i] != 0) {
      (void)ls_field_enter(reader, "space");
      (void)ls_field_enter(reader, "planes");
      return ls_field_refuse(reader, node,
                             "must divide cluster.nic_gbps_per_gpu, "
                             "but %d Gb/s do not split into %d",
                             (int)spec->cluster.nic_gbps, (int)spec->space.planes[i]);
    }
  return LS_OK;
}

/* ---- the tables ---- */

#define NAMES(key_, member_, read_, doc_)                                                          \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_CUSTOM, .offset = offsetof(OWNER, member_),         \
    .fallback = "", .read = read_,                                                                 \
    .schema = "{\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true, "                     \
              "\"items\": {\"type\": \"string\"}}"                                                 \
  }
#define CHOICES(key_, member_, names_, fallback_, doc_)                                            \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_CHOICES, .offset = offsetof(OWNER, member_),        \
    .names = names_, .fallback = fallback_                                                         \
  }
#define MAP(key_, member_, fields_, fallback_, check_, doc_)                                       \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_MAP, .offset = offsetof(OWNER, member_),            \
    .fields = fields_, .fallback = fallback_, .read = check_                                       \
  }

#define OWNER ls_spec_cluster
static const ls_field cluster_fields[] = {
    NUMBER("gpus", gpu_count, 0, 1, 4194304, NULL, "GPUs in all"),
    NUMBER("gpus_per_server", gpus_per_server, 0, 1, 1024, "8",
           "GPUs of a server, also the number of rails"),
    NUMBER("servers_per_rack", servers_per_rack, 0, 1, 128, "4", "servers of a rack"),
    NUMBER("nic_gbps_per_gpu", nic_gbps, 0, 100, 12800, NULL,
           "scale-out bandwidth of a GPU, one way"),
    CHOICES("nic_lanes_gbps", nic_lane_mask, lane_names, "[100, 200]",
            "electrical lane rates of the NIC"),
    NUMBER("server_rack_units", server_rack_units, 0, 1, 48, "8", "height of a server"),
    NUMBER("server_kw", server_power_mw, 6, 1, 1000000000, "14", "power of a server"),
    MAP("scale_up", scale_up, ls_spec_scale_up_fields, "", ls_spec_check_scale_up,
        "the network inside a domain of GPUs, beside the one that is designed"),
    END,
};
#undef OWNER

#define OWNER ls_spec_economics
static const ls_field economics_fields[] = {
    NUMBER("years", years, 0, 1, 50, "5", "life of the network"),
    NUMBER("pue", pue_ppm, 6, 1000000, 5000000, "1.2", "facility power over IT power"),
    NUMBER("energy_usd_per_kwh", energy_microusd_per_kwh, 6, 0, 100000000, "0.078",
           "price of energy"),
    NUMBER("repair_usd", repair_cents, 2, 0, 100000000, "200", "labor of one repair"),
    NUMBER("gpu_hour_usd", gpu_hour_cents, 2, 0, 100000, "2.5", "value of a lost GPU-hour"),
    NUMBER("gpu_usd", gpu_cents, 2, 0, 20000000, "40000", "a GPU with its share of a server"),
    NUMBER("gpu_kw", gpu_power_mw, 6, 1, 100000000, "",
           "what a GPU draws with its share of a server; default: server_kw / gpus_per_server"),
    END,
};
#undef OWNER

/* Into int64_t[LS_METRIC_COUNT]. */
#define LIMIT(key_, metric_, digits_, max_, doc_)                                                  \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_NUMBER, .digits = digits_, .size = sizeof(int64_t), \
    .offset = (metric_) * sizeof(int64_t), .min = 0, .max = max_, .fallback = ""                   \
  }
static const ls_field limit_fields[] = {
    LIMIT("capex_usd_max", LS_METRIC_CAPEX, 2, 100000000000000, "most it may cost"),
    LIMIT("power_w_max", LS_METRIC_POWER, 3, 1000000000000000, "most it may draw, IT watts"),
    LIMIT("throughput_worst_min", LS_METRIC_LOSS, 6, 1000000,
          "least share of the NIC rate under the worst permutation"),
    LIMIT("latency_ns_max", LS_METRIC_LATENCY, 3, 1000000000000, "most from NIC to NIC, one way"),
    LIMIT("bandwidth_at_risk_gbps_max", LS_METRIC_RISK, 9, 1000000000000000000,
          "most bandwidth expected to be down at any time"),
    LIMIT("tco_usd_max", LS_METRIC_TCO, 2, 100000000000000,
          "most it may cost over the years: capex, energy, repairs, spares, lost GPU-hours"),
    LIMIT("lost_gpu_hours_per_year_max", LS_METRIC_LOST, 3, 1000000000000000,
          "most GPU-hours that failures of the network may cost the job in a year"),
    LIMIT("usd_per_gpu_hour_max", LS_METRIC_GPU_HOUR, 6, 1000000000000,
          "most an effective GPU-hour may cost, cluster and network together"),
    {.key = "vendor_share_max",
     .doc = "most of the money for switches, optics and OCS that one vendor may get",
     .type = LS_FIELD_NUMBER,
     .digits = 6,
     .size = sizeof(int64_t),
     .offset = offsetof(ls_spec, vendor_share_ppm_max) - offsetof(ls_spec, limit),
     .min = 1,
     .max = 1000000,
     .fallback = ""},
    {.key = "failure_share_max",
     .doc = "most of the network that one failure may take: of a chassis or an OCS, or by what "
            "fails",
     .type = LS_FIELD_CUSTOM,
     .offset = offsetof(ls_spec, failure_share_ppm_max) - offsetof(ls_spec, limit),
     .fallback = "",
     .read = read_failure_share,
     .schema = failure_share_schema},
    END,
};

#define OWNER ls_spec_space
static const ls_field space_fields[] = {
    CHOICES("families", family_mask, ls_family_choices,
            "[clos1, clos2, clos2_rail, clos3, clos3_rail, ocs_spine, rail_only, direct, "
            "ocs_core, clos4, clos4_rail]",
            "topologies to look at"),
    CHOICES("block_graphs", block_kind_mask, ls_block_kind_names, "[found, demand]",
            "what joins the blocks of ocs_spine, ocs_core and direct; demand and demand_half only "
            "where "
            "traffic says who talks to whom"),
    NAMES("vendors", switch_mask, ls_spec_read_vendors,
          "only what these sell, and what several sell; default: all"),
    NAMES("exclude_vendors", switch_mask, ls_spec_read_excluded_vendors,
          "nothing that only these sell"),
    NAMES("exclude_regions", switch_mask, ls_spec_read_excluded_regions,
          "nothing that is made there alone"),
    CHOICES("technologies", technology_mask, ls_optic_kind_names,
            "[copper, aec, dsp, lro, lpo, npo, cpo, bidi, oio]", "kinds of link ends"),
    CHOICES("exclude_technologies", excluded_technology_mask, ls_optic_kind_names, "",
            "kinds of link ends left out"),
    NAMES("switches", switch_mask, ls_spec_read_switches, "ids of the catalog; default: all"),
    NAMES("optics", optic_mask, ls_spec_read_optics, "ids of the catalog; default: all"),
    NAMES("ocs", ocs_mask, ls_spec_read_ocs, "ids of the catalog; default: all"),
    NAMES("scale_up", scale_up_mask, ls_spec_read_scale_up_names,
          "ids of the catalog, for a cluster with scale_up; default: all"),
    NAMES("fibers", fiber_mask, ls_spec_read_fibers, "ids of the catalog; default: all"),
    {.key = "planes",
     .doc = "ways to split a NIC over parallel networks",
     .type = LS_FIELD_NUMBERS,
     .offset = offsetof(OWNER, planes),
     .count_offset = offsetof(OWNER, plane_count),
     .min = 1,
     .max = 16,
     .item_max = 8,
     .fallback = "[1, 2, 4]"},
    {.key = "oversubscription",
     .doc = "down:up at the leaves, as 3, 1.5 or \"3:2\"",
     .type = LS_FIELD_CUSTOM,
     .item_max = 16,
     .fallback = "[1]",
     .read = ls_spec_read_oversubscription,
     .schema =
         "{\"type\": \"array\", \"minItems\": 1, \"maxItems\": 16, \"items\": " LS_RATIO_SCHEMA
         "}"},
    END,
};
#undef OWNER

#define OWNER ls_spec
const ls_field ls_spec_fields[] = {
    NUMBER("year", year, 0, 2024, 2040, NULL, "when it is bought"),
    {.key = "supply_scenario",
     .doc = "how much of what is scarce is made, of the catalog's forecasts",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(OWNER, supply_scenario),
     .size = sizeof(int32_t),
     .names = ls_supply_scenario_names,
     .fallback = "base"},
    MAP("cluster", cluster, cluster_fields, NULL, NULL, "what is to be connected"),
    MAP("floor", floor, ls_spec_floor_fields, NULL, ls_spec_check_floor, "where it stands"),
    MAP("economics", economics, economics_fields, "", NULL, "what running it costs"),
    MAP("traffic", traffic, ls_spec_traffic_fields, "", ls_spec_check_traffic,
        "what a step of the job computes and sends, for each GPU"),
    MAP("reliability", reliability, ls_spec_reliability_fields, "", NULL,
        "what a failure costs the job"),
    CHOICES("objectives", objective_mask, objective_names,
            "[capex, power, throughput_worst, latency_max, bandwidth_at_risk]",
            "what designs are compared by, five at most"),
    MAP("limits", limit, limit_fields, "", check_limits, "what a design must keep"),
    MAP("space", space, space_fields, "", ls_spec_check_space, "which designs are looked at"),
    END,
};
#undef OWNER

/* The file's name without its folder and ".yaml". */
static void name_from_path(const char *path, char *name, size_t capacity)
{
  const char *slash = strrchr(path, '/');
  const char *start = slash ? slash + 1 : path;
  size_t length = strlen(start);
  if (length > 5 && strcmp(start + length - 5, ".yaml") == 0) length -= 5;
  if (length > 4 && strcmp(start + length - 4, ".yml") == 0) length -= 4;
  if (length >= capacity) length = capacity - 1;
  memcpy(name, start, length);
  name[length] = '\0';
}

ls_status ls_spec_read_tree(const ls_yaml_tree *tree, const ls_catalog *catalog, ls_spec *spec,
                            ls_error *error)
{
  ls_spec result = {.year = 0};
  ls_spec_context context = {.catalog = catalog, .spec = &result};
  ls_field_reader reader = {.tree = tree, .error = error, .context = &context, .line = 1};
  memcpy(result.path, tree->path, sizeof result.path);
  memcpy(result.sha256, tree->sha256, sizeof result.sha256);
  name_from_path(tree->path, result.name, sizeof result.name);
  for (int i = 0; i < LS_METRIC_COUNT; i++) result.limit[i] = INT64_MAX;
  ls_status status = ls_fields_read(&reader, ls_spec_fields, &tree->nodes[0], &result);
  if (status == LS_OK) status = check_racks(&reader, &result);
  if (status == LS_OK) status = check_planes(&reader, &result);
  if (status == LS_OK) status = check_objectives(&reader, &result);
  if (status == LS_OK) status = check_economics(&reader, &result);
  if (status == LS_OK) *spec = result;
  return status;
}

ls_status ls_spec_read(const char *path, const ls_catalog *catalog, ls_spec *spec, ls_error *error)
{
  ls_yaml_tree tree;
  ls_status status = ls_yaml_read(path, &tree, error);
  if (status != LS_OK) return status;
  status = ls_spec_read_tree(&tree, catalog, spec, error);
  ls_yaml_destroy(&tree);
  return status;
}
