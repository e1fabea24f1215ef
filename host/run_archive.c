#include "run_archive.h"

#include <assert.h>
#include <stdlib.h>

#include "../kernels/evaluate.h"
#include "names.h"
#include "result_text.h"

static_assert((int)LS_RUN_WORDS_MAX == (int)LS_RESULT_TEXT_MAX, "both hold the same words");
static_assert((int)LS_RUN_NAMED_MAX >= (int)LS_NAMED_MAX, "all named designs are read again");

static void design_fill(const ls_session *session, const ls_result *result, ls_run_design *design)
{
  uint16_t link[LS_TIER_MAX];
  const ls_structure *structure =
      &session->problem->structures[ls_rank_decode(session->problem, result->rank, link)];
  design->rank = (int64_t)result->rank;
  design->planes = structure->planes;
  design->score = result->score;
  snprintf(design->variant, sizeof design->variant, "%s", ls_variant_names[result->variant]);
  snprintf(design->family, sizeof design->family, "%s",
           ls_family_name(structure->family, structure->is_rail));
  snprintf(design->oversubscription, sizeof design->oversubscription, "%d:%d",
           structure->oversubscription_num, structure->oversubscription_den);
  ls_result_chassis_text(session, result, design->chassis);
  ls_result_optics_text(session, result, design->optics);
}

ls_status ls_run_archive(ls_run_store *store, const ls_session *session, const ls_answer *answer,
                         ls_error *error)
{
  const ls_level2 *found = &answer->level2;
  ls_run_design *front = calloc((size_t)found->front_count + LS_NAMED_MAX, sizeof *front);
  if (!front) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for the archive");
  ls_run_design *named = front + found->front_count;
  for (int32_t i = 0; i < found->front_count; i++)
    design_fill(session, &found->front[i], &front[i]);
  for (int32_t i = 0; i < answer->named_count; i++) {
    design_fill(session, &answer->named[i].result, &named[i]);
    snprintf(named[i].name, sizeof named[i].name, "%s", answer->named[i].name);
    snprintf(named[i].meaning, sizeof named[i].meaning, "%s", answer->named[i].meaning);
    named[i].is_baseline = answer->named[i].is_baseline;
  }
  const ls_status status =
      ls_run_store_archive(store, front, found->front_count, named, answer->named_count,
                           answer->is_stopped ? "stopped" : "finished", answer->is_stopped, error);
  free(front);
  return status;
}
