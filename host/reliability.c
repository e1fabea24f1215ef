#include "reliability.h"

#include "wide.h"

#define FIT_HOURS INT64_C(1000000000) /* 1 FIT is a failure in as many hours */

/* The mode of a distribution has this weight; others follow by ratios and end where they round to
 * nothing. Each step loses less than one unit. */
#define WEIGHT_ONE ((int64_t)1 << 60)

/* ---- Distributions ---- */

int64_t ls_fit_from_mtbf_hours(int64_t mtbf_hours)
{
  return (int64_t)ls_wide_divide(FIT_HOURS, mtbf_hours);
}

/* The weight of one failure fewer, or more, than k. */
static int64_t poisson_before(int64_t mu_nano, int64_t k, int64_t weight)
{
  return (int64_t)((ls_wide)weight * k * FIT_HOURS / mu_nano);
}

static int64_t poisson_after(int64_t mu_nano, int64_t k, int64_t weight)
{
  return (int64_t)((ls_wide)weight * mu_nano / ((ls_wide)(k + 1) * FIT_HOURS));
}

ls_status ls_poisson_quantile(int64_t mu_nano, int32_t confidence_ppm, int64_t *count)
{
  if (mu_nano < 0 || mu_nano > FIT_HOURS * FIT_HOURS || confidence_ppm < 1 ||
      confidence_ppm > 999999)
    return LS_ERR_INPUT;
  const int64_t mode = mu_nano / FIT_HOURS;
  ls_wide below = 0, above = 0; /* weights of at most the mode, and of more */
  if (mu_nano == 0) {
    *count = 0;
    return LS_OK;
  }
  for (int64_t k = mode, w = WEIGHT_ONE; w > 0; w = poisson_before(mu_nano, k--, w)) below += w;
  for (int64_t k = mode, w = WEIGHT_ONE; w > 0; k++) {
    w = poisson_after(mu_nano, k, w);
    above += w;
  }
  const ls_wide wanted = (below + above) * confidence_ppm;
  ls_wide sum = below;
  int64_t k = mode, w = WEIGHT_ONE;
  while ((sum - w) * 1000000 >= wanted) {
    sum -= w;
    w = poisson_before(mu_nano, k--, w);
  }
  while (sum * 1000000 < wanted) {
    w = poisson_after(mu_nano, k++, w);
    sum += w;
  }
  *count = k;
  return LS_OK;
}

ls_status ls_spares_needed(int64_t part_count, int64_t fit, const ls_reliability *options,
                           int64_t *count)
{
  int64_t mu_nano = 0;
  if (part_count < 0 || fit < 0) return LS_ERR_INPUT;
  const ls_wide failures = (ls_wide)part_count * fit;
  if (failures > INT64_MAX ||
      ls_wide_narrow(failures * 24 * options->spares_lead_days, &mu_nano) != LS_OK)
    return LS_ERR_INPUT;
  return ls_poisson_quantile(mu_nano, options->spares_confidence_ppm, count);
}

int64_t ls_first_failure_ms(int64_t part_count, int64_t fit)
{
  return (int64_t)((ls_wide)FIT_HOURS * 3600000 / ((ls_wide)part_count * fit));
}

int64_t ls_failures_per_day_micro(int64_t part_count, int64_t fit)
{
  return (int64_t)ls_wide_divide((ls_wide)part_count * fit * 24 * 1000000, FIT_HOURS);
}

/* ---- Availability ---- */

int64_t ls_availability_ppt(int64_t fit, int64_t repair_min)
{
  const ls_wide uptime = (ls_wide)FIT_HOURS * 60;
  return (int64_t)ls_wide_divide(uptime * LS_PPT_ONE, uptime + (ls_wide)fit * repair_min);
}

int64_t ls_availability_series_ppt(int64_t availability_ppt, int64_t count)
{
  ls_wide result = LS_PPT_ONE, power = availability_ppt;
  for (; count > 0; count >>= 1) {
    if (count & 1) result = ls_wide_divide(result * power, LS_PPT_ONE);
    power = ls_wide_divide(power * power, LS_PPT_ONE);
  }
  return (int64_t)result;
}

ls_status ls_availability_k_of_n_ppt(int64_t availability_ppt, int32_t k, int32_t n,
                                     int64_t *result_ppt)
{
  const ls_wide up = availability_ppt, down = LS_PPT_ONE - up;
  if (k < 0 || k > n || n > 1 << 20 || up < 0 || down < 0) return LS_ERR_INPUT;
  if (up == 0 || down == 0) {
    *result_ppt = k == 0 || down == 0 ? LS_PPT_ONE : 0;
    return LS_OK;
  }
  ls_wide total = 0, enough = 0;
  int64_t mode = (int64_t)((n + 1) * up / LS_PPT_ONE), w = WEIGHT_ONE;
  if (mode > n) mode = n;
  for (int64_t i = mode; w > 0; i--) {
    total += w;
    if (i >= k) enough += w;
    w = (int64_t)((ls_wide)w * i * down / ((n - i + 1) * up)); /* 0 at i = 0 */
  }
  w = WEIGHT_ONE;
  for (int64_t i = mode; w > 0; i++) {
    w = (int64_t)((ls_wide)w * (n - i) * up / ((i + 1) * down)); /* 0 at i = n */
    total += w;
    if (i + 1 >= k) enough += w;
  }
  *result_ppt = (int64_t)ls_wide_divide(enough * LS_PPT_ONE, total);
  return LS_OK;
}

/* ---- What failures cost the job ---- */

int32_t ls_p_kill_ppm(const ls_reliability *options, bool is_access, int32_t plane_count)
{
  return (is_access ? options->p_kill_access_ppm : options->p_kill_trunk_ppm) / plane_count;
}

int64_t ls_interruptions_per_day_micro(const ls_failure_part *parts, int32_t part_count)
{
  ls_wide sum = 0;
  for (int32_t i = 0; i < part_count; i++)
    sum += (ls_wide)parts[i].count * parts[i].fit * parts[i].p_kill_ppm * 24;
  return (int64_t)ls_wide_divide(sum, FIT_HOURS);
}
