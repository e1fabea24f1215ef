/* Random placements: the same on any number of threads, within the rules, priced as cord by cord
 * (which the draws check themselves, once a block), and dearer than what the search finds. */
#include <string.h>

#include "../host/improve.h"
#include "../host/random_lists.h"
#include "../host/random_places.h"
#include "question.h"

static const volatile int never = 0;

/* What a placer is asked to draw, and what came of it. */
typedef struct drawing {
  int64_t count;
  ls_random_told told[2]; /* exchanged, anywhere */
  ls_place_cords policy;
  int64_t outside_count;   /* choices that the rules forbid */
  int64_t differing_count; /* another seed told something else */
  int32_t drawn_count;     /* designs of which some did */
} drawing;

static void choices_check(const ls_places *places, drawing *self)
{
  ls_random_lists lists;
  ASSERT_STATUS(ls_random_lists_create(places, &lists), LS_OK);
  for (int32_t d = 0; d < lists.count; d++) {
    const int32_t class_index = lists.class_of[d];
    for (int64_t i = lists.choice_first[class_index]; i < lists.choice_first[class_index + 1]; i++)
      self->outside_count += !ls_places_allow(places, d, lists.choices[i].slot) &&
                             places->plan->devices[d].slot != lists.choices[i].slot;
  }
  ls_random_lists_destroy(&lists);
}

static ls_status drawing_place(void *context, const ls_places *places, int32_t *slot)
{
  drawing *self = context;
  self->outside_count = self->differing_count = 0;
  self->policy = ls_places_cords(places, slot);
  choices_check(places, self);
  for (int32_t way = 0; way < 2; way++) {
    ls_random_told other;
    ls_random_options options = {
        .count = self->count, .seed = 3, .thread_count = 1, .is_free = way == 1, .stop = &never};
    EXPECT_STATUS(ls_random_places(places, slot, &options, &self->told[way]), LS_OK);
    options.thread_count = 3;
    EXPECT_STATUS(ls_random_places(places, slot, &options, &other), LS_OK);
    EXPECT_TRUE(memcmp(&other, &self->told[way], sizeof other) == 0);
    options.seed = 4;
    EXPECT_STATUS(ls_random_places(places, slot, &options, &other), LS_OK);
    self->differing_count += memcmp(&other, &self->told[way], sizeof other) != 0;
  }
  return ls_improve_places(places, false, slot);
}

static void drawing_told(void *context, const ls_topology *topology)
{
  drawing *self = context;
  const ls_cords *cords = &topology->totals.cords;
  EXPECT_EQ_I64(self->outside_count, 0);
  EXPECT_EQ_I64(self->policy.cents, cords->policy_cents);
  EXPECT_EQ_I64(self->policy.fiber_mm, cords->policy_fiber_mm);
  EXPECT_EQ_I64(self->policy.longest_mm, cords->policy_mm_max);
  for (int32_t way = 0; way < 2; way++) {
    EXPECT_EQ_I64(self->told[way].count + self->told[way].lost_count, self->count);
    if (!self->told[way].broken_count) EXPECT_LE_I64(cords->cents, self->told[way].cents_min);
  }
  self->drawn_count += self->differing_count > 0;
}

/* Of each family of a spec the first design that has places; returns how many draws tell seeds
 * apart. */
static int32_t spec_draw(const char *name, int64_t count)
{
  question asked;
  drawing self = {.count = count};
  const ls_placer placer = {drawing_place, &self, false};
  if (!question_read(&asked, name) || !question_build(&asked)) return 0;
  question_place_families(&asked, &placer, drawing_told);
  question_destroy(&asked);
  return self.drawn_count;
}

LS_TEST(RandomPlaces, are_the_same_on_any_threads_and_no_cheaper)
{
  EXPECT_LT_I64(1, spec_draw("pod-4k", 600));
  EXPECT_LT_I64(0, spec_draw("two-halls", 600));
  EXPECT_LT_I64(0, spec_draw("moe-2k", 300));
}

static ls_status stopped_place(void *context, const ls_places *places, int32_t *slot)
{
  static const volatile int stopped = 1;
  const ls_random_options options = {.count = 10, .seed = 1, .thread_count = 1, .stop = &stopped};
  ls_random_told told;
  *(ls_status *)context = ls_random_places(places, slot, &options, &told);
  return LS_OK;
}

LS_TEST(RandomPlaces, stop_when_asked)
{
  question asked;
  ls_status status = LS_OK;
  ls_topology topology;
  const ls_placer placer = {stopped_place, &status, false};
  ASSERT_TRUE(question_read(&asked, "lab-64") && question_build(&asked));
  const ls_session *session = &asked.session;
  uint32_t s = 0;
  while (session->problem->structures[s].violation_mask) s++;
  ASSERT_STATUS(ls_topology_create_placed(session->problem, session->catalog, session->spec,
                                          session->problem->structures[s].rank_first, &placer,
                                          &topology, NULL),
                LS_OK);
  EXPECT_STATUS(status, LS_ERR_STOPPED);
  ls_topology_destroy(&topology);
  question_destroy(&asked);
}
