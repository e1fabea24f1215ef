#include "units.h"

#include <inttypes.h>
#include <stdio.h>

/* Chooses among unit names a thousand apart; amount is in the first of them. */
static const char *scaled(double amount, const char *before, const char *const *units, int count,
                          char text[LS_AMOUNT_MAX])
{
  int unit = 0;
  for (; unit + 1 < count && amount >= 999.95; unit++) amount /= 1000;
  const int decimals = amount >= 1000 ? 0 : amount >= 100 ? 1 : 2;
  snprintf(text, LS_AMOUNT_MAX, "%s%.*f%s%s", before, decimals, amount, units[unit][0] ? " " : "",
           units[unit]);
  return text;
}

const char *ls_money_text(int64_t cents, char text[LS_AMOUNT_MAX])
{
  static const char *const units[] = {"", "k", "M", "G"};
  return scaled((double)cents / 100, "$", units, 4, text);
}

const char *ls_power_text(int64_t mw, char text[LS_AMOUNT_MAX])
{
  static const char *const units[] = {"W", "kW", "MW"};
  return scaled((double)mw / 1000, "", units, 3, text);
}

const char *ls_rate_text(int64_t bps, char text[LS_AMOUNT_MAX])
{
  static const char *const units[] = {"kb/s", "Mb/s", "Gb/s", "Tb/s"};
  return scaled((double)bps / 1000, "", units, 4, text);
}

const char *ls_latency_text(int64_t ps, char text[LS_AMOUNT_MAX])
{
  snprintf(text, LS_AMOUNT_MAX, "%.0f ns", (double)ps / 1000);
  return text;
}

const char *ls_hours_text(int64_t milli_hours, char text[LS_AMOUNT_MAX])
{
  static const char *const units[] = {"h", "kh", "Mh", "Gh"};
  return scaled((double)milli_hours / 1000, "", units, 4, text);
}

const char *ls_micro_usd_text(int64_t micro_usd, char text[LS_AMOUNT_MAX])
{
  snprintf(text, LS_AMOUNT_MAX, "$%.6f", (double)micro_usd / 1e6);
  return text;
}

const char *ls_count_text(uint64_t count, char text[LS_AMOUNT_MAX])
{
  char digits[LS_AMOUNT_MAX];
  const int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
  int out = 0;
  for (int i = 0; i < length && out + 2 < LS_AMOUNT_MAX; i++) {
    if (i && (length - i) % 3 == 0) text[out++] = ',';
    text[out++] = digits[i];
  }
  text[out] = '\0';
  return text;
}
