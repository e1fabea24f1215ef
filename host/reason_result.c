#include "reason_result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "catalog_rules.h"
#include "design.h"
#include "names.h"
#include "result_parts.h"
#include "units.h"

static const ls_catalog *catalog_of(const ls_reason_case *of) { return of->session->catalog; }
static const ls_problem *problem_of(const ls_reason_case *of) { return of->session->problem; }

static double per_cent(int64_t part, int64_t whole) { return 100 * (double)part / (double)whole; }

/* ---- Boxes ---- */

/* Boxes of a chassis tier in words. */
static const char *boxes_name(int32_t family, int32_t tier, bool is_one)
{
  const char *name = ls_chassis_name(family, tier);
  return strcmp(name, "leaf") == 0    ? (is_one ? "leaf" : "leaves")
         : strcmp(name, "spine") == 0 ? (is_one ? "spine" : "spines")
         : strcmp(name, "super") == 0 ? (is_one ? "super-spine" : "super-spines")
                                      : (is_one ? "core" : "cores");
}

/* " in all 64 spines", " in 20 of 48 spines (41.7 %) and all 12 cores": where integrated optics
 * are. */
static void integrated_append(const ls_reason_case *of, const ls_result_parts *parts,
                              char text[LS_REASON_MAX])
{
  const char *joint = " in";
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    char some[LS_AMOUNT_MAX], whole[LS_AMOUNT_MAX];
    int64_t integrated = 0, all = 0;
    for (int32_t i = 0; i < parts->box_kind_count; i++) {
      if (parts->boxes[i].tier != tier) continue;
      all += parts->boxes[i].count;
      if (problem_of(of)->switches[parts->boxes[i].index].optic >= 0)
        integrated += parts->boxes[i].count;
    }
    if (!integrated) continue;
    const char *name = boxes_name(parts->structure->family, tier, all == 1);
    ls_count_text((uint64_t)integrated, some);
    ls_count_text((uint64_t)all, whole);
    if (all == 1)
      ls_reason_append(text, "%s the one %s", joint, name);
    else if (integrated == all)
      ls_reason_append(text, "%s all %s %s", joint, whole, name);
    else
      ls_reason_append(text, "%s %s of %s %s (%.1f %%)", joint, some, whole, name,
                       per_cent(integrated, all));
    joint = " and";
  }
}

/* ---- Links ---- */

/* Links of a tier whose ends are of two kinds of optics. */
typedef struct ends {
  int32_t kind[2]; /* ls_optic_kind */
  int64_t count;
} ends;

/* The kinds of a tier's ends, whatever their models and fibers; returns how many. */
static int32_t ends_find(const ls_reason_case *of, const ls_result_parts *parts, int32_t tier,
                         ends found[LS_MIX_KINDS])
{
  int32_t count = 0;
  for (int32_t i = 0; i < parts->link_kind_count; i++) {
    if (parts->links[i].tier != tier) continue;
    const ls_link_row *row = &problem_of(of)->links[parts->links[i].index];
    const int32_t a = catalog_of(of)->optics[row->optic_a].kind;
    const int32_t b = catalog_of(of)->optics[row->optic_b].kind;
    int32_t at = 0;
    while (at < count && (found[at].kind[0] != a || found[at].kind[1] != b)) at++;
    if (at == count) found[count++] = (ends){{a, b}, 0};
    found[at].count += parts->links[i].count;
  }
  return count;
}

static void ends_append(const ends *kind, char text[LS_REASON_MAX])
{
  ls_reason_append(text, "%s", ls_optic_kind_names[kind->kind[0]]);
  if (kind->kind[0] != kind->kind[1])
    ls_reason_append(text, "+%s", ls_optic_kind_names[kind->kind[1]]);
}

/* "leaf_spine" as people write it. */
static void tier_append(int32_t family, int32_t tier, char text[LS_REASON_MAX])
{
  const size_t length = strlen(text);
  ls_reason_append(text, "%s", ls_tier_name(family, tier));
  for (char *at = text + length; (at = strchr(at, '_')) != NULL;) *at = '-';
}

/* "of 8,192 access links 3,296 (40.2 %) are copper and 4,896 (59.8 %) lpo", "all 4,096 leaf-spine
 * links are lpo+cpo". */
