/* Compares the scale-up network that a file claims with a catalog: how many ends of links and how
 * many switches its GPUs need, what one costs, how often it fails, what all draw. What their
 * failures cost in GPU-hours and labor is not of the catalog. */
#include "catalog.h"
#include "verify_graph.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

static const char *const GRAPH = "graph";

/* What the catalog makes of the ends of all links, or of all switches. */
typedef struct scale_up_units {
  int64_t count, power_mw, fit, repair_min;
  double unit_cents; /* not rounded */
} scale_up_units;

/* Counts of a file may be anything up to 2^53. */
static int64_t narrowed(wide value) { return value > INT64_MAX ? INT64_MAX : (int64_t)value; }

static wide divide_up(wide value, int64_t by) { return value / by + (value % by > 0); }

static double cents_of(int64_t gbps, const ls_number *microusd_per_gbps)
{
  return (double)gbps * (double)microusd_per_gbps->value / 1e4;
}

static scale_up_units ends_of(const ls_record *record, const ls_catalog_scale_up *entry)
{
  const wide gpus = record->claims.gpu_count;
  const int64_t gbps = record->site.scale_up_gbps_per_gpu, share_gbps = entry->share_gbps.value;
  return (scale_up_units){.count = narrowed(2 * gpus * divide_up(gbps, share_gbps)),
                          .power_mw =
                              narrowed(gpus * (2 * gbps * entry->energy_fj_per_bit.value / 1000)),
                          .fit = entry->failure_fit.value,
                          .repair_min = entry->repair_min.value,
                          .unit_cents = cents_of(share_gbps, &entry->capex_microusd_per_gbps)};
}

/* The last domain may be partial. */
static scale_up_units switches_of(const ls_record *record, const ls_catalog_scale_up *entry)
{
  const int64_t each_gbps = entry->switch_gbps.value, gpus = record->claims.gpu_count;
  const int64_t domain_gpus = record->site.scale_up_domain_gpus;
  const wide gbps = record->site.scale_up_gbps_per_gpu;
  const int64_t each_mw = each_gbps * entry->switch_power_uw_per_gbps.value / 1000;
  int64_t count = 0;
  if (domain_gpus > 0)
    count = narrowed(gpus / domain_gpus * divide_up(domain_gpus * gbps, each_gbps) +
                     divide_up(gpus % domain_gpus * gbps, each_gbps));
  return (scale_up_units){.count = count,
                          .power_mw = narrowed((wide)count * each_mw),
                          .fit = entry->switch_fit.value,
                          .repair_min = entry->repair_min.value,
                          .unit_cents =
                              cents_of(each_gbps, &entry->switch_capex_microusd_per_gbps)};
}

/* A unit costs whole cents, whichever way they were rounded. */
static void compare(ls_verify_report *report, const char *name, const ls_record_units *claimed,
                    const scale_up_units *found)
{
  const bool is_close = fabs((double)claimed->capex_cents - found->unit_cents) < 1;
  const struct {
    const char *what;
    int64_t claimed, found;
  } figures[] = {{"count", claimed->count, found->count},
                 {"capex_cents", claimed->capex_cents,
                  is_close ? claimed->capex_cents : llround(found->unit_cents)},
                 {"power_mw", claimed->power_mw, found->power_mw},
                 {"fit", claimed->fit, found->fit},
                 {"downtime_fit_min", claimed->downtime_fit_min, found->fit * found->repair_min}};
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
    char what[64];
    snprintf(what, sizeof what, "%s_%s", name, figures[i].what);
    ls_verify_compare(report, GRAPH, what, figures[i].claimed, figures[i].found);
  }
}

void ls_verify_check_scale_up_catalog(const ls_record *record, const ls_catalog *catalog,
                                      ls_verify_report *report)
{
  scale_up_units ends = {0}, switches = {0};
  if (strcmp(record->scale_up, "none") != 0) {
    int32_t at = 0;
    while (at < catalog->scale_up_count && strcmp(catalog->scale_up[at].id, record->scale_up) != 0)
      at++;
    if (at == catalog->scale_up_count) {
      ls_verify_mismatch(report, GRAPH, "scale_up", record->scale_up, "not in the catalog");
      return;
    }
    ends = ends_of(record, &catalog->scale_up[at]);
    switches = switches_of(record, &catalog->scale_up[at]);
  }
  compare(report, "scale_up_end", &record->site.scale_up[0], &ends);
  compare(report, "scale_up_switch", &record->site.scale_up[1], &switches);
}
