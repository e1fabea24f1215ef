/* Recomputes from a file's own unit values what its design costs over the years: for each kind of
 * unit (the chassis of a kind of device, the optics of one of its faces) the energy, repairs,
 * spares and lost GPU-hours, each rounded down to the cent once.
 *
 *   energy  = watts x price of a watt over the years
 *   repairs = units x milli-cents of one over the years
 *   spares  = n x price, P(Poisson(units x FIT x lead time) <= n) >= confidence; where more than 63
 *             are needed n = ceil(mean) + floor(z sqrt(mean)) + 2
 *   lost    = parts x (FIT x lost at once + FIT x minutes x lost an hour / 60) a year, over all
 * ways in which units go down: verify_losses.c */
#include "verify_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { SPARES_EXACT_MAX = 63 };

/* What a GPU-hour costs where none is left that computes. */
static const int64_t NEVER_MICRO_USD = INT64_C(1000000000000000);

static const char *const GRAPH = "graph";

/* All units of one kind. */
typedef struct unit_sum {
  int64_t count, power_mw;
  int64_t capex_cents, fit, repair_mcents; /* of one */
  ls_verify_outage outages[LS_RECORD_PART_MAX];
} unit_sum;

enum { MODELS_MAX = 64 };

/* The chassis of one model in one tier. */
typedef struct model_sum {
  const ls_record_node *example;
  unit_sum units;
} model_sum;

/* Of each kind of device its chassis by model, and by kind of optics those towards the GPUs and
 * away from them. */
typedef struct sums {
  int32_t model_count;
  bool has_too_many; /* models: their money is missing, so that no claim is met */
  model_sum models[MODELS_MAX];
  unit_sum optics[LS_DEVICE_KIND_COUNT][2][LS_RECORD_OPTIC_MAX];
  int64_t tier[LS_DEVICE_KIND_COUNT][2]; /* that the links of a face belong to */
} sums;

static int64_t narrowed(wide value) { return value > INT64_MAX ? INT64_MAX : (int64_t)value; }

/* ---- Units ---- */

static void add_chassis(const ls_record_node *node, sums *all)
{
  int32_t at = 0;
  if (node->kind == LS_DEVICE_RACK) return;
  while (at < all->model_count &&
         (all->models[at].example->kind != node->kind ||
          strcmp(all->models[at].example->catalog_id, node->catalog_id) != 0))
    at++;
  if (at == MODELS_MAX) {
    all->has_too_many = true;
    return;
  }
  if (at == all->model_count) all->models[all->model_count++].example = node;
  unit_sum *sum = &all->models[at].units;
  sum->count++;
  sum->power_mw = narrowed((wide)sum->power_mw + node->unit_power_mw);
  sum->capex_cents = node->unit_capex_cents;
  sum->fit = node->unit_spare_fit;
  sum->repair_mcents = node->unit_repair_mcents;
}

/* Integrated optics have their parts in proportion to a port's rate. */
static int64_t shared(const ls_record_site *site, const ls_record_optic *optic, int64_t figure)
{
  if (optic->fit_share_gbps <= 0) return figure;
  return narrowed((wide)figure * site->port_gbps / optic->fit_share_gbps);
}

static void add_optics(const ls_record *record, const ls_record_face *face, unit_sum *by_optic)
{
  for (int32_t i = 0; i < face->group_count; i++) {
    const ls_record_group *group = &face->groups[i];
    const ls_record_optic *optic = &record->optics[group->optic];
    unit_sum *sum = &by_optic[group->optic];
    sum->count = narrowed((wide)sum->count + group->module_count);
    sum->power_mw = narrowed((wide)sum->power_mw +
                             (wide)group->module_count * ls_record_module_power_mw(record, optic));
    sum->capex_cents = optic->capex_cents;
    sum->fit = shared(&record->site, optic, optic->fit);
    sum->repair_mcents = shared(&record->site, optic, optic->repair_mcents);
  }
}

