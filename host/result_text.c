#include "result_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "design.h"
#include "names.h"
#include "units.h"

/* ---- Words ---- */

/* Appends to a text; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void text_append(char text[LS_RESULT_TEXT_MAX],
                                                              const char *format, ...)
{
  const size_t length = strlen(text);
  va_list values;
  va_start(values, format);
  vsnprintf(text + length, LS_RESULT_TEXT_MAX - length, format, values);
  va_end(values);
}

static const ls_structure *structure_of(const ls_session *session, const ls_result *result,
                                        uint16_t link[LS_TIER_MAX])
{
  return &session->problem->structures[ls_rank_decode(session->problem, result->rank, link)];
}

/* Whether a tier has kinds besides this one. */
static bool is_one_of_several(const ls_mix_kind *list, int32_t count, int32_t at)
{
  for (int32_t i = 0; i < count; i++)
    if (i != at && list[i].tier == list[at].tier) return true;
  return false;
}

/* What stands before a kind: of the next tier, or another one of the same. */
static const char *joint(const ls_mix_kind *list, int32_t at, const char *between_tiers)
{
  if (at == 0) return "";
  return list[at].tier == list[at - 1].tier ? " + " : between_tiers;
}

void ls_result_chassis_text(const ls_session *session, const ls_result *result,
                            char text[LS_RESULT_TEXT_MAX])
{
  uint16_t link[LS_TIER_MAX];
  const ls_mixture *mixture = &result->totals.mixture;
  const ls_structure *structure = structure_of(session, result, link);
  text[0] = '\0';
  if (result->variant == LS_UNIFORM) {
    ls_design_chassis_text(session, structure, text);
    return;
  }
  for (int32_t i = 0; i < mixture->box_kind_count; i++) {
    const ls_mix_kind *kind = &mixture->boxes[i];
    text_append(text, "%s%s", joint(mixture->boxes, i, " / "),
                session->catalog->switches[kind->index].id);
    if (is_one_of_several(mixture->boxes, mixture->box_kind_count, i))
      text_append(text, " x%" PRId64, kind->count);
  }
  if (structure->ocs_index >= 0)
    text_append(text, ", OCS %s", session->catalog->ocs[structure->ocs_index].id);
}

static void link_append(const ls_session *session, int32_t link, char text[LS_RESULT_TEXT_MAX])
{
  const ls_catalog *catalog = session->catalog;
  const ls_link_row *row = &session->problem->links[link];
  text_append(text, "%s", catalog->optics[row->optic_a].id);
  if (row->optic_b != row->optic_a) text_append(text, "+%s", catalog->optics[row->optic_b].id);
  if (row->circulator_count) text_append(text, "+circulators");
  if (row->fiber && !ls_optic_is_copper(catalog->optics[row->optic_a].kind))
    text_append(text, " [%s]", catalog->fibers[row->fiber].id);
}

void ls_result_optics_text(const ls_session *session, const ls_result *result,
                           char text[LS_RESULT_TEXT_MAX])
{
  uint16_t link[LS_TIER_MAX];
  const ls_mixture *mixture = &result->totals.mixture;
  const ls_structure *structure = structure_of(session, result, link);
  text[0] = '\0';
  if (result->variant == LS_UNIFORM) {
    ls_design_optics_text(session, structure, link, text);
    return;
  }
  for (int32_t i = 0; i < mixture->link_kind_count; i++) {
    text_append(text, "%s", joint(mixture->links, i, " | "));
    link_append(session, mixture->links[i].index, text);
    if (is_one_of_several(mixture->links, mixture->link_kind_count, i))
      text_append(text, " x%" PRId64, mixture->links[i].count);
  }
}

static const char *fiber_id(const ls_session *session, int32_t link)
{
  const ls_link_row *row = &session->problem->links[link];
  return ls_optic_is_copper(session->problem->optics[row->optic_a].kind)
             ? "copper"
             : session->catalog->fibers[row->fiber].id;
}

/* Whether a kind before this one in its tier has the same fiber. */
static bool is_fiber_told(const ls_session *session, const ls_mix_kind *list, int32_t at)
{
  for (int32_t i = at - 1; i >= 0 && list[i].tier == list[at].tier; i--)
    if (strcmp(fiber_id(session, list[i].index), fiber_id(session, list[at].index)) == 0)
      return true;
  return false;
}

