/* The network of ASTRA-sim's analytical models: dimensions of equally many NPUs, of which an NPU
 * has its own share of bandwidth in each. The scale-up domain is the first. Then each tier of
 * switches joins what those below it do not, at what is left of a NIC's rate there; tiers that
 * leave equally much are one dimension. Blocks that are joined to each other are a fully connected
 * one. */
#include <inttypes.h>
#include <math.h>

#include "export.h"
#include "export_link.h"
#include "export_shape.h"
#include "yaml_tree.h"

enum { DIMENSION_MAX = 8 };

typedef struct dimension {
  const char *topology;
  int64_t npus;
  double gbps, link_ns; /* of an NPU: through a switch in all, else of each link */
} dimension;

typedef struct network {
  const ls_record_site *site;
  const ls_shape *shape;
  ls_error *error;
  int32_t count;
  dimension dimensions[DIMENSION_MAX];
  int64_t joined; /* scale-up domains that the tiers so far join */
} network;

static ls_status refuse(const network *self, const char *what)
{
  return ls_error_set(self->error, LS_ERR_NO, NULL, 0, NULL,
                      "%s, and ASTRA-sim's dimensions are all alike", what);
}

/* A dimension of one NPU is none; one that leaves as much as the one below widens that. */
static void add(network *self, const dimension *made)
{
  dimension *last = self->count ? &self->dimensions[self->count - 1] : NULL;
  if (made->npus <= 1) return;
  if (last && last->gbps == made->gbps && last->topology == made->topology) {
    last->npus *= made->npus;
    last->link_ns = made->link_ns;
  } else {
    self->dimensions[self->count++] = *made;
  }
}

/* GPUs below one group of a tier. Where scale-up domains reach over rails the leaves of all rails
 * are one group, and so are the networks of all rails. */
static int64_t gpus_below(const network *self, int32_t tier)
{
  const ls_shape *shape = self->shape;
  const bool has_rails = self->site->rail_count > 1 && self->site->scale_up_domain_gpus > 1;
  const int64_t rails = has_rails ? self->site->rail_count : 1;
  if (tier == 0) return shape->tiers[0].below * rails;
  const int64_t gpus = tier == 1 ? shape->gpu_count / shape->pod_count : shape->gpu_count;
  return gpus * (self->site->fabric_count > 1 ? rails : 1);
}

/* The scale-up domains of so many GPUs; 0: they are no whole number. Of a domain that reaches
 * farther the tier joins nothing that scale-up does not. */
static int64_t domains_of(const network *self, int64_t gpus)
{
  const int64_t domain =
      self->site->scale_up_domain_gpus > 1 ? self->site->scale_up_domain_gpus : 1;
  if (gpus % domain == 0) return gpus / domain;
  return domain % gpus == 0 ? 1 : 0;
}

static ls_status tier_add(network *self, const char *topology, int64_t gpus, double gbps,
                          double link_ns)
{
  const int64_t domains = domains_of(self, gpus);
  if (!domains || domains % self->joined)
    return ls_error_set(self->error, LS_ERR_NO, NULL, 0, NULL,
                        "has groups of %" PRId64 " GPUs and scale-up domains of %" PRId64
                        " that do not divide, and ASTRA-sim's dimensions are all alike",
                        gpus, self->site->scale_up_domain_gpus);
  const dimension made = {topology, domains / self->joined, gbps, link_ns};
  add(self, &made);
  self->joined = domains;
  return LS_OK;
}

/* The delay up to a tier of switches: all links on the way and the chassis below, with half of the
 * one where the path turns, for the way down has the other. */
static double up_ns(const ls_shape *shape, int32_t tier)
{
  double ps = 0;
  for (int32_t i = 0; i <= tier; i++)
    ps +=
        (double)shape->tiers[i].link_ps + (double)shape->tiers[i].pass_ps * (i < tier ? 1.0 : 0.5);
  return ps / 1000;
}

static ls_status tiers_add(network *self)
{
  static const char by_switch[] = "Switch";
  const ls_shape *shape = self->shape;
  double gbps = (double)self->site->plane_count * (double)shape->tiers[0].gbps;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < shape->tier_count; i++) {
    const ls_shape_tier *tier = &shape->tiers[i];
    status = tier_add(self, by_switch, gpus_below(self, i), gbps, up_ns(shape, i));
    const double up = (double)tier->up, down = (double)tier->below * (double)tier->bundle;
    if (tier->up) gbps *= fmin(up / down, 1);
  }
  return status;
}

