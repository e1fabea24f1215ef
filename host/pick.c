#include "pick.h"

const ls_pick_rule ls_pick_rules[LS_PICK_COUNT] = {
    {"cheapest", "least capex", {LS_METRIC_CAPEX, LS_METRIC_POWER}},
    {"least-power", "least IT power", {LS_METRIC_POWER, LS_METRIC_CAPEX}},
    {"fastest",
     "highest worst-case throughput, then least latency",
     {LS_METRIC_LOSS, LS_METRIC_LATENCY}},
    {"safest",
     "least bandwidth expected to be down at any time",
     {LS_METRIC_RISK, LS_METRIC_CAPEX}},
    {"best-tco", "least total cost over the years", {LS_METRIC_TCO, LS_METRIC_CAPEX}},
    {"best-value", "least USD per effective GPU-hour", {LS_METRIC_GPU_HOUR, LS_METRIC_TCO}},
    {"knee", "best balance: a per cent of one objective is worth a per cent of another", {-1, -1}},
};

bool ls_pick_is_searched_for(const ls_problem *problem, const ls_pick_rule *rule)
{
  return rule->metric[0] < 0 || problem->objective_mask[rule->metric[0]];
}

/* What a metric is worth in the balance: its amount, or of the throughput what is delivered. */
static double amount_of(const ls_score *score, int32_t metric)
{
  if (metric == LS_METRIC_LOSS) return 1e6 / (double)ls_max(1000000 - score->metric[metric], 1);
  return (double)ls_max(score->metric[metric], 1);
}

double ls_pick_balance(const ls_problem *problem, const ls_score *a, const ls_score *b)
{
  double product = 1;
  for (int32_t metric = 0; metric < LS_METRIC_COUNT; metric++)
    if (problem->objective_mask[metric]) product *= amount_of(a, metric) / amount_of(b, metric);
  return product;
}

bool ls_pick_is_better(const ls_problem *problem, const ls_pick_rule *rule, const ls_score *a,
                       const ls_score *b)
{
  for (int32_t i = 0; i < 2 && rule->metric[i] >= 0; i++)
    if (a->metric[rule->metric[i]] != b->metric[rule->metric[i]])
      return a->metric[rule->metric[i]] < b->metric[rule->metric[i]];
  return ls_pick_balance(problem, a, b) < 1;
}

int32_t ls_pick_member(const ls_problem *problem, const ls_pick_rule *rule,
                       const ls_front_member *front, int32_t count)
{
  int32_t best = 0;
  for (int32_t i = 1; i < count; i++)
    if (ls_pick_is_better(problem, rule, &front[i].score, &front[best].score)) best = i;
  return best;
}