static void tier_links_append(const ls_reason_case *of, const ls_result_parts *parts, int32_t tier,
                              char text[LS_REASON_MAX])
{
  ends kinds[LS_MIX_KINDS];
  char amount[LS_AMOUNT_MAX];
  int64_t all = 0;
  const int32_t count = ends_find(of, parts, tier, kinds);
  for (int32_t i = 0; i < count; i++) all += kinds[i].count;
  ls_reason_append(text, "%s %s ", count > 1 ? "of" : "all", ls_count_text((uint64_t)all, amount));
  tier_append(parts->structure->family, tier, text);
  ls_reason_append(text, " links");
  for (int32_t i = 0; i < count; i++) {
    ls_reason_append(text, "%s", i == 0 ? "" : i == count - 1 ? " and" : ",");
    if (count > 1)
      ls_reason_append(text, " %s (%.1f %%)", ls_count_text((uint64_t)kinds[i].count, amount),
                       per_cent(kinds[i].count, all));
    ls_reason_append(text, "%s", i ? " " : " are ");
    ends_append(&kinds[i], text);
  }
}

/* ---- Comparisons ---- */

/* What is compared by, and cost, power and risk in any case. */
static void metrics_told(const ls_problem *problem, int64_t mask[LS_METRIC_COUNT])
{
  memcpy(mask, problem->objective_mask, LS_METRIC_COUNT * sizeof *mask);
  mask[LS_METRIC_CAPEX] = mask[LS_METRIC_POWER] = mask[LS_METRIC_RISK] = 1;
}

static void compare_append(const ls_reason_case *of, const ls_reason_against *other,
                           ls_reason *reason)
{
  int64_t mask[LS_METRIC_COUNT];
  metrics_told(problem_of(of), mask);
  ls_reason_compare(reason->text, &of->pick->score, &other->score, mask, LS_METRIC_COUNT);
  reason->against[reason->against_count++] = *other;
}

static ls_reason_against against_result(const char *name, const ls_result *result)
{
  return (ls_reason_against){name, result->rank, result->variant, result->score};
}

/* Against a baseline; what: "all-pluggable design", "design without OCS". */
static void baseline_append(const ls_reason_case *of, int32_t index, const char *what,
                            ls_reason *reason)
{
  const ls_named *baseline = of->baseline[index];
  if (!baseline) {
    ls_reason_append(reason->text, "; no %s was found that meets all constraints", what);
    return;
  }
  const ls_reason_against other = against_result(baseline->name, &baseline->result);
  ls_reason_append(reason->text, "; against the best %s (%s, rank %" PRIu64 ", %s)", what,
                   baseline->name, other.rank, ls_variant_names[other.variant]);
  compare_append(of, &other, reason);
}

/* The rule's best of the front with integrated optics; NULL: none has any. */
static const ls_result *best_integrated(const ls_problem *problem, const ls_level2 *found,
                                        const ls_pick_rule *rule)
{
  const ls_result *best = NULL;
  for (int32_t i = 0; i < found->front_count; i++) {
    const ls_result *result = &found->front[i];
    if (ls_result_has_cpo(problem, result) &&
        (!best || ls_pick_is_better(problem, rule, &result->score, &best->score)))
      best = result;
  }
  return best;
}

/* Against the best with co-packaged optics, of the front where it has any. */
static void integrated_compare(const ls_reason_case *of, ls_reason *reason)
{
  const ls_result *best = best_integrated(problem_of(of), of->found, of->rule);
  ls_reason_against other;
  if (best) {
    other = against_result("front", best);
    ls_reason_append(reason->text,
                     "; against the front's best design with co-packaged optics (rank %" PRIu64
                     ", %s)",
                     other.rank, ls_variant_names[other.variant]);
  } else if (of->level1->has_cpo) {
    const ls_front_member *member = &of->level1->cpo;
    other = (ls_reason_against){"level1", member->rank, LS_UNIFORM, member->score};
    ls_reason_append(reason->text,
                     "; no design of the front has co-packaged optics; against the best that level "
                     "1 promises with them (rank %" PRIu64 ")",
                     other.rank);
  } else {
    ls_reason_append(reason->text, "; no design with co-packaged optics meets all constraints");
    return;
  }
  compare_append(of, &other, reason);
}

