/* Curves and yearly changes, in integers: the same on every machine. */
#include "catalog_year.h"

#include "catalog_figures.h"

#define MILLION 1000000

/* a * b / c, rounded half away from zero; b >= 0, c > 0. Within 64 bits if |a| * b / c is. */
static int64_t scale(int64_t a, int64_t b, int64_t c)
{
  const __int128 product = (__int128)a * b;
  const __int128 half = c / 2;
  return (int64_t)((product < 0 ? product - half : product + half) / c);
}

static int64_t clamp(int64_t value, int64_t min, int64_t max)
{
  return value < min ? min : value > max ? max : value;
}

int64_t ls_curve_at(const ls_curve *curve, int32_t year)
{
  const int32_t last = curve->count - 1;
  if (year <= curve->year[0]) return curve->value[0];
  if (year >= curve->year[last]) return curve->value[last];
  int32_t next = 1;
  while (curve->year[next] < year) next++;
  const int64_t from = curve->value[next - 1], to = curve->value[next];
  const int32_t span = curve->year[next] - curve->year[next - 1];
  return from + scale(to - from, year - curve->year[next - 1], span);
}

/* value * (1 + change)^years, kept within [0..max]. Each step is monotone in the value, so a
 * negative change never raises it and a positive one never lowers it. */
static int64_t changed(const ls_number *number, int32_t years, int64_t max)
{
  const __int128 limit = (__int128)max * MILLION;
  const int64_t factor = MILLION + number->change_ppm;
  __int128 value = (__int128)number->value * MILLION;
  for (int32_t i = 0; i < years; i++) {
    value = value * factor / MILLION;
    if (value > limit) value = limit;
  }
  for (int32_t i = 0; i < -years; i++) {
    value = (value * MILLION + factor - 1) / factor;
    if (value > limit) value = limit;
  }
  return (int64_t)((value + MILLION / 2) / MILLION);
}

/* The catalog to be resolved in place, and the year. */
typedef struct resolution {
  ls_catalog *catalog;
  int32_t year;
} resolution;

static void resolve(void *context, const ls_figure *figure)
{
  const resolution *self = context;
  ls_number *number = ls_figure_number(self->catalog, figure);
  if (number->curve == 0 && number->change_ppm == 0) return;
  int64_t value = number->curve > 0
                      ? ls_curve_at(&self->catalog->curves[number->curve - 1], self->year)
                      : changed(number, self->year - number->year, figure->max);
  value = clamp(value, figure->min, figure->max);
  /* value > 0: curves and changes are refused for all others. */
  number->low = clamp(scale(number->low, value, number->value), figure->min, figure->max);
  number->high = clamp(scale(number->high, value, number->value), figure->min, figure->max);
  number->value = value;
  number->year = self->year;
  number->curve = number->change_ppm = 0;
}

ls_status ls_catalog_at(const ls_catalog *catalog, int32_t year, int32_t scenario, ls_catalog *at)
{
  if (scenario < LS_SUPPLY_LOW || scenario > LS_SUPPLY_UNLIMITED) return LS_ERR_INTERNAL;
  if (at != catalog) *at = *catalog;
  resolution self = {at, year};
  ls_catalog_figures_visit(at, resolve, &self);
  for (int32_t i = 0; i < at->resource_count; i++) {
    ls_catalog_resource *resource = &at->resources[i];
    resource->units_per_year = scenario == LS_SUPPLY_LOW    ? resource->units_per_year_low
                               : scenario == LS_SUPPLY_BASE ? resource->units_per_year_base
                                                            : resource->units_per_year_high;
    resource->units_per_year.line = 0; /* no figure of its own */
    resource->is_unlimited = scenario == LS_SUPPLY_UNLIMITED;
  }
  return LS_OK;
}
