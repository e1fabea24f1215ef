#include "init.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

enum {
  SLOTS_MAX = 65536,     /* of a floor, as spec_floor.c has it */
  RACK_UNITS = 48,       /* of a rack */
  SERVER_UNITS = 8,      /* of a server, where the rack has room for it */
  SWITCH_UNITS = 8,      /* that servers leave free for a leaf */
  SERVERS_PER_RACK = 40, /* each of a unit */
  RACK_KW = 60,          /* of a slot, where the servers need no more */
  JOB_GPUS = 32768,      /* of the largest job: beyond it several run side by side */
  FAST_NIC_GBPS = 800,   /* from here on NICs come with lanes of 200G, too */
  LANE_GBPS = 100,
  PLANES_MAX = 4
};
static const double gpu_kw = 1.75; /* a GPU with its share of a server */
static const double leaf_kw = 4;   /* left for a leaf in the rack */
static const double rack_pitch_m = 0.6, row_pitch_m = 3.6;
static const char *const default_families = "clos1, clos2, clos2_rail, clos3";

static int32_t ceil_div(int32_t a, int32_t b) { return a / b + (a % b != 0); }

ls_status ls_init_plan(ls_init *init, ls_error *error)
{
  const int32_t servers = ceil_div(init->gpus, init->gpus_per_server);
  if (init->servers_per_rack > SERVERS_PER_RACK)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--gpus-per-rack",
                        "makes %d servers a rack; at most %d fit", init->servers_per_rack,
                        SERVERS_PER_RACK);
  init->gpu_racks = ceil_div(servers, init->servers_per_rack);
  const int64_t slots = init->gpu_racks + (int64_t)init->gpu_racks * 2 / 5 + 4;
  const double square = ceil(sqrt((double)slots * row_pitch_m / rack_pitch_m));
  init->racks_per_row = (int32_t)fmin(square, (double)slots);
  init->rows = (int32_t)((slots + init->racks_per_row - 1) / init->racks_per_row);
  if ((int64_t)init->rows * init->racks_per_row > SLOTS_MAX)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--gpus",
                        "of %d fill %d racks; a floor has at most %d slots, with those of the "
                        "network: take more --gpus-per-rack",
                        init->gpus, init->gpu_racks, SLOTS_MAX);
  const int32_t share = (RACK_UNITS - SWITCH_UNITS) / init->servers_per_rack;
  init->server_units = share < SERVER_UNITS ? share : SERVER_UNITS;
  init->server_kw = init->gpus_per_server * gpu_kw;
  const double needed = init->servers_per_rack * init->server_kw + leaf_kw;
  init->rack_kw = needed > RACK_KW ? (int32_t)(ceil(needed / 10) * 10) : RACK_KW;
  return LS_OK;
}