/* What the optics of one face of all devices of a kind lose. */
static void face_losses(const ls_verify_losses *losses, int32_t kind, int32_t face, sums *all)
{
  const ls_record *record = losses->record;
  const int64_t tier = all->tier[kind][face];
  if (tier < 0 || tier >= LS_RECORD_TIER_MAX) return;
  for (int32_t i = 0; i < record->optic_count; i++) {
    unit_sum *sum = &all->optics[kind][face][i];
    if (sum->count > 0)
      ls_verify_losses_of_optics(losses, &record->optics[i], kind == LS_DEVICE_RACK, tier,
                                 sum->count, sum->outages);
  }
}

static void gather(const ls_verify_losses *losses, sums *all)
{
  const ls_record *record = losses->record;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind == LS_BUNDLE_CIRCUIT) continue;
    all->tier[record->nodes[edge->node_a].kind][1] = edge->tier;
    all->tier[record->nodes[edge->node_b].kind][ls_record_is_peer(record, edge)] = edge->tier;
  }
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    add_chassis(node, all);
    add_optics(record, &node->down, all->optics[node->kind][0]);
    add_optics(record, &node->up, all->optics[node->kind][1]);
  }
  for (int32_t i = 0; i < all->model_count; i++)
    ls_verify_losses_of_devices(losses, all->models[i].example, all->models[i].units.count,
                                all->models[i].units.outages);
  for (int32_t kind = 0; kind < LS_DEVICE_KIND_COUNT; kind++)
    for (int32_t face = 0; face < 2; face++) face_losses(losses, kind, face, all);
}

/* ---- Money ---- */

/* Spares for this many failures expected, in millionths: the distribution summed term by term. */
static int64_t spare_count(const ls_record_site *site, int64_t mean_millionths)
{
  const double mean = 1e-6 * (double)mean_millionths;
  const double confidence = 1e-6 * (double)site->spare_confidence_ppm;
  double term = exp(-mean), sum = term;
  for (int64_t count = 0; count <= SPARES_EXACT_MAX && mean < 700; count++) {
    if (sum >= confidence) return count;
    term *= mean / (double)(count + 1);
    sum += term;
  }
  const wide spread_milli_squared =
      (wide)(mean_millionths / 1000 * site->spare_z_milli / 1000) * site->spare_z_milli;
  return (int64_t)ceil(mean) + (int64_t)sqrt((double)spread_milli_squared) / 1000 + 2;
}

static int64_t lost_a_year(int64_t count, int64_t fit, int64_t each)
{
  return narrowed((wide)((wide)count * fit * 876 / 100) * each / 1000000);
}

/* Adds what is spent on the units over the years, capex aside, and the hours that they cost with
 * what those are worth. */
static void add_money(const ls_record_site *site, const unit_sum *unit, int64_t *spent_cents,
                      int64_t *lost_cents, int64_t *lost_mgpuh)
{
  if (unit->count == 0) return;
  const wide energy = (wide)unit->power_mw * site->energy_ucents_per_mw / 1000000;
  const wide repairs = (wide)unit->count * unit->repair_mcents / 1000;
  wide spares = 0;
  if (unit->capex_cents > 0 && site->spare_hours > 0)
    spares = (wide)unit->capex_cents *
             spare_count(site, narrowed((wide)unit->count * unit->fit * site->spare_hours / 1000));
  wide lost_mgpuh_here = 0;
  for (int32_t i = 0; i < LS_RECORD_PART_MAX; i++) {
    const ls_verify_outage *outage = &unit->outages[i];
    lost_mgpuh_here += lost_a_year(outage->count, outage->fit, outage->lost_mgpuh);
    lost_mgpuh_here += lost_a_year(outage->count, outage->fit_min, outage->slow_mgpuh) / 60;
  }
  const int64_t lost = narrowed(lost_mgpuh_here);
  *lost_cents = narrowed(*lost_cents + (wide)lost * site->years / 1000 * site->gpu_hour_cents);
  *spent_cents = narrowed(*spent_cents + energy + repairs + spares);
  *lost_mgpuh = narrowed((wide)*lost_mgpuh + lost);
}