void ls_result_fibers_text(const ls_session *session, const ls_result *result,
                           char text[LS_RESULT_TEXT_MAX])
{
  uint16_t link[LS_TIER_MAX];
  const ls_mixture *mixture = &result->totals.mixture;
  const ls_structure *structure = structure_of(session, result, link);
  text[0] = '\0';
  if (result->variant == LS_UNIFORM) {
    ls_design_fibers_text(session, structure, link, text);
    return;
  }
  for (int32_t i = 0; i < mixture->link_kind_count; i++)
    if (!is_fiber_told(session, mixture->links, i))
      text_append(text, "%s%s", joint(mixture->links, i, " | "),
                  fiber_id(session, mixture->links[i].index));
}

/* ---- JSON ---- */

static double choice_gap(const ls_mixture *mixture)
{
  return mixture->choice_cents > 0 ? (double)(mixture->choice_cents - mixture->bound_cents) /
                                         (double)mixture->choice_cents
                                   : 0;
}

static ls_json *boxes_json(const ls_session *session, const ls_structure *structure,
                           const ls_mixture *mixture)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < mixture->box_kind_count; i++) {
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "tier", ls_chassis_name(structure->family, mixture->boxes[i].tier));
    ls_json_set_text(entry, "switch", session->catalog->switches[mixture->boxes[i].index].id);
    ls_json_set_int(entry, "count", mixture->boxes[i].count);
    ls_json_append(array, entry);
  }
  return array;
}

static ls_json *links_json(const ls_session *session, const ls_structure *structure,
                           const ls_mixture *mixture)
{
  ls_json *array = ls_json_array();
  for (int32_t i = 0; i < mixture->link_kind_count; i++) {
    const ls_mix_kind *kind = &mixture->links[i];
    const ls_link_row *row = &session->problem->links[kind->index];
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "tier", ls_tier_name(structure->family, kind->tier));
    ls_json_set_text(entry, "optic_a", session->catalog->optics[row->optic_a].id);
    ls_json_set_text(entry, "optic_b", session->catalog->optics[row->optic_b].id);
    if (!ls_optic_is_copper(session->problem->optics[row->optic_a].kind))
      ls_json_set_text(entry, "fiber", session->catalog->fibers[row->fiber].id);
    ls_json_set_int(entry, "circulators", row->circulator_count);
    ls_json_set_int(entry, "count", kind->count);
    ls_json_append(array, entry);
  }
  return array;
}

void ls_result_variant_set(const ls_session *session, const ls_result *result, ls_json *object)
{
  uint16_t link[LS_TIER_MAX];
  const ls_mixture *mixture = &result->totals.mixture;
  const ls_structure *structure = structure_of(session, result, link);
  ls_json_set_text(object, "variant", ls_variant_names[result->variant]);
  if (result->variant == LS_UNIFORM) return;
  ls_json *mixed = ls_json_object(), *uniform = ls_json_object();
  ls_json_set(mixed, "switches", boxes_json(session, structure, mixture));
  ls_json_set(mixed, "links", links_json(session, structure, mixture));
  ls_json_set_real(uniform, "capex_usd", (double)mixture->uniform_capex_cents / 100);
  ls_json_set_real(uniform, "tco_usd", (double)mixture->uniform_tco_cents / 100);
  ls_json_set_real(uniform, "power_w", (double)mixture->uniform_power_mw / 1000);
  ls_json_set_real(uniform, "optics_power_w", (double)mixture->uniform_optics_power_mw / 1000);
  ls_json_set(mixed, "uniform", uniform);
  ls_json_set_real(mixed, "choice_usd", (double)mixture->choice_cents / 100);
  ls_json_set_real(mixed, "choice_bound_usd", (double)mixture->bound_cents / 100);
  ls_json_set_real(mixed, "choice_gap", choice_gap(mixture));
  ls_json_set(object, "mixed", mixed);
}

void ls_result_print_saved(const ls_result *result)
{
  const ls_totals *totals = &result->totals;
  const ls_mixture *mixture = &totals->mixture;
  char before[LS_AMOUNT_MAX], after[LS_AMOUNT_MAX], optics[LS_AMOUNT_MAX], now[LS_AMOUNT_MAX];
  if (result->variant == LS_UNIFORM) return;
  printf(
      "      mixed: TCO %s instead of %s, optics %s instead of %s; the choice is at most %.4f %% "
      "above its bound\n",
      ls_money_text(totals->tco_cents, after), ls_money_text(mixture->uniform_tco_cents, before),
      ls_power_text(totals->optics_power_mw, now),
      ls_power_text(mixture->uniform_optics_power_mw, optics), 100 * choice_gap(mixture));
}