/* Each GPU's share of the links to one other block. */
static ls_status mesh_add(network *self)
{
  const ls_shape *shape = self->shape;
  const int32_t top = shape->tier_count - 1;
  const double links = (double)shape->peer_links * (double)self->site->plane_count;
  const double gbps = links * (double)shape->peer_gbps / (double)gpus_below(self, top);
  const double path_ns = 2 * up_ns(shape, top) + (double)shape->tiers[top].pass_ps / 1000 +
                         (double)shape->peer_ps / 1000;
  const int64_t joined = self->joined;
  const ls_status status =
      tier_add(self, "FullyConnected", shape->gpu_count * self->site->fabric_count, gbps, path_ns);
  if (status != LS_OK || self->joined == joined * shape->block_count) return status;
  return refuse(self, "has scale-up domains larger than its blocks");
}

static ls_status network_fill(network *self)
{
  const ls_record_site *site = self->site;
  const ls_shape *shape = self->shape;
  const int64_t domain = site->scale_up_domain_gpus;
  if (domain > 1) {
    const dimension up = {"Switch", domain, (double)site->scale_up_gbps_per_gpu,
                          LS_SCALE_UP_LINK_NS};
    add(self, &up);
  }
  if (domain > 1 ? domain % site->rail_count : site->fabric_count > 1)
    return refuse(self, "has rails that no scale-up domain joins as a whole");
  if (domain > 1 && shape->tier_count > 2 && site->fabric_count == 1 &&
      shape->tiers[1].below % site->rail_count)
    return refuse(self, "has pods that do not hold all rails alike");
  ls_status status = tiers_add(self);
  if (status == LS_OK && shape->block_count) status = mesh_add(self);
  if (status != LS_OK) return status;
  /* A network of one rail holds the GPUs of that rail alone. */
  const int64_t gpus = shape->gpu_count * site->fabric_count;
  int64_t product = 1;
  for (int32_t i = 0; i < self->count; i++) product *= self->dimensions[i].npus;
  return self->count && product == gpus ? LS_OK
                                        : refuse(self, "has GPUs that its dimensions do not count");
}

/* ---- Writing ---- */

static void start(ls_yaml_writer *yaml, const char *key)
{
  ls_yaml_word(yaml, key);
  ls_yaml_start(yaml, LS_YAML_LIST, true);
}

static ls_status network_write(const network *self, FILE *stream)
{
  ls_yaml_writer *yaml = ls_yaml_open(stream);
  if (!yaml) return LS_ERR_MEMORY;
  ls_yaml_start(yaml, LS_YAML_MAP, false);
  start(yaml, "topology");
  for (int32_t i = 0; i < self->count; i++) ls_yaml_word(yaml, self->dimensions[i].topology);
  ls_yaml_end(yaml, LS_YAML_LIST);
  start(yaml, "npus_count");
  for (int32_t i = 0; i < self->count; i++) ls_yaml_number(yaml, (double)self->dimensions[i].npus);
  ls_yaml_end(yaml, LS_YAML_LIST);
  start(yaml, "bandwidth"); /* GB/s */
  for (int32_t i = 0; i < self->count; i++) ls_yaml_number(yaml, self->dimensions[i].gbps / 8);
  ls_yaml_end(yaml, LS_YAML_LIST);
  start(yaml, "latency"); /* ns */
  for (int32_t i = 0; i < self->count; i++) ls_yaml_number(yaml, ceil(self->dimensions[i].link_ns));
  ls_yaml_end(yaml, LS_YAML_LIST);
  ls_yaml_end(yaml, LS_YAML_MAP);
  return ls_yaml_close(yaml);
}

ls_status ls_export_astra_sim(const ls_export *design, FILE *stream, ls_error *error)
{
  ls_shape shape;
  ls_status status = ls_shape_find(design->record, "ASTRA-sim", &shape, error);
  if (status != LS_OK) return status;
  network made = {.site = &design->record->site, .shape = &shape, .error = error, .joined = 1};
  status = network_fill(&made);
  return status == LS_OK ? network_write(&made, stream) : status;
}
