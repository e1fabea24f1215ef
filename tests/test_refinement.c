/* What level 2 learns of lengths: it is kept, of a chosen design its own, and holds for the same
 * space under other figures. */
#include <string.h>

#include "../host/level2.h"
#include "../host/refinement.h"
#include "../host/report.h"
#include "../host/variant.h"
#include "../kernels/evaluate.h"
#include "question.h"

typedef struct learnt {
  question asked;
  ls_level2 found;
  ls_refinement refinement;
} learnt;

static bool learnt_create(learnt *self)
{
  memset(self, 0, sizeof *self);
  if (!question_read(&self->asked, "pod-512")) return false;
  self->asked.session.spec->space.family_mask =
      LS_CHOOSE_DIRECT | LS_CHOOSE_CLOS2 | LS_CHOOSE_OCS_SPINE;
  self->asked.session.spec->space.plane_count = 1;
  if (!question_build(&self->asked)) return false;
  const ls_status status =
      ls_level2_run(&self->asked.session, 0, INT64_MAX, LS_BUILT_MAX, &self->found, NULL);
  self->refinement = (ls_refinement){self->asked.session.problem, self->found.refined};
  return SHIM_STATUS(status, LS_OK) && self->found.front_count > 0;
}

static void learnt_destroy(learnt *self)
{
  ls_level2_destroy(&self->found);
  question_destroy(&self->asked);
}

static bool is_as_long(const ls_structure *a, const ls_structure *b)
{
  return a->violation_mask == b->violation_mask && a->circuit_mm_max == b->circuit_mm_max &&
         memcmp(a->length_mm_mean, b->length_mm_mean, sizeof a->length_mm_mean) == 0 &&
         memcmp(a->length_mm_max, b->length_mm_max, sizeof a->length_mm_max) == 0;
}

/* The same space built anew gets the very lengths, through OCS too. */
LS_TEST(Refinement, is_the_same_in_a_problem_built_anew)
{
  learnt self;
  ls_session variant;
  int32_t longer = 0, through_ocs = 0;
  ASSERT_TRUE(learnt_create(&self));
  ASSERT_STATUS(ls_variant_create(&self.asked.session, &variant, NULL), LS_OK);
  variant.refinement = &self.refinement;
  ASSERT_STATUS(ls_variant_build(&variant, NULL), LS_OK);
  ASSERT_EQ_I64(variant.problem->structure_count, self.found.refined->structure_count);
  for (uint32_t i = 0; i < variant.problem->structure_count; i++) {
    const ls_structure *bounds = &self.asked.session.problem->structures[i];
    const ls_structure *structure = &variant.problem->structures[i];
    EXPECT_TRUE(is_as_long(structure, &self.found.refined->structures[i]));
    longer += !is_as_long(structure, bounds);
    through_ocs += !is_as_long(structure, bounds) && structure->ocs_index >= 0;
  }
  EXPECT_LT_I64(5, longer);
  EXPECT_LT_I64(0, through_ocs);
  ls_variant_destroy(&variant);
  learnt_destroy(&self);
}

/* Where ranks are others, structures are known by what they are; what is not there is left out. */
LS_TEST(Refinement, finds_structures_in_another_order)
{
  learnt self;
  ls_session variant;
  int32_t longer = 0;
  ASSERT_TRUE(learnt_create(&self));
  ASSERT_STATUS(ls_variant_create(&self.asked.session, &variant, NULL), LS_OK);
  variant.spec->space.family_mask = LS_CHOOSE_DIRECT;
  ASSERT_STATUS(ls_variant_build(&variant, NULL), LS_OK);
  ls_problem *plain = variant.problem;
  variant.problem = NULL;
  variant.refinement = &self.refinement;
  ASSERT_STATUS(ls_variant_build(&variant, NULL), LS_OK);
  int32_t wanted = 0;
  const ls_problem *bounds = self.refinement.bounds, *placed = self.refinement.placed;
  for (uint32_t i = 0; i < bounds->structure_count; i++)
    wanted += bounds->structures[i].family == LS_DIRECT &&
              !is_as_long(&bounds->structures[i], &placed->structures[i]);
  for (uint32_t i = 0; i < plain->structure_count; i++)
    longer += !is_as_long(&plain->structures[i], &variant.problem->structures[i]);
  EXPECT_LT_I64(0, wanted);
  EXPECT_EQ_I64(longer, wanted);
  ls_problem_destroy(plain);
  ls_variant_destroy(&variant);
  learnt_destroy(&self);
}

