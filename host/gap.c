#include "gap.h"

#include <stdio.h>

#include "units.h"

/* What a metric is told as: of a loss, what is delivered. */
static double told_amount(int32_t metric, int64_t amount)
{
  return metric == LS_METRIC_LOSS ? (1e6 - (double)amount) / 1e6 : (double)amount;
}

static double gap_share(int32_t metric, int64_t incumbent, int64_t bound)
{
  const double built = told_amount(metric, incumbent), best = told_amount(metric, bound);
  if (metric == LS_METRIC_LOSS) return best > 0 ? (best - built) / best : 0;
  return built > 0 ? (built - best) / built : 0;
}

ls_gap ls_gap_find(const ls_problem *problem, const ls_level2 *found)
{
  ls_gap widest = {.metric = -1};
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++) {
    if (!problem->objective_mask[metric]) continue;
    ls_gap gap = {metric, INT64_MAX, INT64_MAX, 0};
    for (int32_t i = 0; i < found->front_count; i++)
      if (found->front[i].variant == LS_UNIFORM)
        gap.incumbent = ls_min(gap.incumbent, found->front[i].score.metric[metric]);
    for (int32_t i = 0; i < found->sweep.front_count; i++)
      gap.bound = ls_min(gap.bound, found->sweep.front[i].score.metric[metric]);
    if (gap.incumbent == INT64_MAX || gap.bound == INT64_MAX) return (ls_gap){.metric = -1};
    gap.share = gap_share(metric, gap.incumbent, gap.bound);
    if (widest.metric < 0 || gap.share > widest.share) widest = gap;
  }
  return widest;
}

const char *ls_gap_amount_text(int32_t metric, int64_t amount, char text[LS_GAP_TEXT_MAX])
{
  char words[LS_AMOUNT_MAX];
  switch (metric) {
  case LS_METRIC_CAPEX:
  case LS_METRIC_TCO: ls_money_text(amount, words); break;
  case LS_METRIC_POWER: ls_power_text(amount, words); break;
  case LS_METRIC_LATENCY: ls_latency_text(amount, words); break;
  case LS_METRIC_RISK: ls_rate_text(amount, words); break;
  case LS_METRIC_LOST: ls_hours_text(amount, words); break;
  case LS_METRIC_GPU_HOUR: ls_micro_usd_text(amount, words); break;
  default: snprintf(words, sizeof words, "%.3f of NIC rate", told_amount(metric, amount));
  }
  snprintf(text, LS_GAP_TEXT_MAX, "%s", words);
  return text;
}
