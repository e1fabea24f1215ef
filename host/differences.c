#include "differences.h"

#include <stdio.h>
#include <stdlib.h>

#include "units.h"

typedef const char *(*amount_text)(int64_t amount, char text[LS_AMOUNT_MAX]);

static const char *throughput_text(int64_t ppm, char text[LS_AMOUNT_MAX])
{
  snprintf(text, LS_AMOUNT_MAX, "%.1f %% of NIC rate", (double)ppm / 1e4);
  return text;
}

/* How the difference in each metric is told. */
static const struct {
  int32_t metric;
  amount_text text;
  const char *what;
} kinds[] = {{LS_METRIC_CAPEX, ls_money_text, ""},
             {LS_METRIC_POWER, ls_power_text, ""},
             {LS_METRIC_LOSS, throughput_text, ""},
             {LS_METRIC_LATENCY, ls_latency_text, ""},
             {LS_METRIC_RISK, ls_rate_text, " at risk"},
             {LS_METRIC_TCO, ls_money_text, " over the years"},
             {LS_METRIC_LOST, ls_hours_text, " of GPUs lost a year"},
             {LS_METRIC_GPU_HOUR, ls_micro_usd_text, " per effective GPU-hour"}};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

int32_t ls_differences_find(const ls_score *design, const ls_score *other, int sign,
                            ls_difference found[LS_METRIC_COUNT])
{
  int32_t count = 0;
  for (int32_t i = 0; i < KIND_COUNT; i++) {
    const int32_t metric = kinds[i].metric;
    const int64_t before = other->metric[metric];
    const int64_t saved = sign * (before - design->metric[metric]);
    const int64_t whole = metric == LS_METRIC_LOSS ? 1000000 : ls_max(before, 1);
    if (saved > whole / 10000)
      found[count++] = (ls_difference){metric, saved, (double)saved / (double)whole};
  }
  return count;
}

static int by_share(const void *a, const void *b)
{
  const ls_difference *x = a, *y = b;
  if (x->share != y->share) return x->share > y->share ? -1 : 1;
  return (x->metric > y->metric) - (x->metric < y->metric);
}

void ls_differences_sort(ls_difference *found, int32_t count)
{
  qsort(found, (size_t)count, sizeof *found, by_share);
}

const char *ls_difference_text(const ls_difference *difference, char text[LS_DIFFERENCE_TEXT_MAX])
{
  char amount[LS_AMOUNT_MAX], share[24] = "";
  int32_t i = 0;
  while (kinds[i].metric != difference->metric) i++;
  if (difference->metric != LS_METRIC_LOSS)
    snprintf(share, sizeof share, " (%.1f %%)", 100 * difference->share);
  snprintf(text, LS_DIFFERENCE_TEXT_MAX, "%s%s%s", kinds[i].text(difference->amount, amount),
           kinds[i].what, share);
  return text;
}

int64_t ls_gpus_gained(const ls_score *design, const ls_score *other, int64_t gpu_power_mw,
                       int64_t gpu_count)
{
  const int64_t power_mw = design->metric[LS_METRIC_POWER];
  const int64_t all_in_mw = gpu_power_mw + power_mw / gpu_count;
  return (other->metric[LS_METRIC_POWER] - power_mw) / all_in_mw;
}
