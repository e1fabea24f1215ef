/* A tornado in words and as JSON. */
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "tornado.h"
#include "units.h"

/* The value in its key's own unit, without trailing zeros. */
static const char *value_text(const ls_figure *figure, int64_t value, char text[LS_AMOUNT_MAX])
{
  ls_decimal_format(value, figure->digits, text);
  return text;
}

/* ---- JSON ---- */

static ls_json *end_json(const ls_figure *figure, const ls_bar_end *end)
{
  ls_json *object = ls_json_object();
  ls_json_set_bool(object, "feasible", end->is_feasible);
  ls_json_set_int(object, "amount", end->amount);
  ls_json_set_bool(object, "pick_changes", end->is_changed);
  if (!end->is_changed) return object;
  ls_json_set_real(object, "flips_at", ls_figure_value(figure, end->flip));
  if (end->is_feasible)
    ls_json_set_text(object, "to", end->design);
  else
    ls_json_set_null(object, "to");
  return object;
}

ls_json *ls_tornado_bar_json(const ls_session *session, const ls_tornado *tornado,
                             const ls_bar *bar)
{
  const ls_figure *figure = &tornado->figures[bar->figure];
  const ls_number *number = ls_figure_number_const(session->catalog, figure);
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "figure", figure->path);
  ls_json_set_real(object, "value", ls_figure_value(figure, number->value));
  ls_json_set_real(object, "low", ls_figure_value(figure, number->low));
  ls_json_set_real(object, "high", ls_figure_value(figure, number->high));
  ls_json_set_bool(object, "assumed", number->evidence == LS_EVIDENCE_ASSUMED);
  return object;
}

ls_json *ls_tornado_json(const ls_session *session, const ls_tornado *tornado)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < tornado->bar_count; i++) {
    const ls_bar *bar = &tornado->bars[i];
    const ls_figure *figure = &tornado->figures[bar->figure];
    ls_json *object = ls_tornado_bar_json(session, tornado, bar);
    ls_json_set_int(object, "effect", bar->effect);
    ls_json_set(object, "at_low", end_json(figure, &bar->end[0]));
    ls_json_set(object, "at_high", end_json(figure, &bar->end[1]));
    ls_json_append(array, object);
  }
  return array;
}

/* ---- Text ---- */

const char *ls_tornado_amount_text(int32_t metric, int64_t amount, char text[LS_AMOUNT_MAX])
{
  switch (metric) {
  case LS_METRIC_CAPEX:
  case LS_METRIC_TCO: return ls_money_text(amount, text);
  case LS_METRIC_POWER: return ls_power_text(amount, text);
  case LS_METRIC_LATENCY: return ls_latency_text(amount, text);
  case LS_METRIC_RISK: return ls_rate_text(amount, text);
  default: snprintf(text, LS_AMOUNT_MAX, "%.6f", (double)amount / 1e6); return text;
  }
}

static bool bar_flips(const ls_bar *bar)
{
  return bar->end[0].is_changed || bar->end[1].is_changed;
}

static void bar_print(const ls_session *session, const ls_tornado *tornado, const ls_bar *bar)
{
  const ls_figure *figure = &tornado->figures[bar->figure];
  const ls_number *number = ls_figure_number_const(session->catalog, figure);
  char low[LS_AMOUNT_MAX], value[LS_AMOUNT_MAX], high[LS_AMOUNT_MAX], flips[80] = "";
  char least[LS_AMOUNT_MAX], most[LS_AMOUNT_MAX], flip[LS_AMOUNT_MAX];
  for (int32_t i = 0; i < 2; i++)
    if (bar->end[i].is_changed)
      snprintf(flips + strlen(flips), sizeof flips - strlen(flips), "%s%s %s",
               flips[0] ? ", " : "flips ",
               i ? ">=" : "<=", value_text(figure, bar->end[i].flip, flip));
  printf(
      "  %10s .. %-10s %s%-46s %9s [%s..%s]  %s\n",
      ls_tornado_amount_text(tornado->metric, ls_min(bar->end[0].amount, bar->end[1].amount),
                             least),
      ls_tornado_amount_text(tornado->metric, ls_max(bar->end[0].amount, bar->end[1].amount), most),
      number->evidence == LS_EVIDENCE_ASSUMED ? "*" : " ", figure->path,
      value_text(figure, number->value, value), value_text(figure, number->low, low),
      value_text(figure, number->high, high), flips);
}

/* Where a flip leads, once for each bar. */
static void flip_print(const ls_session *session, const ls_tornado *tornado, const ls_bar *bar)
{
  const ls_figure *figure = &tornado->figures[bar->figure];
  const ls_number *number = ls_figure_number_const(session->catalog, figure);
  char value[LS_AMOUNT_MAX], flip[LS_AMOUNT_MAX];
  for (int32_t i = 0; i < 2; i++)
    if (bar->end[i].is_changed)
      printf("  %s%s %s %s (now %s): %s\n", number->evidence == LS_EVIDENCE_ASSUMED ? "*" : " ",
             figure->path, i ? ">=" : "<=", value_text(figure, bar->end[i].flip, flip),
             value_text(figure, number->value, value),
             bar->end[i].is_feasible ? bar->end[i].design : "nothing is feasible");
}

void ls_tornado_print(const ls_session *session, const ls_tornado *tornado, int32_t bar_max)
{
  int32_t flip_count = 0, told_count = 0;
  printf("Every figure at its low and high, at level 1: what the %s comes to; * is assumed\n",
         tornado->rule->name);
  for (int32_t i = 0; i < tornado->bar_count; i++) {
    if (i < bar_max && tornado->bars[i].effect) bar_print(session, tornado, &tornado->bars[i]);
    flip_count += bar_flips(&tornado->bars[i]);
  }
  printf("\n%d of %d figures with a range change the pick of level 1 on their own%s\n", flip_count,
         tornado->bar_count, flip_count ? ":" : "");
  for (int32_t i = 0; i < tornado->bar_count && told_count < bar_max; i++)
    if (bar_flips(&tornado->bars[i])) {
      flip_print(session, tornado, &tornado->bars[i]);
      told_count++;
    }
  if (told_count < flip_count)
    printf("   and %d more; --all tells them\n", flip_count - told_count);
}