/* Of all chassis, modules and cords. */
static int64_t capex_of(const ls_record *record)
{
  wide cents = 0;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    cents += (wide)node->down.modules_capex_cents + node->up.modules_capex_cents +
             node->unit_capex_cents;
  }
  for (int32_t i = 0; i < record->edge_count; i++)
    if (record->edges[i].kind != LS_BUNDLE_CIRCUIT)
      cents += (wide)record->edges[i].link_count * record->edges[i].cord_capex_cents;
  for (int32_t i = 0; i < 2; i++)
    cents += (wide)record->site.scale_up[i].count * record->site.scale_up[i].capex_cents;
  return narrowed(cents);
}

static unit_sum scale_up_sum(const ls_record_units *units)
{
  return (unit_sum){.count = units->count,
                    .power_mw = units->power_mw,
                    .capex_cents = units->capex_cents,
                    .fit = units->fit,
                    .repair_mcents = units->repair_mcents,
                    .outages = {{units->count, units->fit, units->downtime_fit_min,
                                 units->lost_mgpuh, units->slow_mgpuh}}};
}

/* z is a quantile of the normal distribution, whose integral erfc is. */
static void check_spread(const ls_record_site *site, ls_verify_report *report)
{
  const double z = 1e-3 * (double)site->spare_z_milli;
  const double confidence = 1 - 0.5 * erfc(z / sqrt(2));
  if (site->spare_hours > 0 && fabs(1e6 * confidence - (double)site->spare_confidence_ppm) > 1000)
    ls_verify_compare(report, GRAPH, "spare_z_milli", site->spare_confidence_ppm,
                      (int64_t)(1e6 * confidence));
}

ls_status ls_verify_check_money(const ls_record *record, ls_verify_report *report)
{
  ls_verify_losses losses;
  sums *all = calloc(1, sizeof *all);
  const ls_status status = all == NULL ? LS_ERR_MEMORY : ls_verify_losses_init(record, &losses);
  if (status != LS_OK) {
    free(all);
    return status;
  }
  const ls_record_site *site = &record->site;
  const ls_record_claims *claims = &record->claims;
  int64_t spent_cents = capex_of(record), lost_cents = 0, lost_mgpuh = 0;
  gather(&losses, all);
  for (int32_t i = 0; i < all->model_count; i++)
    add_money(site, &all->models[i].units, &spent_cents, &lost_cents, &lost_mgpuh);
  for (int32_t kind = 0; kind < LS_DEVICE_KIND_COUNT; kind++)
    for (int32_t i = 0; i < 2 * record->optic_count; i++)
      add_money(site, &all->optics[kind][i % 2][i / 2], &spent_cents, &lost_cents, &lost_mgpuh);
  if (all->has_too_many)
    ls_verify_mismatch(report, GRAPH, "catalog_id", "few models", "more than are counted");
  free(all);
  for (int32_t i = 0; i < 2; i++) {
    const unit_sum scale_up = scale_up_sum(&site->scale_up[i]);
    add_money(site, &scale_up, &spent_cents, &lost_cents, &lost_mgpuh);
  }
  const wide hours = site->effective_gpu_hours - (wide)lost_mgpuh * site->years / 1000;
  const wide cents = (wide)site->cluster_cents + spent_cents;
  check_spread(site, report);
  ls_verify_compare(report, GRAPH, "tco_cents", claims->tco_cents,
                    narrowed((wide)spent_cents + lost_cents));
  ls_verify_compare(report, GRAPH, "lost_mgpuh_per_year", claims->lost_mgpuh_per_year, lost_mgpuh);
  ls_verify_compare(report, GRAPH, "gpu_hour_micro_usd", claims->gpu_hour_micro_usd,
                    hours > 0 ? narrowed(cents * 10000 / hours) : NEVER_MICRO_USD);
  return LS_OK;
}
