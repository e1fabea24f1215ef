#include "problem_money.h"

#include "failure_modes.h"
#include "problem_risk.h"
#include "reliability.h"
#include "workload.h"

/* FIT x 1e-9/h x hours x labor. */
int64_t ls_spec_repair_mcents(const ls_spec *spec, int64_t fit)
{
  const ls_spec_economics *economics = &spec->economics;
  return fit * LS_HOURS_PER_YEAR * economics->years / 1000 * economics->repair_cents / 1000;
}

/* How often each row fails, for how long, and what its repairs cost. */
static void fill_rows(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  for (int32_t i = 0; i < problem->switch_count; i++) {
    ls_switch_row *row = &problem->switches[i];
    row->fit = ls_chassis_fit(&catalog->switches[i]);
    row->downtime = ls_chassis_downtime(&catalog->switches[i]);
    row->spare_fit = row->fit + ls_chassis_engines_fit(catalog, &catalog->switches[i]);
    row->swap_fit = ls_chassis_swap_fit(catalog, &catalog->switches[i]);
    row->swap_downtime = ls_chassis_swap_downtime(catalog, &catalog->switches[i]);
    row->repair_mcents = ls_spec_repair_mcents(spec, row->fit);
  }
  for (int32_t i = 0; i < problem->optic_count; i++) {
    const ls_catalog_optic *entry = &catalog->optics[i];
    const bool is_integrated = ls_optic_is_integrated(entry->kind);
    ls_optic_row *row = &problem->optics[i];
    row->fit = is_integrated ? ls_integrated_parts_fit(entry) : entry->failure_fit.value;
    ls_optic_parts(entry, row->part);
    row->repair_mcents = ls_spec_repair_mcents(spec, row->fit);
  }
  for (int32_t i = 0; i < problem->ocs_count; i++) {
    ls_ocs_row *row = &problem->ocs[i];
    row->fit = catalog->ocs[i].failure_fit.value;
    row->downtime = row->fit * catalog->ocs[i].repair_min.value;
    row->repair_mcents = ls_spec_repair_mcents(spec, row->fit);
  }
}

/* Micro-cents for a milliwatt over the years: kW x PUE x hours x price. A milliwatt is 1e-6 kW, a
 * micro-USD 1e-4 cents, a PUE in ppm 1e-6. */
static int64_t energy_ucents_per_mw(const ls_spec_economics *economics)
{
  const int64_t per_kwh = (int64_t)economics->pue_ppm * economics->energy_microusd_per_kwh / 10000;
  return per_kwh * economics->years * LS_HOURS_PER_YEAR / 1000000;
}

int64_t ls_structure_effective_hours(const ls_spec *spec, const ls_problem *problem,
                                     const ls_structure *structure,
                                     const ls_structure_demand *demand)
{
  const int64_t gpus = spec->cluster.gpu_count;
  const int64_t hours = gpus * LS_HOURS_PER_YEAR * spec->economics.years;
  int64_t latency_ps = structure->base.metric[LS_METRIC_LATENCY];
  ls_workload workload;
  if (!spec->traffic.compute_ps) return hours;
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    latency_ps += structure->link_passes[tier] * problem->fec_latency_ps;
  if (ls_workload_compute(spec, demand, latency_ps, &workload) != LS_OK) return 0;
  const int64_t share_ppm = ls_effective_fraction_ppm(&workload.step);
  return hours / 1000000 * share_ppm + hours % 1000000 * share_ppm / 1000000;
}

void ls_problem_fill_money(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  const ls_spec_economics *economics = &spec->economics;
  fill_rows(catalog, spec, problem);
  problem->years = economics->years;
  problem->energy_ucents_per_mw = energy_ucents_per_mw(economics);
  problem->gpu_hour_cents = economics->gpu_hour_cents;
  problem->job_gpus = ls_spec_job_gpus(spec);
  problem->lost_job = ls_spec_lost_job(spec);
  problem->lost_flaps = ls_spec_lost_flaps(spec);
  problem->communication_ppm = ls_spec_communication_ppm(spec);
  const int64_t gpu_energy_cents =
      economics->gpu_power_mw * problem->energy_ucents_per_mw / 1000000;
  problem->cluster_cents = spec->cluster.gpu_count * (economics->gpu_cents + gpu_energy_cents);
}

/* Most failures expected, in millionths, for which count spares last with that confidence: between
 * low, for which they do, and low + 2 failures. */
static int64_t spare_limit(int64_t count, int32_t confidence_ppm, int64_t low)
{
  int64_t high = low + 2000000, needed = 0;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    if (ls_poisson_quantile(1000 * middle, confidence_ppm, &needed) == LS_OK && needed <= count)
      low = middle;
    else
      high = middle;
  }
  return low;
}

void ls_problem_fill_spares(const ls_spec *spec, ls_problem *problem)
{
  const int32_t confidence_ppm = spec->reliability.spares_confidence_ppm;
  const int64_t many = 1000000; /* whose square root is 1000: the spread comes out in thousandths */
  int64_t low = 0, needed = 0;
  problem->spare_hours = 24 * spec->reliability.spares_lead_days;
  if (!problem->spare_hours) return;
  for (int32_t count = 0; count < LS_SPARES_TABLE; count++)
    problem->spare_limit[count] = low = spare_limit(count, confidence_ppm, low);
  if (ls_poisson_quantile(many * 1000000000, confidence_ppm, &needed) == LS_OK)
    problem->spare_z_milli = (int32_t)(needed - many);
}
