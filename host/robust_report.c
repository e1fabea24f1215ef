/* How sure a recommendation is, in words and as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "robust.h"
#include "technology.h"
#include "tornado.h"
#include "units.h"

static const char *unit_of(const ls_robust *robust)
{
  const int32_t metric = robust->rule->metric[0];
  return metric < 0                                             ? "ppm of the balance"
         : metric == LS_METRIC_TCO || metric == LS_METRIC_CAPEX ? "cents"
                                                                : "units of the metric";
}

static double share_of(const ls_robust *robust, int32_t count)
{
  return (double)count / robust->draw_count;
}

/* The name of the recommendation, or what makes a row stand out; NULL: nothing does. */
static const char *row_name(const ls_robust *robust, int32_t row)
{
  return row == robust->pick           ? robust->rule->name
         : row == robust->least_cvar90 ? "least-cvar90"
         : row == robust->least_max    ? "least-maximum"
                                       : NULL;
}

/* ---- JSON ---- */

static ls_json *row_json(const ls_session *session, const ls_robust *robust, int32_t index)
{
  const ls_robust_row *row = &robust->rows[index];
  char design[LS_DESIGN_TEXT_MAX];
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "rank", (int64_t)row->rank);
  if (row_name(robust, index)) ls_json_set_text(object, "name", row_name(robust, index));
  ls_design_text(session, row->rank, design);
  ls_json_set_text(object, "design", design);
  ls_json_set_real(object, "win_share", share_of(robust, row->win_count));
  ls_json_set_real(object, "infeasible_share", share_of(robust, row->infeasible_count));
  ls_json_set_int(object, "regret_mean", row->regret_mean);
  ls_json_set_int(object, "regret_cvar90", row->regret_cvar90);
  ls_json_set_int(object, "regret_max", row->regret_max);
  return object;
}

/* The mean regret with the assumed figures alone drawn, over that with all: above 1 where others
 * make up for some of it, 1 where there is none. */
static double assumed_share(const ls_robust *robust)
{
  const int64_t mean = robust->rows[robust->pick].regret_mean;
  return mean > 0 ? (double)robust->regret_mean_assumed / (double)mean : 1;
}

ls_json *ls_robust_json(const ls_session *session, const ls_robust *robust)
{
  ls_json *object = ls_json_object(), *designs = ls_json_array();
  ls_json_set_int(object, "seed", (int64_t)robust->seed);
  ls_json_set_int(object, "draws", robust->draw_count);
  ls_json_set_int(object, "draws_without_design", robust->void_count);
  ls_json_set_real(object, "rank_correlation", LS_DRAW_CORRELATION_PPM / 1e6);
  ls_json_set_int(object, "figures_drawn", robust->drawn_count);
  ls_json_set_int(object, "figures_assumed", robust->assumed_count);
  ls_json_set_int(object, "figures_reaching", robust->reaching_count);
  ls_json_set_text(object, "rule", robust->rule->name);
  ls_json_set_text(object, "regret_unit", unit_of(robust));
  ls_json_set_real(object, "regret_share_of_assumed", assumed_share(robust));
  ls_json_set_int(object, "pick_rank", (int64_t)robust->rows[robust->pick].rank);
  ls_json_set_int(object, "least_cvar90_rank", (int64_t)robust->rows[robust->least_cvar90].rank);
  ls_json_set_int(object, "least_maximum_rank", (int64_t)robust->rows[robust->least_max].rank);
  for (int32_t i = 0; i < robust->design_count; i++)
    ls_json_append(designs, row_json(session, robust, i));
  ls_json_set(object, "designs", designs);
  return object;
}

/* ---- Text ---- */

static const char *regret_text(const ls_robust *robust, int64_t regret, char text[LS_AMOUNT_MAX])
{
  const int32_t metric = robust->rule->metric[0];
  if (metric == LS_METRIC_TCO || metric == LS_METRIC_CAPEX) return ls_money_text(regret, text);
  snprintf(text, LS_AMOUNT_MAX, "%.2f %%", (double)regret / 1e4);
  return text;
}

static void row_print(const ls_session *session, const ls_robust *robust, int32_t index)
{
  const ls_robust_row *row = &robust->rows[index];
  char design[LS_DESIGN_TEXT_MAX], mean[LS_AMOUNT_MAX], cvar90[LS_AMOUNT_MAX], most[LS_AMOUNT_MAX];
  const char *name = row_name(robust, index);
  ls_design_text(session, row->rank, design);
  printf("  %5.1f %% %6.1f %% %10s %10s %10s  %-14s %s\n", 100 * share_of(robust, row->win_count),
         100 * share_of(robust, row->infeasible_count), regret_text(robust, row->regret_mean, mean),
         regret_text(robust, row->regret_cvar90, cvar90),
         regret_text(robust, row->regret_max, most), name ? name : "", design);
}

/* The row that wins most after those with more wins, or as many and a lower rank. */
static int32_t row_next(const ls_robust *robust, int32_t last)
{
  int32_t best = -1;
  for (int32_t i = 0; i < robust->design_count; i++) {
    const int32_t wins = robust->rows[i].win_count;
    const int32_t before = last < 0 ? INT32_MAX : robust->rows[last].win_count;
    if (wins > before || (wins == before && i <= last)) continue;
    if (best < 0 || wins > robust->rows[best].win_count) best = i;
  }
  return best;
}

/* The pick of least regret is named even where it is the recommendation. */
static void least_print(const ls_session *session, const ls_robust *robust, const char *by,
                        int32_t row)
{
  char design[LS_DESIGN_TEXT_MAX];
  ls_design_text(session, robust->rows[row].rank, design);
  printf("Least regret %s: %s%s\n", by, row == robust->pick ? "the recommendation, " : "", design);
}

void ls_robust_print(const ls_session *session, const ls_robust *robust, int32_t row_max)
{
  printf("%d draws (seed %llu) of %d figures, %d of them assumed, %d of them of parts that these "
         "designs have:\nhow each design of the level-2 front fares, as level 1 scores it\n"
         "  %7s %8s %10s %10s %10s\n",
         robust->draw_count, (unsigned long long)robust->seed, robust->drawn_count,
         robust->assumed_count, robust->reaching_count, "wins", "fails", "regret", "worst 10th",
         "maximum");
  int32_t last = -1;
  for (int32_t told = 0; told < row_max; told++) {
    const int32_t row = row_next(robust, last);
    if (row < 0 || !robust->rows[row].win_count) break;
    row_print(session, robust, row);
    last = row;
  }
  for (int32_t i = 0; i < robust->design_count; i++) {
    const bool is_told =
        last >= 0 && (robust->rows[i].win_count > robust->rows[last].win_count ||
                      (robust->rows[i].win_count == robust->rows[last].win_count && i <= last));
    if (row_name(robust, i) && !is_told) row_print(session, robust, i);
  }
  printf("Least regret is sought among the designs that hold in as many draws as any, but for a "
         "hundredth:\none that fails more often may have less where it holds.\n");
  least_print(session, robust, "by its maximum", robust->least_max);
  least_print(session, robust, "by the mean of the worst tenth", robust->least_cvar90);
  if (robust->void_count) printf("  in %d draws no design holds\n", robust->void_count);
  printf("With the assumed figures alone drawn the %s has %.0f %% of that mean regret; shares of "
         "kinds "
         "of figures need not add up to 100 %%.\n",
         robust->rule->name, 100 * assumed_share(robust));
}
