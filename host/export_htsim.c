/* A .topo file of htsim: a fat tree of two or three tiers, told by the numbers of one switch of
 * each. It describes one network of the design; planes are alike. */
#include <inttypes.h>

#include "export.h"
#include "export_shape.h"

static ls_status refuse(ls_error *error, const char *what)
{
  return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL, "%s", what);
}

/* Ports towards the GPUs. */
static int64_t down_of(const ls_shape_tier *tier) { return tier->below * tier->bundle; }

static ls_status check_fits(const ls_shape *shape, ls_error *error)
{
  if (shape->tier_count < 2)
    return refuse(error, "has a single tier of switches, and htsim's .topo two or three");
  if (shape->tier_count == 2 && shape->pod_count != 1)
    return refuse(error, "has leaves that no spine joins");
  for (int32_t i = 0; i + 1 < shape->tier_count; i++) {
    const ls_shape_tier *tier = &shape->tiers[i];
    if (down_of(tier) < tier->up || down_of(tier) % tier->up)
      return ls_error_set(error, LS_ERR_NO, NULL, 0, NULL,
                          "has %" PRId64 " ports down and %" PRId64
                          " up in a tier, and htsim's oversubscription is a whole number",
                          down_of(tier), tier->up);
  }
  return LS_OK;
}

/* Whole nanoseconds, rounded up: htsim takes a delay of 0 for a missing one. */
static int64_t whole_ns(int64_t ps) { return (ps + 999) / 1000 > 0 ? (ps + 999) / 1000 : 1; }

static void write_tier(const ls_shape *shape, int32_t index, FILE *stream)
{
  const ls_shape_tier *tier = &shape->tiers[index];
  fprintf(stream, "\nTier %d\nDownlink_speed_Gbps %" PRId64 "\nRadix_Down %" PRId64 "\n", index,
          tier->gbps, down_of(tier));
  if (tier->up)
    fprintf(stream, "Radix_Up %" PRId64 "\nOversubscribed %" PRId64 "\n", tier->up,
            down_of(tier) / tier->up);
  fprintf(stream,
          "Downlink_Latency_ns %" PRId64 "\nSwitch_Latency_ns %" PRId64 "\nBundle %" PRId64 "\n",
          whole_ns(tier->link_ps), tier->pass_ps / 1000, tier->bundle);
}

ls_status ls_export_htsim(const ls_export *design, FILE *stream, ls_error *error)
{
  ls_shape shape;
  if (ls_record_peer_kind(design->record) != LS_RECORD_NONE)
    return refuse(error, "joins switches to their like, and htsim's .topo describes Clos "
                         "networks alone");
  ls_status status = ls_shape_find(design->record, "htsim", &shape, error);
  if (status == LS_OK) status = check_fits(&shape, error);
  if (status != LS_OK) return status;
  fprintf(stream, "# %s: one of %" PRId64 " networks that are alike\n", design->name,
          shape.network_count);
  fprintf(stream, "Nodes %" PRId64 "\nTiers %d\nPodsize %" PRId64 "\n", shape.gpu_count,
          shape.tier_count, shape.gpu_count / shape.pod_count);
  for (int32_t i = 0; i < shape.tier_count; i++) write_tier(&shape, i, stream);
  return LS_OK;
}
