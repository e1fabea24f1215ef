#include "technology.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "catalog_rules.h"

static void text_append(char *text, size_t capacity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void text_append(char *text, size_t capacity, const char *format, ...)
{
  va_list arguments;
  const size_t length = strlen(text);
  va_start(arguments, format);
  vsnprintf(text + length, capacity - length, format, arguments);
  va_end(arguments);
}

static const ls_structure *decode(const ls_problem *problem, uint64_t rank,
                                  uint16_t link[LS_TIER_MAX])
{
  return &problem->structures[ls_rank_decode(problem, rank, link)];
}

const char *ls_technology_kind(const ls_session *session, uint64_t rank, int32_t tier, int32_t end)
{
  uint16_t link[LS_TIER_MAX];
  decode(session->problem, rank, link);
  const ls_link_row *row = &session->problem->links[link[tier]];
  return ls_optic_kind_names[session->problem->optics[end ? row->optic_b : row->optic_a].kind];
}

const char *ls_technology_text(const ls_session *session, uint64_t rank,
                               char text[LS_TECHNOLOGY_TEXT_MAX])
{
  uint16_t link[LS_TIER_MAX];
  const ls_structure *structure = decode(session->problem, rank, link);
  text[0] = '\0';
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const char *a = ls_technology_kind(session, rank, tier, 0);
    const char *b = ls_technology_kind(session, rank, tier, 1);
    text_append(text, LS_TECHNOLOGY_TEXT_MAX, "%s%s", tier ? " | " : "", a);
    if (strcmp(a, b) != 0) text_append(text, LS_TECHNOLOGY_TEXT_MAX, "+%s", b);
  }
  if (structure->ocs_index >= 0) text_append(text, LS_TECHNOLOGY_TEXT_MAX, ", OCS");
  if (structure->scale_up_index >= 0)
    text_append(text, LS_TECHNOLOGY_TEXT_MAX, "; scale-up %s",
                ls_optic_kind_names[session->catalog->scale_up[structure->scale_up_index].kind]);
  return text;
}

bool ls_technology_has_cpo(const ls_problem *problem, uint64_t rank)
{
  const ls_structure *structure = &problem->structures[ls_rank_structure(problem, rank)];
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0 &&
        problem->switches[structure->switch_index[tier]].optic >= 0)
      return true;
  return false;
}

bool ls_technology_has_ocs(const ls_problem *problem, uint64_t rank)
{
  return problem->structures[ls_rank_structure(problem, rank)].ocs_index >= 0;
}

/* ---- What is not on sale ---- */

static const char *place_name(int32_t place)
{
  return place == LS_PLACE_NIC    ? "NIC"
         : place == LS_PLACE_LEAF ? "leaf"
         : place == LS_PLACE_CORE ? "core"
                                  : "spine";
}

static void gate_text(const char *id, int32_t place, const ls_number *year_first, int32_t year,
                      char text[LS_GATE_TEXT_MAX])
{
  if (year_first->value > year)
    snprintf(text, LS_GATE_TEXT_MAX, "%s at the %s is not on sale before %d", id, place_name(place),
             (int)year_first->value);
  else
    snprintf(text, LS_GATE_TEXT_MAX, "%s at the %s is no longer on sale in %d", id,
             place_name(place), year);
}

bool ls_technology_gate(const ls_session *session, const ls_problem *problem, uint64_t rank,
                        char text[LS_GATE_TEXT_MAX])
{
  uint16_t link[LS_TIER_MAX];
  const ls_structure *structure = decode(problem, rank, link);
  const int32_t year = session->spec->year;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    if (structure->switch_index[tier] < 0) continue;
    const ls_catalog_switch *chassis = &session->catalog->switches[structure->switch_index[tier]];
    const int32_t place = ls_chassis_place(structure->family, tier);
    if (session->problem->switches[structure->switch_index[tier]].tier_mask & place) continue;
    gate_text(chassis->id, place,
              place == LS_PLACE_LEAF   ? &chassis->year_leaf
              : place == LS_PLACE_CORE ? &chassis->year_core
                                       : &chassis->year_spine,
              year, text);
    return true;
  }
  if (structure->scale_up_index >= 0 &&
      session->problem->scale_up[structure->scale_up_index].violation_mask) {
    const ls_catalog_scale_up *medium = &session->catalog->scale_up[structure->scale_up_index];
    if (medium->year.value > year)
      snprintf(text, LS_GATE_TEXT_MAX, "%s for scale-up is not on sale before %d", medium->id,
               (int)medium->year.value);
    else
      snprintf(text, LS_GATE_TEXT_MAX, "%s for scale-up is out of reach or no longer on sale",
               medium->id);
    return true;
  }
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    for (int32_t end = 0; end < 2; end++) {
      const ls_link_row *row = &problem->links[link[tier]];
      const int32_t index = end ? row->optic_b : row->optic_a;
      const ls_catalog_optic *optic = &session->catalog->optics[index];
      const int32_t chassis = end ? ls_tier_chassis_b(structure, tier) : tier - 1;
      const int32_t place = ls_chassis_place(structure->family, chassis);
      if (session->problem->optics[index].place_mask & place) continue;
      gate_text(optic->id, place,
                place == LS_PLACE_NIC    ? &optic->year_nic
                : place == LS_PLACE_LEAF ? &optic->year_leaf
                : place == LS_PLACE_CORE ? &optic->year_core
                                         : &optic->year_spine,
                year, text);
      return true;
    }
  return false;
}
