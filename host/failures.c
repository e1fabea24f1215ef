#include "failures.h"

#include "../kernels/evaluate.h"
#include "reliability.h"

/* Both ends and the chassis of each tier, and the OCS, each by all its parts. */
enum { PART_MAX = (3 * LS_TIER_MAX + 1) * LS_PART_MAX };

typedef struct part_list {
  int32_t count;
  ls_failure_part part[PART_MAX];
} part_list;

static void part_add(part_list *list, const ls_outage *outage, int64_t p_kill_ppm)
{
  if (!outage->count || !outage->fit) return;
  list->part[list->count++] = (ls_failure_part){.count = outage->count,
                                                .fit = outage->fit,
                                                .p_kill_ppm = (int32_t)ls_min(p_kill_ppm, 1000000)};
}

/* Chassis and OCS lose nothing but the share of an end of the job. */
static int64_t p_kill_of(const ls_problem *problem, const ls_outage *outage)
{
  return problem->lost_job > 0 ? outage->lost_each * 1000000 / problem->lost_job : 0;
}

static void ends_add(const ls_problem *problem, const ls_evaluation *evaluation, int32_t tier,
                     part_list *list)
{
  const ls_structure *structure = evaluation->structure;
  const ls_link_row *link = &evaluation->link[tier];
  for (int32_t end = 0; end < 2; end++) {
    const ls_optic_row *optic = &problem->optics[end ? link->optic_b : link->optic_a];
    const ls_units units = ls_end_units(problem, structure, tier, link, end);
    for (int32_t i = 0; i < LS_PART_MAX; i++) {
      const int64_t ports = ls_max(optic->part[i].gbps / structure->port_gbps, 1);
      part_add(list, &units.outage[i], ports * structure->kill_ppm[tier]);
    }
  }
}

void ls_failures_count(const ls_problem *problem, const ls_evaluation *evaluation,
                       ls_failures *failures)
{
  const ls_structure *structure = evaluation->structure;
  part_list list = {.count = 0};
  int64_t fit = 0;
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    ends_add(problem, evaluation, tier, &list);
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const ls_units units = ls_chassis_units(problem, structure, tier);
    part_add(&list, &units.outage[0], p_kill_of(problem, &units.outage[0]));
  }
  if (evaluation->ocs_count) {
    const ls_units units = ls_ocs_units(problem, structure, evaluation->ocs_count);
    part_add(&list, &units.outage[0], p_kill_of(problem, &units.outage[0]));
  }
  *failures = (ls_failures){.interruptions_per_day_micro =
                                ls_interruptions_per_day_micro(list.part, list.count)};
  for (int32_t i = 0; i < list.count; i++) fit += list.part[i].count * list.part[i].fit;
  failures->per_day_micro = ls_failures_per_day_micro(1, fit);
  failures->first_ms = fit > 0 ? ls_first_failure_ms(1, fit) : 0;
}

void ls_failures_set(const ls_problem *problem, const ls_evaluation *evaluation, ls_json *object)
{
  ls_failures failures;
  ls_json *set = ls_json_object();
  ls_failures_count(problem, evaluation, &failures);
  ls_json_set_real(set, "per_day", (double)failures.per_day_micro / 1e6);
  ls_json_set_real(set, "interruptions_per_day",
                   (double)failures.interruptions_per_day_micro / 1e6);
  if (failures.first_ms)
    ls_json_set_real(set, "first_min", (double)failures.first_ms / 60000);
  else
    ls_json_set_null(set, "first_min");
  ls_json_set(object, "failures", set);
}