/* One key with its comment, which starts where those of the other keys do. */
static void entry(FILE *stream, const char *comment, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void entry(FILE *stream, const char *comment, const char *format, ...)
{
  enum { COMMENT_COLUMN = 32 };
  va_list values;
  va_start(values, format);
  const int32_t width = vfprintf(stream, format, values);
  va_end(values);
  fprintf(stream, "%*s  # %s\n", width < COMMENT_COLUMN ? COMMENT_COLUMN - width : 0, "", comment);
}

static void head_write(const ls_init *init, const char *path, FILE *stream)
{
  fprintf(
      stream,
      "# A cluster of %d GPU%s: what is to be connected, on what floor, and what may be built.\n"
      "# Written by `lightspine init` to start from: every figure is yours to change. Keys\n"
      "# behind a # are at their defaults or off. `lightspine schema spec` lists all keys.\n"
      "#\n"
      "#   lightspine optimize %s    designs its network\n"
      "#   lightspine explain %s     says what the answer rests on, or what conflicts\n"
      "\n",
      init->gpus, init->gpus == 1 ? "" : "s", path, path);
  entry(stream, "when it is bought: what is on sale, at what price", "year: %d", init->year);
  entry(stream, "low, base, high, unlimited: how much is made of what is scarce",
        "# supply_scenario: base");
}

static void cluster_write(const ls_init *init, FILE *f)
{
  const char *off = init->domain_gpus ? "" : "# ";
  const int32_t domain = init->domain_gpus ? init->domain_gpus : init->gpus_per_server;
  char racks[80];
  snprintf(racks, sizeof racks, "servers of a rack: %d GPUs, and %d such rack%s",
           init->gpus_per_server * init->servers_per_rack, init->gpu_racks,
           init->gpu_racks == 1 ? "" : "s");
  fputs("\ncluster:\n", f);
  entry(f, "GPUs in all", "  gpus: %d", init->gpus);
  entry(f, "GPUs of a server, also the number of rails", "  gpus_per_server: %d",
        init->gpus_per_server);
  entry(f, racks, "  servers_per_rack: %d", init->servers_per_rack);
  entry(f, "Gb/s from a GPU into the network, one way", "  nic_gbps_per_gpu: %d", init->nic_gbps);
  entry(f, "Gb/s of a lane at the NIC; optics mate with equal lanes", "  nic_lanes_gbps: %s",
        init->nic_gbps >= FAST_NIC_GBPS ? "[100, 200]" : "[100]");
  entry(f, "height of a server, rack units", "  server_rack_units: %d", init->server_units);
  entry(f, "kW of a server with all that is in it", "  server_kw: %g", init->server_kw);
  entry(f, "the network inside a domain, beside the one designed", "  %sscale_up:", off);
  entry(f, "GPUs of a domain", "  %s  domain_gpus: %d", off, domain);
  entry(f, "Gb/s of a GPU inside it, one way: 1.8 TB/s both ways", "  %s  gbps_per_gpu: 7200", off);
}

static void floor_write(const ls_init *init, FILE *f)
{
  char slots[80];
  snprintf(slots, sizeof slots, "slots of a row: %d in all, %d of them for GPUs",
           init->rows * init->racks_per_row, init->gpu_racks);
  fputs("\nfloor:\n", f);
  entry(f, "rows of racks", "  rows: %d", init->rows);
  entry(f, slots, "  racks_per_row: %d", init->racks_per_row);
  entry(f, "m from rack to rack along a row", "  rack_pitch_m: %g", rack_pitch_m);
  entry(f, "m from row to row", "  row_pitch_m: %g", row_pitch_m);
  entry(f, "height of a slot, rack units", "  rack_units: %d", RACK_UNITS);
  entry(f, "kW of power and cooling of a slot", "  rack_kw: %d", init->rack_kw);
  entry(f, "m of the cable tray above the racks", "  # tray_height_m: 0.6");
  entry(f, "m of cord from the tray down to a device", "  # drop_m_per_end: 2.5");
  entry(f, "m of a cord that stays in one rack", "  # in_rack_m: 1.5");
  entry(f, "share added to each length by tray", "  # slack_fraction: 0.1");
  entry(f, "m added to each length", "  # slack_fixed_m: 2");
  entry(f, "true: cords between racks pass patch panels", "  # structured_cabling: false");
  entry(f, "slots that cannot be used, [row, rack] from 0", "  # blocked: [[0, 0]]");
}

static void wishes_write(const ls_init *init, FILE *f)
{
  fputs("\neconomics:\n", f);
  entry(f, "years that the network is used", "  years: 5");
  entry(f, "power of the facility over that of its IT", "  pue: 1.2");
  entry(f, "USD for a kWh", "  energy_usd_per_kwh: 0.078");
  entry(f, "USD that an hour of a GPU is worth", "  gpu_hour_usd: 2.5");
  fputs("\nreliability:\n", f);
  entry(f, "GPUs that stop together when a job does", "  job_gpus: %d",
        init->gpus < JOB_GPUS ? init->gpus : JOB_GPUS);
  entry(f, "minutes from decision to the next step", "  restart_min: 10");
  entry(f, "minutes between checkpoints", "  checkpoint_interval_min: 30");
  fputs("\n# What designs are compared by, five at most; also tco, lost_gpu_hours and\n"
        "# usd_per_gpu_hour.\n"
        "objectives: [capex, power, throughput_worst, latency_max, bandwidth_at_risk]\n"
        "\nlimits:\n",
        f);
  entry(f, "share of the NIC rate under the worst traffic", "  throughput_worst_min: 0.5");
  entry(f, "USD to buy it", "  # capex_usd_max: %lld", init->gpus * 20000LL);
  entry(f, "W that it draws", "  # power_w_max: %lld", init->gpus * 400LL);
  entry(f, "ns from NIC to NIC, one way", "  # latency_ns_max: 5000");
}

static void space_write(const ls_init *init, FILE *f)
{
  char planes[32] = "1";
  for (int32_t count = 2; count <= PLANES_MAX; count *= 2)
    if (init->nic_gbps % (LANE_GBPS * count) == 0)
      snprintf(planes + strlen(planes), sizeof planes - strlen(planes), ", %d", count);
  fputs("\nspace:\n", f);
  entry(f, "topologies to look at, instead of all",
        init->families ? "  families: [%s]" : "  # families: [%s]",
        init->families ? init->families : default_families);
  entry(f, "the NIC split over so many parallel networks", "  planes: [%s]", planes);
  entry(f, "down:up at the leaves; 1 is non-blocking", "  oversubscription: [1, 2]");
  entry(f, "kinds of link ends left out", "  # exclude_technologies: [cpo, npo]");
}

void ls_init_write(const ls_init *init, const char *path, FILE *stream)
{
  head_write(init, path, stream);
  cluster_write(init, stream);
  floor_write(init, stream);
  wishes_write(init, stream);
  space_write(init, stream);
}
