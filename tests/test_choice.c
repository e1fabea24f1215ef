/* The choice of technology at given places: against all choices there are of small cases, and what
 * it takes where there is enough for half. */
#include "../host/choice.h"
#include "../kernels/philox.h"
#include "shim/shim.h"
#include <string.h>

enum { BOXES = 4, BUNDLES = 5, CAPS = 4, OPTIONS = 3, DRAWS = 2 };

/* A small random case, with room for what it points to. */
typedef struct small_case {
  ls_choice choice;
  ls_choice_box boxes[BOXES];
  ls_choice_bundle bundles[BUNDLES];
  ls_choice_option options[(BOXES + BUNDLES) * OPTIONS];
  ls_choice_draw draws[(BOXES + BUNDLES) * OPTIONS * DRAWS];
  int64_t limits[CAPS];
  uint64_t seed, step;
} small_case;

static int32_t draw(small_case *made, int32_t below)
{
  return (int32_t)(ls_philox(11, made->seed, made->step++).v[0] % (uint32_t)below);
}

/* One option with up to DRAWS draws, of which bundles may draw on their boxes' own caps. */
static void option_make(small_case *made, bool is_bundle)
{
  ls_choice_option *option = &made->options[made->choice.option_count++];
  *option = (ls_choice_option){.cents = draw(made, 1000),
                               .draw_first = made->choice.draw_count,
                               .draw_count = draw(made, DRAWS + 1),
                               .mask_a = (uint32_t)(1 + draw(made, 7)),
                               .mask_b = (uint32_t)(1 + draw(made, 7))};
  for (int32_t i = 0; i < option->draw_count; i++) {
    int32_t cap = draw(made, CAPS);
    if (is_bundle && draw(made, 3) == 0) cap = LS_CHOICE_AT_A(0);
    if (is_bundle && draw(made, 3) == 0) cap = LS_CHOICE_AT_B(1);
    made->draws[made->choice.draw_count++] =
        (ls_choice_draw){.cap = cap, .amount = draw(made, 12) - 2};
  }
}

static void case_make(uint64_t seed, small_case *made)
{
  memset(made, 0, sizeof *made);
  made->seed = seed;
  for (int32_t box = 0; box < BOXES; box++) {
    made->boxes[box] = (ls_choice_box){.option_first = made->choice.option_count,
                                       .option_count = 1 + draw(made, OPTIONS),
                                       .local = {draw(made, CAPS), draw(made, CAPS + 1) - 1, -1}};
    for (int32_t i = 0; i < made->boxes[box].option_count; i++) option_make(made, false);
  }
  for (int32_t e = 0; e < BUNDLES; e++) {
    const int32_t a = draw(made, BOXES + 1) - 1;
    made->bundles[e] = (ls_choice_bundle){.box_a = a,
                                          .box_b = (a + 1 + draw(made, BOXES - 1)) % BOXES,
                                          .option_first = made->choice.option_count,
                                          .option_count = 1 + draw(made, OPTIONS),
                                          .links = 1 + draw(made, 4)};
    for (int32_t i = 0; i < made->bundles[e].option_count; i++) option_make(made, true);
  }
  for (int32_t cap = 0; cap < CAPS; cap++) made->limits[cap] = 20 + draw(made, 60);
  made->choice.boxes = made->boxes;
  made->choice.bundles = made->bundles;
  made->choice.options = made->options;
  made->choice.draws = made->draws;
  made->choice.limits = made->limits;
  made->choice.box_count = BOXES;
  made->choice.bundle_count = BUNDLES;
  made->choice.cap_count = CAPS;
}

static void add_draws(const small_case *made, const ls_choice_option *option,
                      const ls_choice_box *a, const ls_choice_box *b, int32_t times,
                      int64_t usage[CAPS])
{
  for (int32_t i = 0; i < option->draw_count; i++) {
    const ls_choice_draw *one = &made->draws[option->draw_first + i];
    int32_t cap = one->cap;
    if (cap == LS_CHOICE_AT_A(0)) cap = a ? a->local[0] : -1;
    if (cap == LS_CHOICE_AT_B(1)) cap = b ? b->local[1] : -1;
    if (cap >= 0) usage[cap] += one->amount * times;
  }
}

/* Cents of a choice; -1: its parts do not go together, or it draws too much. */
static int64_t case_cents(const small_case *made, const int32_t box[BOXES],
                          const int32_t bundle[BUNDLES])
{
  int64_t usage[CAPS] = {0}, cents = 0;
  for (int32_t i = 0; i < BOXES; i++) {
    const ls_choice_option *option = &made->options[made->boxes[i].option_first + box[i]];
    cents += option->cents;
    add_draws(made, option, &made->boxes[i], &made->boxes[i], 1, usage);
  }
  for (int32_t e = 0; e < BUNDLES; e++) {
    const ls_choice_bundle *of = &made->bundles[e];
    const ls_choice_option *option = &made->options[of->option_first + bundle[e]];
    if (of->box_a >= 0 && !(option->mask_a >> box[of->box_a] & 1)) return -1;
    if (!(option->mask_b >> box[of->box_b] & 1)) return -1;
    cents += option->cents * of->links;
    add_draws(made, option, of->box_a < 0 ? NULL : &made->boxes[of->box_a], &made->boxes[of->box_b],
              of->links, usage);
  }
  for (int32_t cap = 0; cap < CAPS; cap++)
    if (usage[cap] > made->limits[cap]) return -1;
  return cents;
}

