/* What a result of level 2 is made of: how many boxes and links of each kind every tier has, told
 * alike of uniform and of mixed designs. */
#ifndef LS_RESULT_PARTS_H
#define LS_RESULT_PARTS_H

#include "level2.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_result_parts {
  const ls_structure *structure; /* of the problem */
  int32_t box_kind_count, link_kind_count;
  ls_mix_kind boxes[LS_MIX_KINDS], links[LS_MIX_KINDS]; /* by tier; over all planes */
} ls_result_parts;

void ls_result_parts_find(const ls_problem *problem, const ls_result *result,
                          ls_result_parts *parts);

/* Whether a box of the result itself has integrated optics: a mixed one may have lost those of its
 * rank, or have taken some. Whether it has OCS. */
bool ls_result_has_cpo(const ls_problem *problem, const ls_result *result);
bool ls_result_has_ocs(const ls_problem *problem, const ls_result *result);

#ifdef __cplusplus
}
#endif
#endif