/* What the choices of boxes and bundles save, of which the uniform design's money and power are
 * known. */
static void uniform_compare(const ls_reason_case *of, ls_reason *reason)
{
  static const int64_t mask[LS_METRIC_COUNT] = {
      [LS_METRIC_CAPEX] = 1, [LS_METRIC_POWER] = 1, [LS_METRIC_TCO] = 1};
  const ls_mixture *mixture = &of->pick->totals.mixture;
  ls_score uniform = of->pick->score;
  if (of->pick->variant == LS_UNIFORM) return;
  uniform.metric[LS_METRIC_CAPEX] = mixture->uniform_capex_cents;
  uniform.metric[LS_METRIC_POWER] = mixture->uniform_power_mw;
  uniform.metric[LS_METRIC_TCO] = mixture->uniform_tco_cents;
  ls_reason_append(reason->text, "; it is mixed: against the uniform design of its rank");
  ls_reason_compare(reason->text, &of->pick->score, &uniform, mask, LS_METRIC_COUNT);
}

/* ---- The sentence ---- */

bool ls_reason_needs(const ls_problem *problem, const ls_result *pick, int32_t baseline)
{
  return baseline == LS_BASELINE_PLUGGABLE ? ls_result_has_cpo(problem, pick)
                                           : ls_result_has_ocs(problem, pick);
}

bool ls_reason_wants_cpo(const ls_problem *problem, const ls_level2 *found, const ls_result *pick)
{
  return !ls_result_has_cpo(problem, pick) &&
         !best_integrated(problem, found, &ls_pick_rules[LS_PICK_KNEE]);
}

/* Whether the result is better by its rule than the best of the other class; than none at all it
 * is, too. */
static bool is_winner(const ls_reason_case *of, bool has_cpo)
{
  const ls_named *pluggable = of->baseline[LS_BASELINE_PLUGGABLE];
  const ls_reason_level1 *level1 = of->level1;
  const ls_score *other = has_cpo           ? (pluggable ? &pluggable->result.score : NULL)
                          : level1->has_cpo ? &level1->cpo.score
                                            : NULL;
  return !other || ls_pick_is_better(problem_of(of), of->rule, &of->pick->score, other);
}

/* What wins, and what the result is made of. */
static void parts_append(const ls_reason_case *of, char text[LS_REASON_MAX])
{
  ls_result_parts parts;
  ls_result_parts_find(problem_of(of), of->pick, &parts);
  const bool has_cpo = ls_result_has_cpo(problem_of(of), of->pick);
  ls_reason_append(text, "%s %s", has_cpo ? "co-packaged optics" : "pluggables",
                   is_winner(of, has_cpo) ? "win" : "are chosen");
  if (has_cpo) integrated_append(of, &parts, text);
  for (int32_t tier = 0; tier < parts.structure->tier_count; tier++) {
    ls_reason_append(text, "%s ", tier ? "," : ":");
    tier_links_append(of, &parts, tier, text);
  }
}

void ls_reason_of_result(const ls_reason_case *of, ls_reason *reason)
{
  memset(reason, 0, sizeof *reason);
  parts_append(of, reason->text);
  if (ls_reason_needs(problem_of(of), of->pick, LS_BASELINE_PLUGGABLE))
    baseline_append(of, LS_BASELINE_PLUGGABLE, "all-pluggable design", reason);
  else
    integrated_compare(of, reason);
  if (ls_reason_needs(problem_of(of), of->pick, LS_BASELINE_WITHOUT_OCS))
    baseline_append(of, LS_BASELINE_WITHOUT_OCS, "design without OCS", reason);
  uniform_compare(of, reason);
  ls_reason_append(reason->text, "%s", of->level1->obstacle);
}

void ls_reason_set(const ls_reason *reason, ls_json *object)
{
  if (!reason->text[0]) return;
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < reason->against_count; i++) {
    const ls_reason_against *other = &reason->against[i];
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "name", other->name);
    ls_json_set_int(entry, "rank", (int64_t)other->rank);
    ls_json_set_text(entry, "variant", ls_variant_names[other->variant]);
    ls_design_metrics_set(&other->score, entry);
    ls_json_append(array, entry);
  }
  ls_json_set_text(object, "reason", reason->text);
  ls_json_set(object, "reason_against", array);
}