/* The next choice of all there are; false behind the last one. */
static bool choice_next(const small_case *made, int32_t box[BOXES], int32_t bundle[BUNDLES])
{
  for (int32_t i = 0; i < BOXES; i++) {
    if (++box[i] < made->boxes[i].option_count) return true;
    box[i] = 0;
  }
  for (int32_t e = 0; e < BUNDLES; e++) {
    if (++bundle[e] < made->bundles[e].option_count) return true;
    bundle[e] = 0;
  }
  return false;
}

static int64_t best_cents(const small_case *made)
{
  int32_t box[BOXES] = {0}, bundle[BUNDLES] = {0};
  int64_t best = -1;
  do {
    const int64_t cents = case_cents(made, box, bundle);
    if (cents >= 0 && (best < 0 || cents < best)) best = cents;
  } while (choice_next(made, box, bundle));
  return best;
}

LS_TEST(Choice, bounds_and_finds_the_best_of_small_cases)
{
  int32_t possible = 0, found = 0, best_found = 0, proved = 0;
  small_case *made = shim_alloc(sizeof *made);
  for (uint64_t seed = 0; seed < 1500; seed++) {
    ls_choice_answer answer;
    case_make(seed, made);
    const int64_t best = best_cents(made);
    const ls_status status = ls_choice_solve(&made->choice, &answer);
    if (status == LS_ERR_NO) {
      EXPECT_EQ_I64(best, -1);
    } else {
      ASSERT_STATUS(status, LS_OK);
      possible += best >= 0;
      found += answer.is_feasible;
      best_found += answer.is_feasible && answer.cents == best;
      proved += answer.is_feasible && answer.cents == answer.bound_cents;
      if (best < 0) EXPECT_FALSE(answer.is_feasible);
      if (best >= 0) EXPECT_LE_I64(answer.bound_cents, best);
      if (answer.is_feasible)
        EXPECT_EQ_I64(case_cents(made, answer.box, answer.bundle), answer.cents);
    }
    ls_choice_answer_destroy(&answer);
  }
  EXPECT_LT_I64(300, possible);
  EXPECT_EQ_I64(found, possible);
  EXPECT_EQ_I64(best_found, possible);
  EXPECT_EQ_I64(proved, possible);
}

LS_TEST(Choice, is_never_worse_than_what_was_known)
{
  small_case *made = shim_alloc(sizeof *made);
  int32_t compared = 0;
  for (uint64_t seed = 0; seed < 600; seed++) {
    int32_t box[BOXES] = {0}, bundle[BUNDLES] = {0};
    ls_choice_answer answer;
    case_make(seed, made);
    int64_t known = case_cents(made, box, bundle);
    while (known < 0 && choice_next(made, box, bundle)) known = case_cents(made, box, bundle);
    if (known < 0) continue;
    made->choice.box_start = box;
    made->choice.bundle_start = bundle;
    ASSERT_STATUS(ls_choice_solve(&made->choice, &answer), LS_OK);
    EXPECT_TRUE(answer.is_feasible);
    EXPECT_LE_I64(answer.cents, known);
    compared++;
    ls_choice_answer_destroy(&answer);
  }
  EXPECT_LT_I64(50, compared);
}

/* Boxes of which the better kind saves the more the longer their links are, and of that kind there
 * are so many: it goes where it saves most. */
LS_TEST(Choice, what_is_short_goes_where_it_saves_most)
{
  enum { COUNT = 40, SUPPLY = 13 };
  ls_choice_box boxes[COUNT];
  ls_choice_option options[2 * COUNT];
  const ls_choice_draw one = {0, 1};
  const int64_t limit = SUPPLY;
  int64_t least = 0;
  for (int32_t i = 0; i < COUNT; i++) {
    boxes[i] = (ls_choice_box){2 * i, 2, {-1, -1, -1}, 0};
    options[2 * i] = (ls_choice_option){.cents = 1000};
    options[2 * i + 1] = (ls_choice_option){.cents = 900 - 10 * (i * 7 % COUNT), .draw_count = 1};
  }
  for (int32_t saved = 0; saved < COUNT; saved++)
    least += saved < COUNT - SUPPLY ? 1000 : 900 - 10 * saved;
  const ls_choice choice = {.box_count = COUNT,
                            .option_count = 2 * COUNT,
                            .draw_count = 1,
                            .cap_count = 1,
                            .boxes = boxes,
                            .options = options,
                            .draws = &one,
                            .limits = &limit};
  ls_choice_answer answer;
  ASSERT_STATUS(ls_choice_solve(&choice, &answer), LS_OK);
  EXPECT_TRUE(answer.is_feasible);
  EXPECT_EQ_I64(answer.cents, least);
  EXPECT_LE_I64(answer.bound_cents, least);
  EXPECT_LT_I64(least - 10, answer.bound_cents);
  for (int32_t i = 0; i < COUNT; i++) EXPECT_EQ_I64(answer.box[i], i * 7 % COUNT >= COUNT - SUPPLY);
  ls_choice_answer_destroy(&answer);
}

LS_TEST(Choice, says_no_where_nothing_goes_together)
{
  const ls_choice_box boxes[2] = {{0, 1, {-1, -1, -1}, 0}, {1, 1, {-1, -1, -1}, 0}};
  const ls_choice_option options[3] = {{.cents = 1}, {.cents = 1}, {.cents = 1, .mask_a = 1}};
  const ls_choice_bundle bundle = {0, 1, 2, 1, 1};
  const ls_choice choice = {.box_count = 2,
                            .bundle_count = 1,
                            .option_count = 3,
                            .boxes = boxes,
                            .bundles = &bundle,
                            .options = options};
  ls_choice_answer answer;
  EXPECT_STATUS(ls_choice_solve(&choice, &answer), LS_ERR_NO);
  ls_choice_answer_destroy(&answer);
}