/* A design that was adopted has its true lengths in level 1, so that what both say of it is apart
 * by the rounding to lengths on sale alone. */
LS_TEST(Refinement, an_adopted_design_has_its_own_lengths)
{
  learnt self;
  ASSERT_TRUE(learnt_create(&self));
  const ls_problem *problem = self.asked.session.problem;
  for (int32_t i = 0; i < self.found.front_count; i++) {
    const ls_result *result = &self.found.front[i];
    ls_topology topology;
    ls_score score;
    int32_t max_mm = 0;
    if (result->variant == LS_MIXED) continue; /* of no rank of level 1 */
    ASSERT_STATUS(ls_level2_adopt(&self.asked.session, result->rank, &self.found, NULL), LS_OK);
    EXPECT_EQ_U64(ls_rank_score(self.found.refined, result->rank, &score), 0);
    EXPECT_EQ_I64(score.metric[LS_METRIC_POWER], result->score.metric[LS_METRIC_POWER]);
    EXPECT_EQ_I64(score.metric[LS_METRIC_LATENCY], result->score.metric[LS_METRIC_LATENCY]);
    EXPECT_LE_I64(score.metric[LS_METRIC_CAPEX], result->score.metric[LS_METRIC_CAPEX]);
    ASSERT_STATUS(ls_topology_create(problem, self.asked.session.catalog, self.asked.session.spec,
                                     result->rank, &topology, NULL),
                  LS_OK);
    for (int32_t j = 0; j < topology.edge_count; j++)
      if (topology.edges[j].tier == 1 && topology.edges[j].kind != LS_EDGE_CIRCUIT)
        max_mm = (int32_t)ls_max(max_mm, topology.edges[j].length_mm);
    const uint32_t index = ls_rank_structure(problem, result->rank);
    EXPECT_EQ_I64(self.found.refined->structures[index].length_mm_max[1],
                  ls_max(max_mm, problem->structures[index].length_mm_max[1]));
    ls_topology_destroy(&topology);
  }
  learnt_destroy(&self);
}

/* A design that breaks a limit on failure domains takes its structure out of the sweep, and with it
 * designs that nobody built: how many structures went is told. */
LS_TEST(Refinement, structures_given_up_are_told)
{
  const uint32_t dropping_mask = LS_VIOLATES_FLOOR | LS_VIOLATES_DOMAIN;
  question asked;
  ls_level2 found;
  int32_t dropped = 0;
  char *text = NULL;
  size_t size = 0;
  ASSERT_TRUE(question_read(&asked, "two-halls"));
  asked.session.spec->space.family_mask = LS_CHOOSE_CLOS2;
  ASSERT_TRUE(question_build(&asked));
  ASSERT_STATUS(ls_level2_run(&asked.session, 0, INT64_MAX, LS_BUILT_MAX, &found, NULL), LS_OK);
  for (uint32_t i = 0; i < found.refined->structure_count; i++)
    dropped += (found.refined->structures[i].violation_mask & dropping_mask) !=
               (asked.session.problem->structures[i].violation_mask & dropping_mask);
  EXPECT_LT_I64(0, found.violation_count[__builtin_ctz(LS_VIOLATES_DOMAIN)]);
  EXPECT_LT_I64(0, dropped);
  EXPECT_EQ_I64(found.dropped_count, dropped);
  FILE *stream = open_memstream(&text, &size);
  ASSERT_TRUE(stream != NULL);
  ls_report_built_violations(&found, stream);
  fclose(stream);
  EXPECT_CONTAINS(text, shim_format(" %d sizings were given up", (int)dropped));
  free(text);
  ls_level2_destroy(&found);
  question_destroy(&asked);
}
